//! When the time of a run is over: calls that are under way then are cut, so that one that hangs does not
//! hold up its end. Must not judge: a call that was cut says nothing about the other side.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{super::Runner, plan::Benched};

/// A call that is under way when the time is over may come back for so long.
const GRACE: Duration = Duration::from_millis(500);

/// The end of the time, shared by all who make calls.
#[derive(Clone, Debug, Default)]
pub struct Until(Arc<Mutex<Option<Instant>>>);

/// Has every call from now on end with the run's deadline, and within so many milliseconds and a little.
pub(super) fn bound(runner: &Runner<'_>, benched: &Benched, most_ms: Option<f64>) {
    let most = most_ms.and_then(|ms| Duration::try_from_secs_f64(ms / 1_000.0).ok());
    let most = most.map(|most| most.saturating_add(GRACE));
    let left = most.into_iter().chain(runner.time_left()).min();
    *benched.until.at() = left.and_then(|left| Instant::now().checked_add(left));
}

impl Until {
    /// Whether it has come.
    pub(super) fn is_over(&self) -> bool {
        self.at().is_some_and(|at| at <= Instant::now())
    }

    /// What is left of a time that something may take.
    pub(super) fn within(&self, most: Duration) -> Duration {
        let left = self.at().map(|at| at.saturating_duration_since(Instant::now()));
        left.map_or(most, |left| left.min(most))
    }

    fn at(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_an_end_everything_may_take_its_time() {
        let until = Until::default();
        assert!(!until.is_over());
        assert_eq!(until.within(Duration::from_secs(9)), Duration::from_secs(9));
    }

    #[test]
    fn nothing_may_take_longer_than_what_is_left() {
        let until = Until::default();
        *until.at() = Some(Instant::now() + Duration::from_secs(100));
        assert_eq!(until.within(Duration::from_secs(9)), Duration::from_secs(9));
        assert!(until.within(Duration::from_secs(900)) <= Duration::from_secs(100));
        *until.at() = Some(Instant::now());
        assert!(until.is_over());
        assert_eq!(until.within(Duration::from_secs(9)), Duration::ZERO);
    }
}
