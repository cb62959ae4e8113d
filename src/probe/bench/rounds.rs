//! The rounds: every way once in each, in an order that is shuffled anew. Decides when to go which way
//! and when to end; what the samples show is decided in `bench`.

use std::time::Duration;

use tokio::task::JoinSet;

use crate::{
    bench::{Arm, Overview},
    facts::Ended,
};

use super::{
    super::Runner,
    counted,
    plan::{Benched, WayFacts, Why},
    way::{Trip, Way},
};

/// Rounds in a row without any answer, after which more of them would bring nothing.
const SILENT_ROUNDS: u32 = 3;
/// Refusals for their number in a row, after which going on would be a nuisance.
const REFUSALS: u32 = 3;

/// Calls that are begun before the first of them is written: each waits for those before it, and that is
/// no time of the network's.
const SET_OUT_TOGETHER: usize = 8;

/// When the first ratio is told, for whoever sits there and waits.
const FIRST_NEWS: Duration = Duration::from_secs(5);

/// Rounds with answers over all ways that a first ratio takes.
const FIRST_PAIRS: u32 = 5;

/// What the rounds have at hand.
pub(super) struct Rounds<'r, 'a> {
    pub(super) runner: &'r Runner<'a>,
    pub(super) benched: &'r mut Benched,
    pub(super) ways: Vec<Way>,
    pub(super) dice: fastrand::Rng,
    /// Rounds in a row without any answer.
    pub(super) silent: u32,
    /// Refusals in a row.
    pub(super) refused: u32,
    /// Rounds in which every call was answered.
    pub(super) whole: u32,
    /// Whether a call was cut, since the time was over.
    pub(super) is_cut: bool,
}

impl Rounds<'_, '_> {
    /// Makes rounds until there is a reason to end. What came is in the journal after each.
    pub(super) async fn run(&mut self, began: Duration) -> Why {
        let mut is_told = false;
        loop {
            let waited = self.runner.clock.elapsed() - began;
            is_told = is_told || (waited >= FIRST_NEWS && self.tell_ratio_so_far());
            if let Some(why) = self.reason_to_end(began) {
                return why;
            }
            let round = self.benched.rounds + 1;
            let ends = self.round(round).await;
            if self.is_cut {
                return Why::Time;
            }
            self.weigh(&ends);
            self.benched.rounds = round;
        }
    }

    /// Uses what is left of the time to see how long a PING takes, where a way speaks HTTP/2.
    pub(super) async fn ping(&mut self, why: Why, began: Duration) {
        if !matches!(why, Why::Done | Why::Time) {
            return;
        }
        let most = Duration::from_secs_f64(self.benched.plan.most_ms / 1000.0);
        let left = most.saturating_sub(self.runner.clock.elapsed() - began);
        let left = self.benched.until.within(left);
        for way in &self.ways {
            if self.benched.pinged.is_none() {
                self.benched.pinged = way.ping(left).await;
            }
        }
    }

    fn reason_to_end(&self, began: Duration) -> Option<Why> {
        let plan = &self.benched.plan;
        let done = self.benched.rounds;
        let elapsed = (self.runner.clock.elapsed() - began).as_secs_f64() * 1000.0;
        // A round that would end after the time is not begun.
        let one_more = if done > 0 { elapsed / f64::from(done) } else { 0.0 };
        let calls = self.ways.iter().map(Way::most_requests).sum();
        if done >= plan.rounds {
            Some(Why::Done)
        } else if self.refused >= REFUSALS {
            Some(Why::Quota)
        } else if self.silent >= SILENT_ROUNDS {
            Some(Why::Silence)
        } else if elapsed + one_more > plan.most_ms || self.benched.until.is_over() {
            Some(Why::Time)
        } else {
            self.runner.may_send(calls).is_err().then_some(Why::Budget)
        }
    }

