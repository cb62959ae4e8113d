//! The width and the height of a picture.

use super::{big, little};

/// Width and height, of PNG, JPEG, GIF, WebP and BMP; none of other bytes.
pub(super) fn pixels(bytes: &[u8]) -> Option<(u32, u32)> {
    let (width, height) = match bytes {
        [0x89, b'P', b'N', b'G', ..] => (big(bytes, 16, 4)?, big(bytes, 20, 4)?),
        [0xff, 0xd8, ..] => jpeg(bytes)?,
        [b'G', b'I', b'F', b'8', ..] => (little(bytes, 6, 2)?, little(bytes, 8, 2)?),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(bytes)?,
        [b'B', b'M', ..] if little(bytes, 14, 4)? >= 40 => bmp(bytes)?,
        _ => return None,
    };
    let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    (width > 0 && height > 0).then_some((width, height))
}

/// The first frame header; the segments before it are stepped over by their lengths.
fn jpeg(bytes: &[u8]) -> Option<(u64, u64)> {
    let mut at = 2;
    loop {
        let marker = match (bytes.get(at)?, bytes.get(at + 1)?) {
            (0xff, 0xff) => {
                at += 1;
                continue;
            }
            (0xff, marker) => *marker,
            _ => return None,
        };
        match marker {
            // Frame headers, without the tables that have numbers among them.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((big(bytes, at + 7, 2)?, big(bytes, at + 5, 2)?));
            }
            // Markers that stand alone.
            0x01 | 0xd0..=0xd8 => at += 2,
            // The picture begins, or ends, without a header.
            0xd9 | 0xda => return None,
            _ => at += 2 + usize::try_from(big(bytes, at + 2, 2)?.max(2)).ok()?,
        }
    }
}

fn webp(bytes: &[u8]) -> Option<(u64, u64)> {
    match bytes.get(12..16)? {
        b"VP8X" => Some((little(bytes, 24, 3)? + 1, little(bytes, 27, 3)? + 1)),
        b"VP8 " if bytes.get(23..26)? == [0x9d, 0x01, 0x2a] => {
            Some((little(bytes, 26, 2)? & 0x3fff, little(bytes, 28, 2)? & 0x3fff))
        }
        b"VP8L" if *bytes.get(20)? == 0x2f => {
            let bits = little(bytes, 21, 4)?;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}

/// A negative height only says that the rows run downwards.
fn bmp(bytes: &[u8]) -> Option<(u64, u64)> {
    let height = u32::try_from(little(bytes, 22, 4)?).ok()?.cast_signed();
    Some((little(bytes, 18, 4)?, u64::from(height.unsigned_abs())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_gives_its_size() {
        let png =
            [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..], &[0, 0, 3, 0xc0, 0, 0, 2, 0x1c]].concat();
        assert_eq!(pixels(&png), Some((960, 540)));
        let jpeg = [
            &[0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xff, 0xc4, 0, 3, 0][..],
            &[0xff, 0xc2, 0, 11, 8, 1, 0x2c, 2, 0x58, 1],
        ]
        .concat();
        assert_eq!(pixels(&jpeg), Some((600, 300)));
        assert_eq!(pixels(b"GIF87a\x40\x01\xf0\x00"), Some((320, 240)));
        let lossy =
            [&b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a"[..], &[0x20, 3, 0x58, 2]].concat();
        assert_eq!(pixels(&lossy), Some((800, 600)));
        let bits: u32 = 99 | 49 << 14;
        let lossless = [&b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f"[..], &bits.to_le_bytes()].concat();
        assert_eq!(pixels(&lossless), Some((100, 50)));
        let large =
            [&b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0"[..], &[0xff, 7, 0, 0xff, 3, 0]].concat();
        assert_eq!(pixels(&large), Some((2048, 1024)));
        let bmp =
            [&b"BM"[..], &[0; 12], &[40, 0, 0, 0, 7, 0, 0, 0, 0xf7, 0xff, 0xff, 0xff]].concat();
        assert_eq!(pixels(&bmp), Some((7, 9)));
    }

    #[test]
    fn cut_off_and_foreign_bytes_have_no_size() {
        for bytes in [
            &b"\x89PNG\r\n\x1a\n"[..],
            b"\xff\xd8",
            b"\xff\xd8\xff\xda\0\0",
            b"\xff\xd8\xff\xe0\xff\xff",
            b"GIF89a\0\0\0\0",
            b"RIFF\0\0\0\0WEBPVP8Y",
            b"BM",
            b"",
        ] {
            assert_eq!(pixels(bytes), None, "{bytes:?}");
        }
    }
}
