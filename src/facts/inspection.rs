//! Boxes that end TLS in between to look into it: how their makers are called in certificates.

/// Makers of inspection proxies and antivirus, as they stand in the issuer's name.
pub const INSPECTORS: &[&str] = &[
    "Zscaler",
    "Netskope",
    "Fortinet",
    "FortiGate",
    "Palo Alto",
    "Blue Coat",
    "Cisco Umbrella",
    "Sophos",
    "Kaspersky",
    "Bitdefender",
    "ESET SSL Filter",
    "Avast",
    "mitmproxy",
];

/// Whether a certificate's issuer is one of them.
pub fn is_inspector(issuer: &str) -> bool {
    let issuer = issuer.to_ascii_lowercase();
    INSPECTORS.iter().any(|maker| issuer.contains(&maker.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_are_known_by_their_names() {
        assert!(is_inspector("C=US, O=ZSCALER Inc., CN=Zscaler Intermediate Root CA"));
        assert!(!is_inspector("C=US, O=Google Trust Services, CN=WR2"));
    }
}
