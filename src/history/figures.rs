//! What a log shows, in numbers: a contract with programs that read it, see `docs/schema/read-log.schema.json`. Words
//! for people are made elsewhere.

use schemars::JsonSchema;
use serde::Serialize;

use crate::facts::time;

/// What `read-log` puts into `data`. Unknown is `null`, times are RFC 3339 in UTC, shares are parts of one.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Figures {
    /// The logs that were read.
    pub files: Vec<File>,
    /// All calls.
    pub calls: u64,
    /// Those with an answer.
    pub answered: u64,
    /// Those without.
    pub failed: u64,
    /// Those of which the log does not say how they ended.
    pub untold: u64,
    /// Calls without a time that could be read.
    pub undated: u64,
    /// How many of the calls whose end is known failed.
    pub failure_rate: Option<Rate>,
    /// The first call.
    pub first_at: Option<String>,
    /// The last call.
    pub last_at: Option<String>,
    /// Which fields how many calls have.
    pub fields: Vec<Coverage>,
    /// Fields that were required and that some calls lack.
    pub missing_required: Vec<String>,
    /// The log cut where the failure rate changed, in order.
    pub periods: Vec<Period>,
    /// When there was trouble.
    pub troubles: Vec<Trouble>,
    /// What failed, by status and cause, most first.
    pub failures: Vec<Failure>,
    /// What was sent again.
    pub retries: Retries,
    /// What 429s show, where there are any.
    pub quota: Option<Quota>,
    /// How long answers took.
    pub latency: LatencyFigures,
    /// Who used how much.
    pub usage: Usage,
    /// The first lines that could not be read.
    pub bad_lines: Vec<BadLine>,
}

/// One log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct File {
    /// As it was named.
    pub name: String,
    /// `json lines` or `csv`.
    pub form: Option<String>,
    /// `utf-8`, `utf-8-bom`, `utf-16-le` or `utf-16-be`.
    pub encoding: String,
    /// Its lines.
    pub lines: u64,
    /// Those that are calls.
    pub calls: u64,
    /// Those that are read and say nothing of a call.
    pub other_lines: u64,
    /// Those that could not be read.
    pub bad_lines: u64,
    /// Whether its last line was cut short, and left out.
    pub is_cut: bool,
}

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BadLine {
    /// The log.
    pub file: String,
    /// Its number, from 1.
    pub line: u64,
    /// The column in characters, from 1.
    pub column: u64,
    /// What is wrong there.
    pub why: String,
}

/// A rate with its 95 % interval.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Rate {
    /// The rate.
    pub value: f64,
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// `wilson`.
    pub method: String,
}

/// How many calls have a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Coverage {
    /// The field.
    pub field: String,
    /// Calls that should have it: tokens are asked of answered calls alone, a status of calls without a failure.
    pub wanted: u64,
    /// Those among them that have it.
    pub present: u64,
    /// Whether `--require` asks for it.
    pub required: bool,
}

/// A stretch of time with one failure rate.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Period {
    /// Its first call.
    pub from: String,
    /// Its last call.
    pub to: String,
    /// Calls whose end is known.
    pub calls: u64,
    /// Those that failed.
    pub failed: u64,
    /// Their share.
    pub failure_rate: f64,
    /// The lower end of its 95 % interval (Wilson).
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// When it began at the earliest, at 95 %; of the first period nobody knows.
    pub began_earliest: Option<String>,
    /// When it began at the latest.
    pub began_latest: Option<String>,
    /// Whether clearly more failed than in the quietest period.
    pub is_trouble: bool,
    /// What failed most: `429`, `4xx`, `5xx` or `no answer`.
    pub mostly: Option<String>,
}

/// A time of trouble.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Trouble {
    /// When it began; `null` where it had begun before the log.
    pub began: Option<String>,
    /// At the earliest, at 95 %.
    pub began_earliest: Option<String>,
    /// At the latest.
    pub began_latest: Option<String>,
    /// When it ended; `null` where it had not when the log ends.
    pub ended: Option<String>,
    /// At the earliest, at 95 %.
    pub ended_earliest: Option<String>,
    /// At the latest.
    pub ended_latest: Option<String>,
    /// The last call in it.
    pub last_call: String,
    /// Calls in it.
    pub calls: u64,
    /// Those that failed.
    pub failed: u64,
    /// What failed most.
    pub mostly: Option<String>,
}

/// Failures of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Failure {
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// The cause in the log's words, without numbers that differ from call to call.
    pub cause: Option<String>,
    /// How many.
    pub calls: u64,
    /// Their share of all calls.
    pub share: f64,
    /// The first.
    pub first_at: Option<String>,
    /// The last.
    pub last_at: Option<String>,
}

/// What was sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Retries {
    /// Calls that were retries.
    pub seen: Option<u64>,
    /// Calls that ended with 400, 401, 403 or 404.
    pub permanent_errors: u64,
    /// Retries after such an error that failed as well.
    pub wasted: Option<u64>,
    /// Retries after such an error that were answered, which should not be.
    pub worked: Option<u64>,
    /// What tells it: `request_id` or `retry_count`.
    pub basis: Option<String>,
    /// Fields that would tell more.
    pub missing: Vec<String>,
    /// Whether no request id comes twice.
    pub ids_are_unique: bool,
    /// Whether there were more failed requests than are remembered.
    pub has_forgotten: bool,
}

