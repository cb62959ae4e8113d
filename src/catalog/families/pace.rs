//! Known fixes of the family `pace`: what makes calls slow or fragile although they pass, as timed calls
//! over several connections show it.
//!
//! They rest on many calls together, so that no text of a single one shows them.

use crate::{
    catalog::{KnownFix, Sign, Split, likely, owner, provider, sure, you},
    facts::{Blame, Class, Layer, RetryClass, Severity, clue::Shown},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &REUSE_RACE,
    &IDLE_CLOSE,
    &H1_CLOSE_EACH,
    &H2_GOAWAY_EACH,
    &H2_ONE_STREAM,
    &H2_FEW_STREAMS,
    &H2_REFUSED_STREAM,
    &H2_ENHANCE_YOUR_CALM,
    &NO_NODELAY,
    &TIMEOUT_NEAR,
    &GATEWAY_TIMEOUT_ROUND,
    &FIRST_CALL_SLOW,
];

const AGAIN: &str = "gemini-doctor bench-transport with the same options shows it no more.";

const REUSE_RACE: KnownFix = KnownFix {
    id: "reuse-race",
    title: "Calls get lost over connections that are reused after a rest",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::Once,
    when: &[sure(&[Sign::Shown(Shown::ReuseRace)])],
    why: "The other side closes a connection that it holds for idle just when a call is sent over it, and the two \
          cross on their way: \"socket closed\", \"server disconnected\", ECONNRESET. Calls over new connections do \
          not get lost, which rules out the server, the key and the network.",
    fix: &[
        you("Let the client give idle connections up before the other side does. httpx: \
             Limits(keepalive_expiry=4); aiohttp: TCPConnector(keepalive_timeout=4)"),
        you(
            "Node: setGlobalDispatcher(new Agent({ keepAliveTimeout: 4000, keepAliveMaxTimeout: 4000 })) from \
             undici; Go: Transport{IdleConnTimeout: 4 * time.Second}",
        ),
        you(
            "requests and urllib3 know no such limit: mount HTTPAdapter(max_retries=Retry(total=1, \
             allowed_methods=None)), which sends such a call once more",
        ),
        owner(
            "Keep idle connections longer than any client does. nginx: keepalive_timeout 75s; HAProxy: timeout \
               http-keep-alive 75s; Envoy: common_http_protocol_options.idle_timeout",
        ),
        owner(
            "Gunicorn: --keep-alive 75 (2 s unless set); Uvicorn: --timeout-keep-alive 75 (5 s unless set); Node: \
               server.keepAliveTimeout = 75000 (5 s unless set)",
        ),
    ],
    confirm: AGAIN,
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::ReuseRace)],
        &[Sign::Shown(Shown::ReuseRace), Sign::Says("got lost over connections")],
    ],
    not: &["Error: connect ECONNREFUSED 192.0.2.10:443"],
    splits: &[
        Split {
            id: "h1-close-each",
            by: "whether the lost call always has one number on its connection: a limit of calls, not of time",
        },
        Split { id: "idle-close", by: "whether calls were lost, or the close came in between" },
    ],
    reproduce: "reuse-race",
    hides: &["server-disconnected", "connection-reset-after-tls"],
    docs: &[],
    as_of: "2026-11-29",
};

