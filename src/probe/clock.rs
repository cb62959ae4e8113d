//! The time that probes see, so that it can be injected.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::facts::time;

/// A clock that was started.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    started: Instant,
    started_unix_ms: u64,
    /// The day that tables are held against, in days since 1970.
    today: i64,
}

impl Clock {
    /// The machine's own clock, started now.
    pub fn start() -> Self {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let started_unix_ms = u64::try_from(unix.as_millis()).unwrap_or_default();
        let today = (started_unix_ms / 86_400_000).cast_signed();
        Self { started: Instant::now(), started_unix_ms, today }
    }

    /// The same on another day, for a simulated world: its models retire when the scenario says.
    pub fn on_day(self, date: &str) -> Self {
        Self { today: time::days(date).unwrap_or(self.today), ..self }
    }

    /// Milliseconds from 1970 to the start.
    pub fn started_unix_ms(&self) -> u64 {
        self.started_unix_ms
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The same in milliseconds.
    pub fn elapsed_ms(&self) -> f64 {
        self.elapsed().as_secs_f64() * 1000.0
    }

    /// Today's date, UTC.
    pub fn today(&self) -> String {
        time::date(self.today)
    }
}
