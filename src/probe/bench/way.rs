//! One way at work: how its connections are made, those that it keeps, and one call over it with the
//! time of each step. Must not decide which way is gone when.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Instant,
};

use crate::{
    bench::Arm,
    facts::{Ended, Failure, HandshakeKind, Phases, Protocol, Sample, Stage, Warmth},
    gemini::{Call, Reading},
    net::{self, ConnectionFacts, How, Target, deadline::ms_since, tls::Handshake},
    transport::{Connection, Exchange, Limits, Request, Shared},
};

use super::{
    super::{journal::Spent, runner::Over},
    plan::{Unavailable, WayFacts},
};

/// A way with the connections that it keeps.
pub(super) struct Way {
    pub(super) facts: WayFacts,
    /// What every call of it asks.
    pub(super) call: Call,
    name: Arc<str>,
    road: Arc<Road>,
    /// Warm connections, one for each call that is made at the same time.
    kept: Vec<Option<Kept>>,
}

/// How a call gets there: the same for all calls of a way.
pub(super) struct Road {
    pub(super) target: Target,
    pub(super) how: How,
    pub(super) request: Request,
    pub(super) limits: Limits,
    pub(super) reading: Reading,
    pub(super) warmth: Warmth,
    /// How many connections the run has opened.
    pub(super) numbers: Arc<AtomicU32>,
    /// How many requests of the run are sent and not taken back.
    pub(super) under_way: Arc<AtomicU32>,
}

/// A connection that stays.
struct Kept {
    carrier: Carrier,
    number: u32,
}

/// What carries calls over a kept connection.
enum Carrier {
    /// One call at a time.
    Alone(Connection),
    /// Several at the same time, as HTTP/2 can.
    Shared(Shared),
}

impl Carrier {
    async fn exchange(&mut self, road: &Road) -> Exchange {
        let request = road.request.clone();
        match self {
            Self::Alone(connection) => connection.exchange(request, &road.limits).await,
            Self::Shared(shared) => shared.exchange(request, &road.limits).await,
        }
    }

    fn is_closed(&self) -> bool {
        match self {
            Self::Alone(connection) => connection.is_closed(),
            Self::Shared(shared) => shared.is_closed(),
        }
    }

    fn carried(&self) -> u32 {
        match self {
            Self::Alone(connection) => connection.carried(),
            Self::Shared(shared) => shared.carried(),
        }
    }

    fn taken(&self) -> u32 {
        match self {
            Self::Alone(connection) => connection.taken(),
            Self::Shared(shared) => shared.taken(),
        }
    }
}

/// A call that was made, and what became of the connection.
pub(super) struct Trip {
    timed: Timed,
    /// What was sent to warm a connection up.
    warming: Spent,
    kept: Option<Kept>,
    opened: u32,
    /// The calls that the kept connection had carried when it was found closed.
    closed_after: Option<u32>,
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
    pub(super) fn new(arm: Arm, call: Call, road: Road, at_once: usize) -> Self {
        let name = arm.name();
        let facts = WayFacts {
            arm,
            name: name.clone(),
            unavailable: None,
            negotiated: None,
            opened: 0,
            closed_after: Vec::new(),
        };
        let kept = (0..at_once).map(|_| None).collect();
        Self { facts, call, name: name.into(), road: Arc::new(road), kept }
    }

    /// The same way once more, with connections of its own.
    pub(super) fn again(&self) -> Self {
        let arm = self.facts.arm.again();
        let name = arm.name();
        let facts = WayFacts { arm, name: name.clone(), opened: 0, ..self.facts.clone() };
        let kept = self.kept.iter().map(|_| None).collect();
        let (call, road) = (self.call.clone(), Arc::clone(&self.road));
        Self { facts, call, name: name.into(), road, kept }
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
        self.facts.closed_after.extend(trip.closed_after);
        trip.timed
    }

    /// Has calls that are made at the same time share one connection, where the protocol can do that: it
    /// is what a client does. What was sent for it is given back.
    pub(super) async fn share(&mut self) -> Spent {
        let can_share = self.facts.arm.protocol == Protocol::H2 && self.road.warmth == Warmth::Warm;
        if self.kept.len() == 1 || !can_share || self.is_shared() {
            return Spent::default();
        }
        let (live, closed): (Vec<Kept>, Vec<Kept>) = self
            .kept
            .iter_mut()
            .filter_map(Option::take)
            .partition(|kept| !kept.carrier.is_closed());
        // All slots had the same connection.
        self.facts.closed_after.extend(closed.first().map(|kept| kept.carrier.taken()));
        let (kept, spent) = match live.into_iter().next() {
            Some(kept) => (Some(kept), Spent::default()),
            None => self.open_to_share().await,
        };
        let shared = kept.and_then(Kept::shared);
        if let Some((shared, number)) = shared {
            let handle = || Kept { carrier: Carrier::Shared(shared.clone()), number };
            self.kept = self.kept.iter().map(|_| Some(handle())).collect();
        }
        spent
    }

