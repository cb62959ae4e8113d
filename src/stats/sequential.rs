//! Wald's sequential test: when enough calls were made to tell a healthy rate from a broken one. It
//! makes no calls and knows no cap; undecided at the cap is for the caller to name.

/// What the calls so far are enough to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The failures are so rare that the broken rate is ruled out.
    Healthy,
    /// The failures are so many that the healthy rate is ruled out.
    Broken,
}

/// A test of a healthy failure rate against a broken one.
#[derive(Clone, Copy, Debug)]
pub struct RateTest {
    failure: f64,
    success: f64,
    broken_from: f64,
    healthy_from: f64,
}

impl RateTest {
    /// Rates in `0 < healthy < broken < 1`; `alpha` is the chance to call broken what is healthy,
    /// `beta` that to call healthy what is broken, both between 0 and 0.5.
    ///
    /// # Errors
    ///
    /// A fragment that says which of them is out of place.
    pub fn new(healthy: f64, broken: f64, alpha: f64, beta: f64) -> Result<Self, String> {
        check_rates(healthy, broken)?;
        check_chance("alpha", alpha)?;
        check_chance("beta", beta)?;
        Ok(Self {
            failure: (broken / healthy).ln(),
            success: (-broken).ln_1p() - (-healthy).ln_1p(),
            broken_from: ((1.0 - beta) / alpha).ln(),
            healthy_from: (beta / (1.0 - alpha)).ln(),
        })
    }

    /// The decision once there is one; it is asked after each call, and the first answer stands.
    pub fn decide(&self, failures: u64, successes: u64) -> Option<Decision> {
        let ratio = failures as f64 * self.failure + successes as f64 * self.success;
        if ratio >= self.broken_from {
            Some(Decision::Broken)
        } else if ratio <= self.healthy_from {
            Some(Decision::Healthy)
        } else {
            None
        }
    }

    /// How many calls without a failure it takes to be called healthy.
    pub fn clean_calls(&self) -> u64 {
        (self.healthy_from / self.success).ceil() as u64
    }
}

fn check_rates(healthy: f64, broken: f64) -> Result<(), String> {
    if 0.0 < healthy && healthy < broken && broken < 1.0 {
        return Ok(());
    }
    Err(format!(
        "a healthy rate of {healthy} and a broken one of {broken} are not in the order \
         0 < healthy < broken < 1"
    ))
}

