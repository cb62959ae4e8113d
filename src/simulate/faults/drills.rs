//! Drills for those who are on call: worlds that break for a while in the middle of an hour. Their time is simulated, so
//! that an hour passes in seconds.

use super::super::fault::{Act, Alias, Build, Door, DoorRule, Phase, Pick, Route, Rule, When};
use super::super::scenario::Scenario;
use super::server::{FLAKY, FLAKY_MODEL, GONE, THERE};

pub(super) const ALL: &[Scenario] = &[ALIAS, WAY, QUOTA];

const MINUTE: u64 = 60_000;
/// What an answer takes there.
const CALL_MS: u64 = 600;

/// An hour of it shows beginning and end.
const HOUR: &[&str] = &["watch", FLAKY, "--for", "1h"];

const TWO_THIRDS: &[Build] = &[GONE.weight(2), THERE];

const RATE_LIMIT: Act = Act::google(429, include_str!("../bodies/quota-requests-per-minute.json"));

const fn drill(id: &'static str, layer: &'static str, exit: u8, summary: &'static str) -> Scenario {
    Scenario::new(id, layer, exit, summary).command(HOUR).call_ms(CALL_MS)
}

/// The simulated milliseconds between these two minutes.
const fn minutes(from: u64, to: u64) -> When {
    When::Between(from * MINUTE, to * MINUTE)
}

const ALIAS: Scenario = drill(
    "alias-404-for-a-while",
    "backend",
    3,
    "For a drill: from minute 20 to minute 40, two of three calls to gemini-3.5-flash find no build.",
)
.fix("alias-backend-missing")
.local(FLAKY_MODEL)
.seed(5)
.aliases(&[Alias::new(FLAKY, Pick::Call, &[THERE]).phases(&[
    Phase { from_ms: 20 * MINUTE, builds: TWO_THIRDS },
    Phase { from_ms: 40 * MINUTE, builds: &[THERE] },
])]);

const WAY: Scenario = drill(
    "network-lost-for-a-while",
    "tcp",
    4,
    "For a drill: from minute 20 to minute 35, every connection is reset.",
)
.fix("connection-reset")
.doors(&[DoorRule { when: minutes(20, 35), door: Door::Reset }]);

const QUOTA: Scenario = drill(
    "quota-429-for-a-while",
    "quota",
    3,
    "For a drill: from minute 20 to minute 30, every call that generates ends in 429.",
)
.fix("quota-requests-per-minute")
.rules(&[Rule::always(Route::Generating, RATE_LIMIT).when(minutes(20, 30))]);
