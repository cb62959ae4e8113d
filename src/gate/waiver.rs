//! Waivers: what is passed over, why, and until which day. A waiver without an end would be a hole.

use crate::facts::time;

/// From so many days before its end on, the end is worth a word.
const SOON: i64 = 7;

/// What is passed over for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// What it is about.
    pub subject: Subject,
    /// Why.
    pub reason: String,
    /// The last day on which it holds, UTC.
    pub until: String,
}

/// What a waiver is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A requirement, by the id of its check or level.
    Check(String),
    /// A cause, by the id of its known fix.
    Finding(String),
}

/// What became of a waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaiverState {
    /// It let something pass.
    Used,
    /// There was nothing for it to let pass.
    Unused,
    /// It has ended.
    Ended,
}

impl Subject {
    /// The id that it names.
    pub fn id(&self) -> &str {
        match self {
            Self::Check(id) | Self::Finding(id) => id,
        }
    }
}

impl WaiverState {
    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Unused => "unused",
            Self::Ended => "ended",
        }
    }
}

impl Waiver {
    /// The days until its last one; 0 on that day, and less after it.
    pub fn days_left(&self, today: &str) -> Option<i64> {
        Some(time::days(&self.until)? - time::days(today)?)
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, today: &str) -> bool {
        self.days_left(today).is_some_and(|days| days >= 0)
    }

    /// `waived until 2026-12-31 (vendor ticket 17)`, with a word where that is soon.
    pub(super) fn said(&self, today: &str) -> String {
        let soon = match self.days_left(today) {
            Some(0) => ", which is today: it fails tomorrow".to_owned(),
            Some(1) => ", which is tomorrow".to_owned(),
            Some(days) if days <= SOON => format!(", in {days} days"),
            _ => String::new(),
        };
        format!("waived until {}{soon} ({})", self.until, self.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiver_holds_on_its_last_day_and_not_the_day_after() {
        let waiver = Waiver {
            subject: Subject::Check("api.list".to_owned()),
            reason: "known".to_owned(),
            until: "2026-12-31".to_owned(),
        };
        for (today, holds, word) in [
            ("2026-12-01", true, ""),
            ("2026-12-28", true, ", in 3 days"),
            ("2026-12-30", true, ", which is tomorrow"),
            ("2026-12-31", true, ", which is today: it fails tomorrow"),
            ("2027-01-01", false, ""),
        ] {
            assert_eq!(waiver.holds_on(today), holds, "{today}");
            if holds {
                let said = format!("waived until 2026-12-31{word} (known)");
                assert_eq!(waiver.said(today), said);
            }
        }
    }
}
