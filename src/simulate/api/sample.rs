//! Invents a JSON value that fits a schema, for structured answers and function arguments.
//!
//! Always the same value for the same schema; it never reads the prompt.

use serde_json::{Map, Value, json};

/// How deep a schema is followed; beyond that a `null` stands for the rest.
const DEPTH: usize = 16;

/// A value that fits the schema.
pub(super) fn fitting(schema: &Value) -> Value {
    build(schema, schema, DEPTH)
}

fn build(schema: &Value, root: &Value, depth: usize) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    if let Some(target) = schema["$ref"].as_str() {
        let pointer = target.trim_start_matches('#');
        return root.pointer(pointer).map_or(Value::Null, |found| build(found, root, depth - 1));
    }
    if let Some(first) = schema["enum"].get(0).or(schema.get("const")) {
        return first.clone();
    }
    if let Some(first) = schema["anyOf"].get(0).or(schema["oneOf"].get(0)) {
        return build(first, root, depth - 1);
    }
    match kind(schema).as_str() {
        "object" => object(schema, root, depth),
        "array" => array(schema, root, depth),
        "string" => text(schema),
        "integer" => number(schema).map_or(json!(1), |least| json!(least.ceil() as i64)),
        "number" => number(schema).map_or(json!(1.5), Value::from),
        "boolean" => true.into(),
        _ => Value::Null,
    }
}

fn kind(schema: &Value) -> String {
    let word = match &schema["type"] {
        Value::Array(words) => words.first().and_then(Value::as_str),
        word => word.as_str(),
    };
    let implied = if schema["properties"].is_object() { "object" } else { "string" };
    word.unwrap_or(implied).to_ascii_lowercase()
}

fn object(schema: &Value, root: &Value, depth: usize) -> Value {
    let members = schema["properties"].as_object().into_iter().flatten();
    let built = members.map(|(name, child)| (name.clone(), build(child, root, depth - 1)));
    let mut object: Map<String, Value> = built.collect();
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        object.entry(name).or_insert_with(|| "simulated".into());
    }
    object.into()
}

fn array(schema: &Value, root: &Value, depth: usize) -> Value {
    let least = schema["minItems"].as_u64().unwrap_or(1).clamp(1, 100);
    let item = build(&schema["items"], root, depth - 1);
    (0..least).map(|_| item.clone()).collect()
}

fn text(schema: &Value) -> Value {
    match schema["format"].as_str() {
        Some("date-time") => "2026-11-20T12:00:00Z".into(),
        Some("date") => "2026-11-20".into(),
        _ => "simulated".into(),
    }
}

fn number(schema: &Value) -> Option<f64> {
    schema["minimum"].as_f64()
}
