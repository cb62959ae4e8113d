//! A stream that notes how many bytes passed, and how the other side ended it. Changes nothing and keeps
//! no byte.
//!
//! Every read and write of a load passes here twice: no lock is taken, and no clock is asked in vain.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use rustls::AlertDescription;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::frames::FrameLog;

/// How many bytes passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Away from us.
    pub written: u64,
    /// Towards us.
    pub read: u64,
}

/// That the other side has ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TheirEnd {
    /// How.
    pub how: End,
    /// When it came here.
    pub at: Instant,
}

/// How a connection is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// HTTP/2: no further request is taken, and what was asked before is still answered.
    GoAway,
    /// As it should be.
    Closed,
    /// TCP was closed and TLS was not.
    Cut,
    /// By a reset, or whatever else breaks a connection.
    Broken,
}

/// The notes of one tap; clones share them.
#[derive(Clone, Debug)]
pub struct TapLog(Arc<Notes>);

/// The stream with its notes.
#[derive(Debug)]
pub struct Tap<S> {
    inner: S,
    log: TapLog,
    eye: Eye,
}

/// What is looked at besides the number of bytes.
#[derive(Debug)]
enum Eye {
    /// Nothing.
    Closed,
    /// When bytes were last written.
    Clock,
    /// The frames of HTTP/2.
    Frames(FrameLog),
}

#[derive(Debug)]
struct Notes {
    origin: Instant,
    written: AtomicU64,
    read: AtomicU64,
    /// Nanoseconds from the origin, plus one; 0 stands for never.
    last_written: AtomicU64,
    end: OnceLock<TheirEnd>,
    alert: OnceLock<AlertDescription>,
}

impl Passed {
    /// What passed since an earlier look.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self { written: self.written - earlier.written, read: self.read - earlier.read }
    }
}

impl TapLog {
    /// What passed so far.
    pub fn passed(&self) -> Passed {
        Passed { written: self.0.written.load(Relaxed), read: self.0.read.load(Relaxed) }
    }

    /// When bytes were last written, where a clock is looked at.
    pub fn last_written(&self) -> Option<Instant> {
        let nanos = self.0.last_written.load(Relaxed).checked_sub(1)?;
        Some(self.0.origin + Duration::from_nanos(nanos))
    }

    /// The alert of TLS that it was ended with: libraries above keep no more of it than its words.
    pub fn alert(&self) -> Option<AlertDescription> {
        self.0.alert.get().copied()
    }

    /// How the other side ended it, once it has and that was read.
    pub fn their_end(&self) -> Option<TheirEnd> {
        self.0.end.get().copied()
    }

    fn new() -> Self {
        let (written, read, last_written) = Default::default();
        let (origin, end, alert) = (Instant::now(), OnceLock::new(), OnceLock::new());
        Self(Arc::new(Notes { origin, written, read, last_written, end, alert }))
    }

    fn wrote_now(&self) {
        let nanos = u64::try_from(self.0.origin.elapsed().as_nanos()).unwrap_or(u64::MAX - 1);
        self.0.last_written.store(nanos + 1, Relaxed);
    }

    /// An alert is kept, whatever else is known of the end.
    fn broke(&self, error: &Error) {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
        if let Some(rustls::Error::AlertReceived(alert)) = inner {
            self.0.alert.get_or_init(|| *alert);
        }
        self.ended(match error.kind() {
            ErrorKind::UnexpectedEof => End::Cut,
            _ => End::Broken,
        });
    }

    fn ended(&self, how: End) {
        self.0.end.get_or_init(|| TheirEnd { how, at: Instant::now() });
    }
}

impl<S> Tap<S> {
    /// Counts the bytes.
    pub(super) fn counting(inner: S) -> Self {
        Self { inner, log: TapLog::new(), eye: Eye::Closed }
    }

    /// Counts the bytes and knows when some were last written.
    pub(super) fn timing(inner: S) -> Self {
        Self { inner, log: TapLog::new(), eye: Eye::Clock }
    }

    /// Counts the bytes and reads the frames of HTTP/2.
    pub(super) fn reading(inner: S, frames: FrameLog) -> Self {
        Self { inner, log: TapLog::new(), eye: Eye::Frames(frames) }
    }

    /// The notes.
    pub fn log(&self) -> TapLog {
        self.log.clone()
    }

