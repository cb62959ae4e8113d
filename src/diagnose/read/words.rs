//! What plain words say of a failure: a status beside the words that name it, an RPC status, trouble
//! on the wire, how an answer ended. It judges nothing.

use serde_json::json;

use crate::facts::{Clue, error_body};

use super::super::{outcome_words, transport_words, web_page};

/// The longest text that stands as a message: what matters is quoted, not told at length.
const LONGEST_MESSAGE: usize = 16 * 1024;

/// The clues of a text that holds no error object.
pub(super) fn read(text: &str) -> Vec<Clue> {
    let mut clues = transport_words::read(text);
    clues.extend(web_page::party(text).map(Clue::By));
    clues.extend(status(text));
    clues.extend(outcome_words::read(text));
    let end = (0..=text.len().min(LONGEST_MESSAGE)).rev().find(|at| text.is_char_boundary(*at));
    let message = &text[..end.unwrap_or(0)];
    clues.extend(error_body::read_value(&json!({ "error": message })));
    clues
}

/// `HTTP/1.1 403 Forbidden`, `404 NOT_FOUND`, `[503 Service Unavailable]`, `status: 429`, and an RPC
/// status by itself: `(Status: UNAUTHENTICATED)`, `code = Unavailable`.
pub(super) fn status(text: &str) -> Vec<Clue> {
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || matches!(letter, '=' | '(' | ')' | ','))
        .filter(|word| !word.is_empty())
        .collect();
    let mut clues = (0..words.len()).find_map(|at| status_at(&words, at)).unwrap_or_default();
    if !clues.iter().any(|clue| matches!(clue, Clue::Rpc(_))) {
        clues.extend((0..words.len()).find_map(|at| rpc_at(&words, at)).map(Clue::Rpc));
    }
    clues
}

/// The status at one word, if the word before or after it shows that it is one.
fn status_at(words: &[&str], at: usize) -> Option<Vec<Clue>> {
    let (number, digits) = number(words[at]);
    let status: u16 = digits.parse().ok().filter(|status| (300..600).contains(status))?;
    let named = at > 0 && names_a_status(words[at - 1]);
    let next = if number == digits { words.get(at + 1).copied().unwrap_or_default() } else { "" };
    let rpc = rpc(bare(next)).map(Clue::Rpc);
    (named || is_phrase_of(status, bare(next)) || rpc.is_some())
        .then(|| [Some(Clue::Status(status)), rpc].into_iter().flatten().collect())
}

/// A word without what stands before its number, and its number.
fn number(word: &str) -> (&str, &str) {
    let number = word.trim_start_matches(['[', '"', '\'', ':', '<', '>', '-']);
    (number, number.trim_end_matches(|letter: char| !letter.is_ascii_digit()))
}

fn bare(word: &str) -> &str {
    word.trim_matches(|letter: char| !letter.is_ascii_alphanumeric())
}

fn names_a_status(word: &str) -> bool {
    let lower = bare(word).to_ascii_lowercase();
    ["status", "code", "statuscode", "status_code", "error", "http", "http_status"]
        .contains(&lower.as_str())
        || lower.starts_with("http/")
}

/// Whether a word begins the phrase that HTTP has for a status, or some such phrase of a client's.
fn is_phrase_of(status: u16, word: &str) -> bool {
    let known = http::StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason());
    let first = known.and_then(|phrase| phrase.split(' ').next()).unwrap_or_default();
    !word.is_empty() && (word.eq_ignore_ascii_case(first) || word.starts_with(char::is_uppercase))
}

/// An RPC status that stands alone: in capitals where nobody shouts it by chance, else after a name.
fn rpc_at(words: &[&str], at: usize) -> Option<String> {
    let word = bare(words[at]);
    let named = at > 0
        && ["status", "code", "statuscode"]
            .contains(&bare(words[at - 1]).to_ascii_lowercase().as_str());
    let found = rpc(word)?;
    let telling =
        found.contains('_') || matches!(found.as_str(), "UNAVAILABLE" | "UNAUTHENTICATED");
    let capitals = is_constant(word.rsplit('.').next().unwrap_or(word));
    (named || (telling && capitals)).then_some(found)
}

/// The statuses of gRPC and of the API.
const RPC: &[&str] = &[
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// The RPC status a word names: `NOT_FOUND`, `StatusCode.NOT_FOUND`, `NotFound`.
pub(super) fn rpc(word: &str) -> Option<String> {
    let word = word.rsplit('.').next().unwrap_or(word);
    let letters = |text: &str| text.bytes().filter(|byte| *byte != b'_').collect::<Vec<u8>>();
    let plain = letters(word);
    let known = RPC.iter().find(|known| letters(known).eq_ignore_ascii_case(&plain))?;
    let lower = word.starts_with(|letter: char| letter.is_ascii_lowercase());
    (!lower).then(|| (*known).to_owned())
}

/// Whether a word is a machine's: capitals, digits and underscores.
pub(super) fn is_constant(word: &str) -> bool {
    word.len() > 3
        && word
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && word.starts_with(|letter: char| letter.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_a_number_that_its_neighbours_name() {
        for (text, expected) in [
            ("HTTP/1.1 403 Forbidden", Some(403)),
            ("HTTP/2 504 \r\nserver: x", Some(504)),
            ("[503 Service Unavailable] The model", Some(503)),
            ("returned error: 502", Some(502)),
            ("status_code=402, reason", Some(402)),
            ("-> 404 Not Found (no JSON body)", Some(404)),
            ("404 status code (no body)", None),
            ("port=443): Max retries exceeded", None),
            ("took 450 ms", None),
            ("GET /healthz 500ms", None),
        ] {
            let found = status(text).into_iter().find_map(|clue| match clue {
                Clue::Status(status) => Some(status),
                _ => None,
            });
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn rpc_statuses_are_read_in_every_spelling() {
        for (text, expected) in [
            ("404 NOT_FOUND. gone", Some("NOT_FOUND")),
            ("status = StatusCode.INVALID_ARGUMENT", Some("INVALID_ARGUMENT")),
            ("rpc error: code = Unavailable desc = no", Some("UNAVAILABLE")),
            ("[API Error: no (Status: UNAUTHENTICATED)]", Some("UNAUTHENTICATED")),
            ("Code: InvalidArgument", Some("INVALID_ARGUMENT")),
            ("INTERNAL use only", None),
            ("the page is unavailable", None),
        ] {
            let found = status(text).into_iter().find_map(|clue| match clue {
                Clue::Rpc(word) => Some(word),
                _ => None,
            });
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
