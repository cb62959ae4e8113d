//! The format for screen readers and grep: one `name: value` a line, nothing wrapped, names stable.

use super::{
    Report, Style,
    document::Sheet,
    lines::{self, Lines, Piece, Row, Verbatim},
    spread::Spread,
};

pub(super) fn render(report: &Report, style: &Style) -> String {
    let words = Lines::new(report, style.unicode);
    let mut lines: Vec<String> = words.simulated().into_iter().collect();
    lines.push(format!("verdict: {} {}", words.word(), words.sentence()));
    lines.push(format!("exit: {}", words.exit_meaning()));
    lines.extend(words.likely());
    lines.extend(words.rows().iter().map(row));
    lines.extend(words.sheets().iter().flat_map(sheet));
    lines.extend(words.spreads().iter().map(distribution));
    lines.extend(words.pieces().iter().flat_map(piece));
    lines.extend(words.next().map(|next| format!("next: {next}")));
    lines.extend(words.spent().map(|spent| spent.replacen(' ', ": ", 1)));
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn row(row: &Row) -> String {
    let ms = row.ms.trim();
    let time = if ms == "-" { String::new() } else { format!(", {ms} ms") };
    let evidence = if row.evidence.is_empty() { "" } else { ", " };
    format!("check {}: {}{time}{evidence}{}", row.stage, lines::result(row.status), row.evidence)
}

/// A row of a sheet is as many lines as it has cells; a blank line parts it from the next.
fn sheet(sheet: &Sheet) -> Vec<String> {
    let title = (!sheet.title.is_empty()).then(|| format!("table: {}", sheet.title));
    let rows = sheet.rows.iter().enumerate().flat_map(|(place, row)| {
        let blank = (place > 0).then(String::new);
        let cells = sheet.columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        blank.into_iter().chain(cells.map(|(column, cell)| format!("{}: {cell}", column.head)))
    });
    title.into_iter().chain(rows).chain(sheet.notes.iter().cloned()).collect()
}

/// What a drawing would show, in words.
fn distribution(spread: &Spread) -> String {
    format!("distribution {}: {}", spread.name, spread.sentence())
}

fn piece(piece: &Piece) -> Vec<String> {
    let first = format!("{}: {}", piece.label, piece.text);
    std::iter::once(first).chain(piece.verbatim.iter().flat_map(copied)).collect()
}

fn copied(verbatim: &Verbatim) -> Vec<String> {
    match verbatim {
        Verbatim::Command(lines) => lines.iter().map(|line| format!("command: {line}")).collect(),
        Verbatim::Link(link) => vec![format!("link: {link}")],
    }
}
