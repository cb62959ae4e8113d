//! The rows of what makes calls slow or fragile: how connections end, what HTTP/2 allows, pauses that no
//! work explains, time-outs. Every rule is one of `bench`; here it gets its evidence.

use std::collections::BTreeMap;

use crate::{
    bench::{
        Arm, CallsEach, ColdStart, DelayedAck, Ending, IdleLimit, NearLimit, ReuseRace, RoundEnd,
        Side, endings,
    },
    facts::{Clue, Ended, Fault, Protocol, Sample, Status, Warmth, check::Evidence, clue::Shown},
};

use super::{
    super::{
        Runner,
        row::{BENCH_CONNECTIONS, BENCH_TIMEOUTS, Question, Row},
    },
    Http2Told,
    plan::{Benched, WayFacts},
};

/// Fewer calls at a time than this are worth a word.
const FEW_STREAMS: u32 = 10;
/// So many calls pay for a connection: whoever ends one after more of them does no harm.
const WORTH_A_CONNECTION: u32 = 200;
/// A start that takes less than this longer than a call does bothers nobody.
const WORTH_A_WORD_MS: f64 = 100.0;
/// A server sleeps no sooner than after this.
const REST_MS: f64 = 30_000.0;

const REFUSED: &str = "REFUSED_STREAM";
const CALM: &str = "ENHANCE_YOUR_CALM";

/// What was found, by the row that it belongs to.
pub(super) struct Traps {
    /// About connections.
    pub(super) connections: Vec<Evidence>,
    /// What explains failed calls better than each of them by itself can.
    pub(super) failures: Vec<Evidence>,
    /// About time-outs.
    pub(super) time: Vec<Evidence>,
}

impl Traps {
    pub(super) fn of(benched: &Benched, samples: &[Sample]) -> Self {
        Self {
            connections: of_connections(benched, samples),
            failures: of_failures(benched, samples),
            time: of_time(benched, samples),
        }
    }
}

/// The row about connections.
pub(super) fn connections(runner: &Runner<'_>, benched: &Benched, found: Vec<Evidence>) {
    let opened: u32 = benched.gone().map(|way| way.opened).sum();
    let nothing = format!("{opened} opened; none of the known traps shows");
    record(runner, BENCH_CONNECTIONS, &nothing, found);
}

/// The row about time-outs.
pub(super) fn timeouts(runner: &Runner<'_>, benched: &Benched, found: Vec<Evidence>) {
    let seconds = benched.timeout_ms / 1000.0;
    let nothing = format!("no tail of latencies comes near the {seconds} s that a call may take");
    record(runner, BENCH_TIMEOUTS, &nothing, found);
}

fn record(runner: &Runner<'_>, question: Question, nothing: &str, found: Vec<Evidence>) {
    let words: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
    let row = match words.is_empty() {
        true => question.row(Status::Pass, nothing),
        false => question.row(Status::Warn, words.join("; ")),
    };
    runner.journal.observe(found.into_iter().fold(row, Row::with).done());
}

fn evidence(shown: Shown, text: String) -> Evidence {
    Evidence { attempt: None, text, clues: vec![Clue::Shown(shown)] }
}

fn of_connections(benched: &Benched, samples: &[Sample]) -> Vec<Evidence> {
    let mut found = Vec::new();
    found.extend(streams(benched));
    for protocol in Protocol::ALL {
        let ends = ends(benched, protocol);
        found.extend(calls_each(protocol, &ends));
        let calls = calls(benched, samples, |arm| arm.protocol == protocol);
        found.extend(idle(protocol, &ends, endings::longest_rest_ms(calls)));
    }
    if !samples.iter().any(is_broken_off) {
        found.extend(broken_off(benched));
    }
    found.extend(delayed(benched, samples));
    found
}

/// The calls over some of the ways. There can be very many, so that none is copied.
fn calls<'s>(
    benched: &Benched,
    samples: &'s [Sample],
    fits: impl Fn(&Arm) -> bool,
) -> Vec<&'s Sample> {
    let of_it = benched.gone().filter(|way| fits(&way.arm));
    let names: Vec<&str> = of_it.map(|way| way.name.as_str()).collect();
    samples.iter().filter(|call| names.contains(&&*call.arm)).collect()
}

