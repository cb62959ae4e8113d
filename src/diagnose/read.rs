//! Reads a pasted text into clues: the error object in it, its status line, its words.
//!
//! It says what is there and judges nothing; which cause that means is the catalogue's business.

use serde_json::{Value, json};

use crate::facts::{Clue, Party, clue::Shown, error_body};

use super::{outcome_words, python_literal, transport_words, web_page};

/// How many brackets are tried as the beginning of an error object.
const MAX_STARTS: usize = 64;

/// The clues of a text.
pub fn read(text: &str) -> Vec<Clue> {
    if let Some(object) = find_object(text) {
        return read_object(object, text);
    }
    let json = python_literal::to_json(text).unwrap_or_default();
    match find_object(&json) {
        Some(object) => read_object(object, &json),
        None => read_words(text),
    }
}

/// An error object, or the list of its details alone.
struct Object {
    start: usize,
    clues: Vec<Clue>,
    details_only: bool,
}

/// The first error object that parses, wherever in the text it begins.
fn find_object(text: &str) -> Option<Object> {
    let starts = text.char_indices().filter(|(_, character)| matches!(character, '{' | '['));
    starts.take(MAX_STARTS).find_map(|(start, _)| {
        let value = first_value(&text[start..])?;
        let details_only = is_details(&value);
        let clues = if details_only {
            error_body::read_value(&json!({ "error": { "details": value } }))
        } else {
            error_body::read_value(&value)
        };
        (!clues.is_empty()).then_some(Object { start, clues, details_only })
    })
}

/// The JSON value a text begins with, whatever follows it.
fn first_value(text: &str) -> Option<Value> {
    serde_json::Deserializer::from_str(text).into_iter().next()?.ok()
}

/// `[{"@type": …}]`: what an SDK prints after the message.
fn is_details(value: &Value) -> bool {
    value.as_array().and_then(|items| items.first()).is_some_and(|item| item["@type"].is_string())
}

/// The object's clues, and from the words before it what it does not say itself.
fn read_object(object: Object, text: &str) -> Vec<Clue> {
    let Object { start, mut clues, details_only } = object;
    let before = &text[..start];
    if details_only {
        clues.extend(read_words(before));
    } else if !clues.iter().any(|clue| matches!(clue, Clue::Status(_))) {
        clues.extend(status_line(before));
    }
    if before.trim_end().ends_with("data:") {
        clues.push(Clue::Shown(Shown::StreamError));
    }
    if is_the_api(&clues) {
        clues.push(Clue::By(Party::Api));
    } else {
        clues.extend(transport_words::read(text));
    }
    clues
}

/// Google's errors carry a status word; others have a code or a message only.
fn is_the_api(clues: &[Clue]) -> bool {
    let has = |is: fn(&Clue) -> bool| clues.iter().any(is);
    has(|clue| matches!(clue, Clue::Rpc(_) | Clue::QuotaId(_)))
        || (has(|clue| matches!(clue, Clue::Reason(_)))
            && has(|clue| matches!(clue, Clue::Status(_))))
}

fn read_words(text: &str) -> Vec<Clue> {
    let mut clues = transport_words::read(text);
    clues.extend(web_page::party(text).map(Clue::By));
    clues.extend(status_line(text));
    clues.extend(outcome_words::read(text));
    clues.extend(error_body::read_value(&json!({ "error": text })));
    clues
}

/// `HTTP/1.1 403 Forbidden`, `404 NOT_FOUND`, `[503 Service Unavailable]`, `status: 429`.
fn status_line(text: &str) -> Vec<Clue> {
    let words: Vec<&str> = text
        .split(|character: char| character.is_whitespace() || character == '=')
        .filter(|word| !word.is_empty())
        .collect();
    (0..words.len()).find_map(|at| status_at(&words, at)).unwrap_or_default()
}

/// The status at one word, if the word before or after it shows that it is one.
fn status_at(words: &[&str], at: usize) -> Option<Vec<Clue>> {
    let number = words[at].trim_start_matches(['[', '(', '"', '\'']);
    let digits = number.trim_end_matches(|character: char| !character.is_ascii_digit());
    let status: u16 = digits.parse().ok().filter(|status| (300..600).contains(status))?;
    let named = at > 0 && names_a_status(words[at - 1]);
    let next = if number == digits { words.get(at + 1).copied().unwrap_or_default() } else { "" };
    let next = next.trim_matches(|character: char| !character.is_ascii_alphanumeric());
    let rpc = is_rpc(next).then(|| Clue::Rpc(next.to_owned()));
    (named || next.starts_with(char::is_uppercase))
        .then(|| [Some(Clue::Status(status)), rpc].into_iter().flatten().collect())
}

fn names_a_status(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let name = lower.trim_matches(|character: char| !character.is_ascii_alphanumeric());
    ["status", "code", "statuscode", "status_code", "error"].contains(&name)
        || name.starts_with("http/")
        || name == "http"
}

fn is_rpc(word: &str) -> bool {
    word.len() > 3 && word.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(text: &str) -> Option<u16> {
        status_line(text).iter().find_map(|clue| match clue {
            Clue::Status(status) => Some(*status),
            _ => None,
        })
    }

    #[test]
    fn a_status_is_a_number_that_its_neighbours_name() {
        for (text, expected) in [
            ("HTTP/1.1 403 Forbidden", Some(403)),
            ("HTTP/2 504 \r\nserver: x", Some(504)),
            ("[503 Service Unavailable] The model", Some(503)),
            ("returned error: 502", Some(502)),
            ("status_code=402, reason", Some(402)),
            ("port=443): Max retries exceeded", None),
            ("took 450 ms", None),
        ] {
            assert_eq!(status(text), expected, "{text}");
        }
    }

    #[test]
    fn a_python_dictionary_is_an_error_object() {
        let clues = read("503 UNAVAILABLE. {'error': {'code': 503, 'status': 'UNAVAILABLE'}}");
        assert!(clues.contains(&Clue::By(Party::Api)) && clues.contains(&Clue::Status(503)));
    }

    #[test]
    fn details_after_a_message_are_read_with_it() {
        let clues = read(
            r#"[429 Too Many Requests] Slow down. [{"@type":"type.googleapis.com/google.rpc.QuotaFailure",
            "violations":[{"quotaId":"XPerDay"}]}]"#,
        );
        assert!(clues.contains(&Clue::Status(429)) && clues.contains(&Clue::By(Party::Api)));
        assert!(clues.contains(&Clue::QuotaId("XPerDay".to_owned())));
    }

    #[test]
    fn an_error_without_a_status_word_is_not_called_googles() {
        let clues = read("HTTP/1.1 402 X\n\n{\"error\":{\"message\":\"Insufficient credits\"}}");
        assert!(clues.contains(&Clue::Status(402)) && !clues.contains(&Clue::By(Party::Api)));
    }

    #[test]
    fn an_error_among_the_pieces_of_a_stream_is_marked() {
        let clues = read(
            "data: {\"candidates\":[]}\n\ndata: {\"error\":{\"code\":503,\"status\":\"UNAVAILABLE\"}}",
        );
        assert!(clues.contains(&Clue::Shown(Shown::StreamError)));
    }

    #[test]
    fn limits_are_read_from_plain_words_too() {
        assert!(read("Quota exceeded, limit: 0, model: x").contains(&Clue::LimitZero));
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for text in ["[", "{", "{'", "{'a':", "[{\"error\":", "429 ", "finish_reason ", "\u{feff}é"]
        {
            let clues = read(&text.repeat(20_000));
            assert!(clues.iter().any(|clue| matches!(clue, Clue::Message(_))), "{text}");
        }
    }
}
