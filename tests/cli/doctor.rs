//! `doctor`: one fault in each layer is named first and nothing else is, two faults are both found, and a run asks
//! what it was told to ask and no more.

use gemini_doctor::simulate::{self, AUTH_KEY};
use serde_json::Value;

use crate::harness::{Doctor, Ran, Server, has};

/// A fault for each layer: the scenario, and whether free calls show it.
const FAULTS: [(&str, &str, bool); 15] = [
    ("local", "key-not-set", true),
    ("dns", "dns-failure", true),
    ("tcp", "connection-refused", true),
    ("proxy", "proxy-auth-required", true),
    ("tls", "tls-certificate-expired", true),
    ("edge", "edge-403-html", true),
    ("gateway", "gateway-refused", true),
    ("auth", "api-key-leaked", true),
    ("permission", "service-disabled", true),
    ("region", "user-location-unsupported", true),
    ("quota", "quota-daily-exhausted", false),
    ("model", "model-name-wrong", true),
    ("request", "invalid-argument-generic", false),
    ("backend", "alias-404", false),
    ("stream", "stream-truncated.cut", false),
];

#[test]
fn one_fault_in_each_layer_is_named_first_and_nothing_else_is() {
    for (layer, scenario, is_free) in FAULTS {
        let modes: &[&str] = if is_free { &["doctor", "doctor --quick"] } else { &["doctor"] };
        for mode in modes {
            let known = simulate::find(scenario).expect("a scenario");
            let (ran, report) = on(&format!("{mode} {}", with_options(scenario)));
            let first = &report["findings"][0];
            let named = (text(&first["id"]), text(&first["layer"]));
            assert_eq!(named, (known.fix.expect("a fault"), layer), "{mode} {scenario}");
            assert_eq!(ran.code, i32::from(known.exit), "{mode} {scenario}: {report:#}");
            assert_eq!(falsely_found(&report), Vec::<&str>::new(), "{mode} {scenario}: {report:#}");
        }
    }
}

/// Findings behind the first that claim more than a guess, and are neither its rivals nor folded under it.
fn falsely_found(report: &Value) -> Vec<&str> {
    let claims =
        |finding: &&Value| finding["confidence"] != "low" && finding["alternative_to"].is_null();
    list(&report["findings"]).skip(1).filter(claims).map(|finding| text(&finding["id"])).collect()
}

#[test]
fn every_layer_before_the_broken_one_is_ruled_out_by_an_attempt() {
    for (layer, scenario, _) in FAULTS {
        let (_, report) = on(&format!("doctor {}", with_options(scenario)));
        let order: Vec<&str> =
            list(&report["data"]["layers"]).map(|one| text(&one["layer"])).collect();
        let place = order.iter().position(|one| *one == layer).expect("a layer");
        let excluded: Vec<&str> =
            list(&report["findings"][0]["ruled_out"]).map(|one| text(&one["id"])).collect();
        // Who stands in front is not known before the API answers; a refusal by region tells nothing of rights.
        let open = |before: &str| match layer {
            "edge" => before == "gateway",
            "gateway" => before == "edge",
            // A place is refused before the key is looked at.
            "region" => ["auth", "permission"].contains(&before),
            "permission" | "quota" | "model" | "request" => {
                ["permission", "region", "quota"].contains(&before)
            }
            _ => false,
        };
        for before in order[..place].iter().filter(|before| !open(before)) {
            assert!(excluded.contains(before), "{scenario}: {before} in {excluded:?}");
        }
        for one in list(&report["findings"][0]["ruled_out"]) {
            assert!(!text(&one["because"]).is_empty(), "{scenario}");
            let at = order.iter().position(|known| *known == text(&one["id"])).expect("a layer");
            assert!(at != place, "{scenario}: the broken layer is not ruled out");
        }
    }
}

#[test]
fn without_a_fault_each_layer_has_its_proof() {
    let (ran, report) = on("doctor --simulate healthy");
    assert_eq!((ran.code, list(&report["findings"]).count()), (0, 0), "{report:#}");
    for layer in list(&report["data"]["layers"]) {
        assert_eq!(layer["state"], "sound", "{layer}");
        assert!(!text(&layer["because"]).is_empty(), "{layer}");
    }
    let table = Doctor::line("doctor --simulate healthy").run().stdout;
    assert!(table.contains("what shows that a layer is sound"), "{table}");
    let (_, quick) = on("doctor --quick --simulate healthy");
    let state = |name: &str| {
        let mut layers = list(&quick["data"]["layers"]);
        layers.find(|one| one["layer"] == name).map(|one| text(&one["state"])).expect("a layer")
    };
    assert_eq!((state("auth"), state("model")), ("sound", "sound"));
    assert_eq!((state("quota"), state("stream")), ("not_shown", "not_shown"), "nothing was paid");
}

