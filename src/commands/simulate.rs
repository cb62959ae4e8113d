//! `simulate`: the embedded server on a port, for the users' own clients; and the list of scenarios.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use serde_json::{Value, json};

use crate::{
    report::document::{Column, Sheet},
    simulate::{self, Scenario},
};

use super::plans::OfflineOutput;

/// What `simulate` takes.
#[derive(Args)]
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
    #[arg(long, value_name = "FILE")]
    pub ca_out: Option<PathBuf>,
    /// write one JSON line a request here, keys as fingerprints
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// stop after this many seconds instead of at Ctrl-C
    #[arg(long = "for", value_name = "SECS")]
    pub seconds: Option<f64>,
    /// end with exit 1 if fewer requests than this came
    #[arg(long, value_name = "N")]
    pub expect_calls: Option<u64>,
    /// seed of everything random [default: the scenario's own]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
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
