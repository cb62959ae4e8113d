//! One way for calls that begin when they are due: connections that are kept, taken and given back. HTTP/1.1
//! has as many as there are calls at the same time; the other protocols share a few.

use std::{
    future::Future,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Instant,
};

use tokio::time::timeout;

use crate::{
    bench::{Arm, Side},
    facts::{Failure, Fault, Protocol, Sample, Stage, Warmth},
    net::ConnectionFacts,
};

use super::{
    super::{Runner, key::KeyPlan},
    counted,
    plan::{Benched, Unavailable},
    rows,
    way::{self, Gone, Kept, Opened, Road, Timed, Way},
    ways,
};

/// Calls at the same time; one that is due while so many are under way begins late.
pub(super) const MOST_BUSY: usize = 256;
/// Calls that share a connection: what most servers allow.
const MOST_SHARE: usize = 100;

/// A way with its connections.
pub(super) struct Lane {
    pub(super) way: Way,
    pool: Arc<Pool>,
}

/// A call that is back.
pub(super) struct Back {
    pub(super) timed: Timed,
    /// When it was due and when it began, in milliseconds from the start of the run.
    pub(super) due_ms: Option<f64>,
    pub(super) at_ms: f64,
    /// When it was back.
    pub(super) heard: Instant,
}

/// The connections.
struct Pool {
    road: Arc<Road>,
    shares: bool,
    free: Mutex<Vec<Kept>>,
    shared: tokio::sync::Mutex<Vec<Line>>,
    gone: Mutex<Vec<Gone>>,
    opened: AtomicU32,
}

/// A connection that calls share.
struct Line {
    kept: Kept,
    /// Each of its calls holds one.
    busy: Arc<()>,
}

/// A connection for one call.
struct Lease {
    kept: Kept,
    opened: Option<ConnectionFacts>,
    busy: Option<Arc<()>>,
}

/// Why there is none.
type Lost = Box<(Opened, Failure)>;

impl Lane {
    /// The way of the plan, or what the server picks where the plan leaves it open, with one connection.
    /// The error is why it cannot be gone.
    pub(super) async fn open(
        key: &KeyPlan,
        runner: &Runner<'_>,
        benched: &mut Benched,
    ) -> Result<Self, String> {
        if benched.plan.arms.is_empty() {
            benched.plan.arms = vec![picked(benched)];
        }
        let arm = benched.plan.arms[0];
        let opened = Self::try_to_open(arm, key, runner, benched).await;
        benched.ways = match &opened {
            Ok(lane) => vec![lane.way.facts.clone()],
            Err(why) => vec![ways::lost(arm, why.clone())],
        };
        rows::ways(runner, benched);
        opened.map_err(|_| "the way could not be gone".to_owned())
    }

    async fn try_to_open(
        arm: Arm,
        key: &KeyPlan,
        runner: &Runner<'_>,
        benched: &Benched,
    ) -> Result<Self, Unavailable> {
        let numbers = ways::numbers(runner);
        let road =
            ways::road(arm, key, runner, benched, &numbers).map_err(Unavailable::Impossible)?;
        let mut way = Way::new(arm, road, MOST_BUSY);
        let shares = matches!(arm.protocol, Protocol::H2 | Protocol::Grpc);
        let pool = Arc::new(Pool::new(Arc::clone(&way.road), shares));
        let lease = pool.lease().await.map_err(|lost| Unavailable::Failed(lost.1))?;
        way.facts.negotiated = Some(lease.kept.http().to_owned());
        pool.give_back(lease, false);
        Ok(Self { way, pool })
    }

    /// A call on its way; its time counts from when it is due.
    pub(super) fn set_out(&self, due: Instant) -> impl Future<Output = Timed> + Send + use<> {
        let pool = Arc::clone(&self.pool);
        async move { pool.call(due).await }
    }

    /// Opens further connections before they are needed, where each call needs one of its own.
    pub(super) async fn widen(&self, connections: usize) {
        if self.pool.shares {
            return;
        }
        let mut opening = tokio::task::JoinSet::new();
        for _ in 1..connections {
            let pool = Arc::clone(&self.pool);
            opening.spawn(async move { pool.dial().await.ok() });
        }
        for lease in opening.join_all().await.into_iter().flatten() {
            self.pool.give_back(lease, false);
        }
    }

