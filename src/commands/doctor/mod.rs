//! `doctor`: every layer in one run, from this machine to the alias, root cause first.

mod checks;
mod given;
pub mod local;
mod told;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::{
    error::UserError,
    probe::{
        Plan, Then,
        doctor::{DoctorPlan, Looks, Wanted},
        key::Depth,
    },
    report::Holds,
    settings::{Given, Settings, World},
};

use super::{health::HealthUrl, own_text::OwnText, plans};

pub use checks::ids;
pub use told::{limits, results, trail};

const IDS: &str = "\
The ids of all checks, for --only and --skip:
  gemini-doctor doctor --only list";

/// What `doctor` takes.
#[derive(Args)]
#[command(after_help = IDS)]
pub struct Doctor {
    /// free calls only, side by side and within 5 s: for a first look, or in a script
    #[arg(long, conflicts_with_all = ["no_generate", "deep"])]
    pub quick: bool,
    /// stop before anything that costs, however long the free calls take; without it a few short paid answers are asked for
    #[arg(long, conflicts_with = "deep")]
    pub no_generate: bool,
    /// also test a tool round trip, a structured answer and a longer stream (paid)
    #[arg(long)]
    pub deep: bool,
    /// ask these checks only, and what they rest on: ids such as api.list, or whole groups such as local or net (repeatable)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub only: Vec<String>,
    /// leave out these checks, and what rests on them (repeatable)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// look for keys lying about in this directory [default: the current one]; asks nobody, unless --only says so
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = ".")]
    pub scan: Option<PathBuf>,
    /// hold this request's body against the model's limits
    #[arg(long, value_name = "FILE")]
    pub request: Option<PathBuf>,
    /// ask for answers that follow this schema, and say how many do (paid)
    #[arg(long, value_name = "FILE")]
    pub schema: Option<PathBuf>,
    /// ask for so many of them; without --schema they follow a small built-in form [default: 5]
    #[arg(long, value_name = "N")]
    pub samples: Option<u32>,
    /// where the request and the schema may go
    #[command(flatten)]
    pub own_text: OwnText,
    /// an end point of the caller's own
    #[command(flatten)]
    pub health: HealthUrl,
    /// what all live commands take
    #[command(flatten)]
    pub given: Given,
}

impl Doctor {
    /// The plan for these arguments.
    pub fn plan(&self, settings: &Settings, world: &World) -> Result<Plan, UserError> {
        let mut wanted = checks::wanted(&self.only(), &self.skip)?;
        self.refuse_without_files(&wanted)?;
        let model = settings.model.as_ref().map(|model| model.value.as_str());
        let request = self.request.as_deref().map(|path| given::request(path, model, world));
        let api = &settings.endpoint.value.api;
        let structured = self
            .wants_structured(&wanted)
            .then(|| given::structured(self.schema.as_deref(), self.samples, api, world));
        if self.request.is_some() || self.schema.is_some() {
            self.own_text.may_go_to(&settings.endpoint.value, settings)?;
        }
        let structured = structured.transpose()?;
        if structured.as_ref().is_some_and(|plan| !plan.is_sendable()) {
            // What nobody can answer needs no network either.
            wanted.only.remove("structured.answers");
        }
        let request = request.transpose()?;
        let doctor = DoctorPlan { looks: self.looks(), wanted, request, structured };
        // The alias look asks for answers itself, and one flaky answer must not end the stages.
        let mut key = plans::key_plan(settings, Depth::Free);
        if let Some(login) = key.cloud.as_mut().filter(|_| self.deep) {
            login.asks_endpoint = true;
        }
        key.health = self.health.plan()?;
        Ok(Plan { key, then: Then::Doctor(Box::new(doctor)) })
    }

    /// The directory to look through for keys: by its option, or because a check was named that does so.
    pub fn scan(&self) -> Option<&Path> {
        let is_named = self.only.iter().any(|id| local::is_of_scan(id.trim()));
        self.scan.as_deref().or(is_named.then(|| Path::new(".")))
    }

    /// What a report of it holds.
    pub fn holds(&self) -> Holds {
        if self.scan().is_some() { Holds::Places } else { Holds::Checks }
    }

    /// Whoever looks for keys asks nobody, unless he says what else to ask.
    fn only(&self) -> Vec<String> {
        match self.scan.is_some() && self.only.is_empty() {
            true => vec!["local".to_owned()],
            false => self.only.clone(),
        }
    }

    /// A form is filled in where it was asked for.
    fn wants_structured(&self, wanted: &Wanted) -> bool {
        let is_named = wanted.names("structured.answers") || wanted.names("structured.schema");
        self.schema.is_some() || self.samples.is_some() || is_named
    }

    fn refuse_without_files(&self, wanted: &Wanted) -> Result<(), UserError> {
        let named = ["request.lint", "request.tokens"].into_iter().find(|id| wanted.names(id));
        match named.filter(|_| self.request.is_none()) {
            Some(id) => Err(UserError::usage(
                format!("could not ask for {id}: there is no request"),
                "add --request FILE",
            )),
            None => Ok(()),
        }
    }

    fn looks(&self) -> Looks {
        match (self.quick, self.no_generate, self.deep) {
            (true, ..) => Looks::Quick,
            (_, true, _) => Looks::Free,
            (.., true) => Looks::Deep,
            _ => Looks::Usual,
        }
    }
}