const IDLE_CLOSE: KnownFix = KnownFix {
    id: "idle-close",
    title: "Idle connections are closed sooner than clients expect",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::Once,
    when: &[sure(&[Sign::Shown(Shown::IdleClose)])],
    why: "Connections were found closed after the same time without a call. A client that keeps them longer opens a \
          new one for the next call at best, and at worst sends that call into the closing one and loses it.",
    fix: &[
        you(
            "Let the client give idle connections up a second before that. httpx: Limits(keepalive_expiry=...) \
             (5 s unless set); aiohttp: TCPConnector(keepalive_timeout=...) (15 s unless set)",
        ),
        you(
            "Node: Agent({ keepAliveTimeout, keepAliveMaxTimeout }) of undici in milliseconds (4 s unless set); Go: \
             Transport.IdleConnTimeout (90 s unless set); requests: retry once, as it knows no such limit",
        ),
        owner(
            "Keep idle connections longer. nginx: keepalive_timeout 75s; HAProxy: timeout http-keep-alive 75s; \
               Envoy: common_http_protocol_options.idle_timeout; Gunicorn: --keep-alive 75",
        ),
        you(
            "Send calls that are wanted fast in a steady stream, so that the connection never rests so long",
        ),
    ],
    confirm: AGAIN,
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::IdleClose)],
        &[Sign::Shown(Shown::IdleClose), Sign::Says("once they were idle")],
    ],
    not: &["keepalive ping timeout"],
    splits: &[Split {
        id: "h1-close-each",
        by: "whether the connections had rested, or ended with an answer",
    }],
    reproduce: "idle-close",
    hides: &[],
    docs: &[],
    as_of: "2026-11-29",
};

const H1_CLOSE_EACH: KnownFix = KnownFix {
    id: "h1-close-each",
    title: "HTTP/1.1 connections are closed after every few calls",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::Once,
    when: &[sure(&[Sign::Shown(Shown::EndsHttp1Each)])],
    why: "Each connection ended with the answer to the call of one and the same number. Every such end costs the next \
          call a TCP and a TLS handshake; after one call each there is no keep-alive at all.",
    fix: &[
        owner(
            "nginx: raise keepalive_requests (1000 unless set), and send upstream requests with proxy_http_version \
               1.1 and an empty Connection header",
        ),
        owner(
            "HAProxy: leave option httpclose away; Envoy: max_requests_per_connection; Node: \
               server.maxRequestsPerSocket = 0",
        ),
        owner(
            "Gunicorn's sync workers close after every call: use --worker-class gthread or an asynchronous one",
        ),
        you(
            "If only one call each goes through, see that the client sends no Connection: close, and that one Client, \
             Session or Agent is used for all calls",
        ),
    ],
    confirm: AGAIN,
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::EndsHttp1Each)],
        &[Sign::Shown(Shown::EndsHttp1Each), Sign::Says("were ended, after")],
    ],
    not: &["Connection: close"],
    splits: &[Split {
        id: "idle-close",
        by: "whether the connections had rested, or ended with an answer",
    }],
    reproduce: "h1-close-each",
    hides: &[],
    docs: &[],
    as_of: "2026-11-29",
};

const H2_GOAWAY_EACH: KnownFix = KnownFix {
    id: "h2-goaway-each",
    title: "HTTP/2 connections are ended after every few calls",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::Once,
    when: &[sure(&[Sign::Shown(Shown::EndsHttp2Each)])],
    why: "Each connection was sent away (GOAWAY) or closed with the answer to the call of one and the same number. The \
          next call waits for a new handshake, and clients that do not heed GOAWAY lose calls at that moment.",
    fix: &[
        owner(
            "nginx: raise keepalive_requests (1000 unless set); Envoy: max_requests_per_connection; Apache: \
               MaxKeepAliveRequests 0",
        ),
        owner(
            "If a service mesh or balancer drains connections to spread the load, let it do so by age and not by count",
        ),
        you(
            "Use a client that opens the next connection on GOAWAY and resends what was not begun, as Go's net/http, \
             httpx with httpcore 1.0 and Node's undici do",
        ),
    ],
    confirm: AGAIN,
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::EndsHttp2Each)],
        &[Sign::Shown(Shown::EndsHttp2Each), Sign::Says("were ended, after")],
    ],
    not: &["http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR"],
    splits: &[Split {
        id: "h2-goaway",
        by: "whether it comes after one number of calls again and again, or once",
    }],
    reproduce: "h2-goaway-each",
    hides: &[],
    docs: &[],
    as_of: "2026-11-29",
};

