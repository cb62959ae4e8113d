//! Runs the binary in an empty directory with no variables but those that are named, and compares
//! committed files.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;

/// The program with nothing of this machine's around it.
pub struct Doctor {
    command: Command,
    _directory: tempfile::TempDir,
}

impl Doctor {
    /// The program with these arguments.
    pub fn new<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Self {
        let directory = tempfile::tempdir().expect("a scratch directory");
        let mut command = Command::new(env!("CARGO_BIN_EXE_gemini-doctor"));
        command.env_clear().current_dir(directory.path()).args(arguments).stdin(Stdio::null());
        // Windows programs do not start without this one; PATH is for git and sh.
        for name in ["SystemRoot", "PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        Self { command, _directory: directory }
    }

    /// With a variable.
    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// In another directory.
    pub fn directory(mut self, path: &Path) -> Self {
        self.command.current_dir(path);
        self
    }

    /// Runs it to its end.
    pub fn run(mut self) -> Ran {
        let output = self.command.output().expect("the binary runs");
        Ran::new(&output)
    }

    /// The command itself, for tests that need its streams.
    pub fn into_command(self) -> (Command, tempfile::TempDir) {
        (self.command, self._directory)
    }
}

/// A run that ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    pub fn new(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }
}

/// Runs a command line given in words.
pub fn doctor(line: &str) -> Ran {
    Doctor::new(&line.split_whitespace().collect::<Vec<_>>()).run()
}

/// Compares a text with a committed file; with `GEMINI_DOCTOR_BLESS=1` it is written instead.
pub fn check_file(path: &str, actual: &str) {
    let full = root().join(path);
    if std::env::var_os("GEMINI_DOCTOR_BLESS").is_some() {
        std::fs::create_dir_all(full.parent().expect("a file has a directory"))
            .expect("a directory");
        std::fs::write(&full, actual).expect("a file that can be written");
        return;
    }
    let committed = std::fs::read_to_string(&full).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        committed == actual,
        "{path} is not what the program makes; GEMINI_DOCTOR_BLESS=1 cargo test writes it.\n{actual}"
    );
}

/// The root of the project.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A text in which everything that differs from run to run has a fixed stand-in.
pub fn settle(text: &str) -> String {
    let patterns: [(&str, &str); 8] = [
        (r"WE1 [0-9a-f]{8}", "WE1 00000000"),
        (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
        (r"\[::1\]:\d+", "[::1]:PORT"),
        (r"\b\d+(\.\d+)? s\b", "0.1 s"),
        (r"IPv4 \d+ ms, ", "IPv4 0 ms, "),
        (r"Root R1 [0-9a-f]+", "Root R1 0000"),
        (r"Simulated CA [0-9a-f]+", "Simulated CA 0000"),
        (r"IPv6 \d+ ms", "IPv6 0 ms"),
    ];
    patterns.iter().fold(text.to_owned(), |text, (pattern, stand_in)| {
        regex::Regex::new(pattern)
            .expect("a good pattern")
            .replace_all(&text, *stand_in)
            .into_owned()
    })
}
