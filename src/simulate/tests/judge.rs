//! Each kind of rule fires as declared, with counts that a seed fixes.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use bytes::Bytes;

use super::super::call::{Call, Http, Link};
use super::super::clock::Clock;
use super::super::fault::{Act, Alias, Build, Door, DoorRule, Pick, Route, Rule, When};
use super::super::judge::Judge;
use super::super::{Scenario, find};

pub(super) const V4: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

pub(super) fn call_on(connection: u64, ip: IpAddr, line: &str, body: &'static str) -> Call {
    let (method, path) = line.split_once(' ').unwrap();
    let request = http::Request::builder().method(method).uri(path).body(()).unwrap();
    Call::new(link(connection, ip), &request.into_parts().0, Bytes::from_static(body.as_bytes()))
}

pub(super) fn link(number: u64, ip: IpAddr) -> Link {
    let address = |port| SocketAddr::new(ip, port);
    Link { number, peer: address(40_000), local: address(443), listener: 0 }
}

pub(super) fn generate(connection: u64) -> Call {
    call_on(connection, V4, "POST /v1beta/models/gemini-3.5-flash:generateContent", "{}")
}

pub(super) fn judge(scenario: Scenario, seed: u64) -> Judge {
    Judge::new(&scenario, seed, Clock::start(scenario.call_ms))
}

fn with_rule(when: When) -> Scenario {
    let rule = Rule { when, ..Rule::always(Route::Generate, Act::Hang) };
    find("healthy").unwrap().rules(vec![rule].leak())
}

/// Which of so many calls, each on a connection of its own, a rule fires on.
fn fired(when: When, calls: u64) -> Vec<u64> {
    let judge = judge(with_rule(when), 7);
    (1..=calls).filter(|nth| judge.act(&generate(*nth), None).is_some()).collect()
}

#[test]
fn counting_rules_fire_on_their_turns() {
    assert_eq!(fired(When::Always, 3), [1, 2, 3]);
    assert_eq!(fired(When::First(2), 5), [1, 2]);
    assert_eq!(fired(When::Every(3), 7), [3, 6]);
    assert!(fired(When::Every(0), 7).is_empty());
    assert_eq!(fired(When::ConnectionAlternate, 5), [1, 3, 5]);
}

#[test]
fn a_ratio_is_met_and_the_seed_repeats_it() {
    let times = fired(When::Ratio(0.3), 2_000);
    assert_eq!(times, fired(When::Ratio(0.3), 2_000));
    assert!((540..=660).contains(&times.len()), "{}", times.len());
    assert!(fired(When::Ratio(0.0), 50).is_empty());
    assert_eq!(fired(When::Ratio(1.0), 50).len(), 50);
}

#[test]
fn another_seed_is_another_run() {
    let run = |seed| {
        let judge = judge(with_rule(When::Ratio(0.5)), seed);
        (0..64).map(|_| judge.act(&generate(1), None).is_some()).collect::<Vec<bool>>()
    };
    assert_ne!(run(1), run(2));
    assert_eq!(run(1), run(1));
}

#[test]
fn a_connection_keeps_its_luck() {
    let judge = judge(with_rule(When::ConnectionRatio(0.5)), 7);
    let lucky = |connection| judge.act(&generate(connection), None).is_none();
    let first: Vec<bool> = (1..=200).map(lucky).collect();
    let second: Vec<bool> = (1..=200).map(lucky).collect();
    assert_eq!(first, second);
    let count = first.iter().filter(|lucky| **lucky).count();
    assert!((70..=130).contains(&count), "{count}");
}

#[test]
fn addresses_are_told_apart() {
    let judge = judge(with_rule(When::Ipv6), 7);
    let line = "POST /v1beta/models/gemini-3.5-flash:generateContent";
    assert!(judge.act(&call_on(1, V6, line, "{}"), None).is_some());
    assert!(judge.act(&call_on(1, V4, line, "{}"), None).is_none());
}

