//! The TLS handshake and what it shows: version, cipher, chain, and which store trusted it.
//!
//! Must not weaken verification: a chain that no store accepts ends the connection.

pub(super) mod failure;
pub mod hello;
#[cfg(feature = "http3")]
pub(super) mod quic;
pub mod scan;
pub mod stores;
pub mod trust;
mod verifier;
pub(super) mod watch;

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, NamedGroup, ProtocolVersion};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::classify;
use crate::certs::{Cause, Chain};
use crate::facts::{Failure, Fault, Stage};
use trust::{Trust, TrustedBy, UnusableRoots};
use verifier::Verifier;
pub use watch::Judged;

/// How many sessions are kept for resumption.
const SESSIONS: usize = 8;

/// Which HTTP versions are offered in the handshake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alpn {
    /// HTTP/1.1 only.
    H1,
    /// HTTP/2 only.
    H2,
    /// HTTP/3 only, which is for QUIC.
    H3,
    /// Both, HTTP/2 first.
    #[default]
    Either,
    /// None: the extension is not sent.
    None,
}

/// Which HTTP versions were offered, and what came of it. Through a proxy it is the target that chose, as
/// long as the chain is the target's own: [`TlsFacts::trusted_by`] and [`TlsFacts::chain`] tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Negotiated {
    /// What was offered.
    pub offered: Alpn,
    /// What the other side picked, as it is written on the wire; `None` where it picked nothing, because
    /// it knows no ALPN or because none was offered.
    pub chosen: Option<String>,
    /// What is spoken then: `HTTP/1.1`, `HTTP/2` or `HTTP/3`.
    pub http: &'static str,
}

/// How TLS is spoken. Clones share the session store, so that a later handshake can resume.
#[derive(Clone, Debug)]
pub struct Setup {
    config: Arc<ClientConfig>,
    alpn: Alpn,
    verifier: Arc<Verifier>,
}

/// What a finished handshake shows.
#[derive(Clone, Debug, PartialEq)]
pub struct TlsFacts {
    /// `TLS 1.3` or `TLS 1.2`.
    pub version: String,
    /// The cipher suite's registered name.
    pub cipher: String,
    /// The group of the key exchange; `None` where a TLS 1.2 session was resumed.
    pub group: Option<String>,
    /// Which HTTP versions were offered.
    pub offered: Alpn,
    /// The HTTP version the server picked, as it is written on the wire.
    pub alpn: Option<String>,
    /// How it was done.
    pub handshake: Handshake,
    /// Which store vouched for the chain.
    pub trusted_by: Option<TrustedBy>,
    /// The chain as it was sent.
    pub chain: Arc<Chain>,
    /// The OCSP answer that was stapled, as it came; empty for none. That it is there proves nothing.
    pub ocsp: Vec<u8>,
    /// Session tickets received so far (TLS 1.3).
    pub tickets: u32,
}

/// How a handshake was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handshake {
    /// With certificates.
    Full,
    /// With certificates, and the server asked for another key share first.
    FullAfterRetry,
    /// From an earlier session.
    Resumed,
}

/// A chain that no store accepts.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The chain as it was sent.
    pub chain: Chain,
    /// Why it is refused, the most important cause first.
    pub causes: Vec<Cause>,
    /// The OCSP answer that was stapled, as it came; empty for none.
    pub ocsp: Vec<u8>,
}

/// A handshake that did not finish, with the chain if that was refused.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub failure: Failure,
    pub refused: Option<Box<Refused>>,
}

impl Alpn {
    pub(super) fn protocols(self) -> Vec<Vec<u8>> {
        let words: &[&str] = match self {
            Self::H1 => &["http/1.1"],
            Self::H2 => &["h2"],
            Self::H3 => &["h3"],
            Self::Either => &["h2", "http/1.1"],
            Self::None => &[],
        };
        words.iter().map(|word| word.as_bytes().to_vec()).collect()
    }
}

impl Setup {
    /// Builds everything but the operating system's store, which is read when it is needed.
    pub fn new(trust: &Trust, alpn: Alpn) -> Result<Self, UnusableRoots> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = Arc::new(Verifier::new(trust, &provider)?);
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider supports TLS 1.2 and 1.3")
            .dangerous()
            .with_custom_certificate_verifier(verifier.clone())
            .with_no_client_auth();
        config.alpn_protocols = alpn.protocols();
        config.resumption = sessions();
        Ok(Self { config: Arc::new(config), alpn, verifier })
    }

    /// The same trust, with other HTTP versions offered and no earlier session known.
    #[must_use]
    pub fn offering(&self, alpn: Alpn) -> Self {
        let mut config = ClientConfig::clone(&self.config);
        config.alpn_protocols = alpn.protocols();
        config.resumption = sessions();
        Self { config: Arc::new(config), alpn, verifier: self.verifier.clone() }
    }

    /// The same in everything, with no earlier session known: for connections that are to be cold.
    #[must_use]
    pub fn cold(&self) -> Self {
        self.offering(self.alpn)
    }

    /// Whether HTTP/2 is all that is offered.
    pub(super) fn wants_http2(&self) -> bool {
        self.alpn == Alpn::H2
    }

    /// The configuration itself, for clients that make their own connections.
    pub fn config(&self) -> Arc<ClientConfig> {
        self.config.clone()
    }
}

