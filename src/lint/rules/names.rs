//! Names that the API does not know where they stand: misspelt, misplaced, of another version or of another API.

use std::borrow::Cow;

use crate::facts::{
    Severity::{Error, Warning},
    nearest,
    spelling::distance,
};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Edit, Findings, Said, said},
    kind::{Kind, field},
    request::{Request, Service, Version},
    rule::{Example, Rule, bad, good},
    shape::{Field, Holds, Message, SCHEMA, snake},
};

use super::{batch, count, schema, types};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] =
    &[&MISSPELT, &MISPLACED, &FOREIGN, &UNKNOWN, &BOTH_SPELLINGS, &NOT_IN_V1, &NOT_OF_THIS_SERVICE];

const API_PAGE: &str = "https://ai.google.dev/api/generate-content";
const FLASH: &str = "gemini-3.8-flash";

const fn unknown_name(
    id: &'static str,
    title: &'static str,
    why: &'static str,
    bad: &'static [Example],
) -> Rule {
    Rule {
        id,
        title,
        severity: Error,
        fix: Some("schema-unknown-field"),
        answer: "Invalid JSON payload received. Unknown name \"…\" at '…': Cannot find field.",
        why,
        docs: &[API_PAGE],
        as_of: "2026-11-20",
        bad,
        good: GOOD,
    }
}

const GOOD: &[Example] = &[
    good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "system_instruction": {"parts": [{"text": "b"}]}, "generation_config": {"max_output_tokens": 9}}"#,
    ),
    good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "tools": [{"functionDeclarations": [{"name": "f", "description": "d", "parameters": {"type": "OBJECT", "properties": {"temperature": {"type": "NUMBER"}, "mesages": {"type": "STRING"}}}}]}]}"#,
    ),
];

const MISSPELT: Rule = unknown_name(
    "field-misspelt",
    "A field is spelt differently",
    "The service takes names in camelCase and with underscores, exactly as they are defined, and refuses the whole request for any other name.",
    &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfg": {}}"#,
            "generationConfg",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"MaxOutputTokens": 9}}"#,
            "generationConfig.MaxOutputTokens",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"txt": "a"}]}]}"#,
            "contents[0].parts[0].txt",
        ),
    ],
);
const MISPLACED: Rule = unknown_name(
    "field-misplaced",
    "A field stands in the wrong object",
    "Each object has its own fields: what belongs one level higher or lower is unknown where it stands.",
    &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "temperature": 0.5}"#,
            "temperature",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"thinkingBudget": 0}}"#,
            "generationConfig.thinkingBudget",
        ),
    ],
);
const FOREIGN: Rule = unknown_name(
    "field-of-another-api",
    "A field is another API's",
    "Other APIs and SDKs call it so; this one has another name or another way for it.",
    &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "stream": true}"#,
            "stream",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "max_tokens": 9}"#,
            "max_tokens",
        ),
    ],
);
const UNKNOWN: Rule = unknown_name(
    "field-unknown",
    "A field is not known",
    "The service refuses the whole request for a name that it does not have there. A field newer than the table is told as unknown as well.",
    &[bad(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "xyzzy": 1}"#,
        "xyzzy",
    )],
);
const BOTH_SPELLINGS: Rule = Rule {
    answer: "Invalid JSON payload received. Repeated field.",
    ..unknown_name(
        "field-in-both-spellings",
        "A field stands there in both of its spellings",
        "generationConfig and generation_config are one field, which may be there once.",
        &[bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {}, "generation_config": {}}"#,
            "generation_config",
        )],
    )
};
/// The published definition may be behind the service, so that it is no error.
const NOT_IN_V1: Rule = Rule {
    severity: Warning,
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "systemInstruction": {"parts": [{"text": "b"}]}}"#,
    )],
    ..unknown_name(
        "field-not-in-v1",
        "The published v1 does not have a field",
        "v1 is much smaller than v1beta: no systemInstruction, no tools, no thinkingConfig. The live service may have grown beyond what is published.",
        &[],
    )
};
const NOT_OF_THIS_SERVICE: Rule = unknown_name(
    "field-of-the-other-service",
    "Only the other one of Google's two APIs has a field",
    "The Developer API and the cloud platform share most fields, and each has some of its own.",
    &[bad(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "labels": {"team": "a"}}"#,
        "labels",
    )],
);

