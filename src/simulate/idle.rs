//! Knows how long a connection has been idle: no request of it is being read or answered.
//!
//! Only keeps the time. What becomes of the connection is decided in `line.rs`.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What is going on on a connection, and since when nothing is.
#[derive(Debug)]
pub(super) struct Idle(Mutex<State>);

#[derive(Debug)]
struct State {
    busy: usize,
    since: Instant,
}

impl Idle {
    /// The connection is not idle until what is returned is dropped.
    pub(super) fn interrupt(idle: &Arc<Self>) -> Busy {
        idle.state().busy += 1;
        Busy(Arc::clone(idle))
    }

    /// Returns when nothing has gone on for so long.
    pub(super) async fn lasts(&self, limit: Duration) {
        loop {
            let left = limit.saturating_sub(self.so_far());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left).await;
        }
    }

    /// How long it has been idle.
    pub(super) fn so_far(&self) -> Duration {
        let state = self.state();
        if state.busy > 0 { Duration::ZERO } else { state.since.elapsed() }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().expect("no holder of this lock panics")
    }
}

impl Default for Idle {
    fn default() -> Self {
        Self(Mutex::new(State { busy: 0, since: Instant::now() }))
    }
}

/// A request that is being read or answered.
#[derive(Debug)]
pub(super) struct Busy(Arc<Idle>);

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.busy -= 1;
        state.since = Instant::now();
    }
}
