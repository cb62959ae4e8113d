//! `compare`: two sides that differ in known things, sides that are the same, hops that wait, keys, models, a
//! gateway that hides details, runs that were saved. Everything is on loopback.

use std::{
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    time::Duration,
};

use gemini_doctor::simulate::{self, AUTH_KEY, OTHER_AUTH_KEY, Options, Scenario, Simulation};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Doctor, Ran, doctor};

/// A world of its own: its URL and the file with its CA.
struct World {
    simulation: Simulation,
    folder: TempDir,
}

impl World {
    fn of(scenario: &Scenario, ip: IpAddr) -> Self {
        let folder = tempfile::tempdir().expect("a scratch directory");
        let options = Options { bind: SocketAddr::new(ip, 0), ..Options::for_scenario(scenario) };
        let simulation = Simulation::start(scenario, &options).expect("a simulation");
        std::fs::write(folder.path().join("ca.pem"), simulation.ca_pem()).expect("written");
        Self { simulation, folder }
    }

    fn usual(scenario: &str) -> Self {
        Self::of(simulate::find(scenario).expect("a built-in scenario"), Ipv4Addr::LOCALHOST.into())
    }

    /// The honest world with rules of its own.
    fn with_rules(rules: &str) -> Self {
        let scenario = simulate::parse_file(&format!("id = \"of-a-test\"\n{rules}")).expect(rules);
        Self::of(&scenario, Ipv4Addr::LOCALHOST.into())
    }

    fn url(&self) -> String {
        format!("https://{}", self.simulation.address())
    }

    fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    fn side(&self) -> String {
        format!("base-url={},ca-file={}", self.url(), self.ca().display())
    }
}

fn compare(arguments: &[&str]) -> Doctor {
    let doctor = Doctor::new(&["compare", "--no-proxy", "--format", "json"]).args(arguments);
    doctor.env("GEMINI_API_KEY", AUTH_KEY)
}

fn held(a: &str, b: &str) -> Ran {
    compare(&["--a", a, "--b", b, "--rounds", "12"]).run()
}

fn ids(report: &Value) -> Vec<&str> {
    let differences = report["data"]["differences"].as_array().expect("differences");
    differences.iter().map(|one| one["id"].as_str().expect("an id")).collect()
}

/// One rule of a scenario: a route is answered like this.
fn rule(route: &str, rest: &str, body: &Value) -> String {
    let body = serde_json::to_string(&body.to_string()).expect("a text");
    format!("[[rules]]\nroute = \"{route}\"\n{rest}\nbody = {body}\n")
}

const GOOD: &str = "[rules.act]\nstatus = 200\ngoogle = true";

#[test]
fn ca_address_family_and_one_model_are_exactly_three_differences() {
    let model = json!({
        "name": "models/gemini-3.5-flash", "version": "3.5-flash-05-2026",
        "inputTokenLimit": 1_048_576, "outputTokenLimit": 8192, "thinking": true,
        "supportedGenerationMethods":
            ["generateContent", "countTokens", "createCachedContent", "batchGenerateContent"],
    });
    let rules = rule("get", &format!("model = \"gemini-3.5-flash\"\n{GOOD}"), &model);
    let scenario =
        simulate::parse_file(&format!("id = \"of-a-test\"\n{rules}")).expect("a scenario");
    let first = World::usual("healthy");
    let second = World::of(&scenario, Ipv6Addr::LOCALHOST.into());
    let arguments = ["--model", "gemini-3.5-flash", "--a", &first.side(), "--b", &second.side()];
    let ran = compare(&arguments).args(&["--rounds", "12"]).run();
    let report = ran.json();
    assert_eq!(ids(&report), ["net.families", "tls.ca", "model.entry"], "{report:#}");
    assert_eq!(ran.code, 0, "differences are no fault");
    let [families, authority, entry] = [0, 1, 2].map(|place| &report["data"]["differences"][place]);
    assert_eq!((&families["a"], &families["b"]), (&json!("IPv4"), &json!("IPv6")));
    assert_eq!((&entry["a"], &entry["b"]), (&json!("65536 out"), &json!("8192 out")));
    assert_eq!((&authority["certainty"], &authority["p"]), (&json!("exact"), &Value::Null));
    assert!(authority["explains"].as_str().is_some_and(|text| text.contains("TLS")));
    let gate = compare(&arguments).args(&["--rounds", "1", "--fail-on-difference"]).run();
    assert_eq!((gate.code, gate.json()["verdict"]["status"].as_str()), (1, Some("fail")));
}

