//! How far a chunk can go before it has too many tokens, by the running sums. What is found need not be the very
//! last place that fits, since one more letter can make fewer tokens; whoever ends a chunk there counts it.

use super::{Planner, sums::Mark};

/// A window is at least so wide, in bytes.
const NARROWEST: usize = 64;

/// What a window of text showed.
enum Step {
    /// Everything fits up to here, and there may be more.
    On(Mark),
    /// The window is one stretch, which fits, but its end is not in the window.
    Wider,
    /// The first fits, and what ends at the second does not.
    Over(Mark, Mark),
}

impl Planner<'_> {
    /// The end of the longest chunk that begins at this boundary; the boundary itself if nothing fits.
    pub(super) fn reach(&mut self, start: usize) -> usize {
        let mut here = Mark { at: start, tokens: 0 };
        let mut width = self.width(self.cap);
        loop {
            here = self.jump(here);
            if here.at == self.text.len() {
                return here.at;
            }
            let known = self.sums.at_or_after(here.at + 1).at;
            let end = self.text.ceil_char_boundary((here.at + width).min(known));
            match self.step(here, end, end == known) {
                Step::On(mark) => here = mark,
                Step::Wider => width *= 2,
                Step::Over(fits, over) => return self.between(start, fits, over),
            }
        }
    }

    /// A little more text than that of so many tokens.
    fn width(&self, tokens: u64) -> usize {
        let bytes = self.sums.bytes_of(tokens);
        bytes + bytes / 4 + NARROWEST
    }

    /// As far as the running sums go; nowhere from a place that has none.
    fn jump(&self, here: Mark) -> Mark {
        let known = self.sums.at_or_after(here.at);
        if known.at != here.at {
            return here;
        }
        let last = self.sums.with_at_most(known.tokens + (self.cap - here.tokens));
        Mark { at: last.at, tokens: here.tokens + (last.tokens - known.tokens) }
    }

    fn step(&mut self, here: Mark, end: usize, ends_a_stretch: bool) -> Step {
        let (mut before, mut fits, mut over) = (here, here, None);
        let cap = self.cap;
        self.sums.stretches(here.at..end, |mark| {
            let mark = Mark { at: mark.at, tokens: here.tokens + mark.tokens };
            if over.is_none() && mark.tokens <= cap {
                (before, fits) = (fits, mark);
            } else if over.is_none() {
                over = Some(mark);
            }
        });
        match over {
            Some(over) => Step::Over(fits, over),
            None if ends_a_stretch => Step::On(fits),
            None if before.at > here.at => Step::On(before),
            None => Step::Wider,
        }
    }

    /// The last boundary found that fits, between a mark that does and one that does not.
    fn between(&mut self, start: usize, fits: Mark, over: Mark) -> usize {
        let floor = self.graphemes.floor(start, fits.at);
        let (mut low, mut high) = (Mark { at: floor, ..fits }, over);
        for turn in 0.. {
            if low.tokens == self.cap {
                break;
            }
            let share = share(turn, self.cap - low.tokens, high.tokens - low.tokens);
            let Some(at) = self.graphemes.between(low.at, high.at, share) else { break };
            // Every boundary after the floor is after the mark, which no token crosses.
            let tokens = fits.tokens + self.sums.count(fits.at..at);
            let side = if tokens <= self.cap { &mut low } else { &mut high };
            *side = Mark { at, tokens };
        }
        low.at
    }
}

/// Where to look next: where the tokens say, and every other time in the middle, for they may be unequally long.
pub(super) fn share(turn: u32, part: u64, whole: u64) -> f64 {
    if turn % 2 == 1 { 0.5 } else { part as f64 / whole.max(1) as f64 }
}
