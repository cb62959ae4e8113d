//! Maps of models: which one a task asks first, which ones after it, how long and how often.
//!
//! Which of the looks at a map are taken. How a map is read is `read`'s; nothing here is sent to the API.

mod models;
mod read;
mod times;

use crate::facts::Severity::Warning;

use crate::lint::{
    document::{End, Value},
    finding::{Correction, Findings, said},
    kind::Kind,
    request::Request,
    rule::{Example, Rule, bad, good},
};

use read::{MEMBERS, Route, routes};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &WITHOUT_MODEL,
    &MEMBER_MISSPELT,
    &models::UNKNOWN,
    &models::RETIRED,
    &models::REROUTED,
    &models::RETIRES,
    &models::ALIAS,
    &models::WITHOUT_FALLBACK,
    &models::FALLBACK_AGAIN,
    &models::ONE_FAMILY,
    &times::UNIT,
    &times::UNBOUNDED,
    &times::TOO_LONG,
    &times::OVER_BUDGET,
];

const PAGE: &str = "https://ai.google.dev/gemini-api/docs/troubleshooting";
const MODELS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/models";
const DEPRECATIONS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/deprecations";

const fn rule(
    id: &'static str,
    title: &'static str,
    why: &'static str,
    docs: &'static [&'static str],
    bad: &'static [Example],
) -> Rule {
    Rule {
        id,
        title,
        severity: Warning,
        fix: None,
        answer: "",
        why,
        docs,
        as_of: "2026-11-20",
        bad,
        good: GOOD,
    }
}

/// A map in which a rule finds something at a path.
const fn map(body: &'static str, at: &'static str) -> Example {
    bad("", body, at).of(Kind::Routes)
}

const GOOD: &[Example] = &[
    good(
        "",
        r#"{"summary": {"primary": "gemini-3.8-flash", "fallbacks": ["gemini-3.5-flash-lite"], "timeoutMs": 20000, "maxRetries": 2}}"#,
    )
    .of(Kind::Routes),
    good(
        "",
        r#"{"budgetMs": 240000, "routes": [{"task": "a", "model": "models/gemini-3.1-pro-preview", "fallback": "gemini-3.8-flash", "timeout_seconds": 40, "max_retries": 2}]}"#,
    )
    .of(Kind::Routes),
    good("", r#"{"primary": "gemini-3.8-flash", "fallback": ["claude-x"], "notes": "none"}"#)
        .of(Kind::Routes),
];

const WITHOUT_MODEL: Rule = rule(
    "route-without-model",
    "A route names no model",
    "A task without a model cannot be sent anywhere.",
    &[MODELS_PAGE],
    &[
        map(r#"{"routes": {"a": {"fallback": ["gemini-3.8-flash"]}}}"#, "routes.a"),
        map(
            r#"{"a": {"primary": "gemini-3.8-flash", "fallback": "gemini-3.5-flash-lite"}, "b": {"primary": ""}}"#,
            "b.primary",
        ),
    ],
);
const MEMBER_MISSPELT: Rule = rule(
    "route-member-misspelt",
    "A member of a route is nearly one that is known",
    "Programs leave out members that they do not know, so that a misspelt time-out is none at all.",
    &[PAGE],
    &[map(
        r#"{"a": {"primary": "gemini-3.8-flash", "fallback": "gemini-3.5-flash-lite", "maxRetrys": 2}}"#,
        "a.maxRetrys",
    )],
);

/// Looks at a map.
pub(super) fn look(whole: &Request<'_>, found: &mut Findings<'_>) {
    if whole.kind != Kind::Routes {
        return;
    }
    for route in routes(whole.body) {
        members(route.object, found);
        if !has_model(&route, found) {
            continue;
        }
        models::look(whole, &route, found);
        times::look(&route, found);
    }
}

/// Whether a value has any route that could be judged.
pub fn has_any(root: Value<'_>) -> bool {
    !routes(root).is_empty()
}

fn is_whole(value: Value<'_>) -> bool {
    value.document().end() == End::Whole
}

fn has_model(route: &Route<'_>, found: &mut Findings<'_>) -> bool {
    let empty = route.primary.filter(|model| model.quoted() == Some(""));
    match (route.primary, empty) {
        (_, Some(empty)) => found.at(&WITHOUT_MODEL, empty, || said("the model has no name")),
        (None, None) if is_whole(route.at) => {
            found.at(&WITHOUT_MODEL, route.at, || {
                said("the route names no model").with(Correction::advice("Name it in primary"))
            });
        }
        _ => {}
    }
    route.primary.is_some() && empty.is_none()
}

/// Members that are nearly known; what is the caller's own is not told.
fn members(object: Option<Value<'_>>, found: &mut Findings<'_>) {
    let names: Vec<&str> = MEMBERS.iter().map(|(name, _)| *name).collect();
    for member in object.into_iter().flat_map(Value::members) {
        let key = member.name().unwrap_or_default();
        if read::meaning(key).is_some() || key.len() < 5 {
            continue;
        }
        let near = crate::facts::nearest(&crate::lint::shape::camel(key), &names);
        if let Some(name) = near.filter(|name| is_slip(key, name)) {
            found.at_name(&MEMBER_MISSPELT, member, || {
                said(format!("{key} is none of the members that are known; {name} is"))
                    .with(Correction::advice(format!("Rename it to {name}")))
            });
        }
    }
}

/// Words that only share letters are no slips of each other.
fn is_slip(key: &str, name: &str) -> bool {
    let begins = |text: &str| text.bytes().next().map(|letter| letter.to_ascii_lowercase());
    begins(key) == begins(name) && key.len().abs_diff(name.len()) <= 2
}
