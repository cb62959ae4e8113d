//! What the run shows *not* to be the cause, with the attempts that show it.

use crate::facts::{
    Clue, Layer, Party, Status,
    check::{Evidence, Observation},
    clue::Shown,
    endpoint::HostKind,
};

use super::finding::RuledOut;

/// Everything that is excluded beside a cause in a layer.
pub(super) fn ruled_out(
    layer: Layer,
    own: &[&Evidence],
    observations: &[Observation],
) -> Vec<RuledOut> {
    // Another answer says nothing about the way that this one took.
    let asked = own.iter().any(|evidence| evidence.attempt.is_some());
    if asked && !own.iter().any(|evidence| evidence.clues.contains(&Clue::By(Party::Api))) {
        return Vec::new();
    }
    let mut excluded = network(layer, observations);
    // What the old key did says nothing about the new one.
    let is_successor =
        |evidence: &&Evidence| evidence.clues.contains(&Clue::Shown(Shown::SuccessorFails));
    if !own.iter().any(is_successor) {
        excluded.extend(key(layer, observations));
        excluded.extend(name(layer, observations));
    }
    excluded
}

/// Whoever got an answer of the API has a name server, a connection and trust.
fn network(layer: Layer, observations: &[Observation]) -> Vec<RuledOut> {
    const WAY: [Layer; 4] = [Layer::Dns, Layer::Tcp, Layer::Proxy, Layer::Tls];
    let by_api = Clue::By(Party::Api);
    let mut answers = observations.iter().flat_map(|observation| &observation.evidence);
    let Some(answer) = answers.find(|evidence| evidence.clues.contains(&by_api)) else {
        return Vec::new();
    };
    if layer == Layer::Local || WAY.contains(&layer) {
        return Vec::new();
    }
    let named = [HostKind::Other, HostKind::Loopback]
        .iter()
        .any(|kind| answer.clues.contains(&Clue::Host(*kind)));
    let who = if named { "the host that was named" } else { "Google itself" };
    let excluded = |layer: Layer| RuledOut {
        id: layer.word().to_owned(),
        because: format!("{who} answered"),
        attempts: answer.attempt.iter().cloned().collect(),
    };
    // Where somebody in between re-signs TLS, the answer has passed through his hands.
    let resigned = observations
        .iter()
        .flat_map(|observation| &observation.evidence)
        .any(|evidence| evidence.clues.contains(&Clue::Shown(Shown::PrivateTrust)));
    let open = |layer: &Layer| !resigned || matches!(layer, Layer::Dns | Layer::Tcp);
    WAY.into_iter().filter(open).map(excluded).collect()
}

/// A key that lists models is a good key, though it may lack a permission.
fn key(layer: Layer, observations: &[Observation]) -> Option<RuledOut> {
    if layer <= Layer::Auth {
        return None;
    }
    let listed = passed(observations, "api.list").or(passed(observations, "models.pages"))?;
    Some(RuledOut {
        id: Layer::Auth.word().to_owned(),
        because: format!("models.list passed with this {}", credential(observations)),
        attempts: listed.check.attempts.clone(),
    })
}

/// What stood for the caller.
fn credential(observations: &[Observation]) -> &'static str {
    if passed(observations, "adc.token").is_some() { "login" } else { "key" }
}

/// The same name that fails at times and passes at others is a good name with a good key.
fn name(layer: Layer, observations: &[Observation]) -> Vec<RuledOut> {
    let answered = answered_at_times(observations);
    let (layers, because, attempts) = match passed(observations, "api.model") {
        _ if !answered.is_empty() => (
            &[Layer::Permission, Layer::Model][..],
            format!("{} calls with the same key and name passed", answered.len()),
            answered,
        ),
        Some(asked) if layer > Layer::Model => (
            &[Layer::Model][..],
            "get and countTokens passed for this name".to_owned(),
            asked.check.attempts.clone(),
        ),
        _ => return Vec::new(),
    };
    let excluded = |layer: &Layer| RuledOut {
        id: layer.word().to_owned(),
        because: because.clone(),
        attempts: attempts.clone(),
    };
    layers.iter().map(excluded).collect()
}

/// The attempts at an alias that passed beside others that did not.
fn answered_at_times(observations: &[Observation]) -> Vec<String> {
    let alias = observations.iter().find(|observation| observation.check.id == "api.alias");
    let Some(alias) = alias else { return Vec::new() };
    let mixed = Clue::Shown(Shown::PassedToo);
    if !alias.evidence.iter().any(|evidence| evidence.clues.contains(&mixed)) {
        return Vec::new();
    }
    let passed = alias.evidence.iter().filter(|evidence| evidence.clues.is_empty());
    passed.filter_map(|evidence| evidence.attempt.clone()).collect()
}

fn passed<'a>(observations: &'a [Observation], id: &str) -> Option<&'a Observation> {
    observations
        .iter()
        .find(|observation| observation.check.id == id)
        .filter(|observation| matches!(observation.check.status, Status::Pass | Status::Warn))
}
