//! Does a name answer every time? A short look: few calls, over several connections, and a control.

use crate::{
    facts::{
        Clue, Party, Status,
        check::{Evidence, Observation},
        clue::Shown,
        models::ModelTable,
    },
    gemini::{Call, generation},
    stats,
};

use super::super::{
    Runner, Tried,
    key::{failed_status, is_refusal, is_rerouted, thinking_of},
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
    /// Whether the API itself said no to such a call, for another reason than the name's own.
    pub is_refused: bool,
    /// Why the look ended before its end, where the budget or the time was used up.
    pub spent: Option<String>,
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

    /// Whether so many calls in a row failed as an alias fails that it is down for everybody.
    pub fn is_down(&self) -> bool {
        self.failures() >= CALLS && self.failures() == self.strip.len()
    }

    /// Whether some calls failed as an alias fails and others passed.
    pub fn is_flaky(&self) -> bool {
        self.failures() > 0 && self.failures() < self.calls()
    }

    /// The exact interval of the failure rate, which holds after a run that stopped early too.
    pub fn interval(&self) -> (f64, f64) {
        stats::clopper_pearson(self.failures() as u64, self.calls() as u64, 0.95)
    }
}

/// The calls of a look, by how they ended.
#[derive(Default)]
struct Calls {
    passed: Vec<Tried>,
    failed: Vec<Tried>,
    /// The first call that ended otherwise: it ends the look.
    other: Option<Tried>,
}

/// Asks a name until it is clear enough for a short look.
pub async fn look(
    model: &str,
    control: Option<&str>,
    table: &ModelTable,
    runner: &mut Runner<'_>,
) -> Counted {
    let mut counted = Counted { model: model.to_owned(), ..Counted::default() };
    let mut calls = Calls::default();
    while counted.strip.len() < wanted(&counted) && calls.other.is_none() {
        if counted.strip.len().is_multiple_of(CALLS_PER_CONNECTION) {
            runner.disconnect();
        }
        let tried = ask(model, table, runner).await;
        counted.strip.push(outcome(&tried));
        calls.add(tried);
    }
    counted.named = builds(&calls.failed);
    if let Some(other) = &calls.other {
        counted.is_refused = is_refusal(other);
        counted.spent = other.is_cut_short().then(|| other.summary().to_owned());
    }
    if let Some(control) = control.filter(|_| counted.is_flaky()) {
        counted.control = ask_control(control, table, runner).await;
    }
    calls.compare(&counted);
    runner.journal.observe(row(&counted, &calls));
    counted
}

impl Calls {
    fn add(&mut self, tried: Tried) {
        match outcome(&tried) {
            '.' => self.passed.push(tried),
            'x' => self.failed.push(tried),
            _ => self.other = Some(tried),
        }
    }

    /// Adds what no call shows by itself: that others passed, where else to go, who really served.
    fn compare(&mut self, counted: &Counted) {
        let model = Clue::Meta("model".to_owned(), counted.model.clone());
        self.failed.iter_mut().for_each(|tried| tried.know(model.clone()));
        if !self.passed.is_empty() {
            self.failed.iter_mut().for_each(|tried| tried.know(Clue::Shown(Shown::PassedToo)));
        }
        if let Some((sibling, _, 0)) = &counted.control {
            let healthy = Clue::Meta("sibling".to_owned(), sibling.clone());
            self.failed.iter_mut().for_each(|tried| tried.know(healthy.clone()));
        }
        for tried in &mut self.passed {
            let served = tried.reply().and_then(|reply| reply.model_version.as_deref());
            if served.is_some_and(|served| is_rerouted(&counted.model, served)) {
                tried.know(Clue::Shown(Shown::Rerouted));
            }
        }
    }

    fn is_rerouted(&self) -> bool {
        self.passed.iter().any(|tried| tried.clues().contains(&Clue::Shown(Shown::Rerouted)))
    }
}

fn wanted(counted: &Counted) -> usize {
    if counted.failures() == 0 { CLEAN_CALLS } else { CALLS }
}

async fn ask(model: &str, table: &ModelTable, runner: &mut Runner<'_>) -> Tried {
    let body = generation::minimal(thinking_of(model, table), runner.endpoint.body_version());
    let mut tried = runner.call(&Call::generate(model, body)).await;
    tried.look_closer(generation::text_trouble);
    tried
}

/// Only a "not found" is the alias's own failure; quotas, overload and the path are other stories.
fn outcome(tried: &Tried) -> char {
    match tried.reply() {
        Some(reply) if reply.status == 404 && reply.party == Party::Api => 'x',
        Some(_) if tried.success().is_some() => '.',
        _ => '?',
    }
}

/// The control's calls and failures; only calls that the API answered count.
async fn ask_control(
    control: &str,
    table: &ModelTable,
    runner: &mut Runner<'_>,
) -> Option<(String, usize, usize)> {
    let (mut calls, mut failures) = (0, 0);
    for _ in 0..CONTROL_CALLS {
        let tried = ask(control, table, runner).await;
        if tried.reply().is_some_and(|reply| reply.party == Party::Api) {
            calls += 1;
            failures += usize::from(tried.success().is_none());
        }
    }
    (calls > 0).then(|| (control.to_owned(), calls, failures))
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

fn row(counted: &Counted, calls: &Calls) -> Observation {
    let status = match (counted.failures(), &calls.other) {
        (0, Some(tried)) => failed_status(tried),
        (0, None) if calls.is_rerouted() => Status::Warn,
        (0, None) => Status::Pass,
        _ => Status::Fail,
    };
    let detail = match &calls.other {
        Some(tried) if counted.failures() == 0 => tried.summary().to_owned(),
        _ => said(counted),
    };
    let mut row = API_ALIAS.row(status, detail);
    for tried in calls.failed.iter().chain(&calls.other) {
        row = row.with(tried.evidence());
    }
    for tried in &calls.passed {
        let evidence = tried.evidence();
        let telling = status == Status::Warn;
        let clues = if telling { evidence.clues.clone() } else { Vec::new() };
        row = row.with(Evidence { clues, ..evidence });
    }
    row.done()
}

fn said(counted: &Counted) -> String {
    let (failures, calls) = (counted.failures(), counted.calls());
    if failures == 0 {
        return format!("{calls} of {calls} calls answered");
    }
    let (low, high) = counted.interval();
    let percent = |share: f64| (share * 100.0).round();
    format!(
        "{failures} of {calls} calls fail with 404 ({} %, 95 % interval {}-{} %)",
        percent(failures as f64 / calls as f64),
        percent(low),
        percent(high)
    )
}
