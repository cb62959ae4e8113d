//! The sentences of `bisect`.

use super::{Source, Story};
use crate::bisect::{Aim, Fault, Judge, Outcome, Verdict};

/// A quotation in a sentence is no longer than this.
const QUOTE: usize = 160;

/// The word and the sentence of the verdict.
pub(super) fn headline(story: &Story<'_>) -> (&'static str, String) {
    let answer = story.answer;
    let calls = counted(story.tries.len(), "call");
    match &answer.outcome {
        Outcome::Found => ("REFUSED", found(story)),
        Outcome::Passes if story.is_in_the_words() => ("UNCLEAR", in_the_words(story)),
        Outcome::Passes => {
            let times = answer.calls;
            ("PASS", format!("the whole body was taken, {times} times of {times}."))
        }
        Outcome::NoPart if story.source == Source::Oracle => (
            "UNCLEAR",
            "the program says no to whatever it is given, also to what stands for the body with everything cut."
                .to_owned(),
        ),
        Outcome::NoPart => (
            "REFUSED",
            format!(
                "no part of the body decides it{}. What stands for it with everything cut is refused just so.",
                said(story)
            ),
        ),
        Outcome::Flaky { passed, failed } => (
            "FLAKY",
            format!(
                "one and the same body was taken {} and refused {}{}. That is no fault of a part.",
                times(*passed),
                times(*failed),
                said(story)
            ),
        ),
        Outcome::CannotTell(why) => (
            "UNCLEAR",
            format!("{calls}, and too many of them said neither yes nor no ({}).", quote(why)),
        ),
        Outcome::Stopped => ("UNCLEAR", unfinished(story)),
    }
}

fn in_the_words(story: &Story<'_>) -> String {
    let texts = counted(story.replaced, "text");
    format!(
        "with fillers in the place of {texts} the body is taken, so that the fault is in the words, or gone. They were not sent; --keep-text sends them."
    )
}

/// `generationConfig.topK is what is refused: ... . Without it the body passes.`
fn found(story: &Story<'_>) -> String {
    let faults = &story.answer.faults;
    let parts: Vec<String> = faults.iter().map(Fault::words).collect();
    let several = faults.iter().map(|fault| fault.guilty.len()).sum::<usize>() > 1;
    let confirmed = faults.iter().all(|fault| fault.confirmed);
    let is = match (confirmed, several) {
        (true, false) => "is",
        (true, true) => "are",
        (false, false) => "was",
        (false, true) => "were",
    };
    let once = if confirmed { "" } else { " once, which no second answer confirmed" };
    let rest = without(story, if several { "them" } else { "it" });
    format!("{} {is} refused{once}{}. {rest}", parts.join(", and apart from that "), said(story))
}

/// What became of the body without what was found, and who says so.
fn without(story: &Story<'_>, it: &str) -> String {
    let answer = story.answer;
    // Nobody asked for an answer of the length that the body says.
    let short = if story.passes_shortened { ", its answer made short" } else { "" };
    match (&answer.passing, answer.passing_confirmed) {
        (Some(_), true) if answer.judge == Judge::Full => {
            format!("Without {it} the body passes{short}.")
        }
        (Some(_), true) if answer.passes_beyond => {
            format!(
                "Without {it} countTokens takes the body each time, and generateContent took it once{short}."
            )
        }
        // A count does not show every fault, and so says less than an answer.
        (Some(_), true) => {
            format!("Without {it} countTokens takes the body, which does not show every fault.")
        }
        (Some(_), false) => format!("Without {it} the body passed once{short}."),
        (None, _) if answer.still_refused => {
            format!("Without {it} something is missing that the service wants.")
        }
        (None, _) => format!("Whether it passes without {it} could not be told."),
    }
}

fn unfinished(story: &Story<'_>) -> String {
    let answer = story.answer;
    let calls = counted(story.tries.len(), "call");
    let found = match answer.faults.first() {
        Some(first) => format!(" {} was found; what else there is was not.", first.words()),
        None => String::new(),
    };
    let suspects = match answer.suspects.is_empty() || answer.signature.is_none() {
        true => String::new(),
        false => format!(
            " Of {} values {} are cleared; suspected: {}.",
            answer.suspected + answer.cleared,
            answer.cleared,
            answer.suspects_words()
        ),
    };
    let why = story.ended.unwrap_or("the search was stopped");
    let whole = if answer.faults.is_empty() { of_the_whole(story) } else { String::new() };
    format!("not decided after {calls}, because {why}.{whole}{found}{suspects}")
}

/// What the first calls said of the whole body, which is all that one call can tell.
fn of_the_whole(story: &Story<'_>) -> String {
    let whole = story.tries.iter().filter(|one| one.aim == Aim::Whole);
    let said: Vec<String> = whole
        .filter_map(|one| match one.verdict {
            Verdict::Passes => Some(format!("taken{}", by(one.by))),
            Verdict::Fails(_) => Some(format!("refused{}", by(one.by))),
            Verdict::CannotTell(_) => None,
        })
        .collect();
    let Some(last) = said.last() else { return String::new() };
    let is_one = said.iter().all(|one| one == last);
    let said = if is_one { last.clone() } else { said.join(", ") };
    let lone = match story.tries {
        [_] => " One call tells no more: a part is known after more of them, mostly within 25.",
        _ => "",
    };
    format!(" The whole body was {said}{}.{lone}", self::said(story))
}

/// Whom a body was given to; a program of the caller's needs no name.
fn by(who: &str) -> String {
    match who {
        "oracle" => String::new(),
        method => format!(" by {}", method.trim_start_matches("models.")),
    }
}

fn said(story: &Story<'_>) -> String {
    let said = story.said().filter(|_| story.source == Source::Service || is_telling(story));
    said.map(|said| format!(" ({})", quote(said))).unwrap_or_default()
}

/// Whether a program said more than a number.
fn is_telling(story: &Story<'_>) -> bool {
    story.answer.signature.as_ref().is_some_and(|signature| !signature.marks.is_empty())
}

fn quote(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches('.');
    match line.char_indices().nth(QUOTE) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None => line.to_owned(),
    }
}

/// `1 call`, `2 calls`
pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// `1 body`, `2 bodies`
pub(super) fn bodies(count: usize) -> String {
    if count == 1 { "1 body".to_owned() } else { format!("{count} bodies") }
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}
