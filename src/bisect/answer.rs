//! What a search can be told, and what it says in the end.

use super::{body::Cut, tree::Place};

/// How a fault shows itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// The status of the answer; none where there is no such thing.
    pub status: Option<u16>,
    /// What the answer says, a mark for each thing that it complains of, without the words that hang on the body's
    /// size and order. None where that is not known: then every refusal of the status is the same.
    pub marks: Vec<String>,
}

impl Signature {
    /// That of an answer with a message. What hangs on the size and the order of a body is left out: two cuts of one
    /// body must not look like two faults.
    pub fn of(status: Option<u16>, message: &str) -> Self {
        let mut marks: Vec<String> = Vec::new();
        for line in message.lines() {
            let mark = plain(line);
            if !mark.is_empty() && !marks.contains(&mark) {
                marks.push(mark);
            }
        }
        Self { status, marks }
    }

    /// Whether the other shows a fault that this one shows.
    pub fn shares(&self, other: &Self) -> bool {
        let silent = self.marks.is_empty() || other.marks.is_empty();
        self.status == other.status
            && (silent || self.marks.iter().any(|mark| other.marks.contains(mark)))
    }

    /// What both show, where that is something.
    pub(super) fn narrowed(&self, other: &Self) -> Self {
        let both = |mark: &&String| other.marks.contains(mark);
        let marks: Vec<String> = self.marks.iter().filter(both).cloned().collect();
        match marks.is_empty() {
            true => self.clone(),
            false => Self { status: self.status, marks },
        }
    }
}

/// A line without its numbers, as it is told of a request to generate and of one to count alike.
fn plain(line: &str) -> String {
    let line = line.trim().trim_start_matches("* ");
    let line = line
        .replace("CountTokensRequest.generate_content_request", "GenerateContentRequest")
        .replace("generate_content_request.", "")
        .replace(" at 'generate_content_request'", "");
    let mut plain = String::with_capacity(line.len());
    for letter in line.chars() {
        match letter {
            digit if digit.is_ascii_digit() && plain.ends_with('#') => {}
            digit if digit.is_ascii_digit() => plain.push('#'),
            letter => plain.push(letter),
        }
    }
    plain
}

/// What became of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is taken.
    Passes,
    /// It is refused.
    Fails(Signature),
    /// Neither: nobody answered, or somebody who had no time. The text says what came.
    CannotTell(String),
}

/// What a search may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bodies that are tried.
    pub calls: usize,
    /// How often a body is tried again where nobody says yes or no.
    pub again: usize,
    /// How many answers of a run may say neither, before it ends.
    pub untold: usize,
}

/// Who is asked about a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Judge {
    /// Whoever costs nothing, and does not see every fault.
    Cheap,
    /// Whoever sees them all.
    Full,
}

/// Why a body is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// The whole body.
    Whole,
    /// What stands for it when everything is cut.
    Empty,
    /// Some of its parts.
    Half,
    /// The parts that are suspected, alone.
    Alone,
    /// All but what was found.
    Rest,
    /// The same, where whoever took it does not see every fault.
    Beyond,
    /// What was asked before, once more.
    Again,
}

impl Aim {
    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Empty => "empty",
            Self::Half => "half",
            Self::Alone => "alone",
            Self::Rest => "rest",
            Self::Beyond => "beyond",
            Self::Again => "again",
        }
    }
}

/// A body that was tried, for the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Try {
    /// Why.
    pub aim: Aim,
    /// Whom it was given to: `oracle`, `countTokens`, `generateContent`.
    pub by: &'static str,
    /// How long it was, in bytes.
    pub bytes: usize,
    /// What became of it.
    pub verdict: Verdict,
    /// The same in a few words.
    pub said: String,
    /// How long it took.
    pub took_ms: Option<f64>,
}

impl Verdict {
    /// The word of JSON.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Passes => "passes",
            Self::Fails(_) => "fails",
            Self::CannotTell(_) => "cannot_tell",
        }
    }
}

