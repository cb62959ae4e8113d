//! The document itself. Its form is a contract; see `schema`.

use serde::Serialize;

use super::{Report, text};

pub(super) fn render(report: &Report) -> String {
    pretty(report)
}

/// One value, laid out for people too.
pub(super) fn pretty<T: Serialize>(value: &T) -> String {
    let text = serde_json::to_string_pretty(value).expect("a report has text keys only");
    format!("{}\n", visible(&text))
}

/// One value on one line.
pub(super) fn line<T: Serialize>(value: &T) -> String {
    visible(&serde_json::to_string(value).expect("a report has text keys only"))
}

/// JSON escapes what its standard demands; this escapes what a terminal would act on, too. Such
/// characters can only stand within strings, so the value stays the same.
fn visible(json: &str) -> String {
    if !json.chars().any(text::is_hidden) {
        return json.to_owned();
    }
    let mut out = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        match text::is_hidden(character) {
            true => push_escaped(&mut out, character),
            false => out.push(character),
        }
    }
    out
}

fn push_escaped(out: &mut String, character: char) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        out.push_str(&format!("\\u{unit:04x}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_escaped_and_read_back() {
        let hostile = "a\u{9b}31m\u{1b}[0m\u{202e}\u{e0041}\u{7f}";
        let json = line(&hostile);
        assert!(json.is_ascii() && !json.chars().any(char::is_control), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), hostile);
    }
}
