//! `list-models --lock` and `--check-lock`: what is written down of models, and what is said when they change.

use std::{fs, path::Path};

use gemini_doctor::simulate::AUTH_KEY;
use serde_json::{Value, json};

use crate::harness::{Doctor, Ran, root};

/// Locks on a healthy day, and gives the text.
fn locked(line: &str) -> (Ran, String) {
    let (ran, directory) = Doctor::line(&format!("{line} --lock models.lock --format json"))
        .file("routes.json", r#"{"a": "gemini-3.5-flash", "b": {"primary": "gemini-2.5-pro", "fallback": "gemini-3.5-flash"}}"#)
        .run_and_keep();
    let text = fs::read_to_string(directory.path().join("models.lock")).unwrap_or_default();
    (ran, text)
}

/// Holds a list against that text.
fn checked(line: &str, lock: &str) -> Ran {
    Doctor::line(&format!("list-models --check-lock own.lock --format json {line}"))
        .file("own.lock", lock)
        .run()
}

fn rows(report: &Value) -> Vec<(&str, &str, &str)> {
    let rows = report["checks"].as_array().expect("rows").iter();
    let of_lock = rows.filter(|row| row["id"] == "models.lock");
    of_lock
        .map(|row| {
            let text = |name: &str| row[name].as_str().expect("a text");
            (text("title"), text("status"), text("detail"))
        })
        .collect()
}

fn names(lock: &str) -> Vec<&str> {
    lock.lines().filter_map(|line| line.strip_prefix("[models.\"")?.strip_suffix("\"]")).collect()
}

#[test]
fn a_lock_of_today_holds_today() {
    let (ran, lock) = locked("list-models gemini-3.5-flash gemini-2.5-pro --simulate healthy");
    assert_eq!((ran.code, names(&lock)), (0, vec!["gemini-2.5-pro", "gemini-3.5-flash"]));
    let ran = checked("--simulate healthy", &lock);
    let report = ran.json();
    assert_eq!(ran.code, 0, "{report:#}");
    let as_locked = "as locked: version 3.5-flash-05-2026, 1048576 tokens in, 65536 out";
    assert_eq!(rows(&report)[1], ("gemini-3.5-flash", "pass", as_locked));
    assert_eq!(
        report["verdict"]["sentence"],
        "all 2 models are as own.lock has them, and the end of gemini-2.5-pro is announced."
    );
    assert_eq!(report["data"]["lock"]["models"][0]["result"], "as locked");
}

#[test]
fn the_models_in_use_are_those_named_routed_filtered_or_the_default() {
    for (line, expected) in [
        ("", vec!["gemini-3.8-flash"]),
        ("--model gemini-2.5-pro", vec!["gemini-2.5-pro"]),
        ("models/gemma-4-31b-it", vec!["gemma-4-31b-it"]),
        ("--routes routes.json", vec!["gemini-2.5-pro", "gemini-3.5-flash"]),
        ("--match embedding", vec!["gemini-embedding-001"]),
    ] {
        let (ran, lock) = locked(&format!("list-models --simulate healthy {line}"));
        assert_eq!((ran.code, names(&lock)), (0, expected), "{line}");
    }
}

#[test]
fn a_lock_is_the_same_text_whenever_nothing_changed_and_holds_no_key() {
    let lines =
        ["gemini-3.5-flash gemini-3.5-flash-lite", "gemini-3.5-flash-lite gemini-3.5-flash"];
    let [one, other] =
        lines.map(|names| locked(&format!("list-models --simulate healthy {names}")).1);
    let without_time = |text: &str| -> String {
        text.lines().filter(|line| !line.starts_with("locked_at")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(without_time(&one), without_time(&other));
    assert!(!one.contains(AUTH_KEY) && one.contains("simulated = \"healthy\""), "{one}");
    let of_scenario = root().join("src/simulate/bodies/models.lock");
    let of_scenario = fs::read_to_string(of_scenario).expect("the scenario's own");
    assert_eq!(without_time(&one), without_time(&of_scenario));
}

#[test]
fn what_changed_is_said_field_by_field_and_fails_the_gate() {
    let (_, lock) = locked("list-models gemini-3.5-flash gemini-3.8-flash --simulate healthy");
    let ran = checked("--simulate model-lock-not-met", &lock);
    let report = ran.json();
    assert_eq!(ran.code, 1, "{report:#}");
    let changed = "version 3.5-flash-05-2026 -> moved-11-2026; output limit 65536 -> 32768";
    assert_eq!(rows(&report)[0], ("gemini-3.5-flash", "fail", changed));
    assert_eq!(rows(&report)[1].1, "pass");
    assert_eq!(report["findings"][0]["id"], "model-lock-not-met");
    assert_eq!(report["verdict"]["sentence"], "gemini-3.5-flash is not as own.lock has it.");
    let command = report["findings"][0]["fixes"][1]["command"].as_str().expect("a command");
    assert!(command.contains("--check-lock own.lock --lock own.lock"), "{command}");
    assert_eq!(
        report["data"]["lock"]["models"][0]["differences"][1],
        json!({"field": "output_token_limit", "was": 65_536, "is": 32_768, "matters": true})
    );
}

#[test]
fn whether_a_change_fails_the_run_can_be_chosen() {
    let (_, lock) = locked("list-models gemini-3.5-flash --simulate healthy");
    let ran = checked("--simulate model-lock-not-met --fail-on never", &lock);
    assert_eq!((ran.code, &ran.json()["verdict"]["status"]), (0, &json!("fail")));
}

#[test]
fn what_is_only_more_is_noted() {
    let (_, lock) = locked("list-models gemini-3.5-flash --simulate healthy");
    let less = lock
        .replace("output_token_limit = 65536", "output_token_limit = 8192")
        .replace("\"countTokens\", ", "");
    let ran = checked("--simulate healthy", &less);
    let report = ran.json();
    let (_, status, detail) = rows(&report)[0];
    assert_eq!((ran.code, status), (0, "pass"), "{detail}");
    let more = "more than that: output limit 8192 -> 65536; methods none -> countTokens";
    assert!(detail.ends_with(more), "{detail}");
    let sheet = Doctor::line("list-models --check-lock own.lock --simulate healthy --format plain")
        .file("own.lock", less)
        .run();
    assert!(sheet.stdout.contains("note"), "{}", sheet.stdout);
}

#[test]
fn a_name_that_is_gone_or_that_nobody_locked_fails() {
    let (_, lock) = locked("list-models gemini-3.5-flash --simulate healthy");
    let gone = lock.replace("gemini-3.5-flash", "gemini-2.0-flash");
    let ran = checked("gemini-3.8-flash --simulate healthy", &gone);
    let report = ran.json();
    assert_eq!(ran.code, 1);
    let seen = rows(&report);
    assert!(seen[0].2.starts_with("no longer listed: gemini-2.0-flash was shut down"), "{seen:?}");
    assert_eq!(seen[1], ("gemini-3.8-flash", "fail", "in use, and not in the lock"));
    // The model of the settings is in use, too.
    let named = checked("--model gemini-3.8-flash --simulate healthy", &lock);
    let report = named.json();
    assert_eq!(named.code, 1, "{report:#}");
    assert_eq!(rows(&report)[1], ("gemini-3.8-flash", "fail", "in use, and not in the lock"));
    assert_eq!(checked("--simulate alias-404", &lock).code, 0);
    let (_, other) = locked("list-models gemini-3.8-flash --simulate healthy");
    assert_eq!(checked("--simulate healthy", &other).code, 0);
    assert_eq!(checked("--simulate alias-404", &other).code, 1, "GEMINI_MODEL is gemini-3.5-flash");
    // What nobody uses may come and go.
    assert_eq!(checked("--simulate healthy", &lock).code, 0);
}

#[test]
fn the_announced_end_of_a_locked_model_is_a_warning() {
    let (_, lock) = locked("list-models gemini-3.5-flash gemini-2.5-flash --simulate healthy");
    let ran = checked("--simulate model-retiring", &lock);
    let report = ran.json();
    assert_eq!(ran.code, 0, "{report:#}");
    let (name, status, detail) = rows(&report)[0];
    assert_eq!((name, status), ("gemini-2.5-flash", "warn"));
    assert!(
        detail.starts_with("as locked: ") && detail.contains("is to be answered by"),
        "{detail}"
    );
    assert_eq!(report["findings"][0]["id"], "model-retiring");
    let verdict = &report["verdict"];
    assert_eq!(verdict["word"], "WARN");
    let said =
        "all 2 models are as own.lock has them, and the end of gemini-2.5-flash is announced.";
    assert_eq!(verdict["sentence"], said);
    assert_eq!(checked("--fail-on warn --simulate model-retiring", &lock).code, 1);
}

#[test]
fn of_when_and_where_a_lock_is_stands_beside_the_verdict() {
    let (_, lock) = locked("list-models gemini-3.5-flash --simulate healthy");
    let server = crate::harness::Server::start("healthy");
    let ran = server
        .doctor("list-models --check-lock own.lock --format json")
        .file("own.lock", lock)
        .run();
    let report = ran.json();
    assert_eq!(ran.code, 0, "{report:#}");
    let told = &report["data"]["lock"];
    assert_eq!((&told["file"], &told["simulated"]), (&json!("own.lock"), &json!("healthy")));
    let ran = server
        .doctor("list-models --check-lock own.lock --format plain")
        .file("own.lock", locked("list-models --simulate healthy").1)
        .run();
    for words in ["another place than this run's", "of the simulated scenario healthy"] {
        assert!(ran.stdout.contains(words), "{}", ran.stdout);
    }
}

#[test]
fn a_lock_is_written_anew_for_its_own_models() {
    let (_, lock) = locked("list-models gemini-3.5-flash gemini-2.5-pro --simulate healthy");
    let line = "list-models --check-lock own.lock --lock own.lock --simulate model-lock-not-met";
    let (ran, directory) = Doctor::line(line).file("own.lock", &lock).run_and_keep();
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    let anew = fs::read_to_string(directory.path().join("own.lock")).expect("a lock");
    assert_eq!(names(&anew), names(&lock));
    assert_eq!(checked("--simulate model-lock-not-met", &anew).code, 0, "{anew}");
}

#[test]
fn what_is_not_listed_is_not_locked() {
    for line in ["gemini-3.5-flahs gemini-3.5-flash", "--model gemini-3.5-flahs", "--match nothing"]
    {
        let (ran, lock) = locked(&format!("list-models --simulate healthy {line}"));
        assert_eq!((ran.code, lock.as_str()), (1, ""), "{line}: {}", ran.stdout);
    }
    let (ran, lock) = locked("list-models gemini-3.5-flash --simulate list-incomplete");
    assert_eq!((ran.code, lock.as_str()), (3, ""), "{}", ran.stdout);
    let (ran, lock) = locked("list-models gemini-3.5-flash --simulate healthy --dry-run");
    assert_eq!((ran.code, lock.as_str()), (0, ""), "{}", ran.stdout);
}

#[test]
fn a_lock_that_cannot_be_used_says_why() {
    let (_, lock) = locked("list-models gemini-3.5-flash --simulate healthy");
    for (text, words) in [
        (lock.replace("api = \"gemini\"", "api = \"vertex\""), "it is of --api vertex"),
        (lock.replace("version = \"3.5", "versoin = \"3.5"), ":10: unknown field `versoin`"),
        (lock.replace("\"1.0\"", "\"2.0\""), "version \"2.0\""),
    ] {
        let ran = checked("--simulate healthy", &text);
        assert_eq!(ran.code, 2);
        assert!(ran.stdout.contains(&words.replace('"', "\\\"")), "{words}: {}", ran.stdout);
    }
    let ran = Doctor::line("list-models --check-lock none.lock --simulate healthy").run();
    assert!(ran.code == 2 && ran.stderr.contains("--lock FILE"), "{}", ran.stderr);
    assert!(!Path::new("none.lock").exists());
}
