//! `bench-transport`: which way is faster, what the connection costs and what the protocol, as the real
//! binary tells it of worlds whose times are known.
//!
//! Times are real here, and the machine is shared: what is held against them are orders, and ratios
//! with room to spare. The narrow figures are in a check of their own.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use gemini_doctor::simulate;
use serde_json::{Value, json};

use crate::harness::{Doctor, Ran, Server};

fn bench(line: &str) -> (Ran, Value) {
    let ran = Doctor::line(&format!("bench-transport {line} --format json")).run();
    let report = ran.json();
    (ran, report)
}

fn comparison<'a>(report: &'a Value, a: &str, b: &str) -> &'a Value {
    let all = report["data"]["comparisons"].as_array().expect("comparisons");
    let found = all.iter().find(|one| one["a"] == a && one["b"] == b);
    found.unwrap_or_else(|| panic!("no {a} against {b} in {all:#?}"))
}

fn arm<'a>(report: &'a Value, name: &str) -> &'a Value {
    let all = report["data"]["arms"].as_array().expect("arms");
    all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no {name} in {all:#?}"))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The median time that the server itself spent on calls over a version of HTTP.
fn served(server: &Server, http: &str) -> f64 {
    let seen = server.simulation.requests();
    let ours = seen.iter().filter(|one| one.http == http);
    let mut times: Vec<f64> = ours.filter_map(|one| one.service_ms).collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

#[test]
fn delays_of_the_protocol_are_found_and_blamed_on_it() {
    let server = Server::start("transport-delays");
    let line = "bench-transport --arms h1,h2-warm --rounds 14 --format json";
    let ran = server.doctor(line).run();
    let report = ran.json();
    assert_eq!(ran.code, 0, "{report:#}");
    assert_eq!(report["verdict"]["word"], "DIFFERENT");
    let ratio = number(&comparison(&report, "h1-warm", "h2-warm")["ratio"]);
    let truth = served(&server, "HTTP/1.1") / served(&server, "HTTP/2");
    assert!((ratio / truth - 1.0).abs() < 0.15, "{ratio} where the server says {truth}");
    assert_eq!(comparison(&report, "h1-warm", "h2-warm")["verdict"], "slower");
    assert_eq!(report["data"]["splits"][0]["blame"], "protocol", "{report:#}");
}

#[test]
fn slow_connections_are_blamed_and_the_protocol_is_not() {
    let (ran, report) = bench("--simulate cold-connections-slow --rounds 12");
    assert_eq!(ran.code, 0);
    let split = &report["data"]["splits"][0];
    assert_eq!(split["blame"], "connection_set_up", "{split:#}");
    assert!(number(&split["set_up"]["ms"]) > 150.0, "{split:#}");
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("A new connection for each call costs"), "{sentence}");
}

#[test]
fn phases_that_are_known_are_found_again() {
    let (_, report) = bench(
        "--simulate phases-known.proxy --rounds 5 --arms h2-cold --workload stream:20 --no-again",
    );
    let phases = &arm(&report, "h2-cold")["phases"];
    let near = |name: &str, ms: f64| {
        let found = number(&phases[name]);
        assert!(
            (ms * 0.95..ms * 3.0).contains(&found),
            "{name} is {found} and not {ms}: {phases:#}"
        );
    };
    near("proxy_ms", 40.0);
    near("tls_ms", 60.0);
    near("first_byte_ms", 120.0);
    near("first_token_ms", 200.0);
    near("longest_gap_ms", 150.0);
}

#[test]
fn what_the_server_counts_is_what_is_told() {
    let server = Server::start("transport-zero");
    let line = "bench-transport --rounds 10 --arms h1,h2-cold,h2-warm --format json";
    let report = server.doctor(line).run().json();
    let used = report["run"]["budget"]["requests_used"].as_u64().expect("a count");
    assert_eq!(server.simulation.requests().len() as u64, used);
    let arms = report["data"]["arms"].as_array().expect("arms");
    let opened: u64 = arms.iter().filter_map(|arm| arm["connections_opened"].as_u64()).sum();
    // The first call, which shows the way, has a connection of its own, and so have the PINGs.
    assert_eq!(server.simulation.connections() as u64, opened + 2);
    assert_eq!(report["samples"].as_array().expect("samples").len(), 50);
    for (name, handshakes) in [("h1-cold", json!({"full": 10})), ("h1-warm", json!({}))] {
        assert_eq!(arm(&report, name)["handshakes"], handshakes);
    }
    assert!(number(&arm(&report, "h1-cold")["bytes_received"]) > 10_000.0);
}

#[test]
fn a_resumed_handshake_is_told_as_one() {
    let (_, report) = bench("--simulate transport-zero --rounds 5 --arms h2-cold,h2-resumed");
    assert_eq!(arm(&report, "h2-resumed")["handshakes"], json!({"resumed": 5}));
    assert_eq!(arm(&report, "h2-cold")["handshakes"], json!({"full": 5}));
}

#[test]
fn too_few_rounds_decide_nothing() {
    let (ran, report) = bench("--simulate transport-zero --rounds 3");
    assert_eq!((ran.code, &report["verdict"]["word"]), (5, &json!("UNCLEAR")));
    assert_eq!(comparison(&report, "h1-warm", "h2-warm")["verdict"], "too_few_rounds");
}

#[test]
fn a_key_that_is_refused_is_not_timed() {
    let (ran, report) = bench("--simulate api-key-invalid");
    assert_eq!(ran.code, 1, "{report:#}");
    assert_eq!(report["findings"][0]["id"], "api-key-invalid");
    assert_eq!(report["samples"], json!([]));
}

#[test]
fn a_way_that_leads_nowhere_is_left_out_and_named() {
    let (ran, report) = bench("--simulate http2-not-offered --rounds 12");
    let lost = arm(&report, "h2-warm");
    assert!(lost["unavailable"].is_string(), "{lost:#}");
    assert_eq!(arm(&report, "h1-warm")["answered"], 12);
    assert_eq!(report["data"]["negotiated"]["alpn"], "http/1.1");
    assert_eq!(ran.code, 0, "{report:#}");
}

#[test]
fn calls_that_cost_money_need_a_yes() {
    let ran = Server::start("transport-zero").doctor("bench-transport --workload words:50").run();
    assert_eq!(ran.code, 2, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("paid calls") && ran.stderr.contains("--yes"), "{}", ran.stderr);
}

#[test]
fn tokens_of_paid_calls_are_told() {
    let (ran, report) = bench(
        "--simulate transport-zero --rounds 10 --arms h1-warm,h2-warm --workload words:20 --yes",
    );
    assert_eq!(ran.code, 0, "{report:#}");
    assert!(report["samples"][0]["output_tokens"].as_u64().is_some_and(|tokens| tokens > 0));
    assert!(report["run"]["budget"]["output_tokens"].as_u64().is_some_and(|tokens| tokens > 20));
}

#[test]
fn a_request_of_ones_own_is_sent_as_it_is() {
    let body = json!({"contents": [{"role": "user", "parts": [{"text": "hello there"}]}]});
    let line = "bench-transport --simulate transport-zero --request r.json --stream --rounds 10 \
                --arms h2-warm --format json";
    let report = Doctor::line(line).file("r.json", body.to_string()).run().json();
    assert_eq!(report["data"]["workload"]["method"], "models.streamGenerateContent");
    assert!(number(&arm(&report, "h2-warm")["phases"]["first_token_ms"]) > 0.0);
}

#[test]
fn an_earlier_run_is_a_bar() {
    let first = Doctor::line(
        "bench-transport --simulate transport-zero --arms h1-warm --rounds 20 --report json=a.json",
    );
    let (_, folder) = first.run_and_keep();
    let earlier = std::fs::read_to_string(folder.path().join("a.json")).expect("a report");
    let held_against = |scenario: &str, earlier: &str| {
        let line = format!(
            "bench-transport --simulate {scenario} --arms h1-warm --rounds 12 --baseline a.json \
             --format json"
        );
        let ran = Doctor::line(&line).file("a.json", earlier).run();
        (ran.code, ran.json())
    };
    let (code, report) = held_against("transport-delays", &earlier);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(report["findings"][0]["id"], "latency-regressed");
    assert_eq!(report["data"]["baseline"]["arms"][0]["slower"], true);
    // A busy machine is slower than a quiet one, and never ten times as quick.
    let mut slow: Value = serde_json::from_str(&earlier).expect("JSON");
    for sample in slow["samples"].as_array_mut().expect("samples") {
        sample["latency_ms"] = json!(1_000.0 + number(&sample["latency_ms"]));
    }
    let (code, report) = held_against("transport-zero", &slow.to_string());
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["data"]["baseline"]["arms"][0]["slower"], false);
}

