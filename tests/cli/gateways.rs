//! Gateways and OpenAI's API, as the real binary meets them: paths and credentials, who refused, whose host it is, what
//! is never said of a key, and whose text never goes where.

use gemini_doctor::simulate::AUTH_KEY;
use serde_json::{Value, json};

use crate::harness::{Doctor, Ran, Server};

fn simulated(line: &str, scenario: &str) -> (Ran, Value) {
    let ran = Doctor::line(&format!("{line} --simulate {scenario} --format json")).run();
    let report = ran.json();
    (ran, report)
}

fn row<'a>(report: &'a Value, id: &str) -> &'a Value {
    let rows = report["checks"].as_array().expect("rows");
    rows.iter().find(|row| row["id"] == id).unwrap_or(&Value::Null)
}

fn ids(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().filter_map(|finding| finding["id"].as_str()).collect()
}

/// The program at a base URL of a server's, with a good key.
fn at(server: &Server, path: &str, line: &str) -> (Ran, Value) {
    let base_url = format!("https://{}{path}", server.simulation.address());
    let ran = Doctor::line(&format!("{line} --format json"))
        .args(&["--base-url", &base_url, "--ca-file", &server.ca().display().to_string()])
        .env("GEMINI_API_KEY", AUTH_KEY)
        .run();
    let report = ran.json();
    (ran, report)
}

#[test]
fn a_base_url_leads_to_the_routes_wherever_it_ends() {
    for (scenario, path, route) in [
        ("not-a-google-endpoint.openai", "", "/v1/"),
        ("not-a-google-endpoint.openai", "/v1", "/v1/"),
        ("not-a-google-endpoint.openai", "/v1/chat/completions", "/v1/"),
        ("healthy", "/v1beta/openai/", "/v1beta/openai/"),
    ] {
        let server = Server::start(scenario);
        let (ran, report) = at(&server, path, "check-key --deep --api openai");
        assert_eq!(ran.code, 0, "{path}: {report:#}");
        assert_eq!(
            (&report["target"]["api"], row(&report, "api.stream")["status"].as_str()),
            (&json!("openai"), Some("pass"))
        );
        let seen = server.simulation.requests();
        assert!(seen.len() >= 7, "{seen:?}");
        for one in seen {
            assert!(one.path.starts_with(route) && one.key_in == "bearer", "{one:?}");
        }
    }
}

#[test]
fn every_command_speaks_the_other_api() {
    for (line, code) in [
        ("list-models --verify", 0),
        ("probe-alias gemini-3.5-flash --samples 5 --yes", 5),
        ("bench-transport --rounds 2 --arms h1-warm,h2-warm", 5),
        ("bench-transport --rounds 2 --arms h1-warm,h2-warm --workload stream:5 --yes", 5),
        ("doctor --deep", 0),
    ] {
        let (ran, report) = simulated(&format!("{line} --api openai"), "healthy");
        assert_eq!((ran.code, ids(&report)), (code, Vec::new()), "{line}: {report:#}");
        let native = report["attempts"].to_string().contains(":generateContent");
        assert!(!native, "{line}");
    }
}

