//! Names of models in a tree: where code and settings write them out. Reads files within limits and keeps names
//! and places only.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use regex::Regex;

use super::{git::Repository, ground::BUILT, walk::OTHERS};

/// The most entries of directories.
const ENTRIES: usize = 200_000;
/// Code and settings that people write are smaller.
const MOST: u64 = 1024 * 1024;
/// More places say no more.
const PLACES: usize = 1000;

/// Files in which a name is in use. In prose it is not.
const ENDINGS: &[&str] = &[
    "py",
    "pyi",
    "ipynb",
    "js",
    "mjs",
    "cjs",
    "jsx",
    "ts",
    "mts",
    "cts",
    "tsx",
    "vue",
    "svelte",
    "go",
    "rs",
    "java",
    "kt",
    "kts",
    "scala",
    "groovy",
    "gradle",
    "cs",
    "fs",
    "vb",
    "rb",
    "php",
    "swift",
    "dart",
    "ex",
    "exs",
    "c",
    "h",
    "cc",
    "cpp",
    "hpp",
    "m",
    "mm",
    "lua",
    "r",
    "jl",
    "sh",
    "bash",
    "zsh",
    "ps1",
    "bat",
    "sql",
    "yaml",
    "yml",
    "toml",
    "json",
    "json5",
    "jsonc",
    "ini",
    "cfg",
    "conf",
    "properties",
    "env",
    "tf",
    "tfvars",
    "xml",
    "html",
];
/// Directories whose names are examples.
const EXAMPLES: &[&str] =
    &["test", "tests", "__tests__", "spec", "testdata", "fixtures", "doc", "docs", "examples"];

static NAME: LazyLock<Regex> = LazyLock::new(|| {
    let name = r"\b(?:gemini-(?:[0-9][a-z0-9.]*|pro|flash|embedding)(?:-[a-z0-9.]+)*|text-embedding-[0-9]+|gemma-[0-9][a-z0-9.]*(?:-[a-z0-9.]+)*)\b";
    Regex::new(name).expect("a good pattern")
});

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Where models are named.
    pub places: Vec<NamePlace>,
    /// How many files were read.
    pub files: usize,
    /// Directories of what is built, which were not looked into.
    pub built: Vec<String>,
    /// Whether the limit ended it.
    pub cut: bool,
}

/// One name at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamePlace {
    /// The file, from the directory on that was looked at.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The name.
    pub name: String,
}

/// Looks through a directory. `apart` are the files where names belong.
pub fn look(directory: &Path, apart: &[PathBuf]) -> Named {
    let root = directory.canonicalize().unwrap_or_else(|_| directory.to_owned());
    let apart: Vec<PathBuf> = apart.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let repository = Repository::around(&root);
    let mut named = Named::default();
    let (mut waiting, mut entries) = (vec![root.clone()], 0);
    while let Some(directory) = waiting.pop() {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(&directory)
            .map(|all| all.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default();
        paths.sort_unstable();
        for path in paths {
            entries += 1;
            named.cut |= entries > ENTRIES || named.places.len() >= PLACES;
            if named.cut {
                return named;
            }
            let Ok(kind) = path.symlink_metadata().map(|found| found.file_type()) else { continue };
            let shown = shown(&root, &path);
            if kind.is_dir() {
                waiting.extend(directory_of_people(&path, &shown, &mut named));
            } else if kind.is_file() && is_in_use(&shown) && !apart.contains(&path) {
                let left_out = repository.as_ref().is_some_and(|git| git.ignores(&path, false));
                if !left_out {
                    read(&path, &shown, &mut named);
                }
            }
        }
    }
    named.places.sort();
    named
}

fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// A directory that people write in.
fn directory_of_people(path: &Path, shown: &str, named: &mut Named) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    if BUILT.contains(&name) {
        named.built.push(shown.to_owned());
        return None;
    }
    let is_other = name == ".git" || OTHERS.contains(&name) || EXAMPLES.contains(&name);
    (!is_other && !path.join("pyvenv.cfg").is_file()).then(|| path.to_owned())
}

fn is_in_use(shown: &str) -> bool {
    let name = shown.rsplit('/').next().unwrap_or(shown);
    let is_lock = name.contains("lock.") || name.ends_with(".lock");
    let is_settings = name.starts_with(".env") && !name.contains("example");
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let is_code = ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()));
    is_settings || (is_code && !is_lock) || name == "Dockerfile" || name == "Makefile"
}

fn read(path: &Path, shown: &str, named: &mut Named) {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST).read_to_end(&mut bytes));
    if read.is_err() {
        return;
    }
    named.files += 1;
    let text = String::from_utf8_lossy(&bytes);
    for (number, line) in text.lines().enumerate() {
        for found in NAME.find_iter(line) {
            let name = found.as_str().trim_end_matches(['.', '-']).to_owned();
            named.places.push(NamePlace { file: shown.to_owned(), line: number + 1, name });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scratch::Scratch;
    use super::*;

    #[test]
    fn names_in_code_are_found_and_those_in_prose_tests_and_builds_are_not() {
        let scratch = Scratch::new();
        for (file, text) in [
            ("routes.json", "{\"a\": \"gemini-3.5-flash\"}"),
            ("app/call.py", "x = 1\nMODEL = 'models/gemini-2.5-flash-lite'.strip()\n"),
            ("README.md", "We use gemini-3.5-flash."),
            ("tests/test_call.py", "MODEL = 'gemini-3.5-flash'"),
            ("dist/app.js", "const m = 'gemini-3.5-flash'"),
            ("package-lock.json", "\"gemini-3.5-flash\""),
            (
                "cli.ts",
                "import x from 'gemini-cli'; import y from 'gemini-proxy'; run('gemini-flash-latest.');",
            ),
        ] {
            scratch.file(file, text);
        }
        let named = look(scratch.path(), &[scratch.path().join("routes.json")]);
        let found: Vec<(&str, usize, &str)> = named
            .places
            .iter()
            .map(|place| (place.file.as_str(), place.line, place.name.as_str()))
            .collect();
        assert_eq!(
            found,
            [("app/call.py", 2, "gemini-2.5-flash-lite"), ("cli.ts", 1, "gemini-flash-latest")]
        );
        assert_eq!((named.built, named.files, named.cut), (vec!["dist".to_owned()], 2, false));
    }
}
