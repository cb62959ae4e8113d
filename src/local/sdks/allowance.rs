//! What a look may cost: entries, bytes and time. What was left out for it is remembered, to be said.

use std::{
    cell::{Cell, RefCell},
    fs::{File, FileType},
    io::Read,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::facts::wide;

/// How much may be looked at.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most entries of directories.
    pub entries: usize,
    /// The most files that are read.
    pub files: usize,
    /// The most bytes of one file; the rest of a longer one is not read.
    pub file: u64,
    /// The most bytes in all.
    pub bytes: u64,
    /// The most time.
    pub time: Duration,
}

impl Limits {
    /// What a run that should be over in a moment may spend.
    pub const SHORT: Self = Self {
        entries: 6000,
        files: 600,
        file: 512 * 1024,
        bytes: 8 * 1024 * 1024,
        time: Duration::from_millis(150),
    };

    /// What a first look may spend, wherever it stands: a fraction of what starting `curl` costs. The files
    /// that say what is installed are read before the code.
    pub const QUICK: Self = Self {
        entries: 2000,
        files: 150,
        file: 128 * 1024,
        bytes: 2 * 1024 * 1024,
        time: Duration::from_millis(60),
    };
}

/// What is left of the limits.
pub struct Allowance {
    limits: Limits,
    begun: Instant,
    entries: Cell<usize>,
    files: Cell<usize>,
    bytes: Cell<u64>,
    left_out: RefCell<Vec<String>>,
}

impl Allowance {
    /// All of it.
    pub fn of(limits: Limits) -> Self {
        Self {
            limits,
            begun: Instant::now(),
            entries: Cell::new(0),
            files: Cell::new(0),
            bytes: Cell::new(0),
            left_out: RefCell::default(),
        }
    }

    /// A file's text, as far as it may be read; odd bytes are replaced.
    pub fn text(&self, path: &Path) -> Option<String> {
        let bytes = self.bytes(path)?;
        let wide = wide(&bytes).map(|wide| wide.text);
        Some(wide.unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The entries of a directory, in order, as far as they may be looked at.
    pub fn entries(&self, directory: &Path) -> Vec<(PathBuf, FileType)> {
        if !self.goes_on() {
            return Vec::new();
        }
        let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
        let left = self.limits.entries.saturating_sub(self.entries.get());
        let kinds =
            entries.flatten().filter_map(|entry| Some((entry.path(), entry.file_type().ok()?)));
        let mut found: Vec<(PathBuf, FileType)> = kinds.take(left + 1).collect();
        if found.len() > left {
            found.truncate(left);
            self.leave_out(format!("more than {} entries of directories", self.limits.entries));
        }
        self.entries.set(self.entries.get() + found.len());
        found.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        found
    }

    /// Says that something was not looked at.
    pub fn leave_out(&self, what: String) {
        let mut left_out = self.left_out.borrow_mut();
        if !left_out.contains(&what) {
            left_out.push(what);
        }
    }

    /// What was not looked at.
    pub fn left_out(self) -> Vec<String> {
        self.left_out.into_inner()
    }

    /// Whether there is time left and files may be read.
    pub fn goes_on(&self) -> bool {
        if self.begun.elapsed() > self.limits.time {
            let ms = self.limits.time.as_millis();
            self.leave_out(format!("what was not reached within {ms} ms"));
            return false;
        }
        true
    }

    /// A file's bytes, as far as they may be read. Nothing that is no file is waited for.
    pub fn bytes(&self, path: &Path) -> Option<Vec<u8>> {
        // Where nothing more may be read, nothing more is looked at either.
        if self.files.get() >= self.limits.files && !self.pays_for(0) {
            return None;
        }
        let data = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
        if !self.goes_on() || !self.pays_for(data.len().min(self.limits.file)) {
            return None;
        }
        if data.len() > self.limits.file {
            self.leave_out(format!("what lies beyond {} KiB of a file", self.limits.file / 1024));
        }
        let mut bytes = Vec::new();
        File::open(path).ok()?.take(self.limits.file).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    fn pays_for(&self, bytes: u64) -> bool {
        let (files, all) = (self.files.get() + 1, self.bytes.get() + bytes);
        if files > self.limits.files || all > self.limits.bytes {
            self.leave_out(format!(
                "more than {} files or {} MiB",
                self.limits.files,
                self.limits.bytes / 1024 / 1024
            ));
            return false;
        }
        self.files.set(files);
        self.bytes.set(all);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::scratch::Scratch;

    #[test]
    fn what_is_not_looked_at_is_said() {
        let scratch = Scratch::new();
        for name in ["a", "b", "c"] {
            scratch.file(name, "0123456789");
        }
        let limits = Limits { entries: 2, files: 2, file: 4, bytes: 100, ..Limits::SHORT };
        let allowance = Allowance::of(limits);
        assert_eq!(allowance.entries(scratch.path()).len(), 2);
        assert_eq!(allowance.text(&scratch.path().join("a")).as_deref(), Some("0123"));
        assert!(allowance.text(&scratch.path().join("b")).is_some());
        assert!(allowance.text(&scratch.path().join("c")).is_none());
        assert!(allowance.text(scratch.path()).is_none(), "a directory");
        let said = allowance.left_out().join("; ");
        for part in ["2 entries", "beyond", "2 files"] {
            assert!(said.contains(part), "{said}");
        }
    }

    #[test]
    fn what_windows_tools_write_is_read() {
        let scratch = Scratch::new();
        let text = "google-genai==2.30.1\r\n";
        let bytes: Vec<u8> =
            format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let path = scratch.file("requirements.txt", bytes);
        assert_eq!(Allowance::of(Limits::SHORT).text(&path).as_deref(), Some(text));
    }

    #[test]
    fn a_first_look_reads_a_part_of_what_others_may() {
        let scratch = Scratch::new();
        let paths: Vec<PathBuf> =
            (0..200).map(|at| scratch.file(&format!("m{at}.py"), "x = 1\n")).collect();
        let allowance = Allowance::of(Limits { time: Duration::MAX, ..Limits::QUICK });
        assert_eq!(paths.iter().filter_map(|path| allowance.bytes(path)).count(), 150);
        assert_eq!(allowance.left_out(), ["more than 150 files or 2 MiB"]);
    }

    #[test]
    fn time_is_bounded() {
        let scratch = Scratch::new();
        let path = scratch.file("a", "x");
        let allowance = Allowance::of(Limits { time: Duration::ZERO, ..Limits::SHORT });
        std::thread::sleep(Duration::from_millis(2));
        assert!(allowance.text(&path).is_none() && allowance.entries(scratch.path()).is_empty());
        assert_eq!(allowance.left_out(), ["what was not reached within 0 ms"]);
    }
}
