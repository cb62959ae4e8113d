//! A run held against an earlier one: which ways became slower. By a test and not by a multiplier, and by
//! more than what equal ways differ by in either run; what else changed between the two runs cannot be
//! told from their samples.

use crate::{facts::Sample, stats::holm};

use super::{Arm, Comparison, Figure, NoiseFloor, arm::AGAIN};

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
        self.is_shown() && self.more_ms() >= Figure::Latency.matters_ms()
    }

    /// Whether it takes less time than it did.
    pub fn is_faster(&self) -> bool {
        self.is_shown() && self.more_ms() <= -Figure::Latency.matters_ms()
    }

    fn is_shown(&self) -> bool {
        self.comparison.verdict.is_difference() && self.p.is_some_and(|p| p <= ERROR)
    }

    fn more_ms(&self) -> f64 {
        self.comparison.measured.map_or(0.0, |figures| figures.difference_ms.value)
    }
}

/// The ways that both runs went.
pub fn against(later: &[Sample], earlier: &[Sample], arms: &[Arm], seed: u64) -> Vec<Against> {
    let known = |arm: &&Arm| earlier.iter().any(|sample| *sample.arm == *arm.name());
    let floors = [later, earlier].into_iter().filter_map(|run| floor(run, seed));
    let floor = floors.max_by(|a, b| a.width().total_cmp(&b.width()));
    let shared = arms.iter().filter(|arm| !arm.again).filter(known);
    let mut all: Vec<Against> = shared
        .map(|arm| {
            let comparison = Comparison::of_runs(later, earlier, &arm.name(), floor.as_ref(), seed);
            Against { arm: *arm, p: comparison.p(), comparison }
        })
        .collect();
    let judged: Vec<f64> = all.iter().filter_map(|one| one.p).collect();
    let mut corrected = holm(&judged).into_iter();
    for one in all.iter_mut().filter(|one| one.p.is_some()) {
        one.p = corrected.next();
    }
    all
}

/// What an arm and its twin differ by in a run; none where none was gone twice.
fn floor(run: &[Sample], seed: u64) -> Option<NoiseFloor> {
    let name = |sample: &Sample| sample.arm.strip_suffix(AGAIN).map(str::to_owned);
    let arm = run.iter().find_map(name)?;
    NoiseFloor::of(run, &arm, &format!("{arm}{AGAIN}"), seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bench::samples::{noisy, normal, rounds},
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
        // One way in ten has a run whose rounds happen to follow their like.
        assert!(found >= 43, "{found} of 60");
    }

    #[test]
    fn what_nobody_notices_is_no_regression() {
        let mut random = fastrand::Rng::with_seed(1);
        let earlier = run([2.0, 1.0, 2.0, 1.0], &mut random);
        let later = run([2.0, 1.5, 2.0, 1.0], &mut random);
        assert_eq!(slower(&later, &earlier), Vec::<String>::new());
    }

    /// Equal runs of one way and its twin, of which good and bad times last for some rounds.
    fn moody(random: &mut fastrand::Rng) -> Vec<Sample> {
        let mut mood: f64 = normal(random);
        rounds(["h1-warm", "h1-warm-again"], 60, |_| {
            mood = 0.6 * mood + 0.8 * normal(random);
            [0, 1].map(|_| 100.0 * (0.2 * mood).exp() * noisy(1.0, 0.05, random))
        })
    }

    #[test]
    fn good_and_bad_times_of_a_run_are_no_regression() {
        let (mut random, mut wrong) = (fastrand::Rng::with_seed(4), 0);
        for _ in 0..200 {
            let (later, earlier) = (moody(&mut random), moody(&mut random));
            let all = against(&later, &earlier, &ARMS, 1);
            wrong += usize::from(all.iter().any(|one| one.is_slower() || one.is_faster()));
        }
        // With as many independent rounds it would be 30.
        assert!(wrong <= 10, "{wrong} of 200");
    }

    #[test]
    fn a_shift_within_the_noise_of_either_run_is_no_regression() {
        let mut random = fastrand::Rng::with_seed(5);
        let mut run = |middle: f64, twin: f64| {
            rounds(["h1-warm", "h1-warm-again"], 60, |_| {
                [middle, twin].map(|middle| noisy(middle, 0.02, &mut random))
            })
        };
        // The twins of one run differ by 20 %: whatever makes them differ may do so to a run.
        let (calm, rough, slow) = (run(100.0, 100.0), run(100.0, 120.0), run(110.0, 110.0));
        assert_eq!(slower(&slow, &calm), ["h1-warm"]);
        assert_eq!(slower(&slow, &rough), Vec::<String>::new());
        assert_eq!(slower(&run(110.0, 132.0), &calm), Vec::<String>::new());
    }
}
