//! One check of a run: a question with a permanent id, its result word and its evidence.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Clue, Layer};

/// The result of a check. The words are a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// As it should be.
    Pass,
    /// Works, with something to say.
    Warn,
    /// Broken.
    Fail,
    /// Not asked, and why not.
    Skip,
    /// Asked, and it cannot be told.
    Inconclusive,
}

impl Status {
    /// The word of JSON, JUnit and NDJSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Skip => "skip",
            Self::Inconclusive => "inconclusive",
        }
    }
}

/// One row of a report.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Check {
    /// Permanent id, such as `api.list`.
    pub id: String,
    /// The stage it belongs to, counted from 1.
    pub stage: u8,
    /// What was asked, in a few words.
    pub title: String,
    /// The layer it tests.
    pub layer: Layer,
    /// The result.
    pub status: Status,
    /// How long it took, where time passed.
    pub duration_ms: Option<f64>,
    /// The evidence in one line.
    pub detail: String,
    /// The attempts it rests on.
    pub attempts: Vec<String>,
}

/// A check with the clues it yielded.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The row.
    pub check: Check,
    /// What it showed. Each piece is judged by itself, so that two answers are never mixed.
    pub evidence: Vec<Evidence>,
}

impl Observation {
    /// Names the attempt that a failed check rests on.
    pub fn rest_on(&mut self, attempt: Option<&String>) {
        if self.check.status == Status::Fail {
            self.check.attempts.extend(attempt.cloned());
            self.evidence.iter_mut().for_each(|evidence| evidence.attempt = attempt.cloned());
        }
    }
}

/// One piece of evidence: the clues of one attempt, or of this machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The attempt, where there was one.
    pub attempt: Option<String>,
    /// What to quote.
    pub text: String,
    /// What it tells.
    pub clues: Vec<Clue>,
}
