//! Fisher's exact test of two rates, and Holm's correction where several are compared. It decides
//! nothing: a threshold is the caller's. Hits are some or all of the calls.

use super::factorials::LogFactorials;

/// Probabilities that differ by rounding only count as equal.
const ROUNDING: f64 = 1e-7;

/// The chance of a difference at least like this if both rates are the same, where only a higher
/// rate of `a` counts.
pub fn fisher_greater(a_hits: u64, a_calls: u64, b_hits: u64, b_calls: u64) -> f64 {
    let table = Table::new(a_hits, a_calls, b_hits, b_calls);
    let likely = (a_hits..=table.most()).map(|hits| table.chance(hits)).sum::<f64>();
    likely.min(1.0)
}

/// The chance of a result at most as likely as this one if both rates are the same.
pub fn fisher_two_sided(a_hits: u64, a_calls: u64, b_hits: u64, b_calls: u64) -> f64 {
    let table = Table::new(a_hits, a_calls, b_hits, b_calls);
    let limit = table.chance(a_hits) * (1.0 + ROUNDING);
    let chances = (table.fewest()..=table.most()).map(|hits| table.chance(hits));
    chances.filter(|chance| *chance <= limit).sum::<f64>().min(1.0)
}

/// Holm's adjusted p-values, in the order given: each may be held against the threshold as it is.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let (mut adjusted, mut largest) = (vec![0.0; p.len()], 0.0_f64);
    for (rank, index) in order.into_iter().enumerate() {
        largest = largest.max(p[index] * (p.len() - rank) as f64).min(1.0);
        adjusted[index] = largest;
    }
    adjusted
}

/// Two groups with all margins fixed; what varies is how many of the hits are in the first.
struct Table {
    a_calls: u64,
    b_calls: u64,
    hits: u64,
    factorials: LogFactorials,
}

impl Table {
    fn new(a_hits: u64, a_calls: u64, b_hits: u64, b_calls: u64) -> Self {
        let factorials = LogFactorials::up_to(a_calls + b_calls);
        Self { a_calls, b_calls, hits: a_hits + b_hits, factorials }
    }

    fn fewest(&self) -> u64 {
        self.hits.saturating_sub(self.b_calls)
    }

    fn most(&self) -> u64 {
        self.hits.min(self.a_calls)
    }

    fn chance(&self, a_hits: u64) -> f64 {
        let ways = |whole, part| self.factorials.ways(whole, part);
        let all = ways(self.a_calls + self.b_calls, self.hits);
        (ways(self.a_calls, a_hits) + ways(self.b_calls, self.hits - a_hits) - all).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Equal in the two figures that the design gives.
    fn like(value: f64, expected: f64) -> bool {
        (value / expected - 1.0).abs() < 0.03
    }

    #[test]
    fn an_alias_against_its_siblings() {
        assert!(like(fisher_greater(17, 25, 0, 36), 2.0e-9), "{}", fisher_greater(17, 25, 0, 36));
        let one = fisher_greater(17, 25, 0, 12);
        assert!(like(one, 6.8e-5), "{one}");
        for adjusted in holm(&[one; 3]) {
            assert!(like(adjusted, 2.0e-4), "{adjusted}");
        }
    }

    #[test]
    fn the_lady_who_tasted_tea() {
        assert!((fisher_greater(3, 4, 1, 4) - 17.0 / 70.0).abs() < 1e-12);
        assert!((fisher_two_sided(3, 4, 1, 4) - 34.0 / 70.0).abs() < 1e-12);
        assert!((fisher_greater(1, 4, 3, 4) - 69.0 / 70.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_to_compare_is_no_difference() {
        for (a_hits, a_calls, b_hits, b_calls) in
            [(0, 0, 0, 0), (0, 0, 3, 5), (0, 9, 0, 4), (9, 9, 4, 4)]
        {
            assert!((fisher_greater(a_hits, a_calls, b_hits, b_calls) - 1.0).abs() < 1e-12);
            assert!((fisher_two_sided(a_hits, a_calls, b_hits, b_calls) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn many_calls_do_not_overflow() {
        let p = fisher_two_sided(5000, 100_000, 5100, 100_000);
        assert!((0.28..0.34).contains(&p), "{p}");
    }

    #[test]
    fn holm_keeps_the_order_given_and_never_falls() {
        let adjusted = holm(&[0.04, 0.01, 0.03, 0.9]);
        for (value, expected) in adjusted.iter().zip([0.09, 0.04, 0.09, 0.9]) {
            assert!((value - expected).abs() < 1e-12, "{adjusted:?}");
        }
        assert_eq!(holm(&[0.7, 0.8]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn equal_rates_are_seldom_called_different() {
        let mut random = fastrand::Rng::with_seed(3);
        let (mut greater, mut two_sided) = (0, 0);
        for _ in 0..10_000 {
            let mut hits = |calls| (0..calls).filter(|_| random.f64() < 0.3).count() as u64;
            let (a, b) = (hits(25), hits(36));
            greater += u32::from(fisher_greater(a, 25, b, 36) <= 0.05);
            two_sided += u32::from(fisher_two_sided(a, 25, b, 36) <= 0.05);
        }
        assert!((100..=500).contains(&greater) && (100..=500).contains(&two_sided));
    }
}
