//! When the failure rate changed, over a log of any length: calls are counted in stretches of time that become wider
//! as the log becomes longer, and a change has an interval of when it can have been.

use std::collections::BTreeMap;

use super::{
    call::End,
    figures::{Period, Trouble, at},
};
use crate::stats::{self, Segment, Tally};

/// So many stretches of time are kept.
const MOST: usize = 4096;
/// Whether there is a change is asked of so many of them; where it is, of all.
const COARSE: usize = 512;
const SURE: f64 = 0.95;

/// What ended how, by time.
#[derive(Debug)]
pub(super) struct Series {
    /// The width of a stretch in milliseconds: a power of two.
    width: i64,
    stretches: BTreeMap<i64, Counts>,
    /// The last one, which most calls add to.
    current: (i64, Counts),
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    calls: usize,
    failed: [usize; KINDS.len()],
    last_ms: i64,
}

/// What failures are told apart by, in words.
const KINDS: [&str; 4] = ["429", "4xx", "5xx", "no answer"];

impl Default for Series {
    fn default() -> Self {
        Self { width: 1, stretches: BTreeMap::new(), current: (i64::MIN, Counts::default()) }
    }
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.failed.iter_mut().zip(other.failed).for_each(|(sum, more)| *sum += more);
        self.last_ms = self.last_ms.max(other.last_ms);
    }

    fn failures(&self) -> usize {
        self.failed.iter().sum()
    }
}

const fn kind(end: End) -> Option<usize> {
    match end {
        End::Refused(429) => Some(0),
        End::Refused(500..) => Some(2),
        End::Refused(_) => Some(1),
        End::Failed => Some(3),
        End::Answered | End::Untold => None,
    }
}

impl Series {
    pub(super) fn add(&mut self, at_ms: i64, end: End) {
        if end == End::Untold {
            return;
        }
        let place = at_ms.div_euclid(self.width);
        if self.current.0 != place {
            self.keep();
            self.current = (at_ms.div_euclid(self.width), Counts::default());
        }
        let counts = &mut self.current.1;
        counts.calls += 1;
        counts.last_ms = counts.last_ms.max(at_ms);
        if let Some(kind) = kind(end) {
            counts.failed[kind] += 1;
        }
    }

    fn keep(&mut self) {
        let (place, counts) = self.current;
        if counts.calls > 0 {
            self.stretches.entry(place).or_default().add(&counts);
        }
        while self.stretches.len() > MOST {
            self.width *= 2;
            for (place, counts) in std::mem::take(&mut self.stretches) {
                self.stretches.entry(place.div_euclid(2)).or_default().add(&counts);
            }
        }
    }

    /// The periods in order, one where nothing changed, and the times of trouble among them.
    pub(super) fn figures(&mut self, seed: u64) -> (Vec<Period>, Vec<Trouble>) {
        self.keep();
        self.current.1 = Counts::default();
        let counts: Vec<(i64, Counts)> =
            self.stretches.iter().map(|(place, one)| (*place, *one)).collect();
        let tallies: Vec<Tally> = counts
            .iter()
            .map(|(_, one)| Tally { calls: one.calls, failures: one.failures() })
            .collect();
        let segments = stats::segments_of_tallies(&tallies, COARSE, seed);
        let mut periods: Vec<Period> =
            segments.iter().map(|segment| self.period(segment, &counts)).collect();
        mark(&mut periods);
        let troubles = troubles(&periods);
        (periods, troubles)
    }

    fn period(&self, segment: &Segment, counts: &[(i64, Counts)]) -> Period {
        let inside = &counts[segment.start..segment.end];
        let mut sum = Counts::default();
        inside.iter().for_each(|(_, one)| sum.add(one));
        let (calls, failed) = (sum.calls as u64, sum.failures() as u64);
        let (low, high) = stats::wilson(failed, calls, SURE);
        let begins = |place: usize| at(counts[place.min(counts.len() - 1)].0 * self.width);
        let most =
            sum.failed.iter().enumerate().max_by_key(|(place, one)| (**one, usize::MAX - place));
        let mostly = most.filter(|(_, one)| **one > 0).map(|(place, _)| KINDS[place].to_owned());
        let has_begun = segment.start > 0;
        Period {
            from: begins(segment.start),
            to: at(sum.last_ms),
            calls,
            failed,
            failure_rate: failed as f64 / calls.max(1) as f64,
            low,
            high,
            began_earliest: has_begun.then(|| begins(segment.earliest)),
            began_latest: has_begun.then(|| begins(segment.latest)),
            is_trouble: false,
            mostly,
        }
    }
}

