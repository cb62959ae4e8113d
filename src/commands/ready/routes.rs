//! A route file held against a key's own list or against the dated table. Pure.

use serde_json::Value;

use super::measured::{Shows, counted, few};
use crate::{facts::models::ModelTable, probe::routes::Route};

/// Routes, held against a list or the dated table.
pub struct Routes {
    /// The file's name.
    pub file: String,
    /// Its routes.
    pub all: Vec<Route>,
    /// What is wrong with models: task, model, word and note. None where they were not asked about.
    pub wrong: Vec<Wrong>,
    /// What they were held against.
    pub against: String,
}

/// What is wrong with one model of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The task.
    pub task: String,
    /// The model.
    pub model: String,
    /// What is wrong, in a few words.
    pub why: String,
    /// Whether it breaks calls; otherwise it will, or nothing is known of it.
    pub kind: WrongKind,
}

/// How wrong it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongKind {
    /// It fails.
    Broken,
    /// It will.
    Soon,
    /// It cannot be told.
    Unknown,
}

/// What routes show of their fallbacks: all that is wrong with them, and the worst of it decides.
pub(super) fn shows(routes: &Routes) -> Shows {
    let (file, against) = (&routes.file, &routes.against);
    let of = |kind: WrongKind| {
        let wrong = routes.wrong.iter().filter(|wrong| wrong.kind == kind);
        let said: Vec<String> =
            wrong.map(|wrong| format!("{} ({}) {}", wrong.model, wrong.task, wrong.why)).collect();
        (!said.is_empty()).then(|| few(&said))
    };
    let kinds = [WrongKind::Broken, WrongKind::Unknown, WrongKind::Soon].map(of);
    let (broken, unknown) = (kinds[0].is_some(), kinds[1].is_some());
    let models: Vec<String> = kinds.into_iter().flatten().collect();
    let bare = without_fallback(routes);
    let said = match (&bare, models.is_empty()) {
        (None, true) => {
            let tasks = counted(routes.all.len(), "task");
            return Shows::Holds(format!(
                "{file} against {against}: all models of {tasks} are there"
            ));
        }
        (None, false) => format!("{file} against {against}: {}", models.join("; ")),
        (Some(bare), true) => format!("{file}: {bare}"),
        (Some(bare), false) => format!("{file}: {bare}; against {against}: {}", models.join("; ")),
    };
    match bare.is_some() || broken {
        true => Shows::Fails(said),
        false if unknown => Shows::Unclear(said),
        false => Shows::Remark(said),
    }
}

fn without_fallback(routes: &Routes) -> Option<String> {
    let bare: Vec<&str> = routes
        .all
        .iter()
        .filter(|route| route.fallback.is_empty())
        .map(|route| route.task.as_str())
        .collect();
    let (count, all) = (bare.len(), routes.all.len());
    (count > 0).then(|| format!("{count} of {all} tasks without a fallback: {}", few(&bare)))
}

/// Holds routes against the dated table, which knows retired names and not all new ones.
pub fn against_table(routes: &[Route], table: &ModelTable, today: &str) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for route in routes {
        let fallbacks = route.fallback.iter().map(|model| (model, *model == route.primary));
        for (model, is_same) in std::iter::once((&route.primary, false)).chain(fallbacks) {
            let entry = table.find(model);
            let day = entry.and_then(|entry| entry.retires.clone()).unwrap_or_default();
            let (kind, why) = match entry {
                _ if is_same => (WrongKind::Broken, "is the first model again".to_owned()),
                None => (WrongKind::Unknown, "is not in the table".to_owned()),
                Some(entry) if entry.is_retired_on(today) => {
                    (WrongKind::Broken, format!("retired on {day}"))
                }
                Some(_) if !day.is_empty() => (WrongKind::Soon, format!("retires on {day}")),
                Some(_) => continue,
            };
            wrong.push(Wrong { task: route.task.clone(), model: model.clone(), why, kind });
        }
    }
    wrong
}

/// The same from the data of a report of `list-models --routes`.
pub fn against_list(report: &Value) -> Vec<Wrong> {
    let routes = report["data"]["routes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let wrong = |one: &Value| {
        let kind = match one["result"].as_str()? {
            "ok" => return None,
            "retiring" => WrongKind::Soon,
            _ => WrongKind::Broken,
        };
        let why = format!("{} {}", text(one, "result"), text(one, "note")).trim().to_owned();
        Some(Wrong { task: text(one, "task"), model: text(one, "model"), why, kind })
    };
    routes.iter().filter_map(wrong).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = "2026-11-30";

    fn route(task: &str, primary: &str, fallback: &[&str]) -> Route {
        Route {
            task: task.to_owned(),
            primary: primary.to_owned(),
            fallback: fallback.iter().map(|model| (*model).to_owned()).collect(),
        }
    }

    #[test]
    fn the_table_knows_what_is_retired_and_admits_what_it_does_not_know() {
        let table = ModelTable::embedded();
        let kinds = |route: Route| {
            let wrong = against_table(&[route], &table, TODAY);
            wrong.into_iter().map(|wrong| wrong.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds(route("a", "gemini-3.5-flash", &["gemini-3.5-flash-lite"])), []);
        assert_eq!(
            kinds(route("a", "gemini-3.5-flash", &["gemini-3.5-flash"])),
            [WrongKind::Broken]
        );
        assert_eq!(
            kinds(route("a", "gemini-1.5-pro", &["gemini-9-x", "gemini-2.5-pro"])),
            [WrongKind::Broken, WrongKind::Unknown, WrongKind::Soon]
        );
    }

    #[test]
    fn a_task_without_a_fallback_fails_whatever_the_table_says() {
        let routes = |all: Vec<Route>, wrong: Vec<Wrong>| Routes {
            file: "r.json".to_owned(),
            all,
            wrong,
            against: "the table".to_owned(),
        };
        let bare = routes(vec![route("a", "m", &[]), route("b", "m", &["n"])], Vec::new());
        let said = "r.json: 1 of 2 tasks without a fallback: a";
        assert_eq!(shows(&bare), Shows::Fails(said.to_owned()));
        let retired = Wrong {
            task: "b".to_owned(),
            model: "n".to_owned(),
            why: "retired on 2026-06-01".to_owned(),
            kind: WrongKind::Broken,
        };
        let both = routes(bare.all, vec![retired]);
        let said = format!("{said}; against the table: n (b) retired on 2026-06-01");
        assert_eq!(shows(&both), Shows::Fails(said));
        let good = routes(vec![route("b", "m", &["n"])], Vec::new());
        assert!(matches!(shows(&good), Shows::Holds(_)));
    }
}
