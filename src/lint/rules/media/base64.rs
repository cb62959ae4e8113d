//! Base64 as it stands in a text of JSON: whether it is any, and its first bytes. All of it is looked at and only the first
//! letters are decoded, since what is sent is large.

use std::ops::Range;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

/// What is no base64 in a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::lint::rules) struct Broken {
    /// Why.
    pub(in crate::lint::rules) why: Why,
    /// The bytes of the text that it is about; all of it where it is about its length.
    pub(in crate::lint::rules) span: Option<Range<usize>>,
}

/// Why a text is no base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::lint::rules) enum Why {
    /// A blank or a line feed.
    Blank(char),
    /// A letter that it does not have.
    Letter(char),
    /// Letters behind the end.
    BehindEnd,
    /// A letter more than a multiple of four.
    Length(u64),
    /// More or less `=` than the length asks for.
    Padding(u64),
}

impl Broken {
    /// It in words.
    pub(in crate::lint::rules) fn words(&self) -> String {
        match self.why {
            Why::Blank('\n' | '\r') => "it has line feeds".to_owned(),
            Why::Blank(_) => "it has blanks".to_owned(),
            Why::Letter(letter) => format!("it has {letter:?}, which is no letter of base64"),
            Why::BehindEnd => "it goes on behind its end, which = marks".to_owned(),
            Why::Length(letters) => {
                format!("it has {letters} letters, which is one too many or too few")
            }
            Why::Padding(count) => {
                format!("it ends in {count} =, which is not what its length asks for")
            }
        }
    }
}

/// 0 of letters of both alphabets, 1 of anything else.
static ODD: [u8; 256] = {
    let mut table = [1; 256];
    let mut at = 0;
    while at < LETTERS.len() {
        table[LETTERS[at] as usize] = 0;
        at += 1;
    }
    table
};

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";

/// How many bytes at the beginning are letters of base64.
fn run(bytes: &[u8]) -> usize {
    let is_odd =
        |block: &&[u8]| block.iter().fold(0, |odd, byte| odd | ODD[usize::from(*byte)]) != 0;
    let at = bytes.chunks_exact(32).take_while(|block| !is_odd(block)).count() * 32;
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| ODD[usize::from(**byte)] == 0).count()
}

/// How many bytes a text stands for, as it stands in JSON; or what is no base64 in it.
pub(in crate::lint::rules) fn check(quoted: &str) -> Result<u64, Broken> {
    let (mut at, mut letters, mut padding, mut blank) = (0, 0_u64, 0_u64, None);
    loop {
        let run = run(quoted.as_bytes().get(at..).unwrap_or_default());
        letters += run as u64;
        if run > 0 && padding > 0 {
            return Err(Broken { why: Why::BehindEnd, span: Some(at..at + 1) });
        }
        at += run;
        let Some((letter, length)) = letter_at(quoted, at) else { break };
        let span = at..at + length;
        match letter {
            '=' => padding += 1,
            // A raw line feed is no JSON either, and is told as that.
            '\n' | '\r' | '\t' if length == 1 => {}
            ' ' | '\n' | '\r' | '\t' => blank = blank.or(Some((letter, span))),
            _ if !is_letter(letter) => {
                return Err(Broken { why: Why::Letter(letter), span: Some(span) });
            }
            _ if padding > 0 => return Err(Broken { why: Why::BehindEnd, span: Some(span) }),
            _ => letters += 1,
        }
        at += length;
    }
    match blank {
        Some((letter, span)) => Err(Broken { why: Why::Blank(letter), span: Some(span) }),
        None => length(letters, padding),
    }
}

fn length(letters: u64, padding: u64) -> Result<u64, Broken> {
    let why = match (letters % 4, padding) {
        (1, _) => Why::Length(letters),
        (_, 0) | (2, 2) | (3, 1) => return Ok(letters * 3 / 4),
        _ => Why::Padding(padding),
    };
    Err(Broken { why, span: None })
}

fn is_letter(letter: char) -> bool {
    u8::try_from(letter).is_ok_and(|byte| ODD[usize::from(byte)] == 0)
}

/// The letter at a place, whether it is escaped or not, and how many bytes it takes there.
fn letter_at(quoted: &str, at: usize) -> Option<(char, usize)> {
    let rest = quoted.get(at..)?;
    let mut letters = rest.chars();
    let letter = letters.next()?;
    if letter != '\\' {
        return Some((letter, letter.len_utf8()));
    }
    Some(match letters.next() {
        Some('n') => ('\n', 2),
        Some('r') => ('\r', 2),
        Some('t') => ('\t', 2),
        Some('u') => {
            let point = rest.get(2..6).and_then(|hex| u32::from_str_radix(hex, 16).ok());
            let letter = point.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
            (letter, rest.get(..6).map_or(2, str::len))
        }
        Some(other) => (other, 1 + other.len_utf8()),
        None => ('\\', 1),
    })
}

