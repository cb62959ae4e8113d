//! Sides that are made up: what is claimed of equal ones, what is found of others. No sockets, many seeds.

use super::{
    Calls, Certainty, Difference, End, Form, Hop, Judged, Listed, Outcome, Pairing, Seen, Topic,
    compare,
};

const ROUNDS: u32 = 60;

fn normal(random: &mut fastrand::Rng) -> f64 {
    (-2.0 * (1.0 - random.f64()).ln()).sqrt() * (std::f64::consts::TAU * random.f64()).cos()
}

/// What a made-up side does.
#[derive(Clone, Copy)]
struct Does {
    ms: f64,
    sigma: f64,
    fails: f64,
    tokens: f64,
}

const USUAL: Does = Does { ms: 40.0, sigma: 0.10, fails: 0.05, tokens: 50.0 };

fn calls(does: Does, random: &mut fastrand::Rng) -> Calls {
    let mut outcome = |round| {
        let fails = random.f64() < does.fails;
        Outcome {
            round,
            end: if fails { End::Failed("503 UNAVAILABLE".to_owned()) } else { End::Answered },
            ms: does.ms * (does.sigma * normal(random)).exp(),
            tokens: Some((does.tokens * (0.2 * normal(random)).exp()) as u64),
        }
    };
    Calls { outcomes: (1..=2 * ROUNDS).map(&mut outcome).collect(), again_from: Some(ROUNDS + 1) }
}

/// The same without a second set.
fn once(calls: &Calls) -> Calls {
    let first = calls.outcomes.iter().filter(|one| one.round <= ROUNDS);
    Calls { outcomes: first.cloned().collect(), again_from: None }
}

fn side(does: Does, random: &mut fastrand::Rng) -> Seen {
    let free = calls(does, random);
    Seen { free, paid: once(&calls(does, random)), ..Seen::default() }
}

/// In how many runs each topic is claimed, and in how many anything is.
fn claims(runs: u64, a: Does, b: Does, topic: Topic) -> [usize; 2] {
    let mut random = fastrand::Rng::with_seed(11);
    let mut claimed = [0, 0];
    for seed in 0..runs {
        let (a, b) = (side(a, &mut random), side(b, &mut random));
        let differences = asked(&a, &b, seed);
        claimed[0] += usize::from(differences.iter().any(|one| one.topic == topic));
        claimed[1] += usize::from(!differences.is_empty());
    }
    claimed
}

/// As a run asks: a second set of rounds only where the first shows something.
fn asked(a: &Seen, b: &Seen, seed: u64) -> Vec<Difference> {
    let first = |seen: &Seen| Seen { free: once(&seen.free), ..seen.clone() };
    let found = compare(&first(a), &first(b), Pairing::Together, seed).differences;
    let free = |one: &Difference| matches!(one.topic, Topic::Failed | Topic::Latency);
    match found.iter().any(free) {
        true => compare(a, b, Pairing::Together, seed).differences,
        false => found,
    }
}

#[test]
fn equal_sides_are_seldom_called_different() {
    // At a true 2 % more than 6 of 100 come up twice in 1,000 times.
    let [_, any] = claims(100, USUAL, USUAL, Topic::Latency);
    assert!(any <= 6, "{any}");
}

#[test]
fn ten_percent_are_found() {
    let slower = Does { ms: USUAL.ms * 1.1, fails: 0.0, ..USUAL };
    let [found, _] = claims(60, Does { fails: 0.0, ..USUAL }, slower, Topic::Latency);
    assert!(found >= 50, "{found}");
}

#[test]
fn a_side_that_fails_more_often_is_found() {
    let worse = Does { fails: 0.35, ..USUAL };
    let [found, _] = claims(40, USUAL, worse, Topic::Failed);
    assert!(found >= 36, "{found}");
}

/// What ARCHITECTURE.md tells of these rates is what the next three tests write.
#[expect(clippy::disallowed_macros, reason = "the counts are what such a run is for")]
fn tell(what: &str, count: usize, runs: u64) {
    println!("{what}: {count} of {runs}");
}

