//! References of JSON Schema: whether they lead anywhere, and whether they lead back.

use crate::facts::Severity::Error;

use crate::lint::{
    document::{Form, Value},
    finding::{Correction, Edit, Findings, said},
    kind::Kind,
    rule::{Example, Rule, bad, good},
};

use super::{Dialect, FLASH, Place, SCHEMA_PAGE, STRUCTURED_PAGE, Schema};

const GOOD: &[Example] = &[
    good(
        FLASH,
        json_answer!(
            r##"{"$defs": {"node": {"$anchor": "node", "type": "object", "properties": {"name": {"type": "string"}, "next": {"$ref": "#/$defs/node"}, "all": {"type": "array", "items": {"$ref": "#node"}}}, "required": ["name"]}, "a~b": {"type": "string"}}, "type": "object", "properties": {"root": {"$ref": "#/$defs/node"}, "other": {"$ref": "#/$defs/a~0b"}}, "required": ["root"]}"##
        ),
    ),
    good(
        FLASH,
        request!(
            r##""generation_config": {"response_mime_type": "application/json", "response_json_schema": {"type": "object", "properties": {"self": {"$ref": "#"}}}}"##
        ),
    ),
];

pub(super) const UNRESOLVED: Rule = Rule {
    id: "schema-reference-unresolved",
    title: "A reference leads nowhere",
    severity: Error,
    fix: Some("tool-schema-bad-type"),
    answer: "Request contains an invalid argument.",
    why: "A reference leads to a schema in $defs of the same document; nothing is fetched from elsewhere.",
    docs: &[STRUCTURED_PAGE, SCHEMA_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            json_answer!(r##"{"type": "object", "properties": {"a": {"$ref": "#/$defs/b"}}}"##),
            "generationConfig.responseJsonSchema.properties.a.$ref",
        ),
        bad(
            "",
            r##"{"type": "array", "items": {"$ref": "https://example.com/item.json"}}"##,
            "items.$ref",
        )
        .of(Kind::Schema),
    ],
    good: GOOD,
};

pub(super) const RECURSION: Rule = Rule {
    id: "schema-recursion-required",
    title: "A schema needs itself",
    answer: "Request contains an invalid argument.",
    why: "References that lead back are unrolled a few times, and so may stand within properties only that are not required.",
    bad: &[bad(
        FLASH,
        json_answer!(
            r##"{"$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}, "required": ["next"]}}, "type": "object", "properties": {"a": {"$ref": "#/$defs/node"}}}"##
        ),
        "generationConfig.responseJsonSchema.$defs.node.properties.next.$ref",
    )],
    ..UNRESOLVED
};

pub(super) const SIBLINGS: Rule = Rule {
    id: "schema-reference-with-siblings",
    title: "Something stands beside a reference",
    why: "Beside $ref there may be only what begins with $; a description or a default belongs into what it leads to, or round it.",
    answer: "Request contains an invalid argument.",
    bad: &[bad(
        FLASH,
        json_answer!(
            r##"{"$defs": {"b": {"type": "string"}}, "type": "object", "properties": {"a": {"$ref": "#/$defs/b", "description": "d"}}}"##
        ),
        "generationConfig.responseJsonSchema.properties.a.$ref",
    )],
    ..UNRESOLVED
};

/// Of more definitions than this, loops are not looked for.
const MOST: usize = 400;

/// Looks at the references of a schema.
pub(super) fn look<'d>(schema: Schema<'d>, places: &[Place<'d>], found: &mut Findings<'_>) {
    if schema.dialect != Dialect::Json {
        return;
    }
    let mut targets = Vec::new();
    for place in places {
        let Some(reference) = place.schema.member("$ref") else { continue };
        siblings(place.schema, reference, found);
        let Some(text) = reference.text() else { continue };
        match resolve(schema.root, places, &text) {
            Some(target) => targets.push(target),
            None if schema.is_whole() => unresolved(reference, &text, found),
            None => {}
        }
    }
    targets.sort_by_key(|target| target.span().start);
    targets.dedup();
    if targets.len() <= MOST {
        let mut told = Vec::new();
        for target in targets {
            recursion(schema, places, target, &mut told, found);
        }
    }
}

