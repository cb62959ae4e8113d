//! What holds for the whole process: no core file may hold a key, and a panic is an exit code.

use std::{
    ffi::OsString,
    panic::{AssertUnwindSafe, catch_unwind},
};

use crate::{
    cli::{self, Cli},
    error::UserError,
    exit::Exit,
    facts::looks_like_key,
    redact::Redactor,
    report::Holds,
    settings::{Given, World},
    terminal,
};

use super::{output::Output, refuse, run};

/// Forbids core files and makes panics speak clean words, before anything is read.
pub fn protect() {
    forbid_core_files();
    terminal::install_panic_hook(Redactor::new(&[]));
}

/// Runs, and turns a bug into its exit code. The panic hook has told about it already.
pub fn run_safely(cli: &Cli) -> u8 {
    catch_unwind(AssertUnwindSafe(|| run(cli))).unwrap_or(Exit::Internal.code())
}

/// What stands behind two dashes is a command to `explain`, so that it is no way to write a text there.
fn without_the_dashes(words: &str, arguments: &[OsString]) -> String {
    let tip =
        |line: &&str| line.contains("tip: to pass ") && line.contains(" as a value, use '-- ");
    if arguments.get(1).is_none_or(|command| command != "explain") {
        return words.to_owned();
    }
    match words.lines().find(tip) {
        Some(line) => words.replace(line, "  tip: a text that begins with a dash can be piped in"),
        None => words.to_owned(),
    }
}

/// Shows what the reading of the arguments ended with: help and version on standard output, the rest
/// on standard error, or as a document where the arguments ask for one. A key that was typed where it
/// does not belong is scrubbed from it.
pub fn say_usage(error: &clap::Error, arguments: &[OsString]) -> Exit {
    let machine = World::of_this_machine();
    let words = without_the_dashes(&error.render().to_string(), arguments);
    if !error.use_stderr() {
        Output::plain(&machine).text(&words);
        return Exit::Healthy;
    }
    let given = Given { format: format_asked_for(arguments), ..Given::default() };
    match Output::new(&given, &machine, Holds::Checks) {
        Ok(output) if given.format.is_some() => {
            let what = words.lines().next().unwrap_or_default().trim_start_matches("error: ");
            let error = UserError::usage(what, "gemini-doctor help shows commands and options");
            refuse(&output, command_of(arguments), &error)
        }
        _ => {
            let output = Output::plain(&machine);
            output.complain(&words);
            if arguments.iter().any(|word| is_key(&word.to_string_lossy())) {
                output.note(KEY_TYPED);
            }
            Exit::Usage
        }
    }
}

/// The command that was typed, or the program itself.
fn command_of(arguments: &[OsString]) -> &str {
    let word = arguments.get(1).and_then(|word| word.to_str()).unwrap_or_default();
    let known = cli::definition().find_subcommand(word).is_some();
    if known { word } else { "gemini-doctor" }
}

/// A key as an argument, or behind the equals sign of one.
fn is_key(word: &str) -> bool {
    looks_like_key(word.rsplit('=').next().unwrap_or_default())
}

const KEY_TYPED: &str = "a key never goes on the command line: use GEMINI_API_KEY, --key-file or \
    --key-stdin, and replace this key, since the shell may have kept it";

/// The value of `--format` in arguments that could not be read as a whole, unless it is the usual one.
fn format_asked_for(arguments: &[OsString]) -> Option<String> {
    let mut words = arguments.iter().map(|word| word.to_string_lossy());
    let first = words.find(|word| word.starts_with("--format"))?;
    let value = match first.strip_prefix("--format=") {
        Some(value) => Some(value.to_owned()),
        None => words.next().map(|value| value.into_owned()),
    };
    value.filter(|value| !value.eq_ignore_ascii_case("table"))
}

/// A process that may not write core files leaves no key in one.
#[cfg(unix)]
fn forbid_core_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    // The hard limit stays: a command that is run for somebody may raise its own again.
    let none = Rlimit { current: Some(0), ..getrlimit(Resource::Core) };
    // Where it is not allowed, the system's own limit holds.
    let _ = setrlimit(Resource::Core, none);
}

#[cfg(not(unix))]
fn forbid_core_files() {}
