//! One request to a host of its own, over a connection that carries nothing else: a step to a token, an end point of
//! the caller's. It measures, and records nothing by itself.

use std::time::{Duration, Instant};

use crate::{
    facts::{Attempt, Endpoint},
    net::{self, ConnectionFacts, How, Target, proxy::ProxyChoice},
    transport::{Connection, Exchange, Request},
};

use super::{Runner, phases};

/// What is sent where, and by which way.
pub(in crate::probe) struct Fetch<'p> {
    pub(in crate::probe) endpoint: &'p Endpoint,
    pub(in crate::probe) proxy: &'p ProxyChoice,
    pub(in crate::probe) request: Request,
    /// The time for all of it, where it is shorter than usual.
    pub(in crate::probe) within: Option<Duration>,
}

/// What came of it.
pub(in crate::probe) struct Fetched {
    pub(in crate::probe) facts: ConnectionFacts,
    pub(in crate::probe) exchange: Exchange,
    /// From the connected line to the end of the answer: names and handshakes are left out.
    pub(in crate::probe) ms: f64,
    /// Whether there was a connection to send it over.
    pub(in crate::probe) connected: bool,
}

impl Runner<'_> {
    /// Sends it within the time that is left for the run.
    pub(in crate::probe) async fn fetch(&self, fetch: Fetch<'_>) -> Fetched {
        let Fetch { endpoint, proxy, request, within } = fetch;
        let target =
            Target { host: endpoint.host.clone(), port: endpoint.port, secure: endpoint.secure };
        let usual = self.how.connect_timeout;
        let patience = self.time_left().map_or(usual, |left| left.min(usual));
        let mut how =
            How { connect_timeout: patience, proxy: proxy.clone(), pin: None, ..self.how.clone() };
        let mut limits = self.limits_now();
        if let Some(most) = within {
            how.connect_timeout = patience.min(most);
            how.resolver.timeout = how.resolver.timeout.min(most);
        }
        let started = Instant::now();
        let dialled = net::connect(&target, &how).await;
        let connected = dialled.outcome.is_ok();
        if let Some(most) = within {
            let left = most.saturating_sub(started.elapsed());
            limits.request_timeout = limits.request_timeout.min(left);
        }
        let began = Instant::now();
        let exchange = match dialled.outcome {
            Err(failure) => Exchange::failed(failure),
            Ok(stream) => match Connection::open(stream, &limits).await {
                Err(failure) => Exchange::failed(failure),
                Ok(mut connection) => connection.exchange(request, &limits).await,
            },
        };
        let ms = began.elapsed().as_secs_f64() * 1000.0;
        Fetched { facts: dialled.facts, exchange, ms, connected }
    }
}

impl Fetched {
    /// Puts what was measured into the record of it.
    pub(in crate::probe) fn measure(&self, attempt: &mut Attempt) {
        attempt.phases = phases(&self.facts);
        attempt.remote = self.facts.remote.map(|remote| remote.to_string());
        // Without a word of HTTP nothing was sent.
        if !self.exchange.http.is_empty() {
            attempt.http = Some(self.exchange.http.to_owned());
            attempt.phases.request_written_ms = self.exchange.request_written_ms;
            attempt.phases.first_byte_ms = self.exchange.first_byte_ms;
            attempt.phases.total_ms = Some(self.exchange.total_ms);
        }
    }
}
