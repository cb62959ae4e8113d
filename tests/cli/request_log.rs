//! `--log FILE`: one line a request, with exactly the documented fields, and never a key or a text.

use std::collections::BTreeSet;

use gemini_doctor::{app::request_log::LogLine, simulate::AUTH_KEY};
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::{
    harness::{Doctor, Ran, check_file},
    schema::Schema,
};

/// A contract: whoever reads logs relies on these.
const FIELDS: [&str; 23] = [
    "schema_version",
    "at",
    "request_id",
    "provider",
    "task_type",
    "business_tag",
    "team_id",
    "method",
    "model_used",
    "model_version",
    "status_code",
    "failure",
    "latency_ms",
    "retry_count",
    "input_tokens",
    "output_tokens",
    "host",
    "remote",
    "http",
    "response_id",
    "first_token_ms",
    "look",
    "cause",
];

/// An answer that gives the key back in fields that end up in a log.
const ECHO: &str = r#"
id = "echo"
[client.variables]
GEMINI_API_KEY = "AQ.FAKE-key-for-the-gemini-doctor-simulator-0001"
[[rules]]
route = "generate"
act = { status = 200, google = true, type = "application/json", body = '''{"candidates": [{"content":
  {"parts": [{"text": "a secret answer"}]}, "finishReason": "STOP"}], "modelVersion":
  "AQ.FAKE-key-for-the-gemini-doctor-simulator-0001", "responseId":
  "AQ.FAKE-key-for-the-gemini-doctor-simulator-0001"}''' }
"#;

#[test]
fn the_schema_of_a_line_is_committed() {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<LogLine>();
    schema.insert("$id".to_owned(), "urn:gemini-doctor:schema:log:1".into());
    schema.insert("title".to_owned(), "one line of gemini-doctor's request log".into());
    let text = serde_json::to_string_pretty(&schema.to_value()).expect("JSON");
    check_file("docs/schema/log.schema.json", &format!("{text}\n"));
}

#[test]
fn every_request_is_one_line_with_the_documented_fields() {
    let schema = Schema::committed("log");
    for line in [
        "check-key --simulate healthy --deep",
        "check-key --simulate api-key-invalid",
        "check-key --simulate server-disconnected",
        "check-key --simulate client-read-timeout --timeout 1",
        "list-models --simulate healthy --verify",
        "doctor --simulate alias-404",
    ] {
        let (ran, lines) = logged(line);
        let report = ran.json();
        assert_eq!(lines.len(), report["attempts"].as_array().expect("attempts").len(), "{line}");
        assert!(!lines.is_empty(), "{line}");
        for (place, logged) in lines.iter().enumerate() {
            schema.must_hold(logged, line);
            let fields: BTreeSet<&str> =
                logged.as_object().expect("an object").keys().map(String::as_str).collect();
            assert_eq!(fields, BTreeSet::from(FIELDS), "{line}");
            let attempt = &report["attempts"][place];
            for (ours, theirs) in [
                ("status_code", "/status"),
                ("latency_ms", "/phases/total_ms"),
                ("model_used", "/model"),
                ("method", "/method"),
                ("output_tokens", "/output_tokens"),
            ] {
                assert_eq!(Some(&logged[ours]), attempt.pointer(theirs), "{line}: {ours}");
            }
        }
    }
}

#[test]
fn numbers_are_numbers_and_the_unknown_is_null() {
    let (_, healthy) = logged("check-key --simulate healthy");
    let answer = healthy.last().expect("a line");
    assert_eq!(answer["method"], "models.generateContent");
    for field in ["status_code", "latency_ms", "input_tokens", "output_tokens", "retry_count"] {
        assert!(answer[field].is_number(), "{field}: {answer}");
    }
    assert!(answer["business_tag"].is_null() && answer["failure"].is_null(), "{answer}");
    let (_, left) = logged("check-key --simulate server-disconnected");
    assert!(left[0]["status_code"].is_null() && left[0]["failure"].is_string(), "{}", left[0]);
}

#[test]
fn two_runs_share_a_file_and_no_id() {
    let line = "check-key --simulate healthy --log log --no-generate";
    let (mut command, folder) = Doctor::line(line).into_command();
    for _ in 0..2 {
        assert!(command.output().expect("ran").status.success());
    }
    let lines = read(folder.path());
    let ids: BTreeSet<&str> = lines.iter().filter_map(|line| line["request_id"].as_str()).collect();
    assert_eq!((lines.len(), ids.len()), (6, 6), "{lines:?}");
}

#[test]
fn no_key_and_no_text_gets_into_the_log_even_if_the_server_gives_it_back() {
    let line = "check-key --simulate echo.toml --log log";
    let (ran, folder) = Doctor::line(line).file("echo.toml", ECHO).run_and_keep();
    let log = std::fs::read_to_string(folder.path().join("log")).expect("a log");
    assert!(log.contains("models.list") && ran.code != 70, "{ran:?}");
    assert!(!log.contains("FAKE") && !log.contains("secret answer"), "{log}");
    assert!(!read(folder.path()).is_empty(), "each line is JSON still");
}

#[test]
fn a_key_in_the_place_of_a_name_is_refused_before_anything_is_sent_or_logged() {
    let (ran, folder) =
        Doctor::line(&typed_in_the_wrong_place()).file("echo.toml", ECHO).run_and_keep();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.stderr.contains("looks like an API key") && !ran.stderr.contains("FAKE"),
        "{ran:?}"
    );
    assert!(!folder.path().join("log").exists());
}

#[test]
fn a_log_that_cannot_be_written_stops_the_run_before_it_begins() {
    let ran = Doctor::line("check-key --simulate healthy --log no/such/log --format json").run();
    let report = ran.json();
    assert_eq!((ran.code, &report["attempts"]), (2, &serde_json::json!([])));
    let message = report["error"]["message"].as_str().expect("a message");
    assert!(message.contains("no/such/log"), "{message}");
}

fn typed_in_the_wrong_place() -> String {
    format!("check-key --simulate echo.toml --log log --model {AUTH_KEY}")
}

fn logged(line: &str) -> (Ran, Vec<Value>) {
    let line = format!("{line} --log log --format json");
    let (ran, folder) = Doctor::line(&line).run_and_keep();
    (ran, read(folder.path()))
}

fn read(folder: &std::path::Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("log")).expect("a log");
    text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}
