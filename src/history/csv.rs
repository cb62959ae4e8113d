//! Cells of a line of comma-separated values, RFC 4180, with semicolons and tabs as well.

use std::borrow::Cow;

/// The separators, in the order in which they are tried.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The separator of a header: the one that stands in it most often.
pub(super) fn separator(header: &str) -> u8 {
    let count = |byte: u8| header.bytes().filter(|one| *one == byte).count();
    SEPARATORS.into_iter().rev().max_by_key(|byte| count(*byte)).expect("there are separators")
}

/// Whether a quoted cell goes on in the next line.
pub(super) fn is_open(line: &str) -> bool {
    line.bytes().filter(|byte| *byte == b'"').count() % 2 == 1
}

/// The cells of a line.
pub(super) fn cells(line: &str, separator: u8) -> impl Iterator<Item = Cow<'_, str>> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest?;
        let (cell, after) = match text.strip_prefix('"') {
            Some(quoted) => quoted_cell(quoted, separator),
            None => plain_cell(text, separator),
        };
        rest = after;
        Some(cell)
    })
}

fn plain_cell(text: &str, separator: u8) -> (Cow<'_, str>, Option<&str>) {
    match memchr::memchr(separator, text.as_bytes()) {
        Some(end) => (Cow::Borrowed(text[..end].trim()), Some(&text[end + 1..])),
        None => (Cow::Borrowed(text.trim()), None),
    }
}

/// A cell whose first quote was passed; two quotes are one.
fn quoted_cell(text: &str, separator: u8) -> (Cow<'_, str>, Option<&str>) {
    let mut from = 0;
    let mut has_quotes = false;
    let end = loop {
        let Some(found) = memchr::memchr(b'"', &text.as_bytes()[from..]) else { break text.len() };
        let at = from + found;
        if text.as_bytes().get(at + 1) != Some(&b'"') {
            break at;
        }
        has_quotes = true;
        from = at + 2;
    };
    let inside = &text[..end];
    let cell =
        if has_quotes { Cow::Owned(inside.replace("\"\"", "\"")) } else { Cow::Borrowed(inside) };
    let behind = text.get(end + 1..).unwrap_or_default();
    let next = memchr::memchr(separator, behind.as_bytes());
    (cell, next.map(|place| &behind[place + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Vec<String> {
        cells(line, separator(line)).map(Cow::into_owned).collect()
    }

    #[test]
    fn cells_are_quoted_or_not() {
        assert_eq!(read("a, b ,,d"), ["a", "b", "", "d"]);
        assert_eq!(read(r#""a,b","say ""hi""",c"#), ["a,b", "say \"hi\"", "c"]);
        assert_eq!(read("a;b;c,d"), ["a", "b", "c,d"]);
        assert_eq!(read("a\tb"), ["a", "b"]);
        assert_eq!(read(""), [""]);
        assert!(is_open("a,\"b") && !is_open("a,\"b\"\"c\""));
    }
}
