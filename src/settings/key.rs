//! Which key is used, and from where: one fixed order over all the places, each place looked at once.
//! Never shows a key; what its text looks like is judged elsewhere.

mod command;
mod file;
mod misnamed;
mod source;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use source::{KeySource, read_source};

use super::{
    Given, World,
    config::{Config, Table},
    dotenv::Dotenv,
    origin::Origin,
};
use crate::{error::UserError, facts::LocalFact, secret::ApiKey};

/// The SDKs' variables; the first one that is set wins.
pub const KEY_VARIABLES: [&str; 2] = ["GOOGLE_API_KEY", "GEMINI_API_KEY"];

/// The key of a run, and how it was found.
#[derive(Clone, Debug, Default)]
pub struct KeyChoice {
    /// The key, exactly as it was found.
    pub key: Option<ApiKey>,
    /// Where it was found.
    pub origin: Option<Origin>,
    /// The places that were looked at, in order.
    pub places: Vec<Place>,
    /// What was noticed on the way.
    pub notes: Vec<(LocalFact, String)>,
    /// A different key that this one keeps from being used.
    pub other: Option<(String, ApiKey)>,
    /// The variable that holds a key where no SDK looks, where none is found elsewhere.
    pub misnamed: Option<String>,
    /// Every key that was read on the way and is not used: no output may show one.
    pub unused: Vec<ApiKey>,
}

/// A place that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its name, as an origin is written.
    pub name: String,
    /// What was there: `used`, `not set`, `empty`.
    pub found: String,
}

/// Chooses the key. An error is a contradiction in what the user said; a place that fails is a note.
pub fn choose(
    given: &Given,
    world: &World,
    config: &Config,
    dotenv: &Dotenv,
) -> Result<KeyChoice, UserError> {
    let profile = given.profile.as_deref().map(|name| config.profile(name)).transpose()?;
    let mut choice = match named(given, world, profile)? {
        Some((source, origin)) => from_named(&source, &origin, given, world),
        None => from_usual_places(given, world, config, dotenv),
    };
    choice.notes.extend(misnamed::for_bundles(world, dotenv));
    let profiles = keys_of_profiles(config, world);
    choice.notes.extend(shared_profiles(&profiles));
    choice.unused.extend(profiles.into_iter().map(|(_, key)| key));
    Ok(choice)
}

/// The one source that was named on the command line, itself or by its profile.
fn named(
    given: &Given,
    world: &World,
    profile: Option<(&str, &Table)>,
) -> Result<Option<(KeySource, Origin)>, UserError> {
    let file = given.key_file.as_ref().or(world.key_file.as_ref());
    let command = given.key_command.as_ref().or(world.key_command.as_ref());
    let flags: Vec<KeySource> = [
        file.map(|file| KeySource::File(file.clone())),
        given.key_stdin.then_some(KeySource::Stdin),
        command.map(|command| KeySource::Command(command.clone())),
    ]
    .into_iter()
    .flatten()
    .collect();
    match flags.as_slice() {
        [] => Ok(profile.and_then(|(name, table)| of_profile(name, table))),
        [source] => Ok(Some((source.clone(), source.origin()))),
        _ => Err(UserError::usage(
            "could not choose between several sources of the key",
            "give only one of --key-file, --key-stdin and --key-command",
        )),
    }
}

fn of_profile(name: &str, table: &Table) -> Option<(KeySource, Origin)> {
    let source = table.key.clone()?;
    let inner = Some(Box::new(source.origin()));
    Some((source, Origin::Profile { name: name.to_owned(), inner }))
}

/// A named source is the only one that counts: falling back to another key would hide its failure.
fn from_named(source: &KeySource, origin: &Origin, given: &Given, world: &World) -> KeyChoice {
    let mut choice = KeyChoice::default();
    choice.take(source, origin, given, world);
    choice
}

fn from_usual_places(given: &Given, world: &World, config: &Config, dotenv: &Dotenv) -> KeyChoice {
    let mut choice = KeyChoice::default();
    for name in KEY_VARIABLES {
        let value = world.variable_as_set(name);
        choice.look(&Origin::Variable(name.to_owned()), value);
    }
    choice.look_into_dotenv(dotenv);
    match (&choice.key, of_config(config)) {
        (None, Some((source, origin))) => choice.take(&source, &origin, given, world),
        (None, None) => choice.conclude(world, config, dotenv),
        (Some(_), _) => {}
    }
    choice
}

fn of_config(config: &Config) -> Option<(KeySource, Origin)> {
    let source = config.base.key.clone()?;
    let inner = Some(Box::new(source.origin()));
    Some((source, Origin::Config { path: config.path.clone()?, inner }))
}

impl KeyChoice {
    /// Takes the key of a source, or notes why there is none.
    fn take(&mut self, source: &KeySource, origin: &Origin, given: &Given, world: &World) {
        if given.dry_run && is_configured_command(source, origin) {
            self.place(origin, "not run: nothing is sent");
            self.origin = Some(origin.clone());
            return;
        }
        match source.fetch(world) {
            Ok(key) => self.using(key, origin),
            Err((fact, what)) => {
                self.place(origin, &what);
                self.notes.push((fact, format!("{origin}: {what}")));
            }
        }
    }

