//! The honest routes: what works, and how it looks.

use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};

use super::super::{AUTH_KEY, STANDARD_KEY};
use super::{ask, ask_with, connect, start};

const FLASH: &str = "POST /v1beta/models/gemini-3.5-flash:generateContent";

fn prompt(config: &Value) -> String {
    json!({"contents": [{"parts": [{"text": "Say hello."}]}], "generationConfig": config})
        .to_string()
}

#[tokio::test]
async fn the_list_is_complete_and_comes_in_pages() {
    let simulation = start("healthy");
    let all = ask(&simulation, "GET /v1beta/models", "").await;
    let all = all.json()["models"].as_array().unwrap().clone();
    assert_eq!(all.len(), 17);
    let mut paged = Vec::new();
    let mut token = String::new();
    loop {
        let line = format!("GET /v1beta/models?pageSize=7&pageToken={token}");
        let page = ask(&simulation, &line, "").await.json();
        paged.extend(page["models"].as_array().unwrap().iter().cloned());
        let Some(next) = page["nextPageToken"].as_str() else { break };
        token = next.to_owned();
    }
    assert_eq!(all, paged);
    assert_eq!(simulation.requests().len(), 4);
}

#[tokio::test]
async fn retired_models_are_not_listed() {
    let simulation = start("healthy");
    let list = ask(&simulation, "GET /v1/models?pageSize=1000", "").await.body;
    for retired in ["gemini-2.0-flash", "gemini-3-pro-preview", "gemini-1.5-pro"] {
        assert!(!list.contains(retired));
    }
    assert!(list.contains("models/gemini-4-argon"));
}

#[tokio::test]
async fn one_model_is_described() {
    let simulation = start("healthy");
    let model = ask(&simulation, "GET /v1beta/models/gemini-flash-latest", "").await.json();
    assert_eq!(model["name"], "models/gemini-flash-latest");
    assert_eq!((&model["inputTokenLimit"], &model["thinking"]), (&json!(1_048_576), &json!(true)));
    let gemma = ask(&simulation, "GET /v1beta/models/gemma-4-31b-it", "").await.json();
    assert_eq!(gemma.get("thinking"), None);
}

#[tokio::test]
async fn answers_bear_googles_headers() {
    let simulation = start("healthy");
    let head = ask(&simulation, "GET /v1beta/models", "").await.head;
    for line in [
        "content-type: application/json; charset=UTF-8",
        "server: scaffolding on HTTPServer2",
        "server-timing: gfet4t7; dur=",
        "x-content-type-options: nosniff",
        "vary: Referer",
        "date: ",
    ] {
        assert!(head.contains(line), "{line} is missing in {head}");
    }
}

#[tokio::test]
async fn every_good_key_is_taken_from_header_and_query() {
    let simulation = start("healthy");
    let standard = format!("x-goog-api-key: {STANDARD_KEY}\r\n");
    assert_eq!(ask_with(&simulation, "GET /v1beta/models", &standard, "").await.status, 200);
    let line = format!("GET /v1beta/models?key={AUTH_KEY}");
    assert_eq!(ask_with(&simulation, &line, "", "").await.status, 200);
    assert_eq!(simulation.requests().pop().unwrap().key_in, "query");
}

#[tokio::test]
async fn text_is_generated_and_counted() {
    let simulation = start("healthy");
    let answer = ask(&simulation, FLASH, &prompt(&json!({}))).await.json();
    let candidate = &answer["candidates"][0];
    assert_eq!(candidate["finishReason"], "STOP");
    assert!(candidate["content"]["parts"][0]["text"].as_str().unwrap().contains("simulated"));
    assert_eq!(answer["modelVersion"], "gemini-3.5-flash");
    let usage = &answer["usageMetadata"];
    let count = |name: &str| usage[name].as_u64().unwrap();
    let parts =
        count("promptTokenCount") + count("candidatesTokenCount") + count("thoughtsTokenCount");
    assert_eq!(count("totalTokenCount"), parts);
    let again = ask(&simulation, FLASH, &prompt(&json!({}))).await.json();
    assert_eq!(answer, again);
}

#[tokio::test]
async fn an_alias_answers_as_its_target() {
    let simulation = start("healthy");
    let line = "POST /v1beta/models/gemini-flash-latest:generateContent";
    let answer = ask(&simulation, line, &prompt(&json!({}))).await.json();
    assert_eq!(answer["modelVersion"], "gemini-3.8-flash");
}

