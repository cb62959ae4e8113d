//! Where in a series of outcomes the failure rate changed. It claims no change that a shuffled series
//! shows as well, and knows no times: places are indices.

/// No stretch is shorter: a handful of equal outcomes is no new rate.
const SHORTEST: usize = 8;
/// A change counts if fewer than 1 in 100 shuffled series show one as clear: p = (8 + 1) / (999 + 1).
const SHUFFLES: usize = 999;
const AS_CLEAR: usize = 8;
/// The place of a change is no regular parameter: half the 95 % quantile of its likelihood ratio is
/// `-ln(1 - √0.95)` (Hansen 2000), where a rate would have 1.92.
const BELOW_BEST: f64 = 3.676;
/// So many terms are kept; those of greater counts are worked out each time.
const MOST_TERMS: usize = 1 << 16;
/// Sums in another order may differ by this much and still be equal.
const ROUNDING: f64 = 1e-9;

/// A stretch of outcomes with one failure rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The index of its first outcome.
    pub start: usize,
    /// The index after its last outcome.
    pub end: usize,
    /// How many of its outcomes are failures.
    pub failures: usize,
    /// The first index at which it may have started, at 95 %; 0 in the first segment.
    pub earliest: usize,
    /// The last index at which it may have started, at 95 %; 0 in the first segment.
    pub latest: usize,
}

/// Outcomes that stand together and that no stretch parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub calls: usize,
    /// How many of them are failures.
    pub failures: usize,
}

/// The stretches of independent outcomes in the order of time; `true` is a failure. One where nothing
/// changed, none where there are no outcomes.
pub fn segments(outcomes: &[bool], seed: u64) -> Vec<Segment> {
    segments_of_blocks(outcomes, 1, seed)
}

/// The same where each `block` outcomes, counted from the first, depend on each other, as those of one
/// connection do: blocks stay whole, so that stickiness is not taken for a change.
pub fn segments_of_blocks(outcomes: &[bool], block: usize, seed: u64) -> Vec<Segment> {
    let block = block.max(1);
    let tallies: Vec<Tally> = outcomes.chunks(block).map(Tally::of).collect();
    // A last block that is shorter stays where it is.
    let moved = outcomes.len() / block;
    let at = |place: usize| (place * block).min(outcomes.len());
    let found = Search::new(&tallies, moved, seed).stretches();
    let outcome = |segment: Segment| Segment {
        start: at(segment.start),
        end: at(segment.end),
        earliest: at(segment.earliest),
        latest: at(segment.latest),
        ..segment
    };
    found.into_iter().map(outcome).collect()
}

/// The same of outcomes that were counted by time: places are those of the tallies. Whether there is a change is
/// asked of at most `coarse` groups of neighbours, which keeps the search short; where it is, of every tally.
pub fn segments_of_tallies(tallies: &[Tally], coarse: usize, seed: u64) -> Vec<Segment> {
    let together = tallies.len().div_ceil(coarse.max(1)).max(1);
    let groups: Vec<Tally> = tallies.chunks(together).map(Tally::sum).collect();
    let mut starts = Search::new(&groups, groups.len(), seed).starts();
    starts.iter_mut().for_each(|start| *start *= together);
    Search::new(tallies, tallies.len(), seed).settled(starts)
}

impl Tally {
    fn of(outcomes: &[bool]) -> Self {
        Self { calls: outcomes.len(), failures: outcomes.iter().filter(|failed| **failed).count() }
    }

    fn sum(parts: &[Self]) -> Self {
        parts.iter().fold(Self::default(), |sum, part| Self {
            calls: sum.calls + part.calls,
            failures: sum.failures + part.failures,
        })
    }
}

/// A stretch cut in two: where, and by how much that raises the log-likelihood.
#[derive(Clone, Copy)]
struct Split {
    at: usize,
    gain: f64,
}

struct Search<'a> {
    tallies: &'a [Tally],
    /// How many of the tallies, from the first on, change places when they are shuffled.
    moved: usize,
    /// `n ln n` for each small count, as all likelihoods are made of it.
    terms: Vec<f64>,
    random: fastrand::Rng,
}

