//! The port where collectors fetch what a watch counted. Answers two paths and reads no body. Whoever connects can take
//! little: a few connections at a time, short heads, and some seconds for all of it.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode,
    header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_TYPE, VARY},
};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    error::UserError,
    export::{Registry, TextFormat},
};

/// Connections that are served at once; more wait until one ends.
const CONNECTIONS: usize = 16;
/// The most bytes and lines of a head.
const HEAD_BYTES: usize = 16 * 1024;
const HEAD_LINES: usize = 64;
/// Before the next try where the system has no connection to give.
const PAUSE: Duration = Duration::from_millis(200);

/// How long others may take.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// For the head of a request.
    head: Duration,
    /// For a whole connection.
    whole: Duration,
}

/// A collector on a slow line is done by far.
const PATIENCE: Patience =
    Patience { head: Duration::from_secs(5), whole: Duration::from_secs(15) };

/// The address that was typed: `127.0.0.1:9464`, `localhost:9464`, `[::1]:9464`, or a port alone, which means this machine.
/// One that other machines reach is refused unless that is `allowed`.
pub fn address(option: &str, text: &str, allowed: bool) -> Result<SocketAddr, UserError> {
    let spelled = match text.parse::<u16>() {
        Ok(port) => format!("127.0.0.1:{port}"),
        Err(_) => text.replacen("localhost:", "127.0.0.1:", 1),
    };
    let address: SocketAddr = spelled.parse().map_err(|_| {
        UserError::usage(
            format!("could not use {option} {text:?}: it is no address with a port"),
            format!("for example {option} 127.0.0.1:9464"),
        )
    })?;
    match address.ip().is_loopback() || allowed {
        true => Ok(address),
        false => Err(UserError::usage(
            format!("could not use {option} {text}: other machines would reach it"),
            format!(
                "the numbers name models and hosts; use {option} 127.0.0.1:{}, or add {option}-anywhere",
                address.port()
            ),
        )),
    }
}

/// Opens the port.
pub async fn open(option: &str, address: SocketAddr) -> Result<TcpListener, UserError> {
    TcpListener::bind(address).await.map_err(|error| {
        UserError::usage(
            format!("could not listen at {address} ({option}): {error}"),
            "is another watch running there? port 0 takes any that is free",
        )
    })
}

/// Serves until it is dropped, and every connection with it.
pub async fn serve(listener: TcpListener, registry: Arc<Mutex<Registry>>) -> Infallible {
    serve_with(PATIENCE, listener, registry).await
}

