//! A map of tasks to models, held against the list of this key and the dated table.

use crate::{
    facts::{Clue, Status, check::Evidence, clue::ModelFact, models::ModelTable},
    gemini::wire::Model,
};

use super::{Runner, models::nearest, row::MODELS_ROUTES};

/// One task with its models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The task.
    pub task: String,
    /// The model that is asked first.
    pub primary: String,
    /// The models that are asked when it fails.
    pub fallback: Vec<String>,
}

/// One model of a route, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteJudged {
    /// The task.
    pub task: String,
    /// The model.
    pub model: String,
    /// Whether it is a fallback.
    pub is_fallback: bool,
    /// `ok`, `unknown`, `not offered`, `retired`, `retiring`, `unusable` or `same as primary`.
    pub word: &'static str,
    /// What to know or do.
    pub note: String,
}

/// Judges every model of every route, and records one row for the file.
pub fn judge(
    routes: &[Route],
    listed: &[Model],
    table: &ModelTable,
    today: &str,
    runner: &Runner<'_>,
) -> Vec<RouteJudged> {
    let mut judged = Vec::new();
    for route in routes {
        judged.push(judge_one(route, &route.primary, false, listed, table, today));
        for model in &route.fallback {
            judged.push(judge_one(route, model, true, listed, table, today));
        }
    }
    record(&judged, runner);
    judged
}

fn judge_one(
    route: &Route,
    model: &str,
    is_fallback: bool,
    listed: &[Model],
    table: &ModelTable,
    today: &str,
) -> RouteJudged {
    let (word, note) = if is_fallback && model == route.primary {
        ("same as primary", "a fallback to the same model fails with it".to_owned())
    } else {
        fitness(model, listed, table, today)
    };
    RouteJudged { task: route.task.clone(), model: model.to_owned(), is_fallback, word, note }
}

fn fitness(
    model: &str,
    listed: &[Model],
    table: &ModelTable,
    today: &str,
) -> (&'static str, String) {
    let entry = table.find(model);
    let successor = entry
        .and_then(|entry| entry.successor.as_deref())
        .map_or(String::new(), |successor| format!("; use {successor}"));
    let day = entry.and_then(|entry| entry.retires.as_deref());
    let gone = entry.is_some_and(|entry| entry.is_retired_on(today));
    match (listed.iter().find(|one| one.id() == model), day) {
        (None, Some(day)) if gone => ("retired", format!("since {day}{successor}")),
        (None, _) => match nearest(model, listed).first() {
            Some(near) => ("unknown", format!("not listed for this key; did you mean {near}?")),
            None if entry.is_some() => {
                ("not offered", format!("not listed for this key{successor}"))
            }
            None => ("unknown", "not listed for this key, and in no table".to_owned()),
        },
        (Some(one), _) if !one.supports("generateContent") => {
            ("unusable", "listed without generateContent".to_owned())
        }
        (Some(_), Some(day)) => ("retiring", format!("from {day}{successor}")),
        (Some(_), None) => ("ok", String::new()),
    }
}

fn record(judged: &[RouteJudged], runner: &Runner<'_>) {
    let bad: Vec<&RouteJudged> = judged.iter().filter(|one| one.word != "ok").collect();
    let fails = bad.iter().any(|one| one.word != "retiring");
    let status = match (bad.is_empty(), fails) {
        (true, _) => Status::Pass,
        (false, true) => Status::Fail,
        (false, false) => Status::Warn,
    };
    let detail = match status {
        Status::Pass => format!("all {} models can be used", judged.len()),
        _ => bad
            .iter()
            .map(|one| format!("{}: {} {}", one.task, one.model, one.word))
            .collect::<Vec<_>>()
            .join("; "),
    };
    let mut row = MODELS_ROUTES.row(status, detail);
    for one in bad.iter().filter(|one| fails == (one.word != "retiring")) {
        let text = format!("{} ({}): {}; {}", one.model, one.task, one.word, one.note);
        let mut clues = vec![Clue::Meta("model".to_owned(), one.model.clone())];
        clues.extend(facts(one.word).iter().map(|fact| Clue::Model(*fact)));
        row = row.with(Evidence { attempt: None, text, clues });
    }
    runner.journal.observe(row.done());
}

fn facts(word: &str) -> &'static [ModelFact] {
    match word {
        "retired" => &[ModelFact::Retired, ModelFact::NotListed],
        "retiring" => &[ModelFact::Retiring],
        "unusable" => &[ModelFact::LacksMethod],
        "not offered" => &[ModelFact::NotListed],
        _ => &[ModelFact::NotListed, ModelFact::NotInTable],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(names: &[&str]) -> Vec<Model> {
        let methods = vec!["generateContent".to_owned()];
        let model = |name: &&str| Model {
            name: format!("models/{name}"),
            supported_generation_methods: methods.clone(),
            ..Model::default()
        };
        names.iter().map(model).collect()
    }

    #[test]
    fn each_kind_of_trouble_has_its_word() {
        let table = ModelTable::embedded();
        let list = listed(&["gemini-2.5-pro", "gemini-3.8-flash"]);
        let word = |model| fitness(model, &list, &table, "2026-11-20").0;
        assert_eq!(word("gemini-3.8-flash"), "ok");
        assert_eq!(word("gemini-2.5-pro"), "retiring");
        assert_eq!(word("gemini-3-pro-preview"), "retired");
        assert_eq!(word("gemini-9-ultra"), "unknown");
    }
}
