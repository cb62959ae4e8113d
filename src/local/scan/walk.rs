//! Goes through a directory, file by file, and puts together what is found.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    time::Instant,
};

use super::{
    Ground, Limits, Lying, Place, Scanned, SecretKind, archive, browser, fakes,
    git::Repository,
    ground::BUILT,
    search::{self, Hit},
};
use crate::{
    facts::{Wide, local::is_for_bundle, wide},
    secret::ApiKey,
};

/// Directories of what others made, and of caches.
pub(super) const OTHERS: &[&str] = &[
    "node_modules",
    "target",
    "__pycache__",
    "site-packages",
    ".tox",
    ".gradle",
    ".cache",
    ".terraform",
    "Pods",
    "bower_components",
];
/// So much of a file shows whether it is a text.
const HEAD: usize = 8000;

/// A walk through a directory.
pub(super) struct Walk<'a> {
    root: PathBuf,
    used: &'a [String],
    limits: Limits,
    repository: Option<Repository>,
    begun: Instant,
    entries: usize,
    bytes: u64,
    found: Scanned,
}

impl<'a> Walk<'a> {
    pub(super) fn of(directory: &Path, used: &'a [String], limits: Limits) -> Self {
        // A way with `..` in it leads through directories that the one looked through is not in.
        let root = directory.canonicalize().unwrap_or_else(|_| directory.to_owned());
        let repository = Repository::around(&root);
        let from_root = repository.as_ref().and_then(|git| way(git.root(), &root));
        let in_repository = repository.is_some();
        let found = Scanned { in_repository, from_root, ..Scanned::default() };
        Self { root, used, limits, repository, begun: Instant::now(), entries: 0, bytes: 0, found }
    }

    pub(super) fn go(mut self) -> Scanned {
        let mut waiting = vec![self.root.clone()];
        while let Some(directory) = waiting.pop() {
            let Ok(entries) = std::fs::read_dir(&directory) else {
                self.leave_out(format!("{}, which cannot be read", self.shown(&directory)));
                continue;
            };
            let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            paths.sort_unstable();
            for path in paths {
                if !self.goes_on() {
                    return self.found;
                }
                waiting.extend(self.take(path));
            }
        }
        self.found.lying.sort_by(|one, other| one.place.cmp(&other.place));
        self.found
    }

    /// Reads a file; gives a directory back that is to be looked into.
    fn take(&mut self, path: PathBuf) -> Option<PathBuf> {
        let kind = path.symlink_metadata().ok()?.file_type();
        if kind.is_dir() {
            return self.directory(path);
        }
        // What links lead to is found where it is, or is somebody else's.
        if kind.is_file() {
            self.file(&path);
        }
        None
    }

    fn directory(&mut self, path: PathBuf) -> Option<PathBuf> {
        let name = path.file_name()?.to_str().unwrap_or_default();
        let is_environment = path.join("pyvenv.cfg").is_file();
        if name == ".git" {
            self.pass_over("git's own files, and so the history".to_owned());
            return None;
        }
        if is_environment || OTHERS.contains(&name) {
            let name = if is_environment { "environments of Python" } else { name };
            self.pass_over(format!("{name}: what others made"));
            return None;
        }
        let left_out = self.repository.as_ref().is_some_and(|git| git.ignores(&path, true));
        if BUILT.contains(&name) && left_out {
            self.found.built.push(self.shown(&path));
        }
        Some(path)
    }

    fn file(&mut self, path: &Path) {
        let shown = self.shown(path);
        if archive::is_picture(&shown) {
            return;
        }
        if archive::is_other_archive(&shown) {
            return self.leave_out(format!("{shown}, an archive in another form than ZIP's"));
        }
        self.found.files += 1;
        if archive::is_archive(&shown) {
            return self.archive(path, &shown);
        }
        match self.read(path) {
            Ok(bytes) => self.search(path, &shown, None, &bytes),
            Err(error) => {
                self.leave_out(format!("{shown}, which cannot be read: {}", error.kind()));
            }
        }
    }