#[test]
fn sides_that_are_the_same_show_no_difference_and_say_what_was_compared() {
    let scenario = simulate::parse_file("id = \"of-a-test\"\naddresses = 2\n").expect("a scenario");
    let world = World::of(&scenario, Ipv4Addr::LOCALHOST.into());
    let port = world.simulation.address().port();
    let other = format!("base-url=https://127.0.0.2:{port},ca-file={}", world.ca().display());
    for _ in 0..3 {
        let ran = compare(&["--a", &world.side(), "--b", &other, "--fail-on-difference"]).run();
        let report = ran.json();
        assert_eq!((ids(&report), ran.code), (Vec::new(), 0), "{report:#}");
        assert_eq!(report["verdict"]["word"], "NO DIFFERENCE");
        let compared = &report["data"]["compared"][0];
        assert!(
            compared["topics"].as_array().is_some_and(|topics| topics.len() > 15),
            "{compared}"
        );
        // Six of 60 against none is the least that comes up less than twice in 100 times.
        let least = compared["smallest_seen"]["failure_rate"].as_f64().expect("a rate");
        assert!((0.09..=0.13).contains(&least), "{compared}");
    }
}

#[test]
fn what_another_api_has_no_way_to_show_is_told_once_and_is_no_difference() {
    let world = World::usual("healthy");
    let openai = format!(
        "base-url={}/v1beta/openai,ca-file={},api=openai",
        world.url(),
        world.ca().display()
    );
    let ran = held(&world.side(), &openai);
    let report = ran.json();
    assert_eq!((ids(&report), ran.code), (Vec::new(), 0), "{report:#}");
    let limits = report["limits"].as_array().expect("limits");
    let apart: Vec<&str> = limits.iter().filter_map(Value::as_str).collect();
    for reason in ["has no countTokens", "other things of a model", "a form of its own"] {
        let told = apart.iter().filter(|text| text.contains(reason));
        assert_eq!(told.count(), 1, "{reason}: {apart:#?}");
    }
    assert!(!apart.iter().any(|text| text.contains("only one side tells")), "{apart:#?}");
    let counted =
        |one: &&simulate::Seen| one.path.contains("openai") && one.path.contains("countTokens");
    assert_eq!(world.simulation.requests().iter().filter(counted).count(), 0);
    let first = &report["data"]["compared"][0]["not_comparable"][0];
    assert_eq!(first["id"], "models.listed");
    // A run that was saved knows in which form it asked.
    let whole = compare(&["--a", &openai, "--b", &openai, "--rounds", "2"]).run();
    assert!(whole.json()["limits"].to_string().contains("has no countTokens"), "{}", whole.stdout);
    let saved = compare(&["--a", &world.side(), "--b", "saved.json", "--rounds", "2"])
        .file("saved.json", &whole.stdout)
        .run();
    assert_eq!(ids(&saved.json()), Vec::<&str>::new(), "{}", saved.stdout);
}

