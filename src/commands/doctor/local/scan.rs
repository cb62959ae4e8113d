//! The rows of keys lying about, with their table, their places and their part of the document. No text of a
//! key gets here: only kinds, fingerprints and places.

use serde_json::{Value, json};

use super::{BROWSER, LOGGED, LOOSE, Question, SHIPPED, Seen, TRACKED, fix_of, row, severity};
use crate::{
    facts::{Clue, LocalFact, Severity, Status, check::Observation},
    local::scan::{Group, Lying, Place, Scanned, fact, words},
    report::document::{self, Column, Sheet},
};

/// So many are said in one row; the table and the document have all.
const FEW: usize = 5;
/// Sentences about what was left out.
const MOST_LIMITS: usize = 12;
/// Rows of the table.
const MOST: usize = 100;

/// `base` stands in front of the places that other programs are told.
pub(super) fn tell(scanned: &Scanned, base: &str, seen: &mut Seen) {
    for (question, group) in [
        (TRACKED, Group::Tracked),
        (SHIPPED, Group::Shipped),
        (LOGGED, Group::Logged),
        (LOOSE, Group::Loose),
    ] {
        seen.rows.push(of_group(question, group, scanned));
    }
    seen.rows.push(browser(scanned));
    seen.places.extend(places(scanned, base));
    seen.data.insert("scan".to_owned(), data(scanned));
    seen.sheets.extend(sheet(scanned));
    let said = scanned.left_out.iter().take(MOST_LIMITS);
    seen.limits.extend(said.map(|what| format!("not looked through: {what}")));
    if let Some(more) = scanned.left_out.len().checked_sub(MOST_LIMITS).filter(|more| *more > 0) {
        seen.limits.push(format!("not looked through: {more} more, which --format json names"));
    }
}

fn of_group(question: Question, group: Group, scanned: &Scanned) -> Observation {
    let found = scanned.lying.iter().filter(|lying| fact(lying).0 == group);
    let facts: Vec<(LocalFact, String)> =
        found.filter_map(|lying| Some((fact(lying).1?, words(lying)))).collect();
    let more = facts.len().saturating_sub(FEW);
    let files = format!("{} files looked through{}", scanned.files, members(scanned));
    let said = match group {
        Group::Tracked if !scanned.in_repository => "this is no git repository".to_owned(),
        Group::Shipped if !scanned.built.is_empty() => {
            format!("{files}; also {}, which git leaves out", scanned.built.join(", "))
        }
        _ => files,
    };
    let detail = if more > 0 { format!("and {more} more; {said}") } else { said };
    let is_out =
        is_group_out(group) && facts.iter().any(|(fact, _)| severity(*fact) == Severity::Error);
    let mut row = row(question, &detail, facts.into_iter().take(FEW).collect());
    name_accounts(&mut row, group, scanned);
    if is_out {
        row.check.status = Status::Fail;
    }
    row
}

/// Whose keys they are, for the commands that look after them.
fn name_accounts(row: &mut Observation, group: Group, scanned: &Scanned) {
    let told = scanned.lying.iter().filter(|lying| {
        let (found, fact) = fact(lying);
        found == group && fact.is_some()
    });
    for (evidence, lying) in row.evidence.iter_mut().zip(told) {
        let member = lying.account.as_ref().map(|account| format!("serviceAccount:{account}"));
        evidence.clues.extend(member.map(|member| Clue::Meta("member".to_owned(), member)));
    }
}

fn is_out(lying: &Lying) -> bool {
    is_group_out(fact(lying).0)
}

/// What others can get already is broken; what they may get is not yet.
const fn is_group_out(group: Group) -> bool {
    matches!(group, Group::Tracked | Group::Shipped)
}

fn members(scanned: &Scanned) -> String {
    match scanned.members {
        0 => String::new(),
        members => format!(", and {members} in archives"),
    }
}

fn browser(scanned: &Scanned) -> Observation {
    let facts =
        scanned.calls.iter().take(FEW).map(|place| (LocalFact::BrowserCallsApi, called(place)));
    let more = scanned.calls.len().saturating_sub(FEW);
    let detail = match more {
        0 => "scripts and pages for browsers, as far as they are built".to_owned(),
        more => format!("and {more} more"),
    };
    row(BROWSER, &detail, facts.collect())
}

