//! Reads a pasted text into clues: every error in it, out of whatever it was wrapped in.
//!
//! Lines are cleaned and gathered into records; each record is searched for error objects, then for
//! the fields of one, then for words; what stands round an error is added to it. It says what is there
//! and judges nothing: which cause that means is the catalogue's business. Pure, linear in the text,
//! with one record in memory at a time.

mod answers;
mod clean;
mod context;
mod escapes;
mod fields;
mod foreign;
mod objects;
mod records;
mod trouble;
mod words;

use std::collections::HashMap;

use crate::facts::{
    Clue, Party, clue,
    models::{self, ModelTable},
};

use super::{
    field_path::{self, Ordered},
    matcher, outcome_words,
    pasted::Seen,
    transport_words,
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

/// The most distinct errors that are read in depth.
const MAX_ERRORS: usize = 2000;
/// A text shorter than this is read whole, whatever its words.
const SHORT: usize = 16 * 1024;

/// The clues of the first error of a text, or of its words.
pub fn read(text: &str) -> Vec<Clue> {
    let around = Around::default();
    let mut found = Vec::new();
    records::each(text, |record| {
        if found.is_empty() {
            found = in_record(&record.text(), &around).into_iter().next().unwrap_or_default();
        }
    });
    found
}

/// Every distinct error of a text, which has a name.
pub fn errors(source: &str, text: &str, around: &Around) -> Reading {
    let mut reading = Reading::default();
    let mut known: HashMap<String, Vec<usize>> = HashMap::new();
    let short = text.len() <= SHORT;
    records::each(text, |record| {
        if !short && !record.lines.iter().any(|line| trouble::speaks_of_it(line)) {
            return;
        }
        let text = record.text();
        let line = record.first_line;
        let places = match known.get(&signature(&text)) {
            Some(places) => places.clone(),
            None if known.len() >= MAX_ERRORS => {
                reading.skipped += 1;
                return;
            }
            None => {
                let mut found = in_record(&text, around);
                found.retain(|clues| is_trouble(clues) || trouble::speaks_of_it(&text));
                let places = reading.learn(found, source, &text, line);
                known.insert(signature(&text), places.clone());
                places
            }
        };
        for place in places {
            reading.errors[place].count(line);
        }
    });
    reading
}

impl Reading {
    /// Adds the errors that are new, and tells where all of them stand.
    fn learn(
        &mut self,
        found: Vec<Vec<Clue>>,
        source: &str,
        text: &str,
        line: usize,
    ) -> Vec<usize> {
        let mut places = Vec::new();
        for clues in found {
            let place = self.errors.iter().position(|known| known.clues == clues);
            places.push(place.unwrap_or_else(|| {
                let quote = quote(&clues, text);
                self.errors.push(Seen {
                    clues,
                    quote,
                    source: source.to_owned(),
                    first_line: line,
                    last_line: line,
                    times: 0,
                });
                self.errors.len() - 1
            }));
        }
        places
    }
}

/// The errors of one record.
fn in_record(text: &str, around: &Around) -> Vec<Vec<Clue>> {
    let mut objects = objects::find(text);
    objects.objects.sort_by_key(|object| object.at);
    let bare = objects.bare;
    let mut found: Vec<Vec<Clue>> =
        objects.objects.into_iter().map(|object| object.clues).collect();
    for clues in &mut found {
        if !clues.contains(&Clue::By(Party::Api)) {
            clues.extend(transport_words::read(&bare));
        }
    }
    if found.is_empty() {
        found.push(words::read(&answers::without(&bare)));
        found[0].extend(outcome_words::read(&bare));
    }
    for clues in &mut found {
        if is_trouble(clues) {
            clues.extend(context::read(&bare, clues, around));
            clues.extend(around.told.iter().cloned());
            clues.extend(around.request.as_ref().and_then(|request| named_field(clues, request)));
        }
        let in_our_form = clues.contains(&Clue::By(Party::Api));
        if let Some(author) = foreign::author(text, in_our_form) {
            clues.retain(|clue| *clue != Clue::By(Party::Api));
            clues.push(Clue::By(Party::Foreign));
            clues.push(Clue::Meta("author".to_owned(), author.to_owned()));
        }
    }
    found
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
        let path = path.trim_matches('.');
        let name = field_path::named(path, request)?;
        Some(Clue::Meta("named_field".to_owned(), format!("{path} is {name}")))
    };
    fields.chain(words).find_map(named)
}

/// Whether clues tell of something that went wrong, and not only of a text.
fn is_trouble(clues: &[Clue]) -> bool {
    let plain =
        |clue: &Clue| matches!(clue, Clue::Message(_) | Clue::LimitZero | Clue::RetryAfterMs(_));
    !clues.iter().all(plain) || !matcher::candidates(clues).is_empty()
}

/// A record without what differs from one time to the next, so that the same error reads the same: its
/// words, what may be a status, and the names of models.
fn signature(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(2048));
    for word in text.split(|letter: char| !letter.is_alphanumeric()).take(400) {
        if is_lasting(word) {
            out.push_str(word);
            out.push(' ');
        }
    }
    let models = text.match_indices("gemini-").take(4).map(|(at, _)| &text[at..]);
    let end = |letter: char| !letter.is_ascii_alphanumeric() && !"-.".contains(letter);
    out.extend(models.filter_map(|name| name.split(end).next()));
    out
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
    let source = if message.len() < text.len() { message } else { telling_line(text) };
    let flat = source.split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &flat[..end]),
        None => flat,
    }
}

/// The last line that speaks of trouble: stack traces end with what went wrong.
fn telling_line(text: &str) -> &str {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let troubled = text.lines().rfind(|line| trouble::speaks_of_it(line));
    troubled.or_else(|| lines.next()).unwrap_or_default()
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
