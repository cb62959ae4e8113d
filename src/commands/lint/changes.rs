//! Corrections that were written, as rows and as a difference. It must not make any.

use crate::{
    lint::{Change, narrowed},
    report::document::{Column, Remark, Sheet},
};

use super::{
    told::{FileSeen, Written},
    words::counted,
};

/// Rows of a file's table.
const MOST_ROWS: usize = 40;
/// Lines of a difference.
const MOST_LINES: usize = 120;

/// The changes that were written, as they differ.
pub(super) fn difference(file: &FileSeen) -> Option<Sheet> {
    let written: &Written = file.written.as_ref().filter(|written| !written.diff.is_empty())?;
    let mut lines: Vec<String> = narrowed(&written.diff, MOST_LINES);
    let more = written.diff.lines().count() - lines.len();
    if more > 0 {
        lines.push(format!("... and {more} more lines"));
    }
    Some(Sheet {
        title: format!("changes of {}", file.name),
        columns: ["line", "change"].map(Column::text).to_vec(),
        rows: written.changes.iter().take(MOST_ROWS).map(changed).collect(),
        notes: lines,
    })
}

fn changed(change: &Change) -> Vec<String> {
    vec![
        change.at.line.to_string(),
        format!("{}: {}", change.path, change.words),
        change.rule.to_owned(),
    ]
}

pub(super) fn written(file: &FileSeen) -> Option<Remark> {
    let written = file.written.as_ref()?;
    let text = match &written.path {
        Some(path) => format!(
            "{path}: {}; left to you: {}",
            counted(written.changes.len(), "correction"),
            written.left.words(),
        ),
        None if written.is_open => format!(
            "nothing of {}: its body is whole only when the command runs; correct a file that has its values",
            file.name
        ),
        None => format!("nothing of {} can be corrected without knowing what is meant", file.name),
    };
    Some(Remark { label: "written", text, command: None })
}
