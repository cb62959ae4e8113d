//! What `explain` dares to say: nothing of texts that report no error, little of what is not about this
//! API, the root before what passes by itself, and all candidates where only a status speaks.

use serde_json::Value;

use crate::harness::Doctor;

const CALLED: &str =
    "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:generateContent";
const OVERLOADED: &str = r#"ERROR 503 UNAVAILABLE. {"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}"#;
const NO_KEY: &str = r#"ERROR 400 INVALID_ARGUMENT. {"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}"#;

fn explain(text: &str) -> Value {
    Doctor::line("explain --format json -").fed(text).json()
}

fn ids(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().map(|finding| finding["id"].as_str().expect("an id")).collect()
}

#[test]
fn settings_advice_and_other_services_are_no_errors_of_this_api() {
    for (text, word) in [
        ("INFO gemini client started, connection timeout 10s, max retries 3", "NO ERROR"),
        (
            "Add retries for 429 and rate limit mitigation; 503 when the model is overloaded.",
            "NO ERROR",
        ),
        ("Our on-call handbook says: when connection refused appears, restart nginx.", "NO ERROR"),
        ("ERROR kafka broker connection timeout after 30s", "NOT GEMINI"),
        ("wget: unable to resolve host address example.com", "NOT GEMINI"),
        ("java.sql.SQLException: Connection timed out jdbc:oracle:thin:@db", "NOT GEMINI"),
        (
            "after connection broken by 'NewConnectionError: [Errno -3] Temporary failure in name \
             resolution': /simple/google-genai/",
            "NOT GEMINI",
        ),
        ("smtplib.SMTPServerDisconnected: Connection unexpectedly closed", "NOT GEMINI"),
    ] {
        let report = explain(text);
        assert_eq!(report["verdict"]["word"], word, "{text}");
        assert!(ids(&report).is_empty(), "{text}: {:?}", ids(&report));
    }
}

#[test]
fn the_way_is_sure_only_beside_a_mark_of_this_api() {
    let host = "generativelanguage.googleapis.com";
    for (text, confidence) in [
        ("getaddrinfo ENOTFOUND example.com".to_owned(), "low"),
        ("connect ECONNREFUSED 192.0.2.10:443".to_owned(), "medium"),
        (format!("connect to {host}: ECONNREFUSED 192.0.2.10:443"), "high"),
        ("gemini call: connect ECONNREFUSED 192.0.2.10:443".to_owned(), "high"),
    ] {
        let report = explain(&text);
        assert_eq!(report["findings"][0]["confidence"], confidence, "{text}");
        let said = report["limits"].to_string().contains("no mark of the Gemini API");
        assert_eq!(said, confidence != "high", "{text}: {}", report["limits"]);
    }
    let told = Doctor::line("explain --format json --sdk google-genai -");
    let report = told.fed("connect ECONNREFUSED 192.0.2.10:443").json();
    assert_eq!(report["findings"][0]["confidence"], "high", "the caller says what it is about");
}

#[test]
fn a_line_at_the_start_of_a_client_does_not_outrank_an_error() {
    let log = format!(
        "2026-11-01T10:00:00Z INFO gemini client started, connection timeout 10s\n\
         2026-11-01T10:00:05Z {OVERLOADED}\n"
    );
    assert_eq!(ids(&explain(&log)), ["model-overloaded-503"]);
}

#[test]
fn articles_are_no_sure_diagnosis() {
    let sentence = "a slow network gives a connection timeout to many users of the Gemini API, and most wait.\n";
    let words = ["Often", "Here", "Then", "Mostly", "Again", "Later", "Still", "Everywhere"];
    for between in ["", "\n"] {
        let sentences = words.map(|word| format!("{word} {sentence}{between}")).concat();
        let article = format!("How to handle them\n\n{sentences}");
        assert!(ids(&explain(&article)).is_empty(), "{article}");
    }
}

#[test]
fn certificates_are_read_without_the_name_of_an_exception() {
    let report = explain("PKIX path building failed generativelanguage.googleapis.com");
    let all = ["tls-ca-missing", "tls-self-signed-interception", "tls-missing-intermediate"];
    assert_eq!(ids(&report), all);
}

