//! Keywords that one of the two forms does not have.

use crate::facts::{
    Severity::{Error, Warning},
    nearest,
};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Edit, Findings, said},
    kind::{Kind, field},
    rule::{Rule, bad, good},
    shape::{JSON_SCHEMA_KEYWORDS, SCHEMA, is_snake_of},
};

use super::{
    Dialect, FLASH, OPENAI_PAGE, Place, STRUCTURED_PAGE, Schema,
    walk::{self, all},
};

pub(super) const REFUSED: Rule = Rule {
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
            answer!(
                r#"{"type": "OBJECT", "properties": {"a": {"type": "STRING"}}, "additionalProperties": false}"#
            ),
            "generationConfig.responseSchema.additionalProperties",
        ),
        bad(
            FLASH,
            parameters!(
                r#"{"$schema": "x", "type": "OBJECT", "properties": {"a": {"type": "STRING"}}}"#
            ),
            "tools[0].functionDeclarations[0].parameters.$schema",
        ),
        bad(
            FLASH,
            answer!(r#"{"type": "STRING", "const": "a"}"#),
            "generationConfig.responseSchema.const",
        ),
        bad(
            FLASH,
            answer!(r#"{"oneOf": [{"type": "STRING"}, {"type": "NUMBER"}]}"#),
            "generationConfig.responseSchema.oneOf",
        ),
        bad(
            FLASH,
            answer!(r#"{"allOf": [{"type": "STRING"}]}"#),
            "generationConfig.responseSchema.allOf",
        ),
        bad(
            FLASH,
            answer!(r#"{"type": "INTEGER", "exclusiveMinimum": 0}"#),
            "generationConfig.responseSchema.exclusiveMinimum",
        ),
        bad(
            FLASH,
            answer!(
                r##"{"type": "OBJECT", "properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"type": "STRING"}}}"##
            ),
            "generationConfig.responseSchema.properties.a.$ref",
        ),
        bad(
            FLASH,
            request!(
                r#""tools": [{"function_declarations": [{"name": "f", "description": "d", "parameters": {"type": "OBJECT", "properties": {"a": {"type": "ARRAY", "items": {"type": "STRING"}, "uniqueItems": true}}}}]}]"#
            ),
            "tools[0].function_declarations[0].parameters.properties.a.uniqueItems",
        ),
        bad(
            "",
            r#"{"type": "OBJECT", "properties": {"a": {"type": "STRING", "not": {}}}}"#,
            "properties.a.not",
        )
        .of(Kind::Schema),
    ],
    good: &[
        good(
            FLASH,
            json_answer!(
                r#"{"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false}"#
            ),
        ),
        good(
            FLASH,
            answer!(
                r#"{"type": "OBJECT", "properties": {"$ref": {"type": "STRING", "max_length": "5"}, "const": {"type": "STRING", "enum": ["a"]}}, "property_ordering": ["const", "$ref"]}"#
            ),
        ),
    ],
};

pub(super) const IGNORED: Rule = Rule {
    id: "schema-keyword-ignored",
    title: "A schema has a keyword that the API does not follow",
    severity: Warning,
    fix: None,
    answer: "",
    why: "responseJsonSchema and parametersJsonSchema follow a part of JSON Schema: what other keywords ask for is not kept by the answers.",
    bad: &[
        bad(
            FLASH,
            json_answer!(r#"{"type": "string", "minLength": 3}"#),
            "generationConfig.responseJsonSchema.minLength",
        ),
        bad(
            FLASH,
            json_answer!(r#"{"type": "string", "const": "a"}"#),
            "generationConfig.responseJsonSchema.const",
        ),
        bad(
            FLASH,
            json_answer!(r#"{"type": "string", "nullable": true}"#),
            "generationConfig.responseJsonSchema.nullable",
        ),
        bad(
            FLASH,
            json_answer!(r#"{"type": "integer", "exclusiveMaximum": 10}"#),
            "generationConfig.responseJsonSchema.exclusiveMaximum",
        ),
        bad(
            "",
            r##"{"type": "object", "properties": {"a": {"$ref": "#/definitions/b"}}, "definitions": {"b": {"type": "string", "default": "c"}}}"##,
            "definitions",
        )
        .of(Kind::Schema),
    ],
    good: &[good(
        FLASH,
        json_answer!(
            r##"{"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {"b": {"type": "string"}}, "type": ["object", "null"], "title": "t", "description": "d", "properties": {"minLength": {"$ref": "#/$defs/b"}, "a": {"type": "array", "prefixItems": [{"type": "integer", "minimum": 1, "maximum": 2}], "minItems": 1, "maxItems": 2}, "c": {"oneOf": [{"type": "string", "enum": ["x", "y"]}, {"type": "number"}]}}, "required": ["a"]}"##
        ),
    )],
    ..REFUSED
};

pub(super) const IGNORED_IN_CHAT: Rule = Rule {
    id: "openai-schema-keyword",
    title: "A schema has a keyword that the API has in none of its forms",
    docs: &[OPENAI_PAGE],
    why: "The compatible endpoint makes the API's own schema of what stands in tools and response_format. What becomes of other keywords is not documented: they are left out, or the request is refused.",
    bad: &[
        bad(
            FLASH,
            chat_parameters!(
                r#"{"type": "object", "properties": {"a": {"type": "string", "const": "b"}}}"#
            ),
            "tools[0].function.parameters.properties.a.const",
        )
        .of(Kind::Chat),
        bad(
            FLASH,
            r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}, "uniqueItems": true}}}}}}"#,
            "response_format.json_schema.schema.properties.a.uniqueItems",
        )
        .of(Kind::Chat),
    ],
    good: &[good(
        FLASH,
        chat_parameters!(
            r##"{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": {"a": {"type": ["string", "null"], "minLength": 1}, "const": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"type": "string", "nullable": true}}, "required": ["a"], "additionalProperties": false}"##
        ),
    )
    .of(Kind::Chat)],
    ..IGNORED
};

