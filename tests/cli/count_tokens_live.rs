//! The live part of `count-tokens`: what the real binary says of servers that shorten, of one that does not, and
//! what it never sends unasked.

use serde_json::{Value, json};

use crate::harness::{Doctor, Ran, Server};

fn count(line: &str) -> (Ran, Value) {
    let ran = Doctor::line(&format!("count-tokens {line} --format json")).run();
    let report = ran.json();
    (ran, report)
}

fn status_of<'a>(report: &'a Value, id: &str) -> &'a Value {
    let rows = report["checks"].as_array().expect("rows");
    rows.iter().find(|row| row["id"] == id).map_or(&Value::Null, |row| &row["status"])
}

#[test]
fn each_server_that_shortens_is_found_with_its_place() {
    for (scenario, side) in
        [("truncate-head", "head"), ("truncate-middle", "middle"), ("truncate-tail", "tail")]
    {
        let (ran, report) = count(&format!("--prove-delivery --simulate {scenario} --yes"));
        let delivery = &report["data"]["delivery"];
        assert_eq!((ran.code, &report["verdict"]["word"]), (3, &json!("SHORTENED")), "{report:#}");
        assert_eq!(report["findings"][0]["id"], "input-silently-shortened");
        let how = &delivery["shortened"];
        assert_eq!(how["where"], side, "{scenario}: {delivery:#}");
        let about = how["at_about"].as_u64().expect("a number");
        assert!(about.abs_diff(200_000) <= 4_000, "{scenario}: {about}");
        assert_eq!(delivery["books"]["prompt_token_count"], 200_000);
        assert_eq!(report["run"]["budget"]["paid_requests_used"], 1);
    }
}

#[test]
fn an_honest_server_delivers_and_its_books_agree() {
    let (ran, report) = count("--prove-delivery --simulate healthy --yes");
    assert_eq!((ran.code, &report["verdict"]["word"]), (0, &json!("DELIVERED")), "{report:#}");
    let books = &report["data"]["delivery"]["books"];
    assert_eq!(books["count_tokens"], books["prompt_token_count"], "{books}");
    let counted = books["count_tokens"].as_u64().expect("a number");
    assert!(counted.abs_diff(220_000) <= 2_200, "{counted}");
    assert_eq!(report["data"]["cost"], Value::Null);
}

#[test]
fn a_prompt_above_the_limit_is_rejected_with_the_services_own_numbers() {
    let (ran, report) = count("--prove-delivery --tokens 1100000 --simulate healthy --yes");
    assert_eq!((ran.code, &report["verdict"]["word"]), (1, &json!("REJECTED")), "{report:#}");
    assert_eq!(report["findings"][0]["id"], "input-tokens-exceeded");
    let delivery = &report["data"]["delivery"];
    assert_eq!(delivery["limit"], 1_048_576);
    assert_eq!(delivery["service_count"], delivery["books"]["count_tokens"]);
}

#[test]
fn what_is_counted_and_not_recalled_is_never_called_shortened() {
    let (ran, report) = count("--prove-delivery --simulate forgetful --yes");
    assert_eq!((ran.code, &report["verdict"]["word"]), (0, &json!("NOT RECALLED")), "{report:#}");
    assert_eq!(report["findings"][0]["id"], "counted-not-recalled");
    assert_eq!(report["data"]["delivery"]["missing_depths_percent"], json!([50.0]));
}

/// The generated samples of the judge's own tests are many more; these go all the way.
#[test]
fn an_honest_model_that_forgets_by_chance_is_never_called_shortened() {
    let mut forgot = 0;
    for seed in 0..30 {
        let line = format!("--prove-delivery --tokens 3000 --seed {seed} --yes");
        let (_, report) = count(&format!("{line} --simulate counted-not-recalled.at-random"));
        let word = report["data"]["delivery"]["verdict"].as_str().expect("a verdict").to_owned();
        assert!(["delivered", "counted_not_recalled"].contains(&word.as_str()), "{report:#}");
        forgot += usize::from(word == "counted_not_recalled");
    }
    assert!(forgot >= 10, "{forgot}");
}