#[test]
fn sides_with_a_login_are_asked_with_a_token_each() {
    let line = "compare --rounds 12 --format json --simulate vertex";
    let sides = ["--a", "api=vertex", "--b", "api=vertex,location=global"];
    let ran = Doctor::line(line).args(&sides).run();
    let report = ran.json();
    assert_eq!((ids(&report), ran.code), (Vec::new(), 0), "{report:#}");
    assert!(report["data"]["rounds"].as_u64().is_some_and(|rounds| rounds >= 12), "{report:#}");
    for scenario in ["vertex.user", "vertex.metadata-project", "vertex.delegated"] {
        let line = format!("compare --rounds 2 --format json --simulate {scenario}");
        let ran = Doctor::line(&line).args(&["--api", "vertex", "--a", "direct"]).run();
        assert_eq!((ids(&ran.json()), ran.code), (Vec::new(), 0), "{}", ran.stdout);
    }
    for (scenario, finding, code) in [
        ("oauth-invalid-grant", "oauth-invalid-grant", 1),
        ("service-account-key-deleted", "service-account-key-deleted", 1),
        ("adc-json-corrupt", "adc-json-corrupt", 1),
    ] {
        let line = format!("compare --rounds 2 --format json --simulate {scenario}");
        let ran = Doctor::line(&line).args(&sides).run();
        let report = ran.json();
        assert_eq!(report["findings"][0]["id"], finding, "{report:#}");
        assert_eq!(ran.code, code, "{report:#}");
    }
    let line = "compare --a direct --b direct --project example-prod";
    let ran = Doctor::line(line).env("GEMINI_API_KEY", AUTH_KEY).run();
    assert!(ran.code == 2 && ran.stderr.contains("only the cloud platform"), "{ran:?}");
}

#[test]
fn a_key_alone_on_the_cloud_platform_is_compared_by_what_it_can_ask() {
    let line = "compare --a api=express --b api=express --rounds 12 --simulate express";
    let ran = Doctor::line(line).args(&["--format", "json"]).run();
    let report = ran.json();
    assert_eq!((ids(&report), found(&report), ran.code), (Vec::new(), 0, 0), "{report:#}");
    assert!(report["data"]["rounds"].as_u64().is_some_and(|rounds| rounds >= 12), "{report:#}");
    assert!(report["limits"].to_string().contains("neither a list nor entries"), "{report:#}");
}

#[test]
fn the_headline_and_the_exit_code_are_about_the_same_finding() {
    let body = json!({"error": {"code": 503, "status": "UNAVAILABLE",
                                "message": "The model is overloaded. Please try again later."}});
    let down = World::with_rules(&rule("any", "[rules.act]\nstatus = 503\ngoogle = true", &body));
    let unknown = World::usual("healthy");
    let ran = held(&down.side(), &format!("base-url={}", unknown.url()));
    let report = ran.json();
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert_eq!(ran.code, 4, "{report:#}");
    assert!(sentence.starts_with("side b: "), "{sentence}");
    assert!(report["findings"][1]["title"].as_str().is_some_and(|one| one.starts_with("side a: ")));
    let sides = ["--a", &down.side(), "--b", &format!("base-url={}", unknown.url())];
    let ran = compare(&sides).args(&["--fail-on", "theirs", "--rounds", "2"]).run();
    let report = ran.json();
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(
        ran.code == 3 && sentence.contains("The exit code is for what came beside it: side a"),
        "{sentence}"
    );
}

