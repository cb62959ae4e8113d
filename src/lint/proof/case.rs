//! A body with what it is sent as. It must not know how bodies are made or broken.

use std::collections::BTreeSet;

use super::{
    models::Model,
    tree::{self, Entry, Json, Path},
    write::{self, Layout, Place, Spot},
};

/// What a body is sent to, or stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    GenerateContent,
    StreamGenerateContent,
    CountTokens,
    EmbedContent,
    BatchEmbedContents,
    /// A batch whose requests stand in the body.
    Batch,
    /// The file of a batch: a request in each line.
    BatchLines,
    /// A chat completion of the compatible routes.
    Chat,
}

impl Kind {
    pub const ALL: [Self; 8] = [
        Self::GenerateContent,
        Self::StreamGenerateContent,
        Self::CountTokens,
        Self::EmbedContent,
        Self::BatchEmbedContents,
        Self::Batch,
        Self::BatchLines,
        Self::Chat,
    ];

    /// As the route calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::GenerateContent => "generateContent",
            Self::StreamGenerateContent => "streamGenerateContent",
            Self::CountTokens => "countTokens",
            Self::EmbedContent => "embedContent",
            Self::BatchEmbedContents => "batchEmbedContents",
            Self::Batch => "batchGenerateContent",
            Self::BatchLines => "batch lines",
            Self::Chat => "chat/completions",
        }
    }
}

/// How fields of the API are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    Camel,
    Snake,
    /// Now so, now so.
    Mixed,
}

#[derive(Clone, Debug)]
pub struct Case {
    pub seed: u64,
    pub kind: Kind,
    pub version: &'static str,
    pub model: &'static Model,
    pub features: BTreeSet<&'static str>,
    pub spelling: Spelling,
    pub layout: Layout,
    /// One, but for a file of lines.
    pub documents: Vec<Json>,
}

impl Case {
    pub fn body(&self) -> String {
        self.written(&[]).0
    }

    pub fn written(&self, places: &[Place]) -> (String, Vec<Spot>) {
        write::write(&self.documents, self.layout, places)
    }

    pub fn value(&self, path: &Path) -> Option<&Json> {
        path.value(&self.documents)
    }

    pub fn value_mut(&mut self, path: &Path) -> Option<&mut Json> {
        path.value_mut(&mut self.documents)
    }

    /// Gives a member of the object at the path, spelled as the rest is, and says where it stands.
    pub fn set(&mut self, object: &Path, name: &str, value: Json) -> Option<Path> {
        let mut entry = Entry::field(name, value);
        if self.spelling == Spelling::Snake && self.kind != Kind::Chat {
            entry.written = tree::snake_case(name);
        }
        let there = self.value_mut(object)?;
        there.remove(name);
        there.entries_mut()?.push(entry);
        Some(object.key(name))
    }

    /// The paths of all values that look so.
    pub fn paths(&self, is_meant: impl Fn(&Path, &Json) -> bool) -> Vec<Path> {
        let mut found = Vec::new();
        tree::each(&self.documents, &mut |path, value| {
            if is_meant(path, value) {
                found.push(path.clone());
            }
        });
        found
    }

    /// Where requests for content begin: at the root, or where others wrap them.
    pub fn requests(&self) -> Vec<Path> {
        let root = Path::default();
        match self.kind {
            Kind::GenerateContent | Kind::StreamGenerateContent => vec![root],
            Kind::CountTokens => {
                let wrapped = root.to("generateContentRequest");
                vec![if self.value(&wrapped).is_some() { wrapped } else { root }]
            }
            Kind::Batch => {
                let all = root.to("batch.inputConfig.requests.requests");
                let count = self.value(&all).map_or(0, |all| all.items().len());
                (0..count).map(|at| all.at(at).to("request")).collect()
            }
            Kind::BatchLines => {
                (0..self.documents.len()).map(|at| Path::of_document(at).to("request")).collect()
            }
            Kind::EmbedContent | Kind::BatchEmbedContents | Kind::Chat => Vec::new(),
        }
    }
}
