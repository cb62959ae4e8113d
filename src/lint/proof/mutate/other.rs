//! Safety, caches, counts, vectors, batches, and the name of the model.

use super::{
    super::{
        case::{Case, Kind},
        chance::Chance,
        tree::{Json, Path, fields, list, text},
        write::Place,
    },
    Mutation, doubtful,
    places::{full, missing, name, names, value, values, whole},
    refused,
};

pub(super) const MUTATIONS: &[Mutation] = &[
    refused("a category twice", |case, chance| {
        let all = safety(case, chance)?;
        let first = case.value(&all)?.items().first()?.clone();
        case.value_mut(&all)?.items_mut()?.push(first);
        let second = all.at(case.value(&all)?.items().len() - 1);
        values([second.to("category"), second, all.at(0).to("category"), all.at(0)])
    }),
    refused("a category of older models", |case, chance| {
        let word =
            *chance.pick(&["DEROGATORY", "TOXICITY", "VIOLENCE", "SEXUAL", "MEDICAL", "DANGEROUS"]);
        safe(case, chance, "category", &format!("HARM_CATEGORY_{word}"))
    }),
    refused("a category that is none", |case, chance| safe(case, chance, "category", "HARASSMENT")),
    refused("a threshold that is none", |case, chance| {
        safe(case, chance, "threshold", "BLOCK_SOME")
    }),
    refused("a system instruction beside its cache", |case, chance| {
        let part = fields([("text", text("Be brief."))]);
        cached(case, chance, "systemInstruction", fields([("parts", list([part]))]))
    }),
    refused("tools beside their cache", |case, chance| {
        cached(case, chance, "tools", list([fields([("googleSearch", fields([]))])]))
    }),
    refused("a tool configuration beside its cache", |case, chance| {
        let calling = fields([("mode", text("AUTO"))]);
        cached(case, chance, "toolConfig", fields([("functionCallingConfig", calling)]))
    }),
    refused("a service tier that is none", |case, chance| {
        let request = full(case, chance)?;
        values([case.set(&request, "serviceTier", text("turbo"))?])
    }),
    refused("models/ twice", |case, chance| {
        model(case, chance, &format!("models/models/{}", case.model.name))
    }),
    refused("a model that leaves its place", |case, chance| {
        model(case, chance, "models/../files/a")
    }),
    refused("a model with a question", |case, chance| {
        model(case, chance, &format!("models/{}?alt=sse", case.model.name))
    }),
    doubtful("a count of both forms", |case, _| {
        let root = Path::default();
        let contents = case.value(&root.to("generateContentRequest.contents"))?.clone();
        let path = case.set(&root, "contents", contents)?;
        let other = root.to("generateContentRequest");
        Some(vec![value(path.clone()), name(path), value(other.clone()), name(other), value(root)])
    }),
    refused("a count that names no model", |case, _| {
        let request = Path::default().to("generateContentRequest");
        case.value_mut(&request)?.remove("model")?;
        Some(missing(&request.to("model")))
    }),
    refused("a count of another model", |case, _| {
        let request = Path::default().to("generateContentRequest");
        case.value(&request)?;
        let other =
            if case.model.name == "gemini-2.5-pro" { "gemini-2.5-flash" } else { "gemini-2.5-pro" };
        values([case.set(&request, "model", text(format!("models/{other}")))?])
    }),
    refused("settings beside counted contents", |case, _| {
        let root = Path::default();
        (case.kind == Kind::CountTokens && case.value(&root)?.has("contents")).then_some(())?;
        names([case.set(&root, "generationConfig", fields([]))?])
    }),
    refused("a batch of 101 vectors", |case, _| {
        let requests = embeds(case)?;
        let first = case.value(&requests)?.items().first()?.clone();
        *case.value_mut(&requests)? = list(vec![first; 101]);
        Some(vec![value(requests.clone()), name(requests.clone()), value(requests.at(100))])
    }),
    refused("a batch of no vectors", |case, _| {
        let requests = embeds(case)?;
        *case.value_mut(&requests)? = list([]);
        values([requests])
    }),
    refused("a batch of two models", |case, chance| {
        let requests = embeds(case)?;
        let count = case.value(&requests)?.items().len();
        (count > 1).then_some(())?;
        let one = requests.at(1 + chance.below(count - 1));
        values([case.set(&one, "model", text("models/gemini-embedding-2"))?, one])
    }),
    refused("a task that is none", |case, chance| {
        let one = embedded(case, chance)?;
        values([case.set(&one, "taskType", text("SEARCH"))?])
    }),
    refused("contents where there is one", |case, chance| {
        let one = embedded(case, chance)?;
        let content = case.value_mut(&one)?.remove("content")?;
        let path = case.set(&one, "contents", list([content.value]))?;
        names([path])
    }),
    refused("a vector of nothing", |case, chance| {
        let one = embedded(case, chance)?;
        case.value_mut(&one)?.remove("content")?;
        Some(missing(&one.to("content")))
    }),
    refused("a content as a text", |case, chance| {
        let one = embedded(case, chance)?;
        values([case.set(&one, "content", text("Hello"))?])
    }),
    refused("a line without its request", |case, chance| {
        (case.kind == Kind::BatchLines).then_some(())?;
        let request = chance.take(case.requests())?;
        let line = request.parent();
        let inner = case.value_mut(&line)?.remove("request")?;
        case.value_mut(&line)?.push(super::super::tree::Entry {
            name: "body".into(),
            written: "body".into(),
            ..inner
        });
        Some([vec![name(line.to("body"))], missing(&line.to("request"))].concat())
    }),
];

/// Safety settings that are there.
fn safety(case: &Case, chance: &mut Chance) -> Option<Path> {
    let path = whole(case, chance)?.to("safetySettings");
    case.value(&path).is_some_and(|all| !all.items().is_empty()).then_some(path)
}

fn safe(case: &mut Case, chance: &mut Chance, field: &str, word: &str) -> Option<Vec<Place>> {
    let all = safety(case, chance)?;
    let count = case.value(&all)?.items().len();
    values([case.set(&all.at(chance.below(count)), field, text(word))?])
}

fn cached(case: &mut Case, chance: &mut Chance, word: &str, said: Json) -> Option<Vec<Place>> {
    let request = full(case, chance).filter(|_| !case.model.is_plain())?;
    for other in ["systemInstruction", "tools", "toolConfig"] {
        case.value_mut(&request)?.remove(other);
    }
    let cache = case.set(&request, "cachedContent", text("cachedContents/abc123"))?;
    let path = case.set(&request, word, said)?;
    Some(vec![value(path.clone()), name(path), value(cache.clone()), name(cache)])
}

fn model(case: &mut Case, chance: &mut Chance, word: &str) -> Option<Vec<Place>> {
    let request = match case.kind {
        Kind::EmbedContent | Kind::BatchEmbedContents => embedded(case, chance)?,
        _ => whole(case, chance)?,
    };
    values([case.set(&request, "model", text(word))?])
}

fn embeds(case: &Case) -> Option<Path> {
    (case.kind == Kind::BatchEmbedContents).then(|| Path::default().to("requests"))
}

/// A request for a vector.
fn embedded(case: &Case, chance: &mut Chance) -> Option<Path> {
    if case.kind == Kind::EmbedContent {
        return Some(Path::default());
    }
    let all = embeds(case)?;
    let count = case.value(&all)?.items().len();
    Some(all.at(chance.below(count)))
}
