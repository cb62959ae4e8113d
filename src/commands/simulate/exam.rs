//! `simulate --grade`: what a client is started with, and how its grades read.

use serde_json::{Value, json};

use crate::{
    facts::{Check, Layer, Status},
    report::document::{Column, Sheet},
    simulate::exam::{self, Grade, LINES, Mark, Sitting},
};

/// Variables that would lead a client elsewhere, or to another key.
pub const UNSET: &[&str] = &[
    "GOOGLE_API_KEY",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "SSL_CERT_DIR",
];

/// What leads a client here: base URL, key and certificate under the names that SDKs and tools read.
pub fn variables(base_url: &str, key: &str, ca: &str) -> Vec<(String, String)> {
    let open_ai = format!("{base_url}/v1beta/openai/");
    [
        ("GEMINI_API_KEY", key),
        ("GOOGLE_GEMINI_BASE_URL", base_url),
        ("OPENAI_API_KEY", key),
        ("OPENAI_BASE_URL", &open_ai),
        ("SSL_CERT_FILE", ca),
        ("REQUESTS_CA_BUNDLE", ca),
        ("CURL_CA_BUNDLE", ca),
        ("NODE_EXTRA_CA_CERTS", ca),
        ("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", ca),
        ("NO_PROXY", "127.0.0.1,localhost"),
        ("no_proxy", "127.0.0.1,localhost"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// How an exam reads.
pub struct Told {
    /// One row a line.
    pub checks: Vec<Check>,
    /// The command's data.
    pub data: Value,
    /// What was seen, question by question.
    pub sheets: Vec<Sheet>,
    /// What the exam does not show.
    pub limits: Vec<String>,
    /// One word.
    pub word: &'static str,
    /// One sentence.
    pub sentence: String,
    /// The command that leads on.
    pub next: &'static str,
}

/// Tells of an exam. `program` is the client, where this program started it.
pub fn told(program: Option<&str>, sittings: &[Sitting]) -> Told {
    let marks = exam::grade(sittings);
    let (word, sentence) = headline(&marks);
    Told {
        checks: marks.iter().map(check).collect(),
        data: json!({ "exam": data(program, sittings, &marks) }),
        sheets: vec![sheet(sittings)],
        limits: limits(&marks),
        word,
        sentence,
        next: next(&marks),
    }
}

/// A client that fails needs a policy to retry by; what it passes is evidence for a launch.
fn next(marks: &[Mark]) -> &'static str {
    let any = |grade| marks.iter().any(|mark| mark.grade == grade);
    match (any(Grade::Fail), any(Grade::Unseen)) {
        (true, _) => "gemini-doctor explain --policy python 503",
        (false, true) => "gemini-doctor help simulate",
        (false, false) => "gemini-doctor ready --init",
    }
}

fn headline(marks: &[Mark]) -> (&'static str, String) {
    let count = |grade| marks.iter().filter(|mark| mark.grade == grade).count();
    let (all, unseen) = (marks.len(), count(Grade::Unseen));
    let open = match unseen {
        0 => String::new(),
        1 => "; 1 line did not show".to_owned(),
        many => format!("; {many} lines did not show"),
    };
    let failed: Vec<&str> =
        marks.iter().filter(|mark| mark.grade == Grade::Fail).map(|mark| mark.line.title).collect();
    let passed = count(Grade::Pass) + count(Grade::Warn);
    match (failed.len(), unseen) {
        (0, 0) => ("PASS", format!("the client passes all {all} lines of the exam.")),
        (0, _) => ("UNCLEAR", format!("the client passes {passed} of {all} lines{open}.")),
        (fails, _) => {
            let titles = failed.join("; ");
            ("FAIL", format!("the client fails {fails} of {all} lines{open}. Failed: {titles}."))
        }
    }
}

fn check(mark: &Mark) -> Check {
    let status = match mark.grade {
        Grade::Pass => Status::Pass,
        Grade::Warn => Status::Warn,
        Grade::Fail => Status::Fail,
        Grade::Unseen => Status::Inconclusive,
    };
    let place = LINES.iter().position(|line| line == mark.line).unwrap_or(0);
    Check {
        id: format!("grade.{}", mark.line.id),
        stage: u8::try_from(place + 1).unwrap_or(u8::MAX),
        title: mark.line.title.to_owned(),
        layer: Layer::Local,
        status,
        duration_ms: None,
        detail: mark.evidence.clone(),
        attempts: Vec::new(),
    }
}

/// The word of JSON.
const fn word(grade: Grade) -> &'static str {
    match grade {
        Grade::Pass => "pass",
        Grade::Warn => "warn",
        Grade::Fail => "fail",
        Grade::Unseen => "unseen",
    }
}

fn data(program: Option<&str>, sittings: &[Sitting], marks: &[Mark]) -> Value {
    let line = |mark: &Mark| {
        json!({
            "id": mark.line.id,
            "title": mark.line.title,
            "why": mark.line.why,
            "grade": word(mark.grade),
            "evidence": mark.evidence,
        })
    };
    json!({
        "client": program,
        "lines": marks.iter().map(line).collect::<Vec<_>>(),
        "sittings": sittings.iter().map(sitting).collect::<Vec<_>>(),
    })
}

fn sitting(sitting: &Sitting) -> Value {
    let requests = exam::requests(sitting);
    let request = |(at_ms, model, status): &(u64, Option<String>, Option<u16>)| json!({ "at_ms": at_ms, "model": model, "status": status });
    json!({
        "question": sitting.question.id,
        "status": sitting.question.status,
        "announced_ms": sitting.question.announced_ms,
        "ended": sitting.ended.word(),
        "requests": requests.iter().map(request).collect::<Vec<_>>(),
    })
}

fn sheet(sittings: &[Sitting]) -> Sheet {
    let row = |sitting: &Sitting| {
        let requests = exam::requests(sitting);
        let began = requests.first().map_or(0, |(at, ..)| *at);
        let times: Vec<String> = requests
            .iter()
            .map(|(at, ..)| format!("{:.1}", at.saturating_sub(began) as f64 / 1000.0))
            .collect();
        let mut models: Vec<&str> =
            requests.iter().filter_map(|(_, model, _)| model.as_deref()).collect();
        models.dedup();
        let status = sitting.question.status.to_string();
        vec![sitting.question.id.to_owned(), status, shortened(&times), models.join(", ")]
    };
    Sheet {
        title: "requests of each question, in seconds from its first".to_owned(),
        columns: vec![
            Column::text("question"),
            Column::number("status"),
            Column::text("came at"),
            Column::text("models"),
        ],
        rows: sittings.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn shortened(times: &[String]) -> String {
    const FEW: usize = 6;
    let more = if times.len() > FEW { " ..." } else { "" };
    format!("{}{more}", times.iter().take(FEW).cloned().collect::<Vec<_>>().join(" "))
}

fn limits(marks: &[Mark]) -> Vec<String> {
    let mut limits = vec![
        "waits are seen from the server: what a busy machine adds to them is taken for noise up to 8 %, \
         30 ms at least and 120 ms at most"
            .to_owned(),
    ];
    if marks.iter().any(|mark| mark.grade == Grade::Unseen) {
        limits.push(
            "what did not show is neither right nor wrong: the client did nothing that would tell"
                .to_owned(),
        );
    }
    limits
}
