//! Many requests at once: inlined in a body, or one a line of a file.

use crate::facts::Severity::{Error, Warning};

use crate::lint::{
    document::{End, Form, Value},
    finding::{Correction, Findings, said},
    kind::{Kind, field},
    request::Request,
    rule::{Example, Rule, UNQUOTED, bad, good},
    shape::{BATCH_LINE, Message},
};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] =
    &[&NOTHING, &FILE_AND_REQUESTS, &REQUEST_MISSING, &KEY_MISSING, &LINE_OF_OPENAI];

const PAGE: &str = "https://ai.google.dev/gemini-api/docs/batch-api";
const FLASH: &str = "gemini-3.8-flash";

const GOOD: &[Example] = &[
    good(
        FLASH,
        r#"{"batch": {"display_name": "a", "input_config": {"requests": {"requests": [{"request": {"contents": [{"role": "user", "parts": [{"text": "a"}]}]}, "metadata": {"key": "1"}}]}}}}"#,
    )
    .of(Kind::Batch),
    good(FLASH, r#"{"batch": {"displayName": "a", "inputConfig": {"fileName": "files/a"}}}"#)
        .of(Kind::Batch),
    good(
        FLASH,
        r#"{"key": "1", "request": {"contents": [{"role": "user", "parts": [{"text": "a"}]}]}}"#,
    )
    .of(Kind::BatchLine),
];

const NOTHING: Rule = Rule {
    id: "batch-empty",
    title: "A batch has no requests",
    severity: Error,
    fix: Some("empty-contents-or-parts"),
    answer: UNQUOTED,
    why: "A batch has its requests in batch.inputConfig: a list of them in requests.requests, or the name of a file in fileName.",
    docs: &[PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(FLASH, "{}", "$").of(Kind::Batch),
        bad(FLASH, r#"{"batch": {"displayName": "a"}}"#, "batch").of(Kind::Batch),
        bad(FLASH, r#"{"batch": {"inputConfig": {}}}"#, "batch.inputConfig").of(Kind::Batch),
        bad(
            FLASH,
            r#"{"batch": {"inputConfig": {"requests": {"requests": []}}}}"#,
            "batch.inputConfig.requests.requests",
        )
        .of(Kind::Batch),
    ],
    good: GOOD,
};
const FILE_AND_REQUESTS: Rule = Rule {
    id: "batch-file-and-requests",
    title: "A batch has a file and requests of its own",
    fix: Some("field-value-refused"),
    answer: "Invalid value at 'batch.input_config' (oneof), oneof field 'source' is already set.",
    why: "The requests stand in a file or in the body, and only one of the two may be named.",
    bad: &[bad(
        FLASH,
        r#"{"batch": {"inputConfig": {"fileName": "files/a", "requests": {"requests": [{"request": {"contents": [{"role": "user", "parts": [{"text": "a"}]}]}}]}}}}"#,
        "batch.inputConfig.requests",
    )
    .of(Kind::Batch)],
    ..NOTHING
};
const REQUEST_MISSING: Rule = Rule {
    id: "batch-request-missing",
    title: "An entry of a batch has no request",
    why: "Each entry holds a whole request in request, and what it is called beside it.",
    bad: &[
        bad(FLASH, r#"{"key": "1"}"#, "$").of(Kind::BatchLine),
        bad(
            FLASH,
            r#"{"batch": {"inputConfig": {"requests": {"requests": [{"metadata": {"key": "1"}}]}}}}"#,
            "batch.inputConfig.requests.requests[0]",
        )
        .of(Kind::Batch),
    ],
    ..NOTHING
};
const KEY_MISSING: Rule = Rule {
    id: "batch-key-missing",
    title: "A line of a batch has no key",
    severity: Warning,
    fix: None,
    answer: "",
    why: "Answers may come in another order than the requests; only the key of a line says which answer is whose.",
    bad: &[bad(
        FLASH,
        r#"{"request": {"contents": [{"role": "user", "parts": [{"text": "a"}]}]}}"#,
        "$",
    )
    .of(Kind::BatchLine)],
    ..NOTHING
};
const LINE_OF_OPENAI: Rule = Rule {
    id: "batch-line-of-openai",
    title: "A line has the form of OpenAI's batches",
    severity: Warning,
    fix: None,
    answer: "",
    why: "The API's own batches have lines with key and request. Lines with custom_id, method, url and body are taken by the OpenAI-compatible batches only.",
    bad: &[bad(
        FLASH,
        r#"{"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}]}}"#,
        "custom_id",
    )
    .of(Kind::BatchLine)],
    ..NOTHING
};

/// Whether a name is told here, since the whole line is of another API's form.
pub(super) fn is_told(whole: &Request<'_>, message: &'static Message) -> bool {
    std::ptr::eq(message, &raw const BATCH_LINE) && is_of_openai(whole.body)
}

fn is_of_openai(line: Value<'_>) -> bool {
    line.member("custom_id").is_some() && line.member("body").is_some()
}

/// Looks at a body or a line.
pub(super) fn look(whole: &Request<'_>, found: &mut Findings<'_>) {
    if whole.body.document().end() != End::Whole || whole.body.kind() != Form::Object {
        return;
    }
    match whole.kind {
        Kind::Batch => batch(whole, found),
        Kind::BatchLine => line(whole.body, found),
        _ => {}
    }
}

fn line(line: Value<'_>, found: &mut Findings<'_>) {
    if let Some(id) = line.member("custom_id").filter(|_| is_of_openai(line)) {
        found.at_name(&LINE_OF_OPENAI, id, || {
            said("the line has custom_id and body, as OpenAI's batches have").with(
                Correction::advice("Write key for custom_id, and a request with contents for body"),
            )
        });
        return;
    }
    match field(line, "request") {
        None => found.at(&REQUEST_MISSING, line, || said("the line has no request")),
        Some(_) if field(line, "key").is_none() => {
            found.at(&KEY_MISSING, line, || said("the line has no key"));
        }
        Some(_) => {}
    }
}

fn batch(whole: &Request<'_>, found: &mut Findings<'_>) {
    let Some(batch) = whole.field("batch") else {
        found.at(&NOTHING, whole.body, || said("batch is missing"));
        return;
    };
    let Some(input) = field(batch, "inputConfig") else {
        if batch.kind() == Form::Object {
            found.at(&NOTHING, batch, || said("the batch has no inputConfig"));
        }
        return;
    };
    match (field(input, "fileName"), field(input, "requests")) {
        (Some(_), Some(requests)) => found.at_name(&FILE_AND_REQUESTS, requests, || {
            said("fileName is there as well, and only one of the two may be")
        }),
        (None, None) if input.kind() == Form::Object => {
            found.at(&NOTHING, input, || said("inputConfig has no requests and no fileName"));
        }
        (None, Some(requests)) => inlined(requests, found),
        _ => {}
    }
}

fn inlined(requests: Value<'_>, found: &mut Findings<'_>) {
    // A list in the place of the object with the list is told with the types.
    let Some(list) = field(requests, "requests") else {
        if requests.kind() == Form::Object {
            found.at(&NOTHING, requests, || said("requests has no list of the same name in it"));
        }
        return;
    };
    if list.kind() == Form::List && list.items().next().is_none() {
        found.at(&NOTHING, list, || said("the list of requests is empty"));
    }
    for one in list.items().filter(|one| one.kind() == Form::Object) {
        if field(one, "request").is_none() {
            found.at(&REQUEST_MISSING, one, || said("the entry has no request"));
        }
    }
}
