//! Whatever is put in, the program says what was wrong, where, and what to do; it never panics, hangs,
//! fills the memory or follows a redirect with the key.

use gemini_doctor::simulate::AUTH_KEY;
use serde_json::{Value, json};

use crate::harness::{Doctor, Ran, Server, doctor, has};

/// A command line that cannot be meant, and words that the message must hold.
const WRONG: [(&str, &[&str]); 52] = [
    ("check-key --simulate no-such", &["no-such", "simulate --list"]),
    ("simulate no-such", &["no-such", "simulate --list"]),
    ("check-key --report yaml=x", &["--report", "'yaml'", "junit, markdown"]),
    ("check-key --report json", &["--report", "FORMAT=PATH"]),
    ("check-key --fail-on nobody --simulate healthy", &["--fail-on", "'nobody'", "theirs"]),
    ("check-key --resolve nonsense", &["--resolve", "nonsense", "no port", "HOST:PORT:ADDR"]),
    ("check-key --resolve a:b:c", &["--resolve", "a:b:c", "65535"]),
    ("check-key --resolve a:443:b", &["--resolve", "no IP address"]),
    ("check-key --timeout 0", &["--timeout", "more than 0", "seconds"]),
    ("check-key --timeout -1", &["--timeout", "more than 0"]),
    ("check-key --timeout nan", &["--timeout", "not a number"]),
    ("check-key --timeout inf", &["--timeout", "more than a day"]),
    ("check-key --timeout 1e-9", &["--timeout", "less than a millisecond"]),
    ("check-key --timeout abc", &["--timeout", "'abc'"]),
    ("check-key --connect-timeout 0", &["--connect-timeout", "more than 0"]),
    ("check-key --deadline -3", &["--deadline", "more than 0"]),
    ("check-key --max-requests 0", &["--max-requests", "--dry-run"]),
    ("check-key --max-requests -1", &["-1"]),
    ("list-models --match [", &["--match", "unclosed", "--match flash"]),
    ("fixes --search (", &["--search", "unclosed", "--search leaked"]),
    ("list-models --routes none.json", &["none.json", "JSON file"]),
    ("list-models --routes folder", &["folder", "JSON file"]),
    ("list-models --routes broken.json", &["broken.json", "line 1", "\"primary\""]),
    ("list-models --routes list.json", &["list.json", "no map"]),
    ("list-models --routes task.json", &["task.json", "\"chat\"", "no model"]),
    ("list-models --check-lock none.lock", &["none.lock", "--lock FILE"]),
    ("list-models --check-lock broken.json", &["broken.json:1", "--lock FILE"]),
    ("list-models a/b", &["a/b", "no model's name"]),
    ("check-key --profile nobody", &["nobody", "[profile.nobody]"]),
    ("check-key --key-file a --key-stdin", &["--key-file", "--key-stdin", "only one"]),
    ("check-key --key-command a --key-stdin", &["--key-command", "--key-stdin"]),
    ("check-key --base-url nonsense", &["--base-url", "no scheme", "https://"]),
    ("check-key --base-url http://[::", &["--base-url", "invalid authority"]),
    ("check-key --base-url ftp://example.com", &["--base-url", "\"ftp\""]),
    ("check-key --base-url https://", &["--base-url", "empty"]),
    ("check-key --base-url https://me:pass@example.com", &["--base-url", "password"]),
    ("check-key --api-version a?b", &["--api-version", "v1beta"]),
    ("check-key --ca-file none.pem", &["--ca-file", "none.pem", "no such file"]),
    ("check-key --ca-file empty.pem", &["--ca-file", "empty.pem", "BEGIN CERTIFICATE"]),
    ("check-key --env-file none.env", &["--env-file", "none.env", "no such file"]),
    ("check-key --models-file none.toml", &["none.toml", "no such file"]),
    ("check-key --models-file broken.json", &["broken.json", "TOML"]),
    ("check-key --proxy a --no-proxy", &["--proxy", "--no-proxy"]),
    ("check-key --no-generate --deep", &["--no-generate", "--deep"]),
    ("check-key --transport-matrix --simulate healthy", &["--transport-matrix", "--yes"]),
    ("check-key --successor nonsense --simulate healthy", &["--successor", "env:"]),
    ("check-key --successor env:NOT_SET --simulate healthy", &["NOT_SET"]),
    ("check-key --log folder --simulate healthy", &["folder", "--log"]),
    ("check-key --http 2 --base-url http://localhost", &["--http 2", "https://"]),
    ("simulate --for nan", &["--for", "seconds"]),
    ("fixes no-such-fix", &["no-such-fix", "gemini-doctor fixes"]),
    ("check-key --no-such-option", &["--no-such-option"]),
];

