//! Counts tokens by a rule of the simulator's own, and answers `countTokens` and `embedContent`.
//!
//! Not the real tokenizer: a test of a real one must not be held against these numbers. What goes into a prompt is
//! counted thus: a run of up to ten ASCII letters is one token, every digit is one, and so is every other character
//! that is no white space; media are 258 each. Common English words come out as with the real vocabulary.

use serde_json::{Value, json};

use super::members::{as_list, field, list};

/// Answers `countTokens`, in either of its two forms.
pub(super) fn count(body: &Value) -> Value {
    let total = prompt(field(body, "generateContentRequest").unwrap_or(body));
    json!({
        "totalTokens": total,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": total}],
    })
}

/// Answers `embedContent`.
pub(super) fn embed(body: &Value) -> Value {
    json!({ "embedding": vector(body) })
}

/// Answers `batchEmbedContents`.
pub(super) fn embed_all(body: &Value) -> Value {
    let vectors: Vec<Value> = list(body, "requests").into_iter().map(vector).collect();
    json!({ "embeddings": vectors })
}

/// A vector that depends on the text alone.
fn vector(request: &Value) -> Value {
    let seed = field(request, "content")
        .map(texts)
        .unwrap_or_default()
        .bytes()
        .fold(17_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let value = |at: u32| f64::from(seed.wrapping_mul(at + 1) % 2_000) / 1_000.0 - 1.0;
    let values: Vec<f64> = (0..16).map(value).collect();
    json!({ "values": values })
}

/// The letters that one token has at most.
const LETTERS: usize = 10;
/// The tokens of an image.
const MEDIA: u64 = 258;

/// The tokens of a prompt: its turns, its instruction and its tools.
pub(super) fn prompt(request: &Value) -> u64 {
    turns(request) + beside_turns(request)
}

/// The tokens of the turns alone.
fn turns(request: &Value) -> u64 {
    field(request, "contents").map_or(0, count_value)
}

/// The tokens of all that is no turn: the instruction and the tools.
pub(super) fn beside_turns(request: &Value) -> u64 {
    ["systemInstruction", "tools"]
        .iter()
        .filter_map(|name| field(request, name))
        .map(count_value)
        .sum()
}

/// Where each token of a text ends.
pub(super) fn ends(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        let letters =
            bytes[at..].iter().take(LETTERS).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let other = || text[at..].chars().next().map_or(0, char::len_utf8);
        let length = if letters > 0 { letters } else { other() };
        at += length;
        (length > 0).then_some(at)
    })
}

/// The tokens of every string in a value.
fn count_value(value: &Value) -> u64 {
    match value {
        Value::String(text) => ends(text).count() as u64,
        Value::Array(items) => items.iter().map(count_value).sum(),
        Value::Object(members) if members.contains_key("data") => MEDIA,
        Value::Object(members) => members.values().map(count_value).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// The tokens of an answer: thirteen for ten words, and at least one.
pub(super) fn of(text: &str) -> u64 {
    let words = text.split_whitespace().count() as u64;
    (words * 13).div_ceil(10).max(1)
}

/// Every string in a value, in order.
pub(super) fn texts(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(_) => as_list(value).into_iter().map(texts).collect::<Vec<_>>().join(" "),
        Value::Object(members) => members.values().map(texts).collect::<Vec<_>>().join(" "),
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}
