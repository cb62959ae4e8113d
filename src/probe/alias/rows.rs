//! The rows of a look at an alias: what was counted, with its evidence.

use crate::{
    alias::{
        Conclusion, End, Known, Next, Sample, Standing, Verdict, Why, causes,
        figures::{Method, Rate, percent},
        sample, sticky, verdict,
    },
    facts::{
        Clue, Status,
        check::Evidence,
        clue::{ModelFact, Shown},
    },
};

use super::{
    super::{
        Runner, Tried,
        key::KeyPlan,
        row::{ALIAS_CAUSE, ALIAS_OTHERS, ALIAS_SIBLINGS, ALIAS_VERDICT, API_ALIAS, Row},
    },
    plan::Probed,
};

/// Other failures that come at least so often break the run's verdict, rarer ones are a remark.
const OFTEN: f64 = 0.05;

/// The row of a verdict that just stands, and the news of it.
pub(super) fn verdict_stands(runner: &Runner<'_>, probed: &Probed, standing: Standing) {
    let first = sample::own(&probed.samples).take(standing.calls);
    let failures = first.filter(|sample| sample.end == End::Missing).count();
    let word = standing.verdict.word();
    let calls = standing.calls;
    let detail = format!("{word} stands after {calls} calls, {failures} of them failed");
    let elapsed = runner.clock.elapsed_ms();
    let goes_on = probed.plan.course.next(&probed.samples, elapsed) == Next::Ask;
    let more = if goes_on { "; asking on for the rate" } else { "" };
    runner.journal.tell(&format!("{}: {detail}{more}", probed.plan.model));
    let good = matches!(standing.verdict, Verdict::Healthy | Verdict::Rerouted);
    let status = if good { Status::Pass } else { Status::Warn };
    runner.journal.observe(ALIAS_VERDICT.row(status, detail).done());
}

/// Every row of a run, once.
pub(super) fn record(runner: &Runner<'_>, key: &KeyPlan, probed: &mut Probed) {
    if probed.closed {
        return;
    }
    probed.closed = true;
    let plan = &probed.plan;
    let conclusion =
        verdict::conclude(&probed.samples, &probed.known, &plan.course.test, plan.seed);
    name(runner, key, probed, &conclusion);
    others(runner, probed);
    controls(runner, probed);
    forced(runner, probed);
}

/// The failure rate over all calls that speak of the name, with the interval that suits how they were
/// made: a number that was fixed before or one that was not, each alone or several as one.
pub fn rate(probed: &Probed) -> Rate {
    let fixed = probed.plan.course.samples.is_some() && probed.why == Some(Why::Done);
    let method = if fixed { Method::Wilson } else { Method::ClopperPearson };
    let rate = Rate::of_samples(&probed.samples, method);
    let own: Vec<&Sample> = sample::own(&probed.samples).collect();
    let is_sticky = rate.failures > 0 && sticky::is_sticky(&own, probed.plan.seed);
    if is_sticky { rate.by_connection(&own) } else { rate }
}

fn name(runner: &Runner<'_>, key: &KeyPlan, probed: &Probed, conclusion: &Conclusion) {
    let status = match conclusion.verdict {
        Verdict::Healthy => Status::Pass,
        Verdict::Rerouted => Status::Warn,
        Verdict::Flaky | Verdict::Down => Status::Fail,
        // The free questions have told it, in a row with its evidence.
        Verdict::WrongName if probed.samples.is_empty() => Status::Skip,
        Verdict::WrongName => Status::Fail,
        Verdict::Inconclusive => Status::Inconclusive,
    };
    let mut row = API_ALIAS.row(status, detail(probed, conclusion));
    let context = context(probed, key, conclusion, &runner.clock.today());
    for (sample, tried) in probed.samples.iter().zip(&probed.tried) {
        let tells = match sample.end {
            End::Missing => status == Status::Fail,
            End::Answered => status == Status::Warn && sample.rerouted,
            _ => continue,
        };
        row = with(row, tried, tells.then_some(context.as_slice()), sample.rerouted);
    }
    runner.journal.observe(row.done());
}

