//! The running simulation: its thread, its listeners, TLS, and HTTP/1.1 and HTTP/2 on top.
//!
//! Runs on a thread and a runtime of its own, so that the caller's runtime and clock are left
//! alone. What is answered is decided in `fault.rs` and `api`.

use std::future::pending;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Collected, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::api;
use super::call::Call;
use super::client_side::{self, ClientSide, Ways};
use super::door;
use super::fault::{Act, Bend, Build, Judge};
use super::identity::Identities;
use super::log::{Log, Seen};
use super::proxy;
use super::reply::{Broken, Payload, Reply};
use super::scenario::{Needs, Proxy, Scenario, Way};

/// The most connections that are served at once; more wait in the listener's queue.
const CONNECTIONS: usize = 512;

/// The largest request that is read, as at the real service.
const BODY_LIMIT: usize = 20_971_520;

/// How a simulation is to be run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the TLS port is; port 0 takes any free one.
    pub bind: SocketAddr,
    /// What the dice start from.
    pub seed: u64,
    /// Where to write one JSON line for each request.
    pub log_file: Option<PathBuf>,
    /// Whether to listen on `::1` as well, on the same port.
    pub also_ipv6: bool,
}

impl Default for Options {
    fn default() -> Self {
        let bind = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self { bind, seed: 1, log_file: None, also_ipv6: false }
    }
}

impl Options {
    /// The defaults, with the seed that the scenario was made for.
    pub fn for_scenario(scenario: &Scenario) -> Self {
        Self { seed: scenario.seed, ..Self::default() }
    }
}

