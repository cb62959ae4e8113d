//! `explain` as people use it: every way in, every way out, every encoding, and nothing sent.

use std::{net::TcpListener, path::Path};

use gemini_doctor::{facts::RetryClass, policy};
use serde_json::{Value, json};

use crate::{
    dry_run::trace,
    harness::{Doctor, Ran, has, root},
    isolation,
    schema::Schema,
};

/// A refusal that fits one line and has one cause.
const LEAKED: &str = "403 PERMISSION_DENIED. {'error': {'code': 403, 'message': 'Your API key was reported as leaked. \
                      Please use another API key.', 'status': 'PERMISSION_DENIED'}}";
const OVERLOADED: &str = r#"{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}"#;
const REFUSED: &str = "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='generativelanguage.googleapis.com', \
                       port=443): Max retries exceeded with url: /v1beta/models (Caused by \
                       NewConnectionError('[Errno 111] Connection refused'))";
const NOT_LISTED: &str = r#"{"error":{"code":404,"message":"Model not found: models/gemini-v9-b7-example","status":"NOT_FOUND"}}"#;
const OF_OPENAI: &str = "Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-FAKE. You can find your API key \
                         at https://platform.openai.com/account/api-keys.', 'type': 'invalid_request_error', 'param': None, \
                         'code': 'invalid_api_key'}}";
const NOBODY_KNOWS: &str = "Error: the example flux of the frobnicator overflowed";
const NO_ERROR: &str = "All 57 examples ran in 3.2 s, see you tomorrow";

/// A text, the verdict's word, its class for `--exit-code ours`.
const VERDICTS: [(&str, &str, i32); 9] = [
    (LEAKED, "CAUSE", 1),
    (OVERLOADED, "CAUSE", 3),
    (REFUSED, "CAUSE", 4),
    (include_str!("../../src/simulate/bodies/quota-daily.json"), "CAUSE", 6),
    (include_str!("../../src/simulate/bodies/location-unsupported.json"), "CAUSE", 4),
    (OF_OPENAI, "NOT GEMINI", 5),
    (NOBODY_KNOWS, "UNKNOWN", 5),
    (NO_ERROR, "NO ERROR", 5),
    ("", "NO ERROR", 5),
];

const FORMATS: [&str; 5] = ["table", "plain", "json", "ndjson", "markdown"];

#[test]
fn every_way_in_reads_the_same_error() {
    let file = || Doctor::line("explain").file("error.txt", LEAKED);
    let words: Vec<&str> = LEAKED.split(' ').collect();
    let nested = Doctor::line("explain").file("logs/error 1.txt", LEAKED);
    for (way, ran) in [
        ("one argument", Doctor::new(&["explain", LEAKED]).run()),
        ("many words", Doctor::line("explain").args(&words).run()),
        ("a dash", Doctor::line("explain -").fed(LEAKED)),
        ("nothing but a pipe", Doctor::line("explain").fed(LEAKED)),
        ("--file", file().args(&["--file", "error.txt"]).run()),
        ("a path as text", file().args(&["error.txt"]).run()),
        ("a path with a blank", nested.args(&["logs/error 1.txt"]).run()),
    ] {
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{way}: {ran:?}");
        assert!(ran.stdout.starts_with("CAUSE  auth: "), "{way}: {}", ran.stdout);
        assert!(ran.stdout.contains("Exit 0 (recognised)."), "{way}: {}", ran.stdout);
        assert!(ran.stdout.contains("(api-key-leaked)"), "{way}: {}", ran.stdout);
    }
}

