//! Finds and counts what is hidden in a text of any size; of the places, the first few of each character.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    Kind, Place, Verdict, name,
    scan::{PIECE, Scanner, Sighting},
};

/// Enough to see what is going on.
const MOST_PLACES: usize = 20;

/// One hidden character, all over the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Which it is.
    pub character: char,
    /// Of which kind.
    pub kind: Kind,
    /// How often nothing needs it.
    pub found: u64,
    /// How often of these it is usual there, as a no-break space is before a French colon.
    pub minor: u64,
    /// How often the script or the emoji needs it, so that it is no finding.
    pub kept: u64,
    /// The first places where nothing needs it, at most 20.
    pub places: Vec<Place>,
}

impl Tally {
    /// The name that Unicode gives it.
    pub fn name(&self) -> Cow<'static, str> {
        name(self.character)
    }

    fn count(&mut self, sighting: &Sighting) {
        if sighting.verdict == Verdict::Kept {
            self.kept += 1;
            return;
        }
        self.found += 1;
        self.minor += u64::from(sighting.verdict == Verdict::Minor);
        if self.places.len() < MOST_PLACES {
            self.places.push(sighting.place);
        }
    }
}

/// What is hidden in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// One for each character, by kind and code point; also those that were only kept.
    pub tallies: Vec<Tally>,
}

impl Found {
    /// How many hidden characters nothing needs.
    pub fn total(&self) -> u64 {
        self.tallies.iter().map(|tally| tally.found).sum()
    }

    /// How many were left alone.
    pub fn kept(&self) -> u64 {
        self.tallies.iter().map(|tally| tally.kept).sum()
    }

    /// The kinds that were found, and how often.
    pub fn by_kind(&self) -> BTreeMap<Kind, u64> {
        let mut kinds = BTreeMap::new();
        for tally in self.tallies.iter().filter(|tally| tally.found > 0) {
            *kinds.entry(tally.kind).or_default() += tally.found;
        }
        kinds
    }
}

/// Finds what is hidden in a text that is read bit by bit.
#[derive(Debug)]
pub struct Finder {
    scanner: Scanner,
    tallies: BTreeMap<(Kind, char), Tally>,
}

impl Default for Finder {
    fn default() -> Self {
        Self::new()
    }
}

impl Finder {
    /// Nothing read yet.
    pub fn new() -> Self {
        Self { scanner: Scanner::new(), tallies: BTreeMap::new() }
    }

    /// Reads on.
    pub fn push(&mut self, mut text: &str) {
        while !text.is_empty() {
            let (piece, rest) = text.split_at(text.floor_char_boundary(PIECE));
            self.scanner.push(piece);
            self.count();
            text = rest;
        }
    }

    /// The end of the text.
    pub fn finish(mut self) -> Found {
        self.scanner.finish();
        self.count();
        Found { tallies: self.tallies.into_values().collect() }
    }

    fn count(&mut self) {
        for sighting in self.scanner.decided() {
            let (kind, character) = (sighting.what.kind, sighting.character);
            let none =
                || Tally { character, kind, found: 0, minor: 0, kept: 0, places: Vec::new() };
            self.tallies.entry((kind, character)).or_insert_with(none).count(&sighting);
        }
    }
}

/// Finds what is hidden in a text.
pub fn find(text: &str) -> Found {
    let mut finder = Finder::new();
    finder.push(text);
    finder.finish()
}
