//! A healthy Gemini, aliases with missing builds, and trouble on the provider's side.

use super::super::fault::{Act, Alias, Bend, Build, Pick, Route, Rule};
use super::super::scenario::{AUTH_KEY, Local, Scenario};

pub(in super::super) const HEALTHY_AND_ALIASES: &[Scenario] =
    &[HEALTHY, ALIAS_404, ALIAS_BACKEND_MISSING, ALIAS_REROUTED];

pub(in super::super) const ALL: &[Scenario] = &[
    MODEL_OVERLOADED,
    SERVICE_UNAVAILABLE,
    SERVER_INTERNAL,
    DEADLINE_EXCEEDED,
    CANCELLED,
    CLIENT_READ_TIMEOUT,
];

const HEALTHY: Scenario =
    Scenario::new("healthy", "-", 0, "Everything works: key, network, model and answers.").no_fix();

/// The model whose builds are gone in the alias scenarios.
pub(super) const FLAKY: &str = "gemini-3.5-flash";

/// The name in the bug report that this mechanism was found by; nobody ever asked for it.
pub(super) const GONE: Build = Build::missing("gemini-v4p1s-rev24-ajax-sentinel");

pub(super) const THERE: Build = Build::works("gemini-3.5-flash");

/// The caller's own setting names the model, as in the report.
pub(super) const FLAKY_MODEL: Local =
    Local::variables(&[("GEMINI_API_KEY", AUTH_KEY), ("GEMINI_MODEL", FLAKY)]);

/// The seed makes exactly 17 of the first 25 calls fail, as in the bug report.
const ALIAS_404: Scenario = Scenario::new(
    "alias-404",
    "backend",
    3,
    "Three builds serve gemini-3.5-flash and two of them are gone, so that most calls end in 404.",
)
.fix("alias-backend-missing")
.command(&["doctor"])
.local(FLAKY_MODEL)
.seed(41)
.aliases(&[Alias::new(FLAKY, Pick::Call, &[GONE, THERE, GONE])]);

const ALIAS_BACKEND_MISSING: Scenario = Scenario::new(
    "alias-backend-missing",
    "backend",
    3,
    "Two builds serve gemini-3.5-flash in turns and one of them is gone: every second call fails.",
)
.command(&["doctor"])
.local(FLAKY_MODEL)
.aliases(&[Alias::new(FLAKY, Pick::Turns, &[GONE, THERE])]);

const ALIAS_REROUTED: Scenario = Scenario::new(
    "alias-rerouted",
    "model",
    0,
    "Calls to gemini-2.5-flash are answered by gemini-3.5-flash-lite, as the answers say.",
)
.command(&["check-key", "--model", "gemini-2.5-flash"])
.rules(&[Rule::on_model(
    Route::Generating,
    "gemini-2.5-flash",
    Act::Bend(Bend { version: Some("gemini-3.5-flash-lite"), stage: Some("LEGACY"), ..Bend::NONE }),
)]);

const MODEL_OVERLOADED: Scenario = Scenario::new(
    "model-overloaded-503",
    "backend",
    3,
    "The model has no capacity: calls that generate end in 503.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(503, include_str!("../bodies/overloaded-503.json")),
)]);

const SERVICE_UNAVAILABLE: Scenario = Scenario::new(
    "service-unavailable-503",
    "backend",
    3,
    "The whole service is unavailable: every call ends in 503.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(503, include_str!("../bodies/unavailable-503.json")),
)]);

const SERVER_INTERNAL: Scenario = Scenario::new(
    "server-internal-500",
    "backend",
    3,
    "Calls that generate end in 500, an internal error of the provider.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(500, include_str!("../bodies/internal-500.json")),
)]);

const DEADLINE_EXCEEDED: Scenario = Scenario::new(
    "deadline-exceeded",
    "backend",
    3,
    "The provider's own deadline runs out: calls that generate end in 504.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(504, include_str!("../bodies/deadline-504.json")),
)]);

const CANCELLED: Scenario = Scenario::new(
    "cancelled-499",
    "backend",
    3,
    "The provider cancels calls that generate: they end in 499.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(499, include_str!("../bodies/cancelled-499.json")),
)]);

const CLIENT_READ_TIMEOUT: Scenario = Scenario::new(
    "client-read-timeout",
    "backend",
    3,
    "The server takes calls that generate and never answers them.",
)
.command(&["check-key", "--timeout", "1"])
.rules(&[Rule::always(Route::Generating, Act::Hang)]);
