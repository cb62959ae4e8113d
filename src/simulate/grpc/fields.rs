//! The fields of the messages: number, JSON name and kind, as the public definitions have them.
//!
//! Only data. Fields that the simulator does not model are left out, and passed over when read.

/// A field of a message.
pub(super) struct Field {
    pub(super) number: u64,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether there may be many of it.
    pub(super) many: bool,
}

/// What is in a field.
pub(super) enum Kind {
    Text,
    /// Bytes, in JSON a list of numbers.
    Bytes,
    Whole,
    /// A number of 32 bits.
    Float,
    Flag,
    /// A number that has these names, from 0.
    Name(&'static [&'static str]),
    /// Texts by text.
    Map,
    /// Seconds and nanoseconds, in JSON as `7.5s`.
    Duration,
    Message(&'static [Field]),
}

const fn one(number: u64, name: &'static str, kind: Kind) -> Field {
    Field { number, name, kind, many: false }
}

const fn many(number: u64, name: &'static str, kind: Kind) -> Field {
    Field { number, name, kind, many: true }
}

pub(super) const MODEL_REQUEST: &[Field] = &[one(1, "name", Kind::Text)];

pub(super) const MODEL: &[Field] = &[
    one(1, "name", Kind::Text),
    one(3, "version", Kind::Text),
    one(4, "displayName", Kind::Text),
    one(5, "description", Kind::Text),
    one(6, "inputTokenLimit", Kind::Whole),
    one(7, "outputTokenLimit", Kind::Whole),
    many(8, "supportedGenerationMethods", Kind::Text),
    one(9, "temperature", Kind::Float),
    one(10, "topP", Kind::Float),
    one(11, "topK", Kind::Whole),
    one(13, "maxTemperature", Kind::Float),
    one(15, "thinking", Kind::Flag),
];

pub(super) const COUNT_REQUEST: &[Field] = &[
    one(1, "model", Kind::Text),
    many(2, "contents", Kind::Message(CONTENT)),
    one(3, "generateContentRequest", Kind::Message(GENERATE_REQUEST)),
];

pub(super) const COUNT: &[Field] = &[
    one(1, "totalTokens", Kind::Whole),
    many(6, "promptTokensDetails", Kind::Message(MODALITY_COUNT)),
];

pub(super) const GENERATE_REQUEST: &[Field] = &[
    one(1, "model", Kind::Text),
    many(2, "contents", Kind::Message(CONTENT)),
    one(4, "generationConfig", Kind::Message(CONFIG)),
    one(8, "systemInstruction", Kind::Message(CONTENT)),
];

const CONFIG: &[Field] = &[
    one(1, "candidateCount", Kind::Whole),
    many(2, "stopSequences", Kind::Text),
    one(4, "maxOutputTokens", Kind::Whole),
    one(5, "temperature", Kind::Float),
    one(6, "topP", Kind::Float),
    one(7, "topK", Kind::Whole),
    one(8, "seed", Kind::Whole),
    one(13, "responseMimeType", Kind::Text),
    one(15, "presencePenalty", Kind::Float),
    one(16, "frequencyPenalty", Kind::Float),
    one(22, "thinkingConfig", Kind::Message(THINKING)),
];

const THINKING: &[Field] =
    &[one(1, "includeThoughts", Kind::Flag), one(2, "thinkingBudget", Kind::Whole)];

const CONTENT: &[Field] = &[many(1, "parts", Kind::Message(PART)), one(2, "role", Kind::Text)];

const PART: &[Field] = &[one(2, "text", Kind::Text), one(11, "thought", Kind::Flag)];

pub(super) const ANSWER: &[Field] = &[
    many(1, "candidates", Kind::Message(CANDIDATE)),
    one(2, "promptFeedback", Kind::Message(FEEDBACK)),
    one(3, "usageMetadata", Kind::Message(USAGE)),
    one(4, "modelVersion", Kind::Text),
    one(5, "responseId", Kind::Text),
];

const CANDIDATE: &[Field] = &[
    one(1, "content", Kind::Message(CONTENT)),
    one(2, "finishReason", Kind::Name(FINISH_REASONS)),
    one(3, "index", Kind::Whole),
    one(4, "finishMessage", Kind::Text),
];

const FINISH_REASONS: &[&str] = &[
    "FINISH_REASON_UNSPECIFIED",
    "STOP",
    "MAX_TOKENS",
    "SAFETY",
    "RECITATION",
    "OTHER",
    "LANGUAGE",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "MALFORMED_FUNCTION_CALL",
    "IMAGE_SAFETY",
    "UNEXPECTED_TOOL_CALL",
    "TOO_MANY_TOOL_CALLS",
];

const FEEDBACK: &[Field] = &[one(1, "blockReason", Kind::Name(BLOCK_REASONS))];

const BLOCK_REASONS: &[&str] = &[
    "BLOCK_REASON_UNSPECIFIED",
    "SAFETY",
    "OTHER",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "IMAGE_SAFETY",
];

const USAGE: &[Field] = &[
    one(1, "promptTokenCount", Kind::Whole),
    one(2, "candidatesTokenCount", Kind::Whole),
    one(3, "totalTokenCount", Kind::Whole),
    one(4, "cachedContentTokenCount", Kind::Whole),
    many(5, "promptTokensDetails", Kind::Message(MODALITY_COUNT)),
    one(10, "thoughtsTokenCount", Kind::Whole),
];

const MODALITY_COUNT: &[Field] =
    &[one(1, "modality", Kind::Name(MODALITIES)), one(2, "tokenCount", Kind::Whole)];

const MODALITIES: &[&str] =
    &["MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "VIDEO", "AUDIO", "DOCUMENT"];

pub(super) const STATUS: &[Field] = &[
    one(1, "code", Kind::Whole),
    one(2, "message", Kind::Text),
    many(3, "details", Kind::Message(ANY)),
];

const ANY: &[Field] = &[one(1, "typeUrl", Kind::Text), one(2, "value", Kind::Bytes)];

/// The details of an error by the end of their types' names.
pub(super) const DETAILS: &[(&str, &[Field])] = &[
    (
        "google.rpc.ErrorInfo",
        &[
            one(1, "reason", Kind::Text),
            one(2, "domain", Kind::Text),
            one(3, "metadata", Kind::Map),
        ],
    ),
    ("google.rpc.LocalizedMessage", &[one(1, "locale", Kind::Text), one(2, "message", Kind::Text)]),
    ("google.rpc.BadRequest", &[many(1, "fieldViolations", Kind::Message(FIELD_VIOLATION))]),
    ("google.rpc.QuotaFailure", &[many(1, "violations", Kind::Message(QUOTA_VIOLATION))]),
    ("google.rpc.RetryInfo", &[one(1, "retryDelay", Kind::Duration)]),
    ("google.rpc.Help", &[many(1, "links", Kind::Message(LINK))]),
];

const FIELD_VIOLATION: &[Field] = &[one(1, "field", Kind::Text), one(2, "description", Kind::Text)];

const QUOTA_VIOLATION: &[Field] = &[
    one(1, "subject", Kind::Text),
    one(2, "description", Kind::Text),
    one(4, "quotaMetric", Kind::Text),
    one(5, "quotaId", Kind::Text),
    one(6, "quotaDimensions", Kind::Map),
    one(7, "quotaValue", Kind::Whole),
];

const LINK: &[Field] = &[one(1, "description", Kind::Text), one(2, "url", Kind::Text)];
