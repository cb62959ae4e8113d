//! How often a value of one group lies above one of another: 0.5 where they are alike, 1 where all
//! do. Only the order counts, so that a few calls that ran into a time-out weigh no more than others.

use super::bootstrap::Interval;

/// Of a normal variable, 1 % lies beyond so many deviations on either side.
const STRICT_DEVIATIONS: f64 = 2.3263;

/// The share of pairs, one value of each group, in which the first group's is larger; equal values
/// count half.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Superiority {
    /// The share that was seen.
    pub value: f64,
    /// What is possible, at 98 %.
    pub strict: Interval,
}

impl Superiority {
    /// Of the first group over the second; none where one of them is empty.
    pub fn of(first: &[f64], second: &[f64]) -> Option<Self> {
        let pairs = (first.len() * second.len()) as f64;
        let wins: f64 = first.iter().map(|a| second.iter().map(|b| win(*a, *b)).sum::<f64>()).sum();
        (pairs > 0.0).then(|| {
            let value = wins / pairs;
            Self { value, strict: interval(value, first.len() as f64, second.len() as f64) }
        })
    }
}

fn win(a: f64, b: f64) -> f64 {
    if a > b {
        1.0
    } else if a < b {
        0.0
    } else {
        0.5
    }
}

/// All shares from which the one that was seen is not too far, measured by their own scatter: unlike
/// an interval by the scatter at the seen share it has a width where that is 1.
fn interval(seen: f64, first: f64, second: f64) -> Interval {
    let possible =
        |share: f64| (seen - share).abs() <= STRICT_DEVIATIONS * scatter(share, first, second);
    Interval { low: end(seen, 0.0, possible), high: end(seen, 1.0, possible) }
}

/// The farthest possible value on the way from one that is possible.
fn end(possible_one: f64, towards: f64, possible: impl Fn(f64) -> bool) -> f64 {
    let (mut inside, mut outside) = (possible_one, towards);
    for _ in 0..40 {
        let middle = f64::midpoint(inside, outside);
        if possible(middle) { inside = middle } else { outside = middle }
    }
    inside
}

/// The standard error of a share, for values whose groups differ by a factor of an exponential law
/// (Hanley and McNeil 1982); other laws are near it.
fn scatter(share: f64, first: f64, second: f64) -> f64 {
    let square = share * share;
    let same_first = share / (2.0 - share) - square;
    let same_second = 2.0 * square / (1.0 + share) - square;
    let spread = share * (1.0 - share) + (first - 1.0) * same_first + (second - 1.0) * same_second;
    (spread / (first * second)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_pairs_that_are_won() {
        let share = |a: &[f64], b: &[f64]| Superiority::of(a, b).expect("values").value;
        assert_eq!(share(&[3.0, 4.0], &[1.0, 2.0]), 1.0);
        assert_eq!(share(&[1.0, 2.0], &[3.0]), 0.0);
        assert_eq!(share(&[1.0, 2.0], &[1.0, 2.0]), 0.5);
        assert_eq!(share(&[2.0], &[1.0, 2.0, 3.0, 1.0]), 0.625);
        assert_eq!(Superiority::of(&[], &[1.0]), None);
    }

    #[test]
    fn few_values_leave_much_possible() {
        let all_won = |count: u32| {
            let low: Vec<f64> = (0..count).map(f64::from).collect();
            let high: Vec<f64> = low.iter().map(|value| value + 1_000.0).collect();
            Superiority::of(&high, &low).expect("values").strict
        };
        assert_eq!(all_won(5).high, 1.0);
        assert!(all_won(3).low < 0.5 && all_won(10).low > 0.7, "{:?}", all_won(10));
        assert!(all_won(40).low > all_won(10).low);
    }

    #[test]
    fn the_interval_holds_the_true_share_about_as_often_as_it_says() {
        let mut random = fastrand::Rng::with_seed(1);
        // Of two exponential variables the first, larger on average by a factor, wins f / (1 + f).
        for (count, factor) in [(8, 1.0), (8, 4.0), (20, 1.0), (20, 9.0)] {
            let mut draw = |scale: f64| -> Vec<f64> {
                (0..count).map(|_| -scale * random.f64().ln()).collect()
            };
            let truth = factor / (1.0 + factor);
            let held = (0..2_000)
                .filter(|_| {
                    let (first, second) = (draw(factor), draw(1.0));
                    Superiority::of(&first, &second).expect("values").strict.holds(truth)
                })
                .count();
            assert!(held >= 1_940, "{count} {factor}: {held}");
        }
    }
}
