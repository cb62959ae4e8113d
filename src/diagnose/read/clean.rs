//! A line as somebody typed or printed it: without colours, control characters, time stamps and the
//! frames of terminals. Knows nothing of errors.

use std::borrow::Cow;

use super::trouble;

/// The line without terminal sequences, whether the escape character is there, spelt out, or lost on
/// the clipboard, and without control characters.
pub(super) fn plain(line: &str) -> Cow<'_, str> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    if !holds_a_sequence(line.as_bytes()) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(character) = rest.chars().next() {
        match sequence(rest) {
            0 => {
                if character == '\t' || !character.is_control() {
                    out.push(character);
                }
                rest = &rest[character.len_utf8()..];
            }
            length => rest = &rest[length..],
        }
    }
    Cow::Owned(out)
}

/// Whether a control character or a terminal sequence may stand in a line: most lines have none.
fn holds_a_sequence(line: &[u8]) -> bool {
    let mut before = 0;
    line.iter().enumerate().any(|(at, byte)| {
        // A sequence without control characters has a bracket: behind its spelt escape, or before digits.
        let bracket =
            *byte == b'[' && (matches!(before, b'b' | b'B' | b'3') || colour(&line[at..]) > 0);
        before = *byte;
        (*byte < b' ' && *byte != b'\t') || *byte == 0x7f || bracket
    })
}

/// How long the terminal sequence is that a text begins with; 0 for none.
fn sequence(text: &str) -> usize {
    const SPELLED: [&str; 6] = ["\u{1b}", "\\u001b", "\\u001B", "\\x1b", "\\x1B", "\\033"];
    let escape = SPELLED.iter().find(|spelled| text.starts_with(**spelled)).map_or(0, |s| s.len());
    let rest = &text.as_bytes()[escape..];
    match rest.first() {
        _ if escape == 0 => colour(rest),
        Some(b'[') => escape + 1 + control(&rest[1..]),
        Some(b']') => escape + 1 + command(&rest[1..]),
        _ => 0,
    }
}

/// A sequence's parameters and its last letter.
fn control(rest: &[u8]) -> usize {
    let parameters = rest.iter().take_while(|byte| matches!(byte, b' '..=b'?')).count();
    parameters + usize::from(matches!(rest.get(parameters), Some(b'@'..=b'~')))
}

/// `[31m`, `[0;1m`: what is left of a colour where the escape character was lost.
fn colour(rest: &[u8]) -> usize {
    let Some((b'[', rest)) = rest.split_first() else { return 0 };
    let digits = rest.iter().take(12).take_while(|byte| matches!(byte, b'0'..=b'9' | b';')).count();
    if digits > 0 && rest.get(digits) == Some(&b'm') { digits + 2 } else { 0 }
}

/// A command to the terminal, such as a link: up to the bell or the string's end.
fn command(rest: &[u8]) -> usize {
    let end = rest.iter().position(|byte| matches!(byte, 0x07 | 0x1b));
    end.map_or(rest.len(), |end| match rest[end..] {
        [0x1b, b'\\', ..] => end + 2,
        _ => end + 1,
    })
}

/// How much of a line's beginning is a time stamp with what stands before it, such as a host or a
/// job's name.
pub(super) fn stamp(line: &str) -> usize {
    let bytes = line.as_bytes();
    let head = &bytes[..bytes.len().min(72)];
    let Some(at) = head.windows(8).position(is_clock) else { return 0 };
    let before = &bytes[..at];
    let quiet = |byte: &u8| byte.is_ascii_alphanumeric() || b"-/T [.:\t_(,".contains(byte);
    if before.len() > 48 || !before.iter().all(quiet) || !has_a_date(before) {
        return 0;
    }
    let rest = &bytes[at + 8..];
    let tail = rest.iter().take_while(|byte| b"0123456789.,Z+:])".contains(byte)).count();
    let blanks = rest[tail..].iter().take_while(|byte| **byte == b' ').count();
    // One blank is the stamp's own; more are the line's indentation.
    let end = at + 8 + tail + blanks.min(1);
    end + if before.first().is_some_and(u8::is_ascii_alphabetic) { tag(&line[end..]) } else { 0 }
}

/// `host program[123]: ` behind a stamp that begins with a month's name.
fn tag(rest: &str) -> usize {
    let end = rest.bytes().take(80).position(|byte| byte == b':').unwrap_or(0);
    let words = rest[..end].split(' ').count();
    if words == 2 && rest[..end].ends_with(']') {
        end + 1 + usize::from(rest[end + 1..].starts_with(' '))
    } else {
        0
    }
}

/// `12:34:56`.
fn is_clock(window: &[u8]) -> bool {
    let digit = |at: usize| window[at].is_ascii_digit();
    window[2] == b':' && window[5] == b':' && [0, 1, 3, 4, 6, 7].into_iter().all(digit)
}

