//! Calls and their answers out of step, and signatures that are gone or broken.

use super::{
    super::{
        case::{Case, Kind},
        chance::Chance,
        tree::{Json, Path, fields, list, text},
        write::Place,
    },
    Mutation, doubtful,
    places::{answered, field, missing, turns, value, values},
    refused,
};

pub(super) const MUTATIONS: &[Mutation] = &[
    refused("a call without its answer", |case, chance| {
        let (turns, at) = called(case, chance)?;
        let items = case.value_mut(&turns)?.items_mut()?;
        // A call that is the end of all is the end of what the model said, which older models take.
        (at + 2 < items.len()).then_some(())?;
        items.remove(at + 1);
        Some(all_of(case, &turns, at))
    }),
    refused("an answer without its call", |case, chance| {
        let (turns, at) = called(case, chance)?;
        case.value_mut(&turns)?.items_mut()?.remove(at);
        Some(all_of(case, &turns, at))
    }),
    refused("something said between a call and its answer", |case, chance| {
        let (turns, at) = called(case, chance)?;
        case.value_mut(&turns)?.items_mut()?.insert(at + 1, said("user"));
        Some([at + 2, at, at + 1].into_iter().flat_map(|at| all_of(case, &turns, at)).collect())
    }),
    refused("a call behind a turn of the model", |case, chance| {
        let (turns, at) = called(case, chance)?;
        case.value_mut(&turns)?.items_mut()?.insert(at, said("model"));
        Some([at + 1, at].into_iter().flat_map(|at| all_of(case, &turns, at)).collect())
    }),
    refused("a call at the beginning", |case, chance| {
        let (turns, at) = called(case, chance)?;
        case.value_mut(&turns)?.items_mut()?.drain(..at);
        Some(all_of(case, &turns, 0))
    }),
    doubtful("an answer by another name", |case, chance| {
        let part = responded(case, chance)?;
        let name = case.set(&part.to("functionResponse"), "name", text("something_else"))?;
        values([name, part.to("functionResponse"), part])
    }),
    doubtful("an answer with another id", |case, chance| {
        let part = responded(case, chance)?;
        let response = part.to("functionResponse");
        case.value(&response.to("id"))?;
        values([case.set(&response, "id", text("call_0000000000"))?, response, part])
    }),
    refused("fewer answers than calls", |case, chance| {
        let (turns, at) = called(case, chance)?;
        let answers = turns.at(at + 1).to("parts");
        (case.value(&answers)?.items().len() > 1).then_some(())?;
        case.value_mut(&answers)?.items_mut()?.pop();
        Some([at + 1, at].into_iter().flat_map(|at| all_of(case, &turns, at)).collect())
    }),
    refused("more answers than calls", |case, chance| {
        let (turns, at) = called(case, chance)?;
        let answers = turns.at(at + 1).to("parts");
        let last = case.value(&answers)?.items().last()?.clone();
        case.value_mut(&answers)?.items_mut()?.push(last);
        Some([at + 1, at].into_iter().flat_map(|at| all_of(case, &turns, at)).collect())
    }),
    refused("an answer as a text", |case, chance| {
        let part = responded(case, chance)?;
        values([case.set(&part.to("functionResponse"), "response", text("sunny"))?])
    }),
    refused("an answer without a name", |case, chance| {
        let part = responded(case, chance)?;
        case.value_mut(&part.to("functionResponse"))?.remove("name")?;
        Some(missing(&part.to("functionResponse.name")))
    }),
    refused("arguments as a text", |case, chance| {
        let call = field(case, chance, "functionCall")?;
        values([case.set(&call, "args", text("{\"city\": \"Oslo\"}"))?])
    }),
    doubtful("a call without a name", |case, chance| {
        let call = field(case, chance, "functionCall")?;
        case.value_mut(&call)?.remove("name")?;
        Some(missing(&call.to("name")))
    }),
    refused("no signature on a call of this turn", |case, chance| {
        let part = signed(case, chance)?;
        case.value_mut(&part)?.remove("thoughtSignature")?;
        Some(unsigned(&part))
    }),
    refused("a signature on the second call alone", |case, chance| {
        let part = signed(case, chance)?;
        let parts = part.parent();
        let at = case.value(&parts)?.items().iter().rposition(|part| part.has("functionCall"))?;
        (parts.at(at) != part).then_some(())?;
        let signature = case.value_mut(&part)?.remove("thoughtSignature")?;
        case.value_mut(&parts.at(at))?.push(signature);
        Some(unsigned(&part))
    }),
    refused("a signature that is not base64", |case, chance| {
        let path = field(case, chance, "thoughtSignature")?;
        *case.value_mut(&path)? = text("<the model's thought>");
        values([path])
    }),
];

/// The places that may be named for a call without its signature.
fn unsigned(part: &Path) -> Vec<Place> {
    let mut places = missing(&part.to("thoughtSignature"));
    places.extend([part.to("functionCall"), part.parent(), part.parent().parent()].map(value));
    places
}

fn said(role: &str) -> Json {
    fields([("role", text(role)), ("parts", list([fields([("text", text("One moment."))])]))])
}

/// The turns of a request, and at which of them the model calls; the next one answers.
fn called(case: &Case, chance: &mut Chance) -> Option<(Path, usize)> {
    let request = answered(case, chance)?;
    let turns = turns(case, &request)?;
    let calls = case.value(&turns)?.items().iter().enumerate();
    let found = calls.filter(|(_, turn)| has_part(turn, "functionCall")).map(|(at, _)| at);
    Some((turns, chance.take(found.collect())?))
}

fn has_part(turn: &Json, field: &str) -> bool {
    turn.get("parts").is_some_and(|parts| parts.items().iter().any(|part| part.has(field)))
}

/// A turn, its parts, and what they hold: a fault of the whole turn may be told at any of them.
fn all_of(case: &Case, turns: &Path, at: usize) -> Vec<Place> {
    let turn = turns.at(at);
    let mut places = vec![value(turn.clone()), value(turn.to("role")), value(turn.to("parts"))];
    let parts = case.value(&turn.to("parts")).map_or(&[][..], Json::items);
    for (at, part) in parts.iter().enumerate() {
        let path = turn.to("parts").at(at);
        places.extend(part.entries().iter().map(|entry| value(path.key(&entry.name))));
        places.push(value(path));
    }
    places
}

/// A part that answers a call.
fn responded(case: &Case, chance: &mut Chance) -> Option<Path> {
    let (turns, at) = called(case, chance)?;
    let parts = turns.at(at + 1).to("parts");
    let count = case.value(&parts)?.items().len();
    Some(parts.at(chance.below(count)))
}

/// A part whose signature the model needs: the first call of a step since the user last said something.
fn signed(case: &Case, chance: &mut Chance) -> Option<Path> {
    (case.model.signs() && case.kind != Kind::CountTokens).then_some(())?;
    let (turns, at) = called(case, chance)?;
    let all = case.value(&turns)?.items();
    let is_said =
        |turn: &Json| !has_part(turn, "functionCall") && !has_part(turn, "functionResponse");
    all[at..].iter().all(|turn| !is_said(turn)).then_some(())?;
    let parts = turns.at(at).to("parts");
    let first = case.value(&parts)?.items().iter().position(|part| part.has("functionCall"))?;
    Some(parts.at(first))
}
