//! A gate held against what a run saw: one row a requirement, and what fails the run. Pure.
//!
//! A requirement that failed is explained by the causes that were found, and these say whose move it is;
//! one that nothing explains is a gate that is not met. Causes that touch no requirement fail nothing.

use crate::{
    facts::{Check, Class, Layer, Measure, SamplingEnd, Status, Timed},
    stats::Standing,
};

use super::{Gate, Shown, Subject, Waiver, WaiverState, levels};

/// The stage that levels stand in.
const STAGE: u8 = 12;

/// What a run saw.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Every row that was asked.
    pub rows: &'a [Check],
    /// The causes that break calls, best first.
    pub causes: &'a [Cause],
    /// The calls for levels.
    pub samples: &'a [Timed],
    /// How they ended.
    pub end: &'a SamplingEnd,
    /// The day, UTC.
    pub today: &'a str,
    /// Whether somebody stopped the run.
    pub stopped: bool,
    /// Whether there was no key, and that is none of its faults.
    pub without_key: bool,
}

/// A cause that breaks calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The id of its known fix.
    pub id: String,
    /// What it means to a job.
    pub class: Class,
}

/// What a requirement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A check that must hold.
    Check,
    /// A level.
    Level,
}

/// One requirement and its result.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// Its row.
    pub check: Check,
    /// What it is about.
    pub kind: Kind,
    /// Which waiver let it pass, by its place in the file.
    pub waived_by: Option<usize>,
    /// Whether it is a level that its calls do not decide.
    pub is_open: bool,
    /// Whether causes that break calls can be why it failed.
    can_be_explained: bool,
}

/// A gate that was held against a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// One a requirement, in the order in which they are asked.
    pub requirements: Vec<Requirement>,
    /// What the levels show, in that order.
    pub levels: Vec<Shown>,
    /// What became of each waiver, in the order of the file.
    pub waivers: Vec<WaiverState>,
    /// What fails the run; several decide by the order of the exit codes.
    pub classes: Vec<Class>,
}

/// Holds a gate against a run.
pub fn hold(gate: &Gate, seen: &Seen<'_>) -> Held {
    let levels: Vec<Shown> =
        gate.levels.iter().map(|level| levels::shown(level, seen.samples, seen.end)).collect();
    let checks = gate.looked_at().map(|id| of_check(id, gate, seen));
    let sampled = levels.iter().map(|shown| of_level(shown, gate, seen));
    let mut requirements: Vec<Requirement> = checks.chain(sampled).collect();
    if seen.without_key {
        requirements.iter_mut().for_each(skip_without_key);
    }
    let mut states: Vec<WaiverState> =
        gate.waivers.iter().map(|waiver| state(waiver, seen.today)).collect();
    let unwaived = unwaived(gate, seen);
    for requirement in &mut requirements {
        waive(requirement, gate, seen, (&unwaived, &mut states));
    }
    // After the waivers: what one of them lets pass hides nothing that could not be asked.
    not_told_twice(&mut requirements, seen);
    let classes = requirements.iter().flat_map(|one| classes(one, &unwaived)).collect();
    Held { requirements, levels, waivers: states, classes }
}

impl Held {
    /// The worst result of all.
    pub fn status(&self) -> Status {
        let any = |status| self.requirements.iter().any(|one| one.check.status == status);
        let all_skipped = self.requirements.iter().all(|one| one.check.status == Status::Skip);
        match () {
            () if any(Status::Fail) => Status::Fail,
            () if any(Status::Inconclusive) => Status::Inconclusive,
            () if any(Status::Warn) => Status::Warn,
            () if all_skipped => Status::Skip,
            () => Status::Pass,
        }
    }
}

/// The row of a check, in the words of the run.
fn of_check(id: &str, gate: &Gate, seen: &Seen<'_>) -> Requirement {
    let missing = || Check {
        id: id.to_owned(),
        stage: STAGE,
        title: id.rsplit('.').next().unwrap_or(id).to_owned(),
        layer: Layer::Local,
        status: Status::Skip,
        duration_ms: None,
        detail: "it was not asked in this run".to_owned(),
        attempts: Vec::new(),
    };
    let mut check = seen.rows.iter().find(|row| row.id == id).cloned().unwrap_or_else(missing);
    if check.status == Status::Skip && !gate.is_smoke && !seen.stopped {
        // What is required and does not show itself cannot be told to hold.
        check.status = Status::Inconclusive;
    }
    plain(check, Kind::Check, true)
}

