//! What a retry is worth: arithmetic where calls are independent of each other, and other advice where
//! they are not.

use crate::stats::{RunsTest, success_after, tries_for};

use super::{
    causes::{Cause, Factor},
    figures::{Method, Rate, percent},
    forced::{Forced, Shown},
    sample::{self, End, Sample},
    sticky,
    verdict::Conclusion,
};

/// Fewer calls than this do not show whether calls are independent.
const LEAST_CALLS: usize = 10;
/// Fewer failures, or fewer answers, than this do not show it either.
const LEAST_OF_EACH: usize = 4;
/// Of each side of the test for independence.
const DEPENDENT_BELOW: f64 = 0.025;
/// More tries than this cost more than another model does.
const TOO_MANY: u32 = 6;
/// How a policy begins that does without the name.
pub const ELSEWHERE: &str = "another model";
/// The success rate that a policy is to reach, where nobody names one.
pub const TARGET: f64 = 0.99;

/// What to do about the failures without anybody's help.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// Whether calls fail independently of each other; `None` where too few were made.
    pub independent: Option<bool>,
    /// The failure rate that it is worked out for.
    pub rate: f64,
    /// What that rate may really be.
    pub interval: (f64, f64),
    /// With three retries, the share of calls that are answered; `None` where calls are not independent.
    pub after_three_retries: Option<f64>,
    /// Tries for the target; `None` where retries do not lead there.
    pub tries_for_target: Option<u32>,
    /// The target.
    pub target: f64,
    /// It in words.
    pub text: String,
    /// The cheapest way to the target, in words.
    pub policy: String,
}

/// Advice for a name that fails at times; none for others.
pub fn advise(
    samples: &[Sample],
    conclusion: &Conclusion,
    cause: Option<&Cause>,
    forced: Option<&Forced>,
    target: f64,
) -> Option<Advice> {
    let own: Vec<bool> = sample::outcomes(samples);
    let present = &own[conclusion.present()];
    let failures = present.iter().filter(|failed| **failed).count();
    if failures == 0 || failures == present.len() {
        return None;
    }
    let rate = failures as f64 / present.len() as f64;
    let refuted = forced.is_some_and(|forced| forced.result == Shown::Refuted);
    let factor = cause.filter(|_| !refuted).map(|cause| cause.factor);
    let independent = independence(present, factor);
    let usable = independent != Some(false) || matches!(factor, Some(Factor::Connection));
    let tries = tries_for(target, rate).filter(|_| usable);
    let three = usable.then(|| success_after(4, rate));
    let mut advice = Advice {
        independent,
        rate,
        interval: interval(samples, conclusion),
        after_three_retries: three,
        tries_for_target: tries,
        target,
        text: String::new(),
        policy: String::new(),
    };
    advice.text = words(&advice, factor, cause, present);
    advice.policy = policy(&advice, factor, cause);
    Some(advice)
}

/// The interval of the present rate; over connections, where these keep to builds.
fn interval(samples: &[Sample], conclusion: &Conclusion) -> (f64, f64) {
    let own: Vec<&Sample> = sample::own(samples).collect();
    let present = &own[conclusion.present()];
    let failures = present.iter().filter(|sample| sample.end == End::Missing).count();
    let rate = Rate::of(failures, present.len(), Method::ClopperPearson);
    let rate = if sticky::is_suspected(present) { rate.by_connection(present) } else { rate };
    (rate.low, rate.high)
}

/// Whether one call's end tells nothing of the next one's.
fn independence(present: &[bool], factor: Option<Factor>) -> Option<bool> {
    if factor.is_some_and(|factor| factor != Factor::Time) {
        return Some(false);
    }
    // Few failures, or few answers, could lie in any order.
    let failures = present.iter().filter(|failed| **failed).count();
    if present.len() < LEAST_CALLS || failures.min(present.len() - failures) < LEAST_OF_EACH {
        return None;
    }
    let runs = RunsTest::of(present);
    Some(runs.few >= DEPENDENT_BELOW && runs.many >= DEPENDENT_BELOW)
}

