//! What looks like a secret, whoever's it is: by its own beginning, or by what announces it.

use std::borrow::Cow;

use super::{Hit, encoded, named};
use crate::secret::is_placeholder;

/// Bytes to look ahead for the end of a block of text; keeps hostile text from costing more than
/// its length.
const FAR: usize = 8192;

/// Secrets that show themselves: how they begin, how many characters follow at least, and whether
/// the beginning is short enough to be the end of an innocent word.
const PREFIXES: [(&str, usize, bool); 8] = [
    ("AIza", 8, false),
    ("AQ.", 20, true),
    ("ya29.", 7, true),
    ("sk-", 20, true),
    ("GOCSPX-", 5, false),
    // A login's refresh token, a signed token, a key of another cloud.
    ("1//0", 20, true),
    ("eyJ", 60, true),
    ("AKIA", 16, true),
];

/// What is left of a secret where the text was cut: no more than this is shown of one.
const LEFT_OF_A_SECRET: usize = 12;

/// Names of query parameters that hold secrets.
const PARAMETERS: [&str; 5] = ["key", "api_key", "apikey", "access_token", "token"];

/// What may stand before a parameter; the last ones are how JSON and HTML write an ampersand.
const BEFORE_PARAMETER: [&str; 9] =
    ["?", "&amp;amp;", "&amp;", "\\u0026", "\\u003f", "\\x26", "&", "%3F", "%26"];

/// How the sign between a parameter and its value is written.
const EQUALS: [&str; 5] = ["=", "%3D", "\\u003d", "\\x3d", "&#61;"];

/// The labels this module and its neighbours write, without their fingerprints.
const LABEL: &str = "[redacted";

/// The bytes that begin a secret which shows itself, the escape of one, a cue, or a label.
const BEGINNINGS: &[u8] = b"AyGse1%\\&?xXbBaAcCiIpPrRsS:-[";

/// Whether a byte begins anything of this module's.
pub(super) fn may_begin(byte: u8) -> bool {
    const TABLE: [bool; 256] = {
        let mut table = [false; 256];
        let mut at = 0;
        while at < BEGINNINGS.len() {
            table[BEGINNINGS[at] as usize] = true;
            at += 1;
        }
        table
    };
    TABLE[usize::from(byte)]
}

/// A secret that begins here and shows itself, also where its characters are written as escapes.
pub(super) fn prefixed(text: &str, at: usize, kept: usize) -> Option<Hit<'static>> {
    let rest = &text[at..];
    // Most letters begin none.
    let (first, _) = encoded::letter(rest)?;
    let mut shapes = PREFIXES.into_iter().filter(|(prefix, ..)| prefix.as_bytes()[0] == first);
    let ((prefix, least, _), begun) = shapes.find_map(|shape| {
        let begun = encoded::begun(rest, shape.0)?;
        (!shape.2 || is_alone(text, at, kept)).then_some((shape, begun))
    })?;
    let length = begun + encoded::run(&rest[begun..], is_in_a_key);
    let length = rest[..length].trim_end_matches('.').len().max(begun);
    let (more, gap) = wrapped_rest(prefix, length, &rest[length..]).unwrap_or_default();
    let end = at + length + more;
    let label = Cow::Owned(format!("{LABEL} {prefix}...]{gap}"));
    let is_cut = || is_cut(&text[end..]) && end - at >= LEFT_OF_A_SECRET;
    (end - at - begun >= least || is_cut()).then_some(Hit { start: at, end, label })
}

fn is_in_a_key(byte: u8) -> bool {
    is_key(byte) || byte == b'.'
}

/// How long the provider's standard keys are, all of them.
const STANDARD_KEY: usize = 39;

/// Whether a hit is a standard key from its beginning to its end.
pub(super) fn is_whole(hit: &Hit) -> bool {
    hit.label.starts_with("[redacted AIza") && hit.end - hit.start == STANDARD_KEY
}