/// Names of other APIs, and what to do about each.
const FOREIGN_NAMES: &[(&str, &str)] = &[
    ("messages", "the turns stand in contents, each with a role and parts"),
    ("prompt", "the prompt is a text of a turn: contents[0].parts[0].text"),
    ("input", "the prompt is a text of a turn: contents[0].parts[0].text"),
    ("stream", "streaming is a method: POST …:streamGenerateContent?alt=sse"),
    ("max_tokens", "it is generationConfig.maxOutputTokens"),
    ("max_completion_tokens", "it is generationConfig.maxOutputTokens"),
    ("maxTokens", "it is generationConfig.maxOutputTokens"),
    ("system", "it is systemInstruction, with parts"),
    ("system_prompt", "it is systemInstruction, with parts"),
    ("n", "it is generationConfig.candidateCount"),
    ("stop", "it is generationConfig.stopSequences, a list"),
    ("stop_sequences", "it is generationConfig.stopSequences"),
    (
        "response_format",
        "it is generationConfig.responseMimeType with responseSchema or responseJsonSchema",
    ),
    ("tool_choice", "it is toolConfig.functionCallingConfig"),
    ("functions", "they are tools[].functionDeclarations"),
    ("reasoning_effort", "it is generationConfig.thinkingConfig.thinkingLevel"),
    ("thinking", "it is generationConfig.thinkingConfig"),
    ("google", "it is a part of extra_body in the OpenAI-compatible form, and nothing here"),
    ("extra_body", "only the OpenAI-compatible form has it: its fields stand in the body itself"),
    (
        "config",
        "SDKs call generationConfig so, and put tools, safetySettings and systemInstruction into it as well; in the body those stand beside it",
    ),
    ("parameters", "it is generationConfig"),
    ("instances", "the models of the predict method take it: here the turns stand in contents"),
    ("http_options", "it is an option of the SDK and no part of a request"),
    ("automatic_function_calling", "it is an option of the SDK and no part of a request"),
];

/// Which request a name stands in, and what is looked at there.
#[derive(Clone, Copy)]
struct Place<'a, 'd> {
    request: &'a Request<'d>,
    /// The object that fields can be moved in.
    root: Value<'d>,
    message: &'static Message,
}

/// Looks at all names of a body, and at the types of what they name.
pub fn look(whole: &Request<'_>, message: &'static Message, found: &mut Findings<'_>) {
    let place = Place { request: whole, root: whole.body, message };
    object(place, whole.body, found, 0);
}

/// Deeper values are told by the syntax.
const MOST_DEPTH: usize = 120;

fn object<'d>(place: Place<'_, 'd>, value: Value<'d>, found: &mut Findings<'_>, depth: usize) {
    if depth > MOST_DEPTH {
        return;
    }
    let (mut seen, mut told) = (0_u64, 0_u64);
    for member in value.members() {
        let key = member.name().unwrap_or_default();
        if count::is_told(place.request, place.message, key)
            || batch::is_told(place.request, place.message)
        {
            continue;
        }
        let known = place.message.fields.iter().enumerate().find(|(_, field)| field.is_called(key));
        let Some((index, field)) = known else {
            unknown(place, value, member, key, found);
            continue;
        };
        if seen & !told & (1 << index) != 0 && member_is_in_another_spelling(value, member, field) {
            found.at_name(&BOTH_SPELLINGS, member, || {
                said(format!("{key} is {} once more", field.name))
            });
        }
        // One look back is enough: names that stand twice in one spelling are told as such.
        told |= seen & (1 << index);
        seen |= 1 << index;
        availability(place, member, field, found);
        holds(place, (value, member), field, found, depth);
    }
}

fn member_is_in_another_spelling(object: Value<'_>, member: Value<'_>, field: &Field) -> bool {
    let key = member.name();
    object
        .members()
        .take_while(|other| *other != member)
        .any(|other| other.name() != key && other.name().is_some_and(|name| field.is_called(name)))
}

fn holds<'d>(
    place: Place<'_, 'd>,
    (owner, member): (Value<'d>, Value<'d>),
    field: &'static Field,
    found: &mut Findings<'_>,
    depth: usize,
) {
    let own = for_service(field, place.request.service);
    if member.kind() == Form::Null || !types::container(owner, member, &own, found) {
        return;
    }
    let inner = |message| match (place.request.kind, message) {
        // Fields are moved within the request that they are a field of.
        (Kind::Count | Kind::Batch | Kind::BatchLine, message)
            if std::ptr::eq(message, &raw const crate::lint::shape::GENERATE) =>
        {
            None
        }
        _ => Some(place.root),
    };
    let each = |value: Value<'d>, message: &'static Message, found: &mut Findings| {
        let root = inner(message).unwrap_or(value);
        object(Place { root, message, ..place }, value, found, depth + 1);
    };
    match field.holds {
        Holds::Object(message) if field.is_list => {
            member
                .each()
                .filter(|item| item.kind() == Form::Object)
                .for_each(|item| each(item, message, found));
        }
        Holds::Object(message) => each(member, message, found),
        Holds::Named(message) => {
            for item in member.members() {
                if types::named(item, found) {
                    each(item, message, found);
                }
            }
        }
        _ => {}
    }
}

