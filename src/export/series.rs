//! Metrics as data: families of series, whatever the format in which a collector reads them.

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
