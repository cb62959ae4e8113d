//! Calls against servers that speak HTTP/2 frame by frame: each does one thing right, or wrong.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use super::super::{Answer, Exchange, Limits, Outcome};
use super::{GrpcConnection, GrpcRequest};
use crate::facts::{Failure, Fault, Stage};
use crate::net::loopback::*;
use crate::net::{How, connect};

type Accepted = h2::server::Connection<TlsStream<TcpStream>, Bytes>;
type Respond = h2::server::SendResponse<Bytes>;
type Sending = h2::SendStream<Bytes>;

fn request(streams: bool) -> GrpcRequest {
    let mut key = HeaderValue::from_static("FAKE-key-example");
    key.set_sensitive(true);
    let mut metadata = HeaderMap::new();
    metadata.insert("x-goog-api-key", key);
    metadata.insert("user-agent", HeaderValue::from_static("example/1"));
    GrpcRequest {
        path: "/example.v1.Service/Method".to_owned(),
        metadata,
        message: Bytes::from_static(b"a message"),
        streams,
        authority: HOST.to_owned(),
        secure: true,
    }
}

fn limits() -> Limits {
    Limits { request_timeout: Duration::from_secs(10), ..Limits::default() }
}

async fn serves<W: Future<Output = ()> + Send + 'static>(
    handle: impl Fn(Accepted) -> W + Clone + Send + 'static,
) -> How {
    let authority = Authority::new("Example Root S");
    let address = serve_tls(authority.good(), &["h2"], move |stream| {
        let handle = handle.clone();
        async move {
            if let Ok(connection) = h2::server::handshake(stream).await {
                handle(connection).await;
            }
        }
    });
    how(&[address.await], authority.pem())
}

/// A server that does the same with each call.
async fn answers<W: Future<Output = ()> + Send + 'static>(
    handle: impl Fn(Respond) -> W + Clone + Send + 'static,
) -> How {
    serves(move |mut connection| {
        let handle = handle.clone();
        async move {
            while let Some(Ok((_, respond))) = connection.accept().await {
                tokio::spawn(handle(respond));
            }
        }
    })
    .await
}

/// A head of gRPC, with what follows it.
fn begin(respond: &mut Respond) -> Sending {
    let head = Response::builder().header("content-type", "application/grpc").body(());
    respond.send_response(head.expect("a head"), false).expect("a stream")
}

fn framed(message: &[u8]) -> Bytes {
    let length = u32::try_from(message.len()).expect("a short message").to_be_bytes();
    [&[0][..], &length, message].concat().into()
}

