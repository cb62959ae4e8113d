//! The built-in scenarios as a whole.

use std::collections::BTreeSet;

use super::super::fault::{Act, JSON, Route};
use super::super::{AUTH_KEY, OTHER_AUTH_KEY, STANDARD_KEY, file, find, regimes, scenarios};
use super::{start, start_scenario};

const LAYERS: &[&str] = &[
    "-",
    "local",
    "dns",
    "tcp",
    "proxy",
    "tls",
    "edge",
    "gateway",
    "auth",
    "permission",
    "region",
    "quota",
    "model",
    "request",
    "backend",
    "stream",
];

#[test]
fn ids_are_unique_and_well_formed() {
    let ids: Vec<&str> = scenarios().map(|scenario| scenario.id).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len());
    for id in ids {
        assert!(file::is_id(id), "{id}");
    }
    for wrong in ["", "Alias", "a b", "a.b.c", ".a", "a."] {
        assert!(!file::is_id(wrong), "{wrong}");
    }
}

#[test]
fn every_variant_stands_beside_its_main_scenario() {
    for scenario in scenarios() {
        if let Some((main, _)) = scenario.id.split_once('.') {
            assert_eq!(find(main).unwrap().fix, scenario.fix, "{}", scenario.id);
        }
        if let Some(fix) = scenario.fix {
            assert!(find(fix).is_some_and(|main| main.fix == Some(fix)), "{fix} has no scenario");
        }
    }
}

#[test]
fn declarations_are_complete() {
    for scenario in scenarios() {
        let id = scenario.id;
        assert!(LAYERS.contains(&scenario.layer), "{id}");
        assert!([0, 1, 2, 3, 4, 5, 6].contains(&scenario.exit), "{id}");
        assert!(scenario.summary.ends_with('.'), "{id}");
        assert!(!scenario.command.is_empty(), "{id}");
        assert_eq!(scenario.fix.is_none(), scenario.layer == "-", "{id}");
        assert!(scenario.fix.is_some() || scenario.exit == 0, "{id}");
    }
}

#[test]
fn regimes_are_the_aliases_that_take_many_calls() {
    assert_eq!(regimes().count(), 29);
    for regime in regimes() {
        assert!(regime.id.starts_with("alias-"), "{}", regime.id);
        assert_eq!(regime.command[..2], ["probe-alias", "gemini-3.5-flash"], "{}", regime.id);
        assert!(scenarios().any(|one| one.id == regime.id), "{}", regime.id);
    }
    assert!(!find("alias-404").unwrap().regime);
}

#[test]
fn fake_keys_have_the_shapes_of_real_ones() {
    assert_eq!(STANDARD_KEY.len(), 39);
    assert!(STANDARD_KEY.starts_with("AIza"));
    for key in [AUTH_KEY, OTHER_AUTH_KEY] {
        assert!(key.starts_with("AQ.FAKE") && key.len() > 40);
    }
}

#[test]
fn ready_made_json_is_json_and_agrees_with_its_status() {
    let mut seen = 0;
    for rule in scenarios().flat_map(|scenario| scenario.rules) {
        let Act::Answer(canned) = rule.act else { continue };
        if !canned.google || canned.kind != JSON {
            continue;
        }
        let body: serde_json::Value = serde_json::from_str(canned.body).unwrap();
        let error = body.get(0).unwrap_or(&body);
        if canned.status != 200 {
            assert_eq!(error["error"]["code"], canned.status, "{}", canned.body);
        }
        seen += 1;
    }
    assert!(seen > 40, "only {seen} bodies were looked at");
}

#[test]
fn a_quota_concerns_calls_that_generate_and_nothing_else() {
    let quotas: Vec<_> = scenarios().filter(|scenario| scenario.layer == "quota").collect();
    assert!(quotas.len() > 16, "{}", quotas.len());
    for scenario in quotas {
        for rule in scenario.rules {
            assert_eq!(rule.route, Route::Generating, "{}", scenario.id);
        }
    }
}

#[test]
fn every_scenario_starts_and_stops_and_leaves_nothing_behind() {
    for scenario in scenarios().filter(|scenario| scenario.needs.met()) {
        let simulation = start_scenario(scenario);
        let directory = simulation.client().directory.clone();
        assert!(directory.is_dir(), "{}", scenario.id);
        assert_ne!(simulation.address().port(), 0);
        drop(simulation);
        assert!(!directory.exists(), "{}", scenario.id);
    }
}

#[test]
fn git_knows_what_the_scenario_says() {
    if !find("dotenv-tracked").unwrap().needs.met() {
        return;
    }
    let listed = |id: &str, arguments: &[&str]| {
        let simulation = start(id);
        let mut command = std::process::Command::new("git");
        let output = command.current_dir(&simulation.client().directory).args(arguments).output();
        String::from_utf8(output.unwrap().stdout).unwrap().trim().to_owned()
    };
    assert_eq!(listed("dotenv-tracked", &["ls-files"]), ".env");
    assert_eq!(listed("dotenv-not-ignored", &["ls-files"]), "");
    let unknown = ["ls-files", "--others", "--exclude-standard"];
    assert_eq!(listed("dotenv-not-ignored", &unknown), ".env");
}

#[cfg(unix)]
#[test]
fn files_have_the_modes_that_the_scenario_says() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |id: &str| {
        let simulation = start(id);
        let path = simulation.client().directory.join(".env");
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    };
    assert_eq!(mode("dotenv-readable-by-others"), 0o644);
    assert_eq!(mode("dotenv-malformed"), 0o600);
}

#[cfg(unix)]
#[test]
fn the_key_command_fails_as_declared() {
    let simulation = start("key-command-failed");
    let command = simulation.client().key_command.clone().unwrap();
    let output = std::process::Command::new("sh").arg("-c").arg(command).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(String::from_utf8(output.stderr).unwrap().trim(), "vault is sealed");
}
