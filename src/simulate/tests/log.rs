//! What is remembered of requests, and that keys are not part of it.

use super::super::{AUTH_KEY, Options, Simulation, find};
use super::{ask, ask_with, start};

/// Characters that are written differently in a URL and in base64.
const PLANTED: &str = "AQ.FAKE+planted/key=with%odd&signs-0001";
const PLANTED_IN_URL: &str = "AQ.FAKE%2Bplanted%2Fkey%3Dwith%25odd%26signs-0001";

#[tokio::test]
async fn a_request_is_remembered_without_its_key() {
    let simulation = start("healthy");
    ask(&simulation, "POST /v1beta/models/gemini-3.8-flash:generateContent", "{}").await;
    let seen = simulation.requests().pop().unwrap();
    assert_eq!((seen.method.as_str(), seen.http, seen.status), ("POST", "HTTP/1.1", Some(400)));
    assert_eq!(seen.path, "/v1beta/models/gemini-3.8-flash:generateContent");
    assert_eq!((seen.key_in, seen.body_bytes, seen.generating), ("header", 2, true));
    let key = seen.key.unwrap();
    assert_eq!((key.len(), &key[..7]), (15, "sha256:"));
    assert_eq!(seen.connection, 1);
    assert_eq!(simulation.connections(), 1);
}

#[tokio::test]
async fn keys_are_in_no_form_in_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("requests.ndjson");
    let options = Options { log_file: Some(file.clone()), ..Options::default() };
    let simulation = Simulation::start(find("healthy").unwrap(), &options).unwrap();
    let header = format!("x-goog-api-key: {PLANTED}\r\n");
    ask_with(&simulation, "GET /v1beta/models", &header, "").await;
    let bearer = format!("authorization: Bearer {PLANTED}\r\n");
    ask_with(&simulation, "GET /v1beta/openai/models", &bearer, "").await;
    let query = format!("GET /v1beta/models?pageSize=3&key={PLANTED_IN_URL}");
    ask_with(&simulation, &query, "", "").await;
    let in_path = format!("GET /v1beta/models/{PLANTED_IN_URL}?key={PLANTED_IN_URL}");
    ask_with(&simulation, &in_path, "", "").await;
    let body = format!("{{\"contents\": \"{PLANTED}\"}}");
    ask_with(&simulation, "POST /v1beta/models/gemma-4-31b-it:countTokens", &header, &body).await;
    let log = std::fs::read_to_string(&file).unwrap();
    assert_eq!(log.lines().count(), 5);
    assert!(log.contains("pageSize=3&key=***"), "{log}");
    for shown in [log, format!("{:?}", simulation.requests())] {
        assert_no_key(&shown);
    }
}

fn assert_no_key(shown: &str) {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(PLANTED);
    for form in [PLANTED, PLANTED_IN_URL, &encoded, "planted", AUTH_KEY] {
        assert!(!shown.contains(form), "{form} is in {shown}");
    }
}

#[tokio::test]
async fn each_line_of_the_log_is_one_request() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("requests.ndjson");
    let options = Options { log_file: Some(file.clone()), ..Options::default() };
    let simulation = Simulation::start(find("api-key-leaked").unwrap(), &options).unwrap();
    ask(&simulation, "GET /v1beta/models", "").await;
    let line = std::fs::read_to_string(&file).unwrap();
    let seen: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(seen["status"], 403);
    assert_eq!(seen["fault"], "answer 403");
    assert_eq!(seen["path"], "/v1beta/models");
}

#[test]
fn a_log_that_cannot_be_written_is_an_error_at_the_start() {
    let missing = std::env::temp_dir().join("no-such-directory-for-gemini-doctor/log");
    let options = Options { log_file: Some(missing), ..Options::default() };
    let error = Simulation::start(find("healthy").unwrap(), &options).unwrap_err();
    assert!(error.starts_with("cannot write "), "{error}");
}