    /// Looks at a place whose value is at hand.
    fn look(&mut self, origin: &Origin, value: Option<&str>) {
        match value {
            None => self.place(origin, "not set"),
            Some(text) if text.trim().is_empty() => self.place(origin, "empty"),
            Some(text) => {
                let key = ApiKey::new(text);
                match &self.key {
                    None => self.using(key, origin),
                    Some(used) if used.expose().trim() == text.trim() => {
                        self.place(origin, "the same key");
                    }
                    Some(_) => self.shadowed(key, origin),
                }
            }
        }
    }

    fn using(&mut self, key: ApiKey, origin: &Origin) {
        self.place(origin, "used");
        self.key = Some(key);
        self.origin = Some(origin.clone());
    }

    /// Only the SDKs' two variables side by side are a conflict worth a note; a `.env` that loses
    /// against the environment is how such files work.
    fn shadowed(&mut self, key: ApiKey, origin: &Origin) {
        self.place(origin, "another key, not used");
        if conflict_counts(self.origin.as_ref(), origin) {
            self.notes.push((LocalFact::TwoVariables, self.conflict_detail(&key, origin)));
        }
        self.unused.push(key.clone());
        self.other.get_or_insert((origin.to_string(), key));
    }

    fn conflict_detail(&self, other: &ApiKey, origin: &Origin) -> String {
        let used = self.key.as_ref().map(ApiKey::fingerprint).unwrap_or_default();
        let place = self.origin.as_ref().map(Origin::to_string).unwrap_or_default();
        format!("{place} ({used}) is used; {origin} ({}) is another key", other.fingerprint())
    }

    fn look_into_dotenv(&mut self, dotenv: &Dotenv) {
        if dotenv.path.is_none() {
            let found = if dotenv.notes.is_empty() { "no such file" } else { "could not be read" };
            self.places.push(Place { name: dotenv.name.clone(), found: found.to_owned() });
            return;
        }
        for name in KEY_VARIABLES {
            match dotenv.last(name) {
                Some(entry) => self.look(&entry.origin(dotenv), Some(&entry.value)),
                None => {
                    let name = format!("{} {name}", dotenv.name);
                    self.places.push(Place { name, found: "not set".to_owned() });
                }
            }
        }
    }

    /// Without a key, an empty place is the likeliest reason, so it is named first.
    fn conclude(&mut self, world: &World, config: &Config, dotenv: &Dotenv) {
        let empty = self.places.iter().filter(|place| place.found == "empty");
        let empty: Vec<_> =
            empty.map(|place| format!("{} is set to nothing", place.name)).collect();
        self.notes.extend(empty.into_iter().map(|what| (LocalFact::EmptyVariable, what)));
        let misnamed = misnamed::look(world, config, dotenv);
        if misnamed.is_empty() {
            self.notes.push((LocalFact::NoKey, self.looked_at()));
        }
        for key in misnamed {
            self.place(&key.origin, "a key under a name that is not read");
            self.notes.push((LocalFact::KeyMisnamed, key.words()));
            self.unused.push(key.key);
            self.misnamed.get_or_insert(key.name);
        }
    }

    fn looked_at(&self) -> String {
        let places: Vec<String> =
            self.places.iter().map(|place| format!("{} ({})", place.name, place.found)).collect();
        format!("looked at {}", places.join(", "))
    }

    fn place(&mut self, origin: &Origin, found: &str) {
        self.places.push(Place { name: origin.to_string(), found: found.to_owned() });
    }
}

/// A command of the config file may unlock a vault: for nothing that is only looked at.
fn is_configured_command(source: &KeySource, origin: &Origin) -> bool {
    matches!(source, KeySource::Command(_))
        && matches!(origin, Origin::Config { .. } | Origin::Profile { .. })
}

/// Whether both keys come from the same kind of place.
fn conflict_counts(used: Option<&Origin>, other: &Origin) -> bool {
    matches!(
        (used, other),
        (Some(Origin::Variable(_)), Origin::Variable(_))
            | (Some(Origin::Dotenv { .. }), Origin::Dotenv { .. })
    )
}

/// Every profile of the config file, with its key where that can be read without an effect.
pub fn profiles(world: &World) -> Result<Vec<(String, Option<ApiKey>)>, UserError> {
    let config = Config::load(world)?;
    let keys: BTreeMap<&str, ApiKey> = keys_of_profiles(&config, world).into_iter().collect();
    Ok(config
        .profiles
        .keys()
        .map(|name| (name.clone(), keys.get(name.as_str()).cloned()))
        .collect())
}

/// The profiles whose keys can be read without an effect, with them.
fn keys_of_profiles<'a>(config: &'a Config, world: &World) -> Vec<(&'a str, ApiKey)> {
    let readable = config.profiles.iter().filter_map(|(name, table)| {
        let source = table.key.as_ref().filter(|source| source.can_be_read_again(world))?;
        Some((name.as_str(), source.fetch(world).ok()?))
    });
    readable.collect()
}

/// Profiles exist to keep keys apart; two with one key share its quota and its fate.
fn shared_profiles(profiles: &[(&str, ApiKey)]) -> Vec<(LocalFact, String)> {
    let mut by_key: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, key) in profiles {
        by_key.entry(key.fingerprint()).or_default().push(name);
    }
    let shared = by_key.into_iter().filter(|(_, names)| names.len() > 1);
    shared
        .map(|(key, names)| {
            let detail = format!("the profiles {} have one key ({key})", names.join(" and "));
            (LocalFact::SharedProfileKey, detail)
        })
        .collect()
}
