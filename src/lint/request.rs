//! A request within a body, and what rules may ask of it: its fields, its model, which API it is for. It must not judge.

use crate::facts::{
    accepts::{Accepts, accepts},
    models::ModelTable,
};

use super::{
    document::Value,
    kind::{Kind, field},
};

/// Which API a body is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// The Developer API.
    Developer,
    /// The cloud platform.
    Cloud,
}

/// Which version of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `v1`, with few fields.
    V1,
    /// `v1beta` and what comes with it.
    V1Beta,
}

/// A request, as rules see it.
#[derive(Clone, Debug)]
pub struct Request<'d> {
    /// The object with `contents`.
    pub body: Value<'d>,
    /// The kind of the body that it stands in.
    pub kind: Kind,
    /// The API.
    pub service: Service,
    /// Its version.
    pub version: Version,
    /// The model, without `models/`; none where neither body nor caller says it.
    pub model: Option<String>,
    /// What that model takes, as far as it is known.
    pub accepts: Option<Accepts>,
    /// What was published about models.
    pub table: &'d ModelTable,
    /// Today, as `2026-11-20`.
    pub day: &'d str,
    /// Whether tokens are counted.
    pub counts: bool,
}

impl<'d> Request<'d> {
    /// The field of a name; none where it is `null`.
    pub fn field(&self, name: &str) -> Option<Value<'d>> {
        field(self.body, name)
    }

    /// A field of `generationConfig`.
    pub fn setting(&self, name: &str) -> Option<Value<'d>> {
        field(self.field("generationConfig")?, name)
    }

    /// The turns.
    pub fn turns(&self) -> impl Iterator<Item = Value<'d>> + use<'d> {
        self.field("contents").into_iter().flat_map(Value::each)
    }

    /// The tools.
    pub fn tools(&self) -> impl Iterator<Item = Value<'d>> + use<'d> {
        self.field("tools").into_iter().flat_map(Value::each)
    }

    /// The declarations of functions, of all tools.
    pub fn declarations(&self) -> impl Iterator<Item = Value<'d>> + use<'d> {
        let lists = self.tools().filter_map(|tool| field(tool, "functionDeclarations"));
        lists.flat_map(Value::each)
    }

    /// Whether the model is known to be of this generation or a later one.
    pub fn is_since(&self, major: u32, minor: u32) -> bool {
        self.accepts.is_some_and(|accepts| accepts.is_since(major, minor))
    }

    /// Whether the model is known to be older than this generation.
    pub fn is_before(&self, major: u32, minor: u32) -> bool {
        let generation = self.accepts.and_then(|accepts| accepts.generation);
        generation.is_some_and(|own| own < (major, minor))
    }

    /// The model in words: its name, or "the model".
    pub fn model_words(&self) -> &str {
        self.model.as_deref().unwrap_or("the model")
    }

    /// The same request for another model.
    pub fn for_model(self, model: Option<String>) -> Self {
        let accepts = model.as_deref().and_then(accepts);
        Self { model, accepts, ..self }
    }
}

/// The parts of a turn.
pub fn parts(turn: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    field(turn, "parts").into_iter().flat_map(Value::each)
}
