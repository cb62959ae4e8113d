//! SOCKS 5 (RFC 1928) with user and password (RFC 1929): a tunnel, and nothing else of it.

use std::net::{IpAddr, SocketAddr};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use zeroize::Zeroizing;

use super::{Login, refused};
use crate::facts::{Failure, Fault, Stage};
use crate::net::{Target, classify};

const VERSION: u8 = 5;
const NO_LOGIN: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const NO_METHOD: u8 = 0xff;

/// Asks for the tunnel: to the resolved address, or to the target's name where there is none.
pub(super) async fn open<S: AsyncRead + AsyncWrite + Unpin>(
    target: &Target,
    resolved: Option<SocketAddr>,
    login: Option<&Login>,
    stream: &mut S,
) -> Result<(), Failure> {
    greet(login, stream).await?;
    send(stream, &request(target, resolved)?).await?;
    let [version, reply, _, kind] = receive(stream).await?;
    if version != VERSION {
        return Err(not_socks());
    }
    if reply != 0 {
        return Err(refused(format!("SOCKS 5 reply {reply}: {}", reply_words(reply))));
    }
    skip_address(kind, stream).await
}

async fn greet<S: AsyncRead + AsyncWrite + Unpin>(
    login: Option<&Login>,
    stream: &mut S,
) -> Result<(), Failure> {
    match login {
        Some(_) => send(stream, &[VERSION, 2, NO_LOGIN, USER_AND_PASSWORD]).await?,
        None => send(stream, &[VERSION, 1, NO_LOGIN]).await?,
    }
    match (receive(stream).await?, login) {
        ([VERSION, NO_LOGIN], _) => Ok(()),
        ([VERSION, USER_AND_PASSWORD], Some(login)) => log_in(login, stream).await,
        ([VERSION, NO_METHOD], None) => Err(wants("it wants a login")),
        ([VERSION, NO_METHOD], Some(_)) => {
            let detail = "it takes neither user and password nor no login";
            Err(Failure::new(Stage::Proxy, Fault::ProxyWantsOtherLogin, detail))
        }
        _ => Err(not_socks()),
    }
}

async fn log_in<S: AsyncRead + AsyncWrite + Unpin>(
    login: &Login,
    stream: &mut S,
) -> Result<(), Failure> {
    let mut message = Zeroizing::new(vec![1]);
    for part in [&login.user, &login.password] {
        let bytes = part.expose().as_bytes();
        let length =
            u8::try_from(bytes.len()).map_err(|_| wants("the login is too long for it"))?;
        message.push(length);
        message.extend_from_slice(bytes);
    }
    send(stream, &message).await?;
    match receive(stream).await? {
        [_, 0] => Ok(()),
        _ => Err(wants("the login of the proxy's URL was not accepted")),
    }
}

fn request(target: &Target, resolved: Option<SocketAddr>) -> Result<Vec<u8>, Failure> {
    let mut bytes = vec![VERSION, 1, 0];
    let address = resolved.map(|address| address.ip()).or_else(|| target.host.parse().ok());
    match address {
        Some(IpAddr::V4(address)) => {
            bytes.push(1);
            bytes.extend(address.octets());
        }
        Some(IpAddr::V6(address)) => {
            bytes.push(4);
            bytes.extend(address.octets());
        }
        None => {
            let length = u8::try_from(target.host.len());
            let length = length.map_err(|_| refused("the host's name is too long for SOCKS 5"))?;
            bytes.extend([3, length]);
            bytes.extend(target.host.as_bytes());
        }
    }
    let port = resolved.map_or(target.port, |address| address.port());
    bytes.extend(port.to_be_bytes());
    Ok(bytes)
}

/// The address at the end of a reply says nothing that is needed.
async fn skip_address<S: AsyncRead + Unpin>(kind: u8, stream: &mut S) -> Result<(), Failure> {
    let length = match kind {
        1 => 4,
        4 => 16,
        3 => usize::from(receive::<S, 1>(stream).await?[0]),
        _ => return Err(not_socks()),
    };
    let mut rest = vec![0; length + 2];
    stream.read_exact(&mut rest).await.map(|_| ()).map_err(|error| lost(&error))
}

async fn send<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8]) -> Result<(), Failure> {
    stream.write_all(bytes).await.map_err(|error| lost(&error))?;
    stream.flush().await.map_err(|error| lost(&error))
}

async fn receive<S: AsyncRead + Unpin, const N: usize>(stream: &mut S) -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await.map_err(|error| lost(&error))?;
    Ok(bytes)
}

fn reply_words(reply: u8) -> &'static str {
    match reply {
        1 => "general failure",
        2 => "not allowed by its rules",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused by the target",
        6 => "time to live expired",
        7 => "command not supported",
        8 => "address type not supported",
        _ => "unknown",
    }
}

fn wants(detail: &str) -> Failure {
    Failure::new(Stage::Proxy, Fault::ProxyWantsLogin, detail)
}

fn not_socks() -> Failure {
    refused("its answer is not SOCKS 5; is it a proxy of another kind?")
}

fn lost(error: &std::io::Error) -> Failure {
    classify::failure(error, Stage::Proxy)
}
