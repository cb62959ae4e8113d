//! What one hop of a way adds: the time between asking it and asking the next one directly.

use crate::{bench::Verdict, stats::Estimate};

use super::{Judged, Topic};

/// A hop that stands before the next one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hop {
    /// The median of a call through it, in milliseconds.
    pub through_ms: f64,
    /// The median of a call to the next one.
    pub beyond_ms: f64,
    /// What it adds, with its intervals.
    pub adds_ms: Estimate,
    /// Whether that is more than chance.
    pub is_shown: bool,
}

impl Hop {
    /// From what it and the next one show of each other, where both were timed.
    pub fn of(judged: &Judged) -> Option<Self> {
        let timed = judged.times.iter().find(|timed| timed.topic == Topic::Latency)?;
        let measured = timed.compared.measured?;
        Some(Self {
            through_ms: measured.a_ms,
            beyond_ms: measured.b_ms,
            adds_ms: measured.difference_ms,
            is_shown: matches!(timed.compared.verdict, Verdict::Faster | Verdict::Slower),
        })
    }
}
