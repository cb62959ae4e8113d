//! The schemas within a schema, and what each of the two forms calls its parts. It must not judge.

use crate::lint::{
    document::{End, Form, Value},
    kind::field,
    request::{Request, Service},
};

/// The forms that the API takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Its own, a part of OpenAPI's.
    OpenApi,
    /// A part of JSON Schema.
    Json,
    /// JSON Schema as OpenAI's form has it, of which the compatible endpoint makes the API's own.
    Chat,
}

/// For whom a schema is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whom {
    pub is_cloud: bool,
    pub is_since_3: bool,
}

impl Whom {
    pub(super) fn of(request: &Request<'_>) -> Self {
        Self { is_cloud: request.service == Service::Cloud, is_since_3: request.is_since(3, 0) }
    }
}

/// What a schema is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// What a function is called with.
    Parameters,
    /// What is answered, by the model or a function.
    Answer,
}

/// A schema as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schema<'d> {
    /// The outermost object.
    pub root: Value<'d>,
    /// What it is a field of; none of a file of its own.
    pub holder: Option<Value<'d>>,
    pub dialect: Dialect,
    pub role: Role,
    pub whom: Whom,
}

/// A schema within a schema.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'d> {
    /// The object.
    pub schema: Value<'d>,
    /// In how many objects and lists its values lie.
    pub depth: usize,
}

/// Deeper schemas are told by the syntax.
const MOST_DEPTH: usize = 100;

impl Dialect {
    /// The form of a schema of which nothing else is known.
    pub(super) fn of(root: Value<'_>) -> Self {
        let places = all(root, Self::Json);
        let schemas = || places.iter().map(|place| place.schema);
        let is_loud = |schema: Value<'_>| {
            schema
                .member("type")
                .and_then(Value::quoted)
                .is_some_and(|word| word.bytes().any(|letter| letter.is_ascii_uppercase()))
        };
        let has_own = |schema: Value<'_>| {
            schema.member("nullable").is_some() || schema.member("any_of").is_some()
        };
        let is_json = |schema: Value<'_>| {
            schema.member("type").is_some_and(|kind| kind.kind() == Form::List)
                || schema.members().any(|member| {
                    let name = member.name().unwrap_or_default();
                    name.starts_with('$') || JSON_ONLY.contains(&name)
                })
        };
        if schemas().any(is_loud) || (schemas().any(has_own) && !schemas().any(is_json)) {
            Self::OpenApi
        } else {
            Self::Json
        }
    }

    /// What a file is read as.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::OpenApi => "read as the API's own form, for responseSchema and parameters",
            Self::Json => "read as JSON Schema, for responseJsonSchema and parametersJsonSchema",
            Self::Chat => "read as JSON Schema that becomes the API's own form",
        }
    }

    /// A type as it is written in this form, for the word of the API's own.
    pub(super) fn spelt(self, word: &str) -> String {
        match self {
            Self::OpenApi => word.to_owned(),
            Self::Json | Self::Chat => word.to_ascii_lowercase(),
        }
    }

    /// A keyword of a schema: JSON Schema has one spelling of each.
    pub(super) fn get<'d>(self, schema: Value<'d>, name: &str) -> Option<Value<'d>> {
        match self {
            Self::OpenApi => field(schema, name),
            Self::Json | Self::Chat => schema.member(name),
        }
    }
}

/// Keywords that no schema of the API's own form has.
const JSON_ONLY: &[&str] = &[
    "const",
    "oneOf",
    "allOf",
    "not",
    "additionalProperties",
    "patternProperties",
    "prefixItems",
    "definitions",
    "exclusiveMinimum",
    "exclusiveMaximum",
];

impl<'d> Schema<'d> {
    /// All schemas in it, itself first.
    pub(super) fn places(self) -> Vec<Place<'d>> {
        all(self.root, self.dialect)
    }

    /// Whether what is missing may have stood where the text was cut off.
    pub(super) fn is_whole(self) -> bool {
        self.root.document().end() == End::Whole
    }

    /// A keyword of a schema in it.
    pub(super) fn get(self, schema: Value<'d>, name: &str) -> Option<Value<'d>> {
        self.dialect.get(schema, name)
    }

    /// The word of a type, in small letters; none of a list of types.
    pub(super) fn type_of(self, schema: Value<'d>) -> Option<String> {
        Some(self.get(schema, "type")?.text()?.to_ascii_lowercase())
    }
}

/// All schemas within one, itself first.
pub(super) fn all(root: Value<'_>, dialect: Dialect) -> Vec<Place<'_>> {
    let mut places = vec![Place { schema: root, depth: 0 }];
    let mut at = 0;
    while let Some(place) = places.get(at).copied() {
        at += 1;
        if place.depth < MOST_DEPTH {
            inner(place, dialect, &mut places);
        }
    }
    places
}

fn inner<'d>(place: Place<'d>, dialect: Dialect, places: &mut Vec<Place<'d>>) {
    let Place { schema, depth } = place;
    let mut add = |value: Value<'d>, depth| {
        if value.kind() == Form::Object {
            places.push(Place { schema: value, depth });
        }
    };
    for name in ["items", "prefixItems", "additionalProperties"] {
        let is_known = dialect != Dialect::OpenApi || name == "items";
        let value = dialect.get(schema, name).filter(|_| is_known);
        value.into_iter().flat_map(Value::each).for_each(|value| add(value, depth + 1));
    }
    let properties = dialect.get(schema, "properties");
    properties.into_iter().flat_map(Value::members).for_each(|value| add(value, depth + 1));
    for name in ["anyOf", "oneOf", "allOf"] {
        let is_known = dialect != Dialect::OpenApi || name == "anyOf";
        let value = dialect.get(schema, name).filter(|_| is_known);
        value.into_iter().flat_map(Value::each).for_each(|value| add(value, depth));
    }
    for name in ["$defs", "definitions"] {
        let value = schema.member(name).filter(|_| dialect != Dialect::OpenApi);
        value.into_iter().flat_map(Value::members).for_each(|value| add(value, depth));
    }
}