#[test]
fn each_text_keeps_its_name() {
    let doctor = Doctor::line("explain --format json --file a.log --file b.log");
    let report = doctor.file("a.log", LEAKED).file("b.log", OVERLOADED).run().json();
    let names: Vec<&Value> = list(&report["data"]["sources"]).map(|one| &one["name"]).collect();
    assert_eq!(names, ["a.log", "b.log"]);
    let found: Vec<_> =
        errors(&report).map(|one| (text(&one["source"]), text(&one["cause"]))).collect();
    assert_eq!(found, [("a.log", "api-key-leaked"), ("b.log", "model-overloaded-503")]);
    assert_eq!(explain(LEAKED, &[])["data"]["sources"][0]["name"], "standard input");
    let typed = Doctor::new(&["explain", LEAKED, "--format", "json"]).run().json();
    assert_eq!(typed["data"]["sources"][0]["name"], "argument");
}

#[test]
fn the_verdict_says_what_the_text_is() {
    for (input, word, class) in VERDICTS {
        let code = if word == "CAUSE" { 0 } else { 5 };
        let plain = Doctor::line("explain").fed(input);
        assert_eq!(plain.code, code, "{input}\n{plain:?}");
        assert!(plain.stdout.starts_with(&format!("{word}  ")), "{input}\n{}", plain.stdout);
        let ours = Doctor::line("explain --exit-code ours --format json").fed(input);
        assert_eq!(ours.code, class, "{input}\n{}", ours.stdout);
        let report = ours.json();
        assert_eq!(
            (&report["verdict"]["word"], &report["verdict"]["exit_code"]),
            (&json!(word), &json!(class))
        );
        let known = text(&report["verdict"]["status"]) != "inconclusive";
        assert_eq!(known, word == "CAUSE", "{input}");
    }
}

#[test]
fn another_providers_error_names_that_provider_and_gives_no_finding() {
    let report = explain(OF_OPENAI, &[]);
    assert!(text(&report["verdict"]["sentence"]).contains("OpenAI"), "{report:#}");
    assert_eq!(report["findings"], json!([]));
    assert_eq!(report["verdict"]["next"], Value::Null);
}

/// Errors of others, as close to ours as they come.
const OF_OTHERS: [&str; 7] = [
    "openai.RateLimitError: Error code: 429 - {'error': {'message': 'Rate limit reached for gpt-4o', 'type': 'tokens', \
     'code': 'rate_limit_exceeded'}}",
    "openai.BadRequestError: Error code: 400 - {'error': {'message': \"This model's maximum context length is 8192 tokens.\", \
     'type': 'invalid_request_error', 'code': 'context_length_exceeded'}}",
    "anthropic.APIStatusError: Error code: 529 - {'type': 'error', 'error': {'type': 'overloaded_error', 'message': 'Overloaded'}}",
    r#"{"error":{"message":"Rate limit reached for model `llama-3.1-70b` on tokens per minute (TPM): Limit 6000","type":"tokens","code":"rate_limit_exceeded"}}"#,
    "google.api_core.exceptions.Forbidden: 403 GET https://storage.googleapis.com/storage/v1/b/example: someone@example.com \
     does not have storage.buckets.get access",
    "botocore.exceptions.ClientError: An error occurred (AccessDeniedException) when calling the InvokeModel operation: not authorized",
    "psycopg2.OperationalError: connection to server at \"127.0.0.1\", port 5432 failed: Connection refused",
];

#[test]
fn errors_of_others_are_not_taken_for_ours() {
    for error in OF_OTHERS {
        let report = explain(error, &[]);
        assert_eq!(report["verdict"]["word"], "NOT GEMINI", "{error}\n{:#}", report["verdict"]);
    }
}

#[test]
fn a_host_that_is_not_googles_makes_nothing_certain() {
    for error in [
        "fatal: unable to access 'https://github.com/example/example.git/': Could not resolve host: github.com",
        "curl: (6) Could not resolve host: registry.example.com",
        "Error: connect ECONNREFUSED 127.0.0.1:5432",
    ] {
        let report = explain(error, &[]);
        let certain = list(&report["findings"]).any(|finding| finding["confidence"] == "high");
        assert!(!certain, "{error}: {}", report["findings"][0]["id"]);
    }
}

