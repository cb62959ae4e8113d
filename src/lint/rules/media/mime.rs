//! The types of media by their names: which are taken, and which one was meant.

/// What is known of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// It is taken.
    Taken,
    /// Another name of one that is taken.
    Alias(&'static str),
    /// It was refused.
    Refused,
    /// Whether it is taken is not known.
    Unknown,
    /// It is no type.
    Malformed,
}

/// What documents list, and what else is taken to be fine.
const TAKEN: &[&str] = &[
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/heic",
    "image/heif",
    "audio/wav",
    "audio/x-wav",
    "audio/mp3",
    "audio/mpeg",
    "audio/mpga",
    "audio/aiff",
    "audio/aac",
    "audio/ogg",
    "audio/opus",
    "audio/flac",
    "audio/mp4",
    "audio/m4a",
    "audio/webm",
    "audio/pcm",
    "audio/l16",
    "video/mp4",
    "video/mpeg",
    "video/mov",
    "video/quicktime",
    "video/avi",
    "video/x-flv",
    "video/mpg",
    "video/mpegps",
    "video/webm",
    "video/wmv",
    "video/3gpp",
    "application/pdf",
];

/// What was seen to be refused, by the Developer API or the cloud platform.
const REFUSED: &[&str] = &[
    "application/json",
    "application/msword",
    "application/octet-stream",
    "application/rtf",
    "application/vnd.hancom.hwp",
    "application/vnd.ms-excel",
    "application/x-hwp",
    "application/xml",
    "text/rtf",
    "image/bmp",
    "image/svg",
    "image/svg+xml",
];

/// The same of a whole family: documents of Office are not read.
const OFFICE: &str = "application/vnd.openxmlformats-officedocument.";

const ALIASES: &[(&str, &str)] = &[
    ("image/jpg", "image/jpeg"),
    ("image/pjpeg", "image/jpeg"),
    ("image/x-png", "image/png"),
    ("application/x-pdf", "application/pdf"),
    ("audio/wave", "audio/wav"),
    ("audio/x-m4a", "audio/m4a"),
    ("audio/x-flac", "audio/flac"),
    ("audio/x-aiff", "audio/aiff"),
    ("audio/x-aac", "audio/aac"),
    ("video/x-msvideo", "video/avi"),
    ("video/x-ms-wmv", "video/wmv"),
];

/// What people write in place of a type.
const ENDINGS: &[(&str, &str)] = &[
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("heic", "image/heic"),
    ("heif", "image/heif"),
    ("pdf", "application/pdf"),
    ("txt", "text/plain"),
    ("text", "text/plain"),
    ("html", "text/html"),
    ("csv", "text/csv"),
    ("md", "text/markdown"),
    ("wav", "audio/wav"),
    ("mp3", "audio/mp3"),
    ("ogg", "audio/ogg"),
    ("flac", "audio/flac"),
    ("aac", "audio/aac"),
    ("mp4", "video/mp4"),
    ("mov", "video/mov"),
    ("webm", "video/webm"),
    ("avi", "video/avi"),
];

/// A type without its parameters, in small letters.
pub(super) fn bare(mime: &str) -> String {
    mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// What is known of a type that is bare.
pub(super) fn class(bare: &str) -> Class {
    let mut halves = bare.splitn(2, '/');
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-_*".contains(&byte))
    };
    if !(halves.next().is_some_and(is_word) && halves.next().is_some_and(is_word)) {
        return Class::Malformed;
    }
    if REFUSED.contains(&bare) || bare.starts_with(OFFICE) {
        return Class::Refused;
    }
    match ALIASES.iter().find(|(alias, _)| *alias == bare) {
        Some((_, mime)) => Class::Alias(mime),
        None if TAKEN.contains(&bare) || bare.starts_with("text/") => Class::Taken,
        None => Class::Unknown,
    }
}

/// The type that is meant by the ending of a file's name.
pub(super) fn of_ending(word: &str) -> Option<&'static str> {
    let ending = word.rsplit('.').next().unwrap_or_default();
    let found = ENDINGS.iter().find(|(own, _)| own.eq_ignore_ascii_case(ending));
    found.map(|(_, mime)| *mime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_apart() {
        for (mime, expected) in [
            ("image/png", Class::Taken),
            ("IMAGE/PNG", Class::Taken),
            ("audio/L16; rate=16000", Class::Taken),
            ("text/x-python", Class::Taken),
            ("text/rtf", Class::Refused),
            ("application/msword", Class::Refused),
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Class::Refused),
            ("application/vnd.oasis.opendocument.text", Class::Unknown),
            ("application/zip", Class::Unknown),
            ("image/jpg", Class::Alias("image/jpeg")),
            ("image/tiff", Class::Unknown),
            ("png", Class::Malformed),
            ("image/", Class::Malformed),
            ("image/png/x", Class::Malformed),
            ("", Class::Malformed),
        ] {
            assert_eq!(class(&bare(mime)), expected, "{mime}");
        }
        assert_eq!(of_ending(".PNG"), Some("image/png"));
        assert_eq!(of_ending("image"), None);
    }
}
