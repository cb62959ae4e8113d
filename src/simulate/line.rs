//! One connection from TLS on: HTTP/1.1 or HTTP/2, or HTTP/3 from `h3.rs`, and how each of its requests is answered.
//!
//! Carries out what `judge.rs` decides and `api` words. It opens no socket.

use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::request::Parts;
use http_body_util::{BodyExt, Collected, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_rustls::server::TlsStream;

use super::api;
use super::call::{Call, Http, Link};
use super::clock;
use super::fault::{Act, Bend, Build};
use super::grpc;
use super::hang_up::{Ending, HangUp};
use super::idle::{Busy, Idle};
use super::reply::{Broken, Payload, Reply};
use super::serve::World;
use super::traffic::Patience;

/// The largest request that is read, as at the real service.
pub(super) const BODY_LIMIT: usize = 20_971_520;

/// One HTTP connection, as its requests see it.
pub(super) struct Line {
    world: Arc<World>,
    link: Link,
    http: Http,
    pub(super) hang_up: Arc<HangUp>,
    idle: Arc<Idle>,
    calls: AtomicU64,
    /// Told when the connection has had its last call.
    pub(super) retired: Notify,
}

impl Line {
    /// Serves until the client leaves, or is left.
    pub(super) async fn serve(
        world: Arc<World>,
        link: Link,
        stream: TlsStream<TcpStream>,
    ) -> Result<(), Broken> {
        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let http = if is_http2 { Http::Http2 } else { Http::Http1 };
        let line = Arc::new(Self::new(world, link, http));
        let ending = Ending::new(stream, Arc::clone(&line.hang_up));
        let served =
            async { if is_http2 { line.http2(ending).await } else { line.http1(ending).await } };
        tokio::select! {
            result = served => result.map_err(Into::into),
            () = line.hang_up.asked() => Ok(()),
            () = line.forgotten() => Ok(()),
        }
    }

    /// A connection over which that version of HTTP is spoken.
    pub(super) fn new(world: Arc<World>, link: Link, http: Http) -> Self {
        Self {
            world,
            link,
            http,
            hang_up: Arc::default(),
            idle: Arc::default(),
            calls: AtomicU64::new(0),
            retired: Notify::new(),
        }
    }

    /// Returns when the client has left the connection alone for too long.
    pub(super) async fn forgotten(&self) {
        match self.world.scenario.traffic.idle {
            Some(Patience::Closes(ms)) => self.idle.lasts(Duration::from_millis(ms)).await,
            Some(Patience::Crosses(_)) | None => pending().await,
        }
    }

    /// Whether the end of an idle connection and a new call are under way at the same time.
    fn is_crossed(&self) -> bool {
        let crosses = match self.world.scenario.traffic.idle {
            Some(Patience::Crosses(ms)) => Some(Duration::from_millis(ms)),
            Some(Patience::Closes(_)) | None => None,
        };
        crosses.is_some_and(|limit| self.idle.so_far() >= limit)
    }

    async fn http1(self: &Arc<Self>, ending: Ending) -> hyper::Result<()> {
        let service = service_fn(|request| answer(Arc::clone(self), request));
        let mut builder = hyper::server::conn::http1::Builder::new();
        builder.timer(TokioTimer::new()).serve_connection(TokioIo::new(ending), service).await
    }

    async fn http2(self: &Arc<Self>, ending: Ending) -> hyper::Result<()> {
        let service = service_fn(|request| answer(Arc::clone(self), request));
        let mut builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        if let Some(streams) = self.world.scenario.traffic.streams {
            builder.max_concurrent_streams(streams);
        }
        let mut connection = pin!(builder.serve_connection(TokioIo::new(ending), service));
        tokio::select! {
            result = connection.as_mut() => return result,
            () = self.retired.notified() => connection.as_mut().graceful_shutdown(),
        }
        connection.await
    }

    /// Counts a call, and tells whether its connection is to end with it.
    fn is_last(&self) -> bool {
        let nth = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        self.world.scenario.traffic.calls_each == Some((self.http, nth))
    }

    /// Lets nothing follow an answer: over HTTP/1.1 it says so itself.
    fn retire(&self, reply: &mut Reply) {
        self.hang_up.linger();
        if self.http == Http::Http1 {
            reply.headers.push(("connection", "close".to_owned()));
        } else {
            self.retired.notify_one();
        }
    }
}

async fn answer(
    line: Arc<Line>,
    request: http::Request<Incoming>,
) -> Result<http::Response<Payload>, Broken> {
    let arrival = Arrival::on(&line);
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, BODY_LIMIT).collect().await.ok().map(Collected::to_bytes);
    let mut response = answer_to(&line, arrival, &parts, body).await?;
    line.world.tell_of_http3(&mut response);
    Ok(response)
}

/// A request that begins to come.
pub(super) struct Arrival {
    is_crossed: bool,
    busy: Busy,
}

impl Arrival {
    /// From here on the connection is not idle.
    pub(super) fn on(line: &Line) -> Self {
        let is_crossed = line.is_crossed();
        Self { is_crossed, busy: Idle::interrupt(&line.idle) }
    }
}

