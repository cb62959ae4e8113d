//! How the answer of a chat body is to be made: the model, sampling, lengths, formats and streams.

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, Said, said},
    kind::field,
    request::Request,
    rule::{Example, Rule},
};

use super::{FLASH, OLDER, chat, fine, is_whole, refused, rule, tools::tools};

const GOOD: &[Example] = &[
    fine(
        OLDER,
        r#"{"model": "models/gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}], "n": 8, "temperature": 2, "top_p": 1, "presence_penalty": 0.5, "stop": ["a", "b", "c", "d", "e"], "max_tokens": 65535, "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}}}"#,
    ),
    fine(
        FLASH,
        r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "n": 1, "stop": "x", "max_completion_tokens": 1, "stream": true, "stream_options": {"include_usage": true}, "response_format": {"type": "json_object"}, "tools": [{"type": "function", "function": {"name": "f", "description": "d"}}]}"#,
    ),
];

pub(super) const MODEL_MISSING: Rule = refused(
    &rule(
        "openai-model-missing",
        "The body names no model",
        "In this form the URL is the same for all models, and the body says which one is meant.",
        (&[chat("", r#"{"messages": [{"role": "user", "content": "a"}]}"#, "$")], GOOD),
    ),
    "model-name-wrong",
    "model is not specified.",
);
pub(super) const MODEL_FOREIGN: Rule = refused(
    &rule(
        "openai-model-of-another-provider",
        "The body names a model of another provider",
        "The endpoint has Google's models only: with the base URL the name has to change as well.",
        (
            &[chat(
                "",
                r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "a"}]}"#,
                "model",
            )],
            GOOD,
        ),
    ),
    "model-name-wrong",
    "models/… is not found for API version v1main, or is not supported for generateContent.",
);
pub(super) const CHOICES: Rule = refused(
    &rule(
        "openai-n-refused",
        "More answers are asked for than the model gives",
        "n becomes candidateCount, which is 1 on models since 3, and at most 8 before.",
        (
            &[
                chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "n": 2}"#,
                    "n",
                ),
                chat(
                    OLDER,
                    r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}], "n": 9}"#,
                    "n",
                ),
            ],
            GOOD,
        ),
    ),
    "candidate-count-unsupported",
    "Multiple candidates is not enabled for this model",
);
pub(super) const PENALTY: Rule = refused(
    &rule(
        "openai-penalty-refused",
        "The model takes no penalties",
        "Models since 3 refuse presence_penalty and frequency_penalty, and the endpoint has refused the latter's name as unknown.",
        (
            &[
                chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "presence_penalty": 0.5}"#,
                    "presence_penalty",
                ),
                chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "frequency_penalty": 0}"#,
                    "frequency_penalty",
                ),
            ],
            GOOD,
        ),
    ),
    "feature-not-enabled-for-model",
    "Penalty is not enabled for this model",
);
pub(super) const SAMPLING_RANGE: Rule = refused(
    &rule(
        "openai-sampling-range",
        "temperature or top_p is out of its range",
        "temperature lies between 0 and 2, top_p above 0 and up to 1.",
        (
            &[chat(
                OLDER,
                r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}], "temperature": 2.5}"#,
                "temperature",
            )],
            GOOD,
        ),
    ),
    "sampling-param-out-of-range",
    "… must be in the range of [0.0, 2.0]",
);
pub(super) const SAMPLING_IGNORED: Rule = rule(
    "openai-sampling-ignored",
    "The model ignores temperature and top_p",
    "Models since 3.6 sample as they like.",
    (
        &[chat(
            FLASH,
            r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "temperature": 0.2}"#,
            "temperature",
        )],
        GOOD,
    ),
);
pub(super) const TOKENS_TWICE: Rule = rule(
    "openai-max-tokens-twice",
    "The most tokens of the answer are given twice",
    "max_completion_tokens is the newer name of max_tokens; which of two counts is not documented.",
    (
        &[chat(
            FLASH,
            r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "max_tokens": 9, "max_completion_tokens": 99}"#,
            "max_tokens",
        )],
        GOOD,
    ),
);
pub(super) const TOKENS_RANGE: Rule = refused(
    &rule(
        "openai-max-tokens-range",
        "The most tokens of the answer are out of the model's range",
        "It is 1 or more, and not more than the model can give; thoughts are counted with it.",
        (
            &[chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "max_tokens": 100000}"#,
                "max_tokens",
            )],
            GOOD,
        ),
    ),
    "output-tokens-out-of-range",
    "maxOutputTokens value of … but the supported range is from 1 (inclusive) to … (exclusive)",
);
pub(super) const STREAM_OPTIONS: Rule = rule(
    "openai-stream-options-without-stream",
    "stream_options is there without a stream",
    "It says what is sent at the end of a stream. Without one it has no meaning, and OpenAI refuses it.",
    (
        &[chat(
            FLASH,
            r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "stream": false, "stream_options": {"include_usage": true}}"#,
            "stream_options",
        )],
        GOOD,
    ),
);
pub(super) const STOP: Rule = refused(
    &rule(
        "openai-stop-too-many",
        "There are more than five texts that end the answer",
        "stop becomes stopSequences, of which there are five at most.",
        (
            &[chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "stop": ["a", "b", "c", "d", "e", "f"]}"#,
                "stop",
            )],
            GOOD,
        ),
    ),
    "invalid-argument-generic",
    "the number of stop_sequences must not exceed 5",
);
pub(super) const FORMAT: Rule = rule(
    "openai-response-format",
    "response_format is not of a form that is documented",
    "It is an object with a type: text, json_object, or json_schema with a member of that name that holds name and schema.",
    (
        &[
            chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "response_format": "json_object"}"#,
                "response_format",
            ),
            chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "response_format": {"type": "json_schema", "schema": {"type": "object"}}}"#,
                "response_format",
            ),
            chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "response_format": {"type": "json"}}"#,
                "response_format.type",
            ),
        ],
        GOOD,
    ),
);
pub(super) const FORMAT_WITH_TOOLS: Rule = refused(
    &rule(
        "openai-json-with-tools",
        "JSON is asked for where tools may be called",
        "Models before 3 refuse functions together with an answer in JSON.",
        (
            &[chat(
                OLDER,
                r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}], "response_format": {"type": "json_object"}, "tools": [{"type": "function", "function": {"name": "f", "description": "d"}}]}"#,
                "response_format",
            )],
            GOOD,
        ),
    ),
    "json-mode-with-tools",
    "Function calling with a response mime type: 'application/json' is unsupported",
);

