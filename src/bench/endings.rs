//! How connections end that the other side ends: after so many calls, after so long without one, or
//! just when a call is sent over them. From counts and times alone; it gives no advice.

use std::collections::BTreeMap;

use crate::{
    facts::{Ended, Fault, Sample, Stage},
    stats::fisher_greater,
};

/// An end that comes with an answer comes this soon after it at the latest.
const WITH_ANSWER_MS: f64 = 100.0;
/// Fewer ends after one number of calls are chance.
const FEWEST_ALIKE: usize = 3;
/// No limit of a connection's age that anybody sets is shorter.
const SHORTEST_AGE_MS: f64 = 10_000.0;
/// Ages that lie no farther apart than this may be of one limit, with the jitter that servers add.
const AGE_SPREAD: f64 = 0.12;

/// No idle limit that anybody sets is shorter.
const SHORTEST_IDLE_MS: f64 = 250.0;
/// Fewer ends after one idle time are chance.
const FEWEST_IDLE: usize = 4;
/// How far idle times may lie apart that one limit makes: some servers look once a second only.
const IDLE_SPREAD: f64 = 1.2;

/// Where connections carry so many calls, one more makes no other number.
const MANY_CALLS: u32 = 5;
/// As likely as this may reused connections lose calls by chance where new ones lose none.
const CHANCE: f64 = 0.01;
/// A single lost call shows nothing.
const FEWEST_LOST: usize = 2;

/// The end of a connection that the other side ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ending {
    /// The calls that it had carried.
    pub carried: u32,
    /// How long nothing was asked over it when it was ended.
    pub idle_ms: f64,
    /// How old it was then.
    pub age_ms: f64,
    /// By what.
    pub by: EndedBy,
}

/// How the other side ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    /// HTTP/2: it said that it takes no further call.
    GoAway,
    /// It closed or broke the connection.
    Close,
    /// HTTP/1.1: its answer said that it is the last one.
    Word,
}

/// Connections are ended after a number of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallsEach {
    /// The number.
    pub calls: u32,
    /// How often it was seen.
    pub times: usize,
}

impl CallsEach {
    /// The finding, if there is one: at least three connections were ended, each of them with the answer
    /// to the call of that number, or over HTTP/2 the next one. Where they were old and of one age too, a clock may have ended them.
    pub fn of(ends: &[Ending]) -> Option<Self> {
        let calls = ends.iter().map(|end| end.carried).min()?;
        let alike = |end: &Ending| is_after(end, calls) && end.idle_ms <= WITH_ANSWER_MS;
        let found = ends.len() >= FEWEST_ALIKE && ends.iter().all(alike);
        (found && !are_one_age(ends)).then_some(Self { calls, times: ends.len() })
    }
}

/// A GOAWAY lets a call pass that was on its way when it was said.
fn is_after(end: &Ending, calls: u32) -> bool {
    let passes = end.by == EndedBy::GoAway && calls >= MANY_CALLS;
    end.carried == calls || (passes && end.carried == calls + 1)
}

fn are_one_age(ends: &[Ending]) -> bool {
    let (low, high) = span(ends, |end| end.age_ms);
    low >= SHORTEST_AGE_MS && high - low <= AGE_SPREAD * high
}

/// Connections are ended once they were idle for some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IdleLimit {
    /// The shortest idle time after which one was ended, in milliseconds.
    pub low_ms: f64,
    /// The longest one.
    pub high_ms: f64,
    /// How often it was seen.
    pub times: usize,
}

impl IdleLimit {
    /// The finding, if there is one: at least four connections were ended while they were idle, all of
    /// them after much the same time, and no call was answered over one that had rested longer.
    pub fn of(ends: &[Ending], longest_rest_ms: f64) -> Option<Self> {
        let idle: Vec<Ending> =
            ends.iter().copied().filter(|end| end.idle_ms >= SHORTEST_IDLE_MS).collect();
        let (low_ms, high_ms) = span(&idle, |end| end.idle_ms);
        let found = idle.len() >= FEWEST_IDLE
            && idle.len() * 2 > ends.len()
            && high_ms <= IDLE_SPREAD * low_ms
            && longest_rest_ms <= IDLE_SPREAD * high_ms;
        found.then_some(Self { low_ms, high_ms, times: idle.len() })
    }
}

fn span(ends: &[Ending], value: fn(&Ending) -> f64) -> (f64, f64) {
    let values = || ends.iter().map(value);
    (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max))
}

