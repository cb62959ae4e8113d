//! Something between client and Google answers in Google's place, or breaks the answer.

use super::super::fault::{Act, Canned, Door, DoorRule, HTML, JSON, Route, Rule, When};
use super::super::file::GIBIBYTE;
use super::super::scenario::{Alpn, Local, Scenario};

/// The media type of a text that claims to be nothing more.
const TEXT: &str = "text/plain; charset=UTF-8";

pub(in super::super) const ALL: &[Scenario] = &[
    GATEWAY_ROUTE_MISSING,
    GATEWAY_REFUSED,
    GATEWAY_REFUSED_MESSAGE,
    GATEWAY_REFUSED_PAGE,
    GATEWAY_REFUSED_NGINX,
    GATEWAY_FAILED,
    GATEWAY_FAILED_JSON,
    GATEWAY_FAILED_PAGE,
    GATEWAY_CREDITS_EXHAUSTED_402,
    GATEWAY_TIMEOUT_TOO_SHORT,
    ANSWER_NOT_JSON,
    ANSWER_NOT_JSON_PLAIN,
    ANSWER_CUT,
    ANSWER_TOO_LARGE,
    ANSWER_NESTED_TOO_DEEP,
    ANSWER_REDIRECTED,
    HEADERS_TOO_LARGE,
    HTTP_ON_TLS_PORT,
    HTTP_MALFORMED,
    SERVER_DISCONNECTED,
    SERVER_DISCONNECTED_IDLE,
    CONNECTION_RESET_AFTER_TLS,
    H2_GOAWAY,
    H2_STREAM_RESET,
];

const GATEWAY_ROUTE_MISSING: Scenario = Scenario::new(
    "gateway-route-missing",
    "gateway",
    3,
    "A gateway has no route for the path: 400 with JSON of its own.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::foreign(400, JSON, include_str!("../bodies/no-route.json")),
)]);

const GATEWAY_REFUSED: Scenario = Scenario::new(
    "gateway-refused",
    "gateway",
    1,
    "A gateway wants a key of its own and gets none: 401 with JSON of its own.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::foreign(401, JSON, include_str!("../bodies/gateway-401.json")),
)]);

const GATEWAY_REFUSED_MESSAGE: Scenario = Scenario::new(
    "gateway-refused.message",
    "gateway",
    1,
    "A gateway forbids the call: 403 with one word of JSON.",
)
.fix("gateway-refused")
.rules(&[Rule::always(
    Route::Any,
    Act::foreign(403, JSON, include_str!("../bodies/gateway-403.json")),
)]);

const GATEWAY_REFUSED_PAGE: Scenario = Scenario::new(
    "gateway-refused.page",
    "gateway",
    1,
    "A company's filter forbids the call: 403 with a page for people.",
)
.fix("gateway-refused")
.rules(&[Rule::always(
    Route::Any,
    Act::foreign(403, HTML, include_str!("../bodies/proxy-403.html")),
)]);

const GATEWAY_REFUSED_NGINX: Scenario = Scenario::new(
    "gateway-refused.nginx",
    "gateway",
    1,
    "A reverse proxy wants a login for calls that generate: 401 with its page.",
)
.fix("gateway-refused")
.rules(&[Rule::always(
    Route::Generating,
    Act::foreign(401, HTML, include_str!("../bodies/gateway-401.html")),
)]);

const GATEWAY_FAILED: Scenario = Scenario::new(
    "gateway-failed",
    "gateway",
    3,
    "Something that is not Google breaks down: 500 with one word of plain text.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::foreign(500, TEXT, include_str!("../bodies/gateway-500.txt")),
)]);

const GATEWAY_FAILED_JSON: Scenario = Scenario::new(
    "gateway-failed.json",
    "gateway",
    3,
    "A gateway breaks down: 500 with JSON of its own on calls that generate.",
)
.fix("gateway-failed")
.rules(&[Rule::always(
    Route::Generating,
    Act::foreign(500, JSON, include_str!("../bodies/gateway-500.json")),
)]);

const GATEWAY_FAILED_PAGE: Scenario = Scenario::new(
    "gateway-failed.page",
    "gateway",
    3,
    "A gateway is being serviced: 503 with a page for people.",
)
.fix("gateway-failed")
.rules(&[Rule::always(
    Route::Any,
    Act::foreign(503, HTML, include_str!("../bodies/gateway-503.html")),
)]);

const GATEWAY_CREDITS_EXHAUSTED_402: Scenario = Scenario::new(
    "gateway-credits-exhausted-402",
    "gateway",
    6,
    "A gateway has no credits left: 402 on calls that generate.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::foreign(402, JSON, include_str!("../bodies/credits-402.json")),
)]);

