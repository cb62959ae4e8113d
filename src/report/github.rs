//! Workflow commands: each finding becomes an annotation of the job. Nothing else is written.

use crate::{
    diagnose::Finding,
    facts::{Severity, Status},
};

use super::{
    Report,
    document::Place,
    lines::{Lines, Piece},
    markdown,
};

/// GitHub shows so many annotations of a level in a step, and drops the rest without a word.
const MOST: usize = 10;

/// One annotation of the job.
struct Annotation {
    level: &'static str,
    title: String,
    message: String,
    /// The file, and the line and column in it, both from 1.
    place: Option<(String, usize, usize)>,
}

pub(super) fn render(report: &Report) -> String {
    let words = Lines::new(report, true);
    let simulated = words.simulated().map(|message| Annotation {
        level: "notice",
        title: "SIMULATED".to_owned(),
        message,
        place: None,
    });
    let all = simulated.into_iter().chain(annotations(report, &words)).collect();
    let shown = at_most(MOST, all).into_iter();
    shown.map(|one| format!("{}\n", command(&one))).collect()
}

/// The text for the file that `GITHUB_STEP_SUMMARY` names.
pub fn step_summary(report: &Report) -> String {
    markdown::render(report)
}

/// The verdict first, with all that is known of its cause; then the other findings.
fn annotations(report: &Report, words: &Lines) -> Vec<Annotation> {
    let title = |text: &str| match report.run.simulated {
        Some(_) => format!("SIMULATED: {text}"),
        None => text.to_owned(),
    };
    let others = report.findings.iter().skip(1).map(|finding| Annotation {
        level: level(finding.severity),
        title: title(&words.clean(&finding.title)),
        message: advice(words, finding),
        place: None,
    });
    let places = report.places.iter().filter_map(|place| at_line(place, words, title));
    let verdict = Annotation {
        level: verdict_level(report),
        title: title(&format!("gemini-doctor {}", words.word())),
        message: story(words),
        place: None,
    };
    std::iter::once(verdict).chain(places).chain(others).collect()
}

/// A place in a text, at its line. One in an archive has none that could be shown.
fn at_line(place: &Place, words: &Lines, title: impl Fn(&str) -> String) -> Option<Annotation> {
    let line = place.line.filter(|_| place.member.is_none())?;
    Some(Annotation {
        level: level(place.level),
        title: title(&words.clean(&place.rule)),
        message: words.clean(&place.message),
        place: Some((place.file.clone(), line, place.column.unwrap_or(1))),
    })
}

/// The first so many of each level; the last of them says how many follow that are not shown.
fn at_most(most: usize, all: Vec<Annotation>) -> Vec<Annotation> {
    let mut shown: Vec<Annotation> = Vec::new();
    let mut left_out: Vec<&'static str> = Vec::new();
    for one in all {
        match shown.iter().filter(|other| other.level == one.level).count() < most {
            true => shown.push(one),
            false => left_out.push(one.level),
        }
    }
    for level in ["error", "warning", "notice"] {
        let count = left_out.iter().filter(|one| **one == level).count();
        let last = shown.iter_mut().rfind(|one| one.level == level).filter(|_| count > 0);
        if let Some(last) = last {
            last.message.push_str(&format!(
                "\n{count} more of this level left out here, since GitHub shows {most}; the job's summary has them"
            ));
        }
    }
    shown
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// An error only where the run fails, so that `--fail-on` decides here too.
const fn verdict_level(report: &Report) -> &'static str {
    match (report.verdict.exit_code, report.verdict.status) {
        (0, Status::Pass | Status::Skip) => "notice",
        (0, _) => "warning",
        _ => "error",
    }
}

fn story(words: &Lines) -> String {
    let head = [words.sentence(), words.exit_meaning()];
    let pieces = [words.cause(), words.error()];
    let told = pieces.iter().flatten().flat_map(Piece::flat);
    let lines: Vec<String> =
        head.into_iter().chain(words.likely()).chain(told).chain(words.tally()).collect();
    lines.join("\n")
}

fn advice(words: &Lines, finding: &Finding) -> String {
    let step = finding.fixes.first().map(|step| format!("{}: {}", step.who.word(), step.action));
    let more = format!("gemini-doctor fixes {}", finding.id);
    let lines: Vec<String> =
        step.into_iter().chain([more]).map(|line| words.clean(&line)).collect();
    lines.join("\n")
}

fn command(one: &Annotation) -> String {
    let place = one
        .place
        .as_ref()
        .map(|(file, line, column)| format!("file={},line={line},col={column},", property(file)));
    let (level, title) = (one.level, property(&one.title));
    format!("::{level} {}title={title}::{}", place.unwrap_or_default(), data(&one.message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    fn annotation(title: &str, message: &str) -> Annotation {
        Annotation {
            level: "error",
            title: title.to_owned(),
            message: message.to_owned(),
            place: None,
        }
    }

    #[test]
    fn a_place_is_annotated_where_it_is() {
        let place = Some(("dir/a, b.json".to_owned(), 3, 14));
        let line = command(&Annotation { place, ..annotation("field-misspelt", "x") });
        assert_eq!(line, "::error file=dir/a%2C b.json,line=3,col=14,title=field-misspelt::x");
    }

    #[test]
    fn what_has_a_meaning_in_a_command_is_escaped() {
        let line = command(&annotation("a: b, 5 %", "x\r\ny::z, 100 %"));
        assert_eq!(line, "::error title=a%3A b%2C 5 %25::x%0D%0Ay::z, 100 %25");
    }

    #[test]
    fn no_more_are_written_than_are_shown_and_the_last_says_so() {
        let mut report = samples::failing();
        let of = |severity: Severity, number: usize| Finding {
            severity,
            title: format!("cause {number}"),
            ..samples::finding("one-of-many")
        };
        report.findings.extend((0..12).map(|number| of(Severity::Error, number)));
        report.findings.extend((0..10).map(|number| of(Severity::Warning, number)));
        let text = render(&report);
        let lines = |level: &str| -> Vec<&str> {
            text.lines().filter(|line| line.starts_with(&format!("::{level} "))).collect()
        };
        let (errors, warnings) = (lines("error"), lines("warning"));
        assert_eq!((errors.len(), warnings.len()), (10, 10));
        assert!(errors[9].contains("%0A3 more of this level left out"), "{}", errors[9]);
        assert!(!text.contains("%0A0 more") && !warnings[9].contains("left out"));
        assert_eq!(text.matches("left out here").count(), 1);
    }

    #[test]
    fn a_key_is_never_masked_by_printing_it() {
        for (name, report) in samples::all() {
            assert!(!render(&report).contains("::add-mask::"), "{name}");
        }
    }

    #[test]
    fn nothing_that_is_found_can_give_the_runner_a_command() {
        let hostile = "x\n::add-mask::secret\r::set-env name=A::b%0A::error::";
        let line = command(&annotation(hostile, hostile));
        assert_eq!(line.lines().count(), 1);
        assert!(line.starts_with("::error title=x%0A%3A%3Aadd-mask%3A%3Asecret%0D"), "{line}");
    }
}