async fn serve_with(
    patience: Patience,
    listener: TcpListener,
    registry: Arc<Mutex<Registry>>,
) -> Infallible {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let place = Arc::clone(&room).acquire_owned().await;
        let place = place.expect("nobody closes the room");
        match listener.accept().await {
            Ok((stream, _)) => {
                let registry = Arc::clone(&registry);
                connections.spawn(async move {
                    // Whoever is too slow, or says nothing that is HTTP, is left alone; there is nobody to tell.
                    let served = connection(patience, stream, registry);
                    let _ = timeout(patience.whole, served).await;
                    drop(place);
                });
            }
            Err(_) => sleep(PAUSE).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(patience: Patience, stream: TcpStream, registry: Arc<Mutex<Registry>>) {
    let answer = service_fn(move |request: Request<Incoming>| {
        let answer = answer(request.method(), request.uri().path(), request.headers(), &registry);
        async move { Ok::<_, Infallible>(answer) }
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(patience.head);
    server.max_buf_size(HEAD_BYTES).max_headers(HEAD_LINES).keep_alive(false);
    // A connection that breaks is the other side's business.
    let _ = server.serve_connection(TokioIo::new(stream), answer).await;
}

fn answer(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    registry: &Mutex<Registry>,
) -> Response<Full<Bytes>> {
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    match path {
        "/metrics" | "/-/healthy" if !is_read => refused(),
        "/metrics" => metrics(headers, registry),
        "/-/healthy" => said(StatusCode::OK, "gemini-doctor watches\n"),
        _ => said(StatusCode::NOT_FOUND, "the numbers are at /metrics\n"),
    }
}

fn metrics(headers: &HeaderMap, registry: &Mutex<Registry>) -> Response<Full<Bytes>> {
    let accept: Vec<&str> =
        headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let format = TextFormat::accepted(&accept.join(","));
    // A count that was taken down halfway is a count all the same.
    let families = registry.lock().unwrap_or_else(PoisonError::into_inner).families();
    let mut response = said(StatusCode::OK, format.render(&families));
    let told = response.headers_mut();
    told.insert(CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    told.insert(VARY, HeaderValue::from_static("accept"));
    response
}

fn refused() -> Response<Full<Bytes>> {
    let mut response = said(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

fn said(status: StatusCode, text: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(text.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::export::Setup;

    const OPTION: &str = "--metrics-listen";

    fn registry() -> Arc<Mutex<Registry>> {
        Arc::new(Mutex::new(Registry::new(Setup {
            version: "1.2.3".to_owned(),
            models: vec!["gemini-3.5-flash".to_owned()],
            verdicts: &["HEALTHY"],
            started_s: 1_000.0,
        })))
    }

    /// What comes back for these bytes from a server that runs meanwhile.
    async fn asked(request: &[u8]) -> String {
        let listener = open(OPTION, "127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let ask = async {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(request).await.unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).await.unwrap();
            text
        };
        tokio::select! {
            _ = serve(listener, registry()) => unreachable!("it serves for ever"),
            text = ask => text,
        }
    }

    fn get(path: &str, more: &str) -> Vec<u8> {
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n").into_bytes()
    }

    #[test]
    fn only_this_machine_is_listened_to_unless_more_is_allowed() {
        for (text, expected) in [
            ("9464", "127.0.0.1:9464"),
            ("127.0.0.1:0", "127.0.0.1:0"),
            ("localhost:9464", "127.0.0.1:9464"),
            ("[::1]:9464", "[::1]:9464"),
        ] {
            assert_eq!(address(OPTION, text, false).unwrap().to_string(), expected);
        }
        let error = address(OPTION, "0.0.0.0:9464", false).unwrap_err();
        assert!(error.what.contains("other machines would reach it"), "{error}");
        assert!(error.hint.contains("--metrics-listen-anywhere"), "{error}");
        assert!(address(OPTION, "[::]:9464", false).is_err());
        assert_eq!(address(OPTION, "0.0.0.0:9464", true).unwrap().port(), 9464);
    }

    #[test]
    fn what_is_no_address_is_told_with_one() {
        for text in ["", "prometheus", "127.0.0.1", "http://127.0.0.1:9464", "1:2:3", "70000"] {
            let error = address(OPTION, text, true).unwrap_err();
            assert!(error.hint.contains("127.0.0.1:9464"), "{text}: {error}");
        }
    }

    #[tokio::test]
    async fn a_taken_port_is_told_with_what_to_do() {
        let first = open(OPTION, "127.0.0.1:0".parse().unwrap()).await.unwrap();
        let error = open(OPTION, first.local_addr().unwrap()).await.unwrap_err();
        assert!(error.what.contains("could not listen at 127.0.0.1:"), "{error}");
    }

    #[tokio::test]
    async fn the_numbers_come_in_the_format_that_is_asked_for() {
        let text = asked(&get("/metrics", "")).await;
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
        assert!(text.contains("content-type: text/plain; version=0.0.4; charset=utf-8\r\n"));
        assert!(text.contains("\n# TYPE gemini_doctor_probes_total counter\n"), "{text}");
        let open = "Accept: application/openmetrics-text; version=1.0.0\r\n";
        let text = asked(&get("/metrics?x=1", open)).await;
        assert!(
            text.contains(
                "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"
            ),
            "{text}"
        );
        assert!(text.ends_with("\n# EOF\n"), "{text}");
    }

    #[tokio::test]
    async fn other_paths_and_methods_are_refused() {
        assert!(asked(&get("/-/healthy", "")).await.starts_with("HTTP/1.1 200 OK\r\n"));
        assert!(asked(&get("/", "")).await.starts_with("HTTP/1.1 404 Not Found\r\n"));
        let text =
            asked(b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc").await;
        assert!(text.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"), "{text}");
        assert!(text.contains("allow: GET, HEAD\r\n"), "{text}");
        let head = asked(b"HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.ends_with("\r\n\r\n"), "{head}");
    }

    #[tokio::test]
    async fn a_head_without_bounds_is_cut_off() {
        let long = format!("X-Long: {}\r\n", "a".repeat(2 * HEAD_BYTES));
        let text = asked(&get("/metrics", &long)).await;
        assert!(text.starts_with("HTTP/1.1 431 "), "{text}");
        let many = "X-Many: a\r\n".repeat(HEAD_LINES + 1);
        let text = asked(&get("/metrics", &many)).await;
        assert!(text.starts_with("HTTP/1.1 431 "), "{text}");
    }

    #[tokio::test]
    async fn who_says_nothing_is_left_alone_and_keeps_nobody_waiting() {
        let listener = open(OPTION, "127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let ask = async {
            let mut silent = Vec::new();
            for _ in 0..CONNECTIONS {
                silent.push(TcpStream::connect(address).await.unwrap());
            }
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(&get("/-/healthy", "")).await.unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).await.unwrap();
            text
        };
        let patience =
            Patience { head: Duration::from_millis(100), whole: Duration::from_secs(60) };
        tokio::select! {
            _ = serve_with(patience, listener, registry()) => unreachable!("it serves for ever"),
            text = ask => assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}"),
        }
    }
}
