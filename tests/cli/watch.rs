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

/// A shell that lets files grow to 4 or 8 KiB, whichever blocks it counts in, stands for a disk that fills up.
#[cfg(unix)]
#[test]
fn a_log_that_cannot_be_written_is_told_while_it_is() {
    let program = env!("CARGO_BIN_EXE_gemini-doctor");
    let line = format!("trap '' XFSZ; ulimit -f 8; exec {program} {DRILL} --log w.log");
    let (ran, folder) = Doctor::other("sh", &["-c", &line]).run_and_keep();
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(ran.stderr.matches("could not write the log w.log: ").count(), 1, "{}", ran.stderr);
    let told = ran.stderr.find("could not write the log").expect("it is told");
    assert!(ran.stderr[told..].contains("gemini-3.5-flash works again"), "{}", ran.stderr);
    assert!(ran.stdout.contains("could not be written"), "{}", ran.stdout);
    let log = std::fs::read_to_string(folder.path().join("w.log")).expect("a log");
    assert!(log.lines().count() > 3, "{log}");
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
fn places_that_are_not_there_are_told_before_anything_is_paid() {
    for (option, place) in [
        ("--report html=", "no/such/report.html"),
        ("--report json=", "folder"),
        ("--metrics-file ", "no/such/numbers.prom"),
        ("--log ", "no/such/w.log"),
    ] {
        let line = format!("{DRILL} {option}{place}");
        let ran = Doctor::line(&line).file("folder/inside", "").run();
        assert_eq!(ran.code, 2, "{option}: {ran:?}");
        assert!(ran.stderr.contains(place), "{option}: {}", ran.stderr);
        assert_eq!(ran.stderr.matches("error: ").count(), 1, "{option}: {}", ran.stderr);
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("UTC"), "{option}: {ran:?}");
    }
}

/// A world in which a quota refuses for ten minutes, and then the model is overloaded for as long.
const TWO_CAUSES: &str = r#"id = "two-causes"
call-ms = 600
[[rules]]
route = "stream"
when = { between-ms = [600000, 1200000] }
act = { status = 429, google = true, body = '{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "Resource has been exhausted (e.g. check quota)."}}' }
[[rules]]
route = "stream"
when = { between-ms = [1200000, 3600000] }
act = { status = 503, google = true, body = '{"error": {"code": 503, "status": "UNAVAILABLE", "message": "The model is overloaded. Please try again later."}}' }
"#;

#[test]
fn in_an_outage_the_newest_cause_is_told_with_the_count_of_all_its_calls() {
    let line = "watch gemini-3.5-flash --for 30m --simulate two.toml --format json";
    let report = Doctor::line(line).file("two.toml", TWO_CAUSES).run().json();
    let model = target(&report, "gemini-3.5-flash");
    let now = model["periods"].as_array().expect("periods").last().expect("one");
    let cause = now["cause"].as_str().expect("a cause");
    let findings = report["findings"].as_array().expect("findings");
    let ids: Vec<&str> = findings.iter().filter_map(|one| one["id"].as_str()).collect();
    assert!(ids.len() == 2 && ids[0] == cause, "{ids:?} and {cause} now");
    let next = report["verdict"]["next"].as_str().expect("a command");
    assert_eq!(next, format!("gemini-doctor fixes {cause}"));
    let title = findings[0]["title"].as_str().expect("a title");
    assert!(report["verdict"]["sentence"].as_str().is_some_and(|said| said.contains(title)));
    for finding in findings {
        let causes = model["causes"].as_array().expect("causes");
        let own = causes.iter().find(|one| one["id"] == finding["id"]).expect("a count");
        let times = format!("({} times)", number(&own["calls"]));
        assert!(number(&own["calls"]) >= 9, "{own}");
        assert!(finding["evidence"].to_string().contains(&times), "{times}: {finding:#}");
    }
}

#[test]
fn where_nobody_asks_for_the_list_nobody_says_so() {
    let line = "watch m --for 1h --dry-run --format json";
    let planned = doctor(&format!("{line} --simulate healthy")).json();
    assert_eq!(planned["data"]["planned"]["free_calls"], 6);
    let line = format!("{line} --base-url https://gateway.example --key-file key");
    let ran = Doctor::line(&line).file("key", "AQ.FAKE-key-for-a-gateway-0004").run();
    let report = ran.json();
    assert_eq!(report["data"]["planned"]["free_calls"], 0, "{report:#}");
    assert!(!report["sheets"].to_string().contains("models.list"), "{report:#}");
}