fn plain(check: Check, kind: Kind, can_be_explained: bool) -> Requirement {
    Requirement { check, kind, waived_by: None, is_open: false, can_be_explained }
}

fn of_level(shown: &Shown, gate: &Gate, seen: &Seen<'_>) -> Requirement {
    let measure = shown.level.measure;
    let is_open = shown.standing == Some(Standing::Open);
    let check = Check {
        id: measure.id().to_owned(),
        stage: STAGE,
        title: measure.title().to_owned(),
        layer: layer(measure),
        status: status_of_level(shown, gate, seen),
        duration_ms: None,
        detail: shown.detail.clone(),
        attempts: attempts_against(shown, seen),
    };
    let is_of_calls = matches!(measure, Measure::Alias | Measure::FailurePercent);
    let was_refused = matches!(seen.end, SamplingEnd::Refused(_) | SamplingEnd::Throttled(_));
    let kind = if measure == Measure::Alias { Kind::Check } else { Kind::Level };
    let can_be_explained =
        is_of_calls || was_refused || shown.is_mostly_unanswered || shown.of == 0;
    Requirement { is_open, ..plain(check, kind, can_be_explained) }
}

const fn layer(measure: Measure) -> Layer {
    match measure {
        Measure::TokensPerCall => Layer::Request,
        Measure::FirstTokenP50 | Measure::FirstTokenP95 => Layer::Stream,
        _ => Layer::Backend,
    }
}

/// A level that is open passes with a warning, unless the file says otherwise: a gate with too few calls is
/// no reason to stop a deploy. A quota that no later try lifts is one.
fn status_of_level(shown: &Shown, gate: &Gate, seen: &Seen<'_>) -> Status {
    let has_no_quota = || seen.causes.iter().any(|cause| cause.class == Class::Quota);
    let is_throttled = matches!(seen.end, SamplingEnd::Throttled(_));
    let was_asked = !shown.level.own(seen.samples).is_empty();
    match (shown.standing, seen.end) {
        (Some(Standing::Met), _) => Status::Pass,
        (Some(Standing::NotMet), _) => Status::Fail,
        // Calls of which none was answered are no service, whatever its level.
        (Some(Standing::Open), _) if was_asked && shown.of == 0 => Status::Fail,
        (Some(Standing::Open), _) if is_throttled && has_no_quota() => Status::Fail,
        (Some(Standing::Open), _) if !was_asked => Status::Inconclusive,
        (Some(Standing::Open), _) if gate.fails_if_open => Status::Inconclusive,
        (Some(Standing::Open), _) => Status::Warn,
        (None, SamplingEnd::NotBegun(_)) if !seen.stopped => Status::Inconclusive,
        (None, _) => Status::Skip,
    }
}

/// The calls that count against a level; a few are enough to lead there.
fn attempts_against(shown: &Shown, seen: &Seen<'_>) -> Vec<String> {
    const MOST: usize = 5;
    let level = &shown.level;
    let own = level.own(seen.samples);
    let is_against = |index: &usize| {
        let call = &own[*index..=*index];
        let is_of_answers = level.measure == Measure::Alias || shown.is_mostly_unanswered;
        level.counts(call).0 > 0 || (is_of_answers && level.unanswered(call) > 0)
    };
    let against = (0..own.len()).filter(is_against);
    against.filter_map(|index| own[index].attempt.clone()).take(MOST).collect()
}

fn skip_without_key(requirement: &mut Requirement) {
    requirement.check.status = Status::Skip;
    "there is no key".clone_into(&mut requirement.check.detail);
}

const fn is_red(status: Status) -> bool {
    matches!(status, Status::Fail | Status::Inconclusive)
}

fn is_sampled(one: &Requirement) -> bool {
    one.kind == Kind::Level || one.check.id == super::ALIAS
}

/// Whether it could not be asked.
fn is_cut(one: &Requirement, seen: &Seen<'_>) -> bool {
    let own = seen.rows.iter().find(|row| row.id == one.check.id);
    match is_sampled(one) {
        true => matches!(seen.end, SamplingEnd::NotBegun(_)),
        false => own.is_none_or(|row| row.status == Status::Skip),
    }
}

