//! The sentences of a watch: what it will cost, its headline, its rows, and what it does not show.

use std::time::Duration;

use crate::{
    diagnose::{Finding, Shell, judge_counted},
    facts::{
        Status,
        check::{Evidence, Observation},
        counted,
    },
    probe::watch::{self, WatchPlan},
    report::document::Remark,
    stats::clean_bound,
    watch::{Period, Track, Verdict, Watched, board::percents, span},
};

use super::{Beside, LIST_EACH, Wanted};

const DAY: Duration = Duration::from_secs(86_400);

/// What the whole watch can cost, and a day of it.
pub fn price(wanted: &Wanted, most: Option<u64>) -> String {
    let (all, free) = wanted.calls();
    let paid = all.min(most.unwrap_or(u64::MAX));
    let each = WatchPlan::tokens_a_call();
    let (every, whole) = (span::words(wanted.every), span::words(wanted.duration));
    let names = wanted.plan.models.join(", ");
    let what = format!("{names} every {every} for {whole}");
    let few = one_look(wanted).map(|why| format!("; {why}")).unwrap_or_default();
    if paid == 0 {
        return format!("{what}: {}, and no paid one{few}", counted(free, "free call"));
    }
    let day = counted(wanted.calls_in(DAY).0, "paid call");
    let tokens = counted(paid.saturating_mul(each), "token");
    let paid = counted(paid, "paid call");
    let free = if free == 1 { "1 free one".to_owned() } else { format!("{free} free ones") };
    format!(
        "{what}: {paid} at most, of at most {tokens} in all, and {free}; a day of it is {day}{few}"
    )
}

/// Why there will be one look only, and nothing to compare it with.
pub fn one_look(wanted: &Wanted) -> Option<String> {
    let (every, whole) = (span::words(wanted.every), span::words(wanted.duration));
    let (looks, most) = (wanted.looks(), wanted.confirming);
    (looks == 1).then(|| {
        format!("only one look fits, since --every is {every} and --for is {whole}; a verdict takes {most} or more")
    })
}

/// The word and the sentence of a whole watch. What fails now comes first, and then what did.
pub(super) fn headline(watched: &Watched, now_ms: u64) -> (&'static str, String) {
    if let Some((track, now)) = first_failing(watched) {
        return ("FAILING", failing(track, now, now_ms));
    }
    let had = watched.tracks.iter().find_map(|track| Some((track, last_outage(track)?)));
    if let Some((track, (outage, after))) = had {
        return ("RECOVERED", recovered(track, outage, after, now_ms));
    }
    let models = || watched.tracks.iter().filter(|track| track.kind == crate::watch::Kind::Model);
    let (calls, failed) = models().map(Track::counts).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    let names: Vec<&str> = models().map(|track| track.name.as_str()).collect();
    let names = names.join(", ");
    let passed = span::words(whole_minutes(span::between(watched.started_ms, now_ms)));
    match (calls, failed) {
        (0, _) => {
            ("UNCLEAR", format!("no call to {names} came to an end, so nothing can be said."))
        }
        (calls, 0) => {
            let bound = percents(0, (0.0, 0.0, clean_bound(calls, 0.95)));
            (
                "HEALTHY",
                format!(
                    "{} to {names} passed in {passed}; that shows a failure rate {bound} at 95 %.",
                    if calls == 1 {
                        "the one call".to_owned()
                    } else {
                        format!("all {calls} calls")
                    }
                ),
            )
        }
        (calls, failed) if models().any(is_open) => (
            "UNCLEAR",
            format!(
                "{failed} of {} to {names} failed in {passed}, too few calls to say whether it is an outage.",
                counted(calls, "call")
            ),
        ),
        (calls, failed) => (
            "HEALTHY",
            format!(
                "{failed} of {calls} calls to {names} failed in {passed}, too few and too far apart to be an outage."
            ),
        ),
    }
}

/// Whether calls failed of what too few calls were made to.
fn is_open(track: &Track) -> bool {
    track.verdict() == Verdict::Unclear && track.counts().1 > 0
}

