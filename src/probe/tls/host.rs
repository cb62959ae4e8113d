//! One host: every connection to it, and what they show together. Judges nothing that a verifier does not.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use crate::{
    certs::{Chain, ocsp},
    facts::{Failure, Fault, Stage, trust::StoreVerdict},
    net::{
        How, Target,
        deadline::Deadline,
        dial::{self, Families},
        dns::{Answer, Beyond, Override},
        look::{self, Looker, Names, Page, Seen, Then},
        proxy::ProxyChoice,
        tls::{
            Alpn, Judged,
            hello::Spoken,
            scan::{self, Support},
        },
    },
};

use super::{
    Host, NamedStore, Times,
    cause::{self, Told},
};

/// The port on which networks show their sign-in page.
const PORTAL_PORT: u16 = 80;
/// The other port that they take over; what runs at further ones is somebody's own.
const TAKEN_OVER: u16 = 443;
/// What a look at that page may take.
const PORTAL_WAIT: Duration = Duration::from_secs(3);

/// All that was seen of a host.
#[derive(Clone, Debug)]
pub struct HostSeen {
    /// The host.
    pub host: Host,
    /// When it was looked at, in seconds since 1970, by this machine's clock.
    pub now: u64,
    /// When this program was made, which no right clock is behind.
    pub made: u64,
    /// Whether a name server was asked, and not only what is known beforehand.
    pub resolved: bool,
    /// Why the first handshake failed, where the second one passed.
    pub first_try: Option<Failure>,
    /// The connection as this program makes it.
    pub main: Seen,
    /// One that offered HTTP/1.1 alone and asked for `/`.
    pub asked: Option<Seen>,
    /// One that could resume its session.
    pub resumed: Option<Seen>,
    /// One past the proxy.
    pub direct: Option<Seen>,
    /// One with the name that the certificate must be for, where another one is sent.
    pub named: Option<Seen>,
    /// The page without TLS, where TLS failed.
    pub portal: Option<Page>,
    /// What the server supports; none where nothing could be connected.
    pub support: Option<Support>,
    /// The chain as it was sent.
    pub chain: Chain,
    /// The OCSP answer that was stapled, or why it cannot be read.
    pub staple: Option<Result<ocsp::Answer, String>>,
    /// What each store says of the chain.
    pub stores: Vec<StoreSays>,
    /// Whether the chain would be trusted at the time that the server says.
    pub trusted_by_their_clock: Option<bool>,
    /// What is wrong, the most important first; empty where nothing is.
    pub told: Vec<Told>,
}

/// What one store says.
#[derive(Clone, Debug)]
pub struct StoreSays {
    /// The store.
    pub store: NamedStore,
    /// What it says; none where there is no chain, or the store cannot be used.
    pub verdict: Option<StoreVerdict>,
}

impl HostSeen {
    /// With nothing but one connection, or none.
    fn blank(host: Host, main: Seen, times: Times) -> Self {
        Self {
            host,
            now: times.now,
            made: times.made,
            resolved: false,
            first_try: None,
            main,
            asked: None,
            resumed: None,
            direct: None,
            named: None,
            portal: None,
            support: None,
            chain: Chain::read::<Vec<u8>>(&[]),
            staple: None,
            stores: Vec::new(),
            trusted_by_their_clock: None,
            told: Vec::new(),
        }
    }

    /// The chain in DER, leaf first.
    pub fn sent(&self) -> &[Vec<u8>] {
        if !self.main.chain.is_empty() {
            return &self.main.chain;
        }
        let in_the_clear = self.support.as_ref().and_then(|support| support.chain.known());
        in_the_clear.map_or(&[], Vec::as_slice)
    }

    /// The server's clock less this machine's, in seconds.
    pub fn clock_ahead_s(&self) -> Option<i64> {
        let theirs = i64::try_from(self.page()?.date?).ok()?;
        Some(theirs - i64::try_from(self.now).ok()?)
    }

    /// The answer to the question for `/`.
    pub fn page(&self) -> Option<&Page> {
        self.asked.as_ref()?.page()
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        let opened = |seen: &Seen| {
            let families = seen.facts.families.len();
            families.max(usize::from(seen.facts.tcp_ms.is_some()))
        };
        let others = [&self.asked, &self.resumed, &self.direct, &self.named];
        let others: usize = others.into_iter().flatten().map(opened).sum();
        let again = usize::from(self.first_try.is_some());
        let scan = self.support.as_ref().map_or(0, |support| {
            support.probes.iter().filter(|probe| probe.connect_ms.is_some()).count()
        });
        opened(&self.main) + others + again + scan + usize::from(self.portal.is_some())
    }

    /// Whether the handshake ended and the chain is accepted by what this program goes by.
    pub fn is_trusted(&self) -> bool {
        self.main.finished.is_ok() && matches!(self.main.judged, Some(Judged::Trusted(_)))
    }
}

