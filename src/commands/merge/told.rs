//! What was joined, in one sentence, two tables and the command's data.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    Merged,
    join::{Arm, File, Join},
};
use crate::report::{
    document::{Column, Sheet},
    hdr::ASKED,
    spread::{Spread, ms},
};

/// Files are named one by one up to so many.
const NAMED: usize = 4;

pub(super) fn told(mut join: Join, texts: &[(String, String)]) -> Merged {
    join.finish();
    Merged {
        sentence: sentence(&join),
        data: data(&join),
        sheets: vec![numbers(&join), shares(&join)],
        limits: limits(texts),
        recorded: join.arms.into_iter().map(|arm| arm.recorded).collect(),
    }
}

fn sentence(join: &Join) -> String {
    let calls: u64 = join.files.iter().map(|file| file.answered).fold(0, u64::saturating_add);
    let failed: u64 = join.files.iter().map(|file| file.failed).fold(0, u64::saturating_add);
    let failed = if failed == 0 { String::new() } else { format!(", and {failed} that failed") };
    let counted =
        |count: u64, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    format!(
        "{} joined exactly: {}, {}{failed}.",
        counted(join.files.len() as u64, "log"),
        counted(join.arms.len() as u64, "arm"),
        counted(calls, "answered call")
    )
}

fn numbers(join: &Join) -> Sheet {
    let numbers =
        ["answered", "failed", "p50 ms", "p95 ms", "p99 ms", "max ms"].map(Column::number);
    Sheet {
        title: "arms".to_owned(),
        columns: [Column::text("arm")].into_iter().chain(numbers).collect(),
        rows: join.arms.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn shares(join: &Join) -> Sheet {
    let row = |arm: &Arm| vec![Spread::of_recorded(&arm.recorded).name, from(arm, &join.files)];
    Sheet {
        title: "shares of the logs".to_owned(),
        columns: ["arm", "answered calls from"].map(Column::text).to_vec(),
        rows: join.arms.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn row(arm: &Arm) -> Vec<String> {
    let spread = Spread::of_recorded(&arm.recorded);
    let known = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), ms);
    vec![
        spread.name.clone(),
        spread.answered.to_string(),
        spread.failed.to_string(),
        known(spread.quantile(0.5)),
        known(spread.quantile(0.95)),
        known(spread.quantile(0.99)),
        known(spread.ends().map(|(_, most)| most)),
    ]
}

/// Which share of its calls an arm has from which file.
fn from(arm: &Arm, files: &[File]) -> String {
    let all: u64 = arm.shares.iter().fold(0, |sum, share| sum.saturating_add(*share));
    let percent = |share: u64| format!("{:.0} %", share as f64 / all.max(1) as f64 * 100.0);
    let used = || files.iter().zip(&arm.shares).filter(|(_, share)| **share > 0);
    if used().count() > NAMED {
        let most = arm.shares.iter().copied().max().unwrap_or(0);
        return format!("{} logs, at most {} of one", used().count(), percent(most));
    }
    used()
        .map(|(file, share)| format!("{} {}", file.name, percent(*share)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The same log twice counts its calls twice, and calls to several hosts are no sample of one.
fn limits(texts: &[(String, String)]) -> Vec<String> {
    let copies = texts.iter().enumerate().filter_map(|(place, (name, text))| {
        let (first, _) = texts[..place].iter().find(|(_, other)| other == text)?;
        Some(format!("{name} holds the same as {first}, so its calls count twice"))
    });
    copies.chain(mixed(texts)).collect()
}

/// What is to be known where the logs say that they are of different hosts or models.
fn mixed(texts: &[(String, String)]) -> Option<String> {
    let said = |(_, text): &(String, String)| {
        let line = text.lines().find_map(|line| line.strip_prefix(ASKED))?;
        Some(line.trim_end_matches(']').to_owned())
    };
    let asked: BTreeSet<String> = texts.iter().filter_map(said).collect();
    let names: Vec<String> = asked.into_iter().collect();
    (names.len() > 1).then(|| {
        format!(
            "the logs are of different hosts or models, joined all the same: {}",
            names.join("; ")
        )
    })
}

fn data(join: &Join) -> Value {
    let kind = join.kind();
    json!({
        "unit": kind.unit.word(),
        "digits": kind.digits,
        "files": join.files.iter().map(|file| json!({
            "path": file.name,
            "histograms": file.histograms,
            "answered": file.answered,
            "failed": file.failed,
        })).collect::<Vec<_>>(),
        "arms": join.arms.iter().map(|arm| of_arm(arm, &join.files)).collect::<Vec<_>>(),
    })
}

fn of_arm(arm: &Arm, files: &[File]) -> Value {
    let spread = Spread::of_recorded(&arm.recorded);
    json!({
        "name": arm.recorded.name,
        "answered": spread.answered,
        "failed": spread.failed,
        "p50_ms": spread.quantile(0.5),
        "p95_ms": spread.quantile(0.95),
        "p99_ms": spread.quantile(0.99),
        "max_ms": spread.ends().map(|(_, most)| most),
        "shares": files.iter().zip(&arm.shares).map(|(file, share)| json!({
            "path": file.name, "answered": share,
        })).collect::<Vec<_>>(),
    })
}
