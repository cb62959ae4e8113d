//! Lists of names and words in a schema: what is required, in which order, and which words there are.

use std::collections::HashSet;

use crate::facts::{
    Severity::{Error, Warning},
    nearest,
};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, said},
    kind::Kind,
    rule::{Example, Rule, bad, good},
};

use super::{Dialect, FLASH, Place, SCHEMA_PAGE, STRUCTURED_PAGE, Schema};

const GOOD: &[Example] = &[
    good(
        FLASH,
        answer!(
            r#"{"type": "OBJECT", "properties": {"a": {"type": "STRING", "format": "enum", "enum": ["x", "X"]}, "b": {"type": "STRING"}}, "required": ["b", "a"], "propertyOrdering": ["a", "b"]}"#
        ),
    ),
    good(
        FLASH,
        request!(
            r#""generation_config": {"response_mime_type": "application/json", "response_schema": {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}, "property_ordering": ["a"]}}"#
        ),
    ),
    good(FLASH, json_answer!(r#"{"type": "integer", "enum": [1, 2]}"#)),
];

pub(super) const REQUIRED_UNKNOWN: Rule = Rule {
    id: "schema-required-unknown",
    title: "A property is required that there is not",
    severity: Error,
    fix: Some("tool-schema-bad-type"),
    answer: "…required[0]: property is not defined",
    why: "required names properties of the same object.",
    docs: &[SCHEMA_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            answer!(
                r#"{"type": "OBJECT", "properties": {"name": {"type": "STRING"}}, "required": ["name", "nane"]}"#
            ),
            "generationConfig.responseSchema.required[1]",
        ),
        bad(
            FLASH,
            parameters!(
                r#"{"type": "OBJECT", "properties": {"a": {"type": "OBJECT", "properties": {"b": {"type": "STRING"}}, "required": ["a"]}}}"#
            ),
            "tools[0].functionDeclarations[0].parameters.properties.a.required[0]",
        ),
    ],
    good: GOOD,
};

pub(super) const REQUIRED_UNKNOWN_JSON: Rule = Rule {
    id: "schema-required-unknown-json",
    title: "JSON Schema requires a property that is not described",
    severity: Warning,
    answer: "",
    why: "JSON Schema allows it; what the property holds is said nowhere, so that the model has to guess it.",
    bad: &[bad(
        FLASH,
        json_answer!(
            r#"{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["b"]}"#
        ),
        "generationConfig.responseJsonSchema.required[0]",
    )],
    ..REQUIRED_UNKNOWN
};

pub(super) const ORDER_UNKNOWN: Rule = Rule {
    id: "schema-order-unknown",
    title: "A property has a place in the order, and there is none of that name",
    severity: Warning,
    why: "propertyOrdering names properties of the same object; other names order nothing, or are refused.",
    docs: &[STRUCTURED_PAGE],
    bad: &[bad(
        FLASH,
        answer!(
            r#"{"type": "OBJECT", "properties": {"a": {"type": "STRING"}}, "propertyOrdering": ["b", "a"]}"#
        ),
        "generationConfig.responseSchema.propertyOrdering[0]",
    )],
    ..REQUIRED_UNKNOWN
};

pub(super) const TWICE: Rule = Rule {
    id: "schema-listed-twice",
    title: "A name or word stands twice in a list of a schema",
    severity: Warning,
    fix: Some("invalid-argument-generic"),
    answer: "",
    why: "The second says nothing more, and JSON Schema forbids it.",
    bad: &[
        bad(
            FLASH,
            answer!(
                r#"{"type": "OBJECT", "properties": {"a": {"type": "STRING"}}, "required": ["a", "a"]}"#
            ),
            "generationConfig.responseSchema.required[1]",
        ),
        bad(
            FLASH,
            answer!(r#"{"type": "STRING", "enum": ["x", "y", "x"]}"#),
            "generationConfig.responseSchema.enum[2]",
        ),
    ],
    ..REQUIRED_UNKNOWN
};

pub(super) const ENUM_EMPTY: Rule = Rule {
    id: "schema-enum-empty",
    title: "A schema lists no words",
    severity: Warning,
    answer: "",
    why: "A list of nothing leaves nothing to answer; the API's own form takes it for no list at all.",
    bad: &[bad(
        FLASH,
        answer!(r#"{"type": "STRING", "enum": []}"#),
        "generationConfig.responseSchema.enum",
    )],
    ..REQUIRED_UNKNOWN
};

pub(super) const ENUM_FORMAT: Rule = Rule {
    id: "schema-enum-format-without-words",
    title: "A text is of the format enum, and there are no words",
    answer: "…enum: should be non-empty for STRING type with enum format",
    why: "format enum promises a list of words, and models since Gemini 3 insist on it.",
    bad: &[
        bad(
            FLASH,
            parameters!(
                r#"{"type": "OBJECT", "properties": {"a": {"type": "STRING", "format": "enum"}}}"#
            ),
            "tools[0].functionDeclarations[0].parameters.properties.a.format",
        ),
        bad(
            FLASH,
            answer!(r#"{"type": "STRING", "format": "enum", "enum": null}"#),
            "generationConfig.responseSchema.format",
        ),
    ],
    ..REQUIRED_UNKNOWN
};

pub(super) const ENUM_FORMAT_OLDER: Rule = Rule {
    id: "schema-enum-format-without-words-later-refused",
    title: "A text is of the format enum, and there are no words, which later models refuse",
    severity: Warning,
    why: "format enum promises a list of words; models before Gemini 3 let it pass, and later ones insist on it.",
    bad: &[
        bad(
            "gemini-2.5-flash",
            answer!(r#"{"type": "STRING", "format": "enum"}"#),
            "generationConfig.responseSchema.format",
        ),
        bad(
            "",
            answer!(r#"{"type": "STRING", "format": "enum"}"#),
            "generationConfig.responseSchema.format",
        ),
    ],
    ..ENUM_FORMAT
};

pub(super) const ENUM_BLANK: Rule = Rule {
    id: "schema-enum-blank",
    title: "A word of a list is empty",
    answer: "…enum[0]: cannot be empty",
    why: "The API's own form refuses empty words; a value that may be missing is nullable, or not required.",
    bad: &[
        bad(
            FLASH,
            answer!(r#"{"type": "STRING", "enum": ["x", ""]}"#),
            "generationConfig.responseSchema.enum[1]",
        ),
        bad(
            FLASH,
            chat_parameters!(
                r#"{"type": "object", "properties": {"a": {"type": "string", "enum": ["x", ""]}}}"#
            ),
            "tools[0].function.parameters.properties.a.enum[1]",
        )
        .of(Kind::Chat),
    ],
    ..REQUIRED_UNKNOWN
};

pub(super) const ENUM_TYPE: Rule = Rule {
    id: "schema-enum-on-other-type",
    title: "Words are listed for a value that is no text",
    answer: "…enum: only allowed for STRING type",
    why: "In the API's own form enum lists texts, and stands on the type STRING only.",
    bad: &[bad(
        FLASH,
        parameters!(
            r#"{"type": "OBJECT", "properties": {"a": {"type": "INTEGER", "enum": ["1", "2"]}}}"#
        ),
        "tools[0].functionDeclarations[0].parameters.properties.a.enum",
    )],
    ..REQUIRED_UNKNOWN
};

pub(super) const ENUM_ODD: Rule = Rule {
    id: "schema-enum-odd",
    title: "A list of values holds one that is neither text nor number",
    severity: Warning,
    answer: "",
    why: "enum is followed for texts and numbers.",
    docs: &[STRUCTURED_PAGE],
    bad: &[bad(
        FLASH,
        json_answer!(r#"{"enum": ["a", {"b": 1}]}"#),
        "generationConfig.responseJsonSchema.enum[1]",
    )],
    ..REQUIRED_UNKNOWN
};

/// Looks at the lists of a schema.
pub(super) fn look(schema: Schema<'_>, place: Place<'_>, found: &mut Findings<'_>) {
    let own = place.schema;
    let required = match schema.dialect {
        Dialect::OpenApi | Dialect::Chat => &REQUIRED_UNKNOWN,
        Dialect::Json => &REQUIRED_UNKNOWN_JSON,
    };
    for (name, rule) in [("required", required), ("propertyOrdering", &ORDER_UNKNOWN)] {
        if let Some(list) = schema.get(own, name) {
            twice(list, name, found);
            names(schema, own, list, rule, found);
        }
    }
    words(schema, own, found);
}

fn names(
    schema: Schema<'_>,
    own: Value<'_>,
    list: Value<'_>,
    rule: &'static Rule,
    found: &mut Findings<'_>,
) {
    let properties = schema.get(own, "properties");
    // A branch may require what the schema round it describes.
    let is_branch = properties.is_none() && schema.get(own, "type").is_none();
    if is_branch || !schema.is_whole() {
        return;
    }
    let members = || properties.into_iter().flat_map(Value::members);
    let known: HashSet<&str> = members().filter_map(Value::name).collect();
    for item in list.items() {
        let Some(name) = item.quoted().filter(|_| item.kind() == Form::Text) else { continue };
        if known.contains(name) {
            continue;
        }
        found.at(rule, item, || {
            let all: Vec<&str> = members().filter_map(Value::name).collect();
            let near = nearest(name, &all).filter(|near| near.len() > 2);
            let advice = match near {
                Some(near) => format!("{near} is one: write that, or leave it out"),
                None => "Describe it in properties, or leave it out".to_owned(),
            };
            said(format!("{name} is no property of this object")).with(Correction::advice(advice))
        });
    }
}

fn twice(list: Value<'_>, name: &str, found: &mut Findings<'_>) {
    let mut seen = HashSet::new();
    for item in list.items().filter(|item| matches!(item.kind(), Form::Text | Form::Number)) {
        if !seen.insert(item.raw()) {
            found.at(&TWICE, item, || {
                let edits = vec![edit::remove(list, item)];
                said(format!("{} stands in {name} before", item.raw()))
                    .with(Correction::mechanical("Take the second out", edits))
            });
        }
    }
}

fn words(schema: Schema<'_>, own: Value<'_>, found: &mut Findings<'_>) {
    let list = schema.get(own, "enum").filter(|list| list.kind() == Form::List);
    let is_empty = list.is_none_or(|list| list.items().next().is_none());
    let format = schema.get(own, "format").filter(|format| format.quoted() == Some("enum"));
    let is_own = schema.dialect != Dialect::Json;
    if let Some(format) = format.filter(|_| is_own && list.is_none() && schema.is_whole()) {
        let insists = schema.whom.is_since_3;
        let rule: &'static Rule = if insists { &ENUM_FORMAT } else { &ENUM_FORMAT_OLDER };
        found.at(rule, format, || {
            said("there are no words in enum")
                .with(Correction::advice("List the words in enum, or leave the format out"))
        });
        return;
    }
    let Some(list) = list else { return };
    if is_empty {
        found.at_name(&ENUM_EMPTY, list, || {
            let edits = vec![edit::remove(own, list)];
            said("enum lists nothing").with(Correction::mechanical("Take it out", edits))
        });
        return;
    }
    twice(list, "enum", found);
    if is_own {
        own_words(schema, own, list, found);
    } else {
        json_words(list, found);
    }
}

fn own_words(schema: Schema<'_>, own: Value<'_>, list: Value<'_>, found: &mut Findings<'_>) {
    let kind = schema.type_of(own).filter(|kind| kind != "string");
    let is_known = |kind: &String| {
        matches!(kind.as_str(), "number" | "integer" | "boolean" | "array" | "object" | "null")
    };
    // Values that are no texts were told with all types.
    let are_texts = list.items().all(|item| item.kind() == Form::Text);
    if let Some(kind) = kind.filter(|kind| is_known(kind) && are_texts) {
        found.at_name(&ENUM_TYPE, list, || {
            said(format!("enum stands on the type STRING only, and this is of type {kind}"))
                .with(Correction::advice("Make it a STRING, or say the values in the description"))
        });
    }
    for item in list.items().filter(|item| item.quoted() == Some("")) {
        found.at(&ENUM_BLANK, item, || {
            said("a word of the list is empty")
                .with(Correction::advice("Leave it out, and say nullable where nothing is meant"))
        });
    }
}

fn json_words(list: Value<'_>, found: &mut Findings<'_>) {
    let is_odd = |item: &Value<'_>| {
        !matches!(item.kind(), Form::Text | Form::Number | Form::Null | Form::Other)
    };
    if let Some(item) = list.items().find(is_odd) {
        found.at(&ENUM_ODD, item, || {
            said(format!("{} stands in enum", item.kind().words()))
                .with(Correction::advice("List texts and numbers only"))
        });
    }
}
