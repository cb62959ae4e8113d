//! What a watch puts into the document. Every figure that a table shows is here too.

use serde_json::{Value, json};

use crate::{
    facts::time,
    watch::{Period, Track, Watched, family::FamilySeen},
};

use super::{Beside, Wanted};

pub(super) fn data(wanted: &Wanted, watched: &Watched, beside: &Beside, now_ms: u64) -> Value {
    let (paid, free) = wanted.calls();
    json!({
        "verdict": watched.verdict().word(),
        "every_s": wanted.every.as_secs_f64(),
        "for_s": wanted.duration.as_secs_f64(),
        "free": wanted.plan.free,
        "confirm": wanted.confirming,
        "planned": {"looks": wanted.looks(), "paid_calls": paid, "free_calls": free},
        "looks": watched.looks,
        "looks_missed": watched.missed,
        "looks_discarded": watched.discarded,
        "ended_because": beside.ended,
        "targets": watched.tracks.iter().map(track).collect::<Vec<_>>(),
        "families": watched.families.iter().map(family).collect::<Vec<_>>(),
        "certificate_days": watched.valid_until.map(|until| days_left(until, now_ms)),
        "notes": watched.notes.iter().map(|note| json!({
            "at": time::rfc3339(note.at_ms), "text": note.text,
        })).collect::<Vec<_>>(),
        "notes_dropped": watched.notes.dropped(),
        "key_changes": beside.key_changes,
        "alerts": {"run": beside.alerts.0, "failed": beside.alerts.1},
        "log": beside.log.as_ref().map(|(path, lines, lost, put_aside)| json!({
            "path": path.display().to_string(), "lines": lines, "lost": lost, "put_aside": put_aside,
        })),
    })
}

/// The days for which a certificate is still valid; less than none where it is not any more.
fn days_left(until_s: i64, now_ms: u64) -> f64 {
    let seconds = until_s as f64 - now_ms as f64 / 1000.0;
    (seconds / 8640.0).floor() / 10.0
}

fn track(track: &Track) -> Value {
    let (calls, failed) = track.counts();
    json!({
        "name": track.name,
        "kind": track.kind.word(),
        "verdict": track.verdict().word(),
        "since": track.now().map(|now| time::rfc3339(now.from_ms)),
        "calls": calls,
        "failed": failed,
        "failure_rate": track.rate().map(|rate| interval(rate, if failed == 0 { "one-sided" } else { "wilson" })),
        "p50_ms": track.total_ms(0.5).map(tenth),
        "p95_ms": track.total_ms(0.95).map(tenth),
        "first_token_p50_ms": track.first_ms(0.5).map(tenth),
        "first_token_p95_ms": track.first_ms(0.95).map(tenth),
        "causes": track.causes().into_iter().map(|(cause, calls)| json!({
            "id": cause.id, "title": cause.title, "calls": calls,
        })).collect::<Vec<_>>(),
        "periods": track.periods().map(period).collect::<Vec<_>>(),
        "periods_dropped": track.periods_dropped(),
    })
}

fn period(period: &Period) -> Value {
    json!({
        "verdict": period.verdict.word(),
        "from": time::rfc3339(period.from_ms),
        "from_earliest": time::rfc3339(period.earliest_ms),
        "from_latest": time::rfc3339(period.latest_ms),
        "until": time::rfc3339(period.until_ms),
        "first_call": period.first_call,
        "calls": period.calls,
        "failed": period.failed,
        "failure_rate": interval(period.rate(), "clopper-pearson"),
        "cause": period.cause.as_ref().map(|cause| cause.id.clone()),
    })
}

fn interval((value, low, high): (f64, f64, f64), method: &str) -> Value {
    json!({"value": value, "low": low, "high": high, "method": method})
}

fn family(family: &FamilySeen) -> Value {
    json!({
        "family": family.name,
        "tried": family.tried,
        "connected": family.connected,
        "loss": family.loss().map(|loss| interval(loss, "wilson")),
        "connect_p50_ms": family.quantile_ms(0.5).map(tenth),
        "connect_p95_ms": family.quantile_ms(0.95).map(tenth),
    })
}

fn tenth(ms: f64) -> f64 {
    (ms * 10.0).round() / 10.0
}
