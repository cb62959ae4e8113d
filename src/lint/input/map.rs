//! From the offsets of a text without escapes back to the text that it was taken from. It must not know any escapes.

use std::ops::Range;

/// Where the pieces of a text were taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offsets {
    /// The beginning of each piece here and there; within one, both run alike.
    pieces: Vec<(usize, usize)>,
}

impl Offsets {
    /// Of a text that stands there as it is, from an offset on.
    pub(super) fn straight(start: usize) -> Self {
        Self { pieces: vec![(0, start)] }
    }

    /// Where an offset of the text stands.
    pub fn place(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|(own, _)| *own <= offset);
        let (own, there) = after.checked_sub(1).map_or((0, 0), |index| self.pieces[index]);
        there + (offset - own)
    }
}

/// A text that is put together from pieces of another one.
#[derive(Clone, Debug, Default)]
pub(super) struct Mapped {
    pub(super) text: String,
    pieces: Vec<(usize, usize)>,
    /// What something else puts in, a shell or a template: what stands here is its name.
    unknown: Vec<Range<usize>>,
}

impl Mapped {
    /// Text that stands at an offset as it is.
    pub(super) fn push_str(&mut self, text: &str, at: usize) {
        if !text.is_empty() {
            self.mark(at);
            self.text.push_str(text);
        }
    }

    /// A letter that something at an offset stands for.
    pub(super) fn push(&mut self, letter: char, at: usize) {
        self.mark(at);
        self.text.push(letter);
    }

    /// The name of something at an offset that is put in later.
    pub(super) fn push_unknown(&mut self, name: &str, at: usize) {
        let start = self.text.len();
        self.push_str(name, at);
        self.mark_unknown(start..self.text.len());
    }

    /// Two that stand side by side are one.
    fn mark_unknown(&mut self, span: Range<usize>) {
        match self.unknown.last_mut() {
            Some(last) if last.end == span.start => last.end = span.end,
            _ if span.is_empty() => {}
            _ => self.unknown.push(span),
        }
    }

    /// The pieces that are put in later.
    pub(super) fn unknown(&self) -> &[Range<usize>] {
        &self.unknown
    }

    /// Whether nothing of it is known.
    pub(super) fn is_unknown(&self) -> bool {
        matches!(&self.unknown[..], [only] if *only == (0..self.text.len()))
    }

    /// Another such text behind this one.
    pub(super) fn append(&mut self, other: &Self) {
        let length = self.text.len();
        for span in &other.unknown {
            self.mark_unknown(span.start + length..span.end + length);
        }
        self.pieces.extend(other.pieces.iter().map(|(own, there)| (own + length, *there)));
        self.text.push_str(&other.text);
    }

    /// What stands from an offset on.
    pub(super) fn tail(&self, from: usize) -> Self {
        let mut tail = Self::default();
        for (index, (own, there)) in self.pieces.iter().enumerate() {
            let end = self.pieces.get(index + 1).map_or(self.text.len(), |(next, _)| *next);
            let start = from.clamp(*own, end);
            tail.push_str(&self.text[start..end], there + (start - own));
        }
        for span in self.unknown.iter().filter(|span| span.end > from) {
            tail.mark_unknown(span.start.max(from) - from..span.end - from);
        }
        tail
    }

    /// The same without what ends lines.
    pub(super) fn without_line_ends(&self) -> Self {
        let mut joined = Self::default();
        for (index, (own, there)) in self.pieces.iter().enumerate() {
            let end = self.pieces.get(index + 1).map_or(self.text.len(), |(next, _)| *next);
            let mut at = *there;
            for line in self.text[*own..end].split_inclusive(['\n', '\r']) {
                joined.push_str(line.trim_end_matches(['\n', '\r']), at);
                at += line.len();
            }
        }
        let (mut ends, mut at) = (0, 0);
        let mut moved = |offset: usize| {
            ends += self.text[at..offset].matches(['\n', '\r']).count();
            at = offset;
            offset - ends
        };
        for span in &self.unknown {
            let start = moved(span.start);
            joined.mark_unknown(start..moved(span.end));
        }
        joined
    }

    /// A new piece, unless the last one runs on.
    fn mark(&mut self, at: usize) {
        let own = self.text.len();
        let runs_on = self.pieces.last().is_some_and(|(start, there)| there + (own - start) == at);
        if !runs_on {
            self.pieces.push((own, at));
        }
    }

    /// The text, the way back, and what is put in later.
    pub(super) fn finish(self) -> (String, Offsets, Vec<Range<usize>>) {
        (self.text, Offsets { pieces: self.pieces }, self.unknown)
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    #[test]
    fn offsets_lead_back_through_escapes_and_joins() {
        let mut mapped = Mapped::default();
        mapped.push_str("ab", 10);
        mapped.push_str("c", 12);
        mapped.push('"', 13);
        mapped.push_str("de", 15);
        let mut joined = Mapped::default();
        joined.push_str("x", 0);
        joined.append(&mapped);
        assert_eq!(joined.text, "xabc\"de");
        let (_, offsets, _) = joined.finish();
        let places: Vec<usize> = (0..8).map(|offset| offsets.place(offset)).collect();
        assert_eq!(places, [0, 10, 11, 12, 13, 15, 16, 17]);
        assert_eq!(offsets.pieces.len(), 3);
        assert_eq!(Offsets::straight(5).place(7), 12);
    }

    #[test]
    fn tails_and_joined_lines_keep_their_places() {
        let mut mapped = Mapped::default();
        mapped.push_str("-d{\r\n1", 4);
        mapped.push_str("}\n", 20);
        let (text, offsets, _) = mapped.tail(2).without_line_ends().finish();
        assert_eq!(text, "{1}");
        let places: Vec<usize> = (0..3).map(|offset| offsets.place(offset)).collect();
        assert_eq!(places, [6, 9, 20]);
    }

    #[test]
    fn what_is_put_in_later_is_known_by_its_place() {
        let mut mapped = Mapped::default();
        mapped.push_str("-d", 0);
        mapped.push_unknown("$A", 2);
        mapped.push_unknown("$B\n", 4);
        mapped.push_str("\nx", 7);
        let mut tail = mapped.tail(2);
        assert_eq!((tail.is_unknown(), tail.unknown()), (false, from_ref(&(0..5))));
        tail.push_unknown("$C", 9);
        let (text, _, unknown) = tail.without_line_ends().finish();
        assert_eq!((text.as_str(), unknown), ("$A$Bx$C", vec![0..4, 5..7]));
        assert_eq!(mapped.tail(2).tail(1).unknown(), from_ref(&(0..4)));
        assert!(!Mapped::default().is_unknown());
    }
}
