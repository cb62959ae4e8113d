//! A small dishonest Gemini on loopback, and the machine it is seen from.
//!
//! A [`Scenario`] says what is broken; a [`Simulation`] is that scenario running: a TLS server
//! that answers as the real API does, apart from the fault, and a [`ClientSide`] that stands for
//! the machine: its variables, files, name resolution, proxy and trusted roots.
//!
//! This room imports nothing of the rest of the crate, so that client and simulator cannot agree
//! by accident. It never reads the machine's own settings and never connects anywhere but to
//! itself.

mod api;
mod call;
mod client_side;
mod clock;
mod door;
pub mod exam;
mod fault;
mod faults;
mod file;
mod front;
mod google;
mod grpc;
#[cfg(feature = "http3")]
mod h3;
mod hang_up;
mod identity;
mod idle;
mod judge;
mod kind;
mod line;
mod log;
mod ocsp;
mod proxy;
mod reading;
mod reply;
mod scenario;
mod serve;
mod sockets;
mod strict;
mod traffic;

#[cfg(test)]
mod tests;

pub use self::client_side::{ClientSide, DnsAnswer};
pub use self::file::{EXAMPLE, parse_file};
pub use self::log::{Handshakes, Seen};
pub use self::scenario::{AUTH_KEY, Needs, OTHER_AUTH_KEY, STANDARD_KEY, Scenario};
pub use self::serve::{Options, Simulation};

/// What the simulated API answers to a body that it refuses.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// The error object, as it is sent.
    pub body: serde_json::Value,
}

impl Refusal {
    /// Its sentence.
    pub fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap_or_default()
    }
}

/// Judges a body as the honest simulation does, without a server; none where it would be answered.
///
/// The model is named without `models/`. The version is `v1`, `v1beta` or `v1alpha`, or `vertex` for the
/// cloud platform; the method is that of a model, such as `generateContent`, or `chat/completions` for
/// a body in OpenAI's form.
pub fn refusal(body: &str, model: &str, version: &str, method: &str) -> Option<Refusal> {
    judged(strict::Strict::USUAL, body, [model, version, method])
}

/// The same as the service of a scenario judges it; what else happens there does not count.
pub fn refusal_in(
    scenario: &Scenario,
    body: &str,
    model: &str,
    version: &str,
    method: &str,
) -> Option<Refusal> {
    judged(scenario.strict, body, [model, version, method])
}

fn judged(strict: strict::Strict, body: &str, way: [&str; 3]) -> Option<Refusal> {
    let [model, version, method] = way;
    let (status, body) = api::refusal(body, model, version, method, strict)?;
    Some(Refusal { status, body })
}

/// All built-in scenarios, in documentation order.
pub fn scenarios() -> impl Iterator<Item = &'static Scenario> {
    faults::ALL.iter().copied().flatten()
}

/// Those among them that are ways in which an alias can behave over many calls.
pub fn regimes() -> impl Iterator<Item = &'static Scenario> {
    scenarios().filter(|scenario| scenario.regime)
}

/// The built-in scenario of that id.
pub fn find(id: &str) -> Option<&'static Scenario> {
    scenarios().find(|scenario| scenario.id == id)
}
