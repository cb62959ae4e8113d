//! What a finished gate is told with: its rows, its word and sentence, its data, and what it does not show.

use serde_json::{Value, json};

use crate::{
    diagnose::Finding,
    facts::{Check, Class, Measure, Severity, Status},
    gate::{Cause, Gate, Held, Kind, Requirement, Seen, Shown, Subject, WaiverState, hold, toml},
    probe::Product,
    report::{
        document::{Column, Remark, Sheet},
        verdict,
    },
    stats::Standing,
};

use super::GateArgs;

/// What a finished gate is told with.
#[derive(Debug)]
pub struct Told {
    /// One row a requirement.
    pub checks: Vec<Check>,
    /// The `data` of the document.
    pub data: Value,
    /// The tables.
    pub sheets: Vec<Sheet>,
    /// The remarks.
    pub remarks: Vec<Remark>,
    /// What the run does not show.
    pub limits: Vec<String>,
    /// The word of the headline.
    pub word: &'static str,
    /// Its sentence.
    pub sentence: String,
    /// The worst result.
    pub status: Status,
    /// What fails the run.
    pub classes: Vec<Class>,
}

/// Holds the gate against what was seen.
pub fn told(
    args: &GateArgs,
    gate: &Gate,
    product: &Product,
    (rows, findings): (&[Check], &[Finding]),
    (today, stopped, without_key): (&str, bool, bool),
) -> Told {
    let sampled = product.sampled.clone().unwrap_or_default();
    let causes = causes(findings);
    let seen = Seen {
        rows,
        causes: &causes,
        samples: &sampled.samples,
        end: &sampled.end,
        today,
        stopped,
        without_key,
    };
    let held = hold(gate, &seen);
    let status = held.status();
    let is_cut_short = stopped && is_undecided(&held, status);
    let model = sampled.model.as_deref().unwrap_or("the model");
    Told {
        checks: held.requirements.iter().map(|one| one.check.clone()).collect(),
        data: data(args, gate, &held, rows),
        sheets: sheet(&held).into_iter().collect(),
        remarks: remarks(gate, &held, today),
        limits: limits(&held, model),
        word: verdict::word(if is_cut_short { Status::Inconclusive } else { status }),
        sentence: match is_cut_short {
            true => cut_short(&held),
            false => sentence(&held, status, findings),
        },
        status,
        classes: held.classes,
    }
}

/// The causes that break calls. A rival of one is none.
fn causes(findings: &[Finding]) -> Vec<Cause> {
    let is_root = |finding: &&Finding| {
        finding.severity == Severity::Error && finding.alternative_to.is_none()
    };
    let cause = |finding: &Finding| Cause { id: finding.id.clone(), class: finding.class };
    findings.iter().filter(is_root).map(cause).collect()
}

/// Whether nothing has failed, and something was not decided.
fn is_undecided(held: &Held, status: Status) -> bool {
    let has_failed = matches!(status, Status::Fail | Status::Inconclusive);
    !has_failed && !with(held, Status::Skip).is_empty()
}

/// Of such a run that was stopped: what was not decided is not told to be met.
fn cut_short(held: &Held) -> String {
    let all = held.requirements.len();
    let undecided = with(held, Status::Skip);
    let verb = if undecided.len() == 1 { "was" } else { "were" };
    format!(
        "{} of {all} requirements hold, and {} {verb} not decided.",
        all - undecided.len(),
        names(&undecided)
    )
}

fn with(held: &Held, status: Status) -> Vec<&Requirement> {
    held.requirements.iter().filter(|one| one.check.status == status).collect()
}

