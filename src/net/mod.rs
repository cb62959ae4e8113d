//! Bytes with a stopwatch: name, address, proxy, TLS, and what each of them cost or why it failed.
//!
//! A network failure is typed here, where it happens, and is data from here on. Nothing is retried.

pub mod classify;
pub mod deadline;
pub mod dial;
pub mod dns;
pub mod frames;
pub mod look;
pub mod proxy;
#[cfg(feature = "http3")]
pub mod quic;
mod stream;
pub mod tap;
pub mod tls;
mod words;

#[cfg(test)]
pub(crate) mod loopback;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::facts::{Failure, Fault, Stage};
use deadline::{Deadline, ms_since};
use dial::{Families, FamilyResult};
use dns::Resolver;
use proxy::{ProxyChoice, ProxyUrl, Scheme};
pub use stream::Stream;
use stream::{Hop, Link};
use tap::Tap;
use tls::{Refused, TlsFacts};

/// How long opening a connection may take, from the name to the end of the TLS handshake.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where a connection is to lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// A name or an address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether TLS is spoken.
    pub secure: bool,
}

/// How a connection is made.
#[derive(Clone, Debug)]
pub struct How {
    /// How names are resolved.
    pub resolver: Resolver,
    /// Whether slower address families are waited for.
    pub families: Families,
    /// The only address that is dialled, whatever the name resolves to. Through a proxy it is the
    /// proxy's. The name is resolved all the same, so that its time is measured.
    pub pin: Option<SocketAddr>,
    /// Through which proxy.
    pub proxy: ProxyChoice,
    /// How TLS is spoken; clones resume each other's sessions.
    pub tls: tls::Setup,
    /// How long all of it may take.
    pub connect_timeout: Duration,
}

/// A connection or why there is none, with all that was measured until then.
#[derive(Debug)]
pub struct Dialled {
    /// What was measured.
    pub facts: ConnectionFacts,
    /// The connection.
    pub outcome: Result<Stream, Failure>,
}

/// What was measured while a connection was made. Through a proxy, names and addresses are the proxy's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConnectionFacts {
    /// What the name resolved to.
    pub addresses: Vec<SocketAddr>,
    /// Milliseconds until the name was resolved; `None` where it is an address.
    pub dns_ms: Option<f64>,
    /// Each address family that was tried.
    pub families: Vec<FamilyResult>,
    /// Milliseconds until the address that won was connected.
    pub tcp_ms: Option<f64>,
    /// The address that won.
    pub remote: Option<SocketAddr>,
    /// The proxy's URL without its login.
    pub via_proxy: Option<String>,
    /// Milliseconds for the tunnel, TLS to the proxy included.
    pub proxy_ms: Option<f64>,
    /// Milliseconds for the TLS handshake with the target.
    pub tls_ms: Option<f64>,
    /// What the handshake showed.
    pub tls: Option<TlsFacts>,
    /// The chain of a handshake that failed because of it, with its causes.
    pub refused: Option<Box<Refused>>,
}

/// Opens a connection to the target.
pub async fn connect(target: &Target, how: &How) -> Dialled {
    let mut facts = ConnectionFacts::default();
    let outcome = open(target, how, &mut facts).await;
    Dialled { facts, outcome }
}

impl How {
    /// The system's names, no proxy, both families reported, the usual time-out.
    pub fn new(tls: tls::Setup) -> Self {
        Self {
            resolver: Resolver::default(),
            families: Families::Report,
            pin: None,
            proxy: ProxyChoice::None,
            tls,
            connect_timeout: CONNECT_TIMEOUT,
        }
    }
}

impl Target {
    /// `host:port`, with brackets round an IPv6 address.
    pub fn address(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// The same without the port that is meant anyway, as a request names it.
    pub fn authority(&self) -> String {
        let usual = if self.secure { ":443" } else { ":80" };
        let address = self.address();
        address.strip_suffix(usual).map_or(address.clone(), str::to_owned)
    }

    /// `https://host:port`.
    pub fn origin(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.address())
    }
}

async fn open(target: &Target, how: &How, facts: &mut ConnectionFacts) -> Result<Stream, Failure> {
    let deadline = Deadline::after(how.connect_timeout);
    let link = match how.proxy.url() {
        None => Hop::Plain(reach(target, how, deadline, facts).await?),
        Some(proxy) => tunnel(proxy, target, how, deadline, facts).await?,
    };
    let link = Tap::counting(link);
    if target.secure {
        secure(target, how, deadline, link, facts).await
    } else {
        Ok(Stream::plain(link))
    }
}

