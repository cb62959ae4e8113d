//! A gate's file: what is read, and what is said of each thing that is wrong.

use super::*;

const KNOWN: Known<'static> = Known {
    checks: &["key.source", "api.list", "api.model", "api.alias", "stream.whole"],
    not_here: &["request.tokens"],
    fixes: &["alias-backend-missing", "api-key-invalid"],
};

fn read(text: &str) -> Result<Gate, UserError> {
    parse(text, "gate.toml", KNOWN)
}

const WHOLE: &str = r#"
checks = ["api.list", "api.alias"]
inconclusive = "fail"

[slo]
latency_p95_ms = 2_000
failure_percent = 2.5

[budget]
requests = 200
tokens = 1000
seconds = 90.5

[[waivers]]
check = "slo.latency_p95_ms"
reason = "ticket 17"
until = 2026-12-31

[[waivers]]
finding = "alias-backend-missing"
reason = "the provider knows"
until = "2027-01-31"
"#;

#[test]
fn a_whole_file_is_read() {
    let gate = read(WHOLE).expect("it is good");
    assert_eq!(gate.checks, ["api.list", "api.alias"]);
    let levels: Vec<(Measure, f64, u32)> =
        gate.levels.iter().map(|level| (level.measure, level.at_most, level.calls)).collect();
    assert_eq!(
        levels,
        [
            (Measure::Alias, 0.0, 150),
            (Measure::FailurePercent, 2.5, 119),
            (Measure::LatencyP95, 2000.0, 59),
        ]
    );
    let budget = Budget { requests: Some(200), tokens: Some(1000), seconds: Some(90.5) };
    assert_eq!((gate.budget, gate.fails_if_open, gate.len()), (budget, true, 4));
    let ends: Vec<&str> = gate.waivers.iter().map(|waiver| waiver.until.as_str()).collect();
    assert_eq!(ends, ["2026-12-31", "2027-01-31"]);
}

#[test]
fn calls_are_for_every_level() {
    let gate = read("checks = [\"api.alias\"]\n[slo]\ncalls = 40\nlatency_p50_ms = 9\n");
    assert!(gate.expect("it is good").levels.iter().all(|level| level.calls == 40));
}

#[test]
fn a_waiver_may_stand_before_what_it_waives() {
    let text = "[[waivers]]\ncheck = \"slo.tokens_per_call\"\nreason = \"r\"\nuntil = 2026-01-01\n\
                [slo]\ntokens_per_call = 5\n";
    assert_eq!(read(text).expect("it is good").waivers.len(), 1);
}

#[test]
fn every_complaint_has_its_line_and_a_way_out() {
    let waiver = |lines: &str| format!("checks = [\"api.list\"]\n[[waivers]]\n{lines}\n");
    for (text, what, hint) in [
        ("", "gate.toml:1: it requires nothing", "--init"),
        ("checks = [", "gate.toml:1: it is not TOML", "fix the line"),
        ("\nchekcs = []", "gate.toml:2: unknown key \"chekcs\"", "did you mean checks?"),
        ("checks = \"api.list\"", ":1: checks is no list", "api.model"),
        ("checks = [\n\"api.lst\"]", ":2: there is no check \"api.lst\"", "api.list?"),
        ("checks = [\"api.list\", \"api.list\"]", "api.list stands there twice", "keep one"),
        ("checks = [\"request.tokens\"]", "request.tokens needs a file", "doctor"),
        ("[slo]\nlatncy_p95_ms = 3", ":2: unknown key", "did you mean latency_p95_ms?"),
        ("[slo]\nlatency_p95_ms = \"3\"", "latency_p95_ms is no number", "without quotes"),
        ("[slo]\nfailure_percent = 0", "failure_percent is out of range", "0.01"),
        ("[slo]\ncalls = 0\nlatency_p50_ms = 3", "calls is no such number", "from 1"),
        ("[slo]\nlatency_p50_ms = -5", "latency_p50_ms is out of range", "milliseconds"),
        ("slo = 3", "slo is no table", "brackets"),
        ("[budget]\nrequest = 3", ":2: unknown key \"request\"", "did you mean requests?"),
        ("[budget]\nseconds = inf", "seconds is no number", "quotes"),
        ("inconclusive = \"fial\"", "inconclusive is no such word", "did you mean fail?"),
        (&waiver("check = \"api.list\"\nuntil = 2026-12-31"), ":2: a waiver has no reason", "why"),
        (&waiver("check = \"api.list\"\nreason = \"r\""), "a waiver has no end", "2026-12-31"),
        (&waiver("reason = \"r\"\nuntil = 2026-12-31"), "no check and no finding", "api.alias"),
        (&waiver("check = \"api.list\"\nreason = \" \""), ":4: reason is empty", "value"),
        (&waiver("check = \"api.model\""), ":3: it waives \"api.model\"", "api.list"),
        (
            "[[waivers]]\ncheck = \"api.list\"\nreason = \"r\"\nuntil = 2026-12-31",
            ":2: it waives",
            "it requires nothing so far",
        ),
        (&waiver("finding = \"api-key-invald\""), "no finding", "did you mean api-key-invalid?"),
        (&waiver("finding = \"api-key-invalid\"\ncheck = \"api.list\""), "not for both", "two"),
        (&waiver("until = 2026-02-30"), ":3: ", ""),
        (&waiver("until = 2026-12-31T10:00:00Z"), "until is no day", "until = 2026-12-31"),
        (&waiver("untli = 2026-12-31"), "unknown key \"untli\"", "did you mean until?"),
    ] {
        let error = read(text).expect_err(text);
        assert!(error.what.contains(what), "{text}\n{}", error.what);
        assert!(error.hint.contains(hint), "{text}\n{}", error.hint);
    }
}

#[test]
fn any_text_is_read_or_refused() {
    let mut random = fastrand::Rng::with_seed(5);
    let lines: Vec<&str> = WHOLE.lines().collect();
    for _ in 0..3000 {
        let mut text: String =
            lines.iter().filter(|_| random.u8(..) > 40).flat_map(|line| [*line, "\n"]).collect();
        for _ in 0..random.usize(..4) {
            let at = random.usize(..=text.len());
            if text.is_char_boundary(at) {
                text.insert(at, random.char('!'..='~'));
            }
        }
        if let Err(error) = read(&text) {
            assert!(error.what.contains("gate.toml:"), "{}", error.what);
        }
    }
}
