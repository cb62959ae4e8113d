//! Sends one call after the other within the budget and records each: the only way of a probe to the wire.

mod errand;
mod fetch;

use std::{
    borrow::Cow,
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use http::HeaderValue;
use tokio::task::JoinSet;

use crate::{
    facts::{Attempt, Clue, Endpoint, Failure, Fault, Phases, check::Evidence, clue::Shown},
    gemini::{Auth, Call, Reply},
    net::{
        self, ConnectionFacts, How, Target,
        dial::Families,
        dns::{Answer as Named, Override},
        tls::Alpn,
    },
    secret::ApiKey,
    transport::{Answer, Connection, Exchange, Limits, Outcome, Pooled},
};

pub(super) use errand::{Ended as ErrandEnded, Errand};
pub(super) use fetch::Fetch;

use super::{
    Clock, Journal,
    gateway::{self, Noted},
};

/// More tokens than any question of this program has.
pub(super) const PROMPT_TOKENS: u64 = 200;

/// Free calls that run side by side.
const AT_ONCE: usize = 8;

/// What a run may spend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Requests.
    pub requests: u64,
    /// Tokens, sent and received.
    pub tokens: Option<u64>,
    /// Time for the whole run.
    pub deadline: Option<Duration>,
}

/// Where a runner keeps what it only learns on its way: a token, and the endpoint with its project.
#[derive(Debug, Default)]
pub struct Vault {
    key: OnceCell<ApiKey>,
    endpoint: OnceCell<Endpoint>,
}

impl Vault {
    /// The endpoint and the credential to ask with: those that were learnt, or else these.
    pub(super) fn or_else<'v>(
        &'v self,
        endpoint: &'v Endpoint,
        key: &'v ApiKey,
    ) -> (&'v Endpoint, &'v ApiKey) {
        (self.endpoint.get().unwrap_or(endpoint), self.key.get().unwrap_or(key))
    }
}

/// What every call of a run shares.
pub struct Runner<'a> {
    /// Where calls go.
    pub endpoint: &'a Endpoint,
    /// The credential.
    pub key: &'a ApiKey,
    /// The record.
    pub journal: Journal,
    /// The time.
    pub clock: Clock,
    how: &'a How,
    limits: Limits,
    bounds: Bounds,
    /// The tokens that each call of a benchmark can cost; none where calls are free.
    tokens_each: u64,
    /// What is known of every call: the key's kind, the host, the proxy.
    context: Vec<Clue>,
    /// The open connections by the line they are kept under.
    lines: BTreeMap<usize, Open>,
    /// The line that calls go over.
    line: usize,
    way: Way,
    addresses: Vec<SocketAddr>,
    pooled: Option<Arc<Pooled>>,
    connections: u32,
    vault: Option<&'a Vault>,
    /// What came on the way and nothing may show.
    hidden: Vec<ApiKey>,
    /// What answers and connections show of whose host it is.
    noted: RefCell<Noted>,
}

/// How connections are made from now on, where it differs from the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// To this address instead of what the name leads to.
    pub address: Option<SocketAddr>,
    /// Offering these versions of HTTP.
    pub http: Option<Alpn>,
    /// Without waiting for the slower address family.
    pub hurried: bool,
}

impl Way {
    /// As the settings say, without waiting for the slower address family.
    pub const HURRIED: Self = Self { address: None, http: None, hurried: true };
}

/// A connection in use.
struct Open {
    connection: Connection,
    number: u32,
    facts: ConnectionFacts,
}

/// Somebody else to ask in the same run.
pub(super) struct Beside<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) key: &'a ApiKey,
    pub(super) how: &'a How,
    pub(super) limits: Limits,
    /// What is known of every call to it.
    pub(super) context: Vec<Clue>,
    /// The number that its first connection follows.
    pub(super) number_after: u32,
}

/// A call that was made over a connection which the runner does not keep.
pub(super) struct Over<'a> {
    pub(super) number: u32,
    /// What opening the connection brought, where this call opened it.
    pub(super) facts: Option<ConnectionFacts>,
    pub(super) result: Result<Exchange, Failure>,
    pub(super) asked: Asked<'a>,
}

