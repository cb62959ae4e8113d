//! The certificates a simulation shows, made anew at each start and never written down.
//!
//! Only makes them. Who trusts which of them is told to the client in `client_side.rs`.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use super::scenario::{Alpn, Identity};

/// The names that the simulator answers to; the client's DNS leads all of them to it.
pub(super) const NAMES: &[&str] = &[
    "generativelanguage.googleapis.com",
    "aiplatform.googleapis.com",
    "global-aiplatform.googleapis.com",
    "us-central1-aiplatform.googleapis.com",
    "europe-west4-aiplatform.googleapis.com",
    "aiplatform.us.rep.googleapis.com",
    "aiplatform.eu.rep.googleapis.com",
    "login.example",
    "gateway.example",
];

/// The organization of every certificate authority that is not the company's.
const OWNER: &str = "gemini-doctor simulation";

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The server's certificates and the roots that vouch for them, or do not.
pub(super) struct Identities {
    /// The simulated public CA, which stands for those that browsers trust.
    pub(super) public_root_pem: String,
    /// The company's inspection CA, where the scenario has one.
    pub(super) company_root_pem: Option<String>,
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

impl Identities {
    /// Makes what the scenario needs, and no more.
    pub(super) fn make(identity: Identity, ips: &[IpAddr]) -> Result<Self, String> {
        make(&Wish { identity, ips }).map_err(|error| format!("cannot make certificates: {error}"))
    }

    /// The TLS settings of the server.
    pub(super) fn server_config(&self, alpn: Alpn) -> Result<ServerConfig, String> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder.with_no_client_auth().with_single_cert(self.chain.clone(), key)
            })
            .map_err(|error| format!("cannot use the certificates: {error}"))?;
        config.alpn_protocols = protocols(alpn);
        Ok(config)
    }
}

fn protocols(alpn: Alpn) -> Vec<Vec<u8>> {
    let names: &[&[u8]] = match alpn {
        Alpn::Both => &[b"h2", b"http/1.1"],
        Alpn::Http2 => &[b"h2"],
        Alpn::Http1 => &[b"http/1.1"],
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

fn make(wish: &Wish<'_>) -> Result<Identities, rcgen::Error> {
    let public = root("gemini-doctor Simulated Public Root R1")?;
    let public_root_pem = public.pem();
    match wish.identity {
        Identity::Public | Identity::WrongName | Identity::Expired | Identity::NotYetValid => {
            under(&public, wish, public_root_pem)
        }
        Identity::UnknownCa => {
            under(&root("gemini-doctor Simulated Public Root R9")?, wish, public_root_pem)
        }
        Identity::Inspection | Identity::InspectionTrusted => inspected(wish, public_root_pem),
    }
}

/// Leaf and intermediate, without the root: as public servers send it.
fn under(
    root: &CertifiedIssuer<'_, KeyPair>,
    wish: &Wish<'_>,
    public_root_pem: String,
) -> Result<Identities, rcgen::Error> {
    let params = authority(OWNER, &unique("gemini-doctor Simulated Issuer WE1"))?;
    let middle = CertifiedIssuer::signed_by(params, KeyPair::generate()?, root)?;
    let (leaf, key) = leaf(wish, &middle)?;
    let chain = vec![leaf, middle.der().clone()];
    Ok(Identities { public_root_pem, company_root_pem: None, chain, key })
}

/// Leaf and self-signed root: as inspecting proxies send it.
fn inspected(wish: &Wish<'_>, public_root_pem: String) -> Result<Identities, rcgen::Error> {
    let params = authority("Example Corp", "Example Corp TLS Inspection CA")?;
    let company = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let (leaf, key) = leaf(wish, &company)?;
    let chain = vec![leaf, company.der().clone()];
    Ok(Identities { public_root_pem, company_root_pem: Some(company.pem()), chain, key })
}

fn root(name: &str) -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    CertifiedIssuer::self_signed(authority(OWNER, &unique(name))?, KeyPair::generate()?)
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

fn leaf(
    wish: &Wish<'_>,
    issuer: &Issuer<'_, KeyPair>,
) -> Result<(CertificateDer<'static>, KeyPair), rcgen::Error> {
    let names = names(wish);
    let subject = names[0].clone();
    let mut params = dated(CertificateParams::new(names)?, wish.identity);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, subject);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    Ok((params.signed_by(&key, issuer)?.der().clone(), key))
}

fn names(wish: &Wish<'_>) -> Vec<String> {
    if wish.identity == Identity::WrongName {
        return vec!["other.example".to_owned()];
    }
    let here = ["localhost", "127.0.0.1", "::1"];
    let mut names: Vec<String> = NAMES.iter().chain(&here).map(|name| (*name).to_owned()).collect();
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
