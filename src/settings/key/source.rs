//! One place a key can be read from, and the reading of it.

use std::{
    io::{IsTerminal, Read},
    path::PathBuf,
    sync::mpsc::channel,
    time::Duration,
};

use super::{command, command::PATIENCE, file};
use crate::{
    error::UserError,
    facts::LocalFact,
    secret::ApiKey,
    settings::{World, config::Config, decode, origin::Origin},
};

/// A place that holds a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// `env:NAME`
    Variable(String),
    /// `file:PATH`
    File(PathBuf),
    /// `stdin`
    Stdin,
    /// `command:CMD`
    Command(String),
    /// `profile:NAME`
    Profile(String),
}

/// Why a place gave no key: the fact, and the words for it.
pub(super) type Trouble = (LocalFact, String);

/// Reads the key of a source that an option named.
pub fn read_source(source: &KeySource, world: &World) -> Result<(ApiKey, Origin), UserError> {
    let (place, origin) = match source {
        KeySource::Profile(name) => profile_source(name, world)?,
        other => (other.clone(), other.origin()),
    };
    match place.fetch(world) {
        Ok(key) => Ok((key, origin)),
        Err((_, what)) => Err(UserError::usage(
            format!("could not read the key of {origin}: {what}"),
            "name a source that holds the key: env:NAME, file:PATH, stdin, command:CMD or \
             profile:NAME",
        )),
    }
}

fn profile_source(name: &str, world: &World) -> Result<(KeySource, Origin), UserError> {
    let config = Config::load(world)?;
    let (name, table) = config.profile(name)?;
    super::of_profile(name, table).ok_or_else(|| {
        UserError::usage(
            format!("could not read the key of profile:{name}: it names none"),
            "add api_key_file, api_key_variable or api_key_command to the profile",
        )
    })
}

impl KeySource {
    /// Reads `env:NAME`, `file:PATH`, `stdin`, `command:CMD` or `profile:NAME`. The text is not
    /// repeated in the error: it may be a key.
    pub fn parse(text: &str) -> Result<Self, UserError> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        match (kind, rest) {
            ("stdin", "") => Ok(Self::Stdin),
            ("env", name) if !name.is_empty() => Ok(Self::Variable(name.to_owned())),
            ("file", path) if !path.is_empty() => Ok(Self::File(PathBuf::from(path))),
            ("command", line) if !line.is_empty() => Ok(Self::Command(line.to_owned())),
            ("profile", name) if !name.is_empty() => Ok(Self::Profile(name.to_owned())),
            _ => Err(UserError::usage(
                "could not understand the source of a key",
                "write env:NAME, file:PATH, stdin, command:CMD or profile:NAME; a key itself does \
                 not belong on a command line",
            )),
        }
    }

    /// How reports call it.
    pub fn origin(&self) -> Origin {
        match self {
            Self::Variable(name) => Origin::Variable(name.clone()),
            Self::File(path) => Origin::File(path.clone()),
            Self::Stdin => Origin::Stdin,
            Self::Command(_) => Origin::Command,
            Self::Profile(name) => Origin::Profile { name: name.clone(), inner: None },
        }
    }

    /// Whether looking has no effect: commands, pipes and standard input are read once, and only
    /// for the key that is used.
    pub(super) fn can_be_read_again(&self, world: &World) -> bool {
        match self {
            Self::Variable(_) => true,
            Self::File(path) => world.path(path).is_file(),
            Self::Stdin | Self::Command(_) | Self::Profile(_) => false,
        }
    }

    /// Reads the key that is there.
    pub(super) fn fetch(&self, world: &World) -> Result<ApiKey, Trouble> {
        match self {
            Self::Variable(name) => variable(name, world),
            Self::File(path) => {
                file::read(&world.path(path)).map_err(|what| (LocalFact::KeyFileUnusable, what))
            }
            Self::Stdin => stdin(),
            Self::Command(line) => command::run(line, &world.directory)
                .map_err(|what| (LocalFact::KeyCommandFailed, what)),
            Self::Profile(_) => Err((LocalFact::NoKey, "a profile names another place".to_owned())),
        }
    }
}

fn variable(name: &str, world: &World) -> Result<ApiKey, Trouble> {
    match world.variable_as_set(name) {
        None => Err((LocalFact::NoKey, "not set".to_owned())),
        Some(text) if text.trim().is_empty() => {
            Err((LocalFact::EmptyVariable, "it is set to nothing".to_owned()))
        }
        Some(text) => Ok(ApiKey::new(text)),
    }
}

