//! From what was read in a text to findings: each distinct error is judged like one check that failed.

use crate::facts::{
    Check, Class, Clue, Confidence, Layer, Party, RetryClass, Severity, Status,
    check::{Evidence, Observation},
};

use super::{
    Finding, Shell, judge,
    matcher::{self, Candidate},
    read::Reading,
};

/// One distinct error of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// What it tells.
    pub clues: Vec<Clue>,
    /// What to quote of it.
    pub quote: String,
    /// The text it stands in.
    pub source: String,
    /// The line on which it stands first, counted from 1.
    pub first_line: usize,
    /// The line on which it stands last.
    pub last_line: usize,
    /// How often it is there.
    pub times: usize,
    /// When it was written last, in seconds since 1970, where the text says so.
    pub said_at: Option<i64>,
}

/// What was read, by what it can be called.
#[derive(Debug, Default)]
pub struct Sorted {
    /// Errors with a known cause, what has to be fixed first before all others, and its id.
    pub recognised: Vec<(Seen, &'static str)>,
    /// Errors of somebody else.
    pub foreign: Vec<Seen>,
    /// Errors that nothing known explains.
    pub unknown: Vec<Seen>,
    /// How many more were not looked at.
    pub skipped: usize,
    /// Whether a mark of the provider's API stands anywhere in what was read.
    pub marked: bool,
}

impl Seen {
    /// Counts one more, on a line.
    pub(super) fn count(&mut self, line: usize) {
        self.first_line = if self.times == 0 { line } else { self.first_line.min(line) };
        self.last_line = self.last_line.max(line);
        self.times += 1;
    }

    /// Places it further down: as many lines stood before what was read.
    pub(super) fn move_down(&mut self, lines: usize) {
        self.first_line += lines;
        self.last_line += lines;
    }

    /// The lines it stands on, in short.
    pub fn lines(&self) -> String {
        match self.times {
            1 => self.first_line.to_string(),
            _ => format!("{}-{}", self.first_line, self.last_line),
        }
    }

    /// The evidence in one line, with how often it is there.
    fn told(&self) -> String {
        match self.times {
            1 => self.quote.clone(),
            times => format!("{} ({times} times, lines {})", self.quote, self.lines()),
        }
    }
}

impl Sorted {
    /// Sorts what was read.
    pub fn of(readings: Vec<Reading>) -> Self {
        let mut sorted = Self::default();
        let mut ranked = Vec::new();
        for reading in readings {
            sorted.skipped += reading.skipped;
            sorted.marked |= reading.marked;
            for seen in reading.errors {
                match matcher::candidates(&seen.clues).first() {
                    Some(best) => ranked.push((rank(best, &seen), seen, best.fix.id)),
                    None if seen.clues.contains(&Clue::By(Party::Foreign)) => {
                        sorted.foreign.push(seen);
                    }
                    None => sorted.unknown.push(seen),
                }
            }
        }
        ranked.sort_by_key(|(rank, ..)| *rank);
        sorted.recognised = ranked.into_iter().map(|(_, seen, id)| (seen, id)).collect();
        sorted
    }

    /// Every error, with the id of its cause where it has one.
    pub fn all(&self) -> impl Iterator<Item = (&Seen, Option<&str>)> {
        let known = self.recognised.iter().map(|(seen, id)| (seen, Some(*id)));
        let others = self.foreign.iter().chain(&self.unknown).map(|seen| (seen, None));
        known.chain(others)
    }

    /// The findings, best first, with the rivals that the text cannot rule out behind them. Where nothing
    /// is known, and nobody else is known to have said it, that is the finding.
    pub fn findings(&self, shell: Shell) -> Vec<Finding> {
        let known = self.recognised.iter().map(|(seen, _)| seen);
        let alone = self.recognised.is_empty() && self.foreign.is_empty();
        let unknown = self.unknown.iter().take(usize::from(alone));
        let observations: Vec<Observation> = known.chain(unknown).map(observation).collect();
        judge::explain(&observations, shell)
    }
}

/// The order of causes. What is only a guess comes last, however bad it would be: confidence is a bar and
/// no measure. Then what breaks calls, before what will; then what stays broken until somebody fixes it,
/// before what passes by itself; then whose class it is, in the order in which a call meets them. Equals
/// stand as in the text.
type Rank = (Bar, Severity, bool, u8);

/// How much a cause is more than a guess; what the catalogue is sure of may be one still, where a text
/// does not show that it is about this API.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bar {
    Known,
    OfAnybody,
    Guess,
}

fn rank(best: &Candidate, seen: &Seen) -> Rank {
    let bar = match judge::sureness(best, &seen.clues) {
        Confidence::High | Confidence::Medium => Bar::Known,
        Confidence::Low if best.case.sure > Confidence::Low => Bar::OfAnybody,
        Confidence::Low => Bar::Guess,
    };
    let lasts = matches!(best.fix.retry, RetryClass::FixFirst | RetryClass::Never);
    (bar, best.fix.severity, !lasts, place(best.fix.class()))
}

const fn place(class: Class) -> u8 {
    match class {
        Class::Path => 0,
        Class::Usage | Class::Yours => 1,
        Class::Quota => 2,
        Class::Theirs => 3,
        Class::Unknown => 4,
    }
}

fn observation(seen: &Seen) -> Observation {
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
        evidence: vec![Evidence { attempt: None, text: seen.told(), clues: seen.clues.clone() }],
    }
}
