//! HTTP/1.1 or HTTP/2 over a connection that `net` opened, with the time of each step.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Instant;

use bytes::Bytes;

use super::sender::{self, Pieces, Sender};
use super::task::Task;
use super::{Answer, Exchange, Limits, Outcome, Request, body};
use crate::facts::{Failure, Fault, Stage};
use crate::net::deadline::{Deadline, ms, ms_since};
use crate::net::frames::{FrameLog, StreamTimes};
use crate::net::tap::{End, Passed, TapLog, TheirEnd};
use crate::net::tls::Handshake;
use crate::net::{Stream, classify};

/// A connection that carries requests one after another.
#[derive(Debug)]
pub struct Connection {
    sender: Sender,
    core: Arc<Core>,
    /// The bytes on the wire that earlier exchanges account for.
    accounted: Passed,
    is_shared: bool,
}

/// An HTTP/2 connection that carries requests at the same time. It stays open as long as one of its
/// clones, or the connection that it came from, does.
#[derive(Clone, Debug)]
pub struct Shared {
    sender: h2::client::SendRequest<Bytes>,
    core: Arc<Core>,
}

/// What all who send over a connection have in common.
#[derive(Debug)]
pub(super) struct Core {
    http: &'static str,
    handshake: Option<Handshake>,
    log: TapLog,
    raw: TapLog,
    frames: Option<FrameLog>,
    task: Task,
    carried: AtomicU32,
}

/// An exchange that is under way.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) start: Instant,
    pub(super) deadline: Deadline,
    /// What had passed before it.
    before: Passed,
    /// The size of its body.
    size: u64,
    /// Its HTTP/2 stream.
    pub(super) stream: Option<u32>,
}

impl Connection {
    /// Speaks the HTTP version the handshake settled on: HTTP/1.1 where it settled on none.
    pub async fn open(stream: Stream, limits: &Limits) -> Result<Self, Failure> {
        let (handshake, log, raw) = (stream.handshake(), stream.log(), stream.raw_log());
        let frames = stream.frames();
        let opened = sender::open(stream, limits).await;
        let (sender, task) = opened
            .map_err(|error| classify::by_alert(classify::failure(&error, Stage::Request), &log))?;
        let http = if matches!(sender, Sender::H1(_)) { "HTTP/1.1" } else { "HTTP/2" };
        let carried = AtomicU32::new(0);
        let core = Arc::new(Core { http, handshake, log, raw, frames, task, carried });
        Ok(Self { sender, core, accounted: Passed::default(), is_shared: false })
    }

    /// `HTTP/1.1` or `HTTP/2`.
    pub fn http(&self) -> &'static str {
        self.core.http
    }

    /// How the TLS handshake was done.
    pub fn handshake(&self) -> Option<Handshake> {
        self.core.handshake
    }

    /// How many requests it has carried.
    pub fn carried(&self) -> u32 {
        self.core.carried()
    }

    /// How many of them the other side took on, as far as it said.
    pub fn taken(&self) -> u32 {
        self.core.taken()
    }

    /// The bytes on the wire since the connection was opened, its handshake included.
    pub fn wire(&self) -> Passed {
        self.core.raw.passed()
    }

    /// The frames of HTTP/2.
    pub fn frames(&self) -> Option<&FrameLog> {
        self.core.frames.as_ref()
    }

    /// How and when the other side ended the connection, or said that it takes no further request: as
    /// far as it has been read, which happens while other tasks of this thread run.
    pub fn their_end(&self) -> Option<TheirEnd> {
        self.core.their_end()
    }

    /// Whether no further request should go this way: the connection is closed, or the other side has
    /// said that it takes none.
    pub fn is_closed(&self) -> bool {
        let finished = match &self.sender {
            Sender::H1(sender) => sender.is_closed(),
            Sender::H2(_) => false,
        };
        finished || self.core.is_closed()
    }

    /// A handle for requests at the same time; HTTP/1.1 has none. From then on nobody can say which bytes
    /// on the wire belong to which exchange: [`Connection::wire`] counts them together.
    ///
    /// Until the server's settings came, a hundred requests may be under way; afterwards those wait that
    /// are more than the server allows.
    pub fn share(&mut self) -> Option<Shared> {
        let Sender::H2(sender) = &self.sender else { return None };
        self.is_shared = true;
        Some(Shared { sender: sender.clone(), core: self.core.clone() })
    }

    /// What all who send over it have in common.
    pub(super) fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Where requests of HTTP/2 go in.
    pub(super) fn http2(&self) -> Option<&h2::client::SendRequest<Bytes>> {
        match &self.sender {
            Sender::H1(_) => None,
            Sender::H2(sender) => Some(sender),
        }
    }

    /// Sends a request and reads its answer.
    pub async fn exchange(&mut self, request: Request, limits: &Limits) -> Exchange {
        let exchange = self.core.exchange(&mut self.sender, request, limits).await;
        self.account(exchange)
    }

    /// The exchange with the bytes on the wire that it accounts for, where nobody else sends.
    pub(super) fn account(&mut self, mut exchange: Exchange) -> Exchange {
        if !self.is_shared {
            let passed = self.core.raw.passed();
            let Passed { written, read } = passed.since(self.accounted);
            self.accounted = passed;
            (exchange.bytes_sent, exchange.bytes_received) = (Some(written), Some(read));
        }
        exchange
    }
}

