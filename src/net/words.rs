//! Text that strangers sent, made fit for one line of a report.

/// As much of a stranger's text as a detail may hold.
const MOST: usize = 200;

/// One line without control characters, cut where it grows too long.
pub(super) fn one_line(text: &str) -> String {
    // A library's link to its own manual tells users of this program nothing.
    let text = text.split(": https://docs.rs/").next().unwrap_or_default();
    let mut line: String = text.chars().take(MOST).map(visible).collect();
    if text.chars().nth(MOST).is_some() {
        line.push_str(" …");
    }
    line.trim().to_owned()
}

/// Control and direction characters could rewrite what a terminal shows.
fn visible(character: char) -> char {
    let hidden = character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if hidden { ' ' } else { character }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_text_stays_on_one_line() {
        assert_eq!(one_line("a\r\n\u{1b}[31mb\u{202e}c"), "a   [31mb c");
        assert_eq!(one_line(&"x".repeat(500)).chars().count(), MOST + 2);
    }
}
