//! Whether waits differ by chance or are the same each time. The server sees a wait with the noise of two
//! machines on it, which only ever makes it longer, so that small differences are no jitter.

/// So many waits beyond the shortest of their step are needed to say anything.
const ENOUGH: usize = 4;
/// From this share of moved waits on they are moved on purpose.
const MOVED: f64 = 0.45;
/// Up to this share they are not.
const STILL: f64 = 0.25;

/// What waits show of jitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spread {
    /// They differ by more than noise.
    Moved,
    /// They are the same each time.
    Still,
    /// Neither can be said.
    Unclear,
    /// There are too few.
    TooFew,
}

/// Judges the waits of calls that met the same failure: one group a failure, in it one list a call.
pub(super) fn of(groups: &[Vec<Vec<u64>>]) -> Spread {
    let beyond: Vec<bool> = groups.iter().flat_map(|calls| moved(calls)).collect();
    if beyond.len() < ENOUGH {
        return Spread::TooFew;
    }
    let share = beyond.iter().filter(|moved| **moved).count() as f64 / beyond.len() as f64;
    match share {
        share if share >= MOVED => Spread::Moved,
        share if share <= STILL => Spread::Still,
        _ => Spread::Unclear,
    }
}

/// Step by step, whether each wait is longer than the shortest of its step by more than noise.
fn moved(calls: &[Vec<u64>]) -> Vec<bool> {
    let steps = calls.iter().map(Vec::len).max().unwrap_or(0);
    let of_step = |step: usize| {
        let mut waits: Vec<u64> = calls.iter().filter_map(|call| call.get(step)).copied().collect();
        waits.sort_unstable();
        waits.iter().skip(1).map(|wait| wait - waits[0] > noise_ms(waits[0])).collect::<Vec<_>>()
    };
    (0..steps).flat_map(of_step).collect()
}

/// The noise that is allowed for: 8 % of the wait, but 30 ms at least and 120 ms at most.
fn noise_ms(wait: u64) -> u64 {
    (wait * 8 / 100).clamp(30, 120)
}

/// Whether waits grow from step to step: the longest of the last step that two calls or more have, over
/// the longest of the first.
pub(super) fn growth(calls: &[Vec<u64>]) -> Option<f64> {
    let needed = calls.len().min(2);
    let longest = |step: usize| {
        let waits: Vec<u64> = calls.iter().filter_map(|call| call.get(step)).copied().collect();
        waits.iter().max().copied().filter(|_| waits.len() >= needed)
    };
    let last = (1..).map_while(longest).last()?;
    Some(last as f64 / longest(0)?.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_waits_with_noise_are_still_and_moved_ones_are_not() {
        let still = vec![vec![1002, 2030, 4001], vec![1040, 2003, 4090], vec![1007, 2019, 4003]];
        assert_eq!(of(&[still.clone(), still]), Spread::Still);
        let moved = vec![vec![1500, 2800, 4100], vec![900, 2100, 5200], vec![1200, 1600, 4700]];
        assert_eq!(of(&[moved]), Spread::Moved);
        assert_eq!(of(&[vec![vec![1000], vec![1400], vec![1900]]]), Spread::TooFew);
        assert_eq!(of(&[]), Spread::TooFew);
    }

    #[test]
    fn one_late_wait_among_many_is_noise() {
        let late = vec![vec![500, 1000, 2000], vec![501, 1900, 2003], vec![503, 1004, 2002]];
        assert_eq!(of(&[late]), Spread::Still);
    }

    #[test]
    fn growth_is_the_last_step_over_the_first() {
        assert_eq!(growth(&[vec![1000, 2000, 4000], vec![1000, 1900, 3000]]), Some(4.0));
        assert_eq!(growth(&[vec![500, 500], vec![500, 500, 9000]]), Some(1.0));
        assert_eq!(growth(&[vec![500], vec![400]]), None);
        assert_eq!(growth(&[]), None);
    }
}
