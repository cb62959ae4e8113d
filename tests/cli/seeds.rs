//! What the founding documents ask for, each as a text that is explained: their table of status codes,
//! their figures for retries, the recurring problems, and the claims that must not mislead anybody.

use std::{
    collections::BTreeSet,
    process::{Command, Stdio},
};

use gemini_doctor::{
    catalog::{self, KnownFix, Step},
    diagnose::read,
    facts::{Clue, Layer, RetryClass},
};
use serde_json::{Value, json};

use crate::harness::{Doctor, has, root};

/// An answer of a status: whether it is sent again, and what to do. Of each group of words one is told.
struct Row {
    status: u16,
    text: &'static str,
    id: &'static str,
    is_retried: bool,
    actions: &'static [&'static [&'static str]],
}

const fn lasting(
    status: u16,
    text: &'static str,
    id: &'static str,
    actions: &'static [&'static [&'static str]],
) -> Row {
    Row { status, text, id, is_retried: false, actions }
}

const fn passing(
    status: u16,
    text: &'static str,
    id: &'static str,
    actions: &'static [&'static [&'static str]],
) -> Row {
    Row { status, text, id, is_retried: true, actions }
}

/// A body that the simulator answers with.
macro_rules! body {
    ($name:literal) => {
        include_str!(concat!("../../src/simulate/bodies/", $name, ".json"))
    };
}

const WAIT: &[&str] = &["growing, random pauses", "growing pauses"];
const FEWER: &[&str] = &["queue", "fewer requests at a time", "fewer at a time"];
const OTHER_MODEL: &[&str] = &["fall back to another model", "another model", "healthy sibling"];
const SMALLER: &[&str] = &["split", "shorten", "smaller"];
const LIMITS: &[&str] = &["time limit", "read limit"];
const LATER: &[&str] = &["queue", "batch", "in the background"];

const TABLE: &[Row] = &[
    lasting(
        400,
        body!("invalid-argument"),
        "invalid-argument-generic",
        &[&["minimal request"], &["one by one"]],
    ),
    lasting(403, body!("api-key-service-blocked"), "api-key-service-blocked", &[&["key"]]),
    lasting(
        403,
        body!("project-permission-denied"),
        "project-permission-denied",
        &[&["project"], &["role"]],
    ),
    lasting(403, body!("billing-disabled"), "billing-disabled", &[&["billing account"]]),
    lasting(404, NO_SUCH_MODEL, "model-name-wrong", &[&["copy the name"]]),
    passing(429, body!("quota-requests-per-minute"), "quota-requests-per-minute", &[WAIT, FEWER]),
    passing(429, body!("quota-unspecified"), "quota-exhausted-unspecified", &[WAIT]),
    passing(
        500,
        body!("internal-500"),
        "server-internal-500",
        &[&["up to three times"], &["response id"]],
    ),
    passing(503, body!("overloaded-503"), "model-overloaded-503", &[WAIT, OTHER_MODEL]),
    passing(503, body!("unavailable-503"), "service-unavailable-503", &[WAIT, OTHER_MODEL]),
    passing(504, body!("deadline-504"), "deadline-exceeded", &[SMALLER, LIMITS, LATER]),
];

const NO_SUCH_MODEL: &str = r#"{"error":{"code":404,"message":"models/gemini-9-nova is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.","status":"NOT_FOUND"}}"#;
const NO_SUCH_ENTITY: &str =
    r#"{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}"#;
const NO_SUCH_CACHE: &str = r#"{"error":{"code":403,"message":"CachedContent not found (or permission denied)","status":"PERMISSION_DENIED"}}"#;
const LOST_BUILD: &str = r#"{"error":{"code":404,"message":"Model not found: models/gemini-v9-b7-example","status":"NOT_FOUND"}}"#;

#[test]
fn the_table_of_status_codes_holds() {
    for row in TABLE {
        let report = explain(row.text);
        let finding = &report["findings"][0];
        assert_eq!(report["data"]["errors"][0]["status"], row.status, "{}", row.id);
        assert_eq!(finding["id"], row.id, "{}: {}", row.status, row.text);
        assert_eq!(is_retried(finding), row.is_retried, "{}: {}", row.id, finding["retry"]);
        let told = actions(finding);
        for group in row.actions {
            assert!(
                group.iter().any(|words| told.contains(words)),
                "{}: {group:?}\n{told}",
                row.id
            );
        }
    }
    let codes: BTreeSet<u16> = TABLE.iter().map(|row| row.status).collect();
    assert_eq!(codes, BTreeSet::from([400, 403, 404, 429, 500, 503, 504]));
}

/// Words that nobody has seen yet are judged by the code that the API gave them.
#[test]
fn new_words_under_a_known_status_are_retried_as_the_table_says() {
    for (status, word, retried) in [
        (400, "INVALID_ARGUMENT", false),
        (401, "UNAUTHENTICATED", false),
        (403, "PERMISSION_DENIED", false),
        (404, "NOT_FOUND", false),
        (429, "RESOURCE_EXHAUSTED", true),
        (500, "INTERNAL", true),
        (503, "UNAVAILABLE", true),
        (504, "DEADLINE_EXCEEDED", true),
    ] {
        let body =
            json!({"error": {"code": status, "message": "Quite new words.", "status": word}});
        let finding = &explain(&body.to_string())["findings"][0];
        assert_eq!(
            is_retried(finding),
            retried,
            "{status}: {} {}",
            finding["id"],
            finding["retry"]
        );
    }
}

/// Over everything the simulator can answer, no refusal of a request, key or permission is sent again.
#[test]
fn no_known_refusal_is_sent_again() {
    let report = Doctor::line("explain --format json").args(&bodies()).run().json();
    let mut seen = 0;
    for error in list(&report["data"]["errors"]) {
        let Some(fix) = error["cause"].as_str().and_then(catalog::find) else { continue };
        let lasts = matches!(fix.retry, RetryClass::Never | RetryClass::FixFirst);
        // Another model, region or build may serve what this one does not, and a file may get ready.
        let elsewhere = fix.retry == RetryClass::Failover || fix.id == "file-not-active";
        match error["status"].as_u64() {
            Some(400 | 403 | 404) => assert!(lasts || elsewhere, "{}: {}", fix.id, error["source"]),
            Some(500 | 503 | 504) => assert!(!lasts, "{}: {}", fix.id, error["source"]),
            _ => continue,
        }
        seen += 1;
    }
    assert!(seen >= 50, "only {seen} bodies were looked at");
}

#[test]
fn tiers_of_errors_are_treated_as_the_checklist_says() {
    let unauthenticated = body!("oauth-missing");
    for body in [body!("invalid-argument"), unauthenticated, body!("api-key-leaked")] {
        assert!(!is_retried(&explain(body)["findings"][0]), "{body}");
    }
    let slow = explain("httpx.ReadTimeout: The read operation timed out");
    assert_eq!(slow["findings"][0]["id"], "client-read-timeout");
    assert_eq!(
        slow["findings"][0]["retry"]["class"], "once",
        "what timed out may have been served"
    );
    for body in [body!("internal-500"), body!("unavailable-503")] {
        let policy = policy("python", body);
        assert!(policy.contains("RETRIES = 3"), "two to three tries\n{policy}");
    }
}

/// Plays failures to the printed policy: the retry set, how often, how long in between.
const DRIVER: &str = r#"
import json
import sys

import policy


class Failed(Exception):
    def __init__(self, status):
        super().__init__("busy")
        self.status_code = status


def play(status, chance):
    pauses, sent, now = [], [], [0.0]

    def call(attempt):
        sent.append(attempt.number)
        raise Failed(status)

    def sleep(seconds):
        pauses.append(round(seconds * 1000))
        now[0] += seconds

    try:
        policy.generate(call, ["a"], sleep=sleep, clock=lambda: now[0], chance=lambda: chance)
    except policy.GaveUp:
        return [len(sent), pauses]


statuses = [int(word) for word in sys.argv[1:]]
print(json.dumps([[play(status, 0.0), play(status, 0.9999)] for status in statuses]))
"#;

#[test]
fn the_figures_for_retries_hold() {
    if !has("python3", "--version") {
        return;
    }
    let again = ["429", "500", "503", "504"];
    for played in play(body!("overloaded-503"), &again) {
        assert_eq!(played, json!([[4, [1000, 2000, 4000]], [4, [1499, 2499, 4499]]]));
    }
    let total: u64 = [1499, 2499, 4499].iter().sum();
    assert_eq!(total, 8497, "the longest wait of all three");
    for played in play(body!("overloaded-503"), &["400", "401", "403", "404"]) {
        assert_eq!(played, json!([[1, []], [1, []]]), "what lasts is sent once");
    }
    for played in play(body!("billing-disabled"), &again) {
        assert_eq!(played[0][0], 1, "the policy for a refusal sends nothing again");
    }
}

fn play(error: &str, statuses: &[&str]) -> Vec<Value> {
    let place = tempfile::tempdir().expect("a scratch directory");
    let write = |name: &str, content: &str| std::fs::write(place.path().join(name), content);
    write("policy.py", &policy("python", error)).expect("written");
    write("driver.py", DRIVER).expect("written");
    let mut python = Command::new("python3");
    let python = python.arg("driver.py").args(statuses).current_dir(place.path());
    let ended = python.stdin(Stdio::null()).output().expect("it is installed");
    let complaint = String::from_utf8_lossy(&ended.stderr);
    serde_json::from_slice(&ended.stdout).unwrap_or_else(|why| panic!("{why}: {complaint}"))
}

#[test]
fn every_printed_policy_names_the_retry_set_and_the_bounds() {
    for language in ["python", "typescript", "rust"] {
        let policy = policy(language, body!("unavailable-503"));
        for part in ["429", "500", "503", "504", "8000", "1000"] {
            assert!(policy.contains(part), "{language}: {part}");
        }
        assert!(policy.contains("allback"), "{language}: what follows the last try");
    }
}

/// The recurring problems: a text that such a problem gives, and the causes that may be named first.
const RECURRING: [(&str, &str, &[&str]); 14] = [
    (
        "thinking settings in two ways",
        r#"Error code: 400 - [{'error': {'code': 400, 'message': 'Expected one of either `reasoning_effort` or custom `thinking_config`; found both.', 'status': 'INVALID_ARGUMENT'}}]"#,
        &["thinking-config-conflict"],
    ),
    (
        "a level and a budget",
        r#"{"error":{"code":400,"message":"You can only set only one of thinking budget and thinking level.","status":"INVALID_ARGUMENT"}}"#,
        &["thinking-config-conflict"],
    ),
    (
        "a setting that the API does not know",
        r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"thinking_options\": Cannot find field.","status":"INVALID_ARGUMENT"}}"#,
        &["schema-unknown-field", "thinking-config-conflict"],
    ),
    (
        "an old TLS library",
        "ssl.SSLError: [SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert protocol version (_ssl.c:997)",
        &["tls-handshake-refused"],
    ),
    (
        "a TLS library that ends in the middle",
        "ssl.SSLEOFError: [SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol (_ssl.c:1007)",
        &["tls-eof"],
    ),
    (
        "invisible characters fill the window",
        r#"400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': 'The input token count (1048600) exceeds the maximum number of tokens allowed (1048576).', 'status': 'INVALID_ARGUMENT'}}"#,
        &["input-tokens-exceeded"],
    ),
    (
        "another product's name over a corrupt login",
        "gitlab: could not log in: google.auth.exceptions.DefaultCredentialsError: ('File \
         /home/example/.config/gcloud/application_default_credentials.json is not a valid json file.', \
         JSONDecodeError('Expecting value: line 1 column 1 (char 0)'))",
        &["adc-json-corrupt"],
    ),
    (
        "a login that is cut",
        "google: error getting credentials using GOOGLE_APPLICATION_CREDENTIALS environment variable: unexpected end of \
         JSON input",
        &["adc-json-corrupt"],
    ),
    (
        "two providers' libraries in one process",
        "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: AIzaFAKE****. You can \
         find your API key at https://platform.openai.com/account/api-keys.', 'type': 'invalid_request_error', 'param': None, \
         'code': 'invalid_api_key'}}",
        &["wrong-provider-key"],
    ),
    (
        "402 although there is a balance",
        r#"402 Payment Required: {"error":{"code":402,"message":"Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.","status":"RESOURCE_EXHAUSTED"}}"#,
        &["prepaid-credits-depleted"],
    ),
    (
        "402 of a relay",
        r#"{"error":{"code":402,"message":"Insufficient credits. Add more at https://relay.example/credits"}}"#,
        &["gateway-credits-exhausted-402"],
    ),
    (
        "a short question behind a long history",
        r#"{"error":{"code":400,"message":"The input token count exceeds the maximum number of tokens allowed 1048576.","status":"INVALID_ARGUMENT"}}"#,
        &["input-tokens-exceeded"],
    ),
    (
        "a public key",
        r#"{"error":{"code":403,"message":"Your API key was reported as leaked. Please use another API key.","status":"PERMISSION_DENIED"}}"#,
        &["api-key-leaked"],
    ),
    ("a key that was taken back", body!("api-key-invalid"), &["api-key-invalid"]),
];

#[test]
fn recurring_problems_get_their_cause() {
    for (problem, error, causes) in RECURRING {
        let report = explain(error);
        let finding = &report["findings"][0];
        assert!(causes.contains(&text(&finding["id"])), "{problem}: {} of {error}", finding["id"]);
        assert_eq!(report["verdict"]["word"], "CAUSE", "{problem}");
        assert!(!is_retried(finding) || finding["layer"] == "tls", "{problem}");
    }
}

#[test]
fn a_long_history_is_named_where_the_window_overflows() {
    let told = actions(&explain(RECURRING[11].1)["findings"][0]);
    assert!(told.contains("history") && told.contains("count tokens"), "{told}");
}

/// A library's own list of models is older than the models: the service is asked, not the list.
#[test]
fn a_library_that_does_not_know_a_model_is_checked_against_the_service() {
    for error in [
        "ValueError: Model gemini-3.5-flash is not supported. Supported models: gemini-1.5-pro, gemini-2.0-flash",
        "Error: Unknown model: gemini-3.5-flash",
        "unsupported model: gemini-3.5-flash",
    ] {
        let report = explain(error);
        let finding = &report["findings"][0];
        assert_ne!(finding["id"], "not-recognised", "{error}");
        assert!(finding.to_string().contains("gemini-doctor list-models"), "{error}: {finding}");
        assert!(finding["why"].to_string().to_lowercase().contains("list"), "{error}: {finding}");
    }
}

#[test]
fn a_denied_project_is_a_matter_of_permission_and_not_of_the_network() {
    for error in [
        "403 Permission denied on resource project xxx",
        "403: Permission denied on resource project xxx",
        "google.api_core.exceptions.PermissionDenied: 403 Permission denied on resource project xxx.",
        r#"{"error":{"code":403,"message":"Permission denied on resource project xxx.","status":"PERMISSION_DENIED"}}"#,
    ] {
        let report = explain(error);
        let finding = &report["findings"][0];
        assert_eq!(
            (text(&finding["id"]), text(&finding["layer"])),
            ("project-permission-denied", "permission"),
            "{error}"
        );
        assert!(text(&finding["why"]).contains("not a network fault"), "{}", finding["why"]);
        for rival in list(&report["findings"]) {
            let path = ["dns", "tcp", "proxy", "tls"].contains(&text(&rival["layer"]));
            assert!(!path, "{error}: {} is no rival", rival["id"]);
        }
    }
    let answered = &explain(body!("project-permission-denied"))["findings"][0];
    let excluded: Vec<&str> = list(&answered["ruled_out"]).map(|one| text(&one["id"])).collect();
    for layer in ["dns", "tcp", "tls"] {
        assert!(excluded.contains(&layer), "the server answered: {excluded:?}");
    }
}

/// The order in which a 403 is worked off, with words that tell a step's place in it. The first row
/// that fits counts, so the narrowest stand first.
const STEPS_OF_403: [(usize, &[&str]); 6] = [
    (5, &["network", "proxy", "firewall", "outgoing address", "vpn"]),
    (1, &["billing", "invoice", "a bill is open", "what is owed", "pays", "balance", "credits"]),
    (2, &["enable the api", "services enable"]),
    (3, &["role", "scope", "licence", "share the tuned model"]),
    (0, &["country", "region", "terms", "support case", "appeal", "mail of the project"]),
    (4, &["key"]),
];

#[test]
fn fixes_of_a_403_stand_in_their_order() {
    let mut places = BTreeSet::new();
    let mut mixed = Vec::new();
    let mut count = 0;
    for fix in catalog::all().filter(|fix| is_a_403(fix)) {
        count += 1;
        let order: Vec<usize> = fix.fix.iter().filter_map(place_in_the_order).collect();
        if !order.is_sorted() {
            mixed.push((fix.id, order.clone()));
        }
        places.extend(order);
    }
    assert!(mixed.is_empty(), "{mixed:?}");
    assert!(count >= 20, "only {count} known fixes of a 403");
    assert_eq!(places.len(), STEPS_OF_403.len(), "every place is taken by some step: {places:?}");
}

#[test]
fn the_seeds_own_403_has_every_step_of_the_order() {
    let report = explain("403 Permission denied on resource project xxx");
    let fix = catalog::find(text(&report["findings"][0]["id"])).expect("a known fix");
    let mut places: Vec<usize> = fix.fix.iter().filter_map(place_in_the_order).collect();
    assert!(places.is_sorted(), "{places:?}");
    places.dedup();
    assert_eq!(places, [0, 1, 2, 3, 4, 5], "eligibility, billing, API, IAM, key, transport");
}

fn is_a_403(fix: &KnownFix) -> bool {
    let shows = |example: &&str| read::read(example).contains(&Clue::Status(403));
    let is_googles = !matches!(fix.layer, Layer::Proxy | Layer::Gateway);
    is_googles && fix.seen_as.iter().any(shows)
}

/// Where a step stands; none for one that only looks, with a command of ours.
fn place_in_the_order(step: &Step) -> Option<usize> {
    let command = step.command.map_or("", |command| command.sh);
    if command.starts_with("gemini-doctor ") {
        return None;
    }
    let said = format!("{} {command}", step.action).to_lowercase();
    let fits = |(_, words): &&(usize, &[&str])| words.iter().any(|word| said.contains(word));
    STEPS_OF_403.iter().find(fits).map(|(place, _)| *place)
}

#[test]
fn a_disabled_api_comes_with_its_link() {
    let link = "https://console.developers.google.com/apis/api/generativelanguage.googleapis.com/overview?project=123456789012";
    let error = json!({"error": {
        "code": 403, "status": "PERMISSION_DENIED",
        "message": format!("Generative Language API has not been used in project 123456789012 before or it is disabled. Enable it by visiting {link} then retry."),
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED", "domain": "googleapis.com",
            "metadata": {"service": "generativelanguage.googleapis.com", "activationUrl": link, "consumer": "projects/123456789012"}}],
    }});
    let finding = &explain(&error.to_string())["findings"][0];
    assert_eq!(finding["id"], "service-disabled");
    assert!(finding["fixes"].to_string().contains(link), "{}", finding["fixes"]);
    assert!(finding["fixes"].to_string().contains("123456789012"), "{}", finding["fixes"]);
}

