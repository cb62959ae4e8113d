//! Letters as others write them: `%41`, `\u0041`, `\x41`, `&#65;`, `&#x41;`. One level, since that is what a
//! page, a URL or a string adds.

/// The letter a text begins with, and how long it is written. Only ASCII counts.
pub(super) fn letter(text: &str) -> Option<(u8, usize)> {
    let bytes = text.as_bytes();
    let escaped = match *bytes.first()? {
        b'%' => hex(bytes.get(1..3)?).map(|letter| (letter, 3)),
        b'\\' => backslash(bytes),
        b'&' => entity(bytes),
        _ => None,
    };
    escaped.or_else(|| bytes.first().filter(|byte| byte.is_ascii()).map(|byte| (*byte, 1)))
}

/// How long a word is written that a text begins with.
pub(super) fn begun(text: &str, word: &str) -> Option<usize> {
    word.bytes().try_fold(0, |length, wanted| {
        let (letter, more) = letter(&text[length..])?;
        (letter == wanted).then_some(length + more)
    })
}

/// How long a run of letters of a kind is written that a text begins with.
pub(super) fn run(text: &str, is_part: fn(u8) -> bool) -> usize {
    let mut length = 0;
    while let Some((_, more)) = letter(&text[length..]).filter(|(letter, _)| is_part(*letter)) {
        length += more;
    }
    length
}

/// `\u0041` and `\x41`, behind as many backslashes as strings in strings have.
fn backslash(bytes: &[u8]) -> Option<(u8, usize)> {
    const MOST: usize = 8;
    let slashes = bytes.iter().take(MOST).take_while(|byte| **byte == b'\\').count();
    match bytes.get(slashes)? {
        b'u' if bytes.get(slashes + 1..slashes + 3) == Some(b"00") => {
            hex(bytes.get(slashes + 3..slashes + 5)?).map(|letter| (letter, slashes + 5))
        }
        b'x' => hex(bytes.get(slashes + 1..slashes + 3)?).map(|letter| (letter, slashes + 3)),
        _ => None,
    }
}

/// `&#65;` and `&#x41;`.
fn entity(bytes: &[u8]) -> Option<(u8, usize)> {
    let end = bytes.iter().take(8).position(|byte| *byte == b';')?;
    let number = std::str::from_utf8(bytes.get(2..end)?).ok().filter(|_| bytes[1] == b'#')?;
    let letter = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u8::from_str_radix(digits, 16),
        None => number.parse(),
    };
    letter.ok().filter(u8::is_ascii).map(|letter| (letter, end + 1))
}

fn hex(digits: &[u8]) -> Option<u8> {
    let text =
        std::str::from_utf8(digits).ok().filter(|_| digits.iter().all(u8::is_ascii_hexdigit))?;
    u8::from_str_radix(text, 16).ok().filter(u8::is_ascii)
}
