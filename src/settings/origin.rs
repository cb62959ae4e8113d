//! Where a value came from, so that every report can say so.

use std::path::PathBuf;

/// A value with where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An option of the command line: `--model`.
    Flag(&'static str),
    /// A variable.
    Variable(String),
    /// A line of a `.env` file.
    Dotenv {
        /// How the file is called.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The variable.
        name: String,
    },
    /// A file that holds the value.
    File(PathBuf),
    /// Standard input.
    Stdin,
    /// A command's output.
    Command,
    /// A profile of the config file, and what it names.
    Profile {
        /// The profile's name.
        name: String,
        /// Where the value itself is kept, if the profile only says where.
        inner: Option<Box<Origin>>,
    },
    /// The config file outside of its profiles, and what it names.
    Config {
        /// The config file.
        path: PathBuf,
        /// Where the value itself is kept, if the file only says where.
        inner: Option<Box<Origin>>,
    },
    /// Nobody said anything.
    Default,
}

impl<T> Sourced<T> {
    /// A value with its origin.
    pub fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// Another value from the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced { value: change(self.value), origin: self.origin }
    }

    /// Another value from the same place, or an error.
    pub fn try_map<U, E>(self, change: impl FnOnce(T) -> Result<U, E>) -> Result<Sourced<U>, E> {
        Ok(Sourced { value: change(self.value)?, origin: self.origin })
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(name) => formatter.write_str(name),
            Self::Variable(name) => write!(formatter, "env:{name}"),
            Self::Dotenv { file, line, name } => write!(formatter, "{file}:{line} {name}"),
            Self::File(path) => write!(formatter, "file:{}", path.display()),
            Self::Stdin => formatter.write_str("stdin"),
            Self::Command => formatter.write_str("command"),
            Self::Profile { name, inner } => inside(formatter, "profile", name, inner.as_deref()),
            Self::Config { path, inner } => {
                inside(formatter, "config", &path.display().to_string(), inner.as_deref())
            }
            Self::Default => formatter.write_str("default"),
        }
    }
}

fn inside(
    formatter: &mut std::fmt::Formatter<'_>,
    what: &str,
    name: &str,
    inner: Option<&Origin>,
) -> std::fmt::Result {
    match inner {
        Some(inner) => write!(formatter, "{what}:{name} ({inner})"),
        None => write!(formatter, "{what}:{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_read_as_a_report_shows_them() {
        let file = || Some(Box::new(Origin::File(PathBuf::from("k"))));
        let line = Origin::Dotenv { file: ".env".into(), line: 3, name: "GEMINI_API_KEY".into() };
        for (origin, text) in [
            (Origin::Flag("--model"), "--model"),
            (Origin::Variable("GEMINI_API_KEY".into()), "env:GEMINI_API_KEY"),
            (line, ".env:3 GEMINI_API_KEY"),
            (Origin::File(PathBuf::from("k")), "file:k"),
            (Origin::Stdin, "stdin"),
            (Origin::Command, "command"),
            (Origin::Profile { name: "dev".into(), inner: file() }, "profile:dev (file:k)"),
            (Origin::Config { path: "c.toml".into(), inner: None }, "config:c.toml"),
            (Origin::Default, "default"),
        ] {
            assert_eq!(origin.to_string(), text);
        }
    }
}
