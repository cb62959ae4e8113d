//! The messages of a chat body: their roles, what is in them, and how they end.

use crate::facts::nearest;

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, Said, said},
    kind::field,
    request::Request,
    rule::{Example, Rule},
    shape::{PART_TYPES, ROLES},
};

use super::{FLASH, OLDER, chat, fine, is_whole, refused, rule};

const GOOD: &[Example] = &[
    fine(
        FLASH,
        r#"{"model": "gemini-3.8-flash", "messages": [{"role": "developer", "content": "a"}, {"role": "user", "content": [{"type": "text", "text": "b"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}, {"role": "assistant", "content": "c"}, {"role": "user", "content": "d"}]}"#,
    ),
    fine(
        OLDER,
        r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "b"}, {"role": "assistant", "content": null, "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "1", "content": ""}]}"#,
    ),
];

pub(super) const MISSING: Rule = refused(
    &rule(
        "openai-messages-missing",
        "There is no message that becomes a turn",
        "Messages of the user, the assistant and of tools become the contents of a request; those of system and developer become its instruction. A request without contents is refused.",
        (
            &[
                chat(FLASH, r#"{"model": "gemini-3.8-flash"}"#, "$"),
                chat(FLASH, r#"{"model": "gemini-3.8-flash", "messages": []}"#, "messages"),
                chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "system", "content": "a"}]}"#,
                    "messages",
                ),
            ],
            GOOD,
        ),
    ),
    "empty-contents-or-parts",
    "GenerateContentRequest.contents: contents is not specified",
);
pub(super) const ROLE_UNKNOWN: Rule = refused(
    &rule(
        "openai-role-unknown",
        "A message has a role that this form does not know",
        "Roles are system, developer, user, assistant and tool. The API's own form says model for assistant.",
        (
            &[
                chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}, {"role": "model", "content": "b"}, {"role": "user", "content": "c"}]}"#,
                    "messages[1].role",
                ),
                chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"content": "a"}]}"#,
                    "messages[0]",
                ),
            ],
            GOOD,
        ),
    ),
    "invalid-role",
    "Please use a valid role: user, model.",
);
pub(super) const ROLE_OUTDATED: Rule = rule(
    "openai-role-outdated",
    "A message has the role function",
    "OpenAI replaced it by tool, with tool_call_id; the page on compatibility knows tools only.",
    (
        &[chat(
            OLDER,
            r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}, {"role": "function", "name": "f", "content": "b"}]}"#,
            "messages[1].role",
        )],
        GOOD,
    ),
);
pub(super) const EMPTY: Rule = rule(
    "openai-content-empty",
    "A message has no content",
    "A message without content becomes a turn without parts, which is dropped or refused.",
    (
        &[
            chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": ""}]}"#,
                "messages[0].content",
            ),
            chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}, {"role": "assistant"}, {"role": "user", "content": "b"}]}"#,
                "messages[1]",
            ),
        ],
        GOOD,
    ),
);
pub(super) const CONTENT_SHAPE: Rule = refused(
    &rule(
        "openai-content-shape",
        "The content of a message is neither a text nor a list of parts",
        "Content is a text, or a list of objects that say their type.",
        (
            &[
                chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": {"type": "text", "text": "a"}}]}"#,
                    "messages[0].content",
                ),
                chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": ["a"]}]}"#,
                    "messages[0].content[0]",
                ),
            ],
            GOOD,
        ),
    ),
    "invalid-argument-generic",
    "Request contains an invalid argument.",
);
pub(super) const PART_TYPE: Rule = refused(
    &rule(
        "openai-part-type",
        "A part of a message has no type that this form knows",
        "Each part says its type: text, image_url, input_audio or file. Parts of the API's own form and of other APIs have no such member, or other words in it.",
        (
            &[
                chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": [{"text": "a"}]}]}"#,
                    "messages[0].content[0]",
                ),
                chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": [{"type": "input_text", "text": "a"}]}]}"#,
                    "messages[0].content[0].type",
                ),
            ],
            GOOD,
        ),
    ),
    "invalid-argument-generic",
    "Request contains an invalid argument.",
);
pub(super) const PART_WITHOUT_FIELD: Rule = refused(
    &rule(
        "openai-part-without-its-field",
        "A part of a message lacks what its type announces",
        "A part of the type image_url has a member image_url with the URL in it, and so on; a text part has text.",
        (
            &[
                chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": [{"type": "text", "content": "a"}]}]}"#,
                    "messages[0].content[0]",
                ),
                chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]}"#,
                    "messages[0].content[0].image_url",
                ),
            ],
            GOOD,
        ),
    ),
    "empty-contents-or-parts",
    "required oneof field 'data' must have one initialized field",
);
pub(super) const IMAGE_URL: Rule = rule(
    "openai-image-url-shape",
    "An image is given in another form than the page shows",
    "image_url is an object with url, which is an address or a data URL: data:image/png;base64, and the bytes.",
    (
        &[
            chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "https://example.com/a.png"}]}]}"#,
                "messages[0].content[0].image_url",
            ),
            chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "iVBORw0KGgo="}}]}]}"#,
                "messages[0].content[0].image_url.url",
            ),
        ],
        GOOD,
    ),
);
pub(super) const ENDS_WITH_ASSISTANT: Rule = refused(
    &rule(
        "openai-ends-with-assistant",
        "The last message is the assistant's",
        "Models since 3.6 refuse a history that ends with the model: there is nothing to answer, and no beginning of an answer is taken.",
        (
            &[chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}"#,
                "messages[1]",
            )],
            GOOD,
        ),
    ),
    "turn-alternation",
    "Requests ending with a model turn are not supported.",
);
pub(super) const MAY_NOT_END_WITH_ASSISTANT: Rule = rule(
    "openai-may-not-end-with-assistant",
    "The last message is the assistant's, which newer models refuse",
    "Models since 3.6 refuse a history that ends with the model; what names of older ones lead to moves on.",
    (
        &[chat(
            OLDER,
            r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}"#,
            "messages[1]",
        )],
        GOOD,
    ),
);