/// What a hostile or broken server, proxy or network does, and words that the evidence must hold.
const HOSTILE: [(&str, &str, &[&str]); 18] = [
    ("proxy-unreachable", "", &["127.0.0.1:", "efused"]),
    ("proxy-refused-tunnel", "", &["403 Forbidden"]),
    ("proxy-auth-ntlm", "", &["407", "NTLM"]),
    ("proxy-auth-required", "", &["407", "Basic"]),
    ("proxy-scheme-unsupported", "", &["\"ftp\"", "socks5"]),
    ("answer-not-json", "", &["200", "please sign in"]),
    ("answer-not-json.plain", "", &["200", "this is not what you asked for"]),
    ("edge-403-html", "", &["403", "does not have permission"]),
    ("gateway-timeout-too-short", "", &["504 Gateway Time-out"]),
    ("answer-cut", "", &["200, then"]),
    ("answer-too-large", "", &["goes on after 8388608 bytes"]),
    ("answer-nested-too-deep", "", &["[[[["]),
    ("answer-redirected", "", &["302"]),
    ("http-malformed", "", &["HTTP"]),
    ("headers-too-large", "--timeout 5", &["head is too large"]),
    ("client-read-timeout", "--timeout 1", &["no answer within 1 s"]),
    ("tls-handshake-timeout", "--connect-timeout 1", &["within 1 s"]),
    ("server-disconnected", "", &[]),
];

#[test]
fn what_cannot_be_meant_is_told_with_its_place_and_a_way_out() {
    for (line, words) in WRONG {
        let ran = surrounded(line).run();
        assert!(ran.code == 2 && ran.stdout.is_empty(), "{line}: {ran:?}");
        assert_sane(&ran, line);
        assert!(ran.stderr.starts_with("error: "), "{line}\n{}", ran.stderr);
        let is_parsers = ran.stderr.contains("try '--help'");
        assert!(ran.stderr.contains("\nhint: ") || is_parsers, "{line}\n{}", ran.stderr);
        for word in words {
            assert!(ran.stderr.contains(word), "{line} says nothing of {word}\n{}", ran.stderr);
        }
    }
}

#[test]
fn programs_get_the_same_as_a_document() {
    for (line, words) in WRONG {
        let ran = surrounded(line).args(&["--format", "json"]).run();
        let report = ran.json();
        assert_sane(&ran, line);
        assert_eq!((ran.code, &report["verdict"]["exit_code"]), (2, &json!(2)), "{line}");
        let error = &report["error"];
        assert!(error["message"].as_str().is_some_and(|text| text.len() > 10), "{line}: {error}");
        assert!(error["hint"].as_str().is_some_and(|text| text.len() > 10), "{line}: {error}");
        assert!(error.to_string().contains(words[0]), "{line}: {error}");
        assert_eq!(ran.stderr, "", "{line}");
    }
}

#[test]
fn an_unknown_format_is_answered_with_the_known_ones() {
    let checking = "'yaml' is not a format; they are table, plain, json, ndjson, junit, markdown";
    let offline = "they are table, plain, json, ndjson, markdown";
    for (command, all) in [
        ("check-key", checking),
        ("list-models", checking),
        ("doctor", checking),
        ("fixes", offline),
        ("simulate --list", offline),
        ("explain x", offline),
        ("merge x", "they are table, plain, json, ndjson, markdown, csv"),
    ] {
        let ran = doctor(&format!("{command} --format yaml"));
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(all), "{command}\n{}", ran.stderr);
    }
}

