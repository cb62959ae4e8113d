//! The running simulation: its thread, its connections, and TLS.
//!
//! Runs on a thread and a runtime of its own, so that the caller's runtime and clock are left
//! alone. What follows on TLS is in `line.rs`.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::call::Link;
use super::client_side::{self, ClientSide, Ways};
use super::clock::Clock;
use super::door;
use super::exam::Question;
use super::fault::Door;
use super::google::{self, Google};
use super::hang_up;
use super::identity::Identities;
use super::judge::Judge;
use super::line::Line;
use super::log::{HandshakeTally, Handshakes, Log, Seen};
use super::reply::{self, Broken, Payload};
use super::scenario::{Identity, Proxy, Scenario};
use super::sockets::{self, Kept, Places, Wanted};
use super::traffic::Freeze;

/// The most connections that are served at once; more wait in the listener's queue.
const CONNECTIONS: usize = 512;

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
    addresses: Vec<SocketAddr>,
    proxy: Option<SocketAddr>,
    metadata: Option<SocketAddr>,
    ca_pem: String,
    client: ClientSide,
    world: Arc<World>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Simulation {
    /// Starts the scenario; returns when it can be connected to.
    pub fn start(scenario: &Scenario, options: &Options) -> Result<Self, String> {
        let also_ipv6 = options.also_ipv6 || scenario.asks_for_ipv6();
        let wanted = Wanted::new(options.bind, scenario.addresses, also_ipv6)?;
        let identities = Identities::make(scenario.identity, &wanted.ips)?;
        let world = Arc::new(World::new(scenario, options)?);
        let tls = Acceptors::of(scenario, &identities, &wanted)?;
        let (ready, opened) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = spawn(Arc::clone(&world), wanted, tls, ready, stopped)?;
        let places =
            opened.recv().map_err(|_| "the simulator's thread ended early".to_owned())??;
        let ways = Ways { addresses: places.named, proxy: places.proxy, metadata: places.metadata };
        let client = client_side::prepare(scenario, &ways, &identities, world.google.as_ref())?;
        Ok(Self {
            addresses: places.addresses,
            proxy: places.proxy,
            metadata: places.metadata,
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

    /// Every request so far.
    pub fn requests(&self) -> Vec<Seen> {
        self.world.log.all()
    }

    /// Puts a question of an exam to whoever calls from now on.
    pub fn examine(&self, question: &'static Question) {
        self.world.judge.examine(question);
    }

    /// The TLS port.
    pub fn address(&self) -> SocketAddr {
        self.addresses[0]
    }

    /// The TLS port at every address that is listened on, the one that was asked for first.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// The microseconds by which simulated time is ahead of the real one. Calls add to it where the
    /// scenario says how long they take, and so may the client, instead of waiting.
    pub fn time(&self) -> Arc<AtomicU64> {
        self.world.clock.skipped()
    }

    /// The proxy's port, where the scenario has one that can be reached.
    pub fn proxy_address(&self) -> Option<SocketAddr> {
        self.proxy
    }

    /// The metadata server's port, where the scenario has one.
    pub fn metadata_address(&self) -> Option<SocketAddr> {
        self.metadata
    }

    /// The throw-away CA that stands for the public ones.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// How many connections were accepted so far.
    pub fn connections(&self) -> usize {
        usize::try_from(self.world.connections.load(Ordering::Relaxed)).unwrap_or(usize::MAX)
    }

    /// How many TLS handshakes were finished so far.
    pub fn handshakes(&self) -> Handshakes {
        self.world.handshakes.so_far()
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
pub(super) struct World {
    pub(super) scenario: Scenario,
    pub(super) clock: Clock,
    pub(super) judge: Judge,
    pub(super) log: Arc<Log>,
    pub(super) google: Option<Google>,
    connections: AtomicU64,
    handshakes: HandshakeTally,
    /// The UDP port where HTTP/3 is spoken, if it is.
    http3: OnceLock<u16>,
}

impl World {
    fn new(scenario: &Scenario, options: &Options) -> Result<Self, String> {
        let clock = Clock::start(scenario.call_ms);
        Ok(Self {
            scenario: *scenario,
            judge: Judge::new(scenario, options.seed, clock.clone()),
            log: Arc::new(Log::new(clock.clone(), options.log_file.as_deref())?),
            google: Google::start(scenario, clock.clone())?,
            clock,
            connections: AtomicU64::new(0),
            handshakes: HandshakeTally::default(),
            http3: OnceLock::new(),
        })
    }
}

impl World {
    /// Google's servers say over TCP where HTTP/3 is spoken; whoever answers in their place does not.
    pub(super) fn tell_of_http3(&self, response: &mut http::Response<Payload>) {
        let Some(port) = self.http3.get() else { return };
        let headers = response.headers_mut();
        let is_googles = headers.get(http::header::SERVER).is_some_and(reply::is_googles);
        if let (true, Ok(value)) = (is_googles, format!("h3=\":{port}\"; ma=2592000").parse()) {
            headers.insert(http::header::ALT_SVC, value);
        }
    }
}

/// With which certificates TLS is spoken.
struct Acceptors {
    own: TlsAcceptor,
    /// With those of a proxy that takes TLS apart.
    of_proxy: Option<TlsAcceptor>,
}

impl Acceptors {
    fn of(scenario: &Scenario, own: &Identities, wanted: &Wanted) -> Result<Self, String> {
        let acceptor = |identities: &Identities| {
            let config = identities.server_config(scenario);
            config.map(|config| TlsAcceptor::from(Arc::new(config)))
        };
        let of_proxy = match scenario.proxy {
            Proxy::Intercepts => Some(Identities::make(Identity::Inspection, &wanted.ips)?),
            _ => None,
        };
        let of_proxy = of_proxy.as_ref().map(acceptor).transpose()?;
        Ok(Self { own: acceptor(own)?, of_proxy })
    }
}

fn spawn(
    world: Arc<World>,
    wanted: Wanted,
    tls: Acceptors,
    ready: mpsc::Sender<Result<Places, String>>,
    stopped: oneshot::Receiver<()>,
) -> Result<JoinHandle<()>, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot start the simulator: {error}"))?;
    let run = move || runtime.block_on(live(&world, &wanted, tls, ready, stopped));
    let thread = std::thread::Builder::new().name("simulated gemini".into());
    thread.spawn(run).map_err(|error| format!("cannot start the simulator: {error}"))
}

/// Serves until told to stop, or until nobody is left to tell.
async fn live(
    world: &Arc<World>,
    wanted: &Wanted,
    tls: Acceptors,
    ready: mpsc::Sender<Result<Places, String>>,
    stopped: oneshot::Receiver<()>,
) {
    if let Some(freeze) = world.scenario.traffic.freeze {
        tokio::spawn(stand_still(freeze));
    }
    let opened = open(world, wanted, tls).await;
    let (places, _kept) = match opened {
        Ok((places, kept)) => (Ok(places), Some(kept)),
        Err(error) => (Err(error), None),
    };
    // Whoever started this waits for the news; if that one is gone, so is the sender of `stopped`.
    let _ = ready.send(places);
    let _ = stopped.await;
}

/// Blocks the one thread that does everything, again and again: what comes meanwhile waits where the
/// kernel keeps it.
async fn stand_still(freeze: Freeze) {
    let moving = freeze.every_ms.saturating_sub(freeze.for_ms);
    loop {
        tokio::time::sleep(Duration::from_millis(moving)).await;
        std::thread::sleep(Duration::from_millis(freeze.for_ms));
    }
}

/// Opens every socket and lets the server loose on those that take connections.
async fn open(
    world: &Arc<World>,
    wanted: &Wanted,
    tls: Acceptors,
) -> Result<(Places, Kept), String> {
    let (listeners, mut places, kept) = sockets::open(&world.scenario, wanted).await?;
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    for (place, listener) in listeners.into_iter().enumerate() {
        let server = Server { world: Arc::clone(world), tls: tls.own.clone(), place };
        #[cfg(feature = "http3")]
        open_http3(&server, &listener, &permits);
        tokio::spawn(accept(listener, server, Arc::clone(&permits)));
    }
    if let (Some(listener), Some(tls)) = (places.inspected.take(), tls.of_proxy) {
        let server = Server { world: Arc::clone(world), tls, place: 0 };
        tokio::spawn(accept(listener, server, permits));
    }
    places.metadata = open_metadata(world).await?;
    Ok((places, kept))
}

/// The metadata server speaks plain HTTP, on a port of its own.
async fn open_metadata(world: &Arc<World>) -> Result<Option<SocketAddr>, String> {
    if !world.google.as_ref().is_some_and(Google::has_metadata) {
        return Ok(None);
    }
    let unable = |error: io::Error| format!("cannot open the metadata server: {error}");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(unable)?;
    let address = listener.local_addr().map_err(unable)?;
    tokio::spawn(google::serve_metadata(listener, Arc::clone(world)));
    Ok(Some(address))
}

/// Where the UDP port is taken the scenario does without.
#[cfg(feature = "http3")]
fn open_http3(server: &Server, listener: &TcpListener, permits: &Arc<Semaphore>) {
    let Ok(address) = listener.local_addr() else { return };
    if server.world.scenario.offers_http3() && super::h3::open(server, address, permits) {
        let _ = server.world.http3.set(address.port());
    }
}

/// What a connection needs to be served.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) world: Arc<World>,
    pub(super) tls: TlsAcceptor,
    /// The place of its address among those that are listened on.
    pub(super) place: usize,
}

async fn accept(listener: TcpListener, server: Server, permits: Arc<Semaphore>) {
    loop {
        let permit = Arc::clone(&permits).acquire_owned().await;
        let permit = permit.expect("nobody closes this semaphore");
        match listener.accept().await {
            Ok((stream, peer)) => {
                tokio::spawn(connection(server.clone(), stream, peer, number(&server), permit));
            }
            // Out of file descriptors, for instance: a pause lets others be closed.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

pub(super) fn number(server: &Server) -> u64 {
    server.world.connections.fetch_add(1, Ordering::Relaxed) + 1
}

/// One connection from accept to close. A failure on the wire is the client's to tell.
async fn connection(
    server: Server,
    stream: TcpStream,
    peer: SocketAddr,
    number: u64,
    _permit: OwnedSemaphorePermit,
) -> Result<(), Broken> {
    stream.set_nodelay(server.world.scenario.traffic.nodelay)?;
    let local = stream.local_addr()?;
    let link = Link { number, peer, local, listener: server.place };
    let door = server.world.judge.door(&link);
    match pass(&server, door, stream).await? {
        Some(stream) => Line::serve(server.world, link, stream).await,
        None => Ok(()),
    }
}

/// Leads a connection through its door. None if it went no further than that.
async fn pass(
    server: &Server,
    door: Option<Door>,
    stream: TcpStream,
) -> Result<Option<TlsStream<TcpStream>>, Broken> {
    let Some(door) = door else { return Ok(Some(shake(server, stream).await?)) };
    let Some(stream) = door::before_tls(door, stream).await? else { return Ok(None) };
    let stream = shake(server, stream).await?;
    Ok(door::after_tls(door, stream).await?)
}

/// A client that is refused may have more to say: closing at once would become a reset, which overtakes
/// the alert.
async fn shake(server: &Server, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
    match server.tls.accept(stream).into_fallible().await {
        Ok(stream) => {
            server.world.handshakes.count(stream.get_ref().1.handshake_kind());
            Ok(stream)
        }
        Err((error, stream)) => {
            hang_up::linger(stream).await;
            Err(error)
        }
    }
}
