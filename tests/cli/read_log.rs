//! Logs with planted truths come back with these truths; what a log cannot tell is said, and bad lines stop nothing.

use std::fmt::Write as _;

use gemini_doctor::history::figures::Figures;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::{
    harness::{Doctor, Ran, check_file},
    schema::Schema,
};

/// 2026-05-29T22:00:00Z.
const START_MS: u64 = 1_780_092_000_000;
/// The trouble of a planted log, in its seconds.
const HOT: std::ops::Range<u64> = 1_800..1_980;
const LENGTH_S: u64 = 3_600;

/// One line of a planted log, as it is without trouble.
fn call(second: u64, number: u64) -> Value {
    json!({
        "at": START_MS + second * 1000 + number % 1000,
        "request_id": format!("r-{second}-{number}"),
        "provider": "gemini",
        "model_used": "gemini-2.5-pro",
        "project": "shop",
        "status_code": 200,
        "latency_ms": 500 + (second * 7_919 + number * 31) % 400,
        "retry_count": 0,
        "input_tokens": 1_000 + second % 7,
        "output_tokens": 100,
        "task_type": "answer",
        "team_id": "web",
        "business_tag": "site",
        "mode": "online",
        "instance": "pod-a",
    })
}

/// A steady log of an hour, with whatever happens in its hot minutes.
fn log(hot: impl Fn(u64, Value) -> Vec<Value>) -> String {
    let lines = (0..LENGTH_S).flat_map(|second| {
        let usual = call(second, 0);
        if HOT.contains(&second) { hot(second, usual) } else { vec![usual] }
    });
    lines.fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{line}");
        text
    })
}

/// Every second one of the later calls is refused, which tells no output.
fn refuse(second: u64, number: u64, mut line: Value) -> Value {
    if second > HOT.start + 30 && (second + number).is_multiple_of(2) {
        line["status_code"] = json!(429);
        line["output_tokens"] = Value::Null;
    }
    line
}

fn with(mut line: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().expect("an object") {
        line[name] = value.clone();
    }
    line
}

fn several(second: u64, count: u64, each: impl Fn(u64, Value) -> Value) -> Vec<Value> {
    (0..count).map(|number| refuse(second, number, each(number, call(second, number)))).collect()
}

fn spike() -> String {
    log(|second, _| several(second, 5, |_, line| line))
}

fn long_inputs() -> String {
    log(|second, line| vec![refuse(second, 0, with(line, &json!({"input_tokens": 12_000})))])
}

fn shared() -> String {
    log(|second, _| {
        several(second, 4, |number, line| match number {
            0 => line,
            _ => with(
                line,
                &json!({"mode": "batch", "input_tokens": 4_000, "business_tag": "night"}),
            ),
        })
    })
}

fn retried() -> String {
    log(|second, _| {
        several(second, 4, |number, line| {
            with(line, &json!({"retry_count": number, "instance": format!("pod-{number}")}))
        })
    })
}

fn small_quota() -> String {
    log(|second, line| {
        let other = with(call(second, 1), &json!({"model_used": "gemini-2.5-flash"}));
        vec![refuse(second, 0, line), other]
    })
}

fn read(text: &str, options: &str) -> Ran {
    let line = format!("read-log log.ndjson {options}");
    Doctor::line(&line).file("log.ndjson", text).run()
}