#[test]
fn a_window_opens_and_closes() {
    let hour = 3_600_000;
    assert_eq!(fired(When::Between(0, hour), 2), [1, 2]);
    assert!(fired(When::Between(hour, 2 * hour), 2).is_empty());
}

/// A call over HTTP/2 with one header more.
fn generate_with(name: &str, value: &str) -> Call {
    let path = "/v1beta/models/gemini-3.5-flash:generateContent";
    let request = http::Request::post(path).version(http::Version::HTTP_2).header(name, value);
    let parts = request.body(()).unwrap().into_parts().0;
    Call::new(link(1, V4), &parts, Bytes::from_static(b"{}"))
}

#[test]
fn a_rule_may_be_about_a_header_or_a_version_of_http() {
    let header = Some(("x-goog-api-client", "google-genai-sdk/"));
    let rule = Rule { header, ..Rule::always(Route::Any, Act::Hang) };
    let by_header = judge(find("healthy").unwrap().rules(vec![rule].leak()), 1);
    let value = "Google-GenAI-SDK/1.55.0 gl-python/3.13.1";
    assert!(by_header.act(&generate_with("X-Goog-Api-Client", value), None).is_some());
    assert!(by_header.act(&generate_with("user-agent", value), None).is_none());
    assert!(by_header.act(&generate_with("x-goog-api-client", "gl-python/3"), None).is_none());
    assert!(by_header.act(&generate(1), None).is_none());
    let rule = Rule { http: Some(Http::Http2), ..Rule::always(Route::Any, Act::Hang) };
    let by_http = judge(find("healthy").unwrap().rules(vec![rule].leak()), 1);
    assert!(by_http.act(&generate_with("x", "y"), None).is_some());
    assert!(by_http.act(&generate(1), None).is_none());
}

#[test]
fn a_rule_counts_only_the_requests_that_it_is_about() {
    let header = Some(("x-sdk", "yes"));
    let rule = Rule { header, ..Rule::always(Route::Any, Act::Hang) }.when(When::Every(2));
    let judge = judge(find("healthy").unwrap().rules(vec![rule].leak()), 1);
    let asked = |call: &Call| judge.act(call, None).is_some();
    let (with, without) = (generate_with("x-sdk", "yes"), generate(1));
    assert_eq!([&with, &without, &with, &without].map(asked), [false, false, true, false]);
}

#[test]
fn a_rule_may_wait_for_a_build() {
    let judge = judge(with_rule(When::Build("slow")), 7);
    let build = Build::works;
    assert!(judge.act(&generate(1), Some(&build("slow"))).is_some());
    assert!(judge.act(&generate(1), Some(&build("fast"))).is_none());
    assert!(judge.act(&generate(1), None).is_none());
}

#[test]
fn routes_cover_what_their_names_say() {
    let lines = [
        ("GET /v1beta/models", "", vec![Route::List]),
        ("GET /v1beta/models?pageToken=x", "", vec![Route::List, Route::NextPage]),
        ("GET /v1/models/gemini-3.5-flash", "", vec![Route::Get]),
        ("POST /v1beta/models/m:countTokens", "{}", vec![Route::Count, Route::Methods]),
        (
            "POST /v1beta/models/m:generateContent",
            "{\"tools\": [{\"function_declarations\": []}]}",
            vec![Route::Generate, Route::Generating, Route::Methods, Route::Tools],
        ),
        (
            "POST /v1alpha/models/m:streamGenerateContent",
            "{\"responseMimeType\": \"application/json\"}",
            vec![Route::Stream, Route::Generating, Route::Methods, Route::Json],
        ),
        ("POST /v1beta/models/m:embedContent", "{}", vec![Route::Methods, Route::Embed]),
        ("GET /v1beta/openai/models", "", vec![Route::OpenAi]),
        ("GET /v1beta/v1beta/models", "", vec![]),
    ];
    let all = [
        Route::List,
        Route::NextPage,
        Route::Get,
        Route::Count,
        Route::Generate,
        Route::Stream,
        Route::Generating,
        Route::Methods,
        Route::Tools,
        Route::Json,
        Route::Embed,
        Route::OpenAi,
    ];
    for (line, body, expected) in lines {
        let call = call_on(1, V4, line, body);
        let covers = |route: &Route| {
            let rules = vec![Rule::always(*route, Act::Hang)].leak();
            judge(find("healthy").unwrap().rules(rules), 1).act(&call, None).is_some()
        };
        let covered: Vec<Route> = all.into_iter().filter(covers).collect();
        assert_eq!(covered, expected, "{line}");
    }
}

