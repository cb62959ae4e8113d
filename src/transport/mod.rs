//! One request over one protocol: what is sent, what comes back, how long it took.
//!
//! Knows HTTP and nothing of the API. Nothing is retried, and redirects are never followed.

mod body;
mod connection;
mod grpc;
#[cfg(feature = "http3")]
mod h3;
mod http2_facts;
mod pooled;
mod sender;
mod task;
#[cfg(test)]
mod tests;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::facts::Failure;
pub use connection::{Connection, Shared};
pub use grpc::{GrpcConnection, GrpcRequest, GrpcShared};
#[cfg(feature = "http3")]
pub use h3::H3Connection;
pub use http2_facts::{Http2Facts, http2_facts};
pub use pooled::Pooled;

/// What is asked. Its `Debug` shows no value of a header that is marked as sensitive, and no body.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query, beginning with a slash.
    pub path_and_query: String,
    /// Headers beside `host` and `content-length`; secrets are marked as sensitive.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: Option<Bytes>,
    /// `host[:port]`, as the server is to read it.
    pub authority: String,
    /// Whether the URL is an `https://` one.
    pub secure: bool,
}

/// What a request may take before it is given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the first byte sent to the end of the answer.
    pub request_timeout: Duration,
    /// Bytes of a body that are read.
    pub max_body: usize,
    /// Bytes of an answer's headers that are read.
    pub max_header_bytes: usize,
    /// How the time of a simulated world goes on.
    pub ahead: Ahead,
}

/// How far the time of a simulated world is ahead of the machine's: what goes by there while a body comes counts
/// for the times of its pieces. The real world has none.
#[derive(Clone, Debug, Default)]
pub struct Ahead(Option<Arc<AtomicU64>>);

impl Ahead {
    /// A world whose time is ahead by so many microseconds.
    pub fn by(micros: Arc<AtomicU64>) -> Self {
        Self(Some(micros))
    }

    fn ms(&self) -> f64 {
        self.0.as_ref().map_or(0.0, |micros| micros.load(Relaxed) as f64 / 1000.0)
    }
}

impl PartialEq for Ahead {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_ref().map(Arc::as_ptr) == other.0.as_ref().map(Arc::as_ptr)
    }
}

impl Eq for Ahead {}

/// One request and what came of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What came of it.
    pub outcome: Outcome,
    /// Milliseconds until the request was written. Only a connection of our own tells.
    pub request_written_ms: Option<f64>,
    /// Milliseconds until the answer's head was there.
    pub first_byte_ms: Option<f64>,
    /// Milliseconds until the end, whatever it was.
    pub total_ms: f64,
    /// Bytes sent on the wire since the exchange before, encryption included; the first exchange of a
    /// connection has its handshake. Only a connection of our own tells, and only where its exchanges
    /// come one after another.
    pub bytes_sent: Option<u64>,
    /// Bytes received on the wire, likewise.
    pub bytes_received: Option<u64>,
    /// `HTTP/1.1`, `HTTP/2`, `gRPC` or `HTTP/3`.
    pub http: &'static str,
}

/// An answer, or none.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// There was a head; the body may be incomplete.
    Answered(Answer),
    /// There was none.
    Failed(Failure),
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// As much of the body as came, within the limit.
    pub body: Vec<u8>,
    /// When each piece of the body came, in milliseconds from the start, and its size. The last entry
    /// stands for all further pieces once there are very many.
    pub chunks: Vec<(f64, usize)>,
    /// Why the body is not complete.
    pub body_failure: Option<Failure>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(60),
            max_body: 8 * 1024 * 1024,
            max_header_bytes: 64 * 1024,
            ahead: Ahead::default(),
        }
    }
}

impl Exchange {
    /// One for which there was no connection.
    pub fn failed(failure: Failure) -> Self {
        Self {
            outcome: Outcome::Failed(failure),
            request_written_ms: None,
            first_byte_ms: None,
            total_ms: 0.0,
            bytes_sent: None,
            bytes_received: None,
            http: "",
        }
    }

    /// The answer, if there was one.
    pub fn answer(&self) -> Option<&Answer> {
        match &self.outcome {
            Outcome::Answered(answer) => Some(answer),
            Outcome::Failed(_) => None,
        }
    }

    /// What went wrong on the wire, before the head or in the body.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.outcome {
            Outcome::Answered(answer) => answer.body_failure.as_ref(),
            Outcome::Failed(failure) => Some(failure),
        }
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Request")
            .field("method", &self.method)
            .field("authority", &self.authority)
            .field("path_and_query", &self.path_and_query)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.as_ref().map(Bytes::len))
            .finish_non_exhaustive()
    }
}
