//! The format of test tabs: one suite, a case a check. XML 1.0, whatever the texts hold.

use crate::facts::{Check, Status};

use super::{
    Report,
    document::Place,
    lines::{Lines, Piece},
};

pub(super) fn render(report: &Report) -> String {
    let words = Lines::new(report, true);
    let mut lines = vec!["<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned()];
    lines.extend(words.simulated().map(|text| format!("<!-- {} -->", comment(&text))));
    lines.push("<testsuites>".to_owned());
    lines.push(suite_head(report, &words));
    lines.extend(properties(report, &words));
    let story = story(&words);
    lines.extend(cases(report, &words, &story));
    lines.extend(verdict_case(report, &words, &story));
    lines.extend(report_aside(report, &story));
    lines.push("  </testsuite>".to_owned());
    lines.push("</testsuites>\n".to_owned());
    lines.join("\n")
}

fn suite_head(report: &Report, words: &Lines) -> String {
    let sum = report.verdict.summary;
    let (failure, error) = match verdict_element(report) {
        Some("failure") => (1, 0),
        Some(_) => (0, 1),
        None => (0, 0),
    };
    let tests = report.checks.len() + usize::from(failure + error > 0);
    let said = words.simulated().map_or_else(String::new, |text| format!(" - {text}"));
    let name = format!("gemini-doctor {}{said}", report.run.command);
    format!(
        "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" \
         time=\"{}\" timestamp=\"{}\">",
        escape(&name),
        sum.fail + failure,
        sum.inconclusive + error,
        sum.skip,
        seconds(report.run.duration_ms),
        escape(&report.run.started_at),
    )
}

fn properties(report: &Report, words: &Lines) -> Vec<String> {
    let simulated = report.run.simulated.iter().map(|name| ("simulated", words.clean(name)));
    let fixed = [
        ("run", words.clean(&report.run.id)),
        ("exit_code", report.verdict.exit_code.to_string()),
        ("findings", report.findings.len().to_string()),
        ("requests_used", report.run.budget.requests_used.to_string()),
        ("verdict", format!("{} {}", words.word(), words.sentence())),
    ];
    let lines = simulated.chain(fixed).map(|(name, value)| {
        format!("      <property name=\"{name}\" value=\"{}\"/>", escape(&value))
    });
    let open = std::iter::once("    <properties>".to_owned());
    open.chain(lines).chain(["    </properties>".to_owned()]).collect()
}

/// The first red case tells the whole story; the others would only repeat it.
fn cases(report: &Report, words: &Lines, story: &str) -> Vec<String> {
    let first = report.checks.iter().position(|check| is_red(check.status));
    let told = |nth, check: &Check| {
        let mut lines = places(report, words, check);
        lines.extend((Some(nth) == first).then(|| story.to_owned()));
        lines.join("\n")
    };
    let checks = report.checks.iter().enumerate();
    checks.map(|(nth, check)| case(report, words, check, &told(nth, check))).collect()
}

/// Lines of places that a case tells.
const MOST_PLACES: usize = 20;

/// What stands where in the file that a case is about: `body.json:2:5: topK is no field here`.
fn places(report: &Report, words: &Lines, check: &Check) -> Vec<String> {
    let is_of = |file: &str| {
        let ends = |whole: &str, end: &str| {
            whole.strip_suffix(end).is_some_and(|head| head.is_empty() || head.ends_with('/'))
        };
        ends(&check.title, file) || ends(file, &check.title)
    };
    let own: Vec<&Place> = report.places.iter().filter(|place| is_of(&place.file)).collect();
    let line = |place: &&Place| {
        let numbers = [place.line, place.column].into_iter().flatten();
        let at: String = numbers.map(|number| format!(":{number}")).collect();
        words.clean(&format!("{}{at}: {}", place.file, place.message))
    };
    let mut lines: Vec<String> = own.iter().take(MOST_PLACES).map(line).collect();
    if own.len() > MOST_PLACES {
        lines.push(format!("and {} more", own.len() - MOST_PLACES));
    }
    lines
}

fn case(report: &Report, words: &Lines, check: &Check, story: &str) -> String {
    let detail = words.clean(&check.detail);
    let inner = match check.status {
        Status::Pass => None,
        Status::Warn => Some(format!("<system-out>{}</system-out>", escape(&detail))),
        Status::Fail => Some(told("failure", check.layer.word(), &detail, story)),
        Status::Inconclusive => Some(told("error", "inconclusive", &detail, story)),
        Status::Skip => Some(format!("<skipped message=\"{}\"/>", escape(&detail))),
    };
    let time = check.duration_ms.map_or_else(|| "0".to_owned(), seconds);
    element(&report.run.command, &name(report, words, check), &time, inner)
}

/// The id; with what it is about where several checks have the same, or test tabs would take them for one.
fn name(report: &Report, words: &Lines, check: &Check) -> String {
    match report.checks.iter().filter(|other| other.id == check.id).count() {
        1 => check.id.clone(),
        _ => format!("{} {}", check.id, words.clean(&check.title)),
    }
}

/// A run that fails without a red check would pass for a good one.
fn verdict_case(report: &Report, words: &Lines, story: &str) -> Option<String> {
    let inner = told(verdict_element(report)?, &words.word(), &words.sentence(), story);
    Some(element(&report.run.command, "verdict", "0", Some(inner)))
}

/// The story of a run in which nothing is red.
fn report_aside(report: &Report, story: &str) -> Option<String> {
    let is_told = report.checks.iter().any(|check| is_red(check.status));
    (!is_told && verdict_element(report).is_none())
        .then(|| format!("    <system-out>{}</system-out>", escape(story)))
}

const fn is_red(status: Status) -> bool {
    matches!(status, Status::Fail | Status::Inconclusive)
}

fn verdict_element(report: &Report) -> Option<&'static str> {
    let is_red = report.checks.iter().any(|check| is_red(check.status));
    let shown = is_red || report.verdict.exit_code == 0;
    let broken = report.verdict.status == Status::Fail && report.error.is_none();
    (!shown).then_some(if broken { "failure" } else { "error" })
}

