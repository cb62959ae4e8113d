//! Known fixes of the family `proxy`: a configured forward proxy.

use crate::{
    catalog::{KnownFix, Sign, Split, likely, maybe, owner, sure, you},
    facts::{Blame, Fault, Layer, Method, RetryClass, Severity, Stage},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] =
    &[&AUTH_REQUIRED, &AUTH_NTLM, &REFUSED_TUNNEL, &UNREACHABLE, &SCHEME_UNSUPPORTED];

const AUTH_REQUIRED: KnownFix = KnownFix {
    id: "proxy-auth-required",
    title: "The proxy wants a user name and password (407)",
    layer: Layer::Proxy,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Fault(Fault::ProxyWantsLogin)])],
    why: "The proxy answered the request for a tunnel with 407. That is the proxy's own refusal: Google was not \
          reached, and your API key has nothing to do with it.",
    fix: &[
        you("Put the login into the proxy's URL, with special characters percent-encoded").run_in(
            "export HTTPS_PROXY=http://USER:PASSWORD@proxy.corp.example:8080",
            "$Env:HTTPS_PROXY = 'http://USER:PASSWORD@proxy.corp.example:8080'",
        ),
        you("Check that the login passes").run("gemini-doctor check-key"),
        owner("Let this machine's address through the proxy without a login"),
    ],
    confirm: "gemini-doctor check-key gets past the proxy.",
    seen_as: &[
        "requests.exceptions.ProxyError: HTTPSConnectionPool(host='generativelanguage.googleapis.com', port=443): Max retries exceeded with url: /v1beta/models (Caused by ProxyError('Unable to connect to proxy', OSError('Tunnel connection failed: 407 Proxy Authentication Required')))",
        "curl: (56) CONNECT tunnel failed, response 407",
        "TypeError: fetch failed\n  [cause]: RequestAbortedError [AbortError]: Proxy response (407) !== 200 when HTTP Tunneling",
        "HTTP/1.1 407 Proxy Authentication Required\nProxy-Authenticate: Basic realm=\"corp\"",
    ],
    live: &[],
    not: &[
        "HTTP/1.1 407 Proxy Authentication Required\nProxy-Authenticate: NTLM\nProxy-Authenticate: Negotiate",
        "curl: (56) CONNECT tunnel failed, response 403",
    ],
    splits: &[
        Split {
            id: "proxy-refused-tunnel",
            by: "the status: 407 asks for a login, any other status is a rule or a failure",
        },
        Split {
            id: "proxy-auth-ntlm",
            by: "the header Proxy-Authenticate of the 407, which lists the logins",
        },
    ],
    reproduce: "proxy-auth-required",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const AUTH_NTLM: KnownFix = KnownFix {
    id: "proxy-auth-ntlm",
    title: "The proxy wants a Windows login (NTLM, Kerberos) or Digest",
    layer: Layer::Proxy,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Fault(Fault::ProxyWantsOtherLogin)])],
    why: "The proxy offers only ways to log in that cannot be written into its URL. Most SDKs, and this program, \
          cannot do them; browsers can, which is why the web works on the same machine.",
    fix: &[
        you("Run a small local proxy that logs in for you, such as Px or Cntlm, and name that one")
            .run_in(
                "export HTTPS_PROXY=http://127.0.0.1:3128",
                "$Env:HTTPS_PROXY = 'http://127.0.0.1:3128'",
            ),
        owner("Offer Basic over TLS, or let this machine's address through without a login"),
        you("See whether curl gets through with your Windows login").run_in(
            "curl -v --proxy-negotiate -U : https://generativelanguage.googleapis.com",
            "curl.exe -v --proxy-ntlm -U : https://generativelanguage.googleapis.com",
        ),
    ],
    confirm: "gemini-doctor check-key gets past the proxy.",
    seen_as: &[
        "HTTP/1.1 407 Proxy Authentication Required\nProxy-Authenticate: Negotiate\nProxy-Authenticate: NTLM\nConnection: close",
        "< HTTP/1.1 407 authenticationrequired\n< Proxy-Authenticate: NTLM\n* CONNECT tunnel failed, response 407\ncurl: (56) CONNECT tunnel failed, response 407",
    ],
    live: &[],
    not: &[
        "HTTP/1.1 407 Proxy Authentication Required\nProxy-Authenticate: NTLM\nProxy-Authenticate: Basic realm=\"corp\"",
    ],
    splits: &[],
    reproduce: "proxy-auth-ntlm",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const REFUSED_TUNNEL: KnownFix = KnownFix {
    id: "proxy-refused-tunnel",
    title: "The proxy refused the tunnel to the API's host, or wants a login",
    layer: Layer::Proxy,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::Fault(Fault::ProxyRefused)]),
        // Other programs show the 407 alone and keep the list of logins to themselves.
        likely(&[
            Sign::Fault(Fault::ProxyWantsLogin),
            Sign::SaysOne(TUNNEL_407),
            Sign::Not(&Sign::Says("Proxy-Authenticate:")),
            Sign::Not(&Sign::Says("logins offered")),
        ]),
    ],
    why: "The proxy was reached and said no: its rules do not allow this host or port, it wants a login first (407), \
          or it cannot reach the host itself. The status is the proxy's own and says nothing about your key.",
    fix: &[
        you("If the status is 407, put the login into the proxy's URL, percent-encoded").run_in(
            "export HTTPS_PROXY=http://USER:PASSWORD@proxy.corp.example:8080",
            "$Env:HTTPS_PROXY = 'http://USER:PASSWORD@proxy.corp.example:8080'",
        ),
        you("Read the proxy's own page, which names the rule").run_in(
            "curl -v https://generativelanguage.googleapis.com",
            "curl.exe -v https://generativelanguage.googleapis.com",
        ),
        owner("Allow CONNECT to generativelanguage.googleapis.com:443 at the proxy"),
        you("If the proxy setting is stale, unset it")
            .run_in("unset HTTPS_PROXY https_proxy ALL_PROXY", "Remove-Item Env:HTTPS_PROXY"),
    ],
    confirm: "gemini-doctor check-key gets past the proxy.",
    seen_as: &[
        r#"Post "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash:generateContent": Proxy Authentication Required"#,
        "urllib3.exceptions.ProxyError: ('Unable to connect to proxy', OSError('Tunnel connection failed: 403 Forbidden'))",
        "curl: (56) CONNECT tunnel failed, response 403",
        "httpx.ProxyError: 403 Forbidden",
        "TypeError: fetch failed\n  [cause]: RequestAbortedError [AbortError]: Proxy response (502) !== 200 when HTTP Tunneling",
    ],
    live: &[],
    not: &[
        "HTTP/1.1 407 Proxy Authentication Required\nProxy-Authenticate: Basic realm=\"corp\"",
        r#"{"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[
        Split {
            id: "proxy-auth-required",
            by: "the proxy's own words: with 407 and Proxy-Authenticate: Basic, a login in its URL is enough",
        },
        Split {
            id: "proxy-auth-ntlm",
            by: "the header Proxy-Authenticate of a 407, which lists the logins",
        },
    ],
    reproduce: "proxy-refused-tunnel",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// The refusal of a tunnel for want of a login, as programs print it.
