//! Reads a pasted text into clues: every error in it, out of whatever it was wrapped in.
//!
//! Lines are cleaned and gathered into records; each record is searched for error objects, then for
//! the fields of one, then for words; what stands round an error is added to it. It says what is there
//! and judges nothing: which cause that means is the catalogue's business. Pure, linear in the text,
//! with one record in memory at a time.

mod answers;
mod aside;
mod calm;
mod clean;
mod context;
mod escapes;
mod fields;
mod foreign;
mod objects;
mod records;
mod trouble;
mod words;

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use crate::facts::{
    Clue, Party, clue,
    models::{self, ModelTable},
};

use super::{
    field_path::{self, Ordered},
    matcher, outcome_words,
    pasted::Seen,
    stamp, transport_words,
};

/// What is known of the call beside the text.
pub struct Around {
    /// What was published about models.
    pub models: ModelTable,
    /// The day for which it is judged.
    pub day: String,
    /// The URL that was called.
    pub url: Option<String>,
    /// The model that was asked.
    pub model: Option<String>,
    /// The request that was sent.
    pub request: Option<Ordered>,
    /// What else the caller told, such as the key's shape.
    pub told: Vec<Clue>,
    /// What is worth saying of it.
    pub remarks: Vec<String>,
}

impl Around {
    /// Whether the caller said that the call was one of this API.
    fn is_told(&self) -> bool {
        let sdk =
            || self.told.iter().any(|clue| matches!(clue, Clue::Meta(name, _) if name == "sdk"));
        self.url.is_some() || self.model.is_some() || sdk()
    }
}

