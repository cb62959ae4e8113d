//! Calls and answers against bytes that were made from the public definition, not by this program.

use serde_json::{Value, json};

use super::*;
use crate::{
    facts::{Client, Clue, clue::Shown},
    gemini::Reply,
};

const RATE_LIMIT: &str = "CAgSBVF1b3RhGl8KKHR5cGUuZ29vZ2xlYXBpcy5jb20vZ29vZ2xlLnJwYy5FcnJvckluZm8SMwoT\
    UkFURV9MSU1JVF9FWENFRURFRBIOZ29vZ2xlYXBpcy5jb20aDAoHc2VydmljZRIBcxo2Cih0eXBlLmdvb2dsZWFwaXMuY29tL2\
    dvb2dsZS5ycGMuUmV0cnlJbmZvEgoKCAgHEIDKte4BGk8KK3R5cGUuZ29vZ2xlYXBpcy5jb20vZ29vZ2xlLnJwYy5RdW90YUZh\
    aWx1cmUSIAoeIgZtZXRyaWMqBlBlckRheTIKCgVtb2RlbBIBbTgU";

fn endpoint(base_url: &str, version: &str) -> Endpoint {
    Endpoint::parse(base_url, version).expect("a good URL")
}

fn asked(call: &Call) -> Result<GrpcRequest, String> {
    request(call, &endpoint("https://h.example", "v1beta"), &ApiKey::new("FAKE-key"))
}

fn generate(body: Value) -> Result<Bytes, String> {
    asked(&Call::generate("m", body)).map(|request| request.message)
}

fn refused(body: Value) -> String {
    generate(body).expect_err("it has no place in the message")
}

fn hello() -> Value {
    json!([{"role": "user", "parts": [{"text": "hi"}]}])
}

