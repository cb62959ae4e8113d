//! Known fixes of the family `transport`: an open connection that does not carry the call to its end.

use crate::{
    catalog::{KnownFix, Sign, Split, likely, maybe, owner, sign::ABOUT_THIS_API, sure, you},
    facts::{Blame, Class, Fault, Layer, RetryClass, Severity, Stage},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &GRPC_UNREACHABLE,
    &SERVER_DISCONNECTED,
    &RESET_AFTER_TLS,
    &H2_GOAWAY,
    &H2_STREAM_RESET,
    &LOCAL_PORT_EXHAUSTION,
];

const SERVER_DISCONNECTED: KnownFix = KnownFix {
    id: "server-disconnected",
    title: "The connection was closed after the request, before any answer",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::At(Stage::Head), Sign::Fault(Fault::Closed)]),
        sure(&[Sign::At(Stage::Request), Sign::Fault(Fault::Closed)]),
        // A WebSocket without a goodbye: the network took it, no server closed it.
        likely(&[Sign::Closed(1006), ABOUT_THIS_API]),
        likely(&[Sign::SaysOne(NO_GOODBYE), ABOUT_THIS_API]),
        maybe(&[Sign::Closed(1006)]),
        maybe(&[Sign::SaysOne(NO_GOODBYE)]),
        // The library's name for several faults, without the sentence behind it.
        maybe(&[
            Sign::Says("Remote Protocol Error"),
            Sign::Not(&Sign::SaysOne(&["peer closed connection", "chunk"])),
        ]),
        // Two words that six different ends share.
        maybe(&[
            Sign::SaysOne(&["Socket closed", "socket was closed", "socket connection was closed"]),
            Sign::Not(&Sign::Says("WebSocket closed")),
            Sign::Not(&Sign::SaysOne(GRPC_DIALS)),
        ]),
    ],
    why: "Either an idle connection was used again just when the other side closed it, or a proxy or gateway that \
          ends long calls hung up. A status never came, so this is no error of the API.",
    fix: &[
        you("Ask once more, on a new connection").run("gemini-doctor check-key"),
        you("Keep idle connections for a shorter time in the client"),
        you("Stream long answers, so that no proxy takes the call for dead"),
        owner("Raise the idle limit of the proxy or gateway"),
    ],
    confirm: "gemini-doctor check-key passes several times in a row.",
    seen_as: &[
        "httpx.RemoteProtocolError: Server disconnected without sending a response.",
        "curl: (52) Empty reply from server",
        "TypeError: fetch failed\n  [cause]: SocketError: other side closed\n    code: 'UND_ERR_SOCKET'",
        "urllib3.exceptions.ProtocolError: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
        "client error (SendRequest): connection closed before message completed",
        "aiohttp.client_exceptions.ServerDisconnectedError: Server disconnected",
        "http: server closed idle connection",
        "websockets.exceptions.ConnectionClosedError: no close frame received or sent",
        "Error: Socket closed",
    ],
    live: &[&[Sign::Closed(1006)]],
    not: &[
        "TypeError: fetch failed [cause]: Error: read ECONNRESET code: 'ECONNRESET'",
        "httpx.RemoteProtocolError: peer closed connection without sending complete message body (incomplete chunked read)",
        "RuntimeError: Cannot send a request, as the client has been closed.",
    ],
    splits: &[
        Split {
            id: "connection-refused",
            by: "whether the connection ever opened: gemini-doctor check-key shows the step",
        },
        Split {
            id: "connection-reset",
            by: "a reset in place of a plain end, and before TLS was up",
        },
        Split {
            id: "connection-reset-after-tls",
            by: "a reset in place of a plain end, once TLS was up",
        },
        Split { id: "h2-goaway", by: "whether the other side said GOAWAY first" },
        Split { id: "answer-cut", by: "whether a part of the answer had come" },
        Split { id: "proxy-unreachable", by: "whether a proxy is set, and its own log" },
        Split {
            id: "grpc-unreachable",
            by: "whether the program speaks gRPC: its texts name ipv4: or ipv6:",
        },
    ],
    reproduce: "server-disconnected",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// What WebSocket libraries say when the other side was gone without a word.
const NO_GOODBYE: &[&str] = &[
    "no close frame received",
    "keepalive ping timeout",
    "1006 (abnormal",
    "close 1006",
    "closed: 1006",
    "code=1006",
    "code: 1006",
    "code\":1006",
];

