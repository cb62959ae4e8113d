//! Ends a connection in the middle of HTTP: with a goodbye, or with a reset.
//!
//! Only carries it out; which of the two is due is decided in `judge.rs`.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_rustls::server::TlsStream;

/// How an answer tells its connection to end.
#[derive(Debug, Default)]
pub(super) struct HangUp {
    asked: Notify,
    by_reset: AtomicBool,
}

impl HangUp {
    /// A plain end.
    pub(super) fn close(&self) {
        self.asked.notify_one();
    }

    /// An end without a goodbye.
    pub(super) fn reset(&self) {
        self.by_reset.store(true, Ordering::Relaxed);
        self.asked.notify_one();
    }

    /// Returns when the connection is to go.
    pub(super) async fn asked(&self) {
        self.asked.notified().await;
        if !self.is_by_reset() {
            // What the client has sent is read first, or the kernel would reset the connection.
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    pub(super) fn is_by_reset(&self) -> bool {
        self.by_reset.load(Ordering::Relaxed)
    }
}

/// A connection that ends as it is told to, whoever holds it by then.
pub(super) struct Ending {
    stream: TlsStream<TcpStream>,
    hang_up: Arc<HangUp>,
}

impl Ending {
    pub(super) fn new(stream: TlsStream<TcpStream>, hang_up: Arc<HangUp>) -> Self {
        Self { stream, hang_up }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if self.hang_up.is_by_reset() {
            // A connection that is gone already has nothing left to be reset.
            let _ = self.stream.get_ref().0.set_zero_linger();
        }
    }
}

impl AsyncRead for Ending {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Ending {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
