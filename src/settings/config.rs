//! The config file: top-level settings and profiles, each checked key by key. Says where keys are
//! kept, and refuses to hold one.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use toml::de::DeTable;

use super::{
    World,
    key::KeySource,
    origin::{Origin, Sourced},
    toml_file::{self, Member, Source},
};
use crate::{error::UserError, facts::nearest};

/// The keys a table may hold, outside of `profile`.
const KEYS: [&str; 10] = [
    "base_url",
    "api_version",
    "model",
    "api_key_file",
    "api_key_variable",
    "api_key_command",
    "proxy",
    "ca_file",
    "timeout",
    "connect_timeout",
];
/// Names under which people put the key itself.
const LITERAL_KEYS: [&str; 6] =
    ["api_key", "key", "apikey", "gemini_api_key", "google_api_key", "token"];

/// What the config file says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file, if there is one.
    pub path: Option<PathBuf>,
    /// Its top-level settings.
    pub base: Table,
    /// Its profiles, by name.
    pub profiles: BTreeMap<String, Table>,
}

/// The settings of one table.
#[derive(Clone, Default)]
pub struct Table {
    /// The base URL.
    pub base_url: Option<String>,
    /// The API version.
    pub api_version: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// Where the key is.
    pub key: Option<KeySource>,
    /// The proxy's URL.
    pub proxy: Option<String>,
    /// A PEM file of certificates to trust too.
    pub ca_file: Option<PathBuf>,
    /// The time-out of a request, in seconds.
    pub timeout: Option<f64>,
    /// The time-out of a connection, in seconds.
    pub connect_timeout: Option<f64>,
}

impl Config {
    /// Reads the config file of a machine. A file nobody named need not be there.
    pub fn load(world: &World) -> Result<Self, UserError> {
        let Some(path) = &world.config_file else { return Ok(Self::default()) };
        let named = world.variable("GEMINI_DOCTOR_CONFIG").is_some();
        if !named && path.symlink_metadata().is_err() {
            return Ok(Self::default());
        }
        Self::parse(path, &toml_file::read("config file", path)?)
    }

    /// Reads the text of a config file.
    pub fn parse(path: &Path, text: &str) -> Result<Self, UserError> {
        let source = Source { what: "config file", path, text };
        let whole = source.parse()?;
        let mut config = Self { path: Some(path.to_owned()), ..Self::default() };
        for (key, value) in whole.get_ref() {
            if key.get_ref() == "profile" {
                config.profiles = profiles(&source, source.table((key, value))?)?;
            } else {
                config.base.set(&source, (key, value))?;
            }
        }
        Ok(config)
    }

    /// A profile with its name as the file has it.
    pub fn profile(&self, name: &str) -> Result<(&str, &Table), UserError> {
        if let Some((name, table)) = self.profiles.get_key_value(name) {
            return Ok((name, table));
        }
        let names: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
        let place = match &self.path {
            Some(path) => format!("the config file {}", path.display()),
            None => "a config file, which was not found".to_owned(),
        };
        let what = format!("could not find the profile {name:?} in {place}");
        Err(UserError::usage(what, profile_hint(name, &names)))
    }

    /// What the top level says, with its origin.
    pub fn top<T>(&self, get: impl Fn(&Table) -> Option<T>) -> Option<Sourced<T>> {
        let path = self.path.clone()?;
        Some(Sourced::new(get(&self.base)?, Origin::Config { path, inner: None }))
    }
}

fn profile_hint(name: &str, names: &[&str]) -> String {
    if names.is_empty() {
        return format!("add a table [profile.{name}] to the config file");
    }
    match nearest(name, names) {
        Some(meant) => format!("did you mean {meant}? there are {}", names.join(", ")),
        None => format!("there are {}", names.join(", ")),
    }
}

fn profiles(
    source: &Source<'_>,
    tables: &DeTable<'_>,
) -> Result<BTreeMap<String, Table>, UserError> {
    let mut profiles = BTreeMap::new();
    for member in tables {
        let mut profile = Table::default();
        for inner in source.table(member)? {
            profile.set(source, inner)?;
        }
        profiles.insert(member.0.get_ref().to_string(), profile);
    }
    Ok(profiles)
}

impl Table {
    /// Takes one key of the file.
    fn set(&mut self, source: &Source<'_>, member: Member<'_, '_>) -> Result<(), UserError> {
        let text = || source.text(member);
        // Files named in the config file stand relative to it.
        let file = || Ok(source.path.parent().unwrap_or(Path::new("")).join(text()?));
        match &**member.0.get_ref() {
            "base_url" => self.base_url = Some(text()?),
            "api_version" => self.api_version = Some(text()?),
            "model" => self.model = Some(text()?),
            "api_key_file" => self.set_key(source, member, KeySource::File(file()?))?,
            "api_key_variable" => self.set_key(source, member, KeySource::Variable(text()?))?,
            "api_key_command" => self.set_key(source, member, KeySource::Command(text()?))?,
            "proxy" => self.proxy = Some(text()?),
            "ca_file" => self.ca_file = Some(file()?),
            "timeout" => self.timeout = Some(source.number(member)?),
            "connect_timeout" => self.connect_timeout = Some(source.number(member)?),
            _ => return Err(refused(source, member)),
        }
        Ok(())
    }

