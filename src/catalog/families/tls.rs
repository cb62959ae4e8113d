//! Known fixes of the family `tls`: the handshake, and the trust in the certificate.
//!
//! None of them advises anyone to stop checking certificates: whoever does sends the key to whoever asks.

use crate::{
    catalog::{KnownFix, Sign, Split, likely, maybe, owner, sure, you},
    facts::{
        Blame, Fault, HostKind, Layer, RetryClass, Severity, Stage,
        clue::Shown,
        inspection::{INSPECTORS, MITMPROXY},
    },
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &CA_MISSING,
    &SELF_SIGNED_INTERCEPTION,
    &INTERCEPTED,
    &PRIVATE_CA,
    &HOSTNAME_MISMATCH,
    &CERTIFICATE_EXPIRED,
    &CERTIFICATE_NOT_YET_VALID,
    &RECORD_CORRUPTED,
    &HANDSHAKE_REFUSED,
    &HANDSHAKE_TIMEOUT,
    &PROTOCOL_MISMATCH,
    &EOF,
];

const CA_MISSING: KnownFix = KnownFix {
    id: "tls-ca-missing",
    title: "The issuer of the server's certificate is not among the trusted roots",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[
            Sign::At(Stage::Tls),
            Sign::Fault(Fault::CertUnknownIssuer),
            Sign::Not(&Sign::SaysOne(EITHER_ROOT)),
        ]),
        sure(&[Sign::Fault(Fault::CertUnknownIssuer), Sign::Not(&Sign::SaysOne(EITHER_ROOT))]),
        likely(&[Sign::Fault(Fault::CertUnknownIssuer), Sign::SaysOne(EITHER_ROOT)]),
        maybe(&[Sign::Fault(Fault::CertInvalid)]),
    ],
    why: "Either this program or machine lacks the public root certificates (slim containers do), or somebody in \
          between re-signs the traffic with a root of their own. The issuer's name tells which.",
    fix: &[
        you("See who issued the certificate").run_in(
            "openssl s_client -connect generativelanguage.googleapis.com:443 -servername generativelanguage.googleapis.com </dev/null",
            "gemini-doctor tls-check",
        ),
        you("If it is Google Trust Services, install the public roots")
            .run_in("apt-get install ca-certificates", "pip install --upgrade certifi"),
        you("If it is your company, ask IT for its root and pass that file").run_in(
            "gemini-doctor tls-check --ca-file corp-root.pem",
            "gemini-doctor tls-check --ca-file corp-root.pem",
        ),
        you("Give it to your program: NODE_EXTRA_CA_CERTS adds it, REQUESTS_CA_BUNDLE and SSL_CERT_FILE want a bundle with the public roots"),
    ],
    confirm: "gemini-doctor tls-check trusts the chain.",
    seen_as: &[
        "TypeError: fetch failed\n  [cause]: Error: unable to get local issuer certificate\n    code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'",
        "requests.exceptions.SSLError: HTTPSConnectionPool(host='generativelanguage.googleapis.com', port=443): Max retries exceeded with url: /v1beta/models (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1007)')))",
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
        "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        "client error (Connect): invalid peer certificate: UnknownIssuer",
        "javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path to requested target",
    ],
    live: &[],
    not: &[
        "Error: self-signed certificate in certificate chain code: 'SELF_SIGNED_CERT_IN_CHAIN'",
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1007)",
    ],
    splits: &[
        Split {
            id: "tls-self-signed-interception",
            by: "the issuer's name: a public authority, or a company, product or person",
        },
        Split {
            id: "tls-missing-intermediate",
            by: "whether the issuer is a root or has an issuer itself: its name, and an address where it is to be got (AIA)",
        },
    ],
    reproduce: "tls-ca-missing",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// Runtimes use these words for an unknown root and for a company's alike.
const EITHER_ROOT: &[&str] = &[
    "signed by unknown authority",
    "unable to find valid certification path",
    "PKIX path building failed",
    "authority that is not trusted",
    "ERR_CERT_AUTHORITY_INVALID",
    "verify the first certificate",
    "VERIFY_LEAF_SIGNATURE",
];