#[test]
fn a_missing_role_is_named_with_the_line_that_grants_it() {
    let error = "google.api_core.exceptions.PermissionDenied: 403 Permission 'aiplatform.endpoints.predict' denied on resource \
                 '//aiplatform.googleapis.com/projects/example-shop/locations/global/publishers/google/models/gemini-3.5-flash' (or it may not exist).";
    let finding = &explain(error)["findings"][0];
    assert_eq!(finding["id"], "vertex-iam-predict-denied");
    assert!(finding["evidence"].to_string().contains("aiplatform.endpoints.predict"), "{finding}");
    let fixes = finding["fixes"].to_string();
    let parts = ["gcloud projects add-iam-policy-binding example-shop", "roles/aiplatform.user"];
    assert!(parts.iter().all(|part| fixes.contains(part)), "{fixes}");
}

#[test]
fn depleted_credits_are_one_cause_under_every_status() {
    for (status, word) in
        [(402, "PAYMENT_REQUIRED"), (403, "PERMISSION_DENIED"), (429, "RESOURCE_EXHAUSTED")]
    {
        let words = "Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.";
        let body = json!({"error": {"code": status, "message": words, "status": word}});
        let finding = &explain(&body.to_string())["findings"][0];
        assert_eq!(finding["id"], "prepaid-credits-depleted", "{status}");
        assert!(!is_retried(finding), "{status}: {}", finding["retry"]);
        assert!(text(&finding["why"]).contains("No API lets a key read the balance"), "{finding}");
    }
}

