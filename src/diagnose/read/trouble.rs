//! Whether a line speaks of trouble. Cheap, since most lines of a log do not: a look at the beginnings of
//! its words. It only decides what is read; it never says what is wrong.

/// Whether a line holds a word that failures are told with, or a status that tells one.
pub(super) fn speaks_of_it(line: &str) -> bool {
    heard(line).next().is_some()
}

/// Where a line first speaks of trouble.
pub(super) fn place(line: &str) -> Option<usize> {
    heard(line).next().map(|(at, _)| at)
}

/// The words of a line that speak of trouble, as beginnings or as statuses, and where they stand.
pub(super) fn heard(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = line.as_bytes();
    (0..bytes.len()).filter_map(move |at| {
        let length = match bytes[at] {
            b'4' | b'5' if is_a_status(bytes, at) => 3,
            letter if letter.is_ascii_alphabetic() && starts_a_word(bytes, at) => {
                let words = words_with(letter.to_ascii_lowercase());
                length_of_one(&bytes[at..], words)
            }
            _ => 0,
        };
        (length > 0).then(|| (at, &line[at..at + length]))
    })
}

/// Words begin behind what is no letter, and at the capitals within a name: `HeadersTimeoutError`.
fn starts_a_word(bytes: &[u8], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| bytes[before]) else { return true };
    if !before.is_ascii_alphabetic() {
        return true;
    }
    let next_is_small = || bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
    bytes[at].is_ascii_uppercase() && (before.is_ascii_lowercase() || next_is_small())
}

/// How long the first of some words is that a text begins with; 0 for none.
fn length_of_one(text: &[u8], words: &[&str]) -> usize {
    let begins = |word: &&&str| {
        text.len() >= word.len() && text[..word.len()].eq_ignore_ascii_case(word.as_bytes())
    };
    words.iter().find(begins).map_or(0, |word| word.len())
}

/// A status of three digits by itself that something names: the word before it, its place behind
/// `HTTP/1.1`, or the phrase behind it. A good status between them makes it something else.
pub(super) fn is_a_status(bytes: &[u8], at: usize) -> bool {
    is_alone(bytes, at) && (is_named(bytes, at) || has_a_phrase(bytes, at))
}

/// The same for a number that somebody took care to tell: at the head of a sentence, or behind `got`.
pub(super) fn may_be_a_status(bytes: &[u8], at: usize) -> bool {
    let last = bytes[..at].trim_ascii_end();
    let told = [&b" got"[..], b" with", b" gave", b" a", b" was"]
        .iter()
        .any(|word| last.ends_with(&word[1..]));
    is_alone(bytes, at) && (is_a_status(bytes, at) || heads(bytes, at) || told)
}

/// Three digits that are neither part of a word or of a longer number nor followed by a unit.
pub(super) fn is_alone(bytes: &[u8], at: usize) -> bool {
    let is_digit = |place: usize| bytes.get(place).is_some_and(u8::is_ascii_digit);
    let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
    let decimal = before == b'.' && at > 1 && is_digit(at - 2);
    let next = bytes.get(at + 3).copied().unwrap_or(b' ');
    let point = next == b'.' && is_digit(at + 4);
    (at..at + 3).all(is_digit)
        && !before.is_ascii_alphanumeric()
        && !decimal
        && !next.is_ascii_alphanumeric()
        && !point
}

/// Whether one of the two words before a place names a status, with no other number between them.
fn is_named(bytes: &[u8], at: usize) -> bool {
    const FAR: usize = 40;
    let before = &bytes[at.saturating_sub(FAR)..at];
    if before.trim_ascii_end().ends_with(b"->") {
        return true;
    }
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"/.".contains(byte);
    let mut words = before.rsplit(|byte| !is_part(byte)).filter(|word| !word.is_empty());
    let near = [words.next(), words.next()];
    let numbered = |word: &&[u8]| word.iter().all(u8::is_ascii_digit);
    near.into_iter().map_while(|word| word.filter(|word| !numbered(word))).any(names_a_status)
}

fn names_a_status(word: &[u8]) -> bool {
    const ENDS: [&[u8]; 6] = [b"status", b"code", b"http", b"returned", b"response", b"error"];
    let ends = |end: &&[u8]| {
        word.len() >= end.len() && word[word.len() - end.len()..].eq_ignore_ascii_case(end)
    };
    ENDS.iter().any(ends) || (word.len() > 5 && word[..5].eq_ignore_ascii_case(b"http/"))
}

