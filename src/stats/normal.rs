//! The normal distribution: how much of it lies beyond a value.

/// The share of a standard normal variable that lies above `z`, to about seven digits (Abramowitz and
/// Stegun, 26.2.17).
pub fn above(z: f64) -> f64 {
    const TERMS: [f64; 5] =
        [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let sum: f64 = TERMS.iter().rev().fold(0.0, |sum, term| (sum + term) * t);
    let tail = (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt() * sum;
    if z >= 0.0 { tail } else { 1.0 - tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_as_tables_have_them() {
        for (z, tail) in [
            (0.0, 0.5),
            (1.0, 0.158_655_25),
            (1.959_964, 0.025),
            (2.326_348, 0.01),
            (3.090_232, 0.001),
            (-1.0, 0.841_344_75),
        ] {
            assert!((above(z) - tail).abs() < 2e-7, "{z}: {}", above(z));
        }
        assert!(above(8.0) < 1e-14);
    }
}
