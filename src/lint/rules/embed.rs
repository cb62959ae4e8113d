//! Bodies that ask for vectors: one, or many in a batch.

use crate::facts::Severity::{Error, Warning};

use crate::lint::{
    document::{End, Form, Value},
    edit,
    finding::{Correction, Findings, said},
    kind::{Kind, field},
    look::{bare, full},
    request::Request,
    rule::{Example, Rule, UNQUOTED, bad, good},
};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &CONTENT_MISSING,
    &EMPTY_TEXT,
    &NO_REQUESTS,
    &TOO_MANY,
    &INNER_MODEL_MISSING,
    &INNER_MODEL_DIFFERS,
    &MODEL_WITHOUT_PREFIX,
    &TITLE_UNUSED,
    &DIMENSIONS,
];

const PAGE: &str = "https://ai.google.dev/api/embeddings";
const MODEL: &str = "gemini-embedding-001";

const GOOD: &[Example] = &[
    good(
        MODEL,
        r#"{"content": {"parts": [{"text": "a"}]}, "taskType": "RETRIEVAL_DOCUMENT", "title": "b", "outputDimensionality": 3072}"#,
    )
    .of(Kind::Embed),
    good(
        MODEL,
        r#"{"requests": [{"model": "models/gemini-embedding-001", "content": {"parts": [{"text": "a"}]}}, {"model": "models/gemini-embedding-001", "content": {"parts": [{"text": "b"}]}}]}"#,
    )
    .of(Kind::EmbedBatch),
];

const fn embed(body: &'static str, at: &'static str) -> Example {
    bad(MODEL, body, at).of(Kind::Embed)
}

const fn embed_good(body: &'static str) -> Example {
    good(MODEL, body).of(Kind::Embed)
}

const fn batch(body: &'static str, at: &'static str) -> Example {
    bad(MODEL, body, at).of(Kind::EmbedBatch)
}

