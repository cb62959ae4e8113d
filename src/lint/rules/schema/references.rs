//! References of JSON Schema: whether they lead anywhere, and whether they lead back.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use crate::facts::Severity::Error;

use crate::lint::{
    document::{Form, Value},
    finding::{Correction, Edit, Findings, said},
    kind::Kind,
    rule::{Example, Rule, UNQUOTED, bad, good},
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
    answer: UNQUOTED,
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
    answer: UNQUOTED,
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
    answer: UNQUOTED,
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
    let mut index = Index::of(schema.root, places);
    let mut targets = Vec::new();
    for place in places {
        let Some(reference) = place.schema.member("$ref") else { continue };
        siblings(place.schema, reference, found);
        let Some(text) = reference.text() else { continue };
        match index.resolve(&text) {
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
            recursion(&mut index, target, &mut told, found);
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

/// Where references lead, looked up once: a schema may have as many of them as it has definitions.
struct Index<'d> {
    root: Value<'d>,
    /// Schemas by what they call themselves, as a reference to them is written.
    named: HashMap<String, Value<'d>>,
    /// What lies in an object or a list, by where that begins.
    steps: HashMap<usize, HashMap<Cow<'d, str>, Value<'d>>>,
    /// The references that a schema cannot do without, each with what it leads to.
    firm: HashMap<usize, Vec<(Value<'d>, Value<'d>)>>,
}

impl<'d> Index<'d> {
    fn of(root: Value<'d>, places: &[Place<'d>]) -> Self {
        let mut named = HashMap::new();
        for place in places {
            for (keyword, mark) in [("$id", ""), ("$anchor", "#")] {
                let own = place.schema.member(keyword).and_then(Value::quoted);
                if let Some(own) = own {
                    named.entry(format!("{mark}{own}")).or_insert(place.schema);
                }
            }
        }
        Self { root, named, steps: HashMap::new(), firm: HashMap::new() }
    }

    /// What a reference leads to.
    fn resolve(&mut self, text: &str) -> Option<Value<'d>> {
        match text.strip_prefix('#') {
            Some("" | "/") => Some(self.root),
            Some(rest) if rest.starts_with('/') => {
                rest[1..].split('/').try_fold(self.root, |at, name| self.step(at, name))
            }
            _ => self.named.get(text).copied(),
        }
    }

    fn step(&mut self, at: Value<'d>, name: &str) -> Option<Value<'d>> {
        let name = name.replace("~1", "/").replace("~0", "~");
        let inner = self.steps.entry(at.span().start).or_insert_with(|| children(at));
        inner.get(name.as_str()).copied()
    }

    fn firm(&mut self, schema: Value<'d>) -> Vec<(Value<'d>, Value<'d>)> {
        let start = schema.span().start;
        if !self.firm.contains_key(&start) {
            let references = firm_references(schema).into_iter();
            let resolved = references.filter_map(|one| Some((one, self.resolve(&one.text()?)?)));
            let resolved: Vec<_> = resolved.collect();
            self.firm.insert(start, resolved);
        }
        self.firm[&start].clone()
    }
}

/// What lies in an object or a list, by name or number; the first of a name that stands there twice.
fn children(at: Value<'_>) -> HashMap<Cow<'_, str>, Value<'_>> {
    let mut all = HashMap::new();
    for (number, child) in at.children().enumerate() {
        let name = child.key().unwrap_or_else(|| Cow::Owned(number.to_string()));
        all.entry(name).or_insert(child);
    }
    all
}

/// Follows what a schema must have, and tells where that leads back to it.
fn recursion<'d>(
    index: &mut Index<'d>,
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
        for (reference, next) in index.firm(one) {
            if next == target {
                found.at(&RECURSION, reference, || {
                    let text = reference.text().unwrap_or_default();
                    said(format!("{text} needs itself here")).with(Correction::advice(
                        "Take the property out of required, somewhere on the way",
                    ))
                });
                // A loop of several is told once.
                told.append(&mut waiting);
                return;
            }
            if waiting.len() < MOST && !waiting.contains(&next) {
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
        let required = schema.member("required").into_iter().flat_map(Value::items);
        let required: HashSet<&str> = required.filter_map(Value::quoted).collect();
        let properties = schema.member("properties").into_iter().flat_map(Value::members);
        let is_required =
            |member: &Value<'_>| member.name().is_some_and(|name| required.contains(name));
        waiting.extend(properties.filter(is_required));
    }
    references
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::models::ModelTable,
        lint::{Given, look},
    };

    /// As many references as definitions, none of which is looked for by going through all of them.
    #[test]
    fn many_references_to_many_definitions_are_all_resolved() {
        let count = 3_000;
        let list =
            |one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<Vec<_>>().join(",");
        let definitions =
            list(&|at| format!("\"d{at}\": {{\"$anchor\": \"a{at}\", \"type\": \"string\"}}"));
        let uses = list(&|at| {
            let text = if at % 2 == 0 { format!("#/$defs/d{at}") } else { format!("#a{at}") };
            format!("\"p{at}\": {{\"$ref\": \"{text}\"}}")
        });
        let body = format!(
            "{{\"type\": \"object\", \"$defs\": {{{definitions}}}, \"properties\": {{{uses}, \"x\": {{\"$ref\": \"#/$defs/x\"}}}}}}"
        );
        let table = ModelTable::embedded();
        let given = Given { kind: Some(Kind::Schema), ..Given::on(&table, "2026-11-20") };
        let looked = look(&body, &given);
        let told = looked.findings.iter().filter(|one| one.rule.id == UNRESOLVED.id);
        let paths: Vec<_> = told.map(|one| one.path.as_str()).collect();
        assert_eq!(paths, ["properties.x.$ref"]);
    }
}
