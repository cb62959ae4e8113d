//! A body, read piece by piece within its limit and before its deadline. What came is always kept.

use std::error::Error;
use std::time::Instant;

use bytes::Bytes;

use super::Ahead;
use crate::facts::{Failure, Fault, Stage};
use crate::net::classify;
use crate::net::deadline::{Deadline, ms_since};

/// How many pieces are listed one by one; a stranger decides how small they are.
const MOST_PIECES: usize = 10_000;

/// Where the pieces of a body come from.
pub(super) trait Source {
    /// What goes wrong with it.
    type Error: Error + 'static;

    /// The next piece; `None` at the end.
    async fn piece(&mut self) -> Option<Result<Bytes, Self::Error>>;
}

/// As much of a body as came.
#[derive(Debug, Default)]
pub(super) struct Received {
    pub bytes: Vec<u8>,
    pub chunks: Vec<(f64, usize)>,
    pub failure: Option<Failure>,
}

/// Reads to the end, the limit, the deadline or the first failure.
pub(super) async fn read(
    mut source: impl Source,
    most: usize,
    start: Instant,
    deadline: Deadline,
    ahead: &Ahead,
) -> Received {
    let mut received = Received::default();
    let (begun, ahead) = (ahead.ms(), || ahead.ms());
    loop {
        let piece = deadline.bound(Stage::Body, "the body did not end", source.piece()).await;
        let taken = match piece {
            Ok(None) => return received,
            Ok(Some(Ok(bytes))) => received.take(&bytes, most, ms_since(start) + ahead() - begun),
            Ok(Some(Err(error))) => Err(classify::failure(&error, Stage::Body)),
            Err(timed_out) => Err(timed_out),
        };
        if let Err(failure) = taken {
            received.failure = Some(failure);
            return received;
        }
    }
}

impl Received {
    fn take(&mut self, piece: &Bytes, most: usize, at_ms: f64) -> Result<(), Failure> {
        let kept = piece.len().min(most - self.bytes.len());
        self.bytes.extend_from_slice(&piece[..kept]);
        self.note(kept, at_ms);
        if kept < piece.len() {
            let detail = format!("the body goes on after {most} bytes");
            return Err(Failure::new(Stage::Body, Fault::BodyTooLarge, detail));
        }
        Ok(())
    }

    fn note(&mut self, size: usize, at_ms: f64) {
        let full = self.chunks.len() == MOST_PIECES;
        match self.chunks.last_mut().filter(|_| full) {
            Some(last) => *last = (at_ms, last.1 + size),
            None => self.chunks.push((at_ms, size)),
        }
    }
}