const CONTENT_MISSING: Rule = Rule {
    id: "embed-content-missing",
    title: "There is nothing to embed",
    severity: Error,
    fix: Some("empty-contents-or-parts"),
    answer: UNQUOTED,
    why: "content is one content with parts, of whose texts the vector is made. contents, in the plural, is generateContent's.",
    docs: &[PAGE],
    as_of: "2026-11-20",
    bad: &[
        embed(r#"{"taskType": "CLUSTERING"}"#, "$"),
        embed(r#"{"content": {"parts": []}}"#, "content.parts"),
        batch(r#"{"requests": [{"model": "models/gemini-embedding-001"}]}"#, "requests[0]"),
    ],
    good: GOOD,
};
const EMPTY_TEXT: Rule = Rule {
    id: "embed-text-empty",
    title: "What is to be embedded has an empty part",
    answer: "EmbedContentRequest.content contains an empty Part.",
    why: "Of an empty text no vector can be made, and the whole call is refused for it, batches included.",
    as_of: "2026-12-01",
    bad: &[
        embed(r#"{"content": {"parts": [{"text": ""}]}}"#, "content.parts[0].text"),
        embed(r#"{"content": {"parts": [{"text": "a"}, {}]}}"#, "content.parts[1]"),
        batch(
            r#"{"requests": [{"model": "models/gemini-embedding-001", "content": {"parts": [{"text": ""}]}}]}"#,
            "requests[0].content.parts[0].text",
        ),
    ],
    good: &[embed_good(r#"{"content": {"parts": [{"text": " "}]}}"#)],
    ..CONTENT_MISSING
};
const NO_REQUESTS: Rule = Rule {
    id: "embed-batch-empty",
    title: "A batch has no requests",
    answer: "BatchEmbedContentsRequest.requests: requests is not specified",
    why: "requests is a list of requests, each with its model and its content.",
    bad: &[batch("{}", "$"), batch(r#"{"requests": []}"#, "requests")],
    ..CONTENT_MISSING
};
const TOO_MANY: Rule = Rule {
    id: "embed-batch-too-large",
    title: "A batch has more than 100 requests",
    fix: Some("embed-batch-too-large"),
    answer: "BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch",
    why: "Up to 100 requests are taken in one call.",
    bad: &[batch(OF_101, "requests")],
    ..CONTENT_MISSING
};
/// Empty ones, so that it stays readable: what is wrong with each is told as well.
const OF_101: &str = "{\"requests\": [\
    {},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},\
    {},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},\
    {},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},\
    {},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},\
    {}]}";
const INNER_MODEL_MISSING: Rule = Rule {
    id: "embed-model-missing",
    title: "A request of a batch does not name its model",
    fix: Some("model-name-wrong"),
    answer: "BatchEmbedContentsRequest.requests[…].model: model is not specified",
    why: "Each request of a batch names the model once more, and it is to be the one of the URL.",
    bad: &[batch(r#"{"requests": [{"content": {"parts": [{"text": "a"}]}}]}"#, "requests[0]")],
    ..CONTENT_MISSING
};
const INNER_MODEL_DIFFERS: Rule = Rule {
    id: "embed-model-differs",
    title: "A request of a batch names another model than the call",
    fix: Some("model-name-wrong"),
    answer: UNQUOTED,
    why: "A batch is for one model: that of the URL.",
    bad: &[
        batch(
            r#"{"requests": [{"model": "models/text-embedding-004", "content": {"parts": [{"text": "a"}]}}]}"#,
            "requests[0].model",
        ),
        bad(
            "",
            r#"{"requests": [{"model": "models/gemini-embedding-001", "content": {"parts": [{"text": "a"}]}}, {"model": "models/text-embedding-004", "content": {"parts": [{"text": "a"}]}}]}"#,
            "requests[1].model",
        )
        .of(Kind::EmbedBatch),
    ],
    ..CONTENT_MISSING
};
const MODEL_WITHOUT_PREFIX: Rule = Rule {
    id: "embed-model-without-prefix",
    title: "A request of a batch names its model without models/",
    fix: Some("model-name-wrong"),
    answer: "BatchEmbedContentsRequest.requests[…].model: unexpected model name format",
    why: "In each request of a batch the name stands with its collection before it, as the list of models writes it.",
    as_of: "2026-12-01",
    bad: &[batch(
        r#"{"requests": [{"model": "gemini-embedding-001", "content": {"parts": [{"text": "a"}]}}]}"#,
        "requests[0].model",
    )],
    ..CONTENT_MISSING
};
const TITLE_UNUSED: Rule = Rule {
    id: "embed-title-unused",
    title: "A title stands beside another task than RETRIEVAL_DOCUMENT",
    severity: Warning,
    fix: None,
    answer: "",
    why: "A title belongs to documents that are to be found. With another task, or none, it is not used.",
    bad: &[embed(
        r#"{"content": {"parts": [{"text": "a"}]}, "taskType": "RETRIEVAL_QUERY", "title": "b"}"#,
        "title",
    )],
    ..CONTENT_MISSING
};
const DIMENSIONS: Rule = Rule {
    id: "embed-dimensions",
    title: "The vector is to have more or fewer numbers than the model gives",
    severity: Warning,
    fix: Some("invalid-argument-generic"),
    answer: "",
    why: "gemini-embedding-001 gives up to 3072 numbers, text-embedding-004 up to 768, and embedding-001 takes no such wish. Whether another wish is refused or not kept is not known for sure.",
    bad: &[
        embed(
            r#"{"content": {"parts": [{"text": "a"}]}, "outputDimensionality": 4096}"#,
            "outputDimensionality",
        ),
        embed(
            r#"{"content": {"parts": [{"text": "a"}]}, "outputDimensionality": 0}"#,
            "outputDimensionality",
        ),
    ],
    ..CONTENT_MISSING
};
/// The most requests of a batch.
const MOST_REQUESTS: usize = 100;

/// How many numbers the vectors of a model may have.
const SIZES: &[(&str, u32)] = &[
    ("gemini-embedding-001", 3_072),
    ("gemini-embedding-2", 3_072),
    ("text-embedding-004", 768),
    ("embedding-001", 0),
];

/// Looks at a body.
pub(super) fn look(whole: &Request<'_>, found: &mut Findings<'_>) {
    match whole.kind {
        Kind::Embed => one(whole, whole.body, found),
        Kind::EmbedBatch => many(whole, found),
        _ => {}
    }
}

/// Whether the model gives vectors of a size.
pub(super) fn dimensions(whole: &Request<'_>, size: Value<'_>, found: &mut Findings<'_>) {
    let Some(number) = size.number_in_any_form() else { return };
    let known = SIZES.iter().find(|(name, _)| whole.model.as_deref() == Some(*name));
    let most = known.map_or(f64::MAX, |(_, most)| f64::from(*most));
    if (1.0..=most).contains(&number) {
        return;
    }
    found.at(&DIMENSIONS, size, || match most {
        0.0 => said(format!("{} takes no such wish", whole.model_words())),
        f64::MAX => said(format!("a vector has 1 number or more, and not {}", size.raw())),
        most => {
            let model = whole.model_words();
            said(format!("{model} gives vectors of 1 to {most} numbers, and not {}", size.raw()))
        }
    });
}

fn is_whole(value: Value<'_>) -> bool {
    value.document().end() == End::Whole
}

fn one(whole: &Request<'_>, request: Value<'_>, found: &mut Findings<'_>) {
    if is_whole(request) {
        content(request, found);
    }
    let config = field(request, "embedContentConfig").unwrap_or(request);
    let wish = |name| field(config, name).or_else(|| field(request, name));
    if let Some(size) = wish("outputDimensionality") {
        dimensions(whole, size, found);
    }
    let is_document = wish("taskType")
        .and_then(Value::quoted)
        .is_some_and(|task| task.eq_ignore_ascii_case("RETRIEVAL_DOCUMENT"));
    if let Some(title) = wish("title").filter(|_| !is_document && is_whole(request)) {
        found.at_name(&TITLE_UNUSED, title, || {
            said("a title is used with taskType RETRIEVAL_DOCUMENT only")
        });
    }
}

fn content(request: Value<'_>, found: &mut Findings<'_>) {
    // A name that nearly is the field's was told as that.
    let nearly = |member: Value<'_>| member.name().is_some_and(|name| name.starts_with("content"));
    match field(request, "content") {
        None if !request.members().any(nearly) => {
            found.at(&CONTENT_MISSING, request, || said("content is missing"));
        }
        Some(content) => {
            let parts = field(content, "parts");
            if let Some(parts) = parts.filter(|parts| parts.raw() == "[]") {
                found.at(&CONTENT_MISSING, parts, || said("there are no parts"));
            }
            parts.into_iter().flat_map(Value::each).for_each(|part| empty_part(part, found));
        }
        None => {}
    }
}

fn empty_part(part: Value<'_>, found: &mut Findings<'_>) {
    let text = field(part, "text").filter(|text| text.quoted() == Some(""));
    let is_nothing = part.kind() == Form::Object && part.members().next().is_none();
    let empty = text.or(is_nothing.then_some(part));
    if let Some(empty) = empty.filter(|_| is_whole(part)) {
        found.at(&EMPTY_TEXT, empty, || {
            said("there is nothing in this part")
                .with(Correction::advice("Leave it out, and what has no text at all with it"))
        });
    }
}

fn many(whole: &Request<'_>, found: &mut Findings<'_>) {
    let Some(requests) = whole.field("requests") else {
        if is_whole(whole.body) {
            found.at(&NO_REQUESTS, whole.body, || said("requests is missing"));
        }
        return;
    };
    if requests.kind() == Form::List && requests.items().next().is_none() && is_whole(requests) {
        found.at(&NO_REQUESTS, requests, || said("the list of requests is empty"));
    }
    if requests.items().nth(MOST_REQUESTS).is_some() {
        found.at(&TOO_MANY, requests, || {
            let count = requests.items().count();
            said(format!("the batch has {count} requests, and {MOST_REQUESTS} are taken"))
                .with(Correction::advice("Send them in several calls"))
        });
    }
    let mut first = whole.model.clone();
    for request in requests.each().filter(|request| request.kind() == Form::Object) {
        one(whole, request, found);
        inner_model(request, &mut first, found);
    }
}

fn inner_model(request: Value<'_>, first: &mut Option<String>, found: &mut Findings<'_>) {
    let Some(model) = field(request, "model") else {
        if is_whole(request) {
            found.at(&INNER_MODEL_MISSING, request, || {
                let named = first.as_ref().map(|model| {
                    let name = edit::quoted(&full(model));
                    let edit = edit::insert(request, "model", &name);
                    Correction::mechanical("Name the model of the batch", vec![edit])
                });
                said("the request does not name its model").with_any(named)
            });
        }
        return;
    };
    let Some(name) = model.quoted().filter(|_| model.kind() == Form::Text) else { return };
    if !name.is_empty() && !name.contains('/') {
        found.at(&MODEL_WITHOUT_PREFIX, model, || {
            let full = full(name);
            let edits = vec![edit::replace(model, edit::quoted(&full))];
            said(format!("{name} stands here without models/"))
                .with(Correction::mechanical(format!("Write {full}"), edits))
        });
    }
    match first {
        None => *first = Some(bare(name).to_owned()),
        Some(first) if first.as_str() != bare(name) => {
            found.at(&INNER_MODEL_DIFFERS, model, || {
                said(format!("{} is asked, and the batch is for {first}", bare(name)))
            });
        }
        Some(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        facts::models::ModelTable,
        lint::{Given, Kind, look},
    };

    fn told(body: &str) -> Vec<&'static str> {
        let table = ModelTable::embedded();
        let given = Given {
            kind: Some(Kind::EmbedBatch),
            model: Some("gemini-embedding-001"),
            ..Given::on(&table, "2026-11-20")
        };
        look(body, &given).findings.iter().map(|finding| finding.rule.id).collect()
    }

    #[test]
    fn a_hundred_requests_are_taken_and_one_more_is_not() {
        let one =
            r#"{"model": "models/gemini-embedding-001", "content": {"parts": [{"text": "a"}]}}"#;
        let body = |count| format!("{{\"requests\": [{}]}}", vec![one; count].join(","));
        assert_eq!(told(&body(100)), Vec::<&str>::new());
        assert_eq!(told(&body(101)), ["embed-batch-too-large"]);
    }

    #[test]
    fn settings_of_an_answer_are_unknown_to_a_request_for_a_vector() {
        let body = r#"{"requests": [{"model": "models/gemini-embedding-001", "content": {"parts": [{"text": "a"}]}, "generationConfig": {}}]}"#;
        assert_eq!(told(body), ["field-unknown"]);
    }
}
