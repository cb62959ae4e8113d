//! HTTP/3 as it is seen from outside: the same answers, rules and log as over TCP, and where there is none.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Buf, Bytes};
use h3::client::{RequestStream, SendRequest};
use h3::error::{Code, StreamError};
use h3_quinn::{BidiStream, OpenStreams};
use quinn::crypto::rustls::QuicClientConfig;
use quinn::{ClientConfig, Connecting, Connection, ConnectionError, Endpoint, TransportErrorCode};

use super::super::call::Http;
use super::super::fault::{Act, Canned, Door, DoorRule, JSON, Route, Rule};
use super::super::traffic::{Patience, Traffic};
use super::super::{AUTH_KEY, Options, Scenario, Simulation, find, parse_file};
use super::{HOST, addresses, ask, client_config, start, start_scenario};

const FLASH: &str = "POST /v1beta/models/gemini-3.5-flash:generateContent";
const STREAM: &str = "POST /v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse";
const BODY: &str = "{\"contents\": [{\"parts\": [{\"text\": \"hi\"}]}]}";
const LIST: &str = "GET /v1beta/models";

type Stream = RequestStream<BidiStream<Bytes>, Bytes>;

/// A client that trusts the simulated public CA, and what it has spoken with.
struct Client {
    endpoint: Endpoint,
    address: SocketAddr,
}

impl Client {
    fn of(simulation: &Simulation) -> Self {
        let mut tls = client_config(&simulation.client().public_roots_pem, &[b"h3"]);
        tls.enable_early_data = true;
        let config = ClientConfig::new(Arc::new(QuicClientConfig::try_from(tls).unwrap()));
        let mut endpoint = Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
        endpoint.set_default_client_config(config);
        Self { endpoint, address: addresses(simulation)[0] }
    }

    fn dial(&self) -> Connecting {
        self.endpoint.connect(self.address, HOST).unwrap()
    }

    async fn connect(&self) -> Result<Connection, ConnectionError> {
        tokio::time::timeout(Duration::from_secs(20), self.dial()).await.unwrap()
    }
}

/// One that speaks HTTP/3, with the connection beneath.
struct Speaker {
    connection: Connection,
    sender: SendRequest<OpenStreams, Bytes>,
}

impl Speaker {
    async fn on(connection: Connection) -> Self {
        let over = h3_quinn::Connection::new(connection.clone());
        let (mut driver, sender) = h3::client::new(over).await.unwrap();
        tokio::spawn(async move { driver.wait_idle().await });
        Self { connection, sender }
    }

    async fn to(simulation: &Simulation) -> Self {
        Self::on(Client::of(simulation).connect().await.unwrap()).await
    }

    async fn send(&mut self, line: &str, body: &'static str) -> Result<Stream, StreamError> {
        let (method, path) = line.split_once(' ').unwrap();
        let request = http::Request::builder()
            .method(method)
            .uri(format!("https://{HOST}{path}"))
            .header("x-goog-api-key", AUTH_KEY)
            .body(())
            .unwrap();
        let mut stream = self.sender.send_request(request).await?;
        if !body.is_empty() {
            stream.send_data(Bytes::from(body)).await?;
        }
        stream.finish().await?;
        Ok(stream)
    }

    /// Head and pieces of an answer. A test that waits for ever is a failure.
    async fn ask(&mut self, line: &str, body: &'static str) -> Result<Answer, StreamError> {
        let asked = async {
            let mut stream = self.send(line, body).await?;
            let head = stream.recv_response().await?;
            let mut pieces = Vec::new();
            while let Some(mut piece) = stream.recv_data().await? {
                let bytes = piece.copy_to_bytes(piece.remaining());
                pieces.push(String::from_utf8_lossy(&bytes).into_owned());
            }
            Ok((head, pieces))
        };
        tokio::time::timeout(Duration::from_secs(20), asked).await.unwrap()
    }
}

type Answer = (http::Response<()>, Vec<String>);

fn with(rules: Vec<Rule>) -> Scenario {
    find("healthy").unwrap().rules(rules.leak())
}

