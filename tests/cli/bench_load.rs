//! What `bench-transport` asks instead of rounds: calls at a rate, the limit of a gateway, connections that
//! rest, and what calls time out by, as the real binary tells it of worlds in which that is known.
//!
//! Times are real here, and the machine is shared: what is held against them has room to spare.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use crate::harness::{Doctor, Ran, Server};

fn bench(line: &str) -> (Ran, Value) {
    let ran = Doctor::line(&format!("bench-transport {line} --format json")).run();
    let report = ran.json();
    (ran, report)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn samples(report: &Value) -> &Vec<Value> {
    report["samples"].as_array().expect("samples")
}

/// The latency that so large a share of the answers do not exceed.
fn quantile(report: &Value, share: f64) -> f64 {
    let answered = samples(report).iter().filter(|sample| sample["ended"] == "answered");
    let mut times: Vec<f64> = answered.map(|sample| number(&sample["latency_ms"])).collect();
    times.sort_by(f64::total_cmp);
    times[(times.len() as f64 * share) as usize]
}

#[test]
fn a_rate_that_is_held_is_called_so() {
    let (ran, report) = bench("--simulate transport-zero --rate 20 --duration 3s");
    assert_eq!(ran.code, 0, "{report:#}");
    assert_eq!(report["verdict"]["word"], "SUSTAINED");
    let rate = &report["data"]["rate"];
    assert_eq!((&rate["verdict"], &rate["calls"]), (&json!("sustained"), &json!(60)));
    let due: Vec<f64> = samples(&report).iter().map(|sample| number(&sample["due_ms"])).collect();
    assert_eq!(due.len(), 60);
    assert!(due.windows(2).all(|pair| pair[1] > pair[0] - 200.0), "{due:?}");
    assert!(samples(&report).iter().all(|sample| sample["round"] == 0));
    assert_eq!(report["data"]["comparisons"], json!([]));
}

#[test]
fn a_server_that_does_ten_a_second_does_not_hold_twenty() {
    for way in ["h1-warm", "h2"] {
        let line = format!("--simulate rate-not-sustained --rate 20 --duration 5s --arms {way}");
        let (ran, report) = bench(&line);
        assert_eq!(ran.code, 3, "{report:#}");
        assert_eq!(report["verdict"]["word"], "NOT SUSTAINED");
        assert_eq!(report["findings"][0]["id"], "rate-not-sustained");
        let rate = &report["data"]["rate"];
        assert_eq!(rate["broke"]["first"], "latency", "{rate:#}");
        let answered = number(&rate["answered_per_second"]["value"]);
        assert!((8.0..12.5).contains(&answered), "{answered}");
    }
}

#[test]
fn three_refusals_in_a_row_end_a_run_at_a_rate() {
    let (ran, report) = bench("--simulate rate-limited --rate 60 --duration 20s");
    assert_eq!(ran.code, 3, "{report:#}");
    // What this machine itself delays before the first refusal breaks first, and is told so.
    let delayed = quantile(&report, 0.99) - quantile(&report, 0.0);
    let first = &report["data"]["rate"]["broke"]["first"];
    assert!(first == "429" || (first == "latency" && delayed > 2.0), "{first}, {delayed} ms");
    assert_eq!(report["data"]["rounds"]["ended_because"], "quota");
    let is_refused = |sample: &Value| sample["ended"] == json!({"refused": 429});
    let refused: Vec<bool> = samples(&report).iter().map(is_refused).collect();
    let in_a_row = refused.windows(3).position(|three| three == [true; 3]);
    assert!(in_a_row.is_some() && refused.len() < 600, "{refused:?}");
    let ids = report["findings"].as_array().expect("findings").iter().map(|found| &found["id"]);
    assert!(ids.into_iter().any(|id| id == "quota-requests-per-minute"));
}

#[test]
fn a_server_that_stops_shows_in_calls_that_are_due_and_hides_in_those_that_wait() {
    let world = "--simulate server-freezes.short --arms h2-warm";
    let (_, open) = bench(&format!("{world} --rate 50 --duration 5s"));
    // A fifth of all calls come due while it stands still for 200 ms.
    let due = number(&open["data"]["rate"]["p90_ms"]);
    let (_, closed) = bench(&format!("{world} --rounds 400 --duration 5s --no-again"));
    let waited = quantile(&closed, 0.9);
    assert!(due >= 70.0, "{due} ms");
    assert!(due > 3.0 * waited, "{due} ms where calls come when due, {waited} ms where they wait");
    let says = |report: &Value| report["limits"].to_string().contains("closed loop");
    assert!(says(&closed) && !says(&open));
}

#[test]
fn the_budget_and_the_time_hold_at_a_rate_too() {
    let line = "bench-transport --rate 50 --duration 10s --yes --max-requests 25 --format json";
    let server = Server::start("transport-zero");
    let report = server.doctor(line).run().json();
    assert_eq!(report["data"]["rounds"]["ended_because"], "budget");
    assert_eq!(report["run"]["budget"]["requests_used"], 25);
    assert_eq!(server.simulation.requests().len(), 25);
}

#[test]
fn a_bucket_in_front_of_a_gateway_is_found() {
    let (ran, report) = bench("--simulate gateway-rate-limited --find-limit");
    assert_eq!((ran.code, &report["verdict"]["word"]), (0, &json!("LIMITED")), "{report:#}");
    let limit = &report["data"]["limit"];
    assert_eq!(limit["kind"], "bucket", "{limit:#}");
    assert!((9.0..11.0).contains(&number(&limit["per_second"]["value"])), "{limit:#}");
    assert!((18.0..22.5).contains(&number(&limit["capacity"]["value"])), "{limit:#}");
}

#[test]
fn a_queue_in_front_of_a_gateway_is_no_bucket() {
    let (ran, report) = bench("--simulate rate-queued --find-limit");
    assert_eq!(ran.code, 0, "{report:#}");
    let limit = &report["data"]["limit"];
    assert_eq!(limit["kind"], "queue", "{limit:#}");
    assert!((9.0..11.0).contains(&number(&limit["per_second"]["value"])), "{limit:#}");
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("drained at"), "{sentence}");
}

