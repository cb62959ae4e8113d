//! Names that the compatible endpoint does not know: misspelt, of the API's own form, or of OpenAI's alone.

use crate::facts::nearest;

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Edit, Findings, Said, said},
    kind::field,
    request::{Request, Service},
    rule::{Example, Rule},
    rules::types,
    shape::{Holds, Message, NATIVE, NOT_TAKEN, is_snake_of},
};

use super::{FLASH, OLDER, chat, fine, refused, rule};

const NO_FIELD: &str = "Invalid JSON payload received. Unknown name \"…\": Cannot find field.";

const GOOD: &[Example] = &[fine(
    FLASH,
    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "system", "content": "a"}, {"role": "user", "content": [{"type": "text", "text": "b"}]}], "max_tokens": 99, "reasoning_effort": "low", "stream": true, "stream_options": {"include_usage": true}, "extra_body": {"google": {"cached_content": "cachedContents/a"}}}"#,
)];

const fn unknown_name(
    id: &'static str,
    title: &'static str,
    why: &'static str,
    bad: &'static [Example],
) -> Rule {
    refused(&rule(id, title, why, (bad, GOOD)), "schema-unknown-field", NO_FIELD)
}

pub(super) const MISSPELT: Rule = unknown_name(
    "openai-field-misspelt",
    "A field of the OpenAI-compatible form is spelt differently",
    "The compatible endpoint knows each of OpenAI's fields by its name with underscores, and refuses a body with a name that it does not know.",
    &[
        chat(
            FLASH,
            r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "maxTokens": 9}"#,
            "maxTokens",
        ),
        chat(
            FLASH,
            r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "contnet": "a"}]}"#,
            "messages[0].contnet",
        ),
    ],
);
pub(super) const NATIVE_NAME: Rule = unknown_name(
    "openai-native-field",
    "A field of the API's own form stands in an OpenAI-compatible body",
    "The two forms have no field in common but the model: what generateContent calls so has another name here.",
    &[
        chat(
            FLASH,
            r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "maxOutputTokens": 9}"#,
            "maxOutputTokens",
        ),
        chat(
            FLASH,
            r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "parts": [{"text": "a"}]}]}"#,
            "messages[0].parts",
        ),
    ],
);
pub(super) const GOOGLE_OUTSIDE: Rule = unknown_name(
    "openai-google-outside-extra-body",
    "The field google stands outside extra_body",
    "What only this API has travels in extra_body.google. SDKs of OpenAI's put the fields of their own extra_body into the body itself, so that it has to be there twice in their code.",
    &[
        chat(
            OLDER,
            r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}], "google": {"thinking_config": {"thinking_budget": 0}}}"#,
            "google",
        ),
        chat(
            OLDER,
            r#"{"google": {"thinking_config": {"thinking_budget": 0}}, "model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}], "extra_body": {}}"#,
            "google",
        ),
    ],
);
pub(super) const UNKNOWN: Rule = unknown_name(
    "openai-field-unknown",
    "A field is not known to the OpenAI-compatible endpoint",
    "The endpoint refuses the whole body for a name that it does not have there.",
    &[chat(
        FLASH,
        r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "xyzzy": 1}"#,
        "xyzzy",
    )],
);
/// Which of them are refused has changed more than once, so that it is no error.
pub(super) const LEFT_OUT: Rule = rule(
    "openai-field-not-taken",
    "A field of OpenAI's is not documented for this endpoint",
    "Of fields that the page on compatibility does not name, the endpoint leaves some out and has refused others as unknown, among them seed, store and frequency_penalty.",
    (
        &[chat(
            FLASH,
            r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "logit_bias": {"50256": -100}}"#,
            "logit_bias",
        )],
        GOOD,
    ),
);
pub(super) const NESTED: Rule = rule(
    "openai-extra-body-nested",
    "An extra_body stands within extra_body",
    "SDKs of OpenAI's take the outer one away and send the inner one. In a body as it is sent there is one, with google in it.",
    (
        &[chat(
            OLDER,
            r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}], "extra_body": {"extra_body": {"google": {"thinking_config": {"thinking_budget": 0}}}}}"#,
            "extra_body.extra_body",
        )],
        GOOD,
    ),
);

/// Fields of the API's own form that another name makes right, in the body itself.
const RENAMED: &[(&str, &str)] = &[
    ("maxOutputTokens", "max_tokens"),
    ("topP", "top_p"),
    ("candidateCount", "n"),
    ("stopSequences", "stop"),
    ("presencePenalty", "presence_penalty"),
    ("outputDimensionality", "dimensions"),
];

