//! What cuts a secret into pieces where a text was copied from a terminal: colours, the sides of a box,
//! the line ends of a hard wrap. Knows places, and nothing of secrets.

use std::{borrow::Cow, ops::Range};

/// Narrower lines were broken by their author, and longer ones by nobody.
const WRAPPED: std::ops::RangeInclusive<usize> = 40..=250;

/// The sides of boxes.
const SIDES: [char; 4] = ['│', '┃', '║', '|'];

/// How the escape character is spelled after a backslash.
const SPELLED: [&str; 6] = ["u001b", "u001B", "x1b", "x1B", "033", "e"];

/// What a terminal's command ends with, at the latest.
const LONGEST_COMMAND: usize = 256;

/// Backslashes before a spelled escape: more than any nesting of strings has.
const MOST_SLASHES: usize = 16;

/// A text with its seams taken out.
pub(super) struct Seamless<'t> {
    /// What is left.
    pub(super) text: Cow<'t, str>,
    original: &'t str,
    seams: Vec<Seam>,
}

/// A place that was taken out.
#[derive(Clone, Debug)]
struct Seam {
    /// Where it was in what is left.
    at: usize,
    /// Where it is in the original.
    place: Range<usize>,
    /// Whether a line ends in it: what follows may be a word of its own.
    ends_a_line: bool,
}

impl<'t> Seamless<'t> {
    /// A text without what cuts words into pieces. Lines are looked at without their colours.
    pub(super) fn of(original: &'t str) -> Self {
        let marks: Vec<_> = marks(original).into_iter().map(|place| (place, false)).collect();
        let bare = Self::without(original, &marks);
        let ends = line_ends(&bare.text);
        if ends.is_empty() {
            return bare;
        }
        let ends =
            ends.into_iter().map(|end| (bare.before(end.start)..bare.place_of(end.end), true));
        let mut places: Vec<(Range<usize>, bool)> = ends.chain(marks.iter().cloned()).collect();
        places.sort_by_key(|(place, _)| (place.start, std::cmp::Reverse(place.end)));
        Self::without(original, &places)
    }

    /// A text without these places; of two that overlap the first goes.
    fn without(original: &'t str, places: &[(Range<usize>, bool)]) -> Self {
        if places.is_empty() {
            return Self { text: Cow::Borrowed(original), original, seams: Vec::new() };
        }
        let (mut text, mut seams) = (String::with_capacity(original.len()), Vec::new());
        let mut kept = 0;
        for (place, ends_a_line) in places {
            if place.start >= kept {
                text.push_str(&original[kept..place.start]);
                kept = place.end;
                seams.push(Seam {
                    at: text.len(),
                    place: place.clone(),
                    ends_a_line: *ends_a_line,
                });
            }
        }
        text.push_str(&original[kept..]);
        Self { text: Cow::Owned(text), original, seams }
    }

    /// Whether anything was taken out.
    pub(super) fn has_none(&self) -> bool {
        self.seams.is_empty()
    }

    /// The end of a secret that reaches over a line's end: a plain word there is not part of it.
    pub(super) fn end_of(&self, start: usize, end: usize) -> usize {
        let last = self.within(start, end).iter().rfind(|seam| seam.ends_a_line);
        last.filter(|seam| is_a_word(&self.text[seam.at..end])).map_or(end, |seam| seam.at)
    }

    /// The original from one place of what is left to another.
    pub(super) fn original_of(&self, start: usize, end: usize) -> &'t str {
        let from = if start == 0 { 0 } else { self.place_of(start) };
        &self.original[from..self.place_of(end)]
    }

    /// The seams between two places, as they stand in the original.
    pub(super) fn seams_of(&self, start: usize, end: usize) -> impl Iterator<Item = &'t str> {
        self.within(start, end).iter().map(|seam| &self.original[seam.place.clone()])
    }

    /// Seams at the very beginning and end are not between.
    fn within(&self, start: usize, end: usize) -> &[Seam] {
        let from = self.seams.partition_point(|seam| seam.at <= start);
        let to = self.seams.partition_point(|seam| seam.at < end);
        self.seams.get(from..to).unwrap_or_default()
    }

    /// In front of a seam that stands there.
    fn before(&self, at: usize) -> usize {
        let first = self.seams.partition_point(|seam| seam.at < at);
        match self.seams.get(first).filter(|seam| seam.at == at) {
            Some(seam) => seam.place.start,
            None => self.place_of(at),
        }
    }

    /// Behind a seam that stands there.
    fn place_of(&self, at: usize) -> usize {
        let count = self.seams.partition_point(|seam| seam.at <= at);
        count.checked_sub(1).map_or(at, |last| {
            let seam = &self.seams[last];
            seam.place.end + (at - seam.at)
        })
    }
}