#[test]
fn googles_own_limits_are_not_looked_for() {
    for line in ["--find-limit --simulate transport-zero", "--find-limit --yes --without-key skip"]
    {
        let ran = Doctor::line(&format!("bench-transport {line}")).run();
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains("per project"), "{}", ran.stderr);
        assert!(ran.stderr.contains("AI Studio"), "{}", ran.stderr);
    }
}

#[test]
fn load_needs_a_yes_although_it_is_free() {
    for line in ["--rate 12 --duration 5s", "--find-limit"] {
        let server = Server::start("transport-zero");
        let ran = server.doctor(&format!("bench-transport {line}")).run();
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        let told = ["requests to", " s, among them 0 paid calls", "--yes"];
        assert!(told.iter().all(|part| ran.stderr.contains(part)), "{}", ran.stderr);
        assert_eq!(server.simulation.requests().len(), 0);
    }
}

fn ways_of(report: &Value) -> &Vec<Value> {
    report["data"]["idle"]["ways"].as_array().expect("ways")
}

#[test]
fn the_close_of_idle_connections_is_placed_and_met() {
    let (ran, report) = bench("--simulate idle-close.short --idle-sweep=0.3,0.6,1.4");
    assert_eq!(ran.code, 0, "{report:#}");
    assert_eq!(report["verdict"]["word"], "CLOSES");
    assert_eq!(report["findings"][0]["id"], "idle-close");
    assert_eq!(ways_of(&report).len(), 2);
    for way in ways_of(&report) {
        assert_eq!(way["closes"], "between", "{way:#}");
        assert!((0.59..1.05).contains(&number(&way["after_s"])), "{way:#}");
        assert!((0.9..1.4).contains(&number(&way["until_s"])), "{way:#}");
    }
    let pool = number(&report["data"]["idle"]["pool_timeout_s"]);
    assert!(pool < 0.9, "{pool}");
}

