//! What a live run asks, in what order: one plan a command, and one function that carries it out.

use std::time::Duration;

use crate::{
    facts::{Method, Status, check::Observation},
    gemini::{generation, key_shape::Shape, wire::Model},
    secret::ApiKey,
};

use super::{
    Runner,
    alias::{self, AliasPlan, Counted, Probed},
    bench::{self, BenchPlan, Benched},
    bisect::{self, BisectPlan, Bisected},
    cloud,
    compare::{self, ComparePlan, Compared},
    doctor::{self, DoctorPlan},
    gate::{self, GatePlan, Sampled},
    gateway, health,
    key::{self, Depth, KeyPlan, Learnt},
    lifecycle,
    lock::{self, Held, Lock},
    matrix::{self, RouteTried},
    models::{self, Filter, Listing, Verified},
    routes::{self, Route, RouteJudged},
    runner,
    tls::{self, Looked, TlsPlan},
    tokens::{self, Delivered, DeliveryPlan},
};

/// A live run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The key's stages, which every live run begins with.
    pub key: KeyPlan,
    /// What comes after them.
    pub then: Then,
}

/// What a run asks beside the key's stages.
#[derive(Clone, Debug)]
pub enum Then {
    /// Nothing.
    Nothing,
    /// Passes only if the key is refused; in the place of the stages.
    ExpectDead,
    /// Another key must work for these models and the one that was tested.
    Successor {
        /// The new key.
        key: ApiKey,
        /// What it looks like.
        shape: Shape,
        /// The models in use.
        models: Vec<String>,
    },
    /// The key by every route.
    TransportMatrix,
    /// The whole list of models.
    Models(Wanted),
    /// Every layer in one run, with a short look at the alias.
    Doctor(Box<DoctorPlan>),
    /// What a gate requires, and no more than decides it.
    Gate(Box<GatePlan>),
    /// The same until a verdict stands.
    Probe(Box<AliasPlan>),
    /// Calls over several ways, timed.
    Bench(Box<BenchPlan>),
    /// Sides that are asked the same.
    Compare(Box<ComparePlan>),
    /// TLS servers, looked at without any key.
    Tls(Box<TlsPlan>),
    /// Does a long prompt arrive, and how large may it be?
    Delivery(Box<DeliveryPlan>),
    /// Which part of a body is refused?
    Bisect(Box<BisectPlan>),
}

/// What is wanted of the list of models.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Names to look up.
    pub names: Vec<String>,
    /// The method that they must have.
    pub method: Option<String>,
    /// Which models are wanted, where no name is given.
    pub filter: Filter,
    /// A map of tasks to models.
    pub routes: Vec<Route>,
    /// Prove with free calls that what is listed can be used.
    pub verify: bool,
    /// A lock to hold the list against.
    pub check: Option<Lock>,
    /// Lock the models in use as they are.
    pub lock: bool,
}

/// What a run brought beside its rows.
#[derive(Clone, Debug, Default)]
pub struct Product {
    /// What the stages learnt.
    pub learnt: Learnt,
    /// The list of models.
    pub listing: Listing,
    /// Names near one that is not listed.
    pub near: Vec<String>,
    /// The models that were proved.
    pub verified: Vec<Verified>,
    /// The routes of the route file.
    pub routes: Vec<RouteJudged>,
    /// What was locked, and what a lock says of the list.
    pub held: Held,
    /// The routes by which the key was sent.
    pub matrix: Vec<RouteTried>,
    /// What the short look at the alias counted.
    pub alias: Option<Counted>,
    /// What the rest of a full look showed.
    pub seen: doctor::Seen,
    /// What calls for a gate's levels brought.
    pub sampled: Option<Sampled>,
    /// What the long one brought.
    pub probed: Option<Probed>,
    /// What the benchmark brought, beside the samples.
    pub benched: Option<Benched>,
    /// What the sides of a comparison showed.
    pub compared: Option<Compared>,
    /// What looking at TLS servers showed.
    pub looked: Looked,
    /// What became of long prompts.
    pub delivered: Option<Delivered>,
    /// What the search in a body brought.
    pub bisected: Option<Bisected>,
}

