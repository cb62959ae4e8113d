//! One axis of time for all arms of a picture: where a value lies on it, and which values to write
//! beside it. Knows neither characters nor pixels.

use super::spread::Spread;

/// Where the greatest value is more than so many times the least, steps are factors.
const WIDE: f64 = 4.0;

/// What is left free at each end.
const MARGIN: f64 = 0.03;

/// From the least value that is drawn to the greatest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    /// Whether equal steps are equal factors.
    pub log: bool,
}

impl Axis {
    /// The axis on which all of these have a place; none where there is nothing to draw.
    pub(super) fn over(spreads: &[Spread]) -> Option<Self> {
        let values = || spreads.iter().flat_map(|spread| &spread.values).map(|(value, _)| *value);
        let least = values().filter(|value| *value > 0.0).min_by(f64::total_cmp)?;
        let most = values().max_by(f64::total_cmp)?;
        Some(Self::between(least, most, values().all(|value| value > 0.0)))
    }

    /// From nothing to a value, in equal steps.
    pub(super) fn up_to(most: f64) -> Self {
        Self { low: 0.0, high: most.max(f64::MIN_POSITIVE), log: false }
    }

    fn between(least: f64, most: f64, positive: bool) -> Self {
        if most > least * WIDE {
            let margin = (most / least).powf(MARGIN);
            return Self { low: least / margin, high: most * margin, log: true };
        }
        let least = if positive { least } else { 0.0 };
        let margin = ((most - least) * MARGIN).max(most * 0.01);
        Self { low: (least - margin).max(0.0), high: most + margin, log: false }
    }

    /// Where a value lies: 0 at the one end, 1 at the other.
    pub(super) fn place(&self, value: f64) -> f64 {
        let place = match self.log {
            true => (value.max(self.low) / self.low).ln() / (self.high / self.low).ln(),
            false => (value - self.low) / (self.high - self.low),
        };
        place.clamp(0.0, 1.0)
    }

    /// At most so many round values, the least first; at least one where there is any.
    pub(super) fn ticks(&self, most: usize) -> Vec<f64> {
        let all = if self.log { self.factors() } else { self.steps() };
        let fits = |ticks: &&Vec<f64>| (2..=most).contains(&ticks.len());
        let finest = all.iter().find(fits).or_else(|| all.iter().find(|ticks| !ticks.is_empty()));
        finest.cloned().unwrap_or_default().into_iter().take(most).collect()
    }

    /// How it is divided, in words.
    pub(super) const fn word(&self) -> &'static str {
        if self.log { "log scale" } else { "linear scale" }
    }

    /// Rows of ticks by factors, the finest first.
    fn factors(&self) -> Vec<Vec<f64>> {
        const FINE: [f64; 10] = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0];
        const ROWS: [&[f64]; 5] =
            [&FINE, &[1.0, 1.5, 2.0, 3.0, 5.0, 7.0], &[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0]];
        let first = self.low.log10().floor() as i32;
        let last = self.high.log10().ceil() as i32;
        let row = |factors: &[f64], every: usize| -> Vec<f64> {
            let powers = (first..=last).filter(|power| power.rem_euclid(every as i32) == 0);
            let all =
                powers.flat_map(|power| factors.iter().map(move |one| one * power_of_ten(power)));
            all.filter(|tick| self.holds(*tick)).collect()
        };
        let dense = ROWS.iter().map(|factors| row(factors, 1));
        dense.chain([2, 3].map(|every| row(&[1.0], every))).collect()
    }

    /// Rows of ticks by steps, the finest first.
    fn steps(&self) -> Vec<Vec<f64>> {
        let size = power_of_ten((self.high - self.low).log10().floor() as i32 - 1);
        let row = |step: f64| -> Vec<f64> {
            let first = (self.low / step).ceil() as i64;
            (first..first + 100).map(|n| n as f64 * step).take_while(|t| self.holds(*t)).collect()
        };
        [1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0].map(|factor| row(factor * size)).to_vec()
    }

    fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// A tick as it is written: no more digits than it needs.
pub(super) fn label(tick: f64) -> String {
    let text = format!("{tick:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Exact for powers that a number holds exactly, unlike `powi` of a tenth.
fn power_of_ten(power: i32) -> f64 {
    match power {
        0.. => 10_f64.powi(power),
        _ => 1.0 / 10_f64.powi(-power),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(values: &[f64]) -> Axis {
        let values: Vec<(f64, u64)> = values.iter().map(|value| (*value, 1)).collect();
        let answered = values.len() as u64;
        let spread = Spread { name: String::new(), values, answered, failed: 0 };
        Axis::over(&[spread]).unwrap()
    }

    #[test]
    fn a_wide_range_has_factors_and_a_narrow_one_steps() {
        let (wide, narrow) = (axis(&[10.0, 20.0, 1000.0]), axis(&[100.0, 130.0]));
        assert!(wide.log && !narrow.log);
        assert_eq!(wide.ticks(7), [10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0]);
        assert_eq!(wide.ticks(6), [10.0, 30.0, 100.0, 300.0, 1000.0]);
        assert_eq!(wide.ticks(4), [10.0, 100.0, 1000.0]);
        assert_eq!(narrow.ticks(4), [100.0, 110.0, 120.0, 130.0]);
    }

    #[test]
    fn all_values_lie_within_and_in_order() {
        for values in [vec![3.0], vec![0.0, 0.0], vec![0.0, 5.0], vec![1e-3, 1e5], vec![7.0, 7.1]] {
            if values.iter().all(|value| *value == 0.0) {
                continue;
            }
            let axis = axis(&values);
            let places: Vec<f64> = values.iter().map(|value| axis.place(*value)).collect();
            assert!(
                places.iter().all(|place| (0.0..=1.0).contains(place)),
                "{values:?} {places:?}"
            );
            assert!(places.is_sorted(), "{values:?} {places:?}");
            assert!(!axis.ticks(6).is_empty() && axis.ticks(6).len() <= 6, "{values:?}");
        }
    }

    #[test]
    fn nothing_to_draw_has_no_axis() {
        assert_eq!(Axis::over(&[]), None);
        let none = Spread { name: String::new(), values: vec![(0.0, 3)], answered: 3, failed: 0 };
        assert_eq!(Axis::over(&[none]), None);
    }

    #[test]
    fn labels_have_no_idle_digits() {
        assert_eq!(
            [0.1, 2.5, 100.0, 0.002, 1500.0].map(label),
            ["0.1", "2.5", "100", "0.002", "1500"]
        );
    }
}
