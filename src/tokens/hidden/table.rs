//! The hidden characters: one row for a code point or a range of them. Where one stands decides nothing here.

use std::borrow::Cow;

use super::{
    Kind::{self, *},
    lookalikes,
};

/// What a clean-up does with a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleanup {
    /// Takes it out.
    Delete,
    /// Writes this one in its place.
    Replace(char),
    /// Leaves it: nothing would be right.
    Leave,
}

use Cleanup::{Delete, Leave, Replace};

/// A character that hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Of which kind it is.
    pub kind: Kind,
    /// What a clean-up does with it.
    pub cleanup: Cleanup,
}

/// First and last code point, kind, clean-up, and the Unicode name; an empty name is made from the code point.
struct Row(u32, u32, Kind, Cleanup, &'static str);

const fn one(point: u32, kind: Kind, cleanup: Cleanup, name: &'static str) -> Row {
    Row(point, point, kind, cleanup, name)
}

const fn many(first: u32, last: u32, kind: Kind, cleanup: Cleanup) -> Row {
    Row(first, last, kind, cleanup, "")
}

/// In the order of their code points. Controls that break a line or a page leave a line feed behind, so that
/// no two words grow together.
const TABLE: &[Row] = &[
    many(0x00, 0x08, Control, Delete),
    many(0x0B, 0x0C, Control, Replace('\n')),
    many(0x0E, 0x1F, Control, Delete),
    many(0x7F, 0x84, Control, Delete),
    many(0x85, 0x85, Control, Replace('\n')),
    many(0x86, 0x9F, Control, Delete),
    one(0xA0, Nbsp, Replace(' '), "NO-BREAK SPACE"),
    one(0xAD, SoftHyphen, Delete, "SOFT HYPHEN"),
    one(0x34F, ZeroWidth, Delete, "COMBINING GRAPHEME JOINER"),
    one(0x61C, BidiControl, Delete, "ARABIC LETTER MARK"),
    one(0x115F, Filler, Delete, "HANGUL CHOSEONG FILLER"),
    one(0x1160, Filler, Delete, "HANGUL JUNGSEONG FILLER"),
    one(0x180B, VariationSelector, Delete, "MONGOLIAN FREE VARIATION SELECTOR ONE"),
    one(0x180C, VariationSelector, Delete, "MONGOLIAN FREE VARIATION SELECTOR TWO"),
    one(0x180D, VariationSelector, Delete, "MONGOLIAN FREE VARIATION SELECTOR THREE"),
    one(0x180E, ZeroWidth, Delete, "MONGOLIAN VOWEL SEPARATOR"),
    one(0x180F, VariationSelector, Delete, "MONGOLIAN FREE VARIATION SELECTOR FOUR"),
    one(0x2000, Nbsp, Replace(' '), "EN QUAD"),
    one(0x2001, Nbsp, Replace(' '), "EM QUAD"),
    one(0x2002, Nbsp, Replace(' '), "EN SPACE"),
    one(0x2003, Nbsp, Replace(' '), "EM SPACE"),
    one(0x2004, Nbsp, Replace(' '), "THREE-PER-EM SPACE"),
    one(0x2005, Nbsp, Replace(' '), "FOUR-PER-EM SPACE"),
    one(0x2006, Nbsp, Replace(' '), "SIX-PER-EM SPACE"),
    one(0x2007, Nbsp, Replace(' '), "FIGURE SPACE"),
    one(0x2008, Nbsp, Replace(' '), "PUNCTUATION SPACE"),
    one(0x2009, Nbsp, Replace(' '), "THIN SPACE"),
    one(0x200A, Nbsp, Replace(' '), "HAIR SPACE"),
    one(0x200B, ZeroWidth, Delete, "ZERO WIDTH SPACE"),
    one(0x200C, ZeroWidth, Delete, "ZERO WIDTH NON-JOINER"),
    one(0x200D, ZeroWidth, Delete, "ZERO WIDTH JOINER"),
    one(0x200E, BidiControl, Delete, "LEFT-TO-RIGHT MARK"),
    one(0x200F, BidiControl, Delete, "RIGHT-TO-LEFT MARK"),
    one(0x2018, TypographicQuote, Replace('\''), "LEFT SINGLE QUOTATION MARK"),
    one(0x2019, TypographicQuote, Replace('\''), "RIGHT SINGLE QUOTATION MARK"),
    one(0x201A, TypographicQuote, Replace('\''), "SINGLE LOW-9 QUOTATION MARK"),
    one(0x201B, TypographicQuote, Replace('\''), "SINGLE HIGH-REVERSED-9 QUOTATION MARK"),
    one(0x201C, TypographicQuote, Replace('"'), "LEFT DOUBLE QUOTATION MARK"),
    one(0x201D, TypographicQuote, Replace('"'), "RIGHT DOUBLE QUOTATION MARK"),
    one(0x201E, TypographicQuote, Replace('"'), "DOUBLE LOW-9 QUOTATION MARK"),
    one(0x201F, TypographicQuote, Replace('"'), "DOUBLE HIGH-REVERSED-9 QUOTATION MARK"),
    one(0x2028, LineSeparator, Replace('\n'), "LINE SEPARATOR"),
    one(0x2029, LineSeparator, Replace('\n'), "PARAGRAPH SEPARATOR"),
    one(0x202A, BidiControl, Delete, "LEFT-TO-RIGHT EMBEDDING"),
    one(0x202B, BidiControl, Delete, "RIGHT-TO-LEFT EMBEDDING"),
    one(0x202C, BidiControl, Delete, "POP DIRECTIONAL FORMATTING"),
    one(0x202D, BidiControl, Delete, "LEFT-TO-RIGHT OVERRIDE"),
    one(0x202E, BidiControl, Delete, "RIGHT-TO-LEFT OVERRIDE"),
    one(0x202F, Nbsp, Replace(' '), "NARROW NO-BREAK SPACE"),
    one(0x205F, Nbsp, Replace(' '), "MEDIUM MATHEMATICAL SPACE"),
    one(0x2060, ZeroWidth, Delete, "WORD JOINER"),
    one(0x2061, InvisibleOperator, Delete, "FUNCTION APPLICATION"),
    one(0x2062, InvisibleOperator, Delete, "INVISIBLE TIMES"),
    one(0x2063, InvisibleOperator, Delete, "INVISIBLE SEPARATOR"),
    one(0x2064, InvisibleOperator, Delete, "INVISIBLE PLUS"),
    one(0x2066, BidiControl, Delete, "LEFT-TO-RIGHT ISOLATE"),
    one(0x2067, BidiControl, Delete, "RIGHT-TO-LEFT ISOLATE"),
    one(0x2068, BidiControl, Delete, "FIRST STRONG ISOLATE"),
    one(0x2069, BidiControl, Delete, "POP DIRECTIONAL ISOLATE"),
    one(0x206A, Control, Delete, "INHIBIT SYMMETRIC SWAPPING"),
    one(0x206B, Control, Delete, "ACTIVATE SYMMETRIC SWAPPING"),
    one(0x206C, Control, Delete, "INHIBIT ARABIC FORM SHAPING"),
    one(0x206D, Control, Delete, "ACTIVATE ARABIC FORM SHAPING"),
    one(0x206E, Control, Delete, "NATIONAL DIGIT SHAPES"),
    one(0x206F, Control, Delete, "NOMINAL DIGIT SHAPES"),
    one(0x2800, Filler, Delete, "BRAILLE PATTERN BLANK"),
    one(0x3000, FullWidth, Replace(' '), "IDEOGRAPHIC SPACE"),
    one(0x301D, TypographicQuote, Replace('"'), "REVERSED DOUBLE PRIME QUOTATION MARK"),
    one(0x301E, TypographicQuote, Replace('"'), "DOUBLE PRIME QUOTATION MARK"),
    one(0x301F, TypographicQuote, Replace('"'), "LOW DOUBLE PRIME QUOTATION MARK"),
    one(0x3164, Filler, Delete, "HANGUL FILLER"),
    many(0xFE00, 0xFE0F, VariationSelector, Delete),
    one(0xFEFF, ZeroWidth, Delete, "ZERO WIDTH NO-BREAK SPACE"),
    // The width of each is taken off in `hidden`.
    many(0xFF01, 0xFF5E, FullWidth, Leave),
    one(0xFFA0, Filler, Delete, "HALFWIDTH HANGUL FILLER"),
    one(0xFFF9, Control, Delete, "INTERLINEAR ANNOTATION ANCHOR"),
    one(0xFFFA, Control, Delete, "INTERLINEAR ANNOTATION SEPARATOR"),
    one(0xFFFB, Control, Delete, "INTERLINEAR ANNOTATION TERMINATOR"),
    one(0xFFFD, Replacement, Leave, "REPLACEMENT CHARACTER"),
    one(0x1BCA0, Control, Delete, "SHORTHAND FORMAT LETTER OVERLAP"),
    one(0x1BCA1, Control, Delete, "SHORTHAND FORMAT CONTINUING OVERLAP"),
    one(0x1BCA2, Control, Delete, "SHORTHAND FORMAT DOWN STEP"),
    one(0x1BCA3, Control, Delete, "SHORTHAND FORMAT UP STEP"),
    one(0x1D173, Control, Delete, "MUSICAL SYMBOL BEGIN BEAM"),
    one(0x1D174, Control, Delete, "MUSICAL SYMBOL END BEAM"),
    one(0x1D175, Control, Delete, "MUSICAL SYMBOL BEGIN TIE"),
    one(0x1D176, Control, Delete, "MUSICAL SYMBOL END TIE"),
    one(0x1D177, Control, Delete, "MUSICAL SYMBOL BEGIN SLUR"),
    one(0x1D178, Control, Delete, "MUSICAL SYMBOL END SLUR"),
    one(0x1D179, Control, Delete, "MUSICAL SYMBOL BEGIN PHRASE"),
    one(0x1D17A, Control, Delete, "MUSICAL SYMBOL END PHRASE"),
    one(0xE0001, Tag, Delete, "LANGUAGE TAG"),
    many(0xE0020, 0xE007F, Tag, Delete),
    many(0xE0100, 0xE01EF, VariationSelector, Delete),
];

/// What this character hides, taken by itself. A byte order mark is told from a zero-width no-break space by
/// where it stands, and look-alikes by the word that they stand in, so both are told elsewhere.
pub fn hidden(character: char) -> Option<Hidden> {
    // Most of what is written is in these.
    if matches!(character, ' '..='~' | '\u{AE}'..='\u{34E}' | '\u{3165}'..='\u{FDFF}')
        || matches!(character, '\t' | '\n' | '\r' | '\u{1D17B}'..='\u{E0000}')
    {
        return None;
    }
    let row = row(character)?;
    Some(Hidden { kind: row.2, cleanup: narrow(character).map_or(row.3, Replace) })
}

/// The ASCII character of which this is the full-width form.
pub(super) fn narrow(character: char) -> Option<char> {
    let point = character as u32;
    (0xFF01..=0xFF5E).contains(&point).then(|| char::from((point - 0xFF01) as u8 + b'!'))
}

/// The name that Unicode gives a hidden character or a look-alike; controls, which have none, are numbered.
pub fn name(character: char) -> Cow<'static, str> {
    match row(character) {
        Some(row) if !row.4.is_empty() => row.4.into(),
        Some(row) => made_name(row, character as u32).into(),
        None => lookalikes::name(character).unwrap_or_default(),
    }
}

