//! `watch`: hours of simulated time with faults planted, its log, its alerts, its cost, and how it is stopped.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

use crate::harness::{Doctor, Ran, doctor};

const DRILL: &str = "watch gemini-3.5-flash --for 1h --simulate alias-404-for-a-while";

fn target<'a>(report: &'a Value, name: &str) -> &'a Value {
    let targets = report["data"]["targets"].as_array().expect("targets");
    targets.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("no number: {value}"))
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

#[test]
fn an_outage_of_twenty_minutes_is_dated_at_both_its_ends() {
    for seed in 1..=3 {
        let ran = doctor(&format!("{DRILL} --seed {seed} --format json"));
        let report = ran.json();
        let model = target(&report, "gemini-3.5-flash");
        let periods = model["periods"].as_array().expect("periods");
        let verdicts: Vec<&str> =
            periods.iter().filter_map(|period| period["verdict"].as_str()).collect();
        assert_eq!(verdicts, ["healthy", "failing", "healthy"], "{seed}: {model:#}");
        let begins = [1, 2].map(|nth| number(&periods[nth]["first_call"]));
        assert!((begins[0] - 21).abs() <= 10 && (begins[1] - 41).abs() <= 10, "{seed}: {begins:?}");
        assert_eq!(periods[1]["cause"], "alias-backend-missing");
        assert_eq!((number(&report["data"]["looks"]), number(&model["calls"])), (60, 60));
        assert_eq!(report["verdict"]["word"], "RECOVERED", "{}", report["verdict"]["sentence"]);
        assert_eq!(
            (ran.code, &report["findings"][0]["id"]),
            (3, &Value::from("alias-backend-missing"))
        );
        assert!(report["run"]["duration_ms"].as_f64().is_some_and(|ms| ms > 3_000_000.0));
    }
}

#[test]
fn the_same_seed_tells_the_same_hour() {
    let told = || {
        let report = doctor(&format!("{DRILL} --seed 5 --format json")).json();
        let model = target(&report, "gemini-3.5-flash").clone();
        let periods = model["periods"].as_array().expect("periods").clone();
        let fields = ["verdict", "first_call", "calls", "failed", "cause"];
        let of = |period: &Value| fields.map(|field| period[field].clone());
        (periods.iter().map(of).collect::<Vec<_>>(), model["causes"].clone())
    };
    assert_eq!(told(), told());
}

#[test]
fn a_quiet_hour_is_healthy_and_says_what_that_shows() {
    let ran = doctor("watch gemini-3.5-flash --for 1h --simulate healthy --format json");
    let report = ran.json();
    assert_eq!((ran.code, &report["verdict"]["word"]), (0, &Value::from("HEALTHY")));
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("all 60 calls") && sentence.contains("below 4.9 %"), "{sentence}");
    assert_eq!(target(&report, "gemini-3.5-flash")["periods"].as_array().map(Vec::len), Some(1));
    let budget = &report["run"]["budget"];
    assert_eq!((number(&budget["paid_requests_used"]), number(&budget["requests_used"])), (60, 66));
}

#[test]
fn a_lost_network_is_a_fact_and_no_end() {
    let ran =
        doctor("watch gemini-3.5-flash --for 1h --simulate network-lost-for-a-while --format json");
    let report = ran.json();
    assert_eq!(ran.code, 4, "{}", report["verdict"]["sentence"]);
    let connection = target(&report, "connection");
    let periods = connection["periods"].as_array().expect("periods");
    assert_eq!(periods.len(), 3, "{connection:#}");
    assert_eq!((number(&periods[1]["calls"]), number(&periods[1]["failed"])), (15, 15));
    let model = target(&report, "gemini-3.5-flash");
    assert_eq!(
        (number(&model["calls"]), number(&model["failed"])),
        (45, 0),
        "no call of the model's"
    );
}

