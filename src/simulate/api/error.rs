//! Google's error object, and the errors that an honest server answers with.
//!
//! Wording only; when one of them is due is decided by the callers.

use serde_json::{Value, json};

/// The service's name in error details.
const SERVICE: &str = "generativelanguage.googleapis.com";

/// An error as the API words it.
#[derive(Debug, PartialEq)]
pub(super) struct ApiError {
    pub(super) code: u16,
    status: &'static str,
    message: String,
    details: Vec<Value>,
}

/// One thing that is wrong with the names or types of a body.
#[derive(Debug, PartialEq)]
pub(super) struct Violation {
    /// The field, or the one that it would be in; none for the body itself.
    pub(super) field: Option<String>,
    pub(super) text: String,
}

impl ApiError {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_ARGUMENT", message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "NOT_FOUND", message)
    }

    /// A prompt that the servers could not cope with: now as an error of theirs, now as too much load.
    pub(super) fn failed(prompt_tokens: u64) -> Self {
        match prompt_tokens % 2 {
            0 => Self::new(
                500,
                "INTERNAL",
                "An internal error has occurred. Please retry or report in \
                 https://developers.generativeai.google/guide/troubleshooting",
            ),
            _ => Self::new(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
        }
    }

    /// A body beyond the limit in bytes.
    pub(super) fn too_large(limit: usize) -> Self {
        Self::invalid(format!("Request payload size exceeds the limit: {limit} bytes."))
    }

    /// The refusal that names nothing.
    pub(super) fn bare() -> Self {
        Self::invalid("Request contains an invalid argument.")
    }

    /// What was found while the body was read, all of it in one sentence after the other.
    pub(super) fn violations(found: &[Violation]) -> Self {
        let sentences: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
        let detail = |one: &Violation| match &one.field {
            None => json!({"description": one.text}),
            Some(field) => json!({"field": field, "description": one.text}),
        };
        let details: Vec<Value> = found.iter().map(detail).collect();
        Self::invalid(sentences.join("\n")).with(json!({
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": details,
        }))
    }

    pub(super) fn key_invalid() -> Self {
        let message = "API key not valid. Please pass a valid API key.";
        Self::invalid(message).reason("API_KEY_INVALID", &json!({"service": SERVICE})).with(json!({
            "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
            "locale": "en-US",
            "message": message,
        }))
    }

    pub(super) fn two_credentials() -> Self {
        Self::invalid("Multiple authentication credentials received. Please pass only one.")
    }

    pub(super) fn no_key() -> Self {
        let message = "Method doesn't allow unregistered callers (callers without established \
                       identity). Please use API Key or other form of API consumer identity to \
                       call this API.";
        Self::new(403, "PERMISSION_DENIED", message)
    }

    /// A key that came as if it were an OAuth token.
    pub(super) fn bearer(method: Option<&str>) -> Self {
        let message = "Request had invalid authentication credentials. Expected OAuth 2 access \
                       token, login cookie or other valid authentication credential. See \
                       https://developers.google.com/identity/sign-in/web/devconsole-project.";
        let rpc = match method {
            Some("generateContent") => "GenerativeService.GenerateContent",
            Some("streamGenerateContent") => "GenerativeService.StreamGenerateContent",
            Some("countTokens") => "GenerativeService.CountTokens",
            Some(_) => "GenerativeService.EmbedContent",
            None => "ModelService.ListModels",
        };
        let rpc = format!("google.ai.generativelanguage.v1beta.{rpc}");
        Self::new(401, "UNAUTHENTICATED", message)
            .reason("ACCESS_TOKEN_TYPE_UNSUPPORTED", &json!({"service": SERVICE, "method": rpc}))
    }

    /// The OpenAI-compatible path without any credential.
    pub(super) fn missing_bearer() -> Self {
        Self::invalid("Missing or invalid Authorization header.")
    }

    fn new(code: u16, status: &'static str, message: impl Into<String>) -> Self {
        Self { code, status, message: message.into(), details: Vec::new() }
    }

    fn reason(self, reason: &str, metadata: &Value) -> Self {
        self.with(json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": metadata,
        }))
    }

    fn with(mut self, detail: Value) -> Self {
        self.details.push(detail);
        self
    }

    /// The error as it is sent.
    pub(super) fn body(&self) -> Value {
        let mut error = json!({"code": self.code, "message": self.message, "status": self.status});
        if !self.details.is_empty() {
            error["details"] = Value::from(self.details.clone());
        }
        json!({"error": error})
    }
}
