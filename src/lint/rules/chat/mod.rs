//! Bodies in the form of OpenAI's API, which the compatible endpoint turns into requests of its own.
//!
//! Which of the looks at such a body are taken, in order. It must not look at fields itself.

mod calls;
mod embeddings;
mod messages;
mod names;
mod settings;
mod thinking;
mod tools;

use crate::facts::Severity::{Error, Warning};

use crate::lint::{
    document::{End, Value},
    finding::Findings,
    kind::Kind,
    request::Request,
    rule::{Example, Rule, bad, good},
    shape::{CHAT, CHAT_EMBEDDINGS},
};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &names::MISSPELT,
    &names::NATIVE_NAME,
    &names::GOOGLE_OUTSIDE,
    &names::UNKNOWN,
    &names::LEFT_OUT,
    &names::NESTED,
    &messages::MISSING,
    &messages::ROLE_UNKNOWN,
    &messages::ROLE_OUTDATED,
    &messages::EMPTY,
    &messages::CONTENT_SHAPE,
    &messages::PART_TYPE,
    &messages::PART_WITHOUT_FIELD,
    &messages::IMAGE_URL,
    &messages::ENDS_WITH_ASSISTANT,
    &messages::MAY_NOT_END_WITH_ASSISTANT,
    &calls::ORPHAN,
    &calls::UNANSWERED,
    &calls::TWICE,
    &calls::WITHOUT_ID,
    &calls::ARGUMENTS,
    &calls::SIGNATURE_MISSING,
    &calls::SIGNATURE_DAMAGED,
    &tools::TOOL_TYPE,
    &tools::NAME_INVALID,
    &tools::NAME_LONG,
    &tools::CHOICE,
    &settings::MODEL_MISSING,
    &settings::MODEL_FOREIGN,
    &settings::CHOICES,
    &settings::PENALTY,
    &settings::SAMPLING_RANGE,
    &settings::SAMPLING_IGNORED,
    &settings::TOKENS_TWICE,
    &settings::TOKENS_RANGE,
    &settings::STREAM_OPTIONS,
    &settings::STOP,
    &settings::FORMAT,
    &settings::FORMAT_WITH_TOOLS,
    &thinking::EFFORT_UNKNOWN,
    &thinking::EFFORT_DIFFERS,
    &thinking::EFFORT_AND_CONFIG,
    &thinking::LEVEL_AND_BUDGET,
    &thinking::LEVEL_REFUSED,
    &thinking::BUDGET_REFUSED,
    &embeddings::INPUT_MISSING,
    &embeddings::INPUT_SHAPE,
    &embeddings::TOO_MANY,
];

const PAGE: &str = "https://ai.google.dev/gemini-api/docs/openai";
const FLASH: &str = "gemini-3.8-flash";
const OLDER: &str = "gemini-2.5-flash";

/// What most rules of this form have in common.
const fn rule(
    id: &'static str,
    title: &'static str,
    why: &'static str,
    (bad, good): (&'static [Example], &'static [Example]),
) -> Rule {
    Rule {
        id,
        title,
        severity: Warning,
        fix: None,
        answer: "",
        why,
        docs: &[PAGE],
        as_of: "2026-11-20",
        bad,
        good,
    }
}

/// The same, where the endpoint refuses it.
const fn refused(rule: &Rule, fix: &'static str, answer: &'static str) -> Rule {
    Rule { severity: Error, fix: Some(fix), answer, ..*rule }
}

/// A body of `chat/completions` in which a rule finds something at a path.
const fn chat(model: &'static str, body: &'static str, at: &'static str) -> Example {
    bad(model, body, at).of(Kind::Chat)
}

/// One in which it finds nothing.
const fn fine(model: &'static str, body: &'static str) -> Example {
    good(model, body).of(Kind::Chat)
}

/// Looks at a body.
pub(super) fn look(whole: &Request<'_>, found: &mut Findings<'_>) {
    match whole.kind {
        Kind::Chat => {
            names::look(whole, &CHAT, found);
            settings::look(whole, found);
            thinking::look(whole, found);
            tools::look(whole, found);
            super::schema::look_at_chat(whole, found);
            messages::look(whole, found);
            calls::look(whole, found);
            super::size::look(whole, found);
        }
        Kind::ChatEmbeddings => {
            names::look(whole, &CHAT_EMBEDDINGS, found);
            settings::model(whole, found);
            embeddings::look(whole, found);
        }
        _ => {}
    }
}

/// Whether the text was read to its end, so that what is not there is missing.
fn is_whole(value: Value<'_>) -> bool {
    value.document().end() == End::Whole
}
