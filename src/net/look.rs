//! Looks at whoever answers at a port, whatever their certificate is like.
//!
//! A look goes on past a chain that nobody trusts, and so it can carry no credential: the only request there
//! is asks for `/` with headers that are written here, and the connection never leaves this file.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::deadline::{Deadline, ms_since};
use super::stream::{Hop, Link};
use super::tap::{Passed, Tap};
use super::tls::watch::{Judged, Watch};
use super::tls::{self, Alpn, TlsFacts};
use super::{ConnectionFacts, How, Target, classify, reach, tunnel};
use crate::facts::{Failure, Fault, Stage};

/// As much of an answer as is read.
const MOST_READ: usize = 16 * 1024;
/// How long an answer is waited for: many servers that speak TLS have none for us, and no more than their
/// clock is wished for.
const ANSWER_WAIT: Duration = Duration::from_millis(1500);

/// Whom a look asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The name that is sent, if one can be; an address has none.
    pub sent: String,
    /// The name that the certificate must be for.
    pub wanted: String,
}

/// Looks at one server: its connections share the sessions, so that a later one can resume.
#[derive(Clone, Debug)]
pub struct Looker {
    target: Target,
    how: How,
    alpn: Alpn,
    sent_name: ServerName<'static>,
    config: Arc<ClientConfig>,
    watch: Arc<Watch>,
}

/// What is done once the handshake is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Nothing.
    Leave,
    /// Ask for `/` over HTTP/1.1, without any credential.
    Ask,
}

/// What one connection showed.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What was measured.
    pub facts: ConnectionFacts,
    /// Whether the handshake ended as it should, chain aside.
    pub finished: Result<(), Failure>,
    /// The chain as it was sent, leaf first; empty where none came, as in a resumed session.
    pub chain: Vec<Vec<u8>>,
    /// The OCSP answer that was stapled; empty for none.
    pub ocsp: Vec<u8>,
    /// What the stores say of the chain.
    pub judged: Option<Judged>,
    /// Whether a certificate was asked of the client.
    pub asks_for_certificate: bool,
    /// Of which authorities it may be, as far as the server says.
    pub wanted_of: Vec<String>,
    /// The bytes of the handshake on the wire.
    pub bytes: Passed,
    /// What came of the question.
    pub answered: Option<Result<Page, Failure>>,
}

/// The head of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The HTTP status.
    pub status: u16,
    /// The server's clock, in seconds since 1970.
    pub date: Option<u64>,
    /// Where it sends the caller.
    pub location: Option<String>,
    /// How the server calls itself.
    pub server: Option<String>,
    /// Whether it refuses the request and speaks of a certificate, as far as its text was read.
    pub misses_certificate: bool,
}

impl Looker {
    /// Prepares a look. An `Err` is a name that no certificate can be for.
    pub fn new(target: &Target, how: &How, alpn: Alpn, names: &Names) -> Result<Self, Failure> {
        let (config, watch) = how.tls.watched(alpn, server_name(&names.wanted)?);
        let sent_name = server_name(&names.sent)?;
        let (target, how) = (target.clone(), how.clone());
        Ok(Self { target, how, alpn, sent_name, config, watch })
    }

    /// Looks once.
    pub async fn look(&self, then: Then) -> Seen {
        let mut seen = Seen::blank();
        let deadline = Deadline::after(self.how.connect_timeout);
        seen.finished = self.go(then, deadline, &mut seen).await;
        if let Some(sent) = self.watch.sent() {
            seen.chain = sent.chain.iter().map(|der| der.to_vec()).collect();
            seen.ocsp = sent.ocsp;
            seen.judged = Some(sent.judged);
        }
        seen.asks_for_certificate = self.watch.asks_for_certificate();
        seen.wanted_of = self.watch.wanted_of();
        seen
    }

    /// Whether the stores would accept the chain that was seen at another time.
    pub fn would_trust_at(&self, unix: u64) -> Option<bool> {
        self.watch.would_trust_at(unix)
    }

    async fn go(&self, then: Then, deadline: Deadline, seen: &mut Seen) -> Result<(), Failure> {
        let link = match self.how.proxy.url() {
            None => Hop::Plain(reach(&self.target, &self.how, deadline, &mut seen.facts).await?),
            Some(proxy) => {
                tunnel(proxy, &self.target, &self.how, deadline, &mut seen.facts).await?
            }
        };
        let stream = self.shake_hands(Tap::counting(link), deadline, seen).await?;
        if then == Then::Ask {
            seen.answered = Some(self.ask(stream, deadline).await);
        }
        Ok(())
    }

    async fn shake_hands(
        &self,
        link: Tap<Link>,
        deadline: Deadline,
        seen: &mut Seen,
    ) -> Result<TlsStream<Tap<Link>>, Failure> {
        let (start, log) = (Instant::now(), link.log());
        let connector = TlsConnector::from(self.config.clone());
        let shaking = connector.connect(self.sent_name.clone(), link);
        let unfinished = format!("{}: the TLS handshake did not finish", self.target.address());
        let shaken = deadline.bound(Stage::Tls, &unfinished, shaking).await;
        seen.bytes = log.passed();
        let stream = shaken?.map_err(|error| {
            let failure = classify::failure(&error, Stage::Tls);
            classify::naming(&self.target.address(), &failure)
        })?;
        seen.facts.tls_ms = Some(ms_since(start));
        seen.facts.tls = Some(TlsFacts::watched(&self.how.tls, self.alpn, stream.get_ref().1));
        Ok(stream)
    }