/// What is known of every call to the name beside the call itself.
fn context(probed: &Probed, key: &KeyPlan, conclusion: &Conclusion, today: &str) -> Vec<Clue> {
    let model = &probed.plan.model;
    let mut clues = vec![Clue::Meta("model".to_owned(), model.clone())];
    if sample::count(&probed.samples, End::Answered) > 0 {
        clues.push(Clue::Shown(Shown::PassedToo));
    }
    clues.extend(listed(&probed.known).map(Clue::Model));
    let foreign = !causes::builds(&probed.samples).is_empty();
    if conclusion.verdict == Verdict::Down && !foreign {
        clues.push(Clue::Shown(Shown::NameDown));
    }
    let entry = key.table.find(model);
    if entry.is_some_and(|entry| entry.is_retired_on(today)) {
        clues.push(Clue::Model(ModelFact::Retired));
    }
    let healthy = probed.siblings.iter().find(|one| one.is_spotless());
    clues.extend(healthy.map(|one| Clue::Meta("sibling".to_owned(), one.name.clone())));
    clues
}

fn listed(known: &Known) -> Option<ModelFact> {
    known.listed.map(|listed| if listed { ModelFact::Listed } else { ModelFact::NotListed })
}

fn with(row: Row, tried: &Tried, context: Option<&[Clue]>, rerouted: bool) -> Row {
    let Some(context) = context else {
        return row.with(Evidence { clues: Vec::new(), ..tried.evidence() });
    };
    let mut tried = tried.clone();
    tried.know_all(context.iter().cloned());
    if rerouted {
        tried.know(Clue::Shown(Shown::Rerouted));
    }
    row.with(tried.evidence())
}

fn detail(probed: &Probed, conclusion: &Conclusion) -> String {
    let rate = rate(probed);
    match (rate.calls, rate.failures, conclusion.verdict) {
        (0, ..) | (_, _, Verdict::Inconclusive | Verdict::WrongName) => conclusion.because.clone(),
        (calls, 0, Verdict::Rerouted) => {
            format!("{} ({calls} of {calls} calls answered)", conclusion.because)
        }
        (calls, 0, _) => format!(
            "{calls} of {calls} calls answered: a failure rate below {} % at 95 %",
            percent(rate.clean_bound())
        ),
        (calls, failures, _) => {
            let value = rate.value().expect("there were calls") * 100.0;
            let interval = rate.words();
            format!(
                "{failures} of {calls} calls fail with 404 ({value:.0} %, 95 % interval {interval})"
            )
        }
    }
}

/// What is no word about the name: each kind with its own evidence, and never in the rate.
fn others(runner: &Runner<'_>, probed: &Probed) {
    let is_other = |sample: &&Sample| End::OTHERS.contains(&sample.end);
    let count = probed.samples.iter().filter(is_other).count();
    if count == 0 {
        return;
    }
    let ended_it = matches!(probed.why, Some(Why::Quota | Why::Refused | Why::Strange) | None);
    let often = count as f64 >= OFTEN * probed.samples.len() as f64;
    let status = if ended_it || often { Status::Fail } else { Status::Warn };
    let kinds = End::OTHERS.into_iter().map(|end| (sample::count(&probed.samples, end), end));
    let words: Vec<String> = kinds
        .filter(|(count, _)| *count > 0)
        .map(|(count, end)| format!("{count} {}", end.meaning()))
        .collect();
    let detail = format!("{} of {} calls; not in the rate", words.join(", "), probed.samples.len());
    let mut row = ALIAS_OTHERS.row(status, detail);
    let model = [Clue::Meta("model".to_owned(), probed.plan.model.clone())];
    for (sample, tried) in probed.samples.iter().zip(&probed.tried) {
        if is_other(&sample) {
            row = with(row, tried, Some(&model), false);
        }
    }
    runner.journal.observe(row.done());
}

fn controls(runner: &Runner<'_>, probed: &Probed) {
    let asked: Vec<_> = probed.siblings.iter().filter(|one| one.rate().calls > 0).collect();
    if asked.is_empty() {
        return;
    }
    let words: Vec<String> = asked
        .iter()
        .map(|one| {
            let (rate, others) = (one.rate(), one.others());
            let more =
                if others > 0 { format!(", {others} more ended otherwise") } else { String::new() };
            format!("{} {}/{} failed{more}", one.name, rate.failures, rate.calls)
        })
        .collect();
    let status =
        if asked.iter().all(|one| one.is_spotless()) { Status::Pass } else { Status::Warn };
    runner.journal.observe(ALIAS_SIBLINGS.row(status, words.join(", ")).done());
}

fn forced(runner: &Runner<'_>, probed: &Probed) {
    let Some(forced) = &probed.forced else { return };
    let failed = forced.samples.iter().filter(|(_, sample)| sample.end == End::Missing).count();
    let detail = format!(
        "{}, put to the test in {} calls, {failed} failed: {}",
        forced.factor.phrase(),
        forced.samples.len(),
        forced.words()
    );
    runner.journal.observe(ALIAS_CAUSE.row(Status::Pass, detail).done());
}