/// Minutes are enough for hours.
fn whole_minutes(span: Duration) -> Duration {
    if span < Duration::from_secs(600) {
        return Duration::from_secs(span.as_secs());
    }
    Duration::from_secs((span.as_secs_f64() / 60.0).round() as u64 * 60)
}

fn first_failing(watched: &Watched) -> Option<(&Track, &Period)> {
    let failing = watched.tracks.iter().find(|track| track.verdict() == Verdict::Failing)?;
    Some((failing, failing.now()?))
}

fn failing(track: &Track, now: &Period, now_ms: u64) -> String {
    let (name, since) = (&track.name, span::moment(now.from_ms, now_ms));
    let rate = percents(now.failed, now.rate());
    let why = now.cause.as_ref().map(|cause| format!(": {}", cause.title)).unwrap_or_default();
    let calls = counted(now.calls, "call");
    format!("{name} fails since {since} UTC, {} of {calls}, {rate}{why}.", now.failed)
}

/// The last time that it failed, and what followed.
fn last_outage(track: &Track) -> Option<(&Period, &Period)> {
    let periods: Vec<&Period> = track.periods().collect();
    let at = periods.iter().rposition(|period| period.verdict == Verdict::Failing)?;
    Some((periods[at], periods.get(at + 1)?))
}

fn recovered(track: &Track, outage: &Period, after: &Period, now_ms: u64) -> String {
    let (from, until) = span::moments(outage.from_ms, after.from_ms, now_ms);
    let why = outage.cause.as_ref().map(|cause| format!(" ({})", cause.title)).unwrap_or_default();
    let outages = track.periods().filter(|one| one.verdict == Verdict::Failing).count();
    let times = if outages > 1 { format!(", the last of {outages} times") } else { String::new() };
    format!(
        "{} failed {} of {} from {from} to {until} UTC{why}{times}, and works since: {} of {}.",
        track.name,
        outage.failed,
        counted(outage.calls, "call"),
        after.calls - after.failed,
        counted(after.calls, "call")
    )
}

/// The rows of the report: the way as it passed last, and each thing that was watched.
pub fn rows(watched: &Watched) -> Vec<Observation> {
    rows_with(watched, |track| watched.evidence(&track.name, true))
}

fn rows_with(watched: &Watched, failures: impl Fn(&Track) -> Vec<Evidence>) -> Vec<Observation> {
    let mut way: Vec<Observation> = watched.way().to_vec();
    way.sort_by_key(watch::rank);
    let of_track = |track: &Track| {
        let (status, detail) = standing(track);
        let evidence = match status {
            Status::Pass => watched.evidence(&track.name, false),
            Status::Skip | Status::Inconclusive => Vec::new(),
            Status::Fail | Status::Warn => failures(track),
        };
        watch::track_row((track.kind.word(), &track.name), (status, detail), evidence)
    };
    way.into_iter().chain(watched.tracks.iter().map(of_track)).collect()
}

/// The findings of a whole watch. The cause that the headline is about leads, also where an earlier one would hide it:
/// that one has passed, and whoever reads wants to mend what is broken now.
pub fn findings(watched: &Watched, rows: &[Observation], shell: Shell) -> Vec<Finding> {
    let times = |evidence: &Evidence| watched.times(evidence);
    let mut all = judge_counted(rows, shell, &times);
    let Some(lead) = told_cause(watched) else { return all };
    let at = all.iter().position(|finding| finding.id == lead);
    let first = at.map(|at| all.remove(at)).or_else(|| {
        let alone = rows_with(watched, |track| watched.evidence_of(&track.name, lead));
        judge_counted(&alone, shell, &times).into_iter().find(|finding| finding.id == lead)
    });
    for finding in &mut all {
        finding.consequences.retain(|consequence| consequence.id != lead);
    }
    first.into_iter().chain(all).collect()
}

/// The cause of what fails now, or of what failed last.
fn told_cause(watched: &Watched) -> Option<&str> {
    let failing = first_failing(watched).map(|(_, now)| now);
    let last = || watched.tracks.iter().find_map(|track| Some(last_outage(track)?.0));
    failing.or_else(last)?.cause.as_ref().map(|cause| cause.id.as_str())
}

