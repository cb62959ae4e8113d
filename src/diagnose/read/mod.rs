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
mod gather;
mod layout;
mod objects;
mod passed;
mod quotes;
mod records;
mod statements;
mod trouble;
mod words;

use crate::facts::{
    Clue, Party, clue,
    models::{self, ModelTable},
};

use super::{
    field_path::{self, Ordered},
    matcher, outcome_words, transport_words,
};

pub use self::gather::{Reading, errors};

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

/// The most distinct errors of one record.
const MAX_PARTS: usize = 100;

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
        // An error without a line of its own is alone.
        let line = part.lines.first().filter(|_| !single);
        let near = line.map_or(told.as_ref(), |line| surroundings(&told, *line));
        complete(&mut part.clues, near, around);
        if part.lines.is_empty() {
            part.lines = quotes::telling_lines(text, &part.clues);
        }
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
    let unnamed = || {
        let first = paths.first().filter(|path| !field_path::has_place_for(path, request))?;
        Some(Clue::Meta("unnamed_field".to_owned(), (*first).to_owned()))
    };
    paths.iter().find_map(|path| named(path)).or_else(unnamed)
}

/// Whether clues tell of something that went wrong, and not only of a text.
fn is_trouble(clues: &[Clue]) -> bool {
    let plain = |clue: &Clue| {
        matches!(clue, Clue::Message(_) | Clue::Meta(..) | Clue::LimitZero | Clue::RetryAfterMs(_))
    };
    !clues.iter().all(plain) || !matcher::candidates(clues).is_empty()
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
