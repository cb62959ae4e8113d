//! The length of a film in a container of the MP4 kind, which sounds may come in as well.

use super::big;

pub(super) fn is_film(bytes: &[u8]) -> bool {
    // The last is the mark of WebM and Matroska, whose length is not read.
    bytes.get(4..8) == Some(b"ftyp") || bytes.starts_with(&[0x1a, 0x45, 0xdf, 0xa3])
}

/// The seconds in the header of the film.
pub(super) fn seconds(bytes: &[u8]) -> Option<f64> {
    let header = inside(inside(bytes, b"moov")?, b"mvhd")?;
    let (scale, length) = match header.first()? {
        1 => (big(header, 20, 4)?, big(header, 24, 8)?),
        _ => (big(header, 12, 4)?, big(header, 16, 4)?),
    };
    (scale > 0).then(|| length as f64 / scale as f64)
}

/// What a box of this name holds, among the boxes side by side.
fn inside<'b>(bytes: &'b [u8], name: &[u8; 4]) -> Option<&'b [u8]> {
    let mut at = 0;
    loop {
        let (head, size) = match big(bytes, at, 4)? {
            0 => (8, (bytes.len() - at) as u64),
            1 => (16, big(bytes, at + 8, 8)?),
            size => (8, size),
        };
        let end = at.checked_add(usize::try_from(size).ok()?)?;
        if size < head as u64 {
            return None;
        }
        if bytes.get(at + 4..at + 8)? == name {
            return bytes.get(at + head..end.min(bytes.len()));
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(name: &[u8; 4], inside: &[u8]) -> Vec<u8> {
        let size = u32::try_from(inside.len() + 8).unwrap();
        [&size.to_be_bytes()[..], name, inside].concat()
    }

    #[test]
    fn both_versions_of_the_header_give_the_length() {
        let old = [&[0; 12][..], &1000_u32.to_be_bytes(), &12_500_u32.to_be_bytes()].concat();
        let new = [&[1][..], &[0; 19], &600_u32.to_be_bytes(), &6000_u64.to_be_bytes()].concat();
        for (header, expected) in [(old, 12.5), (new, 10.0)] {
            let moov = boxed(b"moov", &[boxed(b"iods", b""), boxed(b"mvhd", &header)].concat());
            let film = [boxed(b"ftyp", b"isom"), boxed(b"free", b"..."), moov].concat();
            assert!(is_film(&film));
            assert_eq!(seconds(&film), Some(expected));
        }
    }

    #[test]
    fn a_film_without_its_header_has_no_length() {
        assert_eq!(seconds(&boxed(b"ftyp", b"isom")), None);
        assert_eq!(seconds(b"\0\0\0\x04ftyp"), None);
        assert!(is_film(b"\x1a\x45\xdf\xa3"));
    }
}
