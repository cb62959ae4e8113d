//! A dictionary as Python prints it, as the JSON that its client sends. What no JSON says, such as bytes and objects, it does
//! not translate.

use super::map::Mapped;

/// The dictionary that begins at an offset, and where it ends; none where something in it has no form in JSON.
pub(super) fn dictionary(text: &str, start: usize) -> Option<(Mapped, usize)> {
    let (mut json, mut at, mut depth) = (Mapped::default(), start, 0_usize);
    while let Some(letter) = text[at..].chars().next() {
        match letter {
            '\'' | '"' => at = quoted(text, at, letter, &mut json)?,
            letter if letter.is_alphabetic() => at = word(text, at, &mut json)?,
            '(' | '<' => return None,
            _ => {
                json.push_str(&text[at..at + letter.len_utf8()], at);
                at += letter.len_utf8();
            }
        }
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return Some((json, at)),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Python's own words; a number such as 1e-05 begins with none.
fn word(text: &str, at: usize, json: &mut Mapped) -> Option<usize> {
    let rest = &text[at..];
    let length = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
    let before = text[..at].chars().next_back().unwrap_or_default();
    match &rest[..length] {
        "True" => json.push_str("true", at),
        "False" => json.push_str("false", at),
        "None" => json.push_str("null", at),
        exponent if before.is_ascii_digit() && exponent.starts_with('e') => {
            json.push_str(exponent, at);
        }
        _ => return None,
    }
    Some(at + length)
}

/// A text in quotes of either kind.
fn quoted(text: &str, start: usize, quote: char, json: &mut Mapped) -> Option<usize> {
    json.push('"', start);
    let mut letters = text[start + 1..].char_indices().map(|(at, letter)| (start + 1 + at, letter));
    while let Some((at, letter)) = letters.next() {
        match letter {
            letter if letter == quote => {
                json.push('"', at);
                return Some(at + 1);
            }
            '\\' => escaped(text, at, &mut letters, json)?,
            '"' => {
                json.push('\\', at);
                json.push('"', at);
            }
            _ => json.push_str(&text[at..at + letter.len_utf8()], at),
        }
    }
    None
}

/// What stands behind a backslash, as JSON has it.
fn escaped(
    text: &str,
    at: usize,
    letters: &mut impl Iterator<Item = (usize, char)>,
    json: &mut Mapped,
) -> Option<()> {
    match letters.next()?.1 {
        '\'' => json.push('\'', at),
        letter @ ('"' | '\\' | 'n' | 't' | 'r' | 'u') => {
            json.push('\\', at);
            json.push(letter, at + 1);
        }
        'x' => {
            let code = u32::from_str_radix(text.get(at + 2..at + 4)?, 16).ok()?;
            letters.nth(1)?;
            let letter = serde_json::Value::from(char::from_u32(code)?.to_string()).to_string();
            letter[1..letter.len() - 1].chars().for_each(|letter| json.push(letter, at));
        }
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Option<(String, usize)> {
        dictionary(text, 0).map(|(json, end)| (json.finish().0, end))
    }

    #[test]
    fn what_python_prints_is_the_json_that_is_sent() {
        for (python, expected) in [
            (
                "{'a': True, 'b': [False, None], 'c': 1e-05}",
                r#"{"a": true, "b": [false, null], "c": 1e-05}"#,
            ),
            (r#"{'a': "it's", 'b': 'say "x" }'}"#, r#"{"a": "it's", "b": "say \"x\" }"}"#),
            (r"{'a': 'it\'s \n \\ \x00 \xe9 \u20ac'}", r#"{"a": "it's \n \\ \u0000 é \u20ac"}"#),
        ] {
            let whole = format!("{python} and more }}");
            assert_eq!(json(&whole), Some((expected.to_owned(), python.len())), "{python}");
            assert!(serde_json::from_str::<serde_json::Value>(expected).is_ok(), "{expected}");
        }
    }

    #[test]
    fn what_has_no_form_in_json_is_left_alone() {
        for python in [
            "{'a': b'x'}",
            "{'a': Part(text='x')}",
            "{'a': <Type.OBJECT: 'OBJECT'>}",
            "{'a': ('x',)}",
            "{'a': 'x",
            "{'a': '\\q'}",
            "{'a': nan}",
        ] {
            assert_eq!(json(python), None, "{python}");
        }
    }

    #[test]
    fn every_letter_has_its_place() {
        let text = "DEBUG {'a': 'it\\'s', 'b': True}";
        let (json, _) = dictionary(text, 6).expect("a dictionary");
        let (out, offsets, _) = json.finish();
        for word in ["a", "s", "b"] {
            let own = out.find(word).expect("it is there");
            assert!(text[offsets.place(own)..].starts_with(word), "{word}");
        }
        assert_eq!(&text[offsets.place(out.find("true").expect("it is there"))..][..4], "True");
    }
}
