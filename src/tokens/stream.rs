//! A text of any size, in the parts it comes in; no more of it is kept than the stretch that is being read.

use std::mem;

use super::{Counter, Sum};

/// What may follow a stretch and still change it: a literal token is not longer.
const LOOKAHEAD: usize = 4096;

/// How much text is gathered before it is counted.
const BLOCK: usize = 1 << 18;

/// A stretch that is longer than this is cut all the same.
const LONGEST_STRETCH: usize = 64 << 20;

/// Counts a text that is read bit by bit.
#[derive(Debug)]
pub struct Stream<'a> {
    counter: &'a mut Counter,
    /// Valid text that is not counted yet.
    text: String,
    /// The beginning of a character whose end has not come yet.
    broken: Vec<u8>,
    /// How much text to gather before the next count.
    enough: usize,
    longest_stretch: usize,
    counted: Counted,
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// The tokens.
    pub tokens: u64,
    /// The bytes that were read.
    pub bytes: u64,
    /// The line feeds among them.
    pub line_feeds: u64,
    /// Bytes that are no UTF-8, each counted as U+FFFD, as SentencePiece does.
    pub invalid_utf8: u64,
    /// Where the first of them is: its offset in bytes.
    pub first_invalid: Option<u64>,
    /// Texts that look like control tokens (`<bos>`) and are counted as text.
    pub control_lookalikes: u64,
    /// Marks of a conversation (`<start_of_turn>`) that the vocabulary keeps one token for, and that a service may take
    /// apart where a text spells them.
    pub conversation_marks: u64,
    /// Where a stretch that cannot be cut was cut all the same, for its size: then the count is not exact.
    pub forced_cuts: u64,
}

impl<'a> Stream<'a> {
    /// Nothing read yet.
    pub fn new(counter: &'a mut Counter) -> Self {
        Self {
            counter,
            text: String::new(),
            broken: Vec::new(),
            enough: BLOCK,
            longest_stretch: LONGEST_STRETCH,
            counted: Counted::default(),
        }
    }

    /// Reads on.
    pub fn push(&mut self, bytes: &[u8]) {
        for block in bytes.chunks(BLOCK) {
            self.counted.line_feeds += memchr::memchr_iter(b'\n', block).count() as u64;
            if self.broken.is_empty() {
                self.read(block);
            } else {
                let mut joined = mem::take(&mut self.broken);
                joined.extend_from_slice(block);
                self.read(&joined);
            }
            if self.text.len() >= self.enough {
                self.count_what_is_sure();
            }
        }
    }

    /// The end of the text.
    pub fn finish(mut self) -> Counted {
        let broken = mem::take(&mut self.broken);
        self.replace(broken.len());
        self.count_all();
        self.counted
    }

