//! The causes of a 504, one at a time: what grows with the request, what does not, and for whom.

use std::sync::Arc;

use super::super::call::Http;
use super::start;
use super::timed::{COUNT, Client, FLASH, PROMPT, Timed, ms};

const SIBLING: &str = "/v1beta/models/gemini-2.5-flash:countTokens";

fn prompt_of(kib: usize) -> String {
    format!("{{\"contents\": [{{\"parts\": [{{\"text\": \"{}\"}}]}}]}}", "a".repeat(kib * 1024))
}

/// So many calls at once.
async fn at_once(client: Client, path: &'static str, calls: usize) -> Vec<Timed> {
    let client = Arc::new(client);
    let ask = |client: Arc<Client>| async move { client.call(path, PROMPT).await.unwrap() };
    let asked: Vec<_> = (0..calls).map(|_| tokio::spawn(ask(Arc::clone(&client)))).collect();
    let mut answers = Vec::new();
    for one in asked {
        answers.push(one.await.unwrap());
    }
    answers
}

fn timed_out(answers: &[Timed]) -> usize {
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(answer.status, 504);
        assert!(answer.body.contains("DEADLINE_EXCEEDED"), "{}", answer.body);
    }
    answers.iter().filter(|answer| answer.status == 504).count()
}

#[tokio::test]
async fn a_large_input_takes_longer_until_it_takes_too_long() {
    let simulation = start("timeout-large-input");
    let client = Client::open(&simulation, Http::Http1).await;
    for path in [COUNT, SIBLING, FLASH] {
        for (kib, least, status) in [(1, 4, 200), (60, 240, 200), (120, 400, 504)] {
            let answer = client.call(path, &prompt_of(kib)).await.unwrap();
            assert_eq!(answer.status, status, "{kib} KiB");
            assert!(answer.head >= ms(least), "{kib} KiB: {answer:?}");
        }
    }
    let seen = simulation.requests();
    let took = |nth: usize| seen[nth].service_ms.unwrap();
    assert!(took(0) < took(1) && took(1) < took(2), "{seen:?}");
    assert_eq!(seen[0].fault.as_deref(), Some("4 ms a KiB"));
}

#[tokio::test]
async fn a_bad_network_is_bad_for_every_model() {
    let simulation = start("timeout-network");
    for path in [COUNT, SIBLING] {
        let client = Client::open(&simulation, Http::Http2).await;
        assert!(client.opened_in >= ms(1_100));
        let answers = at_once(client, path, 60).await;
        assert!((5..30).contains(&timed_out(&answers)), "{}", timed_out(&answers));
    }
}

#[tokio::test]
async fn a_busy_model_is_slow_and_its_sibling_is_not() {
    let simulation = start("timeout-model-load");
    let answers = at_once(Client::open(&simulation, Http::Http2).await, COUNT, 60).await;
    assert!((12..40).contains(&timed_out(&answers)), "{}", timed_out(&answers));
    assert!(answers.iter().all(|answer| answer.head >= ms(300)));
    let answers = at_once(Client::open(&simulation, Http::Http2).await, SIBLING, 20).await;
    assert_eq!(timed_out(&answers), 0);
    assert!(answers.iter().any(|answer| answer.head < ms(300)));
}

#[tokio::test]
async fn only_the_first_call_that_generates_is_slow() {
    let simulation = start("first-call-slow");
    let client = Client::open(&simulation, Http::Http2).await;
    assert!(client.call(COUNT, PROMPT).await.unwrap().head < ms(1_500));
    assert!(client.call(FLASH, PROMPT).await.unwrap().head >= ms(1_500));
    for _ in 0..3 {
        assert!(client.call(FLASH, PROMPT).await.unwrap().head < ms(1_500));
    }
}

#[tokio::test]
async fn a_gateway_gives_up_at_a_round_number_of_seconds() {
    let simulation = start("gateway-timeout-round");
    let answers = at_once(Client::open(&simulation, Http::Http2).await, FLASH, 9).await;
    let given_up: Vec<_> = answers.iter().filter(|answer| answer.status == 504).collect();
    assert_eq!(given_up.len(), 3);
    for answer in given_up {
        assert!(answer.head >= ms(2_000) && answer.body.contains("nginx"), "{answer:?}");
    }
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 6);
}