fn stdin() -> Result<ApiKey, Trouble> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        let what = "it is a terminal; pipe the key into it";
        return Err((LocalFact::NoKey, what.to_owned()));
    }
    within(PATIENCE, || from_reader(std::io::stdin().lock()))
        .map_err(|what| (LocalFact::NoKey, what))
}

/// Waits for a reader, but not for ever: a pipe may stay open with nobody left to write into it.
fn within(
    patience: Duration,
    read: impl FnOnce() -> Result<ApiKey, String> + Send + 'static,
) -> Result<ApiKey, String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || sender.send(read()));
    receiver.recv_timeout(patience).unwrap_or_else(|_| {
        Err(format!("it did not end within {} s; close the pipe", patience.as_secs()))
    })
}

/// Reads a key from a stream, as [`file::read`] does from a file.
fn from_reader(reader: impl Read) -> Result<ApiKey, String> {
    let mut bytes = Vec::new();
    let read = reader.take(file::LIMIT + 1).read_to_end(&mut bytes);
    read.map_err(|error| format!("reading it failed: {error}"))?;
    if bytes.len() as u64 > file::LIMIT {
        return Err(format!("it holds more than {} KiB", file::LIMIT / 1024));
    }
    file::key_in(&decode::decode(&bytes)?.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_written_with_their_kind() {
        for (text, source) in [
            ("env:NEW_KEY", KeySource::Variable("NEW_KEY".into())),
            ("file:C:\\k", KeySource::File("C:\\k".into())),
            ("stdin", KeySource::Stdin),
            ("command:pass show a:b", KeySource::Command("pass show a:b".into())),
            ("profile:dev", KeySource::Profile("dev".into())),
        ] {
            assert_eq!(KeySource::parse(text), Ok(source), "{text}");
        }
    }

    #[test]
    fn a_key_in_the_place_of_a_source_is_not_repeated() {
        for text in ["AQ.FAKE-hunter2", "key:hunter2", "env:", "stdin:hunter2", ""] {
            let error = KeySource::parse(text).expect_err(text);
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_stream_is_read_like_a_file() {
        let key = from_reader(&b"AQ.FAKE\n"[..]).expect("a key");
        assert_eq!(key.expose(), "AQ.FAKE");
        assert_eq!(from_reader(&b""[..]).expect_err("none"), "it is empty");
        let long = vec![b'a'; 65 * 1024];
        assert_eq!(from_reader(&long[..]).expect_err("none"), "it holds more than 64 KiB");
    }

    #[test]
    fn a_stream_that_does_not_end_is_given_up() {
        let (hold, never) = channel::<()>();
        let read = move || {
            let _ = never.recv();
            Err("it ended".to_owned())
        };
        let error = within(Duration::from_millis(20), read).expect_err("nothing came");
        assert!(error.starts_with("it did not end within"), "{error}");
        drop(hold);
        let key = within(PATIENCE, || from_reader(&b"AQ.FAKE"[..])).expect("a key");
        assert_eq!(key.expose(), "AQ.FAKE");
    }

    #[test]
    fn a_named_source_is_read_or_explained() {
        let mut world = World::bare(PathBuf::from("/nowhere"));
        world.variables.insert("NEW".into(), "AQ.FAKE".into());
        let (key, origin) =
            read_source(&KeySource::Variable("NEW".into()), &world).expect("it is set");
        assert_eq!((key.expose(), origin.to_string().as_str()), ("AQ.FAKE", "env:NEW"));
        let error = read_source(&KeySource::Variable("OLD".into()), &world).expect_err("unset");
        assert_eq!(error.what, "could not read the key of env:OLD: not set");
        assert!(read_source(&KeySource::Profile("x".into()), &world).is_err());
    }

    #[test]
    fn a_profile_names_the_place() {
        let directory = tempfile::tempdir().expect("a directory");
        let config = directory.path().join("config.toml");
        std::fs::write(&config, "[profile.dev]\napi_key_file = 'k'\n[profile.bare]\n")
            .expect("written");
        std::fs::write(directory.path().join("k"), "AQ.FAKE\n").expect("written");
        let mut world = World::bare(PathBuf::from("/nowhere"));
        world.config_file = Some(config);
        let (key, origin) =
            read_source(&KeySource::Profile("dev".into()), &world).expect("it is there");
        assert_eq!(key.expose(), "AQ.FAKE");
        assert!(origin.to_string().starts_with("profile:dev (file:"), "{origin}");
        let error = read_source(&KeySource::Profile("bare".into()), &world).expect_err("no key");
        assert!(error.what.contains("names none"), "{}", error.what);
    }
}
