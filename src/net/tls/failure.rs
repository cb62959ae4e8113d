//! What `rustls` reports, as typed failures with the specifics a person needs.

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerMisbehaved};

use super::certificate::{CertFacts, read_chain};
use super::verifier::Rejection;
use crate::facts::time::rfc3339;
use crate::facts::{Failure, Fault, Stage};
use crate::net::words::one_line;

/// How many of a certificate's names a detail lists.
const NAMES: usize = 5;

/// Types an error of the TLS library.
pub(in crate::net) fn of(error: &Error, stage: Stage) -> Failure {
    if let Some(rejection) = rejection(error) {
        return rejected(rejection, stage);
    }
    let words = one_line(&error.to_string());
    let (fault, detail) = match error {
        Error::AlertReceived(alert) => (alert_fault(*alert), alert_words(*alert)),
        Error::InvalidMessage(message) => message_verdict(message, words),
        Error::InvalidCertificate(_) | Error::NoCertificatesPresented => {
            (Fault::CertInvalid, words)
        }
        Error::PeerIncompatible(_) | Error::NoApplicationProtocol => (Fault::TlsRefused, words),
        Error::PeerMisbehaved(PeerMisbehaved::SelectedUnofferedApplicationProtocol) => {
            (Fault::TlsRefused, "the server chose an HTTP version that was not offered".to_owned())
        }
        Error::DecryptError
        | Error::PeerMisbehaved(_)
        | Error::PeerSentOversizedRecord
        | Error::InappropriateMessage { .. }
        | Error::InappropriateHandshakeMessage { .. } => (Fault::TlsCorrupted, words),
        _ => (Fault::Other, words),
    };
    Failure::new(stage, fault, detail)
}

/// The chain that was refused; empty where the error is about something else.
pub(in crate::net) fn refused_chain(error: &Error) -> Vec<CertFacts> {
    rejection(error).map(|rejection| read_chain(&rejection.chain)).unwrap_or_default()
}

fn rejection(error: &Error) -> Option<&Rejection> {
    match error {
        Error::InvalidCertificate(CertificateError::Other(other)) => other.0.downcast_ref(),
        _ => None,
    }
}

fn rejected(rejection: &Rejection, stage: Stage) -> Failure {
    let chain = read_chain(&rejection.chain);
    let Some(leaf) = chain.first() else {
        return Failure::new(stage, Fault::CertInvalid, "the certificate cannot be read");
    };
    let (fault, detail) = match &rejection.error {
        Error::InvalidCertificate(why) => verdict(why, leaf, &chain, rejection),
        other => (Fault::CertInvalid, one_line(&other.to_string())),
    };
    Failure::new(stage, fault, detail)
}

fn verdict(
    why: &CertificateError,
    leaf: &CertFacts,
    chain: &[CertFacts],
    rejection: &Rejection,
) -> (Fault, String) {
    use CertificateError as Why;
    match why {
        Why::Expired => (Fault::CertExpired, ended(leaf)),
        Why::ExpiredContext { not_after, .. } => {
            let expired = |one: &&CertFacts| seconds(one.not_after) == not_after.as_secs();
            (Fault::CertExpired, ended(chain.iter().find(expired).unwrap_or(leaf)))
        }
        Why::NotValidYet => (Fault::CertNotYetValid, begins(leaf)),
        Why::NotValidYetContext { not_before, .. } => {
            let early = |one: &&CertFacts| seconds(one.not_before) == not_before.as_secs();
            (Fault::CertNotYetValid, begins(chain.iter().find(early).unwrap_or(leaf)))
        }
        Why::NotValidForName | Why::NotValidForNameContext { .. } => {
            (Fault::CertWrongName, presented(leaf, &rejection.name))
        }
        Why::UnknownIssuer | Why::BadSignature => issuer(why, leaf, chain),
        other if leaf.self_signed => (Fault::CertSelfSigned, format!("{}; {other}", signer(leaf))),
        other => (Fault::CertInvalid, format!("{other}; {}", signer(leaf))),
    }
}

/// A chain that brings its own root was made by somebody who does not expect it to be known.
fn issuer(why: &CertificateError, leaf: &CertFacts, chain: &[CertFacts]) -> (Fault, String) {
    let top = chain.last().unwrap_or(leaf);
    let same_name = match why {
        CertificateError::BadSignature => "; a trusted root has the same name but another key",
        _ => "",
    };
    match chain.iter().find(|one| one.self_signed) {
        Some(root) => (
            Fault::CertSelfSigned,
            format!("the chain ends in its own root {:?}{same_name}", root.subject),
        ),
        None => (
            Fault::CertUnknownIssuer,
            format!("no trusted root is known as {:?}{same_name}", top.issuer),
        ),
    }
}

fn signer(leaf: &CertFacts) -> String {
    format!("the certificate of {:?} is signed by {:?}", leaf.subject, leaf.issuer)
}

fn ended(certificate: &CertFacts) -> String {
    let CertFacts { subject, not_before, not_after, .. } = certificate;
    format!("{subject:?} was valid from {} to {}", date(*not_before), date(*not_after))
}

fn begins(certificate: &CertFacts) -> String {
    let CertFacts { subject, not_before, not_after, .. } = certificate;
    format!("{subject:?} is valid from {} to {}", date(*not_before), date(*not_after))
}

fn presented(leaf: &CertFacts, wanted: &str) -> String {
    let mut names: Vec<&str> = leaf.names.iter().map(String::as_str).take(NAMES).collect();
    match leaf.names.len() {
        0 => names.push("no name at all"),
        count if count > NAMES => names.push("…"),
        _ => {}
    }
    format!("the certificate is for {}, not for {wanted}", names.join(", "))
}

fn date(unix: i64) -> String {
    rfc3339(seconds(unix).saturating_mul(1000)).replace(".000Z", "Z")
}

fn seconds(unix: i64) -> u64 {
    u64::try_from(unix).unwrap_or(0)
}

fn alert_fault(alert: AlertDescription) -> Fault {
    match alert {
        AlertDescription::BadRecordMac
        | AlertDescription::DecryptionFailed
        | AlertDescription::DecryptError
        | AlertDescription::IllegalParameter => Fault::TlsCorrupted,
        _ => Fault::TlsRefused,
    }
}

/// The registered name and number: `handshake_failure (40)`.
fn alert_words(alert: AlertDescription) -> String {
    let mut name = String::new();
    for character in format!("{alert:?}").chars() {
        if character.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    format!("fatal alert {name} ({})", u8::from(alert))
}

fn message_verdict(message: &InvalidMessage, words: String) -> (Fault, String) {
    match message {
        InvalidMessage::InvalidContentType
        | InvalidMessage::UnknownProtocolVersion
        | InvalidMessage::MessageTooLarge => {
            (Fault::NotTls, format!("what came is not TLS ({words})"))
        }
        _ => (Fault::TlsCorrupted, words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_nobody_offered_is_a_refusal_and_no_damage() {
        let chosen = PeerMisbehaved::SelectedUnofferedApplicationProtocol;
        let failure = of(&Error::PeerMisbehaved(chosen), Stage::Tls);
        assert_eq!((failure.stage, failure.fault), (Stage::Tls, Fault::TlsRefused));
        assert!(failure.detail.contains("not offered"), "{failure:?}");
    }
}
