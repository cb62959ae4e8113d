//! How a run at a rate reads: whether it was held, what broke first, and the latencies from when calls were
//! due.

use serde_json::{Value, json};

use crate::{
    bench::{Broke, Held, Load},
    facts::Ended,
    probe::bench::was_cut,
    report::document::{Column, Remark, Sheet},
};

use super::{Judged, mode::Ours, sheets::figure, words::ms};

/// Calls that begin so late say something of this machine.
const LATE_MS: f64 = 20.0;

/// What a run at a rate is told with.
pub(super) fn told(judged: &Judged<'_>, per_second: f64) -> Ours {
    let load = Load::of(judged.samples, per_second, was_cut(judged.benched));
    let (word, sentence) = headline(judged, &load);
    Ours {
        word,
        sentence,
        decided: load.verdict != Held::NotEnoughData,
        sheets: vec![sheet(judged, &load)],
        remarks: remarks(&load),
        limits: later(&load).into_iter().collect(),
        name: "rate",
        data: data(&load),
    }
}

fn headline(judged: &Judged<'_>, load: &Load) -> (&'static str, String) {
    let Load { wished, .. } = load;
    match load.verdict {
        Held::Sustained => {
            let p90 = load.latency_ms.p90.map(|p90| format!(", 90 % of them within {}", ms(p90)));
            let over = judged.ways.first().map(|(arm, _)| judged.label(*arm)).unwrap_or_default();
            let p90 = p90.unwrap_or_default();
            let answered = format!("{} of {} were answered", load.answered, load.calls);
            ("SUSTAINED", format!("{wished} calls a second are held over {over}: {answered}{p90}."))
        }
        Held::NotSustained(broke) => (
            "NOT SUSTAINED",
            format!(
                "{wished} calls a second are not held: {}. {}",
                rate(load),
                broken(load, &broke)
            ),
        ),
        Held::NotEnoughData => (
            "UNCLEAR",
            format!(
                "{} calls are too few, or too short a time, to judge a rate by{}.",
                load.calls,
                load.needs_s.map(|s| format!("; some {s:.0} s may be enough")).unwrap_or_default()
            ),
        ),
    }
}

fn later(load: &Load) -> Option<String> {
    (load.verdict == Held::Sustained).then(|| {
        "a rate that is held for this time may break later: quotas count by the minute and the day, and a \
         gateway may let a burst pass first: --duration 120s, or --find-limit, shows more"
            .to_owned()
    })
}

fn rate(load: &Load) -> String {
    match load.rate {
        Some(rate) => {
            format!("{:.1} ± {:.1} a second are answered", rate.value, rate.plus_minus())
        }
        None => format!("{} of {} were answered", load.answered, load.calls),
    }
}

fn broken(load: &Load, broke: &Broke) -> String {
    let (first, seconds, offered) = (broke.first.words(), load.broke_after_s(broke), broke.offered);
    format!("First came {first}, after {seconds:.1} s at {offered:.1} calls a second.")
}

fn sheet(judged: &Judged<'_>, load: &Load) -> Sheet {
    let heads = ["due", "ok", "failed", "p50", "p90", "p95", "p99", "late p95"];
    let columns = std::iter::once(Column::text("way")).chain(heads.map(Column::number));
    let label = judged.ways.first().map(|(arm, _)| judged.label(*arm)).unwrap_or_default();
    let counts = [load.calls, load.answered, load.calls - load.answered];
    let it = load.latency_ms;
    let figures = [it.p50, it.p90, it.p95, it.p99, load.begun_late_ms.p95];
    let row = std::iter::once(label)
        .chain(counts.map(|count| count.to_string()))
        .chain(figures.map(figure));
    Sheet {
        title: "milliseconds from when a call was due; late: how long after that it began"
            .to_owned(),
        columns: columns.collect(),
        rows: vec![row.collect()],
        notes: Vec::new(),
    }
}

fn remarks(load: &Load) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if !load.failed.is_empty() {
        let words: Vec<String> = load
            .failed
            .iter()
            .map(|(ended, count)| format!("{count} x {}", in_a_word(ended)))
            .collect();
        remarks.push(Remark { label: "failed", text: words.join(", "), command: None });
    }
    if let Some(late) = load.begun_late_ms.p95.filter(|late| *late > LATE_MS) {
        let text = format!(
            "one call in twenty began {} late or more: this machine, or 256 calls under way at once",
            ms(late)
        );
        remarks.push(Remark { label: "late", text, command: None });
    }
    remarks
}

fn in_a_word(ended: &Ended) -> String {
    match ended {
        Ended::Answered => "answered".to_owned(),
        Ended::Refused(status) => status.to_string(),
        Ended::Failed { stage, fault } => format!("no answer ({stage:?}, {fault:?})"),
    }
}

fn data(load: &Load) -> Value {
    let (verdict, broke) = match load.verdict {
        Held::Sustained => ("sustained", None),
        Held::NotSustained(broke) => ("not_sustained", Some(broke)),
        Held::NotEnoughData => ("not_enough_data", None),
    };
    json!({
        "wished_per_second": load.wished,
        "offered_per_second": load.offered,
        "verdict": verdict,
        "answered_per_second": load.rate.map(|rate| json!({
            "value": rate.value, "low": rate.interval.low, "high": rate.interval.high,
        })),
        "broke": broke.map(|broke| json!({
            "first": broke.first.id(), "after_s": load.broke_after_s(&broke), "offered_per_second": broke.offered,
        })),
        "calls": load.calls,
        "answered": load.answered,
        "failures": load.failed.iter().map(|(ended, count)| json!({
            "ended": ended, "count": count,
        })).collect::<Vec<_>>(),
        "p50_ms": load.latency_ms.p50,
        "p90_ms": load.latency_ms.p90,
        "p95_ms": load.latency_ms.p95,
        "p99_ms": load.latency_ms.p99,
        "begun_late_p95_ms": load.begun_late_ms.p95,
    })
}
