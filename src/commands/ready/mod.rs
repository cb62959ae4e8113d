//! `ready`: the launch checklist as checks with evidence. What can be measured is looked at, what cannot is
//! asked, and the two are never added up. Reads the files it is given; sends nothing.

mod answers;
mod calls;
mod measured;
pub mod page;
mod routes;
mod table;
mod told;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::Value;

use crate::{
    error::UserError,
    facts::{Check, models::ModelTable},
    local::scan::{self, names},
    probe::routes::Route,
    report::document::Remark,
    settings::{Given, read_text},
};

use super::{
    list_models::{ListModels, Sort},
    plans::OfflineOutput,
    route_file,
};

pub use answers::blank;
pub use table::{LINES, Line};

use answers::Answer;
use measured::Evidence;
use routes::{Routes, against_list, against_table};

/// Far beyond any report, route file or file of answers.
const MOST: u64 = 64 * 1024 * 1024;
/// So much of a log shows which fields it has.
const MOST_OF_A_LOG: u64 = 1024 * 1024;

const EXAMPLES: &str = "\
Each line of the checklist is shown by evidence, said by somebody, not applicable,
failing, or open: docs/ready.md has them all. The result is these counts and never
one number. Exit 1 if a line fails, 5 if the rest is open; --fail-on yours lets open
lines pass.

  gemini-doctor ready --init
  gemini-doctor simulate --grade --report json=grade.json -- python app.py --once
  gemini-doctor doctor --report json=doctor.json
  gemini-doctor ready --answers ready.toml --grade grade.json --routes routes.json \\
    --tree . --log calls.ndjson --profiles --evidence doctor.json --report markdown=ready.md";

/// What `ready` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Ready {
    /// write a file for the answers, every question commented out, and end [default: ready.toml]
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        default_missing_value = "ready.toml",
        conflicts_with_all = ["answers", "grade", "routes", "tree", "log", "profiles", "evidence", "live", "report"],
        help_heading = "Answers"
    )]
    pub init: Option<PathBuf>,
    /// the file with the answers to what cannot be measured
    #[arg(long, value_name = "FILE", help_heading = "Answers")]
    pub answers: Option<PathBuf>,
    /// the JSON report of an exam of your client: simulate --grade --report json=FILE -- COMMAND
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    pub grade: Option<PathBuf>,
    /// the JSON map of tasks to models, each with its fallbacks
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    pub routes: Option<PathBuf>,
    /// look through this directory for names of models, for keys, and for what browsers get
    #[arg(long, value_name = "DIR", help_heading = "Evidence")]
    pub tree: Option<PathBuf>,
    /// some of your own calls as your program logs them: JSON lines or CSV
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    pub log: Option<PathBuf>,
    /// hold the keys of the config file's profiles against each other, by their fingerprints
    #[arg(long, help_heading = "Evidence")]
    pub profiles: bool,
    /// the JSON report of a run from where the program will run: doctor, check-key or watch (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    pub evidence: Vec<PathBuf>,

    /// hold the models of --routes against this key's own list, with free calls; otherwise nothing is sent
    #[arg(long, requires = "routes", help_heading = "Live")]
    pub live: bool,
    /// ask this base URL instead of the API's own
    #[arg(long, value_name = "URL", requires = "live", help_heading = "Live")]
    pub base_url: Option<String>,
    /// read the key from this file
    #[arg(long, value_name = "FILE", requires = "live", help_heading = "Live")]
    pub key_file: Option<PathBuf>,
    /// trust the certificates of this PEM file too (repeatable)
    #[arg(long, value_name = "FILE", requires = "live", help_heading = "Live")]
    pub ca_file: Vec<PathBuf>,

    /// which results fail the run: yours, unknown; or `warn`, or `never`
    #[arg(long, value_name = "LIST", help_heading = "Output")]
    pub fail_on: Option<String>,
    /// also write the result to a file: markdown=PATH, json=PATH, junit=PATH, html=PATH ... (repeatable)
    #[arg(long, value_name = "FORMAT=PATH", help_heading = "Output")]
    pub report: Vec<String>,
    /// how to print
    #[command(flatten)]
    pub output: OfflineOutput,
}

/// What came of it.
pub struct Told {
    /// One row a line.
    pub checks: Vec<Check>,
    /// The command's data.
    pub data: Value,
    /// What to do first.
    pub remarks: Vec<Remark>,
    /// What the result does not show.
    pub limits: Vec<String>,
    /// One or two words.
    pub word: &'static str,
    /// The counts, in one sentence.
    pub sentence: String,
    /// The command that leads on.
    pub next: Option<String>,
}

impl Ready {
    /// The command that asks for this key's list, where it is to be asked.
    pub fn list(&self) -> Option<ListModels> {
        let routes = self.routes.clone().filter(|_| self.live)?;
        let given = Given {
            base_url: self.base_url.clone(),
            key_file: self.key_file.clone(),
            ca_file: self.ca_file.clone(),
            ..Given::default()
        };
        Some(ListModels {
            names: Vec::new(),
            method: None,
            thinking: false,
            min_input: None,
            matching: None,
            sort: Sort::Name,
            verify: false,
            routes: Some(routes),
            lock: None,
            check_lock: None,
            given,
        })
    }

    /// Looks at what was given, and tells how each line stands. `listed` is the report of that list, and `profiles`
    /// are those of the config file with the fingerprints of their keys, where they are to be looked at.
    pub fn judge(
        &self,
        listed: Option<&Value>,
        profiles: Option<Vec<(String, Option<String>)>>,
        today: &str,
    ) -> Result<Told, UserError> {
        let evidence = Evidence { profiles, ..self.gather(listed, today)? };
        let answers = self.answered(today)?;
        let standings = told::standings(&evidence, &answers, today);
        let score = told::score(&standings);
        let (word, sentence) = told::headline(score);
        Ok(Told {
            checks: told::checks(&standings),
            data: told::data(&standings),
            remarks: Vec::new(),
            limits: self.limits(score, listed),
            word,
            sentence,
            next: self.next(score),
        })
    }

