//! Python: environments, by the directories that installers leave, and manifests. Never starts Python.

use std::path::{Path, PathBuf};

use super::{
    Allowance, Found, How, Line, Sdk, asked, locked,
    project::{Project, name},
    quoted,
    table::{self, Ecosystem::Python, Package},
    toml_lock,
};
use crate::local::machine::Machine;

/// The minor versions whose directories are looked for.
const MINORS: std::ops::RangeInclusive<u32> = 8..=20;

/// Where the modules of a package are, for those that leave traces.
const MODULES: &[(&str, &str)] = &[
    (table::PYTHON_SDK, "google/genai"),
    (table::OLD_PYTHON_SDK, "google/generativeai"),
    ("google-antigravity", "google/antigravity"),
];

/// One place where packages are installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Its directory, as it is shown.
    pub place: String,
    /// Whether it belongs to the project or is the active one, and not everybody's.
    pub own: bool,
    /// What is installed in it, of the packages that are looked for.
    pub packages: Vec<&'static Package>,
    /// What is stale in it, each a sentence.
    pub stale: Vec<String>,
    /// The directory above it, which is the project it belongs to.
    pub home: PathBuf,
}

impl Environment {
    /// Whether a package is installed in it.
    pub fn has(&self, name: &str) -> bool {
        self.packages.iter().any(|package| package.name == name)
    }
}

pub(super) fn look(machine: &Machine, project: &Project, allowance: &Allowance, found: &mut Found) {
    let own = own(machine, project);
    let is_alone = own.is_empty();
    for prefix in own {
        read(&sites(&prefix), &prefix, true, (project, allowance), found);
    }
    if is_alone {
        // A simulated machine has none: its variables name none.
        for (prefix, sites) in everybodys(machine) {
            read(&sites, &prefix, false, (project, allowance), found);
        }
    }
    manifests(project, allowance, found);
    shadows(project, found);
}

/// The active environment, and those of the project.
fn own(machine: &Machine, project: &Project) -> Vec<PathBuf> {
    let named = |name| machine.variable(name).map(|prefix| machine.path(prefix));
    // The base of conda is everybody's; its environments lie in a directory of this name.
    let is_environment =
        |prefix: &PathBuf| prefix.parent().is_some_and(|above| above.ends_with("envs"));
    let conda = named("CONDA_PREFIX").filter(is_environment);
    let active = named("VIRTUAL_ENV").into_iter().chain(conda).filter(|prefix| prefix.is_dir());
    let mut all: Vec<PathBuf> = active.chain(project.environments.iter().cloned()).collect();
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|prefix| seen.insert(prefix.clone()));
    all
}

/// The packages of the user and of the system.
fn everybodys(machine: &Machine) -> Vec<(PathBuf, Vec<PathBuf>)> {
    let system = machine.python().map(|python| python.prefix);
    let user = machine.variable("HOME").map(|home| machine.path(home).join(".local"));
    let user = user.filter(|_| machine.root.is_some());
    let local = machine.system("usr/local").filter(|_| system.is_some());
    let mut prefixes: Vec<PathBuf> = system.into_iter().chain(user).chain(local).collect();
    let mut seen = std::collections::BTreeSet::new();
    prefixes.retain(|prefix| seen.insert(prefix.clone()));
    prefixes.into_iter().map(|prefix| (prefix.clone(), sites(&prefix))).collect()
}

/// The directories of packages under a prefix.
fn sites(prefix: &Path) -> Vec<PathBuf> {
    let by_version = MINORS.flat_map(|minor| {
        let lib = prefix.join(format!("lib/python3.{minor}"));
        [lib.join("site-packages"), lib.join("dist-packages")]
    });
    let shared = [prefix.join("lib/python3/dist-packages"), prefix.join("Lib/site-packages")];
    by_version.chain(shared).filter(|path| path.is_dir()).collect()
}

fn read(
    sites: &[PathBuf],
    prefix: &Path,
    own: bool,
    (project, allowance): (&Project, &Allowance),
    found: &mut Found,
) {
    let mut environment = Environment {
        place: project.shown(prefix),
        own,
        packages: Vec::new(),
        stale: Vec::new(),
        home: prefix.parent().unwrap_or(prefix).to_owned(),
    };
    for site in sites {
        let infos = infos(site, allowance);
        environment.packages.extend(infos.iter().map(|info| info.package));
        environment.stale.extend(stale(site, &infos, project));
        found.sdks.extend(infos.into_iter().map(|info| Sdk {
            package: info.package,
            version: Some(info.version),
            asked: None,
            how: How::Installed { own },
            place: environment.place.clone(),
            home: environment.home.clone(),
            line: None,
        }));
    }
    if !sites.is_empty() {
        found.environments.push(environment);
    }
}

