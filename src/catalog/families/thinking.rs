//! Known fixes for what the API refuses about thinking settings.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, Meta, Not, Says, SaysOne},
        Split, likely, maybe, sure, you,
    },
    facts::{Blame, Layer, RetryClass, Severity},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[&THINKING_BUDGET_INVALID, &THINKING_CONFIG_CONFLICT];

const THINKING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/thinking";
const GEMINI_3_PAGE: &str = "https://ai.google.dev/gemini-api/docs/gemini-3";

/// The budget by its names on the wire and in words.
const BUDGET: Sign = SaysOne(&["thinking budget", "thinking_budget", "thinkingBudget"]);

/// A field that the API does not know at all is another fault.
const KNOWN_FIELD: Sign = Not(&Says("Cannot find field"));

const THINKING_BUDGET_INVALID: KnownFix = KnownFix {
    id: "thinking-budget-invalid",
    title: "The thinking budget is outside this model's range, or may not be 0",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[BUDGET_REFUSED]),
        likely(&[
            BUDGET,
            SaysOne(&[
                "is invalid",
                "out of range",
                "choose a value between",
                "must be between",
                "supported range",
                "supported values",
            ]),
            Not(&BUDGET_REFUSED),
        ]),
        maybe(&[Meta("field", "thinking_budget"), KNOWN_FIELD, Not(&BUDGET_REFUSED)]),
    ],
    why: "Each model has its own range: 2.5 Pro takes 128 to 32768 and cannot do without \
          thinking, 2.5 Flash 0 to 24576, 2.5 Flash-Lite 0 or 512 to 24576; -1 leaves it to the \
          model. Clients derive the budget from maxOutputTokens, or send 0 to save, also where \
          reasoning_effort none was asked for.",
    fix: &[
        you("Leave thinkingBudget out, or set it to -1, and the model chooses"),
        you("Else choose a value in the range that the message or the model's page gives"),
        you("On Gemini 3 and later use thinkingLevel instead; low is the least that all of them \
             take"),
        you("To do without thinking, use a model that can, such as gemini-2.5-flash-lite")
            .run("gemini-doctor list-models"),
    ],
    confirm: "The same call without thinkingBudget gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"The thinking budget (60000) is invalid. Please choose a value between 128 and 32768.","status":"INVALID_ARGUMENT"}}"#,
        "[{'error': {'code': 400, 'message': 'Budget 0 is invalid. This model only works in thinking mode.', 'status': 'INVALID_ARGUMENT'}}]",
        "ModelHTTPError: status_code: 400, model_name: gemini-2.5-pro, body: {\"error\":{\"code\":400,\"message\":\"Unable to submit request because Thinking can't be disabled for this model. Remove 'thinking_config.thinking_budget' from your request.\",\"status\":\"INVALID_ARGUMENT\"}}",
        "400 Unable to submit request because the model does not support setting thinking_budget to 0.",
        "google.api_core.exceptions.InvalidArgument: 400 Unable to submit request because thinking_budget is out of range; supported values are integers from 1 to 24576.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"thinking_budget and thinking_level are not supported together","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"thinkingBudget\" at 'generation_config': Cannot find field.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "thinking-config-conflict",
        by: "the call with -1 as budget: it is refused too if the model takes no budget at all",
    }],
    reproduce: "thinking-budget-invalid",
    hides: &[],
    docs: &[THINKING_PAGE],
    as_of: "2026-11-20",
};

/// The budget's value is refused as such, in the words of both dialects.
const BUDGET_REFUSED: Sign = SaysOne(&[
    "The thinking budget (",
    "thinking_budget is out of range",
    "thinkingBudget is out of range",
    "thinking_budget is invalid",
    "Budget 0 is invalid",
    "only works in thinking mode",
    "support setting thinking",
    "Thinking can't be disabled",
    "Thinking cannot be disabled",
    "Thinking can not be disabled",
]);