/// What of a secret stands on the next line, as an editor or a mail wraps it: how far it reaches, and
/// what was put between. It completes a key, or it is indented and looks like no word.
fn wrapped_rest<'t>(prefix: &str, length: usize, rest: &'t str) -> Option<(usize, &'t str)> {
    const WIDEST: usize = 80;
    let line = rest.strip_prefix("\r\n").or(rest.strip_prefix('\n'))?;
    let is_blank = |letter: char| matches!(letter, ' ' | '\t' | '│' | '|' | '>');
    let word = line.trim_start_matches(is_blank);
    let (gap, indent) = (rest.len() - word.len(), line.len() - word.len());
    let more = word.bytes().take(FAR / 16).take_while(|byte| is_key(*byte)).count();
    let is_standard = prefix == PREFIXES[0].0;
    let completes = is_standard && length + more == STANDARD_KEY;
    let is_open = !is_standard || length < STANDARD_KEY;
    let has = |is: fn(&u8) -> bool| word[..more].bytes().any(|byte| is(&byte));
    let is_strange = more >= 16 && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    (indent <= WIDEST && (completes || (is_open && indent > 0 && is_strange)))
        .then_some((gap + more, &rest[..gap]))
}

/// A secret that something at this place announces.
pub(super) fn announced(text: &str, at: usize, kept: usize) -> Option<Hit<'static>> {
    match text.as_bytes()[at] {
        b'?' | b'&' | b'\\' | b'%' => parameter(text, at),
        b'x' | b'X' => header(text, at),
        b'b' | b'B' => scheme(text, at, kept),
        b'a' | b'A' | b'c' | b'C' | b'i' | b'I' | b'p' | b'P' | b'r' | b'R' | b's' | b'S' => {
            named::announced(text, at)
        }
        b':' => password(text, at),
        b'-' => private_key(text, at).or_else(|| named::option(text, at)),
        _ => None,
    }
}

/// Whether a text was cut here: it ends, or dots stand for what is left out.
fn is_cut(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '\n', '\r']);
    rest.is_empty() || rest.starts_with("...") || rest.starts_with('…')
}

/// The length of a label at the beginning of a text. Only what a label can hold counts, so that
/// nobody can hide a secret in brackets.
pub(super) fn label_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix(LABEL)?;
    let end = inner.bytes().take(24).position(|byte| byte == b']')?;
    let inner = &inner[..end];
    let is_hex = |digits: &str| digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let is_shape = |name: &str| PREFIXES.iter().any(|(prefix, ..)| *prefix == name);
    let is_ours = inner.is_empty()
        || inner == " private key"
        || inner.strip_prefix(" sha256:").is_some_and(is_hex)
        || inner.strip_prefix(' ').and_then(|name| name.strip_suffix("...")).is_some_and(is_shape);
    is_ours.then_some(LABEL.len() + end + 1)
}

/// `?key=VALUE`.
fn parameter(text: &str, at: usize) -> Option<Hit<'static>> {
    let rest = &text[at..];
    let before = BEFORE_PARAMETER.into_iter().find(|before| starts(rest, before))?;
    let named = &rest[before.len()..];
    let (name, sign) = PARAMETERS.into_iter().find_map(|name| {
        let after = named.get(name.len()..).filter(|_| starts(named, name))?;
        Some((name, EQUALS.into_iter().find(|sign| starts(after, sign))?))
    })?;
    let start = at + before.len() + name.len() + sign.len();
    let hit = value_of(text, start, SHORT, sign.starts_with('%'))?;
    (!is_placeholder_at(text, &hit)).then_some(hit)
}

/// `x-goog-api-key: VALUE`, in a header, in JSON, in a shell, in the parameter of a URL.
fn header(text: &str, at: usize) -> Option<Hit<'static>> {
    const NAME: &str = "x-goog-api-key";
    text[at..].get(NAME.len()..).filter(|_| starts(&text[at..], NAME))?;
    let (between, has_sign) = between(&text[at + NAME.len()..]);
    let start = at + NAME.len() + between.len();
    let hit = value_of(text, start, SHORT, between.contains('%')).filter(|_| has_sign)?;
    let word = &text[hit.start..hit.end];
    (!is_placeholder(word) && !starts_a_line(between, word)).then_some(hit)
}

/// The most blanks and frames between a name and its value.
const WIDEST_GAP: usize = 128;

