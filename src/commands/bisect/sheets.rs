//! The tables of `bisect`: the guilty parts with their places, and the two bodies as they were tried.

use super::Story;
use crate::{
    bisect::{Cut, Outcome, Style},
    report::document::{Column, Sheet},
};

/// Lines of a body that are shown; a file takes all of them.
const MOST_LINES: usize = 60;

/// All of them.
pub(super) fn sheets(story: &Story<'_>) -> Vec<Sheet> {
    let answer = story.answer;
    let mut sheets = Vec::new();
    sheets.extend(guilty(story));
    for (nth, fault) in answer.faults.iter().enumerate() {
        let title = match answer.faults.len() {
            1 => "minimal failing body".to_owned(),
            _ => format!("minimal failing body of fault {}", nth + 1),
        };
        sheets.push(body(story, &title, &fault.cut, "--write-minimal PATH"));
    }
    match (&answer.outcome, &answer.failing, &answer.passing) {
        (Outcome::Found, _, Some(passing)) => {
            sheets.push(body(story, "nearest passing body", passing, "--write-passing PATH"));
        }
        (Outcome::Passes, ..) => {}
        (_, Some(failing), _) if answer.faults.is_empty() => {
            let title = "smallest body that was refused";
            sheets.push(body(story, title, failing, "--write-minimal PATH"));
        }
        _ => {}
    }
    sheets
}

fn guilty(story: &Story<'_>) -> Option<Sheet> {
    let faults = &story.answer.faults;
    let several = faults.len() > 1;
    let rows = faults.iter().enumerate().flat_map(|(nth, fault)| {
        fault.guilty.iter().map(move |place| {
            let number = several.then(|| (nth + 1).to_string());
            let place = [place.path.clone(), place.line.to_string(), place.column.to_string()];
            number.into_iter().chain(place).collect::<Vec<String>>()
        })
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let number = several.then(|| Column::number("fault"));
    let place = [Column::text("guilty part"), Column::number("line"), Column::number("column")];
    let title = format!("in {}", story.file);
    let columns = number.into_iter().chain(place).collect();
    let notes = faults.iter().enumerate().filter(|(_, fault)| fault.guilty.len() > 1);
    let notes = notes.map(|(nth, fault)| {
        let which = if several { format!(" of fault {}", nth + 1) } else { String::new() };
        format!("these {} parts{which} fail only together", fault.guilty.len())
    });
    let notes = notes.collect();
    (!rows.is_empty()).then_some(Sheet { title, columns, rows, notes })
}

fn body(story: &Story<'_>, title: &str, cut: &Cut, option: &str) -> Sheet {
    let text = story.tried.text(cut, Style::Pretty);
    let mut notes: Vec<String> = text.lines().map(str::to_owned).collect();
    if notes.len() > MOST_LINES {
        let more = notes.len() - MOST_LINES;
        notes.truncate(MOST_LINES);
        notes.push(format!("... and {more} more lines: {option} keeps all of it"));
    }
    Sheet { title: title.to_owned(), columns: Vec::new(), rows: Vec::new(), notes }
}