#[test]
fn a_quota_of_the_day_and_a_pause_of_seconds_are_told_to_disagree() {
    let body = body!("quota-daily").replace("51s", "36s").replace("51.642817104s", "36.5s");
    let report = explain(&body);
    let retry = &report["findings"][0]["retry"];
    assert_eq!(report["findings"][0]["id"], "quota-daily-exhausted");
    let after = retry["after_ms"].as_u64().expect("the server asks for a pause");
    assert!((36_000..=36_500).contains(&after) && retry["server_is_wrong"] == true, "{retry}");
    let table = Doctor::line("explain").fed(&body).stdout;
    let flat = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("which does not help here"), "{table}");
    assert!(flat.contains("midnight Pacific"), "{table}");
    let minute = explain(body!("quota-requests-per-minute"));
    assert_eq!(
        minute["findings"][0]["retry"]["server_is_wrong"], false,
        "there the pause is honest"
    );
}

#[test]
fn a_429_says_which_of_the_limits_it_is() {
    for (body, counts, per) in [
        (body!("quota-requests-per-minute"), "requests", "minute"),
        (body!("quota-tokens-per-minute"), "input tokens", "minute"),
        (body!("quota-daily"), "requests", "day"),
    ] {
        let quota = &explain(body)["data"]["quotas"][0];
        assert_eq!((text(&quota["counts"]), text(&quota["per"])), (counts, per), "{quota}");
        for part in ["limit", "settles", "resets"] {
            assert!(!text(&quota[part]).is_empty(), "{part} of {quota}");
        }
    }
    let silent = explain("429 Too Many Requests");
    assert_eq!(silent["data"]["quotas"], json!([]), "nobody said which");
    assert_eq!(silent["findings"][0]["confidence"], "low");
}

