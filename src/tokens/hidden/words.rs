//! Words of Latin letters in which letters of another alphabet stand. A word that has letters of that alphabet
//! which cannot pass for Latin ones is nobody's trick ("SMSка"), and is left alone.

use super::{
    Cleanup, Hidden, Kind,
    lookalikes::twin,
    scan::{Place, Sighting, Verdict},
};

/// No word has more look-alikes, and what waits for its end is bounded.
const MOST_WAITING: usize = 64;
/// Nor are so many characters one word.
const LONGEST_WORD: u32 = 256;

/// The word that is being read.
#[derive(Debug, Default)]
pub(super) struct Word {
    latin: bool,
    foreign: bool,
    length: u32,
    waiting: Vec<Sighting>,
}

impl Word {
    /// Whether it waits for the end of the word.
    pub(super) fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The first look-alike that waits.
    pub(super) fn first(&self) -> Option<&Sighting> {
        self.waiting.first()
    }

    /// A run of ASCII, while nothing waits.
    pub(super) fn skip(&mut self, run: &[u8]) {
        let rest = run.iter().rposition(|byte| !is_word_byte(*byte)).map_or(0, |last| last + 1);
        if rest > 0 {
            *self = Self::default();
        }
        self.latin |= run[rest..].iter().any(u8::is_ascii_alphabetic);
    }

    /// The next character, or the one that a clean-up writes for it; not one that it deletes.
    pub(super) fn take(&mut self, character: char, at: Place, decided: &mut Vec<Sighting>) {
        if let Some(like) = twin(character) {
            self.waiting.push(sighting(character, like, at));
        } else if character.is_ascii() && is_word_byte(character as u8) {
            self.latin |= character.is_ascii_alphabetic();
        } else {
            match character {
                '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => self.latin = true,
                '\u{370}'..='\u{52F}' | '\u{1F00}'..='\u{1FFF}' => self.foreign = true,
                '\u{300}'..='\u{36F}' => {}
                _ => return self.end(decided),
            }
        }
        self.bound();
    }

    /// The word is over, or the text.
    pub(super) fn end(&mut self, decided: &mut Vec<Sighting>) {
        // In a word with foreign letters nothing waits.
        if self.latin {
            decided.append(&mut self.waiting);
        }
        self.waiting.clear();
        (self.latin, self.foreign, self.length) = (false, false, 0);
    }

    fn bound(&mut self) {
        self.length += u32::from(self.waits());
        if self.waiting.len() > MOST_WAITING || self.length > LONGEST_WORD {
            self.foreign = true;
        }
        if self.foreign {
            self.waiting.clear();
        }
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn sighting(character: char, like: char, place: Place) -> Sighting {
    let what = Hidden { kind: Kind::Confusable, cleanup: Cleanup::Replace(like) };
    Sighting { place, character, what, verdict: Verdict::Found }
}
