//! What git knows of files, read from its own: the index says what is tracked, rules what is left out.
//! Starts no git. What cannot be read is not claimed.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Deeper than anybody keeps a project.
const MOST_PARENTS: usize = 64;
/// Longer than the index of any repository that is looked through.
const LONGEST_INDEX: u64 = 128 * 1024 * 1024;

/// A repository around a directory.
pub(super) struct Repository {
    root: PathBuf,
    /// The paths that are tracked, from the root on; `None` where the index could not be read.
    tracked: Option<BTreeSet<Vec<u8>>>,
    exclude: Gitignore,
    rules: RefCell<BTreeMap<PathBuf, Gitignore>>,
}

impl Repository {
    /// The repository that a directory is in.
    pub(super) fn around(directory: &Path) -> Option<Self> {
        let mut above = directory.ancestors().take(MOST_PARENTS);
        let root = above.find(|path| path.join(".git").exists())?.to_owned();
        let own = own_directory(&root)?;
        let (exclude, _) = Gitignore::new(own.join("info/exclude"));
        let tracked = index(&own);
        Some(Self { root, tracked, exclude, rules: RefCell::default() })
    }

    /// The directory that holds it.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether a file is tracked.
    pub(super) fn tracks(&self, path: &Path) -> Option<bool> {
        let inside = path.strip_prefix(&self.root).ok()?;
        let name = inside.to_str()?.replace('\\', "/");
        Some(self.tracked.as_ref()?.contains(name.as_bytes()))
    }

    /// Whether rules leave a file or directory out.
    pub(super) fn ignores(&self, path: &Path, is_directory: bool) -> bool {
        let above: Vec<&Path> =
            path.ancestors().skip(1).take_while(|one| one.starts_with(&self.root)).collect();
        for directory in above {
            match self.said_by(directory, path, is_directory) {
                ignore::Match::None => {}
                said => return said.is_ignore(),
            }
        }
        let inside = path.strip_prefix(&self.root).unwrap_or(path);
        self.exclude.matched_path_or_any_parents(inside, is_directory).is_ignore()
    }

    fn said_by(&self, directory: &Path, path: &Path, is_directory: bool) -> ignore::Match<()> {
        let mut rules = self.rules.borrow_mut();
        let rules = rules.entry(directory.to_owned()).or_insert_with(|| rules_of(directory));
        if rules.is_empty() {
            return ignore::Match::None;
        }
        rules.matched_path_or_any_parents(path, is_directory).map(|_| ())
    }
}

fn rules_of(directory: &Path) -> Gitignore {
    let mut builder = GitignoreBuilder::new(directory);
    // A rule that does not parse is one that git would pass over, too.
    let _ = builder.add(directory.join(".gitignore"));
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// The directory with git's own files: `.git` itself, or where a file of that name leads.
fn own_directory(root: &Path) -> Option<PathBuf> {
    let own = root.join(".git");
    if own.is_dir() {
        return Some(own);
    }
    let text = fs::read_to_string(own).ok()?;
    let named = text.lines().find_map(|line| line.strip_prefix("gitdir:"))?;
    Some(root.join(named.trim()))
}

/// The names in an index of version 2, 3 or 4, whose hashes are SHA-1.
fn index(own: &Path) -> Option<BTreeSet<Vec<u8>>> {
    let path = own.join("index");
    let Ok(data) = path.metadata() else {
        // A repository in which nothing was ever added has none.
        return own.join("HEAD").exists().then(BTreeSet::new);
    };
    let config = fs::read_to_string(own.join("config")).unwrap_or_default();
    if data.len() > LONGEST_INDEX || config.to_ascii_lowercase().contains("sha256") {
        return None;
    }
    names(&fs::read(path).ok()?)
}

fn names(bytes: &[u8]) -> Option<BTreeSet<Vec<u8>>> {
    const FIXED: usize = 62;
    let number = |at: usize| {
        let four = bytes.get(at..at + 4)?;
        Some(u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
    };
    let version = number(4)?;
    if !bytes.starts_with(b"DIRC") || !(2..=4).contains(&version) {
        return None;
    }
    let (mut names, mut at, mut last) = (BTreeSet::new(), 12, Vec::new());
    for _ in 0..number(8)? {
        let flags = bytes.get(at + 60..at + FIXED)?;
        let start = at + FIXED + if flags[0] & 0x40 == 0 { 0 } else { 2 };
        let (kept, begin) = match version {
            4 => cut(bytes, start, last.len())?,
            _ => (0, start),
        };
        let length = memchr::memchr(0, bytes.get(begin..)?)?;
        let mut name = last.get(..kept)?.to_vec();
        name.extend_from_slice(&bytes[begin..begin + length]);
        // Entries of the older versions are padded to eight bytes with at least one.
        at = if version == 4 {
            begin + length + 1
        } else {
            at + ((begin + length - at) / 8 + 1) * 8
        };
        last.clone_from(&name);
        names.insert(name);
    }
    // An index that is split or sparse names directories, or leaves the rest to another file.
    let is_whole = memchr::memmem::find(&bytes[at.min(bytes.len())..], b"link").is_none();
    let is_flat = names.iter().all(|name| !name.ends_with(b"/"));
    (is_whole && is_flat).then_some(names)
}

/// How much of the last name is kept, and where the rest of this one begins.
fn cut(bytes: &[u8], start: usize, last: usize) -> Option<(usize, usize)> {
    let (mut value, mut at) = (0_usize, start);
    loop {
        let byte = *bytes.get(at)?;
        value = value.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
        at += 1;
        if byte & 0x80 == 0 {
            return Some((last.checked_sub(value)?, at));
        }
        value = value.checked_add(1)?;
    }
}
