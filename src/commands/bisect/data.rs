//! The part of the document that is `bisect`'s own. Bodies are texts in it, since the order of their members and each
//! letter can be what matters.

use serde_json::{Value, json};

use super::{Source, Story};
use crate::{
    bisect::{Fault, Judge, Place, Style, Try},
    probe::bisect::Foreseen,
};

/// It whole.
pub(super) fn data(story: &Story<'_>) -> Value {
    let answer = story.answer;
    let text = |cut| story.tried.text(cut, Style::Pretty);
    json!({
        "outcome": match story.is_in_the_words() {
            true => "in_the_words",
            false => answer.outcome.word(),
        },
        "source": match story.source {
            Source::Oracle => "oracle",
            Source::Service => "service",
        },
        "file": story.file,
        "values": story.own.values(),
        "texts_replaced": story.replaced,
        "taken_out": [],
        "names_twice": story.twice.iter().map(place).collect::<Vec<_>>(),
        "calls": story.tries.len(),
        "asked_by": story.asked_by(),
        "said": story.said(),
        "faults": answer.faults.iter().map(|fault| of_fault(story, fault)).collect::<Vec<_>>(),
        "passing_body": answer.passing.as_ref().map(text),
        "passing_confirmed": answer.passing_confirmed,
        "passing_taken_by": taken_by(story),
        "still_refused": answer.still_refused,
        "failing_body": story.minimal().map(text),
        "suspects": answer.suspects.iter().map(place).collect::<Vec<_>>(),
        "suspected": answer.suspected,
        "cleared": answer.cleared,
        "ended": story.ended,
        "tries": story.tries.iter().enumerate().map(of_try).collect::<Vec<_>>(),
    })
}

fn of_fault(story: &Story<'_>, fault: &Fault) -> Value {
    json!({
        "guilty": fault.guilty.iter().map(place).collect::<Vec<_>>(),
        "only_together": fault.guilty.len() > 1,
        "lint": lint(story, fault),
        "needed_around": fault.around.iter().map(place).collect::<Vec<_>>(),
        "status": fault.signature.status,
        "signature": fault.signature.marks,
        "minimal_body": story.tried.text(&fault.cut, Style::Pretty),
        "confirmed": fault.confirmed,
        "refused_by": story.name_of(fault.judge),
    })
}

/// What rules say of each of its parts, where they say anything.
fn lint(story: &Story<'_>, fault: &Fault) -> Vec<Value> {
    let of = |known: &Foreseen| {
        json!({
            "path": known.path,
            "rule": known.rule,
            "message": known.said,
            "correction": known.correction,
        })
    };
    story.rules_say(fault).into_iter().map(of).collect()
}

/// Who took the body that passes: counts do not show every fault.
fn taken_by(story: &Story<'_>) -> Vec<&'static str> {
    let answer = story.answer;
    let asked = answer.passing.is_some().then_some(answer.judge);
    let beyond = answer.passes_beyond.then_some(Judge::Full);
    asked.into_iter().chain(beyond).map(|judge| story.name_of(judge)).collect()
}

fn place(place: &Place) -> Value {
    json!({
        "path": place.path, "line": place.line, "column": place.column, "offset": place.offset,
    })
}

fn of_try((nth, one): (usize, &Try)) -> Value {
    json!({
        "nth": nth + 1,
        "aim": one.aim.word(),
        "by": one.by,
        "bytes": one.bytes,
        "verdict": one.verdict.word(),
        "said": one.said,
        "took_ms": one.took_ms.map(|ms| (ms * 10.0).round() / 10.0),
    })
}
