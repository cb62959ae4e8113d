//! The certificates a simulation shows, made anew at each start and never written down, but for two that
//! no library here can make.
//!
//! Only makes them. Who trusts which of them is told to the client in `client_side.rs`.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData,
    SerialNumber, SignatureAlgorithm,
};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, SubjectPublicKeyInfoDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{RootCertStore, ServerConfig};

use super::ocsp;
use super::scenario::{Alpn, Identity, Scenario};

/// The names that the simulator answers to; the client's DNS leads all of them to it.
pub(super) const NAMES: &[&str] = &[
    "generativelanguage.googleapis.com",
    "aiplatform.googleapis.com",
    "global-aiplatform.googleapis.com",
    "us-central1-aiplatform.googleapis.com",
    "europe-west4-aiplatform.googleapis.com",
    "aiplatform.us.rep.googleapis.com",
    "aiplatform.eu.rep.googleapis.com",
    "oauth2.googleapis.com",
    "sts.googleapis.com",
    "iamcredentials.googleapis.com",
    "login.example",
    "gateway.example",
];

/// The names of a host that is not Google's.
const GATEWAYS: &[&str] = &["gateway.example"];

/// The organization of every certificate authority that is not somebody else's.
const OWNER: &str = "gemini-doctor simulation";

/// Names of authorities that are put into certificates of a simulation, and nowhere else.
const COMPANY: (&str, &str) = ("Example Corp", "Example Corp Root CA");
const INSPECTION: (&str, &str) = ("Example Corp", "Example Corp TLS Inspection CA");
const PRODUCT: (&str, &str) = ("Zscaler Inc.", "Zscaler Root CA (simulated)");
const MITMPROXY: (&str, &str) = ("mitmproxy", "mitmproxy");
const MKCERT: (&str, &str) = ("mkcert development CA", "mkcert nobody@simulation");

/// What is signed in ways that no library here signs in, with the words about how it was made.
const SHORT_KEY: &str = include_str!("bodies/FAKE-weak-key.pem");
const SHORT_KEY_ISSUER: &str = "gemini-doctor Simulated Issuer With A Short Key";
const OLD_DIGEST: &str = include_str!("bodies/FAKE-weak-signature.pem");
const OLD_DIGEST_ISSUER: &str = "gemini-doctor Simulated Issuer That Signs With SHA-1";

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The server's certificates and the roots that vouch for them, or do not.
pub(super) struct Identities {
    /// The simulated public CA, which stands for those that browsers trust.
    pub(super) public_root_pem: String,
    /// The company's inspection CA, where the scenario has one.
    pub(super) company_root_pem: Option<String>,
    shown: Shown,
}

/// What the server shows: its chain, its key, and perhaps an answer about it.
struct Shown {
    chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
    staple: Option<Vec<u8>>,
}

impl Identities {
    /// Makes what the scenario needs, and no more.
    pub(super) fn make(identity: Identity, ips: &[IpAddr]) -> Result<Self, String> {
        make(&Wish { identity, ips }).map_err(|error| format!("cannot make certificates: {error}"))
    }

    /// The TLS settings of the server. It shows what it has, whether that is in order or not.
    pub(super) fn server_config(&self, scenario: &Scenario) -> Result<ServerConfig, String> {
        let unusable = |error| format!("cannot use the certificates: {error}");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let key = PrivateKeyDer::Pkcs8(self.shown.key.clone().into());
        let key = provider.key_provider.load_private_key(key).map_err(unusable)?;
        let mut certified = CertifiedKey::new(self.shown.chain.clone(), key);
        certified.ocsp = self.shown.staple.clone();
        let verifier = match scenario.wants_certificate {
            true => self.of_clients(&provider),
            false => WebPkiClientVerifier::no_client_auth(),
        };
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .with_client_cert_verifier(verifier)
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
        config.alpn_protocols = protocols(scenario.alpn);
        Ok(config)
    }

    /// Takes certificates of the CA that issued the server's own; nobody has one.
    fn of_clients(&self, provider: &Arc<CryptoProvider>) -> Arc<dyn ClientCertVerifier> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(self.shown.chain[1..].iter().cloned());
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
            .build()
            .expect("each chain holds a CA beside the leaf")
    }
}

