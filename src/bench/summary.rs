//! The figures of one arm: what was answered, how long it took and in which phase. It compares nothing.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    facts::{Ended, HandshakeKind, Phases, Sample},
    stats::quantile,
};

/// One arm in figures. Latencies and phases are of answered calls alone.
#[derive(Clone, Debug, PartialEq)]
pub struct ArmSummary {
    /// The arm.
    pub arm: Arc<str>,
    /// Its calls that were answered.
    pub answered: usize,
    /// Its other calls by how they ended, the most frequent first.
    pub failed: Vec<(Ended, usize)>,
    /// The latencies, connection included.
    pub latency_ms: Quantiles,
    /// The median of each phase, over the calls that had it.
    pub phases: Phases,
    /// The connections that its calls used, and how.
    pub connections: Connections,
    /// Bytes sent on the wire by all its calls.
    pub bytes_sent: u64,
    /// Bytes that came on the wire for all its calls.
    pub bytes_received: u64,
    /// The tokens of its answers.
    pub tokens: Tokens,
}

/// What may be said of a distribution; a quantile that too few values bear is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quantiles {
    /// Half take no longer. From 5 values on.
    pub p50: Option<f64>,
    /// From 10 values on.
    pub p90: Option<f64>,
    /// From 20 values on.
    pub p95: Option<f64>,
    /// From 1,000 values on.
    pub p99: Option<f64>,
}

/// How an arm used its connections.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Connections {
    /// How many there were.
    pub count: usize,
    /// Calls per connection, on average.
    pub calls_each: f64,
    /// The most calls that one of them carried in this arm.
    pub most_calls: usize,
    /// The handshakes that its calls waited for, by kind.
    pub handshakes: Vec<(HandshakeKind, usize)>,
}

/// How fast text came. Medians over answered calls.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tokens {
    /// Tokens of the answer, thinking included.
    pub output: Option<f64>,
    /// Over the whole call, waiting included: the figure to compare arms by.
    pub per_second: Option<f64>,
    /// From the first piece of text to the last byte, the waiting left out. Pieces hold many tokens, and
    /// what was thought came before the first one, so that this is an upper bound.
    pub per_second_of_stream: Option<f64>,
}

impl ArmSummary {
    /// The figures of an arm of this name.
    pub fn of(samples: &[Sample], arm: &str) -> Self {
        let ours: Vec<&Sample> = samples.iter().filter(|sample| &*sample.arm == arm).collect();
        let answered: Vec<&Sample> =
            ours.iter().copied().filter(|sample| sample.is_answered()).collect();
        Self {
            arm: arm.into(),
            answered: answered.len(),
            failed: failed(&ours),
            latency_ms: Quantiles::of(&figures(&answered, |sample| Some(sample.latency_ms))),
            phases: phases(&answered),
            connections: Connections::of(&ours),
            bytes_sent: ours.iter().map(|sample| u64::from(sample.bytes_sent)).sum(),
            bytes_received: ours.iter().map(|sample| u64::from(sample.bytes_received)).sum(),
            tokens: Tokens::of(&answered),
        }
    }

    /// All its calls.
    pub fn calls(&self) -> usize {
        self.answered + self.failed.iter().map(|(_, count)| count).sum::<usize>()
    }
}

impl Quantiles {
    /// Of values in any order.
    pub fn of(values: &[f64]) -> Self {
        let at = |q| quantile(values, q);
        Self { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) }
    }
}

impl Connections {
    fn of(calls: &[&Sample]) -> Self {
        let mut by_number: BTreeMap<u32, usize> = BTreeMap::new();
        // A call that got no connection has the number of none.
        for sample in calls.iter().filter(|sample| sample.connection > 0) {
            *by_number.entry(sample.connection).or_default() += 1;
        }
        let (count, carried) = (by_number.len(), by_number.values().sum::<usize>());
        Self {
            count,
            calls_each: if count == 0 { 0.0 } else { carried as f64 / count as f64 },
            most_calls: by_number.into_values().max().unwrap_or(0),
            handshakes: counted(calls.iter().filter_map(|sample| sample.handshake)),
        }
    }
}

impl Tokens {
    fn of(answered: &[&Sample]) -> Self {
        let output = |sample: &Sample| sample.output_tokens.map(|tokens| tokens as f64);
        Self {
            output: median(answered, output),
            per_second: median(answered, |one| rate(output(one)?, one.phases.all().total_ms?)),
            per_second_of_stream: median(answered, |one| {
                rate(output(one)?, one.phases.all().total_ms? - one.phases.all().first_token_ms?)
            }),
        }
    }
}

fn rate(tokens: f64, ms: f64) -> Option<f64> {
    (ms > 0.0).then(|| tokens * 1_000.0 / ms)
}

pub(super) fn failed(calls: &[&Sample]) -> Vec<(Ended, usize)> {
    counted(calls.iter().filter(|sample| !sample.is_answered()).map(|sample| sample.ended))
}

