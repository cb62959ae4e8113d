//! Calls that find the limit in front of a server: `bench::Schedule` says when to make them, and they are
//! made then, really, in simulated worlds too. What they show is decided in `bench`.

use std::time::Duration;

use tokio::{
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};

use crate::{
    bench::{
        Limit, Schedule, Step,
        bucket::{self, Figure},
    },
    facts::{Ended, Status},
    net::deadline,
};

use super::{
    super::{Runner, key::KeyPlan, row::BENCH_LIMIT},
    lane::{Back, Lane},
    plan::{Benched, Why},
};

/// What the call before has taken out of the limit comes back meanwhile.
const SETTLE: Duration = Duration::from_secs(3);
/// Connections for a burst, where each call needs one of its own.
const WIDE: usize = 32;
/// Failures in a row that are no refusals, after which more calls would bring nothing.
const FAILURES: u32 = 20;

/// A run that finds a limit.
struct Search<'r, 'a> {
    runner: &'r Runner<'a>,
    benched: &'r mut Benched,
    lane: Lane,
    schedule: Schedule,
    began: Instant,
    began_ms: f64,
    under_way: JoinSet<(usize, Back)>,
    failed: u32,
}

/// Looks for the limit.
pub(super) async fn run(
    key: &KeyPlan,
    runner: &Runner<'_>,
    benched: &mut Benched,
    (most_calls, most_ms): (u32, f64),
) -> Result<Why, String> {
    let lane = Lane::open(key, runner, benched).await?;
    lane.widen(WIDE).await;
    sleep(SETTLE).await;
    let left_ms = runner.time_left().map_or(f64::INFINITY, deadline::ms);
    let most_ms = most_ms.min(left_ms);
    let schedule = Schedule::new(0.0, most_calls as usize, most_ms);
    let (began, began_ms) = (Instant::now(), runner.clock.elapsed_ms());
    let under_way = JoinSet::new();
    let search = Search { runner, benched, lane, schedule, began, began_ms, under_way, failed: 0 };
    Ok(search.drive().await)
}

impl Search<'_, '_> {
    async fn drive(mut self) -> Why {
        loop {
            let step = self.schedule.next(self.now_ms());
            match step {
                Step::Done => return Why::Done,
                Step::SendAt(_) | Step::ListenUntil(_) if self.failed >= FAILURES => {
                    return Why::Silence;
                }
                Step::SendAt(at_ms) => {
                    sleep_until(self.at(at_ms)).await;
                    if self.runner.may_send(self.under_way.len() as u64 + 1).is_err() {
                        return Why::Budget;
                    }
                    self.send();
                }
                Step::ListenUntil(until_ms) => self.listen(until_ms).await,
            }
            self.benched.brought.probes = self.schedule.calls().to_vec();
        }
    }

    fn now_ms(&self) -> f64 {
        deadline::ms(self.began.elapsed())
    }

    fn at(&self, ms: f64) -> Instant {
        self.began + Duration::from_secs_f64(ms.max(0.0) / 1_000.0)
    }

    fn send(&mut self) {
        let now_ms = self.now_ms();
        let number = self.schedule.sent(now_ms);
        let (call, at_ms) = (self.lane.set_out(std::time::Instant::now()), self.began_ms + now_ms);
        self.under_way.spawn(async move {
            let timed = call.await;
            (number, Back { timed, due_ms: None, at_ms, heard: std::time::Instant::now() })
        });
    }

    async fn listen(&mut self, until_ms: f64) {
        let until = self.at(until_ms);
        tokio::select! {
            () = sleep_until(until) => {}
            Some(back) = self.under_way.join_next() => {
                let (number, back) = back.expect("no call panics, and none is aborted");
                self.take_back(number, back);
            }
        }
    }

    fn take_back(&mut self, number: usize, back: Back) {
        let heard_ms = deadline::ms(back.heard.saturating_duration_since(self.began.into_std()));
        let sample = self.lane.count(self.runner, self.benched, back);
        let accepted = match sample.ended {
            Ended::Answered => Some(true),
            // Gateways refuse with either.
            Ended::Refused(429 | 503) => Some(false),
            Ended::Refused(_) | Ended::Failed { .. } => None,
        };
        self.failed = if accepted.is_some() { 0 } else { self.failed + 1 };
        self.schedule.heard(number, heard_ms, accepted);
    }
}

/// A limit in words.
pub fn in_words(limit: &Limit) -> String {
    match limit {
        Limit::Bucket { rate, capacity } => {
            format!("rate {} a second, capacity {}", figure(rate, 1), figure(capacity, 0))
        }
        Limit::Queue { rate, room, at_once: 0 | 1 } => {
            format!("queues up to {:.0}, drained at {} a second", room.value, figure(rate, 1))
        }
        Limit::Queue { rate, room, at_once } => format!(
            "{at_once} at once, then queues up to {:.0}, drained at {} a second",
            room.value,
            figure(rate, 1)
        ),
        Limit::Window { calls, seconds } => {
            format!("{calls} calls in each {} s", figure(seconds, 1))
        }
        Limit::NotReached { calls, per_second } => {
            format!("none of {calls} calls was refused, at {per_second:.0} a second")
        }
        Limit::Unclear { at_once, refused } => format!(
            "{at_once} calls passed at once and {refused} were refused, by no rule that is known here"
        ),
    }
}

/// `10.0 (9.6-10.4)`.
fn figure(figure: &Figure, digits: usize) -> String {
    let digits = if figure.value < 1.0 { digits + 1 } else { digits };
    let (value, low, high) = (figure.value, figure.interval.low, figure.interval.high);
    match high.is_finite() {
        true => format!("{value:.digits$} ({low:.digits$}-{high:.digits$})"),
        false => format!("{value:.digits$} (at least {low:.digits$})"),
    }
}

/// The row of the limit.
pub(super) fn record(runner: &Runner<'_>, benched: &Benched) {
    let probes = &benched.brought.probes;
    if probes.is_empty() {
        return;
    }
    let limit = bucket::fit(probes);
    let status = match limit {
        Limit::Unclear { .. } => Status::Inconclusive,
        Limit::NotReached { calls: 0, .. } => Status::Inconclusive,
        _ => Status::Pass,
    };
    runner.journal.observe(BENCH_LIMIT.row(status, in_words(&limit)).done());
}