#[test]
fn kinds_of_404_are_told_apart_and_only_the_lost_build_is_asked_for_elsewhere() {
    let kinds = [NO_SUCH_MODEL, body!("model-closed"), NO_SUCH_ENTITY, LOST_BUILD];
    let reports = kinds.map(explain);
    let ids: BTreeSet<&str> =
        reports.iter().map(|report| text(&report["findings"][0]["id"])).collect();
    assert_eq!(ids.len(), kinds.len(), "{ids:?}");
    assert!(!ids.contains("not-recognised"), "{ids:?}");
    for report in &reports {
        let finding = &report["findings"][0];
        let is_the_build = finding["id"] == "alias-backend-missing";
        assert_eq!(is_retried(finding), is_the_build, "{}: {}", finding["id"], finding["retry"]);
    }
}

#[test]
fn a_cache_that_is_gone_is_recognised() {
    let finding = &explain(NO_SUCH_CACHE)["findings"][0];
    assert_ne!(finding["id"], "not-recognised", "{finding}");
    assert!(!is_retried(finding), "{}", finding["retry"]);
}

/// A socket that was closed, in six ways, as clients tell it.
const CLOSED: [(&str, &str, &str); 6] = [
    (
        "refused",
        "urllib3.exceptions.NewConnectionError: Failed to establish a new connection: [Errno 111] Connection refused",
        "connection-refused",
    ),
    ("reset before TLS", "curl: (35) Recv failure: Connection reset by peer", "connection-reset"),
    (
        "reset after TLS",
        "curl: (56) OpenSSL SSL_read: Connection reset by peer, errno 104",
        "connection-reset-after-tls",
    ),
    (
        "GOAWAY",
        "httpx.RemoteProtocolError: <ConnectionTerminated error_code:0, last_stream_id:15, additional_data:None>",
        "h2-goaway",
    ),
    (
        "an idle connection used again",
        "Post \"https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:generateContent\": http: server closed idle connection",
        "server-disconnected",
    ),
    (
        "closed in the body",
        "httpx.RemoteProtocolError: peer closed connection without sending complete message body (received 512 bytes, expected 2048)",
        "answer-cut",
    ),
];

