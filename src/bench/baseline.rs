//! A run held against an earlier one: which ways became slower. By a test and not by a multiplier; what
//! else changed between the two runs cannot be told from their samples.

use crate::{
    facts::Sample,
    stats::{above, holm},
};

use super::{Arm, Comparison, Verdict, overview::MATTERS_MS};

/// The chance, over all ways together, that equal runs are called different.
const ERROR: f64 = 0.01;

/// A way in two runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Against {
    /// The way.
    pub arm: Arm,
    /// The later run against the earlier one.
    pub comparison: Comparison,
    /// The chance of such a difference, or a greater one, without any; corrected for the number of ways.
    /// None where there is too little to compare.
    pub p: Option<f64>,
}

impl Against {
    /// Whether it takes more time than it did, and so much that somebody notices.
    pub fn is_slower(&self) -> bool {
        self.is_shown() && self.more_ms() >= MATTERS_MS
    }

    /// Whether it takes less time than it did.
    pub fn is_faster(&self) -> bool {
        self.is_shown() && self.more_ms() <= -MATTERS_MS
    }

    fn is_shown(&self) -> bool {
        self.p.is_some_and(|p| p <= ERROR)
    }

    fn more_ms(&self) -> f64 {
        self.comparison.measured.map_or(0.0, |figures| figures.difference_ms.value)
    }
}

/// The ways that both runs went.
pub fn against(later: &[Sample], earlier: &[Sample], arms: &[Arm], seed: u64) -> Vec<Against> {
    let known = |arm: &&Arm| earlier.iter().any(|sample| *sample.arm == *arm.name());
    let shared = arms.iter().filter(|arm| !arm.again).filter(known);
    let mut all: Vec<Against> = shared
        .map(|arm| {
            let comparison = Comparison::of_runs(later, earlier, &arm.name(), seed);
            Against { arm: *arm, p: p(&comparison), comparison }
        })
        .collect();
    let judged: Vec<f64> = all.iter().filter_map(|one| one.p).collect();
    let mut corrected = holm(&judged).into_iter();
    for one in all.iter_mut().filter(|one| one.p.is_some()) {
        one.p = corrected.next();
    }
    all
}

/// Two-sided, from the ratio's standard error.
fn p(comparison: &Comparison) -> Option<f64> {
    if matches!(comparison.verdict, Verdict::NotEnoughData(_)) {
        return None;
    }
    let ratio = comparison.measured?.ratio;
    Some((2.0 * above((ratio.value.ln() / ratio.error).abs())).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bench::samples::{noisy, rounds},
        facts::{Protocol, Warmth},
    };

    const ARMS: [Arm; 4] = [
        Arm::new(Protocol::H1, Warmth::Cold),
        Arm::new(Protocol::H1, Warmth::Warm),
        Arm::new(Protocol::H2, Warmth::Cold),
        Arm::new(Protocol::H2, Warmth::Warm),
    ];

    fn run(middles: [f64; 4], random: &mut fastrand::Rng) -> Vec<Sample> {
        let names = ARMS.map(|arm| arm.name());
        let names = names.each_ref().map(String::as_str);
        rounds(names, 60, |_| middles.map(|middle| noisy(middle, 0.1, random)))
    }

    fn slower(later: &[Sample], earlier: &[Sample]) -> Vec<String> {
        let all = against(later, earlier, &ARMS, 1);
        all.iter().filter(|one| one.is_slower()).map(|one| one.arm.name()).collect()
    }

    #[test]
    fn equal_runs_are_seldom_called_slower_and_ten_percent_are_found() {
        let (mut random, mut wrong, mut found) = (fastrand::Rng::with_seed(3), 0, 0);
        let usual = [200.0, 100.0, 200.0, 100.0];
        for _ in 0..60 {
            let earlier = run(usual, &mut random);
            wrong += usize::from(!slower(&run(usual, &mut random), &earlier).is_empty());
            let later = run([200.0, 110.0, 200.0, 100.0], &mut random);
            found += usize::from(slower(&later, &earlier).contains(&"h1-warm".to_owned()));
        }
        // At 1 % or a little more, four of 60 are met once in 300 such tests.
        assert!(wrong <= 3, "{wrong} of 60 equal runs");
        assert!(found >= 48, "{found} of 60");
    }

    #[test]
    fn what_nobody_notices_is_no_regression() {
        let mut random = fastrand::Rng::with_seed(1);
        let earlier = run([2.0, 1.0, 2.0, 1.0], &mut random);
        let later = run([2.0, 1.5, 2.0, 1.0], &mut random);
        assert_eq!(slower(&later, &earlier), Vec::<String>::new());
    }
}
