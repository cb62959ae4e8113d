//! What a count of a body says: its lines, and their sums.
//!
//! It must not count.

use super::{Api, Certainty};

/// What a body is counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The model.
    pub model: &'a str,
    /// The API that it is asked through.
    pub api: Api,
    /// Why the vocabulary that counts is not known to be the service's for this model; none where it is.
    pub doubt: Option<&'a str>,
}

/// What was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Each with its number, in the order in which Google's SDK counts.
    pub lines: Vec<Line>,
    /// What Google's SDK would count for the same texts by this vocabulary; none where it refuses to, or where
    /// nobody knows.
    pub sdk: Option<u64>,
    /// Why it is not exact, for the whole body.
    pub doubts: Vec<String>,
    /// The turns and the instruction, for each of which the service may add something.
    pub turns: u64,
}

/// One part of the sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub label: String,
    /// Its place in the body.
    pub path: String,
    /// Its tokens.
    pub tokens: u64,
    /// Its kind.
    pub kind: Kind,
    /// To what it belongs.
    pub place: Place,
    /// How much its number may be relied on.
    pub certainty: Certainty,
    /// How much it could be relied on if the vocabulary were the service's.
    pub by_rule: Certainty,
    /// By which rule, or what is missing.
    pub note: Option<String>,
}

/// Kinds of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A text.
    Text,
    /// What is added for turns.
    Role,
    /// What is added for a system instruction.
    SystemRole,
    /// A call that the model made.
    FunctionCall,
    /// What a function answered.
    FunctionResponse,
    /// A tool.
    Tool,
    /// The schema of the answer.
    Schema,
    /// A picture, a sound, a film, a document.
    Media,
    /// What was cached before.
    Cache,
}

/// The parts of a request that people tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The last turn that is not the model's.
    Message,
    /// All other turns.
    History,
    /// The system instruction.
    System,
    /// Tools, schemas and what was cached.
    Setup,
}

impl Tally {
    /// All tokens.
    pub fn total(&self) -> u64 {
        sum(self.lines.iter())
    }

    /// The tokens of one place.
    pub fn of(&self, place: Place) -> u64 {
        sum(self.lines.iter().filter(|line| line.place == place))
    }

    /// How much the sum may be relied on.
    pub fn certainty(&self) -> Certainty {
        self.lines.iter().map(|line| line.certainty).max().unwrap_or(Certainty::Exact)
    }
}

/// Ends at the largest number: what media claim of themselves has no bound.
fn sum<'l>(lines: impl Iterator<Item = &'l Line>) -> u64 {
    lines.fold(0, |sum, line| sum.saturating_add(line.tokens))
}
