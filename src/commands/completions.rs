//! `completions`: the completion script of a shell, on standard output.

use clap::Args;
use clap_complete::Shell;

/// What `completions` takes.
#[derive(Args)]
pub struct Completions {
    /// the shell to complete for
    #[arg(value_enum)]
    pub shell: Shell,
}
