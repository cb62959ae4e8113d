//! Which Gemini SDKs are installed or declared around here, and what the project's code asks of them.
//!
//! Reads files within an allowance, starts no program, and changes nothing.

mod allowance;
mod code;
mod dotnet;
mod facts;
mod go;
mod jvm;
mod node;
mod project;
mod python;
mod rust;
pub mod table;
#[cfg(test)]
mod tests;
mod version;

use std::path::{Path, PathBuf};

pub use allowance::{Allowance, Limits};
pub use code::{Mark, Marked};
pub use facts::facts;
pub use python::Environment;
pub use version::is_below;

use super::machine::Machine;
use table::{Ecosystem, Package};

/// All that was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Packages, as they are installed, locked or declared.
    pub sdks: Vec<Sdk>,
    /// The environments of Python that were read.
    pub environments: Vec<Environment>,
    /// What the code shows.
    pub code: Vec<Marked>,
    /// Files that take the place of an SDK's module.
    pub shadows: Vec<String>,
    /// The ecosystems whose versions a lock file holds, with the directory of that file.
    pub locked: Vec<(Ecosystem, PathBuf)>,
    /// What was not looked at, each a fragment.
    pub left_out: Vec<String>,
}

/// One package at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sdk {
    /// Which one.
    pub package: &'static Package,
    /// Its version; for a line that declares it the exact one, where it names one.
    pub version: Option<String>,
    /// What a line that declares it asks for, as it is written: `^0.1.3`.
    pub asked: Option<String>,
    /// How it is there.
    pub how: How,
    /// The file or directory, from the working directory on where it is inside.
    pub place: String,
    /// The directory of that file, or of the environment.
    pub home: PathBuf,
    /// The line, from 1.
    pub line: Option<usize>,
}

/// How a package is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// Its files are there.
    Installed {
        /// Whether they belong to the project, and not to everybody on this machine.
        own: bool,
    },
    /// A lock file names it.
    Locked,
    /// A manifest asks for it.
    Declared {
        /// Whether that line allows one version only.
        exact: bool,
    },
}

impl Sdk {
    /// `google-genai 2.30.1`.
    pub fn words(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.package.name),
            None => self.package.name.to_owned(),
        }
    }

    /// Where it is, with the line.
    pub fn place_words(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.place),
            None => self.place.clone(),
        }
    }

    /// Whether it belongs to this project, by its files or by what the project says.
    pub fn is_own(&self) -> bool {
        self.how != How::Installed { own: false }
    }
}

/// Looks around a machine.
pub fn look(machine: &Machine, limits: Limits) -> Found {
    let allowance = Allowance::of(limits);
    let project = project::Project::of(machine, &allowance);
    let mut found = Found::default();
    python::look(machine, &project, &allowance, &mut found);
    node::look(&project, &allowance, &mut found);
    go::look(&project, &allowance, &mut found);
    rust::look(&project, &allowance, &mut found);
    jvm::look(&project, &allowance, &mut found);
    dotnet::look(&project, &allowance, &mut found);
    code::look(&project, &allowance, &mut found);
    found.left_out = allowance.left_out();
    found
}

/// What is asked for, as it is written, cut where it is longer than any version.
fn asked(text: &str) -> Option<String> {
    const LONGEST: usize = 40;
    let text: String = text.trim().chars().take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}

/// One line of a manifest, as it is read by each ecosystem's file.
struct Line {
    package: &'static Package,
    version: Option<String>,
    asked: Option<String>,
    exact: bool,
    line: usize,
}

impl Line {
    fn sdk(self, project: &project::Project, file: &Path) -> Sdk {
        Sdk {
            package: self.package,
            version: self.version,
            asked: self.asked,
            how: How::Declared { exact: self.exact },
            place: project.shown(file),
            home: file.parent().unwrap_or(file).to_owned(),
            line: Some(self.line),
        }
    }
}

/// A package that a lock file names.
fn locked(
    project: &project::Project,
    file: &Path,
    package: &'static Package,
    version: String,
) -> Sdk {
    Sdk {
        package,
        version: Some(version),
        asked: None,
        how: How::Locked,
        place: project.shown(file),
        home: file.parent().unwrap_or(file).to_owned(),
        line: None,
    }
}

/// Every `name = "x"` that is followed by `version = "y"`, as lock files in TOML have them.
fn toml_lock(text: &str, ecosystem: Ecosystem) -> Vec<(&'static Package, String)> {
    let mut found = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(name) = line.strip_prefix("name = ") else { continue };
        let Some(package) = table::find(ecosystem, name.trim().trim_matches('"')) else { continue };
        let version = lines.peek().and_then(|next| next.strip_prefix("version = "));
        found.extend(version.map(|text| (package, text.trim().trim_matches('"').to_owned())));
    }
    found
}

/// The texts in double or single quotes on one line.
fn quoted(line: &str) -> Vec<&str> {
    let mut texts = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find(['"', '\'']) {
        let quote = rest.as_bytes()[start] as char;
        let inner = &rest[start + 1..];
        let Some(end) = inner.find(quote) else { break };
        texts.push(&inner[..end]);
        rest = &inner[end + 1..];
    }
    texts
}
