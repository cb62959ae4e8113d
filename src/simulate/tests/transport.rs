//! What is known about time: delays, pauses of a stream, slow handshakes, and what the log says.

use std::sync::Arc;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::super::call::Http;
use super::super::{Handshakes, Options, Simulation, find};
use super::timed::{Client, FLASH, MODELS, PROMPT, STREAM, ms};
use super::{HOST, start};

#[tokio::test]
async fn each_version_of_http_takes_its_own_time() {
    let simulation = start("transport-delays");
    for (http, least) in [(Http::Http1, 280), (Http::Http2, 110)] {
        let client = Client::open(&simulation, http).await;
        for (path, body) in [(MODELS, ""), (FLASH, PROMPT)] {
            let answer = client.call(path, body).await.unwrap();
            assert_eq!(answer.status, 200);
            assert!(answer.head >= ms(least), "{http:?}: {answer:?}");
        }
    }
    let seen = simulation.requests();
    let took: Vec<f64> = seen.iter().map(|seen| seen.service_ms.unwrap()).collect();
    assert!(took[0].min(took[1]) >= 280.0, "{took:?}");
    assert!((110.0..280.0).contains(&took[2].min(took[3])), "{took:?}");
    assert_eq!(seen[0].fault.as_deref(), Some("after 280 ms honest answer"));
}

#[tokio::test]
async fn only_the_first_call_of_a_connection_pays_for_a_slow_handshake() {
    let simulation = start("cold-connections-slow");
    for http in [Http::Http1, Http::Http2] {
        let client = Client::open(&simulation, http).await;
        assert!(client.opened_in >= ms(200), "{:?}", client.opened_in);
        let answer = client.call(MODELS, "").await.unwrap();
        assert_eq!(answer.status, 200);
        assert!(answer.took < client.opened_in, "{answer:?}");
    }
    assert!(simulation.requests().iter().all(|seen| seen.service_ms.unwrap() < 200.0));
}

/// The pauses may be longer on a busy machine, and never shorter.
#[tokio::test]
async fn every_phase_takes_what_was_said() {
    let simulation = start("phases-known");
    for http in [Http::Http1, Http::Http2] {
        let client = Client::open(&simulation, http).await;
        assert!(client.opened_in >= ms(60));
        let answer = client.call(STREAM, PROMPT).await.unwrap();
        assert!(answer.head >= ms(120), "{answer:?}");
        let [first, second, third, last] = answer.pieces[..] else { panic!("{answer:?}") };
        assert!(first >= ms(200) && last >= ms(390), "{answer:?}");
        assert!(third - second > second - first && third - second > last - third, "{answer:?}");
        assert!(answer.body.contains("\"finishReason\":\"STOP\""));
        assert_eq!(client.call(FLASH, PROMPT).await.unwrap().pieces.len(), 1);
        let own = answer.headers["server-timing"].to_str().unwrap();
        let own: u64 = own.strip_prefix("gfet4t7; dur=").unwrap().parse().unwrap();
        assert!(own >= 120 && ms(own) <= answer.head, "{own}");
    }
    let seen = simulation.requests();
    assert!(seen[0].service_ms.unwrap() >= 390.0, "{seen:?}");
    assert!(seen[1].service_ms.unwrap() < seen[0].service_ms.unwrap(), "{seen:?}");
}

#[tokio::test]
async fn the_proxy_takes_its_time_for_the_tunnel_alone() {
    let simulation = start("phases-known.proxy");
    let mut stream = TcpStream::connect(simulation.proxy_address().unwrap()).await.unwrap();
    let began = std::time::Instant::now();
    stream.write_all(format!("CONNECT {HOST}:443 HTTP/1.1\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    assert!(began.elapsed() >= ms(40));
}

#[tokio::test]
async fn a_stream_is_under_way_until_its_last_piece() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("requests.ndjson");
    let options = Options { log_file: Some(file.clone()), ..Options::default() };
    let simulation = Simulation::start(find("phases-known").unwrap(), &options).unwrap();
    let client = Client::open(&simulation, Http::Http2).await;
    let asked = tokio::spawn(async move { client.call(STREAM, PROMPT).await.unwrap() });
    while simulation.requests().is_empty() {
        tokio::time::sleep(ms(5)).await;
    }
    assert_eq!(simulation.requests()[0].service_ms, None);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "");
    let took = asked.await.unwrap().took.as_secs_f64() * 1000.0;
    let line = std::fs::read_to_string(&file).unwrap();
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    let service = line["service_ms"].as_f64().unwrap();
    assert_eq!(Some(service), simulation.requests()[0].service_ms);
    assert!(service <= took, "{service} of {took}");
}

#[tokio::test]
async fn full_and_resumed_handshakes_are_counted_apart() {
    let simulation = start("transport-zero");
    let config = Arc::new(super::client_config(&simulation.client().public_roots_pem, &[]));
    for resumed in 0..3 {
        let stream = TcpStream::connect(simulation.address()).await.unwrap();
        let connector = tokio_rustls::TlsConnector::from(Arc::clone(&config));
        let name = ServerName::try_from(HOST).unwrap();
        let mut stream = connector.connect(name, stream).await.unwrap();
        // The tickets come with the first answer.
        stream.write_all(b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n").await.unwrap();
        let _ = stream.read_to_end(&mut Vec::new()).await;
        assert_eq!(simulation.handshakes(), Handshakes { full: 1, resumed });
    }
    assert_eq!(simulation.connections(), 3);
}

#[tokio::test]
async fn a_call_without_an_answer_has_no_service_time() {
    let simulation = start("server-disconnected");
    let client = Client::open(&simulation, Http::Http1).await;
    assert!(client.call(MODELS, "").await.is_err());
    assert_eq!(simulation.requests()[0].service_ms, None);
}

#[tokio::test]
async fn two_models_speak_at_their_own_pace() {
    let simulation = start("two-models");
    let client = Client::open(&simulation, Http::Http2).await;
    for (model, first, rate) in
        [("gemini-3.5-flash-lite", 100, 40.0), ("gemini-3.1-flash-lite", 250, 80.0)]
    {
        let path = |method: &str| format!("/v1beta/models/{model}:{method}");
        let (streamed, at_once) = (path("streamGenerateContent?alt=sse"), path("generateContent"));
        let (answer, whole) =
            tokio::join!(client.call(&streamed, PROMPT), client.call(&at_once, PROMPT));
        let answer = answer.unwrap();
        let last = answer.body.rsplit("data: ").next().unwrap();
        let last: serde_json::Value = serde_json::from_str(last).unwrap();
        assert_eq!(last["usageMetadata"]["candidatesTokenCount"], 52);
        assert_eq!(last["modelVersion"], model);
        assert_eq!(answer.pieces.len(), 41);
        assert!(answer.pieces[0] >= ms(first), "{answer:?}");
        let speaking = (answer.took - answer.pieces[0]).as_secs_f64();
        assert!((0.6..1.02).contains(&(52.0 / speaking / rate)), "{} of {rate}", 52.0 / speaking);
        assert!(whole.unwrap().head.as_secs_f64() >= 52.0 / rate);
    }
}
