//! The runs test of Wald and Wolfowitz: do failures come in bursts, or in turn? Exact, given how many
//! there are; it does not ask for the cause.

use super::factorials::LogFactorials;

/// The stretches of equal outcomes in a series, against those of a series in random order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunsTest {
    /// How many stretches of equal outcomes there are.
    pub runs: usize,
    /// How many there would be on average in random order.
    pub expected: f64,
    /// The chance of so few in random order; a small one shows bursts.
    pub few: f64,
    /// The chance of so many in random order; a small one shows rotation.
    pub many: f64,
}

impl RunsTest {
    /// The test of outcomes in the order of time.
    pub fn of(outcomes: &[bool]) -> Self {
        let series = Series::of(outcomes);
        let runs = series.runs;
        let sum = |range: std::ops::RangeInclusive<usize>| -> f64 {
            range.map(|runs| series.chance(runs)).sum::<f64>().min(1.0)
        };
        Self {
            runs,
            expected: series.expected(),
            few: sum(0..=runs),
            many: sum(runs..=outcomes.len()),
        }
    }
}

/// What the chances depend on.
struct Series {
    yes: u64,
    no: u64,
    runs: usize,
    factorials: LogFactorials,
}

impl Series {
    fn of(outcomes: &[bool]) -> Self {
        let yes = outcomes.iter().filter(|outcome| **outcome).count() as u64;
        let all = outcomes.len() as u64;
        let runs = outcomes.chunk_by(|a, b| a == b).count();
        Self { yes, no: all - yes, runs, factorials: LogFactorials::up_to(all) }
    }

    fn expected(&self) -> f64 {
        let all = (self.yes + self.no).max(1) as f64;
        (self.runs.min(1)) as f64 + 2.0 * self.yes as f64 * self.no as f64 / all
    }

    /// The chance of exactly so many runs in random order.
    fn chance(&self, runs: usize) -> f64 {
        if self.yes == 0 || self.no == 0 {
            return if runs == self.runs { 1.0 } else { 0.0 };
        }
        // One sort has as many runs as the other, or one more; either may come first.
        let (half, rest) = ((runs / 2) as u64, (runs - runs / 2) as u64);
        let all = self.factorials.ways(self.yes + self.no, self.yes);
        let orders = |yes, no| (self.ways(self.yes, yes) + self.ways(self.no, no) - all).exp();
        orders(half, rest) + orders(rest, half)
    }

    /// The logarithm of the ways to cut so many equal outcomes into so many runs.
    fn ways(&self, outcomes: u64, runs: u64) -> f64 {
        if runs == 0 {
            return f64::NEG_INFINITY;
        }
        self.factorials.ways(outcomes - 1, runs - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(text: &str) -> Vec<bool> {
        text.chars().map(|letter| letter == 'x').collect()
    }

    /// The test's chances, counted over all orders of a short series.
    fn counted(outcomes: &[bool]) -> (f64, f64, f64) {
        let yes = outcomes.iter().filter(|outcome| **outcome).count() as u32;
        let runs: Vec<usize> = (0..1u32 << outcomes.len())
            .filter(|order| order.count_ones() == yes)
            .map(|order| {
                let bits: Vec<_> = (0..outcomes.len()).map(|bit| order >> bit & 1).collect();
                bits.chunk_by(|a, b| a == b).count()
            })
            .collect();
        let own = outcomes.chunk_by(|a, b| a == b).count();
        let share = |wanted: fn(usize, usize) -> bool| {
            runs.iter().filter(|runs| wanted(**runs, own)).count() as f64 / runs.len() as f64
        };
        let mean = runs.iter().sum::<usize>() as f64 / runs.len() as f64;
        (mean, share(|runs, own| runs <= own), share(|runs, own| runs >= own))
    }

    #[test]
    fn chances_are_those_of_all_orders() {
        for text in ["xxxx....", "x.x.x.x.", ".xx...x.x.", "x......", "xxxxx", "x.", "..xx.xxxx"] {
            let (test, (expected, few, many)) =
                (RunsTest::of(&series(text)), counted(&series(text)));
            assert!((test.expected - expected).abs() < 1e-9, "{text} {test:?}");
            assert!((test.few - few).abs() < 1e-9, "{text} {test:?}");
            assert!((test.many - many).abs() < 1e-9, "{text} {test:?}");
        }
    }

    #[test]
    fn no_outcomes_show_nothing() {
        let test = RunsTest::of(&[]);
        assert_eq!(test, RunsTest { runs: 0, expected: 0.0, few: 1.0, many: 1.0 });
    }

    #[test]
    fn bursts_and_rotation_are_told_apart() {
        let bursts = RunsTest::of(&series(&"xxxxx.....".repeat(4)));
        assert!(bursts.few < 1e-4 && bursts.many > 0.99, "{bursts:?}");
        let rotation = RunsTest::of(&series(&"x.".repeat(20)));
        assert!(rotation.many < 1e-4 && rotation.few > 0.99, "{rotation:?}");
    }

    #[test]
    fn random_order_is_seldom_called_bursts_or_rotation() {
        let mut random = fastrand::Rng::with_seed(5);
        let (mut few, mut many) = (0, 0);
        for _ in 0..10_000 {
            let outcomes: Vec<bool> = (0..40).map(|_| random.f64() < 0.68).collect();
            let test = RunsTest::of(&outcomes);
            few += u32::from(test.few <= 0.05);
            many += u32::from(test.many <= 0.05);
        }
        assert!((100..=550).contains(&few) && (100..=550).contains(&many), "{few} {many}");
    }
}
