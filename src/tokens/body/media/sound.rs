//! The length of a sound: WAV, FLAC, MP3 and Ogg.

use super::{big, find, little};

/// The seconds of a sound; none of other bytes.
pub(super) fn seconds(bytes: &[u8]) -> Option<f64> {
    match bytes {
        [b'R', b'I', b'F', b'F', ..] => wav(bytes),
        [b'f', b'L', b'a', b'C', ..] => flac(bytes),
        [b'O', b'g', b'g', b'S', ..] => ogg(bytes),
        _ => mp3(bytes),
    }
}

/// The size of the data by the bytes a second.
fn wav(bytes: &[u8]) -> Option<f64> {
    let mut at = 12;
    let mut rate = None;
    loop {
        let size = little(bytes, at + 4, 4)?;
        match bytes.get(at..at + 4)? {
            b"fmt " => rate = little(bytes, at + 16, 4),
            b"data" => {
                // A size of a stream that nobody closed is more than there is.
                let there = (bytes.len() - at - 8) as u64;
                return ratio(size.min(there), rate?);
            }
            _ => {}
        }
        at = at.checked_add(8 + usize::try_from(size + size % 2).ok()?)?;
    }
}

fn flac(bytes: &[u8]) -> Option<f64> {
    let packed = big(bytes, 18, 8)?;
    ratio(packed & 0xf_ffff_ffff, packed >> 44)
}

/// Where the last page ends, by the clock of the codec in the first.
fn ogg(bytes: &[u8]) -> Option<f64> {
    let head = bytes.get(..bytes.len().min(128))?;
    let (rate, before) = if let Some(place) = find(head, b"OpusHead", 0) {
        (48_000, little(bytes, place + 10, 2)?)
    } else {
        (little(bytes, find(head, b"\x01vorbis", 0)? + 12, 4)?, 0)
    };
    let last = bytes.windows(4).rposition(|window| window == b"OggS")?;
    ratio(little(bytes, last + 6, 8)?.saturating_sub(before), rate)
}

/// The frames that the first one tells of, or the size by its bit rate.
fn mp3(bytes: &[u8]) -> Option<f64> {
    let start = after_tag(bytes)?;
    let frame = Frame::read(bytes, start)?;
    let told = ["Xing", "Info"].iter().find_map(|mark| {
        let place = find(bytes.get(..bytes.len().min(start + 200))?, mark.as_bytes(), start)?;
        (big(bytes, place + 4, 4)? & 1 == 1).then(|| big(bytes, place + 8, 4))?
    });
    match told {
        Some(frames) => ratio(frames * frame.samples, frame.rate),
        None => ratio((bytes.len() - start) as u64 * 8, frame.bits_a_second),
    }
}

/// The place behind a tag of titles, whose size is written seven bits a byte.
fn after_tag(bytes: &[u8]) -> Option<usize> {
    if !bytes.starts_with(b"ID3") {
        return Some(0);
    }
    let size = bytes.get(6..10)?.iter().fold(0, |size, byte| size << 7 | usize::from(byte & 0x7f));
    Some(10 + size)
}

/// The header of an MP3 frame.
struct Frame {
    rate: u64,
    samples: u64,
    bits_a_second: u64,
}

impl Frame {
    fn read(bytes: &[u8], at: usize) -> Option<Self> {
        let head = big(bytes, at, 4)?;
        let (sync, version, layer) = (head >> 21, head >> 19 & 3, head >> 17 & 3);
        if sync != 0x7ff || version == 1 || layer != 1 {
            return None;
        }
        let full = version == 3;
        let rates = [44_100, 48_000, 32_000];
        let divided = [4, 1, 2, 1][usize::try_from(version).ok()?];
        let kilobits = if full { &FULL } else { &HALF };
        Some(Self {
            rate: rates.get(usize::try_from(head >> 10 & 3).ok()?)? / divided,
            samples: if full { 1152 } else { 576 },
            bits_a_second: kilobits.get(usize::try_from(head >> 12 & 15).ok()?)? * 1000,
        })
    }
}

/// Kilobits a second of layer III, of MPEG 1 and of the later halves; 0 is a rate that is not told.
const FULL: [u64; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const HALF: [u64; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

fn ratio(amount: u64, each: u64) -> Option<f64> {
    (each > 0).then(|| amount as f64 / each as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wav_is_as_long_as_its_data() {
        let head = [&b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0\x01\0\x01\0"[..]].concat();
        let fmt = [&8000_u32.to_le_bytes()[..], &16_000_u32.to_le_bytes(), &[2, 0, 16, 0]].concat();
        let data = [&b"data"[..], &32_000_u32.to_le_bytes(), &vec![0; 32_000]].concat();
        assert_eq!(seconds(&[&head[..], &fmt, &data].concat()), Some(2.0));
        let open = [&b"data\xff\xff\xff\xff"[..], &vec![0; 8_000]].concat();
        assert_eq!(seconds(&[&head[..], &fmt, &open].concat()), Some(0.5));
    }

    #[test]
    fn a_flac_tells_its_samples() {
        let packed: u64 = 44_100 << 44 | 1 << 41 | 15 << 36 | 441_000;
        let flac = [&b"fLaC\0\0\0\x22"[..], &[0; 10], &packed.to_be_bytes()].concat();
        assert_eq!(seconds(&flac), Some(10.0));
    }

    #[test]
    fn an_ogg_ends_where_its_last_page_does() {
        let page = |granule: u64, body: &[u8]| {
            [&b"OggS\0\0"[..], &granule.to_le_bytes(), &[0; 13], body].concat()
        };
        let vorbis = [&b"\x01vorbis\0\0\0\0\x02"[..], &48_000_u32.to_le_bytes()].concat();
        let sound = [page(0, &vorbis), page(96_000, b""), page(240_000, b"")].concat();
        assert_eq!(seconds(&sound), Some(5.0));
        let opus = [page(0, b"OpusHead\x01\x02\x38\x01"), page(48_312, b"")].concat();
        assert_eq!(seconds(&opus), Some(1.0));
    }

    #[test]
    fn an_mp3_tells_its_frames_or_has_one_rate() {
        // MPEG 1, layer III, 128 kbit/s, 44.1 kHz.
        let frame = [0xff, 0xfb, 0x90, 0x00];
        let tag = [&b"ID3\x04\0\0\0\0\x01\x00"[..], &[0; 128]].concat();
        let even = [&tag[..], &frame, &[0; 31_996]].concat();
        assert_eq!(seconds(&even), Some(2.0));
        let told = [&frame[..], &[0; 32], b"Xing\0\0\0\x01\0\0\x00\x64", &[0; 400]].concat();
        assert_eq!(seconds(&told), Some(100.0 * 1152.0 / 44_100.0));
    }

    #[test]
    fn foreign_and_cut_off_bytes_have_no_length() {
        for bytes in [
            &b""[..],
            b"RIFF",
            b"fLaC",
            b"OggS",
            b"\xff\xfb",
            b"text",
            b"\xff\xfb\xf0\x00....",
            b"ID3",
        ] {
            assert_eq!(seconds(bytes), None, "{bytes:?}");
        }
    }
}
