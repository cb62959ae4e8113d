//! Asks the stores one after another and remembers which of them accepted a chain.
//!
//! A chain that none accepts travels in the error, with all that helps to name the cause. A certificate of
//! which the server itself shows that its issuer revoked it is accepted by nobody.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};

use super::trust::{self, SystemRoots, Trust, TrustedBy, UnusableRoots};
use crate::certs::ocsp::{Age, Answer, Proof, Status};
use crate::certs::{Certificate, Chain, Name};

/// How many accepted leaves are remembered.
const REMEMBERED: usize = 32;

/// The stores, and what they accepted.
#[derive(Debug)]
pub(super) struct Verifier {
    provider: Arc<CryptoProvider>,
    first: Vec<Store>,
    system_roots: SystemRoots,
    system: OnceLock<System>,
    /// The chain that was read last: a run mostly sees the same one on every connection.
    read: Mutex<Arc<Chain>>,
    accepted: Mutex<Vec<(CertificateDer<'static>, Accepted)>>,
}

/// A store that is asked at once.
#[derive(Debug)]
struct Store {
    by: TrustedBy,
    roots: Arc<RootCertStore>,
    verifier: Arc<WebPkiServerVerifier>,
}

/// What is known about a leaf that was accepted.
#[derive(Clone, Debug)]
struct Accepted {
    trusted_by: TrustedBy,
    ocsp: Vec<u8>,
    name: String,
}

/// A chain that no store accepts: the error of the store that understood it best.
#[derive(Debug)]
pub(super) struct Rejection {
    pub error: Error,
    /// What the stores say at a moment at which every certificate is in date, if there is one and the
    /// error is about dates.
    pub in_date: Option<Result<(), Error>>,
    pub chain: Vec<CertificateDer<'static>>,
    pub name: String,
    pub ocsp: Vec<u8>,
    /// When it was judged, in seconds since 1970.
    pub now: i64,
    /// Whether the chain was accepted, and the handshake was not signed as it should be.
    pub in_handshake: bool,
    /// Whether the first certificate is a trusted root.
    pub leaf_is_a_root: bool,
    /// A trusted root of the organisation whose certificate is missing.
    pub kin: Option<String>,
    /// Whether a trusted root has its name, in whatever encoding.
    pub has_namesake: bool,
}

/// The last store, once it was needed.
#[derive(Debug)]
enum System {
    Platform(rustls_platform_verifier::Verifier),
    Pem(Arc<WebPkiServerVerifier>),
    Absent,
}

/// One certificate chain with all that it is judged by.
#[derive(Clone, Copy)]
struct Question<'a> {
    leaf: &'a CertificateDer<'a>,
    intermediates: &'a [CertificateDer<'a>],
    name: &'a ServerName<'a>,
    ocsp: &'a [u8],
    now: UnixTime,
}

