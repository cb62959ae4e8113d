//! `simulate --grade`: small clients, each with one fault of the checklist, and a good one. Each gets its
//! verdict from what it did, and no other line is held against it.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::Stdio,
};

use serde_json::Value;

use crate::harness::{Doctor, Ran, doctor, has, root};

fn client() -> PathBuf {
    root().join("tests/cli/grade/client.py")
}

/// A client with this habit, graded; none where Python is missing.
fn graded(habit: &str) -> Option<Ran> {
    if !has("python3", "--version") {
        return None;
    }
    let path = client().display().to_string();
    // Waits that are held against each other should not wait for processors.
    let jobs = if habit == "no-jitter" { "4" } else { "10" };
    let line =
        ["simulate", "--grade", "--jobs", jobs, "--format", "json", "--", "python3", &path, habit];
    Some(Doctor::new(&line).run())
}

/// The lines of an exam that have this grade.
fn lines<'a>(report: &'a Value, grade: &str) -> Vec<&'a str> {
    let lines = report["data"]["exam"]["lines"].as_array().expect("lines");
    let with = lines.iter().filter(|line| line["grade"] == grade);
    with.map(|line| line["id"].as_str().expect("an id")).collect()
}

/// A client with this habit fails on this line and on no other.
fn fails_on(habit: &str, line: &str) {
    let Some(ran) = graded(habit) else { return };
    let report = ran.json();
    assert_eq!(lines(&report, "fail"), [line], "{habit}: {report:#}");
    assert_eq!(lines(&report, "warn"), Vec::<&str>::new(), "{habit}: {report:#}");
    assert_eq!((ran.code, report["verdict"]["word"].as_str()), (1, Some("FAIL")), "{habit}");
    assert_eq!(report["verdict"]["next"], "gemini-doctor explain --policy python 503", "{habit}");
}

#[test]
fn a_good_client_passes_every_line() {
    let Some(ran) = graded("good") else { return };
    let report = ran.json();
    assert_eq!(lines(&report, "pass").len(), 16, "{report:#}");
    assert_eq!((ran.code, report["verdict"]["word"].as_str()), (0, Some("PASS")));
    let sittings = report["data"]["exam"]["sittings"].as_array().expect("sittings");
    assert_eq!(sittings.len(), 14);
    assert_eq!(report["verdict"]["summary"]["pass"], 16);
}

#[test]
fn a_client_that_repeats_400_is_told_so() {
    fails_on("repeats-400", "status.400");
}

#[test]
fn a_client_without_jitter_is_told_so() {
    fails_on("no-jitter", "retry.jitter");
}

#[test]
fn a_client_without_a_cap_is_told_so() {
    fails_on("no-cap", "retry.cap");
}

#[test]
fn a_client_that_ignores_retry_info_is_told_so() {
    fails_on("ignores-retry-info", "retry.retry-info");
}

#[test]
fn a_client_without_a_fallback_is_told_so() {
    let Some(ran) = graded("no-fallback") else { return };
    let report = ran.json();
    assert_eq!((ran.code, lines(&report, "fail")), (1, vec!["fallback.model"]), "{report:#}");
    // It repeats as it should, and yet gets no answer in the end.
    assert_eq!(lines(&report, "warn"), ["status.429", "status.500", "status.503", "status.504"]);
}

#[test]
fn a_client_that_asks_once_shows_nothing_of_its_waits() {
    let Some(ran) = graded("asks-once") else { return };
    let report = ran.json();
    let unseen = lines(&report, "unseen");
    for line in ["retry.pause", "retry.backoff", "retry.jitter", "retry.retry-info"] {
        assert!(unseen.contains(&line), "{line}: {report:#}");
    }
    assert_eq!(lines(&report, "fail"), ["fallback.model"]);
    assert_eq!(report["verdict"]["summary"]["inconclusive"], unseen.len());
    assert_eq!(lines(&report, "warn"), ["status.429", "status.500", "status.503", "status.504"]);
}

#[test]
fn a_command_that_never_calls_has_no_grade() {
    if !has("python3", "--version") {
        return;
    }
    let line =
        ["simulate", "--grade", "--", "python3", "-c", "raise SystemExit('no such setting')"];
    let ran = Doctor::new(&line).run();
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("never asked a model here"), "{ran:?}");
    assert!(ran.stderr.contains("no such setting"), "{ran:?}");
}

#[test]
fn a_command_that_is_not_there_is_wrong_usage() {
    let ran = doctor("simulate --grade -- no-such-client-of-gemini-doctor");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("there is no such command"), "{ran:?}");
    let ran = doctor("simulate -- true");
    assert!(ran.code == 2 && ran.stderr.contains("--grade"), "{ran:?}");
    let ran = doctor("simulate alias-404 --grade -- true");
    assert!(ran.code == 2 && ran.stderr.contains("alias-404"), "{ran:?}");
}

#[test]
fn without_a_command_it_waits_for_calls_and_tells_when_none_came() {
    let ran = doctor("simulate --grade --listen 127.0.0.1:0 --for 0.2");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("question 1 of 14: a request with an invalid argument"), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn without_a_command_each_call_answers_the_next_question() {
    if !has("python3", "--version") {
        return;
    }
    let line = "simulate --grade --listen 127.0.0.1:0 --pause 0.5 --ca-out ca.pem --format json";
    let (mut command, folder) = Doctor::line(line).into_command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    let mut notes = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let mut wait_for = |word: &str| {
        let note = notes.by_ref().find_map(|line| line.ok().filter(|line| line.contains(word)));
        note.unwrap_or_else(|| panic!("it never said {word}"))
    };
    let base = wait_for("base URL").split_whitespace().last().expect("a URL").to_owned();
    for question in ["question 1 ", "question 2 "] {
        wait_for(question);
        let called = std::process::Command::new("python3")
            .args([client().as_os_str(), "asks-once".as_ref()])
            .env("GOOGLE_GEMINI_BASE_URL", &base)
            .env("SSL_CERT_FILE", folder.path().join("ca.pem"))
            .env("GEMINI_API_KEY", gemini_doctor::simulate::AUTH_KEY)
            .status();
        assert_eq!(called.expect("python runs").code(), Some(1));
    }
    wait_for("question 3 ");
    crate::harness::signal(&child, "TERM");
    let report = Ran::new(&child.wait_with_output().expect("it ends")).json();
    let sittings = report["data"]["exam"]["sittings"].as_array().expect("sittings");
    let put: Vec<&str> = sittings.iter().filter_map(|one| one["question"].as_str()).collect();
    assert_eq!(put, ["bad-request", "unauthenticated"]);
    assert_eq!(lines(&report, "pass"), ["status.400", "status.401"], "{report:#}");
}
