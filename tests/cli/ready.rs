//! `ready`: what is shown by evidence, what is said by somebody, and what is open, each counted apart.

use serde_json::{Value, json};

use crate::harness::{Doctor, Server, doctor, root};

const LINES: usize = 35;

fn line<'a>(report: &'a Value, id: &str) -> &'a Value {
    let lines = report["data"]["ready"]["lines"].as_array().expect("lines");
    lines.iter().find(|line| line["id"] == id).unwrap_or_else(|| panic!("no {id}: {report:#}"))
}

fn state<'a>(report: &'a Value, id: &str) -> &'a str {
    line(report, id)["state"].as_str().expect("a state")
}

/// A report of an exam in which every line has this grade, but for some.
fn exam(grade: &str, but: &[(&str, &str)]) -> String {
    let lines = gemini_doctor::simulate::exam::LINES.iter().map(|line| {
        let other = but.iter().find(|(id, _)| *id == line.id).map(|(_, grade)| *grade);
        json!({"id": line.id, "grade": other.unwrap_or(grade), "evidence": "as it was seen"})
    });
    let lines: Vec<Value> = lines.collect();
    json!({"run": {"command": "simulate"}, "data": {"exam": {"lines": lines}}}).to_string()
}

const ROUTES: &str =
    r#"{"summary": {"primary": "gemini-3.5-flash", "fallback": ["gemini-3.5-flash-lite"]}}"#;

const LOG: &str = r#"{"request_id":"r","task_type":"t","team_id":"a","model":"m","status":200,"latency_ms":8,"retry_count":0,"input_tokens":1,"output_tokens":2}"#;

#[test]
fn without_anything_every_line_is_open_and_nothing_is_claimed() {
    let ran = doctor("ready --format json");
    let report = ran.json();
    assert_eq!(ran.code, 5, "{ran:?}");
    assert_eq!(report["verdict"]["word"], "OPEN");
    let said = format!(
        "0 of {LINES} lines shown by evidence, 0 by somebody's word, none fails, {LINES} open."
    );
    assert_eq!(report["verdict"]["sentence"], said);
    assert_eq!(report["verdict"]["next"], "gemini-doctor ready --init");
    assert_eq!(doctor("ready --fail-on yours").code, 0);
}

#[test]
fn profiles_of_the_config_file_are_held_against_each_other_by_fingerprint() {
    let config = "[profile.dev]\napi_key_file = \"dev\"\n[profile.prod]\napi_key_file = \"prod\"\n";
    let run = |prod: &str| {
        let ran = Doctor::line("ready --profiles --format json")
            .file("config.toml", config)
            .file("dev", "AQ.FAKE-key-of-an-environment-0005")
            .file("prod", prod)
            .env("GEMINI_DOCTOR_CONFIG", "config.toml")
            .run();
        assert!(!ran.stdout.contains("FAKE"), "{}", ran.stdout);
        ran.json()
    };
    let one = run("AQ.FAKE-key-of-an-environment-0005");
    let id = "keys.by-environment";
    assert_eq!(state(&one, id), "fails", "{one:#}");
    let said = line(&one, id)["detail"].as_str().expect("a text").to_owned();
    assert!(said.starts_with("the profiles dev and prod have one key (sha256:"), "{said}");
    let two = run("AQ.FAKE-key-of-an-environment-0006");
    assert_eq!(state(&two, id), "evidence_with_remark", "{two:#}");
    let none = doctor("ready --profiles --format json").json();
    assert_eq!(state(&none, id), "open", "{none:#}");
}

#[test]
fn evidence_and_words_are_counted_apart() {
    let answers = "[keys.rotation]\nanswer = \"yes\"\nby = \"A. Person\"\ndate = \"2025-01-05\"\n\
                   [cost.alert]\nanswer = \"yes\"\nby = \"A. Person\"\ndate = \"2026-06-01\"\n\
                   link = \"https://wiki.example/alerts\"\n\
                   [billing.settled]\nanswer = \"na\"\nby = \"A. Person\"\ndate = \"2026-06-01\"\n";
    let line = "ready --answers ready.toml --grade grade.json --routes routes.json --log calls.ndjson \
                --tree app --format json";
    let ran = Doctor::line(line)
        .file("ready.toml", answers)
        .file("grade.json", exam("pass", &[("retry.jitter", "unseen"), ("status.504", "warn")]))
        .file("routes.json", ROUTES)
        .file("calls.ndjson", LOG)
        .file("app/call.py", "from routes import model_for\n")
        .run();
    let report = ran.json();
    for (id, expected) in [
        ("keys.rotation", "stale_word"),
        ("cost.alert", "word"),
        ("billing.settled", "not_applicable"),
        ("errors.permanent", "evidence"),
        ("errors.transient", "evidence_with_remark"),
        ("retry.jitter", "open"),
        ("models.fallback", "evidence"),
        ("models.central", "evidence"),
        ("keys.out-of-files", "evidence"),
        ("keys.out-of-browsers", "open"),
        ("log.fields", "evidence"),
        ("network.verified", "open"),
    ] {
        assert_eq!(state(&report, id), expected, "{id}: {report:#}");
    }
    let score = &report["data"]["ready"]["score"];
    let sum = ["evidence", "word", "not_applicable", "fails", "open"]
        .iter()
        .map(|part| score[part].as_u64().expect("a count"))
        .sum::<u64>();
    assert_eq!((sum, score["lines"].as_u64()), (LINES as u64, Some(LINES as u64)));
    assert_eq!(
        (ran.code, score["word"].as_u64(), score["stale_word"].as_u64()),
        (5, Some(2), Some(1))
    );
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(
        sentence.contains("2 by somebody's word (1 of it older than a year), 1 does not apply")
    );
    assert!(!sentence.contains('%'), "{sentence}");
}

