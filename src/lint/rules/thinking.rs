//! Thinking: levels, budgets and thoughts, and which model takes which of them.

use crate::facts::{
    Severity::{Error, Warning},
    accepts::{Budget, Line},
};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, said},
    kind::field,
    request::Request,
    rule::{Example, Rule, bad, good},
};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &LEVEL_AND_BUDGET,
    &LEVEL_UNSUPPORTED,
    &LEVEL_REFUSED,
    &BUDGET_OUT_OF_RANGE,
    &BUDGET_OUT_OF_ALL,
    &ALWAYS_THINKS,
    &BUDGET_OUTDATED,
    &NOT_THINKING,
    &THOUGHTS_WITHOUT_THINKING,
    &BUDGET_ABOVE_OUTPUT,
    &LEVEL_UNSPECIFIED,
];

const THINKING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/thinking";
const GEMINI_3_PAGE: &str = "https://ai.google.dev/gemini-api/docs/gemini-3";
const FLASH: &str = "gemini-3.8-flash";
const OLDER_FLASH: &str = "gemini-2.5-flash";
const OLDER_PRO: &str = "gemini-2.5-pro";

/// An object for `thinkingConfig` in a request.
macro_rules! thinking {
    ($config:expr) => {
        request!(concat!(r#""generationConfig": {"thinkingConfig": "#, $config, "}"))
    };
}

const GOOD: &[Example] = &[
    good(FLASH, thinking!(r#"{"thinkingLevel": "low", "includeThoughts": true}"#)),
    good("gemini-3.6-flash", thinking!(r#"{"thinkingLevel": "MINIMAL"}"#)),
    good(OLDER_FLASH, thinking!(r#"{"thinkingBudget": 0}"#)),
    good(OLDER_FLASH, thinking!(r#"{"thinkingBudget": -1, "includeThoughts": true}"#)),
    good(OLDER_PRO, thinking!(r#"{"thinkingBudget": 128}"#)),
    good("gemini-2.5-flash-lite", thinking!(r#"{"thinkingBudget": 512}"#)),
    good("", thinking!(r#"{"thinkingBudget": 1}"#)),
    good(
        OLDER_FLASH,
        request!(
            r#""generation_config": {"max_output_tokens": 9000, "thinking_config": {"thinking_budget": 8192}}"#
        ),
    ),
];

const LEVEL_AND_BUDGET: Rule = Rule {
    id: "thinking-level-and-budget",
    title: "thinkingLevel and thinkingBudget stand there together",
    severity: Error,
    fix: Some("thinking-config-conflict"),
    answer: "thinking_budget and thinking_level are not supported together.",
    why: "They are two ways to say one thing: models of 2.5 take a budget, and later ones take a level.",
    docs: &[GEMINI_3_PAGE, THINKING_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            thinking!(r#"{"thinkingLevel": "low", "thinkingBudget": 1024}"#),
            "generationConfig.thinkingConfig.thinkingBudget",
        ),
        bad(
            OLDER_FLASH,
            request!(
                r#""generation_config": {"thinking_config": {"thinking_level": "low", "thinking_budget": 1024}}"#
            ),
            "generation_config.thinking_config.thinking_level",
        ),
    ],
    good: GOOD,
};

const LEVEL_UNSUPPORTED: Rule = Rule {
    id: "thinking-level-unsupported",
    title: "A model before Gemini 3 is given a thinkingLevel",
    answer: "Thinking level is not supported for this model.",
    why: "Levels came with Gemini 3; models of 2.5 take thinkingBudget, and older ones neither.",
    bad: &[bad(
        OLDER_FLASH,
        thinking!(r#"{"thinkingLevel": "high"}"#),
        "generationConfig.thinkingConfig.thinkingLevel",
    )],
    ..LEVEL_AND_BUDGET
};

const LEVEL_REFUSED: Rule = Rule {
    id: "thinking-level-refused",
    title: "The model does not take this thinkingLevel",
    answer: "Thinking level MINIMAL is not supported for this model.",
    why: "Each model takes some of the levels: minimal is refused by the Pro models, by 3.7 and 3.8 Flash, by 4 Argon, and by names that move to them.",
    bad: &[
        bad(
            FLASH,
            thinking!(r#"{"thinkingLevel": "minimal"}"#),
            "generationConfig.thinkingConfig.thinkingLevel",
        ),
        bad(
            "gemini-flash-latest",
            thinking!(r#"{"thinkingLevel": "MINIMAL"}"#),
            "generationConfig.thinkingConfig.thinkingLevel",
        ),
        bad(
            "gemini-3.1-flash-image",
            thinking!(r#"{"thinkingLevel": "LOW"}"#),
            "generationConfig.thinkingConfig.thinkingLevel",
        ),
    ],
    ..LEVEL_AND_BUDGET
};

const BUDGET_OUT_OF_ALL: Rule = Rule {
    id: "thinking-budget-out-of-all-ranges",
    title: "A thinkingBudget is one that no model takes",
    fix: Some("thinking-budget-invalid"),
    answer: "thinking_budget must be in the range [-1, 65535]",
    why: "Newer models take a budget for the sake of older programs, within the bounds of the field itself.",
    docs: &[THINKING_PAGE],
    bad: &[
        bad(
            FLASH,
            thinking!(r#"{"thinkingBudget": 65536}"#),
            "generationConfig.thinkingConfig.thinkingBudget",
        ),
        bad(
            FLASH,
            thinking!(r#"{"thinkingBudget": -2}"#),
            "generationConfig.thinkingConfig.thinkingBudget",
        ),
    ],
    good: &[good("", thinking!(r#"{"thinkingBudget": 65535}"#))],
    ..LEVEL_AND_BUDGET
};

const BUDGET_OUT_OF_RANGE: Rule = Rule {
    id: "thinking-budget-out-of-range",
    title: "A thinkingBudget is outside what the model takes",
    fix: Some("thinking-budget-invalid"),
    answer: "The thinking budget (…) is invalid. Please choose a value between … and ….",
    why: "Each model has a least and a most, beside -1, which leaves it to the model, and 0 where thinking can be switched off.",
    docs: &[THINKING_PAGE],
    bad: &[
        bad(
            OLDER_PRO,
            thinking!(r#"{"thinkingBudget": 64}"#),
            "generationConfig.thinkingConfig.thinkingBudget",
        ),
        bad(
            OLDER_FLASH,
            thinking!(r#"{"thinkingBudget": 24577}"#),
            "generationConfig.thinkingConfig.thinkingBudget",
        ),
        bad(
            "gemini-2.5-flash-lite",
            thinking!(r#"{"thinkingBudget": 100}"#),
            "generationConfig.thinkingConfig.thinkingBudget",
        ),
        bad(
            OLDER_FLASH,
            thinking!(r#"{"thinkingBudget": -2}"#),
            "generationConfig.thinkingConfig.thinkingBudget",
        ),
    ],
    ..LEVEL_AND_BUDGET
};

const ALWAYS_THINKS: Rule = Rule {
    id: "thinking-cannot-be-off",
    title: "A model that always thinks is told not to",
    fix: Some("thinking-budget-invalid"),
    answer: "Budget 0 is invalid. This model only works in thinking mode.",
    why: "Thinking can be switched off on 2.5 Flash and 2.5 Flash-Lite only.",
    docs: &[THINKING_PAGE],
    bad: &[bad(
        OLDER_PRO,
        thinking!(r#"{"thinkingBudget": 0}"#),
        "generationConfig.thinkingConfig.thinkingBudget",
    )],
    ..LEVEL_AND_BUDGET
};

const BUDGET_OUTDATED: Rule = Rule {
    id: "thinking-budget-outdated",
    title: "A model since Gemini 3 is given a thinkingBudget",
    severity: Warning,
    fix: Some("thinking-budget-invalid"),
    answer: "",
    why: "It is taken for the sake of older programs and deprecated; thinkingLevel is in its place, and 0 does not switch thinking off.",
    bad: &[
        bad(
            FLASH,
            thinking!(r#"{"thinkingBudget": 1024}"#),
            "generationConfig.thinkingConfig.thinkingBudget",
        ),
        bad(
            "gemini-pro-latest",
            thinking!(r#"{"thinkingBudget": 0}"#),
            "generationConfig.thinkingConfig.thinkingBudget",
        ),
    ],
    ..LEVEL_AND_BUDGET
};

const NOT_THINKING: Rule = Rule {
    id: "thinking-unsupported",
    title: "A model that does not think is told how to",
    answer: "thinking_config is not supported.",
    why: "Models without thinking refuse the field, whatever stands in it.",
    docs: &[THINKING_PAGE],
    bad: &[
        bad(
            "gemini-2.5-flash-image",
            thinking!(r#"{"thinkingBudget": 0}"#),
            "generationConfig.thinkingConfig",
        ),
        bad(
            "gemini-2.0-flash",
            thinking!(r#"{"includeThoughts": true}"#),
            "generationConfig.thinkingConfig",
        ),
    ],
    ..LEVEL_AND_BUDGET
};

const THOUGHTS_WITHOUT_THINKING: Rule = Rule {
    id: "thoughts-without-thinking",
    title: "Thoughts are asked for while thinking is off",
    answer: "include_thoughts is only enabled when thinking is enabled.",
    why: "With a budget of 0 there are no thoughts that could be sent.",
    docs: &[THINKING_PAGE],
    bad: &[bad(
        OLDER_FLASH,
        thinking!(r#"{"thinkingBudget": 0, "includeThoughts": true}"#),
        "generationConfig.thinkingConfig.includeThoughts",
    )],
    ..LEVEL_AND_BUDGET
};

const BUDGET_ABOVE_OUTPUT: Rule = Rule {
    id: "thinking-budget-above-output",
    title: "The thinkingBudget leaves no tokens for the answer",
    severity: Warning,
    fix: Some("max-tokens-no-text"),
    answer: "",
    why: "Thoughts count as output: when they may use all of maxOutputTokens, the answer may end before its first word, with finishReason MAX_TOKENS.",
    docs: &[THINKING_PAGE],
    bad: &[bad(
        OLDER_FLASH,
        request!(
            r#""generationConfig": {"maxOutputTokens": 2000, "thinkingConfig": {"thinkingBudget": 8192}}"#
        ),
        "generationConfig.thinkingConfig.thinkingBudget",
    )],
    ..LEVEL_AND_BUDGET
};

const LEVEL_UNSPECIFIED: Rule = Rule {
    id: "thinking-level-unspecified",
    title: "A thinkingLevel leaves the level open",
    severity: Warning,
    fix: None,
    answer: "",
    why: "The word stands in the definitions so that nothing has a number; the model takes its default, or refuses the word.",
    bad: &[bad(
        FLASH,
        thinking!(r#"{"thinkingLevel": "THINKING_LEVEL_UNSPECIFIED"}"#),
        "generationConfig.thinkingConfig.thinkingLevel",
    )],
    ..LEVEL_AND_BUDGET
};

/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    let thinking = request.setting("thinkingConfig").filter(|value| value.kind() == Form::Object);
    let Some(thinking) = thinking.filter(|thinking| thinking.members().next().is_some()) else {
        return;
    };
    if is_refused(request) {
        not_thinking(request, thinking, found);
        return;
    }
    let level = field(thinking, "thinkingLevel").filter(|value| value.kind() == Form::Text);
    let budget = field(thinking, "thinkingBudget");
    if let (Some(level), Some(budget)) = (level, budget) {
        both(request, level, budget, found);
        return;
    }
    if let Some(level) = level {
        self::level(request, level, found);
    }
    let budget = budget.and_then(|value| Some((value, value.number_in_any_form()?)));
    if let Some((value, number)) = budget {
        self::budget(request, value, number, found);
        thoughts(request, thinking, number, found);
    }
}

fn is_refused(request: &Request<'_>) -> bool {
    request
        .accepts
        .is_some_and(|accepts| accepts.budget == Budget::Refused && accepts.line != Line::Embedding)
}

fn not_thinking(request: &Request<'_>, thinking: Value<'_>, found: &mut Findings<'_>) {
    found.at_name(&NOT_THINKING, thinking, || {
        let asks_for_none = thinking.members().all(|member| {
            matches!(member.kind(), Form::Null)
                || member.flag() == Some(false)
                || member.number_in_any_form() == Some(0.0)
        });
        let config = request.field("generationConfig").filter(|_| asks_for_none);
        let gone = config.map(|config| {
            Correction::mechanical("Take thinkingConfig out", vec![edit::remove(config, thinking)])
        });
        let advice = || Correction::advice("Take thinkingConfig out, or ask a model that thinks");
        said(format!("{} does not think, and refuses the field", request.model_words()))
            .with(gone.unwrap_or_else(advice))
    });
}

/// The one that the model does not take is the one that is too many.
fn both(request: &Request<'_>, level: Value<'_>, budget: Value<'_>, found: &mut Findings<'_>) {
    let (extra, words) = if request.is_before(3, 0) {
        (level, "Leave thinkingLevel out: models of 2.5 take a budget")
    } else {
        (budget, "Leave thinkingBudget out: models since Gemini 3 take a level")
    };
    found.at(&LEVEL_AND_BUDGET, extra, || {
        said("a level and a budget together are refused").with(Correction::advice(words))
    });
}

fn level(request: &Request<'_>, value: Value<'_>, found: &mut Findings<'_>) {
    let Some(word) = value.quoted() else { return };
    if word.eq_ignore_ascii_case("THINKING_LEVEL_UNSPECIFIED") {
        found.at(&LEVEL_UNSPECIFIED, value, || {
            said("no level is said by this word")
                .with(Correction::advice("Leave it out, or say low, medium or high"))
        });
        return;
    }
    let Some(accepts) = request.accepts else { return };
    let known = ["minimal", "low", "medium", "high"];
    let is_word = known.iter().any(|own| own.eq_ignore_ascii_case(word));
    if request.is_before(3, 0) {
        found.at(&LEVEL_UNSUPPORTED, value, || {
            said(format!("{} takes no thinkingLevel", request.model_words()))
                .with(budget_for(word, accepts.budget))
        });
    } else if is_word
        && !accepts.levels.is_empty()
        && !accepts.levels.iter().any(|level| level.word().eq_ignore_ascii_case(word))
    {
        found.at(&LEVEL_REFUSED, value, || {
            let levels: Vec<&str> = accepts.levels.iter().map(|level| level.word()).collect();
            let least = levels.first().copied().unwrap_or_default();
            said(format!("{} takes {}, and not {word}", request.model_words(), levels.join(", ")))
                .with(Correction::advice(format!("{least} is the least that it takes")))
        });
    }
}

/// What the OpenAI-compatible form makes of the words on models of 2.5.
fn budget_for(word: &str, budget: Budget) -> Correction {
    let tokens = match word.to_ascii_lowercase().as_str() {
        "minimal" | "low" => 1024,
        "medium" => 8192,
        _ => 24_576,
    };
    match budget {
        Budget::Between { .. } => Correction::advice(format!(
            "Say thinkingBudget {tokens}: that is what the OpenAI-compatible form makes of {word}"
        )),
        _ => Correction::advice("Leave it out"),
    }
}

fn budget(request: &Request<'_>, value: Value<'_>, number: f64, found: &mut Findings<'_>) {
    let Some(accepts) = request.accepts else { return };
    match accepts.budget {
        Budget::Between { least, most, off } => {
            between(request, value, number, (least, most, off), found);
            above_output(request, value, number, found);
        }
        Budget::Outdated if !READ.contains(&number) => found.at(&BUDGET_OUT_OF_ALL, value, || {
            said(format!("budgets are -1 to 65535, and not {}", value.raw()))
                .with(level_for(number))
        }),
        Budget::Outdated => found.at(&BUDGET_OUTDATED, value, || {
            let off = if number == 0.0 { ", and 0 does not switch thinking off" } else { "" };
            said(format!("{} takes a budget as before only{off}", request.model_words()))
                .with(level_for(number))
        }),
        Budget::Refused | Budget::Unknown => {}
    }
}

/// What is read as a budget at all, whatever the model.
const READ: std::ops::RangeInclusive<f64> = -1.0..=65_535.0;

fn between(
    request: &Request<'_>,
    value: Value<'_>,
    number: f64,
    (least, most, off): (i64, i64, bool),
    found: &mut Findings<'_>,
) {
    let is_inside = (least as f64..=most as f64).contains(&number);
    if is_inside || number == -1.0 || (number == 0.0 && off) {
        return;
    }
    if number == 0.0 {
        found.at(&ALWAYS_THINKS, value, || {
            said(format!("{} always thinks", request.model_words())).with(Correction::advice(
                format!("{least} is the least that it takes; models of the Flash line take 0"),
            ))
        });
        return;
    }
    found.at(&BUDGET_OUT_OF_RANGE, value, || {
        let zero = if off { ", 0" } else { "" };
        said(format!(
            "{} takes {least} to {most}{zero} or -1, and not {}",
            request.model_words(),
            value.raw()
        ))
        .with(Correction::advice("Say -1 to leave it to the model, or a number in the range"))
    });
}

fn level_for(tokens: f64) -> Correction {
    let level = match tokens {
        _ if tokens < 0.0 => "leave both out: the model decides",
        _ if tokens <= 1024.0 => "say thinkingLevel low",
        _ if tokens <= 8192.0 => "say thinkingLevel medium",
        _ => "say thinkingLevel high",
    };
    Correction::advice(format!("Take thinkingBudget out, and {level}"))
}

fn above_output(request: &Request<'_>, value: Value<'_>, number: f64, found: &mut Findings<'_>) {
    let most = request.setting("maxOutputTokens").and_then(Value::number_in_any_form);
    let Some(most) = most.filter(|most| number > 0.0 && number >= *most) else { return };
    found.at(&BUDGET_ABOVE_OUTPUT, value, || {
        said(format!("thoughts may use all of the {most} tokens of maxOutputTokens"))
            .with(Correction::advice("Raise maxOutputTokens above the budget, or lower the budget"))
    });
}

fn thoughts(request: &Request<'_>, thinking: Value<'_>, budget: f64, found: &mut Findings<'_>) {
    let can_be_off = request
        .accepts
        .is_some_and(|accepts| matches!(accepts.budget, Budget::Between { off: true, .. }));
    let asked = field(thinking, "includeThoughts").filter(|value| value.flag() == Some(true));
    let Some(asked) = asked.filter(|_| budget == 0.0 && can_be_off) else { return };
    found.at(&THOUGHTS_WITHOUT_THINKING, asked, || {
        said("thinkingBudget 0 switches thinking off, so that there are no thoughts to include")
            .with(Correction::mechanical(
                "Take includeThoughts out",
                vec![edit::remove(thinking, asked)],
            ))
    });
}
