//! Writes bodies anew with their corrections, into a file of its own. It must not decide what is corrected.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use crate::{
    commands::lint::{Lint, STANDARD_INPUT, Tally, Written, holds_several, is_error},
    error::UserError,
    lint::{
        self, Given,
        document::Lines,
        input::{self, Body},
    },
};

use super::{super::output::Output, looking::of_body};

/// Endings of files with bodies alone, which the new file keeps.
const ENDINGS: &[&str] = &["json", "jsonl", "ndjson"];

/// Writes the corrected text beside the file, and never over one that is there.
pub(super) fn write(
    bodies: &[Body<'_>],
    text: &str,
    (args, given): (&Lint, &Given<'_>),
    name: &str,
    output: &Output,
) -> Result<Written, UserError> {
    let fixed: Vec<lint::Fixed> =
        bodies.iter().map(|body| lint::fix(&body.text, &of_body(body, given))).collect();
    let left = fixed
        .iter()
        .map(|one| Tally::of(one.left.findings.iter()))
        .fold(Tally::default(), Tally::and);
    let mut all_left = fixed.iter().flat_map(|one| &one.left.findings);
    let first_left = all_left.find(|finding| is_error(finding)).map(|finding| finding.rule.id);
    let is_open = bodies.iter().any(|body| !body.unknown.is_empty());
    let changes = changes(bodies, &fixed, text);
    refuse_several(bodies, name)?;
    if changes.is_empty() {
        return Ok(Written { path: None, changes, diff: String::new(), left, first_left, is_open });
    }
    let path = target(args, name)?;
    let new = whole(bodies, &fixed, text);
    let old = if bodies.len() == 1 { bodies[0].text.clone() } else { Cow::Borrowed(text) };
    // The lines of a body that stood in quotes are not those of its file.
    let is_part = bodies.len() == 1 && old != text;
    let old_name = if is_part { format!("the body in {name}") } else { name.to_owned() };
    let diff = lint::unified(&old, &new, &old_name, &path.display().to_string());
    output.copy(&path, new.as_bytes()).map_err(|error| {
        let what = format!("could not write {}: {error}", path.display());
        UserError::usage(what, "name a file in a directory that can be written: --fix-to PATH")
    })?;
    Ok(Written { path: Some(path.display().to_string()), changes, diff, left, first_left, is_open })
}

/// What was changed, with the lines of the file.
fn changes(bodies: &[Body<'_>], fixed: &[lint::Fixed], text: &str) -> Vec<lint::Change> {
    let mut lines = Lines::of(text);
    let of = |(body, one): (&Body<'_>, &lint::Fixed)| {
        let mut changes = one.changes.clone();
        for change in &mut changes {
            change.offset = input::place(body, change.offset);
            change.at = lines.place(change.offset);
        }
        changes
    };
    bodies.iter().zip(fixed).flat_map(of).collect()
}

/// Bodies that stand in something else than lines of their own have no file that could be written anew.
fn refuse_several(bodies: &[Body<'_>], name: &str) -> Result<(), UserError> {
    if !holds_several(bodies, |body| &body.name) {
        return Ok(());
    }
    let what = format!("could not correct {name}: it holds {} requests", bodies.len());
    Err(UserError::usage(what, "save the body of one of them as JSON, and correct that"))
}

/// The new text: the body alone, or the file with each of its bodies in its place.
fn whole(bodies: &[Body<'_>], fixed: &[lint::Fixed], text: &str) -> String {
    if let ([Body { name, .. }], [one]) = (bodies, fixed)
        && name.is_empty()
    {
        return one.text.clone();
    }
    let edits = bodies.iter().zip(fixed).map(|(body, one)| lint::Edit {
        span: input::place(body, 0)..input::place(body, body.text.len()),
        text: one.text.trim().to_owned(),
    });
    lint::changed(text, edits.collect())
}

fn target(args: &Lint, name: &str) -> Result<PathBuf, UserError> {
    let path = match &args.fix_to {
        Some(path) => path.clone(),
        None if name == STANDARD_INPUT => {
            let what = "could not write the corrections of standard input: it has no name";
            return Err(UserError::usage(what, "name the new file: --fix-to PATH"));
        }
        None => beside(Path::new(name)),
    };
    if path.exists() {
        let what = format!("could not write {}: it is there already", path.display());
        return Err(UserError::usage(what, "move it away, or name another: --fix-to PATH"));
    }
    Ok(path)
}

/// `request.json` becomes `request.fixed.json`.
fn beside(path: &Path) -> PathBuf {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("request");
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("json");
    let ending = if ENDINGS.contains(&ending) { ending } else { "json" };
    path.with_file_name(format!("{stem}.fixed.{ending}"))
}
