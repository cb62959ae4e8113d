//! HTTP/3 over a QUIC connection that `net` opened, with the time of each step.

#[cfg(test)]
mod tests;

use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use ::h3::client::{self, RequestStream, SendRequest};
use ::h3::error::{Code, ConnectionError, LocalError, StreamError};
use bytes::{Buf, Bytes};
use h3_quinn::{BidiStream, OpenStreams, RecvStream};
use quinn::{ApplicationClose, ConnectionError as Ended, VarInt};
use tokio::task::JoinHandle;

use super::{Answer, Exchange, Limits, Outcome, Request, body};
use crate::facts::{Failure, Fault, HandshakeKind, Stage};
use crate::net::classify::Carried;
use crate::net::deadline::{Deadline, ms_since};
use crate::net::quic::{self, OnWire, Quic, Shaken};
use crate::net::tap::{End, TheirEnd};
use crate::net::tls;

/// The name of this version in an exchange.
const HTTP: &str = "HTTP/3";
/// `H3_NO_ERROR`: nothing is wrong.
const NO_ERROR: u32 = 0x100;

/// A connection that carries requests one after another.
pub struct H3Connection {
    quic: Quic,
    speaker: Speaker,
    carried: u32,
    /// The bytes on the wire that earlier exchanges account for.
    accounted: OnWire,
    /// When it ended.
    end: Arc<OnceLock<Instant>>,
}

/// Who speaks HTTP/3.
struct Speaker {
    sender: SendRequest<OpenStreams, Bytes>,
    /// What will read the streams that belong to no request. Nobody does before the handshake is done: a
    /// server that does not take what went along with it forgets those streams too, and whoever read
    /// them would end the connection over it.
    waiting: Option<client::Connection<h3_quinn::Connection, Bytes>>,
    listener: Option<JoinHandle<()>>,
}

/// The answer's half of a request's stream.
struct Incoming {
    stream: RequestStream<RecvStream, Bytes>,
    connection: quinn::Connection,
    /// Bytes that the head has announced and that have not come yet.
    due: Option<u64>,
}

impl H3Connection {
    /// Says that HTTP/3 is spoken. Waits for no answer, and not for the handshake either.
    pub async fn open(quic: Quic, limits: &Limits) -> Result<Self, Failure> {
        let deadline = Deadline::after(limits.request_timeout);
        let opening = Speaker::open(&quic, limits);
        let speaker = deadline.bound(Stage::Request, "HTTP/3 was not begun", opening).await??;
        let end = watch(quic.connection().clone());
        Ok(Self { quic, speaker, carried: 0, accounted: OnWire::default(), end })
    }