/// What stands between a name and its value, and whether a colon or such is in it.
fn between(text: &str) -> (&str, bool) {
    const BLANKS: [&str; 13] =
        ["\"", "'", "\\", " ", "\t", "%22", "%27", "%20", "&quot;", "\r", "\n", "│", "|"];
    const SIGNS: [&str; 6] = [":", "=", ">", "%3A", "%3D", "u003d"];
    let (mut length, mut has_sign) = (0, false);
    for _ in 0..WIDEST_GAP {
        let rest = &text[length..];
        let sign = SIGNS.iter().find(|sign| starts(rest, sign));
        has_sign |= sign.is_some_and(|sign| *sign != ">");
        let blank = BLANKS.iter().find(|blank| starts(rest, blank)).copied();
        let part = sign.copied().or(blank).or_else(|| named::opens(rest, has_sign));
        let Some(part) = part else { break };
        length += part.len();
    }
    (&text[..length], has_sign)
}

/// `Bearer VALUE`, `Basic VALUE`. A word of prose is no value.
fn scheme(text: &str, at: usize, kept: usize) -> Option<Hit<'static>> {
    let rest = &text[at..];
    let name = ["bearer", "basic"].into_iter().find(|name| starts(rest, name))?;
    let (between, _) = between(&rest[name.len()..]);
    let is_apart = between.starts_with([' ', '%', '\r', '\n']) && !between.contains([':', '=']);
    let start = at + name.len() + between.len();
    let hit = value_of(text, start, 8, between.contains('%'))
        .filter(|_| is_apart && is_alone(text, at, kept))?;
    let word = &text[hit.start..hit.end];
    let is_prose = word.len() < 20 && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    (!is_prose && !is_placeholder(word) && !starts_a_line(between, word)).then_some(hit)
}

/// Whether a word on the next line is the beginning of something else: values have figures in them.
pub(super) fn starts_a_line(between: &str, word: &str) -> bool {
    between.contains('\n') && !word.bytes().any(|byte| byte.is_ascii_digit())
}

/// `://user:PASSWORD@`.
fn password(text: &str, at: usize) -> Option<Hit<'static>> {
    let after = text[at..].strip_prefix("://")?;
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"/\"'<>[]".contains(byte);
    let length = after.bytes().take(FAR / 16).take_while(|byte| !ends(byte)).count();
    let authority = after.get(..length)?;
    let (user, _) = authority.rsplit_once('@')?;
    let (name, password) = user.split_once(':')?;
    let start = at + "://".len() + name.len() + 1;
    let is_example = is_placeholder(password) || matches!(password, "password" | "pass");
    (!is_example && !password.starts_with('$')).then(|| hidden(start, start + password.len()))
}

/// `-----BEGIN … PRIVATE KEY-----` with its body, and with its end where it has one. Frames and labels
/// of lines may stand in it.
fn private_key(text: &str, at: usize) -> Option<Hit<'static>> {
    let rest = text[at..].strip_prefix("-----BEGIN")?;
    let title = rest.bytes().take(48).position(|byte| byte == b'-')?;
    let body = rest[title..].strip_prefix("-----")?;
    let start = text.len() - body.len();
    let is_private = ["PRIVATE KEY", "PRIVATE%20KEY", "PRIVATE+KEY"];
    let near = (0..=body.len().min(FAR)).rev().find(|at| body.is_char_boundary(*at))?;
    let length = end_of_key(&body[..near]).unwrap_or_else(|| unended(&body[..near]));
    let label = Cow::Borrowed("[redacted private key]");
    (length >= LEFT_OF_A_SECRET && is_private.iter().any(|words| rest[..title].ends_with(words)))
        .then_some(Hit { start: at, end: start + length, label })
}

fn end_of_key(body: &str) -> Option<usize> {
    const END: &str = "-----END";
    let next = body.find("-----BEGIN").unwrap_or(body.len());
    let end = body[..next].find(END)? + END.len();
    let is_title = |byte: &u8| byte.is_ascii_uppercase() || b" %20+".contains(byte);
    let title = body[end..].bytes().take(48).take_while(is_title).count();
    let close = end + title;
    body[close..].starts_with("-----").then_some(close + 5)
}

