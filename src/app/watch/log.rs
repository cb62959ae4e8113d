//! The log of a watch: one whole line a request, appended, and put aside where it grows too large. A disk that is full
//! ends no watch: what could not be written is counted.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use crate::{error::UserError, watch::rotation::Rotation};

/// The log, and what became of its lines.
pub(super) struct Log {
    /// Where it was told to be, for people.
    path: PathBuf,
    /// The file itself: what a link leads to is put aside, and never the link.
    place: PathBuf,
    rotation: Rotation,
    /// A device or a pipe has no place of its own that another file could take.
    can_be_put_aside: bool,
    file: Option<File>,
    size: u64,
    /// Why the last line could not be written.
    trouble: Option<String>,
    /// Whether that was told, so that it is told once.
    is_told: bool,
    pub(super) lines: u64,
    pub(super) lost: u64,
    pub(super) put_aside: u64,
}

impl Log {
    /// Opens the file for appending, so that a log that cannot be written stops the watch before it costs.
    pub(super) fn open(path: &Path, rotation: Rotation) -> Result<Self, UserError> {
        let (file, size) = appending(path).map_err(|error| {
            let what = format!("could not write the log {}: {error}", path.display());
            UserError::usage(what, "give --log a path in a directory that can be written")
        })?;
        let can_be_put_aside = file.metadata().is_ok_and(|found| found.is_file());
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Ok(Self {
            path: path.to_owned(),
            place,
            rotation,
            can_be_put_aside,
            file: Some(file),
            size,
            trouble: None,
            is_told: false,
            lines: 0,
            lost: 0,
            put_aside: 0,
        })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a line, which has no end of its own, in one piece.
    pub(super) fn write(&mut self, line: &str) {
        let bytes = format!("{line}\n");
        if self.can_be_put_aside && self.rotation.is_due(self.size, bytes.len() as u64) {
            self.put_aside();
        }
        match self.append(bytes.as_bytes()) {
            Ok(()) => {
                self.lines += 1;
                (self.trouble, self.is_told) = (None, false);
            }
            Err(error) => {
                self.lost += 1;
                self.trouble = Some(error.to_string());
            }
        }
    }

    /// Why lines are being lost, once for each time that it begins.
    pub(super) fn news(&mut self) -> Option<String> {
        let trouble = self.trouble.as_ref()?;
        let was_told = std::mem::replace(&mut self.is_told, true);
        let path = self.path.display();
        (!was_told)
            .then(|| format!("could not write the log {path}: {trouble}; its lines are lost"))
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.file.is_none() {
            let (file, size) = appending(&self.place)?;
            (self.file, self.size) = (Some(file), size);
        }
        let file = self.file.as_mut().expect("it was just opened");
        match file.write_all(bytes) {
            Ok(()) => self.size += bytes.len() as u64,
            Err(error) => {
                // A part of a line may stand there now; opened anew it gets its end.
                self.file = None;
                return Err(error);
            }
        }
        Ok(())
    }

    /// Moves the files on, oldest first. Where one cannot be moved none after it is, as it would take the place of what
    /// is to be kept; it goes on in the same file then: a log that is too large is still one.
    fn put_aside(&mut self) {
        self.file = None;
        let moves = self.rotation.moves(&self.place);
        let moved = if moves.is_empty() {
            fs::remove_file(&self.place).is_ok()
        } else {
            moves
                .iter()
                .filter(|(from, _)| from.exists())
                .all(|(from, to)| fs::rename(from, to).is_ok())
        };
        self.put_aside += u64::from(moved);
    }
}

/// The file for appending, and its size. A last line without an end, as a crash leaves it, gets one.
fn appending(path: &Path) -> io::Result<(File, u64)> {
    let mut file = OpenOptions::new().create(true).append(true).read(true).open(path)?;
    let size = file.metadata()?.len();
    let mut last = [b'\n'];
    if size > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    if last == *b"\n" {
        return Ok((file, size));
    }
    file.write_all(b"\n")?;
    Ok((file, size + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(folder: &Path, most: u64, keep: u32) -> Log {
        Log::open(&folder.join("w.log"), Rotation { most, keep }).expect("a log")
    }

    fn texts(folder: &Path) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, fs::read_to_string(path).unwrap())
            })
            .collect();
        found.sort();
        found
    }

    #[test]
    fn a_full_log_is_put_aside_and_the_oldest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = log(folder.path(), 10, 2);
        for line in ["aaaa", "bbbb", "cccc", "dddd", "eeee", "ffff", "gggg"] {
            log.write(line);
        }
        let named = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let expected = [
            named("w.log", "gggg\n"),
            named("w.log.1", "eeee\nffff\n"),
            named("w.log.2", "cccc\ndddd\n"),
        ];
        assert_eq!(texts(folder.path()), expected);
        assert_eq!((log.lines, log.lost, log.put_aside), (7, 0, 3));
    }

    #[test]
    fn a_line_that_a_crash_cut_gets_its_end_and_spoils_no_other() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("w.log"), "{\"a\":1}\n{\"a\":").unwrap();
        log(folder.path(), 1000, 2).write("{\"a\":3}");
        assert_eq!(texts(folder.path())[0].1, "{\"a\":1}\n{\"a\":\n{\"a\":3}\n");
    }

    #[test]
    fn what_cannot_be_written_is_counted_and_a_folder_is_no_log() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Log::open(folder.path(), Rotation { most: 1, keep: 1 }).is_err());
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let mut log = log(&inner, 5, 0);
        log.write("aaaa");
        fs::remove_dir_all(&inner).unwrap();
        assert_eq!(log.news(), None);
        log.write("bbbb");
        assert_eq!((log.lines, log.lost), (1, 1));
        let news = log.news().unwrap();
        assert!(news.contains("could not write the log") && news.contains("w.log"), "{news}");
        log.write("bbbb");
        assert_eq!((log.news(), log.lost), (None, 2));
        fs::create_dir(&inner).unwrap();
        log.write("cccc");
        assert_eq!((log.lines, texts(&inner)[0].1.as_str()), (2, "cccc\n"), "it comes back");
        fs::remove_dir_all(&inner).unwrap();
        log.write("dddd");
        assert!(log.news().is_some(), "and goes again");
    }

    #[test]
    fn where_one_file_cannot_be_moved_none_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = log(folder.path(), 5, 2);
        ["aaaa", "bbbb"].into_iter().for_each(|line| log.write(line));
        // A folder with something in it cannot be replaced by a file.
        let taken = folder.path().join("w.log.2");
        fs::create_dir(&taken).unwrap();
        fs::write(taken.join("x"), "").unwrap();
        ["cccc", "dddd"].into_iter().for_each(|line| log.write(line));
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(
            (read("w.log").as_str(), read("w.log.1").as_str()),
            ("bbbb\ncccc\ndddd\n", "aaaa\n")
        );
        assert_eq!((log.lines, log.lost, log.put_aside), (4, 0, 1));
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_leads_to_is_put_aside_and_never_the_link() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        fs::write(data.join("real.log"), "").unwrap();
        let link = folder.path().join("w.log");
        std::os::unix::fs::symlink(data.join("real.log"), &link).unwrap();
        let mut log = log(folder.path(), 5, 2);
        ["aaaa", "bbbb", "cccc"].into_iter().for_each(|line| log.write(line));
        assert!(link.is_symlink() && !folder.path().join("w.log.1").exists());
        let named = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let expected = [
            named("real.log", "cccc\n"),
            named("real.log.1", "bbbb\n"),
            named("real.log.2", "aaaa\n"),
        ];
        assert_eq!(texts(&data), expected);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_and_never_moved() {
        // Far from full, so that a fault here harms no machine.
        let mut log = Log::open(Path::new("/dev/null"), Rotation { most: 1000, keep: 1 }).unwrap();
        assert!(!log.can_be_put_aside, "the device would be moved");
        log.write("aaaa");
        assert_eq!((log.lines, log.put_aside), (1, 0));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn no_handle_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let open = || {
            let handles = fs::read_dir("/proc/self/fd").unwrap();
            let to = |entry: io::Result<fs::DirEntry>| fs::read_link(entry.ok()?.path()).ok();
            handles.filter_map(to).filter(|path| path.starts_with(folder.path())).count()
        };
        let mut log = log(folder.path(), 10, 3);
        (0..100).for_each(|_| log.write("aaaa"));
        assert_eq!(open(), 1);
        drop(log);
        assert_eq!(open(), 0);
    }
}