    /// Whether every slot has a handle on the same open connection, as after most rounds.
    fn is_shared(&self) -> bool {
        let mut handles = self.kept.iter().map(|kept| match kept {
            Some(Kept { carrier: Carrier::Shared(shared), number }) => Some((shared, number)),
            _ => None,
        });
        let Some(Some((shared, first))) = handles.next() else { return false };
        !shared.is_closed() && handles.all(|it| it.is_some_and(|(_, number)| number == first))
    }

    async fn open_to_share(&mut self) -> (Option<Kept>, Spent) {
        self.facts.opened += 1;
        let (timed, carrier) = open_and_call(&self.road).await;
        let is_good = !timed.is_lost();
        let kept =
            carrier.filter(|_| is_good).map(|carrier| Kept { carrier, number: timed.number });
        self.road.landed(timed.requests());
        (kept, timed.spent(&self.road))
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
    fn landed(&self, requests: u64) {
        let requests = u32::try_from(requests).expect("a trip makes two requests at most");
        self.under_way.fetch_sub(requests, Ordering::Relaxed);
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

    /// Whether the connection is of no further use.
    fn is_lost(&self) -> bool {
        match &self.result {
            Err(_) => true,
            Ok(exchange) => exchange.failure().is_some(),
        }
    }
}

async fn cold_trip(road: &Road) -> Trip {
    let (timed, _) = open_and_call(road).await;
    Trip { timed, warming: Spent::default(), kept: None, opened: 1, closed_after: None }
}

async fn warm_trip(road: &Road, kept: Option<Kept>) -> Trip {
    let closed_after = kept.as_ref().filter(|kept| kept.carrier.is_closed());
    let closed_after = closed_after.map(|kept| kept.carrier.taken());
    let (mut opened, mut warming) = (0, Spent::default());
    let mut kept = match kept.filter(|_| closed_after.is_none()) {
        Some(kept) => kept,
        None => {
            opened = 1;
            let (timed, carrier) = Box::pin(open_and_call(road)).await;
            let number = timed.number;
            match carrier.filter(|_| !timed.is_lost()) {
                Some(carrier) => {
                    warming = timed.spent(road);
                    Kept { carrier, number }
                }
                None => return Trip { timed, warming, kept: None, opened, closed_after },
            }
        }
    };
    let began = Instant::now();
    let timed = kept.call(road, began, None).await;
    let kept = (!timed.is_lost()).then_some(kept);
    Trip { timed, warming, kept, opened, closed_after }
}

/// Opens a connection and makes one call over it; the time of both is the call's.
async fn open_and_call(road: &Road) -> (Timed, Option<Carrier>) {
    let number = road.numbers.fetch_add(1, Ordering::Relaxed) + 1;
    let began = Instant::now();
    let mut how = road.how.clone();
    if road.warmth != Warmth::Resumed {
        how.tls = how.tls.cold();
    }
    let dialled = net::connect(&road.target, &how).await;
    let opened = match dialled.outcome {
        Ok(stream) => Connection::open(stream, &road.limits).await,
        Err(failure) => Err(failure),
    };
    match opened {
        Ok(connection) => {
            let mut kept = Kept { carrier: Carrier::Alone(connection), number };
            let timed = kept.call(road, began, Some(Box::new(dialled.facts))).await;
            (timed, Some(kept.carrier))
        }
        Err(failure) => {
            let latency_ms = ms_since(began);
            let opened = Some(Box::new(dialled.facts));
            let result = Err(failure);
            (Timed { opened, result, latency_ms, number, nth: 0 }, None)
        }
    }
}

impl Kept {
    /// A handle on it for several calls at the same time, and its number.
    fn shared(self) -> Option<(Shared, u32)> {
        let shared = match self.carrier {
            Carrier::Alone(mut connection) => connection.share(),
            Carrier::Shared(shared) => Some(shared),
        };
        shared.map(|shared| (shared, self.number))
    }

    async fn call(
        &mut self,
        road: &Road,
        began: Instant,
        opened: Option<Box<ConnectionFacts>>,
    ) -> Timed {
        // Before others go the same way at the same time.
        let nth = self.carrier.carried() + 1;
        road.under_way.fetch_add(1, Ordering::Relaxed);
        let exchange = self.carrier.exchange(road).await;
        let latency_ms = ms_since(began);
        Timed { opened, result: Ok(exchange), latency_ms, number: self.number, nth }
    }
}
