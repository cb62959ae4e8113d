//! Answers in OpenAI's form, put into the native one. What the other form does not say stays out; what it says
//! and the native one has no member for is dropped.

use serde_json::{Map, Value, json};

use super::body::EXTRA;

/// Whether a value is an answer in this form: a list, an entry of it, or a completion, whole or a piece.
pub fn is_spoken(value: &Value) -> bool {
    let models =
        || value["data"].as_array().is_some_and(|all| all.iter().all(|one| one["id"].is_string()));
    match value["object"].as_str() {
        Some("list") => models(),
        Some("model") => value["id"].is_string(),
        Some("chat.completion" | "chat.completion.chunk") => value["choices"].is_array(),
        // Some gateways leave the kind out.
        _ => value["choices"].is_array() || (value.get("data").is_some() && models()),
    }
}

/// Any answer in the native form; one that is none of this form stays as it is.
pub fn native(value: Value) -> Value {
    match is_spoken(&value) {
        false => value,
        true if value["choices"].is_array() => completion(&value),
        true if value["data"].is_array() => list(&value),
        true => model(&value),
    }
}

/// A list as the native page of one.
pub fn list(value: &Value) -> Value {
    let models: Vec<Value> = value["data"].as_array().into_iter().flatten().map(model).collect();
    json!({ "models": models })
}

/// The entry of a model. It does not say what can be called: what is no maker of vectors, pictures or sound is
/// taken for a model that answers.
fn model(entry: &Value) -> Value {
    let id = entry["id"].as_str().unwrap_or_default();
    let id = id.strip_prefix("models/").unwrap_or(id);
    let methods: &[&str] = if answers(id) { &["generateContent"] } else { &[] };
    let mut model = json!({"name": format!("models/{id}"), "supportedGenerationMethods": methods});
    for (ours, theirs) in [
        ("displayName", "display_name"),
        ("inputTokenLimit", "max_input_tokens"),
        ("outputTokenLimit", "max_output_tokens"),
    ] {
        if let Some(value) = entry.get(theirs).filter(|value| !value.is_null()) {
            model[ours] = value.clone();
        }
    }
    model
}

fn answers(id: &str) -> bool {
    const OTHERS: [&str; 10] = [
        "embed",
        "imagen",
        "veo",
        "whisper",
        "tts",
        "dall-e",
        "image",
        "rerank",
        "moderation",
        "lyria",
    ];
    let id = id.to_ascii_lowercase();
    !OTHERS.iter().any(|other| id.contains(other))
}

/// A completion, or a piece of one.
pub fn completion(value: &Value) -> Value {
    let mut native = Map::new();
    let choices = value["choices"].as_array().into_iter().flatten();
    native.insert("candidates".to_owned(), choices.map(candidate).collect());
    if let Some(usage) = value.get("usage").filter(|usage| usage.is_object()) {
        native.insert("usageMetadata".to_owned(), tokens(usage));
    }
    for (ours, theirs) in [("modelVersion", "model"), ("responseId", "id")] {
        if let Some(text) = value[theirs].as_str() {
            native.insert(ours.to_owned(), json!(text));
        }
    }
    Value::Object(native)
}

fn candidate(choice: &Value) -> Value {
    let said = [&choice["message"], &choice["delta"]].into_iter().find(|said| said.is_object());
    let said = said.unwrap_or(&Value::Null);
    let mut parts: Vec<Value> = Vec::new();
    if let Some(text) = said["content"].as_str().filter(|text| !text.is_empty()) {
        parts.push(json!({ "text": text }));
    }
    parts.extend(said["tool_calls"].as_array().into_iter().flatten().map(call));
    let mut candidate =
        json!({"content": {"role": "model", "parts": parts}, "index": choice["index"]});
    if let Some(reason) = choice["finish_reason"].as_str() {
        candidate["finishReason"] = json!(finish(reason));
    }
    candidate
}

fn call(tool_call: &Value) -> Value {
    let function = &tool_call["function"];
    let text = function["arguments"].as_str().unwrap_or_default();
    let arguments: Value = serde_json::from_str(text).unwrap_or_else(|_| json!({}));
    let call = json!({"id": tool_call["id"], "name": function["name"], "args": arguments});
    let mut part = json!({ "functionCall": call });
    if let Some(extra) = tool_call.get(EXTRA) {
        part[EXTRA] = extra.clone();
    }
    part
}

fn finish(reason: &str) -> String {
    match reason {
        "stop" | "tool_calls" | "function_call" => "STOP".to_owned(),
        "length" => "MAX_TOKENS".to_owned(),
        "content_filter" => "SAFETY".to_owned(),
        other => other.to_ascii_uppercase(),
    }
}

/// Thinking is a part of the completion there, or of the sum alone.
fn tokens(usage: &Value) -> Value {
    let read = |name: &str| usage[name].as_u64();
    let mut native = Map::new();
    let mut put = |name: &str, tokens: Option<u64>| {
        if let Some(tokens) = tokens {
            native.insert(name.to_owned(), json!(tokens));
        }
    };
    let (sent, received) = (read("prompt_tokens"), read("completion_tokens"));
    let both = sent.unwrap_or(0).saturating_add(received.unwrap_or(0));
    put("promptTokenCount", sent);
    put("candidatesTokenCount", received);
    put("totalTokenCount", read("total_tokens"));
    let unnamed = read("total_tokens").and_then(|all| all.checked_sub(both));
    put("thoughtsTokenCount", unnamed.filter(|tokens| *tokens > 0));
    Value::Object(native)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::clue::Shown,
        gemini::{generation, wire},
    };

    #[test]
    fn a_completion_reads_as_a_native_answer() {
        let value = json!({"id": "c", "object": "chat.completion", "model": "gemini-3.5-flash", "choices": [
            {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "ok"}}],
            "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 10}});
        let read = native(value);
        assert_eq!(generation::text_trouble(&read), None);
        assert_eq!(wire::usage(&read), (Some(3), Some(7)));
        assert_eq!(
            (&read["modelVersion"], &read["responseId"]),
            (&json!("gemini-3.5-flash"), &json!("c"))
        );
    }

    #[test]
    fn an_answer_that_was_cut_or_filtered_says_so() {
        let of = |reason: &str| {
            let choice = json!({"finish_reason": reason, "message": {"content": null}});
            generation::text_trouble(&completion(&json!({ "choices": [choice] })))
        };
        assert_eq!(of("length"), Some(Shown::MaxTokensNoText));
        assert_eq!(of("content_filter"), Some(Shown::BlockedSafety));
        assert_eq!(of("stop"), Some(Shown::EmptyCandidate));
    }

    #[test]
    fn a_list_names_models_and_claims_no_more_than_it_says() {
        let page = native(json!({"object": "list", "data": [
            {"id": "models/gemini-3.5-flash", "object": "model"},
            {"id": "gemini/gemini-embedding-001", "object": "model", "max_input_tokens": 2048}]}));
        let page: wire::ModelPage = serde_json::from_value(page).expect("a page");
        assert_eq!(page.models[0].id(), "gemini-3.5-flash");
        assert!(
            page.models[0].supports("generateContent") && !page.models[0].supports("countTokens")
        );
        assert!(!page.models[1].supports("generateContent"));
        assert_eq!(page.models[1].input_token_limit, Some(2048));
    }

    #[test]
    fn what_is_of_another_form_stays_as_it_is() {
        for value in [
            json!({"models": []}),
            json!({"error": {"message": "x"}}),
            json!({"data": 7}),
            json!(null),
        ] {
            assert!(!is_spoken(&value), "{value}");
            assert_eq!(native(value.clone()), value);
        }
    }
}
