//! The part of the document that `lint` fills. It must not phrase anything.

use serde_json::{Value, json};

use crate::lint::{Change, Finding, document::Line, rules};

use super::{
    told::{BodySeen, FileSeen},
    words::{Tally, level},
};

pub(super) fn data(files: &[FileSeen], tally: Tally) -> Value {
    json!({
        "rules": rules().count(),
        "errors": tally.errors,
        "warnings": tally.warnings,
        "notes": tally.notes,
        "files": files.iter().map(file).collect::<Vec<_>>(),
    })
}

fn file(file: &FileSeen) -> Value {
    let first = file.bodies.first();
    let tally = file.tally();
    json!({
        "name": file.name,
        "trouble": file.trouble,
        "bodies": file.bodies.len(),
        "kind": first.map(|body| body.looked.kind.word()),
        "model": first.and_then(|body| body.looked.model.clone()),
        "errors": tally.errors,
        "warnings": tally.warnings,
        "notes": tally.notes,
        "findings": file.bodies.iter().flat_map(findings).collect::<Vec<_>>(),
        "not_listed": file.bodies.iter().flat_map(|body| body.looked.more.iter().map(|(_, count)| count)).sum::<usize>(),
        "fixed": file.written.as_ref().map(|written| json!({
            "path": written.path,
            "changes": written.changes.iter().map(change).collect::<Vec<_>>(),
        })),
    })
}

fn findings(body: &BodySeen) -> impl Iterator<Item = Value> + '_ {
    body.looked.findings.iter().zip(&body.places).map(|(finding, place)| one(body, finding, *place))
}

fn one(body: &BodySeen, finding: &Finding, place: Line) -> Value {
    let rule = finding.rule;
    json!({
        "rule": rule.id,
        "severity": level(rule.severity),
        "body": (!body.name.is_empty()).then_some(&body.name),
        "path": finding.path,
        "line": place.line,
        "column": place.column,
        "message": finding.said,
        "why": rule.why,
        "answer": (!rule.answer.is_empty()).then_some(rule.answer),
        "fix": rule.fix,
        "docs": rule.docs,
        "correction": finding.correction.as_ref().map(|correction| json!({
            "action": correction.words,
            "mechanical": correction.is_mechanical,
            "edits": correction.edits.iter().map(|edit| json!({
                "start": edit.span.start,
                "end": edit.span.end,
                "text": edit.text,
            })).collect::<Vec<_>>(),
        })),
    })
}

fn change(change: &Change) -> Value {
    json!({
        "rule": change.rule,
        "path": change.path,
        "line": change.at.line,
        "column": change.at.column,
        "action": change.words,
    })
}
