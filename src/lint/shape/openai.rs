//! Bodies in the form of OpenAI's API: the fields that the compatible endpoint is known to take, and what becomes of others.
//!
//! Constants. From the page on compatibility, OpenAI's own definitions and answers of the endpoint that people published.

use super::{Field, Holds, Message, field, flag, int, number, object, text};

/// The body of `chat/completions`.
pub static CHAT: Message = Message {
    name: "a chat completion",
    fields: &[
        text("model"),
        object("messages", &MESSAGE).list(),
        flag("stream"),
        object("stream_options", &STREAM_OPTIONS),
        int("max_tokens"),
        int("max_completion_tokens"),
        number("temperature"),
        number("top_p"),
        int("n"),
        field("stop", Holds::Anything),
        field("response_format", Holds::Anything),
        text("reasoning_effort"),
        object("tools", &TOOL).list(),
        field("tool_choice", Holds::Anything),
        flag("parallel_tool_calls"),
        number("presence_penalty"),
        field("modalities", Holds::Anything),
        field("audio", Holds::Struct),
        object("extra_body", &EXTRA),
    ],
};

static MESSAGE: Message = Message {
    name: "a message",
    fields: &[
        text("role"),
        field("content", Holds::Anything),
        text("name"),
        object("tool_calls", &CALL).list(),
        text("tool_call_id"),
        field("extra_content", Holds::Struct),
    ],
};

static STREAM_OPTIONS: Message =
    Message { name: "stream_options", fields: &[flag("include_usage")] };

static CALL: Message = Message {
    name: "a call",
    fields: &[
        text("id"),
        text("type"),
        object("function", &CALLED),
        field("extra_content", Holds::Struct),
        int("index"),
    ],
};

static CALLED: Message =
    Message { name: "the function of a call", fields: &[text("name"), text("arguments")] };

static TOOL: Message =
    Message { name: "a tool", fields: &[text("type"), object("function", &FUNCTION)] };

static FUNCTION: Message = Message {
    name: "a function",
    fields: &[
        text("name"),
        text("description"),
        field("parameters", Holds::Struct),
        flag("strict"),
    ],
};

static EXTRA: Message = Message { name: "extra_body", fields: &[field("google", Holds::Struct)] };

/// The body of `embeddings`.
pub static CHAT_EMBEDDINGS: Message = Message {
    name: "an embedding",
    fields: &[
        text("model"),
        field("input", Holds::Anything),
        int("dimensions"),
        text("encoding_format"),
        object("extra_body", &EXTRA),
    ],
};

/// Fields of OpenAI's that this endpoint is not documented to take: it leaves some out, and has refused others as unknown.
pub const NOT_TAKEN: &[&str] = &[
    "frequency_penalty",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "top_k",
    "seed",
    "user",
    "store",
    "metadata",
    "service_tier",
    "prediction",
    "verbosity",
    "web_search_options",
    "safety_identifier",
    "prompt_cache_key",
    "prompt_cache_retention",
    "functions",
    "function_call",
    "include_obfuscation",
    // What answers have, and clients send back.
    "refusal",
    "annotations",
    "audio",
    "reasoning",
    "reasoning_content",
];

/// Names of the API's own form, and what they are called in this one.
pub const NATIVE: &[(&str, &str)] = &[
    ("contents", "messages, each with role and content"),
    ("systemInstruction", "a message with the role system"),
    ("generationConfig", "fields of the body itself: temperature, top_p, max_tokens, stop"),
    ("maxOutputTokens", "max_tokens"),
    ("topP", "top_p"),
    ("topK", "nothing: this form has no such field"),
    ("candidateCount", "n"),
    ("stopSequences", "stop"),
    ("presencePenalty", "presence_penalty"),
    ("frequencyPenalty", "frequency_penalty"),
    ("responseMimeType", "response_format"),
    ("responseSchema", "response_format with json_schema"),
    ("responseJsonSchema", "response_format with json_schema"),
    ("toolConfig", "tool_choice"),
    ("functionDeclarations", "tools of the type function"),
    ("thinkingConfig", "reasoning_effort, or extra_body.google.thinking_config"),
    ("thinkingLevel", "reasoning_effort"),
    ("thinkingBudget", "reasoning_effort, or extra_body.google.thinking_config.thinking_budget"),
    ("cachedContent", "extra_body.google.cached_content"),
    ("safetySettings", "a part of extra_body.google"),
    ("parts", "content"),
    ("functionCall", "tool_calls"),
    ("functionResponse", "a message with the role tool"),
    ("thoughtSignature", "extra_content.google.thought_signature of the call"),
    ("inlineData", "a part of the type image_url or input_audio"),
    ("fileData", "a part of the type image_url or file"),
    ("content", "input"),
    ("taskType", "nothing: this form has no such field"),
    ("outputDimensionality", "dimensions"),
    ("requests", "input, a list of texts"),
];

/// The types of a message's parts.
pub const PART_TYPES: &[&str] =
    &["text", "image_url", "input_audio", "file", "video_url", "refusal"];

/// The roles of messages.
pub const ROLES: &[&str] = &["system", "developer", "user", "assistant", "tool"];

/// The words of `reasoning_effort`.
pub const EFFORTS: &[&str] = &["none", "minimal", "low", "medium", "high"];

impl Message {
    /// The field of exactly this name: these bodies know one spelling.
    pub fn find_exactly(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}