#[test]
fn arguments_that_make_no_sense_are_told() {
    for (line, part) in [
        ("--arms h9", "is no arm"),
        ("--workload words:0", "is no workload"),
        ("--versus direct", "no proxy is set"),
        ("--versus address=here", "is no IP address"),
        ("--versus model=gemini-3.8-flash", "the same model"),
        ("--versus nothing", "nothing to compare"),
        ("--http 2", "--arms h1"),
        ("--rounds 0", "--rounds 0"),
        ("--concurrency 65", "from 1 to 64"),
        ("--rounds 1000000 --concurrency 64", "no more than 1000000 calls"),
        ("--duration soon", "--duration"),
        ("--request none.json", "none.json"),
        ("--baseline none.json", "none.json"),
    ] {
        let ran = Doctor::line(&format!("bench-transport --simulate transport-zero {line}")).run();
        assert_eq!(ran.code, 2, "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains(part), "{line}: {}", ran.stderr);
    }
}

#[test]
fn two_models_are_compared_by_their_time() {
    let (_, report) = bench(
        "--simulate two-models --model gemini-3.5-flash-lite --versus model=gemini-3.1-flash-lite \
         --arms h2-warm --workload stream:20 --rounds 10 --yes --no-again",
    );
    let usual = arm(&report, "h2-warm");
    let other = arm(&report, "h2-warm-other");
    assert_eq!(
        (&usual["side"], &other["side"]),
        (&json!("gemini-3.5-flash-lite"), &json!("gemini-3.1-flash-lite"))
    );
    let first = |arm: &Value| number(&arm["phases"]["first_token_ms"]);
    let speed = |arm: &Value| number(&arm["tokens_per_second_of_stream"]);
    assert!(first(other) > 1.5 * first(usual), "{} {}", first(usual), first(other));
    assert!(speed(other) > 1.3 * speed(usual), "{} {}", speed(usual), speed(other));
    let compared = report["data"]["comparisons"].as_array().expect("comparisons");
    let first =
        compared.iter().find(|one| one["figure"] == "first_text").expect("by its first text");
    assert_eq!(
        (&first["verdict"], &first["matters"]),
        (&json!("faster"), &json!(true)),
        "{first:#}"
    );
    let says = report["data"]["says"].as_str().expect("a sentence");
    assert!(says.contains("The first text of gemini-3.1-flash-lite comes after"), "{says}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_gives_a_report_of_what_was_measured() {
    let doctor = Doctor::line("bench-transport --simulate transport-delays --format json");
    let (mut command, _folder) = doctor.into_command();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    std::thread::sleep(Duration::from_secs(6));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
    let ran = Ran::new(&child.wait_with_output().expect("it ends"));
    assert_eq!(ran.code, 130, "{}", ran.stderr);
    let report = ran.json();
    assert_eq!(report["verdict"]["word"], "STOPPED");
    assert!(!report["samples"].as_array().expect("samples").is_empty(), "{report:#}");
    assert_eq!(report["data"]["rounds"]["ended_because"], "stopped");
}

#[test]
fn each_sample_is_a_line_of_the_stream() {
    let ran =
        Doctor::line("bench-transport --simulate transport-zero --rounds 4 --format ndjson").run();
    let lines: Vec<Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let samples = lines.iter().filter(|line| line["type"] == "sample").count();
    let last = lines.last().expect("a report");
    assert_eq!((samples, last["samples"].as_array().map(Vec::len)), (20, Some(20)));
}

/// What a plain server does with a call.
enum Act {
    /// Answers with a model's entry.
    Entry,
    /// The same, and closes the connection.
    Last,
    /// Answers with another body.
    Body(&'static str),
    /// Answers with another status.
    Status(u16),
    /// Says nothing, for as long as anybody waits.
    Hang,
}

/// A server of plain HTTP/1.1 that counts the calls it takes.
struct Plain {
    address: SocketAddr,
    calls: Arc<AtomicU64>,
}

impl Plain {
    /// Does this with the call of each number, from 1.
    fn start(act: fn(u64) -> Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let calls = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&calls);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let counter = Arc::clone(&counter);
                thread::spawn(move || serve(&client, &counter, act));
            }
        });
        Self { address, calls }
    }

    fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    fn doctor(&self, line: &str) -> Doctor {
        let line = format!(
            "bench-transport --base-url http://{} {line} --format json --yes",
            self.address
        );
        Doctor::line(&line).env("GEMINI_API_KEY", simulate::AUTH_KEY)
    }

    fn bench(&self, line: &str) -> (Ran, Value) {
        let ran = self.doctor(line).run();
        let report = ran.json();
        (ran, report)
    }

    /// What is told of a run that is stopped so many seconds after its start.
    fn interrupted(&self, line: &str, seconds: u64) -> Value {
        let (mut command, _folder) = self.doctor(line).into_command();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        thread::sleep(Duration::from_secs(seconds));
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
        Ran::new(&child.wait_with_output().expect("it ends")).json()
    }
}