fn words(advice: &Advice, factor: Option<Factor>, cause: Option<&Cause>, own: &[bool]) -> String {
    let best = cause.and_then(Cause::best).map_or("another one", |level| level.name.as_str());
    match factor {
        Some(Factor::Connection) => format!(
            "a retry on the same connection does not help, a fresh one does: {}",
            arithmetic(advice, "fresh connections")
        ),
        Some(Factor::Address) => {
            format!("a retry at the same address does not help; calls to {best} pass")
        }
        Some(Factor::Http) => {
            format!("a retry over the same HTTP version does not help; calls over {best} pass")
        }
        Some(Factor::Client) => {
            format!("a retry of the same kind does not help; calls dressed as {best} pass")
        }
        Some(Factor::Turn(_)) => format!(
            "builds take turns: never more than {} failures came in a row, so that many retries \
             one after the other pass, as long as nobody else's calls come between",
            longest_bad(own)
        ),
        Some(Factor::Burst) => format!(
            "not at once: after a failure the next call fails in {} %, and bad times last up to {} \
             calls in a row; wait them out or go elsewhere",
            after_a_failure(own),
            longest_bad(own)
        ),
        Some(Factor::Time) | None => match advice.independent {
            Some(true) => format!("independent (tested): {}", arithmetic(advice, "tries")),
            Some(false) => "calls are not independent of each other, so that no arithmetic holds; \
                            go elsewhere"
                .to_owned(),
            None => format!(
                "too few failures or answers to test independence; if calls are independent: {}",
                arithmetic(advice, "tries")
            ),
        },
    }
}

/// `3 retries reach 78.6 %, 12 tries 99 %`, and what the interval of the rate leaves of it.
fn arithmetic(advice: &Advice, tries: &str) -> String {
    let reach = |rate| match success_after(4, rate) * 100.0 {
        three if three >= 99.95 => "more than 99.9".to_owned(),
        three => format!("{three:.1}"),
    };
    let three = reach(advice.rate);
    let target = percent(advice.target);
    let (low, high) = advice.interval;
    let bounds = format!("by the interval, 3 retries {} to {} %", reach(high), reach(low));
    match tries_for(advice.target, advice.rate) {
        Some(count) => format!("3 retries reach {three} %, {count} {tries} {target} %; {bounds}"),
        None => format!("3 retries reach {three} %; {bounds}"),
    }
}

fn policy(advice: &Advice, factor: Option<Factor>, cause: Option<&Cause>) -> String {
    let target = percent(advice.target);
    let best = cause.and_then(Cause::best).map_or("another one", |level| level.name.as_str());
    let expected = 1.0 / (1.0 - advice.rate);
    match (factor, advice.tries_for_target) {
        (Some(Factor::Address), _) => format!("pin the address {best}"),
        (Some(Factor::Http), _) => format!("speak {best} only"),
        (Some(Factor::Client), _) => format!("send the request as {best}"),
        (_, Some(tries)) if tries <= TOO_MANY => format!(
            "{} retries, each on a fresh connection: {target} %, {expected:.1} calls per answer",
            tries - 1
        ),
        (_, Some(tries)) => format!(
            "{ELSEWHERE}: with this one {target} % takes {tries} tries, {expected:.1} calls per \
             answer in the mean"
        ),
        (_, None) => format!("{ELSEWHERE}: no number of retries is known to reach {target} %"),
    }
}

/// The policy where every other name that was asked fails as well.
pub fn without_another(advice: &Advice) -> String {
    let target = percent(advice.target);
    let retries = match advice.tries_for_target {
        Some(tries) => format!("{tries} tries reach {target} %"),
        None => format!("no number of retries is known to reach {target} %"),
    };
    format!("tell the provider: the other names that were asked fail as well; meanwhile {retries}")
}

fn longest_bad(own: &[bool]) -> usize {
    own.split(|failed| !failed).map(<[bool]>::len).max().unwrap_or(0)
}

/// In percent, how often a failure was followed by another.
fn after_a_failure(own: &[bool]) -> usize {
    let followed: Vec<bool> = own.windows(2).filter(|pair| pair[0]).map(|pair| pair[1]).collect();
    let failed = followed.iter().filter(|failed| **failed).count();
    failed * 100 / followed.len().max(1)
}
