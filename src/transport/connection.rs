//! HTTP/1.1 or HTTP/2 over a connection that `net` opened, with the time of each step.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::task::JoinHandle;

use super::{Answer, Exchange, Limits, Outcome, Request, body};
use crate::facts::{Failure, Fault, Stage};
use crate::net::deadline::{Deadline, ms, ms_since};
use crate::net::tap::TapLog;
use crate::net::{Stream, classify};

/// How long the connection's own verdict is waited for once a request on it failed.
const VERDICT_WAIT: Duration = Duration::from_millis(100);
/// The smallest buffer the HTTP/1.1 library accepts.
const SMALLEST_BUFFER: usize = 8192;

/// A connection that carries requests one after another.
#[derive(Debug)]
pub struct Connection {
    sender: Sender,
    log: TapLog,
    task: Task,
    carried: u32,
}

#[derive(Debug)]
enum Sender {
    H1(http1::SendRequest<Full<Bytes>>),
    H2(http2::SendRequest<Full<Bytes>>),
}

/// The task that moves the connection's bytes. It ends with the connection.
#[derive(Debug)]
pub(super) struct Task(pub(super) Option<JoinHandle<hyper::Result<()>>>);

impl Connection {
    /// Speaks the HTTP version the handshake settled on: HTTP/1.1 where it settled on none.
    pub async fn open(stream: Stream, limits: &Limits) -> Result<Self, Failure> {
        let log = stream.log();
        let opened = if stream.alpn() == Some(b"h2") {
            open_http2(stream, limits).await
        } else {
            open_http1(stream, limits).await
        };
        let (sender, task) = opened.map_err(|error| classify::failure(&error, Stage::Request))?;
        Ok(Self { sender, log, task: Task(Some(task)), carried: 0 })
    }

    /// `HTTP/1.1` or `HTTP/2`.
    pub fn http(&self) -> &'static str {
        match self.sender {
            Sender::H1(_) => "HTTP/1.1",
            Sender::H2(_) => "HTTP/2",
        }
    }

    /// How many requests it has carried.
    pub fn carried(&self) -> u32 {
        self.carried
    }

    /// Whether the connection is known to be closed.
    pub fn is_closed(&self) -> bool {
        match &self.sender {
            Sender::H1(sender) => sender.is_closed(),
            Sender::H2(sender) => sender.is_closed(),
        }
    }

    /// Sends a request and reads its answer.
    pub async fn exchange(&mut self, request: Request, limits: &Limits) -> Exchange {
        let start = Instant::now();
        let deadline = Deadline::after(limits.request_timeout);
        self.log.begin();
        self.carried += 1;
        let head = self.head(request, deadline).await;
        let head = head.map_err(|failure| self.too_large(failure, limits));
        let request_written_ms = self.request_written_ms(start);
        let first_byte_ms = head.is_ok().then(|| ms_since(start));
        let outcome = match head {
            Err(failure) => Outcome::Failed(failure),
            Ok(head) => Outcome::Answered(self.answer(head, limits, start, deadline).await),
        };
        let http = self.http();
        Exchange { outcome, request_written_ms, first_byte_ms, total_ms: ms_since(start), http }
    }

    /// Sends the request and waits for the answer's head.
    async fn head(
        &mut self,
        request: Request,
        deadline: Deadline,
    ) -> Result<http::Response<Incoming>, Failure> {
        let size = request.body.as_ref().map_or(0, Bytes::len) as u64;
        let request = self.sender.message(request)?;
        let answered = deadline.bound(Stage::Head, "no answer", self.sender.send(request)).await;
        match answered {
            Ok(Ok(head)) => Ok(head),
            Ok(Err(error)) => Err(self.failed(&error, self.stage(size)).await),
            Err(timed_out) => Err(Failure { stage: self.stage(size), ..timed_out }),
        }
    }

    async fn answer(
        &mut self,
        head: http::Response<Incoming>,
        limits: &Limits,
        start: Instant,
        deadline: Deadline,
    ) -> Answer {
        let (head, incoming) = head.into_parts();
        let received = body::read(incoming, limits.max_body, start, deadline).await;
        Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: received.bytes,
            chunks: received.chunks,
            body_failure: self.final_word(received.failure).await,
        }
    }

    /// The step that was under way: a request counts as written once as many bytes as its body has,
    /// and at least one, were taken from us.
    fn stage(&self, size: u64) -> Stage {
        let written = self.log.passed().written.bytes;
        if written > size { Stage::Head } else { Stage::Request }
    }

    /// The HTTP/2 library calls headers beyond the limit a protocol error; their size tells them apart.
    fn too_large(&self, failure: Failure, limits: &Limits) -> Failure {
        let most = limits.max_header_bytes;
        let endless = self.log.passed().read.bytes > most as u64;
        match (failure.fault, &self.sender) {
            (Fault::NotHttp, Sender::H2(_)) if endless => {
                let detail = format!("the headers go on after {most} bytes");
                Failure::new(failure.stage, Fault::HeadersTooLarge, detail)
            }
            _ => failure,
        }
    }

    /// HTTP/2 writes frames of its own, so that its last write says nothing about the request.
    fn request_written_ms(&self, start: Instant) -> Option<f64> {
        let last = self.log.passed().written.last?;
        matches!(self.sender, Sender::H1(_)).then(|| ms(last.saturating_duration_since(start)))
    }

    /// A body's failure, with the connection's own verdict where the body only knows that it ended.
    async fn final_word(&mut self, failure: Option<Failure>) -> Option<Failure> {
        match failure {
            Some(failure) if is_vague(&failure) => {
                Some(self.task.verdict(Stage::Body).await.unwrap_or(failure))
            }
            other => other,
        }
    }

    /// The request's failure: why the connection was sent away is known to the connection only.
    async fn failed(&mut self, error: &hyper::Error, stage: Stage) -> Failure {
        let failure = classify::failure(error, stage);
        if !is_vague(&failure) {
            return failure;
        }
        self.task.verdict(stage).await.unwrap_or(failure)
    }
}

