//! Remembers how many tokens short stretches are: most of a text is the same few thousand of them.

/// The longest stretch that is remembered, in bytes.
pub(super) const LONGEST: usize = 15;

/// Where a stretch has its place; a later one with the same place takes it.
const PLACES: usize = 1 << 15;

/// Stretches and their tokens. A place holds the bytes of one, and on top their number and the tokens in 4 bits each.
#[derive(Debug)]
pub(super) struct Memo {
    places: Vec<u128>,
}

/// Where the tokens stand in a place.
const TOKENS: u32 = 124;

impl Memo {
    pub(super) fn new() -> Self {
        Self { places: vec![0; PLACES] }
    }

    /// The tokens of a stretch, from memory or as they are counted now.
    #[inline(always)]
    pub(super) fn tokens(
        &mut self,
        text: &[u8],
        start: usize,
        end: usize,
        count: impl FnOnce() -> u64,
    ) -> u64 {
        let key = key(text, start, end);
        let place = &mut self.places[home(key)];
        if *place << 4 >> 4 != key {
            // No more tokens than bytes, and so they fit.
            *place = key | u128::from(count()) << TOKENS;
        }
        (*place >> TOKENS) as u64
    }
}

/// The bytes of a stretch, and their number on top, so that no two stretches have the same.
#[inline(always)]
fn key(text: &[u8], start: usize, end: usize) -> u128 {
    let length = end - start;
    let bytes = match text.get(start..start + 16) {
        Some(bytes) => u128::from_le_bytes(bytes.try_into().expect("16 bytes")),
        None => short(&text[start..end]),
    };
    let kept = bytes & ((1 << (8 * length)) - 1);
    kept | (length as u128) << 120
}

#[cold]
fn short(bytes: &[u8]) -> u128 {
    let mut padded = [0; 16];
    padded[..bytes.len()].copy_from_slice(bytes);
    u128::from_le_bytes(padded)
}

#[inline(always)]
fn home(key: u128) -> usize {
    let low = (key as u64) ^ 0x9E37_79B9_7F4A_7C15;
    let high = ((key >> 64) as u64) ^ 0xD1B5_4A32_D192_ED03;
    let product = u128::from(low) * u128::from(high);
    ((product >> 64) as u64 ^ product as u64) as usize & (PLACES - 1)
}