/// A field as a service has it: the cloud platform's topK is a number of any kind.
fn for_service(field: &Field, service: Service) -> Field {
    match (service, field.holds) {
        (Service::Cloud, Holds::Int32) if field.name == "topK" => {
            Field { holds: Holds::Number, ..*field }
        }
        _ => *field,
    }
}

fn availability(
    place: Place<'_, '_>,
    member: Value<'_>,
    field: &'static Field,
    found: &mut Findings<'_>,
) {
    let is_there = match place.request.service {
        Service::Developer => field.known.developer,
        Service::Cloud => field.known.cloud,
    };
    if !is_there {
        let other = match place.request.service {
            Service::Developer => "only the cloud platform (Vertex AI) has it",
            Service::Cloud => "only the Developer API has it",
        };
        found.at_name(&NOT_OF_THIS_SERVICE, member, || said(format!("{}: {other}", field.name)));
    } else if place.request.version == Version::V1
        && place.request.service == Service::Developer
        && !field.known.v1
    {
        found.at_name(&NOT_IN_V1, member, || {
            said(format!("v1 has no {} in {}; v1beta has", field.name, place.message.name))
        });
    }
}

fn unknown<'d>(
    place: Place<'_, 'd>,
    object: Value<'d>,
    member: Value<'d>,
    key: &str,
    found: &mut Findings<'_>,
) {
    if std::ptr::eq(place.message, &raw const SCHEMA) {
        schema::unknown_keyword(object, member, key, found);
        return;
    }
    let same_letters =
        place.message.fields.iter().find(|field| is_same_but_for_case(key, field.name));
    if let Some(field) = same_letters {
        found.at_name(&MISSPELT, member, || renamed(object, member, key, field));
    } else if let Some((path, field)) = home(place, key) {
        found.at_name(&MISPLACED, member, || moved(place, object, member, &path, field));
    } else if let Some((_, advice)) = FOREIGN_NAMES
        .iter()
        .find(|(name, _)| *name == key || crate::lint::shape::is_snake_of(name, key))
    {
        found.at_name(&FOREIGN, member, || {
            said(format!("{key}: {advice}")).with_any(translated(place, object, member, key))
        });
    } else if let Some(field) = misspelt(place.message, key) {
        found.at_name(&MISSPELT, member, || renamed(object, member, key, field));
    } else {
        found.at_name(&UNKNOWN, member, || {
            let names = place.message.names().join(", ");
            said(format!("{key} is no field of {}, which has {names}", place.message.name))
        });
    }
}

fn misspelt(message: &'static Message, key: &str) -> Option<&'static Field> {
    let camel = crate::lint::shape::camel(key);
    let name = nearest(&camel, &message.names())?;
    // Three letters that differ in two are another word; one that is missing or wrong is a slip.
    let is_short = camel.len() <= 3 || name.len() <= 3;
    let is_meant = !is_short || (camel.len() == 3 && distance(&camel, name) == 1);
    is_meant.then(|| message.find(name))?
}

fn letters(name: &str) -> impl Iterator<Item = u8> + '_ {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase())
}

fn is_same_but_for_case(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn renamed(object: Value<'_>, member: Value<'_>, key: &str, known: &Field) -> Said {
    let name =
        if key.contains('_') { Cow::Owned(snake(known.name)) } else { Cow::Borrowed(known.name) };
    let is_free = field(object, known.name).is_none();
    let correction = edit::rename(member, &name).filter(|_| is_free);
    said(format!("{key} is no field here; {name} is")).with_any(
        correction.map(|edit| Correction::mechanical(format!("Rename it to {name}"), vec![edit])),
    )
}

/// Where a field of this name belongs in the request, as the names on the way there.
fn home(place: Place<'_, '_>, key: &str) -> Option<(Vec<&'static str>, &'static Field)> {
    let root: &'static Message = match place.request.kind {
        Kind::Embed | Kind::EmbedBatch => &crate::lint::shape::EMBED,
        _ => &crate::lint::shape::GENERATE,
    };
    let mut waiting = vec![(Vec::new(), root)];
    let mut at = 0;
    while at < waiting.len() {
        let (path, message) = waiting[at].clone();
        at += 1;
        let is_meant =
            |field: &&Field| field.is_called(key) || is_same_but_for_case(key, field.name);
        let found = message.fields.iter().find(is_meant);
        if let Some(field) = found.filter(|_| !std::ptr::eq(message, place.message)) {
            return Some((path, field));
        }
        let inner = message.fields.iter().filter(|field| is_way(field) && path.len() < 3);
        for field in inner {
            let Some(message) = field.message() else { continue };
            waiting.push((path.iter().copied().chain([field.name]).collect(), message));
        }
    }
    None
}

