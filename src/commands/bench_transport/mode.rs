//! What is asked instead of rounds: the arguments that say so, and what such a run is told with.

use serde_json::Value;

use crate::{
    bench::Arm,
    error::UserError,
    facts::{Protocol, Warmth, endpoint::HostKind, models::newest_stable_flash},
    probe::bench::{Mode, Other, Why},
    report::document::{Remark, Sheet},
    settings::Settings,
};

use super::{BenchTransport, Judged, Told, data, idle, limit, rate, why_timeout, words};
use crate::commands::plans;

/// The idle times of a sweep, in seconds.
pub(super) const IDLE_TIMES: &str = "1,2,4,6,10";
/// Longer than programs keep idle connections, nobody needs to know.
const LONGEST_IDLE_S: f64 = 120.0;
/// More idle times than these would open too many connections at once.
const MOST_IDLE_TIMES: usize = 12;
/// The time that rounds may take, or calls at a rate.
const MOST: &str = "60s";
/// A limit of a few calls a minute shows itself in no less.
const MOST_FOR_LIMIT: &str = "5m";
/// Sixty calls that all run into a time-out.
const MOST_FOR_TIMEOUT: &str = "10m";
/// More calls than find any limit that is found at all.
const MOST_LIMIT_CALLS: u32 = 600;
/// More calls a second than one program on one core makes in good order.
const FASTEST: f64 = 2_000.0;
/// More calls than anybody makes who wants to know something.
const MOST_CALLS: f64 = 1_000_000.0;

impl BenchTransport {
    /// What is asked instead of rounds, if anything is.
    pub(super) fn mode(
        &self,
        settings: &Settings,
        model: &str,
        other: Option<&Other>,
    ) -> Result<Mode, UserError> {
        if let Some(per_second) = self.rate {
            return self.at_rate(per_second);
        }
        if self.find_limit {
            refuse_googles_own(settings)?;
            let most_ms = self.time(MOST_FOR_LIMIT)?;
            return Ok(Mode::Limit { most_calls: MOST_LIMIT_CALLS, most_ms });
        }
        if let Some(list) = &self.idle_sweep {
            return idle_times(list).map(|seconds| Mode::Idle { seconds });
        }
        if self.why_timeout {
            return sibling(settings, model, other).map(|sibling| Mode::WhyTimeout { sibling });
        }
        Ok(Mode::Rounds)
    }

    fn at_rate(&self, per_second: f64) -> Result<Mode, UserError> {
        let most_ms = self.time(MOST)?;
        let is_good = per_second > 0.0
            && per_second <= FASTEST
            && per_second * most_ms / 1_000.0 <= MOST_CALLS;
        match is_good {
            true => Ok(Mode::Rate { per_second, most_ms }),
            false => Err(UserError::usage(
                format!("could not use --rate {per_second}"),
                format!(
                    "give calls a second, up to {FASTEST}, and no more than {MOST_CALLS} calls in all"
                ),
            )),
        }
    }

    /// How long the run may take.
    pub(super) fn most_ms(&self, mode: &Mode) -> Result<f64, UserError> {
        self.time(if matches!(mode, Mode::WhyTimeout { .. }) { MOST_FOR_TIMEOUT } else { MOST })
    }

    fn time(&self, usual: &str) -> Result<f64, UserError> {
        plans::duration_ms("--duration", self.duration.as_deref().unwrap_or(usual))
    }

    /// The ways that such a run goes: warm ones only, and one alone where no two are compared.
    pub(super) fn arms_for(
        &self,
        mode: &Mode,
        settings: &Settings,
        other: Option<&Other>,
    ) -> Result<Vec<Arm>, UserError> {
        match mode {
            Mode::Rounds => return self.arms(settings, other),
            Mode::Idle { .. } => {}
            _ if self.arms.is_none() => return Ok(Vec::new()),
            _ => {}
        }
        let mut arms = self.arms(settings, None)?;
        arms.retain(|arm| arm.warmth == Warmth::Warm);
        let most = if matches!(mode, Mode::Idle { .. }) { Protocol::ALL.len() } else { 1 };
        match arms.len() {
            0 => Err(refused_arms("it takes connections that are kept")),
            count if count > most => Err(refused_arms("it goes one way only")),
            _ => Ok(arms),
        }
    }
}

fn refused_arms(why: &str) -> UserError {
    UserError::usage(
        format!("could not use --arms here: {why}"),
        "for example --arms h2, or --arms h1-warm",
    )
}

