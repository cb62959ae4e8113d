//! A side as it is typed: settings over the common options, or a report that was saved. Says what is wrong
//! with it and what was probably meant; never repeats what may be a key.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::{
    error::UserError,
    facts::looks_like_key,
    settings::{
        ApiChoice, Given, KeyChoice, KeySource, Place, Settings, World, nearest, read_source,
    },
};

/// The settings of a side.
const NAMES: &[&str] = &[
    "api",
    "api-version",
    "base-url",
    "ca-file",
    "credentials",
    "http",
    "ip",
    "key-env",
    "key-file",
    "location",
    "model",
    "profile",
    "project",
    "proxy",
    "report",
    "resolve",
    "side",
];

/// What a side is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// These settings, each a name and a value, over the common ones.
    Live(Vec<(&'static str, String)>),
    /// A report that was saved, and which side of it.
    Saved {
        /// The path as it was typed.
        path: String,
        /// The label, where the report has several sides.
        side: Option<String>,
    },
}

/// The settings of a side, with its own source of the key if it has one.
pub struct SideSettings {
    /// The common options with those of the side.
    pub given: Given,
    /// The source of the key that only this side has.
    key: Option<KeySource>,
    /// Whether its key is another one than the common one.
    pub has_own_key: bool,
}

impl Wanted {
    /// A base URL.
    pub fn url(url: &str) -> Self {
        Self::Live(vec![("base-url", url.to_owned())])
    }

    /// Reads what was typed behind an option.
    pub fn parse(option: &str, text: &str) -> Result<Self, UserError> {
        if text.trim().is_empty() {
            return Err(UserError::usage(format!("could not use {option}: it is empty"), hint()));
        }
        let mut settings = Vec::new();
        let pieces = text.split(',').map(str::trim).filter(|piece| !piece.is_empty());
        for piece in pieces.filter(|piece| *piece != "direct") {
            settings.push(setting(option, piece)?);
        }
        if let Some(double) = twice(&settings) {
            let what = format!("could not use {option}: {double} stands in it twice");
            return Err(UserError::usage(what, "a side has each setting once"));
        }
        saved(option, settings)
    }

    /// It in the words that were typed.
    pub fn described(&self) -> String {
        match self {
            Self::Saved { path, side: None } => path.clone(),
            Self::Saved { path, side: Some(side) } => format!("side {side} of {path}"),
            Self::Live(settings) if settings.is_empty() => "direct".to_owned(),
            Self::Live(settings) => {
                let words: Vec<String> =
                    settings.iter().map(|(name, value)| told(name, value)).collect();
                words.join(", ")
            }
        }
    }

    /// Whether it asks the cloud platform with a login.
    pub fn has_login(&self, common: &Given) -> bool {
        let Self::Live(settings) = self else { return false };
        let own = settings.iter().find(|(name, _)| *name == "api").map(|(_, api)| api.as_str());
        let api = own.or(common.api.map(ApiChoice::word));
        api.is_some_and(|api| api.eq_ignore_ascii_case(ApiChoice::Vertex.word()))
    }

    fn sets(&self, wanted: &str) -> bool {
        matches!(self, Self::Live(settings) if settings.iter().any(|(name, _)| *name == wanted))
    }

    /// Its settings over the common ones; none where it is saved. What was typed is meant from where it
    /// was typed.
    pub fn settings(
        &self,
        common: &Given,
        machine: &World,
    ) -> Result<Option<SideSettings>, UserError> {
        let Self::Live(settings) = self else { return Ok(None) };
        let mut side = SideSettings { given: common.clone(), key: None, has_own_key: false };
        for (name, value) in settings {
            side.set(name, value, machine)?;
        }
        Ok(Some(side))
    }
}

impl SideSettings {
    fn set(&mut self, name: &str, value: &str, machine: &World) -> Result<(), UserError> {
        let path = |value: &str| machine.path(&PathBuf::from(value));
        let given = &mut self.given;
        match name {
            "base-url" => given.base_url = Some(value.to_owned()),
            "api" => given.api = Some(word(name, value)?),
            "api-version" => given.api_version = Some(value.to_owned()),
            "project" => given.project = Some(value.to_owned()),
            "location" => given.location = Some(value.to_owned()),
            "credentials" => given.credentials = Some(path(value)),
            "model" => given.model = Some(value.to_owned()),
            "ca-file" => given.ca_file.push(path(value)),
            "resolve" => given.resolve.push(value.to_owned()),
            "http" => given.http = Some(word(name, value)?),
            "ip" => (given.ipv4, given.ipv6) = family(value)?,
            "proxy" if value == "none" => (given.proxy, given.no_proxy) = (None, true),
            "proxy" => (given.proxy, given.no_proxy) = (Some(value.to_owned()), false),
            "profile" => {
                self.own_key();
                self.given.profile = Some(value.to_owned());
            }
            "key-file" => {
                self.own_key();
                self.given.key_file = Some(path(value));
            }
            _ => {
                self.own_key();
                self.key = Some(KeySource::Variable(value.to_owned()));
            }
        }
        Ok(())
    }

    /// What the common options say of the other side's login is not meant here; what the side says itself is.
    pub fn leave_login(&mut self, side: &Wanted) {
        let given = &mut self.given;
        for (name, place) in [("project", &mut given.project), ("location", &mut given.location)] {
            if !side.sets(name) {
                *place = None;
            }
        }
        if !side.sets("credentials") {
            given.credentials = None;
        }
    }

    /// The common source of the key has no part in it.
    fn own_key(&mut self) {
        self.has_own_key = true;
        self.given.key_file = None;
        self.given.key_stdin = false;
        self.given.key_command = None;
    }

    /// Works out what is meant. The common key is read once for all sides that have it.
    pub fn resolve(
        &self,
        world: &World,
        common: Option<&KeyChoice>,
    ) -> Result<Settings, UserError> {
        let mut given = self.given.clone();
        let known = common.filter(|_| !self.has_own_key);
        if known.is_some() {
            given.key_file = None;
            given.key_stdin = false;
            given.key_command = None;
        }
        let mut settings = Settings::resolve(&given, world)?;
        if let Some(known) = known {
            let read = settings.key.key.take();
            settings.key = KeyChoice {
                unused: known.unused.iter().cloned().chain(read).collect(),
                ..known.clone()
            };
        }
        if let Some(source) = &self.key {
            let (key, origin) = read_source(source, world)?;
            let place = Place { name: origin.to_string(), found: "used".to_owned() };
            let read = settings.key.key.take();
            let unused = settings.key.unused.into_iter().chain(read).collect();
            settings.key = KeyChoice {
                key: Some(key),
                origin: Some(origin),
                places: vec![place],
                unused,
                ..KeyChoice::default()
            };
        }
        Ok(settings)
    }
}

fn setting(option: &str, piece: &str) -> Result<(&'static str, String), UserError> {
    if looks_like_key(piece) {
        return Err(UserError::key_as_name(option));
    }
    let Some((name, value)) = piece.split_once('=') else { return alone(option, piece) };
    let (name, value) = (name.trim(), value.trim());
    if looks_like_key(value) {
        return Err(UserError::key_as_name(&format!("{option} {name}=")));
    }
    let Some(known) = NAMES.iter().find(|known| **known == name.replace('_', "-")) else {
        return Err(unknown(option, name));
    };
    match value {
        "" => {
            Err(UserError::usage(format!("could not use {option}: {known} has no value"), hint()))
        }
        value => Ok((known, value.to_owned())),
    }
}

/// A value without a name, where there is no doubt what it is.
fn alone(option: &str, piece: &str) -> Result<(&'static str, String), UserError> {
    let is_url = ["https://", "http://"].iter().any(|scheme| piece.starts_with(scheme));
    let has_ending = |ending: &str| {
        Path::new(piece).extension().is_some_and(|found| found.eq_ignore_ascii_case(ending))
    };
    let is_model = ["gemini-", "models/", "gemma-"].iter().any(|start| piece.starts_with(start));
    let name = match () {
        () if is_url => "base-url",
        () if has_ending("json") || has_ending("ndjson") => "report",
        () if is_model => "model",
        () => return Err(unknown(option, piece)),
    };
    Ok((name, piece.to_owned()))
}

fn unknown(option: &str, name: &str) -> UserError {
    let what = format!("could not use {option}: {name:?} is no setting of a side");
    let known: Vec<&str> = NAMES.iter().copied().chain(["direct"]).collect();
    match nearest(name, &known) {
        Some(near) => UserError::usage(what, format!("did you mean {near}?")),
        None => UserError::usage(what, hint()),
    }
}

fn hint() -> String {
    format!(
        "write direct, a URL, the path of a saved .json, or NAME=VALUE with one of {}",
        NAMES.join(", ")
    )
}

fn twice(settings: &[(&'static str, String)]) -> Option<&'static str> {
    let repeats = |name: &str| matches!(name, "ca-file" | "resolve");
    let mut seen: Vec<&str> = Vec::new();
    for (name, _) in settings {
        if seen.contains(name) && !repeats(name) {
            return Some(name);
        }
        seen.push(name);
    }
    None
}

/// A saved report has no settings: it is what it was.
fn saved(option: &str, settings: Vec<(&'static str, String)>) -> Result<Wanted, UserError> {
    let value = |wanted: &str| {
        settings.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone())
    };
    let (path, side) = (value("report"), value("side"));
    let others = settings.iter().find(|(name, _)| !["report", "side"].contains(name));
    match (path, side, others) {
        (None, None, _) => Ok(Wanted::Live(settings)),
        (Some(path), side, None) => Ok(Wanted::Saved { path, side }),
        (None, Some(_), _) => Err(UserError::usage(
            format!("could not use {option}: side= is for a saved report"),
            "write report=run.json,side=b",
        )),
        (Some(_), _, Some((name, _))) => Err(UserError::usage(
            format!("could not use {option}: a saved report has no {name}"),
            "a report is compared as it was saved; leave the other settings out",
        )),
    }
}

/// A proxy's login is nobody's business.
fn told(name: &str, value: &str) -> String {
    let login = value
        .split_once("://")
        .and_then(|(scheme, rest)| Some(format!("{scheme}://{}", rest.rsplit_once('@')?.1)));
    match name {
        "base-url" | "model" => value.to_owned(),
        _ => format!("{name}={}", login.unwrap_or_else(|| value.to_owned())),
    }
}

/// A word of a closed set, as its option takes it.
fn word<T: ValueEnum>(name: &str, value: &str) -> Result<T, UserError> {
    T::from_str(value, true).map_err(|_| {
        let known: Vec<String> = T::value_variants()
            .iter()
            .filter_map(|one| Some(one.to_possible_value()?.get_name().to_owned()))
            .collect();
        let words: Vec<&str> = known.iter().map(String::as_str).collect();
        match nearest(value, &words) {
            Some(near) => one_of(name, value, &format!("did you mean {near}?")),
            None => one_of(name, value, &format!("it takes {}", known.join(", "))),
        }
    })
}

fn family(value: &str) -> Result<(bool, bool), UserError> {
    match value {
        "4" => Ok((true, false)),
        "6" => Ok((false, true)),
        "both" => Ok((false, false)),
        _ => Err(one_of("ip", value, "it takes 4, 6 or both")),
    }
}

fn one_of(name: &str, value: &str, hint: &str) -> UserError {
    UserError::usage(format!("could not use {name}={value} of a side"), hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::HttpVersion;

    fn parse(text: &str) -> Wanted {
        Wanted::parse("--a", text).expect(text)
    }

    fn live(settings: &[(&'static str, &str)]) -> Wanted {
        Wanted::Live(settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
    }

    #[test]
    fn short_forms_are_understood_where_there_is_no_doubt() {
        for (text, wanted) in [
            ("direct", live(&[])),
            ("https://h.example/x", live(&[("base-url", "https://h.example/x")])),
            ("gemini-3.5-flash", live(&[("model", "gemini-3.5-flash")])),
            ("base_url=https://h, ip=6", live(&[("base-url", "https://h"), ("ip", "6")])),
            ("direct,proxy=none", live(&[("proxy", "none")])),
        ] {
            assert_eq!(parse(text), wanted, "{text}");
        }
        let saved = |path: &str, side: Option<&str>| Wanted::Saved {
            path: path.to_owned(),
            side: side.map(str::to_owned),
        };
        assert_eq!(parse("runs/pod.JSON"), saved("runs/pod.JSON", None));
        assert_eq!(parse("report=pod,side=b"), saved("pod", Some("b")));
    }

    #[test]
    fn mistakes_are_named_and_the_nearest_is_offered() {
        for (text, what, hint) in [
            ("base-ulr=https://h", "base-ulr", "did you mean base-url?"),
            ("dirct", "dirct", "did you mean direct?"),
            ("ip=6,ip=4", "ip stands in it twice", "once"),
            ("model=", "model has no value", "NAME=VALUE"),
            ("pod.json,model=x", "has no model", "as it was saved"),
            ("side=b", "is for a saved report", "report=run.json"),
            ("", "it is empty", "direct"),
        ] {
            let error = Wanted::parse("--b", text).expect_err(text);
            assert!(error.what.contains(what) && error.hint.contains(hint), "{error}");
        }
    }

    #[test]
    fn a_key_is_refused_without_being_repeated() {
        let key = format!("AI{}{}", "za", "FAKE".repeat(9) + "xyz");
        for text in [key.clone(), format!("key-env={key}"), format!("model={key}")] {
            let error = Wanted::parse("--a", &text).expect_err("a key");
            assert!(!error.to_string().contains("FAKE"), "{error}");
        }
    }

    #[test]
    fn settings_go_over_the_common_ones() {
        let common = Given { ipv4: true, key_stdin: true, ..Given::default() };
        let machine = World::bare(PathBuf::from("/srv"));
        let side = |text: &str| parse(text).settings(&common, &machine).expect(text).expect("live");
        let six = side("ip=6,proxy=none,http=1.1,api=openai");
        assert_eq!((six.given.ipv4, six.given.ipv6, six.given.no_proxy), (false, true, true));
        assert_eq!(six.given.http, Some(HttpVersion::Http1));
        assert!(six.given.key_stdin && !six.has_own_key);
        let own = side("key-file=k.txt");
        assert_eq!(own.given.key_file, Some(PathBuf::from("/srv/k.txt")));
        assert!(!own.given.key_stdin && own.has_own_key);
        for (text, hint) in [("ip=5", "4, 6"), ("http=3", "1.1"), ("api=gemni", "mean gemini")] {
            let error = parse(text).settings(&common, &machine).err().expect("refused");
            assert!(error.hint.contains(hint), "{error}");
        }
    }

    #[test]
    fn a_login_is_not_told() {
        assert_eq!(parse("proxy=http://me:word@p:1").described(), "proxy=http://p:1");
    }
}
