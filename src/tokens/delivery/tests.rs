//! Verdicts on samples that are made up, many of them by dice: what is claimed must be true.

use super::*;

fn sample(books: Books, lost: &[f64]) -> Sample {
    let needle =
        |depth_percent: f64| Needle { depth_percent, came_back: !lost.contains(&depth_percent) };
    Sample { books, needles: DEPTHS_PERCENT.map(needle).to_vec(), ended: Ended::Answered }
}

fn books(counted: u64, prompt: u64) -> Books {
    Books { local: Some(counted), counted: Some(counted), prompt: Some(prompt) }
}

const NO_BOOKS: Books = Books { local: Some(300_000), counted: None, prompt: None };

#[test]
fn what_came_back_and_was_counted_was_delivered() {
    assert_eq!(
        judge(&sample(books(220_000, 219_990), &[]), None),
        Verdict::Delivered { by_books: true }
    );
    assert_eq!(judge(&sample(NO_BOOKS, &[]), None), Verdict::Delivered { by_books: false });
}

#[test]
fn a_needle_that_is_missing_with_equal_books_was_not_recalled() {
    for lost in [&[2.0][..], &[98.0], &[75.0, 90.0, 98.0], &[25.0, 50.0], &DEPTHS_PERCENT] {
        let verdict = judge(&sample(books(220_000, 220_012), lost), None);
        assert_eq!(verdict, Verdict::CountedNotRecalled { missing: lost.to_vec() });
    }
}

#[test]
fn books_that_differ_and_needles_tell_where() {
    for (lost, side) in [
        (&[2.0][..], Some(Side::Head)),
        (&[50.0], Some(Side::Middle)),
        (&[98.0], Some(Side::Tail)),
        // One was forgotten beside what was dropped.
        (&[2.0, 75.0], None),
        (&[2.0, 10.0], Some(Side::Head)),
        (&[2.0, 98.0], None),
    ] {
        let Verdict::Shortened(how) = judge(&sample(books(220_000, 200_000), lost), None) else {
            panic!("{lost:?} was not found to be shortened");
        };
        assert_eq!((how.at_about, how.side, how.by_books), (200_000, side, true), "{lost:?}");
        assert!(how.low <= 200_000 && how.high >= 200_000);
    }
}

#[test]
fn books_alone_are_no_proof() {
    let verdict = judge(&sample(books(220_000, 200_000), &[]), None);
    assert!(matches!(verdict, Verdict::Inconclusive { .. }), "{verdict:?}");
    let mute = Sample { ended: Ended::Mute, ..sample(books(220_000, 200_000), &DEPTHS_PERCENT) };
    assert!(matches!(judge(&mute, None), Verdict::Inconclusive { .. }));
}

#[test]
fn an_answer_that_counts_more_is_no_agreement() {
    for lost in [&[][..], &[50.0], &DEPTHS_PERCENT] {
        let verdict = judge(&sample(books(220_000, 222_201), lost), None);
        assert!(
            matches!(&verdict, Verdict::Inconclusive { because } if because.contains("2201 tokens more")),
            "{verdict:?}"
        );
    }
    let within = judge(&sample(books(220_000, 222_200), &[]), None);
    assert_eq!(within, Verdict::Delivered { by_books: true });
}

#[test]
fn without_books_only_the_same_needles_of_an_end_twice_are_proof() {
    let tail = sample(NO_BOOKS, &[75.0, 90.0, 98.0]);
    assert!(wants_again(&tail));
    let Verdict::Shortened(how) = judge(&tail, Some(&tail.clone())) else { panic!("not found") };
    assert_eq!((how.low, how.high, how.side), (150_000, 225_000, Some(Side::Tail)));
    let head = sample(NO_BOOKS, &[2.0, 10.0]);
    let Verdict::Shortened(how) = judge(&head, Some(&head.clone())) else { panic!("not found") };
    assert_eq!((how.low, how.high, how.side), (225_000, 270_000, Some(Side::Head)));
    let is_open = |verdict: Verdict| matches!(verdict, Verdict::Inconclusive { .. });
    assert!(is_open(judge(&tail, None)));
    assert!(is_open(judge(&tail, Some(&sample(NO_BOOKS, &[90.0, 98.0])))));
    for lost in [&[98.0][..], &[25.0, 50.0, 75.0], &[2.0, 98.0], &DEPTHS_PERCENT] {
        let one = sample(NO_BOOKS, lost);
        assert!(!wants_again(&one) && is_open(judge(&one, Some(&one.clone()))), "{lost:?}");
    }
}