impl Verifier {
    pub(super) fn new(
        trust: &Trust,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, UnusableRoots> {
        let stores = trust.first()?.into_iter();
        Ok(Self {
            provider: provider.clone(),
            first: stores.map(|(by, roots)| Store::over(by, roots, provider)).collect(),
            system_roots: trust.last(),
            system: OnceLock::new(),
            read: Mutex::new(Arc::new(Chain::read::<Vec<u8>>(&[]))),
            accepted: Mutex::default(),
        })
    }

    /// Reads a chain, or knows it.
    pub(super) fn read(&self, sent: &[CertificateDer<'_>]) -> Arc<Chain> {
        let mut last = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if !last.is_of(sent) {
            *last = Arc::new(Chain::read(sent));
        }
        Arc::clone(&last)
    }

    /// Who accepted a leaf, and what was stapled to it: also of one that comes from a resumed session.
    pub(super) fn told(&self, leaf: Option<&CertificateDer<'_>>) -> (Option<TrustedBy>, Vec<u8>) {
        let accepted = leaf.and_then(|leaf| self.accepted(leaf));
        accepted.map_or((None, Vec::new()), |accepted| (Some(accepted.trusted_by), accepted.ocsp))
    }

    /// Who accepted a leaf.
    pub(super) fn trusted_by(&self, leaf: &CertificateDer<'_>) -> Option<TrustedBy> {
        self.accepted(leaf).map(|accepted| accepted.trusted_by)
    }

    /// Whether the stores would accept a chain at that time, as if it were now. That is not remembered:
    /// the time may be anybody's.
    pub(super) fn would_accept(
        &self,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Option<bool> {
        let (leaf, intermediates) = chain.split_first()?;
        Some(self.verdict(Question { leaf, intermediates, name, ocsp, now }).is_ok())
    }

    /// What the stores say, and what the server itself shows against its certificate.
    fn verdict(&self, question: Question<'_>) -> Result<TrustedBy, Error> {
        let trusted_by = self.judge(question)?;
        match question.is_revoked() {
            true => Err(CertificateError::Revoked.into()),
            false => Ok(trusted_by),
        }
    }

    fn accepted(&self, leaf: &CertificateDer<'_>) -> Option<Accepted> {
        let accepted = self.accepted.lock().unwrap_or_else(PoisonError::into_inner);
        accepted.iter().find(|(known, _)| known == leaf).map(|(_, accepted)| accepted.clone())
    }

    fn judge(&self, question: Question<'_>) -> Result<TrustedBy, Error> {
        let mut refusal = Error::InvalidCertificate(CertificateError::UnknownIssuer);
        for store in &self.first {
            match question.put_to(store.verifier.as_ref()) {
                Ok(()) => return Ok(store.by),
                Err(error) => refusal = more_telling(refusal, error),
            }
        }
        if !could_depend_on_the_store(&refusal) {
            return Err(refusal);
        }
        let last = self.ask_system(question).map(|()| TrustedBy::System);
        last.map_err(|error| match error {
            // An operating system's own words say less than what our library found.
            Error::InvalidCertificate(CertificateError::Other(_)) => refusal,
            error => more_telling(refusal, error),
        })
    }

    /// Reading the operating system's store costs more than all the rest, so that it comes last.
    fn ask_system(&self, question: Question<'_>) -> Result<(), Error> {
        match self.system.get_or_init(|| System::open(&self.system_roots, &self.provider)) {
            System::Platform(store) => question.put_to(store),
            System::Pem(store) => question.put_to(store.as_ref()),
            System::Absent => Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)),
        }
    }

    fn remember(&self, question: Question<'_>, trusted_by: TrustedBy) {
        let mut accepted = self.accepted.lock().unwrap_or_else(PoisonError::into_inner);
        accepted.retain(|(known, _)| known != question.leaf);
        accepted.truncate(REMEMBERED - 1);
        let name = question.name.to_str().into_owned();
        let fact = Accepted { trusted_by, ocsp: question.ocsp.to_vec(), name };
        accepted.insert(0, (question.leaf.clone().into_owned(), fact));
    }

    /// An error with all that helps to name its cause.
    fn rejection(&self, question: Question<'_>, error: Error) -> Error {
        let chain: Vec<CertificateDer<'static>> = std::iter::once(question.leaf)
            .chain(question.intermediates)
            .map(|certificate| certificate.clone().into_owned())
            .collect();
        let read = Chain::read(&chain);
        wrapped(Rejection {
            in_date: self.in_date(question, &error, &read),
            error,
            name: question.name.to_str().into_owned(),
            ocsp: question.ocsp.to_vec(),
            now: i64::try_from(question.now.as_secs()).unwrap_or(i64::MAX),
            in_handshake: false,
            leaf_is_a_root: read.leaf().is_some_and(|leaf| self.is_a_root(leaf)),
            kin: read.missing().and_then(|missing| self.kin(missing)),
            has_namesake: read.top().is_some_and(|top| self.has(&top.issuer)),
            chain,
        })
    }

    /// Dates are looked at before trust, so that the question is put once more as if they were right.
    fn in_date(
        &self,
        question: Question<'_>,
        error: &Error,
        chain: &Chain,
    ) -> Option<Result<(), Error>> {
        if !is_about_dates(error) {
            return None;
        }
        let moment = u64::try_from(chain.moment_in_date()?).ok()?;
        let now = UnixTime::since_unix_epoch(Duration::from_secs(moment));
        Some(self.judge(Question { now, ..question }).map(|_| ()))
    }

    fn roots(&self) -> impl Iterator<Item = &TrustAnchor<'static>> {
        self.first.iter().flat_map(|store| &store.roots.roots)
    }

    fn is_a_root(&self, leaf: &Certificate) -> bool {
        let mut roots = self.roots();
        roots.any(|root| leaf.is_root_of(&root.subject, &root.subject_public_key_info))
    }

