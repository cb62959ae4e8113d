//! Makes the packed form of a vocabulary from its pieces.
//!
//! Of all ways to put a piece together only one is ever taken: the last merge of the piece as a text of its own. What
//! happens inside of a piece happens in any text as it happens there, since whatever crossed its ends would have kept
//! the piece from coming about. So one pair a piece is enough, and a piece that does not come about by itself never does.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::tables::{
    self, Literal, MERGES_LEFT, MERGES_RIGHT, NODE, NONE, NUMBER_BITS, PAGE, SPACE_MARK,
};

/// The pieces of a vocabulary that merges pairs.
#[derive(Debug, Default)]
pub struct Pieces {
    /// Single characters.
    pub letters: Vec<char>,
    /// What can be merged, the first before the others.
    pub merges: Merges,
    /// Texts that are tokens wherever they stand.
    pub literal: Vec<String>,
    /// Control tokens, which no text makes.
    pub control: Vec<String>,
}

/// What can be merged.
#[derive(Debug)]
pub enum Merges {
    /// Any two neighbours that make one of these pieces, as SentencePiece has it.
    Into(Vec<String>),
    /// These pairs only, as a list of merges has it.
    Of(Vec<(String, String)>),
}

impl Default for Merges {
    fn default() -> Self {
        Self::Into(Vec::new())
    }
}

/// The longest literal token, so that a text that comes in parts need not wait for more than that.
const LONGEST_LITERAL: usize = 1000;

/// The bits of the set of neighbours, as a power of two.
const NEIGHBOUR_BITS: usize = 1 << 21;

/// The packed form, or why there is none.
pub fn pack(pieces: &Pieces) -> Result<Vec<u8>, String> {
    if let Some((text, _)) = literals(pieces).find(|(text, _)| text.len() > LONGEST_LITERAL) {
        return Err(format!("a literal token of {} bytes is too long", text.len()));
    }
    let built = Built::from(pieces);
    if built.symbols() >= 1 << NUMBER_BITS {
        return Err(format!("{} symbols are more than {}", built.symbols(), 1 << NUMBER_BITS));
    }
    let (pages, characters) = built.character_table();
    let sections = [
        built.ascii_table(),
        built.neighbour_table(),
        pages,
        characters,
        built.pair_table(),
        literal_trie(pieces),
        starters(pieces),
        built.ascii_pair_table(),
    ];
    let mut packed = tables::MAGIC.to_vec();
    for section in &sections {
        let length = u32::try_from(section.len()).map_err(|_| "it is too large".to_owned())?;
        packed.extend(length.to_le_bytes());
    }
    packed.extend(sections.concat());
    Ok(packed)
}

/// Characters and merges, numbered.
struct Built {
    characters: BTreeMap<char, u32>,
    /// What makes each merged symbol.
    pairs: Vec<Option<(u32, u32)>>,
    neighbours: HashSet<(char, char)>,
}

impl Built {
    fn from(pieces: &Pieces) -> Self {
        let ranks = Ranks::of(&pieces.merges);
        let mut splits: Vec<(usize, &[char], usize)> = ranks
            .by_text
            .keys()
            .filter_map(|piece| ranks.last_merge(piece).map(|(rank, left)| (rank, &**piece, left)))
            .collect();
        splits.sort_unstable();
        let mut numbers: HashMap<&[char], u32> =
            splits.iter().zip(0..).map(|((_, piece, _), number)| (*piece, number)).collect();
        let letters: Vec<char> = pieces.letters.iter().map(|letter| spaced(*letter)).collect();
        let sorted: BTreeMap<char, u32> = letters.iter().map(|letter| (*letter, 0)).collect();
        let characters: BTreeMap<char, u32> =
            sorted.into_keys().zip(splits.len() as u32..).collect();
        numbers.extend(
            letters.iter().map(|letter| (std::slice::from_ref(letter), characters[letter])),
        );
        let pair = |(_, piece, left): &(usize, &[char], usize)| {
            Some((*numbers.get(&piece[..*left])?, *numbers.get(&piece[*left..])?))
        };
        // A part that never comes about makes its whole one that does not either; its number stays unused.
        let pairs = splits.iter().map(pair).collect();
        Self { characters, pairs, neighbours: ranks.neighbours() }
    }

    fn symbols(&self) -> usize {
        self.characters.len() + self.pairs.len()
    }

    fn ascii_table(&self) -> Vec<u8> {
        let mut bits = vec![0; 128 * 128 / 8];
        for (left, right) in self.neighbours.iter().filter(|(a, b)| a.is_ascii() && b.is_ascii()) {
            let bit = (*left as usize) << 7 | *right as usize;
            bits[bit >> 3] |= 1 << (bit & 7);
        }
        bits
    }

