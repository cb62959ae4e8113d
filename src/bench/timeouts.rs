//! Time-outs that calls run into or come near to: the caller's own, and that of a server or gateway,
//! which shows in ends at one round number of seconds. It asks nothing and gives no advice.

use crate::{
    facts::{Ended, Fault, Sample},
    stats::quantile,
};

/// The quantiles that may be spoken of, the highest first.
const QUANTILES: [f64; 4] = [0.99, 0.95, 0.9, 0.5];
/// A tail above this share of the time-out leaves no room for a bad day.
const NEAR: f64 = 0.5;

/// What people write into the settings of servers and gateways, in seconds.
const ROUND: [u32; 17] = [2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 100, 120, 180, 240, 300, 600, 900];
/// A timer that starts after ours cannot end before it; this much is for clocks.
const EARLY_MS: f64 = 250.0;
/// The way to whoever sets the limit, a new connection before it, and timers that look once a second.
const LATE_MS: f64 = 1_000.0;
/// Both are less where the number is small: these shares of it at most.
const EARLY_SHARE: f64 = 0.025;
const LATE_SHARE: f64 = 0.1;
/// Fewer ends at one number are chance.
const FEWEST_AT_ONE: usize = 3;
/// As likely as this may so many ends meet by chance; there are some ten numbers to look at.
const CHANCE: f64 = 0.001;

/// Answers that come near the caller's own time-out, or miss it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearLimit {
    /// The highest quantile that so many calls bear: 0.99 from 1,000 on.
    pub quantile: f64,
    /// Its value in milliseconds; a call that ran into the time-out counts with what it had waited.
    pub latency_ms: f64,
    /// The time-out.
    pub timeout_ms: f64,
    /// Calls that ran into it.
    pub timed_out: usize,
}

impl NearLimit {
    /// The finding, if the tail lies above half of the time-out.
    pub fn of<'s>(samples: impl IntoIterator<Item = &'s Sample>, timeout_ms: f64) -> Option<Self> {
        let (mut timed_out, mut values) = (0, Vec::new());
        for sample in samples.into_iter().filter(|one| one.is_answered() || ran_out(one)) {
            timed_out += usize::from(ran_out(sample));
            values.push(sample.latency_ms);
        }
        let highest = |q: f64| Some((q, quantile(&values, q)?));
        let (quantile, latency_ms) = QUANTILES.into_iter().find_map(highest)?;
        let near = latency_ms > NEAR * timeout_ms;
        near.then_some(Self { quantile, latency_ms, timeout_ms, timed_out })
    }
}

/// Calls that end at one round number of seconds: somebody else's time-out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoundEnd {
    /// The number of seconds.
    pub seconds: u32,
    /// The calls that end there; none lasts longer.
    pub calls: usize,
    /// Of these, the ones without a good answer: three at least.
    pub failed: usize,
    /// How the first of those ended, such as with status 504.
    pub ended: Ended,
}

impl RoundEnd {
    /// The finding, if there is one. The calls must lead to one side, whose limit it is. Calls that this
    /// program itself gave up are left out.
    ///
    /// A limit cuts off all that would last longer, so that nothing ends beyond it, and more ends there
    /// than a tail has: such as get thinner from half of the number upward would let so many meet in the
    /// second after it once in 1,000 times. Three at 30 s or more are enough where nothing else lasted
    /// half as long. Only ends without a good answer count: some work takes as long as it takes, over a
    /// slow way beside quick ones too, and good answers in that second speak against a limit.
    pub fn of<'s>(samples: impl IntoIterator<Item = &'s Sample>) -> Option<Self> {
        let theirs: Vec<&Sample> = samples.into_iter().filter(|sample| !ran_out(sample)).collect();
        ROUND.into_iter().rev().find_map(|seconds| at(&theirs, seconds))
    }
}

/// Whether the caller's own time-out ended it.
fn ran_out(sample: &Sample) -> bool {
    matches!(sample.ended, Ended::Failed { fault: Fault::TimedOut, .. })
}

