//! Small servers on loopback for the tests of `net` and `transport`: each does one thing wrong, or right.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::dns::{Answer, Override, Resolver};
use super::tls::trust::{Roots, SystemRoots, Trust};
use super::tls::{Alpn, Setup};
use super::{How, Target};

/// The name every target of these tests has.
pub(crate) const HOST: &str = "api.example";

/// A certificate authority.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A server's certificates and key.
pub(crate) struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
}

impl Authority {
    /// Every authority needs a name of its own: two of one name are taken for a forgery.
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("a root"))
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for a name, valid between two years.
    pub(crate) fn identity(&self, name: &str, from: i32, to: i32) -> Identity {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let leaf = params.signed_by(&key, &self.0).expect("a certificate");
        Identity { chain: vec![leaf.der().clone()], key: key.serialize_der() }
    }

    /// A good certificate for [`HOST`].
    pub(crate) fn good(&self) -> Identity {
        self.identity(HOST, 2020, 4000)
    }

    /// The same, with the root sent along.
    pub(crate) fn with_root(&self) -> Identity {
        let mut identity = self.good();
        identity.chain.push(self.0.der().clone());
        identity
    }
}

impl Identity {
    /// A certificate for [`HOST`] that nobody but itself signed.
    pub(crate) fn self_signed() -> Self {
        let params = CertificateParams::new([HOST.to_owned()]).expect("a name");
        let key = KeyPair::generate().expect("a key");
        let leaf = params.self_signed(&key).expect("a certificate");
        Self { chain: vec![leaf.der().clone()], key: key.serialize_der() }
    }

    pub(crate) fn acceptor(self, protocols: &[&str]) -> TlsAcceptor {
        self.acceptor_of(rustls::DEFAULT_VERSIONS, protocols)
    }

    /// One that speaks these versions of TLS.
    pub(crate) fn acceptor_of(
        self,
        versions: &[&'static SupportedProtocolVersion],
        protocols: &[&str],
    ) -> TlsAcceptor {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(self.chain, key)
            .expect("a pair");
        config.alpn_protocols = protocols.iter().map(|word| word.as_bytes().to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Serves every connection with a function; ends with the test's runtime.
pub(crate) async fn serve<F, W>(handle: F) -> SocketAddr
where
    F: Fn(TcpStream) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            tokio::spawn(handle(stream));
        }
    });
    address
}

/// The same after a TLS handshake.
pub(crate) async fn serve_tls<F, W>(identity: Identity, protocols: &[&str], handle: F) -> SocketAddr
where
    F: Fn(TlsStream<TcpStream>) -> W + Clone + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    serve_tls_by(identity.acceptor(protocols), handle).await
}

/// The same with an acceptor that was made before.
pub(crate) async fn serve_tls_by<F, W>(acceptor: TlsAcceptor, handle: F) -> SocketAddr
where
    F: Fn(TlsStream<TcpStream>) -> W + Clone + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    serve(move |stream| {
        let (acceptor, handle) = (acceptor.clone(), handle.clone());
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                handle(stream).await;
            }
        }
    })
    .await
}

/// Reads something, answers with these bytes and keeps the connection open for a while.
pub(crate) async fn answer(stream: &mut (impl AsyncReadExt + AsyncWriteExt + Unpin), bytes: &[u8]) {
    let mut asked = [0; 4096];
    let _ = stream.read(&mut asked).await;
    let _ = stream.write_all(bytes).await;
    let _ = stream.flush().await;
}

/// Longer than any time-out of these tests.
pub(crate) async fn hang() {
    tokio::time::sleep(Duration::from_secs(20)).await;
}

/// A port where nobody listens.
pub(crate) async fn closed_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address")
}

pub(crate) fn target() -> Target {
    Target { host: HOST.to_owned(), port: 443, secure: true }
}

/// Names lead to these addresses, these roots are trusted, and everything else is usual.
pub(crate) fn how(leads_to: &[SocketAddr], roots: String) -> How {
    how_trusting(leads_to, &Trust { public: Roots::Pem(roots), ..trust_nobody() })
}

pub(crate) fn how_trusting(leads_to: &[SocketAddr], trust: &Trust) -> How {
    let known = Override {
        host: HOST.to_owned(),
        port: Some(443),
        answer: Answer::Addresses(leads_to.to_vec()),
    };
    How {
        resolver: Resolver { overrides: vec![known], ..Resolver::default() },
        connect_timeout: Duration::from_secs(5),
        ..How::new(Setup::new(trust, Alpn::Either).expect("usable roots"))
    }
}

/// Roots that are nobody's, and no system store.
pub(crate) fn trust_nobody() -> Trust {
    Trust {
        public: Roots::Pem(Authority::new("Example Root Of Nobody").pem()),
        system: SystemRoots::None,
        ..Trust::default()
    }
}
