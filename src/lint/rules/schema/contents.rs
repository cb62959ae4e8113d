//! What stands in a schema and belongs to one of another type, or stands alone.

use crate::facts::Severity::Warning;

use crate::lint::{
    document::{Form, Value},
    finding::{Correction, Findings, said},
    kind::Kind,
    rule::{Example, Rule, bad, good},
};

use super::{Dialect, FLASH, FUNCTION_PAGE, Place, Schema, forms::TYPE_MISSING};

const GOOD: &[Example] = &[
    good(
        FLASH,
        answer!(
            r#"{"type": "OBJECT", "properties": {"a": {"type": "array", "items": {"type": "STRING"}}, "b": {"type": "STRING", "properties": {}, "required": [], "items": null}, "c": {"anyOf": [{"type": "STRING"}, {"type": "OBJECT", "properties": {"d": {"type": "STRING"}}, "required": ["d"]}], "description": "e"}}}"#
        ),
    ),
    good(
        FLASH,
        chat_parameters!(
            r#"{"type": "object", "properties": {"a": {"type": ["object", "null"], "properties": {"b": {"type": "string"}}}}}"#
        ),
    )
    .of(Kind::Chat),
    good(FLASH, json_answer!(r#"{"type": "string", "properties": {"a": {"type": "string"}}}"#)),
];

pub(super) const NOT_AN_OBJECT: Rule = Rule {
    id: "schema-properties-on-other-type",
    title: "A schema of another type has what only an object has",
    answer: "…properties: only allowed for OBJECT type",
    why: "properties, required and propertyOrdering stand in schemas of the type OBJECT only; beside anyOf they belong into its branches.",
    docs: &[FUNCTION_PAGE],
    as_of: "2026-12-01",
    bad: &[
        bad(
            FLASH,
            parameters!(
                r#"{"type": "OBJECT", "properties": {"a": {"type": "STRING", "properties": {"b": {"type": "STRING"}}}}}"#
            ),
            "tools[0].functionDeclarations[0].parameters.properties.a.properties",
        ),
        bad(
            FLASH,
            answer!(
                r#"{"anyOf": [{"type": "STRING"}], "properties": {"b": {"type": "STRING"}}, "required": ["b"]}"#
            ),
            "generationConfig.responseSchema.properties",
        ),
        bad(
            FLASH,
            request!(
                r#""generation_config": {"response_mime_type": "application/json", "response_schema": {"any_of": [{"type": "NULL", "required": ["b"]}]}}"#
            ),
            "generation_config.response_schema.any_of[0].required",
        ),
        bad(
            FLASH,
            chat_parameters!(
                r#"{"type": "object", "properties": {"a": {"type": "string", "required": ["b"]}}}"#
            ),
            "tools[0].function.parameters.properties.a.required",
        )
        .of(Kind::Chat),
    ],
    good: GOOD,
    ..TYPE_MISSING
};

pub(super) const NOT_A_LIST: Rule = Rule {
    id: "schema-items-on-other-type",
    title: "A schema of another type has items",
    answer: "field predicate failed: $type == Type.ARRAY",
    why: "items stands in schemas of the type ARRAY only.",
    bad: &[bad(
        FLASH,
        answer!(r#"{"type": "STRING", "items": {"type": "STRING"}}"#),
        "generationConfig.responseSchema.items",
    )],
    ..NOT_AN_OBJECT
};

pub(super) const ANY_OF_WITH_TYPE: Rule = Rule {
    id: "schema-any-of-with-type",
    title: "A type stands beside anyOf",
    severity: Warning,
    answer: "schema specified other fields alongside any_of. When using any_of, it must be the only field set.",
    why: "With anyOf the branches say the types. The cloud platform refuses a type beside it, as models of 1.5 did on the Developer API; whether others do is not known for sure.",
    bad: &[bad(
        FLASH,
        answer!(
            r#"{"type": "OBJECT", "anyOf": [{"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}]}"#
        ),
        "generationConfig.responseSchema.type",
    )],
    ..NOT_AN_OBJECT
};

/// Only the cloud platform is known to say so of today's models, so that it has tests of its own.
pub(super) const ANY_OF_WITH_TYPE_ON_CLOUD: Rule = Rule {
    id: "schema-any-of-with-type-on-the-cloud-platform",
    title: "A type stands beside anyOf, which the cloud platform refuses",
    severity: crate::facts::Severity::Error,
    why: "With anyOf the branches say the types, and the cloud platform wants nothing beside it.",
    bad: &[],
    ..ANY_OF_WITH_TYPE
};

/// Looks at a schema.
pub(super) fn look(schema: Schema<'_>, place: Place<'_>, found: &mut Findings<'_>) {
    if schema.dialect == Dialect::Json {
        return;
    }
    let own = place.schema;
    let kind = schema.get(own, "type");
    let choice = schema.get(own, "anyOf").filter(|choice| choice.items().next().is_some());
    if let (Some(kind), Some(_)) = (kind.filter(|kind| kind.kind() == Form::Text), choice) {
        any_of(schema, kind, found);
    }
    // A schema without a type was told as one, and of a word that is none nothing is known.
    let word = schema.type_of(own);
    if kind.is_some() && !word.as_deref().is_some_and(super::forms::is_type)
        || kind.is_none() && choice.is_none()
    {
        return;
    }
    let is_of = |name: &str| word.as_deref() == Some(name);
    let names = ["properties", "required", "propertyOrdering"];
    let mut members = names.into_iter().filter_map(|name| schema.get(own, name));
    let member = members.find(|member| member.children().next().is_some());
    if let Some(member) = member.filter(|_| !is_of("object")) {
        misplaced(&NOT_AN_OBJECT, member, "OBJECT", found);
    }
    let items = schema.get(own, "items").filter(|items| items.kind() == Form::Object);
    if let Some(items) = items.filter(|_| !is_of("array")) {
        misplaced(&NOT_A_LIST, items, "ARRAY", found);
    }
}

fn misplaced(rule: &'static Rule, member: Value<'_>, whose: &str, found: &mut Findings<'_>) {
    found.at_name(rule, member, || {
        let name = member.name().unwrap_or_default();
        said(format!("{name} stands in a schema of another type than {whose}"))
            .with(Correction::advice(format!("Say the type {whose}, or leave {name} out")))
    });
}

fn any_of(schema: Schema<'_>, kind: Value<'_>, found: &mut Findings<'_>) {
    let is_cloud = schema.whom.is_cloud;
    let rule: &'static Rule = if is_cloud { &ANY_OF_WITH_TYPE_ON_CLOUD } else { &ANY_OF_WITH_TYPE };
    found.at(rule, kind, || {
        let may = if is_cloud { "is refused" } else { "may be refused" };
        said(format!("the type {} stands beside anyOf, which {may}", kind.raw()))
            .with(Correction::advice("Say the type in the branches of anyOf"))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::models::ModelTable,
        lint::{Given, Service, look},
    };

    #[test]
    fn a_type_beside_any_of_is_refused_on_the_cloud_platform_and_doubtful_elsewhere() {
        let table = ModelTable::embedded();
        let body = answer!(r#"{"type": "STRING", "anyOf": [{"type": "STRING"}]}"#);
        for (service, expected) in [
            (Service::Cloud, ANY_OF_WITH_TYPE_ON_CLOUD.id),
            (Service::Developer, ANY_OF_WITH_TYPE.id),
        ] {
            let given = Given { service, model: Some(FLASH), ..Given::on(&table, "2026-11-20") };
            let told: Vec<_> = look(body, &given).findings.iter().map(|one| one.rule.id).collect();
            assert_eq!(told, [expected], "{service:?}");
        }
    }
}