#[test]
fn an_answer_is_no_error() {
    for answer in [
        r#"{"candidates":[{"content":{"parts":[{"text":"hi"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1}}"#,
        "HTTP/1.1 200 OK\ncontent-type: application/json\n\n{\"models\":[{\"name\":\"models/gemini-3.5-flash\"}]}",
        "2026-11-20T10:00:00Z INFO POST https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:generateContent 200 OK in 812 ms",
    ] {
        let report = explain(answer, &[]);
        assert_eq!(report["verdict"]["word"], "NO ERROR", "{answer}\n{:#}", report["verdict"]);
    }
}

#[test]
fn an_unknown_error_is_quoted_and_led_on() {
    let report = explain(NOBODY_KNOWS, &[]);
    assert_eq!(report["findings"][0]["id"], "not-recognised");
    assert_eq!(report["findings"][0]["confidence"], "low");
    assert_eq!(report["findings"][0]["evidence"][0]["text"], NOBODY_KNOWS);
    assert!(text(&report["verdict"]["next"]).starts_with("gemini-doctor "), "{report:#}");
}

#[test]
fn every_format_tells_the_cause_the_fix_and_how_to_see_that_it_worked() {
    for format in FORMATS {
        let ran = Doctor::line("explain --format").args(&[format]).fed(LEAKED);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{format}");
        for part in [
            "api-key-leaked",
            "reported as leaked",
            "https://aistudio.google.com/api-keys",
            "check-key",
        ] {
            assert!(ran.stdout.contains(part), "{format}: {part}\n{}", ran.stdout);
        }
        assert!(ran.stdout.ends_with('\n'), "{format}");
    }
}

#[test]
fn formats_that_need_checks_are_refused_before_anything_is_read() {
    for format in ["github", "junit"] {
        let ran = Doctor::line("explain --format").args(&[format]).fed(LEAKED);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{format}: {ran:?}");
        assert!(ran.stderr.contains(format) && ran.stderr.contains("\nhint: "), "{}", ran.stderr);
    }
}

#[test]
fn a_report_file_is_written_beside_the_table() {
    let line = "explain --file e.txt --report json=r.json --report markdown=r.md";
    let (ran, folder) = Doctor::line(line).file("e.txt", LEAKED).run_and_keep();
    assert!(ran.code == 0 && ran.stdout.starts_with("CAUSE  "), "{ran:?}");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect(name);
    let report: Value = serde_json::from_str(&read("r.json")).expect("a whole document");
    assert_eq!(report["findings"], explain(LEAKED, &[])["findings"]);
    assert!(read("r.md").contains("api-key-leaked"), "{}", read("r.md"));
}

#[test]
fn documents_are_what_the_schemas_promise() {
    let report = Schema::committed("report");
    let event = Schema::committed("event");
    let finding = Schema::committed("finding");
    for (input, ..) in VERDICTS {
        let document = explain(input, &[]);
        report.must_hold(&document, input);
        list(&document["findings"]).for_each(|one| finding.must_hold(one, input));
        let stream = Doctor::line("explain --format ndjson").fed(input).stdout;
        let lines: Vec<Value> =
            stream.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        lines.iter().for_each(|line| event.must_hold(line, input));
        assert_eq!(lines.last().expect("a line")["type"], "report");
    }
}

