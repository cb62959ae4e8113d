//! Parses, runs, ends. Everything else is in the library.

use std::{ffi::OsString, process::ExitCode};

use gemini_doctor::{app, cli};

fn main() -> ExitCode {
    app::protect();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let status = match cli::parse(arguments.iter().cloned()) {
        Ok(cli) => app::run_safely(&cli),
        Err(error) => app::say_usage(&error, &arguments).code(),
    };
    ExitCode::from(status)
}