#[test]
fn what_stays_broken_comes_first_and_gives_the_exit_code() {
    for log in [format!("{OVERLOADED}\n{NO_KEY}\n"), format!("{NO_KEY}\n{OVERLOADED}\n")] {
        let ran = Doctor::line("explain --exit-code ours --format json -").fed(&log);
        let report = ran.json();
        assert_eq!(report["findings"][0]["id"], "api-key-invalid", "{log}");
        assert_eq!((ran.code, report["verdict"]["exit_code"].as_u64()), (1, Some(1)), "{log}");
    }
}

#[test]
fn a_status_alone_gets_its_candidates_in_order() {
    let order = [
        "project-denied-access",
        "billing-disabled",
        "service-disabled",
        "project-permission-denied",
        "api-key-service-blocked",
        "gateway-refused",
    ];
    for text in [
        format!("requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: {CALLED}"),
        format!("httpx.HTTPStatusError: Client error '403 Forbidden' for url '{CALLED}'"),
        format!("AxiosError: Request failed with status code 403\n  url: '{CALLED}'"),
        format!(
            "Invoke-RestMethod: The remote server returned an error: (403) Forbidden.\n-Uri '{CALLED}'"
        ),
        r#"{"error":{"code":403,"message":"Forbidden","status":"PERMISSION_DENIED"}}"#.to_owned(),
    ] {
        let report = explain(&text);
        assert_eq!(ids(&report), order, "{text}");
        assert_eq!(report["findings"][0]["confidence"], "low", "{text}");
        let splits = report["findings"][0]["splits"].to_string();
        assert!(splits.contains("gemini-doctor check-key"), "{text}: {splits}");
    }
    for (status, phrase, first) in [
        (400, "Bad Request", "api-key-invalid"),
        (401, "Unauthorized", "standard-key-rejected-2026"),
        (404, "Not Found", "model-name-wrong"),
    ] {
        let text = format!(
            "requests.exceptions.HTTPError: {status} Client Error: {phrase} for url: {CALLED}"
        );
        assert_eq!(ids(&explain(&text))[0], first);
    }
}

#[test]
fn a_limit_in_words_is_a_row_and_the_server_is_not_contradicted() {
    let text = "429 RESOURCE_EXHAUSTED. * Quota exceeded for metric: \
                generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 10, \
                model: gemini-2.5-flash\nPlease retry in 23.1s.";
    let report = explain(text);
    let quota = &report["data"]["quotas"][0];
    assert_eq!(
        (quota["limit"].as_str(), quota["model"].as_str()),
        (Some("10"), Some("gemini-2.5-flash"))
    );
    let retry = &report["findings"][0]["retry"];
    assert_eq!((&retry["after_ms"], &retry["server_is_wrong"]), (&23_100.into(), &false.into()));
}

#[test]
fn a_quota_of_an_old_log_is_lifted_long_ago() {
    let body = include_str!("../../src/simulate/bodies/quota-daily.json").replace('\n', "");
    let text = format!("2026-05-01T10:00:00Z ERROR 429 {body}");
    let report = explain(&text);
    let resets = report["data"]["quotas"][0]["resets"].as_str().expect("words");
    assert!(resets.contains("2026-05-02 07:00 UTC") && resets.contains("ago"), "{resets}");
}

#[test]
fn every_quota_stands_with_what_it_settles() {
    let body = include_str!("../../src/simulate/bodies/quota-daily.json");
    let ran = Doctor::line("explain --format markdown -").fed(body);
    assert!(ran.stdout.contains("settles") && !ran.stdout.contains("settled:"), "{}", ran.stdout);
}

#[test]
fn nothing_of_a_named_secret_is_in_any_format() {
    let key = "k3yQ8fakeExample0Zr7Wm2Lp9Tx4Vb6Nc1Hd5Js";
    let wrapped = "AIza\n      FAKEexample0123456789-_abcdefghijkl";
    for (secret, text) in [
        (key, format!("GEMINI_API_KEY={key} python app.py\n{NO_KEY}")),
        (key, format!("client = Client(api_key='{key}')\n{NO_KEY}")),
        (key, format!("curl -H \"api-key: {key}\"\n{NO_KEY}")),
        (key, format!("Cookie: SID={key}\n{NO_KEY}")),
        (
            "FAKEexample0123456789",
            format!("\\u0041IzaFAKEexample0123456789-_abcdefghijkl\n{NO_KEY}"),
        ),
        ("FAKEexample0123456789", format!("key {}\n{NO_KEY}", wrapped.replace("AIza", "AIzaSyA"))),
    ] {
        for format in ["table", "plain", "json", "ndjson", "markdown"] {
            let ran = Doctor::line(&format!("explain --format {format} -")).fed(&text);
            assert!(!ran.stdout.contains(secret), "{format}: {}", ran.stdout);
        }
        let report = explain(&text);
        assert_eq!(report["data"]["holds_a_secret"], true, "{text}");
        assert!(report["limits"].to_string().contains("revoke it"), "{text}");
    }
    let code = format!("client = Client(api_key=os.environ[\"GEMINI_API_KEY\"])\n{NO_KEY}");
    assert_eq!(explain(&code)["data"]["holds_a_secret"], false);
}