/// Keywords that say nothing about values.
const SILENT: &[&str] =
    &["$schema", "$id", "$comment", "examples", "deprecated", "readOnly", "writeOnly"];

/// A keyword that the API's own schema does not have.
pub(in crate::lint::rules) fn unknown_keyword(
    schema: Value<'_>,
    member: Value<'_>,
    key: &str,
    found: &mut Findings<'_>,
) {
    found.at_name(&REFUSED, member, || {
        let elsewhere = JSON_SCHEMA_KEYWORDS.contains(&key);
        let advice = match (elsewhere, nearest(key, &SCHEMA.names())) {
            (true, _) => "; the field for JSON Schema takes it".to_owned(),
            (false, Some(name)) if key.len() > 3 => format!("; {name} is one"),
            _ => String::new(),
        };
        let correction = if SILENT.contains(&key) {
            Some(removed(schema, member, key))
        } else {
            rewritten(Dialect::OpenApi, schema, member, key).or_else(|| moved(member))
        };
        said(format!("{key} is no keyword of this schema{advice}")).with_any(correction)
    });
}

/// Looks at the keywords of a schema in the form of JSON Schema; those of the other form are looked at with all names.
pub(super) fn look(schema: Schema<'_>, place: Place<'_>, found: &mut Findings<'_>) {
    let rule: &'static Rule = match schema.dialect {
        Dialect::OpenApi => return,
        Dialect::Json => &IGNORED,
        Dialect::Chat => &IGNORED_IN_CHAT,
    };
    let is_chat = schema.dialect == Dialect::Chat;
    for member in place.schema.members() {
        let key = member.name().unwrap_or_default();
        let is_own = || is_chat && SCHEMA.fields.iter().any(|field| field.name == key);
        if JSON_SCHEMA_KEYWORDS.contains(&key) || matches!(key, "$schema" | "$comment") || is_own()
        {
            continue;
        }
        found.at_name(rule, member, || {
            let advice = match nearest(key, JSON_SCHEMA_KEYWORDS) {
                Some(name) if key.len() > 4 && !KNOWN.contains(&key) => format!("; {name} is one"),
                _ => String::new(),
            };
            said(format!("{key} is not followed{advice}")).with_any(followed(
                schema,
                place.schema,
                member,
                key,
            ))
        });
    }
}

