//! `probe-alias`: an honest verdict on a model name that fails at times. Its arguments, the plan that
//! they become, and what a finished run is told with. Must neither ask nor print.

mod curl;
mod data;
mod judged;
mod projects;
mod sheets;
mod vendor;
mod words;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::{
    alias::{Course, End, Sample, Verdict, retry},
    error::UserError,
    facts::{Client, models::ModelTable},
    probe::{
        Plan, Then,
        alias::{AliasPlan, Probed, Siblings},
        key::Depth,
    },
    report::document::{Remark, Sheet},
    settings::{Given, HttpVersion, Settings},
    stats::RateTest,
};

use super::plans;

pub use judged::Judged;
pub use vendor::{
    none as no_vendor_report, text as vendor_report, written as vendor_report_written,
};

/// Calls a second, where only a duration is given.
const USUAL_RATE: f64 = 1.0;
/// More connections or calls at a time than this are a load test.
const MOST_AT_ONCE: usize = 64;

/// What the verdicts mean to a job; a test holds it against the verdicts.
const VERDICTS: &str = "\
Verdicts, each with its exit code where nothing else broke the run:
  HEALTHY       0  no 404, or no more than the rates allow
  REROUTED      0  the name answers, and another model serves it
  WRONG NAME    1  there is no such model for this key
  FLAKY         3  some calls get a 404 and others an answer
  DOWN          3  every call gets a 404, though the name is listed
  INCONCLUSIVE  5  what was seen does not decide it

429s, 5xx, lost connections and refused keys are no failures of the name; they
have findings and exit codes of their own. The first 429 ends the run, unless
--rate or --duration is given: then the pause that it asks for is kept. In a
job, where nobody can agree to the cost:
  gemini-doctor probe-alias NAME --yes --verdict-only --alpha 0.001";

/// What `probe-alias` takes.
#[derive(Args)]
#[command(after_help = VERDICTS)]
pub struct ProbeAlias {
    /// the model name to look at [default: --model, else GEMINI_MODEL, else the newest stable flash]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// make exactly this many calls instead of stopping when the verdict stands
    #[arg(long, value_name = "N", help_heading = "Sampling")]
    pub samples: Option<usize>,
    /// stop at the verdict, without asking on for the rate
    #[arg(long, conflicts_with_all = ["samples", "duration"], help_heading = "Sampling")]
    pub verdict_only: bool,
    /// other names to ask as controls: auto, all, none, or NAME,...
    #[arg(long, value_name = "WHICH", default_value = "auto", help_heading = "Sampling")]
    pub siblings: String,
    /// keep this many connections, instead of opening a new one every few calls
    #[arg(long, value_name = "N", help_heading = "Sampling")]
    pub connections: Option<usize>,
    /// begin with the first call, without the free questions about key and name
    #[arg(long, help_heading = "Sampling")]
    pub no_preflight: bool,
    /// calls at the same time
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Sampling")]
    pub concurrency: usize,
    /// calls a second at most; slows down where the server throttles
    #[arg(long, value_name = "N", allow_negative_numbers = true, help_heading = "Sampling")]
    pub rate: Option<f64>,
    /// go on for this long, such as 90s, 10m or 2h; one call a second unless --rate says otherwise
    #[arg(long, value_name = "TIME", conflicts_with = "samples", help_heading = "Sampling")]
    pub duration: Option<String>,
    /// dress half of the calls as this SDK's, to see whether the failures are for it alone
    #[arg(long, value_name = "SDK", help_heading = "Sampling")]
    pub as_sdk: Option<Sdk>,
    /// the failure rate, in percent, of a name that is called healthy
    #[arg(long, value_name = "PERCENT", default_value = "1", help_heading = "Verdict")]
    pub healthy_rate: f64,
    /// the failure rate, in percent, of a name that is called broken
    #[arg(long, value_name = "PERCENT", default_value = "10", help_heading = "Verdict")]
    pub broken_rate: f64,
    /// the chance that a healthy name is called broken; a deploy gate wants 0.001
    #[arg(long, value_name = "CHANCE", default_value = "0.05", help_heading = "Verdict")]
    pub alpha: f64,
    /// the chance that a broken name is called healthy
    #[arg(long, value_name = "CHANCE", default_value = "0.05", help_heading = "Verdict")]
    pub beta: f64,
    /// the most calls of the name
    #[arg(long, value_name = "N", default_value = "150", help_heading = "Verdict")]
    pub cap: usize,
    /// the success rate, in percent, that a retry policy is to reach
    #[arg(long, value_name = "PERCENT", default_value = "99", help_heading = "Verdict")]
    pub target: f64,
    /// write an issue text for the provider to this file
    #[arg(long, value_name = "FILE")]
    pub vendor_report: Option<PathBuf>,
    /// what all live commands take
    #[command(flatten)]
    pub given: Given,
}

