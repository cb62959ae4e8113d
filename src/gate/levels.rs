//! What calls show of a level, as figures and in words: what was seen, what that proves, and how many calls
//! would decide what it does not.

use crate::{
    facts::{Level, Measure, SamplingEnd, Timed},
    stats::{Standing, clean_bound, clopper_pearson, quantile, quantile_bound},
};

/// The confidence that a level holds, and twice the chance that it is broken, as two-sided intervals.
const HELD: f64 = 0.9;
const BROKEN: f64 = 0.998;

/// What calls show of a level.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The level.
    pub level: Level,
    /// What follows; none where nothing was asked, or not to the end.
    pub standing: Option<Standing>,
    /// The calls that count against it.
    pub bad: u64,
    /// The calls that were made for it.
    pub asked: u64,
    /// Those among them that count.
    pub of: u64,
    /// Those that got no answer, for any reason.
    pub unanswered: u64,
    /// Whether they are most, so that the level is not met whatever the others show.
    pub is_mostly_unanswered: bool,
    /// What was measured: percent, milliseconds or tokens.
    pub value: Option<f64>,
    /// What it is below at 95 %, where the calls show that.
    pub below: Option<f64>,
    /// The fewest calls that would show it to hold, if no more of them counted against it.
    pub calls_to_meet: u64,
    /// It in words.
    pub detail: String,
}

/// What calls that ended in this way show of a level.
pub fn shown(level: &Level, samples: &[Timed], end: &SamplingEnd) -> Shown {
    let level = &decided_by(level, samples);
    let (bad, of) = level.counts(samples);
    let standing = standing(level, samples, end);
    let own = level.own(samples);
    let values: Vec<f64> = own.iter().filter_map(|call| level.measure.value(call)).collect();
    let rate = (of > 0).then(|| bad as f64 / of as f64 * 100.0);
    let (value, below) = match (level.measure, level.measure.quantile()) {
        (Measure::Alias | Measure::FailurePercent, _) => (rate, (of > 0).then(|| most(bad, of))),
        (_, Some(q)) => (quantile(&values, q), quantile_bound(&values, q, 0.95)),
        (_, None) => (values.iter().copied().reduce(f64::max), None),
    };
    let mut shown = Shown {
        level: *level,
        standing,
        bad,
        asked: own.len() as u64,
        of,
        unanswered: level.unanswered(samples),
        is_mostly_unanswered: level.is_mostly_unanswered(samples),
        value,
        below,
        calls_to_meet: level.calls_to_meet(bad),
        detail: String::new(),
    };
    shown.detail = detail(&shown, end);
    shown
}

/// A level is decided by its own calls, unless more were made for another one and all of them show it broken.
fn decided_by(level: &Level, samples: &[Timed]) -> Level {
    let all = u32::try_from(samples.len()).unwrap_or(u32::MAX);
    let whole = Level { calls: level.calls.max(all), ..*level };
    if whole.standing(samples) == Standing::NotMet { whole } else { *level }
}

/// Calls that were refused show no level. Where the outcome was certain before the last call it stands; where
/// something else ended them, the calls that there are decide.
fn standing(level: &Level, samples: &[Timed], end: &SamplingEnd) -> Option<Standing> {
    match end {
        SamplingEnd::NotBegun(_) => None,
        SamplingEnd::Refused(_) => Some(Standing::NotMet),
        SamplingEnd::Settled | SamplingEnd::NotMet | SamplingEnd::Stopped => level.outcome(samples),
        SamplingEnd::Throttled(_) | SamplingEnd::Spent(_) => {
            Some(level.outcome(samples).unwrap_or_else(|| level.standing(samples)))
        }
    }
}

/// The one-sided upper bound in percent.
fn most(bad: u64, of: u64) -> f64 {
    match bad {
        0 => clean_bound(of, 0.95) * 100.0,
        _ => clopper_pearson(bad, of, HELD).1 * 100.0,
    }
}

fn detail(shown: &Shown, end: &SamplingEnd) -> String {
    let said = match (shown.standing, end) {
        (_, SamplingEnd::Refused(summary)) => {
            return format!("call {} was refused: {summary}", calls(shown));
        }
        (None, SamplingEnd::NotBegun(because)) => return format!("not asked: {because}"),
        (None, SamplingEnd::NotMet) => {
            return "not asked to the end: another level is not met".to_owned();
        }
        (None, _) => return "the run was stopped before it was decided".to_owned(),
        (Some(Standing::Met), _) => met(shown),
        (Some(Standing::NotMet), _) if is_silent(shown) => unanswered(shown),
        (Some(Standing::NotMet), _) => not_met(shown),
        (Some(Standing::Open), _) => open(shown, end),
    };
    let is_cut = shown.standing == Some(Standing::Open)
        || (shown.standing == Some(Standing::NotMet) && is_silent(shown));
    match end {
        SamplingEnd::Throttled(summary) if is_cut => {
            format!("{said}; a quota ended the calls: {summary}")
        }
        SamplingEnd::Spent(because) if is_cut => format!("{said}; {because}"),
        _ => said,
    }
}

