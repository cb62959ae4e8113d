//! Every format of every sample at several widths, held against committed files, and the promises
//! that all of them keep. `GEMINI_DOCTOR_BLESS=1` rewrites the files.

use std::path::{Path, PathBuf};

use super::{Format, Report, Style, render, samples, text};

const WIDTHS: [usize; 3] = [60, 80, 200];

/// Holds a text against a committed file, or rewrites the file.
#[expect(clippy::disallowed_methods, reason = "a test's own switch is no setting of the program")]
pub(crate) fn check(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var("GEMINI_DOCTOR_BLESS").is_ok_and(|value| value == "1") {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == text, "{path} differs from:\n{text}\nGEMINI_DOCTOR_BLESS=1 rewrites it");
}

fn in_width(width: usize) -> Style {
    Style { width, ..Style::PLAIN }
}

/// Only the table depends on the width.
fn shown() -> Vec<(String, Report, Format, usize, String)> {
    let mut all = Vec::new();
    for (name, report) in samples::all() {
        for format in Format::ALL {
            let widths = if format == Format::Table { &WIDTHS[..] } else { &[80] };
            for &width in widths {
                let file = match format {
                    Format::Table => format!("{name}.table.{width}.txt"),
                    _ => format!("{name}.{}.txt", format.word()),
                };
                // The lines of a spreadsheet end as its standard says; committed files have one way.
                let text = render(&report, format, &in_width(width)).replace("\r\n", "\n");
                all.push((file, report.clone(), format, width, text));
            }
        }
    }
    all
}

#[test]
fn the_formats_look_as_committed() {
    for (file, _, _, _, text) in shown() {
        check(&format!("src/report/snapshots/{file}"), &text);
    }
}

#[test]
fn no_snapshot_is_left_over() {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/snapshots");
    let expected: Vec<String> = shown().into_iter().map(|(file, ..)| file).collect();
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(expected.contains(&name), "{name} belongs to no sample");
    }
}

#[test]
fn every_width_is_kept_from_the_narrowest_sensible_one() {
    for (name, report) in samples::all().into_iter().filter(|(name, _)| *name != "hostile") {
        let copied = to_copy(&report);
        for width in 0..=130 {
            let text = render(&report, Format::Table, &in_width(width));
            let limit = if width == 0 { 80 } else { width };
            let too_long = |line: &&str| text::width(line) > limit;
            for line in text.lines().filter(too_long).filter(|_| width == 0 || width >= 50) {
                assert!(copied.iter().any(|one| line.ends_with(one)), "{name} at {width}: {line}");
            }
        }
    }
}

#[test]
fn only_the_table_depends_on_the_width() {
    for (name, report) in samples::all() {
        for format in Format::ALL.into_iter().filter(|format| *format != Format::Table) {
            let [narrow, wide] = [40, 200].map(|width| render(&report, format, &in_width(width)));
            assert_eq!(narrow, wide, "{name} as {}", format.word());
        }
    }
}

#[test]
fn lines_end_without_blanks_and_texts_with_one_line_break() {
    for (file, _, _, _, text) in shown() {
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{file}");
        for line in text.lines() {
            assert_eq!(line, line.trim_end(), "{file}");
        }
    }
}

#[test]
fn no_line_of_a_table_is_longer_than_the_width_but_what_is_to_copy() {
    for (file, report, format, width, text) in shown() {
        if format == Format::Table && !file.starts_with("hostile") {
            let copied = to_copy(&report);
            for line in text.lines().filter(|line| text::width(line) > width) {
                assert!(copied.iter().any(|one| line.trim().ends_with(one)), "{file}: {line}");
            }
        }
    }
}

#[test]
fn what_is_to_copy_stands_whole_on_one_line() {
    for (file, report, format, _, text) in shown() {
        if format == Format::Table && !file.starts_with("hostile") {
            for one in to_copy(&report) {
                assert!(text.lines().any(|line| line.contains(&one)), "{file}: {one}");
            }
        }
    }
}

