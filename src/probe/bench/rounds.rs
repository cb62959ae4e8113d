//! The rounds: every way once in each, in an order that is shuffled anew. Decides when to go which way
//! and when to end; what the samples show is decided in `bench`.

use std::time::Duration;

use tokio::task::JoinSet;

use crate::facts::{Ended, Sample};

use super::{
    super::Runner,
    plan::{Benched, Failed, Why},
    way::{Timed, Trip, Way},
};

/// Rounds in a row without any answer, after which more of them would bring nothing.
const SILENT_ROUNDS: u32 = 3;
/// Refusals for their number in a row, after which going on would be a nuisance.
const REFUSALS: u32 = 3;

/// Calls that are begun before the first of them is written: each waits for those before it, and that is
/// no time of the network's.
const SET_OUT_TOGETHER: usize = 8;

/// Failures of one kind over one way whose words are kept.
const ENOUGH_ALIKE: usize = 3;

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
}

impl Rounds<'_, '_> {
    /// Makes rounds until there is a reason to end. What came is in the journal after each.
    pub(super) async fn run(&mut self) -> Why {
        let began = self.runner.clock.elapsed();
        loop {
            if let Some(why) = self.reason_to_end(began) {
                return why;
            }
            let round = self.benched.rounds + 1;
            let ends = self.round(round).await;
            self.weigh(&ends);
            self.benched.rounds = round;
        }
    }

    fn reason_to_end(&self, began: Duration) -> Option<Why> {
        let plan = &self.benched.plan;
        let done = self.benched.rounds;
        let elapsed = (self.runner.clock.elapsed() - began).as_secs_f64() * 1000.0;
        // A round that would end after the time is not begun.
        let one_more = if done > 0 { elapsed / f64::from(done) } else { 0.0 };
        let calls = (self.ways.len() * plan.concurrency) as u64;
        if done >= plan.rounds {
            Some(Why::Done)
        } else if self.refused >= REFUSALS {
            Some(Why::Quota)
        } else if self.silent >= SILENT_ROUNDS {
            Some(Why::Silence)
        } else if elapsed + one_more > plan.most_ms {
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
            self.tell_way(place);
        }
        ends
    }

    /// Counts a call, and keeps what it told if it failed in a way that was seldom seen yet.
    fn count(&mut self, place: usize, sample: &Sample, timed: Timed, at_ms: f64) {
        let way = &self.ways[place];
        let alike = |it: &&Failed| it.ended == sample.ended && it.way == way.facts.name;
        let is_news = self.benched.failures.iter().filter(alike).count() < ENOUGH_ALIKE;
        if sample.is_answered() || !is_news {
            self.runner.journal.spend(way.spent(&timed));
        } else {
            let way_name = way.facts.name.clone();
            let tried = self.runner.read_elsewhere(&way.call, at_ms, timed.over());
            self.benched.failures.push(Failed { way: way_name, ended: sample.ended, tried });
        }
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
            let trip = way.set_out(slot);
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
        self.count(place, &sample, timed, at_ms);
        let ended = sample.ended;
        self.runner.journal.sample(sample);
        ended
    }

    /// Whether rounds still bring something.
    fn weigh(&mut self, ends: &[Ended]) {
        let answered = ends.contains(&Ended::Answered);
        self.silent = if answered { 0 } else { self.silent + 1 };
        for ended in ends {
            match ended {
                Ended::Refused(429) => self.refused += 1,
                _ if self.refused >= REFUSALS => {}
                _ => self.refused = 0,
            }
        }
    }

    /// What a way has shown, for a run that may be stopped at any time. Those that could not be gone stand
    /// behind the others.
    fn tell_way(&mut self, place: usize) {
        let (told, seen) = (&mut self.benched.ways[place], &self.ways[place].facts);
        told.opened = seen.opened;
        told.closed_after.extend_from_slice(&seen.closed_after[told.closed_after.len()..]);
    }
}
