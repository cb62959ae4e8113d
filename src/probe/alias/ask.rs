//! One call to the name after the other: over which connection, dressed as whom, and how it ended.

use std::net::SocketAddr;

use crate::{
    alias::{Factor, Sample, forced::Way as ForcedWay, sample::End},
    facts::{
        Attempt, Client, Fault, Party,
        clue::Shown,
        models::{ModelTable, Thinking},
    },
    gemini::{Call, generation},
    net::tls::Alpn,
};

use super::{
    super::{
        Runner, Tried,
        key::{is_rerouted, thinking_of},
        runner::{Told, Way},
    },
    plan::{AliasPlan, Probed},
};

/// Connections side by side. A prime, so that no rotation of builds falls into step with them.
const LINES: usize = 11;
/// Calls after which a connection gives way to a new one: enough to see whether it keeps to one build.
const CALLS_PER_CONNECTION: u32 = 3;
/// The connections that are opened second give way earlier, one after the other: all of them at once
/// would look like another time.
const STAGGERED: std::ops::Range<usize> = LINES..2 * LINES;
/// One connection in so many speaks HTTP/1.1, where nothing else is wished.
const PLAIN_HTTP_EVERY: usize = 3;
/// Addresses that are taken in turn at most.
const ADDRESSES: usize = 4;
/// The first line of controls, and how many each has: a few are enough to go every way.
const CONTROL_LINE: usize = 20_000;
/// See `CONTROL_LINE`.
const CONTROL_LINES: usize = 4;
/// The line of forced calls, beside those of the samples.
const FORCED_LINE: usize = 10_000;

/// Asks a name.
pub(super) struct Asker {
    model: String,
    thinking: Thinking,
    /// The first of its lines.
    base: usize,
    lines: usize,
    renews: bool,
    mixes_http: bool,
    mixes_addresses: bool,
    concurrency: usize,
    client: Client,
    dice: fastrand::Rng,
    /// The clients of the next calls, shuffled in small lots so that neither comes too often.
    dresses: Vec<Client>,
    asked: usize,
    opened: usize,
    /// The calls that the connection of each line may carry.
    allowances: Vec<u32>,
}

impl Asker {
    pub(super) fn new(plan: &AliasPlan, table: &ModelTable) -> Self {
        let many = plan.connections.is_none();
        let lines = plan.connections.unwrap_or(LINES).max(plan.concurrency);
        Self {
            model: plan.model.clone(),
            thinking: thinking_of(&plan.model, table),
            base: 0,
            lines,
            allowances: vec![CALLS_PER_CONNECTION; lines],
            renews: many,
            mixes_http: many && plan.mixes_http,
            mixes_addresses: plan.connections != Some(1),
            concurrency: plan.concurrency,
            client: plan.client,
            dice: fastrand::Rng::with_seed(plan.seed),
            dresses: Vec::new(),
            asked: 0,
            opened: 0,
        }
    }

    /// One for a control, which goes the same ways as the name itself, over few lines of its own.
    pub(super) fn for_control(
        plan: &AliasPlan,
        at: usize,
        model: &str,
        table: &ModelTable,
    ) -> Self {
        let own = Self::new(plan, table);
        let lines = plan.connections.unwrap_or(CONTROL_LINES).min(CONTROL_LINES);
        Self {
            model: model.to_owned(),
            thinking: thinking_of(model, table),
            base: CONTROL_LINE + at * CONTROL_LINES,
            lines,
            allowances: vec![CALLS_PER_CONNECTION; lines],
            concurrency: 1,
            dice: fastrand::Rng::with_seed(plan.seed.wrapping_add(at as u64 + 1)),
            ..own
        }
    }

    /// How many calls are made at the same time now.
    pub(super) fn lot(&self, probed: &Probed) -> usize {
        let wanted = probed.plan.course.room(&probed.samples);
        self.concurrency.min(wanted).max(1)
    }

    /// Asks once, or as often at the same time as is wished, and writes down what came.
    pub(super) async fn ask(&mut self, lot: usize, runner: &mut Runner<'_>, probed: &mut Probed) {
        if lot > 1 {
            return self.ask_at_once(lot, runner, probed).await;
        }
        let (mut tried, client) = self.ask_once(runner, &mut probed.notes).await;
        keep(&mut tried, client, runner, probed);
    }