fn ends(benched: &Benched, protocol: Protocol) -> Vec<Ending> {
    let ways = benched.gone().filter(|way| way.arm.protocol == protocol);
    ways.flat_map(|way| way.ends.iter().copied()).collect()
}

/// What was said about HTTP/2 over all ways.
pub fn http2(benched: &Benched) -> Option<Http2Told> {
    let mut told: Option<Http2Told> = None;
    for one in benched.ways.iter().filter_map(|way: &WayFacts| way.http2.as_ref()) {
        told.get_or_insert_default().add(one);
    }
    told
}

fn streams(benched: &Benched) -> Option<Evidence> {
    match http2(benched)?.streams()? {
        1 => {
            let said = "the server's settings allow one HTTP/2 call at a time on a connection";
            Some(evidence(Shown::OneStream, said.to_owned()))
        }
        few if few < FEW_STREAMS => {
            let said = format!("the server's settings allow {few} HTTP/2 calls at a time");
            Some(evidence(Shown::FewStreams, said))
        }
        _ => None,
    }
}

fn calls_each(protocol: Protocol, ends: &[Ending]) -> Option<Evidence> {
    let CallsEach { calls, times } = CallsEach::of(ends)?;
    if calls > WORTH_A_CONNECTION {
        return None;
    }
    let shown = if protocol == Protocol::H1 { Shown::EndsHttp1Each } else { Shown::EndsHttp2Each };
    let after = if calls == 1 { "every call".to_owned() } else { format!("{calls} calls each") };
    let word = protocol.word();
    Some(evidence(shown, format!("{times} {word} connections were ended, after {after}")))
}

fn idle(protocol: Protocol, ends: &[Ending], longest_rest_ms: f64) -> Option<Evidence> {
    let IdleLimit { low_ms, high_ms, times } = IdleLimit::of(ends, longest_rest_ms)?;
    let (low, high) = (low_ms / 1000.0, high_ms / 1000.0);
    let span = if high - low < 0.1 { format!("{high:.1}") } else { format!("{low:.1}-{high:.1}") };
    let word = protocol.word();
    let said = format!("{times} {word} connections were ended once they were idle for {span} s");
    Some(evidence(Shown::IdleClose, said))
}

/// Where bodies wait the most often. Warm and cold calls are looked at together, for the first bodies
/// of a connection do not wait.
fn delayed(benched: &Benched, samples: &[Sample]) -> Option<Evidence> {
    let alike = |one: Arm| calls(benched, samples, |arm| are_alike(&one, arm));
    let found = benched.gone().filter_map(|way| Some((way.arm, DelayedAck::of(alike(way.arm))?)));
    let (arm, DelayedAck { waited, at_once, pause_ms, trip_ms }) =
        found.max_by_key(|(_, found)| found.waited)?;
    let word = arm.protocol.word();
    Some(evidence(
        Shown::DelayedAck,
        format!(
            "{waited} {word} answers have {pause_ms:.0} ms between head and body, {at_once} have none, and \
             a round trip takes {trip_ms:.1} ms"
        ),
    ))
}

/// Whether two ways lead to the same side over the same protocol.
fn are_alike(one: &Arm, other: &Arm) -> bool {
    (one.protocol, one.side) == (other.protocol, other.side)
}

fn of_failures(benched: &Benched, samples: &[Sample]) -> Vec<Evidence> {
    let mut found = Vec::new();
    let warmed = benched.gone().map(|way| way.opened as usize).sum::<usize>();
    let counted = samples.iter().filter(|call| call.nth == 1).count();
    if let Some(race) = ReuseRace::of(samples, warmed.saturating_sub(counted)) {
        found.push(evidence(Shown::ReuseRace, raced(&race)));
    }
    if samples.iter().any(is_broken_off) {
        found.extend(broken_off(benched));
    }
    found.extend(round_end(benched, samples));
    found
}

fn raced(race: &ReuseRace) -> String {
    let nth = race.nth.map(|nth| format!(", always at call {nth} of a connection"));
    format!(
        "{} of {} calls got lost over connections that had carried others{}, and 0 of {} over new \
         ones (p = {:.1e})",
        race.lost,
        race.reused,
        nth.unwrap_or_default(),
        race.fresh,
        race.p
    )
}

/// Whether the other side of an HTTP/2 connection broke a call off.
fn is_broken_off(call: &Sample) -> bool {
    matches!(call.ended, Ended::Failed { fault: Fault::GoAway | Fault::StreamReset, .. })
}

