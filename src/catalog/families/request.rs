//! Known fixes of the family `request`: the body of the request.

use crate::{
    catalog::{KnownFix, Sign, maybe, you},
    facts::{Blame, Layer, RetryClass, Severity},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[&INVALID_ARGUMENT_GENERIC];

const INVALID_ARGUMENT_GENERIC: KnownFix = KnownFix {
    id: "invalid-argument-generic",
    title: "Google calls the request invalid and does not say which part",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[maybe(&[Sign::Says("Request contains an invalid argument")])],
    why: "One sentence stands for many faults: a schema without properties, too many tools, a file type the model \
          does not take, a method it does not have, a broken turn in the history. Once such a part is in the \
          history, every later turn fails too.",
    fix: &[
        you("See that a minimal request passes with this key and model")
            .run("gemini-doctor check-key --model {model}"),
        you("Add your parts to it one by one: history, settings, files, tools"),
        you("Send the failing body to a second model, which may name the fault"),
    ],
    confirm: "The full request gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Request contains an invalid argument.","status":"INVALID_ARGUMENT"}}"#,
        "google.api_core.exceptions.InvalidArgument: 400 Request contains an invalid argument.",
        "litellm.BadRequestError: VertexAIException BadRequestError - [{'error': {'code': 400, 'message': 'Request contains an invalid argument.', 'status': 'INVALID_ARGUMENT'}}]",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Multiple authentication credentials received. Please pass only one.","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}"#,
    ],
    splits: &[],
    reproduce: "invalid-argument-generic",
    hides: &[],
    docs: &["https://ai.google.dev/gemini-api/docs/troubleshooting"],
    as_of: "2026-11-20",
};
