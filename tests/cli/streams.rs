//! Standard output is the result and nothing else; standard error is progress and warnings; files are whole.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use serde_json::{Value, json};

use crate::harness::{Doctor, Ran, Server, doctor};

/// Runs that pass, fail early, fail late, warn and are refused.
const LINES: [&str; 6] = [
    "doctor --simulate healthy",
    "doctor --simulate alias-404",
    "check-key --simulate connection-refused",
    "check-key --simulate tls-intercepted",
    "list-models --simulate healthy --verify",
    "check-key --simulate consumer-suspended",
];

#[test]
fn a_stream_begins_with_the_run_and_ends_with_the_report() {
    for line in LINES {
        let events = events(&doctor(&format!("{line} --format ndjson")));
        let kinds: Vec<&str> = events.iter().filter_map(|event| event["type"].as_str()).collect();
        assert_eq!(kinds.len(), events.len(), "{line}: every line has a type");
        assert_eq!((kinds[0], *kinds.last().expect("a line")), ("run", "report"), "{line}");
        assert_eq!(kinds.iter().filter(|kind| matches!(**kind, "run" | "report")).count(), 2);
        assert!(events.iter().all(|event| event["schema_version"] == "1.0"), "{line}");
    }
}

#[test]
fn the_events_of_a_stream_are_the_report() {
    for line in LINES {
        let mut events = events(&doctor(&format!("{line} --format ndjson")));
        let report = events.pop().expect("a report");
        for (kind, list) in [("attempt", "attempts"), ("check", "checks"), ("finding", "findings")]
        {
            let told: Vec<Value> =
                events.iter().filter(|event| event["type"] == kind).map(payload).collect();
            assert_eq!(json!(told), report[list], "{line}: {list}");
        }
        for part in ["tool", "credential"] {
            let mut whole = report[part].clone();
            if let Some(project) = whole.get_mut("project") {
                *project = Value::Null;
            }
            assert_eq!(events[0][part], whole, "{line}: {part}");
        }
        for field in ["id", "command", "started_at", "seed", "simulated", "dry_run"] {
            assert_eq!(events[0]["run"][field], report["run"][field], "{line}: {field}");
        }
    }
}

#[test]
fn events_come_while_the_run_goes_on() {
    let line = "check-key --simulate client-read-timeout --timeout 60 --format ndjson";
    let (mut command, _folder) = Doctor::line(line).into_command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("started");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let seen = lines.map(|line| line.expect("a line")).find(|line| line.contains("\"api.list\""));
    let still_runs = child.try_wait().expect("a child").is_none();
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert!(seen.is_some() && still_runs, "a check was told before the end");
}

#[test]
fn only_the_result_is_on_standard_output() {
    for line in LINES {
        for format in ["table", "json", "plain"] {
            let ran = doctor(&format!("{line} --format {format}"));
            assert_eq!(ran.stderr, "", "{line} --format {format}: a short run has no progress");
            assert!(ran.stdout.ends_with('\n') && !ran.stdout.ends_with("\n\n"), "{line}");
        }
        doctor(&format!("{line} --format json")).json();
    }
}

#[test]
fn remarks_go_to_standard_error_and_quiet_silences_them() {
    let utf16: Vec<u8> = "\u{feff}GEMINI_MODEL=gemini-3.5-flash\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let line = "check-key --dry-run --format json";
    let told = Doctor::line(line).file(".env", &utf16).run();
    assert!(told.stderr.starts_with("note: ") && told.stderr.contains("UTF-16"), "{told:?}");
    assert_eq!(told.json()["target"]["model"], "gemini-3.5-flash");
    let quiet = Doctor::line(&format!("{line} -q")).file(".env", &utf16).run();
    assert_eq!(quiet.stderr, "");
    assert_eq!(quiet.json()["target"], told.json()["target"]);
}

#[test]
fn what_is_wrong_with_the_command_line_is_told_even_when_quiet() {
    let ran = doctor("check-key -q --timeout 0");
    assert!(ran.stdout.is_empty() && ran.stderr.starts_with("error: "), "{ran:?}");
    assert_eq!(ran.code, 2);
}

#[cfg(unix)]
#[test]
fn a_reader_who_has_seen_enough_ends_nothing_badly() {
    use std::io::Read;
    for line in [
        "fixes",
        "doctor --simulate alias-404 --format ndjson",
        "doctor --simulate alias-404",
        "list-models --simulate healthy --format json",
        "help exit-codes",
        "completions bash",
        "",
        "--help",
    ] {
        let (mut command, _folder) = Doctor::line(line).into_command();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("started");
        drop(child.stdout.take());
        let mut words = String::new();
        child.stderr.take().expect("piped").read_to_string(&mut words).expect("text");
        let status = child.wait().expect("ended");
        assert_eq!(words, "", "{line}");
        assert!(matches!(status.code(), Some(0..=6)), "{line}: {status}");
    }
}

