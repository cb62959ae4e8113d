//! The messages of `google.ai.generativelanguage.v1beta` and `google.rpc` that are sent or read here.
//!
//! Names and numbers are those of the public definition. Fields that are not listed are passed over
//! when a message is read, and cannot be sent.

use std::collections::BTreeMap;

use prost::Message;

#[derive(Clone, PartialEq, Message)]
pub(super) struct GetModelRequest {
    #[prost(string, tag = "1")]
    pub name: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Model {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "3")]
    pub version: String,
    #[prost(string, tag = "4")]
    pub display_name: String,
    #[prost(int32, tag = "6")]
    pub input_token_limit: i32,
    #[prost(int32, tag = "7")]
    pub output_token_limit: i32,
    #[prost(string, repeated, tag = "8")]
    pub supported_generation_methods: Vec<String>,
    #[prost(bool, tag = "15")]
    pub thinking: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct CountTokensRequest {
    #[prost(string, tag = "1")]
    pub model: String,
    #[prost(message, repeated, tag = "2")]
    pub contents: Vec<Content>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct CountTokensResponse {
    #[prost(int32, tag = "1")]
    pub total_tokens: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct GenerateContentRequest {
    #[prost(string, tag = "1")]
    pub model: String,
    #[prost(message, repeated, tag = "2")]
    pub contents: Vec<Content>,
    #[prost(message, optional, tag = "4")]
    pub generation_config: Option<GenerationConfig>,
    #[prost(message, optional, tag = "8")]
    pub system_instruction: Option<Content>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct GenerationConfig {
    #[prost(int32, optional, tag = "1")]
    pub candidate_count: Option<i32>,
    #[prost(string, repeated, tag = "2")]
    pub stop_sequences: Vec<String>,
    #[prost(int32, optional, tag = "4")]
    pub max_output_tokens: Option<i32>,
    #[prost(float, optional, tag = "5")]
    pub temperature: Option<f32>,
    #[prost(float, optional, tag = "6")]
    pub top_p: Option<f32>,
    #[prost(int32, optional, tag = "7")]
    pub top_k: Option<i32>,
    #[prost(int32, optional, tag = "8")]
    pub seed: Option<i32>,
    #[prost(message, optional, tag = "22")]
    pub thinking_config: Option<ThinkingConfig>,
}

/// The public definition has no thinking level.
#[derive(Clone, PartialEq, Message)]
pub(super) struct ThinkingConfig {
    #[prost(bool, optional, tag = "1")]
    pub include_thoughts: Option<bool>,
    #[prost(int32, optional, tag = "2")]
    pub thinking_budget: Option<i32>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Content {
    #[prost(message, repeated, tag = "1")]
    pub parts: Vec<Part>,
    #[prost(string, tag = "2")]
    pub role: String,
}

/// The text is one of several kinds of data, hence optional: an empty one is not none.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Part {
    #[prost(string, optional, tag = "2")]
    pub text: Option<String>,
    #[prost(bool, tag = "11")]
    pub thought: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct GenerateContentResponse {
    #[prost(message, repeated, tag = "1")]
    pub candidates: Vec<Candidate>,
    #[prost(message, optional, tag = "2")]
    pub prompt_feedback: Option<PromptFeedback>,
    #[prost(message, optional, tag = "3")]
    pub usage_metadata: Option<UsageMetadata>,
    #[prost(string, tag = "4")]
    pub model_version: String,
    #[prost(string, tag = "5")]
    pub response_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Candidate {
    #[prost(message, optional, tag = "1")]
    pub content: Option<Content>,
    #[prost(int32, tag = "2")]
    pub finish_reason: i32,
    #[prost(int32, optional, tag = "3")]
    pub index: Option<i32>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct PromptFeedback {
    #[prost(int32, tag = "1")]
    pub block_reason: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct UsageMetadata {
    #[prost(int32, tag = "1")]
    pub prompt_token_count: i32,
    #[prost(int32, tag = "2")]
    pub candidates_token_count: i32,
    #[prost(int32, tag = "3")]
    pub total_token_count: i32,
    #[prost(int32, tag = "4")]
    pub cached_content_token_count: i32,
    #[prost(int32, tag = "10")]
    pub thoughts_token_count: i32,
}

/// The names of `Candidate.FinishReason` by number.
pub(super) const FINISH_REASONS: [&str; 18] = [
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
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_OTHER",
    "NO_IMAGE",
    "IMAGE_RECITATION",
];

/// The names of `PromptFeedback.BlockReason` by number.
pub(super) const BLOCK_REASONS: [&str; 6] = [
    "BLOCK_REASON_UNSPECIFIED",
    "SAFETY",
    "OTHER",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "IMAGE_SAFETY",
];

/// The names of gRPC's codes by number.
pub(super) const CODES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// `google.rpc.Status`, as it travels behind an answer.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Status {
    #[prost(message, repeated, tag = "3")]
    pub details: Vec<Any>,
}

/// A message of any type, named by its type.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Any {
    #[prost(string, tag = "1")]
    pub type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    pub value: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ErrorInfo {
    #[prost(string, tag = "1")]
    pub reason: String,
    #[prost(string, tag = "2")]
    pub domain: String,
    #[prost(btree_map = "string, string", tag = "3")]
    pub metadata: BTreeMap<String, String>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct RetryInfo {
    #[prost(message, optional, tag = "1")]
    pub retry_delay: Option<Duration>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Duration {
    #[prost(int64, tag = "1")]
    pub seconds: i64,
    #[prost(int32, tag = "2")]
    pub nanos: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct QuotaFailure {
    #[prost(message, repeated, tag = "1")]
    pub violations: Vec<QuotaViolation>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct QuotaViolation {
    #[prost(string, tag = "4")]
    pub quota_metric: String,
    #[prost(string, tag = "5")]
    pub quota_id: String,
    #[prost(btree_map = "string, string", tag = "6")]
    pub quota_dimensions: BTreeMap<String, String>,
    #[prost(int64, tag = "7")]
    pub quota_value: i64,
}
