//! What kind of file a secret lies in, by its path alone.

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// A file of the working tree.
    Tree,
    /// A file for settings that are kept out of version control.
    Settings,
    /// A log.
    Log,
    /// What is built, or served as it is.
    Built,
    /// A file in an archive that is given away.
    Archive,
}

impl Ground {
    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tree => "tree",
            Self::Settings => "settings",
            Self::Log => "log",
            Self::Built => "built",
            Self::Archive => "archive",
        }
    }

    /// What a path from the scanned directory on is.
    pub fn of(path: &str) -> Self {
        let (directories, name) = path.rsplit_once('/').unwrap_or(("", path));
        let under = |names: &[&str]| directories.split('/').any(|part| names.contains(&part));
        let is_log = name.ends_with(".log") || name.contains(".log.") || under(&["logs", "log"]);
        let given = |part: &str| BUILT.contains(&part) && !WORKSHOPS.contains(&part);
        let is_given = directories.split('/').any(given);
        match () {
            () if is_settings(name) && !is_given => Self::Settings,
            () if under(BUILT) => Self::Built,
            () if is_log => Self::Log,
            () => Self::Tree,
        }
    }
}

/// Directories of what is built, or served as it is.
pub(super) const BUILT: &[&str] = &[
    "dist",
    "build",
    "out",
    ".next",
    ".nuxt",
    ".output",
    ".svelte-kit",
    ".vercel",
    "public",
    "www",
    "storybook-static",
];

/// Those of them that are given away as what comes out of them, and not as they are.
const WORKSHOPS: [&str; 2] = ["build", "out"];

/// `.env` and its variants. Those that are there to be copied are files like others.
fn is_settings(name: &str) -> bool {
    const TO_COPY: [&str; 5] = ["example", "sample", "template", "dist", "defaults"];
    let variant = name.strip_prefix(".env.");
    name == ".env"
        || name == ".envrc"
        || name == ".dev.vars"
        || variant.is_some_and(|variant| !TO_COPY.iter().any(|word| variant.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_what_a_file_is() {
        for (path, ground) in [
            ("src/app.py", Ground::Tree),
            (".env", Ground::Settings),
            ("api/.env.local", Ground::Settings),
            (".env.example", Ground::Tree),
            ("server.log", Ground::Log),
            ("var/log/app.txt", Ground::Log),
            ("app.log.1", Ground::Log),
            ("web/dist/assets/a.js", Ground::Built),
            ("build/.env", Ground::Settings),
            ("out/a.js", Ground::Built),
            ("public/.env", Ground::Built),
            (".next/static/a.js", Ground::Built),
            ("dist.py", Ground::Tree),
            ("catalog/a.txt", Ground::Tree),
        ] {
            assert_eq!(Ground::of(path), ground, "{path}");
        }
    }
}
