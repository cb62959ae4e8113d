//! The local stage of `doctor`: quiet where all is well, exact where it is not, and never a key in any output.

use fastrand::Rng;
use gemini_doctor::{report::Format, secret::ApiKey};
use serde_json::Value;

use crate::harness::{Doctor, Ran};

/// A key as chance makes one, with the word in it; none is written down.
fn key(seed: u64) -> String {
    let mut rng = Rng::with_seed(seed);
    let chance =
        |rng: &mut Rng, length: usize| (0..length).map(|_| rng.alphanumeric()).collect::<String>();
    format!("{}.k{}FAKE{}7", "AQ", chance(&mut rng, 20), chance(&mut rng, 22))
}

fn findings(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().map(|finding| finding["id"].as_str().expect("an id").to_owned()).collect()
}

fn local() -> Doctor {
    Doctor::line("doctor --only local --format json")
}

fn scan() -> Doctor {
    Doctor::line("doctor --scan --format json")
}

#[test]
fn an_empty_directory_is_quiet_and_needs_no_key() {
    for doctor in [local(), scan()] {
        let ran = doctor.run();
        assert_eq!((ran.code, findings(&ran)), (0, vec![]), "{}", ran.stdout);
        let report = ran.json();
        assert_eq!(report["run"]["budget"]["requests_used"], 0);
        let checks = report["checks"].as_array().expect("checks");
        assert!(checks.iter().any(|check| check["id"] == "local.sdks"));
        let is_quiet = |check: &Value| check["status"] == "pass" || check["id"] == "key.shape";
        assert!(checks.iter().all(is_quiet), "{checks:?}");
    }
}

#[test]
fn a_healthy_project_is_quiet() {
    let site = ".venv/lib/python3.12/site-packages";
    for doctor in [local(), scan()] {
        let ran = doctor
            .env("GEMINI_API_KEY", key(1))
            .file(".venv/pyvenv.cfg", "")
            .file(&format!("{site}/google_genai-2.30.1.dist-info/METADATA"), "")
            .file(&format!("{site}/google/genai/__init__.py"), "")
            .file("requirements.txt", "google-genai==2.30.1\n")
            .file("app.py", "from google import genai\nmodel = 'gemini-4-argon'\n")
            .file(".env.example", "GEMINI_API_KEY=\n")
            .file("web/package.json", r#"{"dependencies": {"@google/genai": "^2.29.0"}}"#)
            .file("web/package-lock.json", "{}")
            .file("web/node_modules/@google/genai/package.json", r#"{"version": "2.29.1"}"#)
            .file("web/dist/index.html", "<script src=a.js></script>")
            .file("web/dist/a.js", "document.title='x';fetch('/api/chat')")
            .run();
        assert_eq!((ran.code, findings(&ran)), (0, vec![]), "{}", ran.stdout);
    }
}

#[test]
fn an_open_version_is_a_note_and_no_warning() {
    let ran = local().args(&["--fail-on", "warn"]).file("requirements.txt", "google-genai\n").run();
    assert_eq!((ran.code, findings(&ran)), (0, vec!["sdk-version-open".to_owned()]));
    assert_eq!(ran.json()["findings"][0]["severity"], "note");
    assert_eq!(ran.json()["verdict"]["status"], "pass");
}

#[test]
fn a_key_in_a_bundle_is_found_by_its_place_and_its_fingerprint() {
    let key = key(2);
    let ran = scan()
        .env("GEMINI_API_KEY", &key)
        .file("dist/app.js", format!("\nconst k = \"{key}\";"))
        .run();
    assert_eq!((ran.code, findings(&ran)), (1, vec!["key-in-bundle".to_owned()]), "{}", ran.stdout);
    let report = ran.json();
    let found = &report["data"]["scan"]["found"][0];
    assert_eq!(found["fingerprint"], ApiKey::new(key.as_str()).fingerprint());
    assert_eq!(
        (&found["line"], &found["column"], &found["in_use"]),
        (&2.into(), &12.into(), &true.into())
    );
    assert_eq!(found["file"], "dist/app.js");
}

#[test]
fn another_directory_can_be_looked_through_and_one_that_is_not_there_is_a_usage_error() {
    let doctor =
        || Doctor::line("doctor --format json").file("a/x.py", format!("k = '{}'", key(3)));
    let inside = doctor().args(&["--scan", "a"]).run();
    assert_eq!(findings(&inside), ["key-in-working-tree"]);
    assert_eq!(inside.json()["data"]["scan"]["found"][0]["file"], "x.py");
    let missing = doctor().args(&["--scan", "b"]).run();
    assert_eq!(missing.code, 2, "{}", missing.stdout);
    let out = doctor().args(&["--scan", "/", "--simulate", "healthy"]).run();
    assert_eq!(out.code, 2, "{}", out.stdout);
}

#[test]
fn no_format_shows_a_key_that_was_found() {
    let keys = [key(4), key(5)];
    for format in Format::ALL {
        let options = match format.word() {
            "csv" | "hdr" => continue,
            "html" => vec!["--report".to_owned(), "html=out.html".to_owned()],
            word => vec!["--format".to_owned(), word.to_owned()],
        };
        let (ran, directory) = Doctor::line("doctor --scan -vv")
            .args(&options)
            .env("GEMINI_API_KEY", &keys[0])
            .file("dist/app.js", format!("const k = '{}', l = '{}';", keys[0], keys[1]))
            .file("logs/a.log", format!("GET /?key={}", keys[1]))
            .run_and_keep();
        let page = std::fs::read_to_string(directory.path().join("out.html")).unwrap_or_default();
        assert!(ran.stdout.len() > 200, "{format:?}: {}", ran.stderr);
        for text in [&ran.stdout, &ran.stderr, &page] {
            for part in keys.iter().flat_map(|key| [&key[3..15], &key[20..32], &key[36..48]]) {
                assert!(!text.contains(part), "{format:?}: {text}");
            }
        }
    }
}

#[test]
fn sarif_is_for_runs_that_look_through_files() {
    let refused = Doctor::line("check-key --format sarif --simulate healthy").run();
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("places in files") && refused.stderr.contains("junit"),
        "{}",
        refused.stderr
    );
    let (ran, directory) = Doctor::line("doctor --scan --format sarif --report sarif=out.sarif")
        .file("dist/app.js", format!("const k = '{}';", key(6)))
        .run_and_keep();
    let log: Value = ran.json();
    assert_eq!(log["version"], "2.1.0");
    let result = &log["runs"][0]["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&"key-in-bundle".into(), &"error".into()));
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "dist/app.js");
    assert!(!ran.stdout.contains(&directory.path().display().to_string()), "{}", ran.stdout);
    let written = std::fs::read_to_string(directory.path().join("out.sarif")).expect("written");
    let written: Value = serde_json::from_str(&written).expect("JSON");
    assert_eq!(written["runs"][0]["results"], log["runs"][0]["results"]);
}

#[test]
fn sarif_names_files_from_where_the_code_is_shown() {
    let ran = Doctor::line("doctor --format sarif --scan sub")
        .file("sub/dist/app.js", format!("const k = '{}';", key(6)))
        .file("dist/app.js", "")
        .run();
    let log: Value = ran.json();
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "sub/dist/app.js", "{}", ran.stdout);
}