#[test]
fn a_closed_socket_is_six_answers() {
    let mut ids = BTreeSet::new();
    for (way, error, id) in CLOSED {
        let found = text(&explain(error)["findings"][0]["id"]).to_owned();
        assert_eq!(found, id, "{way}: {error}");
        ids.insert(found);
    }
    assert_eq!(ids.len(), CLOSED.len());
}

#[test]
fn each_of_the_six_can_be_raised() {
    for (way, _, id) in CLOSED {
        let scenario = catalog::find(id).expect("a known fix").reproduce;
        let line = format!("check-key --simulate {scenario} --format json");
        let report = Doctor::line(&line).run().json();
        assert_eq!(report["findings"][0]["id"], id, "{way}: {}", report["verdict"]);
    }
}

#[test]
fn words_that_do_not_tell_which_of_the_six_are_not_called_certain() {
    for error in ["Socket closed unexpectedly", "Error: Socket closed"] {
        let report = explain(error);
        assert_eq!(report["findings"][0]["confidence"], "low", "{error}: {report:#}");
        assert!(list(&report["findings"]).count() >= 3, "{error}: its rivals are named");
    }
}

#[test]
fn a_proxy_that_closes_is_not_called_the_server() {
    let error = "ProxyError('Unable to connect to proxy', RemoteDisconnected('Remote end closed connection without response'))";
    let finding = &explain(error)["findings"][0];
    assert_eq!(finding["layer"], "proxy", "{} {}", finding["id"], finding["confidence"]);
}