/// What 429s show: of the model and the project with the most of them.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Quota {
    /// All 429s.
    pub refused: u64,
    /// The model that has most of them.
    pub model: Option<String>,
    /// Its project.
    pub project: Option<String>,
    /// Their number there.
    pub refused_there: u64,
    /// The id of the first question that is answered with yes.
    pub cause: Option<String>,
    /// The limit that was reached.
    pub limit: Limit,
    /// The five questions, in their order.
    pub questions: Vec<Question>,
    /// Calls that came too late in the log for the figures by minute.
    pub late_lines: u64,
}

/// Which limit refuses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Limit {
    /// `requests_per_minute`, `input_tokens_per_minute` or `requests_per_day`.
    pub limit: Option<String>,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// What shows it.
    pub evidence: String,
}

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Question {
    /// `spike`, `tokens`, `shared`, `retries` or `quota`.
    pub id: String,
    /// In words.
    pub question: String,
    /// `yes`, `no` or `cannot be told`.
    pub answer: String,
    /// The middle of what was there in the minutes before 429s.
    pub before: Option<f64>,
    /// The middle of what is there in other minutes.
    pub usual: Option<f64>,
    /// How many times the usual that is.
    pub ratio: Option<f64>,
    /// The share of batch jobs or retries in the minutes before.
    pub share: Option<f64>,
    /// Fields that are missing for an answer, or for a fuller one.
    pub missing: Vec<String>,
    /// The numbers in words.
    pub evidence: String,
}

/// How long answers took. Failed calls are in no latency.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LatencyFigures {
    /// Of all calls.
    pub all: Latency,
    /// By model, most calls first.
    pub by_model: Vec<Latency>,
    /// By the length of the input.
    pub by_context: Vec<Context>,
}

/// Percentiles, exact to 0.1 %; none where there are too few calls: 5, 20 and 1,000.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Latency {
    /// Of what.
    pub name: String,
    /// Answered calls with a latency.
    pub answered: u64,
    /// Half of them took no longer.
    pub p50_ms: Option<f64>,
    /// 95 % of them.
    pub p95_ms: Option<f64>,
    /// 99 % of them.
    pub p99_ms: Option<f64>,
    /// The longest.
    pub max_ms: Option<f64>,
}

/// Calls with inputs of about one length.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Context {
    /// Their input tokens.
    pub input_tokens: String,
    /// Calls whose end is known.
    pub calls: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those that took too long for somebody: 408, 499, 504 or a time-out.
    pub timed_out: u64,
    /// Half of the answered calls took no longer.
    pub p50_ms: Option<f64>,
    /// 95 % of them.
    pub p95_ms: Option<f64>,
    /// 99 % of them.
    pub p99_ms: Option<f64>,
}

/// Who used how much.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Usage {
    /// What shares are shares of: `cost`, `tokens` or `calls`.
    pub measure: String,
    /// The currency of all costs.
    pub currency: Option<String>,
    /// The day the prices were looked up.
    pub prices_as_of: Option<String>,
    /// Everything.
    pub total: Total,
    /// By model, most first; empty where the log has no such field.
    pub by_model: Vec<Share>,
    /// By team.
    pub by_team: Vec<Share>,
    /// By task.
    pub by_task: Vec<Share>,
    /// By business tag.
    pub by_tag: Vec<Share>,
    /// What shorter answers would have saved, where that was asked.
    pub what_if: Option<WhatIf>,
}

/// Everything that was used.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Total {
    /// Calls.
    pub calls: u64,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// What they cost, by the prices given.
    pub cost: Option<f64>,
    /// Calls with tokens whose model has no price.
    pub unpriced_calls: Option<u64>,
}

/// A part of everything that was used.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Share {
    /// Whose it is.
    pub name: String,
    /// Calls.
    pub calls: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those among them that ended with 429.
    pub refused_429: u64,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// What they cost.
    pub cost: Option<f64>,
    /// The share of everything, by the measure.
    pub share: f64,
}

/// What would be if no answer were longer than this.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct WhatIf {
    /// The length asked about.
    pub output_tokens_max: u64,
    /// The mean length of answers.
    pub mean_output_tokens: Option<f64>,
    /// All output tokens.
    pub output_tokens_now: u64,
    /// What of them would be left.
    pub output_tokens_then: u64,
    /// The difference in percent.
    pub output_change_percent: Option<f64>,
    /// What everything costs.
    pub cost_now: Option<f64>,
    /// What it would cost.
    pub cost_then: Option<f64>,
    /// The difference in percent.
    pub cost_change_percent: Option<f64>,
}

/// Milliseconds since 1970 as text.
pub(super) fn at(unix_ms: i64) -> String {
    time::rfc3339(u64::try_from(unix_ms).unwrap_or(0))
}