fn sentence(held: &Held, status: Status, findings: &[Finding]) -> String {
    let all = held.requirements.len();
    let of = |wanted: Status| with(held, wanted);
    match status {
        Status::Pass if all == 1 => "the gate is met: its one requirement holds.".to_owned(),
        Status::Pass => {
            let skipped = of(Status::Skip).len();
            let holding = all - skipped;
            let rest = match skipped {
                0 => String::new(),
                1 => ", and 1 does not apply".to_owned(),
                _ => format!(", and {skipped} do not apply"),
            };
            format!("the gate is met: {holding} of {all} requirements hold{rest}.")
        }
        Status::Warn => {
            format!(
                "the gate is met, with a warning at {} of {all}: {}.",
                of(status).len(),
                names(&of(status))
            )
        }
        Status::Skip => "nothing was asked, so that the gate says nothing.".to_owned(),
        Status::Inconclusive => {
            let open = of(status);
            let first = open.first().map(|one| one.check.detail.as_str()).unwrap_or_default();
            format!("it cannot be told whether the gate is met: {}: {first}.", names(&open))
        }
        Status::Fail => {
            let failed = of(status);
            let verb = if failed.len() == 1 { "fails" } else { "fail" };
            let why = why(&failed, findings);
            format!(
                "the gate is not met: {} of {all} {verb}: {}. {why}.",
                failed.len(),
                names(&failed)
            )
        }
    }
}

/// The cause where one explains it, or else what the first row says.
fn why(failed: &[&Requirement], findings: &[Finding]) -> String {
    let first = findings.iter().find(|finding| finding.severity == Severity::Error);
    let row = failed.first().map(|one| one.check.detail.clone()).unwrap_or_default();
    match first {
        Some(finding) if failed.iter().any(|one| one.kind == Kind::Check) => finding.title.clone(),
        _ => row,
    }
}

fn names(requirements: &[&Requirement]) -> String {
    const MOST: usize = 3;
    let ids: Vec<&str> = requirements.iter().take(MOST).map(|one| one.check.id.as_str()).collect();
    match requirements.len() {
        all if all > MOST => format!("{} and {} more", ids.join(", "), all - MOST),
        _ => ids.join(", "),
    }
}

fn data(args: &GateArgs, gate: &Gate, held: &Held, rows: &[Check]) -> Value {
    let requirement = |one: &Requirement| {
        let waiver = one.waived_by.and_then(|place| gate.waivers.get(place));
        json!({
            "id": one.check.id,
            "kind": match one.kind { Kind::Check => "check", Kind::Level => "level" },
            "status": one.check.status.word(),
            "waived_until": waiver.map(|waiver| &waiver.until),
            "waived_because": waiver.map(|waiver| &waiver.reason),
        })
    };
    let waivers = gate.waivers.iter().zip(&held.waivers).map(|(waiver, state)| {
        let (check, finding) = match &waiver.subject {
            Subject::Check(id) => (Some(id), None),
            Subject::Finding(id) => (None, Some(id)),
        };
        json!({
            "check": check,
            "finding": finding,
            "reason": waiver.reason,
            "until": waiver.until,
            "state": state.word(),
        })
    });
    let asked = rows
        .iter()
        .map(|row| json!({"id": row.id, "status": row.status.word(), "detail": row.detail}));
    json!({
        "source": args.source(),
        "is_smoke_set": gate.is_smoke,
        "requirements": held.requirements.iter().map(requirement).collect::<Vec<_>>(),
        "levels": held.levels.iter().map(level_json).collect::<Vec<_>>(),
        "waivers": waivers.collect::<Vec<_>>(),
        "asked": asked.collect::<Vec<_>>(),
        "toml": toml(gate),
    })
}