/// What is shown, on one line.
fn shown(text: &str, options: &str) -> String {
    flat(&read(text, options).stdout)
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn data(text: &str, options: &str) -> Value {
    let ran = read(text, &format!("{options} --format json"));
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.json()["data"].clone()
}

fn answers(quota: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let all = quota["questions"].as_array().expect("questions").iter();
    all.map(|one| (text(&one["id"]), text(&one["answer"]))).collect()
}

#[test]
fn each_cause_of_a_429_is_singled_out() {
    for (cause, text) in [
        ("spike", spike()),
        ("tokens", long_inputs()),
        ("shared", shared()),
        ("retries", retried()),
        ("quota", small_quota()),
    ] {
        let quota = &data(&text, "")["quota"];
        let answers = answers(quota);
        let ids: Vec<&str> = answers.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["spike", "tokens", "shared", "retries", "quota"]);
        let yes: Vec<&str> = answers
            .iter()
            .filter(|(_, answer)| answer == "yes")
            .map(|(id, _)| id.as_str())
            .collect();
        assert_eq!(yes, [cause], "{quota:#}");
        assert_eq!(quota["cause"], cause);
        assert_eq!(
            (&quota["model"], &quota["project"]),
            (&json!("gemini-2.5-pro"), &json!("shop"))
        );
    }
}

#[test]
fn the_headline_is_as_sure_as_what_was_ruled_out() {
    let sure = shown(&spike(), "");
    assert!(sure.contains("The 429s go with a spike in requests."), "{sure}");
    let lines: Vec<String> = spike()
        .lines()
        .map(|line| {
            let mut line: Value = serde_json::from_str(line).expect("JSON");
            for field in ["mode", "task_type", "request_id", "retry_count"] {
                line.as_object_mut().expect("an object").remove(field);
            }
            line.to_string()
        })
        .collect();
    let open = shown(&lines.join("\n"), "");
    let said =
        "The 429s may go with a spike in requests; whether with batch jobs or retries is open.";
    assert!(open.contains(said), "{open}");
}

#[test]
fn what_failed_most_leads_on() {
    let next = |text: &str| {
        let report = read(text, "--format json").json();
        report["verdict"]["next"].as_str().map(str::to_owned)
    };
    assert_eq!(next(&spike()).as_deref(), Some("gemini-doctor fixes --search 429"));
    let named = spike().replace(
        "\"status_code\":429",
        "\"status_code\":429,\"cause\":\"quota-requests-per-minute\"",
    );
    assert_eq!(next(&named).as_deref(), Some("gemini-doctor fixes quota-requests-per-minute"));
    let odd = spike().replace("\"status_code\":429", "\"status_code\":429,\"cause\":\"$(reboot)\"");
    assert_eq!(next(&odd).as_deref(), Some("gemini-doctor fixes --search 429"));
    assert_eq!(next(&spike().replace("429", "200")), None, "nothing failed");
}

#[test]
fn what_a_log_lacks_is_named_and_not_guessed() {
    let lines: String = spike().lines().fold(String::new(), |mut text, line| {
        let mut line: Value = serde_json::from_str(line).expect("JSON");
        for field in ["input_tokens", "mode", "task_type", "request_id", "retry_count"] {
            line.as_object_mut().expect("an object").remove(field);
        }
        let _ = writeln!(text, "{line}");
        text
    });
    let data = data(&lines, "");
    let missing = |id: &str| {
        let all = data["quota"]["questions"].as_array().expect("questions");
        let one = all.iter().find(|one| one["id"] == id).expect(id);
        assert_eq!(one["answer"], "cannot be told", "{one}");
        one["missing"].clone()
    };
    assert_eq!(missing("tokens"), json!(["input_tokens"]));
    assert_eq!(missing("shared"), json!(["mode"]));
    assert_eq!(missing("retries"), json!(["request_id", "retry_count"]));
    assert_eq!(data["quota"]["cause"], "spike");
    let shown = shown(&lines, "");
    assert!(shown.contains("cannot be told (missing: input_tokens)"), "{shown}");
}

