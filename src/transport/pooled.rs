//! Ordinary calls over a pool of connections, for many requests whose single phases nobody asks for.
//!
//! The same names, proxy, trust and limits as a connection of our own, and the same types.

use std::time::Instant;

use bytes::Bytes;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{Answer, Exchange, Limits, Outcome, Request, body};
use crate::facts::{Failure, Fault, Stage};
use crate::net::classify::{self, Carried};
use crate::net::deadline::{Deadline, ms_since};
use crate::net::dns::Resolver;
use crate::net::proxy::{ProxyUrl, Scheme};
use crate::net::{How, Target, connect, proxy};

/// A client for one target. An address that an override gives keeps its own port only where the
/// target's port is the usual one of its scheme; otherwise the target's port is dialled.
#[derive(Clone, Debug)]
pub struct Pooled {
    client: reqwest::Client,
    target: Target,
    how: How,
}

impl Pooled {
    /// Builds the client; opens no connection.
    pub fn new(target: &Target, how: &How) -> Result<Self, Failure> {
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
        let client = builder.build().map_err(not_built)?;
        Ok(Self { client, target: target.clone(), how: how.clone() })
    }

    /// Sends a request and reads its answer.
    pub async fn exchange(&self, request: Request, limits: &Limits) -> Exchange {
        let start = Instant::now();
        let deadline = Deadline::after(limits.request_timeout);
        let head = self.head(request, deadline).await;
        let first_byte_ms = head.is_ok().then(|| ms_since(start));
        let http = head.as_ref().map_or("HTTP/1.1", version);
        let outcome = match head {
            Err(failure) => Outcome::Failed(failure),
            Ok(response) => Outcome::Answered(answer(response, limits, start, deadline).await),
        };
        let total_ms = ms_since(start);
        Exchange { outcome, request_written_ms: None, first_byte_ms, total_ms, http }
    }

    async fn head(
        &self,
        request: Request,
        deadline: Deadline,
    ) -> Result<reqwest::Response, Failure> {
        let request = self.message(request)?;
        let answered = deadline.bound(Stage::Head, "no answer", self.client.execute(request));
        match answered.await? {
            Ok(response) => Ok(response),
            Err(error) if error.is_connect() => Err(self.unconnected(error, deadline).await),
            Err(error) => Err(classify::failure(&error.without_url(), Stage::Head)),
        }
    }

    /// The client keeps nothing of what a proxy said, so that the way is gone once more, without a
    /// request, by the connection that does.
    async fn unconnected(&self, error: reqwest::Error, deadline: Deadline) -> Failure {
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

    fn message(&self, request: Request) -> Result<reqwest::Request, Failure> {
        let scheme = if request.secure { "https" } else { "http" };
        let url = format!("{scheme}://{}{}", request.authority, request.path_and_query);
        let mut builder = self.client.request(request.method, url);
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

async fn answer(
    response: reqwest::Response,
    limits: &Limits,
    start: Instant,
    deadline: Deadline,
) -> Answer {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let received = body::read(response, limits.max_body, start, deadline).await;
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
