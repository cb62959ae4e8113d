//! One way at work: how its connections are made, those that it keeps, and one call over it with the
//! time of each step. Must not decide which way is gone when.

use std::{
    collections::BTreeMap,
    future::Future,
    net::SocketAddr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    bench::{Arm, EndedBy, Ending},
    facts::{
        Clue, Ended, Endpoint, Failure, Fault, HandshakeKind, Phases, Protocol, Sample, Stage,
        Warmth,
    },
    gemini::{Call, Reading},
    net::{
        ConnectionFacts, How, Target,
        deadline::{self, ms_since},
        tap::End,
        tls::Handshake,
    },
    transport::{Answer, Exchange, Limits},
};

use super::{
    super::{
        journal::Spent,
        runner::{Asked, Over},
    },
    carrier::{Ask, Carrier},
    http2::{self, Http2Told, Pinged},
    plan::{Unavailable, WayFacts},
    until::Until,
};

/// How many ends of connections are kept of a way: more of them say nothing new.
const MOST_ENDS: usize = 256;
/// The close that goes with an answer is seen within this.
const CLOSE_SEEN: Duration = Duration::from_millis(5);
/// Why there is no warm connection to a server that ends each with its first answer.
const NEVER_WARM: &str =
    "the other side closes each connection after one call, so that there is no warm one";

/// A way with the connections that it keeps.
pub(super) struct Way {
    pub(super) facts: WayFacts,
    name: Arc<str>,
    pub(super) road: Arc<Road>,
    /// Warm connections, one for each call that is made at the same time.
    kept: Vec<Option<Kept>>,
    /// What was said over connections that several calls had at the same time, some of which may still.
    shared: BTreeMap<u32, Http2Told>,
}

/// How a call gets there: the same for all calls of a way.
pub(super) struct Road {
    pub(super) target: Target,
    pub(super) how: How,
    pub(super) protocol: Protocol,
    pub(super) call: Call,
    pub(super) ask: Ask,
    pub(super) limits: Limits,
    pub(super) reading: Reading,
    pub(super) warmth: Warmth,
    /// How many connections the run has opened.
    pub(super) numbers: Arc<AtomicU32>,
    /// How many requests are sent whose end is not counted yet.
    pub(super) under_way: Arc<AtomicU32>,
    /// When calls are cut.
    pub(super) until: Until,
    /// The side that is asked: where it is, and what is known of every call to it.
    pub(super) endpoint: Endpoint,
    pub(super) context: Vec<Clue>,
    /// What the first connection to the other side showed, by which the others of it go; none where the
    /// settings say it.
    pub(super) reached: Option<Arc<OnceLock<Reached>>>,
}

/// Where a connection led.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The address.
    pub(super) remote: Option<SocketAddr>,
    /// Whether a proxy was asked for the way.
    pub(super) via_proxy: bool,
}

/// A connection that stays.
pub(super) struct Kept {
    carrier: Carrier,
    number: u32,
    opened: Instant,
    /// When its last call was over.
    used: Instant,
}

/// A call that was made, and what became of the connection.
pub(super) struct Trip {
    timed: Timed,
    /// What was sent to warm a connection up.
    warming: Spent,
    kept: Option<Kept>,
    opened: u32,
    gone: Vec<Gone>,
}

/// A connection that is used no more.
pub(super) struct Gone {
    number: u32,
    /// How the other side ended it in between, if it did.
    ended: Option<Ending>,
    told: Option<Http2Told>,
}

/// What opening a connection showed.
pub(super) struct Opened {
    pub(super) facts: ConnectionFacts,
    pub(super) number: u32,
    /// Whether this run's own time was over before it was open.
    pub(super) was_cut: bool,
}

impl Opened {
    /// Nothing, where it was not even begun.
    pub(super) fn none() -> Self {
        Self { facts: ConnectionFacts::default(), number: 0, was_cut: false }
    }
}

/// A call that was timed.
pub(super) struct Timed {
    /// What opening the connection brought, where this call opened one. Boxed, since most calls do not.
    opened: Option<Box<ConnectionFacts>>,
    /// What came of the request; a failure where there was no connection to send it over.
    pub(super) result: Result<Exchange, Failure>,
    latency_ms: f64,
    number: u32,
    nth: u32,
    /// Why an answer with a success status is none.
    no_answer: Option<Failure>,
    was_cut: bool,
}

