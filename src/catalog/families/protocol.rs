//! Known fixes of the family `protocol`: an HTTP version that was required and is not spoken, and who it
//! is that keeps it away.
//!
//! They rest on a handshake in which the other side had the choice, so that no text shows them.

use crate::{
    catalog::{KnownFix, Sign, Split, owner, sure, you},
    facts::{Blame, Class, Layer, RetryClass, Severity, clue::Shown},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] =
    &[&HTTP2_NOT_OFFERED, &ALPN_NONE, &HTTP2_LOST_BETWEEN, &PROTOCOL_UNAVAILABLE];

const HTTP2_NOT_OFFERED: KnownFix = KnownFix {
    id: "http2-not-offered",
    title: "HTTP/2 is required, and the server itself picks HTTP/1.1",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Shown(Shown::Http2NotPicked)])],
    why: "Both versions were offered in the TLS handshake, and whoever holds the certificate picked the older one. A \
          forward proxy that leaves TLS intact cannot change that choice. Google's own hosts pick HTTP/2, so that \
          this is a gateway or a server of somebody else's.",
    fix: &[
        owner("If the gateway is nginx, write http2 on; into its server block (before 1.25.1: listen 443 ssl http2)")
            .run("nginx -T"),
        owner("If it is HAProxy, write alpn h2,http/1.1 on its bind line"),
        owner("If it is Envoy, list h2 and http/1.1 as alpn_protocols and leave codec_type at AUTO"),
        owner("If it is Gunicorn or Uvicorn alone, put nginx or HAProxy in front: neither speaks HTTP/2 over TLS"),
        you("Leave --require away where HTTP/1.1 will do: see how much HTTP/2 would gain from Google itself").run(
            "gemini-doctor bench-transport --base-url https://generativelanguage.googleapis.com",
        ),
    ],
    confirm: "gemini-doctor bench-transport --require h2 ends with 0.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::Http2NotPicked)],
        &[Sign::Shown(Shown::Http2NotPicked), Sign::ViaProxy],
    ],
    not: &["* ALPN: server accepted http/1.1\n< HTTP/1.1 429 Too Many Requests"],
    splits: &[
        Split {
            id: "http2-lost-between",
            by: "the certificate's issuer, a via header, and what is picked without the proxy",
        },
        Split { id: "alpn-none", by: "whether a version was picked at all" },
    ],
    reproduce: "http2-not-offered",
    hides: &[],
    docs: &[],
    as_of: "2026-11-29",
};

const ALPN_NONE: KnownFix = KnownFix {
    id: "alpn-none",
    title: "HTTP/2 is required, and nobody there answers ALPN",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Shown(Shown::NoAlpn)])],
    why: "HTTP/2 over TLS is agreed upon by ALPN, a part of the handshake. The other side sent none back: its TLS \
          library is old, or its settings name no protocols. Clients speak HTTP/1.1 then.",
    fix: &[
        you("See the handshake for yourself").run_in(
            "openssl s_client -connect generativelanguage.googleapis.com:443 -alpn h2,http/1.1 </dev/null | grep ALPN",
            "curl.exe -sv --http2 https://generativelanguage.googleapis.com 2>&1 | Select-String ALPN",
        ),
        owner("Name the protocols: nginx http2 on;, HAProxy alpn h2,http/1.1, Envoy alpn_protocols"),
        owner("If a load balancer passes TCP on and ends TLS, give its listener an ALPN policy"),
        owner("Update a TLS library that knows no ALPN, such as OpenSSL before 1.0.2"),
    ],
    confirm: "gemini-doctor bench-transport --require h2 ends with 0.",
    seen_as: &[],
    live: &[&[Sign::Shown(Shown::NoAlpn)], &[Sign::Shown(Shown::NoAlpn), Sign::ViaProxy]],
    not: &["* ALPN: server did not agree on a protocol. Uses default.\n< HTTP/1.1 503 Service Unavailable"],
    splits: &[Split {
        id: "http2-lost-between",
        by: "the certificate's issuer: a box in between that ends TLS often knows no ALPN",
    }],
    reproduce: "alpn-none",
    hides: &[],
    docs: &[],
    as_of: "2026-11-29",
};

const HTTP2_LOST_BETWEEN: KnownFix = KnownFix {
    id: "http2-lost-between",
    title: "HTTP/2 is required, and a box in between keeps it away",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Shown(Shown::Http2LostBetween)])],
    why: "The handshake did not end at the server. Its certificate is of a maker or company that looks into TLS, or a \
          gateway says so in its via header, or the server picks HTTP/2 once the proxy is left out. Only what ends \
          TLS can do that: a forward proxy that passes it on cannot.",
    fix: &[
        owner("Let the API's host pass without inspection, as most such boxes can"),
        owner("Switch HTTP/2 on in the box's inspection policy, if it knows it"),
        you("See who issued the certificate").run_in(
            "openssl s_client -connect generativelanguage.googleapis.com:443 </dev/null | grep -E 'issuer|ALPN'",
            "curl.exe -sv https://generativelanguage.googleapis.com 2>&1 | Select-String 'issuer|ALPN'",
        ),
        you("Compare the way through the proxy with the one without it")
            .run("gemini-doctor bench-transport --versus direct"),
    ],
    confirm: "gemini-doctor bench-transport --require h2 ends with 0.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::Http2LostBetween)],
        &[Sign::Shown(Shown::Http2LostBetween), Sign::ViaProxy],
    ],
    not: &["via: 1.1 varnish"],
    splits: &[],
    reproduce: "http2-lost-between",
    hides: &[],
    docs: &[],
    as_of: "2026-11-29",
};

const PROTOCOL_UNAVAILABLE: KnownFix = KnownFix {
    id: "protocol-unavailable",
    title: "A protocol is required over which no call can be made here",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Shown(Shown::ProtocolUnavailable)])],
    why: "The check of this protocol failed as the row says, while calls over another one pass. HTTP/3 needs UDP to \
          port 443, which firewalls and proxies often drop, and a build of this program that has it; gRPC needs \
          HTTP/2 from end to end; HTTP/2 needs TLS.",
    fix: &[
        you("See which ways there are, and why this one is not")
            .run("gemini-doctor bench-transport --arms h1,h2,grpc"),
        owner(
            "For HTTP/3: let UDP to port 443 out, and open no proxy for it: CONNECT carries TCP alone",
        ),
        owner(
            "For gRPC behind nginx: grpc_pass; behind Envoy: an upstream with http2_protocol_options",
        ),
        you("Have clients fall back to HTTP/2, which all of them but HTTP/3's own can"),
    ],
    confirm: "gemini-doctor bench-transport --require PROTOCOL ends with 0.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::ProtocolUnavailable)],
        &[Sign::Shown(Shown::ProtocolUnavailable), Sign::ViaProxy],
    ],
    not: &["UNAVAILABLE: io exception"],
    splits: &[Split {
        id: "http2-not-offered",
        by: "whether the server had the choice and took another version, or this one broke",
    }],
    reproduce: "protocol-unavailable",
    hides: &[],
    docs: &[],
    as_of: "2026-11-29",
};
