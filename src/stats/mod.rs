//! Pure numbers: what few calls show about a rate. No I/O, no clock, no randomness of its own.

/// The exact (Clopper-Pearson) interval of a rate for `hits` of `calls`: it covers the true rate in
/// at least `confidence` of all runs, also of runs that stopped early.
pub fn clopper_pearson(hits: u64, calls: u64, confidence: f64) -> (f64, f64) {
    let tail = (1.0 - confidence) / 2.0;
    let low = if hits == 0 { 0.0 } else { solve(|rate| at_least(hits, calls, rate) - tail) };
    let high = if hits >= calls { 1.0 } else { solve(|rate| tail - at_most(hits, calls, rate)) };
    (low, high)
}

/// The largest rate that `calls` clean calls leave possible at a one-sided confidence.
pub fn clean_bound(calls: u64, confidence: f64) -> f64 {
    if calls == 0 { 1.0 } else { 1.0 - (1.0 - confidence).powf(1.0 / calls as f64) }
}

/// The root of a function that rises over the rates from 0 to 1.
fn solve(function: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if function(middle) < 0.0 { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

fn at_least(hits: u64, calls: u64, rate: f64) -> f64 {
    (hits..=calls).map(|hit| binomial(hit, calls, rate)).sum()
}

fn at_most(hits: u64, calls: u64, rate: f64) -> f64 {
    (0..=hits).map(|hit| binomial(hit, calls, rate)).sum()
}

/// The chance of exactly `hits` of `calls`; in logarithms, so that no factor overflows.
fn binomial(hits: u64, calls: u64, rate: f64) -> f64 {
    let misses = calls - hits;
    if (rate <= 0.0 && hits > 0) || (rate >= 1.0 && misses > 0) {
        return 0.0;
    }
    let term = |count: u64, share: f64| if count == 0 { 0.0 } else { count as f64 * share.ln() };
    let ways: f64 = (1..=hits).map(|step| ((misses + step) as f64).ln() - (step as f64).ln()).sum();
    (ways + term(hits, rate) + term(misses, 1.0 - rate)).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f64, expected: f64) -> bool {
        (value - expected).abs() < 0.0005
    }

    #[test]
    fn known_intervals() {
        // Published values of the exact interval.
        let (low, high) = clopper_pearson(17, 25, 0.95);
        assert!(near(low, 0.4650) && near(high, 0.8505), "{low} {high}");
        assert_eq!(clopper_pearson(0, 10, 0.95).0, 0.0);
        assert!(near(clopper_pearson(0, 10, 0.95).1, 0.3085));
        assert_eq!(clopper_pearson(10, 10, 0.95).1, 1.0);
        assert_eq!(clopper_pearson(0, 0, 0.95), (0.0, 1.0));
    }

    #[test]
    fn clean_runs_show_only_so_much() {
        assert!(near(clean_bound(12, 0.95), 0.2209));
        assert!(near(clean_bound(31, 0.95), 0.0921));
        assert!(clean_bound(299, 0.95) < 0.01 && clean_bound(298, 0.95) > 0.01);
        assert_eq!(clean_bound(0, 0.95), 1.0);
    }

    #[test]
    fn the_interval_covers_the_truth_at_least_as_often_as_it_says() {
        let mut random = fastrand::Rng::with_seed(7);
        for rate in [0.01, 0.05, 0.3, 0.68] {
            let runs = 4000;
            let covered = (0..runs)
                .filter(|_| {
                    let hits = (0..25).filter(|_| random.f64() < rate).count() as u64;
                    let (low, high) = clopper_pearson(hits, 25, 0.95);
                    (low..=high).contains(&rate)
                })
                .count();
            assert!(covered as f64 / f64::from(runs) >= 0.945, "{rate}: {covered}");
        }
    }
}
