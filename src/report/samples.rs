//! Reports to show and to test with. Their keys, hosts and figures are made up.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    document::{
        Budget, Column, Credential, ErrorInfo, Place, Remark, Report, Run, SCHEMA_VERSION, Sheet,
        Target, Tool, Verdict,
    },
    hdr,
    recorded::{Recorded, Unit},
    verdict,
};
use crate::{
    diagnose::{
        Finding,
        finding::{Consequence, FixStep, Proof, Retry, RuledOut, Unsplit},
    },
    exit::Exit,
    facts::{
        Attempt, Blame, Check, Class, Confidence, Ended, Fault, HandshakeKind, KeyKind, Layer,
        Method, Party, Phases, RetryClass, Sample, Severity, Stage, Status, Who,
    },
};

/// Every sample with its name.
pub(super) fn all() -> Vec<(&'static str, Report)> {
    vec![
        ("pass", passing()),
        ("fail", failing()),
        ("warn", warning()),
        ("several", several()),
        ("simulated", simulated()),
        ("error", unusable()),
        ("bench", benchmark()),
        ("joined", joined()),
        ("hostile", hostile()),
    ]
}

/// A key that works.
pub(super) fn passing() -> Report {
    let checks = vec![
        timed(check("key.source", 1, Status::Pass, "GEMINI_API_KEY, sha256:1f0c9a2b"), 0.1),
        timed(check("net.reach", 2, Status::Pass, "DNS 12, TCP 31 (IPv4), TLS 1.3 41"), 84.2),
        timed(check("api.list", 3, Status::Pass, "52 models"), 102.4),
    ];
    let sentence = "Your key and model work, so the fault is in your request.";
    let mut report = report("check-key", checks, vec![], sentence);
    report.verdict.next = Some("gemini-doctor explain FILE".to_owned());
    report.run.budget = Budget { requests_max: 20, requests_used: 2, ..Budget::default() };
    report
}

/// An old key that is refused.
pub(super) fn failing() -> Report {
    let skipped = "stopped here: without a valid key all would fail";
    let checks = vec![
        timed(
            check("key.source", 1, Status::Pass, ".env line 3, GEMINI_API_KEY, sha256:1f0c9a2b"),
            0.2,
        ),
        timed(
            check("key.shape", 2, Status::Warn, "standard key (AIza...), nothing hidden in it"),
            0.1,
        ),
        timed(
            check("net.reach", 3, Status::Pass, "DNS 12, TCP 31 (IPv4), TLS 1.3 41, no proxy"),
            84.4,
        ),
        check("net.who", 4, Status::Pass, "Google's API"),
        timed(
            check(
                "api.list",
                5,
                Status::Fail,
                "400 API_KEY_INVALID: \"API key not valid. Please pass a valid API key.\"",
            ),
            102.0,
        ),
        check("api.get", 6, Status::Skip, skipped),
        check("api.count", 7, Status::Skip, skipped),
        check("api.generate", 8, Status::Skip, skipped),
    ];
    let mut report = report("check-key", checks, vec![refused_key()], "Google refuses this key.");
    report.attempts = vec![attempt("a01")];
    report.run.budget = Budget { requests_max: 20, requests_used: 1, ..Budget::default() };
    report.limits = vec!["nothing after the refused key was tried".to_owned()];
    report
}

/// Works, and will not for ever.
pub(super) fn warning() -> Report {
    let checks =
        vec![timed(check("api.list", 1, Status::Warn, "listed; shut down on 2026-12-01"), 99.6)];
    let found = Finding {
        title: "this model will be shut down on 2026-12-01".to_owned(),
        layer: Layer::Model,
        severity: Severity::Warning,
        ..finding("model-retiring")
    };
    let mut report = report("list-models", checks, vec![found], "1 of 2 models retires soon.");
    report.sheets = vec![models()];
    report.data = json!({"models": [{"name": "gemini-2.5-flash"}]});
    report.run.budget = Budget {
        requests_max: 20,
        requests_used: 3,
        paid_requests_used: 1,
        input_tokens: 7,
        output_tokens: 1,
    };
    report
}

