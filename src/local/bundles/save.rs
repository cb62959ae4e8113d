//! The text of a bundle for `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS`: the roots of this machine's store, the
//! one that vouches for a chain in front, each with a comment. Writes no file.
//!
//! Must not make anybody trusted: where the system's store does not trust the chain nothing is written, and
//! what the store does not hold is never among it.

use std::fmt::Write;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::facts::{
    time,
    trust::{ChainTrust, StoreVerdict},
};
use crate::local::words::one_line;

/// As many letters as a line of PEM has.
const COLUMNS: usize = 64;
const SECONDS_OF_A_DAY: i64 = 86_400;

/// What a system says that keeps its roots in no file, by the word that Rust has for it.
const EXPORTS: [(&str, &str); 2] = [
    (
        "macos",
        "the roots of macOS are in keychains and not in a file; write them out with: security \
         find-certificate -a -p /System/Library/Keychains/SystemRootCertificates.keychain \
         /Library/Keychains/System.keychain > bundle.pem",
    ),
    (
        "windows",
        "the roots of Windows are in its certificate store and not in a file; write them out from \
         certmgr.msc: Trusted Root Certification Authorities, All Tasks, Export, Base-64 encoded X.509",
    ),
];

/// A bundle that can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The whole text.
    pub text: String,
    /// How many certificates it holds.
    pub certificates: usize,
}

/// The roots that could be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roots<'a> {
    /// Those of a store that is kept in files.
    Listed(&'a [Vec<u8>]),
    /// The operating system judges by itself and shows no list.
    Unlisted,
}

/// Why no bundle is written. Closed: whoever adds one is led by the compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The store has no certificates that could be written.
    NoRoots,
    /// The operating system has no file of them.
    NoFile,
    /// The system's store refuses the chain; the words are the verdict's.
    NotTrusted(&'static str),
}

impl Refused {
    /// A fragment that fits behind "wrote nothing:".
    pub fn words(self) -> String {
        match self {
            Self::NoRoots => "this machine's store has no certificate that can be read".to_owned(),
            Self::NoFile => export(std::env::consts::OS).to_owned(),
            Self::NotTrusted(why) => {
                format!("this machine's store does not trust the chain ({why})")
            }
        }
    }
}

fn export(system: &str) -> &'static str {
    let known = EXPORTS.iter().find(|(name, _)| *name == system);
    known.map_or("this machine's roots are in no file", |(_, words)| words)
}

/// The roots with the one in front that vouches. The verdict is what the system's own store says of the
/// chain, which is given as it was sent.
pub fn bundle(
    roots: Roots<'_>,
    chain: &[Vec<u8>],
    verdict: &StoreVerdict,
) -> Result<Saved, Refused> {
    let ChainTrust::Trusted(voucher) = &verdict.trust else {
        return Err(Refused::NotTrusted(verdict.words()));
    };
    let Roots::Listed(roots) = roots else { return Err(Refused::NoFile) };
    if roots.is_empty() {
        return Err(Refused::NoRoots);
    }
    let print = voucher.as_ref().and_then(|voucher| voucher.sha256.as_deref());
    let named = || roots.iter().find(|root| print == Some(&sha256(root)));
    // Of the certificates that were sent only one that the store holds as well counts.
    let sent = || chain.iter().skip(1).find_map(|sent| roots.iter().find(|root| *root == sent));
    let vouches = named().or_else(sent);
    let others = roots.iter().filter(|root| Some(*root) != vouches);
    let mut text = head(roots.len());
    vouches.into_iter().for_each(|root| one(&mut text, root, "the one that vouches here: "));
    others.for_each(|root| one(&mut text, root, ""));
    Ok(Saved { text, certificates: roots.len() })
}

fn head(roots: usize) -> String {
    format!(
        "# {roots} roots, all of this machine's own store.\n\
         # Written by gemini-doctor for SSL_CERT_FILE, REQUESTS_CA_BUNDLE and NODE_EXTRA_CA_CERTS.\n"
    )
}

fn one(text: &mut String, certificate: &[u8], which: &str) {
    let about = X509Certificate::from_der(certificate).map_or_else(
        |_| "a certificate that cannot be read".to_owned(),
        |(_, read)| format!("{}; until {}", subject(&read), until(&read)),
    );
    let print = sha256(certificate);
    write!(text, "\n# {which}{about}; SHA-256 {print}\n").expect("a text takes all");
    text.push_str(&pem(certificate));
}

/// A name with a marker of PEM in it must not look like one.
fn subject(certificate: &X509Certificate<'_>) -> String {
    one_line(&certificate.subject().to_string()).replace("-----", "- - -")
}

fn until(certificate: &X509Certificate<'_>) -> String {
    time::date(certificate.validity().not_after.timestamp().div_euclid(SECONDS_OF_A_DAY))
}