    /// Whether there is a trusted root of that name. Encodings are passed over, so that only names that
    /// are somebody's count.
    fn has(&self, issuer: &Name) -> bool {
        let names = self.roots().filter_map(|root| Name::of_parts(&root.subject));
        issuer.common.is_some() && names.map(|name| name.full).any(|name| name == issuer.full)
    }

    /// A trusted root of the same organisation.
    fn kin(&self, missing: &Name) -> Option<String> {
        let organisation = missing.organisation.as_ref()?;
        let mut names = self.roots().filter_map(|root| Name::of_parts(&root.subject));
        let kin = names.find(|name| name.organisation.as_ref() == Some(organisation));
        kin.map(|name| name.short())
    }

    /// The handshake behind an accepted chain was not signed with the certificate's key.
    fn unsigned(&self, leaf: &CertificateDer<'_>, error: Error) -> Error {
        let accepted = self.accepted(leaf);
        wrapped(Rejection {
            error,
            in_date: None,
            chain: vec![leaf.clone().into_owned()],
            name: accepted.map_or_else(String::new, |accepted| accepted.name),
            ocsp: Vec::new(),
            now: i64::try_from(UnixTime::now().as_secs()).unwrap_or(i64::MAX),
            in_handshake: true,
            leaf_is_a_root: false,
            kin: None,
            has_namesake: false,
        })
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let question = Question {
            leaf: end_entity,
            intermediates,
            name: server_name,
            ocsp: ocsp_response,
            now,
        };
        let verdict = match self.verdict(question) {
            Ok(trusted_by) => {
                self.remember(question, trusted_by);
                Ok(ServerCertVerified::assertion())
            }
            Err(error) => Err(self.rejection(question, error)),
        };
        #[cfg(feature = "http3")]
        super::quic::note_verdict(verdict.as_ref().map(|_| ()));
        verdict
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, known)
            .map_err(|error| self.unsigned(cert, error))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, known)
            .map_err(|error| self.unsigned(cert, error))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

impl Question<'_> {
    fn put_to(self, store: &impl ServerCertVerifier) -> Result<(), Error> {
        let Question { leaf, intermediates, name, ocsp, now } = self;
        store.verify_server_cert(leaf, intermediates, name, ocsp, now).map(|_| ())
    }

    /// Whether the server itself shows that the issuer revoked the certificate. Anybody can write an answer
    /// with its number: one counts if the issuer stands behind it, and until it has run out.
    fn is_revoked(self) -> bool {
        let Ok(answer) = Answer::read(self.ocsp) else { return false };
        let sent: Vec<_> = std::iter::once(self.leaf).chain(self.intermediates).collect();
        let chain = Chain::read(&sent);
        let Some(entry) = chain.leaf().and_then(|leaf| answer.about(&leaf.serial)) else {
            return false;
        };
        let now = i64::try_from(self.now.as_secs()).unwrap_or(i64::MAX);
        matches!(entry.status, Status::Revoked { .. })
            && entry.age(now) != Age::Stale
            && matches!(answer.proof(chain.way().nth(1)), Proof::ByIssuer | Proof::ByDelegate)
    }
}

impl Store {
    fn over(by: TrustedBy, roots: Arc<RootCertStore>, provider: &Arc<CryptoProvider>) -> Self {
        Self { by, verifier: over(roots.clone(), provider), roots }
    }
}

impl System {
    /// A store that cannot be read trusts nobody.
    fn open(roots: &SystemRoots, provider: &Arc<CryptoProvider>) -> Self {
        match roots {
            SystemRoots::None => Self::Absent,
            SystemRoots::Pem(pem) => trust::parse(TrustedBy::System, [pem])
                .map_or(Self::Absent, |roots| Self::Pem(over(roots, provider))),
            SystemRoots::Platform => rustls_platform_verifier::Verifier::new(provider.clone())
                .map_or(Self::Absent, Self::Platform),
        }
    }
}

impl std::fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.error)
    }
}

impl std::error::Error for Rejection {}

fn over(roots: Arc<RootCertStore>, provider: &Arc<CryptoProvider>) -> Arc<WebPkiServerVerifier> {
    WebPkiServerVerifier::builder_with_provider(roots, provider.clone())
        .build()
        .expect("a store of roots is never empty, and no revocation lists are given")
}

