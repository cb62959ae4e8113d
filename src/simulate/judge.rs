//! Decides which fault happens when, with dice of its own.
//!
//! Only decides. It writes no byte to anybody and knows no sockets. The same seed and the same
//! order of calls give the same decisions, on every machine.

use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Instant;

use super::call::Call;
use super::fault::{Act, Alias, Build, Door, Pick, Rule, When};
use super::scenario::Scenario;

/// Decides for one running simulation which rule fires.
#[derive(Debug)]
pub(super) struct Judge {
    scenario: Scenario,
    seed: u64,
    started: Instant,
    rules: Mutex<Vec<Tally>>,
    doors: Mutex<Vec<Tally>>,
    aliases: Mutex<Vec<Tally>>,
}

impl Judge {
    pub(super) fn new(scenario: &Scenario, seed: u64, started: Instant) -> Self {
        // Each entry has dice of its own: adding a rule does not change what the others do.
        let tallies = |salt: u64, count: usize| {
            Mutex::new((0..count as u64).map(|at| Tally::new(mix(seed, salt + at))).collect())
        };
        Self {
            scenario: *scenario,
            seed,
            started,
            rules: tallies(1_000, scenario.rules.len()),
            doors: tallies(2_000, scenario.doors.len()),
            aliases: tallies(3_000, scenario.aliases.len()),
        }
    }

    /// What happens to a new connection before HTTP, if anything.
    pub(super) fn door(&self, connection: u64, peer: IpAddr) -> Option<Door> {
        let mut tallies = self.doors.lock().expect("no holder of this lock panics");
        let visit = Visit { connection, peer, build: None };
        let mut rules = self.scenario.doors.iter().zip(tallies.iter_mut());
        rules.find_map(|(rule, tally)| self.fires(rule.when, tally, &visit).then_some(rule.door))
    }

    /// The build that an alias picks for this call, if the model is one.
    pub(super) fn build(&self, call: &Call) -> Option<Build> {
        let model = call.target.operation.model().filter(|_| call.target.operation.generates())?;
        let at = self.scenario.aliases.iter().position(|alias| alias.model == model)?;
        let mut tallies = self.aliases.lock().expect("no holder of this lock panics");
        Some(self.pick(&self.scenario.aliases[at], &mut tallies[at], call.connection))
    }

    /// What happens to this call instead of an honest answer, if anything.
    pub(super) fn act(&self, call: &Call, build: Option<&Build>) -> Option<Act> {
        let mut tallies = self.rules.lock().expect("no holder of this lock panics");
        let visit = Visit {
            connection: call.connection,
            peer: call.peer.ip(),
            build: build.map(|b| b.name),
        };
        let about = |rule: &Rule| {
            rule.route.covers(call)
                && rule.model.is_none_or(|model| call.target.operation.model() == Some(model))
        };
        let mut rules = self.scenario.rules.iter().zip(tallies.iter_mut());
        rules.find_map(|(rule, tally)| {
            (about(rule) && self.fires(rule.when, tally, &visit)).then_some(rule.act)
        })
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
            When::Between(from, to) => {
                (u128::from(from)..u128::from(to)).contains(&self.started.elapsed().as_millis())
            }
        }
    }

    fn pick(&self, alias: &Alias, tally: &mut Tally, connection: u64) -> Build {
        let nth = tally.count();
        let share = match alias.pick {
            Pick::Turns => return alias.builds[(nth as usize - 1) % alias.builds.len()],
            Pick::Call => tally.dice.roll(),
            Pick::Connection => Dice(mix(self.seed, connection)).roll(),
        };
        weighted(alias.builds, share)
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

/// What a decision may depend on besides the rule itself.
struct Visit {
    connection: u64,
    peer: IpAddr,
    build: Option<&'static str>,
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