impl Shared {
    /// Sends a request and reads its answer, beside those of others.
    pub async fn exchange(&self, request: Request, limits: &Limits) -> Exchange {
        let mut sender = Sender::H2(self.sender.clone());
        self.core.exchange(&mut sender, request, limits).await
    }

    /// Whether no further request should go this way.
    pub fn is_closed(&self) -> bool {
        self.core.is_closed()
    }

    /// The frames of HTTP/2.
    pub fn frames(&self) -> Option<&FrameLog> {
        self.core.frames.as_ref()
    }

    /// How and when the other side ended the connection, as far as it has been read.
    pub fn their_end(&self) -> Option<TheirEnd> {
        self.core.their_end()
    }

    /// How many requests the connection has carried, over all handles.
    pub fn carried(&self) -> u32 {
        self.core.carried()
    }

    /// How many of them the other side took on, as far as it said.
    pub fn taken(&self) -> u32 {
        self.core.taken()
    }
}

impl Core {
    /// Begins an exchange whose body has this size.
    pub(super) fn begin(&self, size: u64, limits: &Limits) -> Begun {
        self.carried.fetch_add(1, Relaxed);
        let start = Instant::now();
        Begun {
            start,
            deadline: Deadline::from(start, limits.request_timeout),
            before: self.log.passed(),
            size,
            stream: None,
        }
    }

    /// How many exchanges it has carried.
    pub(super) fn carried(&self) -> u32 {
        self.carried.load(Relaxed)
    }

    /// A GOAWAY tells the last stream; those of a client have the odd numbers.
    pub(super) fn taken(&self) -> u32 {
        let last = self.frames.as_ref().and_then(FrameLog::last_taken);
        let taken = last.map_or(u32::MAX, |stream| stream.div_ceil(2));
        self.carried().min(taken)
    }

    async fn exchange(&self, sender: &mut Sender, request: Request, limits: &Limits) -> Exchange {
        let size = request.body.as_ref().map_or(0, Bytes::len) as u64;
        let mut begun = self.begin(size, limits);
        let head = self.head(sender, request, &mut begun).await;
        let head = head.map_err(|failure| self.too_large(failure, &begun, limits));
        let request_written_ms = self.request_written_ms(&begun);
        let first_byte_ms = head.is_ok().then(|| ms_since(begun.start));
        let outcome = match head {
            Err(failure) => Outcome::Failed(failure),
            Ok(head) => Outcome::Answered(self.answer(head, limits, &begun).await),
        };
        self.forget(&begun);
        let (total_ms, http) = (ms_since(begun.start), self.http);
        let (bytes_sent, bytes_received) = (None, None);
        Exchange {
            outcome,
            request_written_ms,
            first_byte_ms,
            total_ms,
            bytes_sent,
            bytes_received,
            http,
        }
    }

