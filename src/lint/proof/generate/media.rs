//! Parts that are no text: bytes in the body, and files that it names.

use super::{
    super::{
        chance::base64,
        models::Age,
        tree::{Json, fields, number, text},
    },
    Draft,
};

/// A whole picture of one dot.
const DOT: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// Types, and what their bytes begin with.
const PICTURES: &[(&str, &[u8])] = &[
    ("image/jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"),
    ("image/webp", b"RIFF\x24\x00\x00\x00WEBPVP8 "),
    ("image/heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"),
    ("image/heif", b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00"),
];

const SOUNDS: &[(&str, &[u8])] = &[
    ("audio/wav", b"RIFF\x64\x00\x00\x00WAVEfmt "),
    ("audio/mp3", b"ID3\x04\x00\x00\x00\x00\x00\x00"),
    ("audio/mpeg", b"\xff\xfb\x90\x64"),
    ("audio/aiff", b"FORM\x00\x00\x00\x64AIFF"),
    ("audio/aac", b"\xff\xf1\x50\x80"),
    ("audio/ogg", b"OggS\x00\x02"),
    ("audio/flac", b"fLaC\x00\x00\x00\x22"),
];

const FILMS: &[(&str, &[u8])] = &[
    ("video/mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"),
    ("video/webm", b"\x1a\x45\xdf\xa3"),
    ("video/mpeg", b"\x00\x00\x01\xba"),
    ("video/x-flv", b"FLV\x01\x05"),
    ("video/3gpp", b"\x00\x00\x00\x18ftyp3gp4\x00\x00\x00\x00"),
];

impl Draft {
    pub(super) fn picture(&mut self) -> Json {
        if self.chance.in_hundred(50) {
            return fields([("mimeType", text("image/png")), ("data", text(DOT))]);
        }
        self.bytes_of(PICTURES)
    }

    fn bytes_of(&mut self, types: &[(&str, &[u8])]) -> Json {
        let (mime, begin) = *self.chance.pick(types);
        let length = 16 + self.chance.below(60);
        let bytes = [begin, &self.chance.bytes(length)].concat();
        fields([("mimeType", text(mime)), ("data", text(base64(&bytes)))])
    }

    fn document(&mut self) -> Json {
        let (mime, said) = match self.chance.below(4) {
            0 => ("text/plain", self.chance.sentence()),
            1 => ("text/csv", "a,b\n1,2\n".to_owned()),
            2 => ("text/markdown", format!("# {}\n", self.chance.sentence())),
            _ => ("application/pdf", pdf()),
        };
        fields([("mimeType", text(mime)), ("data", text(base64(said.as_bytes())))])
    }

    /// A part that holds a medium or names one, with what may be said of it.
    pub(super) fn media_part(&mut self) -> Json {
        let mut part = match self.chance.below(8) {
            0..=2 => self.noted_part("picture", "inlineData", Self::picture),
            3 => self.noted_part("sound", "inlineData", |draft| draft.bytes_of(SOUNDS)),
            4 => self.noted_part("document", "inlineData", Self::document),
            5 => self.film(),
            _ if self.is_v1 => self.noted_part("picture", "inlineData", Self::picture),
            _ => self.noted_part("file", "fileData", Self::file),
        };
        if !self.is_v1 && self.model.combines() && self.has("resolution of a part", 12) {
            let level = *self.chance.pick(&["LOW", "MEDIUM", "HIGH", "ULTRA_HIGH"]);
            let level = text(format!("MEDIA_RESOLUTION_{level}"));
            part.set("mediaResolution", fields([("level", level)]));
        }
        part
    }

    fn noted_part(
        &mut self,
        feature: &'static str,
        field: &str,
        make: impl Fn(&mut Self) -> Json,
    ) -> Json {
        self.note(feature);
        fields([(field, make(self))])
    }

    fn film(&mut self) -> Json {
        let mut part = self.noted_part("film", "inlineData", |draft| draft.bytes_of(FILMS));
        if self.has("videoMetadata", 50) {
            let fps = self.decimal(0.1, 24.0);
            part.set(
                "videoMetadata",
                fields([("startOffset", text("2s")), ("endOffset", text("10.5s")), ("fps", fps)]),
            );
        }
        part
    }

    fn file(&mut self) -> Json {
        let named =
            |mime: &str, uri: &str| fields([("mimeType", text(mime)), ("fileUri", text(uri))]);
        match self.chance.below(5) {
            0 => named("application/pdf", "gs://bucket-1/reports/2026 q1.pdf"),
            1 => {
                self.note("film by its page");
                fields([("fileUri", text("https://www.youtube.com/watch?v=9hE5-98ZeCg"))])
            }
            2 if self.model.combines() => named("image/png", "https://example.com/picture.png"),
            3 => named(
                "video/mp4",
                "https://generativelanguage.googleapis.com/v1beta/files/film-77aa",
            ),
            _ => named(
                "application/pdf",
                "https://generativelanguage.googleapis.com/v1beta/files/abc-123",
            ),
        }
    }

    /// What a model thought, as it is sent back.
    pub(super) fn signature(&mut self) -> Json {
        if self.has("signature that is skipped", 4) {
            return text("skip_thought_signature_validator");
        }
        let length = 24 + self.chance.below(60);
        text(base64(&self.chance.bytes(length)))
    }

    /// Whether a picture fits what the model reads.
    pub(super) fn reads_media(&self) -> bool {
        self.model.age != Age::Gemma
    }

    pub(super) fn text_part(&mut self) -> Json {
        let mut part = fields([("text", text(self.chance.sentence()))]);
        if !self.is_v1 && self.has("partMetadata", 2) {
            let metadata =
                super::super::tree::data([("source", text("mail")), ("line", number(7))]);
            part.set("partMetadata", metadata);
        }
        part
    }
}

/// The smallest document that readers take.
fn pdf() -> String {
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
     3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
        .to_owned()
}
