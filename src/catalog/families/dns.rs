//! Known fixes of the family `dns`: turning the host's name into addresses.

use crate::{
    catalog::{KnownFix, Sign, likely, maybe, owner, sure, you},
    facts::{Blame, Fault, Layer, RetryClass, Severity, Stage, clue::Shown, endpoint::HostKind},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[&DNS_FAILURE, &WRONG_ADDRESS];

const DNS_FAILURE: KnownFix = KnownFix {
    id: "dns-failure",
    title: "The API's host name could not be turned into an address",
    layer: Layer::Dns,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Backoff,
    when: &[
        sure(&[Sign::At(Stage::Dns), Sign::Fault(Fault::NameNotFound)]),
        sure(&[Sign::At(Stage::Dns), Sign::Fault(Fault::NameTryAgain)]),
        sure(&[Sign::At(Stage::Dns), Sign::Fault(Fault::NameFailed)]),
        sure(&[Sign::At(Stage::Dns), Sign::Fault(Fault::TimedOut)]),
    ],
    why: "Nothing was sent: the resolver did not know the name or did not answer. Being offline, a container \
          without DNS, a filter that hides names, or a misspelt base URL are the usual reasons; key and model play no part.",
    fix: &[
        you("Ask the resolver yourself").run("nslookup generativelanguage.googleapis.com"),
        you("Check the spelling of the host, where a base URL names it"),
        you("If only a container or CI job fails, give it a DNS server that knows public names"),
        owner("Where names resolve only at the proxy, tell which proxy programs must use"),
    ],
    confirm: "nslookup prints addresses, and gemini-doctor check-key gets past the network stage.",
    seen_as: &[
        "TypeError: fetch failed\n  [cause]: Error: getaddrinfo ENOTFOUND generativelanguage.googleapis.com\n    errno: -3008, code: 'ENOTFOUND', syscall: 'getaddrinfo'",
        "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='generativelanguage.googleapis.com', port=443): Max retries exceeded with url: /v1beta/models (Caused by NameResolutionError(\"<urllib3.connection.HTTPSConnection object>: Failed to resolve 'generativelanguage.googleapis.com' ([Errno -3] Temporary failure in name resolution)\"))",
        "curl: (6) Could not resolve host: generativelanguage.googleapis.com",
        "Get \"https://generativelanguage.googleapis.com/v1beta/models\": dial tcp: lookup generativelanguage.googleapis.com on 127.0.0.53:53: server misbehaving",
        "error sending request for url (https://generativelanguage.googleapis.com/v1beta/models): client error (Connect): dns error: failed to lookup address information: Name or service not known",
    ],
    live: &[],
    not: &[
        "curl: (5) Could not resolve proxy: proxy.corp.example",
        "curl: (28) Failed to connect to generativelanguage.googleapis.com port 443: Connection timed out",
    ],
    splits: &[],
    reproduce: "dns-failure",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const WRONG_ADDRESS: KnownFix = KnownFix {
    id: "dns-wrong-address",
    title: "The API's host name leads to an address that is not Google's",
    layer: Layer::Dns,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        likely(&[Sign::Shown(Shown::ForeignAddress), Sign::Not(&Sign::Host(HostKind::Other))]),
        maybe(&[Sign::Shown(Shown::ForeignAddress)]),
    ],
    why: "Google's hosts have public addresses, and here the name leads to one of a private network or of this \
          machine. A hosts file, a filter that answers for what it blocks, or a private endpoint that is not \
          reachable from here says so.",
    fix: &[
        you("See who says so: the hosts file first").run_in(
            "getent hosts generativelanguage.googleapis.com; grep -i googleapis /etc/hosts",
            "Resolve-DnsName generativelanguage.googleapis.com; Select-String googleapis $Env:SystemRoot\\System32\\drivers\\etc\\hosts",
        ),
        you("Ask another name server, to compare").run("nslookup generativelanguage.googleapis.com 8.8.8.8"),
        owner("If it is a private endpoint of your company, let this machine reach it, and give it its certificate"),
        owner("If a filter answers for it, let the name pass"),
    ],
    confirm: "gemini-doctor tls-check names public addresses and trusts the chain.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::ForeignAddress)],
        &[Sign::Shown(Shown::ForeignAddress), Sign::Host(HostKind::Developer)],
    ],
    not: &["curl: (6) Could not resolve host: generativelanguage.googleapis.com"],
    splits: &[],
    reproduce: "",
    hides: &["connection-refused", "connect-timeout", "tls-hostname-mismatch"],
    docs: &[],
    as_of: "2026-11-20",
};
