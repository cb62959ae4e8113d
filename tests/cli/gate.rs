//! `gate`: one exit code, a row a requirement, waivers to the day, and never more than the budget.

use gemini_doctor::{
    commands::gate::{NOT_HERE, checks, fixes},
    facts::{models::ModelTable, time},
    gate::{Known, parse},
    simulate::AUTH_KEY,
};
use regex::Regex;
use serde_json::{Value, json};

use crate::{
    harness::{Doctor, Ran, Server},
    schema::Schema,
};

/// A gate in a file, run with these options.
fn gated(file: &str, options: &str) -> Ran {
    Doctor::line(&format!("gate gate.toml {options}")).file("gate.toml", file).run()
}

/// The same as a document.
fn held(file: &str, options: &str) -> (i32, Value) {
    let ran = gated(file, &format!("{options} --format json"));
    (ran.code, ran.json())
}

fn rows(report: &Value) -> Vec<(&str, &str)> {
    let rows = report["checks"].as_array().expect("rows").iter();
    let text = |value: &'_ Value| -> &'static str {
        Box::leak(value.as_str().expect("a text").to_owned().into_boxed_str())
    };
    rows.map(|row| (text(&row["id"]), text(&row["status"]))).collect()
}

fn detail<'a>(report: &'a Value, id: &str) -> &'a str {
    let rows = report["checks"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("no {id}"));
    row["detail"].as_str().expect("a detail")
}

/// The day of simulated runs, and those round it.
fn day(ahead: i64) -> String {
    let today = time::days(&ModelTable::embedded().as_of).expect("a day");
    time::date(today + ahead)
}

#[test]
fn the_smoke_set_passes_where_all_is_well_and_stays_small() {
    let ran = Doctor::line("gate --simulate healthy --format json").run();
    let report = ran.json();
    assert_eq!((ran.code, &report["verdict"]["word"]), (0, &json!("PASS")), "{report:#}");
    assert!(report["run"]["budget"]["requests_used"].as_u64() <= Some(10));
    assert_eq!(report["run"]["budget"]["requests_max"], 10);
    assert!(rows(&report).iter().all(|(_, status)| *status == "pass"), "{report:#}");
    assert_eq!(rows(&report).last(), Some(&("api.alias", "pass")));
    let printed = Doctor::line("gate --print").run().stdout;
    assert_eq!(report["data"]["toml"], printed);
    assert!(ran.stderr.contains("at most 10 requests, 7 of them paid"), "{}", ran.stderr);
    let limits = report["limits"].to_string();
    assert!(limits.contains("0 of 7 on gemini-3.8-flash only shows a failure rate below 35 %"));
    let shown = Doctor::line("gate --simulate healthy --format plain").run().stdout;
    assert!(shown.contains("gate --print > gate.toml"), "{shown}");
    let kept = gated(&printed, "--simulate healthy");
    assert_eq!(kept.code, 0, "{kept:?}");
}

#[test]
fn every_failed_call_is_counted_in_the_evidence() {
    let slo = "[slo]\nfailure_percent = 90\ncalls = 60\n";
    let (code, report) = held(slo, "--yes --simulate alias-404");
    let level = &report["data"]["levels"][0];
    assert_eq!((code, &level["standing"]), (0, &json!("met")), "{report:#}");
    let failed = level["against"].as_u64().expect("a number");
    assert!(failed > 12, "more than are kept: {level:#}");
    let text = report["findings"][0]["evidence"][0]["text"].as_str().expect("a text");
    assert!(text.ends_with(&format!("({failed} times)")), "{text}");
}

