//! Cuts a text where no piece of the vocabulary spans the two characters: what stands between two cuts can be counted
//! by itself, exactly.

use super::tables::{SPACE_MARK, View};

/// A part of a text whose ends no token crosses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Where it ends.
    pub(super) end: usize,
    /// Whether it is one token as it stands.
    pub(super) literal: bool,
    /// Names of control tokens in it, which are text.
    pub(super) lookalikes: u32,
}

/// The stretch that begins at `start`, where the text goes on.
#[inline(always)]
pub(super) fn stretch(view: &View<'_>, text: &str, start: usize) -> Stretch {
    let bytes = text.as_bytes();
    let mut lookalikes = 0;
    if view.may_be_literal(bytes, start) {
        let (length, control) = view.literal(&bytes[start..]);
        if length > 0 {
            return Stretch { end: start + length, literal: true, lookalikes };
        }
        lookalikes += u32::from(control);
    }
    let (mut left, mut end) = character(bytes, start);
    while end < bytes.len() {
        let right = bytes[end];
        if left < 128 && right < 128 {
            if !view.ascii_neighbours(left as u8, right) {
                break;
            }
            if view.may_be_literal(bytes, end) && literal_inside(view, bytes, end, &mut lookalikes)
            {
                break;
            }
            left = u32::from(right);
            end += 1;
        } else {
            let (right, next) = character(bytes, end);
            if !view.neighbours(left, right) {
                break;
            }
            if view.may_be_literal(bytes, end) && literal_inside(view, bytes, end, &mut lookalikes)
            {
                break;
            }
            left = right;
            end = next;
        }
    }
    Stretch { end, literal: false, lookalikes }
}

/// Whether a literal token ends the stretch here.
#[cold]
fn literal_inside(view: &View<'_>, bytes: &[u8], at: usize, lookalikes: &mut u32) -> bool {
    let (length, control) = view.literal(&bytes[at..]);
    *lookalikes += u32::from(control && length == 0);
    length > 0
}

/// Whether a literal token is a mark of a conversation, such as `<start_of_turn>`, and no mere spaces or markup.
pub(super) fn is_mark(literal: &[u8]) -> bool {
    let marks: [&[u8]; 6] =
        [b"<start_of_", b"<end_of_", b"<unused", b"<mask>", b"[multimodal]", b"<pad>"];
    matches!(literal.first(), Some(b'<' | b'['))
        && marks.iter().any(|mark| literal.starts_with(mark))
}

/// The character at a place, and where the next one begins; spaces in either form are spaces. The bytes are UTF-8.
#[inline(always)]
pub(super) fn character(bytes: &[u8], at: usize) -> (u32, usize) {
    let tail = |byte: u8| u32::from(byte & 0x3F);
    match bytes[at..] {
        [first @ 0..0x80, ..] => (u32::from(first), at + 1),
        [first @ 0xE0..0xF0, second, third, ..] => {
            let character = u32::from(first & 0x0F) << 12 | tail(second) << 6 | tail(third);
            (if character == SPACE_MARK as u32 { u32::from(b' ') } else { character }, at + 3)
        }
        [first @ ..0xE0, second, ..] => (u32::from(first & 0x1F) << 6 | tail(second), at + 2),
        [first, second, third, fourth, ..] => {
            let low = tail(second) << 12 | tail(third) << 6 | tail(fourth);
            (u32::from(first & 0x07) << 18 | low, at + 4)
        }
        // No text ends in the middle of a character.
        _ => (char::REPLACEMENT_CHARACTER as u32, bytes.len()),
    }
}
