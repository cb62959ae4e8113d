//! The stream a request travels on: plain or TLS, straight or through a proxy, with a tap at each end.

use std::future::poll_fn;
use std::io::{IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::{ClientConnection, ProtocolVersion};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::deadline::Deadline;
use super::frames::FrameLog;
use super::tap::{Tap, TapLog};
use super::tls::{self, Handshake};

/// A connection to the target that is ready for HTTP.
#[derive(Debug)]
pub struct Stream {
    wire: Tap<Wire>,
    raw: TapLog,
}

/// The way to the next hop: TCP, or TLS to an `https://` proxy.
pub(super) type Link = Hop<TcpStream>;
/// The way to the target, over a link.
type Wire = Hop<Tap<Link>>;

/// A stream as it is, or TLS over it.
#[derive(Debug)]
pub(super) enum Hop<S> {
    Plain(S),
    Tls(Box<TlsStream<S>>),
}

impl Stream {
    pub(super) fn plain(link: Tap<Link>) -> Self {
        let raw = link.log();
        Self { wire: Tap::timing(Hop::Plain(link)), raw }
    }

    pub(super) fn tls(stream: TlsStream<Tap<Link>>) -> Self {
        let (link, session) = stream.get_ref();
        let (raw, http2) = (link.log(), session.alpn_protocol() == Some(b"h2"));
        let wire = Hop::Tls(Box::new(stream));
        let wire = match http2 {
            true => Tap::reading(wire, FrameLog::default()),
            false => Tap::timing(wire),
        };
        Self { wire, raw }
    }

    /// Notes of the bytes as HTTP sees them.
    pub fn log(&self) -> TapLog {
        self.wire.log()
    }

    /// Notes of the bytes on the wire, TLS with the target included. Behind a proxy these are the bytes
    /// of its tunnel.
    pub fn raw_log(&self) -> TapLog {
        self.raw.clone()
    }

    /// The frames that pass, where the handshake settled on HTTP/2.
    pub fn frames(&self) -> Option<FrameLog> {
        self.wire.frames().cloned()
    }

    /// The HTTP version the handshake settled on, if it did: `h2`, `http/1.1`.
    pub fn alpn(&self) -> Option<&[u8]> {
        self.session()?.alpn_protocol()
    }

    /// How the TLS handshake was done.
    pub fn handshake(&self) -> Option<Handshake> {
        self.session().map(tls::kind)
    }

    /// Reads until the server has sent what a later handshake can resume, for so long at most, and
    /// closes: for connections that carry no request. Whether it came; with TLS 1.2 the handshake itself
    /// brings it, or nothing ever does, so that only the later handshake tells.
    pub async fn close_with_ticket(mut self, at_most: Duration) -> bool {
        let deadline = Deadline::after(at_most);
        let mut unread = vec![0; 4096];
        let coming = poll_fn(|context| self.poll_ticket(context, &mut unread));
        let came = tokio::time::timeout(deadline.left(), coming).await.unwrap_or(false);
        let _ = tokio::time::timeout(deadline.left(), self.shutdown()).await;
        came
    }

    /// A ticket is no data: whoever only reads is not told that one came.
    fn poll_ticket(&mut self, context: &mut Context<'_>, unread: &mut [u8]) -> Poll<bool> {
        loop {
            let mut buffer = ReadBuf::new(unread);
            let polled = Pin::new(&mut *self).poll_read(context, &mut buffer);
            match polled {
                _ if self.has_ticket() => return Poll::Ready(true),
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(false),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn has_ticket(&self) -> bool {
        self.session().is_some_and(|session| {
            session.tls13_tickets_received() > 0
                || session.protocol_version() == Some(ProtocolVersion::TLSv1_2)
        })
    }

    fn session(&self) -> Option<&ClientConnection> {
        match self.wire.inner() {
            Hop::Plain(_) => None,
            Hop::Tls(stream) => Some(stream.get_ref().1),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().wire).poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut self.get_mut().wire).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().wire).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().wire).poll_shutdown(context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut self.get_mut().wire).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.wire.is_write_vectored()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Hop<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Hop<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write_vectored(context, slices),
            Self::Tls(stream) => Pin::new(stream).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(stream) => stream.is_write_vectored(),
            Self::Tls(stream) => stream.is_write_vectored(),
        }
    }
}
