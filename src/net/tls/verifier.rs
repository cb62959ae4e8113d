//! Asks the stores one after another and remembers which of them accepted a chain.
//!
//! A chain that none accepts travels in the error, so that it can be shown.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};

use super::trust::{self, SystemRoots, Trust, TrustedBy, UnusableRoots};

/// How many accepted leaves are remembered.
const REMEMBERED: usize = 32;

/// The stores, and what they accepted.
#[derive(Debug)]
pub(super) struct Verifier {
    provider: Arc<CryptoProvider>,
    first: Vec<(TrustedBy, Arc<WebPkiServerVerifier>)>,
    system_roots: SystemRoots,
    system: OnceLock<System>,
    accepted: Mutex<Vec<(CertificateDer<'static>, Accepted)>>,
}

/// What is known about a leaf that was accepted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Accepted {
    pub trusted_by: TrustedBy,
    pub ocsp_stapled: bool,
}

/// A chain that no store accepts: the error of the store that understood it best.
#[derive(Debug)]
pub(super) struct Rejection {
    pub error: Error,
    pub chain: Vec<CertificateDer<'static>>,
    pub name: String,
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
            first: stores.map(|(by, roots)| (by, over(roots, provider))).collect(),
            system_roots: trust.last(),
            system: OnceLock::new(),
            accepted: Mutex::default(),
        })
    }

    /// What is known about a leaf: also about one that comes from a resumed session.
    pub(super) fn accepted(&self, leaf: &CertificateDer<'_>) -> Option<Accepted> {
        let accepted = self.accepted.lock().unwrap_or_else(PoisonError::into_inner);
        accepted.iter().find(|(known, _)| known == leaf).map(|(_, accepted)| *accepted)
    }

    fn judge(&self, question: Question<'_>) -> Result<TrustedBy, Error> {
        let mut refusal = Error::InvalidCertificate(CertificateError::UnknownIssuer);
        for (by, store) in &self.first {
            match question.put_to(store.as_ref()) {
                Ok(()) => return Ok(*by),
                Err(error) => refusal = more_telling(refusal, error),
            }
        }
        if !could_depend_on_the_store(&refusal) {
            return Err(refusal);
        }
        let last = self.ask_system(question).map(|()| TrustedBy::System);
        last.map_err(|error| more_telling(refusal, error))
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
        let fact = Accepted { trusted_by, ocsp_stapled: !question.ocsp.is_empty() };
        accepted.insert(0, (question.leaf.clone().into_owned(), fact));
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
        let verdict = match self.judge(question) {
            Ok(trusted_by) => {
                self.remember(question, trusted_by);
                Ok(ServerCertVerified::assertion())
            }
            Err(error) => Err(question.rejected(error)),
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
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, known)
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

    fn rejected(self, error: Error) -> Error {
        let chain = std::iter::once(self.leaf).chain(self.intermediates);
        let chain = chain.map(|certificate| certificate.clone().into_owned()).collect();
        let rejection = Rejection { error, chain, name: self.name.to_str().into_owned() };
        Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(rejection))))
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

/// An unknown issuer is what every other store says, and an operating system's own words say no more;
/// anything else was found out by a store that knows the issuer.
fn more_telling(before: Error, error: Error) -> Error {
    use CertificateError as Why;
    match error {
        Error::InvalidCertificate(Why::UnknownIssuer | Why::Other(_)) => before,
        error => error,
    }
}

/// Dates and names are the same for every store.
fn could_depend_on_the_store(error: &Error) -> bool {
    use CertificateError as Why;
    !matches!(
        error,
        Error::InvalidCertificate(
            Why::Expired
                | Why::ExpiredContext { .. }
                | Why::NotValidYet
                | Why::NotValidYetContext { .. }
                | Why::NotValidForName
                | Why::NotValidForNameContext { .. }
        )
    )
}
