//! The rows of a comparison: one a side, one of the rounds, one of what differs.

use crate::{
    compare::{self, Pairing, Topic},
    facts::{
        Clue, Party, Status,
        check::{Evidence, Observation},
    },
};

use super::{
    super::{
        Runner, key,
        row::{COMPARE_DIFFERENCES, COMPARE_ROUNDS, COMPARE_SIDE},
    },
    ComparePlan, Compared, Pair, SideSeen,
};

/// Fewer rounds than this compare no times.
const FEWEST_ROUNDS: u32 = 10;

/// The rows of a side whose key cannot be sent. `Err` is the reason to stop.
pub(super) fn keys(plan: &ComparePlan, runner: &Runner<'_>) -> Result<(), String> {
    for (index, live) in plan.live() {
        let (rows, end) = key::local_rows(&live.key_plan);
        if end.is_err() {
            rows.into_iter().for_each(|row| runner.journal.observe(row));
            let label = &plan.sides[index].label;
            return end.map_err(|why| format!("side {label}: {why}"));
        }
    }
    Ok(())
}

/// A row for each side that was asked, unless it has one.
pub(super) fn sides(runner: &Runner<'_>, compared: &mut Compared) {
    for side in &mut compared.sides {
        let is_asked = side.saved.is_none() && !(side.seen.is_empty() && side.pieces.is_empty());
        if is_asked && side.rows.is_empty() {
            let row = side_row(side);
            runner.journal.observe(row.clone());
            side.rows.push(row);
        }
    }
}

fn side_row(side: &SideSeen) -> Observation {
    let title = format!("side {}", side.label);
    let worst = side.pieces.iter().find(|row| row.check.status == Status::Fail);
    let worst = worst.or(side.pieces.first());
    let status = match worst.map(|row| row.check.status) {
        // What failed in one look only is no fault of every call.
        Some(Status::Fail) if !side.is_lost && !side.works.is_empty() && is_passing(side) => {
            Status::Warn
        }
        Some(status) => status,
        None => Status::Pass,
    };
    let detail = worst.map_or_else(|| summary(side), |row| row.check.detail.clone());
    let row = COMPARE_SIDE.row(status, detail).about(&title, worst.map(|row| row.check.layer));
    let evidence = side.pieces.iter().flat_map(|row| row.evidence.iter().cloned());
    let good = (worst.is_none()).then(|| answered(side)).flatten();
    evidence.chain(good).fold(row, super::super::row::Row::with).done()
}

/// Whether the trouble went away: the last look showed the model.
fn is_passing(side: &SideSeen) -> bool {
    let entries = side.seen.facts.get(&Topic::Entry);
    entries.is_some_and(|looks| looks.len() > 1) && side.seen.steady(Topic::Entry).is_none()
}

/// What rules causes out: the API answered.
fn answered(side: &SideSeen) -> Option<Evidence> {
    let by_api = side.seen.steady(Topic::Party) == Some(Party::Api.phrase());
    by_api.then(|| Evidence {
        attempt: None,
        text: format!("side {}: {}", side.label, summary(side)),
        clues: vec![Clue::By(Party::Api)],
    })
}