#[test]
#[ignore = "takes minutes where nothing is optimised"]
fn equal_sides_over_four_thousand_runs() {
    for fails in [0.0, 0.01, 0.05, 0.30] {
        let usual = Does { fails, ..USUAL };
        let [_, any] = claims(1_000, usual, usual, Topic::Latency);
        tell(&format!("equal sides of which a share of {fails} of the calls fails"), any, 1_000);
        assert!(any <= 35, "{fails}: {any}");
    }
}

#[test]
#[ignore = "takes a minute where nothing is optimised"]
fn ten_percent_over_five_hundred_runs() {
    let clean = Does { fails: 0.0, ..USUAL };
    let slower = Does { ms: clean.ms * 1.1, ..clean };
    let [found, _] = claims(500, clean, slower, Topic::Latency);
    tell("10 % slower is found", found, 500);
    assert!(found >= 390, "{found}");
}

#[test]
#[ignore = "takes a minute where nothing is optimised"]
fn failures_over_five_hundred_runs() {
    let clean = Does { fails: 0.0, ..USUAL };
    let [found, _] = claims(500, clean, Does { fails: 0.30, ..clean }, Topic::Failed);
    tell("a share of 0.3 that fails is found beside none", found, 500);
    assert!(found >= 490, "{found}");
}

fn of(facts: &[(Topic, &[&str])]) -> Seen {
    let mut seen = Seen { host: "h".to_owned(), ..Seen::default() };
    for (topic, looks) in facts {
        looks.iter().for_each(|look| seen.note(*topic, *look));
    }
    seen
}

fn held(a: &Seen, b: &Seen) -> Judged {
    compare(a, b, Pairing::Together, 1)
}

fn topics(judged: &Judged) -> Vec<Topic> {
    judged.differences.iter().map(|one| one.topic).collect()
}

#[test]
fn what_changes_by_itself_is_no_difference() {
    let a = of(&[(Topic::Addresses, &["192.0.2.1", "192.0.2.2"]), (Topic::Tokens, &["11", "11"])]);
    let b = of(&[(Topic::Addresses, &["192.0.2.3", "192.0.2.3"]), (Topic::Tokens, &["12", "12"])]);
    let judged = held(&a, &b);
    assert_eq!(topics(&judged), [Topic::Tokens]);
    assert_eq!(judged.unsteady, [Topic::Addresses]);
    assert_eq!(judged.differences[0].certainty, Certainty::Exact);
}

#[test]
fn consequences_are_told_with_their_cause() {
    let a = of(&[
        (Topic::Proxy, &["none"]),
        (Topic::Families, &["IPv4"]),
        (Topic::TlsVersion, &["TLS 1.3"]),
        (Topic::Cipher, &["x"]),
        (Topic::Authority, &["A (sha256 1)"]),
        (Topic::Issuer, &["A"]),
        (Topic::Trust, &["the public roots"]),
    ]);
    let b = of(&[
        (Topic::Proxy, &["http://p:1"]),
        (Topic::TlsVersion, &["TLS 1.2"]),
        (Topic::Cipher, &["y"]),
        (Topic::Authority, &["B (sha256 2)"]),
        (Topic::Issuer, &["B"]),
        (Topic::Trust, &["only this machine's own store"]),
    ]);
    let judged = held(&a, &b);
    assert_eq!(topics(&judged), [Topic::Proxy, Topic::TlsVersion, Topic::Authority]);
    assert_eq!(judged.one_sided, [Topic::Families]);
}

#[test]
fn the_issuer_counts_where_nobody_knows_fingerprints() {
    let a = of(&[(Topic::Issuer, &["A"]), (Topic::Trust, &["x"])]);
    let b = of(&[
        (Topic::Issuer, &["B"]),
        (Topic::Trust, &["y"]),
        (Topic::Authority, &["B (sha256 2)"]),
    ]);
    assert_eq!(topics(&held(&a, &b)), [Topic::Issuer]);
}

#[test]
fn two_names_may_lead_to_two_addresses() {
    let facts: &[(Topic, &[&str])] =
        &[(Topic::Families, &["IPv4"]), (Topic::Addresses, &["192.0.2.1"])];
    let (a, mut b) = (of(facts), of(facts));
    b.facts.insert(Topic::Addresses, vec!["192.0.2.9".to_owned()]);
    assert_eq!(topics(&held(&a, &b)), [Topic::Addresses]);
    b.host = "other".to_owned();
    assert_eq!(topics(&held(&a, &b)), []);
}

