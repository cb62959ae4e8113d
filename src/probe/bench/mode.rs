//! What a benchmark asks beside rounds, and what that brought so far.

use crate::{
    bench::{Discriminate, Probe, Trial},
    facts::{Method, Protocol},
};

use super::{idle, why_timeout};

/// What a benchmark is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Mode {
    /// Every way once in each round.
    #[default]
    Rounds,
    /// Calls at a rate of their own, whatever becomes of them.
    Rate {
        /// Calls per second.
        per_second: f64,
        /// For so long, in milliseconds.
        most_ms: f64,
    },
    /// Bursts and pauses, to find the limit that something in front of a server sets.
    Limit {
        /// The calls at most.
        most_calls: u32,
        /// For so long at most, in milliseconds.
        most_ms: f64,
    },
    /// Connections that are left alone and then used again.
    Idle {
        /// For how long, in seconds.
        seconds: Vec<f64>,
    },
    /// Calls of several sizes to two models, to tell why calls time out.
    WhyTimeout {
        /// The model beside the one that is asked about.
        sibling: String,
    },
}

impl Mode {
    /// The calls that can be made at most, the first one included; none where that is counted elsewhere.
    pub(super) fn calls(&self, ways: u32, workload: Method) -> Option<Vec<(Method, u32)>> {
        let of = match self {
            Self::Rounds => return None,
            Self::Rate { .. } => self.due_calls(),
            Self::Limit { most_calls, .. } => *most_calls,
            Self::Idle { seconds } => idle::most_calls(seconds.len()).saturating_mul(ways),
            Self::WhyTimeout { .. } => {
                return Some(vec![(workload, 1), (Method::Count, why_timeout::MOST_CALLS)]);
            }
        };
        Some(vec![(workload, of.saturating_add(1))])
    }

    /// The calls that come due in a run at a rate.
    pub(super) fn due_calls(&self) -> u32 {
        match self {
            Self::Rate { per_second, most_ms } => (per_second * most_ms / 1_000.0).ceil() as u32,
            _ => 0,
        }
    }

    /// Whether it puts somebody's service under load, which nobody does without having been asked.
    pub fn is_load(&self) -> bool {
        matches!(self, Self::Rate { .. } | Self::Limit { .. })
    }

    /// How long it takes at most, in seconds, where that is known beforehand.
    pub fn most_s(&self) -> Option<f64> {
        match self {
            Self::Rate { most_ms, .. } | Self::Limit { most_ms, .. } => Some(most_ms / 1_000.0),
            Self::Rounds | Self::Idle { .. } | Self::WhyTimeout { .. } => None,
        }
    }
}

/// What came of it, beside the samples.
#[derive(Clone, Debug, Default)]
pub struct Brought {
    /// The calls that were made to find a limit.
    pub probes: Vec<Probe>,
    /// Connections that were left alone.
    pub rests: Vec<Rest>,
    /// What tells why calls time out.
    pub timeouts: Discriminate,
}

/// A connection that was left alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rest {
    /// What it spoke.
    pub protocol: Protocol,
    /// For how long, and what came of it.
    pub trial: Trial,
    /// How long it had been idle when the other side ended it, in seconds, where that was seen.
    pub ended_s: Option<f64>,
}
