//! Small QUIC servers on loopback for the tests of `net` and `transport`.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use quinn::crypto::rustls::QuicServerConfig;
use quinn::{Endpoint, Incoming, ServerConfig};

use crate::net::How;
use crate::net::loopback::{Identity, how};
use crate::net::tls::Alpn;

/// Hands every connection that is asked for to a function; ends with the test's runtime.
pub(crate) fn serve_quic<F, W>(identity: Identity, protocols: &[&str], handle: F) -> SocketAddr
where
    F: Fn(Incoming) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let mut tls = rustls::ServerConfig::clone(identity.acceptor(protocols).config());
    tls.max_early_data_size = u32::MAX;
    let config = QuicServerConfig::try_from(tls).expect("TLS 1.3");
    let config = ServerConfig::with_crypto(Arc::new(config));
    let bind = SocketAddr::from(([127, 0, 0, 1], 0));
    let endpoint = Endpoint::server(config, bind).expect("a port");
    let address = endpoint.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Some(incoming) = endpoint.accept().await {
            tokio::spawn(handle(incoming));
        }
    });
    address
}

/// Takes a connection, early requests too.
pub(crate) fn accepted(incoming: Incoming) -> quinn::Connection {
    let connecting = incoming.accept().expect("a connection");
    connecting.into_0rtt().unwrap_or_else(|_| panic!("a server need not wait")).0
}

/// The usual target and this server, over HTTP/3.
pub(crate) fn how_over_quic(leads_to: SocketAddr, roots: String) -> How {
    over_quic(how(&[leads_to], roots))
}

/// The same, for HTTP/3.
pub(crate) fn over_quic(mut how: How) -> How {
    how.tls = how.tls.offering(Alpn::H3);
    how
}