/// What an installer left about a package.
struct Info {
    package: &'static Package,
    version: String,
    path: PathBuf,
}

fn infos(site: &Path, allowance: &Allowance) -> Vec<Info> {
    let entries = allowance.entries(site).into_iter();
    let info = |(path, _): (PathBuf, std::fs::FileType)| {
        let (stem, kind) = name(&path).rsplit_once('.')?;
        if !matches!(kind, "dist-info" | "egg-info") {
            return None;
        }
        // A name has no hyphen there; what follows a version is the Python it was made for.
        let (name, version) = stem.split_once('-')?;
        let version = version.split("-py").next().unwrap_or(version).to_owned();
        let package = table::find(Python, name)?;
        Some(Info { package, version, path })
    };
    entries.filter_map(info).collect()
}

/// Two versions side by side, a record without its package, and byte-code without its source.
fn stale(site: &Path, infos: &[Info], project: &Project) -> Vec<String> {
    let mut stale = Vec::new();
    for (at, info) in infos.iter().enumerate() {
        let twin = infos[at + 1..].iter().find(|other| other.package == info.package);
        if let Some(twin) = twin {
            let (name, place) = (info.package.name, project.shown(site));
            let (one, other) = (&info.version, &twin.version);
            stale.push(format!("{place} holds records of {name} {one} and of {name} {other}"));
        }
    }
    for (package, module) in MODULES {
        let info = infos.iter().find(|info| info.package.name == *package);
        let path = site.join(module);
        let place = project.shown(&path);
        match info {
            Some(info) if !path.exists() && !is_elsewhere(info) => {
                let record = project.shown(&info.path);
                stale.push(format!("{record} is a record of a package whose files are gone"));
            }
            None if is_ghost(&path) => {
                stale.push(format!("{place} holds byte-code only: its package is gone"));
            }
            _ => {}
        }
    }
    stale
}

/// Whether a package is used from where it is worked on, so that its files are not here.
fn is_elsewhere(info: &Info) -> bool {
    info.path.join("direct_url.json").exists() || !info.path.is_dir()
}

/// Whether a module's directory holds byte-code and no source.
fn is_ghost(module: &Path) -> bool {
    module.join("__pycache__").is_dir() && !module.join("__init__.py").exists()
}

const REQUIREMENTS: &str = "requirements";

fn manifests(project: &Project, allowance: &Allowance, found: &mut Found) {
    let is_requirements = |name: &str| name.starts_with(REQUIREMENTS) && name.ends_with(".txt");
    let mut files = project.manifests(&["pyproject.toml", "Pipfile", "requirements.txt"]);
    let more = project.named(|name| is_requirements(name) && name != "requirements.txt");
    files.extend(more);
    for file in files {
        let Some(text) = allowance.text(&file) else { continue };
        let lines = match is_requirements(name(&file)) {
            true => requirements(&text),
            false => toml(&text),
        };
        found.sdks.extend(lines.into_iter().map(|line| line.sdk(project, &file)));
    }
    for file in project.manifests(&["uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock"]) {
        found.locked.push((Python, file.parent().unwrap_or(&file).to_owned()));
        // What is installed counts; a lock file may be long.
        if found.environments.iter().any(|environment| environment.own) {
            continue;
        }
        let Some(text) = allowance.text(&file) else { continue };
        let all =
            if text.starts_with('{') { pipfile_lock(&text) } else { toml_lock(&text, Python) };
        let all =
            all.into_iter().map(|(package, version)| locked(project, &file, package, version));
        found.sdks.extend(all);
    }
}

fn requirements(text: &str) -> Vec<Line> {
    let lines = text.lines().enumerate();
    lines.filter_map(|(at, line)| requirement(line, at + 1)).collect()
}

/// `google-genai[aiohttp]==2.30.1 ; python_version > "3.9"`.
fn requirement(line: &str, number: usize) -> Option<Line> {
    let line = line.split(" #").next().unwrap_or(line).split(';').next()?.trim();
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let end = line.find(|letter| !is_name(letter)).unwrap_or(line.len());
    let package = table::find(Python, &line[..end])?;
    let mut rest = line[end..].trim_start();
    if let Some(extras) = rest.strip_prefix('[') {
        rest = extras.split_once(']')?.1.trim_start();
    }
    let begins =
        rest.is_empty() || rest.starts_with(['=', '<', '>', '!', '~', '@', ',', '\\', '(']);
    let exact = rest.strip_prefix("===").or(rest.strip_prefix("=="));
    let exact = exact.map(|version| version.trim().split([',', ' ', '\\']).next().unwrap_or(""));
    let exact = exact.filter(|version| !version.contains('*'));
    begins.then(|| Line {
        package,
        version: exact.map(str::to_owned),
        asked: asked(rest.split(" --").next().unwrap_or(rest).trim_end_matches('\\')),
        exact: exact.is_some() || rest.starts_with('@'),
        line: number,
    })
}

