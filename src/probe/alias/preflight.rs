//! The free questions about a name: is it listed, does it have an entry, does it take requests?

use crate::{
    alias::{
        Sample,
        sample::{self, End},
    },
    facts::{Clue, Party, Status, check::Evidence, clue::ModelFact},
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
        probed.plan.model = key::pick_model(&learnt.listed, &key.table);
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
    let (tried, elsewhere) = gateway::list(runner).await;
    let Some(page) = models::page_of(&tried) else { return };
    (learnt.listed, learnt.list_at) = (page.models, elsewhere);
    ask_about(key, runner, learnt, probed).await;
}

async fn ask_about(key: &KeyPlan, runner: &mut Runner<'_>, learnt: &Learnt, probed: &mut Probed) {
    let model = probed.plan.model.clone();
    let entry = learnt.listed.iter().find(|one: &&Model| one.id() == model);
    let is_listed = entry.is_some();
    probed.known.listed = Some(is_listed);
    if gateway::is_lenient(runner.endpoint) {
        // What a gateway lacks says nothing of the name; only answers do.
        let _ = gateway::ask_about(&model, key, runner, learnt).await;
        return;
    }
    probed.known.generates = entry.map(|entry| entry.supports("generateContent"));
    let got = runner.call(&Call::get(&model)).await;
    probed.known.get = status(&got);
    if got.success().is_none() {
        let detail = format!("{}; get: {}", listed_words(is_listed), got.summary());
        return fail(key, runner, learnt, &model, &detail, got);
    }
    let counted = runner.call(&Call::count(&model)).await;
    probed.known.count = status(&counted);
    if counted.success().is_none() {
        let detail =
            format!("{}; get 200, countTokens {}", listed_words(is_listed), counted.summary());
        return fail(key, runner, learnt, &model, &detail, counted);
    }
    let detail = format!("{}; get 200, countTokens 200", listed_words(is_listed));
    if probed.known.generates == Some(false) {
        let detail = format!("{detail}; listed without generateContent");
        return fail(key, runner, learnt, &model, &detail, counted);
    }
    pass(key, runner, learnt, &model, detail, &[got, counted]);
}

fn listed_words(is_listed: bool) -> &'static str {
    if is_listed { "listed" } else { "not listed" }
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
