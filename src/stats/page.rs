//! Page's test: since when does a rate differ from what counts as healthy, asked after every call? It sums up
//! what each call says for the other rate and begins anew whenever the sum falls to nothing; so it never grows
//! tired, and has no length that somebody must choose. It knows no times: places are counts of calls.

/// A rate that counts as healthy, and one that does not: those of every verdict on a name.
pub const HEALTHY: f64 = 0.01;
/// The rate from which on calls count as failing.
pub const BROKEN: f64 = 0.10;
/// The place of a change is no regular parameter: half the 95 % quantile of its likelihood ratio is
/// `-ln(1 - √0.95)`, as for changes in a series that is over.
const BELOW_BEST: f64 = 3.676;
/// How much likelier than one rate for all a recovery must be, for each call that is to confirm it.
const OVER: f64 = 20.0;

/// The running sum for one question.
#[derive(Clone, Debug)]
pub struct PageTest {
    threshold: f64,
    sum: f64,
    /// Calls since the sum was nothing.
    since: u64,
}

impl PageTest {
    /// A test that so many calls in a row decide in the clearest case.
    pub fn new(confirming: u32) -> Self {
        // A call that fails is ten times as likely where one in ten fails as where one in a hundred does.
        let threshold = f64::from(confirming) * (BROKEN / HEALTHY).ln();
        Self { threshold, sum: 0.0, since: 0 }
    }

    /// Takes in a call of a series that was healthy. Once it no longer is: how many calls that has been so.
    pub fn fails_since(&mut self, failed: bool) -> Option<u64> {
        let says =
            if failed { (BROKEN / HEALTHY).ln() } else { ((1.0 - BROKEN) / (1.0 - HEALTHY)).ln() };
        self.sum = (self.sum + says).max(0.0);
        self.since = if self.sum > 0.0 { self.since + 1 } else { 0 };
        // Sums of logarithms carry their rounding.
        (self.sum >= self.threshold - 1e-9).then_some(self.since)
    }

    /// Forgets all of it.
    pub fn reset(&mut self) {
        (self.sum, self.since) = (0.0, 0);
    }
}

/// Whether a series that failed is healthy by now: some split of it, with any rate before and the healthy one after, is
/// likelier than one rate for all of it, by as much as so many calls ask for. The rate is the series' own on both
/// sides, so that few calls claim little: a name that goes on to fail in one call of ten is not called well.
pub fn is_over(outcomes: &[bool], confirming: u32) -> bool {
    let (all, calls) = (failures(outcomes), outcomes.len());
    let bar = likelihood(all, calls) + f64::from(confirming) * OVER.ln() - 1e-9;
    splits(outcomes).any(|(at, before)| {
        let is_healthy = rate(all - before, calls - at) <= HEALTHY;
        let is_lower = rate(all - before, calls - at) < rate(before, at);
        let likely = || likelihood(before, at) + when_healthy(all - before, calls - at);
        is_healthy && is_lower && likely() >= bar
    })
}

/// A place in a series at which its rate changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The index of the first call at the new rate.
    pub at: usize,
    /// The first index that is hardly less likely.
    pub earliest: usize,
    /// The last one.
    pub latest: usize,
}

/// Which way a rate changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From a healthy one to a greater one; all of the series may have it.
    Worse,
    /// To a healthy one from a greater one.
    Better,
}

/// The likeliest place of the one change in a series, which is known to have gone that way. Failures that no healthy
/// rate explains are never on its healthy side. `None` where no split goes that way.
pub fn place_of_change(outcomes: &[bool], way: Way) -> Option<Place> {
    let (all, calls) = (failures(outcomes), outcomes.len());
    let likely: Vec<Option<f64>> = splits(outcomes)
        .map(|(at, before)| {
            let (first, then) = ((before, at), (all - before, calls - at));
            let (bad, good) = if way == Way::Worse { (then, first) } else { (first, then) };
            let goes_so = bad.1 > 0 && rate(bad.0, bad.1) > rate(good.0, good.1);
            goes_so.then(|| likelihood(bad.0, bad.1) + when_healthy(good.0, good.1))
        })
        .collect();
    let best = likely.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
    let near = |bar: f64| move |one: &Option<f64>| one.is_some_and(|one| one >= best - bar);
    Some(Place {
        at: likely.iter().position(near(1e-9))?,
        earliest: likely.iter().position(near(BELOW_BEST))?,
        latest: likely.iter().rposition(near(BELOW_BEST))?,
    })
}

