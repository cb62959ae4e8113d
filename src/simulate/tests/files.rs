//! Scenario files: the documented example runs, and mistakes are told with their line.

use super::super::{EXAMPLE, Scenario, find, parse_file, strict::Strict};
use super::{ask, start_scenario};

/// Files in which one name is wrong, so that the reader lists those that it knows.
const WRONG: [&str; 14] = [
    "zz = 1",
    "alpn = \"zz\"",
    "identity = \"zz\"",
    "way = \"zz\"",
    "[client]\nzz = 1",
    "[client]\ngit = \"zz\"",
    "[[rules]]\nzz = 1",
    "[[rules]]\nroute = \"zz\"",
    "[[rules]]\nhttp = \"zz\"",
    "[[doors]]\nzz = 1",
    "[[doors]]\ndoor = \"zz\"",
    "[[doors]]\ndoor = { kind = \"zz\" }",
    "[[aliases]]\nzz = 1",
    "[[aliases]]\npick = \"zz\"",
];

#[test]
fn the_example_has_every_word_that_the_reader_knows() {
    for wrong in WRONG {
        let error = parse_file(&format!("id = \"x\"\n{wrong}\n")).expect_err(wrong);
        let known = error.split_once("expected").map(|(_, known)| known).expect(&error);
        let words: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        assert!(!words.is_empty(), "{error}");
        for word in words {
            assert!(EXAMPLE.contains(word), "{wrong}: {word} is not told");
        }
    }
}

#[test]
fn the_example_says_what_it_says() {
    let scenario = parse_file(EXAMPLE).unwrap();
    assert_eq!((scenario.id, scenario.layer, scenario.exit), ("rainy-monday", "backend", 3));
    assert_eq!(scenario.fix, Some("alias-backend-missing"));
    assert_eq!(scenario.command, ["doctor", "--model", "gemini-3.5-flash"]);
    assert_eq!(scenario.seed, 7);
}

#[tokio::test]
async fn the_example_runs() {
    let simulation = start_scenario(&parse_file(EXAMPLE).unwrap());
    let began = std::time::Instant::now();
    assert_eq!(ask(&simulation, "GET /v1beta/models", "").await.status, 200);
    assert!(began.elapsed().as_millis() >= 20);
    let count = "POST /v1beta/models/gemini-3.5-flash:countTokens";
    let body = "{\"contents\": [{\"parts\": [{\"text\": \"hi\"}]}]}";
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(ask(&simulation, count, body).await.status);
    }
    assert_eq!(statuses, [200, 200, 503]);
    let generate = "POST /v1beta/models/gemini-3.5-flash:generateContent";
    assert_eq!(ask(&simulation, generate, body).await.status, 200);
    let gone = ask(&simulation, generate, body).await;
    assert_eq!(gone.message(), "Model not found: models/gemini-3.5-flash-b2");
    let answer = ask(&simulation, generate, body).await.json();
    assert_eq!(answer["modelVersion"], "gemini-3.5-flash-001");
    simulation.time().fetch_add(3_600_000_000, std::sync::atomic::Ordering::Relaxed);
    let dotenv = std::fs::read_to_string(simulation.client().directory.join(".env")).unwrap();
    assert_eq!(dotenv, "GEMINI_MODEL=gemini-3.5-flash\n");
}

#[test]
fn a_file_can_set_the_servers_clock() {
    let parse = |ahead: &str| parse_file(&format!("id = \"mine\"\ndate-ahead-s = {ahead}"));
    assert_eq!(parse("-1200").unwrap().date_ahead_s, -1200);
    for far in ["3200000000", "-9223372036854775808"] {
        assert!(parse(far).unwrap_err().contains("more than a hundred years"), "{far}");
    }
}

