//! gRPC over a connection that `net` opened: messages as bytes, with the time of each.
//!
//! Knows the frames and statuses of gRPC and nothing of what a message means.

use std::error::Error;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::{Buf, BufMut, Bytes};
use h2::RecvStream;
use h2::client::SendRequest;
use http::uri::PathAndQuery;
use http::{HeaderMap, StatusCode, Uri};
use http_body_util::BodyExt;
use hyper::body::{Body as HttpBody, Frame};
use tonic::body::Body;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder, Streaming};
use tonic::metadata::MetadataMap;
use tonic::{Code, Extensions, Status};
use tower_service::Service;

use super::connection::{Begun, Connection, Core};
use super::sender::Pieces;
use super::{Ahead, Answer, Exchange, Limits, Outcome, body};
use crate::facts::{Failure, Fault, Stage};
use crate::net::classify::Carried;
use crate::net::deadline::{ms, ms_since};
use crate::net::frames::FrameLog;
use crate::net::tap::TheirEnd;
use crate::net::{Stream, classify};

/// The code that an answer ends with.
const STATUS: &str = "grpc-status";
/// What follows the code for programs. The library panics where it is no base64.
const DETAILS: &str = "grpc-status-details-bin";
/// What stands before each message: whether it is compressed, and its length.
const PREFIX: usize = 5;

/// A call. Its `Debug` shows no value of a header that is marked as sensitive, and no message.
#[derive(Clone)]
pub struct GrpcRequest {
    /// `/package.Service/Method`.
    pub path: String,
    /// Metadata; secrets are marked as sensitive.
    pub metadata: HeaderMap,
    /// The message.
    pub message: Bytes,
    /// Whether the method answers with a stream of messages. One message is due where it does not.
    pub streams: bool,
    /// `host[:port]`, as the server is to read it.
    pub authority: String,
    /// Whether TLS is spoken.
    pub secure: bool,
}

/// A connection that carries calls one after another.
#[derive(Debug)]
pub struct GrpcConnection(Connection);

/// A connection that carries calls at the same time. It stays open as long as one of its clones, or the
/// connection that it came from, does.
#[derive(Clone, Debug)]
pub struct GrpcShared {
    sender: SendRequest<Bytes>,
    core: Arc<Core>,
}

impl GrpcConnection {
    /// Speaks HTTP/2, or fails where the handshake settled on something else.
    pub async fn open(stream: Stream, limits: &Limits) -> Result<Self, Failure> {
        if stream.alpn() != Some(b"h2") {
            let other = String::from_utf8_lossy(stream.alpn().unwrap_or(b"no protocol"));
            let detail = format!("the server settled on {other}, and gRPC needs HTTP/2");
            return Err(Failure::new(Stage::Tls, Fault::Other, detail));
        }
        Connection::open(stream, limits).await.map(Self)
    }

    /// What it is beneath: what it has carried, whether it is closed, its handshake, its frames.
    pub fn connection(&self) -> &Connection {
        &self.0
    }

    /// A handle for calls at the same time. From then on nobody can say which bytes on the wire belong
    /// to which call.
    pub fn share(&mut self) -> GrpcShared {
        self.0.share();
        self.handle()
    }

    /// Makes a call and reads its answer. The status is the one of HTTP that belongs to gRPC's, the
    /// headers hold the trailers too, the body is the messages one after the other, and each is a piece
    /// of its own. What is no gRPC at all comes as the HTTP answer that it is.
    pub async fn exchange(&mut self, request: GrpcRequest, limits: &Limits) -> Exchange {
        let exchange = self.handle().exchange(request, limits).await;
        self.0.account(exchange)
    }

    fn handle(&self) -> GrpcShared {
        let sender = self.0.http2().expect("nothing but HTTP/2 was opened").clone();
        GrpcShared { sender, core: self.0.core().clone() }
    }
}

impl GrpcShared {
    /// Whether no further call should go this way.
    pub fn is_closed(&self) -> bool {
        self.core.is_closed()
    }

    /// The frames of HTTP/2.
    pub fn frames(&self) -> Option<&FrameLog> {
        self.core.frames()
    }

    /// How and when the other side ended the connection, as far as it has been read.
    pub fn their_end(&self) -> Option<TheirEnd> {
        self.core.their_end()
    }