/// A certificate as text.
pub fn pem(certificate: &[u8]) -> String {
    let encoded = STANDARD.encode(certificate);
    let mut text = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for line in encoded.as_bytes().chunks(COLUMNS) {
        text.extend(line.iter().map(|byte| char::from(*byte)));
        text.push('\n');
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}

fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

    use super::*;
    use crate::facts::{Distrust, Voucher};
    use crate::local::bundles::{Origin, look, read};
    use crate::local::scratch::Scratch;

    type Issuer = CertifiedIssuer<'static, KeyPair>;

    fn params(name: &str) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.not_after = rcgen::date_time_ymd(2034, 5, 6);
        params
    }

    fn root(name: &str) -> Issuer {
        let key = KeyPair::generate().expect("a key");
        CertifiedIssuer::self_signed(params(name), key).expect("a root")
    }

    fn authority(name: &str) -> Vec<u8> {
        root(name).der().to_vec()
    }

    /// Leaf, intermediate and, where it is sent, the root.
    fn chain(root: &Issuer, sends_root: bool) -> Vec<Vec<u8>> {
        let key = || KeyPair::generate().expect("a key");
        let middle = CertifiedIssuer::signed_by(params("Middle"), key(), root).expect("signed");
        let leaf = CertificateParams::new(["api.example".to_owned()]).expect("a name");
        let leaf = leaf.signed_by(&key(), &middle).expect("signed").der().to_vec();
        let sent = sends_root.then(|| root.der().to_vec());
        [leaf, middle.der().to_vec()].into_iter().chain(sent).collect()
    }

    fn trusted(by: Option<&[u8]>) -> StoreVerdict {
        let voucher = by.map(|der| Voucher {
            subject: String::new(),
            sha256: Some(sha256(der)),
            spki_sha256: String::new(),
            self_issued: true,
            expired: false,
        });
        StoreVerdict { trust: ChainTrust::Trusted(voucher), right_name: true }
    }

    fn refused() -> StoreVerdict {
        let trust =
            ChainTrust::Refused { why: Distrust::UnknownIssuer, detail: "no such root".to_owned() };
        StoreVerdict { trust, right_name: true }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_chain_with_an_intermediate_is_served_by_the_roots_of_the_machine() {
        let (company, other) = (root("Company Root"), root("Public Root"));
        let scratch = Scratch::new();
        let text = [other.pem(), company.pem()].concat();
        scratch.file("etc/ssl/certs/ca-certificates.crt", text);
        let found = look(&scratch.machine(&[]));
        let system = found.iter().find(|bundle| bundle.origin == Origin::System).expect("there");
        let der = company.der().to_vec();
        // The verdict of the store names the root; where it does not, one that was sent tells.
        for (verdict, sends_root) in
            [(trusted(Some(&der)), false), (trusted(Some(&der)), true), (trusted(None), true)]
        {
            let sent = chain(&company, sends_root);
            let roots = system.roots().expect("roots");
            let saved = bundle(roots, &sent, &verdict).expect("written");
            assert_eq!(saved.certificates, 2);
            let read = read::pem(saved.text.as_bytes()).certificates;
            assert_eq!(read, [der.clone(), other.der().to_vec()], "no intermediate, no leaf");
            let comment = format!(
                "# the one that vouches here: CN=Company Root; until 2034-05-06; SHA-256 {}\n",
                sha256(&der)
            );
            assert!(saved.text.contains(&comment), "{}", saved.text);
            assert!(saved.text.contains("\n# CN=Public Root; until"), "{}", saved.text);
        }
    }

    #[test]
    fn where_nobody_is_named_the_roots_stand_as_they_are() {
        let roots = [authority("A"), authority("B")];
        let sent = chain(&root("Elsewhere"), true);
        let saved = bundle(Roots::Listed(&roots), &sent, &trusted(None)).expect("written");
        assert_eq!(read::pem(saved.text.as_bytes()).certificates, roots);
        assert!(!saved.text.contains("vouches"), "{}", saved.text);
    }

    #[test]
    fn what_the_store_does_not_trust_is_refused_with_a_reason() {
        let company = root("Company Root");
        let sent = chain(&company, true);
        let roots = [authority("Public Root")];
        let ask = |roots, verdict: &StoreVerdict| bundle(roots, &sent, verdict);
        let distrusts = Err(Refused::NotTrusted("does not know the issuer"));
        assert_eq!(ask(Roots::Listed(&roots), &refused()), distrusts);
        assert_eq!(ask(Roots::Unlisted, &refused()), distrusts);
        let words = Refused::NotTrusted("does not know the issuer").words();
        assert!(words.contains("does not trust the chain (does not know the issuer)"), "{words}");
        assert_eq!(ask(Roots::Listed(&[]), &trusted(None)), Err(Refused::NoRoots));
        assert_eq!(ask(Roots::Unlisted, &trusted(None)), Err(Refused::NoFile));
    }

    #[test]
    fn a_system_without_a_file_says_how_to_write_one() {
        assert!(export("macos").contains("security find-certificate -a -p"));
        assert!(export("windows").contains("certmgr.msc"));
    }

    #[test]
    fn a_name_forges_no_certificate() {
        let odd = [authority("x\n-----BEGIN CERTIFICATE-----\nAAAA")];
        let saved = bundle(Roots::Listed(&odd), &[], &trusted(None)).expect("written");
        let read = read::pem(saved.text.as_bytes());
        assert_eq!((&read.certificates[..], read.unreadable), (&odd[..], 0));
        assert_eq!(saved.text.matches("-----BEGIN").count(), 1);
    }
}
