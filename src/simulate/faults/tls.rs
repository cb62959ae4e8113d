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
    TLS_MISSING_INTERMEDIATE,
    TLS_COMPANY_CA,
    TLS_INSPECTION_PRODUCT,
    TLS_MITMPROXY,
    TLS_TEST_CA,
    TLS_RECREATED_CA,
    TLS_SELF_SIGNED_LEAF,
    TLS_CA_AS_LEAF,
    TLS_CN_ONLY,
    TLS_WEAK_KEY,
    TLS_WEAK_SIGNATURE,
    TLS_WRONG_USAGE,
    TLS_CERTIFICATE_UNREADABLE,
    TLS_CERTIFICATE_REVOKED,
];

/// A world that is whole but for the certificate that the server shows.
const fn shows(id: &'static str, identity: Identity, summary: &'static str) -> Scenario {
    Scenario::new(id, "tls", 4, summary).identity(identity)
}

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
    "The handshake ends with the alert inappropriate_fallback.",
)
.fix("tls-handshake-refused")
.doors(&[DoorRule::always(Door::Alert(86))]);

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

const TLS_MISSING_INTERMEDIATE: Scenario = shows(
    "tls-missing-intermediate",
    Identity::MissingIntermediate,
    "The server sends its own certificate alone, without the intermediate that signed it.",
);

const TLS_COMPANY_CA: Scenario = shows(
    "tls-company-ca",
    Identity::CompanyCa,
    "The certificate comes from a company's root that nobody on this machine trusts.",
);

const TLS_INSPECTION_PRODUCT: Scenario = shows(
    "tls-inspection-product",
    Identity::Product,
    "The certificate comes from an authority that bears the name of an inspection product.",
);

const TLS_MITMPROXY: Scenario = shows(
    "tls-mitmproxy",
    Identity::Mitmproxy,
    "The certificate comes from an authority that bears mitmproxy's name.",
);

const TLS_TEST_CA: Scenario = shows(
    "tls-test-ca",
    Identity::TestCa,
    "The certificate comes from an authority that bears the name of a development tool.",
);

const TLS_RECREATED_CA: Scenario = shows(
    "tls-recreated-ca",
    Identity::RecreatedCa,
    "The certificate comes from an authority with the name of a trusted one and another key.",
);

const TLS_SELF_SIGNED_LEAF: Scenario =
    shows("tls-self-signed-leaf", Identity::SelfSigned, "The certificate signed itself.");

const TLS_CA_AS_LEAF: Scenario = shows(
    "tls-ca-as-leaf",
    Identity::CaAsLeaf,
    "The server shows a certificate that says that it is an authority's.",
);

const TLS_CN_ONLY: Scenario = shows(
    "tls-cn-only",
    Identity::CnOnly,
    "The certificate names its host in the common name only.",
);

const TLS_WEAK_KEY: Scenario = shows(
    "tls-weak-key",
    Identity::WeakKey,
    "The certificate comes from an intermediate with an RSA key of 1024 bits.",
);

const TLS_WEAK_SIGNATURE: Scenario =
    shows("tls-weak-signature", Identity::WeakSignature, "The certificate is signed with SHA-1.");

const TLS_WRONG_USAGE: Scenario =
    shows("tls-wrong-usage", Identity::ForClients, "The certificate is for clients only.");

const TLS_CERTIFICATE_UNREADABLE: Scenario = shows(
    "tls-certificate-unreadable",
    Identity::UnknownExtension,
    "The certificate has a critical extension that nobody knows.",
);

const TLS_CERTIFICATE_REVOKED: Scenario = shows(
    "tls-certificate-revoked",
    Identity::Revoked,
    "The OCSP answer that is stapled to the certificate says that it was revoked.",
);