/// Somebody's production would pay for the answer, and the answer is known.
fn refuse_googles_own(settings: &Settings) -> Result<(), UserError> {
    let endpoint = &settings.endpoint.value;
    match endpoint.host_kind() {
        HostKind::Loopback | HostKind::Other => Ok(()),
        HostKind::Developer | HostKind::Cloud | HostKind::Provider => Err(UserError::usage(
            format!(
                "could not look for a limit at {}: Google's limits are per project, so that this would eat the \
                 quota of everything else that the project runs",
                endpoint.host
            ),
            "AI Studio shows a project's limits; for a gateway's add --base-url https://gateway.example",
        )),
    }
}

fn idle_times(list: &str) -> Result<Vec<f64>, UserError> {
    let refuse = || {
        UserError::usage(
            format!("could not use --idle-sweep={list}"),
            format!(
                "give up to {MOST_IDLE_TIMES} times of up to {LONGEST_IDLE_S} s, such as {IDLE_TIMES}"
            ),
        )
    };
    let read = |word: &str| {
        let seconds = word.trim().trim_end_matches('s').parse::<f64>().ok();
        seconds.filter(|seconds| *seconds > 0.0 && *seconds <= LONGEST_IDLE_S)
    };
    let mut times = list.split(',').map(read).collect::<Option<Vec<f64>>>().ok_or_else(refuse)?;
    times.sort_by(f64::total_cmp);
    times.dedup();
    if times.len() > MOST_IDLE_TIMES { Err(refuse()) } else { Ok(times) }
}

/// The model that is asked beside the one in question.
fn sibling(settings: &Settings, model: &str, other: Option<&Other>) -> Result<String, UserError> {
    match other {
        Some(Other::Model(name)) => return Ok(name.clone()),
        None => {}
        Some(_) => {
            return Err(UserError::usage(
                "could not use --versus with --why-timeout: it asks another model beside the one in question",
                "for example --versus model=gemini-flash-latest",
            ));
        }
    }
    let entries = settings.model_table.entries.iter();
    let names = entries.filter(|entry| entry.retires.is_none()).map(|entry| entry.name.as_str());
    let newest = newest_stable_flash(names.filter(|name| *name != model));
    Ok(newest.unwrap_or("gemini-flash-latest").to_owned())
}

/// What such a run is told with.
pub(super) struct Ours {
    pub(super) word: &'static str,
    pub(super) sentence: String,
    /// Whether the headline stands whatever else was found.
    pub(super) decided: bool,
    pub(super) sheets: Vec<Sheet>,
    pub(super) remarks: Vec<Remark>,
    pub(super) limits: Vec<String>,
    /// The name under which its own data stands.
    pub(super) name: &'static str,
    pub(super) data: Value,
}

/// It, where the run was no run of rounds.
pub(super) fn told(judged: &Judged<'_>, in_detail: bool) -> Option<Ours> {
    match &judged.benched.plan.mode {
        Mode::Rounds => None,
        Mode::Rate { per_second, .. } => Some(rate::told(judged, *per_second)),
        Mode::Limit { .. } => Some(limit::told(judged, in_detail)),
        Mode::Idle { .. } => Some(idle::told(judged)),
        Mode::WhyTimeout { sibling } => Some(why_timeout::told(judged, sibling)),
    }
}

impl Ours {
    /// With what all runs are told with.
    pub(super) fn told(self, judged: &Judged<'_>, stopped: bool) -> Told {
        let Self { word, sentence, decided, sheets, mut remarks, mut limits, name, data: own } =
            self;
        let mut data = data::data(judged, (word, &sentence), stopped);
        data[name] = own;
        let said = [
            ("not gone", words::not_gone(judged)),
            ("ended", ended(judged)),
            ("note", words::note(judged)),
        ];
        let said = said.into_iter().filter_map(|(label, text)| Some((label, text?)));
        remarks.extend(said.map(|(label, text)| Remark { label, text, command: None }));
        limits.push("from this machine, to this host, with this request only".to_owned());
        let sheets = if judged.samples.is_empty() { Vec::new() } else { sheets };
        Told { data, sheets, remarks, limits, word, sentence, decided }
    }
}

/// Why it ended early, if it did.
fn ended(judged: &Judged<'_>) -> Option<String> {
    if judged.benched.leads_nowhere() {
        return None;
    }
    let why = match judged.benched.why {
        Some(Why::Done) => return None,
        Some(Why::Time) => "the time was over (--duration or --deadline)",
        Some(Why::Budget) => "the budget was used up",
        Some(Why::Silence) => "the last calls brought no answer",
        Some(Why::Quota) => "at the third refusal in a row, as always",
        None => "the run was stopped",
    };
    Some(why.to_owned())
}