/// How often each comes, the most frequent first, those of equal count as they first came.
fn counted<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut counts: Vec<(T, usize)> = Vec::new();
    for value in values {
        match counts.iter_mut().find(|(one, _)| *one == value) {
            Some((_, count)) => *count += 1,
            None => counts.push((value, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn phases(calls: &[&Sample]) -> Phases {
    let middle = |phase: fn(&Phases) -> Option<f64>| median(calls, |one| phase(&one.phases.all()));
    Phases {
        dns_ms: middle(|phases| phases.dns_ms),
        tcp_ms: middle(|phases| phases.tcp_ms),
        proxy_ms: middle(|phases| phases.proxy_ms),
        tls_ms: middle(|phases| phases.tls_ms),
        request_written_ms: middle(|phases| phases.request_written_ms),
        first_byte_ms: middle(|phases| phases.first_byte_ms),
        first_token_ms: middle(|phases| phases.first_token_ms),
        longest_gap_ms: middle(|phases| phases.longest_gap_ms),
        total_ms: middle(|phases| phases.total_ms),
        server_ms: middle(|phases| phases.server_ms),
    }
}

fn median(calls: &[&Sample], figure: impl Fn(&Sample) -> Option<f64>) -> Option<f64> {
    quantile(&figures(calls, figure), 0.5)
}

fn figures(calls: &[&Sample], figure: impl Fn(&Sample) -> Option<f64>) -> Vec<f64> {
    calls.iter().filter_map(|sample| figure(sample)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::samples::{answered, failed, refused};

    #[test]
    fn failed_calls_are_apart_and_in_no_latency() {
        let mut samples: Vec<Sample> =
            (1..=21).map(|round| answered("a", round, f64::from(round))).collect();
        samples.extend((0..2).map(|_| failed("a", 1, 60_000.0)));
        samples.extend((0..3).map(|_| refused("a", 1, 0.1, 429)));
        samples.push(answered("b", 1, 5.0));
        let summary = ArmSummary::of(&samples, "a");
        assert_eq!((summary.answered, summary.calls()), (21, 26));
        let kinds: Vec<_> = summary.failed.iter().map(|(ended, count)| (*ended, *count)).collect();
        assert_eq!(kinds[0], (Ended::Refused(429), 3));
        assert_eq!(kinds[1].1, 2);
        assert_eq!(
            summary.latency_ms,
            Quantiles { p50: Some(11.0), p90: Some(19.0), p95: Some(20.0), p99: None }
        );
        assert_eq!((summary.bytes_sent, summary.bytes_received), (2_600, 5_200));
    }

    #[test]
    fn a_thin_tail_has_no_quantile() {
        let up_to = |count: u32| Quantiles::of(&(1..=count).map(f64::from).collect::<Vec<f64>>());
        assert_eq!(up_to(4), Quantiles::default());
        assert!(up_to(19).p50.is_some() && up_to(19).p95.is_none());
        assert!(up_to(999).p95.is_some() && up_to(999).p99.is_none());
        assert!(up_to(1_000).p99.is_some());
    }

    #[test]
    fn connections_and_handshakes_are_counted() {
        let on = |connection, handshake| Sample { connection, handshake, ..answered("a", 1, 10.0) };
        let samples = [
            on(1, Some(HandshakeKind::Full)),
            on(2, Some(HandshakeKind::Resumed)),
            on(2, None),
            on(2, None),
            on(3, Some(HandshakeKind::Resumed)),
            on(3, None),
            on(0, None),
        ];
        let found = ArmSummary::of(&samples, "a").connections;
        assert_eq!((found.count, found.calls_each, found.most_calls), (3, 2.0, 3));
        let kinds = [(HandshakeKind::Resumed, 2), (HandshakeKind::Full, 1)];
        assert_eq!(found.handshakes, kinds);
        assert_eq!(ArmSummary::of(&samples, "none").connections, Connections::default());
    }

    #[test]
    fn phases_are_of_the_calls_that_had_them() {
        let call = |round: u32| {
            let tls_ms = (round <= 5).then(|| f64::from(round));
            let server_ms = (round <= 4).then_some(1.0);
            let phases =
                Phases { tls_ms, server_ms, first_byte_ms: Some(7.0), ..Phases::default() };
            Sample { phases: phases.into(), ..answered("a", round, 10.0) }
        };
        let samples: Vec<Sample> = (1..=9).map(call).collect();
        let phases = ArmSummary::of(&samples, "a").phases;
        assert_eq!((phases.tls_ms, phases.first_byte_ms), (Some(3.0), Some(7.0)));
        assert_eq!((phases.server_ms, phases.dns_ms), (None, None), "four values have no middle");
    }

    #[test]
    fn tokens_come_at_a_rate_with_and_without_the_waiting() {
        let call = |round: u32, tokens: Option<u32>| {
            let (first_token_ms, total_ms) = (Some(500.0), Some(2_500.0));
            let phases = Phases { first_token_ms, total_ms, ..Phases::default() };
            Sample { phases: phases.into(), output_tokens: tokens, ..answered("a", round, 2_600.0) }
        };
        let with: Vec<Sample> = (1..=5).map(|round| call(round, Some(200))).collect();
        let expected = Tokens {
            output: Some(200.0),
            per_second: Some(80.0),
            per_second_of_stream: Some(100.0),
        };
        assert_eq!(ArmSummary::of(&with, "a").tokens, expected);
        let without: Vec<Sample> = (1..=5).map(|round| call(round, None)).collect();
        assert_eq!(ArmSummary::of(&without, "a").tokens, Tokens::default());
    }
}