/// The longest time that any connection rested before a call that was answered over it.
pub fn longest_rest_ms<'s>(samples: impl IntoIterator<Item = &'s Sample>) -> f64 {
    let mut free_since: BTreeMap<u32, f64> = BTreeMap::new();
    let mut longest = 0.0_f64;
    let mut calls: Vec<&Sample> = samples.into_iter().collect();
    calls.sort_by(|a, b| a.at_ms.total_cmp(&b.at_ms));
    for call in calls {
        let before = free_since.insert(call.connection, call.at_ms + call.latency_ms);
        if let Some(before) = before.filter(|_| call.is_answered()) {
            longest = longest.max(call.at_ms - before);
        }
    }
    longest
}

/// Calls over connections that had carried others before got lost, and calls over new ones did not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReuseRace {
    /// Calls that got lost.
    pub lost: usize,
    /// Calls over connections that had carried others before.
    pub reused: usize,
    /// Calls over new ones.
    pub fresh: usize,
    /// Which call of its connection each lost one was, where they agree.
    pub nth: Option<u32>,
    /// The chance of that, if both get lost as often.
    pub p: f64,
}

impl ReuseRace {
    /// The finding, if there is one. `opened` are further connections whose first call was answered.
    pub fn of(samples: &[Sample], opened: usize) -> Option<Self> {
        let (reused, fresh): (Vec<&Sample>, Vec<&Sample>) =
            samples.iter().filter(|call| call.nth > 0).partition(|call| call.nth > 1);
        let lost: Vec<u32> =
            reused.iter().filter(|call| is_lost(call)).map(|call| call.nth).collect();
        let fresh_lost = fresh.iter().filter(|call| is_lost(call)).count();
        let fresh = fresh.len() + opened;
        let [hits, calls, others] = [lost.len(), reused.len(), fresh].map(|count| count as u64);
        let p = fisher_greater(hits, calls, 0, others);
        let found = lost.len() >= FEWEST_LOST && fresh_lost == 0 && p <= CHANCE;
        let nth = lost.first().copied().filter(|first| lost.iter().all(|nth| nth == first));
        found.then_some(Self { lost: lost.len(), reused: reused.len(), fresh, nth, p })
    }
}

