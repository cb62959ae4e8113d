//! The tables of a benchmark: each way in figures, and each pair that was compared. Must not lay out,
//! and shows no figure that JSON does not hold.

use crate::{
    bench::{ArmSummary, Compared, Figure, Verdict},
    facts::HandshakeKind,
    report::document::{Column, Sheet},
};

use super::{Judged, words::ms};

/// All tables; the phases beyond the usual ones where more detail is wanted.
pub(super) fn sheets(judged: &Judged<'_>, in_detail: bool) -> Vec<Sheet> {
    if judged.samples.is_empty() {
        return Vec::new();
    }
    let compared = (!judged.overview.compared.is_empty()).then(|| compared(judged));
    let streams = judged.ways.iter().any(|(_, way)| way.phases.first_token_ms.is_some());
    let streams = streams.then(|| self::streams(judged));
    let more = in_detail.then(|| [connections(judged), phases(judged)]);
    let more = more.into_iter().flatten();
    [ways(judged)].into_iter().chain(streams).chain(compared).chain(more).collect()
}

fn ways(judged: &Judged<'_>) -> Sheet {
    let heads = ["ok", "failed", "p50", "p95", "p99", "set-up", "wait", "body"];
    let columns = std::iter::once(Column::text("way")).chain(heads.map(Column::number));
    let row = |arm: &crate::bench::Arm, way: &ArmSummary| {
        let failed: usize = way.failed.iter().map(|(_, count)| count).sum();
        let quantiles = way.latency_ms;
        let figures =
            [quantiles.p50, quantiles.p95, quantiles.p99, set_up(way), wait(way), body(way)];
        let counts = [way.answered.to_string(), failed.to_string()];
        std::iter::once(judged.label(*arm)).chain(counts).chain(figures.map(figure)).collect()
    };
    Sheet {
        title: "milliseconds of a call; set-up: name, TCP, proxy, TLS; wait: to the first byte"
            .to_owned(),
        columns: columns.collect(),
        rows: judged.ways.iter().map(|(arm, way)| row(arm, way)).collect(),
        notes: Vec::new(),
    }
}

/// What shows in streams alone: medians.
fn streams(judged: &Judged<'_>) -> Sheet {
    let heads = ["first text", "longest pause", "tokens", "tokens/s", "of stream"];
    let row = |label: String, way: &ArmSummary| {
        let tokens = &way.tokens;
        let speeds = [tokens.output, tokens.per_second, tokens.per_second_of_stream];
        let times = [way.phases.first_token_ms, way.phases.longest_gap_ms];
        std::iter::once(label).chain(times.into_iter().chain(speeds).map(figure)).collect()
    };
    by_way(judged, "streams; of stream: tokens a second once text comes, at most", &heads, row)
}

/// Name, TCP, proxy and TLS together.
fn set_up(way: &ArmSummary) -> Option<f64> {
    let phases = &way.phases;
    let parts = [phases.dns_ms, phases.tcp_ms, phases.proxy_ms, phases.tls_ms];
    parts.iter().any(Option::is_some).then(|| parts.into_iter().flatten().sum())
}

fn wait(way: &ArmSummary) -> Option<f64> {
    way.phases.first_byte_ms
}

fn body(way: &ArmSummary) -> Option<f64> {
    Some(way.phases.total_ms? - way.phases.first_byte_ms?)
}

/// Milliseconds in a table.
pub(super) fn figure(ms: Option<f64>) -> String {
    ms.map_or_else(
        || "-".to_owned(),
        |ms| if ms >= 100.0 { format!("{ms:.0}") } else { format!("{ms:.1}") },
    )
}

fn compared(judged: &Judged<'_>) -> Sheet {
    let columns = vec![
        Column::text("compared"),
        Column::number("ratio"),
        Column::text("95 % interval"),
        Column::number("more"),
        Column::text("shown"),
    ];
    let row = |pair: &Compared| {
        let by = match pair.figure {
            Figure::Latency => "",
            Figure::FirstText => "first text: ",
            Figure::TokenTime => "a token: ",
        };
        let names = format!("{by}{} / {}", judged.label(pair.a), judged.label(pair.b));
        let figures = pair.comparison.measured.as_ref();
        let ratio = figures.map(|figures| judged.ratio(pair.figure, figures.ratio.value));
        let interval = figures.map(|figures| {
            let interval = figures.ratio.interval;
            let bound = |bound| judged.bound(pair.figure, bound);
            format!("{}-{}", bound(interval.low), bound(interval.high))
        });
        let more = figures.map(|figures| ms(figures.difference_ms.value));
        let dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        vec![names, dash(ratio), dash(interval), dash(more), verdict(pair)]
    };
    Sheet {
        title: String::new(),
        columns,
        rows: judged.overview.compared.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn verdict(pair: &Compared) -> String {
    match pair.comparison.verdict {
        Verdict::NoDifferenceShown { .. } => "no difference".to_owned(),
        verdict if verdict.is_difference() && !pair.matters() => {
            format!("{}, under 1 ms", verdict.words())
        }
        verdict => verdict.words().to_owned(),
    }
}

fn connections(judged: &Judged<'_>) -> Sheet {
    let heads = ["open", "calls each", "full", "resumed", "sent", "received"];
    let row = |label: String, way: &ArmSummary| {
        let connections = &way.connections;
        let shaken = |wanted: &dyn Fn(HandshakeKind) -> bool| -> usize {
            let all = connections.handshakes.iter();
            all.filter(|(kind, _)| wanted(*kind)).map(|(_, count)| count).sum()
        };
        let is_full = |kind| matches!(kind, HandshakeKind::Full | HandshakeKind::FullAfterRetry);
        let cells = [
            connections.count.to_string(),
            format!("{:.1}", connections.calls_each),
            shaken(&is_full).to_string(),
            shaken(&|kind| !is_full(kind)).to_string(),
            way.bytes_sent.to_string(),
            way.bytes_received.to_string(),
        ];
        std::iter::once(label).chain(cells).collect()
    };
    by_way(judged, "connections, handshakes that calls waited for, and bytes", &heads, row)
}

fn phases(judged: &Judged<'_>) -> Sheet {
    let heads = ["dns", "tcp", "proxy", "tls", "written", "first", "server"];
    let row = |label: String, way: &ArmSummary| {
        let phases = &way.phases;
        let times = [
            phases.dns_ms,
            phases.tcp_ms,
            phases.proxy_ms,
            phases.tls_ms,
            phases.request_written_ms,
            phases.first_byte_ms,
            phases.server_ms,
        ];
        std::iter::once(label).chain(times.map(figure)).collect()
    };
    by_way(judged, "medians of each phase; server: what it says it took itself", &heads, row)
}

/// A table with a row for each way.
fn by_way(
    judged: &Judged<'_>,
    title: &str,
    heads: &[&str],
    row: impl Fn(String, &ArmSummary) -> Vec<String>,
) -> Sheet {
    let columns = heads.iter().map(|head| Column::number(head));
    Sheet {
        title: title.to_owned(),
        columns: std::iter::once(Column::text("way")).chain(columns).collect(),
        rows: judged.ways.iter().map(|(arm, way)| row(judged.label(*arm), way)).collect(),
        notes: Vec::new(),
    }
}