/// The role of a message as it stands there; none where it has none.
pub(super) fn role(message: Value<'_>) -> Option<&str> {
    field(message, "role")?.quoted()
}

/// The calls of a message.
pub(super) fn calls(message: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    field(message, "tool_calls").into_iter().flat_map(Value::items)
}

/// Looks at the messages.
pub(super) fn look(whole: &Request<'_>, found: &mut Findings<'_>) {
    let Some(messages) = field(whole.body, "messages") else {
        if is_whole(whole.body) {
            found.at(&MISSING, whole.body, || said("there are no messages"));
        }
        return;
    };
    let mut last = None;
    let mut turns = 0_usize;
    for message in messages.items().filter(|message| message.kind() == Form::Object) {
        look_at_role(message, found);
        look_at_content(message, found);
        turns += usize::from(!matches!(role(message), Some("system" | "developer")));
        last = Some(message);
    }
    if turns == 0 && messages.kind() == Form::List && is_whole(messages) {
        found.at(&MISSING, messages, || match last {
            Some(_) => said("all messages are instructions, and there is nothing to answer"),
            None => said("the list of messages is empty"),
        });
    }
    if let Some(last) = last.filter(|last| is_whole(*last)) {
        ends(whole, last, found);
    }
}

/// Calls at the end are told as calls without an answer.
fn ends(whole: &Request<'_>, last: Value<'_>, found: &mut Findings<'_>) {
    if role(last) != Some("assistant") || calls(last).next().is_some() {
        return;
    }
    let rule =
        if whole.is_since(3, 6) { &ENDS_WITH_ASSISTANT } else { &MAY_NOT_END_WITH_ASSISTANT };
    let model = whole.model_words();
    found.at(rule, last, || {
        said(format!("the last message is the assistant's, and {model} is to answer the user's"))
            .with(Correction::advice("Add a message of the user, or leave this one out"))
    });
}

fn look_at_role(message: Value<'_>, found: &mut Findings<'_>) {
    let Some(value) = field(message, "role") else {
        if is_whole(message) {
            found.at(&ROLE_UNKNOWN, message, || said("the message has no role"));
        }
        return;
    };
    match value.quoted() {
        Some("function") => {
            found.at(&ROLE_OUTDATED, value, || said("function is OpenAI's older role for tool"));
        }
        Some(word) if !ROLES.contains(&word) => {
            found.at(&ROLE_UNKNOWN, value, || unknown_role(value, word));
        }
        _ => {}
    }
}

fn unknown_role(value: Value<'_>, word: &str) -> Said {
    let lower = word.to_ascii_lowercase();
    let meant = match lower.as_str() {
        "model" | "ai" | "bot" | "gemini" => Some("assistant"),
        "human" => Some("user"),
        lower => {
            ROLES.iter().copied().find(|role| *role == lower).or_else(|| nearest(lower, ROLES))
        }
    };
    said(format!("{word:?} is no role: those are {}", ROLES.join(", "))).with_any(meant.map(
        |role| {
            let edit = edit::replace(value, edit::quoted(role));
            Correction::mechanical(format!("Write {role}"), vec![edit])
        },
    ))
}

