//! The model: the form of its name, whether it is still there, and whether it is one for what is asked.

use crate::facts::{
    Severity::{Error, Note, Warning},
    accepts::Line,
    models::ModelEntry,
    nearest, time,
};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, Said, said},
    kind::{Kind, field},
    look::bare,
    request::{Request, Service},
    rule::{Example, Rule, bad, good},
};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &MALFORMED,
    &OTHER_PLATFORM,
    &DIFFERS,
    &EMBEDS_ONLY,
    &EMBEDS_NOT,
    &RETIRED,
    &ROUTED,
    &RETIRING,
    &MOVES,
    &UNKNOWN,
];

const MODELS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/models";
const DEPRECATIONS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/deprecations";
const FLASH: &str = "gemini-3.8-flash";
const PLAIN: &str = r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}]}"#;

const GOOD: &[Example] = &[
    good(FLASH, PLAIN),
    good(FLASH, request!(r#""model": "models/gemini-3.8-flash""#)),
    good("", request!(r#""model": "gemini-3.8-flash""#)),
    good("", request!(r#""model": "tunedModels/sorter-5gq2""#)),
    good("", r#"{"model": "Qwen/Qwen3-8B", "messages": [{"role": "user", "content": "a"}]}"#)
        .of(Kind::Chat),
    good(
        "gemini-3.1-flash-lite",
        r#"{"contents": [{"parts": [{"text": "a"}], "role": "user"}], "system_instruction": {"parts": [{"text": "b"}]}}"#,
    ),
];

const MALFORMED: Rule = Rule {
    id: "model-name-malformed",
    title: "A name of a model has a form that none has",
    severity: Error,
    fix: Some("model-name-wrong"),
    answer: "GenerateContentRequest.model: unexpected model name format",
    why: "A name is made of small letters, digits, dots and dashes, with models/ before it once at most: display names, blanks and pieces of addresses are refused.",
    docs: &[MODELS_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad("", request!(r#""model": "models/models/gemini-3.8-flash""#), "model"),
        bad("", request!(r#""model": "Gemini 3.8 Flash""#), "model"),
        bad("", request!(r#""model": "gemini-3.8-flash?alt=sse""#), "model"),
        bad("", request!(r#""model": "models/../gemini-3.8-flash""#), "model"),
        bad("", request!(r#""model": """#), "model"),
        bad("gemini-3.8-flash&key", PLAIN, "$"),
        bad(
            "",
            r#"{"model": "models/models/gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}]}"#,
            "model",
        )
        .of(Kind::Chat),
        bad(
            "",
            r#"{"model": "Gemini 3.8 Flash", "messages": [{"role": "user", "content": "a"}]}"#,
            "model",
        )
        .of(Kind::Chat),
    ],
    good: GOOD,
};

const OTHER_PLATFORM: Rule = Rule {
    id: "model-name-of-the-platform",
    title: "A name of a model is written as the cloud platform writes it",
    why: "On the Developer API names stand in models/; publishers/ and projects/ are of the cloud platform.",
    bad: &[bad("", request!(r#""model": "publishers/google/models/gemini-3.8-flash""#), "model")],
    ..MALFORMED
};

const DIFFERS: Rule = Rule {
    id: "model-differs",
    title: "The body names another model than the call",
    severity: Warning,
    fix: Some("model-name-wrong"),
    answer: "",
    why: "The model of the address is the one that is asked; a body that names another was made for something else.",
    bad: &[bad(FLASH, request!(r#""model": "models/gemini-3.5-flash""#), "model")],
    ..MALFORMED
};

const EMBEDS_ONLY: Rule = Rule {
    id: "model-embeds-only",
    title: "A model for vectors is asked for text",
    severity: Error,
    fix: Some("model-wrong-api-version-or-method"),
    answer: "models/… is not found for API version v1beta, or is not supported for generateContent.",
    why: "Each model has the methods that its entry in the list of models names.",
    bad: &[
        bad("gemini-embedding-001", PLAIN, "$"),
        bad("", request!(r#""model": "models/gemini-embedding-001""#), "model"),
    ],
    ..MALFORMED
};

const EMBEDS_NOT: Rule = Rule {
    id: "model-embeds-not",
    title: "A model for text is asked for vectors",
    answer: "models/… is not found for API version v1beta, or is not supported for embedContent.",
    bad: &[
        bad(FLASH, r#"{"content": {"parts": [{"text": "a"}]}}"#, "$").of(Kind::Embed),
        bad(
            "",
            r#"{"model": "models/gemini-3.8-flash", "content": {"parts": [{"text": "a"}]}}"#,
            "model",
        )
        .of(Kind::Embed),
        bad(
            FLASH,
            r#"{"requests": [{"model": "models/gemini-3.8-flash", "content": {"parts": [{"text": "a"}]}}]}"#,
            "$",
        )
        .of(Kind::EmbedBatch),
    ],
    good: &[
        good("gemini-embedding-001", r#"{"content": {"parts": [{"text": "a"}]}}"#).of(Kind::Embed)
    ],
    ..EMBEDS_ONLY
};

const RETIRED: Rule = Rule {
    id: "model-retired",
    title: "A model was shut down",
    severity: Error,
    fix: Some("model-retired"),
    answer: "models/… is not found for API version v1beta, or is not supported for generateContent.",
    why: "Its day of retirement, as published, is past.",
    docs: &[DEPRECATIONS_PAGE],
    bad: &[
        bad("gemini-2.0-flash", PLAIN, "$"),
        bad("", request!(r#""model": "models/gemini-1.5-pro""#), "model"),
        bad(
            "",
            r#"{"model": "gemini-2.0-flash", "messages": [{"role": "user", "content": "a"}]}"#,
            "model",
        )
        .of(Kind::Chat),
    ],
    ..MALFORMED
};

const ROUTED: Rule = Rule {
    id: "model-routed",
    title: "Another model answers in a retired one's place",
    severity: Warning,
    fix: Some("alias-rerouted"),
    answer: "",
    why: "Since its day of retirement another model answers, at that model's price and by its rules for thinking, sampling and candidates. Announced days have moved before, so that what only one of the two refuses is not told.",
    bad: &[],
    ..RETIRED
};

const RETIRING: Rule = Rule {
    id: "model-retiring",
    title: "A model is about to be shut down",
    severity: Warning,
    fix: Some("model-retiring"),
    answer: "",
    why: "Its day of retirement, as published, is less than 60 days away. Such days have moved before, and the cloud platform keeps its own.",
    bad: &[
        bad("gemini-2.5-pro", PLAIN, "$"),
        bad("", request!(r#""model": "models/gemini-2.5-flash""#), "model"),
    ],
    ..RETIRED
};

const MOVES: Rule = Rule {
    id: "model-name-moves",
    title: "A name of a model moves to newer ones by itself",
    severity: Note,
    fix: None,
    answer: "",
    why: "Names that end in -latest are given to another model every few months, with other limits, prices and parameters.",
    bad: &[bad("gemini-flash-latest", PLAIN, "$")],
    ..MALFORMED
};

const UNKNOWN: Rule = Rule {
    id: "model-unknown",
    title: "A name of a model is in no table of this program",
    severity: Note,
    fix: Some("model-name-wrong"),
    answer: "",
    why: "It may be newer than the table, or misspelt: the list that the service gives to a key tells.",
    bad: &[
        bad("gemini-3.8-flahs", PLAIN, "$"),
        bad("gpt-5", PLAIN, "$"),
        bad(
            "",
            r#"{"model": "gemini-3.8-flahs", "messages": [{"role": "user", "content": "a"}]}"#,
            "model",
        )
        .of(Kind::Chat),
    ],
    ..MALFORMED
};

/// How many days before its retirement a model is told of.
const SOON: i64 = 60;

/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    let own = name_in(request.body);
    // A body of many requests was looked at as a whole where it names one model for all of them.
    if own.is_none() && matches!(request.kind, Kind::Batch | Kind::BatchLine) {
        return;
    }
    named(request, own, found);
}

/// Looks at bodies that hold no request of generateContent themselves, or many of them.
pub(super) fn look_at_whole(whole: &Request<'_>, found: &mut Findings<'_>) {
    let holder = match whole.kind {
        Kind::Embed | Kind::Chat | Kind::ChatEmbeddings => Some(whole.body),
        Kind::Batch => field(whole.body, "batch"),
        Kind::EmbedBatch => Some(whole.body),
        Kind::BatchLine => {
            let inner = field(whole.body, "request");
            inner.is_none_or(|inner| name_in(inner).is_none()).then_some(whole.body)
        }
        Kind::Generate | Kind::Count | Kind::Routes | Kind::Schema => None,
    };
    let own = holder.and_then(name_in);
    if holder.is_some() && (own.is_some() || whole.model.is_some()) {
        named(whole, own, found);
    }
    // Each request of a batch names the model once more.
    let requests = field(whole.body, "requests").filter(|_| whole.kind == Kind::EmbedBatch);
    for inner in requests.into_iter().flat_map(Value::each).filter_map(name_in) {
        is_malformed(whole, Some(inner), found);
    }
}

fn name_in(body: Value<'_>) -> Option<Value<'_>> {
    field(body, "model").filter(|value| value.kind() == Form::Text)
}

/// Tells something at the name, or at the beginning of a body that was given its model from outside.
fn tell(
    rule: &'static Rule,
    request: &Request<'_>,
    own: Option<Value<'_>>,
    found: &mut Findings<'_>,
    words: impl FnOnce() -> Said,
) {
    let body = request.body;
    let start = body.span().start;
    match own {
        Some(value) => found.at(rule, value, words),
        None => found.add(rule, body.document(), start..start + 1, words),
    }
}

fn named(request: &Request<'_>, own: Option<Value<'_>>, found: &mut Findings<'_>) {
    let Some(name) = request.model.as_deref() else { return };
    // The compatible form has names of its own, with other providers' models behind gateways.
    let is_compatible = matches!(request.kind, Kind::Chat | Kind::ChatEmbeddings);
    let is_foreign = is_compatible && !is_googles(own, name);
    if !is_foreign && is_malformed(request, own, found)
        || !is_compatible && differs(request, own, found)
    {
        return;
    }
    let Some(entry) = request.table.find(name) else {
        if !is_wrong_for_the_method(request, own, found) && !is_foreign {
            without_entry(request, name, own, found);
        }
        return;
    };
    if !leaves(request, entry, own, found) && !is_wrong_for_the_method(request, own, found) {
        moves(request, name, own, found);
    }
}

/// Whether a name is one that Google could have given, well formed or not.
fn is_googles(own: Option<Value<'_>>, name: &str) -> bool {
    let text = own.and_then(Value::text);
    let small = text.as_deref().unwrap_or(name).trim().to_ascii_lowercase();
    ["gemini", "gemma", "models/"].iter().any(|start| small.starts_with(start))
}

fn is_malformed(request: &Request<'_>, own: Option<Value<'_>>, found: &mut Findings<'_>) -> bool {
    let text = own.and_then(Value::text);
    let name = text.as_deref().or(request.model.as_deref()).unwrap_or_default();
    let is_odd = |letter: char| {
        letter.is_whitespace()
            || letter.is_ascii_uppercase()
            || letter.is_control()
            || matches!(letter, '?' | '&' | '#' | '%' | ':' | '\\')
    };
    let is_collection = name.starts_with("tunedModels/") || name.contains("endpoints/");
    let rest = name.strip_prefix("tunedModels/").unwrap_or(name);
    let is_of_platform = name.starts_with("publishers/") || name.starts_with("projects/");
    if name.is_empty()
        || name.contains("..")
        || name.contains("models/models/")
        || rest.ends_with('/')
        || (!is_of_platform && rest.contains(is_odd))
    {
        tell(&MALFORMED, request, own, found, || {
            said(format!("{name:?} is no name of a model"))
                .with_any(well_formed(request, own, name))
        });
        return true;
    }
    if is_of_platform && request.service == Service::Developer && !is_collection {
        tell(&OTHER_PLATFORM, request, own, found, || {
            let short = format!("models/{}", bare(name));
            let edits = own.map(|value| vec![edit::replace(value, edit::quoted(&short))]);
            said(format!("{name} is how the cloud platform names it")).with_any(
                edits.map(|edits| Correction::mechanical(format!("Write {short}"), edits)),
            )
        });
        return true;
    }
    false
}

/// The name that was meant, where the table knows it.
fn well_formed(request: &Request<'_>, own: Option<Value<'_>>, name: &str) -> Option<Correction> {
    let last = bare(name).split(['?', '&', ':', '#']).next().unwrap_or_default();
    let words: Vec<&str> = last.split_whitespace().collect();
    let short = words.join("-").to_ascii_lowercase();
    request.table.find(&short)?;
    let text = if name.contains('/') { format!("models/{short}") } else { short };
    let edits = own.map(|value| vec![edit::replace(value, edit::quoted(&text))]);
    Some(match edits {
        Some(edits) => Correction::mechanical(format!("Write {text}"), edits),
        None => Correction::advice(format!("Write {text}")),
    })
}

fn differs(request: &Request<'_>, own: Option<Value<'_>>, found: &mut Findings<'_>) -> bool {
    // Which name an inner request may have is told where tokens are counted.
    if request.kind == Kind::Count {
        return false;
    }
    let Some(text) = own.and_then(Value::text) else { return false };
    let inner = bare(&text);
    let Some(asked) = request.model.as_deref().filter(|asked| *asked != inner) else {
        return false;
    };
    tell(&DIFFERS, request, own, found, || {
        said(format!("the body names {inner}, and the call is for {asked}"))
            .with(Correction::advice(format!("Name {asked} here, or leave the field out")))
    });
    true
}

fn is_wrong_for_the_method(
    request: &Request<'_>,
    own: Option<Value<'_>>,
    found: &mut Findings<'_>,
) -> bool {
    let Some(accepts) = request.accepts else { return false };
    let is_embedding = accepts.line == Line::Embedding;
    let asked = request.model_words();
    match request.kind {
        Kind::Generate | Kind::Chat if is_embedding => {
            tell(&EMBEDS_ONLY, request, own, found, || {
                said(format!("{asked} makes vectors, and no text")).with(Correction::advice(
                    format!("Call embedContent, or ask {}", request.table.default_model()),
                ))
            });
            true
        }
        Kind::Embed | Kind::EmbedBatch | Kind::ChatEmbeddings
            if !is_embedding && accepts.line != Line::Other =>
        {
            tell(&EMBEDS_NOT, request, own, found, || {
                said(format!("{asked} makes no vectors"))
                    .with(Correction::advice("Ask gemini-embedding-001"))
            });
            true
        }
        _ => false,
    }
}

/// Tells of a model that is gone or going; whether it is.
fn leaves(
    request: &Request<'_>,
    entry: &ModelEntry,
    own: Option<Value<'_>>,
    found: &mut Findings<'_>,
) -> bool {
    let Some(retires) = entry.retires.as_deref() else { return false };
    let is_past = entry.is_retired_on(request.day);
    let left = time::days(retires).zip(time::days(request.day)).map(|(end, now)| end - now);
    let is_soon = left.is_some_and(|left| (0..=SOON).contains(&left));
    let name = &entry.name;
    let (rule, words) = match (is_past, &entry.routed_to) {
        (true, _) if request.service == Service::Cloud => (
            &RETIRING,
            format!("{name} left the Developer API on {retires}; the platform keeps its own days"),
        ),
        (true, Some(other)) => (&ROUTED, format!("{other} answers for {name} since {retires}")),
        // A day that was only announced when the table was put together may have been moved since.
        (true, None) if retires <= request.table.as_of.as_str() => {
            (&RETIRED, format!("{name} was shut down on {retires}"))
        }
        (true, None) => (&RETIRING, format!("{name} was to be shut down on {retires}")),
        (false, _) if is_soon => (&RETIRING, format!("{name} is shut down or routed on {retires}")),
        (false, _) => return false,
    };
    tell(rule, request, own, found, || {
        let successor = entry.successor.as_deref();
        said(words).with_any(successor.map(|other| {
            Correction::advice(format!(
                "Ask {other}, and check what it takes: its rules are others"
            ))
        }))
    });
    true
}

fn without_entry(
    request: &Request<'_>,
    name: &str,
    own: Option<Value<'_>>,
    found: &mut Findings<'_>,
) {
    let is_tuned = own.and_then(Value::text).is_some_and(|text| {
        text.contains("tunedModels/") || text.contains("endpoints/") || text.contains("dynamic/")
    });
    if request.accepts.is_some() || is_tuned {
        moves(request, name, own, found);
        return;
    }
    tell(&UNKNOWN, request, own, found, || {
        let names: Vec<&str> =
            request.table.entries.iter().map(|entry| entry.name.as_str()).collect();
        let near = nearest(name, &names).filter(|near| name.len() > 4 && near.len() > 4);
        said(format!("{name} is not in the table of {}", request.table.as_of))
            .with_any(near.map(|near| Correction::advice(format!("{near} is in it"))))
    });
}

fn moves(request: &Request<'_>, name: &str, own: Option<Value<'_>>, found: &mut Findings<'_>) {
    if name.ends_with("-latest") {
        tell(&MOVES, request, own, found, || {
            said(format!("which model answers to {name} changes by itself")).with(
                Correction::advice("Name the model that is meant where answers must not change"),
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::models::ModelTable,
        lint::{Given, look},
    };

    fn told(model: &str, service: Service, day: &str) -> Vec<&'static str> {
        let table = ModelTable::embedded();
        let given = Given { service, model: Some(model), ..Given::on(&table, day) };
        look(PLAIN, &given).findings.iter().map(|finding| finding.rule.id).collect()
    }

    #[test]
    fn what_is_said_of_a_model_follows_the_day_and_the_service() {
        use Service::{Cloud, Developer};
        for (model, service, day, id) in [
            ("gemini-2.5-pro", Developer, "2026-09-30", None),
            ("gemini-2.5-pro", Developer, "2026-10-02", Some("model-retiring")),
            ("gemini-2.5-pro", Developer, "2026-12-01", Some("model-routed")),
            ("gemini-2.5-flash-image", Developer, "2026-10-02", Some("model-retired")),
            ("gemini-2.5-flash-image", Cloud, "2026-10-02", Some("model-retiring")),
            ("gemini-3.8-flash", Developer, "2030-01-01", None),
        ] {
            assert_eq!(told(model, service, day), Vec::from_iter(id), "{model} {service:?} {day}");
        }
    }
}