/// Keywords of JSON Schema that are not followed, so that nobody misspelt them.
const KNOWN: &[&str] = &[
    "minLength",
    "maxLength",
    "pattern",
    "default",
    "example",
    "examples",
    "const",
    "allOf",
    "not",
    "if",
    "then",
    "else",
    "definitions",
    "nullable",
    "minProperties",
    "maxProperties",
    "uniqueItems",
    "contains",
    "patternProperties",
    "propertyNames",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "dependentRequired",
    "unevaluatedProperties",
];

fn removed(schema: Value<'_>, member: Value<'_>, key: &str) -> Correction {
    Correction::mechanical(format!("Take {key} out"), vec![edit::remove(schema, member)])
}

/// What a keyword that is not followed is in those that are.
fn followed(
    whole: Schema<'_>,
    schema: Value<'_>,
    member: Value<'_>,
    key: &str,
) -> Option<Correction> {
    match key {
        "definitions" => definitions(whole.root, schema, member),
        "nullable" => nullable(schema, member),
        "default" | "example" => Some(removed(schema, member, key)),
        _ if SILENT.contains(&key) => Some(removed(schema, member, key)),
        "minLength" | "maxLength" | "pattern" | "multipleOf" | "uniqueItems" => {
            Some(Correction::advice("Say it in the description, and check it in the answer"))
        }
        _ => rewritten(whole.dialect, schema, member, key),
    }
}

/// A member with another name and value in its place.
fn instead(member: Value<'_>, text: String) -> Option<Edit> {
    Some(Edit { span: member.key_span()?.start..member.span().end, text })
}

/// The same in keywords that both forms have.
fn rewritten(
    dialect: Dialect,
    schema: Value<'_>,
    member: Value<'_>,
    key: &str,
) -> Option<Correction> {
    let is_free = |name: &str| field(schema, name).is_none();
    match key {
        "const" if is_free("enum") => {
            let is_text = member.kind() == Form::Text;
            let is_word = is_text || (dialect == Dialect::Json && member.kind() == Form::Number);
            let edit =
                is_word.then(|| instead(member, format!("\"enum\": [{}]", member.raw())))??;
            Some(Correction::mechanical("Write an enum of one", vec![edit]))
        }
        "oneOf" if is_free("anyOf") => {
            Some(Correction::mechanical("Rename it to anyOf", vec![edit::rename(member, "anyOf")?]))
        }
        "allOf" if is_free("anyOf") && member.items().count() == 1 => Some(Correction::mechanical(
            "Rename it to anyOf: of one, both are the same",
            vec![edit::rename(member, "anyOf")?],
        )),
        "exclusiveMinimum" | "exclusiveMaximum" => inclusive(schema, member, key),
        "additionalProperties" if member.flag() == Some(false) => {
            Some(removed(schema, member, key))
        }
        _ => None,
    }
}

/// The bound of whole numbers that is the next one inside.
fn inclusive(schema: Value<'_>, member: Value<'_>, key: &str) -> Option<Correction> {
    let (name, step) = if key == "exclusiveMinimum" { ("minimum", 1.0) } else { ("maximum", -1.0) };
    let bound = member.number().filter(|_| field(schema, name).is_none())?;
    let kind = field(schema, "type").and_then(Value::quoted).unwrap_or_default();
    if kind.eq_ignore_ascii_case("integer") && bound.fract() == 0.0 && bound.abs() < 1e15 {
        let edit = instead(member, format!("\"{name}\": {}", bound + step))?;
        return Some(Correction::mechanical(format!("Write it as {name}"), vec![edit]));
    }
    Some(Correction::advice(format!(
        "Write it as {name}, and say in the description that the bound itself is out"
    )))
}

