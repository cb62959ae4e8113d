//! What hidden characters cost in tokens: the text is counted with them and without.

use super::{Kind, find, normalize};
use crate::tokens::Counter;

/// The tokens of hidden characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// The tokens of the text as it is.
    pub before: u64,
    /// Its tokens after a clean-up.
    pub after: u64,
    /// The tokens that each kind costs by itself: what a clean-up of it alone saves. They need not add up, and
    /// what takes the place of a character can cost more than it did.
    pub by_kind: Vec<(Kind, i64)>,
}

impl Cost {
    /// The tokens that a clean-up of all kinds saves.
    pub fn total(&self) -> i64 {
        saved(self.before, self.after)
    }
}

/// Counts what the hidden characters of these kinds cost.
pub fn cost(text: &str, kinds: &[Kind], counter: &mut Counter) -> Cost {
    let before = counter.count(text);
    let found = find(text).by_kind();
    let present: Vec<Kind> =
        kinds.iter().copied().filter(|kind| found.contains_key(kind)).collect();
    let mut after = |kinds: &[Kind]| counter.count(&normalize(text, kinds).text);
    match present[..] {
        [] => Cost { before, after: before, by_kind: Vec::new() },
        [only] => {
            let after = after(&present);
            Cost { before, after, by_kind: vec![(only, saved(before, after))] }
        }
        _ => {
            let alone = |kind: &Kind| (*kind, saved(before, after(&[*kind])));
            let by_kind = present.iter().map(alone).collect();
            Cost { before, after: after(&present), by_kind }
        }
    }
}

fn saved(before: u64, after: u64) -> i64 {
    before.cast_signed() - after.cast_signed()
}