impl Sender {
    async fn send(
        &mut self,
        request: http::Request<Full<Bytes>>,
    ) -> hyper::Result<http::Response<Incoming>> {
        match self {
            Self::H1(sender) => {
                sender.ready().await?;
                sender.send_request(request).await
            }
            Self::H2(sender) => {
                sender.ready().await?;
                sender.send_request(request).await
            }
        }
    }

    /// HTTP/1.1 wants the path and a `host` header, HTTP/2 the whole URL.
    fn message(&self, request: Request) -> Result<http::Request<Full<Bytes>>, Failure> {
        let Request { method, path_and_query, headers, body, authority, secure } = request;
        let scheme = if secure { "https" } else { "http" };
        let mut message = http::Request::builder().method(method);
        message = match self {
            Self::H1(_) => message.uri(path_and_query).header(http::header::HOST, authority),
            Self::H2(_) => message.uri(format!("{scheme}://{authority}{path_and_query}")),
        };
        for (name, value) in headers {
            message = message.header(name, value);
        }
        message.body(Full::new(body.unwrap_or_default())).map_err(|error| {
            Failure::new(
                Stage::Request,
                Fault::Other,
                format!("the request cannot be sent: {error}"),
            )
        })
    }
}

impl Task {
    /// Why the connection ended, once and only if it ends now.
    pub(super) async fn verdict(&mut self, stage: Stage) -> Option<Failure> {
        let task = self.0.as_mut()?;
        let ended = tokio::time::timeout(VERDICT_WAIT, task).await.ok()?;
        self.0 = None;
        classify::of_connection(&ended.ok()?.err()?, stage)
    }
}

impl Drop for Task {
    /// Nobody is left to read what the connection still brings.
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

impl body::Source for Incoming {
    type Error = hyper::Error;

    async fn piece(&mut self) -> Option<Result<Bytes, hyper::Error>> {
        loop {
            match self.frame().await? {
                Err(error) => return Some(Err(error)),
                Ok(frame) => {
                    if let Ok(bytes) = frame.into_data() {
                        return Some(Ok(bytes));
                    }
                }
            }
        }
    }
}

type Opened = hyper::Result<(Sender, JoinHandle<hyper::Result<()>>)>;

async fn open_http1(stream: Stream, limits: &Limits) -> Opened {
    let (sender, connection) = http1::Builder::new()
        .max_buf_size(limits.max_header_bytes.max(SMALLEST_BUFFER))
        .max_header_size(limits.max_header_bytes)
        .handshake(TokioIo::new(stream))
        .await?;
    Ok((Sender::H1(sender), tokio::spawn(connection)))
}

async fn open_http2(stream: Stream, limits: &Limits) -> Opened {
    let most = u32::try_from(limits.max_header_bytes).unwrap_or(u32::MAX);
    let (sender, connection) = http2::Builder::new(TokioExecutor::new())
        .max_header_list_size(most)
        .handshake(TokioIo::new(stream))
        .await?;
    Ok((Sender::H2(sender), tokio::spawn(connection)))
}

/// Whether a failure only says that the connection is gone.
pub(super) fn is_vague(failure: &Failure) -> bool {
    matches!(failure.fault, Fault::Closed | Fault::BodyCut | Fault::Other)
}
