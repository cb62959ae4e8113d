//! A directory that stands for a machine in tests.

use std::path::{Path, PathBuf};

use super::machine::Machine;

/// The directory; it goes when this is dropped.
pub(crate) struct Scratch(tempfile::TempDir);

impl Scratch {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, with the directories above it.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("made");
        std::fs::write(&path, bytes).expect("written");
        path
    }

    /// A script that can be run; nothing but a file where there are no such rights.
    pub(crate) fn program(&self, name: &str, script: &str) -> PathBuf {
        let path = self.file(name, format!("#!/bin/sh\n{script}\n"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let rights = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(&path, rights).expect("set");
        }
        path
    }

    /// A machine whose system is this directory.
    pub(crate) fn machine(&self, variables: &[(&str, &str)]) -> Machine {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Machine {
            variables: variables.iter().map(owned).collect(),
            directory: self.path().to_owned(),
            root: Some(self.path().to_owned()),
        }
    }
}
