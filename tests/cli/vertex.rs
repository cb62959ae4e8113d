//! The cloud platform with a login: each kind of credentials with each way to fail, the calls of every command, and
//! no secret in any output.

use std::{fs, path::Path};

use gemini_doctor::simulate::{self, Options, Simulation};
use regex::Regex;
use serde_json::Value;

use crate::harness::Doctor;

/// Scenario, command, the row that fails, the cause, and the exit code.
type Row = (&'static str, &'static str, &'static str, &'static str, i32);

#[rustfmt::skip]
const FAILURES: &[Row] = &[
    // No login, or a file that is none.
    ("adc-missing", "check-key", "adc.token", "adc-missing", 2),
    ("adc-file-unusable", "check-key", "adc.source", "adc-file-unusable", 1),
    ("adc-json-corrupt", "check-key", "adc.shape", "adc-json-corrupt", 1),
    ("adc-wrong-file", "check-key", "adc.shape", "adc-wrong-file", 1),
    ("adc-placeholder", "check-key", "adc.shape", "adc-placeholder", 1),
    ("adc-private-key-damaged", "check-key", "adc.key", "adc-private-key-damaged", 1),
    ("adc-foreign-universe", "check-key", "adc.shape", "adc-foreign-universe", 1),
    ("adc-foreign-token-host", "check-key", "adc.shape", "adc-foreign-token-host", 1),
    // Expired and revoked.
    ("oauth-invalid-grant", "check-key", "adc.token", "oauth-invalid-grant", 1),
    ("adc-reauth-required", "check-key", "adc.token", "adc-reauth-required", 1),
    ("workload-proof-expired", "check-key", "adc.token", "workload-proof-expired", 1),
    ("service-account-key-deleted", "check-key", "adc.exchange", "service-account-key-deleted", 1),
    ("service-account-key-deleted", "check-key --deep", "adc.token", "service-account-key-deleted", 1),
    ("service-account-gone", "check-key", "adc.exchange", "service-account-gone", 1),
    ("token-endpoint-down", "check-key", "adc.token", "token-endpoint-down", 3),
    ("token-endpoint-odd", "check-key", "adc.token", "token-endpoint-odd", 1),
    ("oauth-client-deleted", "check-key", "adc.token", "oauth-client-deleted", 1),
    // A clock that is off, by either way to a token.
    ("adc-clock-skewed", "check-key", "adc.exchange", "adc-clock-skewed", 4),
    ("adc-clock-skewed", "check-key --deep", "adc.clock", "adc-clock-skewed", 4),
    ("adc-clock-skewed.ahead", "check-key --deep", "adc.clock", "adc-clock-skewed", 4),
    // A wrong audience, of a statement and of a proof.
    ("token-audience-wrong", "check-key --deep", "adc.token", "token-audience-wrong", 1),
    ("token-audience-wrong.proof", "check-key", "adc.token", "token-audience-wrong", 1),
    // Permissions: to lend an account, to call a model, to use a project's quota.
    ("impersonation-denied", "check-key", "adc.token", "impersonation-denied", 1),
    ("impersonation-denied.workload", "check-key", "adc.token", "impersonation-denied", 1),
    ("vertex-iam-predict-denied.login", "check-key", "cloud.permission", "vertex-iam-predict-denied", 1),
    ("project-permission-denied.quota", "check-key", "cloud.permission", "project-permission-denied", 1),
    ("quota-project-missing", "check-key", "cloud.service", "quota-project-missing", 1),
    ("metadata-without-account", "check-key", "adc.token", "metadata-without-account", 1),
    ("oauth-scope-insufficient.metadata", "check-key", "api.list", "oauth-scope-insufficient", 1),
    // A wrong project, an API that is off, no billing.
    ("cloud-project-missing", "check-key", "cloud.project", "cloud-project-missing", 1),
    ("vertex-project-misconfigured.variable", "check-key", "cloud.project", "vertex-project-misconfigured", 1),
    ("consumer-invalid-project.vertex", "check-key", "cloud.service", "consumer-invalid-project", 1),
    ("service-disabled.vertex", "check-key", "cloud.service", "service-disabled", 1),
    ("billing-disabled.vertex", "check-key", "cloud.service", "billing-disabled", 1),
    // A wrong location.
    ("cloud-location-malformed", "check-key", "cloud.location", "cloud-location-malformed", 1),
    ("vertex-model-not-in-region.login", "check-key --model gemini-3.5-flash", "api.model", "vertex-model-not-in-region", 1),
    // Quota of one's own, and what all share.
    ("quota-requests-per-minute.vertex", "check-key", "cloud.quota", "quota-requests-per-minute", 3),
    ("vertex-shared-capacity-429.login", "check-key", "cloud.quota", "vertex-shared-capacity-429", 3),
];