#[test]
fn the_first_rule_that_fires_wins() {
    let rules = vec![
        Rule { when: When::First(1), ..Rule::always(Route::Any, Act::Hang) },
        Rule::on_model(Route::Any, "another-model", Act::Nested(1)),
        Rule::always(Route::Any, Act::Disconnect),
    ];
    let judge = judge(find("healthy").unwrap().rules(rules.leak()), 1);
    assert!(matches!(judge.act(&generate(1), None), Some(Act::Hang)));
    assert!(matches!(judge.act(&generate(1), None), Some(Act::Disconnect)));
}

#[test]
fn doors_count_connections() {
    let rule = DoorRule { when: When::First(2), door: Door::Reset };
    let judge = judge(find("healthy").unwrap().doors(vec![rule].leak()), 1);
    let doors: Vec<Option<Door>> = (1..=3).map(|nth| judge.door(&link(nth, V4))).collect();
    assert_eq!(doors, [Some(Door::Reset), Some(Door::Reset), None]);
}

fn alias(pick: Pick) -> Alias {
    const BUILDS: &[Build] = &[Build::works("a").weight(3), Build::missing("b")];
    Alias::new("gemini-3.5-flash", pick, BUILDS)
}

fn builds(pick: Pick) -> Judge {
    judge(find("healthy").unwrap().aliases(vec![alias(pick)].leak()), 7)
}

#[test]
fn builds_are_picked_by_weight_by_turns_or_by_connection() {
    let by_weight = builds(Pick::Call);
    let of_b = (0..2_000).filter(|_| by_weight.build(&generate(1)).unwrap().is_missing()).count();
    assert!((440..=560).contains(&of_b), "{of_b}");
    let by_turns = builds(Pick::Turns);
    let names: Vec<&str> = (0..4).map(|_| by_turns.build(&generate(1)).unwrap().name).collect();
    assert_eq!(names, ["a", "b", "a", "b"]);
    let sticky = builds(Pick::Connection);
    let of = |connection| sticky.build(&generate(connection)).unwrap().name;
    let first: Vec<&str> = (1..40).map(of).collect();
    assert_eq!(first, (1..40).map(of).collect::<Vec<&str>>());
    assert!(first.contains(&"a") && first.contains(&"b"));
}

#[test]
fn only_calls_that_generate_are_led_to_builds() {
    let judge = builds(Pick::Call);
    let count = call_on(1, V4, "POST /v1beta/models/gemini-3.5-flash:countTokens", "{}");
    assert!(judge.build(&count).is_none());
    let sibling = call_on(1, V4, "POST /v1beta/models/gemini-flash-latest:generateContent", "{}");
    assert!(judge.build(&sibling).is_none());
}

#[test]
fn the_bug_report_is_reproduced_by_its_seed() {
    let scenario = find("alias-404").unwrap();
    let judge = judge(*scenario, scenario.seed);
    let outcomes: Vec<bool> =
        (0..25).map(|_| judge.build(&generate(1)).unwrap().is_missing()).collect();
    assert_eq!(outcomes.iter().filter(|failed| **failed).count(), 17);
}

#[test]
fn two_thirds_of_the_alias_fail_in_the_long_run() {
    let scenario = find("alias-404").unwrap();
    let judge = judge(*scenario, 99);
    let failed = (0..3_000).filter(|_| judge.build(&generate(1)).unwrap().is_missing()).count();
    assert!((1_900..=2_100).contains(&failed), "{failed}");
}
