//! The rows of a benchmark: which ways could be gone, how many rounds there were, what failed. The
//! figures themselves are the command's results and no rows.

use crate::{
    bench::{
        Arm, Overview, Side,
        baseline::{self, Against},
    },
    facts::{Clue, Protocol, Sample, Status, check::Evidence, clue::Shown},
};

use super::{
    super::{
        Runner,
        row::{BENCH_BASELINE, BENCH_COMPARED, BENCH_FAILURES, BENCH_ROUNDS, BENCH_WAYS, Row},
    },
    idle, limit,
    mode::Mode,
    open_loop,
    plan::{Benched, Unavailable, WayFacts, Why},
    traps::{self, Traps},
    why_timeout,
};

/// Failures that come at least so often break the run's verdict, rarer ones are a warning.
const OFTEN: f64 = 0.05;

/// Which ways could be gone. One that was asked for and leads nowhere is a warning.
pub(super) fn ways(runner: &Runner<'_>, benched: &Benched) {
    let lost = || benched.ways.iter().filter(|way| way.unavailable.is_some());
    let gone = benched.ways.iter().filter(|way| way.unavailable.is_none());
    let names: Vec<&str> = gone.map(|way| way.name.as_str()).collect();
    let (status, detail) = match lost().count() {
        0 => (Status::Pass, names.join(", ")),
        _ => {
            let words: Vec<String> = lost()
                .map(|way| format!("{}: {}", way.name, why_lost(way.unavailable.as_ref())))
                .collect();
            let lost = words.join("; ");
            let detail = format!("{}; left out: {lost}", names.join(", "));
            match (names.is_empty(), lacks_a_side(benched)) {
                (true, _) => (Status::Fail, lost),
                // What was asked for has no answer then.
                (false, true) => (Status::Inconclusive, detail),
                (false, false) => (Status::Warn, detail),
            }
        }
    };
    let evidence = lost().filter_map(|way| match never_warm(way) {
        None if names.is_empty() => failed(runner, benched, way),
        evidence => evidence,
    });
    let row = evidence.fold(BENCH_WAYS.row(status, detail), Row::with);
    runner.journal.observe(row.done());
}

/// What the call showed that a lost way was tried with.
fn failed(runner: &Runner<'_>, benched: &Benched, way: &WayFacts) -> Option<Evidence> {
    let text = format!("{}: {}", way.name, why_lost(way.unavailable.as_ref()));
    let tried = benched.failures.iter().find(|failed| failed.way == way.name);
    match (tried, &way.unavailable) {
        (Some(failed), _) => Some(Evidence { text, ..failed.tried.evidence() }),
        (None, Some(Unavailable::Failed(failure))) => {
            Some(Evidence { attempt: None, text, clues: runner.failure_clues(failure) })
        }
        _ => None,
    }
}

/// A way that is lost because each connection to the other side carries one call.
fn never_warm(way: &WayFacts) -> Option<Evidence> {
    let ends_each = way.ends.iter().any(|end| end.carried == 1);
    let shown = match way.arm.protocol {
        Protocol::H1 => Shown::EndsHttp1Each,
        _ => Shown::EndsHttp2Each,
    };
    let text = format!("{}: {}", way.name, why_lost(way.unavailable.as_ref()));
    ends_each.then(|| Evidence { attempt: None, text, clues: vec![Clue::Shown(shown)] })
}

/// Whether two sides were to be compared, and one of them could not be reached.
fn lacks_a_side(benched: &Benched) -> bool {
    let leads = |side| benched.gone().any(|way| way.arm.side == side);
    benched.plan.other.is_some() && !(leads(Side::Usual) && leads(Side::Other))
}

pub(super) fn why_lost(why: Option<&Unavailable>) -> String {
    match why {
        Some(Unavailable::Failed(failure)) => failure.detail.clone(),
        Some(Unavailable::Refused(status)) => format!("answered {status}"),
        Some(Unavailable::Impossible(why)) => why.clone(),
        None => String::new(),
    }
}

/// The rows of what the rounds brought, once.
pub(super) fn record(runner: &Runner<'_>, benched: &mut Benched) {
    if benched.closed {
        return;
    }
    benched.closed = true;
    match benched.plan.mode {
        Mode::Rounds => of_rounds(runner, benched),
        Mode::Rate { .. } => open_loop::record(runner, benched),
        Mode::Limit { .. } => limit::record(runner, benched),
        Mode::Idle { .. } => idle::record(runner, benched),
        Mode::WhyTimeout { .. } => why_timeout::record(runner, benched),
    }
}

fn of_rounds(runner: &Runner<'_>, benched: &Benched) {
    let arms: Vec<Arm> = benched.gone().map(|way| way.arm).collect();
    let seed = benched.plan.seed;
    let (tally, overview, against, traps) = runner.journal.with_samples(|samples| {
        let earlier = benched.plan.earlier.as_ref().map_or(&[][..], |earlier| &earlier.samples);
        let against = baseline::against(samples, earlier, &arms, seed);
        let overview = Overview::of(samples, &arms, seed);
        (Tally::of(samples), overview, against, Traps::of(benched, samples))
    });
    rounds(runner, benched, &tally);
    compared(runner, &tally, &overview);
    held_against(runner, benched, &against);
    if tally.answered > 0 {
        traps::connections(runner, benched, traps.connections);
    }
    failures(runner, benched, &tally, traps.failures);
    if tally.answered > 0 {
        traps::timeouts(runner, benched, traps.time);
    }
}

