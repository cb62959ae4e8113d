//! What schemas in OpenAPI's form must be beyond the types of their fields: typed throughout, and at
//! one with themselves.
//!
//! JSON schemas proper are taken as they are: the service passes over what it does not know there.
//! How much all schemas of a request may ask for together is in `budget.rs`.

use serde_json::Value;

use super::super::error::ApiError;
use super::super::members::{field, list, text, word};
use super::kinds::Place;
use super::request::{Lines, Request};

/// How deep schemas may lie in one another. Google publishes no figure; somebody who measured it
/// got an answer at 30 and none at 31.
const DEEPEST: usize = 30;

/// The kinds of values by their numbers.
const KINDS: [&str; 8] =
    ["TYPE_UNSPECIFIED", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"];

/// Every schema in OpenAPI's form says what it is, and names only what it has.
pub(super) fn shapes(request: &Request<'_>, lines: &mut Lines) {
    for (path, schema, _) in schemas(request) {
        node(schema, &path, request.is_3_or_later(), lines);
    }
}

/// The cloud platform wants no type beside a choice between several schemas. The sentence is on
/// record of the parameters of functions, and not of answers.
pub(super) fn choices(request: &Request<'_>) -> Result<(), ApiError> {
    if request.place != Place::Cloud {
        return Ok(());
    }
    for (path, schema, function) in schemas(request) {
        let own = path.rsplit('.').next().unwrap_or_default();
        if let Some(place) = typed_choice(schema, own) {
            let subject = function.map_or_else(
                || format!("`{place}`"),
                |name| format!("`{name}` functionDeclaration `{place}`"),
            );
            return Err(ApiError::invalid(format!(
                "Unable to submit request because {subject} schema specified other fields \
                 alongside any_of. When using any_of, it must be the only field set."
            )));
        }
    }
    Ok(())
}

/// Where a schema with a type has such a choice as well.
fn typed_choice(schema: &Value, path: &str) -> Option<String> {
    let choice = list(schema, "anyOf");
    if !choice.is_empty() && !kind(schema).is_empty() {
        return Some(path.to_owned());
    }
    let below = choice.into_iter().chain(field(schema, "items")).map(|one| (path.to_owned(), one));
    let named = properties(schema).map(|(name, one)| (format!("{path}.{name}"), one));
    below.chain(named).find_map(|(path, one)| typed_choice(one, &path))
}

/// None is nested too deep.
pub(super) fn depth(request: &Request<'_>) -> Result<(), ApiError> {
    for (_, schema, function) in schemas(request) {
        if deeper_than(schema, DEEPEST) {
            let subject = function.map_or_else(
                || "A schema in GenerationConfig".to_owned(),
                |name| format!("FunctionDeclaration '{name}'"),
            );
            return Err(ApiError::invalid(format!(
                "{subject} in the request exceeds the maximum allowed nesting depth."
            )));
        }
    }
    Ok(())
}

/// Every schema in OpenAPI's form: its path, itself, and the function that it is of.
fn schemas<'a>(request: &Request<'a>) -> Vec<(String, &'a Value, Option<&'a str>)> {
    let response = field(request.config(), "responseSchema");
    let mut all: Vec<_> = response
        .map(|schema| ("generation_config.response_schema".to_owned(), schema, None))
        .into_iter()
        .collect();
    for (path, function) in request.functions() {
        for name in ["parameters", "response"] {
            if let Some(schema) = field(function, name) {
                all.push((format!("{path}.{name}"), schema, Some(text(function, "name"))));
            }
        }
    }
    all
}

fn node(schema: &Value, path: &str, may_be_empty: bool, lines: &mut Lines) {
    typed(schema, path, may_be_empty, lines);
    enumerated(schema, path, lines);
    named(schema, path, lines);
    for (at, one) in list(schema, "anyOf").into_iter().enumerate() {
        node(one, &format!("{path}.any_of[{at}]"), may_be_empty, lines);
    }
    if let Some(items) = field(schema, "items") {
        node(items, &format!("{path}.items"), may_be_empty, lines);
    }
    for (name, one) in properties(schema) {
        node(one, &format!("{path}.properties[{name}]"), may_be_empty, lines);
    }
}

/// What it is, and that it has what goes with that and nothing else.
fn typed(schema: &Value, path: &str, may_be_empty: bool, lines: &mut Lines) {
    let kind = kind(schema);
    let has_choice = !list(schema, "anyOf").is_empty();
    let is_empty = properties(schema).next().is_none();
    let mut tell = |name: &str, fault: &str| lines.push((format!("{path}.{name}"), fault.into()));
    if kind.is_empty() && !has_choice {
        let fault = "must be specified when not using one_of, any_of or all_of fields";
        tell("type", fault);
    }
    match field(schema, "items") {
        None if kind == "ARRAY" => tell("items", "missing field."),
        Some(_) if kind != "ARRAY" && !kind.is_empty() => {
            tell("items", "only allowed for ARRAY type");
        }
        _ => {}
    }
    match kind.as_str() {
        "OBJECT" if is_empty && !may_be_empty => {
            tell("properties", "should be non-empty for OBJECT type");
        }
        "OBJECT" | "" => {}
        _ if !is_empty => tell("properties", "only allowed for OBJECT type"),
        _ => {}
    }
}

/// Words are for texts alone, and none is empty.
fn enumerated(schema: &Value, path: &str, lines: &mut Lines) {
    let words = list(schema, "enum");
    let kind = kind(schema);
    if !words.is_empty() && !["STRING", ""].contains(&kind.as_str()) {
        lines.push((format!("{path}.enum"), "only allowed for STRING type".into()));
    }
    for (at, word) in words.into_iter().enumerate() {
        if word == "" {
            lines.push((format!("{path}.enum[{at}]"), "cannot be empty".into()));
        }
    }
}

/// What is required or put in order is there.
fn named(schema: &Value, path: &str, lines: &mut Lines) {
    for (member, name) in [("required", "required"), ("propertyOrdering", "property_ordering")] {
        for (at, wanted) in list(schema, member).into_iter().enumerate() {
            if !properties(schema).any(|(name, _)| wanted == name.as_str()) {
                lines.push((format!("{path}.{name}[{at}]"), "property is not defined".into()));
            }
        }
    }
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    field(schema, "properties").and_then(Value::as_object).into_iter().flatten()
}

/// The word of its type; empty where it has none.
fn kind(schema: &Value) -> String {
    let word = word(schema, "type").unwrap_or_default();
    let number: Option<usize> = word.parse().ok();
    let word = number.and_then(|number| KINDS.get(number)).map_or(word, |kind| (*kind).to_owned());
    if word == KINDS[0] { String::new() } else { word }
}

fn deeper_than(schema: &Value, levels: usize) -> bool {
    let Some(left) = levels.checked_sub(1) else { return true };
    let below = list(schema, "anyOf").into_iter().chain(field(schema, "items"));
    below.chain(properties(schema).map(|(_, one)| one)).any(|one| deeper_than(one, left))
}
