//! The `data` of a benchmark's document.

use serde_json::{Map, Value, json};

use crate::{
    bench::{ArmSummary, Blame, Compared, Figure, Lack, Part, Parted, Verdict, baseline::Against},
    probe::bench::{Directly, Mode, Unavailable, WayFacts, Why, Workload},
    stats::Estimate,
};

use super::{Judged, http2};

/// All of it, with the word and the sentence of the headline. `stopped` tells that somebody ended the run.
pub(super) fn data(judged: &Judged<'_>, (word, sentence): (&str, &str), stopped: bool) -> Value {
    let benched = judged.benched;
    let arms = benched.ways.iter().map(|way| arm(judged, way));
    let compared = judged.overview.compared.iter().map(|pair| comparison(judged, pair));
    json!({
        "verdict": word,
        "says": sentence,
        "mode": mode(&benched.plan.mode),
        "workload": workload(&benched.plan.workload),
        "rounds": {
            "wanted": benched.plan.rounds, "ended": benched.rounds,
            "concurrency": benched.plan.concurrency,
            "ended_because": why(benched.why, stopped),
        },
        "remote": benched.remote.map(|remote| remote.to_string()),
        "negotiated": benched.negotiated.as_ref().map(|it| json!({
            "alpn": it.alpn, "via_proxy": it.via_proxy, "private_trust": it.private_trust,
            "issuer": it.issuer, "directly": it.directly.as_ref().map(directly),
        })),
        "http2": http2::data(benched),
        "noise_floor": judged.overview.floors.by(Figure::Latency).map(|floor| json!({
            "ratio": floor.ratio.value, "low": floor.interval().low, "high": floor.interval().high,
        })),
        "arms": arms.collect::<Vec<_>>(),
        "comparisons": compared.collect::<Vec<_>>(),
        "baseline": judged.benched.plan.earlier.as_ref().map(|earlier| json!({
            "file": earlier.name,
            "arms": judged.against.iter().map(held_against).collect::<Vec<_>>(),
        })),
        "splits": judged.overview.splits.iter().map(split).collect::<Vec<_>>(),
        "notes": benched.notes,
        "rate": null,
        "limit": null,
        "idle": null,
        "timeout": null,
    })
}

fn directly(directly: &Directly) -> Value {
    match directly {
        Directly::Picks(alpn) => json!({"alpn": alpn, "unreachable": null}),
        Directly::Unreachable(why) => json!({"alpn": null, "unreachable": why}),
    }
}

/// What was asked, and how much of it: words of an answer, or bytes of the caller's own request.
pub(super) fn workload(workload: &Workload) -> Value {
    let method = workload.method();
    let (kind, size) = match workload {
        Workload::Ping => ("ping", None),
        Workload::Tokens => ("tokens", None),
        Workload::Words(words) => ("words", Some(*words as usize)),
        Workload::Stream(words) => ("stream", Some(*words as usize)),
        Workload::Own { body, .. } => ("own", Some(body.to_string().len())),
    };
    json!({"method": method.name(), "paid": method.is_paid(), "kind": kind, "size": size})
}

fn mode(mode: &Mode) -> &'static str {
    match mode {
        Mode::Rounds => "rounds",
        Mode::Rate { .. } => "rate",
        Mode::Limit { .. } => "limit",
        Mode::Idle { .. } => "idle",
        Mode::WhyTimeout { .. } => "why_timeout",
    }
}

fn why(why: Option<Why>, stopped: bool) -> &'static str {
    match why {
        _ if stopped => "stopped",
        Some(Why::Done) => "done",
        Some(Why::Time) => "time",
        Some(Why::Budget) => "budget",
        Some(Why::Silence) => "silence",
        Some(Why::Quota) => "quota",
        None => "not_begun",
    }
}

fn arm(judged: &Judged<'_>, way: &WayFacts) -> Value {
    let none = ArmSummary::of(&[], &way.name);
    let summary = judged.way(way.arm).unwrap_or(&none);
    let failed: usize = summary.failed.iter().map(|(_, count)| count).sum();
    let mut arm = json!({
        "name": way.name,
        "label": judged.label(way.arm),
        "protocol": way.arm.protocol,
        "warmth": way.arm.warmth,
        "side": judged.side(way.arm.side),
        "again": way.arm.again,
        "unavailable": way.unavailable.as_ref().map(unavailable),
        "negotiated": way.negotiated,
        "answered": summary.answered,
        "failed": failed,
        "failures": summary.failed.iter().map(|(ended, count)| json!({
            "ended": ended, "count": count,
        })).collect::<Vec<_>>(),
        "p50_ms": summary.latency_ms.p50,
        "p95_ms": summary.latency_ms.p95,
        "p99_ms": summary.latency_ms.p99,
        "phases": summary.phases,
        "connections": summary.connections.count,
        "connections_opened": way.opened,
        "calls_per_connection": summary.connections.calls_each,
        "closed_after": way.closed_after,
        "bytes_sent": summary.bytes_sent,
        "bytes_received": summary.bytes_received,
        "output_tokens": summary.tokens.output,
        "tokens_per_second": summary.tokens.per_second,
        "tokens_per_second_of_stream": summary.tokens.per_second_of_stream,
    });
    let handshakes: Map<String, Value> = summary
        .connections
        .handshakes
        .iter()
        .map(|(kind, count)| (json!(kind).as_str().unwrap_or_default().to_owned(), json!(count)))
        .collect();
    arm["handshakes"] = Value::Object(handshakes);
    arm
}