fn protocols(alpn: Alpn) -> Vec<Vec<u8>> {
    let names: &[&[u8]] = match alpn {
        Alpn::Both => &[b"h2", b"http/1.1"],
        Alpn::Http2 => &[b"h2"],
        Alpn::Http1 => &[b"http/1.1"],
        Alpn::Other => &[b"imap"],
        Alpn::Silent => &[],
    };
    names.iter().map(|name| name.to_vec()).collect()
}

/// What the leaf is to be like.
struct Wish<'a> {
    identity: Identity,
    /// Where the server listens, which a client may write into its base URL.
    ips: &'a [IpAddr],
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn make(wish: &Wish<'_>) -> Result<Identities, rcgen::Error> {
    let name = unique("gemini-doctor Simulated Public Root R1");
    let public = root((OWNER, &name))?;
    let shown = match wish.identity {
        Identity::Inspection | Identity::InspectionTrusted => {
            let company = root(INSPECTION)?;
            let shown = Shown::of(&wish.leaf()?, &company, &[&company])?;
            return Ok(Identities {
                public_root_pem: public.pem(),
                company_root_pem: Some(company.pem()),
                shown,
            });
        }
        Identity::UnknownCa => {
            under(&root((OWNER, &unique("gemini-doctor Simulated Public Root R9")))?, wish)?
        }
        // The same name, with a key that nobody knows.
        Identity::RecreatedCa => under(&root((OWNER, &name))?, wish)?,
        Identity::CompanyCa => by(COMPANY, wish)?,
        Identity::Product => by(PRODUCT, wish)?,
        Identity::Mitmproxy => by(MITMPROXY, wish)?,
        Identity::TestCa => by(MKCERT, wish)?,
        Identity::SelfSigned => alone(wish)?,
        Identity::WeakKey => made_before(SHORT_KEY, SHORT_KEY_ISSUER, &public)?,
        Identity::WeakSignature => made_before(OLD_DIGEST, OLD_DIGEST_ISSUER, &public)?,
        _ => under(&public, wish)?,
    };
    Ok(Identities { public_root_pem: public.pem(), company_root_pem: None, shown })
}

/// Leaf and intermediate, without the root: as public servers send it.
fn under(root: &Authority, wish: &Wish<'_>) -> Result<Shown, rcgen::Error> {
    let params = authority(OWNER, &unique("gemini-doctor Simulated Issuer WE1"))?;
    let middle = CertifiedIssuer::signed_by(params, KeyPair::generate()?, root)?;
    let leaf = wish.leaf()?;
    match wish.identity {
        Identity::MissingIntermediate => Shown::of(&leaf, &middle, &[]),
        Identity::Revoked => {
            let mut shown = Shown::of(&leaf, &middle, &[&middle])?;
            let serial = leaf.serial_number.as_ref().map_or(&[][..], |serial| serial.as_ref());
            shown.staple = Some(ocsp::revoked(serial, middle.key())?);
            Ok(shown)
        }
        _ => Shown::of(&leaf, &middle, &[&middle]),
    }
}

/// Leaf and root of an authority that is nobody's here.
fn by(name: (&str, &str), wish: &Wish<'_>) -> Result<Shown, rcgen::Error> {
    let root = root(name)?;
    Shown::of(&wish.leaf()?, &root, &[&root])
}

/// A leaf that its own key signed.
fn alone(wish: &Wish<'_>) -> Result<Shown, rcgen::Error> {
    let key = KeyPair::generate()?;
    let leaf = wish.leaf()?.self_signed(&key)?;
    Ok(Shown { chain: vec![leaf.der().clone()], key: key.serialize_der(), staple: None })
}

/// A leaf that lies in a file, under an intermediate that the public root certifies now.
fn made_before(pem: &str, issuer: &str, root: &Authority) -> Result<Shown, rcgen::Error> {
    let lies = "the file holds a certificate, a private key and a public key";
    let leaf = CertificateDer::from_pem_slice(pem.as_bytes()).expect(lies);
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).expect(lies);
    let public = SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes()).expect(lies);
    let middle = authority(OWNER, issuer)?.signed_by(&Rsa::of(&public), root)?;
    let chain = vec![leaf, middle.der().clone()];
    Ok(Shown { chain, key: key.secret_der().to_vec(), staple: None })
}

/// An RSA key whose private half nobody has.
struct Rsa(Vec<u8>);

