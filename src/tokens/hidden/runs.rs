//! How much of a text hides nothing, found several bytes at a time.

/// How many bytes at the beginning are printable ASCII: eight at a time, then the rest.
pub(super) fn plain(bytes: &[u8]) -> usize {
    let (words, _) = bytes.as_chunks::<8>();
    let skipped = words.iter().take_while(|word| is_plain(u64::from_le_bytes(**word))).count() * 8;
    let rest = bytes[skipped..].iter().take_while(|byte| matches!(byte, b' '..=b'~'));
    skipped + rest.count()
}

/// How many bytes at the beginning are ideographs from U+4E00 to U+9FFF.
pub(super) fn ideographs(bytes: &[u8]) -> usize {
    let (characters, _) = bytes.as_chunks::<3>();
    let is_ideograph = |it: &&[u8; 3]| matches!(it, [0xE5..=0xE9, ..] | [0xE4, 0xB8..=0xBF, _]);
    characters.iter().take_while(is_ideograph).count() * 3
}

/// Whether eight bytes are all printable ASCII.
fn is_plain(word: u64) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES * 0x80;
    // Without high bits no sum carries over: 0x60 lifts 0x20 and above over 0x7F, 1 does so to 0x7F alone.
    let low = word & !HIGH;
    let (control, delete) = (!(low + ONES * 0x60), low + ONES);
    (word | control | delete) & HIGH == 0
}
