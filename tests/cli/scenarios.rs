//! Every scenario: the real binary names the declared fix first and ends with the declared code.

use gemini_doctor::{
    catalog,
    simulate::{self, Scenario},
};

use crate::harness::Doctor;

#[test]
fn every_scenario_is_diagnosed_as_declared() {
    let wrong = mistaken(|scenario| match scenario.command {
        // These take real time, and are looked at where benchmarks are.
        ["bench-transport", ..] => None,
        command => Some(command.to_vec()),
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn doctor_finds_the_same_cause_as_check_key() {
    let wrong = mistaken(|scenario| match scenario.command {
        // What only one mode of check-key asks, doctor does not ask.
        [_, mode, ..] if ["--deep", "--expect-dead", "--successor"].contains(mode) => None,
        ["check-key", rest @ ..] => Some([&["doctor"], rest].concat()),
        _ => None,
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The scenarios whose command line does not end as declared.
fn mistaken(line: impl Fn(&Scenario) -> Option<Vec<&'static str>>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut asked = 0;
    for scenario in simulate::scenarios() {
        let Some(mut arguments) = line(scenario) else { continue };
        if !scenario.needs.met() {
            eprintln!("skipped {}: this machine lacks {:?}", scenario.id, scenario.needs);
            continue;
        }
        asked += 1;
        arguments.extend(["--simulate", scenario.id, "--format", "json"]);
        let ran = Doctor::new(&arguments).run();
        let report = ran.json();
        let first = report["findings"][0]["id"].as_str();
        if first != scenario.fix || ran.code != i32::from(scenario.exit) {
            wrong.push(format!(
                "{}: expected {:?} and exit {}, got {first:?} and exit {}\n    {}",
                scenario.id, scenario.fix, scenario.exit, ran.code, report["verdict"]["sentence"]
            ));
        }
    }
    assert!(asked >= 60, "only {asked} scenarios were asked");
    wrong
}

#[test]
fn every_known_fix_has_a_scenario_that_shows_it() {
    for fix in catalog::all().filter(|fix| !fix.reproduce.is_empty()) {
        let scenario = simulate::find(fix.reproduce)
            .unwrap_or_else(|| panic!("{} names the scenario {:?}", fix.id, fix.reproduce));
        assert_eq!(scenario.fix, Some(fix.id), "{}", scenario.id);
    }
}

#[test]
fn every_scenario_names_a_known_fix() {
    for scenario in simulate::scenarios() {
        if let Some(fix) = scenario.fix {
            assert!(catalog::find(fix).is_some(), "{} names {fix:?}", scenario.id);
        }
    }
}
