//! UTF-16 by its bytes alone: behind a byte order mark, or told by every other byte of western text being NUL.
//! Reads no file; half a character becomes U+FFFD.

/// A text that was written as UTF-16, as `PowerShell`'s `>` does.
pub struct Wide {
    /// The text, without its mark.
    pub text: String,
    /// How many bytes the mark has.
    mark: usize,
}

type Unit = fn([u8; 2]) -> u16;

/// The text, if the bytes are UTF-16.
pub fn wide(bytes: &[u8]) -> Option<Wide> {
    let (mark, unit): (usize, Unit) = match bytes {
        [0xFF, 0xFE, ..] => (2, u16::from_le_bytes),
        [0xFE, 0xFF, ..] => (2, u16::from_be_bytes),
        _ => (0, unmarked(bytes)?),
    };
    let pairs = bytes[mark..].as_chunks::<2>().0;
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    Some(Wide { text: String::from_utf16_lossy(&units), mark })
}

/// Without a mark every other byte of western text is NUL.
fn unmarked(bytes: &[u8]) -> Option<Unit> {
    let (pairs, _) = bytes[..bytes.len().min(4096)].as_chunks::<2>();
    let nul = |at: usize| pairs.iter().filter(|pair| pair[at] == 0).count() * 10;
    match pairs.len() {
        0..8 => None,
        count if nul(1) > count * 7 && nul(0) < count => Some(u16::from_le_bytes),
        count if nul(0) > count * 7 && nul(1) < count => Some(u16::from_be_bytes),
        _ => None,
    }
}

impl Wide {
    /// Where in the bytes the character begins that has this offset in the text.
    pub fn offset(&self, at: usize) -> usize {
        self.mark + 2 * self.text[..at].encode_utf16().count()
    }
}

/// A text may hold a key, so it is not shown.
impl std::fmt::Debug for Wide {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Wide({} bytes)", self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_in_the_text_is_one_in_the_bytes() {
        let bytes: Vec<u8> =
            "\u{FEFF}ä😀 = key".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = wide(&bytes).expect("a mark");
        let at = marked.text.find("key").expect("the text");
        assert_eq!(bytes[marked.offset(at)..][..2], [b'k', 0]);
        assert!(!format!("{marked:?}").contains("key"));
        let plain = wide(&bytes[2..]);
        assert!(plain.is_none(), "too short to be told without a mark");
        assert!(wide(b"GEMINI_API_KEY=abcdefghijk").is_none());
    }
}
