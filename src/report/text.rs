//! Text from outside made safe to show, and text fitted into columns. Knows nothing of reports.

use unicode_width::UnicodeWidthStr;

/// Text on one line: without control characters and terminal sequences, with hidden characters
/// spelt out, and without words that a CI system would take for commands. Where `unicode` is
/// false, in ASCII.
pub(super) fn clean(text: &str, unicode: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in without_sequences(text).chars() {
        push_shown(&mut out, character, unicode);
    }
    out.truncate(out.trim_end().len());
    disarm(out)
}

/// Whether a character would not be seen, or would change how its neighbours are seen.
pub(super) fn is_hidden(character: char) -> bool {
    matches!(u32::from(character),
        0x7f..=0x9f | 0xad | 0x034f | 0x061c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f
        | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff
        | 0xffa0 | 0xfff9..=0xfffb | 0xe0000..=0xe0fff)
}

/// The columns a text takes.
pub(super) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Lines of at most `columns`, broken between words. A longer word stands alone and uncut.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if width(line) + 1 + width(word) <= columns {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

fn push_shown(out: &mut String, character: char, unicode: bool) {
    match character {
        '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => push_blank(out),
        _ if character.is_control() => {}
        _ if is_hidden(character) => out.extend(character.escape_unicode()),
        _ if character.is_ascii() || unicode => out.push(character),
        _ => push_ascii(out, character),
    }
}

fn push_blank(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// The usual typographic characters as people type them; the others by number, so that a look-alike
/// in a name shows.
fn push_ascii(out: &mut String, character: char) {
    match character {
        '\u{2018}' | '\u{2019}' => out.push('\''),
        '\u{201c}' | '\u{201d}' => out.push('"'),
        '\u{2026}' => out.push_str("..."),
        '\u{2192}' => out.push_str("->"),
        '\u{a0}' | '\u{202f}' => out.push(' '),
        _ => out.extend(character.escape_unicode()),
    }
}

/// The text without terminal control sequences: `ESC [ … letter`, `ESC ] … BEL`.
fn without_sequences(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['\u{1b}', '\u{9b}']) {
        out.push_str(&rest[..start]);
        rest = after_sequence(&rest[start..]);
    }
    out.push_str(rest);
    out
}

/// What follows the sequence that a text begins with. An unfinished one ends where it stops to look
/// like one, so that it cannot swallow the text behind it.
fn after_sequence(text: &str) -> &str {
    let (is_command, is_title, body) = match text.strip_prefix('\u{9b}') {
        Some(body) => (true, false, body),
        None => {
            let body = &text[1..];
            (body.starts_with('['), body.starts_with(']'), body.get(1..).unwrap_or_default())
        }
    };
    match (is_command, is_title) {
        (true, _) => after_command(body),
        (_, true) => after_title(body),
        _ => &text[1..],
    }
}

fn after_command(body: &str) -> &str {
    let parameters = body.find(|character| !matches!(character, '\u{20}'..='\u{3f}'));
    match parameters.map(|end| &body[end..]) {
        Some(rest) if rest.starts_with(|last| matches!(last, '\u{40}'..='\u{7e}')) => &rest[1..],
        Some(rest) => rest,
        None => "",
    }
}

fn after_title(body: &str) -> &str {
    let end = body.find(|character: char| character.is_control()).unwrap_or(0);
    body[end..].strip_prefix('\u{7}').unwrap_or(&body[end..])
}

/// A CI system reads `::word …::` at the beginning of a line, and `##[word]` anywhere, as a command.
/// A wrapped line may begin with any word of a text, so every such word gets a mark in front.
fn disarm(text: String) -> String {
    if !text.contains("::") && !text.contains("##[") {
        return text;
    }
    let words = text
        .split(' ')
        .map(|word| if is_command(word) { format!("\\{word}") } else { word.to_owned() });
    words.collect::<Vec<_>>().join(" ").replace("##[", "##\\[")
}

fn is_command(word: &str) -> bool {
    word.strip_prefix("::").is_some_and(|name| {
        name.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !name.starts_with("ffff:")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_terminal_sequences_do_not_survive() {
        assert_eq!(clean("a\u{1b}[31mred\u{1b}[0m b", true), "ared b");
        assert_eq!(clean("\u{1b}]0;title\u{7}x\u{8}\u{0}y", true), "xy");
        assert_eq!(clean("\u{9b}2Jgone", true), "gone");
        assert_eq!(clean("one\r\ntwo\tthree\n", true), "one two three");
        assert_eq!(clean("\u{1b}[31", true), "");
        assert_eq!(clean("\u{1b}[\u{e9}kept", true), "\u{e9}kept");
        assert_eq!(clean("\u{1b}\u{e9}", true), "\u{e9}");
        assert_eq!(clean("\u{1b}]unfinished title", true), "unfinished title");
    }

    #[test]
    fn hidden_characters_are_spelt_out() {
        assert_eq!(clean("gemini\u{200b}-pro \u{202e}x", true), "gemini\\u{200b}-pro \\u{202e}x");
    }

    #[test]
    fn ascii_keeps_the_meaning_of_other_characters() {
        assert_eq!(clean("\u{201c}it\u{2019}s\u{201d}\u{2026}", false), "\"it's\"...");
        assert_eq!(clean("gemini\u{2011}pro", false), "gemini\\u{2011}pro");
        assert_eq!(clean("gr\u{fc}n", true), "gr\u{fc}n");
    }

    #[test]
    fn text_cannot_give_commands_to_a_ci_system() {
        assert_eq!(clean("x\n::error::boo", true), "x \\::error::boo");
        assert_eq!(clean("a ##[error]b", true), "a ##\\[error]b");
        assert_eq!(clean("from ::1 or ::ffff:10.0.0.1", true), "from ::1 or ::ffff:10.0.0.1");
    }

    #[test]
    fn lines_break_between_words_and_never_in_one() {
        assert_eq!(wrap("aa bb cc", 5), ["aa bb", "cc"]);
        assert_eq!(wrap("a https://example.com/long b", 5), ["a", "https://example.com/long", "b"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("\u{6f22}\u{5b57} x", 5), ["\u{6f22}\u{5b57}", "x"]);
    }
}