    /// How many calls the connection has carried, over all handles.
    pub fn carried(&self) -> u32 {
        self.core.carried()
    }

    /// How many of them the other side took on, as far as it said.
    pub fn taken(&self) -> u32 {
        self.core.taken()
    }

    /// Makes a call and reads its answer, beside those of others.
    pub async fn exchange(&self, request: GrpcRequest, limits: &Limits) -> Exchange {
        let mut begun = self.core.begin(request.message.len() as u64, limits);
        let (notes, streams) = (Notes::default(), request.streams);
        let called = self.call(request, &notes, limits, &mut begun).await;
        let request_written_ms = self.core.request_written_ms(&begun);
        let outcome = match called {
            Err(failure) => Outcome::Failed(self.core.too_large(failure, &begun, limits)),
            Ok(called) => {
                Outcome::Answered(self.answer(called, &notes, limits, &begun, streams).await)
            }
        };
        self.core.forget(&begun);
        let seen = notes.seen();
        Exchange {
            outcome,
            request_written_ms,
            first_byte_ms: seen.at.map(|at| ms(at.saturating_duration_since(begun.start))),
            total_ms: ms_since(begun.start),
            bytes_sent: None,
            bytes_received: None,
            http: if seen.at.is_some() && !seen.is_grpc { "HTTP/2" } else { "gRPC" },
        }
    }

    /// Sends the message and waits for the answer's head.
    async fn call(
        &self,
        request: GrpcRequest,
        notes: &Notes,
        limits: &Limits,
        begun: &mut Begun,
    ) -> Result<Called, Failure> {
        let (message, path, origin) = request.prepared()?;
        let wire = Wire { sender: self.sender.clone(), notes: notes.clone() };
        let client = Grpc::with_origin(wire, origin);
        let mut client = client.max_decoding_message_size(limits.max_body);
        let called = client.server_streaming(message, path, Raw);
        let called = begun.deadline.bound(Stage::Head, "no answer", called).await;
        begun.stream = notes.seen().stream;
        match called {
            Ok(Ok(answer)) => Ok(Called::Messages(Box::new(answer.into_inner()))),
            Ok(Err(status)) => match notes.ended_early() {
                Some(called) => Ok(called),
                None => {
                    let failure = notes.trouble(&status, self.core.stage(begun));
                    Err(self.core.final_word(failure).await)
                }
            },
            Err(timed_out) => Err(Failure { stage: self.core.stage(begun), ..timed_out }),
        }
    }

    async fn answer(
        &self,
        called: Called,
        notes: &Notes,
        limits: &Limits,
        begun: &Begun,
        streams: bool,
    ) -> Answer {
        let (most, start, deadline) = (limits.max_body, begun.start, begun.deadline);
        let mut received = match called {
            Called::Plain(plain) => {
                body::read(Pieces::H2(plain), most, start, deadline, &Ahead::default()).await
            }
            Called::Ended => body::Received::default(),
            Called::Messages(stream) => {
                let messages = Messages { stream, notes: notes.clone() };
                body::read(messages, most, start, deadline, &Ahead::default()).await
            }
        };
        if let Some(failure) = received.failure.take().or_else(|| notes.misfit(streams)) {
            received.failure = Some(self.core.final_word(failure).await);
        }
        let mut seen = notes.seen();
        Answer {
            status: seen.status(),
            headers: std::mem::take(&mut seen.headers),
            body: received.bytes,
            chunks: received.chunks,
            body_failure: received.failure,
        }
    }
}

impl GrpcRequest {
    /// The parts as the library takes them.
    fn prepared(self) -> Result<(tonic::Request<Bytes>, PathAndQuery, Uri), Failure> {
        let unsendable = |error: &dyn std::fmt::Display| {
            let detail = format!("the request cannot be sent: {error}");
            Failure::new(Stage::Request, Fault::Other, detail)
        };
        let scheme = if self.secure { "https" } else { "http" };
        let origin = format!("{scheme}://{}", self.authority);
        let origin = Uri::try_from(origin).map_err(|error| unsendable(&error))?;
        let path = PathAndQuery::try_from(self.path).map_err(|error| unsendable(&error))?;
        let metadata = MetadataMap::from_headers(self.metadata);
        let request = tonic::Request::from_parts(metadata, Extensions::default(), self.message);
        Ok((request, path, origin))
    }
}

