//! What can be typed. No I/O: the meaning of what was typed is found in `settings`.

mod deferred;
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

use self::deferred::Deferred;

/// The definition of the command line, its help grouped by what commands are for.
pub fn definition() -> clap::Command {
    let plain = Cli::command();
    let groups = topics::groups(&plain);
    plain.help_template(groups).after_help(topics::AFTER_HELP)
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
    CheckKey(Deferred<CheckKey>),
    /// list this key's models, look one up, or check a route file
    ListModels(Deferred<ListModels>),
    /// an honest verdict on a model name that fails at times: how often, why, what a retry is worth
    ProbeAlias(Deferred<ProbeAlias>),
    /// does the protocol matter here, and how much of the wait is it? HTTP/1.1, HTTP/2 and others, timed
    BenchTransport(Deferred<BenchTransport>),
    /// two sides asked the same, and only what differs: gateway or direct, two keys, two models, two machines
    Compare(Deferred<Compare>),
    /// why this machine cannot, or should not, trust that connection: chain, stores, what stands between
    TlsCheck(Deferred<TlsCheck>),
    /// every layer in one run, root cause first: this machine, network, key, model, alias, stream
    Doctor(Deferred<Doctor>),
    /// what a pasted error means, offline: the cause, the fix, the evidence
    Explain(Deferred<Explain>),
    /// which field of a request the API would refuse, where it stands and what to write, before it is sent
    Lint(Deferred<Lint>),
    /// how many tokens a text, a tree or a request is, offline; and whether a long prompt arrives whole
    CountTokens(Deferred<CountTokens>),
    /// which part of a request body does the service refuse? taken apart until it is known, mostly free
    Bisect(Deferred<Bisect>),
    /// the known fixes: list, search, or one in full
    Fixes(Deferred<Fixes>),
    /// may this deploy go on? checks, service levels and waivers of a file or built in; one exit code
    Gate(Deferred<GateArgs>),
    /// probes on a schedule: how a model stands now, since when, and a command when that changes
    Watch(Deferred<Watch>),
    /// what the calls in a log show: when it began, what failed, why the 429s, who used how much; offline
    ReadLog(Deferred<ReadLog>),
    /// join logs of several machines exactly: HdrHistograms an arm, or calls in the order of time
    Merge(Deferred<Merge>),
    /// the launch checklist: what is shown, what is only said, what is open
    Ready(Deferred<Ready>),
    /// a dishonest Gemini on loopback, for your own client; --grade puts that through an exam
    Simulate(Deferred<Simulate>),
    /// print the completion script of a shell
    Completions(Deferred<Completions>),
    /// help on a command or a topic: exit-codes, variables, scenarios
    Help(Deferred<Help>),
}

/// What `help` takes.
#[derive(clap::Args)]
pub struct Help {
    /// a command, or a topic: exit-codes, variables, scenarios
    #[arg(value_name = "TOPIC")]
    pub topic: Option<String>,
}
