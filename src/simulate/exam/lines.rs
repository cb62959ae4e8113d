//! The lines of the verdict: what each is about, and the rule by which requests become a grade. Ids are
//! permanent. A rule never says more than was seen: a client that called once shows nothing of its waits.

use std::collections::BTreeSet;

use super::call::{Call, calls};
use super::spread::{self, Spread};
use super::{End, Grade, Sitting, TOO_MANY};

/// A wait below this is none: the client came back at once.
const AT_ONCE_MS: u64 = 50;
/// Waits that grow less than this from the first to the last do not grow.
const FLAT: f64 = 1.2;
/// Waits that grow by this grow.
const GROWS: f64 = 1.5;
/// A timer may be early by so much of the pause that was asked for.
const EARLY: f64 = 0.95;

/// One line.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Its permanent id.
    pub id: &'static str,
    /// What is asked of a client, in a few words.
    pub title: &'static str,
    /// Why.
    pub why: &'static str,
    pub(super) judge: fn(&[Sitting]) -> Said,
}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Line {}

type Said = (Grade, String);

/// All lines.
pub const LINES: &[Line] = &[
    line("status.400", "400 is not repeated", "the same request fails again", |all| {
        permanent(all, "bad-request")
    }),
    line("status.401", "401 is not repeated", "the same credentials fail again", |all| {
        permanent(all, "unauthenticated")
    }),
    line("status.403", "403 is not repeated", "a permission does not come by itself", |all| {
        permanent(all, "forbidden")
    }),
    line("status.404", "404 is not repeated", "a name does not begin to exist", |all| {
        permanent(all, "not-found")
    }),
    line("status.429", "429 is survived", "a rate limit passes", |all| {
        transient(all, "rate-limited")
    }),
    line("status.500", "500 is survived", "most internal errors pass", |all| {
        transient(all, "internal")
    }),
    line("status.503", "503 is survived", "overload passes", |all| transient(all, "overloaded")),
    line("status.504", "504 is survived", "a deadline is missed by chance", |all| {
        transient(all, "timed-out")
    }),
    line("retry.cap", "repeats end", "endless repeats make an outage longer", cap),
    line("retry.pause", "waits before a repeat", "a repeat at once meets the same state", pause),
    line("retry.backoff", "waits grow after 429", "a limit needs time to recover", backoff),
    line(
        "retry.jitter",
        "waits differ by chance",
        "equal waits let all clients come at once",
        jitter,
    ),
    line("retry.retry-info", "waits as RetryInfo says", "sooner is refused and counts", |all| {
        announced(all, "retry-info", "rate-limited")
    }),
    line("retry.retry-after", "waits as Retry-After says", "sooner is refused and counts", |all| {
        announced(all, "retry-after", "overloaded")
    }),
    line("retry.parallel", "no repeats side by side", "they multiply the load", parallel),
    line("fallback.model", "another model at last", "one model can be down for hours", fallback),
];

const fn line(
    id: &'static str,
    title: &'static str,
    why: &'static str,
    judge: fn(&[Sitting]) -> Said,
) -> Line {
    Line { id, title, why, judge }
}

/// The questions whose failure passes and which announce no pause.
const PASSING: [&str; 4] = ["rate-limited", "overloaded", "internal", "timed-out"];

fn of<'a>(all: &'a [Sitting], id: &'a str) -> impl Iterator<Item = &'a Sitting> {
    all.iter().filter(move |sitting| sitting.question.id == id && !leading(sitting).is_empty())
}

fn passing(all: &[Sitting]) -> impl Iterator<Item = &Sitting> {
    PASSING.into_iter().flat_map(|id| of(all, id))
}

/// The calls to the model that was asked first: those that failed.
fn leading(sitting: &Sitting) -> Vec<Call> {
    let mut all = calls(&sitting.seen);
    let first = all.first().map(|call| call.model.clone());
    all.retain(|call| Some(&call.model) == first.as_ref());
    all
}

/// The models that were asked beside the first.
fn others(sitting: &Sitting) -> Vec<String> {
    let all = calls(&sitting.seen);
    let first = all.first().map(|call| call.model.clone());
    let mut names: Vec<String> = all.into_iter().map(|call| call.model).collect();
    let mut known = BTreeSet::new();
    names.retain(|name| Some(name) != first.as_ref() && known.insert(name.clone()));
    names
}

/// How many requests came to the model that was asked first, where each had a body of its own: a repeat whose
/// body has a new trace id or time in it looks like another call.
fn different(sitting: &Sitting) -> Option<usize> {
    let all = leading(sitting);
    let is_different = all.len() > 1 && all.iter().all(|call| call.requests() == 1);
    is_different.then_some(all.len())
}

/// What can be said where that was so at least once.
fn untold<'a>(mut sittings: impl Iterator<Item = &'a Sitting>) -> Option<Said> {
    let requests = sittings.find_map(different)?;
    Some(unseen(&format!(
        "{requests} requests with different bodies: repeats cannot be told from other calls"
    )))
}

