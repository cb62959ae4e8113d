//! What the QUIC library reports, as typed failures.
//!
//! Must not look into certificates: why a chain was refused is known to the verifier.

use std::net::SocketAddr;

use quinn::{ConnectError, ConnectionError, TransportErrorCode};
use rustls::{AlertDescription, Error};

use crate::facts::{Failure, Fault, Stage};
use crate::net::tls;
use crate::net::words::one_line;

/// Why a connection ended.
pub(super) fn of(error: &ConnectionError, stage: Stage) -> Failure {
    let words = one_line(&error.to_string());
    match error {
        ConnectionError::ConnectionClosed(closed) => by_code(closed.error_code, stage, words),
        ConnectionError::TransportError(error) => by_code(error.code, stage, words),
        ConnectionError::VersionMismatch => {
            let detail = "the server speaks no version of QUIC that this program knows";
            Failure::new(stage, Fault::TlsRefused, detail)
        }
        ConnectionError::Reset => Failure::new(stage, Fault::Reset, words),
        ConnectionError::TimedOut => {
            let detail = "nothing came for as long as the server lets a connection rest";
            Failure::new(stage, Fault::TimedOut, detail)
        }
        ConnectionError::ApplicationClosed(_) => Failure::new(stage, Fault::Closed, words),
        ConnectionError::LocallyClosed | ConnectionError::CidsExhausted => {
            Failure::new(stage, Fault::Other, words)
        }
    }
}

/// Why a connection could not even be begun.
pub(super) fn before(error: &ConnectError, host: &str, remote: &SocketAddr) -> Failure {
    match error {
        ConnectError::InvalidServerName(_) => {
            let detail = format!("{host:?} is no name that a certificate can be for");
            Failure::new(Stage::Tls, Fault::Other, detail)
        }
        error => {
            let detail = format!("{remote}: {}", one_line(&error.to_string()));
            Failure::new(Stage::Tcp, Fault::Other, detail)
        }
    }
}

/// Codes from 256 to 511 are the alerts of TLS, whoever raised them.
fn by_code(code: TransportErrorCode, stage: Stage, words: String) -> Failure {
    let number = u64::from(code);
    if let Some(alert) = number.checked_sub(256).and_then(|alert| u8::try_from(alert).ok()) {
        return tls::failure::of(&Error::AlertReceived(AlertDescription::from(alert)), stage);
    }
    match code {
        TransportErrorCode::CONNECTION_REFUSED => Failure::new(Stage::Tcp, Fault::Refused, words),
        TransportErrorCode::NO_ERROR => Failure::new(stage, Fault::Closed, words),
        _ => Failure::new(stage, Fault::Other, words),
    }
}
