//! The whole list of models: every page, and whether what is listed can be called.

use std::collections::{BTreeSet, HashSet};

use regex::Regex;

use crate::{
    facts::{
        Api, Clue, Status,
        check::Evidence,
        clue::{ModelFact, Shown},
        models::ModelTable,
    },
    gemini::{
        Call,
        wire::{Model, ModelPage},
    },
};

use super::{
    Runner, Tried, gateway,
    key::{failed_status, is_refusal, record, retirement, successor_clue},
    row::{MODELS_FILTER, MODELS_NAME, MODELS_PAGES, MODELS_VERIFY},
};

/// More pages than any list of the API has.
pub(super) const MOST_PAGES: u32 = 50;

/// The models that one run proves at most.
pub const MOST_PROVED: u32 = 100;

/// More models than any list of the API has.
const MOST_MODELS: usize = 5000;

/// The list as far as it came.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// The models.
    pub models: Vec<Model>,
    /// Whether the last page was reached.
    pub complete: bool,
}

/// Reads every page. A part of a list is an error, not a short list.
pub async fn read_all(runner: &mut Runner<'_>, list_at: Option<&'static str>) -> Listing {
    let mut listing = Listing::default();
    let mut seen = HashSet::new();
    let mut token: Option<String> = None;
    for page_number in 1..=MOST_PAGES {
        let call = list_at.map_or_else(|| Call::list(token.as_deref()), Call::list_at);
        let mut tried = runner.call_pooled(&call).await;
        let Some(page) = page_of(&tried) else {
            if page_number > 1 && tried.attempt.is_some() {
                tried.know(Clue::Shown(Shown::ListCut));
            }
            let detail = format!("page {page_number}: {}", tried.summary());
            record(runner, MODELS_PAGES, failed_status(&tried), &detail, &tried);
            return listing;
        };
        listing.models.extend(page.models);
        if page.next_page_token.is_empty() {
            listing.complete = true;
            let detail = format!(
                "{} models, {page_number} page{}",
                listing.models.len(),
                if page_number == 1 { "" } else { "s" }
            );
            record(runner, MODELS_PAGES, Status::Pass, &detail, &tried);
            return listing;
        }
        let known = !seen.insert(page.next_page_token.clone());
        let endless = page_number == MOST_PAGES || listing.models.len() > MOST_MODELS;
        if known || endless {
            tried.know(Clue::Shown(Shown::ListLoops));
            let detail = match known {
                true => format!("page {page_number} leads back to a page that was read before"),
                false => format!("no end after {} models", listing.models.len()),
            };
            record(runner, MODELS_PAGES, Status::Fail, &detail, &tried);
            return listing;
        }
        token = Some(page.next_page_token);
    }
    listing
}

pub(super) fn page_of(tried: &Tried) -> Option<ModelPage> {
    serde_json::from_value(tried.success()?.value().clone()).ok()
}

/// Which models of the list are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only models with this method.
    pub method: Option<String>,
    /// Only models that think.
    pub thinking: bool,
    /// Only models that take at least so many tokens.
    pub min_input: Option<u64>,
    /// Only names that match.
    pub pattern: Option<Regex>,
}

impl Filter {
    /// Whether a model is wanted.
    pub fn wants(&self, model: &Model) -> bool {
        self.method.as_deref().is_none_or(|method| model.supports(method))
            && (!self.thinking || model.thinking)
            && self.min_input.is_none_or(|least| model.input_token_limit.unwrap_or(0) >= least)
            && self.pattern.as_ref().is_none_or(|pattern| pattern.is_match(model.id()))
    }

    /// Whether it leaves anything out.
    pub fn is_set(&self) -> bool {
        self.method.is_some() || self.thinking || self.min_input.is_some() || self.pattern.is_some()
    }
}

/// A filter that leaves nothing is a question with the answer no, and not an empty list.
pub fn apply(filter: &Filter, models: &[Model], runner: &Runner<'_>) {
    if !filter.is_set() {
        return;
    }
    let fitting = models.iter().filter(|model| filter.wants(model)).count();
    let detail = format!("{fitting} of {} models are as asked for", models.len());
    if fitting > 0 {
        return runner.journal.observe(MODELS_FILTER.row(Status::Pass, detail).done());
    }
    let methods: BTreeSet<&str> = models
        .iter()
        .flat_map(|model| &model.supported_generation_methods)
        .map(String::as_str)
        .collect();
    let methods = methods.into_iter().collect::<Vec<_>>().join(", ");
    let text = format!("{detail}; methods seen: {methods}");
    let evidence =
        Evidence { attempt: None, text: text.clone(), clues: vec![Clue::Shown(Shown::NoneMatch)] };
    runner.journal.observe(MODELS_FILTER.row(Status::Fail, text).with(evidence).done());
}

/// What is asked about one name.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The name.
    pub name: &'a str,
    /// The method it must have.
    pub method: Option<&'a str>,
    /// Whether others are asked about as well, so that its row says whose it is.
    pub is_one_of_several: bool,
}