#[test]
fn a_refused_region_leads_to_the_official_list_and_to_both_address_families() {
    let finding = &explain(body!("location-unsupported"))["findings"][0];
    assert_eq!(finding["layer"], "region");
    let all = finding.to_string();
    for part in [
        "https://ai.google.dev/gemini-api/docs/available-regions",
        "check-key -4",
        "outgoing address",
    ] {
        assert!(all.contains(part), "{part}: {all}");
    }
}

/// A report as a web page's typography leaves it: blank lines in the body, curly quotes around a name.
const CURLY: &str = "gemini-3.5-flash answers 404 now and then\n\n404 NOT_FOUND\n\n{\n\n\u{201c}error\u{201d}: {\n\n\"code\": 404,\n\n\
                     \"message\": \"Model not found: models/gemini-v4p1s-rev24-ajax-sentinel\",\n\n\"status\": \"NOT_FOUND\"\n\n}\n\n}\n\n\
                     curl -s \u{201c}https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:generateContent?key=$GOOGLE_API_KEY\u{201d} \\\n";

#[test]
fn a_report_with_curly_quotes_is_read_as_it_was_pasted() {
    let all_curly = CURLY
        .replace("\"code\"", "\u{201c}code\u{201d}")
        .replace("\"message\"", "\u{201c}message\u{201d}");
    let bytes_of_a_page = CURLY.replace('\n', "\r\n");
    for pasted in [CURLY, &all_curly, &bytes_of_a_page] {
        let report = explain(pasted);
        let finding = &report["findings"][0];
        assert_eq!(
            (text(&finding["id"]), text(&finding["retry"]["class"])),
            ("alias-backend-missing", "failover")
        );
        assert_eq!(finding["confidence"], "high", "the name that was asked stands in the text");
        assert!(finding["evidence"].to_string().contains("gemini-v4p1s-rev24-ajax-sentinel"));
        assert_eq!(report["target"]["model"], "gemini-3.5-flash");
        let excluded: Vec<&str> = list(&finding["ruled_out"]).map(|one| text(&one["id"])).collect();
        assert!(excluded.contains(&"tcp"), "{excluded:?}");
    }
}

fn explain(error: &str) -> Value {
    Doctor::line("explain --format json").fed(error).json()
}

/// What `explain --policy` prints for an error.
fn policy(language: &str, error: &str) -> String {
    Doctor::line("explain --policy").args(&[language]).fed(error).stdout
}

fn is_retried(finding: &Value) -> bool {
    !matches!(text(&finding["retry"]["class"]), "never" | "fix-first")
}

/// What a finding says is to be done, in small letters.
fn actions(finding: &Value) -> String {
    let actions = list(&finding["fixes"]).map(|fix| text(&fix["action"]).to_lowercase());
    actions.collect::<Vec<_>>().join("; ")
}

/// The options that name every JSON body of the API's own that the simulator answers with.
fn bodies() -> Vec<String> {
    let folder = std::fs::read_dir(root().join("src/simulate/bodies")).expect("a folder");
    let paths = folder.map(|entry| entry.expect("an entry").path());
    let of_the_api = paths.filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".json") && !name.starts_with("gateway-")
    });
    of_the_api.flat_map(|path| ["--file".to_owned(), path.display().to_string()]).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is a text"))
}
