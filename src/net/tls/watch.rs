//! A verifier for looking: it notes what the stores say of a chain, and lets every handshake end.
//!
//! Only `net::look` makes connections with it, and those can carry no credential: there is no way to hand
//! one to them. Nothing that is sent may depend on it.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

use super::{Alpn, Refused, Setup, failure, sessions};
use super::{trust::TrustedBy, verifier::Verifier};
use crate::certs::Name;
use crate::facts::{Failure, Stage};

/// As many authorities of clients as are told.
const MOST_AUTHORITIES: usize = 5;

/// The notes of the handshakes that were made with one configuration.
#[derive(Debug)]
pub(in crate::net) struct Watch {
    verifier: Arc<Verifier>,
    /// The name that the certificate must be for, whatever name is sent.
    name: ServerName<'static>,
    sent: Mutex<Option<Sent>>,
    asks_for_certificate: AtomicBool,
    /// Of which authorities it may be, in DER.
    wanted_of: Mutex<Vec<Vec<u8>>>,
}

/// A chain that was sent.
#[derive(Clone, Debug)]
pub(in crate::net) struct Sent {
    /// The certificates, leaf first.
    pub chain: Vec<CertificateDer<'static>>,
    /// The OCSP answer that was stapled; empty for none.
    pub ocsp: Vec<u8>,
    /// What the stores say of it.
    pub judged: Judged,
}

/// What the stores say of a chain.
#[derive(Clone, Debug)]
pub enum Judged {
    /// One of them accepts it.
    Trusted(TrustedBy),
    /// None does.
    Refused(Failure, Box<Refused>),
}

impl Setup {
    /// A configuration that lets every handshake end, with its notes. It knows no earlier session.
    pub(in crate::net) fn watched(
        &self,
        alpn: Alpn,
        name: ServerName<'static>,
    ) -> (Arc<ClientConfig>, Arc<Watch>) {
        let watch = Arc::new(Watch {
            verifier: self.verifier.clone(),
            name,
            sent: Mutex::default(),
            asks_for_certificate: AtomicBool::new(false),
            wanted_of: Mutex::default(),
        });
        let mut config = ClientConfig::clone(&self.config);
        config.dangerous().set_certificate_verifier(watch.clone());
        config.client_auth_cert_resolver = watch.clone();
        config.alpn_protocols = alpn.protocols();
        config.resumption = sessions();
        (Arc::new(config), watch)
    }
}

impl Watch {
    /// The chain of the last full handshake.
    pub(in crate::net) fn sent(&self) -> Option<Sent> {
        self.notes().clone()
    }

    /// Whether a certificate was asked of the client.
    pub(in crate::net) fn asks_for_certificate(&self) -> bool {
        self.asks_for_certificate.load(Relaxed)
    }

    /// The authorities of which a client's certificate may be, as far as the server names some.
    pub(in crate::net) fn wanted_of(&self) -> Vec<String> {
        let wanted = self.wanted_of.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.iter().filter_map(|name| Name::read(name)).map(|name| name.short()).collect()
    }

    /// Whether the stores would accept the chain at another time, in seconds since 1970.
    pub(in crate::net) fn would_trust_at(&self, unix: u64) -> Option<bool> {
        let sent = self.sent()?;
        let then = UnixTime::since_unix_epoch(Duration::from_secs(unix));
        self.verifier.would_accept(&sent.chain, &self.name, &sent.ocsp, then)
    }

    fn judge(&self, verdict: Result<(), Error>, leaf: &CertificateDer<'_>) -> Option<Judged> {
        match verdict {
            Ok(()) => self.verifier.trusted_by(leaf).map(Judged::Trusted),
            Err(error) => {
                let refused = failure::refused(&error)?;
                Some(Judged::Refused(failure::of(&error, Stage::Tls), refused))
            }
        }
    }

    /// A chain may be right, and the handshake not signed by its key.
    fn note_signature(
        &self,
        leaf: &CertificateDer<'_>,
        verdict: Result<HandshakeSignatureValid, Error>,
    ) -> HandshakeSignatureValid {
        if let Err(error) = verdict
            && let Some(judged) = self.judge(Err(error), leaf)
            && let Some(sent) = self.notes().as_mut()
            && matches!(sent.judged, Judged::Trusted(_))
        {
            sent.judged = judged;
        }
        HandshakeSignatureValid::assertion()
    }

    fn notes(&self) -> std::sync::MutexGuard<'_, Option<Sent>> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ServerCertVerifier for Watch {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.verifier.verify_server_cert(
            end_entity,
            intermediates,
            &self.name,
            ocsp_response,
            now,
        );
        if let Some(judged) = self.judge(verified.map(|_| ()), end_entity) {
            let chain = std::iter::once(end_entity).chain(intermediates);
            let chain = chain.map(|certificate| certificate.clone().into_owned()).collect();
            *self.notes() = Some(Sent { chain, ocsp: ocsp_response.to_vec(), judged });
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(self.note_signature(cert, self.verifier.verify_tls12_signature(message, cert, dss)))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(self.note_signature(cert, self.verifier.verify_tls13_signature(message, cert, dss)))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

impl ResolvesClientCert for Watch {
    /// There is none to give; that one was wished for is what is noted.
    fn resolve(&self, authorities: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asks_for_certificate.store(true, Relaxed);
        let few = authorities.iter().take(MOST_AUTHORITIES).map(|name| name.to_vec());
        *self.wanted_of.lock().unwrap_or_else(PoisonError::into_inner) = few.collect();
        None
    }

    fn has_certs(&self) -> bool {
        true
    }
}
