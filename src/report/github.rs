//! Workflow commands: each finding becomes an annotation of the job. Nothing else is written.

use crate::{
    diagnose::Finding,
    facts::{Severity, Status},
};

use super::{
    Report,
    lines::{Lines, Piece},
    markdown,
};

/// A step's annotations of a kind beyond these are not shown, so that the last one says how many there are more.
const MOST: usize = 10;

pub(super) fn render(report: &Report) -> String {
    let words = Lines::new(report, true);
    let simulated = words.simulated().map(|text| command("notice", "SIMULATED", &text));
    let all: Vec<String> = simulated.into_iter().chain(annotations(report, &words)).collect();
    bounded(all).iter().map(|line| format!("{line}\n")).collect()
}

/// No more of each kind than are shown.
fn bounded(mut all: Vec<String>) -> Vec<String> {
    for level in ["error", "warning"] {
        let begin = format!("::{level} ");
        let own: Vec<usize> = (0..all.len()).filter(|at| all[*at].starts_with(&begin)).collect();
        let beyond = own.len().saturating_sub(MOST);
        let Some(first) = own.get(MOST - 1).copied().filter(|_| beyond > 0) else { continue };
        let more = format!("{} more of them stand in the report", beyond + 1);
        all[first] = command(level, "gemini-doctor", &more);
        let mut at = 0;
        all.retain(|line| {
            at += 1;
            at - 1 <= first || !line.starts_with(&begin)
        });
    }
    all
}

/// The text for the file that `GITHUB_STEP_SUMMARY` names.
pub fn step_summary(report: &Report) -> String {
    markdown::render(report)
}

/// The verdict first, with all that is known of its cause; then the other findings.
fn annotations(report: &Report, words: &Lines) -> Vec<String> {
    let title = |text: &str| match report.run.simulated {
        Some(_) => format!("SIMULATED: {text}"),
        None => text.to_owned(),
    };
    let first = title(&format!("gemini-doctor {}", words.word()));
    let others = report.findings.iter().skip(1).map(|finding| {
        command(
            level(finding.severity),
            &title(&words.clean(&finding.title)),
            &advice(words, finding),
        )
    });
    let verdict = command(verdict_level(report), &first, &story(words));
    std::iter::once(verdict).chain(others).collect()
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
    let lines: Vec<String> = head.into_iter().chain(words.likely()).chain(told).collect();
    lines.join("\n")
}

fn advice(words: &Lines, finding: &Finding) -> String {
    let step = finding.fixes.first().map(|step| format!("{}: {}", step.who.word(), step.action));
    let more = format!("gemini-doctor fixes {}", finding.id);
    let lines: Vec<String> =
        step.into_iter().chain([more]).map(|line| words.clean(&line)).collect();
    lines.join("\n")
}

fn command(level: &str, title: &str, message: &str) -> String {
    format!("::{level} title={}::{}", property(title), data(message))
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

    #[test]
    fn what_has_a_meaning_in_a_command_is_escaped() {
        let line = command("error", "a: b, 5 %", "x\r\ny::z, 100 %");
        assert_eq!(line, "::error title=a%3A b%2C 5 %25::x%0D%0Ay::z, 100 %25");
    }

    #[test]
    fn no_more_annotations_of_a_kind_than_are_shown() {
        let line = |level: &str, number: usize| command(level, "t", &format!("{number}"));
        let many = |level: &str, count: usize| -> Vec<String> {
            (1..=count).map(|number| line(level, number)).collect()
        };
        for (errors, warnings) in [(0, 0), (10, 10), (11, 3), (30, 25)] {
            let all = [many("error", errors), many("notice", 12), many("warning", warnings)];
            let shown = bounded(all.concat());
            let of = |level: &str| {
                let begin = format!("::{level} ");
                shown.iter().filter(|line| line.starts_with(&begin)).count()
            };
            assert_eq!((of("error"), of("warning")), (errors.min(10), warnings.min(10)));
            assert_eq!(of("notice"), 12);
        }
        let shown = bounded(many("error", 13));
        assert_eq!(shown[8], line("error", 9));
        assert!(shown[9].ends_with("::4 more of them stand in the report"), "{}", shown[9]);
    }

    #[test]
    fn nothing_that_is_found_can_give_the_runner_a_command() {
        let hostile = "x\n::add-mask::secret\r::set-env name=A::b%0A::error::";
        let line = command("error", hostile, hostile);
        assert_eq!(line.lines().count(), 1);
        assert!(line.starts_with("::error title=x%0A%3A%3Aadd-mask%3A%3Asecret%0D"), "{line}");
    }
}
