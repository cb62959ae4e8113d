//! The figures of a run as JSON: every member is always there, `null` where nothing is known. Must not
//! judge or round, and drops no member: programs rest on them.

use serde_json::{Map, Value, json};

use crate::{
    alias::{
        Cause, End, Known, Level, Sample, causes,
        figures::{Rate, Sibling, latency, strip},
        sample,
    },
    facts::{models::ModelTable, time},
    stats::Segment,
};

use super::{Judged, words};

/// The word of JSON for a run that somebody stopped.
const STOPPED: &str = "stopped";
/// What Fisher's tests look for: a greater rate of the name than of its control.
const GREATER: &str = "greater";

/// The `data` of a report.
pub(super) fn data(judged: &Judged<'_>, table: &ModelTable, stopped: bool) -> Value {
    let parts = [
        verdict(judged),
        calls(judged, stopped),
        splits(judged),
        controls(judged),
        outlook(judged, table),
    ];
    let members = parts.into_iter().flat_map(|part| match part {
        Value::Object(members) => members,
        _ => Map::new(),
    });
    Value::Object(members.collect())
}

fn verdict(judged: &Judged<'_>) -> Value {
    let stood = judged.conclusion.standing;
    json!({
        "model": judged.probed.plan.model,
        "verdict": judged.conclusion.verdict.word(),
        "meaning": judged.conclusion.verdict.meaning(),
        "because": judged.conclusion.because,
        "attempts_at_verdict": stood.map(|stood| stood.calls),
        "attempts_at_rate_decision": stood.map(|stood| stood.rate_calls),
        "verdict_at_first": stood.map(|stood| stood.verdict.word()),
    })
}

fn calls(judged: &Judged<'_>, stopped: bool) -> Value {
    let samples = &judged.probed.samples;
    let why = judged.probed.why.map(|why| why.word());
    json!({
        "attempts": judged.attempts(),
        "failures": judged.rate.failures,
        "answered": judged.answered(),
        "failure_rate": rate(&judged.rate),
        "failure_rate_now": judged.present.as_ref().map(rate),
        "outcomes": strip(samples),
        "ends": ends(samples),
        "ended": if stopped { Some(STOPPED) } else { why },
        "latency_ms": {
            "p50": latency(samples, 0.5), "p95": latency(samples, 0.95), "answers": judged.answered(),
        },
        "connections": judged.spread().0,
        "addresses": judged.spread().1,
    })
}

/// How many calls ended how. One that was never sent is no call, and is counted apart from them here.
fn ends(samples: &[Sample]) -> Map<String, Value> {
    let all = End::OTHERS.iter().chain(&[End::Answered, End::Missing, End::NotSent]);
    all.map(|end| (end.word().to_owned(), json!(sample::count(samples, *end)))).collect()
}

fn splits(judged: &Judged<'_>) -> Value {
    json!({
        "by_build": by_build(&judged.builds),
        "by_version": judged.versions.iter()
            .map(|(version, answers)| json!({"version": version, "answers": answers}))
            .collect::<Vec<_>>(),
        "by_signature": judged.signatures.iter()
            .map(|(text, calls)| json!({"text": text, "calls": calls}))
            .collect::<Vec<_>>(),
        "attribution": attribution(judged),
        "changes": changes(judged),
    })
}

fn by_build(builds: &[(String, usize)]) -> Vec<Value> {
    let one = |(build, failures): &(String, usize)| json!({"build": build, "failures": failures});
    builds.iter().map(one).collect()
}

/// Every test of a control is one-sided: whether the name fails more often.
fn controls(judged: &Judged<'_>) -> Value {
    let probed = judged.probed;
    json!({
        "siblings": probed.siblings.iter().map(|one| sibling(one, judged)).collect::<Vec<_>>(),
        "siblings_pooled": judged.compared.pooled.map(|(failures, attempts, p)| json!({
            "failures": failures, "attempts": attempts, "fisher_p": p, "alternative": GREATER,
        })),
        "cross_check": cross_check(&probed.known, judged),
    })
}

fn outlook(judged: &Judged<'_>, table: &ModelTable) -> Value {
    let probed = judged.probed;
    json!({
        "retry": retry(judged),
        "route_to": judged.route(table).map(|one| one.name.clone()),
        "rerouted": probed.samples.iter().filter(|sample| sample.rerouted).count(),
        "retires": table.find(&probed.plan.model).and_then(|entry| entry.retires.clone()),
        "notes": probed.notes,
    })
}

fn retry(judged: &Judged<'_>) -> Option<Value> {
    let advice = judged.advice.as_ref()?;
    Some(json!({
        "independent": advice.independent,
        "failure_rate": advice.rate,
        "after_three_retries": advice.after_three_retries,
        "tries_for_target": advice.tries_for_target,
        "target": advice.target,
        "text": advice.text,
        "policy": advice.policy,
    }))
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
        "forced": forced(judged),
        "words": words::cause(judged),
    })
}

fn forced(judged: &Judged<'_>) -> Option<Value> {
    let forced = judged.probed.forced.as_ref()?;
    let ended = |end| forced.samples.iter().filter(|(_, sample)| sample.end == end).count();
    Some(json!({
        "factor": forced.factor.word(),
        "result": forced.result.word(),
        "p": forced.p,
        "attempts": forced.samples.len() - ended(End::NotSent),
        "failures": ended(End::Missing),
    }))
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
        "attempts": one.samples.len() - sample::count(&one.samples, End::NotSent),
        "failures": own.failures,
        "answered": sample::count(&one.samples, End::Answered),
        "failure_rate": rate(&own),
        "fisher_p_adjusted": p,
        "alternative": p.map(|_| GREATER),
        "p50_ms": latency(&one.samples, 0.5),
        "by_build": by_build(&causes::builds(&one.samples)),
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
    match judged.conclusion.has_changed() {
        true => judged.conclusion.segments.iter().map(|it| change(judged, it)).collect(),
        false => Vec::new(),
    }
}

fn change(judged: &Judged<'_>, segment: &Segment) -> Value {
    let moment = |at: usize| moment(judged, at).map(time::rfc3339);
    json!({
        "from_call": segment.start + 1,
        "to_call": segment.end,
        "failures": segment.failures,
        "began_at": moment(segment.start),
        // Between the last call that may still be of the old time and the first that is of the new one.
        "began_after": moment(segment.earliest.saturating_sub(1)),
        "began_before": moment(segment.latest),
    })
}

/// When the call at this place among those that speak of the name was made.
pub(super) fn moment(judged: &Judged<'_>, at: usize) -> Option<u64> {
    let sample = sample::own(&judged.probed.samples).nth(at)?;
    Some(judged.probed.began_unix_ms + sample.at_ms as u64)
}