#[test]
fn a_bare_429_is_judged_by_the_minute_before_with_a_confidence() {
    let limit = |text: &str, options: &str| {
        let limit = data(text, options)["quota"]["limit"].clone();
        (limit["limit"].clone(), limit["confidence"].as_str().expect("one").to_owned())
    };
    let tokens = (json!("input_tokens_per_minute"), "high".to_owned());
    assert_eq!(limit(&long_inputs(), "--limits rpm=1000,tpm=700k"), tokens);
    let requests = (json!("requests_per_minute"), "high".to_owned());
    assert_eq!(limit(&spike(), "--limits rpm=300,tpm=4M"), requests);
    assert_eq!(limit(&long_inputs(), "").1, "medium");
    assert_eq!(limit(&long_inputs(), "").0, json!("input_tokens_per_minute"));
    // Requests and tokens rose alike, and nobody said what is allowed.
    assert_eq!(limit(&spike(), ""), (Value::Null, "low".to_owned()));
    let named = spike().replace(
        "\"status_code\":429",
        "\"status_code\":429,\"error\":{\"details\":[{\"quotaId\":\"GenerateContentInputTokensPerModelPerMinute\"}]}",
    );
    assert_eq!(limit(&named, "--limits rpm=300"), tokens);
}

#[test]
fn trouble_is_dated_with_intervals() {
    let data = data(&long_inputs(), "");
    let troubles = data["troubles"].as_array().expect("troubles");
    assert_eq!(troubles.len(), 1, "{troubles:?}");
    let at = |name: &str| troubles[0][name].as_str().expect(name).to_owned();
    // Refusals are planted from 22:30:31 to 22:32:59.
    let between = |name: &str, from: &str, to: &str| {
        let at = at(name);
        assert!(*from <= *at && *at <= *to, "{name} {at}");
    };
    between("began", "2026-05-29T22:30:20", "2026-05-29T22:30:45");
    between("ended", "2026-05-29T22:32:50", "2026-05-29T22:33:10");
    assert!(at("began_earliest") <= at("began") && at("began") <= at("began_latest"));
    let shown = shown(&long_inputs(), "");
    assert!(shown.starts_with("TROUBLE") && shown.contains("inputs that were longer"), "{shown}");
}

#[test]
fn retries_wasted_on_permanent_errors_are_counted() {
    let mut text = String::new();
    for (request, status) in (0..37).zip([400, 401, 403, 404].into_iter().cycle()) {
        for _ in 0..2 {
            let _ = writeln!(
                text,
                "{}",
                json!({"requestId": request, "status": status, "latencyMs": 9})
            );
        }
    }
    let _ = writeln!(text, "{}", json!({"requestId": "x", "status": 503}));
    let _ = writeln!(text, "{}", json!({"requestId": "x", "status": 200, "latencyMs": 9}));
    let told = data(&text, "");
    assert_eq!(
        (&told["retries"]["wasted"], &told["retries"]["basis"]),
        (&json!(37), &json!("request_id"))
    );
    assert!(shown(&text, "").contains("37 retries were wasted"));
    let bare = "{\"status\":400}\n{\"status\":400}\n";
    assert_eq!(data(bare, "")["retries"]["wasted"], Value::Null);
    assert!(shown(bare, "").contains("request_id and retry_count are missing"));
}

/// A hundred calls: 87 of one campaign, answers of 1,200 tokens.
fn campaigns() -> String {
    (0..100).fold(String::new(), |mut text, number| {
        let campaign = if number < 87 { "spring" } else { "autumn" };
        let line = json!({
            "provider": "gemini", "model": "gemini-2.5-flash", "status": 200, "latencyMs": 800,
            "inputTokens": 1000, "outputTokens": 1200, "businessTag": campaign,
        });
        let _ = writeln!(text, "{line}");
        text
    })
}

const PRICES: &str =
    "as_of = \"2026-11-20\"\n[models.\"gemini-2.5-flash\"]\ninput = 1.0\noutput = 10.0\n";