#[test]
fn every_encoding_is_read() {
    let body = std::fs::read_to_string(body_path("api-key-invalid")).expect("a body");
    let wide = |swap: fn(u16) -> [u8; 2], mark: &str| -> Vec<u8> {
        format!("{mark}{body}").encode_utf16().flat_map(swap).collect()
    };
    for (written, bytes) in [
        ("UTF-16 LE with a mark", wide(u16::to_le_bytes, "\u{feff}")),
        ("UTF-16 BE with a mark", wide(u16::to_be_bytes, "\u{feff}")),
        ("UTF-16 LE", wide(u16::to_le_bytes, "")),
        ("UTF-16 BE", wide(u16::to_be_bytes, "")),
        ("UTF-8 with a mark", format!("\u{feff}{body}").into_bytes()),
        ("CRLF", body.replace('\n', "\r\n").into_bytes()),
        ("NULs at line ends", body.replace('\n', "\0\n").into_bytes()),
        ("NULs in words", body.replace("not valid", "not\0 valid").into_bytes()),
        ("bytes that are no text", [b"\x80 \xc3", body.as_bytes(), b"\xe2\x28\xff"].concat()),
    ] {
        let report = json_of(&Doctor::line("explain --format json").fed(bytes), written);
        assert_eq!(report["findings"][0]["id"], "api-key-invalid", "{written}");
        assert_eq!(report["data"]["errors"][0]["reasons"], json!(["API_KEY_INVALID"]), "{written}");
    }
}

#[test]
fn how_a_text_was_written_is_told_where_it_matters() {
    let wide: Vec<u8> = LEAKED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (wide, broken) = (limits(&wide), limits(&[LEAKED.as_bytes(), b" \xc3\x28"].concat()));
    assert!(wide.contains("standard input: read as UTF-16"), "{wide}");
    assert!(broken.contains("no text"), "{broken}");
    assert_eq!(limits(LEAKED.as_bytes()), "");
}

