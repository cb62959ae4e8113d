//! Somebody may want to stop a long count, and still see what was counted. A short one is left alone: to watch costs a
//! thread.

use std::{
    ops::ControlFlow,
    sync::{Arc, Once, OnceLock},
    thread,
};

use crate::report::verdict::Stop;

use super::super::stop;

/// From here on a count is a long one.
const LONG: u64 = 16 << 20;

/// Whether the run is to stop.
pub(super) struct Watch {
    begun: Once,
    stop: Arc<OnceLock<Stop>>,
}

impl Watch {
    /// Nobody is watched yet.
    pub(super) fn new() -> Self {
        Self { begun: Once::new(), stop: Arc::default() }
    }

    /// Whether to go on after so many bytes of all.
    pub(super) fn after(&self, bytes: u64) -> ControlFlow<()> {
        if bytes >= LONG {
            self.begun.call_once(|| watch(self.stop.clone()));
        }
        if self.stop.get().is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Who stopped it, if anybody did.
    pub(super) fn stopped(&self) -> Option<Stop> {
        self.stop.get().copied()
    }
}

/// Where no watch can be kept, a signal ends the program as it would have anyway.
fn watch(stop: Arc<OnceLock<Stop>>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    if let Ok(runtime) = runtime {
        thread::spawn(move || {
            let asked = runtime.block_on(stop::asked());
            let _ = stop.set(asked);
        });
    }
}
