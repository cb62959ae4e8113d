//! The tables of a log: periods, failures, latencies, who used how much. Words and layout; no arithmetic beyond shares.

use super::words::{interval, known_ms, p99, percent, short, short_time};
use crate::{
    commands::count_tokens::money,
    history::figures::{Context, Failure, Figures, Latency, Period, Share},
    report::document::{Column, Sheet},
};

/// A table of periods shows no more.
const MOST_PERIODS: usize = 12;
/// What clients and gateways say of a call that took too long.
const TIMED_OUT: [u16; 2] = [408, 504];

pub(super) fn sheets(figures: &Figures, top: usize) -> Vec<Sheet> {
    let usage = &figures.usage;
    let by = [
        ("model", &usage.by_model),
        ("team", &usage.by_team),
        ("task", &usage.by_task),
        ("tag", &usage.by_tag),
    ];
    let used = by.into_iter().map(|(name, shares)| shares_of(name, shares, top, figures));
    [periods(&figures.periods), failures(&figures.failures, top)]
        .into_iter()
        .chain([latency(figures, top), context(&figures.latency.by_context)])
        .chain(used)
        .flatten()
        .collect()
}

fn sheet(title: String, heads: &[&str], numbers: &[&str], rows: Vec<Vec<String>>) -> Sheet {
    let column = |head: &&str| match numbers.contains(head) {
        true => Column::number(head),
        false => Column::text(head),
    };
    Sheet { title, columns: heads.iter().map(column).collect(), rows, notes: Vec::new() }
}

fn more(sheet: Sheet, all: usize, shown: usize, what: &str) -> Sheet {
    let left = all.saturating_sub(shown);
    let note = (left > 0).then(|| format!("and {left} more {what}"));
    Sheet { notes: note.into_iter().collect(), ..sheet }
}

fn periods(periods: &[Period]) -> Option<Sheet> {
    let row = |period: &Period| {
        vec![
            short_time(&period.from),
            short_time(&period.to),
            short(period.calls),
            short(period.failed),
            percent(period.failure_rate),
            interval(period.low, period.high),
            if period.is_trouble { "trouble".to_owned() } else { String::new() },
        ]
    };
    let heads = ["from", "to", "calls", "failed", "rate", "95 % interval", ""];
    let numbers = ["calls", "failed", "rate", "95 % interval"];
    let rows = periods.iter().take(MOST_PERIODS).map(row).collect();
    let made = sheet("periods with one failure rate each, UTC".to_owned(), &heads, &numbers, rows);
    (periods.len() > 1).then(|| more(made, periods.len(), MOST_PERIODS, "periods"))
}

fn failures(failures: &[Failure], top: usize) -> Option<Sheet> {
    let row = |failure: &Failure| {
        let time = |at: &Option<String>| at.as_deref().map_or_else(|| "-".to_owned(), short_time);
        vec![
            failure.status.map_or_else(|| "none".to_owned(), |status| status.to_string()),
            short(failure.calls),
            percent(failure.share),
            time(&failure.first_at),
            time(&failure.last_at),
            retry(failure).to_owned(),
            failure.cause.clone().unwrap_or_else(|| "not told".to_owned()),
        ]
    };
    let heads = ["status", "calls", "share", "first", "last", "retry", "cause"];
    let rows = failures.iter().take(top).map(row).collect();
    let made = sheet("what failed, UTC".to_owned(), &heads, &["calls", "share"], rows);
    (!failures.is_empty()).then(|| more(made, failures.len(), top, "kinds"))
}

/// What a retry of such a failure is worth.
fn retry(failure: &Failure) -> &'static str {
    match failure.status {
        Some(429) => "back off",
        Some(status) if TIMED_OUT.contains(&status) => "once",
        Some(500..) => "2-3 times",
        Some(400..) => "never",
        // Of a failure that the log does not name nobody knows whether it passes.
        None if failure.cause.as_deref().is_none_or(|cause| cause == "#") => "not told",
        _ => "once",
    }
}

fn latency(figures: &Figures, top: usize) -> Option<Sheet> {
    let row = |one: &Latency| {
        vec![
            one.name.clone(),
            short(one.answered),
            known_ms(one.p50_ms),
            known_ms(one.p95_ms),
            p99(one.p99_ms, one.answered),
            known_ms(one.max_ms),
        ]
    };
    let heads = ["model", "answered", "p50 ms", "p95 ms", "p99 ms", "max ms"];
    let models = &figures.latency.by_model;
    let whole = (models.len() != 1).then_some(&figures.latency.all);
    let rows = models.iter().take(top).chain(whole).map(row).collect();
    let made = sheet("latency of answered calls".to_owned(), &heads, &heads[1..], rows);
    (figures.latency.all.answered > 0).then(|| more(made, models.len(), top, "models"))
}

fn context(contexts: &[Context]) -> Option<Sheet> {
    let row = |one: &Context| {
        vec![
            one.input_tokens.clone(),
            short(one.calls),
            short(one.failed),
            short(one.timed_out),
            known_ms(one.p50_ms),
            known_ms(one.p95_ms),
            p99(one.p99_ms, one.calls),
        ]
    };
    let heads = ["input tokens", "calls", "failed", "timed out", "p50 ms", "p95 ms", "p99 ms"];
    let rows = contexts.iter().map(row).collect();
    let made = sheet("latency by the length of the input".to_owned(), &heads, &heads[1..], rows);
    (!contexts.is_empty()).then_some(made)
}

fn shares_of(name: &str, shares: &[Share], top: usize, figures: &Figures) -> Option<Sheet> {
    let usage = &figures.usage;
    let is_priced = usage.total.cost.is_some();
    let row = |one: &Share| {
        let cost = is_priced.then(|| one.cost.map_or_else(|| "-".to_owned(), money));
        let cells = [
            one.name.clone(),
            short(one.calls),
            short(one.failed),
            short(one.input_tokens),
            short(one.output_tokens),
            percent(one.share),
        ];
        cells.into_iter().chain(cost).collect()
    };
    let currency = usage.currency.as_deref().unwrap_or_default();
    let heads = [name, "calls", "failed", "input", "output", "share", currency];
    let heads = &heads[..heads.len() - usize::from(!is_priced)];
    let rows = shares.iter().take(top).map(row).collect();
    let title = format!("by {name}, as shares of all {}", usage.measure);
    let made = sheet(title, heads, &heads[1..], rows);
    // One name that has everything says nothing.
    let is_told = shares.len() > 1 || (is_priced && name == "model" && !shares.is_empty());
    is_told.then(|| more(made, shares.len(), top, "names"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_without_a_status_and_a_name_has_no_advice() {
        let advice = |status, cause: Option<&str>| {
            let cause = cause.map(str::to_owned);
            let (first_at, last_at) = (None, None);
            retry(&Failure { status, cause, calls: 1, share: 1.0, first_at, last_at })
        };
        assert_eq!([advice(None, None), advice(None, Some("#"))], ["not told"; 2]);
        assert_eq!([advice(None, Some("tcp.refused")), advice(Some(404), None)], ["once", "never"]);
    }
}
