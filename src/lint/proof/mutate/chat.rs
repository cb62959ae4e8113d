//! Faults of chat completions.

use super::{
    super::{
        case::{Case, Kind},
        chance::Chance,
        models::Thinking,
        tree::{Path, data, fields, list, number, text},
        write::Place,
    },
    Mutation, doubtful,
    places::{missing, name, names, value, values},
    refused,
};

pub(super) const MUTATIONS: &[Mutation] = &[
    refused("chat: the role of the other API", |case, chance| {
        let message = message(case, chance, "role")?;
        values([case.set(&message, "role", text("model"))?])
    }),
    refused("chat: the contents of the other API", |case, _| {
        let root = chat(case)?;
        case.value_mut(&root)?.remove("messages")?;
        let contents = list([fields([("parts", list([fields([("text", text("Hello"))])]))])]);
        let contents = case.set(&root, "contents", contents)?;
        Some([vec![name(contents)], missing(&root.to("messages"))].concat())
    }),
    refused("chat: no messages", |case, _| {
        let root = chat(case)?;
        values([case.set(&root, "messages", list([]))?])
    }),
    refused("chat: google outside extra_body", |case, _| {
        let root = chat(case)?;
        let thinking = fields([("thinking_config", fields([("include_thoughts", text("true"))]))]);
        names([case.set(&root, "google", thinking)?])
    }),
    refused("chat: settings of the other API", |case, _| {
        let root = chat(case)?;
        names([case.set(&root, "generationConfig", fields([("temperature", number(1))]))?])
    }),
    refused("chat: effort beside the settings of thinking", |case, _| {
        let root = chat(case)?;
        let thinking = root.to("extra_body.google.thinking_config");
        case.value(&thinking)?;
        let effort = case.set(&root, "reasoning_effort", text("low"))?;
        Some(vec![value(effort.clone()), name(effort), value(thinking.clone()), name(thinking)])
    }),
    refused("chat: an effort that is none", |case, _| {
        (case.model.thinking != Thinking::Unset).then_some(())?;
        effort(case, "extreme")
    }),
    doubtful("chat: no effort where thinking cannot be switched off", |case, _| {
        (case.model.name == "gemini-2.5-pro").then_some(())?;
        effort(case, "none")
    }),
    refused("chat: two answers of a model that gives one", |case, _| {
        let root = chat(case)?;
        (case.model.combines() && !case.model.is_alias() && case.model.name != "gemini-4-argon")
            .then_some(())?;
        values([case.set(&root, "n", number(2))?])
    }),
    refused("chat: an answer to no call", |case, chance| {
        let message = message(case, chance, "tool_call_id")?;
        values([case.set(&message, "tool_call_id", text("call_0000000000"))?, message])
    }),
    refused("chat: a call without its answer", |case, chance| {
        let message = message(case, chance, "tool_call_id")?;
        let all = message.parent();
        let items = case.value_mut(&all)?.items_mut()?;
        let at = items.iter().position(|message| message.has("tool_calls"))?;
        items.truncate(at + 1);
        let calls = all.at(at).to("tool_calls");
        values([all.at(at), calls.at(0), calls.at(0).to("id"), calls])
    }),
    refused("chat: arguments as an object", |case, chance| {
        let call = called(case, chance)?;
        values([case.set(&call.to("function"), "arguments", data([("city", text("Oslo"))]))?])
    }),
    refused("chat: no signature on a call of this turn", |case, chance| {
        let call = called(case, chance)?;
        (case.model.signs() && case.value(&call)?.has("extra_content")).then_some(())?;
        case.value_mut(&call)?.remove("extra_content")?;
        let mut places = missing(&call.to("extra_content"));
        places.extend([call.to("function"), call.parent(), call.parent().parent()].map(value));
        Some(places)
    }),
    refused("chat: temperature above 2", |case, _| {
        let root = chat(case)?;
        case.value(&root.to("temperature"))?;
        values([case.set(&root, "temperature", number("2.5"))?])
    }),
];

fn chat(case: &Case) -> Option<Path> {
    (case.kind == Kind::Chat).then(Path::default)
}

/// A message that has this member.
fn message(case: &Case, chance: &mut Chance, member: &str) -> Option<Path> {
    let all = chat(case)?.to("messages");
    chance.take(case.paths(|path, message| path.parent() == all && message.has(member)))
}

fn called(case: &Case, chance: &mut Chance) -> Option<Path> {
    chat(case)?;
    chance.take(case.paths(|path, call| {
        path.parent().last_name() == Some("tool_calls") && call.has("function")
    }))
}

fn effort(case: &mut Case, word: &str) -> Option<Vec<Place>> {
    let root = chat(case)?;
    case.value_mut(&root)?.remove("extra_body");
    values([case.set(&root, "reasoning_effort", text(word))?])
}
