//! Keys under names that are not read: one letter off, another tool's, or a name that build tools take into the
//! bundle. Takes no such key, and shows none.

use super::{KEY_VARIABLES, KeySource};
use crate::{
    facts::{
        LocalFact,
        local::{is_for_bundle, is_of_another_product},
    },
    secret::ApiKey,
    settings::{Config, World, dotenv::Dotenv, origin::Origin},
};

/// Names that are met in the wild for this key. Whatever stands in one is meant as one.
const MEANT: [&str; 9] = [
    "GOOGLE_GENERATIVE_AI_API_KEY",
    "GOOGLE_AI_API_KEY",
    "GOOGLE_GENAI_API_KEY",
    "GENAI_API_KEY",
    "GEMINI_KEY",
    "GEMINI_APIKEY",
    "GEMINI_API_KEYS",
    "GEMINI_TOKEN",
    "PALM_API_KEY",
];
/// The one of them that a tool reads.
const VERCEL: &str = "GOOGLE_GENERATIVE_AI_API_KEY";
/// How many are told: more of them say no more.
const MOST: usize = 5;

/// A key where no SDK of the provider looks.
pub(super) struct Misnamed {
    pub(super) name: String,
    pub(super) origin: Origin,
    pub(super) key: ApiKey,
}

impl Misnamed {
    /// What is wrong, and what to do.
    pub(super) fn words(&self) -> String {
        let reader = match self.name.as_str() {
            VERCEL => "only the AI SDK of Vercel reads that name",
            _ => "no SDK reads that name",
        };
        let (place, key) = (&self.origin, self.key.fingerprint());
        format!("{place} holds a key ({key}), and {reader}: rename it to GEMINI_API_KEY")
    }
}

/// The keys under names that are not read, of the variables first.
pub(super) fn look(world: &World, config: &Config, dotenv: &Dotenv) -> Vec<Misnamed> {
    let own: Vec<&str> = named_in(config);
    let wrong = |name: &str, value: &str| {
        let is_read = KEY_VARIABLES.contains(&name) || own.contains(&name);
        let is_key = MEANT.contains(&name) || is_gemini_key(value);
        !is_read && is_key && !value.trim().is_empty() && !is_of_another_product(name)
    };
    let mut found = all(world, dotenv);
    found.retain(|one| wrong(&one.name, one.key.expose()));
    found.truncate(MOST);
    found
}

/// Keys under names that build tools take into the bundle, whether or not another one is used.
pub(super) fn for_bundles(world: &World, dotenv: &Dotenv) -> Vec<(LocalFact, String)> {
    let mut found = all(world, dotenv);
    found.retain(|one| is_for_bundle(&one.name) && is_gemini_key(one.key.expose()));
    let words = |one: Misnamed| {
        let (place, key) = (&one.origin, one.key.fingerprint());
        format!("{place} holds a key ({key}): build tools take that name into the bundle")
    };
    found.into_iter().take(MOST).map(|one| (LocalFact::KeyForBundle, words(one))).collect()
}

fn all(world: &World, dotenv: &Dotenv) -> Vec<Misnamed> {
    let variables = world.variables.iter().map(|(name, value)| Misnamed {
        name: name.clone(),
        origin: Origin::Variable(name.clone()),
        key: ApiKey::new(value),
    });
    let entries = dotenv.entries.iter().map(|entry| Misnamed {
        name: entry.name.clone(),
        origin: entry.origin(dotenv),
        key: ApiKey::new(&entry.value),
    });
    variables.chain(entries).collect()
}

/// The variables that a config file reads a key from.
fn named_in(config: &Config) -> Vec<&str> {
    let tables = config.profiles.values().chain([&config.base]);
    let sources = tables.filter_map(|table| match &table.key {
        Some(KeySource::Variable(name)) => Some(name.as_str()),
        _ => None,
    });
    sources.collect()
}

/// Whether a text is as long as a key of the provider's and begins like one.
fn is_gemini_key(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with("AIza") && text.len() >= 35) || (text.starts_with("AQ.") && text.len() >= 20)
}
