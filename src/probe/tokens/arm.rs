//! One prompt with its needles: counted, sent, and sent again where only that can settle it.

use serde_json::Value;

use crate::{
    facts::{
        Clue, Status,
        check::Evidence,
        clue::{self, Shown},
    },
    gemini::{Call, Reply, needles},
    tokens::delivery::{self, Books, Ended, Haystack, Sample, ToolsVerdict, Verdict},
};

use super::{
    super::{
        Runner, Tried,
        key::failed_status,
        row::{Question, Row, TOKENS_DELIVERY, TOKENS_TOOLS},
    },
    Arm, DeliveryPlan, Subject, count, is_good,
};

/// What became of a prompt, with the last call that it rests on.
pub(super) struct Asked {
    pub(super) arm: Arm,
    pub(super) tried: Tried,
}

/// Sends the prompt of a plan, with or without an empty list of tools.
pub(super) async fn ask(
    subject: &Subject,
    tools: bool,
    runner: &mut Runner<'_>,
    plan: &DeliveryPlan,
) -> Asked {
    let body = plan.body(subject.thinking, &subject.api_version, tools);
    let counted = count::ask(subject, &body, false, runner).await;
    let books = Books {
        local: plan.local,
        counted: counted.as_ref().map(|counted| counted.total),
        prompt: None,
    };
    let haystack = plan.haystack();
    let mut samples = Vec::new();
    let mut tried = send(subject, &body, books, runner).await;
    samples.push(sample(&tried, books, &haystack));
    if delivery::wants_again(&samples[0]) {
        tried = send(subject, &body, books, runner).await;
        samples.push(sample(&tried, books, &haystack));
    }
    let verdict = delivery::judge(&samples[0], samples.get(1));
    Asked { arm: Arm { tools, counted, samples, verdict }, tried }
}

async fn send(subject: &Subject, body: &Value, books: Books, runner: &mut Runner<'_>) -> Tried {
    let call = Call::generate(&subject.model, body.clone());
    let known = books.counted.or(books.local);
    let call = known.map_or(call.clone(), |tokens| call.of_tokens(tokens));
    runner.call(&call).await
}

/// A call as a sample.
fn sample(tried: &Tried, books: Books, haystack: &Haystack) -> Sample {
    let Some(reply) = tried.success() else {
        let ended = rejected(tried).unwrap_or_else(|| Ended::Failed(tried.summary().to_owned()));
        return Sample { books, needles: Vec::new(), ended };
    };
    let books = Books { prompt: reply.usage.0, ..books };
    match needles::text_of(reply.value()) {
        Some(text) => Sample { books, needles: haystack.found_in(&text), ended: Ended::Answered },
        None => Sample { books, needles: Vec::new(), ended: Ended::Mute },
    }
}

/// A refusal for the length of the prompt, with the numbers that its words hold.
fn rejected(tried: &Tried) -> Option<Ended> {
    let status = tried.reply().map(|reply: &Reply| reply.status)?;
    let said = clue::message(tried.clues())?;
    let plain = said.to_ascii_lowercase();
    if status != 400 || !plain.contains("input token count") {
        return None;
    }
    let mut numbers = plain
        .split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|digits| digits.parse::<u64>().ok());
    let (first, second) = (numbers.next(), numbers.next());
    // Some wordings name the limit alone.
    Some(match second {
        Some(_) => Ended::Rejected { count: first, limit: second },
        None => Ended::Rejected { count: None, limit: first },
    })
}

/// Records the row of a prompt.
pub(super) fn observe(asked: &Asked, runner: &Runner<'_>) {
    let Asked { arm, tried } = asked;
    let words = words(&arm.verdict);
    let shown = |status, shown| seen(TOKENS_DELIVERY, status, &words, tried, shown);
    let row = match &arm.verdict {
        verdict if is_good(verdict) => TOKENS_DELIVERY.row(Status::Pass, words),
        Verdict::Shortened(_) => shown(Status::Fail, Shown::InputShortened),
        Verdict::CountedNotRecalled { .. } => shown(Status::Warn, Shown::NotRecalled),
        Verdict::Rejected { .. } => of_tried(TOKENS_DELIVERY, &words, tried),
        // A call that ended well leaves nothing to look up.
        _ if tried.success().is_some() => TOKENS_DELIVERY.row(Status::Inconclusive, words),
        _ => of_tried(TOKENS_DELIVERY, &words, tried),
    };
    runner.journal.observe(row.took(tried.took_ms()).done());
}

/// Records what an empty list of tools changed.
pub(super) fn observe_tools(verdict: &ToolsVerdict, runner: &Runner<'_>, tried: &Tried) {
    let row = match verdict {
        ToolsVerdict::NoEffect => {
            TOKENS_TOOLS.row(Status::Pass, "an empty list of tools changes nothing")
        }
        ToolsVerdict::Changes { what } => TOKENS_TOOLS
            .row(Status::Warn, format!("an empty list of tools makes a difference: {what}")),
        ToolsVerdict::Unclear { because } => {
            TOKENS_TOOLS.row(Status::Inconclusive, because.clone())
        }
    };
    runner.journal.observe(row.took(tried.took_ms()).done());
}

/// A row whose evidence is what calls showed together.
pub(super) fn seen(
    question: Question,
    status: Status,
    words: &str,
    tried: &Tried,
    shown: Shown,
) -> Row {
    let evidence = Evidence {
        attempt: tried.attempt.clone(),
        text: words.to_owned(),
        clues: vec![Clue::Shown(shown)],
    };
    question.row(status, words).with(evidence)
}

/// A row that rests on how a call failed.
pub(super) fn of_tried(question: Question, words: &str, tried: &Tried) -> Row {
    question.row(failed_status(tried), words).with(tried.evidence())
}

fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Delivered { by_books: true } => {
            "delivered: every needle came back, and the books agree".to_owned()
        }
        Verdict::Delivered { by_books: false } => {
            "delivered: every needle came back; the service gives no two counts to compare"
                .to_owned()
        }
        Verdict::Shortened(how) => {
            let side = how.side.map_or_else(
                || "where, the needles do not tell".to_owned(),
                |side| format!("the {} was dropped", side.word()),
            );
            format!("shortened at about {} tokens: {side}", how.at_about)
        }
        Verdict::Rejected { service_count, limit } => {
            let number =
                |number: &Option<u64>| number.map_or("?".to_owned(), |number| number.to_string());
            format!("rejected: {} tokens, the limit is {}", number(service_count), number(limit))
        }
        Verdict::CountedNotRecalled { missing } => {
            let depths: Vec<String> = missing.iter().map(|depth| format!("{depth:.0} %")).collect();
            format!("counted as a whole, but not recalled: what stands at {}", depths.join(", "))
        }
        Verdict::Inconclusive { because } => because.clone(),
    }
}
