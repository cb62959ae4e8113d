//! The bundles of roots on this machine: the system's, those that variables name, and those that
//! Python, Node and Java bring along. Looks at files and runs no program.
//!
//! Does not judge: which chain a bundle trusts is found out elsewhere, from the certificates here.

mod keystore;
mod read;
mod readers;
pub mod save;
pub mod table;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

pub use read::{Broken, Contents, Format};
pub use readers::{Reader, Readership, readers};

use super::machine::{Machine, Python};
use super::words::one_line;
use table::{DIRECTORIES, FILES, Kind, VARIABLES, Variable};

/// Where options for Java are kept, the one that prevails first.
const JAVA_VARIABLES: [&str; 2] = ["JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"];
/// The option that names a key store.
const TRUST_STORE: &str = "-Djavax.net.ssl.trustStore=";
/// The option that names its password, which is looked for and not read.
const PASSWORD: &str = "-Djavax.net.ssl.trustStorePassword=";

/// What is said of a key store that was not opened.
pub const LOCKED: &str = "needs a password, which is not handed on";

/// One bundle, or the place where one should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Where it comes from.
    pub origin: Origin,
    /// Where it is; for a list of directories the list. `None` where it is no file.
    pub path: Option<PathBuf>,
    /// What it holds.
    pub state: State,
    /// What else is to be told, each a sentence.
    pub notes: Vec<String>,
}

/// Where a bundle comes from. Closed: whoever adds one is led by the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The operating system.
    System,
    /// A variable.
    Variable(&'static str),
    /// The certifi of this Python.
    Certifi(PathBuf),
    /// The key store of this Java.
    Java(PathBuf),
}

/// What a bundle holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Certificates.
    Read(Arc<Contents>),
    /// The operating system judges by itself, and there is no file.
    Platform,
    /// Nothing that can be used.
    Broken(Broken),
}

impl Bundle {
    /// What it holds, where it was read.
    pub fn contents(&self) -> Option<&Contents> {
        match &self.state {
            State::Read(contents) => Some(contents),
            State::Platform | State::Broken(_) => None,
        }
    }

    /// Its roots, as far as they can be listed; `None` where nothing can be used.
    pub fn roots(&self) -> Option<save::Roots<'_>> {
        match &self.state {
            State::Read(contents) => Some(save::Roots::Listed(&contents.certificates)),
            State::Platform => Some(save::Roots::Unlisted),
            State::Broken(_) => None,
        }
    }

    /// Whether it is one of Java's that only a password opens, so that nothing is known of what is in it.
    pub fn is_locked(&self) -> bool {
        let of_java = match &self.origin {
            Origin::Java(_) => true,
            Origin::Variable(name) => JAVA_VARIABLES.contains(name),
            Origin::System | Origin::Certifi(_) => false,
        };
        of_java && self.state == State::Broken(Broken::Protected)
    }

    /// What is wrong with it, with what becomes of each program that reads it.
    pub fn trouble(&self) -> Option<String> {
        let State::Broken(broken) = &self.state else { return None };
        let place = self.path.as_ref().map_or_else(String::new, |path| path.display().to_string());
        if self.is_locked() {
            let whose = self.origin.words();
            return Some(format!(
                "{whose} leads to {place}, which {LOCKED}, so that it was not judged"
            ));
        }
        let words = broken.words();
        let Origin::Variable(name) = self.origin else {
            return Some(format!("{} {words}: {place}", self.origin.words()));
        };
        let effect = table::find(name).map_or("", |variable| variable.when_broken);
        Some(format!("{name} names {place}, which {words}: {effect}"))
    }
}

impl Origin {
    /// Words for a table.
    pub fn words(&self) -> String {
        match self {
            Self::System => "the operating system's store".to_owned(),
            Self::Variable(name) => (*name).to_owned(),
            Self::Certifi(program) => format!("certifi of {}", program.display()),
            Self::Java(program) => format!("the key store of {}", program.display()),
        }
    }
}