    fn set_key(
        &mut self,
        source: &Source<'_>,
        (key, _): Member<'_, '_>,
        place: KeySource,
    ) -> Result<(), UserError> {
        if self.key.replace(place).is_none() {
            return Ok(());
        }
        let what = "a table names more than one place of the key";
        Err(source.error(key.span().start, what, "keep one of the api_key_… lines"))
    }
}

fn refused(source: &Source<'_>, (key, _): Member<'_, '_>) -> UserError {
    let name = key.get_ref().to_ascii_lowercase();
    if LITERAL_KEYS.contains(&name.as_str()) {
        let what = "it holds a key; config files are copied, shared and put under version control";
        let hint = "use api_key_file, api_key_variable or api_key_command, and replace that key \
                    if others may have read the file";
        return source.error(key.span().start, what, hint);
    }
    source.unknown(key, &KEYS)
}

/// A proxy's URL may hold a password, so only names are shown.
impl std::fmt::Debug for Table {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Table")
            .field("base_url", &self.base_url)
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, UserError> {
        Config::parse(Path::new("/c/config.toml"), text)
    }

    fn complaint(text: &str) -> String {
        parse(text).expect_err(text).to_string()
    }

    #[test]
    fn every_key_is_understood() {
        let config = parse(
            "base_url = 'https://h'\napi_version = 'none'\nmodel = 'm'\nproxy = 'http://p'\n\
             ca_file = 'ca.pem'\ntimeout = 5\nconnect_timeout = 1.5\napi_key_file = 'k'\n\
             [profile.dev]\napi_key_variable = 'DEV_KEY'\n[profile.\"a b\"]\napi_key_command = 'c'\n",
        );
        let Config { base, profiles, .. } = config.expect("it parses");
        assert_eq!(
            (base.base_url.as_deref(), base.model.as_deref()),
            (Some("https://h"), Some("m"))
        );
        assert_eq!((base.timeout, base.connect_timeout), (Some(5.0), Some(1.5)));
        assert_eq!(base.ca_file, Some(PathBuf::from("/c/ca.pem")));
        assert_eq!(base.key, Some(KeySource::File(PathBuf::from("/c/k"))));
        assert_eq!(profiles["dev"].key, Some(KeySource::Variable("DEV_KEY".into())));
        assert_eq!(profiles["a b"].key, Some(KeySource::Command("c".into())));
    }

    #[test]
    fn every_known_key_is_taken_by_the_reader() {
        for key in KEYS {
            let value = if key.ends_with("timeout") { "1" } else { "'x'" };
            assert!(parse(&format!("{key} = {value}\n")).is_ok(), "{key}");
        }
    }

    #[test]
    fn a_mistake_has_its_line_and_what_was_meant() {
        for (text, part) in [
            (
                "model = 'm'\nbaseurl = 'x'",
                "config.toml:2: unknown key \"baseurl\"\nhint: did you mean base_url?",
            ),
            ("\n[profile.x]\ncolour = 1", ":3: unknown key \"colour\"\nhint: known are base_url"),
            ("timeout = 'soon'", ":1: timeout is no number"),
            ("model = 3", ":1: model is no text"),
            ("model = ''", ":1: model is empty"),
            ("profile = 3", ":1: profile is no table"),
            ("[profile]\ndev = 'x'", ":2: dev is no table"),
            ("api_key_file = 'a'\napi_key_command = 'b'", "more than one place of the key"),
        ] {
            let complaint = complaint(text);
            assert!(complaint.contains(part), "{text}: {complaint}");
        }
    }

    #[test]
    fn a_key_in_the_file_is_refused_and_not_shown() {
        for text in [
            "api_key = 'AQ.FAKE-hunter2'",
            "[profile.x]\nGEMINI_API_KEY = 'AQ.FAKE-hunter2'",
            "api_key = 'AQ.FAKE-hunter2",
            "model = AQ.FAKE-hunter2",
            "\"AQ.FAKE = 'hunter2'",
        ] {
            let complaint = complaint(text);
            assert!(!complaint.contains("hunter2"), "{complaint}");
        }
        assert!(complaint("api_key = 'x'").contains("api_key_file"));
    }

    #[test]
    fn an_unknown_profile_lists_the_known_ones() {
        let config = parse("[profile.dev]\n[profile.prod]\n").expect("it parses");
        let error = config.profile("prd").expect_err("unknown");
        assert_eq!(error.hint, "did you mean prod? there are dev, prod");
        assert!(error.what.contains("/c/config.toml"), "{}", error.what);
        let error = Config::default().profile("x").expect_err("unknown");
        assert!(error.hint.contains("[profile.x]"));
        assert_eq!(config.profile("dev").expect("known").0, "dev");
    }

    #[test]
    fn only_a_file_named_by_a_variable_must_exist() {
        let mut world = World::bare(PathBuf::from("/nowhere"));
        world.config_file = Some(PathBuf::from("/nowhere/config.toml"));
        assert!(Config::load(&world).expect("no error").path.is_none());
        world.variables.insert("GEMINI_DOCTOR_CONFIG".into(), "/nowhere/config.toml".into());
        let error = Config::load(&world).expect_err("missing");
        assert!(error.what.contains("no such file"), "{}", error.what);
    }

    #[test]
    fn debug_shows_no_password() {
        let config = parse("proxy = 'http://user:hunter2@p'").expect("it parses");
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