#[test]
fn whose_move_it_is_decides_the_exit_code() {
    for (scenario, code, first) in [
        ("api-key-invalid", 1, "api-key-invalid"),
        ("connection-refused", 4, "connection-refused"),
        ("dns-failure", 4, "dns-failure"),
        ("quota-daily-exhausted", 6, "quota-daily-exhausted"),
        ("key-not-set", 2, "key-not-set"),
        ("alias-404", 3, "alias-backend-missing"),
        ("alias-down --model gemini-3.5-flash", 3, "alias-backend-missing"),
    ] {
        let ran = Doctor::line(&format!("gate --simulate {scenario} --format json")).run();
        let report = ran.json();
        assert_eq!(report["findings"][0]["id"], first, "{scenario} {report:#}");
        assert_eq!(ran.code, code, "{scenario} {report:#}");
        assert_eq!(report["verdict"]["word"], "FAIL", "{scenario}");
        let red = rows(&report).iter().filter(|(_, status)| *status == "fail").count();
        assert_eq!(red, 1, "{scenario} is told once: {:?}", rows(&report));
    }
}

#[test]
fn only_what_is_required_can_fail() {
    let (code, report) = held("checks = [\"net.tls\"]", "--simulate api-key-invalid");
    assert_eq!((code, rows(&report)), (0, vec![("net.tls", "pass")]));
    let asked = report["data"]["asked"].as_array().expect("rows");
    assert!(asked.iter().any(|row| row["id"] == "net.dns"), "{asked:?}");
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_line_before_anything_is_sent() {
    let server = Server::start("healthy");
    for (file, what, hint) in [
        (
            "checks = [\n  \"api.modell\",\n]",
            "gate.toml:2: there is no check",
            "did you mean api.model?",
        ),
        ("[slo]\nlatency_p95 = 3", "gate.toml:2: unknown key", "did you mean latency_p95_ms?"),
        (
            "checks = [\"api.list\"]\n[[waivers]]\ncheck = \"api.list\"\nreason = \"r\"",
            ":2: a waiver has no end",
            "until",
        ),
    ] {
        let ran = server.doctor("gate gate.toml").file("gate.toml", file).run();
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains(what) && ran.stderr.contains(hint), "{}", ran.stderr);
    }
    let ran = server.doctor("gate no-such.toml --report junit=out.xml").run_and_keep();
    let junit = std::fs::read_to_string(ran.1.path().join("out.xml")).expect("written");
    assert!(ran.0.code == 2 && ran.0.stderr.contains("gate --init"), "{:?}", ran.0);
    assert!(junit.contains("<error"), "{junit}");
    assert_eq!(server.simulation.connections(), 0);
}

#[test]
fn a_waiver_passes_with_a_warning_on_its_last_day_and_fails_the_day_after() {
    let gate = |until: &str| {
        format!(
            "checks = [\"api.list\", \"net.tls\"]\n[[waivers]]\ncheck = \"api.list\"\n\
             reason = \"ticket 17\"\nuntil = {until}\n"
        )
    };
    let (code, report) = held(&gate(&day(0)), "--simulate api-key-invalid");
    assert_eq!((code, &report["verdict"]["status"]), (0, &json!("warn")), "{report:#}");
    assert!(rows(&report).contains(&("api.list", "warn")));
    assert!(detail(&report, "api.list").contains("which is today: it fails tomorrow (ticket 17)"));
    assert_eq!(report["data"]["waivers"][0]["state"], "used");
    let said = format!("waivers were held against {}, the day of this simulation", day(0));
    assert!(report["limits"].to_string().contains(&said), "{report:#}");
    assert_eq!(gated(&gate(&day(0)), "--simulate api-key-invalid --fail-on warn").code, 1);
    let (code, report) = held(&gate(&day(-1)), "--simulate api-key-invalid");
    assert_eq!((code, &report["verdict"]["status"]), (1, &json!("fail")), "{report:#}");
    let ended = format!("its waiver ended on {} (ticket 17); ", day(-1));
    assert!(detail(&report, "api.list").starts_with(&ended), "{report:#}");
}

#[test]
fn a_waiver_of_a_finding_lets_pass_what_that_alone_explains_and_one_for_nothing_is_told() {
    let gate = format!(
        "checks = [\"api.list\"]\n[[waivers]]\nfinding = \"api-key-invalid\"\nreason = \"r\"\nuntil = {}\n",
        day(30)
    );
    let (code, report) = held(&gate, "--simulate api-key-invalid");
    assert_eq!((code, rows(&report)), (0, vec![("api.list", "warn")]), "{report:#}");
    let (code, _) = held(&gate, "--simulate connection-refused");
    assert_eq!(code, 4);
    let ran = gated(&gate, "--simulate healthy");
    assert_eq!(ran.code, 0);
    assert!(
        ran.stdout.contains("that of api-key-invalid had nothing to let pass"),
        "{}",
        ran.stdout
    );
}

