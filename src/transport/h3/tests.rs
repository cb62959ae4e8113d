//! One request over HTTP/3, and every way in which it can fail, on loopback.

use std::future::Future;
use std::time::Duration;

use ::h3::error::Code;
use ::h3::server::RequestStream;
use bytes::{Buf, Bytes};
use h3_quinn::BidiStream;
use http::{HeaderName, HeaderValue, Method};
use quinn::Incoming;

use super::super::{Answer, Exchange, Limits, Outcome, Request};
use super::H3Connection;
use crate::facts::{Failure, Fault, HandshakeKind, Stage};
use crate::net::How;
use crate::net::loopback::*;
use crate::net::quic::loopback::*;
use crate::net::quic::{EarlyData, connect};
use crate::net::tap::End;

type Stream = RequestStream<BidiStream<Bytes>, Bytes>;

const PATIENCE: Duration = Duration::from_secs(10);

fn get(path: &str) -> Request {
    let mut secret = HeaderValue::from_static("FAKE-key-example");
    secret.set_sensitive(true);
    Request {
        method: Method::GET,
        path_and_query: path.to_owned(),
        headers: vec![(HeaderName::from_static("x-goog-api-key"), secret)],
        body: None,
        authority: HOST.to_owned(),
        secure: true,
    }
}

fn post(body: impl Into<Bytes>) -> Request {
    Request { method: Method::POST, body: Some(body.into()), ..get("/v1/echo?a=b") }
}

fn limits() -> Limits {
    Limits { request_timeout: PATIENCE, ..Limits::default() }
}

/// Hands every request to a function.
async fn serve_requests<W>(incoming: Incoming, handle: impl Fn(http::Request<()>, Stream) -> W)
where
    W: Future<Output = ()> + Send + 'static,
{
    let over = h3_quinn::Connection::new(accepted(incoming));
    let Ok(mut connection) = ::h3::server::Connection::<_, Bytes>::new(over).await else { return };
    while let Ok(Some(resolver)) = connection.accept().await {
        if let Ok((request, stream)) = resolver.resolve_request().await {
            tokio::spawn(handle(request, stream));
        }
    }
}

/// A server with this way to answer, and how it is reached.
fn serves<W: Future<Output = ()> + Send + 'static>(
    handle: impl Fn(http::Request<()>, Stream) -> W + Clone + Send + Sync + 'static,
) -> How {
    let authority = Authority::new("Example Root QT");
    serves_as(&authority, handle)
}

fn serves_as<W: Future<Output = ()> + Send + 'static>(
    authority: &Authority,
    handle: impl Fn(http::Request<()>, Stream) -> W + Clone + Send + Sync + 'static,
) -> How {
    let address = serve_quic(authority.good(), &["h3"], move |incoming| {
        serve_requests(incoming, handle.clone())
    });
    how_over_quic(address, authority.pem())
}

async fn open(how: &How) -> H3Connection {
    open_with(how, EarlyData::Never).await
}

async fn open_with(how: &How, early: EarlyData) -> H3Connection {
    let quic = connect(&target(), how, early).await.outcome.expect("a connection");
    H3Connection::open(quic, &limits()).await.expect("HTTP/3")
}

async fn got(how: &How, request: Request) -> Exchange {
    open(how).await.exchange(request, &limits()).await
}

