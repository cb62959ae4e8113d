//! One finished run as families of metrics. Names, units and labels are a contract. What a label can say is bounded by
//! what this program knows and by what it was asked about: no text of a server's, and no file, ever becomes one.

use std::{collections::HashMap, hash::Hash};

use serde_json::Value;

use super::{Report, spread, text};
use crate::{
    export::{
        certificate_expiry,
        phases::{DURATIONS, PhaseDurations},
        series::{Buckets, Family, Series},
    },
    facts::{Attempt, Check, Endpoint, Sample, Status, time},
};

/// Every status, so that each has a number.
const STATUSES: [Status; 5] =
    [Status::Pass, Status::Warn, Status::Fail, Status::Skip, Status::Inconclusive];

/// All of them.
pub(super) fn of(report: &Report) -> Vec<Family> {
    let run = Run { report, labels: labels(report) };
    let mut all = Vec::from(run.about_itself());
    all.extend(run.about_the_verdict());
    all.extend(run.about_what_was_found());
    all.extend(run.about_what_was_spent());
    all.extend(run.about_failures());
    all.extend(run.about_times());
    all.push(run.certificates());
    all
}

/// A run, and what its series have in common. Files of several runs lie side by side for one collector, which takes no
/// series twice.
struct Run<'r> {
    report: &'r Report,
    labels: Vec<(&'static str, String)>,
}

/// What was run, where, and about which model; and that nothing was real, where it was not.
fn labels(report: &Report) -> Vec<(&'static str, String)> {
    let run = &report.run;
    let target = Endpoint::parse(&report.target.base_url, "").map(|one| one.authority());
    let known = [
        ("command", Some(run.command.clone())),
        ("target", target.ok()),
        ("model", report.target.model.clone()),
        ("simulated", run.simulated.clone()),
    ];
    let told = known.into_iter().filter_map(|(name, value)| Some((name, value?)));
    told.map(|(name, value)| (name, text::clean(&value, true))).collect()
}

