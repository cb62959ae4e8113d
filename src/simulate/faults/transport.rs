//! Worlds in which something is known about time: how long calls take, and what becomes of
//! connections.
//!
//! Each is one that a benchmark must see as it is. Times are real, since they are what is measured,
//! and short.

use super::super::call::Http;
use super::super::fault::{Act, Bend, Door, DoorRule, HTML, Route, Rule, When};
use super::super::scenario::{Alpn, Identity, Local, Needs, Proxy, Scenario};
use super::super::traffic::{Freeze, Limit, Pace, Patience, Reserve, Traffic};
use super::server::FLAKY;

pub(in super::super) const ALL: &[Scenario] = &[
    DELAYS,
    ZERO,
    COLD_CONNECTIONS_SLOW,
    PHASES_KNOWN,
    PHASES_KNOWN_PROXY,
    TWO_MODELS,
    SERVER_FREEZES,
    SERVER_FREEZES_SHORT,
    SERVER_DIES,
    TIMEOUT_LARGE_INPUT,
    TIMEOUT_NETWORK,
    TIMEOUT_MODEL_LOAD,
    TIMEOUT_ROUND,
    TIMEOUT_NEAR,
    FIRST_CALL_SLOW,
    HTTP2_NOT_OFFERED,
    ALPN_NONE,
    HTTP2_LOST_BETWEEN,
    PROTOCOL_UNAVAILABLE,
    H2_ONE_STREAM,
    H2_FEW_STREAMS,
    H2_GOAWAY_EACH,
    H1_CLOSE_EACH,
    NO_NODELAY,
    H2_REFUSED_STREAM,
    H2_ENHANCE_YOUR_CALM,
    REUSE_RACE,
    IDLE_CLOSE,
    IDLE_CLOSE_SHORT,
    IDLE_CLOSE_ROUNDS,
    IDLE_CLOSE_CROSSED,
    RATE_LIMITED,
    RATE_QUEUED,
    GATEWAY_RATE_LIMITED,
    GATEWAY_RATE_LIMITED_429,
    CAPACITY_TEN,
    CAPACITY_TWENTY,
];

const COMPARE: &[&str] = &["bench-transport"];

/// A world for benchmarks. Nothing in it is a fault that has a fix.
const fn timed(id: &'static str, summary: &'static str) -> Scenario {
    Scenario::new(id, "-", 0, summary).no_fix().command(COMPARE)
}

/// A world with a trap that a benchmark names; the fix has the scenario's own name.
const fn trap(id: &'static str, layer: &'static str, exit: u8, summary: &'static str) -> Scenario {
    Scenario::new(id, layer, exit, summary).command(COMPARE)
}

/// Every call over that version of HTTP waits, and is answered honestly.
const fn slow(http: Http, after: Act) -> Rule {
    Rule::always(Route::Any, after).over(http)
}

