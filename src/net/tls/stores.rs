//! Puts a chain to one store of roots at a time: whether it trusts the chain, and which root vouches.
//!
//! Opens no connection and decides about none: what it says is for people. Of a store only the few
//! roots are parsed whose names the chain asks for, so that many stores cost little.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest::{SHA256, digest};
use rustls::client::danger::ServerCertVerifier;
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, Error, RootCertStore};
use x509_parser::asn1_rs::Any;
use x509_parser::prelude::{FromDer, X509Certificate, X509Name};

use crate::certs::Certificate;
use crate::facts::trust::{ChainTrust, Distrust, StoreVerdict, Voucher};
use crate::net::words::one_line;

/// As many roots of the names that a chain asks for as are looked at; honest stores have a few.
const MOST_CANDIDATES: usize = 32;
/// The tag of a version in front of a certificate's other fields.
const VERSION: u8 = 0xa0;
/// The tag of a sequence.
const SEQUENCE: u8 = 0x30;

/// Roots that vouch together.
#[derive(Debug, Default)]
pub struct Store {
    mozilla: bool,
    platform: Option<OnceLock<Option<rustls_platform_verifier::Verifier>>>,
    known: Vec<Known>,
    unreadable: usize,
}

/// A certificate of a store, of which only the names were looked at.
#[derive(Debug)]
struct Known {
    der: CertificateDer<'static>,
    names: Names,
}

/// Where the names of a certificate stand in it.
#[derive(Clone, Debug)]
struct Names {
    issuer: std::ops::Range<usize>,
    subject: std::ops::Range<usize>,
}

/// A root that has a name for which the chain asks.
struct Candidate<'a> {
    anchor: TrustAnchor<'static>,
    /// The whole certificate; the embedded roots are names and keys only.
    whole: Option<&'a Known>,
}

/// A chain with all that it is judged by.
#[derive(Clone, Copy)]
struct Question<'a> {
    leaf: &'a CertificateDer<'a>,
    others: &'a [CertificateDer<'a>],
    now: UnixTime,
}

impl Store {
    /// Mozilla's roots as they are embedded in this program.
    pub fn mozilla() -> Self {
        Self { mozilla: true, ..Self::default() }
    }

    /// The operating system's own judgement. Where that is a bundle, as on Linux, the whole bundle is
    /// parsed when it is asked; [`Store::of_certificates`] over the same file costs much less.
    pub fn platform() -> Self {
        Self { platform: Some(OnceLock::new()), ..Self::default() }
    }

    /// These certificates in DER. What is no certificate is counted and left out.
    pub fn of_certificates(ders: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut store = Self::default();
        store.add(ders);
        store
    }

    /// The certificates of a text in PEM.
    pub fn of_pem(text: &str) -> Self {
        use rustls::pki_types::pem::PemObject;
        let blocks = CertificateDer::pem_slice_iter(text.as_bytes()).flatten();
        Self::of_certificates(blocks.map(|der| der.to_vec()))
    }

    /// The same store with further roots, as Node adds some to its own.
    #[must_use]
    pub fn with(mut self, ders: impl IntoIterator<Item = Vec<u8>>) -> Self {
        self.add(ders);
        self
    }

    /// How many certificates can be read; Mozilla's are among them, the platform's are not.
    pub fn len(&self) -> usize {
        let embedded = if self.mozilla { webpki_roots::TLS_SERVER_ROOTS.len() } else { 0 };
        self.known.len() + embedded
    }

    /// Whether there is nobody who could vouch.
    pub fn is_empty(&self) -> bool {
        self.len() == 0 && self.platform.is_none()
    }

    /// How many were given that cannot be read.
    pub const fn unreadable(&self) -> usize {
        self.unreadable
    }

    fn add(&mut self, ders: impl IntoIterator<Item = Vec<u8>>) {
        for der in ders {
            match Names::of(&der) {
                Some(names) => self.known.push(Known { der: der.into(), names }),
                None => self.unreadable += 1,
            }
        }
    }

