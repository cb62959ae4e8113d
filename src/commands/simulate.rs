//! `simulate`: the embedded server on a port, for the users' own clients; the list of scenarios; and the exam
//! that a client can be put through.

pub mod exam;

use std::{ffi::OsString, net::SocketAddr, path::PathBuf};

use clap::Args;
use serde_json::{Value, json};

use crate::{
    report::document::{Column, Sheet},
    simulate::{self, Scenario},
};

use super::plans::OfflineOutput;

const EXAMPLES: &str = "\
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
    /// list the built-in scenarios
    #[arg(long)]
    pub list: bool,
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

/// The list of scenarios: data and table.
pub fn list() -> (Value, Vec<Sheet>) {
    let faults: Vec<Value> = simulate::scenarios().map(scenario_json).collect();
    let row = |scenario: &Scenario| {
        vec![scenario.id.to_owned(), scenario.layer.to_owned(), scenario.summary.to_owned()]
    };
    let sheet = Sheet {
        title: String::new(),
        columns: ["scenario", "layer", "what is broken"].map(Column::text).to_vec(),
        rows: simulate::scenarios().map(row).collect(),
        notes: Vec::new(),
    };
    (json!({ "faults": faults }), vec![sheet])
}

fn scenario_json(scenario: &Scenario) -> Value {
    json!({
        "id": scenario.id,
        "layer": scenario.layer,
        "summary": scenario.summary,
        "fix": scenario.fix,
        "exit_code": scenario.exit,
        "command": scenario.command,
    })
}
