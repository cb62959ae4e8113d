//! A plan to cut a text into chunks of at most so many tokens, each counted as a text of its own. It cuts at the
//! best place near the end of each chunk and never inside what a reader takes for one character. It writes
//! nothing: a plan is ranges of bytes.

mod cuts;
mod graphemes;
mod overlap;
mod reach;
mod refusal;
mod sums;

#[cfg(test)]
mod tests;

use std::ops::Range;

pub use cuts::Boundary;
pub use refusal::Refusal;

use self::{cuts::End, graphemes::Graphemes, sums::Sums};
use super::Counter;

/// One chunk of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Its bytes.
    pub range: Range<usize>,
    /// Its bytes without those that it repeats from the chunk before: one after the other, they are the text.
    pub own: Range<usize>,
    /// The tokens of all of it, counted as a text of its own.
    pub tokens: u64,
    /// The line of the text on which it begins; the first is 1.
    pub first_line: u64,
    /// Where it ends.
    pub ends: Boundary,
}

/// How to cut a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The chunks in order; none for an empty text.
    pub chunks: Vec<Chunk>,
    /// The tokens of the whole text.
    pub tokens: u64,
}

/// Cuts a text into chunks of at most `cap` tokens, each of which begins with up to `overlap` tokens of the end of
/// the one before.
pub fn plan(text: &str, cap: u64, overlap: u64, counter: &mut Counter) -> Result<Plan, Refusal> {
    if cap == 0 {
        return Err(Refusal::NoRoom);
    }
    if overlap >= cap {
        return Err(Refusal::OverlapTooLarge { overlap, cap });
    }
    let sums = Sums::of(text, counter);
    let tokens = sums.tokens();
    let planner = Planner { text, graphemes: Graphemes::of(text), sums, cap, overlap };
    planner.chunks().map(|chunks| Plan { chunks, tokens })
}

/// What is known while a plan is made.
struct Planner<'a> {
    text: &'a str,
    graphemes: Graphemes<'a>,
    sums: Sums<'a>,
    cap: u64,
    overlap: u64,
}

impl Planner<'_> {
    fn chunks(mut self) -> Result<Vec<Chunk>, Refusal> {
        let mut chunks: Vec<Chunk> = Vec::new();
        let (mut from, mut line) = (0, 1);
        while from < self.text.len() {
            let chunk = self.chunk(from, line, chunks.last())?;
            line += line_feeds(&self.text[chunk.own.clone()]);
            from = chunk.own.end;
            chunks.push(chunk);
        }
        Ok(chunks)
    }

    /// The chunk whose own part begins here. What it repeats gives way where nothing new would fit beside it.
    fn chunk(&mut self, from: usize, line: u64, last: Option<&Chunk>) -> Result<Chunk, Refusal> {
        let mut start = last.map_or(from, |last| self.overlap_start(last.range.start, from));
        let mut end = self.end(start, from);
        if end.is_none() {
            start = from;
            end = self.end(start, from);
        }
        let End { at, tokens, ends } = end.ok_or_else(|| self.too_large(from, line))?;
        let first_line = line - line_feeds(&self.text[start..from]);
        Ok(Chunk { range: start..at, own: from..at, tokens, first_line, ends })
    }

    fn too_large(&mut self, at: usize, line: u64) -> Refusal {
        let end = self.graphemes.next(at);
        let tokens = self.sums.exact(at..end);
        let line_start = self.text[..at].rfind('\n').map_or(0, |feed| feed + 1);
        let column = self.text[line_start..at].chars().count() as u64 + 1;
        Refusal::GraphemeTooLarge { line, column, offset: at, tokens, cap: self.cap }
    }
}

fn line_feeds(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
}
