//! What retries are worth if the tries are independent. Whether they are is tested elsewhere.

/// The chance that at least one of `tries` succeeds; the first try counts as one.
pub fn success_after(tries: u32, failure_rate: f64) -> f64 {
    1.0 - failure_rate.powf(f64::from(tries))
}

/// How many tries reach this chance of a success; none where no number does.
pub fn tries_for(target: f64, failure_rate: f64) -> Option<u32> {
    if target >= 1.0 && failure_rate > 0.0 {
        return None;
    }
    let reached = |tries: &u32| success_after(*tries, failure_rate) >= target;
    let estimate = ((1.0 - target).ln() / failure_rate.ln()).clamp(0.0, f64::from(u32::MAX));
    // Rounding puts the estimate at most one try off.
    let first = (estimate as u32).saturating_sub(1);
    (first..=first.saturating_add(3)).find(reached)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_at_a_rate_of_68_percent() {
        assert!((success_after(4, 0.68) - 0.786).abs() < 0.0005);
        assert!((success_after(12, 0.68) - 0.99).abs() < 0.0005);
        assert_eq!(success_after(0, 0.68), 0.0);
        assert_eq!(tries_for(0.99, 0.68), Some(12));
        assert_eq!(tries_for(0.78, 0.68), Some(4));
        assert_eq!(tries_for(0.79, 0.68), Some(5));
    }

    #[test]
    fn the_number_is_the_smallest_that_does() {
        for rate in [0.0, 0.01, 0.1, 0.5, 0.9, 0.999] {
            for target in [0.001, 0.5, 0.75, 0.9, 0.99, 0.9999] {
                let tries = tries_for(target, rate).unwrap();
                assert!(success_after(tries, rate) >= target, "{target} {rate}: {tries}");
                assert!(success_after(tries - 1, rate) < target, "{target} {rate}: {tries}");
            }
        }
    }

    #[test]
    fn some_aims_are_reached_at_once_and_some_never() {
        assert_eq!(tries_for(0.0, 0.68), Some(0));
        assert_eq!(tries_for(1.0, 0.0), Some(1));
        assert_eq!(tries_for(0.5, 1.0), None);
        assert_eq!(tries_for(1.0, 0.5), None);
        assert_eq!(tries_for(1.1, 0.0), None);
        assert_eq!(tries_for(f64::NAN, 0.5), None);
        assert_eq!(tries_for(0.5, f64::NAN), None);
    }
}
