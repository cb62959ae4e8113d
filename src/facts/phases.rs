//! How long each part of one request took.

use schemars::JsonSchema;
use serde::Serialize;

/// Milliseconds by phase; `None` where the phase did not take place or did not finish.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Phases {
    /// Name to addresses.
    pub dns_ms: Option<f64>,
    /// Opening the connection.
    pub tcp_ms: Option<f64>,
    /// The proxy's tunnel.
    pub proxy_ms: Option<f64>,
    /// The TLS handshake.
    pub tls_ms: Option<f64>,
    /// From the first byte of the request to its last one.
    pub request_written_ms: Option<f64>,
    /// From the first byte of the request to the answer's head.
    pub first_byte_ms: Option<f64>,
    /// From the first byte of the request to the first piece of text, where the answer is a stream.
    pub first_token_ms: Option<f64>,
    /// The longest pause between two pieces of the body, where the answer is a stream.
    pub longest_gap_ms: Option<f64>,
    /// From the first byte of the request to the end of the body.
    pub total_ms: Option<f64>,
    /// The time the server says it took.
    pub server_ms: Option<f64>,
}