/// Two faults at once: a scenario file, and what must be found, best first.
const PAIRS: [(&str, &str, &[&str]); 5] = [
    (
        "a tracked .env and an alias that flaps",
        TRACKED_AND_FLAKY,
        &["alias-backend-missing", "dotenv-tracked"],
    ),
    ("a private root and a leaked key", PRIVATE_AND_LEAKED, &["api-key-leaked", "tls-intercepted"]),
    (
        "a day's quota and a cut stream",
        QUOTA_AND_CUT,
        &["quota-daily-exhausted", "stream-truncated"],
    ),
    ("no key and no name", NO_KEY_NO_NAME, &["key-not-set", "dns-failure"]),
    (
        "two keys and a model that is gone",
        TWO_KEYS_NO_MODEL,
        &["model-name-wrong", "key-variables-conflict"],
    ),
];

const TRACKED_AND_FLAKY: &str = r#"
[client]
dotenv = "GEMINI_API_KEY=AQ.FAKE-key-for-the-gemini-doctor-simulator-0001\nGEMINI_MODEL=gemini-3.5-flash\n"
git = "tracked"
[[aliases]]
model = "gemini-3.5-flash"
pick = "turns"
builds = [{ name = "gemini-b1", missing = true }, { name = "gemini-3.5-flash" }]
"#;

const PRIVATE_AND_LEAKED: &str = r#"
identity = "inspection-trusted"
[[rules]]
route = "any"
act = { status = 403, google = true, type = "application/json", body = '{"error": {"code": 403, "message": "Your API key was reported as leaked. Please use another API key.", "status": "PERMISSION_DENIED"}}' }
"#;

const QUOTA_AND_CUT: &str = r#"
[[rules]]
route = "generate"
act = { status = 429, google = true, type = "application/json", body = '{"error": {"code": 429, "message": "You exceeded your current quota.", "status": "RESOURCE_EXHAUSTED", "details": [{"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaMetric": "generativelanguage.googleapis.com/generate_content_free_tier_requests", "quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier", "quotaValue": "20"}]}]}}' }
[[rules]]
route = "stream"
act = { status = 200, google = true, type = "text/event-stream", body = 'data: {"candidates": [{"content": {"parts": [{"text": "1, 2"}]}}]}' }
"#;

const NO_KEY_NO_NAME: &str = "way = \"not-found\"\n[client]\nvariables = {}\n";

const TWO_KEYS_NO_MODEL: &str = r#"
[client.variables]
GEMINI_API_KEY = "AQ.FAKE-key-for-the-gemini-doctor-simulator-0001"
GOOGLE_API_KEY = "AQ.FAKE-key-for-the-gemini-doctor-simulator-0002"
GEMINI_MODEL = "gemini-9-none"
"#;

#[test]
fn of_two_faults_both_are_found_and_ranked() {
    for (name, world, expected) in PAIRS {
        if world.contains("git = ") && !has("git", "--version") {
            continue;
        }
        let world = format!("id = \"pair\"\n{world}");
        let doctor =
            Doctor::line("doctor --simulate pair.toml --format json").file("pair.toml", world);
        let report = doctor.run().json();
        let found: Vec<&str> = list(&report["findings"])
            .filter(|finding| finding["alternative_to"].is_null())
            .map(|finding| text(&finding["id"]))
            .collect();
        assert_eq!(found, expected, "{name}: {report:#}");
    }
}

#[test]
fn without_a_key_the_way_is_tested_up_to_who_answers() {
    let server = Server::start("healthy");
    let ran = server.doctor("doctor --format json").env("GEMINI_API_KEY", "").run();
    let report = ran.json();
    assert_eq!(ran.code, 2, "{report:#}");
    assert_eq!(status(&report, "net.answer"), "pass", "{report:#}");
    assert_eq!(status(&report, "api.list"), "skip", "{report:#}");
    let sent = server.simulation.requests();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert_eq!(sent[0].key_in, "none", "{sent:?}");
    assert!(text(&report["verdict"]["next"]).contains("--simulate"), "{report:#}");
}

