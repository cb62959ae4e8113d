//! A QUIC connection with a stopwatch: name, address, and one handshake that is TCP's and TLS's in one.
//!
//! Names, trust and limits are those of a connection over TCP. Must not speak HTTP.

mod dial;
mod failure;
mod knock;

#[cfg(test)]
pub(crate) mod loopback;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use quinn::crypto::rustls::{HandshakeData, QuicClientConfig};
use quinn::{TransportConfig, VarInt, ZeroRttAccepted};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;

use super::deadline::{Deadline, ms_since};
use super::tls::quic::Witness;
use super::tls::{self, Alpn, TlsFacts};
use super::{ConnectionFacts, How, Target};
use crate::facts::{Failure, Fault, Stage};

/// Whether a request may go along with the handshake, where an earlier session allows it: before the
/// server has said a word. Whoever records it can send it once more, and the server may answer twice, so
/// that this is for calls that change nothing; the key travels in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EarlyData {
    /// The handshake is waited for.
    #[default]
    Never,
    /// It is sent where it can be.
    Allowed,
}

/// A connection or why there is none, with all that was measured until then.
#[derive(Debug)]
pub struct Dialled {
    /// What was measured. There is no TCP, so that its time is `None`; the handshake's is that of TLS.
    /// Where a request may go along with the handshake, neither time nor facts of it are known yet.
    pub facts: ConnectionFacts,
    /// The connection.
    pub outcome: Result<Quic, Failure>,
}

/// A QUIC connection that is ready for HTTP/3, or will be once its handshake is done.
#[derive(Debug)]
pub struct Quic {
    connection: quinn::Connection,
    remote: SocketAddr,
    setup: tls::Setup,
    witness: Witness,
    handshake: Handshake,
}

/// How far the handshake is.
enum Handshake {
    Pending { accepted: ZeroRttAccepted, begun: Instant, deadline: Deadline },
    Done(Shaken),
}

/// What a finished handshake shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Shaken {
    /// Milliseconds from the first datagram to its end.
    pub ms: f64,
    /// What it showed. The library keeps the cipher suite to itself.
    pub tls: TlsFacts,
    /// Whether the server took what was sent along with it; `None` where nothing could be.
    pub early_data: Option<bool>,
}

/// Bytes of the datagrams of a connection, those of the handshake included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnWire {
    /// Away from us.
    pub sent: u64,
    /// Towards us.
    pub received: u64,
}

/// Opens a connection to the target. Connections whose `how.tls` are clones of each other resume each
/// other's sessions; one that is made for [`Alpn::H3`] shares them with no connection over TCP.
pub async fn connect(target: &Target, how: &How, early: EarlyData) -> Dialled {
    let mut facts = ConnectionFacts::default();
    let outcome = open(target, how, early, &mut facts).await;
    Dialled { facts, outcome }
}

/// Why a connection ended, if it did.
pub fn ended(connection: &quinn::Connection, stage: Stage) -> Option<Failure> {
    connection.close_reason().map(|error| failure::of(&error, stage))
}

impl Quic {
    /// The connection itself, for whoever speaks HTTP/3 over it.
    pub fn connection(&self) -> &quinn::Connection {
        &self.connection
    }

    /// What the handshake showed, once it is done.
    pub fn shaken(&self) -> Option<&Shaken> {
        match &self.handshake {
            Handshake::Pending { .. } => None,
            Handshake::Done(shaken) => Some(shaken),
        }
    }

    /// Waits for the end of the handshake, and tells whether all that was sent before it has arrived.
    pub async fn settle(&mut self) -> Result<bool, Failure> {
        let Handshake::Pending { accepted, begun, deadline } = &mut self.handshake else {
            return Ok(true);
        };
        let unfinished = dial::unanswered(&self.remote);
        let taken = deadline.bound(Stage::Tcp, &unfinished, accepted).await;
        let ms = ms_since(*begun);
        if let Some(error) = self.connection.close_reason() {
            return Err(dial::refusal(&error, &self.remote, &self.witness).failure);
        }
        let taken = taken.inspect_err(|_| self.close())?;
        let (setup, witness) = (&self.setup, &self.witness);
        let shaken = Shaken::read(&self.connection, setup, witness, ms, Some(taken));
        self.handshake = Handshake::Done(shaken);
        Ok(taken)
    }