const TUNNEL_407: &[&str] = &[
    "407 Proxy Authentication Required",
    "tunnel connection failed: 407",
    "tunnel failed, response 407",
    "Proxy response (407)",
    "HTTP code 407 from proxy",
    "statusCode=407",
    "status code '407'",
    "ProxyError: 407",
    "Proxy Authentication Required",
    "407",
];

/// How programs say that it was the proxy they did not reach.
const NAMED_AS_PROXY: &[&str] = &[
    "proxyconnect tcp",
    "connect to proxy",
    "ProxyConnectionError",
    "proxy connection failed",
    "tunneling socket could not be established",
];

/// What a name server can say of the proxy's name.
const NAME_FAULTS: &[Sign] = &[
    Sign::Fault(Fault::NameNotFound),
    Sign::Fault(Fault::NameTryAgain),
    Sign::Fault(Fault::NameFailed),
];

const UNREACHABLE: KnownFix = KnownFix {
    id: "proxy-unreachable",
    title: "The configured proxy cannot be reached",
    layer: Layer::Proxy,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[
            Sign::At(Stage::Proxy),
            Sign::Fault(Fault::Refused),
            Sign::Not(&Sign::SaysOne(NAMED_AS_PROXY)),
        ]),
        sure(&[
            Sign::At(Stage::Proxy),
            Sign::Fault(Fault::TimedOut),
            Sign::Not(&Sign::SaysOne(NAMED_AS_PROXY)),
        ]),
        likely(&[Sign::At(Stage::Proxy), Sign::Fault(Fault::TimedOut)]),
        sure(&[
            Sign::At(Stage::Proxy),
            Sign::OneOf(NAME_FAULTS),
            Sign::Not(&Sign::Says("resolve proxy")),
        ]),
        likely(&[Sign::At(Stage::Proxy), Sign::OneOf(NAME_FAULTS)]),
        sure(&[Sign::At(Stage::Proxy), Sign::Fault(Fault::Unreachable)]),
        sure(&[Sign::At(Stage::Proxy), Sign::Fault(Fault::Forbidden)]),
        likely(&[
            Sign::At(Stage::Proxy),
            Sign::Fault(Fault::Refused),
            Sign::SaysOne(NAMED_AS_PROXY),
        ]),
        likely(&[Sign::At(Stage::Proxy), Sign::Fault(Fault::Closed)]),
        likely(&[Sign::At(Stage::Proxy), Sign::Fault(Fault::Reset)]),
        likely(&[Sign::At(Stage::Proxy), Sign::Fault(Fault::NotHttp)]),
        likely(&[Sign::Fault(Fault::Refused), Sign::SaysOne(LOCAL_PROXIES)]),
        maybe(&[Sign::SaysOne(&["Unable to connect to proxy", "Cannot connect to proxy"])]),
    ],
    why: "A proxy is set, by a variable or an option, and nobody works as a proxy at that address: it is not \
          running, the name is wrong, or this network does not have it. Google was not reached.",
    fix: &[
        you("See which proxy is set").run_in("env | grep -i _proxy", "Get-ChildItem Env:*_PROXY"),
        you("Start the local proxy, or correct its host and port"),
        you("If none is needed here, unset it")
            .run_in("unset HTTPS_PROXY https_proxy ALL_PROXY", "Remove-Item Env:HTTPS_PROXY"),
    ],
    confirm: "gemini-doctor check-key gets past the proxy, or shows that none is used.",
    seen_as: &[
        "requests.exceptions.ProxyError: HTTPSConnectionPool(host='generativelanguage.googleapis.com', port=443): Max retries exceeded with url: / (Caused by ProxyError('Unable to connect to proxy', NewConnectionError('<urllib3.connection.HTTPSConnection object>: Failed to establish a new connection: [Errno 111] Connection refused')))",
        "Post \"https://generativelanguage.googleapis.com/v1beta/models\": proxyconnect tcp: dial tcp 127.0.0.1:7890: connect: connection refused",
        "curl: (5) Could not resolve proxy: proxy.corp.example",
        "Error: connect ECONNREFUSED 127.0.0.1:7890",
    ],
    live: &[&[Sign::At(Stage::Proxy), Sign::Fault(Fault::Closed), Sign::Method(Method::List)]],
    not: &[
        "Error: connect ECONNREFUSED 142.250.74.106:443",
        "OSError('Tunnel connection failed: 403 Forbidden')",
    ],
    splits: &[
        Split {
            id: "connection-refused",
            by: "the address that refused: that of a proxy, or that of the host asked",
        },
        Split {
            id: "proxy-refused-tunnel",
            by: "whether the proxy answered at all; one that refuses the tunnel did",
        },
    ],
    reproduce: "proxy-unreachable",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// Where local proxies usually listen; who is refused there meant a proxy.
