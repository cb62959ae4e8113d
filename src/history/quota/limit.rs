//! Which limit refuses: what the answers name, or else what was used of the known limits in the minute before, or else
//! what grew. Says how sure that is, and never more than the log shows.

use super::{Group, Limits};
use crate::history::{fields::Field, figures::Limit, kinds::Counts, latency::Sketch};

/// This much of a limit in the minute before is the limit: clocks and counts are not quite the service's.
const REACHED: f64 = 0.9;
/// Less than this is none.
const FAR: f64 = 0.75;
/// One thing grew more than another by this factor.
const MORE: f64 = 1.3;
const GROWN: f64 = 1.5;
/// What is so in this part of all minutes is usual.
const USUAL: f64 = 1.0 / 3.0;
/// Retries that are no more than this part of all calls make no load.
const FEW: f64 = 0.2;
/// Fewer refusals show little.
const FEWEST: u64 = 5;

pub(super) fn limit(group: &Group, limits: Limits) -> Limit {
    named(group).unwrap_or_else(|| match limits == Limits::default() {
        false => by_limits(group, limits),
        true => by_growth(group),
    })
}

/// Of refusals whose time is not known.
pub(super) fn without_time(group: &Group) -> Limit {
    named(group).unwrap_or_else(|| {
        let field = Field::At.name();
        told(None, "low", format!("no 429 has a time: field {field} or timestamp is missing"))
    })
}

/// Whether as much was used of a known limit a minute as it allows.
pub(super) fn is_reached(group: &Group, limits: Limits) -> bool {
    let before = &group.windows.before;
    let is_used = |used: &Sketch, limit: Option<u64>| {
        used.at(0.5).zip(limit).is_some_and(|(used, limit)| used >= REACHED * limit as f64)
    };
    is_used(&before.requests, limits.rpm) || is_used(&before.tokens, limits.tpm)
}

/// Whether so many minutes are refused above a known limit that this is the usual load, and no retries make it.
pub(super) fn is_always_exceeded(group: &Group, limits: Limits) -> bool {
    let windows = &group.windows;
    windows.refused_minutes >= FEWEST
        && windows.refused_minutes as f64 >= USUAL * windows.minutes as f64
        && windows.before.retries as f64 <= FEW * windows.before.total.calls as f64
        && is_reached(group, limits)
}

/// Whether refusals last to the end of the day.
pub(super) fn is_shut(group: &Group) -> bool {
    let (shut, refused) = group.days.shut();
    shut > 0 && shut * 2 > refused
}

const fn word(counts: Counts) -> &'static str {
    match counts {
        Counts::RequestsPerMinute => "requests_per_minute",
        Counts::TokensPerMinute => "input_tokens_per_minute",
        Counts::RequestsPerDay => "requests_per_day",
    }
}

fn told(counts: Option<Counts>, confidence: &str, evidence: String) -> Limit {
    Limit {
        limit: counts.map(|counts| word(counts).to_owned()),
        confidence: confidence.to_owned(),
        evidence,
    }
}

fn named(group: &Group) -> Option<Limit> {
    let (counts, calls) = group.named.iter().max_by_key(|(_, calls)| **calls)?;
    let refused = group.windows.refused;
    let confidence = if calls * 2 > refused { "high" } else { "medium" };
    let name = &group.name;
    let evidence = format!("{calls} of {refused} refusals name it themselves, such as {name}");
    Some(told(Some(*counts), confidence, evidence))
}

fn by_limits(group: &Group, limits: Limits) -> Limit {
    let before = &group.windows.before;
    let used = |value: Option<f64>, limit: Option<u64>| {
        Some(value? / limit.filter(|limit| *limit > 0)? as f64)
    };
    let days = group.days.calls_before().map(|calls| calls as f64);
    let mut shares: Vec<(Counts, f64)> = [
        (Counts::RequestsPerMinute, used(before.requests.at(0.5), limits.rpm)),
        (Counts::TokensPerMinute, used(before.tokens.at(0.5), limits.tpm)),
        (Counts::RequestsPerDay, used(days, limits.rpd)),
    ]
    .into_iter()
    .filter_map(|(counts, share)| Some((counts, share?)))
    .collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let words =
        |(counts, share): &(Counts, f64)| format!("{:.0} % of {}", share * 100.0, plain(*counts));
    let said = shares.iter().map(words).collect::<Vec<_>>().join(", ");
    let partly = partly(group);
    match shares[..] {
        [] => told(None, "low", "the log has nothing to hold against these limits".to_owned()),
        [(_, share), ..] if share < REACHED => {
            let why = format!(
                "no known limit was reached before the 429s: {said}{partly}; others may use the same quota"
            );
            told(None, "low", why)
        }
        [(counts, _), ref rest @ ..] => {
            let nearest = rest.first().map_or(0.0, |(_, share)| *share);
            let sure = match nearest {
                ..FAR => "high",
                ..REACHED => "medium",
                _ => "low",
            };
            let sure =
                if group.windows.refused < FEWEST && sure == "high" { "medium" } else { sure };
            told(Some(counts), sure, format!("used before the 429s: {said}{partly}"))
        }
    }
}

/// Refused calls often do not tell their tokens, so that sums are too small.
fn partly(group: &Group) -> &'static str {
    let windows = &group.windows;
    let some = windows.before.total.with_tokens > 0;
    match some && windows.refused_with_tokens * 2 < windows.refused {
        true => " (refused calls tell no tokens, so there were more)",
        false => "",
    }
}

fn by_growth(group: &Group) -> Limit {
    if is_shut(group) {
        let why = "refusals went on to midnight Pacific time, with no answer between";
        return told(Some(Counts::RequestsPerDay), "medium", why.to_owned());
    }
    let (before, quiet) = (&group.windows.before, &group.windows.quiet);
    let grew = |before: &Sketch, quiet: &Sketch| {
        let (now, usual) = before.at(0.5).zip(quiet.at(0.5)).filter(|(_, usual)| *usual > 0.0)?;
        Some(now / usual)
    };
    let requests = grew(&before.requests, &quiet.requests);
    let tokens = grew(&before.tokens, &quiet.tokens);
    let sure = if group.windows.refused < FEWEST { "low" } else { "medium" };
    let give = "--limits rpm=N,tpm=N tells more";
    match (requests, tokens) {
        (Some(requests), Some(tokens)) => {
            let both = format!(
                "requests were {requests:.1} times the usual in the minute before, input tokens {tokens:.1} times"
            );
            match () {
                () if tokens >= GROWN && tokens >= MORE * requests => {
                    told(Some(Counts::TokensPerMinute), sure, both)
                }
                () if requests >= GROWN && requests >= MORE * tokens => {
                    told(Some(Counts::RequestsPerMinute), sure, both)
                }
                () => told(None, "low", format!("{both}; {give}")),
            }
        }
        (Some(requests), None) if requests >= GROWN => {
            let why = format!(
                "requests were {requests:.1} times the usual in the minute before; input tokens are not told"
            );
            told(Some(Counts::RequestsPerMinute), "low", why)
        }
        _ => told(None, "low", format!("nothing grew that could be compared; {give}")),
    }
}

const fn plain(counts: Counts) -> &'static str {
    match counts {
        Counts::RequestsPerMinute => "the requests a minute",
        Counts::TokensPerMinute => "the input tokens a minute",
        Counts::RequestsPerDay => "the requests a day",
    }
}
