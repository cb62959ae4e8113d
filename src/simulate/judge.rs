//! Decides which fault happens when, with dice of its own.
//!
//! Only decides. It writes no byte to anybody and knows no sockets. The same seed and the same
//! order of calls give the same decisions, on every machine.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use super::call::{Call, Http, Link};
use super::clock::Clock;
use super::exam::Question;
use super::fault::{Act, Alias, Build, Door, Pick, When};
use super::scenario::Scenario;
use super::traffic::{Limit, Reserve};

/// Decides for one running simulation which rule fires.
#[derive(Debug)]
pub(super) struct Judge {
    scenario: Scenario,
    seed: u64,
    clock: Clock,
    rules: Mutex<Vec<Tally>>,
    doors: Mutex<Vec<Tally>>,
    aliases: Mutex<Vec<Draws>>,
    meter: Mutex<Meter>,
    exam: Mutex<Option<Examined>>,
}

impl Judge {
    pub(super) fn new(scenario: &Scenario, seed: u64, clock: Clock) -> Self {
        // Each entry has dice of its own: adding a rule does not change what the others do.
        let tallies = |salt: u64, count: usize| -> Vec<Tally> {
            (0..count as u64).map(|at| Tally::new(mix(seed, salt + at))).collect()
        };
        let draws = tallies(3_000, scenario.aliases.len()).into_iter().map(Draws::new);
        Self {
            scenario: *scenario,
            seed,
            clock,
            rules: Mutex::new(tallies(1_000, scenario.rules.len())),
            doors: Mutex::new(tallies(2_000, scenario.doors.len())),
            aliases: Mutex::new(draws.collect()),
            meter: Mutex::default(),
            exam: Mutex::default(),
        }
    }

    /// What happens to a new connection before HTTP, if anything.
    pub(super) fn door(&self, link: &Link) -> Option<Door> {
        let mut tallies = self.doors.lock().expect("no holder of this lock panics");
        let visit = Visit::new(link, None);
        let mut rules = self.scenario.doors.iter().zip(tallies.iter_mut());
        rules.find_map(|(rule, tally)| self.fires(rule.when, tally, &visit).then_some(rule.door))
    }

    /// When a call that has just come is let through, or what happens to it instead.
    pub(super) fn turn(&self) -> Result<Duration, Act> {
        let Some(limit) = &self.scenario.traffic.limit else { return Ok(Duration::ZERO) };
        let mut meter = self.meter.lock().expect("no holder of this lock panics");
        meter.turn(limit, self.clock.now_ms()).ok_or(limit.refusal)
    }

    /// The build that an alias picks for this call, if the model is one.
    pub(super) fn build(&self, call: &Call) -> Option<Build> {
        let model = call.model().filter(|_| call.generates())?;
        let at = self.scenario.aliases.iter().position(|alias| alias.model == model)?;
        let mut draws = self.aliases.lock().expect("no holder of this lock panics");
        Some(pick(&self.scenario.aliases[at], &mut draws[at], call, self.clock.now_ms()))
    }

    /// From now on calls that generate are answered as this question of an exam says.
    pub(super) fn examine(&self, question: &'static Question) {
        let mut exam = self.exam.lock().expect("no holder of this lock panics");
        *exam = Some(Examined { question, first: None });
    }

    /// What a question of an exam makes of this call.
    fn examined(&self, call: &Call) -> Option<Act> {
        let mut exam = self.exam.lock().expect("no holder of this lock panics");
        exam.as_mut().filter(|_| call.generates())?.act(call.model().unwrap_or_default())
    }

    /// What happens to this call instead of an honest answer, if anything.
    pub(super) fn act(&self, call: &Call, build: Option<&Build>) -> Option<Act> {
        if let Some(act) = self.examined(call) {
            return Some(act);
        }
        let mut tallies = self.rules.lock().expect("no holder of this lock panics");
        let visit = Visit::new(&call.link, build);
        let mut rules = self.scenario.rules.iter().zip(tallies.iter_mut());
        let ruled = rules.find_map(|(rule, tally)| {
            (rule.is_about(call) && self.fires(rule.when, tally, &visit)).then_some(rule.act)
        });
        ruled.or_else(|| build.and_then(Build::act))
    }

    fn fires(&self, when: When, tally: &mut Tally, visit: &Visit) -> bool {
        let nth = tally.count();
        match when {
            When::Always => true,
            When::First(times) => nth <= times,
            When::Every(n) => nth.is_multiple_of(n),
            When::Ratio(share) => tally.dice.roll() < share,
            When::ConnectionRatio(share) => Dice(mix(self.seed, visit.connection)).roll() < share,
            When::ConnectionAlternate => visit.connection % 2 == 1,
            When::Ipv4 => visit.peer.is_ipv4(),
            When::Ipv6 => visit.peer.is_ipv6(),
            When::Build(name) => visit.build == Some(name),
            When::Between(from, to) => (from..to).contains(&self.clock.now_ms()),
        }
    }
}

