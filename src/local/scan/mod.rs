//! Keys lying about: in a project's files, its logs, what is built from it, and in archives.
//!
//! Reads files within limits, sends nothing anywhere, and keeps of a key its kind, its fingerprint and its
//! place. What was not looked at is said.

mod archive;
mod browser;
mod facts;
mod fakes;
mod git;
mod ground;
mod inflate;
pub mod names;
mod search;
#[cfg(test)]
mod tests;
mod walk;

use std::{path::Path, time::Duration};

pub use facts::{Group, fact, words};
pub use ground::Ground;

/// What was found in a directory.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    /// Secrets, in the order of their places.
    pub lying: Vec<Lying>,
    /// Where what is built for browsers calls the API.
    pub calls: Vec<Place>,
    /// How many files were read, those in archives not counted.
    pub files: usize,
    /// How many members of archives were read.
    pub members: usize,
    /// Whether the directory is in a git repository.
    pub in_repository: bool,
    /// The way from the repository's root to the directory, as it stands in front of names: `sub/`, or nothing.
    pub from_root: Option<String>,
    /// Directories of what is built that were looked into although rules leave them out of git.
    pub built: Vec<String>,
    /// What was not looked at, each a fragment.
    pub left_out: Vec<String>,
    /// Those of these that would be looked at if they could be: what is too much, or cannot be read. Caches,
    /// what others made and git's history are none.
    pub unread: Vec<String>,
}

/// One secret at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    /// What it is.
    pub kind: SecretKind,
    /// The first bytes of its hash.
    pub fingerprint: String,
    /// Where it lies.
    pub place: Place,
    /// How often it is in that file.
    pub times: usize,
    /// What that file is.
    pub ground: Ground,
    /// Whether git tracks the file; `None` where that cannot be told.
    pub tracked: Option<bool>,
    /// Whether rules leave the file out of git; `None` without a repository.
    pub ignored: Option<bool>,
    /// Whether it is the key in use.
    pub in_use: bool,
    /// Whether it only stands in the place of one.
    pub fake: bool,
    /// Whether marks of Firebase or Maps stand in the same file, whose keys are meant to be public.
    pub beside_public_marks: bool,
    /// Whether the same file calls the API.
    pub beside_calls: bool,
    /// Whether the file holds nothing else.
    pub alone: bool,
    /// Whether it is the value of a variable that build tools take into the bundle.
    pub for_bundle: bool,
    /// The address of the service account that it is the key of, where the file says so.
    pub account: Option<String>,
}

/// Where something lies.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, from the directory on that was looked at.
    pub file: String,
    /// The file in that archive; one in an archive inside has `!` between the two.
    pub member: Option<String>,
    /// The line, from 1, where the file is a text.
    pub line: Option<usize>,
    /// The column in characters, from 1, where the file is a text.
    pub column: Option<usize>,
    /// The offset in bytes.
    pub offset: u64,
}

impl Place {
    /// `archive!member:line:column`.
    pub fn words(&self) -> String {
        let member = self.member.as_ref().map(|member| format!("!{member}")).unwrap_or_default();
        match (self.line, self.column) {
            (Some(line), Some(column)) => format!("{}{member}:{line}:{column}", self.file),
            _ => format!("{}{member}, byte {}", self.file, self.offset),
        }
    }
}

/// What a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKind {
    /// `AIza…`.
    StandardKey,
    /// `AQ.…`.
    AuthKey,
    /// The private key of a service account.
    ServiceAccount,
    /// `GOCSPX-…`.
    OauthClientSecret,
    /// `1//0…`.
    RefreshToken,
    /// `ya29.…`.
    AccessToken,
}

impl SecretKind {
    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::StandardKey => "standard_key",
            Self::AuthKey => "auth_key",
            Self::ServiceAccount => "service_account",
            Self::OauthClientSecret => "oauth_client_secret",
            Self::RefreshToken => "oauth_refresh_token",
            Self::AccessToken => "oauth_access_token",
        }
    }

    /// A phrase with its article.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::StandardKey => "a standard key (AIza...)",
            Self::AuthKey => "an auth key (AQ....)",
            Self::ServiceAccount => "the private key of a service account",
            Self::OauthClientSecret => "the secret of an OAuth client",
            Self::RefreshToken => "an OAuth refresh token",
            Self::AccessToken => "an OAuth access token",
        }
    }

    /// Whether it is an API key.
    pub const fn is_key(self) -> bool {
        matches!(self, Self::StandardKey | Self::AuthKey)
    }
}

/// How much may be looked at.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most entries of directories.
    pub entries: usize,
    /// The most bytes of one file or member.
    pub file: u64,
    /// The most bytes in all.
    pub bytes: u64,
    /// The most members of one archive.
    pub members: usize,
    /// The most bytes that one archive may become.
    pub inflated: u64,
    /// The most time.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1024 * 1024;
        Self {
            entries: 200_000,
            file: 32 * MIB,
            bytes: 2048 * MIB,
            members: 20_000,
            inflated: 512 * MIB,
            time: Duration::from_secs(60),
        }
    }
}

/// What stands in front of names of this directory, so that they begin where people look: at the repository's
/// root, or outside of one at the working directory. Nothing where it lies elsewhere.
pub fn base(scanned: &Scanned, directory: &Path, working: &Path) -> String {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let from_working = || walk::way(&real(working), &real(directory));
    let way = if scanned.in_repository { scanned.from_root.clone() } else { from_working() };
    way.unwrap_or_default()
}

/// Looks through a directory. `used` are the fingerprints of the keys in use.
pub fn look(directory: &Path, used: &[String], limits: Limits) -> Scanned {
    walk::Walk::of(directory, used, limits).go()
}
