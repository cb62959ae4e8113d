//! Builds the ways of a plan, goes each once to warm it up, and leaves out those that lead nowhere.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock, atomic::AtomicU32},
};

use crate::{
    bench::{Arm, Side},
    facts::{Clue, Endpoint, Protocol, Warmth},
    gemini::{Auth, Call, Reading, grpc},
    net::{How, Target, dial::Families, proxy::ProxyChoice, tls::Alpn},
};

use super::{
    super::{Runner, key::KeyPlan},
    carrier::Ask,
    plan::{Benched, Failed, Other, Unavailable, WayFacts},
    way::{Reached, Road, Way},
};

/// The ways that can be gone. Those that cannot are in `benched` with the reason.
pub(super) async fn open(key: &KeyPlan, runner: &Runner<'_>, benched: &mut Benched) -> Vec<Way> {
    let numbers = numbers(runner);
    let mut ways = Vec::new();
    for arm in benched.plan.arms.clone() {
        let way = match road(arm, key, runner, benched, &numbers) {
            Err(why) => Err(lost(arm, Unavailable::Impossible(why))),
            Ok(road) => try_way(arm, road, runner, benched).await,
        };
        match way {
            Ok(way) => ways.push(way),
            Err(lost) => benched.ways.push(lost),
        }
    }
    if benched.plan.again
        && let Some(twin) = twin(&ways)
    {
        ways.push(twin);
    }
    let lost = std::mem::take(&mut benched.ways);
    benched.ways = ways.iter().map(|way| way.facts.clone()).chain(lost).collect();
    ways
}

/// Goes a way once, and records that call as an attempt, since it counts for no figure.
async fn try_way(
    arm: Arm,
    road: Road,
    runner: &Runner<'_>,
    benched: &mut Benched,
) -> Result<Way, WayFacts> {
    let most = if arm.warmth == Warmth::Warm { 2 } else { 1 };
    runner.may_send(most).map_err(|why| lost(arm, Unavailable::Impossible(why)))?;
    let mut way = Way::new(arm, road, benched.plan.concurrency);
    let at_ms = runner.clock.elapsed_ms();
    let trip = way.set_out(0).await;
    // A warm way has made two calls now, of which one only opened the connection.
    runner.journal.spend(trip.warming());
    let timed = way.take_back(0, trip);
    way.landed(&timed);
    way.facts.unavailable = timed.unavailable();
    way.facts.negotiated = timed.http();
    way.facts.via = timed.via();
    let ended = timed.ended();
    let tried = runner.read_elsewhere(way.asks(), at_ms, timed.over(&way));
    if way.facts.unavailable.is_none() && tried.success().is_none() {
        way.facts.unavailable = Some(Unavailable::Impossible(tried.summary().to_owned()));
    }
    if way.facts.unavailable.is_none() {
        return Ok(way);
    }
    benched.failures.push(Failed { way: way.facts.name.clone(), ended, tried });
    Err(way.facts)
}

/// The last warm way once more, or else the last one.
fn twin(ways: &[Way]) -> Option<Way> {
    let warm = ways.iter().rev().find(|way| way.facts.arm.warmth == Warmth::Warm);
    warm.or(ways.last()).map(Way::again)
}

/// A way that leads nowhere.
pub(super) fn lost(arm: Arm, why: Unavailable) -> WayFacts {
    WayFacts { unavailable: Some(why), ..WayFacts::new(arm) }
}

/// The numbers of connections go on where those of the way before the benchmark end.
pub(super) fn numbers(runner: &Runner<'_>) -> Arc<AtomicU32> {
    Arc::new(AtomicU32::new(runner.connections()))
}

/// How calls of an arm get there. The error is why they cannot.
pub(super) fn road(
    arm: Arm,
    key: &KeyPlan,
    runner: &Runner<'_>,
    benched: &Benched,
    numbers: &Arc<AtomicU32>,
) -> Result<Road, String> {
    let call = super::call(key, runner, &benched.plan, arm.side);
    road_of(call, arm, runner, benched, numbers)
}