#[test]
fn the_top_consumer_has_its_share_and_shorter_answers_their_price() {
    let told = data(&campaigns(), "--what-if-output 450");
    assert_eq!(told["usage"]["by_tag"][0]["name"], "spring");
    assert_eq!(told["usage"]["by_tag"][0]["share"], 0.87);
    let sound = shown(&campaigns(), "");
    assert!(sound.contains("none of 100 calls failed") && sound.contains("(the log was read)"));
    assert_eq!(told["usage"]["what_if"]["output_change_percent"], -62.5);
    let line = "read-log log.ndjson --what-if-output 450 --prices prices.toml";
    let priced = |more: &[&str]| {
        let doctor = Doctor::line(line).args(more).file("prices.toml", PRICES);
        doctor.file("log.ndjson", campaigns()).run()
    };
    let shown = flat(&priced(&[]).stdout);
    assert!(shown.contains("spring has 87.0 % of all cost"), "{shown}");
    assert!(shown.contains("-62.5 % output"), "{shown}");
    let usage = priced(&["--format", "json"]).json()["data"]["usage"].clone();
    let near =
        |value: &Value, expected: f64| (value.as_f64().expect("a number") - expected).abs() < 1e-9;
    assert!(near(&usage["total"]["cost"], 1.3), "{usage}");
    assert!(near(&usage["what_if"]["cost_then"], 0.55), "{usage}");
    assert_eq!((&usage["currency"], &usage["prices_as_of"]), (&json!("USD"), &json!("2026-11-20")));
}

#[test]
fn latencies_are_told_by_model_and_by_length() {
    let text = (0..2_000_u64).fold(String::new(), |mut text, number| {
        let long = number % 2 == 0;
        let (tokens, ms) = if long { (50_000, 9_000) } else { (500, 1 + number / 2) };
        let line = json!({"model": "m", "status": 200, "latency_ms": ms, "input_tokens": tokens});
        let _ = writeln!(text, "{line}");
        text
    });
    let latency = &data(&text, "")["latency"];
    let near = |value: &Value, expected: f64| {
        (value.as_f64().expect("a number") / expected - 1.0).abs() < 0.001
    };
    let short = &latency["by_context"][0];
    assert_eq!((&short["input_tokens"], &short["calls"]), (&json!("up to 1k"), &json!(1000)));
    assert!(near(&short["p50_ms"], 500.0) && near(&short["p99_ms"], 990.0), "{short}");
    assert!(near(&latency["by_context"][1]["p95_ms"], 9_000.0), "{latency}");
    let few: String = text.lines().take(999).map(|line| format!("{line}\n")).collect();
    assert_eq!(data(&few, "")["latency"]["all"]["p99_ms"], Value::Null);
    assert!(shown(&few, "").contains("n<1000"));
}

#[test]
fn bad_lines_are_shown_and_the_rest_is_read() {
    let text = "Started\n{\"status\":200,\"latencyMs\":5}\n{\"status\" 200}\n{\"status\":429}\n{\"status\":2";
    let ran = read(text, "");
    assert_eq!(ran.code, 0, "{ran:?}");
    for words in [
        "1 of 2 calls failed",
        "log.ndjson line 1 column 1",
        "log.ndjson line 3 column 11: a colon was expected",
        "2 of 5 lines could not be read",
        "the last line of log.ndjson was cut short",
    ] {
        assert!(flat(&ran.stdout).contains(words), "{words}\n{}", ran.stdout);
    }
    let none = read("one\ntwo\n", "--format json");
    let message = none.json()["error"]["message"].as_str().expect("a message").to_owned();
    assert_eq!(none.code, 2);
    assert!(message.contains("log.ndjson: line 1 column 1"), "{message}");
    assert_eq!(read("{\"latencyMs\":5}\n", "").code, 5, "how it ended is not told");
    assert_eq!(read("", "").code, 2);
    assert_eq!(read("{\"level\":\"info\"}\n", "").code, 2);
}