/// Name, address, TCP.
async fn reach(
    target: &Target,
    how: &How,
    deadline: Deadline,
    facts: &mut ConnectionFacts,
) -> Result<tokio::net::TcpStream, Failure> {
    let lookup = how.resolver.lookup(&target.host, target.port, deadline).await;
    facts.dns_ms = lookup.ms;
    facts.addresses = lookup.answer?;
    let pinned = how.pin.map(|address| [address]);
    let addresses = pinned.as_ref().map_or(&facts.addresses[..], |one| one);
    let dialling = dial::dial(addresses, how.families, deadline).await;
    facts.families = dialling.families;
    let dialled = dialling.outcome?;
    facts.tcp_ms = Some(dialled.ms);
    facts.remote = Some(dialled.remote);
    Ok(dialled.stream)
}

/// Whatever fails on the way to the proxy is the proxy's failure.
async fn tunnel(
    proxy: &ProxyUrl,
    target: &Target,
    how: &How,
    deadline: Deadline,
    facts: &mut ConnectionFacts,
) -> Result<Link, Failure> {
    facts.via_proxy = Some(proxy.to_string());
    let resolved = locally_resolved(proxy, target, how, deadline).await?;
    let tunnel = through(proxy, target, resolved, how, deadline, facts).await;
    tunnel.map_err(|failure| {
        let named = classify::naming(&format!("proxy {proxy}"), &failure);
        Failure { stage: Stage::Proxy, ..named }
    })
}

async fn through(
    proxy: &ProxyUrl,
    target: &Target,
    resolved: Option<SocketAddr>,
    how: &How,
    deadline: Deadline,
    facts: &mut ConnectionFacts,
) -> Result<Link, Failure> {
    if let Scheme::Other(_) = proxy.scheme {
        return Err(proxy::unsupported(proxy));
    }
    let stream = reach(&proxy.target(), how, deadline, facts).await?;
    let start = Instant::now();
    let asking = async {
        let mut link = to_proxy(proxy, how, stream).await?;
        proxy::open_tunnel(proxy, target, resolved, &mut link).await.map(|()| link)
    };
    let link = deadline.bound(Stage::Proxy, "no tunnel", asking).await??;
    facts.proxy_ms = Some(ms_since(start));
    Ok(link)
}

/// `socks5://` means that the name is resolved here, and only then.
async fn locally_resolved(
    proxy: &ProxyUrl,
    target: &Target,
    how: &How,
    deadline: Deadline,
) -> Result<Option<SocketAddr>, Failure> {
    if proxy.scheme != Scheme::Socks5 {
        return Ok(None);
    }
    let lookup = how.resolver.lookup(&target.host, target.port, deadline).await;
    Ok(lookup.answer?.first().copied())
}

async fn to_proxy(
    proxy: &ProxyUrl,
    how: &How,
    stream: tokio::net::TcpStream,
) -> Result<Link, Failure> {
    if proxy.scheme != Scheme::Https {
        return Ok(Hop::Plain(stream));
    }
    let setup = how.tls.offering(tls::Alpn::H1);
    match tls::handshake(&setup, &proxy.host, stream).await {
        Ok((stream, _)) => Ok(Hop::Tls(Box::new(stream))),
        Err(refusal) => Err(refusal.failure),
    }
}

async fn secure(
    target: &Target,
    how: &How,
    deadline: Deadline,
    link: Tap<Link>,
    facts: &mut ConnectionFacts,
) -> Result<Stream, Failure> {
    let start = Instant::now();
    let shaking = tls::handshake(&how.tls, &target.host, link);
    let unfinished = format!("{}: the TLS handshake did not finish", target.address());
    match deadline.bound(Stage::Tls, &unfinished, shaking).await? {
        Ok((stream, shown)) => {
            facts.tls_ms = Some(ms_since(start));
            let agreed = agreed(target, &how.tls, &shown);
            facts.tls = Some(shown);
            agreed.map(|()| Stream::tls(stream))
        }
        Err(refusal) => {
            facts.refused = refusal.refused;
            Err(refusal.failure)
        }
    }
}

/// A server that knows no ALPN leaves the choice open: whoever offers HTTP/2 alone does not want another
/// version instead. A choice that was not offered has ended the handshake before.
fn agreed(target: &Target, setup: &tls::Setup, shown: &TlsFacts) -> Result<(), Failure> {
    if shown.alpn.is_some() || !setup.wants_http2() {
        return Ok(());
    }
    let who = target.address();
    let detail = format!("{who}: asked for HTTP/2 only, and the server offered no ALPN");
    Err(Failure::new(Stage::Tls, Fault::TlsRefused, detail))
}
