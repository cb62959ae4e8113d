//! From what was read in a text to findings: each distinct error is judged like one check that failed.

use crate::facts::{
    Check, Clue, Layer, Status,
    check::{Evidence, Observation},
};

use super::{Finding, Shell, judge};

/// One distinct error of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// What it tells.
    pub clues: Vec<Clue>,
    /// What to quote of it.
    pub quote: String,
    /// The line on which it stands first, counted from 1.
    pub first_line: usize,
    /// The line on which it stands last.
    pub last_line: usize,
    /// How often it is there.
    pub times: usize,
}

impl Seen {
    /// Counts one more, on a line.
    pub(super) fn count(&mut self, line: usize) {
        self.times += 1;
        self.last_line = line;
    }
}

/// The findings of a text, best first, with the rivals that it cannot rule out behind them.
pub fn findings(errors: &[Seen], shell: Shell) -> Vec<Finding> {
    let observations: Vec<Observation> = errors.iter().map(observation).collect();
    judge::explain(&observations, shell)
}

fn observation(seen: &Seen) -> Observation {
    let text = match seen.times {
        1 => seen.quote.clone(),
        times => format!(
            "{} ({times} times, lines {} to {})",
            seen.quote, seen.first_line, seen.last_line
        ),
    };
    Observation {
        check: Check {
            id: "text".to_owned(),
            stage: 1,
            title: "text".to_owned(),
            layer: Layer::Request,
            status: Status::Fail,
            duration_ms: None,
            detail: String::new(),
            attempts: Vec::new(),
        },
        evidence: vec![Evidence { attempt: None, text, clues: seen.clues.clone() }],
    }
}