    fn answered(&self, today: &str) -> Result<BTreeMap<&'static str, Answer>, UserError> {
        let Some(path) = &self.answers else { return Ok(BTreeMap::new()) };
        let text = text(path, "gemini-doctor ready --init writes one to begin with")?;
        answers::read(path, &text, today)
    }

    fn gather(&self, listed: Option<&Value>, today: &str) -> Result<Evidence, UserError> {
        let exam = self.grade.as_deref().map(exam).transpose()?;
        let runs = self.evidence.iter().map(|path| run(path)).collect::<Result<Vec<_>, _>>()?;
        let routes = self.routes.as_deref().map(|path| held(path, listed, today)).transpose()?;
        let log = self.log.as_deref().map(log).transpose()?;
        let (named, scanned) = match self.tree.as_deref() {
            Some(tree) => {
                is_directory(tree)?;
                let apart: Vec<PathBuf> =
                    self.routes.iter().chain(&self.answers).chain(&self.grade).cloned().collect();
                let scanned = scan::look(tree, &[], scan::Limits::default());
                (Some(names::look(tree, &apart)), Some(scanned))
            }
            None => (None, None),
        };
        Ok(Evidence { exam, runs, routes, named, scanned, log, profiles: None })
    }

    fn limits(&self, score: told::Score, listed: Option<&Value>) -> Vec<String> {
        let mut limits = Vec::new();
        if score.word > 0 {
            limits.push("a word is no measurement: it is as good as whoever gave it".to_owned());
        }
        if self.routes.is_some() && listed.is_none() {
            let as_of = ModelTable::embedded().as_of;
            limits.push(format!(
                "models were held against a table of {as_of}: --live asks this key's list"
            ));
        }
        limits
    }

    /// What is missing first.
    fn next(&self, score: told::Score) -> Option<String> {
        let next = match () {
            () if score.open == 0 => return None,
            () if self.answers.is_none() => "gemini-doctor ready --init",
            () if self.grade.is_none() => {
                "gemini-doctor simulate --grade --report json=grade.json -- COMMAND"
            }
            () if self.tree.is_none() => "gemini-doctor ready --tree .",
            () if self.evidence.is_empty() => "gemini-doctor doctor --report json=doctor.json",
            () => return None,
        };
        Some(next.to_owned())
    }
}

fn text(path: &Path, hint: &str) -> Result<String, UserError> {
    let decoded = read_text(path, MOST).map_err(|why| {
        UserError::usage(format!("could not read {}: {why}", path.display()), hint)
    })?;
    Ok(decoded.text)
}

/// A report of this program, and the name of its file.
fn report(path: &Path, hint: &str) -> Result<(String, Value), UserError> {
    let text = text(path, hint)?;
    let value: Option<Value> = serde_json::from_str(&text).ok();
    let value = value.filter(|value| value["run"]["command"].is_string()).ok_or_else(|| {
        let what =
            format!("could not use {}: it is no JSON report of gemini-doctor", path.display());
        UserError::usage(what, hint)
    })?;
    Ok((path.display().to_string(), value))
}

const EXAM: &str = "gemini-doctor simulate --grade --report json=FILE -- COMMAND writes one";
const RUN: &str = "gemini-doctor doctor --report json=FILE writes one";

fn exam(path: &Path) -> Result<(String, Value), UserError> {
    let (name, value) = report(path, EXAM)?;
    match value["data"]["exam"]["lines"].is_array() {
        true => Ok((name, value)),
        false => {
            let what = format!("could not use {name}: it is no report of an exam");
            Err(UserError::usage(what, EXAM))
        }
    }
}

fn run(path: &Path) -> Result<(String, Value), UserError> {
    report(path, RUN)
}

fn held(path: &Path, listed: Option<&Value>, today: &str) -> Result<Routes, UserError> {
    let hint = "give the path of a JSON file that maps tasks to models";
    let all: Vec<Route> = route_file::read(path, &text(path, hint)?)?;
    let table = ModelTable::embedded();
    let (wrong, against) = match listed {
        Some(report) => (against_list(report), "this key's list".to_owned()),
        None => (against_table(&all, &table, today), format!("the table of {}", table.as_of)),
    };
    Ok(Routes { file: path.display().to_string(), all, wrong, against })
}

/// The beginning of a log, up to its last whole line.
fn log(path: &Path) -> Result<(String, Option<calls::Fields>), UserError> {
    use std::io::Read;
    let could_not = |why: String| {
        let what = format!("could not read {}: {why}", path.display());
        UserError::usage(what, "give a log of your own calls: JSON lines or CSV")
    };
    if !path.is_file() {
        return Err(could_not("it is no regular file".to_owned()));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| could_not(error.to_string()))?;
    file.take(MOST_OF_A_LOG)
        .read_to_end(&mut bytes)
        .map_err(|error| could_not(error.to_string()))?;
    if bytes.len() as u64 == MOST_OF_A_LOG {
        let end = memchr::memrchr(b'\n', &bytes).unwrap_or(bytes.len());
        bytes.truncate(end);
    }
    Ok((path.display().to_string(), calls::look(&String::from_utf8_lossy(&bytes))))
}

fn is_directory(tree: &Path) -> Result<(), UserError> {
    match tree.is_dir() {
        true => Ok(()),
        false => Err(UserError::usage(
            format!("could not look through {}: there is no such directory", tree.display()),
            "name the directory of your project: --tree .",
        )),
    }
}
