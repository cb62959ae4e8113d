//! Issuers that are known by their names. A name is a claim of whoever answered: anybody can write
//! "Google Trust Services" into a certificate, so that nothing here proves who signed.

use super::certificate::Certificate;
use super::name::Name;
use crate::facts::inspection::{self, MITMPROXY, has_word};

/// An issuer that is known by a word of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it is.
    pub kind: Kind,
    /// The product or the authority.
    pub who: &'static str,
    /// The word of the name by which it is known.
    pub by: &'static str,
}

/// What a known issuer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// mitmproxy, which signs with a key that it made by itself.
    Mitmproxy,
    /// A product that looks into TLS.
    Inspection,
    /// An authority whose private key everybody can have.
    PublicKey,
    /// An authority that is for development and tests only.
    Development,
    /// An authority that vouches only between two parties of its own.
    Private,
    /// A public authority.
    Public,
}

/// What is known about a name, of a certificate or of an issuer.
pub fn known(name: &Name) -> Option<Known> {
    let maker = inspection::maker(&name.full);
    let made = maker.map(|(by, who)| {
        let kind = if by == MITMPROXY { Kind::Mitmproxy } else { Kind::Inspection };
        Known { kind, who, by }
    });
    made.or_else(|| listed(name))
}

fn listed(name: &Name) -> Option<Known> {
    let row = AUTHORITIES.iter().find(|(_, _, by)| has_word(&name.full, by));
    row.map(|(kind, who, by)| Known { kind: *kind, who, by })
}

/// Whether a name says that it belongs to whoever looks into TLS, without naming a product.
pub fn says_inspection(name: &Name) -> Option<&'static str> {
    INSPECTION_WORDS.iter().copied().find(|word| has_word(&name.full, word))
}

/// Whether a name says that another authority stands above it.
pub fn says_intermediate(name: &Name) -> Option<&'static str> {
    let said = name.common.as_deref().unwrap_or(&name.full);
    let word = INTERMEDIATE_WORDS.iter().copied().find(|word| has_word(said, word));
    word.filter(|_| !says_root(name))
}

/// Whether a name says that it is a root.
pub fn says_root(name: &Name) -> bool {
    has_word(name.common.as_deref().unwrap_or(&name.full), "root")
}

/// What shows that an authority is a company's own: a fragment about its name, or about what it signed.
pub fn private_sign(issuer: &Name, leaf: &Certificate) -> Option<String> {
    if issuer.of_a_directory {
        return Some("it is named after a company's directory (DC=)".to_owned());
    }
    // Countries have short names, too: Sweden is no Societas Europaea.
    let said =
        [&issuer.common, &issuer.organisation].map(|part| part.as_deref().unwrap_or_default());
    let says = |word: &&&str| said.iter().any(|part| has_word(part, word));
    if let Some(word) = COMPANY_WORDS.iter().find(says) {
        return Some(format!("{word:?} stands in its name"));
    }
    let same = leaf.subject.organisation.is_some()
        && leaf.subject.organisation == issuer.organisation
        && !leaf.marks.any();
    same.then(|| "it and the server belong to one organisation".to_owned())
}

const INSPECTION_WORDS: &[&str] = &[
    "inspection",
    "inspect",
    "interception",
    "intercept",
    "decryption",
    "decrypt",
    "decryptor",
    "forward proxy",
    "forward trust",
    "forward untrust",
    "web proxy",
    "SSL proxy",
    "TLS proxy",
    "HTTPS proxy",
    "proxy CA",
    "web gateway",
    "secure gateway",
    "web filter",
    "content filter",
    "SSL filter",
    "firewall",
    "DPI",
    "MITM",
    "man in the middle",
    "traffic analysis",
];

const INTERMEDIATE_WORDS: &[&str] = &[
    "intermediate",
    "issuing",
    "issuer",
    "subordinate",
    "sub",
    "subca",
    "sub-ca",
    "ica",
    "intermediary",
    "level 2",
    "tier 2",
];

