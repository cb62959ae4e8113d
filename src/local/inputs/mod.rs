//! Texts that somebody names: files, directories, globs, standard input. Finds them and reads them block by
//! block, as UTF-8. What could not be read is a fact; nothing is counted or judged here.

mod find;
mod glob;
mod read;
mod wide;

use std::path::PathBuf;

pub use find::find;
pub use read::{read, read_whole, read_whole_of_any_width};

/// What was named, and what is left out of directories.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Paths as they were typed; `-` is standard input.
    pub paths: &'a [PathBuf],
    /// Whether `.gitignore`, `.ignore` and git's own lists have a say.
    pub ignore: bool,
    /// Whether hidden files are wanted.
    pub hidden: bool,
}

/// What there is to read.
#[derive(Debug, Default)]
pub struct Found {
    /// The texts, in the order in which they were named, directories by name.
    pub files: Vec<File>,
    /// What is not there or may not be looked at.
    pub troubles: Vec<Trouble>,
    /// Files that were named more than once, and are read once.
    pub repeated: u64,
}

/// One text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// As it is shown.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// Whether it was named itself, and is no part of a directory.
    pub named: bool,
    /// Its size, where that is known before it is read.
    pub bytes: Option<u64>,
}

/// Where a text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Standard input.
    Standard,
    /// A file.
    Path(PathBuf),
}

/// Something that could not be read, and why: a fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What was named.
    pub name: String,
    /// Why it could not be read.
    pub why: String,
}

/// What a text was when it had been read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// Its bytes as they are stored.
    pub bytes: u64,
    /// How it is written.
    pub encoding: Encoding,
    /// UTF-16 units that are no character, each read as U+FFFD.
    pub broken_units: u64,
    /// Where the first of them stands: its offset in bytes.
    pub first_broken: Option<u64>,
    /// Whether it was read to its end.
    pub is_whole: bool,
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Without a mark.
    Utf8,
    /// With a byte order mark, which is a character of the text like any other.
    Utf8Marked,
    /// Little end first.
    Utf16Little,
    /// Big end first.
    Utf16Big,
}

/// Why a text was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is no text.
    Binary,
    /// It could not be read: a fragment.
    Failed(String),
}

impl Encoding {
    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf8Marked => "utf-8-bom",
            Self::Utf16Little => "utf-16-le",
            Self::Utf16Big => "utf-16-be",
        }
    }
}

/// An error of the operating system, in the words of a person.
fn said(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    }
}
