//! Tests of the room, through a client that is written by hand and shares nothing with the product.

mod aliases;
mod bodies;
mod catalogue;
mod doors;
mod files;
mod google;
mod grpc;
mod honest;
#[cfg(feature = "http3")]
mod http3;
mod judge;
mod log;
mod refusals;
mod regimes;
mod time;
mod timed;
mod timeouts;
mod traffic;
mod transport;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{AUTH_KEY, DnsAnswer, Options, Scenario, Simulation, find};

pub(super) const HOST: &str = "generativelanguage.googleapis.com";

/// Starts a built-in scenario as it is meant to be run.
pub(super) fn start(id: &str) -> Simulation {
    start_scenario(find(id).unwrap())
}

pub(super) fn start_scenario(scenario: &Scenario) -> Simulation {
    Simulation::start(scenario, &Options::for_scenario(scenario)).unwrap()
}

/// An answer, taken apart.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(super) fn message(&self) -> String {
        self.json()["error"]["message"].as_str().unwrap().to_owned()
    }
}

/// One request on a connection of its own, over HTTP/1.1, with a good key.
pub(super) async fn ask(simulation: &Simulation, line: &str, body: &str) -> Answer {
    ask_with(simulation, line, &format!("x-goog-api-key: {AUTH_KEY}\r\n"), body).await
}

/// The same with these header lines instead of the key's.
pub(super) async fn ask_with(
    simulation: &Simulation,
    line: &str,
    headers: &str,
    body: &str,
) -> Answer {
    let text = exchange(simulation, HOST, line, headers, body).await.unwrap();
    read_answer(&text)
}

/// Sends a request and returns every byte that came back; a test that waits for ever is a failure.
pub(super) async fn exchange(
    simulation: &Simulation,
    host: &str,
    line: &str,
    headers: &str,
    body: &str,
) -> std::io::Result<Vec<u8>> {
    let length = body.len();
    let head = format!(
        "{line} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}\
         content-length: {length}\r\n\r\n"
    );
    timeout(Duration::from_secs(20), speak(simulation, &head, body)).await.unwrap()
}

async fn speak(simulation: &Simulation, head: &str, body: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = connect(simulation, &[b"http/1.1"]).await?;
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.flush().await?;
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    loop {
        match stream.read(&mut piece).await {
            Ok(0) => return Ok(answer),
            Ok(count) => answer.extend_from_slice(&piece[..count]),
            // The end without a goodbye counts as an end; the callers look at what came before.
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(answer),
            Err(error) => return Err(error),
        }
    }
}

pub(super) fn read_answer(bytes: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let body = if is_chunked { unchunked(body) } else { body.to_owned() };
    Answer { status, head: head.to_owned(), body }
}

fn unchunked(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((size, tail)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        body.push_str(&tail[..size]);
        rest = &tail[(size + 2).min(tail.len())..];
    }
    body
}

/// A TLS connection to the simulator, which trusts the simulated public CA and nothing else.
pub(super) async fn connect(
    simulation: &Simulation,
    alpn: &[&[u8]],
) -> std::io::Result<TlsStream<TcpStream>> {
    connect_to(simulation.address(), &simulation.client().public_roots_pem, alpn).await
}

pub(super) async fn connect_to(
    address: SocketAddr,
    roots_pem: &str,
    alpn: &[&[u8]],
) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    handshake(stream, roots_pem, alpn).await
}

pub(super) async fn handshake(
    stream: TcpStream,
    roots_pem: &str,
    alpn: &[&[u8]],
) -> std::io::Result<TlsStream<TcpStream>> {
    stream.set_nodelay(true)?;
    let name = ServerName::try_from(HOST).unwrap();
    TlsConnector::from(Arc::new(client_config(roots_pem, alpn))).connect(name, stream).await
}

pub(super) fn client_config(roots_pem: &str, alpn: &[&[u8]]) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_slice_iter(roots_pem.as_bytes()) {
        roots.add(root.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
    config
}

/// The addresses that the API's name leads to.
pub(super) fn addresses(simulation: &Simulation) -> Vec<SocketAddr> {
    let (_, answer) =
        simulation.client().dns.iter().find(|(name, _)| name == HOST).unwrap().clone();
    match answer {
        DnsAnswer::Addresses(addresses) => addresses,
        other => panic!("the name leads nowhere: {other:?}"),
    }
}
