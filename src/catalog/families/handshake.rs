//! Known fixes of the family `handshake`: what the two ends of a TLS handshake do not have in common, and
//! what a box between them does to it.
//!
//! None of them advises anyone to go back to what was given up for good reasons: the end that is behind
//! is brought up to date.

use crate::{
    catalog::{KnownFix, Sign, likely, owner, sure, you},
    facts::{Blame, Fault, Layer, RetryClass, Severity, Stage, clue::Shown},
};

use super::certificate::{TO_NODE, TRY_ROOT};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &TOO_OLD,
    &NO_COMMON_CIPHER,
    &NO_COMMON_GROUP,
    &NO_COMMON_ALPN,
    &CLIENT_CERTIFICATE,
    &SNI_DEPENDENT,
    &LARGE_HELLO_BROKEN,
    &PROXY_INTERCEPTS,
    &RESET,
];

const TOO_OLD: KnownFix = KnownFix {
    id: "tls-too-old",
    title: "Only versions of TLS are allowed there that are too old: 1.0 or 1.1",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::TlsTooOld)]),
        sure(&[Sign::Fault(Fault::TlsTooOld)]),
    ],
    why: "TLS 1.0, 1.1 and SSL were given up, and TLS libraries of today refuse them. Google's servers speak 1.2 and \
          1.3, so it is a gateway, proxy or filter in between that was never updated, or a program that is set to one \
          old version which its own library no longer allows.",
    fix: &[
        you("See what is spoken there").run_in(
            "openssl s_client -connect generativelanguage.googleapis.com:443 -tls1_2 </dev/null",
            "gemini-doctor tls-check",
        ),
        owner("Let the gateway, proxy or filter speak TLS 1.2 and 1.3 (nginx: ssl_protocols TLSv1.2 TLSv1.3), or update it"),
        you("Take settings out of your program that name one version (PROTOCOL_TLSv1, TLSv1_method, https.protocols)")
            .run_in(
                "grep -rnE 'TLSv1(_method|[^._0-9]|$)|PROTOCOL_TLSv1|https\\.protocols' .",
                "Get-ChildItem -Recurse -File | Select-String 'PROTOCOL_TLSv1|TLSv1_method|https\\.protocols'",
            ),
        you("See whether the machine's own settings name one")
            .run_in("grep -n MinProtocol /etc/ssl/openssl.cnf", "[Net.ServicePointManager]::SecurityProtocol"),
    ],
    confirm: "gemini-doctor tls-check gets past TLS.",
    seen_as: &[
        "tls: server selected unsupported protocol version 301",
        "javax.net.ssl.SSLHandshakeException: The server selected protocol version TLS10 is not accepted by client preferences [TLS13, TLS12]",
        "ssl.SSLError: [SSL: UNSUPPORTED_PROTOCOL] unsupported protocol (_ssl.c:1007)",
        "curl: (35) error:0A000102:SSL routines::unsupported protocol",
        "ssl.SSLError: [SSL: NO_PROTOCOLS_AVAILABLE] no protocols available (_ssl.c:1007)",
        "client error (Connect): peer is incompatible: ServerDoesNotSupportTls12Or13",
    ],
    live: &[&[Sign::At(Stage::Tls), Sign::Fault(Fault::TlsTooOld)]],
    not: &[
        "ssl.SSLError: [SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert protocol version (_ssl.c:997)",
        "curl: (35) OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number",
        "AxiosError: Unsupported protocol htps:",
    ],
    splits: &[],
    reproduce: "tls-too-old",
    hides: &["tls-handshake-refused"],
    docs: &["https://www.rfc-editor.org/rfc/rfc8996"],
    as_of: "2026-11-30",
};

