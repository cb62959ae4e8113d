//! Schemas of parameters and answers, in the two forms that the API takes: its own, a part of OpenAPI's, and a part of JSON
//! Schema.

use crate::facts::Severity::Note;

use crate::lint::{
    document::{Form, Value},
    finding::{Findings, said},
    kind::{Kind, field},
    request::Request,
    rule::{Rule, bad, good},
    shape::SCHEMA,
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
mod forms;
mod keywords;
mod lists;
mod references;
mod sizes;
mod walk;

pub(super) use keywords::unknown_keyword;
use walk::{Dialect, Place, Role, Schema};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &keywords::REFUSED,
    &keywords::IGNORED,
    &forms::TYPE_MISSING,
    &forms::TYPE_LIST,
    &forms::TYPE_UNKNOWN,
    &forms::TYPE_CASE,
    &forms::NO_ITEMS,
    &forms::NO_PROPERTIES,
    &forms::NO_OBJECT,
    &lists::REQUIRED_UNKNOWN,
    &lists::REQUIRED_UNKNOWN_JSON,
    &lists::ORDER_UNKNOWN,
    &lists::TWICE,
    &lists::ENUM_EMPTY,
    &lists::ENUM_FORMAT,
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
    if let Some(config) = request.field("generationConfig") {
        for (name, dialect) in
            [("responseSchema", Dialect::OpenApi), ("responseJsonSchema", Dialect::Json)]
        {
            each(config, name, dialect, Role::Answer, found);
        }
    }
    for declaration in request.declarations() {
        for (name, dialect, role) in [
            ("parameters", Dialect::OpenApi, Role::Parameters),
            ("parametersJsonSchema", Dialect::Json, Role::Parameters),
            ("response", Dialect::OpenApi, Role::Answer),
            ("responseJsonSchema", Dialect::Json, Role::Answer),
        ] {
            each(declaration, name, dialect, role, found);
        }
    }
}

fn each(holder: Value<'_>, name: &str, dialect: Dialect, role: Role, found: &mut Findings<'_>) {
    if let Some(root) = field(holder, name).filter(|root| root.kind() == Form::Object) {
        look_at(Schema { root, holder: Some(holder), dialect, role }, found);
    }
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
    look_at(Schema { root, holder: None, dialect, role: Role::Answer }, found);
}

fn look_at(schema: Schema<'_>, found: &mut Findings<'_>) {
    let places = schema.places();
    for place in &places {
        keywords::look(schema, *place, found);
        forms::look(schema, *place, found);
        lists::look(schema, *place, found);
        bounds::look(schema, *place, found);
    }
    references::look(schema, &places, found);
    sizes::look(schema, &places, found);
    budget::look(schema, found);
}