    /// One call in its turn.
    async fn ask_once(
        &mut self,
        runner: &mut Runner<'_>,
        notes: &mut Vec<String>,
    ) -> (Tried, Client) {
        let client = self.next_client();
        let way = self.prepare(runner);
        let tried = runner.call(&self.call(client, runner)).await;
        // A way of our own that leads nowhere is no failure of anybody's.
        if way == Way::HURRIED || !never_connected(&tried, runner) {
            return (tried, client);
        }
        self.give_up(way, notes);
        runner.go(Way::HURRIED);
        (runner.call(&self.call(client, runner)).await, client)
    }

    /// One call to a control.
    pub(super) async fn ask_control(
        &mut self,
        runner: &mut Runner<'_>,
        notes: &mut Vec<String>,
    ) -> Sample {
        let (mut tried, client) = self.ask_once(runner, notes).await;
        sample(&mut tried, &self.model, client, runner)
    }

    async fn ask_at_once(&mut self, lot: usize, runner: &mut Runner<'_>, probed: &mut Probed) {
        let mut calls = Vec::new();
        for _ in 0..lot {
            let client = self.next_client();
            self.prepare(runner);
            calls.push((client, self.base + (self.asked - 1) % self.lines));
        }
        let ready: Vec<(usize, Call)> =
            calls.iter().map(|(client, line)| (*line, self.call(*client, runner))).collect();
        let tried = runner.call_at_once(&ready).await;
        for ((client, _), mut tried) in calls.into_iter().zip(tried) {
            keep(&mut tried, client, runner, probed);
        }
    }

    /// Takes the connection of the next call, and says how it is opened if it is not.
    fn prepare(&mut self, runner: &mut Runner<'_>) -> Way {
        runner.take_line(self.base + self.asked % self.lines);
        self.asked += 1;
        let line = (self.asked - 1) % self.lines;
        if self.renews && runner.carried() >= self.allowances[line] {
            runner.disconnect();
        }
        let mut way = Way::HURRIED;
        if runner.carried() == 0 {
            way.address = self.next_address(runner);
            let plain = self.mixes_http && self.opened % PLAIN_HTTP_EVERY == PLAIN_HTTP_EVERY - 1;
            way.http = plain.then_some(Alpn::H1);
            self.allowances[line] = allowance(self.opened);
            self.opened += 1;
        }
        runner.go(way);
        way
    }

    /// The addresses of the family that was reached first, in turn.
    fn next_address(&self, runner: &Runner<'_>) -> Option<SocketAddr> {
        if !self.mixes_addresses || runner.is_proxied() {
            return None;
        }
        let first = runner.addresses().first()?;
        let alike: Vec<&SocketAddr> = runner
            .addresses()
            .iter()
            .filter(|address| address.is_ipv4() == first.is_ipv4())
            .take(ADDRESSES)
            .collect();
        (alike.len() > 1).then(|| *alike[self.opened % alike.len()])
    }

    fn give_up(&mut self, way: Way, notes: &mut Vec<String>) {
        if way.http.is_some() {
            self.mixes_http = false;
            notes.push("no connection over HTTP/1.1: the versions are not compared".to_owned());
        } else if let Some(address) = way.address {
            self.mixes_addresses = false;
            let note = format!("no connection to {address}, one of the name's addresses");
            notes.push(note);
        }
    }

    fn next_client(&mut self) -> Client {
        if self.client == Client::Plain {
            return Client::Plain;
        }
        if self.dresses.is_empty() {
            self.dresses = vec![Client::Plain, self.client, Client::Plain, self.client];
            self.dice.shuffle(&mut self.dresses);
        }
        self.dresses.pop().expect("it was just filled")
    }

    fn call(&self, client: Client, runner: &Runner<'_>) -> Call {
        let body = generation::minimal(self.thinking, runner.endpoint.body_version());
        Call::generate(&self.model, body).as_client(client)
    }

    /// One call that is made to have a value of a factor.
    pub(super) async fn force(
        &mut self,
        runner: &mut Runner<'_>,
        factor: Factor,
        forced: &ForcedWay,
    ) -> Sample {
        let mut way = Way::HURRIED;
        let mut client = Client::Plain;
        match factor {
            Factor::Address => way.address = forced.level.parse().ok(),
            Factor::Http if forced.level == "HTTP/1.1" => way.http = Some(Alpn::H1),
            Factor::Http => way.http = Some(Alpn::H2),
            Factor::Client if forced.level != Client::Plain.word() => client = self.client,
            Factor::Client
            | Factor::Connection
            | Factor::Turn(_)
            | Factor::Time
            | Factor::Burst => {}
        }
        runner.take_line(FORCED_LINE);
        if forced.fresh {
            runner.disconnect();
        }
        runner.go(way);
        let mut tried = runner.call(&self.call(client, runner)).await;
        sample(&mut tried, &self.model, client, runner)
    }
}

