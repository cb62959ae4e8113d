//! Sends long prompts and records what became of them: counted by whom, given back how far, refused or not.
//!
//! What it shows is judged in `tokens::delivery`. Nothing is sent again unless a verdict needs it.

mod arm;
mod ceiling;
mod count;
mod plan;

use crate::{
    facts::models::Thinking,
    tokens::delivery::{self, Verdict},
};

use super::{
    Runner,
    key::{self, KeyPlan, Learnt, thinking_of},
    row::{TOKENS_CEILING, TOKENS_COUNT, TOKENS_DELIVERY, TOKENS_TOOLS},
};

pub use self::{
    count::{Counted, Modality},
    plan::{Arm, Ask, Delivered, DeliveryPlan, Payload},
};

/// Whom a run asks, and how.
struct Subject {
    model: String,
    thinking: Thinking,
    api_version: String,
    /// The limit that the list names for the model.
    limit: Option<u64>,
}

/// Carries a plan out. `Err` is the reason why nothing could be asked.
pub(super) async fn run(
    key: &KeyPlan,
    runner: &mut Runner<'_>,
    learnt: &mut Learnt,
    delivered: &mut Delivered,
) -> Result<(), String> {
    learnt.model.clone_from(&key.model);
    if let Err(because) = key::reach_and_list(runner, learnt).await {
        skip(runner, delivered, &because);
        return Err(because);
    }
    let subject = subject(key, runner, learnt);
    delivered.model = Some(subject.model.clone());
    delivered.limit = subject.limit;
    if let Some(patience) = delivered.plan.patience {
        runner.wait_for(patience);
    }
    match delivered.plan.ask {
        Ask::Verify => verify(&subject, runner, delivered).await,
        Ask::Prove { tools } => prove(&subject, tools, runner, delivered).await,
        Ask::Ceiling { .. } => ceiling::find(&subject, runner, delivered).await,
    }
    Ok(())
}

/// Records what is left to record of a run that was stopped.
pub(super) fn close(runner: &Runner<'_>, delivered: &Delivered) {
    skip(runner, delivered, "the run was stopped");
}

fn skip(runner: &Runner<'_>, delivered: &Delivered, because: &str) {
    let wanted = match delivered.plan.ask {
        Ask::Verify => vec![TOKENS_COUNT],
        Ask::Prove { tools: false } => vec![TOKENS_COUNT, TOKENS_DELIVERY],
        Ask::Prove { tools: true } => vec![TOKENS_COUNT, TOKENS_DELIVERY, TOKENS_TOOLS],
        Ask::Ceiling { .. } => vec![TOKENS_COUNT, TOKENS_CEILING],
    };
    let seen = runner.journal.observations();
    for question in wanted {
        if !seen.iter().any(|row| row.check.id == question.id) {
            runner.journal.observe(question.skipped(because));
        }
    }
}

fn subject(key: &KeyPlan, runner: &Runner<'_>, learnt: &mut Learnt) -> Subject {
    if learnt.model.is_none() {
        learnt.model = Some(key::pick(&learnt.listed, &key.table, runner));
        learnt.model_was_picked = true;
    }
    let model = learnt.model.clone().expect("a model was named or picked");
    let entry = learnt.listed.iter().find(|one| one.id() == model);
    Subject {
        thinking: thinking_of(&model, &key.table),
        api_version: runner.endpoint.body_version().to_owned(),
        limit: entry.and_then(|entry| entry.input_token_limit),
        model,
    }
}

async fn verify(subject: &Subject, runner: &mut Runner<'_>, delivered: &mut Delivered) {
    let body = delivered.plan.payload.body(&delivered.plan.haystack());
    delivered.verified = count::ask(subject, &body, true, runner).await;
}

async fn prove(subject: &Subject, tools: bool, runner: &mut Runner<'_>, delivered: &mut Delivered) {
    let first = arm::ask(subject, false, runner, &delivered.plan).await;
    arm::observe(&first, runner);
    delivered.arms.push(first.arm);
    if !tools {
        return;
    }
    let second = arm::ask(subject, true, runner, &delivered.plan).await;
    delivered.arms.push(second.arm);
    let [without, with] = &delivered.arms[..] else { return };
    arm::observe_tools(&delivery::compare(&without.verdict, &with.verdict), runner, &second.tried);
}

/// Whether a verdict says that calls end well.
fn is_good(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Delivered { .. })
}
