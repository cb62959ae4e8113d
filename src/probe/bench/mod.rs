//! Calls over several ways, timed: every way once in each round, and what each connection showed.
//!
//! Asks and records. What the samples mean is decided in `bench`.

mod plan;
mod rounds;
mod rows;
mod way;
mod ways;

use std::sync::atomic::Ordering;

use crate::{
    bench::Side,
    facts::{Status, check::Evidence},
    gemini::Call,
    net::tls::trust::TrustedBy,
};

pub use plan::{
    BenchPlan, Benched, Failed, Negotiated, Other, Unavailable, WayFacts, Why, Workload,
};

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
    key::reach(runner).await?;
    learn(runner, benched);
    first_call(key, runner, benched).await?;
    key::route(runner);
    // The way there was shown; its connection would only grow old beside the ones that are timed.
    runner.disconnect();
    let ways = ways::open(key, runner, benched).await;
    rows::ways(runner, benched);
    if ways.is_empty() {
        return Err("none of the ways could be gone".to_owned());
    }
    let dice = fastrand::Rng::with_seed(benched.plan.seed);
    let mut rounds = Rounds { runner, benched, ways, dice, silent: 0, refused: 0 };
    let why = rounds.run().await;
    benched.why = Some(why);
    rows::record(runner, benched);
    Ok(())
}

/// Records what there is of a run that was stopped. Requests that were on their way were sent all the same.
pub fn close(runner: &Runner<'_>, benched: &mut Benched) {
    let requests = u64::from(benched.under_way.swap(0, Ordering::Relaxed));
    let paid = if benched.plan.workload.method().is_paid() { requests } else { 0 };
    runner.journal.spend(Spent { requests, paid, ..Spent::default() });
    rows::record(runner, benched);
}

/// The address that all calls go to, and what was negotiated where the server had the choice.
fn learn(runner: &Runner<'_>, benched: &mut Benched) {
    let Some(facts) = runner.connection_facts() else { return };
    benched.remote = facts.remote;
    benched.negotiated = facts.tls.as_ref().map(|tls| Negotiated {
        alpn: tls.alpn.clone(),
        via_proxy: facts.via_proxy.is_some(),
        private_trust: tls.trusted_by.is_some_and(|by| by != TrustedBy::Public),
        issuer: tls.chain.first().map_or_else(String::new, |leaf| leaf.issuer.clone()),
    });
}

/// The call itself, before it is timed: what is refused once is refused every time.
async fn first_call(
    key: &KeyPlan,
    runner: &mut Runner<'_>,
    benched: &Benched,
) -> Result<(), String> {
    let plan = &benched.plan;
    let call = call(key, runner, plan, Side::Usual);
    let mut tried = runner.call(&call).await;
    if tried.success().is_some() {
        let said = format!("{} answered {}", call.method.name(), tried.summary());
        let row = BENCH_CALL.row(Status::Pass, said).took(tried.took_ms());
        runner.journal.observe(row.with(Evidence { clues: Vec::new(), ..tried.evidence() }).done());
        return Ok(());
    }
    let facts = model_facts(&plan.model, &key.table, &[], &runner.clock.today());
    tried.know_all(name_clues(&plan.model, &facts, key, &key::Learnt::default()));
    let detail = format!("{}: {}", call.method.name(), tried.summary());
    record(runner, BENCH_CALL, failed_status(&tried), &detail, &tried);
    Err("what is refused once is refused every time, and a refusal's time says nothing".to_owned())
}

/// What is asked of a side.
fn call(key: &KeyPlan, runner: &Runner<'_>, plan: &BenchPlan, side: Side) -> Call {
    let model = match (&plan.other, side) {
        (Some(Other::Model(other)), Side::Other) => other,
        _ => &plan.model,
    };
    plan.workload.call(model, &key.table, &runner.endpoint.api_version)
}