/// Two causes and a note.
pub(super) fn several() -> Report {
    let mut report = failing();
    let expired = Finding {
        title: "the proxy's certificate has expired".to_owned(),
        layer: Layer::Tls,
        class: Class::Path,
        consequences: vec![consequence("server-disconnected", "the server closes the connection")],
        ..finding("tls-certificate-expired")
    };
    let note = Finding {
        severity: Severity::Note,
        layer: Layer::Local,
        fixes: vec![],
        ..finding("sdk-old")
    };
    report.findings.extend([expired, note]);
    report.places = [("src/app.py", None, Some(12)), ("app.apk", Some("assets/a b.js"), None)]
        .map(|(file, member, line)| Place {
            about: None,
            rule: "key-in-bundle".to_owned(),
            level: Severity::Error,
            message: "a key lies here".to_owned(),
            file: file.to_owned(),
            member: member.map(str::to_owned),
            line,
            column: line.map(|_| 9),
            offset: 300,
            stable: "sha256:00000000/auth_key".to_owned(),
        })
        .to_vec();
    report.findings[0].confidence = Confidence::High;
    report.attempts.push(attempt("a02"));
    decided(report)
}

/// The same, where nothing was real.
pub(super) fn simulated() -> Report {
    let mut report = failing();
    report.run.simulated = Some("standard-key-rejected-2026".to_owned());
    report.credential.fingerprint = Some("sha256:00000000".to_owned());
    report
}

/// A run that could not begin.
pub(super) fn unusable() -> Report {
    let mut report = report("check-key", vec![], vec![], "No API key was found.");
    report.verdict.status = Status::Fail;
    report.verdict.word = "ERROR".to_owned();
    report.verdict.exit_code = Exit::Usage.code();
    report.verdict.exit_meaning = verdict::exit_meaning(Exit::Usage).to_owned();
    report.credential =
        Credential { kind: KeyKind::None, source: None, fingerprint: None, project: None };
    report.error = Some(ErrorInfo {
        message: "no API key in the environment and in .env".to_owned(),
        hint: "set one, and run the same command again:\n  export GEMINI_API_KEY=$KEY\nmake one:\n  https://aistudio.google.com/api-keys".to_owned(),
    });
    report
}

/// The rounds of the benchmark.
const ROUNDS: u32 = 24;

/// Four arms, with calls that failed and a difference that is none.
pub(super) fn benchmark() -> Report {
    let sentence = "a cold call takes 1.4 times as long as a warm one (1.39 to 1.46): \
                    connections cost that, not the protocol.";
    let mut report = report("bench-transport", vec![], vec![], sentence);
    report.verdict.word = "SLOWER".to_owned();
    report.verdict.next =
        Some("gemini-doctor bench-transport --arms h1,h2 --rounds 240".to_owned());
    report.samples = (1..=ROUNDS).flat_map(round).collect();
    report.sheets = vec![arms(), comparisons()];
    let remark = |label, text: &str| Remark { label, text: text.to_owned(), command: None };
    report.remarks = vec![
        remark("time", "of 171 ms of a cold call the handshakes take 51 and the model 117"),
        remark("noise", "the same arm twice differs by 0.97 to 1.03; nothing finer is said"),
    ];
    report.limits =
        vec!["closed loop: a server that stops is not seen by calls that wait".to_owned()];
    report.run.budget = Budget { requests_max: 500, requests_used: 96, ..Budget::default() };
    report
}

/// What several machines recorded.
pub(super) fn joined() -> Report {
    let benchmark = benchmark();
    let sentence = "3 logs joined exactly: 8 arms, 1000 answered calls, and 9 that failed.";
    let mut report = report("merge", vec![], vec![], sentence);
    report.verdict.word.clear();
    report.recorded = hdr::of_samples(&benchmark).into_iter().map(doubled).collect();
    // Far away from the others, few, and none at all.
    let fast = (0..800_u64).map(|number| 2_600 + number * number % 997 + number % 13 * 40);
    report.recorded.push(recorded("h3-resumed", fast));
    report.recorded.push(recorded("grpc-warm", (0..12_u64).map(|number| 9_000 + number * 1_900)));
    report.recorded.push(recorded("", [5_100_000, 6_200_000].into_iter()));
    report.recorded.push(Recorded { failed: 3, ..recorded("grpc-cold", [].into_iter()) });
    report
}

