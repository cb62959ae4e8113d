//! Schemas of parameters and answers, in the two forms that the API takes: its own, a part of OpenAPI's, and a part of JSON
//! Schema.

use crate::facts::Severity::Note;

use crate::lint::{
    document::{Form, Value},
    finding::{Findings, said},
    kind::{Kind, field},
    request::Request,
    rule::{Rule, bad, good},
    shape::{Message, SCHEMA},
};

/// A `responseSchema` in a request.
macro_rules! answer {
    ($schema:expr) => {
        request!(concat!(
            r#""generationConfig": {"responseMimeType": "application/json", "responseSchema": "#,
            $schema,
            "}"
        ))
    };
}

/// A `responseJsonSchema` in a request.
macro_rules! json_answer {
    ($schema:expr) => {
        request!(concat!(
            r#""generationConfig": {"responseMimeType": "application/json", "responseJsonSchema": "#,
            $schema,
            "}"
        ))
    };
}

/// The parameters of a function in a body of OpenAI's form.
macro_rules! chat_parameters {
    ($schema:expr) => {
        concat!(
            r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "tools": [{"type": "function", "function": {"name": "f", "description": "d", "parameters": "#,
            $schema,
            "}}]}"
        )
    };
}

/// The parameters of a function in a request.
macro_rules! parameters {
    ($schema:expr) => {
        request!(concat!(
            r#""tools": [{"functionDeclarations": [{"name": "f", "description": "d", "parameters": "#,
            $schema,
            "}]}]"
        ))
    };
}

mod bounds;
mod budget;
mod contents;
mod forms;
mod keywords;
mod lists;
mod references;
mod sizes;
mod walk;

pub(super) use keywords::unknown_keyword;
use walk::{Dialect, Place, Role, Schema, Whom};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &keywords::REFUSED,
    &keywords::IGNORED,
    &keywords::IGNORED_IN_CHAT,
    &forms::TYPE_MISSING,
    &forms::TYPE_LIST,
    &forms::TYPE_UNKNOWN,
    &forms::TYPE_CASE,
    &forms::NO_ITEMS,
    &forms::NO_PROPERTIES,
    &forms::NO_OBJECT,
    &contents::NOT_AN_OBJECT,
    &contents::NOT_A_LIST,
    &contents::ANY_OF_WITH_TYPE,
    &contents::ANY_OF_WITH_TYPE_ON_CLOUD,
    &lists::REQUIRED_UNKNOWN,
    &lists::REQUIRED_UNKNOWN_JSON,
    &lists::ORDER_UNKNOWN,
    &lists::TWICE,
    &lists::ENUM_EMPTY,
    &lists::ENUM_FORMAT,
    &lists::ENUM_FORMAT_OLDER,
    &lists::ENUM_BLANK,
    &lists::ENUM_TYPE,
    &lists::ENUM_ODD,
    &bounds::CROSSED,
    &bounds::FORMAT_UNKNOWN,
    &bounds::PATTERN,
    &bounds::DEFAULT,
    &references::UNRESOLVED,
    &references::RECURSION,
    &references::SIBLINGS,
    &sizes::DEEP,
    &sizes::PROPERTIES,
    &sizes::WORDS,
    &sizes::LONG_NAME,
    &budget::ITEMS,
    &READ_AS,
];

const STRUCTURED_PAGE: &str = "https://ai.google.dev/gemini-api/docs/structured-output";
const OPENAI_PAGE: &str = "https://ai.google.dev/gemini-api/docs/openai";
const FUNCTION_PAGE: &str = "https://ai.google.dev/gemini-api/docs/function-calling";
const SCHEMA_PAGE: &str = "https://ai.google.dev/api/caching";
const FLASH: &str = "gemini-3.8-flash";

const READ_AS: Rule = Rule {
    id: "schema-form",
    title: "A schema without a request is one of two forms",
    severity: Note,
    fix: None,
    answer: "",
    why: "The API has a form of its own, for responseSchema and parameters, and takes JSON Schema in responseJsonSchema and parametersJsonSchema. Which one a file holds is told by its types and keywords.",
    docs: &[STRUCTURED_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad("", r#"{"type": "object", "properties": {"a": {"const": "b"}}}"#, "$").of(Kind::Schema),
        bad("", r#"{"type": "STRING"}"#, "$").of(Kind::Schema),
    ],
    good: &[good(FLASH, answer!(r#"{"type": "STRING"}"#))],
};

/// Looks at the schemas of a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    let whom = Whom::of(request);
    if let Some(config) = request.field("generationConfig") {
        for (name, dialect) in
            [("responseSchema", Dialect::OpenApi), ("responseJsonSchema", Dialect::Json)]
        {
            each((config, name), (dialect, Role::Answer, whom), found);
        }
    }
    for declaration in request.declarations() {
        for (name, dialect, role) in [
            ("parameters", Dialect::OpenApi, Role::Parameters),
            ("parametersJsonSchema", Dialect::Json, Role::Parameters),
            ("response", Dialect::OpenApi, Role::Answer),
            ("responseJsonSchema", Dialect::Json, Role::Answer),
        ] {
            each((declaration, name), (dialect, role, whom), found);
        }
    }
}

/// Looks at the schemas of a body in OpenAI's form: those of its functions, and that of the answer.
pub(super) fn look_at_chat(whole: &Request<'_>, found: &mut Findings<'_>) {
    let whom = Whom::of(whole);
    for function in whole.tools().filter_map(|tool| field(tool, "function")) {
        each((function, "parameters"), (Dialect::Chat, Role::Parameters, whom), found);
    }
    let format = whole.field("response_format");
    if let Some(named) = format.and_then(|format| field(format, "json_schema")) {
        each((named, "schema"), (Dialect::Chat, Role::Answer, whom), found);
    }
}

fn each(
    (holder, name): (Value<'_>, &str),
    (dialect, role, whom): (Dialect, Role, Whom),
    found: &mut Findings<'_>,
) {
    if let Some(root) = field(holder, name).filter(|root| root.kind() == Form::Object) {
        look_at(Schema { root, holder: Some(holder), dialect, role, whom }, found);
    }
}

/// What a file that is a schema is made of, where it is in the API's own form.
pub(super) fn own_form(root: Value<'_>) -> Option<&'static Message> {
    (Dialect::of(root) == Dialect::OpenApi).then_some(&SCHEMA)
}

/// Looks at a file that is a schema.
pub(super) fn look_at_file(whole: &Request<'_>, found: &mut Findings<'_>) {
    let root = whole.body;
    if whole.kind != Kind::Schema || root.kind() != Form::Object {
        return;
    }
    let dialect = Dialect::of(root);
    if dialect == Dialect::OpenApi {
        super::names::look(whole, &SCHEMA, found);
    }
    let start = root.span().start;
    found.add(&READ_AS, root.document(), start..start + 1, || said(dialect.words()));
    let whom = Whom::of(whole);
    look_at(Schema { root, holder: None, dialect, role: Role::Answer, whom }, found);
}

fn look_at(schema: Schema<'_>, found: &mut Findings<'_>) {
    let places = schema.places();
    for place in &places {
        keywords::look(schema, *place, found);
        forms::look(schema, *place, found);
        contents::look(schema, *place, found);
        lists::look(schema, *place, found);
        bounds::look(schema, *place, found);
    }
    references::look(schema, &places, found);
    sizes::look(schema, &places, found);
    budget::look(schema, found);
}
