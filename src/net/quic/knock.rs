//! Finds out that nobody listens on a UDP port, which the QUIC library does not tell: it goes on waiting.
//!
//! Must not hurry: a server that answers in time is not asked a second time.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::UdpSocket;

use crate::facts::{Failure, Fault, Stage};
use crate::net::classify;

/// How long a handshake may take before anybody knocks.
const PATIENCE: Duration = Duration::from_millis(200);

/// A socket that leads to one address alone, so that the system reports what the path says of it.
pub(super) struct Knock(UdpSocket);

impl Knock {
    /// Fails at once where there is no way to the address.
    pub(super) fn at(address: SocketAddr) -> io::Result<Self> {
        let socket = std::net::UdpSocket::bind(super::dial::any(&address))?;
        socket.connect(address)?;
        socket.set_nonblocking(true)?;
        UdpSocket::from_std(socket).map(Self)
    }

    /// Waits for the news that the port is closed; for ever, where none comes. One byte is no packet of
    /// QUIC, so that a server takes no notice of it.
    pub(super) async fn answer(self) -> Failure {
        tokio::time::sleep(PATIENCE).await;
        match self.news().await {
            Err(error) => failure(&error),
            Ok(()) => std::future::pending().await,
        }
    }

    async fn news(&self) -> io::Result<()> {
        self.0.send(&[0]).await?;
        self.0.recv(&mut [0; 1]).await.map(|_| ())
    }
}

/// Windows tells of a closed port as of a reset.
fn failure(error: &io::Error) -> Failure {
    let found = classify::failure(error, Stage::Tcp);
    match found.fault {
        Fault::Refused | Fault::Reset => {
            Failure::new(Stage::Tcp, Fault::Refused, "nobody listens on this UDP port")
        }
        _ => found,
    }
}