#[test]
fn an_empty_list_of_tools_is_compared() {
    let (ran, report) = count("--prove-delivery --ab tools --simulate needs-tools --yes");
    let tools = &report["data"]["tools"];
    assert_eq!((ran.code, &tools["verdict"]), (3, &json!("changes")), "{report:#}");
    assert_eq!(tools["without"]["verdict"], "shortened");
    assert_eq!(tools["with"]["verdict"], "delivered");
    assert_eq!(status_of(&report, "tokens.tools"), "warn");
    for (scenario, verdict) in [("healthy", "delivered"), ("truncate-tail", "shortened")] {
        let (_, report) =
            count(&format!("--prove-delivery --ab tools --simulate {scenario} --yes"));
        let tools = &report["data"]["tools"];
        assert_eq!(tools["verdict"], "no_effect", "{scenario}: {tools:#}");
        assert_eq!(tools["with"]["verdict"], verdict);
    }
}

#[test]
fn a_ceiling_is_found_within_one_percent_in_eight_sizes() {
    let (ran, report) = count("--find-ceiling --simulate ceiling-800k --yes");
    assert_eq!((ran.code, &report["verdict"]["word"]), (0, &json!("CEILING")), "{report:#}");
    assert_eq!(report["verdict"]["status"], "warn");
    assert!(ran.stdout.contains("Calls fail above about"), "{report:#}");
    assert_eq!(report["findings"][0]["id"], "stability-ceiling");
    let ceiling = &report["data"]["ceiling"];
    let about = ceiling["at_about"].as_u64().expect("a number");
    assert!(about.abs_diff(800_000) <= 8_000, "{ceiling:#}");
    // A size is what the service counts for it.
    let bounds = [&ceiling["low"], &ceiling["high"]].map(|bound| bound.as_u64().expect("a number"));
    assert!(bounds[0] < 800_000 && 800_000 < bounds[1], "{ceiling:#}");
    let counted = report["attempts"].as_array().into_iter().flatten();
    let largest = counted.filter_map(|one| one["input_tokens"].as_u64()).max();
    assert!(
        largest.is_some_and(|tokens| tokens.abs_diff(bounds[0]) <= 100),
        "{largest:?} {bounds:?}"
    );
    let probes = ceiling["probes"].as_array().expect("probes");
    assert!(probes.len() <= 8, "{ceiling:#}");
    let calls = |probe: &Value| probe["calls_passed"].as_array().expect("calls").len();
    let failed = probes.iter().filter(|probe| probe["passed"] == false);
    assert!(
        failed.clone().count() >= 3 && failed.clone().all(|probe| calls(probe) == 2),
        "{ceiling:#}"
    );
}

const BODY: &str = r#"{"contents": [
    {"role": "user", "parts": [{"text": "one two three"}, {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]},
    {"role": "model", "parts": [{"text": "four"}]},
    {"role": "user", "parts": [{"text": "five six"}]}],
    "systemInstruction": {"parts": [{"text": "be brief"}]}}"#;

#[test]
fn a_body_is_verified_for_free() {
    let server = Server::start("healthy");
    let line = "count-tokens --request body.json --verify --allow-host 127.0.0.1 --format json";
    let ran = server.doctor(line).file("body.json", BODY).run();
    let report = ran.json();
    assert_eq!((ran.code, &report["verdict"]["word"]), (0, &json!("COUNTED")), "{report:#}");
    let verify = &report["data"]["verify"];
    assert_eq!(verify["details"][0]["tokens"], verify["total_tokens"], "{verify}");
    assert_eq!(report["run"]["budget"]["paid_requests_used"], 0);
    let asked = server.simulation.requests();
    assert!(asked.iter().all(|one| !one.path.contains("generateContent")), "{asked:?}");
}

#[test]
fn needles_are_hidden_in_a_body_of_the_callers_own() {
    let text = "word ".repeat(3_000);
    let body = json!({"contents": [
        {"role": "user", "parts": [{"text": text}]},
        {"role": "model", "parts": [{"text": text}]},
        {"role": "user", "parts": [{"text": text}]},
    ]});
    let line =
        "count-tokens --request body.json --prove-delivery --simulate healthy --yes --format json";
    let ran = Doctor::line(line).file("body.json", body.to_string()).run();
    let report = ran.json();
    assert_eq!((ran.code, &report["verdict"]["word"]), (0, &json!("DELIVERED")), "{report:#}");
    let counted = report["data"]["delivery"]["books"]["count_tokens"].as_u64().expect("a number");
    assert!((9_000..9_500).contains(&counted), "{counted}");
}

#[test]
fn nothing_is_sent_without_a_yes() {
    let server = Server::start("healthy");
    for mode in ["--prove-delivery", "--prove-delivery --ab tools", "--find-ceiling"] {
        let ran = server.doctor(&format!("count-tokens {mode}")).run();
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains("paid calls, of at most"), "{}", ran.stderr);
        let ran = server.doctor(&format!("count-tokens {mode} --dry-run")).run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.contains("each paid call of at most"), "{}", ran.stdout);
    }
    assert_eq!(server.simulation.requests().len(), 0);
}

