//! A watched name over its calls, and over thousands of series of calls with a rate that is known.

use super::*;

const MINUTE: u64 = 60_000;

fn cause(id: &str) -> Cause {
    Cause { id: id.to_owned(), title: format!("The cause {id}"), class: Class::Theirs }
}

/// A call a minute: `.` passed, any other letter is the cause of a failure.
fn follow(track: &mut Track, calls: &str) -> Vec<Change> {
    let seen = |track: &Track, letter: char| Seen {
        at_ms: track.counts().0 * MINUTE,
        cause: (letter != '.').then(|| cause(&letter.to_string())),
        total_ms: (letter == '.').then_some(100.0),
        first_ms: None,
    };
    calls
        .chars()
        .filter_map(|letter| {
            let one = seen(track, letter);
            track.push(&one)
        })
        .collect()
}

fn track() -> Track {
    Track::new("gemini-3.5-flash", Kind::Model, 3)
}

#[test]
fn a_first_look_that_finds_all_well_is_no_news() {
    let mut track = track();
    let changes = follow(&mut track, "...");
    assert_eq!(changes.len(), 1);
    assert!(!changes[0].is_news() && changes[0].to == Verdict::Healthy);
    assert_eq!(track.verdict(), Verdict::Healthy);
    assert!(follow(&mut track, "..........").is_empty());
}

#[test]
fn it_takes_three_calls_to_change_a_verdict_both_ways() {
    let mut track = track();
    assert!(follow(&mut track, "....................xx").len() == 1);
    assert_eq!(track.verdict(), Verdict::Healthy, "two failures are no outage");
    let changes = follow(&mut track, "xxxxxxxx");
    assert_eq!(changes.len(), 1);
    let change = &changes[0];
    assert_eq!((change.from, change.to), (Verdict::Healthy, Verdict::Failing));
    assert_eq!((change.since_ms, change.calls), (20 * MINUTE, (3, 3)));
    assert_eq!(change.cause.as_ref().map(|cause| cause.id.as_str()), Some("x"));
    assert!(follow(&mut track, "....").is_empty(), "four good calls are no recovery");
    let changes = follow(&mut track, "..");
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!((changes[0].to, changes[0].since_ms), (Verdict::Healthy, 30 * MINUTE));
}

#[test]
fn periods_share_the_calls_among_them() {
    let mut track = track();
    follow(&mut track, "....................xxx.xx.xxx....................");
    let periods: Vec<(Verdict, u64, u64, u64)> =
        track.periods().map(|one| (one.verdict, one.first_call, one.calls, one.failed)).collect();
    let expected = [
        (Verdict::Healthy, 1, 20, 0),
        (Verdict::Failing, 21, 10, 8),
        (Verdict::Healthy, 31, 20, 0),
    ];
    assert_eq!(periods, expected);
    let failing = track.periods().nth(1).expect("an outage");
    assert_eq!((failing.from_ms, failing.until_ms), (20 * MINUTE, 29 * MINUTE));
    assert!(failing.earliest_ms <= failing.from_ms && failing.from_ms <= failing.latest_ms);
    assert_eq!(track.counts(), (50, 8));
    assert!(track.has_failed());
}

#[test]
fn what_fails_from_the_start_has_no_healthy_time_before() {
    let mut track = track();
    let changes = follow(&mut track, "xxx");
    assert_eq!((changes[0].from, changes[0].to), (Verdict::Unclear, Verdict::Failing));
    assert!(changes[0].is_news());
    assert_eq!(track.periods().count(), 1);
    assert_eq!(track.now().map(|now| (now.first_call, now.calls)), Some((1, 3)));
}

#[test]
fn a_lone_failure_changes_nothing() {
    let mut track = track();
    let calls = "...............x..............";
    assert_eq!(follow(&mut track, &calls.repeat(16)).len(), 1);
    assert_eq!((track.verdict(), track.counts()), (Verdict::Healthy, (480, 16)));
    assert_eq!(track.causes().len(), 1);
}

#[test]
fn another_cause_is_told_once_enough_calls_name_it() {
    let mut track = track();
    follow(&mut track, "...xxxx");
    let changes = follow(&mut track, "yyxyyyy");
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!((changes[0].from, changes[0].to), (Verdict::Failing, Verdict::Failing));
    assert_eq!(changes[0].cause.as_ref().map(|cause| cause.id.as_str()), Some("y"));
    assert_eq!((changes[0].since_ms, changes[0].calls), (10 * MINUTE, (3, 3)));
}

#[test]
fn hundreds_of_hours_need_no_more_memory_than_a_few() {
    let mut track = track();
    let day = "....................................xxxxxxxxxxxx............".repeat(24);
    let mut most = 0;
    for nth in 0..100 {
        follow(&mut track, &day);
        if nth == 9 {
            most = track.kept();
        }
    }
    assert_eq!(track.counts().0, 144_000);
    assert_eq!(track.kept(), most);
    assert!(most <= KEPT + PERIODS + CAUSES, "{most}");
    assert_eq!(track.periods_dropped() + track.periods().count() as u64, 4801);
}

