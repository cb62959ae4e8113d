//! Opens the sockets of a simulation: those that are served, and those that refuse or never take.
//!
//! Speaks no protocol and accepts nothing; `serve.rs` and `proxy.rs` do.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::proxy;
use super::scenario::{Proxy, Scenario, Way};

/// A port that is free at one address may be taken at another: then another port is tried.
const ATTEMPTS: u32 = 8;

/// Where the server is to listen: all of these addresses, on one port; port 0 is any free one.
pub(super) struct Wanted {
    pub(super) ips: Vec<IpAddr>,
    port: u16,
}

impl Wanted {
    /// The address that was asked for, those that follow it, and `::1`.
    pub(super) fn new(bind: SocketAddr, count: u8, also_ipv6: bool) -> Result<Self, String> {
        let first = bind.ip();
        let following = (1..count).map(|step| nth_after(first, step));
        let ips: Option<Vec<IpAddr>> = std::iter::once(Some(first)).chain(following).collect();
        let mut ips = ips.ok_or_else(|| {
            format!(
                "the scenario wants {count} loopback addresses, which cannot begin with {first}"
            )
        })?;
        if also_ipv6 && first.is_ipv4() {
            ips.push(Ipv6Addr::LOCALHOST.into());
        }
        Ok(Self { ips, port: bind.port() })
    }
}

/// Only IPv4 has more than one loopback address.
fn nth_after(first: IpAddr, step: u8) -> Option<IpAddr> {
    let IpAddr::V4(first) = first else { return None };
    let ip = Ipv4Addr::from_bits(first.to_bits().wrapping_add(step.into()));
    ip.is_loopback().then_some(ip.into())
}

/// Where everything is once it listens.
pub(super) struct Places {
    /// Where it listens, the address that was asked for first.
    pub(super) addresses: Vec<SocketAddr>,
    /// What DNS says, in its order.
    pub(super) named: Vec<SocketAddr>,
    pub(super) proxy: Option<SocketAddr>,
    /// Where the tunnels of a proxy lead that takes TLS apart.
    pub(super) inspected: Option<TcpListener>,
    /// Where the metadata server is.
    pub(super) metadata: Option<SocketAddr>,
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
    wanted: &Wanted,
) -> Result<(Vec<TcpListener>, Places, Kept), String> {
    let listeners = listen(wanted).await?;
    let mut kept = Kept::default();
    let places = place(scenario, &listeners, &mut kept).await.map_err(|error| words(&error))?;
    Ok((listeners, places, kept))
}

async fn place(
    scenario: &Scenario,
    listeners: &[TcpListener],
    kept: &mut Kept,
) -> io::Result<Places> {
    let addresses: io::Result<Vec<SocketAddr>> =
        listeners.iter().map(TcpListener::local_addr).collect();
    let addresses = addresses?;
    let mut open: Vec<SocketAddr> = addresses.iter().copied().map(reachable).collect();
    let inspected = open_inspected(scenario.proxy).await?;
    let target = inspected.as_ref().map_or(Ok(open[0]), TcpListener::local_addr)?;
    let proxy = open_proxy(scenario.proxy, target, kept).await?;
    // IPv6 comes first in a resolver's answer.
    open.sort_by_key(SocketAddr::is_ipv4);
    let named = named(scenario.way, open, kept).await?;
    Ok(Places { addresses, named, proxy, inspected, metadata: None })
}

fn words(error: &io::Error) -> String {
    format!("cannot open the simulator's sockets: {error}")
}

async fn listen(wanted: &Wanted) -> Result<Vec<TcpListener>, String> {
    let mut tries = if wanted.port == 0 && wanted.ips.len() > 1 { ATTEMPTS } else { 1 };
    loop {
        tries -= 1;
        match on_one_port(wanted).await {
            Err(_) if tries > 0 => {}
            result => return result,
        }
    }
}

async fn on_one_port(wanted: &Wanted) -> Result<Vec<TcpListener>, String> {
    let mut port = wanted.port;
    let mut listeners = Vec::new();
    for ip in &wanted.ips {
        let listener = listener((*ip, port).into()).await?;
        port = listener.local_addr().map_err(|error| words(&error))?.port();
        listeners.push(listener);
    }
    Ok(listeners)
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

async fn open_inspected(manner: Proxy) -> io::Result<Option<TcpListener>> {
    match manner {
        Proxy::Intercepts => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map(Some),
        _ => Ok(None),
    }
}

async fn open_proxy(
    manner: Proxy,
    target: SocketAddr,
    kept: &mut Kept,
) -> io::Result<Option<SocketAddr>> {
    match manner {
        Proxy::None | Proxy::Url(_) => Ok(None),
        Proxy::Closed => closed_port(IpAddr::V4(Ipv4Addr::LOCALHOST), kept).map(Some),
        Proxy::Works
        | Proxy::Slow(_)
        | Proxy::Basic
        | Proxy::Ntlm
        | Proxy::Refuses
        | Proxy::Intercepts => {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let address = listener.local_addr()?;
            tokio::spawn(proxy::serve(listener, manner, target));
            Ok(Some(address))
        }
    }
}