#[test]
fn noise_is_read_to_its_end() {
    let noise: Vec<u8> =
        (0..200_000_u32).map(|step| (step.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let ran = Doctor::line("explain --format json").fed(noise);
    assert_eq!((ran.code, ran.stderr.as_str()), (5, ""));
    assert_eq!(ran.json()["findings"], json!([]));
}

#[test]
fn what_cannot_be_read_is_said_with_what_to_do() {
    for (line, said) in [
        ("explain --file no-such.log", "no-such.log: there is no such file"),
        ("explain --file e.txt --file no-such.log", "no-such.log: there is no such file"),
        ("explain --file logs", "logs: it is a directory"),
        ("explain words --request e.txt", "e.txt: it is no JSON"),
        ("explain words --url generativelanguage.googleapis.com", "--url"),
        ("explain words --file e.txt", "--file"),
        ("explain words -- true", "cannot be used"),
        ("explain words --exit-code theirs", "ours"),
        ("explain words --policy cobol", "cobol"),
    ] {
        let ran = Doctor::line(line).file("e.txt", LEAKED).file("logs/x", "").run();
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}: {ran:?}");
        assert!(
            ran.stderr.starts_with("error: ") && ran.stderr.contains(said),
            "{line}: {}",
            ran.stderr
        );
    }
    let report = Doctor::line("explain --file no-such.log --format json").run();
    assert_eq!((report.code, &report.json()["verdict"]["exit_code"]), (2, &json!(2)));
}

#[test]
fn a_word_that_was_meant_as_a_path_is_not_called_a_text_without_error() {
    for word in ["logs/no-such.log", "no-such-file.txt", "logs"] {
        let ran = Doctor::line("explain").args(&[word]).file("logs/x", "").run();
        let told = format!("{}{}", ran.stdout, ran.stderr);
        assert_ne!(ran.code, 0, "{word}: {told}");
        assert!(told.contains("no such file") || told.contains("directory"), "{word}: {told}");
    }
}

#[test]
fn an_error_in_the_middle_of_a_large_log_is_placed() {
    let quiet: String = (0..27_000)
        .map(|at| format!("2026-11-20T10:00:00Z INFO item {at} of the batch is done\n"))
        .collect();
    let log = format!("{quiet}2026-11-20T10:00:01Z ERROR {}\n{quiet}", one_line("api-key-invalid"));
    assert!(log.len() > 3_000_000, "{} bytes", log.len());
    assert_eq!(places(&log), [("api-key-invalid".to_owned(), 1, 27_001, 27_001)]);
}

#[test]
fn an_error_in_a_large_log_without_times_is_placed() {
    let quiet: String = (0..20_000).map(|at| format!("item {at} of the batch is done\n")).collect();
    let log = format!("{quiet}{}\n{quiet}", one_line("api-key-invalid"));
    assert_eq!(places(&log), [("api-key-invalid".to_owned(), 1, 20_001, 20_001)]);
}

/// Errors in words, as the end of a build or a test run shows them.
const IN_WORDS: [(&str, &str); 4] = [
    ("503 UNAVAILABLE. The model is overloaded. Please try again later.", "model-overloaded-503"),
    ("429 RESOURCE_EXHAUSTED: Your prepayment credits are depleted.", "prepaid-credits-depleted"),
    (
        "Traceback (most recent call last):\n  File \"a.py\", line 3, in <module>\n    main()\n\
         google.api_core.exceptions.PermissionDenied: 403 Permission denied on resource project example-one.",
        "project-permission-denied",
    ),
    (
        "httpx.RemoteProtocolError: Server disconnected without sending a response.",
        "server-disconnected",
    ),
];

#[test]
fn an_error_in_words_is_found_in_a_long_text() {
    let quiet: String = (0..700).map(|at| format!("step {at} of the build is done\n")).collect();
    for (error, id) in IN_WORDS {
        let lines = error.lines().count();
        let found = places(&format!("{quiet}{error}\nthat was all\n"));
        let [(cause, times, first, last)] = found.as_slice() else { panic!("{error}: {found:?}") };
        assert_eq!((cause.as_str(), *times), (id, 1), "{error}");
        let block = 701..701 + lines;
        assert!(block.contains(first) && block.contains(last), "{error}: {first} to {last}");
    }
}

#[test]
fn repeated_errors_stand_once_with_how_often_and_where() {
    let refused = one_line("api-key-invalid");
    for stamp in ["2026-11-20T10:00:00Z INFO ", ""] {
        let log = format!("{stamp}begins\n{stamp}{refused}\n{stamp}{OVERLOADED}\n").repeat(3);
        let expected =
            [("api-key-invalid".to_owned(), 3, 2, 8), ("model-overloaded-503".to_owned(), 3, 3, 9)];
        let mut found = places(&log);
        found.sort();
        assert_eq!(found, expected, "{stamp:?}");
    }
}

#[test]
fn objects_over_several_lines_are_counted_too() {
    let body = std::fs::read_to_string(body_path("api-key-invalid")).expect("a body");
    let body = body.trim_end();
    let first = "first try\n\n";
    let log = format!("{first}{body}\n\nsecond try\n\n{body}\n");
    let last = 3 + body.lines().count() + 3;
    assert_eq!(places(&log), [("api-key-invalid".to_owned(), 2, 3, last)]);
}

#[test]
fn several_causes_are_listed_and_the_root_stands_first() {
    let log = format!(
        "2026-11-20T10:00:00Z ERROR {REFUSED}\n2026-11-20T10:00:01Z ERROR {OVERLOADED}\n2026-11-20T10:00:02Z ERROR {OVERLOADED}\n"
    );
    let table = Doctor::line("explain").fed(&log).stdout;
    assert!(flat(&table).contains("the first of 2 causes"), "{table}");
    for row in ["1  1", "2  2-3"] {
        assert!(table.contains(row), "{row}\n{table}");
    }
    let report = explain(&log, &[]);
    let roots: Vec<&str> = list(&report["findings"])
        .filter(|finding| finding["alternative_to"].is_null())
        .map(|finding| text(&finding["id"]))
        .collect();
    assert_eq!(roots, ["connection-refused", "model-overloaded-503"]);
}

/// Obviously made up, and of the shapes that the world has.
fn secrets() -> [String; 4] {
    let fake = "FAKEfake01";
    [
        format!("AIza{}abcde", &fake.repeat(3)),
        format!("AQ.{}", fake.repeat(5)),
        format!("ya29.{}", fake.repeat(5)),
        format!("sk-proj-{}", fake.repeat(5)),
    ]
}

#[test]
fn a_key_in_the_text_is_hidden_and_told() {
    let refused = one_line("api-key-invalid");
    for secret in secrets() {
        for dress in [
            "https://x.example/v1beta/models?key=#",
            "x-goog-api-key: #",
            "Authorization: Bearer #",
            "\"apiKey\": \"#\"",
        ] {
            let pasted = format!("{}\n{refused}", dress.replace('#', &secret));
            let report = explain(&pasted, &[]);
            assert_eq!(report["data"]["holds_a_secret"], true, "{dress} {secret}");
            assert!(text(&report["limits"][0]).contains("revoke"), "{dress}: {}", report["limits"]);
            assert!(!report.to_string().contains(&secret[8..]), "{dress}: {report}");
        }
    }
    let clean = explain(&refused, &[]);
    assert_eq!((&clean["data"]["holds_a_secret"], &clean["limits"]), (&json!(false), &json!([])));
}

#[test]
fn no_format_and_no_file_shows_a_pasted_key() {
    let [secret, ..] = secrets();
    let pasted = format!("Error: the key {secret} failed: {LEAKED}");
    let expected = "a key or token stood in this text";
    for format in FORMATS {
        let line = format!("explain --format {format} --report json=r.json --file e.txt");
        let (ran, folder) = Doctor::line(&line).file("e.txt", &pasted).run_and_keep();
        let report = std::fs::read_to_string(folder.path().join("r.json")).expect("a report");
        assert!(!format!("{}{}{report}", ran.stdout, ran.stderr).contains(&secret), "{format}");
        assert!(flat(&ran.stdout).contains(expected), "{format}: {}", ran.stdout);
    }
}

#[test]
fn a_key_in_an_option_is_not_shown_either() {
    let [secret, ..] = secrets();
    let url = format!(
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:generateContent?key={secret}"
    );
    let report = explain(NOT_LISTED, &["--url", &url]);
    assert!(!report.to_string().contains(&secret), "{report}");
    let ran = Doctor::line("explain --model").args(&[secret.as_str(), "words"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(ran.stderr.contains("--model") && !ran.stderr.contains(&secret), "{}", ran.stderr);
}

#[test]
fn the_name_that_was_asked_for_tells_a_lost_build_from_a_wrong_name() {
    let build = "models/gemini-v9-b7-example";
    let url =
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:generateContent";
    for asked in [["--model", "gemini-3.5-flash"], ["--url", url]] {
        let report = explain(NOT_LISTED, &asked);
        let finding = &report["findings"][0];
        assert_eq!(
            (text(&finding["id"]), text(&finding["confidence"])),
            ("alias-backend-missing", "high"),
            "{asked:?}"
        );
        assert_eq!(report["target"]["model"], "gemini-3.5-flash", "{asked:?}");
    }
    for same in [build, "gemini-v9-b7-example"] {
        assert_eq!(
            first(NOT_LISTED, &["--model", same]),
            "model-name-wrong",
            "{same} was asked for"
        );
    }
}

#[test]
fn the_address_that_was_called_explains_a_page() {
    let page = "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>";
    let doubled = "https://generativelanguage.googleapis.com/v1beta/v1beta/models/gemini-3.5-flash:generateContent";
    let without =
        "https://generativelanguage.googleapis.com/models/gemini-3.5-flash:generateContent";
    assert_eq!(first(page, &["--url", doubled]), "base-url-version-duplicated");
    assert_eq!(first(page, &["--url", without]), "base-url-version-missing");
    let blind = explain(page, &[]);
    assert_eq!(blind["findings"][0]["confidence"], "low", "{blind:#}");
}

#[test]
fn a_library_that_nobody_maintains_is_remarked_on() {
    for (sdk, successor) in
        [("google-generativeai", "google-genai"), ("google-generativeai==0.8.5", "google-genai")]
    {
        let limits = explain(LEAKED, &["--sdk", sdk])["limits"].to_string();
        assert!(limits.contains("google-generativeai") && limits.contains(successor), "{limits}");
    }
    assert_eq!(explain(LEAKED, &["--sdk", "google-genai"])["limits"], json!([]));
}

#[test]
fn a_counted_field_is_called_by_the_name_it_was_sent_with() {
    let request = r#"{"tools":[{"functionDeclarations":[{"name":"book_table","parameters":{"type":"OBJECT","properties":
        {"zone":{"type":"STRING"},"date":{"type":"STRING"},"area":{"type":"STRING"},"guests":{"type":"INTEGER"}}}}]}]}"#;
    let field = "tools[0].function_declarations[0].parameters.properties[3].value";
    let refused = format!(
        "400 Invalid JSON payload received. Unknown name \"exclusiveMinimum\" at '{field}': Cannot find field."
    );
    let doctor =
        Doctor::line("explain --format json --request sent.json").file("sent.json", request);
    let told = doctor.fed(&refused).json()["findings"][0].clone();
    assert_eq!(told["id"], "schema-unknown-field");
    let evidence = told["evidence"].to_string();
    assert!(evidence.contains("(book_table).parameters.properties.guests"), "{evidence}");
    assert!(
        !explain(&refused, &[]).to_string().contains("guests"),
        "without the request, nobody knows"
    );
}

