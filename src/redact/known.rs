//! One known secret, and the label that stands in its place.

use std::borrow::Cow;

use super::Hit;
use crate::secret::{ApiKey, Spellings};

/// A secret and how to find it.
#[derive(Clone)]
pub(super) struct Known {
    label: String,
    spellings: Spellings,
}

impl Known {
    /// Nothing, where the text is too short or only stands in the place of a key.
    pub(super) fn new(key: &ApiKey) -> Option<Self> {
        let label = format!("[redacted {}]", key.fingerprint());
        Some(Self { label, spellings: key.spellings()?.clone() })
    }

    /// Whether a byte can be the first of it.
    pub(super) fn may_begin(&self, byte: u8) -> bool {
        self.spellings.may_begin(byte)
    }

    /// The secret at this place. What stands before `kept` has been dealt with.
    pub(super) fn at(&self, text: &str, at: usize, kept: usize) -> Option<Hit<'_>> {
        let found = self.spellings.at(text, at, kept)?;
        Some(Hit { start: found.start, end: found.end, label: Cow::Borrowed(&self.label) })
    }
}