/// From when it began: a limit does not count what a call waited before it.
fn lasted_ms(sample: &Sample) -> f64 {
    let waited = sample.due_ms.map_or(0.0, |due| sample.at_ms - due);
    sample.latency_ms - waited.max(0.0)
}

fn at(samples: &[&Sample], seconds: u32) -> Option<RoundEnd> {
    let limit = f64::from(seconds) * 1_000.0;
    let early = EARLY_MS.min(EARLY_SHARE * limit);
    let (from, to) = (limit - early, limit + LATE_MS.min(LATE_SHARE * limit));
    let between = |low: f64, high: f64| {
        samples.iter().filter(move |sample| (low..high).contains(&lasted_ms(sample)))
    };
    let (below, beyond) = (between(limit / 2.0, from).count(), between(to, f64::INFINITY).count());
    let here: Vec<&&Sample> = between(from, to).collect();
    let failed: Vec<&&&Sample> = here.iter().filter(|sample| !sample.is_answered()).collect();
    let share = (to - from) / (to - limit / 2.0);
    let found = beyond == 0
        && failed.len() >= FEWEST_AT_ONE
        && at_least(failed.len(), here.len() + below, share) <= CHANCE;
    let ended = failed.first()?.ended;
    found.then_some(RoundEnd { seconds, calls: here.len(), failed: failed.len(), ended })
}