/// Beginnings of names that only other providers give.
const OTHERS: &[&str] = &[
    "gpt-",
    "chatgpt-",
    "o1-",
    "o3-",
    "o4-",
    "claude-",
    "text-embedding-3",
    "text-embedding-ada",
    "deepseek-",
    "grok-",
];

/// Looks at the settings.
pub(super) fn look(whole: &Request<'_>, found: &mut Findings<'_>) {
    model(whole, found);
    choices(whole, found);
    sampling(whole, found);
    lengths(whole, found);
    stream(whole, found);
    format(whole, found);
}

/// The model's name.
pub(super) fn model(whole: &Request<'_>, found: &mut Findings<'_>) {
    let Some(model) = whole.field("model") else {
        if is_whole(whole.body) {
            found.at(&MODEL_MISSING, whole.body, || {
                said("the body names no model").with_any(named(whole))
            });
        }
        return;
    };
    let name = model.quoted().unwrap_or_default();
    if OTHERS.iter().any(|start| name.starts_with(start)) {
        found.at(&MODEL_FOREIGN, model, || {
            said(format!("{name} is no model of Google's")).with(Correction::advice(format!(
                "Name one of Google's, such as {}",
                whole.table.default_model()
            )))
        });
    }
}

/// What the caller says is meant.
fn named(whole: &Request<'_>) -> Option<Correction> {
    let model = whole.model.as_deref().filter(|_| whole.body.kind() == Form::Object)?;
    let edit = edit::insert(whole.body, "model", &edit::quoted(model));
    Some(Correction::mechanical(format!("Name {model}"), vec![edit]))
}

fn choices(whole: &Request<'_>, found: &mut Findings<'_>) {
    let Some(value) = whole.field("n") else { return };
    let Some(number) = value.number() else { return };
    let most = if whole.is_since(3, 0) { 1.0 } else { 8.0 };
    if !(1.0..=most).contains(&number) {
        found.at(&CHOICES, value, || {
            said(format!(
                "{} gives 1 to {most} answers, and not {}",
                whole.model_words(),
                value.raw()
            ))
            .with(Correction::advice("Leave n out, and make several calls"))
        });
    }
}

