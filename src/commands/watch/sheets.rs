//! The tables of a watch: what each thing came to, the periods, and the address families where both were dialled.

use crate::{
    report::document::{Column, Sheet},
    watch::{Kind, Period, Track, Verdict, Watched, board::percents, family::FamilySeen, span},
};

/// Periods that a table shows of each thing; all that are kept are in the JSON document.
const SHOWN: usize = 12;

pub(super) fn sheets(watched: &Watched, now_ms: u64) -> Vec<Sheet> {
    if watched.looks == 0 {
        return Vec::new();
    }
    let mut sheets = vec![targets(watched)];
    sheets.extend(watched.tracks.iter().filter_map(|track| periods(track, now_ms)));
    sheets.extend(families(watched));
    sheets
}

fn targets(watched: &Watched) -> Sheet {
    let ms = |ms: Option<f64>| ms.map_or_else(|| "-".to_owned(), span::latency);
    let row = |track: &Track| {
        let (calls, failed) = track.counts();
        let rate = track.rate().map_or_else(|| "-".to_owned(), |rate| percents(failed, rate));
        let (p50, p95) = (ms(track.total_ms(0.5)), ms(track.total_ms(0.95)));
        let verdict = track.verdict().word().to_owned();
        vec![track.name.clone(), verdict, format!("{failed}/{calls}"), rate, p50, p95]
    };
    let is_told = |track: &&Track| track.counts().0 > 0 || track.kind == Kind::Model;
    Sheet {
        title: String::new(),
        columns: vec![
            Column::text("watched"),
            Column::text("now"),
            Column::number("failed"),
            Column::text("rate"),
            Column::number("p50"),
            Column::number("p95"),
        ],
        rows: watched.tracks.iter().filter(is_told).map(row).collect(),
        notes: Vec::new(),
    }
}

/// The periods of a thing whose verdict changed.
fn periods(track: &Track, now_ms: u64) -> Option<Sheet> {
    let all: Vec<&Period> = track.periods().collect();
    if all.len() < 2 && !track.has_failed() {
        return None;
    }
    let left_out = all.len().saturating_sub(SHOWN) as u64 + track.periods_dropped();
    let row = |period: &&Period| {
        let cause = period.cause.as_ref().map_or("-", |cause| cause.id.as_str());
        vec![
            span::moment(period.from_ms, now_ms),
            within(period, now_ms),
            period.verdict.word().to_owned(),
            format!("{}/{}", period.failed, period.calls),
            cause.to_owned(),
        ]
    };
    let rows = all.iter().skip(all.len().saturating_sub(SHOWN)).map(row).collect();
    let columns = ["from (UTC)", "no earlier, no later", "verdict"].map(Column::text).to_vec();
    let columns = [columns, vec![Column::number("failed"), Column::text("cause")]].concat();
    let notes = (left_out > 0).then(|| format!("{left_out} periods before these are left out"));
    Some(Sheet {
        title: format!("periods of {}", track.name),
        columns,
        rows,
        notes: notes.into_iter().collect(),
    })
}

/// Between which moments it began, where it was not the first.
fn within(period: &Period, now_ms: u64) -> String {
    if period.verdict == Verdict::Unclear || period.first_call == 1 {
        return "-".to_owned();
    }
    let (earliest, latest) = span::moments(period.earliest_ms, period.latest_ms, now_ms);
    format!("{earliest}-{latest}")
}

/// Both families, where both were dialled or one lost connections.
fn families(watched: &Watched) -> Option<Sheet> {
    let dialled: Vec<&FamilySeen> =
        watched.families.iter().filter(|family| family.tried > 0).collect();
    let is_news = dialled.len() > 1 || dialled.iter().any(|one| one.connected < one.tried);
    let ms = |ms: Option<f64>| ms.map_or_else(|| "-".to_owned(), span::latency);
    let row = |family: &&FamilySeen| {
        let lost = family.tried - family.connected;
        let loss = family.loss().map_or_else(|| "-".to_owned(), |loss| percents(lost, loss));
        let lost = format!("{lost}/{}", family.tried);
        let times = [0.5, 0.95].map(|q| ms(family.quantile_ms(q)));
        [vec![family.name.to_owned(), lost, loss], times.to_vec()].concat()
    };
    is_news.then(|| Sheet {
        title: "connections by address family".to_owned(),
        columns: vec![
            Column::text("family"),
            Column::number("lost"),
            Column::text("rate"),
            Column::number("p50"),
            Column::number("p95"),
        ],
        rows: dialled.iter().map(row).collect(),
        notes: Vec::new(),
    })
}
