//! One input as it was counted, and the sum of all. Adds up; reads nothing.

use super::{Basis, Compared, Granted, Note, Tally, hidden::Sights, sure::Sure};
use crate::{
    local::inputs::{Read, Trouble},
    tokens::Counted,
};

/// One input.
#[derive(Clone, Debug)]
pub struct Input {
    /// As it is shown.
    pub name: String,
    /// What was seen in it.
    pub seen: Seen,
}

/// What was seen in an input.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its tokens, and what was odd.
    pub counted: Counted,
    /// How it was read.
    pub read: Read,
    /// What a request is made of; none for a text.
    pub request: Option<Request>,
    /// The same text as other models count it.
    pub compared: Option<Compared>,
    /// What nobody sees in it.
    pub hidden: Option<Sights>,
    /// The text itself, where it was asked for and not too long to be held.
    pub text: Option<String>,
}

/// A request's body.
#[derive(Clone, Debug)]
pub struct Request {
    /// The model that it names.
    pub model: Option<String>,
    /// What was counted of it.
    pub tally: Tally,
    /// What it allows of output.
    pub granted: Granted,
    /// The cache that it builds on.
    pub cached_content: Option<String>,
    /// What was odd in it, and did not stop the count.
    pub notes: Vec<Note>,
    /// What was odd as well, and is not listed.
    pub more_notes: u64,
}

/// All inputs together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Total {
    /// The tokens.
    pub(super) tokens: u64,
    /// The fewest that there can be, as far as is known.
    pub(super) low: u64,
    /// The most, where that is known.
    pub(super) high: Option<u64>,
    /// The bytes that were read.
    pub(super) bytes: u64,
    /// The line feeds among them.
    pub(super) line_feeds: u64,
    /// Whether it is what the model itself would count.
    pub(super) is_exact: bool,
    /// Inputs that were counted.
    pub(super) inputs: u64,
    /// Whether nothing was left out.
    pub(super) is_whole: bool,
    /// Whether no request is among them.
    pub(super) is_all_text: bool,
}

impl Seen {
    /// Whether this is what the model itself would count.
    pub(super) fn is_exact(&self, basis: &Basis) -> bool {
        basis.is_exact() && Sure::of(self).is_exact()
    }
}

impl Total {
    pub(super) fn of(inputs: &[Input], troubles: &[Trouble], basis: &Basis) -> Self {
        let sum = |part: fn(&Seen) -> u64| {
            inputs.iter().fold(0_u64, |sum, input| sum.saturating_add(part(&input.seen)))
        };
        let sure = inputs.iter().map(|input| Sure::of(&input.seen)).reduce(Sure::and);
        let sure = sure.unwrap_or_default();
        let tokens = sum(|seen| seen.counted.tokens);
        let is_read = !inputs.is_empty() && inputs.iter().all(|input| input.seen.read.is_whole);
        let is_whole = troubles.is_empty() && is_read && !sure.is_lower_bound;
        let (low, high) = sure
            .within_margin(tokens, basis)
            .unwrap_or_else(|| sure.bounds(tokens, &basis.standing));
        let is_exact = basis.is_exact() && is_whole && sure.is_exact();
        Self {
            tokens,
            low,
            high: high.filter(|_| is_whole),
            is_exact,
            bytes: sum(|seen| seen.read.bytes),
            line_feeds: sum(|seen| seen.counted.line_feeds),
            inputs: inputs.len() as u64,
            is_whole,
            is_all_text: inputs.iter().all(|input| input.seen.request.is_none()),
        }
    }
}