/// Who was asked, which need not be the one that the settings name.
pub(super) struct Asked<'a> {
    pub(super) endpoint: &'a Endpoint,
    /// What is known of every call to it.
    pub(super) context: Vec<Clue>,
}

/// What came of a call.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The attempt's id; `None` where nothing was sent.
    pub attempt: Option<String>,
    /// What came.
    pub told: Told,
    clues: Vec<Clue>,
    took_ms: f64,
}

/// The three ends of a call.
#[derive(Clone, Debug)]
pub enum Told {
    /// Somebody answered over HTTP.
    Reply(Box<Reply>),
    /// Nobody did.
    Failure(Failure),
    /// It was not sent: the budget is used up.
    OutOfBudget(String),
}

impl<'a> Runner<'a> {
    /// A runner that has sent nothing yet.
    pub fn new(
        endpoint: &'a Endpoint,
        key: &'a ApiKey,
        how: &'a How,
        limits: Limits,
        bounds: Bounds,
        clock: Clock,
    ) -> Self {
        let context = endpoint.clues();
        Self {
            endpoint,
            key,
            journal: Journal::default(),
            clock,
            how,
            limits,
            bounds,
            tokens_each: 0,
            context,
            lines: BTreeMap::new(),
            line: 0,
            way: Way::default(),
            addresses: Vec::new(),
            pooled: None,
            connections: 0,
            vault: None,
            hidden: Vec::new(),
            noted: RefCell::default(),
        }
    }

    /// Where it may keep a token that it is to get by itself.
    pub fn keep_in(&mut self, vault: &'a Vault) {
        self.vault = Some(vault);
    }

    /// Has nothing show this from now on.
    pub(super) fn hide(&mut self, secret: &ApiKey) {
        self.journal.hide(secret);
        self.hidden.push(secret.clone());
    }

    /// Goes on with a token, to an endpoint that is now known whole. Once in a run.
    pub(super) fn admit(&mut self, token: ApiKey, endpoint: Endpoint) {
        let Some(vault) = self.vault else { return };
        self.hide(&token);
        self.key = vault.key.get_or_init(|| token);
        self.endpoint = vault.endpoint.get_or_init(|| endpoint);
    }

    /// Adds what is known of every call from now on.
    pub fn know(&mut self, clues: impl IntoIterator<Item = Clue>) {
        self.context.extend(clues);
    }

    /// The same run with another key; it shares the record, the clock and the bounds.
    pub fn with_key(&self, key: &'a ApiKey, context: Vec<Clue>) -> Self {
        Self {
            endpoint: self.endpoint,
            key,
            journal: self.journal.clone(),
            clock: self.clock.clone(),
            how: self.how,
            limits: self.limits.clone(),
            bounds: self.bounds,
            tokens_each: self.tokens_each,
            context,
            lines: BTreeMap::new(),
            line: 0,
            way: self.way,
            addresses: Vec::new(),
            pooled: None,
            connections: self.connections,
            vault: None,
            hidden: self.hidden.clone(),
            noted: RefCell::default(),
        }
    }

    /// The same run to somebody else, with connections of its own; it shares the record, the clock and the bounds.
    pub(super) fn beside(&self, other: Beside<'a>) -> Self {
        Self {
            endpoint: other.endpoint,
            how: other.how,
            limits: other.limits,
            way: Way::default(),
            connections: other.number_after,
            ..self.with_key(other.key, other.context)
        }
    }

    /// Counts so many tokens for each call that [`Runner::may_send`] is asked for.
    pub(super) fn each_costs(&mut self, tokens: u64) {
        self.tokens_each = tokens;
    }

    /// Waits at least so long for an answer from now on: a long prompt takes its time.
    pub(super) fn wait_for(&mut self, patience: Duration) {
        self.limits.request_timeout = self.limits.request_timeout.max(patience);
    }

