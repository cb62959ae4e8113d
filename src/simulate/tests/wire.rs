//! Aliases as they are seen from outside: addresses, versions of HTTP, resets, and wordings.

use std::io::ErrorKind;
use std::net::SocketAddr;

use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::super::fault::{Act, Alias, Build, Manner, Pick, Route, Rule};
use super::super::{AUTH_KEY, Options, Scenario, Simulation, find};
use super::{
    Answer, HOST, addresses, ask, ask_with, connect, connect_to, read_answer, start, start_scenario,
};

const FLASH: &str = "POST /v1beta/models/gemini-3.5-flash:generateContent";
const BODY: &str = "{\"contents\": [{\"parts\": [{\"text\": \"hi\"}]}]}";
const GONE: &str = "Model not found: models/gemini-v4p1s-rev24-ajax-sentinel";

async fn ask_at(simulation: &Simulation, address: SocketAddr) -> Answer {
    let roots = &simulation.client().public_roots_pem;
    let mut stream = connect_to(address, roots, &[b"http/1.1"]).await.unwrap();
    let head = format!(
        "{FLASH} HTTP/1.1\r\nhost: {HOST}\r\nconnection: close\r\nx-goog-api-key: {AUTH_KEY}\r\n\
         content-length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    read_answer(&answer)
}

#[tokio::test]
async fn each_of_two_addresses_has_its_own_build() {
    let scenario = find("alias-per-address").unwrap();
    if !scenario.needs.met() {
        return;
    }
    let simulation = start_scenario(scenario);
    let [first, second] = addresses(&simulation)[..] else { panic!("two addresses") };
    assert_eq!(simulation.addresses(), [first, second]);
    assert_eq!(first.port(), second.port());
    assert_eq!([first, second].map(|one| one.ip().to_string()), ["127.0.0.1", "127.0.0.2"]);
    for _ in 0..3 {
        assert_eq!(ask_at(&simulation, first).await.status, 200);
        assert_eq!(ask_at(&simulation, second).await.message(), GONE);
    }
    let seen = simulation.requests();
    assert_eq!((&seen[0].local, &seen[1].local), (&first.to_string(), &second.to_string()));
}

#[test]
fn addresses_that_do_not_exist_are_refused_in_words() {
    let scenario = find("alias-per-address").unwrap();
    for bind in ["[::1]:0", "0.0.0.0:0", "127.255.255.255:0"] {
        let options = Options { bind: bind.parse().unwrap(), ..Options::default() };
        let error = Simulation::start(scenario, &options).unwrap_err();
        assert!(error.contains("wants 2 loopback addresses"), "{error}");
    }
}

/// The status of a call over HTTP/2, or why there is none.
async fn ask_http2(simulation: &Simulation) -> Result<u16, hyper::Error> {
    let stream = connect(simulation, &[b"h2"]).await.unwrap();
    let io = TokioIo::new(stream);
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await?;
    tokio::spawn(connection);
    let path = FLASH.strip_prefix("POST ").unwrap();
    let request = http::Request::post(format!("https://{HOST}{path}"))
        .header("x-goog-api-key", AUTH_KEY)
        .body(Full::<bytes::Bytes>::from(BODY))
        .unwrap();
    let response = sender.send_request(request).await?;
    let status = response.status().as_u16();
    response.into_body().collect().await?;
    Ok(status)
}

#[tokio::test]
async fn each_version_of_http_has_its_own_build() {
    let simulation = start("alias-per-http");
    for _ in 0..3 {
        assert_eq!(ask_http2(&simulation).await.unwrap(), 404);
        assert_eq!(ask(&simulation, FLASH, BODY).await.status, 200);
    }
}

#[tokio::test]
async fn the_sdks_header_makes_the_difference() {
    let simulation = start("alias-sdk-only");
    let key = format!("x-goog-api-key: {AUTH_KEY}\r\n");
    let sdk = format!("{key}X-Goog-Api-Client: google-genai-sdk/1.55.0 gl-python/3.13.1\r\n");
    assert_eq!(ask_with(&simulation, FLASH, &sdk, BODY).await.message(), GONE);
    assert_eq!(ask_with(&simulation, FLASH, &key, BODY).await.status, 200);
    let sibling = "POST /v1beta/models/gemini-2.5-flash:generateContent";
    assert_eq!(ask_with(&simulation, sibling, &sdk, BODY).await.status, 200);
}

fn healthy_with(build: Build) -> Scenario {
    let alias = Alias::new("gemini-3.5-flash", Pick::Call, vec![build].leak());
    find("healthy").unwrap().aliases(vec![alias].leak())
}

#[tokio::test]
async fn an_outage_may_be_worded_as_an_honest_404() {
    let simulation = start("alias-outage-own-name");
    let honest = "POST /v1beta/models/gemini-3.5-flahs:generateContent";
    let honest = ask(&simulation, honest, BODY).await.body;
    let gone = ask(&simulation, FLASH, BODY).await;
    assert_eq!(gone.body, honest.replace("flahs", "flash"));
    assert_eq!(gone.status, 404);
    let stream = FLASH.replace("generate", "streamGenerate");
    assert!(ask(&simulation, &stream, BODY).await.message().contains("for streamGenerateContent"));
    let list = ask(&simulation, "GET /v1beta/models", "").await.body;
    assert!(list.contains("\"models/gemini-3.5-flash\""));
    for line in [
        "GET /v1beta/models/gemini-3.5-flash",
        "POST /v1beta/models/gemini-3.5-flash:countTokens",
        "POST /v1beta/models/gemini-flash-latest:generateContent",
    ] {
        let body = if line.starts_with("GET") { "" } else { BODY };
        assert_eq!(ask(&simulation, line, body).await.status, 200, "{line}");
    }
}

#[tokio::test]
async fn a_build_names_its_version() {
    let build = Build::works("b").says("gemini-3.5-flash-002");
    let simulation = start_scenario(&healthy_with(build));
    let answer = ask(&simulation, FLASH, BODY).await.json();
    assert_eq!(answer["modelVersion"], "gemini-3.5-flash-002");
    let stream = FLASH.replace("generate", "streamGenerate");
    let chunks: Value = ask(&simulation, &stream, BODY).await.json();
    assert_eq!(chunks[0]["modelVersion"], "gemini-3.5-flash-002");
    let plain = start_scenario(&healthy_with(Build::works("b")));
    let answer = ask(&plain, FLASH, BODY).await.json();
    assert_eq!(answer["modelVersion"], "gemini-3.5-flash");
}

#[tokio::test]
async fn a_build_may_answer_with_an_error_of_its_own() {
    let overloaded = Manner::Acts(Act::google(503, "{\"error\": {\"message\": \"busy\"}}"));
    let simulation = start_scenario(&healthy_with(Build::works("b").manner(overloaded)));
    let answer = ask(&simulation, FLASH, BODY).await;
    assert_eq!((answer.status, answer.message().as_str()), (503, "busy"));
}

/// What a second read says on a connection whose request is answered with a reset.
#[tokio::test]
async fn a_reset_is_a_reset_over_both_versions_of_http() {
    const RULES: &[Rule] = &[Rule::always(Route::Generate, Act::Reset)];
    let simulation = start_scenario(&find("healthy").unwrap().rules(RULES));
    let mut stream = connect(&simulation, &[b"http/1.1"]).await.unwrap();
    let list =
        format!("GET /v1beta/models HTTP/1.1\r\nhost: {HOST}\r\nconnection: keep-alive\r\n\r\n");
    stream.write_all(list.as_bytes()).await.unwrap();
    let mut some = [0; 64];
    assert!(stream.read(&mut some).await.unwrap() > 0);
    let path = FLASH.strip_prefix("POST ").unwrap();
    let call = format!("POST {path} HTTP/1.1\r\nhost: {HOST}\r\ncontent-length: 0\r\n\r\n");
    stream.write_all(call.as_bytes()).await.unwrap();
    let error = stream.read_to_end(&mut Vec::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    let error = ask_http2(&simulation).await.unwrap_err();
    // Whoever writes after the reset has come sees a broken pipe.
    let seen = format!("{error:?}");
    assert!(seen.contains("ConnectionReset") || seen.contains("BrokenPipe"), "{seen}");
    assert_eq!(ask(&simulation, "GET /v1beta/models", "").await.status, 200);
    let fault = simulation.requests()[1].fault.clone();
    assert_eq!(fault.as_deref(), Some("reset connection"));
}