#[test]
fn with_neither_key_nor_network_it_says_what_it_can() {
    let ran =
        Doctor::line("doctor --resolve generativelanguage.googleapis.com:443:127.0.0.1:1").run();
    assert_eq!(ran.code, 2, "{ran:?}");
    for words in ["No Gemini API key", "connection", "doctor --simulate alias-404", "stopped here"]
    {
        assert!(
            ran.stdout.to_lowercase().contains(&words.to_lowercase()),
            "{words}: {}",
            ran.stdout
        );
    }
}

#[test]
fn a_run_asks_what_it_was_told_to_and_what_that_rests_on() {
    let server = Server::start("healthy");
    for (line, asked, paths) in [
        ("--only local", vec!["key.source", "key.shape"], 0),
        ("--only net.answer", vec!["net.dns", "net.tcp", "net.tls", "net.answer"], 1),
        (
            "--skip api.list",
            vec![
                "key.source",
                "key.shape",
                "net.dns",
                "net.tcp",
                "net.tls",
                "net.protocol",
                "net.answer",
                "net.endpoint",
            ],
            1,
        ),
        (
            "--only api.model",
            vec!["net.dns", "net.tcp", "net.tls", "net.answer", "api.list", "api.model"],
            3,
        ),
    ] {
        let before = server.simulation.requests().len();
        let report = server.doctor(&format!("doctor {line} --format json")).run().json();
        let ids = list(&report["checks"]).map(|check| text(&check["id"]));
        let (local, others): (Vec<&str>, Vec<&str>) = ids.partition(|id| id.starts_with("local."));
        assert_eq!(others, asked, "{line}");
        assert_eq!(
            local.is_empty(),
            line.starts_with("--only") && line != "--only local",
            "{line}"
        );
        assert_eq!(server.simulation.requests().len() - before, paths, "{line}");
    }
}

#[test]
fn an_unknown_check_is_refused_with_what_there_is() {
    let ran = Doctor::line("doctor --only stream.frist").run();
    assert_eq!(ran.code, 2);
    for words in ["did you mean stream.first?", "structured", "net.answer"] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    assert_eq!(Doctor::line("doctor --only net --skip net").run().code, 2);
    assert_eq!(
        Doctor::line("doctor --only request.tokens").env("GEMINI_API_KEY", AUTH_KEY).run().code,
        2
    );
}

#[test]
fn free_looks_send_nothing_that_costs() {
    let server = Server::start("healthy");
    for line in ["doctor --quick", "doctor --no-generate", "doctor --quick --only structured"] {
        let before = server.simulation.requests().len();
        let ran = server.doctor(line).run();
        let sent = server.simulation.requests().split_off(before);
        assert!(ran.code == 0 && !sent.iter().any(|one| one.generating), "{line}: {sent:?}");
    }
}

#[test]
fn a_quick_look_asks_side_by_side_over_one_connection() {
    let body = r#"{"contents": [{"parts": [{"text": "hi"}]}]}"#;
    let line =
        "doctor --quick --model gemini-3.5-flash --request r.json --simulate healthy --format json";
    let report = Doctor::line(line).file("r.json", body).run().json();
    let attempts: Vec<&Value> = list(&report["attempts"]).collect();
    assert_eq!(attempts.len(), 4, "{report:#}");
    assert!(attempts.iter().all(|one| one["connection"] == 1), "{report:#}");
    let began: Vec<f64> =
        attempts[1..].iter().map(|one| one["at_ms"].as_f64().expect("a time")).collect();
    assert!(began.iter().all(|at| *at == began[0]), "they begin together: {began:?}");
    assert_eq!(report["data"]["request"]["fits"], true, "{report:#}");
}

#[test]
fn a_server_without_http2_is_asked_one_after_the_other() {
    let world = "id = \"old\"\nalpn = \"http/1.1\"\n";
    let doctor = Doctor::line("doctor --quick --simulate old.toml --format json");
    let report = doctor.file("old.toml", world).run().json();
    assert_eq!(report["verdict"]["status"], "pass", "{report:#}");
    assert_eq!(list(&report["attempts"]).count(), 3, "{report:#}");
}

