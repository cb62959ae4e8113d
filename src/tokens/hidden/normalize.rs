//! A copy of a text without what is hidden in it, kind by kind as asked for, and what was changed. Nothing else
//! is touched, and a copy of the copy is the same.

use super::{
    Cleanup, Kind, Place, Verdict,
    scan::{PIECE, Scanner, Sighting},
};

/// One character that was taken out, or replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it stood in the original.
    pub place: Place,
    /// What it was.
    pub from: char,
    /// What stands there now.
    pub to: Option<char>,
    /// Why.
    pub kind: Kind,
}

/// A cleaned text, or a piece of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normalized {
    /// The text.
    pub text: String,
    /// What was changed, in the order of the text.
    pub changes: Vec<Change>,
}

/// Cleans a text that is read bit by bit.
#[derive(Debug)]
pub struct Normalizer {
    kinds: Vec<Kind>,
    scanner: Scanner,
    /// What may still change, and where that begins.
    held: String,
    held_from: u64,
    sightings: Vec<Sighting>,
    wrote: bool,
}

impl Normalizer {
    /// Nothing read yet.
    pub fn new(kinds: &[Kind]) -> Self {
        Self {
            kinds: kinds.to_vec(),
            scanner: Scanner::new(),
            held: String::new(),
            held_from: 0,
            sightings: Vec::new(),
            wrote: false,
        }
    }

    /// Reads on; gives back what can no longer change.
    pub fn push(&mut self, text: &str) -> Normalized {
        self.scanner.push(text);
        self.held.push_str(text);
        self.release(self.scanner.settled())
    }

    /// The end of the text; gives back the rest.
    pub fn finish(mut self) -> Normalized {
        self.scanner.finish();
        self.release(self.held_from + self.held.len() as u64)
    }

    fn release(&mut self, end: u64) -> Normalized {
        self.sightings.extend(self.scanner.decided().filter(|seen| seen.verdict != Verdict::Kept));
        self.sightings.sort_by_key(|seen| seen.place.offset);
        let ready = self.sightings.partition_point(|seen| seen.place.offset < end);
        let mut released = Normalized::default();
        let mut from = 0;
        for seen in self.sightings.drain(..ready) {
            let at = (seen.place.offset - self.held_from) as usize;
            released.text.push_str(&self.held[from..at]);
            released.write(&seen, &self.kinds, self.wrote);
            from = at + seen.character.len_utf8();
        }
        self.let_go(released, from, (end - self.held_from) as usize)
    }

    fn let_go(&mut self, mut released: Normalized, from: usize, end: usize) -> Normalized {
        released.text.push_str(&self.held[from..end]);
        self.held.drain(..end);
        self.held_from += end as u64;
        self.wrote |= !released.text.is_empty();
        released
    }
}

impl Normalized {
    fn write(&mut self, seen: &Sighting, kinds: &[Kind], wrote: bool) {
        let change = change(kinds, seen, wrote || !self.text.is_empty());
        self.text.extend(change.map_or(Some(seen.character), |change| change.to));
        self.changes.extend(change);
    }

    fn append(&mut self, piece: Self) {
        self.text.push_str(&piece.text);
        self.changes.extend(piece.changes);
    }
}

/// What a clean-up makes of a character. What would come to stand at the very beginning is a byte order mark
/// there, or a second clean-up would find one.
fn change(kinds: &[Kind], seen: &Sighting, wrote: bool) -> Option<Change> {
    let kind = if seen.character == '\u{FEFF}' && !wrote { Kind::Bom } else { seen.what.kind };
    let asked = kinds.contains(&kind) || kinds.contains(&seen.what.kind);
    let to = match seen.what.cleanup {
        Cleanup::Delete => None,
        Cleanup::Replace(to) => Some(to),
        Cleanup::Leave => return None,
    };
    asked.then_some(Change { place: seen.place, from: seen.character, to, kind: seen.what.kind })
}

/// A copy of a text without the hidden characters of these kinds.
pub fn normalize(text: &str, kinds: &[Kind]) -> Normalized {
    let mut normalizer = Normalizer::new(kinds);
    let mut normalized = Normalized::default();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, more) = rest.split_at(rest.floor_char_boundary(PIECE));
        normalized.append(normalizer.push(piece));
        rest = more;
    }
    normalized.append(normalizer.finish());
    normalized
}
