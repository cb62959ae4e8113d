//! A vocabulary as bytes that are used where they lie: nothing is parsed, built or copied when a program starts.
//!
//! Symbols are numbered so that the number is the rank: of two merges the one with the smaller number comes first.
//! Characters come after all merges. Below its number a symbol carries on which sides of it anything can be merged, since
//! most searches for a pair would find none.

use std::sync::Arc;

/// How a packed vocabulary begins.
pub(super) const MAGIC: &[u8; 8] = b"GDTOKEN1";

/// The bytes of the header: the magic, then the length of each section as `u32`.
pub(super) const HEADER: usize = 8 + 4 * SECTIONS;

/// The sections, in the order in which they follow the header.
pub(super) const SECTIONS: usize = 8;

/// The characters on one page of the character table.
pub(super) const PAGE: usize = 128;

/// The bits that number a symbol.
pub(super) const NUMBER_BITS: u32 = 20;

/// The bits of a symbol: its number, and below it [`MERGES_RIGHT`] and [`MERGES_LEFT`].
pub(super) const SYMBOL: u32 = NUMBER_BITS + 2;

/// The symbol is the left part of some piece.
pub(super) const MERGES_RIGHT: u32 = 1;

/// The symbol is the right part of some piece.
pub(super) const MERGES_LEFT: u32 = 2;

/// No symbol, and nothing merges with it.
pub(super) const NONE: u32 = !(MERGES_RIGHT | MERGES_LEFT);

/// SentencePiece writes spaces as this character, and so both are one to it.
pub(super) const SPACE_MARK: char = '\u{2581}';

/// A packed vocabulary.
#[derive(Clone)]
pub(super) struct Tables {
    bytes: Bytes,
    starts: [usize; SECTIONS + 1],
    pair_mask: usize,
    near_mask: u32,
}

/// Where the bytes lie.
#[derive(Clone)]
enum Bytes {
    Embedded(&'static [u8]),
    Owned(Arc<[u8]>),
}

/// What a literal token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    /// Taken out of any text before all else: one token.
    Token,
    /// A control token: never made from text, however much a text looks like it.
    Control,
}

impl std::fmt::Debug for Tables {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Tables({} bytes)", self.bytes().len())
    }
}

impl Tables {
    /// A table that is a part of this program.
    pub(super) fn embedded(bytes: &'static [u8]) -> Self {
        Self::over(Bytes::Embedded(bytes))
    }

    /// A table that was made just now.
    pub(super) fn owned(bytes: Vec<u8>) -> Self {
        Self::over(Bytes::Owned(bytes.into()))
    }

    fn over(bytes: Bytes) -> Self {
        let mut tables = Self { bytes, starts: [HEADER; SECTIONS + 1], pair_mask: 0, near_mask: 0 };
        assert_eq!(&tables.bytes()[..8], MAGIC, "the packed vocabulary is of this version");
        for section in 0..SECTIONS {
            let length = word(tables.bytes(), 8 + 4 * section) as usize;
            tables.starts[section + 1] = tables.starts[section] + length;
        }
        assert_eq!(tables.starts[SECTIONS], tables.bytes().len(), "the vocabulary is whole");
        tables.pair_mask = tables.section(PAIRS).len() / 8 - 1;
        tables.near_mask = (tables.section(NEIGHBOURS).len() * 8 - 1) as u32;
        tables
    }

    fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Embedded(bytes) => bytes,
            Bytes::Owned(bytes) => bytes,
        }
    }

    /// Borrowed for a count.
    pub(super) fn view(&self) -> View<'_> {
        View {
            ascii: self.section(ASCII).try_into().expect("128 × 128 bits"),
            neighbours: self.section(NEIGHBOURS),
            near_mask: self.near_mask,
            pages: self.section(PAGES),
            symbols: self.section(CHARACTERS),
            pairs: self.section(PAIRS),
            ascii_pairs: self.section(ASCII_PAIRS).try_into().expect("128 × 128 symbols"),
            pair_mask: self.pair_mask,
            literals: self.section(LITERALS),
            starters: self.section(STARTERS).try_into().expect("marks of bytes and of pairs"),
        }
    }

    fn section(&self, section: usize) -> &[u8] {
        &self.bytes()[self.starts[section]..self.starts[section + 1]]
    }
}

pub(super) const ASCII: usize = 0;
pub(super) const NEIGHBOURS: usize = 1;
pub(super) const PAGES: usize = 2;
pub(super) const CHARACTERS: usize = 3;
pub(super) const PAIRS: usize = 4;
pub(super) const LITERALS: usize = 5;
pub(super) const STARTERS: usize = 6;
pub(super) const ASCII_PAIRS: usize = 7;

/// The sections, each by its job.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    ascii: &'a [u8; 2048],
    neighbours: &'a [u8],
    near_mask: u32,
    pages: &'a [u8],
    symbols: &'a [u8],
    pairs: &'a [u8],
    ascii_pairs: &'a [u8; 4 * 128 * 128],
    pair_mask: usize,
    literals: &'a [u8],
    starters: &'a [u8; STARTER_BYTES],
}

