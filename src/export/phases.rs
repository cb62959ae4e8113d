//! Where the time of calls went, counted phase by phase. What opens a connection counts of every call; the rest counts
//! of answered calls alone, since a refusal is quick and says nothing of how long answers take.

use std::collections::BTreeMap;

use super::series::{Buckets, Series};
use crate::facts::Phases;

/// Upper bounds of durations, in seconds: from a name that is known already to an answer that takes minutes.
pub const DURATIONS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0,
];

/// How to find one phase in the record of a call.
type Find = fn(&Phases) -> Option<f64>;

/// The phases that are counted, in the order of a call: the word of the label, and where the record has it.
const PHASES: [(&str, Find); 7] = [
    ("dns", |phases| phases.dns_ms),
    ("tcp", |phases| phases.tcp_ms),
    ("proxy", |phases| phases.proxy_ms),
    ("tls", |phases| phases.tls_ms),
    ("first_byte", |phases| phases.first_byte_ms),
    ("first_token", |phases| phases.first_token_ms),
    ("total", |phases| phases.total_ms),
];

/// How many of them belong to the connection.
const OF_CONNECTIONS: usize = 4;

/// What was counted; phases that never took place are not there.
#[derive(Clone, Debug, Default)]
pub struct PhaseDurations(BTreeMap<usize, Buckets>);

/// The phases that took place, in milliseconds, each with its word.
pub fn named(phases: &Phases) -> impl Iterator<Item = (&'static str, f64)> {
    PHASES.into_iter().filter_map(|(word, find)| Some((word, find(phases)?)))
}

impl PhaseDurations {
    /// Counts one call.
    pub fn add(&mut self, phases: &Phases, answered: bool) {
        let counted = if answered { PHASES.len() } else { OF_CONNECTIONS };
        for (place, (_, find)) in PHASES.into_iter().enumerate().take(counted) {
            if let Some(ms) = find(phases) {
                let buckets = self.0.entry(place).or_insert_with(|| Buckets::new(DURATIONS));
                buckets.add(ms / 1000.0);
            }
        }
    }

    /// One histogram a phase, with these labels before its own.
    pub fn series(&self, labels: &[(&'static str, &str)]) -> Vec<Series> {
        let of = |(place, buckets): (&usize, &Buckets)| {
            let (word, _) = PHASES[*place];
            let all: Vec<_> = labels.iter().copied().chain([("phase", word)]).collect();
            Series::buckets(&all, buckets)
        };
        self.0.iter().map(of).collect()
    }
}
