//! The parts of the page that are words and tables.

use super::{
    markup::{cell, element, escape, section, table},
    phases,
};
use crate::{
    diagnose::Finding,
    facts::Attempt,
    report::{
        Report,
        document::{Column, Sheet},
        lines::{self, Lines, Piece, Row, Verbatim},
    },
};

/// More calls than this are counted, not listed.
const CALLS: usize = 100;

pub(super) fn remarks(words: &Lines<'_>) -> String {
    section("What was seen", &listed(&words.remarks()))
}

pub(super) fn sheets(words: &Lines<'_>) -> String {
    words.sheets().iter().map(sheet).collect::<Vec<_>>().join("\n")
}

pub(super) fn checks(words: &Lines<'_>) -> String {
    let rows = words.rows();
    if rows.is_empty() {
        return String::new();
    }
    let rows: Vec<String> = rows.iter().map(check).collect();
    section("Checks", &table("Checks", &heads(&Row::columns()), &rows))
}

pub(super) fn findings(report: &Report, words: &Lines<'_>) -> String {
    let told = report.findings.iter().map(|one| finding(one, words)).collect::<Vec<_>>();
    let title = if told.len() == 1 { "Cause and fix" } else { "Causes and fixes" };
    section(title, &told.join("\n"))
}

/// The calls that evidence names, in the order in which they were made.
pub(super) fn calls(report: &Report, words: &Lines<'_>) -> String {
    let attempts = &report.attempts;
    let rows: Vec<String> = attempts.iter().take(CALLS).map(|one| call(one, words)).collect();
    if rows.is_empty() || !report.samples.is_empty() {
        return String::new();
    }
    let columns = [
        Column::text("attempt"),
        Column::text("call"),
        Column::text("over"),
        Column::number("ms"),
        Column::text("answer"),
    ];
    let note = match attempts.len() - rows.len() {
        0 => String::new(),
        more => element("p", "kind", &format!("{more} more calls are in --report json=PATH.")),
    };
    let picture = phases::calls(words, attempts);
    let told = table("Each call", &heads(&columns), &rows);
    section("Each call", &format!("{picture}{told}{note}"))
}

fn call(attempt: &Attempt, words: &Lines<'_>) -> String {
    let ms = attempt.phases.total_ms.map_or_else(|| "-".to_owned(), |ms| format!("{ms:.0}"));
    let method = attempt.method.map_or("connection", |method| method.name());
    let over = attempt.http.as_deref().unwrap_or("not sent");
    let texts = [attempt.id.as_str(), method, over, &ms, &attempt.summary];
    let numbers = [false, false, false, true, false];
    let cells = texts.iter().zip(numbers);
    cells.map(|(text, number)| cell("td", number, &escape(words.clean(text).trim()))).collect()
}

pub(super) fn error(words: &Lines<'_>) -> String {
    section("Why it could not be done", &listed(&words.error()))
}

pub(super) fn limits(words: &Lines<'_>) -> String {
    let limits = words.limits();
    let items: String = limits
        .iter()
        .map(|piece| format!("\n{}", element("li", "", &escape(&piece.text))))
        .collect();
    let list = if limits.is_empty() { String::new() } else { format!("<ul>{items}\n</ul>") };
    section("What this does not show", &list)
}

pub(super) fn next(words: &Lines<'_>) -> String {
    let next = words.next().map(|next| to_copy(&[next]));
    section("Next", &next.unwrap_or_default())
}