fn called(place: &Place) -> String {
    format!("{} calls the Gemini API from a browser", place.words())
}

fn places(scanned: &Scanned, base: &str) -> Vec<document::Place> {
    let lying = scanned.lying.iter().filter_map(|lying| {
        let (fact, message) = (fact(lying).1?, words(lying));
        let stable = format!("{}/{}", lying.fingerprint, lying.kind.word());
        place((fact, is_out(lying)), &message, (base, &lying.place), &stable)
    });
    let calls = scanned.calls.iter();
    let calls = calls.filter_map(|at| {
        place((LocalFact::BrowserCallsApi, false), &called(at), (base, at), "call")
    });
    lying.chain(calls).collect()
}

fn place(
    (fact, is_out): (LocalFact, bool),
    message: &str,
    (base, at): (&str, &Place),
    stable: &str,
) -> Option<document::Place> {
    let fix = fix_of(fact)?;
    // As bad as the finding, and so as the exit code.
    let level = if is_out { fix.severity } else { fix.severity.max(Severity::Warning) };
    Some(document::Place {
        rule: fix.id.to_owned(),
        about: None,
        level,
        message: format!("{}: {message}", fix.title),
        file: format!("{base}{}", at.file),
        member: at.member.clone(),
        line: at.line,
        column: at.column,
        offset: at.offset,
        stable: stable.to_owned(),
    })
}

fn data(scanned: &Scanned) -> Value {
    json!({
        "files": scanned.files,
        "archive_members": scanned.members,
        "in_repository": scanned.in_repository,
        "ignored_but_built": scanned.built,
        "left_out": scanned.left_out,
        "found": scanned.lying.iter().map(found).collect::<Vec<_>>(),
        "browser_calls": scanned.calls.iter().map(json_of).collect::<Vec<_>>(),
    })
}

fn found(lying: &Lying) -> Value {
    let finding = fact(lying).1.and_then(fix_of).map(|fix| fix.id);
    let mut value = json_of(&lying.place);
    let more = json!({
        "kind": lying.kind.word(),
        "fingerprint": lying.fingerprint,
        "times": lying.times,
        "ground": lying.ground.word(),
        "git_tracks": lying.tracked,
        "git_ignores": lying.ignored,
        "in_use": lying.in_use,
        "stand_in": lying.fake,
        "finding": finding,
    });
    if let (Value::Object(value), Value::Object(more)) = (&mut value, more) {
        value.extend(more);
    }
    value
}

fn json_of(place: &Place) -> Value {
    json!({
        "file": place.file,
        "member": place.member,
        "line": place.line,
        "column": place.column,
        "offset": place.offset,
    })
}

fn sheet(scanned: &Scanned) -> Option<Sheet> {
    let row = |lying: &Lying| {
        let git = match (lying.tracked, lying.ignored) {
            (Some(true), _) => "tracked",
            (_, Some(true)) => "left out",
            (Some(false), _) => "not tracked",
            (None, Some(_)) => "cannot be told",
            (None, None) => "-",
        };
        let said = match fact(lying).1.and_then(fix_of) {
            Some(fix) => fix.id,
            None if lying.fake => "a stand-in",
            None => "where it belongs",
        };
        let used = if lying.in_use { " (in use)" } else { "" };
        let kind = lying.kind.word().replace('_', " ");
        vec![
            kind,
            format!("{}{used}", lying.fingerprint),
            git.to_owned(),
            said.to_owned(),
            lying.place.words(),
        ]
    };
    let mut notes = Vec::new();
    if scanned.lying.len() > MOST {
        notes.push(format!("and {} more: --format json has all", scanned.lying.len() - MOST));
    }
    let rows: Vec<Vec<String>> = scanned.lying.iter().take(MOST).map(row).collect();
    (!rows.is_empty()).then(|| Sheet {
        title: "keys and secrets".to_owned(),
        columns: ["kind", "fingerprint", "git", "what", "where"].map(Column::text).to_vec(),
        rows,
        notes,
    })
}
