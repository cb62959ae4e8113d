//! All that is told of a search: its rows, its document, its tables, and what it does not show.

use serde_json::Value;

use super::{
    Bisect, Source, Story, data, sheets,
    words::{self, bodies, counted},
};
use crate::{
    bisect::Outcome,
    facts::{Check, Class, Status},
    probe::bisect::{Seen, rows},
    report::document::{Remark, Sheet},
};

/// What a finished search is told with.
pub struct Told {
    /// Its rows.
    pub checks: Vec<Check>,
    /// The command's own data.
    pub data: Value,
    /// Its tables.
    pub sheets: Vec<Sheet>,
    /// What is worth a line.
    pub remarks: Vec<Remark>,
    /// What this does not show.
    pub limits: Vec<String>,
    /// The word of the headline.
    pub word: &'static str,
    /// Its sentence.
    pub sentence: String,
    /// What fails the run.
    pub class: Option<Class>,
    /// The worst row.
    pub status: Status,
    /// The command that leads on.
    pub next: Option<String>,
}

/// All that is told.
pub fn told(args: &Bisect, story: &Story<'_>) -> Told {
    let (word, sentence) = words::headline(story);
    let checks = checks(story);
    let status = checks.first().map_or(Status::Inconclusive, |check| check.status);
    Told {
        data: data::data(story),
        sheets: sheets::sheets(story),
        remarks: remarks(args, story),
        limits: limits(story),
        word,
        sentence,
        class: class(story),
        status,
        next: next(args, story),
        checks,
    }
}

fn class(story: &Story<'_>) -> Option<Class> {
    match (&story.answer.outcome, story.source) {
        (Outcome::Passes, _) if story.is_in_the_words() => Some(Class::Unknown),
        (Outcome::Passes, _) => None,
        (Outcome::Found, _) | (Outcome::NoPart, Source::Service) => Some(Class::Yours),
        _ => Some(Class::Unknown),
    }
}

fn checks(story: &Story<'_>) -> Vec<Check> {
    let seen = Seen {
        answer: story.answer,
        said: story.said(),
        by_service: story.source == Source::Service,
        is_filled: story.replaced > 0,
    };
    rows(seen).into_iter().map(|row| row.check).collect()
}

fn remarks(args: &Bisect, story: &Story<'_>) -> Vec<Remark> {
    let answer = story.answer;
    let remark = |label, text: String| Remark { label, text, command: None };
    let mut remarks = vec![remark(
        "tried",
        format!("{}, of one with {} values", bodies(story.tries.len()), story.own.values()),
    )];
    let around: Vec<&str> = answer
        .faults
        .iter()
        .flat_map(|fault| &fault.around)
        .map(|place| place.path.as_str())
        .collect();
    if !around.is_empty() {
        let text = format!("{}: without them another fault comes first", around.join(", "));
        remarks.push(remark("beside", text));
    }
    if let Some(way) = story.asked_by() {
        let fault = if answer.faults.len() > 1 { "the faults" } else { "the fault" };
        remarks.push(remark("asked", format!("{way}: by that {fault} showed")));
    }
    if story.replaced > 0 {
        let texts = counted(story.replaced, "text");
        remarks.push(remark("texts", format!("{texts} of yours stayed here; fillers were sent")));
    }
    for (path, _) in args.files(story) {
        remarks.push(remark("written", path.display().to_string()));
    }
    remarks
}

fn limits(story: &Story<'_>) -> Vec<String> {
    let answer = story.answer;
    let mut limits = Vec::new();
    if story.source == Source::Oracle && answer.outcome == Outcome::NoPart {
        limits.push(
            "a program that cannot be run fails as well (126, 127): try it by hand on a body that passes"
                .to_owned(),
        );
    }
    let is_telling = answer.signature.as_ref().is_some_and(|signature| !signature.marks.is_empty());
    if answer.outcome == Outcome::Found && !is_telling {
        limits.push(
            "the program does not say why it fails, so that any failure counts as this one"
                .to_owned(),
        );
    }
    limits
}

fn next(args: &Bisect, story: &Story<'_>) -> Option<String> {
    match &story.answer.outcome {
        Outcome::Found if args.write_passing.is_none() => {
            Some(format!("{} --write-passing PATH", args.again()))
        }
        Outcome::Passes if story.is_in_the_words() => Some(format!("{} --keep-text", args.again())),
        Outcome::Found | Outcome::Passes | Outcome::NoPart => None,
        Outcome::Stopped | Outcome::Flaky { .. } | Outcome::CannotTell(_) => Some(args.again()),
    }
}
