//! The API's methods that this program calls.

use schemars::JsonSchema;
use serde::Serialize;

/// One method of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub enum Method {
    /// A page of the list of models. Free.
    #[serde(rename = "models.list")]
    List,
    /// One model's entry. Free.
    #[serde(rename = "models.get")]
    Get,
    /// The number of tokens of a request. Free.
    #[serde(rename = "models.countTokens")]
    Count,
    /// One answer. Paid.
    #[serde(rename = "models.generateContent")]
    Generate,
    /// One answer in pieces. Paid.
    #[serde(rename = "models.streamGenerateContent")]
    Stream,
    /// The OpenAI-compatible list of models. Free.
    #[serde(rename = "openai.models.list")]
    OpenAiList,
    /// An access token, or a step on the way to one. Free.
    #[serde(rename = "credentials.token")]
    Token,
}

impl Method {
    /// The name reports and JSON use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::List => "models.list",
            Self::Get => "models.get",
            Self::Count => "models.countTokens",
            Self::Generate => "models.generateContent",
            Self::Stream => "models.streamGenerateContent",
            Self::OpenAiList => "openai.models.list",
            Self::Token => "credentials.token",
        }
    }

    /// The name as `supportedGenerationMethods` has it, where the method depends on the model.
    pub const fn generation_method(self) -> Option<&'static str> {
        match self {
            Self::Count => Some("countTokens"),
            Self::Generate | Self::Stream => Some("generateContent"),
            Self::List | Self::Get | Self::OpenAiList | Self::Token => None,
        }
    }

    /// Whether a call of it can be charged for.
    pub const fn is_paid(self) -> bool {
        matches!(self, Self::Generate | Self::Stream)
    }
}
