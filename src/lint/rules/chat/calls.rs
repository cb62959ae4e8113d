//! Calls of tools in a chat body, their answers, and the signatures of thoughts that belong to them.

use crate::facts::accepts::Line;

use crate::lint::{
    document::{Form, Value},
    finding::{Correction, Findings, said},
    kind::field,
    request::Request,
    rule::{Example, Rule},
};

use super::{
    FLASH, OLDER, chat, fine, is_whole,
    messages::{calls, role},
    refused, rule,
};

const GOOD: &[Example] = &[
    fine(
        OLDER,
        r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}, {"id": "2", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "2", "content": "b"}, {"role": "tool", "tool_call_id": "1", "content": "c"}]}"#,
    ),
    fine(
        FLASH,
        r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}, "extra_content": {"google": {"thought_signature": "AAAA"}}}, {"id": "2", "type": "function", "function": {"name": "f", "arguments": "{\"a\": 1}"}}]}, {"role": "tool", "tool_call_id": "1", "content": "b"}, {"role": "tool", "tool_call_id": "2", "content": "c"}]}"#,
    ),
    // What was called before the last question is not validated any more.
    fine(
        FLASH,
        r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "1", "content": "b"}, {"role": "assistant", "content": "c"}, {"role": "user", "content": "d"}]}"#,
    ),
];

pub(super) const ORPHAN: Rule = refused(
    &rule(
        "openai-tool-answer-without-call",
        "A tool answers where nothing was called",
        "Messages of tools follow the assistant's message with their calls. A history that was cut between the two begins with an answer to nothing.",
        (
            &[
                chat(
                    OLDER,
                    r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}, {"role": "tool", "tool_call_id": "1", "content": "b"}]}"#,
                    "messages[1]",
                ),
                chat(
                    OLDER,
                    r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "1", "content": "b"}, {"role": "tool", "tool_call_id": "9", "content": "b"}]}"#,
                    "messages[3].tool_call_id",
                ),
            ],
            GOOD,
        ),
    ),
    "function-turn-order",
    "Please ensure that function response turn comes immediately after a function call turn.",
);
pub(super) const UNANSWERED: Rule = refused(
    &rule(
        "openai-call-without-answer",
        "A call has no answer right behind it",
        "Each call of a message needs one message of a tool before anybody else speaks, as many as there are calls.",
        (
            &[
                chat(
                    OLDER,
                    r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}, {"id": "2", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "1", "content": "b"}, {"role": "user", "content": "c"}]}"#,
                    "messages[1].tool_calls[1]",
                ),
                chat(
                    OLDER,
                    r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}]}"#,
                    "messages[1].tool_calls[0]",
                ),
            ],
            GOOD,
        ),
    ),
    "function-response-count-mismatch",
    "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
);
pub(super) const TWICE: Rule = refused(
    &rule(
        "openai-call-answered-twice",
        "A call is answered more than once",
        "There are to be as many answers as calls, each by the id of its own.",
        (
            &[chat(
                OLDER,
                r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "1", "content": "b"}, {"role": "tool", "tool_call_id": "1", "content": "c"}]}"#,
                "messages[3].tool_call_id",
            )],
            GOOD,
        ),
    ),
    "function-response-count-mismatch",
    "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
);
pub(super) const WITHOUT_ID: Rule = rule(
    "openai-tool-answer-without-id",
    "A tool's message does not say which call it answers",
    "tool_call_id is the id of the call; newer models match answers by it and by the function's name.",
    (
        &[chat(
            OLDER,
            r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "content": "b"}]}"#,
            "messages[2]",
        )],
        GOOD,
    ),
);
pub(super) const ARGUMENTS: Rule = rule(
    "openai-arguments-no-json",
    "The arguments of a call are no JSON object",
    "arguments is a text that holds an object as JSON: streams that were joined wrongly leave two of them, or half of one.",
    (
        &[chat(
            OLDER,
            r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{\"a\": 1}{\"a\": 2}"}}]}, {"role": "tool", "tool_call_id": "1", "content": "b"}]}"#,
            "messages[1].tool_calls[0].function.arguments",
        )],
        GOOD,
    ),
);
pub(super) const SIGNATURE_MISSING: Rule = refused(
    &Rule {
        docs: &["https://ai.google.dev/gemini-api/docs/thought-signatures", super::PAGE],
        ..rule(
            "openai-signature-missing",
            "The first call of a message has no thought signature",
            "Models since 3 sign the first call of each message, and want the signature back as long as the question is not answered: in extra_content.google.thought_signature of the call. SDKs of OpenAI's keep it only where messages are sent back whole.",
            (
                &[chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "1", "content": "b"}]}"#,
                    "messages[1].tool_calls[0]",
                )],
                GOOD,
            ),
        )
    },
    "thought-signature-missing",
    "Function call is missing a thought_signature in functionCall parts.",
);
pub(super) const SIGNATURE_DAMAGED: Rule = refused(
    &rule(
        "openai-signature-no-base64",
        "A thought signature is no base64",
        "Signatures are bytes in base64. They are sent back as they came, not shortened, joined or escaped once more.",
        (
            &[chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}, "extra_content": {"google": {"thought_signature": "AA A..."}}}]}, {"role": "tool", "tool_call_id": "1", "content": "b"}]}"#,
                "messages[1].tool_calls[0].extra_content.google.thought_signature",
            )],
            GOOD,
        ),
    ),
    "thought-signature-not-base64",
    "Invalid value at '…' (TYPE_BYTES), Base64 decoding failed for \"…\"",
);