const SELF_SIGNED_INTERCEPTION: KnownFix = KnownFix {
    id: "tls-self-signed-interception",
    title: "Somebody in between re-signs TLS with a root that is not trusted here",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertSelfSigned)]),
        sure(&[Sign::Fault(Fault::CertSelfSigned)]),
        // What signs for others may sign for itself; texts do not show the chain.
        maybe(&[
            Sign::Fault(Fault::CertSelfSignedLeaf),
            Sign::SaysOne(&["self-signed certificate", "self signed certificate", "SELF_SIGNED_CERT"]),
        ]),
    ],
    why: "The chain ends in a root of its own: a company's inspection proxy or an antivirus takes the place of \
          the host asked. Whoever runs it can read the traffic and see the key; if nobody you know runs one, treat it as an attack.",
    fix: &[
        you("See who signs").run_in(
            "openssl s_client -connect generativelanguage.googleapis.com:443 -servername generativelanguage.googleapis.com -showcerts </dev/null",
            "gemini-doctor tls-check",
        ),
        you("Ask IT whether the proxy is theirs, and whether it may see API keys"),
        you("If it is theirs, pass the root they give you")
            .run("gemini-doctor tls-check --ca-file corp-root.pem"),
        you("Give it to your program too; bundle.pem is the public roots and this one").run_in(
            "cat /etc/ssl/certs/ca-certificates.crt corp-root.pem > bundle.pem; export NODE_EXTRA_CA_CERTS=\"$PWD/corp-root.pem\" REQUESTS_CA_BUNDLE=\"$PWD/bundle.pem\" SSL_CERT_FILE=\"$PWD/bundle.pem\"",
            "$Env:NODE_EXTRA_CA_CERTS = \"$PWD\\corp-root.pem\"; $Env:REQUESTS_CA_BUNDLE = $Env:SSL_CERT_FILE = \"$PWD\\bundle.pem\"",
        ),
    ],
    confirm: "gemini-doctor tls-check --ca-file corp-root.pem trusts the chain.",
    seen_as: &[
        "TypeError: fetch failed\n  [cause]: Error: self-signed certificate in certificate chain\n    code: 'SELF_SIGNED_CERT_IN_CHAIN'",
        "curl: (60) SSL certificate problem: self-signed certificate in certificate chain",
        "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self signed certificate in certificate chain (_ssl.c:1129)",
    ],
    live: &[],
    not: &[
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
        "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames",
    ],
    splits: &[],
    reproduce: "tls-self-signed-interception",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const INTERCEPTED: KnownFix = KnownFix {
    id: "tls-intercepted",
    title: "Somebody in between re-signs TLS and can read the traffic and the key",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        // Nobody but Google may sign for Google's hosts; for others a private CA may be quite right.
        sure(&[
            Sign::Shown(Shown::PrivateTrust),
            Sign::Not(&Sign::Host(HostKind::Other)),
            Sign::Not(&Sign::Host(HostKind::Loopback)),
        ]),
        likely(&[Sign::Says("SSL certificate verify ok"), Sign::SaysOne(INSPECTORS)]),
        likely(&[Sign::Says("SSL certificate verify ok"), Sign::Says(MITMPROXY)]),
    ],
    why: "Only a store of this machine trusts the chain; the public roots do not. An inspection proxy or \
          antivirus with a root installed on this machine answers in Google's place, so calls work here and fail in \
          programs that bring their own roots.",
    fix: &[
        you("Ask IT who runs that proxy and whether it may see API keys"),
        owner("Leave the API host out of the inspection"),
        you("Give its root to programs that bring their own; bundle.pem is the public roots and it").run_in(
            "cat /etc/ssl/certs/ca-certificates.crt corp-root.pem > bundle.pem; export NODE_EXTRA_CA_CERTS=\"$PWD/corp-root.pem\" REQUESTS_CA_BUNDLE=\"$PWD/bundle.pem\" SSL_CERT_FILE=\"$PWD/bundle.pem\"",
            "$Env:NODE_EXTRA_CA_CERTS = \"$PWD\\corp-root.pem\"; $Env:REQUESTS_CA_BUNDLE = $Env:SSL_CERT_FILE = \"$PWD\\bundle.pem\"",
        ),
        you("If nobody you know runs one, replace the key and have the machine looked at"),
    ],
    confirm: "gemini-doctor tls-check no longer warns, and names Google Trust Services as the issuer.",
    seen_as: &[
        "*  subject: CN=generativelanguage.googleapis.com\n*  issuer: C=US; O=Zscaler Inc.; CN=Zscaler Intermediate Root CA\n*  SSL certificate verify ok.",
    ],
    live: &[
        &[Sign::Shown(Shown::PrivateTrust)],
        &[Sign::Shown(Shown::PrivateTrust), Sign::Host(HostKind::Developer)],
        &[Sign::Shown(Shown::PrivateTrust), Sign::Host(HostKind::Provider)],
        &[Sign::Shown(Shown::PrivateTrust), Sign::Host(HostKind::Cloud)],
    ],
    not: &[
        "*  issuer: C=US; O=Google Trust Services; CN=WR2\n*  SSL certificate verify ok.",
        "curl: (60) SSL certificate problem: self-signed certificate in certificate chain",
    ],
    splits: &[],
    reproduce: "tls-intercepted",
    hides: &["tls-runtime-distrusts"],
    docs: &[],
    as_of: "2026-11-20",
};

