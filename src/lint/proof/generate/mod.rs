//! Bodies that the API takes, from a seed: every feature that the facts about it describe, in every way of writing JSON. It
//! must not know the tables of the linter, which is held against it.

mod body;
mod chat;
mod config;
mod embed;
mod json_schema;
mod media;
mod schema;
mod spell;
mod tools;
mod turns;

use std::collections::BTreeSet;

use super::{
    case::{Case, Kind},
    chance::Chance,
    models::{MODELS, Makes, Model},
    tree::Json,
};

/// A body in the making: what is decided of it so far.
struct Draft {
    chance: Chance,
    model: &'static Model,
    /// The version that knows few fields.
    is_v1: bool,
    features: BTreeSet<&'static str>,
}

/// The same body for the same seed.
pub fn generate(seed: u64) -> Case {
    let mut chance = Chance::of(seed);
    let kind = kind(&mut chance);
    let model = model(kind, &mut chance);
    let has_v1 = !matches!(kind, Kind::Batch | Kind::BatchLines | Kind::Chat);
    let is_v1 =
        has_v1 && matches!(model.makes, Makes::Text | Makes::Vectors) && chance.in_hundred(10);
    let mut draft = Draft { chance, model, is_v1, features: BTreeSet::new() };
    let mut documents = draft.documents(kind);
    let Draft { mut chance, features, .. } = draft;
    let spelling = spell::spell(&mut documents, kind, &mut chance);
    let layout = spell::layout(kind, &mut chance);
    let version = if is_v1 { "v1" } else { "v1beta" };
    Case { seed, kind, version, model, features, spelling, layout, documents }
}

fn kind(chance: &mut Chance) -> Kind {
    match chance.below(20) {
        0 | 1 => Kind::CountTokens,
        2 => Kind::EmbedContent,
        3 => Kind::BatchEmbedContents,
        4 => Kind::Batch,
        5 => Kind::BatchLines,
        6 | 7 => Kind::Chat,
        8..=11 => Kind::StreamGenerateContent,
        _ => Kind::GenerateContent,
    }
}

fn model(kind: Kind, chance: &mut Chance) -> &'static Model {
    let fits = |model: &&Model| match kind {
        Kind::EmbedContent | Kind::BatchEmbedContents => model.makes == Makes::Vectors,
        Kind::Chat | Kind::Batch | Kind::BatchLines => model.makes == Makes::Text,
        _ => model.makes != Makes::Vectors,
    };
    let fitting: Vec<&'static Model> = MODELS.iter().filter(fits).collect();
    fitting[chance.below(fitting.len())]
}

impl Draft {
    fn note(&mut self, feature: &'static str) {
        self.features.insert(feature);
    }

    /// Whether a feature is in, with these chances in a hundred; then it is noted.
    fn has(&mut self, feature: &'static str, times: u32) -> bool {
        let has = self.chance.in_hundred(times);
        if has {
            self.note(feature);
        }
        has
    }

    fn documents(&mut self, kind: Kind) -> Vec<Json> {
        match kind {
            Kind::GenerateContent | Kind::StreamGenerateContent => vec![self.request()],
            Kind::CountTokens => vec![self.count()],
            Kind::EmbedContent => vec![self.embed(false)],
            Kind::BatchEmbedContents => vec![self.embed_batch()],
            Kind::Batch => vec![self.batch()],
            Kind::BatchLines => self.batch_lines(),
            Kind::Chat => vec![self.chat()],
        }
    }
}
