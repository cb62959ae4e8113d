//! The form of the answer: its mime type, and the schema that it is to follow.

use crate::facts::Severity::{Error, Warning};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, said},
    kind::field,
    request::Request,
    rule::{Example, Rule, UNQUOTED, bad, good},
};

use super::{API_PAGE, FLASH, OLDER};

const STRUCTURED_PAGE: &str = "https://ai.google.dev/gemini-api/docs/structured-output";

const GOOD: &[Example] = &[
    good(
        FLASH,
        settings!(
            r#""responseMimeType": "application/json", "responseJsonSchema": {"type": "object", "properties": {"a": {"type": "string"}}}"#
        ),
    ),
    good(
        FLASH,
        request!(
            r#""generation_config": {"response_mime_type": "text/x.enum", "response_schema": {"type": "STRING", "enum": ["a", "b"]}}"#
        ),
    ),
    good(OLDER, settings!(r#""responseMimeType": "application/json""#)),
    good(OLDER, settings!(r#""responseMimeType": "text/plain""#)),
    good(
        FLASH,
        request!(
            r#""generationConfig": {"responseMimeType": "application/json"}, "tools": [{"googleSearch": {}}]"#
        ),
    ),
];

pub(super) const MIME_UNKNOWN: Rule = Rule {
    id: "response-mime-type-unknown",
    title: "Answers come in no such mime type",
    severity: Error,
    fix: Some("invalid-argument-generic"),
    answer: "response_mime_type: allowed mimetypes are `text/plain`, `application/json` …",
    why: "Answers are text/plain, application/json or text/x.enum; pictures and speech are asked for with responseModalities.",
    docs: &[STRUCTURED_PAGE, API_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(FLASH, settings!(r#""responseMimeType": "json""#), "generationConfig.responseMimeType"),
        bad(
            FLASH,
            settings!(r#""responseMimeType": "application/json; charset=utf-8""#),
            "generationConfig.responseMimeType",
        ),
        bad(
            FLASH,
            request!(r#""generation_config": {"response_mime_type": "image/png"}"#),
            "generation_config.response_mime_type",
        ),
    ],
    good: GOOD,
};

pub(super) const SCHEMA_WITHOUT_MIME: Rule = Rule {
    id: "schema-without-mime-type",
    title: "A schema for the answer needs a mime type that has one",
    fix: Some("mime-type-unsupported"),
    answer: UNQUOTED,
    why: "Text has no schema: responseMimeType must be application/json, or text/x.enum for one word of a list.",
    bad: &[
        bad(
            FLASH,
            settings!(r#""responseSchema": {"type": "STRING"}"#),
            "generationConfig.responseSchema",
        ),
        bad(
            FLASH,
            settings!(
                r#""responseMimeType": "text/plain", "responseJsonSchema": {"type": "string"}"#
            ),
            "generationConfig.responseJsonSchema",
        ),
    ],
    ..MIME_UNKNOWN
};

pub(super) const TWO_SCHEMAS: Rule = Rule {
    id: "two-response-schemas",
    title: "responseSchema and responseJsonSchema stand there together",
    fix: Some("invalid-argument-generic"),
    answer: UNQUOTED,
    why: "They are two ways to say one thing, and only one of them may be there.",
    bad: &[bad(
        FLASH,
        settings!(
            r#""responseMimeType": "application/json", "responseSchema": {"type": "STRING"}, "responseJsonSchema": {"type": "string"}"#
        ),
        "generationConfig.responseJsonSchema",
    )],
    ..MIME_UNKNOWN
};

pub(super) const JSON_WITH_TOOLS: Rule = Rule {
    id: "json-with-tools",
    title: "A model before Gemini 3 is asked for JSON and given tools",
    fix: Some("json-mode-with-tools"),
    answer: "Function calling with a response mime type: 'application/json' is unsupported",
    why: "Models before Gemini 3 do either: they call tools, or they answer in a form that is fixed beforehand.",
    bad: &[
        bad(
            OLDER,
            request!(
                r#""generationConfig": {"responseMimeType": "application/json"}, "tools": [{"functionDeclarations": [{"name": "f", "description": "d"}]}]"#
            ),
            "generationConfig.responseMimeType",
        ),
        bad(
            OLDER,
            request!(
                r#""generation_config": {"response_mime_type": "application/json"}, "tools": [{"google_search": {}}]"#
            ),
            "generation_config.response_mime_type",
        ),
    ],
    ..MIME_UNKNOWN
};

pub(super) const ENUM_WITHOUT_SCHEMA: Rule = Rule {
    id: "enum-answer-without-enum",
    title: "An answer of one word needs a schema that lists the words",
    severity: Warning,
    fix: Some("invalid-argument-generic"),
    answer: "",
    why: "text/x.enum gives one of the words of the schema's enum; without them there is nothing to choose from.",
    bad: &[
        bad(
            FLASH,
            settings!(r#""responseMimeType": "text/x.enum""#),
            "generationConfig.responseMimeType",
        ),
        bad(
            FLASH,
            settings!(r#""responseMimeType": "text/x.enum", "responseSchema": {"type": "STRING"}"#),
            "generationConfig.responseMimeType",
        ),
    ],
    ..MIME_UNKNOWN
};

/// What is taken. XML and YAML stand in the service's own list of allowed types and in no document.
const TAKEN: &[&str] =
    &["text/plain", "application/json", "text/x.enum", "application/xml", "application/yaml"];

/// Looks at the form that is asked for.
pub(super) fn look(request: &Request<'_>, config: Value<'_>, found: &mut Findings<'_>) {
    let mime = field(config, "responseMimeType").filter(|mime| mime.kind() == Form::Text);
    let schema = field(config, "responseSchema");
    let json_schema = field(config, "responseJsonSchema");
    if let (Some(_), Some(second)) = (schema, json_schema) {
        found.at_name(&TWO_SCHEMAS, second, || {
            said("responseSchema stands there as well")
                .with(Correction::advice("Leave one of the two out"))
        });
    }
    if mime.is_some_and(|mime| is_unknown(mime, found)) {
        return;
    }
    let word = mime.and_then(Value::quoted).unwrap_or_default();
    let is_text = word.is_empty() || word == "text/plain";
    if let Some(schema) = schema.or(json_schema).filter(|_| is_text) {
        without_mime(config, mime, schema, found);
    }
    if word == "text/x.enum" {
        words_missing(mime, schema.or(json_schema), found);
    }
    if word == "application/json" && request.is_before(3, 0) {
        with_tools(request, mime, found);
    }
}

fn is_unknown(mime: Value<'_>, found: &mut Findings<'_>) -> bool {
    let Some(word) = mime.text().filter(|word| !word.is_empty()) else { return false };
    if TAKEN.contains(&word.as_ref()) {
        return false;
    }
    found.at(&MIME_UNKNOWN, mime, || {
        said(format!("answers are text/plain, application/json or text/x.enum, and not {word}"))
            .with_any(meant(&word).map(|meant| {
                let edits = vec![edit::replace(mime, edit::quoted(meant))];
                Correction::mechanical(format!("Write {meant}"), edits)
            }))
    });
    true
}

fn meant(word: &str) -> Option<&'static str> {
    let small = word.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match small.as_str() {
        "json" | "text/json" | "application/json" => Some("application/json"),
        "text" | "plain" | "text/plain" => Some("text/plain"),
        "enum" | "text/enum" | "text/x-enum" | "text/x.enum" => Some("text/x.enum"),
        _ => None,
    }
}

fn without_mime(
    config: Value<'_>,
    mime: Option<Value<'_>>,
    schema: Value<'_>,
    found: &mut Findings<'_>,
) {
    found.at_name(&SCHEMA_WITHOUT_MIME, schema, || {
        let correction = match mime {
            Some(_) => Correction::advice("Set responseMimeType to application/json"),
            None => Correction::mechanical(
                "Set responseMimeType to application/json",
                vec![edit::insert(config, "responseMimeType", "\"application/json\"")],
            ),
        };
        said("a schema is followed only where responseMimeType is application/json or text/x.enum")
            .with(correction)
    });
}

fn words_missing(mime: Option<Value<'_>>, schema: Option<Value<'_>>, found: &mut Findings<'_>) {
    let words = schema.and_then(|schema| field(schema, "enum"));
    let Some(mime) = mime.filter(|_| words.is_none()) else { return };
    found.at(&ENUM_WITHOUT_SCHEMA, mime, || {
        said("text/x.enum needs a responseSchema with the words in enum").with(Correction::advice(
            "Give {\"type\": \"STRING\", \"enum\": […]} as responseSchema",
        ))
    });
}

fn with_tools(request: &Request<'_>, mime: Option<Value<'_>>, found: &mut Findings<'_>) {
    let has_tools = request.tools().any(|tool| tool.members().next().is_some());
    let Some(mime) = mime.filter(|_| has_tools) else { return };
    found.at(&JSON_WITH_TOOLS, mime, || {
        said(format!("{} takes either tools or application/json", request.model_words())).with(
            Correction::advice(
                "Leave one of the two out, or ask a model since Gemini 3, which takes both",
            ),
        )
    });
}
