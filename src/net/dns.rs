//! A name becomes addresses, timed and bounded. The one place that asks the operating system's resolver.
//!
//! Overrides stand before it: what `--resolve` names, and the answers of a simulation.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use dns_lookup::{LookupError, LookupErrorKind};

use super::classify;
use super::deadline::{Deadline, ms_since};
use crate::facts::{Failure, Fault, Stage};

/// How names are resolved.
#[derive(Clone, Debug)]
pub struct Resolver {
    /// Answers that are known beforehand. The first that fits counts, with the addresses of all that
    /// are for the same name and port.
    pub overrides: Vec<Override>,
    /// What there is beyond them.
    pub beyond: Beyond,
    /// Which addresses are wanted.
    pub family: Family,
    /// How long the resolver may take.
    pub timeout: Duration,
}

/// What there is beyond the answers that are known beforehand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beyond {
    /// The operating system's resolver, and every address.
    #[default]
    System,
    /// Nothing but this machine: no other name is known, and only loopback addresses are dialled.
    Nothing,
}

/// Which addresses are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Family {
    /// Both families.
    #[default]
    Any,
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
}

/// A known answer for one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The name, in any case.
    pub host: String,
    /// The port it holds for; `None` for every port.
    pub port: Option<u16>,
    /// The answer.
    pub answer: Answer,
}

/// What the resolver is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// These addresses; port 0 stands for the port that is asked for.
    Addresses(Vec<SocketAddr>),
    /// There is no such name.
    NotFound,
    /// A temporary failure.
    TryAgain,
    /// A lasting failure.
    Failed,
    /// No answer at all, until the time is up.
    Never,
}

/// What came of a name, and how long it took. `ms` is `None` where nobody had to be asked.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// Milliseconds until the answer.
    pub ms: Option<f64>,
    /// The addresses, at least one, in the resolver's order.
    pub answer: Result<Vec<SocketAddr>, Failure>,
}

impl Default for Resolver {
    fn default() -> Self {
        Self {
            overrides: Vec::new(),
            beyond: Beyond::System,
            family: Family::Any,
            timeout: super::CONNECT_TIMEOUT,
        }
    }
}

impl Resolver {
    /// The addresses of a host, which may be an address itself.
    pub async fn lookup(&self, host: &str, port: u16, deadline: Deadline) -> Lookup {
        let start = Instant::now();
        let deadline = deadline.or_after(self.timeout);
        if let Some(known) = self.known(host, port) {
            let answer = self.overridden(host, port, &known, deadline).await;
            return Lookup { ms: Some(ms_since(start)), answer: self.wanted(host, answer) };
        }
        if let Ok(address) = host.parse::<IpAddr>() {
            let answer = Ok(vec![SocketAddr::new(address, port)]);
            return Lookup { ms: None, answer: self.wanted(host, answer) };
        }
        let answer = match self.beyond {
            Beyond::System => system(host, port, deadline).await,
            Beyond::Nothing => {
                Err(failure(Fault::NameNotFound, host, "a simulated run knows no such name"))
            }
        };
        Lookup { ms: Some(ms_since(start)), answer: self.wanted(host, answer) }
    }

    /// Whether a lookup may say something else than the operating system would.
    pub fn decides(&self, host: &str, port: u16) -> bool {
        self.beyond == Beyond::Nothing || self.overrides.iter().any(|one| one.fits(host, port))
    }

    /// What is known beforehand.
    fn known(&self, host: &str, port: u16) -> Option<Answer> {
        let first = self.overrides.iter().find(|one| one.fits(host, port))?;
        let same = |one: &&Override| one.fits(host, port) && one.port == first.port;
        let Answer::Addresses(_) = &first.answer else { return Some(first.answer.clone()) };
        let mut merged: Vec<SocketAddr> = Vec::new();
        for address in self.overrides.iter().filter(same).flat_map(Override::addresses) {
            if !merged.contains(address) {
                merged.push(*address);
            }
        }
        Some(Answer::Addresses(merged))
    }

    async fn overridden(
        &self,
        host: &str,
        port: u16,
        answer: &Answer,
        deadline: Deadline,
    ) -> Result<Vec<SocketAddr>, Failure> {
        match answer {
            Answer::Addresses(addresses) => {
                Ok(addresses.iter().map(|address| with_port(*address, port)).collect())
            }
            Answer::NotFound => Err(failure(Fault::NameNotFound, host, "no such name")),
            Answer::TryAgain => Err(failure(Fault::NameTryAgain, host, "temporary failure")),
            Answer::Failed => Err(failure(Fault::NameFailed, host, "the resolver failed")),
            Answer::Never => never(host, deadline).await,
        }
    }