const THINKING_CONFIG_CONFLICT: KnownFix = KnownFix {
    id: "thinking-config-conflict",
    title: "Thinking settings clash with each other or with the model",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[SETTING_REFUSED]),
        likely(&[SETTING, UNSUPPORTED, KNOWN_FIELD, Not(&BUDGET_REFUSED), Not(&SETTING_REFUSED)]),
        likely(&[
            Says("reasoning_effort"),
            SaysOne(&["thinking_config", "thinking_level", "thinking_budget", "thinkingConfig"]),
            SaysOne(&["only one", "one of either", "both", "together", "exclusive"]),
        ]),
        likely(&[SaysOne(&[
            "either `reasoning_effort`",
            "THINKING_LEVEL_",
            "one of thinking budget",
        ])]),
        likely(&[SaysOne(&[
            "Thinking is not supported",
            "Thinking is not enabled for",
            "does not support thinking",
        ])]),
        maybe(&[Meta("field", "thinking_level"), KNOWN_FIELD, Not(&SETTING_REFUSED)]),
        maybe(&[
            Meta("field", "thinking_config"),
            KNOWN_FIELD,
            Not(&SETTING_REFUSED),
            Not(&BUDGET_REFUSED),
        ]),
    ],
    why: "Gemini 3 and later take thinkingLevel, 2.5 takes thinkingBudget, others neither, and \
          never both in one call; reasoning_effort of the OpenAI-compatible API is a third way \
          that may not stand beside them. Not every model has every level: minimal is refused by \
          the Pro models and by 3.7 and 3.8 Flash.",
    fix: &[
        you("Send one setting only: thinkingLevel on Gemini 3 and later, thinkingBudget on 2.5, \
             none on others"),
        you(
            "Use the level low instead of minimal, and leave includeThoughts out where the budget \
             is 0",
        ),
        you("See whether the model thinks at all").run("gemini-doctor list-models {model}"),
        you("Update the client, or set its reasoning to default, where you set nothing yourself"),
    ],
    confirm: "The same call without thinkingConfig gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Thinking level is not supported for this model.","status":"INVALID_ARGUMENT"}}"#,
        "litellm.BadRequestError: Vertex_aiException BadRequestError - {\"error\":{\"code\":400,\"message\":\"Thinking level is unsupported: THINKING_LEVEL_MINIMAL\",\"status\":\"INVALID_ARGUMENT\"}}",
        r#"{"error":{"code":400,"message":"You can only set only one of thinking budget and thinking level.","status":"INVALID_ARGUMENT"}}"#,
        "[API Error: Unable to submit request because Thinking_config.include_thoughts is only enabled when thinking is enabled. (Status: INVALID_ARGUMENT)]",
        "Error code: 400 - [{'error': {'code': 400, 'message': 'Unable to submit request because thinking_config is not supported.', 'status': 'INVALID_ARGUMENT'}}]",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"The thinking budget (60000) is invalid. Please choose a value between 128 and 32768.","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"thinking_level\" at 'generation_config': Cannot find field.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[
        Split {
            id: "thinking-budget-invalid",
            by: "the call with -1 as budget: it passes if only the value was wrong",
        },
        Split {
            id: "feature-not-enabled-for-model",
            by: "gemini-doctor list-models NAME: a model that does not think at all, as image models",
        },
    ],
    reproduce: "thinking-config-conflict",
    hides: &[],
    docs: &[THINKING_PAGE, GEMINI_3_PAGE],
    as_of: "2026-11-20",
};

/// One of the settings, by its names on the wire and in words.
const SETTING: Sign = SaysOne(&[
    "thinking level",
    "thinking_level",
    "thinkingLevel",
    "thinking_config",
    "thinkingConfig",
    "thinking budget",
    "thinking_budget",
    "thinkingBudget",
]);

/// The model does not have it, or not together with something else.
const UNSUPPORTED: Sign =
    SaysOne(&["not supported", "unsupported", "not enabled", "does not support"]);

/// The settings are refused as such, in the words of both dialects.
const SETTING_REFUSED: Sign = SaysOne(&[
    "thinking is not configurable",
    "thinking cannot be configured",
    "remove the thinking_config",
    "thinking level is not",
    "thinking level is unsupported",
    "thinking_level is not",
    "thinkingLevel is not",
    "thinking_config is not",
    "thinkingConfig is not",
    "thinking budget is not",
    "thinking_budget is not",
    "thinking_budget and thinking_level are not",
    "thinking_level and thinking_budget are not",
    "one of thinking budget and thinking level",
    "include_thoughts is only",
    "includeThoughts is only",
]);