    /// How connections are made.
    pub fn how(&self) -> &'a How {
        self.how
    }

    /// The limits of one exchange.
    pub fn limits(&self) -> Limits {
        self.limits.clone()
    }

    /// What is known of every call.
    pub fn context(&self) -> &[Clue] {
        &self.context
    }

    /// Opens a new connection and keeps it. What was measured is given back either way.
    pub async fn connect(&mut self) -> (ConnectionFacts, Result<(), Failure>) {
        self.disconnect();
        let how = self.how_now();
        let dialled = net::connect(&self.target(), &how).await;
        if self.way.address.is_none() && !dialled.facts.addresses.is_empty() {
            self.addresses.clone_from(&dialled.facts.addresses);
        }
        self.noted.get_mut().connection(&dialled.facts);
        if dialled.facts.via_proxy.is_some() && !self.context.contains(&Clue::ViaProxy) {
            self.context.push(Clue::ViaProxy);
        }
        let stream = match dialled.outcome {
            Ok(stream) => stream,
            Err(failure) => return (dialled.facts, Err(failure)),
        };
        match Connection::open(stream, &self.limits).await {
            Ok(connection) => {
                self.connections += 1;
                let number = self.connections;
                let facts = dialled.facts.clone();
                self.lines.insert(self.line, Open { connection, number, facts });
                (dialled.facts, Ok(()))
            }
            Err(failure) => (dialled.facts, Err(failure)),
        }
    }

    /// Records a connection that could not be made, and gives its id.
    pub fn record_failed_connection(
        &self,
        at_ms: f64,
        facts: &ConnectionFacts,
        failure: &Failure,
    ) -> String {
        let attempt = Attempt {
            path: String::new(),
            method: None,
            phases: phases(facts),
            summary: failure.detail.clone(),
            failure: Some(failure.clone()),
            ..self.blank(&Call::list(None), at_ms)
        };
        let id = attempt.id.clone();
        self.journal.attempt(attempt);
        id
    }

    /// Lets the connection go, so that the next call opens another.
    pub fn disconnect(&mut self) {
        self.lines.remove(&self.line);
    }

    /// Goes on over another of several connections, which stay open side by side.
    pub fn take_line(&mut self, line: usize) {
        self.line = line;
    }

    /// How many calls the connection in use has carried.
    pub fn carried(&self) -> u32 {
        self.open().map_or(0, |open| open.connection.carried())
    }

    /// Has the next connections made in a way of their own.
    pub fn go(&mut self, way: Way) {
        self.way = way;
    }

    /// The addresses that the name led to, or the proxy's.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Whether a proxy stands between, so that addresses are its own.
    pub fn is_proxied(&self) -> bool {
        self.context.contains(&Clue::ViaProxy)
    }

    /// Whether there is a key to send.
    pub fn has_key(&self) -> bool {
        !self.key.expose().is_empty()
    }

    fn open(&self) -> Option<&Open> {
        self.lines.get(&self.line)
    }

    fn how_now(&self) -> How {
        let usual = self.how.connect_timeout;
        let connect_timeout = self.time_left().map_or(usual, |left| left.min(usual));
        let mut how = How { connect_timeout, ..self.how.clone() };
        if self.way.hurried {
            how.families = Families::Fastest;
        }
        if let Some(alpn) = self.way.http {
            how.tls = how.tls.offering(alpn);
        }
        if let Some(address) = self.way.address {
            let host = self.endpoint.host.clone();
            let answer = Named::Addresses(vec![address]);
            how.resolver.overrides = vec![Override { host, port: None, answer }];
        }
        how
    }

    /// Sends a call the usual way, over the open connection or a new one.
    pub async fn call(&mut self, call: &Call) -> Tried {
        self.call_with(call, call.auth(&self.endpoint.api, self.key)).await
    }

    /// Sends a call with its credential in a place of the caller's choice.
    pub async fn call_with(&mut self, call: &Call, auth: Auth<'_>) -> Tried {
        if let Some(reason) = self.out_of_budget(1).or_else(|| self.too_dear(call)) {
            return Tried::not_sent(&reason);
        }
        let at_ms = self.clock.elapsed_ms();
        if let Err(tried) = self.be_connected(call, at_ms).await {
            return *tried;
        }
        let request = call.request(self.endpoint, auth);
        let limits = self.limits_now();
        self.journal.begin(self.unanswered(call, at_ms));
        let open = self.lines.get_mut(&self.line).expect("a connection was just opened");
        let exchange = open.connection.exchange(request, &limits).await;
        let attempt = self.attempt(call, at_ms, self.open().expect("it is there"), &exchange);
        if matches!(exchange.outcome, Outcome::Failed(_)) {
            self.disconnect();
        }
        self.told(call, attempt, exchange)
    }

    /// Sends calls at the same time, each over a line of its own; the results are in their order.
    pub async fn call_at_once(&mut self, calls: &[(usize, Call)]) -> Vec<Tried> {
        let mut results: Vec<Option<Tried>> = calls.iter().map(|_| None).collect();
        let mut tasks = JoinSet::new();
        for (index, (line, call)) in calls.iter().enumerate() {
            let ahead = tasks.len() as u64 + 1;
            if let Some(reason) = self.out_of_budget(ahead).or_else(|| self.too_dear(call)) {
                results[index] = Some(Tried::not_sent(&reason));
                continue;
            }
            self.take_line(*line);
            let at_ms = self.clock.elapsed_ms();
            if let Err(tried) = self.be_connected(call, at_ms).await {
                results[index] = Some(*tried);
                continue;
            }
            let mut open = self.lines.remove(line).expect("a connection was just opened");
            let request = call.request(self.endpoint, Auth::of(&self.endpoint.api, self.key));
            let limits = self.limits_now();
            tasks.spawn(async move {
                let exchange = open.connection.exchange(request, &limits).await;
                (index, at_ms, open, exchange)
            });
        }
        // In their own order, whichever came first: the same run gives the same record.
        let mut ended = tasks.join_all().await;
        ended.sort_by_key(|(index, ..)| *index);
        for (index, at_ms, open, exchange) in ended {
            let (line, call) = &calls[index];
            let attempt = self.attempt(call, at_ms, &open, &exchange);
            if !matches!(exchange.outcome, Outcome::Failed(_)) {
                self.lines.insert(*line, open);
            }
            results[index] = Some(self.told(call, attempt, exchange));
        }
        results.into_iter().map(|tried| tried.expect("each call has its end")).collect()
    }

    /// Sends calls at the same time over the one open connection, where it is one of HTTP/2; over another, one
    /// after the other. The results are in their order.
    pub async fn call_side_by_side(&mut self, calls: &[Call]) -> Vec<Tried> {
        let shared = match self.lines.get_mut(&self.line) {
            Some(open) if !open.connection.is_closed() => open.connection.share(),
            _ => None,
        };
        let ahead = calls.len() as u64;
        let may_all = self.out_of_budget(ahead).is_none()
            && calls.iter().all(|call| self.too_dear(call).is_none());
        let Some(shared) = shared.filter(|_| may_all) else {
            let mut tried = Vec::with_capacity(calls.len());
            for call in calls {
                tried.push(self.call(call).await);
            }
            return tried;
        };
        let at_ms = self.clock.elapsed_ms();
        let limits = self.limits_now();
        let mut tasks = JoinSet::new();
        for (index, call) in calls.iter().enumerate() {
            let request = call.request(self.endpoint, call.auth(&self.endpoint.api, self.key));
            let (shared, limits) = (shared.clone(), limits.clone());
            tasks.spawn(async move { (index, shared.exchange(request, &limits).await) });
        }
        let mut ended = tasks.join_all().await;
        ended.sort_by_key(|(index, _)| *index);
        let is_broken = ended.iter().any(|(_, it)| matches!(it.outcome, Outcome::Failed(_)));
        let open = self.lines.remove(&self.line).expect("it was just shared");
        let told = |(index, exchange): (usize, Exchange)| {
            let attempt = self.attempt(&calls[index], at_ms, &open, &exchange);
            self.told(&calls[index], attempt, exchange)
        };
        let tried = ended.into_iter().map(told).collect();
        if !is_broken {
            self.lines.insert(self.line, open);
        }
        tried
    }

    /// Opens a connection on the line in use, unless there is one.
    async fn be_connected(&mut self, call: &Call, at_ms: f64) -> Result<(), Box<Tried>> {
        if self.open().is_some_and(|open| !open.connection.is_closed()) {
            return Ok(());
        }
        let (facts, opened) = self.connect().await;
        opened.map_err(|failure| Box::new(self.failed_to_connect(call, at_ms, &facts, failure)))
    }

    /// Sends a call over pooled connections, where the phases of each do not matter.
    pub async fn call_pooled(&mut self, call: &Call) -> Tried {
        let mut tried = self.call_many(std::slice::from_ref(call)).await;
        tried.pop().expect("one call gives one result")
    }

    /// Sends calls over pooled connections, a few at a time; the results are in the calls' order.
    pub async fn call_many(&mut self, calls: &[Call]) -> Vec<Tried> {
        let mut results = Vec::with_capacity(calls.len());
        for some in calls.chunks(AT_ONCE) {
            if let Some(reason) = self.out_of_budget(some.len() as u64) {
                results.extend(some.iter().map(|_| Tried::not_sent(&reason)));
                continue;
            }
            results.extend(self.call_chunk(some).await);
        }
        results
    }

    async fn call_chunk(&mut self, calls: &[Call]) -> Vec<Tried> {
        let pool = match self.pool() {
            Ok(pool) => pool,
            Err(failure) => {
                let facts = ConnectionFacts::default();
                let at_ms = self.clock.elapsed_ms();
                let fail = |call| self.failed_to_connect(call, at_ms, &facts, failure.clone());
                return calls.iter().map(fail).collect();
            }
        };
        let at_ms = self.clock.elapsed_ms();
        let limits = self.limits_now();
        let mut tasks = JoinSet::new();
        for (index, call) in calls.iter().enumerate() {
            let (pool, limits) = (Arc::clone(&pool), limits.clone());
            let request = call.request(self.endpoint, call.auth(&self.endpoint.api, self.key));
            tasks.spawn(async move { (index, pool.exchange(request, &limits).await) });
        }
        let mut exchanges = tasks.join_all().await;
        exchanges.sort_by_key(|(index, _)| *index);
        let told = |(index, exchange): (usize, Exchange)| {
            let call: &Call = &calls[index];
            let mut attempt = self.blank(call, at_ms);
            attempt.phases.first_byte_ms = exchange.first_byte_ms;
            attempt.phases.total_ms = Some(exchange.total_ms);
            attempt.http = Some(exchange.http.to_owned());
            self.told(call, attempt, exchange)
        };
        exchanges.into_iter().map(told).collect()
    }

    fn pool(&mut self) -> Result<Arc<Pooled>, Failure> {
        if self.pooled.is_none() {
            self.pooled = Some(Arc::new(Pooled::new(&self.target(), self.how)?));
        }
        Ok(Arc::clone(self.pooled.as_ref().expect("it was just made")))
    }

    /// Where the settings lead.
    pub(super) fn target(&self) -> Target {
        Target {
            host: self.endpoint.host.clone(),
            port: self.endpoint.port,
            secure: self.endpoint.secure,
        }
    }

    /// Evidence of this runner's: the clues of a failed connection with what is known of every call.
    pub fn failure_clues(&self, failure: &Failure) -> Vec<Clue> {
        failure_clues(failure, &self.context)
    }

    fn told(&self, call: &Call, attempt: Attempt, exchange: Exchange) -> Tried {
        self.told_of(call, attempt, exchange, (self.endpoint, &self.context))
    }

    /// What came of a call to somebody of whom this is known.
    fn told_of(
        &self,
        call: &Call,
        mut attempt: Attempt,
        exchange: Exchange,
        (endpoint, context): (&Endpoint, &[Clue]),
    ) -> Tried {
        let took_ms = exchange.total_ms;
        let (told, clues) = match exchange.outcome {
            Outcome::Answered(mut answer) => {
                scrub(self.key, &mut answer);
                self.hidden.iter().for_each(|secret| scrub(secret, &mut answer));
                let mut reply = Reply::read(call, &endpoint.api, &answer);
                let mut clues = reply.clues.clone();
                if let Some(failure) = &answer.body_failure {
                    clues.extend([Clue::At(failure.stage), Clue::Fault(failure.fault)]);
                    reply.summary = format!("{}, then {}", reply.status, failure.detail);
                }
                describe(&mut attempt, &reply, answer.body_failure);
                clues.extend(context.iter().cloned());
                clues.extend(gateway::told(endpoint, &reply));
                self.noted.borrow_mut().answer(call, &reply);
                (Told::Reply(Box::new(reply)), clues)
            }
            Outcome::Failed(failure) if self.ran_out_of_time(&failure) => {
                let reason = "the time for this run ended before an answer came".to_owned();
                attempt.summary.clone_from(&reason);
                attempt.failure = Some(failure);
                (Told::OutOfBudget(reason), Vec::new())
            }
            Outcome::Failed(failure) => {
                let failure = scrubbed(self.key, failure);
                attempt.summary = failure.detail.clone();
                attempt.failure = Some(failure.clone());
                let mut clues = failure_clues(&failure, context);
                clues.push(Clue::Method(call.method));
                (Told::Failure(failure), clues)
            }
        };
        let id = attempt.id.clone();
        self.journal.attempt(attempt);
        Tried { attempt: Some(id), told, clues, took_ms }
    }

    /// Reads what came of a call that was made over a connection of somebody else's, and records it. The
    /// call itself was counted there.
    pub(super) fn read_elsewhere(&self, call: &Call, at_ms: f64, over: Over<'_>) -> Tried {
        let Asked { endpoint, context } = over.asked;
        let mut attempt = self.blank_at(endpoint, call, at_ms);
        let facts = over.facts.as_ref();
        attempt.phases = facts.map(phases).unwrap_or_default();
        attempt.remote = facts.and_then(|facts| facts.remote).map(|remote| remote.to_string());
        attempt.connection = Some(over.number);
        attempt.reused = facts.is_none();
        match over.result {
            Err(failure) => {
                let exchange = Exchange::failed(failure);
                self.told_of(call, attempt, exchange, (endpoint, &context))
            }
            Ok(exchange) => {
                attempt.http = Some(exchange.http.to_owned());
                attempt.phases.request_written_ms = exchange.request_written_ms;
                attempt.phases.first_byte_ms = exchange.first_byte_ms;
                attempt.phases.total_ms = Some(exchange.total_ms);
                self.told_of(call, attempt, exchange, (endpoint, &context))
            }
        }
    }

    fn failed_to_connect(
        &self,
        call: &Call,
        at_ms: f64,
        facts: &ConnectionFacts,
        failure: Failure,
    ) -> Tried {
        let mut attempt = self.blank(call, at_ms);
        let failure = scrubbed(self.key, failure);
        attempt.phases = phases(facts);
        attempt.summary = failure.detail.clone();
        attempt.failure = Some(failure.clone());
        let id = attempt.id.clone();
        self.journal.attempt(attempt);
        let took_ms = self.clock.elapsed_ms() - at_ms;
        let clues = self.failure_clues(&failure);
        Tried { attempt: Some(id), told: Told::Failure(failure), clues, took_ms }
    }

    fn attempt(&self, call: &Call, at_ms: f64, open: &Open, exchange: &Exchange) -> Attempt {
        let mut attempt = self.blank(call, at_ms);
        let reused = open.connection.carried() > 1;
        attempt.phases = if reused { Phases::default() } else { phases(&open.facts) };
        attempt.phases.request_written_ms = exchange.request_written_ms;
        attempt.phases.first_byte_ms = exchange.first_byte_ms;
        attempt.phases.total_ms = Some(exchange.total_ms);
        attempt.http = Some(exchange.http.to_owned());
        attempt.remote = open.facts.remote.map(|address| address.to_string());
        attempt.connection = Some(open.number);
        attempt.reused = reused;
        attempt
    }

    /// A request that is on its way: what is told of it if the run is stopped now.
    fn unanswered(&self, call: &Call, at_ms: f64) -> Attempt {
        let mut attempt = self.blank(call, at_ms);
        if let Some(open) = self.open() {
            attempt.http = Some(open.connection.http().to_owned());
            attempt.remote = open.facts.remote.map(|address| address.to_string());
            attempt.connection = Some(open.number);
        }
        attempt.summary = "sent, and the run was stopped before an answer came".to_owned();
        attempt
    }

    fn blank(&self, call: &Call, at_ms: f64) -> Attempt {
        self.blank_at(self.endpoint, call, at_ms)
    }

    fn blank_at(&self, endpoint: &Endpoint, call: &Call, at_ms: f64) -> Attempt {
        Attempt {
            id: self.journal.next_id(),
            at_ms,
            method: Some(call.method),
            model: call.model.clone(),
            host: endpoint.authority(),
            path: call.path(endpoint),
            http: None,
            remote: None,
            connection: None,
            reused: false,
            phases: Phases::default(),
            status: None,
            answered_by: None,
            failure: None,
            summary: String::new(),
            response_id: None,
            model_version: None,
            input_tokens: None,
            output_tokens: None,
        }
    }

    /// Whether so many more calls are within the budget; the error says what is used up.
    pub(super) fn may_send(&self, calls: u64) -> Result<(), String> {
        self.out_of_budget(calls).map_or(Ok(()), Err)
    }

    /// What was noted so far of whose host it is.
    pub(super) fn noted(&self) -> &RefCell<Noted> {
        &self.noted
    }

    /// How many connections it has opened.
    pub(super) fn connections(&self) -> u32 {
        self.connections
    }

    /// What the open connection showed when it was opened.
    pub(super) fn connection_facts(&self) -> Option<&ConnectionFacts> {
        self.open().map(|open| &open.facts)
    }

    fn out_of_budget(&self, calls: u64) -> Option<String> {
        let (sent, received) = self.journal.tokens();
        if self.journal.requests() + calls > self.bounds.requests {
            Some(format!("the budget of {} requests is used up", self.bounds.requests))
        } else if self.bounds.tokens.is_some_and(|most| sent + received >= most) {
            Some("the budget of tokens is used up".to_owned())
        } else if let Some(most) = self.bounds.tokens
            && sent + received + calls.saturating_mul(self.tokens_each) > most
        {
            Some(format!("an answer could go over the budget of {most} tokens"))
        } else if self.time_left().is_some_and(|left| left.is_zero()) {
            Some("the time for this run is over".to_owned())
        } else {
            None
        }
    }

    /// A call that could go over the budget of tokens is not begun: an answer cannot be given back.
    fn too_dear(&self, call: &Call) -> Option<String> {
        let most = self.bounds.tokens.filter(|_| call.method.is_paid())?;
        let (sent, received) = self.journal.tokens();
        let could_be = sent + received + PROMPT_TOKENS.max(call.most_input()) + call.most_output();
        (could_be > most).then(|| format!("an answer could go over the budget of {most} tokens"))
    }

    /// Whether a failure only says that the run's own time was over.
    pub fn ran_out_of_time(&self, failure: &Failure) -> bool {
        failure.fault == Fault::TimedOut && self.time_left().is_some_and(|left| left.is_zero())
    }

    /// The time that is left for the run, where it has a limit.
    pub(super) fn time_left(&self) -> Option<Duration> {
        self.bounds.deadline.map(|deadline| deadline.saturating_sub(self.clock.elapsed()))
    }

    /// The limits of one exchange, within the time that is left for the run.
    pub(super) fn limits_now(&self) -> Limits {
        let timeout = self.limits.request_timeout;
        let request_timeout = self.time_left().map_or(timeout, |left| left.min(timeout));
        Limits { request_timeout, ..self.limits.clone() }
    }
}