#[test]
fn what_the_other_api_has_no_counterpart_for_is_said() {
    let (_, report) = simulated("check-key --api openai", "healthy");
    let model = row(&report, "api.model")["detail"].to_string();
    assert!(model.contains("countTokens has no counterpart"), "{model}");
    for line in [
        "bench-transport --workload tokens",
        "bench-transport --arms grpc",
        "bench-transport --why-timeout",
        "count-tokens --find-ceiling",
        "check-key --transport-matrix --yes",
    ] {
        let ran = Doctor::line(&format!("{line} --api openai --simulate healthy")).run();
        assert_eq!(ran.code, 2, "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains("openai") || ran.stderr.contains("OpenAI"), "{}", ran.stderr);
    }
}

/// Scenario, command, who refused.
const REFUSALS: &[(&str, &str, &str)] = &[
    (
        "gateway-refused.litellm",
        "check-key --api openai",
        "refused by something like LiteLLM at gateway.example itself",
    ),
    (
        "gateway-refused.lists-only",
        "check-key --api openai",
        "refused by the gateway at gateway.example itself",
    ),
    ("gateway-limit-hit", "check-key", "refused by Kong at gateway.example itself"),
    (
        "gateway-model-unknown.no-channel",
        "check-key",
        "failed at new-api at gateway.example itself",
    ),
    (
        "api-key-invalid.passed-on",
        "check-key",
        "refused by Google behind one-api or a relative of it at gateway.example, by the form",
    ),
    (
        "api-key-invalid.quoted",
        "check-key --api openai",
        "refused by Google behind LiteLLM at gateway.example: Google's own words",
    ),
    (
        "api-key-invalid.stripped",
        "check-key",
        "refused by Google behind Kong at gateway.example, by its words",
    ),
    ("gateway-hides-cause", "check-key", "which does not say why"),
    (
        "gateway-upstream-unreachable",
        "check-key --api openai",
        "did not reach whoever is behind it",
    ),
];

#[test]
fn each_refusal_names_who_refused() {
    for (scenario, line, who) in REFUSALS {
        let (_, report) = simulated(line, scenario);
        let evidence = report["findings"][0]["evidence"].to_string();
        assert!(evidence.contains(who), "{scenario}: {evidence}");
    }
}

#[test]
fn what_a_refusal_rules_out_depends_on_who_refused() {
    let ruled_out = |report: &Value| -> Vec<String> {
        let all = report["findings"][0]["ruled_out"].as_array().expect("a list");
        all.iter().map(|one| one["id"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let (_, own) = simulated("check-key --api openai", "gateway-refused.litellm");
    for layer in ["dns", "tcp", "tls", "backend", "region"] {
        assert!(ruled_out(&own).contains(&layer.to_owned()), "{layer}: {own:#}");
    }
    let (_, googles) = simulated("check-key --api openai", "api-key-invalid.quoted");
    assert!(ruled_out(&googles).contains(&"gateway".to_owned()), "{googles:#}");
    // A gateway lists models for anybody.
    let (_, limited) = simulated("check-key", "gateway-limit-hit");
    assert!(!ruled_out(&limited).contains(&"auth".to_owned()), "{limited:#}");
}

#[test]
fn details_that_are_gone_are_named_beside_the_refusal() {
    let (_, report) = simulated("check-key", "api-key-invalid.stripped");
    assert_eq!(ids(&report)[..2], ["api-key-invalid", "gateway-hides-details"], "{report:#}");
    for scenario in ["api-key-invalid.passed-on", "api-key-invalid"] {
        let (_, report) = simulated("check-key", scenario);
        assert!(!ids(&report).contains(&"gateway-hides-details"), "{scenario}");
    }
}

#[test]
fn no_key_is_called_good_because_a_gateway_listed_models() {
    let claims = [
        "your key works",
        "your key is accepted",
        "your key and model work",
        "passed with this key",
    ];
    for (scenario, line, accepted) in [
        ("not-a-google-endpoint", "check-key", json!("host")),
        ("not-a-google-endpoint", "check-key --no-generate", Value::Null),
        ("not-a-google-endpoint", "check-key --expect-dead", Value::Null),
        ("not-a-google-endpoint.openai", "check-key --api openai --no-generate", Value::Null),
        ("not-a-google-endpoint.list-elsewhere", "check-key --no-generate", Value::Null),
        ("gateway-refused.lists-only", "check-key --api openai", Value::Null),
        ("healthy", "check-key --no-generate", json!("google")),
    ] {
        let (ran, report) = simulated(line, scenario);
        assert_eq!(report["data"]["key_accepted_by"], accepted, "{scenario} {line}");
        if scenario == "healthy" {
            continue;
        }
        let text = report.to_string().to_lowercase();
        for claim in claims {
            assert!(!text.contains(claim), "{scenario} {line}: {claim}");
        }
        let list = row(&report, "api.list")["detail"].to_string();
        assert!(list == "null" || list.contains("shows nothing of the key"), "{list}");
        assert!(!line.contains("expect-dead") || ran.code == 5, "{}", ran.code);
    }
}

#[test]
fn a_new_key_is_not_proved_by_a_gateways_list() {
    let server = Server::start("not-a-google-endpoint");
    let doctor = server.doctor("check-key --no-generate --successor env:NEW_KEY --format json");
    let ran = doctor.env("NEW_KEY", "AQ.FAKE-key-for-the-gemini-doctor-simulator-0002").run();
    let report = ran.json();
    assert_eq!(row(&report, "key.successor")["status"], "inconclusive", "{report:#}");
}

#[test]
fn whose_host_it_is_stands_in_a_row_only_where_it_is_not_googles() {
    let (_, google) = simulated("check-key", "healthy");
    assert_eq!(row(&google, "net.endpoint"), &Value::Null);
    let (_, relay) = simulated("check-key", "not-a-google-endpoint.copied-marks");
    let told = row(&relay, "net.endpoint");
    assert_eq!(told["status"], "warn");
    for part in [
        "is not a Google endpoint",
        "for gateway.example",
        "anybody can pass on or copy",
        "prompts and the key pass",
    ] {
        assert!(told["detail"].to_string().contains(part), "{told}");
    }
    let server = Server::start("healthy");
    let (_, here) = at(&server, "", "check-key");
    let told = row(&here, "net.endpoint");
    assert_eq!(told["status"], "pass", "{told}");
    assert!(told["detail"].to_string().contains("is this machine"), "{told}");
}

#[test]
fn whose_host_it_is_is_as_sure_as_certificate_and_answers_make_it() {
    let confidence = |scenario: &str| {
        let (_, report) = simulated("check-key", scenario);
        let findings = report["findings"].as_array().expect("findings");
        let found = findings.iter().find(|one| one["id"] == "not-a-google-endpoint");
        found.map(|one| one["confidence"].clone()).unwrap_or_default()
    };
    assert_eq!(confidence("not-a-google-endpoint"), "high");
    assert_eq!(confidence("not-a-google-endpoint.copied-marks"), "medium");
}

#[test]
fn a_simulated_world_is_left_by_no_command_that_it_prints() {
    for scenario in ["gateway-limit-hit", "gateway-hides-cause", "not-a-google-endpoint"] {
        let ran = Doctor::line(&format!("check-key --simulate {scenario}")).run();
        assert!(ran.stdout.contains("irectly"), "{}", ran.stdout);
        let other_host = "--base-url https://generativelanguage.googleapis.com";
        assert!(!ran.stdout.contains(other_host), "{}", ran.stdout);
    }
}

#[test]
fn a_list_in_another_place_is_found_and_said() {
    let (ran, report) = simulated("check-key", "not-a-google-endpoint.list-elsewhere");
    let list = row(&report, "api.list");
    assert_eq!((ran.code, &list["status"]), (0, &json!("warn")), "{report:#}");
    assert!(
        list["detail"].to_string().contains("no list at /v1beta/models; 17 models at /v1/models"),
        "{list}"
    );
    assert_eq!(row(&report, "api.model")["status"], "skip");
    let (_, listed) = simulated("list-models", "not-a-google-endpoint.list-elsewhere");
    assert_eq!(listed["data"]["models"].as_array().map(Vec::len), Some(17), "{listed:#}");
}

const REQUEST: &str =
    r#"{"contents": [{"role": "user", "parts": [{"text": "a text of my own"}]}]}"#;

/// Every command that takes a text of the caller's own.
const TAKES_TEXT: &[&str] = &[
    "bench-transport --request own.json --rounds 1 --arms h1-warm --yes",
    "bench-transport --request own.json --stream --rounds 1 --arms h1-warm --yes",
    "count-tokens own.txt --verify",
    "count-tokens --request own.json --verify",
    "count-tokens own.txt --prove-delivery --yes",
    "doctor --request own.json --no-generate",
    "doctor --schema schema.json --samples 1",
];

fn with_text(server: &Server, line: &str) -> Ran {
    server
        .doctor(line)
        .file("own.json", REQUEST)
        .file("own.txt", "a text of my own")
        .file("schema.json", r#"{"type": "object", "properties": {"mine": {"type": "string"}}}"#)
        .run()
}

#[test]
fn no_text_of_the_callers_own_goes_to_another_host_unasked() {
    for line in TAKES_TEXT {
        let server = Server::start("healthy");
        for other in ["", " --allow-host gateway.example"] {
            let ran = with_text(&server, &format!("{line}{other}"));
            assert_eq!(ran.code, 2, "{line}: {}", ran.stderr);
            assert!(ran.stderr.contains("--allow-host 127.0.0.1"), "{line}: {}", ran.stderr);
        }
        assert_eq!(server.simulation.requests().len(), 0, "{line}");
        let allowed = with_text(
            &server,
            &format!("{line} --allow-host gateway.example --allow-host 127.0.0.1"),
        );
        assert_ne!(allowed.code, 2, "{line}: {}", allowed.stderr);
        assert!(server.simulation.requests().iter().any(|seen| seen.body_bytes > 0), "{line}");
    }
}

#[test]
fn the_other_side_of_a_comparison_has_to_be_allowed_too() {
    let (usual, other) = (Server::start("healthy"), Server::start("healthy"));
    let versus = format!("base-url=https://localhost:{}", other.simulation.address().port());
    let line =
        "bench-transport --request own.json --rounds 1 --arms h1-warm --yes --allow-host 127.0.0.1";
    let ran = usual.doctor(line).args(&["--versus", &versus]).file("own.json", REQUEST).run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("--allow-host localhost"), "{}", ran.stderr);
    assert_eq!(usual.simulation.requests().len() + other.simulation.requests().len(), 0);
}

#[test]
fn a_simulation_is_no_way_round_the_rule() {
    let server = Server::start("healthy");
    let line = "count-tokens own.txt --verify --simulate healthy";
    let ran = with_text(&server, line);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(server.simulation.requests().len(), 0);
}

#[test]
fn a_health_end_point_gets_no_key_and_leads_nowhere() {
    let server = Server::start("not-a-google-endpoint");
    let health = format!("https://{}/healthz", server.simulation.address());
    let (ran, report) = at(&server, "", &format!("check-key --no-generate --health-url {health}"));
    assert_eq!(
        (ran.code, &row(&report, "health.url")["status"]),
        (0, &json!("pass")),
        "{report:#}"
    );
    let seen = server.simulation.requests();
    let own: Vec<_> = seen.iter().filter(|one| one.path == "/healthz").collect();
    assert_eq!(own.len(), 1, "{seen:?}");
    assert_eq!((own[0].key_in, &own[0].key, own[0].method.as_str()), ("none", &None, "GET"));

    let redirecting = Server::start("answer-redirected");
    let health = format!("https://{}/healthz", redirecting.simulation.address());
    let (_, report) = at(
        &server,
        "",
        &format!("doctor --quick --health-url {health} --ca-file {}", redirecting.ca().display()),
    );
    let told = row(&report, "health.url");
    assert_eq!(told["status"], "fail", "{report:#}");
    assert!(told["detail"].to_string().contains("302"), "{told}");
    assert_eq!(redirecting.simulation.requests().len(), 1);
}

#[test]
fn a_health_end_point_has_a_proxy_of_its_own() {
    let server = Server::start("not-a-google-endpoint");
    let port = server.simulation.address().port();
    for (spared, health, answered) in [("127.0.0.1", "pass", "fail"), ("localhost", "fail", "pass")]
    {
        let base_url = format!("https://localhost:{port}");
        let line = "check-key --no-generate --format json";
        let ran = Doctor::line(line)
            .args(&["--base-url", &base_url, "--ca-file", &server.ca().display().to_string()])
            .args(&["--health-url", &format!("https://127.0.0.1:{port}/healthz")])
            .env("GEMINI_API_KEY", AUTH_KEY)
            .env("HTTPS_PROXY", "http://127.0.0.1:1")
            .env("NO_PROXY", spared)
            .run();
        let report = ran.json();
        assert_eq!(row(&report, "health.url")["status"], health, "{spared}: {report:#}");
        let whole = if row(&report, "net.answer")["status"] == "pass" { "pass" } else { "fail" };
        assert_eq!(whole, answered, "{spared}: {report:#}");
    }
}

#[test]
fn a_health_end_point_that_cannot_be_reached_is_of_the_path() {
    let line = "check-key --no-generate --simulate healthy --format json";
    for (url, layer) in
        [("http://127.0.0.1:9/healthz", "tcp"), ("https://nowhere.example/healthz", "dns")]
    {
        let ran = Doctor::line(line).args(&["--health-url", url]).run();
        let report = ran.json();
        let first = &report["findings"][0];
        assert_eq!((ran.code, first["layer"].as_str()), (4, Some(layer)), "{url}: {report:#}");
    }
}

#[test]
fn a_health_end_point_never_outranks_a_fault_of_the_api() {
    for health in ["http://127.0.0.1:9/healthz", "https://nowhere.example/healthz"] {
        let line = "check-key --simulate service-disabled --format json";
        let ran = Doctor::line(line).args(&["--health-url", health]).run();
        let report = ran.json();
        assert_eq!((ran.code, ids(&report)[0]), (1, "service-disabled"), "{report:#}");
        assert!(ids(&report).len() > 1, "the other is told as well: {report:#}");
    }
}

#[test]
fn a_gateway_that_got_no_answer_has_not_refused() {
    for status in [502, 504] {
        let server = Server::of(&format!(
            "id = \"nginx-alone\"\n[[rules]]\nact = {{ status = {status}, type = \"text/html\", body = \
             \"<html><title>{status}</title><center>nginx/1.27.0</center></html>\" }}"
        ));
        let (ran, report) = at(&server, "", "check-key");
        let told = report["findings"][0]["evidence"].to_string();
        assert_eq!((ran.code, ids(&report)[0]), (3, "gateway-timeout-too-short"), "{report:#}");
        assert!(told.contains("got no answer from whoever is behind it"), "{told}");
        assert!(!report.to_string().contains("refused by"), "{report:#}");
    }
}

#[test]
fn another_makers_model_under_googles_name_is_told() {
    let (ran, report) = simulated("check-key --model gemini-3.5-flash", "gateway-other-model");
    assert_eq!((ran.code, ids(&report)[0]), (0, "gateway-other-model"), "{report:#}");
    let told = row(&report, "net.endpoint")["detail"].to_string();
    assert!(told.contains("gemini-3.5-flash is answered by qwen-plus-2026"), "{told}");
}
