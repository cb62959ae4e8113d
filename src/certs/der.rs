//! A walk through DER by hand, for the one structure that no library here reads.
//!
//! Every step is bounded by the bytes that are there, and nothing goes deeper by itself.

/// A tag as it is written: class, form and number in one byte.
pub(super) mod tag {
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const OID: u8 = 0x06;
    pub const ENUMERATED: u8 = 0x0a;
    pub const SEQUENCE: u8 = 0x30;
    pub const GENERALIZED_TIME: u8 = 0x18;

    /// A constructed one of the context.
    pub const fn within(number: u8) -> u8 {
        0xa0 | number
    }

    /// A primitive one of the context.
    pub const fn bare(number: u8) -> u8 {
        0x80 | number
    }
}

/// What is left to be read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(&'a [u8]);

/// One element with its tag.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    pub tag: u8,
    /// What it holds.
    pub value: &'a [u8],
    /// All of it, as it came.
    pub whole: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn over(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next element, whatever it is.
    pub(super) fn next(&mut self) -> Option<Element<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        // Numbers above 30 take more bytes, and nothing that is read here has one.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (length, header) = length(rest)?;
        let end = header.checked_add(length)?;
        let value = rest.get(header..end)?;
        let whole = &self.0[..=end];
        self.0 = &rest[end..];
        Some(Element { tag, value, whole })
    }

    /// The next element, if it is this one.
    pub(super) fn take(&mut self, tag: u8) -> Option<Element<'a>> {
        let mut ahead = *self;
        let element = ahead.next().filter(|element| element.tag == tag)?;
        *self = ahead;
        Some(element)
    }
}

impl<'a> Element<'a> {
    pub(super) fn inside(&self) -> Reader<'a> {
        Reader(self.value)
    }
}

/// The length, and how many bytes it takes.
fn length(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = usize::from(*bytes.first()?);
    if first < 0x80 {
        return Some((first, 1));
    }
    let count = first & 0x7f;
    if !(1..=4).contains(&count) {
        return None;
    }
    let digits = bytes.get(1..=count)?;
    let length = digits.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
    Some((length, count + 1))
}

/// These bytes with the head of a sequence before them.
pub(super) fn sequence(value: &[u8]) -> Vec<u8> {
    let length = value.len().to_be_bytes();
    let digits: Vec<u8> = length.iter().copied().skip_while(|byte| *byte == 0).collect();
    let mut whole = vec![tag::SEQUENCE];
    if value.len() < 0x80 {
        whole.push(value.len() as u8);
    } else {
        whole.push(0x80 | digits.len() as u8);
        whole.extend(digits);
    }
    whole.extend(value);
    whole
}

/// Seconds since 1970 of a `20261120100000Z`.
pub(super) fn time(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let (digits, zone) = text.split_at_checked(14)?;
    let has_zone = zone == "Z" || (zone.starts_with('.') && zone.ends_with('Z'));
    if !has_zone || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| digits[from..to].parse::<i64>().ok();
    let date = format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..8]);
    let days = crate::facts::time::days(&date)?;
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    (hour < 24 && minute < 60 && second < 61)
        .then_some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_one_after_the_other_and_no_further_than_they_go() {
        let mut reader = Reader::over(&[0x02, 1, 5, 0x30, 2, 0x05, 0]);
        assert!(reader.take(tag::SEQUENCE).is_none());
        assert_eq!(reader.take(tag::INTEGER).map(|one| one.value), Some(&[5][..]));
        let inner = reader.take(tag::SEQUENCE).expect("a sequence");
        assert_eq!((inner.whole.len(), inner.inside().next().map(|one| one.tag)), (4, Some(5)));
        assert!(reader.next().is_none());
        for broken in [&[0x30][..], &[0x30, 5, 0], &[0x30, 0x80], &[0x30, 0x85, 1], &[0x1f, 0, 0]] {
            assert!(Reader::over(broken).next().is_none(), "{broken:?}");
        }
        assert!(Reader::over(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]).next().is_none());
    }

    #[test]
    fn a_sequence_made_here_is_read_here() {
        for length in [0, 1, 127, 128, 255, 256, 70_000] {
            let whole = sequence(&vec![7; length]);
            let element = Reader::over(&whole).take(tag::SEQUENCE).expect("a sequence");
            assert_eq!((element.value.len(), element.whole.len()), (length, whole.len()));
        }
    }

    #[test]
    fn times_are_read_and_impossible_ones_are_not() {
        assert_eq!(time(b"19700102000001Z"), Some(86_401));
        assert_eq!(time(b"20260529220003.5Z"), Some(1_780_092_003));
        for text in
            [&b"20261320000000Z"[..], b"20260101250000Z", b"2026", b"20260101000000", b"\xff"]
        {
            assert_eq!(time(text), None, "{text:?}");
        }
    }
}
