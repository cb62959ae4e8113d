//! What the live commands share on the way from settings to a plan.

use std::path::Path;

use crate::{
    error::UserError,
    facts::{LocalFact, looks_like_key},
    gemini::key_shape::{self, Shape},
    local::dotenv_hygiene,
    probe::key::{Depth, KeyPlan, Source},
    secret::ApiKey,
    settings::{Settings, WithoutKey},
};

/// The key's stages for these settings.
pub fn key_plan(settings: &Settings, depth: Depth) -> KeyPlan {
    KeyPlan {
        source: source(settings),
        shape: shape(settings),
        model: settings.model.as_ref().map(|model| model.value.clone()),
        table: settings.model_table.clone(),
        depth,
        skip_without_key: settings.without_key == WithoutKey::Skip,
    }
}

/// What the key looks like, where there is one.
pub fn shape(settings: &Settings) -> Option<Shape> {
    settings.key.key.as_ref().map(|key| key_shape::shape(key.expose()))
}

/// The key as it may be sent, where it may.
pub fn sendable(settings: &Settings) -> Option<ApiKey> {
    shape(settings).and_then(|shape| shape.sendable)
}

fn source(settings: &Settings) -> Source {
    let key = &settings.key;
    let origin = key.origin.as_ref().zip(key.key.as_ref());
    Source {
        origin: origin.map(|(origin, key)| format!("{origin} {}", key.fingerprint())),
        places: key
            .places
            .iter()
            .map(|place| format!("{} ({})", place.name, place.found))
            .collect(),
        notes: notes(settings),
    }
}

/// What was noticed on this machine; facts that matter only without a key are left out with one.
fn notes(settings: &Settings) -> Vec<(LocalFact, String)> {
    let hygiene = settings.env_file.as_deref().map(look_at).unwrap_or_default();
    let has_key = settings.key.key.is_some();
    let only_without =
        |fact: &LocalFact| matches!(fact, LocalFact::NoKey | LocalFact::EmptyVariable);
    let notes = settings.local_facts().cloned().chain(hygiene);
    notes.filter(|(fact, _)| !has_key || !only_without(fact)).collect()
}

fn look_at(env_file: &Path) -> Vec<(LocalFact, String)> {
    dotenv_hygiene::look(env_file)
}

/// A name with `models/` in front is the same name; anything with another slash is none of ours.
pub fn bare_name(name: &str) -> Result<String, UserError> {
    let bare = name.strip_prefix("models/").unwrap_or(name);
    if looks_like_key(bare) {
        return Err(UserError::key_as_name("NAME"));
    }
    if bare.is_empty() || bare.contains(['/', '?', '&', '#']) || bare.contains(char::is_whitespace)
    {
        let what = format!("{name:?} is no model's name");
        return Err(UserError::usage(
            what,
            "names look like gemini-3.5-flash: gemini-doctor list-models",
        ));
    }
    Ok(bare.to_owned())
}

/// How a command that asks nothing of the world prints.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct OfflineOutput {
    /// write the result as table, plain, json, ndjson or markdown [default: table]
    #[arg(long, value_name = "F", help_heading = "Output")]
    pub format: Option<String>,
    /// when to use colour [default: auto]
    #[arg(long, value_name = "WHEN", help_heading = "Output")]
    pub color: Option<crate::settings::ColorChoice>,
    /// print commands for this shell [default: the one in use]
    #[arg(long, value_name = "SHELL", help_heading = "Output")]
    pub shell: Option<crate::settings::Shell>,
}
