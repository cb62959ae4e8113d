//! Bounds, formats, patterns and what is said to come without them.

use regex::Regex;

use crate::facts::Severity::Warning;

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, said},
    rule::{Example, Rule, bad, good},
};

use super::{Dialect, FLASH, Place, SCHEMA_PAGE, STRUCTURED_PAGE, Schema};

const GOOD: &[Example] = &[
    good(
        FLASH,
        answer!(
            r#"{"type": "OBJECT", "properties": {"a": {"type": "STRING", "format": "date-time", "minLength": "2", "maxLength": 2}, "b": {"type": "INTEGER", "format": "int32", "minimum": -1, "maximum": 1}, "c": {"type": "NUMBER", "format": "double"}, "d": {"type": "STRING", "pattern": "^(?=a)[a-z]+\\d{2}$"}, "default": {"type": "STRING"}}}"#
        ),
    ),
    good(FLASH, json_answer!(r#"{"type": "string", "format": "email"}"#)),
    good(
        FLASH,
        request!(
            r#""generation_config": {"response_mime_type": "application/json", "response_schema": {"type": "ARRAY", "items": {"type": "STRING"}, "min_items": 1, "max_items": 1}}"#
        ),
    ),
];

pub(super) const CROSSED: Rule = Rule {
    id: "schema-bounds-crossed",
    title: "A least is above the most",
    severity: Warning,
    fix: Some("invalid-argument-generic"),
    answer: "",
    why: "No value fits: the model follows one of the bounds, or the request is refused.",
    docs: &[SCHEMA_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            answer!(r#"{"type": "INTEGER", "minimum": 5, "maximum": 4}"#),
            "generationConfig.responseSchema.minimum",
        ),
        bad(
            FLASH,
            answer!(
                r#"{"type": "ARRAY", "items": {"type": "STRING"}, "minItems": "3", "maxItems": "2"}"#
            ),
            "generationConfig.responseSchema.minItems",
        ),
    ],
    good: GOOD,
};

pub(super) const FORMAT_UNKNOWN: Rule = Rule {
    id: "schema-format-unknown",
    title: "A format is none of those that the type has",
    fix: Some("tool-schema-bad-type"),
    why: "STRING has enum and date-time, INTEGER int32 and int64, NUMBER float and double. Others were refused in 2025 (\"only 'enum' and 'date-time' are supported for STRING type\"), and are followed nowhere.",
    bad: &[
        bad(
            FLASH,
            parameters!(
                r#"{"type": "OBJECT", "properties": {"a": {"type": "STRING", "format": "uri"}}}"#
            ),
            "tools[0].functionDeclarations[0].parameters.properties.a.format",
        ),
        bad(
            FLASH,
            answer!(r#"{"type": "INTEGER", "format": "double"}"#),
            "generationConfig.responseSchema.format",
        ),
    ],
    ..CROSSED
};

pub(super) const PATTERN: Rule = Rule {
    id: "schema-pattern-invalid",
    title: "A pattern is no regular expression",
    why: "A pattern that cannot be read is refused or not followed.",
    bad: &[bad(
        FLASH,
        answer!(r#"{"type": "STRING", "pattern": "[a-z"}"#),
        "generationConfig.responseSchema.pattern",
    )],
    ..CROSSED
};

pub(super) const DEFAULT: Rule = Rule {
    id: "schema-default-ignored",
    title: "A schema says what comes where nothing is said",
    fix: None,
    why: "default is taken so that schemas of other tools pass, and is not followed: the model is not told of it.",
    docs: &[SCHEMA_PAGE, STRUCTURED_PAGE],
    bad: &[bad(
        FLASH,
        parameters!(
            r#"{"type": "OBJECT", "properties": {"a": {"type": "STRING", "default": "x"}}}"#
        ),
        "tools[0].functionDeclarations[0].parameters.properties.a.default",
    )],
    ..CROSSED
};

const PAIRS: &[(&str, &str)] = &[
    ("minItems", "maxItems"),
    ("minLength", "maxLength"),
    ("minimum", "maximum"),
    ("minProperties", "maxProperties"),
];

/// Looks at the bounds and forms of a schema's values.
pub(super) fn look(schema: Schema<'_>, place: Place<'_>, found: &mut Findings<'_>) {
    let own = place.schema;
    for (least, most) in PAIRS {
        crossed(schema, own, least, most, found);
    }
    if let Some(pattern) = schema.get(own, "pattern") {
        self::pattern(pattern, found);
    }
    if schema.dialect == Dialect::OpenApi {
        format(schema, own, found);
        if let Some(default) = schema.get(own, "default") {
            found.at_name(&DEFAULT, default, || {
                let edits = vec![edit::remove(own, default)];
                said("default is not followed").with(Correction::mechanical("Take it out", edits))
            });
        }
    }
}

fn crossed(schema: Schema<'_>, own: Value<'_>, least: &str, most: &str, found: &mut Findings<'_>) {
    let number = |name| {
        let value: Value<'_> = schema.get(own, name)?;
        Some((value, value.number_in_any_form()?))
    };
    let (Some((low, from)), Some((high, to))) = (number(least), number(most)) else { return };
    if from > to {
        found.at(&CROSSED, low, || {
            said(format!("{least} is {}, and {most} is {}", low.raw(), high.raw()))
        });
    }
}

fn format(schema: Schema<'_>, own: Value<'_>, found: &mut Findings<'_>) {
    let (Some(value), Some(kind)) = (schema.get(own, "format"), schema.type_of(own)) else {
        return;
    };
    let Some(word) = value.text() else { return };
    let known: &[&str] = match kind.as_str() {
        "string" => &["enum", "date-time"],
        "integer" => &["int32", "int64"],
        "number" => &["float", "double"],
        _ => return,
    };
    if word.is_empty() || known.contains(&word.as_ref()) {
        return;
    }
    found.at(&FORMAT_UNKNOWN, value, || {
        said(format!("{kind} has the formats {}, and not {word}", known.join(" and ")))
            .with(Correction::advice("Say it in the description, and leave the format out"))
    });
}

/// The most letters of a pattern that is tried.
const MOST: usize = 2000;

/// What JSON Schema's patterns have and those that are tried here do not: such a pattern is not judged.
const BEYOND: &[&str] = &["(?=", "(?!", "(?<", "\\p{", "\\P{", "\\k<", "\\u", "\\c", "\\/", "[^]"];

fn pattern(value: Value<'_>, found: &mut Findings<'_>) {
    let Some(text) = value.text().filter(|_| value.kind() == Form::Text) else { return };
    let has_number =
        text.as_bytes().windows(2).any(|two| two[0] == b'\\' && two[1].is_ascii_digit());
    if text.len() > MOST || has_number || BEYOND.iter().any(|mark| text.contains(mark)) {
        return;
    }
    // Dashes need no escape in one kind of pattern and must have none in another.
    let plain = text.replace("\\-", "-");
    let (Err(regex::Error::Syntax(why)), Err(_)) = (Regex::new(&text), Regex::new(&plain)) else {
        return;
    };
    found.at(&PATTERN, value, || {
        let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        said(format!("the pattern cannot be read: {why}"))
    });
}