    /// The roots that have a name for which the chain asks.
    fn candidates(&self, question: Question<'_>) -> Vec<Candidate<'_>> {
        let wanted = question.issuers();
        let asked_for = |subject: &[u8]| wanted.contains(&subject);
        let embedded = webpki_roots::TLS_SERVER_ROOTS.iter().filter(|_| self.mozilla);
        let embedded = embedded
            .filter(|anchor| asked_for(&anchor.subject))
            .map(|anchor| Candidate { anchor: anchor.clone(), whole: None });
        let known = self.known.iter().filter(|known| asked_for(known.subject()));
        let known = known.filter_map(Candidate::of);
        embedded.chain(known).take(MOST_CANDIDATES).collect()
    }
}

/// What a store says of a chain as it was sent, leaf first. `ocsp` is the stapled answer, which only
/// the operating system looks at.
pub fn judge(
    store: &Store,
    chain: &[CertificateDer<'_>],
    host: &str,
    ocsp: &[u8],
    now: UnixTime,
) -> StoreVerdict {
    let Some((leaf, others)) = chain.split_first() else {
        return unreadable("no certificate was sent");
    };
    let Ok(parsed) = ParsedCertificate::try_from(leaf) else {
        return unreadable("the certificate cannot be read");
    };
    let question = Question { leaf, others, now };
    StoreVerdict {
        trust: trust(store, question, &parsed, ocsp, host),
        right_name: is_for(&parsed, host),
    }
}

fn unreadable(detail: &str) -> StoreVerdict {
    let trust = ChainTrust::Refused { why: Distrust::Unreadable, detail: detail.to_owned() };
    StoreVerdict { trust, right_name: false }
}

fn is_for(leaf: &ParsedCertificate<'_>, host: &str) -> bool {
    ServerName::try_from(host).is_ok_and(|name| verify_server_name(leaf, &name).is_ok())
}

fn trust(
    store: &Store,
    question: Question<'_>,
    leaf: &ParsedCertificate<'_>,
    ocsp: &[u8],
    host: &str,
) -> ChainTrust {
    let by_roots = by_roots(store, question, leaf);
    let Some(platform) = &store.platform else { return by_roots };
    match by_roots {
        ChainTrust::Refused { why, .. } if why.depends_on_the_store() => {
            by_platform(platform, question, ocsp, host)
        }
        decided => decided,
    }
}

fn by_roots(store: &Store, question: Question<'_>, leaf: &ParsedCertificate<'_>) -> ChainTrust {
    let candidates = store.candidates(question);
    let anchors = candidates.iter().map(|candidate| candidate.anchor.clone());
    match question.verify(leaf, anchors.collect()) {
        Ok(()) => ChainTrust::Trusted(voucher(&candidates, question, leaf)),
        Err(error) => {
            let why = distrust(&error, question, leaf, &candidates);
            let nobody = store.is_empty() && why == Distrust::UnknownIssuer;
            let why = if nobody { Distrust::EmptyStore } else { why };
            ChainTrust::Refused { why, detail: words(&error) }
        }
    }
}

/// The one that vouches: alone it is enough. Of several, one that is still valid.
fn voucher(
    candidates: &[Candidate<'_>],
    question: Question<'_>,
    leaf: &ParsedCertificate<'_>,
) -> Option<Voucher> {
    let alone = |candidate: &&Candidate<'_>| {
        candidates.len() == 1 || question.verify(leaf, vec![candidate.anchor.clone()]).is_ok()
    };
    let mut vouchers =
        candidates.iter().filter(alone).map(|candidate| candidate.voucher(question.now));
    let first = vouchers.next()?;
    if first.expired {
        return vouchers.find(|voucher| !voucher.expired).or(Some(first));
    }
    Some(first)
}

/// The operating system judges chain and name at once. A name that the certificate does have leaves
/// the chain as the only question.
fn by_platform(
    verifier: &OnceLock<Option<rustls_platform_verifier::Verifier>>,
    question: Question<'_>,
    ocsp: &[u8],
    host: &str,
) -> ChainTrust {
    let open = || {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        rustls_platform_verifier::Verifier::new(provider).ok()
    };
    let Some(verifier) = verifier.get_or_init(open) else {
        let detail = "the operating system's store cannot be opened".to_owned();
        return ChainTrust::Refused { why: Distrust::EmptyStore, detail };
    };
    let Some(name) = own_name(question.leaf, host) else {
        return unreadable("the certificate is for no name").trust;
    };
    let Question { leaf, others, now } = question;
    match verifier.verify_server_cert(leaf, others, &name, ocsp, now) {
        Ok(_) => ChainTrust::Trusted(None),
        Err(error) => ChainTrust::Refused { why: reason(&error), detail: words(&error) },
    }
}

/// The host where the certificate is for it, or else a name that it is for.
fn own_name(leaf: &CertificateDer<'_>, host: &str) -> Option<ServerName<'static>> {
    let parsed = ParsedCertificate::try_from(leaf).ok()?;
    let own = Certificate::read(leaf).map(|leaf| leaf.hosts()).unwrap_or_default();
    let own = own.into_iter().map(|name| name.replacen("*.", "a.", 1));
    std::iter::once(host.to_owned())
        .chain(own)
        .filter_map(|name| ServerName::try_from(name).ok())
        .find(|name| verify_server_name(&parsed, name).is_ok())
}

/// The reason, with what a library's error leaves open told apart.
fn distrust(
    error: &Error,
    question: Question<'_>,
    leaf: &ParsedCertificate<'_>,
    candidates: &[Candidate<'_>],
) -> Distrust {
    match reason(error) {
        Distrust::BadSignature if candidates.is_empty() => Distrust::BadSignature,
        Distrust::BadSignature if question.leaf_is_sound(leaf) => Distrust::OtherKey,
        Distrust::Other if Certificate::read(question.leaf).is_ok_and(|leaf| leaf.is_ca()) => {
            Distrust::CaAsLeaf
        }
        other => other,
    }
}

fn reason(error: &Error) -> Distrust {
    use CertificateError as Why;
    let Error::InvalidCertificate(why) = error else { return Distrust::Other };
    match why {
        Why::UnknownIssuer => Distrust::UnknownIssuer,
        Why::BadSignature => Distrust::BadSignature,
        Why::Expired | Why::ExpiredContext { .. } => Distrust::Expired,
        Why::NotValidYet | Why::NotValidYetContext { .. } => Distrust::NotYetValid,
        Why::Revoked => Distrust::Revoked,
        Why::InvalidPurpose | Why::InvalidPurposeContext { .. } => Distrust::WrongUsage,
        Why::UnsupportedSignatureAlgorithmContext { .. }
        | Why::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => Distrust::WeakSignature,
        Why::BadEncoding | Why::UnhandledCriticalExtension => Distrust::Unreadable,
        _ => Distrust::Other,
    }
}

fn words(error: &Error) -> String {
    let words = error.to_string();
    one_line(words.strip_prefix("invalid peer certificate: ").unwrap_or(&words))
}

impl<'a> Question<'a> {
    fn verify(
        self,
        leaf: &ParsedCertificate<'_>,
        anchors: Vec<TrustAnchor<'static>>,
    ) -> Result<(), Error> {
        self.verify_with(leaf, anchors, self.others)
    }

    fn verify_with(
        self,
        leaf: &ParsedCertificate<'_>,
        anchors: Vec<TrustAnchor<'static>>,
        others: &[CertificateDer<'_>],
    ) -> Result<(), Error> {
        let roots = RootCertStore { roots: anchors };
        let known = rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms;
        verify_server_cert_signed_by_trust_anchor(leaf, &roots, others, self.now, known.all)
    }

    /// Whether what was sent with the leaf signed it, or nothing was sent that claims to have.
    fn leaf_is_sound(self, leaf: &ParsedCertificate<'_>) -> bool {
        let anchors: Vec<_> = self.others.iter().filter_map(|der| anchor(der)).collect();
        let bad = Error::InvalidCertificate(CertificateError::BadSignature);
        self.verify_with(leaf, anchors, &[]).err() != Some(bad)
    }

    /// The names that a root must have to be of any use.
    fn issuers(self) -> Vec<&'a [u8]> {
        let all = std::iter::once(self.leaf).chain(self.others);
        let mut issuers: Vec<&[u8]> =
            all.filter_map(|der| Some(&der[Names::of(der)?.issuer])).collect();
        issuers.sort_unstable();
        issuers.dedup();
        issuers
    }
}

impl<'a> Candidate<'a> {
    fn of(known: &'a Known) -> Option<Self> {
        Some(Self { anchor: anchor(&known.der)?, whole: Some(known) })
    }

    fn voucher(&self, now: UnixTime) -> Voucher {
        Voucher {
            subject: name(&self.anchor.subject),
            sha256: self.whole.map(|known| sha256(&known.der)),
            spki_sha256: sha256(&sequence(&self.anchor.subject_public_key_info)),
            self_issued: self.whole.is_none_or(Known::is_self_issued),
            expired: self.whole.is_some_and(|known| known.is_over(now)),
        }
    }
}

impl Known {
    fn subject(&self) -> &[u8] {
        &self.der[self.names.subject.clone()]
    }

    fn is_self_issued(&self) -> bool {
        self.subject() == &self.der[self.names.issuer.clone()]
    }

    fn is_over(&self, now: UnixTime) -> bool {
        let Ok((_, certificate)) = X509Certificate::from_der(&self.der) else { return false };
        let end = certificate.validity().not_after.timestamp();
        i64::try_from(now.as_secs()).is_ok_and(|now| now > end)
    }
}

impl Names {
    /// Finds the names by the fields in front of them, and reads no other.
    fn of(der: &[u8]) -> Option<Self> {
        let certificate = content(der)?;
        let mut rest = content(certificate)?;
        if rest.first() == Some(&VERSION) {
            rest = after(rest)?;
        }
        let issuer = after(after(rest)?)?;
        let subject = after(after(issuer)?)?;
        Some(Self { issuer: place(der, content(issuer)?), subject: place(der, content(subject)?) })
    }
}

/// What stands in the sequence with which the bytes begin.
fn content(bytes: &[u8]) -> Option<&[u8]> {
    let (_, any) = Any::from_der(bytes).ok()?;
    (bytes.first() == Some(&SEQUENCE)).then_some(any.data)
}

/// What stands behind the value with which the bytes begin.
fn after(bytes: &[u8]) -> Option<&[u8]> {
    Any::from_der(bytes).ok().map(|(rest, _)| rest)
}

/// Where a part of some bytes stands in them.
fn place(whole: &[u8], part: &[u8]) -> std::ops::Range<usize> {
    let start = part.as_ptr().addr() - whole.as_ptr().addr();
    start..start + part.len()
}

fn anchor(der: &CertificateDer<'_>) -> Option<TrustAnchor<'static>> {
    let mut store = RootCertStore::empty();
    store.add(der.clone()).ok()?;
    store.roots.pop()
}

fn name(contents: &[u8]) -> String {
    let whole = sequence(contents);
    let name = X509Name::from_der(&whole).map(|(_, name)| name.to_string());
    one_line(&name.unwrap_or_default())
}

/// Anchors keep what stands in a sequence without its head.
fn sequence(contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let mut whole = vec![SEQUENCE];
    if let Ok(short @ 0..=0x7f) = u8::try_from(length) {
        whole.push(short);
    } else {
        let bytes = length.to_be_bytes();
        let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(0);
        whole.push(0x80 | u8::try_from(bytes.len() - first).expect("a length has eight bytes"));
        whole.extend_from_slice(&bytes[first..]);
    }
    whole.extend_from_slice(contents);
    whole
}

fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
