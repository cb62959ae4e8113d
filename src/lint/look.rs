//! The way of a text through all rules. It must not know what any of them looks for.

use crate::facts::{models::ModelTable, time};

use super::{
    document::{Document, End, Form, Lines, Span, Value},
    finding::{Finding, Findings},
    kind::{self, Kind, field},
    request::{Request, Service, Version},
    routed, rules, unknown,
};

/// What a caller says of a body beforehand.
#[derive(Clone, Debug)]
pub struct Given<'a> {
    /// Its kind; looked for where it is not said.
    pub kind: Option<Kind>,
    /// The API it is for.
    pub service: Service,
    /// The API's version.
    pub version: Version,
    /// The model, which counts before one that the body names.
    pub model: Option<&'a str>,
    /// The model where neither is there.
    pub fallback: Option<&'a str>,
    /// What was published about models.
    pub table: &'a ModelTable,
    /// Whether the file was UTF-16, and the text is what became of it.
    pub is_wide: bool,
    /// Today.
    pub day: &'a str,
    /// The ids of rules that are left out.
    pub allowed: &'a [&'a str],
    /// Whether everything is wanted that is found, and not as much as anybody reads.
    pub wants_all: bool,
    /// Whether tokens are counted, which takes as long as all else together.
    pub counts: bool,
    /// Pieces of the text that a shell or a template puts in when it is sent.
    pub unknown: &'a [Span],
}

impl<'a> Given<'a> {
    /// Nothing said but the day and what was published until then: a body for the Developer API's v1beta.
    pub const fn on(table: &'a ModelTable, day: &'a str) -> Self {
        Self {
            kind: None,
            service: Service::Developer,
            version: Version::V1Beta,
            model: None,
            fallback: None,
            table,
            is_wide: false,
            day,
            allowed: &[],
            wants_all: false,
            counts: false,
            unknown: &[],
        }
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Looked {
    /// The kind of the body.
    pub kind: Kind,
    /// The model it is for, and whether the caller said so.
    pub model: Option<String>,
    /// What was found, in the order of the text.
    pub findings: Vec<Finding>,
    /// How many more of a rule were found than are listed.
    pub more: Vec<(&'static str, usize)>,
    /// How far the text was read.
    pub end: End,
    /// Why no rule was held against it: what it is in place of a body that is judged.
    pub unjudged: Option<&'static str>,
}

/// Looks through a text.
pub fn look(text: &str, given: &Given<'_>) -> Looked {
    debug_assert!(time::days(given.day).is_some(), "{}", given.day);
    if !given.unknown.is_empty() {
        return unknown::look_round(text, given);
    }
    let looked = look_once(text, given);
    match routed::answering(&looked, given) {
        Some(other) => {
            let other = look_once(text, &Given { model: Some(other), ..given.clone() });
            routed::shared(looked, &other)
        }
        None => looked,
    }
}

fn look_once(text: &str, given: &Given<'_>) -> Looked {
    let document =
        if given.wants_all { Document::read_with_all_faults(text) } else { Document::read(text) };
    if given.kind.is_none() && kind::is_program(text) {
        return not_judged(&document, "it is a program or a page: give the object in it alone");
    }
    let mut found = Findings::of(given.allowed, given.wants_all);
    rules::syntax::look(&document, given.is_wide, &mut found);
    let Some(root) = document.root() else {
        let (findings, more) = found.finish();
        let kind = given.kind.unwrap_or(Kind::Generate);
        let model = given.model.or(given.fallback).map(|name| bare(name).to_owned());
        return Looked { kind, model, findings, more, end: document.end(), unjudged: None };
    };
    let model = given.model.map(str::to_owned).or_else(|| named_model(root));
    let model = model.or_else(|| given.fallback.map(str::to_owned));
    let kind = given.kind.unwrap_or_else(|| Kind::of_model(root, model.as_deref()));
    let unjudged = match given.kind {
        Some(Kind::Routes) if is_no_map(root) => Some("it names no routes of a map of models"),
        Some(_) => None,
        None => kind::other(root),
    };
    let whole = Request {
        body: root,
        kind,
        service: given.service,
        version: given.version,
        model: None,
        accepts: None,
        table: given.table,
        day: given.day,
        counts: given.counts,
    }
    .for_model(model.as_deref().map(bare).map(str::to_owned));
    if unjudged.is_none() {
        rules::look(&whole, &mut found);
    }
    let (findings, more) = found.finish();
    let model = whole.model.clone();
    Looked { kind, model, findings, more, end: document.end(), unjudged }
}

/// A text that no rule is held against.
fn not_judged(document: &Document<'_>, why: &'static str) -> Looked {
    Looked {
        kind: Kind::Generate,
        model: None,
        findings: Vec::new(),
        more: Vec::new(),
        end: document.end(),
        unjudged: Some(why),
    }
}

/// Whether a body that is to be a map of models is a request, or has nothing of a map.
fn is_no_map(root: Value<'_>) -> bool {
    let is_request =
        ["contents", "messages"].iter().any(|name| field(root, name).is_some_and(is_list));
    is_request || !rules::routes::has_any(root)
}

fn is_list(value: Value<'_>) -> bool {
    value.kind() == Form::List
}

/// The requests of generateContent in a body; a body of another kind has none.
pub fn requests<'d>(whole: &Request<'d>) -> Vec<Request<'d>> {
    let inner: Vec<Value<'d>> = match whole.kind {
        Kind::Generate => vec![whole.body],
        Kind::Count => {
            let wrapped = field(whole.body, "generateContentRequest");
            vec![wrapped.unwrap_or(whole.body)]
        }
        Kind::BatchLine => field(whole.body, "request").into_iter().collect(),
        Kind::Batch => inlined(whole.body).into_iter().flatten().collect(),
        Kind::Embed
        | Kind::EmbedBatch
        | Kind::Chat
        | Kind::ChatEmbeddings
        | Kind::Routes
        | Kind::Schema => Vec::new(),
    };
    let of = |body: Value<'d>| {
        let own = (body != whole.body).then(|| named_model(body)).flatten();
        let model = whole.model.clone().or_else(|| own.as_deref().map(bare).map(str::to_owned));
        Request { body, ..whole.clone() }.for_model(model)
    };
    inner.into_iter().filter(|body| body.kind() == Form::Object).map(of).collect()
}

