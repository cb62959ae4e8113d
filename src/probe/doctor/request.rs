//! Does a given request fit the model? Its tokens, counted here and by the service, beside the model's limits.

use serde_json::Value;

use crate::{
    facts::{
        Clue, Severity, Status,
        check::{Evidence, Observation},
        limits::limits_of,
        models::ModelTable,
    },
    gemini::{Call, generation, needles, wire::Model},
    lint::{self, Finding},
};

use super::super::{
    Runner, Tried,
    key::failed_status,
    row::{REQUEST_LINT, REQUEST_TOKENS},
};

/// A request to hold against the limits.
#[derive(Clone, Debug)]
pub struct GivenRequest {
    /// Where it is from, as it is shown.
    pub name: String,
    /// Its body.
    pub body: Value,
    /// Its text, as it stands in the file.
    pub text: String,
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

/// So many faults are told; `lint` has all.
const MOST_TOLD: usize = 5;

/// The row of the body itself, which needs nobody: what the API would refuse in it.
pub(super) fn lint_row(
    given: &GivenRequest,
    model: Option<&str>,
    table: &ModelTable,
    day: &str,
) -> Observation {
    let looked = lint::look(&given.text, &asked(model, table, day));
    let places = lint::places(&given.text, &looked.findings);
    let told = looked.findings.iter().zip(places);
    let errors: Vec<(&Finding, String)> = told
        .filter(|(finding, _)| finding.rule.severity == Severity::Error)
        .map(|(finding, place)| {
            (finding, format!("line {}, {}: {}", place.line, finding.path, finding.said))
        })
        .collect();
    let more = match looked.findings.len() - errors.len() {
        0 => String::new(),
        others => format!("; {others} warnings or notes, which gemini-doctor lint tells"),
    };
    let Some((_, first)) = errors.first() else {
        let rules = lint::rules().count();
        let detail = format!("{}: no fault that {rules} rules know{more}", given.name);
        return REQUEST_LINT.row(Status::Pass, detail).done();
    };
    let detail = match errors.len() {
        1 => format!("{}: {first}{more}", given.name),
        count => format!("{}: {count} faults, the first: {first}{more}", given.name),
    };
    let piece = |(finding, text): &(&Finding, String)| Evidence {
        attempt: None,
        text: format!("{}: {text}", given.name),
        clues: vec![Clue::Foreseen(finding.fix().unwrap_or(NO_FIELD_NAMED))],
    };
    let row = REQUEST_LINT.row(Status::Fail, detail);
    errors.iter().take(MOST_TOLD).map(piece).fold(row, super::super::row::Row::with).done()
}

/// The known fix for what the service refuses without naming a field.
const NO_FIELD_NAMED: &str = "invalid-argument-generic";

fn asked<'a>(model: Option<&'a str>, table: &'a ModelTable, day: &'a str) -> lint::Given<'a> {
    lint::Given { kind: Some(lint::Kind::Generate), fallback: model, ..lint::Given::on(table, day) }
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