const PRIVATE_CA: KnownFix = KnownFix {
    id: "tls-private-ca",
    title: "A private CA signed this host's certificate, as companies' CAs do",
    layer: Layer::Tls,
    blame: Blame::Unknown,
    severity: Severity::Note,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        likely(&[Sign::Shown(Shown::PrivateTrust), Sign::Host(HostKind::Other)]),
        likely(&[Sign::Shown(Shown::PrivateTrust), Sign::Host(HostKind::Loopback)]),
    ],
    why: "The host is not Google's, and no public root vouches for who signed it. Companies do that for \
          gateways of their own, so it is in order where the issuer is the one you expect; programs that bring \
          their own roots need that CA too.",
    fix: &[
        you("Compare the issuer in the evidence with the CA of those who run this host"),
        you("Give the CA to programs that bring their own roots; bundle.pem is the public roots and it").run_in(
            "cat /etc/ssl/certs/ca-certificates.crt corp-root.pem > bundle.pem; export NODE_EXTRA_CA_CERTS=\"$PWD/corp-root.pem\" REQUESTS_CA_BUNDLE=\"$PWD/bundle.pem\" SSL_CERT_FILE=\"$PWD/bundle.pem\"",
            "$Env:NODE_EXTRA_CA_CERTS = \"$PWD\\corp-root.pem\"; $Env:REQUESTS_CA_BUNDLE = $Env:SSL_CERT_FILE = \"$PWD\\bundle.pem\"",
        ),
        you("Name the CA to this program, and nothing is left to warn of")
            .run("gemini-doctor tls-check --ca-file corp-root.pem"),
        you("If the issuer is nobody you know, send no key and ask IT who answers there"),
    ],
    confirm: "gemini-doctor tls-check --ca-file corp-root.pem trusts the chain, without a warning.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::PrivateTrust), Sign::Host(HostKind::Other)],
        &[Sign::Shown(Shown::PrivateTrust), Sign::Host(HostKind::Loopback)],
    ],
    not: &[
        "*  subject: CN=generativelanguage.googleapis.com\n*  issuer: C=US; O=Zscaler Inc.; CN=Zscaler Intermediate Root CA\n*  SSL certificate verify ok.",
    ],
    splits: &[Split {
        id: "tls-intercepted",
        by: "the issuer: the CA of those who run this host, or the maker of an inspection proxy",
    }],
    reproduce: "tls-private-ca",
    hides: &["tls-runtime-distrusts"],
    docs: &[],
    as_of: "2026-11-20",
};