impl Outcome {
    /// The word of JSON.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Passes => "passes",
            Self::Found => "found",
            Self::NoPart => "no_part",
            Self::Flaky { .. } => "flaky",
            Self::CannotTell(_) => "cannot_tell",
            Self::Stopped => "stopped",
        }
    }
}

/// The next thing to do.
#[derive(Clone, Debug)]
pub enum Step {
    /// This body is to be tried.
    Ask(Question),
    /// There is nothing more to ask.
    Done(Box<Answer>),
}

/// A body to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The body.
    pub cut: Cut,
    /// Why.
    pub aim: Aim,
    /// Who is to be asked.
    pub judge: Judge,
}

/// How a search ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The whole body was taken, each time.
    Passes,
    /// The guilty parts are known, and were confirmed.
    Found,
    /// What is left when everything is cut is refused just so: no part of the body decides that.
    NoPart,
    /// The same body was taken and refused.
    Flaky {
        /// How often it was taken.
        passed: usize,
        /// How often it was refused.
        failed: usize,
    },
    /// Nobody said yes or no, whatever was asked.
    CannotTell(String),
    /// More was to be asked than may be, or somebody stopped it.
    Stopped,
}

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The parts that are guilty: one, or several that only fail together.
    pub guilty: Vec<Place>,
    /// Parts that are not guilty, but without which another fault comes first.
    pub around: Vec<Place>,
    /// The minimal body that fails.
    pub cut: Cut,
    /// How it shows itself.
    pub signature: Signature,
    /// Whether the minimal body failed again when it was asked again.
    pub confirmed: bool,
    /// Who refused it.
    pub judge: Judge,
}

impl Fault {
    /// `a.maxItems`; `a.maxItems, b.maxItems and 2 more (only together)`
    pub fn words(&self) -> String {
        const NAMED: usize = 3;
        let paths: Vec<&str> = self.guilty.iter().map(|place| place.path.as_str()).collect();
        match &paths[..] {
            [] => "$".to_owned(),
            [one] => (*one).to_owned(),
            [first @ .., last] if paths.len() <= NAMED => {
                format!("{} and {last} (only together)", first.join(", "))
            }
            _ => {
                let named = paths[..NAMED - 1].join(", ");
                format!("{named} and {} more (only together)", paths.len() + 1 - NAMED)
            }
        }
    }
}

impl Answer {
    /// The first of the suspects.
    pub fn suspects_words(&self) -> String {
        const NAMED: usize = 3;
        let named = self.suspects.iter().take(NAMED).map(|place| place.path.as_str());
        let named: Vec<&str> = named.collect();
        let more = self.suspects.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{more}", named.join(", "))
    }
}

/// What is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How the search ended.
    pub outcome: Outcome,
    /// The faults that were found, in the order in which they were found.
    pub faults: Vec<Fault>,
    /// The largest body that is known to pass: the original minus the guilty parts, once all are found.
    pub passing: Option<Cut>,
    /// The smallest body that is known to fail.
    pub failing: Option<Cut>,
    /// Whether the passing body was asked again, and passed again.
    pub passing_confirmed: bool,
    /// Who was asked last. Of whoever does not see every fault a body that passes may still be refused.
    pub judge: Judge,
    /// Whether whoever sees every fault took the passing body, where the other one was asked last.
    pub passes_beyond: bool,
    /// Whether the original minus the guilty parts is refused for something that no cut can mend.
    pub still_refused: bool,
    /// What can still be guilty, where the search is not over: the outermost parts.
    pub suspects: Vec<Place>,
    /// How many values are suspected.
    pub suspected: usize,
    /// How many values are cleared.
    pub cleared: usize,
    /// How many bodies were tried.
    pub calls: usize,
    /// How the whole body fails.
    pub signature: Option<Signature>,
}
