//! `count-tokens`: how many tokens a text or a request is, and what that means: the model's limit, a gate, a
//! pace, a price. Its arguments, and how its results read. Neither reads nor counts.

mod amount;
mod basis;
mod context;
mod cost;
mod data;
pub mod delivery;
mod gate;
pub mod hidden;
mod input;
mod lossy;
mod notes;
mod openai;
mod pace;
pub mod plan;
mod sheets;
mod sure;
mod told;
mod words;

use std::{num::NonZeroUsize, path::PathBuf};

use clap::Args;

use crate::settings::Given;

pub use crate::{
    facts::{
        limits::Limits,
        tokenizers::{Measured, Standing},
    },
    tokens::body::{Body, Certainty, Line, Note, Place, Tally},
};
pub use amount::{amount, positive};
pub use basis::{Basis, Choice, known_vocabulary};
pub use context::Granted;
pub use cost::{Prices, money};
pub use input::{Input, Request, Seen};
pub use lossy::Lossy;
pub use openai::{Compared, Openai};
pub use told::{Aside, Told, told};
pub use words::{counted, grouped, percent};

const EXAMPLES: &str = "\
Nothing is sent and no key is read, but for --verify, --prove-delivery and
--find-ceiling. Directories are read as ripgrep reads them: hidden files and what
.gitignore and .ignore name are left out, links within are not followed, and files
with a NUL in their first 64 KiB are no text. Exit 2 if anything that was named
could not be counted; the rest is counted all the same.

Examples:
  gemini-doctor count-tokens prompt.txt --model gemini-2.5-flash
  gemini-doctor count-tokens src docs '**/*.md' --max 750k
  git diff | gemini-doctor count-tokens --format json | jq .data.total.tokens
  gemini-doctor count-tokens --request body.json --prices prices.toml
  gemini-doctor count-tokens book.txt --plan --split chunks
  gemini-doctor count-tokens --request body.json --verify
  gemini-doctor count-tokens --prove-delivery --simulate truncate-tail --yes

A file of prices, per million tokens:
  as_of = \"2026-11-20\"
  currency = \"USD\"
  [models.\"gemini-2.5-pro\"]
  input = 1.25
  output = 10.0
  above = 200000          # from here on, if larger prompts cost more
  input_above = 2.5
  output_above = 15.0";

/// What `count-tokens` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct CountTokens {
    /// files, directories, patterns such as '**/*.md'; - or nothing reads standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// a request's JSON body, of generateContent or of OpenAI's chat; - for standard input
    #[arg(long, value_name = "FILE", help_heading = "Inputs")]
    pub request: Option<PathBuf>,
    /// also what .gitignore and .ignore leave out
    #[arg(long, help_heading = "Inputs")]
    pub no_ignore: bool,
    /// also hidden files
    #[arg(long, help_heading = "Inputs")]
    pub hidden: bool,
    /// count so many files side by side [default: one a core]
    #[arg(short, long, value_name = "N", help_heading = "Inputs")]
    pub jobs: Option<NonZeroUsize>,

    /// count with this SentencePiece model or tokenizer.json instead
    #[arg(long, value_name = "FILE", help_heading = "Counting")]
    pub tokenizer: Option<PathBuf>,
    /// also count as OpenAI's models do: o200k_base and cl100k_base
    #[arg(long, help_heading = "Counting")]
    pub compare: bool,

    /// fail (exit 1) above so many tokens; exit 5 if an estimate cannot tell: 750000, 750k, 1M
    #[arg(long, value_name = "N", value_parser = amount::amount, help_heading = "Meaning")]
    pub max: Option<u64>,
    /// take an estimate to be off by so many percent at most, for --max
    #[arg(long, value_name = "PERCENT", value_parser = amount::percent, help_heading = "Meaning")]
    pub margin: Option<f64>,
    /// take this for the model's input limit [default: the dated table's]
    #[arg(long, value_name = "N", value_parser = amount::positive, help_heading = "Meaning")]
    pub limit: Option<u64>,
    /// how often a minute this fits into a quota of so many tokens a minute
    #[arg(long, value_name = "N", value_parser = amount::positive, help_heading = "Meaning")]
    pub tpm: Option<u64>,
    /// what this costs by a TOML file of prices; none are built in
    #[arg(long, value_name = "FILE", help_heading = "Meaning")]
    pub prices: Option<PathBuf>,

    /// what nobody sees in a text
    #[command(flatten)]
    pub hidden_chars: hidden::HiddenArgs,
    /// chunks that fit
    #[command(flatten)]
    pub plan: plan::PlanArgs,
    /// the live part
    #[command(flatten)]
    pub delivery: delivery::DeliveryArgs,

    /// list every input, not only the largest
    #[arg(long, help_heading = "Output")]
    pub list: bool,
    /// what all live commands take
    #[command(flatten)]
    pub given: Given,
}