/// The call that was repeated most.
fn longest(sitting: &Sitting) -> Option<Call> {
    leading(sitting).into_iter().max_by_key(Call::requests)
}

/// The waits of a call that came one request after the other; none where several came side by side.
fn waits(sitting: &Sitting) -> Option<Vec<u64>> {
    let call = longest(sitting).filter(|call| call.requests() > 1 && !call.overlaps())?;
    Some(call.waits())
}

fn unseen(why: &str) -> Said {
    (Grade::Unseen, why.to_owned())
}

const NOTHING_CAME: &str = "no request came for this question";
const NO_REPEAT: &str = "it never repeated a call, so that this did not show";

fn no_repeat<'a>(sittings: impl Iterator<Item = &'a Sitting>) -> Said {
    untold(sittings).unwrap_or_else(|| unseen(NO_REPEAT))
}

fn permanent(all: &[Sitting], id: &str) -> Said {
    let Some(call) = of(all, id).filter_map(longest).max_by_key(Call::requests) else {
        return unseen(NOTHING_CAME);
    };
    match call.requests() {
        1 => untold(of(all, id)).unwrap_or((Grade::Pass, "1 request, no repeat".to_owned())),
        many => (Grade::Fail, format!("{many} requests for one call, {}", after(&call.waits()))),
    }
}

/// `after 1.0, 2.1 and 4.0 s`.
fn after(waits: &[u64]) -> String {
    const FEW: usize = 5;
    let shown: Vec<String> = waits.iter().take(FEW).map(|wait| seconds(*wait)).collect();
    let more = if waits.len() > FEW { " ..." } else { "" };
    format!("after {} s{more}", shown.join(", "))
}

fn seconds(ms: u64) -> String {
    match ms {
        0..100 => format!("{:.2}", ms as f64 / 1000.0),
        _ => format!("{:.1}", ms as f64 / 1000.0),
    }
}

fn transient(all: &[Sitting], id: &str) -> Said {
    let Some(sitting) =
        of(all, id).max_by_key(|sitting| longest(sitting).map(|one| one.requests()))
    else {
        return unseen(NOTHING_CAME);
    };
    let others = others(sitting);
    if let Some(untold) = untold(std::iter::once(sitting)) {
        return untold;
    }
    match longest(sitting).map_or(0, |call| call.requests()) {
        0 | 1 if others.is_empty() => {
            (Grade::Warn, "gave up after 1 request, without another model".to_owned())
        }
        0 | 1 => (Grade::Pass, format!("1 request, then {}", others.join(", "))),
        many => {
            let waits = longest(sitting).map(|call| call.waits()).unwrap_or_default();
            let said = format!("{many} requests, {}", after(&waits));
            // Who was stopped here was not given the time to end with an answer.
            match sitting.ended != End::Done || answered(sitting) {
                true => (Grade::Pass, said),
                // The first model never answers here, so that repeats alone survive nothing.
                false => (Grade::Warn, format!("{said}, and no answer in the end")),
            }
        }
    }
}

/// Whether an answer came in the end, from whichever model.
fn answered(sitting: &Sitting) -> bool {
    calls(&sitting.seen).iter().any(|call| call.statuses.contains(&Some(200)))
}

fn cap(all: &[Sitting]) -> Said {
    let calls: Vec<Call> = passing(all).filter_map(longest).collect();
    let most = calls.iter().map(Call::requests).max().unwrap_or(0);
    let lasted = calls.iter().map(Call::lasted_ms).max().unwrap_or(0);
    let said = format!("at most {most} requests for one call, {} s in all", seconds(lasted));
    let ended = |end: End| passing(all).any(|sitting| sitting.ended == end);
    if let Some(untold) = untold(passing(all)).filter(|_| most < TOO_MANY) {
        return untold;
    }
    match most {
        0 => unseen(NOTHING_CAME),
        most if most >= TOO_MANY || ended(End::TooMany) => {
            (Grade::Fail, format!("{most} requests for one call, and no end"))
        }
        _ if ended(End::OutOfTime) => unseen(&format!("{said}, and it was still at it")),
        _ => (Grade::Pass, said),
    }
}

fn pause(all: &[Sitting]) -> Said {
    let seen: Vec<u64> = passing(all).filter_map(waits).flatten().collect();
    match (seen.iter().min(), seen.iter().max()) {
        (Some(least), _) if *least < AT_ONCE_MS => {
            (Grade::Fail, format!("came back after {least} ms"))
        }
        (Some(least), Some(most)) => {
            (Grade::Pass, format!("waits of {} to {} s", seconds(*least), seconds(*most)))
        }
        _ => no_repeat(passing(all)),
    }
}

