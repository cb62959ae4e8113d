//! Verdicts are never stronger than their evidence: who is not blamed, and what is not claimed.

use serde_json::Value;

use crate::harness::{Doctor, Ran};

const WORLD: &str = r#"
id = "world"
summary = "a test's own"

[client.variables]
GEMINI_API_KEY = "AQ.FAKE-key-for-the-gemini-doctor-simulator-0001"
GEMINI_MODEL = "gemini-3.5-flash"
"#;

/// Runs a command line against the usual world with more rules.
fn in_world(line: &str, rules: &str) -> (Ran, Value) {
    let line = format!("{line} --simulate world.toml --format json");
    let ran = Doctor::line(&line).file("world.toml", format!("{WORLD}{rules}")).run();
    let report = ran.json();
    (ran, report)
}

fn on(line: &str) -> (Ran, Value) {
    let ran = Doctor::line(&format!("{line} --format json")).run();
    let report = ran.json();
    (ran, report)
}

fn findings(report: &Value) -> Vec<&str> {
    let all = report["findings"].as_array().expect("a list");
    all.iter().filter_map(|finding| finding["id"].as_str()).collect()
}

fn sentence(report: &Value) -> &str {
    report["verdict"]["sentence"].as_str().expect("a sentence")
}

#[test]
fn a_model_that_was_not_asked_is_not_unusable() {
    let (ran, report) = on("list-models --verify --simulate healthy --max-requests 12");
    assert_eq!((ran.code, findings(&report)), (5, vec![]), "{report:#}");
    assert!(sentence(&report).contains("not asked"), "{report:#}");
}

#[test]
fn a_busy_server_does_not_make_a_model_unusable() {
    let busy = "[[rules]]\nroute = \"get\"\nact = { status = 503, google = true, \
                type = \"application/json\", body = '{\"error\": {\"code\": 503, \
                \"message\": \"The model is overloaded.\", \"status\": \"UNAVAILABLE\"}}' }\n";
    let (ran, report) = in_world("list-models --verify", busy);
    assert_eq!(ran.code, 3, "{report:#}");
    assert!(!findings(&report).contains(&"model-listed-unusable"), "{report:#}");
}

#[test]
fn one_missing_build_and_a_quota_are_no_outage() {
    let rules = "[[rules]]\nroute = \"generate\"\nwhen = { first = 1 }\nact = { status = 404, google = true, \
                 type = \"application/json\", body = '{\"error\": {\"code\": 404, \"message\": \
                 \"Model not found: models/other\", \"status\": \"NOT_FOUND\"}}' }\n\
                 [[rules]]\nroute = \"generate\"\nact = { status = 429, google = true, \
                 type = \"application/json\", body = '{\"error\": {\"code\": 429, \"message\": \
                 \"Resource has been exhausted (e.g. check quota).\", \"status\": \
                 \"RESOURCE_EXHAUSTED\"}}' }\n";
    let (_, report) = in_world("doctor", rules);
    let word = report["verdict"]["word"].as_str().expect("a word");
    assert!(!["DOWN", "FLAKY"].contains(&word), "{report:#}");
    assert!(findings(&report).contains(&"quota-exhausted-unspecified"), "{report:#}");
}

#[test]
fn a_gateways_404_page_is_no_missing_build() {
    let rules = "[[rules]]\nroute = \"generate\"\nwhen = { every = 2 }\nact = { status = 404, \
                 type = \"text/html\", body = '<html><title>404 Not Found</title><hr>nginx</html>' }\n";
    let (_, report) = in_world("doctor", rules);
    assert_ne!(report["verdict"]["word"], "FLAKY", "{report:#}");
    assert!(!findings(&report).contains(&"alias-backend-missing"), "{report:#}");
    let first = &report["findings"][0];
    let own: Vec<&Value> =
        first["evidence"].as_array().expect("a list").iter().map(|it| &it["attempt"]).collect();
    for excluded in first["ruled_out"].as_array().expect("a list") {
        let attempts = excluded["attempts"].as_array().expect("a list");
        let is_own = attempts.iter().all(|attempt| own.contains(&attempt));
        assert!(is_own, "another answer rules nothing out: {excluded}");
    }
}

#[test]
fn only_an_answer_about_the_key_shows_that_it_is_dead() {
    for (scenario, is_dead) in [
        ("api-key-invalid", true),
        ("api-key-leaked", true),
        ("standard-key-rejected-2026", true),
        ("consumer-suspended", false),
        ("bearer-instead-of-api-key", false),
        ("service-disabled", false),
        ("healthy", false),
    ] {
        let (ran, report) = on(&format!("check-key --expect-dead --simulate {scenario}"));
        assert_eq!(ran.code == 0, is_dead, "{scenario} {report:#}");
    }
}

#[test]
fn a_warning_does_not_hide_the_answer() {
    let variables = "GOOGLE_API_KEY = \"AQ.FAKE-key-for-the-gemini-doctor-simulator-0002\"\n";
    let (_, report) = in_world(
        "check-key --expect-dead",
        &format!(
            "{variables}[[rules]]\nroute = \
        \"any\"\nact = {{ status = 400, google = true, type = \"application/json\", body = \
        '{{\"error\": {{\"code\": 400, \"message\": \"API key not valid.\", \"status\": \
        \"INVALID_ARGUMENT\", \"details\": [{{\"@type\": \"type.googleapis.com/google.rpc.ErrorInfo\", \
        \"reason\": \"API_KEY_INVALID\"}}]}}}}' }}\n"
        ),
    );
    assert!(sentence(&report).contains("refused as a key"), "{report:#}");
    assert!(findings(&report).contains(&"key-variables-conflict"), "{report:#}");
}

#[test]
fn an_explained_failure_is_not_unknown() {
    for (scenario, classes, code) in
        [("dns-failure", "unknown", 0), ("quota-requests-per-minute", "yours,unknown", 0)]
    {
        let (ran, report) = on(&format!("check-key --simulate {scenario} --fail-on {classes}"));
        assert_eq!(ran.code, code, "{scenario} {report:#}");
        assert_eq!(report["verdict"]["status"], "fail");
    }
}

#[test]
fn no_answer_is_claimed_that_was_not_asked_for() {
    let (_, report) = on("check-key --no-generate --simulate healthy");
    assert!(sentence(&report).contains("no answer was asked for"), "{report:#}");
    let (_, report) = on("check-key --simulate healthy");
    assert!(sentence(&report).contains("picked"), "nobody named the model: {report:#}");
}

#[test]
fn an_answer_that_could_go_over_the_budget_is_not_asked_for() {
    let (ran, report) = on("check-key --simulate healthy --max-tokens 100");
    assert_eq!((ran.code, findings(&report)), (5, vec![]), "{report:#}");
    assert_eq!(report["run"]["budget"]["paid_requests_used"], 0, "{report:#}");
    let (ran, _) = on("check-key --simulate healthy --max-tokens 5000");
    assert_eq!(ran.code, 0);
}

#[test]
fn a_key_does_not_succeed_itself() {
    let (ran, report) = on("check-key --simulate healthy --successor env:GEMINI_API_KEY");
    assert_eq!(ran.code, 5, "{report:#}");
}

#[test]
fn nobody_is_cleared_of_reading_along_by_an_answer_that_was_read_along() {
    let (_, report) = on("check-key --simulate tls-intercepted");
    let excluded = report["findings"][0]["ruled_out"].to_string();
    assert!(!excluded.contains("\"tls\"") && !excluded.contains("\"proxy\""), "{report:#}");
}
