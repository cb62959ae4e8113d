//! Bodies with planted faults come back with each at its place, in every format; corrections go to a new file; and what cannot be
//! read is said.

use gemini_doctor::{
    catalog,
    facts::Severity,
    lint::{Rule, rules},
};
use serde_json::{Value, json};

use crate::harness::{Doctor, check_file, doctor};

/// Four faults, of which one is left to people.
const BODY: &str = "{\n  \"contents\": [\n    {\"role\": \"user\", \"parts\": [{\"text\": \"hi\"}]},\n  ],\n  \
    \"temperature\": 0.5,\n  \"generationConfg\": {\"maxOutputTokens\": 9.5},\n  \"systemInstruction\": \"Be brief\"\n}\n";
const GOOD: &str = r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}"#;
/// One that follows the settings which later ones ignore.
const MODEL: &str = "gemini-3.5-flash";

fn lint(file: &str, content: impl AsRef<[u8]>, more: &str) -> Doctor {
    Doctor::line(&format!("lint {file} {more}")).file(file, content)
}

fn found(report: &Value) -> Vec<(String, u64, String)> {
    let findings = report["data"]["files"].as_array().expect("files").iter();
    let findings = findings.flat_map(|file| file["findings"].as_array().expect("findings"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    findings
        .map(|one| (text(&one["rule"]), one["line"].as_u64().expect("a line"), text(&one["path"])))
        .collect()
}

#[test]
fn each_fault_is_told_with_its_path_and_line() {
    let ran = lint("body.json", BODY, &format!("--model {MODEL} --format json")).run();
    let report = ran.json();
    assert_eq!((ran.code, &report["verdict"]["exit_code"]), (1, &json!(1)), "{}", ran.stderr);
    let expected = [
        ("json-trailing-comma", 3, "contents"),
        ("field-misplaced", 5, "temperature"),
        ("field-misspelt", 6, "generationConfg"),
        ("value-of-wrong-type", 7, "systemInstruction"),
    ];
    let expected = expected.map(|(rule, line, path)| (rule.to_owned(), line, path.to_owned()));
    assert_eq!(found(&report), expected);
    assert_eq!(report["checks"][0]["id"], "request.lint");
    assert_eq!(report["checks"][0]["status"], "fail");
}

#[test]
fn a_body_without_a_fault_passes_and_says_what_was_not_looked_at() {
    let ran = lint("good.json", GOOD, "--format json").run();
    let report = ran.json();
    assert_eq!((ran.code, report["verdict"]["status"].as_str()), (0, Some("pass")), "{report:#}");
    let limits = report["limits"].to_string();
    assert!(
        limits.contains("no model is named") && limits.contains("only a call shows"),
        "{limits}"
    );
}

#[test]
fn the_table_says_where_and_what_and_leads_on() {
    let ran = lint("body.json", BODY, "").run();
    for part in [
        "FAIL",
        "line 3",
        "5:3",
        "temperature belongs to generationConfig.temperature",
        "[field-misplaced]",
        "lint body.json --fix",
    ] {
        assert!(ran.stdout.contains(part), "{part}\n{}", ran.stdout);
    }
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.stdout);
}

#[test]
fn corrections_go_to_a_new_file_that_has_nothing_of_them_left() {
    let (ran, folder) =
        lint("body.json", BODY, &format!("--model {MODEL} --fix --format json")).run_and_keep();
    let report = ran.json();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect(name);
    assert_eq!(read("body.json"), BODY, "the file itself stays as it is");
    let fixed: Value = serde_json::from_str(&read("body.fixed.json")).expect("JSON");
    assert_eq!(fixed["generationConfig"], json!({"maxOutputTokens": 9.5, "temperature": 0.5}));
    assert_eq!(fixed["systemInstruction"]["parts"][0]["text"], "Be brief");
    // A count of tokens with a fraction is for people to put right.
    assert_eq!((ran.code, &report["data"]["errors"]), (1, &json!(1)), "{report:#}");
    assert_eq!(report["data"]["files"][0]["fixed"]["path"], "body.fixed.json");
    let again =
        lint("body.fixed.json", read("body.fixed.json"), &format!("--model {MODEL} --format json"))
            .run();
    let left = found(&again.json());
    assert!(!left.is_empty(), "what is for people is still told");
    assert!(left.iter().all(|(.., path)| path == "generationConfig.maxOutputTokens"), "{left:?}");
}

#[test]
fn nothing_is_written_over_and_nothing_without_a_name() {
    let there = lint("body.json", BODY, "--fix").file("body.fixed.json", "mine");
    let (ran, folder) = there.run_and_keep();
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("it is there already"), "{}", ran.stderr);
    assert_eq!(
        std::fs::read_to_string(folder.path().join("body.fixed.json")).expect("mine"),
        "mine"
    );
    let piped = Doctor::line("lint - --fix").fed(BODY);
    assert_eq!(piped.code, 2);
    assert!(piped.stderr.contains("--fix-to"), "{}", piped.stderr);
}

