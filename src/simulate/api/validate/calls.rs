//! The bookkeeping of function calls in a conversation: their order, their responses, their
//! signatures.
//!
//! Roles and declarations are judged elsewhere.

use serde_json::Value;

use super::super::error::ApiError;
use super::super::members::{calls, field, responses, text};
use super::request::{Lines, Request};
use super::turns::is_model;

const CALL_AFTER: &str = "Please ensure that function call turn comes immediately after a user turn \
                          or after a function response turn.";
const RESPONSE_AFTER: &str =
    "Please ensure that function response turn comes immediately after a function call turn.";
const AS_MANY: &str = "Please ensure that the number of function response parts is equal to the \
                       number of function call parts of the function call turn.";

/// Calls and responses say of which function they are.
pub(super) fn names(request: &Request<'_>, lines: &mut Lines) {
    for (path, part) in request.parts() {
        for (kind, name) in
            [("functionCall", "function_call"), ("functionResponse", "function_response")]
        {
            if field(part, kind).is_some_and(|one| text(one, "name").is_empty()) {
                lines.push((format!("{path}.{name}.name"), "Name cannot be empty.".into()));
            }
        }
    }
}

/// Each turn of calls follows one of the user, and is followed by a turn of as many responses.
pub(super) fn order(request: &Request<'_>) -> Result<(), ApiError> {
    let turns = request.turns();
    let before = |at: usize| at.checked_sub(1).map(|at| turns[at]);
    for (at, turn) in turns.iter().enumerate() {
        let (asked, answered) = (calls(turn).len(), responses(turn).len());
        let asked_before = before(at).map_or(0, |turn| calls(turn).len());
        if asked > 0 && !before(at).is_some_and(may_precede_calls) {
            return Err(ApiError::invalid(CALL_AFTER));
        }
        if asked_before != answered {
            let sentence = if asked_before == 0 { RESPONSE_AFTER } else { AS_MANY };
            return Err(ApiError::invalid(sentence));
        }
    }
    match turns.last() {
        Some(turn) if !calls(turn).is_empty() => Err(ApiError::invalid(AS_MANY)),
        _ => Ok(()),
    }
}

fn may_precede_calls(turn: &Value) -> bool {
    !is_model(turn) || !responses(turn).is_empty()
}

/// From Gemini 3 on responses bear the names of the calls, and their ids where both have one. No
/// wording of a refusal is on record, so that none is made up.
pub(super) fn pairs(request: &Request<'_>) -> Result<(), ApiError> {
    let fits = |pair: &[&Value]| {
        let asked = keys(&calls(pair[0]), "functionCall");
        let answered = keys(&responses(pair[1]), "functionResponse");
        // Parallel calls may be answered in any order.
        let has_ids = asked.iter().chain(&answered).all(|(_, id)| !id.is_empty());
        let names = |keys: &[(String, String)]| keys.iter().map(|key| key.0.clone()).collect();
        let (asked_names, answered_names): (Vec<String>, Vec<String>) =
            (names(&asked), names(&answered));
        if has_ids { asked == answered } else { asked_names == answered_names }
    };
    match request.is_3_or_later() && !request.turns().windows(2).all(fits) {
        true => Err(ApiError::bare()),
        false => Ok(()),
    }
}

/// The names and ids of calls, or of responses, in the order of names.
fn keys(parts: &[&Value], kind: &str) -> Vec<(String, String)> {
    let ones = parts.iter().filter_map(|part| field(part, kind));
    let mut keys: Vec<(String, String)> =
        ones.map(|one| (text(one, "name").to_owned(), text(one, "id").to_owned())).collect();
    keys.sort();
    keys
}

/// From Gemini 3 on the first call of each model turn since the user's last word must be signed.
pub(super) fn signatures(request: &Request<'_>) -> Result<(), ApiError> {
    if !request.is_3_or_later() {
        return Ok(());
    }
    let turns = request.turns();
    let is_user_word = |turn: &&Value| !is_model(turn) && responses(turn).is_empty();
    let current = turns.iter().rposition(is_user_word).map_or(0, |at| at + 1);
    turns.iter().enumerate().skip(current).try_for_each(|(at, turn)| match calls(turn).first() {
        Some(call) if text(call, "thoughtSignature").is_empty() => Err(unsigned(call, at + 1)),
        _ => Ok(()),
    })
}

fn unsigned(part: &Value, position: usize) -> ApiError {
    let name = field(part, "functionCall").map_or("", |call| text(call, "name"));
    ApiError::invalid(format!(
        "Function call is missing a thought_signature in functionCall parts. This is required for \
         tools to work correctly, and missing thought_signature may lead to degraded model \
         performance. Additional data, function call `default_api:{name}` , position {position}. \
         Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details."
    ))
}