#[test]
fn each_way_in_which_a_stream_goes_wrong_has_its_row() {
    for (scenario, row, expected) in [
        ("stream-stalled", "stream.pace", "warn"),
        ("stream-truncated.cut", "stream.end", "fail"),
        ("stream-ends-early", "stream.whole", "fail"),
        ("stream-content-after-end", "stream.end", "warn"),
        ("max-tokens-no-text.stream", "stream.whole", "fail"),
        ("healthy", "stream.whole", "pass"),
    ] {
        let (_, report) = on(&format!("doctor --only stream --simulate {scenario}"));
        assert_eq!(status(&report, row), expected, "{scenario}: {report:#}");
    }
    let (_, report) = on("doctor --only stream --simulate stream-stalled");
    let gap = report["data"]["stream"]["longest_gap_ms"].as_f64().expect("a pause");
    assert!((25_000.0..26_000.0).contains(&gap), "{gap}");
}

#[test]
fn a_schema_that_the_api_refuses_is_never_sent() {
    let server = Server::start("healthy");
    let schema =
        r#"{"$schema": "x", "type": "object", "properties": {"a": {"type": ["string", "null"]}}}"#;
    let line = "doctor --only structured --schema s.json --samples 3 --format json";
    let hosted = server.doctor(line).file("s.json", schema);
    let ran = hosted.args(&["--allow-host", &server.simulation.address().to_string()]).run();
    let report = ran.json();
    assert_eq!((ran.code, server.simulation.requests().len()), (1, 0), "{report:#}");
    let detail = text(&list(&report["checks"]).next().expect("a row")["detail"]);
    assert!(
        detail.contains("$schema at $") && detail.contains("type as a list at $.a"),
        "{detail}"
    );
    assert_eq!(text(&report["findings"][0]["id"]), "schema-unknown-field");
}

#[test]
fn answers_are_asked_for_once_more_and_both_rates_are_told() {
    let (ran, report) =
        on("doctor --only structured --samples 20 --simulate structured-answer-breaks-schema");
    let told = &report["data"]["structured"];
    let number = |value: &Value| value.as_u64().expect("a number");
    let (judged, first) = (number(&told["judged"]), number(&told["first_try"]["follow"]));
    assert_eq!((ran.code, judged), (0, 20), "{report:#}");
    assert!(first < 20 && number(&told["after_retry"]["follow"]) == 20, "{told}");
    assert_eq!(told["first_try"]["method"], "wilson");
    let broken: u64 = list(&told["broken_rules"]).map(|rule| number(&rule["times"])).sum();
    assert_eq!(broken, 20 - first, "each broken answer broke one rule: {told}");
    let paid = number(&report["run"]["budget"]["paid_requests_used"]);
    assert_eq!(paid, 20 + (20 - first), "one retry each");
    let (_, fenced) = on("doctor --only structured --simulate structured-answer-fenced");
    assert_eq!(fenced["data"]["structured"]["in_code_block"], 10, "{fenced:#}");
}

/// Every n-th call for an answer is refused for want of room.
fn busy(every: u32, rest: &str) -> Server {
    Server::of(&format!(
        r#"
        id = "busy-at-times"
        [[rules]]
        route = "generate"
        when = {{ every = {every} }}
        act = {{ status = 503, google = true, type = "application/json", body = '{{"error": {{"code": 503, "message": "The model is overloaded. Please try again later.", "status": "UNAVAILABLE"}}}}' }}
        {rest}
        "#
    ))
}

/// An answer that is given to every call for one.
fn always(answer: &str) -> String {
    format!(
        r#"
        [[rules]]
        route = "generate"
        act = {{ status = 200, google = true, type = "application/json", body = '{{"candidates": [{answer}], "modelVersion": "m"}}' }}
        "#
    )
}

fn structured(server: &Server, samples: u32) -> (Ran, Value) {
    let line = format!("doctor --only structured --samples {samples} --format json");
    let ran = server.doctor(&line).run();
    let report = ran.json();
    (ran, report)
}

fn detail<'a>(report: &'a Value, id: &str) -> &'a str {
    list(&report["checks"]).find(|row| row["id"] == id).map_or("no row", |row| text(&row["detail"]))
}

#[test]
fn failed_calls_are_told_apart_from_what_the_model_did() {
    for (samples, expected, code) in [(5, "warn", 0), (4, "inconclusive", 3)] {
        let (ran, report) = structured(&busy(2, ""), samples);
        let told = &report["data"]["structured"];
        assert_eq!(status(&report, "structured.answers"), expected, "{report:#}");
        assert_eq!(ran.code, code, "{report:#}");
        assert_eq!(text(&report["findings"][0]["id"]), "model-overloaded-503", "{report:#}");
        assert_eq!(told["first_try"]["value"], 1.0, "rates are over answers: {told}");
        assert_eq!((&told["calls"], &told["failed_calls"]), (&samples.into(), &2.into()));
        let said = detail(&report, "structured.answers");
        assert!(said.contains(&format!("2 of {samples} calls failed: 503")), "{said}");
    }
}