/// Looks at the calls and their answers, in one pass.
pub(super) fn look(whole: &Request<'_>, found: &mut Findings<'_>) {
    let Some(messages) = field(whole.body, "messages") else { return };
    let mut asked = Asked::default();
    for message in messages.items().filter(|message| message.kind() == Form::Object) {
        match role(message) {
            Some("tool") => asked.answer(message, found),
            Some("function") => {}
            _ => {
                asked.close(found);
                asked = Asked { message: calls(message).next().map(|_| message), answered: 0 };
            }
        }
        calls(message).for_each(|call| look_at_call(call, found));
    }
    if is_whole(messages) {
        asked.close(found);
    }
    signatures(whole, messages, found);
}

/// The message whose calls are being answered.
#[derive(Default)]
struct Asked<'d> {
    message: Option<Value<'d>>,
    /// Which of its first calls have an answer.
    answered: u64,
}

/// Nobody makes more calls at once; what lies beyond is not matched.
const MOST_CALLS: usize = 64;

impl<'d> Asked<'d> {
    fn calls(&self) -> impl Iterator<Item = Value<'d>> + use<'d> {
        self.message.into_iter().flat_map(calls).take(MOST_CALLS)
    }

    fn answer(&mut self, message: Value<'_>, found: &mut Findings<'_>) {
        if self.message.is_none() {
            found.at(&ORPHAN, message, || said("a tool answers, and nothing was called before"));
            return;
        }
        let Some(id) = field(message, "tool_call_id") else {
            if is_whole(message) {
                found.at(&WITHOUT_ID, message, || said("the message has no tool_call_id"));
            }
            // It is an answer to something.
            let open = (0..self.calls().count()).find(|index| self.answered & (1 << index) == 0);
            self.answered |= open.map_or(0, |index| 1 << index);
            return;
        };
        let is_own = |call: &Value<'_>| field(*call, "id").is_some_and(|own| own.raw() == id.raw());
        match self.calls().position(|call| is_own(&call)) {
            None if self.calls().count() < MOST_CALLS => found.at(&ORPHAN, id, || {
                said(format!("no call of the message before has the id {}", short(id.raw())))
            }),
            Some(index) if self.answered & (1 << index) != 0 => found.at(&TWICE, id, || {
                said(format!("the call {} was answered before", short(id.raw())))
            }),
            Some(index) => self.answered |= 1 << index,
            None => {}
        }
    }

    /// What is left without an answer when somebody else speaks.
    fn close(&self, found: &mut Findings<'_>) {
        let open = self.calls().enumerate().find(|(index, _)| self.answered & (1 << index) == 0);
        if let Some((_, call)) = open {
            let all = self.calls().count();
            let answered = self.answered.count_ones();
            found.at(&UNANSWERED, call, || {
                said(format!("the message makes {all} calls and {answered} of them are answered"))
                    .with(Correction::advice(
                        "Add a message with the role tool and the id of the call",
                    ))
            });
        }
    }
}

fn short(raw: &str) -> String {
    raw.chars().take(60).collect()
}

fn look_at_call(call: Value<'_>, found: &mut Findings<'_>) {
    let arguments = field(call, "function").and_then(|function| field(function, "arguments"));
    if let Some(arguments) =
        arguments.filter(|value| value.kind() == Form::Text && is_whole(*value))
    {
        let text = arguments.text().unwrap_or_default();
        let text = text.trim();
        let is_object =
            text.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        if !is_object && !text.is_empty() {
            found.at(&ARGUMENTS, arguments, || said("arguments holds no object as JSON"));
        }
    }
    if let Some(signature) = signature(call).filter(|value| value.kind() == Form::Text) {
        let is_base64 = |letter: u8| {
            letter.is_ascii_alphanumeric() || matches!(letter, b'+' | b'/' | b'-' | b'_' | b'=')
        };
        // A slash may be escaped.
        let raw = signature.quoted().unwrap_or_default();
        if !raw.bytes().all(|letter| is_base64(letter) || letter == b'\\') && is_whole(signature) {
            found.at(&SIGNATURE_DAMAGED, signature, || {
                said("the signature has characters that base64 does not have")
            });
        }
    }
}

fn signature(call: Value<'_>) -> Option<Value<'_>> {
    field(field(field(call, "extra_content")?, "google")?, "thoughtSignature")
        .filter(|value| value.quoted() != Some(""))
}

/// The first call of each message since the last question.
fn signatures(whole: &Request<'_>, messages: Value<'_>, found: &mut Findings<'_>) {
    let is_image = whole.accepts.is_some_and(|accepts| accepts.line == Line::Image);
    if !whole.is_since(3, 0) || is_image || !is_whole(messages) {
        return;
    }
    let last = messages.items().filter(|message| role(*message) == Some("user")).last();
    let current = messages.items().skip_while(|message| Some(*message) != last);
    for call in current.filter_map(|message| calls(message).next()) {
        if signature(call).is_none() {
            found.at(&SIGNATURE_MISSING, call, || {
                said("the call has no extra_content.google.thought_signature").with(Correction::advice(
                    "Send the assistant's message back as it came, or skip_thought_signature_validator as the signature of a call that was made up",
                ))
            });
        }
    }
}
