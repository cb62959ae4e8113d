//! Metrics as data: families of series, whatever the format in which a collector reads them.

use std::collections::HashSet;

/// What is measured under one name.
#[derive(Clone, Debug, PartialEq)]
pub struct Family {
    /// The name with its unit, and without `_total`, which the formats add to counters.
    pub name: &'static str,
    /// One sentence.
    pub help: &'static str,
    /// The base unit that the name ends in, where it has one: `seconds`, `tokens`.
    pub unit: Option<&'static str>,
    /// What becomes of the numbers over time.
    pub kind: Kind,
    /// When counting began, in seconds since 1970, where the numbers are counted.
    pub counted_since_s: Option<f64>,
    /// One for each combination of labels.
    pub series: Vec<Series>,
}

/// What becomes of a family's numbers over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// They only grow, until the program that counts starts anew.
    Counter,
    /// They go up and down.
    Gauge,
    /// Values counted by how great they are.
    Histogram,
}

/// The numbers of one combination of labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Names and values.
    pub labels: Vec<(&'static str, String)>,
    /// What was counted or measured.
    pub value: Value,
}

/// A number, or values counted by how great they are.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of a counter or a gauge.
    Number(f64),
    /// Of a histogram.
    Buckets(Buckets),
}

/// Values counted by how great they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Buckets {
    /// The greatest value of each bucket but the last, which has no bound; ascending.
    pub bounds: &'static [f64],
    /// How many values fell into each, the last one included: one more than there are bounds.
    pub counts: Vec<u64>,
    /// The sum of all values.
    pub sum: f64,
}

impl Kind {
    /// The word that the text formats have for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

impl Family {
    /// Numbers that go up and down, without any series yet.
    pub const fn gauge(name: &'static str, unit: Option<&'static str>, help: &'static str) -> Self {
        Self { name, help, unit, kind: Kind::Gauge, counted_since_s: None, series: Vec::new() }
    }

    /// Values counted by how great they are since then, without any series yet.
    pub const fn histogram(
        name: &'static str,
        unit: &'static str,
        since_s: f64,
        help: &'static str,
    ) -> Self {
        let (unit, counted_since_s) = (Some(unit), Some(since_s));
        Self { name, help, unit, kind: Kind::Histogram, counted_since_s, series: Vec::new() }
    }

    /// The same with these series. Of several with the same labels the first one stays: collectors refuse a text in
    /// which a series is there twice.
    #[must_use]
    pub fn with(mut self, series: impl IntoIterator<Item = Series>) -> Self {
        let mut known: HashSet<_> = self.series.iter().map(|one| one.labels.clone()).collect();
        self.series.extend(series.into_iter().filter(|one| known.insert(one.labels.clone())));
        self
    }

    /// The name as samples of the text formats have it.
    pub fn sample_name(&self) -> String {
        match self.kind {
            Kind::Counter => format!("{}_total", self.name),
            Kind::Gauge | Kind::Histogram => self.name.to_owned(),
        }
    }
}

impl Series {
    /// One number.
    pub fn number(labels: &[(&'static str, &str)], value: f64) -> Self {
        Self::of(labels, Value::Number(value))
    }

    /// Values counted by how great they are.
    pub fn buckets(labels: &[(&'static str, &str)], buckets: &Buckets) -> Self {
        Self::of(labels, Value::Buckets(buckets.clone()))
    }

    fn of(labels: &[(&'static str, &str)], value: Value) -> Self {
        let labels = labels.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { labels, value }
    }
}

impl Buckets {
    /// Nothing counted yet.
    pub fn new(bounds: &'static [f64]) -> Self {
        Self { bounds, counts: vec![0; bounds.len() + 1], sum: 0.0 }
    }

    /// Counts one more value. What is no number is not counted.
    pub fn add(&mut self, value: f64) {
        if value.is_finite() {
            let place = self.bounds.partition_point(|bound| *bound < value);
            self.counts[place] += 1;
            self.sum += value;
        }
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many values are at most as great as each bound, and then how many there are.
    pub fn cumulative(&self) -> Vec<(f64, u64)> {
        let bounds = self.bounds.iter().copied().chain([f64::INFINITY]);
        let mut seen = 0;
        let each = bounds.zip(&self.counts).map(|(bound, count)| {
            seen += count;
            (bound, seen)
        });
        each.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_falls_into_the_first_bucket_that_holds_it() {
        let mut buckets = Buckets::new(&[0.1, 1.0, 10.0]);
        [0.05, 0.1, 0.100_1, 1.0, 11.0, f64::NAN].into_iter().for_each(|one| buckets.add(one));
        assert_eq!(buckets.counts, [2, 2, 0, 1]);
        assert_eq!(buckets.cumulative(), [(0.1, 2), (1.0, 4), (10.0, 4), (f64::INFINITY, 5)]);
        assert_eq!(buckets.count(), 5);
        assert!((buckets.sum - 12.2501).abs() < 1e-9);
    }

    #[test]
    fn a_series_is_there_once() {
        let [first, again, other] = [("a", 1.0), ("a", 2.0), ("b", 3.0)]
            .map(|(of, value)| Series::number(&[("of", of)], value));
        let family = Family::gauge("up", None, "Up.").with([first.clone(), again, other.clone()]);
        assert_eq!(family.series, [first, other]);
    }

    #[test]
    fn a_later_series_with_the_same_labels_does_not_replace_one_that_is_there() {
        let [first, other, again] = [("a", 1.0), ("b", 2.0), ("a", 3.0)]
            .map(|(of, value)| Series::number(&[("of", of)], value));
        let family = Family::gauge("up", None, "Up.").with([first.clone(), other.clone()]);
        assert_eq!(family.with([again]).series, [first, other]);
    }

    #[test]
    fn counters_get_their_ending_in_samples() {
        let gauge = Family::gauge("up_seconds", Some("seconds"), "How long it is up.");
        assert_eq!(gauge.sample_name(), "up_seconds");
        assert_eq!(Family { kind: Kind::Counter, ..gauge }.sample_name(), "up_seconds_total");
    }
}
