//! Known fixes of the family `connect`: reaching an address.

use super::proxy::LOCAL_PROXIES;
use crate::{
    catalog::{KnownFix, Sign, Split, likely, maybe, owner, sure, you},
    facts::{Blame, Fault, Layer, Method, RetryClass, Severity, Stage, clue::Shown},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &CONNECT_TIMEOUT,
    &CONNECTION_REFUSED,
    &CONNECTION_RESET,
    &IPV6_PATH_BROKEN,
    &NETWORK_UNREACHABLE,
];

const CONNECT_TIMEOUT: KnownFix = KnownFix {
    id: "connect-timeout",
    title: "Nobody answered at the API's address within the time allowed",
    layer: Layer::Tcp,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Backoff,
    when: &[sure(&[Sign::At(Stage::Tcp), Sign::Fault(Fault::TimedOut)])],
    why: "Packets to the address vanish: a firewall drops them, the network wants programs to use a proxy that this \
          one does not use, or the line is down. The API never saw the call.",
    fix: &[
        you("Try the port").run_in(
            "curl -v --connect-timeout 10 https://generativelanguage.googleapis.com",
            "Test-NetConnection generativelanguage.googleapis.com -Port 443",
        ),
        you("If the network has a proxy, name it to this program")
            .run("gemini-doctor check-key --proxy http://proxy.corp.example:8080"),
        owner("Open port 443 to the API host in the firewall"),
    ],
    confirm: "gemini-doctor check-key gets past the network stage.",
    seen_as: &[
        "TypeError: fetch failed\n  [cause]: ConnectTimeoutError: Connect Timeout Error (attempted address: generativelanguage.googleapis.com:443, timeout: 10000ms)\n    code: 'UND_ERR_CONNECT_TIMEOUT'",
        "requests.exceptions.ConnectTimeout: HTTPSConnectionPool(host='generativelanguage.googleapis.com', port=443): Max retries exceeded with url: /v1beta/models (Caused by ConnectTimeoutError(<urllib3.connection.HTTPSConnection object>, 'Connection to generativelanguage.googleapis.com timed out. (connect timeout=10)'))",
        "Post \"https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent\": dial tcp 142.250.74.106:443: i/o timeout",
        "aiohttp.client_exceptions.ClientConnectorError: [WinError 10060] A connection attempt failed because the connected party did not properly respond",
    ],
    live: &[],
    not: &[
        "httpx.ReadTimeout: The read operation timed out",
        "httpx.ConnectTimeout: _ssl.c:989: The handshake operation timed out",
    ],
    splits: &[],
    reproduce: "connect-timeout",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const CONNECTION_REFUSED: KnownFix = KnownFix {
    id: "connection-refused",
    title: "The address was reached and refused the connection",
    layer: Layer::Tcp,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Backoff,
    when: &[
        sure(&[
            Sign::At(Stage::Tcp),
            Sign::Fault(Fault::Refused),
            Sign::Not(&Sign::SaysOne(LOCAL_PROXIES)),
        ]),
        likely(&[Sign::At(Stage::Tcp), Sign::Fault(Fault::Refused), Sign::SaysOne(LOCAL_PROXIES)]),
    ],
    why: "Nobody listens at that address and port, or a firewall says no in its place. Google's own addresses do not \
          refuse port 443, so behind Google's name it is a firewall, a hosts file or DNS answer that leads elsewhere, \
          or a local proxy that is not running; behind a name of your own, that server is not running.",
    fix: &[
        you("See which address the name leads to").run_in(
            "getent hosts generativelanguage.googleapis.com",
            "Resolve-DnsName generativelanguage.googleapis.com",
        ),
        you("If it is 127.0.0.1 or a private one, correct the hosts file, DNS or base URL"),
        you("If the base URL names a server of your own, start it and check its port"),
        you("See whether a proxy is set, and start it or unset it")
            .run_in("env | grep -i _proxy", "Get-ChildItem Env:*_PROXY"),
        owner("Open port 443 to the API host in the firewall"),
    ],
    confirm: "gemini-doctor check-key gets past the network stage.",
    seen_as: &[
        "TypeError: fetch failed\n  [cause]: Error: connect ECONNREFUSED 142.250.74.106:443\n    errno: -111, code: 'ECONNREFUSED', syscall: 'connect'",
        "error sending request for url (https://generativelanguage.googleapis.com/v1beta/models): client error (Connect): tcp connect error: Connection refused (os error 111)",
        "urllib.error.URLError: <urlopen error [WinError 10061] No connection could be made because the target machine actively refused it>",
        "curl: (7) Failed to connect to generativelanguage.googleapis.com port 443 after 2 ms: Couldn't connect to server",
    ],
    live: &[],
    not: &[
        r#"pymysql.err.OperationalError: (2003, "Can't connect to MySQL server on 'db' ([Errno 111] Connection refused)")"#,
        r#"docker: error during connect: dial unix /var/run/docker.sock: connect: connection refused"#,
        "ProxyError('Unable to connect to proxy', NewConnectionError('<urllib3.connection.HTTPSConnection object>: Failed to establish a new connection: [Errno 111] Connection refused'))",
        "curl: (7) Failed to connect: No route to host",
    ],
    splits: &[
        Split {
            id: "proxy-unreachable",
            by: "the address that refused: that of a proxy, or that of the host asked",
        },
        Split {
            id: "proxy-refused-tunnel",
            by: "whether a proxy runs at that address; one that answers can still refuse the host",
        },
    ],
    reproduce: "connection-refused",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const CONNECTION_RESET: KnownFix = KnownFix {
    id: "connection-reset",
    title: "The connection was cut off by a reset",
    layer: Layer::Tcp,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::Reset)]),
        // The words of other programs do not say when.
        likely(&[Sign::At(Stage::Tcp), Sign::Fault(Fault::Reset)]),
        // Names of errors whose cause was left out.
        maybe(&[Sign::SaysOne(&[
            "httpx.ReadError",
            "httpcore.ReadError",
            "anyio.BrokenResourceError",
        ])]),
    ],
    why: "Somebody ended the connection at once, without a goodbye. Where it always happens and before TLS is up, it \
          is a filter or proxy that does not let this host through; once in a while it is a device on the way that \
          forgot the connection.",
    fix: &[
        you("Ask once more, on a new connection").run("gemini-doctor check-key"),
        you("Try another network, such as a phone's, to see whether this one cuts it"),
        you("Check the spelling of the proxy variables: HTTPS_PROXY, not HTTP_PROXYS"),
        owner("Let the filter pass TLS to the API host"),
    ],
    confirm: "gemini-doctor check-key passes several times in a row.",
    seen_as: &[
        "TypeError: fetch failed\n  [cause]: Error: read ECONNRESET\n    errno: -104, code: 'ECONNRESET', syscall: 'read'",
        "requests.exceptions.ConnectionError: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
        "curl: (35) Recv failure: Connection reset by peer",
        "Error: socket hang up",
        "read tcp 10.0.0.5:51234->142.250.74.106:443: read: connection reset by peer",
    ],
    live: &[
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::Reset)],
        &[Sign::At(Stage::Tcp), Sign::Fault(Fault::Reset)],
    ],
    not: &[
        "httpx.RemoteProtocolError: Server disconnected without sending a response.",
        "ssl.SSLEOFError: [SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol (_ssl.c:1006)",
    ],
    splits: &[
        Split {
            id: "connection-reset-after-tls",
            by: "the moment: gemini-doctor check-key says whether TLS was up when the reset came",
        },
        Split {
            id: "server-disconnected",
            by: "a reset or a plain end; an idle connection that is used again may give either",
        },
        Split { id: "tls-eof", by: "a reset or a plain end in the middle of the handshake" },
    ],
    reproduce: "connection-reset",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const IPV6_PATH_BROKEN: KnownFix = KnownFix {
    id: "ipv6-path-broken",
    title: "One address family cannot reach the API, mostly IPv6; the other works",
    layer: Layer::Tcp,
    blame: Blame::Path,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::Shown(Shown::OneFamilyFails)]),
        sure(&[Sign::Shown(Shown::OneFamilyFails), Sign::At(Stage::Tcp)]),
        // In the words of other programs only: a live failure of one address says nothing of the other family.
        likely(&[
            Sign::Fault(Fault::Unreachable),
            Sign::SaysOne(&["ENETUNREACH", "Immediate connect fail"]),
            Sign::SaysOne(GOOGLES_IPV6),
        ]),
    ],
    why: "The name has addresses of both families and one of them leads nowhere from here. Programs that try both \
          side by side only lose time; those that take the first address fail now and then.",
    fix: &[
        you("See each family by itself").run_in(
            "gemini-doctor check-key -4; gemini-doctor check-key -6",
            "gemini-doctor check-key -4; gemini-doctor check-key -6",
        ),
        you("Let Node try IPv4 first meanwhile").run_in(
            "export NODE_OPTIONS=--dns-result-order=ipv4first",
            "$Env:NODE_OPTIONS = '--dns-result-order=ipv4first'",
        ),
        owner("Repair the IPv6 route, or stop announcing IPv6 on this network"),
    ],
    confirm: "gemini-doctor check-key -6 gets past the network stage.",
    seen_as: &[
        "Error: connect ENETUNREACH 2607:f8b0:4004:c07::5f:443 - Local (:::0)",
        "* Immediate connect fail for 2a00:1450:400f:80c::200a: Network is unreachable\n* Connected to generativelanguage.googleapis.com (142.250.74.106) port 443",
    ],
    live: &[
        &[Sign::Shown(Shown::OneFamilyFails)],
        &[Sign::Shown(Shown::OneFamilyFails), Sign::At(Stage::Tcp), Sign::Fault(Fault::Refused)],
    ],
    not: &["Error: connect ENETUNREACH 142.250.74.106:443 - Local (0.0.0.0:0)"],
    splits: &[],
    reproduce: "ipv6-path-broken",
    hides: &["connection-refused", "connect-timeout", "network-unreachable-fetch-failed"],
    docs: &[],
    as_of: "2026-11-20",
};

