//! `simulate`: the embedded server on a port, for the users' own clients; the list of scenarios; and the exam
//! that a client can be put through.

pub mod exam;

use std::{ffi::OsString, net::SocketAddr, path::PathBuf};

use clap::Args;
use serde_json::{Value, json};

use crate::{
    error::UserError,
    report::document::{Column, Sheet},
    settings::ApiChoice,
    simulate::{self, Scenario},
};

use super::plans::OfflineOutput;

const EXAMPLES: &str = "\
A scenario file is TOML; gemini-doctor help scenarios is one with every kind of entry.

With --grade the scenario is an exam for your own client: 400, 401, 403, 404, 429,
500, 503, 504, RetryInfo and Retry-After, and what the client does next. Behind
two dashes stands a command that makes one call to one model and falls back as
your program does; it is run 14 times, in the first model's place a failure each
time, with GEMINI_API_KEY, GOOGLE_GEMINI_BASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL,
SSL_CERT_FILE, REQUESTS_CA_BUNDLE, NODE_EXTRA_CA_CERTS and such set to lead here;
the key is a made-up one, so that a client which calls elsewhere is refused there.
Without a command it waits for a call of yours, question by question. Exit 1 if a
line fails, 5 if one did not show.

  gemini-doctor simulate alias-404 --ca-out ca.pem
  gemini-doctor simulate --grade -- python app.py --once
  gemini-doctor simulate --grade --report json=grade.json -- node call.mjs
  gemini-doctor simulate --grade --ca-out ca.pem";

/// What `simulate` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Simulate {
    /// a built-in scenario, or the path of a scenario file
    #[arg(value_name = "SCENARIO", default_value = "healthy")]
    pub scenario: String,
    /// list the built-in scenarios, or those whose id, layer, summary or command holds this text
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = "")]
    pub list: Option<String>,
    /// where to listen; a loopback address
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8443")]
    pub listen: SocketAddr,
    /// write the throw-away CA certificate here, for clients to trust
    #[arg(long, value_name = "FILE", conflicts_with = "command")]
    pub ca_out: Option<PathBuf>,
    /// write one JSON line a request here, keys as fingerprints
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// stop after this many seconds instead of at Ctrl-C
    #[arg(long = "for", value_name = "SECS", conflicts_with = "command")]
    pub seconds: Option<f64>,
    /// end with exit 1 if fewer requests than this came
    #[arg(long, value_name = "N")]
    pub expect_calls: Option<u64>,
    /// seed of everything random [default: the scenario's own]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// grade how your client takes failures: what it repeats, how often, after which waits, and where it turns
    #[arg(long, conflicts_with_all = ["list", "log", "expect_calls", "seed"], help_heading = "Exam")]
    pub grade: bool,
    /// stop a run of the client after this many seconds
    #[arg(
        long,
        value_name = "SECS",
        requires = "grade",
        default_value_t = 40.0,
        help_heading = "Exam"
    )]
    pub limit: f64,
    /// run the client so many times side by side
    #[arg(long, value_name = "N", requires = "grade", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=16), help_heading = "Exam")]
    pub jobs: u8,
    /// without a command: a question is over after so many seconds without a request
    #[arg(
        long,
        value_name = "SECS",
        requires = "grade",
        default_value_t = 20.0,
        help_heading = "Exam"
    )]
    pub pause: f64,
    /// the client: a command that makes one call
    #[arg(last = true, value_name = "COMMAND", requires = "grade")]
    pub command: Vec<OsString>,
    /// which results of an exam fail the run: yours, unknown; or `warn`, or `never`
    #[arg(long, value_name = "LIST", requires = "grade", help_heading = "Output")]
    pub fail_on: Option<String>,
    /// also write the result of an exam to a file: json=PATH, junit=PATH, markdown=PATH ... (repeatable)
    #[arg(long, value_name = "FORMAT=PATH", requires = "grade", help_heading = "Output")]
    pub report: Vec<String>,
    /// how to print
    #[command(flatten)]
    pub output: OfflineOutput,
}