    /// How the calls of one round ended.
    async fn round(&mut self, round: u32) -> Vec<Ended> {
        let mut order: Vec<usize> = (0..self.ways.len()).collect();
        self.dice.shuffle(&mut order);
        let mut ends = Vec::with_capacity(self.ways.len() * self.benched.plan.concurrency);
        for place in order {
            self.go(place, round, &mut ends).await;
            self.is_cut |= self.benched.until.is_over();
            if self.is_cut {
                break;
            }
        }
        ends
    }

    /// Goes one way as often at the same time as is wished.
    async fn go(&mut self, place: usize, round: u32, ends: &mut Vec<Ended>) {
        let way = &mut self.ways[place];
        self.runner.journal.spend(way.share().await);
        let at_ms = self.runner.clock.elapsed_ms();
        let at_once = self.benched.plan.concurrency;
        if at_once == 1 {
            let trip = way.set_out(0).await;
            ends.push(self.take_back(place, 0, trip, (round, at_ms)));
            return;
        }
        let mut trips = JoinSet::new();
        for slot in 0..at_once {
            // Boxed, since a task would have room for it twice: for what it is given, and for what it waits for.
            let trip = Box::pin(way.set_out(slot));
            trips.spawn(async move { (slot, trip.await) });
            if slot % SET_OUT_TOGETHER == SET_OUT_TOGETHER - 1 {
                tokio::task::yield_now().await;
            }
        }
        while let Some(ended) = trips.join_next().await {
            let (slot, trip) = ended.expect("no trip panics, and none is aborted");
            ends.push(self.take_back(place, slot, trip, (round, at_ms)));
        }
    }

    /// A call is back. It is counted at once, since the run may be stopped while others are on their way.
    fn take_back(&mut self, place: usize, slot: usize, trip: Trip, when: (u32, f64)) -> Ended {
        let ((round, at_ms), way) = (when, &mut self.ways[place]);
        self.runner.journal.spend(trip.warming());
        let timed = way.take_back(slot, trip);
        let sample = way.sample(&timed, at_ms, round);
        let ended = sample.ended;
        self.is_cut |= timed.was_cut();
        counted::count(self.runner, self.benched, way, sample, timed, at_ms);
        ended
    }

    /// Whether rounds still bring something.
    fn weigh(&mut self, ends: &[Ended]) {
        let answered = ends.contains(&Ended::Answered);
        self.whole += u32::from(ends.iter().all(|end| *end == Ended::Answered));
        self.silent = if answered { 0 } else { self.silent + 1 };
        for ended in ends {
            match ended {
                Ended::Refused(429) => self.refused += 1,
                _ if self.refused >= REFUSALS => {}
                _ => self.refused = 0,
            }
        }
    }

    /// Tells the first ratio there is, and whether there was one.
    fn tell_ratio_so_far(&self) -> bool {
        // To ask what the rounds show takes long, and fewer show nothing yet.
        if self.whole < FIRST_PAIRS {
            return false;
        }
        let arms: Vec<Arm> = self.ways.iter().map(|way| way.facts.arm).collect();
        let seed = self.benched.plan.seed;
        let overview =
            self.runner.journal.with_samples(|samples| Overview::of(samples, &arms, seed));
        let Some(main) = overview.main() else { return false };
        let Some(figures) = &main.comparison.measured else { return false };
        let ratio = figures.ratio;
        self.runner.journal.tell(&format!(
            "so far {} takes {:.2} times as long as {} (95 % interval {:.2}-{:.2}, {} rounds)",
            main.comparison.a,
            ratio.value,
            main.comparison.b,
            ratio.interval.low,
            ratio.interval.high,
            main.comparison.pairs
        ));
        true
    }

    fn tell_ways(&mut self) {
        let lost: Vec<WayFacts> = self.benched.lost().cloned().collect();
        self.benched.ways = self.ways.iter().map(Way::facts).chain(lost).collect();
    }
}

impl Drop for Rounds<'_, '_> {
    /// What the ways have shown is told once, however the rounds end: in a load of calls each round is short.
    fn drop(&mut self) {
        self.tell_ways();
    }
}