    /// What two ASCII characters make, without a search.
    fn ascii_pair_table(&self) -> Vec<u8> {
        let sides = Sides::of(&self.pairs);
        let number = |byte: u8| self.characters.get(&char::from(byte)).copied();
        let made: HashMap<(u32, u32), u32> =
            self.pairs.iter().zip(0..).filter_map(|(pair, made)| Some(((*pair)?, made))).collect();
        let symbol = |left: u8, right: u8| {
            let made = made.get(&(number(left)?, number(right)?))?;
            Some(sides.symbol(*made))
        };
        let pairs = (0..128).flat_map(|left| (0..128).map(move |right| (left, right)));
        pairs.flat_map(|(left, right)| symbol(left, right).unwrap_or(NONE).to_le_bytes()).collect()
    }

    fn neighbour_table(&self) -> Vec<u8> {
        let mut bits = vec![0; NEIGHBOUR_BITS / 8];
        for (left, right) in &self.neighbours {
            let bit = tables::neighbour_hash(*left as u32, *right as u32) as usize;
            let bit = bit & (NEIGHBOUR_BITS - 1);
            bits[bit >> 3] |= 1 << (bit & 7);
        }
        bits
    }

    /// Which page a character is on, and the pages; the first page is empty and stands for all empty ones.
    fn character_table(&self) -> (Vec<u8>, Vec<u8>) {
        let sides = Sides::of(&self.pairs);
        let mut pages = vec![0_u16; 0x11_0000 / PAGE];
        let mut symbols = vec![NONE; PAGE];
        for (character, symbol) in &self.characters {
            let page = &mut pages[*character as usize / PAGE];
            if *page == 0 {
                *page = u16::try_from(symbols.len() / PAGE).expect("fewer pages than characters");
                symbols.resize(symbols.len() + PAGE, NONE);
            }
            let place = usize::from(*page) * PAGE + *character as usize % PAGE;
            symbols[place] = sides.symbol(*symbol);
        }
        let pages = pages.into_iter().flat_map(u16::to_le_bytes).collect();
        (pages, symbols.into_iter().flat_map(u32::to_le_bytes).collect())
    }

    /// Open addressing, at most half full.
    fn pair_table(&self) -> Vec<u8> {
        let sides = Sides::of(&self.pairs);
        let size = (2 * self.pairs.len()).next_power_of_two().max(2);
        let mut slots = vec![0_u64; size];
        for (pair, merged) in self.pairs.iter().zip(0..) {
            let Some((left, right)) = *pair else { continue };
            let key = tables::pair_key(sides.symbol(left), sides.symbol(right));
            let mut slot = tables::pair_hash(key) as usize & (size - 1);
            while slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = key << tables::SYMBOL | u64::from(sides.symbol(merged));
        }
        slots.into_iter().flat_map(u64::to_le_bytes).collect()
    }
}

/// On which sides something merges with a symbol.
struct Sides {
    left_parts: HashSet<u32>,
    right_parts: HashSet<u32>,
}

impl Sides {
    fn of(pairs: &[Option<(u32, u32)>]) -> Self {
        let pairs = || pairs.iter().flatten();
        Self {
            left_parts: pairs().map(|(left, _)| *left).collect(),
            right_parts: pairs().map(|(_, right)| *right).collect(),
        }
    }

    fn symbol(&self, number: u32) -> u32 {
        let right = if self.left_parts.contains(&number) { MERGES_RIGHT } else { 0 };
        let left = if self.right_parts.contains(&number) { MERGES_LEFT } else { 0 };
        number << 2 | right | left
    }
}

/// Merges by the text that they make: the bytes of the left part and the rank, for each way to make it.
struct Ranks {
    by_text: HashMap<Vec<char>, Ways>,
}

enum Ways {
    Any(usize),
    Listed(Vec<(usize, usize)>),
}

impl Ranks {
    fn of(merges: &Merges) -> Self {
        let mut by_text = HashMap::new();
        match merges {
            Merges::Into(pieces) => {
                let pieces = pieces.iter().map(|piece| letters(piece)).enumerate();
                let longer = pieces.filter(|(_, piece)| piece.len() > 1);
                by_text.extend(longer.map(|(rank, piece)| (piece, Ways::Any(rank))));
            }
            Merges::Of(pairs) => {
                for (rank, (left, right)) in pairs.iter().enumerate() {
                    let (mut piece, right) = (letters(left), letters(right));
                    let way = (piece.len(), rank);
                    piece.extend(right);
                    let ways = by_text.entry(piece).or_insert_with(|| Ways::Listed(Vec::new()));
                    if let Ways::Listed(ways) = ways {
                        ways.push(way);
                    }
                }
            }
        }
        Self { by_text }
    }

