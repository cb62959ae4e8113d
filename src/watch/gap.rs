//! Time that did not pass as it should have: a machine that slept, a program that stood still, a clock that was set.
//! None of that is an outage. Two clocks tell it, one that only goes on and one that people set.

use std::time::Duration;

use super::span;

/// Less than this is a busy machine, or a clock that is being corrected.
const NOTEWORTHY: Duration = Duration::from_secs(5);

/// What happened to the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The clock of the wall went on without the other one: sleep, or somebody set it.
    Ahead(Duration),
    /// The clock of the wall was set back.
    Back(Duration),
    /// Both went on, and the program did not.
    StoodStill(Duration),
}

impl Gap {
    /// What happened, if anything, while this long was to be waited and the two clocks showed so much.
    pub fn between(meant: Duration, steady: Duration, wall: i128) -> Option<Self> {
        let of_wall = Duration::from_millis(u64::try_from(wall.max(0)).unwrap_or(u64::MAX));
        let back = i128::try_from(steady.as_millis()).unwrap_or(i128::MAX).saturating_sub(wall);
        if of_wall > steady + NOTEWORTHY {
            Some(Self::Ahead(of_wall - steady))
        } else if back > NOTEWORTHY.as_millis().cast_signed() {
            Some(Self::Back(Duration::from_millis(u64::try_from(back).unwrap_or(u64::MAX))))
        } else if steady > meant + NOTEWORTHY {
            Some(Self::StoodStill(steady - meant))
        } else {
            None
        }
    }

    /// A sentence without its final stop.
    pub fn words(self) -> String {
        match self {
            Self::Ahead(by) => format!(
                "this machine slept for {}, or its clock was set ahead by that; it is no outage",
                span::words(by)
            ),
            Self::Back(by) => format!("this machine's clock was set back by {}", span::words(by)),
            Self::StoodStill(by) => {
                format!("this program stood still for {}; it is no outage", span::words(by))
            }
        }
    }

    /// Whether the network may need a moment before it is there again.
    pub const fn is_a_sleep(self) -> bool {
        matches!(self, Self::Ahead(_) | Self::StoodStill(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn clocks_that_agree_show_nothing() {
        assert_eq!(Gap::between(SECOND, SECOND, 1000), None);
        assert_eq!(Gap::between(SECOND, SECOND * 4, 6000), None, "a busy machine");
        assert_eq!(Gap::between(SECOND, SECOND, -3000), None, "a clock that is corrected");
    }

    #[test]
    fn a_sleep_a_stop_and_a_clock_set_back_are_told_apart() {
        let slept = Gap::between(SECOND, SECOND, 3_601_000);
        assert_eq!(slept, Some(Gap::Ahead(Duration::from_secs(3600))));
        let stood = Gap::between(SECOND, SECOND * 61, 61_000);
        assert_eq!(stood, Some(Gap::StoodStill(SECOND * 60)));
        let back = Gap::between(SECOND, SECOND, -59_000);
        assert_eq!(back, Some(Gap::Back(SECOND * 60)));
        assert!(slept.is_some_and(Gap::is_a_sleep) && stood.is_some_and(Gap::is_a_sleep));
        assert!(!back.is_some_and(Gap::is_a_sleep));
    }

    #[test]
    fn it_is_told_with_its_length() {
        let slept = Gap::Ahead(Duration::from_secs(5400)).words();
        assert!(slept.contains("slept for 1 h 30 min") && slept.contains("no outage"), "{slept}");
    }
}