fn recorded(name: &str, values: impl Iterator<Item = u64>) -> Recorded {
    let mut recorded = Recorded::empty(name, Unit::Microseconds, 3, 1);
    values.for_each(|value| recorded.counts.record(value).unwrap());
    recorded
}

fn doubled(mut recorded: Recorded) -> Recorded {
    let same = recorded.counts.clone();
    recorded.counts.add(same).unwrap();
    recorded.failed *= 2;
    recorded
}

/// Every arm once.
fn round(round: u32) -> Vec<Sample> {
    let arms = ["h1-cold", "h1-warm", "h2-cold", "h2-warm"];
    (0..).zip(arms).map(|(place, arm)| sample(round, place, arm)).collect()
}

/// A call whose times are as uneven as those of a network, and the same in every run.
fn sample(round: u32, place: u32, arm: &str) -> Sample {
    let dice = f64::from((round * 37 + place * 11) % ROUNDS) / f64::from(ROUNDS);
    let tail = 1.0 + dice * 0.25 + dice.powi(8) * 1.5;
    let thousandth = |ms: f64| (ms * 1000.0).round() / 1000.0;
    let cold = arm.ends_with("cold");
    let of_cold = |ms: f64| cold.then(|| thousandth(ms * (1.0 + dice * 0.2)));
    let (dns_ms, tcp_ms, tls_ms) = (of_cold(2.5), of_cold(20.0), of_cold(24.0));
    let first_byte_ms = thousandth(104.0 * tail);
    let total_ms = thousandth(first_byte_ms + 3.0);
    let opened: f64 = [dns_ms, tcp_ms, tls_ms].into_iter().flatten().sum();
    let ended = match (round, place) {
        (7, 0) => Ended::Refused(503),
        (15, 0) => Ended::Failed { stage: Stage::Head, fault: Fault::TimedOut },
        (19, 3) => Ended::Failed { stage: Stage::Tcp, fault: Fault::Refused },
        _ => Ended::Answered,
    };
    Sample {
        arm: Arc::from(arm),
        round,
        at_ms: f64::from(round * 400 + place * 100),
        due_ms: None,
        ended,
        phases: Phases {
            dns_ms,
            tcp_ms,
            tls_ms,
            request_written_ms: Some(0.21),
            first_byte_ms: Some(first_byte_ms),
            total_ms: Some(total_ms),
            server_ms: Some(97.5),
            ..Phases::default()
        }
        .into(),
        latency_ms: thousandth(opened + total_ms),
        connection: if cold { round * 4 + place } else { place },
        nth: if cold { 1 } else { round + 1 },
        handshake: cold.then_some(HandshakeKind::Full),
        bytes_sent: if cold { 2310 } else { 412 },
        bytes_received: if cold { 6200 } else { 1180 },
        input_tokens: Some(2),
        output_tokens: None,
    }
}

fn arms() -> Sheet {
    let row = |cells: [&str; 5]| cells.map(str::to_owned).to_vec();
    Sheet {
        title: "arms".to_owned(),
        columns: ["arm", "answered", "failed", "p50 ms", "p95 ms"]
            .map(|head| if head == "arm" { Column::text(head) } else { Column::number(head) })
            .to_vec(),
        rows: vec![
            row(["h1-cold", "22", "2", "171", "262"]),
            row(["h1-warm", "24", "0", "120", "205"]),
            row(["h2-cold", "24", "0", "171", "260"]),
            row(["h2-warm", "23", "1", "119", "206"]),
        ],
        notes: vec![],
    }
}

fn comparisons() -> Sheet {
    let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    Sheet {
        title: "comparisons".to_owned(),
        columns: ["what", "ratio", "says"].map(Column::text).to_vec(),
        rows: vec![
            row(["h1-cold / h1-warm", "1.43 (1.39-1.46)", "slower"]),
            row([
                "h1-warm / h2-warm",
                "1.00 (0.98-1.02)",
                "no difference shown; 24 rounds would have seen one of 9 %",
            ]),
        ],
        notes: vec![],
    }
}

