//! How much traffic is taken, and how connections end: limits, queues, standstills, goodbyes.

use std::time::Duration;

use bytes::Bytes;
use h2::Reason;

use super::super::call::Http;
use super::super::clock::Clock;
use super::super::fault::{Act, Route, Rule};
use super::super::judge::Judge;
use super::super::traffic::{Patience, Traffic};
use super::super::{AUTH_KEY, Scenario, Simulation, find};
use super::timed::{Client, MODELS, ms};
use super::{HOST, connect, start, start_scenario};

const BOTH: [Http; 2] = [Http::Http1, Http::Http2];

/// A judge whose clock goes on only when it is told to.
fn judge_of(id: &str) -> (Judge, Clock) {
    let clock = Clock::start(1);
    (Judge::new(find(id).unwrap(), 1, clock.clone()), clock)
}

fn skip(clock: &Clock, ms: u64) {
    clock.skipped().fetch_add(ms * 1000, std::sync::atomic::Ordering::Relaxed);
}

/// How many of so many calls that come at once are let through.
fn let_through(judge: &Judge, calls: usize) -> usize {
    (0..calls).filter(|_| judge.turn().is_ok()).count()
}

#[test]
fn a_bucket_is_full_at_first_and_fills_at_its_rate() {
    for id in ["rate-limited", "gateway-rate-limited", "gateway-rate-limited.429"] {
        let (judge, clock) = judge_of(id);
        assert_eq!(let_through(&judge, 50), 20, "{id}");
        skip(&clock, 99);
        assert_eq!(let_through(&judge, 5), 0, "{id}");
        skip(&clock, 1);
        assert_eq!(let_through(&judge, 5), 1, "{id}");
        skip(&clock, 1_000);
        assert_eq!(let_through(&judge, 50), 10, "{id}");
        skip(&clock, 3_600_000);
        assert_eq!(let_through(&judge, 50), 20, "{id}");
    }
}

#[test]
fn in_the_long_run_a_bucket_lets_its_rate_through() {
    let (judge, clock) = judge_of("rate-limited");
    let passed: usize = (0..3_000)
        .map(|_| {
            skip(&clock, 33);
            let_through(&judge, 1)
        })
        .sum();
    // The first call came after 33 ms, and the bucket was full until then.
    assert_eq!(passed, 20 + (99_000 - 33) / 100);
}

#[test]
fn a_queue_lets_wait_until_it_is_full() {
    let (judge, clock) = judge_of("rate-queued");
    let waits: Vec<u128> =
        (0..50).filter_map(|_| judge.turn().ok()).map(|wait| wait.as_millis()).collect();
    let expected: Vec<u128> = (0..=20).map(|place| place * 100).collect();
    assert_eq!(waits, expected);
    skip(&clock, 300);
    assert_eq!(let_through(&judge, 50), 3);
    skip(&clock, 60_000);
    assert_eq!(judge.turn().unwrap(), Duration::ZERO);
}

#[test]
fn a_capacity_refuses_nobody_and_lets_wait_for_ever_longer() {
    for (id, per_second) in [("rate-not-sustained", 10), ("capacity-twenty", 20)] {
        let (judge, clock) = judge_of(id);
        let mut last = Duration::ZERO;
        for _ in 0..120 {
            last = judge.turn().unwrap();
            skip(&clock, 83);
        }
        let behind = last.as_secs_f64();
        match per_second {
            10 => assert!((1.9..2.1).contains(&behind), "{behind}"),
            _ => assert_eq!(last, Duration::ZERO),
        }
    }
}

#[tokio::test]
async fn a_gateway_refuses_with_a_page_and_google_in_its_own_words() {
    for (id, status, words) in [
        ("gateway-rate-limited", 503, "<hr><center>nginx</center>"),
        ("gateway-rate-limited.429", 429, "<hr><center>nginx</center>"),
        ("rate-limited", 429, "GenerateRequestsPerMinutePerProjectPerModel"),
    ] {
        let simulation = start(id);
        let client = Client::open(&simulation, Http::Http2).await;
        let mut passed = 0;
        let refused = loop {
            let answer = client.call(MODELS, "").await.unwrap();
            match answer.status {
                200 => passed += 1,
                _ => break answer,
            }
        };
        assert!(passed >= 20, "{passed}");
        assert_eq!(refused.status, status, "{id}");
        assert!(refused.body.contains(words), "{}", refused.body);
        assert_eq!(refused.headers.contains_key("server-timing"), id == "rate-limited");
        let fault = simulation.requests().pop().unwrap().fault;
        assert_eq!(fault, Some(format!("answer {status}")));
    }
}

#[tokio::test]
async fn a_queue_is_waited_in() {
    let simulation = start("rate-queued");
    let client = Client::open(&simulation, Http::Http2).await;
    let began = std::time::Instant::now();
    for _ in 0..6 {
        assert_eq!(client.call(MODELS, "").await.unwrap().status, 200);
    }
    assert!(began.elapsed() >= ms(490));
    let waited: f64 = simulation.requests().iter().map(|seen| seen.service_ms.unwrap()).sum();
    assert!(waited > 0.0);
    assert_eq!(simulation.client().base_url.as_deref(), Some("https://gateway.example"));
}