fn serve(client: &TcpStream, counter: &AtomicU64, act: fn(u64) -> Act) -> std::io::Result<()> {
    let mut reader = BufReader::new(client);
    loop {
        let (mut line, mut length) = (String::new(), 0);
        while reader.read_line(&mut line)? > 2 {
            let head = line.to_ascii_lowercase();
            if let Some(value) = head.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            line.clear();
        }
        if line.is_empty() {
            return Ok(());
        }
        reader.read_exact(&mut vec![0; length])?;
        let entry = r#"{"name": "models/m", "supportedGenerationMethods": ["generateContent"]}"#;
        let (status, body, end) = match act(counter.fetch_add(1, Ordering::SeqCst) + 1) {
            Act::Entry => (200, entry, ""),
            Act::Last => (200, entry, "connection: close\r\n"),
            Act::Body(body) => (200, body, ""),
            Act::Status(status) => (status, "{}", ""),
            Act::Hang => {
                thread::sleep(Duration::from_secs(600));
                return Ok(());
            }
        };
        let kind = if body.starts_with('<') { "text/html" } else { "application/json" };
        let size = body.len();
        let head =
            format!("HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {size}\r\n");
        (&*client).write_all(format!("{head}{end}\r\n{body}").as_bytes())?;
        if !end.is_empty() {
            return Ok(());
        }
    }
}

