//! Somebody stands in front of Google at a host of their own: a relay, a gateway that takes errors apart, and one
//! that speaks OpenAI's API.

use super::super::fault::{Act, Bend, JSON, Route, Rule, When};
use super::super::scenario::{Front, Scenario};

pub(in super::super) const ALL: &[Scenario] = &[
    RELAY,
    RELAY_WITH_MARKS,
    OPENAI,
    LIST_ELSEWHERE,
    REFUSED_ITSELF,
    LISTS_ONLY,
    PASSED_ON,
    QUOTED,
    STRIPPED,
    HIDES_CAUSE,
    UNREACHED,
    UNREACHED_ENVOY,
    LIMITED,
    LIMITED_LITELLM,
    UNKNOWN_MODEL,
    NO_CHANNEL,
    OTHER_MODEL,
    HEALTH_FAILS,
    HEALTH_ELSEWHERE,
    HEALTH_COLD,
];

const TEXT: &str = "text/plain; charset=UTF-8";
const OVER_OPENAI: &[&str] = &["check-key", "--api", "openai"];
const WITH_HEALTH: &[&str] = &["check-key", "--health-url", "https://gateway.example/healthz"];

/// Google's own refusal of a key.
const KEY_REFUSED: Act = Act::google(400, include_str!("../bodies/refused-key.json"));

const RELAY: Scenario = Scenario::new(
    "not-a-google-endpoint",
    "gateway",
    0,
    "A relay passes everything on to Google at a host of its own, and all works.",
)
.behind(Front::Relay);

const RELAY_WITH_MARKS: Scenario = Scenario::new(
    "not-a-google-endpoint.copied-marks",
    "gateway",
    0,
    "A relay that bears the marks of Google's front end; its certificate is not Google's.",
)
.fix("not-a-google-endpoint")
.elsewhere();

const OPENAI: Scenario = Scenario::new(
    "not-a-google-endpoint.openai",
    "gateway",
    0,
    "A gateway that speaks OpenAI's API, and all works.",
)
.fix("not-a-google-endpoint")
.command(OVER_OPENAI)
.behind(Front::Translating);

const LIST_ELSEWHERE: Scenario = Scenario::new(
    "not-a-google-endpoint.list-elsewhere",
    "gateway",
    0,
    "A gateway answers natively, counts nothing, and has its list at v1/models in OpenAI's form.",
)
.fix("not-a-google-endpoint")
.behind(Front::Translating);

const REFUSED_ITSELF: Scenario = Scenario::new(
    "gateway-refused.litellm",
    "gateway",
    1,
    "A gateway that speaks OpenAI's API wants a key of its own: 401.",
)
.fix("gateway-refused")
.command(OVER_OPENAI)
.behind(Front::Translating)
.rules(&[Rule::always(
    Route::Any,
    Act::foreign(401, JSON, include_str!("../bodies/gateway-401.json")),
)]);

const LISTS_ONLY: Scenario = Scenario::new(
    "gateway-refused.lists-only",
    "gateway",
    1,
    "A gateway lists models for a key that it lets call none of them.",
)
.fix("gateway-refused")
.command(OVER_OPENAI)
.behind(Front::Translating)
.rules(&[Rule::always(
    Route::Generating,
    Act::foreign(401, JSON, include_str!("../bodies/litellm-team.json")),
)]);

const PASSED_ON: Scenario = Scenario::new(
    "api-key-invalid.passed-on",
    "auth",
    1,
    "Google refuses the key, and a relay passes that on as it is.",
)
.fix("api-key-invalid")
.behind(Front::Relay)
.rules(&[Rule::always(Route::Any, KEY_REFUSED)]);

const QUOTED: Scenario = Scenario::new(
    "api-key-invalid.quoted",
    "auth",
    1,
    "Google refuses the gateway's key, and the gateway quotes that in an error of its own: 401.",
)
.fix("api-key-invalid")
.command(OVER_OPENAI)
.behind(Front::Translating)
.rules(&[Rule::always(Route::Generating, KEY_REFUSED)]);

const STRIPPED: Scenario = Scenario::new(
    "api-key-invalid.stripped",
    "auth",
    1,
    "Google refuses the key, and a gateway leaves only the sentence of it, as a 500.",
)
.fix("api-key-invalid")
.behind(Front::Stripping)
.rules(&[Rule::always(Route::Methods, KEY_REFUSED)]);