impl Tried {
    fn not_sent(reason: &str) -> Self {
        let told = Told::OutOfBudget(reason.to_owned());
        Self { attempt: None, told, clues: Vec::new(), took_ms: 0.0 }
    }

    /// The reply of the API itself, where it said yes.
    pub fn success(&self) -> Option<&Reply> {
        match &self.told {
            Told::Reply(reply) if reply.is_success() && !self.has_fault() => Some(reply),
            _ => None,
        }
    }

    /// The reply, whoever gave it.
    pub fn reply(&self) -> Option<&Reply> {
        match &self.told {
            Told::Reply(reply) => Some(reply),
            Told::Failure(_) | Told::OutOfBudget(_) => None,
        }
    }

    /// Whether it has no result for want of budget or time.
    pub fn is_cut_short(&self) -> bool {
        matches!(self.told, Told::OutOfBudget(_))
    }

    /// What came in one line.
    pub fn summary(&self) -> &str {
        match &self.told {
            Told::Reply(reply) => &reply.summary,
            Told::Failure(failure) => &failure.detail,
            Told::OutOfBudget(reason) => reason,
        }
    }

    /// How long it took.
    pub fn took_ms(&self) -> Option<f64> {
        self.attempt.as_ref().map(|_| self.took_ms)
    }

