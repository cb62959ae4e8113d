//! Intervals of a rate: what so many hits in so many calls leave possible. It does not know why the
//! calls ended; the caller picks the interval that suits the way they were stopped.

use super::factorials::LogFactorials;

/// No confidence that a report speaks of needs a normal quantile beyond this.
const WIDEST: f64 = 8.0;

/// The exact (Clopper-Pearson) interval of a rate for `hits` of `calls`: it covers the true rate in
/// at least `confidence` of all runs of a fixed length. At 95 % it also does for runs that the usual
/// [`RateTest`](super::RateTest) stopped (95.2 % at worst, computed exactly); with an alpha of 0.001
/// it falls to 93.7 % at rates near 11 %.
pub fn clopper_pearson(hits: u64, calls: u64, confidence: f64) -> (f64, f64) {
    let tail = (1.0 - confidence) / 2.0;
    let binomial = Binomial::of(calls);
    let low = if hits == 0 { 0.0 } else { solve(|rate| binomial.at_least(hits, rate) - tail) };
    let high = if hits >= calls { 1.0 } else { solve(|rate| tail - binomial.at_most(hits, rate)) };
    (low, high)
}

/// Wilson's interval of a rate for `hits` of `calls`: near `confidence` on average where the number
/// of calls was fixed beforehand, too narrow where the calls stopped at what they showed.
pub fn wilson(hits: u64, calls: u64, confidence: f64) -> (f64, f64) {
    if calls == 0 {
        return (0.0, 1.0);
    }
    let (n, rate) = (calls as f64, hits.min(calls) as f64 / calls as f64);
    let z = normal_quantile(f64::midpoint(1.0, confidence));
    let scale = 1.0 + z * z / n;
    let centre = (rate + z * z / (2.0 * n)) / scale;
    let half = z / scale * (rate * (1.0 - rate) / n + z * z / (4.0 * n * n)).sqrt();
    // Rounding must not leave a trace at the ends, where the interval touches 0 or 1.
    let low = if hits == 0 { 0.0 } else { centre - half };
    let high = if hits >= calls { 1.0 } else { centre + half };
    (low, high)
}

/// The largest rate that `calls` clean calls leave possible at a one-sided confidence.
pub fn clean_bound(calls: u64, confidence: f64) -> f64 {
    if calls == 0 { 1.0 } else { 1.0 - (1.0 - confidence).powf(1.0 / calls as f64) }
}

/// The value that a standard normal variable stays below with this probability.
fn normal_quantile(probability: f64) -> f64 {
    let beyond_middle = (probability - 0.5).abs();
    let size = WIDEST * solve(|share| middle_to(WIDEST * share) - beyond_middle);
    size.copysign(probability - 0.5)
}

/// The chance of a standard normal variable between 0 and `value`: the density times a series of
/// positive terms, in which nothing cancels.
fn middle_to(value: f64) -> f64 {
    let density = (-value * value / 2.0).exp() / std::f64::consts::TAU.sqrt();
    let (mut term, mut sum, mut odd) = (value, value, 1.0);
    while term > sum * f64::EPSILON {
        odd += 2.0;
        term *= value * value / odd;
        sum += term;
    }
    density * sum
}

/// The root of a function that rises over the rates from 0 to 1.
fn solve(function: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if function(middle) < 0.0 { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The hits among so many calls.
struct Binomial {
    calls: u64,
    factorials: LogFactorials,
}

impl Binomial {
    fn of(calls: u64) -> Self {
        Self { calls, factorials: LogFactorials::up_to(calls) }
    }

    fn at_least(&self, hits: u64, rate: f64) -> f64 {
        (hits..=self.calls).map(|hit| self.exactly(hit, rate)).sum()
    }

    fn at_most(&self, hits: u64, rate: f64) -> f64 {
        (0..=hits).map(|hit| self.exactly(hit, rate)).sum()
    }

    fn exactly(&self, hits: u64, rate: f64) -> f64 {
        let misses = self.calls - hits;
        let term =
            |count: u64, share: f64| if count == 0 { 0.0 } else { count as f64 * share.ln() };
        (self.factorials.ways(self.calls, hits) + term(hits, rate) + term(misses, 1.0 - rate)).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f64, expected: f64) -> bool {
        (value - expected).abs() < 0.0005
    }

    #[test]
    fn known_exact_intervals() {
        // Published values of the exact interval.
        let (low, high) = clopper_pearson(17, 25, 0.95);
        assert!(near(low, 0.4650) && near(high, 0.8505), "{low} {high}");
        assert_eq!(clopper_pearson(0, 10, 0.95).0, 0.0);
        assert!(near(clopper_pearson(0, 10, 0.95).1, 0.3085));
        assert_eq!(clopper_pearson(10, 10, 0.95).1, 1.0);
        assert_eq!(clopper_pearson(0, 0, 0.95), (0.0, 1.0));
    }

    #[test]
    fn known_wilson_intervals() {
        let (low, high) = wilson(17, 25, 0.95);
        assert!(near(low, 0.4841) && near(high, 0.8279), "{low} {high}");
        assert_eq!(wilson(0, 10, 0.95).0, 0.0);
        assert!(near(wilson(0, 10, 0.95).1, 0.2775));
        assert_eq!(wilson(10, 10, 0.95).1, 1.0);
        assert_eq!(wilson(0, 0, 0.95), (0.0, 1.0));
    }

    #[test]
    fn known_normal_quantiles() {
        for (probability, expected) in [
            (0.5, 0.0),
            (0.9, 1.281_551_565_544_600_4),
            (0.975, 1.959_963_984_540_054),
            (0.99, 2.326_347_874_040_841),
            (0.9995, 3.290_526_731_491_895),
            (0.999_999, 4.753_424_308_822_899),
            (0.025, -1.959_963_984_540_054),
        ] {
            let value = normal_quantile(probability);
            assert!((value - expected).abs() < 1e-9, "{probability}: {value}");
        }
    }

    #[test]
    fn clean_runs_show_only_so_much() {
        assert!(near(clean_bound(12, 0.95), 0.2209));
        assert!(near(clean_bound(31, 0.95), 0.0921));
        assert!(clean_bound(299, 0.95) < 0.01 && clean_bound(298, 0.95) > 0.01);
        assert_eq!(clean_bound(0, 0.95), 1.0);
    }

    /// How often the interval of 25 calls holds the true rate.
    fn coverage(interval: fn(u64, u64, f64) -> (f64, f64), rate: f64) -> f64 {
        let intervals: Vec<_> = (0..=25).map(|hits| interval(hits, 25, 0.95)).collect();
        let mut random = fastrand::Rng::with_seed(7);
        let covered = (0..20_000)
            .filter(|_| {
                let hits = (0..25).filter(|_| random.f64() < rate).count();
                (intervals[hits].0..=intervals[hits].1).contains(&rate)
            })
            .count();
        covered as f64 / 20_000.0
    }

    #[test]
    fn the_exact_interval_covers_the_truth_at_least_as_often_as_it_says() {
        for rate in [0.01, 0.05, 0.3, 0.68] {
            let covered = coverage(clopper_pearson, rate);
            assert!(covered >= 0.947, "{rate}: {covered}");
        }
    }

    #[test]
    fn wilson_covers_the_truth_as_often_as_is_known_of_it() {
        for (rate, known) in [(0.01, 0.974), (0.05, 0.966), (0.3, 0.923), (0.68, 0.949)] {
            let covered = coverage(wilson, rate);
            assert!((covered - known).abs() <= 0.005, "{rate}: {covered}");
        }
    }
}