#[test]
fn in_one_simulated_world_nothing_differs() {
    let ran = Doctor::line("compare --a direct --b direct --simulate healthy --rounds 12").run();
    assert!(ran.stdout.starts_with("SIMULATED"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("NO DIFFERENCE  no difference found between a (direct) and b (direct)")
    );
    assert!(ran.stdout.contains("would hardly have been seen"), "{}", ran.stdout);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn answers_that_are_too_few_to_differ_pass_no_gate() {
    let run = |more: &str| {
        let line = "compare --a direct --b direct --rounds 12 --simulate healthy --format json";
        let ran = Doctor::line(&format!("{line} {more}")).run();
        let sentence = ran.json()["verdict"]["sentence"].as_str().expect("a sentence").to_owned();
        (ran.code, sentence.contains("4 answers a side are too few"), sentence)
    };
    let (code, is_told, sentence) = run("--generate 4");
    assert!(code == 0 && is_told, "{code}: {sentence}");
    let (code, is_told, sentence) = run("--generate 4 --fail-on-difference");
    assert!(code == 5 && is_told, "{code}: {sentence}");
    let (code, is_told, sentence) = run("--fail-on-difference");
    assert!(code == 0 && !is_told, "{code}: {sentence}");
}

#[test]
fn a_model_against_another_one() {
    let line = "compare --a gemini-3.5-flash --b gemini-2.5-flash --generate 4 --rounds 4";
    let ran = Doctor::line(line).args(&["--simulate", "healthy", "--format", "json"]).run();
    let report = ran.json();
    assert_eq!(ids(&report), ["model.entry", "model.served"], "{report:#}");
    assert_eq!(report["run"]["budget"]["paid_requests_used"], 8);
    assert_eq!(report["data"]["sides"][0]["answers"]["count"], 4);
}

#[test]
fn a_key_that_is_restricted_against_one_that_is_not() {
    let body = json!({"error": {"code": 403, "status": "PERMISSION_DENIED",
        "message": "Requests to this API generativelanguage.googleapis.com method \
                    google.ai.generativelanguage.v1beta.ModelService.ListModels are blocked.",
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
                     "reason": "API_KEY_SERVICE_BLOCKED", "domain": "googleapis.com"}]}});
    let rest = format!(
        "header = [\"x-goog-api-key\", \"{OTHER_AUTH_KEY}\"]\n[rules.act]\nstatus = 403\ngoogle = true"
    );
    let world = World::with_rules(&rule("any", &rest, &body));
    let (ca, url) = (world.ca().display().to_string(), world.url());
    let doctor =
        compare(&["--base-url", &url, "--ca-file", &ca, "--a", "direct", "--b", "key-env=OTHER"]);
    let ran = doctor.env("OTHER", OTHER_AUTH_KEY).run();
    let report = ran.json();
    assert_eq!(ids(&report), ["key.accepted"], "{report:#}");
    let finding = &report["findings"][0];
    assert_eq!((&finding["id"], ran.code), (&json!("api-key-service-blocked"), 1), "{report:#}");
    assert!(finding["title"].as_str().is_some_and(|title| title.starts_with("side b: ")));
    assert!(!ran.stdout.contains(OTHER_AUTH_KEY) && !ran.stdout.contains(AUTH_KEY));
    assert_eq!(report["data"]["differences"][0]["a"], "accepted");
}

#[test]
fn a_gateway_that_drops_details_is_told() {
    let body = json!({"error": {"code": 400, "message": "Invalid request.", "status": "INVALID_ARGUMENT"}});
    let honest = World::usual("healthy");
    let hides = World::with_rules(&rule("count", "[rules.act]\nstatus = 400", &body));
    let report = held(&honest.side(), &hides.side()).json();
    let differences = report["data"]["differences"].as_array().expect("differences");
    let error = differences.iter().find(|one| one["id"] == "error.field").expect("told");
    assert_eq!(error["a"], "400 INVALID_ARGUMENT, details BadRequest");
    assert_eq!(error["b"], "400 INVALID_ARGUMENT, no google.rpc details");
    assert!(
        error["explains"].as_str().is_some_and(|text| text.contains("strips google.rpc details"))
    );
}

/// How many findings there are.
fn found(report: &Value) -> usize {
    report["findings"].as_array().expect("findings").len()
}

#[test]
fn a_gateway_whose_list_lies_elsewhere_is_compared() {
    let (first, second) =
        (World::usual("healthy"), World::usual("not-a-google-endpoint.list-elsewhere"));
    let ran = held(&first.side(), &second.side());
    let report = ran.json();
    assert_eq!((ran.code, found(&report)), (0, 0), "{report:#}");
    assert!(report["data"]["rounds"].as_u64().is_some_and(|rounds| rounds >= 12), "{report:#}");
    let rows = report["checks"].as_array().expect("checks");
    let side = rows.iter().find(|row| row["title"] == "side b").expect("a row");
    let detail = side["detail"].as_str().expect("a text");
    assert!(detail.contains("17 models at /v1/models, in OpenAI's form"), "{detail}");
    assert!(!ids(&report).contains(&"key.accepted"), "its list shows nothing of the key");
}

