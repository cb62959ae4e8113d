//! The ways in which an alias can behave over many calls: which of them fail, when, how and where.
//!
//! Each is a regime that a probe of many calls must tell from the others. The seeds are chosen so
//! that shares are met early on; with other seeds the same regimes come about more unevenly.

use super::super::fault::{
    Act, Alias, Build, Door, DoorRule, HTML, Manner, Phase, Pick, Route, Rule, When,
};
use super::super::scenario::{Needs, Scenario};
use super::server::{FLAKY, GONE, THERE};

pub(in super::super) const ALL: &[Scenario] = &[
    HEALTHY,
    STICKY,
    ROTATING,
    PER_ADDRESS,
    PER_HTTP,
    BURST,
    DRIFT,
    ONSET,
    RECOVERY,
    OUTAGE_OWN_NAME,
    DOWN,
    OUTAGE_FOREIGN_NAME,
    SIBLING_BROKEN,
    ALL_BROKEN,
    TWO_BAD_BUILDS,
    VERSIONS_VARY,
    VERSIONS_WITH_FAILURES,
    QUOTA_MIXED,
    QUOTA_ONLY,
    OVERLOADED_MIXED,
    OVERLOADED,
    OVERLOADED_ONLY,
    DENIED_MIDWAY,
    RESETS,
    LOST,
    OWN_NAME_INTERMITTENT,
    SDK_ONLY,
    EMPTY,
    RARE,
    GATEWAY_404,
];

/// The fix that names a missing build.
const MISSING: &str = "alias-backend-missing";

/// A second of simulated time for each call makes seconds and calls the same number.
const SECOND: u64 = 1000;

const SHORT: &[&str] = &["probe-alias", FLAKY];

/// Long enough to see something begin, or end.
const LONG: &[&str] = &["probe-alias", FLAKY, "--samples", "120"];

/// Two of three calls find nothing.
const TWO_THIRDS: &[Build] = &[GONE.weight(2), THERE];

const TWO_THIRDS_GONE: Alias = Alias::new(FLAKY, Pick::Call, TWO_THIRDS);

/// Gone as well, by another name.
const GONE_TOO: Build = Build::missing("gemini-v4p1s-rev25-hektor-sentinel");

/// A build of a sibling.
const SIBLING_GONE: Build = Build::missing("gemini-v3p0f-rev7-nestor-sentinel");

/// Gone, and it does not give itself away.
const GONE_IN_SILENCE: Build = GONE.manner(Manner::Unknown);

const LITE: Build = Build::works("gemini-3.5-flash-lite").says("gemini-3.5-flash-lite");

const B1: Build = Build::works("b1").says("gemini-3.5-flash-001");
const B2: Build = Build::works("b2").says("gemini-3.5-flash-002");
const B3: Build = Build::works("b3").says("gemini-3.5-flash-003");

const OVERLOAD: Act = Act::google(503, include_str!("../bodies/overloaded-503.json"));
const RATE_LIMIT: Act = Act::google(429, include_str!("../bodies/quota-requests-per-minute.json"));
const DENIED: Act = Act::google(403, include_str!("../bodies/project-denied-access.json"));
const NO_TEXT: Act = Act::google(200, include_str!("../bodies/empty-candidate.json"));
const BUILD_MISSING: Act = Act::google(404, include_str!("../bodies/build-missing.json"));

/// A regime in which calls are led to a build that is gone.
const fn flaky(id: &'static str, summary: &'static str) -> Scenario {
    regime(id, "backend", 3, summary).fix(MISSING)
}

/// A regime in which nothing fails.
const fn clean(id: &'static str, summary: &'static str) -> Scenario {
    regime(id, "-", 0, summary).no_fix()
}

const fn regime(
    id: &'static str,
    layer: &'static str,
    exit: u8,
    summary: &'static str,
) -> Scenario {
    Scenario::new(id, layer, exit, summary).command(SHORT).regime()
}

/// Fires on calls to the alias that generate.
const fn on_alias(when: When, act: Act) -> Rule {
    Rule::on_model(Route::Generating, FLAKY, act).when(when)
}

/// From so many simulated milliseconds on.
const fn from(ms: u64) -> When {
    When::Between(ms, u64::MAX)
}

const HEALTHY: Scenario = clean(
    "alias-healthy",
    "gemini-3.5-flash is served by one build that works, and so are its siblings.",
)
.aliases(&[Alias::new(FLAKY, Pick::Call, &[THERE])]);

const STICKY: Scenario = flaky(
    "alias-sticky",
    "Two of three connections lead to a build that is gone, each for as long as it lasts.",
)
.seed(41)
.aliases(&[Alias::new(FLAKY, Pick::Connection, TWO_THIRDS)]);

