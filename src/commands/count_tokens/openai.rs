//! The same text as OpenAI's models count it, which is what many people plan with. Never a count of Gemini's.
//!
//! Its engine gives up on very long runs and is slow on them, so that it gets pieces of a bounded size: cut where
//! no token of either vocabulary crosses, and else by force, which is told.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tiktoken_rs::{CoreBPE, cl100k_base_singleton, o200k_base_singleton};

/// The most that the engine gets at once.
const PIECE: usize = 16 * 1024;

/// Counts a text that comes in parts.
#[derive(Debug, Default)]
pub struct Openai {
    waiting: String,
    compared: Compared,
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// With `o200k_base`: GPT-4o and later.
    pub o200k: u64,
    /// With `cl100k_base`: GPT-4 and GPT-3.5.
    pub cl100k: u64,
    /// Where a stretch was cut by force, which changes the count by a token or two.
    pub forced_cuts: u64,
    /// Pieces that the engine gave up on; then the counts are not to be used.
    pub failed: u64,
}

impl Openai {
    /// Reads on.
    pub fn push(&mut self, text: &str) {
        self.waiting.push_str(text);
        let waiting = std::mem::take(&mut self.waiting);
        let mut rest = waiting.as_str();
        while rest.len() > PIECE {
            let (at, is_forced) = match safe_cut(rest) {
                Some(at) => (at, false),
                None => (rest.floor_char_boundary(PIECE), true),
            };
            self.compared.forced_cuts += u64::from(is_forced);
            self.compared.count(&rest[..at]);
            rest = &rest[at..];
        }
        self.waiting = rest.to_owned();
    }

    /// The end of the text.
    pub fn finish(mut self) -> Compared {
        self.compared.count(&self.waiting);
        self.compared
    }
}

impl Compared {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            o200k: self.o200k + other.o200k,
            cl100k: self.cl100k + other.cl100k,
            forced_cuts: self.forced_cuts + other.forced_cuts,
            failed: self.failed + other.failed,
        }
    }

    fn count(&mut self, piece: &str) {
        if piece.is_empty() {
            return;
        }
        let with = |engine: fn() -> &'static CoreBPE| {
            catch_unwind(AssertUnwindSafe(|| engine().count_ordinary(piece) as u64))
        };
        match (with(o200k_base_singleton), with(cl100k_base_singleton)) {
            (Ok(o200k), Ok(cl100k)) => {
                self.o200k += o200k;
                self.cl100k += cl100k;
            }
            _ => self.failed += 1,
        }
    }
}

/// The last place of a piece where both vocabularies cut in any case: after a line feed or before a blank, with a
/// letter or digit on the other side.
fn safe_cut(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (1..=PIECE).rev().find(|&at| match (bytes[at - 1], bytes[at]) {
        (b'\n', after) => after.is_ascii_alphanumeric(),
        (before, b' ') => before.is_ascii_alphanumeric(),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(text: &str, parts: usize) -> Compared {
        let mut openai = Openai::default();
        let mut rest = text;
        while !rest.is_empty() {
            let at = rest.floor_char_boundary(parts.min(rest.len()));
            openai.push(&rest[..at]);
            rest = &rest[at..];
        }
        openai.finish()
    }

    /// Words, lines, indents, numbers and marks, as they come.
    fn prose(letters: usize) -> String {
        let mut random = fastrand::Rng::with_seed(3);
        let words = [
            "word", " it's", " 12345", "\n\n", "\n", "    ", " {", "};", "日本", " naïve", "\t",
            "/", ".", " A",
        ];
        let mut text = String::new();
        while text.len() < letters {
            text.push_str(words[random.usize(0..words.len())]);
        }
        text
    }

    #[test]
    fn pieces_count_as_the_whole_does() {
        let text = prose(100_000);
        let compared = compared(&text, 5_000);
        let whole = |engine: &CoreBPE| engine.count_ordinary(&text) as u64;
        assert_eq!((compared.forced_cuts, compared.failed), (0, 0));
        assert_eq!(compared.o200k, whole(o200k_base_singleton()));
        assert_eq!(compared.cl100k, whole(cl100k_base_singleton()));
    }

    #[test]
    fn what_the_engine_gives_up_on_is_cut_by_force_and_told() {
        for letter in [" ", "a", "\u{200B}", "日", "\n"] {
            let compared = compared(&letter.repeat(120_000), 50_000);
            assert!(compared.o200k > 0 && compared.forced_cuts > 0, "{letter:?}: {compared:?}");
            assert_eq!(compared.failed, 0, "{letter:?}");
        }
    }
}
