//! Error chains of other crates become typed failures. The only place that looks into them.
//!
//! Must not decide what a failure means for the user.

use std::error::Error;
use std::fmt::{self, Display};
use std::io;

use super::frames::{GoAway, Http2Seen};
use super::tap::TapLog;
use super::tls;
use super::words::one_line;
use crate::facts::{Failure, Fault, Stage};

/// Types an error that occurred in a step.
pub fn failure(error: &(dyn Error + 'static), stage: Stage) -> Failure {
    let links = links(error);
    let found = find(&links, |carried: &Carried| Some(carried.0.clone()))
        .or_else(|| find(&links, |error| Some(tls::failure::of(error, stage))))
        .or_else(|| find(&links, |error| http2(error, stage)))
        .or_else(|| find(&links, |error| http1(error, stage)))
        .or_else(|| find(&links, |error| input_output(error, stage)))
        .or_else(|| find(&links, |error| pooled(error, stage)))
        .unwrap_or_else(|| Failure::new(stage, Fault::Other, innermost(&links)));
    in_the_body(found)
}

/// The failure of a connection whose task ended with this error, if it says more than the request's.
pub fn of_connection(error: &(dyn Error + 'static), stage: Stage) -> Option<Failure> {
    let told = failure(error, stage);
    (!matches!(told.fault, Fault::Other)).then_some(told)
}

/// A failure of HTTP/2 that only says that the connection is gone, with what its frames tell about why:
/// the library may notice that it is broken before it tells what came before.
pub fn by_frames(failure: Failure, seen: &Http2Seen) -> Failure {
    if !is_vague(&failure) {
        return failure;
    }
    let said = seen.goaways.iter().find(|goaway| goaway.reason != "NO_ERROR");
    if let Some(GoAway { reason, debug, .. }) = said {
        let words = if debug.is_empty() { "no further word" } else { debug };
        return Failure::new(failure.stage, Fault::GoAway, format!("GOAWAY {reason} ({words})"));
    }
    if seen.is_foreign {
        let detail = "what came does not begin as HTTP/2 does";
        return Failure::new(failure.stage, Fault::NotHttp, detail);
    }
    failure
}

/// A failure that only says that the connection is gone, with the alert that ended it: with TLS 1.3 a
/// server refuses the client only after the handshake, and the HTTP library keeps no more than words.
pub fn by_alert(failure: Failure, log: &TapLog) -> Failure {
    match log.alert() {
        Some(alert) if is_vague(&failure) => {
            tls::failure::of(&rustls::Error::AlertReceived(alert), failure.stage)
        }
        _ => failure,
    }
}

/// Whether a failure only says that the connection is gone.
pub fn is_vague(failure: &Failure) -> bool {
    matches!(failure.fault, Fault::Closed | Fault::BodyCut | Fault::Other)
}

/// The chain that was refused, with its causes; `None` where the error is about something else.
pub(super) fn refused(error: &(dyn Error + 'static)) -> Option<Box<tls::Refused>> {
    let links = links(error);
    let refused = links.iter().find_map(|link| link.downcast_ref::<rustls::Error>());
    refused.and_then(tls::failure::refused)
}

/// Puts the name of whoever it happened with before the detail.
pub(super) fn naming(who: &dyn Display, failure: &Failure) -> Failure {
    Failure::new(failure.stage, failure.fault, format!("{who}: {}", failure.detail))
}

/// The operating system's words for an error, without the prefix that `dns-lookup` puts before them.
pub(super) fn io_words(error: &io::Error) -> String {
    let words = error.to_string();
    let bare = words.split_once("failed to lookup address information: ").map(|(_, rest)| rest);
    one_line(bare.unwrap_or(&words))
}

/// A failure that travels through a library as an error and is taken out again by [`failure`].
#[derive(Debug)]
pub struct Carried(pub Failure);

impl Display for Carried {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.detail)
    }
}

impl Error for Carried {}

type Link<'a> = &'a (dyn Error + 'static);

/// Every error of the chain, outermost first. `io::Error::source` skips the error it wraps, so that one
/// is asked for explicitly.
fn links<'a>(error: Link<'a>) -> Vec<Link<'a>> {
    let mut links = vec![error];
    while let Some(next) = beneath(links[links.len() - 1]) {
        links.push(next);
        if links.len() == 32 {
            break;
        }
    }
    links
}

fn beneath<'a>(error: Link<'a>) -> Option<Link<'a>> {
    match error.downcast_ref::<io::Error>() {
        Some(wrapper) => wrapper.get_ref().map(|inner| inner as Link<'a>),
        None => error.source(),
    }
}

/// What the innermost error of a type says.
fn find<E: Error + 'static>(
    links: &[Link<'_>],
    read: impl Fn(&E) -> Option<Failure>,
) -> Option<Failure> {
    links.iter().rev().find_map(|link| link.downcast_ref::<E>().and_then(&read))
}