#[tokio::test]
async fn thinking_may_use_up_the_output() {
    let simulation = start("healthy");
    let answer = ask(&simulation, FLASH, &prompt(&json!({"maxOutputTokens": 20}))).await.json();
    let candidate = &answer["candidates"][0];
    assert_eq!(candidate["finishReason"], "MAX_TOKENS");
    assert_eq!(candidate["content"], json!({"role": "model"}));
    assert_eq!(answer["usageMetadata"]["thoughtsTokenCount"], 19);
    assert_eq!(answer["usageMetadata"].get("candidatesTokenCount"), None);
}

#[tokio::test]
async fn the_lowest_thinking_leaves_room_for_text_on_every_model() {
    let simulation = start("healthy");
    let lowest = [
        ("gemini-2.5-pro", json!({"thinkingBudget": 128})),
        ("gemini-2.5-flash", json!({"thinkingBudget": 0})),
        ("gemini-3.5-flash", json!({"thinkingLevel": "MINIMAL"})),
        ("gemini-3.8-flash", json!({"thinkingLevel": "low"})),
        ("gemini-3.1-pro-preview", json!({"thinkingLevel": "LOW"})),
        ("gemini-4-argon", json!({"thinkingLevel": "low"})),
    ];
    for (model, thinking) in lowest {
        let line = format!("POST /v1beta/models/{model}:generateContent");
        let config = json!({"maxOutputTokens": 64, "thinkingConfig": thinking});
        let answer = ask(&simulation, &line, &prompt(&config)).await.json();
        let candidate = &answer["candidates"][0];
        assert_eq!(candidate["finishReason"], "STOP", "{model}");
        assert!(candidate["content"]["parts"][0]["text"].is_string(), "{model}");
    }
}

#[tokio::test]
async fn a_short_limit_cuts_the_text() {
    let simulation = start("healthy");
    let config = json!({"maxOutputTokens": 4, "thinkingConfig": {"thinkingLevel": "minimal"}});
    let answer = ask(&simulation, FLASH, &prompt(&config)).await.json();
    assert_eq!(answer["candidates"][0]["finishReason"], "MAX_TOKENS");
    assert_eq!(answer["candidates"][0]["content"]["parts"][0]["text"], "Hello from the");
}

#[tokio::test]
async fn a_stream_of_events_ends_with_a_reason() {
    let simulation = start("healthy");
    let line = "POST /v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse";
    let answer = ask(&simulation, line, &prompt(&json!({}))).await;
    assert!(answer.head.contains("content-type: text/event-stream"));
    let events: Vec<Value> = answer
        .body
        .split("\r\n\r\n")
        .filter_map(|event| event.strip_prefix("data: "))
        .map(|event| serde_json::from_str(event).unwrap())
        .collect();
    assert!(events.len() >= 3);
    let (last, before) = events.split_last().unwrap();
    assert_eq!(last["candidates"][0]["finishReason"], "STOP");
    assert!(last["usageMetadata"]["candidatesTokenCount"].as_u64().unwrap() > 0);
    assert!(before.iter().all(|event| event["candidates"][0].get("finishReason").is_none()));
    let text = |event: &Value| event["candidates"][0]["content"]["parts"][0]["text"].clone();
    let said: String =
        before.iter().map(|event| text(event).as_str().unwrap().to_owned()).collect();
    assert!(said.ends_with("came back."));
}

#[tokio::test]
async fn a_stream_without_events_is_one_array() {
    let simulation = start("healthy");
    let line = "POST /v1beta/models/gemini-3.5-flash:streamGenerateContent";
    let answer = ask(&simulation, line, &prompt(&json!({}))).await;
    assert!(answer.json().as_array().unwrap().len() >= 3);
}

#[tokio::test]
async fn tokens_are_counted_in_both_forms() {
    let simulation = start("healthy");
    let line = "POST /v1beta/models/gemini-3.5-flash:countTokens";
    let contents = json!([{"role": "user", "parts": [{"text": "one two three four five"}]}]);
    let plain = ask(&simulation, line, &json!({"contents": contents}).to_string()).await.json();
    let request = json!({"model": "models/gemini-3.5-flash", "contents": contents});
    let whole = json!({"generateContentRequest": request}).to_string();
    assert_eq!(plain, ask(&simulation, line, &whole).await.json());
    // Five words, and the role of the turn.
    assert_eq!(plain["totalTokens"], 6);
    let mut with_more = request.clone();
    with_more["systemInstruction"] = json!({"parts": [{"text": "be brief please"}]});
    let whole = json!({"generateContentRequest": with_more}).to_string();
    assert_eq!(ask(&simulation, line, &whole).await.json()["totalTokens"], 9);
}

