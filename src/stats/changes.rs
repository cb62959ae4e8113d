//! Where in a series of outcomes the failure rate changed. It claims no change that a shuffled series
//! shows as well, and knows no times: places are indices.

/// No stretch is shorter while it is looked for: a handful of equal outcomes is no new rate.
const SHORTEST: usize = 8;
/// A time of more failures amid fewer is looked for in so many neighbours, and needs so many failures.
const LONGEST_WINDOW: usize = 64;
const FEWEST_IN_WINDOW: usize = 4;
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
/// asked of at most `coarse` groups of neighbours, which keeps the search short; where it is, of every tally, and there
/// it may be next to either end: a log often ends soon after the trouble began. A short time of more failures is looked
/// for as well, as no single cut shows it.
pub fn segments_of_tallies(tallies: &[Tally], coarse: usize, seed: u64) -> Vec<Segment> {
    let together = tallies.len().div_ceil(coarse.max(1)).max(1);
    let groups: Vec<Tally> = tallies.chunks(together).map(Tally::sum).collect();
    let by_time = |tallies, moved| Search {
        has_windows: true,
        nearest: 1,
        ..Search::new(tallies, moved, seed)
    };
    let mut starts = by_time(&groups[..], groups.len()).starts();
    starts.iter_mut().for_each(|start| *start *= together);
    by_time(tallies, tallies.len()).settled(starts)
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

/// A part of a stretch in which more fails than around it.
#[derive(Clone, Copy)]
struct Window {
    from: usize,
    to: usize,
    gain: f64,
}

struct Search<'a> {
    tallies: &'a [Tally],
    /// How many of the tallies, from the first on, change places when they are shuffled.
    moved: usize,
    /// `n ln n` for each small count, as all likelihoods are made of it.
    terms: Vec<f64>,
    /// So many calls stand on both sides of the place of a change at least.
    nearest: usize,
    /// Whether to look for short times of more failures.
    has_windows: bool,
    random: fastrand::Rng,
}

impl<'a> Search<'a> {
    fn new(tallies: &'a [Tally], moved: usize, seed: u64) -> Self {
        let all = Tally::sum(tallies).calls.min(MOST_TERMS);
        let terms = (0..=all).map(term).collect();
        let random = fastrand::Rng::with_seed(seed);
        Self { tallies, moved, terms, nearest: SHORTEST, has_windows: false, random }
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
        let mut begun = from;
        for at in self.cuts(from, to) {
            self.split(begun, at, starts);
            starts.push(at);
            begun = at;
        }
        if begun > from {
            self.split(begun, to, starts);
        }
    }

    /// Where this range changes: at one place, at both ends of a window, or nowhere.
    fn cuts(&mut self, from: usize, to: usize) -> Vec<usize> {
        let part = &self.tallies[from..to];
        let moved = self.moved.saturating_sub(from).min(part.len());
        let gain = |search: &Self, part: &[Tally]| Some(search.best(part, SHORTEST)?.gain);
        if let Some(best) = self.best(part, SHORTEST)
            && self.is_change(part, moved, best.gain, gain)
        {
            return vec![from + best.at];
        }
        let gain = |search: &Self, part: &[Tally]| Some(search.window(part)?.gain);
        if self.has_windows
            && let Some(best) = self.window(part)
            && self.is_change(part, moved, best.gain, gain)
        {
            return vec![from + best.from, from + best.to];
        }
        Vec::new()
    }

    fn is_change(
        &mut self,
        part: &[Tally],
        moved: usize,
        gain: f64,
        best_gain: impl Fn(&Self, &[Tally]) -> Option<f64>,
    ) -> bool {
        let mut shuffled = part.to_vec();
        let mut as_clear = || {
            self.shuffle(&mut shuffled[..moved]);
            best_gain(self, &shuffled).is_some_and(|best| best >= gain - ROUNDING)
        };
        (0..SHUFFLES).filter(|_| as_clear()).nth(AS_CLEAR).is_none()
    }

    fn shuffle(&mut self, part: &mut [Tally]) {
        for last in (1..part.len()).rev() {
            let other = self.random.usize(..=last);
            part.swap(other, last);
        }
    }

    /// The clearest time of more failures that neither begins nor ends with the part: such a one is a split.
    fn window(&self, part: &[Tally]) -> Option<Window> {
        let all = Tally::sum(part);
        let last = part.len().checked_sub(1).filter(|_| all.failures >= FEWEST_IN_WINDOW)?;
        let whole = self.likelihood(all.failures, all.calls);
        let has_failed = |place: &usize| part[*place].failures > 0;
        let of = |from: usize| {
            let mut inside = Tally::default();
            (from..last.min(from + LONGEST_WINDOW)).filter_map(move |end| {
                inside = Tally::sum(&[inside, part[end]]);
                (has_failed(&end) && inside.failures >= FEWEST_IN_WINDOW).then_some((
                    from,
                    end + 1,
                    inside,
                ))
            })
        };
        // Trouble amid trouble is left to the cuts: there groups at the ends, which may hold some of both, look calmer.
        let is_short = |inside: &Tally| inside.calls * 2 <= all.calls;
        let is_more = |(.., inside): &(usize, usize, Tally)| {
            let (failures, calls) = (all.failures - inside.failures, all.calls - inside.calls);
            is_short(inside) && inside.failures * calls >= 2 * failures * inside.calls
        };
        let windows = (1..last).filter(has_failed).flat_map(of).filter(is_more);
        let windows = windows.map(|(from, to, inside)| {
            let (failures, calls) = (all.failures - inside.failures, all.calls - inside.calls);
            let parted = self.likelihood(inside.failures, inside.calls);
            Window { from, to, gain: parted + self.likelihood(failures, calls) - whole }
        });
        windows.max_by(|a, b| a.gain.total_cmp(&b.gain))
    }

