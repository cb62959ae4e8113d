//! Every distinct error of a text once, with how often and where. A record that differs from one that was
//! read only in its numbers is counted, and not read again.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use crate::facts::{Clue, clue};

use super::{
    super::{matcher, pasted::Seen, stamp},
    Around, Part, answers, calm, foreign, in_record, is_trouble, passed, quotes,
    records::{self, Record},
    statements, trouble,
};

/// The most distinct errors that are kept, and as many again that speak of trouble in words of their own.
const MAX_ERRORS: usize = 500;
/// The most distinct records that are read in depth, and as many again of the same kind.
const MAX_RECORDS: usize = 2500;
/// A text shorter than this is read whole, whatever its words.
const SHORT: usize = 16 * 1024;

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Reading {
    /// Each distinct error, in the order in which they stand in the text.
    pub errors: Vec<Seen>,
    /// Records that speak of an error and were not read in depth, because there were too many.
    pub skipped: usize,
    /// Whether a mark of the provider's API stands anywhere in the text. Looked for only where an
    /// error has none.
    pub marked: bool,
}

impl Reading {
    /// Adds when the errors were written last, from the text that they were read in.
    pub fn date(&mut self, text: &str) {
        let mut lines: Vec<usize> = self.errors.iter().map(|seen| seen.last_line).collect();
        lines.sort_unstable();
        lines.dedup();
        if lines.is_empty() {
            return;
        }
        let times = stamp::of_lines(text, &lines);
        for seen in &mut self.errors {
            seen.said_at = lines.binary_search(&seen.last_line).ok().and_then(|at| times[at]);
        }
    }

    /// Counts lines from the beginning of a text of which only the end was read.
    #[must_use]
    pub fn behind(mut self, lines: usize) -> Self {
        self.errors.iter_mut().for_each(|seen| seen.move_down(lines));
        self
    }
}

/// Every distinct error of a text, which has a name.
pub fn errors(source: &str, text: &str, around: &Around) -> Reading {
    let mut gatherer = Gatherer::new(source, around);
    let short = text.len() <= SHORT;
    records::each(text, |record| {
        if short || record.troubled {
            gatherer.take(&record);
        }
    });
    let mut reading = gatherer.reading;
    passed::mark(&mut reading.errors, text);
    let unmarked = |seen: &Seen| clue::meta(&seen.clues, "unmarked").is_some();
    reading.marked = !reading.errors.iter().any(unmarked) || foreign::is_marked(text);
    reading
}

/// Where a record's errors stand: among all errors, and on which lines of such a record.
#[derive(Clone)]
struct Place {
    error: usize,
    lines: Vec<usize>,
}

/// What was read so far.
struct Gatherer<'a> {
    source: &'a str,
    around: &'a Around,
    reading: Reading,
    /// The places of records that were read, by what stays the same of such a record.
    known: HashMap<u64, Vec<Place>>,
    /// The words of trouble that were read.
    heard: HashSet<u64>,
    /// The places of errors by what stays the same of such an error.
    places: HashMap<u64, usize>,
}

impl<'a> Gatherer<'a> {
    fn new(source: &'a str, around: &'a Around) -> Self {
        Self {
            source,
            around,
            reading: Reading::default(),
            known: HashMap::new(),
            heard: HashSet::new(),
            places: HashMap::new(),
        }
    }

    /// Counts the errors of a record, and reads it if none like it was read.
    fn take(&mut self, record: &Record<'_>) {
        let signature = signature(record.lines.iter().map(Cow::as_ref));
        if !self.known.contains_key(&signature) {
            if !self.has_room_for(record) {
                self.reading.skipped += 1;
                return;
            }
            let text = record.text();
            let places: Vec<Place> = statements::apart(&text)
                .into_iter()
                .flat_map(|(first, statement)| self.learn(&statement, first))
                .collect();
            self.known.insert(signature, places);
        }
        for place in &self.known[&signature] {
            for line in &place.lines {
                self.reading.errors[place.error].count(record.first_line + line);
            }
        }
    }

    /// Whether a record may be read: behind many others only one that speaks of another trouble, so
    /// that no flood hides it.
    fn has_room_for(&mut self, record: &Record<'_>) -> bool {
        let new = self.heard.insert(trouble_of(record));
        let times = if new { 2 } else { 1 };
        self.known.len() < MAX_RECORDS * times && self.reading.errors.len() < MAX_ERRORS * times
    }

    /// Adds the errors of a statement that are new, and tells where all of them stand.
    fn learn(&mut self, text: &str, first_line: usize) -> Vec<Place> {
        // A record may hold one statement thousands of times.
        let signature = signature([text]);
        if let Some(places) = self.known.get(&signature) {
            return moved(places, first_line);
        }
        let text: &str = &calm::without(text);
        let mut parts = in_record(text, self.around);
        let told = answers::without(text);
        let speaks = told.lines().any(trouble::speaks_of_it);
        parts.retain(|part| is_trouble(&part.clues) || speaks);
        // What an article says in words is its subject; where that is no known error, it is nothing.
        let is_subject = |clues: &[Clue]| clue::meta(clues, "aside").is_some();
        parts.retain(|part| {
            !is_subject(&part.clues) || !matcher::candidates(&part.clues).is_empty()
        });
        let places: Vec<Place> = parts.into_iter().map(|part| self.place(part, text)).collect();
        let here = moved(&places, first_line);
        self.known.insert(signature, places);
        here
    }