#[test]
fn every_requirement_is_a_case_of_junit_and_waived_ones_show() {
    let gate = format!(
        "checks = [\"net.dns\", \"api.list\", \"api.model\", \"api.alias\"]\n[slo]\ncalls = 5\n\
         latency_p50_ms = 60000\n[[waivers]]\ncheck = \"api.list\"\nreason = \"a <known> & \\\"odd\\\" one\"\n\
         until = {}\n",
        day(3)
    );
    let junit = gated(&gate, "--simulate api-key-invalid --format junit").stdout;
    let case = Regex::new(r#"<testcase [^>]*name="([^"]+)""#).expect("a good pattern");
    let names: Vec<&str> =
        case.captures_iter(&junit).map(|found| found.get(1).expect("a name").as_str()).collect();
    assert_eq!(
        names,
        ["net.dns", "api.list", "api.model", "api.alias", "slo.latency_p50_ms"],
        "{junit}"
    );
    assert!(junit.contains("in 3 days (a &lt;known&gt; &amp; &quot;odd&quot; one)"), "{junit}");
    assert!(junit.contains("tests=\"5\""), "{junit}");
}

#[test]
fn a_job_without_a_key_is_named_and_may_be_skipped() {
    for variable in [None, Some("")] {
        let doctor = |line: &str| {
            let doctor = Doctor::line(line);
            match variable {
                Some(value) => doctor.env("GEMINI_API_KEY", value),
                None => doctor,
            }
        };
        let ran = doctor("gate --format json").run();
        let id = if variable.is_some() { "key-variable-empty" } else { "key-not-set" };
        assert_eq!((ran.code, &ran.json()["findings"][0]["id"]), (2, &json!(id)));
        let ran = doctor("gate --without-key skip --format json").run();
        let report = ran.json();
        assert_eq!((ran.code, &report["verdict"]["status"]), (0, &json!("skip")), "{report:#}");
        assert!(rows(&report).iter().all(|(_, status)| *status == "skip"), "{report:#}");
        let junit = doctor("gate --without-key skip --format junit").run().stdout;
        assert!(junit.contains("<skipped") && !junit.contains("<failure"), "{junit}");
    }
}

#[test]
fn a_file_to_begin_with_is_written_once() {
    let (ran, folder) = Doctor::line("gate --init").run_and_keep();
    assert_eq!(ran.code, 0, "{ran:?}");
    let text = std::fs::read_to_string(folder.path().join("gemini-gate.toml")).expect("written");
    assert_eq!(gated(&text, "--simulate healthy").code, 0);
    let again = |options: &str| {
        let line = format!("gate --init mine.toml {options}");
        Doctor::line(&line).file("mine.toml", "# mine\n").run_and_keep()
    };
    let (ran, folder) = again("");
    let kept = std::fs::read_to_string(folder.path().join("mine.toml")).expect("it is there");
    assert_eq!((ran.code, kept.as_str()), (2, "# mine\n"));
    assert!(ran.stderr.contains("--force"), "{}", ran.stderr);
    let (ran, folder) = again("--force");
    let kept = std::fs::read_to_string(folder.path().join("mine.toml")).expect("it is there");
    assert_eq!((ran.code, kept), (0, text));
}

/// A world in which each call takes so long.
fn slow(call_ms: u32) -> String {
    format!("id = \"slow\"\ncall-ms = {call_ms}\n")
}

#[test]
fn levels_hold_fail_or_stay_open_and_only_a_wish_makes_open_ones_fail() {
    let run = |gate: &str, options: &str| {
        let line = format!("gate gate.toml --simulate slow.toml --format json {options}");
        let ran = Doctor::line(&line).file("gate.toml", gate).file("slow.toml", slow(400)).run();
        (ran.code, ran.json())
    };
    let (code, report) = run("[slo]\nlatency_p50_ms = 60000\ntokens_per_call = 5000\n", "");
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(
        rows(&report),
        [("slo.latency_p50_ms", "pass"), ("slo.tokens_per_call", "pass")],
        "{report:#}"
    );
    assert_eq!(report["data"]["levels"][0]["of"], 5);
    // Ten of ten answers took too long: certain, and nobody else's fault.
    let (code, report) = run("[slo]\ncalls = 20\nlatency_p50_ms = 100\n", "");
    assert_eq!((code, rows(&report)), (1, vec![("slo.latency_p50_ms", "fail")]), "{report:#}");
    assert!(detail(&report, "slo.latency_p50_ms").contains("answers took over 100 ms"));
    assert!(report["run"]["budget"]["paid_requests_used"].as_u64() < Some(20), "{report:#}");
    // Four answers decide no p95.
    let few = "[slo]\ncalls = 4\nlatency_p95_ms = 60000\n";
    let (code, report) = run(few, "");
    assert_eq!((code, rows(&report)), (0, vec![("slo.latency_p95_ms", "warn")]), "{report:#}");
    assert!(detail(&report, "slo.latency_p95_ms").contains("59 calls would"), "{report:#}");
    let (code, report) = run(&format!("inconclusive = \"fail\"\n{few}"), "");
    assert_eq!((code, &report["verdict"]["status"]), (5, &json!("inconclusive")), "{report:#}");
    let (code, _) = run(&format!("inconclusive = \"fail\"\n{few}"), "--fail-on yours");
    assert_eq!(code, 0);
}

#[test]
fn calls_that_decide_nothing_are_made_and_told_beforehand() {
    let file = "[slo]\ncalls = 2\nlatency_p95_ms = 60000\n";
    let needed =
        "slo.latency_p95_ms cannot be shown to hold by calls = 2 under [slo]: 59 calls would";
    let (code, report) = held(file, "--simulate healthy");
    assert_eq!((code, rows(&report)), (0, vec![("slo.latency_p95_ms", "warn")]), "{report:#}");
    assert_eq!(report["run"]["budget"]["paid_requests_used"], 2, "{report:#}");
    assert!(gated(file, "--simulate healthy").stderr.contains(needed));
    let (code, planned) = held(file, "--dry-run --simulate healthy");
    assert!(code == 0 && planned["limits"].to_string().contains(needed), "{planned:#}");
    let enough = file.replace("calls = 2\n", "");
    let (_, planned) = held(&enough, "--dry-run --simulate healthy");
    assert!(!planned["limits"].to_string().contains("cannot be shown"), "{planned:#}");
}

#[test]
fn an_unknown_403_is_a_gate_that_is_not_met() {
    let world = "id = \"odd\"\n[[rules]]\nroute = \"list\"\nact = { status = 403, google = true, body = \
                 '{\"error\": {\"code\": 403, \"message\": \"The moon is in the wrong house.\"}}' }\n";
    let line = "gate gate.toml --simulate odd.toml --format json";
    let gate = Doctor::line(line).file("gate.toml", "checks = [\"api.list\"]\n");
    let ran = gate.file("odd.toml", world).run();
    let report = ran.json();
    assert_eq!((ran.code, rows(&report)), (1, vec![("api.list", "fail")]), "{report:#}");
}

#[test]
fn a_level_that_is_not_met_leads_on_to_where_the_time_goes() {
    let line = "gate gate.toml --simulate slow.toml --format json";
    let ran = Doctor::line(line)
        .file("gate.toml", "[slo]\ncalls = 20\nlatency_p50_ms = 100\n")
        .file("slow.toml", slow(400))
        .run();
    let next = ran.json()["verdict"]["next"].as_str().expect("a command").to_owned();
    assert!(next.starts_with("gemini-doctor bench-transport --model gemini"), "{next}");
}

#[test]
fn the_smoke_set_names_no_number_of_calls_that_its_own_bounds_forbid() {
    let ran = Doctor::line("gate --simulate healthy --max-requests 3 --format json").run();
    let report = ran.json();
    let said = detail(&report, "api.alias");
    assert!(said.contains("no call to decide it by; 7 would"), "{said}");
    let few = "the budget is too small to show that every level holds: 7 calls would";
    assert!(ran.stderr.contains(few), "{}", ran.stderr);
}

/// A world in which the model is overloaded in most calls.
const MOSTLY_BUSY: &str = r#"id = "mostly-busy"
[[rules]]
route = "generate"
when = { ratio = 0.85 }
act = { status = 503, google = true, body = '{"error": {"code": 503, "status": "UNAVAILABLE", "message": "The model is overloaded."}}' }
"#;

#[test]
fn no_gate_passes_a_name_of_which_most_calls_get_no_answer() {
    let (_, folder) = Doctor::line("gate --init").run_and_keep();
    let template =
        std::fs::read_to_string(folder.path().join("gemini-gate.toml")).expect("written");
    let own = "checks = [\"api.alias\"]\n[slo]\ncalls = 7\n".to_owned();
    for (file, name) in [(None, ""), (Some(template), "gate.toml"), (Some(own), "gate.toml")] {
        for seed in 1..=3 {
            let line = format!("gate {name} --simulate busy.toml --seed {seed} --format json");
            let mut doctor = Doctor::line(&line).file("busy.toml", MOSTLY_BUSY);
            if let Some(file) = &file {
                doctor = doctor.file("gate.toml", file);
            }
            let ran = doctor.run();
            let report = ran.json();
            assert_eq!((ran.code, &report["verdict"]["word"]), (3, &json!("FAIL")), "{report:#}");
            assert!(rows(&report).contains(&("api.alias", "fail")), "{report:#}");
            assert!(detail(&report, "api.alias").contains("answered"), "{report:#}");
        }
    }
}

#[test]
fn first_text_is_timed_over_streams() {
    let (code, report) = held("[slo]\nfirst_token_p50_ms = 60000\n", "--simulate healthy");
    assert_eq!((code, rows(&report)), (0, vec![("slo.first_token_p50_ms", "pass")]), "{report:#}");
    let attempts = report["attempts"].as_array().expect("attempts");
    let streams = attempts.iter().filter(|one| one["method"] == "models.streamGenerateContent");
    assert_eq!(streams.count(), 5);
}

#[test]
fn many_paid_calls_need_a_yes_and_none_is_sent_beyond_the_budget() {
    let server = Server::start("healthy");
    let many = "[slo]\ncalls = 40\nfailure_percent = 10\n";
    let ran = server.doctor("gate gate.toml").file("gate.toml", many).run();
    assert_eq!((ran.code, server.simulation.connections()), (2, 0), "{ran:?}");
    assert!(ran.stderr.contains("40 paid calls") && ran.stderr.contains("--yes"), "{}", ran.stderr);
    let bounded = format!("{many}[budget]\nrequests = 7\n");
    let run = |options: &str| {
        let line = format!("gate gate.toml --format json {options}");
        let before = server.simulation.requests().len();
        let report = server.doctor(&line).file("gate.toml", &bounded).run().json();
        (server.simulation.requests().len() - before, report)
    };
    let (sent, report) = run("--yes");
    assert_eq!((sent, rows(&report)), (7, vec![("slo.failure_percent", "warn")]), "{report:#}");
    let (sent, _) = run("--max-requests 4");
    assert_eq!(sent, 4);
    let (sent, _) = run("--max-requests 400");
    assert_eq!(sent, 7);
    let (sent, report) = run("--dry-run");
    assert_eq!((sent, &report["run"]["dry_run"]), (0, &json!(true)));
}

#[test]
fn nothing_more_is_asked_once_the_outcome_is_certain() {
    let gate = "checks = [\"net.tls\", \"api.list\", \"api.alias\", \"stream.whole\"]\n";
    let (code, report) = held(gate, "--yes --simulate api-key-invalid");
    assert_eq!((code, &report["run"]["budget"]["paid_requests_used"]), (1, &json!(0)));
    // A clean name is cleared by 32 calls, although 150 were allowed.
    let (code, report) = held("checks = [\"api.alias\"]\n", "--yes --simulate healthy");
    assert_eq!((code, &report["data"]["levels"][0]["of"]), (0, &json!(32)), "{report:#}");
    let (code, report) = held("checks = [\"api.alias\"]\n", "--yes --simulate alias-404");
    assert_eq!(code, 3, "{report:#}");
    assert!(report["data"]["levels"][0]["of"].as_u64() < Some(12), "{report:#}");
}

#[test]
fn a_drill_succeeds_only_where_the_first_cause_is_the_planted_one() {
    for (line, code) in [
        ("gate --simulate alias-404 --expect alias-backend-missing", 0),
        ("doctor --simulate dns-failure --expect dns-failure", 0),
        ("check-key --simulate api-key-invalid --expect api-key-invalid --fail-on never", 0),
        ("check-key --simulate api-key-invalid --expect dns-failure --fail-on never", 1),
        ("check-key --simulate healthy --expect dns-failure", 1),
        ("gate --simulate connection-refused --expect dns-failure", 1),
    ] {
        let ran = Doctor::line(&format!("{line} --format json")).run();
        let report = ran.json();
        assert_eq!((ran.code, &report["verdict"]["exit_code"]), (code, &json!(code)), "{line}");
        let word = if code == 0 { "EXPECTED" } else { "UNEXPECTED" };
        assert_eq!(report["verdict"]["word"], word, "{line}");
        let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
        assert!(sentence.contains("expect"), "{line}: {sentence}");
    }
    let ran = Doctor::line("doctor --simulate dns-failure --expect dns-falure").run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("did you mean dns-failure?"), "{}", ran.stderr);
}