/// Every bundle of this machine: the system's first, then those of variables in the order of the
/// table, then those that Python and Java bring along.
pub fn look(machine: &Machine) -> Vec<Bundle> {
    let mut shelf = Shelf { machine, read: BTreeMap::new() };
    let mut found: Vec<Bundle> = shelf.system().into_iter().collect();
    found.extend(VARIABLES.iter().filter_map(|variable| shelf.variable(variable)));
    found.extend(machine.python().and_then(|python| shelf.certifi(&python)));
    found.extend(shelf.java());
    found
}

/// The store that the Java of this machine goes by; `None` without a Java.
pub fn java_store(machine: &Machine) -> Option<Bundle> {
    let mut shelf = Shelf { machine, read: BTreeMap::new() };
    let own = shelf.java()?;
    let mut variables = JAVA_VARIABLES.iter().filter_map(|name| table::find(name));
    Some(variables.find_map(|variable| shelf.variable(variable)).unwrap_or(own))
}

/// The certificates of a text in PEM.
pub fn certificates(text: &str) -> Vec<Vec<u8>> {
    read::pem(text.as_bytes()).certificates
}

/// What was read already: several variables often name one file.
struct Shelf<'a> {
    machine: &'a Machine,
    read: BTreeMap<PathBuf, State>,
}

impl Shelf<'_> {
    /// The first of the well-known files, or else the directories.
    fn system(&mut self) -> Option<Bundle> {
        self.machine.root.as_ref()?;
        let bundle =
            |path, state| Bundle { origin: Origin::System, path, state, notes: Vec::new() };
        if cfg!(any(windows, target_os = "macos")) {
            return Some(bundle(None, State::Platform));
        }
        if let Some(file) = self.system_file() {
            let state = self.file(&file);
            return Some(bundle(Some(file), state));
        }
        let paths = DIRECTORIES.iter().filter_map(|path| self.machine.system(path));
        let paths: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
        let missing = || self.machine.system(FILES[0]);
        let state = if paths.is_empty() {
            State::Broken(Broken::Missing)
        } else {
            state_of(read::directories(&paths))
        };
        Some(bundle(paths.first().cloned().or_else(missing), state))
    }

    fn system_file(&self) -> Option<PathBuf> {
        FILES.iter().filter_map(|path| self.machine.system(path)).find(|path| path.is_file())
    }

    fn variable(&mut self, variable: &'static Variable) -> Option<Bundle> {
        let value = self.machine.variable(variable.name)?;
        let (path, state) = match variable.kind {
            Kind::File => self.named(self.machine.path(value)),
            Kind::FileOrDirectory => self.file_or_directory(self.machine.path(value)),
            Kind::Directories => {
                let list: Vec<PathBuf> =
                    std::env::split_paths(value).map(|path| self.machine.path(path)).collect();
                (PathBuf::from(value), state_of(read::directories(&list)))
            }
            Kind::JavaOptions => {
                let path = self.machine.path(option(value, TRUST_STORE)?);
                let state = self.key_store(&path);
                (path, state)
            }
        };
        let notes = notes(variable, &state);
        let origin = Origin::Variable(variable.name);
        Some(Bundle { origin, path: Some(path), state, notes })
    }

    fn named(&mut self, path: PathBuf) -> (PathBuf, State) {
        let state = self.file(&path);
        (path, state)
    }

    fn file_or_directory(&mut self, path: PathBuf) -> (PathBuf, State) {
        if path.is_dir() {
            let state = state_of(read::directories(std::slice::from_ref(&path)));
            return (path, state);
        }
        self.named(path)
    }

    fn file(&mut self, path: &Path) -> State {
        let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        self.read.entry(real).or_insert_with(|| state_of(read::file(path))).clone()
    }

    /// Where a password is named, it may open what cannot be read without.
    fn key_store(&mut self, path: &Path) -> State {
        let mut values = JAVA_VARIABLES.iter().filter_map(|name| self.machine.variable(name));
        let names_password = values.any(|value| option(value, PASSWORD).is_some());
        match self.file(path) {
            State::Broken(Broken::NoCertificate(_)) if names_password => {
                State::Broken(Broken::Protected)
            }
            state => state,
        }
    }

    fn certifi(&mut self, python: &Python) -> Option<Bundle> {
        let packages = packages(self.machine, python);
        let certifi =
            packages.iter().map(|path| path.join("certifi")).find(|path| path.is_dir())?;
        let own = certifi.join("cacert.pem");
        let (path, notes) = match self.system_file() {
            // Debian's package of certifi has no list of its own and leads to the system's.
            Some(system) if !own.exists() => {
                (system, vec!["this certifi leads to the system's bundle".to_owned()])
            }
            _ => (own, Vec::new()),
        };
        let state = self.file(&path);
        let origin = Origin::Certifi(python.program.clone());
        Some(Bundle { origin, path: Some(path), state, notes })
    }

    fn java(&mut self) -> Option<Bundle> {
        let program = self.machine.java()?;
        let real = std::fs::canonicalize(&program).unwrap_or_else(|_| program.clone());
        let home = real.parent()?.parent()?;
        let stores = ["lib/security", "jre/lib/security"].map(|path| home.join(path));
        let stores =
            stores.iter().flat_map(|path| ["jssecacerts", "cacerts"].map(|name| path.join(name)));
        let debian = self.machine.system("etc/ssl/certs/java/cacerts");
        let mut stores = stores.chain(debian);
        let path =
            stores.find(|path| path.is_file()).unwrap_or_else(|| home.join("lib/security/cacerts"));
        let state = self.key_store(&path);
        let origin = Origin::Java(program);
        Some(Bundle { origin, path: Some(path), state, notes: Vec::new() })
    }
}