    fn best(&self, part: &[Tally], shortest: usize) -> Option<Split> {
        self.splits(part, shortest).max_by(|a, b| a.gain.total_cmp(&b.gain))
    }

    /// All ways to cut in two between tallies that leave enough calls on both sides.
    fn splits(&self, part: &[Tally], shortest: usize) -> impl Iterator<Item = Split> {
        let all = Tally::sum(part);
        let whole = self.likelihood(all.failures, all.calls);
        let mut before = Tally::default();
        let cuts = part.iter().enumerate().map(move |(place, tally)| {
            before = Tally::sum(&[before, *tally]);
            (place + 1, before)
        });
        let is_long =
            move |before: &Tally| before.calls >= shortest && all.calls - before.calls >= shortest;
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
            if let Some(best) = self.best(&self.tallies[from..to], self.nearest) {
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
        let best = self.best(part, self.nearest).map_or(0.0, |best| best.gain);
        let likely =
            self.splits(part, self.nearest).filter(|split| split.gain >= best - BELOW_BEST);
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

    fn by_time(outcomes: &[bool], seed: u64) -> Vec<Segment> {
        let tallies: Vec<Tally> = outcomes.chunks(1).map(Tally::of).collect();
        segments_of_tallies(&tallies, 512, seed)
    }

    #[test]
    fn trouble_at_either_end_is_dated_at_its_first_and_last_failure() {
        for (good, bad) in [(200, 6), (30, 5), (100, 5), (60, 12)] {
            let ends: Vec<bool> = (0..good + bad).map(|place| place >= good).collect();
            let found = by_time(&ends, 1);
            assert_eq!((found.len(), found[1].start, found[1].failures), (2, good, bad));
            assert!(found[1].earliest <= good && good <= found[1].latest);
            let begins: Vec<bool> = (0..good + bad).map(|place| place < bad).collect();
            let found = by_time(&begins, 1);
            assert_eq!((found.len(), found[1].start, found[0].failures), (2, bad, bad));
            assert!(found[1].earliest <= bad && bad <= found[1].latest);
        }
    }

    #[test]
    fn the_interval_holds_near_either_end_as_often_as_it_says() {
        let mut random = fastrand::Rng::with_seed(10);
        for (calls, at, left, right) in [
            (100, 94, 0.0, 1.0),
            (100, 90, 0.02, 0.9),
            (100, 6, 0.9, 0.01),
            (100, 12, 0.7, 0.05),
            (60, 48, 0.02, 0.8),
        ] {
            let found: Vec<Vec<Segment>> = (0..80)
                .map(|seed| (seed, series(&[(at, left), (calls - at, right)], &mut random)))
                .map(|(seed, outcomes)| by_time(&outcomes, seed))
                .filter(|found| found.len() == 2)
                .collect();
            let held = found.iter().filter(|s| (s[1].earliest..=s[1].latest).contains(&at)).count();
            assert!(found.len() >= 55, "{calls} {at}: found {}", found.len());
            assert!(held as f64 >= 0.94 * found.len() as f64, "{at}: {held} of {}", found.len());
        }
    }

    #[test]
    fn a_short_time_of_failures_amid_none_is_found() {
        let planted = |good: usize, bad: usize, all: usize| -> Vec<Segment> {
            let fails = |place: usize| (good..good + bad).contains(&place);
            by_time(&(0..all).map(fails).collect::<Vec<_>>(), 1)
        };
        for (good, bad, all) in [(40, 7, 87), (20, 5, 60), (100, 6, 130)] {
            let found = planted(good, bad, all);
            let told: Vec<(usize, usize)> = found.iter().map(|s| (s.start, s.failures)).collect();
            assert_eq!(told, [(0, 0), (good, bad), (good + bad, 0)]);
        }
        // Every second call of 19 amid 40 that are answered.
        let outcomes: Vec<bool> = (0..60).map(|n| (20..39).contains(&n) && n % 2 == 0).collect();
        let found = by_time(&outcomes, 1);
        assert_eq!((found.len(), found[1].start, found[2].start), (3, 20, 39), "{found:?}");
    }

    #[test]
    fn groups_that_hold_the_ends_of_a_long_trouble_are_no_changes() {
        let fails = |place: usize| (1_000..1_400).contains(&place) && !place.is_multiple_of(3);
        let found = by_time(&(0..3_000).map(fails).collect::<Vec<_>>(), 1);
        let starts: Vec<usize> = found.iter().map(|segment| segment.start).collect();
        assert_eq!(starts, [0, 1_000, 1_400]);
    }

    #[test]
    fn a_quiet_log_has_no_change_in_nineteen_of_twenty() {
        let mut random = fastrand::Rng::with_seed(11);
        for (calls, rate) in [(80, 0.02), (120, 0.05), (120, 0.3)] {
            let claims = (0..200)
                .filter(|seed| cut(&by_time(&series(&[(calls, rate)], &mut random), *seed)))
                .count();
            assert!(claims <= 10, "{calls} {rate}: {claims}");
        }
    }

    #[test]
    fn few_tallies_are_looked_at_one_by_one() {
        let outcomes = series(&[(40, 0.0), (40, 0.9)], &mut fastrand::Rng::with_seed(9));
        let tallies: Vec<Tally> = outcomes.chunks(1).map(Tally::of).collect();
        assert_eq!(segments_of_tallies(&tallies, 512, 1), segments(&outcomes, 1));
        assert!(segments_of_tallies(&[], 512, 1).is_empty());
    }
}
