//! The states that the schemas of a request have together.

use serde_json::{Value, json};

use super::super::super::super::strict::Strict;
use super::super::super::refusal;
use super::{BARE, FLASH, config, with};

/// The sentence of the refusal where a request may have so many states.
fn told(states: u64, body: &Value) -> Option<String> {
    let strict = Strict { states, ..Strict::USUAL };
    let refused = refusal(&body.to_string(), FLASH, "v1beta", "generateContent", strict)?;
    refused.1["error"]["message"].as_str().map(str::to_owned)
}

fn list(bound: u64) -> Value {
    json!({"type": "ARRAY", "maxItems": bound, "items": {"type": "STRING"}})
}

fn answer(field: &str, properties: &Value) -> Value {
    let schema = json!({"type": "OBJECT", "properties": properties});
    config(&json!({"responseMimeType": "application/json", field: schema}))
}

const TOO_MANY: &str = "The specified schema produces a constraint that has too many states";

#[test]
fn bounds_fail_only_together() {
    let three = json!({"a": list(25), "b": list(25), "c": list(25)});
    let sentence = told(60, &answer("responseSchema", &three)).unwrap();
    assert!(sentence.starts_with(TOO_MANY), "{sentence}");
    for name in ["a", "b", "c"] {
        let mut two = three.clone();
        two[name] = json!({"type": "ARRAY", "items": {"type": "STRING"}});
        assert_eq!(told(60, &answer("responseSchema", &two)), None, "without {name}");
    }
    assert_eq!(told(Strict::USUAL.states, &answer("responseSchema", &three)), None);
}

#[test]
fn of_json_schemas_alone_nothing_is_said() {
    let three = json!({"a": list(25), "b": list(25), "c": list(25)});
    assert_eq!(told(60, &answer("responseJsonSchema", &three)).as_deref(), Some(BARE));
}

#[test]
fn nested_bounds_multiply() {
    let nested = |outer: u64, inner: u64| {
        let list = json!({"type": "ARRAY", "maxItems": outer, "items": list(inner)});
        answer("responseSchema", &json!({ "a": list }))
    };
    assert_eq!(told(60, &nested(5, 10)), None);
    assert!(told(60, &nested(6, 10)).is_some());
    assert!(told(u64::MAX - 1, &nested(1 << 62, 1 << 62)).is_some());
}

#[test]
fn all_functions_and_the_answer_share_one_budget() {
    let function = |name: &str| {
        let parameters = json!({"type": "OBJECT", "properties": {"a": list(25)}});
        json!({"name": name, "parameters": parameters})
    };
    let mut body = with(
        "tools",
        &json!([{"functionDeclarations": [function("f")]},
        {"functionDeclarations": [function("g")]}]),
    );
    assert_eq!(told(60, &body), None);
    let schema = json!({"type": "OBJECT", "properties": {"a": list(25)}});
    body["generationConfig"] =
        json!({"responseMimeType": "application/json", "responseSchema": schema});
    assert!(told(60, &body).is_some());
}

#[test]
fn words_and_properties_count_a_tenth() {
    let words = |count: usize| {
        let words: Vec<String> = (0..count).map(|at| format!("w{at}")).collect();
        answer("responseSchema", &json!({"a": {"type": "STRING", "enum": words}}))
    };
    assert_eq!(told(60, &words(608)), None);
    assert!(told(60, &words(609)).is_some());
}
