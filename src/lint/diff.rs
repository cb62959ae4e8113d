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

/// Lines up to this many letters are shown whole.
const LONGEST: usize = 200;
/// So much stands round a change within a longer one.
const BESIDE: usize = 40;
/// And so much of it at most.
const MOST_OF_A_LINE: usize = 800;

/// The first lines of a difference, so that each shows what changed in it: of long ones what is the same is left out.
pub fn narrowed(diff: &str, most: usize) -> Vec<String> {
    let lines: Vec<&str> = diff.lines().take(most).collect();
    let mut out: Vec<String> = Vec::with_capacity(lines.len());
    let (mut at, starts) = (0, |line: &str, mark| line.starts_with(mark));
    while at < lines.len() {
        let of = |from: usize, mark: char| {
            lines[from..].iter().take_while(|line| at > 1 && starts(line, mark)).count()
        };
        let gone = of(at, '-');
        let new = of(at + gone, '+');
        let (old, rest) = lines[at..].split_at(gone);
        let pairs: Vec<(String, String)> =
            old.iter().zip(&rest[..new]).map(|(old, new)| narrowed_pair(old, new)).collect();
        let alone = |lines: &[&str]| lines.iter().map(|line| clipped(line)).collect::<Vec<_>>();
        out.extend(pairs.iter().map(|(old, _)| old.clone()));
        out.extend(alone(&old[pairs.len()..]));
        out.extend(pairs.into_iter().map(|(_, new)| new));
        out.extend(alone(&rest[..new][old.len().min(new)..]));
        if gone + new == 0 {
            out.push(clipped(lines[at]));
        }
        at += (gone + new).max(1);
    }
    out
}

/// A line before and after, each with its mark.
fn narrowed_pair(old: &str, new: &str) -> (String, String) {
    if old.len().max(new.len()) <= LONGEST {
        return (old.to_owned(), new.to_owned());
    }
    let (before, after) = (pieces(&old[1..]), pieces(&new[1..]));
    let steps = steps(&before, &after);
    (
        round_changes(&old[..1], &before, &steps, Step::New),
        round_changes(&new[..1], &after, &steps, Step::Gone),
    )
}

/// Pieces of a line that are compared: up to the next mark of JSON, and no longer than what stands beside a change.
fn pieces(line: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut length) = (Vec::new(), 0, 0);
    for (at, letter) in line.char_indices() {
        length += 1;
        if length == BESIDE || "{}[],: \"".contains(letter) {
            let end = at + letter.len_utf8();
            pieces.push(&line[start..end]);
            (start, length) = (end, 0);
        }
    }
    pieces.push(&line[start..]);
    pieces
}

/// A line of which what is the same in both is left out where it is long; steps of the other line are `others`.
fn round_changes(mark: &str, pieces: &[&str], steps: &[Step], others: Step) -> String {
    let mut out = mark.to_owned();
    let mut pieces = pieces.iter();
    for (index, run) in steps.chunk_by(|one, next| one == next).enumerate() {
        if run[0] == others {
            continue;
        }
        let text: String = pieces.by_ref().take(run.len()).copied().collect();
        match run[0] {
            Step::Same => out.push_str(&shortened(&text, index == 0)),
            _ => out.push_str(&text),
        }
    }
    match out.char_indices().nth(MOST_OF_A_LINE) {
        Some((end, _)) => format!("{} ...", &out[..end]),
        None => out,
    }
}

/// The two ends of a text that is long; at the beginning of a line only the one beside the change.
fn shortened(text: &str, is_first: bool) -> String {
    let count = text.chars().count();
    if count <= 2 * BESIDE + 5 {
        return text.to_owned();
    }
    let byte = |letter: usize| text.char_indices().nth(letter).map_or(text.len(), |(at, _)| at);
    let head = if is_first { "" } else { &text[..byte(BESIDE)] };
    format!("{head} ... {}", &text[byte(count - BESIDE)..])
}

fn clipped(line: &str) -> String {
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} ...", &line[..end]),
        None => line.to_owned(),
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
    fn what_changed_in_a_long_line_is_shown() {
        let body = |first: &str, last: &str| {
            let text = "word ".repeat(200);
            format!("{{\"a\": \"{text}\", {first}, \"b\": \"{text}{text}\", {last}}}")
        };
        let (old, new) =
            (body("\"temp\": .5", "\"x\": True"), body("\"temp\": 0.5", "\"x\": true"));
        let diff = unified(&format!("[\n{old}\n]"), &format!("[\n{new}\n]"), "x", "y");
        let told = narrowed(&diff, 100);
        assert_eq!((told.len(), &told[3]), (7, &" [".to_owned()), "{told:?}");
        for (line, mark, first, last) in
            [(&told[4], '-', "\"temp\": .5,", "\"x\": True}"), (&told[5], '+', "0.5,", "true}")]
        {
            assert!(line.starts_with(mark) && line.len() < 300, "{line}");
            assert!(
                line.contains(first) && line.ends_with(last) && line.contains(" ... "),
                "{line}"
            );
        }
        // What has no other line beside it is cut, and no line is lost.
        let only = narrowed(&unified("", &old, "x", "y"), 100);
        assert!(only.len() == 4 && only[3].ends_with(" ..."), "{only:?}");
        let many = unified("a\nb\nc", "d\ne\nf\ng", "x", "y");
        assert_eq!(narrowed(&many, 100), many.lines().collect::<Vec<_>>());
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
