//! What can be typed. No I/O: the meaning of what was typed is found in `settings`.

pub mod generate;
pub mod topics;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::{
    bench_transport::BenchTransport, bisect::Bisect, check_key::CheckKey, compare::Compare,
    completions::Completions, count_tokens::CountTokens, doctor::Doctor, explain::Explain,
    fixes::Fixes, gate::GateArgs, lint::Lint, list_models::ListModels, merge::Merge,
    probe_alias::ProbeAlias, read_log::ReadLog, ready::Ready, simulate::Simulate,
    tls_check::TlsCheck, watch::Watch,
};

/// The definition of the command line, its help grouped by what commands are for.
pub fn definition() -> clap::Command {
    let plain = Cli::command();
    let groups = topics::groups(&plain);
    let grouped = plain.help_template(groups).after_help(topics::AFTER_HELP);
    // Changing one alone would move it behind all others.
    grouped.mut_subcommands(|command| match command.get_name() {
        "doctor" => command.after_help(topics::AFTER_DOCTOR),
        _ => command,
    })
}

/// Reads the program's arguments. Wrong ones, `--help` and `--version` are the error.
pub fn parse(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Cli, clap::Error> {
    Cli::from_arg_matches(&definition().try_get_matches_from(arguments)?)
}

/// The command line.
#[derive(Parser)]
#[command(
    name = "gemini-doctor",
    version,
    about = "Finds the broken layer behind a failing Gemini API call, its cause, and the fix that works",
    disable_help_subcommand = true,
    subcommand_required = false,
    max_term_width = 100
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The subcommands.
#[derive(Subcommand)]
pub enum Command {
    /// validate a key layer by layer; stop at the first that is broken and name it
    CheckKey(CheckKey),
    /// list this key's models, look one up, or check a route file
    ListModels(ListModels),
    /// an honest verdict on a model name that fails at times: how often, why, what a retry is worth
    ProbeAlias(Box<ProbeAlias>),
    /// does the protocol matter here, and how much of the wait is it? HTTP/1.1, HTTP/2 and others, timed
    BenchTransport(Box<BenchTransport>),
    /// two sides asked the same, and only what differs: gateway or direct, two keys, two models, two machines
    Compare(Box<Compare>),
    /// why this machine cannot, or should not, trust that connection: chain, stores, what stands between
    TlsCheck(Box<TlsCheck>),
    /// every layer in one run, root cause first: this machine, network, key, model, alias, stream
    Doctor(Doctor),
    /// what a pasted error means, offline: the cause, the fix, the evidence
    Explain(Explain),
    /// which field of a request the API would refuse, where it stands and what to write, before it is sent
    Lint(Box<Lint>),
    /// how many tokens a text, a tree or a request is, offline; and whether a long prompt arrives whole
    CountTokens(Box<CountTokens>),
    /// which part of a request body does the service refuse? taken apart until it is known, mostly free
    Bisect(Box<Bisect>),
    /// the known fixes: list, search, or one in full
    Fixes(Fixes),
    /// may this deploy go on? checks, service levels and waivers of a file or built in; one exit code
    Gate(Box<GateArgs>),
    /// probes on a schedule: how a model stands now, since when, and a command when that changes
    Watch(Box<Watch>),
    /// what the calls in a log show: when it began, what failed, why the 429s, who used how much; offline
    ReadLog(ReadLog),
    /// join logs of several machines exactly: HdrHistograms an arm, or calls in the order of time
    Merge(Merge),
    /// the launch checklist: what is shown, what is only said, what is open
    Ready(Box<Ready>),
    /// a dishonest Gemini on loopback, for your own client; --grade puts that through an exam
    Simulate(Simulate),
    /// print the completion script of a shell
    Completions(Completions),
    /// help on a command or a topic: exit-codes, variables, scenarios
    Help(Help),
}

/// What `help` takes.
#[derive(clap::Args)]
pub struct Help {
    /// a command, or a topic: exit-codes, variables, scenarios
    #[arg(value_name = "TOPIC")]
    pub topic: Option<String>,
}
