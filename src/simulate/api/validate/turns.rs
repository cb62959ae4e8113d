//! The turns of a conversation: that there are any, that something is in them, whose they are, and
//! who speaks last.
//!
//! Function calls and their responses are judged in `calls.rs`.

use serde_json::Value;

use super::super::error::ApiError;
use super::super::members::{field, list, text};
use super::kinds::Place;
use super::messages;
use super::request::{Lines, Request};

/// There is at least one turn, and at least one part in each, with something in it.
pub(super) fn contents(request: &Request<'_>, lines: &mut Lines) {
    let turns = request.turns();
    if turns.is_empty() {
        lines.push(("contents".into(), "contents is not specified".into()));
    }
    for (at, turn) in turns.into_iter().enumerate() {
        content(turn, &format!("contents[{at}]"), lines);
    }
}

/// The same of one content.
pub(super) fn content(content: &Value, path: &str, lines: &mut Lines) {
    let parts = list(content, "parts");
    if parts.is_empty() {
        lines.push((format!("{path}.parts"), "contents.parts must not be empty.".into()));
    }
    // An empty text is dropped where something else is left.
    let is_all_empty = parts.iter().all(|part| is_empty_text(part));
    for (nth, part) in parts.into_iter().enumerate() {
        if !has_data(part) || is_all_empty {
            let fault = "required oneof field 'data' must have one initialized field";
            lines.push((format!("{path}.parts[{nth}].data"), fault.into()));
        }
    }
}

/// What stands before the conversation is text.
pub(super) fn instruction(request: &Request<'_>, lines: &mut Lines) {
    let Some(content) = field(request.body, "systemInstruction") else { return };
    for (nth, part) in list(content, "parts").into_iter().enumerate() {
        let path = format!("system_instruction.parts[{nth}]");
        match field(part, "text") {
            Some(_) => {}
            None if has_data(part) => {
                lines.push((path, "system_instruction supports text parts only".into()));
            }
            None => {
                let fault = "required oneof field 'data' must have one initialized field";
                lines.push((format!("{path}.data"), fault.into()));
            }
        }
    }
}

/// Some models take no instruction; they call it a developer's.
pub(super) fn instruction_is_taken(request: &Request<'_>) -> Result<(), ApiError> {
    let id = request.model.id;
    match field(request.body, "systemInstruction") {
        Some(_) if id.starts_with("gemma") => {
            Err(ApiError::invalid(format!("Developer instruction is not enabled for models/{id}")))
        }
        _ => Ok(()),
    }
}

/// Each turn is the user's or the model's; one may leave it out, and results of functions had a
/// role of their own once. The cloud platform wants to be told.
pub(super) fn roles(request: &Request<'_>) -> Result<(), ApiError> {
    let known: &[&str] = match request.place {
        Place::Cloud => &["user", "model"],
        Place::V1 | Place::Beta => &["", "user", "model", "function"],
    };
    let is_known = |turn: &&Value| known.contains(&text(turn, "role"));
    match request.turns().iter().all(is_known) {
        true => Ok(()),
        false => Err(ApiError::invalid("Please use a valid role: user, model.")),
    }
}

/// From 3.6 on the model does not go on with a turn of its own; before it does. Two turns of one
/// role after each other are taken by all.
pub(super) fn ending(request: &Request<'_>) -> Result<(), ApiError> {
    let is_models = request.turns().last().is_some_and(|turn| is_model(turn));
    match is_models && request.is_3_6_or_later() {
        true => Err(ApiError::invalid("Requests ending with a model turn are not supported.")),
        false => Ok(()),
    }
}

/// Whether a turn is the model's.
pub(super) fn is_model(turn: &Value) -> bool {
    text(turn, "role") == "model"
}

fn has_data(part: &Value) -> bool {
    messages::data_of_parts().any(|kind| field(part, kind.name).is_some())
}

fn is_empty_text(part: &Value) -> bool {
    field(part, "text").is_some_and(|text| text == "")
}
