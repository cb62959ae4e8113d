//! The rows of a search, whoever led it: whether the body is refused, for which parts, and whether that came out twice.

use crate::{
    bisect::{Answer, Outcome},
    facts::{Status, check::Observation},
};

use super::super::row::{BISECT_BODY, BISECT_CONFIRMED, BISECT_PARTS};

/// What the rows rest on.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// What the search says.
    pub answer: &'a Answer,
    /// What was said when the body was refused first.
    pub said: Option<&'a str>,
    /// Whether a service refused it, and no program of the caller's.
    pub by_service: bool,
    /// Whether fillers stood in the place of texts.
    pub is_filled: bool,
}

/// The three of them.
pub fn rows(seen: Seen<'_>) -> [Observation; 3] {
    [whole(seen), parts(seen), confirmed(seen)]
}

fn whole(seen: Seen<'_>) -> Observation {
    let answer = seen.answer;
    let said = seen.said.unwrap_or("refused").to_owned();
    let (status, detail) = match (&answer.outcome, &answer.signature) {
        (Outcome::Passes, _) if seen.is_filled => {
            (Status::Inconclusive, "taken, with fillers in the place of its texts".to_owned())
        }
        (Outcome::Passes, _) => (Status::Pass, "taken, each time".to_owned()),
        (Outcome::Found, _) => (Status::Fail, said),
        (Outcome::NoPart, _) if seen.by_service => (Status::Fail, said),
        (Outcome::CannotTell(why), None) => (Status::Inconclusive, why.clone()),
        (_, None) => (Status::Inconclusive, "no answer that decides".to_owned()),
        (_, Some(_)) => (Status::Inconclusive, said),
    };
    BISECT_BODY.row(status, detail).done()
}

fn parts(seen: Seen<'_>) -> Observation {
    let answer = seen.answer;
    let found: Vec<String> = answer.faults.iter().map(crate::bisect::Fault::words).collect();
    let found = found.join(", ");
    let (status, detail) = match &answer.outcome {
        Outcome::Passes => (Status::Skip, "nothing is refused".to_owned()),
        Outcome::Found => (Status::Fail, found),
        Outcome::NoPart => (Status::Skip, "no part decides it".to_owned()),
        Outcome::Flaky { .. } => {
            (Status::Inconclusive, "the same body passes and fails".to_owned())
        }
        Outcome::CannotTell(_) | Outcome::Stopped if answer.signature.is_none() => {
            (Status::Inconclusive, "not searched".to_owned())
        }
        Outcome::CannotTell(_) | Outcome::Stopped => {
            let suspects = answer.suspects_words();
            let suspects = if suspects.is_empty() { "none left".to_owned() } else { suspects };
            let found = if found.is_empty() { found } else { format!("{found}; ") };
            (Status::Inconclusive, format!("{found}suspected: {suspects}"))
        }
    };
    BISECT_PARTS.row(status, detail).done()
}

fn confirmed(seen: Seen<'_>) -> Observation {
    let answer = seen.answer;
    let fails = !answer.faults.is_empty() && answer.faults.iter().all(|fault| fault.confirmed);
    let (status, detail) = match (&answer.outcome, fails, answer.passing_confirmed) {
        (Outcome::Found, true, true) => {
            (Status::Pass, "the minimal body failed again, the rest passed again")
        }
        (Outcome::Found, true, false) => {
            (Status::Warn, "the minimal body failed again; the rest was not tried twice")
        }
        (Outcome::Found, false, _) => {
            (Status::Warn, "no answer came when the minimal body was tried again")
        }
        _ => (Status::Skip, "nothing to confirm"),
    };
    BISECT_CONFIRMED.row(status, detail).done()
}