/// `nullable` in the way of JSON Schema.
fn nullable(schema: Value<'_>, member: Value<'_>) -> Option<Correction> {
    if member.flag() == Some(false) {
        return Some(removed(schema, member, "nullable"));
    }
    let kind = schema.member("type").filter(|kind| kind.kind() == Form::Text)?;
    let edits = vec![
        edit::replace(kind, format!("[{}, \"null\"]", kind.raw())),
        edit::remove(schema, member),
    ];
    // What is taken out with its comma must not reach into the type.
    let (one, other) = (&edits[0].span, &edits[1].span);
    (one.end <= other.start || other.end <= one.start)
        .then(|| Correction::mechanical("Add null to the types", edits.clone()))
}

/// `definitions` with the name that is followed, and all references to it.
fn definitions(root: Value<'_>, schema: Value<'_>, member: Value<'_>) -> Option<Correction> {
    if schema != root || root.member("$defs").is_some() {
        return None;
    }
    let mut edits = vec![edit::rename(member, "$defs")?];
    for place in all(root, Dialect::Json) {
        let Some(reference) = place.schema.member("$ref") else { continue };
        if let Some(rest) = reference.quoted().and_then(|text| text.strip_prefix("#/definitions/"))
        {
            edits.push(edit::replace(reference, format!("\"#/$defs/{rest}\"")));
        }
    }
    Some(Correction::mechanical("Rename it to $defs, and the references with it", edits))
}

/// The whole schema as JSON Schema, in the field for it, where that field follows all its keywords.
fn moved(member: Value<'_>) -> Option<Correction> {
    let (holder, schema) = holder(member)?;
    let name = match schema.name()? {
        "parameters" => "parametersJsonSchema",
        "response_schema" => "response_json_schema",
        _ => "responseJsonSchema",
    };
    let is_taken = holder.members().any(|other| {
        other
            .name()
            .is_some_and(|own| own == name || is_snake_of(own, name) || is_snake_of(name, own))
    });
    let places = walk::all(schema, Dialect::Json);
    let is_followed =
        |member: Value<'_>| member.name().is_some_and(|name| JSON_SCHEMA_KEYWORDS.contains(&name));
    if is_taken || !places.iter().all(|place| place.schema.members().all(is_followed)) {
        return None;
    }
    let mut edits = vec![edit::rename(schema, name)?];
    for kind in places.iter().filter_map(|place| place.schema.member("type")) {
        let Some(word) = kind.quoted().filter(|_| kind.kind() == Form::Text) else { continue };
        if word.bytes().any(|letter| letter.is_ascii_uppercase()) {
            edits.push(edit::replace(kind, edit::quoted(&word.to_ascii_lowercase())));
        }
    }
    Some(Correction::mechanical(format!("Move the schema to {name}"), edits))
}

/// The field of the request that a keyword's schema stands in, and the object that has it.
fn holder(member: Value<'_>) -> Option<(Value<'_>, Value<'_>)> {
    let start = member.span().start;
    let mut at = member.document().root()?;
    let mut names = Vec::new();
    loop {
        let round = |child: &Value<'_>| child.span().start <= start && start < child.span().end;
        let inner = at.children().find(round)?;
        let name = inner.name().unwrap_or_default();
        let lies_in =
            |place: &str| names.iter().any(|own: &&str| *own == place || is_snake_of(own, place));
        let is_schema = match name {
            "responseSchema" | "response_schema" => lies_in("generationConfig"),
            "parameters" | "response" => lies_in("functionDeclarations"),
            _ => false,
        };
        if is_schema {
            return Some((at, inner));
        }
        names.push(name);
        at = inner;
    }
}