const HIDES_CAUSE: Scenario = Scenario::new(
    "gateway-hides-cause",
    "gateway",
    3,
    "A relay puts a sentence of its own in the place of Google's error.",
)
.behind(Front::Relay)
.rules(&[Rule::always(
    Route::Generating,
    Act::foreign(400, JSON, include_str!("../bodies/relay-bad-status.json")),
)]);

const UNREACHED: Scenario = Scenario::new(
    "gateway-upstream-unreachable",
    "gateway",
    3,
    "A gateway lists models and gets no connection to whoever would answer.",
)
.command(OVER_OPENAI)
.behind(Front::Translating)
.rules(&[Rule::always(
    Route::Generating,
    Act::foreign(500, JSON, include_str!("../bodies/litellm-dead-upstream.json")),
)]);

const UNREACHED_ENVOY: Scenario = Scenario::new(
    "gateway-upstream-unreachable.envoy",
    "gateway",
    3,
    "A load balancer has nobody behind it: 503 with three words.",
)
.fix("gateway-upstream-unreachable")
.behind(Front::Relay)
.rules(&[Rule::always(
    Route::Any,
    Act::foreign(503, TEXT, include_str!("../bodies/envoy-503.txt")),
)]);

const LIMITED: Scenario = Scenario::new(
    "gateway-limit-hit",
    "quota",
    3,
    "A gateway has a limit of its own for calls that generate: 429.",
)
.behind(Front::Stripping)
.rules(&[Rule::always(
    Route::Generating,
    Act::foreign(429, JSON, include_str!("../bodies/kong-429.json")),
)]);

const LIMITED_LITELLM: Scenario = Scenario::new(
    "gateway-limit-hit.litellm",
    "quota",
    3,
    "A gateway that speaks OpenAI's API holds calls that generate back: 429.",
)
.fix("gateway-limit-hit")
.command(OVER_OPENAI)
.behind(Front::Translating)
.rules(&[Rule::always(
    Route::Generating,
    Act::foreign(429, JSON, include_str!("../bodies/litellm-limited.json")),
)]);

const UNKNOWN_MODEL: Scenario = Scenario::new(
    "gateway-model-unknown",
    "model",
    1,
    "A gateway that speaks OpenAI's API does not know the model: 400.",
)
.command(&["check-key", "--api", "openai", "--model", "gemini-9"])
.behind(Front::Translating)
.rules(&[Rule::always(
    Route::Generating,
    Act::foreign(400, JSON, include_str!("../bodies/litellm-unknown-model.json")),
)]);

const NO_CHANNEL: Scenario = Scenario::new(
    "gateway-model-unknown.no-channel",
    "model",
    1,
    "A relay has nobody who serves the model: 503.",
)
.fix("gateway-model-unknown")
.behind(Front::Relay)
.rules(&[Rule::always(
    Route::Generating,
    Act::foreign(503, JSON, include_str!("../bodies/relay-no-channel.json")),
)]);

const OTHER_MODEL: Scenario = Scenario::new(
    "gateway-other-model",
    "model",
    0,
    "A relay answers with another maker's model under the name that was asked for.",
)
.behind(Front::Relay)
.rules(&[Rule::always(
    Route::Generating,
    Act::Bend(Bend { version: Some("qwen-plus-2026"), ..Bend::NONE }),
)]);

const HEALTH_FAILS: Scenario = Scenario::new(
    "health-endpoint-failing",
    "gateway",
    3,
    "The gateway answers calls, and its health end point says 503.",
)
.command(WITH_HEALTH)
.behind(Front::Relay)
.rules(&[Rule::always(Route::Health, Act::foreign(503, TEXT, "starting"))]);

const HEALTH_ELSEWHERE: Scenario = Scenario::new(
    "health-endpoint-not-there",
    "gateway",
    1,
    "The gateway answers calls, and its health end point wants a login.",
)
.command(WITH_HEALTH)
.behind(Front::Relay)
.rules(&[Rule::always(Route::Health, Act::foreign(401, TEXT, "log in first"))]);

const HEALTH_COLD: Scenario = Scenario::new(
    "first-call-slow.health",
    "backend",
    0,
    "The health end point takes 1.6 s at first, and then answers at once.",
)
.fix("first-call-slow")
.command(WITH_HEALTH)
.behind(Front::Relay)
.rules(&[Rule::always(Route::Health, Act::After(1600, &Act::foreign(200, TEXT, "ok")))
    .when(When::First(1))]);
