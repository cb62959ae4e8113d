//! `explain` on logs: each distinct error once, how often, on which lines, whatever stands round it; and
//! on what is no error.

use serde_json::Value;

use crate::harness::Doctor;

const OVERLOADED: &str = "503 UNAVAILABLE The model is overloaded.";
const LEAKED: &str = "403 Your API key was reported as leaked.";
const INVALID: &str = "400 API key not valid. Please pass a valid API key.";
const MISSING: &str = "404 models/gemini-1.5-flash is not found for API version v1beta";

/// Cause, times, first and last line.
type Place = (&'static str, u64, u64, u64);

#[test]
fn a_long_log_is_counted_right_whatever_stands_before_its_lines() {
    let line = |at: u64| match at {
        12_001 => format!("worker: {INVALID}"),
        14_001 => format!("worker: {MISSING}"),
        _ if at.is_multiple_of(50) => {
            "worker: google.genai.errors.ServerError: 503 UNAVAILABLE. The model is overloaded."
                .to_owned()
        }
        _ => format!("worker {} processed batch {at} in the usual way", at % 8),
    };
    for before in
        ["", "[app-1] | ", "app-1  | ", "2026-11-29T10:00:00Z ", "app-1 | 2026-11-29T10:00:00Z "]
    {
        let log: String = (1..=20_000).map(|at| format!("{before}{}\n", line(at))).collect();
        expect(
            &log,
            &[
                ("api-key-invalid", 1, 12_001, 12_001),
                ("model-overloaded-503", 400, 50, 20_000),
                ("model-retired", 1, 14_001, 14_001),
            ],
        );
    }
}

#[test]
fn errors_on_lines_of_their_own_are_errors_of_their_own() {
    expect(
        &format!("{INVALID}\n{MISSING}\n"),
        &[("api-key-invalid", 1, 1, 1), ("model-retired", 1, 2, 2)],
    );
    expect(
        &format!("{LEAKED}\n{MISSING}"),
        &[("api-key-leaked", 1, 1, 1), ("model-retired", 1, 2, 2)],
    );
    let location = "400 User location is not supported for the API use.";
    expect(
        &format!("{INVALID}\n{location}\n"),
        &[("api-key-invalid", 1, 1, 1), ("user-location-unsupported", 1, 2, 2)],
    );
}

#[test]
fn one_error_among_many_of_another_is_counted_and_placed() {
    let calls: String = (0..50).map(|at| format!("calling {at}\nerror: {OVERLOADED}\n")).collect();
    let leaked = |line| ("api-key-leaked", 1, line, line);
    expect(
        &format!("{calls}error: {LEAKED}\n"),
        &[leaked(101), ("model-overloaded-503", 50, 2, 100)],
    );
    let tries: String = (0..1000).map(|at| format!("attempt {at}: {OVERLOADED}\n")).collect();
    expect(
        &format!("{tries}attempt 1000: {LEAKED}\n"),
        &[leaked(1001), ("model-overloaded-503", 1000, 1, 1000)],
    );
    let many = format!("{OVERLOADED}\n").repeat(100);
    expect(
        &format!("{many}{LEAKED}\n{many}"),
        &[leaked(101), ("model-overloaded-503", 200, 1, 201)],
    );
}

#[test]
fn few_errors_of_one_width_are_no_wrapped_text() {
    let call = format!("calling it\nerror: {}\n", "503 UNAVAILABLE The model is overloaded");
    let last = "calling it\nerror: 403 Your API key was reported as leaked\n";
    for times in [1, 2, 3] {
        let line = times * 2;
        expect(
            &format!("{}{last}", call.repeat(times as usize)),
            &[("api-key-leaked", 1, line + 2, line + 2), ("model-overloaded-503", times, 2, line)],
        );
    }
}

#[test]
fn objects_on_lines_of_their_own_have_their_own_lines() {
    let object = |code: u16, message: &str, status: &str| {
        format!(
            "{{\"error\":{{\"code\":{code},\"message\":\"{message}\",\"status\":\"{status}\"}}}}\n"
        )
    };
    let builds: String = (1..=3)
        .map(|at| object(404, &format!("Model not found: models/build-{at}-abc"), "NOT_FOUND"))
        .collect();
    let missing = |line| ("alias-backend-missing", 1, line, line);
    expect(&builds, &[missing(1), missing(2), missing(3)]);
    let busy = object(503, "The model is overloaded.", "UNAVAILABLE").repeat(50);
    let leaked = object(403, "Your API key was reported as leaked.", "PERMISSION_DENIED");
    expect(
        &format!("{busy}{leaked}"),
        &[("api-key-leaked", 1, 51, 51), ("model-overloaded-503", 50, 1, 50)],
    );
}

#[test]
fn traces_of_a_log_without_times_are_one_error_each() {
    let trace = |at: usize| {
        format!(
            "Traceback (most recent call last):\n  File \"a.py\", line {at}, in x\nValueError: {OVERLOADED}\n"
        )
    };
    let traces: String = (0..100).map(trace).collect();
    expect(
        &format!("{traces}worker: {INVALID}\n{traces}"),
        &[("api-key-invalid", 1, 301, 301), ("model-overloaded-503", 200, 3, 601)],
    );
    let body = "try 1 failed: {\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"The model is overloaded.\",\n    \
                \"status\": \"UNAVAILABLE\"\n  }\n}\n";
    expect(&body.repeat(5), &[("model-overloaded-503", 5, 1, 29)]);
}

#[test]
fn waits_of_other_lengths_are_the_same_error() {
    for stamp in ["", "2026-11-29T10:00:00Z "] {
        let log: String = ["23.57", "12.5", "1.1", "503.2"]
            .iter()
            .map(|wait| {
                format!("{stamp}ERROR 429 RESOURCE_EXHAUSTED. You exceeded your current quota. Please retry in {wait}s.\n")
            })
            .collect();
        expect(&log, &[("quota-exhausted-unspecified", 4, 1, 4)]);
    }
}

#[test]
fn a_rare_error_behind_a_flood_of_others_is_read() {
    let letter = |at: u32| char::from_u32('a' as u32 + at % 26).expect("a letter");
    let name = |at: u32| [letter(at), letter(at / 26), letter(at / 676)].iter().collect::<String>();
    let flood: String = (0..6000)
        .map(|at| format!("2026-11-29T10:00:00Z ERROR user {} failed\n", name(at)))
        .collect();
    let report = explain(&format!("{flood}2026-11-29T10:00:00Z ERROR {INVALID}\n"));
    assert!(places(&report).contains(&("api-key-invalid".to_owned(), 1, 6001, 6001)));
    assert!(report["data"]["skipped"].as_u64().is_some_and(|skipped| skipped > 0));
}

#[test]
fn a_number_is_a_status_only_where_something_says_so() {
    let busy = format!("2026-11-29T10:00:00Z ERROR {OVERLOADED}\n");
    for line in [
        "2026-11-29T10:00:00Z INFO worker=15 handled request path=/v1/x status=200 dur=467ms",
        "2026-11-29T10:00:00Z status=200 dur=503",
        "2026-11-29T10:00:00Z INFO http 200 OK in 512 ms",
        "10.0.0.1 - - [29/Nov/2026:10:00:00 +0000] \"GET /x HTTP/1.1\" 200 503",
    ] {
        let report = explain(line);
        assert_eq!(report["verdict"]["word"], "NO ERROR", "{line}\n{report:#}");
        let log = format!("{line}\n{busy}{line}\n").repeat(400);
        expect(&log, &[("model-overloaded-503", 400, 2, 1199)]);
    }
}

#[test]
fn other_places_are_counted_and_not_their_kinds() {
    let busy = format!("2026-11-29T10:00:00Z ERROR {OVERLOADED}\n");
    let odd = "2026-11-29T10:00:00Z ERROR the example flux overflowed\n";
    for (times, said) in
        [(1, "1 other place speaks of trouble"), (3, "3 other places speak of trouble")]
    {
        let limits = explain(&format!("{busy}{}", odd.repeat(times)))["limits"].to_string();
        assert!(limits.contains(said), "{limits}");
    }
}

#[test]
fn a_mark_of_the_api_counts_wherever_it_stands() {
    let busy = "2026-11-29T10:00:00Z ERROR 503 Service Unavailable\n";
    let call =
        "2026-11-29T10:00:00Z POST https://generativelanguage.googleapis.com/v1beta/models\n";
    let says =
        |log: String| explain(&log)["limits"].to_string().contains("no mark of the Gemini API");
    assert!(says(busy.repeat(3)));
    assert!(!says(format!("{call}{}", busy.repeat(3))));
}

#[test]
fn a_quote_holds_the_words_that_decided() {
    let long = format!("{}{INVALID}", "lorem ipsum dolor ".repeat(40));
    let report = explain(&long);
    let quote = report["data"]["errors"][0]["quote"].as_str().expect("a quote");
    assert!(quote.starts_with("... ") && quote.ends_with(INVALID), "{quote}");
    let evidence = report["findings"][0]["evidence"][0]["text"].as_str().expect("a text");
    assert!(evidence.contains(INVALID), "{evidence}");
    let url = format!("https://example.com/{}", "path/".repeat(30));
    let report = explain(&format!("{INVALID} {} {url}", "More of it. ".repeat(6)));
    let quote = report["data"]["errors"][0]["quote"].as_str().expect("a quote");
    assert!(quote.starts_with(INVALID) && quote.ends_with(" ..."), "{quote}");
    assert!(!quote.contains("://"), "{quote}");
}

#[test]
fn several_paths_are_no_text_and_a_dash_is_standard_input() {
    let two = Doctor::line("explain a.json b.json").file("a.json", INVALID).file("b.json", LEAKED);
    let ran = two.run();
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(
        ran.stderr.contains("these are files")
            && ran.stderr.contains("--file a.json --file b.json")
    );
    let ran = Doctor::line("explain --format json --file -").fed(INVALID);
    assert_eq!(places(&ran.json()), [("api-key-invalid".to_owned(), 1, 1, 1)]);
}

#[test]
fn the_document_says_how_long_it_took_and_of_which_command_it_is() {
    let log = format!("2026-11-29T10:00:00Z ERROR {INVALID}\n").repeat(2000);
    assert!(explain(&log)["run"]["duration_ms"].as_f64().is_some_and(|time| time > 0.0));
    let refused = Doctor::line("explain --format json --frob").run();
    assert_eq!(refused.json()["run"]["command"], "explain");
}

/// The errors of a log are these, in any order.
fn expect(log: &str, expected: &[Place]) {
    let mut found = places(&explain(log));
    found.sort();
    let mut expected: Vec<_> = expected
        .iter()
        .map(|(id, times, first, last)| ((*id).to_owned(), *times, *first, *last))
        .collect();
    expected.sort();
    assert_eq!(found, expected, "{}", log.chars().take(300).collect::<String>());
}

fn explain(log: &str) -> Value {
    Doctor::line("explain --format json").fed(log).json()
}

fn places(report: &Value) -> Vec<(String, u64, u64, u64)> {
    let number = |value: &Value| value.as_u64().expect("a number");
    let place = |error: &Value| {
        let cause = error["cause"].as_str().unwrap_or("none").to_owned();
        let lines = (number(&error["first_line"]), number(&error["last_line"]));
        (cause, number(&error["times"]), lines.0, lines.1)
    };
    report["data"]["errors"].as_array().expect("a list").iter().map(place).collect()
}
