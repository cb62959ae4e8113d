//! `bisect`: what it tells beside the guilty part, and in which formats: secrets that were taken out, what one call
//! shows, parts that only fail together, places for other programs, and the command that leads on.

use serde_json::{Value, json};

use crate::{bisect::guilty, harness::Doctor};

const BODY: &str = "{\n  \"contents\": [{\"role\": \"user\", \"parts\": [{\"text\": \"hi\"}]}],\n  \"stream\": true\n}\n";

fn simulated(body: &str, more: &str) -> Doctor {
    Doctor::line(&format!("bisect body.json --simulate healthy {more}")).file("body.json", body)
}

fn with_oracle(line: &str, more: &str) -> Doctor {
    Doctor::line(&format!("bisect body.json {more} --oracle")).args(&[line]).file("body.json", BODY)
}

#[test]
fn a_secret_that_is_taken_out_of_a_file_is_told() {
    let key = format!("AIza{}", "Sy0".repeat(11) + "ab");
    let body = json!({
        "contents": [{"role": "user", "parts": [{"text": format!("use {key} here")}]}],
        "stream": true,
    });
    let run = || simulated(&body.to_string(), "--format plain --write-passing passing.json");
    let (ran, folder) = run().run_and_keep();
    let written = std::fs::read_to_string(folder.path().join("passing.json")).expect("written");
    assert!(!written.contains(&key) && written.contains("[redacted"), "{written}");
    let said = "passing.json has use [redacted AIza...] here at contents[0].parts[0].text";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
    let report = simulated(&body.to_string(), "--format json --write-passing passing.json").run();
    let expected = json!([{
        "file": "passing.json", "path": "contents[0].parts[0].text",
        "now": "use [redacted AIza...] here",
    }]);
    assert_eq!(report.json()["data"]["taken_out"], expected);
    let clean = simulated(BODY, "--format plain --write-passing passing.json").run();
    assert!(!clean.stdout.contains("taken out"), "{}", clean.stdout);
}

#[cfg(unix)]
#[test]
fn a_command_that_cannot_be_run_is_no_verdict() {
    for (line, said) in [
        ("no-such-program-here {}", "127 (it was not found)"),
        ("./body.json {}", "126 (it may not be executed)"),
    ] {
        let ran = with_oracle(line, "--format json").run();
        assert_eq!(ran.code, 2, "{ran:?}");
        let error = ran.json()["error"].to_string();
        assert!(error.contains(said) && error.contains("by hand"), "{error}");
    }
    for line in ["", "  "] {
        let ran = with_oracle(line, "--format json").run();
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.json()["error"]["message"].to_string().contains("no command is named"));
    }
    // Behind the first run the convention holds: it fails.
    let ran = with_oracle(
        "if grep -q stream; then exit $(cat seen || { echo 127 > seen; echo 1; }); fi",
        "--format json",
    )
    .run();
    assert_eq!(guilty(&ran.json()), ["stream"], "{ran:?}");
}

#[cfg(unix)]
#[test]
fn it_is_said_which_bound_cut_a_run_short() {
    let sentence = |more: &str| {
        let ran = with_oracle("sleep 20", &format!("--format json {more}")).run();
        assert_eq!(ran.code, 5, "{ran:?}");
        ran.json()["verdict"]["sentence"].to_string()
    };
    let said = sentence("--deadline 0.3");
    assert!(said.contains("(--deadline)") && !said.contains("60 s"), "{said}");
    let said = sentence("--oracle-timeout 0.1s");
    assert!(said.contains("no end within 0.1 s (--oracle-timeout)"), "{said}");
}

#[test]
fn one_call_says_what_it_can() {
    let ran = simulated(BODY, "--format json --max-requests 1").run();
    let said = ran.json()["verdict"]["sentence"].to_string();
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(said.contains("the body was not tried") && said.contains("says nothing of"), "{said}");
    let ran = simulated(BODY, "--format json --max-requests 2").run();
    let said = ran.json()["verdict"]["sentence"].to_string();
    assert!(said.contains("The whole body was refused by countTokens"), "{said}");
    if cfg!(unix) {
        let ran = with_oracle("exit 1", "--format json --max-requests 1").run();
        let said = ran.json()["verdict"]["sentence"].to_string();
        assert!(said.contains("The whole body was refused. One call tells no more"), "{said}");
    }
}