/// `503 UNAVAILABLE`, `404 Not Found`; at the head of what is said, any sentence.
fn has_a_phrase(bytes: &[u8], at: usize) -> bool {
    let [b' ', rest @ ..] = &bytes[at + 3..] else { return false };
    let length =
        rest.iter().take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'_').count();
    let word = &rest[..length];
    let capital = word.first().is_some_and(u8::is_ascii_uppercase);
    let constant = length > 4 && word.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_');
    let phrase =
        ["Bad", "Not", "Too", "Service", "Gateway", "Internal", "Forbidden", "Unauthorized"]
            .iter()
            .any(|phrase| word == phrase.as_bytes());
    capital && length > 2 && (constant || phrase || heads(bytes, at))
}

/// Whether a sentence begins at a place: with the line, or behind a colon or a bracket.
pub(super) fn heads(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[..at].trim_ascii_end().last(), None | Some(b':' | b'[' | b'(' | b'-'))
}

/// Beginnings of words that failures are told with, by their first letter.
fn words_with(first: u8) -> &'static [&'static str] {
    match first {
        b'a' => &["abort"],
        b'b' => &["block", "broken", "bad gateway", "bad request"],
        b'c' => &["cannot", "can't", "certificate", "could not", "couldn't", "closed", "cancel"],
        b'd' => &["denied", "disconnect", "disabled", "deadline", "deprecat"],
        b'e' => &[
            "error",
            "exception",
            "exhausted",
            "expired",
            "exceed",
            "econn",
            "etimedout",
            "enotfound",
            "eai_",
            "epipe",
            "eproto",
        ],
        b'f' => &["fail", "fatal", "forbidden", "finishreason", "finish_reason"],
        b'g' => &["goaway"],
        b'i' => &["invalid", "illegal", "incomplete", "insufficient"],
        b'l' => &["limit"],
        b'm' => &["missing", "malformed", "must "],
        b'n' => &[
            "not found",
            "not supported",
            "not allowed",
            "no such",
            "not enabled",
            "not valid",
            "not_found",
        ],
        b'o' => &["overloaded", "out of range"],
        b'p' => &["panic", "permission", "prohibited", "promptfeedback"],
        b'q' => &["quota"],
        b'r' => &["refused", "reset", "rejected", "restrict", "retired", "reauth"],
        b's' => &["socket", "suspended", "status = statuscode"],
        b't' => &["traceback", "timeout", "timed out", "too many", "too large"],
        b'u' => &[
            "unable",
            "unavailable",
            "unsupported",
            "unauth",
            "unexpected",
            "unknown",
            "unreachable",
            "unrecogni",
        ],
        b'v' => &["violat"],
        b'w' => &["wrong"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_heard_wherever_a_word_begins() {
        for line in [
            "ERROR x",
            "java.net.SocketTimeoutException: no",
            "KeyError",
            "code: 'ECONNRESET'",
            "POST https://x.example -> 404 Not Found",
            "got status: 503",
            "{\"status\":429}",
            "HTTP/1.1 500",
            "\"POST /x HTTP/1.1\" 503 200",
            "status code was 503",
            "responded with status code: 429.",
            "worker: 400 API key",
            "statusCode=502",
            "{\"code\": 500}",
            "finishReason: SAFETY",
        ] {
            assert!(speaks_of_it(line), "{line}");
        }
    }

    #[test]
    fn healthy_lines_are_passed_over() {
        for line in [
            "INFO  app.http GET /healthz 200 12ms",
            "DEBUG cache miss for digest 500abc",
            "{\"message\":\"served\",\"status\":200,\"ms\":451}",
            "picked item 4711, 503 left",
            "2026-11-29T10:00:00Z INFO worker=15 handled request path=/v1/x status=200 dur=467ms",
            "status=200 dur=503",
            "INFO http 200 OK in 512 ms",
            "\"GET /x HTTP/1.1\" 200 503",
            "took 467ms, status fine",
            "HTTP/2 done in 0.503 s",
            "status 200, 512 MB read",
            "",
            "terror and defaults",
        ] {
            assert!(!speaks_of_it(line), "{line}");
        }
    }
}
