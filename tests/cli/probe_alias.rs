//! `probe-alias`: verdicts, figures and causes as the real binary tells them, and what it does with
//! arguments that make no sense.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use gemini_doctor::simulate::AUTH_KEY;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Doctor, Ran, Server};

const NAME: &str = "gemini-3.5-flash";

fn probe(line: &str) -> (Ran, Value) {
    let ran = Doctor::line(&format!("probe-alias {line} --format json")).run();
    let report = ran.json();
    (ran, report)
}

/// A world of its own for the usual name.
fn in_world(line: &str, rules: &str) -> (Ran, Value) {
    let world = format!(
        "id = \"world\"\nsummary = \"a test's own\"\n\n[client.variables]\nGEMINI_API_KEY = {AUTH_KEY:?}\n{rules}"
    );
    let line = format!("probe-alias {line} --simulate world.toml --format json");
    let ran = Doctor::line(&line).file("world.toml", world).run();
    let report = ran.json();
    (ran, report)
}

fn rule(route: &str, when: &str, status: u16, word: &str, message: &str) -> String {
    let body = json!({"error": {"code": status, "message": message, "status": word}});
    format!(
        "[[rules]]\nroute = \"{route}\"\nwhen = {when}\nact = {{ status = {status}, google = true, \
         type = \"application/json\", body = '{body}' }}\n"
    )
}

#[test]
fn the_reported_case_is_told_with_its_figures() {
    let line = format!("{NAME} --samples 25 --siblings all --simulate alias-404");
    let (ran, report) = probe(&line);
    assert_eq!(ran.code, 3, "{report:#}");
    let data = &report["data"];
    assert_eq!((&data["verdict"], &report["verdict"]["word"]), (&json!("FLAKY"), &json!("FLAKY")));
    assert_eq!((&data["failures"], &data["attempts"]), (&json!(17), &json!(25)));
    let rate = &data["failure_rate"];
    assert_eq!(rate["method"], "wilson");
    let percent = |end: &str| (rate[end].as_f64().expect("a share") * 1000.0).round();
    assert_eq!((percent("value"), percent("low"), percent("high")), (680.0, 484.0, 828.0));
    assert_eq!(data["by_build"][0]["build"], "gemini-v4p1s-rev24-ajax-sentinel");
    assert_eq!(data["siblings_pooled"]["attempts"], 36);
    let p = data["siblings_pooled"]["fisher_p"].as_f64().expect("a p-value");
    assert!((p / 2.0e-9 - 1.0).abs() < 0.05, "{p}");
    assert_eq!(
        data["retry"]["after_three_retries"].as_f64().map(|it| (it * 1000.0).round()),
        Some(786.0)
    );
    assert_eq!(data["retry"]["tries_for_target"], 12);
    assert_eq!(data["route_to"], "gemini-flash-latest");
    assert_eq!(report["findings"][0]["id"], "alias-backend-missing");
    let table = Doctor::line(&format!("probe-alias {line}")).run().stdout;
    for part in [
        "17 of 25 calls fail with 404 (68 %",
        "48-83 %",
        "2.0e-9",
        "3 retries reach 78.6 %",
        "12 tries 99 %",
    ] {
        assert!(table.replace("\n       ", " ").contains(part), "{part}\n{table}");
    }
}

#[test]
fn a_perfect_name_costs_31_calls_and_no_control() {
    let (ran, report) = probe(&format!("{NAME} --simulate alias-healthy"));
    let data = &report["data"];
    assert_eq!((ran.code, &data["verdict"]), (0, &json!("HEALTHY")), "{report:#}");
    assert_eq!((&data["attempts"], &data["attempts_at_verdict"]), (&json!(31), &json!(31)));
    assert_eq!(report["run"]["budget"]["paid_requests_used"], 31);
    assert_eq!(data["siblings"], json!([]));
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("below 9.2 %"), "{sentence}");
    let limits = report["limits"].to_string();
    assert!(limits.contains("299 clean calls"), "{limits}");
}

