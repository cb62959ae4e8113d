//! One timed call of a benchmark: over which way, how it ended, and where its time went.
//!
//! Small, because a run can make many thousands: no text of a server's and no path is kept here.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Fault, Phases, Spans, Stage};

/// The protocol that carries a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// HTTP/1.1 over TLS over TCP.
    H1,
    /// HTTP/2 over TLS over TCP.
    H2,
    /// gRPC over HTTP/2.
    Grpc,
    /// HTTP/3 over QUIC.
    H3,
}

impl Protocol {
    /// Every protocol, the oldest first.
    pub const ALL: [Self; 4] = [Self::H1, Self::H2, Self::Grpc, Self::H3];

    /// The word to type, and that of JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::H1 => "h1",
            Self::H2 => "h2",
            Self::Grpc => "grpc",
            Self::H3 => "h3",
        }
    }

    /// As people write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::H1 => "HTTP/1.1",
            Self::H2 => "HTTP/2",
            Self::Grpc => "gRPC",
            Self::H3 => "HTTP/3",
        }
    }
}

/// What a call finds when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Warmth {
    /// Nothing: it opens a connection, with a full handshake.
    Cold,
    /// No connection, but a session of an earlier one, which makes the handshake shorter.
    Resumed,
    /// A connection that has carried a call before.
    Warm,
}

impl Warmth {
    /// The word to type, and that of JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::Resumed => "resumed",
            Self::Warm => "warm",
        }
    }
}

/// How the handshake of a call that opened a connection was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandshakeKind {
    /// With certificates.
    Full,
    /// With certificates, and one more round trip, since the server asked for another key share.
    FullAfterRetry,
    /// From an earlier session.
    Resumed,
    /// From an earlier session, and the request was sent along with it.
    EarlyData,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// With the answer that was asked for. Only these have latencies worth comparing.
    Answered,
    /// With another status than success.
    Refused(u16),
    /// Without a whole answer.
    Failed {
        /// The step that did not finish.
        stage: Stage,
        /// The kind of trouble.
        fault: Fault,
    },
}

/// One timed call.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Sample {
    /// The arm: `h1-cold`, `h2-warm`.
    pub arm: Arc<str>,
    /// The round, from 1. Calls of one round belong together; 0 stands for no rounds.
    pub round: u32,
    /// When it began, in milliseconds from the start of the run.
    pub at_ms: f64,
    /// When it should have begun, where calls come at a rate of their own; latencies count from here.
    pub due_ms: Option<f64>,
    /// How it ended.
    pub ended: Ended,
    /// Where its time went. What opened the connection counts for the call that opened it.
    #[schemars(with = "Phases")]
    pub phases: Spans,
    /// From the moment the call was wished for to the last byte, connection included.
    pub latency_ms: f64,
    /// The number of its connection, from 1 within the run.
    pub connection: u32,
    /// Which call of that connection it was, from 1.
    pub nth: u32,
    /// The handshake that it waited for, if it did.
    pub handshake: Option<HandshakeKind>,
    /// Bytes that were sent on the wire for it, handshake and encryption included; 0 where calls share a
    /// connection at the same time, so that nobody can say whose they are.
    #[schemars(with = "u64")]
    pub bytes_sent: u32,
    /// Bytes that came on the wire for it, likewise.
    #[schemars(with = "u64")]
    pub bytes_received: u32,
    /// Tokens of the request, as the answer says.
    #[schemars(with = "Option<u64>")]
    pub input_tokens: Option<u32>,
    /// Tokens of the answer, thinking included, as the answer says.
    #[schemars(with = "Option<u64>")]
    pub output_tokens: Option<u32>,
}

impl Sample {
    /// Whether it has a latency that may be compared.
    pub fn is_answered(&self) -> bool {
        self.ended == Ended::Answered
    }
}
