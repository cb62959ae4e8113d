//! `bisect`: the guilty part of a body is named with its place in the file, whoever decides, and whatever stops it.

use serde_json::{Value, json};

use crate::harness::Doctor;

/// A program that refuses what holds a word, as the API would.
const REFUSES: &str = r#"if grep -q '"const"' "$1"; then
echo '{"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "Invalid JSON payload received. Unknown name \"const\" at '"'generation_config.response_schema.properties[0].value'"': Cannot find field."}}'
exit 1
fi
if ! grep -q '"contents"' "$1"; then
echo '{"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "* GenerateContentRequest.contents: contents is not specified\n"}}'
exit 1
fi
"#;

const BODY: &str = r#"{
  "contents": [
    {"role": "user", "parts": [{"text": "What does it cost?"}]},
    {"role": "model", "parts": [{"text": "It depends."}]},
    {"role": "user", "parts": [{"text": "On what?"}]}
  ],
  "generationConfig": {
    "temperature": 0.2,
    "responseMimeType": "application/json",
    "responseSchema": {
      "type": "OBJECT",
      "properties": {
        "kind": {"type": "STRING", "const": "price"},
        "sum": {"type": "NUMBER"}
      }
    }
  }
}
"#;

const GUILTY: &str = "generationConfig.responseSchema.properties.kind.const";

/// `bisect` with a script as its oracle.
fn with_oracle(script: &str, more: &str) -> Doctor {
    let line = format!("bisect body.json {more}");
    let words: Vec<&str> = line.split_whitespace().collect();
    Doctor::new(&words)
        .args(&["--oracle", "sh oracle.sh {}"])
        .file("oracle.sh", script)
        .file("body.json", BODY)
}

#[cfg(unix)]
#[test]
fn a_program_leads_to_the_guilty_part_and_its_place() {
    let ran = with_oracle(REFUSES, "--format json").run();
    let report = ran.json();
    assert_eq!(ran.code, 1, "{ran:?}");
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(sentence.starts_with(&format!("request: {GUILTY} is refused")), "{sentence}");
    assert_eq!(report["verdict"]["word"], "REFUSED");
    let data = &report["data"];
    let guilty = &data["faults"][0]["guilty"][0];
    assert_eq!((&guilty["path"], &guilty["line"]), (&json!(GUILTY), &json!(13)), "{data:#}");
    assert_eq!(guilty["column"], 36);
    assert!(data["calls"].as_u64().expect("a number") <= 25);
    assert_eq!(data["passing_confirmed"], true);
    assert_eq!(report["findings"][0]["severity"], "error", "the program's words are explained");
    assert_eq!(report["run"]["budget"]["requests_used"], 0);
    let minimal = data["faults"][0]["minimal_body"].as_str().expect("a body");
    let minimal: Value = serde_json::from_str(minimal).expect("JSON");
    let kind = &minimal["generationConfig"]["responseSchema"]["properties"]["kind"];
    assert_eq!(kind["const"], "price");
    assert_eq!(minimal["generationConfig"].get("temperature"), None);
}

#[cfg(unix)]
#[test]
fn the_table_begins_with_the_verdict_and_shows_both_bodies() {
    let ran = with_oracle(REFUSES, "").run();
    assert!(ran.stdout.starts_with("REFUSED  request: "), "{}", ran.stdout);
    for part in [GUILTY, "minimal failing body", "nearest passing body", "13"] {
        assert!(ran.stdout.contains(part), "{part} in {}", ran.stdout);
    }
}

#[cfg(unix)]
#[test]
fn bodies_are_written_and_nothing_is_written_over() {
    let more = "--write-passing passing.json --write-minimal minimal.json";
    let (ran, folder) = with_oracle(REFUSES, more).run_and_keep();
    assert_eq!(ran.code, 1, "{ran:?}");
    let read = |name: &str| -> Value {
        let text = std::fs::read_to_string(folder.path().join(name)).expect("it was written");
        serde_json::from_str(&text).expect("JSON")
    };
    let mut expected: Value = serde_json::from_str(BODY).expect("JSON");
    let kind = &mut expected["generationConfig"]["responseSchema"]["properties"]["kind"];
    kind.as_object_mut().expect("an object").remove("const");
    assert_eq!(read("passing.json"), expected);
    assert!(read("minimal.json").get("contents").is_some());
    let ran = with_oracle(REFUSES, more).file("passing.json", "mine").run();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("it is there already"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn the_convention_of_exit_codes_holds() {
    let code = |script: &str, more: &str| with_oracle(script, more).run().code;
    assert_eq!(code("exit 0", ""), 0, "it passes");
    assert_eq!(code("exit 125", ""), 5, "it cannot tell");
    assert_eq!(code("exit 128", ""), 5, "the search ends");
    assert_eq!(code("kill -9 $$", ""), 5, "a signal ends it as well");
    assert_eq!(code("exit 3", ""), 5, "whatever the body is, it fails");
    assert_eq!(code(REFUSES, "--max-tries 4"), 5, "too little was tried");
    assert_eq!(code("sleep 5", "--oracle-timeout 0.1s"), 5, "it takes too long");
    assert_eq!(code(REFUSES, "--simulate healthy"), 2, "nothing is sent that could be simulated");
}

#[cfg(unix)]
#[test]
fn what_is_known_is_told_whatever_ends_the_search() {
    let ran = with_oracle(REFUSES, "--max-tries 6 --format json").run();
    let report = ran.json();
    assert_eq!(report["data"]["outcome"], "stopped");
    let (suspected, cleared) = (&report["data"]["suspected"], &report["data"]["cleared"]);
    assert!(cleared.as_u64() > Some(0) && suspected.as_u64() > Some(0), "{report:#}");
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("no more than 6 bodies may be tried"), "{sentence}");
    assert!(sentence.contains("suspected: "), "{sentence}");
}

#[cfg(unix)]
#[test]
fn the_body_comes_on_standard_input_as_well() {
    let ran = Doctor::line("bisect - --format json --oracle")
        .args(&["if grep -q stream; then exit 7; fi"])
        .fed(r#"{"contents": [{"parts": [{"text": "x"}]}], "stream": true}"#);
    let report = ran.json();
    assert_eq!(report["data"]["faults"][0]["guilty"][0]["path"], "stream", "{report:#}");
    assert_eq!(report["data"]["file"], "standard input");
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    let ran =
        Doctor::line("bisect body.json --oracle true").file("body.json", "{\n \"a\" 1}").run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("line 2, column 6"), "{}", ran.stderr);
    let ran = Doctor::line("bisect nowhere.json --oracle true").run();
    assert_eq!(ran.code, 2);
}

#[cfg(unix)]
#[test]
fn a_dry_run_runs_nothing() {
    let (ran, folder) = with_oracle("touch ran", "--dry-run").run_and_keep();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!folder.path().join("ran").exists());
}