const H2_ONE_STREAM: KnownFix = KnownFix {
    id: "h2-one-stream",
    title: "The server allows one HTTP/2 call at a time on a connection",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::Never,
    when: &[sure(&[Sign::Shown(Shown::OneStream)])],
    why: "Its settings say MAX_CONCURRENT_STREAMS 1. Clients that have one connection for all calls queue them up \
          behind each other, so that HTTP/2 is slower than HTTP/1.1 with a pool as soon as calls overlap.",
    fix: &[
        owner(
            "nginx: http2_max_concurrent_streams 128; HAProxy: tune.h2.fe.max-concurrent-streams 100; Envoy: \
               http2_protocol_options.max_concurrent_streams 100",
        ),
        you(
            "Until then use HTTP/1.1 with a pool. httpx: Client(http2=False, limits=Limits(max_connections=20)); Go: \
             an empty Transport.TLSNextProto and MaxIdleConnsPerHost 20; undici: Agent({ allowH2: false, connections: 20 })",
        ),
        you("See what it costs with calls at the same time")
            .run("gemini-doctor bench-transport --concurrency 8"),
    ],
    confirm: AGAIN,
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::OneStream)],
        &[Sign::Shown(Shown::OneStream), Sign::Says("one HTTP/2 call at a time")],
    ],
    not: &["httpcore.LocalProtocolError: Max outbound streams is 100, 100 open"],
    splits: &[],
    reproduce: "h2-one-stream",
    hides: &[],
    docs: &[],
    as_of: "2026-11-29",
};

const H2_FEW_STREAMS: KnownFix = KnownFix {
    id: "h2-few-streams",
    title: "The server allows only a few HTTP/2 calls at a time on a connection",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Note,
    class: None,
    retry: RetryClass::Never,
    when: &[sure(&[Sign::Shown(Shown::FewStreams)])],
    why: "Its settings say MAX_CONCURRENT_STREAMS below 10, where 100 and more are usual. More calls than that wait \
          for each other on one connection, or need further ones.",
    fix: &[
        owner(
            "nginx: http2_max_concurrent_streams 128; HAProxy: tune.h2.fe.max-concurrent-streams 100; Envoy: \
               http2_protocol_options.max_concurrent_streams 100",
        ),
        you("Limit the calls under way to that number, or spread them over several clients"),
        you("See what it costs with calls at the same time")
            .run("gemini-doctor bench-transport --concurrency 16"),
    ],
    confirm: AGAIN,
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::FewStreams)],
        &[Sign::Shown(Shown::FewStreams), Sign::Says("calls at a time")],
    ],
    not: &["httpcore.LocalProtocolError: Max outbound streams is 100, 100 open"],
    splits: &[],
    reproduce: "h2-few-streams",
    hides: &[],
    docs: &[],
    as_of: "2026-11-29",
};

const H2_REFUSED_STREAM: KnownFix = KnownFix {
    id: "h2-refused-stream",
    title: "HTTP/2 calls are refused before they are looked at",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[sure(&[Sign::Shown(Shown::RefusesStreams)])],
    why: "RST_STREAM with REFUSED_STREAM promises that nothing was done with the call, so that it may be sent again at \
          once, at no charge. Servers say so when a connection carries more calls than they allow, or when they drain.",
    fix: &[
        you("Send such a call again at once. Go's net/http does so by itself; in Python catch \
             httpx.RemoteProtocolError, and in Node ERR_HTTP2_STREAM_ERROR with NGHTTP2_REFUSED_STREAM"),
        you(
            "Lower the number of calls at the same time, and wait for the server's settings before the first ones",
        ),
        owner(
            "Look into the gateway's log: overload manager (Envoy), draining for a new release, or a limit of \
               streams that is below what it announced",
        ),
        you("See whether HTTP/1.1 is free of it")
            .run("gemini-doctor bench-transport --arms h1-warm,h2-warm"),
    ],
    confirm: AGAIN,
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::RefusesStreams)],
        &[Sign::Shown(Shown::RefusesStreams), Sign::Says("REFUSED_STREAM")],
    ],
    not: &["stream error: stream ID 1; INTERNAL_ERROR; received from peer"],
    splits: &[],
    reproduce: "h2-refused-stream",
    hides: &["h2-stream-reset"],
    docs: &[],
    as_of: "2026-11-29",
};

