//! An answer before it is bytes on a wire: status, headers, and a body that may misbehave.
//!
//! Knows HTTP, not the API: what an answer says is made in `api` and `faults`.

use std::any::Any;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use hyper::body::{Body, Frame, SizeHint};
use serde_json::Value;
use tokio::time::{Instant, Sleep};

use super::fault::{Canned, HTML, JSON};

/// The error that a body ends with when it is to be cut off.
pub(super) type Broken = Box<dyn std::error::Error + Send + Sync>;

/// Between two chunks of a stream, so that the first one is seen to come before the last.
const CHUNK_GAP: Duration = Duration::from_millis(2);

/// What Google's servers call themselves.
const GOOGLES: &str = "scaffolding on HTTPServer2";

/// Whether a `server` header is that of Google's servers.
pub(super) fn is_googles(server: &HeaderValue) -> bool {
    server == GOOGLES
}

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Payload,
    /// How long it takes until there is a head.
    pub(super) wait: Duration,
}

impl Reply {
    /// Google's JSON with Google's headers.
    pub(super) fn json(status: u16, value: &Value) -> Self {
        let text = serde_json::to_string_pretty(value).expect("a JSON value is always printable");
        Self::google(status, JSON, Payload::whole(text + "\n"))
    }

    /// An answer with the headers by which Google's servers are known.
    pub(super) fn google(status: u16, kind: &str, body: Payload) -> Self {
        let known = [
            ("server", GOOGLES),
            ("vary", "Origin"),
            ("vary", "X-Origin"),
            ("vary", "Referer"),
            ("x-xss-protection", "0"),
            ("x-frame-options", "SAMEORIGIN"),
            ("x-content-type-options", "nosniff"),
        ];
        let mut headers = vec![("content-type", kind.to_owned())];
        headers.extend(known.map(|(name, value)| (name, value.to_owned())));
        Self::plain(status, headers, body)
    }