    /// Waits until the server has sent what a later handshake can resume, for so long at most, and closes:
    /// for connections that carry no request. Whether it came.
    pub async fn close_with_ticket(mut self, at_most: Duration) -> bool {
        let ticket = async {
            let settled = self.settle().await.is_ok();
            self.witness.ticket().await;
            settled
        };
        let came = tokio::time::timeout(at_most, ticket).await.unwrap_or(false);
        self.close();
        came
    }

    /// The round trip, as the acknowledgements show it.
    pub fn rtt(&self) -> Duration {
        self.connection.rtt()
    }

    /// What has passed so far.
    pub fn on_wire(&self) -> OnWire {
        let stats = self.connection.stats();
        OnWire { sent: stats.udp_tx.bytes, received: stats.udp_rx.bytes }
    }

    fn close(&self) {
        self.connection.close(VarInt::from_u32(0), b"");
    }
}

impl Shaken {
    fn read(
        connection: &quinn::Connection,
        setup: &tls::Setup,
        witness: &Witness,
        ms: f64,
        early_data: Option<bool>,
    ) -> Self {
        let known = connection.handshake_data();
        let known = known.and_then(|data| data.downcast::<HandshakeData>().ok());
        let alpn = known.and_then(|data| data.protocol);
        let chain = connection.peer_identity();
        let chain = chain.and_then(|it| it.downcast::<Vec<CertificateDer<'static>>>().ok());
        let chain = chain.as_deref().map_or(&[][..], Vec::as_slice);
        let tls = tls::quic::facts(setup, witness, chain, alpn.as_deref());
        Self { ms, tls, early_data }
    }
}

impl std::fmt::Debug for Handshake {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pending { begun, .. } => write!(formatter, "Pending since {begun:?}"),
            Self::Done(shaken) => shaken.fmt(formatter),
        }
    }
}

async fn open(
    target: &Target,
    how: &How,
    early: EarlyData,
    facts: &mut ConnectionFacts,
) -> Result<Quic, Failure> {
    possible(target, how)?;
    let deadline = Deadline::after(how.connect_timeout);
    let lookup = how.resolver.lookup(&target.host, target.port, deadline).await;
    facts.dns_ms = lookup.ms;
    facts.addresses = lookup.answer?;
    let pinned = how.pin.map(|address| [address]);
    let addresses = pinned.as_ref().map_or(&facts.addresses[..], |one| one);
    let way = dial::Way { host: &target.host, setup: &how.tls, config: config(&how.tls, early) };
    let dialling = dial::dial(&way, addresses, deadline).await;
    facts.families = dialling.families;
    match dialling.outcome {
        Ok(quic) => Ok(told(quic, facts)),
        Err(refusal) => {
            facts.refused = refusal.refused;
            Err(refusal.failure)
        }
    }
}

fn told(quic: Quic, facts: &mut ConnectionFacts) -> Quic {
    facts.remote = Some(quic.remote);
    facts.tls_ms = quic.shaken().map(|shaken| shaken.ms);
    facts.tls = quic.shaken().map(|shaken| shaken.tls.clone());
    quic
}

fn possible(target: &Target, how: &How) -> Result<(), Failure> {
    if let Some(proxy) = how.proxy.url() {
        let detail = format!(
            "proxy {proxy}: HTTP/3 travels over QUIC, which cannot go through an HTTP or SOCKS tunnel"
        );
        return Err(Failure::new(Stage::Proxy, Fault::Other, detail));
    }
    if !target.secure {
        let detail =
            format!("{}: HTTP/3 is always encrypted, and has no http:// URL", target.address());
        return Err(Failure::new(Stage::Tls, Fault::Other, detail));
    }
    Ok(())
}

/// No idle time-out of our own: how long a connection may rest is the server's decision, which is measured.
/// No search for the largest datagram that the path takes: its probes would be most of a short connection.
fn config(setup: &tls::Setup, early: EarlyData) -> quinn::ClientConfig {
    let mut tls = ClientConfig::clone(&setup.config());
    tls.alpn_protocols = Alpn::H3.protocols();
    tls.enable_early_data = early == EarlyData::Allowed;
    let crypto = QuicClientConfig::try_from(tls);
    let crypto = crypto.expect("the provider has AES-128-GCM, which QUIC begins with");
    let mut transport = TransportConfig::default();
    transport.max_idle_timeout(None).mtu_discovery_config(None);
    let mut config = quinn::ClientConfig::new(Arc::new(crypto));
    config.transport_config(Arc::new(transport));
    config
}
