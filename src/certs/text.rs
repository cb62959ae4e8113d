//! Texts out of certificates, made fit for one line of a report.
//!
//! Whoever answered wrote them: nothing here may be believed, and nothing may reach a terminal as it is.

/// As much of a stranger's text as one value may show.
const MOST: usize = 200;

/// One line: what could rewrite a terminal stands as its number, and what is too long is cut.
pub(super) fn line(text: &str) -> String {
    let mut line = String::new();
    for character in text.chars().take(MOST) {
        if is_hidden(character) {
            line.extend(character.escape_unicode());
        } else {
            line.push(character);
        }
    }
    if text.chars().nth(MOST).is_some() {
        line.push_str(" …");
    }
    line
}

/// Control characters, and those that turn the direction or have no width.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

/// Bytes as hexadecimal digits, at most so many that they fit one line.
pub(super) fn hex(bytes: &[u8]) -> String {
    let shown = &bytes[..bytes.len().min(MOST / 2)];
    let mut digits: String = shown.iter().map(|byte| format!("{byte:02x}")).collect();
    if shown.len() < bytes.len() {
        digits.push_str(" …");
    }
    digits
}

/// A list of a few, with a word for how many more there are.
pub(super) fn few(items: &[String], most: usize) -> String {
    let shown = items.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
    match items.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_text_stays_on_one_line_and_shows_what_is_hidden_in_it() {
        assert_eq!(line("good.example\0.evil"), "good.example\\u{0}.evil");
        assert_eq!(line("a\r\n\u{1b}[31mb\u{202e}c"), "a\\u{d}\\u{a}\\u{1b}[31mb\\u{202e}c");
        assert_eq!(line("Grüße, 世界"), "Grüße, 世界");
        assert_eq!(line(&"x".repeat(10_000)).chars().count(), MOST + 2);
    }

    #[test]
    fn lists_and_digits_are_bounded() {
        let many: Vec<String> = (0..1000).map(|at| format!("n{at}")).collect();
        assert_eq!(few(&many, 2), "n0, n1 and 998 more");
        assert_eq!(few(&many[..2], 2), "n0, n1");
        assert_eq!(hex(&[0, 255]), "00ff");
        assert!(hex(&[7; 5000]).chars().count() < 210);
    }
}
