//! Each regime, call by call: how often it fails, in which way, and from when on.

use super::super::clock::Clock;
use super::super::fault::{Act, Build};
use super::super::judge::Judge;
use super::super::{Scenario, find, regimes};
use super::judge::{V4, call_on, generate};

const SIBLINGS: [&str; 3] = ["gemini-flash-latest", "gemini-3-flash-preview", "gemini-2.5-flash"];

/// One letter a call: `.` passed, `x` a build that is gone, `v` another version, `!` something else.
fn outcomes(scenario: &Scenario, seed: u64, calls: u64) -> String {
    let clock = Clock::start(scenario.call_ms);
    let judge = Judge::new(scenario, seed, clock.clone());
    let ask = |nth| {
        let call = generate(nth % 12);
        let build = judge.build(&call);
        let act = judge.act(&call, build.as_ref());
        clock.spend(&call);
        letter(build.as_ref(), act.as_ref())
    };
    (0..calls).map(ask).collect()
}

fn letter(build: Option<&Build>, act: Option<&Act>) -> char {
    match (build, act) {
        (_, Some(_)) => '!',
        (Some(build), None) if build.is_missing() => 'x',
        (Some(build), None) if build.version().is_some() => 'v',
        _ => '.',
    }
}

fn run(id: &str, calls: u64) -> String {
    let scenario = find(id).unwrap();
    outcomes(scenario, scenario.seed, calls)
}

fn count(text: &str, letter: char) -> usize {
    text.chars().filter(|one| *one == letter).count()
}

/// How many of the first 24 and 120 calls find no build, and on how many something else happens.
const SHARES: &[(&str, [usize; 2], [usize; 2])] = &[
    ("alias-healthy", [0, 0], [0, 0]),
    ("alias-sticky", [16, 80], [0, 0]),
    ("alias-rotating", [16, 80], [0, 0]),
    ("alias-per-address", [0, 0], [0, 0]),
    ("alias-per-http", [0, 0], [0, 0]),
    ("alias-outage-own-name", [24, 120], [0, 0]),
    ("alias-outage-foreign-name", [24, 120], [0, 0]),
    ("alias-429-only", [0, 0], [24, 120]),
    ("alias-503-only", [0, 0], [24, 120]),
    ("alias-403-midway", [0, 0], [16, 112]),
    ("alias-lost", [0, 0], [14, 110]),
    ("alias-sdk-only", [0, 0], [0, 0]),
];

#[test]
fn regimes_without_dice_are_exact() {
    for (id, gone, other) in SHARES {
        for (nth, calls) in [24, 120].into_iter().enumerate() {
            let run = run(id, calls);
            assert_eq!((count(&run, 'x'), count(&run, '!')), (gone[nth], other[nth]), "{id} {run}");
        }
    }
}

/// The share, in percent, of calls that find no build, and of those on which something else
/// happens.
const CHANCES: &[(&str, f64, f64)] = &[
    ("alias-sibling-broken", 66.7, 0.0),
    ("alias-all-broken", 66.7, 0.0),
    ("alias-two-bad-builds", 66.7, 0.0),
    ("alias-versions-vary", 0.0, 0.0),
    ("alias-versions-with-failures", 33.3, 0.0),
    ("alias-429-mixed", 61.3, 8.0),
    ("alias-503-mixed", 56.7, 15.0),
    ("alias-overloaded", 0.0, 30.0),
    ("alias-resets", 0.0, 15.0),
    ("alias-own-name-intermittent", 66.7, 0.0),
    ("alias-empty", 0.0, 40.0),
    ("alias-rare", 10.0, 0.0),
    ("alias-gateway-404", 0.0, 50.0),
];

#[test]
fn regimes_with_dice_meet_their_shares_early_and_late() {
    for (id, gone, other) in CHANCES {
        // The seed of the scenario is chosen to be even from early on; any seed is in the long run.
        let short = outcomes(find(id).unwrap(), find(id).unwrap().seed, 25);
        let long = outcomes(find(id).unwrap(), 12_345, 20_000);
        for (letter, percent) in [('x', gone), ('!', other)] {
            let is_near = |run: &str, tolerance: f64| {
                let share = count(run, letter) as f64 * 100.0 / run.len() as f64;
                (share - percent).abs() <= tolerance
            };
            assert!(is_near(&short, 8.0), "{id} {letter} {short}");
            assert!(is_near(&long, 1.2), "{id} {letter}");
        }
    }
}

#[test]
fn every_regime_is_looked_at() {
    let by_hand = ["alias-burst", "alias-drift", "alias-onset", "alias-recovery"];
    let tables = SHARES.iter().map(|row| row.0).chain(CHANCES.iter().map(|row| row.0));
    let mut looked: Vec<&str> = tables.chain(by_hand).collect();
    let mut all: Vec<&str> = regimes().map(|regime| regime.id).collect();
    looked.sort_unstable();
    all.sort_unstable();
    assert_eq!(looked, all);
}

#[test]
fn a_seed_repeats_a_regime_to_the_letter() {
    for regime in regimes() {
        let twice = [7, 7].map(|seed| outcomes(regime, seed, 120));
        assert_eq!(twice[0], twice[1], "{}", regime.id);
    }
    let rare = find("alias-rare").unwrap();
    assert_ne!(outcomes(rare, 7, 120), outcomes(rare, 8, 120));
}

#[test]
fn an_onset_and_a_recovery_come_on_their_call() {
    let onset = run("alias-onset", 120);
    assert_eq!(onset.find('x'), Some(40), "{onset}");
    assert_eq!(count(&onset, 'x'), 53, "{onset}");
    let recovery = run("alias-recovery", 120);
    assert_eq!(count(&recovery[..60], 'x'), 40, "{recovery}");
    assert_eq!(count(&recovery[60..], 'x'), 0, "{recovery}");
}

#[test]
fn a_burst_alias_has_few_long_stretches() {
    let run = run("alias-burst", 120);
    let changes = run.as_bytes().windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!((6..=18).contains(&changes), "{run}");
    assert!((40..=80).contains(&count(&run, 'x')), "{run}");
}

#[test]
fn a_drift_grows_until_nothing_is_left() {
    let run = run("alias-drift", 60);
    let shares = [0..10, 10..20, 20..30, 30..60].map(|part| count(&run[part], 'v'));
    assert_eq!((shares[0], shares[3]), (0, 30), "{run}");
    assert!((3..=4).contains(&shares[1]) && (6..=7).contains(&shares[2]), "{run}");
    assert_eq!(count(&run, 'x') + count(&run, '!'), 0);
}

#[test]
fn siblings_fail_only_where_the_regime_says_so() {
    for regime in regimes() {
        for model in SIBLINGS {
            let judge = Judge::new(regime, regime.seed, Clock::start(regime.call_ms));
            let line = format!("POST /v1beta/models/{model}:generateContent");
            let call = call_on(1, V4, &line, "{}");
            let builds = (0..24).filter_map(|_| judge.build(&call));
            let gone = builds.filter(Build::is_missing).count();
            let expected = match (regime.id, model) {
                ("alias-all-broken", _) => 12..=20,
                ("alias-sibling-broken", "gemini-3-flash-preview") => 10..=14,
                _ => 0..=0,
            };
            assert!(expected.contains(&gone), "{} {model} {gone}", regime.id);
            assert!(judge.act(&call, None).is_none(), "{} {model}", regime.id);
        }
    }
}