/// A running simulation. It stops when it is dropped.
#[derive(Debug)]
pub struct Simulation {
    scenario: Scenario,
    address: SocketAddr,
    proxy: Option<SocketAddr>,
    ca_pem: String,
    client: ClientSide,
    world: Arc<World>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Simulation {
    /// Starts the scenario; returns when it can be connected to.
    pub fn start(scenario: &Scenario, options: &Options) -> Result<Self, String> {
        let identities = Identities::make(scenario.identity, options.bind.ip())?;
        let world = Arc::new(World::new(scenario, options)?);
        let tls = TlsAcceptor::from(Arc::new(identities.server_config(scenario.alpn)?));
        let (ready, opened) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = spawn(Arc::clone(&world), options.clone(), tls, ready, stopped)?;
        let places =
            opened.recv().map_err(|_| "the simulator's thread ended early".to_owned())??;
        let ways = Ways { addresses: places.named, proxy: places.proxy };
        let client = client_side::prepare(scenario, &ways, &identities)?;
        Ok(Self {
            scenario: *scenario,
            address: places.address,
            proxy: places.proxy,
            ca_pem: identities.public_root_pem,
            client,
            world,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// What the tool must see instead of this machine.
    pub fn client(&self) -> &ClientSide {
        &self.client
    }

    /// The scenario's command line, with the scratch directory filled in.
    pub fn command(&self) -> Vec<String> {
        let scratch = self.client.directory.display().to_string();
        self.scenario.command.iter().map(|word| word.replace("{scratch}", &scratch)).collect()
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Seen> {
        self.world.log.all()
    }

    /// The TLS port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The proxy's port, where the scenario has one that can be reached.
    pub fn proxy_address(&self) -> Option<SocketAddr> {
        self.proxy
    }

    /// The throw-away CA that stands for the public ones.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// How many TCP connections were accepted so far.
    pub fn connections(&self) -> usize {
        usize::try_from(self.world.connections.load(Ordering::Relaxed)).unwrap_or(usize::MAX)
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic over there was reported there; here it must not become a second one.
            let _ = thread.join();
        }
    }
}

/// What all connections of a simulation share.
#[derive(Debug)]
struct World {
    scenario: Scenario,
    judge: Judge,
    log: Log,
    connections: AtomicU64,
}

impl World {
    fn new(scenario: &Scenario, options: &Options) -> Result<Self, String> {
        let started = Instant::now();
        Ok(Self {
            scenario: *scenario,
            judge: Judge::new(scenario, options.seed, started),
            log: Log::new(started, options.log_file.as_deref())?,
            connections: AtomicU64::new(0),
        })
    }
}

/// Where everything is once it listens.
struct Places {
    address: SocketAddr,
    /// What DNS says, in its order.
    named: Vec<SocketAddr>,
    proxy: Option<SocketAddr>,
}

fn spawn(
    world: Arc<World>,
    options: Options,
    tls: TlsAcceptor,
    ready: mpsc::Sender<Result<Places, String>>,
    stopped: oneshot::Receiver<()>,
) -> Result<JoinHandle<()>, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot start the simulator: {error}"))?;
    let run = move || {
        runtime.block_on(async {
            let kept = open(&world, &options, tls).await.map(|(places, kept)| {
                // Nobody waits any more if the receiver is gone; then there is nobody to tell.
                let _ = ready.send(Ok(places));
                kept
            });
            match kept {
                Err(error) => drop(ready.send(Err(error))),
                Ok(_kept) => drop(stopped.await),
            }
        });
    };
    let thread = std::thread::Builder::new().name("simulated gemini".into());
    thread.spawn(run).map_err(|error| format!("cannot start the simulator: {error}"))
}

/// Sockets that are held only so that nobody else gets their ports.
#[derive(Default)]
struct Kept {
    closed: Vec<TcpSocket>,
    full: Vec<(TcpListener, Vec<TcpStream>)>,
}

async fn open(
    world: &Arc<World>,
    options: &Options,
    tls: TlsAcceptor,
) -> Result<(Places, Kept), String> {
    let mut kept = Kept::default();
    let listeners = listen(world, options).await?;
    let address = listeners[0].local_addr().map_err(|error| words(&error))?;
    let mut open: Vec<SocketAddr> =
        listeners.iter().filter_map(|one| one.local_addr().ok()).map(reachable).collect();
    // The IPv6 address comes second into being and first in the resolver's answer.
    open.reverse();
    let named = named(world.scenario.way, open, &mut kept).await.map_err(|error| words(&error))?;
    let proxy = open_proxy(world.scenario.proxy, reachable(address), &mut kept)
        .await
        .map_err(|error| words(&error))?;
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    for listener in listeners {
        let server = Server { world: Arc::clone(world), tls: tls.clone() };
        tokio::spawn(accept(listener, server, Arc::clone(&permits)));
    }
    Ok((Places { address, named, proxy }, kept))
}

fn words(error: &io::Error) -> String {
    format!("cannot open the simulator's sockets: {error}")
}

async fn listen(world: &World, options: &Options) -> Result<Vec<TcpListener>, String> {
    let bind = async |address: SocketAddr| {
        let listener = TcpListener::bind(address).await;
        listener.map_err(|error| format!("cannot listen on {address}: {error}"))
    };
    let first = bind(options.bind).await?;
    let port = first.local_addr().map_err(|error| words(&error))?.port();
    let both = options.also_ipv6 || asks_for_ipv6(&world.scenario);
    if !both || options.bind.is_ipv6() {
        return Ok(vec![first]);
    }
    let second = bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await?;
    Ok(vec![first, second])
}

/// Where a client on this machine finds what listens on all addresses.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        _ => address,
    }
}

fn asks_for_ipv6(scenario: &Scenario) -> bool {
    scenario.needs == Needs::Ipv6 && scenario.way == Way::Open
}

/// The addresses that the API's name leads to.
async fn named(way: Way, open: Vec<SocketAddr>, kept: &mut Kept) -> io::Result<Vec<SocketAddr>> {
    match way {
        Way::Refused => Ok(vec![closed_port(IpAddr::V4(Ipv4Addr::LOCALHOST), kept)?]),
        Way::Full => Ok(vec![full_listener(kept).await?]),
        Way::Ipv6Refused => {
            let refused = closed_port(IpAddr::V6(Ipv6Addr::LOCALHOST), kept)?;
            Ok([refused].into_iter().chain(open).collect())
        }
        Way::Open | Way::NotFound | Way::TryAgain | Way::Failed | Way::Never => Ok(open),
    }
}

/// A port that is taken and not listened on: it refuses, and nobody else can open it meanwhile.
fn closed_port(ip: IpAddr, kept: &mut Kept) -> io::Result<SocketAddr> {
    let socket = if ip.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.bind(SocketAddr::from((ip, 0)))?;
    let address = socket.local_addr()?;
    kept.closed.push(socket);
    Ok(address)
}

/// A listener that accepts nothing and whose queue is full, so that the kernel drops what comes.
async fn full_listener(kept: &mut Kept) -> io::Result<SocketAddr> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let listener = socket.listen(0)?;
    let address = listener.local_addr()?;
    let mut queued = Vec::new();
    let patience = Duration::from_millis(50);
    while let Ok(stream) = tokio::time::timeout(patience, TcpStream::connect(address)).await {
        queued.push(stream?);
    }
    kept.full.push((listener, queued));
    Ok(address)
}

async fn open_proxy(
    manner: Proxy,
    target: SocketAddr,
    kept: &mut Kept,
) -> io::Result<Option<SocketAddr>> {
    match manner {
        Proxy::None | Proxy::Url(_) => Ok(None),
        Proxy::Closed => closed_port(IpAddr::V4(Ipv4Addr::LOCALHOST), kept).map(Some),
        Proxy::Works | Proxy::Basic | Proxy::Ntlm | Proxy::Refuses => {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let address = listener.local_addr()?;
            tokio::spawn(proxy::serve(listener, manner, target));
            Ok(Some(address))
        }
    }
}

/// What a connection needs to be served.
#[derive(Clone)]
struct Server {
    world: Arc<World>,
    tls: TlsAcceptor,
}