    /// What it tells.
    pub fn clues(&self) -> &[Clue] {
        &self.clues
    }

    /// Adds what a closer look, or a table, tells about it.
    pub fn know(&mut self, clue: Clue) {
        if !self.clues.contains(&clue) {
            self.clues.push(clue);
        }
    }

    /// Adds several.
    pub fn know_all(&mut self, clues: impl IntoIterator<Item = Clue>) {
        clues.into_iter().for_each(|clue| self.know(clue));
    }

    /// Looks into a success and adds what it shows.
    pub fn look_closer(&mut self, trouble: impl Fn(&serde_json::Value) -> Option<Shown>) {
        let Told::Reply(reply) = &mut self.told else { return };
        if !reply.is_success() {
            return;
        }
        if let Some(shown) = trouble(reply.value()) {
            reply.show(shown);
            self.clues.push(Clue::Shown(shown));
        }
    }

    /// It as evidence.
    pub fn evidence(&self) -> Evidence {
        Evidence {
            attempt: self.attempt.clone(),
            text: self.summary().to_owned(),
            clues: self.clues.clone(),
        }
    }

    fn has_fault(&self) -> bool {
        self.clues.iter().any(|clue| matches!(clue, Clue::Fault(_)))
    }
}

pub(super) fn failure_clues(failure: &Failure, context: &[Clue]) -> Vec<Clue> {
    let mut clues = vec![
        Clue::At(failure.stage),
        Clue::Fault(failure.fault),
        Clue::Message(failure.detail.clone()),
    ];
    clues.extend(context.iter().cloned());
    clues
}

