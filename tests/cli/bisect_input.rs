//! `bisect`: which texts it takes a body from, which it refuses with what to do, and where its places lead.

use serde_json::{Value, json};

use crate::{
    bisect::{conversation, guilty, nothing_else, service::Service},
    harness::Doctor,
};

/// A body in whose last line something is wrong.
const BODY: &str = "{\n  \"contents\": [{\"role\": \"user\", \"parts\": [{\"text\": \"hi\"}]}],\n  \"stream\": true\n}\n";

fn search(name: &str, text: &str, more: &str) -> Doctor {
    Doctor::line(&format!("bisect {name} --format json --simulate healthy {more}")).file(name, text)
}

fn place(report: &Value) -> (&Value, &Value, &Value) {
    let part = &report["data"]["faults"][0]["guilty"][0];
    (&part["path"], &part["line"], &part["column"])
}

#[test]
fn a_command_is_searched_for_its_body_model_and_places() {
    let curl = format!(
        "# what fails\ncurl -s 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent' \\\n  -H 'x-goog-api-key: $KEY' -d '{BODY}'\n"
    );
    let ran = search("call.sh", &curl, "").run();
    let report = ran.json();
    assert_eq!(place(&report), (&json!("stream"), &json!(5), &json!(3)), "{ran:?}");
    let target = &report["target"];
    let found = (&target["model"], &target["model_source"]);
    assert_eq!(found, (&json!("gemini-2.5-flash"), &json!("file:call.sh")));
    let ran = search("call.sh", &curl, "--model gemini-3.5-flash").run();
    assert_eq!(ran.json()["target"]["model_source"], "--model");
    let ran = search("call.sh", "curl https://generativelanguage.googleapis.com/v1beta/models/m:generateContent -d @body.json", "").run();
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("gemini-doctor bisect body.json"), "{}", ran.stdout);
}

#[test]
fn a_command_for_the_cloud_platform_does_not_go_elsewhere_unsaid() {
    let curl = format!(
        "curl 'https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/europe-west1/publishers/google/models/gemini-2.5-flash:generateContent' -d '{BODY}'"
    );
    let ran = search("call.sh", &curl, "").run();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.json()["error"].to_string().contains("--api vertex asks"), "{ran:?}");
    let ran = search("call.sh", &curl, "--api gemini").run();
    assert_eq!(guilty(&ran.json()), ["stream"], "{ran:?}");
}

/// A file of a browser with requests of these methods.
fn har(methods: &[&str]) -> String {
    let entry = |method: &&str| {
        let url = format!(
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:{method}?key=k"
        );
        json!({"request": {"url": url, "postData": {"text": BODY}}})
    };
    let other = json!({"request": {"url": "https://example.com/", "postData": {"text": "{}"}}});
    let entries: Vec<Value> = std::iter::once(other).chain(methods.iter().map(entry)).collect();
    json!({"log": {"entries": entries}}).to_string()
}

