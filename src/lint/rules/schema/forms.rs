//! Types: missing ones, several at once, unknown ones, and lists and objects of nothing.

use crate::facts::Severity::{Error, Warning};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Edit, Findings, said},
    kind::Kind,
    rule::{Example, Rule, UNQUOTED, bad, good},
};

use super::{Dialect, FLASH, FUNCTION_PAGE, Place, Role, SCHEMA_PAGE, Schema};

const GOOD: &[Example] = &[
    good(
        FLASH,
        answer!(
            r#"{"type": "object", "properties": {"a": {"type": "Array", "items": {"type": "STRING"}, "nullable": true}, "b": {"any_of": [{"type": "NULL"}, {"type": "BOOLEAN"}]}}}"#
        ),
    ),
    good(
        FLASH,
        json_answer!(
            r#"{"type": ["object", "null"], "properties": {"a": {}, "b": {"type": "array"}, "c": {"type": "object"}}}"#
        ),
    ),
    good(FLASH, parameters!(r#"{"type": "OBJECT", "properties": {"type": {"type": "STRING"}}}"#)),
];

pub(super) const TYPE_MISSING: Rule = Rule {
    id: "schema-type-missing",
    title: "A schema says no type",
    severity: Error,
    fix: Some("tool-schema-bad-type"),
    answer: "…type: must be specified when not using one_of, any_of or all_of fields",
    why: "In the API's own form each schema has one type, except where anyOf lists several schemas.",
    docs: &[SCHEMA_PAGE, FUNCTION_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            parameters!(r#"{"type": "OBJECT", "properties": {"a": {"description": "x"}}}"#),
            "tools[0].functionDeclarations[0].parameters.properties.a",
        ),
        bad(
            FLASH,
            answer!(r#"{"properties": {"a": {"type": "STRING"}}}"#),
            "generationConfig.responseSchema",
        ),
        bad(
            FLASH,
            answer!(r#"{"type": "ARRAY", "items": {"enum": ["a", "b"]}}"#),
            "generationConfig.responseSchema.items",
        ),
        bad(
            FLASH,
            answer!(r#"{"type": "TYPE_UNSPECIFIED", "enum": ["a", "b"]}"#),
            "generationConfig.responseSchema.type",
        ),
        bad(
            FLASH,
            chat_parameters!(r#"{"type": "object", "properties": {"a": {"description": "x"}}}"#),
            "tools[0].function.parameters.properties.a",
        )
        .of(Kind::Chat),
    ],
    good: GOOD,
};

pub(super) const TYPE_LIST: Rule = Rule {
    id: "schema-type-list",
    title: "A schema has a list of types",
    answer: "Invalid JSON payload received. Proto field is not repeating, cannot start list.",
    why: "In the API's own form a schema has one type; null beside it is said with nullable, and several types with anyOf.",
    bad: &[
        bad(
            FLASH,
            answer!(r#"{"type": ["string", "null"]}"#),
            "generationConfig.responseSchema.type",
        ),
        bad(
            FLASH,
            parameters!(
                r#"{"type": "OBJECT", "properties": {"a": {"type": ["string", "number"]}}}"#
            ),
            "tools[0].functionDeclarations[0].parameters.properties.a.type",
        ),
        bad(
            FLASH,
            request!(
                r#""generation_config": {"response_mime_type": "application/json", "response_schema": {"type": ["STRING"]}}"#
            ),
            "generation_config.response_schema.type",
        ),
    ],
    ..TYPE_MISSING
};

pub(super) const TYPE_UNKNOWN: Rule = Rule {
    id: "schema-type-unknown",
    title: "JSON Schema has no such type",
    answer: UNQUOTED,
    why: "Its types are string, number, integer, boolean, array, object and null.",
    bad: &[
        bad(
            FLASH,
            json_answer!(r#"{"type": "float"}"#),
            "generationConfig.responseJsonSchema.type",
        ),
        bad("", r#"{"type": "object", "properties": {"a": {"type": "str"}}}"#, "properties.a.type")
            .of(Kind::Schema),
        bad(
            FLASH,
            json_answer!(r#"{"type": ["string", "nil"]}"#),
            "generationConfig.responseJsonSchema.type[1]",
        ),
    ],
    ..TYPE_MISSING
};

pub(super) const TYPE_CASE: Rule = Rule {
    id: "schema-type-in-capitals",
    title: "A type of JSON Schema is written in capitals",
    severity: Warning,
    answer: "",
    why: "JSON Schema writes types in small letters; capitals are of the API's own form.",
    bad: &[bad(
        FLASH,
        json_answer!(r#"{"type": "STRING"}"#),
        "generationConfig.responseJsonSchema.type",
    )],
    ..TYPE_MISSING
};

pub(super) const NO_ITEMS: Rule = Rule {
    id: "schema-array-without-items",
    title: "A list says nothing about its items",
    answer: "…items: missing field.",
    why: "In the API's own form a schema of type ARRAY needs items.",
    bad: &[
        bad(
            FLASH,
            parameters!(r#"{"type": "OBJECT", "properties": {"a": {"type": "ARRAY"}}}"#),
            "tools[0].functionDeclarations[0].parameters.properties.a",
        ),
        bad(FLASH, answer!(r#"{"type": "array"}"#), "generationConfig.responseSchema"),
        bad(
            FLASH,
            chat_parameters!(r#"{"type": "object", "properties": {"a": {"type": "array"}}}"#),
            "tools[0].function.parameters.properties.a",
        )
        .of(Kind::Chat),
    ],
    ..TYPE_MISSING
};

pub(super) const NO_PROPERTIES: Rule = Rule {
    id: "schema-object-without-properties",
    title: "An object has no properties",
    severity: Warning,
    fix: Some("tool-schema-empty-object"),
    answer: "…parameters.properties: should be non-empty for OBJECT type",
    why: "Models before 2.5 were seen to refuse an OBJECT without properties, and newer ones to take it; of which one does what nothing is published. A function without arguments needs no parameters at all.",
    bad: &[
        bad(
            FLASH,
            parameters!(r#"{"type": "OBJECT", "properties": {}}"#),
            "tools[0].functionDeclarations[0].parameters",
        ),
        bad(
            FLASH,
            answer!(r#"{"type": "OBJECT", "properties": {"a": {"type": "OBJECT"}}}"#),
            "generationConfig.responseSchema.properties.a",
        ),
    ],
    ..TYPE_MISSING
};

pub(super) const NO_OBJECT: Rule = Rule {
    id: "parameters-no-object",
    title: "The parameters of a function are no object",
    answer: "functionDeclaration parameters schema should be of type OBJECT.",
    why: "A function is called with names and values, and its parameters are the properties of one object.",
    bad: &[
        bad(
            FLASH,
            parameters!(r#"{"type": "STRING"}"#),
            "tools[0].functionDeclarations[0].parameters.type",
        ),
        bad(
            FLASH,
            request!(
                r#""tools": [{"function_declarations": [{"name": "f", "description": "d", "parameters_json_schema": {"type": "array"}}]}]"#
            ),
            "tools[0].function_declarations[0].parameters_json_schema.type",
        ),
    ],
    ..TYPE_MISSING
};

/// Looks at the type of a schema and at what it needs.
pub(super) fn look(schema: Schema<'_>, place: Place<'_>, found: &mut Findings<'_>) {
    let own = place.schema;
    let kind = schema.get(own, "type").filter(|kind| kind.kind() != Form::Null);
    let is_whole_of_parameters = own == schema.root && schema.role == Role::Parameters;
    let is_other = |kind: &Value<'_>| {
        kind.quoted().is_some_and(|word| is_type(word) && !word.eq_ignore_ascii_case("object"))
    };
    if let Some(kind) = kind.filter(|kind| is_whole_of_parameters && is_other(kind)) {
        found.at(&NO_OBJECT, kind, || {
            said(format!("parameters are an object, and not {}", kind.raw()))
                .with(Correction::advice("Make it a property of an object, and name that property"))
        });
        return;
    }
    match (schema.dialect, kind) {
        (Dialect::Json, Some(kind)) => kind.each().for_each(|word| json_type(word, found)),
        (Dialect::Json, None) => {}
        (Dialect::OpenApi | Dialect::Chat, None) => missing(schema, own, own, found),
        (Dialect::OpenApi, Some(kind)) if kind.kind() == Form::List => {
            list(own, kind, found);
        }
        // OpenAI's form has lists of types, and what becomes of them is not documented.
        (Dialect::Chat, Some(kind)) if kind.kind() == Form::List => {}
        (_, Some(kind)) if is_none(kind) => missing(schema, own, kind, found),
        (_, Some(_)) => needs(schema, own, found),
    }
}

/// Whether a type is the word, or its number, that stands for none.
fn is_none(kind: Value<'_>) -> bool {
    let is_word = |word: &str| word.eq_ignore_ascii_case("TYPE_UNSPECIFIED");
    kind.number() == Some(0.0) || kind.quoted().is_some_and(is_word)
}

const TYPES: &[&str] = &["string", "number", "integer", "boolean", "array", "object", "null"];

pub(super) fn is_type(word: &str) -> bool {
    TYPES.iter().any(|own| own.eq_ignore_ascii_case(word))
}

fn json_type(value: Value<'_>, found: &mut Findings<'_>) {
    let Some(word) = value.text().filter(|word| !TYPES.contains(&word.as_ref())) else { return };
    let small = word.to_ascii_lowercase();
    let written = |word: &str| {
        let edits = vec![edit::replace(value, edit::quoted(word))];
        Correction::mechanical(format!("Write {word}"), edits)
    };
    if TYPES.contains(&small.as_str()) {
        found.at(&TYPE_CASE, value, || {
            said(format!("JSON Schema writes {small}")).with(written(&small))
        });
        return;
    }
    let meant = match small.as_str() {
        "str" | "text" => Some("string"),
        "int" | "int32" | "int64" | "long" => Some("integer"),
        "float" | "double" | "decimal" => Some("number"),
        "bool" => Some("boolean"),
        "list" | "tuple" => Some("array"),
        "dict" | "map" | "struct" => Some("object"),
        "none" | "nil" => Some("null"),
        _ => None,
    };
    found.at(&TYPE_UNKNOWN, value, || {
        said(format!("{word:?} is none of {}", TYPES.join(", "))).with_any(meant.map(written))
    });
}

/// Keywords that were told as refused and say the type in another way.
const TOLD: &[&str] = &["$ref", "oneOf", "allOf", "const", "not", "if"];

fn missing(schema: Schema<'_>, own: Value<'_>, at: Value<'_>, found: &mut Findings<'_>) {
    // In OpenAI's form a function without arguments may have it as well.
    let may_be_empty = schema.role == Role::Answer || schema.dialect == Dialect::Chat;
    let is_empty_answer = own == schema.root && may_be_empty && own.members().next().is_none();
    let is_told =
        own.members().any(|member| member.name().is_some_and(|name| TOLD.contains(&name)));
    if schema.get(own, "anyOf").is_some() || is_told || is_empty_answer || !schema.is_whole() {
        return;
    }
    found.at(&TYPE_MISSING, at, || {
        let words = |name| schema.get(own, name).is_some();
        let is_of_texts = schema.get(own, "enum").is_some_and(|list| {
            list.items().next().is_some() && list.items().all(|item| item.kind() == Form::Text)
        });
        let meant = match () {
            () if words("properties") => Some("OBJECT"),
            () if words("items") => Some("ARRAY"),
            () if is_of_texts => Some("STRING"),
            () => None,
        };
        let correction = meant.map(|word| {
            let word = edit::quoted(&schema.dialect.spelt(word));
            let edit = match schema.get(own, "type") {
                Some(kind) => edit::replace(kind, word.clone()),
                None => edit::insert(own, "type", &word),
            };
            Correction::mechanical(format!("Say type {}", word.trim_matches('"')), vec![edit])
        });
        said("the schema has no type").with(correction.unwrap_or_else(|| {
            Correction::advice("Say STRING, NUMBER, INTEGER, BOOLEAN, ARRAY or OBJECT")
        }))
    });
}

fn list(own: Value<'_>, kind: Value<'_>, found: &mut Findings<'_>) {
    found.at(&TYPE_LIST, kind, || {
        let is_null =
            |item: &Value<'_>| item.quoted().is_some_and(|word| word.eq_ignore_ascii_case("null"));
        let others: Vec<Value<'_>> = kind.items().filter(|item| !is_null(item)).collect();
        let has_null = kind.items().any(|item| is_null(&item));
        let correction = match others.as_slice() {
            [only] if only.kind() == Form::Text => {
                let is_said = own.member("nullable").is_some();
                let more = if has_null && !is_said { ", \"nullable\": true" } else { "" };
                let edit = Edit { span: kind.span(), text: format!("{}{more}", only.raw()) };
                Correction::mechanical("Write the one type, with nullable for null", vec![edit])
            }
            _ => Correction::advice("Write anyOf with a schema for each type"),
        };
        said(format!("a schema has one type, and not {}", kind.raw())).with(correction)
    });
}

fn needs(schema: Schema<'_>, own: Value<'_>, found: &mut Findings<'_>) {
    let Some(kind) = schema.type_of(own).filter(|_| schema.is_whole()) else { return };
    let has_refused = |name: &str| own.member(name).is_some();
    match kind.as_str() {
        "array" if schema.get(own, "items").is_none() && !has_refused("prefixItems") => {
            found.at(&NO_ITEMS, own, || {
                said("a list needs items").with(Correction::advice(
                    "Say what the items are: \"items\": {\"type\": \"STRING\"}",
                ))
            });
        }
        "object" if !has_refused("additionalProperties") && !has_refused("$ref") => {
            let properties = schema.get(own, "properties");
            let has_some = properties.is_some_and(|it| it.children().next().is_some());
            if !has_some && schema.get(own, "anyOf").is_none() {
                no_properties(schema, own, found);
            }
        }
        _ => {}
    }
}

fn no_properties(schema: Schema<'_>, own: Value<'_>, found: &mut Findings<'_>) {
    found.at(&NO_PROPERTIES, own, || {
        let is_whole_of_parameters = own == schema.root && schema.role == Role::Parameters;
        let holder = schema.holder.filter(|_| is_whole_of_parameters);
        let correction = match holder {
            Some(holder) => Correction::mechanical(
                "Leave parameters out: the function has none",
                vec![edit::remove(holder, own)],
            ),
            None => Correction::advice("Say its properties, or make it a text that holds JSON"),
        };
        said("this object has no properties").with(correction)
    });
}
