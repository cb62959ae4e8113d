//! Has a service say of one body after the other whether it takes it: by free counts where they show the fault, else by
//! answers that are as short as they can be. What is tried next, and what all of it means, `bisect` says.

mod ask;
mod foreseen;
mod plan;
mod rows;

use crate::bisect::Step;

use super::{
    Runner,
    key::{self, KeyPlan, Learnt},
    row::BISECT_BODY,
};

use self::{
    ask::Asking,
    foreseen::{For, foreseen},
};
pub use self::{
    foreseen::{Foreseen, said_of},
    plan::{BisectPlan, Bisected, UNASKED_INPUT, Way},
    rows::{Seen, rows},
};

/// Carries a plan out. `Err` is the reason why nothing could be asked.
pub(super) async fn run(
    key: &KeyPlan,
    runner: &mut Runner<'_>,
    learnt: &mut Learnt,
    bisected: &mut Bisected,
) -> Result<(), String> {
    learnt.model.clone_from(&key.model);
    if let Err(because) = key::reach_and_list(runner, learnt).await {
        runner.journal.observe(BISECT_BODY.skipped(&because));
        bisected.is_recorded = true;
        return Err(because);
    }
    if learnt.model.is_none() {
        learnt.model = Some(key::pick(&learnt.listed, &key.table, runner));
        learnt.model_was_picked = true;
    }
    let model = learnt.model.clone().expect("a model was named or picked");
    bisected.model = Some(model.clone());
    let whom = For {
        service: bisected.plan.service,
        version: bisected.plan.version,
        model: &model,
        table: &key.table,
        day: &runner.clock.today(),
    };
    bisected.foreseen = foreseen(&bisected.plan.given, whom);
    let mut asking = Asking::new(&model, runner, bisected);
    asking.begin().await;
    asking.search().await;
    observe(runner, bisected);
    Ok(())
}

/// Records what is left to record of a run that was stopped.
pub(super) fn close(runner: &Runner<'_>, bisected: &mut Bisected) {
    observe(runner, bisected);
}

/// The rows, the first with the answer that the search goes by.
fn observe(runner: &Runner<'_>, bisected: &mut Bisected) {
    if bisected.is_recorded {
        return;
    }
    bisected.is_recorded = true;
    let answer = bisected.search.so_far();
    let seen = Seen {
        answer: &answer,
        said: bisected.said(),
        by_service: true,
        is_filled: bisected.plan.replaced > 0,
        passes_shortened: bisected.passes_shortened(&answer),
    };
    let [mut whole, mut parts, confirmed] = rows(seen);
    parts.evidence = bisected.explained(&answer);
    // Where rules say of each fault what it is, nobody has to guess by the words of the refusal.
    let is_explained = !answer.faults.is_empty() && parts.evidence.len() == answer.faults.len();
    for mut evidence in bisected.decisive(&answer) {
        if is_explained {
            evidence.clues.extend(parts.evidence[0].clues.iter().cloned());
        }
        whole.check.attempts.extend(evidence.attempt.clone());
        whole.evidence.push(evidence);
    }
    for row in [whole, parts, confirmed] {
        runner.journal.observe(row);
    }
}

/// Whether there is nothing left to ask.
fn is_over(bisected: &Bisected) -> bool {
    bisected.ended.is_some() || matches!(bisected.search.next(), Step::Done(_))
}
