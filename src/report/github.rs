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

pub(super) fn render(report: &Report) -> String {
    let words = Lines::new(report, true);
    let simulated = words.simulated().map(|text| command("notice", "SIMULATED", &text));
    let all = simulated.into_iter().chain(annotations(report, &words));
    all.map(|line| format!("{line}\n")).collect()
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
}