#[test]
fn a_gateway_without_a_list_is_compared_by_what_else_it_has() {
    let page = json!({"detail": "Not Found"});
    let gone = |route: &str| rule(route, "[rules.act]\nstatus = 404", &page);
    let world = World::with_rules(&gone("list"));
    let ran = held(&world.side(), &world.side());
    let report = ran.json();
    assert_eq!((ran.code, found(&report)), (0, 0), "{report:#}");
    assert!(report["data"]["rounds"].as_u64().is_some_and(|rounds| rounds >= 12), "{report:#}");
    assert!(ran.stdout.contains("no list (404)"), "{report:#}");
    let nothing = World::with_rules(&gone("any"));
    let ran = held(&nothing.side(), &nothing.side());
    assert!(ran.code != 0 && found(&ran.json()) > 0, "{}", ran.stdout);
}

#[test]
fn names_of_gateways_are_names() {
    let side = "api=openai,model=gemini/gemini-3.5-flash";
    let line = ["--a", side, "--b", side, "--rounds", "2"];
    let openai = "not-a-google-endpoint.openai";
    let ran = Doctor::new(&["compare", "--format", "json", "--simulate", openai]).args(&line).run();
    assert_ne!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(ran.json()["data"]["sides"][0]["model"], "gemini/gemini-3.5-flash");
}

#[test]
fn a_side_that_fails_more_often_is_judged_by_its_failures() {
    let body = json!({"error": {"code": 503, "status": "UNAVAILABLE",
                                "message": "The model is overloaded. Please try again later."}});
    let rest = "when = { every = 3 }\n[rules.act]\nstatus = 503\ngoogle = true";
    let scenario =
        simulate::parse_file(&format!("id = \"of-a-test\"\n{}", rule("get", rest, &body)));
    let flaky = World::of(&scenario.expect("a scenario"), Ipv4Addr::LOCALHOST.into());
    let honest = World::usual("healthy");
    let ran = compare(&["--a", &honest.side(), "--b", &flaky.side()]).run();
    let report = ran.json();
    let differences = report["data"]["differences"].as_array().expect("differences");
    let failed = differences.iter().find(|one| one["id"] == "calls.failed").expect("told");
    assert_eq!(failed["a"], "0 of 120 failed");
    assert!(failed["p"].as_f64().is_some_and(|p| p < 0.001), "{failed}");
    assert_eq!((&report["findings"][0]["id"], ran.code), (&json!("model-overloaded-503"), 3));
}

#[test]
fn a_side_that_nobody_trusts_is_judged_as_that() {
    let (known, unknown) = (World::usual("healthy"), World::usual("healthy"));
    let ran = held(&known.side(), &format!("base-url={}", unknown.url()));
    let report = ran.json();
    assert_eq!((ids(&report), ran.code), (vec!["net.reach"], 4), "{report:#}");
    assert!(
        report["findings"][0]["title"].as_str().is_some_and(|title| title.starts_with("side b: "))
    );
}