#[test]
fn each_failure_of_each_login_has_its_row_and_its_cause() {
    let mut wrong = Vec::new();
    for (scenario, command, row, cause, exit) in FAILURES {
        let ran = simulated(&format!("{command} --api vertex"), scenario, &["--format", "json"]);
        let report: Value = serde_json::from_str(&ran.0).expect("a document");
        let failed = failed_rows(&report);
        let first = report["findings"][0]["id"].as_str();
        if !failed.contains(&(*row).to_owned()) || first != Some(cause) || ran.2 != *exit {
            wrong.push(format!("{scenario}: {failed:?} {first:?} exit {}", ran.2));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn failed_rows(report: &Value) -> Vec<String> {
    let rows = report["checks"].as_array().expect("rows").iter();
    let failed = rows.filter(|row| row["status"] == "fail");
    failed.map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

fn simulated(line: &str, scenario: &str, more: &[&str]) -> (String, String, i32) {
    let ran = Doctor::line(line).args(&["--simulate", scenario]).args(more).run();
    (ran.stdout, ran.stderr, ran.code)
}

const HEALTHY: [&str; 8] = [
    "vertex",
    "vertex.user",
    "vertex.impersonated",
    "vertex.delegated",
    "vertex.external-file",
    "vertex.external-url",
    "vertex.metadata",
    "vertex.metadata-project",
];

#[test]
fn each_login_passes_every_stage() {
    for scenario in HEALTHY {
        let (stdout, _, code) =
            simulated("check-key --deep --api vertex", scenario, &["--format", "json"]);
        let report: Value = serde_json::from_str(&stdout).expect("a document");
        assert_eq!((code, failed_rows(&report)), (0, vec![]), "{scenario}");
        for row in ["adc.source", "adc.token", "cloud.auth", "cloud.service", "cloud.permission"] {
            let rows = report["checks"].as_array().expect("rows");
            let found = rows.iter().find(|check| check["id"] == row);
            assert_eq!(found.map(|row| &row["status"]), Some(&"pass".into()), "{scenario} {row}");
        }
        assert_eq!(report["target"]["api"], "vertex");
        assert_eq!(report["credential"]["fingerprint"], Value::Null);
        // Nothing that a healthy report tells is a secret.
        assert!(!stdout.contains("[redacted"), "{scenario}\n{stdout}");
    }
}

#[test]
fn a_missing_role_comes_with_the_line_that_grants_it() {
    let (stdout, ..) = simulated("check-key --api vertex", "vertex-iam-predict-denied.login", &[]);
    let line = "gcloud projects add-iam-policy-binding simulated-project \
                --member=serviceAccount:caller@simulated-project.iam.gserviceaccount.com \
                --role=roles/aiplatform.user";
    assert!(stdout.contains(line), "{stdout}");
    let (stdout, ..) = simulated("check-key --api vertex", "impersonation-denied", &[]);
    let line = "gcloud iam service-accounts add-iam-policy-binding \
                lent@simulated-project.iam.gserviceaccount.com \
                --member=serviceAccount:caller@simulated-project.iam.gserviceaccount.com \
                --role=roles/iam.serviceAccountTokenCreator";
    assert!(stdout.contains(line), "{stdout}");
    let (stdout, ..) = simulated("check-key --api vertex", "service-disabled.vertex", &[]);
    assert!(stdout.contains("overview?project=simulated-project"), "{stdout}");
}

#[test]
fn every_command_speaks_to_the_platform() {
    for line in [
        "list-models --api vertex",
        "list-models gemini-3.5-flash --verify --api vertex",
        "probe-alias gemini-3.5-flash --api vertex --yes",
        "probe-alias gemini-3.5-flash --no-preflight --api vertex --yes",
        "doctor --api vertex",
        "bench-transport --rounds 3 --api vertex",
    ] {
        for scenario in ["vertex", "vertex.impersonated", "vertex.metadata"] {
            let (stdout, _, _) = simulated(line, scenario, &["--format", "json"]);
            let report: Value = serde_json::from_str(&stdout).expect("a document");
            assert_eq!(failed_rows(&report), Vec::<String>::new(), "{line} {scenario}");
        }
    }
    for line in ["probe-alias gemini-3.5-flash --api express --yes", "doctor --api express"] {
        let (stdout, _, code) = simulated(line, "express", &["--format", "json"]);
        assert_eq!(code, 0, "{line}\n{stdout}");
    }
}

#[test]
fn a_location_against_a_model_is_told_before_anything_is_sent() {
    let line = "check-key --api vertex --model gemini-3.5-flash";
    let scenario = "vertex-model-not-in-region.login";
    let (stdout, ..) = simulated(line, scenario, &["--format", "json"]);
    let report: Value = serde_json::from_str(&stdout).expect("a document");
    let rows = report["checks"].as_array().expect("rows");
    let place = rows.iter().position(|row| row["id"] == "cloud.location").expect("a row");
    assert!(rows[..place].iter().all(|row| row["attempts"] == serde_json::json!([])));
    assert_eq!(rows[place]["status"], "warn");
    // Where nobody names a model, one is picked that the place has.
    let (stdout, _, code) = simulated("check-key --api vertex", scenario, &[]);
    assert!(code == 0 && stdout.contains("gemini-2.5-flash, picked"), "{stdout}");
}

#[test]
fn a_switch_of_the_sdks_is_reported_and_never_obeyed() {
    let ran = Doctor::line("check-key --format json --simulate sdk-vertex-switch").run();
    assert_eq!(ran.json()["target"]["api"], "gemini");
    assert_eq!(ran.json()["findings"][0]["id"], "sdk-vertex-switch");
}

#[test]
fn what_contradicts_itself_is_a_usage_error() {
    for (line, words) in [
        ("check-key --project p-1", "only the cloud platform"),
        ("check-key --api express --location us", "only the cloud platform"),
        (
            "check-key --api vertex --credentials a --simulate vertex",
            "--credentials with --simulate",
        ),
        ("check-key --api vertex --expect-dead", "it is about keys"),
        ("check-key --api vertex --transport-matrix --yes", "it is about keys"),
        ("list-models --api express", "has no list"),
    ] {
        let ran = Doctor::line(line).run();
        assert_eq!(ran.code, 2, "{line}\n{}", ran.stderr);
        assert!(ran.stderr.contains(words), "{line}\n{}", ran.stderr);
    }
}

#[test]
fn a_machine_without_a_login_may_be_content_with_that() {
    let line = "check-key --api vertex --without-key skip";
    let (stdout, _, code) = simulated(line, "adc-missing", &[]);
    assert!(code == 0 && stdout.contains("SKIPPED"), "{stdout}");
}

/// A simulation in this process whose secrets are known here, and the program led to it by options alone.
struct World {
    simulation: Simulation,
    folder: tempfile::TempDir,
}

impl World {
    fn start(scenario: &str) -> Self {
        let folder = tempfile::tempdir().expect("a scratch directory");
        let scenario = simulate::find(scenario).expect("a built-in scenario");
        let log_file = Some(folder.path().join("log.ndjson"));
        let options = Options { log_file, ..Options::for_scenario(scenario) };
        let simulation = Simulation::start(scenario, &options).expect("a simulation");
        fs::write(folder.path().join("ca.pem"), simulation.ca_pem()).expect("written");
        Self { simulation, folder }
    }

    fn doctor(&self, line: &str) -> Doctor {
        let ca = self.folder.path().join("ca.pem");
        let mut doctor = Doctor::line(line).args(&["--ca-file", &ca.display().to_string()]);
        let port = self.simulation.address().port();
        for host in [
            "aiplatform.googleapis.com",
            "oauth2.googleapis.com",
            "sts.googleapis.com",
            "iamcredentials.googleapis.com",
            "login.example",
        ] {
            doctor = doctor.args(&["--resolve", &format!("{host}:443:127.0.0.1:{port}")]);
        }
        if let Some(address) = self.simulation.metadata_address() {
            doctor = doctor.env("GCE_METADATA_HOST", address.to_string());
        }
        let variables = &self.simulation.client().variables;
        variables.iter().fold(doctor, |doctor, (name, value)| doctor.env(name, value))
    }

    /// Every text that nothing may show.
    fn secrets(&self) -> Vec<String> {
        let directory = &self.simulation.client().directory;
        let mut secrets: Vec<String> =
            ["FAKE-simulated-", "1//0FAKE", "GOCSPX-FAKE", "PRIVATE KEY"].map(str::to_owned).into();
        let text = fs::read_to_string(directory.join("login.json")).unwrap_or_default();
        let file: Value = serde_json::from_str(&text).unwrap_or_default();
        for value in [&file["private_key"], &file["source_credentials"]["private_key"]] {
            let lines = value.as_str().unwrap_or_default().lines();
            secrets.extend(lines.filter(|line| line.len() > 40).map(str::to_owned));
        }
        let proof = fs::read_to_string(directory.join("proof.jwt")).unwrap_or_default();
        secrets.extend(proof.split('.').filter(|part| part.len() > 20).map(str::to_owned));
        secrets
    }
}

/// Every text that the program left behind, in every format and file.
fn everything_said(world: &World, line: &str) -> Vec<(String, String)> {
    let formats = ["table", "plain", "json", "ndjson", "junit", "markdown", "github"];
    let mut said = Vec::new();
    for format in formats {
        let (ran, folder) = world
            .doctor(line)
            .args(&["--format", format, "-vv", "--log", "log.ndjson"])
            .args(&["--report", "html=report.html", "--report", "json=report.json"])
            .run_and_keep();
        said.push((format!("{format} stdout"), ran.stdout));
        said.push((format!("{format} stderr"), ran.stderr));
        for name in ["log.ndjson", "report.html", "report.json"] {
            said.push((format!("{format} {name}"), read(&folder.path().join(name))));
        }
    }
    said.push(("the simulator's log".to_owned(), read(&world.folder.path().join("log.ndjson"))));
    said
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn no_private_key_and_no_token_is_in_any_output() {
    let statement = Regex::new(r"eyJ[A-Za-z0-9_-]{16,}").expect("a pattern");
    for scenario in [
        "vertex",
        "vertex.user",
        "vertex.delegated",
        "vertex.external-file",
        "vertex.external-url",
        "vertex.metadata",
        "service-account-key-deleted",
        "oauth-invalid-grant",
        "token-audience-wrong.proof",
        "impersonation-denied",
        "adc-private-key-damaged",
        "adc-wrong-file",
    ] {
        let world = World::start(scenario);
        let secrets = world.secrets();
        for (place, text) in everything_said(&world, "check-key --deep --api vertex") {
            for secret in &secrets {
                let shown = text.contains(secret.as_str());
                // The names of the simulator's own fields are no secret of a login.
                assert!(!shown, "{scenario}: {place} shows {secret}\n{text}");
            }
            assert!(!statement.is_match(&text), "{scenario}: {place} shows a statement\n{text}");
        }
        assert!(!world.simulation.requests().is_empty() || scenario.starts_with("adc-"));
    }
}

#[test]
fn a_login_is_sent_to_nobody_but_its_own_hosts() {
    let world = World::start("vertex.delegated");
    let ran = world.doctor("check-key --deep --api vertex").run();
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    for seen in world.simulation.requests() {
        let own = ["oauth2.", "iamcredentials.", "aiplatform."];
        assert!(own.iter().any(|start| seen.host.starts_with(start)), "{}", seen.host);
        assert!(!seen.path.contains("key=") && !seen.path.contains("token="), "{}", seen.path);
    }
    let asked: Vec<String> =
        world.simulation.requests().into_iter().map(|seen| seen.path).collect();
    assert_eq!(asked.iter().filter(|path| *path == "/token").count(), 1, "{asked:?}");
}

/// What a run shows of one row.
fn detail(report: &Value, id: &str) -> String {
    let rows = report["checks"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["id"] == id);
    row.and_then(|row| row["detail"].as_str()).unwrap_or_default().to_owned()
}

#[test]
fn where_a_token_goes_is_said_as_it_is_of_a_key() {
    let world = World::start("vertex");
    let line = "check-key --api vertex --base-url https://login.example --format json";
    let ran = world.doctor(line).run();
    let report = ran.json();
    let (route, host) = (detail(&report, "api.route"), detail(&report, "net.endpoint"));
    assert!(route.contains("https://login.example"), "{route}");
    assert!(route.contains("the access token went there because it was named"), "{route}");
    assert!(host.contains("login.example is not a Google endpoint"), "{host}");
    assert!(host.contains("prompts and the access token pass through it"), "{host}");
    assert!(!ran.stdout.contains("the key pass"), "{}", ran.stdout);
    let let_in = detail(&report, "cloud.auth");
    assert!(let_in.ends_with("by login.example, which need not be Google"), "{let_in}");
}

#[test]
fn a_project_that_may_be_mistyped_is_said_to_be_with_the_one_that_the_login_has() {
    for (project, cause) in [
        ("smiulated-project", "consumer-invalid-project"),
        ("Simulated_Project", "vertex-project-misconfigured"),
    ] {
        let line = format!("check-key --api vertex --project {project}");
        let (stdout, _, code) = simulated(&line, "vertex", &["--format", "json"]);
        let report: Value = serde_json::from_str(&stdout).expect("a document");
        let finding = &report["findings"][0];
        assert_eq!((finding["id"].as_str(), code), (Some(cause), 1), "{report:#}");
        assert!(finding["title"].as_str().is_some_and(|title| title.contains("mistyped")));
        let fixes = finding["fixes"].to_string();
        assert!(fixes.contains("export GOOGLE_CLOUD_PROJECT=simulated-project"), "{fixes}");
        assert!(!stdout.contains("the project of this key"), "{stdout}");
    }
    let line = "check-key --api vertex --project smiulated-project";
    let (stdout, ..) = simulated(line, "vertex", &["--format", "json"]);
    let report: Value = serde_json::from_str(&stdout).expect("a document");
    let told = detail(&report, "cloud.project");
    assert!(told.contains("the credentials' own is simulated-project"), "{told}");
    let ruled_out = report["findings"][0]["ruled_out"].to_string();
    assert!(ruled_out.contains("which comes after the login"), "{ruled_out}");
}

#[test]
fn gaps_of_commands_are_filled_from_what_the_run_knows() {
    let (stdout, ..) = simulated("check-key --api vertex", "service-account-key-deleted", &[]);
    let line = "--iam-account=caller@simulated-project.iam.gserviceaccount.com";
    assert!(stdout.contains(line) && !stdout.contains("ACCOUNT@"), "{stdout}");
    let (stdout, ..) = simulated("check-key --api vertex", "token-audience-wrong.proof", &[]);
    assert!(!stdout.contains("describe PROVIDER") && !stdout.contains("pool=POOL"), "{stdout}");
}

#[test]
fn who_is_in_the_location_global_is_not_sent_there() {
    let advice = |more: &[&str]| {
        let scenario = "vertex-shared-capacity-429.login";
        let (stdout, ..) = simulated("check-key --api vertex", scenario, more);
        assert!(stdout.contains("vertex-shared-capacity-429"), "{stdout}");
        stdout.contains("GOOGLE_CLOUD_LOCATION=global")
    };
    assert!(!advice(&[]));
    assert!(advice(&["--location", "us-central1"]));
}

#[test]
fn a_key_alone_has_no_list_to_verify_and_is_told_what_to_ask_instead() {
    for (line, command) in [
        ("list-models gemini-3.5-flash --verify --api express", "--model gemini-3.5-flash"),
        ("list-models --verify --api express", "--model NAME"),
    ] {
        let ran = Doctor::line(line).args(&["--simulate", "express"]).run();
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains("has no list, and so nothing to verify"), "{}", ran.stderr);
        assert!(ran.stderr.contains(command), "{}", ran.stderr);
    }
    let line = "check-key --api express --no-generate --model gemini-3.5-flash";
    let (stdout, _, code) = simulated(line, "express", &[]);
    assert_eq!(code, 0, "{stdout}");
}

#[test]
fn a_file_of_a_foreign_host_is_not_followed() {
    let world = World::start("adc-foreign-token-host");
    let ran = world.doctor("check-key --deep --api vertex").run();
    assert_eq!(ran.code, 1);
    assert_eq!(world.simulation.requests().len(), 0, "{}", ran.stdout);
}

#[test]
fn a_named_file_that_is_missing_has_no_stand_in() {
    let world = World::start("vertex.metadata");
    let ran = world
        .doctor("check-key --api vertex --format json")
        .env("GOOGLE_APPLICATION_CREDENTIALS", "gone.json")
        .run();
    assert_eq!(ran.json()["findings"][0]["id"], "adc-file-unusable");
    assert_eq!(world.simulation.requests().len(), 0);
}

#[test]
fn a_login_is_told_among_the_rows_of_the_machine_and_is_quiet_where_there_is_none() {
    let row = |doctor: Doctor| {
        let report = doctor.run().json();
        let rows = report["checks"].as_array().expect("rows").clone();
        rows.into_iter().find(|row| row["id"] == "local.credentials")
    };
    let line = "doctor --only local --format json";
    assert_eq!(row(Doctor::line(line)), None);
    let home = ".config/gcloud/application_default_credentials.json";
    let broken = Doctor::line(line).file(home, "{\"type\": \"authorized");
    let folder = broken.path().display().to_string();
    let found = row(broken.env("HOME", folder)).expect("a row");
    assert_eq!(found["status"], "warn");
    assert!(found["detail"].as_str().expect("words").contains("the JSON is cut"), "{found}");
    // What is asked with a key is not stopped by it.
    let named = Doctor::line(line).env("GOOGLE_APPLICATION_CREDENTIALS", "gone.json").run();
    assert_eq!(named.code, 0, "{}", named.stdout);
    assert_eq!(named.json()["findings"][0]["id"], "adc-file-unusable");
}
