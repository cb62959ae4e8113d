//! Loss and latency by address family, from connections for which both were dialled.

use super::ring::Ring;
use crate::stats::{quantile, wilson};

/// Connection times that are kept of each family.
const KEPT: usize = 512;

/// What dialling one address family showed so far.
#[derive(Clone, Debug)]
pub struct FamilySeen {
    /// `IPv4` or `IPv6`.
    pub name: &'static str,
    /// How often it was dialled, and ended one way or the other.
    pub tried: u64,
    /// How often it was connected.
    pub connected: u64,
    times: Ring<f64>,
}

impl FamilySeen {
    /// Not dialled yet.
    pub fn new(name: &'static str) -> Self {
        Self { name, tried: 0, connected: 0, times: Ring::of(KEPT) }
    }

    /// It was connected after so long, or not at all.
    pub fn dialled(&mut self, connect_ms: Option<f64>) {
        self.tried += 1;
        if let Some(ms) = connect_ms {
            self.connected += 1;
            self.times.push(ms);
        }
    }

    /// The share of tries that failed, with its 95 % interval.
    pub fn loss(&self) -> Option<(f64, f64, f64)> {
        let lost = self.tried - self.connected;
        let (low, high) = wilson(lost, self.tried, 0.95);
        (self.tried > 0).then(|| (lost as f64 / self.tried as f64, low, high))
    }

    /// A quantile of the times that connections took.
    pub fn quantile_ms(&self, q: f64) -> Option<f64> {
        let times: Vec<f64> = self.times.iter().copied().collect();
        quantile(&times, q)
    }

    /// How many values are kept.
    pub fn kept(&self) -> usize {
        self.times.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loss_counts_tries_that_failed_and_latency_only_the_others() {
        let mut family = FamilySeen::new("IPv6");
        assert_eq!((family.loss(), family.quantile_ms(0.5)), (None, None));
        (1..=6).for_each(|ms| family.dialled(Some(f64::from(ms))));
        family.dialled(None);
        family.dialled(None);
        let (loss, low, high) = family.loss().expect("it was dialled");
        assert!((loss - 0.25).abs() < 1e-9 && low < 0.25 && high > 0.25);
        assert_eq!(family.quantile_ms(0.5), Some(3.5));
    }
}