/// A store in which no session is kept yet.
fn sessions() -> Resumption {
    #[cfg(feature = "http3")]
    return Resumption::store(Arc::new(quic::Sessions::new(SESSIONS)));
    #[cfg(not(feature = "http3"))]
    return Resumption::in_memory_sessions(SESSIONS);
}

impl TlsFacts {
    /// Of a handshake that was only looked at: whoever vouches for the chain is told beside it.
    pub(super) fn watched(setup: &Setup, offered: Alpn, connection: &ClientConnection) -> Self {
        Self { offered, ..facts(setup, connection) }
    }

    /// What came of the HTTP versions that were offered.
    pub fn negotiated(&self) -> Negotiated {
        let http = match self.alpn.as_deref() {
            Some("h3") => "HTTP/3",
            Some("h2") => "HTTP/2",
            _ => "HTTP/1.1",
        };
        Negotiated { offered: self.offered, chosen: self.alpn.clone(), http }
    }
}

impl Alpn {
    /// Whether HTTP/2 is among what is offered.
    pub fn has_http2(self) -> bool {
        matches!(self, Self::H2 | Self::Either)
    }
}

/// Speaks TLS over a stream; the host is the name that the certificate must be for.
pub(super) async fn handshake<S: AsyncRead + AsyncWrite + Unpin>(
    setup: &Setup,
    host: &str,
    stream: S,
) -> Result<(TlsStream<S>, TlsFacts), Refusal> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Refusal::no_name(host))?;
    let connector = TlsConnector::from(setup.config.clone());
    match connector.connect(name, stream).await {
        Ok(stream) => {
            let facts = facts(setup, stream.get_ref().1);
            Ok((stream, facts))
        }
        Err(error) => Err(Refusal {
            failure: classify::failure(&error, Stage::Tls),
            refused: classify::refused(&error),
        }),
    }
}

impl Refusal {
    fn no_name(host: &str) -> Self {
        let detail = format!("{host:?} is no name that a certificate can be for");
        Self { failure: Failure::new(Stage::Tls, Fault::Other, detail), refused: None }
    }
}

fn facts(setup: &Setup, connection: &ClientConnection) -> TlsFacts {
    let chain = connection.peer_certificates().unwrap_or_default();
    let (trusted_by, ocsp) = setup.verifier.told(chain.first());
    TlsFacts {
        version: connection.protocol_version().map_or_else(String::new, version),
        cipher: connection.negotiated_cipher_suite().map_or_else(String::new, cipher),
        group: connection.negotiated_key_exchange_group().map(|known| group(known.name())),
        offered: setup.alpn,
        alpn: connection
            .alpn_protocol()
            .map(|protocol| String::from_utf8_lossy(protocol).into_owned()),
        handshake: kind(connection),
        trusted_by,
        chain: setup.verifier.read(chain),
        ocsp,
        tickets: connection.tls13_tickets_received(),
    }
}

/// How a finished handshake was done.
pub(super) fn kind(connection: &ClientConnection) -> Handshake {
    match connection.handshake_kind() {
        Some(rustls::HandshakeKind::Resumed) => Handshake::Resumed,
        Some(rustls::HandshakeKind::FullWithHelloRetryRequest) => Handshake::FullAfterRetry,
        Some(rustls::HandshakeKind::Full) | None => Handshake::Full,
    }
}

/// The registered name: `rustls` writes `X25519` where the registry has `x25519`.
fn group(name: NamedGroup) -> String {
    if name == NamedGroup::X25519 {
        return "x25519".to_owned();
    }
    name.as_str().map_or_else(|| format!("{name:?}"), str::to_owned)
}

fn version(version: ProtocolVersion) -> String {
    match version {
        ProtocolVersion::TLSv1_3 => "TLS 1.3".to_owned(),
        ProtocolVersion::TLSv1_2 => "TLS 1.2".to_owned(),
        other => format!("{other:?}"),
    }
}

/// The registered name: `rustls` writes `TLS13_` where the registry has `TLS_`.
fn cipher(suite: rustls::SupportedCipherSuite) -> String {
    format!("{:?}", suite.suite()).replacen("TLS13_", "TLS_", 1)
}