#[test]
fn a_file_can_set_how_bodies_are_judged() {
    let parse = |text: &str| parse_file(&format!("id = \"mine\"\n{text}"));
    let strict = |text: &str| parse(text).unwrap().strict;
    let own = |id: &str| find(id).unwrap().strict;
    assert_eq!(strict("bare = true"), own("refusals-bare"));
    assert_eq!(strict("states = 60"), own("schema-budget-small"));
    assert_eq!(strict("bare = true\nstates = 60"), own("schema-budget-small.bare"));
    assert_eq!((strict(""), parse_file(EXAMPLE).unwrap().strict), (Strict::USUAL, Strict::USUAL));
    for wrong in ["0", "-1", "1000001"] {
        let error = parse(&format!("states = {wrong}")).unwrap_err();
        assert_eq!(error, "states must be from 1 to 1000000");
    }
    for wrong in ["bare = \"yes\"", "states = \"many\"", "states = 1.5"] {
        assert!(parse(wrong).unwrap_err().starts_with("line 2: invalid type"), "{wrong}");
    }
}

#[test]
fn an_almost_empty_file_is_a_healthy_world() {
    let scenario = parse_file("id = \"mine\"").unwrap();
    let healthy = find("healthy").unwrap();
    assert_eq!((scenario.exit, scenario.fix, scenario.command), (0, None, healthy.command));
    assert_eq!(scenario.local.variables, healthy.local.variables);
}

/// What a regime is made of, in the words of a derive.
fn parts(scenario: &Scenario) -> String {
    let Scenario { rules, doors, aliases, call_ms, addresses, seed, .. } = scenario;
    format!("{rules:#?} {doors:#?} {aliases:#?} {call_ms} {addresses} {seed}")
}

#[test]
fn a_file_can_say_what_the_built_in_regimes_say() {
    let same = |id: &str, text: &str| {
        let file = parse_file(&format!("id = \"mine\"\n{text}")).unwrap();
        assert_eq!(parts(&file), parts(find(id).unwrap()), "{id}");
    };
    const GONE: &str = "name = \"gemini-v4p1s-rev24-ajax-sentinel\", missing = ";
    let flash = "[[aliases]]\nmodel = \"gemini-3.5-flash\"";
    let there = "{ name = \"gemini-3.5-flash\" }";
    let flaky = format!("builds = [{{ {GONE}true, weight = 2 }}, {there}]");
    let onset = format!(
        "seed = 122\ncall-ms = 1000\n{flash}\nbuilds = [{there}]\n\
         [[aliases.phases]]\nfrom-ms = 40000\n{flaky}"
    );
    same("alias-onset", &onset);
    let address =
        format!("addresses = 2\n{flash}\npick = \"address\"\nbuilds = [{there}, {{ {GONE}true }}]");
    same("alias-per-address", &address);
    let http = format!("{flash}\npick = \"http\"\nbuilds = [{there}, {{ {GONE}true }}]");
    same("alias-per-http", &http);
    let burst = format!(
        "seed = 20\ncall-ms = 1000\n{flash}\npick = {{ burst = 5 }}\n\
         builds = [{{ {GONE}true }}, {there}]"
    );
    same("alias-burst", &burst);
    same("alias-sticky", &format!("seed = 41\n{flash}\npick = \"connection\"\n{flaky}"));
    let own = format!("{flash}\nbuilds = [{{ {GONE}\"own-name\" }}]");
    same("alias-outage-own-name", &own);
    let version = |n| format!("{{ name = \"b{n}\", version = \"gemini-3.5-flash-00{n}\" }}");
    let versions = [1, 2, 3].map(version).join(", ");
    same("alias-versions-vary", &format!("seed = 69\n{flash}\nbuilds = [{versions}]"));
    let resets = "seed = 19\n[[rules]]\nroute = \"generating\"\nmodel = \"gemini-3.5-flash\"\n\
                  when = { ratio = 0.15 }\nact = \"reset\"";
    same("alias-resets", resets);
    let body = include_str!("../bodies/build-missing.json");
    let sdk = format!(
        "[[rules]]\nroute = \"generating\"\nmodel = \"gemini-3.5-flash\"\n\
         header = [\"x-goog-api-client\", \"google-genai-sdk/\"]\n\
         act = {{ status = 404, google = true, body = '''\n{body}''' }}"
    );
    same("alias-sdk-only", &sdk);
}