/// Whether the connection went away under a call before there was an answer.
pub fn is_lost(call: &Sample) -> bool {
    let before = |stage| matches!(stage, Stage::Request | Stage::Head);
    match call.ended {
        Ended::Failed { stage, fault: Fault::Closed | Fault::Reset | Fault::GoAway } => {
            before(stage)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::samples::{answered, noisy};

    fn end(carried: u32, idle_ms: f64, age_ms: f64) -> Ending {
        Ending { carried, idle_ms, age_ms, by: EndedBy::Close }
    }

    #[test]
    fn ends_after_one_number_of_calls_are_a_count() {
        let ends = [end(10, 0.1, 700.0), end(10, 0.3, 800.0), end(10, 0.0, 760.0)];
        assert_eq!(CallsEach::of(&ends), Some(CallsEach { calls: 10, times: 3 }));
        assert_eq!(CallsEach::of(&ends[..2]), None);
        let but = |last: Ending| CallsEach::of(&[ends[0], ends[1], last]);
        assert_eq!(but(end(11, 0.0, 760.0)), None, "another number");
        assert_eq!(but(end(10, 300.0, 760.0)), None, "while it was idle");
        let by_clock = [end(10, 0.1, 61_000.0), end(10, 0.3, 63_000.0), end(10, 0.0, 62_000.0)];
        assert_eq!(CallsEach::of(&by_clock), None, "all of one age");
        let no_reuse = [end(1, 0.1, 3.0), end(1, 0.3, 3.0), end(1, 0.0, 3.0)];
        assert_eq!(CallsEach::of(&no_reuse).map(|found| found.calls), Some(1));
    }

    #[test]
    fn ends_after_one_idle_time_are_a_limit() {
        let ends = [1_001.0, 1_010.0, 1_040.0, 1_003.0].map(|idle| end(3, idle, 9_000.0));
        let found = IdleLimit::of(&ends, 800.0).expect("a limit");
        assert_eq!((found.low_ms, found.high_ms, found.times), (1_001.0, 1_040.0, 4));
        assert_eq!(IdleLimit::of(&ends[..3], 800.0), None);
        assert_eq!(IdleLimit::of(&ends, 1_500.0), None, "another rested longer and lived");
        let apart = [1_001.0, 1_010.0, 1_400.0, 1_003.0].map(|idle| end(3, idle, 9_000.0));
        assert_eq!(IdleLimit::of(&apart, 800.0), None);
        let at_once = [1.0, 1.1, 1.2, 1.0].map(|idle| end(3, idle, 9_000.0));
        assert_eq!(IdleLimit::of(&at_once, 0.0), None);
    }

    #[test]
    fn a_rest_counts_where_the_next_call_is_answered() {
        let call = |connection, at_ms| Sample { connection, at_ms, ..answered("a", 1, 10.0) };
        let lost = Sample { ended: LOST, ..call(1, 5_000.0) };
        let calls = [call(1, 0.0), call(2, 20.0), call(1, 110.0), lost];
        assert_eq!(longest_rest_ms(&calls), 100.0);
    }

    const LOST: Ended = Ended::Failed { stage: Stage::Head, fault: Fault::Closed };

    fn nth(nth: u32, is_lost: bool) -> Sample {
        let ended = if is_lost { LOST } else { Ended::Answered };
        Sample { nth, ended, ..answered("a", 1, 10.0) }
    }

    #[test]
    fn calls_that_only_reused_connections_lose_are_a_race() {
        let reused = (0..40).map(|at| nth(2 + at % 4, at % 4 == 3));
        let fresh = (0..30).map(|_| nth(1, false));
        let mut samples: Vec<Sample> = reused.chain(fresh).collect();
        let found = ReuseRace::of(&samples, 10).expect("a race");
        assert_eq!((found.lost, found.reused, found.fresh, found.nth), (10, 40, 40, Some(5)));
        assert_eq!(ReuseRace::of(&samples[..40], 0), None, "nothing to compare with");
        samples.push(nth(1, true));
        assert_eq!(ReuseRace::of(&samples, 10), None, "new ones lose calls too");
    }

    /// In how many of 2,000 seeded runs a thing is claimed.
    fn claims(mut claimed: impl FnMut(&mut fastrand::Rng) -> bool) -> usize {
        let mut random = fastrand::Rng::with_seed(5);
        (0..2_000).filter(|_| claimed(&mut random)).count()
    }

    /// Connections over which a call is made in each round, and that are ended by something else than a
    /// count: at an age that is drawn anew each time.
    fn ended_at(
        random: &mut fastrand::Rng,
        ends: usize,
        age: impl Fn(&mut fastrand::Rng) -> f64,
    ) -> Vec<Ending> {
        let round_ms = 100.0 * 50_f64.powf(random.f64());
        let share = random.f64();
        let one = |_| {
            let (age_ms, mut now, mut carried) = (age(random), 0.0, 0);
            loop {
                let round = noisy(round_ms, 0.1, random);
                carried += 1;
                if age_ms < now + round {
                    return end(carried, (age_ms - now - share * round).max(0.0), age_ms);
                }
                now += round;
            }
        };
        (0..ends).map(one).collect()
    }

    #[test]
    fn no_count_is_claimed_where_something_else_ends_connections() {
        let by_chance = claims(|random| {
            let ends = 3 + random.usize(..5);
            let mean = 1_000.0 * 60_f64.powf(random.f64());
            let age = |random: &mut fastrand::Rng| -mean * (1.0 - random.f64()).ln();
            CallsEach::of(&ended_at(random, ends, age)).is_some()
        });
        let by_age = claims(|random| {
            let ends = 3 + random.usize(..5);
            let limit = 15_000.0 * 8_f64.powf(random.f64());
            let age = |random: &mut fastrand::Rng| limit * (1.0 + 0.1 * random.f64());
            CallsEach::of(&ended_at(random, ends, age)).is_some()
        });
        // Seen: 37 and 0. What ends connections by chance at every other call ends three alike soon.
        assert!(by_chance <= 60 && by_age <= 20, "{by_chance} {by_age}");
    }

    #[test]
    fn no_idle_limit_is_claimed_where_something_else_ends_connections() {
        let by_chance = claims(|random| {
            let gap = 300.0 * 20_f64.powf(random.f64());
            let count = 4 + random.usize(..5);
            let ends: Vec<Ending> = (0..count).map(|_| end(2, gap * random.f64(), 9.0)).collect();
            IdleLimit::of(&ends, 0.0).is_some()
        });
        assert!(by_chance <= 20, "{by_chance}");
    }

    #[test]
    fn no_race_is_claimed_where_all_connections_lose_calls_alike() {
        let by_chance = claims(|random| {
            let rate = 0.3 * random.f64();
            let mut call = |place| nth(place, random.f64() < rate);
            let samples: Vec<Sample> = (0..60).flat_map(|_| [call(1), call(7)]).collect();
            ReuseRace::of(&samples, 0).is_some()
        });
        assert!(by_chance <= 20, "{by_chance}");
    }
}
