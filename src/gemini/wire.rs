//! The shapes of successful answers. Every member is optional: proto3 JSON leaves defaults out.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One page of the list of models.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ModelPage {
    /// The models.
    #[serde(alias = "publisherModels")]
    pub models: Vec<Model>,
    /// How to ask for the next page; empty for none.
    pub next_page_token: String,
}

/// One model as the service describes it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all(deserialize = "camelCase"), default)]
pub struct Model {
    /// `models/NAME`.
    pub name: String,
    /// Its version, as the service writes it.
    #[serde(alias = "versionId")]
    pub version: String,
    /// Its name for people.
    pub display_name: String,
    /// The most tokens in.
    pub input_token_limit: Option<u64>,
    /// The most tokens out.
    pub output_token_limit: Option<u64>,
    /// What can be called.
    pub supported_generation_methods: Vec<String>,
    /// Whether it thinks.
    pub thinking: bool,
    /// Its stage, where the service says.
    #[serde(alias = "launchStage")]
    pub model_stage: Option<String>,
}

impl Model {
    /// The name without `models/` or `publishers/google/models/`.
    pub fn id(&self) -> &str {
        self.name.strip_prefix("models/").or_else(|| self.of_cloud()).unwrap_or(&self.name)
    }

    /// Whether a method is listed for it. The cloud platform's list names no methods: there a model has
    /// those of its kind.
    pub fn supports(&self, method: &str) -> bool {
        match self.of_cloud() {
            Some(name) => cloud_methods(name).contains(&method),
            None => self.supported_generation_methods.iter().any(|listed| listed == method),
        }
    }

    /// Whether it stands in the cloud platform's list, which tells neither limits nor methods.
    pub fn is_of_cloud(&self) -> bool {
        self.of_cloud().is_some()
    }

    fn of_cloud(&self) -> Option<&str> {
        self.name.strip_prefix("publishers/google/models/")
    }
}

fn cloud_methods(name: &str) -> &'static [&'static str] {
    match name {
        name if name.contains("embedding") => &["embedContent"],
        name if name.starts_with("gemini-") => {
            &["generateContent", "streamGenerateContent", "countTokens"]
        }
        _ => &[],
    }
}

/// Tokens of one answer: sent, and received with thinking.
pub fn usage(answer: &Value) -> (Option<u64>, Option<u64>) {
    let usage = &answer["usageMetadata"];
    let read = |name: &str| usage[name].as_u64();
    let received = [read("candidatesTokenCount"), read("thoughtsTokenCount")];
    let any = received.iter().any(Option::is_some);
    (read("promptTokenCount"), any.then(|| received.iter().flatten().sum()))
}
