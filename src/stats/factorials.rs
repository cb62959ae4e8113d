//! Logarithms of factorials, so that no count of ways overflows. No probabilities.

/// The logarithms of all factorials up to a largest number.
pub(super) struct LogFactorials(Vec<f64>);

impl LogFactorials {
    pub(super) fn up_to(largest: u64) -> Self {
        let steps = (1..=largest).scan(0.0, |sum, number| {
            *sum += (number as f64).ln();
            Some(*sum)
        });
        Self(std::iter::once(0.0).chain(steps).collect())
    }

    /// The logarithm of the ways to choose `part` of `whole`; minus infinity where there is none.
    pub(super) fn ways(&self, whole: u64, part: u64) -> f64 {
        if part > whole {
            return f64::NEG_INFINITY;
        }
        self.of(whole) - self.of(part) - self.of(whole - part)
    }

    fn of(&self, number: u64) -> f64 {
        self.0[number as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_choose() {
        let factorials = LogFactorials::up_to(2000);
        for (whole, part, ways) in [(0, 0, 1.0), (5, 2, 10.0), (52, 5, 2_598_960.0), (7, 7, 1.0)] {
            assert!((factorials.ways(whole, part).exp() / ways - 1.0f64).abs() < 1e-12);
        }
        assert_eq!(factorials.ways(3, 4).exp(), 0.0);
        assert!(factorials.ways(2000, 1000).is_finite());
    }
}