/// How Google's public IPv6 addresses begin.
const GOOGLES_IPV6: &[&str] =
    &["2607:f8b0:", "2a00:1450:", "2404:6800:", "2800:3f0:", "2c0f:fb50:", "2001:4860:"];

const NETWORK_UNREACHABLE: KnownFix = KnownFix {
    id: "network-unreachable-fetch-failed",
    title: "No connection could be opened at all, and the error hides why",
    layer: Layer::Tcp,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Backoff,
    when: &[
        sure(&[Sign::At(Stage::Tcp), Sign::Fault(Fault::Unreachable)]),
        sure(&[Sign::At(Stage::Tcp), Sign::Fault(Fault::Forbidden)]),
        maybe(&[Sign::SaysOne(HEADLINES)]),
    ],
    why: "The call never left: there is no route, this machine's rules forbid it, or the SDK shows only a headline \
          and keeps the cause to itself. In a browser it may also be CORS or an ad blocker.",
    fix: &[
        you("Ask the same host from here, stage by stage").run("gemini-doctor check-key"),
        you("Print the error's inner cause: error.cause in Node, __cause__ in Python"),
        you("If curl passes and your program fails, give the program the proxy that curl uses")
            .run_in(
                "curl -v https://generativelanguage.googleapis.com",
                "curl.exe -v https://generativelanguage.googleapis.com",
            ),
        owner("Open port 443 to the API host in the firewall"),
    ],
    confirm: "gemini-doctor check-key gets past the network stage.",
    seen_as: &[
        "TypeError: fetch failed\n    at node:internal/deps/undici/undici:13502:13",
        "dial tcp 142.250.74.106:443: connect: network is unreachable",
        "TypeError: Failed to fetch",
        "openai.APIConnectionError: Connection error.",
        "error sending request for url (https://generativelanguage.googleapis.com/v1beta/models)",
        "FetchError: request to https://generativelanguage.googleapis.com/v1beta/models failed, reason: ",
    ],
    live: &[
        &[Sign::At(Stage::Tcp), Sign::Fault(Fault::Forbidden)],
        &[Sign::At(Stage::Tcp), Sign::Fault(Fault::Unreachable), Sign::Method(Method::List)],
    ],
    not: &[
        "TypeError: fetch failed [cause]: Error: getaddrinfo ENOTFOUND generativelanguage.googleapis.com",
        "TypeError: fetch failed [cause]: Error: unable to get local issuer certificate code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'",
    ],
    splits: &[
        Split { id: "connect-timeout", by: "the error's inner cause, or gemini-doctor check-key" },
        Split {
            id: "connection-refused",
            by: "the error's inner cause, or gemini-doctor check-key",
        },
        Split { id: "dns-failure", by: "the error's inner cause, or gemini-doctor check-key" },
        Split { id: "tls-ca-missing", by: "the error's inner cause, or gemini-doctor check-key" },
    ],
    reproduce: "",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// What SDKs and browsers print when they keep the cause to themselves.
const HEADLINES: &[&str] = &[
    "fetch failed",
    "Failed to fetch",
    "Load failed",
    "error sending request for url",
    "All connection attempts failed",
    "Network request failed",
    "NetworkError when attempting to fetch",
    "net::ERR_FAILED",
    "Failed to establish a new connection",
    "Unable to connect to the remote server",
    "Cannot connect to host",
    "APIConnectionError: Connection error",
    "AxiosError: Network Error",
    // Node's older fetch writes the reason behind it, where it knows one.
    "failed, reason:",
    "Failed to connect to generativelanguage.",
    "Failed to connect to aiplatform.",
    "Failed to connect to oauth2.googleapis",
    "Failed to connect to cloudcode-pa.",
    "java.net.ConnectException",
    "FailedToOpenSocket",
    "Is the computer able to access the url",
    "ClientException with SocketException",
    "The SSL connection could not be established, see inner",
];