#[test]
fn the_difference_is_shown_with_what_was_done() {
    let ran = lint("body.json", BODY, "--fix").run();
    for part in [
        "--- body.json",
        "+++ body.fixed.json",
        "-  \"temperature\": 0.5,",
        "Rename it to generationConfig",
    ] {
        assert!(ran.stdout.contains(part), "{part}\n{}", ran.stdout);
    }
}

#[test]
fn places_are_told_to_other_programs() {
    let (ran, folder) = lint(
        "dir/body.json",
        BODY,
        "--report sarif=out.sarif --report junit=out.xml --format github",
    )
    .run_and_keep();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let line = "::error file=dir/body.json,line=5,col=3,title=field-misplaced::temperature";
    assert!(ran.stdout.contains(line), "{}", ran.stdout);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect(name);
    let sarif: Value = serde_json::from_str(&read("out.sarif")).expect("JSON");
    let result = &sarif["runs"][0]["results"][1];
    assert_eq!(result["ruleId"], "field-misplaced");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["region"], json!({"startLine": 5, "startColumn": 3}));
    assert_eq!(place["artifactLocation"]["uri"], "dir/body.json");
    let rule = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules").iter();
    let rule = rule.clone().find(|rule| rule["id"] == "field-misplaced").expect("the rule");
    assert!(rule["helpUri"].as_str().is_some_and(|page| page.starts_with("https://")), "{rule}");
    assert!(read("out.xml").contains("<failure"), "{}", read("out.xml"));
}

#[test]
fn windows_files_are_read_with_their_lines() {
    let wide: Vec<u8> =
        "\u{feff}{\r\n \"contens\": []\r\n}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let report = lint("wide.json", wide, "--format json").run().json();
    assert!(
        found(&report).iter().any(|(rule, line, _)| rule == "field-misspelt" && *line == 2),
        "{report:#}"
    );
    let marked = lint("marked.json", format!("\u{feff}{GOOD}"), "--format json").run();
    assert_eq!(marked.code, 0, "{}", marked.stdout);
}

#[test]
fn what_cannot_be_read_is_a_usage_error_that_says_where() {
    for (file, content, part) in [
        ("zero.json", &b"{\0}"[..], "no text"),
        ("latin.json", &b"{\n\"a\": \"\xe9\"}"[..], "line 2"),
    ] {
        let ran = lint(file, content, "").run();
        assert_eq!(ran.code, 2, "{}", ran.stdout);
        assert!(ran.stderr.contains(part) && ran.stderr.contains(file), "{}", ran.stderr);
    }
    assert_eq!(doctor("lint nowhere.json").code, 2);
    let ran = lint("body.json", BODY, "--allow field-misplacd").run();
    assert!(ran.code == 2 && ran.stderr.contains("field-misplaced"), "{}", ran.stderr);
}