async fn accept(listener: TcpListener, server: Server, permits: Arc<Semaphore>) {
    loop {
        let permit = Arc::clone(&permits).acquire_owned().await;
        let permit = permit.expect("nobody closes this semaphore");
        match listener.accept().await {
            Ok((stream, peer)) => {
                let number = server.world.connections.fetch_add(1, Ordering::Relaxed) + 1;
                tokio::spawn(connection(server.clone(), stream, peer, number, permit));
            }
            // Out of file descriptors, for instance: a pause lets others be closed.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

/// One connection from accept to close. A failure on the wire is the client's to tell.
async fn connection(
    server: Server,
    stream: TcpStream,
    peer: SocketAddr,
    number: u64,
    _permit: OwnedSemaphorePermit,
) -> Result<(), Broken> {
    stream.set_nodelay(true)?;
    let Some(door) = server.world.judge.door(number, peer.ip()) else {
        let stream = server.tls.accept(stream).await?;
        return http(server.world, stream, peer, number).await;
    };
    if let Some(stream) = door::before_tls(door, stream).await? {
        door::after_tls(door, server.tls.accept(stream).await?).await?;
    }
    Ok(())
}

async fn http(
    world: Arc<World>,
    stream: TlsStream<TcpStream>,
    peer: SocketAddr,
    number: u64,
) -> Result<(), Broken> {
    let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    let hang_up = Arc::new(Notify::new());
    let line = Line { world, peer, number, hang_up: Arc::clone(&hang_up) };
    let service = service_fn(move |request| answer(line.clone(), request));
    let io = TokioIo::new(stream);
    let served = async {
        if is_http2 {
            let builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            builder.serve_connection(io, service).await
        } else {
            let mut builder = hyper::server::conn::http1::Builder::new();
            builder.timer(TokioTimer::new()).serve_connection(io, service).await
        }
    };
    tokio::select! {
        result = served => result.map_err(Into::into),
        () = close_cleanly(&hang_up) => Ok(()),
    }
}

/// What the client has sent is read before the connection goes, or the kernel would reset it.
async fn close_cleanly(hang_up: &Notify) {
    hang_up.notified().await;
    tokio::time::sleep(Duration::from_millis(30)).await;
}

/// One HTTP connection, as its requests see it.
#[derive(Clone)]
struct Line {
    world: Arc<World>,
    peer: SocketAddr,
    number: u64,
    hang_up: Arc<Notify>,
}

async fn answer(
    line: Line,
    request: http::Request<Incoming>,
) -> Result<http::Response<Payload>, Broken> {
    let began = Instant::now();
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, BODY_LIMIT).collect().await.ok().map(Collected::to_bytes);
    let fits = body.is_some();
    let call = Call::new(line.number, line.peer, &parts, body.unwrap_or_default());
    let reply = if fits { decide(&line, &call).await? } else { too_large(&line, &call) };
    Ok(reply.into_response(began.elapsed()))
}

fn too_large(line: &Line, call: &Call) -> Reply {
    let reply = api::too_large(BODY_LIMIT);
    line.world.log.note(call, Some(reply.status), None);
    reply
}

/// The answer to a call, honest or not; an error where the stream is to be reset.
async fn decide(line: &Line, call: &Call) -> Result<Reply, Broken> {
    let world = &line.world;
    let build = world.judge.build(call);
    let act = world.judge.act(call, build.as_ref());
    let fault = act.as_ref().map(Act::word);
    let Some(act) = wait(act).await else { return Ok(honest(line, call, build.as_ref())) };
    let reply = api::faulty(call, &world.scenario, &act, build.as_ref());
    world.log.note(call, reply.as_ref().map(|reply| reply.status), fault);
    match reply {
        Some(reply) => Ok(reply),
        None => leave(line, act).await,
    }
}

/// Leaves the client without an answer, in one of three ways.
async fn leave(line: &Line, act: Act) -> Result<Reply, Broken> {
    match act {
        Act::ResetStream(code) => Err(Box::new(h2::Error::from(h2::Reason::from(code)))),
        Act::Disconnect => {
            line.hang_up.notify_one();
            pending().await
        }
        _ => pending().await,
    }
}

/// Sits out the delays in front of an act.
async fn wait(mut act: Option<Act>) -> Option<Act> {
    while let Some(Act::After(ms, then)) = act {
        tokio::time::sleep(Duration::from_millis(ms)).await;
        act = Some(*then);
    }
    act
}

fn honest(line: &Line, call: &Call, build: Option<&Build>) -> Reply {
    let reply = api::honest(call, &line.world.scenario, &Bend::NONE, build);
    let missing = build.filter(|build| build.missing && reply.status == 404);
    let fault = missing.map(|build| format!("missing build {}", build.name));
    line.world.log.note(call, Some(reply.status), fault);
    reply
}
