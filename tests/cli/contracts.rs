//! What scripts, CI jobs and other programs rely on, in one committed list: a change shows in review.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use gemini_doctor::{
    catalog, cli,
    commands::{doctor::local::CHECKS as LOCAL, ready},
    compare::Topic,
    exit::Exit,
    facts::Measure,
    report::Format,
    settings::VARIABLES,
    simulate,
    simulate::OTHER_AUTH_KEY,
};
use serde_json::Value;

use crate::{
    harness::{Doctor, check_file, root},
    schema::committed,
};

/// A log to merge.
const LOG: &str = include_str!("../../src/report/snapshots/bench.hdr.txt");

/// Together these runs show every check and every field of every command's own data.
const RUNS: &[&str] = &[
    "doctor --only request.lint --request body.json",
    "lint body.json broken.json --fix",
    "lint --list schema",
    "check-key --deep --api vertex --simulate vertex",
    "check-key --api vertex --simulate service-account-key-deleted",
    // Where the platform is not asked, its login has a row among those of the machine.
    "doctor --only local --api gemini --simulate vertex.user",
    "check-key --simulate healthy --deep",
    "check-key --simulate healthy --transport-matrix --yes",
    "check-key --simulate proxy-unreachable",
    "check-key --simulate first-call-slow.health --health-url https://gateway.example/healthz",
    "check-key --simulate api-key-invalid --expect-dead",
    "check-key --simulate successor-key-fails --successor env:NEW_GEMINI_API_KEY",
    "list-models gemini-3.5-flahs --simulate healthy",
    "list-models --simulate healthy --verify",
    "list-models --simulate healthy --match flash",
    "list-models --simulate routes-retired --routes routes.json",
    "list-models --simulate model-lock-not-met --check-lock models.lock",
    "doctor --simulate alias-404",
    "doctor --scan --simulate key-in-working-tree",
    "doctor --scan --simulate browser-calls-api",
    "doctor --only request.tokens --request body.json --simulate healthy",
    "doctor --only structured --simulate structured-answer-breaks-schema.type",
    "probe-alias gemini-3.5-flash --simulate alias-sticky",
    "probe-alias gemini-3.5-flash --simulate alias-503-mixed",
    "probe-alias gemini-3.5-flash --samples 120 --simulate alias-recovery",
    "bench-transport --simulate transport-zero --rounds 12",
    "bench-transport --simulate rate-limited --rounds 12",
    "bench-transport --simulate transport-zero --rounds 2 --baseline earlier.json",
    "bench-transport --simulate h2-goaway-each --arms h2-warm --no-again --rounds 12",
    "bench-transport --simulate h2-refused-stream --arms h2-warm --no-again --rounds 12",
    "bench-transport --simulate rate-not-sustained --rate 20 --duration 3s",
    "bench-transport --simulate rate-queued --find-limit",
    "bench-transport --simulate gateway-rate-limited --find-limit",
    "bench-transport --simulate idle-close.short --idle-sweep=0.3,1.3",
    "bench-transport --simulate timeout-large-input --why-timeout",
    "compare --a gemini-3.5-flash --b gemini-flash-latest --generate 3 --rounds 12 --simulate alias-404",
    "compare --base-url https://generativelanguage.googleapis.com --base-url https://gateway.example --rounds 12 --simulate healthy",
    "compare --a direct --b saved.json --rounds 12 --simulate healthy",
    "compare --a direct --b api=openai --rounds 2 --simulate healthy",
    "watch gemini-3.5-flash --for 1h --simulate alias-404-for-a-while",
    "check-key --no-generate --simulate healthy --health-url https://127.0.0.1:9/healthz",
    "tls-check --simulate healthy",
    "tls-check --simulate tls-certificate-revoked",
    "count-tokens --prove-delivery --ab tools --tokens 2000 --simulate healthy",
    "count-tokens --find-ceiling --simulate ceiling-800k",
    "count-tokens --verify --request body.json --simulate healthy",
    "bisect body.json --simulate healthy",
    "bisect wrong.json --simulate healthy",
    "gate --simulate healthy",
    "gate gate.toml --yes --simulate api-key-invalid",
    "fixes alias-backend-missing",
    "simulate --list",
    "merge a.hlog",
    "ready",
    "merge calls.ndjson",
    "read-log calls.ndjson --prices prices.toml --what-if-output 450",
    COUNTED,
    EXPLAINED,
];