#[test]
fn the_keys_shape_is_looked_at_only_when_allowed() {
    let [standard, auth, ..] = secrets();
    let refused = one_line("api-key-invalid");
    let id = |key: &str, flag: &[&str]| {
        let doctor = Doctor::line("explain --format json").args(flag).env("GEMINI_API_KEY", key);
        let ran = doctor.fed(&refused);
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains(key), "{ran:?}");
        text(&ran.json()["findings"][0]["id"]).to_owned()
    };
    assert_eq!(id(&standard, &["--use-key-shape"]), "standard-key-rejected-2026");
    assert_eq!(id(&auth, &["--use-key-shape"]), "api-key-invalid");
    assert_eq!(id(&standard, &[]), "api-key-invalid", "it does not look");
    let without = Doctor::line("explain --use-key-shape").fed(&refused);
    assert!(without.code == 0 && without.stderr.contains("no key was found"), "{without:?}");
}

#[test]
fn a_policy_stands_alone_on_standard_output() {
    let broken = one_line("api-key-invalid");
    for language in policy::Language::ALL {
        for (input, class) in [
            (OVERLOADED, RetryClass::Backoff),
            (NOT_LISTED, RetryClass::Failover),
            (&broken, RetryClass::FixFirst),
            (NOBODY_KNOWS, RetryClass::FixFirst),
            ("", RetryClass::Backoff),
        ] {
            let ran = Doctor::line("explain --policy").args(&[language.word()]).fed(input);
            assert_eq!(ran.code, 0, "{language} {ran:?}");
            assert_eq!(ran.stdout, policy::text(language, class), "{language} {input}");
            assert!(
                ran.stderr.starts_with("note: ") && ran.stderr.lines().count() == 1,
                "{}",
                ran.stderr
            );
        }
    }
}

