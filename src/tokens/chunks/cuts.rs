//! The best place to end a chunk: a paragraph's end, then that of a sentence or line, then a word's, as long as it
//! is near the end, so that there are not many more chunks than there must be.

use unicode_segmentation::UnicodeSegmentation as _;

use super::Planner;

/// Without a space, a word is looked for in so many bytes, and its end in a few more.
const WORD_WINDOW: usize = 256;
const WORD_REST: usize = 64;

/// Where a chunk ends; the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Boundary {
    /// The end of the text.
    End,
    /// After a blank line.
    Paragraph,
    /// After a sentence.
    Sentence,
    /// After a line.
    Line,
    /// Between two words.
    Word,
    /// Within a word, or where nothing better was near.
    Grapheme,
}

impl Boundary {
    /// The word that is printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::End => "end",
            Self::Paragraph => "paragraph",
            Self::Sentence => "sentence",
            Self::Line => "line",
            Self::Word => "word",
            Self::Grapheme => "grapheme",
        }
    }

    /// Lines are as good as sentences: in prose they are rarely far apart, and code has no sentences.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::End => 0,
            Self::Paragraph => 1,
            Self::Sentence | Self::Line => 2,
            Self::Word => 3,
            Self::Grapheme => 4,
        }
    }
}

/// Where a chunk ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) at: usize,
    /// The tokens of the chunk, counted as a text of its own.
    pub(super) tokens: u64,
    pub(super) ends: Boundary,
}

impl Planner<'_> {
    /// Where to end a chunk that starts here and must go on after `from`; nowhere if nothing fits.
    pub(super) fn end(&mut self, start: usize, from: usize) -> Option<End> {
        let limit = self.reach(start);
        if limit <= from {
            return None;
        }
        let mut ends = Vec::new();
        if limit < self.text.len() {
            ends = self.ends_near(from, limit);
            ends.extend(self.word_end(start, from, limit).map(|at| (at, Boundary::Word)));
        }
        let best = ends.into_iter().find_map(|(at, ends)| self.fits(start, at, ends));
        best.or_else(|| self.any_end(start, from, limit))
    }

    /// That end, if it is a boundary and the chunk fits: the running sums tell most that do not, a count decides.
    fn fits(&mut self, start: usize, at: usize, ends: Boundary) -> Option<End> {
        if self.sums.count(start..at) > self.cap || !self.graphemes.is_boundary(start, at) {
            return None;
        }
        self.counted(start, at, ends)
    }

    fn counted(&mut self, start: usize, at: usize, ends: Boundary) -> Option<End> {
        let tokens = self.sums.exact(start..at);
        let ends = if at == self.text.len() { Boundary::End } else { ends };
        (tokens <= self.cap).then_some(End { at, tokens, ends })
    }

    /// The limit, or what fits before it.
    fn any_end(&mut self, start: usize, from: usize, limit: usize) -> Option<End> {
        let mut at = limit;
        while at > from {
            let end = self.counted(start, at, Boundary::Grapheme);
            if end.is_some() {
                return end;
            }
            at = self.graphemes.floor(from, at - (at - from).div_ceil(8));
        }
        self.counted(start, self.graphemes.next(from), Boundary::Grapheme)
    }

    /// The last end of each kind in the last quarter of what is new, the best first.
    fn ends_near(&self, from: usize, limit: usize) -> Vec<(usize, Boundary)> {
        let quarter = (limit - (limit - from) / 4).max(from + 1);
        let mut ends: Vec<(usize, Boundary)> = Vec::new();
        for end in char_ends(self.text, quarter, limit).rev() {
            let best = ends.last().map_or(Boundary::Grapheme, |(_, boundary)| *boundary);
            if best == Boundary::Paragraph {
                break;
            }
            let found = boundary_at(self.text, end).filter(|it| it.rank() < best.rank());
            ends.extend(found.map(|boundary| (end, boundary)));
        }
        ends.reverse();
        ends
    }

    /// The last end of a word in scripts and texts without spaces.
    fn word_end(&self, start: usize, from: usize, limit: usize) -> Option<usize> {
        let window = limit.saturating_sub(WORD_WINDOW).max(limit - (limit - from) / 2);
        let first = self.graphemes.floor(start, window);
        let rest = self.text.floor_char_boundary(limit + WORD_REST);
        let words =
            self.text[first..rest].split_word_bound_indices().map(|(place, _)| first + place);
        words.skip(1).take_while(|end| *end <= limit).filter(|end| *end > from).last()
    }
}

/// The places between characters, from one to another, both included.
pub(super) fn char_ends(
    text: &str,
    low: usize,
    high: usize,
) -> impl DoubleEndedIterator<Item = usize> {
    let low = text.ceil_char_boundary(low);
    let places = text[low..high.max(low)].char_indices().map(move |(place, _)| low + place);
    places.chain((low <= high).then_some(high))
}

/// What ends at a place, if more than a letter.
pub(super) fn boundary_at(text: &str, place: usize) -> Option<Boundary> {
    let (before, after) = text.split_at(place);
    let last = before.chars().next_back()?;
    let next = after.chars().next();
    if last == '\n' {
        return Some(line_end(&before[..place - 1]));
    }
    let goes_on = next.is_some_and(char::is_whitespace);
    if last.is_whitespace() {
        let ends = || ends_sentence(before.trim_end());
        return (!goes_on).then(|| if ends() { Boundary::Sentence } else { Boundary::Word });
    }
    let wide = is_wide_stop(last) || (is_closer(last) && !last.is_ascii());
    let goes_on = goes_on || next.is_some_and(|next| is_wide_stop(next) || is_closer(next));
    (wide && !goes_on && ends_sentence(before)).then_some(Boundary::Sentence)
}

/// What a line feed ends.
fn line_end(line: &str) -> Boundary {
    let line = line.trim_end_matches([' ', '\t', '\r']);
    if line.is_empty() || line.ends_with('\n') {
        Boundary::Paragraph
    } else if ends_sentence(line) {
        Boundary::Sentence
    } else {
        Boundary::Line
    }
}

fn ends_sentence(text: &str) -> bool {
    // More than a few closing marks end nothing.
    let stop = text.chars().rev().take(4).find(|character| !is_closer(*character));
    stop.is_some_and(|stop| is_wide_stop(stop) || is_stop(stop))
}

/// What ends a sentence if white space follows.
fn is_stop(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | '…' | '؟' | '۔' | '।' | '॥' | '။' | '។')
}

/// What ends a sentence, whatever follows.
fn is_wide_stop(character: char) -> bool {
    matches!(character, '。' | '！' | '？' | '｡')
}

fn is_closer(character: char) -> bool {
    matches!(character, '"' | '\'' | ')' | ']' | '”' | '’' | '»')
        || matches!(character, '」' | '』' | '）' | '】' | '〉' | '》')
}