    /// Keeps what may be dialled: the family that is wanted, and this machine where there is nothing
    /// beyond it.
    fn wanted(
        &self,
        host: &str,
        answer: Result<Vec<SocketAddr>, Failure>,
    ) -> Result<Vec<SocketAddr>, Failure> {
        let mut addresses = answer?;
        if addresses.is_empty() {
            return Err(failure(Fault::NameNotFound, host, "it has no address"));
        }
        addresses.retain(|address| self.beyond.has(address));
        if addresses.is_empty() {
            let words = "a simulated run dials loopback addresses only";
            return Err(failure(Fault::NameFailed, host, words));
        }
        addresses.retain(|address| self.family.has(address));
        if addresses.is_empty() {
            return Err(Failure::new(Stage::Dns, Fault::NameFailed, self.family.left_out(host)));
        }
        Ok(addresses)
    }
}

impl Override {
    fn fits(&self, host: &str, port: u16) -> bool {
        self.host.eq_ignore_ascii_case(host) && self.port.is_none_or(|known| known == port)
    }

    fn addresses(&self) -> &[SocketAddr] {
        match &self.answer {
            Answer::Addresses(addresses) => addresses,
            _ => &[],
        }
    }
}

impl Beyond {
    fn has(self, address: &SocketAddr) -> bool {
        self == Self::System || address.ip().to_canonical().is_loopback()
    }
}

impl Family {
    /// The word for a report.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Any => "IP",
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        }
    }

    /// The family of an address: never [`Family::Any`].
    pub fn of(address: &SocketAddr) -> Self {
        if address.is_ipv6() { Self::V6 } else { Self::V4 }
    }

    /// Why there is no address left, in words that are true of names and of addresses.
    fn left_out(self, host: &str) -> String {
        let (option, other) = match self {
            Self::Any => return format!("no address was found for {host}"),
            Self::V4 => ("-4", Self::V6),
            Self::V6 => ("-6", Self::V4),
        };
        let (word, other) = (self.word(), other.word());
        format!("no {word} address was found for {host}; {option} leaves out {other}")
    }

    fn has(self, address: &SocketAddr) -> bool {
        self == Self::Any || self == Self::of(address)
    }
}

fn with_port(mut address: SocketAddr, port: u16) -> SocketAddr {
    if address.port() == 0 {
        address.set_port(port);
    }
    address
}

async fn never(host: &str, deadline: Deadline) -> Result<Vec<SocketAddr>, Failure> {
    deadline.bound(Stage::Dns, &unanswered(host), std::future::pending()).await
}

/// Asks on a thread of its own: the call cannot be cancelled, and a thread of the runtime's pool
/// would hold up the end of the program.
async fn system(host: &str, port: u16, deadline: Deadline) -> Result<Vec<SocketAddr>, Failure> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let name = host.to_owned();
    std::thread::Builder::new()
        .name("resolver".to_owned())
        .spawn(move || sender.send(ask(&name, port)))
        .map_err(|error| failure(Fault::NameFailed, host, &error.to_string()))?;
    let answered = deadline.bound(Stage::Dns, &unanswered(host), receiver).await?;
    answered.unwrap_or_else(|_| Err(failure(Fault::NameFailed, host, "the resolver crashed")))
}

fn ask(host: &str, port: u16) -> Result<Vec<SocketAddr>, Failure> {
    let hints = dns_lookup::AddrInfoHints {
        socktype: dns_lookup::SockType::Stream.into(),
        ..dns_lookup::AddrInfoHints::default()
    };
    let found = dns_lookup::getaddrinfo(Some(host), None, Some(hints))
        .map_err(|error| lookup_failure(host, error))?;
    let mut addresses: Vec<SocketAddr> = Vec::new();
    for info in found.flatten() {
        let address = SocketAddr::new(info.sockaddr.ip(), port);
        if !addresses.contains(&address) && !is_unspecified(address.ip()) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() {
        return Err(failure(Fault::NameNotFound, host, "it has no usable address"));
    }
    Ok(addresses)
}

/// Filters that block a name often answer `0.0.0.0` or `::`; connecting there reaches this machine.
fn is_unspecified(address: IpAddr) -> bool {
    address == IpAddr::V4(Ipv4Addr::UNSPECIFIED) || address == IpAddr::V6(Ipv6Addr::UNSPECIFIED)
}

fn lookup_failure(host: &str, error: LookupError) -> Failure {
    let fault = match error.kind() {
        LookupErrorKind::NoName | LookupErrorKind::NoData => Fault::NameNotFound,
        LookupErrorKind::Again => Fault::NameTryAgain,
        _ => Fault::NameFailed,
    };
    failure(fault, host, &classify::io_words(&std::io::Error::from(error)))
}

fn failure(fault: Fault, host: &str, words: &str) -> Failure {
    Failure::new(Stage::Dns, fault, format!("{host}: {words}"))
}

fn unanswered(host: &str) -> String {
    format!("{host}: the resolver did not answer")
}