fn siblings(schema: Value<'_>, reference: Value<'_>, found: &mut Findings<'_>) {
    let is_other = |member: &Value<'_>| member.name().is_some_and(|name| !name.starts_with('$'));
    let Some(other) = schema.members().find(is_other) else { return };
    found.at_name(&SIBLINGS, reference, || {
        let is_free = schema.member("anyOf").is_none();
        let span = reference.key_span().filter(|_| is_free);
        let correction = span.map(|key| {
            let text = format!("\"anyOf\": [{{\"$ref\": {}}}]", reference.raw());
            let edit = Edit { span: key.start..reference.span().end, text };
            Correction::mechanical("Put the reference into an anyOf of one", vec![edit])
        });
        let name = other.name().unwrap_or_default();
        said(format!("{name} stands beside the reference")).with_any(correction)
    });
}

fn unresolved(reference: Value<'_>, text: &str, found: &mut Findings<'_>) {
    found.at(&UNRESOLVED, reference, || {
        let why = if text.starts_with('#') {
            format!("there is no {text} in this schema")
        } else {
            format!("{text} is not in this schema, and nothing is fetched")
        };
        said(why).with(Correction::advice("Put what is meant into $defs, and refer to it there"))
    });
}

/// What a reference leads to.
fn resolve<'d>(root: Value<'d>, places: &[Place<'d>], text: &str) -> Option<Value<'d>> {
    let Some(rest) = text.strip_prefix('#') else {
        return identified(places, "$id", text);
    };
    if rest.is_empty() || rest == "/" {
        return Some(root);
    }
    match rest.strip_prefix('/') {
        Some(path) => path.split('/').try_fold(root, step),
        None => identified(places, "$anchor", rest),
    }
}

fn identified<'d>(places: &[Place<'d>], keyword: &str, text: &str) -> Option<Value<'d>> {
    let is_it = |place: &&Place<'d>| {
        place.schema.member(keyword).is_some_and(|own| own.quoted() == Some(text))
    };
    places.iter().find(is_it).map(|place| place.schema)
}

fn step<'d>(at: Value<'d>, name: &str) -> Option<Value<'d>> {
    let name = name.replace("~1", "/").replace("~0", "~");
    match at.kind() {
        Form::Object => at.members().find(|member| member.key().is_some_and(|key| key == name)),
        Form::List => at.items().nth(name.parse().ok()?),
        _ => None,
    }
}

/// Follows what a schema must have, and tells where that leads back to it.
fn recursion<'d>(
    schema: Schema<'d>,
    places: &[Place<'d>],
    target: Value<'d>,
    told: &mut Vec<Value<'d>>,
    found: &mut Findings<'_>,
) {
    if told.contains(&target) {
        return;
    }
    let mut waiting = vec![target];
    let mut at = 0;
    while let Some(one) = waiting.get(at).copied() {
        at += 1;
        for reference in firm_references(one) {
            let text = reference.text().unwrap_or_default();
            let Some(next) = resolve(schema.root, places, &text) else { continue };
            if next == target {
                found.at(&RECURSION, reference, || {
                    said(format!("{text} needs itself here")).with(Correction::advice(
                        "Take the property out of required, somewhere on the way",
                    ))
                });
                // A loop of several is told once.
                told.append(&mut waiting);
                return;
            }
            if !waiting.contains(&next) && waiting.len() < MOST {
                waiting.push(next);
            }
        }
    }
}

/// The references within a schema that no property which may be left out lies round.
fn firm_references(root: Value<'_>) -> Vec<Value<'_>> {
    let mut waiting = vec![root];
    let mut references = Vec::new();
    while let Some(schema) = waiting.pop() {
        references.extend(schema.member("$ref"));
        for name in ["items", "prefixItems", "anyOf", "oneOf", "allOf"] {
            let inner = schema.member(name).into_iter().flat_map(Value::each);
            waiting.extend(inner.filter(|value| value.kind() == Form::Object));
        }
        let required = schema.member("required");
        let is_required = |member: &Value<'_>| {
            required.is_some_and(|list| list.items().any(|item| item.quoted() == member.name()))
        };
        let properties = schema.member("properties").into_iter().flat_map(Value::members);
        waiting.extend(properties.filter(is_required));
    }
    references
}
