//! One exchange with the world, or the try at one, as a record.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Failure, Method, Party, Phases};

/// One request, whether it got an answer or not. Never holds a key or a user's text.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Attempt {
    /// `a01`, `a02`, …
    pub id: String,
    /// When it began, in milliseconds from the start of the run.
    pub at_ms: f64,
    /// What was asked; `null` for a connection without a request.
    pub method: Option<Method>,
    /// The model asked for.
    pub model: Option<String>,
    /// The host asked.
    pub host: String,
    /// The path asked, without any query.
    pub path: String,
    /// `HTTP/1.1` or `HTTP/2`, as negotiated.
    pub http: Option<String>,
    /// The address that was reached.
    pub remote: Option<String>,
    /// Which of the run's connections carried it, counted from 1.
    pub connection: Option<u32>,
    /// Whether that connection had carried a request before.
    pub reused: bool,
    /// Where the time went.
    pub phases: Phases,
    /// The HTTP status.
    pub status: Option<u16>,
    /// Who answered.
    pub answered_by: Option<Party>,
    /// What went wrong on the wire.
    pub failure: Option<Failure>,
    /// The answer in one line.
    pub summary: String,
    /// The id the service gave its answer.
    pub response_id: Option<String>,
    /// The model that served, as the answer says.
    pub model_version: Option<String>,
    /// Tokens of the request, as the answer says.
    pub input_tokens: Option<u64>,
    /// Tokens of the answer, thinking included, as the answer says.
    pub output_tokens: Option<u64>,
}
