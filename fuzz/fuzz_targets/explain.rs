//! Arbitrary bytes through all that `explain` does with a text: decoded, scrubbed, read, sorted, judged
//! and rendered. It asserts what holds for every text, and never what one particular text means.

#![no_main]

use std::collections::HashSet;

use gemini_doctor::{
    commands::explain::{Source, data, sheets},
    diagnose::{
        Finding, Shell,
        pasted::{Seen, Sorted},
        read::{self, Around, Reading},
    },
    exit::Exit,
    facts::{KeyKind, Status},
    redact::Redactor,
    report::{
        self, Format, Report, Style,
        document::{Budget, Credential, Run, SCHEMA_VERSION, Summary, Target, Tool, Verdict},
        verdict,
    },
    settings::decode,
};
use libfuzzer_sys::fuzz_target;

/// An input that begins with this byte is repeated up to a size at which more than linear time shows.
const REPEAT: u8 = 0x01;
/// That size.
const REPEATED_BYTES: usize = 32 * 1024;
/// What a quote may hold, with the dots behind one that was cut.
const QUOTE_CHARACTERS: usize = 203;
/// The most objects that are taken out of one record.
const ERRORS_OF_A_RECORD: usize = 64;
/// A moment in 2026; results must not depend on the day of the run.
const NOW: i64 = 1_795_132_800;

fuzz_target!(|bytes: &[u8]| {
    let bytes = unpacked(bytes);
    let (text, note) = decode::lossy(&bytes);
    let redactor = Redactor::new(&[]);
    let clean = redactor.scrub_pasted(&text);
    assert_eq!(redactor.scrub(&clean), clean, "what was scrubbed is clean");

    let around = Around::default();
    let reading = read::errors("fuzz", &clean, &around);
    assert_reading(&reading, &clean);
    let again = read::errors("fuzz", &clean, &around);
    assert_eq!(reading.errors, again.errors, "one text has one reading");

    let sorted = Sorted::of(vec![reading]);
    let findings = sorted.findings(Shell::Sh);
    assert_findings(&findings, &sorted);
    let source = Source { name: "fuzz".to_owned(), bytes: bytes.len(), note: note.map(str::to_owned) };
    assert_rendered(&report(&source, &sorted, findings), bytes.len());
});

/// The input as it stands, or many times over.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    match bytes {
        [REPEAT, piece @ ..] if !piece.is_empty() => {
            piece.repeat((REPEATED_BYTES / piece.len()).max(1))
        }
        _ => bytes.to_vec(),
    }
}

fn assert_reading(reading: &Reading, text: &str) {
    let lines = text.split('\n').count();
    let records = lines + text.len() / 1024;
    assert!(reading.errors.len() <= records * ERRORS_OF_A_RECORD, "{}", reading.errors.len());
    assert!(reading.skipped <= records, "{}", reading.skipped);
    for seen in &reading.errors {
        assert_seen(seen, lines);
    }
}

fn assert_seen(seen: &Seen, lines: usize) {
    assert!(seen.quote.chars().count() <= QUOTE_CHARACTERS, "{:?}", seen.quote);
    assert!(!seen.quote.contains(['\n', '\r', '\u{1b}']), "{:?}", seen.quote);
    assert!(seen.times >= 1, "an error that was learnt is counted: {seen:?}");
    assert!(1 <= seen.first_line && seen.first_line <= seen.last_line, "{seen:?}");
    assert!(seen.last_line <= lines, "{seen:?}");
}

/// One finding for each cause, and behind them each rival once for each cause.
fn assert_findings(findings: &[Finding], sorted: &Sorted) {
    let mut known = HashSet::new();
    for finding in findings {
        let place = (&finding.id, &finding.alternative_to);
        assert!(known.insert(place), "{place:?} is there twice");
    }
    let roots = findings.iter().filter(|finding| finding.alternative_to.is_none()).count();
    assert!(roots <= sorted.all().count(), "{roots} causes of fewer errors");
    assert!(findings.is_empty() == (sorted.recognised.is_empty() && nothing_to_tell(sorted)));
}

/// Whether there is no error that says anything, or only those of somebody else.
fn nothing_to_tell(sorted: &Sorted) -> bool {
    sorted.unknown.first().is_none_or(|seen| seen.clues.is_empty()) || !sorted.foreign.is_empty()
}

/// As JSON, and in one other format, which the input's length picks.
fn assert_rendered(report: &Report, length: usize) {
    let json = report::render(report, Format::Json, &Style::PLAIN);
    let parsed: serde_json::Value = serde_json::from_str(&json).expect("what is printed is JSON");
    assert!(parsed["data"]["errors"].is_array());
    let style = Style { width: length % 160, color: length % 2 == 1, unicode: length % 4 > 1 };
    let format = Format::ALL[length % Format::ALL.len()];
    assert!(report::render(report, format, &style).ends_with('\n'), "{format:?}");
}

fn report(source: &Source, sorted: &Sorted, findings: Vec<Finding>) -> Report {
    let (status, exit) = verdict::verdict(&[], &findings, None);
    Report {
        data: data(std::slice::from_ref(source), sorted, false, NOW),
        sheets: sheets(sorted, NOW),
        remarks: Vec::new(),
        verdict: verdict_of(status, exit),
        findings,
        ..blank()
    }
}

fn verdict_of(status: Status, exit: Exit) -> Verdict {
    Verdict {
        status,
        exit_code: exit.code(),
        word: "CAUSE".to_owned(),
        sentence: "a text was read.".to_owned(),
        exit_meaning: verdict::exit_meaning(exit).to_owned(),
        summary: Summary::default(),
        next: None,
    }
}

fn blank() -> Report {
    Report {
        schema_version: SCHEMA_VERSION.to_owned(),
        tool: Tool {
            name: "gemini-doctor".to_owned(),
            version: "0.0.0".to_owned(),
            catalogue_as_of: "2026-11-20".to_owned(),
        },
        run: run(),
        target: target(),
        credential: Credential {
            kind: KeyKind::None,
            source: None,
            fingerprint: None,
            project: None,
        },
        verdict: verdict_of(Status::Inconclusive, Exit::Unknown),
        checks: Vec::new(),
        findings: Vec::new(),
        attempts: Vec::new(),
        samples: Vec::new(),
        recorded: Vec::new(),
        data: serde_json::json!({}),
        places: Vec::new(),
        limits: Vec::new(),
        error: None,
        sheets: Vec::new(),
        remarks: Vec::new(),
    }
}

fn run() -> Run {
    Run {
        id: "0-0".to_owned(),
        command: "explain".to_owned(),
        started_at: "2026-11-20T00:00:00Z".to_owned(),
        duration_ms: 0.0,
        seed: 0,
        simulated: None,
        dry_run: false,
        budget: Budget::default(),
    }
}

fn target() -> Target {
    Target {
        base_url: String::new(),
        base_url_source: String::new(),
        api: "gemini".to_owned(),
        api_version: String::new(),
        model: None,
        model_source: None,
    }
}