#[test]
fn a_format_that_cannot_be_filled_is_answered_with_those_that_can() {
    for command in ["fixes", "simulate --list", "simulate healthy"] {
        for format in ["junit", "github"] {
            let ran = doctor(&format!("{command} --format {format}"));
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{command} {format}: {ran:?}");
            let words = [format, "it can write table, plain, json, ndjson, markdown"];
            assert!(words.iter().all(|word| ran.stderr.contains(word)), "{}", ran.stderr);
        }
        assert!(!doctor("fixes --format ndjson").stdout.is_empty());
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_device_in_the_place_of_a_file_is_not_waited_for() {
    for line in [
        "check-key --env-file pipe",
        "check-key --ca-file pipe",
        "check-key --models-file pipe",
        "check-key --key-file pipe",
        "check-key --key-file /dev/zero",
        "check-key --simulate healthy --log pipe",
        "check-key --simulate pipe",
        "list-models --routes pipe",
        "list-models --routes /dev/zero",
        "list-models --check-lock pipe",
        "simulate pipe",
        "simulate --listen 127.0.0.1:0 --for 0.1 --log pipe",
    ] {
        let ran = ends(with_pipe(line, "pipe"));
        assert_eq!(ran.code, 2, "{line}: {ran:?}");
        let words = format!("{}{}", ran.stdout, ran.stderr);
        let word =
            if line.contains("simulate pipe") { "a file \"pipe\"" } else { "no regular file" };
        assert!(
            words.split_whitespace().collect::<Vec<_>>().join(" ").contains(word),
            "{line}: {words}"
        );
    }
    let ran = ends(with_pipe("check-key --without-key skip", ".env"));
    assert!(ran.code == 0 && ran.stderr.contains(".env was not read"), "{ran:?}");
    let ran = ends(Doctor::line("check-key --simulate healthy --log /dev/null"));
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[cfg(unix)]
#[test]
fn a_look_at_the_settings_runs_no_command_of_the_config_file() {
    for line in ["", "check-key --dry-run", "check-key --dry-run --profile p"] {
        let doctor = Doctor::line(line).env("GEMINI_DOCTOR_CONFIG", "c.toml");
        let command = "api_key_command = 'touch ran; echo AQ.FAKE'\n";
        let doctor = doctor.file("c.toml", format!("{command}[profile.p]\n{command}"));
        let (ran, folder) = doctor.run_and_keep();
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        assert!(!folder.path().join("ran").exists(), "{line} ran the command");
    }
}

/// The program beside a pipe that nobody writes into.
#[cfg(unix)]
fn with_pipe(line: &str, name: &str) -> Doctor {
    let doctor = Doctor::line(line);
    let made = std::process::Command::new("mkfifo").arg(doctor.path().join(name)).status();
    assert!(made.expect("mkfifo runs").success());
    doctor
}

/// Runs to the end, which must come soon.
#[cfg(unix)]
fn ends(doctor: Doctor) -> Ran {
    use std::process::Stdio;
    let words = doctor.words();
    let (mut command, _folder) = doctor.into_command();
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    for _ in 0..800 {
        if child.try_wait().expect("a child").is_some() {
            return Ran::new(&child.wait_with_output().expect("its output"));
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    child.kill().expect("killed");
    panic!("{words} does not end");
}

#[test]
fn a_config_file_that_is_wrong_is_told_with_its_line() {
    for (text, words) in [
        ("x = [", &["c.toml:1", "TOML"][..]),
        ("timeout = 5\nmodle = \"x\"\n", &["c.toml:2", "modle"]),
        ("timeout = 0\n", &["timeout", "c.toml", "more than 0"]),
        ("[profile.a]\napi_key = \"x\"\n", &["c.toml:2", "api_key"]),
    ] {
        let doctor = Doctor::line("check-key").env("GEMINI_DOCTOR_CONFIG", "c.toml");
        let ran = doctor.file("c.toml", text).run();
        assert_eq!(ran.code, 2, "{ran:?}");
        for word in words {
            assert!(ran.stderr.contains(word), "{text} says nothing of {word}\n{}", ran.stderr);
        }
    }
}

#[test]
fn a_malformed_env_file_is_told_with_its_line_and_read_as_far_as_it_goes() {
    let server = Server::start("healthy");
    let text =
        format!("just words\nGEMINI_API_KEY={AUTH_KEY}\n1X=3\nGEMINI_MODEL=gemini-3.5-flash\n");
    let line = "check-key --format json --no-generate";
    let doctor = server.doctor(line).env("GEMINI_API_KEY", "").file(".env", text);
    let (ran, report) = with_json(doctor);
    assert_eq!(ran.code, 0, "{report:#}");
    assert_eq!(report["target"]["model"], "gemini-3.5-flash");
    assert_eq!(report["credential"]["source"], ".env:2 GEMINI_API_KEY");
    let warning = finding(&report, "dotenv-malformed");
    let evidence = warning["evidence"].to_string();
    assert!(evidence.contains(".env:1") && evidence.contains("no ="), "{evidence}");
    assert!(evidence.contains(".env:3"), "each line is told: {evidence}");
    assert_eq!(warning["severity"], "warning");
}

#[test]
fn an_env_file_that_cannot_be_read_is_said_and_stops_nothing() {
    let server = Server::start("healthy");
    for content in [&b"\xff\xfe\x00"[..], b"\x00\x01\x02\x03", b"", b"\xef\xbb\xbf"] {
        let ran = server.doctor("check-key --no-generate").file(".env", content).run();
        assert_eq!(ran.code, 0, "{content:?}: {ran:?}");
        assert_sane(&ran, "a strange .env");
    }
    let ran = server.doctor("check-key --no-generate").file(".env/inside", "").run();
    assert!(ran.code == 0 && ran.stderr.contains(".env was not read"), "{ran:?}");
}

#[test]
fn a_key_file_that_holds_no_key_is_told_apart() {
    for (name, content, word) in [
        ("folder", None, "it is a directory"),
        ("none", None, "no such file"),
        ("empty", Some(&b""[..]), "it is empty"),
        ("blank", Some(b" \n\n"), "nothing but blanks"),
        ("nul", Some(b"AQ.FAKE\0\0\0"), "character 8 is NUL"),
        ("utf16", Some(b"\xff\xfe\x00"), "UTF-16"),
    ] {
        let line = format!("check-key --format json --key-file {name}");
        let doctor = surrounded(&line);
        let doctor = match content {
            Some(content) => doctor.file(name, content),
            None => doctor,
        };
        let (ran, report) = with_json(doctor);
        assert_eq!((ran.code, &report["verdict"]["exit_code"]), (2, &json!(2)), "{name}");
        let evidence = finding(&report, "key-file-unusable")["evidence"].to_string();
        assert!(evidence.contains(&format!("file:{name}: ")), "{name}: {evidence}");
        assert!(evidence.contains(word), "{name}: {evidence}");
        assert_eq!(report["attempts"], json!([]), "{name}");
    }
}

#[test]
fn no_key_is_told_with_every_place_that_was_looked_at() {
    let (ran, report) = with_json(Doctor::line("check-key --format json"));
    assert_eq!(ran.code, 2);
    let evidence = finding(&report, "key-not-set")["evidence"].to_string();
    for place in ["env:GOOGLE_API_KEY (not set)", "env:GEMINI_API_KEY (not set)", ".env (no such"] {
        assert!(evidence.contains(place), "{place}: {evidence}");
    }
    let empty = Doctor::line("check-key --format json").env("GEMINI_API_KEY", "");
    let (ran, report) = with_json(empty);
    assert_eq!((ran.code, &report["findings"][0]["id"]), (2, &json!("key-variable-empty")));
}

#[test]
fn no_key_may_be_allowed() {
    for command in ["check-key", "list-models", "doctor", "gate"] {
        let line = format!("{command} --without-key skip --format json");
        let (ran, report) = with_json(Doctor::line(&line));
        assert_eq!((ran.code, &report["verdict"]["status"]), (0, &json!("skip")), "{command}");
        let junit = doctor(&format!("{command} --without-key skip --format junit")).stdout;
        assert!(junit.contains("<skipped") && !junit.contains("<failure"), "{command}\n{junit}");
    }
}

#[test]
fn hostile_servers_and_proxies_are_survived_and_quoted() {
    for (scenario, options, words) in HOSTILE {
        let line = format!("check-key --simulate {scenario} --format json {options}");
        let (ran, report) = with_json(Doctor::line(&line));
        assert_sane(&ran, scenario);
        let first = &report["findings"][0];
        let id = first["id"].as_str().expect("a finding");
        assert!(scenario.starts_with(id), "{scenario} was taken for {id}");
        assert!(matches!(ran.code, 3 | 4), "{scenario}: exit {}", ran.code);
        for word in words {
            let texts = first["evidence"].as_array().expect("evidence").iter();
            let mut texts = texts.map(|one| one["text"].as_str().expect("a text"));
            assert!(texts.any(|text| text.contains(word)), "{scenario}: no {word}\n{first:#}");
        }
    }
}

#[test]
fn a_body_without_end_takes_little_memory() {
    if !has("/usr/bin/time", "--version") {
        return;
    }
    for scenario in ["answer-too-large", "answer-nested-too-deep", "headers-too-large"] {
        let program = env!("CARGO_BIN_EXE_gemini-doctor");
        let line = format!("-f %M -o peak {program} check-key --simulate {scenario}");
        let arguments: Vec<&str> = line.split(' ').collect();
        let (ran, folder) = Doctor::other("/usr/bin/time", &arguments).run_and_keep();
        assert_eq!(ran.code, 3, "{ran:?}");
        let peak = std::fs::read_to_string(folder.path().join("peak")).expect("a measurement");
        let kib: u64 = peak.lines().last().and_then(|line| line.parse().ok()).expect("a number");
        assert!(kib < 100 * 1024, "{scenario} took {kib} KiB, the simulator included");
    }
}

#[test]
fn a_redirect_is_never_followed() {
    let other = Server::start("healthy");
    let target = format!("https://{}/v1beta/models", other.simulation.address());
    for status in [301, 302, 303, 307, 308] {
        let toml = format!(
            "id = \"away\"\n[[rules]]\nact = {{ status = {status}, headers = {{ location = \"{target}\" }} }}\n"
        );
        for command in ["check-key", "list-models", "doctor"] {
            let line = format!("{command} --simulate away.toml --format json");
            let (ran, report) = with_json(Doctor::line(&line).file("away.toml", &toml));
            assert_eq!(report["findings"][0]["id"], "answer-redirected", "{status}: {report:#}");
            assert_eq!(ran.code, 3);
        }
    }
    assert_eq!(other.simulation.connections(), 0, "nobody came to the other server");
    let ran = other.doctor("check-key --no-generate").run();
    assert!(ran.code == 0 && other.simulation.connections() > 0, "it could have been reached");
}

#[cfg(unix)]
mod signals {
    use std::{
        io::{BufRead, BufReader, Read},
        process::Stdio,
    };

    use serde_json::Value;

    use crate::harness::{Ran, Server, signal};

    #[test]
    fn a_run_that_is_stopped_shows_what_it_saw() {
        for (name, code, word) in [("INT", 130, "SIGINT"), ("TERM", 143, "SIGTERM")] {
            for format in ["table", "json", "ndjson"] {
                let ran = stopped(name, format);
                assert_eq!(ran.code, code, "{name} {format}: {ran:?}");
                assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
                let text = &ran.stdout;
                if format == "table" {
                    assert!(text.contains("STOPPED") && text.contains("5 models.list"), "{text}");
                    assert!(
                        text.contains(word) || text.contains(&format!("Exit {code}")),
                        "{text}"
                    );
                    continue;
                }
                let last =
                    if format == "json" { text } else { text.lines().last().expect("a line") };
                let report: Value = serde_json::from_str(last).expect("a whole document");
                assert_eq!(report["verdict"]["exit_code"], code, "{report:#}");
                let rows = report["checks"].as_array().expect("checks");
                assert!(rows.iter().any(|row| row["id"] == "api.list" && row["status"] == "pass"));
                let skipped =
                    rows.iter().any(|row| row["id"] == "api.generate" && row["status"] == "skip");
                assert!(skipped, "{rows:?}");
                // What was on its way may have been charged for.
                assert_eq!(report["run"]["budget"]["paid_requests_used"], 1, "{report:#}");
            }
        }
    }

    /// Stops a run against a server that never answers, once it has taken the call that can be charged for.
    fn stopped(name: &str, format: &str) -> Ran {
        let server = Server::start("client-read-timeout");
        let doctor = server.doctor(&format!("check-key --timeout 60 --format {format}"));
        let (mut command, _folder) = doctor.into_command();
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        for _ in 0..1200 {
            if server.simulation.requests().iter().any(|seen| seen.generating) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        signal(&child, name);
        let mut stdout = String::new();
        let mut reader = BufReader::new(child.stdout.take().expect("piped"));
        while reader.read_line(&mut stdout).expect("text") > 0 {}
        let mut stderr = String::new();
        child.stderr.take().expect("piped").read_to_string(&mut stderr).expect("text");
        let code = child.wait().expect("it ends").code().unwrap_or(-1);
        Ran { code, stdout, stderr }
    }
}

/// A run among files that are of no use.
fn surrounded(line: &str) -> Doctor {
    Doctor::line(line)
        .file("folder/inside", "")
        .file("empty.pem", "no certificate\n")
        .file("broken.json", "{")
        .file("list.json", "[]")
        .file("task.json", "{\"chat\": 7}")
}

fn with_json(doctor: Doctor) -> (Ran, Value) {
    let ran = doctor.run();
    let report = ran.json();
    (ran, report)
}

fn finding<'a>(report: &'a Value, id: &str) -> &'a Value {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("no {id}\n{report:#}"))
}

fn assert_sane(ran: &Ran, whence: &str) {
    for text in [&ran.stdout, &ran.stderr] {
        for word in ["panicked", "RUST_BACKTRACE", "a bug of its own", "unwrap()", ".rs:"] {
            assert!(!text.contains(word), "{whence}\n{text}");
        }
    }
    assert_ne!(ran.code, 70, "{whence}");
}