const RESET_AFTER_TLS: KnownFix = KnownFix {
    id: "connection-reset-after-tls",
    title: "The connection was reset after TLS had been set up",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::At(Stage::Request), Sign::Fault(Fault::Reset)]),
        sure(&[Sign::At(Stage::Head), Sign::Fault(Fault::Reset)]),
        likely(&[Sign::At(Stage::Body), Sign::Fault(Fault::Reset)]),
    ],
    why: "Name, route and certificate were fine, and then somebody cut the connection without a goodbye: a firewall \
          or address translator that had forgotten an idle connection, a proxy or gateway that ends long calls, or \
          a filter that looks at the traffic inside. No filter on the host's name does it, since that one acts earlier.",
    fix: &[
        you("Ask once more, on a new connection").run("gemini-doctor check-key"),
        you(
            "Note the time until the reset: the same number of seconds each time is somebody's limit",
        ),
        you("Keep idle connections for a shorter time in the client, and stream long answers"),
        owner("Raise the idle limit of the firewall, proxy or gateway for the API host"),
    ],
    confirm: "gemini-doctor check-key passes several times in a row.",
    seen_as: &[
        "curl: (56) OpenSSL SSL_read: errno 104",
        "curl: (56) OpenSSL SSL_read: Connection reset by peer, errno 104",
        "Error: aborted\n    at connResetException (node:internal/errors:787:14)\n  code: 'ECONNRESET'",
    ],
    live: &[
        &[Sign::At(Stage::Head), Sign::Fault(Fault::Reset)],
        &[Sign::At(Stage::Request), Sign::Fault(Fault::Reset)],
        &[Sign::At(Stage::Body), Sign::Fault(Fault::Reset)],
    ],
    not: &[
        "curl: (35) Recv failure: Connection reset by peer",
        "httpx.RemoteProtocolError: Server disconnected without sending a response.",
    ],
    splits: &[
        Split {
            id: "connection-reset",
            by: "the moment: before TLS was up it is a filter or proxy that does not let the host through",
        },
        Split { id: "server-disconnected", by: "a reset or a plain end of the connection" },
        Split {
            id: "stream-truncated",
            by: "whether pieces of an answer had come before the reset",
        },
    ],
    reproduce: "connection-reset-after-tls",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const GRPC_UNREACHABLE: KnownFix = KnownFix {
    id: "grpc-unreachable",
    title: "gRPC could not connect; its 503 was made on this machine",
    layer: Layer::Tcp,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Backoff,
    when: &[
        sure(&[Sign::SaysOne(GRPC_DIALS), Sign::Not(&OF_ANY_CONNECTION)]),
        likely(&[Sign::Says("Error while dialing"), Sign::SaysOne(&["i/o timeout", "refused"])]),
        likely(&[Sign::SaysOne(GRPC_DIALS), Sign::Fault(Fault::TimedOut)]),
        likely(&[Sign::SaysOne(GRPC_DIALS), Sign::At(Stage::Tcp), Sign::Fault(Fault::Refused)]),
        likely(&[Sign::SaysOne(GRPC_DIALS), Sign::At(Stage::Tcp), Sign::Fault(Fault::Unreachable)]),
        likely(&[Sign::SaysOne(GRPC_DIALS), Sign::At(Stage::Tcp), Sign::Fault(Fault::Reset)]),
        likely(&[
            Sign::SaysOne(&[
                "Socket closed",
                "Connection refused",
                "Connection reset",
                "timed out",
                "Timeout",
            ]),
            Sign::SaysOne(&["ipv4:", "ipv6:"]),
            Sign::SaysOne(&["UNAVAILABLE", "addresses", "remote host"]),
            Sign::Not(&Sign::Says("received from peer")),
            Sign::Not(&Sign::SaysOne(GRPC_DIALS)),
        ]),
        // Two words that six different ends share, whoever prints them.
        maybe(&[
            Sign::Says("Socket closed"),
            Sign::Rpc("UNAVAILABLE"),
            Sign::Not(&Sign::SaysOne(GRPC_DIALS)),
        ]),
        maybe(&[
            Sign::Says("Socket closed"),
            Sign::SaysOne(&["UNAVAILABLE", "rpc", "grpc"]),
            Sign::Not(&Sign::SaysOne(GRPC_DIALS)),
        ]),
    ],
    why: "gRPC reports a connection that never came about with the same word as an overloaded server, UNAVAILABLE \
          or 503. Where the text names addresses or dialling, no server of Google's has answered. Mostly the network \
          wants a proxy, and gRPC does not use the one that curl and browsers use.",
    fix: &[
        you("See whether plain HTTPS reaches the host").run("gemini-doctor check-key"),
        you(
            "Let the SDK use REST in place of gRPC: transport='rest' in google-generativeai, or google-genai, which has no gRPC",
        ),
        you("Name the proxy to gRPC, as http:// and without a path").run_in(
            "export grpc_proxy=http://proxy.corp.example:8080",
            "$Env:grpc_proxy = 'http://proxy.corp.example:8080'",
        ),
        you("If the address is 127.0.0.1, start that local proxy or unset its variables"),
        owner("Open port 443 to the API host in the firewall, HTTP/2 included"),
    ],
    confirm: "gemini-doctor check-key gets past the network stage, and the program's call gets an answer.",
    seen_as: &[
        "google.api_core.exceptions.ServiceUnavailable: 503 failed to connect to all addresses; last error: UNKNOWN: ipv4:192.0.2.10:443: Failed to connect to remote host: Timeout occurred: FD Shutdown",
        "grpc: 503 failed to connect to all addresses; last error: UNAVAILABLE: ipv4:127.0.0.1:7890: Failed to connect to remote host: Connection refused",
        "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 192.0.2.10:443: i/o timeout\"",
        "<AioRpcError of RPC that terminated with:\n\tstatus = StatusCode.UNAVAILABLE\n\tdetails = \"failed to connect to all addresses; last error: UNAVAILABLE: ipv6:%5B2001:db8::10%5D:443: Socket closed\"\n>",
        "<_InactiveRpcError of RPC that terminated with:\n\tstatus = StatusCode.UNAVAILABLE\n\tdetails = \"Socket closed\"\n\tdebug_error_string = \"UNKNOWN:Error received from peer ipv4:127.0.0.1:7890 {grpc_message:\"Socket closed\", grpc_status:14}\"\n>",
        "Error: 14 UNAVAILABLE: No connection established. Last error: connect ECONNREFUSED 192.0.2.10:443",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}"#,
        "<_InactiveRpcError of RPC that terminated with:\n\tstatus = StatusCode.UNAVAILABLE\n\tdetails = \"The service is currently unavailable.\"\n\tdebug_error_string = \"UNKNOWN:Error received from peer ipv4:192.0.2.10:443 {grpc_status:14}\"\n>",
        "failed to connect to all addresses; last error: UNKNOWN: ipv4:192.0.2.10:443: Ssl handshake failed: SSL_ERROR_SSL: CERTIFICATE_VERIFY_FAILED: unable to get local issuer certificate",
    ],
    splits: &[
        Split {
            id: "connect-timeout",
            by: "the same: the path to the host is closed to every program, not to gRPC alone",
        },
        Split {
            id: "proxy-unreachable",
            by: "the address: 127.0.0.1 or a proxy's means that a proxy was tried",
        },
        Split {
            id: "connection-refused",
            by: "whether the connection ever opened: gemini-doctor check-key shows the step",
        },
        Split { id: "connection-reset", by: "a reset in place of a plain end, before TLS was up" },
        Split {
            id: "connection-reset-after-tls",
            by: "a reset in place of a plain end, once TLS was up",
        },
        Split { id: "h2-goaway", by: "whether the other side said GOAWAY first: GRPC_TRACE=http" },
        Split {
            id: "server-disconnected",
            by: "whether calls on that connection had passed before it was closed",
        },
        Split { id: "answer-cut", by: "whether a part of the answer had come" },
    ],
    reproduce: "",
    hides: &["service-unavailable-503", "network-unreachable-fetch-failed"],
    docs: &[],
    as_of: "2026-11-20",
};

