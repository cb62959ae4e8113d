//! What was counted, as families: the names, units and labels that dashboards and rules rest on. They are a contract.

use super::{Connects, Model, Registry};
use crate::export::{
    certificate_expiry,
    probed::{AddressFamily, Outcome, Rate, Standing},
    series::{Family, Kind, Series},
};

/// All of them, in the order of the page.
pub(super) fn of(registry: &Registry) -> Vec<Family> {
    let mut all = about_the_watch(registry);
    all.extend(about_calls(registry));
    all.extend(about_verdicts(registry));
    all.extend(about_the_path(registry));
    all
}

fn about_the_watch(registry: &Registry) -> Vec<Family> {
    let setup = &registry.setup;
    let alerts = [("sent", registry.alerts.sent), ("failed", registry.alerts.failed)];
    vec![
        build_info(&setup.version),
        Family::gauge(
            "gemini_doctor_watch_start_timestamp_seconds",
            Some("seconds"),
            "When this watch began.",
        )
        .with([Series::number(&[], setup.started_s)]),
        registry
            .counter("gemini_doctor_alerts", None, "Times that the alert's command was run.")
            .with(alerts.map(|(result, count)| number(&[("result", result)], count))),
    ]
}

/// The program, by its version.
fn build_info(version: &str) -> Family {
    let help = "The version of gemini-doctor; the value is always 1.";
    Family::gauge("gemini_doctor_build_info", None, help)
        .with([Series::number(&[("version", version)], 1.0)])
}

fn about_calls(registry: &Registry) -> Vec<Family> {
    vec![
        registry
            .counter("gemini_doctor_probes", None, "Calls made to the API, by how they ended.")
            .with(registry.each(outcomes)),
        registry
            .counter("gemini_doctor_http_responses", None, "Answers to those calls, by status.")
            .with(registry.each(statuses)),
        registry
            .counter(
                "gemini_doctor_transport_failures",
                None,
                "Calls that broke on the wire, by the step that did not finish and by what went wrong there.",
            )
            .with(registry.each(failures)),
        registry
            .counter(
                "gemini_doctor_tokens",
                Some("tokens"),
                "Tokens of those calls, as the answers say; thinking counts as output.",
            )
            .with(registry.each(tokens)),
        registry
            .histogram(
                "gemini_doctor_phase_duration_seconds",
                "Where the time of a call went. What opens a connection is counted of every call, the rest of answered calls alone.",
            )
            .with(registry.each(phases)),
        timestamp(registry, LAST_PROBE, "When the newest call began.", |one| one.last_probe_s),
        timestamp(registry, LAST_SUCCESS, "When the newest answered call began.", |one| {
            one.last_success_s
        }),
    ]
}

fn about_verdicts(registry: &Registry) -> Vec<Family> {
    let verdicts = registry.setup.verdicts;
    vec![
        Family::gauge("gemini_doctor_verdict", None, "1 for the verdict on a model, 0 for others.")
            .with(registry.each(|name, model| verdict(name, model, verdicts))),
        registry
            .counter("gemini_doctor_verdict_changes", None, "Changes of the verdict on a model.")
            .with(registry.each(|name, model| vec![number(&[("model", name)], model.changes)])),
        timestamp(registry, SINCE, "Since when the verdict on a model holds.", |one| {
            one.standing.and_then(|standing| standing.since_s)
        }),
        ratio(registry, RATIO, "The share of calls that fail at present.", |rate| rate.value),
        ratio(registry, LOW, "The lower bound of that share.", |rate| rate.low),
        ratio(registry, HIGH, "The upper bound of that share.", |rate| rate.high),
    ]
}

const LAST_PROBE: &str = "gemini_doctor_last_probe_timestamp_seconds";
const LAST_SUCCESS: &str = "gemini_doctor_last_success_timestamp_seconds";
const SINCE: &str = "gemini_doctor_verdict_since_timestamp_seconds";
const RATIO: &str = "gemini_doctor_failure_ratio";
const LOW: &str = "gemini_doctor_failure_low_ratio";
const HIGH: &str = "gemini_doctor_failure_high_ratio";

