//! Ends a connection in the middle of HTTP: with a goodbye, or with a reset.
//!
//! Only carries it out; which of the two is due is decided in `judge.rs`.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_rustls::server::TlsStream;

/// How long the last words of a client are waited for.
const LINGER: Duration = Duration::from_secs(1);

/// How an answer tells its connection to end.
#[derive(Debug, Default)]
pub(super) struct HangUp {
    asked: Notify,
    by_reset: AtomicBool,
    lingers: AtomicBool,
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

    /// Whenever the end comes, what the client still says is read for a while: closing at once would
    /// become a reset, which overtakes what was said to the client last.
    pub(super) fn linger(&self) {
        self.lingers.store(true, Ordering::Relaxed);
    }

    /// Returns when the connection is to go.
    pub(super) async fn asked(&self) {
        self.asked.notified().await;
        if !self.is_by_reset() {
            // What the client has sent is read first, or the kernel would reset the connection.
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    fn is_lingering(&self) -> bool {
        self.lingers.load(Ordering::Relaxed)
    }

    pub(super) fn is_by_reset(&self) -> bool {
        self.by_reset.load(Ordering::Relaxed)
    }
}

/// A connection that ends as it is told to, whoever holds it by then.
pub(super) struct Ending {
    /// None once it has been handed on, as the very last thing.
    stream: Option<TlsStream<TcpStream>>,
    hang_up: Arc<HangUp>,
}

impl Ending {
    pub(super) fn new(stream: TlsStream<TcpStream>, hang_up: Arc<HangUp>) -> Self {
        Self { stream: Some(stream), hang_up }
    }

    fn stream(&mut self) -> Pin<&mut TlsStream<TcpStream>> {
        Pin::new(self.stream.as_mut().expect("only the end takes the stream away"))
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let Some(stream) = self.stream.take() else { return };
        if self.hang_up.is_by_reset() {
            // A connection that is gone already has nothing left to be reset.
            let _ = stream.get_ref().0.set_zero_linger();
        } else if self.hang_up.is_lingering()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(linger(stream.into_inner().0));
        }
    }
}

/// Says no more, and listens until the client has left as well.
pub(super) async fn linger(mut stream: TcpStream) {
    let drain = async {
        let _ = stream.shutdown().await;
        let mut buffer = [0; 4096];
        while stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
    };
    // A client that stays for longer is left alone.
    let _ = tokio::time::timeout(LINGER, drain).await;
}

impl AsyncRead for Ending {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream().poll_read(cx, buffer)
    }
}

impl AsyncWrite for Ending {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream().poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(cx)
    }
}
