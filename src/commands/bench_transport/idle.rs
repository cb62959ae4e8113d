//! How a sweep over idle times reads: when connections are closed, whether a call met the close, and which
//! settings of programs come before it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    bench::{Close, Idle, Reuse},
    facts::Protocol,
    probe::bench::{Rest, idle_in_words, idle_of},
    report::document::{Column, Remark, Sheet},
};

use super::{Judged, mode::Ours};

/// What a sweep is told with.
pub(super) fn told(judged: &Judged<'_>) -> Ours {
    let found = found(judged);
    let (word, sentence) = headline(&found);
    let pool_s = found
        .iter()
        .filter_map(|(_, idle)| idle.pool_s)
        .reduce(f64::min)
        .map(|pool_s| (pool_s * 100.0).floor() / 100.0);
    let settings = pool_s.map(settings);
    Ours {
        word,
        sentence,
        decided: true,
        sheets: std::iter::once(sheet(judged)).chain(settings).collect(),
        remarks: remarks(&found),
        limits: Vec::new(),
        name: "idle",
        data: json!({
            "ways": found.iter().map(|one| way(judged, one)).collect::<Vec<_>>(),
            "pool_timeout_s": pool_s,
        }),
    }
}

fn found(judged: &Judged<'_>) -> Vec<(Protocol, Idle)> {
    let ways = judged.benched.gone().map(|way| way.arm.protocol);
    ways.map(|protocol| (protocol, idle_of(judged.benched, protocol))).collect()
}

fn headline(found: &[(Protocol, Idle)]) -> (&'static str, String) {
    let said = |(protocol, idle): &(Protocol, Idle)| {
        Some(format!("{} {}", protocol.word(), idle_in_words(idle.close)?))
    };
    let words: Vec<String> = found.iter().filter_map(said).collect();
    if words.is_empty() {
        return ("UNCLEAR", "No connection carried a call before it was to rest.".to_owned());
    }
    let is_closed =
        |(_, idle): &(Protocol, Idle)| !matches!(idle.close, Close::NotWithin(_) | Close::Unknown);
    let word = if found.iter().any(is_closed) { "CLOSES" } else { "STAYS OPEN" };
    (word, format!("A connection that nobody uses: {}.", words.join("; ")))
}

fn remarks(found: &[(Protocol, Idle)]) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let raced: usize = found.iter().map(|(_, idle)| idle.raced).sum();
    let silent: usize = found.iter().map(|(_, idle)| idle.silent).sum();
    let is_closed = found.iter().any(|(_, idle)| !matches!(idle.close, Close::NotWithin(_)));
    let race = match raced {
        0 if is_closed => "no call met the close on its way".to_owned(),
        0 => return remarks,
        count => format!("reproduced: {count} calls met the close on their way and were lost"),
    };
    remarks.push(Remark { label: "race", text: race, command: None });
    if silent > 0 {
        let text = format!("{silent} connections were forgotten without a word");
        remarks.push(Remark { label: "silent", text, command: None });
    }
    remarks
}

/// One row for each time that connections rested.
fn sheet(judged: &Judged<'_>) -> Sheet {
    let mut rows: BTreeMap<(Protocol, u64), [usize; 4]> = BTreeMap::new();
    for Rest { protocol, trial, .. } in &judged.benched.brought.rests {
        let tenths = (trial.idle_s * 10.0).round() as u64;
        let place = match trial.reuse {
            Reuse::Carried => 0,
            Reuse::ClosedBefore => 1,
            Reuse::Raced => 2,
            Reuse::Silent => 3,
        };
        rows.entry((*protocol, tenths)).or_default()[place] += 1;
    }
    let row = |((protocol, tenths), counts): ((Protocol, u64), [usize; 4])| {
        let idle = format!("{:.1}", tenths as f64 / 10.0);
        let counts =
            counts.map(|count| if count == 0 { "-".to_owned() } else { count.to_string() });
        [protocol.word().to_owned(), idle].into_iter().chain(counts).collect()
    };
    let heads = ["idle s", "carried", "closed", "lost", "silent"];
    Sheet {
        title: "what became of the next call after so many seconds, or when the close was seen"
            .to_owned(),
        columns: std::iter::once(Column::text("way")).chain(heads.map(Column::number)).collect(),
        rows: rows.into_iter().map(row).collect(),
        notes: Vec::new(),
    }
}

/// How programs are told to give connections up before the other side does.
fn settings(pool_s: f64) -> Sheet {
    let ms = (pool_s * 1_000.0).round();
    let row = |client: &str, setting: String| vec![client.to_owned(), setting];
    Sheet {
        title: format!("give idle connections up after {pool_s} s"),
        columns: vec![Column::text("client"), Column::text("setting")],
        rows: vec![
            row("httpx", format!("httpx.Limits(keepalive_expiry={pool_s})")),
            row(
                "requests, urllib3",
                "has none: retry once, or make a new Session after a rest".to_owned(),
            ),
            row("Node (undici)", format!("new Agent({{ keepAliveTimeout: {ms} }})")),
            row("Go", format!("http.Transport{{ IdleConnTimeout: {ms} * time.Millisecond }}")),
        ],
        notes: Vec::new(),
    }
}

fn way(judged: &Judged<'_>, (protocol, idle): &(Protocol, Idle)) -> Value {
    let (kind, after_s, until_s) = match idle.close {
        Close::Between(open, closed) => ("between", Some(open), Some(closed)),
        Close::NotWithin(open) => ("not_within", Some(open), None),
        Close::Within(closed) => ("within", None, Some(closed)),
        Close::NotByTime(closed, open) => ("not_by_time", Some(closed), Some(open)),
        Close::Unknown => ("unknown", None, None),
    };
    let rests = judged.benched.brought.rests.iter().filter(|rest| rest.protocol == *protocol);
    json!({
        "protocol": protocol,
        "closes": kind,
        "after_s": after_s,
        "until_s": until_s,
        "raced": idle.raced,
        "race_reproduced": idle.is_race_reproduced(),
        "silent": idle.silent,
        "pool_timeout_s": idle.pool_s,
        "trials": rests.map(trial).collect::<Vec<_>>(),
    })
}

fn trial(rest: &Rest) -> Value {
    let reuse = match rest.trial.reuse {
        Reuse::Carried => "carried",
        Reuse::ClosedBefore => "closed_before",
        Reuse::Raced => "raced",
        Reuse::Silent => "silent",
    };
    json!({"idle_s": rest.trial.idle_s, "reuse": reuse, "ended_s": rest.ended_s})
}
