//! The door for gRPC, through bytes that are written and read by hand.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};

use super::super::call::Http;
use super::super::fault::{Act, Route, Rule};
use super::super::{AUTH_KEY, Scenario, Simulation, find, parse_file};
use super::{HOST, connect, start, start_scenario};

const GET: &str = "ModelService/GetModel";
const COUNT: &str = "GenerativeService/CountTokens";
const GENERATE: &str = "GenerativeService/GenerateContent";
const STREAM: &str = "GenerativeService/StreamGenerateContent";
/// What would be `name: "models/gemini-3.5-flash"`, or `model` in other messages.
const FLASH: &[u8] = b"\x0a\x17models/gemini-3.5-flash";
/// What would be `contents: {parts: {text: "hi"} role: "user"}`.
const HI: &[u8] = b"\x12\x0c\x0a\x04\x12\x02hi\x12\x04user";

/// An answer, taken apart.
#[derive(Debug)]
struct Told {
    status: u16,
    kind: String,
    code: Option<String>,
    message: String,
    details: String,
    messages: Vec<Bytes>,
}

async fn ask(simulation: &Simulation, method: &str, message: &[u8]) -> Told {
    ask_with(simulation, method, Some(AUTH_KEY), &framed(&[message])).await
}

async fn ask_with(simulation: &Simulation, method: &str, key: Option<&str>, body: &[u8]) -> Told {
    let path = format!("/google.ai.generativelanguage.v1beta.{method}");
    let mut request = http::Request::post(format!("https://{HOST}{path}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers");
    if let Some(key) = key {
        request = request.header("x-goog-api-key", key);
    }
    let response = send(simulation, request.body(Full::from(body.to_vec())).unwrap()).await;
    let (head, body) = response.into_parts();
    let body =
        tokio::time::timeout(Duration::from_secs(20), body.collect()).await.unwrap().unwrap();
    let mut headers = head.headers;
    headers.extend(body.trailers().cloned().unwrap_or_default());
    let text = |name: &str| {
        headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    Told {
        status: head.status.as_u16(),
        kind: text("content-type").unwrap_or_default(),
        code: text("grpc-status"),
        message: text("grpc-message").unwrap_or_default(),
        details: text("grpc-status-details-bin").unwrap_or_default(),
        messages: unframed(body.to_bytes()),
    }
}

async fn send(
    simulation: &Simulation,
    request: http::Request<Full<Bytes>>,
) -> http::Response<hyper::body::Incoming> {
    let io = TokioIo::new(connect(simulation, &[b"h2"]).await.unwrap());
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await;
    let (mut sender, connection) = handshake.unwrap();
    tokio::spawn(connection);
    sender.send_request(request).await.unwrap()
}

fn framed(messages: &[&[u8]]) -> Vec<u8> {
    let one = |message: &&[u8]| {
        let length = u32::try_from(message.len()).unwrap().to_be_bytes();
        [&[0][..], &length, message].concat()
    };
    messages.iter().flat_map(one).collect()
}

/// What does not begin like a message is left out.
fn unframed(mut bytes: Bytes) -> Vec<Bytes> {
    let mut messages = Vec::new();
    while bytes.len() >= 5 && bytes[0] == 0 {
        let length = u32::from_be_bytes(bytes[1..5].try_into().unwrap()) as usize;
        messages.push(bytes.slice(5..5 + length));
        bytes = bytes.slice(5 + length..);
    }
    messages
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[track_caller]
fn assert_good(told: &Told) {
    assert_eq!((told.status, told.kind.as_str()), (200, "application/grpc"), "{told:?}");
    assert_eq!(told.code.as_deref(), Some("0"), "{told:?}");
}

#[tokio::test]
async fn a_model_is_described() {
    let told = ask(&start("healthy"), GET, FLASH).await;
    assert_good(&told);
    let [message] = &told.messages[..] else { panic!("one message: {told:?}") };
    assert!(message.starts_with(FLASH), "{message:?}");
    for part in [
        &b"\x1a\x113.5-flash-05-2026"[..],
        b"\x22\x10Gemini 3.5 Flash",
        b"\x30\x80\x80\x40",
        b"\x38\x80\x80\x04",
        b"\x42\x0fgenerateContent\x42\x0bcountTokens",
        b"\x4d\x00\x00\x80\x3f",
        b"\x58\x40",
        b"\x78\x01",
    ] {
        assert!(holds(message, part), "{part:?} is not in {message:?}");
    }
}

#[tokio::test]
async fn tokens_are_counted() {
    let told = ask(&start("healthy"), COUNT, &[FLASH, HI].concat()).await;
    assert_good(&told);
    assert_eq!(told.messages, [&b"\x08\x02\x32\x04\x08\x01\x10\x02"[..]]);
}

#[tokio::test]
async fn an_answer_is_generated_under_the_limits_of_the_request() {
    let simulation = start("healthy");
    let told = ask(&simulation, GENERATE, &[FLASH, HI].concat()).await;
    assert_good(&told);
    let [message] = &told.messages[..] else { panic!("one message: {told:?}") };
    for part in
        [&b"Hello from the simulated Gemini"[..], b"\x10\x01\x18\x00", b"\x22\x10gemini-3.5-flash"]
    {
        assert!(holds(message, part), "{part:?} is not in {message:?}");
    }
    // `max_output_tokens: 4` and `thinking_config: {thinking_budget: 0}`.
    let config = b"\x22\x07\x20\x04\xb2\x01\x02\x10\x00";
    let told = ask(&simulation, GENERATE, &[FLASH, HI, config].concat()).await;
    assert_good(&told);
    assert!(holds(&told.messages[0], b"\x10\x02\x18\x00"), "it ends at the limit: {told:?}");
    assert!(!holds(&told.messages[0], b"your call reached"), "{told:?}");
}

#[tokio::test]
async fn a_stream_comes_in_messages() {
    let told = ask(&start("healthy"), STREAM, &[FLASH, HI].concat()).await;
    assert_good(&told);
    assert_eq!(told.messages.len(), 4);
    assert!(holds(&told.messages[0], b"Hello from"), "{told:?}");
    assert!(holds(&told.messages[3], b"\x10\x01\x18\x00"), "the last one says why: {told:?}");
}

#[tokio::test]
async fn an_error_in_a_stream_comes_behind_what_was_said() {
    let told = ask(&start("midstream-error-swallowed"), STREAM, &[FLASH, HI].concat()).await;
    assert_eq!((told.status, told.code.as_deref()), (200, Some("14")), "{told:?}");
    assert!(!told.messages.is_empty(), "{told:?}");
}

#[tokio::test]
async fn refusals_have_their_codes() {
    let simulation = start("healthy");
    let call = framed(&[FLASH]);
    let bad = ask_with(&simulation, GET, Some("FAKE-bad"), &call).await;
    assert_eq!((bad.status, bad.code.as_deref()), (200, Some("3")));
    assert_eq!(bad.message, "API key not valid. Please pass a valid API key.");
    // The base64 of what has `API_KEY_INVALID` in it, at whichever of the three places it falls.
    let shapes = ["QVBJX0tFWV9JTlZBTElE", "BUElfS0VZX0lOVkFMSU", "FQSV9LRVlfSU5WQUxJR"];
    assert!(shapes.iter().any(|shape| bad.details.contains(shape)), "{}", bad.details);
    let none = ask_with(&simulation, GET, None, &call).await;
    assert_eq!(none.code.as_deref(), Some("7"));
    assert!(none.message.starts_with("Method doesn't allow unregistered"), "{}", none.message);
    for (method, message, code) in [
        (GET, &b"\x0a\x0dmodels/absent"[..], "5"),
        (GET, b"\x0a\x06absent", "3"),
        (GET, b"", "3"),
        (COUNT, FLASH, "3"),
        (GENERATE, b"\x0a\xff", "13"),
        ("ModelService/ListModels", b"", "12"),
    ] {
        let told = ask(&simulation, method, message).await;
        assert_eq!((told.status, told.code.as_deref()), (200, Some(code)), "{method}: {told:?}");
        assert!(told.messages.is_empty(), "{told:?}");
    }
    for body in [&b""[..], b"\0\0\0\0\x09abc", b"\x01\0\0\0\0"] {
        let told = ask_with(&simulation, GET, Some(AUTH_KEY), body).await;
        assert!(["13", "12"].contains(&told.code.as_deref().unwrap()), "{body:?}: {told:?}");
    }
}

#[tokio::test]
async fn the_words_of_an_error_are_escaped() {
    const RULES: &[Rule] = &[Rule::always(
        Route::Get,
        Act::google(
            429,
            "{\"error\": {\"status\": \"RESOURCE_EXHAUSTED\", \"message\": \"50 % ü\\n\"}}",
        ),
    )];
    let told = ask(&start_scenario(&find("healthy").unwrap().rules(RULES)), GET, FLASH).await;
    assert_eq!((told.code.as_deref(), told.message.as_str()), (Some("8"), "50 %25 %C3%BC%0A"));
}

#[tokio::test]
async fn what_a_gateway_says_is_no_grpc() {
    const RULES: &[Rule] =
        &[Rule::always(Route::Get, Act::foreign(502, "text/html", "<h1>no</h1>"))];
    let told = ask(&start_scenario(&find("healthy").unwrap().rules(RULES)), GET, FLASH).await;
    assert_eq!((told.status, told.code, told.kind.as_str()), (502, None, "text/html"));
}

fn slow_over(http: Http) -> Scenario {
    let rule = Rule::always(Route::Any, Act::After(120, &Act::HONEST)).over(http);
    find("healthy").unwrap().rules(vec![rule].leak())
}

#[tokio::test]
async fn a_rule_can_be_about_grpc_alone() {
    for (http, slow) in [(Http::Grpc, true), (Http::Http2, false)] {
        let simulation = start_scenario(&slow_over(http));
        let began = Instant::now();
        assert_good(&ask(&simulation, GET, FLASH).await);
        let seen = simulation.requests().pop().unwrap();
        assert_eq!(seen.fault.is_some(), slow, "{seen:?}");
        assert!(!slow || began.elapsed().as_millis() >= 120);
    }
    let text = "id = \"mine\"\n[[rules]]\nhttp = \"grpc\"\nact = { status = 503 }";
    let simulation = start_scenario(&parse_file(text).unwrap());
    assert_eq!(ask(&simulation, GET, FLASH).await.status, 503);
    assert_eq!(super::ask(&simulation, "GET /v1beta/models", "").await.status, 200);
}

#[tokio::test]
async fn each_protocol_takes_its_time() {
    let simulation = start("transport-delays");
    assert_good(&ask(&simulation, GET, FLASH).await);
    let seen = simulation.requests().pop().unwrap();
    assert_eq!(seen.fault.as_deref(), Some("after 70 ms honest answer"));
    assert!(seen.service_ms >= Some(70.0), "{seen:?}");
}

#[tokio::test]
async fn a_stream_keeps_its_pace() {
    let told = ask(&start("phases-known"), STREAM, &[FLASH, HI].concat()).await;
    assert_good(&told);
    let began = Instant::now();
    let simulation = start("phases-known");
    let path = format!("https://{HOST}/google.ai.generativelanguage.v1beta.{STREAM}");
    let request = http::Request::post(path)
        .header("content-type", "application/grpc")
        .header("x-goog-api-key", AUTH_KEY)
        .body(Full::from(framed(&[&[FLASH, HI].concat()])));
    let mut body = send(&simulation, request.unwrap()).await.into_body();
    let mut times = Vec::new();
    while let Some(frame) = body.frame().await {
        if frame.unwrap().is_data() {
            times.push(began.elapsed().as_secs_f64() * 1000.0);
        }
    }
    assert_eq!(times.len(), told.messages.len());
    // 120 ms until the head, and then 80, 20, 150 and 20: never earlier.
    for (at, least) in [200.0, 220.0, 370.0, 390.0].into_iter().enumerate() {
        assert!(times[at] >= least, "{times:?}");
    }
}

#[tokio::test]
async fn a_server_may_be_without_it() {
    let simulation = start_scenario(&parse_file("id = \"mine\"\nwithout-grpc = 415").unwrap());
    let told = ask(&simulation, GET, FLASH).await;
    assert_eq!((told.status, told.code, told.kind.as_str()), (415, None, "text/html"));
    let seen = simulation.requests().pop().unwrap();
    assert_eq!((seen.http, seen.status), ("HTTP/2", Some(415)));
    assert!(parse_file("id = \"mine\"\nwithout-grpc = 200").is_err());
}

#[tokio::test]
async fn a_call_is_remembered_without_its_key() {
    let simulation = start("healthy");
    ask(&simulation, GENERATE, &[FLASH, HI].concat()).await;
    let seen = simulation.requests().pop().unwrap();
    assert_eq!((seen.http, seen.method.as_str(), seen.status), ("gRPC", "POST", Some(200)));
    assert!(seen.path.ends_with(GENERATE), "{}", seen.path);
    assert_eq!((seen.key_in, seen.generating), ("header", true));
    assert_eq!(seen.body_bytes, 5 + FLASH.len() + HI.len());
    assert!(!format!("{seen:?}").contains(AUTH_KEY));
}
