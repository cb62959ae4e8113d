//! Known fixes of the family `transport`: an open connection that does not carry the call to its end.

use crate::{
    catalog::{KnownFix, Sign, likely, owner, sure, you},
    facts::{Blame, Class, Fault, Layer, RetryClass, Severity, Stage},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] =
    &[&SERVER_DISCONNECTED, &H2_GOAWAY, &H2_STREAM_RESET, &LOCAL_PORT_EXHAUSTION];

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
    ],
    live: &[],
    not: &[
        "TypeError: fetch failed [cause]: Error: read ECONNRESET code: 'ECONNRESET'",
        "httpx.RemoteProtocolError: peer closed connection without sending complete message body (incomplete chunked read)",
    ],
    splits: &[],
    reproduce: "server-disconnected",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

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
