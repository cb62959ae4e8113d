//! Latencies that were counted by value, as logs of histograms hold them: what another run recorded,
//! and what this one writes down. Draws nothing and writes nothing.

use hdrhistogram::Histogram;

/// The latencies of one arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The arm: the tag in a log.
    pub name: String,
    /// What the values count.
    pub unit: Unit,
    /// How often each value was seen, to so many digits.
    pub counts: Histogram<u64>,
    /// Calls without an answer, which are no value.
    pub failed: u64,
    /// When the first call began, in seconds since 1970.
    pub from_s: f64,
    /// How long calls were made.
    pub length_s: f64,
}

/// A unit of time that values of a log count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// As most programs in Java do.
    Nanoseconds,
    /// As this program does.
    Microseconds,
    /// Coarse.
    Milliseconds,
}

impl Unit {
    /// Every unit, the finest first.
    pub const ALL: [Self; 3] = [Self::Nanoseconds, Self::Microseconds, Self::Milliseconds];

    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nanoseconds => "nanoseconds",
            Self::Microseconds => "microseconds",
            Self::Milliseconds => "milliseconds",
        }
    }

    /// The word to type.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Nanoseconds => "ns",
            Self::Microseconds => "us",
            Self::Milliseconds => "ms",
        }
    }

    /// How many of it are a millisecond.
    pub const fn per_ms(self) -> f64 {
        match self {
            Self::Nanoseconds => 1e6,
            Self::Microseconds => 1e3,
            Self::Milliseconds => 1.0,
        }
    }
}

impl Recorded {
    /// Nothing yet, of an arm whose values count in this unit, to so many digits, in steps of `least`
    /// and more.
    pub fn empty(name: &str, unit: Unit, digits: u8, least: u64) -> Self {
        let bounds = Histogram::new_with_bounds(least, least.saturating_mul(2), digits);
        let mut counts = bounds.expect("the digits and the least value of a histogram");
        counts.auto(true);
        Self { name: name.to_owned(), unit, counts, failed: 0, from_s: 0.0, length_s: 0.0 }
    }

    /// Adds one more stretch of time.
    pub fn extend(&mut self, counts: &Histogram<u64>, from_s: f64, length_s: f64) {
        let end = match self.counts.is_empty() {
            true => from_s + length_s,
            false => (self.from_s + self.length_s).max(from_s + length_s),
        };
        self.from_s = if self.counts.is_empty() { from_s } else { self.from_s.min(from_s) };
        self.length_s = end - self.from_s;
        self.counts.add(counts).expect("a histogram of the same kind, into one that grows");
    }

    /// Every value in milliseconds with how often it was seen, the least first. Of the values that a
    /// log cannot tell apart the greatest stands for all, as other readers of such logs have it.
    pub fn values_ms(&self) -> Vec<(f64, u64)> {
        let seen = self.counts.iter_recorded();
        let ms = |value: u64| value as f64 / self.unit.per_ms();
        seen.map(|step| (ms(step.value_iterated_to()), step.count_at_value())).collect()
    }
}
