//! The door for HTTP/3: the same server, certificates and log, over QUIC on the UDP port of the same
//! number.
//!
//! Decides nothing: what is answered comes from where the answers over TCP come from. Where the UDP port
//! is taken there is no HTTP/3, and nobody is told of any.

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use ::h3::error::{Code, StreamError};
use ::h3::server::{self, RequestResolver, RequestStream};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use h3_quinn::BidiStream;
use http_body_util::BodyExt;
use hyper::body::Body;
use quinn::crypto::rustls::QuicServerConfig;
use quinn::{Endpoint, EndpointConfig, Incoming, TokioRuntime, VarInt};
use rustls::server::ServerSessionMemoryCache;
use tokio::net::UdpSocket;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::call::{Http, Link};
use super::fault::Door;
use super::line::{Arrival, BODY_LIMIT, Line, answer_to};
use super::reply::{Broken, Payload};
use super::serve::{Server, number};

/// How many sessions can be resumed.
const SESSIONS: usize = 256;

/// How long the last answer is on its way: what has not arrived when a connection ends is lost.
const FAREWELL: Duration = Duration::from_millis(100);

type Stream = RequestStream<BidiStream<Bytes>, Bytes>;
type Resolver = RequestResolver<h3_quinn::Connection, Bytes>;

/// Listens beside a TCP listener, and tells whether it does. QUIC itself is set up when somebody speaks
/// it: most simulations never hear any.
pub(super) fn open(server: &Server, address: SocketAddr, permits: &Arc<Semaphore>) -> bool {
    let Ok(socket) = bind(address) else { return false };
    tokio::spawn(listen(socket, address, server.clone(), Arc::clone(permits)));
    true
}

fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = std::net::UdpSocket::bind(address)?;
    socket.set_nonblocking(true)?;
    UdpSocket::from_std(socket)
}

async fn listen(
    socket: UdpSocket,
    address: SocketAddr,
    server: Server,
    permits: Arc<Semaphore>,
) -> Result<(), Broken> {
    socket.readable().await?;
    let config = Some(config(&server)?);
    let socket = socket.into_std()?;
    let endpoint =
        Endpoint::new(EndpointConfig::default(), config, socket, Arc::new(TokioRuntime))?;
    loop {
        let permit = Arc::clone(&permits).acquire_owned().await;
        let permit = permit.expect("nobody closes this semaphore");
        let Some(incoming) = endpoint.accept().await else { return Ok(()) };
        tokio::spawn(connection(server.clone(), address, incoming, permit));
    }
}

/// The certificates of TCP, and sessions of its own, with which requests may come early.
fn config(server: &Server) -> Result<quinn::ServerConfig, Broken> {
    let mut tls = rustls::ServerConfig::clone(server.tls.config());
    tls.alpn_protocols = vec![b"h3".to_vec()];
    tls.session_storage = ServerSessionMemoryCache::new(SESSIONS);
    tls.max_early_data_size = u32::MAX;
    Ok(quinn::ServerConfig::with_crypto(Arc::new(QuicServerConfig::try_from(tls)?)))
}

/// One connection from its first datagram on. A failure on the wire is the client's to tell.
async fn connection(
    server: Server,
    local: SocketAddr,
    incoming: Incoming,
    _permit: OwnedSemaphorePermit,
) -> Result<(), Broken> {
    let peer = incoming.remote_address();
    let link = Link { number: number(&server), peer, local, listener: server.place };
    match server.world.judge.door(&link) {
        None => {}
        Some(Door::Pause(ms)) => sleep(Duration::from_millis(ms)).await,
        // Who forgot it would take every repetition for another connection.
        Some(Door::Silent) => return pending().await,
        Some(_) => {
            incoming.refuse();
            return Ok(());
        }
    }
    let connecting = incoming.accept()?;
    let (connection, _) = connecting.into_0rtt().map_err(|_| "a server need not wait")?;
    http(server, link, connection).await
}

async fn http(server: Server, link: Link, connection: quinn::Connection) -> Result<(), Broken> {
    let line = Arc::new(Line::new(server.world, link, Http::Http3));
    let mut served = pin!(serve(&line, connection.clone()));
    tokio::select! {
        result = served.as_mut() => return result,
        () = line.hang_up.asked() => {}
        () = line.forgotten() => {}
    }
    let is_rude = line.hang_up.is_by_reset();
    let code = if is_rude { Code::H3_INTERNAL_ERROR } else { Code::H3_NO_ERROR };
    connection.close(VarInt::from_u64(code.value())?, b"");
    Ok(())
}

/// Whatever is still under way ends with the connection.
async fn serve(line: &Arc<Line>, connection: quinn::Connection) -> Result<(), Broken> {
    let over = h3_quinn::Connection::new(connection);
    let mut connection = server::builder().send_grease(false).build(over).await?;
    let mut requests = JoinSet::new();
    let mut is_retired = false;
    loop {
        tokio::select! {
            resolver = connection.accept() => match resolver? {
                Some(resolver) => {
                    requests.spawn(request(Arc::clone(line), resolver));
                }
                None => return Ok(()),
            },
            Some(_) = requests.join_next() => {}
            () = line.retired.notified() => {
                connection.shutdown(0).await?;
                is_retired = true;
            }
            () = sleep(FAREWELL), if is_retired && requests.is_empty() => return Ok(()),
        }
    }
}

async fn request(line: Arc<Line>, resolver: Resolver) -> Result<(), Broken> {
    let (request, mut stream) = resolver.resolve_request().await?;
    let arrival = Arrival::on(&line);
    let (parts, ()) = request.into_parts();
    let body = read(&mut stream).await?;
    match answer_to(&line, arrival, &parts, body).await {
        Ok(response) => Ok(send(&mut stream, response).await?),
        Err(broken) => {
            stream.stop_stream(code(&broken));
            Ok(())
        }
    }
}

/// The body; none if it is too large.
async fn read(stream: &mut Stream) -> Result<Option<Bytes>, StreamError> {
    let mut body = BytesMut::new();
    while let Some(piece) = stream.recv_data().await? {
        if body.len() + piece.remaining() > BODY_LIMIT {
            return Ok(None);
        }
        body.put(piece);
    }
    Ok(Some(body.freeze()))
}

async fn send(stream: &mut Stream, response: http::Response<Payload>) -> Result<(), StreamError> {
    let (mut head, mut body) = response.into_parts();
    if let Some(length) = body.size_hint().exact() {
        head.headers.entry(http::header::CONTENT_LENGTH).or_insert(length.into());
    }
    stream.send_response(http::Response::from_parts(head, ())).await?;
    // A body that is cut ends before the end that its head announces. A reset would take away what was
    // said before it, too.
    while let Some(Ok(frame)) = body.frame().await {
        if let Ok(piece) = frame.into_data() {
            stream.send_data(piece).await?;
        }
    }
    stream.finish().await
}

/// The code of HTTP/3 that means what one of HTTP/2 does.
fn code(broken: &Broken) -> Code {
    let reason = broken.downcast_ref::<h2::Error>().and_then(h2::Error::reason);
    match reason {
        Some(h2::Reason::NO_ERROR) => Code::H3_NO_ERROR,
        Some(h2::Reason::REFUSED_STREAM) => Code::H3_REQUEST_REJECTED,
        Some(h2::Reason::CANCEL) => Code::H3_REQUEST_CANCELLED,
        Some(h2::Reason::ENHANCE_YOUR_CALM) => Code::H3_EXCESSIVE_LOAD,
        _ => Code::H3_INTERNAL_ERROR,
    }
}