/// The SDK that calls may be dressed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sdk {
    /// google-genai for Python
    Python,
    /// @google/genai for Node
    Node,
}

impl ProbeAlias {
    /// The plan for these arguments.
    pub fn plan(&self, settings: &Settings) -> Result<Plan, UserError> {
        let model = self.model(settings)?;
        let alias = AliasPlan {
            course: self.course()?,
            siblings: siblings(&self.siblings, &model)?,
            connections: self.connections()?,
            concurrency: at_least_one("--concurrency", self.concurrency)?,
            rate: self.rate()?,
            preflight: !self.no_preflight,
            mixes_http: settings.network.http == HttpVersion::Auto
                && settings.endpoint.value.secure,
            client: match self.as_sdk {
                None => Client::Plain,
                Some(Sdk::Python) => Client::Python,
                Some(Sdk::Node) => Client::Node,
            },
            seed: settings.seed,
            target: target(self.target)?,
            is_picked: self.name.is_none() && settings.model.is_none(),
            model: model.clone(),
        };
        let mut key = plans::key_plan(settings, Depth::Free);
        key.model = Some(model);
        Ok(Plan { key, then: Then::Probe(Box::new(alias)) })
    }

    /// The name, as it is asked.
    fn model(&self, settings: &Settings) -> Result<String, UserError> {
        if let (Some(name), Some(other)) = (&self.name, &self.given.model)
            && name != other
        {
            return Err(UserError::usage(
                format!("two names were given: {name:?} and --model {other:?}"),
                "give one of them",
            ));
        }
        let set = || settings.model.as_ref().map(|model| model.value.clone());
        let name = self.name.clone().or_else(set);
        let name = name.unwrap_or_else(|| settings.model_table.default_model().to_owned());
        plans::name_for(&name, &settings.endpoint.value.api)
    }

    fn course(&self) -> Result<Course, UserError> {
        let rates = [self.healthy_rate, self.broken_rate].map(|percent| percent / 100.0);
        let test = RateTest::new(rates[0], rates[1], self.alpha, self.beta).map_err(|why| {
            UserError::usage(
                format!("could not use these rates: {why}"),
                "for example --healthy-rate 1 --broken-rate 10 --alpha 0.05 --beta 0.05",
            )
        })?;
        if let Some(samples) = self.samples {
            at_least_one("--samples", samples)?;
        }
        Ok(Course {
            test,
            cap: at_least_one("--cap", self.cap)?,
            samples: self.samples,
            for_ms: self
                .duration
                .as_deref()
                .map(|text| plans::duration_ms("--duration", text))
                .transpose()?,
            verdict_only: self.verdict_only,
            waits_for_quota: self.rate.is_some() || self.duration.is_some(),
        })
    }

    fn connections(&self) -> Result<Option<usize>, UserError> {
        self.connections.map(|count| at_least_one("--connections", count)).transpose()
    }

    fn rate(&self) -> Result<Option<f64>, UserError> {
        match self.rate {
            Some(rate) if !(rate > 0.0 && rate <= 1000.0) => Err(UserError::usage(
                format!("could not use --rate {rate}: it must be more than 0 and at most 1000"),
                "for example --rate 0.5 for a call every two seconds",
            )),
            None if self.duration.is_some() => Ok(Some(USUAL_RATE)),
            rate => Ok(rate),
        }
    }
}

/// What a finished run is told with: its data, tables, remarks, limits, word and sentence.
#[derive(Debug)]
pub struct Told {
    /// The `data` of the document.
    pub data: serde_json::Value,
    /// The tables.
    pub sheets: Vec<Sheet>,
    /// The remarks.
    pub remarks: Vec<Remark>,
    /// What the run does not show.
    pub limits: Vec<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// The sentence of the headline.
    pub sentence: Sentences,
}

