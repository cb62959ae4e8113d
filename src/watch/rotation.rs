//! When a log is full, and which file takes whose name then. Names only: the files are moved elsewhere.

use std::path::{Path, PathBuf};

/// The size at which a log is put aside, and how many of those that were are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The most bytes of one file.
    pub most: u64,
    /// Files that are kept beside it.
    pub keep: u32,
}

impl Rotation {
    /// Whether a line of so many bytes needs a new file. The first line of a file always fits.
    pub const fn is_due(self, size: u64, line: u64) -> bool {
        size > 0 && size + line > self.most
    }

    /// Which file takes which name, in this order; the last name's old file goes for good.
    pub fn moves(self, log: &Path) -> Vec<(PathBuf, PathBuf)> {
        let named = |nth: u32| if nth == 0 { log.to_owned() } else { numbered(log, nth) };
        (0..self.keep).rev().map(|nth| (named(nth), named(nth + 1))).collect()
    }
}

/// `watch.log.3`.
fn numbered(log: &Path, nth: u32) -> PathBuf {
    let mut name = log.as_os_str().to_owned();
    name.push(format!(".{nth}"));
    PathBuf::from(name)
}

/// A size such as `512k`, `16M` or `1G`, in bytes.
pub fn size(text: &str) -> Option<u64> {
    let text = text.trim().trim_end_matches(['B', 'b']).trim_end_matches('i');
    let (number, unit) = match text.char_indices().next_back()? {
        (at, 'k' | 'K') => (&text[..at], 1 << 10),
        (at, 'm' | 'M') => (&text[..at], 1 << 20),
        (at, 'g' | 'G') => (&text[..at], 1 << 30),
        _ => (text, 1),
    };
    number.trim().parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_full_before_it_would_be_too_large() {
        let rotation = Rotation { most: 100, keep: 2 };
        assert!(!rotation.is_due(60, 40) && rotation.is_due(61, 40));
        assert!(!rotation.is_due(0, 500), "a line that fits nowhere is written all the same");
    }

    #[test]
    fn the_oldest_goes_and_the_others_move_on() {
        let moves = Rotation { most: 1, keep: 2 }.moves(Path::new("/var/w.log"));
        let text = |(from, to): &(PathBuf, PathBuf)| format!("{} {}", from.display(), to.display());
        let moves: Vec<String> = moves.iter().map(text).collect();
        assert_eq!(moves, ["/var/w.log.1 /var/w.log.2", "/var/w.log /var/w.log.1"]);
        assert!(Rotation { most: 1, keep: 0 }.moves(Path::new("w")).is_empty());
    }

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [("16M", 16 << 20), ("512k", 512 << 10), ("1GiB", 1 << 30), ("99", 99)]
        {
            assert_eq!(size(text), Some(bytes), "{text}");
        }
        for text in ["", "M", "-1", "1.5M", "99999999999999G"] {
            assert_eq!(size(text), None, "{text}");
        }
    }
}
