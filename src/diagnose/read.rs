//! Reads a pasted text into clues: the error object in it, its status line, its words.

use crate::facts::{Clue, Party, error_body};

use super::transport_words;

/// The clues of a text.
pub fn read(text: &str) -> Vec<Clue> {
    let mut clues = find_object(text);
    if clues.is_empty() {
        clues.extend(transport_words::read(text));
        clues.extend(status_line(text));
        clues.push(Clue::Message(text.to_owned()));
    } else {
        clues.push(Clue::By(Party::Api));
    }
    clues
}

/// The first error object that parses, wherever in the text it begins.
fn find_object(text: &str) -> Vec<Clue> {
    let starts = text.char_indices().filter(|(_, character)| matches!(character, '{' | '['));
    starts
        .take(64)
        .filter_map(|(start, _)| first_value(&text[start..]))
        .map(|value| error_body::read_value(&value))
        .find(|clues| !clues.is_empty())
        .unwrap_or_default()
}

/// The JSON value a text begins with, whatever follows it.
fn first_value(text: &str) -> Option<serde_json::Value> {
    serde_json::Deserializer::from_str(text).into_iter().next()?.ok()
}

/// `HTTP/1.1 403 Forbidden`, `404 NOT_FOUND`, `[503 Service Unavailable]`.
fn status_line(text: &str) -> Vec<Clue> {
    let words: Vec<&str> = text
        .split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .filter(|word| !word.is_empty())
        .collect();
    words.windows(2).find_map(|pair| status_pair(pair[0], pair[1])).unwrap_or_default()
}

fn status_pair(number: &str, word: &str) -> Option<Vec<Clue>> {
    let status: u16 = number.parse().ok().filter(|status| (400..600).contains(status))?;
    let is_rpc =
        word.len() > 3 && word.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_');
    let rpc = is_rpc.then(|| Clue::Rpc(word.to_owned()));
    (is_rpc || word.starts_with(char::is_uppercase))
        .then(|| [Some(Clue::Status(status)), rpc].into_iter().flatten().collect())
}
