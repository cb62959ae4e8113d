//! Refuses request bodies that the real service refuses, in its words.
//!
//! Values only: names are judged in `shape.rs`, the order of turns in `turns.rs`.

use serde_json::{Map, Value};

use super::super::call::snake;
use super::error::ApiError;
use super::models::{Model, Thinking};

/// The body as JSON; an empty one counts as an empty object, as it does at the real service.
pub(super) fn parse(body: &[u8]) -> Result<Value, ApiError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Map::new()));
    }
    let value: Value = serde_json::from_slice(body).map_err(|error| malformed(body, &error))?;
    match value.is_object() {
        true => Ok(value),
        false => Err(ApiError::invalid(
            "Invalid JSON payload received. Unknown name \"\": Root element must be a message.",
        )),
    }
}

/// Judges the body of a call that generates.
pub(super) fn generating(body: &Value, model: &Model) -> Result<(), ApiError> {
    contents(body, "GenerateContentRequest")?;
    let config = field(body, "generationConfig");
    thinking(config.and_then(|config| field(config, "thinkingConfig")), model)?;
    candidates(config, model)?;
    output_limit(config, model)?;
    json_mode(config)?;
    instruction(body, model)
}

/// Wants at least one turn, and something in each.
pub(super) fn contents(body: &Value, message: &str) -> Result<(), ApiError> {
    let turns = field(body, "contents").map(as_list).unwrap_or_default();
    if turns.is_empty() {
        let text = format!("* {message}.contents: contents is not specified\n");
        return Err(ApiError::invalid(text));
    }
    turns.iter().enumerate().try_for_each(|(at, turn)| {
        let place = format!("* {message}.contents[{at}].parts");
        let parts = field(turn, "parts").map(as_list).unwrap_or_default();
        match parts.iter().position(|part| !has_data(part)) {
            _ if parts.is_empty() => {
                Err(ApiError::invalid(format!("{place}: contents.parts must not be empty.\n")))
            }
            Some(nth) => Err(ApiError::invalid(format!(
                "{place}[{nth}].data: required oneof field 'data' must have one initialized field\n"
            ))),
            None => Ok(()),
        }
    })
}

/// A member, in either spelling of its name.
pub(super) fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.get(name).or_else(|| value.get(snake(name)))
}

/// A list, or a single object where a list belongs: both are taken.
pub(super) fn as_list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        single => vec![single],
    }
}

fn has_data(part: &Value) -> bool {
    let kinds = [
        "text",
        "inlineData",
        "fileData",
        "functionCall",
        "functionResponse",
        "executableCode",
        "codeExecutionResult",
        "toolCall",
        "toolResponse",
    ];
    kinds.iter().any(|kind| field(part, kind).is_some())
}

fn malformed(body: &[u8], error: &serde_json::Error) -> ApiError {
    let text = String::from_utf8_lossy(body);
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let start = error.column().saturating_sub(20);
    let excerpt: String = line.chars().skip(start).take(40).collect();
    let caret = " ".repeat(error.column().saturating_sub(start + 1));
    let trouble = if error.is_eof() { "Unexpected end of string" } else { "Unexpected token" };
    let message = format!("Invalid JSON payload received. {trouble}.\n{excerpt}\n{caret}^");
    ApiError::invalid(message)
}

fn thinking(config: Option<&Value>, model: &Model) -> Result<(), ApiError> {
    let Some(config) = config else { return Ok(()) };
    let level = field(config, "thinkingLevel").and_then(Value::as_str);
    let budget = field(config, "thinkingBudget").and_then(Value::as_i64);
    let refuse = |message: &str| Err(ApiError::invalid(message));
    match (model.thinking, level, budget) {
        (Thinking::None, ..) => refuse("Thinking is not enabled for this model."),
        (_, Some(_), Some(_)) => {
            refuse("thinking_budget and thinking_level are not supported together.")
        }
        (Thinking::Budget { .. }, Some(_), _) => {
            refuse("Thinking level is not supported for this model.")
        }
        (Thinking::Budget { least, most, can_be_off }, _, Some(budget)) => {
            budget_in_range(budget, least, most, can_be_off)
        }
        (Thinking::Level { minimal, .. }, Some(level), _) => level_is_known(level, minimal),
        _ => Ok(()),
    }
}

