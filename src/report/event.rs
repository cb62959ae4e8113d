//! A run as a stream of events. The report is the fold of its events, so a reader of the stream
//! misses nothing that a reader of the document has.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Report,
    document::{Credential, Run, SCHEMA_VERSION, Target, Tool},
    json,
};
use crate::{
    diagnose::Finding,
    facts::{Attempt, Check, Sample},
};

/// Something that happened in a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It began.
    Run(Box<Opening>),
    /// A request was answered, or failed.
    Attempt(Box<Attempt>),
    /// A call of a benchmark was timed.
    Sample(Box<Sample>),
    /// A check has its result.
    Check(Box<Check>),
    /// A cause was found.
    Finding(Box<Finding>),
    /// It ended; the whole document.
    Report(Box<Report>),
}

/// What is known when a run begins.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Opening {
    /// What runs.
    pub tool: Tool,
    /// The run.
    pub run: OpeningRun,
    /// What will be asked. The model is null where it is yet to be picked.
    pub target: Target,
    /// With which credential. The project is null: only an answer tells it.
    pub credential: Credential,
}

/// The part of a run that is known when it begins.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OpeningRun {
    /// Unique to the run.
    pub id: String,
    /// The subcommand.
    pub command: String,
    /// When it began, RFC 3339 in UTC.
    pub started_at: String,
    /// The seed of everything random in it.
    pub seed: u64,
    /// The scenario, where nothing of it is real.
    pub simulated: Option<String>,
    /// Whether nothing will be sent, only planned.
    pub dry_run: bool,
}