const ROTATING: Scenario = flaky(
    "alias-rotating",
    "Three builds serve gemini-3.5-flash in turns: the first and the third are gone.",
)
.aliases(&[Alias::new(FLAKY, Pick::Turns, &[GONE, THERE, GONE_TOO])]);

const PER_ADDRESS: Scenario = flaky(
    "alias-per-address",
    "The API has two addresses, and behind the second one the build is gone.",
)
.needs(Needs::Linux)
.addresses(2)
.aliases(&[Alias::new(FLAKY, Pick::Address, &[THERE, GONE])]);

const PER_HTTP: Scenario =
    flaky("alias-per-http", "HTTP/1.1 leads to a build that works, HTTP/2 to one that is gone.")
        .aliases(&[Alias::new(FLAKY, Pick::Http, &[THERE, GONE])]);

const BURST: Scenario = flaky(
    "alias-burst",
    "Stretches of calls find a build that is gone, and stretches between them one that works.",
)
.command(LONG)
.seed(20)
.call_ms(SECOND)
.aliases(&[Alias::new(FLAKY, Pick::Burst(5), &[GONE, THERE])]);

const DRIFT: Scenario = regime(
    "alias-drift",
    "model",
    0,
    "gemini-3.5-flash-lite takes the calls to gemini-3.5-flash over, bit by bit; none fails.",
)
.fix("alias-rerouted")
.seed(2)
.call_ms(SECOND)
.aliases(&[Alias::new(FLAKY, Pick::Call, &[THERE]).phases(&[
    Phase { from_ms: 10 * SECOND, builds: &[LITE, THERE.weight(2)] },
    Phase { from_ms: 20 * SECOND, builds: &[LITE.weight(2), THERE] },
    Phase { from_ms: 30 * SECOND, builds: &[LITE] },
])]);

const ONSET: Scenario =
    flaky("alias-onset", "All calls pass for 40 seconds; then two of three builds go, for good.")
        .command(LONG)
        .seed(122)
        .call_ms(SECOND)
        .aliases(&[Alias::new(FLAKY, Pick::Call, &[THERE])
            .phases(&[Phase { from_ms: 40 * SECOND, builds: TWO_THIRDS }])]);

const RECOVERY: Scenario =
    clean("alias-recovery", "Two of three builds are gone for 60 seconds; then all calls pass.")
        .command(LONG)
        .seed(352)
        .call_ms(SECOND)
        .aliases(&[TWO_THIRDS_GONE.phases(&[Phase { from_ms: 60 * SECOND, builds: &[THERE] }])]);

const OUTAGE_OWN_NAME: Scenario = flaky(
    "alias-outage-own-name",
    "The alias is listed, described and counts tokens, and every other call says there is no such \
     model.",
)
.fix("alias-down")
.aliases(&[Alias::new(FLAKY, Pick::Call, &[GONE_IN_SILENCE])]);

/// The same by the name of its fix.
const DOWN: Scenario = Scenario { id: "alias-down", regime: false, ..OUTAGE_OWN_NAME };

const OUTAGE_FOREIGN_NAME: Scenario = flaky(
    "alias-outage-foreign-name",
    "Every call that generates ends in 404 with the name of a build that nobody asked for.",
)
.aliases(&[Alias::new(FLAKY, Pick::Call, &[GONE])]);

const SIBLING_BROKEN: Scenario = flaky(
    "alias-sibling-broken",
    "Two of three calls to the alias fail, and half of those to one of its siblings.",
)
.seed(141)
.aliases(&[
    TWO_THIRDS_GONE,
    Alias::new(
        "gemini-3-flash-preview",
        Pick::Call,
        &[SIBLING_GONE, Build::works("gemini-3-flash-preview")],
    ),
]);

const ALL_BROKEN: Scenario =
    flaky("alias-all-broken", "Two of three calls fail, to the alias and to each of its siblings.")
        .seed(9585)
        .aliases(&[
            TWO_THIRDS_GONE,
            Alias::new("gemini-flash-latest", Pick::Call, TWO_THIRDS),
            Alias::new("gemini-3-flash-preview", Pick::Call, TWO_THIRDS),
            Alias::new("gemini-2.5-flash", Pick::Call, TWO_THIRDS),
        ]);

const TWO_BAD_BUILDS: Scenario = flaky(
    "alias-two-bad-builds",
    "Three builds serve the alias; two are gone, and each says so with a name of its own.",
)
.seed(69)
.aliases(&[Alias::new(FLAKY, Pick::Call, &[GONE, GONE_TOO, THERE])]);

const VERSIONS_VARY: Scenario = clean(
    "alias-versions-vary",
    "Three versions of one model answer in no order, and none of them fails.",
)
.seed(69)
.aliases(&[Alias::new(FLAKY, Pick::Call, &[B1, B2, B3])]);