impl Default for Around {
    fn default() -> Self {
        Self {
            models: ModelTable::embedded(),
            day: models::AS_OF.to_owned(),
            url: None,
            model: None,
            request: None,
            told: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Reading {
    /// Each distinct error, in the order in which they stand in the text.
    pub errors: Vec<Seen>,
    /// Records that speak of an error and were not read in depth, because there were too many.
    pub skipped: usize,
}

/// The most distinct errors that are kept.
const MAX_ERRORS: usize = 500;
/// The most distinct errors of one record.
const MAX_PARTS: usize = 100;
/// The most distinct records that are read in depth.
const MAX_RECORDS: usize = 5000;
/// A text shorter than this is read whole, whatever its words.
const SHORT: usize = 16 * 1024;

/// One error of a record, and the lines of the record on which it stands, counted from 0.
struct Part {
    clues: Vec<Clue>,
    lines: Vec<usize>,
}

/// The clues of the first error of a text, or of its words.
pub fn read(text: &str) -> Vec<Clue> {
    let around = Around::default();
    let mut found = Vec::new();
    records::each(text, |record| {
        if found.is_empty() {
            let parts = in_record(&calm::without(&record.text()), &around);
            found = parts.into_iter().next().map(|part| part.clues).unwrap_or_default();
        }
    });
    found
}

/// Every distinct error of a text, which has a name.
pub fn errors(source: &str, text: &str, around: &Around) -> Reading {
    let mut reading = Reading::default();
    let mut known: HashMap<u64, Vec<Place>> = HashMap::new();
    let short = text.len() <= SHORT;
    records::each(text, |record| {
        if !short && !record.troubled {
            return;
        }
        let text = record.text();
        for (first_line, part) in words::apart(&text) {
            reading.take(&part, source, record.first_line + first_line, around, &mut known);
        }
    });
    reading
}

/// Where a record's errors stand: among all errors, and on which lines of such a record.
struct Place {
    error: usize,
    lines: Vec<usize>,
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

    /// Counts the errors of a record that begins on a line, and reads it if none like it was read.
    fn take(
        &mut self,
        text: &str,
        source: &str,
        first_line: usize,
        around: &Around,
        known: &mut HashMap<u64, Vec<Place>>,
    ) {
        let signature = signature(text);
        if !known.contains_key(&signature) {
            if known.len() >= MAX_RECORDS || self.errors.len() >= MAX_ERRORS {
                self.skipped += 1;
                return;
            }
            known.insert(signature, self.learn(text, source, around));
        }
        for place in &known[&signature] {
            for line in &place.lines {
                self.errors[place.error].count(first_line + line);
            }
        }
    }

    /// Adds the errors of a record that are new, and tells where all of them stand.
    fn learn(&mut self, text: &str, source: &str, around: &Around) -> Vec<Place> {
        let text: &str = &calm::without(text);
        let mut parts = in_record(text, around);
        let told = answers::without(text);
        let speaks = told.lines().any(trouble::speaks_of_it);
        parts.retain(|part| is_trouble(&part.clues) || speaks);
        // What an article says in words is its subject; where that is no known error, it is nothing.
        let is_subject = |clues: &[Clue]| clue::meta(clues, "aside").is_some();
        parts.retain(|part| {
            !is_subject(&part.clues) || !matcher::candidates(&part.clues).is_empty()
        });
        parts.into_iter().map(|part| self.place(part, text, source)).collect()
    }

    fn place(&mut self, part: Part, text: &str, source: &str) -> Place {
        let Part { clues, lines } = part;
        let known = self.errors.iter().position(|known| known.clues == clues);
        let error = known.unwrap_or_else(|| {
            let quote = quote(&clues, text);
            let source = source.to_owned();
            let (first_line, last_line, times, said_at) = (0, 0, 0, None);
            self.errors.push(Seen { clues, quote, source, first_line, last_line, times, said_at });
            self.errors.len() - 1
        });
        Place { error, lines }
    }
}

/// The errors of one record.
fn in_record(text: &str, around: &Around) -> Vec<Part> {
    let objects::Found { objects, bare } = objects::find(text);
    let mut parts: Vec<Part> = objects
        .into_iter()
        .take(MAX_PARTS)
        .map(|object| Part { clues: object.clues, lines: object.lines })
        .collect();
    // What a model wrote is no part of what went wrong.
    let told = answers::without(&bare);
    let single = parts.len() <= 1;
    if parts.is_empty() {
        let mut clues = of_words(&bare, &told, around);
        if aside::is_aside(&told) || calm::is_article(text) {
            clues.push(Clue::Meta("aside".to_owned(), String::new()));
        }
        parts.push(Part { clues, lines: Vec::new() });
    } else if single {
        add_wire(&mut parts[0].clues, &told);
    }
    let aside = single && !parts[0].clues.contains(&Clue::By(Party::Api)) && aside::is_aside(text);
    for part in &mut parts {
        if aside {
            part.clues.push(Clue::Meta("aside".to_owned(), String::new()));
        }
        if part.lines.is_empty() {
            part.lines = telling_lines(text);
        }
        let near = if single { &told } else { surroundings(&told, part.lines[0]) };
        complete(&mut part.clues, near, around);
    }
    parts
}

/// The clues of a text without an error object.
fn of_words(bare: &str, told: &str, around: &Around) -> Vec<Clue> {
    let mut clues = words::read(told);
    clues.extend(outcome_words::read(&answers::blanked(bare)));
    clues.extend(answers::clues(bare, context::asked(told, around).as_deref()));
    clues
}

/// Trouble on the wire that stands beside an error which the API did not write.
fn add_wire(clues: &mut Vec<Clue>, text: &str) {
    if !clues.contains(&Clue::By(Party::Api)) {
        clues.extend(transport_words::read(text));
    }
}

/// The text near a line: with several errors in one text, each has its own.
fn surroundings(text: &str, line: usize) -> &str {
    const BEFORE: usize = 40;
    const BEHIND: usize = 20;
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let mut starts = starts.skip(line.saturating_sub(BEFORE));
    let from = starts.next().unwrap_or(0);
    let to = starts.nth(line.min(BEFORE) + BEHIND).unwrap_or(text.len());
    &text[from..to]
}

/// Adds to the clues of an error what its surroundings tell, and whose it is.
fn complete(clues: &mut Vec<Clue>, text: &str, around: &Around) {
    let says_invalid = clue::message(clues).is_some_and(|said| said.contains("API key not valid"));
    if says_invalid && !clues.iter().any(|clue| matches!(clue, Clue::Reason(_))) {
        // The sentence has no other reason, and many clients drop the reason.
        clues.push(Clue::Reason("API_KEY_INVALID".to_owned()));
    }
    if is_trouble(clues) {
        clues.extend(context::read(text, clues, around));
        clues.extend(around.told.iter().cloned());
        clues.extend(around.request.as_ref().and_then(|request| named_field(clues, request)));
    }
    if !foreign::is_marked(text) && !around.is_told() {
        clues.push(Clue::Meta("unmarked".to_owned(), String::new()));
    }
    let in_our_form = clues.contains(&Clue::By(Party::Api));
    let service = clue::meta(clues, "service").and_then(foreign::sister);
    if let Some(author) = foreign::author(text, in_our_form).or(service) {
        clues.retain(|clue| *clue != Clue::By(Party::Api));
        clues.push(Clue::By(Party::Foreign));
        clues.push(Clue::Meta("author".to_owned(), author.to_owned()));
    }
}

/// The first counted field of an error, by its name in the request that was sent.
fn named_field(clues: &[Clue], request: &Ordered) -> Option<Clue> {
    let message = clue::message(clues).unwrap_or_default();
    let is_path = |letter: char| letter.is_ascii_alphanumeric() || "._[]".contains(letter);
    let words = message.split(|letter: char| !is_path(letter)).filter(|word| word.contains('['));
    let fields = clues.iter().filter_map(|clue| match clue {
        Clue::Meta(name, value) if name == "field" => Some(value.as_str()),
        _ => None,
    });
    let named = |path: &str| {
        let name = field_path::named(path, request)?;
        Some(Clue::Meta("named_field".to_owned(), format!("{path} is {name}")))
    };
    let paths: Vec<&str> = fields.chain(words).map(|path| path.trim_matches('.')).collect();
    let unnamed =
        || paths.first().map(|path| Clue::Meta("unnamed_field".to_owned(), (*path).to_owned()));
    paths.iter().find_map(|path| named(path)).or_else(unnamed)
}

/// Whether clues tell of something that went wrong, and not only of a text.
fn is_trouble(clues: &[Clue]) -> bool {
    let plain = |clue: &Clue| {
        matches!(clue, Clue::Message(_) | Clue::Meta(..) | Clue::LimitZero | Clue::RetryAfterMs(_))
    };
    !clues.iter().all(plain) || !matcher::candidates(clues).is_empty()
}

/// What stays the same of a record from one time to the next, so that the same error is read once: its
/// words, what may be a status, and the names of models.
fn signature(text: &str) -> u64 {
    let mut sum = DefaultHasher::new();
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| is_lasting(word)).for_each(|word| word.hash(&mut sum));
    let end = |letter: char| !letter.is_ascii_alphanumeric() && !"-.".contains(letter);
    for (at, _) in text.match_indices("gemini-") {
        text[at..].split(end).next().hash(&mut sum);
    }
    sum.finish()
}

fn is_lasting(word: &str) -> bool {
    let counts = word.bytes().any(|byte| byte.is_ascii_digit());
    let status = word.len() == 3 && word.starts_with(['4', '5']);
    !word.is_empty() && word.len() <= 40 && (!counts || status)
}

/// What to quote of an error: its message, else the line that says most.
fn quote(clues: &[Clue], text: &str) -> String {
    const LONGEST: usize = 200;
    let message = clue::message(clues).unwrap_or_default();
    let is_part = !message.trim().is_empty() && message.len() < text.len();
    let source = if is_part { message } else { telling_line(text) };
    // Bytes that were no text say nothing.
    let flat: String = source
        .chars()
        .map(|letter| if letter == '\u{fffd}' || letter.is_control() { ' ' } else { letter })
        .collect();
    let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &flat[..end]),
        None => flat,
    }
}

