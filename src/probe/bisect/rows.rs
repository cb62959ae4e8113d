//! The rows of a search, whoever led it: whether the body is refused, for which parts, and whether that came out twice.

use crate::{
    bisect::{Answer, Judge, Outcome},
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
    /// Whether what passes was only asked for with a shorter answer than it says.
    pub passes_shortened: bool,
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
    if seen.answer.outcome != Outcome::Found {
        return BISECT_CONFIRMED.row(Status::Skip, "nothing to confirm").done();
    }
    let ((refused, fails), (taken, passes)) = (refused_again(seen), taken_again(seen));
    let is_sure = fails && passes && !seen.passes_shortened;
    let status = if is_sure { Status::Pass } else { Status::Warn };
    let shortened = if passes && seen.passes_shortened { ", its answer made short" } else { "" };
    BISECT_CONFIRMED.row(status, format!("{refused}; {taken}{shortened}")).done()
}

/// Whether each minimal body was refused again, and by whom.
fn refused_again(seen: Seen<'_>) -> (String, bool) {
    let faults = &seen.answer.faults;
    if !faults.iter().all(|fault| fault.confirmed) {
        let said = "no answer came when the minimal body was tried again";
        return (said.to_owned(), false);
    }
    let judges = [Judge::Cheap, Judge::Full].into_iter();
    let judges = judges.filter(|judge| faults.iter().any(|fault| fault.judge == *judge));
    let by: Vec<&str> = judges.map(|judge| by(seen, judge)).collect();
    let each = if faults.len() > 1 { "each" } else { "the" };
    (format!("{each} minimal body was refused again{}", by.join(" and")), true)
}

/// Whether the rest was taken again, and by whom: of counts alone nobody knows that it passes.
fn taken_again(seen: Seen<'_>) -> (String, bool) {
    let answer = seen.answer;
    let by = by(seen, answer.judge);
    match (&answer.passing, answer.passing_confirmed, answer.judge) {
        (None, ..) if answer.still_refused => {
            ("the rest lacks something that is wanted".to_owned(), false)
        }
        (None, ..) => ("no answer told whether the rest passes".to_owned(), false),
        (Some(_), false, _) => (format!("the rest passed once{by}"), false),
        (Some(_), true, Judge::Full) => (format!("the rest passed again{by}"), true),
        (Some(_), true, Judge::Cheap) if answer.passes_beyond => {
            (format!("the rest passed again{by}, and once by generateContent"), true)
        }
        (Some(_), true, Judge::Cheap) => {
            (format!("the rest passed again{by} alone, which does not show every fault"), false)
        }
    }
}

fn by(seen: Seen<'_>, judge: Judge) -> &'static str {
    match (seen.by_service, judge) {
        (false, _) => "",
        (true, Judge::Cheap) => " by countTokens",
        (true, Judge::Full) => " by generateContent",
    }
}
