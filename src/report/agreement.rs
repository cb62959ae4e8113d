//! Every format of one report tells the same numbers: each is read back by a reader of its own, written for this test
//! alone, so that a renderer cannot agree with itself.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Format, Report, Style, render, samples};

/// What is counted: checks by status (ok, warn, FAIL, not run, unclear), findings, the exit code, the requests that were
/// sent, and the timed calls that were answered and that failed. A format that has no place for a number gives none.
#[derive(Clone, Debug, Default, PartialEq)]
struct Counts {
    checks: Option<[usize; 5]>,
    findings: Option<usize>,
    exit: Option<u64>,
    requests: Option<u64>,
    calls: Option<[u64; 2]>,
}

/// What the report itself holds.
fn held(report: &Report) -> Counts {
    let status = |word: &str| {
        let of = |check: &&crate::facts::Check| {
            serde_json::to_value(check.status).is_ok_and(|status| status == word)
        };
        report.checks.iter().filter(of).count()
    };
    let answered = report.samples.iter().filter(|one| one.is_answered()).count() as u64;
    Counts {
        checks: Some(["pass", "warn", "fail", "skip", "inconclusive"].map(status)),
        findings: Some(report.findings.len()),
        exit: Some(u64::from(report.verdict.exit_code)),
        requests: Some(report.run.budget.requests_used),
        calls: Some([answered, report.samples.len() as u64 - answered]),
    }
}

/// The readers by the words of their formats. One that is missing is found by the test.
fn reader(format: Format) -> Option<fn(&str) -> Counts> {
    Some(match format.word() {
        "table" => of_table,
        "plain" => of_plain,
        "json" => of_json,
        "ndjson" => of_ndjson,
        "junit" => of_junit,
        "markdown" => of_markdown,
        "github" => of_github,
        "html" => of_html,
        "sarif" => of_sarif,
        "csv" => of_csv,
        "hdr" => of_hdr,
        "prometheus" | "openmetrics" => of_metrics,
        _ => return None,
    })
}

/// The numbers that a format must tell: checks, findings, exit code, requests, timed calls.
fn must_tell(format: Format) -> [bool; 5] {
    match format {
        Format::Csv => [false, false, false, false, true],
        Format::Hdr => [false, false, false, false, false],
        Format::Json | Format::Ndjson => [true; 5],
        _ => [true, true, true, true, false],
    }
}

/// Lines of text are told apart by their first words, which outside text could forge; documents cannot be.
fn is_of_lines(format: Format) -> bool {
    matches!(format, Format::Table | Format::Plain | Format::Markdown)
}

#[test]
fn all_formats_of_a_report_agree_on_every_number() {
    for (name, report) in samples::all() {
        for format in Format::ALL {
            if name == "hostile" && is_of_lines(format) || name == "joined" {
                continue;
            }
            let read = reader(format).unwrap_or_else(|| panic!("{} has no reader", format.word()));
            let text = render(&report, format, &Style { width: 200, ..Style::PLAIN });
            assert_agrees(
                &format!("{name} as {}", format.word()),
                &held(&report),
                &read(&text),
                format,
            );
        }
    }
}

fn assert_agrees(what: &str, held: &Counts, told: &Counts, format: Format) {
    let [checks, findings, exit, requests, calls] = must_tell(format);
    // Nothing is said of checks where there was none, and nothing of costs where there could be none.
    let has_checks = held.checks.is_some_and(|counts| counts.iter().sum::<usize>() > 0);
    let has_costs = held.requests.is_some_and(|requests| requests > 0);
    assert!(told.checks.is_some() || !checks || !has_checks, "{what} tells no checks");
    assert!(told.findings.is_some() || !findings, "{what} tells no findings");
    assert!(told.exit.is_some() || !exit, "{what} tells no exit code");
    assert!(told.requests.is_some() || !requests || !has_costs, "{what} tells no requests");
    assert!(told.calls.is_some() || !calls, "{what} tells no calls");
    let same = |told: &Option<String>, held: &Option<String>| told.is_none() || told == held;
    let shown = |counts: &Counts| {
        [
            counts.checks.map(|it| format!("checks {it:?}")),
            counts.findings.map(|it| format!("findings {it}")),
            counts.exit.map(|it| format!("exit {it}")),
            counts.requests.map(|it| format!("requests {it}")),
            counts.calls.map(|it| format!("calls {it:?}")),
        ]
    };
    for (told, held) in shown(told).iter().zip(&shown(held)) {
        assert!(same(told, held), "{what} tells {told:?}, and the report holds {held:?}");
    }
}