impl std::fmt::Debug for GrpcRequest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("GrpcRequest")
            .field("authority", &self.authority)
            .field("path", &self.path)
            .field("metadata", &self.metadata)
            .field("message_bytes", &self.message.len())
            .finish_non_exhaustive()
    }
}

/// What a call came to, once its head was there.
enum Called {
    /// Messages follow, and then the status.
    Messages(Box<Streaming<Bytes>>),
    /// The head held the status already.
    Ended,
    /// It is no gRPC.
    Plain(RecvStream),
}

/// What was seen of an answer beneath the library, which hands on neither times nor foreign answers.
#[derive(Clone, Debug, Default)]
struct Notes(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    /// The call's stream.
    stream: Option<u32>,
    /// When the head came.
    at: Option<Instant>,
    http_status: StatusCode,
    headers: HeaderMap,
    is_grpc: bool,
    plain: Option<RecvStream>,
    /// Whether nothing follows any more.
    ended: bool,
    /// Bytes that came as messages, and those of them that were whole messages.
    bytes: usize,
    whole: usize,
    messages: usize,
}

impl Notes {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a head, and hands the answer on if it is gRPC.
    fn receive(&self, answer: http::Response<RecvStream>) -> Result<http::Response<Body>, Broken> {
        let mut seen = self.seen();
        let (mut head, body) = answer.into_parts();
        seen.at = Some(Instant::now());
        seen.http_status = head.status;
        seen.is_grpc = speaks_grpc(head.status, &head.headers);
        seen.headers.clone_from(&head.headers);
        seen.ended = body.is_end_stream();
        if !seen.is_grpc {
            seen.plain = Some(body);
            return Err("the answer is no gRPC".into());
        }
        head.headers.remove(DETAILS);
        let notes = self.clone();
        Ok(http::Response::from_parts(head, Body::new(Watched { body, notes })))
    }

    /// An answer that has no messages.
    fn ended_early(&self) -> Option<Called> {
        let mut seen = self.seen();
        let plain = seen.plain.take().map(Called::Plain);
        plain.or_else(|| seen.has_status().then_some(Called::Ended))
    }

    fn frame(&self, frame: Frame<Bytes>) -> Frame<Bytes> {
        let mut seen = self.seen();
        seen.bytes += frame.data_ref().map_or(0, Bytes::len);
        match frame.into_trailers() {
            Err(frame) => frame,
            Ok(mut trailers) => {
                seen.headers.extend(trailers.clone());
                trailers.remove(DETAILS);
                Frame::trailers(trailers)
            }
        }
    }

    fn message(&self, message: &Bytes) {
        let mut seen = self.seen();
        seen.whole += PREFIX + message.len();
        seen.messages += 1;
    }

    /// What the library complains about, where the server said nothing: an error from beneath it, a
    /// message beyond the limit, an end that is none, or frames that are no frames.
    fn trouble(&self, status: &Status, stage: Stage) -> Failure {
        if status.source().is_some() {
            return classify::failure(status, stage);
        }
        let fault = match status.code() {
            Code::OutOfRange => Fault::BodyTooLarge,
            _ if self.seen().ended => Fault::BodyCut,
            _ => Fault::Other,
        };
        Failure::new(stage, fault, status.message())
    }

    /// What is wrong with an answer that ended well by its own words.
    fn misfit(&self, streams: bool) -> Option<Failure> {
        let seen = self.seen();
        let status = seen.status();
        let (fault, detail) = match seen.messages {
            _ if !(200..300).contains(&status) => return None,
            _ if !seen.is_grpc => {
                (Fault::Other, format!("the server answered {status} over HTTP/2, without gRPC"))
            }
            _ if seen.bytes > seen.whole => {
                (Fault::BodyCut, "the answer ended inside a message".to_owned())
            }
            0 if !streams => (Fault::BodyCut, "the answer ended without its message".to_owned()),
            1.. if !streams && seen.messages > 1 => {
                (Fault::Other, format!("{} messages came where one is due", seen.messages))
            }
            _ => return None,
        };
        Some(Failure::new(Stage::Body, fault, detail))
    }
}