impl Run<'_> {
    fn about_itself(&self) -> [Family; 3] {
        let (run, tool) = (&self.report.run, &self.report.tool);
        let about = [
            ("version", tool.version.as_str()),
            ("catalogue_as_of", tool.catalogue_as_of.as_str()),
            ("api", self.report.target.api.as_str()),
        ];
        let started = time::instant(&run.started_at).map(|at_s| self.number(&[], at_s));
        [
            gauge("gemini_doctor_run_info", "What made this run; the value is always 1.")
                .with([self.number(&about, 1.0)]),
            seconds("gemini_doctor_run_start_timestamp_seconds", "When the run began.")
                .with(started),
            seconds("gemini_doctor_run_duration_seconds", "How long the run took.")
                .with([self.number(&[], run.duration_ms / 1000.0)]),
        ]
    }

    fn about_the_verdict(&self) -> [Family; 3] {
        let verdict = &self.report.verdict;
        let word = text::clean(&verdict.word, true);
        let said = (!word.is_empty()).then(|| self.number(&[("verdict", &word)], 1.0));
        let status = |one: Status| {
            self.number(&[("status", one.word())], if one == verdict.status { 1.0 } else { 0.0 })
        };
        [
            gauge("gemini_doctor_run_status", "1 for the status of the run, 0 for the others.")
                .with(STATUSES.map(status)),
            gauge("gemini_doctor_run_exit_code", "How the program ended; 0 is healthy.")
                .with([self.number(&[], f64::from(verdict.exit_code))]),
            gauge("gemini_doctor_run_verdict", "The word of the verdict; the value is always 1.")
                .with(said),
        ]
    }

    fn about_what_was_found(&self) -> [Family; 3] {
        [
            gauge("gemini_doctor_checks", "Checks of the run, by how they ended.")
                .with(self.checks()),
            seconds("gemini_doctor_check_duration_seconds", "How long a check took.")
                .with(self.durations()),
            gauge("gemini_doctor_findings", "Causes that were found, by the known fix.")
                .with(self.findings()),
        ]
    }

    /// Several checks of one id are one series that counts them; so are several findings.
    fn checks(&self) -> Vec<Series> {
        let checks = &self.report.checks;
        let kind = |check: &'_ Check, status: Status| {
            (check.id.clone(), check.layer.word(), status.word())
        };
        let counts = totals(checks.iter().map(|check| (kind(check, check.status), 1.0)));
        let one = |check: &Check, status: Status| {
            let kind = kind(check, status);
            let labels = [("id", &*kind.0), ("layer", kind.1), ("status", kind.2)];
            self.number(&labels, counts.get(&kind).copied().unwrap_or(0.0))
        };
        checks.iter().flat_map(|check| STATUSES.map(|status| one(check, status))).collect()
    }

    fn durations(&self) -> Vec<Series> {
        let checks = &self.report.checks;
        let timed = || checks.iter().filter_map(|check| Some((&*check.id, check.duration_ms?)));
        let sums = totals(timed());
        timed().map(|(id, _)| self.number(&[("id", id)], sums[id] / 1000.0)).collect()
    }

    fn findings(&self) -> Vec<Series> {
        let kinds = || {
            let findings = self.report.findings.iter();
            findings.map(|one| (&*one.id, one.layer.word(), one.severity.word()))
        };
        let counts = totals(kinds().map(|kind| (kind, 1.0)));
        let found = kinds().map(|kind| {
            let labels = [("id", kind.0), ("layer", kind.1), ("severity", kind.2)];
            self.number(&labels, counts[&kind])
        });
        found.collect()
    }

    fn about_what_was_spent(&self) -> [Family; 4] {
        let budget = &self.report.run.budget;
        let one = |count: u64| [self.number(&[], count as f64)];
        let tokens = [("input", budget.input_tokens), ("output", budget.output_tokens)];
        [
            gauge("gemini_doctor_run_requests", "Requests that the run sent.")
                .with(one(budget.requests_used)),
            gauge("gemini_doctor_run_paid_requests", "Those of them that can be charged for.")
                .with(one(budget.paid_requests_used)),
            gauge("gemini_doctor_run_requests_max", "The most requests that the run may send.")
                .with(one(budget.requests_max)),
            Family::gauge(
                "gemini_doctor_run_tokens",
                Some("tokens"),
                "Tokens of the run, as the answers say; thinking counts as output.",
            )
            .with(tokens.map(|(way, count)| self.number(&[("direction", way)], count as f64))),
        ]
    }

    /// The rate that the run states itself, with its interval.
    fn about_failures(&self) -> [Family; 3] {
        let rate = &self.report.data["failure_rate"];
        let share = |name, field, help| {
            let stated = rate[field].as_f64().map(|value| self.number(&[], value));
            Family::gauge(name, Some("ratio"), help).with(stated)
        };
        [
            share("gemini_doctor_run_failure_ratio", "value", "The share of calls that failed."),
            share("gemini_doctor_run_failure_low_ratio", "low", "The lower bound of that share."),
            share("gemini_doctor_run_failure_high_ratio", "high", "The upper bound of that share."),
        ]
    }

    fn about_times(&self) -> [Family; 3] {
        let since_s = time::instant(&self.report.run.started_at).unwrap_or(0.0);
        [
            Family::histogram(
                "gemini_doctor_run_phase_duration_seconds",
                "seconds",
                since_s,
                "Where the time of requests went; what opens a connection is counted of every one, the rest of answered ones.",
            )
            .with(self.phases()),
            Family::histogram(
                "gemini_doctor_run_latency_seconds",
                "seconds",
                since_s,
                "How long the timed calls that were answered took, by arm.",
            )
            .with(self.arms(|arm, samples| vec![self.latencies(arm, samples)])),
            gauge("gemini_doctor_run_calls", "Timed calls, by arm and result.")
                .with(self.arms(|arm, samples| self.calls(arm, samples).to_vec())),
        ]
    }

    /// None where the report names some of the requests only: a few of them stand for no others.
    fn phases(&self) -> Vec<Series> {
        if (self.report.attempts.len() as u64) < self.report.run.budget.requests_used {
            return Vec::new();
        }
        let mut phases = PhaseDurations::default();
        for attempt in &self.report.attempts {
            phases.add(&attempt.phases, is_answered(attempt));
        }
        phases.series(&self.with(&[]))
    }

    fn arms(&self, of: impl Fn(&str, &[&Sample]) -> Vec<Series>) -> Vec<Series> {
        let arms = spread::arms(self.report);
        arms.flat_map(|(arm, samples)| of(&text::clean(arm, true), &samples)).collect()
    }

    fn latencies(&self, arm: &str, samples: &[&Sample]) -> Series {
        let mut buckets = Buckets::new(DURATIONS);
        let answered = samples.iter().filter(|sample| sample.is_answered());
        answered.for_each(|sample| buckets.add(sample.latency_ms / 1000.0));
        Series::buckets(&self.with(&[("arm", arm)]), &buckets)
    }

    fn calls(&self, arm: &str, samples: &[&Sample]) -> [Series; 2] {
        let answered = samples.iter().filter(|sample| sample.is_answered()).count();
        let results = [("answered", answered), ("failed", samples.len() - answered)];
        results
            .map(|(result, count)| self.number(&[("arm", arm), ("result", result)], count as f64))
    }

    fn certificates(&self) -> Family {
        let hosts = self.report.data["hosts"].as_array().into_iter().flatten();
        certificate_expiry().with(hosts.filter_map(|host| self.certificate(host)))
    }

    /// The end of the certificate that a host shows for itself, which it sends first.
    fn certificate(&self, host: &Value) -> Option<Series> {
        let ends = time::instant(host["chain"][0]["not_after"].as_str()?)?;
        let name = text::clean(host["host"].as_str()?, true);
        let port = host["port"].to_string();
        Some(self.number(&[("host", &name), ("port", &port)], ends))
    }

    fn number(&self, more: &[(&'static str, &str)], value: f64) -> Series {
        Series::number(&self.with(more), value)
    }

    fn with<'s>(&'s self, more: &[(&'static str, &'s str)]) -> Vec<(&'static str, &'s str)> {
        let own = self.labels.iter().map(|(name, text)| (*name, text.as_str()));
        own.chain(more.iter().copied()).collect()
    }
}

/// What comes together under each kind.
fn totals<K: Eq + Hash>(of: impl Iterator<Item = (K, f64)>) -> HashMap<K, f64> {
    let mut totals = HashMap::new();
    of.for_each(|(kind, value)| *totals.entry(kind).or_default() += value);
    totals
}

fn gauge(name: &'static str, help: &'static str) -> Family {
    Family::gauge(name, None, help)
}

fn seconds(name: &'static str, help: &'static str) -> Family {
    Family::gauge(name, Some("seconds"), help)
}

fn is_answered(attempt: &Attempt) -> bool {
    attempt.failure.is_none() && matches!(attempt.status, Some(200..=299))
}