fn to_copy(report: &Report) -> Vec<String> {
    let steps = report.findings.first().into_iter().flat_map(|first| &first.fixes);
    let fixes = steps.flat_map(|step| step.command.iter().chain(&step.doc));
    let notes = report.sheets.iter().flat_map(|sheet| &sheet.notes);
    let others = report.findings.iter().skip(1);
    let more = others.map(|other| format!("gemini-doctor fixes {}", other.id));
    fixes.chain(notes).chain(&report.verdict.next).cloned().chain(more).collect()
}

#[test]
fn no_output_gives_orders_to_a_terminal_or_hides_characters() {
    for (file, _, _, _, text) in shown() {
        let bad = |letter: char| (letter.is_control() && letter != '\n') || text::is_hidden(letter);
        assert!(!text.contains(bad), "{file}: {text:?}");
    }
}

#[test]
fn formats_for_people_are_ascii_where_nothing_more_is_known() {
    for (file, _, format, _, text) in shown() {
        assert!(!matches!(format, Format::Table | Format::Plain) || text.is_ascii(), "{file}");
    }
}

#[test]
fn outside_text_cannot_begin_a_line_with_a_workflow_command() {
    for (file, report, format, _, text) in shown() {
        for line in text.lines().map(str::trim_start) {
            let is_ours = format == Format::Github && !line.starts_with("::error title=x::");
            assert!(!line.starts_with("::") || is_ours, "{file}: {line}");
            assert!(
                matches!(format, Format::Json | Format::Ndjson | Format::Sarif)
                    || !line.contains("##["),
                "{file}: {line}"
            );
        }
        if format == Format::Github {
            let at_lines =
                report.places.iter().filter(|place| place.line.is_some() && place.member.is_none());
            let expected = report.findings.len().max(1)
                + at_lines.count()
                + usize::from(report.run.simulated.is_some());
            assert_eq!(text.lines().count(), expected, "{file}");
        }
    }
}

#[test]
fn a_simulated_run_begins_by_saying_so() {
    let says = "SIMULATED (scenario standard-key-rejected-2026): nothing here is real";
    let report = samples::simulated();
    for format in [Format::Table, Format::Plain] {
        assert!(render(&report, format, &Style::PLAIN).starts_with(says), "{format:?}");
    }
    for (format, line) in [(Format::Junit, 1), (Format::Markdown, 0), (Format::Github, 0)] {
        let text = render(&report, format, &Style::PLAIN);
        assert!(text.lines().nth(line).unwrap().contains(says), "{format:?}: {text}");
    }
    for (format, line) in
        [(Format::Json, "\"simulated\": \""), (Format::Ndjson, "\"simulated\":\"")]
    {
        let text = render(&report, format, &Style::PLAIN);
        assert!(text.contains(&format!("{line}standard-key-rejected-2026\"")), "{format:?}");
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    colored::control::set_override(true);
    for (name, report) in samples::all() {
        for width in WIDTHS {
            let plain = render(&report, Format::Table, &in_width(width));
            let style = Style { color: true, ..in_width(width) };
            let coloured = render(&report, Format::Table, &style);
            let has_colour = !report.verdict.word.is_empty();
            assert_eq!(plain != coloured, has_colour, "{name} at {width}");
            assert_eq!(plain, text_of(&coloured), "{name} at {width}");
        }
    }
    let coloured =
        render(&samples::failing(), Format::Table, &Style { color: true, ..Style::PLAIN });
    for word in
        ["\u{1b}[1;31mFAIL\u{1b}[0m", "\u{1b}[1;32mok\u{1b}[0m", "\u{1b}[1;33mwarn\u{1b}[0m"]
    {
        assert!(coloured.contains(word), "{coloured:?}");
    }
}

/// The text without its colours.
fn text_of(coloured: &str) -> String {
    coloured
        .split('\u{1b}')
        .enumerate()
        .map(|(place, part)| match place {
            0 => part,
            _ => part.split_once('m').unwrap().1,
        })
        .collect()
}

#[test]
fn json_is_the_document() {
    for (name, report) in samples::all() {
        let text = render(&report, Format::Json, &Style::PLAIN);
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read, serde_json::to_value(&report).unwrap(), "{name}");
    }
}