/// Without an end, prose may follow: the body ends with the last word of a key's look before it.
fn unended(body: &str) -> usize {
    let (mut end, mut others) = (0, 0);
    for (at, word) in words(body) {
        if looks_like_a_key(word) {
            (end, others) = (at + word.len(), 0);
        } else if others == MOST_LABELS {
            break;
        } else {
            others += 1;
        }
    }
    end
}

/// Words that may stand before a line of a key: a container's name, a bar.
const MOST_LABELS: usize = 4;

fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let parts =
        text.split(|letter: char| letter.is_whitespace() || matches!(letter, '\\' | '│' | '|'));
    parts
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr().addr() - text.as_ptr().addr(), word))
}

/// Base64 of some length that is no word of prose, with the quotes or dots of a cut around it.
fn looks_like_a_key(word: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=%".contains(&byte);
    let word = word.trim_matches(['.', '…', '"', '\'', ',']);
    word.len() >= LEFT_OF_A_SECRET
        && word.bytes().all(is_base64)
        && !word.bytes().skip(1).all(|byte| byte.is_ascii_lowercase())
}

const SHORT: usize = 4;

/// A value of at least so many characters that begins here.
fn value(text: &str, start: usize, least: usize) -> Option<Hit<'static>> {
    let run = text[start..].bytes().take_while(is_part_of_a_value).count();
    let length = text[start..start + run].trim_end_matches('.').len();
    (length >= least).then(|| hidden(start, start + length))
}

/// Whether a byte can stand in a value.
pub(super) fn is_part_of_a_value(byte: &u8) -> bool {
    is_key(*byte) || b".~+/=%".contains(byte)
}

/// The same where the whole text may be encoded, as the parameter of a URL is.
fn value_of(text: &str, start: usize, least: usize, encoded: bool) -> Option<Hit<'static>> {
    let mut hit = value(text, start, least)?;
    if encoded {
        hit.end = start + encoded_value(&text[start..hit.end]);
    }
    (hit.end - start >= least).then_some(hit)
}

/// How long a value is in a text that is encoded as a whole, where what ends it is encoded too.
fn encoded_value(run: &str) -> usize {
    const PARTS: [&str; 6] = ["%2B", "%2F", "%3D", "%2D", "%5F", "%2E"];
    let mut percents = run.match_indices('%');
    let end = percents.find(|(at, _)| !PARTS.iter().any(|part| starts(&run[*at..], part)));
    end.map_or(run.len(), |(at, _)| at)
}

pub(super) fn hidden(start: usize, end: usize) -> Hit<'static> {
    Hit { start, end, label: Cow::Borrowed("[redacted]") }
}

fn is_placeholder_at(text: &str, hit: &Hit) -> bool {
    is_placeholder(&text[hit.start..hit.end])
}

pub(super) fn starts(text: &str, with: &str) -> bool {
    text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
}

/// Whether a word can begin here: also behind a secret that was taken out up to `kept`, and behind
/// an escape (`%20`, `\n`, `\u0020`), which ends in a letter or digit.
fn is_alone(text: &str, at: usize, kept: usize) -> bool {
    let before = &text.as_bytes()[..at];
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let ends_in = |back: usize, mark: &[u8]| {
        at.checked_sub(back).is_some_and(|from| before[from..].starts_with(mark))
    };
    (at == kept)
        || !before.last().is_some_and(is_word)
        || ends_in(3, b"%")
        || ends_in(2, b"\\")
        || ends_in(6, b"\\u")
}

fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_shows_itself_may_begin() {
        let cues = PREFIXES.iter().map(|(prefix, ..)| *prefix).chain(BEFORE_PARAMETER);
        for cue in cues.chain([LABEL, "x-goog-api-key", "Bearer", "basic", "://", "-----BEGIN"]) {
            assert!(may_begin(cue.as_bytes()[0]), "{cue}");
        }
        for name in named::NAMES {
            assert!(may_begin(name.as_bytes()[0].to_ascii_uppercase()), "{name}");
            assert!(may_begin(name.as_bytes()[0]), "{name}");
        }
    }
}
