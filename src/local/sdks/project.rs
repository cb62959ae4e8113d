//! The files of a project: its own directory, those above it up to the repository's root, and those below,
//! without what others made.

use std::path::{Path, PathBuf};

use super::Allowance;
use crate::local::machine::Machine;

/// Deeper than code of interest lies.
const DEPTH: usize = 6;
/// More directories above than a project has.
const MOST_ABOVE: usize = 8;

/// Directories of what is made or fetched, and not written here.
const OTHERS: &[&str] = &[
    "target",
    "dist",
    "build",
    "out",
    "vendor",
    "site-packages",
    "__pycache__",
    "bin",
    "obj",
    "Pods",
    "bower_components",
];

/// A project's files.
pub(super) struct Project {
    /// The working directory.
    pub(super) directory: PathBuf,
    /// The working directory and those above it that belong to the project.
    pub(super) above: Vec<PathBuf>,
    /// Files, the working directory's first.
    pub(super) files: Vec<PathBuf>,
    /// Directories that are environments of Python.
    pub(super) environments: Vec<PathBuf>,
    /// Directories called `node_modules`.
    pub(super) modules: Vec<PathBuf>,
}

impl Project {
    pub(super) fn of(machine: &Machine, allowance: &Allowance) -> Self {
        let directory = machine.directory.clone();
        let mut project = Self {
            above: above(machine),
            directory: directory.clone(),
            files: Vec::new(),
            environments: Vec::new(),
            modules: Vec::new(),
        };
        let outer = project.above[1..].iter().map(|outer| outer.join("node_modules"));
        project.modules = outer.filter(|path| path.is_dir()).collect();
        if is_too_wide(machine) {
            allowance.leave_out("the directories below a home or root directory".to_owned());
            project.take(&directory, allowance, 0);
        } else {
            project.take(&directory, allowance, DEPTH);
        }
        project
    }

    /// A path as it is shown: from the working directory on where it is inside.
    pub(super) fn shown(&self, path: &Path) -> String {
        let inside = path.strip_prefix(&self.directory).ok();
        let path = inside.filter(|inside| !inside.as_os_str().is_empty()).unwrap_or(path);
        path.to_string_lossy().replace('\\', "/")
    }

    /// Files of this name, also in the directories above.
    pub(super) fn named(&self, is: impl Fn(&str) -> bool) -> Vec<PathBuf> {
        let below = self.files.iter().filter(|path| is(name(path))).cloned();
        below.collect()
    }

    /// The files of these names, also in the directories above.
    pub(super) fn manifests(&self, names: &[&str]) -> Vec<PathBuf> {
        let outer = self.above[1..].iter();
        let outer = outer.flat_map(|directory| names.iter().map(|name| directory.join(name)));
        let mut all = self.named(|name| names.contains(&name));
        all.extend(outer.filter(|path| path.is_file()));
        all
    }

    /// One directory and those below it, one level after the other.
    fn take(&mut self, directory: &Path, allowance: &Allowance, depth: usize) {
        let mut level = vec![directory.to_owned()];
        for left in (0..=depth).rev() {
            let mut next = Vec::new();
            for directory in level {
                next.extend(self.take_one(&directory, allowance));
            }
            if left == 0 && depth > 0 && !next.is_empty() {
                allowance.leave_out(format!("directories more than {DEPTH} deep"));
            }
            level = next;
        }
    }

    /// Takes the files of a directory; gives the directories that are to be looked into.
    fn take_one(&mut self, directory: &Path, allowance: &Allowance) -> Vec<PathBuf> {
        let mut inner = Vec::new();
        // Links, which are neither, lead out of the project, or round in it.
        for (path, kind) in allowance.entries(directory) {
            if kind.is_file() {
                self.files.push(path);
            } else if kind.is_dir() {
                match name(&path) {
                    "node_modules" => self.modules.push(path),
                    _ if path.join("pyvenv.cfg").is_file() => self.environments.push(path),
                    name if name.starts_with('.') || OTHERS.contains(&name) => {}
                    _ => inner.push(path),
                }
            }
        }
        inner
    }
}

/// The last part of a path.
pub(super) fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// The working directory, and those above it up to a repository's root, where it is in one.
fn above(machine: &Machine) -> Vec<PathBuf> {
    // What is above a simulated machine is this one's.
    let most = if machine.root.is_some() { MOST_ABOVE } else { 1 };
    let all: Vec<&Path> = machine.directory.ancestors().take(most).collect();
    let root = all.iter().position(|directory| directory.join(".git").exists());
    all[..=root.unwrap_or(0)].iter().map(|path| (*path).to_owned()).collect()
}

/// Whether the working directory holds all that a person has.
fn is_too_wide(machine: &Machine) -> bool {
    let homes = ["HOME", "USERPROFILE"];
    let mut homes = homes.iter().filter_map(|name| machine.variable(name));
    machine.directory.parent().is_none()
        || homes.any(|home| Path::new(home).starts_with(&machine.directory))
}
