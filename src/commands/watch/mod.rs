//! `watch`: probes on a schedule, with a budget, until a time is over. Its arguments, what they mean, and how a
//! finished watch is told. Must neither ask nor print.

mod data;
mod sheets;
mod words;

use std::{path::PathBuf, time::Duration};

use clap::Args;
use serde_json::Value;

use crate::{
    error::UserError,
    probe::{
        key::Depth,
        watch::{self, WatchPlan},
    },
    report::document::{Remark, Sheet},
    settings::{Given, Settings},
    watch::{Watched, rotation, rotation::Rotation, schedule::Schedule},
};

use super::plans;

pub use words::{findings, one_look, price, rows};

/// Each so many looks the list is asked for, too.
pub const LIST_EACH: u64 = 10;
/// Looking more often than this is load, and not watching.
const OFTENEST: Duration = Duration::from_secs(1);
/// A log of fewer bytes would be put aside all the time.
const SMALLEST_LOG: u64 = 4096;
/// More of anything than this is a mistake.
const MOST_MODELS: usize = 20;
const MOST_CONFIRMING: u32 = 20;

const ABOUT: &str = "\
A watch spends: with the defaults it asks each model for a word of an answer 480
times in 8 hours. It says so before it begins, and in a job, where nobody can
agree to that, it wants --yes. --free counts tokens instead, which costs nothing
and sees less.

--on-change runs a command once per change of a verdict, with the facts in
GEMINI_DOCTOR_TARGET, _VERDICT (healthy or failing), _BEFORE, _SINCE, _CAUSE,
_SENTENCE and _SIMULATED, and as JSON on its standard input; no key of this
program's is in its environment, and it has 30 seconds.

A watch that is started anew knows nothing of the one before: counters begin at
zero, with the time since when they count, and the verdict is unclear until
--confirm calls are made. Their common log has it all: read-log dates an outage
over both.

Exit codes: 0 there was no outage; 1, 3, 4, 6 there was one, also where it is over,
and its cause is yours, theirs, the path, a quota; 5 calls failed, and too few were
made to tell; 130, 143 somebody stopped it, and the last report is written.

A drill that costs nothing:
  gemini-doctor watch gemini-3.5-flash --for 1h --simulate alias-404-for-a-while";

/// What `watch` takes.
#[derive(Args)]
#[command(after_help = ABOUT)]
pub struct Watch {
    /// the models to watch [default: --model, else GEMINI_MODEL, else the newest stable flash]
    #[arg(value_name = "MODEL")]
    pub models: Vec<String>,
    /// how often to look, such as 30s, 5m or 1h
    #[arg(long, value_name = "TIME", default_value = "60s", help_heading = "Schedule")]
    pub every: String,
    /// for how long, such as 90m or 24h; seven days at most
    #[arg(long = "for", value_name = "TIME", default_value = "8h", help_heading = "Schedule")]
    pub duration: String,
    /// ask only what is free: tokens are counted, and nothing is answered
    #[arg(long, help_heading = "Schedule")]
    pub free: bool,
    /// calls that confirm a change of a verdict in the clearest case; rarer failures take more
    #[arg(long, value_name = "N", default_value = "3", help_heading = "Schedule")]
    pub confirm: u32,
    /// run this command once per change of a verdict
    #[arg(long, value_name = "CMD", help_heading = "Telling")]
    pub on_change: Option<String>,
    /// put the log aside at this size, such as 512k or 16M
    #[arg(long, value_name = "SIZE", default_value = "16M", help_heading = "Telling")]
    pub log_max_size: String,
    /// keep so many logs that were put aside
    #[arg(long, value_name = "N", default_value = "8", help_heading = "Telling")]
    pub log_keep: u32,
    /// give metrics out to Prometheus at this address; a port alone means this machine
    #[arg(long, value_name = "ADDR:PORT", help_heading = "Telling")]
    pub metrics_listen: Option<String>,
    /// let --metrics-listen take an address that other machines reach
    #[arg(long, requires = "metrics_listen", help_heading = "Telling")]
    pub metrics_listen_anywhere: bool,
    /// write Prometheus metrics to this file after each look, for a textfile collector
    #[arg(long, value_name = "FILE", help_heading = "Telling")]
    pub metrics_file: Option<PathBuf>,
    /// send metrics and a span a call to this OpenTelemetry collector over HTTP [default: OTEL_EXPORTER_OTLP_ENDPOINT]
    #[arg(long, value_name = "URL", help_heading = "Telling")]
    pub otlp_endpoint: Option<String>,
    /// what all live commands take
    #[command(flatten)]
    pub given: Given,
}

/// What was meant by the arguments.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What each look asks.
    pub plan: WatchPlan,
    /// How often.
    pub every: Duration,
    /// For how long.
    pub duration: Duration,
    /// Calls that confirm a change.
    pub confirming: u32,
    /// When a log is put aside.
    pub rotation: Rotation,
    /// Whether a model was picked, since nobody named one.
    pub model_was_picked: bool,
    /// Whether the list is asked for now and then.
    pub with_list: bool,
}

