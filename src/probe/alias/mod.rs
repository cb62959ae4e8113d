//! An alias asked until a verdict stands: samples over many connections, controls beside them, and the
//! factor that failures go with put to the test.
//!
//! Asks and records. What the samples mean is decided in `alias`.

mod ask;
pub mod look;
mod plan;
mod preflight;
mod rows;
mod siblings;

use std::time::Duration;

use crate::{
    alias::{Next, Verdict, Why, causes, forced, sample, verdict},
    facts::{Clue, models::ModelTable},
};

pub use look::{Counted, MOST_CALLS, look};
pub use plan::{AliasPlan, Probed, SIBLING_CALLS, SIBLINGS, Siblings};
pub use rows::rate;

use self::{ask::Asker, siblings::Controls};

use super::{
    Runner,
    key::{KeyPlan, Learnt},
    runner::Way,
};

/// A quota that asks for a longer pause than this is not waited for.
const LONGEST_PAUSE_MS: u64 = 120_000;
/// How often a passing quota is waited for.
const PAUSES: usize = 3;

/// Carries a plan out. What it brings is written into `probed` as it comes.
pub async fn run(
    key: &KeyPlan,
    runner: &mut Runner<'_>,
    learnt: &mut Learnt,
    probed: &mut Probed,
) -> Result<(), String> {
    runner.go(Way::HURRIED);
    learnt.model = Some(probed.plan.model.clone());
    let mut go_on = true;
    if probed.plan.preflight {
        go_on = preflight::ask(key, runner, learnt, probed).await?;
    }
    if go_on {
        let mut controls =
            Controls::of(&probed.plan.siblings, &probed.plan.model, learnt, &key.table);
        probed.notes.extend(controls.notes());
        sample_name(key, runner, learnt, probed, &mut controls).await;
        controls.finish(runner, &key.table, probed).await;
        force(runner, &key.table, probed).await;
    }
    rows::record(runner, key, probed);
    Ok(())
}

/// Records what there is of a run that was stopped.
pub fn close(key: &KeyPlan, runner: &Runner<'_>, probed: &mut Probed) {
    rows::record(runner, key, probed);
}

async fn sample_name(
    key: &KeyPlan,
    runner: &mut Runner<'_>,
    learnt: &mut Learnt,
    probed: &mut Probed,
    controls: &mut Controls,
) {
    let mut asker = Asker::new(&probed.plan, &key.table);
    let mut pace = Pace::of(probed.plan.rate);
    let began = runner.clock.elapsed_ms();
    let mut looked_up = probed.plan.preflight;
    loop {
        let lot = asker.lot(probed);
        // What was worth a call before a pause may not be after it.
        for pause in [false, true] {
            if pause {
                pace.wait(lot, runner).await;
            }
            let elapsed = runner.clock.elapsed_ms() - began;
            if let Next::Stop(why) = probed.plan.course.next(&probed.samples, elapsed) {
                probed.why = Some(why);
                return;
            }
        }
        asker.ask(lot, runner, probed).await;
        announce(runner, probed);
        if let Some(why) = pace.slow_down(runner, probed).await {
            probed.why = Some(why);
            return;
        }
        if !looked_up && preflight::is_worth_it(&probed.samples) {
            looked_up = true;
            preflight::look_up(key, runner, learnt, probed).await;
            if probed.known.is_wrong() {
                probed.why = Some(Why::Done);
                return;
            }
        }
        controls.beside(runner, &key.table, probed).await;
    }
}

/// Tells the verdict the moment it stands.
fn announce(runner: &Runner<'_>, probed: &mut Probed) {
    if probed.stood.is_some() {
        return;
    }
    let Some(standing) = probed.plan.course.standing(&probed.samples) else { return };
    probed.stood = Some(standing);
    rows::verdict_stands(runner, probed, standing);
}

