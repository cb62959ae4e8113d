//! How the own results of `doctor` read: data, tables, and what the run does not show.

use serde_json::{Value, json};

use crate::{
    diagnose::{
        Finding,
        trail::{self, Sound},
    },
    facts::{Layer, Severity, check::Observation},
    probe::{
        Product,
        alias::Counted,
        doctor::{request::RequestSeen, stream::StreamSeen, structured::Conformity},
    },
    report::document::{Column, Sheet},
    stats,
};

/// The command's own results.
pub fn results(product: &Product) -> (Value, Vec<Sheet>) {
    let seen = &product.seen;
    let alias = product.alias.as_ref();
    let data = json!({
        "listed_models": product.learnt.listed.len(),
        "alias": alias.map(alias_json),
        "request": seen.request.as_ref().map(request_json),
        "stream": seen.stream.as_ref().map(stream_json),
        "structured": seen.structured.as_ref().map(structured_json),
    });
    let alias = alias.filter(|alias| alias.calls() > 0).map(alias_sheet);
    let broken = seen.structured.as_ref().filter(|seen| !seen.rules.is_empty()).map(rules_sheet);
    (data, alias.into_iter().chain(broken).collect())
}

/// What the run shows of each layer: for programs all of it, for people what shows that nothing is broken.
pub fn trail(observations: &[Observation], findings: &[Finding]) -> (Value, Option<Sheet>) {
    let sound = trail::sound(observations);
    let state = |layer: Layer| layer_json(layer, &sound, findings);
    let data = Layer::ALL.into_iter().map(state).collect();
    let is_broken = findings.iter().any(|finding| finding.severity == Severity::Error);
    let sheet = (!is_broken && sound.len() > 1).then(|| proofs(&sound));
    (data, sheet)
}

fn layer_json(layer: Layer, sound: &[Sound], findings: &[Finding]) -> Value {
    let own = |finding: &&Finding| finding.layer == layer && finding.alternative_to.is_none();
    let found: Vec<&str> = findings.iter().filter(own).map(|finding| finding.id.as_str()).collect();
    let proof = sound.iter().find(|one| one.layer == layer);
    let state = match (found.is_empty(), proof) {
        (false, _) => "found",
        (true, Some(_)) => "sound",
        (true, None) => "not_shown",
    };
    json!({
        "layer": layer.word(),
        "state": state,
        "findings": found,
        "because": proof.map(|proof| &proof.because),
        "attempts": proof.map(|proof| proof.attempts.as_slice()).unwrap_or_default(),
    })
}

/// `permission to backend`, where the layers follow each other; each by its name where they do not.
fn span(layers: &[&str]) -> String {
    let place = |name: &str| Layer::ALL.iter().position(|layer| layer.word() == name);
    let ends = layers.first().zip(layers.last());
    let reach = ends.and_then(|(first, last)| Some(place(last)? - place(first)? + 1));
    match layers {
        [first, .., last] if layers.len() > 2 && reach == Some(layers.len()) => {
            format!("{first} to {last}")
        }
        _ => layers.join(", "),
    }
}

/// The layers with what shows that they are sound; those that nothing was asked of stand last.
fn proofs(sound: &[Sound]) -> Sheet {
    let mut rows: Vec<(Vec<&str>, String)> = Vec::new();
    for one in sound {
        let attempts = match one.attempts.as_slice() {
            [] => String::new(),
            [only] => format!(" ({only})"),
            [first, .., last] => format!(" ({first} to {last})"),
        };
        let proof = format!("{}{attempts}", one.because);
        match rows.iter_mut().find(|(_, known)| *known == proof) {
            Some((layers, _)) => layers.push(one.layer.word()),
            None => rows.push((vec![one.layer.word()], proof)),
        }
    }
    let open = Layer::ALL.into_iter().filter(|layer| sound.iter().all(|one| one.layer != *layer));
    let open: Vec<&str> = open.map(Layer::word).collect();
    let note = format!("not shown by this run: {}", open.join(", "));
    Sheet {
        title: "what shows that a layer is sound".to_owned(),
        columns: vec![Column::text("layer"), Column::text("because")],
        rows: rows.into_iter().map(|(layers, proof)| vec![span(&layers), proof]).collect(),
        // A list in a cell would leave no room for the proofs.
        notes: if open.is_empty() { Vec::new() } else { vec![note] },
    }
}

fn request_json(seen: &RequestSeen) -> Value {
    let fits = seen.counted.zip(seen.limit).map(|(tokens, limit)| tokens <= limit);
    json!({"tokens": seen.counted, "input_token_limit": seen.limit, "fits": fits})
}

