use super::*;
use crate::export::{
    probed::{Rate, Standing},
    series::{Series, Value},
};
use crate::facts::{Fault, Method, Phases, Stage};

const VERDICTS: &[&str] = &["HEALTHY", "FLAKY", "DOWN"];

fn registry() -> Registry {
    Registry::new(Setup {
        version: "1.2.3".to_owned(),
        models: vec!["gemini-3.5-flash".to_owned()],
        verdicts: VERDICTS,
        started_s: 1_000.0,
    })
}

fn answered(at_s: f64) -> Probed {
    Probed {
        at_s,
        method: Method::Generate,
        model: "gemini-3.5-flash".to_owned(),
        host: "example.test".to_owned(),
        port: 443,
        api: "gemini",
        outcome: Outcome::Answered,
        status: Some(200),
        failure: None,
        took_ms: Some(700.0),
        phases: Phases {
            dns_ms: Some(2.0),
            first_byte_ms: Some(600.0),
            total_ms: Some(650.0),
            ..Phases::default()
        },
        dialled: vec![],
        input_tokens: Some(3),
        output_tokens: Some(5),
        served_by: None,
        response_id: None,
    }
}

fn series(families: &[Family], name: &str) -> Vec<Series> {
    let family = families.iter().find(|family| family.name == name).expect("the family exists");
    family.series.clone()
}

/// The value of the one series that has these values of labels, in any place.
fn value(families: &[Family], name: &str, labels: &[&str]) -> Value {
    let has = |one: &&Series| {
        labels.iter().all(|wanted| one.labels.iter().any(|(_, value)| value == wanted))
    };
    let all = series(families, name);
    let found: Vec<_> = all.iter().filter(has).collect();
    assert_eq!(found.len(), 1, "{name} {labels:?}: {found:?}");
    found[0].value.clone()
}

#[test]
fn every_outcome_is_there_from_the_beginning() {
    let families = registry().families();
    for outcome in Outcome::ALL {
        assert_eq!(
            value(&families, "gemini_doctor_probes", &["gemini-3.5-flash", outcome.word()]),
            Value::Number(0.0)
        );
    }
    assert_eq!(value(&families, "gemini_doctor_connects", &["ipv6", "failed"]), Value::Number(0.0));
}

#[test]
fn a_call_is_counted_by_outcome_status_tokens_and_phase() {
    let mut registry = registry();
    registry.record(&answered(1_010.0));
    registry.record(&answered(1_005.0));
    let families = registry.families();
    let of = |name: &str, labels: &[&str]| value(&families, name, labels);
    assert_eq!(of("gemini_doctor_probes", &["answered"]), Value::Number(2.0));
    assert_eq!(of("gemini_doctor_http_responses", &["200"]), Value::Number(2.0));
    assert_eq!(of("gemini_doctor_tokens", &["input"]), Value::Number(6.0));
    assert_eq!(of("gemini_doctor_tokens", &["output"]), Value::Number(10.0));
    assert_eq!(of("gemini_doctor_last_probe_timestamp_seconds", &[]), Value::Number(1_010.0));
    assert_eq!(of("gemini_doctor_last_success_timestamp_seconds", &[]), Value::Number(1_010.0));
    let Value::Buckets(total) = of("gemini_doctor_phase_duration_seconds", &["total"]) else {
        panic!("a histogram");
    };
    assert_eq!((total.count(), total.sum), (2, 1.3));
    assert_eq!(series(&families, "gemini_doctor_phase_duration_seconds").len(), 3);
}

#[test]
fn a_call_that_failed_has_no_latency_beyond_its_connection() {
    let mut registry = registry();
    registry.record(&Probed { outcome: Outcome::Missing, status: Some(404), ..answered(1_010.0) });
    registry.record(&Probed {
        outcome: Outcome::Lost,
        status: None,
        failure: Some((Stage::Tls, Fault::CertUnknownIssuer)),
        dialled: vec![
            Dialled { family: AddressFamily::V6, connect_ms: None },
            Dialled { family: AddressFamily::V4, connect_ms: Some(31.0) },
        ],
        ..answered(1_011.0)
    });
    let families = registry.families();
    let phases = series(&families, "gemini_doctor_phase_duration_seconds");
    assert_eq!(phases.len(), 1, "{phases:?}");
    let failure = ["tls", "cert_unknown_issuer"];
    assert_eq!(value(&families, "gemini_doctor_transport_failures", &failure), Value::Number(1.0));
    assert_eq!(value(&families, "gemini_doctor_connects", &["ipv6", "failed"]), Value::Number(1.0));
    assert_eq!(value(&families, "gemini_doctor_connects", &["ipv4", "open"]), Value::Number(1.0));
    assert!(series(&families, "gemini_doctor_last_success_timestamp_seconds").is_empty());
}

#[test]
fn a_status_that_http_does_not_know_makes_no_series() {
    let mut registry = registry();
    registry.record(&Probed { status: Some(999), outcome: Outcome::Refused, ..answered(1_010.0) });
    assert!(series(&registry.families(), "gemini_doctor_http_responses").is_empty());
}

