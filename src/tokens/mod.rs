//! Tokens, counted as the model's own tokenizer cuts them. Pure: text in, numbers out.
//!
//! A text is cut where no token can cross (`cut`), what stands between two cuts is remembered (`memo`) or merged
//! (`merge`), by tables that were made ahead of time (`pack`, `tables`).

pub mod body;
pub mod chunks;
mod cut;
pub mod delivery;
pub mod hidden;
mod memo;
mod merge;
pub mod model_file;
mod pack;
mod stream;
mod tables;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use pack::{Merges, Pieces, pack};
pub use stream::{Counted, Stream};

use self::{
    cut::Stretch,
    memo::Memo,
    merge::Merger,
    tables::{Tables, View},
};

/// Gemma 3's vocabulary, packed; NOTICE says where it is from.
static GEMMA3: &[u8] = include_bytes!("gemma3.bin");

/// The pieces of one tokenizer; cheap to clone and to share between threads.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    name: String,
    tables: Tables,
}

impl Vocabulary {
    /// The vocabulary of Gemma 3, which Google's SDK counts the 2.x and 3-preview families with; embedded.
    pub fn gemma3() -> Self {
        Self { name: "gemma3".to_owned(), tables: Tables::embedded(GEMMA3) }
    }

    /// A vocabulary of these pieces, or why they are none.
    pub fn of(name: impl Into<String>, pieces: &Pieces) -> Result<Self, String> {
        Ok(Self { name: name.into(), tables: Tables::owned(pack(pieces)?) })
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Counts with one vocabulary, and remembers what it has seen; one for each thread.
#[derive(Debug)]
pub struct Counter {
    vocabulary: Vocabulary,
    memo: Memo,
    merger: Merger,
}

/// What a count came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    tokens: u64,
    lookalikes: u64,
    marks: u64,
}

impl Counter {
    /// A counter that has seen nothing.
    pub fn new(vocabulary: &Vocabulary) -> Self {
        Self { vocabulary: vocabulary.clone(), memo: Memo::new(), merger: Merger::default() }
    }

    /// The vocabulary it counts with.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The tokens of a whole text.
    pub fn count(&mut self, text: &str) -> u64 {
        self.walk(text, text.len(), |_, _| ()).0.tokens
    }

    /// Tells each stretch of a text whose ends no token crosses, in order: its bytes and its tokens. A text that
    /// is cut between two stretches has as many tokens as its two parts.
    pub fn stretches(&mut self, text: &str, each: impl FnMut(Range<usize>, u64)) {
        self.walk(text, text.len(), each);
    }

    /// Counts the stretches that end before `until` for sure, and says where the last of them ends.
    fn walk(
        &mut self,
        text: &str,
        until: usize,
        mut each: impl FnMut(Range<usize>, u64),
    ) -> (Sum, usize) {
        let Self { vocabulary, memo, merger } = self;
        let view = vocabulary.tables.view();
        let (mut sum, mut start) = (Sum::default(), 0);
        while start < text.len() {
            let stretch = cut::stretch(&view, text, start);
            if stretch.end > until {
                break;
            }
            let tokens = tokens(&view, memo, merger, text.as_bytes(), start, stretch);
            each(start..stretch.end, tokens);
            sum.tokens += tokens;
            sum.lookalikes += u64::from(stretch.lookalikes);
            if stretch.literal {
                sum.marks += u64::from(cut::is_mark(&text.as_bytes()[start..stretch.end]));
            }
            start = stretch.end;
        }
        (sum, start)
    }
}

#[inline(always)]
fn tokens(
    view: &View<'_>,
    memo: &mut Memo,
    merger: &mut Merger,
    text: &[u8],
    start: usize,
    stretch: Stretch,
) -> u64 {
    if stretch.literal {
        return 1;
    }
    match text[start..stretch.end] {
        // What is not in the vocabulary is as many tokens as it has bytes, and so this is one in any case.
        [0..128] => 1,
        [left @ 0..128, right @ 0..128] => {
            if view.ascii_merged(left, right) == tables::NONE {
                2
            } else {
                1
            }
        }
        _ if stretch.end - start > memo::LONGEST => merger.count(view, &text[start..stretch.end]),
        _ => {
            let count = || merger.count(view, &text[start..stretch.end]);
            memo.tokens(text, start, stretch.end, count)
        }
    }
}
