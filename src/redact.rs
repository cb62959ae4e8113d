//! Takes secrets out of text on its way to a stream or a file: known keys in every spelling they are
//! likely to have, and whatever has the shape of a key. Reads text; writes nowhere.

mod copies;
mod encoded;
mod known;
mod named;
mod packed;
mod seams;
mod shapes;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::secret::ApiKey;

use copies::Copies;
use known::Known;
use seams::Seamless;

/// Knows the secrets of a run. Linear in the length of the text.
#[derive(Clone)]
pub struct Redactor {
    secrets: Vec<Known>,
}

/// A part of a text that must not be shown.
#[derive(Debug)]
struct Hit<'a> {
    start: usize,
    end: usize,
    label: Cow<'a, str>,
}

impl Redactor {
    /// For these keys, and for everything shaped like one.
    pub fn new(keys: &[ApiKey]) -> Self {
        Self { secrets: keys.iter().filter_map(Known::new).collect() }
    }

    /// Knows one more key from now on.
    pub fn learn(&mut self, key: &ApiKey) {
        self.secrets.extend(Known::new(key));
    }

    /// The text without secrets. Its own output passes unchanged.
    pub fn scrub<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let hits = self.hits(text, &Copies::default());
        let copies = Copies::of(text, &hits);
        // Where nothing is looked for again, the text need not be read again.
        if copies.is_empty() { without(text, &hits) } else { self.scrub_with(text, &copies) }
    }

    fn scrub_with<'t>(&self, text: &'t str, copies: &Copies) -> Cow<'t, str> {
        without(text, &self.hits(text, copies))
    }

    /// The same for a text that was copied from a terminal: there a colour, a box or a hard wrap may cut
    /// a secret into pieces, of which none looks like one.
    pub fn scrub_pasted<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut copies = self.copies_in(text);
        let mended: Vec<Cow<'_, str>> =
            blocks(text).map(|block| self.without_seams(block, &copies)).collect();
        if mended.iter().all(|block| matches!(block, Cow::Borrowed(_))) {
            return self.scrub_with(text, &copies);
        }
        // What a line's end kept apart may be a secret by itself.
        let mended = mended.concat();
        copies.add(&mended, &self.hits(&mended, &Copies::default()));
        Cow::Owned(self.scrub_with(&mended, &copies).into_owned())
    }

    /// What has a name anywhere in a text, with its seams or without.
    fn copies_in(&self, text: &str) -> Copies {
        let none = Copies::default();
        let mut copies = Copies::of(text, &self.hits(text, &none));
        for block in blocks(text) {
            let seamless = Seamless::of(block);
            if !seamless.has_none() {
                copies.add(&seamless.text, &self.hits(&seamless.text, &none));
            }
        }
        copies
    }

    fn without_seams<'t>(&self, text: &'t str, copies: &Copies) -> Cow<'t, str> {
        let seamless = Seamless::of(text);
        let hits = if seamless.has_none() { Vec::new() } else { self.hits(&seamless.text, copies) };
        if hits.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(mended(&seamless, &hits)) }
    }

    /// All secrets, in order, and the copies of those that are known already.
    fn hits(&self, text: &str, copies: &Copies) -> Vec<Hit<'_>> {
        let mut hits = Vec::new();
        let (mut at, mut kept) = (0, 0);
        while at < text.len() {
            if !self.may_begin(text, at, kept, copies) {
                at += 1;
                continue;
            }
            match self.hit_at(text, at, kept, copies) {
                Some(hit) => {
                    (at, kept) = (hit.end, hit.end);
                    hits.push(hit);
                }
                None => at += step(text, at),
            }
        }
        hits
    }

    /// Whether a secret, a cue or a label may begin at a byte. Most begin none, and what is printed may be
    /// long.
    fn may_begin(&self, text: &str, at: usize, kept: usize, copies: &Copies) -> bool {
        let bytes = text.as_bytes();
        shapes::may_begin(bytes[at])
            || packed::may_begin(bytes, at, kept)
            || self.secrets.iter().any(|known| known.may_begin(bytes[at]))
            || (!copies.is_empty() && text.is_char_boundary(at))
    }

    /// The secret that begins at a place, or that a cue at this place announces.
    fn hit_at(&self, text: &str, at: usize, kept: usize, copies: &Copies) -> Option<Hit<'_>> {
        let direct = |at| {
            self.known_at(text, at, kept).or_else(|| {
                let end = |hit: &Option<Hit<'_>>| hit.as_ref().map_or(0, |hit| hit.end);
                let longer = |one, other| if end(&other) > end(&one) { other } else { one };
                let shape = shapes::prefixed(text, at, kept);
                longer(longer(shape, packed::at(text, at, kept)), copies.at(text, at))
            })
        };
        direct(at).or_else(|| {
            let announced = shapes::announced(text, at, kept)?;
            direct(announced.start).filter(|hit| hit.end >= announced.end).or(Some(announced))
        })
    }

    fn known_at(&self, text: &str, at: usize, kept: usize) -> Option<Hit<'_>> {
        self.secrets.iter().find_map(|known| known.at(text, at, kept))
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Redactor({} secrets)", self.secrets.len())
    }
}

/// A text with labels in the places of its secrets.
fn without<'t>(text: &'t str, hits: &[Hit<'_>]) -> Cow<'t, str> {
    if hits.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    for hit in hits {
        out.push_str(&text[kept..hit.start]);
        out.push_str(&hit.label);
        kept = hit.end;
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// A text in parts that end with a line where one ends in reach, so that its seams need little memory.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    const BLOCK: usize = 1024 * 1024;
    let mut rest = text;
    std::iter::from_fn(move || {
        let far = (0..=rest.len().min(2 * BLOCK)).rev().find(|at| rest.is_char_boundary(*at))?;
        let line =
            rest.as_bytes().get(BLOCK..far).and_then(|near| near.iter().position(|b| *b == b'\n'));
        let (block, after) = rest.split_at(line.map_or(far, |at| BLOCK + at + 1));
        rest = after;
        (!block.is_empty()).then_some(block)
    })
}

/// The original with labels in the places of secrets; what cut them stays, behind the label.
fn mended(seamless: &Seamless, hits: &[Hit]) -> String {
    let mut out = String::with_capacity(seamless.text.len());
    let mut kept = 0;
    for hit in hits {
        let whole = shapes::is_whole(hit);
        let end = if whole { hit.end } else { seamless.end_of(hit.start, hit.end) };
        out.push_str(seamless.original_of(kept, hit.start));
        out.push_str(&hit.label);
        out.extend(seamless.seams_of(hit.start, end + 1));
        kept = end;
    }
    out.push_str(seamless.original_of(kept, seamless.text.len()));
    out
}

/// How far to go on: over one character, or over a whole label that an earlier pass has left.
fn step(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    shapes::label_length(rest).or_else(|| rest.chars().next().map(char::len_utf8)).unwrap_or(1)
}