    /// An answer with these headers and no others.
    pub(super) fn plain(status: u16, headers: Vec<(&'static str, String)>, body: Payload) -> Self {
        Self { status, headers, body, wait: Duration::ZERO }
    }

    /// The page that Google's front end shows for a path nobody serves.
    pub(super) fn page_not_found(path: &str) -> Self {
        let page = include_str!("bodies/google-404.html").replace("%PATH%", path);
        let body = Payload::whole(page);
        let headers =
            vec![("content-type", HTML.to_owned()), ("referrer-policy", "no-referrer".to_owned())];
        Self::plain(404, headers, body)
    }

    /// A bare status without a body.
    pub(super) fn empty(status: u16) -> Self {
        let mut reply = Self::google(status, "text/html", Payload::whole(String::new()));
        reply.headers.retain(|(name, _)| *name != "content-type");
        reply
    }

    /// A ready-made answer with its blanks filled in.
    pub(super) fn canned(canned: &Canned, body: String) -> Self {
        let body = Payload::whole(body);
        let mut reply = match canned.google {
            true => Self::google(canned.status, canned.kind, body),
            false => {
                let headers = vec![("content-type", canned.kind.to_owned())];
                Self::plain(canned.status, headers, body)
            }
        };
        reply
            .headers
            .extend(canned.headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
        reply
    }

    /// The answer as hyper sends it, which keeps something until it is through.
    pub(super) fn into_response(self, took: Duration, held: Held) -> http::Response<Payload> {
        let mut builder = http::Response::builder().status(self.status);
        let marks = [GOOGLES, "application/grpc"];
        let is_google = |value: &str| marks.iter().any(|mark| value.starts_with(mark));
        let google = self.headers.iter().any(|(_, value)| is_google(value));
        for (name, value) in self.headers {
            builder = builder.header(name, value);
        }
        if google {
            builder = builder.header("server-timing", format!("gfet4t7; dur={}", took.as_millis()));
        }
        builder
            .body(self.body.holding(held))
            .expect("scenario files and tables hold legal statuses and headers")
    }
}

/// A body in pieces, and how it ends.
#[derive(Debug)]
pub(super) struct Payload {
    pieces: VecDeque<Piece>,
    end: End,
    /// The moment from which the next pause counts; that of the head at first.
    last: Option<Instant>,
    pause: Option<Pin<Box<Sleep>>>,
    paced: bool,
    /// Whether nothing comes when it is asked for a first piece, so that the head goes out alone.
    head_first: bool,
    /// A piece before which simulated time goes by.
    stall: Option<Stall>,
    /// Dropped when the last piece has been handed over, or when nobody wants it any more.
    held: Option<Held>,
}

/// Simulated time that goes by before a piece, once it is known which clock it moves.
#[derive(Debug)]
struct Stall {
    /// How many pieces come before it.
    left: usize,
    ms: u64,
    clock: Option<Arc<AtomicU64>>,
}

/// A piece, and how long after the one before it.
pub(super) type Piece = (Duration, Bytes);

/// What is kept as long as an answer is under way.
pub(super) type Held = Box<dyn Any + Send + Sync>;

#[derive(Debug)]
enum End {
    Proper,
    CutOff,
    Repeat { piece: Bytes, left: u64 },
    Trailers(Option<HeaderMap>),
}

impl Payload {
    pub(super) fn whole(text: impl Into<Bytes>) -> Self {
        Self::new(VecDeque::from([(Duration::ZERO, text.into())]), End::Proper)
    }

    /// Pieces that arrive one after the other.
    pub(super) fn stream(pieces: Vec<String>) -> Self {
        let gaps = std::iter::once(Duration::ZERO).chain(std::iter::repeat(CHUNK_GAP));
        Self::paced(gaps.zip(pieces))
    }

    /// Pieces that arrive after these pauses.
    pub(super) fn paced(pieces: impl IntoIterator<Item = (Duration, String)>) -> Self {
        let pieces = pieces.into_iter().map(|(pause, text)| (pause, Bytes::from(text))).collect();
        Self { paced: true, ..Self::new(pieces, End::Proper) }
    }

    /// Pieces that arrive after these pauses, and trailers.
    pub(super) fn with_trailers(pieces: Vec<Piece>, trailers: HeaderMap) -> Self {
        Self { paced: true, ..Self::new(pieces.into(), End::Trailers(Some(trailers))) }
    }

    /// The pieces, where they are all that there is.
    pub(super) fn pieces(&self) -> Option<impl Iterator<Item = &Piece>> {
        matches!(self.end, End::Proper).then_some(self.pieces.iter())
    }

    /// A body whose connection breaks at its end. The pause before that lets what was said out.
    pub(super) fn cut_off(text: String) -> Self {
        Self { end: End::CutOff, paced: true, ..Self::whole(text) }
    }

    /// A JSON list of so many bytes.
    pub(super) fn endless(bytes: u64) -> Self {
        let piece = Bytes::from("{\"name\":\"models/gemini\"},\n".repeat(2_000));
        Self { end: End::Repeat { piece, left: bytes }, ..Self::whole("{\"models\":[\n") }
    }

    fn new(pieces: VecDeque<Piece>, end: End) -> Self {
        Self {
            pieces,
            end,
            last: None,
            pause: None,
            paced: false,
            head_first: false,
            stall: None,
            held: None,
        }
    }

    /// The same, with so much simulated time before that piece.
    pub(super) fn stalling(self, left: usize, ms: u64) -> Self {
        Self { stall: Some(Stall { left, ms, clock: None }), ..self }
    }

    /// Says which clock goes on while it stands still.
    pub(super) fn move_clock(&mut self, clock: Arc<AtomicU64>) {
        if let Some(stall) = &mut self.stall {
            stall.clock = Some(clock);
        }
    }

    /// Lets simulated time go by, where it does so before the next piece.
    fn stand_still(&mut self) {
        let Some(stall) = &mut self.stall else { return };
        if stall.left > 0 {
            stall.left -= 1;
            return;
        }
        if let Some(clock) = &stall.clock {
            clock.fetch_add(stall.ms * 1000, Ordering::Relaxed);
        }
        self.stall = None;
    }

    /// Lets the head go out by itself before the first piece.
    pub(super) fn let_head_out(&mut self) {
        self.head_first = true;
    }

    /// Keeps something until the last piece is handed over, which is at once if there is none.
    fn holding(mut self, held: Held) -> Self {
        self.held = (!self.is_over()).then_some(held);
        self
    }

    fn next_pause(&self) -> Duration {
        match (self.pieces.front(), &self.end) {
            (Some((pause, _)), _) => *pause,
            (None, End::CutOff) => CHUNK_GAP,
            (None, _) => Duration::ZERO,
        }
    }

    /// Waits until the next piece is due. A pause that came late does not move those after it.
    fn poll_pause(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let pause = self.next_pause();
        let last = *self.last.get_or_insert_with(Instant::now);
        if pause.is_zero() {
            return Poll::Ready(());
        }
        let due = last + pause;
        let sleep = self.pause.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(due)));
        std::task::ready!(sleep.as_mut().poll(cx));
        self.pause = None;
        self.last = Some(due);
        Poll::Ready(())
    }

    fn next_frame(&mut self) -> Option<Result<Frame<Bytes>, Broken>> {
        match self.pieces.pop_front() {
            Some((_, piece)) => Some(Ok(Frame::data(piece))),
            None => self.after_pieces(),
        }
    }

    fn after_pieces(&mut self) -> Option<Result<Frame<Bytes>, Broken>> {
        match &mut self.end {
            End::Proper => None,
            End::CutOff => Some(Err("the scenario cuts the body here".into())),
            End::Repeat { left: 0, .. } => None,
            End::Trailers(trailers) => trailers.take().map(|map| Ok(Frame::trailers(map))),
            End::Repeat { piece, left } => {
                *left = left.saturating_sub(piece.len() as u64);
                Some(Ok(Frame::data(piece.clone())))
            }
        }
    }

    fn is_over(&self) -> bool {
        let over =
            matches!(self.end, End::Proper | End::Repeat { left: 0, .. } | End::Trailers(None));
        over && self.pieces.iter().all(|(_, piece)| piece.is_empty())
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if std::mem::take(&mut self.head_first) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        std::task::ready!(self.poll_pause(cx));
        self.stand_still();
        let frame = self.next_frame();
        if self.is_over() || !matches!(frame, Some(Ok(_))) {
            self.held = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.is_over()
    }

    fn size_hint(&self) -> SizeHint {
        match self.end {
            End::Proper if !self.paced => {
                SizeHint::with_exact(self.pieces.iter().map(|(_, piece)| piece.len() as u64).sum())
            }
            _ => SizeHint::default(),
        }
    }
}