/// Objects that there is one of, so that what belongs into them has one place.
fn is_way(field: &Field) -> bool {
    matches!(field.holds, Holds::Object(message) if !std::ptr::eq(message, &raw const SCHEMA) && message.name != "Content")
        && !field.is_list
}

fn moved<'d>(
    place: Place<'_, 'd>,
    object: Value<'d>,
    member: Value<'d>,
    path: &[&'static str],
    known: &Field,
) -> Said {
    let to = path.iter().copied().chain([known.name]).collect::<Vec<_>>().join(".");
    let correction = move_to(place.root, object, member, path, known.name, member.raw());
    said(format!("{} belongs to {to}", known.name))
        .with_any(correction.map(|edits| Correction::mechanical(format!("Move it to {to}"), edits)))
}

/// The edits that take a member out and put its value in elsewhere, unless something stands there.
fn move_to(
    root: Value<'_>,
    object: Value<'_>,
    member: Value<'_>,
    path: &[&str],
    name: &str,
    raw: &str,
) -> Option<Vec<Edit>> {
    let mut at = root;
    let mut left = path;
    while let Some((step, rest)) = left.split_first() {
        match field(at, step) {
            Some(inner) if inner.kind() == Form::Object => (at, left) = (inner, rest),
            Some(_) => return None,
            None => break,
        }
    }
    if left.is_empty() && field(at, name).is_some() {
        return None;
    }
    let (first, value) = match left.split_first() {
        None => (name, raw.to_owned()),
        Some((first, rest)) => (*first, nested(rest, name, raw)),
    };
    // What is put in behind the very member that goes would stand in the hole.
    let is_alone = object == at && object.members().last() == Some(member);
    if is_alone {
        let span = member.key_span()?.start..member.span().end;
        return Some(vec![Edit { span, text: format!("{}: {value}", edit::quoted(first)) }]);
    }
    Some(vec![edit::remove(object, member), edit::insert(at, first, &value)])
}

fn nested(path: &[&str], name: &str, raw: &str) -> String {
    let inner = format!("{{{}: {raw}}}", edit::quoted(name));
    path.iter().rev().fold(inner, |inner, step| format!("{{{}: {inner}}}", edit::quoted(step)))
}

/// What another API's field is here, where that takes no thought.
fn translated<'d>(
    place: Place<'_, 'd>,
    object: Value<'d>,
    member: Value<'d>,
    key: &str,
) -> Option<Correction> {
    if object != place.root {
        return None;
    }
    let (path, name, raw): (&[&str], &str, String) = match (key, member.kind()) {
        ("max_tokens" | "max_completion_tokens" | "maxTokens", Form::Number) => {
            (&["generationConfig"], "maxOutputTokens", member.raw().to_owned())
        }
        ("n", Form::Number) => (&["generationConfig"], "candidateCount", member.raw().to_owned()),
        ("stop" | "stop_sequences", Form::List) => {
            (&["generationConfig"], "stopSequences", member.raw().to_owned())
        }
        ("stop" | "stop_sequences", Form::Text) => {
            (&["generationConfig"], "stopSequences", format!("[{}]", member.raw()))
        }
        ("system" | "system_prompt", Form::Text) => {
            (&[], "systemInstruction", format!("{{\"parts\": [{{\"text\": {}}}]}}", member.raw()))
        }
        ("prompt" | "input", Form::Text) => (
            &[],
            "contents",
            format!("[{{\"role\": \"user\", \"parts\": [{{\"text\": {}}}]}}]", member.raw()),
        ),
        _ => return None,
    };
    let edits = move_to(place.root, object, member, path, name, &raw)?;
    let to = path.iter().copied().chain([name]).collect::<Vec<_>>().join(".");
    Some(Correction::mechanical(format!("Write it as {to}"), edits))
}
