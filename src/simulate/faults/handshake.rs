//! What two ends of a handshake do not have in common, and boxes between them.

use super::super::fault::{Door, DoorRule, Kind};
use super::super::scenario::{Alpn, Proxy, Scenario};

pub(in super::super) const ALL: &[Scenario] = &[
    TLS_TOO_OLD,
    TLS_TOO_OLD_ALERT,
    TLS_NO_COMMON_CIPHER,
    TLS_NO_COMMON_GROUP,
    TLS_NO_COMMON_ALPN,
    TLS_CLIENT_CERTIFICATE,
    TLS_SNI_DEPENDENT,
    TLS_LARGE_HELLO_BROKEN,
    TLS_PROXY_INTERCEPTS,
    TLS_RESET,
];

/// What only many hellos show, one handshake cannot.
const LOOK: &[&str] = &["tls-check"];

const TLS_TOO_OLD: Scenario =
    Scenario::new("tls-too-old", "tls", 4, "The handshake is answered with TLS 1.0.")
        .doors(&[DoorRule::always(Door::Kind(Kind::OldVersion))]);

const TLS_TOO_OLD_ALERT: Scenario = Scenario::new(
    "tls-too-old.alert",
    "tls",
    4,
    "The handshake ends with the alert protocol_version.",
)
.fix("tls-too-old")
.doors(&[DoorRule::always(Door::Alert(70))]);

const TLS_NO_COMMON_CIPHER: Scenario = Scenario::new(
    "tls-no-common-cipher",
    "tls",
    4,
    "The server knows no cipher suite but those with RSA key exchange.",
)
.command(LOOK)
.doors(&[DoorRule::always(Door::Kind(Kind::OldCipher))]);

const TLS_NO_COMMON_GROUP: Scenario =
    Scenario::new("tls-no-common-group", "tls", 4, "The server knows no group but P-521.")
        .command(LOOK)
        .doors(&[DoorRule::always(Door::Kind(Kind::RareGroup))]);

const TLS_NO_COMMON_ALPN: Scenario = Scenario::new(
    "tls-no-common-alpn",
    "tls",
    4,
    "The server speaks no HTTP, and says so by ALPN.",
)
.alpn(Alpn::Other);

const TLS_CLIENT_CERTIFICATE: Scenario = Scenario::new(
    "tls-client-certificate",
    "tls",
    4,
    "The server demands a certificate of the client.",
)
.wants_certificate();

const TLS_SNI_DEPENDENT: Scenario = Scenario::new(
    "tls-sni-dependent",
    "tls",
    4,
    "The name in the handshake is refused: the alert unrecognized_name.",
)
.doors(&[DoorRule::always(Door::Alert(112))]);

const TLS_LARGE_HELLO_BROKEN: Scenario = Scenario::new(
    "tls-large-hello-broken",
    "tls",
    4,
    "A first message of TLS that is larger than a packet is never answered.",
)
.command(&["tls-check", "--connect-timeout", "2"])
.doors(&[DoorRule::always(Door::SmallHello)]);

const TLS_PROXY_INTERCEPTS: Scenario = Scenario::new(
    "tls-proxy-intercepts",
    "tls",
    4,
    "Through the proxy comes a certificate that it made itself; directly comes the server's own.",
)
.command(LOOK)
.proxy(Proxy::Intercepts);

const TLS_RESET: Scenario =
    Scenario::new("tls-reset", "tls", 4, "Each handshake is reset after the ClientHello.")
        .command(LOOK)
        .doors(&[DoorRule::always(Door::ResetAfterHello)]);