const VERSIONS_WITH_FAILURES: Scenario = flaky(
    "alias-versions-with-failures",
    "Two versions of one model answer, and a third build is gone.",
)
.seed(69)
.aliases(&[Alias::new(FLAKY, Pick::Call, &[B1, B2, GONE])]);

const QUOTA_MIXED: Scenario = flaky(
    "alias-429-mixed",
    "Two of three calls find a build that is gone, and 8 % of all end in 429 instead.",
)
.seed(5)
.rules(&[on_alias(When::Ratio(0.08), RATE_LIMIT)])
.aliases(&[TWO_THIRDS_GONE]);

const QUOTA_ONLY: Scenario = regime(
    "alias-429-only",
    "quota",
    3,
    "Every call to the alias that generates ends in 429; its siblings are fine.",
)
.fix("quota-requests-per-minute")
.rules(&[on_alias(When::Always, RATE_LIMIT)]);

const OVERLOADED_MIXED: Scenario = flaky(
    "alias-503-mixed",
    "Two of three calls find a build that is gone, and 15 % of all end in 503 instead.",
)
.seed(1382)
.rules(&[on_alias(When::Ratio(0.15), OVERLOAD)])
.aliases(&[TWO_THIRDS_GONE]);

const OVERLOADED: Scenario = regime(
    "alias-overloaded",
    "backend",
    3,
    "The alias has too little capacity: 30 % of its calls end in 503; its siblings are fine.",
)
.fix("model-overloaded-503")
.seed(39)
.rules(&[on_alias(When::Ratio(0.3), OVERLOAD)]);

const OVERLOADED_ONLY: Scenario = regime(
    "alias-503-only",
    "backend",
    3,
    "The alias has no capacity: all its calls end in 503; its siblings are fine.",
)
.fix("model-overloaded-503")
.rules(&[on_alias(When::Always, OVERLOAD)]);

const DENIED_MIDWAY: Scenario = regime(
    "alias-403-midway",
    "permission",
    1,
    "Eight calls pass; then the project is denied access, and everything ends in 403.",
)
.fix("project-denied-access")
.call_ms(SECOND)
.rules(&[Rule::always(Route::Any, DENIED).when(from(8 * SECOND))]);

const RESETS: Scenario = regime(
    "alias-resets",
    "gateway",
    3,
    "15 % of the calls to the alias end in a reset of their connection; the name is fine.",
)
.fix("connection-reset-after-tls")
.seed(19)
.rules(&[on_alias(When::Ratio(0.15), Act::Reset)]);

const LOST: Scenario = regime(
    "alias-lost",
    "tcp",
    4,
    "Ten calls pass; then every connection is reset, old ones and new ones.",
)
.fix("connection-reset")
.call_ms(SECOND)
.doors(&[DoorRule { when: from(10 * SECOND), door: Door::Reset }])
.rules(&[Rule::always(Route::Any, Act::Reset).when(from(10 * SECOND))]);

const OWN_NAME_INTERMITTENT: Scenario = flaky(
    "alias-own-name-intermittent",
    "Two of three calls say that there is no such model, by the very name that was asked for.",
)
.seed(121)
.aliases(&[Alias::new(FLAKY, Pick::Call, &[GONE_IN_SILENCE.weight(2), THERE])]);

const SDK_ONLY: Scenario = flaky(
    "alias-sdk-only",
    "Calls that bear the header of Google's SDK find a build that is gone; others pass.",
)
.command(&["probe-alias", FLAKY, "--as-sdk", "python"])
.rules(&[Rule {
    header: Some(("x-goog-api-client", "google-genai-sdk/")),
    ..on_alias(When::Always, BUILD_MISSING)
}]);

const EMPTY: Scenario = regime(
    "alias-empty",
    "backend",
    3,
    "40 % of the calls to the alias are answered with 200 and no text.",
)
.fix("empty-candidate-no-text")
.seed(14)
.rules(&[on_alias(When::Ratio(0.4), NO_TEXT)]);

const RARE: Scenario = flaky("alias-rare", "One call in ten finds a build that is gone.")
    .command(LONG)
    .seed(1)
    .aliases(&[Alias::new(FLAKY, Pick::Call, &[GONE, THERE.weight(9)])]);

const GATEWAY_404: Scenario = regime(
    "alias-gateway-404",
    "gateway",
    3,
    "Half of the calls to the alias end at a gateway that has no route for them: 404 with a page.",
)
.fix("gateway-route-missing")
.seed(3)
.rules(&[on_alias(
    When::Ratio(0.5),
    Act::foreign(404, HTML, include_str!("../bodies/gateway-404.html")),
)]);