#[test]
fn a_refusal_keeps_the_services_own_numbers() {
    let ended = Ended::Rejected { count: Some(1_200_000), limit: Some(1_048_576) };
    let verdict = judge(&Sample { ended, ..sample(books(1_199_000, 0), &[]) }, None);
    let rejected = Verdict::Rejected { service_count: Some(1_200_000), limit: Some(1_048_576) };
    assert_eq!(verdict, rejected);
}

/// A server, a model that forgets each needle with that chance, and books that differ a little.
struct World {
    dice: fastrand::Rng,
    forgets: f64,
    has_books: bool,
}

impl World {
    fn call(&mut self, counted: u64, kept: u64, side: Side) -> Sample {
        let whole = counted as f64;
        let dropped = (counted - kept) as f64 / whole * 100.0;
        let is_dropped = |depth: f64| match side {
            Side::Head => depth < dropped,
            Side::Tail => depth > 100.0 - dropped,
            Side::Middle => (depth - 50.0).abs() < dropped / 2.0,
        };
        let noise = self.dice.u64(..40);
        let mut needle = |depth_percent: f64| {
            let forgotten = self.dice.f64() < self.forgets;
            Needle { depth_percent, came_back: !forgotten && !is_dropped(depth_percent) }
        };
        let needles = DEPTHS_PERCENT.map(&mut needle).to_vec();
        let (counted, prompt) = (Some(counted), Some(kept + noise));
        let books = match self.has_books {
            true => Books { local: counted, counted, prompt },
            false => Books { local: counted, ..Books::default() },
        };
        Sample { books, needles, ended: Ended::Answered }
    }

    fn verdict(&mut self, counted: u64, kept: u64, side: Side) -> Verdict {
        let first = self.call(counted, kept, side);
        let again = wants_again(&first).then(|| self.call(counted, kept, side));
        judge(&first, again.as_ref())
    }
}

#[test]
fn no_honest_server_is_said_to_shorten() {
    for (has_books, forgets) in [(true, 0.03), (true, 0.3), (false, 0.03), (false, 0.1)] {
        let mut world = World { dice: fastrand::Rng::with_seed(7), forgets, has_books };
        let mut recalled = 0;
        for _ in 0..5_000 {
            let counted = world.dice.u64(1_000..1_000_000);
            let verdict = world.verdict(counted, counted, Side::Tail);
            recalled += u32::from(matches!(verdict, Verdict::Delivered { .. }));
            assert!(!matches!(verdict, Verdict::Shortened(_)), "{has_books} {forgets} {verdict:?}");
        }
        assert!(recalled > 100, "{recalled}");
    }
}

#[test]
fn a_server_that_shortens_is_found_and_its_place_is_right() {
    let mut world = World { dice: fastrand::Rng::with_seed(11), forgets: 0.03, has_books: true };
    for side in [Side::Head, Side::Middle, Side::Tail] {
        let (mut right, mut unsure) = (0, 0);
        for _ in 0..2_000 {
            let counted = world.dice.u64(220_000..1_000_000);
            let Verdict::Shortened(how) = world.verdict(counted, 200_000, side) else {
                panic!("{counted} {side:?} was not found");
            };
            assert!(how.at_about.abs_diff(200_000) <= 4_000, "{how:?}");
            right += u32::from(how.side == Some(side));
            unsure += u32::from(how.side.is_none());
        }
        assert!(right >= 1_700, "{side:?}: {right} right, {unsure} unsure");
        assert!(right + unsure >= 1_960, "{side:?}: {} wrong", 2_000 - right - unsure);
    }
}

