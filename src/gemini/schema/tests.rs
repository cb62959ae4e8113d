//! Schemas that the API refuses and takes, and values that follow one or break it.

use serde_json::{Value, json};

use crate::facts::Api;

use super::{Refused, broken};

/// What the native API refuses.
fn refused(schema: &Value) -> Vec<Refused> {
    super::refused(schema, &Api::Gemini).expect("its rules are known")
}

fn form() -> Value {
    json!({
        "type": "object",
        "properties": {
            "summary": {"type": "STRING", "minLength": 2},
            "risk_level": {"type": "string", "enum": ["low", "high"]},
            "need_review": {"type": "boolean"},
            "scores": {"type": "array", "items": {"type": "integer", "maximum": 5}, "maxItems": "2"},
            "note": {"type": "string", "nullable": true},
        },
        "required": ["summary", "need_review"],
    })
}

fn rules(value: &Value) -> Vec<String> {
    broken(&form(), value).iter().map(ToString::to_string).collect()
}

#[test]
fn a_value_that_follows_breaks_nothing() {
    let whole = json!({"summary": "ok", "need_review": true, "risk_level": "low", "scores": [1, 2.0], "note": null, "more": 1});
    assert_eq!(rules(&whole), Vec::<String>::new());
}

#[test]
fn each_rule_is_named_with_its_place() {
    for (value, expected) in [
        (json!([]), "$ is array and not object"),
        (json!({"summary": "ok"}), "$.need_review is missing"),
        (json!({"summary": "ok", "need_review": "yes"}), "$.need_review is string and not boolean"),
        (json!({"summary": "o", "need_review": true}), "$.summary has fewer than 2 letters"),
        (
            json!({"summary": "ok", "need_review": true, "risk_level": "mid"}),
            "$.risk_level is none of the values of its enum",
        ),
        (
            json!({"summary": "ok", "need_review": true, "scores": [9]}),
            "$.scores[0] has more than 5",
        ),
        (
            json!({"summary": "ok", "need_review": true, "scores": [1, 1, 1]}),
            "$.scores has more than 2 items",
        ),
        (json!({"summary": null, "need_review": true}), "$.summary is null and not string"),
    ] {
        assert_eq!(rules(&value), [expected], "{value}");
    }
}

#[test]
fn one_of_several_schemas_is_enough() {
    let schema = json!({"anyOf": [{"type": "string", "pattern": "^a"}, {"type": "NULL"}]});
    for (value, fits) in
        [(json!("ab"), true), (json!(null), true), (json!("b"), false), (json!(1), false)]
    {
        assert_eq!(broken(&schema, &value).is_empty(), fits, "{value}");
    }
    assert!(
        broken(&json!({"type": "string", "pattern": "("}), &json!("x")).is_empty(),
        "unreadable"
    );
}

#[test]
fn what_the_api_refuses_is_named_with_its_place() {
    assert_eq!(refused(&form()), []);
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "a": {"type": ["string", "null"]},
            "b": {"type": "array", "items": {"const": 1}, "min_items": 1},
            "c": {"type": "integer", "enum": [1, 2]},
            "const": {"type": "string"},
        },
        "required": ["a", "gone"],
    });
    let found: Vec<(String, String, bool)> =
        refused(&schema).into_iter().map(|one| (one.path, one.keyword, one.elsewhere)).collect();
    let expected = [
        ("$", "$schema", false),
        ("$", "additionalProperties", true),
        ("$.a", "type as a list", true),
        ("$.b[]", "const", false),
        ("$.c", "enum with values that are no text", true),
        ("$", "required name \"gone\" that is no property", false),
    ];
    let expected =
        expected.map(|(path, word, elsewhere)| (path.to_owned(), word.to_owned(), elsewhere));
    for one in &expected {
        assert!(found.contains(one), "{one:?} in {found:?}");
    }
    assert_eq!(found.len(), expected.len(), "{found:?}");
}

#[test]
fn the_native_apis_rules_are_not_held_against_a_schema_for_another() {
    let strict = json!({"type": "object", "properties": {}, "additionalProperties": false});
    assert_eq!(refused(&strict).len(), 1);
    let project = || "example-prod".to_owned();
    let platform =
        Api::Vertex { project: project(), location: "global".to_owned(), quota_project: None };
    for api in [platform, Api::Express, Api::OpenAi] {
        assert_eq!(super::refused(&strict, &api), None, "{api:?}");
    }
}

#[test]
fn a_schema_without_end_is_left() {
    let deep = (0..500)
        .fold(json!({"type": "string"}), |inner, _| json!({"type": "array", "items": inner}));
    assert_eq!(refused(&deep), []);
    let value = (0..500).fold(json!("x"), |inner, _| json!([inner]));
    assert!(broken(&deep, &value).is_empty());
}