/// How a call of one's own gets there.
pub(super) fn road_of(
    call: Call,
    arm: Arm,
    runner: &Runner<'_>,
    benched: &Benched,
    numbers: &Arc<AtomicU32>,
) -> Result<Road, String> {
    let endpoint = endpoint(runner, benched.plan.other.as_ref(), arm.side);
    let reached = reached(benched, arm.side);
    Ok(Road {
        target: Target {
            host: endpoint.host.clone(),
            port: endpoint.port,
            secure: endpoint.secure,
        },
        how: how(arm, runner, benched, endpoint)?,
        protocol: arm.protocol,
        ask: ask(arm.protocol, &call, endpoint, runner)?,
        limits: runner.limits(),
        reading: Reading::of(&call, &endpoint.api),
        warmth: arm.warmth,
        numbers: Arc::clone(numbers),
        under_way: Arc::clone(&benched.under_way),
        until: benched.until.clone(),
        endpoint: endpoint.clone(),
        context: context(runner, endpoint, reached.is_some()),
        reached,
        call,
    })
}

/// Where the first connection of the other side leads, the others go too. The usual side has its address
/// already, and so has one that is an address.
fn reached(benched: &Benched, side: Side) -> Option<Arc<OnceLock<Reached>>> {
    let is_open = matches!(benched.plan.other, Some(Other::BaseUrl(_) | Other::Direct));
    (is_open && side == Side::Other).then(|| Arc::clone(&benched.reached))
}

/// What is known of every call to a side. Whether a proxy stands before one that was not reached yet, its
/// first connection shows.
fn context(runner: &Runner<'_>, endpoint: &Endpoint, is_new: bool) -> Vec<Clue> {
    let stays = |clue: &&Clue| match clue {
        Clue::Host(_) => false,
        Clue::ViaProxy => !is_new,
        _ => true,
    };
    let usual = runner.context().iter().filter(stays).cloned();
    usual.chain([Clue::Host(endpoint.host_kind())]).collect()
}

fn ask(
    protocol: Protocol,
    call: &Call,
    endpoint: &Endpoint,
    runner: &Runner<'_>,
) -> Result<Ask, String> {
    match protocol {
        Protocol::Grpc => grpc::request(call, endpoint, runner.key).map(Ask::Grpc),
        _ => Ok(Ask::Http(call.request(endpoint, Auth::of(&endpoint.api, runner.key)))),
    }
}

fn endpoint<'a>(runner: &Runner<'a>, other: Option<&'a Other>, side: Side) -> &'a Endpoint {
    match (other, side) {
        (Some(Other::BaseUrl(endpoint)), Side::Other) => endpoint,
        _ => runner.endpoint,
    }
}

fn how(
    arm: Arm,
    runner: &Runner<'_>,
    benched: &Benched,
    endpoint: &Endpoint,
) -> Result<How, String> {
    let alpn = match arm.protocol {
        Protocol::H1 => Alpn::H1,
        Protocol::H2 | Protocol::Grpc => Alpn::H2,
        Protocol::H3 if !cfg!(feature = "http3") => {
            return Err("this build has no HTTP/3".to_owned());
        }
        Protocol::H3 => Alpn::H3,
    };
    if !endpoint.secure && arm.protocol != Protocol::H1 {
        return Err("without TLS only HTTP/1.1 is spoken".to_owned());
    }
    let usual = runner.how();
    let mut how = How {
        families: Families::Fastest,
        tls: usual.tls.offering(alpn),
        pin: benched.remote,
        ..usual.clone()
    };
    match (&benched.plan.other, arm.side) {
        (Some(Other::Families), side) => {
            how.pin = Some(of_family(runner, side)?);
        }
        (Some(Other::Address(address)), Side::Other) => {
            how.pin = Some(SocketAddr::new(*address, endpoint.port));
        }
        (Some(Other::BaseUrl(_)), Side::Other) => how.pin = None,
        (Some(Other::Direct), Side::Other) => {
            how.proxy = ProxyChoice::None;
            how.pin = None;
        }
        _ => {}
    }
    Ok(how)
}

/// The first address of the family that a side stands for.
fn of_family(runner: &Runner<'_>, side: Side) -> Result<SocketAddr, String> {
    let wants_v4 = side == Side::Usual;
    let name = if wants_v4 { "IPv4" } else { "IPv6" };
    let found = runner.addresses().iter().find(|address| address.is_ipv4() == wants_v4);
    found.copied().ok_or_else(|| format!("the name has no {name} address"))
}