impl Way {
    pub(super) fn new(arm: Arm, road: Road, at_once: usize) -> Self {
        let name = arm.name();
        let facts = WayFacts::new(arm);
        let kept = (0..at_once).map(|_| None).collect();
        let road = Arc::new(road);
        Self { facts, name: name.into(), road, kept, shared: BTreeMap::new() }
    }

    /// The same way once more, with connections of its own.
    pub(super) fn again(&self) -> Self {
        let arm = self.facts.arm.again();
        let name = arm.name();
        let negotiated = self.facts.negotiated.clone();
        let via = self.facts.via.clone();
        let facts = WayFacts { negotiated, via, ..WayFacts::new(arm) };
        let kept = self.kept.iter().map(|_| None).collect();
        let road = Arc::clone(&self.road);
        Self { facts, name: name.into(), road, kept, shared: BTreeMap::new() }
    }

    /// A call on its way; a warm one that finds no connection opens one, which is not part of it.
    pub(super) fn set_out(&mut self, slot: usize) -> impl Future<Output = Trip> + Send + use<> {
        let kept = self.kept[slot].take();
        let road = Arc::clone(&self.road);
        async move {
            match road.warmth {
                // Boxed, as is all that opens connections: warm calls are not to move its room about.
                Warmth::Cold | Warmth::Resumed => Box::pin(cold_trip(&road)).await,
                Warmth::Warm => warm_trip(&road, kept).await,
            }
        }
    }

    /// The call is back: the connection is kept for the next one.
    pub(super) fn take_back(&mut self, slot: usize, trip: Trip) -> Timed {
        self.road.landed(trip.warming.requests);
        self.kept[slot] = trip.kept;
        self.facts.opened += trip.opened;
        trip.gone.into_iter().for_each(|gone| self.let_go(gone));
        trip.timed
    }

    /// The call is counted from now on wherever calls are.
    pub(super) fn landed(&self, timed: &Timed) {
        self.road.landed(timed.requests());
    }

    /// The requests that calls over all its connections can come to: a warm one may need a new connection,
    /// which carries one more, also where it looks good before.
    pub(super) fn most_requests(&self) -> u64 {
        let calls = self.kept.len() as u64;
        match self.road.warmth {
            Warmth::Cold | Warmth::Resumed => calls,
            Warmth::Warm => calls * 2 + u64::from(calls > 1),
        }
    }

    /// A connection is used no more: what it showed is kept.
    pub(super) fn let_go(&mut self, gone: Gone) {
        self.facts.ends.extend(gone.ended.filter(|_| self.facts.ends.len() < MOST_ENDS));
        self.facts.closed_after.extend(gone.ended.map(|ended| ended.carried));
        match gone.told {
            Some(told) if self.kept.len() > 1 => drop(self.shared.insert(gone.number, told)),
            told => self.facts.hear(told.as_ref()),
        }
    }

    /// What was seen so far, also over connections that are still open.
    pub(super) fn facts(&self) -> WayFacts {
        let mut facts = self.facts.clone();
        let mut by_number = self.shared.clone();
        let kept = self.kept.iter().flatten();
        by_number.extend(kept.filter_map(|kept| Some((kept.number, kept.carrier.told()?))));
        by_number.values().for_each(|told| facts.hear(Some(told)));
        facts
    }

    /// Has calls that are made at the same time share one connection, where the protocol can do that: it
    /// is what a client does. What was sent for it is given back.
    pub(super) async fn share(&mut self) -> Spent {
        let can_share = matches!(self.facts.arm.protocol, Protocol::H2 | Protocol::Grpc);
        let shares = can_share && self.road.warmth == Warmth::Warm && self.kept.len() > 1;
        if !shares || self.is_shared() {
            return Spent::default();
        }
        let (live, closed): (Vec<Kept>, Vec<Kept>) = self
            .kept
            .iter_mut()
            .filter_map(Option::take)
            .partition(|kept| !kept.carrier.is_closed());
        // All slots had the same connection.
        if let Some(last) = closed.iter().max_by_key(|kept| kept.used) {
            let gone = last.ended();
            self.let_go(gone);
        }
        let (kept, spent) = match live.into_iter().next() {
            Some(kept) => (Some(kept), Spent::default()),
            None => self.open_to_share().await,
        };
        let shared = kept.and_then(Kept::shared);
        if let Some(kept) = shared {
            self.kept = self.kept.iter().map(|_| kept.handle()).collect();
        }
        spent
    }