fn broken_off(benched: &Benched) -> Vec<Evidence> {
    let Some(told) = http2(benched) else { return Vec::new() };
    let count = |reason: &str| {
        let of = |counts: &BTreeMap<String, u64>| counts.get(reason).copied().unwrap_or(0);
        of(&told.resets) + of(&told.goaways)
    };
    let said = |count: u64, reason: &str| format!("the other side said {reason} {}", times(count));
    [(Shown::AsksForCalm, CALM), (Shown::RefusesStreams, REFUSED)]
        .into_iter()
        .filter(|(_, reason)| count(reason) > 0)
        .map(|(shown, reason)| evidence(shown, said(count(reason), reason)))
        .collect()
}

fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn of_time(benched: &Benched, samples: &[Sample]) -> Vec<Evidence> {
    let mut found = Vec::new();
    found.extend(near(benched, samples));
    found.extend(cold_start(benched, samples));
    found
}

/// The way whose tail comes nearest to the caller's own time-out.
fn near(benched: &Benched, samples: &[Sample]) -> Option<Evidence> {
    let of_way = |way: &WayFacts| {
        let calls = calls(benched, samples, |arm| *arm == way.arm);
        NearLimit::of(calls, benched.timeout_ms).map(|near| (way.name.clone(), near))
    };
    let nearest = benched
        .gone()
        .filter_map(of_way)
        .max_by(|(_, a), (_, b)| a.latency_ms.total_cmp(&b.latency_ms))?;
    let (way, NearLimit { quantile, latency_ms, timeout_ms, timed_out }) = nearest;
    let ran_out = if timed_out > 0 { format!("; {timed_out} ran into it") } else { String::new() };
    Some(evidence(
        Shown::NearTimeout,
        format!(
            "{way}: {} of 100 calls take up to {:.1} s, and the time-out is {:.1} s{ran_out}",
            (quantile * 100.0).round(),
            latency_ms / 1000.0,
            timeout_ms / 1000.0
        ),
    ))
}

/// Calls that somebody's time-out ends, on the side where it ends the most.
fn round_end(benched: &Benched, samples: &[Sample]) -> Option<Evidence> {
    let of_side = |side| RoundEnd::of(calls(benched, samples, |arm| arm.side == side));
    let found = [Side::Usual, Side::Other].into_iter().filter_map(of_side);
    let RoundEnd { seconds, calls, failed, ended } = found.max_by_key(|end| end.failed)?;
    let how = match ended {
        Ended::Refused(status) => format!("{failed} of them with status {status}"),
        Ended::Failed { fault, .. } => format!("{failed} of them without an answer ({fault:?})"),
        Ended::Answered => return None,
    };
    let said = format!("{calls} calls end at {seconds} s, {how}, and none later");
    Some(evidence(Shown::RoundTimeout, said))
}

fn cold_start(benched: &Benched, samples: &[Sample]) -> Option<Evidence> {
    let all = benched.first.iter().chain(samples);
    let same = |one: &str, other: &str| match [one, other].map(|name| arm_of(benched, name)) {
        [Some(one), Some(other)] => are_alike(&one, &other),
        _ => false,
    };
    let ColdStart { firsts, others, first_ms, usual_ms, .. } = ColdStart::of(all, REST_MS, same)?;
    if first_ms - usual_ms < WORTH_A_WORD_MS {
        return None;
    }
    let first = if firsts == 1 { "the first call" } else { "each first call after a rest" };
    let said = format!(
        "{first} took {:.1} s or more, half of {others} others up to {:.2} s, and none as long",
        first_ms / 1000.0,
        usual_ms / 1000.0
    );
    Some(evidence(Shown::ColdStart, said))
}

/// The way of a call. The one before the rounds went as it was negotiated.
fn arm_of(benched: &Benched, name: &str) -> Option<Arm> {
    if benched.first.as_ref().is_some_and(|first| *first.arm == *name) {
        let is_second = benched.negotiated.as_ref()?.alpn.as_deref() == Some("h2");
        let protocol = if is_second { Protocol::H2 } else { Protocol::H1 };
        return Some(Arm::new(protocol, Warmth::Warm));
    }
    benched.gone().find(|way| way.name == name).map(|way| way.arm)
}