/// How many calls the so-manieth connection may carry.
fn allowance(opened: usize) -> u32 {
    match STAGGERED.contains(&opened) {
        true => opened as u32 % CALLS_PER_CONNECTION + 1,
        false => CALLS_PER_CONNECTION,
    }
}

fn keep(tried: &mut Tried, client: Client, runner: &Runner<'_>, probed: &mut Probed) {
    let sample = sample(tried, &probed.plan.model, client, runner);
    probed.samples.push(sample);
    probed.tried.push(tried.clone());
}

/// A call as evidence about the name.
fn sample(tried: &mut Tried, model: &str, client: Client, runner: &Runner<'_>) -> Sample {
    tried.look_closer(generation::text_trouble);
    let attempt = tried.attempt.as_deref().and_then(|id| runner.journal.find(id));
    let of = |read: fn(&Attempt) -> Option<String>| attempt.as_ref().and_then(read);
    let (end, cut) = end_of(tried);
    let version = of(|attempt| attempt.model_version.clone());
    Sample {
        attempt: tried.attempt.clone().unwrap_or_default(),
        at_ms: attempt.as_ref().map_or(0.0, |attempt| attempt.at_ms),
        end,
        said: tried.summary().to_owned(),
        named: (end == End::Missing).then(|| another_named(tried, model)).flatten(),
        rerouted: end == End::Answered
            && version.as_deref().is_some_and(|version| is_rerouted(model, version)),
        version,
        cut,
        remote: of(|attempt| attempt.remote.clone()),
        connection: attempt.as_ref().and_then(|attempt| attempt.connection),
        http: of(|attempt| attempt.http.clone()),
        client,
        took_ms: attempt.as_ref().and_then(|attempt| attempt.phases.total_ms),
        response_id: of(|attempt| attempt.response_id.clone()),
    }
}

/// How a call ended, and whether this program's own limit cut its answer.
fn end_of(tried: &Tried) -> (End, bool) {
    let reply = match &tried.told {
        Told::OutOfBudget(_) => return (End::NotSent, false),
        Told::Failure(_) => return (End::Lost, false),
        Told::Reply(reply) => reply,
    };
    let broken = tried.clues().iter().any(|clue| matches!(clue, crate::facts::Clue::Fault(_)));
    let shows = |shown| reply.clues.contains(&crate::facts::Clue::Shown(shown));
    let end = match (reply.party, reply.status) {
        (Party::Edge, 500..=599) => End::Busy,
        (party, _) if party != Party::Api => End::Stranger,
        _ if broken => End::Lost,
        (_, 404) if is_about_another_thing(tried) => End::Refused,
        (_, 404) => End::Missing,
        (_, 429) => End::Quota,
        (_, 500..=599) => End::Busy,
        (_, 200..=299) if tried.success().is_some() => End::Answered,
        // The name has served; that nothing came is the doing of our own small limit.
        (_, 200..=299) if shows(Shown::MaxTokensNoText) => return (End::Answered, true),
        (_, 200..=299) => End::Empty,
        _ => End::Refused,
    };
    (end, false)
}

/// Whether a "not found" is about a file, a cache or another thing of the request, and not the model.
fn is_about_another_thing(tried: &Tried) -> bool {
    const THINGS: [&str; 5] = ["file", "cached", "corpus", "operation", "tuning"];
    let message = crate::facts::clue::message(tried.clues()).unwrap_or_default();
    let lower = message.to_ascii_lowercase();
    !lower.contains("model") && THINGS.iter().any(|thing| lower.contains(thing))
}

/// The name after `models/` in an error's message, where it is not the one that was asked for.
fn another_named(tried: &Tried, asked: &str) -> Option<String> {
    let message = crate::facts::clue::message(tried.clues())?;
    let rest = message.split("models/").nth(1)?;
    let name = rest.split(|letter: char| !is_name_letter(letter)).next()?.trim_end_matches('.');
    (!name.is_empty() && !name.eq_ignore_ascii_case(asked)).then(|| name.to_owned())
}

fn is_name_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_')
}

/// Whether a call failed before there was a connection to carry it.
fn never_connected(tried: &Tried, runner: &Runner<'_>) -> bool {
    let Told::Failure(failure) = &tried.told else { return false };
    let attempt = tried.attempt.as_deref().and_then(|id| runner.journal.find(id));
    failure.fault != Fault::TimedOut && attempt.is_some_and(|attempt| attempt.connection.is_none())
}