impl Plan {
    /// The calls the plan can make at most, for a statement of cost and for a dry run.
    pub fn calls(&self) -> Vec<(Method, u32)> {
        let stages = match self.key.depth {
            _ if matches!(self.then, Then::ExpectDead) => vec![(Method::List, 1)],
            _ if matches!(self.then, Then::Models(_) | Then::Delivery(_) | Then::Bisect(_)) => {
                vec![(Method::List, 1)]
            }
            _ if matches!(
                self.then,
                Then::Probe(_)
                    | Then::Bench(_)
                    | Then::Compare(_)
                    | Then::Tls(_)
                    | Then::Doctor(_)
                    | Then::Gate(_)
            ) =>
            {
                Vec::new()
            }
            Depth::Free => FREE_STAGES.to_vec(),
            Depth::Generate => [FREE_STAGES, &[(Method::Generate, 1)]].concat(),
            Depth::Deep => [FREE_STAGES, &[(Method::Generate, 4), (Method::Stream, 1)]].concat(),
        };
        let steps = self.key.cloud.as_ref().map_or(0, |cloud| cloud.most_steps());
        let login = (steps > 0).then_some((Method::Token, steps));
        [login.into_iter().collect(), stages, self.then.calls()].concat()
    }

    /// `at most` or `at least`: what the tokens of a paid call are.
    pub fn tokens_word(&self) -> &'static str {
        let has_bound = match &self.then {
            Then::Delivery(delivery) => delivery.has_bound(),
            _ => true,
        };
        if has_bound { "at most" } else { "at least" }
    }

    /// The tokens of a paid call, sent and received.
    pub fn tokens_a_call(&self) -> u64 {
        match &self.then {
            Then::Probe(alias) => alias.tokens_a_call(&self.key.table),
            Then::Bench(bench) => bench.tokens_a_call(&self.key.table),
            Then::Delivery(delivery) => delivery.tokens_a_call(),
            Then::Bisect(bisect) => bisect.tokens_a_call(),
            Then::Doctor(doctor) => doctor.tokens_a_call(),
            Then::Gate(gate) => gate.doctor.tokens_a_call(),
            _ => runner::PROMPT_TOKENS + generation::MOST_OUTPUT,
        }
    }

    /// How long the whole run may take, where nobody says it.
    pub fn deadline(&self) -> Option<Duration> {
        match &self.then {
            Then::Doctor(doctor) => doctor.deadline(),
            _ => None,
        }
    }

    /// Another base URL that calls and the key go to, because the command line names it.
    pub fn other_url(&self) -> Option<String> {
        match &self.then {
            Then::Bench(bench) => bench.other_url(),
            Then::Compare(plan) => {
                Some(plan.other_urls().join(" and ")).filter(|urls| !urls.is_empty())
            }
            _ => None,
        }
    }

    /// Whether a check that may be left out is asked.
    fn asks(&self, id: &str) -> bool {
        match &self.then {
            Then::Doctor(doctor) => doctor.asks(id),
            Then::Gate(gate) => gate.doctor.asks(id),
            _ => true,
        }
    }

    /// The paid calls among them.
    pub fn paid_calls(&self) -> u32 {
        self.calls().iter().filter(|(method, _)| method.is_paid()).map(|(_, count)| count).sum()
    }
}

const FREE_STAGES: &[(Method, u32)] = &[(Method::List, 1), (Method::Get, 1), (Method::Count, 1)];

impl Then {
    fn outlives_a_refusal(&self) -> bool {
        matches!(self, Self::Successor { .. } | Self::TransportMatrix)
    }

    fn calls(&self) -> Vec<(Method, u32)> {
        match self {
            Self::Nothing | Self::ExpectDead | Self::Tls(_) => Vec::new(),
            Self::Successor { models, .. } => {
                let models = u32::try_from(models.len()).unwrap_or(u32::MAX).saturating_add(1);
                vec![(Method::List, 1), (Method::Count, models)]
            }
            Self::TransportMatrix => vec![(Method::List, 4), (Method::OpenAiList, 1)],
            Self::Models(wanted) if wanted.verify => {
                let models = models::MOST_PROVED;
                vec![
                    (Method::List, models::MOST_PAGES),
                    (Method::Get, models),
                    (Method::Count, models),
                ]
            }
            Self::Models(_) => vec![(Method::List, models::MOST_PAGES)],
            Self::Probe(plan) => plan.calls(),
            Self::Bench(plan) => plan.calls(),
            Self::Compare(plan) => plan.calls(),
            Self::Delivery(plan) => plan.calls(),
            Self::Bisect(plan) => plan.calls(),
            Self::Doctor(plan) => plan.calls(),
            Self::Gate(plan) => plan.calls(),
        }
    }
}

