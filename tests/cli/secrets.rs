//! A key goes into one header and nowhere else: not to a stream, not into a file, in no spelling.

use std::{collections::BTreeSet, path::Path};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use gemini_doctor::{
    report::{
        Format,
        format::{Holds, Place},
    },
    simulate::{self, AUTH_KEY, OTHER_AUTH_KEY, Options, STANDARD_KEY, Scenario, Simulation},
};

use crate::harness::{Doctor, Server};

/// Characters that need escapes in JSON, in a URL, or in both.
const ODD_KEY: &str = r#"AQ.FAKE"odd/key%with+signs_in_it-0123456789"#;

/// Shaped like a key, and in no scenario.
const OWN_KEY: &str = "AIzaSyFAKEexample_planted-by_this-test_1";

/// Shaped like nothing that is known.
const OPAQUE_KEY: &str = "9f8e7d6c5b4a-fake-example-0123456789";

/// A proxy's login, and its password.
const LOGIN: &str = "alice:hunter2pass-fake-example-987654";
const PASSWORD: &str = "hunter2pass-fake-example-987654";

#[test]
fn no_format_of_any_live_command_shows_the_key() {
    for scenario in ["consumer-suspended", "standard-key-rejected-2026"] {
        for command in ["check-key", "list-models", "doctor"] {
            for format in Format::ALL {
                let line = format!("{command} --simulate {scenario} --format {}", format.word());
                assert_clean(Doctor::line(&line), &[AUTH_KEY, OTHER_AUTH_KEY, STANDARD_KEY]);
            }
        }
    }
}

#[test]
fn no_layer_leaks_a_key_to_a_stream_a_report_or_a_log() {
    let mut layers = BTreeSet::new();
    for scenario in simulate::scenarios().filter(|one| one.exit != 0 && one.needs.met()) {
        if layers.insert(scenario.layer) {
            let files = Format::ALL.into_iter().filter(is_a_file);
            let reports = files.flat_map(|format| {
                ["--report".to_owned(), format!("{0}=report.{0}", format.word())]
            });
            let doctor = Doctor::new(scenario.command)
                .args(&["--simulate", scenario.id, "--format", "plain", "-vv", "--log", "log"])
                .args(&reports.collect::<Vec<_>>());
            assert_clean(doctor, &keys_of(scenario));
        }
    }
    assert!(layers.len() >= 15, "only {layers:?} were tried");
}

/// A file that a command with checks can write.
fn is_a_file(format: &Format) -> bool {
    format.goes_to(Place::File) && format.is_for(Holds::Checks)
}

#[test]
fn scenarios_whose_key_is_no_plain_key_leak_nothing_either() {
    for id in [
        "key-quoted",
        "key-bearer-prefix",
        "key-truncated",
        "api-key-control-characters",
        "wrong-provider-key",
        "oauth-token-as-key",
        "successor-key-fails",
        "profiles-share-key",
        "dotenv-malformed",
        "key-command-failed",
    ] {
        let scenario = simulate::find(id).expect("a scenario");
        for format in ["table", "json"] {
            let doctor = Doctor::new(scenario.command);
            let doctor = doctor.args(&["--simulate", id, "--format", format, "-vv"]);
            assert_clean(doctor, &keys_of(scenario));
        }
    }
}

#[test]
fn commands_that_ask_nothing_show_no_key_of_this_machine() {
    for line in ["", "fixes", "fixes --format json", "simulate --list", "help variables"] {
        let doctor = Doctor::line(line).env("GEMINI_API_KEY", OWN_KEY);
        assert_clean(
            doctor.file(".env", format!("GOOGLE_API_KEY={AUTH_KEY}\n")),
            &[OWN_KEY, AUTH_KEY],
        );
    }
}

#[test]
fn a_key_typed_where_it_does_not_belong_is_scrubbed() {
    for line in [
        format!("check-key {OWN_KEY}"),
        OWN_KEY.to_owned(),
        format!("check-key --api-key={OWN_KEY}"),
        format!("list-models {OWN_KEY} --simulate healthy"),
        format!("check-key --model {OWN_KEY} --simulate healthy"),
        format!("check-key --simulate {OWN_KEY} --format json"),
        format!("check-key --resolve {OWN_KEY}"),
        format!("check-key --base-url https://localhost/?key={OWN_KEY}"),
        format!("check-key --key-file {OWN_KEY}"),
        format!("check-key --profile {OWN_KEY}"),
        format!("check-key --fail-on {OWN_KEY}"),
        format!("fixes {OWN_KEY}"),
        format!("fixes --search {OWN_KEY}"),
        format!("help {OWN_KEY}"),
        format!("simulate {OWN_KEY} --format json"),
    ] {
        assert_clean(Doctor::line(&line), &[OWN_KEY]);
    }
}

