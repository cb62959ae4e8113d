//! Where a chunk begins that repeats the end of the one before it: at most so many tokens back, at the best place
//! in the first half of that.

use super::{
    Planner,
    cuts::{Boundary, boundary_at, char_ends},
    reach::share,
    sums::Mark,
};

impl Planner<'_> {
    /// The start of a chunk whose own part begins at `from`, within the last chunk, which began at `earliest`.
    pub(super) fn overlap_start(&mut self, earliest: usize, from: usize) -> usize {
        if self.overlap == 0 {
            return from;
        }
        let first = self.first_that_fits(earliest, from);
        let starts = [self.best_start(first, from), Some(first)].into_iter().flatten();
        let fits = |start: &usize| self.sums.exact(*start..from) <= self.overlap;
        starts.into_iter().find(fits).unwrap_or(from)
    }

    /// The first boundary found from which no more tokens follow than may be repeated.
    fn first_that_fits(&mut self, earliest: usize, from: usize) -> usize {
        let bytes = 2 * self.sums.bytes_of(self.overlap);
        let first = self.graphemes.floor(earliest, from.saturating_sub(bytes).max(earliest));
        let mut low = Mark { at: first, tokens: self.sums.count(first..from) };
        let mut high = Mark { at: from, tokens: 0 };
        if low.tokens <= self.overlap {
            return first;
        }
        for turn in 0.. {
            let share = share(turn, low.tokens - self.overlap, low.tokens - high.tokens);
            let Some(at) = self.graphemes.between(low.at, high.at, share) else { break };
            let tokens = self.sums.count(at..from);
            let side = if tokens > self.overlap { &mut low } else { &mut high };
            *side = Mark { at, tokens };
            if tokens == self.overlap {
                break;
            }
        }
        high.at
    }

    /// The first place of the best kind in the first half.
    fn best_start(&mut self, first: usize, from: usize) -> Option<usize> {
        let mut starts: Vec<(usize, Boundary)> = Vec::new();
        for start in
            char_ends(self.text, first, self.text.floor_char_boundary(first + (from - first) / 2))
        {
            let best = starts.last().map_or(Boundary::Grapheme, |(_, boundary)| *boundary);
            if best == Boundary::Paragraph {
                break;
            }
            let found = boundary_at(self.text, start).filter(|it| it.rank() < best.rank());
            starts.extend(found.map(|boundary| (start, boundary)));
        }
        let mut starts = starts.into_iter().rev().map(|(start, _)| start);
        starts.find(|start| {
            self.graphemes.is_boundary(first, *start)
                && self.sums.count(*start..from) <= self.overlap
        })
    }
}