fn check_chance(name: &str, chance: f64) -> Result<(), String> {
    if 0.0 < chance && chance < 0.5 {
        return Ok(());
    }
    Err(format!("{name} is {chance}, which is not between 0 and 0.5"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{clopper_pearson, wilson};
    use std::collections::HashMap;

    const CAP: u64 = 150;
    const RUNS: u32 = 10_000;

    fn usual() -> RateTest {
        RateTest::new(0.01, 0.1, 0.05, 0.05).unwrap()
    }

    /// One simulated run.
    struct Run {
        decision: Option<Decision>,
        failures: u64,
        calls: u64,
    }

    fn run(rate: f64, random: &mut fastrand::Rng) -> Run {
        let (test, mut failures, mut calls) = (usual(), 0, 0);
        loop {
            let decision = test.decide(failures, calls - failures);
            if decision.is_some() || calls == CAP {
                return Run { decision, failures, calls };
            }
            calls += 1;
            failures += u64::from(random.f64() < rate);
        }
    }

    fn runs(rate: f64) -> Vec<Run> {
        let mut random = fastrand::Rng::with_seed(11);
        (0..RUNS).map(|_| run(rate, &mut random)).collect()
    }

    fn share(runs: &[Run], wanted: impl FnMut(&&Run) -> bool) -> f64 {
        runs.iter().filter(wanted).count() as f64 / runs.len() as f64
    }

    #[test]
    fn a_perfect_name_is_cleared_after_31_calls_and_in_a_gate_after_32() {
        let gate = RateTest::new(0.01, 0.1, 0.001, 0.05).unwrap();
        for (test, calls) in [(usual(), 31), (gate, 32)] {
            assert_eq!(test.clean_calls(), calls);
            assert_eq!(test.decide(0, calls - 1), None);
            assert_eq!(test.decide(0, calls), Some(Decision::Healthy));
        }
    }

    #[test]
    fn two_failures_in_a_row_are_enough_and_one_is_not() {
        assert_eq!(usual().decide(1, 0), None);
        assert_eq!(usual().decide(2, 0), Some(Decision::Broken));
        assert_eq!(usual().decide(0, 0), None);
    }

    #[test]
    fn what_is_out_of_place_is_named() {
        let said =
            |healthy, broken, alpha, beta| RateTest::new(healthy, broken, alpha, beta).unwrap_err();
        for (healthy, broken) in [(0.1, 0.01), (0.1, 0.1), (0.0, 0.1), (0.1, 1.0), (f64::NAN, 0.1)]
        {
            assert!(said(healthy, broken, 0.05, 0.05).contains("0 < healthy < broken < 1"));
        }
        assert_eq!(said(0.01, 0.1, 0.5, 0.05), "alpha is 0.5, which is not between 0 and 0.5");
        assert_eq!(said(0.01, 0.1, 0.05, 0.0), "beta is 0, which is not between 0 and 0.5");
    }

    #[test]
    fn errors_are_as_rare_as_promised() {
        let healthy = |run: &&Run| run.decision == Some(Decision::Healthy);
        let open = |run: &&Run| run.decision.is_none();
        let (at_one, at_ten) = (runs(0.01), runs(0.1));
        assert!(share(&at_one, healthy) >= 0.95, "{}", share(&at_one, healthy));
        assert!(share(&at_ten, healthy) <= 0.06, "{}", share(&at_ten, healthy));
        assert!(share(&at_one, open) <= 0.01, "{}", share(&at_one, open));
        assert!(share(&at_ten, open) <= 0.01, "{}", share(&at_ten, open));
    }

    #[test]
    fn a_badly_broken_name_stops_the_test_after_three_calls() {
        let mean = runs(0.68).iter().map(|run| run.calls as f64).sum::<f64>() / f64::from(RUNS);
        assert!((2.8..=3.2).contains(&mean), "{mean}");
    }

    /// Calls after the test stopped, until flaky can be told from down: a success, or 12 failures in a row.
    fn until_a_success(mut run: Run, rate: f64, random: &mut fastrand::Rng) -> Run {
        while run.failures == run.calls && run.calls < 12 {
            run.calls += 1;
            run.failures += u64::from(random.f64() < rate);
        }
        run
    }

    #[test]
    fn flaky_takes_a_success_too_and_is_seldom_taken_for_down() {
        let mut random = fastrand::Rng::with_seed(12);
        let runs: Vec<Run> =
            (0..RUNS).map(|_| until_a_success(run(0.68, &mut random), 0.68, &mut random)).collect();
        let mean = runs.iter().map(|run| run.calls as f64).sum::<f64>() / f64::from(RUNS);
        let down = share(&runs, |run| run.failures == run.calls);
        assert!((4.2..=4.8).contains(&mean), "{mean}");
        assert!(down > 0.0 && down <= 0.02, "{down}");
    }

    /// How often the interval of a run that stopped by itself holds the true rate.
    fn coverage(interval: fn(u64, u64, f64) -> (f64, f64), rate: f64) -> f64 {
        let mut known = HashMap::new();
        share(&runs(rate), |run| {
            let (low, high) = *known
                .entry((run.failures, run.calls))
                .or_insert_with(|| interval(run.failures, run.calls, 0.95));
            (low..=high).contains(&rate)
        })
    }

    #[test]
    fn after_such_a_stop_the_exact_interval_covers_the_truth_and_wilson_does_not() {
        for rate in [0.01, 0.05, 0.1, 0.3, 0.68] {
            let covered = coverage(clopper_pearson, rate);
            assert!(covered >= 0.945, "{rate}: {covered}");
        }
        let covered = coverage(wilson, 0.05);
        assert!((covered - 0.898).abs() <= 0.01, "{covered}");
    }
}
