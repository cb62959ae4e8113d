//! Addresses become one QUIC connection. IPv6 goes ahead, and the first handshake that is done wins.
//!
//! Must not resolve names. A slower family is never waited for: its handshake would be for nothing.

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, Instant};

use quinn::{
    AsyncTimer, AsyncUdpSocket, Connecting, ConnectionError, Endpoint, EndpointConfig, Runtime,
    TokioRuntime,
};

use super::knock::Knock;
use super::{Handshake, Quic, Shaken, failure};
use crate::facts::{Failure, Fault, Stage};
use crate::net::classify;
use crate::net::deadline::{Deadline, ms_since};
use crate::net::dial::FamilyResult;
use crate::net::dns::Family;
use crate::net::tls::quic::Witness;
use crate::net::tls::{Refusal, Setup};

/// How long IPv6 goes ahead of IPv4.
const HEAD_START: Duration = Duration::from_millis(250);

/// What is the same for every address.
pub(super) struct Way<'a> {
    /// The name that the certificate must be for.
    pub host: &'a str,
    pub setup: &'a Setup,
    pub config: quinn::ClientConfig,
}

/// What came of dialling.
pub(super) struct Dialling {
    /// Each family that has failed or won, in the order in which they did.
    pub families: Vec<FamilyResult>,
    pub outcome: Result<Quic, Refusal>,
}

/// Dials the addresses of each family in their order.
pub(super) async fn dial(way: &Way<'_>, addresses: &[SocketAddr], deadline: Deadline) -> Dialling {
    let of = |family| -> Vec<SocketAddr> {
        addresses.iter().filter(|address| Family::of(address) == family).copied().collect()
    };
    let (v6, v4) = (of(Family::V6), of(Family::V4));
    if v6.is_empty() || v4.is_empty() {
        let only = try_family(way, addresses, deadline).await;
        return conclude(only, None);
    }
    let first = try_family(way, &v6, deadline);
    let second = try_family(way, &v4, deadline);
    race(first, second).await
}

/// What is said of an address that does not answer.
pub(super) fn unanswered(address: &SocketAddr) -> String {
    format!("{address}: no answer over QUIC")
}

/// Why a handshake failed: what our own verifier found is known to the witness alone, since the library
/// keeps nothing but its words.
pub(super) fn refusal(error: &ConnectionError, who: &SocketAddr, witness: &Witness) -> Refusal {
    if let (ConnectionError::TransportError(_), Some(refusal)) = (error, witness.refusal()) {
        return refusal;
    }
    plain(classify::naming(who, &failure::of(error, Stage::Tls)))
}

/// One family's result with the connection, if there is one.
struct Try {
    result: FamilyResult,
    outcome: Result<Quic, Refusal>,
}

async fn race(first: impl Future<Output = Try>, second: impl Future<Output = Try>) -> Dialling {
    let (mut first, mut second) = (pin!(first), pin!(second));
    if let Ok(early) = tokio::time::timeout(HEAD_START, first.as_mut()).await {
        return or_else(early, second).await;
    }
    tokio::select! {
        done = first.as_mut() => or_else(done, second).await,
        done = second.as_mut() => or_else(done, first).await,
    }
}

async fn or_else(done: Try, other: impl Future<Output = Try>) -> Dialling {
    match done.outcome {
        Ok(_) => conclude(done, None),
        Err(_) => conclude(other.await, Some(done)),
    }
}

/// The connection, or the failure that tells most: a machine without IPv6 says "unreachable" at once.
fn conclude(last: Try, failed: Option<Try>) -> Dialling {
    let mut families: Vec<FamilyResult> = failed.iter().map(|one| one.result.clone()).collect();
    families.push(last.result);
    let weak = |refusal: &Refusal| {
        matches!(refusal.failure.fault, Fault::Unreachable | Fault::NoLocalAddress)
    };
    let outcome = match (last.outcome, failed.map(|one| one.outcome)) {
        (Err(last), Some(Err(before))) if weak(&last) && !weak(&before) => Err(before),
        (outcome, _) => outcome,
    };
    Dialling { families, outcome }
}