/// Looks at one host.
pub(super) async fn look(host: Host, how: How, stores: &[NamedStore], times: Times) -> HostSeen {
    let mut seen = match Ready::of(&host, how).await {
        Ok(ready) => {
            let mut seen = everything(&host, &ready, times).await;
            again(&mut seen, &ready).await;
            if !seen.is_trusted() && host.proxy.url().is_none() && host.port == TAKEN_OVER {
                seen.portal = portal(&seen, &ready.target, &ready.how).await;
            }
            seen
        }
        Err(unresolved) => HostSeen::blank(host, *unresolved, times),
    };
    seen.chain = Chain::read(seen.sent());
    seen.staple = staple(&seen);
    seen.stores = stores.iter().map(|store| says(store, &seen)).collect();
    seen.told = cause::told(&seen);
    seen
}

/// A host that can be dialled.
struct Ready {
    target: Target,
    how: How,
    /// The same for all connections but the first: to the one address that answers.
    fast: How,
    dns_ms: Option<f64>,
    resolved: bool,
}

impl Ready {
    /// The name is looked up once for all connections; through a proxy it is the proxy's to look up. An
    /// `Err` is what there is to see of a name that leads nowhere.
    async fn of(host: &Host, mut how: How) -> Result<Self, Box<Seen>> {
        let target = Target { host: host.name.clone(), port: host.port, secure: true };
        how.proxy = host.proxy.clone();
        let is_known = how.resolver.decides(&host.name, host.port) || host.address.is_some();
        let resolved =
            !is_known && host.name.parse::<IpAddr>().is_err() && how.proxy.url().is_none();
        let deadline = Deadline::after(how.connect_timeout);
        let (mut dns_ms, mut addresses) = (None, host.address.into_iter().collect());
        if host.address.is_none() && how.proxy.url().is_none() {
            let lookup = how.resolver.lookup(&host.name, host.port, deadline).await;
            dns_ms = lookup.ms;
            addresses = lookup.answer.map_err(|failure| {
                let mut seen = Seen::without(failure);
                seen.facts.dns_ms = dns_ms;
                Box::new(seen)
            })?;
        }
        let mut fast = How { families: Families::Fastest, ..how.clone() };
        if !addresses.is_empty() {
            fast.pin = the_one_that_answers(&addresses, deadline).await;
            let answer = Answer::Addresses(addresses);
            let known = Override { host: host.name.clone(), port: Some(host.port), answer };
            how.resolver.overrides.insert(0, known.clone());
            fast.resolver.overrides.insert(0, known);
        }
        Ok(Self { target, how, fast, dns_ms, resolved })
    }
}

/// Of several addresses one is taken for all, so that answers are of one server.
async fn the_one_that_answers(addresses: &[SocketAddr], deadline: Deadline) -> Option<SocketAddr> {
    if let [only] = addresses {
        return Some(*only);
    }
    dial::dial(addresses, Families::Fastest, deadline).await.outcome.ok().map(|won| won.remote)
}

/// All connections side by side: the wall time is that of the longest of them.
async fn everything(host: &Host, ready: &Ready, times: Times) -> HostSeen {
    let Ready { target, how, fast, .. } = ready;
    let names = names(host);
    let main = seen(target, how, Alpn::Either, &names, Then::Leave);
    let asked = asked_and_resumed(target, fast, &names);
    let past = past_the_proxy(target, fast, &names);
    let named = as_wanted(host, target, fast);
    let plan = scan::Plan {
        name: names.sent.parse::<IpAddr>().is_err().then(|| names.sent.clone()),
        ssl3: false,
        timeout: how.connect_timeout,
    };
    let scanned = scan::scan(target, fast, &plan);
    let (mut main, asked, direct, named, support) = tokio::join!(main, asked, past, named, scanned);
    main.facts.dns_ms = ready.dns_ms.or(main.facts.dns_ms);
    let Asked { asked, resumed, trusted_by_their_clock } = asked;
    let connected = support.probes.iter().any(|probe| probe.connect_ms.is_some());
    HostSeen {
        resolved: ready.resolved,
        asked,
        resumed,
        direct,
        named,
        support: connected.then_some(support),
        trusted_by_their_clock,
        ..HostSeen::blank(host.clone(), main, times)
    }
}

fn names(host: &Host) -> Names {
    Names { sent: host.sni.clone().unwrap_or_else(|| host.name.clone()), wanted: host.name.clone() }
}

