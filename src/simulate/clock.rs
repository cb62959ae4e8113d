//! The time inside a simulation: the real one, or one that only calls move.
//!
//! Never sleeps. What is skipped is a number that the client may read, and add to, as well.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::call::Call;

/// The date in so many seconds, as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn http_date(ahead_s: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let offset = Duration::from_secs(ahead_s.unsigned_abs());
    let then = if ahead_s < 0 { now.saturating_sub(offset) } else { now + offset };
    written(then)
}

/// A time since 1970, as HTTP writes it.
fn written(time: Duration) -> String {
    let at = rcgen::date_time_ymd(1970, 1, 1) + time;
    let three = |word: String| word.chars().take(3).collect::<String>();
    let (weekday, month) = (three(at.weekday().to_string()), three(at.month().to_string()));
    let (hour, minute, second) = at.to_hms();
    let (day, year) = (at.day(), at.year());
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

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
        if call.generates() {
            self.skipped.fetch_add(self.call_ms.saturating_mul(1000), Ordering::Relaxed);
        }
    }

    /// How much time was skipped.
    pub(super) fn skipped_time(&self) -> Duration {
        Duration::from_micros(self.skipped.load(Ordering::Relaxed))
    }

    /// The microseconds that were skipped, shared.
    pub(super) fn skipped(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_http_wants_them() {
        let date = |seconds| written(Duration::from_secs(seconds));
        assert_eq!(date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(date(1_709_164_800), "Thu, 29 Feb 2024 00:00:00 GMT");
    }
}
