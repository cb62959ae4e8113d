//! A proxy of a few lines: it understands `CONNECT` and leads every tunnel to the simulator.
//!
//! It never connects to anything but the simulator, whatever name the client asks for.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::scenario::Proxy;

/// User and password that the proxy with Basic authentication accepts.
pub(super) const USER: &str = "corp:corp-FAKE-password";

/// The longest request head that is read.
const HEAD_LIMIT: usize = 64 * 1024;

/// Serves until the runtime ends.
pub(super) async fn serve(listener: TcpListener, manner: Proxy, target: SocketAddr) {
    loop {
        // An accept that fails now and then must not end the proxy.
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(connection(stream, manner, target));
        }
    }
}

async fn connection(mut client: TcpStream, manner: Proxy, target: SocketAddr) -> io::Result<()> {
    client.set_nodelay(true)?;
    let head = read_head(&mut client).await?;
    if let Some(refusal) = refusal(manner, &head) {
        client.write_all(refusal.as_bytes()).await?;
        return client.shutdown().await;
    }
    if let Proxy::Slow(ms) = manner {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
    tunnel(client, target).await
}

async fn tunnel(mut client: TcpStream, target: SocketAddr) -> io::Result<()> {
    let mut server = TcpStream::connect(target).await?;
    server.set_nodelay(true)?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await.map(|_| ())
}

async fn read_head(client: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < HEAD_LIMIT {
        head.push(client.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn refusal(manner: Proxy, head: &str) -> Option<String> {
    if !head.starts_with("CONNECT ") {
        return Some(answer("405 Method Not Allowed", "", "Only CONNECT is served here.\n"));
    }
    match manner {
        Proxy::Basic if !authorized(head) => Some(answer(
            "407 Proxy Authentication Required",
            "Proxy-Authenticate: Basic realm=\"corp\"\r\n",
            "",
        )),
        Proxy::Ntlm => {
            let schemes = "Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n";
            Some(answer("407 Proxy Authentication Required", schemes, ""))
        }
        Proxy::Refuses => Some(answer(
            "403 Forbidden",
            "Content-Type: text/html\r\n",
            include_str!("bodies/proxy-403.html"),
        )),
        _ => None,
    }
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

fn authorized(head: &str) -> bool {
    let expected = format!("Basic {}", STANDARD.encode(USER));
    head.lines().filter_map(|line| line.split_once(':')).any(|(name, value)| {
        name.eq_ignore_ascii_case("proxy-authorization") && value.trim() == expected
    })
}