fn pick(alias: &Alias, draws: &mut Draws, call: &Call, now_ms: u64) -> Build {
    let builds = alias.builds_at(now_ms);
    let in_turn = |place: usize| builds[place % builds.len()];
    match alias.pick {
        Pick::Call => weighted(builds, draws.tally.dice.roll()),
        Pick::Connection => weighted(builds, draws.of_connection(call.link.number)),
        Pick::Burst(calls) => weighted(builds, draws.of_stretch(calls)),
        Pick::Turns => in_turn(draws.tally.count() as usize - 1),
        Pick::Address => in_turn(call.link.listener),
        Pick::Http => in_turn(usize::from(call.http != Http::Http1)),
    }
}

fn weighted(builds: &[Build], share: f64) -> Build {
    let total: u32 = builds.iter().map(|build| build.weight).sum();
    let mut left = share * f64::from(total);
    for build in builds {
        left -= f64::from(build.weight);
        if left < 0.0 {
            return *build;
        }
    }
    *builds.last().expect("an alias has at least one build")
}

/// How far the calls that were let through are ahead of a limit.
#[derive(Debug, Default)]
struct Meter {
    /// Calls that the limit has yet to make up for.
    ahead: f64,
    at_ms: u64,
}

impl Meter {
    /// How long a call has to wait; none if it is too many.
    fn turn(&mut self, limit: &Limit, now_ms: u64) -> Option<Duration> {
        let rate = f64::from(limit.per_second) / 1000.0;
        let passed = now_ms.saturating_sub(self.at_ms) as f64;
        self.ahead = (self.ahead - passed * rate).max(0.0);
        self.at_ms = now_ms;
        let (most, waits) = match limit.reserve {
            Reserve::Bucket(tokens) => (f64::from(tokens) - 1.0, false),
            Reserve::Queue(places) => (f64::from(places), true),
        };
        if self.ahead > most + ROUNDING {
            return None;
        }
        let wait = if waits { self.ahead / rate } else { 0.0 };
        self.ahead += 1.0;
        Some(Duration::from_secs_f64(wait / 1000.0))
    }
}

/// A question that is being put, and the model that was asked first since.
#[derive(Debug)]
struct Examined {
    question: &'static Question,
    first: Option<String>,
}

impl Examined {
    fn act(&mut self, model: &str) -> Option<Act> {
        let first = self.first.get_or_insert_with(|| model.to_owned());
        (self.question.everywhere || first == model).then_some(self.question.act)
    }
}

/// A token that is full but for the error of the sums is full.
const ROUNDING: f64 = 1e-9;

/// What a decision may depend on besides the rule itself.
struct Visit {
    connection: u64,
    peer: IpAddr,
    build: Option<&'static str>,
}

impl Visit {
    fn new(link: &Link, build: Option<&Build>) -> Self {
        Self { connection: link.number, peer: link.peer.ip(), build: build.map(|one| one.name) }
    }
}

/// The dice of an alias and what they fell on. Calls to other models do not touch them.
#[derive(Debug)]
struct Draws {
    tally: Tally,
    connections: HashMap<u64, f64>,
    stretch: Option<f64>,
}

impl Draws {
    fn new(tally: Tally) -> Self {
        Self { tally, connections: HashMap::new(), stretch: None }
    }

    /// Rolled when a connection first brings a call to this alias, whatever its number is.
    fn of_connection(&mut self, connection: u64) -> f64 {
        *self.connections.entry(connection).or_insert_with(|| self.tally.dice.roll())
    }

    /// Rolled anew at the end of each stretch; any call may be the last of one.
    fn of_stretch(&mut self, calls: u32) -> f64 {
        let dice = &mut self.tally.dice;
        let is_over = dice.roll() * f64::from(calls) < 1.0;
        let kept = self.stretch.filter(|_| !is_over);
        *self.stretch.insert(kept.unwrap_or_else(|| dice.roll()))
    }
}

/// How often a rule was asked, and its dice.
#[derive(Debug)]
struct Tally {
    asked: u64,
    dice: Dice,
}

impl Tally {
    fn new(seed: u64) -> Self {
        Self { asked: 0, dice: Dice(seed) }
    }

    fn count(&mut self) -> u64 {
        self.asked += 1;
        self.asked
    }
}

/// SplitMix64: written out here because a seed must mean the same run in every release, which no
/// crate of random numbers promises.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 (included) to 1 (excluded).
    fn roll(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn mix(seed: u64, salt: u64) -> u64 {
    Dice(seed ^ salt.wrapping_mul(0xD6E8_FEB8_6659_FD93)).next()
}