#[tokio::test]
async fn everything_stands_still_together() {
    let simulation = start("server-freezes.short");
    let client = Client::open(&simulation, Http::Http1).await;
    let began = std::time::Instant::now();
    let (mut longest, mut shortest) = (Duration::ZERO, Duration::MAX);
    while began.elapsed() < ms(2_200) {
        let took = client.call(MODELS, "").await.unwrap().took;
        (longest, shortest) = (longest.max(took), shortest.min(took));
    }
    assert!(longest >= ms(150), "{longest:?}");
    assert!(shortest < ms(150), "{shortest:?}");
    // The server sees nothing of it: it was not there.
    let seen = simulation.requests();
    assert!(seen.iter().all(|seen| seen.status == Some(200)));
}

#[tokio::test]
async fn the_protocol_is_offered_as_the_scenario_says() {
    for (id, offered) in [("http2-not-offered", Some(&b"http/1.1"[..])), ("alpn-none", None)] {
        let simulation = start(id);
        let stream = connect(&simulation, &[b"h2", b"http/1.1"]).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), offered, "{id}");
        let answer = super::ask(&simulation, "GET /v1beta/models", "").await;
        assert_eq!(answer.status, 200, "{id}");
    }
}

type Sender = h2::client::SendRequest<Bytes>;
type Driver = tokio::task::JoinHandle<Result<(), h2::Error>>;

async fn http2(simulation: &Simulation) -> (Sender, Driver) {
    let stream = connect(simulation, &[b"h2"]).await.unwrap();
    let (sender, connection) = h2::client::handshake(stream).await.unwrap();
    (sender, tokio::spawn(connection))
}

/// The status of a call, read to its end.
async fn ask(sender: &Sender) -> Result<u16, h2::Error> {
    let mut sender = sender.clone().ready().await?;
    let request = http::Request::get(format!("https://{HOST}{MODELS}"))
        .header("x-goog-api-key", AUTH_KEY)
        .body(())
        .unwrap();
    let (response, _) = sender.send_request(request, true)?;
    let mut response = response.await?;
    while let Some(piece) = response.body_mut().data().await {
        let _ = response.body_mut().flow_control().release_capacity(piece?.len());
    }
    Ok(response.status().as_u16())
}

#[tokio::test]
async fn one_stream_at_a_time_is_one() {
    for (id, most) in [("h2-one-stream", 1), ("transport-zero", 200)] {
        let simulation = start(id);
        let (sender, _driver) = http2(&simulation).await;
        assert_eq!(ask(&sender).await.unwrap(), 200);
        assert_eq!(sender.current_max_send_streams(), most, "{id}");
        assert_eq!(ask(&sender).await.unwrap(), 200);
    }
}

#[tokio::test]
async fn after_ten_calls_http2_says_goodbye_without_an_error() {
    let simulation = start("h2-goaway-each");
    for connection in 1..=2 {
        let (sender, driver) = http2(&simulation).await;
        for _ in 0..10 {
            assert_eq!(ask(&sender).await.unwrap(), 200);
        }
        // The end of the connection without an error is what h2 makes of that goodbye.
        driver.await.unwrap().unwrap();
        let error = ask(&sender).await.unwrap_err();
        assert!(error.is_go_away() && error.is_remote(), "{error:?}");
        assert_eq!(error.reason(), Some(Reason::NO_ERROR));
        assert_eq!(simulation.requests().len(), connection * 10);
    }
    let client = Client::open(&simulation, Http::Http1).await;
    for _ in 0..12 {
        assert!(!client.call(MODELS, "").await.unwrap().headers.contains_key("connection"));
    }
}

