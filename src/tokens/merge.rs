//! Counts a stretch by merging pairs, the best first and of equal ones the leftmost, until none is left.
//!
//! A long stretch is merged in windows. That is exact because of what a merge can see: a list of tokens is the one
//! that merging makes if and only if each two neighbours in it are what merging makes of the two alone. (Were it
//! otherwise, look at the first merge that crosses from one token of the list into the next one. Until then all has
//! happened within tokens, as it would have with these two alone, and so that merge would have come with the two alone
//! as well.) So windows join where the last token of one and the first of the next one stand beside each other alone;
//! where they do not, the windows are made longer.

use super::{
    cut,
    tables::{NONE, View},
};

/// The characters of the windows that are tried first; few texts need longer ones.
const WINDOW: usize = 40;

/// The room that merging needs, used over and over.
#[derive(Debug, Default)]
pub(super) struct Merger {
    now: Tokens,
    next: Tokens,
    seam: Tokens,
}

impl Merger {
    /// The tokens of a stretch.
    pub(super) fn count(&mut self, view: &View<'_>, stretch: &[u8]) -> u64 {
        let mut window = WINDOW;
        loop {
            if let Some(tokens) = self.in_windows(view, stretch, window) {
                return tokens;
            }
            window *= 2;
        }
    }

    /// The tokens of a stretch by windows of so many characters, or none where some do not join. A window that holds
    /// the whole stretch has nothing to join.
    fn in_windows(&mut self, view: &View<'_>, stretch: &[u8], window: usize) -> Option<u64> {
        let (mut tokens, mut at) = (0, 0);
        self.now.read(view, stretch, window);
        self.now.merge(view);
        while at + self.now.bytes < stretch.len() {
            let (kept, end) = self.join(view, &stretch[at..], window)?;
            tokens += kept;
            at += end;
            std::mem::swap(&mut self.now, &mut self.next);
        }
        Some(tokens + self.now.count())
    }

    /// Finds where the next window joins this one: the tokens before, and the bytes before. The last token of a window
    /// is the likeliest to change with what follows, and so the search begins before it.
    fn join(&mut self, view: &View<'_>, rest: &[u8], window: usize) -> Option<(u64, usize)> {
        let count = self.now.tokens.len();
        let mut end = self.now.bytes - self.now.width(count - 1);
        for kept in (1..count).rev().take(window / 4) {
            self.next.read(view, &rest[end..], window);
            self.next.merge(view);
            let left = self.now.width(kept - 1);
            let right = self.next.width(0);
            if self.seam.stays_two(view, &rest[end - left..end + right], left) {
                return Some((self.now.count_of(kept), end));
            }
            end -= left;
        }
        None
    }
}

/// Tokens in the making, side by side.
#[derive(Debug, Default)]
struct Tokens {
    tokens: Vec<Token>,
    bytes: usize,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
struct Token {
    /// Its symbol, or [`NONE`] for a character that the vocabulary does not have.
    symbol: u32,
    /// What it makes with its right neighbour, or [`NONE`].
    makes: u32,
    /// Its bytes.
    width: u32,
}

impl Tokens {
    /// Reads up to so many characters.
    #[inline]
    fn read(&mut self, view: &View<'_>, text: &[u8], most: usize) {
        self.tokens.clear();
        let (mut at, mut before) = (0, NONE);
        while at < text.len() && self.tokens.len() < most {
            let (character, next) = cut::character(text, at);
            let symbol = view.symbol(character);
            if let Some(left) = self.tokens.last_mut() {
                left.makes = match (before, character) {
                    (0..128, 0..128) => view.ascii_merged(before as u8, character as u8),
                    _ => view.merged(left.symbol, symbol),
                };
            }
            self.tokens.push(Token { symbol, makes: NONE, width: (next - at) as u32 });
            (at, before) = (next, character);
        }
        self.bytes = at;
    }

    fn merge(&mut self, view: &View<'_>) {
        while let Some((first, is_alone)) = self.best() {
            if is_alone {
                self.merge_one(view, first);
            } else {
                self.merge_all(view, first);
            }
        }
    }

    /// Where the best merge is, the leftmost of equal ones, and whether there is no other.
    #[inline]
    fn best(&self) -> Option<(usize, bool)> {
        let (mut at, mut best, mut is_alone) = (0, NONE, true);
        for (place, token) in self.tokens.iter().enumerate() {
            if token.makes < best {
                (at, best, is_alone) = (place, token.makes, true);
            } else {
                is_alone &= token.makes != best;
            }
        }
        (best != NONE).then_some((at, is_alone))
    }

    #[inline]
    fn merge_one(&mut self, view: &View<'_>, at: usize) {
        let right = self.tokens.remove(at + 1);
        let next = self.tokens.get(at + 1).map(|next| next.symbol);
        let merged = &mut self.tokens[at];
        let made = merged.makes;
        let makes = next.map_or(NONE, |next| view.merged(made, next));
        *merged = Token { symbol: made, makes, width: merged.width + right.width };
        if at > 0 {
            let left = &mut self.tokens[at - 1];
            left.makes = view.merged(left.symbol, made);
        }
    }

    /// Makes this merge and the ones to the same symbol right of it, as long as none makes a better one possible.
    fn merge_all(&mut self, view: &View<'_>, first: usize) {
        let best = self.tokens[first].makes;
        let (mut read, mut written, mut bettered) = (first, first, false);
        while read < self.tokens.len() {
            let mut token = self.tokens[read];
            read += 1;
            if token.makes == best && !bettered {
                token.symbol = best;
                token.width += self.tokens[read].width;
                read += 1;
                let right = self.tokens.get(read).map(|right| right.symbol);
                token.makes = right.map_or(NONE, |right| view.merged(best, right));
                bettered = token.makes < best;
                if written > 0 {
                    let left = &mut self.tokens[written - 1];
                    left.makes = view.merged(left.symbol, best);
                    bettered |= left.makes < best;
                }
            }
            self.tokens[written] = token;
            written += 1;
        }
        self.tokens.truncate(written);
    }

    fn width(&self, at: usize) -> usize {
        self.tokens[at].width as usize
    }

    fn count(&self) -> u64 {
        self.count_of(self.tokens.len())
    }

    /// A character that the vocabulary does not have is as many tokens as it has bytes.
    fn count_of(&self, count: usize) -> u64 {
        let tokens = |token: &Token| if token.symbol == NONE { token.width } else { 1 };
        self.tokens[..count].iter().map(|token| u64::from(tokens(token))).sum()
    }

    /// Whether merging leaves two tokens of a text, the left one this wide.
    fn stays_two(&mut self, view: &View<'_>, text: &[u8], left: usize) -> bool {
        self.read(view, text, text.len());
        self.merge(view);
        self.tokens.len() == 2 && self.width(0) == left
    }
}