fn element(command: &str, name: &str, time: &str, inner: Option<String>) -> String {
    let (class, name) = (escape(&format!("gemini-doctor.{command}")), escape(name));
    let head = format!("    <testcase classname=\"{class}\" name=\"{name}\" time=\"{time}\"");
    match inner {
        None => format!("{head}/>"),
        Some(inner) => format!("{head}>\n      {inner}\n    </testcase>"),
    }
}

fn told(element: &str, kind: &str, message: &str, body: &str) -> String {
    let (kind, message, body) = (escape(kind), escape(message), escape(body));
    format!("<{element} type=\"{kind}\" message=\"{message}\">{body}</{element}>")
}

/// What a person needs, one piece a line.
fn story(words: &Lines) -> String {
    let head = [words.simulated(), Some(format!("{}  {}", words.word(), words.sentence()))];
    let pieces = words.pieces();
    let told = pieces.iter().flat_map(Piece::flat);
    let tail = words.next().map(|next| format!("next: {next}"));
    let lines = head.into_iter().flatten().chain(words.likely()).chain(told).chain(tail);
    lines.collect::<Vec<_>>().join("\n")
}

fn seconds(ms: f64) -> String {
    format!("{:.3}", ms / 1000.0)
}

/// Text for an element or an attribute; characters that XML 1.0 does not know are left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars().filter(|character| is_xml(*character)) {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            _ => out.push(character),
        }
    }
    out
}

/// Two hyphens would end a comment.
fn comment(text: &str) -> String {
    let text: String = text.chars().filter(|character| is_xml(*character)).collect();
    text.replace("--", "- -").replace("--", "- -")
}

/// The characters of XML 1.0, less the control characters it merely discourages.
fn is_xml(character: char) -> bool {
    character == '\n' || (!character.is_control() && !matches!(character, '\u{fffe}' | '\u{ffff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(escape("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&apos;");
        assert_eq!(escape("]]>\u{0}\u{1b}\u{9b}\u{ffff}x\ny"), "]]&gt;x\ny");
        assert_eq!(comment("a ----> b"), "a - - - -> b");
    }
}
