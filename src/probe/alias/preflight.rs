//! The free questions about a name: is it listed, does it have an entry, does it take requests?

use crate::{
    alias::{
        Sample,
        sample::{self, End},
    },
    facts::{Api, Clue, Party, Status, check::Evidence, clue::ModelFact},
    gemini::{Call, wire::Model},
};

use super::super::{
    Runner, Tried, gateway,
    key::{self, KeyPlan, Learnt, failed_status, model_facts, name_clues, record},
    models,
    row::API_MODEL,
};
use super::plan::Probed;

/// Failures without an answer, after which it is worth asking whether there is such a name at all.
const WORTH_ASKING: usize = 2;

/// Asks before the first call that costs. Whether to go on; `Err` is why nothing can be asked.
pub(super) async fn ask(
    key: &KeyPlan,
    runner: &mut Runner<'_>,
    learnt: &mut Learnt,
    probed: &mut Probed,
) -> Result<bool, String> {
    key::reach_and_list(runner, learnt).await?;
    if probed.plan.is_picked {
        probed.plan.model = key::pick(&learnt.listed, &key.table, runner);
        learnt.model = Some(probed.plan.model.clone());
        learnt.model_was_picked = true;
    }
    key::route(runner);
    ask_about(key, runner, learnt, probed).await;
    Ok(!probed.known.is_wrong())
}

/// Whether the calls so far look as if there were no such name.
pub(super) fn is_worth_it(samples: &[Sample]) -> bool {
    sample::count(samples, End::Missing) >= WORTH_ASKING
        && sample::count(samples, End::Answered) == 0
}

/// The same questions in the middle of a run that began without them.
pub(super) async fn look_up(
    key: &KeyPlan,
    runner: &mut Runner<'_>,
    learnt: &mut Learnt,
    probed: &mut Probed,
) {
    if runner.endpoint.api != Api::Express {
        let (tried, elsewhere) = gateway::list(runner).await;
        let Some(page) = models::page_of(&tried) else { return };
        (learnt.listed, learnt.list_at) = (page.models, elsewhere);
    }
    ask_about(key, runner, learnt, probed).await;
}

async fn ask_about(key: &KeyPlan, runner: &mut Runner<'_>, learnt: &Learnt, probed: &mut Probed) {
    let model = probed.plan.model.clone();
    let entry = learnt.listed.iter().find(|one: &&Model| one.id() == model);
    // With a key alone the cloud platform has neither a list nor entries.
    let has_entries = runner.endpoint.api != Api::Express;
    let is_listed = has_entries.then_some(entry.is_some());
    probed.known.listed = is_listed;
    if gateway::is_lenient(runner.endpoint) {
        // What a gateway lacks says nothing of the name; only answers do.
        let _ = gateway::ask_about(&model, key, runner, learnt).await;
        return;
    }
    probed.known.generates = entry.map(|entry| entry.supports("generateContent"));
    let mut asked = Vec::new();
    let mut words = listed_words(is_listed).to_owned();
    if has_entries {
        let got = runner.call(&Call::get(&model)).await;
        probed.known.get = status(&got);
        if got.success().is_none() {
            let detail = format!("{words}; get: {}", got.summary());
            return fail(key, runner, learnt, &model, &detail, got);
        }
        words += "; get 200";
        asked.push(got);
    }
    let counted = runner.call(&Call::count(&model)).await;
    probed.known.count = status(&counted);
    if counted.success().is_none() {
        let detail = format!("{words}, countTokens {}", counted.summary());
        return fail(key, runner, learnt, &model, &detail, counted);
    }
    let detail = format!("{words}, countTokens 200");
    if probed.known.generates == Some(false) {
        let detail = format!("{detail}; listed without generateContent");
        return fail(key, runner, learnt, &model, &detail, counted);
    }
    asked.push(counted);
    pass(key, runner, learnt, &model, detail, &asked);
}

fn listed_words(is_listed: Option<bool>) -> &'static str {
    match is_listed {
        Some(true) => "listed",
        Some(false) => "not listed",
        None => "no list",
    }
}

/// What the API itself said; a stranger's answer says nothing of the name.
fn status(tried: &Tried) -> Option<u16> {
    tried.reply().filter(|reply| reply.party == Party::Api).map(|reply| reply.status)
}

fn fail(
    key: &KeyPlan,
    runner: &Runner<'_>,
    learnt: &Learnt,
    model: &str,
    detail: &str,
    mut tried: Tried,
) {
    // What was not asked tells nothing of the name.
    if tried.is_cut_short() {
        return record(runner, API_MODEL, failed_status(&tried), detail, &tried);
    }
    let facts = model_facts(model, &key.table, &learnt.listed, &runner.clock.today());
    tried.know_all(name_clues(model, &facts, key, learnt));
    if key::lacks_method(model, &learnt.listed, "generateContent") {
        tried.know(Clue::Model(ModelFact::LacksMethod));
    }
    record(runner, API_MODEL, failed_status(&tried), detail, &tried);
}

fn pass(
    key: &KeyPlan,
    runner: &Runner<'_>,
    learnt: &Learnt,
    model: &str,
    detail: String,
    tried: &[Tried],
) {
    let facts = model_facts(model, &key.table, &learnt.listed, &runner.clock.today());
    let announced = facts
        .contains(&ModelFact::Retiring)
        .then(|| key::retirement(model, &key.table, &runner.clock.today()));
    let status = if announced.is_some() { Status::Warn } else { Status::Pass };
    let detail = match &announced {
        Some(announced) => format!("{detail}; {}", announced.text),
        None => detail,
    };
    let took = tried.iter().filter_map(Tried::took_ms).sum();
    let answered =
        tried.iter().map(|one| Evidence { clues: vec![Clue::By(Party::Api)], ..one.evidence() });
    let row = API_MODEL.row(status, detail).took(Some(took));
    let row = answered.chain(announced).fold(row, super::super::row::Row::with);
    runner.journal.observe(row.done());
}
