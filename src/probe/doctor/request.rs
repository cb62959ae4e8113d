//! Does a given request fit the model? Its tokens, counted here and by the service, beside the model's limits.

use serde_json::Value;

use crate::{
    facts::{
        Clue, Status,
        check::{Evidence, Observation},
        limits::limits_of,
    },
    gemini::{Call, generation, needles, wire::Model},
};

use super::super::{Runner, Tried, key::failed_status, row::REQUEST_TOKENS};

/// A request to hold against the limits.
#[derive(Clone, Debug)]
pub struct GivenRequest {
    /// Where it is from, as it is shown.
    pub name: String,
    /// Its body.
    pub body: Value,
    /// Its tokens as they are counted here; `at least`, where something in it cannot be counted.
    pub offline: Option<(u64, bool)>,
}

/// What was counted.
#[derive(Clone, Debug)]
pub struct RequestSeen {
    /// By the service.
    pub counted: Option<u64>,
    /// What the model takes.
    pub limit: Option<u64>,
}

/// The call that counts it, which is free.
pub(super) fn call(given: &GivenRequest, model: &str) -> Call {
    Call::count_of(model, needles::count_body(model, &given.body))
}

/// Judges a count by the limits and records the row.
pub(super) fn observe(
    given: &GivenRequest,
    model: &str,
    listed: &[Model],
    tried: &Tried,
    runner: &Runner<'_>,
) -> RequestSeen {
    let entry = listed.iter().find(|one| one.id() == model);
    let published = limits_of(model);
    let limit = entry.and_then(|entry| entry.input_token_limit).or(published.input);
    let most_out = entry.and_then(|entry| entry.output_token_limit).or(published.output);
    let counted = tried.success().and_then(|reply| reply.value()["totalTokens"].as_u64());
    let seen = RequestSeen { counted, limit };
    let Some(tokens) = counted else {
        let detail = format!("{}: countTokens {}", given.name, tried.summary());
        let row = REQUEST_TOKENS.row(failed_status(tried), detail).with(tried.evidence());
        runner.journal.observe(row.done());
        return seen;
    };
    let mut wrong = Vec::new();
    if let Some(limit) = limit.filter(|limit| tokens > *limit) {
        wrong.push(format!(
            "the input token count ({tokens}) exceeds the maximum number of tokens allowed ({limit})"
        ));
    }
    let asked_out = generation::most_output(&given.body);
    if let Some((asked, most)) = asked_out.zip(most_out).filter(|(asked, most)| asked > most) {
        wrong
            .push(format!("maxOutputTokens {asked} is out of range: {model} gives at most {most}"));
    }
    let here = match given.offline {
        Some((here, true)) => format!("counted here {here}, "),
        Some((here, false)) => format!("counted here at least {here}, "),
        None => String::new(),
    };
    let room = limit.map_or("limit unknown".to_owned(), |limit| format!("limit {limit}"));
    let detail = format!("{}: {here}countTokens {tokens}, {room}", given.name);
    runner.journal.observe(row(detail, &wrong, tried));
    seen
}

/// What can be said of a request that the service was not asked about.
pub(super) fn uncounted(given: &GivenRequest, model: Option<&str>, because: &str) -> Observation {
    let here = match given.offline {
        Some((here, true)) => format!("; counted here {here} tokens"),
        Some((here, false)) => format!("; counted here at least {here} tokens"),
        None => String::new(),
    };
    let limit = model.and_then(|model| limits_of(model).input);
    let limit = limit.map_or_else(String::new, |limit| format!(", published limit {limit}"));
    REQUEST_TOKENS.skipped(&format!("stopped here: {because}{here}{limit}"))
}

fn row(detail: String, wrong: &[String], tried: &Tried) -> Observation {
    if wrong.is_empty() {
        return REQUEST_TOKENS.row(Status::Pass, detail).took(tried.took_ms()).done();
    }
    let detail = format!("{detail}: {}", wrong.join("; "));
    let row = REQUEST_TOKENS.row(Status::Fail, detail).took(tried.took_ms());
    let piece = |text: &String| Evidence {
        attempt: tried.attempt.clone(),
        text: text.clone(),
        clues: vec![Clue::Message(text.clone())],
    };
    wrong.iter().map(piece).fold(row, super::super::row::Row::with).done()
}
