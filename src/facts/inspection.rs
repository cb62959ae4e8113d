//! Boxes and programs that end TLS in between to look into it: how their makers are called in certificates.

/// A word of an issuer's name, and the product that it is known from.
pub type Maker = (&'static str, &'static str);

/// Inspection proxies, antivirus and debugging proxies, by what stands in the names of their authorities.
/// A word counts as a whole: San Francisco is no product.
pub const MAKERS: &[Maker] = &[
    ("Zscaler", "Zscaler"),
    ("Netskope", "Netskope"),
    ("goskope", "Netskope"),
    ("Fortinet", "Fortinet FortiGate"),
    ("FortiGate", "Fortinet FortiGate"),
    ("Palo Alto", "Palo Alto Networks"),
    ("Prisma Access", "Palo Alto Networks Prisma Access"),
    ("Blue Coat", "Blue Coat ProxySG (Symantec)"),
    ("ProxySG", "Blue Coat ProxySG (Symantec)"),
    ("Symantec Web Security", "Symantec Web Security Service"),
    ("Cisco Umbrella", "Cisco Umbrella"),
    ("Cisco Secure Web", "Cisco Secure Web Appliance"),
    ("IronPort", "Cisco IronPort"),
    ("Sophos", "Sophos"),
    ("Check Point", "Check Point HTTPS Inspection"),
    ("Forcepoint", "Forcepoint"),
    ("Websense", "Forcepoint (Websense)"),
    ("McAfee", "McAfee Web Gateway"),
    ("Skyhigh", "Skyhigh Secure Web Gateway"),
    ("Trend Micro", "Trend Micro"),
    ("Barracuda", "Barracuda"),
    ("SonicWall", "SonicWall DPI-SSL"),
    ("WatchGuard", "WatchGuard"),
    ("Fireware HTTPS Proxy", "WatchGuard"),
    ("Cloudflare Gateway", "Cloudflare Gateway"),
    ("Gateway CA - Cloudflare", "Cloudflare Gateway"),
    ("Menlo Security", "Menlo Security"),
    ("Cato Networks", "Cato Networks"),
    ("iboss", "iboss"),
    ("Smoothwall", "Smoothwall"),
    ("Lightspeed Systems", "Lightspeed Filter"),
    ("Securly", "Securly"),
    ("ContentKeeper", "ContentKeeper"),
    ("SSL Orchestrator", "F5 SSL Orchestrator"),
    ("pfSense", "pfSense"),
    ("OPNsense", "OPNsense"),
    ("Squid", "Squid"),
    ("Kaspersky", "Kaspersky"),
    ("Bitdefender", "Bitdefender"),
    ("ESET SSL Filter", "ESET"),
    ("Avast", "Avast"),
    ("AVG Web/Mail Shield", "AVG"),
    ("Norton Web/Mail Shield", "Norton"),
    ("Dr.Web", "Dr.Web"),
    ("AdGuard", "AdGuard"),
    ("Net Nanny", "Net Nanny"),
    ("Qustodio", "Qustodio"),
    ("Charles Proxy", "Charles Proxy"),
    ("DO_NOT_TRUST_FiddlerRoot", "Fiddler"),
    ("PortSwigger", "Burp Suite"),
    ("OWASP Zed Attack Proxy", "ZAP"),
    ("OWASP ZAP", "ZAP"),
    ("Proxyman", "Proxyman"),
    ("HTTP Toolkit", "HTTP Toolkit"),
    (MITMPROXY, "mitmproxy"),
];

/// How mitmproxy calls its authority and itself.
pub const MITMPROXY: &str = "mitmproxy";

/// Those of the words that no other text holds by accident, white space and the borders of words aside.
pub const INSPECTORS: &[&str] = &[
    "Zscaler",
    "Netskope",
    "goskope",
    "Fortinet",
    "FortiGate",
    "Palo Alto Networks",
    "Blue Coat",
    "Cisco Umbrella",
    "Sophos SSL CA",
    "Forcepoint",
    "Skyhigh",
    "McAfee Web Gateway",
    "Cloudflare Gateway CA",
    "Kaspersky",
    "Bitdefender",
    "ESET SSL Filter",
    "Avast Web/Mail Shield",
    "AVG Web/Mail Shield",
    "Norton Web/Mail Shield",
    "Charles Proxy",
    "FiddlerRoot",
    "PortSwigger CA",
    "OWASP Zed Attack Proxy",
];

/// The maker whose word stands in an issuer's name.
pub fn maker(issuer: &str) -> Option<Maker> {
    MAKERS.iter().copied().find(|(word, _)| has_word(issuer, word))
}

/// Whether a certificate's issuer is one of them.
pub fn is_inspector(issuer: &str) -> bool {
    maker(issuer).is_some()
}

/// Whether a text holds a word, without regard to case, and not as a part of another.
pub fn has_word(text: &str, word: &str) -> bool {
    let (text, word) = (text.to_ascii_lowercase(), word.to_ascii_lowercase());
    let inside = |letter: char| letter.is_alphanumeric();
    text.match_indices(&word).any(|(at, _)| {
        !text[..at].ends_with(inside) && !text[at + word.len()..].starts_with(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_are_known_by_their_names() {
        for (issuer, product) in [
            ("C=US, O=ZSCALER Inc., CN=Zscaler Intermediate Root CA", "Zscaler"),
            ("CN=ca.example.goskope.com, O=Example", "Netskope"),
            ("O=Sophos, CN=Sophos_CA_0123", "Sophos"),
            ("CN=DO_NOT_TRUST_FiddlerRoot, OU=Created by http://www.fiddler2.com", "Fiddler"),
            ("CN=mitmproxy, O=mitmproxy", "mitmproxy"),
        ] {
            assert_eq!(maker(issuer).map(|(_, product)| product), Some(product), "{issuer}");
        }
    }

    #[test]
    fn a_part_of_a_word_and_a_place_are_no_makers() {
        for issuer in [
            "C=US, O=Google Trust Services, CN=WR2",
            "C=US, L=San Francisco, O=Example",
            "O=Avastha Ltd, CN=Avastha CA",
            "O=Squidly, CN=Charles & Co",
        ] {
            assert!(!is_inspector(issuer), "{issuer}");
        }
    }
}