const COMPANY_WORDS: &[&str] = &[
    "Corp",
    "Corporation",
    "Corporate",
    "Company",
    "Enterprise",
    "Inc",
    "Incorporated",
    "LLC",
    "LLP",
    "Ltd",
    "Limited",
    "GmbH",
    "AG",
    "SE",
    "KG",
    "S.A.",
    "SAS",
    "B.V.",
    "N.V.",
    "A/S",
    "AB",
    "Oy",
    "S.p.A.",
    "S.r.l.",
    "Pty",
    "Holding",
    "Holdings",
    "Group",
    "internal",
    "intranet",
    "private",
    "in-house",
    "inhouse",
    "office",
    "department",
    "IT",
    "lan",
    "local",
    "datacenter",
    "data center",
];

/// What it is, who it is, and the word of the name that says so. What is more particular stands first.
const AUTHORITIES: &[(Kind, &str, &str)] = &[
    (Kind::PublicKey, "Superfish", "Superfish"),
    (Kind::PublicKey, "eDellRoot", "eDellRoot"),
    (Kind::PublicKey, "DSDTestProvider (Dell)", "DSDTestProvider"),
    (Kind::PublicKey, "PrivDog", "PrivDog"),
    (Kind::PublicKey, "Komodia", "Komodia"),
    (Kind::PublicKey, "the snake oil of a distribution", "snakeoil"),
    (Kind::PublicKey, "the snake oil of a distribution", "snake oil"),
    (Kind::PublicKey, "minica.pem of Pebble", "Pebble"),
    (Kind::PublicKey, "the test authority of Boulder", "h2ppy h2cker"),
    (Kind::PublicKey, "BadSSL", "BadSSL"),
    (Kind::PublicKey, "webpack-dev-server", "webpack-dev-server"),
    (Kind::Development, "mkcert", "mkcert"),
    (Kind::Development, "minica", "minica"),
    (Kind::Development, "Caddy's local authority", "Caddy Local Authority"),
    (Kind::Development, "Let's Encrypt's staging", "(STAGING)"),
    (Kind::Development, "Let's Encrypt's staging", "Fake LE"),
    (Kind::Development, "Let's Encrypt's staging", "Pretend Pear"),
    (Kind::Development, "Kubernetes' fake certificate", "Kubernetes Ingress Controller Fake"),
    (Kind::Development, "Traefik's default certificate", "TRAEFIK DEFAULT CERT"),
    (Kind::Development, "ASP.NET's development certificate", "ASP.NET Core HTTPS development"),
    (Kind::Development, "IIS Express", "IIS Express Development"),
    (Kind::Development, "OpenSSL's sample settings", "Internet Widgits Pty Ltd"),
    (Kind::Development, "a distribution's sample settings", "Default Company Ltd"),
    (Kind::Development, "a development authority", "development CA"),
    (Kind::Development, "a development authority", "Dev CA"),
    (Kind::Development, "a development authority", "localhost CA"),
    (Kind::Private, "Cloudflare's origin authority", "CloudFlare Origin"),
    (Kind::Private, "Smallstep", "Smallstep"),
    (Kind::Private, "AWS Private CA", "AWS Private CA"),
    (Kind::Public, "Google Trust Services", "Google Trust Services"),
    (Kind::Public, "Google Trust Services", "Google Internet Authority"),
    (Kind::Public, "Google Trust Services", "GTS"),
    (Kind::Public, "Let's Encrypt (ISRG)", "Let's Encrypt"),
    (Kind::Public, "Let's Encrypt (ISRG)", "Internet Security Research Group"),
    (Kind::Public, "Let's Encrypt (ISRG)", "ISRG"),
    (Kind::Public, "DigiCert", "DigiCert"),
    (Kind::Public, "DigiCert", "GeoTrust"),
    (Kind::Public, "DigiCert", "Thawte"),
    (Kind::Public, "DigiCert", "RapidSSL"),
    (Kind::Public, "DigiCert", "Baltimore"),
    (Kind::Public, "GlobalSign", "GlobalSign"),
    (Kind::Public, "Sectigo", "Sectigo"),
    (Kind::Public, "Sectigo", "COMODO"),
    (Kind::Public, "Sectigo", "USERTRUST"),
    (Kind::Public, "Sectigo", "AddTrust"),
    (Kind::Public, "ZeroSSL", "ZeroSSL"),
    (Kind::Public, "GoDaddy", "GoDaddy"),
    (Kind::Public, "GoDaddy", "Starfield"),
    (Kind::Public, "Amazon Trust Services", "Amazon"),
    (Kind::Public, "Entrust", "Entrust"),
    (Kind::Public, "IdenTrust", "IdenTrust"),
    (Kind::Public, "IdenTrust", "Digital Signature Trust"),
    (Kind::Public, "Microsoft", "Microsoft Azure"),
    (Kind::Public, "Microsoft", "Microsoft RSA"),
    (Kind::Public, "Microsoft", "Microsoft ECC"),
    (Kind::Public, "Apple", "Apple Public"),
    (Kind::Public, "Buypass", "Buypass"),
    (Kind::Public, "Certum", "Certum"),
    (Kind::Public, "Actalis", "Actalis"),
    (Kind::Public, "SSL.com", "SSL.com"),
    (Kind::Public, "SSL.com", "SSL Corporation"),
    (Kind::Public, "HARICA", "HARICA"),
    (Kind::Public, "QuoVadis", "QuoVadis"),
    (Kind::Public, "SwissSign", "SwissSign"),
    (Kind::Public, "T-Systems", "T-TeleSec"),
    (Kind::Public, "D-Trust", "D-TRUST"),
    (Kind::Public, "TrustAsia", "TrustAsia"),
    (Kind::Public, "Certainly", "Certainly"),
    (Kind::Public, "GEANT", "GEANT"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn name(full: &str) -> Name {
        let part = |label: &str| {
            full.split(", ").find_map(|part| part.strip_prefix(label)).map(str::to_owned)
        };
        Name {
            raw: full.as_bytes().to_vec(),
            full: full.to_owned(),
            common: part("CN="),
            organisation: part("O="),
            of_a_directory: full.contains("DC="),
        }
    }

    #[test]
    fn known_issuers_are_told_by_a_word_of_their_names() {
        for (full, kind, who) in [
            ("CN=mitmproxy, O=mitmproxy", Kind::Mitmproxy, "mitmproxy"),
            ("O=Zscaler Inc., CN=Zscaler Root CA", Kind::Inspection, "Zscaler"),
            ("O=mkcert development CA, CN=mkcert ann@box", Kind::Development, "mkcert"),
            ("CN=minica root ca 2a3b4c", Kind::Development, "minica"),
            (
                "CN=Caddy Local Authority - 2026 ECC Root",
                Kind::Development,
                "Caddy's local authority",
            ),
            (
                "O=(STAGING) Let's Encrypt, CN=(STAGING) Artificial Apricot R3",
                Kind::Development,
                "Let's Encrypt's staging",
            ),
            ("CN=Fake LE Intermediate X1", Kind::Development, "Let's Encrypt's staging"),
            ("O=Superfish, Inc., CN=Superfish, Inc.", Kind::PublicKey, "Superfish"),
            ("O=Let's Encrypt, CN=R12", Kind::Public, "Let's Encrypt (ISRG)"),
            ("C=US, O=Google Trust Services, CN=WR2", Kind::Public, "Google Trust Services"),
        ] {
            let found = known(&name(full)).map(|known| (known.kind, known.who));
            assert_eq!(found, Some((kind, who)), "{full}");
        }
        for full in ["CN=Example Root", "O=Latest Cars, CN=Latest CA", "CN=Amazonia CA", ""] {
            assert_eq!(known(&name(full)), None, "{full}");
        }
    }

    #[test]
    fn a_root_is_no_intermediate_whatever_else_it_says() {
        assert_eq!(says_intermediate(&name("CN=Example Issuing CA 2")), Some("issuing"));
        assert_eq!(says_intermediate(&name("O=Issuing Ltd, CN=Example CA")), None);
        assert_eq!(says_intermediate(&name("CN=Example Intermediate Root CA")), None);
        assert_eq!(
            says_inspection(&name("O=Example Corp, CN=Example TLS Inspection CA")),
            Some("inspection")
        );
        assert_eq!(says_inspection(&name("CN=Inspectional CA")), None);
    }

    #[test]
    fn every_word_is_reached() {
        for (_, who, by) in AUTHORITIES {
            let found = known(&name(&format!("CN={by} 1"))).map(|known| known.who);
            assert_eq!(found, Some(*who), "{by}");
        }
    }
}
