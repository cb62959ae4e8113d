//! What a picture, a sound, a film or a document costs, from its own first bytes.
//!
//! Headers are read by hand and nothing is decoded; what cannot be told is said, never guessed.

mod document;
mod film;
mod picture;
mod price;
mod sound;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

pub(super) use price::{Family, price};

/// How finely media is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// `MEDIA_RESOLUTION_LOW`.
    Low,
    /// `MEDIA_RESOLUTION_MEDIUM`.
    Medium,
    /// `MEDIA_RESOLUTION_HIGH`.
    High,
    /// `MEDIA_RESOLUTION_ULTRA_HIGH`.
    UltraHigh,
}

/// A part that is no text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Medium {
    pub(super) sort: Sort,
    pub(super) measure: Measure,
    pub(super) resolution: Option<Resolution>,
    /// Frames a second, where the part names them.
    pub(super) frames: Option<f64>,
    /// From which second to which, where the part names them.
    pub(super) clip: (Option<f64>, Option<f64>),
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Picture,
    Sound,
    Film,
    Document,
    Other,
}

/// What its price depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Measure {
    Pixels { width: u32, height: u32 },
    Seconds(f64),
    Pages(u32),
    Unknown,
}

impl Resolution {
    /// The enum's name or number, or the object that a part has.
    pub(super) fn read(value: &serde_json::Value) -> Option<Self> {
        let level = value.get("level").unwrap_or(value);
        let word = level.as_str().unwrap_or_default().to_ascii_uppercase();
        match (word.trim_start_matches("MEDIA_RESOLUTION_"), level.as_u64()) {
            ("LOW", _) | (_, Some(1)) => Some(Self::Low),
            ("MEDIUM", _) | (_, Some(2)) => Some(Self::Medium),
            ("HIGH", _) | (_, Some(3)) => Some(Self::High),
            ("ULTRA_HIGH", _) | (_, Some(4)) => Some(Self::UltraHigh),
            _ => None,
        }
    }
}

impl Medium {
    /// What bytes are, whatever they are said to be.
    pub(super) fn of(mime: &str, bytes: &[u8]) -> Self {
        let (sort, measure) = look(bytes).unwrap_or((Sort::of(mime), Measure::Unknown));
        // A container of films holds sounds as well, and the same header.
        let sort =
            if sort == Sort::Film && Sort::of(mime) == Sort::Sound { Sort::Sound } else { sort };
        Self { sort, measure, resolution: None, frames: None, clip: (None, None) }
    }
}

impl Sort {
    pub(super) fn of(mime: &str) -> Self {
        match mime.split('/').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "image" => Self::Picture,
            "audio" => Self::Sound,
            "video" => Self::Film,
            "application" if mime.to_ascii_lowercase().contains("pdf") => Self::Document,
            _ => Self::Other,
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Picture => "image",
            Self::Sound => "audio",
            Self::Film => "video",
            Self::Document => "PDF",
            Self::Other => "file",
        }
    }
}

/// Nothing that is sent is longer: a header that claims more is broken.
const LONGEST_SECONDS: f64 = 7.0 * 86_400.0;

fn look(bytes: &[u8]) -> Option<(Sort, Measure)> {
    if let Some((width, height)) = picture::pixels(bytes) {
        return Some((Sort::Picture, Measure::Pixels { width, height }));
    }
    if document::is_pdf(bytes) {
        let pages = document::pages(bytes).map_or(Measure::Unknown, Measure::Pages);
        return Some((Sort::Document, pages));
    }
    let seconds = |seconds: Option<f64>| {
        let real = seconds.filter(|seconds| *seconds <= LONGEST_SECONDS);
        real.map_or(Measure::Unknown, Measure::Seconds)
    };
    if film::is_film(bytes) {
        return Some((Sort::Film, seconds(film::seconds(bytes))));
    }
    sound::seconds(bytes).map(|found| (Sort::Sound, seconds(Some(found))))
}

/// Base64 in either alphabet, with its padding or without, line ends left out.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, base64::DecodeError> {
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let url_safe = text.contains(['-', '_']);
    let alphabet = if url_safe { alphabet::URL_SAFE } else { alphabet::STANDARD };
    let engine = GeneralPurpose::new(&alphabet, config);
    if text.contains(['\n', '\r']) {
        return engine.decode(text.replace(['\n', '\r'], ""));
    }
    engine.decode(text)
}

/// A number of some bytes at an offset, high byte first.
fn big(bytes: &[u8], at: usize, count: usize) -> Option<u64> {
    let window = bytes.get(at..at.checked_add(count)?)?;
    Some(window.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// The same, low byte first.
fn little(bytes: &[u8], at: usize, count: usize) -> Option<u64> {
    let window = bytes.get(at..at.checked_add(count)?)?;
    Some(window.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// Where some bytes begin, from an offset on.
fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(what.len()).position(|window| window == what).map(|place| from + place)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_length_that_nothing_can_have_is_unknown() {
        let header = |seconds: u64| {
            let mvhd = [&[1][..], &[0; 19], &1_u32.to_be_bytes(), &seconds.to_be_bytes()].concat();
            let inner = [&40_u32.to_be_bytes()[..], b"mvhd", &mvhd].concat();
            [&b"\0\0\0\x08ftyp\0\0\0\x30moov"[..], &inner].concat()
        };
        let measure = |seconds| Medium::of("video/mp4", &header(seconds)).measure;
        assert_eq!(measure(60), Measure::Seconds(60.0));
        assert_eq!(measure(u64::MAX), Measure::Unknown);
    }

    #[test]
    fn resolutions_are_read_in_every_form() {
        for (value, resolution) in [
            (json!("MEDIA_RESOLUTION_LOW"), Some(Resolution::Low)),
            (json!("media_resolution_high"), Some(Resolution::High)),
            (json!({"level": "MEDIA_RESOLUTION_ULTRA_HIGH"}), Some(Resolution::UltraHigh)),
            (json!(2), Some(Resolution::Medium)),
            (json!("MEDIA_RESOLUTION_UNSPECIFIED"), None),
        ] {
            assert_eq!(Resolution::read(&value), resolution, "{value}");
        }
    }

    #[test]
    fn base64_is_read_in_both_alphabets_and_broken_base64_is_refused() {
        assert_eq!(decode("+/8=").as_deref(), Ok(&[0xfb, 0xff][..]));
        assert_eq!(decode("-_8").as_deref(), Ok(&[0xfb, 0xff][..]));
        assert_eq!(decode("aGVs\r\nbG8=").as_deref(), Ok(&b"hello"[..]));
        assert!(decode("not base64!").is_err());
    }

    #[test]
    fn bytes_decide_and_the_type_only_where_they_say_nothing() {
        let gif = b"GIF89a\x02\x00\x03\x00";
        let medium = Medium::of("audio/wav", gif);
        assert_eq!(
            (medium.sort, medium.measure),
            (Sort::Picture, Measure::Pixels { width: 2, height: 3 })
        );
        let unknown = Medium::of("image/heic", b"????");
        assert_eq!((unknown.sort, unknown.measure), (Sort::Picture, Measure::Unknown));
        assert_eq!(Medium::of("audio/mp4", b"\0\0\0\x08ftypM4A ").sort, Sort::Sound);
    }
}
