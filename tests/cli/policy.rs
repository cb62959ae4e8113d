//! The printed retry policies, run by the real interpreters: what they send, when, and when they stop.
//!
//! A small driver in each language plays scenarios to a policy and writes down what it did, in a time
//! that only passes when it is told to. The grades here are the same for all languages. An interpreter
//! that is not installed is said and skipped.

use std::{
    collections::BTreeMap,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use gemini_doctor::{
    facts::RetryClass,
    policy::{Language, text},
};
use serde_json::Value;

use crate::harness::{has, root};

/// A class of error, and what its policy must do.
struct Expected {
    class: RetryClass,
    retries: usize,
    total_ms: u64,
    next_model_when_busy: bool,
}

const EXPECTED: [Expected; 6] = [
    expected(RetryClass::Never, 0, 60_000, false),
    expected(RetryClass::Once, 1, 60_000, false),
    expected(RetryClass::After, 3, 120_000, false),
    expected(RetryClass::Backoff, 3, 60_000, false),
    expected(RetryClass::Failover, 3, 60_000, true),
    expected(RetryClass::FixFirst, 0, 60_000, false),
];

const fn expected(class: RetryClass, retries: usize, total_ms: u64, busy: bool) -> Expected {
    Expected { class, retries, total_ms, next_model_when_busy: busy }
}

#[test]
fn python_does_what_the_policy_says() {
    if !has("python3", "--version") {
        return;
    }
    let checks_types = has("mypy", "--version");
    for expected in &EXPECTED {
        let place = Place::of(Language::Python, expected.class, "policy.py");
        place.must("python3", &["-m", "py_compile", "policy.py"]);
        if checks_types {
            place.must("mypy", &["--strict", "--no-color-output", "policy.py"]);
        }
        place.driven("driver.py", include_str!("policy/driver.py"));
        let play = |scenarios: &str| place.run("python3", &["driver.py", "policy.py"], scenarios);
        grade(Language::Python, expected, play);
    }
}

#[test]
fn typescript_does_what_the_policy_says() {
    let strips = node_strips_types();
    let compiles = has("node", "--version") && has("tsc", "--version");
    if !strips && !compiles {
        eprintln!("skipped: there is neither a node that strips types nor a node with tsc");
        return;
    }
    for expected in &EXPECTED {
        let place = Place::of(Language::Typescript, expected.class, "policy.mts");
        place.driven("driver.mjs", include_str!("policy/driver.mjs"));
        let play =
            |file: &str, scenarios: &str| place.run("node", &["driver.mjs", file], scenarios);
        if strips {
            grade(Language::Typescript, expected, |scenarios| play("policy.mts", scenarios));
        }
        if compiles {
            place.must("tsc", TSC);
            grade(Language::Typescript, expected, |scenarios| play("policy.mjs", scenarios));
        }
    }
}

/// As strict as the compiler can be.
const TSC: &[&str] = &[
    "--strict",
    "--noUncheckedIndexedAccess",
    "--noUnusedLocals",
    "--noImplicitOverride",
    "--noImplicitReturns",
    "--noEmitOnError",
    "--target",
    "es2022",
    "--lib",
    "es2022,dom",
    "--module",
    "nodenext",
    "policy.mts",
];

#[test]
fn rust_does_what_the_policy_says() {
    if !has("rustc", "--version") {
        return;
    }
    for expected in &EXPECTED {
        let place = Place::of(Language::Rust, expected.class, "policy.rs");
        place.driven("driver.rs", include_str!("policy/driver.rs"));
        let program = format!("driver{}", std::env::consts::EXE_SUFFIX);
        place.must("rustc", &["--edition", "2024", "-D", "warnings", "-o", &program, "driver.rs"]);
        let driver = place.path().join(program);
        let driver = driver.to_str().expect("a plain path");
        grade(Language::Rust, expected, |scenarios| place.run(driver, &[], scenarios));
    }
}

/// A directory with the policy in it.
struct Place(tempfile::TempDir);

impl Place {
    fn of(language: Language, class: RetryClass, file: &str) -> Self {
        let place = Self(tempfile::tempdir().expect("a scratch directory"));
        place.driven(file, &text(language, class));
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn driven(&self, name: &str, content: &str) {
        std::fs::write(self.path().join(name), content).expect("a file in a scratch directory");
    }

    /// Runs a program that must have nothing to complain of.
    fn must(&self, program: &str, arguments: &[&str]) {
        self.run(program, arguments, "");
    }

    fn run(&self, program: &str, arguments: &[&str], input: &str) -> String {
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(self.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it is installed");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(input.as_bytes()).expect("it reads its scenarios");
        drop(stdin);
        let ended = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        let complaint = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{program} {arguments:?}\n{said}\n{complaint}");
        said
    }
}

fn node_strips_types() -> bool {
    let place = tempfile::tempdir().expect("a scratch directory");
    std::fs::write(place.path().join("typed.mts"), "const one: number = 1;").expect("written");
    let ended = Command::new("node").arg("typed.mts").current_dir(place.path()).output();
    ended.is_ok_and(|ended| ended.status.success())
}

/// Everything that is asked of a policy; `play` runs scenarios in its language.
fn grade(language: Language, expected: &Expected, play: impl Fn(&str) -> String) {
    let scenarios = Scenarios::all(language);
    let said = play(&scenarios.lines);
    let traces = traces(&said);
    assert_eq!(traces.len(), scenarios.count, "{said}");
    let name = format!("{language} {}", expected.class.word());
    let graded = Graded { name, expected, advice: advice(language, expected.class), traces };
    graded.pauses_grow_within_their_windows();
    graded.chance_spreads_the_pauses();
    graded.what_does_not_pass_is_sent_once();
    graded.the_server_is_never_asked_sooner();
    graded.quotas_that_do_not_pass_are_not_waited_for();
    graded.no_answer_is_tried_once_more();
    graded.the_total_holds();
    graded.a_fallback_follows_what_passes();
    graded.another_model_takes_over();
}

/// The sentence that a policy ends with, out of its own text.
fn advice(language: Language, class: RetryClass) -> String {
    let text = text(language, class);
    let line = text.lines().find(|line| line.contains("ADVICE") && line.contains('='));
    line.and_then(|line| line.split('"').nth(1)).expect("an advice").to_owned()
}

/// What happened in one scenario.
#[derive(Debug, Default)]
struct Trace {
    attempts: Vec<Sent>,
    pauses: Vec<u64>,
    end: String,
    why: String,
}

#[derive(Debug)]
struct Sent {
    model: String,
    left_ms: i64,
    new_connection: bool,
}

fn traces(said: &str) -> BTreeMap<String, Trace> {
    let mut traces = BTreeMap::new();
    let mut name = String::new();
    for line in said.lines() {
        let words: Vec<&str> = line.split('\t').collect();
        let trace: &mut Trace = traces.entry(name.clone()).or_default();
        match words[..] {
            ["scenario", next] => {
                name = next.to_owned();
            }
            ["attempt", model, left, new] => trace.attempts.push(Sent {
                model: model.to_owned(),
                left_ms: left.parse().expect("milliseconds"),
                new_connection: new == "1",
            }),
            ["sleep", pause] => trace.pauses.push(pause.parse().expect("milliseconds")),
            ["end", end, why] => (trace.end, trace.why) = (end.to_owned(), why.to_owned()),
            _ => panic!("{line}"),
        }
    }
    traces.remove("");
    traces
}

/// The scenarios as the drivers read them.
#[derive(Default)]
struct Scenarios {
    lines: String,
    count: usize,
}

/// A failed call: status or word, how long it took, Retry-After, body.
type Step<'a> = (&'a str, u64, &'a str, &'a str);

const ANSWER: Step = ("ok", 100, "-", "-");
const PASSING: [&str; 4] = ["429", "500", "503", "504"];
const LASTING: [&str; 6] = ["400", "401", "402", "403", "404", "501"];
const SPREAD: usize = 12;

/// Ways to ask for seven seconds, or for much too long.
const ASKING: [(&str, &str); 9] = [
    ("json", r#"{"error":{"details":[{"@type":"…RetryInfo","retryDelay":"7s"}]}}"#),
    ("python", "429 {'error': {'details': [{'@type': '…RetryInfo', 'retryDelay': '7s'}]}}"),
    ("wrapped", r#"{"error":{"message":"{\"details\":[{\"retryDelay\": \"7s\"}]}"}}"#),
    ("proto", "429 quota. [links { }, retry_delay { seconds: 7 }]"),
    ("gateway", "Rate limit reached. Please retry after 7 seconds."),
    ("words", "Quota exceeded.\\nPlease retry in 7s."),
    ("fraction", "Please retry in 6.999999999s. {\"retryDelay\":\"7s\"}"),
    ("login", "You have exhausted your capacity. Your quota will reset after 7s."),
    ("both", "retryDelay: '3s', Please retry in 7s."),
];
const ASKING_TOO_LONG: [(&str, &str, &str); 6] = [
    ("hours", "-", "Your quota will reset after 13h26m46s."),
    ("minutes", "-", "Please retry in 5m0s."),
    ("metadata", "-", "{\"metadata\":{\"quotaResetDelay\":\"13h26m46.9s\"}}"),
    ("seconds", "-", "{\"retryDelay\": \"53821.568836s\"}"),
    ("header", "3600", "busy"),
    ("date", "Fri, 20 Nov 2026 23:00:00 GMT", "busy"),
];

impl Scenarios {
    fn all(language: Language) -> Self {
        let mut all = Self::default();
        for status in PASSING {
            for (word, chance) in [("low", "0"), ("high", "0.9999")] {
                all.add(&format!("{status} {word}"), "a", chance, &[(status, 100, "-", "busy")]);
            }
        }
        for round in 0..SPREAD {
            all.add(&format!("chance {round}"), "a", "-", &[("503", 100, "-", "busy")]);
        }
        for status in LASTING {
            all.with_fallback(&format!("lasting {status}"), "a,b", &[(status, 100, "-", "wrong")]);
        }
        all.add("second", "a", "0", &[("503", 100, "-", "busy"), ANSWER]);
        all.add("bound", "a", "0", &[("503", 29_000, "-", "slow")]);
        all.add("spent", "a,b", "0", &[("503", 130_000, "-", "slow")]);
        all.add("timeout", "a", "0", &[("timeout", 1000, "-", "no answer")]);
        all.add("busy models", "a,b", "0", &[("503", 100, "-", "busy")]);
        all.with_fallback("fallback", "a", &[("503", 100, "-", "busy")]);
        if language != Language::Rust {
            all.add("bug", "a", "0", &[("bug", 0, "-", "index out of range")]);
        }
        all.asking();
        all.not_passing();
        all.missing_models();
        all
    }

    fn asking(&mut self) {
        for (name, body) in ASKING {
            self.add(&format!("asks {name}"), "a", "0.5", &[("429", 100, "-", body), ANSWER]);
        }
        self.add("asks header", "a", "0.5", &[("503", 100, "7", "busy"), ANSWER]);
        self.add("asks little", "a", "0", &[("429", 1, "-", "retry in 250ms."), ANSWER]);
        self.add("asks real", "a", "0", &[("429", 1, "-", &body("quota-requests-per-minute"))]);
        for (name, after, body) in ASKING_TOO_LONG {
            self.add(&format!("late {name}"), "a", "0", &[("429", 100, after, body), ANSWER]);
        }
    }

    fn not_passing(&mut self) {
        self.add("zero in words", "a", "0", &[("429", 100, "-", ZERO_IN_WORDS)]);
        for file in FOR_A_DAY.iter().chain(&FOR_MONEY) {
            let text = body(file);
            self.add(file, "a", "0", &[("429", 100, "-", &text)]);
            self.add(&format!("{file} of two"), "a,b", "0", &[("429", 1, "-", &text), ANSWER]);
        }
    }

    fn missing_models(&mut self) {
        for (name, body) in GONE {
            self.add(&format!("gone {name}"), "models/a,b", "0", &[("404", 1, "-", body), ANSWER]);
        }
        let own = "models/a is not found for API version v1beta";
        self.add("own name", "models/a,b", "0", &[("404", 1, "-", own), ANSWER]);
        self.add("one gone", "a", "0", &[("404", 1, "-", GONE[0].1)]);
    }

    fn add(&mut self, name: &str, models: &str, chance: &str, steps: &[Step]) {
        self.push(&[name, models, chance, "none"], steps);
    }

    fn with_fallback(&mut self, name: &str, models: &str, steps: &[Step]) {
        self.push(&[name, models, "0", "fallback"], steps);
    }

    fn push(&mut self, head: &[&str], steps: &[Step]) {
        self.count += 1;
        self.lines += &format!("scenario\t{}\n", head.join("\t"));
        for (status, took, after, body) in steps {
            self.lines += &format!("step\t{status}\t{took}\t{after}\t{body}\n");
        }
    }
}

/// Refusals that no pause ends; another model may still answer.
const FOR_A_DAY: [&str; 3] = ["quota-daily", "quota-free-tier-zero", "quota-zero-region"];
/// The same as an SDK shortens it, without the quota's id.
const ZERO_IN_WORDS: &str = "[429 Too Many Requests] Quota exceeded for metric: \
                             generate_content_free_tier_requests, limit: 0, model: a. \
                             Please retry in 35.5s.";
/// Refusals that no model escapes.
const FOR_MONEY: [&str; 2] = ["prepaid-depleted", "spending-cap"];
/// A 404 that names what nobody asked for.
const GONE: [(&str, &str); 3] = [
    ("plain", "Model not found: models/b7-build"),
    ("long", "models/b7-build is not found for API version v1beta, or is not supported"),
    ("cloud", "Publisher Model `projects/example/publishers/google/models/b7-build` was not found"),
];

/// A body that the simulator answers with, on one line.
fn body(name: &str) -> String {
    let path = root().join(format!("src/simulate/bodies/{name}.json"));
    let text = std::fs::read_to_string(path).expect("a body of the simulator");
    serde_json::from_str::<Value>(&text).expect("JSON").to_string()
}

/// What a policy did, beside what it must do.
struct Graded<'a> {
    name: String,
    expected: &'a Expected,
    /// What a person is told at the end.
    advice: String,
    traces: BTreeMap<String, Trace>,
}

impl Graded<'_> {
    fn trace(&self, name: &str) -> &Trace {
        self.traces.get(name).unwrap_or_else(|| panic!("{}: {name} was played", self.name))
    }

    #[track_caller]
    fn sent(&self, name: &str, attempts: usize) -> &Trace {
        let trace = self.trace(name);
        assert_eq!(trace.attempts.len(), attempts, "{}, {name}: {trace:?}", self.name);
        trace
    }

    #[track_caller]
    fn gave_up(&self, name: &str, attempts: usize) -> &Trace {
        let trace = self.sent(name, attempts);
        assert_eq!(trace.end, "gave up", "{}, {name}: {trace:?}", self.name);
        trace
    }

    fn pauses_grow_within_their_windows(&self) {
        let bases = &[1000, 2000, 4000][..self.expected.retries];
        for status in PASSING {
            let low = self.gave_up(&format!("{status} low"), 1 + self.expected.retries);
            assert_eq!(low.pauses, bases, "{}", self.name);
            assert!(low.why.contains(status), "{}: {}", self.name, low.why);
            let high = self.gave_up(&format!("{status} high"), 1 + self.expected.retries);
            let highest: Vec<u64> = bases.iter().map(|base| base + 499).collect();
            assert_eq!(high.pauses, highest, "{}", self.name);
            assert!(high.pauses.iter().sum::<u64>() <= 8497, "{}", self.name);
        }
    }

    fn chance_spreads_the_pauses(&self) {
        if self.expected.retries == 0 {
            return;
        }
        let firsts: Vec<u64> =
            (0..SPREAD).map(|round| self.trace(&format!("chance {round}")).pauses[0]).collect();
        assert!(firsts.iter().all(|pause| (1000..1500).contains(pause)), "{firsts:?}");
        assert!(firsts.iter().any(|pause| *pause != firsts[0]), "{}: no jitter", self.name);
    }

    fn what_does_not_pass_is_sent_once(&self) {
        for status in LASTING {
            let trace = self.gave_up(&format!("lasting {status}"), 1);
            assert!(trace.why.contains(status), "{}: {}", self.name, trace.why);
            assert!(trace.why.ends_with(&self.advice), "{}: {}", self.name, trace.why);
        }
        if self.traces.contains_key("bug") {
            self.gave_up("bug", 1);
        }
    }

    fn the_server_is_never_asked_sooner(&self) {
        let again = 1 + self.expected.retries.min(1);
        for (name, _) in ASKING.iter().chain(&[("header", "")]) {
            let trace = self.sent(&format!("asks {name}"), again);
            assert_eq!(trace.pauses, [7250][..again - 1], "{}, {name}", self.name);
        }
        assert_eq!(self.sent("asks little", again).pauses, [1000][..again - 1], "{}", self.name);
        let real = &self.trace("asks real").pauses;
        assert!(real.iter().all(|pause| (23_418..23_420).contains(pause)), "{real:?}");
        assert!(real.len() >= again - 1, "{real:?}");
        for (name, ..) in ASKING_TOO_LONG {
            let trace = self.gave_up(&format!("late {name}"), 1);
            assert!(trace.pauses.is_empty(), "{}, {name}: it waited in vain", self.name);
        }
    }

    fn quotas_that_do_not_pass_are_not_waited_for(&self) {
        for file in FOR_A_DAY.iter().chain(&FOR_MONEY) {
            let trace = self.gave_up(file, 1);
            assert!(trace.pauses.is_empty(), "{}, {file}", self.name);
        }
        self.gave_up("zero in words", 1);
        for file in FOR_A_DAY {
            let trace = self.sent(&format!("{file} of two"), 2);
            assert_eq!((trace.end.as_str(), &trace.pauses[..]), ("answer", &[][..]), "{file}");
        }
        for file in FOR_MONEY {
            self.gave_up(&format!("{file} of two"), 1);
        }
    }

    fn no_answer_is_tried_once_more(&self) {
        let again = self.expected.retries.min(1);
        let trace = self.gave_up("timeout", 1 + again);
        assert_eq!(trace.pauses, [0][..again], "{}: at once", self.name);
        let fresh: Vec<bool> = trace.attempts.iter().map(|sent| sent.new_connection).collect();
        assert_eq!(fresh, [false, true][..=again], "{}", self.name);
    }

    fn the_total_holds(&self) {
        let total = i64::try_from(self.expected.total_ms).expect("small");
        for (name, trace) in &self.traces {
            assert_eq!(trace.attempts[0].left_ms, total, "{}, {name}", self.name);
            let late = trace.attempts.iter().any(|sent| sent.left_ms <= 0);
            assert!(!late, "{}, {name}: {trace:?}", self.name);
        }
        // Attempts of 29 s, then pauses of 1 and 2: the second ends with a second left of the minute.
        let fits = if total == 60_000 { 2 } else { 4 };
        self.gave_up("bound", fits.min(1 + self.expected.retries));
        self.gave_up("spent", 1);
    }

    fn a_fallback_follows_what_passes(&self) {
        let trace = self.sent("fallback", 1 + self.expected.retries);
        assert_eq!(trace.end, "instead", "{}", self.name);
        let second = self.trace("second");
        let end = if self.expected.retries == 0 { "gave up" } else { "answer" };
        assert_eq!(second.end, end, "{}", self.name);
    }

    fn another_model_takes_over(&self) {
        let tries = 1 + self.expected.retries;
        let models = if self.expected.next_model_when_busy { 2 } else { 1 };
        let trace = self.gave_up("busy models", tries * models);
        let first = trace.attempts.iter().filter(|sent| sent.model == "a").count();
        assert_eq!(first, tries, "{}", self.name);
        for (name, _) in GONE {
            let trace = self.sent(&format!("gone {name}"), 2);
            assert_eq!((trace.end.as_str(), &*trace.attempts[1].model), ("answer", "b"));
            assert!(trace.pauses.is_empty(), "{}: at once", self.name);
        }
        self.gave_up("own name", 1);
        self.gave_up("one gone", 1);
    }
}
