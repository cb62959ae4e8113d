//! Reads a text of any size, one block at a time, and hands it on as UTF-8. Bytes that are no UTF-8 are handed
//! on as they are.

use std::{fs::File, io, ops::ControlFlow};

use super::{Encoding, Place, Read, Unread, said, wide::Wide};

/// How much is held at a time.
pub(super) const BLOCK: usize = 1 << 20;

/// Where a NUL makes a file one that is no text.
const LOOKED_AT: usize = 64 * 1024;

/// Reads a text to its end, or until nobody wants more of it.
pub fn read(place: &Place, each: impl FnMut(&[u8]) -> ControlFlow<()>) -> Result<Read, Unread> {
    let failed = |error: io::Error| Unread::Failed(said(&error));
    match place {
        Place::Standard => blocks(io::stdin().lock(), each),
        Place::Path(path) => blocks(File::open(path).map_err(failed)?, each),
    }
}

/// Reads a text that is needed as a whole, unless it is larger than a bound.
pub fn read_whole(place: &Place, most: u64) -> Result<(Vec<u8>, Read), Unread> {
    let mut whole = Vec::new();
    let mut is_too_large = false;
    let read = read(place, |block| {
        is_too_large = (whole.len() + block.len()) as u64 > most;
        if is_too_large {
            return ControlFlow::Break(());
        }
        whole.extend_from_slice(block);
        ControlFlow::Continue(())
    })?;
    if is_too_large {
        return Err(Unread::Failed(format!("it is larger than {} MiB", most >> 20)));
    }
    Ok((whole, read))
}

fn blocks(
    mut source: impl io::Read,
    mut each: impl FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<Read, Unread> {
    let mut block = vec![0; BLOCK];
    let mut length = fill(&mut source, &mut block)?;
    let encoding = encoding(&block[..length])?;
    if encoding == Encoding::Utf8 && block[..length.min(LOOKED_AT)].contains(&0) {
        return Err(Unread::Binary);
    }
    let mut wide = Wide::new(encoding);
    let (mut bytes, mut is_whole) = (0, true);
    while length > 0 {
        bytes += length as u64;
        let wanted = match &mut wide {
            Some(wide) => each(wide.push(&block[..length]).as_bytes()),
            None => each(&block[..length]),
        };
        if wanted.is_break() {
            is_whole = false;
            break;
        }
        length = fill(&mut source, &mut block)?;
    }
    let (rest, broken_units, first_broken) = wide.map_or_else(Default::default, Wide::finish);
    if is_whole && !rest.is_empty() {
        is_whole = each(rest.as_bytes()).is_continue();
    }
    Ok(Read { bytes, encoding, broken_units, first_broken, is_whole })
}

/// A pipe gives what it has; a block is full, or the last one.
fn fill(source: &mut impl io::Read, block: &mut [u8]) -> Result<usize, Unread> {
    let mut length = 0;
    while length < block.len() {
        match source.read(&mut block[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Unread::Failed(said(&error))),
        }
    }
    Ok(length)
}

fn encoding(start: &[u8]) -> Result<Encoding, Unread> {
    Ok(match start {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => {
            let what =
                "it is UTF-32, which is not read: iconv -f UTF-32 -t UTF-8 makes a text of it";
            return Err(Unread::Failed(what.to_owned()));
        }
        [0xEF, 0xBB, 0xBF, ..] => Encoding::Utf8Marked,
        [0xFF, 0xFE, ..] => Encoding::Utf16Little,
        [0xFE, 0xFF, ..] => Encoding::Utf16Big,
        _ => Encoding::Utf8,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, as a slow pipe does.
    struct Slow<'a>(&'a [u8]);

    impl io::Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(into.len()).min(3);
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn text(bytes: &[u8]) -> Result<(String, Read), Unread> {
        let mut whole = Vec::new();
        let read = blocks(Slow(bytes), |block| {
            whole.extend_from_slice(block);
            ControlFlow::Continue(())
        })?;
        Ok((String::from_utf8_lossy(&whole).into_owned(), read))
    }

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(unit).collect()
    }

    #[test]
    fn utf_16_is_read_in_both_directions_and_without_its_mark() {
        let original = "naïve 日本 🙂\n".repeat(3);
        for (unit, encoding) in [
            (u16::to_le_bytes as fn(u16) -> [u8; 2], Encoding::Utf16Little),
            (u16::to_be_bytes, Encoding::Utf16Big),
        ] {
            let bytes = utf16(&original, unit);
            let (read, told) = text(&bytes).unwrap();
            assert_eq!((read.as_str(), told.encoding), (original.as_str(), encoding));
            assert_eq!((told.bytes, told.broken_units), (bytes.len() as u64, 0));
        }
    }

    #[test]
    fn half_a_character_of_utf_16_is_a_mark_with_its_place() {
        let mut bytes = utf16("ab", u16::to_le_bytes);
        bytes.extend([0x00, 0xD8, b'c', 0]);
        let (read, told) = text(&bytes).unwrap();
        assert_eq!(
            (read.as_str(), told.broken_units, told.first_broken),
            ("ab\u{FFFD}c", 1, Some(6))
        );
        bytes.push(b'x');
        let (read, told) = text(&bytes).unwrap();
        assert_eq!((read.as_str(), told.broken_units), ("ab\u{FFFD}c\u{FFFD}", 2), "half a unit");
    }

    #[test]
    fn a_marked_utf_8_keeps_its_mark_and_what_is_no_text_is_not_read() {
        let (read, told) = text(b"\xEF\xBB\xBFhi").unwrap();
        assert_eq!((read.as_str(), told.encoding), ("\u{FEFF}hi", Encoding::Utf8Marked));
        assert_eq!(text(b"PNG\0\0"), Err(Unread::Binary));
        assert_eq!(text(b"").unwrap().1.bytes, 0);
    }

    #[test]
    fn utf_32_is_told_from_utf_16() {
        let little: Vec<u8> =
            "\u{FEFF}hi".chars().flat_map(|it| (it as u32).to_le_bytes()).collect();
        let big: Vec<u8> = "\u{FEFF}hi".chars().flat_map(|it| (it as u32).to_be_bytes()).collect();
        for bytes in [little, big] {
            let Err(Unread::Failed(why)) = text(&bytes) else { panic!("it is no text") };
            assert!(why.contains("UTF-32"), "{why}");
        }
    }

    #[test]
    fn whoever_has_enough_is_given_no_more() {
        let original = vec![b'a'; 5 * BLOCK];
        let mut given = 0;
        let told = blocks(original.as_slice(), |block| {
            given += block.len();
            if given > BLOCK { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let told = told.expect("a text");
        assert_eq!((told.bytes, told.is_whole, given), (2 * BLOCK as u64, false, 2 * BLOCK));
    }

    #[test]
    fn a_text_of_many_blocks_is_whole() {
        let original = "0123456789abcde\n".repeat(BLOCK / 8);
        let mut length = 0;
        let told = blocks(original.as_bytes(), |block| {
            assert!(block.len() <= BLOCK);
            length += block.len();
            ControlFlow::Continue(())
        });
        assert_eq!((told.unwrap().bytes, length), (original.len() as u64, original.len()));
    }
}