#[tokio::test]
async fn what_is_under_way_at_the_goodbye_is_answered() {
    const SLOW: &[Rule] = &[Rule::always(Route::Any, Act::After(100, &Act::HONEST))];
    let simulation = start_scenario(&find("h2-goaway-each").unwrap().rules(SLOW));
    let (sender, driver) = http2(&simulation).await;
    let asked: Vec<_> = (0..10)
        .map(|_| {
            let sender = sender.clone();
            tokio::spawn(async move { ask(&sender).await })
        })
        .collect();
    for one in asked {
        assert_eq!(one.await.unwrap().unwrap(), 200);
    }
    driver.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_tenth_answer_of_http1_closes() {
    let simulation = start("h1-close-each");
    let mut client = Client::open(&simulation, Http::Http1).await;
    for nth in 1..=10 {
        let answer = client.call(MODELS, "").await.unwrap();
        let said = answer.headers.get("connection").map(|value| value.to_str().unwrap());
        assert_eq!(said, (nth == 10).then_some("close"), "{nth}");
    }
    client.ends_in().await;
    assert!(client.call(MODELS, "").await.is_err());
    let (sender, _driver) = http2(&simulation).await;
    for _ in 0..12 {
        assert_eq!(ask(&sender).await.unwrap(), 200);
    }
}

#[tokio::test]
async fn every_tenth_stream_is_refused() {
    let simulation = start("h2-refused-stream");
    let (sender, _driver) = http2(&simulation).await;
    for nth in 1..=20 {
        match ask(&sender).await {
            Ok(status) => assert!(status == 200 && nth % 10 != 0, "{nth}"),
            Err(error) => {
                assert!(error.is_reset() && nth % 10 == 0, "{nth}: {error:?}");
                assert_eq!(error.reason(), Some(Reason::REFUSED_STREAM));
            }
        }
    }
    let client = Client::open(&simulation, Http::Http1).await;
    for _ in 0..10 {
        assert_eq!(client.call(MODELS, "").await.unwrap().status, 200);
    }
}

/// Not a single call is without it here; one kernel or another may acknowledge a few at once.
#[tokio::test]
async fn without_nodelay_the_body_waits_for_an_acknowledgement() {
    let scenario = find("no-nodelay").unwrap();
    if !scenario.needs.met() {
        return;
    }
    let simulation = start_scenario(scenario);
    for http in BOTH {
        let client = Client::open(&simulation, http).await;
        let mut late = 0;
        for _ in 0..20 {
            let answer = client.call("/v1beta/models/gemini-3.5-flash", "").await.unwrap();
            late += u32::from(answer.took - answer.head >= ms(30));
        }
        assert!(late >= 10, "{http:?}: {late} of 20");
    }
    assert!(simulation.requests().iter().any(|seen| seen.service_ms.unwrap() < 30.0));
}

#[tokio::test]
async fn an_idle_connection_is_closed_without_a_word() {
    let simulation = start("idle-close.short");
    tokio::join!(goes_idle(&simulation, Http::Http1), goes_idle(&simulation, Http::Http2));
    assert_eq!(simulation.requests().len(), 30);
}

/// Keeps a connection alive for longer than a pause may be, and then leaves it alone.
async fn goes_idle(simulation: &Simulation, http: Http) {
    let mut client = Client::open(simulation, http).await;
    for _ in 0..15 {
        let answer = client.call(MODELS, "").await.unwrap();
        assert!(!answer.headers.contains_key("keep-alive"));
        tokio::time::sleep(ms(100)).await;
    }
    let left = client.ends_in().await;
    assert!((ms(500)..ms(8_000)).contains(&left), "{http:?}: {left:?}");
    assert!(client.call(MODELS, "").await.is_err());
}

#[tokio::test]
async fn the_end_of_an_idle_connection_is_an_end_and_nothing_else() {
    use tokio::io::AsyncReadExt;
    let simulation = start("idle-close.short");
    let mut stream = connect(&simulation, &[b"http/1.1"]).await.unwrap();
    let mut said = Vec::new();
    let error = stream.read_to_end(&mut said).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
    assert!(said.is_empty());
}

#[tokio::test]
async fn a_call_may_cross_the_end_of_its_connection() {
    let simulation = start("idle-close.crossed");
    for http in BOTH {
        let client = Client::open(&simulation, http).await;
        assert_eq!(client.call(MODELS, "").await.unwrap().status, 200);
        tokio::time::sleep(ms(1_050)).await;
        assert!(client.call(MODELS, "").await.is_err());
        let seen = simulation.requests().pop().unwrap();
        assert_eq!((seen.status, seen.service_ms), (None, None));
        assert_eq!(seen.fault.as_deref(), Some("close of an idle connection"));
    }
    assert_eq!(simulation.connections(), 2);
}

#[tokio::test]
async fn who_waits_for_an_answer_is_not_idle() {
    const SLOW: &[Rule] = &[Rule::always(Route::Any, Act::After(400, &Act::HONEST))];
    let short = Traffic { idle: Some(Patience::Closes(100)), ..Traffic::PLAIN };
    let scenario: Scenario = find("healthy").unwrap().rules(SLOW).traffic(short);
    let simulation = start_scenario(&scenario);
    for http in BOTH {
        let mut client = Client::open(&simulation, http).await;
        assert_eq!(client.call(MODELS, "").await.unwrap().status, 200);
        assert!(client.ends_in().await < ms(8_000));
    }
}

#[tokio::test]
async fn a_server_dies_for_old_and_new_connections() {
    let simulation = start("server-dies");
    let client = Client::open(&simulation, Http::Http2).await;
    assert_eq!(client.call(MODELS, "").await.unwrap().status, 200);
    simulation.time().fetch_add(2_000_000, std::sync::atomic::Ordering::Relaxed);
    assert!(client.call(MODELS, "").await.is_err());
    assert!(connect(&simulation, &[b"h2"]).await.is_err());
}