/// A handshake that was lost where another one passed is tried once more: one loss of many is no verdict.
async fn again(seen: &mut HostSeen, ready: &Ready) {
    let Err(failure) = &seen.main.finished else { return };
    let is_loss = matches!(failure.fault, Fault::Reset | Fault::Closed | Fault::TimedOut);
    let passed = seen.asked.as_ref().is_some_and(|asked| asked.finished.is_ok());
    if !(failure.stage == Stage::Tls && is_loss && passed) {
        return;
    }
    let failure = failure.clone();
    let names = names(&seen.host);
    let second = self::seen(&ready.target, &ready.fast, Alpn::Either, &names, Then::Leave).await;
    if second.finished.is_ok() {
        let first = std::mem::replace(&mut seen.main, second);
        seen.main.facts.families = first.facts.families;
        seen.main.facts.dns_ms = first.facts.dns_ms;
        seen.first_try = Some(failure);
    }
}

async fn seen(target: &Target, how: &How, alpn: Alpn, names: &Names, then: Then) -> Seen {
    match Looker::new(target, how, alpn, names) {
        Ok(looker) => looker.look(then).await,
        Err(failure) => Seen::without(failure),
    }
}

/// What the connections that offer HTTP/1.1 show.
struct Asked {
    asked: Option<Seen>,
    resumed: Option<Seen>,
    trusted_by_their_clock: Option<bool>,
}

async fn asked_and_resumed(target: &Target, how: &How, names: &Names) -> Asked {
    let Ok(looker) = Looker::new(target, how, Alpn::H1, names) else {
        return Asked { asked: None, resumed: None, trusted_by_their_clock: None };
    };
    let asked = looker.look(Then::Ask).await;
    let date = asked.page().and_then(|page| page.date);
    let trusted_by_their_clock = date.and_then(|date| looker.would_trust_at(date));
    let resumed = match asked.finished {
        Ok(()) => Some(looker.look(Then::Leave).await),
        Err(_) => None,
    };
    Asked { asked: Some(asked), resumed, trusted_by_their_clock }
}

/// What is shown without the proxy, to hold against what it lets through.
async fn past_the_proxy(target: &Target, how: &How, names: &Names) -> Option<Seen> {
    how.proxy.url()?;
    let how = How { proxy: ProxyChoice::None, ..how.clone() };
    Some(seen(target, &how, Alpn::Either, names, Then::Leave).await)
}

/// What is shown for the right name, where another one is sent.
async fn as_wanted(host: &Host, target: &Target, how: &How) -> Option<Seen> {
    host.sni.as_ref().filter(|sni| **sni != host.name)?;
    let names = Names { sent: host.name.clone(), wanted: host.name.clone() };
    Some(seen(target, how, Alpn::Either, &names, Then::Leave).await)
}

/// What is shown without TLS: at the port itself where HTTP is spoken there in the clear, else at port 80,
/// where a network's sign-in page answers for everybody.
async fn portal(seen: &HostSeen, target: &Target, how: &How) -> Option<Page> {
    let mut how = How { connect_timeout: PORTAL_WAIT.min(how.connect_timeout), ..how.clone() };
    let spoken = seen.support.as_ref().and_then(|support| support.spoken);
    if matches!(spoken, Some(Spoken::Http { wants_tls: false, .. })) {
        let plain = Target { secure: false, ..target.clone() };
        return look::ask_plainly(&plain, &how).await.ok();
    }
    // A simulated world has no port 80; this machine's own is none of its.
    if how.resolver.beyond == Beyond::Nothing {
        return None;
    }
    let plain = Target { port: PORTAL_PORT, secure: false, ..target.clone() };
    // What is known of the host's address holds for this port as well.
    for known in &mut how.resolver.overrides {
        if known.host.eq_ignore_ascii_case(&target.host) {
            known.port = None;
            known.answer = at_port(&known.answer, PORTAL_PORT);
        }
    }
    look::ask_plainly(&plain, &how).await.ok()
}

fn at_port(answer: &Answer, port: u16) -> Answer {
    match answer {
        Answer::Addresses(addresses) => {
            let moved = |address: &std::net::SocketAddr| {
                let mut address = *address;
                address.set_port(port);
                address
            };
            Answer::Addresses(addresses.iter().map(moved).collect())
        }
        other => other.clone(),
    }
}

fn staple(seen: &HostSeen) -> Option<Result<ocsp::Answer, String>> {
    let bytes = &seen.main.ocsp;
    (!bytes.is_empty()).then(|| ocsp::Answer::read(bytes).map_err(|error| error.why))
}

fn says(store: &NamedStore, seen: &HostSeen) -> StoreSays {
    let verdict = match store.trouble {
        Some(_) => None,
        None => seen.put_to(&store.store),
    };
    StoreSays { store: store.clone(), verdict }
}

impl HostSeen {
    /// Why there was no connection at all.
    pub fn unreached(&self) -> Option<&Failure> {
        let failure = self.main.finished.as_ref().err()?;
        matches!(failure.stage, Stage::Dns | Stage::Tcp | Stage::Proxy).then_some(failure)
    }
}
