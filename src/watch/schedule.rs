//! When the next probe is due: on a grid, each a little later than its slot and by another chance, so that a fleet
//! that was started at once does not knock at once. Slots that went by unused are left out, and not made up for.

use std::time::Duration;

/// The share of the interval by which a probe may be late.
pub const JITTER: f64 = 0.1;

/// A grid of times after the start.
#[derive(Clone, Debug)]
pub struct Schedule {
    every: Duration,
    random: fastrand::Rng,
    /// The slot that comes next.
    next: u64,
}

/// A probe that is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// When, after the start.
    pub at: Duration,
    /// How many slots before it went by unused.
    pub missed: u64,
}

impl Schedule {
    /// One probe in each interval.
    pub fn new(every: Duration, seed: u64) -> Self {
        Self { every, random: fastrand::Rng::with_seed(seed), next: 0 }
    }

    /// The next probe, where it is now so long after the start. A slot that has begun is still used.
    pub fn next(&mut self, now: Duration) -> Due {
        let every = self.every.as_nanos().max(1);
        let current = u64::try_from(now.as_nanos() / every).unwrap_or(u64::MAX);
        let slot = self.next.max(current);
        let missed = slot - self.next;
        self.next = slot + 1;
        let slots = u32::try_from(slot).unwrap_or(u32::MAX);
        let late = self.every.mul_f64(JITTER * self.random.f64());
        Due { at: (self.every * slots + late).max(now), missed }
    }

    /// How many probes fit into so much time.
    pub fn fit(every: Duration, time: Duration) -> u64 {
        let slots = time.as_nanos().div_ceil(every.as_nanos().max(1));
        u64::try_from(slots).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn probes_stay_on_the_grid_and_each_is_late_by_its_own_chance() {
        let mut schedule = Schedule::new(MINUTE, 7);
        let mut now = Duration::ZERO;
        let mut lateness = Vec::new();
        for slot in 0..100 {
            let due = schedule.next(now);
            let late = due.at - MINUTE * slot;
            assert!(late <= MINUTE.mul_f64(JITTER) && due.missed == 0, "{due:?}");
            lateness.push(late);
            now = due.at + Duration::from_secs(2);
        }
        lateness.sort();
        lateness.dedup();
        assert!(lateness.len() > 90, "{}", lateness.len());
    }

    #[test]
    fn the_same_seed_gives_the_same_times_and_another_seed_others() {
        let times = |seed| {
            let mut schedule = Schedule::new(MINUTE, seed);
            (0..5).map(|slot| schedule.next(MINUTE * slot).at).collect::<Vec<_>>()
        };
        assert_eq!(times(1), times(1));
        assert_ne!(times(1), times(2));
    }

    #[test]
    fn time_that_was_slept_through_is_not_made_up_for() {
        let mut schedule = Schedule::new(MINUTE, 1);
        schedule.next(Duration::ZERO);
        let due = schedule.next(MINUTE * 10 + Duration::from_secs(50));
        assert_eq!((due.missed, due.at), (9, MINUTE * 10 + Duration::from_secs(50)));
        let after = schedule.next(due.at);
        assert!(after.missed == 0 && after.at >= MINUTE * 11, "{after:?}");
    }

    #[test]
    fn the_number_of_probes_is_known_beforehand() {
        assert_eq!(Schedule::fit(MINUTE, MINUTE * 60), 60);
        assert_eq!(Schedule::fit(MINUTE, Duration::from_secs(61)), 2);
        assert_eq!(Schedule::fit(Duration::ZERO, Duration::from_nanos(3)), 3);
    }
}
