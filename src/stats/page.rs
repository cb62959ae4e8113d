//! Page's test: since when does a rate differ from what counts as healthy, asked after every call? It sums up
//! what each call says for the other rate and begins anew whenever the sum falls to nothing; so it never grows
//! tired, and has no length that somebody must choose. It knows no times: places are counts of calls.

/// A rate that counts as healthy, and one that does not: those of every verdict on a name.
pub const HEALTHY: f64 = 0.01;
/// The rate from which on calls count as failing.
pub const BROKEN: f64 = 0.10;
/// No series proves that every call fails, or that few do.
const RATES: (f64, f64) = (BROKEN, 0.95);
/// The place of a change is no regular parameter: half the 95 % quantile of its likelihood ratio is
/// `-ln(1 - √0.95)`, as for changes in a series that is over.
const BELOW_BEST: f64 = 3.676;

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
        self.add(failed, HEALTHY, BROKEN)
    }

    /// Takes in a call of a series that fails at this rate. Once it does not any more: since how many calls.
    pub fn recovered_since(&mut self, failed: bool, rate: f64) -> Option<u64> {
        self.add(failed, rate.clamp(RATES.0, RATES.1), HEALTHY)
    }

    fn add(&mut self, failed: bool, from: f64, to: f64) -> Option<u64> {
        let says = if failed { (to / from).ln() } else { ((1.0 - to) / (1.0 - from)).ln() };
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

/// A rate from few calls, a little nearer to one half than they say.
pub fn cautious_rate(failed: u64, calls: u64) -> f64 {
    (failed as f64 + 1.0) / (calls as f64 + 2.0)
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

/// The likeliest place of the one change in a series, which is known to have one; `None` where it is too short.
pub fn place_of_change(outcomes: &[bool]) -> Option<Place> {
    if outcomes.len() < 2 {
        return None;
    }
    let all = failures(outcomes);
    let mut before = 0;
    let likely: Vec<f64> = (1..outcomes.len())
        .map(|at| {
            before += usize::from(outcomes[at - 1]);
            likelihood(before, at) + likelihood(all - before, outcomes.len() - at)
        })
        .collect();
    let best = likely.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let near = |bar: f64| move |one: &f64| *one >= best - bar;
    Some(Place {
        at: likely.iter().position(near(1e-9))? + 1,
        earliest: likely.iter().position(near(BELOW_BEST))? + 1,
        latest: likely.iter().rposition(near(BELOW_BEST))? + 1,
    })
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

    /// A watch in small: since which call it fails, and since which it passes again.
    struct Follower {
        outcomes: Vec<bool>,
        onset: PageTest,
        recovery: PageTest,
        failing_since: Option<usize>,
        last_change: usize,
        changes: Vec<usize>,
    }

    impl Follower {
        fn new() -> Self {
            Self {
                outcomes: Vec::new(),
                onset: PageTest::new(3),
                recovery: PageTest::new(3),
                failing_since: None,
                last_change: 0,
                changes: Vec::new(),
            }
        }

        fn push(&mut self, failed: bool) {
            self.outcomes.push(failed);
            let since = match self.failing_since {
                None => self.onset.fails_since(failed),
                Some(from) => {
                    let part = &self.outcomes[from..];
                    let last = part.iter().rposition(|failed| *failed).map_or(0, |at| at + 1);
                    let rate = cautious_rate(failures(&part[..last]) as u64, last as u64);
                    self.recovery.recovered_since(failed, rate)
                }
            };
            let Some(since) = since else { return };
            let at = self.outcomes.len() - usize::try_from(since).expect("a count of calls");
            let window = &self.outcomes[self.last_change..];
            let at = place_of_change(window).map_or(at, |place| self.last_change + place.at);
            self.failing_since = if self.failing_since.is_none() { Some(at) } else { None };
            self.last_change = at;
            self.changes.push(at);
            self.onset.reset();
            self.recovery.reset();
        }
    }

    fn changes(parts: &[(usize, f64)], random: &mut fastrand::Rng) -> Vec<usize> {
        let mut follower = Follower::new();
        for (calls, rate) in parts {
            (0..*calls).for_each(|_| follower.push(random.f64() < *rate));
        }
        follower.changes
    }

    #[test]
    fn three_failures_in_a_row_are_enough_and_two_are_not() {
        let mut test = PageTest::new(3);
        let said: Vec<Option<u64>> =
            [false, true, true, true].map(|failed| test.fails_since(failed)).to_vec();
        assert_eq!(said, [None, None, None, Some(3)]);
        test.reset();
        assert_eq!(test.fails_since(true), None);
    }

    #[test]
    fn an_outage_is_over_after_three_good_calls_and_a_rare_fault_after_many() {
        let good_calls = |rate: f64| {
            let mut test = PageTest::new(3);
            (1..200).find(|_| test.recovered_since(false, rate).is_some())
        };
        assert_eq!((good_calls(1.0), good_calls(0.68)), (Some(3), Some(7)));
        assert_eq!((good_calls(0.3), good_calls(0.1)), (Some(20), Some(73)));
    }

    #[test]
    fn a_quiet_log_of_eight_hours_shows_a_change_in_at_most_one_of_twenty() {
        let mut random = fastrand::Rng::with_seed(1);
        for rate in [0.0, 0.002, 0.005, 0.01] {
            let claims =
                (0..2_000).filter(|_| !changes(&[(480, rate)], &mut random).is_empty()).count();
            assert!(claims <= 100, "{rate}: {claims} of 2000");
        }
    }

    #[test]
    fn onset_and_recovery_are_dated_within_ten_calls() {
        let mut random = fastrand::Rng::with_seed(2);
        for (quiet, rate) in [(0.0, 0.5), (0.0, 0.68), (0.0, 1.0), (0.01, 0.68), (0.01, 1.0)] {
            let dated = (0..1_000).filter(|_| {
                let parts = [(20, quiet), (20, rate), (20, quiet)];
                let found = changes(&parts, &mut random);
                found.len() == 2 && found[0].abs_diff(20) <= 10 && found[1].abs_diff(40) <= 10
            });
            let dated = dated.count();
            assert!(dated >= 900, "{quiet} {rate}: {dated} of 1000");
        }
    }

    #[test]
    fn one_call_in_ten_is_noticed_within_an_hour_or_two() {
        let mut random = fastrand::Rng::with_seed(3);
        let noticed =
            (0..1_000).filter(|_| !changes(&[(120, 0.1)], &mut random).is_empty()).count();
        assert!(noticed >= 700, "{noticed} of 1000");
    }

    #[test]
    fn a_place_is_where_the_likelihood_is_greatest() {
        let outcomes: Vec<bool> = (0..40).map(|index| index >= 30).collect();
        let place = place_of_change(&outcomes).expect("a place");
        assert_eq!(place.at, 30);
        assert!(place.earliest >= 28 && place.latest <= 32, "{place:?}");
        assert_eq!(place_of_change(&[true]), None);
    }
}