#[tokio::test]
async fn it_answers_as_over_tcp_and_logs_what_it_was() {
    let simulation = start("healthy");
    let mut speaker = Speaker::to(&simulation).await;
    let (head, pieces) = speaker.ask(LIST, "").await.unwrap();
    assert_eq!(head.headers()["server"], "scaffolding on HTTPServer2");
    assert!(head.headers().contains_key("server-timing"));
    assert_eq!(pieces.concat(), ask(&simulation, LIST, "").await.body);
    let length: usize = head.headers()["content-length"].to_str().unwrap().parse().unwrap();
    assert_eq!(length, pieces.concat().len());
    let (head, _) = speaker.ask(FLASH, BODY).await.unwrap();
    assert_eq!(head.status(), 200);
    let seen = simulation.requests();
    assert_eq!([seen[0].http, seen[1].http, seen[2].http], ["HTTP/3", "HTTP/1.1", "HTTP/3"]);
    assert_eq!([seen[0].connection, seen[1].connection, seen[2].connection], [1, 2, 1]);
    assert_eq!((seen[2].host.as_str(), seen[2].body_bytes), (HOST, BODY.len()));
    assert_eq!((seen[0].key_in, &seen[0].local), ("header", &simulation.address().to_string()));
    assert_eq!(simulation.connections(), 2);
}

#[tokio::test]
async fn streams_come_in_pieces() {
    let simulation = start("healthy");
    let (head, pieces) = Speaker::to(&simulation).await.ask(STREAM, BODY).await.unwrap();
    assert!(!head.headers().contains_key("content-length"));
    assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.starts_with("data: ")));
}

#[tokio::test]
async fn a_rule_may_be_for_http3_alone() {
    let busy = Act::google(503, "{\"error\": {\"message\": \"busy\"}}");
    let over = |http| Rule { http: Some(http), ..Rule::always(Route::List, busy) };
    let simulation = start_scenario(&with(vec![over(Http::Http3)]));
    assert_eq!(ask(&simulation, LIST, "").await.status, 200);
    assert_eq!(Speaker::to(&simulation).await.ask(LIST, "").await.unwrap().0.status(), 503);
    let simulation = start_scenario(&with(vec![over(Http::Http1)]));
    assert_eq!(Speaker::to(&simulation).await.ask(LIST, "").await.unwrap().0.status(), 200);
}

#[tokio::test]
async fn what_gets_no_answer_is_told_in_the_words_of_http3() {
    let rules = vec![
        Rule::always(Route::List, Act::ResetStream(7)),
        Rule::always(Route::Get, Act::Disconnect),
        Rule::always(Route::Count, Act::Reset),
    ];
    let simulation = start_scenario(&with(rules));
    let mut speaker = Speaker::to(&simulation).await;
    let error = speaker.ask(LIST, "").await.unwrap_err();
    assert!(error.to_string().contains("H3_REQUEST_REJECTED"), "{error}");
    assert_eq!(speaker.connection.close_reason(), None);
    speaker.ask("GET /v1beta/models/gemini-3.5-flash", "").await.unwrap_err();
    assert_eq!(ended(&speaker.connection).await, Code::H3_NO_ERROR.value());
    let mut speaker = Speaker::to(&simulation).await;
    let count = "POST /v1beta/models/gemini-3.5-flash:countTokens";
    speaker.ask(count, BODY).await.unwrap_err();
    assert_eq!(ended(&speaker.connection).await, Code::H3_INTERNAL_ERROR.value());
    let faults: Vec<_> = simulation.requests().into_iter().filter_map(|seen| seen.fault).collect();
    assert_eq!(faults, ["reset stream 7", "disconnect", "reset connection"]);
}

#[tokio::test]
async fn a_connection_ends_after_its_calls_or_its_rest() {
    let each = Traffic { calls_each: Some((Http::Http3, 2)), ..Traffic::PLAIN };
    let simulation = start_scenario(&find("healthy").unwrap().traffic(each));
    let mut speaker = Speaker::to(&simulation).await;
    for _ in 0..2 {
        assert_eq!(speaker.ask(LIST, "").await.unwrap().0.status(), 200);
    }
    assert_eq!(ended(&speaker.connection).await, Code::H3_NO_ERROR.value());
    let idle = Traffic { idle: Some(Patience::Closes(100)), ..Traffic::PLAIN };
    let simulation = start_scenario(&find("healthy").unwrap().traffic(idle));
    let mut speaker = Speaker::to(&simulation).await;
    assert_eq!(speaker.ask(LIST, "").await.unwrap().0.status(), 200);
    assert_eq!(ended(&speaker.connection).await, Code::H3_NO_ERROR.value());
}

