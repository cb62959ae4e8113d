//! Secrets without a look of their own that a name announces: `GEMINI_API_KEY=…`, `"api_key": "…"`,
//! `--api-key …`, `Cookie: …`. Code that only handles them, and stand-ins, are none.

use super::{
    Hit,
    shapes::{hidden, is_part_of_a_value, label_length, starts, starts_a_line},
};
use crate::secret::is_placeholder;

/// How the names end, in lower case; what stands before says whose it is.
pub(super) const NAMES: [&str; 17] = [
    "api_key",
    "api-key",
    "apikey",
    "api key",
    "access_token",
    "accesstoken",
    "access-token",
    "auth_token",
    "authtoken",
    "refresh_token",
    "id_token",
    "client_secret",
    "secret_key",
    "password",
    "secretstr",
    "authorization",
    "cookie",
];

/// The first two letters of the names.
const BEGINNINGS: [&[u8; 2]; 9] = [b"ap", b"ac", b"au", b"cl", b"co", b"id", b"pa", b"re", b"se"];

/// No more than this of a value is looked at to see what it is.
const LOOK: usize = 256;

/// Shorter values are words.
const LEAST: usize = 8;

/// The most signs and quotes between a name and its value.
const WIDEST_GAP: usize = 24;

/// The secret that a name at this place announces.
pub(super) fn announced(text: &str, at: usize) -> Option<Hit<'static>> {
    let rest = &text[at..];
    // Most letters begin none of them.
    let two = rest.as_bytes().first_chunk::<2>()?.map(|byte| byte.to_ascii_lowercase());
    BEGINNINGS.iter().find(|known| two == ***known)?;
    let name = NAMES.into_iter().find(|name| starts(rest, name))?;
    let after = &rest[name.len()..];
    let goes_on = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if after.as_bytes().first().is_some_and(goes_on) {
        return None;
    }
    if let Some(hit) = beside(text, at + name.len()) {
        return Some(hit);
    }
    let gap = gap(after, is_an_option(text, at))?;
    let start = at + name.len() + gap;
    match name {
        "cookie" => cookie(text, start),
        "authorization" => value(text, start).or_else(|| value(text, behind_a_word(text, start)?)),
        _ => value(text, start),
    }
    .filter(|hit| !starts_a_line(&after[..gap], &text[hit.start..hit.end]))
}

/// The secret behind the option `--key`. Files of keys are none.
pub(super) fn option(text: &str, at: usize) -> Option<Hit<'static>> {
    const NAME: &str = "--key";
    const FILES: [&str; 8] = [".pem", ".key", ".crt", ".cer", ".der", ".p12", ".pfx", ".json"];
    let after = text[at..].get(NAME.len()..).filter(|_| starts(&text[at..], NAME))?;
    let value_at = after.trim_start_matches(['=', ' ', '"', '\'', '\\']);
    let gap = after.len() - value_at.len();
    let is_apart = after.starts_with(['=', ' ']) && gap <= WIDEST_GAP;
    let is_long = text[..at].ends_with('-');
    let hit = value(text, at + NAME.len() + gap).filter(|_| is_apart && !is_long)?;
    let word = text[hit.start..hit.end].to_ascii_lowercase();
    (!FILES.iter().any(|end| word.ends_with(end))).then_some(hit)
}

/// The value that stands beside its name in lists of variables: `"name": "…_API_KEY", "value": "…"`.
fn beside(text: &str, at: usize) -> Option<Hit<'static>> {
    const WIDEST: usize = 96;
    const NAME: &str = "value";
    const QUOTES: [&str; 4] = ["\\", "\"", "'", "&quot;"];
    // The backslash of a line's end before that of a quote.
    const BETWEEN: [&str; 14] =
        ["\\n", "\\r", "\\t", "\\", "\"", "'", "&quot;", " ", "\t", "\r", "\n", ",", "|", "│"];
    let rest = text.get(at..)?;
    let before = run(rest, &BETWEEN, WIDEST);
    let after = rest[before..].get(NAME.len()..).filter(|_| starts(&rest[before..], NAME))?;
    let sign = run(after, &QUOTES, WIDEST);
    let sign = sign + run(&after[sign..], &[" ", "\t"], WIDEST);
    let value_at = after[sign..].strip_prefix([':', '='])?;
    let blanks = run(value_at, &[" ", "\t"], WIDEST);
    let quotes = run(&value_at[blanks..], &QUOTES, WIDEST);
    value(text, text.len() - value_at.len() + blanks + quotes).filter(|_| before > 0)
}

/// How long a text begins with nothing but these parts.
fn run(text: &str, parts: &[&str], widest: usize) -> usize {
    let mut length = 0;
    while let Some(part) = parts.iter().find(|part| text[length..].starts_with(**part)) {
        if length >= widest {
            break;
        }
        length += part.len();
    }
    length
}