/// Each place at which the rate can have changed, with the failures before it.
fn splits(outcomes: &[bool]) -> impl Iterator<Item = (usize, usize)> {
    outcomes.iter().enumerate().scan(0, |before, (at, failed)| {
        let here = (at, *before);
        *before += usize::from(*failed);
        Some(here)
    })
}

fn rate(failed: usize, calls: usize) -> f64 {
    failed as f64 / calls.max(1) as f64
}

/// The log-likelihood of so many failures at the rate that suits them best among the healthy ones.
fn when_healthy(failed: usize, calls: usize) -> f64 {
    if rate(failed, calls) <= HEALTHY {
        return likelihood(failed, calls);
    }
    failed as f64 * HEALTHY.ln() + (calls - failed) as f64 * (1.0 - HEALTHY).ln()
}

fn failures(outcomes: &[bool]) -> usize {
    outcomes.iter().filter(|failed| **failed).count()
}

/// The log-likelihood of so many failures at the rate that suits them best.
fn likelihood(failed: usize, calls: usize) -> f64 {
    let term = |count: usize| count as f64 * (count.max(1) as f64).ln();
    term(failed) + term(calls - failed) - term(calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_in_a_row_are_enough_and_two_are_not() {
        let mut test = PageTest::new(3);
        let said: Vec<Option<u64>> =
            [false, true, true, true].map(|failed| test.fails_since(failed)).to_vec();
        assert_eq!(said, [None, None, None, Some(3)]);
        test.reset();
        assert_eq!(test.fails_since(true), None);
    }

    fn series(failed: usize, calls: usize, good: usize) -> Vec<bool> {
        // The last call of the outage failed: good calls after it are counted by themselves.
        (0..calls).map(|at| at >= calls - failed).chain((0..good).map(|_| false)).collect()
    }

    #[test]
    fn an_outage_is_over_after_some_good_calls_and_a_short_or_rare_fault_after_many() {
        let good_calls = |failed, calls| {
            (1..400).find(|good| is_over(&series(failed, calls, *good), 3)).expect("it is over")
        };
        assert_eq!(good_calls(20, 20), 4);
        assert_eq!(good_calls(10, 10), 5);
        assert_eq!(good_calls(5, 5), 9);
        assert_eq!(good_calls(3, 3), 21);
        assert!(!is_over(&series(0, 0, 100), 3), "what never failed is not over");
    }

    #[test]
    fn a_place_is_where_the_likelihood_is_greatest() {
        let outcomes: Vec<bool> = (0..40).map(|index| index >= 30).collect();
        let place = place_of_change(&outcomes, Way::Worse).expect("a place");
        assert_eq!(place.at, 30);
        assert!(place.earliest >= 28 && place.latest <= 32, "{place:?}");
        assert_eq!(place_of_change(&outcomes, Way::Better), None);
        assert_eq!(place_of_change(&[true], Way::Worse).map(|place| place.at), Some(0));
        assert_eq!(place_of_change(&[], Way::Worse), None);
    }

    #[test]
    fn failures_before_the_change_belong_to_it_where_no_healthy_rate_explains_them() {
        let outcomes = [true, true, false, false, false, true, true];
        assert_eq!(place_of_change(&outcomes, Way::Worse).map(|place| place.at), Some(0));
        assert_eq!(place_of_change(&outcomes, Way::Better).map(|place| place.at), Some(2));
    }
}
