//! Requests in the form that HTTP/1.1 and HTTP/2 each want, and bodies as each of them brings them.
//!
//! HTTP/2 is spoken without `hyper`, which keeps the number of a request's stream to itself: with it each
//! of many requests at the same time finds its own frames.

use std::future::poll_fn;

use bytes::Bytes;
use h2::RecvStream;
use http::header::{CONTENT_LENGTH, HOST};
use http::{HeaderValue, Method, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;

use super::task::{Task, Trouble};
use super::{Limits, Request, body};
use crate::facts::{Failure, Fault, Stage};
use crate::net::Stream;

/// The smallest buffer the HTTP/1.1 library accepts.
const SMALLEST_BUFFER: usize = 8192;
/// How much of one body, and of all bodies together, the server may send before we have read it. Large
/// enough to wait for the server and not for this window.
const STREAM_WINDOW: u32 = 2 << 20;
const CONNECTION_WINDOW: u32 = 5 << 20;

/// The end of a connection where requests go in.
#[derive(Debug)]
pub(super) enum Sender {
    H1(http1::SendRequest<Full<Bytes>>),
    H2(h2::client::SendRequest<Bytes>),
}

/// A body that comes in.
#[derive(Debug)]
pub(super) enum Pieces {
    H1(Incoming),
    H2(RecvStream),
}

/// Speaks HTTP over a stream.
pub(super) async fn open(stream: Stream, limits: &Limits) -> Result<(Sender, Task), Trouble> {
    if stream.alpn() == Some(b"h2") {
        let (sender, connection) = http2(limits).handshake(stream).await?;
        Ok((Sender::H2(sender), Task::spawn(connection)))
    } else {
        let (sender, connection) = http1::Builder::new()
            .max_buf_size(limits.max_header_bytes.max(SMALLEST_BUFFER))
            .max_header_size(limits.max_header_bytes)
            .handshake(TokioIo::new(stream))
            .await?;
        Ok((Sender::H1(sender), Task::spawn(connection)))
    }
}

/// A client that takes no pushed answers.
pub(super) fn http2(limits: &Limits) -> h2::client::Builder {
    let mut builder = h2::client::Builder::new();
    builder
        .enable_push(false)
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_header_list_size(u32::try_from(limits.max_header_bytes).unwrap_or(u32::MAX));
    builder
}

impl Sender {
    /// HTTP/1.1 wants the path and a `host` header, HTTP/2 the whole URL and the body's length.
    pub(super) fn message(&self, request: Request) -> Result<http::Request<Bytes>, Failure> {
        let Request { method, path_and_query, headers, body, authority, secure } = request;
        let body = body.unwrap_or_default();
        let length = (!body.is_empty() || has_body(&method)).then_some(body.len());
        let mut message = http::Request::new(body);
        *message.method_mut() = method;
        let own = message.headers_mut();
        own.reserve(headers.len() + 1);
        match self {
            Self::H1(_) => {
                own.insert(HOST, HeaderValue::try_from(authority).map_err(unsendable)?);
                *message.uri_mut() = Uri::try_from(path_and_query).map_err(unsendable)?;
            }
            Self::H2(_) => {
                own.extend(length.map(|length| (CONTENT_LENGTH, HeaderValue::from(length))));
                let scheme = if secure { "https" } else { "http" };
                let url = format!("{scheme}://{authority}{path_and_query}");
                *message.uri_mut() = Uri::try_from(url).map_err(unsendable)?;
            }
        }
        for (name, value) in headers {
            message.headers_mut().append(name, value);
        }
        Ok(message)
    }

    /// Sends a request and waits for the answer's head. The number of its HTTP/2 stream is told as soon
    /// as it has one.
    pub(super) async fn send(
        &mut self,
        request: http::Request<Bytes>,
        stream: &mut Option<u32>,
    ) -> Result<http::Response<Pieces>, Trouble> {
        match self {
            Self::H1(sender) => {
                sender.ready().await?;
                let answer = sender.send_request(request.map(Full::new)).await?;
                Ok(answer.map(Pieces::H1))
            }
            Self::H2(sender) => Ok(send_http2(sender, request, stream).await?.map(Pieces::H2)),
        }
    }
}

async fn send_http2(
    sender: &mut h2::client::SendRequest<Bytes>,
    request: http::Request<Bytes>,
    stream: &mut Option<u32>,
) -> Result<http::Response<RecvStream>, h2::Error> {
    poll_fn(|context| sender.poll_ready(context)).await?;
    let (head, body) = request.into_parts();
    let head = http::Request::from_parts(head, ());
    let (answer, mut sending) = sender.send_request(head, body.is_empty())?;
    *stream = Some(answer.stream_id().as_u32());
    if !body.is_empty() {
        // The library keeps what the server does not take yet.
        sending.send_data(body, true)?;
    }
    answer.await
}

fn unsendable(error: impl std::fmt::Display) -> Failure {
    Failure::new(Stage::Request, Fault::Other, format!("the request cannot be sent: {error}"))
}

/// Whether the method is one whose request has a body, be it an empty one.
fn has_body(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::DELETE | Method::CONNECT)
}

impl body::Source for Pieces {
    type Error = Trouble;

    async fn piece(&mut self) -> Option<Result<Bytes, Trouble>> {
        match self {
            Self::H1(incoming) => {
                http1_piece(incoming).await.map(|piece| piece.map_err(Into::into))
            }
            Self::H2(stream) => http2_piece(stream).await.map(|piece| piece.map_err(Into::into)),
        }
    }
}

async fn http1_piece(incoming: &mut Incoming) -> Option<hyper::Result<Bytes>> {
    loop {
        match incoming.frame().await? {
            Err(error) => return Some(Err(error)),
            Ok(frame) => {
                if let Ok(bytes) = frame.into_data() {
                    return Some(Ok(bytes));
                }
            }
        }
    }
}

/// A server that has answered may break off the rest of a request without an error.
async fn http2_piece(stream: &mut RecvStream) -> Option<Result<Bytes, h2::Error>> {
    match stream.data().await? {
        Ok(bytes) => {
            // It fails where the stream is over, and then no more is to come.
            let _ = stream.flow_control().release_capacity(bytes.len());
            Some(Ok(bytes))
        }
        Err(error) if error.reason() == Some(h2::Reason::NO_ERROR) => None,
        Err(error) => Some(Err(error)),
    }
}