const H2_ENHANCE_YOUR_CALM: KnownFix = KnownFix {
    id: "h2-enhance-your-calm",
    title: "The other side holds this client for too eager (ENHANCE_YOUR_CALM)",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Backoff,
    when: &[sure(&[Sign::Shown(Shown::AsksForCalm)])],
    why: "Servers and gateways break calls or connections off with this reason when a client sends PINGs too often, \
          opens and cancels calls in quick succession, or keeps more under way than they bear.",
    fix: &[
        you("Send keep-alive PINGs seldom. gRPC: grpc.keepalive_time_ms 300000 and \
             grpc.keepalive_permit_without_calls 0; Go: Transport.ReadIdleTimeout of HTTP/2 at 30 s or more"),
        you("Do not cancel calls by the dozen: short time-outs with retries look like an attack"),
        you("Lower the number of calls at the same time")
            .run("gemini-doctor bench-transport --concurrency 2"),
        owner(
            "If the gateway is yours, raise its limits: Envoy max_inbound_priority_frames_per_stream, gRPC servers' \
               keepalive enforcement policy, nginx http2_max_concurrent_streams",
        ),
    ],
    confirm: AGAIN,
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::AsksForCalm)],
        &[Sign::Shown(Shown::AsksForCalm), Sign::Says("ENHANCE_YOUR_CALM")],
    ],
    not: &["stream error: stream ID 1; INTERNAL_ERROR; received from peer"],
    splits: &[],
    reproduce: "h2-enhance-your-calm",
    hides: &["h2-goaway", "h2-stream-reset"],
    docs: &[],
    as_of: "2026-11-29",
};

const NO_NODELAY: KnownFix = KnownFix {
    id: "no-nodelay",
    title: "Answers wait 40 ms for an acknowledgement: TCP_NODELAY is not set",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::Never,
    when: &[sure(&[Sign::Shown(Shown::DelayedAck)])],
    why: "The server writes head and body apart. Without TCP_NODELAY the second piece is held back until the first is \
          acknowledged, and the client's system delays that by 40 ms (Linux; up to 200 ms elsewhere). Round trips are \
          far shorter, and some answers come at once, which no work of the server explains.",
    fix: &[
        owner(
            "Set TCP_NODELAY on accepted connections. Go, Node 18, Envoy, Gunicorn and asyncio do so by themselves; \
               nginx: tcp_nodelay on; HAProxy: option http-no-delay",
        ),
        owner(
            "Python's http.server and socketserver: disable_nagle_algorithm = True; Java and Netty: \
               setTcpNoDelay(true), ChannelOption.TCP_NODELAY; Rust: set_nodelay(true)",
        ),
        owner("Write head and body in one piece: a buffered writer that is flushed once"),
        you(
            "Set it on your own side too, where a program writes a request in pieces: Node socket.setNoDelay(true)",
        ),
    ],
    confirm: AGAIN,
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::DelayedAck)],
        &[Sign::Shown(Shown::DelayedAck), Sign::Says("between head and body")],
    ],
    not: &["* TCP_NODELAY set"],
    splits: &[],
    reproduce: "no-nodelay",
    hides: &[],
    docs: &[],
    as_of: "2026-11-29",
};