    /// Takes valid text over, replaces what is none, and keeps a character's beginning for later.
    fn read(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (valid, invalid) = match simdutf8::compat::from_utf8(bytes) {
                Ok(text) => (text, None),
                Err(error) => {
                    let valid = &bytes[..error.valid_up_to()];
                    let valid = str::from_utf8(valid).expect("valid up to here");
                    (valid, Some(error.error_len()))
                }
            };
            self.text.push_str(valid);
            self.counted.bytes += valid.len() as u64;
            bytes = &bytes[valid.len()..];
            match invalid {
                Some(Some(length)) => {
                    self.replace(length);
                    bytes = &bytes[length..];
                }
                Some(None) => {
                    self.broken = bytes.to_vec();
                    return;
                }
                None => {}
            }
        }
    }

    fn replace(&mut self, invalid: usize) {
        if invalid > 0 {
            self.counted.first_invalid.get_or_insert(self.counted.bytes);
        }
        self.counted.bytes += invalid as u64;
        self.counted.invalid_utf8 += invalid as u64;
        self.text.extend(std::iter::repeat_n(char::REPLACEMENT_CHARACTER, invalid));
    }

    /// Counts the stretches that nothing can change any more.
    fn count_what_is_sure(&mut self) {
        let until = self.text.len().saturating_sub(LOOKAHEAD);
        let (sum, end) = self.counter.walk(&self.text, until, |_, _| ());
        self.add(sum);
        self.text.drain(..end);
        if self.text.len() > self.longest_stretch {
            self.counted.forced_cuts += 1;
            self.count_all();
        }
        // Twice as much, so that a stretch is not looked through over and over.
        let most = self.longest_stretch.max(self.text.len());
        self.enough = (2 * self.text.len()).min(most) + BLOCK;
    }

    fn count_all(&mut self) {
        let (sum, _) = self.counter.walk(&self.text, self.text.len(), |_, _| ());
        self.add(sum);
        self.text.clear();
    }

    fn add(&mut self, sum: Sum) {
        self.counted.tokens += sum.tokens;
        self.counted.control_lookalikes += sum.lookalikes;
        self.counted.conversation_marks += sum.marks;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::Vocabulary;

    fn counted(parts: &[&[u8]], longest_stretch: usize) -> Counted {
        let mut counter = Counter::new(&Vocabulary::gemma3());
        let mut stream = Stream::new(&mut counter);
        stream.longest_stretch = longest_stretch;
        parts.iter().for_each(|part| stream.push(part));
        stream.finish()
    }

    fn whole(text: &str) -> u64 {
        Counter::new(&Vocabulary::gemma3()).count(text)
    }

    #[test]
    fn where_a_stream_is_broken_does_not_matter() {
        let text = "naïve café 日本語 🙂\n\n\n  \u{2581}<table><bos> and ünïcödé</h1>".repeat(40);
        let random = &mut fastrand::Rng::with_seed(7);
        for _ in 0..40 {
            let mut rest = text.as_bytes();
            let mut parts = Vec::new();
            while !rest.is_empty() {
                let (part, after) = rest.split_at(random.usize(1..=rest.len().min(300)));
                parts.push(part);
                rest = after;
            }
            let counted = counted(&parts, LONGEST_STRETCH);
            assert_eq!(counted.tokens, whole(&text));
            assert_eq!(counted.bytes, text.len() as u64);
            assert_eq!((counted.line_feeds, counted.control_lookalikes), (120, 40));
        }
    }

    #[test]
    fn blocks_end_anywhere() {
        let text = "The quick brown fox.\n\n   \t日本語 ".repeat(40_000);
        let parts: Vec<&[u8]> = text.as_bytes().chunks(70_001).collect();
        assert_eq!(counted(&parts, LONGEST_STRETCH).tokens, whole(&text));
    }

    #[test]
    fn each_byte_that_is_no_utf8_is_one_replacement() {
        let counted = counted(&[b"ab\xE4", b"\xB8c\xFF", b"d\xF0\x9F"], LONGEST_STRETCH);
        assert_eq!((counted.invalid_utf8, counted.first_invalid), (5, Some(2)));
        assert_eq!(counted.bytes, 9);
        assert_eq!(counted.tokens, whole("ab\u{FFFD}\u{FFFD}c\u{FFFD}d\u{FFFD}\u{FFFD}"));
    }

    #[test]
    fn marks_of_a_conversation_are_told_apart_from_other_literals() {
        let text = "  <table>\n\n<start_of_turn>user<end_of_turn><h1><unused7>";
        let counted = counted(&[text.as_bytes()], LONGEST_STRETCH);
        assert_eq!((counted.conversation_marks, counted.control_lookalikes), (3, 0));
    }

    #[test]
    fn a_stretch_that_is_too_long_is_cut_and_told() {
        let text = "a".repeat(2 * BLOCK);
        assert_eq!(counted(&[text.as_bytes()], LONGEST_STRETCH).forced_cuts, 0);
        let counted = counted(&[text.as_bytes()], BLOCK / 2);
        assert!(counted.forced_cuts > 0);
        assert!(counted.tokens.abs_diff(whole(&text)) <= counted.forced_cuts);
    }

    #[test]
    fn no_more_than_the_longest_stretch_is_held() {
        let mut counter = Counter::new(&Vocabulary::gemma3());
        let mut stream = Stream::new(&mut counter);
        stream.longest_stretch = 3 * BLOCK;
        for _ in 0..12 {
            stream.push(&vec![b'a'; BLOCK]);
            assert!(stream.text.len() <= 4 * BLOCK + LOOKAHEAD, "{}", stream.text.len());
        }
        assert!((2..=4).contains(&stream.finish().forced_cuts));
    }
}
