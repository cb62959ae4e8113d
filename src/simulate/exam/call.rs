//! The requests of one sitting, sorted into calls: one call is the same body for the same model, again and again.

use super::super::log::Seen;
use super::PAUSE_MS;

/// Two requests that come closer together than an answer was held back were sent side by side; the clock
/// has milliseconds, and a timer may be late but never early.
const BESIDE_MS: u64 = PAUSE_MS - 10;

/// The same request, as often as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    /// The model that was asked.
    pub(super) model: String,
    /// When each of its answers began, in milliseconds.
    pub(super) answered: Vec<u64>,
    /// The status of each.
    pub(super) statuses: Vec<Option<u16>>,
}

impl Call {
    /// How often it was sent.
    pub(super) fn requests(&self) -> usize {
        self.answered.len()
    }

    /// Whether it was sent again while its answer was under way.
    pub(super) fn overlaps(&self) -> bool {
        self.answered.windows(2).any(|pair| pair[1] - pair[0] < BESIDE_MS)
    }

    /// How many were sent before the first answer.
    pub(super) fn first_wave(&self) -> usize {
        let first = self.answered.first().copied().unwrap_or(0);
        self.answered.iter().filter(|at| **at - first < BESIDE_MS).count()
    }

    /// The milliseconds from each answer to the next request.
    pub(super) fn waits(&self) -> Vec<u64> {
        let wait = |pair: &[u64]| (pair[1] - pair[0]).saturating_sub(PAUSE_MS);
        self.answered.windows(2).map(wait).collect()
    }

    /// The milliseconds from the first request to the last answer.
    pub(super) fn lasted_ms(&self) -> u64 {
        match (self.answered.first(), self.answered.last()) {
            (Some(first), Some(last)) => last - first + PAUSE_MS,
            _ => 0,
        }
    }
}

/// All calls that generate, in the order in which they began.
pub(super) fn calls(seen: &[Seen]) -> Vec<Call> {
    let mut sorted: Vec<(Option<&String>, Call)> = Vec::new();
    for one in seen.iter().filter(|seen| seen.generating) {
        let model = one.model.clone().unwrap_or_default();
        let same = sorted
            .iter_mut()
            .find(|(body, call)| call.model == model && *body == one.body.as_ref());
        match same {
            Some((_, call)) => {
                call.answered.push(one.at_ms);
                call.statuses.push(one.status);
            }
            None => {
                let call = Call { model, answered: vec![one.at_ms], statuses: vec![one.status] };
                sorted.push((one.body.as_ref(), call));
            }
        }
    }
    sorted.into_iter().map(|(_, call)| call).collect()
}

/// When a request came, in milliseconds; its answer was held back if it was a failure of the exam.
pub(super) fn arrival(seen: &Seen) -> u64 {
    let held = if seen.fault.is_some() { PAUSE_MS } else { 0 };
    seen.at_ms.saturating_sub(held)
}