#[test]
fn a_reader_sees_a_number_that_is_wrong() {
    let report = samples::failing();
    for format in Format::ALL {
        let Some(read) = reader(format).filter(|_| must_tell(format)[0]) else { continue };
        let mut other = report.clone();
        other.checks.pop();
        other.findings.push(samples::finding("one-more"));
        other.verdict.exit_code = 6;
        other.verdict.exit_meaning = "Exit 6 (quota or payment).".to_owned();
        other.run.budget.requests_used = 7;
        other.verdict.summary = super::verdict::summary(&other.checks);
        let told = read(&render(&other, format, &Style { width: 200, ..Style::PLAIN }));
        let own = held(&report);
        let differs = [
            told.checks != own.checks,
            told.findings != own.findings,
            told.exit != own.exit,
            told.requests != own.requests,
        ];
        assert_eq!(differs, [true; 4], "{}: {told:?}", format.word());
    }
}

/// The place of a result in the counts.
fn place(word: &str) -> Option<usize> {
    let words = [
        ["ok", "pass"],
        ["warn", "warn"],
        ["FAIL", "fail"],
        ["not run", "skip"],
        ["unclear", "inconclusive"],
    ];
    words.iter().position(|both| both.contains(&word))
}

/// How many checks share a row: `5 list`, `6-8`, or `7 one, other`.
fn sharing(stage: &str) -> usize {
    let range = stage.split_once('-').and_then(|(from, to)| {
        Some(to.trim().parse::<usize>().ok()? + 1 - from.trim().parse::<usize>().ok()?)
    });
    range.unwrap_or_else(|| stage.matches(", ").count() + 1)
}

fn count_rows<'a>(rows: impl Iterator<Item = (&'a str, &'a str)>) -> Option<[usize; 5]> {
    let mut counts = [0; 5];
    let mut seen = false;
    for (stage, result) in rows {
        seen = true;
        counts[place(result).unwrap_or_else(|| panic!("{result:?} is no result"))] +=
            sharing(stage);
    }
    seen.then_some(counts)
}

/// `Exit 4 (the path).`, wherever it stands.
fn exit_in(text: &str) -> Option<u64> {
    text.split("Exit ").skip(1).find_map(|rest| {
        let (number, _) = rest.split_once(' ')?;
        number.parse().ok()
    })
}

/// `1 free call, 2 paid, 8 tokens`, after the word `spent`.
fn requests_in(line: &str) -> Option<u64> {
    let told = line.trim_start_matches("spent").trim_start_matches(':').trim();
    if told.starts_with("nothing") {
        return Some(0);
    }
    let calls = told.split(", ").filter(|part| part.contains("free") || part.contains("paid"));
    let numbers: Vec<u64> = calls.filter_map(|part| part.split(' ').next()?.parse().ok()).collect();
    (!numbers.is_empty()).then(|| numbers.iter().sum())
}

/// Findings as lines tell them: the first with its reason, the others by their severity.
fn findings_in<'a>(pieces: impl Iterator<Item = (&'a str, &'a str)>) -> usize {
    let is_finding = |(label, text): &(&str, &str)| match *label {
        "why" => text.ends_with(')'),
        "error" | "warning" | "note" => text.ends_with(')') && text.contains(": "),
        _ => false,
    };
    pieces.filter(is_finding).count()
}