#[test]
fn standard_input_has_the_name_that_it_is_given() {
    let ran = Doctor::line("lint - --stdin-filename prompts/a.json --format json").fed(BODY);
    assert_eq!(ran.json()["data"]["files"][0]["name"], "prompts/a.json");
    let ran = Doctor::line("lint --format json").fed(GOOD);
    assert_eq!((ran.code, &ran.json()["data"]["files"][0]["name"]), (0, &json!("standard input")));
}

#[test]
fn the_model_comes_from_the_option_the_body_or_the_variable() {
    let model = |ran: crate::harness::Ran| ran.json()["data"]["files"][0]["model"].clone();
    let own = r#"{"model": "models/gemini-2.5-pro", "contents": [{"role": "user", "parts": [{"text": "hi"}]}]}"#;
    let run = |doctor: Doctor| doctor.env("GEMINI_MODEL", "gemini-3.6-flash").run();
    assert_eq!(model(run(lint("a.json", own, &format!("--model {MODEL} --format json")))), MODEL);
    assert_eq!(model(run(lint("a.json", own, "--format json"))), "gemini-2.5-pro");
    assert_eq!(model(run(lint("a.json", GOOD, "--format json"))), "gemini-3.6-flash");
}

#[test]
fn rules_are_left_out_by_their_ids_and_warnings_fail_on_request() {
    let report =
        lint("body.json", BODY, "--allow json-trailing-comma,field-misplaced --format json")
            .run()
            .json();
    assert!(found(&report).iter().all(|(rule, ..)| rule != "field-misplaced"), "{report:#}");
    let one = r#"{"contents": {"role": "user", "parts": [{"text": "hi"}]}}"#;
    assert_eq!(lint("one.json", one, "").run().code, 0);
    assert_eq!(lint("one.json", one, "--fail-on warn").run().code, 1);
    assert_eq!(lint("body.json", BODY, "--fail-on never").run().code, 0);
}