#[test]
fn a_drill_brings_its_model_along_and_says_how_it_shows() {
    let report = doctor("watch --for 1h --simulate alias-404-for-a-while --format json").json();
    assert_eq!(number(&target(&report, "gemini-3.5-flash")["calls"]), 60);
    assert_eq!(report["findings"][0]["id"], "alias-backend-missing", "{report:#}");
    assert!(!report["limits"].to_string().contains("shows itself"), "{}", report["limits"]);
    let line = "watch gemini-3.8-flash --for 2m --simulate alias-404-for-a-while --format json";
    let limits = doctor(line).json()["limits"].to_string();
    let how = "shows itself with: gemini-doctor watch gemini-3.5-flash --for 1h --simulate alias-404-for-a-while";
    assert!(limits.contains(how), "{limits}");
}

#[test]
fn several_models_are_told_apart() {
    let line = "watch gemini-3.5-flash gemini-2.5-flash --for 1h --simulate alias-404-for-a-while";
    let report = doctor(&format!("{line} --format json")).json();
    assert_eq!(target(&report, "gemini-3.5-flash")["periods"].as_array().map(Vec::len), Some(3));
    assert_eq!(number(&target(&report, "gemini-2.5-flash")["failed"]), 0);
    assert_eq!(number(&target(&report, "gemini-2.5-flash")["calls"]), 60);
}

#[test]
fn without_a_terminal_there_is_a_line_a_change_and_one_now_and_then() {
    let ran = doctor(&format!("{DRILL} --format plain"));
    let told: Vec<&str> = ran.stderr.lines().filter(|line| line.contains(" UTC ")).collect();
    let changes = told.iter().filter(|line| line.contains(" fails since ")).count();
    let recoveries = told.iter().filter(|line| line.contains("works again")).count();
    assert_eq!((changes, recoveries), (1, 1), "{}", ran.stderr);
    assert!((5..=12).contains(&told.len()), "{}", ran.stderr);
    assert!(!ran.stderr.contains('\u{1b}'), "nothing is drawn");
    let quiet = doctor(&format!("{DRILL} --quiet --format plain"));
    assert_eq!(quiet.stderr, "");
}

#[test]
fn the_log_has_one_whole_line_a_request_and_never_a_key() {
    let ran = Doctor::line(&format!("{DRILL} --log w.log --format json"));
    let (ran, folder) = ran.run_and_keep();
    let text = std::fs::read_to_string(folder.path().join("w.log")).expect("a log");
    let report = ran.json();
    let told = lines(&text);
    assert_eq!(told.len() as i64, number(&report["run"]["budget"]["requests_used"]));
    assert_eq!(number(&report["data"]["log"]["lines"]), told.len() as i64);
    let ids: BTreeSet<&str> = told.iter().filter_map(|line| line["request_id"].as_str()).collect();
    assert_eq!(ids.len(), told.len(), "each has an id of its own");
    assert!(told.iter().all(|line| line["task_type"] == "watch" && line["look"].is_u64()));
    let failed: Vec<&Value> = told.iter().filter(|line| line["status_code"] == 404).collect();
    assert!(failed.len() > 5 && failed.iter().all(|line| line["cause"] == "alias-backend-missing"));
    let streamed = |line: &&Value| line["first_token_ms"].is_f64();
    assert!(told.iter().filter(streamed).count() > 40, "first tokens are timed");
    assert!(!text.contains("FAKE"), "no key is in the log");
    let at = |line: &Value| line["at"].as_str().expect("a time").to_owned();
    assert!(told.iter().map(at).collect::<Vec<_>>().is_sorted(), "in the order of time");
}