/// The broken row because of which a requirement could not be asked. One without a row of its own has no place
/// in this run, whatever else is broken.
fn broken_before<'a>(one: &Requirement, seen: &Seen<'a>) -> Option<&'a Check> {
    let before = match is_sampled(one) {
        true => seen.rows.len(),
        false => seen.rows.iter().position(|row| row.id == one.check.id)?,
    };
    seen.rows[..before].iter().find(|row| is_red(row.status))
}

/// What could not be asked because of something else is told once, by that; where that is no requirement, by
/// the first that could not be asked.
fn not_told_twice(requirements: &mut [Requirement], seen: &Seen<'_>) {
    let is_told = |one: &Requirement| is_red(one.check.status) && !is_cut(one, seen);
    let mut told = requirements.iter().any(is_told);
    let open = |one: &&mut Requirement| is_cut(one, seen) && is_red(one.check.status);
    for one in requirements.iter_mut().filter(open) {
        match broken_before(one, seen) {
            _ if told => one.check.status = Status::Skip,
            Some(row) => {
                one.check.status = row.status;
                one.check.detail = format!("not reached: {}: {}", row.title, row.detail);
                one.check.attempts.clone_from(&row.attempts);
                told = true;
            }
            None => {}
        }
    }
}

fn state(waiver: &Waiver, today: &str) -> WaiverState {
    if waiver.holds_on(today) { WaiverState::Unused } else { WaiverState::Ended }
}

/// The causes that no waiver lets pass.
fn unwaived(gate: &Gate, seen: &Seen<'_>) -> Vec<Cause> {
    let is_waived = |cause: &Cause| {
        gate.waivers.iter().any(|waiver| {
            waiver.subject == Subject::Finding(cause.id.clone()) && waiver.holds_on(seen.today)
        })
    };
    seen.causes.iter().filter(|cause| !is_waived(cause)).cloned().collect()
}

/// Lets a requirement pass that failed and is waived, or says that its waiver has ended.
fn waive(
    requirement: &mut Requirement,
    gate: &Gate,
    seen: &Seen<'_>,
    (unwaived, states): (&[Cause], &mut [WaiverState]),
) {
    let is_red = is_red(requirement.check.status);
    if !is_red && !requirement.is_open {
        return;
    }
    let by_check = gate.waiver_of(&requirement.check.id);
    let is_of_cause = |waiver: &Waiver| {
        seen.causes.iter().any(|cause| waiver.subject == Subject::Finding(cause.id.clone()))
    };
    let is_touched = !is_cut(requirement, seen) || broken_before(requirement, seen).is_some();
    let explained = requirement.can_be_explained && is_red && is_touched;
    let mut by_cause: Vec<(usize, &Waiver)> = match explained {
        true => gate.waivers.iter().enumerate().filter(|(_, one)| is_of_cause(one)).collect(),
        false => Vec::new(),
    };
    let holds = |(_, waiver): &(usize, &Waiver)| waiver.holds_on(seen.today);
    by_cause.sort_by_key(|one| !holds(one));
    let whole = unwaived.is_empty() && !seen.causes.is_empty();
    let in_force = by_check
        .filter(holds)
        .or_else(|| by_cause.first().copied().filter(|one| whole && holds(one)));
    let detail = &mut requirement.check.detail;
    if let Some((place, waiver)) = in_force {
        *detail = format!("{}; {detail}", waiver.said(seen.today));
        requirement.check.status = Status::Warn;
        requirement.waived_by = Some(place);
        let used = by_cause.iter().filter(|one| holds(one)).map(|(place, _)| *place);
        used.chain([place]).for_each(|place| states[place] = WaiverState::Used);
    } else if let Some((_, waiver)) = by_check.or_else(|| by_cause.last().copied())
        && !waiver.holds_on(seen.today)
    {
        *detail = format!("its waiver ended on {} ({}); {detail}", waiver.until, waiver.reason);
    }
}

/// What a requirement means to the job. An error that is not recognised explains nothing: what failed by it is a gate
/// that is not met, and what could not be told stays so.
fn classes(requirement: &Requirement, unwaived: &[Cause]) -> Vec<Class> {
    let by_itself = match requirement.check.status {
        Status::Fail => Class::Yours,
        Status::Inconclusive => Class::Unknown,
        Status::Pass | Status::Warn | Status::Skip => return Vec::new(),
    };
    match requirement.can_be_explained && !unwaived.is_empty() {
        true => unwaived
            .iter()
            .map(|cause| if cause.class == Class::Unknown { by_itself } else { cause.class })
            .collect(),
        false => vec![by_itself],
    }
}

#[cfg(test)]
mod tests;
