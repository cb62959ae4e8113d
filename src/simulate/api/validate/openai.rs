//! A chat completion in OpenAI's form: its fields, and what is judged before it is put into the
//! native form.
//!
//! What it asks of a model is judged there, as that of every native request.

use serde_json::Value;

use super::super::error::ApiError;
use super::super::members::field;
use super::kinds::{Field, Kind, Message, Words, many, one};

pub(super) static CHAT: Message = Message {
    name: "ChatCompletionRequest",
    fields: &[
        one("model", Kind::Text),
        many("messages", Kind::Message(&TURN)),
        one("stream", Kind::Flag),
        one("stream_options", Kind::Message(&STREAM_OPTIONS)),
        one("max_tokens", Kind::Int32),
        one("max_completion_tokens", Kind::Int32),
        one("reasoning_effort", Kind::Text),
        many("tools", Kind::Message(&TOOL)),
        one("tool_choice", Kind::TextOr(&CHOICE)),
        one("parallel_tool_calls", Kind::Flag),
        one("response_format", Kind::Message(&FORMAT)),
        one("temperature", Kind::Float),
        one("top_p", Kind::Float),
        one("n", Kind::Int32),
        many("stop", Kind::Text),
        one("seed", Kind::Int64),
        one("user", Kind::Text),
        one("extra_body", Kind::Struct),
        one("frequency_penalty", Kind::Float),
        one("presence_penalty", Kind::Float),
        one("logprobs", Kind::Flag),
        one("top_logprobs", Kind::Int32),
        many("modalities", Kind::Text),
    ],
};

static TURN: Message = Message {
    name: "ChatMessage",
    fields: &[
        one("role", Kind::Text),
        many("content", Kind::TextOr(&PART)),
        one("name", Kind::Text),
        one("refusal", Kind::Text),
        many("tool_calls", Kind::Message(&CALL)),
        one("tool_call_id", Kind::Text),
        EXTRA,
    ],
};

/// Where Google's own members go.
const EXTRA: Field = one("extra_content", Kind::Struct);

static PART: Message = Message {
    name: "ContentPart",
    fields: &[
        one("type", Kind::Text),
        one("text", Kind::Text),
        one("image_url", Kind::Message(&IMAGE)),
        one("input_audio", Kind::Message(&AUDIO)),
        one("refusal", Kind::Text),
        one("file", Kind::Struct),
    ],
};

static IMAGE: Message =
    Message { name: "ImageUrl", fields: &[one("url", Kind::Text), one("detail", Kind::Text)] };

static AUDIO: Message =
    Message { name: "InputAudio", fields: &[one("data", Kind::Text), one("format", Kind::Text)] };

static CALL: Message = Message {
    name: "ToolCall",
    fields: &[
        one("id", Kind::Text),
        one("type", Kind::Text),
        one("index", Kind::Int32),
        one("function", Kind::Message(&CALLED)),
        EXTRA,
    ],
};

static CALLED: Message = Message {
    name: "FunctionCall",
    fields: &[one("name", Kind::Text), one("arguments", Kind::Text)],
};

static TOOL: Message = Message {
    name: "Tool",
    fields: &[one("type", Kind::Text), one("function", Kind::Message(&FUNCTION))],
};

static FUNCTION: Message = Message {
    name: "Function",
    fields: &[
        one("name", Kind::Text),
        one("description", Kind::Text),
        one("parameters", Kind::Struct),
        one("strict", Kind::Flag),
    ],
};

static CHOICE: Message = Message {
    name: "ToolChoice",
    fields: &[one("type", Kind::Text), one("function", Kind::Message(&CHOSEN))],
};

static CHOSEN: Message = Message { name: "ChosenFunction", fields: &[one("name", Kind::Text)] };

static FORMAT: Message = Message {
    name: "ResponseFormat",
    fields: &[one("type", Kind::Word(&FORMS)), one("json_schema", Kind::Message(&JSON_SCHEMA))],
};

static FORMS: Words =
    Words { name: "ResponseFormat.Type", all: &["text", "json_object", "json_schema"], cloud: &[] };

static JSON_SCHEMA: Message = Message {
    name: "JsonSchema",
    fields: &[
        one("name", Kind::Text),
        one("description", Kind::Text),
        one("schema", Kind::Struct),
        one("strict", Kind::Flag),
    ],
};

static STREAM_OPTIONS: Message = Message {
    name: "StreamOptions",
    fields: &[one("include_usage", Kind::Flag), one("include_obfuscation", Kind::Flag)],
};

const ROLES: [&str; 5] = ["system", "developer", "user", "assistant", "tool"];

/// There are messages, of known roles, and thinking is steered in one way.
pub(super) fn check(request: &Value) -> Result<(), ApiError> {
    let messages = request["messages"].as_array().filter(|all| !all.is_empty());
    let Some(messages) = messages else {
        return Err(ApiError::invalid("messages: at least one message is required"));
    };
    let is_known = |one: &Value| one["role"].as_str().is_some_and(|role| ROLES.contains(&role));
    if !messages.iter().all(is_known) {
        return Err(ApiError::invalid("Please use a valid role: user, model."));
    }
    let has_effort = field(request, "reasoning_effort").is_some();
    match has_effort && steers_thinking(&request["extra_body"]) {
        true => Err(ApiError::invalid(
            "reasoning_effort and thinking_config are not supported together.",
        )),
        false => Ok(()),
    }
}

/// Whether Google's own members steer it; some clients wrap them once more.
fn steers_thinking(extra: &Value) -> bool {
    let is_there = |extra: &Value| {
        let config = field(&extra["google"], "thinkingConfig").unwrap_or(&Value::Null);
        ["thinkingBudget", "thinkingLevel"].iter().any(|name| field(config, name).is_some())
    };
    is_there(extra) || is_there(&extra["extra_body"])
}