/// Trouble is where clearly more fails than in the quietest period.
fn mark(periods: &mut [Period]) {
    let quietest = periods.iter().map(|period| period.high).fold(f64::INFINITY, f64::min);
    for period in periods {
        period.is_trouble = period.low > quietest;
    }
}

/// Periods of trouble that follow each other are one time of trouble.
fn troubles(periods: &[Period]) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    let mut before = 0;
    for run in periods.chunk_by(|a, b| a.is_trouble == b.is_trouble) {
        let next = periods.get(before + run.len());
        before += run.len();
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        if !first.is_trouble {
            continue;
        }
        let failed = run.iter().map(|period| period.failed).sum();
        let calls = run.iter().map(|period| period.calls).sum();
        let worst = run.iter().max_by_key(|period| period.failed);
        troubles.push(Trouble {
            began: first.began_earliest.as_ref().map(|_| first.from.clone()),
            began_earliest: first.began_earliest.clone(),
            began_latest: first.began_latest.clone(),
            ended: next.map(|next| next.from.clone()),
            ended_earliest: next.and_then(|next| next.began_earliest.clone()),
            ended_latest: next.and_then(|next| next.began_latest.clone()),
            last_call: last.to.clone(),
            calls,
            failed,
            mostly: worst.and_then(|period| period.mostly.clone()),
        });
    }
    troubles
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_780_000_000_000;

    fn found(
        calls: i64,
        every_ms: i64,
        fails: impl Fn(i64) -> bool,
    ) -> (Vec<Period>, Vec<Trouble>) {
        let mut series = Series::default();
        for call in 0..calls {
            let end = if fails(call) { End::Refused(503) } else { End::Answered };
            series.add(START + call * every_ms, end);
        }
        series.figures(1)
    }

    #[test]
    fn trouble_has_a_beginning_and_an_end_with_intervals() {
        let (periods, troubles) =
            found(3_000, 1_000, |call| (1_000..1_400).contains(&call) && call % 3 > 0);
        assert_eq!(periods.len(), 3, "{periods:?}");
        let [trouble] = &troubles[..] else { panic!("{troubles:?}") };
        let near = |text: &Option<String>, call: i64| {
            let all: Vec<String> =
                (call - 4..=call + 4).map(|call| at(START + call * 1_000)).collect();
            text.as_ref().is_some_and(|text| all.contains(text))
        };
        assert!(near(&trouble.began, 1_000) && near(&trouble.ended, 1_400), "{trouble:?}");
        assert!(trouble.began_earliest <= trouble.began && trouble.began <= trouble.began_latest);
        assert_eq!(trouble.mostly.as_deref(), Some("5xx"));
    }

    #[test]
    fn a_long_log_is_kept_in_few_stretches_and_still_dated() {
        let mut series = Series::default();
        let mut random = fastrand::Rng::with_seed(2);
        for call in 0..200_000_i64 {
            let rate = if (120_000..130_000).contains(&call) { 0.2 } else { 0.01 };
            let end = if random.f64() < rate { End::Refused(429) } else { End::Answered };
            series.add(START + call * 432, end);
        }
        assert!(series.stretches.len() <= MOST);
        let (_, troubles) = series.figures(1);
        let [trouble] = &troubles[..] else { panic!("{troubles:?}") };
        let began = START + 120_000 * 432;
        let around = (at(began - 120_000), at(began + 120_000));
        let told = trouble.began.clone().expect("a beginning");
        assert!(around.0 < told && told < around.1, "{told} {around:?}");
    }

    #[test]
    fn trouble_is_dated_at_the_end_and_the_beginning_of_a_log() {
        let (_, troubles) = found(206, 60_000, |call| call >= 200);
        let began = Some(at(START + 200 * 60_000));
        assert_eq!((&troubles[0].began, &troubles[0].ended), (&began, &None));
        assert_eq!((troubles[0].calls, troubles[0].failed), (6, 6));
        let (_, troubles) = found(105, 60_000, |call| call < 5);
        let ended = Some(at(START + 5 * 60_000));
        assert_eq!((&troubles[0].began, &troubles[0].ended), (&None, &ended));
    }

    #[test]
    fn a_steady_log_has_one_period_and_no_trouble() {
        let (periods, troubles) = found(500, 1_000, |call| call % 10 == 0);
        assert_eq!((periods.len(), troubles.len()), (1, 0));
        assert_eq!(periods[0].began_earliest, None);
        assert!(found(0, 1, |_| false).0.is_empty());
    }
}
