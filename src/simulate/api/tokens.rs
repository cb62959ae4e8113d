//! Counts tokens in a rough and repeatable way, and answers `countTokens` and `embedContent`.
//!
//! Not the real tokenizer: a test of a real one must not be held against these numbers.

use serde_json::{Value, json};

use super::check::{self, as_list, field};
use super::error::ApiError;
use super::models::Model;

/// Answers `countTokens`, in either of its two forms.
pub(super) fn count(body: &Value, model: &Model) -> Result<Value, ApiError> {
    let request = inner_request(body, model)?;
    check::contents(request, "CountTokensRequest")?;
    let total = prompt(request);
    Ok(json!({
        "totalTokens": total,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": total}],
    }))
}

/// Answers `embedContent` with a vector that depends on the text alone.
pub(super) fn embed(body: &Value) -> Result<Value, ApiError> {
    let content = field(body, "content").ok_or_else(|| {
        ApiError::invalid("* EmbedContentRequest.content: content is not specified\n")
    })?;
    let seed = texts(content)
        .bytes()
        .fold(17_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let value = |at: u32| f64::from(seed.wrapping_mul(at + 1) % 2_000) / 1_000.0 - 1.0;
    let values: Vec<f64> = (0..16).map(value).collect();
    Ok(json!({"embedding": {"values": values}}))
}

/// The tokens of a prompt: its turns, its instruction and its tools.
pub(super) fn prompt(request: &Value) -> u64 {
    let parts = ["contents", "systemInstruction", "tools"];
    let text: Vec<String> =
        parts.iter().filter_map(|name| field(request, name)).map(texts).collect();
    of(&text.join(" "))
}

/// The tokens of a text: thirteen for ten words, and at least one.
pub(super) fn of(text: &str) -> u64 {
    let words = text.split_whitespace().count() as u64;
    (words * 13).div_ceil(10).max(1)
}

fn inner_request<'a>(body: &'a Value, model: &Model) -> Result<&'a Value, ApiError> {
    let Some(request) = field(body, "generateContentRequest") else { return Ok(body) };
    let expected = format!("models/{}", model.id);
    match request.get("model").and_then(Value::as_str) {
        Some(name) if name == expected => Ok(request),
        Some(_) => Err(ApiError::invalid(
            "* CountTokensRequest.generate_content_request.model: model must be the same as in \
             the outer request\n",
        )),
        None => Err(ApiError::invalid(
            "* CountTokensRequest.generate_content_request.model: model is not specified\n",
        )),
    }
}

/// Every string in a value, in order.
fn texts(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(_) => as_list(value).into_iter().map(texts).collect::<Vec<_>>().join(" "),
        Value::Object(members) => members.values().map(texts).collect::<Vec<_>>().join(" "),
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}