impl Seen {
    fn has_status(&self) -> bool {
        self.headers.contains_key(STATUS)
    }

    fn status(&self) -> u16 {
        let code = self.headers.get(STATUS).filter(|_| self.is_grpc);
        code.map_or(self.http_status.as_u16(), |code| http_status(Code::from_bytes(code.as_ref())))
    }
}

fn speaks_grpc(status: StatusCode, headers: &HeaderMap) -> bool {
    let kind = headers.get(http::header::CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
    let declared =
        kind.starts_with(b"application/grpc") && !kind.starts_with(b"application/grpc-web");
    headers.contains_key(STATUS) || (declared && status == StatusCode::OK)
}

/// The status that Google's API answers with over HTTP where it has this code over gRPC.
fn http_status(code: Code) -> u16 {
    match code {
        Code::Ok => 200,
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => 400,
        Code::Unauthenticated => 401,
        Code::PermissionDenied => 403,
        Code::NotFound => 404,
        Code::AlreadyExists | Code::Aborted => 409,
        Code::ResourceExhausted => 429,
        Code::Cancelled => 499,
        Code::Unknown | Code::Internal | Code::DataLoss => 500,
        Code::Unimplemented => 501,
        Code::Unavailable => 503,
        Code::DeadlineExceeded => 504,
    }
}

type Broken = Box<dyn Error + Send + Sync>;

/// The connection, as the library wants it.
struct Wire {
    sender: SendRequest<Bytes>,
    notes: Notes,
}

impl Service<http::Request<Body>> for Wire {
    type Response = http::Response<Body>;
    type Error = Broken;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Broken>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(sent(self.sender.clone(), request, self.notes.clone()))
    }
}

/// Sends a call whole, as a request of HTTP/2 is sent, and waits for the answer's head.
async fn sent(
    mut sender: SendRequest<Bytes>,
    request: http::Request<Body>,
    notes: Notes,
) -> Result<http::Response<Body>, Broken> {
    let (head, body) = request.into_parts();
    let message = body.collect().await?.to_bytes();
    poll_fn(|context| sender.poll_ready(context)).await?;
    let (answer, mut sending) = sender.send_request(http::Request::from_parts(head, ()), false)?;
    notes.seen().stream = Some(answer.stream_id().as_u32());
    sending.send_data(message, true)?;
    notes.receive(answer.await?)
}

/// A body whose end and trailers are noted.
struct Watched {
    body: RecvStream,
    notes: Notes,
}

impl Watched {
    fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, h2::Error>>> {
        match ready!(self.body.poll_data(context)) {
            Some(Ok(bytes)) => {
                // It fails where the stream is over, and then no more is to come.
                let _ = self.body.flow_control().release_capacity(bytes.len());
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            // A server that has answered may break off the rest of a request without an error.
            Some(Err(error)) if error.reason() == Some(h2::Reason::NO_ERROR) => Poll::Ready(None),
            Some(Err(error)) => Poll::Ready(Some(Err(error))),
            None => self
                .body
                .poll_trailers(context)
                .map(|trailers| trailers.transpose().map(|trailers| trailers.map(Frame::trailers))),
        }
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = h2::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, h2::Error>>> {
        let frame = ready!(self.poll_next(context));
        if frame.is_none() {
            self.notes.seen().ended = true;
        }
        Poll::Ready(frame.map(|frame| frame.map(|frame| self.notes.frame(frame))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}

/// The messages of an answer, as the pieces of its body.
struct Messages {
    stream: Box<Streaming<Bytes>>,
    notes: Notes,
}

impl body::Source for Messages {
    type Error = Carried;

    async fn piece(&mut self) -> Option<Result<Bytes, Carried>> {
        match self.stream.message().await {
            Ok(message) => {
                let message = message?;
                self.notes.message(&message);
                Some(Ok(message))
            }
            // The server's own word on how it ended: an answer, not a failure.
            Err(_) if self.notes.seen().has_status() => None,
            Err(status) => Some(Err(Carried(self.notes.trouble(&status, Stage::Body)))),
        }
    }
}

/// Messages as they are on the wire.
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(message);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }
}

#[cfg(test)]
mod tests;
