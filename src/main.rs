//! Parses, runs, ends. Everything else is in the library.

use std::process::ExitCode;

use gemini_doctor::{app, cli};

fn main() -> ExitCode {
    app::protect();
    let exit = match cli::parse(std::env::args_os()) {
        Ok(cli) => app::run_safely(&cli),
        Err(error) => app::say_usage(&error),
    };
    ExitCode::from(exit.code())
}