fn summary(side: &SideSeen) -> String {
    let fact = |topic: Topic| side.seen.steady(topic);
    let count = side.seen.list().map(|list| format!("{} models", list.len()));
    let place = fact(Topic::Listed).map(str::to_owned);
    let models: Vec<String> = count.into_iter().chain(place).collect();
    let models = (!models.is_empty()).then(|| models.join(" "));
    let parts = [
        fact(Topic::Families).map(str::to_owned),
        fact(Topic::TlsVersion).map(str::to_owned),
        fact(Topic::Http).map(str::to_owned),
        fact(Topic::Party).map(|party| format!("answered by {party}")),
        models,
        side.model.clone(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What the rounds gave, what differs, and how the failed calls of each side are judged.
pub(super) fn end(plan: &ComparePlan, runner: &Runner<'_>, compared: &mut Compared) {
    let pairs = plan.pairs().into_iter().map(|[a, b]| pair(plan, compared, [a, b])).collect();
    compared.pairs = pairs;
    if let Some(row) = rounds_row(compared) {
        runner.journal.observe(row);
    }
    failures(runner, compared);
    let has_something = compared.sides.iter().filter(|side| !side.seen.is_empty()).count() > 1;
    let row = match has_something {
        true => COMPARE_DIFFERENCES.row(Status::Pass, differences(compared)),
        false => COMPARE_DIFFERENCES.row(Status::Skip, "there are no two sides to compare"),
    };
    runner.journal.observe(row.done());
}

/// Two sides held against each other, as far as they were asked.
pub(super) fn pair(plan: &ComparePlan, compared: &Compared, [a, b]: [usize; 2]) -> Pair {
    let (first, second) = (&compared.sides[a], &compared.sides[b]);
    let together = first.saved.is_none() && second.saved.is_none();
    let pairing = if together { Pairing::Together } else { Pairing::Apart };
    Pair { a, b, judged: compare::compare(&first.seen, &second.seen, pairing, plan.seed) }
}

fn rounds_row(compared: &Compared) -> Option<Observation> {
    let live: Vec<&SideSeen> = compared.sides.iter().filter(|side| side.saved.is_none()).collect();
    let calls: u64 = live.iter().map(|side| side.seen.free.count() + side.seen.paid.count()).sum();
    if calls == 0 {
        let why = compared.cut.clone()?;
        return Some(COMPARE_ROUNDS.row(Status::Inconclusive, why).done());
    }
    let method = compared.method.map_or("answers", crate::facts::Method::name);
    let failed: u64 =
        live.iter().map(|side| side.seen.free.failed() + side.seen.paid.failed()).sum();
    let detail = format!(
        "{} of {method}, interleaved{}; {failed} of {calls} calls failed",
        compared.rounds,
        medians(compared)
    );
    let is_short = compared.cut.is_some() && compared.rounds < FEWEST_ROUNDS;
    let status = if is_short { Status::Inconclusive } else { Status::Pass };
    let detail = match &compared.cut {
        Some(why) => format!("{detail}; ended early: {why}"),
        None => detail,
    };
    Some(COMPARE_ROUNDS.row(status, detail).done())
}

/// The middle times of each side, where they are comparable.
fn medians(compared: &Compared) -> String {
    let both = |pair: &Pair| {
        let timed = pair.judged.times.iter().find(|timed| timed.topic == Topic::Latency)?;
        let measured = timed.compared.measured?;
        let [a, b] = [pair.a, pair.b].map(|index| compared.sides[index].label.as_str());
        Some(format!("; median {a} {:.1} ms, {b} {:.1} ms", measured.a_ms, measured.b_ms))
    };
    let only = compared.pairs.first().filter(|_| compared.pairs.len() == 1);
    only.and_then(both).unwrap_or_default()
}

/// A side whose calls fail is judged by them; a few of many are a warning.
fn failures(runner: &Runner<'_>, compared: &mut Compared) {
    let worse: Vec<Option<usize>> =
        compared.pairs.iter().map(|pair| fails_more(pair, compared)).collect();
    for (index, side) in compared.sides.iter_mut().enumerate() {
        if side.failures.is_empty() || side.saved.is_some() {
            continue;
        }
        let calls = &side.seen;
        let most = calls.free.failed() * 2 > calls.free.count()
            || calls.paid.failed() * 2 > calls.paid.count();
        let status = if most || worse.contains(&Some(index)) { Status::Fail } else { Status::Warn };
        let detail = match (calls.free.failed(), calls.paid.failed()) {
            (0, _) => format!("answers: {}", calls.paid.words()),
            _ => format!("free calls: {}", calls.free.words()),
        };
        let row = COMPARE_ROUNDS.row(status, detail).about(&format!("side {}", side.label), None);
        let row = side.failures.iter().cloned().fold(row, super::super::row::Row::with).done();
        runner.journal.observe(row.clone());
        side.rows.push(row);
    }
}

/// The side of a pair that fails more often beyond chance.
fn fails_more(pair: &Pair, compared: &Compared) -> Option<usize> {
    let is_rate = |topic| matches!(topic, Topic::Failed | Topic::AnswersFailed);
    let claimed = pair.judged.differences.iter().find(|one| is_rate(one.topic))?;
    let share = |index: usize| {
        let seen = &compared.sides[index].seen;
        let calls = if claimed.topic == Topic::Failed { &seen.free } else { &seen.paid };
        calls.failed() as f64 / calls.count().max(1) as f64
    };
    Some(if share(pair.a) > share(pair.b) { pair.a } else { pair.b })
}

fn differences(compared: &Compared) -> String {
    let each = compared.pairs.iter().map(|pair| {
        let names =
            [pair.a, pair.b].map(|index| compared.sides[index].label.as_str()).join(" and ");
        let mut what: Vec<&str> =
            pair.judged.differences.iter().map(|one| one.topic.what()).collect();
        let count = what.len();
        what.dedup();
        match count {
            0 => format!("none between {names}"),
            count => format!("{count} between {names}: {}", what.join(", ")),
        }
    });
    each.collect::<Vec<_>>().join("; ")
}
