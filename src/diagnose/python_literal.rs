//! Turns a Python dictionary, as `repr` prints it, into JSON text.
//!
//! It changes quotes, escapes and three words, in one pass. It never judges what the text means.

use std::{iter::Peekable, str::Chars};

/// The text with JSON from its first dictionary with quoted names on; `None` without one.
pub(super) fn to_json(text: &str) -> Option<String> {
    let start = text.find("{'")?;
    let mut json = text[..start].to_owned();
    let mut rest = text[start..].chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\'' | '"' => string(character, &mut rest, &mut json),
            letter if letter.is_ascii_alphabetic() => word(letter, &mut rest, &mut json),
            other => json.push(other),
        }
    }
    Some(json)
}

/// The dictionary a text begins with, as JSON, and its length in the text.
pub(super) fn first(text: &str) -> Option<(String, usize)> {
    let mut json = String::new();
    let mut rest = text.chars().peekable();
    let mut depth = 0_usize;
    while let Some(character) = rest.next() {
        match character {
            '\'' | '"' => string(character, &mut rest, &mut json),
            letter if letter.is_ascii_alphabetic() => word(letter, &mut rest, &mut json),
            other => json.push(other),
        }
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            let left: usize = rest.map(char::len_utf8).sum();
            return Some((json, text.len() - left));
        }
    }
    None
}

/// A string up to its closing quote.
fn string(quote: char, rest: &mut Peekable<Chars<'_>>, json: &mut String) {
    json.push('"');
    while let Some(character) = rest.next() {
        match character {
            _ if character == quote => break,
            '"' => json.push_str("\\\""),
            '\\' => escape(rest, json),
            control if control.is_control() => json.push(' '),
            other => json.push(other),
        }
    }
    json.push('"');
}

/// Python knows escapes that JSON does not: `\'` and `\x2e`.
fn escape(rest: &mut Peekable<Chars<'_>>, json: &mut String) {
    match rest.next() {
        Some('\'') => json.push('\''),
        Some('x') => json.push_str("\\u00"),
        Some(other) => json.extend(['\\', other]),
        None => {}
    }
}

/// `True`, `False` and `None`; any other word stays.
fn word(first: char, rest: &mut Peekable<Chars<'_>>, json: &mut String) {
    let mut word = String::from(first);
    while let Some(letter) = rest.next_if(char::is_ascii_alphanumeric) {
        word.push(letter);
    }
    json.push_str(match word.as_str() {
        "True" => "true",
        "False" => "false",
        "None" => "null",
        other => other,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_escapes_and_words_become_json() {
        let text = r#"503 UNAVAILABLE. {'error': {'code': 503, 'a': None, 'b': True,
            'm': "it's", 'n': 'say \'"x"\' \x2e\n'}} and more"#;
        let json = to_json(text).expect("a dictionary");
        let json = json.trim_start_matches("503 UNAVAILABLE. ");
        let value = serde_json::Deserializer::from_str(json)
            .into_iter::<serde_json::Value>()
            .next()
            .expect("a value")
            .expect("good JSON");
        assert_eq!(value["error"]["m"], "it's");
        assert_eq!(value["error"]["n"], "say '\"x\"' .\n");
        assert_eq!(value["error"]["a"], serde_json::Value::Null);
    }

    #[test]
    fn a_dictionary_ends_with_its_own_bracket() {
        let text = "{'a': {'b': \"}'é\"}, 'c': None} and {'d': 1}";
        let (json, length) = first(text).expect("a dictionary");
        assert_eq!(json, r#"{"a": {"b": "}'é"}, "c": null}"#);
        assert_eq!(&text[length..], " and {'d': 1}");
        assert_eq!(first("{'a': 'cut"), None);
    }

    #[test]
    fn a_text_without_a_dictionary_is_left_alone() {
        assert_eq!(to_json("{\"error\": 1}"), None);
        assert_eq!(to_json("{'cut \\"), Some("{\"cut \"".to_owned()));
    }
}
