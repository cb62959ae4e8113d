//! Files of unknown origin become text, or a phrase that says what they are instead: bounded in size,
//! with the byte order marks that Windows tools write. Never shows what a file holds.

use std::{fs::File, io::Read, path::Path};

use crate::facts::wide;

/// A file's text and how it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// How it was written.
    pub encoding: Encoding,
}

/// How a text file was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 behind a byte order mark.
    Utf8Marked,
    /// UTF-16, as PowerShell's `>` writes it.
    Utf16,
}

/// Room for most files that are read here.
const USUAL: usize = 8 * 1024;

/// Reads at most `limit` bytes. The error is a fragment: what stands there instead of a file.
pub fn read_bounded(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    // Windows refuses to open a directory with a misleading word, so it is asked for first.
    if path.is_dir() {
        return Err("it is a directory".to_owned());
    }
    if is_null_device(path) {
        return Ok(Vec::new());
    }
    // A pipe is waited for and a device may have no end, and no deadline holds for either.
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return Err("it is no regular file".to_owned());
    }
    let file = File::open(path).map_err(|error| said(&error))?;
    // From nothing a buffer grows by one small read after the other, for every file of a directory.
    let mut bytes = Vec::with_capacity(USUAL);
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| said(&error))?;
    if bytes.len() as u64 > limit {
        return Err(format!("it is larger than {} KiB", limit / 1024));
    }
    Ok(bytes)
}

/// Whether this is what people name for "nothing": it is read at once and takes everything.
pub fn is_null_device(path: &Path) -> bool {
    path == Path::new("/dev/null")
}

/// Reads a text file of at most `limit` bytes.
pub fn read_text(path: &Path, limit: u64) -> Result<Decoded, String> {
    decode(&read_bounded(path, limit)?)
}

/// Bytes as text. The error is a fragment that says why they are none.
pub fn decode(bytes: &[u8]) -> Result<Decoded, String> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, Encoding::Utf8Marked),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes, Encoding::Utf8),
    }
}

/// Any bytes as text, and how they were written where that is worth telling. Bytes that are no text
/// become marks and NULs go, so that what is readable beside them is read.
pub fn lossy(bytes: &[u8]) -> (String, Option<&'static str>) {
    if let Some(wide) = wide(bytes) {
        return (wide.text.replace('\0', ""), Some("read as UTF-16"));
    }
    let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes));
    let note = matches!(text, std::borrow::Cow::Owned(_))
        .then_some("some of its bytes are no text and were passed over");
    (if text.contains('\0') { text.replace('\0', "") } else { text.into_owned() }, note)
}

fn utf8(bytes: &[u8], encoding: Encoding) -> Result<Decoded, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        format!("it is not text: byte {} is not UTF-8", error.valid_up_to() + 1)
    })?;
    without_nul(Decoded { text: text.to_owned(), encoding })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Decoded, String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text: Result<String, _> =
        char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    match text {
        Ok(text) if rest.is_empty() => without_nul(Decoded { text, encoding: Encoding::Utf16 }),
        _ => Err("it starts like UTF-16 and is not".to_owned()),
    }
}

fn without_nul(decoded: Decoded) -> Result<Decoded, String> {
    match decoded.text.chars().position(|character| character == '\0') {
        Some(at) => Err(format!("it is not text: character {} is NUL", at + 1)),
        None => Ok(decoded),
    }
}

/// The operating system's word, in ours: short, and the same on every platform.
fn said(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => format!("reading it failed: {error}"),
    }
}

/// A text may be a key, so it is not shown.
impl std::fmt::Debug for Decoded {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Decoded({:?}, {} bytes)", self.encoding, self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16_bytes(text: &str, mark: [u8; 2], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect()
    }

    #[test]
    fn every_byte_order_mark_is_understood() {
        let little = utf16_bytes("A=ä", [0xFF, 0xFE], u16::to_le_bytes);
        let big = utf16_bytes("A=ä", [0xFE, 0xFF], u16::to_be_bytes);
        for (bytes, encoding) in [
            ("A=ä".as_bytes(), Encoding::Utf8),
            ("\u{FEFF}A=ä".as_bytes(), Encoding::Utf8Marked),
            (&little, Encoding::Utf16),
            (&big, Encoding::Utf16),
        ] {
            let expected = Decoded { text: "A=ä".to_owned(), encoding };
            assert_eq!(decode(bytes), Ok(expected), "{encoding:?}");
        }
    }

    #[test]
    fn whatever_is_readable_is_read() {
        let text = "Error: käse, a text of some length";
        for (mark, bytes) in [
            ([0xFF, 0xFE], u16::to_le_bytes as fn(u16) -> [u8; 2]),
            ([0xFE, 0xFF], u16::to_be_bytes as fn(u16) -> [u8; 2]),
        ] {
            let marked = utf16_bytes(text, mark, bytes);
            assert_eq!(lossy(&marked), (text.to_owned(), Some("read as UTF-16")));
            assert_eq!(lossy(&marked[2..]), (text.to_owned(), Some("read as UTF-16")));
        }
        assert_eq!(lossy(b"\xEF\xBB\xBFabc"), ("abc".to_owned(), None));
        assert_eq!(lossy(b"a\0b\0\0c"), ("abc".to_owned(), None));
        let (mixed, note) = lossy(b"ab\xFFc");
        assert!(mixed.starts_with("ab") && mixed.ends_with('c') && note.is_some());
        assert_eq!(lossy(b""), (String::new(), None));
    }

    #[test]
    fn what_is_no_text_says_so() {
        let says = |bytes: &[u8]| decode(bytes).expect_err("not text");
        assert_eq!(says(b"ab\0c"), "it is not text: character 3 is NUL");
        assert_eq!(says(b"ab\xFFc"), "it is not text: byte 3 is not UTF-8");
        assert_eq!(says(b"\xFF\xFEabc"), "it starts like UTF-16 and is not");
        assert_eq!(says(b"\xFF\xFE\x00\xD8"), "it starts like UTF-16 and is not");
    }

    #[test]
    fn what_is_no_file_says_so() {
        let directory = tempfile::tempdir().expect("a directory");
        let large = directory.path().join("large");
        std::fs::write(&large, [b'a'; 1025]).expect("written");
        let says = |path: &Path| read_text(path, 1024).expect_err("not usable");
        assert_eq!(says(directory.path()), "it is a directory");
        assert_eq!(says(&directory.path().join("missing")), "no such file");
        assert_eq!(says(&large), "it is larger than 1 KiB");
        assert_eq!(read_text(&large, 1025).expect("small enough").text.len(), 1025);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_and_a_device_are_not_waited_for() {
        let directory = tempfile::tempdir().expect("a directory");
        let pipe = directory.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success());
        for path in [pipe.as_path(), Path::new("/dev/zero")] {
            assert_eq!(read_text(path, 1024).expect_err("no file"), "it is no regular file");
        }
        assert_eq!(read_text(Path::new("/dev/null"), 1024).expect("nothing").text, "");
    }

    #[test]
    fn debug_shows_no_text() {
        let decoded = decode(b"hunter2").expect("text");
        assert!(!format!("{decoded:?}").contains("hunter2"));
    }
}
