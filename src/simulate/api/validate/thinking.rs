//! How thinking is steered: by a level or by a budget, and what each model takes of either.

use serde_json::Value;

use super::super::error::ApiError;
use super::super::members::{field, number, word};
use super::super::models::Thinking;
use super::request::{Lines, Request};

/// The least and the most budget that is read at all.
const BUDGETS: std::ops::RangeInclusive<f64> = -1.0..=65_535.0;

/// The budget is one that some model could have.
pub(super) fn fields(request: &Request<'_>, lines: &mut Lines) {
    let budget = number(config(request), "thinkingBudget");
    if budget.is_some_and(|budget| !BUDGETS.contains(&budget)) {
        lines.push((
            "generation_config.thinking_config.thinking_budget".into(),
            "thinking_budget must be in the range [-1, 65535]".into(),
        ));
    }
}

/// The model takes what is set.
pub(super) fn steering(request: &Request<'_>) -> Result<(), ApiError> {
    let config = config(request);
    let level = word(config, "thinkingLevel").filter(|level| !is_unspecified(level));
    let budget = number(config, "thinkingBudget").map(|budget| budget as i64);
    match (request.model.thinking, level, budget) {
        (Thinking::None, ..) if config.is_null() => Ok(()),
        (Thinking::None, ..) => refuse("Thinking is not enabled for this model."),
        (_, Some(_), Some(_)) => {
            refuse("thinking_budget and thinking_level are not supported together.")
        }
        (Thinking::Budget { .. }, Some(_), _) => {
            refuse("Thinking level is not supported for this model.")
        }
        (Thinking::Budget { least, most, can_be_off }, _, Some(budget)) => {
            in_range(budget, least, most, can_be_off)
        }
        // Whoever can do with the least level takes a budget of nothing for that.
        (Thinking::Level { minimal: false, .. }, _, Some(0)) => in_range(0, 1, 1, false),
        (Thinking::Level { minimal: false, .. }, Some(level), _) if is_minimal(&level) => refuse(
            "Thinking level MINIMAL is not supported for this model. Please retry with other \
             thinking level.",
        ),
        _ => Ok(()),
    }
}

/// Thoughts can be told only where there are any.
pub(super) fn told(request: &Request<'_>) -> Result<(), ApiError> {
    let config = config(request);
    let is_wished =
        field(config, "includeThoughts").is_some_and(|flag| flag == true || flag == "true");
    let is_off = match (request.model.thinking, number(config, "thinkingBudget")) {
        (Thinking::Budget { .. }, Some(budget)) => budget == 0.0,
        // The model that starts at 512 does not think unless it is told to.
        (Thinking::Budget { least, .. }, None) => least == 512,
        (Thinking::None | Thinking::Level { .. }, _) => false,
    };
    match is_wished && is_off {
        true => refuse("include_thoughts is only enabled when thinking is enabled"),
        false => Ok(()),
    }
}

fn config<'a>(request: &Request<'a>) -> &'a Value {
    field(request.config(), "thinkingConfig").unwrap_or(&Value::Null)
}

fn is_unspecified(level: &str) -> bool {
    ["THINKING_LEVEL_UNSPECIFIED", "0"].contains(&level)
}

fn is_minimal(level: &str) -> bool {
    ["MINIMAL", "4"].contains(&level)
}

fn in_range(budget: i64, least: i64, most: i64, can_be_off: bool) -> Result<(), ApiError> {
    match budget {
        -1 => Ok(()),
        0 if can_be_off => Ok(()),
        0 => refuse("Budget 0 is invalid. This model only works in thinking mode."),
        _ if (least..=most).contains(&budget) => Ok(()),
        _ => refuse(&format!(
            "The thinking budget ({budget}) is invalid. Please choose a value between {least} and \
             {most}."
        )),
    }
}

fn refuse(sentence: &str) -> Result<(), ApiError> {
    Err(ApiError::invalid(sentence))
}