fn used(report: &Value) -> u64 {
    report["run"]["budget"]["requests_used"].as_u64().expect("a count")
}

fn samples(report: &Value) -> &[Value] {
    report["samples"].as_array().expect("samples")
}

const PAGE: &str = "<!doctype html><title>Sign in</title>";

#[test]
fn a_page_is_no_answer_and_a_way_that_brings_one_is_not_gone() {
    let server = Plain::start(|call| if call == 1 { Act::Entry } else { Act::Body(PAGE) });
    let (ran, report) = server.bench("--arms h1 --rounds 10");
    assert_eq!((ran.code, samples(&report).len()), (3, 0), "{report:#}");
    assert_eq!(report["findings"][0]["id"], "answer-not-json");
    assert!(arm(&report, "h1-warm")["unavailable"].is_string(), "{report:#}");
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert_eq!(report["verdict"]["word"], "FAIL");
    assert!(!sentence.contains("othing that was asked failed"), "{sentence}");
    assert!(!report["remarks"].to_string().contains("was stopped"), "{report:#}");
}

#[test]
fn pages_in_rounds_are_failures_and_in_no_latency() {
    let server = Plain::start(|call| if call <= 5 { Act::Entry } else { Act::Body(PAGE) });
    let (_, report) = server.bench("--arms h1-warm --no-again --rounds 10");
    let ends = samples(&report).iter().map(|sample| sample["ended"].to_string());
    let answered = ends.filter(|end| end.contains("answered")).count();
    assert_eq!((answered, samples(&report).len()), (2, 5), "{report:#}");
    assert_eq!(arm(&report, "h1-warm")["answered"], 2);
}

#[test]
fn a_call_that_hangs_does_not_hold_up_the_end() {
    for bound in ["--duration 2s", "--deadline 4"] {
        let server = Plain::start(|call| if call <= 6 { Act::Entry } else { Act::Hang });
        let began = Instant::now();
        let line = format!("--arms h1-warm --no-again --rounds 10000 --timeout 60 {bound}");
        let (_, report) = server.bench(&line);
        assert!(began.elapsed() < Duration::from_secs(25), "{bound}: {:?}", began.elapsed());
        assert_eq!(samples(&report).len(), 3, "{bound}: {report:#}");
        assert_eq!(report["data"]["rounds"]["ended_because"], "time", "{bound}");
        assert_eq!(used(&report), server.calls(), "{bound}: {report:#}");
    }
}