#[test]
fn directories_are_looked_through_for_bodies() {
    let ran = lint("dir/a.json", GOOD, "--format json")
        .file("dir/deep/b.json", BODY)
        .file("dir/notes.txt", "no body");
    let (mut command, _folder) = ran.into_command();
    let output = command.args(["dir"]).output().expect("it runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let names: Vec<&str> = report["data"]["files"]
        .as_array()
        .expect("files")
        .iter()
        .filter_map(|file| file["name"].as_str())
        .collect();
    assert!(
        names.iter().any(|name| name.ends_with("b.json"))
            && !names.iter().any(|name| name.ends_with(".txt")),
        "{names:?}"
    );
}

#[test]
fn the_rules_are_listed_and_told_one_by_one() {
    let all = doctor("lint --list --format json").json();
    assert_eq!(all["data"]["rules"].as_array().map(Vec::len), Some(rules().count()));
    let one = doctor("lint --list field-misplaced");
    assert!(one.code == 0 && one.stdout.contains("schema-unknown-field"), "{}", one.stdout);
    assert_eq!(doctor("lint --list no-rule-of-this-name").code, 2);
}

#[test]
fn the_page_of_rules_is_what_the_rules_say() {
    check_file("docs/lint-rules.md", &doctor("lint --list --format markdown").stdout);
}

#[test]
fn fixes_that_rules_lead_to_are_known() {
    for rule in rules() {
        assert!(
            rule.fix.is_none_or(|id| catalog::find(id).is_some()),
            "{}: {:?}",
            rule.id,
            rule.fix
        );
    }
}

/// Causes of refused requests that no body shows, each with why.
const NOT_IN_A_BODY: &[(&str, &str)] = &[
    ("invalid-argument-generic", "it is the answer that names nothing, whatever the fault"),
    ("document-unreadable", "a document that was cut is one by its bytes, which may lie elsewhere"),
    ("file-not-active", "the state of a file is the service's"),
    ("file-permission-or-expired", "whose file it is, and until when, only the service knows"),
    ("cache-too-small", "it is about a cache that is made, and no request"),
    ("malformed-function-call", "it is the model's answer"),
];

/// What is large is no example, nor is what only the cloud platform refuses; these rules have tests of their own.
fn has_examples(rule: &Rule) -> bool {
    let is_of_the_cloud =
        rule.id == "safety-threshold-restricted" || rule.id.ends_with("-on-the-cloud-platform");
    let has_its_own = ["size-", "command-"].iter().any(|start| rule.id.starts_with(start));
    !rule.bad.is_empty() || has_its_own || is_of_the_cloud
}

#[test]
fn each_cause_that_a_body_shows_has_a_rule() {
    let causes = [
        "input-tokens-exceeded",
        "output-tokens-out-of-range",
        "sampling-param-out-of-range",
        "candidate-count-unsupported",
        "embed-batch-too-large",
        "payload-too-large",
        "invalid-role",
        "turn-alternation",
        "empty-contents-or-parts",
        "function-turn-order",
        "function-response-count-mismatch",
        "system-instruction-unsupported",
        "feature-not-enabled-for-model",
        "safety-setting-restricted",
        "field-value-refused",
        "invalid-argument-generic",
        "schema-unknown-field",
        "schema-too-complex",
        "tool-schema-bad-type",
        "tool-schema-empty-object",
        "function-name-invalid",
        "json-mode-with-tools",
        "tool-combination-unsupported",
        "search-tool-field-renamed",
        "malformed-function-call",
        "thought-signature-missing",
        "thinking-budget-invalid",
        "thinking-config-conflict",
        "mime-type-unsupported",
        "input-image-unreadable",
        "document-unreadable",
        "file-uri-unsupported",
        "inline-data-bad-base64",
        "file-not-active",
        "file-permission-or-expired",
        "cache-too-small",
        "cache-conflicts-with-request-fields",
    ];
    for cause in causes {
        assert!(catalog::find(cause).is_some(), "{cause}");
        let has_a_rule = rules().any(|rule| rule.fix == Some(cause) && has_examples(rule));
        let is_left_out = NOT_IN_A_BODY.iter().any(|(id, _)| *id == cause);
        assert!(has_a_rule || is_left_out, "{cause} has no rule");
    }
    assert!(rules().filter(|rule| rule.severity == Severity::Error).count() > 60);
}

#[test]
fn doctor_looks_at_the_body_before_it_asks_anybody() {
    let line =
        format!("doctor --only request.lint --request body.json --model {MODEL} --format json");
    let body = r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}], "temperature": 0.5}"#;
    let ran = Doctor::line(&line).file("body.json", body).run();
    let report = ran.json();
    assert_eq!(ran.code, 1, "{report:#}");
    assert_eq!(report["findings"][0]["id"], "schema-unknown-field");
    assert!(
        report["findings"][0]["evidence"][0]["text"]
            .as_str()
            .is_some_and(|text| text.contains("line 1, temperature")),
        "{report:#}"
    );
    assert_eq!(report["run"]["budget"]["requests_used"], 0);
    let ran = Doctor::line(&line).file("body.json", GOOD).run();
    assert_eq!(ran.code, 0, "{}", ran.stdout);
}

#[test]
fn explain_says_where_the_refused_field_stands() {
    let body = "{\"contents\": [],\n \"tools\": [{\"functionDeclarations\": [{\"name\": \"a\", \"description\": \"d\",\n  \
        \"parameters\": {\"type\": \"OBJECT\", \"properties\": {\n   \"zebra\": {\"type\": \"STRING\"},\n   \"apple\": {\"type\": \"STRING\", \"const\": 1}}}}]}]}";
    let error = r#"{"error": {"code": 400, "message": "Invalid JSON payload received. Unknown name \"const\" at 'tools[0].function_declarations[0].parameters.properties[1].value': Cannot find field.", "status": "INVALID_ARGUMENT"}}"#;
    let ran = Doctor::line("explain error.json --request body.json")
        .file("error.json", error)
        .file("body.json", body)
        .run();
    assert!(ran.stdout.contains("body.json:5:4"), "{}", ran.stdout);
    assert!(ran.stdout.contains("gemini-doctor lint body.json"), "{}", ran.stdout);
}