#[test]
fn mistakes_in_aliases_and_times_are_told_in_words() {
    let error = |text: &str| parse_file(&format!("id = \"x\"\n{text}")).unwrap_err();
    let alias = |text: &str| error(&format!("[[aliases]]\nmodel = \"gemini-3.5-flash\"\n{text}"));
    assert_eq!(error("call-ms = 90000000"), "call-ms 90000000 is longer than a day");
    assert_eq!(error("addresses = 0"), "addresses must be from 1 to 8");
    assert_eq!(error("addresses = 9"), "addresses must be from 1 to 8");
    let none = "alias `gemini-3.5-flash` has bursts of 0 calls";
    assert_eq!(alias("pick = { burst = 0 }\nbuilds = [{ name = \"a\" }]"), none);
    assert!(alias("pick = \"weekly\"\nbuilds = []").contains("unknown variant `weekly`"));
    let two = alias("builds = [{ name = \"a\", missing = true, version = \"v\" }]");
    assert!(two.ends_with("has a build `a` with more than one of missing, version and act"));
    let word = alias("builds = [{ name = \"a\", missing = \"yes\" }]");
    assert!(word.contains("`missing` is true, false or \"own-name\""), "{word}");
    let status = alias("builds = [{ name = \"a\", act = { status = 99 } }]");
    assert!(status.ends_with("has a build `a`: status 99 is not between 200 and 999"), "{status}");
    let phase =
        |from: u64| format!("[[aliases.phases]]\nfrom-ms = {from}\nbuilds = [{{ name = \"b\" }}]");
    let builds = "builds = [{ name = \"a\" }]";
    let order = alias(&format!("{builds}\n{}\n{}", phase(5), phase(5)));
    assert_eq!(order, "the phases of alias `gemini-3.5-flash` are not in order of time");
    let empty = alias(&format!("{builds}\n[[aliases.phases]]\nfrom-ms = 5\nbuilds = []"));
    assert_eq!(empty, "alias `gemini-3.5-flash` has no build that could be picked");
    let rule = |text: &str| error(&format!("[[rules]]\nact = \"hang\"\n{text}"));
    assert_eq!(rule("header = [\"a b\", \"c\"]"), "rule 1: `a b` is not the name of a header");
    assert!(rule("http = \"h4\"").contains("unknown variant `h4`"));
    assert!(rule("header = [\"a\"]").starts_with("line 4: "));
}

#[test]
fn mistakes_are_told_with_their_line() {
    let error = |text: &str| parse_file(text).unwrap_err();
    assert!(error("id = \"x\"\nexxit = 3").starts_with("line 2: unknown field `exxit`"));
    assert!(error("id = \"x\"\nexit = \"three\"").starts_with("line 2: invalid type"));
    assert!(error("summary = \"x\"").contains("missing field `id`"));
    assert!(error("id = \"No Good\"").contains("`No Good`"));
    let act = error("id = \"x\"\n[[rules]]\nact = \"explode\"");
    assert!(act.contains("line 3") && act.contains("an act is"), "{act}");
    let status = error("id = \"x\"\n[[rules]]\nact = { status = 99 }");
    assert_eq!(status, "rule 1: status 99 is not between 200 and 999");
    let header = error("id = \"x\"\n[[rules]]\nact = { status = 200, type = \"a\\nb\" }");
    assert!(header.contains("not a legal header"));
    let alias = error("id = \"x\"\n[[aliases]]\nmodel = \"gemini-3.5-flash\"\nbuilds = []");
    assert_eq!(alias, "alias `gemini-3.5-flash` has no build that could be picked");
    let alias = error("id = \"x\"\n[[aliases]]\nmodel = \"m\"\nbuilds = []");
    assert_eq!(alias, "alias `m` is not a model that the simulator lists");
    assert!(error("id = \"x\"\nproxy = \"work\"").contains("no URL"));
}

#[test]
fn a_door_may_only_be_slow() {
    let scenario = parse_file("id = \"mine\"\n[[doors]]\ndoor = { pause = 200 }").unwrap();
    assert_eq!(scenario.doors[0].door, find("cold-connections-slow").unwrap().doors[0].door);
}
