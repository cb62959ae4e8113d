//! The machine that is looked at, as data: variables, the current directory, where its own files are.
//! Finds programs by looking, and runs none.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// More directories than any `PATH` has.
const MOST_DIRECTORIES: usize = 256;
/// Deeper than anybody keeps a project.
const MOST_PARENTS: usize = 64;

/// The machine that is looked at: this one, or what a simulated world brings along.
#[derive(Clone)]
pub struct Machine {
    /// The variables.
    pub variables: BTreeMap<String, String>,
    /// The current directory.
    pub directory: PathBuf,
    /// What the system's own paths begin with, `/` on this machine; `None` where the machine is
    /// simulated and has no files of its own.
    pub root: Option<PathBuf>,
}

/// The Python that a person would start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Python {
    /// The program.
    pub program: PathBuf,
    /// The directory under which its packages are.
    pub prefix: PathBuf,
    /// Whether it is an environment of its own, without the packages of the user.
    pub isolated: bool,
}

impl Machine {
    /// A variable's value; `None` when it is unset or empty.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let any_case = || {
            let mut all = self.variables.iter().filter(|_| cfg!(windows));
            all.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        };
        let value = self.variables.get(name).or_else(any_case)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// A path as the user means it: relative to the current directory.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.directory.join(path)
    }

    /// A path of the system itself, written without the leading `/`.
    pub fn system(&self, path: &str) -> Option<PathBuf> {
        self.root.as_ref().map(|root| root.join(path))
    }

    /// A program on the `PATH`. Directories that are relative lead wherever one stands, and are
    /// passed over.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        let directories = std::env::split_paths(self.variable("PATH")?);
        let directories = directories.filter(|path| path.is_absolute()).take(MOST_DIRECTORIES);
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let mut places = directories.map(|directory| directory.join(&file));
        places.find_map(|place| self.behind_a_shim(name, place))
    }

    /// The active Python: the environment's, or the one on the `PATH`.
    pub fn python(&self) -> Option<Python> {
        let environments = ["VIRTUAL_ENV", "CONDA_PREFIX"];
        let mut environments = environments.iter().filter_map(|name| self.variable(name));
        let active = environments.find_map(|prefix| python_of(&self.path(prefix)));
        active.or_else(|| {
            let name = if cfg!(windows) { "python" } else { "python3" };
            python_behind(&self.program(name)?)
        })
    }

    /// The `java` on the `PATH`, or the one of `JAVA_HOME`.
    pub fn java(&self) -> Option<PathBuf> {
        let named = || {
            let file = format!("java{}", std::env::consts::EXE_SUFFIX);
            Some(self.path(self.variable("JAVA_HOME")?).join("bin").join(file))
        };
        self.program("java").or_else(named).filter(|path| is_program(path))
    }

    /// The program itself, or the one that a version manager would start in its place.
    fn behind_a_shim(&self, name: &str, place: PathBuf) -> Option<PathBuf> {
        if !is_program(&place) {
            return None;
        }
        let shims = place.parent()?;
        let root = shims.parent()?;
        if shims.file_name()? != "shims" || !root.join("versions").is_dir() {
            return Some(place);
        }
        let version = self.pyenv_version(root)?;
        let real = root.join("versions").join(version).join("bin").join(name);
        is_program(&real).then_some(real)
    }

    /// Which version pyenv would take here; `None` for the system's own.
    fn pyenv_version(&self, root: &Path) -> Option<String> {
        let of_file = |path: PathBuf| fs::read_to_string(path).ok();
        let local = || {
            let mut above = self.directory.ancestors().take(MOST_PARENTS);
            above.find_map(|directory| of_file(directory.join(".python-version")))
        };
        let said = self.variable("PYENV_VERSION").map(str::to_owned).or_else(local);
        let said = said.or_else(|| of_file(root.join("version")))?;
        let first = said.split([':', '\n', ' ']).find(|part| !part.is_empty())?.trim().to_owned();
        let plain = !first.contains(['/', '\\']) && first != "..";
        (plain && first != "system").then_some(first)
    }
}

/// Any variable may hold a secret, so only their number is shown.
impl std::fmt::Debug for Machine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Machine")
            .field("variables", &self.variables.len())
            .field("directory", &self.directory)
            .field("root", &self.root)
            .finish()
    }
}