    async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        mut stream: S,
        deadline: Deadline,
    ) -> Result<Page, Failure> {
        let head = format!(
            "GET / HTTP/1.1\r\nhost: {}\r\nuser-agent: gemini-doctor\r\naccept: */*\r\nconnection: close\r\n\r\n",
            self.target.authority()
        );
        let asking = async {
            stream.write_all(head.as_bytes()).await?;
            stream.flush().await?;
            read_head(&mut stream).await
        };
        let unfinished = format!("{}: no answer after the handshake", self.target.address());
        let deadline = deadline.or_after(ANSWER_WAIT);
        let text = deadline.bound(Stage::Head, &unfinished, asking).await?.map_err(|error| {
            let failure = classify::failure(&error, Stage::Head);
            classify::naming(&self.target.address(), &failure)
        })?;
        Page::read(&text).ok_or_else(|| {
            let detail = format!("{}: what came is not HTTP/1.1", self.target.address());
            Failure::new(Stage::Head, Fault::NotHttp, detail)
        })
    }
}

/// The head of an answer, or an error where there is none.
async fn read_head<S: AsyncRead + Unpin>(stream: &mut S) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let mut piece = [0; 2048];
    while text.len() < MOST_READ && !text.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read(&mut piece).await? {
            0 if text.is_empty() => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            0 => break,
            count => text.extend_from_slice(&piece[..count]),
        }
    }
    Ok(text)
}

/// Asks for `/` without TLS, as a browser does that looks for a network's sign-in page.
pub async fn ask_plainly(target: &Target, how: &How) -> Result<Page, Failure> {
    let deadline = Deadline::after(how.connect_timeout);
    let stream = reach(target, how, deadline, &mut ConnectionFacts::default()).await?;
    let names = Names { sent: target.host.clone(), wanted: target.host.clone() };
    Looker::new(target, how, Alpn::None, &names)?.ask(stream, deadline).await
}

impl Seen {
    fn blank() -> Self {
        Self {
            facts: ConnectionFacts::default(),
            finished: Ok(()),
            chain: Vec::new(),
            ocsp: Vec::new(),
            judged: None,
            asks_for_certificate: false,
            wanted_of: Vec::new(),
            bytes: Passed::default(),
            answered: None,
        }
    }

    /// Of a host whose name no certificate can be for.
    pub fn without(failure: Failure) -> Self {
        Self { finished: Err(failure), ..Self::blank() }
    }

    /// The head of the answer, where one came.
    pub fn page(&self) -> Option<&Page> {
        self.answered.as_ref()?.as_ref().ok()
    }

    /// How many round trips the handshake took, TCP aside.
    pub fn round_trips(&self) -> Option<u32> {
        let facts = self.facts.tls.as_ref()?;
        let is_old = facts.version != "TLS 1.3";
        Some(match facts.handshake {
            tls::Handshake::FullAfterRetry => 2,
            tls::Handshake::Full if is_old => 2,
            tls::Handshake::Full | tls::Handshake::Resumed => 1,
        })
    }
}

impl Page {
    /// Reads the head of an answer over HTTP/1.
    pub fn read(text: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(text);
        let mut lines = text.split("\r\n");
        let first = lines.next()?.strip_prefix("HTTP/1.")?;
        let status: u16 = first.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<(&str, &str)> = lines
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_once(':'))
            .collect();
        let value = |wanted: &str| {
            let found = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| super::words::one_line(value.trim()))
        };
        Some(Self {
            status,
            // What comes out of a cache was true when it went in.
            date: value("date").and_then(|date| crate::facts::time::http_date(&date)).map(|date| {
                let age = value("age").and_then(|age| age.parse::<u64>().ok());
                date.saturating_add(age.unwrap_or(0))
            }),
            location: value("location"),
            server: value("server"),
            misses_certificate: matches!(status, 400..=403 | 495 | 496)
                && text.to_ascii_lowercase().contains("certificate"),
        })
    }
}

fn server_name(name: &str) -> Result<ServerName<'static>, Failure> {
    ServerName::try_from(name.to_owned()).map_err(|_| {
        let detail = format!("{name:?} is no name that a certificate can be for");
        Failure::new(Stage::Tls, Fault::Other, detail)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_without_trust_in_it() {
        let text = b"HTTP/1.1 302 Found\r\nDate: Sun, 29 Nov 2026 10:00:00 GMT\r\n\
                     Location: http://portal.example/\x1b[2J\r\n\r\nbody";
        let page = Page::read(text).expect("a head");
        assert_eq!((page.status, page.date), (302, Some(1_795_946_400)));
        assert!(page.location.is_some_and(|location| !location.contains('\x1b')));
        for odd in [&b""[..], b"SSH-2.0-x", b"HTTP/1.1", b"HTTP/1.1 x", b"\xff\xfe\r\n"] {
            assert_eq!(Page::read(odd), None);
        }
    }
}