pub(super) const LOCAL_PROXIES: &[&str] = &[
    "127.0.0.1:7890",
    "127.0.0.1:7897",
    "127.0.0.1:1080",
    "127.0.0.1:1087",
    "127.0.0.1:3128",
    "127.0.0.1:8888",
    "127.0.0.1:10808",
    "127.0.0.1:10809",
];

const SCHEME_UNSUPPORTED: KnownFix = KnownFix {
    id: "proxy-scheme-unsupported",
    title: "The proxy's URL has a scheme that the client does not support",
    layer: Layer::Proxy,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::Fault(Fault::ProxyScheme)]),
        maybe(&[Sign::Says("URL must start with `http:` or `https:`")]),
    ],
    why: "The client stopped before it sent anything, because it cannot speak to a proxy of this kind: a SOCKS \
          address without the package for it, a misspelt scheme, or none. Wrappers may call that a failed key check.",
    fix: &[
        you("Name an http:// proxy, which every client speaks").run_in(
            "export HTTPS_PROXY=http://proxy.corp.example:8080",
            "$Env:HTTPS_PROXY = 'http://proxy.corp.example:8080'",
        ),
        you("Write socks5:// rather than socks://, if the proxy speaks SOCKS"),
        you("Install SOCKS support for Python's httpx").run("pip install \"httpx[socks]\""),
    ],
    confirm: "gemini-doctor check-key gets past the proxy.",
    seen_as: &[
        "ValueError: Unknown scheme for proxy URL URL('socks://127.0.0.1:1080/')",
        "API key verification failed: Using SOCKS proxy, but the 'socksio' package is not installed. Make sure to install httpx using `pip install httpx[socks]`.",
        "requests.exceptions.InvalidSchema: Missing dependencies for SOCKS support.",
        "curl: (7) Unsupported proxy scheme for 'ftp://proxy.example'",
        "[GoogleGenerativeAI Error]: Error fetching from https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent: Invalid URL protocol: the URL must start with `http:` or `https:`.",
    ],
    live: &[],
    not: &["curl: (5) Could not resolve proxy: proxy.corp.example"],
    splits: &[],
    reproduce: "proxy-scheme-unsupported",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};