/// Whether a name is that of an option, whose value a blank announces: `--gemini-api-key`.
fn is_an_option(text: &str, at: usize) -> bool {
    let before = text.as_bytes()[..at].iter().rev().take(32);
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let name: Vec<u8> = before.take_while(is_name).copied().collect();
    name.ends_with(b"--")
}

/// How far it is from a name to its value, if anything says that there is one.
fn gap(text: &str, blank_is_enough: bool) -> Option<usize> {
    const SIGNS: [&str; 8] = [":", "=", "%3A", "%3D", "\\u003d", "&#61;", "(", ","];
    const BLANKS: [&str; 12] =
        ["\\", "\"", "'", " ", "\t", "%22", "%27", "%20", "&quot;", "&#34;", "\r", "\n"];
    let (mut length, mut signs, mut quoted) = (0, 0, false);
    for _ in 0..WIDEST_GAP {
        let rest = &text[length..];
        let sign = SIGNS.into_iter().find(|sign| starts(rest, sign));
        let blank = BLANKS.into_iter().find(|blank| starts(rest, blank));
        // `b'…'` is how Python writes bytes; only a quoted name has its value behind a comma.
        let bytes = (rest.starts_with("b'") || rest.starts_with("b\"")).then_some("b");
        let Some(part) = sign.or(blank).or(bytes).or_else(|| opens(rest, signs > 0)) else { break };
        if part == "," && !quoted {
            break;
        }
        signs += usize::from(sign.is_some());
        quoted |= matches!(part, "\"" | "'" | "%22" | "&quot;" | "&#34;");
        length += part.len();
    }
    (signs > 0 || (blank_is_enough && length > 0)).then_some(length)
}

/// The bracket before a value, as Go writes the fields of a header: `Api-Key:[…]`.
pub(super) fn opens(rest: &str, is_behind_a_sign: bool) -> Option<&'static str> {
    let is_list = is_behind_a_sign && rest.starts_with('[') && label_length(rest).is_none();
    is_list.then_some("[")
}

/// A value that begins here and is no code, no stand-in and no word.
fn value(text: &str, start: usize) -> Option<Hit<'static>> {
    let rest = text.get(start..)?;
    let run = rest.bytes().take(LOOK).take_while(is_part_of_a_value).count();
    let word = rest[..run].trim_end_matches(['.', '=']);
    if !is_secret(word) || is_a_call(&rest[run..]) {
        return None;
    }
    let whole = rest.bytes().take_while(is_part_of_a_value).count();
    let length = rest[..whole].trim_end_matches('.').len();
    Some(hidden(start, start + length))
}

/// The place behind a first word, such as the scheme of a login.
fn behind_a_word(text: &str, start: usize) -> Option<usize> {
    let rest = &text[start..];
    let word = rest.bytes().take(16).take_while(u8::is_ascii_alphabetic).count();
    rest[word..].starts_with(' ').then_some(start + word + 1)
}

/// All that a line says of cookies.
fn cookie(text: &str, start: usize) -> Option<Hit<'static>> {
    const LONGEST_NAME: usize = 64;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let rest = text.get(start..)?;
    let name = rest.bytes().take(LONGEST_NAME).take_while(is_name).count();
    let is_set = name > 0 && rest[name..].starts_with('=');
    let ends = |byte: u8| b"\n\r\"'\\[${".contains(&byte);
    let length = || rest.bytes().position(ends).unwrap_or(rest.len());
    let line = if is_set { rest[..length()].trim_end() } else { "" };
    (line.len() > name + LEAST).then(|| hidden(start, start + line.len()))
}

/// Whether what follows shows that a word is code: `getenv("…")`, `environ["…"]`.
fn is_a_call(rest: &str) -> bool {
    rest.starts_with(['(', '[', '{', '$'])
}

/// Secrets have figures in them, or are long and mix their cases as no name does.
fn is_secret(word: &str) -> bool {
    const LONG: usize = 20;
    if word.len() < LEAST || is_placeholder(word) || is_path(word) || is_code(word) {
        return false;
    }
    let has = |is: fn(&u8) -> bool| word.bytes().any(|byte| is(&byte));
    let mixes = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    has(u8::is_ascii_digit) || (word.len() >= LONG && mixes && !word.contains(['.', '/']))
}

fn is_path(word: &str) -> bool {
    word.starts_with(['/', '.', '~'])
}

/// `process.env.GEMINI_API_KEY`, `config.key_2`: short names with dots between, `GEMINI_API_KEY_2`.
fn is_code(word: &str) -> bool {
    const LONGEST_NAME: usize = 24;
    let is_name = |part: &str| {
        part.len() <= LONGEST_NAME
            && part.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let is_variable = |part: &str| {
        part.ends_with("KEY")
            || part.contains("_KEY_")
            || part.to_ascii_lowercase().contains("api_key")
    };
    let dotted = word.contains('.') && word.split('.').all(is_name);
    dotted || (is_name(word) && is_variable(word))
}