    fn place(&mut self, part: Part, text: &str) -> Place {
        let Part { clues, lines } = part;
        let errors = &mut self.reading.errors;
        let source = self.source;
        let error = *self.places.entry(identity(&clues)).or_insert_with(|| {
            let quote = quotes::quote(&clues, text);
            let source = source.to_owned();
            let (first_line, last_line, times, said_at) = (0, 0, 0, None);
            errors.push(Seen { clues, quote, source, first_line, last_line, times, said_at });
            errors.len() - 1
        });
        Place { error, lines }
    }
}

/// The same places further down.
fn moved(places: &[Place], by: usize) -> Vec<Place> {
    let down = |place: &Place| Place {
        error: place.error,
        lines: place.lines.iter().map(|line| line + by).collect(),
    };
    places.iter().map(down).collect()
}

/// What stays the same of lines from one time to the next: their words, what may be a status, the names
/// of models, and where lines end.
pub(super) fn signature<'t>(lines: impl IntoIterator<Item = &'t str>) -> u64 {
    let mut sum = Sum::default();
    for line in lines {
        sum.add_words(line, trouble::is_alone);
        sum.breaks += 1;
    }
    sum.sum
}

/// What stays the same of a message, in which a number is a count if nothing calls it a status.
fn wording(message: &str) -> u64 {
    let mut sum = Sum::default();
    sum.add_words(message, trouble::may_be_a_status);
    sum.sum
}

/// What stays the same of an error: all but the numbers in its message and how long to wait.
fn identity(clues: &[Clue]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for clue in clues {
        match clue {
            Clue::RetryAfterMs(_) => {}
            Clue::Message(text) => wording(text).hash(&mut hasher),
            other => format!("{other:?}").hash(&mut hasher),
        }
    }
    hasher.finish()
}

/// The words of trouble in a record.
fn trouble_of(record: &Record<'_>) -> u64 {
    let mut sum = Sum::default();
    for line in &record.lines {
        trouble::heard(line).for_each(|(_, word)| sum.add(word.as_bytes()));
    }
    sum.sum
}

/// A sum over words. It need not withstand anybody: who makes two texts alike gets them counted as one.
#[derive(Default)]
struct Sum {
    sum: u64,
    /// Line breaks since the last word; those at the end do not count.
    breaks: u64,
}

impl Sum {
    fn add(&mut self, word: &[u8]) {
        let start = self.sum.wrapping_add(std::mem::take(&mut self.breaks)) ^ 0xcbf2_9ce4_8422_2325;
        let sum = word
            .iter()
            .fold(start, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
        self.sum = (sum ^ (sum >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9).rotate_left(17);
    }

    fn add_words(&mut self, text: &str, is_status: fn(&[u8], usize) -> bool) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let length = bytes[at..].iter().take_while(|byte| is_letter(**byte)).count();
            let word = &bytes[at..at + length];
            let is_status = |word: &[u8]| word.len() == 3 && is_status(bytes, at);
            if is_lasting(word, is_status) {
                self.add(word);
            }
            at += length;
            if (word == b"gemini" && bytes.get(at) == Some(&b'-'))
                || (word == b"models" && bytes.get(at) == Some(&b'/'))
            {
                let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-.".contains(byte);
                let name = bytes[at + 1..].iter().take_while(is_part).count();
                self.add(&bytes[at + 1..at + 1 + name]);
                at += name;
            }
            // Line breaks within a text count as those between lines.
            self.breaks += u64::from(bytes.get(at) == Some(&b'\n'));
            at += 1;
        }
    }
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

fn is_lasting(word: &[u8], is_status: impl FnOnce(&[u8]) -> bool) -> bool {
    let counts = word.iter().any(u8::is_ascii_digit);
    let status = || matches!(word.first(), Some(b'4' | b'5')) && is_status(word);
    (1..=40).contains(&word.len()) && (!counts || status())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_where_a_text_begins() {
        let reading = errors("a log", "x\nerror: 503 UNAVAILABLE\n", &Around::default()).behind(70);
        assert_eq!((reading.errors[0].first_line, reading.errors[0].last_line), (72, 72));
    }

    #[test]
    fn numbers_make_no_other_error_but_statuses_and_names_do() {
        let same = |one: &str, other: &str| signature([one]) == signature([other]);
        assert!(same("Please retry in 23.57s.", "Please retry in 1.1s."));
        assert!(same("wait 503.25 s", "wait 1.5 s") && same("took 467ms", "took 3ms"));
        assert!(!same("error: 503 no", "error: 404 no"));
        assert!(!same("models/build-1-a", "models/build-2-a"));
        assert!(!same("gemini-2.5-pro", "gemini-3.5-pro"));
        assert!(!same("a\nb", "a b") && same("a\nb\n\n", "a\nb"));
        assert_eq!(signature(["a", "b"]), signature(["a\nb"]));
        assert_eq!(wording("attempt 404: 503 no"), wording("attempt 7: 503 no"));
        assert_ne!(wording("got 404 from it"), wording("got 503 from it"));
    }
}
