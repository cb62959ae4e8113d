//! The linter held against the bodies: it finds no error in what the API takes, and each fault where it is.

use crate::{
    facts::{Severity, models::ModelTable},
    lint::{self, Given, Looked, Version, document::Lines},
};

use super::{
    case::{Case, Kind},
    generate::generate,
    mutate::{Broken, Mutation, Weight, mutations},
    tree::camel_case,
};

/// A day on which every model of the generator can be called.
pub(super) const DAY: &str = "2026-11-20";

/// What was found in a text: how bad, the path in camelCase, the line.
struct Found {
    severity: Severity,
    rule: &'static str,
    path: String,
    line: usize,
    said: String,
}

#[test]
fn every_body_that_the_api_takes_is_clean() {
    let table = ModelTable::embedded();
    let mut wrong = Vec::new();
    for case in (0..10_000).map(generate) {
        let errors = found(&case, &case.body(), &table).into_iter();
        for error in errors.filter(|found| found.severity == Severity::Error) {
            wrong.push(format!(
                "seed {}, {}: {} at {}: {}",
                case.seed, case.model.name, error.rule, error.path, error.said
            ));
        }
    }
    assert!(wrong.is_empty(), "{} errors that are none:\n{}", wrong.len(), head(&wrong));
}

/// So many bodies with each fault; all but one of them have to be found.
const TRIES: usize = 100;
const SEEDS: u64 = 20_000;

#[test]
fn every_fault_is_found_where_it_is() {
    let table = ModelTable::embedded();
    let cases: Vec<Case> = (0..SEEDS).map(generate).collect();
    let mut missed = Vec::new();
    for mutation in mutations().filter(|mutation| !is_of_bytes(mutation)) {
        let broken = cases.iter().filter_map(|case| mutation.apply_to(case.clone())).take(TRIES);
        let (mut tries, mut example, mut misses) = (0, String::new(), 0);
        for one in broken {
            tries += 1;
            if let Some(why) = miss(mutation, &one, &table) {
                misses += 1;
                example = why;
            }
        }
        if misses * 100 > tries {
            missed.push(format!("{}: {misses} of {tries}, such as {example}", mutation.name));
        }
    }
    assert!(missed.is_empty(), "{} faults are missed:\n{}", missed.len(), head(&missed));
}

/// What is wrong with the bytes is found before there is a text to look at.
fn is_of_bytes(mutation: &Mutation) -> bool {
    matches!(mutation.name, "text: UTF-16" | "text: a byte that is no UTF-8")
}

/// Why a fault counts as missed, or nothing.
fn miss(mutation: &Mutation, broken: &Broken, table: &ModelTable) -> Option<String> {
    let text = str::from_utf8(&broken.text).unwrap();
    let all = found(&broken.case, text, table);
    let is_text = mutation.name.starts_with("text: ");
    let is_it = |found: &Found| {
        let counts = found.severity == Severity::Error || mutation.weight == Weight::Doubtful;
        let mut spots = broken.spots.iter();
        counts
            && spots.any(|spot| {
                spot.line == found.line && (is_text || camel_case(&spot.path) == found.path)
            })
    };
    if all.iter().any(is_it) {
        return None;
    }
    let spot = &broken.spots[0];
    let others: Vec<_> =
        all.iter().map(|one| format!("{} at {}:{}", one.rule, one.path, one.line)).collect();
    Some(format!(
        "seed {} ({}, {}), {} in line {}; found: {others:?}",
        broken.case.seed,
        broken.case.kind.word(),
        broken.case.model.name,
        spot.path,
        spot.line
    ))
}

fn found(case: &Case, text: &str, table: &ModelTable) -> Vec<Found> {
    if case.kind != Kind::BatchLines {
        return looked(case, text, table, 0);
    }
    let lines = text.split('\n').enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.flat_map(|(at, line)| looked(case, line, table, at)).collect()
}

fn looked(case: &Case, text: &str, table: &ModelTable, lines_before: usize) -> Vec<Found> {
    let Looked { findings, .. } = lint::look(text, &given(case, table));
    let mut lines = Lines::of(text);
    let found = findings.into_iter().map(|finding| Found {
        severity: finding.rule.severity,
        rule: finding.rule.id,
        path: camel_case(&finding.path),
        line: lines_before + lines.place(finding.span.start).line,
        said: finding.said,
    });
    found.collect()
}

pub(super) fn given<'a>(case: &Case, table: &'a ModelTable) -> Given<'a> {
    Given {
        kind: Some(match case.kind {
            Kind::GenerateContent | Kind::StreamGenerateContent => lint::Kind::Generate,
            Kind::CountTokens => lint::Kind::Count,
            Kind::EmbedContent => lint::Kind::Embed,
            Kind::BatchEmbedContents => lint::Kind::EmbedBatch,
            Kind::Batch => lint::Kind::Batch,
            Kind::BatchLines => lint::Kind::BatchLine,
            Kind::Chat => lint::Kind::Chat,
        }),
        version: if case.version == "v1" { Version::V1 } else { Version::V1Beta },
        model: Some(case.model.name),
        ..Given::on(table, DAY)
    }
}

/// As many as anybody reads.
pub(super) fn head(lines: &[String]) -> String {
    lines.iter().take(200).map(String::as_str).collect::<Vec<_>>().join("\n")
}
