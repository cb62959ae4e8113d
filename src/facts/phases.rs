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

impl Phases {
    /// All of them, in the order of a call.
    pub const fn in_order(&self) -> [Option<f64>; 10] {
        [
            self.dns_ms,
            self.tcp_ms,
            self.proxy_ms,
            self.tls_ms,
            self.request_written_ms,
            self.first_byte_ms,
            self.first_token_ms,
            self.longest_gap_ms,
            self.total_ms,
            self.server_ms,
        ]
    }
}

/// The same in half the room: a benchmark keeps one for each of its calls.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(into = "Phases")]
pub struct Spans([f64; 10]);

/// What stands for a phase that did not take place: no time is less than nothing.
const NONE: f64 = f64::NEG_INFINITY;

impl Spans {
    /// Each phase by its name.
    pub fn all(&self) -> Phases {
        let [dns, tcp, proxy, tls, written, first_byte, first_token, gap, total, server] =
            self.0.map(|ms| Some(ms).filter(|ms| *ms != NONE));
        Phases {
            dns_ms: dns,
            tcp_ms: tcp,
            proxy_ms: proxy,
            tls_ms: tls,
            request_written_ms: written,
            first_byte_ms: first_byte,
            first_token_ms: first_token,
            longest_gap_ms: gap,
            total_ms: total,
            server_ms: server,
        }
    }
}

impl From<Phases> for Spans {
    fn from(phases: Phases) -> Self {
        Self(phases.in_order().map(|ms| ms.unwrap_or(NONE)))
    }
}

impl From<Spans> for Phases {
    fn from(spans: Spans) -> Self {
        spans.all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_in_half_the_room() {
        let phases = Phases {
            dns_ms: Some(0.0),
            tls_ms: Some(1.25),
            first_token_ms: Some(1e-9),
            server_ms: Some(f64::MAX),
            ..Phases::default()
        };
        for phases in [phases, Phases::default()] {
            assert_eq!(Spans::from(phases).all(), phases);
        }
        assert_eq!(2 * size_of::<Spans>(), size_of::<Phases>());
    }
}