#[test]
fn a_time_that_cannot_be_read_is_shown_with_what_to_write() {
    let log =
        "at,status,latency_ms\n2026-03-29 02:30:00 CEST,200,5\n2026-03-29 02:31:00 CEST,503,7\n";
    let limits = Doctor::line("read-log - --format json").fed(log).json()["limits"].to_string();
    assert!(limits.contains("2 calls without a time that could be read"), "{limits}");
    assert!(limits.contains("2026-03-29 02:30:00 CEST"), "{limits}");
    assert!(limits.contains("write RFC 3339"), "{limits}");
    assert!(!limits.contains("02:31:00"), "{limits}");
}

#[test]
fn csv_pipes_utf_16_and_names_of_ones_own_are_read() {
    let csv = "when;http_status;took;squad\n2026-05-29 22:00:00;200;12;red\n2026-05-29 22:00:01;429;;red\n";
    let wide: Vec<u8> =
        std::iter::once(0xFEFF_u16).chain(csv.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let options =
        "read-log - --map at=when --map latency_ms=took --map team_id=squad --format json";
    for bytes in [csv.as_bytes().to_vec(), wide.clone()] {
        let report = Doctor::line(options).fed(&bytes).json();
        let data = &report["data"];
        assert_eq!((&data["calls"], &data["failed"]), (&json!(2), &json!(1)), "{data}");
        assert_eq!(data["usage"]["by_team"][0]["name"], "red");
        assert_eq!(data["latency"]["all"]["max_ms"], 12.0);
        assert_eq!(data["first_at"], "2026-05-29T22:00:00.000Z");
        let limits = report["limits"].to_string();
        assert!(limits.contains("taken for UTC"), "{limits}");
        assert_eq!(limits.contains("read as UTF-16"), bytes == wide, "{limits}");
    }
    let wrong = Doctor::line("read-log - --map colour=x").fed("");
    assert!(wrong.code == 2 && wrong.stderr.contains("team_id"), "{wrong:?}");
}

#[test]
fn required_fields_that_are_missing_fail_and_are_named() {
    let text = "{\"status\":200,\"team_id\":\"a\",\"input_tokens\":1}\n{\"status\":429}\n";
    let ran = read(text, "--require team_id,status,input_tokens --format json");
    let report = ran.json();
    assert_eq!((ran.code, &report["data"]["missing_required"]), (1, &json!(["team_id"])));
    // A refused call has no tokens to log.
    assert_eq!(read(text, "--require status,input_tokens").code, 0);
    let ran = read(text, "--require all");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(flat(&ran.stdout).contains("team_id (only in 1 of 2)"), "{}", ran.stdout);
}

#[test]
fn a_post_mortem_is_written_as_markdown() {
    let line = "read-log log.ndjson --report markdown=post.md -q";
    let (ran, folder) = Doctor::line(line).file("log.ndjson", long_inputs()).run_and_keep();
    assert_eq!(ran.code, 0, "{ran:?}");
    let text = std::fs::read_to_string(folder.path().join("post.md")).expect("a report");
    for words in
        ["### TROUBLE", "| status | calls |", "**429 tokens**", "**trouble**: began 2026-05-29"]
    {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn the_log_of_this_program_is_read_back() {
    let (ran, folder) =
        Doctor::line("doctor --simulate alias-404 --log log --format json").run_and_keep();
    let attempts = ran.json()["attempts"].as_array().expect("attempts").len();
    let text = std::fs::read_to_string(folder.path().join("log")).expect("a log");
    let data = data(&text, "");
    assert_eq!(data["calls"], attempts);
    assert_eq!(data["failures"][0]["status"], 404);
    assert_eq!((&data["files"][0]["bad_lines"], &data["undated"]), (&json!(0), &json!(0)));
}

#[test]
fn logs_of_two_machines_joined_are_one_log_of_both() {
    let whole: Vec<String> = spike().lines().map(str::to_owned).collect();
    let half = |side: usize| {
        let own = whole.iter().enumerate().filter(|(place, _)| place % 3 % 2 == side);
        own.map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    let doctor = Doctor::line("merge a.ndjson b.ndjson --out all.ndjson --format json");
    let (ran, folder) = doctor.file("a.ndjson", half(0)).file("b.ndjson", half(1)).run_and_keep();
    assert_eq!(ran.code, 0, "{ran:?}");
    let joined = std::fs::read_to_string(folder.path().join("all.ndjson")).expect("a log");
    assert_eq!(joined.lines().count(), whole.len());
    for (joined, original) in joined.lines().zip(&whole) {
        let mut line: Value = serde_json::from_str(joined).expect("JSON");
        let origin = line.as_object_mut().expect("an object").remove("origin");
        assert!(matches!(origin.as_ref().and_then(Value::as_str), Some("a.ndjson" | "b.ndjson")));
        assert_eq!(line, serde_json::from_str::<Value>(original).expect("JSON"));
    }
    let (one, all) = (data(&(whole.join("\n") + "\n"), ""), data(&joined, ""));
    for part in ["latency", "failures", "failure_rate", "troubles", "calls", "usage", "quota"] {
        assert_eq!(one[part], all[part], "{part}");
    }
    let at_once = Doctor::line("read-log a.ndjson b.ndjson --format json");
    let at_once = at_once.file("a.ndjson", half(0)).file("b.ndjson", half(1)).run().json();
    assert_eq!(at_once["data"]["latency"], one["latency"]);
    assert_eq!(ran.json()["data"]["all"]["p95_ms"], one["latency"]["all"]["p95_ms"]);
}

/// The lines of a log as rows under a header, which the machine that wrote them chose.
fn rows_of(lines: &[Value], header: &[(&str, &str)], separator: &str) -> String {
    let names: Vec<&str> = header.iter().map(|(name, _)| *name).collect();
    let cell = |line: &Value, field: &str| match &line[field] {
        Value::Null => String::new(),
        Value::String(text) => format!("\"{}\"", text.replace('"', "\"\"")),
        other => other.to_string(),
    };
    let row = |line: &Value| {
        header.iter().map(|(_, field)| cell(line, field)).collect::<Vec<_>>().join(separator)
    };
    let rows: Vec<String> = lines.iter().map(row).collect();
    format!("\u{feff}{}\r\n{}\r\n", names.join(separator), rows.join("\r\n"))
}

#[test]
fn tables_of_machines_are_joined_as_if_they_had_been_one_log() {
    let lines: Vec<Value> =
        spike().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let fields: Vec<&str> =
        lines[0].as_object().expect("an object").keys().map(String::as_str).collect();
    let usual: Vec<(&str, &str)> = fields.iter().map(|name| (*name, *name)).collect();
    let own: Vec<(&str, &str)> = usual
        .iter()
        .rev()
        .map(|(name, field)| (if *name == "at" { "when" } else { *name }, *field))
        .collect();
    let share = |side: usize| -> Vec<Value> {
        let own = lines.iter().enumerate().filter(|(place, _)| place % 3 == side);
        own.map(|(_, line)| line.clone()).collect()
    };
    let json: String = share(2).iter().map(|line| format!("{line}\n")).collect();
    let files = [
        ("a.csv", rows_of(&share(0), &usual, ",")),
        ("b.csv", rows_of(&share(1), &own, ";")),
        ("c.ndjson", json),
    ];
    let with = |line: &str| {
        let doctor = Doctor::line(line);
        files.iter().fold(doctor, |doctor, (name, text)| doctor.file(name, text))
    };
    const ALL: &str = "a.csv b.csv c.ndjson --map timestamp=when --format json";
    let (ran, folder) = with(&format!("merge {ALL} --out all.ndjson")).run_and_keep();
    assert_eq!(ran.code, 0, "{ran:?}");
    let limits = ran.json()["limits"].to_string();
    assert!(limits.contains("the rows of b.csv were written as JSON objects"), "{limits}");
    let joined = std::fs::read_to_string(folder.path().join("all.ndjson")).expect("a log");
    let origins: Vec<String> = joined
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["origin"].to_string())
        .collect();
    assert_eq!(origins[..3], ["\"a.csv\"", "\"b.csv\"", "\"c.ndjson\""]);
    assert_eq!(origins.len(), lines.len());
    let at_once = with(&format!("read-log {ALL}")).run().json();
    let (one, all) = (data(&spike(), ""), data(&joined, "--map timestamp=when"));
    for part in ["latency", "failures", "failure_rate", "troubles", "calls", "usage", "quota"] {
        assert_eq!(one[part], all[part], "{part}");
        assert_eq!(at_once["data"][part], all[part], "{part}");
    }
    assert_eq!(ran.json()["data"]["all"]["p95_ms"], one["latency"]["all"]["p95_ms"]);
}

#[test]
fn joining_keeps_what_it_does_not_understand_and_sorts_what_is_not_sorted() {
    let late = "{\"at\":\"2026-05-29T22:00:05Z\",\"status\":200}\n";
    let early = "{\"at\":\"2026-05-29T22:00:01Z\",\"type\":\"change\",\"x\":[1]}\n";
    let files =
        [("a", format!("{late}{early}")), ("b", late.replace(":05Z", ":03Z") + "{broken\n")];
    let doctor = Doctor::line("merge a b --out all --format json");
    let doctor = files.iter().fold(doctor, |doctor, (name, text)| doctor.file(name, text));
    let (ran, folder) = doctor.run_and_keep();
    let joined = std::fs::read_to_string(folder.path().join("all")).expect("a log");
    let seconds: Vec<&str> = joined.lines().map(|line| &line[24..26]).collect();
    assert_eq!(seconds, ["01", "03", "05"], "{joined}");
    assert!(joined.starts_with(
        "{\"at\":\"2026-05-29T22:00:01Z\",\"type\":\"change\",\"x\":[1],\"origin\":\"a\"}"
    ));
    let limits = ran.json()["limits"].to_string();
    assert!(
        limits.contains("a was not in the order of time") && limits.contains("1 line of b"),
        "{limits}"
    );
}

#[test]
fn one_log_twice_a_mixture_and_the_sum_over_a_part_are_refused() {
    let line = "{\"status\":200,\"latencyMs\":5}\n";
    for (arguments, words) in [
        ("merge a ./a", "could not merge ./a twice"),
        ("merge a b", "a log of calls, with b"),
        ("merge a c", "could not read c: there is no such file"),
        ("merge a d", "a log of calls, with d"),
        ("merge d", "--map FIELD=NAME tells others"),
        ("merge a --map x", "it is not FIELD=NAME"),
        ("merge a --out a", "which is a part of it"),
        ("merge a -", "could not merge standard input"),
        ("read-log a a", "could not read a twice"),
    ] {
        let ran = Doctor::line(arguments).file("a", line).file("b", "#[x]\n");
        let ran = ran.file("d", "when,what\n1,2\n").run();
        assert!(ran.code == 2 && ran.stderr.contains(words), "{arguments}: {ran:?}");
    }
}

#[test]
fn the_schema_of_the_data_is_committed_and_holds() {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Figures>();
    schema.insert("$id".to_owned(), "urn:gemini-doctor:schema:read-log:1".into());
    schema.insert("title".to_owned(), "what read-log puts into data".into());
    let text = serde_json::to_string_pretty(&schema.to_value()).expect("JSON");
    check_file("docs/schema/read-log.schema.json", &format!("{text}\n"));
    let schema = Schema::committed("read-log");
    for (text, options) in [
        (spike(), "--limits rpm=300"),
        (campaigns(), "--what-if-output 450"),
        ("{\"latencyMs\":5,\"status\":200}\n".to_owned(), ""),
    ] {
        schema.must_hold(&data(&text, options), options);
    }
}
