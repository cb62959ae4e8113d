//! One way at work: how its connections are made, those that it keeps, and one call over it with the
//! time of each step. Must not decide which way is gone when.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    bench::{Arm, EndedBy, Ending},
    facts::{Ended, Failure, HandshakeKind, Phases, Protocol, Sample, Stage, Warmth},
    gemini::{Call, Reading},
    net::{
        ConnectionFacts, How, Target,
        deadline::{self, ms_since},
        tap::End,
        tls::Handshake,
    },
    transport::{Exchange, Limits},
};

use super::{
    super::{journal::Spent, runner::Over},
    carrier::{Ask, Carrier},
    http2::{self, Http2Told, Pinged},
    plan::{Unavailable, WayFacts},
};

/// How many ends of connections are kept of a way: more of them say nothing new.
const MOST_ENDS: usize = 256;

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
    /// How many requests of rounds are sent and not taken back.
    pub(super) under_way: Arc<AtomicU32>,
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
}

impl Opened {
    /// Nothing, where it was not even begun.
    pub(super) fn none() -> Self {
        Self { facts: ConnectionFacts::default(), number: 0 }
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
        self.road.landed(trip.warming.requests + trip.timed.requests());
        self.kept[slot] = trip.kept;
        self.facts.opened += trip.opened;
        trip.gone.into_iter().for_each(|gone| self.let_go(gone));
        trip.timed
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
            phases: timed.phases(reading),
            latency_ms: timed.latency_ms,
            connection: timed.number,
            nth: timed.nth,
            handshake: timed.handshake(),
            bytes_sent: exchange.and_then(|it| it.bytes_sent).unwrap_or(0),
            bytes_received: exchange.and_then(|it| it.bytes_received).unwrap_or(0),
            input_tokens: usage.0,
            output_tokens: usage.1,
        }
    }
}

impl Road {
    /// Requests of rounds whose end is counted from now on.
    fn landed(&self, requests: u64) {
        let requests = u32::try_from(requests).expect("a trip makes two requests at most");
        self.under_way.fetch_sub(requests, Ordering::Relaxed);
    }

    /// A request of a round, which counts as sent whether it comes to an end or not.
    fn sets_out(&self) {
        self.under_way.fetch_add(1, Ordering::Relaxed);
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
            (Ok(exchange), _) => exchange.failure().cloned().map(Unavailable::Failed),
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
            Ok(exchange) => exchange.failure(),
        };
        if let Some(failure) = failure {
            return Ended::Failed { stage: failure.stage, fault: failure.fault };
        }
        let answer = self.result.as_ref().ok().and_then(Exchange::answer);
        match answer.map(|answer| answer.status) {
            Some(200..=299) => Ended::Answered,
            Some(status) => Ended::Refused(status),
            None => Ended::Failed { stage: Stage::Head, fault: crate::facts::Fault::Other },
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

    /// It as a call that somebody else is to read.
    pub(super) fn over(self) -> Over {
        Over { number: self.number, facts: self.opened.map(|facts| *facts), result: self.result }
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
        let Opened { facts, number, .. } = opened;
        let latency_ms = ms_since(began);
        Self { opened: Some(Box::new(facts)), result: Err(failure), latency_ms, number, nth: 0 }
    }

    /// Whether the connection is of no further use.
    pub(super) fn is_lost(&self) -> bool {
        match &self.result {
            Err(_) => true,
            Ok(exchange) => exchange.failure().is_some(),
        }
    }
}

async fn cold_trip(road: &Road) -> Trip {
    let (timed, carrier) = open_and_call(road).await;
    let gone = carrier.map(|carrier| Kept::now(carrier, timed.number).let_go());
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
                    kept
                }
                lost => {
                    gone.extend(lost.as_ref().map(Kept::let_go));
                    return Trip { timed, warming, kept: None, opened, gone };
                }
            }
        }
    };
    road.sets_out();
    let timed = kept.call(road, Instant::now(), None).await;
    let is_lost = timed.is_lost();
    if is_lost {
        gone.push(kept.let_go());
    }
    Trip { timed, warming, kept: (!is_lost).then_some(kept), opened, gone }
}

/// Opens a connection and makes one call over it; the time of both is the call's.
async fn open_and_call(road: &Road) -> (Timed, Option<Carrier>) {
    let began = Instant::now();
    let (opened, kept) = open(road).await;
    match kept {
        Ok(mut kept) => {
            road.sets_out();
            let timed = kept.call(road, began, Some(opened.facts)).await;
            (timed, Some(kept.carrier))
        }
        Err(failure) => (Timed::without(opened, failure, began), None),
    }
}

/// Opens a connection, and tells what that showed either way.
pub(super) async fn open(road: &Road) -> (Opened, Result<Kept, Failure>) {
    let number = road.numbers.fetch_add(1, Ordering::Relaxed) + 1;
    let mut how = road.how.clone();
    if road.warmth != Warmth::Resumed {
        how.tls = how.tls.cold();
    }
    let (facts, opened) = Carrier::open(road.protocol, &road.target, &how, &road.limits).await;
    (Opened { facts, number }, opened.map(|carrier| Kept::now(carrier, number)))
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
        let exchange = self.carrier.exchange(&road.ask, &road.limits).await;
        let latency_ms = ms_since(began);
        self.used = Instant::now();
        let exchange = road.ask.settle(&road.call, exchange);
        let (opened, number) = (opened.map(Box::new), self.number);
        Timed { opened, result: Ok(exchange), latency_ms, number, nth }
    }
}