/// Whether a name is in the list and fit for its use: one row, and names that are near for a wrong one.
pub fn look_up(
    question: &Question<'_>,
    models: &[Model],
    table: &ModelTable,
    today: &str,
    runner: &Runner<'_>,
) -> Vec<String> {
    let name = question.name;
    let found = models.iter().find(|model| model.id() == name);
    let near = if found.is_some() { Vec::new() } else { nearest(name, models) };
    let (status, detail, fact) = match found {
        Some(model) => listed(model, question, table, today),
        None => not_listed(name, &near, table, today),
    };
    let mut row = MODELS_NAME.row(status, detail.clone());
    if question.is_one_of_several {
        row = row.about(name, None);
    }
    if let Some(fact) = fact {
        let clues = all_clues(fact, name, &near, table);
        row = row.with(Evidence { attempt: None, text: detail, clues });
    }
    runner.journal.observe(row.done());
    near
}

/// The result, the words and the fact of one name.
type Looked = (Status, String, Option<ModelFact>);

fn listed(model: &Model, question: &Question<'_>, table: &ModelTable, today: &str) -> Looked {
    let name = question.name;
    match question.method.filter(|method| !model.supports(method)) {
        Some(method) => {
            let detail = format!("{name} is listed without {method}");
            (Status::Fail, detail, Some(ModelFact::LacksMethod))
        }
        None if table.find(name).is_some_and(|entry| entry.retires.is_some()) => {
            (Status::Warn, retirement(name, table, today).text, Some(ModelFact::Retiring))
        }
        None => (Status::Pass, format!("{name} is listed ({})", limits(model)), None),
    }
}

/// That the end of a listed model is announced.
pub(super) fn ends(name: &str, table: &ModelTable, today: &str) -> Evidence {
    let text = retirement(name, table, today).text;
    Evidence { attempt: None, text, clues: all_clues(ModelFact::Retiring, name, &[], table) }
}

fn not_listed(name: &str, near: &[String], table: &ModelTable, today: &str) -> Looked {
    if table.find(name).is_some_and(|entry| entry.is_retired_on(today)) {
        let detail = format!("not listed: {}", retirement(name, table, today).text);
        return (Status::Fail, detail, Some(ModelFact::Retired));
    }
    let detail = format!("{name} is not listed for this key{}", did_you_mean(near));
    (Status::Fail, detail, Some(ModelFact::NotListed))
}

/// What is known of a name that is not listed.
pub(super) fn missing_clues(
    name: &str,
    models: &[Model],
    table: &ModelTable,
    today: &str,
) -> Vec<Clue> {
    let near = nearest(name, models);
    let (_, _, fact) = not_listed(name, &near, table, today);
    fact.map(|fact| all_clues(fact, name, &near, table)).unwrap_or_default()
}

/// What is known of a name, and what could stand in its place.
fn all_clues(fact: ModelFact, name: &str, near: &[String], table: &ModelTable) -> Vec<Clue> {
    let mut clues = name_clues(fact, name, table.find(name).is_some());
    let successor = table.find(name).and_then(|entry| entry.successor.as_deref());
    clues.extend(successor.map(successor_clue));
    clues.extend(near.first().map(|near| Clue::Meta("near".to_owned(), near.clone())));
    clues
}

/// A name that is not listed has no status and no message: the fact itself is the evidence.
fn name_clues(fact: ModelFact, name: &str, in_table: bool) -> Vec<Clue> {
    let mut clues = vec![Clue::Model(fact), Clue::Meta("model".to_owned(), name.to_owned())];
    match fact {
        ModelFact::Retired => clues.push(Clue::Model(ModelFact::NotListed)),
        ModelFact::NotListed if !in_table => clues.push(Clue::Model(ModelFact::NotInTable)),
        _ => {}
    }
    clues
}

fn limits(model: &Model) -> String {
    let show = |limit: Option<u64>| limit.map_or("?".to_owned(), |limit| limit.to_string());
    format!("{} in, {} out", show(model.input_token_limit), show(model.output_token_limit))
}

fn did_you_mean(near: &[String]) -> String {
    match near {
        [] => String::new(),
        names => format!("; did you mean {}?", names.join(" or ")),
    }
}

/// Up to three listed names that are a few letters away.
pub fn nearest(name: &str, models: &[Model]) -> Vec<String> {
    let mut ranked: Vec<(usize, &str)> = models
        .iter()
        .map(|model| (distance(name, model.id()), model.id()))
        .filter(|(distance, _)| *distance <= 1 + name.len() / 4)
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().take(3).map(|(_, id)| id.to_owned()).collect()
}

/// Letters to change, add, drop or swap with their neighbour.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=right.len()).collect()];
    for row in 1..=left.len() {
        let mut costs = vec![row];
        for column in 1..=right.len() {
            let differs = usize::from(left[row - 1] != right[column - 1]);
            let mut cost = (rows[row - 1][column] + 1)
                .min(costs[column - 1] + 1)
                .min(rows[row - 1][column - 1] + differs);
            let swapped = row > 1
                && column > 1
                && left[row - 1] == right[column - 2]
                && left[row - 2] == right[column - 1];
            if swapped {
                cost = cost.min(rows[row - 2][column - 2] + 1);
            }
            costs.push(cost);
        }
        rows.push(costs);
    }
    rows[left.len()][right.len()]
}