#[test]
fn a_line_that_fails_is_exit_1_whatever_somebody_says() {
    let answers = "[log.fields]\nanswer = \"yes\"\nby = \"A. Person\"\ndate = \"2026-06-01\"\n";
    let ran = Doctor::line("ready --answers a.toml --log calls.csv --format json")
        .file("a.toml", answers)
        .file("calls.csv", "request_id,model,status,latency_ms\nr1,m,200,8\n")
        .run();
    let report = ran.json();
    assert_eq!((ran.code, report["verdict"]["word"].as_str()), (1, Some("NOT READY")));
    let detail = line(&report, "log.fields")["detail"].as_str().expect("words");
    assert!(
        detail.contains("no task, team, repeats, input tokens, output tokens in 1 call;"),
        "{detail}"
    );
    assert!(detail.ends_with("said otherwise by A. Person, 2026-06-01"), "{detail}");
    let no = "[cost.alert]\nanswer = \"no\"\nby = \"A. Person\"\ndate = \"2026-06-01\"\n";
    let ran = Doctor::line("ready --answers a.toml").file("a.toml", no).run();
    assert_eq!(ran.code, 1, "{ran:?}");
}

#[test]
fn names_outside_of_the_route_file_and_keys_in_files_are_found() {
    let key = format!("KEY = \"AQ.{}\"\n", "Ab8RN6Kd93mZxWq27LpTyVc5HsJfGe4UoB1iN0kQ");
    let ran = Doctor::line("ready --tree . --routes routes.json --format json")
        .file("routes.json", ROUTES)
        .file("app/call.py", "MODEL = \"gemini-2.5-flash\"\n")
        .file("app/settings.py", key)
        .file("dist/app.js", "window.fetch('https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:generateContent')\n")
        .run();
    let report = ran.json();
    let said = |id: &str| line(&report, id)["detail"].as_str().expect("words").to_owned();
    assert!(said("models.central").contains("gemini-2.5-flash in app/call.py:1"), "{report:#}");
    assert!(said("keys.out-of-files").contains("app/settings.py:1"), "{report:#}");
    assert!(said("keys.out-of-browsers").contains("dist/app.js:1"), "{report:#}");
    assert!(!ran.stdout.contains("Ab8RN6Kd93"), "a key is never shown");
    assert_eq!(ran.code, 1);
}

#[test]
fn retired_and_missing_fallbacks_are_named() {
    let routes = r#"{"a": "gemini-3.5-flash", "b": {"primary": "gemini-3.5-flash", "fallback": ["gemini-1.5-pro"]}}"#;
    let ran = Doctor::line("ready --routes r.json --format json").file("r.json", routes).run();
    let detail = |report: &Value| line(report, "models.fallback")["detail"].to_string();
    assert!(detail(&ran.json()).contains("1 of 2 tasks without a fallback: a"), "{ran:?}");
    let routes = r#"{"b": {"primary": "gemini-3.5-flash", "fallback": ["gemini-1.5-pro"]}}"#;
    let ran = Doctor::line("ready --routes r.json --format json").file("r.json", routes).run();
    assert!(detail(&ran.json()).contains("gemini-1.5-pro (b) retired on 2025-09-24"), "{ran:?}");
}

