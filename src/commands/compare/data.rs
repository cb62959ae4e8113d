//! The `data` of a comparison's document. It computes nothing.

use serde_json::{Map, Value, json};

use crate::{
    compare::{Calls, Certainty, Difference, End, Hop, Topic},
    facts::Method,
    probe::compare::{Compared, Pair, SideSeen},
};

/// All of it.
pub(super) fn data(compared: &Compared) -> Value {
    let labels = |pair: &Pair| [pair.a, pair.b].map(|index| compared.sides[index].label.clone());
    let differences = compared.pairs.iter().flat_map(|pair| {
        let labels = labels(pair);
        pair.judged.differences.iter().map(move |one| difference(one, &labels))
    });
    json!({
        "mode": if compared.in_a_row { "hops" } else { "sides" },
        "method": compared.method.map(Method::name),
        "rounds": compared.rounds,
        "sides": compared.sides.iter().map(side).collect::<Vec<_>>(),
        "differences": differences.collect::<Vec<_>>(),
        "compared": compared.pairs.iter().map(|pair| json!({
            "sides": labels(pair),
            "topics": ids(&pair.judged.compared),
            "only_one_side": ids(&pair.judged.one_sided),
            "unsteady": ids(&pair.judged.unsteady),
            "not_comparable": pair.judged.not_comparable.iter()
                .map(|(topic, why)| json!({"id": topic.id(), "because": why})).collect::<Vec<_>>(),
            "smallest_seen": {
                "latency_ms": pair.judged.smallest.latency_ms.map(tenth),
                "failure_rate": pair.judged.smallest.failure_rate,
            },
        })).collect::<Vec<_>>(),
        "hops": hops(compared, labels),
    })
}

fn difference(one: &Difference, sides: &[String; 2]) -> Value {
    let (certainty, p) = match one.certainty {
        Certainty::Exact => ("exact", None),
        Certainty::Tested { p } => ("tested", Some(p)),
    };
    json!({
        "id": one.topic.id(),
        "what": one.topic.what(),
        "subject": one.subject,
        "sides": sides,
        "a": one.a,
        "b": one.b,
        "certainty": certainty,
        "p": p,
        "explains": one.explains(),
    })
}

fn hops(compared: &Compared, labels: impl Fn(&Pair) -> [String; 2]) -> Vec<Value> {
    if !compared.in_a_row {
        return Vec::new();
    }
    let hop = |pair: &Pair| {
        let hop = Hop::of(&pair.judged);
        let [from, to] = labels(pair);
        json!({
            "from": from,
            "to": to,
            "through_ms": hop.map(|hop| hundredth(hop.through_ms)),
            "beyond_ms": hop.map(|hop| hundredth(hop.beyond_ms)),
            "adds_ms": hop.map(|hop| json!({
                "value": hundredth(hop.adds_ms.value),
                "low": hundredth(hop.adds_ms.interval.low),
                "high": hundredth(hop.adds_ms.interval.high),
            })),
            "shown": hop.map(|hop| hop.is_shown),
            "differences": ids(&pair.judged.differences.iter().map(|one| one.topic).collect::<Vec<_>>()),
        })
    };
    compared.pairs.iter().map(hop).collect()
}

fn side(side: &SideSeen) -> Value {
    let mut seen = Map::new();
    for topic in side.seen.facts.keys() {
        seen.insert(topic.id().to_owned(), json!(side.seen.steady(*topic)));
    }
    json!({
        "label": side.label,
        "described": side.described,
        "base_url": side.base_url,
        "api": side.seen.form.word(),
        "list_form": side.seen.list_form.word(),
        "saved": side.saved.as_ref().map(|(command, started_at)| json!({
            "command": command, "started_at": started_at,
        })),
        "model": side.model,
        "seen": seen,
        "models": side.seen.list().map(|list| {
            list.iter().map(|model| json!({"name": model.name, "entry": model.entry})).collect::<Vec<_>>()
        }),
        "calls": calls(&side.seen.free),
        "answers": calls(&side.seen.paid),
    })
}

fn calls(calls: &Calls) -> Value {
    let outcome = |one: &crate::compare::Outcome| {
        let failed = match &one.end {
            End::Answered => None,
            End::Failed(why) => Some(why),
        };
        json!({"round": one.round, "ms": hundredth(one.ms), "failed": failed, "tokens": one.tokens})
    };
    json!({
        "count": calls.count(),
        "failed": calls.failed(),
        "failures": calls.failures().iter()
            .map(|(what, count)| json!({"what": what, "count": count})).collect::<Vec<_>>(),
        "again_from": calls.again_from,
        "outcomes": calls.outcomes.iter().map(outcome).collect::<Vec<_>>(),
    })
}

fn ids(topics: &[Topic]) -> Vec<&'static str> {
    topics.iter().map(|topic| topic.id()).collect()
}

fn tenth(ms: f64) -> f64 {
    (ms * 10.0).round() / 10.0
}

fn hundredth(ms: f64) -> f64 {
    (ms * 100.0).round() / 100.0
}