#[test]
fn a_text_in_utf_16_is_looked_through() {
    let text = format!("GEMINI_API_KEY={}\r\n", key(8));
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let ran = scan().file("app.log", bytes).run();
    assert_eq!(findings(&ran), ["key-in-log"], "{}", ran.stdout);
}

#[test]
fn stand_ins_are_told_apart() {
    let ran = scan()
        .file("README.md", "export GEMINI_API_KEY=AQ.FAKE-key-for-an-example-in-a-manual-0001\n")
        .file("dist/a.js", "k='AIzaSyEXAMPLE-0000-example-key-example0'")
        .run();
    assert_eq!((ran.code, findings(&ran)), (0, vec![]), "{}", ran.stdout);
    let report = ran.json();
    let found = report["data"]["scan"]["found"].as_array().expect("a list");
    assert!(found.len() == 2 && found.iter().all(|one| one["stand_in"] == true), "{found:?}");
}

#[test]
fn a_named_check_of_files_looks_through_the_directory() {
    let ran = Doctor::line("doctor --only local.loose --format json")
        .file("x.py", format!("k = '{}'", key(7)))
        .run();
    assert_eq!(findings(&ran), ["key-in-working-tree"]);
    assert_eq!(ran.json()["checks"].as_array().map(Vec::len), Some(1));
}

#[test]
fn an_error_of_an_sdk_is_explained_with_the_version_that_is_here() {
    let error =
        "ValueError: Model gemini-3.8-flash is not supported. Supported models: gemini-1.5-pro";
    let explain = || Doctor::new(&["explain", "--format", "json", error]);
    let evidence = |ran: &Ran| ran.json()["findings"][0]["evidence"].to_string();
    let ran = explain().file("requirements.txt", "google-genai==1.9.0\n").run();
    assert_eq!(findings(&ran)[0], "sdk-model-list-outdated");
    assert!(evidence(&ran).contains("in this directory: google-genai 1.9.0 in requirements.txt:1"));
    assert!(!evidence(&explain().run()).contains("in this directory"));
}

