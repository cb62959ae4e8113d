//! How much a model is to think, in the OpenAI-compatible form: `reasoning_effort`, or what `extra_body.google` says.

use crate::facts::accepts::{Accepts, Budget, Level};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, Said, said},
    kind::field,
    request::Request,
    rule::{Example, Rule},
    shape::EFFORTS,
};

use super::{FLASH, OLDER, chat, fine, refused, rule};

const THINKING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/thinking";

const GOOD: &[Example] = &[
    fine(
        OLDER,
        r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}], "reasoning_effort": "none"}"#,
    ),
    fine(
        OLDER,
        r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}], "extra_body": {"google": {"thinking_config": {"thinking_budget": 0, "include_thoughts": true}}}}"#,
    ),
    fine(
        FLASH,
        r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "extra_body": {"google": {"thinking_config": {"thinking_level": "LOW"}}}}"#,
    ),
    fine(
        FLASH,
        r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "reasoning_effort": "medium", "extra_body": {"google": {"thinking_config": {"include_thoughts": true}}}}"#,
    ),
];

pub(super) const EFFORT_UNKNOWN: Rule = refused(
    &rule(
        "openai-effort-unknown",
        "reasoning_effort has a word that is not documented for it",
        "The page on compatibility maps none, minimal, low, medium and high to levels or budgets. OpenAI has had others.",
        (
            &[chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "reasoning_effort": "xhigh"}"#,
                "reasoning_effort",
            )],
            GOOD,
        ),
    ),
    "thinking-budget-invalid",
    "Request contains an invalid argument.",
);
pub(super) const EFFORT_DIFFERS: Rule = rule(
    "openai-effort-differs",
    "reasoning_effort means something else to this model, or is refused by it",
    "none switches thinking off on 2.5 models other than Pro only. minimal becomes low, or is refused, where the model has no such level; and models that do not think refuse to be asked to.",
    (
        &[
            chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "reasoning_effort": "none"}"#,
                "reasoning_effort",
            ),
            chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "reasoning_effort": "minimal"}"#,
                "reasoning_effort",
            ),
        ],
        GOOD,
    ),
);
pub(super) const EFFORT_AND_CONFIG: Rule = refused(
    &rule(
        "openai-effort-and-thinking-config",
        "reasoning_effort and a level or budget of thinking_config are there together",
        "Both say how much the model is to think, and only one of them may be there.",
        (
            &[chat(
                OLDER,
                r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}], "reasoning_effort": "low", "extra_body": {"google": {"thinking_config": {"thinking_budget": 0}}}}"#,
                "reasoning_effort",
            )],
            GOOD,
        ),
    ),
    "thinking-config-conflict",
    "Request contains an invalid argument.",
);
pub(super) const LEVEL_AND_BUDGET: Rule = refused(
    &Rule {
        docs: &[THINKING_PAGE, super::PAGE],
        ..rule(
            "openai-level-and-budget",
            "thinking_config has a level and a budget",
            "Levels have taken the place of budgets, and only one of them may be there.",
            (
                &[chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "extra_body": {"google": {"thinking_config": {"thinking_level": "low", "thinking_budget": 99}}}}"#,
                    "extra_body.google.thinking_config.thinking_budget",
                )],
                GOOD,
            ),
        )
    },
    "thinking-config-conflict",
    "You can only set only one of thinking budget and thinking level.",
);
pub(super) const LEVEL_REFUSED: Rule = refused(
    &Rule {
        docs: &[THINKING_PAGE, super::PAGE],
        ..rule(
            "openai-level-refused",
            "The model does not take this thinking level",
            "2.5 models take no level at all; minimal is taken by some models since 3 and refused by others.",
            (
                &[
                    chat(
                        FLASH,
                        r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "extra_body": {"google": {"thinking_config": {"thinking_level": "minimal"}}}}"#,
                        "extra_body.google.thinking_config.thinking_level",
                    ),
                    chat(
                        OLDER,
                        r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}], "extra_body": {"google": {"thinking_config": {"thinking_level": "low"}}}}"#,
                        "extra_body.google.thinking_config.thinking_level",
                    ),
                ],
                GOOD,
            ),
        )
    },
    "thinking-config-conflict",
    "Thinking level … is not supported for this model.",
);
pub(super) const BUDGET_REFUSED: Rule = refused(
    &Rule {
        docs: &[THINKING_PAGE, super::PAGE],
        ..rule(
            "openai-budget-refused",
            "The model does not take this thinking budget",
            "Each 2.5 model has its own range; -1 leaves the budget to the model, and 0 switches thinking off where that is possible.",
            (
                &[chat(
                    OLDER,
                    r#"{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "a"}], "extra_body": {"google": {"thinking_config": {"thinking_budget": 99999}}}}"#,
                    "extra_body.google.thinking_config.thinking_budget",
                )],
                GOOD,
            ),
        )
    },
    "thinking-budget-invalid",
    "The thinking budget … is invalid. Please choose a value between … and ….",
);

