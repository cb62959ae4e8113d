//! Names that are no names there: misspelt, out of place, in another case, twice.

use super::{
    super::{
        case::{Case, Kind},
        chance::Chance,
        tree::{Entry, Json, Path, fields, list, number, text, texts},
        write::Place,
    },
    Mutation, doubtful,
    places::{any, config, full, name, names, whole},
    refused,
};

pub(super) const MUTATIONS: &[Mutation] = &[
    refused("a misspelt name", misspelt),
    refused("a name with a capital at its beginning", |case, chance| {
        respelled(case, chance, |name| name[..1].to_uppercase() + &name[1..])
    }),
    refused("a name with hyphens", |case, chance| {
        respelled(case, chance, |name| super::super::tree::snake_case(name).replace('_', "-"))
    }),
    refused("a name in small letters without gaps", |case, chance| {
        respelled(case, chance, str::to_lowercase)
    }),
    refused("a name that no message has", unknown),
    refused("stream in the body", |case, chance| at_top(case, chance, "stream", Json::Bool(true))),
    refused("prompt beside the contents", |case, chance| {
        at_top(case, chance, "prompt", text("Hello"))
    }),
    refused("temperature at the top", |case, chance| {
        at_top(case, chance, "temperature", number("0.5"))
    }),
    refused("maxOutputTokens at the top", |case, chance| {
        at_top(case, chance, "maxOutputTokens", number(100))
    }),
    refused("responseMimeType at the top", |case, chance| {
        at_top(case, chance, "responseMimeType", text("text/plain"))
    }),
    refused("thinkingConfig at the top", |case, chance| {
        at_top(case, chance, "thinkingConfig", fields([]))
    }),
    refused("thinkingBudget beside thinkingConfig", |case, chance| {
        in_config(case, chance, "thinkingBudget", number(1024))
    }),
    refused("thinkingLevel beside thinkingConfig", |case, chance| {
        in_config(case, chance, "thinkingLevel", text("LOW"))
    }),
    refused("systemInstruction in the settings", |case, chance| {
        let part = fields([("text", text("Be brief."))]);
        in_config(case, chance, "systemInstruction", fields([("parts", list([part]))]))
    }),
    refused("safetySettings in the settings", |case, chance| {
        in_config(case, chance, "safetySettings", list([]))
    }),
    refused("tools in the settings", |case, chance| in_config(case, chance, "tools", list([]))),
    refused("voiceName beside its settings", |case, chance| {
        in_config(case, chance, "voiceName", text("Kore"))
    }),
    refused("mode outside functionCallingConfig", |case, chance| {
        let request = full(case, chance)?;
        case.set(&request, "toolConfig", fields([("mode", text("AUTO"))]))?;
        names([request.to("toolConfig.mode")])
    }),
    refused("content in a turn", |case, chance| {
        let turn = super::places::turn(case, chance)?;
        names([case.set(&turn, "content", text("Hello"))?])
    }),
    refused("a name in both spellings", both_spellings),
    refused("a name twice", twice),
    doubtful("a field that v1 does not have", later),
    doubtful("a setting that v1 does not have", later_setting),
];

/// A field of a request, whose name has at least so many letters.
fn named(case: &Case, chance: &mut Chance, least: usize) -> Option<Path> {
    let requests = case.requests();
    let found = case.paths(|path, _| {
        let is_long = path.last_name().is_some_and(|name| name.len() >= least);
        is_long && requests.iter().any(|request| path.is_below(request) && path != request)
    });
    chance.take(found.into_iter().filter(|path| path.is_field(&case.documents)).collect())
}

/// Without one of its letters.
fn misspelt(case: &mut Case, chance: &mut Chance) -> Option<Vec<Place>> {
    let path = named(case, chance, 6)?;
    let entry = path.entry_mut(&mut case.documents)?;
    let left_out = 1 + chance.below(entry.written.len() - 2);
    entry.written.remove(left_out);
    names([path])
}

fn respelled(
    case: &mut Case,
    chance: &mut Chance,
    spell: impl Fn(&str) -> String,
) -> Option<Vec<Place>> {
    let path = named(case, chance, 4)?;
    let entry = path.entry_mut(&mut case.documents)?;
    let written = spell(&entry.name);
    if written == entry.written || written == entry.name {
        return None;
    }
    entry.written = written;
    names([path])
}

fn unknown(case: &mut Case, chance: &mut Chance) -> Option<Vec<Place>> {
    let path = named(case, chance, 4)?.parent();
    let word = *chance.pick(&["verbose", "max_length", "userId", "cache", "prefix", "$comment"]);
    case.value_mut(&path)?.push(Entry::data(word, Json::Bool(true)));
    names([path.key(word)])
}

fn at_top(case: &mut Case, chance: &mut Chance, word: &str, said: Json) -> Option<Vec<Place>> {
    let request = any(case, chance)?;
    names([case.set(&request, word, said)?])
}

fn in_config(case: &mut Case, chance: &mut Chance, word: &str, said: Json) -> Option<Vec<Place>> {
    let request = whole(case, chance)?;
    let config = config(case, &request)?;
    names([case.set(&config, word, said)?])
}

fn both_spellings(case: &mut Case, chance: &mut Chance) -> Option<Vec<Place>> {
    let path = named(case, chance, 6)?;
    let there = path.entry_mut(&mut case.documents)?.clone();
    let snake = super::super::tree::snake_case(&there.name);
    let other = if there.written == snake { there.name.clone() } else { snake };
    (other != there.written).then_some(())?;
    again(case, path, Entry { written: other, ..there })
}

fn twice(case: &mut Case, chance: &mut Chance) -> Option<Vec<Place>> {
    let path = named(case, chance, 4)?;
    let there = path.entry_mut(&mut case.documents)?.clone();
    again(case, path, there)
}

/// The same entry once more, under a name of its own within the tree.
fn again(case: &mut Case, path: Path, entry: Entry) -> Option<Vec<Place>> {
    let second = format!("{} again", entry.name);
    let around = path.parent();
    case.value_mut(&around)?.push(Entry { name: second.clone(), ..entry });
    Some(vec![name(around.key(&second)), name(path)])
}

fn later(case: &mut Case, chance: &mut Chance) -> Option<Vec<Place>> {
    let request = whole(case, chance).filter(|_| case.version == "v1")?;
    let part = fields([("text", text("Be brief."))]);
    let (word, said) = match chance.below(4) {
        0 => ("systemInstruction", fields([("parts", list([part]))])),
        1 => ("tools", list([fields([("googleSearch", fields([]))])])),
        2 => ("cachedContent", text("cachedContents/abc123")),
        _ => ("toolConfig", fields([])),
    };
    names([case.set(&request, word, said)?])
}

fn later_setting(case: &mut Case, chance: &mut Chance) -> Option<Vec<Place>> {
    let request =
        whole(case, chance).filter(|_| case.version == "v1" && case.kind != Kind::CountTokens)?;
    let config = config(case, &request)?;
    let (word, said) = match chance.below(3) {
        0 => ("responseMimeType", text("application/json")),
        1 => ("thinkingConfig", fields([("includeThoughts", Json::Bool(true))])),
        _ => ("responseModalities", texts(["TEXT"])),
    };
    names([case.set(&config, word, said)?])
}