/// Looks at all names of a body, and at the types of what they name.
pub(super) fn look(whole: &Request<'_>, message: &'static Message, found: &mut Findings<'_>) {
    object(whole, message, whole.body, found);
}

fn object(
    whole: &Request<'_>,
    message: &'static Message,
    value: Value<'_>,
    found: &mut Findings<'_>,
) {
    for member in value.members() {
        let key = member.name().unwrap_or_default();
        let Some(field) = message.find_exactly(key) else {
            unknown(whole, message, (value, member, key), found);
            continue;
        };
        if member.kind() == Form::Null || !types::container(value, member, field, found) {
            continue;
        }
        if let Holds::Object(inner) = field.holds {
            let objects = member.each().filter(|item| item.kind() == Form::Object);
            objects.for_each(|item| object(whole, inner, item, found));
        }
    }
}

fn unknown(
    whole: &Request<'_>,
    message: &'static Message,
    (object, member, key): (Value<'_>, Value<'_>, &str),
    found: &mut Findings<'_>,
) {
    let is_root = object == whole.body;
    let native = NATIVE.iter().find(|(name, _)| *name == key || is_snake_of(key, name));
    if NOT_TAKEN.contains(&key) || whole.service == Service::Cloud {
        // A penalty that the model refuses is told with the settings.
        if !(key == "frequency_penalty" && whole.is_since(3, 0)) {
            found.at_name(&LEFT_OUT, member, || said(not_taken(key)));
        }
    } else if key == "google" && is_root {
        found.at_name(&GOOGLE_OUTSIDE, member, || {
            said("google belongs into extra_body").with_any(wrapped(object, member))
        });
    } else if key == "extra_body" {
        found.at_name(&NESTED, member, || {
            said("the google in it is looked for one level higher")
                .with_any(unwrapped(object, member))
        });
    } else if let Some((name, here)) = native.filter(|(_, here)| *here != key) {
        found.at_name(&NATIVE_NAME, member, || {
            said(format!("{name} is called {here} in this form"))
                .with_any(renamed_native(object, member, name, is_root))
        });
    } else if let Some(name) = meant(message, key) {
        found.at_name(&MISSPELT, member, || renamed(object, member, key, name));
    } else {
        found.at_name(&UNKNOWN, member, || {
            let names = message.names().join(", ");
            said(format!("{key} is no field of {}, which has {names}", message.name))
        });
    }
}

fn not_taken(key: &str) -> String {
    format!("{key} is not documented for this endpoint, which may leave it out or refuse it")
}

fn letters(name: &str) -> impl Iterator<Item = u8> + '_ {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase())
}

fn meant(message: &'static Message, key: &str) -> Option<&'static str> {
    let names = message.names();
    let same = names.iter().copied().find(|name| letters(name).eq(letters(key)));
    // Three letters that differ in two are another word.
    let near = || nearest(key, &names).filter(|name| name.len() > 3 && key.len() > 3);
    same.or_else(near)
}

fn renamed(object: Value<'_>, member: Value<'_>, key: &str, name: &str) -> Said {
    said(format!("{key} is no field here; {name} is")).with_any(rename(object, member, name))
}

fn rename(object: Value<'_>, member: Value<'_>, name: &str) -> Option<Correction> {
    let edit = edit::rename(member, name).filter(|_| field(object, name).is_none())?;
    Some(Correction::mechanical(format!("Rename it to {name}"), vec![edit]))
}

fn renamed_native(
    object: Value<'_>,
    member: Value<'_>,
    name: &str,
    is_root: bool,
) -> Option<Correction> {
    let (_, here) = RENAMED.iter().find(|(own, _)| *own == name).filter(|_| is_root)?;
    rename(object, member, here)
}

/// The edits that put `google` into `extra_body`.
fn wrapped(root: Value<'_>, member: Value<'_>) -> Option<Correction> {
    let edits = match field(root, "extra_body") {
        None => {
            let span = member.key_span()?.start..member.span().end;
            let text = format!("\"extra_body\": {{\"google\": {}}}", member.raw());
            vec![Edit { span, text }]
        }
        Some(extra) if extra.kind() == Form::Object && field(extra, "google").is_none() => {
            vec![edit::remove(root, member), edit::insert(extra, "google", member.raw())]
        }
        Some(_) => return None,
    };
    Some(Correction::mechanical("Put it into extra_body", edits))
}

fn unwrapped(outer: Value<'_>, member: Value<'_>) -> Option<Correction> {
    let is_alone = outer.members().count() == 1 && member.kind() == Form::Object;
    let edit = is_alone.then(|| edit::replace(outer, member.raw()))?;
    Some(Correction::mechanical("Leave the inner one only", vec![edit]))
}
