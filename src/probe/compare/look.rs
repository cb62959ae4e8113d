//! One look at one side: a new connection, the list, the model in use, and two requests that are wrong on
//! purpose. `Err` is a budget or a time that is used up; what fails is a fact of the side.

use serde_json::json;

use crate::{
    compare::{Form, Topic},
    facts::{Clue, Method, Party, Status, check::Observation},
    gemini::{Call, wire::Model},
};

use super::{
    super::{
        Tried, gateway, key, models,
        row::{API_LIST, API_MODEL, Question},
    },
    ComparePlan, Compared, SideSeen,
    ask::Asking,
    errors, facts,
};

/// A text whose number of tokens every side is asked for: words, numbers, code and another script.
const TEXT: &str =
    "The quick brown fox jumps over 13 lazy dogs; naïve café, Zürich, 東京. fn main() {}";

/// The connection and the list.
pub(super) async fn reach_and_list(
    side: &mut Asking<'_>,
    compared: &mut Compared,
) -> Result<(), String> {
    let seen = &mut compared.sides[side.index];
    if seen.is_lost && side.live.key_plan.cloud.is_some() && seen.seen.facts.is_empty() {
        // Without a token there is nothing to ask with.
        return Ok(());
    }
    side.runner.may_send(1)?;
    let (facts, rows, end) = key::connected(&mut side.runner).await;
    facts::note_connection(&mut seen.seen, &facts, side.live.endpoint.secure);
    let failed = rows.iter().find(|row| row.check.status == Status::Fail);
    let reach = failed.map_or("connected".to_owned(), |row| row.check.detail.clone());
    let is_cut = rows.iter().any(|row| row.check.status == Status::Inconclusive);
    keep_trouble(seen, rows);
    if is_cut {
        return end;
    }
    seen.seen.note(Topic::Reach, reach);
    seen.is_lost = end.is_err();
    if !seen.is_lost && seen.seen.form.lists() {
        list(side, seen).await?;
    }
    Ok(())
}

/// Every page of the list, wherever it lies; its first one also shows who answers and whether the key is accepted.
async fn list(side: &mut Asking<'_>, seen: &mut SideSeen) -> Result<(), String> {
    let mut all: Vec<Model> = Vec::new();
    let (mut tried, elsewhere) = gateway::list(&mut side.runner).await;
    side.list_at = elsewhere;
    for page_number in 1.. {
        if tried.is_cut_short() {
            return Err(tried.summary().to_owned());
        }
        tried.know_all(side.live.endpoint.flaw().map(Clue::Route));
        if page_number == 1 {
            note_answer(seen, &tried, elsewhere);
        }
        let Some(page) = tried.success().map(gateway::page) else {
            no_list(side, seen, &tried, page_number == 1);
            return Ok(());
        };
        all.extend(page.models);
        let next = Some(page.next_page_token).filter(|next| !next.is_empty());
        let Some(next) = next.filter(|_| page_number < models::MOST_PAGES) else { break };
        tried = side.runner.call(&Call::list(Some(&next))).await;
    }
    seen.works.push(Method::List);
    seen.seen.lists.push(facts::listed(&all));
    seen.listed = all;
    if let Some(place) = elsewhere {
        seen.seen.list_form = Form::OpenAi;
        let place = Call::list_at(place).path(&side.live.endpoint);
        seen.seen.note(Topic::Listed, format!("at {place}, in OpenAI's form"));
    }
    Ok(())
}

/// A gateway need not have a list: that it has none is no fault as long as something else works there.
fn no_list(side: &Asking<'_>, seen: &mut SideSeen, tried: &Tried, is_first: bool) {
    // A login may call a model without being allowed to list.
    let is_denied = tried.reply().map(|reply| reply.status).filter(|status| *status == 403);
    let denied = is_denied.filter(|_| seen.seen.form == Form::Cloud);
    let lacks = gateway::lacks_entries(&side.live.endpoint, std::slice::from_ref(tried));
    match denied.or(lacks) {
        Some(status) if is_first => {
            seen.seen.note(Topic::Listed, format!("no list ({status})"));
            seen.missing_list = Some(trouble(API_LIST, tried, "models.list"));
        }
        _ => {
            keep_trouble(seen, [trouble(API_LIST, tried, "models.list")]);
            seen.is_lost = is_first;
        }
    }
}

/// Where nothing else works either, a missing list is what is wrong.
pub(super) fn settle(plan: &ComparePlan, compared: &mut Compared) {
    for seen in &mut compared.sides {
        let nothing_works = seen.works.is_empty() && plan.generate == 0;
        if let Some(row) = seen.missing_list.take().filter(|_| nothing_works) {
            keep_trouble(seen, [row]);
            seen.is_lost = true;
        }
    }
}