#[test]
fn reports_are_written_whole_beside_the_table() {
    let line = "doctor --simulate alias-404 --report json=a.json --report junit=b.xml \
                --report markdown=c.md --report ndjson=d.ndjson --report plain=e.txt";
    let (ran, folder) = Doctor::line(line).run_and_keep();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect(name);
    assert_eq!(ran.code, 3);
    assert!(ran.stdout.starts_with("SIMULATED") && ran.stdout.contains("\nFLAKY  backend"));
    let report: Value = serde_json::from_str(&read("a.json")).expect("a whole document");
    assert_eq!(report["verdict"]["word"], "FLAKY");
    assert!(read("b.xml").trim_end().ends_with("</testsuites>"), "{}", read("b.xml"));
    assert!(read("c.md").contains("alias-backend-missing"));
    let last = read("d.ndjson").lines().last().map(str::to_owned).expect("a line");
    assert_eq!(payload(&serde_json::from_str(&last).expect("JSON"))["verdict"], report["verdict"]);
    assert!(read("e.txt").contains("alias-backend-missing"));
    let mut names: Vec<String> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["a.json", "b.xml", "c.md", "d.ndjson", "e.txt"], "no temporary is left");
}

#[test]
fn a_report_into_a_folder_that_is_not_there_costs_no_call() {
    let server = Server::start("healthy");
    let why = "could not write no/such/folder/a.json: there is no directory no/such/folder";
    for command in ["check-key", "gate", "probe-alias gemini-3.5-flash"] {
        let line = format!("{command} --report json=no/such/folder/a.json --format");
        let ran = server.doctor(&format!("{line} table")).run();
        assert!(ran.code == 2 && ran.stderr.starts_with(&format!("error: {why}")), "{ran:?}");
        let ran = server.doctor(&format!("{line} json")).run();
        assert_eq!((ran.code, &ran.json()["error"]["message"]), (2, &json!(why)), "{ran:?}");
    }
    assert_eq!(server.simulation.connections(), 0);
}

#[test]
fn a_report_that_cannot_be_written_is_said_and_spoils_no_result() {
    // No file system takes a name of that length.
    let path = format!("{}.json", "a".repeat(300));
    for format in ["table", "json", "ndjson"] {
        let line = format!("check-key --simulate healthy --report json={path} --format");
        let ran = doctor(&format!("{line} {format}"));
        assert_eq!(ran.code, 2, "{ran:?}");
        let error = format!("error: could not write {path}: ");
        assert!(ran.stderr.starts_with(&error), "{format}: {}", ran.stderr);
        let (reports, tables) =
            (ran.stdout.matches("\"limits\"").count(), ran.stdout.matches("PASS  ").count());
        assert_eq!(reports + tables, 1, "{format}: one result\n{}", ran.stdout);
    }
}

#[test]
fn a_workflow_gets_its_annotations_and_its_summary() {
    let (ran, folder) = Doctor::line("check-key --simulate api-key-invalid")
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", "summary.md")
        .file("summary.md", "# before\n")
        .run_and_keep();
    assert!(ran.stdout.contains("\nFAIL  auth") && ran.stdout.contains("\n::error"), "{ran:?}");
    let summary = std::fs::read_to_string(folder.path().join("summary.md")).expect("a summary");
    assert!(summary.starts_with("# before\n") && summary.contains("api-key-invalid"), "{summary}");
}

#[test]
fn a_workflows_summary_is_only_added_to_and_its_failure_changes_no_result() {
    let doctor = || {
        Doctor::line("check-key --simulate api-key-invalid")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_STEP_SUMMARY", "summary.md")
    };
    let (ran, folder) = doctor().file("summary.md", b"\xff of another step\n").run_and_keep();
    let summary = std::fs::read(folder.path().join("summary.md")).expect("a summary");
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    assert!(summary.starts_with(b"\xff of another step\n") && summary.len() > 100, "{summary:?}");
    let ran = doctor().file("summary.md/inside", "").run();
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.starts_with("warning: could not add to the summary"), "{}", ran.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn files_are_written_though_standard_output_cannot_be() {
    for format in ["table", "json", "ndjson"] {
        let line = format!("check-key --simulate healthy --report json=a.json --format {format}");
        let (mut command, folder) = Doctor::line(&line).into_command();
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
        let output = command.stdout(full).output().expect("the binary runs");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(words.contains("could not write to standard output"), "{words}");
        let report = std::fs::read_to_string(folder.path().join("a.json")).expect("a report");
        let report: Value = serde_json::from_str(&report).expect("a whole document");
        assert_eq!(report["verdict"]["exit_code"], 0);
    }
}

fn events(ran: &Ran) -> Vec<Value> {
    let parse =
        |line: &str| serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}\n{line}"));
    ran.stdout.lines().map(parse).collect()
}

/// What an event says, without the two fields that every line has.
fn payload(event: &Value) -> Value {
    let mut payload = event.clone();
    let members = payload.as_object_mut().expect("an event is an object");
    members.remove("type");
    members.remove("schema_version");
    payload
}