#[test]
fn of_headers_and_entries_only_what_differs_is_told() {
    let a = of(&[
        (Topic::Headers, &["server: x; via: 1.1 y; alt-svc"]),
        (Topic::Entry, &["version 1, 5 tokens in"]),
    ]);
    let b = of(&[
        (Topic::Headers, &["server: x; alt-svc"]),
        (Topic::Entry, &["version 2, 5 tokens in"]),
    ]);
    let told = |one: &Difference| (one.a.clone(), one.b.clone());
    let told: Vec<(String, String)> = held(&a, &b).differences.iter().map(told).collect();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(told, [pair("via: 1.1 y", "none of these"), pair("version 1", "version 2")]);
}

#[test]
fn lists_are_told_as_what_is_missing_and_what_is_added() {
    let list = |names: &[(&str, &str)]| -> Vec<Listed> {
        let listed = |(name, entry): &(&str, &str)| Listed {
            name: (*name).to_owned(),
            entry: (*entry).to_owned(),
        };
        names.iter().map(listed).collect()
    };
    let with =
        |names: &[(&str, &str)]| Seen { lists: vec![list(names), list(names)], ..Seen::default() };
    let a = with(&[("one", "1 tokens in"), ("same", "x"), ("two", "2 tokens in")]);
    let b = with(&[("new", ""), ("one", "9 tokens in"), ("same", "x")]);
    let judged = held(&a, &b);
    assert_eq!(topics(&judged), [Topic::Missing, Topic::Added, Topic::Listed]);
    let subjects: Vec<Option<&str>> =
        judged.differences.iter().map(|one| one.subject.as_deref()).collect();
    assert_eq!(subjects, [Some("two"), Some("new"), Some("one")]);
    assert_eq!(judged.differences[1].a, "not listed (3 listed)");
    let many = |entry: &str| {
        let names = ["a", "b", "c", "d", "e", "f"];
        with(&names.map(|name| (name, entry)))
    };
    let judged = held(&many("1 tokens in"), &many("2 tokens in"));
    assert_eq!(topics(&judged), [Topic::Listed]);
    assert_eq!(judged.differences[0].subject.as_deref(), Some("a, b, c, d, e, f"));
    // A gateway that lists names alone says nothing of their limits.
    let bare = with(&[("one", ""), ("same", ""), ("two", "")]);
    assert_eq!(topics(&held(&a, &bare)), []);
}

#[test]
fn the_same_rate_with_other_failures_is_told_as_that() {
    let failing = |word: &str| {
        let outcome = |round| Outcome {
            round,
            end: if round % 3 == 0 { End::Failed(word.to_owned()) } else { End::Answered },
            ms: 40.0,
            tokens: None,
        };
        Seen {
            free: Calls { outcomes: (1..=ROUNDS).map(outcome).collect(), again_from: None },
            ..Seen::default()
        }
    };
    let judged = held(&failing("429 RESOURCE_EXHAUSTED"), &failing("503"));
    assert!(topics(&judged).iter().all(|topic| *topic == Topic::Statuses), "{judged:?}");
    assert_eq!(topics(&held(&failing("503"), &failing("503"))), []);
    let clean = Seen { free: Calls::default(), ..failing("503") };
    assert!(held(&failing("503"), &clean).one_sided.contains(&Topic::Latency));
}

#[test]
fn what_does_not_come_again_was_chance() {
    let mut random = fastrand::Rng::with_seed(8);
    let steady = Does { fails: 0.0, ..USUAL };
    let (mut a, b) = (side(steady, &mut random), side(steady, &mut random));
    let slow = a.free.outcomes.iter_mut().filter(|one| one.round <= ROUNDS);
    slow.for_each(|one| one.ms *= 1.5);
    assert!(!topics(&held(&a, &b)).contains(&Topic::Latency));
    let first = |seen: &Seen| Seen { free: once(&seen.free), ..seen.clone() };
    assert!(topics(&held(&first(&a), &first(&b))).contains(&Topic::Latency));
    a.free.outcomes.iter_mut().filter(|one| one.round > ROUNDS).for_each(|one| one.ms *= 1.5);
    assert!(topics(&held(&a, &b)).contains(&Topic::Latency));
}

