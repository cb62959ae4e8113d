//! A text cut into records: what belongs together, such as a line of a log with the stack trace under
//! it. A text that is no log is one record.
//!
//! A log shows itself by time stamps, by an object on every line, or by lines that begin alike again and
//! again (`layout`). One record is in memory at a time. It knows how lines hang together, and nothing of
//! errors.

use std::borrow::Cow;

use super::{
    clean,
    layout::{Begins, Form, Layout},
    trouble,
};

/// A record larger than this is cut: what follows is a record of its own.
const MAX_BYTES: usize = 256 * 1024;
/// After so many lines without trouble a long text is about something else.
const GAP: usize = 60;
/// A text shorter than this is one record if nothing in it begins another.
const SHORT: usize = 16 * 1024;
/// After so many lines an opened bracket was no block.
const LONGEST_BLOCK: usize = 400;

/// Lines that belong together.
#[derive(Debug, Default)]
pub(super) struct Record<'a> {
    /// Its lines, without colours, labels and time stamps.
    pub(super) lines: Vec<Cow<'a, str>>,
    /// The number of its first line, counted from 1.
    pub(super) first_line: usize,
    /// Whether a line of it speaks of trouble.
    pub(super) troubled: bool,
    bytes: usize,
    trace: Trace,
    /// Whether its first line begins as others do.
    repeated: bool,
    block: Block,
    /// Whether one of its lines is empty.
    parted: bool,
    /// How many lines have passed since one spoke of trouble.
    quiet: usize,
}

/// Whether a Python stack trace is open: its last line is the one that is not indented.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Trace {
    #[default]
    None,
    Open,
    Said,
}

/// How many brackets are open since a line that ended with one, and for how many lines.
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    depth: usize,
    lines: usize,
}

/// Passes every record of a text on.
pub(super) fn each<'a>(text: &'a str, mut take: impl FnMut(Record<'a>)) {
    let layout = Layout::of(text);
    let mut open = Record::default();
    let numbered = text.split('\n').enumerate().flat_map(|(at, raw)| pieces(raw, at));
    for (at, raw) in numbered {
        let (line, stamped) = layout.bare(raw);
        let begins = layout.begins(&line);
        let drifts = layout.form == Form::Prose && text.len() > SHORT && open.drifts(&line);
        if !open.lines.is_empty() && (drifts || open.ends_before(&line, stamped, begins, &layout)) {
            take(std::mem::take(&mut open));
        }
        if open.lines.is_empty() {
            open.first_line = at + 1;
            open.repeated = begins == Begins::AsOthers;
        }
        open.push(line);
    }
    if !open.lines.is_empty() {
        take(open);
    }
}

/// A line in pieces that fit into a record, each with the line's number.
fn pieces(line: &str, number: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let whole = rest.take()?;
        if whole.len() <= MAX_BYTES / 2 {
            return Some((number, whole));
        }
        let (piece, more) = whole.split_at(clean::floor(whole, MAX_BYTES / 2));
        rest = (!more.is_empty()).then_some(more);
        Some((number, piece))
    })
}

impl<'a> Record<'a> {
    fn push(&mut self, line: Cow<'a, str>) {
        self.trace = match self.trace {
            _ if begins_a_trace(&line) => Trace::Open,
            Trace::Open if !line.starts_with([' ', '\t']) && !line.is_empty() => Trace::Said,
            other => other,
        };
        self.block.push(&line);
        self.parted |= line.is_empty();
        self.bytes += line.len() + 1;
        let troubled = trouble::speaks_of_it(&line);
        self.troubled |= troubled;
        self.quiet = if troubled { 0 } else { self.quiet + 1 };
        self.lines.push(line);
    }

    /// Whether the text has gone on to something else, where nothing is cut in two.
    fn drifts(&self, line: &str) -> bool {
        let inside = line.starts_with([' ', '\t', '}', ']', ')', '"', '\'']) || line.is_empty();
        self.quiet >= GAP && !inside
    }

    /// Whether a line is not part of this record any more.
    fn ends_before(&self, line: &str, stamped: bool, begins: Begins, layout: &Layout) -> bool {
        if self.bytes + line.len() > MAX_BYTES {
            return true;
        }
        match layout.form {
            Form::JsonLines => true,
            Form::Stamped => stamped && !self.is_continued_by(line),
            // A line that begins as others do is one of a log, and so is what follows it.
            Form::Prose => match begins {
                Begins::Nothing => false,
                Begins::AsOthers => !self.goes_on_with(line),
                Begins::Alone => self.repeated && !self.goes_on_with(line),
            },
        }
    }

    /// Whether a line with a time stamp of its own goes on with what the one before it began.
    fn is_continued_by(&self, line: &str) -> bool {
        let indented = line.starts_with([' ', '\t']);
        let open =
            self.lines.last().is_some_and(|last| last.trim_end().ends_with(['{', '[', '(', ',']));
        self.trace == Trace::Open
            || indented
            || open
            || line.is_empty()
            || clean::follows(line)
            || line.starts_with(['}', ']', ')', ','])
            || (self.trace == Trace::Said && clean::is_a_field(line))
    }