    fn read(&mut self, path: &Path) -> std::io::Result<Vec<u8>> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        if length > self.limits.file {
            let (shown, mib) = (self.shown(path), self.limits.file / 1024 / 1024);
            self.leave_out(format!("what lies beyond the first {mib} MiB of {shown}"));
        }
        let most = self.limits.file.min(self.limits.bytes.saturating_sub(self.bytes));
        let mut bytes = Vec::new();
        file.take(most).read_to_end(&mut bytes)?;
        self.bytes += bytes.len() as u64;
        Ok(bytes)
    }

    fn archive(&mut self, path: &Path, shown: &str) {
        let limits = self.limits;
        let (begun, most) = (self.begun, self.limits.time);
        let mut take = |member: &str, bytes: &[u8]| {
            if begun.elapsed() <= most {
                self.found.members += 1;
                self.bytes += bytes.len() as u64;
                self.search(path, shown, Some(member), bytes);
            }
        };
        let left_out = archive::of_file(path, &limits, &mut take);
        // A hundred such lines say no more than a few.
        for what in left_out.into_iter().take(20) {
            self.leave_out(format!("in {shown}: {what}"));
        }
    }

    /// What begins like UTF-16 and is none holds its keys in its bytes, so these are searched as well.
    fn search(&mut self, path: &Path, shown: &str, member: Option<&str>, bytes: &[u8]) {
        let ground = if member.is_some() { Ground::Archive } else { Ground::of(shown) };
        let call = browser::call(bytes);
        let plain = Searched { path, shown, member, bytes, wide: None, ground, call };
        if let Some(wide) = wide(bytes) {
            let bytes = wide.text.as_bytes();
            let call = browser::call(bytes);
            self.search_in(&Searched { bytes, wide: Some(&wide), call, ..plain });
        }
        self.search_in(&plain);
    }

    fn search_in(&mut self, file: &Searched<'_>) {
        self.found.calls.extend(file.call_from_browser());
        let mut known: Vec<Lying> = Vec::new();
        for hit in search::hits(file.bytes) {
            let Ok(text) = std::str::from_utf8(&file.bytes[hit.at.clone()]) else { continue };
            let fingerprint = ApiKey::new(text).fingerprint();
            match known.iter_mut().find(|lying| lying.fingerprint == fingerprint) {
                Some(lying) => lying.times += 1,
                None => known.push(self.lying(file, &hit, text, fingerprint)),
            }
        }
        self.found.lying.append(&mut known);
    }

    fn lying(&self, file: &Searched<'_>, hit: &Hit, text: &str, fingerprint: String) -> Lying {
        let in_use = self.used.contains(&fingerprint);
        let git = self.repository.as_ref();
        Lying {
            kind: hit.kind,
            fake: !in_use && fakes::is_fake(hit.kind, text),
            fingerprint,
            place: file.place(hit.at.start),
            times: 1,
            ground: file.ground,
            tracked: git.and_then(|git| git.tracks(file.path)),
            ignored: git.map(|git| git.ignores(file.path, false)),
            in_use,
            beside_public_marks: browser::has_public_marks(file.bytes),
            beside_calls: file.call.is_some(),
            alone: is_alone(file.bytes, hit),
            for_bundle: is_for_bundle(variable_of(file.bytes, hit)),
            account: (hit.kind == SecretKind::ServiceAccount)
                .then(|| search::account(file.bytes, &hit.at))
                .flatten(),
        }
    }

    fn goes_on(&mut self) -> bool {
        self.entries += 1;
        let over = match () {
            () if self.entries > self.limits.entries => {
                format!("more than {} entries", self.limits.entries)
            }
            () if self.bytes >= self.limits.bytes => {
                format!("more than {} MiB", self.limits.bytes / 1024 / 1024)
            }
            () if self.begun.elapsed() > self.limits.time => {
                format!("what was not reached within {} s", self.limits.time.as_secs())
            }
            () => return true,
        };
        self.leave_out(over);
        false
    }

    fn leave_out(&mut self, what: String) {
        if !self.found.unread.contains(&what) {
            self.found.unread.push(what.clone());
        }
        self.pass_over(what);
    }

    /// What is not looked at on purpose.
    fn pass_over(&mut self, what: String) {
        if !self.found.left_out.contains(&what) {
            self.found.left_out.push(what);
        }
    }

    fn shown(&self, path: &Path) -> String {
        let inside =
            path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        if inside.is_empty() { ".".to_owned() } else { inside }
    }
}

/// The way from a directory to one in it, as it stands in front of names.
pub(super) fn way(from: &Path, to: &Path) -> Option<String> {
    let way = to.strip_prefix(from).ok()?.to_str()?.replace('\\', "/");
    Some(if way.is_empty() { way } else { format!("{way}/") })
}

/// One file, or one member of an archive, while it is searched.
#[derive(Clone, Copy)]
struct Searched<'a> {
    path: &'a Path,
    shown: &'a str,
    member: Option<&'a str>,
    bytes: &'a [u8],
    /// What the bytes were read from, if it was UTF-16.
    wide: Option<&'a Wide>,
    ground: Ground,
    /// Where it calls the API.
    call: Option<usize>,
}

impl Searched<'_> {
    fn call_from_browser(&self) -> Option<Place> {
        let is_built = matches!(self.ground, Ground::Built | Ground::Archive);
        let name = self.member.unwrap_or(self.shown);
        let at = self.call.filter(|_| is_built && browser::is_for_browsers(name, self.bytes))?;
        Some(self.place(at))
    }

    fn place(&self, at: usize) -> Place {
        let bytes = self.bytes;
        let is_text = !bytes[..bytes.len().min(HEAD)].contains(&0);
        let line = || memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1;
        let column = || {
            let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
            String::from_utf8_lossy(&bytes[start..at]).chars().count() + 1
        };
        Place {
            file: self.shown.to_owned(),
            member: self.member.map(str::to_owned),
            line: is_text.then(line),
            column: is_text.then(column),
            offset: self.wide.map_or(at, |wide| wide.offset(at)) as u64,
        }
    }
}

/// The name that a line of settings gives to this.
fn variable_of<'b>(bytes: &'b [u8], hit: &Hit) -> &'b str {
    let before = &bytes[..hit.at.start];
    let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    let line = std::str::from_utf8(&before[start..]).unwrap_or_default();
    let name = line.split_once('=').map_or("", |(name, _)| name.trim());
    name.strip_prefix("export ").unwrap_or(name).trim_start()
}

/// Whether a file holds nothing but this.
fn is_alone(bytes: &[u8], hit: &Hit) -> bool {
    let around = [&bytes[..hit.at.start], &bytes[hit.at.end..]];
    let is_bare = around.iter().all(|part| part.iter().all(u8::is_ascii_whitespace));
    let is_document = !hit.kind.is_key() && bytes.trim_ascii().starts_with(b"{");
    is_bare || is_document
}