/// Texts that want to be more than texts.
pub(super) fn hostile() -> Report {
    let evil = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m]]> <b>| a | `x` </failure> &amp; %0A\r\n::error title=x::y ##[error]z -- \u{202e}gnp\u{200b} \u{0}--> @all https://example.com/?a=1&b=2";
    let mut report = several();
    report.run.simulated = Some(evil.to_owned());
    report.verdict.sentence = evil.to_owned();
    report.verdict.next = Some(evil.to_owned());
    report.checks[4].detail = evil.to_owned();
    report.checks[4].title = evil.to_owned();
    for finding in &mut report.findings {
        finding.title = evil.to_owned();
        finding.evidence = vec![proof(evil)];
        finding.fixes = vec![step(1, evil, Some(evil))];
    }
    let notes = vec![evil.to_owned()];
    report.sheets = vec![Sheet {
        rows: vec![vec![evil.to_owned(); 3]],
        title: evil.to_owned(),
        notes,
        ..models()
    }];
    report.limits = vec![evil.to_owned()];
    report.samples = round(1);
    report.samples[0].arm = Arc::from(evil);
    report.remarks =
        vec![Remark { label: "noise", text: evil.to_owned(), command: Some(evil.to_owned()) }];
    report.error = Some(ErrorInfo { message: evil.to_owned(), hint: evil.to_owned() });
    report
}

/// A finding to change.
pub(super) fn finding(id: &str) -> Finding {
    Finding {
        id: id.to_owned(),
        entry: format!("docs/known-fixes.md#{id}"),
        title: format!("the cause called {id}"),
        layer: Layer::Auth,
        blame: Blame::Caller,
        severity: Severity::Error,
        confidence: Confidence::High,
        retry: Retry::of(RetryClass::FixFirst, None, Some(false)),
        why: "One sentence says why it happens.".to_owned(),
        evidence: vec![proof("something was seen")],
        ruled_out: vec![],
        fixes: vec![step(1, "do the thing that helps", Some("gemini-doctor check-key"))],
        splits: vec![],
        consequences: vec![],
        alternative_to: None,
        confirm: "the same command passes".to_owned(),
        class: Class::Yours,
    }
}

/// A check to change.
pub(super) fn check(id: &str, stage: u8, status: Status, detail: &str) -> Check {
    Check {
        id: id.to_owned(),
        stage,
        title: id.rsplit('.').next().expect("a split has a part").to_owned(),
        layer: Layer::Auth,
        status,
        duration_ms: None,
        detail: detail.to_owned(),
        attempts: vec![],
    }
}

fn refused_key() -> Finding {
    let mut wait = finding("standard-key-rejected-2026");
    "an old standard key; those stopped in 2026".clone_into(&mut wait.title);
    wait.confidence = Confidence::Medium;
    wait.ruled_out =
        ["dns", "proxy", "tls"].map(|id| ruled_out(id, "Google itself answered")).to_vec();
    wait.splits = vec![
        unsplit("api-key-invalid", "a deleted or mistyped key"),
        unsplit("api-key-expired", "an expired key"),
    ];
    wait.consequences = vec![consequence("model-name-wrong", "the model is not found")];
    wait.evidence = vec![proof("400 API_KEY_INVALID: \"API key not valid.\"")];
    let mut make = step(
        1,
        "make a new key, which will start with AQ., and remove the old one from wherever it is used",
        None,
    );
    make.doc = Some(
        "https://ai.google.dev/gemini-api/docs/api-key-and-a-long-path-that-nobody-may-cut"
            .to_owned(),
    );
    let ask = FixStep {
        who: Who::Owner,
        ..step(
            2,
            "or ask the owner of the project for one",
            Some(
                "gcloud services api-keys list --project 123456789 --format 'table(name,restrictions)'",
            ),
        )
    };
    wait.fixes = vec![make, ask];
    wait
}

fn ruled_out(id: &str, because: &str) -> RuledOut {
    RuledOut { id: id.to_owned(), because: because.to_owned(), attempts: vec!["a01".to_owned()] }
}

fn unsplit(id: &str, title: &str) -> Unsplit {
    Unsplit {
        id: id.to_owned(),
        title: title.to_owned(),
        by: "the list of keys shows which".to_owned(),
    }
}