#[test]
fn a_login_is_watched_as_a_key_is_and_gets_its_token_anew_for_each_look() {
    for (login, steps) in [("vertex", 0), ("vertex.user", 20), ("vertex.metadata", 20)] {
        let line = "watch gemini-3.5-flash --api vertex --for 20m --format json --log w.log";
        let (ran, folder) = Doctor::line(line).args(&["--simulate", login]).run_and_keep();
        let report = ran.json();
        let model = target(&report, "gemini-3.5-flash");
        assert_eq!((ran.code, number(&model["calls"])), (0, 20), "{login}: {report:#}");
        assert_eq!((number(&model["failed"]), model["verdict"].as_str()), (0, Some("healthy")));
        let log = std::fs::read_to_string(folder.path().join("w.log")).expect("a log");
        let tokens = lines(&log).len() as i64 - 20;
        assert!(tokens >= steps, "{login}: {tokens} steps to a token\n{log}");
        let planned = &report["data"]["planned"];
        let all = number(&planned["paid_calls"]) + number(&planned["free_calls"]);
        assert!(number(&report["run"]["budget"]["requests_used"]) <= all, "{report:#}");
        let said = format!("{}{}{log}", ran.stdout, ran.stderr);
        assert!(!said.contains("ya29.") && !said.contains("PRIVATE KEY"), "{login}");
    }
}

#[test]
fn a_login_that_gets_no_token_is_an_outage_of_every_model() {
    let line = "watch gemini-3.5-flash gemini-2.5-flash --api vertex --for 6m --format json";
    let ran = Doctor::line(line).args(&["--simulate", "oauth-invalid-grant"]).run();
    let report = ran.json();
    assert_eq!((ran.code, &report["findings"][0]["id"]), (1, &Value::from("oauth-invalid-grant")));
    for name in ["gemini-3.5-flash", "gemini-2.5-flash"] {
        let model = target(&report, name);
        assert_eq!((number(&model["calls"]), number(&model["failed"])), (6, 6), "{report:#}");
        assert_eq!(model["periods"][0]["cause"], "oauth-invalid-grant");
    }
}

