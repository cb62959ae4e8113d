//! A key from a file: what editors and Windows tools add is taken off, what cannot be a key is named.

use std::path::Path;

use crate::{secret::ApiKey, settings::decode};

/// A service account's file has 2.5 KiB; nothing near this is a key.
pub(super) const LIMIT: u64 = 64 * 1024;

/// Reads a key. The error is a fragment: what is there instead.
pub(super) fn read(path: &Path) -> Result<ApiKey, String> {
    key_in(&decode::read_text(path, LIMIT)?.text)
}

/// The key in a text: without the one line break that editors add, and with any other padding,
/// which the check of its shape shows.
pub(super) fn key_in(text: &str) -> Result<ApiKey, String> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    match text {
        "" => Err("it is empty".to_owned()),
        blank if blank.trim().is_empty() => Err("it holds nothing but blanks".to_owned()),
        text => Ok(ApiKey::new(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Result<String, String> {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("key");
        std::fs::write(&path, bytes).expect("written");
        read(&path).map(|key| key.expose().to_owned())
    }

    #[test]
    fn one_line_break_goes_and_other_padding_stays() {
        for (bytes, key) in [
            (&b"AQ.FAKE"[..], "AQ.FAKE"),
            (b"AQ.FAKE\n", "AQ.FAKE"),
            (b"AQ.FAKE\r\n", "AQ.FAKE"),
            (b"AQ.FAKE\n\n", "AQ.FAKE\n"),
            (b" AQ.FAKE \n", " AQ.FAKE "),
            (b"\xEF\xBB\xBFAQ.FAKE\n", "AQ.FAKE"),
            (b"\xFF\xFEA\0Q\0.\0\r\0\n\0", "AQ."),
            (b"{\"type\": \"service_account\"}\n", "{\"type\": \"service_account\"}"),
        ] {
            assert_eq!(of(bytes).as_deref(), Ok(key));
        }
    }

    #[test]
    fn what_is_no_key_is_named() {
        for (bytes, what) in [
            (&b""[..], "it is empty"),
            (b"\n", "it is empty"),
            (b" \t\r\n\n", "it holds nothing but blanks"),
            (b"AQ.\0FAKE", "it is not text: character 4 is NUL"),
            (b"\x80\x81", "it is not text: byte 1 is not UTF-8"),
            (&[b'a'; 64 * 1024 + 1], "it is larger than 64 KiB"),
        ] {
            assert_eq!(of(bytes), Err(what.to_owned()));
        }
    }

    #[test]
    fn a_directory_and_a_missing_file_are_named() {
        let directory = tempfile::tempdir().expect("a directory");
        assert_eq!(read(directory.path()).expect_err("no file"), "it is a directory");
        assert_eq!(read(&directory.path().join("k")).expect_err("no file"), "no such file");
    }
}
