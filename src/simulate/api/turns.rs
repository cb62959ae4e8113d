//! Judges the order of turns, and the bookkeeping of function calls in them.
//!
//! Looks at roles and parts only; names and values were judged before.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::Value;

use super::check::{as_list, field};
use super::error::ApiError;
use super::models::Model;

/// The value that says a signature is left out on purpose; the service documents it.
const NO_SIGNATURE: &str = "skip_thought_signature_validator";

/// Judges the conversation as a whole.
pub(super) fn check(body: &Value, model: &Model) -> Result<(), ApiError> {
    let turns = field(body, "contents").map(as_list).unwrap_or_default();
    turns.iter().try_for_each(|turn| role(turn))?;
    last_turn(&turns, model)?;
    pairs(&turns)?;
    if model.is_gemini_3_or_later() { signatures(&turns) } else { Ok(()) }
}

/// The function calls of a turn.
pub(super) fn calls(turn: &Value) -> Vec<&Value> {
    parts_with(turn, "functionCall")
}

/// The function responses of a turn.
pub(super) fn responses(turn: &Value) -> Vec<&Value> {
    parts_with(turn, "functionResponse")
}

fn parts_with<'a>(turn: &'a Value, kind: &str) -> Vec<&'a Value> {
    let parts = field(turn, "parts").map(as_list).unwrap_or_default();
    parts.into_iter().filter(|part| field(part, kind).is_some()).collect()
}

fn role(turn: &Value) -> Result<(), ApiError> {
    match turn.get("role").and_then(Value::as_str) {
        None | Some("" | "user" | "model" | "function") => Ok(()),
        Some(_) => Err(ApiError::invalid("Please use a valid role: user, model.")),
    }
}

fn is_model(turn: &Value) -> bool {
    turn.get("role").and_then(Value::as_str) == Some("model")
}

fn last_turn(turns: &[&Value], model: &Model) -> Result<(), ApiError> {
    let strict = ["gemini-3.6", "gemini-3.7", "gemini-3.8", "gemini-4"];
    let strict = strict.iter().any(|prefix| model.answers_as().starts_with(prefix));
    match turns.last() {
        Some(turn) if is_model(turn) && strict => {
            Err(ApiError::invalid("Requests ending with a model turn are not supported."))
        }
        _ => Ok(()),
    }
}

/// Every turn of calls is followed by a turn of as many responses, and nothing else.
fn pairs(turns: &[&Value]) -> Result<(), ApiError> {
    for (at, turn) in turns.iter().enumerate() {
        let asked = calls(turn).len();
        let answered = turns.get(at + 1).map_or(0, |next| responses(next).len());
        if asked > 0 && at == 0 {
            return Err(ApiError::invalid(
                "Please ensure that function call turn comes immediately after a user turn or \
                 after a function response turn.",
            ));
        }
        if asked != answered && (asked > 0 || answered > 0) {
            return Err(ApiError::invalid(
                "Please ensure that the number of function response parts is equal to the number \
                 of function call parts of the function call turn.",
            ));
        }
    }
    Ok(())
}

/// From Gemini 3 on the first call of each model turn since the user's last word must be signed.
fn signatures(turns: &[&Value]) -> Result<(), ApiError> {
    let is_user_word = |turn: &&Value| !is_model(turn) && responses(turn).is_empty();
    let current = turns.iter().rposition(is_user_word).map_or(0, |at| at + 1);
    turns.iter().enumerate().skip(current).try_for_each(|(at, turn)| match calls(turn).first() {
        Some(call) => signature(call, at + 1),
        None => Ok(()),
    })
}

fn signature(part: &Value, position: usize) -> Result<(), ApiError> {
    let name = field(part, "functionCall").and_then(|call| call["name"].as_str()).unwrap_or("");
    match field(part, "thoughtSignature").and_then(Value::as_str) {
        None | Some("") => Err(ApiError::invalid(format!(
            "Function call is missing a thought_signature in functionCall parts. This is required \
             for tools to work correctly, and missing thought_signature may lead to degraded model \
             performance. Additional data, function call `default_api:{name}` , position \
             {position}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures \
             for more details."
        ))),
        Some(NO_SIGNATURE) => Ok(()),
        Some(text) if STANDARD.decode(text).is_ok() || URL_SAFE.decode(text).is_ok() => Ok(()),
        Some(_) => Err(ApiError::invalid("Corrupted thought signature.")),
    }
}
