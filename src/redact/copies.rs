//! What a name has shown to be a secret, wherever else it stands in the same text without the name.

use std::collections::HashMap;

use super::{
    Hit,
    shapes::{hidden, is_part_of_a_value},
};

/// Shorter values are part of too many innocent words.
const LEAST: usize = 16;

/// No more of a value is compared; what goes on behind that belongs to it.
const LOOK: usize = 256;

/// Values with one beginning, of which no more are kept than bound the time.
const MOST_OF_A_KIND: usize = 16;

/// Beginnings that a secret does not have and that a reader needs.
const NO_SECRETS: [&str; 5] = ["gemini-", "models/", "projects/", "text-embedding", "http"];

/// Values by how they begin.
#[derive(Debug, Default)]
pub(super) struct Copies {
    by_beginning: HashMap<[u8; LEAST], Vec<String>>,
}

impl Copies {
    /// What the hits in a text announce by a name.
    pub(super) fn of(text: &str, hits: &[Hit<'_>]) -> Self {
        let mut copies = Self::default();
        copies.add(text, hits);
        copies
    }

    /// The same of one more text.
    pub(super) fn add(&mut self, text: &str, hits: &[Hit<'_>]) {
        let values = hits.iter().filter(|hit| hit.label == "[redacted]");
        for value in values.map(|hit| &text[hit.start..hit.end]) {
            self.keep(value);
            // What is encoded around a value came with it, and a cookie has a name of its own.
            value.split(['%', '=', ';', ' ']).for_each(|part| self.keep(part));
        }
    }

    fn keep(&mut self, value: &str) {
        let look = value.bytes().take(LOOK).take_while(is_part_of_a_value).count();
        let value = &value[..look];
        let lower = value.to_ascii_lowercase();
        let is_plain = NO_SECRETS.iter().any(|start| lower.starts_with(start));
        let Some(first) = value.as_bytes().first_chunk().filter(|_| !is_plain) else { return };
        let alike = self.by_beginning.entry(*first).or_default();
        if alike.len() < MOST_OF_A_KIND && !alike.iter().any(|known| known == value) {
            alike.push(value.to_owned());
            // The longest first, so that a part never hides the whole.
            alike.sort_by_key(|known| std::cmp::Reverse(known.len()));
        }
    }

    /// Whether there is nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.by_beginning.is_empty()
    }

    /// The copy that begins here.
    pub(super) fn at(&self, text: &str, at: usize) -> Option<Hit<'static>> {
        if self.is_empty() {
            return None;
        }
        let rest = &text[at..];
        let alike = self.by_beginning.get(rest.as_bytes().first_chunk::<LEAST>()?)?;
        let value = alike.iter().find(|value| rest.starts_with(value.as_str()))?;
        let more = match value.len() {
            LOOK => rest.bytes().skip(LOOK).take_while(is_part_of_a_value).count(),
            _ => 0,
        };
        Some(hidden(at, at + value.len() + more))
    }
}
