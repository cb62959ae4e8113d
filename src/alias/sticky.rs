//! Whether the calls of one connection end alike. Such calls are one observation and not several, for
//! whatever rests on their being independent.

use std::collections::BTreeMap;

use crate::stats::{self, Group, Segment};

use super::sample::{End, Sample};

/// Calls that are near enough in time to compare their connections: a round over all of them.
const ROUND: usize = 33;
/// The share of connections that may have ended both ways although they keep to builds.
const MIXED: f64 = 0.2;
/// A p-value below which connections are taken to keep to what they are led to.
const STICKY_BELOW: f64 = 0.02;

/// How likely it is by chance that calls of one connection end so much alike. Connections come and go,
/// so that they are only compared with those of the same time.
pub fn connection_p(own: &[&Sample], segments: &[Segment], seed: u64) -> Option<f64> {
    let stretch = |at: usize| segments.iter().position(|it| at < it.end);
    let mut strata: BTreeMap<_, BTreeMap<u32, Group>> = BTreeMap::new();
    for (at, sample) in own.iter().enumerate() {
        let times = strata.entry((stretch(at), at / ROUND)).or_default();
        let group = times.entry(sample.connection?).or_insert(Group { hits: 0, calls: 0 });
        group.calls += 1;
        group.hits += u64::from(sample.end == End::Missing);
    }
    let strata: Vec<Vec<Group>> =
        strata.into_values().map(|groups| groups.into_values().collect()).collect();
    Some(stats::within(&strata, seed))
}

/// Whether no connection that carried several calls ended both ways, and one of them failed.
pub fn is_suspected(own: &[&Sample]) -> bool {
    let connections = connections(own);
    let alike = connections.iter().all(|it| it.failures == 0 || it.failures == it.calls.len());
    let repeated = connections.iter().filter(|it| it.calls.len() > 1 && it.failures > 0).count();
    alike && repeated > 1
}

/// Whether connections keep to one build, as far as that can be seen. A change over time makes calls of
/// one connection alike as well, but it leaves many that ended both ways.
pub fn is_sticky(own: &[&Sample], seed: u64) -> bool {
    let failed = |it: &&Carried| it.calls.len() > 1 && it.failures > 0;
    let connections = connections(own);
    let failed: Vec<&Carried> = connections.iter().filter(failed).collect();
    let mixed = failed.iter().filter(|it| it.failures < it.calls.len()).count();
    let few_mixed = mixed as f64 <= MIXED * failed.len() as f64;
    is_suspected(own) || few_mixed && connection_p(own, &[], seed).is_some_and(|p| p < STICKY_BELOW)
}

/// One connection: which calls went over it, in order, and how many of them failed.
pub struct Carried {
    /// The places of its calls.
    pub calls: Vec<usize>,
    /// How many of them failed.
    pub failures: usize,
}

impl Carried {
    /// Whether most of its calls failed.
    pub fn is_bad(&self) -> bool {
        self.failures * 2 > self.calls.len()
    }
}

/// The connections in the order of their first calls.
pub fn connections(own: &[&Sample]) -> Vec<Carried> {
    let mut places: BTreeMap<u32, usize> = BTreeMap::new();
    let mut found: Vec<Carried> = Vec::new();
    for (at, sample) in own.iter().enumerate() {
        let Some(number) = sample.connection else { continue };
        let place = *places.entry(number).or_insert_with(|| {
            found.push(Carried { calls: Vec::new(), failures: 0 });
            found.len() - 1
        });
        found[place].calls.push(at);
        found[place].failures += usize::from(sample.end == End::Missing);
    }
    found
}
