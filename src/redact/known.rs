//! One known secret in all the spellings in which programs, servers and shells give it back.

use std::borrow::Cow;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use zeroize::Zeroizing;

use super::{Hit, shapes};
use crate::secret::ApiKey;

/// Shorter texts are part of too many innocent words.
const SHORTEST: usize = 4;

/// Shorter parts of a secret, and shorter secrets in base64, are part of too many innocent words.
const SHORTEST_PART: usize = 8;

/// A longer text is a file; its words are no secrets, and keys in it have shapes of their own.
const LONGEST_KEY: usize = 512;

/// A secret and how to find it.
#[derive(Clone)]
pub(super) struct Known {
    label: String,
    /// The longest first, so that a part never hides the whole.
    spellings: Vec<Spelling>,
}

#[derive(Clone, PartialEq)]
struct Spelling {
    text: Zeroizing<String>,
    /// Found within a longer run of base64, all of which is taken.
    is_base64: bool,
}

impl Known {
    /// Nothing, where the text is too short or only stands in the place of a key.
    pub(super) fn new(key: &ApiKey) -> Option<Self> {
        let secret = key.expose();
        let is_secret = secret.len() >= SHORTEST && !shapes::is_placeholder(bare(secret));
        let label = format!("[redacted {}]", key.fingerprint());
        is_secret.then(|| Self { label, spellings: spellings(secret) })
    }

    /// The secret at this place. What stands before `kept` has been dealt with.
    pub(super) fn at(&self, text: &str, at: usize, kept: usize) -> Option<Hit<'_>> {
        let rest = &text.as_bytes()[at..];
        let (is_base64, length) = self.spellings.iter().find_map(|one| {
            length_at(rest, one.text.as_bytes()).map(|length| (one.is_base64, length))
        })?;
        let end = at + length;
        let (start, end) = match is_base64 {
            true => (run_start(text, at, kept), run_end(text, end)),
            false => (at, end),
        };
        Some(Hit { start, end, label: Cow::Borrowed(&self.label) })
    }
}

fn spellings(secret: &str) -> Vec<Spelling> {
    let mut all: Vec<Spelling> = Vec::new();
    for form in [secret].into_iter().chain(parts(secret)) {
        let plain = written(form).into_iter().map(|text| (text, false));
        let encoded = in_base64(form).into_iter().map(|text| (text, true));
        all.extend(
            plain
                .chain(encoded)
                .map(|(text, is_base64)| Spelling { text: Zeroizing::new(text), is_base64 }),
        );
    }
    all.retain(|one| one.text.len() >= SHORTEST);
    all.sort_by_key(|one| std::cmp::Reverse(one.text.len()));
    all.dedup();
    all
}

/// The parts of a key between characters that no key has: what is left of it where somebody has
/// taken off its quotes, or has stopped at its line break.
fn parts(secret: &str) -> impl Iterator<Item = &str> {
    let is_key = secret.len() <= LONGEST_KEY && !secret.trim_start().starts_with('{');
    let is_inside =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    secret
        .split(move |letter| !is_inside(letter))
        .filter(move |part| is_key && part.len() >= SHORTEST_PART && !shapes::is_placeholder(part))
}

/// As it is, in JSON, as a debugger shows it, and without what cannot be seen.
fn written(form: &str) -> Vec<String> {
    let json = serde_json::to_string(form).expect("a text is JSON");
    let visible: String = form.chars().filter(|letter| !letter.is_control()).collect();
    let spaced = form.split(char::is_control).collect::<Vec<_>>().join(" ");
    vec![
        form.to_owned(),
        json[1..json.len() - 1].to_owned(),
        form.escape_debug().to_string(),
        form.escape_default().to_string(),
        visible,
        spaced,
    ]
}

/// The base64 of the secret's middle at each of the three places it can have in a group of bytes.
/// The groups at its edges depend on its neighbours, so they are left to the run around it.
fn in_base64(form: &str) -> Vec<String> {
    if form.len() < SHORTEST_PART {
        return Vec::new();
    }
    let middles = (0..3).map(|skip| {
        let rest = &form.as_bytes()[skip..];
        &rest[..rest.len() / 3 * 3]
    });
    middles
        .flat_map(|middle| [STANDARD_NO_PAD.encode(middle), URL_SAFE_NO_PAD.encode(middle)])
        .collect()
}

/// How much of a text is the spelling, where the text begins with it. Any of its bytes may be
/// escaped as in a URL; who escapes what differs.
fn length_at(text: &[u8], spelling: &[u8]) -> Option<usize> {
    spelling.iter().try_fold(0, |at, expected| match text.get(at)? {
        byte if byte == expected => Some(at + 1),
        b'%' if unescaped(&text[at + 1..])? == *expected => Some(at + 3),
        _ => None,
    })
}

fn unescaped(text: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(text.get(..2)?).ok()?;
    u8::from_str_radix(digits, 16).ok()
}

/// A key without quotes and the marks of variables around it.
fn bare(secret: &str) -> &str {
    secret.trim_matches(|letter: char| !letter.is_ascii_alphanumeric())
}

fn run_start(text: &str, at: usize, kept: usize) -> usize {
    let before = &text.as_bytes()[kept..at];
    let run = before.iter().rev().take_while(|byte| is_base64(**byte)).count();
    at - run
}

fn run_end(text: &str, end: usize) -> usize {
    let after = &text.as_bytes()[end..];
    end + after.iter().take_while(|byte| is_base64(**byte) || matches!(byte, b'/' | b'=')).count()
}

/// The slash is not among them: to the left it is more likely the end of a path.
fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'_')
}
