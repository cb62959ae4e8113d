//! `explain`: the text of a failure, from wherever it is pasted, and what else is known of the call.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, ValueEnum};

use super::plans::OfflineOutput;

/// What `explain` takes.
#[derive(Args)]
pub struct Explain {
    /// the error's text; - or nothing reads standard input
    #[arg(value_name = "TEXT", conflicts_with_all = ["files", "command"])]
    pub text: Vec<OsString>,
    /// read this file; may be repeated
    #[arg(long = "file", value_name = "PATH", conflicts_with = "command")]
    pub files: Vec<PathBuf>,
    /// run this command, and explain how it failed
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
    /// end with the class of the first cause instead of 0 (5 where nothing was recognised), or instead of the command's own status
    #[arg(long, value_name = "WHOSE")]
    pub exit_code: Option<Whose>,
    /// how to print
    #[command(flatten)]
    pub output: OfflineOutput,
}

/// Whose exit code the program ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Whose {
    /// Ours: the class of the first cause.
    Ours,
}