const HOSTNAME_MISMATCH: KnownFix = KnownFix {
    id: "tls-hostname-mismatch",
    title: "The certificate belongs to another host than the one asked",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertWrongName)]),
        sure(&[Sign::Fault(Fault::CertWrongName)]),
    ],
    why: "Somebody else answered at that address: a wrong DNS answer or hosts entry, a guest network's sign-in page, \
          or a proxy. The names in the certificate say who it was.",
    fix: &[
        you("See whose certificate it is").run_in(
            "openssl s_client -connect generativelanguage.googleapis.com:443 -servername generativelanguage.googleapis.com </dev/null",
            "gemini-doctor tls-check",
        ),
        you("See which address the name leads to, and correct hosts file or DNS").run_in(
            "getent hosts generativelanguage.googleapis.com",
            "Resolve-DnsName generativelanguage.googleapis.com",
        ),
        you("Sign in to the guest network in a browser, if there is one"),
    ],
    confirm: "gemini-doctor tls-check trusts the chain.",
    seen_as: &[
        "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: generativelanguage.googleapis.com. is not in the cert's altnames: DNS:other.example",
        "tls: failed to verify certificate: x509: certificate is valid for other.example, not generativelanguage.googleapis.com",
        "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'generativelanguage.googleapis.com'. (_ssl.c:1007)",
        "curl: (60) SSL: no alternative certificate subject name matches target host name 'generativelanguage.googleapis.com'",
    ],
    live: &[],
    not: &["curl: (60) SSL certificate problem: certificate has expired"],
    splits: &[],
    reproduce: "tls-hostname-mismatch",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const CERTIFICATE_EXPIRED: KnownFix = KnownFix {
    id: "tls-certificate-expired",
    title: "The server's certificate has expired, or this machine's clock is ahead",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertExpired)]),
        sure(&[Sign::Fault(Fault::CertExpired)]),
    ],
    why: "Google renews its certificates weeks ahead, so an expired one for its hosts mostly means a wrong clock here, or a gateway \
          or inspection proxy in between that let its own expire.",
    fix: &[
        you("Compare this machine's clock with another one")
            .run_in("date -u", "(Get-Date).ToUniversalTime()"),
        you("Set the clock, and let it be kept by the network's time"),
        owner("Renew the certificate of the gateway or proxy if it is theirs"),
    ],
    confirm: "gemini-doctor tls-check trusts the chain.",
    seen_as: &[
        "TypeError: fetch failed\n  [cause]: Error: certificate has expired\n    code: 'CERT_HAS_EXPIRED'",
        "curl: (60) SSL certificate problem: certificate has expired",
        "x509: certificate has expired or is not yet valid: current time 2026-11-20T10:00:00Z is after 2026-11-13T10:00:00Z",
    ],
    live: &[],
    not: &[
        "x509: certificate has expired or is not yet valid: current time 2025-11-20T10:00:00Z is before 2026-11-13T10:00:00Z",
        "API key expired. Please renew the API key.",
    ],
    splits: &[],
    reproduce: "tls-certificate-expired",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const CERTIFICATE_NOT_YET_VALID: KnownFix = KnownFix {
    id: "tls-certificate-not-yet-valid",
    title: "The certificate is not valid yet; this machine's clock is behind",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertNotYetValid)]),
        sure(&[Sign::Fault(Fault::CertNotYetValid)]),
    ],
    why: "The certificate's first day lies in the future of this machine's clock. A machine that slept, a virtual \
          machine that was restored or a board without a clock battery often lives in the past.",
    fix: &[
        you("Compare this machine's clock with another one")
            .run_in("date -u", "(Get-Date).ToUniversalTime()"),
        you("Set the clock from the network")
            .run_in("sudo timedatectl set-ntp true", "w32tm /resync"),
        owner("If the clock is right, ask who issued that certificate too early"),
    ],
    confirm: "gemini-doctor tls-check trusts the chain.",
    seen_as: &[
        "Error: certificate is not yet valid\n  code: 'CERT_NOT_YET_VALID'",
        "curl: (60) SSL certificate problem: certificate is not yet valid",
        "x509: certificate has expired or is not yet valid: current time 2025-11-20T10:00:00Z is before 2026-11-13T10:00:00Z",
    ],
    live: &[],
    not: &["curl: (60) SSL certificate problem: certificate has expired"],
    splits: &[],
    reproduce: "tls-certificate-not-yet-valid",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const RECORD_CORRUPTED: KnownFix = KnownFix {
    id: "tls-record-corrupted-by-middlebox",
    title: "TLS records are damaged on the way, by a device or filter in between",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::TlsCorrupted)]),
        sure(&[Sign::Fault(Fault::TlsCorrupted)]),
    ],
    why: "One side found that bytes had changed since the other sent them (bad record MAC, illegal parameter). The \
          API's servers do not do that; tunnels, filters and antivirus that touch the stream do, often only now and then.",
    fix: &[
        you("Ask once more, a few times, to see how often it happens")
            .run("gemini-doctor tls-check"),
        you("Try another network, such as a phone's"),
        owner(
            "Find out whether antivirus or tunnel software here inspects TLS, and leave the API host out",
        ),
        owner("Update or repair the device that filters TLS"),
    ],
    confirm: "gemini-doctor tls-check passes ten times in a row.",
    seen_as: &[
        "TypeError: fetch failed\n  [cause]: Error: 80A8B4F4F77F0000:error:0A000119:SSL routines:ssl3_get_record:decryption failed or bad record mac\n    code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'",
        "ssl.SSLError: [SSL: SSLV3_ALERT_BAD_RECORD_MAC] ssl/tls alert bad record mac (_ssl.c:2590)",
        "Error: write EPROTO 139872:error:1000007d:SSL routines:OPENSSL_internal:ILLEGAL_PARAMETER",
        "remote error: tls: illegal parameter",
    ],
    live: &[],
    not: &[
        "Error: write EPROTO 139872:error:0A00010B:SSL routines:ssl3_get_record:wrong version number",
        "remote error: tls: handshake failure",
    ],
    splits: &[],
    reproduce: "tls-record-corrupted-by-middlebox",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const HANDSHAKE_REFUSED: KnownFix = KnownFix {
    id: "tls-handshake-refused",
    title: "The other side refused the TLS handshake",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::TlsRefused)]),
        sure(&[Sign::Fault(Fault::TlsRefused)]),
    ],
    why: "It answered with a fatal alert: no common version, cipher or name. Google accepts TLS 1.2 and 1.3, so \
          either this client is very old or set too narrow, or a filter in between refuses this host name.",
    fix: &[
        you("See whether a modern client passes from here").run("gemini-doctor tls-check"),
        you("Update the runtime: OpenSSL 1.1.1, Python 3.10, Node 18 or newer"),
        you("Try another network, such as a phone's, to see whether a filter refuses"),
        owner("Let the filter or gateway accept TLS 1.2 and 1.3 for the API host"),
    ],
    confirm: "gemini-doctor tls-check gets past TLS.",
    seen_as: &[
        "ssl.SSLError: [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure (_ssl.c:1007)",
        "remote error: tls: handshake failure",
        "curl: (35) error:0A00042E:SSL routines::tlsv1 alert protocol version",
        "client error (Connect): received fatal alert: HandshakeFailure",
    ],
    live: &[],
    not: &[
        "curl: (35) error:0A00010B:SSL routines::wrong version number",
        "remote error: tls: bad record MAC",
    ],
    splits: &[
        Split {
            id: "tls-no-common-cipher",
            by: "the suites that the other side takes; the alert does not say what is not shared",
        },
        Split { id: "tls-no-common-group", by: "the groups that the other side takes" },
        Split {
            id: "tls-client-certificate",
            by: "whether the other side asked for a certificate before it refused",
        },
    ],
    reproduce: "tls-handshake-refused",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const HANDSHAKE_TIMEOUT: KnownFix = KnownFix {
    id: "tls-handshake-timeout",
    title: "The connection opened, and TLS never finished within the time allowed",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::TimedOut)]),
        // Node says this both when the other side hung up and when it lost patience itself.
        likely(&[
            Sign::Fault(Fault::Closed),
            Sign::Says("before secure TLS connection was established"),
        ]),
    ],
    why: "The address accepted the connection and then went silent: a filter that swallows the first TLS message, a \
          proxy that accepts everything, a very slow line, or packets that are too large for the path.",
    fix: &[
        you("See whether it is this network").run_in(
            "curl -v --connect-timeout 20 https://generativelanguage.googleapis.com",
            "curl.exe -v --connect-timeout 20 https://generativelanguage.googleapis.com",
        ),
        you("Allow more time on a slow line").run("gemini-doctor tls-check --connect-timeout 30"),
        you("If the network has a proxy, name it to your program"),
        owner("Let the filter pass TLS to the API host, and check the path's packet size (MTU)"),
    ],
    confirm: "gemini-doctor tls-check gets past TLS.",
    seen_as: &[
        "Get \"https://generativelanguage.googleapis.com/v1beta/models\": net/http: TLS handshake timeout",
        "httpx.ConnectTimeout: _ssl.c:989: The handshake operation timed out",
        "curl: (28) SSL connection timeout",
        "Error: Client network socket disconnected before secure TLS connection was established\n  code: 'ECONNRESET'",
    ],
    live: &[],
    not: &["TypeError: fetch failed [cause]: ConnectTimeoutError code: 'UND_ERR_CONNECT_TIMEOUT'"],
    splits: &[Split {
        id: "tls-eof",
        by: "whether the other side closed the connection or only kept silent",
    }],
    reproduce: "tls-handshake-timeout",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const PROTOCOL_MISMATCH: KnownFix = KnownFix {
    id: "tls-protocol-mismatch",
    title: "TLS was spoken to a port that answers in plain text",
    layer: Layer::Tls,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::NotTls)]),
        sure(&[Sign::At(Stage::Proxy), Sign::Fault(Fault::NotTls)]),
    ],
    why: "\"Wrong version number\" is not about versions: the other side sent no TLS at all. Mostly a proxy is \
          written with https:// although it wants http://, or a local gateway without TLS is called by https.",
    fix: &[
        you("Write the proxy with http://, in HTTPS_PROXY too").run_in(
            "export HTTPS_PROXY=http://proxy.corp.example:8080",
            "$Env:HTTPS_PROXY = 'http://proxy.corp.example:8080'",
        ),
        you("Call a local gateway without TLS by http://, and the API only by https://"),
        you("Check host and port").run("gemini-doctor tls-check"),
    ],
    confirm: "gemini-doctor tls-check gets past TLS.",
    seen_as: &[
        "curl: (35) OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number",
        "ssl.SSLError: [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1007)",
        "http: server gave HTTP response to HTTPS client",
        "Error: write EPROTO 139872:error:0A00010B:SSL routines:ssl3_get_record:wrong version number",
        "client error (Connect): received corrupt message of type InvalidContentType",
    ],
    live: &[],
    not: &[
        "curl: (35) error:0A00042E:SSL routines::tlsv1 alert protocol version",
        "curl: (1) Received HTTP/0.9 when not allowed",
    ],
    splits: &[],
    reproduce: "tls-protocol-mismatch",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const EOF: KnownFix = KnownFix {
    id: "tls-eof",
    title: "The other side hung up in the middle of the TLS handshake",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::Closed)])],
    why: "The connection closed without a word after the first TLS message. Filters that read the host name there, \
          and proxies chained behind one another, do that; a server that restarts does it once.",
    fix: &[
        you("Ask once more").run("gemini-doctor tls-check"),
        you("If two proxies or tunnels stand one behind the other, use one"),
        you("Try another network, such as a phone's, to see whether a filter hangs up"),
        owner("Let the filter pass TLS to the API host"),
    ],
    confirm: "gemini-doctor tls-check gets past TLS several times in a row.",
    seen_as: &[
        "ssl.SSLEOFError: [SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol (_ssl.c:1006)",
        "requests.exceptions.SSLError: HTTPSConnectionPool(host='generativelanguage.googleapis.com', port=443): Max retries exceeded with url: /v1beta/models (Caused by SSLError(SSLEOFError(8, '[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol (_ssl.c:1006)')))",
        "client error (Connect): tls handshake eof",
    ],
    live: &[],
    not: &["curl: (35) Recv failure: Connection reset by peer", "net/http: TLS handshake timeout"],
    splits: &[Split {
        id: "tls-handshake-timeout",
        by: "the time it took: a client that gives up on a slow handshake says nearly the same",
    }],
    reproduce: "tls-eof",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};