/// A clock at the very beginning needs no date; after words it does, or it is no stamp.
fn has_a_date(before: &[u8]) -> bool {
    let text = before.trim_ascii();
    text.is_empty()
        || text == b"["
        || before.iter().filter(|byte| byte.is_ascii_digit()).count() >= 1 && before.len() <= 48
}

/// The lines without the frame of a terminal's box, and with what a hard wrap has cut joined again.
pub(super) fn unframe(lines: &[Cow<'_, str>]) -> Vec<String> {
    if let [line] = lines
        && inside(line).is_none()
    {
        return vec![line.trim_end().to_owned()];
    }
    let framed = lines.iter().filter(|line| inside(line).is_some()).count();
    if framed >= 1 && framed * 2 >= lines.iter().filter(|line| !line.trim().is_empty()).count() {
        return unboxed(lines);
    }
    if let Some(boxed) = framed_part(lines) {
        let (before, rest) = lines.split_at(boxed.start);
        let (own, behind) = rest.split_at(boxed.len());
        let words = |lines: &[Cow<'_, str>]| match lines {
            [] => Vec::new(),
            _ => unlabelled(lines),
        };
        return [words(before), unboxed(own), words(behind)].concat();
    }
    unlabelled(lines)
}

fn unboxed(lines: &[Cow<'_, str>]) -> Vec<String> {
    let inner: Vec<&str> = lines.iter().map(|line| content(line).unwrap_or_default()).collect();
    join_wrapped(&inner, true)
}

/// The first box of a text that has words round it: an upper edge, sides, and a lower edge.
fn framed_part(lines: &[Cow<'_, str>]) -> Option<std::ops::Range<usize>> {
    let is_edge = |line: &str| !line.trim().is_empty() && content(line).is_none();
    let upper = lines.windows(2).position(|two| is_edge(&two[0]) && inside(&two[1]).is_some())?;
    let sides = lines[upper + 1..].iter().take_while(|line| inside(line).is_some()).count();
    let lower = upper + 1 + sides;
    lines.get(lower).filter(|line| is_edge(line)).map(|_| upper..lower + 1)
}

fn unlabelled(lines: &[Cow<'_, str>]) -> Vec<String> {
    let prefix = shared_prefix(lines);
    let bare: Vec<&str> = lines.iter().map(|line| line.get(prefix..).unwrap_or_default()).collect();
    join_wrapped(&without_labels(&bare), false)
}

/// The lines without what a tool puts before each of them: the name of a container, the mark of a
/// quotation, the `E` of a test report. Only where several lines have it.
fn without_labels<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let labelled = lines.iter().filter(|line| label(line) > 0).count();
    if labelled < 3 {
        return lines.to_vec();
    }
    lines.iter().map(|line| &line[label(line)..]).collect()
}

/// How long the label of a line is; 0 for none.
fn label(line: &str) -> usize {
    if line.starts_with('>') {
        return line.bytes().take_while(|byte| matches!(byte, b'>' | b' ')).count();
    }
    if let Some(rest) = line.strip_prefix("E   ") {
        return line.len() - rest.trim_start_matches(' ').len();
    }
    label_of_a_source(line)
}

/// How long the name is that a tool puts before the lines of several sources: `web-1  | `, `[web-1] | `,
/// `[pod/web-1/app] `.
pub(super) fn label_of_a_source(line: &str) -> usize {
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./".contains(byte);
    let inner = usize::from(line.starts_with('['));
    let word = line.as_bytes()[inner..].iter().take_while(|byte| name(byte)).count();
    let closed = inner + word + inner;
    if word == 0 || (inner == 1 && !line[inner + word..].starts_with(']')) {
        return 0;
    }
    let rest = &line[closed..];
    let blanks = rest.len() - rest.trim_start_matches(' ').len();
    match &rest[blanks..] {
        bar if blanks > 0 && bar.starts_with("| ") => closed + blanks + 2,
        "|" if blanks > 0 => closed + blanks + 1,
        _ if blanks > 0 && line.starts_with("[pod/") => closed + 1,
        _ => 0,
    }
}

/// Whether a line can only go on with what stands before it.
pub(super) fn follows(line: &str) -> bool {
    const STARTS: [&str; 7] =
        ["at ", "Caused by", "During handling", "The above exception", "...", "data:", "event:"];
    STARTS.iter().any(|start| line.starts_with(start))
}

/// `reason: "X"`, `metadata {`: the tail of a text proto.
pub(super) fn is_a_field(line: &str) -> bool {
    let name = line.bytes().take_while(|byte| byte.is_ascii_lowercase() || *byte == b'_').count();
    name > 2 && (line[name..].starts_with(": \"") || line[name..].starts_with(" {"))
}

/// Whether two lines begin with the same letters, whatever their numbers.
pub(super) fn are_alike(one: &str, other: &str) -> bool {
    const SHARED: usize = 8;
    let same =
        |(one, other): &(u8, u8)| one == other || (one.is_ascii_digit() && other.is_ascii_digit());
    let shared = one.bytes().zip(other.bytes()).take_while(same).take(SHARED).count();
    // One word may go on over lines.
    shared == SHARED && !one.as_bytes()[..SHARED].iter().all(u8::is_ascii_alphanumeric)
}

/// Whether a line belongs to a box.
pub(super) fn is_framed(line: &str) -> bool {
    line.starts_with(|letter| SIDES.contains(&letter) || is_edge(letter))
}

/// The greatest place up to a length where a character begins.
pub(super) fn floor(text: &str, length: usize) -> usize {
    (0..=length.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The longest label before a line.
const LONGEST_LABEL: usize = 32;

const SIDES: [char; 4] = ['│', '┃', '║', '|'];

/// What stands between the two sides of a box.
fn inside(line: &str) -> Option<&str> {
    let line = line.trim();
    let inner = line.strip_prefix(SIDES)?.strip_suffix(SIDES)?;
    Some(inner.strip_prefix(' ').unwrap_or(inner))
}

/// The text of a line of a box; `None` for its upper and lower edge.
fn content(line: &str) -> Option<&str> {
    match inside(line) {
        Some(inner) => Some(inner.strip_suffix(' ').unwrap_or(inner)),
        None if !line.trim().is_empty() && line.trim().chars().all(is_edge) => None,
        None => Some(line),
    }
}

fn is_edge(letter: char) -> bool {
    "╭╮╰╯─┌┐└┘━┏┓┗┛═╔╗╚╝+-".contains(letter)
}

/// Joins lines that are exactly as wide as the widest to their successors: a hard wrap cut them.
/// A box tells its width; elsewhere several lines of one great width must show it.
fn join_wrapped(lines: &[&str], boxed: bool) -> Vec<String> {
    let widths: Vec<usize> = lines.iter().map(|line| line.chars().count()).collect();
    let widest = widths.iter().copied().max().unwrap_or(0);
    let is_full = |at: usize| {
        widths[at] == widest && !lines[at].ends_with(' ') && !lines[at].trim_end().is_empty()
    };
    let full = (0..lines.len()).filter(|at| is_full(*at)).count();
    let wrapped =
        boxed || (full >= 2 && (40..=250).contains(&widest) && !are_a_list(lines, is_full));
    // Some wrap with a hyphen at the end of every full line.
    let hyphens = full >= 3 && (0..lines.len()).all(|at| !is_full(at) || lines[at].ends_with('-'));
    let mut out: Vec<String> = Vec::with_capacity(lines.len());
    let mut continues = false;
    // Lines that were joined leave empty ones behind, so that the others keep their numbers.
    let mut joined = 0;
    for (at, line) in lines.iter().enumerate() {
        let text = line.trim_end();
        match out.last_mut() {
            Some(last) if continues && !starts_anew(text) && (boxed || !repeats(lines, at)) => {
                last.truncate(last.len() - usize::from(hyphens));
                last.push_str(text);
                joined += 1;
            }
            _ => {
                out.extend(std::iter::repeat_n(String::new(), joined));
                joined = 0;
                out.push(text.to_owned());
            }
        }
        continues = wrapped && is_full(at);
    }
    out
}

/// Whether full lines begin alike, so that they have one width by chance.
fn are_a_list(lines: &[&str], is_full: impl Fn(usize) -> bool) -> bool {
    let full: Vec<&str> = (0..lines.len()).filter(|at| is_full(*at)).map(|at| lines[at]).collect();
    full.windows(2).any(|pair| are_alike(pair[0], pair[1]))
}

/// Whether a line begins as the one before it, or behind the end of a sentence: that one was whole.
fn repeats(lines: &[&str], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| lines[before]) else { return false };
    let begins = |letter: char| letter.is_uppercase() || letter.is_ascii_digit();
    let sentence = before.ends_with(['.', '!', '?']) && lines[at].starts_with(begins);
    sentence || are_alike(before, lines[at])
}

/// What a wrapped line's rest never looks like.
fn starts_anew(line: &str) -> bool {
    let inner = line.trim_start();
    inner.len() + 2 <= line.len() || inner.is_empty() || stamp(line) > 0
}

/// The length of a beginning that all lines share and that ends like a label: `web-1  | `, `> `.
fn shared_prefix(lines: &[Cow<'_, str>]) -> usize {
    let mut filled = lines.iter().filter(|line| !line.trim().is_empty());
    let Some(first) = filled.next() else { return 0 };
    let shared = filled.clone().fold(first.len(), |shared, line| {
        let same = first.bytes().zip(line.bytes()).take_while(|(one, other)| one == other);
        shared.min(same.count())
    });
    let label = first.as_bytes().get(..shared).unwrap_or_default();
    let end = label.windows(2).rposition(|pair| matches!(pair, b"| " | b"> "));
    let end = end.map_or(0, |at| at + 2);
    let many = filled.count() >= 2;
    // What repeats may as well be the error itself.
    let is_label = end <= LONGEST_LABEL
        && first.is_char_boundary(end)
        && !first[..end].contains(['{', '"', '\''])
        && !trouble::speaks_of_it(&first[..end]);
    if many && is_label { end } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_go_in_every_spelling() {
        for line in [
            "\u{1b}[31mError:\u{1b}[0m no",
            "[31mError:[0m no",
            "\\u001b[1;31mError:\\u001b[0m no",
            "\\x1b[38;5;9mError:\\033[0m no\r",
            "\u{1b}]8;;https://x.example\u{7}Error:\u{1b}]8;;\u{1b}\\ no",
            "Er\u{8}ror: no",
        ] {
            assert_eq!(plain(line), "Error: no", "{line:?}");
        }
        for line in ["contents[0].parts[1]", "a [x] b[5] [m", "[GoogleAI Error]", "käse\t["] {
            assert_eq!(plain(line), line);
        }
    }

    #[test]
    fn stamps_are_found_with_what_stands_before_them() {
        for (line, rest) in [
            ("2026-08-17T02:44:35.0619354Z   \"error\": {", "  \"error\": {"),
            ("2026-06-19 16:27:19,366 INFO  x", "INFO  x"),
            ("[2026/06/19 16:27:19] boom", "boom"),
            ("[16:27:19] boom", "boom"),
            ("Nov 20 13:40:42 host app[12]: boom", "boom"),
            ("Nov 20 13:40:42 host app[12]:   at x", "  at x"),
            ("build\tRun tests\t2026-01-02T03:04:05.1Z boom", "boom"),
            ("I0203 16:27:19.123456 1 x.go:2] boom", "1 x.go:2] boom"),
            ("took 1 s at {\"a\": \"12:34:56\"}", "took 1 s at {\"a\": \"12:34:56\"}"),
            ("no stamp", "no stamp"),
        ] {
            assert_eq!(&line[stamp(line)..], rest, "{line}");
        }
    }

    fn unframed(text: &str) -> String {
        unframe(&text.lines().map(Cow::Borrowed).collect::<Vec<_>>()).join("\n")
    }

    #[test]
    fn boxes_open_and_their_wraps_join() {
        let text =
            "╭──────────╮\n│ API Erro │\n│ r: no    │\n│   \"a\": 1 │\n│ x        │\n╰──────────╯";
        assert_eq!(unframed(text), "\nAPI Error: no\n\n  \"a\": 1x\n\n");
        assert_eq!(unframed("| a |\n| b |"), "ab");
        assert_eq!(unframed("hi\n+---+\n| a |\n| b |\n+---+\nc"), "hi\n\nab\n\n\nc");
    }

    #[test]
    fn labels_before_every_line_go() {
        assert_eq!(unframed("web-1  | a\nweb-1  | b\nweb-1  | c"), "a\nb\nc");
        assert_eq!(unframed("> a\n> b\n> c"), "a\nb\nc");
        assert_eq!(unframed("hi\n> a\n> b\n>> c"), "hi\na\nb\nc");
        assert_eq!(unframed("E   a\nE     b\n>  x\nE   c"), "a\nb\nx\nc");
        assert_eq!(unframed("web-1   | a\ndb-1    | b\nweb-1   |   c"), "a\nb\n  c");
        assert_eq!(unframed("[pod/a-1/x] a\n[pod/b-2/x] b\n[pod/a-1/x] c"), "a\nb\nc");
        assert_eq!(unframed("a: b\na: c"), "a: b\na: c");
        let same = "400 INVALID_ARGUMENT: no: giving up";
        assert_eq!(unframed(&[same; 3].join("\n")), [same; 3].join("\n"));
        assert_eq!(unframed("a: x\na: y\na: z\n\u{a0}\u{a0}\n"), "a: x\na: y\na: z\n");
    }

    #[test]
    fn a_hard_wrap_without_a_box_is_joined() {
        let wide = "x".repeat(80);
        assert_eq!(unframed(&format!("{wide}\n{wide}\nrest")), format!("{wide}{wide}rest"));
        assert_eq!(unframed(&format!("{wide}\nrest")), format!("{wide}\nrest"));
    }
}
