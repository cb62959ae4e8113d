//! A point in time that several steps share: whoever is still waiting then has timed out.
//!
//! Must not know what it bounds; the caller names the step.

use std::future::Future;
use std::time::{Duration, Instant};

use crate::facts::{Failure, Fault, Stage};

/// What an endless time-out amounts to; a clock cannot be set to the end of time.
const A_YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// When to give up, and how long that was allowed to take.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    at: Instant,
    allowed: Duration,
}

impl Deadline {
    /// A deadline this far from now.
    pub fn after(allowed: Duration) -> Self {
        Self::from(Instant::now(), allowed)
    }

    /// A deadline this far from a start.
    pub fn from(start: Instant, allowed: Duration) -> Self {
        Self { at: start.checked_add(allowed).unwrap_or(start + A_YEAR), allowed }
    }

    /// This one, or one this far from now, whichever is earlier.
    pub fn or_after(self, allowed: Duration) -> Self {
        let other = Self::after(allowed);
        if other.at < self.at { other } else { self }
    }

    /// How much time is left.
    pub fn left(self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// Runs a step until it ends or the deadline passes; `unfinished` says what did not happen.
    pub async fn bound<T>(
        self,
        stage: Stage,
        unfinished: &str,
        step: impl Future<Output = T>,
    ) -> Result<T, Failure> {
        tokio::time::timeout_at(self.at.into(), step).await.map_err(|_| {
            let detail = format!("{unfinished} within {}", seconds(self.allowed));
            Failure::new(stage, Fault::TimedOut, detail)
        })
    }
}

/// Milliseconds since an instant.
pub fn ms_since(start: Instant) -> f64 {
    ms(start.elapsed())
}

/// A duration in milliseconds.
pub fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// `10 s`, or `0.3 s` for what is no whole number of seconds.
fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if duration.subsec_millis() == 0 {
        format!("{seconds:.0} s")
    } else {
        format!("{seconds:.1} s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_waits_longer_has_timed_out() {
        let deadline = Deadline::after(Duration::MAX).or_after(Duration::from_millis(200));
        let never = deadline.bound(Stage::Head, "no answer", std::future::pending::<()>());
        let failure = never.await.expect_err("nothing comes");
        let expected = Failure::new(Stage::Head, Fault::TimedOut, "no answer within 0.2 s");
        assert_eq!(failure, expected);
        assert_eq!(deadline.left(), Duration::ZERO);
        assert_eq!(seconds(Duration::from_secs(10)), "10 s");
    }
}