/// The factor with the strongest evidence, forced. A name that does not fail at times has none.
async fn force(runner: &mut Runner<'_>, table: &ModelTable, probed: &mut Probed) {
    let plan = &probed.plan;
    let ended_well = matches!(probed.why, Some(Why::Done | Why::Cap));
    if plan.course.verdict_only || !ended_well {
        return;
    }
    let test = &plan.course.test;
    let conclusion = verdict::conclude(&probed.samples, &probed.known, test, plan.seed);
    if conclusion.verdict != Verdict::Flaky {
        return;
    }
    let causes = causes::causes(&probed.samples, &conclusion, plan.seed);
    let leading = causes::leading(&causes, &probed.samples, plan.seed);
    let Some(cause) = leading.or_else(|| causes::suspected(&causes, &probed.samples)) else {
        return;
    };
    let ways = forced::ways(cause, probed.own_calls());
    if ways.is_empty() {
        return;
    }
    let (factor, is_suspicion) = (cause.factor, leading.is_none());
    let mut asker = Asker::new(&probed.plan, table);
    let mut samples = Vec::new();
    for way in ways {
        let sample = asker.force(runner, factor, &way).await;
        let over = !sample.end.is_own();
        samples.push((way, sample));
        if over || forced::is_enough(factor, &samples) {
            break;
        }
    }
    let earlier = if is_suspicion { probed.samples.as_slice() } else { &[] };
    probed.forced = Some(forced::judge(factor, samples, earlier));
}

/// How fast calls are made.
struct Pace {
    interval: Option<Duration>,
    /// When the next call is due, in milliseconds.
    due_ms: f64,
    pauses: usize,
    /// The samples that were looked at for a quota.
    seen: usize,
}

impl Pace {
    fn of(rate: Option<f64>) -> Self {
        let interval = rate.map(|rate| Duration::from_secs_f64(1.0 / rate));
        Self { interval, due_ms: 0.0, pauses: 0, seen: 0 }
    }

    /// Waits until so many calls are due together.
    async fn wait(&mut self, lot: usize, runner: &Runner<'_>) {
        let Some(interval) = self.interval else { return };
        let now = runner.clock.elapsed_ms();
        if now < self.due_ms {
            runner.clock.wait(Duration::from_secs_f64((self.due_ms - now) / 1000.0)).await;
        }
        self.due_ms = self.due_ms.max(now) + interval.as_secs_f64() * 1000.0 * lot as f64;
    }

    /// After a quota that passes: the pause that the server asks for, and half the rate from then on.
    /// A reason to end where it does not pass.
    async fn slow_down(&mut self, runner: &Runner<'_>, probed: &mut Probed) -> Option<Why> {
        let new = std::mem::replace(&mut self.seen, probed.samples.len());
        let refused = probed.samples[new..].iter().position(|it| it.end == sample::End::Quota)?;
        if !probed.plan.course.waits_for_quota {
            return None;
        }
        let clues = probed.tried[new + refused].clues();
        let asked = clues.iter().find_map(|clue| match clue {
            Clue::RetryAfterMs(ms) => Some(*ms),
            _ => None,
        });
        let lasting = clues.iter().any(|clue| match clue {
            Clue::LimitZero => true,
            Clue::QuotaId(id) => id.contains("PerDay"),
            _ => false,
        });
        let Some(pause) = asked.filter(|ms| !lasting && *ms <= LONGEST_PAUSE_MS) else {
            return Some(Why::Quota);
        };
        self.pauses += 1;
        if self.pauses > PAUSES {
            return Some(Why::Quota);
        }
        self.interval = self.interval.map(|interval| interval * 2);
        let seconds = pause.div_ceil(1000);
        let news = format!(
            "the server throttles this rate: waited {seconds} s as it asked, and half as fast from there on"
        );
        runner.journal.tell(&news);
        probed.notes.push(news);
        runner.clock.wait(Duration::from_millis(pause)).await;
        None
    }
}
