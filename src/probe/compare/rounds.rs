//! Rounds of the same call to each side, in an order that is shuffled anew: what slows all of them down for
//! a while is in each of them.

use std::time::Duration;

use crate::{
    compare::{End, Outcome, Topic},
    facts::{Clue, Method},
    gemini::{Call, generation},
    net::How,
};

use super::{
    super::{Tried, key, runner::Told},
    ComparePlan, Compared,
    ask::Asking,
    errors, rows,
};

/// Failed calls of each side that are kept as evidence.
const MOST_KEPT: usize = 3;

/// What keeps a machine busy for a moment is over after this.
const PAUSE: Duration = Duration::from_secs(2);

/// So many refusals in a row end the rounds.
const REFUSALS: usize = 3;

/// What is asked in a round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Free(Method),
    Paid,
}

/// All rounds: the free ones, and the answers where they are wanted.
pub(super) async fn run<'a>(
    plan: &ComparePlan,
    cold: &'a [How],
    sides: &mut [Asking<'a>],
    compared: &mut Compared,
) -> Result<(), String> {
    let lost = sides.iter().any(|side| compared.sides[side.index].is_lost);
    if lost || sides.is_empty() {
        return Ok(());
    }
    if let Some(method) = common(sides, compared) {
        compared.method = Some(method);
        several(Kind::Free(method), 1..=plan.rounds, plan, sides, compared).await?;
        if !plan.in_a_row && sides.len() > 1 && shows_some(plan, compared) {
            again(Kind::Free(method), plan, cold, (sides, compared)).await?;
        }
    }
    several(Kind::Paid, 1..=plan.generate, plan, sides, compared).await
}

/// Whether the rounds so far show a difference that chance may have made.
fn shows_some(plan: &ComparePlan, compared: &Compared) -> bool {
    let tested = |topic| matches!(topic, Topic::Failed | Topic::Statuses | Topic::Latency);
    let mut pairs = plan.pairs().into_iter().map(|pair| rows::pair(plan, compared, pair));
    pairs.any(|pair| pair.judged.differences.iter().any(|one| tested(one.topic)))
}

/// As many rounds once more, later and over new connections, in two halves: a difference that is real comes
/// again, and one that a busy machine or path made is gone by then.
async fn again<'a>(
    kind: Kind,
    plan: &ComparePlan,
    cold: &'a [How],
    (sides, compared): (&mut [Asking<'a>], &mut Compared),
) -> Result<(), String> {
    let (first, half) = (compared.rounds + 1, plan.rounds.div_ceil(2));
    for from in [first, first + half] {
        let clock = sides[0].runner.clock.clone();
        let left = sides[0].runner.time_left().unwrap_or(PAUSE);
        clock.wait(PAUSE.min(left)).await;
        for side in sides.iter_mut() {
            side.start_cold(cold);
            compared.sides[side.index].seen.free.again_from = Some(first);
        }
        let until = (from + half).min(first + plan.rounds);
        several(kind, from..=until - 1, plan, sides, compared).await?;
    }
    Ok(())
}

/// The free call that worked at each side; the one that tells most of the way first.
fn common(sides: &[Asking<'_>], compared: &Compared) -> Option<Method> {
    let works = |method: &Method| {
        sides.iter().all(|side| compared.sides[side.index].works.contains(method))
    };
    [Method::Get, Method::Count, Method::List].into_iter().find(works)
}

async fn several(
    kind: Kind,
    rounds: std::ops::RangeInclusive<u32>,
    plan: &ComparePlan,
    sides: &mut [Asking<'_>],
    compared: &mut Compared,
) -> Result<(), String> {
    let mut random = fastrand::Rng::with_seed(plan.seed);
    let mut order: Vec<usize> = (0..sides.len()).collect();
    let began = sides.first().map_or(0.0, |side| side.runner.clock.elapsed_ms());
    for round in rounds {
        if sides[0].runner.clock.elapsed_ms() - began > plan.most_ms {
            return Ok(());
        }
        // A round that some sides have no part in has no pair.
        sides[0].runner.may_send(sides.len() as u64)?;
        random.shuffle(&mut order);
        for place in &order {
            one(kind, round, plan, &mut sides[*place], compared).await?;
        }
        if kind != Kind::Paid {
            compared.rounds = round;
        }
        enough_refusals(compared)?;
    }
    Ok(())
}

async fn one(
    kind: Kind,
    round: u32,
    plan: &ComparePlan,
    side: &mut Asking<'_>,
    compared: &mut Compared,
) -> Result<(), String> {
    let call = asked(kind, plan, side);
    let mut tried = side.call(&call).await?;
    if kind == Kind::Paid {
        tried.look_closer(generation::text_trouble);
    }
    let seen = &mut compared.sides[side.index];
    if let Some(served) = tried.success().and_then(|reply| reply.model_version.clone())
        && kind == Kind::Paid
    {
        seen.seen.note(Topic::Served, served);
    }
    let outcome = outcome(round, &tried);
    if outcome.end != End::Answered && seen.failures.len() < MOST_KEPT {
        // What leads on names the model that was asked.
        let model = call.model.iter().map(|name| Clue::Meta("model".to_owned(), name.clone()));
        model.for_each(|clue| tried.know(clue));
        seen.failures.push(tried.evidence());
    }
    match kind {
        Kind::Free(_) => seen.seen.free.outcomes.push(outcome),
        Kind::Paid => seen.seen.paid.outcomes.push(outcome),
    }
    Ok(())
}

fn asked(kind: Kind, plan: &ComparePlan, side: &Asking<'_>) -> Call {
    let model = side.model.as_deref().unwrap_or_default();
    match kind {
        Kind::Free(Method::Get) => Call::get(model),
        Kind::Free(Method::Count) => Call::count(model),
        Kind::Free(_) => side.list(),
        Kind::Paid => {
            let thinking = key::thinking_of(model, &plan.table);
            Call::generate(model, generation::minimal(thinking, side.live.endpoint.body_version()))
        }
    }
}

/// Whoever says no to more calls three times in a row means it.
fn enough_refusals(compared: &Compared) -> Result<(), String> {
    let is_refusal = |one: &Outcome| matches!(&one.end, End::Failed(why) if why.starts_with("429"));
    for side in &compared.sides {
        for calls in [&side.seen.free, &side.seen.paid] {
            let last = calls.outcomes.iter().rev().take(REFUSALS);
            if last.clone().count() == REFUSALS && last.clone().all(is_refusal) {
                let label = &side.label;
                return Err(format!("side {label} refused {REFUSALS} calls in a row with 429"));
            }
        }
    }
    Ok(())
}

fn outcome(round: u32, tried: &Tried) -> Outcome {
    let tokens = tried.reply().and_then(|reply| reply.usage.1);
    let end = match (&tried.told, tried.success()) {
        (_, Some(_)) => End::Answered,
        (Told::Reply(reply), None) => End::Failed(errors::words(reply)),
        (Told::Failure(failure), None) => {
            End::Failed(format!("no answer ({})", failure.stage.word()))
        }
        (Told::OutOfBudget(reason), None) => End::Failed(reason.clone()),
    };
    Outcome { round, end, ms: tried.took_ms().unwrap_or_default(), tokens }
}