const NO_COMMON_CIPHER: KnownFix = KnownFix {
    id: "tls-no-common-cipher",
    title: "The two ends share no cipher suite that is still good enough",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::TlsNoCipher)]),
        sure(&[Sign::Fault(Fault::TlsNoCipher)]),
    ],
    why: "The other side knows only suites that clients of today no longer offer: RSA key exchange, CBC, RC4, 3DES, or \
          Diffie-Hellman over a prime that is too small. Google's servers do not; a gateway, proxy or inspection box \
          that was never updated does, and so does a program whose list of ciphers was set by hand.",
    fix: &[
        you("See which suite is picked with TLS 1.2").run_in(
            "openssl s_client -connect generativelanguage.googleapis.com:443 -tls1_2 </dev/null",
            "gemini-doctor tls-check",
        ),
        owner(
            "Let the gateway or box offer ECDHE with AES-GCM or ChaCha20 (nginx: ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20), or TLS 1.3",
        ),
        owner(
            "Where the prime is too small, make one of 2048 bits and name it (nginx: ssl_dhparam)",
        )
        .run("openssl dhparam -out dhparam.pem 2048"),
        you("Take a list of ciphers out of your program's settings that was set by hand"),
    ],
    confirm: "gemini-doctor tls-check gets past TLS.",
    seen_as: &[
        "ssl.SSLError: [SSL: DH_KEY_TOO_SMALL] dh key too small (_ssl.c:1007)",
        "error:0A0000C1:SSL routines::no shared cipher",
        "tls: no cipher suite supported by both client and server; client offered: [c02f c030]",
        "javax.net.ssl.SSLHandshakeException: no cipher suites in common",
        "javax.net.ssl.SSLHandshakeException: DH ServerKeyExchange does not comply to algorithm constraints",
        "Error code: SSL_ERROR_NO_CYPHER_OVERLAP",
    ],
    live: &[&[Sign::At(Stage::Tls), Sign::Fault(Fault::TlsNoCipher)]],
    not: &[
        "remote error: tls: handshake failure",
        "ssl.SSLError: [SSL: EE_KEY_TOO_SMALL] ee key too small (_ssl.c:4022)",
    ],
    splits: &[],
    reproduce: "tls-no-common-cipher",
    hides: &["tls-handshake-refused"],
    docs: &["https://wiki.mozilla.org/Security/Server_Side_TLS"],
    as_of: "2026-11-30",
};

const NO_COMMON_GROUP: KnownFix = KnownFix {
    id: "tls-no-common-group",
    title: "The two ends share no group for the key exchange",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::TlsNoGroup)]),
        sure(&[Sign::Fault(Fault::TlsNoGroup)]),
    ],
    why: "Clients of today offer X25519 and P-256, mostly with X25519MLKEM768 before them and P-384 behind. A server that is \
          set to others alone (P-521, Brainpool, finite fields) has nothing to answer them with, and programs with \
          another TLS library may still pass.",
    fix: &[
        you("See whether the usual groups are taken").run_in(
            "openssl s_client -connect generativelanguage.googleapis.com:443 -groups X25519:P-256 </dev/null",
            "gemini-doctor tls-check",
        ),
        owner("Let the server or gateway have X25519 and P-256 (nginx: ssl_ecdh_curve X25519:prime256v1, HAProxy: curves X25519:P-256)"),
        you("Take a list of groups or curves out of your program's settings that was set by hand (jdk.tls.namedGroups, CurvePreferences, ecdhCurve)"),
    ],
    confirm: "gemini-doctor tls-check gets past TLS.",
    seen_as: &[
        "error:0A000065:SSL routines::no suitable key share",
        "tls: no ECDHE curve supported by both client and server",
        "tls: server selected unsupported group",
        "client error (Connect): peer is incompatible: NoKxGroupsInCommon",
    ],
    live: &[&[Sign::At(Stage::Tls), Sign::Fault(Fault::TlsNoGroup)]],
    not: &["remote error: tls: handshake failure", "remote error: tls: illegal parameter"],
    splits: &[],
    reproduce: "tls-no-common-group",
    hides: &["tls-handshake-refused"],
    docs: &[],
    as_of: "2026-11-30",
};