fn describe(attempt: &mut Attempt, reply: &Reply, body_failure: Option<Failure>) {
    attempt.status = Some(reply.status);
    attempt.answered_by = Some(reply.party);
    attempt.failure = body_failure;
    attempt.summary.clone_from(&reply.summary);
    attempt.response_id.clone_from(&reply.response_id);
    attempt.model_version.clone_from(&reply.model_version);
    (attempt.input_tokens, attempt.output_tokens) = reply.usage;
    attempt.phases.server_ms = reply.server_ms;
}

/// Replaces the key in what a server sent, before anything of it is cut or quoted.
fn scrub(key: &ApiKey, answer: &mut Answer) {
    if let Cow::Owned(body) = key.scrub(&String::from_utf8_lossy(&answer.body)) {
        answer.body = body.into_bytes();
    }
    for value in answer.headers.values_mut() {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        if let Cow::Owned(clean) = key.scrub(&text) {
            // A fingerprint is a legal part of any header.
            *value = HeaderValue::from_str(&clean).unwrap_or(HeaderValue::from_static(""));
        }
    }
    answer.body_failure = answer.body_failure.take().map(|failure| scrubbed(key, failure));
}

fn scrubbed(key: &ApiKey, mut failure: Failure) -> Failure {
    failure.detail = key.scrub(&failure.detail).into_owned();
    failure
}

fn phases(facts: &ConnectionFacts) -> Phases {
    Phases {
        dns_ms: facts.dns_ms,
        tcp_ms: facts.tcp_ms,
        proxy_ms: facts.proxy_ms,
        tls_ms: facts.tls_ms,
        ..Phases::default()
    }
}
