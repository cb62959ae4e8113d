//! The one order of precedence for everything the config file can say: the command line, a profile named
//! on it, the environment, the top of the config file.

use super::{
    Given,
    config::{Config, Table},
    origin::{Origin, Sourced},
};
use crate::error::UserError;

/// The config file as a run sees it.
pub(super) struct Layers<'a> {
    config: &'a Config,
    profile: Option<(&'a str, &'a Table)>,
}

impl<'a> Layers<'a> {
    /// With the profile that was named, if one was.
    pub fn new(given: &Given, config: &'a Config) -> Result<Self, UserError> {
        let profile = given.profile.as_deref().map(|name| config.profile(name)).transpose()?;
        Ok(Self { config, profile })
    }

    /// What the user asked for: by an option, or by naming a profile.
    pub fn named<T>(
        &self,
        flag: Option<T>,
        option: &'static str,
        get: impl Fn(&Table) -> Option<T>,
    ) -> Option<Sourced<T>> {
        let flag = flag.map(|value| Sourced::new(value, Origin::Flag(option)));
        flag.or_else(|| {
            let (name, table) = self.profile?;
            let origin = Origin::Profile { name: name.to_owned(), inner: None };
            Some(Sourced::new(get(table)?, origin))
        })
    }

    /// What the top of the config file says.
    pub fn top<T>(&self, get: impl Fn(&Table) -> Option<T>) -> Option<Sourced<T>> {
        self.config.top(get)
    }

    /// Both, for what no variable sets.
    pub fn pick<T>(
        &self,
        flag: Option<T>,
        option: &'static str,
        get: impl Fn(&Table) -> Option<T>,
    ) -> Option<Sourced<T>> {
        self.named(flag, option, &get).or_else(|| self.top(&get))
    }
}