#[test]
fn annotations_are_bounded_and_hold_neither_a_key_nor_a_mask() {
    let server = Server::start("api-key-invalid");
    let ran = server.doctor("gate").env("GITHUB_ACTIONS", "true").run();
    assert_eq!(ran.code, 1, "{ran:?}");
    let of = |level: &str| ran.stdout.lines().filter(|line| line.starts_with(level)).count();
    assert!((1..=10).contains(&of("::error ")) && of("::warning ") <= 10, "{}", ran.stdout);
    assert!(!ran.stdout.contains("add-mask") && !ran.stdout.contains(AUTH_KEY), "{}", ran.stdout);
}

#[test]
fn a_stream_tells_the_rows_that_the_report_has() {
    let ran = Doctor::line("gate --simulate api-key-invalid --format ndjson").run();
    let events: Vec<Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let last = events.last().expect("a report");
    let told = events.iter().filter(|event| event["type"] == "check").map(|event| &event["id"]);
    let rows = last["checks"].as_array().expect("rows").iter().map(|row| &row["id"]);
    assert_eq!(told.collect::<Vec<_>>(), rows.collect::<Vec<_>>());
}

#[test]
fn the_schema_takes_what_the_reader_takes() {
    let schema = Schema::committed("gate");
    let (checks, fixes) = (checks(), fixes());
    let known = Known { checks: &checks, not_here: NOT_HERE, fixes: &fixes };
    let waiver = "[[waivers]]\ncheck = \"api.list\"\nreason = \"r\"\nuntil = \"2026-12-31\"\n";
    let parts = [
        ("checks = [\"api.list\"]\n", true),
        ("checks = [\"api.list\", \"stream.whole\"]\ninconclusive = \"fail\"\n", true),
        ("checks = [\"api.list\"]\ninconclusive = \"maybe\"\n", false),
        ("checks = \"api.list\"\n", false),
        ("checks = [\"api.lst\"]\n", false),
        ("checks = [\"request.tokens\"]\n", false),
        ("cheks = [\"api.list\"]\n", false),
        ("[slo]\nfailure_percent = 5\nlatency_p50_ms = 1\nlatency_p95_ms = 2.5\ncalls = 7\n", true),
        ("[slo]\nfirst_token_p50_ms = 1\nfirst_token_p95_ms = 2\ntokens_per_call = 3\n", true),
        ("[slo]\nfailure_percent = 0\n", false),
        ("[slo]\nfailure_percent = 100\n", false),
        ("[slo]\nlatency_p95_ms = \"2\"\n", false),
        ("[slo]\nlatency_p99_ms = 2\n", false),
        ("[slo]\nlatency_p50_ms = 2\ncalls = 0\n", false),
        ("[slo]\nlatency_p50_ms = 2\ncalls = 1.5\n", false),
        ("checks = [\"api.list\"]\n[budget]\nrequests = 5\ntokens = 9\nseconds = 0.5\n", true),
        ("checks = [\"api.list\"]\n[budget]\nrequests = 0\n", false),
        ("checks = [\"api.list\"]\n[budget]\nseconds = 0\n", false),
        ("checks = [\"api.list\"]\n[budget]\ncalls = 3\n", false),
    ];
    let with_waivers = [
        (waiver.to_owned(), true),
        (waiver.replace("check = \"api.list\"", "finding = \"api-key-invalid\""), true),
        (waiver.replace("check = \"api.list\"", "finding = \"api-key-invald\""), false),
        (waiver.replace("check = \"api.list\"\n", ""), false),
        (waiver.replace("reason = \"r\"\n", ""), false),
        (waiver.replace("until = \"2026-12-31\"\n", ""), false),
        (waiver.replace("until", "untill"), false),
        (format!("{waiver}finding = \"api-key-invalid\"\n"), false),
    ];
    let with_waivers =
        with_waivers.map(|(text, good)| (format!("checks = [\"api.list\"]\n{text}"), good));
    let all = parts.map(|(text, good)| (text.to_owned(), good));
    for (text, is_good) in all.into_iter().chain(with_waivers) {
        let read = parse(&text, "gate.toml", known);
        assert_eq!(read.is_ok(), is_good, "{text}\n{read:?}");
        let value: Value = toml::from_str(&text).expect("TOML");
        let problems = schema.problems(&value);
        assert_eq!(problems.is_empty(), is_good, "{text}\n{problems:?}");
    }
}