#[test]
fn the_list_of_the_key_is_asked_only_if_told_to() {
    let server = Server::start("healthy");
    let line = "ready --routes r.json --live --format json";
    let ran = server.doctor(line).file("r.json", ROUTES).run();
    let report = ran.json();
    assert_eq!(state(&report, "models.fallback"), "evidence", "{report:#}");
    assert!(server.simulation.requests().iter().all(|seen| !seen.generating));
    assert!(!server.simulation.requests().is_empty());
    let missing = r#"{"a": {"primary": "gemini-3.5-flash", "fallback": ["gemini-3.5-flahs"]}}"#;
    let ran = server.doctor(line).file("r.json", missing).run();
    assert_eq!(state(&ran.json(), "models.fallback"), "fails", "{ran:?}");
    let ran =
        server.doctor("ready --routes r.json --live --format ndjson").file("r.json", ROUTES).run();
    assert!(!ran.stdout.contains("\"list-models\""), "{}", ran.stdout);
}

#[test]
fn a_report_of_a_real_run_is_evidence_of_the_network_and_a_simulated_one_is_none() {
    let server = Server::start("healthy");
    let (ran, folder) =
        server.doctor("check-key --no-generate --report json=run.json").run_and_keep();
    assert_eq!(ran.code, 0, "{ran:?}");
    let saved = std::fs::read_to_string(folder.path().join("run.json")).expect("a report");
    let evidence = |text: &str| {
        let ran =
            Doctor::line("ready --evidence run.json --format json").file("run.json", text).run();
        ran.json()
    };
    // A server of this machine is not the host that a program will call.
    let here = evidence(&saved);
    assert_eq!(state(&here, "network.verified"), "open");
    assert!(line(&here, "network.verified")["detail"].to_string().contains("against 127.0.0.1"));
    let mut elsewhere: Value = serde_json::from_str(&saved).expect("a report");
    elsewhere["target"]["base_url"] = json!("https://gateway.example/gemini");
    let there = evidence(&elsewhere.to_string());
    assert_eq!(state(&there, "network.verified"), "evidence");
    assert!(line(&there, "network.verified")["detail"].to_string().contains("gateway.example"));
    let simulated = doctor("check-key --simulate healthy --format json").stdout;
    let report = evidence(&simulated);
    assert_eq!(state(&report, "network.verified"), "open");
    assert!(line(&report, "network.verified")["detail"].to_string().contains("nothing was real"));
}

#[test]
fn the_file_for_the_answers_is_written_once_and_reads_back() {
    let (ran, folder) = Doctor::line("ready --init").run_and_keep();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains(&format!("ready.toml has {LINES} questions")), "{ran:?}");
    let text = std::fs::read_to_string(folder.path().join("ready.toml")).expect("the file");
    let ran = Doctor::line("ready --answers ready.toml").file("ready.toml", &text).run();
    assert_eq!(ran.code, 5, "{ran:?}");
    let ran = Doctor::line("ready --init mine.toml").file("mine.toml", "mine").run();
    assert!(ran.code == 2 && ran.stderr.contains("it is there already"), "{ran:?}");
}

#[test]
fn what_cannot_be_used_is_said_with_its_place() {
    for (line, file, text, words) in [
        (
            "ready --answers a.toml",
            "a.toml",
            "[cost.allert]\nanswer = \"yes\"\n",
            "did you mean cost.alert?",
        ),
        (
            "ready --grade g.json",
            "g.json",
            "{\"run\":{\"command\":\"doctor\"}}",
            "no report of an exam",
        ),
        ("ready --evidence e.json", "e.json", "[]", "no JSON report of gemini-doctor"),
        ("ready --routes r.json", "r.json", "[]", "no map of tasks"),
        ("ready --tree nowhere", "x", "", "no such directory"),
        ("ready --log nowhere.ndjson", "x", "", "no regular file"),
        ("ready --live", "x", "", "--routes"),
    ] {
        let ran = Doctor::line(line).file(file, text).run();
        assert!(ran.code == 2 && ran.stderr.contains(words), "{line}: {ran:?}");
    }
}

#[test]
fn the_markdown_report_holds_every_line() {
    let (ran, folder) =
        Doctor::line("ready --report markdown=ready.md --report junit=ready.xml").run_and_keep();
    assert_eq!(ran.code, 5, "{ran:?}");
    let page = std::fs::read_to_string(folder.path().join("ready.md")).expect("a report");
    assert!(page.starts_with("### OPEN 0 of"), "{page}");
    assert_eq!(page.lines().filter(|line| line.contains("| unclear |")).count(), LINES, "{page}");
    let cases = std::fs::read_to_string(folder.path().join("ready.xml")).expect("a report");
    assert!(cases.contains("ready.keys.out-of-files"), "{cases}");
}

#[test]
fn the_page_names_every_line() {
    let page = std::fs::read_to_string(root().join("docs/ready.md")).expect("the page");
    assert_eq!(page.matches("\n## ").count(), LINES);
}