fn unavailable(why: &Unavailable) -> Value {
    match why {
        Unavailable::Failed(failure) => json!(failure.detail),
        Unavailable::Refused(status) => json!(format!("answered {status}")),
        Unavailable::Impossible(why) => json!(why),
    }
}

fn comparison(judged: &Judged<'_>, pair: &Compared) -> Value {
    let comparison = &pair.comparison;
    let figures = comparison.measured.as_ref();
    let of = |read: fn(&Estimate) -> f64| figures.map(|figures| read(&figures.ratio));
    let more = |read: fn(&Estimate) -> f64| figures.map(|figures| read(&figures.difference_ms));
    let (smallest, rounds) = match comparison.verdict {
        Verdict::NoDifferenceShown { smallest_seen, rounds_for_ten_percent } => {
            (Some(smallest_seen), Some(rounds_for_ten_percent))
        }
        _ => (None, None),
    };
    json!({
        "about": pair.about.word(),
        "figure": pair.figure.word(),
        "a": comparison.a,
        "b": comparison.b,
        "pairs": comparison.pairs,
        "left_out": comparison.left_out,
        "a_ms": figures.map(|figures| figures.a_ms),
        "b_ms": figures.map(|figures| figures.b_ms),
        "ratio": of(|it| it.value),
        "low": of(|it| it.interval.low),
        "high": of(|it| it.interval.high),
        "ratio_text": figures.map(|figures| judged.ratio(pair.figure, figures.ratio.value)),
        "difference_ms": more(|it| it.value),
        "difference_low_ms": more(|it| it.interval.low),
        "difference_high_ms": more(|it| it.interval.high),
        "matters": pair.matters(),
        "verdict": word(&comparison.verdict),
        "words": comparison.verdict.words(),
        "smallest_ratio_seen": smallest,
        "rounds_for_ten_percent": rounds,
    })
}

fn split(parted: &Parted) -> Value {
    let split = &parted.split;
    let part = |part: &Part| {
        json!({
            "ms": part.ms.value, "low_ms": part.ms.interval.low, "high_ms": part.ms.interval.high,
            "share": part.share, "shown": part.shown,
        })
    };
    json!({
        "cold": parted.cold.name(),
        "other": parted.other.name(),
        "rounds": split.rounds,
        "whole_ms": split.whole.value,
        "set_up": part(&split.set_up),
        "protocol": part(&split.protocol),
        "rest": part(&split.rest),
        "server_ms": split.within_rest.server_ms,
        "first_byte_ms": split.within_rest.first_byte_ms,
        "body_ms": split.within_rest.body_ms,
        "measured_set_up_ms": split.check.map(|check| check.measured_ms),
        "measured_set_up_agrees": split.check.map(|check| check.agrees),
        "blame": parted.cause.as_ref().map(|cause| match cause.blame {
            Blame::ConnectionSetUp => "connection_set_up",
            Blame::Protocol => "protocol",
            Blame::Both => "both",
            Blame::Neither => "neither",
        }),
    })
}

fn held_against(one: &Against) -> Value {
    let figures = one.comparison.measured.as_ref();
    json!({
        "name": one.arm.name(),
        "ms": figures.map(|figures| figures.a_ms),
        "was_ms": figures.map(|figures| figures.b_ms),
        "ratio": figures.map(|figures| figures.ratio.value),
        "low": figures.map(|figures| figures.ratio.interval.low),
        "high": figures.map(|figures| figures.ratio.interval.high),
        "p": one.p,
        "slower": one.is_slower(),
        "faster": one.is_faster(),
    })
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Faster => "faster",
        Verdict::Slower => "slower",
        Verdict::NoDifferenceShown { .. } => "no_difference_shown",
        Verdict::NotEnoughData(Lack::Pairs { .. }) => "too_few_rounds",
        Verdict::NotEnoughData(Lack::Failures { .. }) => "too_many_failures",
    }
}
