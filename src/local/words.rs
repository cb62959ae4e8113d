//! Text of other programs, made fit for one line of a report.

/// As much of another program's text as a detail may hold.
const MOST: usize = 240;

/// One line without control and direction characters, cut where it grows too long.
pub(super) fn one_line(text: &str) -> String {
    let mut line: String = text.trim().chars().take(MOST).map(visible).collect();
    if text.trim().chars().nth(MOST).is_some() {
        line.push_str(" …");
    }
    line
}

fn visible(character: char) -> char {
    let turns = matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if character.is_control() || turns { ' ' } else { character }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_text_stays_on_one_line() {
        assert_eq!(one_line(" a\r\n\u{1b}[31mb\u{202e}c "), "a   [31mb c");
        assert_eq!(one_line(&"x".repeat(500)).chars().count(), MOST + 2);
    }
}
