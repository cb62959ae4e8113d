//! Opens the sockets of a simulation: those that are served, and those that refuse or never take.
//!
//! Speaks no protocol and accepts nothing; `serve.rs` and `proxy.rs` do.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::proxy;
use super::scenario::{Proxy, Scenario, Way};

/// A port that is free in one address family may be taken in the other: then another is tried.
const ATTEMPTS: u32 = 8;

/// Where everything is once it listens.
pub(super) struct Places {
    pub(super) address: SocketAddr,
    /// What DNS says, in its order.
    pub(super) named: Vec<SocketAddr>,
    pub(super) proxy: Option<SocketAddr>,
}

/// Sockets that are held only so that nobody else gets their ports.
#[derive(Default)]
pub(super) struct Kept {
    closed: Vec<TcpSocket>,
    full: Vec<(TcpListener, Vec<TcpStream>)>,
}

/// Opens what the scenario needs. What is to be served comes first, then where everything is.
pub(super) async fn open(
    scenario: &Scenario,
    bind: SocketAddr,
    also_ipv6: bool,
) -> Result<(Vec<TcpListener>, Places, Kept), String> {
    let listeners = listen(bind, also_ipv6).await?;
    let mut kept = Kept::default();
    let places = place(scenario, &listeners, &mut kept).await.map_err(|error| words(&error))?;
    Ok((listeners, places, kept))
}

async fn place(
    scenario: &Scenario,
    listeners: &[TcpListener],
    kept: &mut Kept,
) -> io::Result<Places> {
    let address = listeners[0].local_addr()?;
    // The IPv6 address comes second into being and first in the resolver's answer.
    let open: io::Result<Vec<SocketAddr>> =
        listeners.iter().rev().map(|one| one.local_addr().map(reachable)).collect();
    let named = named(scenario.way, open?, kept).await?;
    let proxy = open_proxy(scenario.proxy, reachable(address), kept).await?;
    Ok(Places { address, named, proxy })
}

fn words(error: &io::Error) -> String {
    format!("cannot open the simulator's sockets: {error}")
}

async fn listen(bind: SocketAddr, also_ipv6: bool) -> Result<Vec<TcpListener>, String> {
    if !also_ipv6 || bind.is_ipv6() {
        return Ok(vec![listener(bind).await?]);
    }
    let mut tries = if bind.port() == 0 { ATTEMPTS } else { 1 };
    loop {
        tries -= 1;
        match both_families(bind).await {
            Err(_) if tries > 0 => {}
            result => return result,
        }
    }
}

async fn both_families(bind: SocketAddr) -> Result<Vec<TcpListener>, String> {
    let first = listener(bind).await?;
    let port = first.local_addr().map_err(|error| words(&error))?.port();
    Ok(vec![first, listener((Ipv6Addr::LOCALHOST, port).into()).await?])
}

async fn listener(address: SocketAddr) -> Result<TcpListener, String> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|error| format!("cannot listen on {address}: {error}"))
}

/// Where a client on this machine finds what listens on all addresses.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        _ => address,
    }
}

/// The addresses that the API's name leads to.
async fn named(way: Way, open: Vec<SocketAddr>, kept: &mut Kept) -> io::Result<Vec<SocketAddr>> {
    match way {
        Way::Refused => Ok(vec![closed_port(IpAddr::V4(Ipv4Addr::LOCALHOST), kept)?]),
        Way::Full => Ok(vec![full_listener(kept).await?]),
        Way::Ipv6Refused => {
            let refused = closed_port(IpAddr::V6(Ipv6Addr::LOCALHOST), kept)?;
            Ok([refused].into_iter().chain(open).collect())
        }
        Way::Open | Way::NotFound | Way::TryAgain | Way::Failed | Way::Never => Ok(open),
    }
}

/// A port that is taken and not listened on: it refuses, and nobody else can open it meanwhile.
fn closed_port(ip: IpAddr, kept: &mut Kept) -> io::Result<SocketAddr> {
    let socket = if ip.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.bind(SocketAddr::from((ip, 0)))?;
    let address = socket.local_addr()?;
    kept.closed.push(socket);
    Ok(address)
}

/// A listener that accepts nothing and whose queue is full, so that the kernel drops what comes.
async fn full_listener(kept: &mut Kept) -> io::Result<SocketAddr> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let listener = socket.listen(0)?;
    let address = listener.local_addr()?;
    let mut queued = Vec::new();
    let patience = Duration::from_millis(50);
    while let Ok(stream) = tokio::time::timeout(patience, TcpStream::connect(address)).await {
        queued.push(stream?);
    }
    kept.full.push((listener, queued));
    Ok(address)
}

async fn open_proxy(
    manner: Proxy,
    target: SocketAddr,
    kept: &mut Kept,
) -> io::Result<Option<SocketAddr>> {
    match manner {
        Proxy::None | Proxy::Url(_) => Ok(None),
        Proxy::Closed => closed_port(IpAddr::V4(Ipv4Addr::LOCALHOST), kept).map(Some),
        Proxy::Works | Proxy::Basic | Proxy::Ntlm | Proxy::Refuses => {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let address = listener.local_addr()?;
            tokio::spawn(proxy::serve(listener, manner, target));
            Ok(Some(address))
        }
    }
}