#[test]
fn a_retry_that_failed_is_not_the_models() {
    let prose = r#"{"content": {"parts": [{"text": "Sure"}]}, "finishReason": "STOP"}"#;
    let (ran, report) = structured(&busy(2, &always(prose)), 2);
    let told = &report["data"]["structured"];
    assert_eq!((&told["judged"], &told["after_retry"]["of"]), (&2.into(), &0.into()), "{told}");
    assert_eq!(status(&report, "structured.answers"), "inconclusive", "{report:#}");
    let found: Vec<&str> = list(&report["findings"]).map(|one| text(&one["id"])).collect();
    assert!(!found.contains(&"structured-answer-not-json"), "{found:?}");
    assert_eq!((found[0], ran.code), ("model-overloaded-503", 3));
    let said = detail(&report, "structured.answers");
    assert!(said.contains("no retry brought an answer"), "{said}");
}

#[test]
fn an_answer_without_a_text_is_not_called_bad_json() {
    let empty = r#"{"content": {"role": "model"}, "finishReason": "MAX_TOKENS"}"#;
    let server = Server::of(&format!("id = \"no-text\"\n{}", always(empty)));
    let (_, report) = structured(&server, 3);
    assert_eq!(report["data"]["structured"]["judged"], 0, "{report:#}");
    assert_eq!(text(&report["findings"][0]["id"]), "max-tokens-no-text", "{report:#}");
}

#[test]
fn one_stream_that_ends_early_is_looked_at_again() {
    let piece = r#"{\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"1 2 3 4 5\"}]}, \"finishReason\": \"STOP\"}]}"#;
    for (when, expected, code) in [("{ first = 1 }", "warn", 0), ("\"always\"", "fail", 3)] {
        let server = Server::of(&format!(
            "id = \"short\"\n[[rules]]\nroute = \"stream\"\nwhen = {when}\nact = {{ status = 200, google = true, \
             type = \"text/event-stream\", body = \"data: {piece}\\r\\n\\r\\n\" }}"
        ));
        let ran = server.doctor("doctor --only stream.whole --format json").run();
        let report = ran.json();
        assert_eq!(status(&report, "stream.whole"), expected, "{report:#}");
        assert_eq!(ran.code, code, "{report:#}");
    }
}

#[test]
fn a_schema_for_another_api_is_not_held_against_the_native_rules() {
    let strict = r#"{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": false}"#;
    let line = "doctor --only structured --schema s.json --samples 1 --format json";
    for (api, row, is_sent) in [("openai", "skip", true), ("gemini", "fail", false)] {
        let server = Server::start("not-a-google-endpoint.openai");
        let host = server.simulation.address().to_string();
        let asking = server.doctor(line).file("s.json", strict);
        let report = asking.args(&["--api", api, "--allow-host", &host]).run().json();
        assert_eq!(status(&report, "structured.schema"), row, "{api}: {report:#}");
        assert_eq!(!server.simulation.requests().is_empty(), is_sent, "{api}: {report:#}");
    }
}

#[test]
fn a_request_is_held_against_the_models_limits() {
    let fits = r#"{"contents": [{"parts": [{"text": "hi"}]}], "generationConfig": {"maxOutputTokens": 10}}"#;
    let greedy = fits.replace("10", "9999999");
    for (body, code, status) in [(fits, 0, "pass"), (greedy.as_str(), 1, "fail")] {
        let line = "doctor --only request.tokens --request r.json --simulate healthy --format json";
        let ran = Doctor::line(line).file("r.json", body).run();
        let report = ran.json();
        assert_eq!(ran.code, code, "{report:#}");
        assert_eq!(self::status(&report, "request.tokens"), status, "{report:#}");
        assert!(report["data"]["request"]["tokens"].as_u64().is_some_and(|tokens| tokens > 0));
    }
    let server = Server::start("healthy");
    let ran = server.doctor("doctor --request r.json").file("r.json", fits).run();
    assert_eq!(
        (ran.code, server.simulation.requests().len()),
        (2, 0),
        "no text without --allow-host"
    );
}

