//! Documents that stand in a script itself, behind `<<`. It must not know what they hold.

use std::ops::Range;

use memchr::memmem;

use super::{map::Mapped, shell::expansion};

/// A document.
#[derive(Clone, Debug)]
pub(super) struct HereDoc {
    /// Where its `<<` stands.
    pub(super) at: usize,
    /// Its lines.
    pub(super) lines: Range<usize>,
    /// The file that its line writes to.
    pub(super) file: Option<String>,
    /// Whether the shell puts variables in, so that a backslash keeps some letters from it.
    expands: bool,
    /// Whether tabs at the beginnings of lines are left out.
    without_tabs: bool,
}

/// What begins like one and has no end is something else, and so is a text with many of them.
const MOST_MISSED: usize = 30;

/// All documents of a text.
pub(super) fn all(text: &str) -> Vec<HereDoc> {
    let mut found = Vec::new();
    let (mut from, mut missed) = (0, 0);
    while let Some(next) = memmem::find(&text.as_bytes()[from..], b"<<") {
        let at = from + next;
        from = match document(text, at) {
            Some(document) => {
                let end = document.lines.end;
                found.push(document);
                end
            }
            // Each takes a look to the end of the text.
            None if missed == MOST_MISSED => break,
            None => {
                missed += 1;
                at + 2 + usize::from(text[at + 2..].starts_with('<'))
            }
        };
    }
    found
}

fn document(text: &str, at: usize) -> Option<HereDoc> {
    let rest = &text[at + 2..];
    let without_tabs = rest.starts_with('-');
    let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start_matches([' ', '\t']);
    let (word, expands) = delimiter(rest)?;
    let start = line_end(text, at)?;
    let lines = lines(text, start, word, without_tabs)?;
    let line = text[..at].rfind('\n').map_or(0, |feed| feed + 1);
    let file = written_to(&text[line..start]);
    Some(HereDoc { at, lines, file, expands, without_tabs })
}

/// The word that ends a document, and whether the shell puts variables in.
fn delimiter(rest: &str) -> Option<(&str, bool)> {
    if let Some(quote @ ('\'' | '"')) = rest.chars().next() {
        let inner = &rest[1..];
        let word = &inner[..inner.find(quote)?];
        return (!word.is_empty() && !word.contains('\n')).then_some((word, false));
    }
    let bare = rest.strip_prefix('\\').unwrap_or(rest);
    let length = bare.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    let word = &bare[..length.unwrap_or(bare.len())];
    (!word.is_empty()).then_some((word, bare.len() == rest.len()))
}

/// The end of the line, with those that it goes on in.
fn line_end(text: &str, at: usize) -> Option<usize> {
    let mut from = at;
    loop {
        let feed = from + text[from..].find('\n')?;
        if !text[..feed].trim_end_matches('\r').ends_with('\\') {
            return Some(feed + 1);
        }
        from = feed + 1;
    }
}

fn lines(text: &str, start: usize, word: &str, without_tabs: bool) -> Option<Range<usize>> {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let plain = line.trim_end_matches(['\n', '\r']);
        let plain = if without_tabs { plain.trim_start_matches('\t') } else { plain };
        if plain == word {
            return Some(start..at);
        }
        at += line.len();
    }
    None
}

fn written_to(line: &str) -> Option<String> {
    let (_, rest) = line.rsplit_once('>')?;
    let rest = rest.trim_start();
    let name: String = match rest.chars().next()? {
        quote @ ('\'' | '"') => rest[1..].chars().take_while(|letter| *letter != quote).collect(),
        _ => rest
            .chars()
            .take_while(|letter| !letter.is_whitespace() && !"<|;&".contains(*letter))
            .collect(),
    };
    (!name.is_empty()).then_some(name)
}

impl HereDoc {
    /// What it holds.
    pub(super) fn mapped(&self, text: &str) -> Mapped {
        let mut mapped = Mapped::default();
        let mut at = self.lines.start;
        while at < self.lines.end {
            let rest = &text[at..self.lines.end];
            let begins_line = at == self.lines.start || text[..at].ends_with('\n');
            let tabs = rest.len() - rest.trim_start_matches('\t').len();
            at += if self.without_tabs && begins_line { tabs } else { 0 };
            at = self.piece(&text[at..self.lines.end], at, &mut mapped);
        }
        mapped
    }

    /// Takes what stands up to the next letter that the shell looks at, and that letter, but no more than one line. Where it ends.
    fn piece(&self, rest: &str, at: usize, mapped: &mut Mapped) -> usize {
        let length = rest.find('\n').map_or(rest.len(), |feed| feed + 1);
        let special = rest[..length].find(['\\', '$', '`']).filter(|_| self.expands);
        mapped.push_str(&rest[..special.unwrap_or(length)], at);
        let Some(plain) = special else { return at + length };
        let (rest, at) = (&rest[plain..], at + plain);
        if rest.starts_with('\\') {
            return at + escape(rest, at, mapped);
        }
        // A letter that begins nothing means itself.
        match expansion(rest) {
            0 => mapped.push_str(&rest[..1], at),
            length => mapped.push_unknown(&rest[..length], at),
        }
        at + expansion(rest).max(1)
    }
}

/// A backslash, and the letter behind it where it belongs to it: how long both are.
fn escape(rest: &str, at: usize, mapped: &mut Mapped) -> usize {
    match rest[1..].chars().next() {
        Some('\n') => 2,
        Some(letter @ ('$' | '`' | '\\')) => {
            mapped.push(letter, at);
            2
        }
        _ => {
            mapped.push('\\', at);
            1
        }
    }
}