const GATEWAY_TIMEOUT_TOO_SHORT: Scenario = Scenario::new(
    "gateway-timeout-too-short",
    "gateway",
    3,
    "A gateway gives up on calls that generate after 200 ms: 504 with a page.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::After(200, &Act::foreign(504, HTML, include_str!("../bodies/gateway-504.html"))),
)]);

const ANSWER_NOT_JSON: Scenario = Scenario::new(
    "answer-not-json",
    "gateway",
    3,
    "A captive portal answers everything with its sign-in page.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::foreign(200, HTML, include_str!("../bodies/captive-portal.html")),
)]);

const ANSWER_NOT_JSON_PLAIN: Scenario = Scenario::new(
    "answer-not-json.plain",
    "gateway",
    3,
    "Something answers everything with 200 and a text that it calls JSON.",
)
.fix("answer-not-json")
.rules(&[Rule::always(
    Route::Any,
    Act::foreign(200, JSON, include_str!("../bodies/not-json.txt")),
)]);

const ANSWER_CUT: Scenario = Scenario::new(
    "answer-cut",
    "gateway",
    3,
    "The model list announces 5000 bytes and ends after 300.",
)
.alpn(Alpn::Http1)
.rules(&[Rule::always(
    Route::List,
    Act::Cut(
        Canned {
            status: 200,
            kind: JSON,
            google: false,
            headers: &[],
            body: include_str!("../bodies/cut-list.txt"),
        },
        5000,
    ),
)]);

const ANSWER_TOO_LARGE: Scenario =
    Scenario::new("answer-too-large", "gateway", 3, "Every answer is a gibibyte of JSON.")
        .rules(&[Rule::always(Route::Any, Act::Endless(GIBIBYTE))]);

const ANSWER_NESTED_TOO_DEEP: Scenario = Scenario::new(
    "answer-nested-too-deep",
    "gateway",
    3,
    "Every answer is 100,000 JSON arrays, one in the other.",
)
.rules(&[Rule::always(Route::Any, Act::Nested(100_000))]);

const ANSWER_REDIRECTED: Scenario = Scenario::new(
    "answer-redirected",
    "gateway",
    3,
    "Everything is redirected to another host, where the key must not go.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::Answer(Canned {
        status: 302,
        kind: HTML,
        google: false,
        headers: &[("location", "https://login.example/")],
        body: "",
    }),
)]);

const HEADERS_TOO_LARGE: Scenario =
    Scenario::new("headers-too-large", "gateway", 3, "The header lines of the answer have no end.")
        .command(&["check-key", "--timeout", "2"])
        .alpn(Alpn::Http1)
        .doors(&[DoorRule::always(Door::EndlessHeaders)]);

const HTTP_ON_TLS_PORT: Scenario = Scenario::new(
    "http-on-tls-port",
    "gateway",
    1,
    "The base URL says http:// to a port with TLS.",
)
.local(Local::base_url("http://generativelanguage.googleapis.com:443"));

const HTTP_MALFORMED: Scenario =
    Scenario::new("http-malformed", "gateway", 3, "What follows the TLS handshake is not HTTP.")
        .alpn(Alpn::Http1)
        .doors(&[DoorRule::always(Door::Garbage)]);

const SERVER_DISCONNECTED: Scenario = Scenario::new(
    "server-disconnected",
    "gateway",
    3,
    "The connection is closed after the request, without an answer.",
)
.rules(&[Rule::always(Route::Any, Act::Disconnect)]);

const SERVER_DISCONNECTED_IDLE: Scenario = Scenario::new(
    "server-disconnected.idle",
    "gateway",
    3,
    "An open connection is closed as soon as it is used again, before any answer.",
)
.fix("server-disconnected")
.alpn(Alpn::Http1)
.rules(&[Rule { when: When::Every(2), ..Rule::always(Route::Any, Act::Disconnect) }]);

const CONNECTION_RESET_AFTER_TLS: Scenario = Scenario::new(
    "connection-reset-after-tls",
    "gateway",
    3,
    "Every connection is reset after TLS, in answer to the first request.",
)
.alpn(Alpn::Http1)
.doors(&[DoorRule::always(Door::ResetAfterTls)]);

const H2_GOAWAY: Scenario = Scenario::new(
    "h2-goaway",
    "gateway",
    3,
    "HTTP/2 says GOAWAY, ENHANCE_YOUR_CALM, in answer to the first request.",
)
.alpn(Alpn::Http2)
.doors(&[DoorRule::always(Door::GoAway(11))]);

const H2_STREAM_RESET: Scenario = Scenario::new(
    "h2-stream-reset",
    "gateway",
    3,
    "HTTP/2 resets every stream with INTERNAL_ERROR.",
)
.alpn(Alpn::Http2)
.rules(&[Rule::always(Route::Any, Act::ResetStream(2))]);
