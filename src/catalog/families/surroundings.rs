//! Known fixes of the family `surroundings`: what stands round a connection: clocks, sign-in pages, stores.
//!
//! The chain itself is in order in all of them, or is somebody else's; what is wrong with chains is in
//! `certificate`.

use crate::{
    catalog::{KnownFix, Sign, Split, Step, likely, owner, sure, you},
    facts::{Blame, Class, HostKind, Layer, RetryClass, Severity, Stage, clue::Shown},
};

use super::certificate::TO_JAVA;

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] =
    &[&CLOCK_SKEW, &CLOCK_OFF, &CAPTIVE_PORTAL, &EXPIRES_SOON, &RUNTIME_DISTRUSTS];

const COMPARE_CLOCKS: Step = you("Compare this machine's clock with another one, in UTC")
    .run_in("date -u", "(Get-Date).ToUniversalTime()");

const SET_CLOCK: Step = you("Set the clock, and let it be kept by the network's time")
    .run_in("sudo timedatectl set-ntp true && timedatectl", "w32tm /resync; w32tm /query /status");

const SET_HOSTS_CLOCK: Step = you(
    "In a container set the clock of its host, which it shares; in a virtual machine let the host's tools set it after sleep",
);

const CLOCK_SKEW: KnownFix = KnownFix {
    id: "clock-skew",
    title: "This machine's clock is wrong, so that certificates look out of date",
    layer: Layer::Tls,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        // One clock against another: the server's may be the wrong one.
        likely(&[Sign::Shown(Shown::ClockSkew)]),
        sure(&[Sign::SaysOne(BROWSERS_CLOCK), Sign::Says("date and time")]),
    ],
    why: "By the server's clock the chain is valid, and by this machine's it has ended or not begun. A machine that slept, a \
          board without a clock battery or a restored snapshot does that; tokens that are signed with a time fail with it.",
    fix: &[
        COMPARE_CLOCKS,
        SET_CLOCK,
        SET_HOSTS_CLOCK,
        owner(
            "If the network keeps time servers away (UDP port 123), let machines ask one inside it",
        ),
    ],
    confirm: "gemini-doctor tls-check trusts the chain, and says nothing of clocks.",
    seen_as: &[
        "Your clock is ahead\nA private connection to generativelanguage.googleapis.com can't be established because your computer's date and time (Tuesday, January 4, 2028 at 10:00:00 AM) are incorrect.\nNET::ERR_CERT_DATE_INVALID",
        "Your clock is behind\nA private connection to generativelanguage.googleapis.com can't be established because your computer's date and time (Monday, January 5, 2026 at 10:00:00 AM) are incorrect.\nNET::ERR_CERT_DATE_INVALID",
    ],
    live: &[
        &[Sign::Shown(Shown::ClockSkew)],
        &[Sign::Shown(Shown::ClockSkew), Sign::Host(HostKind::Developer)],
    ],
    not: &[
        "curl: (60) SSL certificate problem: certificate has expired",
        "curl: (60) SSL certificate problem: certificate is not yet valid",
    ],
    splits: &[],
    reproduce: "clock-skew",
    hides: &["tls-certificate-expired", "tls-certificate-not-yet-valid"],
    docs: &[],
    as_of: "2026-11-30",
};

/// How browsers head their page about it.
const BROWSERS_CLOCK: &[&str] = &["Your clock is ahead", "Your clock is behind"];

const CLOCK_OFF: KnownFix = KnownFix {
    id: "clock-off",
    title: "This machine's clock is off by minutes; tokens signed with a time fail",
    layer: Layer::Tls,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[likely(&[Sign::Shown(Shown::ClockOff)])],
    why: "Certificates still hold, and API keys know no time. Service accounts sign requests for tokens with the time, and the \
          token server refuses those that are more than minutes off (invalid_grant); tokens seem to end too early or too late.",
    fix: &[COMPARE_CLOCKS, SET_CLOCK, SET_HOSTS_CLOCK],
    confirm: "gemini-doctor tls-check says nothing of clocks.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::ClockOff)],
        &[Sign::Shown(Shown::ClockOff), Sign::Host(HostKind::Developer)],
    ],
    not: &[
        r#"{"error":"invalid_grant","error_description":"Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."}"#,
        "x509: certificate has expired or is not yet valid: current time 2026-11-20T10:00:00Z is after 2026-11-13T10:00:00Z",
    ],
    splits: &[],
    reproduce: "clock-off",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