#[test]
fn one_look_is_told_before_it_is_all_there_is() {
    let line = "watch gemini-3.5-flash --every 5m --for 60s --simulate healthy";
    let ran = doctor(&format!("{line} --format plain"));
    let few = "only one look fits, since --every is 5 min and --for is 60 s";
    assert!(ran.stderr.contains(few), "{}", ran.stderr);
    assert!(ran.stderr.contains("1 paid call at most"), "{}", ran.stderr);
    assert!(ran.stdout.contains("the one call to gemini-3.5-flash passed"), "{}", ran.stdout);
    let planned = doctor(&format!("{line} --dry-run --format json")).json();
    let said = planned["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(said.contains(few) && said.contains("1 of them paid"), "{said}");
    let more = doctor("watch gemini-3.5-flash --every 30s --for 60s --simulate healthy");
    assert!(!more.stderr.contains("only one look"), "{}", more.stderr);
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
        collections::BTreeMap,
        io::{BufRead, BufReader, Read, Write},
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

    /// Where a watch that listens gives its metrics out. The rest of what it says must not fill the pipe.
    fn address(watching: &mut Watching) -> String {
        let mut stderr = BufReader::new(watching.child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        while !line.contains("/metrics") {
            line.clear();
            assert!(stderr.read_line(&mut line).expect("text") > 0, "no address was told");
        }
        std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        let (_, rest) = line.split_once("http://").expect("a URL");
        rest.split('/').next().expect("an address").to_owned()
    }

    fn scrape(address: &str, accept: &str) -> String {
        let mut stream = std::net::TcpStream::connect(address).expect("connected");
        let head = format!("GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("an answer");
        text
    }

    /// Every sample of a text by its name and labels.
    fn samples(text: &str) -> BTreeMap<String, f64> {
        let lines = text.lines().filter(|line| line.starts_with("gemini_doctor_"));
        let sample = |line: &str| {
            let (name, value) = line.rsplit_once(' ').expect("a value");
            (name.to_owned(), value.parse().expect("a number"))
        };
        lines.map(sample).collect()
    }

    const ANSWERED: &str =
        "gemini_doctor_probes_total{model=\"gemini-3.5-flash\",outcome=\"answered\"}";

    #[test]
    fn metrics_are_given_out_while_it_goes_on() {
        let server = Server::start("healthy");
        let mut watching = start(&server, &["--metrics-listen", "0"]);
        let address = address(&mut watching);
        until("an answered call is counted", || {
            samples(&scrape(&address, "text/plain"))[ANSWERED] > 0.0
        });
        assert_eq!(watching.stop("TERM").code, 143);
    }

    /// The metrics of a watch after so many answers, as OpenMetrics and as its file; and when it began.
    fn watched(server: &Server, folder: &Path, answers: f64) -> [BTreeMap<String, f64>; 2] {
        let (log, file) = (folder.join("w.log"), folder.join("m.prom"));
        let more =
            ["--metrics-listen", "0", "--log", &log.display().to_string()].map(str::to_owned);
        let more = more.iter().map(String::as_str);
        let file_name = file.display().to_string();
        let more: Vec<&str> = more.chain(["--metrics-file", &file_name]).collect();
        let mut watching = start(server, &more);
        let address = address(&mut watching);
        let read = || std::fs::read_to_string(&file).unwrap_or_default();
        let mut open = BTreeMap::new();
        let before = samples(&read()).get(START).copied();
        until("so many answers", || {
            open = samples(&scrape(&address, "application/openmetrics-text;version=1.0.0"));
            open[ANSWERED] >= answers
        });
        until("its file", || samples(&read()).get(START).copied() != before);
        let both = [open, samples(&read())];
        assert_eq!(watching.stop("TERM").code, 143);
        both
    }

    const START: &str = "gemini_doctor_watch_start_timestamp_seconds";

    #[test]
    fn counters_of_a_watch_that_is_started_anew_begin_at_zero_and_say_since_when() {
        let (server, folder) = (Server::start("healthy"), tempfile::tempdir().expect("a folder"));
        let [first, first_file] = watched(&server, folder.path(), 4.0);
        let [second, second_file] = watched(&server, folder.path(), 1.0);
        for (before, after) in [(&first, &second), (&first_file, &second_file)] {
            let names = |all: &BTreeMap<String, f64>| all.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(before), names(after), "the same series go on");
            assert!(after[START] > before[START]);
            assert!(after[ANSWERED] >= 1.0 && after[ANSWERED] < before[ANSWERED], "they reset");
            // Whatever else fell is no clock: no time goes backwards.
            for (name, value) in before.iter().filter(|(name, _)| name.contains("_timestamp_")) {
                assert!(after[name] >= *value, "{name}: {} after {value}", after[name]);
            }
        }
        // Each counter says itself since when it counts, so that a fall is a new beginning and no error.
        let ends = ["_total", "_bucket", "_count", "_sum"];
        let fell = first.iter().filter(|(name, value)| second[*name] < **value);
        let mut counters = 0;
        for (name, _) in fell {
            let (whole, labels) = name.split_once('{').unwrap_or((name, ""));
            let Some(base) = ends.iter().find_map(|end| whole.strip_suffix(end)) else {
                assert!(whole.ends_with("_ratio") || whole.ends_with("_verdict"), "{name}");
                continue;
            };
            let own = |label: &&str| !label.starts_with("le=");
            let labels: Vec<&str> = labels.trim_end_matches('}').split(',').filter(own).collect();
            let created = format!("{base}_created{{{}}}", labels.join(","));
            assert_eq!(second[&created], second[START], "{created}");
            assert!(second[&created] > first[&created], "{created}");
            counters += 1;
        }
        assert!(counters >= 3, "{counters}");
        let verdict = |word: &str| {
            format!("gemini_doctor_verdict{{model=\"gemini-3.5-flash\",verdict=\"{word}\"}}")
        };
        assert_eq!((first[&verdict("healthy")], second[&verdict("unclear")]), (1.0, 1.0));
        let changes = "gemini_doctor_verdict_changes_total{model=\"gemini-3.5-flash\"}";
        assert_eq!((first[changes], second[changes]), (0.0, 0.0), "a first verdict is no change");
        let log = std::fs::read_to_string(folder.path().join("w.log")).expect("a log");
        let ids: Vec<String> =
            lines(&log).iter().map(|line| line["request_id"].to_string()).collect();
        let all: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(all.len(), ids.len(), "no id of both is the same");
    }

    const GONE: &str = r#"id = "gone"
[[rules]]
route = "stream"
act = { status = 503, google = true, body = '{"error": {"code": 503, "status": "UNAVAILABLE", "message": "The model is overloaded. Please try again later."}}' }
"#;

    #[test]
    fn an_outage_over_a_restart_is_told_by_both_and_is_one_in_their_log() {
        let (server, folder) = (Server::of(GONE), tempfile::tempdir().expect("a folder"));
        let log = folder.path().join("w.log").display().to_string();
        let alert = "echo $GEMINI_DOCTOR_VERDICT >> told";
        let mut since = Vec::new();
        for _ in 0..2 {
            let watching = start(&server, &["--log", &log, "--on-change", alert]);
            let told = watching.folder.path().join("told");
            until("an alert", || std::fs::read_to_string(&told).is_ok_and(|text| !text.is_empty()));
            let report = watching.stop("TERM").json();
            let model = target(&report, "gemini-3.5-flash");
            assert_eq!(model["verdict"], "failing", "{model:#}");
            since.push(model["since"].as_str().expect("a time").to_owned());
        }
        assert!(since[0] < since[1], "each dates it from its own first call: {since:?}");
        let read = doctor(&format!("read-log {log} --format json")).json();
        let troubles = read["data"]["troubles"].as_array().expect("troubles");
        let calls = lines(&std::fs::read_to_string(&log).expect("a log")).len() as i64;
        assert!(calls >= 6 && number(&read["data"]["calls"]) == calls, "{read:#}");
        assert!(troubles.len() <= 1, "{troubles:#?}");
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
