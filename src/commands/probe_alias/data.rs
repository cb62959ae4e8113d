//! The figures of a run as JSON: every member is always there, `null` where nothing is known.

use serde_json::{Value, json};

use crate::{
    alias::{
        Cause, End, Known, Level, causes,
        figures::{Rate, Sibling, latency, strip},
        sample,
    },
    facts::{models::ModelTable, time},
};

use super::Judged;

/// The `data` of a report.
pub(super) fn data(judged: &Judged<'_>, table: &ModelTable) -> Value {
    let probed = judged.probed;
    let stood = judged.conclusion.standing;
    let samples = &probed.samples;
    json!({
        "model": probed.plan.model,
        "verdict": judged.conclusion.verdict.word(),
        "meaning": judged.conclusion.verdict.meaning(),
        "because": judged.conclusion.because,
        "attempts": judged.attempts(),
        "attempts_at_verdict": stood.map(|stood| stood.calls),
        "attempts_at_rate_decision": stood.map(|stood| stood.rate_calls),
        "verdict_at_first": stood.map(|stood| stood.verdict.word()),
        "failures": judged.rate.failures,
        "answered": judged.answered(),
        "failure_rate": rate(&judged.rate),
        "failure_rate_now": judged.present.as_ref().map(rate),
        "outcomes": strip(samples),
        "ends": End::OTHERS.iter().chain(&[End::Answered, End::Missing])
            .map(|end| (end.word().to_owned(), json!(sample::count(samples, *end))))
            .collect::<serde_json::Map<_, _>>(),
        "ended": probed.why.map(|why| why.word()),
        "by_build": judged.builds.iter()
            .map(|(build, failures)| json!({"build": build, "failures": failures}))
            .collect::<Vec<_>>(),
        "by_version": judged.versions.iter()
            .map(|(version, answers)| json!({"version": version, "answers": answers}))
            .collect::<Vec<_>>(),
        "by_signature": judged.signatures.iter()
            .map(|(text, calls)| json!({"text": text, "calls": calls}))
            .collect::<Vec<_>>(),
        "attribution": attribution(judged),
        "siblings": probed.siblings.iter().map(|one| sibling(one, judged)).collect::<Vec<_>>(),
        "siblings_pooled": judged.compared.pooled.map(|(failures, attempts, p)| json!({
            "failures": failures, "attempts": attempts, "fisher_p": p,
        })),
        "cross_check": cross_check(&probed.known, judged),
        "latency_ms": {
            "p50": latency(samples, 0.5), "p95": latency(samples, 0.95), "answers": judged.answered(),
        },
        "retry": judged.advice.as_ref().map(|advice| json!({
            "independent": advice.independent,
            "failure_rate": advice.rate,
            "after_three_retries": advice.after_three_retries,
            "tries_for_target": advice.tries_for_target,
            "target": advice.target,
            "text": advice.text,
            "policy": advice.policy,
        })),
        "route_to": judged.route(table).map(|one| one.name.clone()),
        "rerouted": samples.iter().filter(|sample| sample.rerouted).count(),
        "retires": table.find(&probed.plan.model).and_then(|entry| entry.retires.clone()),
        "changes": changes(judged),
        "connections": judged.spread().0,
        "addresses": judged.spread().1,
        "notes": probed.notes,
    })
}

fn rate(rate: &Rate) -> Value {
    json!({
        "value": rate.value(),
        "low": rate.low,
        "high": rate.high,
        "method": rate.method.word(),
        "clean_bound": (rate.failures == 0 && rate.calls > 0).then(|| rate.clean_bound()),
        "calls": rate.calls,
    })
}

fn attribution(judged: &Judged<'_>) -> Value {
    let cause = judged.factor();
    json!({
        "factor": cause.map(|cause| cause.factor.word()),
        "p": cause.map(|cause| cause.p),
        "p_adjusted": cause.map(|cause| cause.adjusted),
        "levels": cause.map_or_else(Vec::new, levels),
        "tried": judged.causes.iter().map(|cause| json!({
            "factor": cause.factor.word(), "p": cause.p, "p_adjusted": cause.adjusted,
            "levels": levels(cause),
        })).collect::<Vec<_>>(),
        "forced": judged.probed.forced.as_ref().map(|forced| json!({
            "factor": forced.factor.word(),
            "result": forced.result.word(),
            "p": forced.p,
            "attempts": forced.samples.len(),
            "failures": forced.samples.iter()
                .filter(|(_, sample)| sample.end == End::Missing).count(),
        })),
        "words": super::words::cause(judged),
    })
}

fn levels(cause: &Cause) -> Vec<Value> {
    let level = |level: &Level| {
        json!({
            "value": level.name, "failures": level.failures, "attempts": level.calls,
        })
    };
    cause.levels.iter().map(level).collect()
}

fn sibling(one: &Sibling, judged: &Judged<'_>) -> Value {
    let own = one.rate();
    let p = judged.compared.each.iter().find(|(name, _)| *name == one.name).map(|(_, p)| *p);
    json!({
        "model": one.name,
        "attempts": one.samples.len(),
        "failures": own.failures,
        "answered": sample::count(&one.samples, End::Answered),
        "failure_rate": rate(&own),
        "fisher_p_adjusted": p,
        "p50_ms": latency(&one.samples, 0.5),
        "by_build": causes::builds(&one.samples).into_iter()
            .map(|(build, failures)| json!({"build": build, "failures": failures}))
            .collect::<Vec<_>>(),
    })
}

fn cross_check(known: &Known, judged: &Judged<'_>) -> Value {
    json!({
        "listed": known.listed,
        "get": known.get,
        "count_tokens": known.count,
        "generate": {"answered": judged.answered(), "attempts": judged.attempts()},
    })
}

/// Each stretch of time with a rate of its own, and between which calls it began.
fn changes(judged: &Judged<'_>) -> Vec<Value> {
    if !judged.conclusion.has_changed() {
        return Vec::new();
    }
    let segments = judged.conclusion.segments.iter();
    segments
        .map(|segment| {
            let moment = |at: usize| moment(judged, at).map(time::rfc3339);
            json!({
                "from_call": segment.start + 1,
                "to_call": segment.end,
                "failures": segment.failures,
                "began_at": moment(segment.start),
                "began_after": moment(segment.earliest),
                "began_before": moment(segment.latest),
            })
        })
        .collect()
}

/// When the call at this place among those that speak of the name was made.
pub(super) fn moment(judged: &Judged<'_>, at: usize) -> Option<u64> {
    let sample = sample::own(&judged.probed.samples).nth(at)?;
    Some(judged.probed.began_unix_ms + sample.at_ms as u64)
}
