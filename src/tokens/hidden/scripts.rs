//! What a character belongs to, as far as it decides what its neighbours are there for. Ranges, not every
//! character: what is taken for more than it is stays in the text, and is told.

/// A picture that a joiner, a selector or tags may follow.
pub(super) fn is_emoji(character: char) -> bool {
    matches!(character,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{24C2}'
        | '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{25A0}'..='\u{27BF}'
        | '\u{2934}' | '\u{2935}' | '\u{2B00}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}'
        | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Of a script whose letters join, so that joiners change what is read.
pub(super) fn joins(character: char) -> bool {
    // Their own marks and selectors are in the middle of these ranges.
    if matches!(character, '\u{61C}' | '\u{180B}'..='\u{180F}') {
        return false;
    }
    matches!(character,
        // Arabic, Syriac, Thaana, N'Ko, Mandaic.
        '\u{600}'..='\u{7FF}' | '\u{840}'..='\u{8FF}'
        // Devanagari to Sinhala, then Tibetan, Myanmar, Khmer, Mongolian.
        | '\u{900}'..='\u{DFF}' | '\u{F00}'..='\u{109F}' | '\u{1780}'..='\u{18AF}'
        // Tai Tham, Balinese to Lepcha, Vedic signs.
        | '\u{1A20}'..='\u{1AAF}' | '\u{1B00}'..='\u{1C4F}' | '\u{1CD0}'..='\u{1CFF}'
        // Phags-pa, Saurashtra, Devanagari, Rejang, Javanese, Myanmar, Meetei Mayek.
        | '\u{A840}'..='\u{A8FF}' | '\u{A930}'..='\u{A9FF}' | '\u{AA60}'..='\u{AA7F}'
        | '\u{AAE0}'..='\u{AAFF}' | '\u{ABC0}'..='\u{ABFF}'
        // Arabic presentation forms, which end just before the byte order mark.
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}'
        // Kharoshthi, Manichaean to Chorasmian, Brahmi and what came of it, Adlam.
        | '\u{10A00}'..='\u{10A5F}' | '\u{10AC0}'..='\u{10AFF}' | '\u{10B80}'..='\u{10FFF}'
        | '\u{11000}'..='\u{11FFF}' | '\u{1E900}'..='\u{1E95F}')
}

/// Of a script without spaces between words, where a zero-width space says how lines may break.
pub(super) fn is_spaceless(character: char) -> bool {
    matches!(character,
        '\u{E00}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{1950}'..='\u{19FF}'
        | '\u{1A20}'..='\u{1AAF}' | '\u{1B00}'..='\u{1B7F}' | '\u{A980}'..='\u{A9FF}'
        | '\u{AA60}'..='\u{AADF}')
}

/// Mongolian letters, but not the marks and selectors among them.
pub(super) fn is_mongolian(character: char) -> bool {
    matches!(character, '\u{1800}'..='\u{180A}' | '\u{1810}'..='\u{18AF}')
}

/// Written from right to left, but not the marks that turn the direction.
pub(super) fn is_right_to_left(character: char) -> bool {
    character != '\u{61C}'
        && matches!(character,
            '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}'
            | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EEFF}')
}

/// Chinese, Japanese or Korean, where wide punctuation is at home.
pub(super) fn is_wide(character: char) -> bool {
    is_ideograph(character)
        || matches!(character,
            '\u{2E80}'..='\u{2FDF}' | '\u{3001}'..='\u{301C}' | '\u{3020}'..='\u{3163}'
            | '\u{3165}'..='\u{33FF}' | '\u{A000}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}'
            | '\u{FF61}'..='\u{FF9F}')
}

/// An ideograph, of which there are variants.
pub(super) fn is_ideograph(character: char) -> bool {
    matches!(character,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFD}')
}

/// A sign of mathematics, some of which have variants.
pub(super) fn is_mathematical(character: char) -> bool {
    matches!(character, '\u{2200}'..='\u{22FF}' | '\u{2A00}'..='\u{2AFF}')
}

/// The first consonants of an old Korean syllable.
pub(super) fn is_leading_jamo(character: char) -> bool {
    matches!(character, '\u{1100}'..='\u{115E}' | '\u{A960}'..='\u{A97C}')
}

/// The vowels of an old Korean syllable.
pub(super) fn is_vowel_jamo(character: char) -> bool {
    matches!(character, '\u{1161}'..='\u{11A7}' | '\u{D7B0}'..='\u{D7C6}')
}

/// Braille with at least one dot.
pub(super) fn is_braille(character: char) -> bool {
    matches!(character, '\u{2801}'..='\u{28FF}')
}
