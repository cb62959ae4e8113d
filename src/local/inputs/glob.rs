//! Patterns that no shell has expanded: `*`, `?`, `[ab]`, `{a,b}` and `**`. Fits names; walks nowhere.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

/// Which of these make a path a pattern.
const SIGNS: [char; 4] = ['*', '?', '[', '{'];

/// A pattern, and where the walk for it begins.
pub(super) struct Pattern {
    base: PathBuf,
    matcher: GlobMatcher,
}

/// Whether a path that names nothing is meant as a pattern.
pub(super) fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(SIGNS)
}

impl Pattern {
    /// The error is a fragment.
    pub(super) fn new(path: &Path) -> Result<Self, String> {
        let bare = path.strip_prefix(".").unwrap_or(path);
        let text = bare.to_str().ok_or("it is neither a file nor Unicode")?;
        let glob = GlobBuilder::new(text).literal_separator(true).build();
        let glob = glob.map_err(|error| {
            format!("there is no such file, and it is no pattern: {}", error.kind())
        })?;
        let is_plain =
            |part: &std::path::Component<'_>| !part.as_os_str().to_string_lossy().contains(SIGNS);
        let base: PathBuf = bare.components().take_while(is_plain).collect();
        let base = if base.as_os_str().is_empty() { PathBuf::from(".") } else { base };
        Ok(Self { base, matcher: glob.compile_matcher() })
    }

    /// The directory in which everything that fits must be.
    pub(super) fn base(&self) -> PathBuf {
        self.base.clone()
    }

    /// Whether a path of that walk fits.
    pub(super) fn fits(&self, path: &Path) -> bool {
        self.matcher.is_match(path.strip_prefix(".").unwrap_or(path))
    }
}