    /// Whether every slot has a handle on the same open connection, as after most rounds.
    fn is_shared(&self) -> bool {
        let mut handles =
            self.kept.iter().map(|kept| kept.as_ref().filter(|kept| kept.carrier.is_handle()));
        let Some(Some(first)) = handles.next() else { return false };
        !first.carrier.is_closed()
            && handles.all(|kept| kept.is_some_and(|kept| kept.number == first.number))
    }

    async fn open_to_share(&mut self) -> (Option<Kept>, Spent) {
        self.facts.opened += 1;
        let (timed, carrier) = open_and_call(&self.road).await;
        let is_good = !timed.is_lost();
        let kept = carrier.filter(|_| is_good).map(|carrier| Kept::now(carrier, timed.number));
        self.road.landed(timed.requests());
        (kept, timed.spent(&self.road))
    }

    /// Asks for PINGs over a connection like those of this way, if that speaks HTTP/2.
    pub(super) async fn ping(&self, left: Duration) -> Option<Pinged> {
        let road = &self.road;
        match road.protocol {
            Protocol::H2 | Protocol::Grpc => {
                http2::ping(&road.target, &road.how, &road.limits, left).await
            }
            Protocol::H1 | Protocol::H3 => None,
        }
    }

    /// What every call of it asks.
    pub(super) fn asks(&self) -> &Call {
        &self.road.call
    }

    /// What a call of this way cost.
    pub(super) fn spent(&self, timed: &Timed) -> Spent {
        timed.spent(&self.road)
    }

    /// The call as a sample of this way.
    pub(super) fn sample(&self, timed: &Timed, at_ms: f64, round: u32) -> Sample {
        let reading = self.road.reading;
        let exchange = timed.result.as_ref().ok();
        let answer = exchange.and_then(Exchange::answer);
        let usage = answer.map(|answer| reading.usage(answer)).unwrap_or_default();
        Sample {
            arm: Arc::clone(&self.name),
            round,
            at_ms,
            due_ms: None,
            ended: timed.ended(),
            phases: timed.phases(reading).into(),
            latency_ms: timed.latency_ms,
            connection: timed.number,
            nth: timed.nth,
            handshake: timed.handshake(),
            bytes_sent: exchange.and_then(|it| it.bytes_sent).map_or(0, small),
            bytes_received: exchange.and_then(|it| it.bytes_received).map_or(0, small),
            input_tokens: usage.0.map(small),
            output_tokens: usage.1.map(small),
        }
    }
}

impl Road {
    /// Requests whose end is counted from now on.
    fn landed(&self, requests: u64) {
        let requests = u32::try_from(requests).expect("a trip makes two requests at most");
        self.under_way.fetch_sub(requests, Ordering::Relaxed);
    }

    /// A request, which counts as sent whether it comes to an end or not.
    fn sets_out(&self) {
        self.under_way.fetch_add(1, Ordering::Relaxed);
    }

    /// The limits of a call that begins now.
    fn limits_now(&self) -> Limits {
        let request_timeout = self.until.within(self.limits.request_timeout);
        Limits { request_timeout, ..self.limits.clone() }
    }

    /// How a connection is made that begins now.
    fn how_now(&self) -> How {
        let mut how = self.how.clone();
        how.connect_timeout = self.until.within(how.connect_timeout);
        if self.warmth != Warmth::Resumed {
            how.tls = how.tls.cold();
        }
        how.pin = how.pin.or_else(|| self.reached.as_ref()?.get()?.remote);
        how
    }

    /// Whether a failure only says that this run's own time was over.
    fn cuts(&self, failure: &Failure) -> bool {
        failure.fault == Fault::TimedOut && self.until.is_over()
    }

    /// Where later connections go too.
    fn learn(&self, facts: &ConnectionFacts) {
        let via_proxy = facts.via_proxy.is_some();
        if let Some(reached) = &self.reached {
            // The first connection says it; later ones only went there too.
            let _ = reached.set(Reached { remote: facts.remote, via_proxy });
        }
    }

    /// Who was asked, with all that is known of it by now.
    fn asked(&self) -> Asked<'_> {
        let reached = self.reached.as_ref().and_then(|reached| reached.get());
        let proxy = reached.filter(|it| it.via_proxy).map(|_| Clue::ViaProxy);
        let context = self.context.iter().cloned().chain(proxy).collect();
        Asked { endpoint: &self.endpoint, context }
    }
}

impl Trip {
    /// What was sent beside the call itself.
    pub(super) fn warming(&self) -> Spent {
        self.warming
    }
}