impl Watch {
    /// What these arguments mean.
    pub fn wanted(&self, settings: &Settings) -> Result<Wanted, UserError> {
        let every = time("--every", &self.every)?;
        if every < OFTENEST && settings.simulate.is_none() {
            let what = format!("could not use --every {}: that is load, and no watch", self.every);
            return Err(UserError::usage(what, "look once a second or less often"));
        }
        let mut duration = time("--for", &self.duration)?;
        if let Some(deadline) = settings.budget.deadline {
            duration = duration.min(deadline);
        }
        let (models, model_was_picked) = self.models(settings)?;
        let mut key = plans::key_plan(settings, Depth::Free);
        key.model.clone_from(&models.first().cloned());
        let table = settings.model_table.clone();
        Ok(Wanted {
            plan: WatchPlan { key, models, free: self.free, table },
            every,
            duration,
            confirming: self.confirming()?,
            rotation: self.rotation()?,
            model_was_picked,
            with_list: watch::has_list(&settings.endpoint.value),
        })
    }

    fn models(&self, settings: &Settings) -> Result<(Vec<String>, bool), UserError> {
        let api = &settings.endpoint.value.api;
        let named = self.models.iter().cloned();
        let named = named.chain(
            settings
                .model
                .iter()
                .map(|model| model.value.clone())
                .filter(|_| self.models.is_empty()),
        );
        let mut models = Vec::new();
        for name in named {
            let name = plans::name_for(&name, api)?;
            if !models.contains(&name) {
                models.push(name);
            }
        }
        if models.len() > MOST_MODELS {
            let what = format!("could not watch {} models: {MOST_MODELS} at most", models.len());
            return Err(UserError::usage(what, "start another watch for the others"));
        }
        let is_picked = models.is_empty();
        if is_picked {
            models.push(settings.model_table.default_model().to_owned());
        }
        Ok((models, is_picked))
    }

    fn confirming(&self) -> Result<u32, UserError> {
        if (1..=MOST_CONFIRMING).contains(&self.confirm) {
            return Ok(self.confirm);
        }
        let what = format!("could not use --confirm {}: 1 to {MOST_CONFIRMING}", self.confirm);
        Err(UserError::usage(what, "3 is what a person would ask for"))
    }

    fn rotation(&self) -> Result<Rotation, UserError> {
        match rotation::size(&self.log_max_size).filter(|size| *size >= SMALLEST_LOG) {
            Some(most) => Ok(Rotation { most, keep: self.log_keep.min(1000) }),
            None => Err(UserError::usage(
                format!(
                    "could not use --log-max-size {:?}: it is no size of 4k or more",
                    self.log_max_size
                ),
                "for example --log-max-size 512k, 16M or 1G",
            )),
        }
    }
}

fn time(option: &str, text: &str) -> Result<Duration, UserError> {
    Ok(Duration::from_secs_f64(plans::duration_ms(option, text)? / 1000.0))
}

impl Wanted {
    /// The looks of the whole watch.
    pub fn looks(&self) -> u64 {
        Schedule::fit(self.every, self.duration)
    }

    /// The calls of the whole watch: paid ones, and free ones.
    pub fn calls(&self) -> (u64, u64) {
        self.calls_in(self.duration)
    }

    /// The same for another time.
    pub fn calls_in(&self, time: Duration) -> (u64, u64) {
        let looks = Schedule::fit(self.every, time);
        let models = looks.saturating_mul(self.plan.models.len() as u64);
        let paid = looks.saturating_mul(self.plan.paid_calls());
        let lists = if self.with_list { looks.div_ceil(LIST_EACH) } else { 0 };
        let login = self.plan.key.cloud.as_ref().map_or(0, |cloud| cloud.most_steps());
        (paid, models - paid + lists + looks.saturating_mul(login.into()))
    }
}

/// What a finished watch is told with.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The command's own document.
    pub data: Value,
    /// Tables.
    pub sheets: Vec<Sheet>,
    /// Labelled remarks.
    pub remarks: Vec<Remark>,
    /// What it does not show.
    pub limits: Vec<String>,
    /// One word.
    pub word: &'static str,
    /// One sentence that stands alone.
    pub sentence: String,
}

/// What happened beside the looks.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Commands that were run on a change, and how many of those failed.
    pub alerts: (u64, u64),
    /// Lines of the log, those that could not be written, and files that were put aside.
    pub log: Option<(PathBuf, u64, u64, u64)>,
    /// How often the key changed.
    pub key_changes: u64,
    /// Why it ended before its time, where it did.
    pub ended: Option<String>,
}

/// Tells a finished watch.
pub fn told(wanted: &Wanted, watched: &Watched, beside: &Beside, now_ms: u64) -> Told {
    let (word, sentence) = words::headline(watched, now_ms);
    Told {
        data: data::data(wanted, watched, beside, now_ms),
        sheets: sheets::sheets(watched, now_ms),
        remarks: words::remarks(wanted, watched, beside, now_ms),
        limits: words::limits(wanted, watched),
        word,
        sentence,
    }
}