fn inlined<'d>(body: Value<'d>) -> Option<impl Iterator<Item = Value<'d>>> {
    let input = field(field(body, "batch")?, "inputConfig")?;
    let list = field(field(input, "requests")?, "requests")?;
    Some(list.each().filter_map(|one| field(one, "request")))
}

/// The model that a body names itself, or the first request in it.
fn named_model(body: Value<'_>) -> Option<String> {
    let within = |name: &str| field(body, name).and_then(|inner| field(inner, "model"));
    let of_first = || field(body, "requests")?.each().find_map(|one| field(one, "model"));
    let of_batch = || inlined(body)?.find_map(|one| field(one, "model"));
    let own = field(body, "model")
        .or_else(|| ["generateContentRequest", "batch", "request"].into_iter().find_map(within))
        .or_else(of_first)
        .or_else(of_batch)?;
    Some(own.text()?.into_owned())
}

/// A name without the collection it stands in, where that is the one of all models. Models that somebody tuned and endpoints
/// are other things than models of the same last word, so that they keep theirs.
pub fn bare(name: &str) -> &str {
    let is_own = ["tunedModels/", "endpoints/", "dynamic/"].iter().any(|own| name.contains(own));
    if is_own { name } else { name.rsplit('/').next().unwrap_or(name) }
}

/// A name as the field `model` of a request has it.
pub fn full(model: &str) -> String {
    if model.contains('/') { model.to_owned() } else { format!("models/{model}") }
}

/// Lines and columns of what was found.
pub fn places(text: &str, findings: &[Finding]) -> Vec<super::document::Line> {
    let mut lines = Lines::of(text);
    findings.iter().map(|finding| lines.place(finding.span.start)).collect()
}