const DELAYS: Scenario = timed(
    "transport-delays",
    "A call takes 280 ms over HTTP/1.1, 110 ms over HTTP/2 and 70 ms over gRPC, whatever it asks for.",
)
.rules(&[
    slow(Http::Http1, Act::After(280, &Act::HONEST)),
    slow(Http::Http2, Act::After(110, &Act::HONEST)),
    slow(Http::Grpc, Act::After(70, &Act::HONEST)),
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

const SERVER_FREEZES: Scenario = timed(
    "server-freezes",
    "The server stands still for 1 s in every 5 s, and then goes on with what has come meanwhile.",
)
.command(&["bench-transport", "--rate", "20", "--duration", "10s", "--yes"])
.traffic(Traffic { freeze: Some(Freeze { every_ms: 5000, for_ms: 1000 }), ..Traffic::PLAIN });

const SERVER_FREEZES_SHORT: Scenario = Scenario {
    id: "server-freezes.short",
    summary: "The server stands still for 200 ms in every second.",
    traffic: Traffic { freeze: Some(Freeze { every_ms: 1000, for_ms: 200 }), ..Traffic::PLAIN },
    ..SERVER_FREEZES
};

const SERVER_DIES: Scenario = timed(
    "server-dies",
    "All is well for 2 s; then every connection is reset, old ones and new ones.",
)
.doors(&[DoorRule { when: FROM_2_S, door: Door::Reset }])
.rules(&[Rule::always(Route::Any, Act::Reset).when(FROM_2_S)]);

const FROM_2_S: When = When::Between(2000, u64::MAX);

const DEADLINE: Act = Act::google(504, include_str!("../bodies/deadline-504.json"));

/// Counts tokens, to several sizes and two models.
const WHY_TIMEOUT: &[&str] = &["bench-transport", "--why-timeout"];

const TIMEOUT_LARGE_INPUT: Scenario = Scenario::new(
    "timeout-large-input",
    "request",
    1,
    "A call to any model takes 4 ms for each KiB of its request, and beyond 100 KiB it ends in 504.",
)
.command(WHY_TIMEOUT)
.rules(&[Rule::always(
    Route::Methods,
    Act::BySize { ms: 4, most_kib: 100, beyond: &DEADLINE },
)]);

const TIMEOUT_NETWORK: Scenario = Scenario::new(
    "timeout-network",
    "tcp",
    4,
    "A new connection waits 1.1 s for its TLS handshake, and one call in four, to any model and of \
     any size, ends in 504 after 400 ms.",
)
.command(WHY_TIMEOUT)
.doors(&[DoorRule::always(Door::Pause(1100))])
.rules(&[Rule::always(Route::Methods, Act::After(400, &DEADLINE)).when(When::Ratio(0.25))]);

const TIMEOUT_MODEL_LOAD: Scenario = Scenario::new(
    "timeout-model-load",
    "backend",
    3,
    "A call to gemini-3.5-flash takes 300 ms, and four in ten end in 504 after 500 ms, whatever \
     their size; other models are fast.",
)
.command(&["bench-transport", "--why-timeout", "--model", "gemini-3.5-flash"])
.rules(&[
    Rule::on_model(Route::Methods, FLAKY, Act::After(500, &DEADLINE)).when(When::Ratio(0.4)),
    Rule::on_model(Route::Methods, FLAKY, Act::After(300, &Act::HONEST)),
]);

const TIMEOUT_ROUND: Scenario = trap(
    "gateway-timeout-round",
    "gateway",
    3,
    "A gateway gives up after 2 s, to the millisecond, and every third call that generates takes \
     longer than that: it ends in 504 with a page.",
)
.command(&["bench-transport", "--workload", "words:50", "--yes"])
.local(BEHIND_GATEWAY)
.rules(&[Rule::always(Route::Generating, Act::After(2000, &NGINX_504)).when(When::Every(3))]);

const NGINX_504: Act = Act::foreign(504, HTML, include_str!("../bodies/gateway-504.html"));

const TIMEOUT_NEAR: Scenario = trap(
    "timeout-near",
    "backend",
    0,
    "A call takes 300 ms, and the caller gives up after 500 ms.",
)
.command(&["bench-transport", "--timeout", "0.5"])
.rules(&[Rule::always(Route::Any, Act::After(300, &Act::HONEST))]);

const FIRST_CALL_SLOW: Scenario = trap(
    "first-call-slow",
    "backend",
    0,
    "The first call that generates wakes the server up, which takes 1.5 s; all others are fast.",
)
.command(&["bench-transport", "--workload", "words:10", "--yes"])
.rules(&[Rule::always(Route::Generating, Act::After(1500, &Act::HONEST)).when(When::First(1))]);

const REQUIRE_HTTP2: &[&str] = &["bench-transport", "--require", "h2"];

const HTTP2_NOT_OFFERED: Scenario = trap(
    "http2-not-offered",
    "tls",
    1,
    "The server speaks HTTP/1.1 alone, and says so in the TLS handshake.",
)
.command(REQUIRE_HTTP2)
.alpn(Alpn::Http1);

const ALPN_NONE: Scenario = Scenario {
    id: "alpn-none",
    summary: "The server speaks HTTP/1.1 alone, and no protocol is named in the TLS handshake.",
    fix: Some("alpn-none"),
    alpn: Alpn::Silent,
    ..HTTP2_NOT_OFFERED
};

const HTTP2_LOST_BETWEEN: Scenario = trap(
    "http2-lost-between",
    "tls",
    1,
    "An inspection box ends TLS with a certificate that only the system's store trusts, and speaks \
     HTTP/1.1 alone.",
)
.command(REQUIRE_HTTP2)
.identity(Identity::InspectionTrusted)
.alpn(Alpn::Http1);

const PROTOCOL_UNAVAILABLE: Scenario = Scenario {
    http3: false,
    ..trap(
        "protocol-unavailable",
        "tls",
        1,
        "The server speaks HTTP over TCP, and nothing over UDP.",
    )
    .command(&["bench-transport", "--require", "h3"])
};

const H2_ONE_STREAM: Scenario =
    trap("h2-one-stream", "gateway", 0, "An HTTP/2 connection may have one stream at a time.")
        .traffic(Traffic { streams: Some(1), ..Traffic::PLAIN });

const H2_FEW_STREAMS: Scenario =
    trap("h2-few-streams", "gateway", 0, "An HTTP/2 connection may have four streams at a time.")
        .traffic(Traffic { streams: Some(4), ..Traffic::PLAIN });

const H2_GOAWAY_EACH: Scenario = trap(
    "h2-goaway-each",
    "gateway",
    0,
    "After ten calls an HTTP/2 connection is told to end, with GOAWAY and no error.",
)
.traffic(Traffic { calls_each: Some((Http::Http2, 10)), ..Traffic::PLAIN });

const H1_CLOSE_EACH: Scenario = trap(
    "h1-close-each",
    "gateway",
    0,
    "The tenth answer on an HTTP/1.1 connection says Connection: close, and means it.",
)
.traffic(Traffic { calls_each: Some((Http::Http1, 10)), ..Traffic::PLAIN });

const NO_NODELAY: Scenario = trap(
    "no-nodelay",
    "gateway",
    0,
    "Head and body are written one after the other, and the second waits until the first is \
     acknowledged, which takes the client 40 ms.",
)
.needs(Needs::Linux)
.traffic(Traffic { nodelay: false, ..Traffic::PLAIN });

const H2_REFUSED_STREAM: Scenario = trap(
    "h2-refused-stream",
    "gateway",
    3,
    "Every tenth call over HTTP/2 is refused before it is looked at: RST_STREAM, REFUSED_STREAM.",
)
.rules(&[Rule::always(Route::Any, Act::ResetStream(7)).over(Http::Http2).when(When::Every(10))]);

const H2_ENHANCE_YOUR_CALM: Scenario = trap(
    "h2-enhance-your-calm",
    "gateway",
    3,
    "Every tenth call over HTTP/2 is broken off: RST_STREAM, ENHANCE_YOUR_CALM.",
)
.rules(&[Rule::always(Route::Any, Act::ResetStream(11)).over(Http::Http2).when(When::Every(10))]);

/// Long enough for the other ways of a benchmark to let a connection rest.
const A_WHILE: &[Rule] = &[Rule::always(Route::Any, Act::After(100, &Act::HONEST))];

const REUSE_RACE: Scenario = trap(
    "reuse-race",
    "gateway",
    1,
    "A call takes 100 ms, and the end of a connection that was idle for 150 ms crosses the next one.",
)
.rules(A_WHILE)
.traffic(Traffic { idle: Some(Patience::Crosses(150)), ..Traffic::PLAIN });

const IDLE_CLOSE: Scenario = trap(
    "idle-close",
    "gateway",
    0,
    "A connection that has been idle for 5 s is closed without a word.",
)
.command(&["bench-transport", "--idle-sweep"])
.traffic(Traffic { idle: Some(Patience::Closes(5000)), ..Traffic::PLAIN });

const IDLE_CLOSE_SHORT: Scenario = Scenario {
    id: "idle-close.short",
    summary: "A connection that has been idle for 1 s is closed without a word.",
    traffic: Traffic { idle: Some(Patience::Closes(1000)), ..Traffic::PLAIN },
    ..IDLE_CLOSE
};

const IDLE_CLOSE_ROUNDS: Scenario = Scenario {
    id: "idle-close.rounds",
    summary: "A call takes 100 ms, and a connection that was idle for 300 ms is closed.",
    command: COMPARE,
    rules: A_WHILE,
    traffic: Traffic { idle: Some(Patience::Closes(300)), ..Traffic::PLAIN },
    ..IDLE_CLOSE
};

const IDLE_CLOSE_CROSSED: Scenario = Scenario {
    id: "idle-close.crossed",
    summary: "The end of a connection that has been idle for 1 s crosses the next call on its way.",
    traffic: Traffic { idle: Some(Patience::Crosses(1000)), ..Traffic::PLAIN },
    ..IDLE_CLOSE
};

const TOO_MANY: Act = Act::google(429, include_str!("../bodies/quota-ten-a-second.json"));
const NGINX_429: Act = Act::foreign(429, HTML, include_str!("../bodies/nginx-429.html"));
const NGINX_503: Act = Act::foreign(503, HTML, include_str!("../bodies/nginx-503.html"));

const BEHIND_GATEWAY: Local = Local::base_url("https://gateway.example");

/// Both ask faster than ten a second.
const TWELVE: &[&str] = &["bench-transport", "--rate", "12", "--duration", "10s", "--yes"];
const FIND_LIMIT: &[&str] = &["bench-transport", "--find-limit", "--yes"];

const fn ten_a_second(reserve: Reserve, refusal: Act) -> Traffic {
    Traffic::limit(Limit { per_second: 10, reserve, refusal })
}

const RATE_LIMITED: Scenario = Scenario::new(
    "rate-limited",
    "quota",
    3,
    "Google takes ten calls a second and twenty at once; the others end in 429, per minute.",
)
.fix("rate-not-sustained")
.command(&["bench-transport", "--rate", "30", "--duration", "5s", "--yes"])
.traffic(ten_a_second(Reserve::Bucket(20), TOO_MANY));

const RATE_QUEUED: Scenario = timed(
    "rate-queued",
    "A gateway passes ten calls a second on; twenty more wait, and the others end in 429 with a page.",
)
.command(FIND_LIMIT)
.local(BEHIND_GATEWAY)
.traffic(ten_a_second(Reserve::Queue(20), NGINX_429));

const GATEWAY_RATE_LIMITED: Scenario = timed(
    "gateway-rate-limited",
    "A gateway takes ten calls a second and twenty at once; the others end in 503 with its page.",
)
.command(FIND_LIMIT)
.local(BEHIND_GATEWAY)
.traffic(ten_a_second(Reserve::Bucket(20), NGINX_503));

const GATEWAY_RATE_LIMITED_429: Scenario = Scenario {
    id: "gateway-rate-limited.429",
    summary: "The same, but the others end in 429 with its page.",
    traffic: ten_a_second(Reserve::Bucket(20), NGINX_429),
    ..GATEWAY_RATE_LIMITED
};

const CAPACITY_TEN: Scenario = Scenario::new(
    "rate-not-sustained",
    "backend",
    3,
    "The server does ten calls a second and refuses none: what comes faster waits longer and longer.",
)
.fix("rate-not-sustained")
.command(TWELVE)
.traffic(ten_a_second(Reserve::Queue(u32::MAX), NGINX_503));

const CAPACITY_TWENTY: Scenario = timed(
    "capacity-twenty",
    "The server does twenty calls a second and refuses none: what comes faster waits.",
)
.command(TWELVE)
.traffic(Traffic::limit(Limit {
    per_second: 20,
    reserve: Reserve::Queue(u32::MAX),
    refusal: NGINX_503,
}));
