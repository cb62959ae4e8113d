//! What a field of a request can be, and how a table says so.
//!
//! Types only. The tables are in `messages.rs` and its neighbours, the walk through a body in
//! `names.rs`.

/// A message of the API.
#[derive(Debug)]
pub(super) struct Message {
    /// Its name behind the package's, as the service writes it.
    pub(super) name: &'static str,
    pub(super) fields: &'static [Field],
}

/// A field of a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// As JSON has it; the other spelling is made of this one.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) times: Times,
    /// Where it is known.
    pub(super) known: Known,
    /// The group of which only one field may be set.
    pub(super) group: Option<&'static str>,
}

/// What one value of a field is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Any JSON.
    Any,
    /// Any JSON object.
    Struct,
    Text,
    Bytes,
    Flag,
    /// A whole number of 32 bits.
    Int32,
    /// The same of 64 bits.
    Int64,
    Float,
    Double,
    /// One word of a set.
    Word(&'static Words),
    Message(&'static Message),
    /// A text in place of the message; OpenAI's form has such fields.
    TextOr(&'static Message),
}

/// A closed set of words. Their numbers, from 0, are taken as well, and any case.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) name: &'static str,
    pub(super) all: &'static [&'static str],
    /// More of them on the cloud platform.
    pub(super) cloud: &'static [&'static str],
}

/// How often a field comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Once,
    /// In a list; a single one without a list is taken as well.
    Often,
    /// As the values of an object with any names.
    ByName,
}

/// Which APIs know a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Everywhere,
    /// Not in the small first version of the Developer API.
    Later,
    /// The same, and not on the cloud platform.
    Developer,
    /// On the cloud platform alone.
    Cloud,
}

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Place {
    /// The first version of the Developer API.
    V1,
    /// Its other versions.
    Beta,
    /// The cloud platform.
    Cloud,
}

impl Place {
    /// The place of a version of the Developer API.
    pub(in super::super) fn of(version: &str) -> Self {
        if version == "v1" { Self::V1 } else { Self::Beta }
    }

    /// The package that its messages are in.
    pub(super) fn package(self) -> &'static str {
        match self {
            Self::V1 => "google.ai.generativelanguage.v1",
            Self::Beta => "google.ai.generativelanguage.v1beta",
            Self::Cloud => "google.cloud.aiplatform.v1",
        }
    }
}

impl Known {
    pub(super) fn at(self, place: Place) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Later => place != Place::V1,
            Self::Developer => place == Place::Beta,
            Self::Cloud => place == Place::Cloud,
        }
    }
}

/// A field that comes once.
pub(super) const fn one(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, times: Times::Once, known: Known::Everywhere, group: None }
}

/// A field that is a list.
pub(super) const fn many(name: &'static str, kind: Kind) -> Field {
    Field { times: Times::Often, ..one(name, kind) }
}

/// A field that is an object with any names.
pub(super) const fn by_name(name: &'static str, kind: Kind) -> Field {
    Field { times: Times::ByName, ..one(name, kind) }
}

impl Field {
    pub(super) const fn later(self) -> Self {
        Self { known: Known::Later, ..self }
    }

    pub(super) const fn developer(self) -> Self {
        Self { known: Known::Developer, ..self }
    }

    pub(super) const fn cloud(self) -> Self {
        Self { known: Known::Cloud, ..self }
    }

    pub(super) const fn of(self, group: &'static str) -> Self {
        Self { group: Some(group), ..self }
    }
}