impl Timed {
    /// Why the way cannot be gone, if this is how a call over it ends.
    pub(super) fn unavailable(&self) -> Option<Unavailable> {
        match (&self.result, self.ended()) {
            (_, Ended::Answered) => None,
            (_, Ended::Refused(status)) => Some(Unavailable::Refused(status)),
            (Err(failure), _) => Some(Unavailable::Failed(failure.clone())),
            (Ok(exchange), _) => {
                let failure = exchange.failure().or(self.no_answer.as_ref());
                failure.cloned().map(Unavailable::Failed)
            }
        }
    }

    /// The protocol that carried it, where one did.
    pub(super) fn http(&self) -> Option<String> {
        self.result.as_ref().ok().map(|exchange| exchange.http.to_owned())
    }

    /// Who passed the answer on, as it says itself.
    pub(super) fn via(&self) -> Option<String> {
        let answer = self.result.as_ref().ok().and_then(Exchange::answer)?;
        let via = answer.headers.get("via")?;
        via.to_str().ok().map(str::to_owned)
    }

    pub(super) fn ended(&self) -> Ended {
        let failure = match &self.result {
            Err(failure) => Some(failure),
            Ok(exchange) => exchange.failure().or(self.no_answer.as_ref()),
        };
        if let Some(failure) = failure {
            return Ended::Failed { stage: failure.stage, fault: failure.fault };
        }
        let answer = self.result.as_ref().ok().and_then(Exchange::answer);
        match answer.map(|answer| answer.status) {
            Some(200..=299) => Ended::Answered,
            Some(status) => Ended::Refused(status),
            None => Ended::Failed { stage: Stage::Head, fault: Fault::Other },
        }
    }

    /// One, or none where there was no connection to send it over.
    fn requests(&self) -> u64 {
        u64::from(self.nth > 0)
    }

    /// What the call itself cost.
    pub(super) fn spent(&self, road: &Road) -> Spent {
        let exchange = self.result.as_ref().ok();
        let answer = exchange.and_then(Exchange::answer);
        let (input, output) = answer.map(|it| road.reading.usage(it)).unwrap_or_default();
        let requests = self.requests();
        Spent {
            requests,
            paid: if road.reading.is_paid() { requests } else { 0 },
            input_tokens: input.unwrap_or(0),
            output_tokens: output.unwrap_or(0),
        }
    }

    /// Whether this run's own time was over before it was: that says nothing about the other side.
    pub(super) fn was_cut(&self) -> bool {
        self.was_cut
    }

    /// It as a call that somebody else is to read.
    pub(super) fn over(self, way: &Way) -> Over<'_> {
        Over {
            number: self.number,
            facts: self.opened.map(|facts| *facts),
            result: self.result,
            asked: way.road.asked(),
        }
    }

    fn phases(&self, reading: Reading) -> Phases {
        let opened = self.opened.as_ref();
        let exchange = self.result.as_ref().ok();
        let answer = exchange.and_then(Exchange::answer);
        Phases {
            dns_ms: opened.and_then(|facts| facts.dns_ms),
            tcp_ms: opened.and_then(|facts| facts.tcp_ms),
            proxy_ms: opened.and_then(|facts| facts.proxy_ms),
            tls_ms: opened.and_then(|facts| facts.tls_ms),
            request_written_ms: exchange.and_then(|exchange| exchange.request_written_ms),
            first_byte_ms: exchange.and_then(|exchange| exchange.first_byte_ms),
            first_token_ms: answer.and_then(|answer| reading.first_text_ms(answer)),
            longest_gap_ms: answer.and_then(|answer| reading.longest_gap_ms(answer)),
            total_ms: exchange.map(|exchange| exchange.total_ms),
            server_ms: answer.and_then(|answer| reading.server_ms(answer)),
        }
    }

    fn handshake(&self) -> Option<HandshakeKind> {
        let tls = self.opened.as_ref()?.tls.as_ref()?;
        Some(match tls.handshake {
            Handshake::Full => HandshakeKind::Full,
            Handshake::FullAfterRetry => HandshakeKind::FullAfterRetry,
            Handshake::Resumed => HandshakeKind::Resumed,
        })
    }

    /// A call for which there was no connection.
    pub(super) fn without(opened: Opened, failure: Failure, began: Instant) -> Self {
        let Opened { facts, number, was_cut } = opened;
        let (opened, latency_ms) = (Some(Box::new(facts)), ms_since(began));
        let result = Err(failure);
        Self { opened, result, latency_ms, number, nth: 0, no_answer: None, was_cut }
    }

    /// Whether the connection is of no further use.
    pub(super) fn is_lost(&self) -> bool {
        match &self.result {
            Err(_) => true,
            Ok(exchange) => exchange.failure().is_some(),
        }
    }
}

