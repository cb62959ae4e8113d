//! Latencies of answered calls as histograms, which have a bound whatever the length of a log.

use std::collections::HashMap;

use hdrhistogram::Histogram;

use super::{
    call::{Call, End},
    fields::Field,
    figures::{Context, Latency, LatencyFigures},
};
use crate::stats;

/// So many models have a row of their own; the others share one.
const MOST_MODELS: usize = 48;
const OTHERS: &str = "(other models)";
/// The upper ends of the bands of input tokens.
const BANDS: [(u64, &str); 7] = [
    (1_000, "up to 1k"),
    (4_000, "1k to 4k"),
    (16_000, "4k to 16k"),
    (64_000, "16k to 64k"),
    (200_000, "64k to 200k"),
    (1_000_000, "200k to 1M"),
    (u64::MAX, "above 1M"),
];
/// What a caller or a gateway says of a call that took too long.
const TIMED_OUT: [u16; 3] = [408, 499, 504];

/// Values counted by size, three digits of each, and the greatest one as it is.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    counts: Histogram<u64>,
    most: u64,
}

impl Default for Sketch {
    fn default() -> Self {
        Self { counts: Histogram::new(3).expect("three digits are allowed"), most: 0 }
    }
}

impl Sketch {
    pub(super) fn add(&mut self, value: u64) {
        self.counts.record(value).expect("a histogram that grows takes every value");
        self.most = self.most.max(value);
    }

    pub(super) fn len(&self) -> u64 {
        self.counts.len()
    }

    /// A value that so many are at most; none where nothing was added.
    pub(super) fn at(&self, quantile: f64) -> Option<f64> {
        let value = self.counts.median_equivalent(self.counts.value_at_quantile(quantile));
        (!self.counts.is_empty()).then(|| value.min(self.most) as f64)
    }

    fn most(&self) -> Option<f64> {
        (!self.counts.is_empty()).then_some(self.most as f64)
    }

    /// A quantile in milliseconds of values in microseconds, where there are enough to speak of one.
    fn ms(&self, quantile: f64) -> Option<f64> {
        let count = usize::try_from(self.len()).unwrap_or(usize::MAX);
        self.at(quantile).filter(|_| stats::enough(count, quantile)).map(|us| us / 1000.0)
    }

    fn figures(&self, name: &str) -> Latency {
        Latency {
            name: name.to_owned(),
            answered: self.len(),
            p50_ms: self.ms(0.5),
            p95_ms: self.ms(0.95),
            p99_ms: self.ms(0.99),
            max_ms: self.most().map(|us| us / 1000.0),
        }
    }
}

/// All latencies of a log.
#[derive(Debug, Default)]
pub(super) struct Latencies {
    all: Sketch,
    models: HashMap<String, Sketch>,
    bands: [Band; BANDS.len()],
}

#[derive(Debug, Default)]
struct Band {
    calls: u64,
    failed: u64,
    timed_out: u64,
    sketch: Sketch,
}

impl Latencies {
    pub(super) fn add(&mut self, call: &Call) {
        let end = call.end();
        self.by_context(call, end);
        let Some(us) = call.latency_us.filter(|_| end == End::Answered) else { return };
        self.all.add(us);
        let model = call.text(Field::Model);
        if let Some(sketch) = self.models.get_mut(model) {
            return sketch.add(us);
        }
        let model = if self.models.len() < MOST_MODELS { model } else { OTHERS };
        self.models.entry(model.to_owned()).or_default().add(us);
    }

    fn by_context(&mut self, call: &Call, end: End) {
        let Some(tokens) = call.input_tokens.filter(|_| end != End::Untold) else { return };
        let place =
            BANDS.iter().position(|(most, _)| tokens <= *most).expect("the last has no end");
        let band = &mut self.bands[place];
        band.calls += 1;
        band.failed += u64::from(end != End::Answered);
        band.timed_out += u64::from(is_timeout(call, end));
        if let Some(us) = call.latency_us.filter(|_| end == End::Answered) {
            band.sketch.add(us);
        }
    }

    /// How many models have no row of their own.
    pub(super) fn has_others(&self) -> bool {
        self.models.contains_key(OTHERS)
    }

    pub(super) fn figures(&self) -> LatencyFigures {
        let mut by_model: Vec<Latency> =
            self.models.iter().map(|(name, sketch)| sketch.figures(name)).collect();
        by_model.sort_by(|a, b| b.answered.cmp(&a.answered).then_with(|| a.name.cmp(&b.name)));
        let used = self.bands.iter().zip(&BANDS).filter(|(band, _)| band.calls > 0);
        let by_context = used.map(|(band, (_, name))| Context {
            input_tokens: (*name).to_owned(),
            calls: band.calls,
            failed: band.failed,
            timed_out: band.timed_out,
            p50_ms: band.sketch.ms(0.5),
            p95_ms: band.sketch.ms(0.95),
            p99_ms: band.sketch.ms(0.99),
        });
        LatencyFigures { all: self.all.figures("all"), by_model, by_context: by_context.collect() }
    }
}

fn is_timeout(call: &Call, end: End) -> bool {
    match end {
        End::Refused(status) => TIMED_OUT.contains(&status),
        End::Failed => {
            let why = call.text(Field::Failure).to_ascii_lowercase();
            ["timeout", "timed out", "time-out", "deadline"].iter().any(|word| why.contains(word))
        }
        End::Answered | End::Untold => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(values: impl IntoIterator<Item = u64>) -> Sketch {
        let mut sketch = Sketch::default();
        values.into_iter().for_each(|value| sketch.add(value));
        sketch
    }

    #[test]
    fn quantiles_need_enough_values() {
        let few = sketch((1..=999).map(|value| value * 1000)).figures("few");
        assert_eq!((few.p99_ms, few.max_ms), (None, Some(999.0)));
        let many = sketch((1..=1000).map(|value| value * 1000)).figures("many");
        for (found, expected) in [(many.p50_ms, 500.0), (many.p95_ms, 950.0), (many.p99_ms, 990.0)]
        {
            let found = found.expect("enough values");
            assert!((found - expected).abs() < expected * 0.001, "{found} {expected}");
        }
        assert_eq!(sketch([]).figures("none").max_ms, None);
    }

    #[test]
    fn two_halves_in_any_order_are_one_whole() {
        let values: Vec<u64> = (0..3_000).map(|value| (value * 7_919) % 100_003).collect();
        let (one, other) = values.split_at(1_000);
        let turned = sketch(other.iter().chain(one).copied()).figures("");
        assert_eq!(turned, sketch(values.iter().copied()).figures(""));
    }
}
