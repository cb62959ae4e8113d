//! A stream that notes when bytes passed and how many. Changes nothing and keeps no byte.

use std::io::{IoSlice, Result};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What passed one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// When the first byte passed.
    pub first: Option<Instant>,
    /// When the last byte passed.
    pub last: Option<Instant>,
    /// How many passed.
    pub bytes: u64,
}

/// What passed both ways since the log was last begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Towards us.
    pub read: Flow,
    /// Away from us.
    pub written: Flow,
}

/// The notes of one tap; clones share them.
#[derive(Clone, Debug, Default)]
pub struct TapLog(Arc<Mutex<Passed>>);

/// The stream with its notes.
#[derive(Debug)]
pub struct Tap<S> {
    inner: S,
    log: TapLog,
}

impl Flow {
    fn note(&mut self, bytes: usize) {
        if bytes > 0 {
            let now = Instant::now();
            self.first.get_or_insert(now);
            self.last = Some(now);
            self.bytes += bytes as u64;
        }
    }
}

impl TapLog {
    /// Forgets what passed so far.
    pub fn begin(&self) {
        self.with(|passed| *passed = Passed::default());
    }

    /// What passed since.
    pub fn passed(&self) -> Passed {
        self.with(|passed| *passed)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Passed) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S> Tap<S> {
    /// Puts a tap on a stream.
    pub fn new(inner: S) -> Self {
        Self { inner, log: TapLog::default() }
    }

    /// The notes.
    pub fn log(&self) -> TapLog {
        self.log.clone()
    }

    /// The stream beneath.
    pub fn inner(&self) -> &S {
        &self.inner
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tap<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(context, buffer);
        self.log.with(|passed| passed.read.note(buffer.filled().len() - before));
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tap<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.note_written(&polled);
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.note_written(&polled);
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

impl<S> Tap<S> {
    fn note_written(&self, polled: &Poll<Result<usize>>) {
        if let Poll::Ready(Ok(bytes)) = polled {
            self.log.with(|passed| passed.written.note(*bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn both_ways_are_counted_and_timed() {
        let (near, mut far) = tokio::io::duplex(64);
        let mut tap = Tap::new(near);
        let log = tap.log();
        assert_eq!(log.passed(), Passed::default());
        tap.write_all(b"hello").await.expect("room");
        assert_eq!((log.passed().written.bytes, log.passed().read.first), (5, None));
        far.write_all(b"welcome").await.expect("room");
        tap.read_exact(&mut [0; 7]).await.expect("seven bytes");
        let Passed { read, written } = log.passed();
        assert_eq!(read.bytes, 7);
        assert!(written.first <= written.last && written.last <= read.first);
        log.begin();
        assert_eq!(log.passed(), Passed::default());
    }
}
