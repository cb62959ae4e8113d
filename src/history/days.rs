//! Days as quotas count them, from one midnight in Pacific time to the next: how many calls, and whether refusals
//! lasted to the end.

use std::collections::BTreeMap;

use crate::facts::pacific;

use super::call::End;

/// A log of more days keeps the latest.
const MOST: usize = 400;
/// Refusals that last for less do not look like a day's quota.
const SHORTEST_MS: i64 = 30 * 60_000;
/// So many of them at least.
const FEWEST: u64 = 10;

/// The days of one quota.
#[derive(Debug, Default)]
pub(super) struct Days {
    days: BTreeMap<i64, Day>,
    /// The last instant's hour and its day: the day changes at a full hour.
    last: Option<(i64, i64)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Day {
    calls: u64,
    refused: u64,
    first_refused_ms: i64,
    last_refused_ms: i64,
    answered_after: u64,
    calls_before: u64,
}

impl Days {
    pub(super) fn add(&mut self, at_ms: i64, end: End) {
        let hour = at_ms.div_euclid(3_600_000);
        let number = match self.last {
            Some((same, day)) if same == hour => day,
            _ => pacific::day(hour * 3600),
        };
        self.last = Some((hour, number));
        let day = self.days.entry(number).or_default();
        day.add(at_ms, end);
        if self.days.len() > MOST {
            self.days.pop_first();
        }
    }

    /// Of the days with enough refusals, on how many nothing was answered after the first, and how many there are.
    pub(super) fn shut(&self) -> (u64, u64) {
        let refused = || self.days.values().filter(|day| day.refused >= FEWEST);
        let is_shut = |day: &&Day| {
            day.answered_after == 0 && day.last_refused_ms - day.first_refused_ms >= SHORTEST_MS
        };
        (refused().filter(is_shut).count() as u64, refused().count() as u64)
    }

    /// The most calls of a day before its first refusal.
    pub(super) fn calls_before(&self) -> Option<u64> {
        let refused = self.days.values().filter(|day| day.refused >= FEWEST);
        refused.map(|day| day.calls_before).max()
    }
}

impl Day {
    fn add(&mut self, at_ms: i64, end: End) {
        self.calls += 1;
        match end {
            End::Refused(429) => {
                if self.refused == 0 {
                    self.first_refused_ms = at_ms;
                    self.calls_before = self.calls - 1;
                }
                self.refused += 1;
                self.last_refused_ms = self.last_refused_ms.max(at_ms);
            }
            End::Answered if self.refused > 0 => self.answered_after += 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_is_shut_stays_so_until_midnight_in_california() {
        let mut days = Days::default();
        let noon = 1_780_081_200_000;
        for minute in 0..600_i64 {
            let end = if (100..480).contains(&minute) { End::Refused(429) } else { End::Answered };
            // Ten hours from noon in California on.
            days.add(noon + minute * 60_000 + 4 * 3_600_000, end);
        }
        // Midnight comes after eight hours from sixteen o'clock on.
        assert_eq!((days.shut(), days.calls_before()), ((1, 1), Some(100)));
    }

    #[test]
    fn refusals_between_answers_are_no_shut_day() {
        let mut days = Days::default();
        for second in 0..6_000_i64 {
            let end = if second % 3 == 0 { End::Refused(429) } else { End::Answered };
            days.add(1_780_081_200_000 + second * 1000, end);
        }
        assert_eq!(days.shut(), (0, 1));
    }
}
