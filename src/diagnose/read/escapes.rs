//! One level of escapes taken off a text: the backslashes of a string in a string, the entities of a web
//! page, the percent signs of a URL.

/// The text with one level less; `None` where there is none.
pub(super) fn taken_off(text: &str) -> Option<String> {
    if has_doubled_quotes(text) {
        // A table's cell holds every quote twice.
        Some(text.replace("\"\"", "\""))
    } else if ["\\\"", "\\'", "\\n"].iter().any(|escape| text.contains(escape)) {
        Some(backslashes(text))
    } else if has_entities(text) {
        Some(entities(text))
    } else if text.contains("%22") || text.matches("%20").nth(2).is_some() {
        Some(percents(text))
    } else if text.contains('“') && text.contains('”') {
        Some(text.replace(['“', '”'], "\"").replace(['‘', '’'], "'"))
    } else {
        None
    }
}

/// Whether quotes are doubled on both sides of words; an empty string has none behind it.
fn has_doubled_quotes(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut pairs = text.match_indices("\"\"").map(|(at, _)| {
        let before = at.checked_sub(1).map(|at| bytes[at]);
        (before, bytes.get(at + 2).copied())
    });
    let is_word = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    pairs.any(|(before, behind)| {
        is_word(behind) && before.is_some_and(|byte| b" {[,:(".contains(&byte))
    })
}

/// A line break within a string becomes a blank, which JSON takes everywhere.
fn backslashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'r' | 't') => out.push(' '),
                Some(other) => out.push(other),
                None => {}
            },
            _ => out.push(letter),
        }
    }
    out
}

/// Whether quotes are written as entities, or the sign that begins an entity is.
fn has_entities(text: &str) -> bool {
    ["&quot;", "&#39;", "&#34;", "&#x27;", "&#x22;", "&apos;", "&amp;quot;", "&amp;#"]
        .iter()
        .any(|escape| text.contains(escape))
}

/// The text with one level of entities less.
pub(super) fn entities(text: &str) -> String {
    const ENTITIES: [(&str, &str); 9] = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#x22;", "\""),
        ("&apos;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    ENTITIES.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

/// Bytes that make no text together stay marks.
fn percents(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.filter(|_| bytes[at] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_level_goes_at_a_time() {
        for (text, plain) in [
            (r#"{\"a\":\"b\\n\"}"#, r#"{"a":"b\n"}"#),
            ("{&quot;a&quot;: &#39;b&lt;&#39;}", "{\"a\": 'b<'}"),
            ("{&amp;quot;a&amp;quot;: 1}", "{&quot;a&quot;: 1}"),
            ("x,\"{ \"\"a\"\": \"\"b\"\" }\"", "x,\"{ \"a\": \"b\" }\""),
            ("%7B%22a%22%3A+1%7D%", "{\"a\": 1}%"),
        ] {
            assert_eq!(taken_off(text).as_deref(), Some(plain), "{text}");
        }
        assert_eq!(taken_off("{\"a\": 100 %}"), None);
    }
}