    /// The frames, where they are read.
    pub fn frames(&self) -> Option<&FrameLog> {
        match &self.eye {
            Eye::Frames(frames) => Some(frames),
            Eye::Closed | Eye::Clock => None,
        }
    }

    /// The stream beneath.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    fn note_read(&self, polled: &Poll<Result<()>>, bytes: &[u8], room: usize) {
        match polled {
            Poll::Ready(Ok(())) if bytes.is_empty() && room > 0 => self.log.ended(End::Closed),
            Poll::Ready(Err(error)) => self.log.broke(error),
            _ if bytes.is_empty() => {}
            _ => {
                self.log.0.read.fetch_add(bytes.len() as u64, Relaxed);
                if let Eye::Frames(frames) = &self.eye {
                    frames.read(bytes);
                }
            }
        }
    }

    fn note_written(&self, polled: &Poll<Result<usize>>, slices: &[IoSlice<'_>]) {
        let Poll::Ready(Ok(bytes)) = polled else { return };
        self.log.0.written.fetch_add(*bytes as u64, Relaxed);
        match &self.eye {
            Eye::Closed => {}
            Eye::Clock => self.log.wrote_now(),
            Eye::Frames(frames) => frames.written(slices, *bytes),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tap<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let (before, room) = (buffer.filled().len(), buffer.remaining());
        let polled = Pin::new(&mut self.inner).poll_read(context, buffer);
        self.note_read(&polled, &buffer.filled()[before..], room);
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
        self.note_written(&polled, &[IoSlice::new(bytes)]);
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
        self.note_written(&polled, slices);
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::facts::{Failure, Fault, Stage};
    use crate::net::classify;

    #[tokio::test]
    async fn both_ways_are_counted_and_writes_are_timed() {
        let (near, mut far) = tokio::io::duplex(64);
        let mut tap = Tap::timing(near);
        let (log, start) = (tap.log(), Instant::now());
        assert_eq!((log.passed(), log.last_written()), (Passed::default(), None));
        tap.write_all(b"hello").await.expect("room");
        assert_eq!(log.passed(), Passed { written: 5, read: 0 });
        assert!(log.last_written() >= Some(start) && log.last_written() <= Some(Instant::now()));
        far.write_all(b"welcome").await.expect("room");
        tap.read_exact(&mut [0; 7]).await.expect("seven bytes");
        let greeted = log.passed();
        assert_eq!(greeted, Passed { written: 5, read: 7 });
        tap.write_all(b"bye").await.expect("room");
        assert_eq!(log.passed().since(greeted), Passed { written: 3, read: 0 });
    }

    /// A stream that TLS has ended with an alert.
    struct Refused;

    impl AsyncRead for Refused {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<Result<()>> {
            let alert = rustls::Error::AlertReceived(AlertDescription::CertificateRequired);
            Poll::Ready(Err(Error::new(ErrorKind::InvalidData, alert)))
        }
    }

    #[tokio::test]
    async fn an_alert_is_kept_for_whoever_only_learns_that_all_is_over() {
        let mut tap = Tap::counting(Refused);
        let log = tap.log();
        let over = Failure::new(Stage::Head, Fault::Closed, "broken pipe");
        assert_eq!(classify::by_alert(over.clone(), &log), over);
        tap.read_u8().await.expect_err("an alert");
        let told = classify::by_alert(over, &log);
        assert_eq!((told.stage, told.fault), (Stage::Head, Fault::TlsWantsCertificate));
        let other = Failure::new(Stage::Head, Fault::TimedOut, "no answer within 1 s");
        assert_eq!(classify::by_alert(other.clone(), &log), other);
        assert_eq!(log.their_end().map(|end| end.how), Some(End::Broken));
    }

    #[tokio::test]
    async fn the_other_sides_end_is_noted_once_it_is_read() {
        let (near, far) = tokio::io::duplex(64);
        let mut tap = Tap::counting(near);
        let log = tap.log();
        tap.read_exact(&mut []).await.expect("nothing is asked for");
        drop(far);
        assert_eq!(log.their_end(), None);
        assert_eq!(tap.read(&mut [0; 7]).await.expect("an end"), 0);
        assert_eq!(log.their_end().map(|end| end.how), Some(End::Closed));
    }
}