/// The last line that speaks of trouble, frames of a stack aside: traces end with what went wrong.
fn telling_line(text: &str) -> &str {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let is_frame = |line: &&str| line.trim_start().starts_with("at ");
    let troubled = || text.lines().filter(|line| trouble::speaks_of_it(line) && !is_frame(line));
    let whole = troubled().rfind(|line| !line.starts_with([' ', '\t']));
    whole.or_else(|| troubled().next_back()).or_else(|| lines.next()).unwrap_or_default()
}

/// The lines on which the telling one stands, counted from 0, however its counters differ.
fn telling_lines(text: &str) -> Vec<usize> {
    let telling = signature(telling_line(text));
    let same = |line: &&str| trouble::speaks_of_it(line) && signature(line) == telling;
    let lines: Vec<usize> =
        text.lines().enumerate().filter(|(_, line)| same(line)).map(|(at, _)| at).collect();
    if lines.is_empty() { vec![0] } else { lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_counted_and_placed() {
        let text = "2026-01-02 03:04:05 INFO a\n\
            2026-01-02 03:04:06 ERROR 503 UNAVAILABLE. {'error': {'code': 503, 'status': 'UNAVAILABLE', 'message': 'No.'}}\n\
            2026-01-02 03:04:07 INFO a\n\
            2026-01-02 03:05:06 ERROR 503 UNAVAILABLE. {'error': {'code': 503, 'status': 'UNAVAILABLE', 'message': 'No.'}}\n";
        let reading = errors("a log", text, &Around::default());
        let seen = reading.errors.iter().find(|seen| seen.times == 2).expect("counted twice");
        assert_eq!((seen.first_line, seen.last_line, seen.quote.as_str()), (2, 4, "No."));
    }

    #[test]
    fn a_quote_holds_no_terminal_sequence_that_json_hid() {
        let text =
            r#"{"error":{"code":503,"message":"no \u001b]8;; room","status":"UNAVAILABLE"}}"#;
        let reading = errors("a text", text, &Around::default());
        assert_eq!(reading.errors[0].quote, "no ]8;; room");
    }

    #[test]
    fn limits_are_read_from_plain_words_too() {
        assert!(read("Quota exceeded, limit: 0, model: x").contains(&Clue::LimitZero));
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for text in [
            "[",
            "{",
            "{'",
            "{'a':",
            "[{\"error\":",
            "429 ",
            "finish_reason ",
            "\u{feff}é",
            "message: \"",
            "\\\"",
            "| x |\n",
            "\u{1b}[",
        ] {
            let clues = read(&text.repeat(20_000));
            assert!(clues.iter().any(|clue| matches!(clue, Clue::Message(_))), "{text}");
        }
    }
}
