//! Reads a text of any size, one block at a time, and hands it on as UTF-8. Bytes that are no UTF-8 are handed
//! on as they are.

use std::{fs::File, io, ops::ControlFlow};

use super::{Encoding, Place, Read, Unread, said, wide::Wide};

/// How much is held at a time.
pub(super) const BLOCK: usize = 1 << 20;

/// Where a NUL makes a file one that is no text.
const LOOKED_AT: usize = 64 * 1024;

/// Whether UTF-16 is known by its mark alone, or also by how text in it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Widths {
    Marked,
    Guessed,
}

/// Reads a text to its end, or until nobody wants more of it.
pub fn read(place: &Place, each: impl FnMut(&[u8]) -> ControlFlow<()>) -> Result<Read, Unread> {
    read_as(place, Widths::Marked, each)
}

fn read_as(
    place: &Place,
    widths: Widths,
    each: impl FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<Read, Unread> {
    let failed = |error: io::Error| Unread::Failed(said(&error));
    match place {
        Place::Standard => blocks(io::stdin().lock(), widths, each),
        Place::Path(path) => blocks(File::open(path).map_err(failed)?, widths, each),
    }
}

/// Reads a text that is needed as a whole, unless it is larger than a bound.
pub fn read_whole(place: &Place, most: u64) -> Result<(Vec<u8>, Read), Unread> {
    whole(place, Widths::Marked, most)
}

/// The same of a text that begins with letters of ASCII, such as JSON: UTF-16 shows without its mark.
pub fn read_whole_of_any_width(place: &Place, most: u64) -> Result<(Vec<u8>, Read), Unread> {
    whole(place, Widths::Guessed, most)
}

fn whole(place: &Place, widths: Widths, most: u64) -> Result<(Vec<u8>, Read), Unread> {
    let mut whole = Vec::new();
    let mut is_too_large = false;
    let read = read_as(place, widths, |block| {
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
    widths: Widths,
    mut each: impl FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<Read, Unread> {
    let mut block = vec![0; BLOCK];
    let mut length = fill(&mut source, &mut block)?;
    let marked = encoding(&block[..length])?;
    let has_zero = marked == Encoding::Utf8 && block[..length.min(LOOKED_AT)].contains(&0);
    let guessed = match widths {
        Widths::Guessed if has_zero => guessed(&block[..length.min(LOOKED_AT)])?,
        _ => None,
    };
    if has_zero && guessed.is_none() {
        return Err(Unread::Binary);
    }
    let encoding = guessed.unwrap_or(marked);
    let mut wide = Wide::new(encoding, guessed.is_none());
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
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return Err(utf_32()),
        [0xEF, 0xBB, 0xBF, ..] => Encoding::Utf8Marked,
        [0xFF, 0xFE, ..] => Encoding::Utf16Little,
        [0xFE, 0xFF, ..] => Encoding::Utf16Big,
        _ => Encoding::Utf8,
    })
}

/// UTF-16 without its mark, as the first letters of JSON and of commands show it, which are of ASCII.
fn guessed(start: &[u8]) -> Result<Option<Encoding>, Unread> {
    let is_ascii = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let found = match *start {
        [a, 0, 0, 0, ..] | [0, 0, 0, a, ..] if is_ascii(a) => return Err(utf_32()),
        [a, 0, b, 0, ..] if is_ascii(a) && is_ascii(b) => Encoding::Utf16Little,
        [0, a, 0, b, ..] if is_ascii(a) && is_ascii(b) => Encoding::Utf16Big,
        _ => return Ok(None),
    };
    // A letter that is zero is in no text.
    let is_text = start.chunks_exact(2).all(|unit| unit != [0, 0]);
    Ok(is_text.then_some(found))
}

fn utf_32() -> Unread {
    let what = "it is UTF-32, which is not read: iconv -f UTF-32 -t UTF-8 makes a text of it";
    Unread::Failed(what.to_owned())
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
        text_as(Widths::Marked, bytes)
    }

    fn text_as(widths: Widths, bytes: &[u8]) -> Result<(String, Read), Unread> {
        let mut whole = Vec::new();
        let read = blocks(Slow(bytes), widths, |block| {
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
    fn utf_16_shows_without_its_mark_where_that_is_asked_for() {
        let original = "{\"naïve\": \"日本 🙂\"}";
        for (unit, encoding) in [
            (u16::to_le_bytes as fn(u16) -> [u8; 2], Encoding::Utf16Little),
            (u16::to_be_bytes, Encoding::Utf16Big),
        ] {
            let bytes: Vec<u8> = original.encode_utf16().flat_map(unit).collect();
            let (read, told) = text_as(Widths::Guessed, &bytes).unwrap();
            assert_eq!((read.as_str(), told.encoding), (original, encoding));
            assert_eq!(text(&bytes), Err(Unread::Binary));
            let zero = [&bytes[..], &[0, 0]].concat();
            assert_eq!(text_as(Widths::Guessed, &zero), Err(Unread::Binary));
        }
        for bytes in [&b"{\0}"[..], b"PNG\0\0", b"\0", b"\0\0\0\0"] {
            assert_eq!(text_as(Widths::Guessed, bytes), Err(Unread::Binary), "{bytes:?}");
        }
        for bytes in [&b"{\0\0\0}\0\0\0"[..], b"\0\0\0{\0\0\0}"] {
            let Err(Unread::Failed(why)) = text_as(Widths::Guessed, bytes) else {
                panic!("a text")
            };
            assert!(why.contains("UTF-32"), "{why}");
        }
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
        let told = blocks(original.as_slice(), Widths::Marked, |block| {
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
        let told = blocks(original.as_bytes(), Widths::Guessed, |block| {
            assert!(block.len() <= BLOCK);
            length += block.len();
            ControlFlow::Continue(())
        });
        assert_eq!((told.unwrap().bytes, length), (original.len() as u64, original.len()));
    }
}
