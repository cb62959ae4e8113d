//! Simulated time: who moves it, who goes by it, and that nobody waits for it.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::super::clock::{Clock, http_date};
use super::super::fault::{Act, Route, Rule, When};
use super::super::judge::Judge;
use super::super::{Scenario, find};
use super::judge::{V4, call_on, generate, link};
use super::{ask, start_scenario};

const FLASH: &str = "POST /v1beta/models/gemini-3.5-flash:generateContent";
const COUNT: &str = "POST /v1beta/models/gemini-3.5-flash:countTokens";
const BODY: &str = "{\"contents\": [{\"parts\": [{\"text\": \"hi\"}]}]}";
const HOUR: u64 = 3_600_000;

/// From an hour on everything is answered with 503.
fn late(call_ms: u64) -> Scenario {
    const RULES: &[Rule] =
        &[Rule::always(Route::Any, Act::google(503, "{}")).when(When::Between(HOUR, 2 * HOUR))];
    find("healthy").unwrap().rules(RULES).call_ms(call_ms)
}

#[tokio::test]
async fn calls_that_generate_take_simulated_time() {
    let simulation = start_scenario(&late(HOUR / 2));
    let began = Instant::now();
    let mut statuses = Vec::new();
    for line in [FLASH, COUNT, FLASH, COUNT, FLASH, FLASH] {
        statuses.push(ask(&simulation, line, BODY).await.status);
    }
    assert_eq!(statuses, [200, 200, 200, 503, 503, 503]);
    assert_eq!(simulation.time().load(Ordering::Relaxed), 2 * HOUR * 1000);
    let at: Vec<u64> = simulation.requests().iter().map(|seen| seen.at_ms / (HOUR / 2)).collect();
    assert_eq!(at, [1, 1, 2, 2, 3, 4]);
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn the_client_may_skip_time_as_well() {
    let simulation = start_scenario(&late(0));
    assert_eq!(ask(&simulation, FLASH, BODY).await.status, 200);
    assert_eq!(simulation.time().load(Ordering::Relaxed), 0);
    simulation.time().fetch_add(HOUR * 1000, Ordering::Relaxed);
    assert_eq!(ask(&simulation, FLASH, BODY).await.status, 503);
    simulation.time().fetch_add(HOUR * 1000, Ordering::Relaxed);
    assert_eq!(ask(&simulation, FLASH, BODY).await.status, 200);
}

#[test]
fn real_time_counts_only_where_calls_take_none() {
    let real = Clock::start(0);
    let simulated = Clock::start(7);
    std::thread::sleep(Duration::from_millis(3));
    assert!(real.now_ms() >= 3);
    assert_eq!(simulated.now_ms(), 0);
    simulated.spend(&generate(1));
    assert_eq!(simulated.now_ms(), 7);
    let count = call_on(1, V4, COUNT, "{}");
    simulated.spend(&count);
    assert_eq!(simulated.now_ms(), 7);
    simulated.skipped().fetch_add(1_000, Ordering::Relaxed);
    assert_eq!(simulated.now_ms(), 8);
}

#[test]
fn doors_go_by_simulated_time_too() {
    let scenario = find("alias-lost").unwrap();
    let clock = Clock::start(scenario.call_ms);
    let judge = Judge::new(scenario, 1, clock.clone());
    let link = link(1, V4);
    for _ in 0..10 {
        assert!(judge.door(&link).is_none());
        clock.spend(&generate(1));
    }
    assert!(judge.door(&link).is_some());
}

#[tokio::test]
async fn a_server_may_live_at_another_time() {
    let date = |answer: super::Answer| {
        let lines = answer.head.lines().map(str::to_owned);
        let dates: Vec<String> =
            lines.filter(|line| line.to_ascii_lowercase().starts_with("date:")).collect();
        assert_eq!(dates.len(), 1, "{dates:?}");
        dates[0][5..].trim().to_owned()
    };
    const DAY: i64 = 24 * 60 * 60;
    for ahead in [0, 400 * DAY, -400 * DAY] {
        let scenario = find("healthy").unwrap().date_ahead_s(ahead);
        let answer = ask(&start_scenario(&scenario), "GET /v1beta/models", "").await;
        // A second may go by between the answer and the look at the clock.
        let near: Vec<String> = [-1, 0].map(|late| http_date(ahead + late)).into();
        let shown = date(answer);
        assert!(near.contains(&shown), "{ahead}: {shown}, not one of {near:?}");
    }
}
