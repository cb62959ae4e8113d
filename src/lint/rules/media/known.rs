//! The rules about media that are sent inline. It must not look for them.

use crate::facts::Severity::{Error, Warning};

use crate::lint::rule::{Rule, bad, good};

pub(super) const FILES_PAGE: &str = "https://ai.google.dev/gemini-api/docs/file-input-methods";
const LIMITS_PAGE: &str =
    "https://blog.google/innovation-and-ai/technology/developers-tools/gemini-api-new-file-limits";
pub(super) const FLASH: &str = "gemini-3.8-flash";

pub(super) const MIME_MISSING: Rule = Rule {
    id: "mime-type-missing",
    title: "Inline data has no type",
    severity: Error,
    fix: Some("mime-type-unsupported"),
    answer: "Unable to submit request because it has an empty mimeType parameter in inlineData.",
    why: "Bytes are read as what mimeType says they are, so that it is required beside data.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"data": "iVBORw0KGgo="}}]}]}"#,
            "contents[0].parts[0].inlineData",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inline_data": {"mime_type": "", "data": "iVBORw0KGgo="}}]}]}"#,
            "contents[0].parts[0].inline_data.mime_type",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"inline_data": {"mime_type": "image/png", "data": "iVBORw0KGgo="}}]}]}"#,
    )],
};
pub(super) const MIME_MALFORMED: Rule = Rule {
    id: "mime-type-malformed",
    title: "A type of media is none",
    severity: Error,
    fix: Some("mime-type-unsupported"),
    answer: "Unsupported MIME type: png",
    why: "A type has two words with a slash between them, as image/png has; an ending of a file is none.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "png", "data": "iVBORw0KGgo="}}]}]}"#,
            "contents[0].parts[0].inlineData.mimeType",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"file_data": {"mime_type": "pdf", "file_uri": "https://generativelanguage.googleapis.com/v1beta/files/abc"}}]}]}"#,
            "contents[0].parts[0].file_data.mime_type",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "text/plain; charset=utf-8", "data": "YQ=="}}]}]}"#,
    )],
};
pub(super) const MIME_REFUSED: Rule = Rule {
    id: "mime-type-refused",
    title: "A type of media is refused",
    severity: Error,
    fix: Some("mime-type-unsupported"),
    answer: "Unsupported MIME type: …",
    why: "Models read pictures, sounds, films, PDF and plain text. JSON, XML, SVG and RTF have to be sent as a text, documents of Office as PDF or as their text, and other pictures as PNG or JPEG.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "application/json", "data": "e30="}}]}]}"#,
            "contents[0].parts[0].inlineData.mimeType",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inline_data": {"mime_type": "image/svg+xml", "data": "PHN2Zy8+"}}]}]}"#,
            "contents[0].parts[0].inline_data.mime_type",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"fileData": {"mimeType": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "fileUri": "https://files.example/a.docx"}}]}]}"#,
            "contents[0].parts[0].fileData.mimeType",
        ),
    ],
    good: &[
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "text/plain", "data": "e30="}}]}]}"#,
        ),
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "application/vnd.oasis.opendocument.text", "data": "UEsDBA=="}}]}]}"#,
        ),
    ],
};
pub(super) const MIME_UNKNOWN: Rule = Rule {
    id: "mime-type-unlisted",
    title: "A type of media is not among those that are documented",
    severity: Warning,
    fix: Some("mime-type-unsupported"),
    answer: "Unsupported MIME type: …",
    why: "Documented are PNG, JPEG, WebP and HEIC, the usual sounds and films, PDF, and types that begin with text/. Others may be taken by some models.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "image/tiff", "data": "SUkqAAAA"}}]}]}"#,
            "contents[0].parts[0].inlineData.mimeType",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inline_data": {"mime_type": "image/jpg", "data": "/9j/4AAQ"}}]}]}"#,
            "contents[0].parts[0].inline_data.mime_type",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "text/x-rust", "data": "YQ=="}}]}]}"#,
    )],
};
pub(super) const OTHER_TYPE: Rule = Rule {
    id: "media-of-another-type",
    title: "Bytes are of another type than they are said to be",
    severity: Warning,
    fix: Some("input-image-unreadable"),
    answer: "Unable to process input image.",
    why: "The first bytes of a file tell what it is. Some mix-ups are forgiven, and others lead to an answer about a file that cannot be read.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "image/jpeg", "data": "iVBORw0KGgo="}}]}]}"#,
            "contents[0].parts[0].inlineData.mimeType",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inline_data": {"mime_type": "application/pdf", "data": "/9j/4AAQ"}}]}]}"#,
            "contents[0].parts[0].inline_data.mime_type",
        ),
    ],
    good: &[
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "image/jpeg", "data": "\/9j\/4AAQ"}}]}]}"#,
        ),
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "audio/mp3", "data": "SUQzBAAA"}}]}]}"#,
        ),
    ],
};
pub(super) const TEXT_AS_MEDIA: Rule = Rule {
    id: "media-is-a-text",
    title: "A picture or a document is a text",
    severity: Error,
    fix: Some("input-image-unreadable"),
    answer: "Unable to process input image.",
    why: "Mostly it is a page that says why the file could not be fetched, which was stored in its place.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"inline_data": {"mime_type": "image/png", "data": "PCFET0NUWVBFIGh0bWw+"}}]}]}"#,
        "contents[0].parts[0].inline_data.data",
    )],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "text/html", "data": "PCFET0NUWVBFIGh0bWw+"}}]}]}"#,
    )],
};
pub(super) const DATA_EMPTY: Rule = Rule {
    id: "inline-data-empty",
    title: "Inline data is empty",
    severity: Error,
    fix: Some("empty-contents-or-parts"),
    answer: "Unable to submit request because it has an empty inlineData parameter.",
    why: "A file without a byte cannot be read: mostly it was not there, or was read to its end before.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": ""}}]}]}"#,
            "contents[0].parts[0].inlineData.data",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inline_data": {"mime_type": "image/png"}}]}]}"#,
            "contents[0].parts[0].inline_data",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"inline_data": {"mime_type": "text/plain", "data": "YQ"}}]}]}"#,
    )],
};
pub(super) const DATA_URL: Rule = Rule {
    id: "inline-data-with-prefix",
    title: "The beginning of a data URL was left in",
    severity: Error,
    fix: Some("inline-data-bad-base64"),
    answer: "Invalid value at '….inline_data.data' (TYPE_BYTES), Base64 decoding failed for \"data:image/png;base64,…\"",
    why: "The field takes base64 and nothing else; what stands before the comma of a data URL is no part of it.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": "data:image/png;base64,iVBORw0KGgo="}}]}]}"#,
            "contents[0].parts[0].inlineData.data",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inline_data": {"mime_type": "image/svg+xml", "data": "data:image\/svg+xml,%3Csvg%3E"}}]}]}"#,
            "contents[0].parts[0].inline_data.data",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "text/plain", "data": "data"}}]}]}"#,
    )],
};
pub(super) const BLANKS: Rule = Rule {
    id: "inline-data-with-blanks",
    title: "Base64 has blanks or line feeds",
    severity: Error,
    fix: Some("inline-data-bad-base64"),
    answer: "Invalid value at '….inline_data.data' (TYPE_BYTES), Base64 decoding failed for \"…\"",
    why: "Programs for mail break lines after 76 letters; the API takes base64 in one piece.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": "iVBORw0K\nGgo="}}]}]}"#,
            "contents[0].parts[0].inlineData.data",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inline_data": {"mime_type": "image/png", "data": "iVBORw0KGgo= "}}]}]}"#,
            "contents[0].parts[0].inline_data.data",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "image/jpeg", "data": "_9j_4AAQ"}}]}]}"#,
    )],
};
pub(super) const BROKEN: Rule = Rule {
    id: "inline-data-not-base64",
    title: "Inline data is no base64",
    severity: Error,
    fix: Some("inline-data-bad-base64"),
    answer: "Invalid value at '….inline_data.data' (TYPE_BYTES), Base64 decoding failed for \"…\"",
    why: "The bytes of a file are written with 64 letters, four for three bytes, in either of the two usual alphabets, and with = at the end or without.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": "iVBORw0K%3D"}}]}]}"#,
            "contents[0].parts[0].inlineData.data",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inline_data": {"mime_type": "text/plain", "data": "iVBOR"}}]}]}"#,
            "contents[0].parts[0].inline_data.data",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "text/plain", "data": "YQ==YQ=="}}]}]}"#,
            "contents[0].parts[0].inlineData.data",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "text/plain", "data": "YWI\u003d"}}]}]}"#,
    )],
};
/// Its bodies are too large for examples.
pub(super) const TOO_LARGE: Rule = Rule {
    id: "inline-data-large",
    title: "Inline data is larger than some way takes",
    severity: Warning,
    fix: Some("payload-too-large"),
    answer: "Request payload size exceeds the limit",
    why: "Requests were limited to 20 MB, and are to 100 MB since January 2026; a PDF may have 50 MB. SDKs, gateways and the cloud platform may be behind.",
    docs: &[LIMITS_PAGE],
    as_of: "2026-11-20",
    bad: &[],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "application/pdf", "data": "JVBERi0xLjc="}}]}]}"#,
    )],
};