/// What is written as a word of prose is: no capitals but the first, no digits.
fn is_a_word(text: &str) -> bool {
    text.bytes().skip(1).all(|byte| byte.is_ascii_lowercase())
        && text.bytes().take(1).all(|byte| byte.is_ascii_alphabetic())
}

/// Terminal sequences, and characters that nobody sees.
fn marks(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(ahead) = text.as_bytes()[at..].iter().position(may_begin_a_mark) {
        at += ahead;
        let length = mark(text, at);
        match found.last_mut().filter(|last: &&mut Range<usize>| last.end == at) {
            Some(last) => last.end += length,
            None if length > 0 => found.push(at..at + length),
            None => {}
        }
        at += length.max(text[at..].chars().next().map_or(1, char::len_utf8));
    }
    found
}

/// Whether it is worth a look: `[`, a backslash, a control character, or the first byte of one that is
/// written in several.
fn may_begin_a_mark(byte: &u8) -> bool {
    matches!(byte, b'[' | b'\\' | 0..=0x08 | 0x0b | 0x0c | 0x0e..=0x1f | 0x7f | 0xc2 | 0xe2 | 0xef)
}

/// How long the mark is that stands at a place; 0 for none.
fn mark(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    match rest.as_bytes()[0] {
        b'\\' | 0x1b => sequence(rest),
        b'[' => colour(rest.as_bytes()),
        _ => rest.chars().next().filter(|letter| is_unseen(*letter)).map_or(0, char::len_utf8),
    }
}

fn is_unseen(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{feff}')
}

/// The escape character, or its spelling behind any number of backslashes, with what it begins.
fn sequence(text: &str) -> usize {
    let slashes = text.bytes().take(MOST_SLASHES).take_while(|byte| *byte == b'\\').count();
    let escape = match slashes {
        0 => 1,
        _ => match SPELLED.iter().find(|spelled| text[slashes..].starts_with(**spelled)) {
            Some(spelled) => slashes + spelled.len(),
            None => return 0,
        },
    };
    let rest = &text.as_bytes()[escape..];
    match rest.first() {
        Some(b'[') => escape + 1 + control(&rest[1..]),
        Some(b']') => escape + 1 + command(&rest[1..]),
        _ if slashes == 0 => 1,
        _ => 0,
    }
}

/// A sequence's parameters and its last letter.
fn control(rest: &[u8]) -> usize {
    let parameters = rest.iter().take_while(|byte| matches!(byte, b' '..=b'?')).count();
    parameters + usize::from(matches!(rest.get(parameters), Some(b'@'..=b'~')))
}

/// `[31m`, `[0;1m`: what is left of a colour where the escape character was lost.
fn colour(text: &[u8]) -> usize {
    let inner = text.iter().skip(1).take(12);
    let digits = inner.take_while(|byte| matches!(byte, b'0'..=b'9' | b';')).count();
    if digits > 0 && text.get(digits + 1) == Some(&b'm') { digits + 2 } else { 0 }
}

/// A command to the terminal, such as a link: up to the bell or the string's end.
fn command(rest: &[u8]) -> usize {
    let near = &rest[..rest.len().min(LONGEST_COMMAND)];
    match near.iter().position(|byte| matches!(byte, 0x07 | 0x1b | b'\n')) {
        Some(end) if near[end] == b'\n' => 0,
        Some(end) if near[end..].starts_with(b"\x1b\\") => end + 2,
        Some(end) => end + 1,
        None => 0,
    }
}

