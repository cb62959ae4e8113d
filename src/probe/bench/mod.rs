//! Calls over several ways, timed: every way once in each round, and what each connection showed.
//!
//! Asks and records. What the samples mean is decided in `bench`.

mod carrier;
mod counted;
mod http2;
mod idle;
mod lane;
mod limit;
mod mode;
mod open_loop;
mod plan;
mod protocol;
mod rounds;
mod rows;
mod traps;
mod until;
mod way;
mod ways;
mod why_timeout;

use std::sync::atomic::Ordering;

use crate::{
    bench::Side,
    facts::{Api, Ended, Phases, Sample, Status, check::Evidence},
    gemini::Call,
};

pub use http2::{Http2Told, Pinged};
pub use idle::{in_words as idle_in_words, of_protocol as idle_of};
pub use limit::in_words as limit_in_words;
pub use mode::{Brought, Mode, Rest};
pub use open_loop::{in_words as load_in_words, was_cut};
pub use plan::{
    BenchPlan, Benched, Directly, Earlier, Failed, Negotiated, Other, Unavailable, WayFacts, Why,
    Workload,
};

pub use protocol::choice;
pub use traps::http2;
pub use why_timeout::unsure_in_words;

use self::rounds::Rounds;

use super::{
    Runner,
    journal::Spent,
    key::{self, KeyPlan, failed_status, model_facts, name_clues, record},
    row::BENCH_CALL,
};

/// Carries a plan out. What it brings is written into `benched` and the journal as it comes.
pub async fn run(
    key: &KeyPlan,
    runner: &mut Runner<'_>,
    benched: &mut Benched,
) -> Result<(), String> {
    until::bound(runner, benched, None);
    benched.notes.extend(benched.plan.workload.note());
    if benched.plan.workload.method().is_paid() {
        runner.each_costs(benched.plan.tokens_a_call(&key.table));
    }
    key::reach(runner).await?;
    protocol::learn(runner, benched).await;
    benched.timeout_ms = runner.limits().request_timeout.as_secs_f64() * 1000.0;
    first_call(key, runner, benched).await?;
    key::route(runner);
    // The way there was shown; its connection would only grow old beside the ones that are timed.
    runner.disconnect();
    let why = match benched.plan.mode.clone() {
        Mode::Rounds => in_rounds(key, runner, benched).await?,
        Mode::Rate { per_second, .. } => open_loop::run(key, runner, benched, per_second).await?,
        Mode::Limit { most_calls, most_ms } => {
            limit::run(key, runner, benched, (most_calls, most_ms)).await?
        }
        Mode::Idle { seconds } => idle::run(key, runner, benched, &seconds).await?,
        Mode::WhyTimeout { sibling } => why_timeout::run(runner, benched, &sibling).await?,
    };
    benched.why = Some(why);
    count_under_way(runner, benched);
    rows::record(runner, benched);
    Ok(())
}

/// Every way once in each round.
async fn in_rounds(
    key: &KeyPlan,
    runner: &mut Runner<'_>,
    benched: &mut Benched,
) -> Result<Why, String> {
    let most_ms = Some(benched.plan.most_ms);
    until::bound(runner, benched, most_ms);
    let ways = ways::open(key, runner, benched).await;
    protocol::record(runner, benched);
    rows::ways(runner, benched);
    if ways.is_empty() {
        return Err("none of the ways could be gone".to_owned());
    }
    let dice = fastrand::Rng::with_seed(benched.plan.seed);
    until::bound(runner, benched, most_ms);
    let mut rounds =
        Rounds { runner, benched, ways, dice, silent: 0, refused: 0, whole: 0, is_cut: false };
    let began = rounds.runner.clock.elapsed();
    let why = rounds.run(began).await;
    rounds.ping(why, began).await;
    Ok(why)
}

/// Records what there is of a run that was stopped. Requests that were on their way were sent all the same.
pub fn close(runner: &Runner<'_>, benched: &mut Benched) {
    count_under_way(runner, benched);
    rows::record(runner, benched);
}

fn count_under_way(runner: &Runner<'_>, benched: &Benched) {
    let requests = u64::from(benched.under_way.swap(0, Ordering::Relaxed));
    let paid = if benched.plan.workload.method().is_paid() { requests } else { 0 };
    runner.journal.spend(Spent { requests, paid, ..Spent::default() });
}

/// The call itself, before it is timed: what is refused once is refused every time.
async fn first_call(
    key: &KeyPlan,
    runner: &mut Runner<'_>,
    benched: &mut Benched,
) -> Result<(), String> {
    let call = call(key, runner, &benched.plan, Side::Usual);
    let at_ms = runner.clock.elapsed_ms();
    let mut tried = runner.call(&call).await;
    if tried.success().is_some() {
        benched.first = tried.took_ms().map(|took_ms| first(at_ms, took_ms));
        let said = format!("{} answered {}", call.method.name(), tried.summary());
        let row = BENCH_CALL.row(Status::Pass, said).took(tried.took_ms());
        runner.journal.observe(row.with(Evidence { clues: Vec::new(), ..tried.evidence() }).done());
        return Ok(());
    }
    let model = &benched.plan.model;
    let facts = model_facts(model, &key.table, &[], &runner.clock.today());
    tried.know_all(name_clues(model, &facts, key, &key::Learnt::default()));
    let detail = format!("{}: {}", call.method.name(), tried.summary());
    record(runner, BENCH_CALL, failed_status(&tried), &detail, &tried);
    Err("what is refused once is refused every time, and a refusal's time says nothing".to_owned())
}

/// The call before the rounds: over a connection that was open, and answered.
fn first(at_ms: f64, took_ms: f64) -> Sample {
    Sample {
        arm: "first".into(),
        round: 0,
        at_ms,
        due_ms: None,
        ended: Ended::Answered,
        phases: Phases { total_ms: Some(took_ms), ..Phases::default() }.into(),
        latency_ms: took_ms,
        connection: 0,
        nth: 1,
        handshake: None,
        bytes_sent: 0,
        bytes_received: 0,
        input_tokens: None,
        output_tokens: None,
    }
}

/// What is asked of a side.
fn call(key: &KeyPlan, runner: &Runner<'_>, plan: &BenchPlan, side: Side) -> Call {
    let model = match (&plan.other, side) {
        (Some(Other::Model(other)), Side::Other) => other,
        _ => &plan.model,
    };
    // Entries of models are not everywhere where OpenAI's API is spoken; lists are.
    if runner.endpoint.api == Api::OpenAi && plan.workload == Workload::Ping {
        return Call::list(None);
    }
    plan.call(model, &key.table, runner.endpoint.body_version())
}