fn state_of(read: Result<Contents, Broken>) -> State {
    match read {
        Ok(contents) => State::Read(Arc::new(contents)),
        Err(broken) => State::Broken(broken),
    }
}

/// What options for Java name: `-Djavax.net.ssl.trustStore=/path`. The last one counts.
fn option<'a>(options: &'a str, name: &str) -> Option<&'a str> {
    let words = options.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    words.filter_map(|word| word.strip_prefix(name)).next_back()
}

fn notes(variable: &Variable, state: &State) -> Vec<String> {
    let State::Read(contents) = state else { return Vec::new() };
    let hashes = matches!(contents.format, Format::Directory { hashed: 0 }).then(|| {
        format!(
            "no certificate of {} has a hash for a name, so OpenSSL and Python find none of them; \
             run: openssl rehash DIRECTORY",
            variable.name
        )
    });
    let store = matches!(contents.format, Format::Jks | Format::Pkcs12);
    let not_pem = (store && variable.kind != Kind::JavaOptions)
        .then(|| format!("{} names a key store of Java, and only PEM is read", variable.name));
    let damaged = (contents.unreadable > 0).then(|| {
        format!("{} certificates of {} cannot be read", contents.unreadable, variable.name)
    });
    [hashes, not_pem, damaged].into_iter().flatten().collect()
}

/// Where a Python looks for packages: the user's own first, as it does.
fn packages(machine: &Machine, python: &Python) -> Vec<PathBuf> {
    if cfg!(windows) {
        return vec![python.prefix.join("Lib").join("site-packages")];
    }
    let of_user = machine.variable("HOME").filter(|_| !python.isolated);
    let of_user = of_user.map(|home| machine.path(home).join(".local"));
    let roots = of_user.into_iter().chain([python.prefix.join("local"), python.prefix.clone()]);
    roots.flat_map(|root| packages_under(&root, version(python).as_deref())).collect()
}

fn packages_under(root: &Path, version: Option<&str>) -> Vec<PathBuf> {
    let mut pythons: Vec<String> = std::fs::read_dir(root.join("lib"))
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with("python3"))
        .filter(|name| version.is_none_or(|version| name == version || name == "python3"))
        .collect();
    pythons.sort_unstable();
    let lib = root.join("lib");
    let kinds = ["site-packages", "dist-packages"];
    pythons.iter().rev().flat_map(|name| kinds.map(|kind| lib.join(name).join(kind))).collect()
}

/// `python3.11`, where the program's own name tells.
fn version(python: &Python) -> Option<String> {
    let real = std::fs::canonicalize(&python.program).ok()?;
    let name = real.file_name()?.to_str()?.to_owned();
    name.starts_with("python3.").then_some(name)
}