#[test]
fn budgets_bound_a_run_and_say_so() {
    let (ran, report) =
        count("--prove-delivery --max-tokens 100000 --simulate truncate-tail --yes");
    assert_eq!(ran.code, 5, "{report:#}");
    assert_eq!(report["run"]["budget"]["paid_requests_used"], 0);
    assert_eq!(report["data"]["delivery"]["verdict"], "inconclusive");
    // A prompt that was counted is known by its tokens, and not by its bytes.
    let (ran, _) = count("--prove-delivery --max-tokens 230000 --simulate healthy --yes");
    assert_eq!(ran.code, 0);
    let (ran, report) = count("--find-ceiling --max-requests 7 --simulate ceiling-800k --yes");
    assert_eq!(ran.code, 5, "{report:#}");
    assert!(
        report["data"]["ceiling"]["ended_early"].as_str().is_some_and(|why| why.contains("budget"))
    );
}

#[test]
fn a_server_that_fails_for_another_reason_is_not_called_one_that_shortens() {
    let (ran, report) = count("--prove-delivery --simulate service-unavailable-503 --yes");
    assert_eq!(ran.code, 3, "{report:#}");
    let (ran, report) = count("--prove-delivery --simulate model-overloaded-503 --yes");
    assert_eq!(
        (ran.code, &report["findings"][0]["id"]),
        (3, &json!("model-overloaded-503")),
        "{report:#}"
    );
    assert_eq!(report["data"]["delivery"]["verdict"], "inconclusive");
    let (_, report) = count("--find-ceiling --simulate model-overloaded-503 --yes");
    assert_eq!(report["data"]["ceiling"]["verdict"], "unclear", "{report:#}");
    assert_eq!(report["findings"][0]["id"], "model-overloaded-503", "{report:#}");
}

/// Runs with a body or a text of the caller's own in a file.
fn with_file(line: &str, name: &str, text: &str) -> (Ran, Value) {
    let line = format!("count-tokens {line} --format json");
    let ran = Doctor::line(&line).file(name, text).run();
    let report = ran.json();
    (ran, report)
}

#[test]
fn whatever_form_a_body_has_it_is_sent_in_the_one_that_the_service_takes() {
    for body in [
        r#"["one two three", "four"]"#,
        r#""one two three four""#,
        r#"{"contents": "one two three four"}"#,
        r#"{"contents": {"parts": {"text": "one two three four"}}}"#,
        r#"{"text": "one two three four"}"#,
        r#"{"key": "1", "request": {"contents": [{"parts": [{"text": "one two three four"}]}]}}"#,
        r#"{"generateContentRequest": {"model": "models/gemini-2.5-flash",
            "contents": [{"role": "user", "parts": [{"text": "one two three four"}]}]}}"#,
    ] {
        for mode in ["--verify", "--prove-delivery --yes"] {
            let line = format!("--request body.json {mode} --simulate healthy");
            let (ran, report) = with_file(&line, "body.json", body);
            let word = if mode == "--verify" { "COUNTED" } else { "DELIVERED" };
            assert_eq!((ran.code, &report["verdict"]["word"]), (0, &json!(word)), "{body}");
            if mode == "--verify" {
                assert!(report["data"]["verify"]["total_tokens"].as_u64() >= Some(4), "{body}");
            }
        }
    }
}

#[test]
fn what_cannot_be_sent_or_proved_is_refused_before_anything_is_sent() {
    let chat = r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "hi"}]}"#;
    let picture = r#"{"contents": [{"parts": [{"inlineData": {"mimeType": "image/gif",
        "data": "R0lGODlhAgADAA=="}}]}]}"#;
    let server = Server::start("healthy");
    for (mode, body, why) in [
        ("--verify", chat, "OpenAI-compatible chat body"),
        ("--prove-delivery --yes", chat, "OpenAI-compatible chat body"),
        ("--prove-delivery --yes", picture, "no text to hide needles in"),
    ] {
        let line = format!("count-tokens --request body.json {mode} --allow-host 127.0.0.1");
        let ran = server.doctor(&line).file("body.json", body).run();
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(why), "{}", ran.stderr);
    }
    assert_eq!(server.simulation.requests().len(), 0);
}

