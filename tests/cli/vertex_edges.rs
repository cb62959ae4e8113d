//! Logins where something other than the platform is odd: what stands in the place of a path, whoever gives out
//! tokens, a metadata server that hangs, calls that fail, and users who meant the platform all along.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::harness::Doctor;

const FORMATS: [&str; 7] = ["table", "plain", "json", "ndjson", "junit", "markdown", "github"];

/// An HTTP server that lives as long as the tests do. `None` is no answer at all.
fn serve(answer: impl Fn(&str) -> Option<(u16, String)> + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        let mut silent = Vec::new();
        for stream in listener.incoming().flatten() {
            silent.extend(converse(stream, &answer));
        }
    });
    port
}

/// Answers until the other side is done; gives a connection back that is to stay silent.
fn converse(
    stream: TcpStream,
    answer: &impl Fn(&str) -> Option<(u16, String)>,
) -> Option<TcpStream> {
    stream.set_read_timeout(Some(Duration::from_secs(2))).expect("set");
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
        if header.trim().is_empty() {
            break;
        }
    }
    reader.read_exact(&mut vec![0; length]).ok()?;
    let path = line.split(' ').nth(1).unwrap_or_default();
    let Some((status, body)) = answer(path) else { return Some(stream) };
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nserver-timing: gfet4t7; dur=1\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = stream;
    stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
    None
}

/// A person's login whose token comes from a port of this machine.
fn person(port: u16) -> String {
    json!({
        "type": "authorized_user", "client_id": "1.apps.googleusercontent.com",
        "client_secret": "GOCSPX-FAKE-secret-of-a-test", "quota_project_id": "example-prod",
        "refresh_token": "1//0FAKE-refresh-token-of-a-test-0001",
        "token_uri": format!("http://127.0.0.1:{port}/token"),
    })
    .to_string()
}

fn asks(port: u16, line: &str) -> Doctor {
    Doctor::line(line)
        .file("login.json", person(port))
        .env("GOOGLE_APPLICATION_CREDENTIALS", "login.json")
        .env("GOOGLE_CLOUD_PROJECT", "example-prod")
        .args(&["--base-url", &format!("http://127.0.0.1:{port}"), "--format", "json"])
}

fn rows(report: &Value) -> Vec<(String, String)> {
    let text = |row: &Value, name: &str| row[name].as_str().expect("a text").to_owned();
    let rows = report["checks"].as_array().expect("rows").iter();
    rows.map(|row| (text(row, "id"), text(row, "status"))).collect()
}