#[test]
fn junit_is_well_formed_and_counts_what_it_holds() {
    for (name, report) in samples::all() {
        let text = render(&report, Format::Junit, &Style::PLAIN);
        let names = elements(&text);
        let count = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
        for (attribute, element) in [
            ("tests", "testcase"),
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ] {
            assert!(
                text.contains(&format!(" {attribute}=\"{}\"", count(element))),
                "{name}: {attribute}\n{text}"
            );
        }
        let is_red = count("failure") + count("error") > 0;
        assert!(is_red || report.verdict.exit_code == 0, "{name} fails without a red case");
    }
}

#[test]
fn a_page_is_well_formed_whatever_the_texts_hold() {
    for (name, report) in samples::all() {
        let page = render(&report, Format::Html, &Style::PLAIN);
        let names = elements(&page);
        let count = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
        assert_eq!(
            [count("html"), count("main"), count("h1"), count("script")],
            [1, 1, 1, 0],
            "{name}"
        );
        assert_eq!(count("article"), report.findings.len(), "{name}");
    }
}

#[test]
fn a_page_says_what_the_report_says() {
    for (name, report) in samples::all().into_iter().filter(|(name, _)| *name != "hostile") {
        let page = render(&report, Format::Html, &Style::PLAIN);
        let plain = page.replace("&quot;", "\"").replace("&#39;", "'");
        for finding in &report.findings {
            assert!(plain.contains(&finding.title) && plain.contains(&finding.why), "{name}");
            assert!(finding.fixes.iter().all(|fix| plain.contains(&fix.action)), "{name}");
        }
        let cells = report.sheets.iter().flat_map(|sheet| sheet.rows.iter().flatten());
        let texts = cells.chain(report.limits.iter()).chain([&report.verdict.sentence]);
        for text in texts.chain(report.checks.iter().map(|check| &check.detail)) {
            assert!(plain.contains(text.as_str()), "{name}: {text}");
        }
    }
}

/// The names of a document's elements in order; panics where it is not well-formed.
fn elements(xml: &str) -> Vec<String> {
    let (mut open, mut names): (Vec<String>, Vec<String>) = (vec![], vec![]);
    let page = xml.strip_prefix("<!DOCTYPE html>");
    let mut rest = page
        .or(xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"))
        .expect("a document says what it is");
    while let Some(start) = rest.find('<') {
        assert_text(&rest[..start]);
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            let end = comment.find("--").unwrap();
            rest = comment[end..].strip_prefix("-->").expect("no two hyphens within a comment");
            continue;
        }
        let end = rest.find('>').unwrap();
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        match (tag.strip_prefix('/'), tag.strip_suffix('/')) {
            (Some(name), _) => assert_eq!(open.pop().as_deref(), Some(name)),
            (None, Some(alone)) => names.push(assert_tag(alone)),
            (None, None) => {
                names.push(assert_tag(tag));
                open.push(assert_tag(tag));
            }
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty());
    names
}

fn assert_tag(tag: &str) -> String {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    while !rest.is_empty() {
        let (attribute, value) = rest.split_once("=\"").unwrap();
        assert!(
            attribute
                .trim_start()
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || "_-12".contains(letter))
        );
        let (value, after) = value.split_once('"').unwrap();
        assert_text(value);
        rest = after;
    }
    let is_in_a_name = |letter: char| letter.is_ascii_lowercase() || "-123".contains(letter);
    assert!(name.chars().all(is_in_a_name), "{tag}");
    name.to_owned()
}

fn assert_text(text: &str) {
    assert!(!text.contains("]]>") && !text.contains('<'), "{text}");
    for after in text.split('&').skip(1) {
        let (entity, _) = after.split_once(';').unwrap();
        assert!(["amp", "lt", "gt", "quot", "apos", "#39"].contains(&entity), "{text}");
    }
}