fn standing(track: &Track) -> (Status, String) {
    let (calls, failed) = track.counts();
    let Some(rate) = track.rate() else { return (Status::Skip, "not asked".to_owned()) };
    let said = format!("{failed} of {calls} failed, {}", percents(failed, rate));
    match (track.verdict(), track.has_failed(), failed) {
        (Verdict::Failing, ..) => (Status::Fail, format!("{said}; failing now")),
        (_, true, _) => (Status::Fail, format!("{said}; works again")),
        (Verdict::Unclear, false, 0) => (Status::Pass, said),
        (Verdict::Unclear, false, _) => (Status::Inconclusive, format!("{said}; too few calls")),
        (Verdict::Healthy, false, 0) => (Status::Pass, said),
        (Verdict::Healthy, false, _) => (Status::Warn, format!("{said}; no outage")),
    }
}

pub(super) fn remarks(
    wanted: &Wanted,
    watched: &Watched,
    beside: &Beside,
    now_ms: u64,
) -> Vec<Remark> {
    let remark = |label, text: String| Remark { label, text, command: None };
    let picked = wanted.model_was_picked.then(|| {
        let name = &wanted.plan.models[0];
        remark(
            "model",
            format!(
                "{name}, the newest stable flash of the dated table; for another one: watch NAME"
            ),
        )
    });
    let ended = beside.ended.clone().map(|why| remark("ended", why));
    let missed = (watched.missed > 0).then(|| {
        remark("missed", format!("{}: the time went by unused", counted(watched.missed, "look")))
    });
    let log = beside.log.as_ref().map(|(path, lines, lost, _)| {
        let lost = if *lost > 0 { format!("; {lost} could not be written") } else { String::new() };
        remark("log", format!("{} in {}{lost}", counted(*lines, "line"), path.display()))
    });
    let alerts = (beside.alerts.0 > 0).then(|| {
        let (run, failed) = beside.alerts;
        let failed = if failed > 0 { format!(", {failed} of them in vain") } else { String::new() };
        remark("told", format!("--on-change ran {}{failed}", counted(run, "time")))
    });
    let notes = watched.notes.iter().map(|note| {
        remark("noted", format!("{} UTC: {}", span::moment(note.at_ms, now_ms), note.text))
    });
    picked.into_iter().chain(ended).chain(missed).chain(notes).chain(log).chain(alerts).collect()
}

pub(super) fn limits(wanted: &Wanted, watched: &Watched) -> Vec<String> {
    if watched.looks == 0 {
        return Vec::new();
    }
    let every = span::words(wanted.every);
    let mut limits = vec![format!("what begins and ends within {every} can pass unseen")];
    if wanted.plan.free {
        limits.push("nothing was answered: only an answer shows that a model works".to_owned());
    }
    limits.push(match wanted.with_list {
        true => format!("the list was asked for in every {LIST_EACH}th look"),
        false => "the list was not asked for: what answers here need not have one".to_owned(),
    });
    limits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::Class,
        watch::{Cause, Kind, Seen},
    };

    fn watched(calls: &str) -> Watched {
        let mut watched = Watched::new(&["m".to_owned()], false, 3, 0);
        let model = watched.tracks.iter_mut().find(|track| track.kind == Kind::Model);
        let model = model.expect("a model");
        for (at_ms, letter) in (0..).zip(calls.chars()) {
            let (id, title) = ("x".to_owned(), "It failed".to_owned());
            let cause = (letter == 'x').then_some(Cause { id, title, class: Class::Theirs });
            model.push(&Seen { at_ms, cause, total_ms: None, first_ms: None });
        }
        watched
    }

    #[test]
    fn too_few_calls_that_failed_are_not_healthy() {
        let (word, said) = headline(&watched("xx"), 63_000);
        assert_eq!(
            (word, said.as_str()),
            (
                "UNCLEAR",
                "2 of 2 calls to m failed in 63 s, too few calls to say whether it is an outage."
            )
        );
        assert_eq!(headline(&watched("..............x........"), 63_000).0, "HEALTHY");
        assert_eq!(headline(&watched("..."), 63_000).0, "HEALTHY");
    }
}