#[test]
fn causes_beyond_the_bound_count_for_the_last_one() {
    let mut track = track();
    for nth in 0..100 {
        let at_ms = nth * MINUTE;
        let cause = Some(cause(&format!("c{nth}")));
        track.push(&Seen { at_ms, cause, total_ms: None, first_ms: None });
    }
    let causes = track.causes();
    assert_eq!((causes.len(), causes[0].1), (CAUSES, 100 - CAUSES as u64 + 1));
}

#[test]
fn the_strip_holds_times_of_what_passed_and_gaps_for_what_did_not() {
    let mut track = track();
    follow(&mut track, ".x.");
    assert_eq!(track.strip(2), [None, Some(100.0)]);
    let (rate, low, high) = track.rate().expect("calls were made");
    assert!((rate - 1.0 / 3.0).abs() < 1e-9 && low < rate && rate < high);
}

#[test]
fn failures_before_an_outage_are_part_of_it() {
    let mut track = track();
    follow(&mut track, "xx...xx");
    let periods: Vec<(Verdict, u64, u64)> =
        track.periods().map(|one| (one.verdict, one.calls, one.failed)).collect();
    assert_eq!(periods, [(Verdict::Failing, 7, 4)]);
}

/// A call fails with the rate of its part. What changed, with the number of the first call since.
fn simulated(parts: &[(usize, f64)], random: &mut fastrand::Rng) -> (Track, Vec<(Verdict, u64)>) {
    let mut track = track();
    let mut changes = Vec::new();
    for (calls, rate) in parts {
        for _ in 0..*calls {
            let failed = random.f64() < *rate;
            let at_ms = track.counts().0 * MINUTE;
            let cause = failed.then(|| cause("x"));
            let change = track.push(&Seen { at_ms, cause, total_ms: None, first_ms: None });
            let news = change.filter(|change| change.is_news() && change.from != change.to);
            changes.extend(news.map(|change| (change.to, change.since_ms / MINUTE)));
        }
    }
    (track, changes)
}

#[test]
fn a_quiet_log_of_eight_hours_shows_a_change_in_at_most_one_of_twenty() {
    let mut random = fastrand::Rng::with_seed(1);
    for rate in [0.0, 0.002, 0.005, 0.01] {
        let claims =
            (0..1_000).filter(|_| !simulated(&[(480, rate)], &mut random).1.is_empty()).count();
        assert!(claims <= 50, "{rate}: {claims} of 1000");
    }
}

#[test]
fn onset_and_recovery_are_dated_within_ten_calls() {
    let mut random = fastrand::Rng::with_seed(2);
    for (quiet, rate) in [(0.0, 0.5), (0.0, 0.68), (0.0, 1.0), (0.01, 0.68), (0.01, 1.0)] {
        let dated = (0..500).filter(|_| {
            let parts = [(20, quiet), (20, rate), (40, quiet)];
            let found = simulated(&parts, &mut random).1;
            found.len() == 2 && found[0].1.abs_diff(20) <= 10 && found[1].1.abs_diff(40) <= 10
        });
        let dated = dated.count();
        assert!(dated >= 450, "{quiet} {rate}: {dated} of 500");
    }
}

#[test]
fn an_outage_of_most_calls_is_over_within_twenty_good_ones() {
    let mut random = fastrand::Rng::with_seed(4);
    for rate in [0.68, 1.0] {
        let over = (0..500).filter(|_| {
            let (track, _) = simulated(&[(20, 0.0), (20, rate), (20, 0.0)], &mut random);
            track.verdict() == Verdict::Healthy && track.has_failed()
        });
        let over = over.count();
        assert!(over >= 450, "{rate}: {over} of 500");
    }
}

#[test]
fn what_goes_on_to_fail_is_not_called_well_again_in_most_nights() {
    let mut random = fastrand::Rng::with_seed(5);
    for rate in [0.1, 0.2, 0.3, 0.5, 0.68] {
        let flaps = (0..400).filter(|_| {
            let changes = simulated(&[(480, rate)], &mut random).1;
            changes.iter().any(|(to, _)| *to == Verdict::Healthy)
        });
        let flaps = flaps.count();
        assert!(flaps <= 20, "{rate}: {flaps} of 400");
    }
}

#[test]
fn no_outage_is_dated_to_where_the_rate_fell() {
    let mut random = fastrand::Rng::with_seed(6);
    for rate in [0.1, 0.2, 0.3, 0.5] {
        for _ in 0..200 {
            let mut track = track();
            let is_told = |track: &mut Track, random: &mut fastrand::Rng| {
                let call = if random.f64() < rate { "x" } else { "." };
                follow(track, call).iter().any(|change| change.to == Verdict::Failing)
            };
            if !(0..120).any(|_| is_told(&mut track, &mut random)) {
                continue;
            }
            let periods: Vec<&Period> = track.periods().collect();
            for pair in periods.windows(2) {
                let (before, after) = (pair[0].rate().0, pair[1].rate().0);
                assert!(before < after, "{rate}: {before} then {after}");
            }
        }
    }
}

#[test]
fn one_call_in_ten_is_noticed_within_an_hour_or_two() {
    let mut random = fastrand::Rng::with_seed(3);
    let noticed = (0..500).filter(|_| !simulated(&[(120, 0.1)], &mut random).1.is_empty()).count();
    assert!(noticed >= 350, "{noticed} of 500");
}