    fn rank(&self, text: &[char], left: usize) -> Option<usize> {
        match self.by_text.get(text)? {
            Ways::Any(rank) => Some(*rank),
            Ways::Listed(ways) => {
                ways.iter().find(|(length, _)| *length == left).map(|(_, rank)| *rank)
            }
        }
    }

    fn neighbours(&self) -> HashSet<(char, char)> {
        let pairs = self.by_text.keys().flat_map(|piece| piece.windows(2));
        pairs.map(|pair| (pair[0], pair[1])).collect()
    }

    /// The merge that makes a piece out of its own text, where one does: its rank, and the length of its left part.
    fn last_merge(&self, piece: &[char]) -> Option<(usize, usize)> {
        let mut starts: Vec<usize> = (0..piece.len()).collect();
        loop {
            let end = |at: usize| starts.get(at + 2).copied().unwrap_or(piece.len());
            let rank =
                |at: usize| self.rank(&piece[starts[at]..end(at)], starts[at + 1] - starts[at]);
            let merges = (0..starts.len() - 1).filter_map(|at| Some((rank(at)?, at)));
            let (rank, at) = merges.min()?;
            if let [_, left] = starts[..] {
                return Some((rank, left));
            }
            starts.remove(at + 1);
        }
    }
}

/// The characters of a piece as they stand in a text.
fn letters(piece: &str) -> Vec<char> {
    piece.chars().map(spaced).collect()
}

fn spaced(letter: char) -> char {
    if letter == SPACE_MARK { ' ' } else { letter }
}

fn literals(pieces: &Pieces) -> impl Iterator<Item = (String, Literal)> {
    let tokens = pieces.literal.iter().map(|text| (text, Literal::Token));
    let control = pieces.control.iter().map(|text| (text, Literal::Control));
    tokens.chain(control).map(|(text, kind)| (text.chars().map(spaced).collect(), kind))
}

/// Nodes of first child, next sibling, byte and kind; the root is the first.
fn literal_trie(pieces: &Pieces) -> Vec<u8> {
    let mut trie = Trie { nodes: vec![Node::default()] };
    for (text, kind) in literals(pieces) {
        let end = text.bytes().fold(0, |node, byte| trie.child(node, byte));
        trie.nodes[end].kind = match kind {
            Literal::Token => 1,
            Literal::Control => 2,
        };
    }
    trie.bytes()
}

struct Trie {
    nodes: Vec<Node>,
}

#[derive(Default)]
struct Node {
    child: u32,
    sibling: u32,
    byte: u8,
    kind: u8,
}

impl Trie {
    fn child(&mut self, parent: usize, byte: u8) -> usize {
        let mut node = self.nodes[parent].child as usize;
        while node != 0 {
            if self.nodes[node].byte == byte {
                return node;
            }
            node = self.nodes[node].sibling as usize;
        }
        let new = self.nodes.len();
        let sibling = self.nodes[parent].child;
        self.nodes.push(Node { sibling, byte, ..Node::default() });
        self.nodes[parent].child = new as u32;
        new
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(NODE * self.nodes.len());
        for node in &self.nodes {
            bytes.extend(node.child.to_le_bytes());
            bytes.extend(node.sibling.to_le_bytes());
            bytes.extend([node.byte, node.kind, 0, 0]);
        }
        bytes
    }
}

/// How literal tokens begin, with spaces in both of their forms.
fn starters(pieces: &Pieces) -> Vec<u8> {
    let mut marks = vec![tables::NEVER; tables::STARTER_BYTES];
    for (text, _) in literals(pieces) {
        let marked: String =
            text.chars().map(|letter| if letter == ' ' { SPACE_MARK } else { letter }).collect();
        let half_marked = text.replacen(' ', &SPACE_MARK.to_string(), 1);
        let other_half = marked.replacen(SPACE_MARK, " ", 1);
        for form in [&text, &marked, &half_marked, &other_half] {
            mark(&mut marks, form.as_bytes());
        }
    }
    marks
}

fn mark(marks: &mut [u8], literal: &[u8]) {
    match literal {
        [] => {}
        [only] => marks[usize::from(*only)] = tables::ALONE,
        [first, second, ..] => {
            let single = &mut marks[usize::from(*first)];
            *single = (*single).max(tables::WITH_NEXT);
            let bit = usize::from(*first) << 8 | usize::from(*second);
            marks[256 + (bit >> 3)] |= 1 << (bit & 7);
        }
    }
}
