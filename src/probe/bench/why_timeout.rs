//! Free calls that tell why others time out: of several sizes, to the model and to another one, over new
//! connections. What they show is decided in `bench`.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::{sync::mpsc, task::JoinSet};

use crate::{
    bench::{Arm, Side, TimeoutCause, Unsure},
    facts::{Clue, Ended, Phases, Sample, Status, check::Evidence, clue::Shown},
    gemini::Call,
};

use super::{
    super::{
        Clock, Runner,
        row::{BENCH_CAUSE, Row},
    },
    counted, lane,
    mode::Mode,
    plan::{Benched, Unavailable, Why},
    rows, until,
    way::{self, Road, Timed, Way},
    ways,
};

/// Each connection carries one call of each kind; so many are opened.
const CONNECTIONS: usize = 12;
/// So many at the same time, so that a connection that hangs does not hold up all others.
const AT_ONCE: usize = 3;
/// The sizes of requests, in KiB: the last one is beyond what people send in most calls.
const KIB: [usize; 3] = [1, 32, 128];
/// All of it.
pub(super) const MOST_CALLS: u32 = (CONNECTIONS * (KIB.len() + 1)) as u32;
/// Connections in a row without an answer, after which more would bring nothing.
const SILENT: u32 = 6;

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// To see how long the model takes for so many KiB.
    Size(usize),
    /// To see how long another model takes for the largest of them.
    Sibling,
}

/// A thing that came.
enum News {
    /// A connection was opened, or was not.
    Connection(Phases, Option<crate::facts::Fault>),
    /// A call is back.
    Call { kind: usize, timed: Box<Timed>, at_ms: f64 },
}

/// The calls of one kind.
struct Track {
    kind: Kind,
    way: Way,
}

/// Measures.
pub(super) async fn run(
    runner: &Runner<'_>,
    benched: &mut Benched,
    sibling: &str,
) -> Result<Why, String> {
    if benched.plan.arms.is_empty() {
        benched.plan.arms = vec![lane::picked(benched)];
    }
    let arm = benched.plan.arms[0];
    let tracks = tracks(arm, runner, benched, sibling);
    benched.ways = match &tracks {
        Ok(tracks) => vec![tracks[0].way.facts()],
        Err(why) => vec![ways::lost(arm, Unavailable::Impossible(why.clone()))],
    };
    rows::ways(runner, benched);
    until::bound(runner, benched, Some(benched.plan.most_ms));
    let tracks = tracks.map_err(|_| "the way could not be gone".to_owned())?;
    Ok(Measuring { runner, benched, tracks, silent: 0 }.drive().await)
}

/// The kinds of calls. The sibling stands on the other side.
fn tracks(
    arm: Arm,
    runner: &Runner<'_>,
    benched: &Benched,
    sibling: &str,
) -> Result<Vec<Track>, String> {
    let numbers = ways::numbers(runner);
    let sizes = KIB.map(|kib| (Kind::Size(kib), kib, benched.plan.model.as_str(), Side::Usual));
    let most = KIB[KIB.len() - 1];
    let all = sizes.into_iter().chain([(Kind::Sibling, most, sibling, Side::Other)]);
    let track = |(kind, kib, model, side): (Kind, usize, &str, Side)| {
        let road = ways::road_of(filler(model, kib), arm, runner, benched, &numbers)?;
        Ok(Track { kind, way: Way::new(arm.to(side), road, 1) })
    };
    all.map(track).collect()
}

/// A request of so many KiB whose tokens are to be counted, which costs nothing.
fn filler(model: &str, kib: usize) -> Call {
    let text = "word ".repeat(kib * 1024 / 5);
    Call::count_of(model, json!({"contents": [{"role": "user", "parts": [{"text": text}]}]}))
}

struct Measuring<'r, 'a> {
    runner: &'r Runner<'a>,
    benched: &'r mut Benched,
    tracks: Vec<Track>,
    /// Connections in a row without any answer.
    silent: u32,
}

impl Measuring<'_, '_> {
    async fn drive(mut self) -> Why {
        let (sender, mut news) = mpsc::unbounded_channel();
        let mut dice = fastrand::Rng::with_seed(self.benched.plan.seed);
        let mut under_way = JoinSet::new();
        let mut left = CONNECTIONS;
        let mut why = Why::Done;
        let began = Instant::now();
        loop {
            while left > 0 && under_way.len() < AT_ONCE {
                if let Some(reason) = self.reason_to_end(under_way.len(), began) {
                    (left, why) = (0, reason);
                    break;
                }
                left -= 1;
                let mut order: Vec<usize> = (0..self.tracks.len()).collect();
                dice.shuffle(&mut order);
                let roads =
                    order.iter().map(|kind| (*kind, Arc::clone(&self.tracks[*kind].way.road)));
                let (clock, sender) = (self.runner.clock.clone(), sender.clone());
                under_way.spawn(connection(roads.collect(), clock, sender));
            }
            tokio::select! {
                // What was told comes before the end of who told it.
                biased;
                Some(one) = news.recv() => self.keep(one),
                Some(ended) = under_way.join_next() => {
                    let is_silent = ended.expect("no call panics, and none is aborted");
                    self.silent = if is_silent { self.silent + 1 } else { 0 };
                }
                else => return why,
            }
            if left == 0 && under_way.is_empty() && news.is_empty() {
                return why;
            }
        }
    }

