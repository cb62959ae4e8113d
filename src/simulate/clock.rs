//! The time inside a simulation: the real one, or one that only calls move.
//!
//! Never sleeps. What is skipped is a number that the client may read, and add to, as well.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::call::Call;

/// The clock of one simulation; its copies go on together.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    started: Instant,
    /// Microseconds that went by without anybody waiting for them.
    skipped: Arc<AtomicU64>,
    call_ms: u64,
}

impl Clock {
    /// A clock that starts now and goes on by so much with each call that generates.
    pub(super) fn start(call_ms: u64) -> Self {
        Self { started: Instant::now(), skipped: Arc::default(), call_ms }
    }

    /// Milliseconds since the start. Where calls take simulated time, real time does not count:
    /// otherwise a slow machine would see another run than a fast one.
    pub(super) fn now_ms(&self) -> u64 {
        let skipped = self.skipped.load(Ordering::Relaxed) / 1000;
        if self.call_ms > 0 {
            return skipped;
        }
        let real = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        real.saturating_add(skipped)
    }

    /// The time that a call takes goes by.
    pub(super) fn spend(&self, call: &Call) {
        if call.target.operation.generates() {
            self.skipped.fetch_add(self.call_ms.saturating_mul(1000), Ordering::Relaxed);
        }
    }

    /// The microseconds that were skipped, shared.
    pub(super) fn skipped(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.skipped)
    }
}
