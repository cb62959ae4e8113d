//! Where a prompt was shortened: which end, or the middle, explains best the needles that are missing.
//!
//! Everything that was dropped must be missing; what is missing beside it was forgotten.

use super::Needle;

/// The part that was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The front.
    Head,
    /// Something between the ends.
    Middle,
    /// The end.
    Tail,
}

impl Side {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Middle => "middle",
            Self::Tail => "tail",
        }
    }
}

/// By how many percent of the prompt the depth of a needle may be off: depths are in bytes, books in tokens.
const ERROR_PERCENT: f64 = 1.0;

/// The side that explains what is missing with the fewest forgotten needles; none where two do so equally well.
pub(super) fn side(needles: &[Needle], dropped: f64) -> Option<Side> {
    let dropped_percent = dropped * 100.0;
    let explained = [
        (Side::Head, at_head(needles, dropped_percent)),
        (Side::Middle, in_middle(needles, dropped_percent)),
        (Side::Tail, at_tail(needles, dropped_percent)),
    ];
    let most = explained.iter().filter_map(|(_, explained)| *explained).max()?;
    let mut best = explained.iter().filter(|(_, explained)| *explained == Some(most));
    let (side, _) = best.next()?;
    best.next().is_none().then_some(*side)
}

/// What is left at least and at most, in percent, where so many needles of an end are missing.
pub(super) fn kept_percent(needles: &[Needle], side: Side, run: usize) -> (f64, f64) {
    let depth = |at: usize| needles.get(at).map(|needle| needle.depth_percent);
    match side {
        Side::Head => {
            let (lost, kept) = (depth(run - 1).unwrap_or(0.0), depth(run).unwrap_or(100.0));
            (100.0 - kept, 100.0 - lost)
        }
        Side::Tail | Side::Middle => {
            let first_lost = needles.len() - run;
            let kept = first_lost.checked_sub(1).and_then(depth).unwrap_or(0.0);
            (kept, depth(first_lost).unwrap_or(100.0))
        }
    }
}

/// How many of the missing needles this explains; none where it cannot be, since a needle came back from there.
fn at_head(needles: &[Needle], dropped: f64) -> Option<usize> {
    cut(needles, |needle| dropped - needle.depth_percent)
}

fn at_tail(needles: &[Needle], dropped: f64) -> Option<usize> {
    cut(needles, |needle| needle.depth_percent - (100.0 - dropped))
}

/// `inside` is by how many percent a needle stands within what was dropped.
fn cut(needles: &[Needle], inside: impl Fn(&Needle) -> f64) -> Option<usize> {
    let came_back_from_there =
        needles.iter().any(|needle| needle.came_back && inside(needle) > ERROR_PERCENT);
    let explained = needles.iter().filter(|needle| !needle.came_back);
    let explained = explained.filter(|needle| inside(needle) > -ERROR_PERCENT).count();
    (!came_back_from_there && explained > 0).then_some(explained)
}

/// The longest run of missing needles that a gap of this size can have swallowed while both ends stayed.
fn in_middle(needles: &[Needle], dropped: f64) -> Option<usize> {
    let last = needles.len().checked_sub(1)?;
    let runs = (1..last).flat_map(|from| (from..last).map(move |to| (from, to)));
    let fits = |(from, to): &(usize, usize)| {
        let depth = |at: usize| needles[at].depth_percent;
        let all_lost = needles[*from..=*to].iter().all(|needle| !needle.came_back);
        let least = depth(*to) - depth(*from) - 2.0 * ERROR_PERCENT;
        let most = depth(to + 1) - depth(from - 1) + 2.0 * ERROR_PERCENT;
        // A neighbour that is missing as well may lie within the gap, or be forgotten.
        all_lost && (least..=most).contains(&dropped)
    };
    runs.filter(fits).map(|(from, to)| to - from + 1).max()
}
