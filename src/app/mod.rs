//! The one place that knows every room: it leads a run from what was typed to how it ends.

mod build;
mod carry;
mod explain;
mod guard;
mod headline;
mod live;
mod network;
mod offline;
mod output;
pub mod request_log;
mod simulated;
mod stop;

use crate::{
    cli::{Cli, Command},
    error::UserError,
    exit::Exit,
    settings::World,
};

pub use guard::{protect, run_safely, say_usage};

use self::{live::Live, output::Output};

/// Does what the command line says.
pub fn run(cli: &Cli) -> Exit {
    let machine = World::of_this_machine();
    let Some(command) = &cli.command else { return offline::welcome(&machine) };
    match command {
        Command::CheckKey(args) => live::run(&Live::CheckKey(args), &machine),
        Command::ListModels(args) => live::run(&Live::ListModels(args), &machine),
        Command::Doctor(args) => live::run(&Live::Doctor(args), &machine),
        Command::Explain(args) => explain::run(args, &machine),
        Command::Fixes(args) => offline::fixes(args, &machine),
        Command::Simulate(args) => offline::simulate(args, &machine),
        Command::Completions(args) => offline::completions(args, &machine),
        Command::Help(args) => offline::help(args, &machine),
    }
}

/// Tells why the job could not be done, in the format that was asked for where there is one.
fn refuse(output: &Output, command: &str, error: &UserError) -> Exit {
    output.refuse(&build::refusal(command, error), error);
    error.exit
}