    /// `HTTP/3`.
    pub fn http(&self) -> &'static str {
        HTTP
    }

    /// How many requests it has carried.
    pub fn carried(&self) -> u32 {
        self.carried
    }

    /// Whether the connection is known to be closed.
    pub fn is_closed(&self) -> bool {
        let ended = self.quic.connection().close_reason().is_some();
        ended || self.speaker.listener.as_ref().is_some_and(JoinHandle::is_finished)
    }

    /// How and when the other side ended the connection, as far as it has come here, which happens while
    /// other tasks of this thread run. To be left alone for too long is an end without a word.
    pub fn their_end(&self) -> Option<TheirEnd> {
        let how = match self.quic.connection().close_reason()? {
            Ended::LocallyClosed => return None,
            Ended::ApplicationClosed(_) | Ended::ConnectionClosed(_) | Ended::TimedOut => {
                End::Closed
            }
            _ => End::Broken,
        };
        Some(TheirEnd { how, at: *self.end.get()? })
    }

    /// What the handshake showed: where a request went along with it, once that exchange is over.
    pub fn shaken(&self) -> Option<&Shaken> {
        self.quic.shaken()
    }

    /// How the handshake was done. Whether the server asked for another key share is not known.
    pub fn handshake(&self) -> Option<HandshakeKind> {
        let shaken = self.quic.shaken()?;
        Some(match (shaken.early_data, shaken.tls.handshake) {
            (Some(true), _) => HandshakeKind::EarlyData,
            (_, tls::Handshake::Resumed) => HandshakeKind::Resumed,
            (_, tls::Handshake::Full) => HandshakeKind::Full,
            (_, tls::Handshake::FullAfterRetry) => HandshakeKind::FullAfterRetry,
        })
    }

    /// The round trip, as the acknowledgements show it.
    pub fn rtt(&self) -> Duration {
        self.quic.rtt()
    }

    /// The bytes of all datagrams so far, the handshake's included.
    pub fn wire(&self) -> OnWire {
        self.quic.on_wire()
    }

    /// Sends a request and reads its answer. One that changes nothing and has no body goes along with
    /// the handshake where that was allowed; a server that does not take it so has not read it, and gets
    /// it once the handshake is done. Nothing else is sent twice.
    pub async fn exchange(&mut self, request: Request, limits: &Limits) -> Exchange {
        let start = Instant::now();
        let deadline = Deadline::after(limits.request_timeout);
        self.carried += 1;
        let head = self.head(request, limits, deadline).await;
        let first_byte_ms = head.is_ok().then(|| ms_since(start));
        let outcome = match head {
            Err(failure) => Outcome::Failed(failure),
            Ok((head, incoming)) => {
                Outcome::Answered(answer(head, incoming, limits, start, deadline).await)
            }
        };
        let total_ms = ms_since(start);
        let before = std::mem::replace(&mut self.accounted, self.quic.on_wire());
        let bytes_sent = Some(self.accounted.sent - before.sent);
        let bytes_received = Some(self.accounted.received - before.received);
        Exchange {
            outcome,
            request_written_ms: None,
            first_byte_ms,
            total_ms,
            bytes_sent,
            bytes_received,
            http: HTTP,
        }
    }

    async fn head(
        &mut self,
        request: Request,
        limits: &Limits,
        deadline: Deadline,
    ) -> Result<(http::Response<()>, Incoming), Failure> {
        let mut stage = Stage::Request;
        let asking = self.ask(request, limits, &mut stage);
        match deadline.bound(Stage::Head, "no answer", asking).await {
            Ok(asked) => asked,
            Err(timed_out) => Err(Failure { stage, ..timed_out }),
        }
    }

    /// Notes when the request is written: from then on its answer is waited for.
    async fn ask(
        &mut self,
        request: Request,
        limits: &Limits,
        stage: &mut Stage,
    ) -> Result<(http::Response<()>, Incoming), Failure> {
        let body = request.body.clone();
        let message = message(request)?;
        let asked = match self.along(&message, body.is_some(), limits).await? {
            Some(stream) => {
                *stage = Stage::Head;
                heard(stream).await
            }
            None => self.speaker.say(message, body, stage).await,
        };
        let connection = self.quic.connection().clone();
        match asked {
            Ok((head, stream)) => {
                let due = announced(&head);
                Ok((head, Incoming { stream, connection, due }))
            }
            Err(error) => Err(failure(&error, *stage, &connection)),
        }
    }

    /// Waits for the handshake, if it is not done. What may go along with it has been sent by then; none
    /// where it could not be sent so, or was not taken.
    async fn along(
        &mut self,
        message: &http::Request<()>,
        has_body: bool,
        limits: &Limits,
    ) -> Result<Option<Asked>, Failure> {
        if self.quic.shaken().is_some() {
            return Ok(None);
        }
        let sent = match message.method().is_safe() && !has_body {
            true => self.speaker.say_early(message.clone()).await.ok(),
            false => None,
        };
        if self.quic.settle().await? {
            self.speaker.listen();
            return Ok(sent);
        }
        self.speaker = Speaker::open(&self.quic, limits).await?;
        Ok(None)
    }
}

impl std::fmt::Debug for H3Connection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("H3Connection")
            .field("quic", &self.quic)
            .field("carried", &self.carried)
            .finish_non_exhaustive()
    }
}