/// An error with a quota, so that every part of what `explain` tells is there.
const EXPLAINED: &str = "explain {\"error\":{\"code\":429,\"message\":\"Quota exceeded for metric: \
                         example/free_tier_requests, limit: 10, model: gemini-2.5-flash\",\
                         \"status\":\"RESOURCE_EXHAUSTED\"}}";

/// A text, a request and all that can be worked out from their size.
const COUNTED: &str = "count-tokens a.hlog --request body.json --compare --max 1 --tpm 1M --prices prices.toml \
                       --model gemini-2.5-pro";

/// The least that is a side of an earlier run.
const SAVED: &str = r#"{"run": {"command": "check-key", "started_at": "2026-11-20T10:00:00.000Z"}, "checks": [
    {"id": "net.tcp", "status": "pass", "detail": "[::1]:443"}
]}"#;

/// A gate with every level, and a waiver.
const GATE: &str = r#"checks = ["api.list"]
[slo]
calls = 1
failure_percent = 5
latency_p50_ms = 5
latency_p95_ms = 5
first_token_p50_ms = 5
first_token_p95_ms = 5
tokens_per_call = 5
[[waivers]]
check = "api.list"
reason = "ticket 17"
until = 2999-12-31
"#;

const BODY: &str = r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}"#;

/// Members that exclude each other, and one that nobody knows.
const WRONG: &str = r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}], "stream": true,
    "generationConfig": {"thinkingConfig": {"thinkingLevel": "low", "thinkingBudget": 5}}}"#;

const PRICES: &str =
    "as_of = \"2026-11-20\"\n[models.\"gemini-2.5-pro\"]\ninput = 1.25\noutput = 10.0\n";

/// The least that is a run to hold another one against.
const EARLIER: &str = r#"{"run": {"command": "bench-transport"}, "samples": [
    {"arm": "h1-warm", "round": 1, "at_ms": 1, "due_ms": null, "ended": "answered", "latency_ms": 1.0}
]}"#;

#[test]
fn the_contracts_are_what_was_agreed() {
    let mut text = String::from("What scripts and programs may rely on. Nothing here goes away.\n");
    let runs = runs();
    let codes = Exit::ALL.map(|exit| format!("{} {}", exit.code(), exit.word()));
    section(&mut text, "exit codes", codes);
    section(&mut text, "subcommands and their options", options());
    section(&mut text, "formats", Format::ALL.map(|format| format.word().to_owned()));
    section(&mut text, "checks", checks(&runs));
    section(
        &mut text,
        "lines of an exam",
        simulate::exam::LINES.iter().map(|line| line.id.to_owned()),
    );
    section(&mut text, "differences of compare", Topic::all().map(|topic| topic.id().to_owned()));
    section(&mut text, "known fixes", catalog::all().map(|fix| fix.id.to_owned()));
    section(&mut text, "scenarios", simulate::scenarios().map(|one| one.id.to_owned()));
    section(&mut text, "variables", VARIABLES.iter().map(|variable| variable.name.to_owned()));
    section(&mut text, "fields of the report", fields("report"));
    section(&mut text, "fields of a line of the request log", fields("log"));
    for (command, paths) in data(&runs) {
        section(&mut text, &format!("data of {command}"), paths);
    }
    check_file("tests/cli/snapshots/contracts.txt", &text);
}

