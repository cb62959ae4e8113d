//! Requests that a browser or a proxy kept in a HAR file. Of each entry it reads the URL and the posted text, and nothing of
//! its headers.

use memchr::memmem;

use super::{Body, map::Mapped, url};
use crate::lint::document::{Document, Form, Value};

/// How far the names of a HAR's outermost objects are looked for.
const HEAD: usize = 4_096;

/// The bodies that were sent to this API; none where the text is no HAR.
pub(super) fn bodies(text: &str) -> Option<Vec<Body<'_>>> {
    let head = &text.as_bytes()[..text.len().min(HEAD)];
    memmem::find(head, b"\"log\"")?;
    memmem::find(text.as_bytes(), b"\"entries\"")?;
    let document = Document::read(text);
    let entries = document.root()?.member("log")?.member("entries")?;
    let entries = Some(entries).filter(|entries| entries.kind() == Form::List)?;
    let found = entries.items().enumerate();
    Some(found.filter_map(|(index, entry)| body(index + 1, entry)).collect())
}

fn body<'t>(number: usize, entry: Value<'_>) -> Option<Body<'t>> {
    let request = entry.member("request")?;
    let url = request.member("url")?.text()?;
    let posted = request.member("postData")?.member("text")?;
    if !url::is_geminis(&url) || posted.kind() != Form::Text {
        return None;
    }
    let mut mapped = Mapped::default();
    unescaped(posted.quoted()?, posted.span().start + 1, &mut mapped);
    Some(Body::mapped(mapped).asked(url::target(&url)).called(format!("entry {number}")))
}

/// A text of JSON without its escapes.
fn unescaped(raw: &str, at: usize, mapped: &mut Mapped) {
    let mut start = 0;
    while let Some(found) = memchr::memchr(b'\\', &raw.as_bytes()[start..]) {
        let escape = start + found;
        mapped.push_str(&raw[start..escape], at + start);
        let (letter, length) = letter(&raw[escape..]);
        mapped.push(letter, at + escape);
        start = escape + length;
    }
    mapped.push_str(&raw[start..], at + start);
}

/// What an escape at the beginning stands for, and how long it is. What is none stands for its backslash.
fn letter(raw: &str) -> (char, usize) {
    match raw.as_bytes().get(1) {
        Some(b'n') => ('\n', 2),
        Some(b't') => ('\t', 2),
        Some(b'r') => ('\r', 2),
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(letter @ (b'"' | b'\\' | b'/')) => (char::from(*letter), 2),
        Some(b'u') => unit(raw).unwrap_or(('\\', 1)),
        _ => ('\\', 1),
    }
}

fn unit(raw: &str) -> Option<(char, usize)> {
    let high = u32::from_str_radix(raw.get(2..6)?, 16).ok()?;
    if let Some(letter) = char::from_u32(high) {
        return Some((letter, 6));
    }
    let low = raw.get(6..12).and_then(|rest| rest.strip_prefix("\\u"));
    let low = low.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let pair = low.filter(|low| (0xDC00..0xE000).contains(low) && high < 0xDC00);
    let letter =
        pair.and_then(|low| char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)));
    Some(letter.map_or((char::REPLACEMENT_CHARACTER, 6), |letter| (letter, 12)))
}