#[test]
fn a_transport_matrix_sends_the_key_by_every_route_and_prints_it_by_none() {
    let server = Server::start("healthy");
    for format in ["table", "ndjson"] {
        let line = format!("check-key --transport-matrix --yes --log log --format {format}");
        assert_clean(server.doctor(&line), &[AUTH_KEY]);
    }
    let ways: BTreeSet<&str> =
        server.simulation.requests().iter().map(|seen| seen.key_in).collect();
    assert!(ways.contains("query") && ways.contains("bearer"), "{ways:?}");
    assert_absent(&server.log(), AUTH_KEY, "the simulator's log");
    assert!(server.log().contains("sha256:"), "{}", server.log());
}

#[test]
fn a_key_with_odd_characters_is_sent_and_hidden() {
    let server = Server::start("consumer-suspended");
    for format in ["table", "json", "junit", "markdown"] {
        let doctor = server.doctor(&format!("check-key --log log --format {format}"));
        assert_clean(doctor.env("GEMINI_API_KEY", ODD_KEY), &[ODD_KEY]);
    }
    let all = "check-key --transport-matrix --yes --format json";
    assert_clean(server.doctor(all).env("GEMINI_API_KEY", ODD_KEY), &[ODD_KEY]);
    let sent = server.simulation.requests();
    assert!(sent.iter().any(|seen| seen.key_in == "header"), "the key was sent: {sent:?}");
    assert_absent(&server.log(), ODD_KEY, "the simulator's log");
}

#[test]
fn a_scenario_file_with_an_odd_key_is_run_and_its_key_hidden() {
    let toml = format!("id = \"odd\"\n[client.variables]\nGEMINI_API_KEY = '{ODD_KEY}'\n");
    for format in ["table", "json"] {
        let line = format!("check-key --simulate odd.toml --format {format} -vv");
        assert_clean(Doctor::line(&line).file("odd.toml", &toml), &[ODD_KEY]);
    }
}

#[test]
fn a_server_that_echoes_the_successors_key_does_not_make_it_shown() {
    let toml = format!(
        "id = \"echo\"\n[client.variables]\nGEMINI_API_KEY = \"{AUTH_KEY}\"\n\
         NEW_KEY = \"{OPAQUE_KEY}\"\n[[rules]]\n\
         route = \"count\"\nact = {{ status = 200, google = true, body = \
         '{{\"totalTokens\": 1, \"responseId\": \"{OPAQUE_KEY}\"}}' }}\n"
    );
    for format in ["table", "json", "ndjson"] {
        let line = format!(
            "check-key --simulate echo.toml --successor env:NEW_KEY --log log --format {format}"
        );
        assert_clean(Doctor::line(&line).file("echo.toml", &toml), &[OPAQUE_KEY]);
    }
}

#[test]
fn no_part_of_an_echoed_key_is_left_where_a_text_is_cut() {
    let toml = format!(
        "id = \"cut\"\n[client.variables]\nGEMINI_API_KEY = \"{OPAQUE_KEY}\"\n[[rules]]\n\
         act = {{ status = 400, google = true, body = '{{\"error\": {{\"code\": 400, \
         \"status\": \"INVALID_ARGUMENT\", \"message\": \"{}{OPAQUE_KEY}\"}}}}' }}\n",
        "x".repeat(170)
    );
    for format in ["table", "json"] {
        let line = format!("check-key --simulate cut.toml --log log --format {format}");
        assert_clean(Doctor::line(&line).file("cut.toml", &toml), &[OPAQUE_KEY]);
    }
}

#[test]
fn a_proxy_that_echoes_its_login_shows_nothing_of_it() {
    let login = STANDARD_NO_PAD.encode(LOGIN);
    for answer in [
        format!("403 Forbidden\r\n\r\n{LOGIN} {login}"),
        format!("403 no {LOGIN}\r\n\r\n"),
        format!("403 {}{LOGIN}\r\n\r\n", "x".repeat(160)),
        format!("407 {login}\r\nProxy-Authenticate: {LOGIN}\r\n\r\n"),
    ] {
        let proxy = proxy_that_answers(format!("HTTP/1.1 {answer}"));
        let url = format!("http://{LOGIN}@{proxy}");
        let line = "check-key --base-url https://example.invalid --format json --log log";
        let doctor = || Doctor::line(line).env("GEMINI_API_KEY", OWN_KEY);
        assert_clean(doctor().args(&["--proxy", &url]), &[LOGIN, PASSWORD]);
        assert_clean(doctor().env("HTTPS_PROXY", &url), &[LOGIN, PASSWORD]);
        let config = doctor().env("GEMINI_DOCTOR_CONFIG", "c.toml");
        assert_clean(config.file("c.toml", format!("proxy = '{url}'\n")), &[LOGIN, PASSWORD]);
    }
}

