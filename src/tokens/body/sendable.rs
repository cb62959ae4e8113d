//! A body in the form that `generateContent` takes, whichever of the known forms it was given in.
//!
//! It moves members and wraps texts; what is odd in them it leaves for the service to judge.

use serde_json::{Map, Value, json};

use super::{
    Shape, Trouble,
    fields::{camel, kind_of},
    shape,
};

const EXPECTED: &str = "a generateContent body (contents): chat bodies go to another endpoint";

/// What an SDK's `config` holds of the request itself; the rest of it is about the answer.
const OF_THE_REQUEST: &[&str] = &[
    "systemInstruction",
    "tools",
    "toolConfig",
    "safetySettings",
    "cachedContent",
    "labels",
    "serviceTier",
    "modelArmorConfig",
];
/// What in it is for the SDK alone.
const OF_THE_SDK: &[&str] = &["httpOptions", "automaticFunctionCalling", "abortSignal"];

/// The body as it can be sent. Trouble where it is for another API.
pub(super) fn sendable(value: Value) -> Result<Value, Trouble> {
    let mut request = unwrapped(value)?;
    // The path of a call names the model, and another one here would be refused.
    for name in ["model", "key"] {
        take(&mut request, name);
    }
    if let Some((_, Value::Object(config))) = take(&mut request, "config") {
        spread(&mut request, config);
    }
    if let Some((name, contents)) = take(&mut request, "contents") {
        request.insert(name, turns(contents));
    }
    if let Some((name, system)) = take(&mut request, "systemInstruction") {
        request.insert(name, instruction(system));
    }
    Ok(Value::Object(request))
}

fn unwrapped(value: Value) -> Result<Map<String, Value>, Trouble> {
    let Value::Object(mut object) = value else { return Ok(alone(value)) };
    let inner = match shape::known(&object) {
        Some(Shape::Chat) => {
            return Err(Trouble::new("$", "an OpenAI-compatible chat body", EXPECTED));
        }
        Some(Shape::Content) => return Ok(alone(Value::Object(object))),
        Some(Shape::CountTokens) => take(&mut object, "generateContentRequest"),
        Some(Shape::BatchLine) => take(&mut object, "request"),
        _ => return Ok(object),
    };
    match inner {
        Some((_, Value::Object(inner))) => Ok(inner),
        Some((path, other)) => Err(Trouble::new(&path, kind_of(&other), EXPECTED)),
        None => Err(Trouble::new("$", "no request", EXPECTED)),
    }
}

fn alone(contents: Value) -> Map<String, Value> {
    Map::from_iter([("contents".to_owned(), contents)])
}

/// A member by the API's name for it, as it is written here.
fn take(object: &mut Map<String, Value>, name: &str) -> Option<(String, Value)> {
    let written = object.keys().find(|key| camel(key) == name)?.clone();
    object.remove(&written).filter(|value| !value.is_null()).map(|value| (written, value))
}

fn spread(request: &mut Map<String, Value>, config: Map<String, Value>) {
    let (name, mut of_answer) = match take(request, "generationConfig") {
        Some((name, Value::Object(members))) => (name, members),
        _ => ("generationConfig".to_owned(), Map::new()),
    };
    for (written, value) in config {
        let is_in = |names: &[&str]| names.contains(&camel(&written).as_str());
        if is_in(OF_THE_REQUEST) {
            request.entry(written).or_insert(value);
        } else if !is_in(OF_THE_SDK) {
            of_answer.entry(written).or_insert(value);
        }
    }
    if !of_answer.is_empty() {
        request.insert(name, Value::Object(of_answer));
    }
}

/// Texts and parts between turns are gathered into one of the user, as they are counted.
fn turns(contents: Value) -> Value {
    let mut turns: Vec<Value> = Vec::new();
    let mut gathered = Vec::new();
    let mut close = |gathered: &mut Vec<Value>, next: Option<Value>| {
        if !gathered.is_empty() {
            turns.push(json!({"role": "user", "parts": std::mem::take(gathered)}));
        }
        turns.extend(next);
    };
    for item in listed(contents) {
        match item {
            Value::Object(turn) if turn.contains_key("parts") || turn.contains_key("role") => {
                close(&mut gathered, Some(with_listed_parts(turn)));
            }
            item => gathered.push(part(item)),
        }
    }
    close(&mut gathered, None);
    Value::Array(turns)
}

fn instruction(system: Value) -> Value {
    match system {
        Value::Object(turn) if turn.contains_key("parts") => with_listed_parts(turn),
        parts => json!({"parts": parts_of(parts)}),
    }
}

fn with_listed_parts(mut turn: Map<String, Value>) -> Value {
    if let Some(parts) = turn.get_mut("parts") {
        *parts = parts_of(parts.take());
    }
    Value::Object(turn)
}

fn parts_of(parts: Value) -> Value {
    listed(parts).into_iter().map(part).collect()
}

fn part(value: Value) -> Value {
    if value.is_string() { json!({"text": value}) } else { value }
}

fn listed(value: Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list,
        alone => vec![alone],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(parts: &Value) -> Value {
        json!({"contents": [{"role": "user", "parts": parts}]})
    }

    #[test]
    fn every_form_that_is_counted_becomes_the_one_that_is_sent() {
        let turn = json!({"role": "model", "parts": [{"text": "b"}]});
        let a = || user(&json!([{"text": "a"}]));
        for (given, sent) in [
            (json!("a"), a()),
            (json!(["a", "b"]), user(&json!([{"text": "a"}, {"text": "b"}]))),
            (json!({"contents": "a"}), a()),
            (json!({"contents": {"role": "user", "parts": {"text": "a"}}}), a()),
            (json!({"contents": [{"role": "user", "parts": "a"}]}), a()),
            (json!({"text": "a"}), a()),
            (json!({"generateContentRequest": {"model": "models/x", "contents": "a"}}), a()),
            (json!({"generate_content_request": {"contents": "a"}, "contents": []}), a()),
            (json!({"key": "one", "request": {"contents": "a"}}), a()),
            (json!({"contents": [turn, "a"], "tools": null}), {
                let mut sent = a();
                sent["contents"] = json!([turn, sent["contents"][0]]);
                sent["tools"] = Value::Null;
                sent
            }),
        ] {
            assert_eq!(sendable(given.clone()), Ok(sent), "{given}");
        }
    }

    #[test]
    fn an_sdks_config_is_taken_apart_and_bare_instructions_become_contents() {
        let given = json!({"model": "x", "contents": "a", "config": {
            "system_instruction": "be brief", "temperature": 0.5, "http_options": {"timeout": 9},
        }});
        let sent = sendable(given).expect("it can be sent");
        assert_eq!(sent["system_instruction"], json!({"parts": [{"text": "be brief"}]}));
        assert_eq!(sent["generationConfig"], json!({"temperature": 0.5}));
        assert_eq!((sent.get("model"), sent.get("config")), (None, None));
    }

    #[test]
    fn a_chat_body_is_for_another_endpoint() {
        let trouble = sendable(json!({"messages": []})).expect_err("a chat body");
        assert!(trouble.to_string().contains("OpenAI-compatible chat body"), "{trouble}");
    }
}