#[test]
fn a_log_that_grows_is_put_aside_in_whole_lines() {
    let line = format!("{DRILL} --log w.log --log-max-size 8k --log-keep 3 --format json");
    let (ran, folder) = Doctor::line(&line).run_and_keep();
    let names = ["w.log.3", "w.log.2", "w.log.1", "w.log"];
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect(name);
    let mut kept = Vec::new();
    for name in names {
        assert!(read(name).len() <= 8192, "{name} is too large");
        kept.extend(lines(&read(name)));
    }
    let looks: Vec<i64> = kept.iter().map(|line| number(&line["look"])).collect();
    assert!(looks.is_sorted() && looks.last() == Some(&60), "{looks:?}");
    assert!(!folder.path().join("w.log.4").exists());
    assert!(number(&ran.json()["data"]["log"]["put_aside"]) >= 3);
}

#[cfg(unix)]
#[test]
fn a_command_is_run_once_a_change_and_holds_no_key() {
    let command = "cat >> told.json; echo >> told.json; env >> env.txt";
    let ran = Doctor::line(DRILL)
        .args(&["--on-change", command, "--format", "json"])
        .env("GEMINI_API_KEY", "AQ.FAKE-key-of-this-machine-0123456789")
        .env("OTHER", "AQ.FAKE-key-of-this-machine-0123456789");
    let (ran, folder) = ran.run_and_keep();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect(name);
    let told = lines(&read("told.json"));
    let verdicts: Vec<&str> = told.iter().filter_map(|one| one["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["failing", "healthy"]);
    assert_eq!(told[0]["changes"][0]["cause"]["id"], "alias-backend-missing");
    assert_eq!(told[0]["simulated"], "alias-404-for-a-while");
    let environment = read("env.txt");
    assert!(environment.contains("GEMINI_DOCTOR_VERDICT=failing"), "{environment}");
    assert!(environment.contains("GEMINI_DOCTOR_CAUSE=alias-backend-missing"));
    assert!(!environment.contains("FAKE"), "{environment}");
    let alerts = &ran.json()["data"]["alerts"];
    assert_eq!((number(&alerts["run"]), number(&alerts["failed"])), (2, 0));
}

#[cfg(unix)]
#[test]
fn a_command_that_fails_is_a_remark() {
    let ran = Doctor::line(DRILL).args(&["--on-change", "exit 7", "--format", "json"]).run();
    let report = ran.json();
    assert_eq!((ran.code, number(&report["data"]["alerts"]["failed"])), (3, 2));
    let notes = report["data"]["notes"].as_array().expect("notes");
    assert!(notes[0]["text"].as_str().is_some_and(|text| text.contains("on-change failed")));
}

#[test]
fn more_than_a_few_paid_calls_need_a_yes() {
    let with_key = |line: &str| {
        Doctor::line(line).env("GEMINI_API_KEY", "AQ.FAKE-key-of-this-machine-0123456789").run()
    };
    let line = "watch gemini-3.5-flash --base-url https://127.0.0.1:1";
    let ran = with_key(line);
    assert_eq!(ran.code, 2);
    for part in ["480 paid calls", "a day of it is 1440 paid calls", "--yes", "--free"] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
    let planned = with_key(&format!("{line} --dry-run --format json"));
    let planned = planned.json();
    assert_eq!(number(&planned["data"]["planned"]["paid_calls"]), 480);
    assert_eq!(planned["verdict"]["word"], "DRY RUN");
    let free = with_key(&format!("{line} --dry-run --free --format json")).json();
    assert_eq!(number(&free["data"]["planned"]["paid_calls"]), 0);
}

#[test]
fn a_dry_run_refuses_what_the_watch_would_refuse() {
    let line = "watch gemini-3.5-flash --base-url https://127.0.0.1:1 --yes";
    let ran = |more: &str| {
        Doctor::line(&format!("{line} {more}"))
            .env("GEMINI_API_KEY", "AQ.FAKE-key-of-this-machine-0123456789")
            .run()
    };
    for (options, said) in [
        ("--metrics-listen 0.0.0.0:9464", "other machines would reach it"),
        ("--metrics-listen nowhere", "no address with a port"),
        ("--otlp-endpoint ftp://127.0.0.1", "--otlp-endpoint"),
    ] {
        for run in ["", " --dry-run"] {
            let ran = ran(&format!("{options}{run}"));
            assert_eq!(ran.code, 2, "{options}{run}");
            assert!(ran.stderr.contains(said), "{options}{run}: {}", ran.stderr);
            assert!(!ran.stderr.contains("watching"), "{options}{run}: {}", ran.stderr);
        }
    }
    let open = ran("--metrics-listen 0.0.0.0:9464 --metrics-listen-anywhere --dry-run");
    assert_eq!(open.code, 0, "{}", open.stderr);
}

#[test]
fn a_free_watch_pays_for_nothing_and_says_what_it_does_not_see() {
    let ran = doctor("watch gemini-3.5-flash --free --for 30m --simulate healthy --format json");
    let report = ran.json();
    let budget = &report["run"]["budget"];
    assert_eq!((number(&budget["paid_requests_used"]), number(&budget["requests_used"])), (0, 33));
    let limits = report["limits"].as_array().expect("limits");
    assert!(
        limits.iter().any(|one| one.as_str().is_some_and(|one| one.contains("only an answer")))
    );
}

#[test]
fn a_budget_ends_the_watch_and_is_never_exceeded() {
    let ran = doctor("watch gemini-3.5-flash --max-requests 10 --simulate healthy --format json");
    let report = ran.json();
    assert_eq!((ran.code, number(&report["run"]["budget"]["requests_used"])), (0, 10));
    let ended = report["data"]["ended_because"].as_str().expect("a reason");
    assert_eq!(ended, "the budget of 10 requests is used up");
    let tokens =
        doctor("watch gemini-3.5-flash --max-tokens 4000 --simulate healthy --format json");
    let tokens = tokens.json();
    let budget = &tokens["run"]["budget"];
    assert!(number(&budget["input_tokens"]) + number(&budget["output_tokens"]) <= 4000);
    assert!(
        tokens["data"]["ended_because"].as_str().is_some_and(|why| why.contains("4000 tokens"))
    );
}

#[test]
fn what_cannot_be_meant_is_refused_with_what_can() {
    for (line, part) in [
        ("watch m --every 0.1s", "that is load"),
        ("watch m --every soon", "--every"),
        ("watch m --for 9d", "--for"),
        ("watch m --confirm 0", "--confirm 0"),
        ("watch m --log-max-size 12", "--log-max-size"),
        ("watch m --api vertex --project p", "a login is none"),
        ("watch AQ.FAKE-key-of-this-machine-0123456789", "key"),
    ] {
        let ran = doctor(line);
        assert_eq!(ran.code, 2, "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains(part), "{line}: {}", ran.stderr);
        assert!(!ran.stderr.contains("FAKE"), "{line}");
    }
    let without_key = doctor("watch gemini-3.5-flash --yes --format json");
    assert_eq!(
        (without_key.code, &without_key.json()["findings"][0]["id"]),
        (2, &Value::from("key-not-set"))
    );
    let skipped = doctor("watch gemini-3.5-flash --yes --without-key skip");
    assert_eq!(skipped.code, 0);
}

#[test]
fn metrics_stand_in_a_file_for_a_collector() {
    let (ran, folder) =
        Doctor::line(&format!("{DRILL} --metrics-file m.prom --format json")).run_and_keep();
    let text = std::fs::read_to_string(folder.path().join("m.prom")).expect("a file");
    let count = |part: &str| {
        let found = text.lines().filter(|line| line.starts_with("gemini_doctor_probes_total{"));
        let found: Vec<&str> = found.filter(|line| line.contains(part)).collect();
        assert_eq!(found.len(), 1, "{part}: {found:?}");
        found[0].rsplit(' ').next().and_then(|value| value.parse::<i64>().ok()).expect("a number")
    };
    let failed = number(&target(&ran.json(), "gemini-3.5-flash")["failed"]);
    assert_eq!(count("outcome=\"missing\""), failed);
    assert_eq!(count("outcome=\"answered\""), 60 - failed);
    let series = text.lines().filter(|line| !line.starts_with('#'));
    for line in series {
        assert!(line.contains("simulated=\"alias-404-for-a-while\""), "{line}");
    }
    assert!(!text.contains("FAKE"));
}

#[test]
fn a_network_that_is_lost_is_an_outage_in_the_metrics_too() {
    let line = "watch gemini-3.5-flash --for 35m --simulate network-lost-for-a-while --format json";
    let (ran, folder) = Doctor::line(&format!("{line} --metrics-file n.prom")).run_and_keep();
    assert_eq!(ran.code, 4);
    let text = std::fs::read_to_string(folder.path().join("n.prom")).expect("a file");
    let holds = |parts: &[&str], value: &str| {
        text.lines()
            .any(|line| parts.iter().all(|part| line.contains(part)) && line.ends_with(value))
    };
    let path = "gemini_doctor_path_verdict{path=\"connection\"";
    assert!(holds(&[path, "\"failing\""], " 1") && holds(&[path, "\"healthy\""], " 0"), "{text}");
    assert!(
        holds(&["gemini_doctor_verdict_changes_total{"], " 0"),
        "a first verdict is no change: {text}"
    );
}

#[test]
fn metrics_are_for_this_machine_unless_more_is_said() {
    let line = "watch m --metrics-listen 0.0.0.0:0 --simulate healthy --for 1m";
    let ran = doctor(line);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--metrics-listen-anywhere"), "{}", ran.stderr);
}

#[test]
fn a_stream_begins_at_once_and_ends_with_the_report() {
    let ran = doctor(&format!("{DRILL} --format ndjson"));
    let mut events = lines(&ran.stdout);
    let report = events.pop().expect("a report");
    assert_eq!(
        (&events[0]["type"], &report["type"]),
        (&Value::from("run"), &Value::from("report"))
    );
    for (kind, list) in [("attempt", "attempts"), ("check", "checks"), ("finding", "findings")] {
        let told = events.iter().filter(|event| event["type"] == kind).count();
        assert_eq!(Some(told), report[list].as_array().map(Vec::len), "{kind}");
    }
}

/// Watches that go on in real time, against a server of this process.
#[cfg(unix)]
mod real {
    use std::{
        process::{Child, Stdio},
        thread::sleep,
        time::Duration,
    };

    use gemini_doctor::simulate::{AUTH_KEY, OTHER_AUTH_KEY};

    use super::*;
    use crate::harness::{Server, signal};

    const LINE: &str = "watch gemini-3.5-flash --every 1s --for 10m --yes --format json";

    struct Watching {
        child: Child,
        folder: tempfile::TempDir,
    }

    fn start(server: &Server, more: &[&str]) -> Watching {
        begin(server.doctor(LINE).args(more))
    }

    fn begin(doctor: Doctor) -> Watching {
        let (mut command, folder) = doctor.into_command();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        Watching { child: child.expect("started"), folder }
    }

    impl Watching {
        fn stop(self, name: &str) -> Ran {
            signal(&self.child, name);
            Ran::new(&self.child.wait_with_output().expect("it ends"))
        }

        fn log(&self) -> Vec<Value> {
            let text = std::fs::read_to_string(self.folder.path().join("w.log"));
            lines(text.unwrap_or_default().as_str())
        }
    }

    /// Waits for something that comes sooner or later.
    fn until(what: &str, mut is_there: impl FnMut() -> bool) {
        for _ in 0..1200 {
            if is_there() {
                return;
            }
            sleep(Duration::from_millis(50));
        }
        panic!("it never came: {what}");
    }

    fn generated(server: &Server) -> usize {
        let all = server.simulation.requests();
        all.iter().filter(|seen| seen.path.contains("streamGenerateContent")).count()
    }

    #[test]
    fn a_stopped_watch_gives_its_last_report() {
        for (name, code) in [("TERM", 143), ("INT", 130)] {
            let server = Server::start("healthy");
            let watching = start(&server, &[]);
            until("two looks", || generated(&server) >= 2);
            let ran = watching.stop(name);
            assert_eq!(ran.code, code, "{}", ran.stderr);
            let report = ran.json();
            assert!(number(&report["data"]["looks"]) >= 1, "{report:#}");
            assert_eq!(report["verdict"]["exit_code"], code);
        }
    }

    /// Whether what these tests start inherits that it ignores a closed terminal.
    fn is_kept_from_hanging_up() -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        mask.is_some_and(|mask| mask & 1 == 1)
    }

    #[test]
    fn a_closed_terminal_ends_a_watch_only_where_nobody_else_is_told() {
        let server = Server::start("healthy");
        let watching = start(&server, &["--log", "w.log"]);
        until("a look", || !watching.log().is_empty());
        signal(&watching.child, "HUP");
        let before = watching.log().len();
        until("it goes on", || watching.log().len() > before + 1);
        assert_eq!(watching.stop("TERM").code, 143);
        if is_kept_from_hanging_up() {
            println!("skipped: these tests run where that signal is ignored, as under nohup");
            return;
        }
        let other = start(&server, &[]);
        let before = generated(&server);
        until("a look", || generated(&server) > before);
        assert_eq!(other.stop("HUP").code, 143);
    }

    #[test]
    fn metrics_are_given_out_while_it_goes_on() {
        use std::io::{BufRead, BufReader, Read, Write};
        let server = Server::start("healthy");
        let mut watching = start(&server, &["--metrics-listen", "0"]);
        let mut stderr = BufReader::new(watching.child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        while !line.contains("/metrics") {
            line.clear();
            assert!(stderr.read_line(&mut line).expect("text") > 0, "no address was told");
        }
        let (_, rest) = line.split_once("http://").expect("a URL");
        let address = rest.split('/').next().expect("an address").to_owned();
        let scrape = || {
            let mut stream = std::net::TcpStream::connect(&address).expect("connected");
            stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
            let mut text = String::new();
            stream.read_to_string(&mut text).expect("an answer");
            text
        };
        until("an answered call is counted", || {
            scrape().lines().any(|line| {
                line.starts_with("gemini_doctor_probes_total{")
                    && line.contains("outcome=\"answered\"")
                    && !line.ends_with(" 0")
            })
        });
        // The rest of what it says must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        assert_eq!(watching.stop("TERM").code, 143);
    }

    #[test]
    fn a_new_key_is_taken_up_and_told_by_its_fingerprint() {
        let server = Server::start("healthy");
        let wrong = "AQ.FAKE-key-that-nobody-has-at-all-0003";
        let doctor = server.doctor(LINE).args(&["--key-file", "key", "--log", "w.log"]);
        let watching = begin(doctor.file("key", wrong));
        until("a refusal", || watching.log().iter().any(|line| line["status_code"] == 400));
        put(watching.folder.path(), OTHER_AUTH_KEY);
        until("an answer", || {
            watching
                .log()
                .iter()
                .any(|line| line["status_code"] == 200 && line["method"] != "models.list")
        });
        let ran = watching.stop("TERM");
        let report = ran.json();
        assert_eq!(number(&report["data"]["key_changes"]), 1);
        let notes = report["data"]["notes"].as_array().expect("notes");
        let told = notes[0]["text"].as_str().expect("a text");
        assert!(told.contains("changed from sha256:") && told.contains(" to sha256:"), "{told}");
        let all = format!("{}{}", ran.stdout, ran.stderr);
        assert!(![wrong, OTHER_AUTH_KEY, AUTH_KEY].iter().any(|key| all.contains(key)));
    }

    /// As a deployment does it: whole, or not at all.
    fn put(folder: &Path, key: &str) {
        std::fs::write(folder.join("new"), key).expect("written");
        std::fs::rename(folder.join("new"), folder.join("key")).expect("renamed");
    }
}