/// What a run has before it asks anything.
pub fn begin(plan: &Plan, runner: &Runner<'_>) -> Product {
    let began = runner.clock.started_unix_ms();
    let probed = match &plan.then {
        Then::Probe(alias) => Some(Probed::of(alias, began)),
        _ => None,
    };
    let benched = match &plan.then {
        Then::Bench(bench) => Some(Benched::of(bench)),
        _ => None,
    };
    let delivered = match &plan.then {
        Then::Delivery(delivery) => Some(Delivered::of(delivery)),
        _ => None,
    };
    let bisected = match &plan.then {
        Then::Bisect(bisect) => Some(Bisected::of(bisect)),
        _ => None,
    };
    let compared = match &plan.then {
        Then::Compare(wanted) => Some(Compared::of(wanted)),
        _ => None,
    };
    let sampled = matches!(plan.then, Then::Gate(_)).then(Sampled::default);
    Product { probed, benched, compared, delivered, bisected, sampled, ..Product::default() }
}

/// Carries a plan out. What it brings is written into `product` as it comes, so that a run that is
/// stopped half-way still has it.
pub async fn run(plan: &Plan, runner: &mut Runner<'_>, product: &mut Product) {
    if let Some(health) = plan.key.health.as_ref().filter(|_| plan.asks("health.url")) {
        health::look(health, runner).await;
    }
    let login = plan.key.cloud.as_deref().filter(|_| !matches!(plan.then, Then::Tls(_)));
    if let Some(login) = login
        && let Err(because) = cloud::obtain(login, runner).await
    {
        return skip_the_rest(plan, runner, &because);
    }
    ask(plan, runner, product).await;
    if let Some(login) = login {
        cloud::why_refused(login, runner).await;
    }
    tell_host(plan, runner);
}

/// Whose host it is, where calls were to go to the API and it is not the provider's.
fn tell_host(plan: &Plan, runner: &Runner<'_>) {
    if !matches!(plan.then, Then::Tls(_)) && plan.asks("net.endpoint") {
        gateway::observe(runner);
    }
}

async fn ask(plan: &Plan, runner: &mut Runner<'_>, product: &mut Product) {
    let end = match &plan.then {
        Then::ExpectDead => {
            lifecycle::expect_dead(runner).await;
            return;
        }
        Then::Models(_) => key::reach_and_list(runner, &mut product.learnt).await,
        Then::Delivery(_) => {
            let delivered = product.delivered.as_mut().expect("a run was begun");
            tokens::run(&plan.key, runner, &mut product.learnt, delivered).await
        }
        Then::Bisect(_) => {
            let bisected = product.bisected.as_mut().expect("a run was begun");
            bisect::run(&plan.key, runner, &mut product.learnt, bisected).await
        }
        Then::Probe(_) => {
            let probed = product.probed.as_mut().expect("a run was begun");
            alias::run(&plan.key, runner, &mut product.learnt, probed).await
        }
        Then::Bench(_) => {
            let benched = product.benched.as_mut().expect("a run was begun");
            bench::run(&plan.key, runner, benched).await
        }
        Then::Compare(wanted) => {
            let compared = product.compared.as_mut().expect("a run was begun");
            compare::run(wanted, runner, compared).await;
            product.learnt.model = compared.picked(wanted);
            product.learnt.model_was_picked = product.learnt.model.is_some();
            return;
        }
        Then::Tls(wanted) => {
            tls::run(wanted, runner, &mut product.looked).await;
            return;
        }
        Then::Doctor(wanted) => {
            doctor::run(wanted, &plan.key, runner, product).await;
            return;
        }
        Then::Gate(wanted) => {
            gate::run(wanted, &plan.key, runner, product).await;
            return;
        }
        _ => key::run(&plan.key, runner, &mut product.learnt).await,
    };
    if let Err(because) = end {
        skip_the_rest(plan, runner, &because);
        // What these ask does not hang on the old key's fate, once the API can be reached at all.
        if !reached_the_api(runner) || !plan.then.outlives_a_refusal() {
            return;
        }
    }
    match &plan.then {
        Then::Nothing
        | Then::ExpectDead
        | Then::Probe(_)
        | Then::Bench(_)
        | Then::Compare(_)
        | Then::Tls(_)
        | Then::Doctor(_)
        | Then::Gate(_)
        | Then::Delivery(_)
        | Then::Bisect(_) => {}
        Then::Successor { key, shape, models } => {
            let tested = product.learnt.model.iter().cloned();
            let mut models: Vec<String> = models.iter().cloned().chain(tested).collect();
            models.sort();
            models.dedup();
            lifecycle::try_successor(key, shape, &models, runner).await;
        }
        Then::TransportMatrix => product.matrix = matrix::run(runner).await,
        Then::Models(wanted) => list(wanted, &plan.key, runner, product).await,
    }
}