/// How many letters at the beginning are decoded.
const HEAD: usize = 64;

/// The first bytes that a text stands for, and how many there are.
pub(super) fn head(quoted: &str) -> ([u8; HEAD / 4 * 3], usize) {
    let (mut letters, mut count, mut at) = ([0; HEAD], 0, 0);
    while let Some((letter, length)) = letter_at(quoted, at).filter(|_| count < HEAD) {
        if is_letter(letter) {
            letters[count] = match letter {
                '-' => b'+',
                '_' => b'/',
                letter => letter as u8,
            };
            count += 1;
        } else if !letter.is_ascii_whitespace() {
            break;
        }
        at += length;
    }
    let mut bytes = [0; HEAD / 4 * 3];
    let whole = letters.get(..count / 4 * 4).unwrap_or_default();
    let decoded = STANDARD_NO_PAD.decode_slice(whole, &mut bytes).unwrap_or(0);
    (bytes, decoded)
}

/// The text without the blanks in it.
pub(super) fn without_blanks(quoted: &str) -> String {
    let mut out = String::with_capacity(quoted.len());
    let mut at = 0;
    while let Some((letter, length)) = letter_at(quoted, at) {
        if !letter.is_ascii_whitespace() {
            out.push_str(quoted.get(at..at + length).unwrap_or_default());
        }
        at += length;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str) -> Option<(Why, Option<Range<usize>>)> {
        check(text).err().map(|broken| (broken.why, broken.span))
    }

    #[test]
    fn both_alphabets_are_base64_with_their_padding_or_without() {
        for (text, bytes) in [
            ("", 0),
            ("QQ==", 1),
            ("QQ", 1),
            ("QUI=", 2),
            ("QUI", 2),
            ("QUJD", 3),
            ("-_-_", 3),
            ("+/+/", 3),
            ("\\/9j\\/", 3),
            ("QUI\\u003d", 2),
        ] {
            assert_eq!(check(text), Ok(bytes), "{text}");
        }
        let long = "QUJD".repeat(1000);
        assert_eq!(check(&long), Ok(3000));
    }

    #[test]
    fn what_is_no_base64_is_told_with_its_place() {
        for (text, why, span) in [
            ("Q", Why::Length(1), None),
            ("QUJDR", Why::Length(5), None),
            ("QQ=", Why::Padding(1), None),
            ("QUJD=", Why::Padding(1), None),
            ("QUI=QUI=", Why::BehindEnd, Some(4..5)),
            ("QUI=\\/", Why::BehindEnd, Some(4..6)),
            ("QU.D", Why::Letter('.'), Some(2..3)),
            ("QU…D", Why::Letter('…'), Some(2..5)),
            ("QUJD\\nQUJD", Why::Blank('\n'), Some(4..6)),
            ("QUJD QUJD ", Why::Blank(' '), Some(4..5)),
            ("QUJD\\", Why::Letter('\\'), Some(4..5)),
            ("QUJD\\u20", Why::Letter('\u{fffd}'), Some(4..6)),
        ] {
            assert_eq!(broken(text), Some((why, span)), "{text}");
        }
    }

    /// Wherever the letter stands, in a block or behind the last.
    #[test]
    fn one_wrong_letter_is_found_anywhere() {
        for at in 0..200 {
            let mut text = "A".repeat(200);
            text.replace_range(at..=at, "*");
            assert_eq!(broken(&text), Some((Why::Letter('*'), Some(at..at + 1))), "{at}");
        }
    }

    #[test]
    fn only_the_first_bytes_are_decoded() {
        let bytes = |text: &str| {
            let (bytes, count) = head(text);
            bytes[..count].to_vec()
        };
        assert_eq!(bytes("iVBORw0KGgo="), b"\x89PNG\r\n");
        assert_eq!(bytes("\\/9j\\/\\n_9j_"), [0xff, 0xd8, 0xff, 0xff, 0xd8, 0xff]);
        assert_eq!(bytes(&"QUJD".repeat(100)).len(), 48);
        assert!(bytes("").is_empty());
        assert_eq!(without_blanks("Q U\\nJ\\r\\nD\\/"), "QUJD\\/");
    }
}