#[test]
fn less_than_a_millisecond_is_no_difference() {
    let mut random = fastrand::Rng::with_seed(5);
    let quick = Does { ms: 0.5, sigma: 0.02, fails: 0.0, ..USUAL };
    let (a, b) = (side(quick, &mut random), side(Does { ms: 0.8, ..quick }, &mut random));
    assert!(!topics(&held(&a, &b)).contains(&Topic::Latency));
}

#[test]
fn a_hop_adds_what_lies_between_it_and_the_next_one() {
    let mut random = fastrand::Rng::with_seed(6);
    let steady = Does { sigma: 0.03, fails: 0.0, ..USUAL };
    let (through, beyond) =
        (side(Does { ms: 60.0, ..steady }, &mut random), side(steady, &mut random));
    let hop = Hop::of(&held(&through, &beyond)).expect("both were timed");
    assert!(hop.is_shown && (hop.adds_ms.value - 20.0).abs() < 2.0, "{hop:?}");
    assert!(hop.adds_ms.interval.holds(20.0), "{hop:?}");
    assert_eq!(Hop::of(&held(&through, &Seen::default())), None);
}

#[test]
fn runs_apart_are_compared_without_pairs() {
    let mut random = fastrand::Rng::with_seed(7);
    let (a, b) = (side(USUAL, &mut random), side(Does { ms: 60.0, ..USUAL }, &mut random));
    let judged = compare(&a, &b, Pairing::Apart, 1);
    assert!(topics(&judged).contains(&Topic::Latency), "{judged:?}");
}

#[test]
fn what_one_form_has_no_way_to_show_is_told_with_its_reason_and_never_differs() {
    let listed = |entry: &str| vec![Listed { name: "m".to_owned(), entry: entry.to_owned() }];
    let with = |form: Form, text: &str| Seen {
        form,
        list_form: form,
        lists: vec![listed(text); 2],
        ..of(&[
            (Topic::Entry, &[text]),
            (Topic::Tokens, &[text]),
            (Topic::WrongName, &[text]),
            (Topic::WrongField, &[text]),
        ])
    };
    let native = with(Form::Developer, "x");
    let judged = held(&native, &with(Form::OpenAi, "y"));
    assert_eq!(topics(&judged), []);
    let apart: Vec<Topic> = judged.not_comparable.iter().map(|(topic, _)| *topic).collect();
    let all = [Topic::Listed, Topic::Entry, Topic::Tokens, Topic::WrongName, Topic::WrongField];
    assert_eq!(apart, all);
    assert!(judged.compared.contains(&Topic::Listed), "names can be compared in any form");
    // A side that shows nothing of it is not the only one that tells.
    let silent = Seen { form: Form::OpenAi, list_form: Form::OpenAi, ..of(&[]) };
    assert!(all[1..].iter().all(|topic| !held(&native, &silent).one_sided.contains(topic)));
    // The cloud platform counts as the other API does, and a key alone has no list.
    let cloud = held(&native, &with(Form::Cloud, "y"));
    assert_eq!(topics(&cloud), [Topic::Tokens, Topic::WrongField]);
    let express = held(&with(Form::Express, "x"), &with(Form::Express, "y"));
    assert_eq!(topics(&express), [Topic::Tokens, Topic::WrongField]);
    assert_eq!(held(&native, &with(Form::Developer, "x")).not_comparable, []);
}

#[test]
fn answers_have_a_smallest_rate_of_their_own() {
    let smallest = |answers: u32| {
        let mut random = fastrand::Rng::with_seed(3);
        let mut seen = || {
            let mut seen = side(Does { fails: 0.0, ..USUAL }, &mut random);
            seen.paid.outcomes.retain(|one| one.round <= answers);
            seen
        };
        let (a, b) = (seen(), seen());
        compare(&a, &b, Pairing::Together, 1).smallest
    };
    assert_eq!(smallest(4).answers_failure_rate, None);
    assert_eq!(smallest(12).answers_failure_rate, Some(0.5));
    assert_eq!(smallest(4).failure_rate, smallest(12).failure_rate);
}
