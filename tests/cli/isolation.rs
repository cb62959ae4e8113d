//! A simulated run sees nothing of the machine it runs on: no variable, no file, no proxy, no config.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::Doctor;

const HOSTILE_TOML: &str = "base_url = \"https://hostile.example\"\nmodel = \"hostile-model\"\n\
     proxy = \"http://127.0.0.1:1\"\ntimeout = 0.001\nconnect_timeout = 0.001\n";

const HOSTILE_DOTENV: &str = "GEMINI_API_KEY=AQ.FAKE-hostile-key-0123456789-0123456789\nGEMINI_MODEL=hostile-model\nnonsense\n";

/// Variables that would lead a run astray, if they were obeyed.
const HOSTILE: [(&str, &str); 20] = [
    ("GEMINI_API_KEY", "AQ.FAKE-hostile-key-0123456789-0123456789"),
    ("GOOGLE_API_KEY", "AIzaFAKE-hostile-key-0123456789-012345x"),
    ("GEMINI_MODEL", "hostile-model"),
    ("GOOGLE_GEMINI_BASE_URL", "https://hostile.example"),
    ("GOOGLE_VERTEX_BASE_URL", "https://hostile.example"),
    ("GOOGLE_GENAI_USE_VERTEXAI", "true"),
    ("GOOGLE_GENAI_USE_ENTERPRISE", "true"),
    ("HTTPS_PROXY", "http://127.0.0.1:1"),
    ("https_proxy", "http://127.0.0.1:1"),
    ("HTTP_PROXY", "http://127.0.0.1:1"),
    ("http_proxy", "http://127.0.0.1:1"),
    ("ALL_PROXY", "socks5://127.0.0.1:1"),
    ("all_proxy", "socks5://127.0.0.1:1"),
    ("NO_PROXY", "*"),
    ("SSL_CERT_FILE", "no-such-file.pem"),
    ("SSL_CERT_DIR", "no-such-folder"),
    ("GEMINI_DOCTOR_CONFIG", "hostile.toml"),
    ("HOME", "home"),
    ("XDG_CONFIG_HOME", "home/.config"),
    ("APPDATA", "home/.config"),
];

const LINES: [&str; 9] = [
    "doctor --simulate healthy",
    "doctor --simulate alias-404",
    "check-key --simulate healthy --deep",
    "check-key --simulate key-not-set",
    "check-key --simulate proxy-auth-required",
    "check-key --simulate tls-ca-missing",
    "check-key --simulate sdk-base-url-redirected",
    "list-models --simulate healthy",
    "check-key --simulate healthy --dry-run",
];

#[test]
fn nothing_of_the_machine_reaches_a_simulated_run() {
    for line in LINES {
        let line = format!("{line} --format json --seed 7");
        let calm = Doctor::line(&line).run();
        let rough = hostile(&line).run();
        let differences = differences(&settled(rough.json()), &settled(calm.json()), "");
        assert_eq!(differences, Vec::<String>::new(), "{line}");
        assert_eq!((rough.code, &rough.stderr), (calm.code, &calm.stderr), "{line}");
    }
}

/// Without a scenario each of them counts, so the test above has something to keep out.
#[test]
fn the_same_surroundings_do_reach_a_real_run() {
    let line = "check-key --dry-run --format json";
    let calm = Doctor::line(line).run();
    let rough = hostile(line).env("SSL_CERT_FILE", "").env("SSL_CERT_DIR", "").run();
    let (calm, rough) = (settled(calm.json()), settled(rough.json()));
    assert_eq!(rough["target"]["base_url"], "https://hostile.example", "{rough}");
    for part in ["target", "credential"] {
        assert_ne!(rough[part], calm[part], "{part}");
    }
}

#[test]
fn what_would_bring_the_machine_back_in_is_refused() {
    for option in [
        "--key-file key.txt",
        "--env-file .env",
        "--proxy http://127.0.0.1:1",
        "--key-stdin",
        "--key-command true",
        "--resolve generativelanguage.googleapis.com:443:127.0.0.1",
    ] {
        let option_name = option.split(' ').next().expect("a word");
        for command in ["check-key", "list-models", "doctor"] {
            let line = format!("{command} --simulate healthy --format json");
            let ran = Doctor::line(&line).args(&option.splitn(2, ' ').collect::<Vec<_>>()).run();
            let error = &ran.json()["error"];
            let message = error["message"].as_str().expect("a message");
            assert!(ran.code == 2 && message.contains(option_name), "{line} {option}: {error}");
            assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("--simulate")));
        }
    }
}

#[test]
fn a_successor_of_the_machine_is_refused_and_one_of_the_scenario_is_not() {
    for source in ["file:key.txt", "stdin", "command:touch ran"] {
        let doctor = Doctor::line("check-key --simulate successor-key-fails --successor");
        let (ran, folder) = doctor.args(&[source]).file("key.txt", "AQ.FAKE").run_and_keep();
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{source}: {ran:?}");
        assert!(ran.stderr.contains("--successor") && ran.stderr.contains("--simulate"), "{ran:?}");
        assert!(!folder.path().join("ran").exists(), "nothing was run");
    }
    let line = "check-key --simulate successor-key-fails --successor env:NEW_GEMINI_API_KEY";
    assert_eq!(Doctor::line(line).run().code, 1);
}

#[test]
fn every_simulated_output_says_so() {
    for command in ["check-key", "list-models", "doctor"] {
        for format in ["table", "plain", "markdown", "github", "junit", "json", "ndjson"] {
            let ran =
                Doctor::line(&format!("{command} --simulate healthy --format {format}")).run();
            let first: String = ran.stdout.lines().take(12).collect();
            let says = first.to_lowercase().contains("simulated") || format == "json";
            assert!(says, "{command} {format}\n{}", ran.stdout);
        }
        let report = Doctor::line(&format!("{command} --simulate healthy --format json")).run();
        assert_eq!(report.json()["run"]["simulated"], "healthy");
    }
}

/// The program in surroundings that would lead it astray, if it obeyed them.
pub fn hostile(line: &str) -> Doctor {
    let doctor = Doctor::line(line)
        .file(".env", HOSTILE_DOTENV)
        .file("hostile.toml", HOSTILE_TOML)
        .file("home/.config/gemini-doctor/config.toml", HOSTILE_TOML);
    HOSTILE.iter().fold(doctor, |doctor, (name, value)| doctor.env(name, value))
}

/// The document without what differs between any two runs: ids, times, ports, made-up names.
pub fn settled(mut report: Value) -> Value {
    report["run"]["id"] = Value::Null;
    settle(&mut report);
    report
}

/// Where two documents differ, and how.
pub fn differences(left: &Value, right: &Value, at: &str) -> Vec<String> {
    let below =
        |key: &str, left: &Value, right: &Value| differences(left, right, &format!("{at}/{key}"));
    match (left, right) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
            keys.into_iter().flat_map(|key| below(key, &left[key], &right[key])).collect()
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            let pairs = ours.iter().zip(theirs).enumerate();
            pairs.flat_map(|(place, (one, other))| below(&place.to_string(), one, other)).collect()
        }
        _ if left == right => Vec::new(),
        _ => vec![format!("{at}: {left} instead of {right}")],
    }
}

fn settle(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let is_volatile = matches!(name.as_str(), "started_at" | "phases" | "response_id");
                if is_volatile || name.ends_with("_ms") {
                    *member = Value::Null;
                } else {
                    settle(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(settle),
        Value::String(text) => *text = crate::harness::settle(text),
        _ => {}
    }
}