/// Whether a whole answer came that says it is a success.
fn is_good(answer: &Answer) -> bool {
    (200..300).contains(&answer.status) && answer.body_failure.is_none()
}

async fn cold_trip(road: &Road) -> Trip {
    let (timed, carrier) = open_and_call(road).await;
    let gone = carrier.map(|carrier| Kept::now(carrier, timed.number).gone());
    let gone = gone.into_iter().collect();
    Trip { timed, warming: Spent::default(), kept: None, opened: 1, gone }
}

async fn warm_trip(road: &Road, kept: Option<Kept>) -> Trip {
    let (live, closed) = match kept {
        Some(kept) if kept.carrier.is_closed() => (None, Some(kept)),
        kept => (kept, None),
    };
    let mut gone: Vec<Gone> = closed.as_ref().map(Kept::ended).into_iter().collect();
    let (mut opened, mut warming) = (0, Spent::default());
    let mut kept = match live {
        Some(kept) => kept,
        None => {
            opened = 1;
            let (timed, carrier) = Box::pin(open_and_call(road)).await;
            match carrier.map(|carrier| Kept::now(carrier, timed.number)) {
                Some(kept) if !timed.is_lost() => {
                    warming = timed.spent(road);
                    tokio::time::sleep(CLOSE_SEEN).await;
                    if kept.is_closed() {
                        gone.push(kept.ended());
                        let timed = never_warm(&timed);
                        return Trip { timed, warming, kept: None, opened, gone };
                    }
                    kept
                }
                lost => {
                    gone.extend(lost.as_ref().map(Kept::let_go));
                    return Trip { timed, warming, kept: None, opened, gone };
                }
            }
        }
    };
    let timed = kept.call(road, Instant::now(), None).await;
    let is_lost = timed.is_lost();
    if is_lost {
        gone.push(kept.let_go());
    }
    Trip { timed, warming, kept: (!is_lost).then_some(kept), opened, gone }
}

/// A call for which there was no warm connection, since the one that was opened carries no second one.
fn never_warm(first: &Timed) -> Timed {
    let failure = Failure::new(Stage::Request, Fault::Closed, NEVER_WARM);
    let opened = Opened { number: first.number, ..Opened::none() };
    Timed::without(opened, failure, Instant::now())
}

/// Opens a connection and makes one call over it; the time of both is the call's.
async fn open_and_call(road: &Road) -> (Timed, Option<Carrier>) {
    let began = Instant::now();
    let (opened, kept) = open(road).await;
    match kept {
        Ok(mut kept) => {
            let timed = kept.call(road, began, Some(opened.facts)).await;
            (timed, Some(kept.carrier))
        }
        Err(failure) => (Timed::without(opened, failure, began), None),
    }
}

/// Opens a connection, and tells what that showed either way.
pub(super) async fn open(road: &Road) -> (Opened, Result<Kept, Failure>) {
    let number = road.numbers.fetch_add(1, Ordering::Relaxed) + 1;
    let (how, limits) = (road.how_now(), road.limits_now());
    let (facts, opened) = Carrier::open(road.protocol, &road.target, &how, &limits).await;
    if opened.is_ok() {
        road.learn(&facts);
    }
    let was_cut = opened.as_ref().err().is_some_and(|failure| road.cuts(failure));
    (Opened { facts, number, was_cut }, opened.map(|carrier| Kept::now(carrier, number)))
}

impl Kept {
    fn now(carrier: Carrier, number: u32) -> Self {
        let now = Instant::now();
        Self { carrier, number, opened: now, used: now }
    }

