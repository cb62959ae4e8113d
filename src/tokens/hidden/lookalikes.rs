//! Characters that look like ASCII ones, and where they stand in a name that must be ASCII. A look-alike is
//! evidence of a mix-up and no proof.

use std::borrow::Cow;

use super::{hidden, table::narrow};

/// A character of a name that looks like another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusable {
    /// The character.
    pub character: char,
    /// The one that it looks like.
    pub looks_like: char,
    /// Which character of the name it is; the first is 1.
    pub column: u64,
    /// The bytes before it.
    pub offset: u64,
}

/// The look-alikes in a name that is ASCII but for them: of a model, a key of JSON, an API key. A name in
/// another alphabet has none.
pub fn confusables(name: &str) -> Vec<Confusable> {
    let foreign = |letter: char| {
        !letter.is_ascii() && looks_like(letter).is_none() && hidden(letter).is_none()
    };
    if !name.contains(|letter: char| letter.is_ascii_alphanumeric()) || name.contains(foreign) {
        return Vec::new();
    }
    let counted = name.char_indices().zip(1..);
    counted.filter_map(|((offset, character), column)| in_name(character, column, offset)).collect()
}

fn in_name(character: char, column: u64, offset: usize) -> Option<Confusable> {
    let looks_like = looks_like(character)?;
    Some(Confusable { character, looks_like, column, offset: offset as u64 })
}

/// The ASCII character that this one may be taken for.
fn looks_like(character: char) -> Option<char> {
    if character.is_ascii() {
        return None;
    }
    let listed = row(character).map(|row| row.1);
    listed.or_else(|| narrow(character)).or_else(|| mathematical(character))
}

/// The letter that nobody can tell this one from, whatever the font: only these count in running text.
pub(super) fn twin(character: char) -> Option<char> {
    row(character).filter(|row| row.2).map(|row| row.1)
}

/// The Unicode name of a look-alike.
pub(super) fn name(character: char) -> Option<Cow<'static, str>> {
    row(character).map(|row| row.3.into())
}

/// Bold, italic, script and other letters and digits of mathematics, alphabet after alphabet.
fn mathematical(character: char) -> Option<char> {
    let (first, letters): (u32, &[u8]) = match character {
        '\u{1D400}'..='\u{1D6A3}' => (0x1D400, LETTERS),
        '\u{1D7CE}'..='\u{1D7FF}' => (0x1D7CE, b"0123456789"),
        _ => return None,
    };
    Some(char::from(letters[(character as u32 - first) as usize % letters.len()]))
}

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn row(character: char) -> Option<&'static Row> {
    if !matches!(character, '\u{131}'..='\u{585}' | '\u{2010}'..='\u{2236}' | '\u{FE4D}'..='\u{FE63}')
    {
        return None;
    }
    LOOKALIKES.binary_search_by_key(&character, |row| row.0).ok().map(|place| &LOOKALIKES[place])
}

