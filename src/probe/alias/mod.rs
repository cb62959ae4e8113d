//! An alias asked until a verdict stands: samples over many connections, controls beside them, and the
//! factor that failures go with put to the test.
//!
//! Asks and records. What the samples mean is decided in `alias`.

mod ask;
pub mod look;
mod pace;
mod plan;
mod preflight;
mod rows;
mod siblings;

use crate::{
    alias::{Factor, Next, Verdict, Why, causes, forced, verdict},
    facts::models::ModelTable,
};

pub use look::{Counted, MOST_CALLS, look};
pub use plan::{AliasPlan, Probed, SIBLING_CALLS, SIBLINGS, Siblings};
pub use rows::rate;

use self::{ask::Asker, pace::Pace, siblings::Controls};

use super::{
    Runner,
    key::{KeyPlan, Learnt},
    runner::Way,
};

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
        let controls = &mut controls;
        let mut run = Run { key, runner, learnt, probed, controls };
        let why = run.sample_name().await;
        probed.why = Some(why);
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

/// Everything that the calls to a name need.
struct Run<'r, 'a> {
    key: &'r KeyPlan,
    runner: &'r mut Runner<'a>,
    learnt: &'r mut Learnt,
    probed: &'r mut Probed,
    controls: &'r mut Controls,
}

impl Run<'_, '_> {
    /// Asks the name until there is a reason to end.
    async fn sample_name(&mut self) -> Why {
        let mut asker = Asker::new(&self.probed.plan, &self.key.table);
        let mut pace = Pace::of(self.probed.plan.rate);
        let mut looked_up = self.probed.plan.preflight;
        let began = self.runner.clock.elapsed_ms();
        loop {
            let lot = asker.lot(self.probed);
            if let Err(why) = self.wait_for_turn(&mut pace, lot, began).await {
                return why;
            }
            asker.ask(lot, self.runner, self.probed).await;
            announce(self.runner, self.probed);
            if let Some(why) = pace.slow_down(self.runner, self.probed).await {
                return why;
            }
            if !looked_up && preflight::is_worth_it(&self.probed.samples) {
                looked_up = true;
                preflight::look_up(self.key, self.runner, self.learnt, self.probed).await;
                if self.probed.known.is_wrong() {
                    return Why::Done;
                }
            }
            self.controls.beside(self.runner, &self.key.table, self.probed).await;
        }
    }

    /// What was worth a call before a pause may not be after it. `Err` is the reason to end.
    async fn wait_for_turn(&self, pace: &mut Pace, lot: usize, began: f64) -> Result<(), Why> {
        let worth_it = || {
            let elapsed = self.runner.clock.elapsed_ms() - began;
            match self.probed.plan.course.next(&self.probed.samples, elapsed) {
                Next::Ask => Ok(()),
                Next::Stop(why) => Err(why),
            }
        };
        worth_it()?;
        pace.wait(lot, self.runner).await;
        worth_it()
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
    let ended_well = matches!(probed.why, Some(Why::Done | Why::Cap));
    if probed.plan.course.verdict_only || !ended_well {
        return;
    }
    let Some((factor, ways, is_suspicion)) = to_be_tested(probed) else { return };
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

/// The factor to put to the test, the calls that do it, and whether it is only a suspicion.
fn to_be_tested(probed: &Probed) -> Option<(Factor, Vec<forced::Way>, bool)> {
    let (plan, samples) = (&probed.plan, &probed.samples);
    let conclusion = verdict::conclude(samples, &probed.known, &plan.course.test, plan.seed);
    if conclusion.verdict != Verdict::Flaky {
        return None;
    }
    let causes = causes::causes(samples, &conclusion, plan.seed);
    let shown = causes::leading(&causes, samples, plan.seed);
    let cause = shown.or_else(|| causes::suspected(&causes, samples))?;
    let ways = forced::ways(cause, probed.own_calls());
    (!ways.is_empty()).then_some((cause.factor, ways, shown.is_none()))
}