impl Drop for H3Connection {
    /// The server need not wait for a client that has gone.
    fn drop(&mut self) {
        self.quic.connection().close(VarInt::from_u32(NO_ERROR), b"");
    }
}

/// Notes when a connection ends.
fn watch(connection: quinn::Connection) -> Arc<OnceLock<Instant>> {
    let end = Arc::new(OnceLock::new());
    let noted = Arc::clone(&end);
    tokio::spawn(async move {
        connection.closed().await;
        let _ = noted.set(Instant::now());
    });
    end
}

/// The stream of a request, both halves.
type Asked = RequestStream<BidiStream<Bytes>, Bytes>;
/// The half that the answer comes by.
type Answering = RequestStream<RecvStream, Bytes>;

impl Speaker {
    async fn open(quic: &Quic, limits: &Limits) -> Result<Self, Failure> {
        let over = h3_quinn::Connection::new(quic.connection().clone());
        let opened = client::builder()
            .max_field_section_size(limits.max_header_bytes as u64)
            .send_grease(false)
            .build(over)
            .await;
        let (waiting, sender) =
            opened.map_err(|error| of_connection(&error, Stage::Request, quic.connection()))?;
        let mut speaker = Self { sender, waiting: Some(waiting), listener: None };
        if quic.shaken().is_some() {
            speaker.listen();
        }
        Ok(speaker)
    }

    /// Begins to read the streams that belong to no request.
    fn listen(&mut self) {
        if let Some(mut waiting) = self.waiting.take() {
            self.listener = Some(tokio::spawn(async move {
                waiting.wait_idle().await;
            }));
        }
    }

    /// A request without a body, whole.
    async fn say_early(&mut self, message: http::Request<()>) -> Result<Asked, StreamError> {
        let mut stream = self.sender.send_request(message).await?;
        stream.finish().await?;
        Ok(stream)
    }

    /// Sends a request and waits for the head of its answer. A server may answer before it has read all,
    /// and then need not read on.
    async fn say(
        &mut self,
        message: http::Request<()>,
        body: Option<Bytes>,
        stage: &mut Stage,
    ) -> Result<(http::Response<()>, Answering), StreamError> {
        let stream = self.sender.send_request(message).await?;
        let (mut outgoing, mut answering) = stream.split();
        let mut sending = pin!(async move {
            if let Some(body) = body {
                outgoing.send_data(body).await?;
            }
            outgoing.finish().await
        });
        let mut answer = Box::pin(final_head(&mut answering));
        let head = tokio::select! {
            biased;
            head = answer.as_mut() => head?,
            sent = sending.as_mut() => {
                if sent.is_ok() {
                    *stage = Stage::Head;
                }
                answer.as_mut().await?
            }
        };
        drop(answer);
        Ok((head, answering))
    }
}

impl Drop for Speaker {
    /// Whoever still listens must not end the connection, which may have got another speaker.
    fn drop(&mut self) {
        if let Some(task) = &self.listener {
            task.abort();
        }
    }
}

impl body::Source for Incoming {
    type Error = Carried;

    async fn piece(&mut self) -> Option<Result<Bytes, Carried>> {
        match self.stream.recv_data().await {
            Ok(Some(mut piece)) => {
                let bytes = piece.copy_to_bytes(piece.remaining());
                self.due = self.due.map(|due| due.saturating_sub(bytes.len() as u64));
                Some(Ok(bytes))
            }
            Ok(None) => self.missing().map(|failure| Err(Carried(failure))),
            Err(error) => Some(Err(Carried(failure(&error, Stage::Body, &self.connection)))),
        }
    }
}

impl Incoming {
    /// The library does not compare a body with what its head has announced.
    fn missing(&self) -> Option<Failure> {
        let due = self.due.filter(|due| *due > 0)?;
        let detail = format!("the body ended {due} bytes before its announced end");
        Some(Failure::new(Stage::Body, Fault::BodyCut, detail))
    }
}

