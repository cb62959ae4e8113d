//! Name resolution, TCP and proxies.

use super::super::fault::{Door, DoorRule};
use super::super::scenario::{Needs, Proxy, Scenario, Way};

pub(in super::super) const ALL: &[Scenario] = &[
    DNS_FAILURE,
    DNS_FAILURE_TEMPORARY,
    CONNECTION_REFUSED,
    CONNECT_TIMEOUT,
    IPV6_PATH_BROKEN,
    CONNECTION_RESET,
    PROXY_AUTH_REQUIRED,
    PROXY_AUTH_NTLM,
    PROXY_REFUSED_TUNNEL,
    PROXY_UNREACHABLE,
    PROXY_SCHEME_UNSUPPORTED,
];

const DNS_FAILURE: Scenario =
    Scenario::new("dns-failure", "dns", 4, "The API's name does not exist.").way(Way::NotFound);

const DNS_FAILURE_TEMPORARY: Scenario =
    Scenario::new("dns-failure.temporary", "dns", 4, "The resolver fails and asks to try again.")
        .fix("dns-failure")
        .way(Way::TryAgain);

const CONNECTION_REFUSED: Scenario =
    Scenario::new("connection-refused", "tcp", 4, "Nobody listens where the API's name leads to.")
        .way(Way::Refused);

const CONNECT_TIMEOUT: Scenario = Scenario::new(
    "connect-timeout",
    "tcp",
    4,
    "Where the API's name leads to, connections are neither taken nor refused.",
)
.command(&["check-key", "--connect-timeout", "1"])
.needs(Needs::Linux)
.way(Way::Full);

const IPV6_PATH_BROKEN: Scenario = Scenario::new(
    "ipv6-path-broken",
    "tcp",
    0,
    "The IPv6 address refuses connections; the IPv4 one works.",
)
.needs(Needs::Ipv6)
.way(Way::Ipv6Refused);

const CONNECTION_RESET: Scenario =
    Scenario::new("connection-reset", "tcp", 4, "Every connection is reset before TLS begins.")
        .doors(&[DoorRule::always(Door::Reset)]);

const PROXY_AUTH_REQUIRED: Scenario = Scenario::new(
    "proxy-auth-required",
    "proxy",
    4,
    "The proxy wants a user and a password: 407 with Basic.",
)
.proxy(Proxy::Basic);

const PROXY_AUTH_NTLM: Scenario = Scenario::new(
    "proxy-auth-ntlm",
    "proxy",
    4,
    "The proxy wants a Windows login: 407 with Negotiate and NTLM.",
)
.proxy(Proxy::Ntlm);

const PROXY_REFUSED_TUNNEL: Scenario = Scenario::new(
    "proxy-refused-tunnel",
    "proxy",
    4,
    "The proxy refuses the tunnel: 403 with a page.",
)
.proxy(Proxy::Refuses);

const PROXY_UNREACHABLE: Scenario =
    Scenario::new("proxy-unreachable", "proxy", 4, "Nobody listens at the proxy's address.")
        .proxy(Proxy::Closed);

const PROXY_SCHEME_UNSUPPORTED: Scenario = Scenario::new(
    "proxy-scheme-unsupported",
    "proxy",
    4,
    "The proxy's URL has a scheme that no proxy has.",
)
.proxy(Proxy::Url("ftp://proxy.example:21"));