fn about_the_path(registry: &Registry) -> Vec<Family> {
    let verdicts = registry.setup.verdicts;
    vec![
        Family::gauge(
            "gemini_doctor_path_verdict",
            None,
            "1 for the verdict on what the calls to all models go over, 0 for others.",
        )
        .with(
            registry
                .paths
                .iter()
                .flat_map(|(path, now)| each_verdict(("path", path), now, verdicts)),
        ),
        registry
            .counter("gemini_doctor_connects", None, "Addresses that were dialled, by family.")
            .with(registry.families.iter().flat_map(|(family, seen)| connects(*family, seen))),
        registry
            .histogram("gemini_doctor_connect_duration_seconds", "How long it took to connect.")
            .with(
                registry.families.iter().filter(|(_, seen)| seen.open.count() > 0).map(
                    |(family, seen)| Series::buckets(&[("family", family.word())], &seen.open),
                ),
            ),
        certificates(registry.certificates.iter().map(|(host, at)| (host.as_str(), *at))),
    ]
}

fn certificates<'h>(hosts: impl Iterator<Item = (&'h str, f64)>) -> Family {
    certificate_expiry().with(hosts.map(|(host, at_s)| Series::number(&[("host", host)], at_s)))
}

impl Registry {
    fn counter(
        &self,
        name: &'static str,
        unit: Option<&'static str>,
        help: &'static str,
    ) -> Family {
        let counted_since_s = Some(self.setup.started_s);
        Family { kind: Kind::Counter, counted_since_s, ..Family::gauge(name, unit, help) }
    }

    fn histogram(&self, name: &'static str, help: &'static str) -> Family {
        Family::histogram(name, "seconds", self.setup.started_s, help)
    }

    fn each(&self, of: impl Fn(&str, &Model) -> Vec<Series>) -> Vec<Series> {
        self.models.iter().flat_map(|(name, model)| of(name, model)).collect()
    }
}

fn timestamp(
    registry: &Registry,
    name: &'static str,
    help: &'static str,
    of: impl Fn(&Model) -> Option<f64>,
) -> Family {
    let series = registry.each(|name, model| {
        of(model).map(|at_s| Series::number(&[("model", name)], at_s)).into_iter().collect()
    });
    Family::gauge(name, Some("seconds"), help).with(series)
}

fn ratio(
    registry: &Registry,
    name: &'static str,
    help: &'static str,
    of: impl Fn(Rate) -> f64,
) -> Family {
    let series = registry.each(|name, model| {
        let rate = model.standing.and_then(|standing| standing.failure_rate);
        rate.map(|rate| Series::number(&[("model", name)], of(rate))).into_iter().collect()
    });
    Family::gauge(name, Some("ratio"), help).with(series)
}

/// All outcomes, so that a rate has a beginning at zero.
fn outcomes(model: &str, seen: &Model) -> Vec<Series> {
    let count = |outcome| seen.outcomes.get(&outcome).copied().unwrap_or(0);
    let of =
        |outcome: Outcome| number(&[("model", model), ("outcome", outcome.word())], count(outcome));
    Outcome::ALL.map(of).to_vec()
}

fn statuses(model: &str, seen: &Model) -> Vec<Series> {
    let of = |(status, count): (&u16, &u64)| {
        number(&[("model", model), ("code", &status.to_string())], *count)
    };
    seen.statuses.iter().map(of).collect()
}

fn failures(model: &str, seen: &Model) -> Vec<Series> {
    let of = |((stage, fault), count): (&(&'static str, String), &u64)| {
        number(&[("model", model), ("stage", stage), ("fault", fault)], *count)
    };
    seen.failures.iter().map(of).collect()
}

fn tokens(model: &str, seen: &Model) -> Vec<Series> {
    let both = [("input", seen.input_tokens), ("output", seen.output_tokens)];
    both.map(|(way, count)| number(&[("model", model), ("direction", way)], count)).to_vec()
}

fn phases(model: &str, seen: &Model) -> Vec<Series> {
    seen.phases.series(&[("model", model)])
}

fn verdict(model: &str, seen: &Model, all: &[&'static str]) -> Vec<Series> {
    let Some(Standing { verdict: now, .. }) = seen.standing else { return Vec::new() };
    each_verdict(("model", model), now, all)
}

fn each_verdict(of: (&'static str, &str), now: &str, all: &[&'static str]) -> Vec<Series> {
    let one = |word: &&'static str| {
        let value = if *word == now { 1.0 } else { 0.0 };
        Series::number(&[of, ("verdict", word)], value)
    };
    all.iter().map(one).collect()
}

fn connects(family: AddressFamily, seen: &Connects) -> [Series; 2] {
    let results = [("open", seen.open.count()), ("failed", seen.failed)];
    results.map(|(result, count)| number(&[("family", family.word()), ("result", result)], count))
}

/// A count; sums beyond 2^53 would lose single calls, which no watch lives to see.
fn number(labels: &[(&'static str, &str)], count: u64) -> Series {
    Series::number(labels, count as f64)
}