fn http2(error: &h2::Error, stage: Stage) -> Option<Failure> {
    if let Some(beneath) = error.get_io() {
        return input_output(beneath, stage);
    }
    let reason =
        error.reason().map_or_else(|| "without a reason".to_owned(), |it| format!("{it:?}"));
    let (fault, frame) = match (error.is_library(), error.is_go_away(), error.is_reset()) {
        (true, _, _) => (Fault::NotHttp, "what came is not valid HTTP/2:"),
        (false, true, _) => (Fault::GoAway, "GOAWAY"),
        (false, false, true) => (Fault::StreamReset, "RST_STREAM"),
        (false, false, false) => return None,
    };
    Some(Failure::new(stage, fault, format!("{frame} {reason} ({})", one_line(&error.to_string()))))
}

fn http1(error: &hyper::Error, stage: Stage) -> Option<Failure> {
    let words = one_line(&error.to_string());
    let fault = if error.is_parse_too_large() {
        Fault::HeadersTooLarge
    } else if error.is_parse() {
        Fault::NotHttp
    } else if error.source().is_none() && is_closed(error) {
        Fault::Closed
    } else if error.is_timeout() {
        Fault::TimedOut
    } else {
        return None;
    };
    Some(Failure::new(stage, fault, words))
}

fn is_closed(error: &hyper::Error) -> bool {
    error.is_incomplete_message() || error.is_closed() || error.is_canceled()
}

fn input_output(error: &io::Error, stage: Stage) -> Option<Failure> {
    let fault = io_fault(error.kind());
    let wraps_nothing = error.get_ref().is_none_or(|inner| inner.source().is_none());
    (fault != Fault::Other || wraps_nothing).then(|| Failure::new(stage, fault, io_words(error)))
}

fn io_fault(kind: io::ErrorKind) -> Fault {
    use io::ErrorKind as Kind;
    match kind {
        Kind::ConnectionRefused => Fault::Refused,
        Kind::NetworkUnreachable | Kind::HostUnreachable | Kind::NetworkDown => Fault::Unreachable,
        Kind::AddrNotAvailable | Kind::AddrInUse => Fault::NoLocalAddress,
        Kind::PermissionDenied => Fault::Forbidden,
        Kind::TimedOut => Fault::TimedOut,
        Kind::ConnectionReset | Kind::ConnectionAborted => Fault::Reset,
        Kind::UnexpectedEof | Kind::BrokenPipe | Kind::NotConnected => Fault::Closed,
        _ => Fault::Other,
    }
}

fn pooled(error: &reqwest::Error, stage: Stage) -> Option<Failure> {
    let detail = "nothing came within the time allowed";
    error.is_timeout().then(|| Failure::new(stage, Fault::TimedOut, detail))
}

fn innermost(links: &[Link<'_>]) -> String {
    one_line(&links[links.len() - 1].to_string())
}

/// A connection that closes inside a body has cut it.
fn in_the_body(failure: Failure) -> Failure {
    match (failure.stage, failure.fault) {
        (Stage::Body, Fault::Closed) => Failure { fault: Fault::BodyCut, ..failure },
        _ => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operating_systems_kinds_are_faults() {
        for (kind, fault) in [
            (io::ErrorKind::ConnectionRefused, Fault::Refused),
            (io::ErrorKind::HostUnreachable, Fault::Unreachable),
            (io::ErrorKind::AddrNotAvailable, Fault::NoLocalAddress),
            (io::ErrorKind::PermissionDenied, Fault::Forbidden),
            (io::ErrorKind::TimedOut, Fault::TimedOut),
            (io::ErrorKind::ConnectionAborted, Fault::Reset),
            (io::ErrorKind::BrokenPipe, Fault::Closed),
            (io::ErrorKind::OutOfMemory, Fault::Other),
        ] {
            assert_eq!(failure(&io::Error::from(kind), Stage::Tcp).fault, fault, "{kind:?}");
        }
    }

    #[test]
    fn the_innermost_error_is_found_through_every_wrapper() {
        let reset = io::Error::new(io::ErrorKind::ConnectionReset, "reset by peer");
        let wrapped = io::Error::other(io::Error::other(reset));
        let found = failure(&wrapped, Stage::Tls);
        assert_eq!(found, Failure::new(Stage::Tls, Fault::Reset, "reset by peer"));
        let tls = io::Error::other(io::Error::other(rustls::Error::DecryptError));
        assert_eq!(failure(&tls, Stage::Head).fault, Fault::TlsCorrupted);
    }

    #[test]
    fn a_failure_that_was_typed_before_stays_as_it_is() {
        let typed = Failure::new(Stage::Dns, Fault::NameTryAgain, "api.example: try again");
        let carried = io::Error::other(Carried(typed.clone()));
        assert_eq!(failure(&carried, Stage::Head), typed);
    }

    #[test]
    fn an_end_inside_a_body_has_cut_it() {
        let end = io::Error::from(io::ErrorKind::UnexpectedEof);
        assert_eq!(failure(&end, Stage::Body).fault, Fault::BodyCut);
        assert_eq!(failure(&end, Stage::Head).fault, Fault::Closed);
    }

    #[test]
    fn what_nobody_knows_keeps_its_words() {
        let found = failure(&io::Error::other("odd\nthing"), Stage::Request);
        assert_eq!(found, Failure::new(Stage::Request, Fault::Other, "odd thing"));
    }
}