fn of_table(text: &str) -> Counts {
    let mut rows = Vec::new();
    let mut lines = text.lines().skip_while(|line| !line.starts_with("  stage "));
    if let Some(head) = lines.next() {
        let (result, ms) =
            (head.find("result").expect("a column"), head.find("ms").expect("a column"));
        // The numbers stand at the right of their column, and so begin before its head does.
        let end = ms.saturating_sub(4).max(result + 7);
        let rest = lines.take_while(|line| line.starts_with("  "));
        rows.extend(
            rest.filter(|line| line.len() > result && !line[..result].trim().is_empty())
                .map(|line| (line[..result].trim(), line[result..end.min(line.len())].trim())),
        );
    }
    let pieces = text
        .lines()
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| Some((line.get(..11)?.trim(), line.get(11..)?)));
    let spent = text.lines().find(|line| line.starts_with("spent "));
    Counts {
        checks: count_rows(rows.into_iter()),
        findings: Some(findings_in(pieces)),
        exit: exit_in(text),
        requests: spent.and_then(requests_in),
        calls: None,
    }
}

fn of_plain(text: &str) -> Counts {
    let pairs = || text.lines().filter_map(|line| line.split_once(": "));
    let rows = pairs().filter_map(|(label, told)| {
        let stage = label.strip_prefix("check ")?;
        Some((stage, told.split(", ").next().unwrap_or(told)))
    });
    Counts {
        checks: count_rows(rows),
        findings: Some(findings_in(pairs())),
        exit: exit_in(text),
        requests: text.lines().find(|line| line.starts_with("spent: ")).and_then(requests_in),
        calls: None,
    }
}

fn of_markdown(text: &str) -> Counts {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()
    };
    let table = text.lines().skip_while(|line| !line.starts_with("| stage |")).skip(2);
    let rows: Vec<Vec<String>> =
        table.take_while(|line| line.starts_with('|')).map(cells).collect();
    let pieces = text.lines().filter_map(|line| line.strip_prefix("- **")?.split_once("**: "));
    Counts {
        checks: count_rows(rows.iter().map(|row| (row[0].as_str(), row[1].as_str()))),
        findings: Some(findings_in(pieces)),
        exit: exit_in(text),
        requests: text.lines().rfind(|line| line.starts_with("spent ")).and_then(requests_in),
        calls: None,
    }
}

fn of_document(document: &Value) -> Counts {
    let mut checks = [0; 5];
    for check in document["checks"].as_array().expect("checks") {
        checks[place(check["status"].as_str().expect("a word")).expect("a status")] += 1;
    }
    let sum = &document["verdict"]["summary"];
    for (word, count) in ["pass", "warn", "fail", "skip", "inconclusive"].iter().zip(checks) {
        assert_eq!(sum[word], count, "the summary of {word}");
    }
    let list = |name: &str| document[name].as_array().cloned().unwrap_or_default();
    let answered = list("samples").iter().filter(|one| one["ended"] == "answered").count() as u64;
    let all = list("samples").len() as u64;
    Counts {
        checks: Some(checks),
        findings: Some(list("findings").len()),
        exit: document["verdict"]["exit_code"].as_u64(),
        requests: document["run"]["budget"]["requests_used"].as_u64(),
        calls: Some([answered, all - answered]),
    }
}

fn of_json(text: &str) -> Counts {
    of_document(&serde_json::from_str(text).expect("JSON"))
}

/// The events by themselves, and the document that the last one holds, must say the same.
fn of_ndjson(text: &str) -> Counts {
    let events: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |kind: &str| events.iter().filter(|event| event["type"] == kind).count();
    let last = events.last().expect("a last event");
    assert_eq!(last["type"], "report");
    let whole = of_document(last);
    assert_eq!(whole.checks.map(|counts| counts.iter().sum()), Some(of("check")));
    assert_eq!(whole.findings, Some(of("finding")));
    whole
}

/// An element of a well-formed document.
#[derive(Debug, Default)]
struct Node {
    name: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Node>,
    text: String,
}

impl Node {
    /// It and all below it, in order.
    fn all(&self) -> Vec<&Self> {
        std::iter::once(self).chain(self.children.iter().flat_map(Self::all)).collect()
    }

