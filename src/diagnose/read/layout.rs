//! What shows the records of a text: labels, time stamps, objects on lines of their own, lines that begin
//! alike. It looks at how lines begin, and knows nothing of errors.

use std::{
    borrow::Cow,
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use super::clean;

/// Lines that are looked at to tell a log from other texts.
const SAMPLE: usize = 400;
/// How much of a line is its beginning.
const BEGINNING: usize = 160;
/// So many lines that begin alike are those of a log.
const ALIKE: u32 = 3;
/// The most beginnings that are counted.
const MAX_BEGINNINGS: usize = 1 << 16;

/// How lines of a text hang together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    /// Every line is part of one text, but for those that begin alike.
    Prose,
    /// Time stamps begin records.
    Stamped,
    /// Every line is a JSON object of a log.
    JsonLines,
}

/// What a line can begin, by the way in which it begins itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Begins {
    /// Nothing: it is indented, a bracket, a point of a list.
    Nothing,
    /// A record, if what stands before it is one line of a log.
    Alone,
    /// A record: others begin in the same way.
    AsOthers,
}

/// The layout of a text.
pub(super) struct Layout {
    pub(super) form: Form,
    labelled: bool,
    beginnings: HashMap<u64, u32>,
}

impl Layout {
    /// Looks at a text.
    pub(super) fn of(text: &str) -> Self {
        let sample: Vec<Cow<'_, str>> = text
            .split('\n')
            .filter(|line| !line.trim().is_empty())
            .take(SAMPLE)
            .map(clean::plain)
            .collect();
        let label = |line: &str| clean::label_of_a_source(line) > 0;
        let is_labelled = |line: &&Cow<'_, str>| label(line) || label(&line[stamps(line)..]);
        let labels = sample.iter().filter(is_labelled).count();
        let labelled = labels >= 3 && labels * 2 >= sample.len();
        let form = form(&sample, labelled);
        let mut layout = Self { form, labelled, beginnings: HashMap::new() };
        if form == Form::Prose {
            layout.count(text);
        }
        layout
    }

    fn count(&mut self, text: &str) {
        for line in text.split('\n') {
            let (line, _) = self.bare(&line[..clean::floor(line, BEGINNING)]);
            let Some(beginning) = beginning(&line) else { continue };
            if self.beginnings.len() < MAX_BEGINNINGS || self.beginnings.contains_key(&beginning) {
                *self.beginnings.entry(beginning).or_default() += 1;
            }
        }
    }

    /// A line without colours, label and time stamp, and whether it had one.
    pub(super) fn bare<'a>(&self, raw: &'a str) -> (Cow<'a, str>, bool) {
        let line = clean::plain(raw);
        let label = self.label(&line);
        let stamp = if self.form == Form::Prose { 0 } else { stamps(&line[label..]) };
        // Some write the label behind the stamp.
        let more = if stamp > 0 && label == 0 { self.label(&line[stamp..]) } else { 0 };
        (without(line, label + stamp + more), stamp > 0)
    }

    fn label(&self, line: &str) -> usize {
        if self.labelled { clean::label_of_a_source(line) } else { 0 }
    }

    /// What a bare line begins.
    pub(super) fn begins(&self, line: &str) -> Begins {
        if self.form != Form::Prose {
            return Begins::Nothing;
        }
        // As much of it as was counted.
        match beginning(&line[..clean::floor(line, BEGINNING)]) {
            None => Begins::Nothing,
            Some(beginning) if self.is_common(beginning) => Begins::AsOthers,
            Some(_) => Begins::Alone,
        }
    }

    fn is_common(&self, beginning: u64) -> bool {
        self.beginnings.get(&beginning).is_some_and(|times| *times >= ALIKE)
    }
}

fn form(sample: &[Cow<'_, str>], labelled: bool) -> Form {
    let bare = |line: &'_ str| if labelled { clean::label_of_a_source(line) } else { 0 };
    let stamped = sample.iter().filter(|line| stamps(&line[bare(line)..]) > 0).count();
    let objects = sample.iter().filter(|line| is_a_log_object(&line[bare(line)..])).count();
    if objects >= 2 && objects * 2 > sample.len() {
        Form::JsonLines
    } else if stamped >= 3 || (stamped == 2 && sample.len() == 2) {
        Form::Stamped
    } else {
        Form::Prose
    }
}

/// The stamps a line begins with: a collector puts its own before a program's.
fn stamps(line: &str) -> usize {
    let first = clean::stamp(line);
    if first == 0 { 0 } else { first + clean::stamp(&line[first..]) }
}

fn without(line: Cow<'_, str>, length: usize) -> Cow<'_, str> {
    match line {
        _ if length == 0 => line,
        Cow::Borrowed(line) => Cow::Borrowed(&line[length..]),
        Cow::Owned(line) => Cow::Owned(line[length..].to_owned()),
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

/// The first two words of a line that can begin a record, numbers aside; a level alone stands for both.
fn beginning(line: &str) -> Option<u64> {
    let first = line.bytes().next()?;
    let may = first.is_ascii_alphanumeric() || b"[{#!(".contains(&first) || first >= 0x80;
    let goes_on = clean::is_framed(line) || clean::follows(line) || clean::is_a_field(line);
    if !may || goes_on || line.starts_with("{\"candidates\"") {
        return None;
    }
    let mut words =
        line.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    let first = words.next()?;
    let second = if is_a_level(first) { None } else { words.next() };
    let mut sum = DefaultHasher::new();
    (first, second).hash(&mut sum);
    Some(sum.finish())
}

fn is_a_level(word: &str) -> bool {
    ["TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"]
        .contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_begin_alike_are_those_of_a_log() {
        let layout =
            Layout::of("worker 1 did it\nworker 2 did it\nworker 3 did it\nworker: no\n  x\n}");
        assert_eq!(layout.begins("worker 12 did it"), Begins::AsOthers);
        assert_eq!(layout.begins("worker: no"), Begins::Alone);
        for line in ["  x", "}", "", "* a point", "│ worker did", "at worker did", "data: {}"] {
            assert_eq!(layout.begins(line), Begins::Nothing, "{line}");
        }
    }

    #[test]
    fn labels_stand_before_stamps_and_behind_them() {
        for line in ["[app-1] | 2026-01-02T03:04:05Z boom", "12:01:02 web.1  | boom", "app  | boom"]
        {
            let layout = Layout::of(&[line; 3].join("\n"));
            assert_eq!(layout.bare(line).0, "boom", "{line}");
        }
    }
}
