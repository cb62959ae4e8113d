//! UTF-16 as UTF-8, however it is cut into blocks. Half a character is U+FFFD, and its place is kept.

use super::Encoding;

/// A decoder in the middle of a text.
pub(super) struct Wide {
    unit: fn([u8; 2]) -> u16,
    /// The offset of the next byte.
    at: u64,
    /// A byte whose other half has not come.
    half: Option<u8>,
    /// The first half of a pair.
    high: Option<u16>,
    out: String,
    broken: u64,
    first_broken: Option<u64>,
    /// Whether the mark was seen, if there is one.
    is_begun: bool,
}

impl Wide {
    /// For texts that are written so, with a mark before them or without one.
    pub(super) fn new(encoding: Encoding, has_mark: bool) -> Option<Self> {
        let unit: fn([u8; 2]) -> u16 = match encoding {
            Encoding::Utf16Little => u16::from_le_bytes,
            Encoding::Utf16Big => u16::from_be_bytes,
            Encoding::Utf8 | Encoding::Utf8Marked => return None,
        };
        Some(Self {
            unit,
            at: 0,
            half: None,
            high: None,
            out: String::new(),
            broken: 0,
            first_broken: None,
            is_begun: !has_mark,
        })
    }

    /// The text of these bytes, as far as it is whole.
    pub(super) fn push(&mut self, bytes: &[u8]) -> &str {
        self.out.clear();
        for &byte in bytes {
            match self.half.take() {
                None => self.half = Some(byte),
                Some(first) => self.take((self.unit)([first, byte])),
            }
            self.at += 1;
        }
        &self.out
    }

    /// What is left, how many units were broken, and where the first was.
    pub(super) fn finish(mut self) -> (String, u64, Option<u64>) {
        self.out.clear();
        if self.high.take().is_some() {
            self.mark(2 + u64::from(self.half.is_some()));
        }
        if self.half.is_some() {
            self.mark(1);
        }
        (self.out, self.broken, self.first_broken)
    }

    /// One unit, whose second byte is the one at `at`.
    fn take(&mut self, unit: u16) {
        if !std::mem::replace(&mut self.is_begun, true) {
            return;
        }
        if let Some(high) = self.high.take() {
            if let Some(Ok(letter)) = char::decode_utf16([high, unit]).next() {
                return self.out.push(letter);
            }
            self.mark(3);
        }
        match char::from_u32(u32::from(unit)) {
            Some(letter) => self.out.push(letter),
            None if unit < 0xDC00 => self.high = Some(unit),
            None => self.mark(1),
        }
    }

    /// A broken unit that began so many bytes ago.
    fn mark(&mut self, ago: u64) {
        self.out.push(char::REPLACEMENT_CHARACTER);
        self.broken += 1;
        self.first_broken.get_or_insert(self.at.saturating_sub(ago));
    }
}