async fn answer(
    head: http::Response<()>,
    incoming: Incoming,
    limits: &Limits,
    start: Instant,
    deadline: Deadline,
) -> Answer {
    let (head, ()) = head.into_parts();
    let received = body::read(incoming, limits.max_body, start, deadline, &limits.ahead).await;
    Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        body: received.bytes,
        chunks: received.chunks,
        body_failure: received.failure,
    }
}

async fn heard(stream: Asked) -> Result<(http::Response<()>, Answering), StreamError> {
    let (_, mut answering) = stream.split();
    let head = final_head(&mut answering).await?;
    Ok((head, answering))
}

/// The head of the answer: those before it only say that one will come.
async fn final_head(stream: &mut Answering) -> Result<http::Response<()>, StreamError> {
    loop {
        let head = stream.recv_response().await?;
        if !head.status().is_informational() {
            return Ok(head);
        }
    }
}

fn announced(head: &http::Response<()>) -> Option<u64> {
    head.headers().get(http::header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// HTTP/3 wants the whole URL.
fn message(request: Request) -> Result<http::Request<()>, Failure> {
    let Request { method, path_and_query, headers, authority, .. } = request;
    let mut message = http::Request::builder()
        .method(method)
        .version(http::Version::HTTP_3)
        .uri(format!("https://{authority}{path_and_query}"));
    for (name, value) in headers {
        message = message.header(name, value);
    }
    if let Some(body) = &request.body {
        message = message.header(http::header::CONTENT_LENGTH, body.len());
    }
    message.body(()).map_err(|error| {
        let detail = format!("the request cannot be sent: {error}");
        Failure::new(Stage::Request, Fault::Other, detail)
    })
}

/// Types what the library reports of a stream.
fn failure(error: &StreamError, stage: Stage, connection: &quinn::Connection) -> Failure {
    let (fault, detail) = match error {
        StreamError::ConnectionError { 0: error, .. } => {
            return of_connection(error, stage, connection);
        }
        StreamError::RemoteTerminate { code, .. } => {
            (Fault::StreamReset, format!("RESET_STREAM {code}"))
        }
        StreamError::RemoteClosing { .. } => {
            (Fault::GoAway, "GOAWAY: the server takes no further request".to_owned())
        }
        StreamError::HeaderTooBig { actual_size, max_size, .. } => (
            Fault::HeadersTooLarge,
            format!("headers of {actual_size} bytes, and {max_size} are allowed"),
        ),
        StreamError::StreamError { code, reason, .. } => not_http3(*code, reason),
        other => return by_quic(&other.to_string(), stage, connection),
    };
    Failure::new(stage, fault, detail)
}

/// Types why the connection ended: as QUIC tells it, but for the codes of HTTP/3.
fn of_connection(error: &ConnectionError, stage: Stage, connection: &quinn::Connection) -> Failure {
    let (fault, detail) = match (connection.close_reason(), error) {
        (Some(Ended::ApplicationClosed(closed)), _) => sent_away(&closed),
        (_, ConnectionError::Local { error: LocalError::Application { code, reason, .. }, .. }) => {
            not_http3(*code, reason)
        }
        _ => return by_quic(&error.to_string(), stage, connection),
    };
    Failure::new(stage, fault, detail)
}

/// What QUIC tells of the end, or these words where the connection has not ended.
fn by_quic(words: &str, stage: Stage, connection: &quinn::Connection) -> Failure {
    quic::ended(connection, stage).unwrap_or_else(|| Failure::new(stage, Fault::Other, words))
}

/// The server ended the connection in the words of HTTP/3.
fn sent_away(closed: &ApplicationClose) -> (Fault, String) {
    let code = Code::from(closed.error_code.into_inner());
    let fault = if code == Code::H3_NO_ERROR { Fault::Closed } else { Fault::GoAway };
    let reason = String::from_utf8_lossy(&closed.reason);
    let words = if reason.is_empty() { "no further word".into() } else { reason };
    (fault, format!("CONNECTION_CLOSE {code} ({words})"))
}

fn not_http3(code: Code, reason: &str) -> (Fault, String) {
    (Fault::NotHttp, format!("what came is not valid HTTP/3: {code} ({reason})"))
}