    /// Counts a call that is back.
    pub(super) fn count(
        &mut self,
        runner: &Runner<'_>,
        benched: &mut Benched,
        back: Back,
    ) -> Sample {
        let Back { timed, due_ms, at_ms, .. } = back;
        let sample = Sample { due_ms, ..self.way.sample(&timed, at_ms, 0) };
        counted::count(runner, benched, &self.way, sample.clone(), timed, at_ms);
        self.pool.gone().drain(..).for_each(|gone| self.way.let_go(gone));
        self.way.facts.opened = self.pool.opened.load(Ordering::Relaxed);
        benched.ways = vec![self.way.facts()];
        sample
    }
}

/// Warm calls over what the server picks.
pub(super) fn picked(benched: &Benched) -> Arm {
    let alpn = benched.negotiated.as_ref().and_then(|negotiated| negotiated.alpn.as_deref());
    let protocol = if alpn == Some("h2") { Protocol::H2 } else { Protocol::H1 };
    Arm::new(protocol, Warmth::Warm).to(Side::Usual)
}

impl Pool {
    fn new(road: Arc<Road>, shares: bool) -> Self {
        let (free, shared, gone) =
            (Mutex::default(), tokio::sync::Mutex::default(), Mutex::default());
        Self { road, shares, free, shared, gone, opened: AtomicU32::new(0) }
    }

    async fn call(&self, due: Instant) -> Timed {
        let mut lease = match self.lease().await {
            Ok(lease) => lease,
            Err(lost) => return Timed::without(lost.0, lost.1, due),
        };
        let timed = lease.kept.call(&self.road, due, lease.opened.take()).await;
        self.give_back(lease, timed.is_lost());
        timed
    }

    async fn lease(&self) -> Result<Lease, Lost> {
        if !self.shares {
            return match self.take_free() {
                Some(kept) => Ok(Lease { kept, opened: None, busy: None }),
                None => self.dial().await,
            };
        }
        // Whoever waits for the connection that another call opens waits no longer than for one of its own.
        let patience = self.road.until.within(self.road.how.connect_timeout);
        match timeout(patience, self.share()).await {
            Ok(lease) => lease,
            Err(_) => Err(Box::new((Opened::none(), late()))),
        }
    }

    /// One that is open and that nobody uses.
    fn take_free(&self) -> Option<Kept> {
        let mut free = lock(&self.free);
        while let Some(kept) = free.pop() {
            if !kept.is_closed() {
                return Some(kept);
            }
            self.gone().push(kept.ended());
        }
        None
    }

    async fn dial(&self) -> Result<Lease, Lost> {
        self.opened.fetch_add(1, Ordering::Relaxed);
        let (opened, kept) = way::open(&self.road).await;
        match kept {
            Ok(kept) => Ok(Lease { kept, opened: Some(opened.facts), busy: None }),
            Err(failure) => Err(Box::new((opened, failure))),
        }
    }

    async fn share(&self) -> Result<Lease, Lost> {
        let mut lines = self.shared.lock().await;
        let (closed, open) = lines.drain(..).partition(|line: &Line| line.kept.is_closed());
        *lines = open;
        self.gone().extend(closed.iter().map(|line: &Line| line.kept.ended()));
        if let Some(lease) = lines.iter().find_map(Line::lease) {
            return Ok(lease);
        }
        let dialled = self.dial().await?;
        let Some(kept) = dialled.kept.shared() else {
            return Err(Box::new((Opened::none(), alone())));
        };
        let line = Line { kept, busy: Arc::default() };
        let lease = line.lease().expect("a new connection is not busy");
        lines.push(line);
        Ok(Lease { opened: dialled.opened, ..lease })
    }

    fn give_back(&self, lease: Lease, is_lost: bool) {
        if lease.busy.is_some() {
            return;
        }
        if is_lost {
            self.gone().push(lease.kept.let_go());
        } else {
            lock(&self.free).push(lease.kept);
        }
    }

    fn gone(&self) -> MutexGuard<'_, Vec<Gone>> {
        lock(&self.gone)
    }
}

impl Line {
    fn lease(&self) -> Option<Lease> {
        let is_full = Arc::strong_count(&self.busy) > MOST_SHARE;
        let kept = self.kept.handle().filter(|_| !is_full)?;
        Some(Lease { kept, opened: None, busy: Some(Arc::clone(&self.busy)) })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn late() -> Failure {
    Failure::new(Stage::Tcp, Fault::TimedOut, "no connection was opened in time")
}

fn alone() -> Failure {
    Failure::new(
        Stage::Tls,
        Fault::Other,
        "the server settled on a protocol that calls cannot share",
    )
}
