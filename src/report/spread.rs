//! The latencies of each arm of a report in their order, for whoever draws them or tells them. Quantiles
//! and counts only: which arm is faster is judged elsewhere.

use super::{Report, recorded::Recorded};
use crate::facts::Sample;

/// Fewer values than this have no middle worth printing.
const FEWEST: f64 = 5.0;
/// Beyond the 95th percentile one odd value would be the whole tail.
const THIN_TAIL: f64 = 0.05;
/// So many values are expected in a thin tail before a quantile is read off there.
const IN_THIN_TAIL: f64 = 10.0;
/// Tails such as `1 - 0.99` carry the rounding of their subtraction.
const ROUNDING: f64 = 1e-9;

/// The name of what has no tag in a log.
const UNTAGGED: &str = "(no tag)";

/// The latencies of one arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// The arm.
    pub name: String,
    /// Milliseconds, each with how often it was seen, the least first.
    pub values: Vec<(f64, u64)>,
    /// Calls with an answer.
    pub answered: u64,
    /// Calls without one, which have no latency to compare.
    pub failed: u64,
}

/// The arms of a report with their latencies.
pub fn spreads(report: &Report) -> Vec<Spread> {
    let timed = arms(report).map(|(name, samples)| Spread::of_samples(name, samples.into_iter()));
    timed.chain(report.recorded.iter().map(Spread::of_recorded)).collect()
}

/// The timed calls of each arm, by name: rounds are shuffled, and the same run is to look the same.
pub(super) fn arms(report: &Report) -> impl Iterator<Item = (&str, Vec<&Sample>)> {
    let mut arms: Vec<(&str, Vec<&Sample>)> = Vec::new();
    for sample in &report.samples {
        match arms.iter_mut().find(|(name, _)| *name == &*sample.arm) {
            Some((_, samples)) => samples.push(sample),
            None => arms.push((&sample.arm, vec![sample])),
        }
    }
    arms.sort_by_key(|(name, _)| *name);
    arms.into_iter()
}

impl Spread {
    fn of_samples<'a>(name: &str, samples: impl Iterator<Item = &'a Sample>) -> Self {
        let (answered, failed): (Vec<_>, Vec<_>) = samples.partition(|one| one.is_answered());
        let mut values: Vec<(f64, u64)> =
            answered.iter().map(|sample| (sample.latency_ms, 1)).collect();
        values.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (answered, failed) = (answered.len() as u64, failed.len() as u64);
        Self { name: name.to_owned(), values, answered, failed }
    }

    /// What a log counted.
    pub fn of_recorded(recorded: &Recorded) -> Self {
        Self {
            name: if recorded.name.is_empty() { UNTAGGED } else { &recorded.name }.to_owned(),
            values: recorded.values_ms(),
            answered: recorded.counts.len(),
            failed: recorded.failed,
        }
    }

    /// The quantile `q` in milliseconds, interpolated between neighbours; none where the values are
    /// too few for it: p50 takes 5, p95 takes 20, p99 takes 1,000.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        if !enough(self.answered as f64, q) {
            return None;
        }
        let place = q * (self.answered - 1) as f64;
        let (low, high) = (self.at(place.floor() as u64)?, self.at(place.ceil() as u64)?);
        Some(low + (high - low) * place.fract())
    }

    /// The least and the greatest latency.
    pub fn ends(&self) -> Option<(f64, f64)> {
        Some((self.values.first()?.0, self.values.last()?.0))
    }

    /// What a picture of it shows, in words.
    pub fn sentence(&self) -> String {
        let failed = match self.failed {
            0 => String::new(),
            some => format!(", {some} failed"),
        };
        let counted = match self.answered {
            1 => "1 call answered".to_owned(),
            many => format!("{many} calls answered"),
        };
        format!("{counted}{failed}{}", self.told())
    }

    fn told(&self) -> String {
        let Some((least, most)) = self.ends() else { return String::new() };
        let quarters = (self.quantile(0.25), self.quantile(0.75));
        let (Some(p50), (Some(low), Some(high))) = (self.quantile(0.5), quarters) else {
            return format!("; between {} and {} ms, too few for quantiles", ms(least), ms(most));
        };
        let p95 = self.quantile(0.95).map_or_else(String::new, |p95| format!(", p95 {}", ms(p95)));
        format!(
            "; p50 {}{p95} ms, the middle half {} to {} ms, all {} to {} ms",
            ms(p50),
            ms(low),
            ms(high),
            ms(least),
            ms(most)
        )
    }

    /// The value at a place of the sorted row.
    fn at(&self, place: u64) -> Option<f64> {
        let mut passed = 0_u64;
        let reaches = |(_, count): &&(f64, u64)| {
            passed = passed.saturating_add(*count);
            passed > place
        };
        self.values.iter().find(reaches).map(|(value, _)| *value)
    }
}

/// Milliseconds to three digits, and whole from a hundred on.
pub fn ms(value: f64) -> String {
    let decimals = match value.abs() {
        99.95.. => 0,
        9.995.. => 1,
        0.9995.. => 2,
        _ => 3,
    };
    format!("{value:.decimals$}")
}

fn enough(values: f64, q: f64) -> bool {
    let tail = q.min(1.0 - q);
    let needed = if tail < THIN_TAIL - ROUNDING { IN_THIN_TAIL } else { 1.0 };
    values >= FEWEST && values * tail >= needed - ROUNDING
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report::samples, stats};

    fn counted(values: &[(f64, u64)]) -> Spread {
        let answered = values.iter().map(|(_, count)| count).sum();
        Spread { name: "x".to_owned(), values: values.to_vec(), answered, failed: 0 }
    }

    #[test]
    fn quantiles_are_those_of_the_same_values_one_by_one() {
        let mut random = fastrand::Rng::with_seed(7);
        for size in [1, 4, 5, 19, 20, 99, 1_000, 1_500] {
            let mut values: Vec<f64> = (0..size).map(|_| f64::from(random.u32(1..60))).collect();
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let mut counts: Vec<(f64, u64)> = Vec::new();
            for value in sorted {
                match counts.last_mut().filter(|last| last.0 == value) {
                    Some(last) => last.1 += 1,
                    None => counts.push((value, 1)),
                }
            }
            random.shuffle(&mut values);
            for q in [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] {
                assert_eq!(counted(&counts).quantile(q), stats::quantile(&values, q), "{size} {q}");
            }
        }
    }

    #[test]
    fn failed_calls_are_counted_and_never_timed() {
        let arms = spreads(&samples::benchmark());
        let cold = arms.iter().find(|arm| arm.name == "h1-cold").unwrap();
        assert!(cold.failed > 0 && cold.values.len() as u64 == cold.answered);
        assert!(cold.sentence().contains(" failed; p50 "), "{}", cold.sentence());
    }

    #[test]
    fn few_values_are_told_without_quantiles() {
        assert_eq!(
            counted(&[(10.0, 2), (20.5, 1)]).sentence(),
            "3 calls answered; between 10.0 and 20.5 ms, too few for quantiles"
        );
        assert_eq!(counted(&[]).sentence(), "0 calls answered");
        assert_eq!(
            counted(&[(0.04, 1)]).told(),
            "; between 0.040 and 0.040 ms, too few for quantiles"
        );
    }

    #[test]
    fn milliseconds_have_three_digits() {
        let shown = [1234.6, 112.34, 99.96, 12.34, 1.234, 0.0421, 0.0].map(ms);
        assert_eq!(shown, ["1235", "112", "100", "12.3", "1.23", "0.042", "0.000"]);
    }
}
