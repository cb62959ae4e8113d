//! All that is told of a search: its rows, its document, its tables, and what it does not show.

use serde_json::Value;

use super::{
    Bisect, Source, Story, data, sheets,
    words::{self, bodies, counted},
};
use crate::{
    bisect::{self, Fault, Outcome, Style},
    facts::{Check, Class, Severity, Status},
    gemini::generation,
    probe::bisect::{Seen, Way, rows},
    report::document::{About, Place, Remark, Sheet},
};

/// What stands at a guilty part.
const GUILTY: About = About {
    title: "This part of a request body is refused",
    why: "The body was taken apart: what holds this part is refused, and what is left without it was not.",
    page: "https://ai.google.dev/api/generate-content",
    level: Severity::Error,
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
    /// The guilty parts for other programs.
    pub places: Vec<Place>,
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
        places: places(story),
        checks,
    }
}

/// Each guilty part at its line, with those that it fails with.
fn places(story: &Story<'_>) -> Vec<Place> {
    let said = story.said().map(|said| format!(": {said}")).unwrap_or_default();
    let of = |fault: &Fault| {
        let paths: Vec<&str> = fault.guilty.iter().map(|place| place.path.as_str()).collect();
        let together = |own: &str| match paths.len() {
            0 | 1 => String::new(),
            _ => {
                let others = paths.iter().filter(|path| **path != own).copied();
                format!(" only together with {}", others.collect::<Vec<_>>().join(", "))
            }
        };
        let place = |place: &bisect::Place| Place {
            rule: "refused-part".to_owned(),
            about: Some(GUILTY),
            level: Severity::Error,
            message: format!("{} is refused{}{said}", place.path, together(&place.path)),
            file: story.path.to_owned(),
            member: None,
            line: Some(place.line),
            column: Some(place.column),
            offset: u64::try_from(place.offset).unwrap_or_default(),
            stable: place.path.clone(),
        };
        fault.guilty.iter().map(place).collect::<Vec<_>>()
    };
    story.answer.faults.iter().flat_map(of).collect()
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
        passes_shortened: story.passes_shortened,
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
    remarks.extend(together(story).map(|text| remark("together", text)));
    remarks.extend(rules_say(story).map(|text| remark("lint", text)));
    for place in story.twice {
        let text = format!(
            "{} (line {}) stands a second time in its object: most parsers keep the last alone, and so do shortened requests from here",
            place.path, place.line
        );
        remarks.push(remark("twice", text));
    }
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

/// The parts of each fault that has several.
fn together<'s>(story: &'s Story<'_>) -> impl Iterator<Item = String> + 's {
    let groups = story.answer.faults.iter().filter(|fault| fault.guilty.len() > 1);
    groups.map(|fault| {
        let paths: Vec<&str> = fault.guilty.iter().map(|place| place.path.as_str()).collect();
        format!("these fail only together, as one fault: {}", paths.join(", "))
    })
}

/// What the rules of `lint` know of the guilty parts, with what to write there.
fn rules_say<'s>(story: &'s Story<'_>) -> impl Iterator<Item = String> + 's {
    let known = story.answer.faults.iter().flat_map(|fault| story.rules_say(fault));
    known.map(|known| {
        let then = known.correction.iter().map(|words| format!(". {words}"));
        format!("{}: {}{} [{}]", known.path, known.said, then.collect::<String>(), known.rule)
    })
}

fn limits(story: &Story<'_>) -> Vec<String> {
    let answer = story.answer;
    let mut limits = Vec::new();
    let whole = story.own.text(&story.own.whole(), Style::Compact);
    let is_short = story.way.is_some_and(|way| way != Way::Plain.word());
    if answer.outcome == Outcome::Found && is_short && generation::says_how_long(&whole) {
        limits.push(
            "answers were asked for in a short form, so that a second fault in maxOutputTokens or candidateCount would not show"
                .to_owned(),
        );
    }
    if story.source == Source::Oracle && answer.outcome == Outcome::NoPart {
        limits.push(
            "try the program by hand on a body that passes: it may fail for a reason of its own"
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
    let outcome = match &story.answer.outcome {
        Outcome::Found if args.write_passing.is_some() => return None,
        Outcome::Passes if story.is_in_the_words() => "in_the_words",
        Outcome::Passes | Outcome::NoPart => return None,
        outcome => outcome.word(),
    };
    Some(args.next(outcome, story.shell))
}
