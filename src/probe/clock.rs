//! The time that probes see, so that it can be injected.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use crate::facts::time;

/// A clock that was started.
#[derive(Clone, Debug)]
pub struct Clock {
    started: Instant,
    started_unix_ms: u64,
    /// The day that tables are held against, in days since 1970.
    today: i64,
    /// Microseconds that a simulated world is ahead; none where time is the machine's own.
    ahead: Option<Arc<AtomicU64>>,
    /// Whether only what is skipped counts in a simulated world, so that a slow machine sees what a fast one sees.
    is_still: bool,
}

impl Clock {
    /// The machine's own clock, started now.
    pub fn start() -> Self {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let started_unix_ms = u64::try_from(unix.as_millis()).unwrap_or_default();
        let today = (started_unix_ms / 86_400_000).cast_signed();
        Self { started: Instant::now(), started_unix_ms, today, ahead: None, is_still: false }
    }

    /// The same on another day, for a simulated world: its models retire when the scenario says.
    pub fn on_day(self, date: &str) -> Self {
        Self { today: time::days(date).unwrap_or(self.today), ..self }
    }

    /// The same in a simulated world, whose time this many microseconds are ahead of the machine's.
    pub fn ahead_by(self, ahead: Arc<AtomicU64>) -> Self {
        Self { ahead: Some(ahead), ..self }
    }

    /// The same, which goes on by what is skipped alone where the world is simulated.
    pub fn still(self) -> Self {
        Self { is_still: self.ahead.is_some(), ..self }
    }

    /// Whether nobody has to wait for time to pass.
    pub fn is_simulated(&self) -> bool {
        self.ahead.is_some()
    }

    /// Milliseconds since 1970, as the clock on the wall has it: it may be set, and goes on while a machine sleeps.
    pub fn wall_ms(&self) -> u64 {
        match &self.ahead {
            Some(_) => {
                let passed = u64::try_from(self.elapsed().as_millis()).unwrap_or(u64::MAX);
                self.started_unix_ms.saturating_add(passed)
            }
            None => Self::start().started_unix_ms,
        }
    }

    /// Lets time pass: really, or at once in a simulated world.
    pub async fn wait(&self, pause: Duration) {
        match &self.ahead {
            Some(ahead) => {
                // Rounded up, so that whoever waits for a moment gets there.
                let micros = u64::try_from(pause.as_nanos().div_ceil(1000)).unwrap_or(u64::MAX);
                ahead.fetch_add(micros, Ordering::Relaxed);
            }
            None => tokio::time::sleep(pause).await,
        }
    }

    /// Milliseconds from 1970 to the start.
    pub fn started_unix_ms(&self) -> u64 {
        self.started_unix_ms
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        let ahead = self.ahead.as_ref().map_or(0, |ahead| ahead.load(Ordering::Relaxed));
        let real = if self.is_still { Duration::ZERO } else { self.started.elapsed() };
        real + Duration::from_micros(ahead)
    }

    /// The same in milliseconds.
    pub fn elapsed_ms(&self) -> f64 {
        self.elapsed().as_secs_f64() * 1000.0
    }

    /// By how many milliseconds a simulated world is ahead; 0 where time is the machine's own.
    pub fn ahead_ms(&self) -> f64 {
        let ahead = self.ahead.as_ref().map_or(0, |ahead| ahead.load(Ordering::Relaxed));
        ahead as f64 / 1000.0
    }

    /// Today's date, UTC.
    pub fn today(&self) -> String {
        time::date(self.today)
    }
}