/// Ends of lines that a hard wrap made, with the sides of the box around it.
fn line_ends(text: &str) -> Vec<Range<usize>> {
    let widest = wrapped_at(text);
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(length) = text[start..].find('\n') {
        let end = start + length;
        let (line, rest) = (&text[start..end], &text[end + 1..]);
        let next = rest.split('\n').next().unwrap_or_default();
        if let Some((left, skipped)) = boxed(line, next) {
            found.push(start + left..end + 1 + skipped);
        } else if goes_on(line.trim_end_matches('\r'), next) && Some(width(line)) == widest {
            found.push(start + line.trim_end_matches('\r').len()..end + 1);
        }
        start = end + 1;
    }
    found
}

/// The width at which all long lines end, if a terminal may have made them so.
fn wrapped_at(text: &str) -> Option<usize> {
    let mut widest = 0;
    for line in text.split('\n') {
        widest = widest.max(width(line));
        if widest > *WRAPPED.end() {
            return None;
        }
    }
    WRAPPED.contains(&widest).then_some(widest)
}

fn width(line: &str) -> usize {
    line.trim_end_matches('\r').chars().count()
}

/// Whether one line may be the rest of another: no more than one blank is on each side.
fn goes_on(line: &str, next: &str) -> bool {
    let starts_apart = next.starts_with("  ") || next.starts_with(['\t', '>']);
    !line.ends_with("  ") && !line.is_empty() && !starts_apart && !next.trim().is_empty()
}

/// How long the content of a box's line is, and how much of the next line comes before its own, where
/// the first one is full.
fn boxed(line: &str, next: &str) -> Option<(usize, usize)> {
    let inner = line.trim_end().strip_suffix(SIDES)?;
    let content = inner.strip_suffix(' ').unwrap_or(inner);
    let after = next.trim_start().strip_prefix(SIDES)?;
    let goes = after.strip_prefix(' ').unwrap_or(after);
    goes_on(content, goes).then_some((content.len(), next.len() - goes.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cuts_a_word_goes() {
        for (text, whole) in [
            ("a\u{1b}[31mb\u{1b}[0;1mc", "abc"),
            ("a[31mb", "ab"),
            ("a\\u001b[31mb\\\\x1b[0mc\\033[0md", "abcd"),
            ("a\u{1b}]8;;https://x.example\u{7}b\u{1b}]8;;\u{1b}\\c", "abc"),
            ("a\u{8}b\u{200b}c\u{feff}d", "abcd"),
            ("│ ab │\n│ cd │", "│ abcd │"),
            ("│ ab  │\n│  cd │", "│ ab  cd │"),
            ("│ ab   │\n│ cd │", "│ ab   │\n│ cd │"),
            ("| ab |\r\n| cd |", "| abcd |"),
            ("│ ab\u{1b}[0m │\n\u{1b}[1m│ \u{1b}[3mcd │", "│ abcd │"),
            ("a [b] c[0] \\n \\u0026 käse", "a [b] c[0] \\n \\u0026 käse"),
            ("a\u{1b}]8;;x\nb", "a8;;x\nb"),
        ] {
            assert_eq!(Seamless::of(text).text, whole, "{text:?}");
        }
    }

    #[test]
    fn only_a_hard_wrap_joins_lines() {
        let wide = "x".repeat(80);
        assert_eq!(Seamless::of(&format!("{wide}\nrest")).text, format!("{wide}rest"));
        for text in [format!("{wide}\n  rest"), format!("{wide}\n\nrest"), "ab\ncd".to_owned()] {
            assert_eq!(Seamless::of(&text).text, text);
        }
    }

    #[test]
    fn places_lead_back_to_the_original() {
        let seamless = Seamless::of("a\u{1b}[1mb\u{1b}[0mc");
        assert_eq!(seamless.original_of(0, 1), "a\u{1b}[1m");
        assert_eq!(seamless.original_of(1, 3), "b\u{1b}[0mc");
        assert_eq!(seamless.seams_of(0, 3).collect::<String>(), "\u{1b}[1m\u{1b}[0m");
        assert_eq!(seamless.seams_of(1, 2).count(), 0);
    }
}