const NO_COMMON_ALPN: KnownFix = KnownFix {
    id: "tls-no-common-alpn",
    title: "The server speaks none of the HTTP versions that were offered",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::TlsNoAlpn)]),
        sure(&[Sign::Fault(Fault::TlsNoAlpn)]),
    ],
    why: "By ALPN the client says which protocols it speaks, and the server found none of them it knows. Google's servers \
          take h2 and http/1.1, so either a gateway or box in between knows only one and the program offers only the other, \
          or the port is for something else than HTTP.",
    fix: &[
        you("See which of the two is taken").run_in(
            "openssl s_client -connect generativelanguage.googleapis.com:443 -alpn h2 </dev/null; openssl s_client -connect generativelanguage.googleapis.com:443 -alpn http/1.1 </dev/null",
            "curl.exe -sv --http1.1 https://generativelanguage.googleapis.com; curl.exe -sv --http2 https://generativelanguage.googleapis.com",
        ),
        you("Let your program offer both, h2 and http/1.1"),
        you("Check host and port").run("gemini-doctor tls-check"),
        owner("Let the gateway offer both (HAProxy: alpn h2,http/1.1)"),
    ],
    confirm: "gemini-doctor tls-check gets past TLS.",
    seen_as: &[
        "remote error: tls: no application protocol",
        "error:0A000460:SSL routines::tlsv1 alert no application protocol",
        "Error: write EPROTO 80A8B4F4F77F0000:error:0A000460:SSL routines:ssl3_read_bytes:tlsv1 alert no application protocol\n  code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'",
        "javax.net.ssl.SSLHandshakeException: Received fatal alert: no_application_protocol",
        "client error (Connect): received fatal alert: NoApplicationProtocol",
    ],
    live: &[&[Sign::At(Stage::Tls), Sign::Fault(Fault::TlsNoAlpn)]],
    not: &["remote error: tls: handshake failure", "http: server gave HTTP response to HTTPS client"],
    splits: &[],
    reproduce: "tls-no-common-alpn",
    hides: &["tls-handshake-refused"],
    docs: &["https://www.rfc-editor.org/rfc/rfc7301"],
    as_of: "2026-11-30",
};

const CLIENT_CERTIFICATE: KnownFix = KnownFix {
    id: "tls-client-certificate",
    title: "The server demands a certificate of the client (mTLS)",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::TlsWantsCertificate)]),
        sure(&[Sign::Fault(Fault::TlsWantsCertificate)]),
    ],
    why: "Google's usual hosts take an API key and ask for no certificate. A company's gateway or proxy may, and hosts with \
          mtls in their name do. With TLS 1.3 the refusal comes only after the handshake, so that it looks like a call \
          that broke off.",
    fix: &[
        you("Check the base URL: generativelanguage.googleapis.com asks for no certificate")
            .run_in(
                "env | grep -i -E 'gemini|google|base_url'",
                "Get-ChildItem Env:*GEMINI*, Env:*GOOGLE*, Env:*BASE_URL*",
            ),
        you("See whether one is asked for, and by which issuers").run_in(
            "openssl s_client -connect gateway.corp.example:443 -tls1_2 </dev/null",
            "curl.exe -sv https://gateway.corp.example",
        ),
        owner("Get a certificate and its key from those who run that host"),
        you("Give them to your program").run_in(
            "curl --cert client.pem --key client.key https://gateway.corp.example",
            "curl.exe --cert client.pem --key client.key https://gateway.corp.example",
        ),
    ],
    confirm: "A call with the certificate gets an answer, or gemini-doctor check-key passes with Google's own host.",
    seen_as: &[
        "remote error: tls: certificate required",
        "ssl.SSLError: [SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required (_ssl.c:2580)",
        "curl: (56) OpenSSL SSL_read: OpenSSL/3.0.13: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0",
        "Error: 80A8B4F4F77F0000:error:0A00045C:SSL routines:ssl3_read_bytes:sslv3 alert certificate required:SSL alert number 116",
        "<html><head><title>400 No required SSL certificate was sent</title></head><body><center><h1>400 Bad Request</h1></center></body></html>",
        "client error (SendRequest): received fatal alert: CertificateRequired",
    ],
    live: &[
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::TlsWantsCertificate)],
        &[Sign::At(Stage::Head), Sign::Fault(Fault::TlsWantsCertificate)],
    ],
    not: &[
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
        "ssl.SSLError: [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure (_ssl.c:1007)",
    ],
    splits: &[],
    reproduce: "tls-client-certificate",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