#[test]
fn no_more_requests_are_sent_than_are_allowed() {
    // Every second call is the last one of its connection: each round takes two requests.
    let server = Plain::start(|call| if call % 2 == 1 { Act::Last } else { Act::Entry });
    let (_, report) =
        server.bench("--arms h1-cold,h1-warm --no-again --rounds 50 --max-requests 20");
    assert!(server.calls() <= 20, "{} calls", server.calls());
    assert_eq!(used(&report), server.calls());
    let server =
        Plain::start(|call| if call > 1 && call % 2 == 1 { Act::Last } else { Act::Entry });
    let (_, report) = server.bench("--arms h1-warm --no-again --rounds 50 --max-requests 10");
    assert!((8..=10).contains(&server.calls()), "{} calls", server.calls());
    assert_eq!(used(&report), server.calls());
    assert_eq!(report["data"]["rounds"]["ended_because"], "budget", "{report:#}");
}

#[test]
fn no_round_is_begun_that_could_go_over_the_tokens() {
    let (_, report) = bench(
        "--simulate transport-zero --arms h1-warm,h2-warm --workload words:50 --rounds 20 --yes \
         --max-tokens 3000",
    );
    let budget = &report["run"]["budget"];
    let count = |name: &str| budget[name].as_u64().expect("a count");
    assert!(count("input_tokens") + count("output_tokens") <= 3000, "{budget:#}");
    assert_eq!(report["data"]["rounds"]["ended_because"], "budget", "{report:#}");
}

#[test]
fn a_request_without_a_cap_gets_one_and_that_is_told() {
    let told = |body: Value| {
        let line = "bench-transport --simulate transport-zero --request r.json --rounds 2 \
                    --arms h1-warm --no-again --format json";
        let report = Doctor::line(line).file("r.json", body.to_string()).run().json();
        report["data"]["notes"].to_string()
    };
    let contents = json!([{"role": "user", "parts": [{"text": "hello there"}]}]);
    assert!(told(json!({"contents": contents})).contains("capped at 4096 tokens"));
    let config = json!({"max_output_tokens": 50});
    assert_eq!(told(json!({"contents": contents, "generation_config": config})), "[]");
}

#[test]
fn what_the_other_side_did_is_told_of_the_other_side() {
    let usual = Plain::start(|_| Act::Entry);
    let other = Plain::start(|call| if call <= 2 { Act::Entry } else { Act::Status(500) });
    let line = format!("--arms h1-warm --versus base-url=http://{} --rounds 4", other.address);
    let (_, report) = usual.bench(&line);
    let attempts = report["attempts"].as_array().expect("attempts");
    let failed: Vec<&Value> = attempts.iter().filter(|one| one["status"] == 500).collect();
    assert!(!failed.is_empty(), "{report:#}");
    let host = other.address.to_string();
    assert!(failed.iter().all(|one| one["host"] == json!(host)), "{failed:#?}");
}

#[test]
fn a_server_that_closes_after_every_answer_has_no_warm_way() {
    let server = Plain::start(|_| Act::Last);
    let (ran, report) = server.bench("--arms h1 --rounds 10");
    let why = arm(&report, "h1-warm")["unavailable"].as_str().expect("a reason");
    assert!(why.contains("closes each connection after one call"), "{why}");
    assert_eq!((ran.code, arm(&report, "h1-cold")["answered"].as_u64()), (0, Some(10)));
    assert_eq!(report["findings"][0]["id"], "h1-close-each", "{report:#}");
    let (ran, report) = server.bench("--arms h1-warm --rounds 10");
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert_eq!(report["findings"][0]["id"], "h1-close-each", "{report:#}");
    assert!(sentence.contains("none of the ways could be gone"), "{sentence}");
    assert_eq!((ran.code, &report["verdict"]["word"]), (5, &json!("UNCLEAR")));
}

#[cfg(unix)]
#[test]
fn calls_that_are_under_way_when_a_run_is_stopped_are_counted() {
    let server = Plain::start(|call| if call == 1 { Act::Entry } else { Act::Hang });
    let report = server.interrupted("--rate 4 --duration 60s", 4);
    assert!(server.calls() > 3, "{} calls", server.calls());
    assert_eq!(used(&report), server.calls(), "{report:#}");
}

#[cfg(unix)]
#[test]
fn the_first_call_of_a_connection_that_rests_is_kept_when_the_run_is_stopped() {
    let server = Plain::start(|_| Act::Entry);
    let report = server.interrupted("--arms h1-warm --idle-sweep=100", 4);
    assert_eq!(samples(&report).len(), 2, "{report:#}");
    assert_eq!(used(&report), server.calls());
}
