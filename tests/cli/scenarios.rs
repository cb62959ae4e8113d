//! Every scenario: the real binary names the declared fix first and ends with the declared code.

use gemini_doctor::{catalog, simulate};

use crate::harness::Doctor;

#[test]
fn every_scenario_is_diagnosed_as_declared() {
    let mut wrong = Vec::new();
    let mut asked = 0;
    for scenario in simulate::scenarios() {
        if !scenario.needs.met() {
            eprintln!("skipped {}: this machine lacks {:?}", scenario.id, scenario.needs);
            continue;
        }
        asked += 1;
        let mut arguments: Vec<&str> = scenario.command.to_vec();
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
    assert!(wrong.is_empty(), "{} of {asked} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(asked >= 60, "only {asked} scenarios were asked");
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