    fn named(&self, name: &str) -> Vec<&Self> {
        self.all().into_iter().filter(|node| node.name == name).collect()
    }

    /// All of its text.
    fn told(&self) -> String {
        let below: String = self.children.iter().map(Self::told).collect();
        format!("{}{below}", self.text)
    }
}

/// The one element of a document.
fn parsed(document: &str) -> Node {
    let mut open = vec![Node::default()];
    let mut rest = document;
    while let Some(start) = rest.find('<') {
        open.last_mut().expect("a root").text.push_str(&decoded(&rest[..start]));
        rest = &rest[start..];
        let end = if rest.starts_with("<!--") { "-->" } else { ">" };
        let (tag, after) = rest.split_once(end).expect("an end");
        rest = after;
        match tag.as_bytes().get(1) {
            Some(b'!' | b'?') => {}
            Some(b'/') => close(&mut open),
            _ => {
                open.push(element(tag[1..].trim_end_matches('/')));
                if tag.ends_with('/') {
                    close(&mut open);
                }
            }
        }
    }
    assert_eq!(open.len(), 1, "every element is closed");
    open.remove(0)
}

fn close(open: &mut Vec<Node>) {
    let node = open.pop().expect("an open element");
    open.last_mut().expect("a parent").children.push(node);
}

fn element(tag: &str) -> Node {
    let (name, rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut parts = rest.split('"');
    let mut attributes = BTreeMap::new();
    while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
        attributes.insert(name.trim().trim_end_matches('=').to_owned(), decoded(value));
    }
    Node { name: name.to_owned(), attributes, ..Node::default() }
}

fn decoded(text: &str) -> String {
    let marks = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    marks.iter().fold(text.to_owned(), |text, (escape, mark)| text.replace(escape, mark))
}

fn of_junit(text: &str) -> Counts {
    let document = parsed(text);
    let suite = *document.named("testsuite").first().expect("a suite");
    let mut checks = [0; 5];
    for case in suite.named("testcase").iter().filter(|case| case.attributes["name"] != "verdict") {
        let ended = case.children.first().map(|child| child.name.as_str());
        let place = match ended {
            None => 0,
            Some("system-out") => 1,
            Some("failure") => 2,
            Some("skipped") => 3,
            Some("error") => 4,
            Some(other) => panic!("{other} says nothing of a check"),
        };
        checks[place] += 1;
    }
    let property = |name: &str| -> Option<u64> {
        let named = |node: &&&Node| node.attributes["name"] == name;
        suite.named("property").iter().find(named)?.attributes["value"].parse().ok()
    };
    Counts {
        checks: Some(checks),
        findings: property("findings").map(|count| count as usize),
        exit: property("exit_code"),
        requests: property("requests_used"),
        calls: None,
    }
}

fn of_html(text: &str) -> Counts {
    let page = parsed(text);
    let sections = page.named("section");
    let titled = |title: &str| {
        sections.iter().find(|section| section.named("h2").iter().any(|head| head.text == title))
    };
    let cells: Vec<Vec<String>> = titled("Checks").map_or_else(Vec::new, |section| {
        let rows = section.named("tr").into_iter().skip(1);
        rows.map(|row| row.named("td").iter().map(|cell| cell.told()).collect()).collect()
    });
    let about = titled("This run").expect("what the run was");
    let spent = about.named("dt").iter().position(|label| label.text == "spent");
    let spent = spent.map(|at| about.named("dd")[at].told());
    Counts {
        checks: count_rows(cells.iter().map(|row| (row[0].as_str(), row[1].as_str()))),
        findings: Some(page.named("article").len()),
        exit: page.named("header").first().and_then(|header| exit_in(&header.told())),
        requests: spent.as_deref().and_then(requests_in),
        calls: None,
    }
}

