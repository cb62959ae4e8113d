//! Quantiles of measured values, and none where there are too few values to speak of one.

/// Fewer values than this have no middle worth printing.
const FEWEST: f64 = 5.0;
/// Beyond the 95th percentile (or below the 5th) one odd value would be the whole tail.
const THIN_TAIL: f64 = 0.05;
/// So many values are expected in a thin tail before a quantile is read off there.
const IN_THIN_TAIL: f64 = 10.0;
/// Tails such as `1 - 0.99` carry the rounding of their subtraction.
const ROUNDING: f64 = 1e-9;

/// The quantile `q` of values in any order, interpolated between neighbours (type 7, as R, NumPy and
/// spreadsheets do). None where the values are too few: it takes 5 at least, one expected in the tail
/// beyond `q`, and ten there where the tail is thinner than 5 %. So p50 takes 5 values, p95 takes 20
/// and p99 takes 1,000; the least and the largest value are no quantiles.
pub fn quantile(values: &[f64], q: f64) -> Option<f64> {
    if !enough(values.len(), q) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = q * (sorted.len() - 1) as f64;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    Some(low + (high - low) * place.fract())
}

/// Whether so many values are enough to speak of the quantile `q`.
pub fn enough(values: usize, q: f64) -> bool {
    let (count, tail) = (values as f64, q.min(1.0 - q));
    let needed = if tail < THIN_TAIL - ROUNDING { IN_THIN_TAIL } else { 1.0 };
    count >= FEWEST && count * tail >= needed - ROUNDING
}

#[cfg(test)]
mod tests {
    use super::*;

    fn up_to(largest: u32) -> Vec<f64> {
        (1..=largest).rev().map(f64::from).collect()
    }

    #[test]
    fn values_between_neighbours_as_in_r() {
        assert_eq!(quantile(&up_to(5), 0.5), Some(3.0));
        assert_eq!(quantile(&up_to(6), 0.5), Some(3.5));
        assert_eq!(quantile(&up_to(10), 0.25), Some(3.25));
        let p95 = quantile(&up_to(20), 0.95).unwrap();
        assert!((p95 - 19.05).abs() < 1e-9, "{p95}");
        let p99 = quantile(&up_to(1000), 0.99).unwrap();
        assert!((p99 - 990.01).abs() < 1e-9, "{p99}");
    }

    #[test]
    fn too_few_values_have_none() {
        for (q, fewest) in
            [(0.5, 5), (0.25, 5), (0.9, 10), (0.1, 10), (0.95, 20), (0.05, 20), (0.99, 1000)]
        {
            assert!(quantile(&up_to(fewest), q).is_some(), "{q}");
            assert!(quantile(&up_to(fewest - 1), q).is_none(), "{q}");
        }
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn the_ends_and_what_lies_beyond_are_no_quantiles() {
        for q in [0.0, 1.0, -0.5, 1.5, f64::NAN] {
            assert_eq!(quantile(&up_to(5000), q), None, "{q}");
        }
    }
}