/// Who answered, with which marks, and what became of the key.
fn note_answer(seen: &mut SideSeen, tried: &Tried, elsewhere: Option<&str>) {
    let Some(reply) = tried.reply() else { return };
    seen.seen.note(Topic::Party, reply.party.phrase());
    seen.seen.note(Topic::Headers, headers(&reply.marks));
    let key = match (reply.is_success(), reply.party, reply.status) {
        // A list that is a gateway's own shows nothing of the key.
        (true, ..) if elsewhere.is_some() => None,
        (true, Party::Api, _) => Some("accepted".to_owned()),
        (true, ..) => Some("accepted by whoever answered, which need not be Google".to_owned()),
        (false, _, 400 | 401 | 403) => Some(format!("refused: {}", errors::words(reply))),
        // A quota or a failure says nothing of the key.
        (false, ..) => None,
    };
    if let Some(key) = key {
        seen.seen.note(Topic::Key, key);
    }
}

fn headers(marks: &[String]) -> String {
    if marks.is_empty() { "none".to_owned() } else { marks.join("; ") }
}

/// The model in use, and two wrong requests.
pub(super) async fn ask_about_the_model(
    side: &mut Asking<'_>,
    compared: &mut Compared,
) -> Result<(), String> {
    let seen = &mut compared.sides[side.index];
    let Some(model) = side.model.clone().filter(|_| !seen.is_lost) else { return Ok(()) };
    let form = seen.seen.form;
    if form.lists() {
        let got = side.call(&Call::get(&model)).await?;
        note_entry(side, seen, got);
    }
    if form.counts() {
        let body = json!({"contents": [{"role": "user", "parts": [{"text": TEXT}]}]});
        let counted = side.call(&Call::count_of(&model, body)).await?;
        if !form.lists() {
            note_answer(seen, &counted, None);
            keep_refusal(seen, &counted);
        }
        note_tokens(seen, &counted);
    }
    if form.lists() {
        let wrong_name = side.call(&errors::wrong_name()).await?;
        note_error(seen, Topic::WrongName, &wrong_name);
    }
    if form.counts() {
        let wrong_field = side.call(&errors::wrong_field(&model)).await?;
        note_error(seen, Topic::WrongField, &wrong_field);
    }
    Ok(())
}

/// Where there is no list, the count is the first answer, and what it refuses is what is wrong.
fn keep_refusal(seen: &mut SideSeen, counted: &Tried) {
    if counted.success().is_none() {
        keep_trouble(seen, [trouble(API_MODEL, counted, "countTokens")]);
    }
}

fn note_entry(side: &Asking<'_>, seen: &mut SideSeen, mut got: Tried) {
    if let Some(reply) = got.success() {
        seen.works.push(Method::Get);
        if let Ok(model) = serde_json::from_value::<Model>(reply.value().clone()) {
            let entry = facts::entry(&model);
            if !entry.is_empty() {
                seen.seen.note(Topic::Entry, entry);
            }
        }
        return;
    }
    if let Some(shape) = errors::shape(&got) {
        seen.seen.note(Topic::Entry, shape);
    }
    // Many gateways have no route for it, and a name that is listed there is there.
    let is_api = got.reply().is_none_or(|reply| reply.party == Party::Api);
    if is_api {
        let name = side.model.as_deref().unwrap_or_default();
        let today = side.runner.clock.today();
        let facts = key::model_facts(name, &side.live.key_plan.table, &seen.listed, &today);
        let learnt = key::Learnt { listed: seen.listed.clone(), ..key::Learnt::default() };
        got.know_all(key::name_clues(name, &facts, &side.live.key_plan, &learnt));
        keep_trouble(seen, [trouble(API_MODEL, &got, "models.get")]);
    }
}

fn note_tokens(seen: &mut SideSeen, counted: &Tried) {
    let tokens = counted.success().and_then(|reply| reply.value()["totalTokens"].as_u64());
    match tokens {
        Some(tokens) => {
            seen.works.push(Method::Count);
            seen.seen.note(Topic::Tokens, tokens.to_string());
        }
        None => {
            if let Some(shape) = errors::shape(counted) {
                seen.seen.note(Topic::Tokens, shape);
            }
        }
    }
}

fn note_error(seen: &mut SideSeen, topic: Topic, tried: &Tried) {
    if let Some(shape) = errors::shape(tried) {
        seen.seen.note(topic, shape);
    }
}

/// What went wrong, to be judged with the side.
fn trouble(question: Question, tried: &Tried, what: &str) -> Observation {
    let detail = format!("{what}: {}", tried.summary());
    question.row(Status::Fail, detail).with(tried.evidence()).done()
}

pub(super) fn keep_trouble(seen: &mut SideSeen, rows: impl IntoIterator<Item = Observation>) {
    let told = |row: &Observation| !matches!(row.check.status, Status::Pass | Status::Skip);
    for row in rows.into_iter().filter(told) {
        // The second look shows most of it again.
        let known = seen
            .pieces
            .iter()
            .any(|known| known.check.id == row.check.id && known.check.detail == row.check.detail);
        if !known {
            seen.pieces.push(row);
        }
    }
}