fn wrapped(rejection: Rejection) -> Error {
    Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(rejection))))
}

/// An unknown issuer is what every other store says; anything else was found out by one that looked further.
fn more_telling(before: Error, error: Error) -> Error {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => before,
        error => error,
    }
}

fn is_about_dates(error: &Error) -> bool {
    use CertificateError as Why;
    matches!(
        error,
        Error::InvalidCertificate(
            Why::Expired
                | Why::ExpiredContext { .. }
                | Why::NotValidYet
                | Why::NotValidYetContext { .. }
        )
    )
}

/// Dates and names are the same for every store.
fn could_depend_on_the_store(error: &Error) -> bool {
    use CertificateError as Why;
    let is_about_names = matches!(
        error,
        Error::InvalidCertificate(Why::NotValidForName | Why::NotValidForNameContext { .. })
    );
    !is_about_names && !is_about_dates(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400;

    fn fixture(name: &str) -> Vec<u8> {
        let path = format!("{}/src/certs/fixtures/{name}.der", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(path).expect("a fixture")
    }

    fn chain() -> Vec<CertificateDer<'static>> {
        ["leaf", "issuer"].map(|name| CertificateDer::from(fixture(name))).to_vec()
    }

    /// One that trusts the issuer of the fixtures.
    fn verifier() -> Verifier {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(fixture("issuer"))).expect("a root");
        Verifier {
            first: vec![Store::over(TrustedBy::Extra, Arc::new(roots), &provider)],
            provider,
            system_roots: SystemRoots::None,
            system: OnceLock::new(),
            read: Mutex::new(Arc::new(Chain::read::<Vec<u8>>(&[]))),
            accepted: Mutex::default(),
        }
    }

    fn name() -> ServerName<'static> {
        ServerName::try_from("api.example").expect("a name")
    }

    /// So many seconds after an answer was made.
    fn after(ocsp: &[u8], seconds: u64) -> UnixTime {
        let made = Answer::read(ocsp).expect("an answer").produced_at;
        let made = u64::try_from(made).expect("after 1970");
        UnixTime::since_unix_epoch(Duration::from_secs(made + seconds))
    }

    #[test]
    fn a_revocation_counts_if_the_issuer_stands_behind_it_and_until_it_runs_out() {
        let spoilt = {
            // Another reason than the one that was signed.
            let mut ocsp = fixture("ocsp-revoked");
            let reason = [0xa0, 3, 0x0a, 1, 1];
            let at = ocsp.windows(5).position(|part| part == reason).expect("a reason");
            ocsp[at + 4] = 5;
            ocsp
        };
        let (whole, alone) = (chain(), chain()[..1].to_vec());
        for (what, sent, ocsp, seconds, accepted) in [
            ("by the issuer", &whole, fixture("ocsp-revoked"), 5, false),
            ("by a delegate", &whole, fixture("ocsp-delegate"), 5, false),
            ("a good one", &whole, fixture("ocsp-good"), 5, true),
            ("none", &whole, Vec::new(), 5, true),
            ("run out", &whole, fixture("ocsp-revoked"), 40 * DAY, true),
            ("by nobody", &whole, spoilt, 5, true),
            ("by whom, is not shown", &alone, fixture("ocsp-revoked"), 5, true),
        ] {
            let now = after(&fixture("ocsp-revoked"), seconds);
            let said = verifier().verify_server_cert(&sent[0], &sent[1..], &name(), &ocsp, now);
            assert_eq!(said.is_ok(), accepted, "{what}: {said:?}");
        }
    }

    #[test]
    fn what_would_be_accepted_at_another_time_is_not_remembered() {
        let (verifier, sent) = (verifier(), chain());
        let then = after(&fixture("ocsp-good"), 5);
        assert_eq!(verifier.would_accept(&sent, &name(), &[], then), Some(true));
        assert_eq!(verifier.trusted_by(&sent[0]), None);
        let long_ago = UnixTime::since_unix_epoch(Duration::from_secs(DAY));
        assert_eq!(verifier.would_accept(&sent, &name(), &[], long_ago), Some(false));
        verifier.verify_server_cert(&sent[0], &sent[1..], &name(), &[], then).expect("trusted");
        assert_eq!(verifier.trusted_by(&sent[0]), Some(TrustedBy::Extra));
    }
}
