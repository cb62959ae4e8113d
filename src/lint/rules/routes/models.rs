//! The models of routes: whether they are there, how long they stay, and whether a second one helps when the first is out.

use crate::facts::{
    Severity::{Error, Note},
    accepts::accepts,
    looks_like_key, nearest,
};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, Said, said},
    look::bare,
    request::Request,
    rule::Rule,
};

use super::{DEPRECATIONS_PAGE, MODELS_PAGE, PAGE, is_whole, map, read::Route, rule};

/// The table may be older than a model, so that it is no error.
pub(super) const UNKNOWN: Rule = rule(
    "route-model-unknown",
    "A route names a model that is in no table",
    "The name is misspelt, or newer than the table; list-models asks the service itself.",
    &[MODELS_PAGE],
    &[
        map(
            r#"{"a": {"primary": "gemini-3.8-falsh", "fallback": "gemini-3.5-flash-lite"}}"#,
            "a.primary",
        ),
        map(r#"{"a": "gemini-3.8-flash", "b": "gemini-99-flash"}"#, "b"),
    ],
);
pub(super) const RETIRED: Rule = Rule {
    severity: Error,
    fix: Some("model-retired"),
    answer: "models/… is not found for API version v1beta, or is not supported for generateContent.",
    ..rule(
        "route-model-retired",
        "A route names a model that is shut down",
        "Calls of a model fail after the day on which it was shut down.",
        &[DEPRECATIONS_PAGE],
        &[
            map(
                r#"{"a": {"primary": "gemini-2.0-flash", "fallback": "gemini-3.1-pro-preview"}}"#,
                "a.primary",
            ),
            map(
                r#"{"a": {"primary": "gemini-3.8-flash", "fallback": ["gemini-1.5-pro"]}}"#,
                "a.fallback[0]",
            ),
        ],
    )
};
pub(super) const REROUTED: Rule = rule(
    "route-model-rerouted",
    "A route names a model in whose place another one answers",
    "From an announced day on another model answers under the old name, with its own price and its own rules.",
    &[DEPRECATIONS_PAGE],
    // The day lies behind that of the examples.
    &[],
);
pub(super) const RETIRES: Rule = rule(
    "route-model-retires",
    "A route names a model that is going to be shut down",
    "The day is announced, and has been moved for other models before.",
    &[DEPRECATIONS_PAGE],
    &[map(r#"{"a": {"primary": "gemini-2.5-pro", "fallback": "gemini-3.8-flash"}}"#, "a.primary")],
);
pub(super) const ALIAS: Rule = Rule {
    severity: Note,
    ..rule(
        "route-model-moves",
        "A route names what moves on to newer models by itself",
        "A name that ends with -latest leads to another model after each release, with other rules for its settings and another price.",
        &[MODELS_PAGE],
        &[map(
            r#"{"a": {"primary": "gemini-flash-latest", "fallback": "gemini-3.1-pro-preview"}}"#,
            "a.primary",
        )],
    )
};
pub(super) const WITHOUT_FALLBACK: Rule = rule(
    "route-without-fallback",
    "A route has no second model",
    "When its only model is overloaded or out of quota the task stands still.",
    &[PAGE],
    &[
        map(r#"{"a": {"primary": "gemini-3.8-flash", "timeoutMs": 20000}}"#, "a"),
        map(r#"{"a": "gemini-3.8-flash"}"#, "a"),
    ],
);
pub(super) const FALLBACK_AGAIN: Rule = rule(
    "route-fallback-again",
    "A route falls back to a model that it has asked before",
    "The same model fails for the same reason: that is one more retry, and no fallback.",
    &[PAGE],
    &[
        map(
            r#"{"a": {"primary": "gemini-3.8-flash", "fallback": ["models/gemini-3.8-flash"]}}"#,
            "a.fallback[0]",
        ),
        map(
            r#"{"a": {"primary": "gemini-3.8-flash", "fallback": ["gemini-3.5-flash-lite", "gemini-3.5-flash-lite"]}}"#,
            "a.fallback[1]",
        ),
    ],
);
pub(super) const ONE_FAMILY: Rule = rule(
    "route-fallback-of-one-family",
    "All models of a route are of one family",
    "Overload and outages take a whole family more often than not: a second model of the same one goes down with the first.",
    &[PAGE],
    &[map(
        r#"{"a": {"primary": "gemini-3.8-flash", "fallback": ["gemini-3.7-flash", "gemini-flash-latest"]}}"#,
        "a.fallback",
    )],
);

/// Looks at the models of a route.
pub(super) fn look(whole: &Request<'_>, route: &Route<'_>, found: &mut Findings<'_>) {
    let all = route.primary.iter().chain(&route.fallbacks).copied();
    let mut names: Vec<&str> = Vec::new();
    for model in all {
        let name = bare(model.quoted().unwrap_or_default());
        if names.contains(&name) {
            found.at(&FALLBACK_AGAIN, model, || said(format!("{name} was asked before")));
        } else if !looks_like_key(name) {
            one(whole, model, name, found);
        }
        names.push(name);
    }
    if route.fallbacks.is_empty() && is_whole(route.at) {
        found.at(&WITHOUT_FALLBACK, route.at, || without_fallback(&names));
    }
    family(route, &names, found);
}

fn without_fallback(names: &[&str]) -> Said {
    let name = names.first().copied().unwrap_or_default();
    let name = if looks_like_key(name) { "the model" } else { name };
    said(format!("nothing is asked after {name}"))
        .with(Correction::advice("Add a model of another family in fallback"))
}

fn one(whole: &Request<'_>, model: Value<'_>, name: &str, found: &mut Findings<'_>) {
    if name.ends_with("-latest") {
        found.at(&ALIAS, model, || {
            said(format!("{name} leads to another model after each release"))
        });
        return;
    }
    let Some(entry) = whole.table.find(name) else {
        if is_googles(name) && accepts(name).is_none() {
            found.at(&UNKNOWN, model, || unknown(whole, model, name));
        }
        return;
    };
    let Some(day) = entry.retires.as_deref() else { return };
    let next = entry.successor.as_deref();
    let advice = |said: Said| match next {
        Some(next) => said.with(Correction::advice(format!("Name {next} in its place"))),
        None => said,
    };
    match (entry.is_retired_on(whole.day), &entry.routed_to) {
        (true, Some(other)) => found.at(&REROUTED, model, || {
            advice(said(format!("{other} answers in the place of {name} since {day}")))
        }),
        (true, None) => {
            found.at(&RETIRED, model, || advice(said(format!("{name} was shut down on {day}"))));
        }
        (false, _) => found.at(&RETIRES, model, || {
            advice(said(format!("{name} is going to be shut down on {day}")))
        }),
    }
}

/// Models of other providers may stand in a map as well.
fn is_googles(name: &str) -> bool {
    name.to_ascii_lowercase().starts_with("gem")
}

fn unknown(whole: &Request<'_>, model: Value<'_>, name: &str) -> Said {
    let shown: String = name.chars().take(80).collect();
    let names: Vec<&str> = whole
        .table
        .entries
        .iter()
        .filter(|entry| !entry.is_retired_on(whole.day))
        .map(|entry| entry.name.as_str())
        .collect();
    let near = nearest(name, &names).filter(|near| !differs_in_numbers(name, near));
    let day = &whole.table.as_of;
    said(format!("{shown} is in no table of {day}")).with_any(near.map(|near| {
        let start = &model.quoted().unwrap_or_default();
        let prefix = start.strip_suffix(name).unwrap_or_default();
        let edit = edit::replace(model, edit::quoted(&format!("{prefix}{near}")));
        Correction::mechanical(format!("Write {near}"), vec![edit])
    }))
}

/// Another number is another model and no slip.
fn differs_in_numbers(one: &str, other: &str) -> bool {
    let numbers = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    numbers(one) != numbers(other)
}

/// The line of models that a name belongs to: it without versions and what says how final it is.
fn family_of(name: &str) -> String {
    let is_line = |word: &&str| {
        !word.is_empty()
            && !word.starts_with(|letter: char| letter.is_ascii_digit())
            && !matches!(*word, "preview" | "latest" | "exp" | "customtools")
    };
    name.split('-').filter(is_line).collect::<Vec<_>>().join("-")
}

fn family(route: &Route<'_>, names: &[&str], found: &mut Findings<'_>) {
    let Some((first, rest)) = names.split_first().filter(|(_, rest)| !rest.is_empty()) else {
        return;
    };
    let own = family_of(first);
    // What was asked before was told.
    let is_alike = |name: &&str| family_of(name) == own;
    if !rest.iter().all(is_alike) || rest.iter().all(|name| name == first) {
        return;
    }
    let Some(fallback) = route.find(|means| means == super::read::Means::Fallback) else { return };
    found.at(&ONE_FAMILY, fallback.0, || {
        let words = match fallback.0.kind() {
            Form::List => format!("all of them are {own}, as {first} is"),
            _ => format!("it is {own}, as {first} is"),
        };
        said(words).with(Correction::advice("Add a model of another family"))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::models::ModelTable,
        lint::{Given, Kind, look as look_through},
    };

    fn told(text: &str, day: &str) -> Vec<(&'static str, String)> {
        let table = ModelTable::embedded();
        let given = Given { kind: Some(Kind::Routes), ..Given::on(&table, day) };
        let looked = look_through(text, &given);
        looked.findings.into_iter().map(|finding| (finding.rule.id, finding.said)).collect()
    }

    #[test]
    fn a_name_is_rerouted_from_its_day_on() {
        let text = r#"{"a": {"primary": "gemini-2.5-pro", "fallback": "gemini-3.8-flash"}}"#;
        assert_eq!(told(text, "2026-11-30")[0].0, "route-model-retires");
        let after = told(text, "2026-12-01");
        assert_eq!(after[0].0, "route-model-rerouted");
        assert!(after[0].1.contains("gemini-3.8-flash answers"), "{after:?}");
    }

    #[test]
    fn families_are_names_without_their_versions() {
        for (name, family) in [
            ("gemini-3.8-flash", "gemini-flash"),
            ("gemini-flash-latest", "gemini-flash"),
            ("gemini-3.5-flash-lite", "gemini-flash-lite"),
            ("gemini-3.1-pro-preview-customtools", "gemini-pro"),
            ("gemini-2.0-flash-001", "gemini-flash"),
            ("gemini-4-argon", "gemini-argon"),
        ] {
            assert_eq!(family_of(name), family);
        }
    }

    #[test]
    fn a_key_in_the_place_of_a_name_is_not_shown() {
        let key = format!("AIza{}", "Fake".repeat(9).get(..35).unwrap());
        for (_, said) in told(&format!("{{\"a\": {{\"primary\": {key:?}}}}}"), "2026-11-20") {
            assert!(!said.contains("Fake"), "{said}");
        }
    }
}