/// What stands in the place of a status that was not asked for.
pub const NOT_ASKED: &str = "not asked";

/// One model that was proved.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Its name.
    pub name: String,
    /// Whether its entry could be read.
    pub get: String,
    /// Whether tokens could be counted; `None` where the list does not offer it.
    pub count: Option<String>,
    /// Whether all of it passed.
    pub usable: bool,
}

/// Proves with free calls that what is listed can be used.
pub async fn verify(models: &[Model], runner: &mut Runner<'_>) -> Vec<Verified> {
    let (models, left_out) = models.split_at(models.len().min(MOST_PROVED as usize));
    let mut calls = Vec::new();
    for model in models {
        calls.push(Call::get(model.id()));
        if model.supports("countTokens") {
            calls.push(Call::count(model.id()));
        }
    }
    let tried = runner.call_many(&calls).await;
    if let Some(status) = gateway::lacks_entries(runner.endpoint, &tried) {
        let because =
            format!("this host has no models.get ({status}), so that nothing free shows more");
        runner.journal.observe(MODELS_VERIFY.skipped(&because));
        return Vec::new();
    }
    let answers: Vec<(&Call, &Tried)> = calls.iter().zip(&tried).collect();
    let verified: Vec<Verified> =
        models.iter().map(|model| verified(model.id(), &answers)).collect();
    record_verified(runner, &verified, &tried, left_out.len());
    verified
}

fn verified(name: &str, answers: &[(&Call, &Tried)]) -> Verified {
    let mut own = answers
        .iter()
        .filter(|(call, _)| call.model.as_deref() == Some(name))
        .map(|(_, tried)| tried);
    let get = own.next();
    let count = own.next();
    let passed = |tried: &&&Tried| tried.success().is_some();
    let word = |tried: &&Tried| match tried.reply() {
        None if tried.is_cut_short() => NOT_ASKED.to_owned(),
        Some(reply) => reply.status.to_string(),
        None => tried.summary().to_owned(),
    };
    Verified {
        name: name.to_owned(),
        get: get.map(word).unwrap_or_default(),
        count: count.map(word),
        usable: get.iter().chain(&count).all(passed),
    }
}

fn record_verified(runner: &Runner<'_>, verified: &[Verified], tried: &[Tried], left_out: usize) {
    let rest = match left_out {
        0 => String::new(),
        more => format!("; {more} more were not asked"),
    };
    let named = |usable: bool| -> Vec<&str> {
        verified.iter().filter(|one| one.usable == usable).map(|one| one.name.as_str()).collect()
    };
    let bad = named(false);
    if verified.is_empty() {
        return runner.journal.observe(MODELS_VERIFY.skipped("there is no model to prove"));
    }
    if bad.is_empty() {
        let shows = match runner.endpoint.api {
            // It has no count, which would reach the model.
            Api::OpenAi => "have an entry",
            _ => "can be used",
        };
        let detail = format!("all {} {shows}{rest}", verified.len());
        return runner.journal.observe(MODELS_VERIFY.row(Status::Pass, detail).done());
    }
    let failed = || tried.iter().filter(|one| one.success().is_none());
    let all_cut_short = failed().all(Tried::is_cut_short);
    let (status, verb) = match (all_cut_short, failed().any(is_refusal)) {
        (true, _) => (Status::Inconclusive, "were not asked"),
        (false, true) => (Status::Fail, "cannot"),
        (false, false) => (Status::Fail, "gave no answer of their own"),
    };
    let detail = format!("{} of {} {verb}: {}{rest}", bad.len(), verified.len(), bad.join(", "));
    let row = MODELS_VERIFY.row(status, detail);
    let evidence = failed().filter(|tried| !tried.is_cut_short()).cloned().map(|mut tried| {
        // Only the API's own no says something about the model; other failures keep their cause.
        if is_refusal(&tried) {
            tried.know(Clue::Model(ModelFact::Listed));
            tried.know(Clue::Shown(Shown::ListedUnusable));
        }
        tried.evidence()
    });
    runner.journal.observe(evidence.fold(row, super::row::Row::with).done());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(names: &[&str]) -> Vec<Model> {
        names
            .iter()
            .map(|name| Model { name: format!("models/{name}"), ..Model::default() })
            .collect()
    }

    #[test]
    fn near_names_are_few_letters_away() {
        let models = listed(&["gemini-3.5-flash", "gemini-3.5-flash-lite", "gemma-4-31b-it"]);
        assert_eq!(nearest("gemini-3.5-flahs", &models), ["gemini-3.5-flash"]);
        assert_eq!(nearest("gpt-5", &models), Vec::<String>::new());
    }

    #[test]
    fn distances_are_counted_in_letters() {
        for (left, right, expected) in
            [("", "", 0), ("a", "", 1), ("flash", "flahs", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(left, right), expected, "{left} {right}");
        }
    }
}
