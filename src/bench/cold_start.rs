//! Does the first call, or each first one after a rest, take far longer than the others: an instance
//! or a model that has to be started first? What opening a connection takes is left out.

use crate::facts::Sample;

use super::split::opening;

/// A first call that takes so many times as long as the slowest other is half as likely to be chance,
/// in tails as heavy as those where twice the time is half as likely.
const FAR_ABOVE_ALL: f64 = 2.0;

/// A first call is far above the others from so many times their median on.
const FAR: f64 = 3.0;
/// As likely as this may the first calls be the slowest of all by chance, whatever the noise.
const CHANCE: f64 = 0.02;

/// A start that the first calls wait for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColdStart {
    /// How many first calls there were: of the run, and after each rest.
    pub firsts: usize,
    /// How many others they are held against.
    pub others: usize,
    /// The quickest of the first calls, in milliseconds.
    pub first_ms: f64,
    /// The median of the others.
    pub usual_ms: f64,
    /// The slowest of the others.
    pub slowest_other_ms: f64,
}

impl ColdStart {
    /// The finding, if there is one. The first call of the run must be among the samples, warm-up or
    /// not; a call is a first one too where nothing was under way for `rest_ms` before it. Held against
    /// each other are calls over ways that are like the one of the first call, of one protocol to one
    /// side: another one may be slow or quick each time.
    ///
    /// The rule: every first call takes longer than any other, and three times their median at least.
    /// In calls that are all alike, `k` of them picked beforehand are the slowest of `n` once in
    /// "n choose k" times, whatever the noise, so that this must be 50 at least: one first call takes 49
    /// others, two take 9. Where they take twice as long as the slowest other, half of that is enough.
    pub fn of<'s>(
        samples: impl IntoIterator<Item = &'s Sample>,
        rest_ms: f64,
        are_alike: impl Fn(&str, &str) -> bool,
    ) -> Option<Self> {
        let (firsts, mut others) = apart(samples, rest_ms, are_alike);
        let first_ms = firsts.iter().copied().reduce(f64::min)?;
        others.sort_unstable_by(f64::total_cmp);
        let slowest_other_ms = *others.last()?;
        let usual_ms = others[others.len() / 2];
        let far = first_ms > slowest_other_ms && first_ms >= FAR * usual_ms;
        let far_above_all = first_ms >= FAR_ABOVE_ALL * slowest_other_ms;
        let less = if far_above_all { FAR_ABOVE_ALL.recip() } else { 1.0 };
        (far && less * chance(firsts.len(), others.len()) <= CHANCE).then_some(Self {
            firsts: firsts.len(),
            others: others.len(),
            first_ms,
            usual_ms,
            slowest_other_ms,
        })
    }
}

/// What first calls took, and what the others did. Only answers are counted; a call of any end keeps
/// the server awake.
fn apart<'s>(
    samples: impl IntoIterator<Item = &'s Sample>,
    rest_ms: f64,
    are_alike: impl Fn(&str, &str) -> bool,
) -> (Vec<f64>, Vec<f64>) {
    let mut calls: Vec<&Sample> = samples.into_iter().collect();
    calls.sort_by(|a, b| a.at_ms.total_cmp(&b.at_ms));
    let very_first = calls.first().map(|call| call.arm.clone()).unwrap_or_default();
    let (mut firsts, mut others, mut busy_until) = (Vec::new(), Vec::new(), f64::NEG_INFINITY);
    for call in calls {
        let first = call.at_ms - busy_until >= rest_ms;
        busy_until = busy_until.max(call.at_ms + call.latency_ms);
        let took = call.latency_ms - opening(&call.phases.all()).unwrap_or(0.0);
        if call.is_answered() && are_alike(&very_first, &call.arm) {
            if first { &mut firsts } else { &mut others }.push(took);
        }
    }
    (firsts, others)
}