fn python_of(prefix: &Path) -> Option<Python> {
    let names = if cfg!(windows) {
        ["Scripts/python.exe", "python.exe"]
    } else {
        ["bin/python3", "bin/python"]
    };
    let program = names.iter().map(|name| prefix.join(name)).find(|path| is_program(path))?;
    Some(Python { program, prefix: prefix.to_owned(), isolated: true })
}

/// An environment has a file of its own beside its programs; any other Python is where its links lead.
fn python_behind(program: &Path) -> Option<Python> {
    let above = |path: &Path| path.parent()?.parent().map(Path::to_owned);
    let near = above(program)?;
    let isolated = near.join("pyvenv.cfg").is_file();
    let real = fs::canonicalize(program).ok()?;
    let prefix = match (isolated, cfg!(windows)) {
        (true, _) => near,
        (false, true) => real.parent()?.to_owned(),
        (false, false) => above(&real)?,
    };
    Some(Python { program: program.to_owned(), prefix, isolated })
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::local::scratch::Scratch;

    #[test]
    fn a_program_is_the_first_on_the_path_that_can_be_run() {
        let scratch = Scratch::new();
        scratch.file("a/node", "not to be run");
        scratch.program("b/node", "");
        let path = format!("relative:{0}/none:{0}/a:{0}/b", scratch.path().display());
        let machine = scratch.machine(&[("PATH", &path)]);
        assert_eq!(machine.program("node"), Some(scratch.path().join("b/node")));
        assert_eq!(machine.program("java"), None);
        assert_eq!(scratch.machine(&[]).program("node"), None);
    }

    #[test]
    fn a_shim_leads_to_the_version_that_it_would_start() {
        let scratch = Scratch::new();
        scratch.program("pyenv/shims/python3", "");
        for version in ["3.9.1", "3.12.0", "3.13.0"] {
            scratch.program(&format!("pyenv/versions/{version}/bin/python3"), "");
        }
        scratch.program("usr/bin/python3", "");
        let path = format!("{0}/pyenv/shims:{0}/usr/bin", scratch.path().display());
        let real = |name: &str| Some(scratch.path().join(name));
        let plain = scratch.machine(&[("PATH", &path)]);
        assert_eq!(plain.program("python3"), real("usr/bin/python3"), "no version is chosen");
        scratch.file("pyenv/version", "3.9.1\n");
        assert_eq!(plain.program("python3"), real("pyenv/versions/3.9.1/bin/python3"));
        scratch.file(".python-version", "3.12.0\n3.9.1\n");
        assert_eq!(plain.program("python3"), real("pyenv/versions/3.12.0/bin/python3"));
        for (said, found) in [
            ("3.13.0", "pyenv/versions/3.13.0/bin/python3"),
            ("system", "usr/bin/python3"),
            ("../../usr", "usr/bin/python3"),
        ] {
            let machine = scratch.machine(&[("PATH", &path), ("PYENV_VERSION", said)]);
            assert_eq!(machine.program("python3"), real(found), "{said}");
        }
    }

    #[test]
    fn the_active_python_is_the_environments() {
        let scratch = Scratch::new();
        scratch.program("usr/bin/python3.11", "");
        std::os::unix::fs::symlink("python3.11", scratch.path().join("usr/bin/python3")).unwrap();
        scratch.program("venv/bin/python3", "");
        scratch.file("venv/pyvenv.cfg", "");
        let usr = scratch.path().join("usr/bin").display().to_string();
        let venv = scratch.path().join("venv").display().to_string();
        let prefix = |machine: Machine| machine.python().map(|python| python.prefix);
        let root = fs::canonicalize(scratch.path()).unwrap();
        assert_eq!(prefix(scratch.machine(&[("PATH", &usr)])), Some(root.join("usr")));
        let named = scratch.machine(&[("PATH", &usr), ("VIRTUAL_ENV", &venv)]);
        assert_eq!(prefix(named), Some(scratch.path().join("venv")));
        let first = scratch.machine(&[("PATH", &format!("{venv}/bin:{usr}"))]);
        assert_eq!(prefix(first), Some(scratch.path().join("venv")));
        assert_eq!(scratch.machine(&[]).python(), None);
    }

    #[test]
    fn debug_shows_no_values() {
        let scratch = Scratch::new();
        let machine = scratch.machine(&[("GEMINI_API_KEY", "FAKE-hidden")]);
        assert!(!format!("{machine:?}").contains("FAKE-hidden"));
    }
}