fn look_at_content(message: Value<'_>, found: &mut Findings<'_>) {
    let Some(content) = field(message, "content") else {
        let speaks = matches!(role(message), Some("user" | "system" | "developer" | "assistant"));
        if speaks && calls(message).next().is_none() && is_whole(message) {
            // A name that was meant as content was told.
            if !found
                .has_within(&message.span(), &[&super::names::MISSPELT, &super::names::NATIVE_NAME])
            {
                found.at(&EMPTY, message, || said("the message has no content"));
            }
        }
        return;
    };
    match content.kind() {
        Form::Text if content.quoted() == Some("") => empty(message, content, found),
        Form::List if content.items().next().is_none() => empty(message, content, found),
        Form::List => content.items().for_each(|part| look_at_part(part, found)),
        Form::Text | Form::Other => {}
        form => found.at(&CONTENT_SHAPE, content, || {
            let list = (form == Form::Object).then(|| {
                let edit = edit::replace(content, format!("[{}]", content.raw()));
                Correction::mechanical("Write a list of one", vec![edit])
            });
            said(format!("content is a text or a list of parts, and this is {}", form.words()))
                .with_any(list)
        }),
    }
}

/// What a tool answers may be nothing, and calls need no words.
fn empty(message: Value<'_>, content: Value<'_>, found: &mut Findings<'_>) {
    if role(message) != Some("tool") && calls(message).next().is_none() {
        found.at(&EMPTY, content, || said("the content is empty"));
    }
}

fn look_at_part(part: Value<'_>, found: &mut Findings<'_>) {
    if part.kind() != Form::Object {
        found.at(&CONTENT_SHAPE, part, || {
            let text = (part.kind() == Form::Text).then(|| text_part(part));
            said(format!("a part is an object with a type, and this is {}", part.kind().words()))
                .with_any(text)
        });
        return;
    }
    let Some(kind) = field(part, "type") else {
        found.at(&PART_TYPE, part, || without_type(part));
        return;
    };
    match kind.quoted() {
        Some(word) if PART_TYPES.contains(&word) => look_at_data(part, word, found),
        Some(word) => found.at(&PART_TYPE, kind, || unknown_type(kind, word)),
        None => {}
    }
}

fn text_part(part: Value<'_>) -> Correction {
    let text = format!("{{\"type\": \"text\", \"text\": {}}}", part.raw());
    Correction::mechanical("Write it as a part", vec![edit::replace(part, text)])
}

fn without_type(part: Value<'_>) -> Said {
    let named = PART_TYPES.iter().find(|kind| field(part, kind).is_some());
    let correction = named.map(|kind| {
        let edit = edit::insert(part, "type", &edit::quoted(kind));
        Correction::mechanical(format!("Say that it is {kind}"), vec![edit])
    });
    said("the part has no type").with_any(correction)
}

fn unknown_type(kind: Value<'_>, word: &str) -> Said {
    let meant = match word {
        "input_text" | "output_text" => Some("text"),
        word => nearest(word, PART_TYPES).filter(|_| word.len() > 3),
    };
    said(format!("{word:?} is no type of part: those are {}", PART_TYPES.join(", "))).with_any(
        meant.map(|meant| {
            let edit = edit::replace(kind, edit::quoted(meant));
            Correction::mechanical(format!("Write {meant}"), vec![edit])
        }),
    )
}

fn look_at_data(part: Value<'_>, kind: &str, found: &mut Findings<'_>) {
    let Some(data) = field(part, kind) else {
        if is_whole(part) {
            found.at(&PART_WITHOUT_FIELD, part, || {
                said(format!("a part of the type {kind} has a member {kind}"))
            });
        }
        return;
    };
    match (kind, data.kind()) {
        ("image_url", Form::Text) => found.at(&IMAGE_URL, data, || {
            let edit = edit::replace(data, format!("{{\"url\": {}}}", data.raw()));
            said("image_url is an object with url")
                .with(Correction::mechanical("Put it into url", vec![edit]))
        }),
        ("image_url", Form::Object) => image(data, found),
        ("input_audio", Form::Object) => needs(data, &["data", "format"], found),
        _ => {}
    }
}

fn needs(object: Value<'_>, names: &[&str], found: &mut Findings<'_>) {
    let missing = names.iter().find(|name| field(object, name).is_none());
    if let Some(name) = missing.filter(|_| is_whole(object)) {
        found.at(&PART_WITHOUT_FIELD, object, || said(format!("{name} is missing")));
    }
}

fn image(data: Value<'_>, found: &mut Findings<'_>) {
    needs(data, &["url"], found);
    let Some(url) = field(data, "url").filter(|url| url.kind() == Form::Text) else { return };
    let text = url.quoted().unwrap_or_default();
    if !["https:", "http:", "data:", "gs:"].iter().any(|scheme| text.starts_with(scheme)) {
        found.at(&IMAGE_URL, url, || {
            said("the URL begins with neither https: nor data:").with(Correction::advice(
                "Write bytes as data:image/png;base64, and the base64 behind it",
            ))
        });
    }
}