/// How many calls there were.
struct Tally {
    calls: usize,
    answered: usize,
}

impl Tally {
    fn of(samples: &[Sample]) -> Self {
        let answered = samples.iter().filter(|sample| sample.is_answered()).count();
        Self { calls: samples.len(), answered }
    }
}

fn rounds(runner: &Runner<'_>, benched: &Benched, tally: &Tally) {
    let Tally { calls, answered } = *tally;
    let ended = match benched.why {
        Some(Why::Done) => "",
        Some(Why::Time) => "; the time was over",
        Some(Why::Budget) => "; the budget was used up",
        Some(Why::Silence) => "; three rounds in a row brought no answer",
        Some(Why::Quota) => "; three refusals in a row for their number",
        None => "; stopped",
    };
    let rounds = benched.rounds;
    let detail = format!("{rounds} rounds, {answered} of {calls} calls answered{ended}");
    let status = match (answered, benched.why) {
        (0, _) => Status::Inconclusive,
        (_, Some(Why::Done | Why::Time)) => Status::Pass,
        _ => Status::Warn,
    };
    runner.journal.observe(BENCH_ROUNDS.row(status, detail).done());
}

/// Whether the question has an answer.
fn compared(runner: &Runner<'_>, tally: &Tally, overview: &Overview) {
    if tally.answered == 0 {
        return;
    }
    let Some(main) = overview.main() else { return };
    let comparison = &main.comparison;
    let pairs = comparison.pairs;
    let words = comparison.verdict.words();
    let detail = format!("{} against {}: {words} ({pairs} pairs)", comparison.a, comparison.b);
    let status = if overview.lacks_data() { Status::Inconclusive } else { Status::Pass };
    runner.journal.observe(BENCH_COMPARED.row(status, detail).done());
}

/// Whether a way became slower than it was in an earlier run.
fn held_against(runner: &Runner<'_>, benched: &Benched, against: &[Against]) {
    let Some(earlier) = &benched.plan.earlier else { return };
    let slower: Vec<String> = against.iter().filter(|one| one.is_slower()).map(figures).collect();
    let judged = against.iter().filter(|one| one.p.is_some()).count();
    let name = &earlier.name;
    if judged == 0 {
        let detail = format!("no way can be compared with {name}");
        return runner.journal.observe(BENCH_BASELINE.row(Status::Inconclusive, detail).done());
    }
    if slower.is_empty() {
        let detail = format!("none of {judged} ways is slower than in {name}");
        return runner.journal.observe(BENCH_BASELINE.row(Status::Pass, detail).done());
    }
    let text = format!("slower than in {name}: {}", slower.join("; "));
    let clues = vec![Clue::Shown(Shown::Regressed), Clue::Message(text.clone())];
    let row = BENCH_BASELINE.row(Status::Fail, text.clone());
    runner.journal.observe(row.with(Evidence { attempt: None, text, clues }).done());
}

/// `h2-warm 110 ms, was 100 ms (1.10 times, p = 0.0003)`.
fn figures(one: &Against) -> String {
    let name = one.arm.name();
    let (Some(figures), Some(p)) = (one.comparison.measured, one.p) else { return name };
    let p = if p < 1e-4 { "below 0.0001".to_owned() } else { format!("{p:.4}") };
    let ratio = figures.ratio.value;
    format!("{name} {:.1} ms, was {:.1} ms ({ratio:.2} times, p {p})", figures.a_ms, figures.b_ms)
}

/// Calls that failed: they are in no latency, and each kind is evidence of its own.
fn failures(runner: &Runner<'_>, benched: &Benched, tally: &Tally, traps: Vec<Evidence>) {
    let failed = tally.calls - tally.answered;
    if failed == 0 {
        return;
    }
    let often = failed as f64 >= OFTEN * tally.calls as f64;
    let ended_it = matches!(benched.why, Some(Why::Silence | Why::Quota));
    let status = if often || ended_it { Status::Fail } else { Status::Warn };
    let detail = format!("{failed} of {} calls; in no latency", tally.calls);
    let lost: Vec<&str> = benched.lost().map(|way| way.name.as_str()).collect();
    let of_rounds = benched.failures.iter().filter(|failed| !lost.contains(&failed.way.as_str()));
    let single = of_rounds.map(|failed| {
        let evidence = failed.tried.evidence();
        Evidence { text: format!("{}: {}", failed.way, evidence.text), ..evidence }
    });
    let evidence = traps.into_iter().chain(single);
    let row = BENCH_FAILURES.row(status, detail);
    runner.journal.observe(evidence.fold(row, Row::with).done());
}
