//! What is asked where the host is not the provider's: where else the list may lie, and what a gateway need not have.
//! Records; it never says that a key is good because a gateway listed models.

mod host;
mod refusal;

use crate::{
    facts::{
        Api, Clue, Endpoint, Party, Status,
        check::{Evidence, Observation},
    },
    gemini::{
        Call, Form, Reply,
        call::OTHER_LISTS,
        openai,
        wire::{Model, ModelPage},
    },
};

pub(super) use host::{Noted, observe};
pub(super) use refusal::{answered, stripped, told};

use super::{
    Runner, Tried,
    key::{self, KeyPlan, Learnt, failed_status, is_refusal, name_clues},
    row::API_MODEL,
};

/// The answer that is the list, and where it lies if it is not at its native place.
pub(super) async fn list(runner: &mut Runner<'_>) -> (Tried, Option<&'static str>) {
    let native = runner.call(&Call::list(None)).await;
    if !may_lie_elsewhere(runner.endpoint, &native) {
        return (native, None);
    }
    for place in OTHER_LISTS {
        let tried = runner.call(&Call::list_at(place)).await;
        if tried.success().is_some_and(|reply| reply.party == Party::Api) {
            return (tried, Some(place));
        }
        // Whoever refuses there has a list there, and says who may read it.
        if tried.reply().is_some_and(|reply| !is_missing(reply.status) && reply.status >= 400) {
            return (tried, None);
        }
    }
    (native, None)
}

/// A page that is not there, or is there in the other form, at a host that is not the provider's.
fn may_lie_elsewhere(endpoint: &Endpoint, native: &Tried) -> bool {
    let native_route = endpoint.api == Api::Gemini && !endpoint.is_googles();
    native_route
        && native.reply().is_some_and(|reply| {
            let other_form = openai::answer::is_spoken(reply.value());
            reply.party != Party::Api && (is_missing(reply.status) || other_form)
        })
}

/// No such route, or no such method on it.
const fn is_missing(status: u16) -> bool {
    matches!(status, 404 | 405 | 501)
}

/// What a list shows, for the row that has it.
pub(super) fn listed(
    runner: &Runner<'_>,
    models: &[Model],
    elsewhere: Option<&'static str>,
    usual: String,
) -> (Status, String) {
    let endpoint = runner.endpoint;
    let form =
        if elsewhere.is_some() { Form::OpenAi } else { Call::list(None).form(&endpoint.api) };
    runner.noted().borrow_mut().list = Some(host::shape(models, form));
    let caveat = "; a list of this host shows nothing of the key";
    match elsewhere {
        _ if endpoint.is_googles() => (Status::Pass, usual),
        None => (Status::Pass, format!("{usual}{caveat}")),
        Some(place) => {
            let native = Call::list(None).path(endpoint);
            let path = Call::list_at(place).path(endpoint);
            let count = models.len();
            let text =
                format!("no list at {native}; {count} models at {path}, in OpenAI's form{caveat}");
            (Status::Warn, text)
        }
    }
}

/// Whether the stages ask as a gateway is asked: it need not have what is no answer.
pub(super) fn is_lenient(endpoint: &Endpoint) -> bool {
    !endpoint.is_googles() || endpoint.api == Api::OpenAi
}

/// The status with which a host that is not the provider's shows that it has no entries of models, if it has none.
pub(super) fn lacks_entries(endpoint: &Endpoint, tried: &[Tried]) -> Option<u16> {
    let status = |one: &Tried| {
        one.reply().filter(|reply| reply.party != Party::Api).map(|reply| reply.status)
    };
    let lacks = |one: &Tried| status(one).is_some_and(is_missing);
    let all = is_lenient(endpoint) && !tried.is_empty() && tried.iter().all(lacks);
    tried.first().filter(|_| all).and_then(status)
}

/// The free questions about a model, of which a gateway need not have any. `Err` is the reason to stop.
pub(super) async fn ask_about(
    model: &str,
    plan: &KeyPlan,
    runner: &mut Runner<'_>,
    learnt: &Learnt,
) -> Result<(), String> {
    let got = runner.call(&Call::get(model)).await;
    if is_refusal(&got) && got.clues().contains(&Clue::Rpc("NOT_FOUND".to_owned()))
        || is_no_route(&got)
    {
        return Err(refuse(model, plan, runner, learnt, got, "get"));
    }
    let mut told = vec![("models.get", got)];
    if runner.endpoint.api != Api::OpenAi {
        let counted = runner.call(&Call::count(model)).await;
        if is_no_route(&counted) {
            return Err(refuse(model, plan, runner, learnt, counted, "countTokens"));
        }
        told.push(("countTokens", counted));
    }
    runner.journal.observe(about_row(model, runner.endpoint, learnt, &told));
    Ok(())
}

/// An end that says nothing of the question, because the caller, the quota or the network is at fault.
fn is_no_route(tried: &Tried) -> bool {
    tried.reply().is_none_or(|reply| matches!(reply.status, 401 | 402 | 403 | 407 | 429))
}

fn refuse(
    model: &str,
    plan: &KeyPlan,
    runner: &Runner<'_>,
    learnt: &Learnt,
    mut tried: Tried,
    question: &str,
) -> String {
    let facts = key::model_facts(model, &plan.table, &learnt.listed, &runner.clock.today());
    tried.know_all(name_clues(model, &facts, plan, learnt));
    let detail = format!("{question}: {}", tried.summary());
    key::record(runner, API_MODEL, failed_status(&tried), &detail, &tried);
    match tried.is_cut_short() {
        true => tried.summary().to_owned(),
        false => format!("{model} cannot be asked"),
    }
}

fn about_row(
    model: &str,
    endpoint: &Endpoint,
    learnt: &Learnt,
    told: &[(&str, Tried)],
) -> Observation {
    let word = |(name, tried): &(&str, Tried)| match tried.reply() {
        Some(reply) if tried.success().is_some() => format!("{name} 200{}", estimate(reply)),
        Some(reply) => format!("no {name} here ({})", reply.status),
        None => format!("{name} not asked"),
    };
    let mut words: Vec<String> = told.iter().map(word).collect();
    if endpoint.api == Api::OpenAi {
        words.push("countTokens has no counterpart in OpenAI's API".to_owned());
    }
    let picked = if learnt.model_was_picked { ", picked" } else { "" };
    let passed = || told.iter().filter(|(_, tried)| tried.success().is_some());
    let status = if passed().next().is_some() { Status::Pass } else { Status::Skip };
    let only = if status == Status::Skip { "; only an answer shows more" } else { "" };
    let detail = format!("{model}{picked}; {}{only}", words.join("; "));
    let evidence = passed().map(|(_, tried)| Evidence { clues: Vec::new(), ..tried.evidence() });
    evidence.fold(API_MODEL.row(status, detail), super::row::Row::with).done()
}

/// A gateway may count by itself, and some say so.
fn estimate(reply: &Reply) -> &'static str {
    match reply.value()["litellm_count_source"].as_str() {
        Some("local_estimate") => " (counted by the gateway itself, not by Google)",
        _ => "",
    }
}

/// The models of a page, in whichever form it came.
pub(super) fn page(reply: &Reply) -> ModelPage {
    let value = reply.value();
    let page =
        if openai::answer::is_spoken(value) { openai::answer::list(value) } else { value.clone() };
    serde_json::from_value(page).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_at_somebody_elses_is_looked_for_elsewhere() {
        assert!(is_missing(404) && is_missing(405) && !is_missing(401) && !is_missing(500));
    }
}
