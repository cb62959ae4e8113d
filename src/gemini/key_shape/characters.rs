//! Characters that no key has: which ones, where, and whether a header can carry the text.

use crate::facts::KeyFlaw;

/// More than this many odd characters are summed up: the text is not a key with a slip in it.
const MOST_NAMED: usize = 3;

/// Whether a header can carry the text: visible ASCII and spaces.
pub(super) fn fit_a_header(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| (0x20..0x7F).contains(&byte))
}

/// The odd characters of a text, each with its place.
pub(super) fn odd(text: &str) -> Vec<(KeyFlaw, String)> {
    summed_up(text.chars().enumerate().filter_map(|(at, letter)| named(at, letter)).collect())
}

fn named(at: usize, letter: char) -> Option<(KeyFlaw, String)> {
    let flaw = match letter {
        ' '..='~' => return None,
        _ if letter.is_ascii() || letter.is_control() => KeyFlaw::Control,
        _ => KeyFlaw::NonAscii,
    };
    let (place, code) = (at + 1, u32::from(letter));
    Some((flaw, format!("character {place} is {} (U+{code:04X})", name(letter))))
}

/// One note for each flaw stays at the least, so that none is lost.
fn summed_up(found: Vec<(KeyFlaw, String)>) -> Vec<(KeyFlaw, String)> {
    let total = found.len();
    if total <= MOST_NAMED {
        return found;
    }
    let mut kept: Vec<(KeyFlaw, String)> = Vec::new();
    for (flaw, note) in found {
        if kept.len() < MOST_NAMED || !kept.iter().any(|(known, _)| *known == flaw) {
            kept.push((flaw, note));
        }
    }
    let (flaw, left) = (kept[0].0, total - kept.len());
    if left > 0 {
        kept.push((flaw, format!("{left} more characters in it do not belong into a key")));
    }
    kept
}

/// What people call it.
fn name(letter: char) -> &'static str {
    match letter {
        '\n' => "a line break",
        '\r' => "a carriage return",
        '\t' => "a tab",
        '\0' => "NUL",
        '\u{FEFF}' => "a byte order mark",
        '\u{200B}'..='\u{200D}' | '\u{2060}' => "a zero-width character",
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            "an invisible mark of writing direction"
        }
        '\u{00A0}' | '\u{202F}' => "a no-break space",
        '\u{00AD}' => "a soft hyphen",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "a dash that is no hyphen",
        '\u{2018}'..='\u{201F}' | '«' | '»' | '‹' | '›' => "a typographic quote",
        '\u{2022}' | '\u{25CF}' => "a bullet of a hidden password",
        '…' => "an ellipsis",
        '\u{FFFD}' => "a character that stands for bytes nobody could read",
        letter if letter.is_whitespace() => "an unusual blank",
        letter if letter.is_control() => "a control character",
        _ => "beyond ASCII",
    }
}
