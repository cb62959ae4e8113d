//! The one document every command fills. Its serialised form is a contract: see `schema`.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::recorded::Recorded;
use crate::{
    diagnose::Finding,
    facts::{Attempt, Check, KeyKind, Sample, Severity, Status},
};

/// The version of the JSON document. Additive changes only within a major version.
pub const SCHEMA_VERSION: &str = "1.0";

/// The document.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    /// The version of this document's form.
    pub schema_version: String,
    /// What made it.
    pub tool: Tool,
    /// The run it tells of.
    pub run: Run,
    /// What was asked.
    pub target: Target,
    /// With which credential.
    pub credential: Credential,
    /// The result.
    pub verdict: Verdict,
    /// The rows, in the order in which they were asked.
    pub checks: Vec<Check>,
    /// The causes, ranked, best first.
    pub findings: Vec<Finding>,
    /// Every request of the run.
    pub attempts: Vec<Attempt>,
    /// Every timed call of a benchmark, which is no attempt.
    pub samples: Vec<Sample>,
    /// The command's own results.
    #[schemars(with = "serde_json::Map<String, Value>")]
    pub data: Value,
    /// What this run does not show.
    pub limits: Vec<String>,
    /// Why the program could not do its job, where it could not.
    pub error: Option<ErrorInfo>,
    /// Latencies that were counted by value elsewhere, for formats that draw them or pass them on.
    #[serde(skip)]
    pub recorded: Vec<Recorded>,
    /// Places in files that findings are about, for formats that lead there.
    #[serde(skip)]
    pub places: Vec<Place>,
    /// The command's own tables, for formats that people read.
    #[serde(skip)]
    pub sheets: Vec<Sheet>,
    /// The command's own remarks, for formats that people read.
    #[serde(skip)]
    pub remarks: Vec<Remark>,
}

/// A place in a file that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The id of the known fix, or of what is told in `about`.
    pub rule: String,
    /// What its rule is, where that is no known fix.
    pub about: Option<About>,
    /// How bad it is.
    pub level: Severity,
    /// What is there, in a sentence without its final stop.
    pub message: String,
    /// The file, from the repository's root on, or outside of one from the working directory.
    pub file: String,
    /// The file in that archive.
    pub member: Option<String>,
    /// The line, from 1, where the file is a text.
    pub line: Option<usize>,
    /// The column in characters, from 1, where the file is a text.
    pub column: Option<usize>,
    /// The offset in bytes.
    pub offset: u64,
    /// What stays the same of it where lines move.
    pub stable: String,
}

/// What a rule is that is no known fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// It in one short sentence without its final stop.
    pub title: &'static str,
    /// Why it is one.
    pub why: &'static str,
    /// Where it is documented.
    pub page: &'static str,
    /// How bad it is.
    pub level: Severity,
}

/// A labelled remark of a command's own. One called `retry` takes the place of the first finding's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remark {
    /// One word, or two short ones.
    pub label: &'static str,
    /// A sentence without its final stop.
    pub text: String,
    /// What to copy.
    pub command: Option<String>,
}

/// The program.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Tool {
    /// `gemini-doctor`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The day the newest known fix was checked.
    pub catalogue_as_of: String,
}

/// One run of it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Run {
    /// Unique to the run.
    pub id: String,
    /// The subcommand.
    pub command: String,
    /// When it began, RFC 3339 in UTC.
    pub started_at: String,
    /// How long it took.
    pub duration_ms: f64,
    /// The seed of everything random in it.
    pub seed: u64,
    /// The scenario, where nothing of it was real.
    pub simulated: Option<String>,
    /// Whether nothing was sent, only planned.
    pub dry_run: bool,
    /// What it was allowed and what it used.
    pub budget: Budget,
}

/// What a run costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Budget {
    /// The most requests it may send.
    pub requests_max: u64,
    /// The requests it sent.
    pub requests_used: u64,
    /// Those among them that can be charged for.
    pub paid_requests_used: u64,
    /// Tokens sent, as the answers say.
    pub input_tokens: u64,
    /// Tokens received, thinking included, as the answers say.
    pub output_tokens: u64,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Target {
    /// Where requests went.
    pub base_url: String,
    /// Where that came from.
    pub base_url_source: String,
    /// Which API was spoken there: `gemini`, `openai`, `vertex` or `express`.
    pub api: String,
    /// The API version asked.
    pub api_version: String,
    /// The model asked about.
    pub model: Option<String>,
    /// Where its name came from.
    pub model_source: Option<String>,
}

/// The credential, without itself.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Credential {
    /// Its kind.
    pub kind: KeyKind,
    /// Where it came from: `env:GEMINI_API_KEY`, `.env:3`.
    pub source: Option<String>,
    /// The first bytes of its hash.
    pub fingerprint: Option<String>,
    /// The project it belongs to, where an answer said so.
    pub project: Option<String>,
}

/// The result in short.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Verdict {
    /// The worst that was found.
    pub status: Status,
    /// How the program ends.
    pub exit_code: u8,
    /// One word in capitals: PASS, FAIL, WARN, FLAKY.
    pub word: String,
    /// One plain sentence that could stand alone in a chat.
    pub sentence: String,
    /// What the exit code means here: `Exit 1 (yours to fix).`
    pub exit_meaning: String,
    /// How many checks ended how.
    pub summary: Summary,
    /// The command that leads on.
    pub next: Option<String>,
}

/// How many checks ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// As they should be.
    pub pass: u32,
    /// With something to say.
    pub warn: u32,
    /// Broken.
    pub fail: u32,
    /// Not asked.
    pub skip: u32,
    /// Not decided.
    pub inconclusive: u32,
}

/// Why the program could not do its job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ErrorInfo {
    /// What was wrong, and where.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// A table of a command's own, with its cells as text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// What it shows; empty for none.
    pub title: String,
    /// The heads of its columns.
    pub columns: Vec<Column>,
    /// Its rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<String>>,
    /// Lines to print under it, never wrapped or cut.
    pub notes: Vec<String>,
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its words.
    pub head: String,
    /// Whether it holds numbers, which stand to the right.
    pub number: bool,
}

impl Column {
    /// A column of words.
    pub fn text(head: &str) -> Self {
        Self { head: head.to_owned(), number: false }
    }

    /// A column of numbers.
    pub fn number(head: &str) -> Self {
        Self { head: head.to_owned(), number: true }
    }
}
