//! The TLS handshake inside QUIC: what its library does not tell is noted where the chain is judged.
//!
//! Must not judge. The verifier says what it decided, and whoever opened the connection asks.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue,
};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{Error, NamedGroup};
use tokio::sync::Notify;

use super::{Handshake, Refusal, Setup, TlsFacts, failure};
use crate::facts::Stage;

tokio::task_local! {
    static WITNESS: Witness;
}

/// What was noted about one connection. Clones share it.
#[derive(Clone, Debug, Default)]
pub(in crate::net) struct Witness(Arc<Notes>);

#[derive(Debug, Default)]
struct Notes {
    verdict: Mutex<Option<Result<(), Error>>>,
    group: OnceLock<NamedGroup>,
    tickets: AtomicU32,
    ticket_came: Notify,
}

/// Notes what was decided about the chain.
pub(super) fn note_verdict(verdict: Result<(), &Error>) {
    note(|notes| {
        let mut noted = notes.verdict.lock().unwrap_or_else(PoisonError::into_inner);
        *noted = Some(verdict.map_err(Error::clone));
    });
}

/// For the connection whose task is running, if that has a witness.
fn note(what: impl FnOnce(&Notes)) {
    let _ = WITNESS.try_with(|witness| what(&witness.0));
}

impl Witness {
    /// Runs a connection's task so that it is noted here.
    pub(in crate::net) fn of<F: Future>(
        &self,
        task: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        WITNESS.scope(self.clone(), task)
    }

    /// Why the chain was refused, with the chain.
    pub(in crate::net) fn refusal(&self) -> Option<Refusal> {
        let error = self.verdict()?.err()?;
        let failure = failure::of(&error, Stage::Tls);
        Some(Refusal { failure, refused: failure::refused(&error) })
    }

    /// Waits until there is something that a later handshake can resume.
    pub(in crate::net) async fn ticket(&self) {
        let came = self.0.ticket_came.notified();
        if self.0.tickets.load(Relaxed) == 0 {
            came.await;
        }
    }

    /// A handshake in which no chain had to be judged resumed an earlier session.
    fn handshake(&self) -> Handshake {
        if self.verdict().is_some() { Handshake::Full } else { Handshake::Resumed }
    }

    fn verdict(&self) -> Option<Result<(), Error>> {
        self.0.verdict.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What a finished handshake shows: the cipher suite is the library's secret, and so is whether the
/// server asked for another key share.
pub(in crate::net) fn facts(
    setup: &Setup,
    witness: &Witness,
    chain: &[CertificateDer<'_>],
    alpn: Option<&[u8]>,
) -> TlsFacts {
    let (trusted_by, ocsp) = setup.verifier.told(chain.first());
    TlsFacts {
        version: "TLS 1.3".to_owned(),
        cipher: String::new(),
        group: witness.0.group.get().copied().map(super::group),
        offered: super::Alpn::H3,
        alpn: alpn.map(|protocol| String::from_utf8_lossy(protocol).into_owned()),
        handshake: witness.handshake(),
        trusted_by,
        chain: setup.verifier.read(chain),
        ocsp,
        tickets: witness.0.tickets.load(Relaxed),
    }
}

/// A store of sessions that tells the witness what passes through it.
#[derive(Debug)]
pub(super) struct Sessions(ClientSessionMemoryCache);

impl Sessions {
    pub(super) fn new(most: usize) -> Self {
        Self(ClientSessionMemoryCache::new(most))
    }
}

impl ClientSessionStore for Sessions {
    fn set_kx_hint(&self, server_name: ServerName<'static>, group: NamedGroup) {
        note(|notes| {
            let _ = notes.group.set(group);
        });
        self.0.set_kx_hint(server_name, group);
    }

    fn kx_hint(&self, server_name: &ServerName<'_>) -> Option<NamedGroup> {
        self.0.kx_hint(server_name)
    }

    fn set_tls12_session(&self, server_name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.0.set_tls12_session(server_name, value);
    }

    fn tls12_session(&self, server_name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.0.tls12_session(server_name)
    }

    fn remove_tls12_session(&self, server_name: &ServerName<'static>) {
        self.0.remove_tls12_session(server_name);
    }

    fn insert_tls13_ticket(
        &self,
        server_name: ServerName<'static>,
        value: Tls13ClientSessionValue,
    ) {
        self.0.insert_tls13_ticket(server_name, value);
        note(|notes| {
            notes.tickets.fetch_add(1, Relaxed);
            notes.ticket_came.notify_waiters();
        });
    }

    fn take_tls13_ticket(
        &self,
        server_name: &ServerName<'static>,
    ) -> Option<Tls13ClientSessionValue> {
        self.0.take_tls13_ticket(server_name)
    }
}
