//! Tokens of any part of a text, without counting all of it again: running sums at places that no token crosses,
//! one every few thousand bytes, and counts from there.

use std::ops::Range;

use crate::tokens::Counter;

/// So far apart are two sums at least, in bytes.
const SPACING: usize = 4096;

/// A place in a text, and the tokens before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) at: usize,
    pub(super) tokens: u64,
}

/// The running sums of a text.
#[derive(Debug)]
pub(super) struct Sums<'a> {
    text: &'a str,
    counter: &'a mut Counter,
    /// The first at the beginning, the last at the end.
    marks: Vec<Mark>,
}

impl<'a> Sums<'a> {
    /// Counts the text once.
    pub(super) fn of(text: &'a str, counter: &'a mut Counter) -> Self {
        let mut marks = vec![Mark { at: 0, tokens: 0 }];
        let mut last = marks[0];
        let mut next = SPACING;
        counter.stretches(text, |stretch, tokens| {
            last = Mark { at: stretch.end, tokens: last.tokens + tokens };
            if last.at >= next {
                marks.push(last);
                next = last.at + SPACING;
            }
        });
        if marks.last() != Some(&last) {
            marks.push(last);
        }
        Self { text, counter, marks }
    }

    /// The tokens of the whole text.
    pub(super) fn tokens(&self) -> u64 {
        self.marks.last().map_or(0, |mark| mark.tokens)
    }

    /// The bytes that so many tokens take up on average.
    pub(super) fn bytes_of(&self, tokens: u64) -> usize {
        let bytes = tokens as f64 * self.text.len() as f64 / self.tokens().max(1) as f64;
        bytes.ceil() as usize
    }

    /// The first place with a sum that is not before this one.
    pub(super) fn at_or_after(&self, place: usize) -> Mark {
        self.marks[self.marks.partition_point(|mark| mark.at < place)]
    }

    /// The last place with a sum that has at most so many tokens before it.
    pub(super) fn with_at_most(&self, tokens: u64) -> Mark {
        self.marks[self.marks.partition_point(|mark| mark.tokens <= tokens) - 1]
    }

    /// The tokens of a part, counted as a text of its own.
    pub(super) fn exact(&mut self, part: Range<usize>) -> u64 {
        self.counter.count(&self.text[part])
    }

    /// The same from the running sums. Where a part begins inside what is one token of the text, as a run of line
    /// feeds is, what follows can be cut in another way, and this is a little off.
    pub(super) fn count(&mut self, part: Range<usize>) -> u64 {
        let first = self.at_or_after(part.start);
        let last = self.marks[self.marks.partition_point(|mark| mark.at <= part.end) - 1];
        if first.at > last.at {
            return self.counter.count(&self.text[part]);
        }
        let head = self.counter.count(&self.text[part.start..first.at]);
        let tail = self.counter.count(&self.text[last.at..part.end]);
        head + (last.tokens - first.tokens) + tail
    }

    /// The stretches of a part: where each ends, and the tokens from the start of the part to there.
    pub(super) fn stretches(&mut self, part: Range<usize>, mut each: impl FnMut(Mark)) {
        let (start, mut tokens) = (part.start, 0);
        self.counter.stretches(&self.text[part], |stretch, count| {
            tokens += count;
            each(Mark { at: start + stretch.end, tokens });
        });
    }
}