/// Tries a family's addresses in their order; each gets an equal share of the time that is left.
async fn try_family(way: &Way<'_>, addresses: &[SocketAddr], deadline: Deadline) -> Try {
    let mut tried = 0;
    loop {
        let left = addresses.len() - tried;
        let share = deadline.left() / u32::try_from(left).unwrap_or(u32::MAX);
        let done = try_address(way, addresses[tried], deadline.or_after(share)).await;
        tried += 1;
        if done.outcome.is_ok() || tried == addresses.len() {
            return done;
        }
    }
}

async fn try_address(way: &Way<'_>, address: SocketAddr, deadline: Deadline) -> Try {
    let start = Instant::now();
    let outcome = shake(way, address, start, deadline).await;
    let result = FamilyResult {
        family: Family::of(&address),
        address,
        connect_ms: outcome.is_ok().then(|| ms_since(start)),
        failure: outcome.as_ref().err().map(|refusal| refusal.failure.clone()),
    };
    Try { result, outcome }
}

async fn shake(
    way: &Way<'_>,
    remote: SocketAddr,
    begun: Instant,
    deadline: Deadline,
) -> Result<Quic, Refusal> {
    let knock = Knock::at(remote).map_err(|error| unopened(&remote, &error))?;
    let witness = Witness::default();
    let connecting = begin(way, remote, &witness)?;
    let (connection, handshake) = match connecting.into_0rtt() {
        Ok((connection, accepted)) => {
            (connection, Handshake::Pending { accepted, begun, deadline })
        }
        Err(connecting) => {
            let connection = tokio::select! {
                finished = finish(connecting, &remote, &witness, deadline) => finished?,
                closed = knock.answer() => return Err(plain(classify::naming(&remote, &closed))),
            };
            let ms = ms_since(begun);
            let shaken = Shaken::read(&connection, way.setup, &witness, ms, None);
            (connection, Handshake::Done(shaken))
        }
    };
    Ok(Quic { connection, remote, setup: way.setup.clone(), witness, handshake })
}

/// Each connection has a socket of its own, as a client that starts has.
fn begin(way: &Way<'_>, remote: SocketAddr, witness: &Witness) -> Result<Connecting, Refusal> {
    let socket = UdpSocket::bind(any(&remote)).map_err(|error| unopened(&remote, &error))?;
    let runtime = Arc::new(Watched { inner: TokioRuntime, witness: witness.clone() });
    let endpoint = Endpoint::new(EndpointConfig::default(), None, socket, runtime);
    let endpoint = endpoint.map_err(|error| unopened(&remote, &error))?;
    endpoint
        .connect_with(way.config.clone(), remote, way.host)
        .map_err(|error| plain(failure::before(&error, way.host, &remote)))
}

/// Until the first words of the handshake have come, nobody knows whether anybody is there.
async fn finish(
    mut connecting: Connecting,
    remote: &SocketAddr,
    witness: &Witness,
    deadline: Deadline,
) -> Result<quinn::Connection, Refusal> {
    let failed = |error| refusal(&error, remote, witness);
    let silent = unanswered(remote);
    let first = deadline.bound(Stage::Tcp, &silent, connecting.handshake_data());
    first.await.map_err(plain)?.map_err(failed)?;
    let unfinished = format!("{remote}: the QUIC handshake did not finish");
    deadline.bound(Stage::Tls, &unfinished, connecting).await.map_err(plain)?.map_err(failed)
}

/// Any port of any address of the same family.
pub(super) fn any(remote: &SocketAddr) -> SocketAddr {
    let ip: IpAddr = match remote {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    SocketAddr::new(ip, 0)
}

fn unopened(remote: &SocketAddr, error: &io::Error) -> Refusal {
    plain(classify::naming(remote, &classify::failure(error, Stage::Tcp)))
}

fn plain(failure: Failure) -> Refusal {
    Refusal { failure, refused: None }
}

/// Runs the library's tasks where the witness hears the verdict on the chain.
#[derive(Debug)]
struct Watched {
    inner: TokioRuntime,
    witness: Witness,
}

impl Runtime for Watched {
    fn new_timer(&self, at: Instant) -> Pin<Box<dyn AsyncTimer>> {
        self.inner.new_timer(at)
    }

    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()> + Send>>) {
        tokio::spawn(self.witness.of(task));
    }

    fn wrap_udp_socket(&self, socket: UdpSocket) -> io::Result<Arc<dyn AsyncUdpSocket>> {
        self.inner.wrap_udp_socket(socket)
    }
}
