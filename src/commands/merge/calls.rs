//! Logs of calls that were joined: one sentence, a table, and the command's data.

use serde_json::{Value, json};

use super::Merged;
use crate::{
    commands::count_tokens::{counted, grouped},
    history::figures::{Figures, Latency},
    report::{
        document::{Column, Sheet},
        spread::ms,
    },
};

/// One of the logs.
pub struct Part {
    /// What it shows by itself.
    pub figures: Figures,
    /// Whether its lines are in the order of time.
    pub is_sorted: bool,
    /// Whether a time had no zone.
    pub has_no_zone: bool,
    /// Whether a latency had no unit.
    pub has_no_unit: bool,
}

impl Part {
    fn name(&self) -> &str {
        self.figures.files.first().map_or("", |file| &file.name)
    }

    fn lines(&self) -> u64 {
        self.figures.files.first().map_or(0, |file| file.calls + file.other_lines)
    }
}

/// Puts what was joined into words.
pub fn told(parts: &[Part], all: &Figures, is_written: bool) -> Merged {
    Merged {
        recorded: Vec::new(),
        sentence: sentence(parts, all, is_written),
        data: data(parts, all),
        sheets: vec![sheet(parts, all)],
        limits: parts.iter().flat_map(|part| limits(part, is_written)).collect(),
    }
}

fn sentence(parts: &[Part], all: &Figures, is_written: bool) -> String {
    let lines = parts.iter().map(Part::lines).sum();
    let done = match is_written {
        true => "joined in the order of time",
        false => "looked at; --out FILE joins them in the order of time",
    };
    format!(
        "{} of calls {done}: {}, {}, {} of them failed.",
        counted(parts.len() as u64, "log"),
        counted(lines, "line"),
        counted(all.calls, "call"),
        grouped(all.failed)
    )
}

fn sheet(parts: &[Part], all: &Figures) -> Sheet {
    let numbers = ["calls", "failed", "p50 ms", "p95 ms", "p99 ms"].map(Column::number);
    let rows = parts.iter().map(|part| row(part.name(), &part.figures));
    Sheet {
        title: "answered calls, by log".to_owned(),
        columns: [Column::text("log")].into_iter().chain(numbers).collect(),
        rows: rows.chain([row("all", all)]).collect(),
        notes: Vec::new(),
    }
}

fn row(name: &str, figures: &Figures) -> Vec<String> {
    let known = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), ms);
    let Latency { p50_ms, p95_ms, p99_ms, .. } = figures.latency.all;
    vec![
        name.to_owned(),
        grouped(figures.calls),
        grouped(figures.failed),
        known(p50_ms),
        known(p95_ms),
        known(p99_ms),
    ]
}

fn limits(part: &Part, is_written: bool) -> Vec<String> {
    let name = part.name();
    let files = &part.figures.files;
    let bad: u64 = files.iter().map(|file| file.bad_lines).sum();
    let first = part.figures.bad_lines.first();
    let first =
        first.map_or_else(String::new, |bad| format!(", the first line {}: {}", bad.line, bad.why));
    let all = [
        (
            bad > 0,
            format!("{} of {name} could not be read and left out{first}", counted(bad, "line")),
        ),
        (
            is_written && files.iter().any(|file| file.form.as_deref() == Some("csv")),
            format!("the rows of {name} were written as JSON objects, each cell a text"),
        ),
        (part.has_no_zone, format!("times of {name} without a zone were taken for UTC")),
        (
            part.has_no_unit,
            format!("latencies of {name} without a unit were taken for milliseconds"),
        ),
        (
            !part.is_sorted,
            format!("{name} was not in the order of time, so that it was held and sorted"),
        ),
        (
            files.iter().any(|file| file.is_cut),
            format!("the last line of {name} was cut short and left out"),
        ),
        (
            files.iter().any(|file| file.encoding.starts_with("utf-16")),
            format!("{name} was read as UTF-16"),
        ),
        (
            part.figures.undated > 0,
            format!(
                "{} of {name} without a time stay behind the line before",
                counted(part.figures.undated, "call")
            ),
        ),
    ];
    all.into_iter().filter(|(is_so, _)| *is_so).map(|(_, what)| what).collect()
}

fn data(parts: &[Part], all: &Figures) -> Value {
    let calls = |name: &str, figures: &Figures| {
        json!({
            "path": name,
            "calls": figures.calls,
            "failed": figures.failed,
            "first_at": figures.first_at,
            "last_at": figures.last_at,
            "p50_ms": figures.latency.all.p50_ms,
            "p95_ms": figures.latency.all.p95_ms,
            "p99_ms": figures.latency.all.p99_ms,
        })
    };
    json!({
        "logs": parts.iter().map(|part| calls(part.name(), &part.figures)).collect::<Vec<_>>(),
        "all": calls("all", all),
    })
}
