//! `merge`: joins logs of HdrHistograms exactly, one histogram a tag, and logs of calls line by line in the order of
//! time. Offline. Counts and adds; what the numbers mean is for whoever made the logs.

mod calls;
mod join;
mod log;
mod told;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::{
    error::UserError,
    history::Names,
    report::{
        document::Sheet,
        recorded::{Recorded, Unit},
    },
};

pub use calls::{Part, told as told_of_calls};
use join::Join;

const ABOUT: &str = "\
Logs of calls are what read-log takes: JSON lines or CSV, with the usual names of
fields or those of --map. The joined log has a JSON object a line, in the order of
time. An object stays as it is; a row of CSV becomes one under the names of its
header, each cell a text, an empty one null. Each says in origin where it is from.

Examples:
  gemini-doctor merge eu.hlog us.hlog --out all.hlog
  gemini-doctor merge eu.csv us.ndjson --map timestamp=when --out all.ndjson";

/// What `merge` takes.
#[derive(Args)]
#[command(after_help = ABOUT)]
pub struct Merge {
    /// logs of HdrHistograms, as bench-transport --report hdr=FILE and other programs write them; or logs of
    /// calls, an object or a row of CSV a call, as --log, watch and applications write them
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// the unit of the values in logs that do not say it [default: as their greatest values tell]
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<GivenUnit>,
    /// a log of calls' own name for a field, such as timestamp=when (repeatable)
    #[arg(long, value_name = "FIELD=NAME")]
    pub map: Vec<String>,
    /// write the joined log to this file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub out: Option<PathBuf>,
    /// also write the result in a format to a file: table, plain, json, ndjson, markdown, html, csv or hdr (repeatable)
    #[arg(long, value_name = "FORMAT=PATH", help_heading = "Output")]
    pub report: Vec<String>,
    /// write the result as table, plain, json, ndjson, markdown or csv [default: table]
    #[arg(long, value_name = "F", help_heading = "Output")]
    pub format: Option<String>,
    /// when to use colour [default: auto]
    #[arg(long, value_name = "WHEN", help_heading = "Output")]
    pub color: Option<crate::settings::ColorChoice>,
}

/// A unit as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GivenUnit {
    /// nanoseconds
    Ns,
    /// microseconds
    Us,
    /// milliseconds
    Ms,
}

/// What came of it.
pub struct Merged {
    /// The joined histograms, one a tag.
    pub recorded: Vec<Recorded>,
    /// One sentence.
    pub sentence: String,
    /// The command's data.
    pub data: serde_json::Value,
    /// Its table.
    pub sheets: Vec<Sheet>,
    /// What is odd about the logs.
    pub limits: Vec<String>,
}

impl Merge {
    /// The names of the fields of logs of calls.
    pub fn names(&self) -> Result<Names, UserError> {
        super::read_log::names(&self.map)
    }

    /// Joins the texts of the files, each with its name.
    pub fn join(&self, texts: &[(String, String)]) -> Result<Merged, UserError> {
        let mut join = Join::new(self.unit.map(Unit::from));
        for (name, text) in texts {
            join.add(name, text)?;
        }
        if join.files.iter().all(|file| file.histograms == 0) {
            let names = texts.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
            let what = format!("could not merge {names}: there is no histogram in it");
            return Err(UserError::usage(
                what,
                "bench-transport --report hdr=FILE writes a log; one of calls has an object or a row of CSV a call",
            ));
        }
        Ok(told::told(join, texts))
    }
}

impl From<GivenUnit> for Unit {
    fn from(given: GivenUnit) -> Self {
        match given {
            GivenUnit::Ns => Self::Nanoseconds,
            GivenUnit::Us => Self::Microseconds,
            GivenUnit::Ms => Self::Milliseconds,
        }
    }
}