#[test]
fn what_a_short_form_cannot_show_is_a_limit() {
    let limit = |body: &str| {
        let ran = simulated(body, "--format json").run();
        ran.json()["limits"].to_string().contains("maxOutputTokens")
    };
    assert!(!limit(BODY));
    assert!(limit(&BODY.replace(
        "\"stream\": true",
        "\"stream\": true, \"generationConfig\": {\"maxOutputTokens\": 5}"
    )));
}

/// A schema whose three bounds are too much together.
fn too_much() -> Value {
    let part = json!({"type": "ARRAY", "items": {"type": "STRING"}, "maxItems": 21});
    json!({
        "contents": [{"role": "user", "parts": [{"text": "hi"}]}],
        "generationConfig": {
            "responseMimeType": "application/json",
            "responseSchema": {"type": "OBJECT", "properties": {"a": part, "b": part, "c": part}},
        },
    })
}

#[test]
fn parts_that_only_fail_together_are_one_group_in_each_format() {
    let run = |format: &str| {
        let line = format!("bisect body.json --simulate schema-budget-small --format {format}");
        Doctor::line(&line).file("body.json", too_much().to_string()).run()
    };
    let report = run("json").json();
    let faults = report["data"]["faults"].as_array().expect("faults");
    assert_eq!((faults.len(), &faults[0]["only_together"]), (1, &json!(true)), "{report:#}");
    let path = |name: &str| format!("generationConfig.responseSchema.properties.{name}.maxItems");
    assert_eq!(guilty(&report), [path("a"), path("b"), path("c")]);
    let all = ["a", "b", "c"].map(path);
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    let said = format!("{}, {} and {} (only together) are refused", all[0], all[1], all[2]);
    assert!(sentence.starts_with(&said), "{sentence}");
    let plain = run("plain").stdout;
    assert!(plain.contains("these 3 parts fail only together"), "{plain}");
    let group = format!("these fail only together, as one fault: {}", all.join(", "));
    assert!(plain.contains(&group), "{plain}");
    let sarif = run("sarif").json();
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let first = results[0]["message"]["text"].to_string();
    let said = format!("is refused only together with {}, {}", all[1], all[2]);
    assert!(results.len() == 3 && first.contains(&said), "{first}");
}

