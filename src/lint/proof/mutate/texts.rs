//! Texts that are no JSON, or not in its bytes.

use super::{
    super::{
        case::{Case, Kind},
        chance::Chance,
    },
    Mutation, Weight, unreadable,
};

/// The bytes, and where in them reading ends.
type Broken = Option<(Vec<u8>, usize)>;

pub(super) const MUTATIONS: &[Mutation] = &[
    unreadable("text: a comma too many in a list", |_, text, chance| {
        inserted(text, behind(text, chance, b'[', b']')?, ",")
    }),
    unreadable("text: a comma too many in an object", |_, text, chance| {
        inserted(text, behind(text, chance, b'{', b'}')?, ",")
    }),
    unreadable("text: a comma too few", |_, text, chance| {
        let at = outside(text, chance, |byte| byte == b',')?;
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] = b' ';
        Some((bytes, at))
    }),
    unreadable("text: no colon", |_, text, chance| {
        let at = outside(text, chance, |byte| byte == b':')?;
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] = b' ';
        let next = at + text[at + 1..].find(|sign: char| !sign.is_whitespace())? + 1;
        Some((bytes, next))
    }),
    unreadable("text: NaN", |case, text, chance| number(case, text, chance, "NaN")),
    unreadable("text: Infinity", |case, text, chance| number(case, text, chance, "-Infinity")),
    unreadable("text: a number that begins with a point", |case, text, chance| {
        number(case, text, chance, ".5")
    }),
    unreadable("text: a number with a zero before it", |case, text, chance| {
        number(case, text, chance, "007")
    }),
    unreadable("text: True", |_, text, chance| {
        let at = outside(text, chance, |byte| byte == b't')?;
        replaced(text, at, "true", "True")
    }),
    unreadable("text: None", |_, text, chance| {
        let at = outside(text, chance, |byte| byte == b'n')?;
        replaced(text, at, "null", "None")
    }),
    unreadable("text: a comment", |_, text, chance| {
        let at = outside(text, chance, |byte| byte == b'{')?;
        let (bytes, _) = inserted(text, at + 1, " /* why */ ")?;
        Some((bytes, at + 2))
    }),
    unreadable("text: a line break within a text", |_, text, chance| {
        let at = within(text, chance)?;
        inserted(text, at, "\n")
    }),
    unreadable("text: a tab within a text", |_, text, chance| {
        let at = within(text, chance)?;
        inserted(text, at, "\t")
    }),
    unreadable("text: an escape that is none", |_, text, chance| {
        let at = within(text, chance)?;
        inserted(text, at, "\\x41")
    }),
    unreadable("text: half a pair", |_, text, chance| {
        let at = within(text, chance)?;
        inserted(text, at, "\\ud83d")
    }),
    unreadable("text: single quotes", |_, text, chance| {
        let at = outside(text, chance, |byte| byte == b'"')?;
        let end = at + 1 + text[at + 1..].find('"')?;
        (!text[at..end].contains(['\\', '\''])).then_some(())?;
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] = b'\'';
        bytes[end] = b'\'';
        Some((bytes, at))
    }),
    unreadable("text: a name without quotes", |_, text, chance| {
        let at = outside(text, chance, |byte| byte == b'"')?;
        let end = at + 1 + text[at + 1..].find("\":")?;
        let word = &text[at + 1..end];
        (!word.is_empty() && word.chars().all(|sign| sign.is_ascii_alphabetic())).then_some(())?;
        Some(([&text[..at], word, &text[end + 1..]].concat().into_bytes(), at))
    }),
    unreadable("text: cut short", |case, text, chance| {
        (case.kind != Kind::BatchLines).then_some(())?;
        let end = text.trim_end().len();
        let mut at = end / 2 + chance.below(end / 2);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        Some((text.as_bytes()[..at].to_vec(), at))
    }),
    unreadable("text: a bracket too many", |case, text, _| {
        (case.kind != Kind::BatchLines).then_some(())?;
        inserted(text, text.trim_end().len(), "}")
    }),
    unreadable("text: something behind it", |case, text, _| {
        (case.kind != Kind::BatchLines).then_some(())?;
        let end = text.trim_end().len();
        let (bytes, _) = inserted(text, end, " thanks")?;
        Some((bytes, end + 1))
    }),
    unreadable("text: a byte that is no UTF-8", |_, text, chance| {
        let at = within(text, chance)?;
        let mut bytes = text.as_bytes().to_vec();
        bytes.insert(at, 0xff);
        Some((bytes, at))
    }),
    unreadable("text: UTF-16", |case, text, _| {
        (case.kind != Kind::BatchLines).then_some(())?;
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        Some((units.flat_map(u16::to_le_bytes).collect(), 0))
    }),
    // Some readers take it.
    Mutation {
        weight: Weight::Doubtful,
        ..unreadable("text: a mark before it", |_, text, _| inserted(text, 0, "\u{feff}"))
    },
    unreadable("text: nothing", |case, _, _| {
        (case.kind != Kind::BatchLines).then_some((Vec::new(), 0))
    }),
];

fn inserted(text: &str, at: usize, what: &str) -> Broken {
    Some(([&text[..at], what, &text[at..]].concat().into_bytes(), at))
}

fn replaced(text: &str, at: usize, old: &str, new: &str) -> Broken {
    let behind = text[at..].strip_prefix(old)?;
    Some(([&text[..at], new, behind].concat().into_bytes(), at))
}

/// A number of the text as something else.
fn number(case: &Case, text: &str, chance: &mut Chance, new: &str) -> Broken {
    let is_first = |at: usize| !b"0123456789.-+eE".contains(&text.as_bytes()[at.saturating_sub(1)]);
    let starts = found(text, |at, byte| (byte.is_ascii_digit() || byte == b'-') && is_first(at));
    let at = chance.take(starts).filter(|_| case.kind != Kind::BatchLines)?;
    let end = at + text[at..].find([',', '}', ']', '\n', '\r', ' '])?;
    Some(([&text[..at], new, &text[end..]].concat().into_bytes(), at))
}

/// Offsets outside of quoted texts, with opening quotes among them.
fn found(text: &str, is_meant: impl Fn(usize, u8) -> bool) -> Vec<usize> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let mut found = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        let opens = !is_quoted && byte == b'"';
        if (!is_quoted || opens) && is_meant(at, byte) {
            found.push(at);
        }
        if byte == b'"' && !is_escaped {
            is_quoted = !is_quoted;
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    found
}

fn outside(text: &str, chance: &mut Chance, is_meant: impl Fn(u8) -> bool) -> Option<usize> {
    chance.take(found(text, |_, byte| is_meant(byte)))
}

/// Behind the last value within brackets that hold any.
fn behind(text: &str, chance: &mut Chance, opens: u8, closes: u8) -> Option<usize> {
    let end = |at: usize| text[..at].trim_end().len();
    let holds_any = |at: usize| text.as_bytes()[end(at) - 1] != opens;
    chance.take(found(text, |at, byte| byte == closes && holds_any(at))).map(end)
}

/// A place within a quoted text, behind its first letter.
fn within(text: &str, chance: &mut Chance) -> Option<usize> {
    let starts = found(text, |at, byte| {
        byte == b'"' && text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_alphabetic)
    });
    chance.take(starts).map(|at| at + 2)
}
