//! Thinking, by model.

use serde_json::{Value, json};

use super::{FLASH, GEMMA, NEW, OLD, Way, config};

fn asked(thinking: &Value) -> Value {
    config(&json!({ "thinkingConfig": thinking }))
}

#[track_caller]
fn pair(model: &'static str, bad: &Value, sentence: &str, good: &Value) {
    Way::to(model).refuses(&asked(bad), sentence);
    Way::to(model).takes(&asked(good));
}

#[test]
fn a_level_is_for_newer_models_and_a_budget_for_all_that_think() {
    let (level, budget) = (json!({"thinkingLevel": "low"}), json!({"thinkingBudget": 1024}));
    pair(OLD, &level, "Thinking level is not supported for this model.", &budget);
    Way::to(FLASH).takes(&asked(&budget));
    let both = json!({"thinkingLevel": "low", "thinkingBudget": 1024});
    let sentence = "thinking_budget and thinking_level are not supported together.";
    for model in [OLD, FLASH, NEW] {
        Way::to(model).refuses(&asked(&both), sentence);
    }
    pair(
        FLASH,
        &both,
        sentence,
        &json!({"thinkingLevel": "THINKING_LEVEL_UNSPECIFIED", "thinkingBudget": 9}),
    );
    Way::to(GEMMA).refuses(&asked(&level), "Thinking is not enabled for this model.");
    Way::to(GEMMA).takes(&config(&json!({"temperature": 1})));
}

#[test]
fn the_least_level_is_not_for_all() {
    let sentence = "Thinking level MINIMAL is not supported for this model.";
    let of = |level: &str| json!({ "thinkingLevel": level });
    for model in [NEW, "gemini-3.7-flash", "gemini-4-argon", "gemini-3.1-pro-preview"] {
        for minimal in ["minimal", "MINIMAL"] {
            pair(model, &of(minimal), sentence, &of("low"));
        }
    }
    for model in [FLASH, "gemini-3.6-flash", "gemini-3.1-flash-lite", "gemini-3-flash-preview"] {
        Way::to(model).takes(&asked(&of("minimal")));
    }
}

#[test]
fn budgets_have_a_range_by_model() {
    let of = |budget: i64| json!({ "thinkingBudget": budget });
    let range = |budget: i64| format!("The thinking budget ({budget}) is invalid. Please choose");
    pair("gemini-2.5-pro", &of(127), &range(127), &of(128));
    pair("gemini-2.5-pro", &of(32_769), &range(32_769), &of(32_768));
    pair("gemini-2.5-flash", &of(24_577), &range(24_577), &of(24_576));
    pair("gemini-2.5-flash-lite", &of(511), &range(511), &of(512));
    let zero = "Budget 0 is invalid. This model only works in thinking mode.";
    pair("gemini-2.5-pro", &of(0), zero, &of(-1));
    pair(NEW, &of(0), zero, &of(1));
    for model in [OLD, "gemini-2.5-flash-lite", FLASH] {
        Way::to(model).takes(&asked(&of(0)));
    }
    let path = "* GenerateContentRequest.generation_config.thinking_config.thinking_budget: ";
    pair(FLASH, &of(-2), path, &of(-1));
    pair(FLASH, &of(65_536), path, &of(65_535));
}

#[test]
fn thoughts_are_told_where_there_are_any() {
    let sentence = "include_thoughts is only enabled when thinking is enabled";
    let of = |budget: i64| json!({"includeThoughts": true, "thinkingBudget": budget});
    pair(OLD, &of(0), sentence, &of(-1));
    let told = json!({"includeThoughts": true});
    pair("gemini-2.5-flash-lite", &told, sentence, &of(512));
    for model in [OLD, FLASH] {
        Way::to(model).takes(&asked(&told));
    }
}