/// The character, what it looks like, whether in every font, and its Unicode name.
struct Row(char, char, bool, &'static str);

const fn same(character: char, like: char, name: &'static str) -> Row {
    Row(character, like, true, name)
}

const fn near(character: char, like: char, name: &'static str) -> Row {
    Row(character, like, false, name)
}

/// In the order of their code points.
const LOOKALIKES: &[Row] = &[
    near('\u{4B}', 'K', "LATIN CAPITAL LETTER K"),
    near('\u{131}', 'i', "LATIN SMALL LETTER DOTLESS I"),
    near('\u{237}', 'j', "LATIN SMALL LETTER DOTLESS J"),
    near('\u{251}', 'a', "LATIN SMALL LETTER ALPHA"),
    near('\u{261}', 'g', "LATIN SMALL LETTER SCRIPT G"),
    near('\u{269}', 'i', "LATIN SMALL LETTER IOTA"),
    near('\u{29F}', 'L', "LATIN LETTER SMALL CAPITAL L"),
    same('\u{391}', 'A', "GREEK CAPITAL LETTER ALPHA"),
    same('\u{392}', 'B', "GREEK CAPITAL LETTER BETA"),
    same('\u{395}', 'E', "GREEK CAPITAL LETTER EPSILON"),
    same('\u{396}', 'Z', "GREEK CAPITAL LETTER ZETA"),
    same('\u{397}', 'H', "GREEK CAPITAL LETTER ETA"),
    same('\u{399}', 'I', "GREEK CAPITAL LETTER IOTA"),
    same('\u{39A}', 'K', "GREEK CAPITAL LETTER KAPPA"),
    same('\u{39C}', 'M', "GREEK CAPITAL LETTER MU"),
    same('\u{39D}', 'N', "GREEK CAPITAL LETTER NU"),
    same('\u{39F}', 'O', "GREEK CAPITAL LETTER OMICRON"),
    same('\u{3A1}', 'P', "GREEK CAPITAL LETTER RHO"),
    same('\u{3A4}', 'T', "GREEK CAPITAL LETTER TAU"),
    same('\u{3A5}', 'Y', "GREEK CAPITAL LETTER UPSILON"),
    same('\u{3A7}', 'X', "GREEK CAPITAL LETTER CHI"),
    near('\u{3B1}', 'a', "GREEK SMALL LETTER ALPHA"),
    near('\u{3B3}', 'y', "GREEK SMALL LETTER GAMMA"),
    near('\u{3B5}', 'e', "GREEK SMALL LETTER EPSILON"),
    near('\u{3B7}', 'n', "GREEK SMALL LETTER ETA"),
    near('\u{3B9}', 'i', "GREEK SMALL LETTER IOTA"),
    near('\u{3BA}', 'k', "GREEK SMALL LETTER KAPPA"),
    near('\u{3BD}', 'v', "GREEK SMALL LETTER NU"),
    same('\u{3BF}', 'o', "GREEK SMALL LETTER OMICRON"),
    near('\u{3C1}', 'p', "GREEK SMALL LETTER RHO"),
    near('\u{3C3}', 'o', "GREEK SMALL LETTER SIGMA"),
    near('\u{3C4}', 't', "GREEK SMALL LETTER TAU"),
    near('\u{3C5}', 'u', "GREEK SMALL LETTER UPSILON"),
    near('\u{3C7}', 'x', "GREEK SMALL LETTER CHI"),
    near('\u{3C9}', 'w', "GREEK SMALL LETTER OMEGA"),
    same('\u{3F2}', 'c', "GREEK LUNATE SIGMA SYMBOL"),
    same('\u{3F3}', 'j', "GREEK LETTER YOT"),
    same('\u{405}', 'S', "CYRILLIC CAPITAL LETTER DZE"),
    same('\u{406}', 'I', "CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I"),
    same('\u{408}', 'J', "CYRILLIC CAPITAL LETTER JE"),
    same('\u{410}', 'A', "CYRILLIC CAPITAL LETTER A"),
    same('\u{412}', 'B', "CYRILLIC CAPITAL LETTER VE"),
    same('\u{415}', 'E', "CYRILLIC CAPITAL LETTER IE"),
    near('\u{417}', '3', "CYRILLIC CAPITAL LETTER ZE"),
    same('\u{41A}', 'K', "CYRILLIC CAPITAL LETTER KA"),
    same('\u{41C}', 'M', "CYRILLIC CAPITAL LETTER EM"),
    same('\u{41D}', 'H', "CYRILLIC CAPITAL LETTER EN"),
    same('\u{41E}', 'O', "CYRILLIC CAPITAL LETTER O"),
    same('\u{420}', 'P', "CYRILLIC CAPITAL LETTER ER"),
    same('\u{421}', 'C', "CYRILLIC CAPITAL LETTER ES"),
    same('\u{422}', 'T', "CYRILLIC CAPITAL LETTER TE"),
    near('\u{423}', 'Y', "CYRILLIC CAPITAL LETTER U"),
    same('\u{425}', 'X', "CYRILLIC CAPITAL LETTER HA"),
    same('\u{430}', 'a', "CYRILLIC SMALL LETTER A"),
    near('\u{431}', '6', "CYRILLIC SMALL LETTER BE"),
    near('\u{432}', 'b', "CYRILLIC SMALL LETTER VE"),
    near('\u{433}', 'r', "CYRILLIC SMALL LETTER GHE"),
    same('\u{435}', 'e', "CYRILLIC SMALL LETTER IE"),
    near('\u{437}', '3', "CYRILLIC SMALL LETTER ZE"),
    near('\u{438}', 'u', "CYRILLIC SMALL LETTER I"),
    near('\u{43A}', 'k', "CYRILLIC SMALL LETTER KA"),
    near('\u{43C}', 'm', "CYRILLIC SMALL LETTER EM"),
    near('\u{43D}', 'h', "CYRILLIC SMALL LETTER EN"),
    same('\u{43E}', 'o', "CYRILLIC SMALL LETTER O"),
    near('\u{43F}', 'n', "CYRILLIC SMALL LETTER PE"),
    same('\u{440}', 'p', "CYRILLIC SMALL LETTER ER"),
    same('\u{441}', 'c', "CYRILLIC SMALL LETTER ES"),
    near('\u{442}', 't', "CYRILLIC SMALL LETTER TE"),
    same('\u{443}', 'y', "CYRILLIC SMALL LETTER U"),
    same('\u{445}', 'x', "CYRILLIC SMALL LETTER HA"),
    near('\u{44C}', 'b', "CYRILLIC SMALL LETTER SOFT SIGN"),
    same('\u{455}', 's', "CYRILLIC SMALL LETTER DZE"),
    same('\u{456}', 'i', "CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I"),
    same('\u{458}', 'j', "CYRILLIC SMALL LETTER JE"),
    near('\u{475}', 'v', "CYRILLIC SMALL LETTER IZHITSA"),
    same('\u{4AE}', 'Y', "CYRILLIC CAPITAL LETTER STRAIGHT U"),
    same('\u{4BB}', 'h', "CYRILLIC SMALL LETTER SHHA"),
    same('\u{4C0}', 'I', "CYRILLIC LETTER PALOCHKA"),
    same('\u{4CF}', 'l', "CYRILLIC SMALL LETTER PALOCHKA"),
    same('\u{501}', 'd', "CYRILLIC SMALL LETTER KOMI DE"),
    same('\u{50C}', 'G', "CYRILLIC CAPITAL LETTER KOMI SJE"),
    same('\u{51B}', 'q', "CYRILLIC SMALL LETTER QA"),
    same('\u{51D}', 'w', "CYRILLIC SMALL LETTER WE"),
    near('\u{570}', 'h', "ARMENIAN SMALL LETTER HO"),
    near('\u{578}', 'n', "ARMENIAN SMALL LETTER VO"),
    near('\u{57D}', 'u', "ARMENIAN SMALL LETTER SEH"),
    near('\u{581}', 'g', "ARMENIAN SMALL LETTER CO"),
    near('\u{585}', 'o', "ARMENIAN SMALL LETTER OH"),
    near('\u{2010}', '-', "HYPHEN"),
    near('\u{2011}', '-', "NON-BREAKING HYPHEN"),
    near('\u{2012}', '-', "FIGURE DASH"),
    near('\u{2013}', '-', "EN DASH"),
    near('\u{2014}', '-', "EM DASH"),
    near('\u{2024}', '.', "ONE DOT LEADER"),
    near('\u{2044}', '/', "FRACTION SLASH"),
    near('\u{2113}', 'l', "SCRIPT SMALL L"),
    near('\u{2212}', '-', "MINUS SIGN"),
    near('\u{2215}', '/', "DIVISION SLASH"),
    near('\u{2236}', ':', "RATIO"),
    near('\u{FE4D}', '_', "DASHED LOW LINE"),
    near('\u{FE63}', '-', "SMALL HYPHEN-MINUS"),
];
