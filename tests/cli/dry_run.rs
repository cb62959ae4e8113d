//! What a run sends, and what it does not: nothing when dry, nothing paid when told so, and never more
//! than was announced.

use std::{collections::BTreeMap, net::TcpListener, process::Command};

use gemini_doctor::simulate::{AUTH_KEY, OTHER_AUTH_KEY, Seen};
use serde_json::Value;

use crate::harness::{Doctor, Server, has};

/// Every live command in every mode, with the most that each would send.
const MODES: &[(&str, u64)] = &[
    ("check-key", 4),
    ("check-key --deep", 8),
    ("check-key --no-generate", 3),
    ("check-key --transport-matrix", 8),
    ("check-key --expect-dead", 1),
    ("check-key --successor env:NEW_KEY --in-use gemini-3.5-flash", 7),
    ("list-models", 51),
    ("list-models gemini-3.5-flash", 51),
    ("list-models --verify", 251),
    ("list-models --routes routes.json", 51),
    ("list-models --method generateContent --thinking", 51),
    ("doctor", 70),
    ("doctor --no-generate", 3),
    ("doctor --quick", 3),
    ("doctor --deep", 73),
    ("doctor --only structured --samples 4", 11),
    ("doctor --only net", 1),
    ("bench-transport --rate 10 --duration 3s", 31),
    ("bench-transport --find-limit", 601),
    ("bench-transport --idle-sweep", 97),
    ("bench-transport --why-timeout", 49),
    ("gate", 10),
    ("compare --a http=2 --b http=1.1 --generate 2", 460),
];

#[test]
fn a_dry_run_connects_to_nobody_and_says_what_it_would_send() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a listener");
    let base_url = format!("https://{}", listener.local_addr().expect("an address"));
    for (mode, most) in MODES {
        let report = dry(mode, &["--base-url", &base_url]);
        assert_eq!(*most, planned(&report).values().sum::<u64>(), "{mode}");
        assert_eq!(report["target"]["base_url"], base_url, "{mode}");
        assert_eq!(report["run"]["dry_run"], true, "{mode}");
        assert_eq!(report["run"]["budget"]["requests_used"], 0, "{mode}");
        let table = keyed(mode).args(&["--dry-run", "--base-url", &base_url]).run();
        let planned_at = format!("would be sent to {base_url}");
        assert!(table.stdout.contains(&planned_at) && table.code == 0, "{mode}\n{}", table.stdout);
    }
    let nobody = listener.accept().map(|(_, peer)| peer).expect_err("nobody came");
    assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_dry_run_against_a_scenario_says_so_and_sends_nothing() {
    for line in ["check-key", "list-models --verify", "doctor"] {
        let report =
            Doctor::line(&format!("{line} --dry-run --simulate healthy --format json")).run();
        assert_eq!(report.code, 0, "{line}: {}", report.stderr);
        let report = report.json();
        assert_eq!(report["run"]["simulated"], "healthy");
        assert_eq!(report["attempts"], serde_json::json!([]), "{line}");
        assert!(planned(&report).values().sum::<u64>() >= 2, "{line}");
    }
}

#[test]
fn a_dry_run_opens_no_socket() {
    if !has("strace", "-V") {
        return;
    }
    for (mode, _) in MODES {
        let calls = trace(&keyed(mode).args(&["--dry-run"]));
        let Some(calls) = calls else { return };
        let opened = calls.lines().filter(|call| call.contains("AF_INET"));
        assert_eq!(opened.collect::<Vec<_>>(), Vec::<&str>::new(), "{mode}");
    }
    let real = trace(&keyed("check-key --base-url https://127.0.0.1:1"));
    assert!(real.is_some_and(|calls| calls.contains("connect(")), "a real run is seen to connect");
}

#[test]
fn a_plain_check_sends_four_calls_with_the_key_in_a_header() {
    let server = Server::start("healthy");
    let ran = server.doctor("check-key --model gemini-3.5-flash").run();
    assert_eq!(ran.code, 0, "{ran:?}");
    let sent = server.simulation.requests();
    let model = "/v1beta/models/gemini-3.5-flash";
    let calls: Vec<String> =
        sent.iter().map(|one| format!("{} {}", one.method, bare(one))).collect();
    assert_eq!(
        calls,
        [
            "GET /v1beta/models".to_owned(),
            format!("GET {model}"),
            format!("POST {model}:countTokens"),
            format!("POST {model}:generateContent"),
        ]
    );
    for one in &sent {
        assert_eq!(one.key_in, "header", "{one:?}");
        assert!(!one.path.contains("key="), "{one:?}");
    }
}

