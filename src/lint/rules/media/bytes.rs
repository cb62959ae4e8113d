//! What bytes are, by how they begin. It must not judge what they are said to be.

/// What bytes were found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Of this type; the others are names that it goes by as well.
    Of(&'static str, &'static [&'static str]),
    /// A text: a page, an error in JSON, a drawing in XML.
    Text(&'static str),
}

/// Where a mark stands, the mark, the type, and its other names.
type Sign = (usize, &'static [u8], &'static str, &'static [&'static str]);

const WAVES: &[&str] = &["audio/x-wav", "audio/wave", "audio/vnd.wave"];
const MP3: &[&str] = &["audio/mp3", "audio/mpga", "audio/x-mp3"];
const HEIC: &[&str] = &["image/heif", "image/heic-sequence", "image/heif-sequence"];
const MP4: &[&str] = &[
    "audio/mp4",
    "audio/m4a",
    "audio/x-m4a",
    "audio/aac",
    "video/mov",
    "video/quicktime",
    "video/3gpp",
    "video/x-m4v",
    "video/mpeg",
];

/// The first that fits counts.
const SIGNS: &[Sign] = &[
    (0, b"\x89PNG\r\n", "image/png", &["image/apng"]),
    (0, b"\xff\xd8\xff", "image/jpeg", &["image/jpg", "image/pjpeg"]),
    (0, b"GIF8", "image/gif", &[]),
    (8, b"WEBP", "image/webp", &[]),
    (8, b"WAVE", "audio/wav", WAVES),
    (8, b"AVI ", "video/avi", &["video/x-msvideo"]),
    (0, b"%PDF-", "application/pdf", &["application/x-pdf"]),
    (0, b"OggS", "audio/ogg", &["video/ogg", "application/ogg", "audio/opus"]),
    (0, b"fLaC", "audio/flac", &["audio/x-flac"]),
    (0, b"ID3", "audio/mpeg", MP3),
    (0, b"\xff\xfb", "audio/mpeg", MP3),
    (0, b"\xff\xf3", "audio/mpeg", MP3),
    (0, b"\xff\xf2", "audio/mpeg", MP3),
    (0, b"\xff\xf1", "audio/aac", &["audio/x-aac"]),
    (0, b"\xff\xf9", "audio/aac", &["audio/x-aac"]),
    (0, b"FORM", "audio/aiff", &["audio/x-aiff"]),
    (4, b"ftypheic", "image/heic", HEIC),
    (4, b"ftypheix", "image/heic", HEIC),
    (4, b"ftypmif1", "image/heif", &["image/heic", "image/avif"]),
    (4, b"ftypmsf1", "image/heif", &["image/heic", "image/avif"]),
    (4, b"ftypavif", "image/avif", &[]),
    (4, b"ftypM4A", "audio/mp4", MP4),
    (4, b"ftypqt", "video/mov", &["video/quicktime", "video/mp4"]),
    (4, b"ftyp", "video/mp4", MP4),
    (0, b"\x1a\x45\xdf\xa3", "video/webm", &["audio/webm", "video/x-matroska"]),
    (0, b"FLV", "video/x-flv", &[]),
    (0, b"BM", "image/bmp", &["image/x-ms-bmp", "image/x-bmp"]),
    (0, b"II*\0", "image/tiff", &[]),
    (0, b"MM\0*", "image/tiff", &[]),
    (0, b"PK\x03\x04", "application/zip", &[]),
    (0, b"\x1f\x8b", "application/gzip", &["application/x-gzip"]),
];

/// How texts begin that come in the place of a file.
const TEXTS: &[(&[u8], &str)] = &[
    (b"<!doctype", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<svg", "a drawing in SVG"),
    (b"<?xml", "XML"),
    (b"{\"", "JSON"),
    (b"{\n", "JSON"),
    (b"[{", "JSON"),
];

/// What bytes are that begin like this.
pub(super) fn sort(head: &[u8]) -> Option<Sort> {
    let is_at = |at: usize, mark: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(mark));
    let sign = SIGNS.iter().find(|(at, mark, ..)| is_at(*at, mark));
    if let Some((_, _, mime, names)) = sign {
        return Some(Sort::Of(mime, names));
    }
    let text = head.trim_ascii_start();
    let begins =
        |mark: &[u8]| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    let found = TEXTS.iter().find(|(mark, _)| begins(mark));
    found.map(|(_, words)| Sort::Text(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_how_they_begin() {
        let mime = |head: &[u8]| match sort(head) {
            Some(Sort::Of(mime, _)) => mime,
            Some(Sort::Text(words)) => words,
            None => "",
        };
        for (head, expected) in [
            (&b"\x89PNG\r\n\x1a\n\0\0"[..], "image/png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
            (b"RIFF\x10\0\0\0WAVEfmt ", "audio/wav"),
            (b"\0\0\0\x18ftypmp42", "video/mp4"),
            (b"\0\0\0\x18ftypheic", "image/heic"),
            (b"%PDF-1.7", "application/pdf"),
            (b"  <!DOCTYPE html>", "an HTML page"),
            (b"{\"error\": {}}", "JSON"),
            (b"plain words", ""),
            (b"", ""),
        ] {
            assert_eq!(mime(head), expected);
        }
    }
}