/// An answer with these messages and these headers.
fn exchange(status: u16, headers: &[(&'static str, &str)], messages: &[&[u8]]) -> Exchange {
    let header = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value"))
    };
    let chunks = messages.iter().enumerate().map(|(at, message)| (at as f64, message.len()));
    let answer = Answer {
        status,
        headers: headers.iter().map(header).collect(),
        body: messages.concat(),
        chunks: chunks.collect(),
        body_failure: None,
    };
    Exchange {
        outcome: Outcome::Answered(answer),
        request_written_ms: None,
        first_byte_ms: Some(1.0),
        total_ms: 9.0,
        bytes_sent: None,
        bytes_received: None,
        http: "gRPC",
    }
}

fn reply(call: &Call, exchange: Exchange) -> Reply {
    Reply::read(
        call,
        &crate::facts::Api::Gemini,
        as_http(call, exchange).answer().expect("an answer"),
    )
}

#[test]
fn messages_are_the_bytes_of_the_definition() {
    let get = asked(&Call::get("m")).expect("a call");
    assert_eq!(&get.message[..], b"\x0a\x08models/m");
    let count = asked(&Call::count("m")).expect("a call");
    assert_eq!(&count.message[..], b"\x0a\x08models/m\x12\x0c\x0a\x04\x12\x02hi\x12\x04user");
    let body = json!({"contents": hello(), "generationConfig": {
        "maxOutputTokens": 300, "temperature": 0.5, "thinkingConfig": {"thinkingBudget": 0},
    }});
    let expected = b"\x0a\x08models/m\x12\x0c\x0a\x04\x12\x02hi\x12\x04user\
        \x22\x0d \xac\x02-\x00\x00\x00?\xb2\x01\x02\x10\x00";
    assert_eq!(&generate(body).expect("a message")[..], expected);
}

#[test]
fn every_known_field_is_sent_in_either_spelling() {
    let expected = b"\x0a\x08models/m\x12\x04\x0a\x02\x12\x00\x221\x08\x01\x12\x01a\x12\x01b \x02\
        -\x00\x00\x00\x005\x00\x00\x80>8(@\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\xb2\x01\x0d\x08\x01\
        \x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01B\x05\x0a\x03\x12\x01s";
    let camel = json!({
        "systemInstruction": {"parts": [{"text": "s"}]},
        "contents": [{"parts": [{"text": ""}]}],
        "generationConfig": {
            "candidateCount": 1, "stopSequences": ["a", "b"], "maxOutputTokens": 2, "temperature": 0,
            "topP": 0.25, "topK": 40, "seed": -1,
            "thinkingConfig": {"includeThoughts": true, "thinkingBudget": -1},
        },
    });
    let snake = json!({
        "system_instruction": {"parts": {"text": "s"}},
        "contents": {"parts": {"text": ""}},
        "generation_config": {
            "candidate_count": 1, "stop_sequences": ["a", "b"], "max_output_tokens": 2,
            "temperature": 0.0, "top_p": 0.25, "top_k": 40, "seed": -1,
            "thinking_config": {"include_thoughts": true, "thinking_budget": -1},
        },
    });
    for body in [camel, snake] {
        assert_eq!(&generate(body).expect("a message")[..], expected);
    }
}

#[test]
fn what_has_no_place_in_the_message_is_refused_by_name() {
    let config = |config: Value| json!({"contents": hello(), "generationConfig": config});
    let part = |part: Value| json!({"contents": [{"parts": [{"text": "a"}, part]}]});
    for (body, name) in [
        (json!({"contents": hello(), "tools": []}), "tools cannot be sent"),
        (json!({"contents": hello(), "safetySettings": []}), "safetySettings"),
        (config(json!({"responseMimeType": "text/plain"})), "generationConfig.responseMimeType"),
        (
            config(json!({"thinkingConfig": {"thinkingLevel": "low"}})),
            "generationConfig.thinkingConfig.thinkingLevel is no field",
        ),
        (config(json!({"topK": 1, "top_k": 2})), "generationConfig.top_k"),
        (config(json!({"maxOutputTokens": 1.5})), "generationConfig.maxOutputTokens is no whole"),
        (config(json!({"maxOutputTokens": 1_u64 << 40})), "generationConfig.maxOutputTokens"),
        (config(json!({"temperature": "hot"})), "generationConfig.temperature is no number"),
        (config(json!([])), "generationConfig is no JSON object"),
        (part(json!({"inlineData": {}})), "contents[0].parts[1].inlineData"),
        (part(json!({"text": 1})), "contents[0].parts[1].text is no text"),
        (json!([]), "the body is no JSON object"),
    ] {
        let said = refused(body);
        assert!(said.contains(name), "{said:?} must say {name:?}");
    }
    let mut count = Call::generate("m", json!({"generateContentRequest": {}}));
    count.method = Method::Count;
    assert!(asked(&count).expect_err("not known").contains("generateContentRequest"));
}

#[test]
fn the_key_is_in_one_header_and_marked() {
    let request = asked(&Call::count("a/b").as_client(Client::Python)).expect("a call");
    assert_eq!(request.metadata["x-goog-api-key"], "FAKE-key");
    assert!(request.metadata["x-goog-api-key"].is_sensitive());
    assert!(!format!("{request:?}").contains("FAKE"), "{request:?}");
    assert_eq!(request.metadata["x-goog-request-params"], "model=models%2Fa%2Fb");
    let agent = request.metadata["user-agent"].to_str().expect("text");
    assert!(agent.starts_with("google-genai-sdk/"), "{agent}");
    assert_eq!(request.metadata.get("accept"), None);
    assert_eq!((request.authority.as_str(), request.secure), ("h.example", true));
}

#[test]
fn each_method_has_its_path() {
    let service = "/google.ai.generativelanguage.v1beta.";
    for (call, name, streams) in [
        (Call::get("m"), "ModelService/GetModel", false),
        (Call::count("m"), "GenerativeService/CountTokens", false),
        (Call::generate("m", json!({})), "GenerativeService/GenerateContent", false),
        (Call::stream("m", json!({})), "GenerativeService/StreamGenerateContent", true),
    ] {
        let request = asked(&call).expect("a call");
        assert_eq!((request.path, request.streams), (format!("{service}{name}"), streams));
    }
}

#[test]
fn what_cannot_be_called_says_why() {
    let good = endpoint("https://h.example", "v1beta");
    assert_eq!(check(&Call::get("m"), &good), Ok(()));
    for (call, endpoint, words) in [
        (Call::list(None), good.clone(), "models.list"),
        (Call::openai_list(), good, "openai.models.list"),
        (Call::get("m"), endpoint("https://h.example", "v1"), "not \"v1\""),
        (Call::get("m"), endpoint("https://h.example/gateway", "v1beta"), "\"/gateway\""),
    ] {
        let said = check(&call, &endpoint).expect_err("no such call");
        assert!(said.contains(words), "{said:?} must say {words:?}");
    }
}

const ANSWER: &[u8] =
    b"\x0a\x1e\x0a\x18\x0a\x06\x12\x02HmX\x01\x0a\x07\x12\x02okj\x01x\x12\x05model\
    \x10\x02\x18\x00\x1a\x0a\x08\x07\x10\x02\x18\xd1\x01P\xc8\x01\x22\x03m-1*\x02r1";

#[test]
fn an_answer_reads_as_over_http() {
    let call = Call::generate("m", json!({}));
    let told = reply(&call, exchange(200, &[("grpc-status", "0")], &[ANSWER]));
    assert!(told.is_success(), "{told:?}");
    assert_eq!(told.usage, (Some(7), Some(202)));
    assert_eq!(told.model_version.as_deref(), Some("m-1"));
    assert_eq!(told.response_id.as_deref(), Some("r1"));
    let expected = json!({
        "candidates": [{
            "content": {"parts": [{"text": "Hm", "thought": true}, {"text": "ok"}], "role": "model"},
            "finishReason": "MAX_TOKENS",
            "index": 0,
        }],
        "usageMetadata": {
            "promptTokenCount": 7, "candidatesTokenCount": 2, "thoughtsTokenCount": 200,
            "totalTokenCount": 209,
        },
        "modelVersion": "m-1",
        "responseId": "r1",
    });
    assert_eq!(told.json, Some(expected));
    let blocked = reply(&call, exchange(200, &[], &[b"\x12\x02\x08\x04"]));
    assert_eq!(
        blocked.json,
        Some(json!({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}))
    );
}

#[test]
fn a_model_and_a_count_read_as_over_http() {
    let model = b"\x0a\x08models/m\x1a\x03001\x22\x01M0\x80\x80@8\x80\x80\x04B\x0fgenerateContent\
        B\x0bcountTokensM\x00\x00\x80?U33s?X@m\x00\x00\x00@x\x01";
    let expected = json!({
        "name": "models/m", "version": "001", "displayName": "M", "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536, "supportedGenerationMethods": ["generateContent", "countTokens"],
        "thinking": true,
    });
    let told = reply(&Call::get("m"), exchange(200, &[], &[model]));
    assert_eq!((told.is_success(), told.json), (true, Some(expected)));
    let told = reply(&Call::count("m"), exchange(200, &[], &[b"\x08\xac\x02"]));
    assert_eq!(told.json, Some(json!({"totalTokens": 300})));
}

#[test]
fn a_stream_becomes_events_with_the_same_times() {
    let thought = b"\x0a\x0a\x0a\x08\x0a\x06\x12\x02HmX\x01";
    let empty = b"\x0a\x06\x0a\x04\x0a\x02\x12\x00";
    let sent = exchange(200, &[("grpc-status", "0")], &[thought, empty, ANSWER]);
    assert_eq!(first_text(sent.answer().expect("an answer")), Some(2));
    let call = Call::stream("m", json!({}));
    let told = as_http(&call, sent.clone());
    let answer = told.answer().expect("an answer");
    let times: Vec<f64> = answer.chunks.iter().map(|(at, _)| *at).collect();
    assert_eq!(times, [0.0, 1.0, 2.0]);
    let (first, _) = answer.body.split_at(answer.chunks[0].1);
    assert!(first.starts_with(b"data: {") && first.ends_with(b"}\r\n\r\n"), "{first:?}");
    let told = reply(&call, sent);
    assert_eq!((told.is_success(), told.usage), (true, (Some(7), Some(202))));
    let cut = reply(&call, exchange(200, &[], &[thought]));
    assert!(cut.clues.contains(&Clue::Shown(Shown::StreamCut)), "{cut:?}");
    assert_eq!(first_text(exchange(200, &[], &[thought]).answer().expect("one")), None);
}

#[test]
fn an_error_reads_as_over_http() {
    let headers = [
        ("grpc-status", "8"),
        ("grpc-message", "Quota%20of 20%% for %C3%A4%+f"),
        ("grpc-status-details-bin", RATE_LIMIT),
    ];
    let told = reply(&Call::get("m"), exchange(429, &headers, &[]));
    assert_eq!((told.status, told.is_success()), (429, false));
    for clue in [
        Clue::Rpc("RESOURCE_EXHAUSTED".to_owned()),
        Clue::Message("Quota of 20%% for ä%+f".to_owned()),
        Clue::Reason("RATE_LIMIT_EXCEEDED".to_owned()),
        Clue::RetryAfterMs(7_500),
        Clue::QuotaId("PerDay".to_owned()),
        Clue::Meta("quotaValue".to_owned(), "20".to_owned()),
        Clue::Meta("quota_model".to_owned(), "m".to_owned()),
    ] {
        assert!(told.clues.contains(&clue), "{clue:?} is not in {:?}", told.clues);
    }
}

#[test]
fn broken_messages_and_details_are_no_reason_to_stop() {
    let call = Call::generate("m", json!({}));
    let told = reply(&call, exchange(200, &[("grpc-status", "0")], &[b"\xff\xff\xff"]));
    assert!(told.clues.contains(&Clue::Shown(Shown::NotJson)), "{told:?}");
    let headers = [("grpc-status", "77"), ("grpc-status-details-bin", "*")];
    let told = reply(&call, exchange(500, &headers, &[]));
    assert!(told.clues.contains(&Clue::Rpc("UNKNOWN".to_owned())), "{told:?}");
}

#[test]
fn what_is_no_grpc_stays_as_it_is() {
    let plain = Exchange { http: "HTTP/2", ..exchange(404, &[], &[b"a page"]) };
    let same = as_http(&Call::get("m"), plain);
    assert_eq!(same.answer().expect("an answer").body, b"a page");
}
