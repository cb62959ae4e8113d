//! How large a schema is: levels, properties, words and the length of names. What the service takes is published nowhere, so
//! that the figures here are this program's own.

use crate::facts::Severity::Warning;

use crate::lint::{
    document::Value,
    finding::{Correction, Findings, said},
    rule::{Example, Rule, bad, good},
};

use super::{FLASH, Place, STRUCTURED_PAGE, Schema};

const GOOD: &[Example] = &[
    good(
        FLASH,
        answer!(
            r#"{"type": "OBJECT", "properties": {"a": {"type": "OBJECT", "properties": {"a": {"type": "ARRAY", "items": {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}}}}}}"#
        ),
    ),
    good(
        FLASH,
        request!(
            r#""generation_config": {"response_mime_type": "application/json", "response_schema": {"type": "OBJECT", "properties": {"a_name_of_nearly_sixty_four_letters_which_is_still_short_enough": {"type": "STRING"}}}}"#
        ),
    ),
];

pub(super) const DEEP: Rule = Rule {
    id: "schema-deep",
    title: "A schema has many levels",
    severity: Warning,
    fix: Some("schema-too-complex"),
    answer: "A schema in GenerationConfig in the request exceeds the maximum allowed nesting depth.",
    why: "The service has a most that is published nowhere; schemas of six levels of objects and lists were seen to be refused. More than five is this program's own figure.",
    docs: &[STRUCTURED_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        FLASH,
        answer!(
            r#"{"type": "OBJECT", "properties": {"a": {"type": "ARRAY", "items": {"type": "OBJECT", "properties": {"a": {"type": "ARRAY", "items": {"type": "OBJECT", "properties": {"a": {"type": "ARRAY", "items": {"type": "STRING"}}}}}}}}}}"#
        ),
        "generationConfig.responseSchema.properties.a.items.properties.a.items.properties.a.items",
    )],
    good: GOOD,
};

pub(super) const PROPERTIES: Rule = Rule {
    id: "schema-many-properties",
    title: "A schema has many properties",
    answer: "The specified schema produces a constraint that has too many states for serving.",
    why: "Large schemas are refused; where that begins is published nowhere. More than 200 properties in all is this program's own figure.",
    bad: &[],
    ..DEEP
};

pub(super) const WORDS: Rule = Rule {
    id: "schema-many-words",
    title: "A schema lists many words",
    why: "Long lists in enum are named as a cause where a schema has too many states. More than 500 words in all is this program's own figure.",
    bad: &[],
    ..PROPERTIES
};

pub(super) const LONG_NAME: Rule = Rule {
    id: "schema-name-long",
    title: "A name or word of a schema is long",
    why: "Long names of properties and long words in enum are named as a cause where a schema has too many states. More than 64 letters is this program's own figure.",
    bad: &[bad(
        FLASH,
        answer!(
            r#"{"type": "OBJECT", "properties": {"a_name_of_more_than_sixty_four_letters_which_says_more_than_a_name_should": {"type": "STRING"}}}"#
        ),
        "generationConfig.responseSchema.properties.a_name_of_more_than_sixty_four_letters_which_says_more_than_a_name_should",
    )],
    ..PROPERTIES
};

const MOST_LEVELS: usize = 5;
const MOST_PROPERTIES: usize = 200;
const MOST_WORDS: usize = 500;
const MOST_LETTERS: usize = 64;

/// Looks at the size of a schema.
pub(super) fn look(schema: Schema<'_>, places: &[Place<'_>], found: &mut Findings<'_>) {
    let (mut properties, mut words) = (0, 0);
    let mut deepest: Option<Place<'_>> = None;
    for place in places {
        if place.depth > deepest.map_or(MOST_LEVELS, |deepest| deepest.depth) {
            deepest = Some(*place);
        }
        for property in schema.get(place.schema, "properties").into_iter().flat_map(Value::members)
        {
            properties += 1;
            let length = property.name().map_or(0, str::len);
            if length > MOST_LETTERS {
                found.at_name(&LONG_NAME, property, || long(length));
            }
        }
        for word in schema.get(place.schema, "enum").into_iter().flat_map(Value::items) {
            words += 1;
            let length = word.quoted().map_or(0, str::len);
            if length > MOST_LETTERS {
                found.at(&LONG_NAME, word, || long(length));
            }
        }
    }
    if let Some(place) = deepest {
        found.at(&DEEP, place.schema, || {
            let depth = place.depth;
            said(format!("{depth} objects and lists lie round this schema"))
                .with(Correction::advice("Flatten it, or ask for the inner parts one by one"))
        });
    }
    total(schema, &PROPERTIES, properties, MOST_PROPERTIES, "properties", found);
    total(schema, &WORDS, words, MOST_WORDS, "words in enum", found);
}

fn long(length: usize) -> crate::lint::finding::Said {
    said(format!("it has {length} letters"))
        .with(Correction::advice("Shorten it, and say the rest in the description"))
}

fn total(
    schema: Schema<'_>,
    rule: &'static Rule,
    count: usize,
    most: usize,
    what: &str,
    found: &mut Findings<'_>,
) {
    if count > most {
        found.at_name(rule, schema.root, || {
            said(format!("the schema has {count} {what}"))
                .with(Correction::advice("Ask for less at once"))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::models::ModelTable,
        lint::{Given, Kind, look},
    };

    fn told(body: &str) -> Vec<&'static str> {
        let table = ModelTable::embedded();
        let given = Given { kind: Some(Kind::Schema), ..Given::on(&table, "2026-11-20") };
        look(body, &given).findings.iter().map(|finding| finding.rule.id).collect()
    }

    #[test]
    fn many_properties_and_words_are_told_above_a_figure() {
        let properties = |count: usize| {
            let one = |index| format!("\"p{index}\": {{\"type\": \"string\"}}");
            let all = (0..count).map(one).collect::<Vec<_>>().join(",");
            format!("{{\"type\": \"object\", \"properties\": {{{all}}}}}")
        };
        assert!(!told(&properties(MOST_PROPERTIES)).contains(&PROPERTIES.id));
        assert!(told(&properties(MOST_PROPERTIES + 1)).contains(&PROPERTIES.id));
        let words = |count: usize| {
            let all = (0..count).map(|index| format!("\"w{index}\"")).collect::<Vec<_>>();
            format!("{{\"type\": \"string\", \"enum\": [{}]}}", all.join(","))
        };
        assert!(!told(&words(MOST_WORDS)).contains(&WORDS.id));
        assert!(told(&words(MOST_WORDS + 1)).contains(&WORDS.id));
    }
}