fn sampling(whole: &Request<'_>, found: &mut Findings<'_>) {
    for name in ["presence_penalty", "frequency_penalty"] {
        if let Some(value) = whole.field(name).filter(|_| whole.is_since(3, 0)) {
            found.at_name(&PENALTY, value, || {
                said(format!("{} refuses {name}", whole.model_words()))
                    .with(Correction::advice(format!("Leave {name} out")))
            });
        }
    }
    for (name, range) in [("temperature", 0.0..=2.0), ("top_p", f64::MIN_POSITIVE..=1.0)] {
        let Some(value) = whole.field(name) else { continue };
        if whole.is_since(3, 6) {
            found.at_name(&SAMPLING_IGNORED, value, || {
                said(format!("{} ignores {name}", whole.model_words()))
                    .with(left_out(whole.body, value, name))
            });
        } else if value.number().is_some_and(|number| !range.contains(&number)) {
            found.at(&SAMPLING_RANGE, value, || {
                said(format!("{name} is {}, outside of its range", value.raw()))
            });
        }
    }
}

fn left_out(root: Value<'_>, member: Value<'_>, name: &str) -> Correction {
    let edit = edit::remove(root, member);
    // Without it the answer is what it is anyway.
    Correction::mechanical(format!("Leave {name} out"), vec![edit])
}

fn lengths(whole: &Request<'_>, found: &mut Findings<'_>) {
    let newer = whole.field("max_completion_tokens");
    let older = whole.field("max_tokens");
    if let (Some(_), Some(older)) = (newer, older) {
        found.at_name(&TOKENS_TWICE, older, || {
            said("max_completion_tokens is there as well, and is the same")
        });
    }
    let most = whole.accepts.and_then(|accepts| accepts.output_tokens).map_or(f64::MAX, f64::from);
    for value in newer.into_iter().chain(older) {
        if value.number().is_some_and(|number| !(1.0..=most).contains(&number)) {
            let model = whole.model_words();
            found.at(&TOKENS_RANGE, value, || match most {
                f64::MAX => said(format!("{} is less than 1", value.raw())),
                most => said(format!("{model} gives 1 to {most} tokens, and not {}", value.raw())),
            });
        }
    }
    if let Some(stop) = whole.field("stop").filter(|stop| stop.items().nth(5).is_some()) {
        let count = stop.items().count();
        found.at(&STOP, stop, || said(format!("there are {count} of them, and 5 are taken")));
    }
}

fn stream(whole: &Request<'_>, found: &mut Findings<'_>) {
    let is_stream = whole.field("stream").and_then(Value::flag) == Some(true);
    let options = whole.field("stream_options").filter(|options| !is_stream && is_whole(*options));
    if let Some(options) = options {
        found.at_name(&STREAM_OPTIONS, options, || {
            said("stream_options is there, and stream is not true").with(left_out(
                whole.body,
                options,
                "stream_options",
            ))
        });
    }
}

fn format(whole: &Request<'_>, found: &mut Findings<'_>) {
    let Some(format) = whole.field("response_format").filter(|format| is_whole(*format)) else {
        return;
    };
    if format.kind() != Form::Object {
        found.at(&FORMAT, format, || no_object(format));
        return;
    }
    let Some(kind) = field(format, "type") else {
        found.at(&FORMAT, format, || said("response_format has no type"));
        return;
    };
    match kind.quoted() {
        Some("text") => return,
        Some("json_object") => {}
        Some("json_schema") => schema(format, found),
        _ => {
            found.at(&FORMAT, kind, || {
                said(format!("{} is none of text, json_object and json_schema", kind.raw()))
            });
            return;
        }
    }
    if whole.is_before(3, 0) && tools(whole).next().is_some() {
        found.at_name(&FORMAT_WITH_TOOLS, format, || {
            said(format!("{} takes tools or an answer in JSON, and not both", whole.model_words()))
        });
    }
}

fn no_object(format: Value<'_>) -> Said {
    let known = matches!(format.quoted(), Some("text" | "json_object"));
    let correction = known.then(|| {
        let edit = edit::replace(format, format!("{{\"type\": {}}}", format.raw()));
        Correction::mechanical("Write it as an object", vec![edit])
    });
    said(format!("response_format is an object, and this is {}", format.kind().words()))
        .with_any(correction)
}

fn schema(format: Value<'_>, found: &mut Findings<'_>) {
    match field(format, "json_schema") {
        None => found.at(&FORMAT, format, || {
            said("the type is json_schema, and there is no json_schema with name and schema")
        }),
        Some(named) if named.kind() == Form::Object => {
            let missing = ["name", "schema"].into_iter().find(|name| field(named, name).is_none());
            if let Some(name) = missing {
                found.at(&FORMAT, named, || said(format!("{name} is missing")));
            }
        }
        Some(_) => {}
    }
}
