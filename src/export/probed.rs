//! What a watch tells of one call and of where a model stands: numbers, and words of closed sets, filled in by
//! whoever makes the calls. Two fields are a server's own texts, which are no label of any metric. Holds no key.

use std::net::IpAddr;

use crate::facts::{Attempt, Fault, Method, Party, Phases, Stage};

/// One call.
#[derive(Clone, Debug, PartialEq)]
pub struct Probed {
    /// When it began, in seconds since 1970.
    pub at_s: f64,
    /// What was asked.
    pub method: Method,
    /// The model asked, as the watch was told to call it.
    pub model: String,
    /// The host asked.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The API spoken there: `gemini`, `openai`, `vertex` or `express`.
    pub api: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// What broke on the wire, where something did.
    pub failure: Option<(Stage, Fault)>,
    /// From when it was wished for to its end, connection included, however it ended.
    pub took_ms: Option<f64>,
    /// Where its time went.
    pub phases: Phases,
    /// The addresses that were dialled for it, one a family; none where it went over an open connection. A family
    /// that was left alone, since the other one was faster, is not told.
    pub dialled: Vec<Dialled>,
    /// Tokens of the request, as the answer says.
    pub input_tokens: Option<u64>,
    /// Tokens of the answer, thinking included, as the answer says.
    pub output_tokens: Option<u64>,
    /// The model that served, as the answer says: any text.
    pub served_by: Option<String>,
    /// The id the service gave its answer: any text.
    pub response_id: Option<String>,
}

/// How a call ended. The words are a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// With the answer that was asked for. Only these have latencies worth counting.
    Answered,
    /// With success, and without usable content.
    Empty,
    /// The API says that there is no such model: 404.
    Missing,
    /// A quota: 429.
    Quota,
    /// The service is busy or broken: 5xx.
    Busy,
    /// With another status: the key, the project, the region or the request is refused.
    Refused,
    /// Somebody else than the API answered.
    Stranger,
    /// Without a whole answer.
    Lost,
}

impl Outcome {
    /// Every outcome, the good one first.
    pub const ALL: [Self; 8] = [
        Self::Answered,
        Self::Empty,
        Self::Missing,
        Self::Quota,
        Self::Busy,
        Self::Refused,
        Self::Stranger,
        Self::Lost,
    ];

    /// The value of the label.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Empty => "empty",
            Self::Missing => "missing",
            Self::Quota => "quota",
            Self::Busy => "busy",
            Self::Refused => "refused",
            Self::Stranger => "stranger",
            Self::Lost => "lost",
        }
    }

    /// What a record of a call shows by itself. That an answer was empty only its reader knows.
    pub const fn of(attempt: &Attempt) -> Self {
        match (&attempt.failure, attempt.status, attempt.answered_by) {
            (Some(_), ..) | (_, None, _) => Self::Lost,
            (None, Some(200..=299), _) => Self::Answered,
            (_, _, Some(Party::Page | Party::Foreign)) => Self::Stranger,
            (_, Some(404), Some(Party::Api)) => Self::Missing,
            (_, Some(429), _) => Self::Quota,
            (_, Some(500..=599), _) => Self::Busy,
            (_, Some(_), _) => Self::Refused,
        }
    }
}

/// One address that was dialled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dialled {
    /// Of which family it is.
    pub family: AddressFamily,
    /// How long it took until it was open; `None` where it did not open.
    pub connect_ms: Option<f64>,
}

/// A family of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressFamily {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl AddressFamily {
    /// Both.
    pub const ALL: [Self; 2] = [Self::V4, Self::V6];

    /// The family of an address.
    pub const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::V4,
            IpAddr::V6(_) => Self::V6,
        }
    }

    /// The value of the label.
    pub const fn word(self) -> &'static str {
        match self {
            Self::V4 => "ipv4",
            Self::V6 => "ipv6",
        }
    }
}

/// Where a model stands, by all that the watch knows of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The verdict: one of those that the registry was told of.
    pub verdict: &'static str,
    /// Since when, in seconds since 1970.
    pub since_s: Option<f64>,
    /// How often calls fail at present.
    pub failure_rate: Option<Rate>,
}

/// A share with its interval, each from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The share itself.
    pub value: f64,
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}
