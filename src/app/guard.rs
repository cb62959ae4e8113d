//! What holds for the whole process: no core file may hold a key, and a panic is an exit code.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{cli::Cli, exit::Exit, redact::Redactor, settings::World, terminal};

use super::{output::Output, run};

/// Forbids core files and makes panics speak clean words, before anything is read.
pub fn protect() {
    forbid_core_files();
    terminal::install_panic_hook(Redactor::new(&[]));
}

/// Runs, and turns a bug into its exit code. The panic hook has told about it already.
pub fn run_safely(cli: &Cli) -> Exit {
    catch_unwind(AssertUnwindSafe(|| run(cli))).unwrap_or(Exit::Internal)
}

/// Shows what the reading of the arguments ended with: help and version on standard output, the rest
/// on standard error. A key that was typed where it does not belong is scrubbed from it.
pub fn say_usage(error: &clap::Error) -> Exit {
    let output = Output::plain(&World::of_this_machine());
    if error.use_stderr() {
        output.complain(&error.render().to_string());
        return Exit::Usage;
    }
    output.text(&error.render().to_string());
    Exit::Healthy
}

/// A process that may not write core files leaves no key in one.
#[cfg(unix)]
fn forbid_core_files() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    // Where it is not allowed, the system's own limit holds.
    let _ = setrlimit(Resource::Core, none);
}

#[cfg(not(unix))]
fn forbid_core_files() {}