fn stream_json(seen: &StreamSeen) -> Value {
    let came = &seen.came;
    json!({
        "first_text_ms": came.first_text_ms.map(tenth),
        "longest_gap_ms": came.longest_gap_ms.map(tenth),
        "pieces": came.pieces,
        "finish_reason": came.finish,
        "pieces_after_end": came.after_end,
        "thought_tokens": came.thoughts,
        "asked_to_count_to": seen.asked,
        "counted_to": seen.counted_to,
    })
}

fn structured_json(seen: &Conformity) -> Value {
    let share = |follow: u64, of: u64| {
        let (low, high) = stats::wilson(follow, of, 0.95);
        let value = (of > 0).then(|| follow as f64 / of as f64);
        json!({"follow": follow, "of": of, "value": value, "low": low, "high": high, "method": "wilson"})
    };
    let failures =
        seen.failures.iter().map(|(cause, times)| json!({"cause": cause, "times": times}));
    let rules = seen.rules.iter().map(|(rule, times)| json!({"rule": rule, "times": times}));
    json!({
        "judged": seen.judged,
        "first_try": share(seen.first_try, seen.judged),
        "after_retry": share(seen.after_retry, seen.settled),
        "broken_rules": rules.collect::<Vec<_>>(),
        "in_code_block": seen.fenced,
        "calls": seen.calls,
        "failed_calls": seen.failed_calls(),
        "failures": failures.collect::<Vec<_>>(),
    })
}

fn rules_sheet(seen: &Conformity) -> Sheet {
    let mut rules: Vec<(&String, &u64)> = seen.rules.iter().collect();
    rules.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
    Sheet {
        title: "broken rules".to_owned(),
        columns: vec![Column::text("rule"), Column::number("times")],
        rows: rules
            .into_iter()
            .map(|(rule, times)| vec![rule.clone(), times.to_string()])
            .collect(),
        notes: Vec::new(),
    }
}

fn tenth(ms: f64) -> f64 {
    (ms * 10.0).round() / 10.0
}

/// What this run does not show, in words.
pub fn limits(product: &Product, has_key: bool) -> Vec<String> {
    let Some(alias) = &product.alias else {
        let without_key = "without a key nothing was asked beyond who answers";
        return if has_key { Vec::new() } else { vec![without_key.to_owned()] };
    };
    let bound = |calls: usize| stats::clean_bound(calls as u64, 0.95) * 100.0;
    let clean = |name: &str, calls: usize| {
        format!(
            "0 of {calls} on {name} only shows a failure rate below {:.0} % at 95 %",
            bound(calls)
        )
    };
    let mut limits = Vec::new();
    if alias.failures() == 0 && alias.calls() > 0 {
        limits.push(clean(&alias.model, alias.calls()));
    }
    if let Some((name, calls, 0)) = &alias.control {
        limits.push(clean(name, *calls));
    }
    limits
}

fn alias_json(alias: &Counted) -> Value {
    let (low, high) = alias.interval();
    json!({
        "model": alias.model,
        "attempts": alias.calls(),
        "failures": alias.failures(),
        "failure_rate": {
            "value": rate(alias),
            "low": low,
            "high": high,
            "method": "clopper_pearson",
        },
        "outcomes": alias.strip,
        "by_build": alias.named.iter()
            .map(|(build, count)| json!({"build": build, "failures": count}))
            .collect::<Vec<_>>(),
        "control": alias.control.as_ref()
            .map(|(model, calls, failures)| json!({"model": model, "attempts": calls, "failures": failures})),
    })
}

fn rate(alias: &Counted) -> Option<f64> {
    (alias.calls() > 0).then(|| alias.failures() as f64 / alias.calls() as f64)
}

fn legend(alias: &Counted) -> &'static str {
    match alias.strip.contains('?') {
        true => " (x: 404, .: answered, ?: another failure, which ended the look)",
        false => " (x: 404, .: answered)",
    }
}

fn alias_sheet(alias: &Counted) -> Sheet {
    let row = |name: &str, failures: usize, calls: usize| {
        let (low, high) = stats::clopper_pearson(failures as u64, calls as u64, 0.95);
        let interval = match failures {
            0 => format!("below {:.0} %", stats::clean_bound(calls as u64, 0.95) * 100.0),
            _ => format!("{:.0}-{:.0} %", low * 100.0, high * 100.0),
        };
        vec![name.to_owned(), format!("{failures}/{calls}"), interval]
    };
    let mut rows = vec![row(&alias.model, alias.failures(), alias.calls())];
    if let Some((name, calls, failures)) = &alias.control {
        rows.push(row(name, *failures, *calls));
    }
    Sheet {
        title: format!("outcomes   {}{}", alias.strip, legend(alias)),
        columns: vec![
            Column::text("model"),
            Column::number("failed"),
            Column::text("95 % interval"),
        ],
        rows,
        notes: Vec::new(),
    }
}
