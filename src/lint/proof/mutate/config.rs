//! Settings out of their range, settings that exclude each other, and those that a model does not take.

use super::{
    super::{
        case::Case,
        chance::Chance,
        models::{Age, Thinking},
        tree::{Json, Path, fields, number, text, texts},
        write::Place,
    },
    Mutation, doubtful,
    places::{config, full, in_config, in_full_config, is_known, name, value, values, whole},
    refused,
};

pub(super) const MUTATIONS: &[Mutation] = &[
    refused("temperature above 2", |case, chance| sampled(case, chance, "temperature", "2.5")),
    refused("temperature below 0", |case, chance| sampled(case, chance, "temperature", "-0.1")),
    refused("topP above 1", |case, chance| sampled(case, chance, "topP", "1.5")),
    refused("topK of 0", |case, chance| sampled(case, chance, "topK", "0")),
    refused("maxOutputTokens of 0", |case, chance| {
        in_config(case, chance, "maxOutputTokens", number(0))
    }),
    refused("maxOutputTokens below 0", |case, chance| {
        in_config(case, chance, "maxOutputTokens", number(-1))
    }),
    refused("maxOutputTokens above the limit", |case, chance| {
        is_known(case).then_some(())?;
        in_config(case, chance, "maxOutputTokens", number(case.model.most_output * 2))
    }),
    refused("two answers of a model that gives one", |case, chance| {
        // What the fourth generation says to it is not known.
        let is_told = case.model.combines() && case.model.name != "gemini-4-argon";
        (is_known(case) && is_told).then_some(())?;
        in_config(case, chance, "candidateCount", number(2))
    }),
    refused("nine answers", |case, chance| {
        case.model.is_second().then_some(())?;
        in_config(case, chance, "candidateCount", number(9))
    }),
    refused("a penalty on a model without any", |case, chance| {
        (case.model.name == "gemini-3.8-flash").then_some(())?;
        let word = *chance.pick(&["presencePenalty", "frequencyPenalty"]);
        let places = in_config(case, chance, word, number("0.5"))?;
        Some(vec![value(places[0].path.clone()), name(places[0].path.clone())])
    }),
    refused("a penalty of 2.5", |case, chance| {
        case.model.is_second().then_some(())?;
        let word = *chance.pick(&["presencePenalty", "frequencyPenalty"]);
        in_config(case, chance, word, number("2.5"))
    }),
    refused("six stop sequences", |case, chance| {
        let six = ["a", "b", "c", "d", "e", "f"];
        let places = in_config(case, chance, "stopSequences", texts(six))?;
        values([places[0].path.clone(), places[0].path.at(5)])
    }),
    refused("logprobs without responseLogprobs", |case, chance| {
        case.model.is_second().then_some(())?;
        let request = whole(case, chance)?;
        let config = config(case, &request)?;
        case.value_mut(&config)?.remove("responseLogprobs");
        both(case.set(&config, "logprobs", number(3))?)
    }),
    refused("more than twenty logprobs", |case, chance| {
        case.model.is_second().then_some(())?;
        let request = whole(case, chance)?;
        let config = config(case, &request)?;
        case.set(&config, "responseLogprobs", Json::Bool(true))?;
        values([case.set(&config, "logprobs", number(21))?])
    }),
    refused("budget and level together", |case, chance| {
        let Thinking::Levels(levels) = case.model.thinking else { return None };
        let level = text(*chance.pick(levels));
        let settings = fields([("thinkingBudget", number(1024)), ("thinkingLevel", level)]);
        think(case, chance, settings, &["thinkingBudget", "thinkingLevel"])
    }),
    refused("a level on a model of budgets", |case, chance| {
        matches!(case.model.thinking, Thinking::Budget { .. }).then_some(())?;
        think(case, chance, fields([("thinkingLevel", text("LOW"))]), &["thinkingLevel"])
    }),
    refused("a budget above the range", |case, chance| {
        let Thinking::Budget { most, .. } = case.model.thinking else { return None };
        budget(case, chance, most + 1)
    }),
    refused("a budget below the range", |case, chance| {
        let Thinking::Budget { least, .. } = case.model.thinking else { return None };
        (least > 1).then_some(())?;
        budget(case, chance, least - 1)
    }),
    refused("a negative budget", |case, chance| {
        matches!(case.model.thinking, Thinking::Budget { .. }).then_some(())?;
        budget(case, chance, -2)
    }),
    refused("thinking switched off where it cannot be", |case, chance| {
        matches!(case.model.thinking, Thinking::Budget { off: false, .. }).then_some(())?;
        budget(case, chance, 0)
    }),
    refused("a level that the model does not have", |case, chance| {
        let Thinking::Levels(levels) = case.model.thinking else { return None };
        (!case.model.is_alias() && levels.len() < 4).then_some(())?;
        let missing = ["MINIMAL", "LOW"].into_iter().find(|level| !levels.contains(level))?;
        think(case, chance, fields([("thinkingLevel", text(missing))]), &["thinkingLevel"])
    }),
    refused("a level that is none", |case, chance| {
        matches!(case.model.thinking, Thinking::Levels(_)).then_some(())?;
        think(case, chance, fields([("thinkingLevel", text("EXTREME"))]), &["thinkingLevel"])
    }),
    refused("thoughts of a model that does not think", |case, chance| {
        matches!(case.model.thinking, Thinking::Budget { off: true, .. }).then_some(())?;
        let settings =
            fields([("includeThoughts", Json::Bool(true)), ("thinkingBudget", number(0))]);
        think(case, chance, settings, &["includeThoughts", "thinkingBudget"])
    }),
    refused("a form without its type", |case, chance| {
        let word = *chance.pick(&["responseSchema", "responseJsonSchema"]);
        let request = full(case, chance)?;
        let config = config(case, &request)?;
        case.value_mut(&config)?.remove("responseMimeType");
        case.value_mut(&config)?.remove("responseSchema");
        case.value_mut(&config)?.remove("responseJsonSchema");
        both(case.set(&config, word, fields([("type", text("boolean"))]))?)
    }),
    refused("both kinds of form", |case, chance| {
        let request = full(case, chance)?;
        (!case.model.is_plain()).then_some(())?;
        let config = config(case, &request)?;
        case.value(&request.to("tools")).is_none().then_some(())?;
        case.set(&config, "responseMimeType", text("application/json"))?;
        let first = case.set(&config, "responseSchema", fields([("type", text("BOOLEAN"))]))?;
        let second =
            case.set(&config, "responseJsonSchema", fields([("type", text("boolean"))]))?;
        Some([both(first)?, both(second)?].concat())
    }),
    refused("a form beside tools where one excludes the other", |case, chance| {
        let request = full(case, chance).filter(|_| case.model.is_second())?;
        case.value(&request.to("tools"))?;
        let config = config(case, &request)?;
        let form = case.set(&config, "responseMimeType", text("application/json"))?;
        let tools = request.to("tools");
        Some([both(form)?, both(tools.clone())?, vec![value(tools.at(0)), value(config)]].concat())
    }),
    refused("a ratio that no picture has", |case, chance| {
        pictured(case, chance, "aspectRatio", "7:5")
    }),
    refused("a size that no picture has", |case, chance| pictured(case, chance, "imageSize", "8K")),
    doubtful("sampling that is ignored", |case, chance| {
        (is_known(case) && matches!(case.model.name, "gemini-3.8-flash" | "gemini-4-argon"))
            .then_some(())?;
        let places = in_config(case, chance, "temperature", number("0.7"))?;
        both(places[0].path.clone())
    }),
];

