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

/// The stretches of independent outcomes in the order of time; `true` is a failure. One where nothing
/// changed, none where there are no outcomes.
pub fn segments(outcomes: &[bool], seed: u64) -> Vec<Segment> {
    segments_of_blocks(outcomes, 1, seed)
}

/// The same where each `block` outcomes, counted from the first, depend on each other, as those of one
/// connection do: blocks stay whole, so that stickiness is not taken for a change.
pub fn segments_of_blocks(outcomes: &[bool], block: usize, seed: u64) -> Vec<Segment> {
    if outcomes.is_empty() {
        return Vec::new();
    }
    let mut search = Search::new(outcomes, block.max(1), seed);
    let mut starts = vec![0];
    search.split(0, outcomes.len(), &mut starts);
    search.settle(&mut starts);
    (0..starts.len()).map(|index| search.segment(&starts, index)).collect()
}

/// A stretch cut in two: where, and by how much that raises the log-likelihood.
#[derive(Clone, Copy)]
struct Split {
    at: usize,
    gain: f64,
}

struct Search<'a> {
    outcomes: &'a [bool],
    block: usize,
    /// `n ln n` for each count, as all likelihoods are made of it.
    terms: Vec<f64>,
    random: fastrand::Rng,
}

impl<'a> Search<'a> {
    fn new(outcomes: &'a [bool], block: usize, seed: u64) -> Self {
        let term = |count: usize| count as f64 * (count.max(1) as f64).ln();
        let terms = (0..=outcomes.len()).map(term).collect();
        Self { outcomes, block, terms, random: fastrand::Rng::with_seed(seed) }
    }

    /// Adds the starts of all stretches after the first of this range, in order.
    fn split(&mut self, from: usize, to: usize, starts: &mut Vec<usize>) {
        let part = &self.outcomes[from..to];
        let Some(best) = self.best(part) else { return };
        if self.is_change(part, best.gain) {
            let at = from + best.at;
            self.split(from, at, starts);
            starts.push(at);
            self.split(at, to, starts);
        }
    }

    fn is_change(&mut self, part: &[bool], gain: f64) -> bool {
        let mut shuffled = part.to_vec();
        let mut as_clear = || {
            self.shuffle(&mut shuffled);
            self.best(&shuffled).is_some_and(|best| best.gain >= gain - ROUNDING)
        };
        (0..SHUFFLES).filter(|_| as_clear()).nth(AS_CLEAR).is_none()
    }

    /// Exchanges whole blocks; a last one that is shorter stays where it is.
    fn shuffle(&mut self, part: &mut [bool]) {
        for last in (1..part.len() / self.block).rev() {
            let other = self.random.usize(..=last);
            if other != last {
                let (before, after) = part.split_at_mut(last * self.block);
                before[other * self.block..][..self.block]
                    .swap_with_slice(&mut after[..self.block]);
            }
        }
    }

    fn best(&self, part: &[bool]) -> Option<Split> {
        self.splits(part).max_by(|a, b| a.gain.total_cmp(&b.gain))
    }

    /// All ways to cut in two between blocks.
    fn splits(&self, part: &[bool]) -> impl Iterator<Item = Split> {
        let (all, total) = (part.len(), count(part));
        let whole = self.likelihood(total, all);
        let (mut counted, mut failures) = (0, 0);
        let places = (self.first_place()..(all + 1).saturating_sub(SHORTEST)).step_by(self.block);
        places.map(move |at| {
            failures += count(&part[counted..at]);
            counted = at;
            let cut = self.likelihood(failures, at) + self.likelihood(total - failures, all - at);
            Split { at, gain: cut - whole }
        })
    }

    /// The first end of a block at which a stretch is long enough.
    fn first_place(&self) -> usize {
        SHORTEST.next_multiple_of(self.block)
    }

    /// The log-likelihood of so many failures at the rate that suits them best.
    fn likelihood(&self, failures: usize, calls: usize) -> f64 {
        self.terms[failures] + self.terms[calls - failures] - self.terms[calls]
    }

    /// Moves each start to the best place between its neighbours, which were not yet known when it
    /// was found.
    fn settle(&self, starts: &mut [usize]) {
        for index in 1..starts.len() {
            let (from, to) = self.around(starts, index);
            if let Some(best) = self.best(&self.outcomes[from..to]) {
                starts[index] = from + best.at;
            }
        }
    }

    /// From the start of the stretch before this one to the end of this one.
    fn around(&self, starts: &[usize], index: usize) -> (usize, usize) {
        let end = starts.get(index + 1).copied().unwrap_or(self.outcomes.len());
        (starts[index.saturating_sub(1)], end)
    }

    fn segment(&self, starts: &[usize], index: usize) -> Segment {
        let (start, (_, end)) = (starts[index], self.around(starts, index));
        let (earliest, latest) = if index == 0 { (0, 0) } else { self.interval(starts, index) };
        let failures = count(&self.outcomes[start..end]);
        Segment { start, end, failures, earliest, latest }
    }

    /// The first and the last place that is hardly less likely than the best.
    fn interval(&self, starts: &[usize], index: usize) -> (usize, usize) {
        let (from, to) = self.around(starts, index);
        let part = &self.outcomes[from..to];
        let best = self.best(part).map_or(0.0, |best| best.gain);
        let likely = self.splits(part).filter(|split| split.gain >= best - BELOW_BEST);
        let start = (starts[index], starts[index]);
        likely.fold(start, |(earliest, latest), split| {
            (earliest.min(from + split.at), latest.max(from + split.at))
        })
    }
}

fn count(part: &[bool]) -> usize {
    part.iter().map(|failed| usize::from(*failed)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Independent outcomes: so many at each rate.
    fn series(parts: &[(usize, f64)], random: &mut fastrand::Rng) -> Vec<bool> {
        let rates = parts.iter().flat_map(|(calls, rate)| std::iter::repeat_n(*rate, *calls));
        rates.map(|rate| random.f64() < rate).collect()
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
        assert_eq!(found.iter().map(|segment| segment.failures).sum::<usize>(), count(&outcomes));
        assert_eq!(found, segments(&outcomes, 1));
    }

    #[test]
    fn short_and_uniform_series_are_one_segment() {
        assert!(segments(&[], 1).is_empty());
        let short = [false, false, false, false, true, true, true, true];
        for outcomes in [&short[..], &[true], &[true; 50], &[false; 50]] {
            let (end, failures) = (outcomes.len(), count(outcomes));
            let whole = Segment { start: 0, end, failures, earliest: 0, latest: 0 };
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
}
