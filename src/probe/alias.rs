//! Does a name answer every time? A short look: few calls, over several connections, and a control.

use crate::{
    facts::{Clue, Status, check::Evidence, clue::Shown, models::ModelTable},
    gemini::{Call, generation},
    stats,
};

use super::{
    Runner, Tried,
    key::{failed_status, thinking_of},
    row::API_ALIAS,
};

/// Clean calls after which a short look ends.
const CLEAN_CALLS: usize = 4;
/// Calls after a failure was seen, so that there is a rate.
const CALLS: usize = 12;
/// The calls of a look at most, the control's among them.
pub const MOST_CALLS: u32 = (CALLS + CONTROL_CALLS) as u32;

/// Calls to the control.
const CONTROL_CALLS: usize = 3;
/// A new connection is opened after so many calls: backends may be tied to connections.
const CALLS_PER_CONNECTION: usize = 2;

/// What was counted.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// The name asked.
    pub model: String,
    /// One letter a call, in order: `.` answered, `x` failed as an alias fails, `?` otherwise.
    pub strip: String,
    /// The builds that errors named, and how often.
    pub named: Vec<(String, usize)>,
    /// A healthy name asked as a control, its calls and its failures.
    pub control: Option<(String, usize, usize)>,
}

impl Counted {
    /// Calls that were answered or failed as an alias fails.
    pub fn calls(&self) -> usize {
        self.failures() + self.strip.matches('.').count()
    }

    /// Calls that failed as an alias fails.
    pub fn failures(&self) -> usize {
        self.strip.matches('x').count()
    }

    /// The exact interval of the failure rate, which holds after a run that stopped early too.
    pub fn interval(&self) -> (f64, f64) {
        stats::clopper_pearson(self.failures() as u64, self.calls() as u64, 0.95)
    }
}

/// Asks a name until it is clear enough for a short look.
pub async fn look(
    model: &str,
    control: Option<&str>,
    table: &ModelTable,
    runner: &mut Runner<'_>,
) -> Counted {
    let mut counted = Counted { model: model.to_owned(), ..Counted::default() };
    let mut failed = Vec::new();
    let mut passed = Vec::new();
    let mut other = None;
    while counted.strip.len() < wanted(&counted) && other.is_none() {
        if counted.strip.len().is_multiple_of(CALLS_PER_CONNECTION) {
            runner.disconnect();
        }
        let tried = ask(model, table, runner).await;
        match outcome(&tried) {
            '.' => passed.push(tried.clone()),
            'x' => failed.push(tried.clone()),
            _ => other = Some(tried.clone()),
        }
        counted.strip.push(outcome(&tried));
    }
    counted.named = builds(&failed);
    if let Some(control) = control.filter(|_| !failed.is_empty() && !passed.is_empty()) {
        counted.control = Some(ask_control(control, table, runner).await);
    }
    record(runner, &counted, &passed, failed, other.as_ref());
    counted
}

fn wanted(counted: &Counted) -> usize {
    if counted.failures() == 0 { CLEAN_CALLS } else { CALLS }
}

async fn ask(model: &str, table: &ModelTable, runner: &mut Runner<'_>) -> Tried {
    let body = generation::minimal(thinking_of(model, table), &runner.endpoint.api_version);
    let mut tried = runner.call(&Call::generate(model, body)).await;
    tried.look_closer(generation::text_trouble);
    tried
}

/// Only a "not found" is the alias's own failure; quotas, overload and the path are other stories.
fn outcome(tried: &Tried) -> char {
    match tried.reply() {
        Some(reply) if reply.status == 404 => 'x',
        Some(_) if tried.success().is_some() => '.',
        _ => '?',
    }
}

async fn ask_control(
    control: &str,
    table: &ModelTable,
    runner: &mut Runner<'_>,
) -> (String, usize, usize) {
    let mut failures = 0;
    for _ in 0..CONTROL_CALLS {
        let tried = ask(control, table, runner).await;
        failures += usize::from(tried.success().is_none());
    }
    (control.to_owned(), CONTROL_CALLS, failures)
}

/// The names after `models/` in the errors' messages, with how often each came.
fn builds(failed: &[Tried]) -> Vec<(String, usize)> {
    let mut named: Vec<(String, usize)> = Vec::new();
    for tried in failed {
        let message = crate::facts::clue::message(tried.clues()).unwrap_or_default();
        let Some(name) =
            message.split("models/").nth(1).and_then(|rest| rest.split_whitespace().next())
        else {
            continue;
        };
        match named.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => *count += 1,
            None => named.push((name.to_owned(), 1)),
        }
    }
    named
}

fn record(
    runner: &Runner<'_>,
    counted: &Counted,
    passed: &[Tried],
    mut failed: Vec<Tried>,
    other: Option<&Tried>,
) {
    let (low, high) = counted.interval();
    let (failures, calls) = (counted.failures(), counted.calls());
    let percent = |share: f64| share * 100.0;
    let detail = if failures == 0 {
        format!("{calls} of {calls} calls answered")
    } else {
        format!(
            "{failures} of {calls} calls fail with 404 ({:.0} %, 95 % interval {:.0}-{:.0} %)",
            percent(failures as f64 / calls.max(1) as f64),
            percent(low),
            percent(high)
        )
    };
    let status = match (other, failures) {
        (Some(tried), 0) => failed_status(tried),
        (_, 0) => Status::Pass,
        _ => Status::Fail,
    };
    let mut row = API_ALIAS.row(status, detail);
    if !passed.is_empty() {
        failed.iter_mut().for_each(|tried| tried.know(Clue::Shown(Shown::PassedToo)));
    }
    if let Some((name, _, 0)) = &counted.control {
        failed
            .iter_mut()
            .for_each(|tried| tried.know(Clue::Meta("sibling".to_owned(), name.clone())));
    }
    for tried in failed.iter().chain(other) {
        row = row.with(tried.evidence());
    }
    for tried in passed {
        row = row.with(Evidence { clues: Vec::new(), ..tried.evidence() });
    }
    runner.journal.observe(row.done());
}