/// Ids last.
pub(super) fn about(report: &Report, words: &Lines<'_>) -> String {
    let run = &report.run;
    let target = &report.target;
    let asked = [target.base_url.as_str(), target.api_version.as_str()].join(" ");
    let credential = &report.credential;
    let key = [credential.source.as_deref(), credential.fingerprint.as_deref()];
    let key = key.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let seconds = run.duration_ms / 1000.0;
    let rows = [
        ("command", format!("gemini-doctor {}", run.command)),
        ("began", run.started_at.clone()),
        ("took", format!("{seconds:.1} s")),
        ("spent", words.spent().unwrap_or_default().trim_start_matches("spent ").to_owned()),
        ("asked", asked.trim().to_owned()),
        ("model", target.model.clone().unwrap_or_default()),
        ("key", key),
        ("seed", run.seed.to_string()),
        ("run", run.id.clone()),
        ("version", format!("{} {}", report.tool.name, report.tool.version)),
    ];
    let told = rows.iter().filter(|(_, text)| !text.is_empty());
    let pairs: String =
        told.map(|(label, text)| pair(label, &escape(&words.clean(text)))).collect();
    section("This run", &format!("<dl>{pairs}\n</dl>"))
}

fn finding(finding: &Finding, words: &Lines<'_>) -> String {
    let title = element("h3", "", &escape(&words.clean(&finding.title)));
    let rival = finding.alternative_to.as_ref();
    let rival = rival.map_or_else(String::new, |id| format!(", in place of {id}"));
    let kind = format!(
        "{}, layer {}, blame {}, confidence {}{rival}; {}",
        finding.severity.word(),
        finding.layer.word(),
        finding.blame.word(),
        finding.confidence.word(),
        finding.id,
    );
    let kind = element("p", "kind", &escape(&words.clean(&kind)));
    element("article", "", &format!("\n{title}\n{kind}\n{}\n", listed(&words.whole(finding))))
}

fn check(row: &Row) -> String {
    let cells = row.cells();
    let columns = Row::columns();
    let inner = |place: usize, text: &str| match place {
        1 => element("span", super::status(row.status), &escape(lines::result(row.status))),
        _ => escape(text.trim()),
    };
    let cells = cells.iter().zip(&columns).enumerate();
    cells.map(|(place, (text, column))| cell("td", column.number, &inner(place, text))).collect()
}

fn sheet(sheet: &Sheet) -> String {
    let title = if sheet.title.is_empty() { "Results" } else { &sheet.title };
    let rows: Vec<String> = sheet.rows.iter().map(|row| cells(&sheet.columns, row)).collect();
    let notes = if sheet.notes.is_empty() { String::new() } else { to_copy(&sheet.notes) };
    let body = match sheet.columns.is_empty() {
        true => notes,
        false => format!("{}{notes}", table(title, &heads(&sheet.columns), &rows)),
    };
    section(&capital(title), &body)
}

fn heads(columns: &[Column]) -> String {
    columns.iter().map(|column| cell("th", column.number, &escape(&column.head))).collect()
}

fn cells(columns: &[Column], row: &[String]) -> String {
    let cells = columns.iter().zip(row);
    cells.map(|(column, text)| cell("td", column.number, &escape(text.trim()))).collect()
}

/// Labelled sentences, each with what is to copy below it.
fn listed(pieces: &[Piece]) -> String {
    if pieces.is_empty() {
        return String::new();
    }
    let pairs: String = pieces.iter().map(piece).collect();
    format!("<dl>{pairs}\n</dl>")
}

fn piece(piece: &Piece) -> String {
    let copied: String = piece.verbatim.iter().map(copied).collect();
    pair(&piece.label, &format!("{}{copied}", escape(&piece.text)))
}

fn pair(label: &str, inner: &str) -> String {
    format!("\n<dt>{}</dt><dd>{inner}</dd>", escape(label))
}

fn copied(verbatim: &Verbatim) -> String {
    match verbatim {
        Verbatim::Command(lines) => to_copy(lines),
        Verbatim::Link(link) => element("p", "", &linked(link)),
    }
}

fn to_copy(lines: &[String]) -> String {
    format!("\n<pre tabindex=\"0\">{}</pre>", escape(&lines.join("\n")))
}

/// A link, where it is a plain address.
fn linked(link: &str) -> String {
    let text = escape(link);
    match link.starts_with("https://") && !link.contains(char::is_whitespace) {
        true => format!("<a href=\"{text}\" rel=\"noreferrer noopener\">{text}</a>"),
        false => text,
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}