#[test]
fn calls_to_the_verdict_and_calls_in_all_are_told_apart() {
    let (_, report) = probe(&format!("{NAME} --simulate alias-404 --siblings none"));
    let data = &report["data"];
    let count = |name: &str| data[name].as_u64().expect(name);
    assert!(count("attempts_at_rate_decision") <= count("attempts_at_verdict"));
    assert!(count("attempts_at_verdict") < count("attempts"));
    assert_eq!(count("attempts"), 25);
    let (_, short) = probe(&format!("{NAME} --simulate alias-404 --verdict-only"));
    assert_eq!(short["data"]["attempts"], data["attempts_at_verdict"]);
}

#[test]
fn a_wrong_name_is_found_without_a_paid_call() {
    for name in ["gemini-3.5-flahs", "gpt-4o"] {
        let (ran, report) = probe(&format!("{name} --simulate healthy"));
        assert_eq!((ran.code, &report["data"]["verdict"]), (1, &json!("WRONG NAME")), "{report:#}");
        assert_eq!(report["run"]["budget"]["paid_requests_used"], 0);
    }
    let (ran, report) = probe("gemini-3.5-flahs --no-preflight --simulate healthy");
    assert_eq!((ran.code, &report["data"]["verdict"]), (1, &json!("WRONG NAME")), "{report:#}");
    assert_eq!(report["run"]["budget"]["paid_requests_used"], 2);
}

#[test]
fn a_thousand_plain_404s_are_no_missing_build() {
    let no_list = rule("list", "\"always\"", 503, "UNAVAILABLE", "The service is unavailable.");
    let (_, report) =
        in_world("gemini-3.5-flahs --no-preflight --samples 1000 --siblings none", &no_list);
    assert_eq!(report["data"]["failures"], 1000);
    assert_eq!(report["data"]["verdict"], "INCONCLUSIVE", "nobody could ask the list");
    let named = report["findings"].to_string();
    assert!(!named.contains("alias-backend-missing") && !named.contains("alias-down"), "{named}");
    assert_eq!(report["data"]["by_build"], json!([]));
}

#[test]
fn a_quota_ends_it_with_what_is_known() {
    let (ran, report) = probe(&format!("{NAME} --simulate alias-429-only"));
    assert_eq!(
        (&report["data"]["verdict"], &report["data"]["attempts"]),
        (&json!("INCONCLUSIVE"), &json!(1))
    );
    assert_eq!((ran.code, &report["findings"][0]["id"]), (3, &json!("quota-requests-per-minute")));
    assert_eq!(report["data"]["failures"], 0, "a quota is no failure of the name");
}