    /// What it speaks.
    pub(super) fn http(&self) -> &'static str {
        self.carrier.http()
    }

    /// Whether no further call should go over it.
    pub(super) fn is_closed(&self) -> bool {
        self.carrier.is_closed()
    }

    /// When its last call was over.
    pub(super) fn used(&self) -> Instant {
        self.used
    }

    /// How long it was idle when the other side ended it, if it did.
    pub(super) fn ended_idle_ms(&self) -> Option<f64> {
        let end = self.carrier.their_end()?;
        Some(deadline::ms(end.at.saturating_duration_since(self.used)))
    }

    /// It as one for several calls at the same time, where the protocol can do that.
    pub(super) fn shared(self) -> Option<Self> {
        let Self { carrier, number, opened, used } = self;
        carrier.shared().map(|carrier| Self { carrier, number, opened, used })
    }

    /// Another handle on it.
    pub(super) fn handle(&self) -> Option<Self> {
        let Self { number, opened, used, .. } = *self;
        self.carrier.handle().map(|carrier| Self { carrier, number, opened, used })
    }

    /// It as one that the other side has ended.
    pub(super) fn ended(&self) -> Gone {
        let end = self.carrier.their_end();
        let by = match end.map(|end| end.how) {
            // Whoever says in an answer that it is the last one leaves the closing to us.
            None => EndedBy::Word,
            Some(End::GoAway) => EndedBy::GoAway,
            Some(_) => EndedBy::Close,
        };
        let at = end.map_or(self.used, |end| end.at);
        let since = |earlier| deadline::ms(at.saturating_duration_since(earlier));
        let (idle_ms, age_ms) = (since(self.used), since(self.opened));
        let ended = Ending { carried: self.carrier.taken(), idle_ms, age_ms, by };
        Gone { ended: Some(ended), ..self.let_go() }
    }

    /// It as one that carried all that it should, whoever ends it.
    fn gone(&self) -> Gone {
        if self.is_closed() { self.ended() } else { self.let_go() }
    }

    /// It as one that we go on without.
    pub(super) fn let_go(&self) -> Gone {
        Gone { number: self.number, ended: None, told: self.carrier.told() }
    }

    /// One call, timed from when it was wished for.
    pub(super) async fn call(
        &mut self,
        road: &Road,
        began: Instant,
        opened: Option<ConnectionFacts>,
    ) -> Timed {
        // Before others go the same way at the same time.
        let nth = self.carrier.carried() + 1;
        road.sets_out();
        let exchange = self.carrier.exchange(&road.ask, &road.limits_now()).await;
        let latency_ms = ms_since(began);
        self.used = Instant::now();
        let exchange = road.ask.settle(&road.call, exchange);
        let was_cut = exchange.failure().is_some_and(|failure| road.cuts(failure));
        let no_answer = exchange.answer().filter(|answer| is_good(answer));
        let no_answer = no_answer.and_then(|answer| road.reading.no_answer(answer));
        let (opened, number) = (opened.map(Box::new), self.number);
        Timed { opened, result: Ok(exchange), latency_ms, number, nth, no_answer, was_cut }
    }
}

/// A number of one call; none comes near the most that fits.
fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use crate::{
        gemini::Auth,
        net::{
            loopback,
            tls::{Alpn, Setup},
        },
        secret::ApiKey,
    };

    use super::*;

    fn road(pin: Option<SocketAddr>) -> Road {
        let endpoint = Endpoint::parse("http://127.0.0.1:9", "v1beta").expect("a good URL");
        let tls = Setup::new(&loopback::trust_nobody(), Alpn::H1).expect("usable roots");
        let call = Call::get("m");
        let request = call.request(&endpoint, Auth::Header(&ApiKey::new("FAKE-key")));
        Road {
            target: Target { host: "127.0.0.1".to_owned(), port: 9, secure: false },
            how: How { pin, ..How::new(tls) },
            protocol: Protocol::H1,
            reading: Reading::of(&call, &crate::facts::Api::Gemini),
            call,
            ask: Ask::Http(request),
            limits: Limits::default(),
            warmth: Warmth::Cold,
            numbers: Arc::default(),
            under_way: Arc::default(),
            until: Until::default(),
            endpoint,
            context: Vec::new(),
            reached: Some(Arc::default()),
        }
    }

    fn address(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    fn seen(port: u16, proxy: Option<&str>) -> ConnectionFacts {
        let via_proxy = proxy.map(str::to_owned);
        ConnectionFacts { remote: Some(address(port)), via_proxy, ..Default::default() }
    }

    #[test]
    fn connections_go_where_the_first_one_went() {
        let open = road(None);
        assert_eq!(open.how_now().pin, None);
        open.learn(&seen(1, None));
        open.learn(&seen(2, None));
        assert_eq!(open.how_now().pin, Some(address(1)));
        let chosen = road(Some(address(3)));
        chosen.learn(&seen(1, None));
        assert_eq!(chosen.how_now().pin, Some(address(3)));
    }

    #[test]
    fn a_proxy_before_the_other_side_is_known_once_it_was_seen() {
        let road = road(None);
        assert!(!road.asked().context.contains(&Clue::ViaProxy));
        road.learn(&seen(1, Some("http://proxy.example")));
        assert!(road.asked().context.contains(&Clue::ViaProxy));
    }
}
