//! Ordinary calls over a pool of connections, for many requests whose single phases nobody asks for.
//!
//! The same names, proxy, trust and limits as a connection of our own, and the same types.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use bytes::Bytes;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{Answer, Connection, Exchange, Limits, Outcome, Request, body};
use crate::facts::{Failure, Fault, Stage};
use crate::net::classify::{self, Carried};
use crate::net::deadline::{Deadline, ms_since};
use crate::net::dns::Resolver;
use crate::net::proxy::{ProxyUrl, Scheme};
use crate::net::{How, Target, connect, proxy};

/// A pool for one target.
#[derive(Clone, Debug)]
pub struct Pooled {
    pool: Pool,
    target: Target,
    how: How,
}

/// Who keeps the connections.
#[derive(Clone, Debug)]
enum Pool {
    /// The library.
    Client(reqwest::Client),
    /// We do, where the library would dial something else than [`Resolver`] says.
    Idle(Arc<Mutex<Vec<Connection>>>),
}

impl Pooled {
    /// Builds the pool; opens no connection.
    pub fn new(target: &Target, how: &How) -> Result<Self, Failure> {
        let pool = match is_misled(target, how) {
            true => Pool::Idle(Arc::default()),
            false => Pool::Client(client(target, how)?),
        };
        Ok(Self { pool, target: target.clone(), how: how.clone() })
    }

    /// Sends a request and reads its answer.
    pub async fn exchange(&self, request: Request, limits: &Limits) -> Exchange {
        match &self.pool {
            Pool::Client(client) => self.by_client(client, request, limits).await,
            Pool::Idle(idle) => self.by_hand(idle, request, limits).await,
        }
    }

    async fn by_client(
        &self,
        client: &reqwest::Client,
        request: Request,
        limits: &Limits,
    ) -> Exchange {
        let start = Instant::now();
        let deadline = Deadline::after(limits.request_timeout);
        let head = self.head(client, request, deadline).await;
        let first_byte_ms = head.is_ok().then(|| ms_since(start));
        let http = head.as_ref().map_or("HTTP/1.1", version);
        let outcome = match head {
            Err(failure) => Outcome::Failed(failure),
            Ok(response) => Outcome::Answered(answer(response, limits, start, deadline).await),
        };
        timed(outcome, first_byte_ms, http, start)
    }

    /// The times include the connection's, as they do with the client.
    async fn by_hand(
        &self,
        idle: &Mutex<Vec<Connection>>,
        request: Request,
        limits: &Limits,
    ) -> Exchange {
        let start = Instant::now();
        let mut connection = match self.connection(idle, limits).await {
            Ok(connection) => connection,
            Err(failure) => return unconnected(failure, start),
        };
        let connecting_ms = ms_since(start);
        let exchange = connection.exchange(request, limits).await;
        if exchange.failure().is_none() && !connection.is_closed() {
            connections(idle).push(connection);
        }
        Exchange {
            request_written_ms: None,
            first_byte_ms: exchange.first_byte_ms.map(|ms| ms + connecting_ms),
            total_ms: exchange.total_ms + connecting_ms,
            ..exchange
        }
    }

    /// One that is idle, or a new one.
    async fn connection(
        &self,
        idle: &Mutex<Vec<Connection>>,
        limits: &Limits,
    ) -> Result<Connection, Failure> {
        let mut kept = std::mem::take(&mut *connections(idle));
        kept.retain(|connection| !connection.is_closed());
        let ready = kept.pop();
        connections(idle).append(&mut kept);
        match ready {
            Some(connection) => Ok(connection),
            None => {
                let stream = connect(&self.target, &self.how).await.outcome?;
                Connection::open(stream, limits).await
            }
        }
    }

    async fn head(
        &self,
        client: &reqwest::Client,
        request: Request,
        deadline: Deadline,
    ) -> Result<reqwest::Response, Failure> {
        let request = message(client, request)?;
        let answered = deadline.bound(Stage::Head, "no answer", client.execute(request));
        match answered.await? {
            Ok(response) => Ok(response),
            Err(error) if error.is_connect() => Err(self.why_unconnected(error, deadline).await),
            Err(error) => Err(classify::failure(&error.without_url(), Stage::Head)),
        }
    }

    /// The client keeps nothing of what a proxy said, so that the way is gone once more, without a
    /// request, by the connection that does.
    async fn why_unconnected(&self, error: reqwest::Error, deadline: Deadline) -> Failure {
        let failure = classify::failure(&error.without_url(), Stage::Tcp);
        if self.how.proxy.url().is_none() {
            return Failure { stage: connecting_stage(&failure), ..failure };
        }
        let again = deadline.bound(Stage::Proxy, "no tunnel", connect(&self.target, &self.how));
        match again.await {
            Ok(dialled) => dialled.outcome.err().unwrap_or(failure),
            Err(timed_out) => timed_out,
        }
    }
}

/// Names are resolved as everywhere else, overrides included.
#[derive(Debug)]
struct Names {
    resolver: Resolver,
    ports: Vec<(String, u16)>,
    timeout: std::time::Duration,
}