#[test]
fn a_saved_run_is_compared_by_what_it_holds() {
    let (here, there) = (World::usual("healthy"), World::usual("healthy"));
    let saved = |command: &[&str]| {
        let (url, ca) = (there.url(), there.ca().display().to_string());
        let doctor = Doctor::new(command).args(&["--no-proxy", "--format", "json"]);
        let doctor =
            doctor.args(&["--base-url", &url, "--ca-file", &ca]).env("GEMINI_API_KEY", AUTH_KEY);
        doctor.run().stdout
    };
    let rows = saved(&["check-key", "--no-generate"]);
    let whole = saved(&["compare", "--a", "direct", "--b", "direct", "--rounds", "12"]);
    let run = |text: &str, side: &str| {
        compare(&["--a", side, "--b", "pod.json", "--rounds", "12"])
            .file("pod.json", text)
            .run()
            .json()
    };
    assert_eq!(ids(&run(&rows, &there.side())), Vec::<&str>::new());
    let report = run(&rows, &here.side());
    assert_eq!(ids(&report), ["tls.issuer"], "{report:#}");
    let limits = report["limits"].to_string();
    assert!(limits.contains("side b is a saved run of check-key"), "{limits}");
    assert!(limits.contains("only one side tells"), "{limits}");
    // The machine may have had more to do in one run than in the other.
    let facts = |report: &Value| {
        let all = ids(report).into_iter().filter(|id| *id != "latency.calls");
        all.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(facts(&run(&whole, &there.side())), Vec::<String>::new());
    assert_eq!(facts(&run(&whole, &here.side())), ["tls.ca"]);
    // Two saved ones need neither a key nor a network.
    let line = "compare --a rows.json --b report=whole.json,side=b --format json";
    let both = Doctor::line(line).file("rows.json", &rows).file("whole.json", &whole).run();
    let report = both.json();
    assert_eq!((ids(&report), both.code), (Vec::new(), 0), "{report:#}");
    assert_eq!(report["run"]["budget"]["requests_used"], 0);
}

#[test]
fn what_is_no_report_is_refused() {
    for (text, why) in [
        ("{}", "no JSON report"),
        (r#"{"run": {"command": "fixes"}}"#, "holds nothing to compare"),
        (r#"{"run": {"command": "compare"}, "data": {"sides": []}}"#, "showed nothing"),
    ] {
        let ran = compare(&["--a", "direct", "--b", "x.json"]).file("x.json", text).run();
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stdout.contains(why), "{ran:?}");
    }
}

#[test]
fn mistakes_are_usage_errors() {
    for (arguments, why) in [
        (&[][..], "no side is named"),
        (&["--base-url", "https://h.example"], "only one base URL is named"),
        (&["--b", "base-ulr=https://h.example"], "did you mean base-url?"),
        (&["--a", "direct", "--base-url", "https://x", "--base-url", "https://y"], "in one run"),
        (&["--b", "key-env=NOT_SET"], "NOT_SET"),
        (&["--b", "missing.json"], "missing.json"),
        (&["--b", "ip=5"], "ip=5"),
    ] {
        let ran = compare(arguments).run();
        assert_eq!(ran.code, 2, "{arguments:?}: {ran:?}");
        assert!(ran.stdout.contains(why), "{arguments:?}: {ran:?}");
    }
}

#[test]
fn more_answers_than_a_few_need_a_yes_and_a_dry_run_opens_nothing() {
    let world = World::usual("healthy");
    let side = world.side();
    let refused = compare(&["--a", &side, "--b", &side, "--generate", "11"]).run();
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.stdout.contains("22 paid calls"), "{refused:?}");
    let dry = compare(&["--a", &side, "--b", &side, "--generate", "11", "--dry-run"]).run();
    assert_eq!(dry.code, 0, "{dry:?}");
    assert!(world.simulation.requests().is_empty() && world.simulation.connections() == 0);
}

#[test]
fn a_budget_that_is_used_up_leaves_the_question_open() {
    let world = World::usual("healthy");
    let side = world.side();
    let ran = compare(&["--a", &side, "--b", &side, "--max-requests", "30"]).run();
    let report = ran.json();
    assert_eq!(ran.code, 5, "{report:#}");
    assert!(world.simulation.requests().len() <= 30);
    assert!(report["limits"].to_string().contains("it ended early"), "{report:#}");
}

#[test]
fn a_side_that_refuses_more_calls_is_asked_no_more() {
    let body = json!({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED",
                                "message": "Resource has been exhausted (e.g. check quota)."}});
    let rest = "[rules.act]\nstatus = 429\ngoogle = true";
    let honest = "[[rules]]\nroute = \"get\"\nwhen = { first = 30 }\nact = \"honest\"\n";
    let world = World::with_rules(&format!("{honest}{}", rule("get", rest, &body)));
    let ran = compare(&["--a", &world.side(), "--b", &world.side()]).run();
    let report = ran.json();
    assert!(report["limits"].to_string().contains("refused 3 calls in a row"), "{report:#}");
    assert!(world.simulation.requests().len() < 100);
}

