//! The error objects of a text: JSON, Python's dictionaries, and both of them inside strings of
//! others, however often they were wrapped.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::facts::{Clue, Party, clue::Shown, error_body};

use super::{super::python_literal, escapes, fields, words};

/// How many brackets are tried as the beginning of an object.
const MAX_STARTS: usize = 64;
/// How often a text is taken out of its escapes.
const MAX_ESCAPES: usize = 4;

/// One error object, with what the words before it add.
pub(super) struct Object {
    /// Where it begins, in the text or in what it became without escapes.
    pub(super) at: usize,
    pub(super) clues: Vec<Clue>,
}

/// The errors of a text by the first reading that finds any: as it stands, as Python writes it, out
/// of its escapes, and at last by the names of its fields alone.
pub(super) fn find(text: &str) -> Vec<Object> {
    let mut bare = Cow::Borrowed(text);
    for _ in 0..MAX_ESCAPES {
        let found = in_json(&bare);
        if !found.is_empty() {
            return found;
        }
        let found = python_literal::to_json(&bare).map(|json| in_json(&json)).unwrap_or_default();
        if !found.is_empty() {
            return found;
        }
        match escapes::taken_off(&bare) {
            Some(plain) => bare = Cow::Owned(plain),
            None => break,
        }
    }
    // Escapes still show which quotes stand inside of a value.
    let harvested = fields::harvest(text).or_else(|| fields::harvest(&bare));
    harvested.map(|error| object(0, error_body::read_value(&error))).into_iter().collect()
}

/// Every value of the text that is an error, or the details of one.
fn in_json(text: &str) -> Vec<Object> {
    let mut found: Vec<Object> = Vec::new();
    let mut tries = 0;
    let mut at = 0;
    while let Some(start) = text[at..].find(['{', '[']).map(|more| at + more) {
        tries += 1;
        if tries > MAX_STARTS {
            break;
        }
        at = start + 1;
        let Some((value, length)) = first_value(&text[start..]) else { continue };
        if let Some(error) = read(&value, start, text) {
            at = start + length;
            if !found.iter().any(|known| known.clues == error.clues) {
                found.push(error);
            }
        } else if !value.is_array() {
            at = start + length;
        }
    }
    found
}

/// The JSON value a text begins with, whatever follows it, and its length.
fn first_value(text: &str) -> Option<(Value, usize)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    let value = values.next()?.ok()?;
    Some((value, values.byte_offset()))
}

/// What a value tells, if it is an error; a line of a log is one if a text in it is.
fn read(value: &Value, start: usize, text: &str) -> Option<Object> {
    let before = &text[..start];
    if is_details(value) {
        let mut clues = error_body::read_value(&json!({ "error": { "details": value } }));
        clues.extend(words::read(before));
        return Some(object(start, clues));
    }
    let mut clues = error_body::read_value(value);
    if clues.is_empty() {
        return None;
    }
    if !clues.iter().any(|clue| matches!(clue, Clue::Status(_))) {
        clues.extend(words::status(before));
    }
    if before.trim_end().ends_with("data:") {
        clues.push(Clue::Shown(Shown::StreamError));
    }
    Some(object(start, clues))
}

fn object(at: usize, mut clues: Vec<Clue>) -> Object {
    if is_the_api(&clues) {
        clues.push(Clue::By(Party::Api));
    }
    Object { at, clues }
}

/// `[{"@type": …}]`: what an SDK prints after the message.
fn is_details(value: &Value) -> bool {
    value.as_array().and_then(|items| items.first()).is_some_and(|item| item["@type"].is_string())
}

/// The API's errors carry a status word; others have a code or a message only.
fn is_the_api(clues: &[Clue]) -> bool {
    let has = |is: fn(&Clue) -> bool| clues.iter().any(is);
    let constant = |clue: &Clue| matches!(clue, Clue::Reason(reason) if words::is_constant(reason));
    clues.iter().any(|clue| matches!(clue, Clue::Rpc(word) if words::rpc(word).is_some()))
        || has(|clue| matches!(clue, Clue::QuotaId(_)))
        || (clues.iter().any(constant) && has(|clue| matches!(clue, Clue::Status(_))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERROR: &str =
        r#"{"error":{"code":503,"message":"No room today.","status":"UNAVAILABLE"}}"#;

    fn holds(text: &str, clue: &Clue) -> bool {
        find(text).iter().any(|object| object.clues.contains(clue))
    }

    #[test]
    fn an_error_is_found_however_often_it_was_wrapped() {
        let mut text = ERROR.to_owned();
        for _ in 0..3 {
            assert!(
                holds(&format!("ERROR it failed: {text} and so on"), &Clue::Status(503)),
                "{text}"
            );
            assert!(holds(&text, &Clue::Message("No room today.".to_owned())), "{text}");
            text = serde_json::json!({"level": "error", "err": text}).to_string();
        }
        let escaped = ERROR.replace('"', "\\\"");
        assert!(holds(&format!("b'{escaped}'"), &Clue::Status(503)));
        assert!(holds(&escaped.replace('\\', "\\\\\\"), &Clue::By(Party::Api)));
        assert!(holds(
            "503 UNAVAILABLE. {'error': {'code': 503, 'status': 'UNAVAILABLE'}}",
            &Clue::Status(503)
        ));
    }

    #[test]
    fn each_error_of_a_text_is_found_once() {
        let other = ERROR.replace("503", "500");
        let text = format!("{ERROR}\n{other}\n{ERROR}");
        assert_eq!(find(&text).len(), 2);
    }

    #[test]
    fn details_after_a_message_are_read_with_it() {
        let text = r#"[429 Too Many Requests] Slow down. [{"@type":"type.googleapis.com/google.rpc.QuotaFailure",
            "violations":[{"quotaId":"XPerDay"}]}]"#;
        assert!(holds(text, &Clue::Status(429)) && holds(text, &Clue::By(Party::Api)));
        assert!(holds(text, &Clue::QuotaId("XPerDay".to_owned())));
    }

    #[test]
    fn an_error_without_a_status_word_is_not_called_the_apis() {
        let text = "HTTP/1.1 402 X\n\n{\"error\":{\"message\":\"Insufficient credits\"}}";
        assert!(holds(text, &Clue::Status(402)) && !holds(text, &Clue::By(Party::Api)));
    }

    #[test]
    fn an_error_among_the_pieces_of_a_stream_is_marked() {
        let text = format!("data: {{\"candidates\":[]}}\n\ndata: {ERROR}");
        assert!(holds(&text, &Clue::Shown(Shown::StreamError)));
    }

    #[test]
    fn what_is_no_error_gives_none() {
        for text in ["", "{}", "{\"error\":null,\"data\":{}}", "{\"models\":[]}", "x [y] {z}"] {
            assert!(find(text).is_empty(), "{text}");
        }
    }
}
