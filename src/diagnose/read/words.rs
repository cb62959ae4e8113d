//! What plain words say of a failure: a status beside the words that name it, an RPC status, trouble
//! on the wire. It judges nothing.

use serde_json::json;

use crate::facts::{Clue, error_body};

use super::super::{transport_words, web_page};

/// The longest text that stands as a message: what matters is quoted, not told at length.
const LONGEST_MESSAGE: usize = 16 * 1024;

/// The clues of a text that holds no error object.
pub(super) fn read(text: &str) -> Vec<Clue> {
    let mut clues = transport_words::read(text);
    clues.extend(web_page::party(text).map(Clue::By));
    clues.extend(status(text));
    clues.extend(lone_reason(text).or_else(|| reason_behind_a_status(text)).map(Clue::Reason));
    let end = (0..=text.len().min(LONGEST_MESSAGE)).rev().find(|at| text.is_char_boundary(*at));
    let message = &text[..end.unwrap_or(0)];
    clues.extend(error_body::read_value(&json!({ "error": message })));
    clues
}

/// A reason that has a line to itself, as in a summary that somebody typed.
fn lone_reason(text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| is_reason(line)).map(str::to_owned)
}

/// `400 API_KEY_INVALID`: a reason that stands where others have a status's phrase.
fn reason_behind_a_status(text: &str) -> Option<String> {
    let spaced = text.replace(['=', '(', ')', ',', '"', ';', '|'], " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let behind = (1..words.len()).filter(|at| status_at(&words, at - 1).is_some());
    let mut reasons = behind.map(|at| bare(words[at])).filter(|word| is_reason(word));
    reasons.next().map(str::to_owned)
}

fn is_reason(word: &str) -> bool {
    is_constant(word) && word.len() > 8 && word.contains('_') && rpc(word).is_none()
}

/// `HTTP/1.1 403 Forbidden`, `404 NOT_FOUND`, `[503 Service Unavailable]`, `status: 429`, and an RPC
/// status by itself: `(Status: UNAUTHENTICATED)`, `code = Unavailable`.
pub(super) fn status(text: &str) -> Vec<Clue> {
    let spaced = text.replace(['=', '(', ')', ',', '"', ';', '|'], " ");
    let mut words: Vec<&str> = spaced.split_whitespace().collect();
    if words.len() == 1 {
        // A number that is the whole text can be nothing else.
        words.insert(0, "status");
    }
    let mut clues = (0..words.len()).find_map(|at| status_at(&words, at)).unwrap_or_default();
    if !clues.iter().any(|clue| matches!(clue, Clue::Rpc(_))) {
        clues.extend(lone_rpc(text).map(Clue::Rpc));
    }
    clues
}

/// The status at one word, if the word before or after it shows that it is one.
fn status_at(words: &[&str], at: usize) -> Option<Vec<Clue>> {
    let (number, digits) = number(words[at]);
    let status: u16 = digits.parse().ok().filter(|status| (300..600).contains(status))?;
    let before = if at > 0 { words[at - 1] } else { "" };
    let next = if number == digits { words.get(at + 1).copied().unwrap_or_default() } else { "" };
    let rpc = rpc(bare(next)).map(Clue::Rpc);
    let headed = before.is_empty() || before.ends_with(':');
    let told = headed && bare(next).starts_with(char::is_uppercase);
    (names_a_status(before) || is_phrase_of(status, bare(next)) || told || rpc.is_some())
        .then(|| [Some(Clue::Status(status)), rpc].into_iter().flatten().collect())
}

/// A word without what stands before its number, and its number.
fn number(word: &str) -> (&str, &str) {
    let number = word.trim_start_matches(['[', '\'', ':', '<', '>', '-']);
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

/// Whether a word begins the phrase that HTTP has for a status.
fn is_phrase_of(status: u16, word: &str) -> bool {
    let known = http::StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason());
    let first = known.and_then(|phrase| phrase.split(' ').next()).unwrap_or_default();
    !word.is_empty() && word.eq_ignore_ascii_case(first)
}

/// An RPC status without a number: named as one, in brackets, or as the head of a sentence. The bare
/// word in a sentence is somebody talking about it.
fn lone_rpc(text: &str) -> Option<String> {
    let spaced = text.replace('=', " = ");
    let mut before = "";
    for token in spaced.split_whitespace() {
        let word = token.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
        let named = names_an_rpc(before) || (before.parse::<u8>().is_ok_and(|code| code <= 16));
        let bracketed = token.starts_with(['[', '(']) && token.contains([']', ')']);
        let heads = token.len() == word.len() + 1 && token.ends_with(':');
        let constant = is_constant(word.rsplit('.').next().unwrap_or(word));
        if let Some(rpc) = rpc(word).filter(|_| named || (constant && (bracketed || heads))) {
            return Some(rpc);
        }
        if token != "=" {
            before = token;
        }
    }
    None
}

fn names_an_rpc(word: &str) -> bool {
    let lower = bare(word).to_ascii_lowercase();
    ["status", "code", "statuscode", "grpc_status"].contains(&lower.as_str())
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
    let letters = |text: &'static str| text.bytes().filter(|byte| *byte != b'_');
    let plain = || word.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_uppercase());
    let known = RPC.iter().find(|known| letters(known).eq(plain()))?;
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
            ("PermissionDenied: 403 Your key", Some(403)),
            ("RETRY_ON=429,500,503\nLOG_LEVEL=x", None),
            ("429", Some(429)),
            ("17;failed;429;RESOURCE_EXHAUSTED;no", Some(429)),
            ("| 504 | DEADLINE_EXCEEDED | no |", Some(504)),
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
    fn a_reason_stands_behind_a_status() {
        let reason = |text| reason_behind_a_status(text);
        assert_eq!(reason("gemini: 400 API_KEY_INVALID").as_deref(), Some("API_KEY_INVALID"));
        assert_eq!(reason("gemini: 404 NOT_FOUND"), None);
        assert_eq!(reason("treats API_KEY_INVALID as fatal"), None);
    }

    #[test]
    fn rpc_statuses_are_read_in_every_spelling() {
        for (text, expected) in [
            ("404 NOT_FOUND. gone", Some("NOT_FOUND")),
            ("status = StatusCode.INVALID_ARGUMENT", Some("INVALID_ARGUMENT")),
            ("rpc error: code = Unavailable desc = no", Some("UNAVAILABLE")),
            ("[API Error: no (Status: UNAUTHENTICATED)]", Some("UNAUTHENTICATED")),
            ("Code: InvalidArgument", Some("INVALID_ARGUMENT")),
            ("Gemini said no: licence. [PERMISSION_DENIED]", Some("PERMISSION_DENIED")),
            ("Error: 14 UNAVAILABLE: no connection", Some("UNAVAILABLE")),
            ("StatusRuntimeException: UNAVAILABLE: io exception", Some("UNAVAILABLE")),
            ("retry on RESOURCE_EXHAUSTED when it comes", None),
            ("case \"RESOURCE_EXHAUSTED\": return", None),
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
