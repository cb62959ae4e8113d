//! The services that say less of bad bodies, take less, or are not always there for good ones.

use serde_json::{Value, json};

use super::super::{AUTH_KEY, Simulation, find, refusal, refusal_in};
use super::{ask, ask_with, start};

const FLASH: &str = "POST /v1beta/models/gemini-3.5-flash:generateContent";
const BARE: &str = "Request contains an invalid argument.";

fn good() -> Value {
    json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}]})
}

/// A request for an answer with lists that are bounded thus.
fn bounded(bounds: &[u64]) -> Value {
    let list =
        |bound: &u64| json!({"type": "ARRAY", "maxItems": bound, "items": {"type": "STRING"}});
    let properties: serde_json::Map<String, Value> =
        bounds.iter().enumerate().map(|(at, bound)| (format!("p{at}"), list(bound))).collect();
    let schema = json!({"type": "OBJECT", "properties": properties});
    let mut body = good();
    body["generationConfig"] =
        json!({"responseMimeType": "application/json", "responseSchema": schema});
    body
}

#[tokio::test]
async fn a_bare_service_names_nothing_and_takes_what_is_good() {
    let simulation = start("refusals-bare");
    let mut wrong = good();
    wrong["stream"] = json!(true);
    let mut settings = good();
    settings["generationConfig"] = json!({"temperature": 3});
    for body in [wrong.to_string(), settings.to_string(), "{}".into(), "{\"contents".into()] {
        let answer = ask(&simulation, FLASH, &body).await;
        assert_eq!((answer.status, answer.message().as_str()), (400, BARE), "{body}");
        assert_eq!(answer.json()["error"].get("details"), None, "{body}");
        assert_ne!(
            refusal(&body, "gemini-3.5-flash", "v1beta", "generateContent").unwrap().message(),
            BARE
        );
    }
    let count = "POST /v1beta/models/gemini-3.5-flash:countTokens";
    assert_eq!(ask(&simulation, count, &wrong.to_string()).await.message(), BARE);
    let bearer = format!("authorization: Bearer {AUTH_KEY}\r\n");
    let chat = json!({"model": "gemini-3.5-flash", "messages": [], "google": {}}).to_string();
    let line = "POST /v1beta/openai/chat/completions";
    let answer = ask_with(&simulation, line, &bearer, &chat).await.json();
    assert_eq!(answer[0]["error"]["message"], BARE);
    assert_eq!(ask(&simulation, FLASH, &good().to_string()).await.status, 200);
    assert_eq!(ask(&simulation, count, &good().to_string()).await.status, 200);
    let scenario = find("refusals-bare").unwrap();
    let pure =
        refusal_in(scenario, &wrong.to_string(), "gemini-3.5-flash", "v1beta", "countTokens");
    assert_eq!(pure.unwrap().message(), BARE);
    // A name that nobody has is no fault of the body.
    let unknown = "POST /v1beta/models/nobody:generateContent";
    assert_eq!(ask(&simulation, unknown, &good().to_string()).await.status, 404);
}

#[tokio::test]
async fn a_small_budget_is_exceeded_by_several_bounds_together() {
    let said = |simulation: Simulation| async move {
        for two in [[25, 25], [1, 50]] {
            let answer = ask(&simulation, FLASH, &bounded(&two).to_string()).await;
            assert_eq!(answer.status, 200, "{two:?}");
        }
        ask(&simulation, FLASH, &bounded(&[25, 25, 25]).to_string()).await
    };
    let told = said(start("schema-budget-small")).await;
    assert_eq!(told.status, 400);
    assert!(told.message().contains("too many states for serving"), "{}", told.message());
    let bare = said(start("schema-budget-small.bare")).await;
    assert_eq!((bare.status, bare.message().as_str()), (400, BARE));
    assert_eq!(said(start("healthy")).await.status, 200);
}

#[tokio::test]
async fn a_flaky_service_fails_some_calls_in_the_same_order_every_time() {
    let statuses = |id: &'static str| async move {
        let simulation = start(id);
        let body = good().to_string();
        let mut seen = Vec::new();
        for _ in 0..60 {
            seen.push(ask(&simulation, FLASH, &body).await.status);
        }
        let list = ask(&simulation, "GET /v1beta/models", "").await;
        assert_eq!(list.status, 200);
        seen
    };
    let seen = statuses("refusals-flaky").await;
    let times = |status: u16| seen.iter().filter(|one| **one == status).count();
    assert!(times(503) > 2 && times(500) > 0, "{seen:?}");
    assert!(times(200) > 30, "{seen:?}");
    assert_eq!(times(200) + times(500) + times(503), 60, "{seen:?}");
    assert_eq!(statuses("refusals-flaky.bare").await, seen);
}

#[tokio::test]
async fn texts_are_embedded_by_the_hundred() {
    let simulation = start("healthy");
    let line = "POST /v1beta/models/gemini-embedding-001:batchEmbedContents";
    let one = json!({"model": "models/gemini-embedding-001",
        "content": {"parts": [{"text": "hello"}]}});
    let answer = ask(&simulation, line, &json!({"requests": [one, one]}).to_string()).await.json();
    let vectors = answer["embeddings"].as_array().unwrap();
    assert_eq!(vectors.len(), 2);
    assert_eq!(vectors[0], vectors[1]);
    let single = "POST /v1beta/models/gemini-embedding-001:embedContent";
    let alone = ask(&simulation, single, &one.to_string()).await.json();
    assert_eq!(alone["embedding"], vectors[0]);
}