fn reached_the_api(runner: &Runner<'_>) -> bool {
    let answered =
        |row: &Observation| row.check.id == "net.answer" && row.check.status == Status::Pass;
    runner.journal.observations().iter().any(answered)
}

/// Records what is left to record of a run that ended before its end.
pub fn close(plan: &Plan, runner: &Runner<'_>, product: &mut Product) {
    tell_host(plan, runner);
    if let Some(probed) = &mut product.probed {
        alias::close(&plan.key, runner, probed);
    }
    if let Some(benched) = &mut product.benched {
        bench::close(runner, benched);
    }
    if let (Then::Compare(wanted), Some(compared)) = (&plan.then, &mut product.compared) {
        compare::close(wanted, runner, compared);
    }
    if let Then::Tls(wanted) = &plan.then {
        tls::close(wanted, runner, &product.looked);
    }
    if let Some(sampled) = &mut product.sampled {
        gate::close(runner, sampled);
    }
    if let Some(delivered) = &mut product.delivered {
        tokens::close(runner, delivered);
    }
    if let Some(bisected) = &mut product.bisected {
        bisect::close(runner, bisected);
    }
}

/// Records the rows of stages that were not reached, with the reason.
pub fn skip_the_rest(plan: &Plan, runner: &Runner<'_>, because: &str) {
    if matches!(
        plan.then,
        Then::Models(_)
            | Then::Bench(_)
            | Then::Compare(_)
            | Then::Tls(_)
            | Then::Delivery(_)
            | Then::Bisect(_)
    ) {
        return;
    }
    let looked = match &plan.then {
        Then::Doctor(wanted) => Some(&**wanted),
        Then::Gate(wanted) => Some(&wanted.doctor),
        _ => None,
    };
    if let Some(wanted) = looked {
        doctor::skip_the_rest(wanted, plan.key.model.as_deref(), runner, because);
        return;
    }
    let reached = runner.journal.observations();
    // A look at an alias may begin without the stages, and a row for each would only say that.
    if matches!(&plan.then, Then::Probe(alias) if !alias.preflight) {
        return;
    }
    for row in key::skipped_rows(&plan.key, &reached, because) {
        runner.journal.observe(row);
    }
}

async fn list(wanted: &Wanted, key: &KeyPlan, runner: &mut Runner<'_>, product: &mut Product) {
    product.listing = models::read_all(runner, product.learnt.list_at).await;
    if !product.listing.complete {
        return;
    }
    let table = &key.table;
    let listed = product.listing.models.clone();
    let today = runner.clock.today();
    for name in &wanted.names {
        let method = wanted.method.as_deref();
        let is_one_of_several = wanted.names.len() > 1;
        let question = models::Question { name, method, is_one_of_several };
        product.near.extend(models::look_up(&question, &listed, table, &today, runner));
    }
    if wanted.names.is_empty() {
        models::apply(&wanted.filter, &listed, runner);
    }
    if !wanted.routes.is_empty() {
        product.routes = routes::judge(&wanted.routes, &listed, table, &today, runner);
    }
    if wanted.lock || wanted.check.is_some() {
        product.held = lock::run(wanted, key, &listed, runner, &mut product.learnt);
    }
    if wanted.verify {
        let subject: Vec<Model> = listed
            .into_iter()
            .filter(|model| match wanted.names.as_slice() {
                [] => wanted.filter.wants(model),
                names => names.iter().any(|name| name == model.id()),
            })
            .collect();
        product.verified = models::verify(&subject, runner).await;
    }
}