fn budget_in_range(budget: i64, least: i64, most: i64, can_be_off: bool) -> Result<(), ApiError> {
    match budget {
        -1 => Ok(()),
        0 if can_be_off => Ok(()),
        0 => Err(ApiError::invalid("Budget 0 is invalid. This model only works in thinking mode.")),
        _ if (least..=most).contains(&budget) => Ok(()),
        _ => Err(ApiError::invalid(format!(
            "The thinking budget ({budget}) is invalid. Please choose a value between {least} and \
             {most}."
        ))),
    }
}

fn level_is_known(level: &str, minimal: bool) -> Result<(), ApiError> {
    match level.to_ascii_lowercase().as_str() {
        "minimal" if !minimal => Err(ApiError::invalid(
            "Thinking level MINIMAL is not supported for this model. Please retry with other \
             thinking level.",
        )),
        "minimal" | "low" | "medium" | "high" | "thinking_level_unspecified" => Ok(()),
        _ => Err(ApiError::invalid(format!(
            "Invalid value at 'generation_config.thinking_config.thinking_level' \
             (type.googleapis.com/google.ai.generativelanguage.v1beta.ThinkingConfig.\
             ThinkingLevel), \"{level}\""
        ))),
    }
}

fn candidates(config: Option<&Value>, model: &Model) -> Result<(), ApiError> {
    let count = config.and_then(|config| field(config, "candidateCount")).and_then(Value::as_i64);
    match count {
        Some(count) if count > 1 && model.is_gemini_3_or_later() => {
            Err(ApiError::invalid("Multiple candidates is not enabled for this model"))
        }
        Some(count) if !(1..=8).contains(&count) => Err(ApiError::invalid(format!(
            "* GenerateContentRequest.generation_config.candidate_count: candidate_count must be \
             between 1 and 8, but was {count}\n"
        ))),
        _ => Ok(()),
    }
}

fn output_limit(config: Option<&Value>, model: &Model) -> Result<(), ApiError> {
    let limit = model.describe()["outputTokenLimit"].as_i64().unwrap_or(i64::MAX);
    let asked = config.and_then(|config| field(config, "maxOutputTokens")).and_then(Value::as_i64);
    match asked {
        Some(asked) if !(1..=limit).contains(&asked) => Err(ApiError::invalid(format!(
            "Unable to submit request because it has a maxOutputTokens value of {asked} but the \
             supported range is from 1 (inclusive) to {} (exclusive). Update the value and try \
             again.",
            limit + 1
        ))),
        _ => Ok(()),
    }
}

fn json_mode(config: Option<&Value>) -> Result<(), ApiError> {
    let Some(config) = config else { return Ok(()) };
    let kind = field(config, "responseMimeType").and_then(Value::as_str).unwrap_or("text/plain");
    let schema = field(config, "responseSchema").or_else(|| field(config, "responseJsonSchema"));
    if !["text/plain", "application/json", "text/x.enum"].contains(&kind) {
        return Err(ApiError::invalid(
            "* GenerateContentRequest.generation_config.response_mime_type: allowed mimetypes are \
             `text/plain`, `application/json`, `application/xml`, `application/yaml` and \
             `text/x.enum`.\n",
        ));
    }
    if schema.is_some() && kind == "text/plain" {
        return Err(ApiError::invalid(
            "Function calling config or response schema with a response mime type: 'text/plain' \
             is unsupported",
        ));
    }
    Ok(())
}

fn instruction(body: &Value, model: &Model) -> Result<(), ApiError> {
    match field(body, "systemInstruction") {
        Some(_) if model.id.starts_with("gemma") => Err(ApiError::invalid(format!(
            "Developer instruction is not enabled for models/{}",
            model.id
        ))),
        _ => Ok(()),
    }
}
