//! A text cut into records: what belongs together, such as a line of a log with the stack trace under
//! it. A text that is no log is one record.
//!
//! One pass, one record in memory at a time. It knows how lines hang together, and nothing of errors.

use std::borrow::Cow;

use super::{clean, trouble};

/// A record larger than this is cut: what follows is a record of its own.
const MAX_BYTES: usize = 256 * 1024;
/// After so many lines without trouble a long text is about something else.
const GAP: usize = 60;
/// A text shorter than this is one record if nothing in it begins another.
const SHORT: usize = 16 * 1024;
/// Lines that are looked at to tell a log from other texts.
const SAMPLE: usize = 400;

/// Lines that belong together.
#[derive(Debug, Default)]
pub(super) struct Record<'a> {
    /// Its lines, without colours and time stamps.
    pub(super) lines: Vec<Cow<'a, str>>,
    /// The number of its first line, counted from 1.
    pub(super) first_line: usize,
    /// Whether a line of it speaks of trouble.
    pub(super) troubled: bool,
    bytes: usize,
    trace: Trace,
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

/// How lines of a text hang together.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    /// Every line is part of one text.
    Prose,
    /// Time stamps begin records.
    Stamped,
    /// Every line is a JSON object of a log.
    JsonLines,
}

/// Passes every record of a text on.
pub(super) fn each<'a>(text: &'a str, mut take: impl FnMut(Record<'a>)) {
    let form = form(text);
    let mut open = Record::default();
    let numbered = text.split('\n').enumerate().flat_map(|(at, raw)| pieces(raw, at));
    for (at, raw) in numbered {
        let line = clean::plain(raw);
        let stamp = if form == Form::Prose { 0 } else { stamps(&line) };
        let line = without(line, stamp);
        let drifts = form == Form::Prose && text.len() > SHORT && open.drifts(&line);
        if !open.lines.is_empty() && (drifts || open.ends_before(&line, stamp > 0, form)) {
            take(std::mem::take(&mut open));
        }
        open.push(line, at + 1);
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
        let end = (0..=whole.len().min(MAX_BYTES / 2)).rev().find(|at| whole.is_char_boundary(*at));
        let (piece, more) = whole.split_at(end.unwrap_or(whole.len()));
        rest = (!more.is_empty()).then_some(more);
        Some((number, piece))
    })
}

impl<'a> Record<'a> {
    fn push(&mut self, line: Cow<'a, str>, number: usize) {
        if self.lines.is_empty() {
            self.first_line = number;
        }
        self.trace = match self.trace {
            _ if line.contains("Traceback (most recent call last)") => Trace::Open,
            Trace::Open if !line.starts_with([' ', '\t']) && !line.is_empty() => Trace::Said,
            other => other,
        };
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
    fn ends_before(&self, line: &str, stamped: bool, form: Form) -> bool {
        if self.bytes + line.len() > MAX_BYTES {
            return true;
        }
        match form {
            Form::Prose => false,
            Form::JsonLines => true,
            Form::Stamped => stamped && !self.is_continued_by(line),
        }
    }

    /// Whether a line with a time stamp of its own goes on with what the one before it began.
    fn is_continued_by(&self, line: &str) -> bool {
        const FOLLOW: [&str; 9] = [
            "at ",
            "Caused by",
            "During handling",
            "The above exception",
            "...",
            "}",
            "]",
            ")",
            ",",
        ];
        let indented = line.starts_with([' ', '\t']);
        let open =
            self.lines.last().is_some_and(|last| last.trim_end().ends_with(['{', '[', '(', ',']));
        self.trace == Trace::Open
            || indented
            || open
            || line.is_empty()
            || FOLLOW.iter().any(|start| line.starts_with(start))
            || (self.trace == Trace::Said && is_a_field(line))
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

/// The stamps a line begins with: a collector puts its own before a program's.
fn stamps(line: &str) -> usize {
    let first = clean::stamp(line);
    if first == 0 { 0 } else { first + clean::stamp(&line[first..]) }
}

/// The line of a test that passed, whatever it is named after.
fn is_passed(line: &str) -> bool {
    const MARKS: [&str; 6] = ["✓ ", "✔ ", "PASS ", "--- PASS", "ok - ", "PASSED "];
    MARKS.iter().any(|mark| line.trim_start().starts_with(mark))
}

/// `reason: "X"`, `metadata {`: the tail of a text proto.
fn is_a_field(line: &str) -> bool {
    let name = line.bytes().take_while(|byte| byte.is_ascii_lowercase() || *byte == b'_').count();
    name > 2 && (line[name..].starts_with(": \"") || line[name..].starts_with(" {"))
}

fn without(line: Cow<'_, str>, length: usize) -> Cow<'_, str> {
    match line {
        _ if length == 0 => line,
        Cow::Borrowed(line) => Cow::Borrowed(&line[length..]),
        Cow::Owned(line) => Cow::Owned(line[length..].to_owned()),
    }
}

fn form(text: &str) -> Form {
    let sample = || text.split('\n').filter(|line| !line.trim().is_empty()).take(SAMPLE);
    let stamped = sample().filter(|line| clean::stamp(&clean::plain(line)) > 0).count();
    let objects = sample().filter(|line| is_a_log_object(line)).count();
    if objects >= 2 && objects * 2 > sample().count() {
        Form::JsonLines
    } else if stamped >= 3 {
        Form::Stamped
    } else {
        Form::Prose
    }
}

/// A whole JSON object on one line that names a time or a level.
fn is_a_log_object(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('{')
        && line.ends_with('}')
        && ["\"ts\"", "\"time", "\"@timestamp\"", "\"level\"", "\"severity\"", "\"lvl\""]
            .iter()
            .any(|name| line.contains(name))
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
