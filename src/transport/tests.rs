//! One request over each protocol, and every way in which it can fail, on loopback.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use super::{Answer, Connection, Exchange, Http2Facts, Limits, Outcome, Pooled, Request};
use crate::facts::{Failure, Fault, Stage};
use crate::net::loopback::*;
use crate::net::proxy::{ProxyChoice, ProxyUrl};
use crate::net::tls::{Alpn, Handshake};
use crate::net::{How, connect};

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

fn post(body: &'static str) -> Request {
    Request { method: Method::POST, body: Some(Bytes::from(body)), ..get("/v1/echo?a=b") }
}

fn limits() -> Limits {
    Limits { request_timeout: Duration::from_secs(10), ..Limits::default() }
}

async fn open(how: &How) -> Connection {
    let stream = connect(&target(), how).await.outcome.expect("a connection");
    Connection::open(stream, &limits()).await.expect("an HTTP connection")
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
fn a_request_shows_neither_key_nor_body() {
    let shown = format!("{:?}", post("a prompt"));
    assert!(!shown.contains("FAKE") && !shown.contains("prompt"), "{shown}");
}

mod http1 {
    use super::*;

    /// A server that answers each request with these bytes and then closes.
    async fn says(bytes: &'static [u8]) -> How {
        serves(move |mut stream| async move {
            answer(&mut stream, bytes).await;
            let _ = stream.shutdown().await;
        })
        .await
    }

    async fn serves<W: Future<Output = ()> + Send + 'static>(
        handle: impl Fn(TlsStream<TcpStream>) -> W + Clone + Send + 'static,
    ) -> How {
        let authority = Authority::new("Example Root L");
        let address = serve_tls(authority.good(), &["http/1.1"], handle).await;
        how(&[address], authority.pem())
    }

    async fn got(bytes: &'static [u8], limits: &Limits) -> Exchange {
        open(&says(bytes).await).await.exchange(get("/"), limits).await
    }

    #[tokio::test]
    async fn an_answer_has_everything() {
        let how = serves(|mut stream| async move {
            let mut asked = vec![0; 4096];
            let size = stream.read(&mut asked).await.unwrap_or(0);
            let head = "HTTP/1.1 201 Created\r\nX-One: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
            let _ = stream.write_all(head.as_bytes()).await;
            for piece in [&asked[..size], b"!"] {
                let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
                let _ = stream.write_all(&chunk).await;
                let _ = stream.flush().await;
            }
            let _ = stream.write_all(b"0\r\n\r\n").await;
        });
        let exchange = open(&how.await).await.exchange(post("a prompt"), &limits()).await;
        assert_eq!(exchange.http, "HTTP/1.1");
        let (written, first) = (exchange.request_written_ms, exchange.first_byte_ms);
        assert!(written <= first && first < Some(exchange.total_ms), "{exchange:?}");
        let answer = answered(exchange);
        assert_eq!(
            (answer.status, &answer.headers["x-one"]),
            (201, &HeaderValue::from_static("1"))
        );
        assert_eq!(answer.chunks.len(), 2);
        assert!(answer.chunks[0].0 < answer.chunks[1].0, "{:?}", answer.chunks);
        assert_eq!(answer.body_failure, None);
        let echo = String::from_utf8(answer.body).expect("text");
        assert!(echo.starts_with("POST /v1/echo?a=b HTTP/1.1\r\n"), "{echo}");
        assert!(echo.contains("host: api.example\r\n"), "{echo}");
        assert!(echo.contains("content-length: 8\r\n"), "{echo}");
        assert!(echo.ends_with("\r\n\r\na prompt!"), "{echo}");
    }

    #[tokio::test]
    async fn a_connection_carries_one_request_after_another() {
        let how = serves(|mut stream| async move {
            for _ in 0..2 {
                answer(&mut stream, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
            }
            let _ = stream.read(&mut [0; 4096]).await;
        });
        let mut connection = open(&how.await).await;
        for _ in 0..2 {
            let exchange = connection.exchange(get("/"), &limits()).await;
            assert_eq!(answered(exchange).body, b"ok");
        }
        assert_eq!(connection.carried(), 2);
        let exchange = connection.exchange(get("/"), &limits()).await;
        assert_failure(exchange.failure(), Stage::Head, Fault::Closed, "");
        assert!(connection.is_closed());
    }

    #[tokio::test]
    async fn bytes_on_the_wire_belong_to_one_exchange_and_the_first_has_the_handshake() {
        let how = serves(|mut stream| async move {
            for _ in 0..3 {
                answer(&mut stream, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
            }
            hang().await;
        });
        let mut connection = open(&how.await).await;
        let mut counts = Vec::new();
        for body in [0, 0, 2000] {
            let body = Bytes::from(vec![b'x'; body]);
            let request = Request { body: Some(body), ..post("") };
            let exchange = connection.exchange(request, &limits()).await;
            counts.push((
                exchange.bytes_sent.expect("a count"),
                exchange.bytes_received.expect("a count"),
            ));
        }
        let [cold, warm, large] = counts[..] else { panic!("{counts:?}") };
        // The certificate alone is some hundred bytes; a record adds 22.
        assert!(cold.0 > warm.0 + 200 && cold.1 > warm.1 + 400, "{counts:?}");
        assert_eq!(warm.1, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".len() as u64 + 22);
        assert!((warm.0 + 2000..warm.0 + 2100).contains(&large.0), "{counts:?}");
        let total = connection.wire();
        assert_eq!(total.written, cold.0 + warm.0 + large.0);
        assert_eq!(total.read, cold.1 + warm.1 + large.1);
    }

    #[tokio::test]
    async fn a_connection_after_an_exchange_on_another_resumes_unless_it_is_cold() {
        let how = says(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
        let cold = How { tls: how.tls.cold(), ..how.clone() };
        for (how, handshake) in
            [(&how, Handshake::Full), (&how, Handshake::Resumed), (&cold, Handshake::Full)]
        {
            let mut connection = open(how).await;
            answered(connection.exchange(get("/"), &limits()).await);
            assert_eq!(connection.handshake(), Some(handshake));
        }
    }

    #[tokio::test]
    async fn the_other_sides_end_is_known_before_anything_is_asked() {
        use crate::net::tap::End;
        for (reset, how_it_ended) in [(false, End::Closed), (true, End::Broken)] {
            let how = serves(move |mut stream| async move {
                answer(&mut stream, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
                match reset {
                    true => drop(stream.get_ref().0.set_zero_linger()),
                    false => drop(stream.shutdown().await),
                }
            });
            let mut connection = open(&how.await).await;
            assert_eq!((connection.their_end(), connection.is_closed()), (None, false));
            answered(connection.exchange(get("/"), &limits()).await);
            while connection.their_end().is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            assert_eq!(connection.their_end().map(|end| end.how), Some(how_it_ended));
            assert!(connection.is_closed() && connection.share().is_none());
        }
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_is_not_followed() {
        let redirect =
            b"HTTP/1.1 302 Found\r\nLocation: https://login.example/\r\nContent-Length: 0\r\n\r\n";
        let exchange = got(redirect, &limits()).await;
        assert_eq!(answered(exchange).status, 302);
    }

    #[tokio::test]
    async fn failures_before_the_head() {
        assert_failure(got(b"", &limits()).await.failure(), Stage::Head, Fault::Closed, "");
        let half = got(b"HTTP/1.1 200 OK\r\nX-", &limits()).await;
        assert_failure(half.failure(), Stage::Head, Fault::Closed, "");
        let garbage = got(b"\x00\x01garbage that is no HTTP\r\n\r\n", &limits()).await;
        assert_failure(garbage.failure(), Stage::Head, Fault::NotHttp, "");
        assert_eq!(garbage.first_byte_ms, None);
    }

    #[tokio::test]
    async fn headers_without_end_are_given_up() {
        let how = serves(|mut stream| async move {
            answer(&mut stream, b"HTTP/1.1 200 OK\r\n").await;
            while stream.write_all(b"x-filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n").await.is_ok() {}
        });
        let exchange = open(&how.await).await.exchange(get("/"), &limits()).await;
        assert_failure(exchange.failure(), Stage::Head, Fault::HeadersTooLarge, "");
    }

    #[tokio::test]
    async fn a_body_that_is_cut_is_kept_as_far_as_it_came() {
        let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{\"models\": [";
        let exchange = got(cut, &limits()).await;
        assert_failure(exchange.failure(), Stage::Body, Fault::BodyCut, "");
        assert_eq!(answered(exchange).body, b"{\"models\": [");
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
        assert_failure(got(chunked, &limits()).await.failure(), Stage::Body, Fault::BodyCut, "");
    }

    #[tokio::test]
    async fn a_body_without_end_stops_at_the_limit() {
        let how = serves(|mut stream| async move {
            answer(&mut stream, b"HTTP/1.1 200 OK\r\n\r\n").await;
            while stream.write_all(&[b'x'; 1024]).await.is_ok() {}
        });
        let limits = Limits { max_body: 10_000, ..limits() };
        let exchange = open(&how.await).await.exchange(get("/"), &limits).await;
        assert_failure(exchange.failure(), Stage::Body, Fault::BodyTooLarge, "10000");
        assert_eq!(answered(exchange).body.len(), 10_000);
    }

    #[tokio::test]
    async fn silence_times_out_where_it_falls() {
        let limits = Limits { request_timeout: Duration::from_millis(100), ..limits() };
        let how = serves(|mut stream| async move {
            answer(&mut stream, b"").await;
            hang().await;
        });
        let exchange = open(&how.await).await.exchange(get("/"), &limits).await;
        assert_failure(exchange.failure(), Stage::Head, Fault::TimedOut, "within 0.1 s");
        let how = serves(|mut stream| async move {
            answer(&mut stream, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").await;
            hang().await;
        });
        let exchange = open(&how.await).await.exchange(get("/"), &limits).await;
        assert_failure(exchange.failure(), Stage::Body, Fault::TimedOut, "");
        assert_eq!(answered(exchange).body, b"half");
    }

    #[tokio::test]
    async fn a_request_that_nobody_reads_times_out_in_the_request() {
        let how = serves(|stream| async move {
            hang().await;
            drop(stream);
        });
        let limits = Limits { request_timeout: Duration::from_millis(200), ..limits() };
        let large = Request { body: Some(Bytes::from(vec![b'x'; 32 << 20])), ..post("") };
        let exchange = open(&how.await).await.exchange(large, &limits).await;
        assert_failure(exchange.failure(), Stage::Request, Fault::TimedOut, "");
    }

    #[tokio::test]
    async fn a_reset_is_told_from_an_end() {
        let how = serves(|mut stream| async move {
            answer(&mut stream, b"").await;
            let _ = stream.get_ref().0.set_zero_linger();
        });
        let exchange = open(&how.await).await.exchange(get("/"), &limits()).await;
        assert_failure(exchange.failure(), Stage::Head, Fault::Reset, "");
    }

    #[tokio::test]
    async fn a_path_that_is_no_path_is_not_sent() {
        let how = says(b"HTTP/1.1 200 OK\r\n\r\n").await;
        let exchange = open(&how).await.exchange(get("/a b"), &limits()).await;
        assert_failure(exchange.failure(), Stage::Request, Fault::Other, "cannot be sent");
    }

    #[tokio::test]
    async fn plain_http_needs_no_tls() {
        let address = serve(|mut stream| async move {
            answer(&mut stream, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
        });
        let how = how_trusting(&[address.await], &trust_nobody());
        let target = crate::net::Target { secure: false, ..target() };
        let stream = connect(&target, &how).await.outcome.expect("a connection");
        let mut connection = Connection::open(stream, &limits()).await.expect("HTTP");
        let request = Request { secure: false, ..get("/") };
        assert_eq!(answered(connection.exchange(request, &limits()).await).body, b"ok");
    }
}

mod http2 {
    use super::*;

    type Accepted = h2::server::Connection<TlsStream<TcpStream>, Bytes>;

    async fn serves<W: Future<Output = ()> + Send + 'static>(
        handle: impl Fn(Accepted) -> W + Clone + Send + 'static,
    ) -> How {
        let authority = Authority::new("Example Root M");
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

    /// Lets the connection's last frames out.
    async fn finish(mut connection: Accepted) {
        while let Some(Ok(_)) = connection.accept().await {}
    }

    #[tokio::test]
    async fn an_answer_has_everything() {
        let how = serves(|mut connection| async move {
            while let Some(Ok((request, mut respond))) = connection.accept().await {
                let shown = format!("{} {}", request.method(), request.uri());
                let head = http::Response::builder().status(200).header("x-one", "1");
                let head = head.body(()).expect("a head");
                let mut body = respond.send_response(head, false).expect("a stream");
                body.send_data(Bytes::from(shown), true).expect("a body");
            }
        });
        let mut connection = open(&how.await).await;
        for _ in 0..2 {
            let exchange = connection.exchange(post("hello"), &limits()).await;
            assert_eq!(exchange.http, "HTTP/2");
            let (written, first) = (exchange.request_written_ms, exchange.first_byte_ms);
            assert!(written.is_some() && written <= first, "{exchange:?}");
            assert!(first <= Some(exchange.total_ms), "{exchange:?}");
            let answer = answered(exchange);
            assert_eq!((answer.status, answer.body_failure), (200, None));
            assert_eq!(answer.body, b"POST https://api.example/v1/echo?a=b");
        }
    }

    /// A server that answers each request with its path, the odd ones only after the even ones came.
    async fn answers_out_of_order() -> How {
        serves(|mut connection| async move {
            let mut waiting = Vec::new();
            while let Some(Ok((request, mut respond))) = connection.accept().await {
                let path = request.uri().path().to_owned();
                let is_odd = path.ends_with("odd");
                waiting.push(move || {
                    let head = http::Response::new(());
                    let mut body = respond.send_response(head, false).expect("a stream");
                    body.send_data(Bytes::from(path), true).expect("a body");
                });
                if !is_odd {
                    waiting.drain(..).rev().for_each(|finish| finish());
                }
            }
        })
        .await
    }

    #[tokio::test]
    async fn many_exchanges_at_the_same_time_keep_their_own_answers_and_times() {
        let mut connection = open(&answers_out_of_order().await).await;
        let alone = connection.exchange(get("/alone"), &limits()).await;
        assert!(alone.bytes_sent > Some(0) && alone.bytes_received > Some(0), "{alone:?}");
        let shared = connection.share().expect("HTTP/2");
        let mut tasks = tokio::task::JoinSet::new();
        for round in 0..20 {
            for half in ["odd", "even"] {
                let (shared, path) = (shared.clone(), format!("/{round}/{half}"));
                tasks.spawn(async move {
                    let exchange = shared.exchange(get(&path), &limits()).await;
                    (path, exchange)
                });
            }
        }
        for (path, exchange) in tasks.join_all().await {
            let (written, first) = (exchange.request_written_ms, exchange.first_byte_ms);
            assert!(written.is_some() && written <= first, "{exchange:?}");
            assert_eq!((exchange.bytes_sent, exchange.bytes_received), (None, None));
            assert_eq!(answered(exchange).body, path.as_bytes());
        }
        assert_eq!((shared.carried(), connection.carried()), (41, 41));
        assert_eq!(
            connection.frames().and_then(|frames| frames.newest()),
            None,
            "all are forgotten"
        );
        drop(connection);
        assert!(!shared.is_closed());
        answered(shared.exchange(get("/last"), &limits()).await);
    }

    #[tokio::test]
    async fn a_request_that_waits_for_a_stream_says_when_it_was_written() {
        let authority = Authority::new("Example Root S");
        let address = serve_tls(authority.good(), &["h2"], |stream| async move {
            let mut builder = h2::server::Builder::new();
            builder.max_concurrent_streams(1);
            let mut connection = builder.handshake::<_, Bytes>(stream).await.expect("HTTP/2");
            while let Some(Ok((_, mut respond))) = connection.accept().await {
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    let _ = respond.send_response(http::Response::new(()), true);
                });
            }
        });
        let mut connection = open(&how(&[address.await], authority.pem())).await;
        answered(connection.exchange(get("/"), &limits()).await);
        let shared = connection.share().expect("HTTP/2");
        let (request, limits) = (get("/"), limits());
        let (one, other) = tokio::join!(
            shared.exchange(request.clone(), &limits),
            shared.exchange(request, &limits)
        );
        let written = [one, other].map(|it| it.request_written_ms.expect("a time"));
        assert!(written[1] > written[0] + 50.0, "{written:?}");
    }

    #[tokio::test]
    async fn a_large_body_waits_for_the_servers_window_and_arrives_whole() {
        let how = serves(|mut connection| async move {
            while let Some(Ok((request, mut respond))) = connection.accept().await {
                tokio::spawn(async move {
                    let length = request.headers()["content-length"].clone();
                    let (mut body, mut size) = (request.into_body(), 0);
                    while let Some(Ok(piece)) = body.data().await {
                        size += piece.len();
                        let _ = body.flow_control().release_capacity(piece.len());
                    }
                    let head = http::Response::builder().header("x-length", length);
                    let head = head.body(()).expect("a head");
                    let mut answer = respond.send_response(head, false).expect("a stream");
                    let _ = answer.send_data(Bytes::from(size.to_string()), true);
                });
            }
        });
        let large = Request { body: Some(Bytes::from(vec![b'x'; 3 << 20])), ..post("") };
        let exchange = open(&how.await).await.exchange(large, &limits()).await;
        assert!(exchange.bytes_sent > Some(3 << 20), "{:?}", exchange.bytes_sent);
        let answer = answered(exchange);
        assert_eq!(
            (&answer.headers["x-length"], &answer.body[..]),
            (&HeaderValue::from(3 << 20), &b"3145728"[..])
        );
    }

    #[tokio::test]
    async fn a_connection_that_takes_no_further_request_is_told() {
        let how = serves(|mut connection| async move {
            let (_, mut respond) = connection.accept().await.expect("a request").expect("whole");
            let _ = respond.send_response(http::Response::new(()), true);
            connection.graceful_shutdown();
            finish(connection).await;
        });
        let mut connection = open(&how.await).await;
        answered(connection.exchange(get("/"), &limits()).await);
        while connection.their_end().is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(connection.their_end().map(|end| end.how), Some(crate::net::tap::End::GoAway));
        assert!(connection.is_closed());
        let seen = connection.frames().expect("HTTP/2").seen();
        assert_eq!(seen.goaways[0].reason, "NO_ERROR");
    }

    #[tokio::test]
    async fn a_goaway_keeps_its_reason() {
        let how = serves(|mut connection| async move {
            let _asked = connection.accept().await;
            connection.abrupt_shutdown(h2::Reason::ENHANCE_YOUR_CALM);
            finish(connection).await;
        });
        let exchange = open(&how.await).await.exchange(get("/"), &limits()).await;
        assert_failure(exchange.failure(), Stage::Head, Fault::GoAway, "ENHANCE_YOUR_CALM");
    }

    #[tokio::test]
    async fn a_stream_reset_keeps_its_reason() {
        let how = serves(|mut connection| async move {
            while let Some(Ok((_, mut respond))) = connection.accept().await {
                respond.send_reset(h2::Reason::INTERNAL_ERROR);
            }
        });
        let exchange = open(&how.await).await.exchange(get("/"), &limits()).await;
        assert_failure(exchange.failure(), Stage::Head, Fault::StreamReset, "INTERNAL_ERROR");
    }

    #[tokio::test]
    async fn a_reset_in_the_body_keeps_what_came() {
        let how = serves(|mut connection| async move {
            while let Some(Ok((_, mut respond))) = connection.accept().await {
                let mut body =
                    respond.send_response(http::Response::new(()), false).expect("a stream");
                body.send_data(Bytes::from("half"), false).expect("a body");
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    body.send_reset(h2::Reason::INTERNAL_ERROR);
                });
            }
        });
        let exchange = open(&how.await).await.exchange(get("/"), &limits()).await;
        assert_failure(exchange.failure(), Stage::Body, Fault::StreamReset, "INTERNAL_ERROR");
        assert_eq!(answered(exchange).body, b"half");
    }

    #[tokio::test]
    async fn headers_beyond_the_limit_are_given_up() {
        let how = serves(|mut connection| async move {
            while let Some(Ok((_, mut respond))) = connection.accept().await {
                let mut head = http::Response::new(());
                for number in 0..100 {
                    let value = HeaderValue::from_str(&format!("{number}").repeat(800));
                    head.headers_mut().append("x-filler", value.expect("a value"));
                }
                let _ = respond.send_response(head, true);
            }
        });
        let exchange = open(&how.await).await.exchange(get("/"), &limits()).await;
        assert_failure(exchange.failure(), Stage::Head, Fault::HeadersTooLarge, "");
    }

    #[tokio::test]
    async fn an_end_and_garbage_are_told_apart() {
        for (bytes, fault) in [
            (&b""[..], Fault::Closed),
            (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", Fault::NotHttp),
        ] {
            let authority = Authority::new("Example Root N");
            let address = serve_tls(authority.good(), &["h2"], move |mut stream| async move {
                answer(&mut stream, bytes).await;
                let _ = stream.shutdown().await;
            });
            let how = how(&[address.await], authority.pem());
            let exchange = open(&how).await.exchange(get("/"), &limits()).await;
            let failure = exchange.failure().expect("a failure");
            assert_eq!(failure.fault, fault, "{failure:?}");
        }
    }
}

mod http2_facts {
    use super::*;
    use crate::transport::http2_facts;

    async fn facts(how: &How, pings: u32) -> Result<Http2Facts, Failure> {
        let limits = Limits { request_timeout: Duration::from_secs(2), ..limits() };
        let stream = connect(&target(), how).await.outcome.expect("a connection");
        http2_facts(stream, pings, &limits).await
    }

    async fn serves<W: Future<Output = ()> + Send + 'static>(
        handle: impl Fn(h2::server::Connection<TlsStream<TcpStream>, Bytes>) -> W
        + Clone
        + Send
        + 'static,
    ) -> How {
        let authority = Authority::new("Example Root T");
        let address = serve_tls(authority.good(), &["h2", "http/1.1"], move |stream| {
            let handle = handle.clone();
            async move {
                let mut builder = h2::server::Builder::new();
                builder.max_concurrent_streams(77).initial_window_size(131_072);
                builder.max_frame_size(32_768).max_header_list_size(9000);
                builder.enable_connect_protocol();
                if let Ok(connection) = builder.handshake(stream).await {
                    handle(connection).await;
                }
            }
        });
        how(&[address.await], authority.pem())
    }

    #[tokio::test]
    async fn settings_and_round_trips_are_told() {
        let how =
            serves(|mut connection| async move { while connection.accept().await.is_some() {} });
        let facts = facts(&how.await, 3).await.expect("facts");
        let settings = facts.seen.settings.as_ref().expect("settings");
        let mut named: Vec<_> = settings.named().collect();
        named.sort_unstable();
        assert_eq!(
            named,
            [
                ("ENABLE_CONNECT_PROTOCOL", 1),
                ("INITIAL_WINDOW_SIZE", 131_072),
                ("MAX_CONCURRENT_STREAMS", 77),
                ("MAX_FRAME_SIZE", 32_768),
                ("MAX_HEADER_LIST_SIZE", 9000),
            ]
        );
        assert_eq!((facts.concurrent_streams, facts.failure), (Some(77), None));
        assert_eq!((facts.pings_ms.len(), facts.seen.pings.sent), (3, 3));
        assert!(facts.pings_ms.iter().all(|trip| *trip > 0.0), "{:?}", facts.pings_ms);
    }

    #[tokio::test]
    async fn an_end_amid_the_pings_keeps_what_was_seen() {
        let how = serves(|mut connection| async move {
            connection.abrupt_shutdown(h2::Reason::INADEQUATE_SECURITY);
            while connection.accept().await.is_some() {}
        });
        let facts = facts(&how.await, 1000).await.expect("facts");
        assert_eq!(facts.concurrent_streams, Some(77));
        assert_eq!(facts.seen.goaways[0].reason, "INADEQUATE_SECURITY");
        let failure = facts.failure.expect("a failure");
        assert_eq!(failure.fault, Fault::GoAway, "{failure:?}");
        assert!(facts.pings_ms.len() < 1000);
    }

    #[tokio::test]
    async fn silence_after_the_settings_is_bounded_and_told() {
        let authority = Authority::new("Example Root U");
        let address = serve_tls(authority.good(), &["h2"], |mut stream| async move {
            answer(&mut stream, &[0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 1]).await;
            hang().await;
        });
        let facts = facts(&how(&[address.await], authority.pem()), 2).await.expect("settings came");
        assert_eq!((facts.concurrent_streams, &facts.pings_ms[..]), (Some(1), &[][..]));
        let failure = facts.failure.expect("a failure");
        assert_eq!(failure.fault, Fault::TimedOut, "{failure:?}");
    }

    #[tokio::test]
    async fn who_says_nothing_or_speaks_no_http2_has_no_facts() {
        for (protocols, bytes, fault) in [
            (&["http/1.1"][..], &b""[..], Fault::NotHttp),
            (&["h2"], b"", Fault::Closed),
            (&["h2"], b"HTTP/1.1 400 Bad Request\r\n\r\n", Fault::NotHttp),
        ] {
            let authority = Authority::new("Example Root V");
            let address = serve_tls(authority.good(), protocols, move |mut stream| async move {
                answer(&mut stream, bytes).await;
                let _ = stream.shutdown().await;
            });
            let failure = facts(&how(&[address.await], authority.pem()), 2).await;
            assert_eq!(failure.expect_err("no facts").fault, fault);
        }
    }
}

mod pooled {
    use super::*;

    async fn ask(how: &How) -> Exchange {
        let pooled = Pooled::new(&target(), how).expect("a client");
        pooled.exchange(get("/"), &limits()).await
    }

    async fn says(bytes: &'static [u8]) -> (SocketAddr, How) {
        let authority = Authority::new("Example Root O");
        let address = serve_tls(authority.good(), &["http/1.1"], move |mut stream| async move {
            answer(&mut stream, bytes).await;
            let _ = stream.shutdown().await;
        });
        let address = address.await;
        (address, how(&[address], authority.pem()))
    }

    #[tokio::test]
    async fn answers_and_redirects_come_as_they_are() {
        let (_, how) = says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
        let exchange = ask(&how).await;
        assert_eq!(exchange.http, "HTTP/1.1");
        assert_eq!(answered(exchange).body, b"ok");
        let redirect = b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(answered(ask(&says(redirect).await.1).await).status, 302);
    }

    /// A server that says how many requests each of its connections has carried.
    async fn counts() -> SocketAddr {
        serve(|mut stream| async move {
            for carried in 1..=9 {
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{carried}");
                answer(&mut stream, head.as_bytes()).await;
            }
        })
        .await
    }

    #[tokio::test]
    async fn the_port_of_an_override_is_dialled_whatever_the_targets_port_is() {
        for (host, port) in [(HOST, 80), (HOST, 1234), ("192.0.2.1", 1234)] {
            let mut how = how_trusting(&[counts().await], &trust_nobody());
            how.resolver.overrides[0].host = host.to_owned();
            how.resolver.overrides[0].port = Some(port);
            let target = crate::net::Target { host: host.to_owned(), port, secure: false };
            let pooled = Pooled::new(&target, &how).expect("a client");
            for carried in [b"1", b"2"] {
                let request = Request { authority: target.address(), secure: false, ..get("/") };
                let exchange = pooled.exchange(request, &limits()).await;
                assert_eq!(answered(exchange).body, carried, "{host}:{port}");
            }
        }
    }

    #[tokio::test]
    async fn a_pinned_address_is_dialled_in_place_of_the_names() {
        let mut how = how_trusting(&[closed_port().await], &trust_nobody());
        how.pin = Some(counts().await);
        let target = crate::net::Target { secure: false, ..target() };
        let pooled = Pooled::new(&target, &how).expect("a client");
        let request = Request { secure: false, ..get("/") };
        assert_eq!(answered(pooled.exchange(request, &limits()).await).body, b"1");
    }

    #[tokio::test]
    async fn the_port_of_an_override_for_the_proxy_is_dialled_too() {
        let refusal = b"HTTP/1.1 403 Forbidden\r\n\r\n";
        let proxy = serve(move |mut stream| async move { answer(&mut stream, refusal).await });
        let mut how = how_trusting(&[proxy.await], &trust_nobody());
        how.resolver.overrides[0].host = "proxy.example".to_owned();
        how.resolver.overrides[0].port = Some(3128);
        let url = ProxyUrl::parse("http://proxy.example:3128").expect("a URL");
        how.proxy = ProxyChoice::Use(url);
        assert_failure(ask(&how).await.failure(), Stage::Proxy, Fault::ProxyRefused, "");
    }

    #[tokio::test]
    async fn an_address_elsewhere_is_not_dialled_where_nothing_is_beyond_this_machine() {
        let mut how = how_trusting(&[], &trust_nobody());
        how.resolver.beyond = crate::net::dns::Beyond::Nothing;
        let target = crate::net::Target { host: "192.0.2.1".to_owned(), ..target() };
        let pooled = Pooled::new(&target, &how).expect("a client");
        let request = Request { authority: target.address(), ..get("/") };
        let exchange = pooled.exchange(request, &limits()).await;
        assert_failure(exchange.failure(), Stage::Dns, Fault::NameFailed, "a simulated run");
    }

    #[tokio::test]
    async fn failures_are_typed_as_on_a_connection_of_our_own() {
        for (bytes, stage, fault) in [
            (&b""[..], Stage::Head, Fault::Closed),
            (b"no HTTP at all\r\n\r\n", Stage::Head, Fault::NotHttp),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", Stage::Body, Fault::BodyCut),
        ] {
            let exchange = ask(&says(bytes).await.1).await;
            assert_failure(exchange.failure(), stage, fault, "");
        }
    }

    #[tokio::test]
    async fn a_connection_that_cannot_be_made_is_typed() {
        let (address, good) = says(b"").await;
        let refused = how_trusting(&[closed_port().await], &trust_nobody());
        assert_failure(ask(&refused).await.failure(), Stage::Tcp, Fault::Refused, "");
        let untrusted = how_trusting(&[address], &trust_nobody());
        let exchange = ask(&untrusted).await;
        assert_failure(exchange.failure(), Stage::Tls, Fault::CertUnknownIssuer, "Example Root O");
        let mut unknown = good;
        unknown.resolver.overrides[0].answer = crate::net::dns::Answer::TryAgain;
        assert_failure(ask(&unknown).await.failure(), Stage::Dns, Fault::NameTryAgain, HOST);
        let plain =
            serve(
                |mut stream| async move { answer(&mut stream, b"HTTP/1.1 400 Bad\r\n\r\n").await },
            );
        let plain = how_trusting(&[plain.await], &trust_nobody());
        assert_failure(ask(&plain).await.failure(), Stage::Tls, Fault::NotTls, "");
    }

    #[tokio::test]
    async fn a_body_without_end_and_silence_are_bounded() {
        let authority = Authority::new("Example Root P");
        let address = serve_tls(authority.good(), &["http/1.1"], |mut stream| async move {
            answer(&mut stream, b"HTTP/1.1 200 OK\r\n\r\n").await;
            while stream.write_all(&[b'x'; 1024]).await.is_ok() {}
        });
        let how = how(&[address.await], authority.pem());
        let pooled = Pooled::new(&target(), &how).expect("a client");
        let small = Limits { max_body: 5000, ..limits() };
        let exchange = pooled.exchange(get("/"), &small).await;
        assert_failure(exchange.failure(), Stage::Body, Fault::BodyTooLarge, "");
        let short = Limits { request_timeout: Duration::from_millis(200), ..limits() };
        let exchange = pooled.exchange(get("/"), &Limits { max_body: usize::MAX, ..short }).await;
        assert_failure(exchange.failure(), Stage::Body, Fault::TimedOut, "");
    }

    #[tokio::test]
    async fn http2_is_spoken_where_the_server_does_and_nothing_is_retried() {
        let authority = Authority::new("Example Root Q");
        let (sender, asked) = std::sync::mpsc::channel();
        let address = serve_tls(authority.good(), &["h2"], move |stream| {
            let sender = sender.clone();
            async move {
                let mut connection = h2::server::handshake(stream).await.expect("HTTP/2");
                while let Some(Ok((_, mut respond))) = connection.accept().await {
                    let _ = sender.send(());
                    respond.send_reset(h2::Reason::REFUSED_STREAM);
                }
            }
        });
        let exchange = ask(&how(&[address.await], authority.pem())).await;
        assert_failure(exchange.failure(), Stage::Head, Fault::StreamReset, "REFUSED_STREAM");
        assert_eq!(asked.try_iter().count(), 1);
    }

    #[tokio::test]
    async fn the_chosen_proxy_is_used_and_its_refusals_are_typed() {
        for (bytes, fault) in [
            (
                &b"HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic\r\n\r\n"[..],
                Fault::ProxyWantsLogin,
            ),
            (
                b"HTTP/1.1 407 Login\r\nProxy-Authenticate: NTLM\r\n\r\n",
                Fault::ProxyWantsOtherLogin,
            ),
            (b"HTTP/1.1 403 Forbidden\r\n\r\n", Fault::ProxyRefused),
        ] {
            let address = serve(move |mut stream| async move { answer(&mut stream, bytes).await });
            let url = format!("http://user:FAKE@{}", address.await);
            let mut how = how_trusting(&[], &trust_nobody());
            how.proxy = ProxyChoice::Use(ProxyUrl::parse(&url).expect("a URL"));
            let exchange = ask(&how).await;
            assert!(!format!("{exchange:?}").contains("FAKE@"), "{exchange:?}");
            assert_failure(exchange.failure(), Stage::Proxy, fault, "");
        }
        let mut how = how_trusting(&[], &trust_nobody());
        let url = format!("socks5h://{}", closed_port().await);
        how.proxy = ProxyChoice::Use(ProxyUrl::parse(&url).expect("a URL"));
        assert_failure(ask(&how).await.failure(), Stage::Proxy, Fault::Refused, "");
        how.proxy = ProxyChoice::Use(ProxyUrl::parse("ftp://127.0.0.1").expect("a URL"));
        let failure = Pooled::new(&target(), &how).expect_err("a scheme");
        assert_eq!((failure.stage, failure.fault), (Stage::Proxy, Fault::ProxyScheme));
    }

    #[tokio::test]
    async fn the_offer_of_http_versions_is_kept() {
        let authority = Authority::new("Example Root R");
        let address = serve_tls(authority.good(), &["h2", "http/1.1"], |mut stream| async move {
            let chosen = stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec).unwrap_or_default();
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", chosen.len());
            answer(&mut stream, &[head.as_bytes(), &chosen].concat()).await;
        });
        let mut how = how(&[address.await], authority.pem());
        how.tls = how.tls.offering(Alpn::H1);
        assert_eq!(answered(ask(&how).await).body, b"http/1.1");
    }
}