const SNI_DEPENDENT: KnownFix = KnownFix {
    id: "tls-sni-dependent",
    title: "The answer hangs on the name in the handshake (SNI)",
    layer: Layer::Tls,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::TlsNameRefused)]),
        sure(&[Sign::Fault(Fault::TlsNameRefused)]),
        likely(&[Sign::Shown(Shown::SniDependent)]),
        sure(&[Sign::Shown(Shown::SniDependent), Sign::Fault(Fault::CertWrongName)]),
    ],
    why: "Many hosts share an address, and the server picks the certificate by the name in the first message of TLS. Whoever \
          sends another name, none, or one that the server does not know, as by an address in the URL, a wrong DNS \
          answer or an old client, is refused or shown somebody else's certificate.",
    fix: &[
        you("See the certificate with the name and without").run_in(
            "openssl s_client -connect generativelanguage.googleapis.com:443 -servername generativelanguage.googleapis.com </dev/null; openssl s_client -connect generativelanguage.googleapis.com:443 -noservername </dev/null",
            "gemini-doctor tls-check",
        ),
        you("Write the host's name into the URL, not its address or an alias of your own"),
        you("See which address the name leads to, and correct hosts file or DNS").run_in(
            "getent hosts generativelanguage.googleapis.com",
            "Resolve-DnsName generativelanguage.googleapis.com",
        ),
        owner("Let the gateway know the name (nginx: server_name), or let the proxy in between pass SNI on (nginx: proxy_ssl_server_name on)"),
    ],
    confirm: "gemini-doctor tls-check gets past TLS.",
    seen_as: &[
        "ssl.SSLError: [SSL: TLSV1_UNRECOGNIZED_NAME] tlsv1 unrecognized name (_ssl.c:1007)",
        "remote error: tls: unrecognized name",
        "curl: (35) error:0A000458:SSL routines::tlsv1 unrecognized name",
        "javax.net.ssl.SSLProtocolException: handshake alert: unrecognized_name",
        "client error (Connect): received fatal alert: UnrecognisedName",
    ],
    live: &[
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::TlsNameRefused)],
        &[Sign::Shown(Shown::SniDependent)],
        &[Sign::Shown(Shown::SniDependent), Sign::At(Stage::Tls), Sign::Fault(Fault::CertWrongName)],
    ],
    not: &[
        "curl: (60) SSL: no alternative certificate subject name matches target host name 'generativelanguage.googleapis.com'",
        "curl: (6) Could not resolve host: generativelanguage.googleapis.com",
    ],
    splits: &[],
    reproduce: "tls-sni-dependent",
    hides: &["tls-handshake-refused", "tls-hostname-mismatch"],
    docs: &[],
    as_of: "2026-11-30",
};

const LARGE_HELLO_BROKEN: KnownFix = KnownFix {
    id: "tls-large-hello-broken",
    title: "A box in between breaks first TLS messages larger than a packet",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::Shown(Shown::LargeHelloBroken)]),
        // The handshake of this program is a large one itself.
        sure(&[Sign::Shown(Shown::LargeHelloBroken), Sign::At(Stage::Tls)]),
    ],
    why: "Clients of today send a post-quantum key share (X25519MLKEM768), which makes their first message larger than a \
          packet. A filter, firewall or balancer that reads the name out of the first packet alone drops or resets \
          those, while older clients with a small message pass.",
    fix: &[
        owner("Update the filter, firewall or load balancer: makers have mended it since 2024"),
        you("Until then, send a small message: leave the post-quantum group out").run_in(
            "curl --curves X25519:P-256 https://generativelanguage.googleapis.com",
            "curl.exe --curves X25519:P-256 https://generativelanguage.googleapis.com",
        ),
        you("The same for Go programs")
            .run_in("export GODEBUG=tlsmlkem=0", "$Env:GODEBUG = 'tlsmlkem=0'"),
        you(
            "The same for what uses OpenSSL 3.5 and reads its settings: Groups = X25519:P-256 in openssl.cnf",
        ),
        you("Try another network, such as a phone's, to see that it is this one"),
    ],
    confirm: "gemini-doctor tls-check finds that the large message passes.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::LargeHelloBroken)],
        &[Sign::Shown(Shown::LargeHelloBroken), Sign::At(Stage::Tls), Sign::Fault(Fault::TimedOut)],
        &[Sign::Shown(Shown::LargeHelloBroken), Sign::At(Stage::Tls), Sign::Fault(Fault::Reset)],
    ],
    not: &["net/http: TLS handshake timeout", "curl: (35) Recv failure: Connection reset by peer"],
    splits: &[],
    reproduce: "tls-large-hello-broken",
    hides: &["tls-handshake-timeout", "tls-eof", "connection-reset", "tls-reset"],
    docs: &["https://tldr.fail/"],
    as_of: "2026-11-30",
};