#[test]
fn without_books_most_servers_that_shorten_much_are_found() {
    let mut world = World { dice: fastrand::Rng::with_seed(13), forgets: 0.03, has_books: false };
    let (mut found, mut placed) = (0, 0);
    for _ in 0..1_000 {
        if let Verdict::Shortened(how) = world.verdict(400_000, 200_000, Side::Tail) {
            found += 1;
            assert_eq!(how.side, Some(Side::Tail));
            placed += u32::from((how.low..=how.high).contains(&200_000));
        }
    }
    assert!(
        found >= 700 && placed + 5 >= found,
        "{found} found, {placed} of them in the right place"
    );
}

#[test]
fn an_empty_list_of_tools_is_judged_by_what_arrived() {
    let whole = Verdict::Delivered { by_books: true };
    let forgot = Verdict::CountedNotRecalled { missing: vec![50.0] };
    let short = judge(&sample(books(220_000, 200_000), &[98.0]), None);
    assert_eq!(compare(&whole, &whole), ToolsVerdict::NoEffect);
    assert_eq!(compare(&forgot, &whole), ToolsVerdict::NoEffect);
    assert_eq!(compare(&short, &short), ToolsVerdict::NoEffect);
    assert_eq!(compare(&short, &whole).word(), "changes");
    let open = Verdict::Inconclusive { because: "503".to_owned() };
    assert_eq!(compare(&open, &whole), ToolsVerdict::Unclear { because: "503".to_owned() });
}

/// Searches against a server that fails above a size with one chance and below it with another.
fn search(ceiling: u64, fails: [f64; 2], seed: u64) -> Search {
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut search = Search::new(1_038_000, 8);
    let mut calls = 0;
    while let Some(tokens) = search.next() {
        let chance = fails[usize::from(tokens > ceiling)];
        search.tell(tokens, dice.f64() >= chance);
        calls += 1;
        assert!(calls <= Search::most_calls(8), "it has no end");
    }
    assert!(search.probes().len() <= 8, "{search:?}");
    search
}

#[test]
fn a_ceiling_is_found_within_one_percent_in_eight_sizes() {
    for ceiling in (400_000..1_000_000).step_by(7_919) {
        let Ceiling::Found { at_about, low, high } = search(ceiling, [0.0, 1.0], 1).found() else {
            panic!("{ceiling} was not found");
        };
        assert!(low <= ceiling && ceiling < high, "{low} {ceiling} {high}");
        assert!(at_about.abs_diff(ceiling) * 100 <= ceiling * 13 / 10, "{at_about} for {ceiling}");
    }
    let Ceiling::Found { at_about, .. } = search(800_000, [0.0, 1.0], 1).found() else {
        panic!("none")
    };
    assert!(at_about.abs_diff(800_000) <= 8_000, "{at_about}");
}

#[test]
fn where_nothing_fails_there_is_no_ceiling() {
    let search = search(u64::MAX, [0.0, 0.0], 1);
    assert_eq!(search.found(), Ceiling::NotBelow(1_038_000));
    assert_eq!(search.probes()[0].calls, [true, true]);
}

#[test]
fn chance_seldom_leads_a_search_astray() {
    let (mut right, mut invented) = (0, 0);
    for seed in 0..1_000 {
        let found = search(800_000, [0.02, 0.95], seed).found();
        right += u32::from(
            matches!(found, Ceiling::Found { at_about, .. } if at_about.abs_diff(800_000) <= 16_000),
        );
        invented +=
            u32::from(matches!(search(u64::MAX, [0.02, 0.0], seed).found(), Ceiling::Found { .. }));
    }
    assert!(right >= 850, "{right}");
    assert!(invented <= 5, "{invented}");
}

#[test]
fn a_haystack_holds_its_needles_and_repeats() {
    let haystack = Haystack::new(5);
    assert_eq!(haystack, Haystack::new(5));
    assert_ne!(haystack.needles(), Haystack::new(6).needles());
    let filler = haystack.filler(1_200);
    assert_eq!(filler.split_whitespace().count(), 1_100);
    assert_eq!(filler.matches('.').count(), 100);
    let code = |at: usize| {
        haystack.needles()[at].1.chars().filter(char::is_ascii_digit).skip(1).collect::<String>()
    };
    let answer = format!("1={}\n7 = {}", code(0), code(6));
    let back: Vec<bool> = haystack.found_in(&answer).iter().map(|one| one.came_back).collect();
    assert_eq!(back, [true, false, false, false, false, false, true]);
}
