//! A rate held against a limit: what so many calls are enough to say, and how many it would take. Exact,
//! for a number of calls that was fixed beforehand; it does not know what the rate is of.

/// What calls show of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The true rate is at most the limit.
    Met,
    /// The true rate is above the limit.
    NotMet,
    /// So many calls do not decide it.
    Open,
}

/// A limit of a rate, with the chances of a wrong claim.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    most: f64,
    alpha: f64,
    beta: f64,
}

impl RateLimit {
    /// A limit in `0 < most < 1`. `alpha` is the chance to call unmet what is met, `beta` that to call met
    /// what is not.
    pub const fn new(most: f64, alpha: f64, beta: f64) -> Self {
        Self { most, alpha, beta }
    }

    /// What `hits` of `calls` show.
    pub fn standing(&self, hits: u64, calls: u64) -> Standing {
        if calls == 0 {
            Standing::Open
        } else if at_most(hits, calls, self.most) <= self.beta {
            Standing::Met
        } else if hits > 0 && 1.0 - at_most(hits - 1, calls, self.most) <= self.alpha {
            Standing::NotMet
        } else {
            Standing::Open
        }
    }

    /// Whether the standing after all calls is certain, however the calls that are left may end. Ending
    /// there changes no chance of a wrong claim, since the rest could change nothing.
    pub fn is_settled(&self, hits: u64, calls: u64, left: u64) -> bool {
        let whole = calls + left;
        self.standing(hits, whole) == self.standing(hits + left, whole)
    }

    /// The fewest calls with so many hits that show the limit to be met.
    pub fn calls_to_meet(&self, hits: u64) -> u64 {
        let is_met = |calls: u64| at_most(hits, calls, self.most) <= self.beta;
        let mut high = hits.max(1);
        while !is_met(high) {
            high *= 2;
        }
        let mut low = high / 2;
        while low + 1 < high {
            let middle = u64::midpoint(low, high);
            if is_met(middle) { high = middle } else { low = middle }
        }
        high
    }
}

/// The value that the quantile `q` stays below at a one-sided confidence, whatever the distribution: an
/// order statistic. None where the values are too few for one.
pub fn quantile_bound(values: &[f64], q: f64, confidence: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let calls = sorted.len() as u64;
    let is_bound = |place: &usize| at_most(*place as u64, calls, q) >= confidence;
    let place = (0..sorted.len()).find(is_bound)?;
    sorted.get(place).copied()
}

/// The chance of at most so many hits among so many calls.
fn at_most(hits: u64, calls: u64, rate: f64) -> f64 {
    if hits >= calls {
        return 1.0;
    }
    let odds = rate.ln() - (-rate).ln_1p();
    let mut term = calls as f64 * (-rate).ln_1p();
    let mut sum = term.exp();
    for hit in 0..hits {
        term += ((calls - hit) as f64).ln() - ((hit + 1) as f64).ln() + odds;
        sum += term.exp();
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALPHA: f64 = 0.001;
    const BETA: f64 = 0.05;
    const RUNS: u32 = 20_000;

    fn limit(most: f64) -> RateLimit {
        RateLimit::new(most, ALPHA, BETA)
    }

    #[test]
    fn clean_calls_show_what_is_known_of_them() {
        for (most, calls) in [(0.01, 299), (0.05, 59), (0.1, 29), (0.5, 5)] {
            assert_eq!(limit(most).calls_to_meet(0), calls, "{most}");
            assert_eq!(limit(most).standing(0, calls), Standing::Met);
            assert_eq!(limit(most).standing(0, calls - 1), Standing::Open);
        }
        // One slower value of 93 still shows a 95th percentile, as tables of tolerance limits say.
        assert_eq!(limit(0.05).calls_to_meet(1), 93);
    }

    #[test]
    fn a_limit_is_broken_only_by_what_hardly_ever_happens_within_it() {
        assert_eq!(limit(0.1).standing(4, 6), Standing::Open);
        assert_eq!(limit(0.1).standing(5, 6), Standing::NotMet);
        assert_eq!(limit(0.05).standing(1, 1), Standing::Open);
        assert_eq!(limit(0.1).standing(0, 0), Standing::Open);
    }

    #[test]
    fn what_the_rest_cannot_change_is_settled() {
        let limit = limit(0.05);
        assert!(!limit.is_settled(0, 58, 1) && limit.is_settled(0, 59, 0));
        // Whatever comes, 59 calls with three hits show neither.
        assert!(limit.is_settled(3, 55, 4));
        assert!(limit.is_settled(15, 20, 39));
    }

    #[test]
    fn bounds_of_quantiles_are_order_statistics() {
        let values: Vec<f64> = (1..=59).map(f64::from).collect();
        assert_eq!(quantile_bound(&values, 0.95, 0.95), Some(59.0));
        assert_eq!(quantile_bound(&values[..58], 0.95, 0.95), None);
        assert_eq!(quantile_bound(&values[..5], 0.5, 0.95), Some(5.0));
        assert_eq!(quantile_bound(&[], 0.5, 0.95), None);
    }

    /// How often calls at a true rate, ended where the outcome is certain, make each claim.
    fn claims(most: f64, rate: f64, calls: u64, seed: u64) -> (f64, f64) {
        let (limit, mut random) = (limit(most), fastrand::Rng::with_seed(seed));
        // Each is asked for thousands of times.
        let side = calls as usize + 1;
        let mut settled: Vec<Option<bool>> = vec![None; side * side];
        let standings: Vec<Standing> =
            (0..=calls).map(|hits| limit.standing(hits, calls)).collect();
        let (mut met, mut unmet) = (0, 0);
        for _ in 0..RUNS {
            let (mut hits, mut made) = (0, 0);
            loop {
                let place = hits as usize * side + made as usize;
                let is_settled = *settled[place]
                    .get_or_insert_with(|| limit.is_settled(hits, made, calls - made));
                if is_settled {
                    break;
                }
                made += 1;
                hits += u64::from(random.f64() < rate);
            }
            match standings[(hits + calls - made) as usize] {
                Standing::Met => met += 1,
                Standing::NotMet => unmet += 1,
                Standing::Open => {}
            }
        }
        (f64::from(met) / f64::from(RUNS), f64::from(unmet) / f64::from(RUNS))
    }

    #[test]
    fn wrong_claims_are_as_rare_as_they_are_said_to_be() {
        for (most, calls, seed) in [(0.05, 59, 1), (0.05, 200, 2), (0.1, 29, 3), (0.5, 25, 4)] {
            let (met, unmet) = claims(most, most, calls, seed);
            assert!(unmet <= 0.002, "{most} of {calls}: called unmet in {unmet}");
            assert!(met <= 0.055, "{most} of {calls}: called met in {met}");
            // And a rate that is twice the limit or more is found out where calls are many.
            let (met, _) = claims(most, (most * 2.0).min(0.95), calls, seed);
            assert!(met <= 0.005, "{most} of {calls}: called met in {met}");
        }
        let (_, unmet) = claims(0.05, 0.3, 59, 5);
        assert!(unmet >= 0.9, "30 % is far above 5 %: {unmet}");
    }
}