#[test]
fn nothing_is_sent_to_anybody() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a listener");
    let here = listener.local_addr().expect("an address");
    let url = format!("http://{here}/v1beta/models/gemini-3.5-flash:generateContent");
    let [standard, ..] = secrets();
    for name in ["HTTPS_PROXY", "ALL_PROXY", "GOOGLE_GEMINI_BASE_URL"] {
        let doctor =
            Doctor::new(&["explain", "--use-key-shape", "--url", &url, NOT_LISTED, REFUSED]);
        let doctor = doctor.env(name, format!("http://{here}")).env("GEMINI_API_KEY", &standard);
        assert_eq!(doctor.run().code, 0, "{name}");
    }
    let nobody = listener.accept().map(|(_, peer)| peer).expect_err("nobody came");
    assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn no_socket_is_opened() {
    if !has("strace", "-V") {
        return;
    }
    let model = "--model=gemini-3.5-flash";
    for arguments in [
        ["explain", model, NOT_LISTED],
        ["explain", "--use-key-shape", LEAKED],
        ["explain", "--policy=python", OVERLOADED],
    ] {
        let Some(calls) = trace(&Doctor::new(&arguments)) else { return };
        let opened: Vec<&str> = calls.lines().filter(|call| call.contains("AF_INET")).collect();
        assert_eq!(opened, Vec::<&str>::new(), "{arguments:?}");
    }
}

