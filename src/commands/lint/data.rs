//! The part of the document that `lint` fills. It must not phrase anything.

use serde_json::{Value, json};

use crate::lint::{Change, Finding, document::Line, rules};

use super::{
    told::{BodySeen, FileSeen, Left},
    words::{Tally, level},
};

pub(super) fn data(files: &[FileSeen], tally: Tally, passed_over: &[String]) -> Value {
    json!({
        "rules": rules().count(),
        "errors": tally.errors,
        "warnings": tally.warnings,
        "notes": tally.notes,
        "passed_over": passed_over.len(),
        "passed_over_files": passed_over,
        "files": files.iter().map(file).collect::<Vec<_>>(),
    })
}

fn file(file: &FileSeen) -> Value {
    let first = file.bodies.first().filter(|body| body.looked.unjudged.is_none());
    let tally = file.tally();
    json!({
        "name": file.name,
        "trouble": file.unread.as_ref().or(file.not_judged.iter().find(|one| one.left == Left::Open).map(|one| &one.why)),
        "bodies": file.bodies.len(),
        "kind": first.map(|body| body.looked.kind.word()),
        "model": first.and_then(|body| body.looked.model.clone()),
        "errors": tally.errors,
        "warnings": tally.warnings,
        "notes": tally.notes,
        "findings": file.bodies.iter().flat_map(findings).collect::<Vec<_>>(),
        "not_judged": not_judged(file),
        "not_listed": file.bodies.iter().flat_map(|body| body.looked.more.iter().map(|(_, count)| count)).sum::<usize>(),
        "fixed": file.written.as_ref().map(|written| json!({
            "path": written.path,
            "changes": written.changes.iter().map(change).collect::<Vec<_>>(),
        })),
    })
}

/// The bodies that no rule was held against.
fn not_judged(file: &FileSeen) -> Vec<Value> {
    let one = |name: &str, line: Option<usize>, why: &str| {
        let body = (!name.is_empty()).then_some(name);
        json!({ "body": body, "line": line, "why": why })
    };
    let bodies =
        file.bodies.iter().filter_map(|body| Some(one(&body.name, None, body.looked.unjudged?)));
    let commands = file.not_judged.iter().map(|it| one(&it.name, Some(it.line), &it.why));
    bodies.chain(commands).collect()
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
        "fix": finding.fix(),
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