fn level_json(shown: &Shown) -> Value {
    let level = &shown.level;
    json!({
        "id": level.measure.id(),
        "at_most": (level.measure != Measure::Alias).then_some(level.at_most),
        "standing": match shown.standing {
            Some(Standing::Met) => "met",
            Some(Standing::NotMet) => "not_met",
            Some(Standing::Open) => "open",
            None => "not_asked",
        },
        "against": shown.bad,
        "of": shown.of,
        "value": shown.value.map(tenth),
        "below": shown.below.map(tenth),
        "calls_planned": level.calls,
        "calls_to_meet": shown.calls_to_meet,
    })
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// The levels, with what was seen beside what is allowed.
fn sheet(held: &Held) -> Option<Sheet> {
    let own = || held.levels.iter().filter(|shown| shown.level.measure != Measure::Alias);
    own().next()?;
    let cell =
        |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"));
    let row = |shown: &Shown| {
        vec![
            shown.level.measure.key().to_owned(),
            format!("{}", shown.level.at_most),
            cell(shown.value),
            cell(shown.below),
            format!("{}/{}", shown.bad, shown.of),
        ]
    };
    Some(Sheet {
        title: "levels".to_owned(),
        columns: vec![
            Column::text("level"),
            Column::number("at most"),
            Column::number("seen"),
            Column::number("below (95 %)"),
            Column::number("against"),
        ],
        rows: own().map(row).collect(),
        notes: Vec::new(),
    })
}

fn remarks(gate: &Gate, held: &Held, today: &str) -> Vec<Remark> {
    let waiver = |(waiver, state): (&crate::gate::Waiver, &WaiverState)| {
        let id = waiver.subject.id();
        let text = match state {
            WaiverState::Used => return None,
            WaiverState::Unused => {
                format!("that of {id} had nothing to let pass; it can be taken out")
            }
            WaiverState::Ended => {
                format!("that of {id} ended on {}, and today is {today}", waiver.until)
            }
        };
        Some(Remark { label: "waiver", text, command: None })
    };
    let waivers = gate.waivers.iter().zip(&held.waivers).filter_map(waiver);
    let keep = gate.is_smoke.then(|| Remark {
        label: "keep it",
        text: "gemini-doctor gate --print > gate.toml writes this smoke set into a file".to_owned(),
        command: None,
    });
    waivers.chain(keep).collect()
}

fn limits(held: &Held, model: &str) -> Vec<String> {
    let alias = held.levels.iter().find(|shown| shown.level.measure == Measure::Alias);
    let clean = alias.filter(|shown| shown.unanswered == 0 && shown.of > 0).map(|shown| {
        let below = shown.below.unwrap_or(100.0);
        format!("0 of {} on {model} only shows a failure rate below {below:.0} % at 95 %", shown.of)
    });
    let is_time = |shown: &&Shown| shown.level.measure.quantile().is_some() && shown.of > 0;
    let times = held.levels.iter().find(is_time).map(|_| {
        "times are those of one-word answers over open connections; longer answers take longer"
            .to_owned()
    });
    clean.into_iter().chain(times).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{CallEnd, Layer, Level, SamplingEnd, Timed};

    /// What is said of a gate with two checks and the name, after so many answered calls.
    fn said(list: Status, calls: usize, stopped: bool) -> String {
        let row = |id: &str, status| Check {
            id: id.to_owned(),
            stage: 5,
            title: id.to_owned(),
            layer: Layer::Auth,
            status,
            duration_ms: None,
            detail: String::new(),
            attempts: Vec::new(),
        };
        let gate = Gate {
            checks: vec!["net.tls".to_owned(), "api.list".to_owned()],
            levels: vec![Level { calls: 7, ..Level::new(Measure::Alias, 0.0) }],
            is_smoke: true,
            ..Gate::default()
        };
        let answered = Timed {
            attempt: None,
            end: CallEnd::Answered,
            latency_ms: Some(1.0),
            first_token_ms: None,
            tokens: None,
        };
        let samples = vec![answered; calls];
        let rows = [row("net.tls", Status::Pass), row("api.list", list)];
        let end = if stopped { SamplingEnd::Stopped } else { SamplingEnd::Settled };
        let seen = Seen {
            rows: &rows,
            causes: &[],
            samples: &samples,
            end: &end,
            today: "2026-12-31",
            stopped,
            without_key: false,
        };
        let held = hold(&gate, &seen);
        let status = held.status();
        match stopped && is_undecided(&held, status) {
            true => cut_short(&held),
            false => sentence(&held, status, &[]),
        }
    }

    #[test]
    fn a_stopped_gate_is_not_told_to_be_met() {
        for (list, calls, stopped, expected) in [
            (Status::Pass, 3, true, "2 of 3 requirements hold, and api.alias was not decided."),
            (
                Status::Skip,
                0,
                true,
                "1 of 3 requirements hold, and api.list, api.alias were not decided.",
            ),
            (Status::Pass, 7, true, "the gate is met: 3 of 3 requirements hold."),
            (
                Status::Skip,
                7,
                false,
                "the gate is met: 2 of 3 requirements hold, and 1 does not apply.",
            ),
        ] {
            assert_eq!(said(list, calls, stopped), expected);
        }
    }
}
