//! Schemas of parameters and answers: the keywords that the API refuses.

use crate::facts::Severity::Error;

use crate::lint::{
    document::Value,
    edit,
    finding::{Correction, Findings, said},
    request::Request,
    rule::{Rule, bad, good},
    shape::{JSON_SCHEMA_KEYWORDS, SCHEMA},
};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[&KEYWORD_REFUSED];

const STRUCTURED_PAGE: &str = "https://ai.google.dev/gemini-api/docs/structured-output";
const FLASH: &str = "gemini-3.8-flash";

const KEYWORD_REFUSED: Rule = Rule {
    id: "schema-keyword-refused",
    title: "A schema has a keyword that the API's own schema does not know",
    severity: Error,
    fix: Some("schema-unknown-field"),
    answer: "Invalid JSON payload received. Unknown name \"…\" at '…': Cannot find field.",
    why: "responseSchema and parameters follow a part of OpenAPI's schema. JSON Schema has more keywords, of which responseJsonSchema and parametersJsonSchema take some.",
    docs: &[STRUCTURED_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"responseMimeType": "application/json", "responseSchema": {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}, "additionalProperties": false}}}"#,
            "generationConfig.responseSchema.additionalProperties",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "tools": [{"functionDeclarations": [{"name": "f", "description": "d", "parameters": {"$schema": "x", "type": "OBJECT", "properties": {"a": {"type": "STRING"}}}}]}]}"#,
            "tools[0].functionDeclarations[0].parameters.$schema",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"responseMimeType": "application/json", "responseJsonSchema": {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false}}}"#,
    )],
};

/// Looks at the schemas of a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings) {
    let _ = (request, found);
}

/// A keyword that the API's own schema does not have.
pub(super) fn unknown_keyword(
    schema: Value<'_>,
    member: Value<'_>,
    key: &str,
    found: &mut Findings,
) {
    found.at_name(&KEYWORD_REFUSED, member, || {
        let elsewhere = JSON_SCHEMA_KEYWORDS.contains(&key);
        let advice = match (elsewhere, crate::facts::nearest(key, &SCHEMA.names())) {
            (true, _) => "; the field for JSON Schema takes it".to_owned(),
            (false, Some(name)) if key.len() > 3 => format!("; {name} is one"),
            _ => String::new(),
        };
        said(format!("{key} is no keyword of this schema{advice}"))
            .with_any(correction(schema, member, key))
    });
}

/// What says nothing about values can go.
fn correction(schema: Value<'_>, member: Value<'_>, key: &str) -> Option<Correction> {
    let says_nothing = matches!(
        key,
        "$schema" | "$id" | "$comment" | "examples" | "deprecated" | "readOnly" | "writeOnly"
    );
    says_nothing.then(|| {
        Correction::mechanical(format!("Take {key} out"), vec![edit::remove(schema, member)])
    })
}