#[test]
fn no_generate_means_no_generating_call() {
    let server = Server::start("healthy");
    for line in [
        "check-key --no-generate",
        "doctor --no-generate",
        "doctor --quick",
        "list-models --verify",
        "list-models gemini-3.5-flash",
        "check-key --transport-matrix --yes",
        "check-key --expect-dead",
    ] {
        let before = server.simulation.requests().len();
        let report = server.doctor(&format!("{line} --format json")).run().json();
        let sent = server.simulation.requests().split_off(before);
        assert!(!sent.is_empty(), "{line} asked something");
        assert!(!sent.iter().any(|one| one.generating), "{line}: {sent:?}");
        assert_eq!(report["run"]["budget"]["paid_requests_used"], 0, "{line}");
    }
    server.doctor("check-key").run();
    assert!(server.simulation.requests().iter().any(|one| one.generating), "without it, one is");
}

#[test]
fn no_run_sends_more_than_its_dry_run_says() {
    sends_no_more_than_announced(&Server::start("healthy"));
    sends_no_more_than_announced(&Server::start("list-incomplete"));
}

fn sends_no_more_than_announced(server: &Server) {
    for (mode, _) in MODES {
        let base_url = format!("https://{}", server.simulation.address());
        let planned = planned(&dry(mode, &["--base-url", &base_url]));
        let before = server.simulation.requests().len();
        let run = with_files(server.doctor(mode)).args(&["--format", "json", "--yes"]).run();
        let sent = server.simulation.requests().split_off(before);
        let report = run.json();
        assert_eq!(report["run"]["budget"]["requests_used"], sent.len(), "{mode}");
        let mut used: BTreeMap<String, u64> = BTreeMap::new();
        for attempt in report["attempts"].as_array().expect("attempts") {
            *used.entry(attempt["method"].as_str().expect("a method").to_owned()).or_default() += 1;
        }
        for (method, count) in used {
            let most = planned.get(&method).copied().unwrap_or(0);
            assert!(count <= most, "{mode}: {count} times {method}, and {most} were announced");
        }
    }
}

#[test]
fn limits_hold() {
    let server = Server::start("alias-404");
    for (limit, most) in [("--max-requests 2", 2), ("--max-requests 1", 1), ("--max-requests 5", 5)]
    {
        let before = server.simulation.requests().len();
        let report = server.doctor(&format!("doctor {limit} --format json")).run();
        let sent = server.simulation.requests().len() - before;
        assert!(sent <= most && sent > 0, "{limit}: {sent} were sent");
        assert_ne!(report.code, 70, "{limit}: {report:?}");
    }
}

#[test]
fn a_matrix_without_a_yes_connects_to_nobody() {
    let server = Server::start("healthy");
    let ran = server.doctor("check-key --transport-matrix").run();
    assert_eq!((ran.code, server.simulation.connections()), (2, 0), "{ran:?}");
    assert!(ran.stderr.contains("--yes"), "{}", ran.stderr);
}

fn dry(mode: &str, more: &[&str]) -> Value {
    keyed(mode).args(more).args(&["--dry-run", "--format", "json"]).run().json()
}

fn keyed(mode: &str) -> Doctor {
    with_files(Doctor::line(mode).env("GEMINI_API_KEY", AUTH_KEY))
}

/// What the modes refer to.
fn with_files(doctor: Doctor) -> Doctor {
    let routes = r#"{"chat": "gemini-3.5-flash", "draft": "gemini-no-such"}"#;
    doctor.env("NEW_KEY", OTHER_AUTH_KEY).file("routes.json", routes)
}

fn planned(report: &Value) -> BTreeMap<String, u64> {
    let mut planned = BTreeMap::new();
    for call in report["data"]["planned"].as_array().expect("a plan") {
        let method = call["method"].as_str().expect("a method").to_owned();
        *planned.entry(method).or_default() += call["requests_max"].as_u64().expect("a number");
    }
    planned
}

/// The path without its query.
fn bare(seen: &Seen) -> &str {
    seen.path.split('?').next().unwrap_or_default()
}

/// The network calls of a run; none where tracing is not allowed here.
pub fn trace(doctor: &Doctor) -> Option<String> {
    let output = doctor.path().join("trace");
    let plain = doctor.command();
    let mut command = Command::new("strace");
    command.args(["-f", "-e", "trace=network", "-o"]).arg(&output).arg(plain.get_program());
    command.args(plain.get_args()).current_dir(doctor.path()).env_clear();
    for (name, value) in plain.get_envs() {
        command.envs(value.map(|value| (name, value)));
    }
    let traced = command.output().is_ok_and(|ran| ran.status.code().is_some_and(|code| code <= 6));
    let text = std::fs::read_to_string(output).ok().filter(|text| text.contains("exited"));
    if text.is_none() || !traced {
        eprintln!("skipped: this process may not trace its children");
    }
    text
}