#[test]
fn one_verdict_is_one_and_a_change_is_counted_once() {
    let mut registry = registry();
    let rate = Some(Rate { value: 0.68, low: 0.48, high: 0.83 });
    for verdict in ["HEALTHY", "HEALTHY", "FLAKY", "FLAKY"] {
        let standing = Standing { verdict, since_s: Some(1_020.0), failure_rate: rate };
        registry.stands("gemini-3.5-flash", standing);
    }
    registry.changed("gemini-3.5-flash");
    let families = registry.families();
    let of = |name: &str, labels: &[&str]| value(&families, name, labels);
    assert_eq!(of("gemini_doctor_verdict", &["FLAKY"]), Value::Number(1.0));
    assert_eq!(of("gemini_doctor_verdict", &["HEALTHY"]), Value::Number(0.0));
    assert_eq!(series(&families, "gemini_doctor_verdict").len(), VERDICTS.len());
    assert_eq!(of("gemini_doctor_verdict_changes", &[]), Value::Number(1.0));
    assert_eq!(of("gemini_doctor_failure_high_ratio", &[]), Value::Number(0.83));
    assert_eq!(of("gemini_doctor_verdict_since_timestamp_seconds", &[]), Value::Number(1_020.0));
}

#[test]
fn what_all_calls_go_over_has_a_verdict_of_its_own() {
    let mut registry = registry();
    registry.path_stands("connection", "HEALTHY");
    registry.path_stands("connection", "DOWN");
    let families = registry.families();
    let of = |verdict| value(&families, "gemini_doctor_path_verdict", &["connection", verdict]);
    assert_eq!((of("DOWN"), of("HEALTHY")), (Value::Number(1.0), Value::Number(0.0)));
    assert!(series(&families, "gemini_doctor_verdict").is_empty(), "no model's");
}

#[test]
fn no_counter_goes_back_whatever_is_recorded() {
    let mut registry = registry();
    let mut before: BTreeMap<String, f64> = BTreeMap::new();
    let mut dice = fastrand::Rng::with_seed(7);
    for step in 0..500 {
        let outcome = Outcome::ALL[dice.usize(..Outcome::ALL.len())];
        let status = Some(dice.u16(90..700)).filter(|_| dice.bool());
        let failure = Some((Stage::Head, Fault::TimedOut)).filter(|_| dice.bool());
        let at_s = 1_000.0 + f64::from(step % 37);
        registry.record(&Probed { outcome, status, failure, ..answered(at_s) });
        for (key, now) in counted(&registry.families()) {
            let known = before.insert(key.clone(), now).unwrap_or(0.0);
            assert!(now >= known, "{key} went from {known} to {now}");
        }
    }
}

/// Everything that may only grow, by name and labels.
fn counted(families: &[Family]) -> Vec<(String, f64)> {
    let counted = families.iter().filter(|family| family.counted_since_s.is_some());
    let each = counted.flat_map(|family| family.series.iter().map(|one| (family.name, one)));
    each.flat_map(|(name, one)| {
        let key = format!("{name} {:?}", one.labels);
        match &one.value {
            Value::Number(number) => vec![(key, *number)],
            Value::Buckets(buckets) => buckets
                .cumulative()
                .into_iter()
                .map(|(bound, count)| (format!("{key} {bound}"), count as f64))
                .chain([(format!("{key} sum"), buckets.sum)])
                .collect(),
        }
    })
    .collect()
}

#[test]
fn operations_are_told_apart_by_what_ended_them() {
    let mut registry = registry();
    registry.record(&answered(1_010.0));
    registry.record(&Probed {
        outcome: Outcome::Missing,
        status: Some(404),
        input_tokens: None,
        output_tokens: None,
        ..answered(1_011.0)
    });
    registry.record(&Probed { method: Method::Count, ..answered(1_012.0) });
    let families = registry.gen_ai();
    let durations = series(&families, "gen_ai.client.operation.duration");
    let errors: Vec<_> = durations
        .iter()
        .map(|one| one.labels.iter().find(|(name, _)| *name == "error.type"))
        .map(|label| label.map(|(_, value)| value.as_str()))
        .collect();
    assert_eq!(errors, [None, Some("404")]);
    let Value::Buckets(input) = value(&families, "gen_ai.client.token.usage", &["input"]) else {
        panic!("a histogram");
    };
    assert_eq!((input.count(), input.sum), (1, 3.0));
}

#[test]
fn a_simulated_watch_says_so_in_every_series() {
    let mut registry = registry().simulated("alias-404");
    registry.record(&answered(1_010.0));
    for family in registry.families().into_iter().chain(registry.gen_ai()) {
        for one in &family.series {
            let last = one.labels.last().expect("a label");
            assert_eq!(last, &("simulated", "alias-404".to_owned()), "{}", family.name);
        }
    }
}
