//! The spellings in which programs, servers and shells give a secret back, and the search for them.
//! Knows nothing of what is to stand in a secret's place.

use std::ops::Range;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use zeroize::Zeroizing;

/// Shorter texts are part of too many innocent words.
const SHORTEST: usize = 4;

/// Shorter parts of a secret, and shorter secrets in base64, are part of too many innocent words.
const SHORTEST_PART: usize = 8;

/// A longer text is a file; its words are no secrets, and keys in it have shapes of their own.
const LONGEST_KEY: usize = 512;

/// Nobody writes a stand-in that is longer.
const LONGEST_PLACEHOLDER: usize = 32;

/// One secret in all its spellings.
#[derive(Clone)]
pub struct Spellings {
    /// The longest first, so that a part never hides the whole.
    all: Vec<Spelling>,
    /// The bytes that can begin one; most bytes of a text cannot.
    begins: [bool; 256],
}

#[derive(Clone, PartialEq)]
struct Spelling {
    text: Zeroizing<String>,
    /// Found within a longer run of base64, all of which is taken.
    is_base64: bool,
}

impl Spellings {
    /// Nothing, where the text is too short or only stands in the place of a secret.
    pub fn of(secret: &str) -> Option<Self> {
        if secret.len() < SHORTEST || stands_for_a_key(bare(secret)) {
            return None;
        }
        let all = spellings(secret);
        let mut begins = [false; 256];
        begins[usize::from(b'%')] = true;
        for first in all.iter().filter_map(|one| one.text.bytes().next()) {
            begins[usize::from(first)] = true;
        }
        Some(Self { all, begins })
    }

    /// Whether a byte can be the first of one.
    pub fn may_begin(&self, byte: u8) -> bool {
        self.begins[usize::from(byte)]
    }

    /// The place of the secret that begins here. What stands before `kept` has been dealt with.
    pub fn at(&self, text: &str, at: usize, kept: usize) -> Option<Range<usize>> {
        let rest = &text.as_bytes()[at..];
        if !self.may_begin(*rest.first()?) {
            return None;
        }
        let (is_base64, length) = self.all.iter().find_map(|one| {
            length_at(rest, one.text.as_bytes()).map(|length| (one.is_base64, length))
        })?;
        let end = at + length;
        Some(match is_base64 {
            true => run_start(text, at, kept)..run_end(text, end),
            false => at..end,
        })
    }

    /// A text with something else in the secret's place. `None` where the secret is not in it.
    pub fn replace(&self, text: &str, instead: impl Fn() -> String) -> Option<String> {
        let mut out = String::new();
        let (mut at, mut kept) = (0, 0);
        while at < text.len() {
            // A spelling begins with a whole character, so that its first byte begins none in the middle of one.
            match self.at(text, at, kept) {
                Some(found) => {
                    out.push_str(&text[kept..found.start]);
                    out.push_str(&instead());
                    (at, kept) = (found.end, found.end);
                }
                None => at += 1,
            }
        }
        (kept > 0).then(|| out + &text[kept..])
    }
}

/// Whether a text only stands in the place of a secret: `YOUR_API_KEY`, `KEY`, `...`.
pub fn is_placeholder(text: &str) -> bool {
    let is_variable = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let has_letters = text.bytes().any(|byte| byte.is_ascii_alphanumeric());
    let is_yours = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("your"));
    !has_letters || is_variable || is_yours
}

/// The same of a text that is used as a key: what is long or has figures in it may well be one.
fn stands_for_a_key(text: &str) -> bool {
    let has_figures = text.bytes().filter(u8::is_ascii_digit).count() > 2;
    is_placeholder(text) && text.len() <= LONGEST_PLACEHOLDER && !has_figures
}

/// A key without quotes and the marks of variables around it.
fn bare(secret: &str) -> &str {
    secret.trim_matches(|letter: char| !letter.is_ascii_alphanumeric())
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
        .filter(move |part| is_key && part.len() >= SHORTEST_PART && !is_placeholder(part))
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
