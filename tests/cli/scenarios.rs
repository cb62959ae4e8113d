//! Every scenario: the real binary names the declared fix first and ends with the declared code.

use gemini_doctor::{
    catalog,
    simulate::{self, Scenario},
};

use serde_json::Value;

use crate::harness::{Doctor, Server};

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

/// The list as data, with its text.
fn listed(arguments: &[&str]) -> (Vec<Value>, String) {
    let list = [&["simulate", "--list"], arguments].concat();
    let report = Doctor::new(&list).args(&["--format", "json"]).run().json();
    let faults = report["data"]["faults"].as_array().expect("faults").clone();
    (faults, Doctor::new(&list).run().stdout)
}

#[test]
fn the_list_of_scenarios_takes_a_text_and_says_how_to_see_each() {
    let (all, text) = listed(&[]);
    assert_eq!(all.len(), simulate::scenarios().count());
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("with the command in brackets") && text.contains("(check-key"), "{text}");
    let (some, text) = listed(&["audience"]);
    assert!(some.len() > 1 && some.len() < 10, "{}", some.len());
    for fault in &some {
        let line = fault["see_with"].as_str().expect("a line");
        assert!(text.contains(line), "{line}\n{text}");
        assert!(!line.contains("--api"), "a login brings its API along: {line}");
    }
    let (logins, _) = listed(&["token endpoint"]);
    assert!(!logins.is_empty());
    let none = Doctor::line("simulate --list no-such-thing").run();
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("simulate --list quota"), "{}", none.stderr);
}

#[test]
fn a_scenario_of_a_login_brings_its_api_unless_another_one_is_wished_for() {
    let api = |line: &str| {
        let report = Doctor::line(&format!("{line} --format json")).run().json();
        report["target"]["api"].as_str().expect("a word").to_owned()
    };
    assert_eq!(api("check-key --simulate vertex"), "vertex");
    assert_eq!(api("check-key --simulate express"), "express");
    assert_eq!(api("check-key --simulate sdk-vertex-switch"), "gemini");
    assert_eq!(api("check-key --api gemini --simulate vertex"), "gemini");
    // What is printed in such a world works there.
    let ran = Doctor::line("check-key --simulate vertex-iam-predict-denied.login").run();
    assert!(ran.stdout.contains("(vertex-iam-predict-denied)"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("--api gemini"), "{}", ran.stdout);
}

#[test]
fn a_url_without_tls_to_a_port_with_it_is_answered_with_the_one_to_write() {
    let server = Server::start("healthy");
    let url = format!("http://{}", server.simulation.address());
    let ran = Doctor::line("check-key --no-proxy --format json")
        .args(&["--base-url", &url])
        .env("GEMINI_API_KEY", simulate::AUTH_KEY)
        .run();
    let report = ran.json();
    assert_eq!((report["findings"][0]["id"].as_str(), ran.code), (Some("http-on-tls-port"), 1));
    let secure = format!("--base-url https://{}", server.simulation.address());
    assert!(report["findings"][0]["fixes"].to_string().contains(&secure), "{report:#}");
}