/// Lines of dependencies in TOML: requirements in quotes, and names with a version behind.
fn toml(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        let key = line.split_once('=').map(|(key, _)| key.trim().trim_matches('"'));
        let is_key =
            |key: &&str| !key.is_empty() && !key.contains(['[', '"', '\'', '{', '<', '>', ' ']);
        let key = key.filter(is_key).filter(|_| !line.starts_with(['"', '\'', '[']));
        if let Some(package) = key.and_then(|key| table::find(Python, key)) {
            found.push(keyed(package, line, at + 1));
            continue;
        }
        if key.is_some_and(|key| matches!(key, "name" | "description" | "version" | "keywords")) {
            continue;
        }
        let quoted = quoted(line);
        found.extend(quoted.into_iter().filter_map(|text| requirement(text, at + 1)));
    }
    found
}

/// `google-genai = "^2.30"`, `google-genai = { version = "2.30.1" }`: one version alone is exact for
/// Pipfile where it begins with `==`, and for Poetry where it is a bare number.
fn keyed(package: &'static Package, line: &str, number: usize) -> Line {
    let version = quoted(line).into_iter().find(|text| text.contains(|c: char| c.is_ascii_digit()));
    let bare = version.map(|text| text.trim_start_matches('='));
    let is_exact = |text: &&str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    let exact = bare.filter(is_exact);
    Line {
        package,
        version: exact.map(str::to_owned),
        asked: version.and_then(asked),
        exact: exact.is_some(),
        line: number,
    }
}

fn pipfile_lock(text: &str) -> Vec<(&'static Package, String)> {
    let Ok(lock) = serde_json::from_str::<serde_json::Value>(text) else { return Vec::new() };
    let sections = ["default", "develop"].into_iter().filter_map(|name| lock[name].as_object());
    sections
        .flatten()
        .filter_map(|(name, entry)| {
            let version = entry["version"].as_str()?.trim_start_matches('=').to_owned();
            Some((table::find(Python, name)?, version))
        })
        .collect()
}

/// Files that Python would import in the place of an SDK.
fn shadows(project: &Project, found: &mut Found) {
    let files = ["google.py", "google/__init__.py", "google/genai.py", "google/genai/__init__.py"];
    let here = files.iter().map(|file| project.directory.join(file));
    found.shadows.extend(here.filter(|path| path.is_file()).map(|path| project.shown(&path)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(&'static str, Option<String>, bool)> {
        let lines = requirements(text).into_iter();
        lines.map(|line| (line.package.name, line.version, line.exact)).collect()
    }

    #[test]
    fn requirements_are_read_as_pip_reads_them() {
        let version = |text: &str| Some(text.to_owned());
        for (line, expected) in [
            ("google-genai==2.30.1", Some((version("2.30.1"), true))),
            (
                "Google_GenAI[aiohttp] == 2.30.1 ; python_version > \"3.9\"",
                Some((version("2.30.1"), true)),
            ),
            ("google-genai==2.30.1 \\", Some((version("2.30.1"), true))),
            ("google-genai", Some((None, false))),
            ("google-genai>=2,<3  # why", Some((None, false))),
            ("google-genai==2.*", Some((None, false))),
            ("google-genai @ file:///x.whl", Some((None, true))),
            ("# google-genai", None),
            ("google-genai-tools==1", None),
            ("-e git+https://example.com/google-genai", None),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(version, exact)| ("google-genai", version, exact))
                .collect();
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn both_forms_of_toml_are_read() {
        let text = "[project]\nname = \"openai\"\ndependencies = [\"google-genai>=2\", \"httpx[http2]==0.28.1\"]\n\
                    [tool.poetry.dependencies]\ngoogle-generativeai = \"^0.8\"\nanthropic = { version = \"1.2.3\" }\n";
        let lines = toml(text).into_iter();
        let read: Vec<_> =
            lines.map(|line| (line.package.name, line.version, line.exact, line.line)).collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            read,
            [
                ("google-genai", None, false, 3),
                ("httpx", some("0.28.1"), true, 3),
                ("google-generativeai", None, false, 5),
                ("anthropic", some("1.2.3"), true, 6),
            ]
        );
    }

    #[test]
    fn locks_are_read() {
        let text = "[[package]]\nname = \"google-genai\"\nversion = \"2.30.1\"\n";
        assert_eq!(toml_lock(text, Python)[0].1, "2.30.1");
        let text = "{\"default\": {\"google-genai\": {\"version\": \"==2.30.1\"}}}";
        assert_eq!(pipfile_lock(text)[0].1, "2.30.1");
        assert!(pipfile_lock("{").is_empty());
    }
}