/// So many command lines are written out; of a longer list the table has the commands alone.
const WRITTEN_OUT: usize = 12;

/// The list of scenarios that hold a text: the sentence, data and table. All words of it must be there.
pub fn list(text: &str) -> Result<(String, Value, Vec<Sheet>), UserError> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let scenarios: Vec<&Scenario> =
        simulate::scenarios().filter(|scenario| holds(scenario, &words)).collect();
    if scenarios.is_empty() {
        let what = format!("could not find a scenario that holds {text:?}");
        let hint = "give a layer such as tls, a part of an id, or a command: gemini-doctor simulate --list quota";
        return Err(UserError::usage(what, hint));
    }
    let is_short = scenarios.len() <= WRITTEN_OUT;
    let sheet = Sheet {
        title: String::new(),
        columns: ["scenario", "layer", "what is broken"].map(Column::text).to_vec(),
        rows: scenarios.iter().map(|scenario| row(scenario, is_short)).collect(),
        // Whole, to be copied: a column would break them.
        notes: scenarios.iter().filter(|_| is_short).map(|one| see_with(one)).collect(),
    };
    let count = match scenarios.len() {
        1 => "1 scenario".to_owned(),
        count => format!("{count} scenarios"),
    };
    let how = match is_short {
        true => "each with the command line that shows it.",
        false => {
            "--simulate SCENARIO shows one, with check-key or with the command in brackets; \
             --list TEXT finds some."
        }
    };
    let sentence = format!("{count}; {how}");
    let faults: Vec<Value> = scenarios.into_iter().map(scenario_json).collect();
    Ok((sentence, json!({ "faults": faults }), vec![sheet]))
}

/// The command line that shows a scenario.
pub fn see_with(scenario: &Scenario) -> String {
    format!("gemini-doctor {} --simulate {}", command(scenario).join(" "), scenario.id)
}

/// The API that a scenario is about, where nothing of it shows by another one: its machine has a login, or a key
/// of the cloud platform, and nothing else.
pub fn api(scenario: &Scenario) -> Option<ApiChoice> {
    let named = scenario.command.windows(2).find(|pair| pair[0] == "--api").map(|pair| pair[1]);
    let of_cloud = [ApiChoice::Vertex, ApiChoice::Express];
    of_cloud.into_iter().find(|api| scenario.is_of_cloud() && named == Some(api.word()))
}

/// What it is seen with, without the API that it brings along.
fn command(scenario: &Scenario) -> Vec<&'static str> {
    let api = api(scenario).map(ApiChoice::word);
    let mut words = scenario.command.to_vec();
    let at = words.windows(2).position(|pair| pair[0] == "--api" && Some(pair[1]) == api);
    if let Some(at) = at {
        words.drain(at..at + 2);
    }
    words
}

/// In a long list the command stands behind the summary, where it is not the usual one.
fn row(scenario: &Scenario, is_short: bool) -> Vec<String> {
    let command = command(scenario).join(" ");
    let is_usual = is_short || command == "check-key";
    let more = if is_usual { String::new() } else { format!(" ({command})") };
    let summary = format!("{}{more}", scenario.summary);
    vec![scenario.id.to_owned(), scenario.layer.to_owned(), summary]
}

fn holds(scenario: &Scenario, words: &[String]) -> bool {
    let command = scenario.command.join(" ");
    let all = [scenario.id, scenario.layer, scenario.summary, &command].join("\n").to_lowercase();
    words.iter().all(|word| all.contains(word.as_str()))
}

fn scenario_json(scenario: &Scenario) -> Value {
    json!({
        "id": scenario.id,
        "layer": scenario.layer,
        "summary": scenario.summary,
        "fix": scenario.fix,
        "exit_code": scenario.exit,
        "command": scenario.command,
        "see_with": see_with(scenario),
    })
}