/// Looks at both ways to say it.
pub(super) fn look(whole: &Request<'_>, found: &mut Findings<'_>) {
    let config = whole
        .field("extra_body")
        .and_then(|extra| field(field(extra, "google")?, "thinkingConfig"));
    let level = config.and_then(|config| field(config, "thinkingLevel"));
    let budget = config.and_then(|config| field(config, "thinkingBudget"));
    if let Some(effort) = whole.field("reasoning_effort") {
        if level.or(budget).is_some() {
            found.at_name(&EFFORT_AND_CONFIG, effort, || {
                said("reasoning_effort and thinking_config both say how much to think")
            });
        }
        look_at_effort(whole, effort, found);
    }
    if let (Some(_), Some(budget)) = (level, budget) {
        found.at_name(&LEVEL_AND_BUDGET, budget, || {
            said("the level is there as well, and only one of them may be")
        });
        return;
    }
    if let Some(accepts) = whole.accepts {
        level.into_iter().for_each(|level| look_at_level(whole, accepts, level, found));
        budget.into_iter().for_each(|budget| look_at_budget(whole, accepts, budget, found));
    }
}

fn look_at_effort(whole: &Request<'_>, effort: Value<'_>, found: &mut Findings<'_>) {
    let Some(word) = effort.quoted().filter(|_| effort.kind() == Form::Text) else { return };
    if !EFFORTS.contains(&word) {
        found.at(&EFFORT_UNKNOWN, effort, || unknown_effort(effort, word));
        return;
    }
    let Some(accepts) = whole.accepts else { return };
    let model = whole.model_words();
    let cannot = matches!(accepts.budget, Budget::Refused | Budget::Between { off: false, .. });
    let differs = match word {
        _ if accepts.budget == Budget::Refused && accepts.levels.is_empty() => {
            Some(format!("{model} does not think, and may refuse to be asked to"))
        }
        "none" if whole.is_since(3, 0) || cannot => {
            Some(format!("thinking cannot be switched off on {model}"))
        }
        "minimal" if whole.is_since(3, 0) && !accepts.levels.contains(&Level::Minimal) => {
            Some(format!("{model} has no minimal level: it becomes low, or is refused"))
        }
        _ => None,
    };
    if let Some(words) = differs {
        found.at(&EFFORT_DIFFERS, effort, || said(words));
    }
}

fn unknown_effort(effort: Value<'_>, word: &str) -> Said {
    let lower = word.to_ascii_lowercase();
    let same = EFFORTS.iter().find(|known| **known == lower);
    said(format!("{word:?} is none of {}", EFFORTS.join(", "))).with_any(same.map(|same| {
        let edit = edit::replace(effort, edit::quoted(same));
        Correction::mechanical(format!("Write {same}"), vec![edit])
    }))
}

fn look_at_level(
    whole: &Request<'_>,
    accepts: Accepts,
    level: Value<'_>,
    found: &mut Findings<'_>,
) {
    let Some(word) = level.quoted() else { return };
    // No level in the table is a refusal of older models, and of others not known.
    if accepts.levels.is_empty() && !whole.is_before(3, 0) {
        return;
    }
    let known = |one: &&Level| one.word().eq_ignore_ascii_case(word);
    let all = [Level::Minimal, Level::Low, Level::Medium, Level::High];
    if all.iter().any(|one| known(&one)) && !accepts.levels.iter().any(|one| known(&one)) {
        found.at(&LEVEL_REFUSED, level, || {
            let words: Vec<&str> = accepts.levels.iter().map(|one| one.word()).collect();
            let takes = if words.is_empty() { "no level".to_owned() } else { words.join(", ") };
            said(format!("{} takes {takes}, and not {word}", whole.model_words()))
        });
    }
}

fn look_at_budget(
    whole: &Request<'_>,
    accepts: Accepts,
    budget: Value<'_>,
    found: &mut Findings<'_>,
) {
    let Some(number) = budget.number_in_any_form() else { return };
    let Budget::Between { least, most, off } = accepts.budget else { return };
    let is_taken =
        number == -1.0 || (off && number == 0.0) || (least as f64..=most as f64).contains(&number);
    if !is_taken {
        found.at(&BUDGET_REFUSED, budget, || {
            let or = if off { ", 0" } else { "" };
            let model = whole.model_words();
            said(format!("{model} takes -1{or} and {least} to {most}, and not {}", budget.raw()))
        });
    }
}