impl Names {
    fn new(target: &Target, how: &How) -> Self {
        let proxy = how.proxy.url().map(|url| (url.host.clone(), url.port));
        let ports = std::iter::once((target.host.clone(), target.port)).chain(proxy).collect();
        Self { resolver: how.resolver.clone(), ports, timeout: how.connect_timeout }
    }

    /// The client names no port when it asks for a host.
    fn port(&self, host: &str) -> u16 {
        let known = self.ports.iter().find(|(known, _)| known.eq_ignore_ascii_case(host));
        known.map_or(0, |(_, port)| *port)
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, port) = (self.resolver.clone(), self.port(name.as_str()));
        let deadline = Deadline::after(self.timeout);
        Box::pin(async move {
            match resolver.lookup(name.as_str(), port, deadline).await.answer {
                Ok(addresses) => Ok(Box::new(addresses.into_iter()) as Addrs),
                Err(failure) => Err(Carried(failure).into()),
            }
        })
    }
}

impl body::Source for reqwest::Response {
    type Error = reqwest::Error;

    async fn piece(&mut self) -> Option<Result<Bytes, reqwest::Error>> {
        self.chunk().await.map_err(reqwest::Error::without_url).transpose()
    }
}

fn connections(idle: &Mutex<Vec<Connection>>) -> MutexGuard<'_, Vec<Connection>> {
    idle.lock().expect("nobody panics who holds it")
}

/// Whether the client would not dial what we would: it knows no pinned address, asks nobody about an
/// address, and puts a port that its URL names in place of the resolver's.
fn is_misled(target: &Target, how: &How) -> bool {
    let (host, port, secure) = match how.proxy.url() {
        Some(url) => (&url.host, url.port, url.scheme == Scheme::Https),
        None => (&target.host, target.port, target.secure),
    };
    let keeps_port = port == if secure { 443 } else { 80 };
    let asks = host.parse::<IpAddr>().is_err();
    how.pin.is_some() || !(asks && keeps_port) && how.resolver.decides(host, port)
}

fn client(target: &Target, how: &How) -> Result<reqwest::Client, Failure> {
    let most_header_bytes = u32::try_from(Limits::default().max_header_bytes);
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(rustls::ClientConfig::clone(&how.tls.config()))
        .retry(reqwest::retry::never())
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(how.connect_timeout)
        .http2_max_header_list_size(most_header_bytes.unwrap_or(u32::MAX))
        .dns_resolver(Names::new(target, how))
        .no_proxy();
    if let Some(url) = how.proxy.url() {
        builder = builder.proxy(forward(url)?);
    }
    builder.build().map_err(not_built)
}

fn message(client: &reqwest::Client, request: Request) -> Result<reqwest::Request, Failure> {
    let scheme = if request.secure { "https" } else { "http" };
    let url = format!("{scheme}://{}{}", request.authority, request.path_and_query);
    let mut builder = client.request(request.method, url);
    for (name, value) in request.headers {
        builder = builder.header(name, value);
    }
    if let Some(bytes) = request.body {
        builder = builder.body(bytes);
    }
    builder.build().map_err(|error| {
        let detail = format!("the request cannot be sent: {}", error.without_url());
        Failure::new(Stage::Request, Fault::Other, detail)
    })
}

fn unconnected(failure: Failure, start: Instant) -> Exchange {
    timed(Outcome::Failed(failure), None, "HTTP/1.1", start)
}

/// An exchange that ends now, as far as a pool can tell.
fn timed(
    outcome: Outcome,
    first_byte_ms: Option<f64>,
    http: &'static str,
    start: Instant,
) -> Exchange {
    let (request_written_ms, total_ms) = (None, ms_since(start));
    let (bytes_sent, bytes_received) = (None, None);
    Exchange {
        outcome,
        request_written_ms,
        first_byte_ms,
        total_ms,
        bytes_sent,
        bytes_received,
        http,
    }
}

async fn answer(
    response: reqwest::Response,
    limits: &Limits,
    start: Instant,
    deadline: Deadline,
) -> Answer {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let received = body::read(response, limits.max_body, start, deadline, &limits.ahead).await;
    Answer {
        status,
        headers,
        body: received.bytes,
        chunks: received.chunks,
        body_failure: received.failure,
    }
}

fn version(response: &reqwest::Response) -> &'static str {
    if response.version() == http::Version::HTTP_2 { "HTTP/2" } else { "HTTP/1.1" }
}

/// The client calls all of it "connect"; what went wrong tells the step.
fn connecting_stage(failure: &Failure) -> Stage {
    use Fault::{Forbidden, NoLocalAddress, Refused, TimedOut, Unreachable};
    match (failure.stage, failure.fault) {
        (Stage::Dns, _) => Stage::Dns,
        (_, Refused | Unreachable | NoLocalAddress | Forbidden | TimedOut) => Stage::Tcp,
        _ => Stage::Tls,
    }
}

fn forward(url: &ProxyUrl) -> Result<reqwest::Proxy, Failure> {
    if let Scheme::Other(_) = url.scheme {
        return Err(proxy::unsupported(url));
    }
    reqwest::Proxy::all(url.with_login().expose()).map_err(not_built)
}

fn not_built(error: reqwest::Error) -> Failure {
    let detail = format!("the HTTP client could not be built: {}", error.without_url());
    Failure::new(Stage::Request, Fault::Other, detail)
}
