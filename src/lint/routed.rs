//! Models in whose place another one answers since a day. Announced days move, so that nobody knows which of the two a call
//! meets: what only one of them would refuse is not told.

use std::collections::HashSet;

use super::{Given, Looked, Service};

/// The model that answers in the place of the one that a body is for.
pub(super) fn answering<'a>(looked: &Looked, given: &Given<'a>) -> Option<&'a str> {
    let entry = given.table.find(looked.model.as_deref()?)?;
    let is_routed = given.service == Service::Developer && entry.is_retired_on(given.day);
    entry.routed_to.as_deref().filter(|_| is_routed && looked.unjudged.is_none())
}

/// What holds for both. What is said of the model itself is said of the one that was asked for.
pub(super) fn shared(own: Looked, other: &Looked) -> Looked {
    let there: HashSet<(&str, usize)> =
        other.findings.iter().map(|one| (one.rule.id, one.span.start)).collect();
    let is_of_model = |id: &str| id.starts_with("model-");
    let mut findings = own.findings;
    findings
        .retain(|one| is_of_model(one.rule.id) || there.contains(&(one.rule.id, one.span.start)));
    Looked { findings, ..own }
}

#[cfg(test)]
mod tests {
    use crate::{
        facts::models::ModelTable,
        lint::{Given, look},
    };

    const BODY: &str = r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "temprature": 1,
        "generationConfig": {"thinkingConfig": {"thinkingLevel": "LOW"}, "presencePenalty": 0.5}}"#;

    fn rules(model: &str, day: &str) -> Vec<&'static str> {
        let table = ModelTable::embedded();
        let given = Given { model: Some(model), ..Given::on(&table, day) };
        look(BODY, &given).findings.iter().map(|one| one.rule.id).collect()
    }

    #[test]
    fn what_only_one_of_two_models_refuses_is_not_told_once_the_other_may_answer() {
        let before = rules("gemini-2.5-pro", "2026-11-20");
        let other = rules("gemini-3.8-flash", "2026-11-20");
        assert!(before.len() >= 3 && other.len() >= 2, "{before:?} {other:?}");
        let after = rules("gemini-2.5-pro", "2026-12-01");
        assert_eq!(after, ["model-routed", "field-unknown"], "{before:?} {other:?}");
    }
}