    /// Whether a line of a log without time stamps, which could begin a record, goes on with this one.
    fn goes_on_with(&self, line: &str) -> bool {
        let last = self.lines.iter().rfind(|line| !line.is_empty());
        let last = last.map_or("", |last| last.trim());
        let announced = last.ends_with(':') && !clean::are_alike(last, line);
        let listed = last.starts_with("* ");
        let traced = begins_a_trace(line) && (clean::follows(last) || self.is_a_troubled_line());
        let streamed = line.starts_with('{') && last.contains("\"candidates\"");
        self.trace == Trace::Open
            || self.block.depth > 0
            || announced
            || listed
            || traced
            || streamed
            || (self.trace == Trace::Said && clean::is_a_field(line))
            || self.is_answered_by(line)
    }

    /// Whether a trace may belong to it: what a program logs before it prints one.
    fn is_a_troubled_line(&self) -> bool {
        self.trace == Trace::None && self.quiet == 0
    }

    /// Whether it is an HTTP answer's head and a line the rest of it.
    fn is_answered_by(&self, line: &str) -> bool {
        let is_answer = self.lines.first().is_some_and(|first| first.starts_with("HTTP/"));
        is_answer && if self.parted { line.starts_with(['{', '[']) } else { is_a_header(line) }
    }

    /// Its text, out of frames, with wrapped lines joined.
    pub(super) fn text(&self) -> String {
        let mut lines = clean::unframe(&self.lines);
        // They stay as empty lines, so that the others keep their numbers.
        lines.iter_mut().filter(|line| is_passed(line)).for_each(String::clear);
        let mut text = lines.join("\n");
        // What pages and chats put for blanks would part words that belong together.
        if text.contains(['\u{a0}', '\u{feff}', '\u{200b}']) {
            text = text.replace('\u{a0}', " ").replace(['\u{feff}', '\u{200b}'], "");
        }
        text
    }
}

impl Block {
    /// Counts a line's brackets, if a line before it or itself has opened a block.
    fn push(&mut self, line: &str) {
        if self.depth == 0 && !line.trim_end().ends_with(['{', '[', '(']) {
            return;
        }
        let count = |marks: [u8; 3]| line.bytes().filter(|byte| marks.contains(byte)).count();
        self.depth = (self.depth + count(*b"{[(")).saturating_sub(count(*b"}])"));
        self.lines = if self.depth == 0 { 0 } else { self.lines + 1 };
        if self.lines > LONGEST_BLOCK {
            *self = Self::default();
        }
    }
}

pub(super) fn begins_a_trace(line: &str) -> bool {
    const HEAD: &str = "Traceback (most recent call last)";
    line.trim_end().strip_suffix(':').is_some_and(|line| line.ends_with(HEAD))
        || (clean::is_framed(line) && line.contains(HEAD))
}

/// `name: value` of an HTTP answer.
fn is_a_header(line: &str) -> bool {
    let name = line.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    let name = name.count();
    name > 1 && line[name..].starts_with(": ")
}

/// The line of a test that passed, whatever it is named after.
fn is_passed(line: &str) -> bool {
    const MARKS: [&str; 6] = ["✓ ", "✔ ", "PASS ", "--- PASS", "ok - ", "PASSED "];
    MARKS.iter().any(|mark| line.trim_start().starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        each(text, |record| found.push((record.first_line, record.text())));
        found
    }

    #[test]
    fn a_text_without_stamps_is_one_record() {
        assert_eq!(records("a\n\nb\r\nc"), [(1, "a\n\nb\nc".to_owned())]);
        assert_eq!(records(""), [(1, String::new())]);
    }

    #[test]
    fn a_stamp_begins_a_record_and_what_follows_belongs_to_it() {
        let text = "2026-01-02 03:04:05 INFO a\n2026-01-02 03:04:06 ERROR b\nTraceback (most recent call last):\n  File x\nE: {\n  1\n}\n2026-01-02 03:04:07 INFO c";
        let found = records(text);
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(found[1].0, 2);
        assert!(found[1].1.ends_with("  1\n}"), "{found:?}");
    }

    #[test]
    fn stamps_on_every_line_do_not_cut_what_belongs_together() {
        let lines = [
            "Run it",
            "Traceback (most recent call last):",
            "  File x",
            "Error: [reason: \"A\"",
            "domain: \"b\"",
            "metadata {",
            "  key: 1",
            "}",
            "##[error]exit 1",
        ];
        let text: Vec<String> =
            lines.iter().map(|line| format!("2026-08-17T02:44:34.7Z {line}")).collect();
        let found = records(&text.join("\n"));
        assert_eq!(found.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [1, 2, 9], "{found:?}");
    }

    #[test]
    fn every_line_of_a_json_log_is_a_record() {
        let text = "{\"ts\":1,\"msg\":\"a\"}\n{\"ts\":2,\"msg\":\"b\"}";
        assert_eq!(records(text).len(), 2);
    }

    #[test]
    fn a_record_has_an_end_whatever_the_text() {
        let text = "x".repeat(100) + "\n";
        let found = records(&text.repeat(10_000));
        assert!(found.len() > 3 && found.iter().all(|(_, text)| text.len() <= MAX_BYTES));
        let found = records(&"é".repeat(500_000));
        assert!(
            found.len() > 3 && found.iter().all(|(at, text)| *at == 1 && text.len() <= MAX_BYTES)
        );
    }
}
