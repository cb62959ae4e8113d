//! Bytes that are no base64, types that are none, and files that cannot be fetched.

use super::{
    super::{
        case::{Case, Kind},
        chance::Chance,
        models::Age,
        tree::{Path, fields, number, text},
        write::Place,
    },
    Mutation, doubtful,
    places::{field, full, missing, name, part_with, value, values},
    refused,
};

pub(super) const MUTATIONS: &[Mutation] = &[
    refused("a type of bytes without its first half", |case, chance| mime(case, chance, "png")),
    refused("an empty type of bytes", |case, chance| mime(case, chance, "")),
    refused("a type of bytes that no model reads", |case, chance| {
        mime(case, chance, "image/svg+xml")
    }),
    refused("a document of another program", |case, chance| {
        mime(case, chance, "application/msword")
    }),
    doubtful("a type of bytes of which nothing is known", |case, chance| {
        mime(case, chance, "application/zip")
    }),
    refused("bytes without their type", |case, chance| {
        let blob = blob(case, chance)?;
        case.value_mut(&blob)?.remove("mimeType")?;
        Some(missing(&blob.to("mimeType")))
    }),
    refused("bytes that are not there", |case, chance| {
        let blob = blob(case, chance)?;
        case.value_mut(&blob)?.remove("data")?;
        Some(missing(&blob.to("data")))
    }),
    refused("base64 behind its address", |case, chance| {
        bytes(case, chance, |said| format!("data:image/png;base64,{said}"))
    }),
    refused("base64 with a sign of another alphabet", |case, chance| {
        bytes(case, chance, |said| format!("{}*{}", &said[..4], &said[5..]))
    }),
    refused("base64 that is cut", |case, chance| {
        bytes(case, chance, |said| said.trim_end_matches('=')[..said.len() / 8 * 4 + 1].to_owned())
    }),
    refused("base64 in lines", |case, chance| {
        bytes(case, chance, |said| format!("{}\n{}", &said[..8], &said[8..]))
    }),
    refused("bytes as a path", |case, chance| bytes(case, chance, |_| "./picture.png".to_owned())),
    refused("a file by its path", |case, chance| file(case, chance, "/home/ann/report.pdf")),
    refused("a file by the address of a disk", |case, chance| {
        file(case, chance, "file:///tmp/report.pdf")
    }),
    doubtful("a file by its name", |case, chance| file(case, chance, "report.pdf")),
    refused("a file without its address", |case, chance| {
        let file = field(case, chance, "fileData")?;
        case.value_mut(&file)?.remove("fileUri")?;
        Some(missing(&file.to("fileUri")))
    }),
    doubtful("a file with an empty type", |case, chance| {
        let file = field(case, chance, "fileData")?;
        case.value(&file.to("mimeType"))?;
        values([case.set(&file, "mimeType", text(""))?])
    }),
    doubtful("a film with too many pictures", |case, chance| {
        let film = field(case, chance, "videoMetadata")?;
        values([case.set(&film, "fps", number(60))?])
    }),
    refused("a time without its unit", |case, chance| {
        let film = field(case, chance, "videoMetadata")?;
        values([case.set(&film, "startOffset", text("1:30"))?])
    }),
    doubtful("the resolution of a part where it is one for all", |case, chance| {
        full(case, chance).filter(|_| case.model.age == Age::Second)?;
        let part = part_with(case, chance, "inlineData")?;
        let level = fields([("level", text("MEDIA_RESOLUTION_LOW"))]);
        let path = case.set(&part, "mediaResolution", level)?;
        Some(vec![value(path.clone()), name(path.clone()), value(path.to("level")), value(part)])
    }),
];

/// Bytes in a turn.
fn blob(case: &Case, chance: &mut Chance) -> Option<Path> {
    (case.kind != Kind::Chat).then_some(())?;
    field(case, chance, "inlineData")
}

fn mime(case: &mut Case, chance: &mut Chance, word: &str) -> Option<Vec<Place>> {
    let blob = blob(case, chance)?;
    values([case.set(&blob, "mimeType", text(word))?])
}

fn bytes(
    case: &mut Case,
    chance: &mut Chance,
    broken: impl Fn(&str) -> String,
) -> Option<Vec<Place>> {
    let data = blob(case, chance)?.to("data");
    let said = broken(case.value(&data)?.as_text().filter(|said| said.len() >= 16)?);
    *case.value_mut(&data)? = text(said);
    values([data])
}

fn file(case: &mut Case, chance: &mut Chance, uri: &str) -> Option<Vec<Place>> {
    let file = field(case, chance, "fileData")?;
    values([case.set(&file, "fileUri", text(uri))?])
}