async fn say(stream: &mut Stream, head: http::response::Builder, pieces: &[&'static str]) {
    let _ = stream.send_response(head.body(()).expect("a head")).await;
    for piece in pieces {
        let _ = stream.send_data(Bytes::from_static(piece.as_bytes())).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn ok() -> http::response::Builder {
    http::Response::builder().status(200)
}

fn answered(exchange: Exchange) -> Answer {
    match exchange.outcome {
        Outcome::Answered(answer) => answer,
        Outcome::Failed(failure) => panic!("{failure:?}"),
    }
}

#[track_caller]
fn assert_failure(failure: Option<&Failure>, stage: Stage, fault: Fault, words: &str) {
    let failure = failure.expect("the exchange must fail");
    assert_eq!((failure.stage, failure.fault), (stage, fault), "{failure:?}");
    assert!(failure.detail.contains(words), "{failure:?} must say {words:?}");
}

/// Answers with what was asked.
async fn echo(request: http::Request<()>, mut stream: Stream) {
    let key = request.headers().get("x-goog-api-key").is_some();
    let length = request.headers().get("content-length").cloned();
    let mut text = format!("{} {} key {key} {length:?} ", request.method(), request.uri());
    while let Ok(Some(mut piece)) = stream.recv_data().await {
        let bytes = piece.copy_to_bytes(piece.remaining());
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    let _ = stream.send_response(ok().header("x-one", "1").body(()).expect("a head")).await;
    let _ = stream.send_data(Bytes::from(text)).await;
    let _ = stream.finish().await;
}

#[tokio::test]
async fn an_answer_has_everything() {
    let mut connection = open(&serves(echo)).await;
    assert!(!format!("{:?}", get("/")).contains("FAKE"));
    let exchange = connection.exchange(post("hello"), &limits()).await;
    assert_eq!((exchange.http, exchange.request_written_ms), ("HTTP/3", None));
    assert!(exchange.first_byte_ms <= Some(exchange.total_ms), "{exchange:?}");
    let answer = answered(exchange);
    assert_eq!((answer.status, &answer.headers["x-one"]), (200, &HeaderValue::from_static("1")));
    assert_eq!(answer.body_failure, None);
    let text = String::from_utf8(answer.body).expect("text");
    assert_eq!(text, "POST https://api.example/v1/echo?a=b key true Some(\"5\") hello");
    let text = answered(connection.exchange(get("/"), &limits()).await).body;
    assert_eq!(text, b"GET https://api.example/ key true None ");
    assert_eq!((connection.carried(), connection.is_closed()), (2, false));
    assert_eq!(connection.their_end(), None);
    assert_eq!(connection.handshake(), Some(HandshakeKind::Full));
    assert!(connection.rtt() > Duration::ZERO);
}

#[tokio::test]
async fn a_stream_comes_piece_by_piece() {
    let how = serves(|_, mut stream| async move {
        say(&mut stream, ok(), &["one ", "two ", "three"]).await;
        let _ = stream.finish().await;
    });
    let exchange = got(&how, get("/")).await;
    let (first, total) = (exchange.first_byte_ms.expect("a head"), exchange.total_ms);
    let answer = answered(exchange);
    assert_eq!(answer.body, b"one two three");
    let times: Vec<f64> = answer.chunks.iter().map(|(at, _)| *at).collect();
    assert_eq!(answer.chunks.iter().map(|(_, size)| *size).collect::<Vec<_>>(), [4, 4, 5]);
    assert!(first <= times[0] && times.is_sorted() && times[2] <= total, "{first} {times:?}");
    assert!(times[2] - times[0] >= 10.0, "{times:?}");
}

#[tokio::test]
async fn the_wire_is_counted_by_exchange_and_the_handshake_is_the_first_ones() {
    let how = serves(|_, mut stream| async move {
        let _ = stream.send_response(ok().body(()).expect("a head")).await;
        let _ = stream.send_data(Bytes::from(vec![b'x'; 50_000])).await;
        let _ = stream.finish().await;
    });
    let mut connection = open(&how).await;
    let mut sums = (0, 0);
    for _ in 0..3 {
        let exchange = connection.exchange(get("/"), &limits()).await;
        let sent = exchange.bytes_sent.expect("a count");
        let received = exchange.bytes_received.expect("a count");
        assert_eq!(answered(exchange).body.len(), 50_000);
        assert!(sent > 0 && (50_000..100_000).contains(&received), "{sent} {received}");
        let handshake = if sums == (0, 0) { 2400 } else { 0 };
        assert!(sent > handshake, "{sent}");
        sums = (sums.0 + sent, sums.1 + received);
    }
    let wire = connection.wire();
    assert!(wire.sent >= sums.0 && wire.received >= sums.1, "{wire:?} {sums:?}");
}

#[tokio::test]
async fn a_large_body_goes_out_whole() {
    let how = serves(|_, mut stream| async move {
        let mut size = 0;
        while let Ok(Some(piece)) = stream.recv_data().await {
            size += piece.remaining();
        }
        let _ = stream.send_response(ok().body(()).expect("a head")).await;
        let _ = stream.send_data(Bytes::from(size.to_string())).await;
        let _ = stream.finish().await;
    });
    let exchange = got(&how, post(vec![b'x'; 3 << 20])).await;
    assert_eq!(answered(exchange).body, (3 << 20).to_string().as_bytes());
}

#[tokio::test]
async fn a_server_may_answer_before_it_has_read_all() {
    let how = serves(|_, mut stream| async move {
        say(&mut stream, http::Response::builder().status(413), &["too large"]).await;
        let _ = stream.finish().await;
        stream.stop_sending(Code::H3_NO_ERROR);
        hang().await;
    });
    let answer = answered(got(&how, post(vec![b'x'; 32 << 20])).await);
    assert_eq!((answer.status, &answer.body[..]), (413, &b"too large"[..]));
}

#[tokio::test]
async fn what_only_announces_an_answer_is_none() {
    let how = serves(|_, mut stream| async move {
        say(&mut stream, http::Response::builder().status(103), &[]).await;
        say(&mut stream, ok(), &["ok"]).await;
        let _ = stream.finish().await;
    });
    let answer = answered(got(&how, get("/")).await);
    assert_eq!((answer.status, &answer.body[..]), (200, &b"ok"[..]));
}

#[tokio::test]
async fn a_body_without_end_stops_at_the_limit() {
    let how = serves(|_, mut stream| async move {
        let _ = stream.send_response(ok().body(()).expect("a head")).await;
        while stream.send_data(Bytes::from_static(&[b'x'; 1024])).await.is_ok() {}
    });
    let limits = Limits { max_body: 10_000, ..limits() };
    let mut connection = open(&how).await;
    let exchange = connection.exchange(get("/"), &limits).await;
    assert_failure(exchange.failure(), Stage::Body, Fault::BodyTooLarge, "10000");
    assert_eq!(answered(exchange).body.len(), 10_000);
    let again = connection.exchange(get("/"), &limits).await;
    assert_failure(again.failure(), Stage::Body, Fault::BodyTooLarge, "10000");
}

/// A server that answers every request with these bytes.
fn says(bytes: Vec<u8>) -> How {
    let authority = Authority::new("Example Root QV");
    let address = serve_quic(authority.good(), &["h3"], move |incoming| {
        let bytes = bytes.clone();
        async move {
            let connection = accepted(incoming);
            while let Ok((mut answer, mut asked)) = connection.accept_bi().await {
                let _ = asked.read(&mut [0; 1024]).await;
                let _ = answer.write_all(&bytes).await;
                let _ = answer.finish();
            }
        }
    });
    how_over_quic(address, authority.pem())
}

#[tokio::test]
async fn headers_beyond_the_limit_are_given_up() {
    // A frame of headers of 4008 bytes: status 200, and `x` with a value of 4000 bytes. The server's
    // library would send none that is larger than we have said we take.
    let mut head = b"\x01\x4f\xa8\x00\x00\xd9\x21x\x7f\xa1\x1e".to_vec();
    head.extend([b'x'; 4000]);
    let how = says(head);
    assert_eq!(answered(got(&how, get("/")).await).headers["x"].len(), 4000);
    let small = Limits { max_header_bytes: 2048, ..limits() };
    let quic = connect(&target(), &how, EarlyData::Never).await.outcome;
    let quic = quic.expect("a connection");
    let mut connection = H3Connection::open(quic, &small).await.expect("HTTP/3");
    let exchange = connection.exchange(get("/"), &small).await;
    assert_failure(exchange.failure(), Stage::Head, Fault::HeadersTooLarge, "2048 are allowed");
}

#[tokio::test]
async fn silence_times_out_where_it_falls() {
    let short = Limits { request_timeout: Duration::from_millis(500), ..limits() };
    let how = serves(|_, stream| async move {
        hang().await;
        drop(stream);
    });
    let exchange = open(&how).await.exchange(get("/"), &short).await;
    assert_failure(exchange.failure(), Stage::Head, Fault::TimedOut, "within 0.5 s");
    assert_eq!(exchange.first_byte_ms, None);
    let exchange = open(&how).await.exchange(post(vec![b'x'; 32 << 20]), &short).await;
    assert_failure(exchange.failure(), Stage::Request, Fault::TimedOut, "");
    let how = serves(|_, mut stream| async move {
        say(&mut stream, ok(), &["half"]).await;
        hang().await;
    });
    let exchange = open(&how).await.exchange(get("/"), &short).await;
    assert_failure(exchange.failure(), Stage::Body, Fault::TimedOut, "");
    assert_eq!(answered(exchange).body, b"half");
}

#[tokio::test]
async fn a_reset_keeps_its_reason_and_the_connection() {
    let how = serves(|request, mut stream| async move {
        if request.uri().path() == "/half" {
            say(&mut stream, ok(), &["half"]).await;
            // A reset takes away what has not been read.
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        stream.stop_stream(Code::H3_REQUEST_REJECTED);
    });
    let mut connection = open(&how).await;
    let exchange = connection.exchange(get("/"), &limits()).await;
    assert_failure(exchange.failure(), Stage::Head, Fault::StreamReset, "H3_REQUEST_REJECTED");
    assert!(!connection.is_closed());
    let exchange = connection.exchange(get("/half"), &limits()).await;
    assert_failure(exchange.failure(), Stage::Body, Fault::StreamReset, "H3_REQUEST_REJECTED");
    assert_eq!(answered(exchange).body, b"half");
}

#[tokio::test]
async fn a_body_that_is_shorter_than_announced_is_cut() {
    let how = serves(|_, mut stream| async move {
        say(&mut stream, ok().header("content-length", "5000"), &["half"]).await;
        let _ = stream.finish().await;
    });
    let exchange = got(&how, get("/")).await;
    assert_failure(exchange.failure(), Stage::Body, Fault::BodyCut, "4996 bytes before");
    assert_eq!(answered(exchange).body, b"half");
}

/// A server that ends each connection with a code once something was asked.
fn ends_with(code: u32, reason: &'static [u8]) -> How {
    let authority = Authority::new("Example Root QU");
    let address = serve_quic(authority.good(), &["h3"], move |incoming| async move {
        let connection = accepted(incoming);
        if let Ok((_send, mut asked)) = connection.accept_bi().await {
            let _ = asked.read(&mut [0; 1]).await;
            connection.close(code.into(), reason);
            connection.closed().await;
        }
    });
    how_over_quic(address, authority.pem())
}

#[tokio::test]
async fn a_server_that_sends_the_connection_away_keeps_its_reason() {
    let how = ends_with(0x107, b"calm down");
    let mut connection = open(&how).await;
    let exchange = connection.exchange(get("/"), &limits()).await;
    assert_failure(exchange.failure(), Stage::Head, Fault::GoAway, "H3_EXCESSIVE_LOAD (calm down)");
    assert!(connection.is_closed());
    let noted = async {
        while connection.their_end().is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, noted).await.expect("the end is noted");
    assert_eq!(connection.their_end().map(|end| end.how), Some(End::Closed));
    let again = connection.exchange(get("/"), &limits()).await;
    assert_failure(again.failure(), Stage::Request, Fault::GoAway, "H3_EXCESSIVE_LOAD");
    let calm = got(&ends_with(0x100, b""), get("/")).await;
    assert_failure(calm.failure(), Stage::Head, Fault::Closed, "H3_NO_ERROR");
}

#[tokio::test]
async fn what_is_no_http3_is_told() {
    for bytes in [&b"HTTP/1.1 200 OK\r\n\r\n"[..], b""] {
        let exchange = got(&says(bytes.to_vec()), get("/")).await;
        assert_failure(exchange.failure(), Stage::Head, Fault::NotHttp, "not valid HTTP/3");
    }
}

#[tokio::test]
async fn a_path_that_is_no_path_is_not_sent() {
    let exchange = got(&serves(echo), get("/a b")).await;
    assert_failure(exchange.failure(), Stage::Request, Fault::Other, "cannot be sent");
}

mod early {
    use super::*;

    /// Makes a session that the next connection can resume.
    async fn prepare(how: &How) {
        let quic = connect(&target(), how, EarlyData::Allowed).await.outcome;
        assert!(quic.expect("a connection").close_with_ticket(PATIENCE).await);
    }

    #[tokio::test]
    async fn a_request_goes_along_with_the_second_handshake() {
        let how = serves(echo);
        prepare(&how).await;
        let mut connection = open_with(&how, EarlyData::Allowed).await;
        assert_eq!((connection.handshake(), connection.shaken()), (None, None));
        let exchange = connection.exchange(get("/"), &limits()).await;
        assert_eq!(answered(exchange).body, b"GET https://api.example/ key true None ");
        assert_eq!(connection.handshake(), Some(HandshakeKind::EarlyData));
        assert_eq!(answered(connection.exchange(post("x"), &limits()).await).status, 200);
        assert_eq!(connection.carried(), 2);
    }

    #[tokio::test]
    async fn nothing_goes_along_where_that_is_not_allowed() {
        let how = serves(echo);
        prepare(&how).await;
        let mut connection = open(&how).await;
        assert_eq!(connection.handshake(), Some(HandshakeKind::Resumed));
        assert_eq!(answered(connection.exchange(get("/"), &limits()).await).status, 200);
    }

    #[tokio::test]
    async fn what_is_not_harmless_waits_for_the_handshake() {
        let how = serves(echo);
        prepare(&how).await;
        let mut connection = open_with(&how, EarlyData::Allowed).await;
        let exchange = connection.exchange(post("hello"), &limits()).await;
        assert!(answered(exchange).body.ends_with(b"hello"));
        assert!(connection.handshake().is_some());
    }

    #[tokio::test]
    async fn a_server_that_does_not_take_it_gets_the_request_once() {
        let authority = Authority::new("Example Root QW");
        let first = serves_as(&authority, echo);
        prepare(&first).await;
        let (sender, asked) = std::sync::mpsc::channel();
        let mut how = serves_as(&authority, move |request, stream| {
            let _ = sender.send(());
            echo(request, stream)
        });
        how.tls = first.tls;
        let mut connection = open_with(&how, EarlyData::Allowed).await;
        assert_eq!(connection.handshake(), None);
        let exchange = connection.exchange(get("/"), &limits()).await;
        assert_eq!(answered(exchange).body, b"GET https://api.example/ key true None ");
        assert_eq!(connection.handshake(), Some(HandshakeKind::Full));
        assert_eq!(asked.try_iter().count(), 1);
        assert_eq!(answered(connection.exchange(get("/"), &limits()).await).status, 200);
        assert!(!connection.is_closed());
    }

    #[tokio::test]
    async fn a_server_that_is_gone_is_waited_for_no_longer_than_for_a_connection() {
        let how = serves(echo);
        prepare(&how).await;
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
        let address = socket.local_addr().expect("an address");
        let mut gone = over_quic(how_trusting(&[address], &trust_nobody()));
        gone.tls = how.tls;
        gone.connect_timeout = Duration::from_millis(300);
        let mut connection = open_with(&gone, EarlyData::Allowed).await;
        let exchange = connection.exchange(get("/"), &limits()).await;
        assert!(connection.is_closed());
        assert_failure(exchange.failure(), Stage::Tcp, Fault::TimedOut, "within 0.3 s");
    }
}
