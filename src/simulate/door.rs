//! What happens on a connection before HTTP: pauses, resets, silence, alerts, and bytes that are no
//! HTTP.
//!
//! Works on raw bytes. It never sees a request and never decides: `judge.rs` does that.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::fault::{Door, Kind};
use super::kind;

/// The most a server says that never comes to an end.
const HEADER_LIMIT: usize = 64 * 1024 * 1024;

/// What an Ethernet packet carries of TCP, less what tunnels take.
const PACKET: u16 = 1300;

/// How long a client may take over a few bytes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Misbehaves before TLS. Returns the stream if this door opens only behind TLS.
pub(super) async fn before_tls(door: Door, mut stream: TcpStream) -> io::Result<Option<TcpStream>> {
    match door {
        Door::Reset => stream.set_zero_linger()?,
        Door::CloseAfterHello => read_hello(&mut stream).await.map(|_| ())?,
        Door::ResetAfterHello => {
            read_hello(&mut stream).await?;
            stream.set_zero_linger()?;
        }
        Door::SmallHello => return small_hello(stream).await,
        Door::Kind(kind) => be(kind, &mut stream).await?,
        Door::Silent => drain(&mut stream).await?,
        Door::Pause(ms) => {
            sleep(Duration::from_millis(ms)).await;
            return Ok(Some(stream));
        }
        Door::Plaintext => say(&mut stream, include_bytes!("bodies/plain-http.txt")).await?,
        Door::Alert(code) => say(&mut stream, &[21, 3, 3, 0, 2, 2, code]).await?,
        Door::ResetAfterTls => {
            stream.set_zero_linger()?;
            return Ok(Some(stream));
        }
        Door::Garbage | Door::EndlessHeaders | Door::GoAway(_) => return Ok(Some(stream)),
    }
    Ok(None)
}

/// Misbehaves after the TLS handshake. Returns the stream if HTTP may be spoken on it.
pub(super) async fn after_tls<S: AsyncRead + AsyncWrite + Unpin>(
    door: Door,
    stream: S,
) -> io::Result<Option<S>> {
    match door {
        Door::Pause(_) => return Ok(Some(stream)),
        Door::Garbage => garbage(stream).await?,
        Door::EndlessHeaders => endless_headers(stream).await?,
        Door::GoAway(code) => go_away(stream, code).await?,
        Door::ResetAfterTls => wait_for_request(stream).await?,
        Door::Reset
        | Door::CloseAfterHello
        | Door::ResetAfterHello
        | Door::SmallHello
        | Door::Kind(_)
        | Door::Silent
        | Door::Plaintext
        | Door::Alert(_) => {}
    }
    Ok(None)
}

async fn say(stream: &mut TcpStream, answer: &[u8]) -> io::Result<()> {
    read_hello(stream).await?;
    stream.write_all(answer).await?;
    stream.shutdown().await?;
    drain(stream).await
}

/// Reads one TLS record, so that closing afterwards is a plain end and no reset. Gives what is in it.
async fn read_hello(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let read = async {
        let mut head = [0; 5];
        stream.read_exact(&mut head).await?;
        let mut body = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
        stream.read_exact(&mut body).await.map(|_| body)
    };
    timeout(PATIENCE, read).await.unwrap_or(Ok(Vec::new()))
}

/// Leaves the record where it is and looks at its length. None where it was too large, and the client has
/// given up.
async fn small_hello(mut stream: TcpStream) -> io::Result<Option<TcpStream>> {
    let mut head = [0; 5];
    while let read @ 1..5 = stream.peek(&mut head).await? {
        sleep(Duration::from_millis(read as u64)).await;
    }
    if u16::from_be_bytes([head[3], head[4]]) < PACKET {
        return Ok(Some(stream));
    }
    drain(&mut stream).await?;
    Ok(None)
}

/// Says what a server of that kind says first, and no more.
async fn be(kind: Kind, stream: &mut TcpStream) -> io::Result<()> {
    let hello = read_hello(stream).await?;
    stream.write_all(&kind::answer(kind, &hello)).await?;
    drain(stream).await
}

/// Reads until the client gives up.
async fn drain(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    let mut buffer = vec![0; 4096];
    while stream.read(&mut buffer).await? > 0 {}
    Ok(())
}

async fn garbage(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let mut first = [0; 1024];
    timeout(PATIENCE, stream.read(&mut first)).await.unwrap_or(Ok(0))?;
    stream.write_all(b"\x00\x13+PONG lp0 on fire\r\n\r\n").await?;
    stream.shutdown().await
}

/// Closing afterwards is a reset, because nothing may linger on this connection.
async fn wait_for_request(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let mut first = [0; 1024];
    timeout(PATIENCE, stream.read(&mut first)).await.unwrap_or(Ok(0)).map(|_| ())
}

async fn endless_headers(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let mut first = [0; 1024];
    timeout(PATIENCE, stream.read(&mut first)).await.unwrap_or(Ok(0))?;
    stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
    let lines = "x-gateway-trace: 0123456789abcdef0123456789abcdef\r\n".repeat(80);
    for _ in 0..HEADER_LIMIT / lines.len() {
        stream.write_all(lines.as_bytes()).await?;
    }
    Ok(())
}

async fn go_away(mut stream: impl AsyncRead + AsyncWrite + Unpin, code: u32) -> io::Result<()> {
    let mut connection = h2::server::handshake(&mut stream).await.map_err(io::Error::other)?;
    // The request is kept: dropping it would reset its stream before the connection says goodbye.
    let _first: Option<(_, h2::server::SendResponse<Bytes>)> =
        connection.accept().await.transpose().map_err(io::Error::other)?;
    connection.abrupt_shutdown(h2::Reason::from(code));
    while connection.accept().await.is_some() {}
    drop(connection);
    // Closing with something unread would be a reset, which overtakes the goodbye.
    drain(&mut stream).await
}
