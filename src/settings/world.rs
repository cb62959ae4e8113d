//! What the machine around the program holds: variables, the directory, where its files are.
//! The only place that asks the operating system for them; everything else takes a [`World`].

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::variables::{self, Group};

/// The surroundings of a run: this machine's, or a simulated machine's.
#[derive(Clone)]
pub struct World {
    /// The variables. A value that is not Unicode stands here with its odd bytes replaced.
    pub variables: BTreeMap<String, String>,
    /// The names of the variables whose values are not Unicode.
    pub not_unicode: Vec<String>,
    /// The current directory.
    pub directory: PathBuf,
    /// Where the config file would be.
    pub config_file: Option<PathBuf>,
    /// A key file that counts as if it had been named on the command line.
    pub key_file: Option<PathBuf>,
    /// A key command that counts as if it had been named on the command line.
    pub key_command: Option<String>,
    /// Whether this is a simulated machine.
    pub simulated: bool,
}

impl World {
    /// This machine as it is.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the environment is read, so that all values keep their origin"
    )]
    pub fn of_this_machine() -> Self {
        let directory = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let mut world = Self::bare(directory);
        for (name, value) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if value.to_str().is_none() {
                world.not_unicode.push(name.clone());
            }
            world.variables.insert(name, value.to_string_lossy().into_owned());
        }
        world.config_file = world.usual_config_file();
        world
    }

    /// A machine without variables and files.
    pub fn bare(directory: PathBuf) -> Self {
        Self {
            variables: BTreeMap::new(),
            not_unicode: Vec::new(),
            directory,
            config_file: None,
            key_file: None,
            key_command: None,
            simulated: false,
        }
    }

    /// A simulated machine that is shown on this one: the terminal's variables stay, all others
    /// are the scenario's. The places of config file, key file and key command are the caller's.
    pub fn simulate(&self, directory: PathBuf, variables: BTreeMap<String, String>) -> Self {
        let shown = |name: &str| {
            variables::find(name).is_some_and(|variable| variable.group == Group::Terminal)
        };
        let mut simulated = Self::bare(directory);
        simulated.variables =
            self.variables.clone().into_iter().filter(|(name, _)| shown(name)).collect();
        simulated.variables.extend(variables);
        simulated.simulated = true;
        simulated
    }

    /// A variable's value; `None` when it is unset or empty.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variable_as_set(name).filter(|value| !value.is_empty())
    }

    /// A variable's value, also when it is empty.
    pub fn variable_as_set(&self, name: &str) -> Option<&str> {
        let exact = self.variables.get(name);
        exact.or_else(|| self.in_any_case(name)).map(String::as_str)
    }

    /// A path as the user means it: relative to the current directory.
    pub fn path(&self, path: &Path) -> PathBuf {
        self.directory.join(path)
    }

    /// Windows takes the names of variables in any case.
    fn in_any_case(&self, name: &str) -> Option<&String> {
        let mut all = self.variables.iter().filter(|_| cfg!(windows));
        all.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn usual_config_file(&self) -> Option<PathBuf> {
        if let Some(named) = self.variable("GEMINI_DOCTOR_CONFIG") {
            return Some(self.path(Path::new(named)));
        }
        let under = |name: &str, middle: &str| {
            let base = self.variable(name)?;
            Some(Path::new(base).join(middle).join("gemini-doctor").join("config.toml"))
        };
        let windows = || if cfg!(windows) { under("APPDATA", "") } else { None };
        under("XDG_CONFIG_HOME", "").or_else(windows).or_else(|| under("HOME", ".config"))
    }
}

/// Any variable may hold a secret, so only their number is shown.
impl std::fmt::Debug for World {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("World")
            .field("variables", &self.variables.len())
            .field("directory", &self.directory)
            .field("config_file", &self.config_file)
            .field("simulated", &self.simulated)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> World {
        let mut world = World::bare(PathBuf::from("/srv"));
        for (name, value) in variables {
            world.variables.insert((*name).to_owned(), (*value).to_owned());
        }
        world
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let world = with(&[("A", ""), ("B", "b")]);
        assert_eq!((world.variable("A"), world.variable_as_set("A")), (None, Some("")));
        assert_eq!((world.variable("B"), world.variable("C")), (Some("b"), None));
    }

    #[test]
    fn the_config_file_is_looked_for_in_order() {
        let place = |variables| with(variables).usual_config_file();
        let at = |path: &str| Some(PathBuf::from(path));
        assert_eq!(place(&[]), None);
        assert_eq!(place(&[("HOME", "/h")]), at("/h/.config/gemini-doctor/config.toml"));
        let both = &[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")];
        assert_eq!(place(both), at("/x/gemini-doctor/config.toml"));
        assert_eq!(place(&[("HOME", "/h"), ("GEMINI_DOCTOR_CONFIG", "a.toml")]), at("/srv/a.toml"));
    }

    #[test]
    fn a_simulated_machine_keeps_the_terminal_and_nothing_else() {
        let real = with(&[("GEMINI_API_KEY", "FAKE"), ("HTTPS_PROXY", "http://p"), ("TERM", "x")]);
        let scene = BTreeMap::from([("GOOGLE_API_KEY".to_owned(), "FAKE-other".to_owned())]);
        let world = real.simulate(PathBuf::from("/scratch"), scene);
        assert!(world.simulated && world.config_file.is_none());
        let names: Vec<&str> = world.variables.keys().map(String::as_str).collect();
        assert_eq!(names, ["GOOGLE_API_KEY", "TERM"]);
    }

    #[test]
    fn debug_shows_no_values() {
        assert!(!format!("{:?}", with(&[("S", "hunter2")])).contains("hunter2"));
    }

    #[test]
    fn this_machine_has_a_directory() {
        assert!(World::of_this_machine().directory.is_absolute());
    }
}