    fn reason_to_end(&self, under_way: usize, began: Instant) -> Option<Why> {
        let calls = (under_way + 1) * self.tracks.len();
        if self.silent >= SILENT {
            Some(Why::Silence)
        } else if began.elapsed() > Duration::from_secs_f64(self.benched.plan.most_ms / 1_000.0) {
            Some(Why::Time)
        } else {
            self.runner.may_send(calls as u64).is_err().then_some(Why::Budget)
        }
    }

    fn keep(&mut self, news: News) {
        match news {
            News::Connection(phases, fault) => {
                self.benched.ways[0].opened += 1;
                self.benched.brought.timeouts.connects.push((phases, fault));
            }
            News::Call { kind, timed, at_ms } => self.keep_call(kind, *timed, at_ms),
        }
    }

    fn keep_call(&mut self, kind: usize, timed: Timed, at_ms: f64) {
        let track = &self.tracks[kind];
        let sample = track.way.sample(&timed, at_ms, 0);
        if timed.was_cut() {
            return counted::count(self.runner, self.benched, &track.way, sample, timed, at_ms);
        }
        let Sample { ended, latency_ms, .. } = sample;
        let found = &mut self.benched.brought.timeouts;
        match track.kind {
            Kind::Size(kib) => found.by_size.push((kib as f64, latency_ms, ended)),
            Kind::Sibling => found.sibling.push((latency_ms, ended)),
        }
        counted::count(self.runner, self.benched, &track.way, sample, timed, at_ms);
    }
}

/// One connection with its calls, in this order. Gives whether none of them was answered in any way.
async fn connection(
    roads: Vec<(usize, Arc<Road>)>,
    clock: Clock,
    news: mpsc::UnboundedSender<News>,
) -> bool {
    let mut kept = None;
    let mut is_silent = true;
    let mut is_first = true;
    for (kind, road) in roads {
        if road.until.is_over() {
            break;
        }
        let mut open = match kept.take() {
            Some(open) => open,
            None => {
                let (opened, kept) = way::open(&road).await;
                let fault = kept.as_ref().err().map(|failure| failure.fault);
                if !opened.was_cut && (is_first || fault.is_some()) {
                    let _ = news.send(News::Connection(phases(&opened.facts), fault));
                }
                is_first = false;
                let Ok(open) = kept else { continue };
                open
            }
        };
        let at_ms = clock.elapsed_ms();
        let timed = open.call(&road, Instant::now(), None).await;
        is_silent &= matches!(timed.ended(), Ended::Failed { .. });
        kept = (!timed.is_lost() && !open.is_closed()).then_some(open);
        let _ = news.send(News::Call { kind, timed: Box::new(timed), at_ms });
    }
    is_silent
}

fn phases(facts: &crate::net::ConnectionFacts) -> Phases {
    Phases {
        dns_ms: facts.dns_ms,
        tcp_ms: facts.tcp_ms,
        proxy_ms: facts.proxy_ms,
        tls_ms: facts.tls_ms,
        ..Phases::default()
    }
}

/// Why no cause is named, in words.
pub const fn unsure_in_words(why: Unsure) -> &'static str {
    match why {
        Unsure::NotSeen => "no call timed out while this was measured",
        Unsure::TooFewCalls => "too few calls for one of the three signs",
        Unsure::SeveralSigns => "there are signs of several causes at once",
        Unsure::Unclear => "a sign is neither there nor clearly missing",
        Unsure::NoSign => "slow at every size, over good connections, and the other model too",
    }
}

/// The row of the cause.
pub(super) fn record(runner: &Runner<'_>, benched: &Benched) {
    let found = &benched.brought.timeouts;
    let Mode::WhyTimeout { sibling } = &benched.plan.mode else { return };
    if found.by_size.is_empty() && found.connects.is_empty() {
        return;
    }
    let verdict = found.verdict(benched.plan.seed);
    let of = found.by_size.len();
    let timed_out = format!("{} of {of} calls timed out", verdict.timed_out);
    let ms = |ms: Option<f64>| ms.map_or("-".to_owned(), |ms| format!("{ms:.0} ms"));
    let by_size = verdict.by_size;
    let sizes = format!("large {}, small {}", ms(by_size.first_ms), ms(by_size.second_ms));
    let other = format!("{sibling} {}", ms(verdict.by_model.second_ms));
    let connects = format!("{} of {} connections slow", verdict.slow_connects, verdict.connects);
    let measured = format!("{timed_out}; {sizes}, {other}; {connects}");
    let shown = |shown| {
        let clues = vec![Clue::Shown(shown)];
        let evidence = Evidence { attempt: None, text: measured.clone(), clues };
        BENCH_CAUSE.row(Status::Fail, measured.clone()).with(evidence)
    };
    let row = match verdict.cause {
        TimeoutCause::LargeInput => shown(Shown::TimeoutsBySize),
        TimeoutCause::Network => shown(Shown::TimeoutsByNetwork),
        TimeoutCause::ModelLoad => shown(Shown::TimeoutsByLoad),
        TimeoutCause::Inconclusive(Unsure::NotSeen) => {
            BENCH_CAUSE.row(Status::Pass, measured.clone())
        }
        TimeoutCause::Inconclusive(why) => {
            let text = format!("{}: {measured}", unsure_in_words(why));
            let failed = benched.failures.iter().map(|failed| failed.tried.evidence());
            failed.fold(BENCH_CAUSE.row(Status::Inconclusive, text), Row::with)
        }
    };
    runner.journal.observe(row.done());
}
