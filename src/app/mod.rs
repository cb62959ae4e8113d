//! The one place that knows every room: it leads a run from what was typed to how it ends.

mod bisect;
mod build;
mod carry;
mod compare;
mod count_tokens;
#[cfg(test)]
mod evidence_tests;
mod explain;
mod gate;
mod grade;
mod guard;
mod headline;
mod lint;
mod live;
mod logs;
mod merge;
mod network;
mod offline;
pub mod otlp;
mod output;
mod read_log;
mod ready;
pub mod request_log;
mod simulated;
mod stop;
mod watch;

use crate::{
    cli::{Cli, Command},
    error::UserError,
    exit::Exit,
    settings::World,
};

pub use guard::{protect, run_safely, say_usage};

use self::{live::Live, output::Output};

/// Does what the command line says, to the status that the shell sees: one of ours, or that of a
/// command which was wrapped.
pub fn run(cli: &Cli) -> u8 {
    let machine = World::of_this_machine();
    let exit = match &cli.command {
        None => offline::welcome(&machine),
        Some(Command::Explain(args)) => return explain::run(args, &machine),
        Some(Command::CheckKey(args)) => live::run(&Live::CheckKey(args), &machine),
        Some(Command::ListModels(args)) => live::run(&Live::ListModels(args), &machine),
        Some(Command::ProbeAlias(args)) => live::run(&Live::ProbeAlias(args), &machine),
        Some(Command::BenchTransport(args)) => live::run(&Live::BenchTransport(args), &machine),
        Some(Command::Compare(args)) => live::run(&Live::Compare(args), &machine),
        Some(Command::TlsCheck(args)) => live::run(&Live::TlsCheck(args), &machine),
        Some(Command::Watch(args)) => watch::run(args, &machine),
        Some(Command::Doctor(args)) => live::run(&Live::Doctor(args), &machine),
        Some(Command::CountTokens(args)) => count_tokens::run(args, &machine),
        Some(Command::Lint(args)) => lint::run(args, &machine),
        Some(Command::Bisect(args)) => bisect::run(args, &machine),
        Some(Command::Gate(args)) => gate::run(args, &machine),
        Some(Command::Fixes(args)) => offline::fixes(args, &machine),
        Some(Command::ReadLog(args)) => read_log::run(args, &machine),
        Some(Command::Merge(args)) => merge::run(args, &machine),
        Some(Command::Ready(args)) => ready::run(args, &machine),
        Some(Command::Simulate(args)) => offline::simulate(args, &machine),
        Some(Command::Completions(args)) => offline::completions(args, &machine),
        Some(Command::Help(args)) => offline::help(args, &machine),
    };
    exit.code()
}

/// Tells why the job could not be done, in the format that was asked for where there is one.
fn refuse(output: &Output, command: &str, error: &UserError) -> Exit {
    output.refuse(&build::refusal(command, error), error);
    error.exit
}