const PROXY_INTERCEPTS: KnownFix = KnownFix {
    id: "tls-proxy-intercepts",
    title: "The proxy takes TLS apart: through it another certificate comes",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::Shown(Shown::ProxyIntercepts)]),
        sure(&[Sign::Shown(Shown::ProxyIntercepts), Sign::ViaProxy]),
    ],
    why: "Directly the host shows its own chain, and through the proxy one that the proxy made. Whoever runs the proxy can \
          read keys and prompts, and programs that do not know its CA refuse the connection.",
    fix: &[
        owner("Ask whoever runs the proxy to pass the API host through without inspection"),
        you(
            "Where inspection is the company's rule, ask IT for its root, and whether it may see API keys",
        ),
        TRY_ROOT,
        TO_NODE,
        you("Where the host may be reached directly, leave it out of the proxy").run_in(
            "export NO_PROXY=generativelanguage.googleapis.com",
            "$Env:NO_PROXY = 'generativelanguage.googleapis.com'",
        ),
    ],
    confirm: "gemini-doctor tls-check shows the same chain both ways.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::ProxyIntercepts)],
        &[Sign::Shown(Shown::ProxyIntercepts), Sign::ViaProxy],
        &[
            Sign::Shown(Shown::ProxyIntercepts),
            Sign::ViaProxy,
            Sign::At(Stage::Tls),
            Sign::Fault(Fault::CertUnknownIssuer),
        ],
    ],
    not: &[
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
        "curl: (56) CONNECT tunnel failed, response 407",
    ],
    splits: &[],
    reproduce: "tls-proxy-intercepts",
    hides: &["tls-intercepted", "tls-self-signed-interception", "tls-ca-missing"],
    docs: &[],
    as_of: "2026-11-30",
};

const RESET: KnownFix = KnownFix {
    id: "tls-reset",
    title: "Each TLS handshake is reset before the server says a word",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::Shown(Shown::ResetInHandshake)]),
        sure(&[Sign::Shown(Shown::ResetInHandshake), Sign::At(Stage::Tls)]),
    ],
    why: "TCP connects, and the first message of TLS is answered with a reset, again and again. That is how filters act that \
          read the host's name there, how a balancer acts with nothing behind it, and how a server acts whose TLS \
          is broken.",
    fix: &[
        you("Try another network, such as a phone's, to see whether this one cuts it"),
        you("If the network has a proxy, name it to your program").run_in(
            "export HTTPS_PROXY=http://proxy.corp.example:8080",
            "$Env:HTTPS_PROXY = 'http://proxy.corp.example:8080'",
        ),
        owner("Let the filter pass TLS to the API host"),
        owner(
            "If the host is your own, look into its log: a listener without a certificate does that",
        ),
    ],
    confirm: "gemini-doctor tls-check passes several times in a row.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::ResetInHandshake)],
        &[Sign::Shown(Shown::ResetInHandshake), Sign::At(Stage::Tls), Sign::Fault(Fault::Reset)],
    ],
    not: &[
        "curl: (35) Recv failure: Connection reset by peer",
        "client error (Connect): tls handshake eof",
    ],
    splits: &[],
    reproduce: "tls-reset",
    hides: &["connection-reset"],
    docs: &[],
    as_of: "2026-11-30",
};
