//! What the run shows *not* to be the cause, with the attempts that show it.

use crate::facts::{
    Clue, Layer, Party, Status,
    check::{Evidence, Observation},
    clue::{self, Shown},
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
    let gateway = gateways(own);
    if !gateway.is_empty() {
        return gateway;
    }
    let asked = own.iter().any(|evidence| evidence.attempt.is_some());
    if asked && !own.iter().any(|evidence| evidence.clues.contains(&Clue::By(Party::Api))) {
        return Vec::new();
    }
    let mut excluded = network(layer, own, observations);
    // What the old key did says nothing about the new one.
    let is_successor =
        |evidence: &&Evidence| evidence.clues.contains(&Clue::Shown(Shown::SuccessorFails));
    if !own.iter().any(is_successor) {
        excluded.extend(key(layer, observations));
        excluded.extend(name(layer, observations));
    }
    excluded
}

/// What a gateway's own no excludes: the way to it, and Google where it says that it wants a credential of its own.
fn gateways(own: &[&Evidence]) -> Vec<RuledOut> {
    let is_own = |one: &&&Evidence| clue::meta(&one.clues, "hop") == Some("itself");
    let Some(refusal) = own.iter().find(is_own) else { return Vec::new() };
    let excluded = |layer: &Layer, because: &str| RuledOut {
        id: layer.word().to_owned(),
        because: because.to_owned(),
        attempts: refusal.attempt.iter().cloned().collect(),
    };
    let way = [Layer::Dns, Layer::Tcp, Layer::Tls];
    let behind = [Layer::Permission, Layer::Region, Layer::Backend];
    let guards = refusal.clues.iter().any(|clue| matches!(clue, Clue::Status(401 | 403 | 407)));
    let way = way.iter().map(|layer| excluded(layer, "the gateway answered"));
    let because = "the gateway refused before Google was asked";
    let behind = behind.iter().filter(|_| guards).map(|layer| excluded(layer, because));
    way.chain(behind).collect()
}

/// Whoever got an answer of the API has a name server, a connection and trust.
fn network(layer: Layer, own: &[&Evidence], observations: &[Observation]) -> Vec<RuledOut> {
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
    let way = WAY.into_iter().filter(open).map(excluded);
    way.chain(gateway_passed_on(own)).collect()
}

/// Google's own no came through the gateway, so that the gateway is none of it.
fn gateway_passed_on(own: &[&Evidence]) -> Option<RuledOut> {
    let word = |one: &&Evidence| clue::meta(&one.clues, "hop").map(str::to_owned);
    let passed =
        own.iter().find(|one| matches!(word(one).as_deref(), Some("quoted" | "passed-on")))?;
    Some(RuledOut {
        id: Layer::Gateway.word().to_owned(),
        because: "it passed on what Google behind it said".to_owned(),
        attempts: passed.attempt.iter().cloned().collect(),
    })
}

/// A key that lists models is a good key, though it may lack a permission; but a gateway lists them for anybody.
fn key(layer: Layer, observations: &[Observation]) -> Option<RuledOut> {
    if layer <= Layer::Auth {
        return None;
    }
    let listed = passed(observations, "api.list").or(passed(observations, "models.pages"))?;
    let elsewhere = |clue: &Clue| matches!(clue, Clue::Host(HostKind::Other | HostKind::Loopback));
    if listed.evidence.iter().flat_map(|one| &one.clues).any(elsewhere) {
        return None;
    }
    Some(RuledOut {
        id: Layer::Auth.word().to_owned(),
        because: "models.list passed with this key".to_owned(),
        attempts: listed.check.attempts.clone(),
    })
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