#[test]
fn a_rate_that_is_throttled_is_halved_and_the_pause_is_kept() {
    let body = json!({"error": {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED", "details": [
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": "GenerateRequestsPerMinutePerProjectPerModel"}]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "20s"}]}});
    let rules = format!(
        "[[rules]]\nroute = \"generate\"\nwhen = {{ first = 1 }}\nact = {{ status = 429, google = true, \
         type = \"application/json\", body = '{body}' }}\n"
    );
    let (_, report) = in_world(&format!("{NAME} --rate 2 --duration 60s"), &rules);
    let data = &report["data"];
    assert!(data["notes"].to_string().contains("throttles"), "{report:#}");
    assert_eq!(data["verdict"], "HEALTHY", "{report:#}");
    let attempts = data["attempts"].as_u64().expect("a number");
    assert!((39..=43).contains(&attempts), "40 s at one call a second: {attempts}");
}

#[test]
fn other_failures_have_findings_of_their_own() {
    for (scenario, verdict, finding, code) in [
        ("alias-overloaded", "HEALTHY", "model-overloaded-503", 3),
        ("alias-503-only", "INCONCLUSIVE", "model-overloaded-503", 3),
        ("alias-403-midway", "INCONCLUSIVE", "project-denied-access", 1),
        ("alias-gateway-404", "HEALTHY", "gateway-route-missing", 3),
        ("alias-empty", "HEALTHY", "empty-candidate-no-text", 3),
    ] {
        let (ran, report) = probe(&format!("{NAME} --simulate {scenario}"));
        assert_eq!(report["data"]["verdict"], verdict, "{scenario} {report:#}");
        assert_eq!(report["findings"][0]["id"], finding, "{scenario}");
        assert_eq!((ran.code, &report["data"]["failures"]), (code, &json!(0)), "{scenario}");
    }
    let (_, lost) = probe(&format!("{NAME} --simulate alias-lost"));
    assert_eq!(lost["data"]["verdict"], "INCONCLUSIVE", "the network was lost, not the name");
    assert_eq!(lost["data"]["answered"], 10);
}

#[test]
fn a_sibling_is_named_where_the_name_is_overloaded() {
    let (_, report) = probe(&format!("{NAME} --simulate alias-503-only"));
    assert_eq!(report["data"]["route_to"], "gemini-flash-latest", "{report:#}");
}

#[test]
fn what_failures_go_with_is_forced_and_told() {
    for (scenario, options, factor) in [
        ("alias-sticky", "", "connection"),
        ("alias-rotating", "", "turn"),
        ("alias-per-http", "", "http"),
        ("alias-sdk-only", "--as-sdk node", "client"),
    ] {
        let (_, report) = probe(&format!("{NAME} --simulate {scenario} {options}"));
        let attribution = &report["data"]["attribution"];
        assert_eq!(attribution["factor"], factor, "{scenario} {attribution:#}");
        assert_eq!(attribution["forced"]["result"], "consistent", "{scenario} {attribution:#}");
    }
    let (_, report) = probe(&format!("{NAME} --simulate alias-404 --samples 25 --siblings none"));
    assert_eq!(report["data"]["attribution"]["factor"], Value::Null);
}

#[test]
fn the_present_counts_and_changes_are_dated() {
    let (ran, report) =
        probe(&format!("{NAME} --samples 120 --siblings none --simulate alias-recovery"));
    assert_eq!((ran.code, &report["data"]["verdict"]), (0, &json!("HEALTHY")), "{report:#}");
    let (_, report) =
        probe(&format!("{NAME} --samples 120 --siblings none --simulate alias-onset"));
    let data = &report["data"];
    assert_eq!(data["verdict"], "FLAKY");
    let began = &data["changes"][1];
    let order = ["began_after", "began_at", "began_before"]
        .map(|it| began[it].as_str().expect(it).to_owned());
    assert!(order.is_sorted(), "{began:#}");
}

#[test]
fn a_model_in_its_place_is_a_warning() {
    let (ran, report) = probe(&format!("{NAME} --samples 60 --simulate alias-drift"));
    assert_eq!((ran.code, &report["data"]["verdict"]), (0, &json!("REROUTED")), "{report:#}");
    assert_eq!(report["findings"][0]["id"], "alias-rerouted");
    let (ran, report) = probe(&format!("{NAME} --simulate alias-versions-vary"));
    assert_eq!((ran.code, &report["data"]["verdict"]), (0, &json!("HEALTHY")), "{report:#}");
    assert_eq!(report["data"]["by_version"].as_array().map(Vec::len), Some(3));
}

#[test]
fn several_calls_at_a_time_are_as_many_calls() {
    let (_, report) =
        probe(&format!("{NAME} --samples 26 --concurrency 4 --siblings none --simulate alias-404"));
    assert_eq!(report["data"]["attempts"], 26);
    assert_eq!(report["data"]["verdict"], "FLAKY");
    let kept =
        probe(&format!("{NAME} --samples 24 --connections 2 --siblings none --simulate healthy")).1;
    assert_eq!(kept["data"]["connections"], 2, "{kept:#}");
}

#[test]
fn senseless_arguments_are_refused_with_a_hint() {
    for (line, part) in [
        ("gemini-3.5-flash --samples 0", "--samples 0"),
        ("gemini-3.5-flash --cap 0", "--cap 0"),
        ("gemini-3.5-flash --connections 65", "more than 64"),
        ("gemini-3.5-flash --healthy-rate 10 --broken-rate 1", "rates"),
        ("gemini-3.5-flash --alpha 0", "rates"),
        ("gemini-3.5-flash --rate 0", "--rate 0"),
        ("gemini-3.5-flash --duration soon", "--duration"),
        ("gemini-3.5-flash --target 100", "--target"),
        ("google/gemini-3.5-flash", "no model's name"),
        ("gemini-3.5-flash --siblings gemini-3.5-flash", "no control of itself"),
        ("gemini-3.5-flash --siblings a/b", "no model's name"),
        ("gemini-3.5-flash --model gemini-2.5-flash", "two names"),
    ] {
        let (ran, report) = probe(&format!("{line} --simulate healthy"));
        assert_eq!(ran.code, 2, "{line}");
        let message = report["error"]["message"].as_str().expect("a message");
        assert!(message.contains(part), "{line}: {message}");
        assert!(!report["error"]["hint"].as_str().expect("a hint").is_empty());
    }
}

#[test]
fn siblings_that_do_not_exist_are_said_and_left_out() {
    let line = format!("{NAME} --siblings gemini-9-none,gemini-flash-latest --simulate alias-404");
    let (_, report) = probe(&line);
    let data = &report["data"];
    assert_eq!(data["siblings"].as_array().map(Vec::len), Some(1), "{report:#}");
    assert!(data["notes"].to_string().contains("gemini-9-none is not in this key's list"));
}

#[test]
fn nothing_is_sent_before_somebody_agrees() {
    let server = Server::start("healthy");
    let line = format!("probe-alias {NAME} --format json");
    let ran = server.doctor(&line).run();
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    let message = ran.json()["error"]["message"].as_str().expect("a message").to_owned();
    assert!(message.contains("paid calls") && message.contains("tokens"), "{message}");
    assert_eq!(server.simulation.connections(), 0);
    let ran = server.doctor(&format!("{line} --max-requests 10")).run();
    assert_eq!(ran.json()["data"]["ended"], "budget", "{}", ran.stdout);
}

#[test]
fn an_issue_text_is_ready_to_send_and_its_loop_counts_the_same() {
    let has = |program: &str| Command::new(program).arg("--version").output().is_ok();
    if !has("bash") || !has("curl") {
        eprintln!("skipped: there is no bash or no curl here");
        return;
    }
    // Two servers of the same seed: one for the probe, one for the loop.
    let first = Server::start("alias-404");
    let line = format!(
        "probe-alias {NAME} --samples 25 --siblings none --connections 1 --yes --vendor-report r.md --format json"
    );
    let (ran, folder) = first.doctor(&line).run_and_keep();
    let report = ran.json();
    let text = std::fs::read_to_string(folder.path().join("r.md")).expect("it was written");
    assert!(text.contains("gemini-v4p1s-rev24-ajax-sentinel") && text.contains("## Requests"));
    assert!(!text.contains("FAKE"), "no key: {text}");
    let code =
        text.split("```sh\n").nth(1).and_then(|it| it.split("\n```").next()).expect("a loop");
    assert!(code.contains("x-goog-api-key: $GEMINI_API_KEY"), "{code}");
    let second = Server::start("alias-404");
    let port = |server: &Server| server.simulation.address().port().to_string();
    let ca = |server: &Server| server.ca().display().to_string();
    let code = code.replace(&port(&first), &port(&second)).replace(&ca(&first), &ca(&second));
    let output = Command::new("bash")
        .args(["-c", &code])
        .current_dir(folder.path())
        .env("GEMINI_API_KEY", AUTH_KEY)
        .output()
        .expect("bash runs");
    let counts = String::from_utf8_lossy(&output.stdout).into_owned();
    let of = |status: &str| {
        let line = counts.lines().find(|line| line.trim().ends_with(status));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0)
    };
    assert_eq!(json!(of("404")), report["data"]["failures"], "{counts}\n{code}");
    assert_eq!(json!(of("200")), report["data"]["answered"], "{counts}");
}

#[test]
fn a_path_without_a_folder_is_told_before_anything_is_sent() {
    let line = format!("{NAME} --simulate alias-404 --vendor-report no/such/folder/r.md");
    let (ran, report) = probe(&line);
    assert_eq!((ran.code, &report["verdict"]["exit_code"]), (2, &json!(2)), "{report:#}");
    assert_eq!(report["attempts"], json!([]));
}

#[test]
fn the_argument_is_the_model_from_the_first_record_on() {
    let line = "probe-alias gemini-2.5-pro --simulate alias-404 --format ndjson";
    let ran = Doctor::line(line).run();
    let first: Value =
        serde_json::from_str(ran.stdout.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["target"]["model"], "gemini-2.5-pro", "{first:#}");
    let (_, planned) = probe("gemini-2.5-pro --simulate alias-404 --dry-run");
    assert_eq!(planned["target"]["model_source"], "argument", "{planned:#}");
}

#[test]
fn nobody_is_sent_to_another_model_that_fails_as_well() {
    let (_, report) = probe(&format!("{NAME} --siblings all --simulate alias-all-broken"));
    let policy = report["data"]["retry"]["policy"].as_str().expect("a policy");
    assert!(policy.starts_with("tell the provider"), "{policy}");
    assert_eq!(report["data"]["route_to"], Value::Null);
}

#[test]
fn no_issue_text_is_written_where_there_is_nothing_to_report() {
    let line = format!("probe-alias {NAME} --simulate alias-healthy --vendor-report r.md");
    let (ran, folder) = Doctor::line(&line).run_and_keep();
    assert_eq!(ran.code, 0);
    assert!(!folder.path().join("r.md").exists());
    assert!(ran.stdout.contains("no issue text was written"), "{}", ran.stdout);
}

/// A run of a minute that has been going for two seconds, so that something can happen to it.
fn two_seconds_into_a_minute(server: &Server, rate: u32) -> (Child, TempDir) {
    let line = format!(
        "probe-alias {NAME} --rate {rate} --duration 60s --siblings none --yes --format json"
    );
    let (mut command, folder) = server.doctor(&line).into_command();
    let child =
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the run starts");
    std::thread::sleep(Duration::from_secs(2));
    (child, folder)
}

#[cfg(unix)]
#[test]
fn a_stopped_run_tells_what_it_knows() {
    let server = Server::start("alias-404");
    let (child, _folder) = two_seconds_into_a_minute(&server, 20);
    let id = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &id]).status().expect("kill runs");
    assert!(killed.success());
    let ran = Ran::new(&child.wait_with_output().expect("it ends"));
    let report = ran.json();
    assert_eq!(ran.code, 130, "{report:#}");
    assert_eq!(report["data"]["verdict"], "FLAKY", "{report:#}");
    assert!(report["data"]["attempts"].as_u64().is_some_and(|calls| calls > 5));
    assert_eq!(report["data"]["ended"], "stopped", "{report:#}");
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(sentence.starts_with(&format!("{NAME}: FLAKY so far: ")), "{sentence}");
}

