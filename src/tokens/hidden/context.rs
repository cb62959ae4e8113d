//! Whether a hidden character is needed where it stands: what stood before it decides, or what comes next. It
//! only judges; what is kept rests on neighbours that no clean-up takes away, so that a second one finds nothing.

use super::{
    scan::Verdict::{self, Found, Kept, Minor},
    scripts::*,
};

/// How far a mark of direction or wide punctuation looks ahead on its line, in characters.
pub(super) const REACH: u8 = 64;

/// What was read before a character.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// The character just before it.
    pub(super) previous: Option<char>,
    /// Whether that ends an emoji, with its selector or its tags.
    pub(super) emoji: bool,
    /// Whether the last letter of the line is written from right to left.
    pub(super) right_to_left: bool,
    /// Whether the line has a wide letter.
    pub(super) wide: bool,
}

/// What is known of a character once all before it is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Judgement {
    /// All that there is to know.
    Now(Verdict),
    /// The second if the next character is one of these, else that it is a finding.
    Next(fn(char) -> bool, Verdict),
    /// That it is kept, if the next letter of the line is written from right to left.
    RightToLeft,
    /// That it is kept, if a wide letter follows soon on the line.
    Wide,
}

use Judgement::{Next, Now};

impl Before {
    /// Whether the character before is one of these.
    fn is(&self, which: fn(char) -> bool) -> bool {
        self.previous.is_some_and(which)
    }

    /// What a hidden character is there for.
    pub(super) fn judge(&self, character: char) -> Judgement {
        match character {
            '\u{200B}' => self.beside(is_spaceless, Kept),
            '\u{200D}' if self.emoji => Next(|next| is_emoji(next) || joins(next), Kept),
            '\u{200C}' | '\u{200D}' => self.beside(joins, Kept),
            '\u{34F}' => self.beside(|other| joins(other) || is_right_to_left(other), Kept),
            '\u{180B}'..='\u{180F}' => self.after(is_mongolian),
            '\u{200E}' | '\u{200F}' | '\u{61C}' if self.right_to_left => Now(Kept),
            '\u{200E}' | '\u{200F}' | '\u{61C}' => Judgement::RightToLeft,
            '\u{115F}' => Next(is_vowel_jamo, Kept),
            '\u{1160}' => self.after(is_leading_jamo),
            '\u{2800}' => self.beside(is_braille, Kept),
            '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => self.variation(character),
            '\u{A0}' | '\u{202F}' | '\u{2009}' => self.space(character),
            _ if is_wide_sign(character) && self.wide => Now(Kept),
            _ if is_wide_sign(character) => Judgement::Wide,
            _ => Now(Found),
        }
    }

    fn after(&self, which: fn(char) -> bool) -> Judgement {
        Now(if self.is(which) { Kept } else { Found })
    }

    fn beside(&self, which: fn(char) -> bool, verdict: Verdict) -> Judgement {
        if self.is(which) { Now(verdict) } else { Next(which, verdict) }
    }

    fn variation(&self, selector: char) -> Judgement {
        let picks = match selector {
            '\u{FE0E}' | '\u{FE0F}' if self.is(is_key) => {
                return Next(|next| next == '\u{20E3}', Kept);
            }
            '\u{FE0E}' | '\u{FE0F}' => self.is(is_emoji),
            '\u{FE00}' => {
                self.is(|base| is_ideograph(base) || is_mathematical(base) || joins(base))
            }
            _ => self.is(is_ideograph),
        };
        Now(if picks { Kept } else { Found })
    }

    /// French sets such a space before its tall punctuation, and others between a number and its unit.
    fn space(&self, space: char) -> Judgement {
        if space == '\u{202F}' && self.is(is_mongolian) {
            return Now(Kept);
        }
        let usual = |before: char| before == '«' || before.is_ascii_digit();
        if self.is(usual) { Now(Minor) } else { Next(is_tall, Minor) }
    }

    /// Reads on, over a character that hides nothing.
    pub(super) fn pass(&mut self, character: char) {
        self.emoji = is_emoji(character);
        self.line(character);
        self.previous = Some(character);
    }

    /// Reads on, over a hidden character; `written` is what a clean-up writes for it.
    pub(super) fn pass_hidden(&mut self, character: char, written: Option<char>) {
        let selects = matches!(character, '\u{FE0E}' | '\u{FE0F}');
        self.emoji = selects && self.is(is_emoji);
        if let Some(written) = written {
            self.line(written);
        }
        self.previous = Some(character);
    }

    /// Reads on, over a run of ASCII without a line feed.
    pub(super) fn skip(&mut self, run: &[u8]) {
        self.emoji = false;
        self.right_to_left &= !run.iter().rev().any(u8::is_ascii_alphabetic);
        self.previous = run.last().map(|byte| char::from(*byte));
    }

    fn line(&mut self, character: char) {
        if character == '\n' {
            (self.right_to_left, self.wide) = (false, false);
        } else if is_right_to_left(character) {
            self.right_to_left = true;
        } else if self.right_to_left && character.is_alphabetic() {
            self.right_to_left = false;
        }
        self.wide |= !character.is_ascii() && is_wide(character);
    }
}

/// Punctuation as wide as an ideograph, and the space that is: letters and digits have no need to be.
fn is_wide_sign(character: char) -> bool {
    character == '\u{3000}'
        || super::table::narrow(character).is_some_and(|narrow| narrow.is_ascii_punctuation())
}

/// What stands on a key that a keycap is drawn of.
fn is_key(character: char) -> bool {
    matches!(character, '0'..='9' | '#' | '*')
}

fn is_tall(character: char) -> bool {
    matches!(character, ';' | ':' | '!' | '?' | '»' | '%' | '€')
}
