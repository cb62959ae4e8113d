//! Addresses become one TCP connection. Both address families are tried side by side and reported apart.
//!
//! Must not resolve names, and must not let a slow or broken family fail the other.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;

use super::classify;
use super::deadline::{Deadline, ms_since};
use super::dns::Family;
use crate::facts::{Failure, Fault, Stage};

/// How long IPv6 goes ahead of IPv4.
const HEAD_START: Duration = Duration::from_millis(250);
/// How long the slower family may go on once the faster one is connected, so that it can be reported.
const GRACE: Duration = Duration::from_millis(300);

/// What came of one address family.
#[derive(Clone, Debug, PartialEq)]
pub struct FamilyResult {
    /// The family.
    pub family: Family,
    /// The address that was tried last.
    pub address: SocketAddr,
    /// Milliseconds until it was connected.
    pub connect_ms: Option<f64>,
    /// Why it was not; `None` as well where it was left alone once the other family was connected.
    pub failure: Option<Failure>,
}

/// What came of dialling.
#[derive(Debug)]
pub struct Dialling {
    /// Each family that was tried, IPv6 first.
    pub families: Vec<FamilyResult>,
    /// The first connection.
    pub outcome: Result<Dialled, Failure>,
}

/// A connection, and how long it took to open.
#[derive(Debug)]
pub struct Dialled {
    /// The connection.
    pub stream: TcpStream,
    /// The address it leads to.
    pub remote: SocketAddr,
    /// Milliseconds until it was connected.
    pub ms: f64,
}

/// Whether the slower family is waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Families {
    /// Give both families a chance to report, for at most 300 ms more.
    #[default]
    Report,
    /// The first connection is enough.
    Fastest,
}

/// Dials the addresses of each family in their order.
pub async fn dial(addresses: &[SocketAddr], families: Families, deadline: Deadline) -> Dialling {
    let of = |family| -> Vec<SocketAddr> {
        addresses.iter().filter(|address| Family::of(address) == family).copied().collect()
    };
    let (v6, v4) = (of(Family::V6), of(Family::V4));
    let tries = match (v6.is_empty(), v4.is_empty()) {
        (false, false) => race(&v6, &v4, families, deadline).await,
        (_, true) => vec![try_family(&v6, deadline).await],
        (true, _) => vec![try_family(&v4, deadline).await],
    };
    conclude(tries)
}

/// One family's result with the connection, if there is one.
struct Try {
    result: FamilyResult,
    stream: Option<TcpStream>,
}

async fn race(
    v6: &[SocketAddr],
    v4: &[SocketAddr],
    families: Families,
    deadline: Deadline,
) -> Vec<Try> {
    let mut first = pin!(try_family(v6, deadline));
    let early = tokio::time::timeout(HEAD_START, first.as_mut()).await.ok();
    let mut second = pin!(try_family(v4, deadline));
    if let Some(v6_try) = early {
        let v4_try = rest(v6_try.stream.is_some(), second, v4, families).await;
        return std::iter::once(v6_try).chain(v4_try).collect();
    }
    tokio::select! {
        v6_try = first.as_mut() => {
            let v4_try = rest(v6_try.stream.is_some(), second, v4, families).await;
            std::iter::once(v6_try).chain(v4_try).collect()
        }
        v4_try = second.as_mut() => {
            let v6_try = rest(v4_try.stream.is_some(), first, v6, families).await;
            v6_try.into_iter().chain(std::iter::once(v4_try)).collect()
        }
    }
}

/// Goes on with the family that has not reported yet: to its end if it must connect, for the grace
/// period if it only reports.
async fn rest(
    connected: bool,
    other: impl Future<Output = Try>,
    addresses: &[SocketAddr],
    families: Families,
) -> Option<Try> {
    match (connected, families) {
        (false, _) => Some(other.await),
        (true, Families::Fastest) => None,
        (true, Families::Report) => match tokio::time::timeout(GRACE, other).await {
            // What comes second is for the report: clients use the first.
            Ok(reported) => Some(Try { stream: None, ..reported }),
            Err(_) => Some(Try { result: left_alone(addresses), stream: None }),
        },
    }
}

/// The other family was connected and the grace period over before this one had answered: it may be
/// slow or broken, and nobody waited long enough to say which.
fn left_alone(addresses: &[SocketAddr]) -> FamilyResult {
    let address = addresses[0];
    FamilyResult { family: Family::of(&address), address, connect_ms: None, failure: None }
}

/// Tries a family's addresses in their order; each gets an equal share of the time that is left.
async fn try_family(addresses: &[SocketAddr], deadline: Deadline) -> Try {
    let mut failures = Vec::new();
    for (tried, address) in addresses.iter().enumerate() {
        let share = deadline.left() / u32::try_from(addresses.len() - tried).unwrap_or(1);
        match open(*address, deadline.or_after(share)).await {
            Ok(opened) => return opened,
            Err(failure) => failures.push(failure),
        }
    }
    let last = addresses[addresses.len() - 1];
    Try { result: failed(last, summary(failures)), stream: None }
}

async fn open(address: SocketAddr, deadline: Deadline) -> Result<Try, Failure> {
    let start = Instant::now();
    let unfinished = format!("{address}: not connected");
    let stream = deadline
        .bound(Stage::Tcp, &unfinished, TcpStream::connect(address))
        .await?
        .map_err(|error| classify::naming(&address, &classify::failure(&error, Stage::Tcp)))?;
    // Some systems refuse this on a connection that is reset already; what comes next will tell.
    let _ = stream.set_nodelay(true);
    let result = FamilyResult {
        family: Family::of(&address),
        address,
        connect_ms: Some(ms_since(start)),
        failure: None,
    };
    Ok(Try { result, stream: Some(stream) })
}

fn failed(address: SocketAddr, failure: Failure) -> FamilyResult {
    FamilyResult { family: Family::of(&address), address, connect_ms: None, failure: Some(failure) }
}

/// The last failure with the words of the others before it.
fn summary(mut failures: Vec<Failure>) -> Failure {
    let last = failures.pop().expect("a family has at least one address");
    let others: Vec<String> = failures.into_iter().map(|failure| failure.detail).collect();
    match others.len() {
        0 => last,
        1 | 2 => Failure { detail: format!("{}; {}", others.join("; "), last.detail), ..last },
        more => {
            Failure { detail: format!("{} (and {more} addresses before)", last.detail), ..last }
        }
    }
}

/// The connection that was there first, or the failure that tells most.
fn conclude(tries: Vec<Try>) -> Dialling {
    let families: Vec<FamilyResult> = tries.iter().map(|one| one.result.clone()).collect();
    let first = tries
        .into_iter()
        .find_map(|one| Some((one.result.connect_ms?, one.result.address, one.stream?)));
    let outcome = match first {
        Some((ms, remote, stream)) => Ok(Dialled { stream, remote, ms }),
        None => Err(telling(&families)),
    };
    Dialling { families, outcome }
}

/// A machine without IPv6 says "unreachable" at once: what the other family met tells more.
fn telling(families: &[FamilyResult]) -> Failure {
    let weak =
        |failure: &&Failure| matches!(failure.fault, Fault::Unreachable | Fault::NoLocalAddress);
    let failures = || families.iter().rev().filter_map(|one| one.failure.as_ref());
    failures()
        .find(|failure| !weak(failure))
        .or_else(|| failures().next())
        .cloned()
        .unwrap_or_else(|| Failure::new(Stage::Tcp, Fault::Other, "no address to connect to"))
}