#[tokio::test]
async fn text_is_embedded() {
    let simulation = start("healthy");
    let line = "POST /v1beta/models/gemini-embedding-001:embedContent";
    let body = json!({"content": {"parts": [{"text": "hello"}]}}).to_string();
    let answer = ask(&simulation, line, &body).await.json();
    assert_eq!(answer["embedding"]["values"].as_array().unwrap().len(), 16);
}

#[tokio::test]
async fn a_tool_is_called_and_its_answer_is_taken() {
    let simulation = start("healthy");
    let tools = json!([{"functionDeclarations": [{
        "name": "weather",
        "description": "The weather of a city.",
        "parameters": {"type": "OBJECT", "required": ["city"], "properties": {
            "city": {"type": "STRING"}, "days": {"type": "INTEGER", "minimum": 2}}},
    }]}]);
    let user = json!({"role": "user", "parts": [{"text": "How is the weather?"}]});
    let body = json!({"contents": [user], "tools": tools}).to_string();
    let model = ask(&simulation, FLASH, &body).await.json()["candidates"][0]["content"].clone();
    let part = &model["parts"][0];
    assert_eq!(part["functionCall"]["name"], "weather");
    assert_eq!(part["functionCall"]["args"], json!({"city": "simulated", "days": 2}));
    assert!(part["thoughtSignature"].is_string());
    let response = json!({"role": "user", "parts": [{"functionResponse": {
        "name": "weather", "response": {"sky": "blue"}}}]});
    let body = json!({"contents": [user, model, response], "tools": tools}).to_string();
    let last = ask(&simulation, FLASH, &body).await.json();
    assert!(last["candidates"][0]["content"]["parts"][0]["text"].is_string());
}

#[tokio::test]
async fn older_models_sign_no_thoughts() {
    let simulation = start("healthy");
    let line = "POST /v1beta/models/gemini-2.5-flash:generateContent";
    let body = json!({
        "contents": [{"parts": [{"text": "Call it."}]}],
        "tools": {"function_declarations": {"name": "ping", "description": "Pings."}},
    });
    let answer = ask(&simulation, line, &body.to_string()).await.json();
    let part = answer["candidates"][0]["content"]["parts"][0].clone();
    assert_eq!(part, json!({"functionCall": {"name": "ping", "args": {}}}));
}

#[tokio::test]
async fn structured_answers_fit_their_schema() {
    let simulation = start("healthy");
    let schema = json!({
        "type": "object",
        "required": ["name", "tags", "size"],
        "properties": {
            "name": {"type": "string"},
            "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 2},
            "size": {"$ref": "#/$defs/size"},
        },
        "$defs": {"size": {"type": "number"}},
    });
    let config = json!({"responseMimeType": "application/json", "responseJsonSchema": schema});
    let answer = ask(&simulation, FLASH, &prompt(&config)).await.json();
    let text = answer["candidates"][0]["content"]["parts"][0]["text"].as_str().unwrap();
    let value: Value = serde_json::from_str(text).unwrap();
    assert_eq!(value, json!({"name": "simulated", "tags": ["a", "a"], "size": 1.5}));
}

#[tokio::test]
async fn openai_clients_are_served_their_list() {
    let simulation = start("healthy");
    let bearer = format!("authorization: Bearer {AUTH_KEY}\r\n");
    let list = ask_with(&simulation, "GET /v1beta/openai/models", &bearer, "").await;
    assert_eq!(list.json()["data"][0]["object"], "model");
    let lost = ask_with(&simulation, "GET /v1beta/openai/v1beta/models", &bearer, "").await;
    assert_eq!((lost.status, lost.body.as_str()), (404, ""));
}

#[tokio::test]
async fn http2_is_spoken_as_well() {
    let simulation = start("healthy");
    let stream = connect(&simulation, &[b"h2", b"http/1.1"]).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let io = TokioIo::new(stream);
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), io);
    let (mut sender, connection) = handshake.await.unwrap();
    let driver = tokio::spawn(connection);
    let request = http::Request::get("https://generativelanguage.googleapis.com/v1beta/models")
        .header("x-goog-api-key", AUTH_KEY)
        .body(Full::<bytes::Bytes>::default())
        .unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(serde_json::from_slice::<Value>(&body).unwrap()["models"].is_array());
    drop(sender);
    driver.await.unwrap().unwrap();
    let seen = simulation.requests().pop().unwrap();
    assert_eq!((seen.http, seen.host.as_str()), ("HTTP/2", super::HOST));
}
