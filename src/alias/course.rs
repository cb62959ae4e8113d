//! What to ask next: another call to the name, or nothing more and why. Decides from the samples so
//! far; sends nothing.

use crate::stats::RateTest;

use super::{
    sample::{self, End, Sample},
    verdict::{self, Standing},
};

/// Calls after which the rate is told, where the verdict stands earlier.
pub const RATE_CALLS: usize = 25;
/// Calls of the name at most, where nobody says otherwise.
pub const CAP: usize = 150;
/// Calls in a row without any answer, after which more of them tell nothing new.
const LOST_IN_A_ROW: usize = 5;
/// Calls in a row that somebody answered without a word about the name: half of all calls may do so
/// by chance, so that it takes more of them.
const STRANGE_IN_A_ROW: usize = 10;
/// The same, over the whole run.
const STRANGE_IN_ALL: usize = 60;

/// The rules of one run.
#[derive(Clone, Debug)]
pub struct Course {
    /// The test of the rate.
    pub test: RateTest,
    /// The most calls.
    pub cap: usize,
    /// Exactly so many calls, whatever they show.
    pub samples: Option<usize>,
    /// Whether to go on until the time is over.
    pub for_ms: Option<f64>,
    /// Whether the verdict is all that is wanted.
    pub verdict_only: bool,
    /// Whether a passing quota is waited for.
    pub waits_for_quota: bool,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another call.
    Ask,
    /// Nothing more.
    Stop(Why),
}

/// Why a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// All that was wanted was asked.
    Done,
    /// The cap was reached.
    Cap,
    /// A quota: on a free tier each more call is one less for work.
    Quota,
    /// The key, the project or the request is refused.
    Refused,
    /// Too many calls did not speak of the name.
    Strange,
    /// The run's budget or time is used up.
    Budget,
}

impl Why {
    /// A fragment that fits "ended: …".
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Done => "all that was wanted was asked",
            Self::Cap => "the most calls were made",
            Self::Quota => "a quota ended it, and more calls would use it up",
            Self::Refused => "the key, project or request was refused",
            Self::Strange => "too many calls ended without a word about the name",
            Self::Budget => "the budget or the time was used up",
        }
    }

    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Cap => "cap",
            Self::Quota => "quota",
            Self::Refused => "refused",
            Self::Strange => "strange",
            Self::Budget => "budget",
        }
    }
}

impl Course {
    /// The verdict as far as it stands.
    pub fn standing(&self, samples: &[Sample]) -> Option<Standing> {
        verdict::standing(&sample::outcomes(samples), &self.test)
    }

    /// How many more calls may be made at the most.
    pub fn room(&self, samples: &[Sample]) -> usize {
        match (self.for_ms, self.samples) {
            (Some(_), _) => usize::MAX,
            (None, Some(wanted)) => wanted.saturating_sub(samples.len()),
            (None, None) => self.cap.saturating_sub(sample::own(samples).count()),
        }
    }

    /// What comes next after these samples, so many milliseconds after the first.
    pub fn next(&self, samples: &[Sample], elapsed_ms: f64) -> Next {
        if let Some(why) = self.ended_by_force(samples) {
            return Next::Stop(why);
        }
        if let Some(for_ms) = self.for_ms {
            return if elapsed_ms < for_ms { Next::Ask } else { Next::Stop(Why::Done) };
        }
        // Calls that do not speak of the name count here, or they would never end.
        let calls = samples.len();
        if let Some(wanted) = self.samples {
            return if calls < wanted { Next::Ask } else { Next::Stop(Why::Done) };
        }
        let outcomes = sample::outcomes(samples);
        let own = outcomes.len();
        // What seems to have recovered is asked until that is shown, or is not so.
        let open = !self.verdict_only
            && own < self.cap
            && verdict::may_have_recovered(&outcomes, &self.test);
        match self.standing(samples).is_some() {
            true if open => Next::Ask,
            true if self.verdict_only || own >= RATE_CALLS.min(self.cap) => Next::Stop(Why::Done),
            false if own >= self.cap => Next::Stop(Why::Cap),
            _ => Next::Ask,
        }
    }

    fn ended_by_force(&self, samples: &[Sample]) -> Option<Why> {
        let last = samples.last()?;
        let in_a_row = |ends: &dyn Fn(End) -> bool| {
            samples.iter().rev().take_while(|sample| ends(sample.end)).count()
        };
        let is_strange = |end: End| !end.is_own() && end != End::Empty;
        let strange = samples.iter().filter(|sample| is_strange(sample.end)).count();
        match last.end {
            End::NotSent => Some(Why::Budget),
            _ if !self.waits_for_quota && sample::count(samples, End::Quota) > 0 => {
                Some(Why::Quota)
            }
            // Once may be a slip of theirs; what is refused twice is refused.
            End::Refused if in_a_row(&|end| end == End::Refused) >= 2 => Some(Why::Refused),
            _ if in_a_row(&|end| end == End::Lost) >= LOST_IN_A_ROW => Some(Why::Strange),
            _ if in_a_row(&is_strange) >= STRANGE_IN_A_ROW => Some(Why::Strange),
            _ if strange >= STRANGE_IN_ALL && self.for_ms.is_none() => Some(Why::Strange),
            _ => None,
        }
    }
}