/// Trouble that says more than that no connection came about, and that any program would have had.
const OF_ANY_CONNECTION: Sign = Sign::OneOf(&[
    Sign::Fault(Fault::TimedOut),
    Sign::Fault(Fault::Refused),
    Sign::Fault(Fault::Unreachable),
    Sign::Fault(Fault::Reset),
]);

/// What gRPC's libraries say when no connection came about.
const GRPC_DIALS: &[&str] = &[
    "failed to connect to all addresses",
    "Error while dialing",
    "Failed to connect to remote host",
    "No connection established. Last error",
    "before receiving SETTINGS frame",
    "error reading server preface",
    "UNAVAILABLE: io exception",
    "tcp handshaker shutdown",
    "name resolver error: produced zero addresses",
];

const H2_GOAWAY: KnownFix = KnownFix {
    id: "h2-goaway",
    title: "The other side sent this HTTP/2 connection away (GOAWAY)",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[sure(&[Sign::Fault(Fault::GoAway)])],
    why: "Servers send GOAWAY when a connection is old or they restart; a call on a new connection then passes. With \
          ENHANCE_YOUR_CALM the other side, mostly a gateway, thinks that the client sends too many pings or streams.",
    fix: &[
        you("Ask once more, on a new connection").run("gemini-doctor check-key"),
        you(
            "Lower the client's keep-alive pings and parallel streams if it says ENHANCE_YOUR_CALM",
        ),
        you("Use HTTP/1.1 meanwhile, if only this gateway sends it"),
    ],
    confirm: "gemini-doctor check-key passes several times in a row.",
    seen_as: &[
        "http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=ENHANCE_YOUR_CALM, debug=\"too_many_pings\"",
        "Error [ERR_HTTP2_GOAWAY_SESSION]: New streams cannot be created after receiving a GOAWAY",
        "httpcore.RemoteProtocolError: <ConnectionTerminated error_code:11, last_stream_id:1, additional_data:None>",
    ],
    live: &[],
    not: &["stream error: stream ID 1; INTERNAL_ERROR; received from peer"],
    splits: &[],
    reproduce: "h2-goaway",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const H2_STREAM_RESET: KnownFix = KnownFix {
    id: "h2-stream-reset",
    title: "The other side broke off this one HTTP/2 call (RST_STREAM)",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[sure(&[Sign::Fault(Fault::StreamReset)])],
    why: "The connection lives on and this call was dropped. REFUSED_STREAM means that it was not begun and may be \
          sent again at once; INTERNAL_ERROR or CANCEL mostly come from a gateway whose own call behind it failed.",
    fix: &[
        you("Ask once more").run("gemini-doctor check-key"),
        you("Try HTTP/1.1, to see whether only HTTP/2 through this path breaks").run_in(
            "curl -v --http1.1 https://generativelanguage.googleapis.com",
            "curl.exe -v --http1.1 https://generativelanguage.googleapis.com",
        ),
        owner("Look into the log of the gateway or proxy for that moment"),
    ],
    confirm: "gemini-doctor check-key passes several times in a row.",
    seen_as: &[
        "stream error: stream ID 1; INTERNAL_ERROR; received from peer",
        "curl: (92) HTTP/2 stream 0 was not closed cleanly: INTERNAL_ERROR (err 2)",
        "Error [ERR_HTTP2_STREAM_ERROR]: Stream closed with error code NGHTTP2_INTERNAL_ERROR",
        "httpcore.RemoteProtocolError: <StreamReset stream_id:1, error_code:2, remote_reset:True>",
    ],
    live: &[],
    not: &[
        "http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR",
        r#"{"error":{"code":500,"message":"Internal error encountered.","status":"INTERNAL"}}"#,
    ],
    splits: &[],
    reproduce: "h2-stream-reset",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const LOCAL_PORT_EXHAUSTION: KnownFix = KnownFix {
    id: "local-port-exhaustion",
    title: "This machine has no local port or address left for the connection",
    layer: Layer::Tcp,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::Backoff,
    when: &[
        sure(&[Sign::At(Stage::Tcp), Sign::Fault(Fault::NoLocalAddress)]),
        likely(&[Sign::Fault(Fault::NoLocalAddress)]),
    ],
    why: "The operating system could not give the connection an address of its own. A program that opens a new \
          connection for each call uses up all ports; a container without the address family has none to begin with.",
    fix: &[
        you("Make one client and reuse it, instead of one for each call"),
        you("Lower the number of calls at a time"),
        you("Count the connections that wait to be closed").run_in(
            "ss -tan state time-wait | wc -l",
            "(Get-NetTCPConnection -State TimeWait).Count",
        ),
        you("In a container, see whether only one address family works")
            .run("gemini-doctor check-key -4"),
    ],
    confirm: "The program runs a minute under its usual load without the error.",
    seen_as: &[
        "Error: connect EADDRNOTAVAIL 142.250.74.106:443 - Local (0.0.0.0:0)",
        "client error (Connect): tcp connect error: Cannot assign requested address (os error 99)",
        "OSError: [WinError 10048] Only one usage of each socket address (protocol/network address/port) is normally permitted",
    ],
    live: &[],
    not: &["dial tcp 142.250.74.106:443: connect: network is unreachable"],
    splits: &[],
    reproduce: "",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};
