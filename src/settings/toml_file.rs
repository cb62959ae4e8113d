//! A small TOML file of known keys, read by hand so that every complaint has its line, a name that
//! may have been meant, and never a value.

use std::path::Path;

use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::decode;
use crate::{error::UserError, facts::nearest};

/// Far beyond any real file of settings.
const LIMIT: u64 = 1024 * 1024;

/// A file's text and name, for messages.
pub(super) struct Source<'a> {
    /// What the file is: `config file`.
    pub what: &'static str,
    /// Where it is.
    pub path: &'a Path,
    /// What it holds.
    pub text: &'a str,
}

/// A key of a table with its value.
pub(super) type Member<'t, 'i> = (&'t Spanned<DeString<'i>>, &'t Spanned<DeValue<'i>>);

/// Reads the text of such a file.
pub(super) fn read(what: &'static str, path: &Path) -> Result<String, UserError> {
    match decode::read_text(path, LIMIT) {
        Ok(decoded) => Ok(decoded.text),
        Err(why) => Err(UserError::usage(
            format!("could not read the {what} {}: {why}", path.display()),
            "name a TOML file in UTF-8",
        )),
    }
}

impl<'a> Source<'a> {
    /// The whole file as a table.
    pub fn parse(&self) -> Result<Spanned<DeTable<'a>>, UserError> {
        DeTable::parse(self.text).map_err(|error| {
            // The parser's own display quotes the line, which may hold a secret.
            let at = error.span().map_or(0, |span| span.start);
            self.error(
                at,
                format!("it is not TOML: {}", first_line(error.message())),
                "fix the line",
            )
        })
    }

    /// A complaint about a place in the file.
    pub fn error(&self, at: usize, what: impl std::fmt::Display, hint: &str) -> UserError {
        let line = self.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        UserError::usage(
            format!("could not use the {}, {}:{line}: {what}", self.what, self.path.display()),
            hint,
        )
    }

    /// A complaint about a key that means nothing here.
    pub fn unknown(&self, key: &Spanned<DeString<'_>>, known: &[&str]) -> UserError {
        let name = key.get_ref();
        let hint = match nearest(name, known) {
            Some(meant) => format!("did you mean {meant}?"),
            None => format!("known are {}", known.join(", ")),
        };
        self.error(key.span().start, format!("unknown key {name:?}"), &hint)
    }

    /// The value as a text.
    pub fn text(&self, (key, value): Member<'_, '_>) -> Result<String, UserError> {
        match value.get_ref().as_str() {
            Some("") => Err(self.wrong(key, value, "is empty", "give it a value or leave it out")),
            Some(text) => Ok(text.to_owned()),
            None => Err(self.wrong(key, value, "is no text", "put it in quotes")),
        }
    }

    /// The value as a number.
    pub fn number(&self, (key, value): Member<'_, '_>) -> Result<f64, UserError> {
        let number = match value.get_ref() {
            DeValue::Integer(integer) => integer.as_str().parse().ok(),
            DeValue::Float(float) => float.as_str().parse().ok(),
            _ => None,
        };
        number.ok_or_else(|| self.wrong(key, value, "is no number", "write it without quotes"))
    }

    /// The value as a table.
    pub fn table<'t, 'i>(
        &self,
        (key, value): Member<'t, 'i>,
    ) -> Result<&'t DeTable<'i>, UserError> {
        let hint = "write it as a table in brackets";
        value.get_ref().as_table().ok_or_else(|| self.wrong(key, value, "is no table", hint))
    }

    fn wrong(
        &self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
        what: &str,
        hint: &str,
    ) -> UserError {
        self.error(value.span().start, format!("{} {what}", key.get_ref()), hint)
    }
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}