/// What the headline says of the name, for each way in which a run can end.
#[derive(Debug)]
pub struct Sentences {
    /// Of a run that came to its end.
    pub whole: String,
    /// Of one that somebody stopped.
    pub so_far: String,
    /// Where something else than the name broke the run.
    pub itself: String,
    /// The models that 404s name, other than the one asked for.
    pub builds: Vec<String>,
    /// Where to go meanwhile, if a control answered every call.
    pub route: Option<String>,
    /// How many calls were made.
    pub calls: usize,
    /// The attempts that say nothing of the name.
    pub apart: Vec<String>,
}

/// Tells what a run brought, and whether somebody stopped it.
pub fn told(probed: &Probed, settings: &Settings, stopped: bool) -> Told {
    let judged = Judged::of(probed);
    let table = &settings.model_table;
    Told {
        data: data::data(&judged, table, stopped),
        sheets: sheets::sheets(&judged, settings.output.verbose > 0),
        remarks: words::remarks(&judged, table),
        limits: words::limits(&judged),
        verdict: judged.conclusion.verdict,
        sentence: sentences(&judged, table),
    }
}

fn sentences(judged: &Judged<'_>, table: &ModelTable) -> Sentences {
    let is_apart = |it: &&Sample| !it.end.is_own() && it.end != End::NotSent;
    let apart = judged.probed.samples.iter().filter(is_apart);
    Sentences {
        whole: words::headline(judged).1,
        so_far: words::so_far(judged),
        itself: words::itself(judged),
        builds: judged.builds.iter().map(|(build, _)| build.clone()).collect(),
        route: judged.route(table).map(|one| one.name.clone()),
        calls: judged.attempts(),
        apart: apart.map(|sample| sample.attempt.clone()).collect(),
    }
}

fn at_least_one(option: &str, count: usize) -> Result<usize, UserError> {
    let most = if matches!(option, "--samples" | "--cap") { 1_000_000 } else { MOST_AT_ONCE };
    match count {
        0 => Err(UserError::usage(
            format!("could not use {option} 0: nothing would be asked"),
            format!("give {option} a number from 1 to {most}"),
        )),
        count if count > most => Err(UserError::usage(
            format!("could not use {option} {count}: it is more than {most}"),
            format!("give {option} a number from 1 to {most}"),
        )),
        count => Ok(count),
    }
}

fn target(percent: f64) -> Result<f64, UserError> {
    if percent > 0.0 && percent < 100.0 {
        return Ok(percent / 100.0);
    }
    Err(UserError::usage(
        format!("could not use --target {percent}: it must be between 0 and 100"),
        format!("for example --target {}", retry::TARGET * 100.0),
    ))
}

fn siblings(text: &str, model: &str) -> Result<Siblings, UserError> {
    match text {
        "auto" => Ok(Siblings::Auto),
        "all" => Ok(Siblings::All),
        "none" => Ok(Siblings::None),
        names => named(names, model).map(Siblings::Named),
    }
}

/// Each name once, in the order in which they were given.
fn named(text: &str, model: &str) -> Result<Vec<String>, UserError> {
    let mut names: Vec<String> = Vec::new();
    for name in text.split(',') {
        let name = plans::bare_name(name.trim())?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.iter().any(|name| name == model) {
        true => Err(UserError::usage(
            format!("{model} is no control of itself"),
            "name other models: --siblings gemini-flash-latest",
        )),
        false => Ok(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_knows_every_verdict_and_its_meaning() {
        for verdict in Verdict::ALL {
            let line = VERDICTS.lines().find(|line| line.trim().starts_with(verdict.word()));
            assert!(line.is_some(), "{verdict:?}");
        }
    }

    #[test]
    fn siblings_are_words_or_names() {
        let named = |names: &[&str]| Siblings::Named(names.iter().map(|&it| it.into()).collect());
        assert_eq!(siblings("none", "m").expect("a word"), Siblings::None);
        assert_eq!(siblings("a, models/b", "m").expect("names"), named(&["a", "b"]));
        assert_eq!(siblings("a,b,models/a", "m").expect("names"), named(&["a", "b"]));
        for text in ["m", "a,m", "", "a/b", "a,,b"] {
            assert!(siblings(text, "m").is_err(), "{text:?}");
        }
    }
}