/// Passes bytes on to another port, and waits before each piece that goes there.
fn relay(beyond: SocketAddr, wait: Duration) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for near in listener.incoming().take(16).flatten() {
            let far = TcpStream::connect(beyond).expect("the next one listens");
            for one in [&near, &far] {
                one.set_nodelay(true).expect("an option");
                one.set_read_timeout(Some(Duration::from_secs(60))).expect("an option");
            }
            let back = (far.try_clone().expect("a handle"), near.try_clone().expect("a handle"));
            std::thread::spawn(move || pass_on(near, far, wait));
            std::thread::spawn(move || pass_on(back.0, back.1, Duration::ZERO));
        }
    });
    address
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, wait: Duration) {
    let mut piece = [0; 65_536];
    while let Ok(length @ 1..) = from.read(&mut piece) {
        std::thread::sleep(wait);
        if to.write_all(&piece[..length]).is_err() {
            return;
        }
    }
    // Whoever is not there any more needs no end.
    let _ = to.shutdown(std::net::Shutdown::Write);
}

#[test]
fn each_hop_of_three_adds_what_it_waits() {
    let world = World::usual("healthy");
    let inner = relay(world.simulation.address(), Duration::from_millis(15));
    let outer = relay(inner, Duration::from_millis(30));
    let urls = [format!("https://{outer}"), format!("https://{inner}"), world.url()];
    let ca = world.ca().display().to_string();
    // Over HTTP/1.1 a call is one piece.
    let mut arguments = vec!["--ca-file", &ca, "--rounds", "30", "--http", "1.1"];
    urls.iter().for_each(|url| arguments.extend(["--base-url", url.as_str()]));
    let measure = || compare(&arguments).run().json();
    let adds = |report: &Value| -> Vec<f64> {
        let hops = report["data"]["hops"].as_array().expect("hops");
        hops.iter().filter_map(|hop| hop["adds_ms"]["value"].as_f64()).collect()
    };
    let is_close = |report: &Value| {
        let adds = adds(report);
        assert_eq!(adds.len(), 2, "{report:#}");
        adds.iter().zip([30.0, 15.0]).all(|(told, waits)| (told - waits).abs() <= 5.0)
    };
    // A machine that is busy makes any hop wait; such a run is repeated.
    let report = (0..5).map(|_| measure()).find(is_close).expect("a run that nothing disturbed");
    assert_eq!(report["verdict"]["word"], "HOPS");
    // Addresses and certificates are the same; only the time is not.
    assert!(ids(&report).iter().all(|id| *id == "latency.calls"), "{:?}", ids(&report));
}

#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_tells_what_was_seen() {
    use std::{process::Stdio, thread::sleep};

    let world = World::usual("healthy");
    let slow = relay(world.simulation.address(), Duration::from_millis(100));
    let ca = world.ca().display().to_string();
    let other = format!("https://{slow}");
    let doctor = compare(&["--ca-file", &ca, "--a", &world.url(), "--b", &other]);
    let (mut command, _folder) = doctor.into_command();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    for _ in 0..300 {
        if world.simulation.requests().len() > 60 {
            break;
        }
        sleep(Duration::from_millis(50));
    }
    crate::harness::signal(&child, "INT");
    let ran = Ran::new(&child.wait_with_output().expect("it ends"));
    let report = ran.json();
    assert_eq!(ran.code, 130, "{ran:?}");
    assert_eq!(report["verdict"]["word"], "STOPPED");
    assert!(ids(&report).contains(&"latency.calls"), "{report:#}");
    assert!(report["data"]["sides"][1]["calls"]["count"].as_u64().is_some_and(|calls| calls >= 5));
}

#[test]
fn few_answers_say_that_they_are_few_and_the_next_step_names_the_model() {
    let line = "compare --simulate alias-404 --b api=openai --generate 4 --format json";
    let report = doctor(line).json();
    let limits = report["limits"].to_string();
    assert!(limits.contains("4 answers a side are too few for failed answers"), "{limits}");
    let findings = report["findings"].to_string();
    assert!(findings.contains("probe-alias gemini-3.5-flash"), "{findings}");
    assert!(!findings.contains("probe-alias MODEL"), "{findings}");
}