#[test]
fn hostile_surroundings_change_nothing() {
    for input in [LEAKED, NOT_LISTED, REFUSED, NO_ERROR] {
        let line = "explain --format json";
        let calm = Doctor::line(line).fed(input);
        let rough = isolation::hostile(line).fed(input);
        let (ours, theirs) = (isolation::settled(rough.json()), isolation::settled(calm.json()));
        assert_eq!(isolation::differences(&ours, &theirs, ""), Vec::<String>::new(), "{input}");
        assert_eq!((rough.code, &rough.stderr), (calm.code, &calm.stderr), "{input}");
    }
}

/// A pipe tells nobody to type; `script` gives a terminal that ends at once.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_is_told_what_to_do() {
    if !has("script", "--version") {
        return;
    }
    let program = format!("{} explain", env!("CARGO_BIN_EXE_gemini-doctor"));
    let ran = Doctor::other("script", &["-qec", &program, "/dev/null"]).run();
    assert!(ran.stdout.contains("Paste the error, then Ctrl-D"), "{ran:?}");
    assert_eq!(ran.code, 5, "{ran:?}");
}

/// The document of what comes through a pipe.
fn explain(input: &str, more: &[&str]) -> Value {
    json_of(&Doctor::line("explain --format json").args(more).fed(input), input)
}

fn json_of(ran: &Ran, whence: &str) -> Value {
    assert_eq!(ran.stderr, "", "{whence}");
    ran.json()
}

/// The id of the first finding.
fn first(input: &str, more: &[&str]) -> String {
    text(&explain(input, more)["findings"][0]["id"]).to_owned()
}

/// Each error that was read: cause, times, first and last line.
fn places(log: &str) -> Vec<(String, u64, usize, usize)> {
    let report = explain(log, &[]);
    let number = |value: &Value| value.as_u64().expect("a number");
    let line = |value: &Value| usize::try_from(number(value)).expect("a line");
    let place = |error: &Value| {
        let cause = text(&error["cause"]).to_owned();
        (cause, number(&error["times"]), line(&error["first_line"]), line(&error["last_line"]))
    };
    errors(&report).map(place).collect()
}

fn limits(input: &[u8]) -> String {
    let report = Doctor::line("explain --format json").fed(input).json();
    list(&report["limits"]).map(text).collect::<Vec<_>>().join("\n")
}

fn errors(report: &Value) -> impl Iterator<Item = &Value> {
    list(&report["data"]["errors"])
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().expect("a list").iter()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is a text"))
}

/// Words without the breaks that a table puts between them.
fn flat(output: &str) -> String {
    output.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn body_path(name: &str) -> std::path::PathBuf {
    root().join(Path::new("src/simulate/bodies").join(name).with_extension("json"))
}

/// A body that the simulator answers with, on one line.
fn one_line(name: &str) -> String {
    let body = std::fs::read_to_string(body_path(name)).expect("a body of the simulator");
    serde_json::from_str::<Value>(&body).expect("JSON").to_string()
}

#[test]
fn a_text_that_begins_with_a_dash_is_not_sent_behind_two_dashes() {
    let ran = Doctor::line("explain --frob").run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("can be piped in") && !ran.stderr.contains("-- --frob"), "{ran:?}");
}
