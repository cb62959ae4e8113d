//! Worlds in which something is known about time: how long calls take, and what becomes of
//! connections.
//!
//! Each is one that a benchmark must see as it is. Times are real, since they are what is measured,
//! and short.

use super::super::call::Http;
use super::super::fault::{Act, Bend, Door, DoorRule, Route, Rule};
use super::super::scenario::{Proxy, Scenario};
use super::super::traffic::Pace;

pub(in super::super) const ALL: &[Scenario] =
    &[DELAYS, ZERO, COLD_CONNECTIONS_SLOW, PHASES_KNOWN, PHASES_KNOWN_PROXY, TWO_MODELS];

const COMPARE: &[&str] = &["bench-transport"];

/// A world for benchmarks. Nothing in it is a fault that has a fix.
const fn timed(id: &'static str, summary: &'static str) -> Scenario {
    Scenario::new(id, "-", 0, summary).no_fix().command(COMPARE)
}

/// Every call over that version of HTTP waits, and is answered honestly.
const fn slow(http: Http, after: Act) -> Rule {
    Rule::always(Route::Any, after).over(http)
}

const DELAYS: Scenario = timed(
    "transport-delays",
    "A call takes 280 ms over HTTP/1.1 and 110 ms over HTTP/2, whatever it asks for.",
)
.rules(&[
    slow(Http::Http1, Act::After(280, &Act::HONEST)),
    slow(Http::Http2, Act::After(110, &Act::HONEST)),
]);

const ZERO: Scenario =
    timed("transport-zero", "Nothing waits for anything: what is measured is the client itself.");

const COLD_CONNECTIONS_SLOW: Scenario = timed(
    "cold-connections-slow",
    "A new connection waits 200 ms for its TLS handshake; on an open one calls are fast.",
)
.doors(&[DoorRule::always(Door::Pause(200))]);

/// What each phase takes is told by its scenario, and held against it by whoever measures.
const PHASES_KNOWN: Scenario = timed(
    "phases-known",
    "60 ms for TLS and 120 ms for each answer; a stream has its first text 80 ms after its head, \
     and gaps of 20, 150 and 20 ms.",
)
.command(&["bench-transport", "--workload", "stream:50", "--yes"])
.doors(&[DoorRule::always(Door::Pause(60))])
.rules(&[
    Rule::always(Route::Stream, Act::After(120, &Act::Bend(KNOWN_GAPS))),
    Rule::always(Route::Any, Act::After(120, &Act::HONEST)),
]);

const KNOWN_GAPS: Bend = Bend { pace: Some(Pace::Gaps(&[80, 20, 150, 20])), ..Bend::NONE };

const PHASES_KNOWN_PROXY: Scenario = Scenario {
    id: "phases-known.proxy",
    summary: "The same behind a proxy that takes 40 ms to open a tunnel.",
    proxy: Proxy::Slow(40),
    ..PHASES_KNOWN
};

const TWO_MODELS: Scenario = timed(
    "two-models",
    "gemini-3.5-flash-lite begins after 100 ms and says 40 tokens a second; gemini-3.1-flash-lite \
     begins after 250 ms and says 80.",
)
.command(&[
    "bench-transport",
    "--models",
    "gemini-3.5-flash-lite,gemini-3.1-flash-lite",
    "--workload",
    "stream:50",
    "--yes",
])
.rules(&[
    speaking("gemini-3.5-flash-lite", &Pace::Tokens { first_ms: 100, per_second: 40 }),
    speaking("gemini-3.1-flash-lite", &Pace::Tokens { first_ms: 250, per_second: 80 }),
]);

/// The model says forty words, which are 52 tokens, at that pace.
const fn speaking(model: &'static str, pace: &Pace) -> Rule {
    let said = Bend { text: Some(FORTY_WORDS), pace: Some(*pace), ..Bend::NONE };
    Rule::on_model(Route::Generating, model, Act::Bend(said))
}

const FORTY_WORDS: &str = "A clock that is asked for the time by somebody in a hurry says what it \
                           always says, and to the one who waits for it every second of the \
                           answer seems to have been counted out one by one.";