/// A service account's file as it is exported, with a key from chance.
fn account(seed: u64) -> String {
    let title = "PRIVATE KEY";
    let body: String = (seed..seed + 30).map(|seed| key(seed)[3..].to_owned()).collect();
    format!(
        "{{\"type\": \"service_account\", \"private_key\": \"-----BEGIN {title}-----\\n{body}\\n\
         -----END {title}-----\\n\"}}"
    )
}

#[test]
fn sarif_says_as_much_as_the_exit_code() {
    let sarif = |name: &str| {
        let doctor = Doctor::line("doctor --scan --format sarif").file(name, account(40));
        let doctor = doctor.file("x.py", "pass\n");
        let ran = doctor.run();
        let log = ran.json();
        let run = &log["runs"][0];
        assert_eq!(run["results"][0]["ruleId"], "service-account-key-exposed", "{log}");
        assert_eq!(run["invocations"][0]["exitCode"], ran.code);
        (ran.code, run["results"][0]["level"].as_str().expect("a level").to_owned())
    };
    assert_eq!(sarif("dist/account.json"), (1, "error".to_owned()));
    assert_eq!(sarif("account.log"), (0, "warning".to_owned()));
}

#[test]
fn a_key_under_a_name_that_is_not_read_is_named_with_the_fix() {
    let key = key(60);
    let text = format!("VITE_GEMINI_API_KEY={key}\n");
    let ran = Doctor::line("check-key --format json").file(".env", &text).run();
    let all = findings(&ran);
    assert_eq!((ran.code, all[0].as_str()), (2, "key-under-other-name"), "{}", ran.stdout);
    assert!(all.contains(&"key-in-public-variable".to_owned()), "{all:?}");
    assert!(!all.contains(&"key-not-set".to_owned()), "{all:?}");
    let report = ran.json();
    let first = &report["findings"][0];
    let action = first["fixes"][0]["action"].as_str().expect("an action");
    assert!(action.starts_with("Rename VITE_GEMINI_API_KEY to GEMINI_API_KEY"), "{action}");
    assert_eq!(first["fixes"][1]["command"], "export GEMINI_API_KEY=\"$VITE_GEMINI_API_KEY\"");
    let said = first["evidence"][0]["text"].as_str().expect("evidence");
    assert!(said.contains(".env:1 VITE_GEMINI_API_KEY") && said.contains("no SDK reads"), "{said}");
    assert!(!ran.stdout.contains(&key[3..20]));
    let table = Doctor::line("doctor --scan").file(".env", &text).run().stdout;
    assert!(!table.contains("where it belongs"), "{table}");
    assert!(table.contains("key-in-public-variable"), "{table}");
}

#[cfg(unix)]
#[test]
fn a_file_without_a_key_is_not_said_to_show_one() {
    let ran = Doctor::line("check-key --format json").file(".env", "GEMINI_MODEL=x\n").run();
    assert_eq!((ran.code, findings(&ran)), (2, vec!["key-not-set".to_owned()]), "{}", ran.stdout);
}

#[test]
fn a_project_for_node_is_given_the_command_of_node() {
    let text = r#"{"dependencies": {"@google/genai": "^0.1.3"}}"#;
    let ran = local().file("package.json", text).run();
    let report = ran.json();
    assert_eq!(findings(&ran), ["sdk-version-open-node"]);
    assert!(report["findings"][0]["fixes"][0]["command"].to_string().contains("npm "));
    assert_eq!(report["data"]["sdks"][0]["asked"], "^0.1.3");
    let table = Doctor::line("doctor --only local").file("package.json", text).run().stdout;
    assert!(table.contains("^0.1.3") && !table.contains("pip "), "{table}");
}

#[test]
fn check_key_fills_in_the_model_that_it_asked() {
    let ran = Doctor::line("check-key --simulate alias-backend-missing --format json").run();
    let report = ran.json();
    let finding = &report["findings"][0];
    let model = report["target"]["model"].as_str().expect("a model");
    let confirm = finding["confirm"].as_str().expect("words");
    assert_eq!(confirm, format!("gemini-doctor probe-alias {model} says HEALTHY."));
    let fixes = finding["fixes"].to_string();
    assert!(fixes.contains(&format!("probe-alias {model}")) && !fixes.contains("MODEL"), "{fixes}");
}