const TIMEOUT_NEAR: KnownFix = KnownFix {
    id: "timeout-near",
    title: "The slowest calls come near the time that a call may take",
    layer: Layer::Backend,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Shown(Shown::NearTimeout)])],
    why: "The tail of the latencies lies above half of the request time-out. On a busier day, or with a longer answer, \
          calls will be given up that the server would have answered, and that are charged all the same.",
    fix: &[
        you(
            "Raise the time-out to twice that tail or more. google-genai: HttpOptions(timeout=120000), in \
             milliseconds; httpx: Client(timeout=120); requests: timeout=(10, 120)",
        ),
        you(
            "Node: httpOptions: { timeout: 120000 }, and undici's headersTimeout and bodyTimeout (300 s unless set); \
             Go: a context with a longer deadline",
        ),
        you(
            "Have the answer come as a stream, and bound the pause between two pieces instead of the whole",
        ),
        you("Ask for a shorter answer, or less thinking"),
    ],
    confirm: "gemini-doctor bench-transport --timeout with the new value shows it no more.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::NearTimeout)],
        &[Sign::Shown(Shown::NearTimeout), Sign::Says("the time-out is")],
    ],
    not: &["httpx.ReadTimeout: The read operation timed out"],
    splits: &[Split {
        id: "gateway-timeout-round",
        by: "whether calls end at the caller's own time-out, or sooner at a round number",
    }],
    reproduce: "timeout-near",
    hides: &[],
    docs: &[],
    as_of: "2026-11-29",
};

const GATEWAY_TIMEOUT_ROUND: KnownFix = KnownFix {
    id: "gateway-timeout-round",
    title: "Calls end at one round number of seconds: somebody's time-out",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Shown(Shown::RoundTimeout)])],
    why: "More calls end right after that number than any tail of latencies would put there, and none lasts \
          longer. That is a limit of a server or gateway on the way, which no longer time-out of the client helps.",
    fix: &[
        owner("Find whose limit it is. 60 s: nginx proxy_read_timeout, AWS and Azure balancers; 30 s: Gunicorn \
               --timeout, Heroku; 15 s: Envoy's route timeout; 100 s: Cloudflare; 300 s: Cloud Run"),
        owner("Raise it above the slowest answer: nginx proxy_read_timeout 300s; HAProxy timeout server 300s; Envoy \
               route timeout 300s; Gunicorn --timeout 300"),
        you("Have the answer come as a stream, so that such a limit sees bytes in time")
            .run("gemini-doctor bench-transport --workload stream:500 --yes"),
        you("Ask Google directly once, to see that the limit is the gateway's").run(
            "gemini-doctor bench-transport --workload words:500 --yes --base-url https://generativelanguage.googleapis.com",
        ),
    ],
    confirm: "No call ends at that number in gemini-doctor bench-transport with the same options.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::RoundTimeout)],
        &[Sign::Shown(Shown::RoundTimeout), Sign::Says("and none later")],
    ],
    not: &["httpx.ReadTimeout: The read operation timed out"],
    splits: &[Split {
        id: "gateway-timeout-too-short",
        by: "many calls together: one 504 alone does not show the number",
    }],
    reproduce: "gateway-timeout-round",
    hides: &["gateway-timeout-too-short", "deadline-exceeded"],
    docs: &[],
    as_of: "2026-11-29",
};

const FIRST_CALL_SLOW: KnownFix = KnownFix {
    id: "first-call-slow",
    title: "The first call takes far longer than all others: a cold start",
    layer: Layer::Backend,
    blame: Blame::Path,
    severity: Severity::Note,
    class: None,
    retry: RetryClass::Never,
    when: &[likely(&[Sign::Shown(Shown::ColdStart)])],
    why: "Connection set-up left aside, the first call is slower than any later one, three times as slow as they \
          usually are at least. An instance, a function or a model had to be started for it.",
    fix: &[
        owner(
            "Keep one instance running: Cloud Run --min-instances=1, Lambda provisioned concurrency, Gunicorn --preload",
        ),
        you("Make a small call when your program starts, before anybody waits for it"),
        you(
            "Leave the first call out of a measurement, or measure first calls alone: never both together",
        ),
        provider("Keep an instance of the model warm"),
    ],
    confirm: AGAIN,
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::ColdStart)],
        &[Sign::Shown(Shown::ColdStart), Sign::Says("the first call took")],
    ],
    not: &["google.genai.errors.ServerError: 503 UNAVAILABLE. model is loading"],
    splits: &[],
    reproduce: "first-call-slow",
    hides: &[],
    docs: &[],
    as_of: "2026-11-29",
};