/// Whether it is calls without an answer that decide, and not a missing build.
const fn is_silent(shown: &Shown) -> bool {
    let is_missing = matches!(shown.level.measure, Measure::Alias) && shown.bad > 0;
    shown.is_mostly_unanswered && !(is_missing && 2 * shown.bad >= shown.unanswered)
}

fn unanswered(shown: &Shown) -> String {
    match (shown.asked, shown.unanswered) {
        (1, _) => "its one call was not answered".to_owned(),
        (asked, unanswered) if asked == unanswered => format!("none of {asked} calls was answered"),
        (asked, unanswered) => format!("{unanswered} of {asked} calls were not answered"),
    }
}

const fn calls(shown: &Shown) -> u64 {
    if shown.of == 0 { 1 } else { shown.of }
}

/// What counts against a level, for `3 of 20 ...`.
fn counted(level: &Level) -> String {
    match level.measure {
        Measure::Alias => "calls got a 404".to_owned(),
        Measure::FailurePercent => "calls failed".to_owned(),
        Measure::LatencyP50 | Measure::LatencyP95 => {
            format!("answers took over {} ms", level.at_most)
        }
        Measure::FirstTokenP50 | Measure::FirstTokenP95 => {
            format!("streams began after {} ms", level.at_most)
        }
        Measure::TokensPerCall => format!("calls took over {} tokens", level.at_most),
    }
}

/// `at most 5 %`, of what counts against it.
fn allowed(level: &Level) -> String {
    match (level.measure, level.measure.quantile()) {
        (_, Some(q)) => format!("{:.0} %", (1.0 - q) * 100.0),
        (Measure::FailurePercent, _) => format!("{} %", level.at_most),
        _ => "1 %".to_owned(),
    }
}

fn met(shown: &Shown) -> String {
    let Shown { bad, of, level, .. } = shown;
    let below = shown.below.map(|below| format!("{below:.1}"));
    match (level.measure, below) {
        (Measure::TokensPerCall, _) => {
            let value = shown.value.unwrap_or_default();
            let calls = if *of == 1 { "call" } else { "calls" };
            format!("at most {value} tokens in {of} {calls}; {} are allowed", level.at_most)
        }
        (Measure::Alias | Measure::FailurePercent, Some(below)) => {
            format!("{bad} of {of} {}: below {below} % at 95 %", counted(level))
        }
        (_, Some(_)) => {
            let below = shown.below.unwrap_or_default();
            format!("below {below:.0} ms at 95 %, in {of} answers; {} are allowed", level.at_most)
        }
        (_, None) => format!("{bad} of {of} {}", counted(level)),
    }
}

fn not_met(shown: &Shown) -> String {
    let Shown { bad, of, level, .. } = shown;
    let said = format!("{bad} of {of} {}", counted(level));
    match level.measure {
        Measure::TokensPerCall => said,
        _ => {
            let least = clopper_pearson(*bad, *of, BROKEN).0 * 100.0;
            format!("{said}: at least {least:.1} % at 99.9 %, and {} may", allowed(level))
        }
    }
}