/// The chance of so many hits or more, each with this chance.
fn at_least(hits: usize, of: usize, chance: f64) -> f64 {
    // From the chance of none upward, each from the one before it.
    let odds = chance / (1.0 - chance);
    let mut term = (1.0 - chance).powi(i32::try_from(of).unwrap_or(i32::MAX));
    let mut fewer = 0.0;
    for hit in 0..hits {
        fewer += term;
        term *= odds * (of - hit) as f64 / (hit + 1) as f64;
    }
    (1.0 - fewer).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::samples::{answered, failed, noisy, refused};

    fn answers(count: u32, latency: impl Fn(u32) -> f64) -> Vec<Sample> {
        (1..=count).map(|round| answered("a", round, latency(round))).collect()
    }

    #[test]
    fn a_tail_near_the_time_out_is_named_with_the_quantile_that_may_be_spoken_of() {
        let rising =
            |count: u32| answers(count, |round| f64::from(round) * 40_000.0 / f64::from(count));
        for (count, q) in [(1_000, 0.99), (999, 0.95), (20, 0.95), (19, 0.9)] {
            let found = NearLimit::of(&rising(count), 60_000.0).expect("near");
            assert!(found.quantile == q && found.latency_ms > 30_000.0, "{count}: {found:?}");
            assert_eq!(NearLimit::of(&rising(count), 90_000.0), None);
        }
        assert_eq!(NearLimit::of(&answers(4, |_| 59_000.0), 60_000.0), None, "too few to say");
    }

    #[test]
    fn calls_that_ran_out_of_time_belong_to_the_tail() {
        let mut samples = answers(40, |_| 1_000.0);
        assert_eq!(NearLimit::of(&samples, 60_000.0), None);
        samples.extend((0..5).map(|_| failed("a", 1, 60_000.0)));
        let found = NearLimit::of(&samples, 60_000.0).expect("near");
        assert_eq!((found.quantile, found.timed_out), (0.95, 5));
        samples = answers(40, |_| 1_000.0);
        samples.extend((0..5).map(|_| refused("a", 1, 60_000.0, 429)));
        assert_eq!(NearLimit::of(&samples, 60_000.0), None, "refusals are no latencies");
    }

    fn with_ends(ends: &[f64], status: u16) -> Vec<Sample> {
        let mut samples = answers(30, |round| 500.0 * f64::from(round));
        samples.extend(ends.iter().map(|ms| refused("a", 1, *ms, status)));
        samples
    }

    #[test]
    fn failures_that_end_at_one_round_number_are_somebody_elses_limit() {
        for seconds in [60, 120, 300] {
            let limit = f64::from(seconds) * 1_000.0;
            let ends = [limit + 12.0, limit + 140.0, limit + 700.0];
            let found = RoundEnd::of(&with_ends(&ends, 504)).expect("a limit");
            assert_eq!((found.seconds, found.calls, found.failed), (seconds, 3, 3));
            assert_eq!(found.ended, Ended::Refused(504));
        }
        let mut waited = with_ends(&[75_012.0, 75_140.0, 75_700.0], 504);
        for sample in &mut waited {
            sample.due_ms = Some(sample.at_ms - 15_000.0);
        }
        assert_eq!(RoundEnd::of(&waited).map(|found| found.seconds), Some(60), "waited before");
        let all = [30_010.0, 30_020.0, 30_030.0, 30_040.0].map(|ms| refused("a", 1, ms, 502));
        assert_eq!(RoundEnd::of(&all).map(|found| found.seconds), Some(30), "nothing but these");
    }

    #[test]
    fn good_answers_alone_show_no_limit() {
        let mut samples: Vec<Sample> =
            (0..30).map(|at| answered("a", 1, 2_050.0 + f64::from(at))).collect();
        samples.extend(answers(30, |_| 20.0));
        assert_eq!(RoundEnd::of(&samples), None, "it takes as long as it takes");
        samples.extend([2_010.0, 2_011.0].map(|ms| refused("a", 1, ms, 504)));
        assert_eq!(RoundEnd::of(&samples), None, "two are chance");
        samples.push(refused("a", 1, 2_012.0, 504));
        assert_eq!(RoundEnd::of(&samples), None, "and good answers come as late");
        samples.drain(..30);
        samples.extend([2_012.0, 2_013.0].map(|ms| refused("a", 1, ms, 504)));
        let found = RoundEnd::of(&samples).expect("a limit");
        assert_eq!((found.seconds, found.failed, found.ended), (2, 5, Ended::Refused(504)));
    }

    #[test]
    fn what_is_no_limit_is_not_called_one() {
        let none = |ends: &[f64]| assert_eq!(RoundEnd::of(&with_ends(ends, 504)), None, "{ends:?}");
        none(&[60_010.0, 60_020.0]);
        none(&[60_010.0, 60_020.0, 60_030.0, 75_000.0]);
        none(&[57_010.0, 57_020.0, 57_030.0]);
        none(&[60_010.0, 60_020.0, 60_030.0, 40_000.0, 45_000.0, 50_000.0, 55_000.0]);
        let own: Vec<Sample> = (0..9).map(|_| failed("a", 1, 60_001.0)).collect();
        assert_eq!(RoundEnd::of(&own), None, "this program gave them up");
    }

    #[test]
    fn no_limit_is_claimed_of_latencies_that_only_have_a_long_tail() {
        let mut random = fastrand::Rng::with_seed(1);
        let claims = (0..2_000)
            .filter(|_| {
                let middle = 2_000.0 * 60_f64.powf(random.f64());
                let (sigma, count) = (0.05 + random.f64(), random.u32(20..300));
                let mut call = |round| match noisy(middle, sigma, &mut random) {
                    ms if round % 4 == 0 => refused("a", round, ms, 503),
                    ms => answered("a", round, ms),
                };
                let samples: Vec<Sample> = (1..=count).map(&mut call).collect();
                RoundEnd::of(&samples).is_some()
            })
            .count();
        assert!(claims <= 20, "{claims}");
    }

    #[test]
    fn the_chance_of_many_hits() {
        assert!((at_least(3, 3, 0.1) - 0.001).abs() < 1e-12);
        assert!((at_least(1, 2, 0.5) - 0.75).abs() < 1e-12);
        assert_eq!(at_least(0, 5, 0.3), 1.0);
    }
}