impl View<'_> {
    /// Whether some piece holds these two ASCII characters side by side.
    #[inline(always)]
    pub(super) fn ascii_neighbours(&self, left: u8, right: u8) -> bool {
        let bit = usize::from(left & 127) << 7 | usize::from(right & 127);
        self.ascii[bit >> 3] >> (bit & 7) & 1 != 0
    }

    /// Whether some piece may hold these two characters side by side: a "no" is certain.
    #[inline(always)]
    pub(super) fn neighbours(&self, left: u32, right: u32) -> bool {
        if left < 128 && right < 128 {
            return self.ascii_neighbours(left as u8, right as u8);
        }
        let bit = neighbour_hash(left, right) & self.near_mask;
        self.neighbours[(bit >> 3) as usize] >> (bit & 7) & 1 != 0
    }

    /// The symbol of a character, or [`NONE`] where the vocabulary does not have it.
    #[inline(always)]
    pub(super) fn symbol(&self, character: u32) -> u32 {
        let page = 2 * (character as usize / PAGE);
        let page = usize::from(u16::from_le_bytes([self.pages[page], self.pages[page + 1]]));
        word(self.symbols, 4 * (page * PAGE + character as usize % PAGE))
    }

    /// What two ASCII characters side by side merge into, or [`NONE`].
    #[inline(always)]
    pub(super) fn ascii_merged(&self, left: u8, right: u8) -> u32 {
        word(self.ascii_pairs, 4 * (usize::from(left & 127) << 7 | usize::from(right & 127)))
    }

    /// What two symbols side by side merge into, or [`NONE`].
    #[inline(always)]
    pub(super) fn merged(&self, left: u32, right: u32) -> u32 {
        if left & MERGES_RIGHT == 0 || right & MERGES_LEFT == 0 {
            return NONE;
        }
        let key = pair_key(left, right);
        let mut slot = pair_hash(key) as usize & self.pair_mask;
        loop {
            let at = 8 * slot;
            let entry = u64::from_le_bytes(self.pairs[at..at + 8].try_into().expect("8 bytes"));
            if entry >> SYMBOL == key {
                return entry as u32 & ((1 << SYMBOL) - 1);
            }
            if entry == 0 {
                return NONE;
            }
            slot = (slot + 1) & self.pair_mask;
        }
    }

    /// Whether a literal token may begin here: a "no" is certain.
    #[inline(always)]
    pub(super) fn may_be_literal(&self, text: &[u8], at: usize) -> bool {
        match self.starters[usize::from(text[at])] {
            NEVER => false,
            ALONE => true,
            _ => text.get(at + 1).is_some_and(|second| {
                let bit = usize::from(text[at]) << 8 | usize::from(*second);
                self.starters[256 + (bit >> 3)] >> (bit & 7) & 1 != 0
            }),
        }
    }

    /// The longest literal token that a text begins with: its length in bytes; and whether a control token's name
    /// stands there.
    pub(super) fn literal(&self, text: &[u8]) -> (usize, bool) {
        let (mut node, mut at, mut longest, mut control) = (0, 0, 0, false);
        while let Some((byte, width)) = spaced(text, at) {
            let Some(child) = self.child(node, byte) else { break };
            at += width;
            match self.kind(child) {
                Some(Literal::Token) => longest = at,
                Some(Literal::Control) => control = true,
                None => {}
            }
            node = child;
        }
        (longest, control)
    }

    /// Children of a node follow each other, sorted by nothing: there are few.
    fn child(&self, node: usize, byte: u8) -> Option<usize> {
        let mut child = word(self.literals, NODE * node) as usize;
        while child != 0 {
            if self.literals[NODE * child + 8] == byte {
                return Some(child);
            }
            child = word(self.literals, NODE * child + 4) as usize;
        }
        None
    }

    fn kind(&self, node: usize) -> Option<Literal> {
        match self.literals[NODE * node + 9] {
            1 => Some(Literal::Token),
            2 => Some(Literal::Control),
            _ => None,
        }
    }
}

/// No literal token begins with such a byte.
pub(super) const NEVER: u8 = 0;
/// Whether one begins with such a byte is told by the byte and the next one.
pub(super) const WITH_NEXT: u8 = 1;
/// Such a byte may be a literal token by itself.
pub(super) const ALONE: u8 = 2;
/// A mark for each byte, then a bit for each two bytes.
pub(super) const STARTER_BYTES: usize = 256 + 256 * 256 / 8;

/// The bytes of a node of the literals: its first child, its next sibling, its byte, its kind.
pub(super) const NODE: usize = 12;

/// The byte at a place, with the character for a space read as one; and its width.
#[inline(always)]
fn spaced(text: &[u8], at: usize) -> Option<(u8, usize)> {
    match text.get(at..)? {
        [0xE2, 0x96, 0x81, ..] => Some((b' ', 3)),
        [byte, ..] => Some((*byte, 1)),
        [] => None,
    }
}

#[inline(always)]
fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("4 bytes"))
}

/// A pair of symbols as one number that is never 0.
#[inline(always)]
pub(super) fn pair_key(left: u32, right: u32) -> u64 {
    u64::from(left >> 2) << NUMBER_BITS | u64::from(right >> 2) | 1 << (2 * NUMBER_BITS)
}

/// Where the search for a pair begins.
#[inline(always)]
pub(super) fn pair_hash(key: u64) -> u64 {
    key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32
}

/// The bit of two neighbours.
#[inline(always)]
pub(super) fn neighbour_hash(left: u32, right: u32) -> u32 {
    let mixed = (u64::from(left) << 21 | u64::from(right)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 40) as u32
}
