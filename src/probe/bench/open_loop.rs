//! Calls at a rate of their own: each begins when it is due, whatever becomes of the others. Time passes
//! really here, in simulated worlds too. What the samples show is decided in `bench`.

use std::time::Duration;

use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

use crate::{
    bench::{Held, Load},
    facts::{Clue, Ended, Sample, Status, check::Evidence, clue::Shown},
};

use super::{
    super::{
        Runner,
        key::KeyPlan,
        row::{BENCH_FAILURES, BENCH_RATE, Row},
    },
    lane::{Back, Lane, MOST_BUSY},
    mode::Mode,
    plan::{Benched, Why},
};

/// Refusals in a row, after which going on would be a nuisance.
const REFUSALS: u32 = 3;
/// Failures in a row after which more calls would bring nothing.
const FAILURES: u32 = 20;
/// How often whoever waits is told something.
const NEWS: Duration = Duration::from_secs(5);

/// A run at a rate.
struct OpenLoop<'r, 'a> {
    runner: &'r Runner<'a>,
    benched: &'r mut Benched,
    lane: Lane,
    per_second: f64,
    /// The calls that come due.
    calls: u32,
    /// The next one of them.
    next: u32,
    began: Instant,
    /// The same in milliseconds from the start of the run.
    began_ms: f64,
    under_way: JoinSet<Back>,
    refused: u32,
    failed: u32,
    told: Instant,
}

/// Makes calls at the rate of the plan.
pub(super) async fn run(
    key: &KeyPlan,
    runner: &Runner<'_>,
    benched: &mut Benched,
    per_second: f64,
) -> Result<Why, String> {
    let calls = benched.plan.mode.due_calls();
    let lane = Lane::open(key, runner, benched).await?;
    let (began, began_ms) = (Instant::now(), runner.clock.elapsed_ms());
    let run = OpenLoop {
        runner,
        benched,
        lane,
        per_second,
        calls,
        next: 0,
        began,
        began_ms,
        under_way: JoinSet::new(),
        refused: 0,
        failed: 0,
        told: began,
    };
    Ok(run.drive().await)
}

impl OpenLoop<'_, '_> {
    /// Calls until there is a reason to end, and waits for those that are under way.
    async fn drive(mut self) -> Why {
        loop {
            let over = self.reason_to_end();
            if let Some(why) = over
                && self.under_way.is_empty()
            {
                return why;
            }
            let may_begin = over.is_none() && self.under_way.len() < MOST_BUSY;
            tokio::select! {
                () = sleep_until(self.due()), if may_begin => self.begin(),
                Some(back) = self.under_way.join_next() => {
                    self.take_back(back.expect("no call panics, and none is aborted"));
                }
            }
            self.tell();
        }
    }

    fn reason_to_end(&self) -> Option<Why> {
        if self.refused >= REFUSALS {
            Some(Why::Quota)
        } else if self.failed >= FAILURES {
            Some(Why::Silence)
        } else if self.next >= self.calls {
            Some(Why::Done)
        } else {
            let more = self.under_way.len() as u64 + 1;
            self.runner.may_send(more).is_err().then_some(Why::Budget)
        }
    }

    fn due_in(&self) -> Duration {
        Duration::from_secs_f64(f64::from(self.next) / self.per_second)
    }

    fn due(&self) -> Instant {
        self.began + self.due_in()
    }

    fn begin(&mut self) {
        let ms = |since: Duration| self.began_ms + since.as_secs_f64() * 1_000.0;
        let (due_ms, at_ms) = (Some(ms(self.due_in())), ms(self.began.elapsed()));
        let call = self.lane.set_out(self.due().into_std());
        self.under_way.spawn(async move {
            let timed = call.await;
            Back { timed, due_ms, at_ms, heard: std::time::Instant::now() }
        });
        self.next += 1;
    }

    fn take_back(&mut self, back: Back) {
        let sample = self.lane.count(self.runner, self.benched, back);
        match sample.ended {
            Ended::Answered => (self.refused, self.failed) = (0, 0),
            // What was under way when the third one came changes nothing.
            Ended::Refused(_) if self.refused < REFUSALS => self.refused += 1,
            Ended::Refused(_) => {}
            Ended::Failed { .. } => self.failed += 1,
        }
    }

    fn tell(&mut self) {
        if self.told.elapsed() < NEWS {
            return;
        }
        self.told = Instant::now();
        let (seconds, due) = (self.began.elapsed().as_secs(), self.next);
        let answered = self
            .runner
            .journal
            .with_samples(|samples| samples.iter().filter(|sample| sample.is_answered()).count());
        self.runner
            .journal
            .tell(&format!("after {seconds} s: {due} calls due, {answered} answered"));
    }
}

/// What a run at a rate came to, without its verdict.
pub fn in_words(load: &Load) -> String {
    let answers = match load.rate {
        Some(rate) => format!("{:.1} ± {:.1} answers a second", rate.value, rate.plus_minus()),
        None => format!("{} of {} calls answered", load.answered, load.calls),
    };
    let of = format!("{answers} where {} calls a second were wished", load.wished);
    match load.verdict {
        Held::NotSustained(broke) => {
            let (first, seconds) = (broke.first.words(), load.broke_after_s(&broke));
            format!("{of}; first came {first}, after {seconds:.1} s")
        }
        Held::Sustained => of,
        Held::NotEnoughData => {
            let needs = load.needs_s.map(|s| format!("; some {s:.0} s may be enough"));
            let needs = needs.unwrap_or_default();
            format!("{of}; too few calls, or too short a time, for a verdict{needs}")
        }
    }
}

/// Whether a run at a rate was ended since nothing but refusals or failures came any more.
pub fn was_cut(benched: &Benched) -> bool {
    matches!(benched.why, Some(Why::Quota | Why::Silence))
}

/// The row of a run at a rate.
pub(super) fn record(runner: &Runner<'_>, benched: &Benched) {
    let Mode::Rate { per_second, .. } = benched.plan.mode else { return };
    let was_cut = was_cut(benched);
    let load =
        runner.journal.with_samples(|samples: &[Sample]| Load::of(samples, per_second, was_cut));
    if load.calls == 0 {
        return;
    }
    let text = in_words(&load);
    let row = match load.verdict {
        Held::Sustained => BENCH_RATE.row(Status::Pass, text),
        Held::NotEnoughData => BENCH_RATE.row(Status::Inconclusive, text),
        Held::NotSustained(_) => {
            let clues = vec![Clue::Shown(Shown::RateNotHeld), Clue::Message(text.clone())];
            let evidence = Evidence { attempt: None, text: text.clone(), clues };
            BENCH_RATE.row(Status::Fail, text).with(evidence)
        }
    };
    runner.journal.observe(row.done());
    failures(runner, benched, &load);
}

/// Calls that failed. Where the rate was held all the same they break nothing.
fn failures(runner: &Runner<'_>, benched: &Benched, load: &Load) {
    let failed = load.calls - load.answered;
    if failed == 0 {
        return;
    }
    let detail = format!("{failed} of {} calls; in no latency", load.calls);
    let row = match load.verdict {
        Held::Sustained => BENCH_FAILURES.row(Status::Warn, detail),
        Held::NotSustained(_) | Held::NotEnoughData => {
            let evidence = benched.failures.iter().map(|failed| failed.tried.evidence());
            evidence.fold(BENCH_FAILURES.row(Status::Fail, detail), Row::with)
        }
    };
    runner.journal.observe(row.done());
}
