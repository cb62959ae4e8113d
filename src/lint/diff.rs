//! What differs between two texts, line by line, as `diff -u` writes it. It must not know what the lines mean.

/// So many lines stand round a change.
const ROUND: usize = 3;
/// Beyond so many changed lines the shortest way from one text to the other is not looked for.
const MOST_CHANGES: usize = 2_000;

/// One line of what differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Same,
    Gone,
    New,
}

/// What differs, in the unified form; empty where nothing does.
pub fn unified(old: &str, new: &str, old_name: &str, new_name: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let steps = steps(&before, &after);
    let changes: Vec<usize> = steps
        .iter()
        .enumerate()
        .filter(|(_, step)| **step != Step::Same)
        .map(|(at, _)| at)
        .collect();
    if changes.is_empty() {
        return String::new();
    }
    let mut out = format!("--- {old_name}\n+++ {new_name}\n");
    for group in changes.chunk_by(|one, next| next - one <= 2 * ROUND) {
        let first = group[0].saturating_sub(ROUND);
        let last = (group[group.len() - 1] + ROUND + 1).min(steps.len());
        hunk(&mut out, &steps, first..last, &before, &after);
    }
    out
}

fn hunk(
    out: &mut String,
    steps: &[Step],
    range: std::ops::Range<usize>,
    before: &[&str],
    after: &[&str],
) {
    let count = |steps: &[Step], not: Step| steps.iter().filter(|step| **step != not).count();
    let (mut old, mut new) =
        (count(&steps[..range.start], Step::New), count(&steps[..range.start], Step::Gone));
    let within = &steps[range];
    let (olds, news) = (count(within, Step::New), count(within, Step::Gone));
    out.push_str(&format!("@@ -{},{olds} +{},{news} @@\n", old + 1, new + 1));
    for step in within {
        let (mark, line) = match step {
            Step::Same => (' ', before[old]),
            Step::Gone => ('-', before[old]),
            Step::New => ('+', after[new]),
        };
        old += usize::from(*step != Step::New);
        new += usize::from(*step != Step::Gone);
        out.push(mark);
        out.push_str(line);
        out.push('\n');
    }
}

/// The shortest way from one list of lines to the other.
fn steps(before: &[&str], after: &[&str]) -> Vec<Step> {
    let same = |(one, other): &(&&str, &&str)| one == other;
    let head = before.iter().zip(after).take_while(same).count();
    let (rest, others) = (&before[head..], &after[head..]);
    let tail = rest.iter().rev().zip(others.iter().rev()).take_while(same).count();
    let (rest, others) = (&rest[..rest.len() - tail], &others[..others.len() - tail]);
    let mut steps = vec![Step::Same; head];
    steps.extend(shortest(rest, others).unwrap_or_else(|| whole(rest, others)));
    steps.extend(std::iter::repeat_n(Step::Same, tail));
    steps
}

fn whole(before: &[&str], after: &[&str]) -> Vec<Step> {
    let gone = std::iter::repeat_n(Step::Gone, before.len());
    gone.chain(std::iter::repeat_n(Step::New, after.len())).collect()
}

/// By Myers' algorithm: how far each diagonal is reached with so many changes, and the way back from the end.
fn shortest(before: &[&str], after: &[&str]) -> Option<Vec<Step>> {
    let (height, width) = (before.len(), after.len());
    let most = (height + width).min(MOST_CHANGES);
    let middle = most + 1;
    let mut reach = vec![0_usize; 2 * most + 3];
    let mut history = Vec::new();
    for changes in 0..=most {
        history.push(reach.clone());
        for diagonal in (middle - changes..=middle + changes).step_by(2) {
            let down = diagonal == middle - changes
                || (diagonal != middle + changes && reach[diagonal - 1] < reach[diagonal + 1]);
            let mut x = if down { reach[diagonal + 1] } else { reach[diagonal - 1] + 1 };
            let Some(mut y) = (x + middle).checked_sub(diagonal) else { continue };
            while x < height && y < width && before[x] == after[y] {
                (x, y) = (x + 1, y + 1);
            }
            reach[diagonal] = x;
            if x >= height && y >= width {
                return Some(way_back(&history, middle, (height, width)));
            }
        }
    }
    None
}

fn way_back(history: &[Vec<usize>], middle: usize, end: (usize, usize)) -> Vec<Step> {
    let (mut x, mut y) = end;
    let mut steps = Vec::new();
    for (changes, reach) in history.iter().enumerate().rev() {
        let diagonal = x + middle - y;
        let down = diagonal == middle - changes
            || (diagonal != middle + changes && reach[diagonal - 1] < reach[diagonal + 1]);
        let from = if down { diagonal + 1 } else { diagonal - 1 };
        let (old_x, old_y) = match changes {
            0 => (0, 0),
            _ => (reach[from], reach[from] + middle - from),
        };
        while x > old_x && y > old_y {
            steps.push(Step::Same);
            (x, y) = (x - 1, y - 1);
        }
        if changes > 0 {
            steps.push(if down { Step::New } else { Step::Gone });
            (x, y) = (old_x, old_y);
        }
    }
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_stand_with_their_surroundings() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh\n";
        let new = "a\nb\nc\nD\ne\nf\ng\nh\ni\n";
        let expected = "--- x\n+++ y\n@@ -1,8 +1,9 @@\n a\n b\n c\n-d\n+D\n e\n f\n g\n h\n+i\n";
        assert_eq!(unified(old, new, "x", "y"), expected);
        assert_eq!(unified(old, old, "x", "y"), "");
    }

    #[test]
    fn far_changes_have_hunks_of_their_own() {
        let lines: Vec<String> = (0..40).map(|number| number.to_string()).collect();
        let mut others = lines.clone();
        others[3] = "three".to_owned();
        others.remove(30);
        let diff = unified(&lines.join("\n"), &others.join("\n"), "x", "y");
        assert_eq!(diff.matches("@@ -").count(), 2, "{diff}");
        assert!(diff.contains("@@ -28,7 +28,6 @@"), "{diff}");
    }

    /// Whatever the two are, what is kept and gone is the one, and what is kept and new the other.
    #[test]
    fn random_texts_are_told_apart_rightly() {
        let mut state = 11_u64;
        let mut draw = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((state >> 33) % below).unwrap_or_default()
        };
        let words = ["a", "b", "c", "d"];
        for _ in 0..3_000 {
            let before: Vec<&str> = (0..draw(12)).map(|_| words[draw(4)]).collect();
            let after: Vec<&str> = (0..draw(12)).map(|_| words[draw(4)]).collect();
            let (mut old, mut new) = (before.iter(), after.iter());
            for step in steps(&before, &after) {
                match step {
                    Step::Same => assert_eq!(old.next(), new.next()),
                    Step::Gone => assert!(old.next().is_some()),
                    Step::New => assert!(new.next().is_some()),
                }
            }
            assert_eq!((old.next(), new.next()), (None, None), "{before:?} {after:?}");
        }
    }
}