#[test]
fn a_browsers_log_with_one_call_is_taken_and_one_with_several_asks_which() {
    let ran = search("one.har", &har(&["generateContent"]), "").run();
    assert_eq!(guilty(&ran.json()), ["stream"], "{ran:?}");
    let two = har(&["generateContent", "generateContent"]);
    let ran = search("two.har", &two, "").run();
    assert_eq!(ran.code, 2, "{ran:?}");
    let said = ran.json()["error"]["message"].to_string();
    assert!(said.contains("holds 2: entry 2 (generate, gemini-3.5-flash), entry 3"), "{said}");
    for which in ["3", "'entry 3'"] {
        let which = which.trim_matches('\'');
        let ran = Doctor::line("bisect two.har --format json --simulate healthy --body")
            .args(&[which])
            .file("two.har", &two)
            .run();
        let report = ran.json();
        assert_eq!(guilty(&report), ["stream"], "{ran:?}");
        assert_eq!(report["data"]["file"], "two.har, entry 3");
    }
    let ran = search("two.har", &two, "--body 7").run();
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn lines_are_chosen_by_their_number_and_a_line_of_a_batch_holds_its_request() {
    let good = r#"{"key": "a", "request": {"contents": [{"parts": [{"text": "x"}]}]}}"#;
    let bad = r#"{"key": "b", "request": {"contents": [{"parts": [{"text": "x"}]}], "stream": 1}}"#;
    let ran = search("batch.jsonl", &format!("{good}\n{bad}\n"), "--body 2").run();
    let report = ran.json();
    assert_eq!(place(&report), (&json!("stream"), &json!(2), &json!(68)), "{ran:?}");
    let ran = search("batch.jsonl", &format!("{good}\n{bad}\n"), "").run();
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn bodies_for_something_else_are_refused_and_a_program_may_take_them() {
    for (body, said) in [
        (r#"{"content": {"parts": [{"text": "x"}]}}"#, "embeddings"),
        (r#"{"requests": [{"content": {"parts": []}}]}"#, "embeddings"),
        (r#"{"messages": [{"role": "user", "content": "x"}], "stop": 1}"#, "OpenAI's form"),
        (r#"{"generateContentRequest": {"contents": []}}"#, "countTokens"),
    ] {
        let ran = search("body.json", body, "").run();
        assert_eq!(ran.code, 2, "{ran:?}");
        let error = ran.json()["error"].to_string();
        assert!(error.contains(said), "{error}");
    }
    if cfg!(unix) {
        let ran = Doctor::line("bisect body.json --format json --oracle")
            .args(&["! grep -q stop"])
            .file("body.json", r#"{"messages": [{"role": "user", "content": "x"}], "stop": 1}"#)
            .run();
        assert_eq!(guilty(&ran.json()), ["stop"], "{ran:?}");
    }
}

#[test]
fn an_api_without_such_bodies_is_neither_offered_nor_taken() {
    let help = Doctor::line("bisect --help").run().stdout;
    assert!(help.contains("--api <API>") && help.contains("vertex"), "{help}");
    assert!(!help.contains("- openai"), "{help}");
    let ran = search("body.json", BODY, "--api openai").run();
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn a_large_body_is_not_paid_for_without_a_yes() {
    let mut body = conversation();
    body["contents"][0]["parts"][0]["text"] = json!("word ".repeat(60_000));
    body["contents"][5]["role"] = json!("assistant");
    let service = Service::start(nothing_else);
    let ran = service.doctor(&body, "").run();
    assert_eq!((ran.code, service.requests().len()), (2, 0), "{ran:?}");
    let said = ran.json()["error"]["message"].to_string();
    assert!(said.contains("tokens of input") && said.contains("nobody agreed"), "{said}");
    let planned = Doctor::line("bisect body.json --simulate healthy --dry-run --format plain")
        .file("body.json", body.to_string())
        .run();
    assert!(planned.stdout.contains("tokens of input in all"), "{planned:?}");
    let ran = service.doctor(&body, "--yes").run();
    assert_eq!(guilty(&ran.json()), ["contents[5].role"], "{ran:?}");
}

#[test]
fn what_is_paid_for_without_a_yes_has_a_bound() {
    let mut body = conversation();
    body["contents"][0]["parts"][0]["text"] = json!("word ".repeat(18_000));
    // Only answers show these, and most of what is tried on the way is taken.
    for nth in [4, 5] {
        let name = format!("unwanted_{nth}");
        body["tools"][0]["functionDeclarations"][nth]["name"] = json!(name);
    }
    let service = Service::start(|body| {
        let is_unwanted = body.contains("unwanted_") && !body.contains("generateContentRequest");
        is_unwanted.then_some((400, "Request contains an invalid argument."))
    });
    let ran = service.doctor(&body, "").run();
    let report = ran.json();
    assert_eq!(ran.code, 5, "{ran:?}");
    let ended = report["data"]["ended"].to_string();
    assert!(ended.contains("tokens of input"), "{ended}");
    let answered = service
        .bodies()
        .into_iter()
        .filter(|one| one.path.ends_with(":generateContent") && !one.body.contains("unwanted_"));
    let paid: usize = answered.map(|one| one.body.len() / 4).sum();
    assert!((100_000..=201_000).contains(&paid), "{paid}");
}

#[test]
fn bodies_of_other_calls_are_not_searched_as_if_they_were_for_an_answer() {
    for (body, said) in [
        (
            r#"{"model": "models/gemini-3.8-flash", "contents": [{"parts": [{"text": "a"}]}], "ttl": "300s"}"#,
            "/cachedContents",
        ),
        (
            r#"{"model": "models/gemini-embedding-001", "content": {"parts": [{"text": "a"}]}}"#,
            "for embeddings",
        ),
        (r#"{"model": "gemini-3.8-flash", "input": "Tell me a joke"}"#, "/interactions"),
        (
            r#"{"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}"#,
            "explain --file",
        ),
    ] {
        let ran = Doctor::line("bisect body.json --simulate healthy").file("body.json", body).run();
        assert_eq!(ran.code, 2, "{}", ran.stdout);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}