#[test]
fn what_the_caller_tells_is_answered() {
    let shape = Doctor::line("explain --use-key-shape --format json -")
        .env("GEMINI_API_KEY", "AQ.FAKEexample0123456789-abcdefghij");
    let report = shape.fed(NO_KEY).json();
    let evidence = report["findings"][0]["evidence"].to_string();
    assert!(evidence.contains("GEMINI_API_KEY") && evidence.contains("an auth key"), "{evidence}");
    assert!(!ids(&report).contains(&"standard-key-rejected-2026"), "{:?}", ids(&report));
    let sdk = Doctor::line("explain --sdk frobnicate -").fed(NO_KEY);
    assert!(sdk.stderr.contains("frobnicate"), "{}", sdk.stderr);
    let format = Doctor::line("explain --format xml -").fed(NO_KEY);
    assert!(format.code == 2 && !format.stderr.contains("junit"), "{}", format.stderr);
    let request =
        Doctor::line("explain --request body.json --format json -").file("body.json", "{}");
    let refused = r#"{"error":{"code":400,"message":"Invalid value at 'contents[3].parts[0]'","status":"INVALID_ARGUMENT"}}"#;
    let report = request.fed(refused).json();
    assert!(report["limits"].to_string().contains("contents[3].parts[0]"), "{}", report["limits"]);
    let own = r#"{"contents": [{}, {}, {}, {"parts": ["hi"]}]}"#;
    let request = Doctor::line("explain --request body.json --format json -");
    let report = request.file("body.json", own).fed(refused).json();
    assert!(!report["limits"].to_string().contains("contents[3]"), "{}", report["limits"]);
    let high = Doctor::line("explain -").fed(OVERLOADED);
    assert!(high.stdout.contains("Confidence: high."), "{}", high.stdout);
}

#[test]
fn a_bare_502_page_is_a_gateway_that_failed() {
    let page = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad \
                Gateway</h1></center><hr><center>nginx</center></body></html>";
    assert_eq!(ids(&explain(page))[0], "gateway-failed");
}

#[cfg(unix)]
#[test]
fn a_killed_command_is_told_with_its_signal() {
    let ran = Doctor::new(&["explain", "--", "sh", "-c", "kill -9 $$"]).run();
    assert_eq!(ran.code, 137);
    assert!(ran.stderr.contains("SIGKILL") && ran.stderr.contains("memory"), "{}", ran.stderr);
}

#[test]
fn a_key_that_is_not_valid_was_asked_for_no_login() {
    let key = "AIzaSyFAKEexample0123456789abcdefghijkl";
    for report in [
        explain(&format!("POST {CALLED}?key={key}\n{NO_KEY}")),
        explain(&format!("GET {CALLED}?key={key} {}", &NO_KEY[27..])),
    ] {
        assert_eq!(ids(&report)[..2], ["api-key-invalid", "standard-key-rejected-2026"]);
        assert!(!report["findings"].to_string().contains("oauth-token-expired"), "{report}");
        assert!(!report["findings"].to_string().contains("bearer-instead"), "{report}");
    }
}

#[test]
fn the_page_for_a_method_in_other_capitals_leads_to_the_method() {
    let page = "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title><p>The requested URL \
                <code>/v1beta/models/gemini-2.5-flash:generatecontent</code> was not found on this \
                server.";
    let report = explain(page);
    assert_eq!(ids(&report)[0], "model-wrong-api-version-or-method");
    assert_eq!(report["findings"][0]["confidence"], "low");
}

#[test]
fn a_407_is_headed_as_a_wish_for_a_login() {
    for text in [
        "httpx.ProxyError: 407 Proxy Authentication Required",
        "curl: (56) Received HTTP code 407 from proxy after CONNECT",
    ] {
        let first = &explain(text)["findings"][0];
        assert!(first["title"].to_string().contains("wants a login"), "{first}");
        assert!(!first["splits"].to_string().contains("407 asks for a login"), "{first}");
    }
}
