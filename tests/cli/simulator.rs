//! `gemini-doctor simulate`: the same dishonest Gemini for clients that are none of ours.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

use gemini_doctor::simulate::AUTH_KEY;
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{Doctor, Ran, doctor, has, root};

#[test]
fn a_client_of_another_maker_is_served_over_both_versions_of_http() {
    if !has("curl", "--version") {
        return;
    }
    let mut running = Running::start("healthy --log log.ndjson");
    for (option, version, status) in
        [("--http1.1", "1.1", "200"), ("--http2", "2", "200"), ("--http2", "2", "403")]
    {
        let key = if status == "200" { AUTH_KEY } else { "" };
        let answer = running.ask(&[option, "--header", &format!("x-goog-api-key: {key}")]);
        let Some(answer) = answer else { return };
        assert!(answer.ends_with(&format!("|{version}|{status}")), "{option}\n{answer}");
        assert_eq!(answer.contains("models/gemini-"), status == "200", "{answer}");
    }
    let ran = running.stop();
    assert!(ran.stdout.contains("got 3 requests, 0 of them generating"), "{ran:?}");
    let log = std::fs::read_to_string(running.folder.path().join("log.ndjson")).expect("a log");
    assert_eq!(log.lines().count(), 3, "{log}");
    assert!(log.contains("\"key\":\"sha256:") && !log.contains("FAKE"), "{log}");
}

#[test]
fn our_own_client_comes_in_by_the_front_door_too() {
    let mut running = Running::start("api-key-leaked --expect-calls 1");
    let ran = running.doctor("check-key --format json").run();
    assert_eq!(ran.json()["findings"][0]["id"], "api-key-leaked", "{ran:?}");
    assert_eq!(running.stop().code, 0, "somebody called");
}

#[test]
fn nobody_called_is_a_failure_where_calls_were_expected() {
    let line = "simulate healthy --listen 127.0.0.1:0 --for 0.1";
    assert_eq!(doctor(line).code, 0);
    let ran = doctor(&format!("{line} --expect-calls 1"));
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("got 0 requests") && ran.stderr.contains("hint: "), "{ran:?}");
    let report = doctor(&format!("{line} --expect-calls 1 --format json")).json();
    assert_eq!(report["verdict"]["exit_code"], 1, "{report}");
}

#[test]
fn only_this_machine_is_listened_to() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let ran = doctor(&format!("simulate healthy --listen {address} --for 0.1"));
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains("not a loopback address"), "{}", ran.stderr);
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address");
    let ran = doctor(&format!("simulate healthy --listen {address} --for 0.1"));
    assert!(ran.code == 2 && ran.stderr.contains(&address.to_string()), "{ran:?}");
}

#[test]
fn the_documented_scenario_file_works() {
    let path = root().join("src/simulate/bodies/example.toml");
    let example = std::fs::read_to_string(path).expect("the example");
    let ran = Doctor::line("doctor --model gemini-3.5-flash --simulate rainy.toml --format json")
        .file("rainy.toml", &example)
        .run();
    let report = ran.json();
    assert_eq!(report["findings"][0]["id"], "alias-backend-missing", "{report:#}");
    assert_eq!((ran.code, &report["run"]["simulated"]), (3, &"rainy.toml".into()));
    assert_eq!(report["attempts"][0]["http"], "HTTP/1.1");
    let served = Doctor::line("simulate rainy.toml --listen 127.0.0.1:0 --for 0.1")
        .file("rainy.toml", &example)
        .run();
    assert!(served.code == 0 && served.stderr.contains("rainy-monday"), "{served:?}");
}

#[test]
fn a_scenario_file_that_is_wrong_is_told_where() {
    for (text, word) in [
        ("summary = \"no id\"\n", "id"),
        ("id = \"x\"\nway = \"sideways\"\n", "sideways"),
        ("id = \"x\"\ncolour = \"red\"\n", "colour"),
        ("id = ", "line 1"),
    ] {
        let line = "check-key --simulate wrong.toml --format json";
        let ran = Doctor::line(line).file("wrong.toml", text).run();
        let message = ran.json()["error"]["message"].to_string();
        assert_eq!(ran.code, 2, "{message}");
        assert!(message.contains("wrong.toml") && message.contains(word), "{text}: {message}");
    }
}

#[test]
fn the_same_seed_gives_the_same_strip() {
    let strip = |seed: u32| {
        let line = format!("doctor --simulate alias-404 --seed {seed} --format json");
        doctor(&line).json()["data"]["alias"]["outcomes"].clone()
    };
    let seen: Vec<Value> = (1..=4).map(strip).collect();
    assert_eq!(seen[0], strip(1));
    assert!(seen.iter().any(|one| *one != seen[0]), "other seeds, other dice: {seen:?}");
}

/// The simulator as a process of its own, which knows when it listens.
struct Running {
    child: Child,
    folder: TempDir,
    base_url: String,
    said: String,
}

impl Running {
    fn start(arguments: &str) -> Self {
        let line = format!("simulate {arguments} --listen 127.0.0.1:0 --for 30 --ca-out ca.pem");
        let (mut command, folder) = Doctor::line(&line).into_command();
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut stderr = BufReader::new(child.stderr.as_mut().expect("piped"));
        let mut said = String::new();
        while !said.contains("CA        ") {
            assert!(stderr.read_line(&mut said).expect("text") > 0, "it ended: {said}");
        }
        let base_url = said.lines().find_map(|line| line.strip_prefix("note: base URL  "));
        let base_url = base_url.expect("a base URL").to_owned();
        Self { child, folder, base_url, said }
    }

    /// The list of models, then version and status; nothing where this curl cannot.
    fn ask(&self, options: &[&str]) -> Option<String> {
        let answer = Command::new("curl")
            .args(["-q", "--silent", "--show-error", "--noproxy", "*", "--cacert"])
            .arg(self.folder.path().join("ca.pem"))
            .args(["--write-out", "|%{http_version}|%{http_code}"])
            .args(options)
            .arg(format!("{}/v1beta/models", self.base_url))
            .output()
            .expect("curl runs");
        let words = String::from_utf8_lossy(&answer.stderr);
        if words.contains("does not support") {
            eprintln!("skipped: {words}");
            return None;
        }
        assert!(answer.status.success(), "{words}");
        Some(String::from_utf8_lossy(&answer.stdout).into_owned())
    }

    fn doctor(&self, line: &str) -> Doctor {
        let ca = self.folder.path().join("ca.pem").display().to_string();
        let doctor = Doctor::line(line).args(&["--base-url", &self.base_url, "--ca-file", &ca]);
        doctor.env("GEMINI_API_KEY", AUTH_KEY)
    }

    /// Stops it as Ctrl-C does, or hard where there is no such thing.
    fn stop(&mut self) -> Ran {
        #[cfg(unix)]
        crate::harness::signal(&self.child, "INT");
        #[cfg(not(unix))]
        self.child.kill().expect("killed");
        let code = self.child.wait().expect("it ends").code().unwrap_or(-1);
        let mut stdout = String::new();
        self.child.stdout.take().expect("piped").read_to_string(&mut stdout).expect("text");
        Ran { code, stdout, stderr: self.said.clone() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // After a failed assertion it still runs; otherwise it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