fn backoff(all: &[Sitting]) -> Said {
    let calls: Vec<Vec<u64>> = of(all, "rate-limited").filter_map(waits).collect();
    let Some(growth) = spread::growth(&calls) else {
        return untold(of(all, "rate-limited")).unwrap_or_else(|| {
            unseen("it never repeated a call twice, so that this did not show")
        });
    };
    let shown = calls.iter().max_by_key(|waits| waits.len()).map(|waits| after(waits));
    let said = format!("repeats {}", shown.unwrap_or_default());
    match growth {
        growth if growth >= GROWS => (Grade::Pass, said),
        growth if growth < FLAT => (Grade::Fail, format!("{said}: the waits do not grow")),
        _ => unseen(&format!("{said}: they hardly grow, which may be chance")),
    }
}

fn jitter(all: &[Sitting]) -> Said {
    let group = |id| of(all, id).filter_map(waits).collect::<Vec<Vec<u64>>>();
    let groups = ["rate-limited", "overloaded"].map(group);
    let mut first: Vec<u64> = groups[0].iter().filter_map(|call| call.first()).copied().collect();
    if first.iter().any(|wait| *wait < AT_ONCE_MS) {
        return unseen("it does not wait, so that nothing could differ");
    }
    first.sort_unstable();
    let shown: Vec<String> =
        first.iter().map(|wait| format!("{:.2}", *wait as f64 / 1000.0)).collect();
    let said = format!("first waits of equal calls: {} s", shown.join(", "));
    match spread::of(&groups) {
        Spread::Moved => (Grade::Pass, said),
        Spread::Still => (Grade::Fail, format!("{said}: the same each time")),
        Spread::Unclear => unseen(&format!("{said}: too near to each other to tell from noise")),
        Spread::TooFew => unseen("too few repeats of equal calls to compare"),
    }
}

fn announced(all: &[Sitting], id: &str, plain: &str) -> Said {
    let Some(sitting) = of(all, id).next() else { return unseen(NOTHING_CAME) };
    let asked = sitting.question.announced_ms.unwrap_or(0);
    let least = (asked as f64 * EARLY) as u64;
    let own = of(all, plain).filter_map(waits).filter_map(|waits| waits.first().copied()).max();
    let others = others(sitting);
    match waits(sitting).and_then(|waits| waits.into_iter().min()) {
        Some(wait) if wait < least => {
            let said = format!("came back after {} s instead of {}", seconds(wait), seconds(asked));
            (Grade::Fail, format!("{said} s"))
        }
        Some(_) if own.is_some_and(|own| own >= least) => {
            unseen(&format!("its own wait is {} s anyway", seconds(own.unwrap_or(0))))
        }
        Some(wait) => {
            let usual = own.map(|own| format!(", where its own wait is {} s", seconds(own)));
            let said = format!("waited {} s{}", seconds(wait), usual.unwrap_or_default());
            (Grade::Pass, said)
        }
        None if different(sitting).is_some() => no_repeat(std::iter::once(sitting)),
        None if !others.is_empty() => {
            (Grade::Pass, format!("asked {} instead of waiting", others.join(", ")))
        }
        None => unseen("it did not come back"),
    }
}

fn parallel(all: &[Sitting]) -> Said {
    let calls: Vec<Call> = passing(all).filter_map(longest).collect();
    let storm = calls.iter().find(|call| call.overlaps());
    match storm {
        Some(call) if call.first_wave() > 1 => {
            let wave = call.first_wave();
            unseen(&format!("{wave} equal requests came at once: give it a command with one call"))
        }
        Some(call) => {
            let said = format!("{} requests for one call, some side by side", call.requests());
            (Grade::Fail, said)
        }
        None if calls.iter().any(|call| call.requests() > 1) => {
            (Grade::Pass, "each repeat came after the answer before".to_owned())
        }
        None if calls.is_empty() => unseen(NOTHING_CAME),
        None => no_repeat(passing(all)),
    }
}

fn fallback(all: &[Sitting]) -> Said {
    let stopped = |sitting: &&Sitting| sitting.ended != End::Done && others(sitting).is_empty();
    let seen: Vec<&Sitting> = passing(all).filter(|one| !stopped(one)).collect();
    let (with, without): (Vec<&Sitting>, Vec<&Sitting>) =
        seen.iter().partition(|sitting| !others(sitting).is_empty());
    let mut names: Vec<String> = with.iter().flat_map(|sitting| others(sitting)).collect();
    names.sort_unstable();
    names.dedup();
    let names = names.join(", ");
    match (with.is_empty(), without.is_empty()) {
        (true, true) => unseen("it never gave a model up"),
        (false, true) => (Grade::Pass, format!("asked {names} after each kind of failure")),
        (true, false) => (Grade::Fail, "gave up without asking another model".to_owned()),
        (false, false) => {
            let (with, without) = (statuses(&with), statuses(&without));
            (Grade::Warn, format!("asked {names} after {with}, not always after {without}"))
        }
    }
}

fn statuses(sittings: &[&Sitting]) -> String {
    let mut all: Vec<u16> = sittings.iter().map(|sitting| sitting.question.status).collect();
    all.sort_unstable();
    all.dedup();
    all.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")
}