#[test]
fn a_close_that_crosses_a_call_is_the_race() {
    let (_, report) = bench("--simulate idle-close.crossed --idle-sweep=0.4,1.5");
    for way in ways_of(&report) {
        assert_eq!(way["race_reproduced"], true, "{way:#}");
    }
    let (ran, report) = bench("--simulate transport-zero --idle-sweep=0.2,0.5");
    assert_eq!((ran.code, &report["verdict"]["word"]), (0, &json!("STAYS OPEN")));
    assert_eq!(ways_of(&report)[0]["race_reproduced"], false);
    assert_eq!(report["data"]["idle"]["pool_timeout_s"], Value::Null);
}

#[test]
fn what_calls_time_out_by_is_told_apart() {
    for (world, word, cause, code) in [
        ("timeout-large-input", "LARGE INPUT", "large_input", 1),
        ("timeout-network", "NETWORK", "network", 4),
        ("timeout-model-load --model gemini-3.5-flash", "MODEL LOAD", "model_load", 3),
        ("transport-zero", "NOTHING TO EXPLAIN", "nothing_to_explain", 0),
    ] {
        let (ran, report) = bench(&format!("--why-timeout --simulate {world}"));
        assert_eq!(report["data"]["timeout"]["cause"], cause, "{:#}", report["data"]["timeout"]);
        assert_eq!((ran.code, &report["verdict"]["word"]), (code, &json!(word)), "{world}");
        let used = report["run"]["budget"]["requests_used"].as_u64().expect("a count");
        assert!(used <= 60, "{used}");
        let found = report["findings"][0]["id"].as_str();
        let expected = (code != 0).then(|| world.split(' ').next().expect("a name"));
        assert_eq!(found, expected, "{world}");
    }
}

#[test]
fn what_excludes_each_other_is_told() {
    for (line, part) in [
        ("--rate 5 --find-limit", "cannot be used with"),
        ("--idle-sweep --why-timeout", "cannot be used with"),
        ("--rate 5 --rounds 3", "cannot be used with"),
        ("--rate 5 --concurrency 3", "cannot be used with"),
        ("--find-limit --baseline x.json", "cannot be used with"),
        ("--why-timeout --workload ping", "cannot be used with"),
        ("--rate 5 --arms h1,h2", "one way only"),
        ("--rate 5 --arms h2-cold", "connections that are kept"),
        ("--rate 0", "--rate 0"),
        ("--rate 9999", "--rate 9999"),
        ("--idle-sweep=", "--idle-sweep"),
        ("--idle-sweep=1,200", "120 s"),
        ("--why-timeout --versus families", "another model"),
    ] {
        let ran = Doctor::line(&format!("bench-transport --simulate rate-queued {line}")).run();
        assert_eq!(ran.code, 2, "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains(part), "{line}: {}", ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_gives_what_was_measured_until_then() {
    for line in ["--rate 20 --duration 60s", "--why-timeout"] {
        let line = format!("bench-transport --simulate timeout-model-load {line} --format json");
        let doctor = Doctor::line(&line).args(&["--model", "gemini-3.5-flash"]);
        let (mut command, _folder) = doctor.into_command();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        std::thread::sleep(Duration::from_secs(3));
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
        let ran = Ran::new(&child.wait_with_output().expect("it ends"));
        assert_eq!(ran.code, 130, "{}", ran.stderr);
        let report = ran.json();
        assert_eq!(report["verdict"]["word"], "STOPPED");
        assert!(!samples(&report).is_empty(), "{report:#}");
        let own = if line.contains("rate") { "rate" } else { "timeout" };
        assert!(report["data"][own].is_object(), "{:#}", report["data"]);
    }
}
