//! An exam for somebody's own client: each question is one kind of failure, and what the client does next
//! is the answer. Marks come from the requests that arrived, and from nothing else.
//!
//! Pure but for the table of questions, which the judge of a running simulation carries out. It starts no
//! client and waits for none.

mod call;
mod lines;
mod questions;
mod spread;
#[cfg(test)]
mod tests;

pub use self::lines::{LINES, Line};
pub use self::questions::{PAUSE_MS, QUESTIONS, Question, SITTINGS, find, held_open_ms};

use super::log::Seen;

/// So many requests for one call are beyond any cap that helps.
pub const TOO_MANY: usize = 12;

/// One question put to a client, and what it did.
#[derive(Clone, Debug)]
pub struct Sitting {
    /// The question.
    pub question: &'static Question,
    /// The requests that came, in their order.
    pub seen: Vec<Seen>,
    /// How it ended.
    pub ended: End,
}

/// How a sitting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The client was done.
    Done,
    /// What the question is about was seen; the client was not waited for.
    Enough,
    /// The client was stopped, since it sent too many requests for one call, or for what may be one.
    TooMany,
    /// The client was stopped, since it took too long.
    OutOfTime,
}

impl End {
    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Enough => "enough",
            Self::TooMany => "too_many_requests",
            Self::OutOfTime => "out_of_time",
        }
    }
}

/// What the evidence allows to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// As it should be.
    Pass,
    /// Works, with something to say.
    Warn,
    /// Not as it should be.
    Fail,
    /// The client did nothing that would tell.
    Unseen,
}

/// One line of the verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What it is about.
    pub line: &'static Line,
    /// The grade.
    pub grade: Grade,
    /// What was seen, in a few words.
    pub evidence: String,
}

/// Grades a client on every line.
pub fn grade(sittings: &[Sitting]) -> Vec<Mark> {
    LINES
        .iter()
        .map(|line| {
            let (grade, evidence) = (line.judge)(sittings);
            Mark { line, grade, evidence }
        })
        .collect()
}

/// Whether a sitting has shown all that it can, although the client goes on.
pub fn is_over(question: &Question, seen: &[Seen]) -> Option<End> {
    let calls = call::calls(seen);
    let most = calls.iter().map(call::Call::requests).max().unwrap_or(0);
    // A client that changes its body with each repeat comes to an end as well.
    let to_first = calls.iter().filter(|call| call.model == calls[0].model).count();
    match question.announced_ms {
        _ if most >= TOO_MANY || (most == 1 && to_first >= TOO_MANY) => Some(End::TooMany),
        // After the second repeat the client has shown whether it waits as it was told.
        Some(_) if most >= 3 => Some(End::Enough),
        _ => None,
    }
}

/// What came in a sitting, for documents: each request with its model, its status and the wait before it.
pub fn requests(sitting: &Sitting) -> Vec<(u64, Option<String>, Option<u16>)> {
    let generating = sitting.seen.iter().filter(|seen| seen.generating);
    generating.map(|seen| (call::arrival(seen), seen.model.clone(), seen.status)).collect()
}