fn row(character: char) -> Option<&'static Row> {
    let point = character as u32;
    let row = TABLE.get(TABLE.partition_point(|row| row.1 < point))?;
    (row.0 <= point).then_some(row)
}

fn made_name(row: &Row, point: u32) -> String {
    match (row.2, point) {
        (FullWidth, _) => format!("FULLWIDTH {}", ascii_name((point - 0xFF01) as u8 + b'!')),
        (Tag, 0xE007F) => "CANCEL TAG".to_owned(),
        (Tag, _) => format!("TAG {}", ascii_name((point - 0xE0000) as u8)),
        (VariationSelector, 0xFE00..=0xFE0F) => {
            format!("VARIATION SELECTOR-{}", point - 0xFE00 + 1)
        }
        (VariationSelector, _) => format!("VARIATION SELECTOR-{}", point - 0xE0100 + 17),
        _ => format!("CONTROL-{point:04X}"),
    }
}

fn ascii_name(byte: u8) -> String {
    match byte {
        b'a'..=b'z' => format!("LATIN SMALL LETTER {}", byte.to_ascii_uppercase() as char),
        b'A'..=b'Z' => format!("LATIN CAPITAL LETTER {}", byte as char),
        b'0'..=b'9' => format!("DIGIT {}", DIGITS[usize::from(byte - b'0')]),
        _ => SIGNS.iter().find(|(sign, _)| *sign == byte).map_or("", |(_, name)| name).to_owned(),
    }
}