#[test]
fn a_text_of_ones_own_goes_elsewhere_only_where_that_host_is_named() {
    let server = Server::start("healthy");
    for (option, code) in [("", 2), ("--allow-host example.com", 2), ("--allow-host 127.0.0.1", 0)]
    {
        let line = format!("count-tokens prompt.txt --verify {option}");
        let ran = server.doctor(&line).file("prompt.txt", "one two").run();
        assert_eq!(ran.code, code, "{option}: {}", ran.stderr);
        assert_eq!(ran.stderr.contains("--allow-host 127.0.0.1"), code == 2, "{}", ran.stderr);
        assert_eq!(server.simulation.requests().is_empty(), code == 2, "{option}");
    }
    // A text that is made up is nobody's.
    let ran = server.doctor("count-tokens --prove-delivery --tokens 3000 --yes").run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn the_services_own_count_decides_a_gate() {
    for (max, code, word, result) in [(3, 1, "FAIL", "fail"), (9, 0, "PASS", "pass")] {
        let line = format!("prompt.txt --verify --max {max} --simulate healthy");
        let (ran, report) = with_file(&line, "prompt.txt", "one two three four five");
        assert_eq!((ran.code, &report["verdict"]["word"]), (code, &json!(word)), "{report:#}");
        assert_eq!(report["verdict"]["exit_code"], code);
        let status = if code == 0 { "pass" } else { "fail" };
        assert_eq!(report["verdict"]["status"], status, "{report:#}");
        assert_eq!(report["data"]["gate"], json!({"max": max, "result": result}));
    }
    // 5 is within the local error of an estimate, which the service's count has no part in.
    let line = "prompt.txt --verify --max 5 --model gemini-3.5-flash --simulate healthy";
    let (_, report) = with_file(line, "prompt.txt", "one two three four five");
    assert_ne!(report["data"]["gate"]["result"], "inconclusive", "{report:#}");
    for mode in ["--prove-delivery", "--find-ceiling"] {
        let ran = Doctor::line(&format!("count-tokens {mode} --max 9 --simulate healthy")).run();
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains("--max"), "{}", ran.stderr);
    }
}

#[test]
fn what_a_yes_is_for_is_at_most_that_or_says_otherwise() {
    let server = Server::start("healthy");
    let mixed = r#"{"contents": [{"parts": [{"text": "one two"}, {"inlineData":
        {"mimeType": "application/pdf", "data": "AAAA"}}]}]}"#;
    let text = "word ".repeat(400);
    for (input, name, body, bound) in [
        ("prompt.txt --model gemini-2.5-flash", "prompt.txt", text.as_str(), "at most"),
        ("prompt.txt --model gemini-3.5-flash", "prompt.txt", text.as_str(), "at most"),
        ("--request body.json --model gemini-2.5-flash", "body.json", mixed, "at least"),
    ] {
        let line = format!("count-tokens {input} --prove-delivery --allow-host 127.0.0.1");
        let ran = server.doctor(&line).file(name, body).run();
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("paid calls, of {bound}")), "{}", ran.stderr);
    }
    assert_eq!(server.simulation.requests().len(), 0);
}

#[test]
fn sizes_are_written_as_people_write_them_and_have_an_end() {
    let (ran, report) = count("--prove-delivery --tokens 3k --simulate healthy --yes");
    assert_eq!(ran.code, 0, "{report:#}");
    for line in [
        "--prove-delivery --tokens 18446744073709551615",
        "--prove-delivery --tokens 11M",
        "--prove-delivery --tokens 0",
        "--find-ceiling --limit 900M",
    ] {
        let ran = Doctor::line(&format!("count-tokens {line} --simulate healthy --yes")).run();
        assert_eq!(ran.code, 2, "{line}: {}", ran.stderr);
    }
}

#[test]
fn a_verified_input_is_counted_as_it_was_and_told_with_one_model() {
    let ran = Doctor::line("count-tokens prompt.txt --verify --simulate healthy")
        .file("prompt.txt", "one two 345 six seven")
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let models = ran.stdout.lines().filter(|line| line.trim_start().starts_with("model ")).count();
    assert_eq!(models, 1, "{}", ran.stdout);
    let line = "prompt.txt --verify --model gemini-3.8-flash --simulate healthy";
    let (_, report) = with_file(line, "prompt.txt", "one two 345 six seven");
    let data = &report["data"];
    assert_eq!(data["verify"]["local_tokens"], data["total"]["tokens"], "{data:#}");
    assert!(!ran.stdout.contains("within the error"), "{}", ran.stdout);
}
