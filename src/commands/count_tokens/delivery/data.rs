//! The `data` of the live part: the same members whatever came of it, and `null` for what is not known.

use serde_json::{Value, json};

use crate::{
    probe::tokens::{Arm, Counted, Delivered},
    tokens::delivery::{Books, Ceiling, Probe, Sample, Side, Verdict},
};

use super::{books, tools_verdict, why};

pub(super) fn data(delivered: &Delivered) -> Value {
    let first = delivered.arms.first();
    let local = delivered.plan.local;
    json!({
        "model": delivered.model,
        "input_token_limit": delivered.limit,
        "verify": delivered.verified.as_ref().map(|counted| verified_json(counted, local)),
        "delivery": first.map(arm_json),
        "tools": tools_verdict(delivered).map(|verdict| json!({
            "verdict": verdict.word(),
            "why": why(&verdict),
            "without": first.map(arm_json),
            "with": delivered.arms.get(1).map(arm_json),
        })),
        "ceiling": delivered.ceiling.as_ref().map(|(search, because)| {
            ceiling_json(search.found(), search.probes(), because.as_deref())
        }),
        // No price could be verified, so that none is built in.
        "cost": null,
    })
}

fn verified_json(counted: &Counted, local: Option<u64>) -> Value {
    let details =
        counted.details.iter().map(|one| json!({"modality": one.name, "tokens": one.tokens}));
    json!({
        "total_tokens": counted.total,
        "cached_tokens": counted.cached,
        "details": details.collect::<Vec<_>>(),
        "local_tokens": local,
        "difference": local.map(|local| local.cast_signed() - counted.total.cast_signed()),
    })
}

fn arm_json(arm: &Arm) -> Value {
    let Books { local, counted, prompt } = books(arm);
    let mut value = verdict_json(&arm.verdict);
    value["tools"] = arm.tools.into();
    value["books"] = json!({"local": local, "count_tokens": counted, "prompt_token_count": prompt});
    value["calls"] = arm.samples.iter().map(needles_json).collect();
    value
}

fn needles_json(sample: &Sample) -> Value {
    let needles = sample.needles.iter();
    let needles =
        needles.map(|one| json!({"depth_percent": one.depth_percent, "came_back": one.came_back}));
    json!({"needles": needles.collect::<Vec<_>>(), "prompt_token_count": sample.books.prompt})
}

/// The same members, whatever the verdict is.
fn verdict_json(verdict: &Verdict) -> Value {
    let mut value = json!({
        "verdict": verdict.word(), "shortened": null, "service_count": null, "limit": null,
        "missing_depths_percent": null, "because": null, "by_books": null,
    });
    match verdict {
        Verdict::Delivered { by_books } => value["by_books"] = (*by_books).into(),
        Verdict::Shortened(how) => {
            value["by_books"] = how.by_books.into();
            value["shortened"] = json!({
                "at_about": how.at_about, "low": how.low, "high": how.high,
                "where": how.side.map(Side::word),
            });
        }
        Verdict::Rejected { service_count, limit } => {
            value["service_count"] = json!(service_count);
            value["limit"] = json!(limit);
        }
        Verdict::CountedNotRecalled { missing } => {
            value["by_books"] = true.into();
            value["missing_depths_percent"] = json!(missing);
        }
        Verdict::Inconclusive { because } => value["because"] = json!(because),
    }
    value
}

fn ceiling_json(found: Ceiling, probes: &[Probe], because: Option<&str>) -> Value {
    let (verdict, at_about, low, high) = match found {
        Ceiling::Found { low: 0, high, .. } => ("unclear", None, None, Some(high)),
        Ceiling::Found { at_about, low, high } => ("found", Some(at_about), Some(low), Some(high)),
        Ceiling::NotBelow(tokens) => ("none", None, Some(tokens), None),
        Ceiling::Open => ("unclear", None, None, None),
    };
    let probes = probes.iter().map(|probe| {
        json!({"tokens": probe.tokens, "passed": probe.passed(), "calls_passed": probe.calls})
    });
    json!({
        "verdict": verdict, "at_about": at_about, "low": low, "high": high,
        "probes": probes.collect::<Vec<_>>(), "ended_early": because,
    })
}