impl<'a> Search<'a> {
    fn new(tallies: &'a [Tally], moved: usize, seed: u64) -> Self {
        let all = Tally::sum(tallies).calls.min(MOST_TERMS);
        let terms = (0..=all).map(term).collect();
        Self { tallies, moved, terms, random: fastrand::Rng::with_seed(seed) }
    }

    fn stretches(mut self) -> Vec<Segment> {
        let starts = self.starts();
        self.settled(starts)
    }

    /// Where stretches begin; none where there are no outcomes.
    fn starts(&mut self) -> Vec<usize> {
        if self.tallies.is_empty() {
            return Vec::new();
        }
        let mut starts = vec![0];
        self.split(0, self.tallies.len(), &mut starts);
        starts
    }

    fn settled(&self, mut starts: Vec<usize>) -> Vec<Segment> {
        self.settle(&mut starts);
        (0..starts.len()).map(|index| self.segment(&starts, index)).collect()
    }

    /// Adds the starts of all stretches after the first of this range, in order.
    fn split(&mut self, from: usize, to: usize, starts: &mut Vec<usize>) {
        let part = &self.tallies[from..to];
        let Some(best) = self.best(part) else { return };
        let moved = self.moved.saturating_sub(from).min(part.len());
        if self.is_change(part, moved, best.gain) {
            let at = from + best.at;
            self.split(from, at, starts);
            starts.push(at);
            self.split(at, to, starts);
        }
    }

    fn is_change(&mut self, part: &[Tally], moved: usize, gain: f64) -> bool {
        let mut shuffled = part.to_vec();
        let mut as_clear = || {
            self.shuffle(&mut shuffled[..moved]);
            self.best(&shuffled).is_some_and(|best| best.gain >= gain - ROUNDING)
        };
        (0..SHUFFLES).filter(|_| as_clear()).nth(AS_CLEAR).is_none()
    }

    fn shuffle(&mut self, part: &mut [Tally]) {
        for last in (1..part.len()).rev() {
            let other = self.random.usize(..=last);
            part.swap(other, last);
        }
    }

    fn best(&self, part: &[Tally]) -> Option<Split> {
        self.splits(part).max_by(|a, b| a.gain.total_cmp(&b.gain))
    }

    /// All ways to cut in two between tallies that leave enough calls on both sides.
    fn splits(&self, part: &[Tally]) -> impl Iterator<Item = Split> {
        let all = Tally::sum(part);
        let whole = self.likelihood(all.failures, all.calls);
        let mut before = Tally::default();
        let cuts = part.iter().enumerate().map(move |(place, tally)| {
            before = Tally::sum(&[before, *tally]);
            (place + 1, before)
        });
        let is_long =
            move |before: &Tally| before.calls >= SHORTEST && all.calls - before.calls >= SHORTEST;
        cuts.filter(move |(_, before)| is_long(before)).map(move |(at, before)| {
            let after = self.likelihood(all.failures - before.failures, all.calls - before.calls);
            Split { at, gain: self.likelihood(before.failures, before.calls) + after - whole }
        })
    }

    /// The log-likelihood of so many failures at the rate that suits them best.
    fn likelihood(&self, failures: usize, calls: usize) -> f64 {
        let term = |count: usize| self.terms.get(count).copied().unwrap_or_else(|| term(count));
        term(failures) + term(calls - failures) - term(calls)
    }

    /// Moves each start to the best place between its neighbours, which were not yet known when it
    /// was found.
    fn settle(&self, starts: &mut [usize]) {
        for index in 1..starts.len() {
            let (from, to) = self.around(starts, index);
            if let Some(best) = self.best(&self.tallies[from..to]) {
                starts[index] = from + best.at;
            }
        }
    }

    /// From the start of the stretch before this one to the end of this one.
    fn around(&self, starts: &[usize], index: usize) -> (usize, usize) {
        let end = starts.get(index + 1).copied().unwrap_or(self.tallies.len());
        (starts[index.saturating_sub(1)], end)
    }