fn consequence(id: &str, title: &str) -> Consequence {
    Consequence { id: id.to_owned(), title: title.to_owned() }
}

fn proof(text: &str) -> Proof {
    Proof { attempt: Some("a01".to_owned()), text: text.to_owned(), decisive: true }
}

fn step(rank: u32, action: &str, command: Option<&str>) -> FixStep {
    FixStep {
        rank,
        who: Who::You,
        action: action.to_owned(),
        command: command.map(str::to_owned),
        doc: None,
    }
}

fn models() -> Sheet {
    let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    Sheet {
        title: "models".to_owned(),
        columns: vec![Column::text("name"), Column::number("input"), Column::text("says")],
        rows: vec![
            row([
                "gemini-3.5-flash",
                "1048576",
                "stable; the newest of its line that this key's list holds, with all methods that it needs",
            ]),
            row(["gemini-2.5-flash", "65536", "shut down on 2026-12-01"]),
        ],
        notes: vec!["gemini-doctor list-models --routes routes.json".to_owned()],
    }
}

fn timed(check: Check, ms: f64) -> Check {
    Check { duration_ms: Some(ms), ..check }
}

fn attempt(id: &str) -> Attempt {
    Attempt {
        id: id.to_owned(),
        at_ms: 1.5,
        method: Some(Method::List),
        model: None,
        host: "generativelanguage.googleapis.com".to_owned(),
        path: "/v1beta/models".to_owned(),
        http: Some("HTTP/2".to_owned()),
        remote: Some("192.0.2.1:443".to_owned()),
        connection: Some(1),
        reused: false,
        phases: Phases { dns_ms: Some(12.0), total_ms: Some(102.0), ..Phases::default() },
        status: Some(400),
        answered_by: Some(Party::Api),
        failure: None,
        summary: "400 INVALID_ARGUMENT".to_owned(),
        response_id: None,
        model_version: None,
        input_tokens: None,
        output_tokens: None,
    }
}

fn report(command: &str, checks: Vec<Check>, findings: Vec<Finding>, sentence: &str) -> Report {
    decided(Report {
        schema_version: SCHEMA_VERSION.to_owned(),
        tool: Tool {
            name: "gemini-doctor".to_owned(),
            version: "0.0.0".to_owned(),
            catalogue_as_of: "2026-05-29".to_owned(),
        },
        run: Run {
            id: "r-example".to_owned(),
            command: command.to_owned(),
            started_at: "2026-05-29T22:00:03.120Z".to_owned(),
            duration_ms: 203.4,
            seed: 7,
            simulated: None,
            dry_run: false,
            budget: Budget::default(),
        },
        target: Target {
            base_url: "https://generativelanguage.googleapis.com".to_owned(),
            base_url_source: "default".to_owned(),
            api: "gemini".to_owned(),
            api_version: "v1beta".to_owned(),
            model: None,
            model_source: None,
        },
        credential: Credential {
            kind: KeyKind::StandardKey,
            source: Some(".env:3".to_owned()),
            fingerprint: Some("sha256:1f0c9a2b".to_owned()),
            project: None,
        },
        verdict: undecided(command, sentence),
        checks,
        findings,
        attempts: vec![],
        samples: Vec::new(),
        data: Value::Object(serde_json::Map::new()),
        limits: vec![],
        error: None,
        recorded: vec![],
        places: vec![],
        sheets: vec![],
        remarks: vec![],
    })
}

fn undecided(command: &str, sentence: &str) -> Verdict {
    Verdict {
        status: Status::Pass,
        exit_code: 0,
        word: String::new(),
        sentence: sentence.to_owned(),
        exit_meaning: String::new(),
        summary: verdict::summary(&[]),
        next: Some(format!("gemini-doctor {command}")),
    }
}

/// The verdict that the checks and findings call for.
fn decided(mut report: Report) -> Report {
    let (status, exit) = verdict::verdict(&report.checks, &report.findings, None);
    report.verdict.status = status;
    report.verdict.exit_code = exit.code();
    report.verdict.word = verdict::word(status).to_owned();
    report.verdict.exit_meaning = verdict::exit_meaning(exit).to_owned();
    report.verdict.summary = verdict::summary(&report.checks);
    report
}
