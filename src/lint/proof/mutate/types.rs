//! Values of the wrong kind, and words that an enumeration does not have.

use super::{
    super::{
        case::Case,
        chance::Chance,
        tree::{Json, fields, list, number, text, texts},
        write::Place,
    },
    Mutation,
    places::{any, field, full, in_config, in_full_config, part_with, turn, turns, values, whole},
    refused,
};

pub(super) const MUTATIONS: &[Mutation] = &[
    refused("temperature as a word", |case, chance| {
        in_config(case, chance, "temperature", text("warm"))
    }),
    refused("temperature as a list", |case, chance| {
        in_config(case, chance, "temperature", list([number("0.5")]))
    }),
    refused("a whole number with a fraction", |case, chance| {
        in_config(case, chance, "maxOutputTokens", number("12.5"))
    }),
    refused("seed beyond 32 bits", |case, chance| {
        in_config(case, chance, "seed", number(3_000_000_000_u64))
    }),
    refused("stopSequences as numbers", |case, chance| {
        let places = in_config(case, chance, "stopSequences", list([number(1)]))?;
        values([places[0].path.at(0), places[0].path.clone()])
    }),
    refused("settings as a list", |case, chance| {
        let request = whole(case, chance)?;
        values([case.set(&request, "generationConfig", list([fields([])]))?])
    }),
    refused("settings as a text", |case, chance| {
        let request = whole(case, chance)?;
        values([case.set(&request, "generationConfig", text("{}"))?])
    }),
    refused("contents as a text", |case, chance| {
        let request = any(case, chance)?;
        values([case.set(&request, "contents", text("Hello"))?])
    }),
    refused("a turn as a text", |case, chance| {
        let path = turn(case, chance)?;
        *case.value_mut(&path)? = text("Hello");
        values([path])
    }),
    refused("parts as a text", |case, chance| {
        let turn = turn(case, chance)?;
        values([case.set(&turn, "parts", text("Hello"))?])
    }),
    refused("a part as a text", |case, chance| {
        let turn = turn(case, chance)?;
        case.set(&turn, "parts", texts(["Hello"]))?;
        values([turn.to("parts").at(0)])
    }),
    refused("text as a number", |case, chance| in_part(case, chance, "text", number(42))),
    refused("text as a list", |case, chance| in_part(case, chance, "text", texts(["Hello"]))),
    refused("role as a number", |case, chance| {
        let turn = turn(case, chance)?;
        values([case.set(&turn, "role", number(1))?])
    }),
    refused("bytes as a number", |case, chance| {
        let path = field(case, chance, "data")?;
        *case.value_mut(&path)? = number(7);
        values([path])
    }),
    refused("safetySettings as a text", |case, chance| {
        let request = whole(case, chance)?;
        values([case.set(&request, "safetySettings", text("BLOCK_NONE"))?])
    }),
    refused("a mode that calling does not have", |case, chance| {
        let request = full(case, chance)?;
        let calling = fields([("mode", text("REQUIRED"))]);
        case.set(&request, "toolConfig", fields([("functionCallingConfig", calling)]))?;
        values([request.to("toolConfig.functionCallingConfig.mode")])
    }),
    refused("a resolution without its prefix", |case, chance| {
        in_full_config(case, chance, "mediaResolution", text("HIGH"))
    }),
    refused("a resolution that only parts have", |case, chance| {
        in_full_config(case, chance, "mediaResolution", text("MEDIA_RESOLUTION_ULTRA_HIGH"))
    }),
    refused("a modality that is none", |case, chance| {
        let places = in_full_config(case, chance, "responseModalities", texts(["SMELL"]))?;
        values([places[0].path.at(0), places[0].path.clone()])
    }),
    refused("a type of bytes that cannot be answered", |case, chance| {
        in_full_config(case, chance, "responseMimeType", text("text/html"))
    }),
    refused("null among the turns", |case, chance| {
        let request = any(case, chance)?;
        let turns = turns(case, &request)?;
        let count = case.value(&turns)?.items().len();
        case.value_mut(&turns)?.items_mut()?.push(Json::Null);
        values([turns.at(count)])
    }),
];

fn in_part(case: &mut Case, chance: &mut Chance, name: &str, said: Json) -> Option<Vec<Place>> {
    let part = part_with(case, chance, name)?;
    values([case.set(&part, name, said)?])
}