const CAPTIVE_PORTAL: KnownFix = KnownFix {
    id: "captive-portal",
    title: "The network's sign-in page answers in the place of the host",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        likely(&[Sign::Shown(Shown::CaptivePortal)]),
        sure(&[Sign::Says("may require you to visit its login page")]),
        sure(&[Sign::Says("511 Network Authentication Required")]),
    ],
    why: "Hotels, trains, offices for guests and some companies lead every connection to a page of theirs until somebody \
          signs in there. Its certificate is for another host, and a key that is sent to it is in other hands.",
    fix: &[
        you("Open any page in a browser on this machine, and sign in to the network")
            .run_in("xdg-open http://example.com/", "Start-Process http://example.com/"),
        you("Or use another network, such as a phone's"),
        owner(
            "Give build machines and servers a network without a sign-in page, or let this machine past it by its address",
        ),
        you(
            "If you signed in and it goes on, the session has ended or is bound to another device: sign in again here",
        ),
    ],
    confirm: "gemini-doctor tls-check names Google Trust Services as the issuer.",
    seen_as: &[
        "Connect to Wi-Fi\nThe Wi-Fi you are using may require you to visit its login page.",
        "HTTP/1.1 511 Network Authentication Required\nContent-Type: text/html\nContent-Length: 0",
    ],
    live: &[
        &[Sign::Shown(Shown::CaptivePortal)],
        &[Sign::Shown(Shown::CaptivePortal), Sign::Host(HostKind::Developer)],
    ],
    not: &[
        "HTTP/1.1 302 Found\nLocation: https://login.example/portal\nContent-Length: 0",
        "HTTP/1.1 407 Proxy Authentication Required\nProxy-Authenticate: Basic realm=\"proxy\"",
    ],
    splits: &[Split {
        id: "answer-redirected",
        by: "the certificate: a sign-in page has none for the host, a gateway of your own has",
    }],
    reproduce: "captive-portal",
    hides: &["tls-hostname-mismatch", "tls-protocol-mismatch"],
    docs: &[],
    as_of: "2026-11-30",
};

const EXPIRES_SOON: KnownFix = KnownFix {
    id: "tls-certificate-expires-soon",
    title: "A certificate of the chain ends sooner than was asked for",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Shown(Shown::ExpiresSoon)])],
    why: "The connection works today. --expires-within asks for more days than the certificate that ends first has left, so \
          this is the gate doing its work; it may be the server's own, an intermediate, or the root of a private authority.",
    fix: &[
        you("See which certificate of the chain ends first, and whether the renewal has run already")
            .run("gemini-doctor tls-check"),
        owner("Renew it, restart what shows it, and look at why it was not renewed by itself")
            .run_in(
                "certbot renew && systemctl reload nginx",
                "certbot renew",
            ),
        owner("Where an intermediate ends, put the new one of the authority into the server's chain"),
        you("For hosts of Google's ask for fewer days: their certificates live for weeks, and are renewed by Google"),
    ],
    confirm: "gemini-doctor tls-check with the same --expires-within passes.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::ExpiresSoon)],
        &[Sign::At(Stage::Tls), Sign::Shown(Shown::ExpiresSoon)],
    ],
    not: &[
        "curl: (60) SSL certificate problem: certificate has expired",
        "API key expired. Please renew the API key.",
    ],
    splits: &[],
    reproduce: "tls-certificate-expires-soon",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

const RUNTIME_DISTRUSTS: KnownFix = KnownFix {
    id: "tls-runtime-distrusts",
    title: "This program trusts the chain; a runtime of this machine would not",
    layer: Layer::Tls,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Shown(Shown::RuntimeDistrusts)])],
    why: "Every runtime brings roots of its own: Node and Python's certifi do not look into the machine's store, Java has a \
          store of its own, and a variable may lead to an old bundle. What curl or a browser accepts can so fail in your program.",
    fix: &[
        you("Write this machine's roots, and the company's root if it is trusted here, into one file")
            .run("gemini-doctor tls-check --save-bundle bundle.pem"),
        you("Give it to Node, which adds it to its own roots").run_in(
            "export NODE_EXTRA_CA_CERTS=\"$PWD/bundle.pem\"",
            "$Env:NODE_EXTRA_CA_CERTS = \"$PWD\\bundle.pem\"",
        ),
        you("Give it to Python, curl and what else is built on OpenSSL, which take it in the place of theirs")
            .run_in(
                "export SSL_CERT_FILE=\"$PWD/bundle.pem\" REQUESTS_CA_BUNDLE=\"$PWD/bundle.pem\" CURL_CA_BUNDLE=\"$PWD/bundle.pem\"",
                "$Env:SSL_CERT_FILE = $Env:REQUESTS_CA_BUNDLE = $Env:CURL_CA_BUNDLE = \"$PWD\\bundle.pem\"",
            ),
        TO_JAVA,
        you("If a variable leads to an old bundle, take it out of the settings, or renew what it leads to"),
    ],
    confirm: "gemini-doctor tls-check --local says that every runtime of this machine connects.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::RuntimeDistrusts)],
        &[Sign::Shown(Shown::RuntimeDistrusts), Sign::Host(HostKind::Developer)],
    ],
    not: &[
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
        "TypeError: fetch failed\n  [cause]: Error: self-signed certificate in certificate chain\n    code: 'SELF_SIGNED_CERT_IN_CHAIN'",
    ],
    splits: &[],
    reproduce: "",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};