/// The code that the server has ended a connection with.
async fn ended(connection: &Connection) -> u64 {
    match connection.closed().await {
        ConnectionError::ApplicationClosed(closed) => closed.error_code.into_inner(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_body_that_is_cut_ends_before_its_announced_end() {
    let canned = Canned { status: 200, kind: JSON, google: true, headers: &[], body: "half" };
    let simulation = start_scenario(&with(vec![Rule::always(Route::List, Act::Cut(canned, 999))]));
    let (head, pieces) = Speaker::to(&simulation).await.ask(LIST, "").await.unwrap();
    assert_eq!(
        (head.headers()["content-length"].to_str().unwrap(), pieces.concat().as_str()),
        ("999", "half")
    );
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let simulation = start("healthy");
    let mut speaker = Speaker::to(&simulation).await;
    let large: &'static str = "x".repeat(20_971_521).leak();
    let (head, pieces) = speaker.ask(FLASH, large).await.unwrap();
    assert_eq!(head.status(), 400);
    assert!(pieces.concat().contains("payload size exceeds the limit"), "{pieces:?}");
    assert_eq!(simulation.requests()[0].body_bytes, 0);
}

#[tokio::test]
async fn a_session_is_resumed_with_a_request_that_comes_early() {
    let simulation = start("healthy");
    let client = Client::of(&simulation);
    let mut first = Speaker::on(client.connect().await.unwrap()).await;
    first.ask(LIST, "").await.unwrap();
    for nth in 0..100 {
        let Ok((connection, accepted)) = client.dial().into_0rtt() else {
            assert!(nth < 99, "no session came");
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let mut early = Speaker::on(connection).await;
        assert_eq!(early.ask(LIST, "").await.unwrap().0.status(), 200);
        assert!(accepted.await);
        return;
    }
}

#[tokio::test]
async fn certificates_and_doors_are_those_of_the_scenario() {
    let error = Client::of(&start("tls-certificate-expired")).connect().await.unwrap_err();
    assert!(error.to_string().contains("expired"), "{error}");
    const REFUSES: &[DoorRule] = &[DoorRule::always(Door::Reset)];
    const PAUSES: &[DoorRule] = &[DoorRule::always(Door::Pause(100))];
    const SILENT: &[DoorRule] = &[DoorRule::always(Door::Silent)];
    let simulation = start_scenario(&find("healthy").unwrap().doors(REFUSES));
    let error = Client::of(&simulation).connect().await.unwrap_err();
    let ConnectionError::ConnectionClosed(closed) = error else { panic!("{error:?}") };
    assert_eq!(closed.error_code, TransportErrorCode::CONNECTION_REFUSED);
    assert_eq!(simulation.connections(), 1);
    let simulation = start_scenario(&find("healthy").unwrap().doors(PAUSES));
    let began = Instant::now();
    assert_eq!(Speaker::to(&simulation).await.ask(LIST, "").await.unwrap().0.status(), 200);
    assert!(began.elapsed() >= Duration::from_millis(100));
    assert_eq!(simulation.connections(), 1);
    let simulation = start_scenario(&find("healthy").unwrap().doors(SILENT));
    let client = Client::of(&simulation);
    // Long enough for the client to repeat itself.
    assert!(tokio::time::timeout(Duration::from_millis(1500), client.dial()).await.is_err());
    assert_eq!(simulation.connections(), 1);
}

/// What a simulation says over TCP about HTTP/3.
async fn alt_svc(simulation: &Simulation) -> Option<String> {
    let head = ask(simulation, LIST, "").await.head;
    let line = head.lines().find_map(|line| line.strip_prefix("alt-svc: "));
    line.map(str::to_owned)
}

#[tokio::test]
async fn it_is_announced_where_it_is_and_nowhere_else() {
    let simulation = start("healthy");
    let port = simulation.address().port();
    assert_eq!(alt_svc(&simulation).await, Some(format!("h3=\":{port}\"; ma=2592000")));
    let (head, _) = Speaker::to(&simulation).await.ask(LIST, "").await.unwrap();
    assert!(!head.headers().contains_key("alt-svc"));
    let without = parse_file("id = \"plain\"\nhttp3 = false").unwrap();
    let old = parse_file("id = \"old\"\nalpn = \"http/1.1\"").unwrap();
    for scenario in [without, old] {
        let simulation = start_scenario(&scenario);
        assert_eq!(alt_svc(&simulation).await, None, "{}", scenario.id);
        // Nobody has taken the port.
        std::net::UdpSocket::bind(simulation.address()).unwrap();
    }
}

#[tokio::test]
async fn where_the_port_is_taken_there_is_none() {
    for _ in 0..20 {
        let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let bind = taken.local_addr().unwrap();
        let options = Options { bind, ..Options::default() };
        // Somebody else may have the TCP port of that number.
        let Ok(simulation) = Simulation::start(find("healthy").unwrap(), &options) else {
            continue;
        };
        assert_eq!(alt_svc(&simulation).await, None);
        return;
    }
    panic!("no port was free");
}
