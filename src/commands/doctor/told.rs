//! How the own results of `doctor` read: data, tables, and what the run does not show.

use serde_json::{Value, json};

use crate::{
    probe::{Product, alias::Counted},
    report::document::{Column, Sheet},
    stats,
};

/// The command's own results.
pub fn results(product: &Product) -> (Value, Vec<Sheet>) {
    let listed = product.learnt.listed.len();
    let Some(alias) = &product.alias else {
        return (json!({"listed_models": listed, "alias": null}), Vec::new());
    };
    let data = json!({"listed_models": listed, "alias": alias_json(alias)});
    let sheets = if alias.calls() > 0 { vec![alias_sheet(alias)] } else { Vec::new() };
    (data, sheets)
}

/// What this run does not show, in words.
pub fn limits(product: &Product) -> Vec<String> {
    let Some(alias) = &product.alias else { return Vec::new() };
    let bound = |calls: usize| stats::clean_bound(calls as u64, 0.95) * 100.0;
    let clean = |name: &str, calls: usize| {
        format!(
            "0 of {calls} on {name} only shows a failure rate below {:.0} % at 95 %",
            bound(calls)
        )
    };
    let mut limits = Vec::new();
    if alias.failures() == 0 && alias.calls() > 0 {
        limits.push(clean(&alias.model, alias.calls()));
    }
    if let Some((name, calls, 0)) = &alias.control {
        limits.push(clean(name, *calls));
    }
    limits
}

fn alias_json(alias: &Counted) -> Value {
    let (low, high) = alias.interval();
    json!({
        "model": alias.model,
        "attempts": alias.calls(),
        "failures": alias.failures(),
        "failure_rate": {
            "value": rate(alias),
            "low": low,
            "high": high,
            "method": "clopper_pearson",
        },
        "outcomes": alias.strip,
        "by_build": alias.named.iter()
            .map(|(build, count)| json!({"build": build, "failures": count}))
            .collect::<Vec<_>>(),
        "control": alias.control.as_ref()
            .map(|(model, calls, failures)| json!({"model": model, "attempts": calls, "failures": failures})),
    })
}

fn rate(alias: &Counted) -> Option<f64> {
    (alias.calls() > 0).then(|| alias.failures() as f64 / alias.calls() as f64)
}

fn legend(alias: &Counted) -> &'static str {
    match alias.strip.contains('?') {
        true => " (x: 404, .: answered, ?: another failure, which ended the look)",
        false => " (x: 404, .: answered)",
    }
}

fn alias_sheet(alias: &Counted) -> Sheet {
    let row = |name: &str, failures: usize, calls: usize| {
        let (low, high) = stats::clopper_pearson(failures as u64, calls as u64, 0.95);
        let interval = match failures {
            0 => format!("below {:.0} %", stats::clean_bound(calls as u64, 0.95) * 100.0),
            _ => format!("{:.0}-{:.0} %", low * 100.0, high * 100.0),
        };
        vec![name.to_owned(), format!("{failures}/{calls}"), interval]
    };
    let mut rows = vec![row(&alias.model, alias.failures(), alias.calls())];
    if let Some((name, calls, failures)) = &alias.control {
        rows.push(row(name, *failures, *calls));
    }
    Sheet {
        title: format!("outcomes   {}{}", alias.strip, legend(alias)),
        columns: vec![
            Column::text("model"),
            Column::number("failed"),
            Column::text("95 % interval"),
        ],
        rows,
        notes: Vec::new(),
    }
}