#[test]
fn the_runs_show_every_check_there_is() {
    let path = root().join("src/probe/row.rs");
    let source = std::fs::read_to_string(path).expect("the table of checks");
    let ids = regex::Regex::new(r#"question\("([a-z.]+)""#).expect("a good pattern");
    let asked = ids.captures_iter(&source).map(|found| found[1].to_owned());
    let levels = Measure::LEVELS.map(|measure| measure.id().to_owned());
    let local = LOCAL.iter().map(|id| (*id).to_owned());
    let ready = ready::LINES.iter().map(|line| format!("ready.{}", line.id));
    let all: BTreeSet<String> = asked.chain(local).chain(ready).chain(levels).collect();
    assert!(all.len() >= 20, "{all:?}");
    assert_eq!(checks(&runs()), all);
}

#[test]
fn ids_are_words_in_kebab_case_and_stand_once() {
    let fixes: Vec<&str> = catalog::all().map(|fix| fix.id).collect();
    let scenarios: Vec<&str> = simulate::scenarios().map(|one| one.id).collect();
    for ids in [&fixes, &scenarios] {
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
        for id in ids.iter() {
            let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
            assert!(id.chars().all(|letter| is_plain(letter) || "-.".contains(letter)), "{id}");
        }
    }
}

fn section(text: &mut String, title: &str, lines: impl IntoIterator<Item = String>) {
    writeln!(text, "\n# {title}").expect("a text takes all");
    for line in lines {
        writeln!(text, "{line}").expect("a text takes all");
    }
}

/// One line an option; the shared ones of the live commands stand under each.
fn options() -> Vec<String> {
    let mut lines = Vec::new();
    let mut program = cli::definition();
    program.build();
    for command in program.get_subcommands() {
        lines.push(command.get_name().to_owned());
        for argument in command.get_arguments().filter(|it| it.get_id() != "help") {
            lines.push(match argument.get_long() {
                Some(long) => format!("  --{long}"),
                None => format!("  {}", argument.get_id().as_str().to_uppercase()),
            });
        }
    }
    lines
}

fn runs() -> Vec<Value> {
    let run = |line: &&str| {
        let doctor = Doctor::line(line).args(&["--format", "json"]).file("earlier.json", EARLIER);
        let doctor = doctor.file("body.json", BODY).file("broken.json", "{\"contents\": [],}");
        let doctor = doctor.file("prices.toml", PRICES);
        let doctor = doctor.file("saved.json", SAVED).file("gate.toml", GATE);
        let doctor = doctor.file("wrong.json", WRONG);
        let doctor = doctor.file("a.hlog", LOG).file("calls.ndjson", calls());
        doctor.env("NEW_GEMINI_API_KEY", OTHER_AUTH_KEY).run().json()
    };
    RUNS.iter().map(run).collect()
}

/// A log of calls in which all that `read-log` tells happens: trouble, refusals, a retry, a line that is broken.
fn calls() -> String {
    let line = |second: u32| {
        let status = if second < 200 { 200 } else { 429 };
        format!(
            "{{\"at\":{},\"request_id\":{},\"model_used\":\"gemini-2.5-pro\",\"status_code\":{status},\
             \"latency_ms\":5,\"input_tokens\":9,\"output_tokens\":3,\"team_id\":\"a\",\"task_type\":\"b\",\
             \"business_tag\":\"c\"}}\n",
            1_780_092_000 + second,
            second % 230
        )
    };
    (0..240).map(line).chain(["{broken\n".to_owned()]).collect()
}

fn checks(runs: &[Value]) -> BTreeSet<String> {
    let rows = runs.iter().flat_map(|report| report["checks"].as_array().expect("checks"));
    rows.map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

/// The paths of each command's own data, over all of its runs.
fn data(runs: &[Value]) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for report in runs {
        let command = report["run"]["command"].as_str().expect("a command").to_owned();
        let paths = all.entry(command).or_default();
        paths_of_value(&report["data"], "", paths);
    }
    all
}

fn paths_of_value(value: &Value, at: &str, paths: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            let path = format!("{at}.{name}");
            paths_of_value(member, &path, paths);
            paths.insert(path.trim_start_matches('.').to_owned());
        }),
        Value::Array(items) => {
            items.iter().for_each(|item| paths_of_value(item, &format!("{at}[]"), paths));
        }
        _ => {}
    }
}

/// The paths of a committed schema, and the words that closed sets may have.
fn fields(name: &str) -> BTreeSet<String> {
    let schema = committed(name);
    let mut paths = BTreeSet::new();
    paths_of_schema(&schema, &schema, "", &mut paths);
    paths
}

fn paths_of_schema(root: &Value, schema: &Value, at: &str, paths: &mut BTreeSet<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let defined = root.pointer(reference.trim_start_matches('#')).expect("a definition");
        paths_of_schema(root, defined, at, paths);
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{at}.{name}");
        paths.insert(path.trim_start_matches('.').to_owned());
        paths_of_schema(root, member, &path, paths);
    }
    if schema["items"].is_object() {
        paths_of_schema(root, &schema["items"], &format!("{at}[]"), paths);
    }
    for any in ["anyOf", "oneOf"] {
        for one in schema[any].as_array().into_iter().flatten() {
            paths_of_schema(root, one, at, paths);
        }
    }
    let words = schema["enum"].as_array().into_iter().flatten().chain(schema.get("const"));
    for word in words.filter_map(Value::as_str) {
        paths.insert(format!("{} = {word}", at.trim_start_matches('.')));
    }
}