/// The first finding is told with the verdict, and the others have annotations of their own.
fn of_github(text: &str) -> Counts {
    // Places are told beside the findings, and are none.
    let is_of_run = |line: &&str| !line.contains("title=SIMULATED::") && !line.contains(" file=");
    let lines: Vec<&str> = text.lines().filter(is_of_run).collect();
    let story = lines[0].split_once("::").and_then(|(_, rest)| rest.split_once("::"));
    let story = story.expect("an annotation").1.replace("%0D", "\r").replace("%0A", "\n");
    let has_cause = story.lines().any(|line| line.starts_with("why: "));
    let tally = story.lines().last().unwrap_or_default();
    let told = tally
        .split("; ")
        .find_map(|part| part.split_once(" checks: ").or_else(|| part.split_once(" check: ")));
    let mut checks = [0; 5];
    for part in told.map(|(_, counts)| counts.split(", ")).into_iter().flatten() {
        let (count, word) = part.split_once(' ').expect("a count and a word");
        checks[place(word).expect("a result")] += count.parse::<usize>().expect("a count");
    }
    Counts {
        checks: told.map(|_| checks),
        findings: Some(lines.len() - 1 + usize::from(has_cause)),
        exit: exit_in(&story),
        requests: tally.split("; ").find(|part| part.starts_with("spent ")).and_then(requests_in),
        calls: None,
    }
}

fn of_sarif(text: &str) -> Counts {
    let log: Value = serde_json::from_str(text).expect("JSON");
    let invocation = &log["runs"][0]["invocations"][0];
    let told = &invocation["properties"];
    let words = ["pass", "warn", "fail", "skip", "inconclusive"];
    let count = |word: &str| told["checks"][word].as_u64().expect("a count") as usize;
    Counts {
        checks: Some(words.map(count)),
        findings: told["findings"].as_u64().map(|count| count as usize),
        exit: invocation["exitCode"].as_u64(),
        requests: told["requests_used"].as_u64(),
        calls: None,
    }
}

/// A reader of RFC 4180 that knows quotes.
fn of_csv(text: &str) -> Counts {
    let mut records = vec![vec![String::new()]];
    let mut quoted = false;
    for character in text.chars() {
        let record = records.last_mut().expect("a record");
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(String::new()),
            '\n' if !quoted => records.push(vec![String::new()]),
            '\r' if !quoted => {}
            other => record.last_mut().expect("a field").push(other),
        }
    }
    let ended = records[0].iter().position(|name| name == "ended").expect("a column");
    let calls: Vec<&str> =
        records[1..].iter().filter_map(|record| record.get(ended)).map(String::as_str).collect();
    let answered = calls.iter().filter(|word| **word == "answered").count() as u64;
    Counts { calls: Some([answered, calls.len() as u64 - answered]), ..Counts::default() }
}

/// Samples, one a line: `name{label="value",…} number`. A series that stands there twice counts once.
fn of_metrics(text: &str) -> Counts {
    let samples: BTreeMap<&str, f64> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let end = line.rfind('}').map_or_else(|| line.find(' '), |end| Some(end + 1))?;
            Some((&line[..end], line[end..].split_whitespace().next()?.parse().ok()?))
        })
        .collect();
    let sum = |name: &str, label: &str| {
        let is_wanted =
            |series: &&str| series.split('{').next() == Some(name) && series.contains(label);
        samples.iter().filter(|(series, _)| is_wanted(series)).map(|(_, value)| *value).sum::<f64>()
    };
    let checks = ["pass", "warn", "fail", "skip", "inconclusive"];
    let checks =
        checks.map(|word| sum("gemini_doctor_checks", &format!("status=\"{word}\"")) as usize);
    Counts {
        checks: Some(checks),
        findings: Some(sum("gemini_doctor_findings", "") as usize),
        exit: Some(sum("gemini_doctor_run_exit_code", "") as u64),
        requests: Some(sum("gemini_doctor_run_requests", "") as u64),
        calls: None,
    }
}

/// A log of histograms is read by `merge` and by other programs; here only that it begins as one.
fn of_hdr(text: &str) -> Counts {
    assert!(text.starts_with('#') && text.contains("\"StartTimestamp\""), "{text}");
    Counts::default()
}
