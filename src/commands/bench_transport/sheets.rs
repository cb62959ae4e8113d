//! The tables of a benchmark: each way in figures, and each pair that was compared. Must not lay out,
//! and shows no figure that JSON does not hold.

use crate::{
    bench::{ArmSummary, Compared, Verdict},
    report::document::{Column, Sheet},
};

use super::{Judged, words::ms};

/// All tables; the phases beyond the usual ones where more detail is wanted.
pub(super) fn sheets(judged: &Judged<'_>, in_detail: bool) -> Vec<Sheet> {
    if judged.samples.is_empty() {
        return Vec::new();
    }
    let compared = (!judged.overview.compared.is_empty()).then(|| compared(judged));
    let connections = in_detail.then(|| connections(judged));
    [ways(judged)].into_iter().chain(compared).chain(connections).collect()
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
        let names = format!("{} / {}", judged.label(pair.a), judged.label(pair.b));
        let figures = pair.comparison.measured.as_ref();
        let ratio = figures.map(|figures| judged.ratio(figures.ratio.value));
        let interval = figures.map(|figures| {
            let interval = figures.ratio.interval;
            format!("{}-{}", judged.ratio(interval.low), judged.ratio(interval.high))
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
    let heads =
        ["connections", "calls each", "dns", "tcp", "proxy", "tls", "written", "sent", "received"];
    let columns = std::iter::once(Column::text("way")).chain(heads.map(Column::number));
    let row = |label: String, way: &ArmSummary| {
        let phases = &way.phases;
        let times = [
            phases.dns_ms,
            phases.tcp_ms,
            phases.proxy_ms,
            phases.tls_ms,
            phases.request_written_ms,
        ];
        let counts =
            [way.connections.count.to_string(), format!("{:.1}", way.connections.calls_each)];
        let bytes = [way.bytes_sent, way.bytes_received].map(|bytes| bytes.to_string());
        std::iter::once(label).chain(counts).chain(times.map(figure)).chain(bytes).collect()
    };
    Sheet {
        title: "connections, phases and bytes".to_owned(),
        columns: columns.collect(),
        rows: judged.ways.iter().map(|(arm, way)| row(judged.label(*arm), way)).collect(),
        notes: Vec::new(),
    }
}