fn end(mut body: Sending, trailers: &[(&'static str, &str)]) {
    let mut map = HeaderMap::new();
    for (name, value) in trailers {
        map.insert(*name, HeaderValue::from_str(value).expect("a value"));
    }
    body.send_trailers(map).expect("trailers");
}

async fn open(how: &How) -> GrpcConnection {
    let stream = connect(&target(), how).await.outcome.expect("a connection");
    GrpcConnection::open(stream, &limits()).await.expect("HTTP/2")
}

async fn ask(how: &How, streams: bool, limits: &Limits) -> Exchange {
    open(how).await.exchange(request(streams), limits).await
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

#[test]
fn a_call_shows_neither_key_nor_message() {
    let shown = format!("{:?}", request(false));
    assert!(!shown.contains("FAKE") && !shown.contains("a message"), "{shown}");
    let (prepared, ..) = request(false).prepared().expect("a good request");
    let headers = prepared.into_parts().0.into_headers();
    assert!(headers["x-goog-api-key"].is_sensitive(), "compression may not keep it in its tables");
}

#[tokio::test]
async fn the_call_and_its_answer_are_as_the_protocol_says() {
    let how = serves(|mut connection| async move {
        while let Some(Ok((request, mut respond))) = connection.accept().await {
            tokio::spawn(async move {
                let (head, mut asked) = request.into_parts();
                let mut bytes = Vec::new();
                while let Some(Ok(piece)) = asked.data().await {
                    bytes.extend_from_slice(&piece);
                }
                let header = |name| head.headers.get(name).cloned().expect(name);
                assert_eq!(header("x-goog-api-key"), "FAKE-key-example");
                let shown = format!(
                    "{} {} {:?} {:?} {:?}",
                    head.method,
                    head.uri,
                    header("te"),
                    header("content-type"),
                    header("user-agent"),
                );
                let mut body = begin(&mut respond);
                body.send_data(framed(&bytes), false).expect("room");
                body.send_data(framed(shown.as_bytes()), false).expect("room");
                end(body, &[("grpc-status", "0"), ("x-late", "1")]);
            });
        }
    });
    let mut connection = open(&how.await).await;
    for carried in 1..=2 {
        let exchange = connection.exchange(request(true), &limits()).await;
        assert_eq!(exchange.http, "gRPC");
        assert!(exchange.bytes_sent > Some(100) && exchange.bytes_received > Some(100));
        let (written, first) = (exchange.request_written_ms, exchange.first_byte_ms);
        assert!(written.is_some() && written <= first && first <= Some(exchange.total_ms));
        let answer = answered(exchange);
        assert_eq!((answer.status, answer.body_failure), (200, None));
        assert_eq!(answer.headers["grpc-status"], "0");
        assert_eq!(answer.headers["x-late"], "1");
        assert_eq!(answer.chunks.len(), 2);
        let (echo, shown) = answer.body.split_at(answer.chunks[0].1);
        assert_eq!(echo, framed(b"a message"));
        let text = String::from_utf8_lossy(shown);
        assert!(text.starts_with("POST https://api.example/example.v1.Service/Method "), "{text}");
        assert!(text.ends_with(r#""trailers" "application/grpc" "example/1""#), "{text}");
        assert_eq!(connection.connection().carried(), carried);
    }
    assert!(!connection.connection().is_closed());
}

#[tokio::test]
async fn each_message_has_its_time() {
    let how = answers(|mut respond| async move {
        let mut body = begin(&mut respond);
        for message in [&b"one"[..], b"", b"three"] {
            tokio::time::sleep(Duration::from_millis(60)).await;
            body.send_data(framed(message), false).expect("room");
        }
        end(body, &[("grpc-status", "0")]);
    });
    let exchange = ask(&how.await, true, &limits()).await;
    let first = exchange.first_byte_ms.expect("a head");
    let answer = answered(exchange);
    let sizes: Vec<usize> = answer.chunks.iter().map(|(_, size)| *size).collect();
    assert_eq!((sizes, &answer.body[..]), (vec![3, 0, 5], &b"onethree"[..]));
    let times: Vec<f64> = answer.chunks.iter().map(|(at, _)| *at).collect();
    assert!(first < times[0], "the head came before: {first} {times:?}");
    assert!(times[1] - times[0] > 30.0 && times[2] - times[1] > 30.0, "{times:?}");
}

#[tokio::test]
async fn a_message_in_pieces_is_one_message() {
    let how = answers(|mut respond| async move {
        let mut body = begin(&mut respond);
        for byte in framed(b"whole").iter() {
            body.send_data(Bytes::copy_from_slice(&[*byte]), false).expect("room");
            tokio::task::yield_now().await;
        }
        end(body, &[("grpc-status", "0")]);
    });
    let answer = answered(ask(&how.await, false, &limits()).await);
    assert_eq!((answer.chunks.len(), &answer.body[..]), (1, &b"whole"[..]));
    assert_eq!(answer.body_failure, None);
}

#[tokio::test]
async fn every_code_has_its_status() {
    let statuses =
        [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];
    let cases = (0..17).map(|code: usize| (code.to_string(), statuses[code]));
    for (code, status) in cases.chain([("99".to_owned(), 500), ("odd".to_owned(), 500)]) {
        let sent = code.clone();
        let how = answers(move |mut respond| {
            let sent = sent.clone();
            async move {
                let trailers = [("grpc-status", sent.as_str()), ("grpc-message", "it%20is")];
                end(begin(&mut respond), &trailers);
            }
        });
        let answer = answered(ask(&how.await, true, &limits()).await);
        assert_eq!((answer.status, answer.body_failure), (status, None), "{code}");
        assert_eq!(answer.headers["grpc-status"], code);
        assert_eq!(answer.headers["grpc-message"], "it%20is");
    }
}

#[tokio::test]
async fn a_refusal_may_be_in_the_head_alone_and_its_details_may_be_broken() {
    let how = answers(|mut respond| async move {
        let head = Response::builder()
            .header("content-type", "application/grpc")
            .header("grpc-status", "7")
            .header("grpc-status-details-bin", "*** no base64 ***");
        respond.send_response(head.body(()).expect("a head"), true).expect("a stream");
    });
    let exchange = ask(&how.await, false, &limits()).await;
    assert_eq!(exchange.http, "gRPC");
    let answer = answered(exchange);
    assert_eq!((answer.status, answer.body_failure), (403, None));
    assert_eq!(answer.headers["grpc-status-details-bin"], "*** no base64 ***");
}

#[tokio::test]
async fn an_error_behind_messages_keeps_them() {
    let how = answers(|mut respond| async move {
        let mut body = begin(&mut respond);
        body.send_data(framed(b"half"), false).expect("room");
        end(body, &[("grpc-status", "14"), ("grpc-status-details-bin", "***")]);
    });
    let answer = answered(ask(&how.await, true, &limits()).await);
    assert_eq!((answer.status, &answer.body[..]), (503, &b"half"[..]));
    assert_eq!((answer.chunks.len(), answer.body_failure), (1, None));
}

#[tokio::test]
async fn what_is_no_grpc_is_the_http_answer_that_it_is() {
    for (status, kind) in
        [(404, "text/html"), (415, ""), (200, "application/json"), (502, "text/plain")]
    {
        let how = answers(move |mut respond| async move {
            let head = Response::builder().status(status).header("content-type", kind);
            let head = head.body(()).expect("a head");
            let mut body = respond.send_response(head, false).expect("a stream");
            body.send_data(Bytes::from_static(b"a page"), true).expect("room");
        });
        let exchange = ask(&how.await, false, &limits()).await;
        assert_eq!(exchange.http, "HTTP/2");
        assert!(exchange.first_byte_ms.is_some());
        let answer = answered(exchange);
        assert_eq!((answer.status, &answer.body[..]), (status, &b"a page"[..]));
        // What calls itself good and is no answer to the call must not pass for one.
        assert_eq!(answer.body_failure.is_some(), status == 200, "{status}");
    }
}

#[tokio::test]
async fn the_number_of_messages_must_be_right() {
    let how = answers(|mut respond| async move {
        let mut body = begin(&mut respond);
        body.send_data(framed(b"one"), false).expect("room");
        body.send_data(framed(b"two"), false).expect("room");
        end(body, &[("grpc-status", "0")]);
    });
    let how = how.await;
    assert_eq!(ask(&how, true, &limits()).await.failure(), None);
    let twice = ask(&how, false, &limits()).await;
    assert_failure(twice.failure(), Stage::Body, Fault::Other, "2 messages came");
    let none = answers(|mut respond| async move {
        end(begin(&mut respond), &[("grpc-status", "0")]);
    });
    let how = none.await;
    assert_eq!(ask(&how, true, &limits()).await.failure(), None);
    let none = ask(&how, false, &limits()).await;
    assert_failure(none.failure(), Stage::Body, Fault::BodyCut, "without its message");
}

#[tokio::test]
async fn an_end_that_is_none_is_a_cut() {
    let cut = |bytes: Bytes, trailers: bool| async move {
        let how = answers(move |mut respond| {
            let bytes = bytes.clone();
            async move {
                let mut body = begin(&mut respond);
                body.send_data(bytes, !trailers).expect("room");
                if trailers {
                    end(body, &[("grpc-status", "0")]);
                }
            }
        });
        ask(&how.await, false, &limits()).await
    };
    let inside = framed(b"whole").slice(..7);
    let exchange = cut(inside.clone(), false).await;
    assert_failure(exchange.failure(), Stage::Body, Fault::BodyCut, "");
    let exchange = cut(inside, true).await;
    assert_failure(exchange.failure(), Stage::Body, Fault::BodyCut, "inside a message");
    let exchange = cut(framed(b"whole"), false).await;
    assert_failure(exchange.failure(), Stage::Body, Fault::BodyCut, "grpc-status");
    assert_eq!(answered(exchange).body, b"whole");
    let exchange = cut(Bytes::from_static(b"\x09\0\0\0\x01x"), true).await;
    assert_failure(exchange.failure(), Stage::Body, Fault::Other, "compression flag");
}

#[tokio::test]
async fn a_reset_keeps_its_reason_and_what_came() {
    let how = answers(|mut respond| async move {
        respond.send_reset(h2::Reason::REFUSED_STREAM);
    });
    let exchange = ask(&how.await, false, &limits()).await;
    assert_eq!(exchange.http, "gRPC");
    assert_failure(exchange.failure(), Stage::Head, Fault::StreamReset, "REFUSED_STREAM");
    let how = answers(|mut respond| async move {
        let mut body = begin(&mut respond);
        body.send_data(framed(b"half"), false).expect("room");
        tokio::time::sleep(Duration::from_millis(50)).await;
        body.send_reset(h2::Reason::INTERNAL_ERROR);
    });
    let exchange = ask(&how.await, true, &limits()).await;
    assert_failure(exchange.failure(), Stage::Body, Fault::StreamReset, "INTERNAL_ERROR");
    let answer = answered(exchange);
    assert_eq!((answer.status, &answer.body[..]), (200, &b"half"[..]));
}

#[tokio::test]
async fn a_goaway_keeps_its_reason() {
    let how = serves(|mut connection| async move {
        let _asked = connection.accept().await;
        connection.abrupt_shutdown(h2::Reason::ENHANCE_YOUR_CALM);
        while let Some(Ok(_)) = connection.accept().await {}
    });
    let exchange = ask(&how.await, false, &limits()).await;
    assert_failure(exchange.failure(), Stage::Head, Fault::GoAway, "ENHANCE_YOUR_CALM");
}

#[tokio::test]
async fn an_end_and_garbage_are_told_apart() {
    let http1 = &b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"[..];
    for (bytes, fault) in [(&b""[..], Fault::Closed), (http1, Fault::NotHttp)] {
        let authority = Authority::new("Example Root T");
        let address = serve_tls(authority.good(), &["h2"], move |mut stream| async move {
            answer(&mut stream, bytes).await;
            let _ = stream.shutdown().await;
        });
        let how = how(&[address.await], authority.pem());
        let exchange = ask(&how, false, &limits()).await;
        assert_eq!(exchange.failure().map(|failure| failure.fault), Some(fault), "{exchange:?}");
    }
}

#[tokio::test]
async fn a_server_that_settles_on_an_older_protocol_is_named() {
    let authority = Authority::new("Example Root U");
    let address = serve_tls(authority.good(), &["http/1.1"], |_| hang());
    let how = how(&[address.await], authority.pem());
    let stream = connect(&target(), &how).await.outcome.expect("a connection");
    let failure = GrpcConnection::open(stream, &limits()).await.expect_err("no HTTP/2");
    assert_failure(Some(&failure), Stage::Tls, Fault::Other, "http/1.1");
}

#[tokio::test]
async fn limits_hold() {
    let how = answers(|mut respond| async move {
        let mut body = begin(&mut respond);
        while body.send_data(framed(&[b'x'; 1000]), false).is_ok() {
            tokio::task::yield_now().await;
        }
    });
    let how = how.await;
    let small = Limits { max_body: 10_500, ..limits() };
    let exchange = ask(&how, true, &small).await;
    assert_failure(exchange.failure(), Stage::Body, Fault::BodyTooLarge, "10500");
    assert_eq!(answered(exchange).body.len(), 10_500);
    let exchange = ask(&how, true, &Limits { max_body: 999, ..limits() }).await;
    assert_failure(exchange.failure(), Stage::Body, Fault::BodyTooLarge, "999");
}

#[tokio::test]
async fn silence_times_out_where_it_falls() {
    let short = Limits { request_timeout: Duration::from_millis(300), ..limits() };
    let how = answers(|respond| async move {
        hang().await;
        drop(respond);
    });
    let exchange = ask(&how.await, false, &short).await;
    assert_failure(exchange.failure(), Stage::Head, Fault::TimedOut, "within 0.3 s");
    assert_eq!(exchange.first_byte_ms, None);
    let how = answers(|mut respond| async move {
        let mut body = begin(&mut respond);
        body.send_data(framed(b"half"), false).expect("room");
        hang().await;
    });
    let exchange = ask(&how.await, true, &short).await;
    assert_failure(exchange.failure(), Stage::Body, Fault::TimedOut, "");
    assert_eq!(answered(exchange).body, b"half");
}

#[tokio::test]
async fn headers_beyond_the_limit_are_given_up() {
    let how = answers(|mut respond| async move {
        let mut head = Response::new(());
        for number in 0..100 {
            let value = HeaderValue::from_str(&format!("{number}").repeat(800));
            head.headers_mut().append("x-filler", value.expect("a value"));
        }
        let _ = respond.send_response(head, true);
    });
    let exchange = ask(&how.await, false, &limits()).await;
    assert_failure(exchange.failure(), Stage::Head, Fault::HeadersTooLarge, "");
}

#[tokio::test]
async fn a_path_that_is_no_path_is_not_sent() {
    let how = answers(|_| hang()).await;
    let odd = GrpcRequest { path: "/a b".to_owned(), ..request(false) };
    let exchange = open(&how).await.exchange(odd, &limits()).await;
    assert_failure(exchange.failure(), Stage::Request, Fault::Other, "cannot be sent");
}