/// A table, on one line.
fn said(line: &str) -> String {
    let ran = Doctor::line(&format!("probe-alias {line}")).run();
    ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The code of the loop in an issue text.
fn loop_of(text: &str) -> String {
    let code = text.split("```sh\n").nth(1).and_then(|it| it.split("\n```").next());
    code.expect("a loop").to_owned()
}

/// What `curl` counts against a server, by status.
fn counted(code: &str) -> Option<Vec<(String, u64)>> {
    let has = |program: &str| Command::new(program).arg("--version").output().is_ok();
    if !has("bash") || !has("curl") {
        eprintln!("skipped: there is no bash or no curl here");
        return None;
    }
    let output = Command::new("bash").args(["-c", code]).env("GEMINI_API_KEY", AUTH_KEY).output();
    let counts = String::from_utf8_lossy(&output.expect("bash runs").stdout).into_owned();
    let row = |line: &str| {
        let (count, status) = line.trim().split_once(' ')?;
        Some((status.to_owned(), count.parse().ok()?))
    };
    Some(counts.lines().filter_map(row).collect())
}

fn issue_text(server: &Server, options: &str) -> String {
    let line = format!("probe-alias {NAME} --siblings none --yes --vendor-report r.md {options}");
    let (ran, folder) = server.doctor(&line).run_and_keep();
    assert!(ran.stdout.contains("was written to r.md"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("--vendor-report report.md"), "it was given: {}", ran.stdout);
    std::fs::read_to_string(folder.path().join("r.md")).expect("it was written")
}

#[test]
fn the_loop_of_an_issue_text_keeps_to_what_failures_go_with() {
    for (scenario, options, part) in [
        ("alias-sdk-only", "--as-sdk node", "x-goog-api-client: google-genai-sdk/"),
        ("alias-per-http", "", "--http2 "),
    ] {
        let server = Server::start(scenario);
        let text = issue_text(&server, options);
        let code = loop_of(&text);
        assert!(code.contains(part), "{scenario}: {code}");
        assert!(!text.contains("not a client library: ") || options.is_empty(), "{text}");
        assert!(code.starts_with("# ") && code.contains("--cacert"), "the file is local: {code}");
        let Some(counts) = counted(&code) else { return };
        assert!(
            matches!(counts.as_slice(), [(status, _)] if status == "404"),
            "{counts:?}\n{code}"
        );
    }
    let sticky = issue_text(&Server::start("alias-sticky"), "");
    assert!(sticky.contains("Each `curl` opens one of its own"), "{sticky}");
}

#[test]
fn an_issue_text_names_no_project_and_speaks_of_now() {
    let said = "models/x was not found in projects/123456789, project my-secret-project-42.";
    let rules = rule("generate", "{ ratio = 0.5 }", 404, "NOT_FOUND", said);
    let world = format!(
        "id = \"world\"\nsummary = \"a test's own\"\n\n[client.variables]\nGEMINI_API_KEY = {AUTH_KEY:?}\n{rules}"
    );
    let line = format!("probe-alias {NAME} --simulate world.toml --vendor-report r.md");
    let (_, folder) = Doctor::line(&line).file("world.toml", world).run_and_keep();
    let text = std::fs::read_to_string(folder.path().join("r.md")).expect("it was written");
    assert!(!text.contains("123456789") && !text.contains("secret-project"), "{text}");
    assert!(text.contains("projects/PROJECT, project PROJECT."), "{text}");
    let line =
        format!("probe-alias {NAME} --samples 120 --simulate alias-onset --vendor-report r.md");
    let (_, folder) = Doctor::line(&line).run_and_keep();
    let text = std::fs::read_to_string(folder.path().join("r.md")).expect("it was written");
    assert!(text.contains("- as it is now: ") && text.contains("- over the whole run"), "{text}");
}

#[test]
fn every_case_of_a_missing_build_is_told_in_words_that_are_true_of_it() {
    const GONE: &str = " (they name gemini-v4p1s-rev24-ajax-sentinel";
    for (scenario, named) in [
        ("alias-own-name-intermittent", ".".to_owned()),
        ("alias-two-bad-builds", format!("{GONE} and 1 more).")),
        ("alias-404", format!("{GONE}).")),
    ] {
        let table = said(&format!("{NAME} --simulate {scenario}"));
        for wrong in ["The answer names that build", "one of them no longer"] {
            assert!(!table.contains(wrong), "{scenario}: {table}");
        }
        let side =
            "The provider's side: a build behind this model name is gone, so calls get a 404";
        let side = format!("{side}{named}");
        assert!(table.contains(&side), "{scenario}: {table}");
        assert!(table.contains("Meanwhile: gemini-flash-latest."), "{scenario}: {table}");
    }
    let table = said(&format!("{NAME} --simulate alias-per-http"));
    assert!(table.contains("do first speak HTTP/1.1 only fix 1"), "{table}");
}

#[test]
fn a_healthy_name_in_a_run_that_something_else_broke_is_told_with_what_was_counted() {
    for (scenario, part) in [
        ("alias-gateway-404", "28 of 59 calls: The gateway has no such route"),
        (
            "alias-gateway-404",
            "The name itself is HEALTHY: it answered 31 of 31 calls that reached it",
        ),
        ("alias-empty", "it answered 31 of 51 calls that reached it with content, none with a 404"),
        ("alias-overloaded", "The name itself is HEALTHY: it answered 31 of 31"),
    ] {
        let table = said(&format!("{NAME} --simulate {scenario}"));
        assert!(table.contains(part), "{scenario}: {table}");
    }
    let rates = "--healthy-rate 20 --broken-rate 60 --vendor-report r.md";
    let table = said(&format!("{NAME} --simulate alias-rare {rates}"));
    assert!(table.contains("4 of 25 calls failed, which is no more than"), "{table}");
    assert!(!table.contains("no failure of the name itself"), "{table}");
}

#[test]
fn what_ended_a_run_early_is_told_and_what_was_not_sent_is_no_call() {
    let table = said(&format!("{NAME} --simulate alias-404 --max-requests 12"));
    assert!(!table.contains("not about the one name alone"), "no control got a 404: {table}");
    for part in ["- not sent)", "ended after 5 calls: the budget or the time was used up"] {
        assert!(table.contains(part), "{part}: {table}");
    }
    let (_, report) = probe(&format!("{NAME} --simulate alias-404 --max-requests 30"));
    let data = &report["data"];
    let asked = data["siblings"][0]["attempts"].as_u64().expect("a number");
    let paid = report["run"]["budget"]["paid_requests_used"].as_u64();
    assert_eq!(Some(asked + data["attempts"].as_u64().expect("a number")), paid, "{report:#}");
    let (_, report) = probe(&format!("{NAME} --simulate alias-healthy --max-requests 12"));
    assert_eq!(report["data"]["ends"]["not_sent"], 1, "{report:#}");
}

#[test]
fn remarks_repeat_how_this_run_asked_and_which_model() {
    let table = said("--simulate alias-404");
    assert!(table.contains("model gemini-3.5-flash, env:GEMINI_MODEL; for another"), "{table}");
    let table = said("--simulate alias-empty --verdict-only");
    assert!(table.contains("picked: the newest stable flash in this key's list"), "{table}");
    let table = said("--simulate alias-empty --verdict-only --no-preflight");
    assert!(table.contains("picked: the newest stable flash of the dated table"), "{table}");
    let table = said(&format!("{NAME} --simulate alias-404"));
    assert!(table.contains("--duration 10m --simulate alias-404"), "{table}");
    assert!(table.contains("about 600 short calls; asks first"), "{table}");
    assert!(!table.contains("picked:"), "{table}");
}

#[test]
fn the_help_tells_the_exit_code_of_each_verdict() {
    let help = Doctor::line("probe-alias --help").run().stdout;
    for (word, line) in [
        ("HEALTHY", "--simulate alias-healthy"),
        ("REROUTED", "--samples 60 --simulate alias-drift"),
        ("FLAKY", "--simulate alias-404"),
        ("DOWN", "--simulate alias-down"),
        ("INCONCLUSIVE", "--simulate alias-healthy --max-requests 9"),
    ] {
        let (ran, report) = probe(&format!("{NAME} {line}"));
        assert_eq!(report["data"]["verdict"], word, "{line}");
        let row = help.lines().find(|row| row.trim().starts_with(word)).expect(word);
        assert_eq!(row.split_whitespace().nth(1), Some(ran.code.to_string().as_str()), "{row}");
    }
    assert!(help.contains("The first 429 ends the run") && help.contains("--yes --verdict-only"));
}

#[test]
fn tests_say_in_which_direction_they_look() {
    let (_, report) = probe(&format!("{NAME} --siblings all --simulate alias-404"));
    let data = &report["data"];
    assert_eq!(data["siblings_pooled"]["alternative"], "greater", "{data:#}");
    assert_eq!(data["siblings"][0]["alternative"], "greater", "{data:#}");
    assert!(said(&format!("{NAME} --simulate alias-404")).contains("one-sided"));
}

#[test]
fn a_legend_is_not_broken_on_a_narrow_terminal() {
    for line in
        ["--simulate alias-404", "--samples 60 --simulate alias-404", "--simulate alias-healthy"]
    {
        let doctor = Doctor::line(&format!("probe-alias {NAME} {line}")).env("COLUMNS", "60");
        let table = doctor.run().stdout;
        let legend = table.lines().find(|line| line.contains(". answered)")).expect("a legend");
        assert!(legend.contains('('), "{table}");
    }
}

#[test]
fn a_name_whose_server_went_away_says_why_the_path_decides() {
    let server = Server::start("alias-404");
    let (child, _folder) = two_seconds_into_a_minute(&server, 10);
    drop(server);
    let ran = Ran::new(&child.wait_with_output().expect("it ends"));
    let report = ran.json();
    assert_eq!((ran.code, &report["verdict"]["word"]), (4, &json!("FLAKY")), "{report:#}");
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("; then nobody answered any more."), "{sentence}");
    assert!(sentence.contains("The exit code is for what came beside it: "), "{sentence}");
}

#[test]
fn calls_at_one_time_keep_the_rate_the_cap_and_the_first_429() {
    let calls = |line: &str| {
        let (_, report) = probe(&format!("{NAME} --siblings none {line}"));
        report["data"]["attempts"].as_u64().expect("a number")
    };
    assert!(calls("--simulate alias-healthy --rate 1 --duration 5s --concurrency 8") <= 8);
    assert_eq!(calls("--simulate alias-outage-own-name --cap 5 --concurrency 8"), 5);
    let line =
        format!("{NAME} --simulate alias-429-mixed --concurrency 8 --samples 40 --siblings none");
    let (_, report) = probe(&line);
    assert_eq!(report["data"]["ended"], "quota", "{report:#}");
}

#[test]
fn a_model_without_answers_in_text_is_no_outage() {
    let (ran, report) = probe("gemini-embedding-001 --simulate alias-healthy");
    assert_eq!((ran.code, &report["data"]["verdict"]), (1, &json!("WRONG NAME")), "{report:#}");
    assert_eq!(report["findings"][0]["id"], "model-wrong-api-version-or-method");
    assert_eq!(report["run"]["budget"]["paid_requests_used"], 0);
}

#[test]
fn a_name_that_nobody_could_look_up_is_not_wrong() {
    let (ran, report) = probe("no-such-model --simulate alias-healthy --max-requests 1");
    assert_eq!((ran.code, &report["data"]["verdict"]), (5, &json!("INCONCLUSIVE")), "{report:#}");
    assert_eq!(report["findings"], json!([]));
}

#[test]
fn a_404_about_another_thing_is_not_the_names() {
    let rules = rule("generate", "{ every = 2 }", 404, "NOT_FOUND", "Cached content 123 not found");
    let (_, report) = in_world(&format!("{NAME} --siblings none"), &rules);
    assert_eq!(report["data"]["failures"], 0, "{report:#}");
    assert_ne!(report["findings"][0]["id"], "alias-backend-missing");
}

#[cfg(target_os = "linux")]
#[test]
fn controls_go_the_ways_that_fail() {
    let alias = |model: &str| {
        format!(
            "[[aliases]]\nmodel = \"{model}\"\npick = \"address\"\nbuilds = [{{ name = \"good\" }}, \
             {{ name = \"gone-build\", missing = true }}]\n"
        )
    };
    let aliases: String =
        [NAME, "gemini-flash-latest", "gemini-3-flash-preview", "gemini-2.5-flash"]
            .map(alias)
            .concat();
    let world = format!(
        "id = \"world\"\nsummary = \"one address is broken for all\"\naddresses = 2\n\n\
         [client.variables]\nGEMINI_API_KEY = {AUTH_KEY:?}\n\n{aliases}"
    );
    let line = format!("probe-alias {NAME} --simulate world.toml --format json");
    let report = Doctor::line(&line).file("world.toml", world).run().json();
    let data = &report["data"];
    assert_eq!(data["attribution"]["factor"], "address", "{report:#}");
    assert!(data["siblings"][0]["failures"].as_u64().is_some_and(|failed| failed > 0), "{data:#}");
    assert_eq!((&data["route_to"], &data["siblings_pooled"]), (&Value::Null, &Value::Null));
}

#[test]
fn connections_that_keep_to_builds_count_as_one_observation_each() {
    let (_, report) =
        probe(&format!("{NAME} --samples 25 --siblings none --simulate alias-sticky"));
    let rate = &report["data"]["failure_rate"];
    assert_eq!(rate["method"], "clopper_pearson_by_connection", "{rate:#}");
    let width = rate["high"].as_f64().expect("high") - rate["low"].as_f64().expect("low");
    assert!(width > 0.45, "eleven connections show less than 25 calls: {width}");
}