const DIGITS: [&str; 10] =
    ["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"];

const SIGNS: [(u8, &str); 33] = [
    (b' ', "SPACE"),
    (b'!', "EXCLAMATION MARK"),
    (b'"', "QUOTATION MARK"),
    (b'#', "NUMBER SIGN"),
    (b'$', "DOLLAR SIGN"),
    (b'%', "PERCENT SIGN"),
    (b'&', "AMPERSAND"),
    (b'\'', "APOSTROPHE"),
    (b'(', "LEFT PARENTHESIS"),
    (b')', "RIGHT PARENTHESIS"),
    (b'*', "ASTERISK"),
    (b'+', "PLUS SIGN"),
    (b',', "COMMA"),
    (b'-', "HYPHEN-MINUS"),
    (b'.', "FULL STOP"),
    (b'/', "SOLIDUS"),
    (b':', "COLON"),
    (b';', "SEMICOLON"),
    (b'<', "LESS-THAN SIGN"),
    (b'=', "EQUALS SIGN"),
    (b'>', "GREATER-THAN SIGN"),
    (b'?', "QUESTION MARK"),
    (b'@', "COMMERCIAL AT"),
    (b'[', "LEFT SQUARE BRACKET"),
    (b'\\', "REVERSE SOLIDUS"),
    (b']', "RIGHT SQUARE BRACKET"),
    (b'^', "CIRCUMFLEX ACCENT"),
    (b'_', "LOW LINE"),
    (b'`', "GRAVE ACCENT"),
    (b'{', "LEFT CURLY BRACKET"),
    (b'|', "VERTICAL LINE"),
    (b'}', "RIGHT CURLY BRACKET"),
    (b'~', "TILDE"),
];
