//! Time-outs and retries of routes: units, bounds, and what they come to.

use crate::lint::{
    document::Value,
    finding::{Correction, Findings, said},
    rule::Rule,
};

use super::{
    PAGE, map,
    read::{Means, Route, Unit},
    rule,
};

pub(super) const UNIT: Rule = rule(
    "route-time-in-other-unit",
    "A time looks like one of another unit",
    "An answer takes seconds: 30 milliseconds end every call before it, and 30,000 seconds end none.",
    &[PAGE],
    &[
        map(
            r#"{"a": {"primary": "gemini-3.8-flash", "fallback": "gemini-3.5-flash-lite", "timeoutMs": 30}}"#,
            "a.timeoutMs",
        ),
        map(
            r#"{"a": {"primary": "gemini-3.8-flash", "fallback": "gemini-3.5-flash-lite", "timeout_seconds": 30000}}"#,
            "a.timeout_seconds",
        ),
    ],
);
pub(super) const UNBOUNDED: Rule = rule(
    "route-retries-without-bound",
    "Retries have no bound that somebody would wait for",
    "Retries of many clients at once keep an overloaded service down, and a limit of a day is not over after the tenth of them.",
    &[PAGE],
    &[
        map(
            r#"{"a": {"primary": "gemini-3.8-flash", "fallback": "gemini-3.5-flash-lite", "maxRetries": -1}}"#,
            "a.maxRetries",
        ),
        map(
            r#"{"a": {"primary": "gemini-3.8-flash", "fallback": "gemini-3.5-flash-lite", "retries": "infinite"}}"#,
            "a.retries",
        ),
    ],
);
pub(super) const TOO_LONG: Rule = rule(
    "route-waits-too-long",
    "Time-out and retries come to more than a minute",
    "Whoever waits for an answer waits for all its calls: the time-out, times the calls, before the next model is asked.",
    &[PAGE],
    &[map(
        r#"{"a": {"primary": "gemini-3.8-flash", "fallback": "gemini-3.5-flash-lite", "timeoutMs": 30000, "maxRetries": 3}}"#,
        "a.timeoutMs",
    )],
);
pub(super) const OVER_BUDGET: Rule = rule(
    "route-over-budget",
    "Time-outs and retries do not fit into the time that the file allows",
    "In the worst case each model of the route takes all its calls to the end of their time.",
    &[PAGE],
    &[
        map(
            r#"{"a": {"primary": "gemini-3.8-flash", "fallback": ["gemini-3.5-flash-lite"], "timeoutMs": 10000, "maxRetries": 1, "budgetMs": 30000}}"#,
            "a.timeoutMs",
        ),
        map(
            r#"{"deadlineMs": 30000, "routes": {"a": {"primary": "gemini-3.8-flash", "fallback": ["gemini-3.5-flash-lite"], "timeoutMs": 20000}}}"#,
            "routes.a.timeoutMs",
        ),
    ],
);

/// What somebody waits for at most where nothing is said.
const PATIENCE_MS: f64 = 60_000.0;
/// More of them is no plan.
const MOST_RETRIES: f64 = 10.0;

/// Looks at the times of a route.
pub(super) fn look(route: &Route<'_>, found: &mut Findings<'_>) {
    let timeout = route.find(|means| matches!(means, Means::Timeout(_)));
    let budget = route.find(|means| matches!(means, Means::Budget(_)));
    let units: Vec<bool> = [timeout, budget]
        .into_iter()
        .flatten()
        .map(|(value, means)| is_in_its_unit(value, means, found))
        .collect();
    let Some(calls) = calls(route, found).filter(|_| units.iter().all(|is| *is)) else { return };
    let Some((timeout, each)) = timeout.and_then(|(value, means)| Some((value, ms(value, means)?)))
    else {
        return;
    };
    let models = 1.0 + route.fallbacks.len() as f64;
    match budget.and_then(|(value, means)| ms(value, means)) {
        Some(budget) if each * calls * models > budget => found.at(&OVER_BUDGET, timeout, || {
            let (all, budget) = (seconds(each * calls * models), seconds(budget));
            let (each, calls) = (seconds(each), times(calls));
            said(format!(
                "{each}, {calls}, of {models} models come to {all}, and the file allows {budget}"
            ))
        }),
        None if each * calls > PATIENCE_MS => found.at(&TOO_LONG, timeout, || {
            let (each, all, calls) = (seconds(each), seconds(each * calls), times(calls));
            said(format!("{each}, {calls}, come to {all} before another model is asked"))
        }),
        _ => {}
    }
}

fn seconds(ms: f64) -> String {
    format!("{} s", (ms / 100.0).round() / 10.0)
}

fn times(calls: f64) -> String {
    if calls == 1.0 { "once".to_owned() } else { format!("{calls} times") }
}

/// A time in milliseconds; one without a unit is taken for what it looks like.
fn ms(value: Value<'_>, means: Means) -> Option<f64> {
    let (Means::Timeout(unit) | Means::Budget(unit)) = means else { return None };
    let number = value.number_in_any_form().filter(|number| *number > 0.0)?;
    let is_seconds = match unit {
        Unit::Milliseconds => false,
        Unit::Seconds => true,
        Unit::Unsaid => number <= 600.0,
    };
    Some(if is_seconds { number * 1_000.0 } else { number })
}

/// No answer of a model takes less than a second's half, and no call lasts an hour.
fn is_in_its_unit(value: Value<'_>, means: Means, found: &mut Findings<'_>) -> bool {
    let (Means::Timeout(unit) | Means::Budget(unit)) = means else { return true };
    let Some(number) = value.number_in_any_form() else { return true };
    let (is_odd, words) = match unit {
        Unit::Milliseconds => (number < 500.0, "milliseconds are over before any answer; seconds"),
        Unit::Seconds => (number > 3_600.0, "seconds are longer than any call lasts; milliseconds"),
        Unit::Unsaid => (false, ""),
    };
    // 0 often stands for no limit.
    if is_odd && number > 0.0 {
        found.at(&UNIT, value, || {
            said(format!("{} {words} may be meant", value.raw()))
                .with(Correction::advice("Write the time in the unit that the name says"))
        });
        return false;
    }
    true
}

/// How often a model is called at most; none where that has no end.
fn calls(route: &Route<'_>, found: &mut Findings<'_>) -> Option<f64> {
    let known = route.find(|means| matches!(means, Means::Retries | Means::Attempts));
    let Some((value, means)) = known else { return Some(1.0) };
    let number = value.number_in_any_form();
    let most = MOST_RETRIES + f64::from(u8::from(means == Means::Attempts));
    let Some(number) = number.filter(|number| (0.0..=most).contains(number)) else {
        let is_said = number.is_some() || value.quoted().is_some();
        if is_said {
            found.at(&UNBOUNDED, value, || {
                said(format!("{} is no bound", value.raw())).with(Correction::advice(
                    "Allow two or three retries, with longer and longer pauses",
                ))
            });
        }
        return None;
    };
    Some(if means == Means::Retries { number + 1.0 } else { number.max(1.0) })
}