    /// Sends the request and waits for the answer's head.
    async fn head(
        &self,
        sender: &mut Sender,
        request: Request,
        begun: &mut Begun,
    ) -> Result<http::Response<Pieces>, Failure> {
        let message = sender.message(request)?;
        let answered = {
            // What is bounded is moved about, and this is large.
            let sending = pin!(sender.send(message, &mut begun.stream));
            begun.deadline.bound(Stage::Head, "no answer", sending).await
        };
        match answered {
            Ok(Ok(head)) => Ok(head),
            Ok(Err(error)) => {
                let failure = classify::failure(&error, self.stage(begun));
                Err(self.final_word(failure).await)
            }
            Err(timed_out) => Err(Failure { stage: self.stage(begun), ..timed_out }),
        }
    }

    async fn answer(&self, head: http::Response<Pieces>, limits: &Limits, begun: &Begun) -> Answer {
        let (head, pieces) = head.into_parts();
        let received =
            body::read(pieces, limits.max_body, begun.start, begun.deadline, &limits.ahead).await;
        let body_failure = match received.failure {
            Some(failure) => Some(self.final_word(failure).await),
            None => None,
        };
        Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: received.bytes,
            chunks: received.chunks,
            body_failure,
        }
    }

    /// The step that was under way. HTTP/1.1 counts as written once as many bytes as the body has, and
    /// at least one, were taken from us.
    pub(super) fn stage(&self, begun: &Begun) -> Stage {
        let is_written = match &self.frames {
            Some(frames) => begun.times(frames).written.is_some(),
            None => self.log.passed().since(begun.before).written > begun.size,
        };
        if is_written { Stage::Head } else { Stage::Request }
    }

    /// The HTTP/2 library calls headers beyond the limit a protocol error; their size tells them apart.
    pub(super) fn too_large(&self, failure: Failure, begun: &Begun, limits: &Limits) -> Failure {
        let most = limits.max_header_bytes;
        let is_endless = self.log.passed().since(begun.before).read > most as u64;
        if failure.fault == Fault::NotHttp && self.frames.is_some() && is_endless {
            let detail = format!("the headers go on after {most} bytes");
            return Failure::new(failure.stage, Fault::HeadersTooLarge, detail);
        }
        failure
    }

    /// HTTP/2 writes frames of its own, so that its last write says nothing about the request.
    pub(super) fn request_written_ms(&self, begun: &Begun) -> Option<f64> {
        let written = match &self.frames {
            Some(frames) => begun.times(frames).written,
            None => self.log.last_written(),
        };
        Some(ms(written?.checked_duration_since(begun.start)?))
    }

    /// A failure, or the connection's own verdict where it only says that the connection is gone: why
    /// that was sent away is known to the connection only.
    pub(super) async fn final_word(&self, failure: Failure) -> Failure {
        let failure = classify::by_alert(failure, &self.log);
        let failure = match &self.frames {
            Some(frames) if classify::is_vague(&failure) => {
                classify::by_frames(failure, &frames.seen())
            }
            _ => failure,
        };
        if !classify::is_vague(&failure) {
            return failure;
        }
        self.task.verdict(failure.stage).await.unwrap_or(failure)
    }

    pub(super) fn forget(&self, begun: &Begun) {
        if let (Some(frames), Some(stream)) = (&self.frames, begun.stream) {
            frames.take(stream);
        }
    }

    pub(super) fn frames(&self) -> Option<&FrameLog> {
        self.frames.as_ref()
    }

    pub(super) fn their_end(&self) -> Option<TheirEnd> {
        let going = self.frames.as_ref().and_then(FrameLog::going_away);
        going.map(|at| TheirEnd { how: End::GoAway, at }).or_else(|| self.log.their_end())
    }

    pub(super) fn is_closed(&self) -> bool {
        self.task.is_over() || self.their_end().is_some()
    }
}

impl Begun {
    fn times(&self, frames: &FrameLog) -> StreamTimes {
        self.stream.map(|stream| frames.times(stream)).unwrap_or_default()
    }
}
