//! A client with a stopwatch for the tests of this room: one connection, calls one after the other.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::request::Builder;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use super::super::call::Http;
use super::super::{AUTH_KEY, Simulation};
use super::{HOST, connect};

pub(super) const PROMPT: &str = "{\"contents\": [{\"parts\": [{\"text\": \"hi\"}]}]}";

pub(super) const MODELS: &str = "/v1beta/models";
pub(super) const COUNT: &str = "/v1beta/models/gemini-3.5-flash:countTokens";
pub(super) const FLASH: &str = "/v1beta/models/gemini-3.5-flash:generateContent";
pub(super) const STREAM: &str = "/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse";

/// An open connection.
pub(super) struct Client {
    send: Send,
    connection: JoinHandle<()>,
    /// How long it took to open.
    pub(super) opened_in: Duration,
}

enum Send {
    // One after the other, whoever asks.
    Http1(Mutex<http1::SendRequest<Full<Bytes>>>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

/// A whole answer; times count from the request.
#[derive(Debug)]
pub(super) struct Timed {
    pub(super) status: u16,
    pub(super) headers: http::HeaderMap,
    pub(super) head: Duration,
    /// When each piece of the body came.
    pub(super) pieces: Vec<Duration>,
    pub(super) body: String,
    pub(super) took: Duration,
}

impl Client {
    pub(super) async fn open(simulation: &Simulation, http: Http) -> Self {
        let began = Instant::now();
        let (send, connection) = match http {
            Http::Http1 => {
                let stream = connect(simulation, &[b"http/1.1"]).await.unwrap();
                let (send, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
                (Send::Http1(Mutex::new(send)), tokio::spawn(async { drop(connection.await) }))
            }
            Http::Http3 => panic!("HTTP/3 has a client of its own"),
            Http::Http2 | Http::Grpc => {
                let stream = connect(simulation, &[b"h2"]).await.unwrap();
                let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
                let (send, connection) = handshake.await.unwrap();
                (Send::Http2(send), tokio::spawn(async { drop(connection.await) }))
            }
        };
        Self { send, connection, opened_in: began.elapsed() }
    }

    /// How long it takes from now on until the server ends the connection.
    pub(super) async fn ends_in(&mut self) -> Duration {
        let began = Instant::now();
        (&mut self.connection).await.unwrap();
        began.elapsed()
    }

    /// A call without a body is a `GET`.
    pub(super) async fn call(&self, path: &str, body: &str) -> hyper::Result<Timed> {
        let began = Instant::now();
        let response = self.send(path, body).await?;
        let head = began.elapsed();
        let (parts, mut body) = response.into_parts();
        let (mut pieces, mut bytes) = (Vec::new(), Vec::new());
        while let Some(frame) = body.frame().await {
            pieces.push(began.elapsed());
            bytes.extend_from_slice(&frame?.into_data().unwrap_or_default());
        }
        let (status, headers) = (parts.status.as_u16(), parts.headers);
        let (body, took) = (String::from_utf8(bytes).unwrap(), began.elapsed());
        Ok(Timed { status, headers, head, pieces, body, took })
    }

    async fn send(
        &self,
        path: &str,
        body: &str,
    ) -> hyper::Result<http::Response<hyper::body::Incoming>> {
        let body_bytes = Full::new(Bytes::from(body.to_owned()));
        let method = if body.is_empty() { "GET" } else { "POST" };
        let request = |uri: String| -> Builder {
            http::Request::builder().method(method).uri(uri).header("x-goog-api-key", AUTH_KEY)
        };
        match &self.send {
            Send::Http1(send) => {
                let request = request(path.to_owned()).header("host", HOST).body(body_bytes);
                let mut send = send.lock().await;
                send.ready().await?;
                send.send_request(request.unwrap()).await
            }
            Send::Http2(send) => {
                let mut send = send.clone();
                send.ready().await?;
                let request = request(format!("https://{HOST}{path}")).body(body_bytes);
                send.send_request(request.unwrap()).await
            }
        }
    }
}

pub(super) fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}