/// One line of NDJSON.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Line<'a> {
    /// It began.
    Run(Stamped<&'a Opening>),
    /// A request was answered, or failed.
    Attempt(Stamped<&'a Attempt>),
    /// A call of a benchmark was timed.
    Sample(Stamped<&'a Sample>),
    /// A check has its result.
    Check(Stamped<&'a Check>),
    /// A cause was found.
    Finding(Stamped<&'a Finding>),
    /// It ended; the whole document.
    Report(&'a Report),
}

/// A part of the document with the version that the whole document has anyway.
#[derive(Serialize, JsonSchema)]
pub(super) struct Stamped<T> {
    /// The version of this line's form.
    schema_version: &'static str,
    #[serde(flatten)]
    payload: T,
}

/// The events of a finished run, in order.
pub fn events_of(report: &Report) -> Vec<Event> {
    let attempts = report.attempts.iter().cloned().map(|one| Event::Attempt(Box::new(one)));
    let samples = report.samples.iter().cloned().map(|one| Event::Sample(Box::new(one)));
    let checks = report.checks.iter().cloned().map(|one| Event::Check(Box::new(one)));
    let findings = report.findings.iter().cloned().map(|one| Event::Finding(Box::new(one)));
    std::iter::once(Event::Run(Box::new(opening(report))))
        .chain(attempts)
        .chain(samples)
        .chain(checks)
        .chain(findings)
        .chain([Event::Report(Box::new(report.clone()))])
        .collect()
}

/// What a report says of the run's beginning.
pub fn opening(report: &Report) -> Opening {
    let run = &report.run;
    Opening {
        tool: report.tool.clone(),
        run: OpeningRun {
            id: run.id.clone(),
            command: run.command.clone(),
            started_at: run.started_at.clone(),
            seed: run.seed,
            simulated: run.simulated.clone(),
            dry_run: run.dry_run,
        },
        target: report.target.clone(),
        credential: Credential { project: None, ..report.credential.clone() },
    }
}

/// The report of a stream: built from the events, with only what the end alone can know taken from
/// the last one, and held against the document that the last one carries.
pub fn fold(events: impl IntoIterator<Item = Event>) -> Result<Report, String> {
    let mut events = events.into_iter();
    let Some(Event::Run(opening)) = events.next() else {
        return Err("the first event is not a run".to_owned());
    };
    let mut parts = Parts::default();
    let end =
        events.find_map(|event| parts.add(event)).ok_or("the stream ends without a report")?;
    if parts.began_again || events.next().is_some() {
        return Err("the stream holds more than one run".to_owned());
    }
    let built = parts.finish(*opening, &end);
    if built == *end { Ok(built) } else { Err("the events and the report differ".to_owned()) }
}

/// One line of NDJSON, without its line break.
pub fn render_event(event: &Event) -> String {
    json::line(&match event {
        Event::Run(opening) => Line::Run(Stamped::new(&**opening)),
        Event::Attempt(attempt) => Line::Attempt(Stamped::new(&**attempt)),
        Event::Sample(sample) => Line::Sample(Stamped::new(&**sample)),
        Event::Check(check) => Line::Check(Stamped::new(&**check)),
        Event::Finding(finding) => Line::Finding(Stamped::new(&**finding)),
        Event::Report(report) => Line::Report(report),
    })
}

impl<T> Stamped<T> {
    const fn new(payload: T) -> Self {
        Self { schema_version: SCHEMA_VERSION, payload }
    }
}

/// What has happened so far.
#[derive(Default)]
struct Parts {
    attempts: Vec<Attempt>,
    samples: Vec<Sample>,
    checks: Vec<Check>,
    findings: Vec<Finding>,
    began_again: bool,
}

impl Parts {
    /// Takes an event in; the last one is given back.
    fn add(&mut self, event: Event) -> Option<Box<Report>> {
        match event {
            Event::Run(_) => self.began_again = true,
            Event::Attempt(attempt) => self.attempts.push(*attempt),
            Event::Sample(sample) => self.samples.push(*sample),
            Event::Check(check) => self.checks.push(*check),
            Event::Finding(finding) => self.findings.push(*finding),
            Event::Report(report) => return Some(report),
        }
        None
    }

    fn finish(self, opening: Opening, end: &Report) -> Report {
        let start = opening.run;
        Report {
            schema_version: SCHEMA_VERSION.to_owned(),
            tool: opening.tool,
            run: Run {
                id: start.id,
                command: start.command,
                started_at: start.started_at,
                seed: start.seed,
                simulated: start.simulated,
                dry_run: start.dry_run,
                duration_ms: end.run.duration_ms,
                budget: end.run.budget,
            },
            target: with_model(opening.target, &end.target),
            credential: Credential {
                project: end.credential.project.clone(),
                ..opening.credential
            },
            verdict: end.verdict.clone(),
            checks: self.checks,
            findings: self.findings,
            attempts: self.attempts,
            samples: self.samples,
            data: end.data.clone(),
            limits: end.limits.clone(),
            error: end.error.clone(),
            recorded: end.recorded.clone(),
            places: end.places.clone(),
            sheets: end.sheets.clone(),
            remarks: end.remarks.clone(),
        }
    }
}

/// A model that nobody named is picked from a list, which a run has to ask for first.
fn with_model(target: Target, end: &Target) -> Target {
    match target.model {
        Some(_) => target,
        None => {
            Target { model: end.model.clone(), model_source: end.model_source.clone(), ..target }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn the_report_is_the_fold_of_its_events() {
        for (name, report) in samples::all() {
            assert_eq!(fold(events_of(&report)), Ok(report), "{name}");
        }
    }

    #[test]
    fn no_event_can_be_left_out() {
        for (name, report) in samples::all() {
            let events = events_of(&report);
            for left_out in 0..events.len() {
                let mut rest = events.clone();
                rest.remove(left_out);
                assert!(fold(rest).is_err(), "{name}, event {left_out}");
            }
        }
    }

    #[test]
    fn no_event_can_be_altered_doubled_or_moved() {
        for (name, report) in samples::all() {
            let events = events_of(&report);
            for place in 0..events.len() {
                let altered = with(&events, |all| alter(&mut all[place]));
                assert_ne!(fold(altered), Ok(report.clone()), "{name}, event {place} altered");
                let doubled = with(&events, |all| all.insert(place, all[place].clone()));
                assert!(fold(doubled).is_err(), "{name}, event {place} doubled");
                let last = events.len() - 1;
                let moved = with(&events, |all| all.swap(place, last));
                assert!(place == last || fold(moved).is_err(), "{name}, event {place} moved");
            }
        }
    }

    #[test]
    fn a_model_and_a_project_may_become_known_on_the_way() {
        let mut report = samples::failing();
        report.target.model = Some("gemini-3.5-flash".to_owned());
        report.credential.project = Some("123456789".to_owned());
        let mut events = events_of(&report);
        if let Event::Run(opening) = &mut events[0] {
            opening.target.model = None;
            opening.target.model_source = None;
        }
        assert_eq!(fold(events), Ok(report));
    }

    #[test]
    fn a_line_is_one_object_with_its_version_and_type() {
        let report = samples::failing();
        let lines: Vec<serde_json::Value> = events_of(&report)
            .iter()
            .map(|event| serde_json::from_str(&render_event(event)).unwrap())
            .collect();
        let kinds: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
        assert_eq!((kinds[0], *kinds.last().unwrap()), ("run", "report"));
        assert!(lines.iter().all(|line| line["schema_version"] == SCHEMA_VERSION));
        let mut whole = lines.last().unwrap().clone();
        whole.as_object_mut().unwrap().remove("type");
        assert_eq!(whole, serde_json::to_value(&report).unwrap());
    }

    #[test]
    fn no_key_stands_twice_in_a_line() {
        for event in events_of(&samples::failing()) {
            let line = render_event(&event);
            assert_eq!(line.matches("\"schema_version\":").count(), 1, "{line}");
        }
    }

    fn with(events: &[Event], change: impl FnOnce(&mut Vec<Event>)) -> Vec<Event> {
        let mut events = events.to_vec();
        change(&mut events);
        events
    }

    fn alter(event: &mut Event) {
        match event {
            Event::Run(opening) => opening.run.seed += 1,
            Event::Attempt(attempt) => attempt.summary.push('!'),
            Event::Sample(sample) => sample.round += 1,
            Event::Check(check) => check.detail.push('!'),
            Event::Finding(finding) => finding.title.push('!'),
            Event::Report(report) => report.verdict.sentence.push('!'),
        }
    }
}
