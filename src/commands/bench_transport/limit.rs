//! How a limit that was looked for reads.

use serde_json::{Value, json};

use crate::{
    bench::{
        Kind, Limit, Probe,
        bucket::{self, Figure},
    },
    probe::bench::limit_in_words,
    report::document::{Column, Remark, Sheet},
};

use super::{Judged, mode::Ours};

/// An answer that takes so long has waited for others.
const QUEUES_S: f64 = 2.0;

/// What the search is told with.
pub(super) fn told(judged: &Judged<'_>, in_detail: bool) -> Ours {
    let probes = &judged.benched.brought.probes;
    let limit = bucket::fit(probes);
    let words = limit_in_words(&limit);
    let (word, sentence) = match limit {
        Limit::NotReached { .. } => ("NO LIMIT MET", format!("No limit was met: {words}.")),
        Limit::Unclear { .. } => ("UNCLEAR", format!("There is a limit, and not which: {words}.")),
        _ => ("LIMITED", format!("Somebody on the way limits calls: {words}.")),
    };
    Ours {
        word,
        sentence,
        decided: true,
        sheets: in_detail.then(|| sheet(probes)).into_iter().collect(),
        remarks: remarks(probes, &limit),
        limits: vec![
            "a limit of many minutes or of tokens does not show in calls of this kind".to_owned(),
        ],
        name: "limit",
        data: data(probes, &limit, &words),
    }
}

fn remarks(probes: &[Probe], limit: &Limit) -> Vec<Remark> {
    let (passed, refused) = (count(probes, true), count(probes, false));
    let heard = probes.iter().filter_map(|probe| probe.heard_ms);
    let seconds = heard.fold(0.0, f64::max) / 1_000.0;
    let calls = format!("{passed} passed and {refused} were refused in {seconds:.0} s");
    let mut remarks = vec![Remark { label: "calls", text: calls, command: None }];
    let waits = probes.iter().filter_map(|probe| Some(probe.heard_ms? - probe.sent_ms));
    let longest = waits.fold(0.0, f64::max) / 1_000.0;
    if matches!(limit, Limit::NotReached { .. }) && longest >= QUEUES_S {
        let text = format!(
            "none was refused, yet some waited {longest:.0} s: something queues; --rate N says at what rate"
        );
        remarks.push(Remark { label: "slow", text, command: None });
    }
    let nginx = match limit {
        Limit::Bucket { rate, capacity } => Some(format!(
            "this is what limit_req rate={:.0}r/s burst={:.0} nodelay does",
            rate.value,
            (capacity.value - 1.0).max(0.0)
        )),
        Limit::Queue { rate, room, .. } => Some(format!(
            "this is what limit_req rate={:.0}r/s burst={:.0} does",
            rate.value, room.value
        )),
        _ => None,
    };
    remarks.extend(nginx.map(|text| Remark { label: "nginx", text, command: None }));
    remarks
}

fn count(probes: &[Probe], accepted: bool) -> usize {
    probes.iter().filter(|probe| probe.accepted == Some(accepted)).count()
}

/// What each part of the search showed.
fn sheet(probes: &[Probe]) -> Sheet {
    let row = |part: &[Probe]| {
        let kind = match part[0].kind {
            Kind::Burst => "burst",
            Kind::Pair => "pair",
            Kind::Steady => "steady",
        };
        let counts = [part.len(), count(part, true), count(part, false)];
        let at = format!("{:.1}", part[0].sent_ms / 1_000.0);
        [at, kind.to_owned()].into_iter().chain(counts.map(|count| count.to_string())).collect()
    };
    Sheet {
        title: "the parts of the search".to_owned(),
        columns: vec![
            Column::number("second"),
            Column::text("kind"),
            Column::number("calls"),
            Column::number("passed"),
            Column::number("refused"),
        ],
        rows: probes.chunk_by(|one, next| one.part == next.part).map(row).collect(),
        notes: Vec::new(),
    }
}

fn data(probes: &[Probe], limit: &Limit, words: &str) -> Value {
    let figure = |figure: &Figure| {
        // JSON has no infinity; what has no bound is unknown.
        json!({"value": figure.value, "low": figure.interval.low, "high": figure.interval.high})
    };
    let mut data = json!({
        "kind": null, "words": words, "per_second": null, "capacity": null, "room": null,
        "at_once": null, "window_calls": null, "window_seconds": null,
        "calls": probes.len(), "passed": count(probes, true), "refused": count(probes, false),
    });
    let mut set = |name: &str, value: Value| data[name] = value;
    match limit {
        Limit::Bucket { rate, capacity } => {
            set("kind", json!("bucket"));
            set("per_second", figure(rate));
            set("capacity", figure(capacity));
        }
        Limit::Queue { rate, room, at_once } => {
            set("kind", json!("queue"));
            set("per_second", figure(rate));
            set("room", figure(room));
            set("at_once", json!(at_once));
        }
        Limit::Window { calls, seconds } => {
            set("kind", json!("window"));
            set("window_calls", json!(calls));
            set("window_seconds", figure(seconds));
        }
        Limit::NotReached { .. } => set("kind", json!("not_reached")),
        Limit::Unclear { at_once, .. } => {
            set("kind", json!("unclear"));
            set("at_once", json!(at_once));
        }
    }
    data
}
