//! Whether a line speaks of trouble. Cheap, since most lines of a log do not: a look at the beginnings of
//! its words. It only decides what is read; it never says what is wrong.

/// Whether a line holds a word that failures are told with, or a status that tells one.
pub(super) fn speaks_of_it(line: &str) -> bool {
    let bytes = line.as_bytes();
    (0..bytes.len()).any(|at| {
        let first = bytes[at].to_ascii_lowercase();
        match first {
            b'4' | b'5' => is_a_status(bytes, at),
            b'a'..=b'z' => {
                starts_a_word(bytes, at) && holds_one_of(&bytes[at..], words_with(first))
            }
            _ => false,
        }
    })
}

/// Words begin behind what is no letter, and at the capitals within a name: `HeadersTimeoutError`.
fn starts_a_word(bytes: &[u8], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| bytes[before]) else { return true };
    let next_is_small = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
    !before.is_ascii_alphabetic()
        || (bytes[at].is_ascii_uppercase() && (before.is_ascii_lowercase() || next_is_small))
}

fn holds_one_of(text: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| {
        text.len() >= word.len() && text[..word.len()].eq_ignore_ascii_case(word.as_bytes())
    })
}

/// Three digits by themselves behind `status`, `code`, `HTTP` or an arrow, or before a phrase.
fn is_a_status(bytes: &[u8], at: usize) -> bool {
    let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let alone = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
    if digits != 3 || !alone {
        return false;
    }
    let from = at.saturating_sub(16);
    let before = bytes[from..at].to_ascii_lowercase();
    let named = ["status", "code", "http", "->", "returned"]
        .iter()
        .any(|word| before.windows(word.len()).any(|window| window == word.as_bytes()));
    named || matches!(bytes.get(at + 3..at + 5), Some([b' ', b'A'..=b'Z']))
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
            "",
            "terror and defaults",
        ] {
            assert!(!speaks_of_it(line), "{line}");
        }
    }
}