fn open(shown: &Shown, end: &SamplingEnd) -> String {
    let Shown { bad, asked, of, level, unanswered, .. } = shown;
    // A name holds after the calls that are made for it, if none of them fails.
    let calls_to_meet = match level.measure {
        Measure::Alias => shown.calls_to_meet.min(level.calls.into()),
        _ => shown.calls_to_meet,
    };
    let otherwise = unanswered - if level.measure == Measure::Alias { *bad } else { 0 };
    if *of == 0 {
        return format!("no call to decide it by; {calls_to_meet} would");
    }
    let said = format!("{bad} of {of} {}, which does not decide it", counted(level));
    match level.measure {
        Measure::Alias if otherwise > 0 => {
            format!(
                "{bad} of {asked} calls got a 404 and {otherwise} failed otherwise, which does not decide it"
            )
        }
        // How long the test goes on depends on how the calls end.
        Measure::Alias => match end {
            SamplingEnd::Spent(_) => format!("{said}: allow more under [budget] of a gate's file"),
            _ => format!("{said}: set more calls under [slo] of a gate's file"),
        },
        Measure::TokensPerCall => said,
        _ => format!("{said}: {calls_to_meet} calls would, with no more of these"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::CallEnd;

    fn samples(pattern: &str) -> Vec<Timed> {
        let end = |letter| match letter {
            '.' | 's' => CallEnd::Answered,
            'x' => CallEnd::Missing,
            _ => CallEnd::Failed,
        };
        let timed = |letter| Timed {
            attempt: None,
            end: end(letter),
            latency_ms: Some(if letter == 's' { 900.0 } else { 100.0 }),
            first_token_ms: None,
            tokens: (end(letter) == CallEnd::Answered).then_some(23),
        };
        pattern.chars().map(timed).collect()
    }

    fn said(measure: Measure, at_most: f64, pattern: &str, end: &SamplingEnd) -> String {
        let usual = Level::new(measure, at_most);
        let calls = match end {
            SamplingEnd::Settled => u32::try_from(pattern.len()).expect("few calls"),
            _ => usual.calls,
        };
        shown(&Level { calls, ..usual }, &samples(pattern), end).detail
    }

    #[test]
    fn what_calls_show_is_said_with_what_they_prove() {
        let spent = SamplingEnd::Spent("the budget of 9 requests is used up".to_owned());
        let clean = ".".repeat(59);
        let slow = format!("{}s", ".".repeat(58));
        for (measure, at_most, pattern, end, expected) in [
            (
                Measure::FailurePercent,
                5.0,
                clean.as_str(),
                &SamplingEnd::Settled,
                "0 of 59 calls failed: below 5.0 % at 95 %",
            ),
            (
                Measure::LatencyP95,
                500.0,
                &clean,
                &SamplingEnd::Settled,
                "below 100 ms at 95 %, in 59 answers; 500 are allowed",
            ),
            (
                Measure::LatencyP95,
                500.0,
                &slow,
                &SamplingEnd::Settled,
                "1 of 59 answers took over 500 ms, which does not decide it: 93 calls would, with no more of these",
            ),
            (
                Measure::FailurePercent,
                10.0,
                "?????",
                &SamplingEnd::Settled,
                "5 of 5 calls failed: at least 25.1 % at 99.9 %, and 10 % may",
            ),
            (
                Measure::FailurePercent,
                10.0,
                "...",
                &spent,
                "0 of 3 calls failed, which does not decide it: 29 calls would, with no more of these; the budget \
                 of 9 requests is used up",
            ),
            (
                Measure::TokensPerCall,
                30.0,
                ".",
                &SamplingEnd::Settled,
                "at most 23 tokens in 1 call; 30 are allowed",
            ),
            (
                Measure::Alias,
                0.0,
                "xxx",
                &SamplingEnd::NotMet,
                "3 of 3 calls got a 404: at least 10.0 % at 99.9 %, and 1 % may",
            ),
        ] {
            assert_eq!(said(measure, at_most, pattern, end), expected, "{measure:?} {pattern}");
        }
    }

    #[test]
    fn calls_without_an_answer_are_told_and_the_budget_is_named_where_it_ended_them() {
        let spent = SamplingEnd::Spent("the budget of 6 requests is used up".to_owned());
        let quota = SamplingEnd::Throttled("429".to_owned());
        for (pattern, end, expected) in [
            ("?????.?", &SamplingEnd::Settled, "6 of 7 calls were not answered"),
            ("????", &SamplingEnd::Settled, "none of 4 calls was answered"),
            ("x??.", &SamplingEnd::Settled, "3 of 4 calls were not answered"),
            ("?", &quota, "its one call was not answered; a quota ended the calls: 429"),
            (
                ".?...",
                &SamplingEnd::Settled,
                "0 of 5 calls got a 404 and 1 failed otherwise, which does not decide it",
            ),
            (
                "x...",
                &SamplingEnd::Settled,
                "1 of 4 calls got a 404, which does not decide it: set more calls under [slo] of a gate's file",
            ),
            (
                "..",
                &spent,
                "0 of 2 calls got a 404, which does not decide it: allow more under [budget] of a gate's file; the budget of 6 \
                 requests is used up",
            ),
        ] {
            assert_eq!(said(Measure::Alias, 0.0, pattern, end), expected, "{pattern}");
        }
    }

    #[test]
    fn calls_that_were_made_for_another_level_can_break_one_and_never_hold_it() {
        let level = Level::new(Measure::LatencyP50, 500.0);
        let standing = |pattern: &str| {
            let shown = shown(&level, &samples(pattern), &SamplingEnd::Settled);
            (shown.standing, shown.of)
        };
        let slow = format!(".....{}", "s".repeat(24));
        assert_eq!(standing(&slow), (Some(Standing::NotMet), 29));
        assert_eq!(standing(".....sss"), (Some(Standing::Met), 5));
        let fast = format!("ss...{}", ".".repeat(24));
        assert_eq!(standing(&fast), (Some(Standing::Open), 5));
        let failing = format!("{}{}", ".".repeat(29), "?".repeat(23));
        let level = Level::new(Measure::FailurePercent, 10.0);
        let shown = shown(&level, &samples(&failing), &SamplingEnd::Settled);
        assert_eq!((shown.standing, shown.bad, shown.of), (Some(Standing::NotMet), 23, 52));
    }

    #[test]
    fn a_level_that_another_one_cut_short_is_not_told_as_met() {
        let level = Level::new(Measure::LatencyP95, 500.0);
        let cut = shown(&level, &samples("...."), &SamplingEnd::NotMet);
        assert_eq!((cut.standing, cut.of), (None, 4));
        let refused = shown(&level, &samples("?"), &SamplingEnd::Refused("403".to_owned()));
        assert_eq!(refused.standing, Some(Standing::NotMet));
    }
}
