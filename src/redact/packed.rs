//! Files of credentials in base64, as variables carry them: by how such a file begins, or by the name of its secret
//! somewhere in it. Looks at a run of letters once.

use super::{Hit, shapes::hidden};

/// Shorter ones hold no secret.
const LEAST: usize = 60;

/// What JSON over several lines, and PEM, become.
const BEGINNINGS: [&str; 6] = ["ewog", "ewoJ", "ew0K", "ewoi", "eyAi", "LS0tLS1CRUdJTi"];

/// What `private_key` becomes, by how many letters stand before it.
const SECRETS: [&str; 3] = ["cHJpdmF0ZV9rZX", "ByaXZhdGVfa2V5", "wcml2YXRlX2tle"];

/// A line of a packed file that was wrapped is no shorter, but for the last.
const LINE: usize = 16;

/// Whether one may begin at a byte: where its letters begin, or behind a mark among them.
pub(super) fn may_begin(bytes: &[u8], at: usize, kept: usize) -> bool {
    let before = bytes[..at].last();
    let is_edge =
        at == kept || before.is_none_or(|byte| !is_packed(*byte) || b"/=+".contains(byte));
    is_edge && is_long(&bytes[at..])
}

/// Whether letters go on for as long as the shortest. The last of them is the likeliest to be none.
fn is_long(bytes: &[u8]) -> bool {
    bytes.get(..LEAST).is_some_and(|letters| letters.iter().rev().all(|byte| is_packed(*byte)))
}

/// A file that begins here.
pub(super) fn at(text: &str, at: usize, kept: usize) -> Option<Hit<'static>> {
    let bytes = text.as_bytes();
    if !may_begin(bytes, at, kept) {
        return None;
    }
    let rest = &text[at..];
    let begins = BEGINNINGS.iter().any(|beginning| rest.starts_with(beginning));
    // A run is looked at from its first letter; one that shows itself by its beginning may stand in a path.
    let is_first = at == kept || !bytes[..at].last().is_some_and(|byte| is_packed(*byte));
    if !is_first && !begins {
        return None;
    }
    let length = letters(rest);
    let holds_a_secret = || SECRETS.iter().any(|secret| rest[..length].contains(secret));
    (begins || holds_a_secret()).then(|| hidden(at, at + over_lines(rest, length)))
}

/// How long it is with the lines that it goes on in.
fn over_lines(text: &str, first: usize) -> usize {
    let mut length = first;
    loop {
        let rest = &text[length..];
        let after = rest.strip_prefix("\r\n").or(rest.strip_prefix('\n')).unwrap_or(rest);
        let line = after.trim_start_matches([' ', '\t']);
        let more = letters(line);
        let is_whole = line[more..].starts_with(['\n', '\r', '"', '\'']) || more == line.len();
        if after.len() == rest.len() || more < LINE || !is_whole {
            return length;
        }
        length += rest.len() - line.len() + more;
    }
}

fn letters(text: &str) -> usize {
    text.bytes().take_while(|byte| is_packed(*byte)).count()
}

fn is_packed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=-_".contains(&byte)
}
