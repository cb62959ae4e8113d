//! What a gate asks: the checks of a full look, the cheapest first, and then calls to hold levels against.
//! Asks and records; what the calls mean is decided in `facts::level` and `gate`.

use crate::{
    facts::{
        CallEnd, Check, Clue, Level, Method, Party, SamplingEnd, Status, Timed, check::Evidence,
        clue::Shown, models::ModelTable,
    },
    gemini::{Call, generation},
    stats::Standing,
};

use super::{
    Product, Runner, Tried,
    doctor::{self, DoctorPlan},
    key::{KeyPlan, is_refusal, thinking_of},
    row::{API_ALIAS, Row},
};

/// A new connection is opened after so many calls: backends may be tied to connections.
const CALLS_PER_CONNECTION: usize = 4;
/// Failed calls of which each is named as evidence.
const MOST_NAMED: usize = 12;
/// Failed calls that are kept. After those that are named, only what says something else is.
const MOST_KEPT: usize = 64;

/// What a gate asks.
#[derive(Clone, Debug)]
pub struct GatePlan {
    /// The checks.
    pub doctor: DoctorPlan,
    /// The checks whose failure decides the gate, so that nothing more need be asked.
    pub decisive: Vec<String>,
    /// The levels.
    pub levels: Vec<WantedLevel>,
}

/// A level, and whether it decides the gate.
#[derive(Clone, Copy, Debug)]
pub struct WantedLevel {
    /// It.
    pub level: Level,
    /// Whether the gate is decided once it is not met.
    pub decisive: bool,
}

/// What the calls for levels brought.
#[derive(Clone, Debug, Default)]
pub struct Sampled {
    /// The model that was asked.
    pub model: Option<String>,
    /// Every call, in order.
    pub samples: Vec<Timed>,
    /// Why they ended.
    pub end: SamplingEnd,
    kept: Vec<Kept>,
    is_recorded: bool,
}

/// A failed call, and how many it stands for.
#[derive(Clone, Debug)]
struct Kept {
    evidence: Evidence,
    times: u64,
}

impl GatePlan {
    /// The calls at most.
    pub fn calls(&self) -> Vec<(Method, u32)> {
        let most = self.levels.iter().map(|wanted| wanted.level.calls).max();
        let sampled = most.map(|calls| (self.method(), calls));
        self.doctor.calls().into_iter().chain(sampled).collect()
    }

    fn method(&self) -> Method {
        let streams = self.levels.iter().any(|wanted| wanted.level.measure.needs_stream());
        if streams { Method::Stream } else { Method::Generate }
    }

    /// Why no more calls are needed, where that is so.
    fn end(&self, samples: &[Timed]) -> Option<SamplingEnd> {
        let is_broken = |wanted: &WantedLevel| {
            wanted.decisive && wanted.level.outcome(samples) == Some(Standing::NotMet)
        };
        if self.levels.iter().any(is_broken) {
            return Some(SamplingEnd::NotMet);
        }
        let is_settled = self.levels.iter().all(|wanted| wanted.level.is_settled(samples));
        is_settled.then_some(SamplingEnd::Settled)
    }

    /// The check that decided the gate, where one did.
    fn failed<'c>(&self, rows: &'c [Check]) -> Option<&'c Check> {
        let is_failed =
            |row: &&Check| row.status == Status::Fail && self.decisive.contains(&row.id);
        rows.iter().find(is_failed)
    }
}

/// Asks until the outcome is certain.
pub(super) async fn run(
    plan: &GatePlan,
    key: &KeyPlan,
    runner: &mut Runner<'_>,
    product: &mut Product,
) {
    let model = doctor::run(&plan.doctor, key, runner, product).await;
    let sampled = product.sampled.as_mut().expect("a run was begun");
    if plan.levels.is_empty() {
        return;
    }
    let rows: Vec<Check> = runner.journal.observations().into_iter().map(|row| row.check).collect();
    sampled.end = match (plan.failed(&rows), model) {
        (Some(row), _) => SamplingEnd::NotBegun(format!("{} had failed before", row.id)),
        (None, None) => SamplingEnd::NotBegun("no model was found that takes requests".to_owned()),
        (None, Some(model)) => {
            sampled.model = Some(model.clone());
            sample(plan, &model, &key.table, runner, sampled).await
        }
    };
    record(runner, sampled);
}

/// Records what there is of a run that was stopped.
pub(super) fn close(runner: &Runner<'_>, sampled: &mut Sampled) {
    record(runner, sampled);
}

async fn sample(
    plan: &GatePlan,
    model: &str,
    table: &ModelTable,
    runner: &mut Runner<'_>,
    sampled: &mut Sampled,
) -> SamplingEnd {
    loop {
        if let Some(end) = plan.end(&sampled.samples) {
            return end;
        }
        if sampled.samples.len().is_multiple_of(CALLS_PER_CONNECTION) {
            runner.disconnect();
        }
        let before = runner.clock.ahead_ms();
        let tried = ask(plan.method(), model, table, runner).await;
        let ahead = runner.clock.ahead_ms() - before;
        if tried.is_cut_short() {
            return SamplingEnd::Spent(tried.summary().to_owned());
        }
        let end = decisive_end(&tried);
        sampled.take(tried, ahead);
        if let Some(end) = end {
            return end;
        }
    }
}

