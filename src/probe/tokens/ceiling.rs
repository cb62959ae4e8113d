//! Looks for the size above which calls fail, one size after the other.
//!
//! Sizes are the service's own tokens: a sample of the text is counted first, which is free.

use serde_json::Value;

use crate::{
    facts::{Stage, Status, clue::Shown},
    gemini::{Call, needles},
    tokens::delivery::{Ceiling, Search},
};

use super::{
    super::{Runner, Tried, row::TOKENS_CEILING, runner::Told},
    Ask, Delivered, DeliveryPlan, Payload, Subject, arm, count,
};

/// The tokens of the sample that sizes are measured by.
const SAMPLE: u64 = 20_000;
/// How far below a limit the largest size stays, so that no error of the measure lifts it above.
const BELOW_THE_LIMIT: f64 = 0.99;
/// A token of the text that is made up is about one to every service; one that counts far fewer would be sent far
/// more than was agreed.
const LEAST_EACH: f64 = 0.8;

/// Searches until the ceiling is known, the sizes are used up, or a call fails in a way that no size explains.
pub(super) async fn find(subject: &Subject, runner: &mut Runner<'_>, delivered: &mut Delivered) {
    let Ask::Ceiling { limit, sizes } = delivered.plan.ask else { return };
    let Some(measure) = measure(subject, &delivered.plan, runner).await else {
        runner.journal.observe(TOKENS_CEILING.skipped("no size can be measured"));
        return;
    };
    let limit = largest(limit, subject.limit);
    delivered.limit = Some(limit);
    let mut search = Search::new((limit as f64 * BELOW_THE_LIMIT) as u64, sizes);
    let mut last = None;
    let because = loop {
        delivered.ceiling = Some((search.clone(), None));
        let Some(tokens) = search.next() else { break None };
        let tried = send(subject, &delivered.plan, tokens, (&measure, runner)).await;
        let told = ended(&tried);
        tell(tokens, told, runner);
        match told {
            Some(passed) => search.tell(tokens, passed),
            None => {
                let because = tried.summary().to_owned();
                last = Some(tried);
                break Some(because);
            }
        }
        last = Some(tried);
    };
    observe(&search, because.as_deref(), last.as_ref(), runner);
    delivered.ceiling = Some((search, because));
}

/// The largest size: never more than was announced, whatever the list names for the model.
fn largest(announced: Option<u64>, listed: Option<u64>) -> u64 {
    let usual = DeliveryPlan::USUAL_LIMIT;
    announced.unwrap_or_else(|| listed.map_or(usual, |listed| listed.min(usual)))
}

/// What the service counts for a text that is made up.
struct Measure {
    /// For the needles and the question for them.
    frame: u64,
    /// For each token that the text was made of.
    each: f64,
}

/// Has a sample of the text counted, and its frame without any text.
async fn measure(
    subject: &Subject,
    plan: &DeliveryPlan,
    runner: &mut Runner<'_>,
) -> Option<Measure> {
    let sample = count::ask(subject, &body(subject, plan, SAMPLE), true, runner).await?.total;
    let empty = needles::count_body(&subject.model, &body(subject, plan, 0));
    let tried = runner.call(&Call::count_of(&subject.model, empty)).await;
    let frame = count::read(tried.success()?.value())?.total;
    let each = sample.saturating_sub(frame) as f64 / SAMPLE as f64;
    (each >= LEAST_EACH).then_some(Measure { frame, each })
}

fn body(subject: &Subject, plan: &DeliveryPlan, filler: u64) -> Value {
    let payload = Payload::Filler { tokens: filler };
    let plan = DeliveryPlan { payload, ..plan.clone() };
    plan.body(subject.thinking, &subject.api_version, false)
}

/// Sends a prompt of so many tokens by the service's count.
async fn send(
    subject: &Subject,
    plan: &DeliveryPlan,
    tokens: u64,
    (measure, runner): (&Measure, &mut Runner<'_>),
) -> Tried {
    let filler = tokens.saturating_sub(measure.frame) as f64 / measure.each;
    let body = body(subject, plan, filler as u64);
    runner.call(&Call::generate(&subject.model, body).of_tokens(tokens)).await
}

/// Whether a size passed; none where the call ended in a way that says nothing of sizes.
fn ended(tried: &Tried) -> Option<bool> {
    match &tried.told {
        Told::Reply(reply) => match reply.status {
            200 if tried.success().is_some() => Some(true),
            500 | 502 | 503 | 504 => Some(false),
            _ => None,
        },
        // A long prompt is what such a server hangs up on, once it has a connection.
        Told::Failure(failure) => {
            let is_sent = matches!(failure.stage, Stage::Request | Stage::Head | Stage::Body);
            is_sent.then_some(false)
        }
        Told::OutOfBudget(_) => None,
    }
}

/// Each call takes long, so that its end is news.
fn tell(tokens: u64, passed: Option<bool>, runner: &Runner<'_>) {
    let word = match passed {
        Some(true) => "passed",
        Some(false) => "failed",
        None => "ended the search",
    };
    runner.journal.tell(&format!("{tokens} tokens {word}"));
}

fn observe(search: &Search, because: Option<&str>, last: Option<&Tried>, runner: &Runner<'_>) {
    let words = words(search.found());
    let row = match (search.found(), because, last) {
        (_, Some(because), Some(tried)) => {
            arm::of_tried(TOKENS_CEILING, &format!("{because}; until then: {words}"), tried)
        }
        (Ceiling::Found { low: 1.., .. }, _, Some(tried)) => {
            arm::seen(TOKENS_CEILING, Status::Warn, &words, tried, Shown::StabilityCeiling)
        }
        // Where no size at all passes, size is not what they fail by.
        (Ceiling::Found { .. }, _, Some(tried)) => arm::of_tried(TOKENS_CEILING, &words, tried),
        (Ceiling::NotBelow(_), ..) => TOKENS_CEILING.row(Status::Pass, words),
        _ => TOKENS_CEILING.row(Status::Inconclusive, words),
    };
    runner.journal.observe(row.done());
}

fn words(found: Ceiling) -> String {
    match found {
        Ceiling::Found { low: 0, high, .. } => {
            format!(
                "no size passed, and {high} tokens failed twice: size is not what calls fail by"
            )
        }
        Ceiling::Found { at_about, low, high } => {
            format!("calls fail above about {at_about} tokens: {low} passed, {high} failed")
        }
        Ceiling::NotBelow(tokens) => {
            format!("{tokens} tokens passed twice: there is no ceiling below")
        }
        Ceiling::Open => "the search came to no end".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_list_raises_what_was_announced() {
        let usual = DeliveryPlan::USUAL_LIMIT;
        for (announced, listed, most) in [
            (None, None, usual),
            (None, Some(4_000_000), usual),
            (None, Some(u64::MAX), usual),
            (None, Some(32_768), 32_768),
            (Some(2_000_000), Some(1_048_576), 2_000_000),
            (Some(50_000), Some(4_000_000), 50_000),
        ] {
            assert_eq!(largest(announced, listed), most, "{announced:?} {listed:?}");
        }
    }
}