/// A scenario with the options that its own command line has.
fn with_options(scenario: &str) -> String {
    let known = simulate::find(scenario).expect("a scenario");
    format!("{} --simulate {scenario}", known.command[1..].join(" "))
}

fn on(line: &str) -> (Ran, Value) {
    let ran = Doctor::line(&format!("{line} --format json")).run();
    let report = ran.json();
    (ran, report)
}

fn status<'a>(report: &'a Value, id: &str) -> &'a str {
    let mut rows = list(&report["checks"]);
    rows.find(|row| row["id"] == id).map_or("no row", |row| text(&row["status"]))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Rows of runs that break in every layer, and of whole ones.
#[test]
fn every_id_that_a_report_shows_is_taken_or_answered_with_what_to_name_instead() {
    let mut shown = std::collections::BTreeSet::new();
    for line in [
        "doctor --deep --simulate healthy",
        "doctor --deep --samples 2 --simulate alias-404",
        "doctor --api vertex --deep --simulate service-account-key-deleted",
        "doctor --api vertex --simulate vertex.metadata-project",
        "doctor --simulate not-a-google-endpoint",
        "doctor --simulate proxy-auth-required",
        "doctor --scan --simulate healthy",
        "check-key --deep --simulate healthy",
        "list-models gemini-3.5-flash --verify --simulate healthy",
        "compare --a direct --b direct --rounds 2 --simulate healthy",
        "probe-alias gemini-3.5-flash --samples 3 --yes --simulate healthy",
    ] {
        let report = Doctor::line(&format!("{line} --format json")).run().json();
        let rows = report["checks"].as_array().expect("rows").clone();
        shown.extend(rows.iter().filter_map(|row| row["id"].as_str().map(str::to_owned)));
    }
    assert!(shown.len() > 40 && shown.contains("models.pages"), "{shown:?}");
    for id in shown {
        for option in ["--skip", "--only"] {
            let line = format!("doctor {option} {id} --dry-run --simulate healthy");
            let ran = Doctor::line(&line).run();
            let answered = ["is a check of", "name that one", "there is no request"];
            let is_answered = answered.iter().any(|words| ran.stderr.contains(words));
            assert!(ran.code != 2 || is_answered, "{id}: {}", ran.stderr);
        }
    }
}

#[test]
fn ids_stand_in_a_table_where_details_are_wished_for() {
    let plain = Doctor::line("doctor --quick --simulate healthy").run();
    assert!(!plain.stdout.contains("checks by id"), "{}", plain.stdout);
    let ran = Doctor::line("doctor --quick -v --simulate healthy").run();
    assert!(ran.stdout.contains("checks by id"), "{}", ran.stdout);
    for id in ["key.source", "net.tls", "api.list", "local.sdks"] {
        assert!(ran.stdout.contains(id), "{id}: {}", ran.stdout);
    }
}

#[test]
fn a_run_with_neither_key_nor_network_says_both_in_one_sentence() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = closed.local_addr().expect("an address").port();
    drop(closed);
    let line = "doctor --quick --format json --no-proxy";
    let resolve = format!("generativelanguage.googleapis.com:443:127.0.0.1:{port}");
    let ran = Doctor::line(line).args(&["--resolve", &resolve]).run();
    let report = ran.json();
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert_eq!(ran.code, 2, "{report:#}");
    assert!(sentence.contains("No Gemini API key is set anywhere"), "{sentence}");
    assert!(sentence.contains("and there is no way to the API either"), "{sentence}");
    let tree = Doctor::line("doctor --quick --format json --simulate key-not-set").run();
    let alone = tree.json();
    let sentence = alone["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(!sentence.contains("either"), "{sentence}");
}

#[test]
fn a_quick_look_reads_a_bounded_part_of_a_large_project_and_says_so() {
    let tree = |doctor: Doctor| {
        let text = "print('nothing of interest')\n".repeat(20);
        (0..300).fold(doctor, |doctor, at| doctor.file(&format!("src/m{at}.py"), &text))
    };
    let limits = |line: &str| {
        let report = tree(Doctor::line(line)).run().json();
        report["limits"].to_string()
    };
    let quick = limits("doctor --quick --only local --format json");
    assert!(quick.contains("not looked at for SDKs: more than 150 files"), "{quick}");
    assert!(quick.contains("without --quick more is read"), "{quick}");
    let whole = limits("doctor --only local --format json");
    assert!(!whole.contains("not looked at for SDKs"), "{whole}");
}