#[cfg(unix)]
mod stopped {
    use std::{path::PathBuf, process::Stdio};

    use tempfile::TempDir;

    use crate::harness::{Server, signal};

    /// A run against a server that never answers a count, stopped there by this signal.
    fn stopped(name: &str) -> (i32, PathBuf, TempDir) {
        let server = Server::start("client-read-timeout");
        let line =
            "gate --timeout 60 --deadline 600 --report junit=gate.xml --report json=gate.json";
        let doctor = server.doctor(line).file("gate.xml", "<earlier/>\n");
        let (mut command, folder) = doctor.into_command();
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        for _ in 0..1200 {
            if server.simulation.requests().iter().any(|seen| seen.path.contains("countTokens")) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        signal(&child, name);
        let code = child.wait().expect("it ends").code().unwrap_or(-1);
        (code, folder.path().join("gate.xml"), folder)
    }

    #[test]
    fn a_gate_that_is_stopped_leaves_whole_reports_and_one_that_is_killed_the_earlier_one() {
        for (name, code) in [("INT", 130), ("TERM", 143)] {
            let (ended, path, folder) = stopped(name);
            assert_eq!(ended, code, "{name}");
            let junit = std::fs::read_to_string(path).expect("written");
            assert!(junit.ends_with("</testsuites>\n"), "{name}\n{junit}");
            assert!(junit.contains("name=\"api.model\""), "{name}\n{junit}");
            let json = std::fs::read_to_string(folder.path().join("gate.json")).expect("written");
            let report: serde_json::Value = serde_json::from_str(&json).expect("whole");
            assert_eq!(report["verdict"]["exit_code"], code, "{name}");
        }
        let (_, path, folder) = stopped("KILL");
        assert_eq!(std::fs::read_to_string(path).expect("it stays"), "<earlier/>\n");
        let names = std::fs::read_dir(folder.path()).expect("a directory").count();
        assert_eq!(names, 1, "nothing half written is left behind");
    }
}
