//! How it reads why calls time out: the cause, and the three contrasts that it rests on.

use serde_json::{Value, json};

use crate::{
    bench::{Contrast, Discriminated, Shown, TimeoutCause, Unsure},
    facts::Ended,
    probe::bench::unsure_in_words,
    report::document::{Column, Remark, Sheet},
    stats,
};

use super::{Judged, mode::Ours, sheets::figure, words};

/// What it is told with.
pub(super) fn told(judged: &Judged<'_>, sibling: &str) -> Ours {
    let benched = judged.benched;
    let found = benched.brought.timeouts.verdict(benched.plan.seed);
    let (word, sentence) = headline(judged, &found, sibling);
    Ours {
        word,
        sentence,
        decided: !matches!(found.cause, TimeoutCause::Inconclusive(why) if why != Unsure::NotSeen),
        sheets: vec![sheet(judged, sibling)],
        remarks: vec![connections(&found)],
        limits: vec![
            "measured with calls that count tokens: what only happens while text is made does not show"
                .to_owned(),
        ],
        name: "timeout",
        data: data(&found, sibling),
    }
}

fn headline(judged: &Judged<'_>, found: &Discriminated, sibling: &str) -> (&'static str, String) {
    let model = &judged.benched.plan.model;
    let time = |ms: Option<f64>| ms.map_or("-".to_owned(), words::ms);
    let sizes = (time(found.by_size.first_ms), time(found.by_size.second_ms));
    let (slow, all) = (found.slow_connects, found.connects);
    match found.cause {
        TimeoutCause::LargeInput => (
            "LARGE INPUT",
            format!(
                "Calls time out by the size of their input: large ones take {} and small ones {}, over good \
                 connections, and {sibling} is no faster.",
                sizes.0, sizes.1
            ),
        ),
        TimeoutCause::Network => (
            "NETWORK",
            format!(
                "Calls time out by the network: {slow} of {all} connections were slow to open, and neither \
                 size nor model makes a difference."
            ),
        ),
        TimeoutCause::ModelLoad => (
            "MODEL LOAD",
            format!(
                "Calls time out by the load of {model}: they take {}, whatever their size, and {} at {sibling}.",
                time(found.by_model.first_ms),
                time(found.by_model.second_ms)
            ),
        ),
        TimeoutCause::Inconclusive(Unsure::NotSeen) => (
            "NOTHING TO EXPLAIN",
            format!(
                "No call timed out while this was measured: large ones take {}, small ones {}.",
                sizes.0, sizes.1
            ),
        ),
        TimeoutCause::Inconclusive(why) => {
            ("UNCLEAR", format!("What calls time out by cannot be told: {}.", unsure_in_words(why)))
        }
    }
}

/// Each kind of calls in figures.
fn sheet(judged: &Judged<'_>, sibling: &str) -> Sheet {
    let found = &judged.benched.brought.timeouts;
    let mut sizes: Vec<f64> = found.by_size.iter().map(|(kib, ..)| *kib).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    let most = sizes.last().copied().unwrap_or_default();
    let of_size = |kib: &f64| {
        let calls = found.by_size.iter().filter(|(size, ..)| size == kib);
        row(
            &judged.benched.plan.model,
            *kib,
            &calls.map(|(_, ms, ended)| (*ms, *ended)).collect::<Vec<_>>(),
        )
    };
    let rows = sizes.iter().map(of_size).chain([row(sibling, most, &found.sibling)]);
    Sheet {
        title: "calls that count tokens; milliseconds without opening the connection".to_owned(),
        columns: vec![
            Column::text("model"),
            Column::number("KiB"),
            Column::number("calls"),
            Column::number("failed"),
            Column::number("p50"),
        ],
        rows: rows.collect(),
        notes: Vec::new(),
    }
}

fn row(model: &str, kib: f64, calls: &[(f64, Ended)]) -> Vec<String> {
    let failed = calls.iter().filter(|(_, ended)| *ended != Ended::Answered).count();
    let times: Vec<f64> = calls.iter().map(|(ms, _)| *ms).collect();
    let p50 = stats::quantile(&times, 0.5);
    vec![
        model.to_owned(),
        format!("{kib:.0}"),
        calls.len().to_string(),
        failed.to_string(),
        figure(p50),
    ]
}

fn connections(found: &Discriminated) -> Remark {
    let text = format!(
        "{} of {} connections took a second or more for a step, or failed",
        found.slow_connects, found.connects
    );
    Remark { label: "opening", text, command: None }
}

fn data(found: &Discriminated, sibling: &str) -> Value {
    let (cause, why) = match found.cause {
        TimeoutCause::LargeInput => ("large_input", None),
        TimeoutCause::Network => ("network", None),
        TimeoutCause::ModelLoad => ("model_load", None),
        TimeoutCause::Inconclusive(Unsure::NotSeen) => ("nothing_to_explain", None),
        TimeoutCause::Inconclusive(why) => ("inconclusive", Some(unsure_in_words(why))),
    };
    json!({
        "cause": cause,
        "why_inconclusive": why,
        "sibling": sibling,
        "timed_out": found.timed_out,
        "large_against_small": contrast(&found.by_size),
        "model_against_sibling": contrast(&found.by_model),
        "connections": found.connects,
        "slow_connections": found.slow_connects,
    })
}

fn contrast(contrast: &Contrast) -> Value {
    let shown = match contrast.shown {
        Shown::Longer => "longer",
        Shown::NotLonger => "not_longer",
        Shown::BothTimedOut => "both_timed_out",
        Shown::Unclear => "unclear",
        Shown::TooFew => "too_few",
    };
    json!({
        "shown": shown, "first_ms": contrast.first_ms, "second_ms": contrast.second_ms,
        "first_calls": contrast.first, "second_calls": contrast.second,
    })
}