#[test]
fn guilty_parts_have_their_places_beside_the_code() {
    let sarif = simulated(BODY, "--format sarif").run().json();
    let result = &sarif["runs"][0]["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(result["ruleId"], "refused-part", "{sarif:#}");
    assert_eq!(place["artifactLocation"]["uri"], "body.json");
    let region = &place["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&json!(3), &json!(3)));
    let github = simulated(BODY, "--format github").run().stdout;
    assert!(github.contains("::error file=body.json,line=3,col=3,"), "{github}");
    if cfg!(unix) {
        let ran = with_oracle("! grep -q stream", "--format github").run();
        assert!(ran.stdout.contains("file=body.json,line=3,col=3,"), "{}", ran.stdout);
    }
}

#[test]
fn a_name_that_stands_twice_is_told() {
    let body = "{\n  \"contents\": [{\"parts\": [{\"text\": \"hi\"}]}],\n  \"stream\": true,\n  \"generationConfig\": {\"topK\": 3,\n    \"topK\": 4}\n}\n";
    let report = simulated(body, "--format json").run().json();
    let twice = &report["data"]["names_twice"][0];
    let found = (&twice["path"], &twice["line"], &twice["column"]);
    assert_eq!(found, (&json!("generationConfig.topK"), &json!(5), &json!(5)), "{report:#}");
    let plain = simulated(body, "--format plain").run().stdout;
    assert!(plain.contains("generationConfig.topK (line 5) stands a second time"), "{plain}");
    let plain = simulated(BODY, "--format plain").run().stdout;
    assert!(!plain.contains("second time"), "{plain}");
}

#[cfg(unix)]
#[test]
fn the_command_that_leads_on_is_the_one_that_was_typed() {
    let next = |doctor: Doctor| {
        doctor.run().json()["verdict"]["next"].as_str().expect("a command").to_owned()
    };
    let oracle = "sh -c '! grep -q \"stream\"' {}";
    let line = "bisect --format json --shell sh --oracle-timeout 5s --max-tries 40";
    let doctor = Doctor::line(line).args(&["my body.json", "--oracle", oracle]);
    let said = next(doctor.file("my body.json", BODY));
    let expected = "gemini-doctor bisect 'my body.json' --oracle 'sh -c '\\''! grep -q \"stream\"'\\'' {}' \
                    --oracle-timeout 5s --max-tries 40 --write-passing PATH";
    assert_eq!(said, expected);
    let doctor = Doctor::line("bisect --format json --shell sh --max-requests 4").args(&[
        "my body.json",
        "--simulate",
        "healthy",
        "--model",
        "gemini-2.5-flash",
    ]);
    let said = next(doctor.file("my body.json", BODY));
    let expected =
        "gemini-doctor bisect 'my body.json' --simulate healthy --model gemini-2.5-flash";
    assert_eq!(said, expected, "the bound that ended it is not repeated");
}

#[test]
fn what_rules_say_of_the_guilty_part_leads_to_its_known_fix() {
    let body = r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}], "systemInstruction": {"parts": [{}]}}"#;
    let line = "bisect body.json --simulate refusals-bare --format";
    let run = |format: &str| Doctor::line(&format!("{line} {format}")).file("body.json", body);
    let report = run("json").run().json();
    let said = &report["data"]["faults"][0]["lint"][0];
    assert_eq!(said["rule"], "system-instruction-part-without-data", "{report:#}");
    assert_eq!(said["path"], "systemInstruction.parts[0]");
    let ids: Vec<&Value> =
        report["findings"].as_array().expect("findings").iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, ["empty-contents-or-parts"], "the bare refusal is no cause of its own");
    let table = run("plain").run().stdout;
    assert!(table.contains("Give it a text, or leave systemInstruction out"), "{table}");
}

#[test]
fn a_rule_says_what_is_wrong_where_no_known_fix_is_about_that_alone() {
    let body = r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}], "generationConfig": {"responseMimeType": "text/json"}}"#;
    let report = Doctor::line("bisect body.json --simulate refusals-bare --format json")
        .file("body.json", body)
        .run()
        .json();
    assert_eq!(report["data"]["faults"][0]["lint"][0]["rule"], "response-mime-type-unknown");
    assert_eq!(report["findings"][0]["id"], "invalid-argument-generic", "{report:#}");
}

#[test]
fn a_body_that_names_its_model_is_searched_as_any_other_with_that_model() {
    let body = r#"{"model": "models/gemini-3.5-flash", "contents": [{"parts": [{"text": "x"}]}], "generationConfig": {"temprature": 1}}"#;
    for more in ["", "--keep-text", "--model gemini-3.5-flash"] {
        let report = simulated(body, &format!("--format json {more}")).run().json();
        assert_eq!(guilty(&report), ["generationConfig.temprature"], "{report:#}");
        assert_eq!(report["target"]["model"], "gemini-3.5-flash");
    }
}

#[test]
fn what_was_only_asked_for_with_a_short_answer_is_not_said_to_pass_as_it_is() {
    let body = |more: &str| {
        format!(
            r#"{{"contents": [{{"parts": [{{"text": "x"}}]}}], "generationConfig": {{"temprature": 1{more}}}}}"#
        )
    };
    let status = |report: &Value| {
        let rows = report["checks"].as_array().expect("rows").iter();
        let row = rows.into_iter().find(|row| row["id"] == "bisect.confirmed").expect("the row");
        row["status"].as_str().expect("a status").to_owned()
    };
    let long = simulated(&body(r#", "maxOutputTokens": 99999999"#), "--format json").run().json();
    let said = long["verdict"]["sentence"].to_string();
    assert!(said.contains("its answer made short"), "{said}");
    assert_eq!(status(&long), "warn");
    let plain = simulated(&body(""), "--format json").run().json();
    assert!(!plain["verdict"]["sentence"].to_string().contains("short"), "{plain:#}");
    assert_eq!(status(&plain), "pass");
}