/// A proxy that gives every question the same answer, until the test ends.
fn proxy_that_answers(answer: String) -> std::net::SocketAddr {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut question = [0; 4096];
            let _ = stream.read(&mut question);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn other_sources_of_a_key_are_as_quiet() {
    let server = Server::start("api-key-invalid");
    let check = "check-key --format json -vv";
    let by_file = server.doctor(&format!("{check} --key-file key"));
    assert_clean(by_file.file("key", OWN_KEY), &[OWN_KEY]);
    if cfg!(unix) {
        let by_command = server.doctor(check).args(&["--key-command", "cat key"]);
        assert_clean(by_command.file("key", OWN_KEY), &[OWN_KEY]);
    }
    let file = server.doctor(&format!("{check} --env-file e")).file("e", "GEMINI_API_KEY='x\n");
    assert_clean(file, &[AUTH_KEY]);
}

#[test]
fn a_leak_would_be_found_in_every_spelling() {
    for spelling in spellings(AUTH_KEY) {
        let text = format!("before{spelling}after");
        assert!(leak(&text, AUTH_KEY).is_some(), "{spelling}");
    }
    let padded = STANDARD_NO_PAD.encode(format!("xx{AUTH_KEY}yyy"));
    assert!(leak(&padded, AUTH_KEY).is_some(), "{padded}");
    assert_eq!(leak("AQ.... sha256:f4c1a8d0", AUTH_KEY), None);
}

/// Runs to the end, and holds both streams and every file that the run wrote against the keys.
fn assert_clean(doctor: Doctor, keys: &[impl AsRef<str>]) {
    let before: BTreeSet<_> = files(doctor.path()).into_iter().collect();
    let words = doctor.words();
    let (ran, directory) = doctor.run_and_keep();
    assert!(ran.code != 70 && !ran.stderr.contains("panicked"), "{words}\n{}", ran.stderr);
    assert!(!(ran.stdout.is_empty() && ran.stderr.is_empty()), "{words} said nothing");
    for key in keys.iter().map(AsRef::as_ref) {
        assert_absent(&ran.stdout, key, &words);
        assert_absent(&ran.stderr, key, &words);
        for path in files(directory.path()).into_iter().filter(|path| !before.contains(path)) {
            let text = String::from_utf8_lossy(&std::fs::read(&path).expect("a file")).into_owned();
            assert_absent(&text, key, &path.display().to_string());
        }
    }
}

fn assert_absent(text: &str, key: &str, whence: &str) {
    if let Some(spelling) = leak(text, key) {
        panic!("{whence} shows a key as {spelling}\n{text}");
    }
}

fn leak(text: &str, key: &str) -> Option<String> {
    spellings(key).into_iter().find(|spelling| text.contains(spelling.as_str()))
}

/// The key as it is, its greater part, and both as URLs, JSON and base64 have them.
fn spellings(key: &str) -> Vec<String> {
    let escape = |byte: u8, all: bool| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' if !all => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    let json = serde_json::to_string(key).expect("JSON");
    let mut all = vec![
        key.to_owned(),
        key[key.len() / 3..].to_owned(),
        key[..key.len() * 2 / 3].to_owned(),
        json.trim_matches('"').to_owned(),
        key.bytes().map(|byte| escape(byte, false)).collect(),
        key.bytes().map(|byte| escape(byte, true)).collect(),
    ];
    for skip in 0..3 {
        let rest = &key.as_bytes()[skip..];
        let whole = &rest[..rest.len() / 3 * 3];
        all.extend([STANDARD_NO_PAD.encode(whole), URL_SAFE_NO_PAD.encode(whole)]);
    }
    all
}

/// The fake keys that a scenario puts into variables and files.
fn keys_of(scenario: &Scenario) -> Vec<String> {
    let simulation =
        Simulation::start(scenario, &Options::for_scenario(scenario)).expect("a simulation");
    let client = simulation.client();
    let mut texts: Vec<String> = client.variables.iter().map(|(_, value)| value.clone()).collect();
    let read = files(&client.directory).into_iter().map(std::fs::read);
    texts.extend(read.flatten().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()));
    let is_key = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let mut keys: Vec<String> = texts
        .iter()
        .flat_map(|text| text.split(move |letter| !is_key(letter)))
        .filter(|word| word.contains("FAKE") && word.len() >= 16)
        .map(str::to_owned)
        .collect();
    keys.extend([AUTH_KEY, OTHER_AUTH_KEY, STANDARD_KEY].map(str::to_owned));
    keys
}

/// Every file below a folder, but not the insides of git.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.ends_with(".git") => {}
            path if path.is_dir() => found.extend(files(&path)),
            path => found.push(path),
        }
    }
    found
}