    fn segment(&self, starts: &[usize], index: usize) -> Segment {
        let (start, (_, end)) = (starts[index], self.around(starts, index));
        let (earliest, latest) = if index == 0 { (0, 0) } else { self.interval(starts, index) };
        let failures = Tally::sum(&self.tallies[start..end]).failures;
        Segment { start, end, failures, earliest, latest }
    }

    /// The first and the last place that is hardly less likely than the best.
    fn interval(&self, starts: &[usize], index: usize) -> (usize, usize) {
        let (from, to) = self.around(starts, index);
        let part = &self.tallies[from..to];
        let best = self.best(part).map_or(0.0, |best| best.gain);
        let likely = self.splits(part).filter(|split| split.gain >= best - BELOW_BEST);
        let start = (starts[index], starts[index]);
        likely.fold(start, |(earliest, latest), split| {
            (earliest.min(from + split.at), latest.max(from + split.at))
        })
    }
}

fn term(count: usize) -> f64 {
    count as f64 * (count.max(1) as f64).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Independent outcomes: so many at each rate.
    fn series(parts: &[(usize, f64)], random: &mut fastrand::Rng) -> Vec<bool> {
        let rates = parts.iter().flat_map(|(calls, rate)| std::iter::repeat_n(*rate, *calls));
        rates.map(|rate| random.f64() < rate).collect()
    }

    fn failures(outcomes: &[bool]) -> usize {
        Tally::of(outcomes).failures
    }

    fn doubled(outcomes: &[bool]) -> Vec<bool> {
        outcomes.iter().flat_map(|failed| [*failed; 2]).collect()
    }

    fn cut(segments: &[Segment]) -> bool {
        segments.len() > 1
    }

    #[test]
    fn segments_follow_each_other_and_count_what_is_there() {
        let outcomes = series(&[(40, 0.0), (40, 0.9), (40, 0.2)], &mut fastrand::Rng::with_seed(1));
        let found = segments(&outcomes, 1);
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!((found[0].start, found[2].end), (0, 120));
        assert_eq!((found[0].earliest, found[0].latest), (0, 0));
        for pair in found.windows(2) {
            assert_eq!(pair[0].end, pair[1].start);
            assert!(pair[1].earliest <= pair[1].start && pair[1].start <= pair[1].latest);
        }
        assert_eq!(
            found.iter().map(|segment| segment.failures).sum::<usize>(),
            failures(&outcomes)
        );
        assert_eq!(found, segments(&outcomes, 1));
    }

    #[test]
    fn short_and_uniform_series_are_one_segment() {
        assert!(segments(&[], 1).is_empty());
        let short = [false, false, false, false, true, true, true, true];
        for outcomes in [&short[..], &[true], &[true; 50], &[false; 50]] {
            let (end, failed) = (outcomes.len(), failures(outcomes));
            let whole = Segment { start: 0, end, failures: failed, earliest: 0, latest: 0 };
            assert_eq!(segments(outcomes, 1), [whole]);
        }
    }

    #[test]
    fn changes_are_found_where_they_are() {
        let mut random = fastrand::Rng::with_seed(2);
        for (before, left, right) in
            [(40, 0.0, 2.0 / 3.0), (60, 2.0 / 3.0, 0.0), (60, 0.05, 0.68), (90, 0.68, 0.05)]
        {
            let found = (0..100).filter(|seed| {
                let outcomes = series(&[(before, left), (120 - before, right)], &mut random);
                segments(&outcomes, *seed)[1..].iter().any(|s| s.start.abs_diff(before) <= 10)
            });
            let found = found.count();
            assert!(found >= 97, "{before} {left} {right}: {found}");
        }
    }

    #[test]
    fn a_window_of_failures_has_both_its_ends() {
        let mut random = fastrand::Rng::with_seed(3);
        let found = (0..50).filter(|seed| {
            let outcomes = series(&[(50, 0.02), (25, 0.95), (45, 0.02)], &mut random);
            let found = segments(&outcomes, *seed);
            [50, 75].iter().all(|at| found.iter().any(|segment| segment.start.abs_diff(*at) <= 4))
        });
        let found = found.count();
        assert!(found >= 48, "{found}");
    }

    #[test]
    fn no_change_is_claimed_of_a_steady_rate() {
        let mut random = fastrand::Rng::with_seed(4);
        for rate in [0.05, 0.3, 0.68] {
            let claims = (0..2_000)
                .filter(|seed| cut(&segments(&series(&[(120, rate)], &mut random), *seed)))
                .count();
            assert!(claims <= 40, "{rate}: {claims}");
        }
    }

    #[test]
    fn pairs_that_agree_are_no_change() {
        let mut random = fastrand::Rng::with_seed(5);
        let claims = (0..2_000)
            .filter(|seed| {
                let outcomes = doubled(&series(&[(60, 0.68)], &mut random));
                cut(&segments_of_blocks(&outcomes, 2, *seed))
            })
            .count();
        assert!(claims <= 40, "{claims}");
    }

    #[test]
    fn a_change_among_pairs_is_found_between_two_of_them() {
        let mut random = fastrand::Rng::with_seed(6);
        let found = (0..100).filter(|seed| {
            let outcomes = doubled(&series(&[(20, 0.0), (40, 0.68)], &mut random));
            let found = segments_of_blocks(&outcomes, 2, *seed);
            assert!(found.iter().all(|segment| segment.start % 2 == 0));
            found[1..].iter().any(|segment| segment.start.abs_diff(40) <= 10)
        });
        let found = found.count();
        assert!(found >= 97, "{found}");
    }

    #[test]
    fn outcomes_in_turn_are_no_change() {
        for period in [2, 3, 4, 6] {
            let outcomes: Vec<bool> = (0..120).map(|index| index % period < period / 2).collect();
            assert!(!cut(&segments(&outcomes, 1)), "{period}");
        }
    }

    #[test]
    fn the_interval_holds_the_true_start_as_often_as_it_says() {
        let mut random = fastrand::Rng::with_seed(7);
        for (left, right) in [(0.05, 0.68), (0.1, 0.5)] {
            let found: Vec<Segment> = (0..80)
                .map(|seed| (seed, series(&[(60, left), (60, right)], &mut random)))
                .filter_map(|(seed, outcomes)| segments(&outcomes, seed).get(1).copied())
                .collect();
            let held = found.iter().filter(|s| (s.earliest..=s.latest).contains(&60)).count();
            assert!(held as f64 >= 0.94 * found.len() as f64, "{held} of {}", found.len());
        }
    }

    #[test]
    fn outcomes_counted_by_time_change_where_the_outcomes_do() {
        let mut random = fastrand::Rng::with_seed(8);
        let mut found = 0;
        for seed in 0..20 {
            let tally = |rate: f64, random: &mut fastrand::Rng| {
                let calls = random.usize(0..60);
                Tally { calls, failures: (0..calls).filter(|_| random.f64() < rate).count() }
            };
            let rates =
                (0..1_500).map(|place| if (700..900).contains(&place) { 0.3 } else { 0.02 });
            let tallies: Vec<Tally> = rates.map(|rate| tally(rate, &mut random)).collect();
            let segments = segments_of_tallies(&tallies, 256, seed);
            let near = |at: usize| segments.iter().any(|segment| segment.start.abs_diff(at) <= 2);
            found += usize::from(segments.len() == 3 && near(700) && near(900));
        }
        assert!(found >= 18, "{found}");
    }

    #[test]
    fn few_tallies_are_looked_at_one_by_one() {
        let outcomes = series(&[(40, 0.0), (40, 0.9)], &mut fastrand::Rng::with_seed(9));
        let tallies: Vec<Tally> = outcomes.chunks(1).map(Tally::of).collect();
        assert_eq!(segments_of_tallies(&tallies, 512, 1), segments(&outcomes, 1));
        assert!(segments_of_tallies(&[], 512, 1).is_empty());
    }
}
