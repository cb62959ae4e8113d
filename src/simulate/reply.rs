//! An answer before it is bytes on a wire: status, headers, and a body that may misbehave.
//!
//! Knows HTTP, not the API: what an answer says is made in `api` and `faults`.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use hyper::body::{Body, Frame, SizeHint};
use serde_json::Value;

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
        Self { status, headers, body }
    }

    /// The page that Google's front end shows for a path nobody serves.
    pub(super) fn page_not_found(path: &str) -> Self {
        let page = include_str!("bodies/google-404.html").replace("%PATH%", path);
        let body = Payload::whole(page);
        let headers =
            vec![("content-type", HTML.to_owned()), ("referrer-policy", "no-referrer".to_owned())];
        Self { status: 404, headers, body }
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
                Self { status: canned.status, headers, body }
            }
        };
        reply
            .headers
            .extend(canned.headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
        reply
    }

    /// The answer as hyper sends it.
    pub(super) fn into_response(self, took: Duration) -> http::Response<Payload> {
        let mut builder = http::Response::builder().status(self.status);
        let google = self.headers.iter().any(|(_, value)| value == GOOGLES);
        for (name, value) in self.headers {
            builder = builder.header(name, value);
        }
        if google {
            builder = builder.header("server-timing", format!("gfet4t7; dur={}", took.as_millis()));
        }
        builder.body(self.body).expect("scenario files and tables hold legal statuses and headers")
    }
}

/// A body in pieces, and how it ends.
#[derive(Debug)]
pub(super) struct Payload {
    pieces: VecDeque<Bytes>,
    end: End,
    gap: Option<Pin<Box<tokio::time::Sleep>>>,
    paced: bool,
}

#[derive(Debug)]
enum End {
    Proper,
    CutOff,
    Repeat { piece: Bytes, left: u64 },
}

impl Payload {
    pub(super) fn whole(text: impl Into<Bytes>) -> Self {
        Self { pieces: VecDeque::from([text.into()]), end: End::Proper, gap: None, paced: false }
    }

    /// Pieces that arrive one after the other.
    pub(super) fn stream(pieces: Vec<String>) -> Self {
        let pieces = pieces.into_iter().map(Bytes::from).collect();
        Self { pieces, end: End::Proper, gap: None, paced: true }
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

    fn after_pieces(&mut self) -> Option<Result<Frame<Bytes>, Broken>> {
        match &mut self.end {
            End::Proper => None,
            End::CutOff => Some(Err("the scenario cuts the body here".into())),
            End::Repeat { left: 0, .. } => None,
            End::Repeat { piece, left } => {
                *left = left.saturating_sub(piece.len() as u64);
                Some(Ok(Frame::data(piece.clone())))
            }
        }
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if let Some(gap) = &mut self.gap {
            std::task::ready!(gap.as_mut().poll(cx));
            self.gap = None;
        }
        let Some(piece) = self.pieces.pop_front() else {
            return Poll::Ready(self.after_pieces());
        };
        if self.paced {
            self.gap = Some(Box::pin(tokio::time::sleep(CHUNK_GAP)));
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        let over = matches!(self.end, End::Proper | End::Repeat { left: 0, .. });
        over && self.pieces.iter().all(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        match self.end {
            End::Proper if !self.paced => {
                SizeHint::with_exact(self.pieces.iter().map(|piece| piece.len() as u64).sum())
            }
            _ => SizeHint::default(),
        }
    }
}
