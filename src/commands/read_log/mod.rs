//! `read-log`: what the calls in a log show, weeks or minutes later: when it began, what failed, why there were 429s,
//! who used how much. Its arguments, and how its results read. Opens no file and counts nothing.

mod limits;
mod sheets;
mod told;
mod typed;
mod words;

use std::path::PathBuf;

use clap::Args;

pub use told::{Told, told};
pub(super) use typed::names;

const EXAMPLES: &str = "\
A log has an object or a row of CSV a call. Names are read in camelCase and snake_case,
and by those that clients and gateways use (usageMetadata.promptTokenCount, @timestamp,
completion_tokens); --map tells others. Bad lines are counted and shown, and the rest
is read. Nothing is sent, and memory does not grow with the log.

Examples:
  gemini-doctor read-log calls.ndjson
  kubectl logs deploy/api | gemini-doctor read-log - --limits rpm=1000,tpm=4M
  gemini-doctor read-log calls.csv --map team_id=squad --prices prices.toml
  gemini-doctor read-log calls.ndjson --report markdown=post-mortem.md
  gemini-doctor read-log calls.ndjson --require request_id,team_id,input_tokens

Exit 0 whatever the log shows; 1 where a field of --require is missing in any call;
2 where nothing in a log could be read; 5 where it does not say how calls ended. A file of prices: count-tokens --help.";

/// What `read-log` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ReadLog {
    /// logs of calls: JSON lines or CSV of an application, or what --log and watch wrote; - is standard input
    #[arg(value_name = "LOG", required = true)]
    pub logs: Vec<PathBuf>,
    /// the log's own name for a field, such as team_id=squad or input_tokens=usage.in (repeatable)
    #[arg(long, value_name = "FIELD=NAME", help_heading = "Reading")]
    pub map: Vec<String>,
    /// fail (exit 1) unless every call has these fields: request_id,team_id,... or all
    #[arg(long, value_name = "FIELDS", help_heading = "Reading")]
    pub require: Option<String>,

    /// the quotas of the project, to hold the minutes before a 429 against: rpm=1000,tpm=4M,rpd=10k
    #[arg(long, value_name = "LIMITS", help_heading = "Meaning")]
    pub limits: Option<String>,
    /// what calls cost by a TOML file of prices; none are built in
    #[arg(long, value_name = "FILE", help_heading = "Meaning")]
    pub prices: Option<PathBuf>,
    /// what if no answer had more than so many tokens
    #[arg(long, value_name = "N", value_parser = super::count_tokens::positive, help_heading = "Meaning")]
    pub what_if_output: Option<u64>,

    /// show so many rows of each table [default: 5]
    #[arg(
        long,
        value_name = "N",
        default_value = "5",
        hide_default_value = true,
        help_heading = "Output"
    )]
    pub top: usize,
    /// write the result as table, plain, json, ndjson or markdown [default: table]
    #[arg(long, value_name = "F", help_heading = "Output")]
    pub format: Option<String>,
    /// also write the result in a format to a file: table, plain, json, ndjson, markdown or html (repeatable)
    #[arg(long, value_name = "FORMAT=PATH", help_heading = "Output")]
    pub report: Vec<String>,
    /// when to use colour [default: auto]
    #[arg(long, value_name = "WHEN", help_heading = "Output")]
    pub color: Option<crate::settings::ColorChoice>,
    /// no progress and no remarks on standard error
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
}