impl Rsa {
    /// The key stands at the end of what goes round it, and begins with the head of a long sequence.
    fn of(public: &SubjectPublicKeyInfoDer<'_>) -> Self {
        let heads: [&[u8]; 2] = [&[0x00, 0x30, 0x81], &[0x00, 0x30, 0x82]];
        let is_head = |at: &usize| heads.iter().any(|head| public[*at..].starts_with(head));
        let at = (0..public.len()).find(is_head).expect("an RSA key of 1024 bits or more");
        Self(public[at + 1..].to_vec())
    }
}

impl PublicKeyData for Rsa {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

impl Shown {
    fn of(
        leaf: &CertificateParams,
        issuer: &Issuer<'_, KeyPair>,
        sent: &[&Authority],
    ) -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut chain = vec![leaf.signed_by(&key, issuer)?.der().clone()];
        chain.extend(sent.iter().map(|authority| authority.der().clone()));
        Ok(Self { chain, key: key.serialize_der(), staple: None })
    }
}

fn root((organization, name): (&str, &str)) -> Result<Authority, rcgen::Error> {
    CertifiedIssuer::self_signed(authority(organization, name)?, KeyPair::generate()?)
}

/// Two CAs of one name would turn "unknown issuer" into "bad signature", hence the digits.
fn unique(name: &str) -> String {
    format!("{name} {:08x}", fastrand::u32(..))
}

fn authority(organization: &str, name: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = valid(CertificateParams::new(Vec::new())?, 30, 365);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, organization);
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(params)
}

impl Wish<'_> {
    fn leaf(&self) -> Result<CertificateParams, rcgen::Error> {
        let names = names(self);
        let subject = names[0].clone();
        let mut params = dated(CertificateParams::new(names)?, self.identity);
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, subject);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        self.spoil(&mut params);
        Ok(params)
    }

    /// What is wrong with the leaf itself.
    fn spoil(&self, params: &mut CertificateParams) {
        match self.identity {
            Identity::CaAsLeaf => params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained),
            Identity::CnOnly => params.subject_alt_names.clear(),
            Identity::ForClients => {
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            }
            Identity::UnknownExtension => params.custom_extensions.push(unknown_extension()),
            Identity::MissingIntermediate => params.custom_extensions.push(issuers_address()),
            Identity::Revoked => {
                params.serial_number = Some(SerialNumber::from_slice(&[0x2a, 0x17, 0x4c, 0x55]));
            }
            _ => {}
        }
    }
}

/// A critical extension of a number that is nobody's.
fn unknown_extension() -> CustomExtension {
    let mut extension =
        CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99_999, 1], vec![0x05, 0x00]);
    extension.set_criticality(true);
    extension
}

/// Where the issuer's certificate is to be got: an address of the kind that public leaves bear.
fn issuers_address() -> CustomExtension {
    const ADDRESS: &[u8] = b"http://pki.simulation.example/we1.crt";
    const CA_ISSUERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 2];
    let location = ocsp::element(0x86, ADDRESS);
    let description = ocsp::element(0x30, &[ocsp::element(0x06, CA_ISSUERS), location].concat());
    let content = ocsp::element(0x30, &description);
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], content)
}

fn names(wish: &Wish<'_>) -> Vec<String> {
    if wish.identity == Identity::WrongName {
        return vec!["other.example".to_owned()];
    }
    let here = ["localhost", "127.0.0.1", "::1"];
    let hosts = if wish.identity == Identity::Gateway { GATEWAYS } else { NAMES };
    let mut names: Vec<String> = hosts.iter().chain(&here).map(|name| (*name).to_owned()).collect();
    for ip in wish.ips.iter().filter(|ip| !ip.is_unspecified()).map(ToString::to_string) {
        if !names.contains(&ip) {
            names.push(ip);
        }
    }
    names
}

fn dated(params: CertificateParams, identity: Identity) -> CertificateParams {
    match identity {
        Identity::Expired => valid(params, 97, -7),
        Identity::NotYetValid => valid(params, -7, 90),
        _ => valid(params, 7, 83),
    }
}

/// Valid from so many days ago to so many days ahead; a negative number turns to the other side.
fn valid(mut params: CertificateParams, ago: i32, ahead: i32) -> CertificateParams {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let at = |days: i32| {
        let offset = DAY * days.unsigned_abs();
        let moment = if days < 0 { now.saturating_sub(offset) } else { now + offset };
        rcgen::date_time_ymd(1970, 1, 1) + moment
    };
    params.not_before = at(-ago);
    params.not_after = at(ahead);
    params
}