/// One over the ways to pick the first calls among all.
fn chance(firsts: usize, others: usize) -> f64 {
    (1..=firsts).map(|at| at as f64 / (others + at) as f64).product()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bench::samples::{answered, noisy},
        facts::Phases,
    };

    const REST_MS: f64 = 30_000.0;

    /// What is found where all calls are alike.
    fn found(samples: &[Sample]) -> Option<ColdStart> {
        ColdStart::of(samples, REST_MS, |_, _| true)
    }

    /// A call each second, and a minute's rest before each of these rounds.
    fn run(count: u32, rests: &[u32], mut latency: impl FnMut(u32) -> f64) -> Vec<Sample> {
        let mut now = 0.0;
        let call = |round| {
            now += if rests.contains(&round) { 60_000.0 } else { 1_000.0 };
            Sample { at_ms: now, ..answered("a", round, latency(round)) }
        };
        (1..=count).map(call).collect()
    }

    #[test]
    fn a_slow_first_call_among_many_is_a_cold_start() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut latency = |round| match round {
            1 => 3_000.0,
            _ => noisy(200.0, 0.2, &mut random),
        };
        let mut samples = run(50, &[], &mut latency);
        let start = found(&samples).expect("a cold start");
        assert_eq!((start.firsts, start.others, start.first_ms), (1, 49, 3_000.0));
        assert!(start.slowest_other_ms < 600.0 && start.usual_ms < 250.0);
        assert!(found(&samples[..25]).is_some(), "and far above all of them");
        assert_eq!(found(&samples[..24]), None, "one in 24 is chance");
        samples[10].latency_ms = 2_000.0;
        assert!(found(&samples).is_some() && found(&samples[..49]).is_none());
    }

    #[test]
    fn a_first_call_over_a_slow_protocol_is_no_cold_start() {
        // Calls over two protocols in turn, of which one takes ten times as long each time.
        let slow_and_quick = |first: f64| {
            let mut samples = run(100, &[], |at| if at % 2 == 0 { 200.0 } else { 2_000.0 });
            for sample in samples.iter_mut().skip(1).step_by(2) {
                sample.arm = "quick".into();
            }
            samples[0].latency_ms = first;
            ColdStart::of(&samples, REST_MS, |one, other| one == other)
        };
        assert_eq!(slow_and_quick(2_100.0), None);
        let start = slow_and_quick(7_000.0).expect("a cold start");
        assert_eq!((start.others, start.usual_ms), (49, 2_000.0));
    }

    #[test]
    fn first_calls_after_rests_make_few_others_enough() {
        let slow = |round: u32| if [1, 4, 8].contains(&round) { 2_000.0 } else { 150.0 };
        let start = found(&run(10, &[4, 8], slow)).expect("a cold start");
        assert_eq!((start.firsts, start.others), (3, 7));
        let only_once = |round: u32| if round == 1 { 2_000.0 } else { 150.0 };
        assert_eq!(found(&run(60, &[4, 8], only_once)), None);
    }

    #[test]
    fn slower_is_not_far_slower() {
        let latency = |round| if round == 1 { 500.0 } else { 200.0 };
        assert_eq!(found(&run(100, &[], latency)), None);
        assert_eq!(found(&[]), None);
    }

    #[test]
    fn opening_a_connection_is_no_cold_start() {
        let mut samples = run(100, &[], |round| if round == 1 { 2_000.0 } else { 200.0 });
        samples[0].phases =
            Phases { tcp_ms: Some(900.0), tls_ms: Some(900.0), ..Phases::default() }.into();
        assert_eq!(found(&samples), None);
    }

    /// In how many of 2,000 runs without a start one is claimed.
    fn claims(
        count: u32,
        rests: &[u32],
        mut latency: impl FnMut(&mut fastrand::Rng) -> f64,
    ) -> usize {
        let mut random = fastrand::Rng::with_seed(2);
        let run = |_: &u32| found(&run(count, rests, |_| latency(&mut random))).is_some();
        (0..2_000).filter(run).count()
    }

    #[test]
    fn no_start_is_claimed_where_all_calls_are_alike() {
        let spikes = |random: &mut fastrand::Rng| {
            let middle = if random.u8(..20) == 0 { 2_000.0 } else { 200.0 };
            noisy(middle, 0.2, random)
        };
        let heavy = |random: &mut fastrand::Rng| 100.0 / (1.0 - random.f64());
        for (count, rests) in
            [(25, &[][..]), (30, &[]), (60, &[]), (300, &[]), (12, &[5]), (12, &[4, 8])]
        {
            // At most 2 % by the rule: 60 of 2,000 are three standard errors above it.
            let found = [claims(count, rests, spikes), claims(count, rests, heavy)];
            assert!(found.into_iter().all(|claims| claims <= 60), "{count} {rests:?}: {found:?}");
        }
    }
}