/// The answer to a request that has been read; there is no body if it was too large.
pub(super) async fn answer_to(
    line: &Line,
    arrival: Arrival,
    parts: &Parts,
    body: Option<Bytes>,
) -> Result<http::Response<Payload>, Broken> {
    let read_at = Instant::now();
    let Arrival { is_crossed, busy } = arrival;
    let (call, refusal) = read(line, parts, body);
    let (mut reply, fault) = match refusal {
        _ if is_crossed => cross(line, &call).await?,
        Some(refusal) => (refusal, None),
        None => numbered(line, &call).await?,
    };
    // Without it hyper writes the date of this machine.
    let skipped = line.world.clock.skipped_time().as_secs().cast_signed();
    let ahead = line.world.scenario.date_ahead_s.saturating_add(skipped);
    reply.headers.extend((ahead != 0).then(|| ("date", clock::http_date(ahead))));
    reply.body.move_clock(line.world.clock.skipped());
    let status = reply.status;
    if call.http == Http::Grpc {
        reply = grpc::reply(&call, reply);
    }
    pause(reply.wait).await;
    let receipt = line.world.log.answering(&call, status, fault, read_at);
    if !line.world.scenario.traffic.nodelay {
        reply.body.let_head_out();
    }
    Ok(reply.into_response(read_at.elapsed(), Box::new((receipt, busy))))
}

/// What a request asks for; where it is too large, cannot be told, or nobody is there for it, the answer
/// to that.
fn read(line: &Line, parts: &Parts, body: Option<Bytes>) -> (Call, Option<Reply>) {
    let too_large = body.is_none().then(|| api::too_large(BODY_LIMIT));
    let body = body.unwrap_or_default();
    let (call, refusal) = match line.world.scenario.without_grpc {
        _ if !grpc::is_meant(parts) => (Call::new(line.link, parts, body), None),
        None => grpc::read(line.link, parts, &body),
        Some(status) => (Call::new(line.link, parts, body), Some(grpc::unknown_here(status))),
    };
    (call, too_large.or(refusal))
}

/// The connection ends as if it had done so before the call came.
async fn cross(line: &Line, call: &Call) -> Result<Judged, Broken> {
    line.world.log.unanswered(call, Some("close of an idle connection".into()));
    leave(line, Act::Disconnect).await
}

/// The answer to a call, and the end of the connection if that was its last one.
async fn numbered(line: &Line, call: &Call) -> Result<Judged, Broken> {
    let is_last = line.is_last();
    let (mut reply, fault) = decide(line, call).await?;
    if is_last {
        line.retire(&mut reply);
    }
    Ok((reply, fault))
}

/// Even the shortest sleep takes a tick of the timer, which is long beside an answer.
async fn pause(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

/// An answer, and what is dishonest about it, in a few words.
type Judged = (Reply, Option<String>);

/// The answer to a call, honest or not; an error where the stream is to be reset.
async fn decide(line: &Line, call: &Call) -> Result<Judged, Broken> {
    let world = &line.world;
    let turn = world.judge.turn();
    pause(turn.unwrap_or_default()).await;
    let build = world.judge.build(call);
    let act = turn.err().or_else(|| world.judge.act(call, build.as_ref()));
    world.clock.spend(call);
    let fault = act.as_ref().map(Act::word);
    let Some(act) = wait(act, call).await else { return Ok(honest(line, call, build.as_ref())) };
    match api::faulty(call, &world.scenario, &act, build.as_ref()) {
        Some(reply) => Ok((reply, fault)),
        None => {
            world.log.unanswered(call, fault);
            leave(line, act).await
        }
    }
}

/// Leaves the client without an answer, in one of four ways.
async fn leave(line: &Line, act: Act) -> Result<Judged, Broken> {
    match act {
        Act::ResetStream(code) => Err(Box::new(h2::Error::from(h2::Reason::from(code)))),
        Act::Disconnect => {
            line.hang_up.close();
            pending().await
        }
        Act::Reset => {
            line.hang_up.reset();
            pending().await
        }
        _ => pending().await,
    }
}

/// Sits out the delays in front of an act.
async fn wait(mut act: Option<Act>, call: &Call) -> Option<Act> {
    loop {
        let (time, then) = match act? {
            Act::After(ms, then) => (Duration::from_millis(ms), *then),
            Act::BySize { ms, most_kib, beyond } => by_size(call, ms, most_kib, beyond),
            act => return Some(act),
        };
        pause(time).await;
        act = Some(then);
    }
}

fn by_size(call: &Call, ms: u64, most_kib: u64, beyond: &Act) -> (Duration, Act) {
    let kib = call.sent as f64 / 1024.0;
    let (counted, then) = match most_kib as f64 {
        most if kib > most => (most, *beyond),
        _ => (kib, Act::HONEST),
    };
    (Duration::from_secs_f64(counted * ms as f64 / 1000.0), then)
}

fn honest(line: &Line, call: &Call, build: Option<&Build>) -> Judged {
    let world = &line.world;
    let by_google = world.google.as_ref().and_then(|one| one.answer(call, &world.scenario));
    let reply = by_google.unwrap_or_else(|| api::honest(call, &world.scenario, &Bend::NONE, build));
    let missing = build.filter(|build| build.is_missing() && reply.status == 404);
    (reply, missing.map(|build| format!("missing build {}", build.name)))
}
