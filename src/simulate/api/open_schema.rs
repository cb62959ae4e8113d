//! A JSON schema of OpenAI's form as the API's own schema, which the compatible endpoint makes of it.
//!
//! What the API's own form has no word for is left out, since nothing is on record of it. It must not judge.

use serde_json::{Map, Value, json};

/// Keywords that mean the same in both forms, where their values do.
const KEPT: &[&str] = &[
    "title",
    "description",
    "format",
    "nullable",
    "required",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
];

/// Keywords that say what the API's own form cannot say.
const FOREIGN: &[&str] = &["$ref", "$defs", "definitions", "oneOf", "allOf", "not", "if", "const"];

/// The schema in the API's own form; none where it has to stay one of JSON.
pub(super) fn of(schema: &Value) -> Option<Value> {
    let schema = schema.as_object()?;
    if FOREIGN.iter().any(|name| schema.contains_key(*name)) {
        return None;
    }
    let mut own = Map::new();
    for name in KEPT {
        if let Some(value) = schema.get(*name).filter(|value| !value.is_null()) {
            own.insert((*name).to_owned(), value.clone());
        }
    }
    kind(schema, &mut own)?;
    words(schema, &mut own);
    if let Some(items) = schema.get("items") {
        own.insert("items".to_owned(), of(items)?);
    }
    if let Some(all) = schema.get("anyOf").and_then(Value::as_array) {
        own.insert("anyOf".to_owned(), all.iter().map(of).collect::<Option<_>>()?);
    }
    if let Some(all) = schema.get("properties").and_then(Value::as_object) {
        let named = all.iter().map(|(name, one)| Some((name.clone(), of(one)?)));
        own.insert("properties".to_owned(), Value::Object(named.collect::<Option<_>>()?));
    }
    Some(own.into())
}

/// A list of a type and null is that type, which may be null. What becomes of other lists nobody knows.
fn kind(schema: &Map<String, Value>, own: &mut Map<String, Value>) -> Option<()> {
    match schema.get("type") {
        Some(Value::Array(all)) => {
            let mut others = all.iter().filter(|one| **one != "null");
            let (only, None) = (others.next()?, others.next()) else { return None };
            own.insert("type".to_owned(), only.clone());
            own.insert("nullable".to_owned(), json!(true));
        }
        Some(kind) => drop(own.insert("type".to_owned(), kind.clone())),
        None => {}
    }
    Some(())
}

/// Only texts can be listed.
fn words(schema: &Map<String, Value>, own: &mut Map<String, Value>) {
    let words = schema.get("enum").and_then(Value::as_array);
    if let Some(words) = words.filter(|words| words.iter().all(Value::is_string)) {
        own.insert("enum".to_owned(), words.clone().into());
    }
}
