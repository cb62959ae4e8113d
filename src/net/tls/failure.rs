//! What `rustls` reports, as typed failures with the specifics a person needs.
//!
//! Of a chain that is refused `certs` names the cause: the library tells a dozen of them as one.

use rustls::{
    AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible, PeerMisbehaved,
};

use super::Refused;
use super::hello::Alert;
use super::verifier::Rejection;
use crate::certs::ocsp::Answer;
use crate::certs::{Asked, Cause, Chain, Said, causes};
use crate::facts::{Failure, Fault, Stage};
use crate::net::words::one_line;

/// How many causes beside the first one a detail tells.
const BESIDE: usize = 3;

/// Types an error of the TLS library.
pub(in crate::net) fn of(error: &Error, stage: Stage) -> Failure {
    if let Some(refused) = refused(error) {
        return rejected(&refused, stage);
    }
    let words = one_line(&error.to_string());
    let (fault, detail) = match error {
        Error::AlertReceived(alert) => (alert_fault(*alert), alert_words(*alert)),
        Error::InvalidMessage(message) => message_verdict(message, words),
        Error::NoCertificatesPresented => {
            (Fault::CertUnreadable, "no certificate was sent".to_owned())
        }
        Error::InvalidCertificate(_) => (Fault::CertInvalid, words),
        Error::PeerIncompatible(why) => (incompatible(why), words),
        Error::NoApplicationProtocol => (Fault::TlsNoAlpn, words),
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

/// The chain that was refused, with its causes; `None` where the error is about something else.
pub(in crate::net) fn refused(error: &Error) -> Option<Box<Refused>> {
    let rejection = match error {
        Error::InvalidCertificate(CertificateError::Other(other)) => {
            other.0.downcast_ref::<Rejection>()?
        }
        _ => return None,
    };
    let chain = Chain::read(&rejection.chain);
    let staple = Answer::read(&rejection.ocsp).ok();
    let asked = Asked {
        in_date: rejection
            .in_date
            .as_ref()
            .map(|later| later.as_ref().err().map_or(Said::Accepted, said)),
        leaf_is_a_root: rejection.leaf_is_a_root,
        kin: rejection.kin.clone(),
        has_namesake: rejection.has_namesake,
        staple: staple.as_ref(),
        ..Asked::new(&rejection.name, rejection.now, asked_in(rejection))
    };
    let causes = causes(&chain, &asked);
    Some(Box::new(Refused { chain, causes, ocsp: rejection.ocsp.clone() }))
}

/// The same error means something else of a chain than of the handshake behind it.
fn asked_in(rejection: &Rejection) -> Said {
    match said(&rejection.error) {
        Said::BadSignature if rejection.in_handshake => Said::BadHandshake,
        said => said,
    }
}

/// An error of the library as what it says, in no library's words.
pub(super) fn said(error: &Error) -> Said {
    use CertificateError as Why;
    let Error::InvalidCertificate(why) = error else {
        return Said::Other(one_line(&error.to_string()));
    };
    match why {
        Why::UnknownIssuer => Said::UnknownIssuer,
        Why::BadSignature => Said::BadSignature,
        Why::Expired | Why::ExpiredContext { .. } => Said::Expired,
        Why::NotValidYet | Why::NotValidYetContext { .. } => Said::NotYetValid,
        Why::NotValidForName | Why::NotValidForNameContext { .. } => Said::WrongName,
        Why::Revoked => Said::Revoked,
        Why::InvalidPurpose | Why::InvalidPurposeContext { .. } => Said::WrongPurpose,
        Why::UnsupportedSignatureAlgorithmContext { .. }
        | Why::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => Said::WeakSignature,
        Why::BadEncoding => Said::Unreadable("it is not encoded as certificates are".to_owned()),
        Why::UnhandledCriticalExtension => {
            Said::Other("it has a critical extension that is not understood".to_owned())
        }
        Why::UnknownRevocationStatus
        | Why::ExpiredRevocationList
        | Why::ExpiredRevocationListContext { .. }
        | Why::InvalidOcspResponse => {
            Said::Other("whether it was revoked could not be found out".to_owned())
        }
        Why::Other(inner) => in_no_type(&one_line(&inner.0.to_string())),
        other => Said::Other(one_line(&other.to_string())),
    }
}

/// What the library passes on from the one beneath it has no type here, only its name.
fn in_no_type(words: &str) -> Said {
    match words {
        "NameConstraintViolation" => Said::OutsideConstraints,
        other => Said::Other(other.to_owned()),
    }
}

fn rejected(refused: &Refused, stage: Stage) -> Failure {
    let (first, beside) = match refused.causes.split_first() {
        Some((first, beside)) => (first.clone(), beside),
        None => {
            let detail = "the certificate is not accepted".to_owned();
            (Cause { fault: Fault::CertInvalid, detail }, &[][..])
        }
    };
    let beside = beside.iter().take(BESIDE).map(|cause| format!("; besides, {}", cause.detail));
    Failure::new(stage, first.fault, beside.fold(first.detail, |detail, more| detail + &more))
}

/// What is offered is TLS 1.2 and 1.3, so that whoever refuses the version knows only older ones. That
/// nothing else is shared has an alert that does not say what.
fn alert_fault(alert: AlertDescription) -> Fault {
    match alert {
        AlertDescription::ProtocolVersion => Fault::TlsTooOld,
        AlertDescription::NoApplicationProtocol => Fault::TlsNoAlpn,
        AlertDescription::CertificateRequired => Fault::TlsWantsCertificate,
        AlertDescription::UnrecognisedName => Fault::TlsNameRefused,
        AlertDescription::BadRecordMac
        | AlertDescription::DecryptionFailed
        | AlertDescription::DecryptError
        | AlertDescription::IllegalParameter => Fault::TlsCorrupted,
        _ => Fault::TlsRefused,
    }
}

fn incompatible(why: &PeerIncompatible) -> Fault {
    match why {
        PeerIncompatible::ServerDoesNotSupportTls12Or13
        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig => Fault::TlsTooOld,
        PeerIncompatible::NoCipherSuitesInCommon => Fault::TlsNoCipher,
        PeerIncompatible::NoKxGroupsInCommon => Fault::TlsNoGroup,
        _ => Fault::TlsRefused,
    }
}

/// The registered name and number: `handshake_failure (40)`.
fn alert_words(alert: AlertDescription) -> String {
    format!("fatal alert {}", Alert { fatal: true, code: u8::from(alert) })
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

    #[test]
    fn what_the_library_says_of_a_certificate_is_told_in_words_of_ours() {
        use CertificateError as Why;
        for (why, says) in [
            (Why::UnknownIssuer, Said::UnknownIssuer),
            (Why::BadSignature, Said::BadSignature),
            (Why::Expired, Said::Expired),
            (Why::NotValidYet, Said::NotYetValid),
            (Why::NotValidForName, Said::WrongName),
            (Why::Revoked, Said::Revoked),
            (Why::InvalidPurpose, Said::WrongPurpose),
        ] {
            assert_eq!(said(&Error::InvalidCertificate(why)), says);
        }
        assert!(matches!(said(&Why::BadEncoding.into()), Said::Unreadable(_)));
        assert!(matches!(said(&Why::InvalidOcspResponse.into()), Said::Other(_)));
    }

    #[test]
    fn what_an_alert_decides_has_a_fault_of_its_own() {
        use AlertDescription as Sent;
        for (alert, fault, words) in [
            (Sent::ProtocolVersion, Fault::TlsTooOld, "protocol_version (70)"),
            (Sent::NoApplicationProtocol, Fault::TlsNoAlpn, "no_application_protocol (120)"),
            (Sent::CertificateRequired, Fault::TlsWantsCertificate, "certificate_required (116)"),
            (Sent::UnrecognisedName, Fault::TlsNameRefused, "unrecognized_name (112)"),
            (Sent::HandshakeFailure, Fault::TlsRefused, "handshake_failure (40)"),
            (Sent::InsufficientSecurity, Fault::TlsRefused, "insufficient_security (71)"),
            (Sent::IllegalParameter, Fault::TlsCorrupted, "illegal_parameter (47)"),
        ] {
            let failure = of(&Error::AlertReceived(alert), Stage::Head);
            assert_eq!((failure.stage, failure.fault), (Stage::Head, fault), "{alert:?}");
            assert!(failure.detail.contains(words), "{failure:?}");
        }
        let old = PeerIncompatible::ServerDoesNotSupportTls12Or13;
        assert_eq!(of(&Error::PeerIncompatible(old), Stage::Tls).fault, Fault::TlsTooOld);
    }
}
