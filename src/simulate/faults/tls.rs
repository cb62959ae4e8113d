//! Certificates and handshakes.

use super::super::fault::{Door, DoorRule};
use super::super::scenario::{Identity, Local, Scenario};

pub(in super::super) const ALL: &[Scenario] = &[
    TLS_EOF,
    TLS_CA_MISSING,
    TLS_SELF_SIGNED_INTERCEPTION,
    TLS_INTERCEPTED,
    TLS_PRIVATE_CA,
    TLS_HOSTNAME_MISMATCH,
    TLS_CERTIFICATE_EXPIRED,
    TLS_CERTIFICATE_NOT_YET_VALID,
    TLS_RECORD_CORRUPTED_BY_MIDDLEBOX,
    TLS_HANDSHAKE_REFUSED,
    TLS_HANDSHAKE_REFUSED_VERSION,
    TLS_HANDSHAKE_TIMEOUT,
    TLS_PROTOCOL_MISMATCH,
];

const TLS_EOF: Scenario =
    Scenario::new("tls-eof", "tls", 4, "The connection is closed after the ClientHello.")
        .doors(&[DoorRule::always(Door::CloseAfterHello)]);

const TLS_CA_MISSING: Scenario = Scenario::new(
    "tls-ca-missing",
    "tls",
    4,
    "The certificate comes from a CA that looks public and that nobody trusts.",
)
.identity(Identity::UnknownCa);

const TLS_SELF_SIGNED_INTERCEPTION: Scenario = Scenario::new(
    "tls-self-signed-interception",
    "tls",
    4,
    "The certificate comes from a company's inspection CA that this machine does not trust.",
)
.identity(Identity::Inspection);

const TLS_INTERCEPTED: Scenario = Scenario::new(
    "tls-intercepted",
    "tls",
    0,
    "The certificate comes from a company's inspection CA that only the system's store trusts.",
)
.identity(Identity::InspectionTrusted);

const TLS_PRIVATE_CA: Scenario = Scenario::new(
    "tls-private-ca",
    "tls",
    0,
    "A company's own host answers, with a certificate of the company's CA, which the system trusts.",
)
.local(Local::base_url("https://login.example"))
.identity(Identity::InspectionTrusted);

const TLS_HOSTNAME_MISMATCH: Scenario =
    Scenario::new("tls-hostname-mismatch", "tls", 4, "The certificate is for other.example.")
        .identity(Identity::WrongName);

const TLS_CERTIFICATE_EXPIRED: Scenario =
    Scenario::new("tls-certificate-expired", "tls", 4, "The certificate ran out a week ago.")
        .identity(Identity::Expired);

const TLS_CERTIFICATE_NOT_YET_VALID: Scenario = Scenario::new(
    "tls-certificate-not-yet-valid",
    "tls",
    4,
    "The certificate is valid from next week on.",
)
.identity(Identity::NotYetValid);

const TLS_RECORD_CORRUPTED_BY_MIDDLEBOX: Scenario = Scenario::new(
    "tls-record-corrupted-by-middlebox",
    "tls",
    4,
    "The handshake ends with the alert bad_record_mac.",
)
.doors(&[DoorRule::always(Door::Alert(20))]);

const TLS_HANDSHAKE_REFUSED: Scenario = Scenario::new(
    "tls-handshake-refused",
    "tls",
    4,
    "The handshake ends with the alert handshake_failure.",
)
.doors(&[DoorRule::always(Door::Alert(40))]);

const TLS_HANDSHAKE_REFUSED_VERSION: Scenario = Scenario::new(
    "tls-handshake-refused.version",
    "tls",
    4,
    "The handshake ends with the alert protocol_version.",
)
.fix("tls-handshake-refused")
.doors(&[DoorRule::always(Door::Alert(70))]);

const TLS_HANDSHAKE_TIMEOUT: Scenario = Scenario::new(
    "tls-handshake-timeout",
    "tls",
    4,
    "TCP connects and the handshake is never answered.",
)
.command(&["check-key", "--connect-timeout", "1"])
.doors(&[DoorRule::always(Door::Silent)]);

const TLS_PROTOCOL_MISMATCH: Scenario = Scenario::new(
    "tls-protocol-mismatch",
    "tls",
    4,
    "The server answers the handshake in plain HTTP.",
)
.doors(&[DoorRule::always(Door::Plaintext)]);
