//! Turns that no conversation has: other roles, nothing in them, the wrong one at the end.

use super::{
    super::{
        case::{Case, Kind},
        chance::Chance,
        models::Age,
        tree::{Json, Path, fields, list, text},
        write::Place,
    },
    Mutation, doubtful,
    places::{answered, any, full, is_known, missing, name, part_with, turn, turns, value, values},
    refused,
};

pub(super) const MUTATIONS: &[Mutation] = &[
    refused("the role of another API", |case, chance| role(case, chance, "assistant")),
    refused("a system turn", |case, chance| role(case, chance, "system")),
    refused("a tool turn", |case, chance| role(case, chance, "tool")),
    refused("a role in capitals", |case, chance| role(case, chance, "User")),
    refused("no contents", |case, chance| {
        let request = any(case, chance)?;
        case.value_mut(&request)?.remove("contents")?;
        Some(missing(&request.to("contents")))
    }),
    refused("an empty list of contents", |case, chance| {
        let request = any(case, chance)?;
        values([case.set(&request, "contents", list([]))?])
    }),
    refused("a turn without parts", |case, chance| {
        let path = turn(case, chance)?;
        case.value_mut(&path)?.remove("parts")?;
        Some(missing(&path.to("parts")))
    }),
    refused("an empty list of parts", |case, chance| {
        let turn = turn(case, chance)?;
        values([case.set(&turn, "parts", list([]))?, turn])
    }),
    refused("an empty part", |case, chance| {
        let turn = turn(case, chance)?;
        let count = case.value(&turn.to("parts"))?.items().len();
        case.value_mut(&turn.to("parts"))?.items_mut()?.push(fields([]));
        values([turn.to("parts").at(count)])
    }),
    doubtful("an empty text", |case, chance| {
        let part = part_with(case, chance, "text")?;
        values([case.set(&part, "text", text(""))?, part])
    }),
    refused("a part of two kinds", two_kinds),
    refused("a part that only says it is a thought", |case, chance| {
        let part = part_with(case, chance, "text").filter(|_| case.version == "v1beta")?;
        *case.value_mut(&part)? = fields([("thought", Json::Bool(true))]);
        values([part])
    }),
    refused("the model's turn last", |case, chance| {
        let request = answered(case, chance)?;
        (case.model.age == Age::Late && is_known(case)).then_some(())?;
        model_last(case, &turns(case, &request)?)
    }),
    doubtful("the model's turn first", |case, chance| {
        let request = answered(case, chance)?;
        let turns = turns(case, &request)?;
        (case.value(&turns)?.items().len() > 2).then_some(())?;
        let items = case.value_mut(&turns)?.items_mut()?;
        let has_call = items[1].get("parts")?.items().iter().any(|part| part.has("functionCall"));
        (items[1].get("role")?.as_text() == Some("model") && !has_call).then_some(())?;
        items.remove(0);
        values([turns.at(0), turns.at(0).to("role"), turns])
    }),
    refused("a system instruction as a text", |case, chance| {
        system(case, chance, text("Be brief."))
    }),
    doubtful("a system instruction that is only a role", |case, chance| {
        system(case, chance, fields([("role", text("system"))]))
    }),
    refused("a system instruction as a list of turns", |case, chance| {
        let part = fields([("text", text("Be brief."))]);
        system(case, chance, list([fields([("parts", list([part]))])]))
    }),
    doubtful("a picture in the system instruction", |case, chance| {
        let request = full(case, chance)?;
        let instruction = request.to("systemInstruction.parts");
        case.value(&instruction)?;
        let blob = fields([("mimeType", text("image/png")), ("data", text("iVBORw0KGgo="))]);
        let parts = case.value_mut(&instruction)?.items_mut()?;
        parts.push(fields([("inlineData", blob)]));
        let part = instruction.at(parts.len() - 1);
        values([part.clone(), part.to("inlineData"), instruction])
    }),
    doubtful("a system instruction for an open model", |case, chance| {
        let request = answered(case, chance)?;
        (case.model.age == Age::Gemma).then_some(())?;
        let part = fields([("text", text("Be brief."))]);
        let path = case.set(&request, "systemInstruction", fields([("parts", list([part]))]))?;
        Some(vec![value(path.clone()), name(path)])
    }),
];

fn role(case: &mut Case, chance: &mut Chance, word: &str) -> Option<Vec<Place>> {
    let turn = turn(case, chance)?;
    values([case.set(&turn, "role", text(word))?])
}

/// Text and something else in one part.
fn two_kinds(case: &mut Case, chance: &mut Chance) -> Option<Vec<Place>> {
    let part = part_with(case, chance, "text").filter(|_| case.kind != Kind::Chat)?;
    let said = fields([("mimeType", text("image/png")), ("data", text("iVBORw0KGgo="))]);
    let second = case.set(&part, "inlineData", said)?;
    Some(vec![value(part.clone()), name(second.clone()), value(second), name(part.to("text"))])
}

fn model_last(case: &mut Case, turns: &Path) -> Option<Vec<Place>> {
    let items = case.value_mut(turns)?.items_mut()?;
    let part = fields([("text", text("The answer is"))]);
    items.push(fields([("role", text("model")), ("parts", list([part]))]));
    let last = turns.at(items.len() - 1);
    values([last.clone(), last.to("role"), turns.clone()])
}

fn system(case: &mut Case, chance: &mut Chance, said: Json) -> Option<Vec<Place>> {
    let request = full(case, chance).filter(|_| !case.model.is_plain())?;
    case.value(&request)?
        .get("cachedContent")
        .is_none_or(|cached| *cached == Json::Null)
        .then_some(())?;
    let path = case.set(&request, "systemInstruction", said)?;
    values([path.clone(), path.to("parts")])
}