fn ids(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("findings").iter();
    findings.map(|one| one["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn a_file_in_base64_is_shown_nowhere() {
    let key = "FAKEkeyOfATest0123456789+/".repeat(20);
    let file = serde_json::to_string_pretty(&json!({
        "type": "service_account", "project_id": "example-prod", "private_key_id": "FAKE0123456789id",
        "private_key": format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n"),
        "client_email": "svc@example-prod.iam.gserviceaccount.com",
    }))
    .expect("JSON");
    let packed = STANDARD.encode(&file);
    let cut = &packed[..packed.len() / 2];
    for value in [packed.as_str(), cut, &format!("'{packed}'"), &format!("'{file}'")] {
        for line in ["check-key --api vertex", "doctor --only local", "check-key --api gemini"] {
            for format in FORMATS {
                let doctor = Doctor::line(line).args(&["--format", format, "-vv"]);
                let ran = doctor.env("GOOGLE_APPLICATION_CREDENTIALS", value).run();
                let said = format!("{}{}", ran.stdout, ran.stderr).replace(['\n', ' '], "");
                for part in [&packed[8..32], &packed[400..424], &key[..24], "FAKE0123456789id"] {
                    assert!(!said.contains(part), "{line} {format} shows {part}\n{said}");
                }
            }
        }
    }
    let doctor = Doctor::line("check-key --api vertex --format json");
    let report = doctor.env("GOOGLE_APPLICATION_CREDENTIALS", &packed).run().json();
    assert_eq!(ids(&report)[0], "adc-file-unusable");
    assert!(report.to_string().contains("holds the contents of a file in base64"), "{report}");
}

#[test]
fn refusals_of_a_token_endpoint_have_no_cause_of_the_api() {
    for (status, body, cause) in [
        (404, "{}", "token-endpoint-odd"),
        (401, "{}", "token-endpoint-odd"),
        (400, "{}", "token-endpoint-odd"),
        (403, "forbidden", "token-endpoint-odd"),
        (429, "{}", "token-endpoint-down"),
        (
            503,
            "{\"error\": {\"code\": 503, \"message\": \"The model is overloaded.\"}}",
            "token-endpoint-down",
        ),
        (
            400,
            "{\"error\": {\"code\": 400, \"message\": \"API key not valid.\", \"status\": \"INVALID_ARGUMENT\"}}",
            "not-recognised",
        ),
        (
            400,
            "{\"error\": \"invalid_grant\", \"error_description\": \"Token has been expired or revoked.\"}",
            "oauth-invalid-grant",
        ),
    ] {
        let port = serve(move |_| Some((status, body.to_owned())));
        let report = asks(port, "check-key --api vertex").run().json();
        // A test's file is readable by everybody.
        let found = ids(&report).into_iter().filter(|id| id != "adc-readable-by-others");
        assert_eq!(found.collect::<Vec<_>>(), [cause], "{status} {body}");
    }
}

#[test]
fn rows_of_the_platform_pass_only_on_what_an_answer_shows() {
    const ROWS: [&str; 3] = ["cloud.auth", "cloud.service", "cloud.permission"];
    let error = |status: u16, word: &str| {
        json!({"error": {"code": status, "message": "A test's own words.", "status": word}})
            .to_string()
    };
    for (status, body, passed) in [
        (200, "{\"totalTokens\": 3}".to_owned(), 3),
        (404, error(404, "NOT_FOUND"), 2),
        (429, error(429, "RESOURCE_EXHAUSTED"), 2),
        (500, error(500, "INTERNAL"), 0),
        (503, error(503, "UNAVAILABLE"), 0),
        (502, "<html>bad gateway</html>".to_owned(), 0),
        (0, String::new(), 0),
    ] {
        let answered = body.clone();
        let port = serve(move |path| match path {
            "/token" => Some((200, "{\"access_token\": \"ya29.FAKE-token-of-a-test\"}".to_owned())),
            path if path.contains(":countTokens") => {
                (status > 0).then(|| (status, answered.clone()))
            }
            path if path.contains(":generateContent") => Some((500, String::new())),
            _ => Some((200, "{\"publisherModels\": []}".to_owned())),
        });
        let line = "check-key --api vertex --no-generate --model gemini-3.5-flash --timeout 2";
        let report = asks(port, line).run().json();
        let rows = rows(&report);
        let found: Vec<&str> = ROWS
            .into_iter()
            .filter(|id| rows.contains(&((*id).to_owned(), "pass".to_owned())))
            .collect();
        assert_eq!(found, ROWS[..passed], "{status} {body}\n{rows:?}");
        let asked = rows.iter().any(|(id, _)| id == "cloud.auth");
        assert!(asked, "{status}: the row is told in any case: {rows:?}");
    }
}

#[test]
fn an_answer_that_failed_shows_no_quota() {
    for status in [403, 500] {
        let body = json!({"error": {"code": status, "message": "No.", "status": "INTERNAL"}});
        let port = serve(move |path| match path {
            "/token" => Some((200, "{\"access_token\": \"ya29.FAKE-token-of-a-test\"}".to_owned())),
            path if path.contains(":countTokens") => Some((200, "{\"totalTokens\": 3}".to_owned())),
            path if path.contains("enerateContent") => Some((status, body.to_string())),
            _ => Some((200, "{\"publisherModels\": []}".to_owned())),
        });
        let report = asks(port, "check-key --api vertex --model gemini-3.5-flash").run().json();
        let quota = rows(&report).into_iter().find(|(id, _)| id == "cloud.quota");
        assert_eq!(quota.map(|(_, status)| status).as_deref(), Some("skip"), "{status}\n{report}");
    }
}

#[test]
fn a_budget_that_is_used_up_is_no_claim() {
    let line = "check-key --api vertex --max-requests 1 --format json";
    let report =
        Doctor::line(line).args(&["--simulate", "service-account-key-deleted"]).run().json();
    let row = rows(&report).into_iter().find(|(id, _)| id == "adc.exchange").expect("told");
    assert_eq!(row.1, "inconclusive", "{report}");
    assert!(!report.to_string().contains("takes the same key"));
}

#[test]
fn a_metadata_server_that_hangs_holds_nobody_up() {
    let port = serve(|_| None);
    let began = Instant::now();
    let doctor = Doctor::line("check-key --api vertex --format json");
    let ran = doctor.env("GCE_METADATA_HOST", format!("127.0.0.1:{port}")).run();
    assert!(began.elapsed() < Duration::from_secs(9), "{:?}", began.elapsed());
    assert_eq!((ids(&ran.json()), ran.code), (vec!["adc-missing".to_owned()], 2));
}

#[test]
fn whoever_meant_the_platform_is_led_to_it() {
    let meant = |line: &str| {
        let port = 9;
        Doctor::line(line)
            .file(
                "login.json",
                person(port)
                    .replace("http://127.0.0.1:9/token", "https://oauth2.googleapis.com/token"),
            )
            .env("GOOGLE_APPLICATION_CREDENTIALS", "login.json")
            .env("GOOGLE_GENAI_USE_VERTEXAI", "true")
            .env("GOOGLE_CLOUD_PROJECT", "example-prod")
            .env("GOOGLE_CLOUD_LOCATION", "global")
            .args(&["--format", "json"])
    };
    let report = meant("doctor --only local").run().json();
    assert!(!ids(&report).contains(&"sdk-vertex-switch".to_owned()), "{report}");
    let ran = meant("check-key").run();
    let report = ran.json();
    assert_eq!((ids(&report)[0].as_str(), ran.code), ("login-without-key", 2), "{report}");
    assert!(report.to_string().contains("\"gemini-doctor doctor --api vertex\""), "{report}");
    let ran =
        Doctor::line("check-key --format json").env("GOOGLE_GENAI_USE_VERTEXAI", "true").run();
    assert!(ids(&ran.json()).contains(&"key-not-set".to_owned()));
}