async fn ask(method: Method, model: &str, table: &ModelTable, runner: &mut Runner<'_>) -> Tried {
    let body = generation::minimal(thinking_of(model, table), runner.endpoint.body_version());
    let call = match method {
        Method::Stream => Call::stream(model, body),
        _ => Call::generate(model, body),
    };
    let mut tried = runner.call(&call).await;
    // The last piece of a good stream may well have no text.
    if method != Method::Stream {
        tried.look_closer(generation::text_trouble);
    }
    tried
}

/// What ends the calls at once: every further one would end the same, or would make it worse.
fn decisive_end(tried: &Tried) -> Option<SamplingEnd> {
    let summary = || tried.summary().to_owned();
    match tried.reply().map(|reply| reply.status) {
        Some(429) => Some(SamplingEnd::Throttled(summary())),
        _ if is_missing(tried) => None,
        _ if is_refusal(tried) => Some(SamplingEnd::Refused(summary())),
        _ => None,
    }
}

fn is_missing(tried: &Tried) -> bool {
    tried.reply().is_some_and(|reply| reply.status == 404 && reply.party == Party::Api)
}

impl Sampled {
    /// Keeps a call, which took so much longer in a simulated world.
    fn take(&mut self, mut tried: Tried, ahead_ms: f64) {
        let end = match &tried {
            tried if is_missing(tried) => CallEnd::Missing,
            tried if tried.success().is_some() => CallEnd::Answered,
            _ => CallEnd::Failed,
        };
        if end == CallEnd::Missing {
            let model = self.model.clone().unwrap_or_default();
            tried.know(Clue::Meta("model".to_owned(), model));
            // If no answer did, the free calls for this name have: no call is sampled before.
            tried.know(Clue::Shown(Shown::PassedToo));
        }
        let reply = tried.reply();
        let streamed = reply.and_then(|reply| reply.streamed.as_deref());
        let tokens = reply.map(|reply| reply.usage);
        self.samples.push(Timed {
            attempt: tried.attempt.clone(),
            end,
            latency_ms: tried.took_ms().map(|ms| ms + ahead_ms),
            first_token_ms: streamed.and_then(|came| came.first_text_ms).map(|ms| ms + ahead_ms),
            tokens: tokens.and_then(|(input, output)| Some(input? + output?)),
        });
        if end != CallEnd::Answered {
            self.keep(tried.evidence());
        }
    }

    /// Keeps what a failed call said, or counts it with those that said it before.
    fn keep(&mut self, evidence: Evidence) {
        let says = |kept: &Kept| kept.evidence.text == evidence.text;
        let same = |kept: &Kept| says(kept) && kept.evidence.clues == evidence.clues;
        let at = match self.kept.len() {
            ..MOST_NAMED => None,
            MOST_NAMED..MOST_KEPT => self.kept.iter().position(same),
            _ => self.kept.iter().position(same).or_else(|| self.kept.iter().position(says)),
        };
        match at {
            Some(at) => self.kept[at].times += 1,
            None if self.kept.len() < MOST_KEPT => self.kept.push(Kept { evidence, times: 1 }),
            None => {}
        }
    }

    /// For how many failed calls this piece of evidence stands.
    pub fn times(&self, evidence: &Evidence) -> u64 {
        let kept = self.kept.iter().find(|kept| kept.evidence == *evidence);
        kept.map_or(1, |kept| kept.times)
    }

    fn ended(&self, end: CallEnd) -> usize {
        self.samples.iter().filter(|call| call.end == end).count()
    }
}

/// The row of the calls, with what makes causes of their failures.
fn record(runner: &Runner<'_>, sampled: &mut Sampled) {
    if sampled.is_recorded || sampled.samples.is_empty() {
        return;
    }
    sampled.is_recorded = true;
    let answered = sampled.ended(CallEnd::Answered);
    let all = sampled.samples.len();
    let status = if answered == all { Status::Pass } else { Status::Fail };
    let row = API_ALIAS.row(status, format!("{answered} of {all} calls answered"));
    let pieces = sampled.kept.iter().map(|kept| kept.evidence.clone());
    runner.journal.observe(pieces.fold(row, Row::with).done());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(nth: u64, text: &str, clue: Clue) -> Evidence {
        Evidence { attempt: Some(format!("a{nth}")), text: text.to_owned(), clues: vec![clue] }
    }

    #[test]
    fn every_failed_call_is_counted_and_none_that_says_something_else_is_lost() {
        let mut sampled = Sampled::default();
        for nth in 0..1_000 {
            sampled.keep(failed(nth, "gone", Clue::Status(404)));
        }
        sampled.keep(failed(1_000, "full", Clue::Status(503)));
        let times: Vec<(&str, u64)> = sampled
            .kept
            .iter()
            .map(|kept| (kept.evidence.text.as_str(), sampled.times(&kept.evidence)))
            .collect();
        let of = |text| times.iter().filter(|one| one.0 == text).map(|one| one.1).sum::<u64>();
        assert_eq!((of("gone"), of("full"), times.len()), (1_000, 1, MOST_NAMED + 1));
    }

    #[test]
    fn what_is_kept_has_a_bound_and_the_count_has_none() {
        let mut sampled = Sampled::default();
        for nth in 0..1_000 {
            sampled.keep(failed(nth, "full", Clue::RetryAfterMs(nth)));
        }
        let times = sampled.kept.iter().map(|kept| sampled.times(&kept.evidence));
        assert_eq!((sampled.kept.len(), times.sum::<u64>()), (MOST_KEPT, 1_000));
    }
}