/// A member by its value or by its name.
fn both(path: Path) -> Option<Vec<Place>> {
    Some(vec![value(path.clone()), name(path)])
}

/// Where sampling still counts.
fn sampled(case: &mut Case, chance: &mut Chance, word: &str, said: &str) -> Option<Vec<Place>> {
    matches!(case.model.age, Age::Second | Age::Third).then_some(())?;
    in_config(case, chance, word, number(said))
}

/// The settings of thinking, with the members at fault.
fn think(
    case: &mut Case,
    chance: &mut Chance,
    settings: Json,
    at_fault: &[&str],
) -> Option<Vec<Place>> {
    let places = in_full_config(case, chance, "thinkingConfig", settings)?;
    let path = places[0].path.clone();
    let members = at_fault.iter().flat_map(|word| [value(path.to(word)), name(path.to(word))]);
    Some(members.chain([value(path.clone())]).collect())
}

fn budget(case: &mut Case, chance: &mut Chance, tokens: i64) -> Option<Vec<Place>> {
    think(case, chance, fields([("thinkingBudget", number(tokens))]), &["thinkingBudget"])
}

fn pictured(case: &mut Case, chance: &mut Chance, word: &str, said: &str) -> Option<Vec<Place>> {
    let request = full(case, chance)?;
    let image = request.to("generationConfig.imageConfig");
    case.value(&image)?;
    values([case.set(&image, word, text(said))?])
}
