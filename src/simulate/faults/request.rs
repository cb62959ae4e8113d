//! What a well-sent request holds that the API refuses: its size and settings, its turns, its tools,
//! its thinking settings. The list of models still works.
//!
//! What was asked does not matter here: a call that generates is refused as one with that fault
//! would be. The simulated API judges real requests by itself.

use super::super::fault::{Act, Route, Rule};
use super::super::scenario::Scenario;

pub(in super::super) const ALL: &[Scenario] = &[
    INPUT_TOKENS_EXCEEDED,
    OUTPUT_TOKENS_OUT_OF_RANGE,
    SAMPLING_PARAM_OUT_OF_RANGE,
    CANDIDATE_COUNT_UNSUPPORTED,
    EMBED_BATCH_TOO_LARGE,
    PAYLOAD_TOO_LARGE,
    SYSTEM_INSTRUCTION_UNSUPPORTED,
    FEATURE_NOT_ENABLED_FOR_MODEL,
    SAFETY_SETTING_RESTRICTED,
    INVALID_ROLE,
    TURN_ALTERNATION,
    EMPTY_CONTENTS_OR_PARTS,
    FIELD_VALUE_REFUSED,
    FUNCTION_TURN_ORDER,
    FUNCTION_RESPONSE_COUNT_MISMATCH,
    SCHEMA_UNKNOWN_FIELD,
    SCHEMA_TOO_COMPLEX,
    TOOL_SCHEMA_BAD_TYPE,
    TOOL_SCHEMA_EMPTY_OBJECT,
    FUNCTION_NAME_INVALID,
    JSON_MODE_WITH_TOOLS,
    TOOL_COMBINATION_UNSUPPORTED,
    SEARCH_TOOL_FIELD_RENAMED,
    THOUGHT_SIGNATURE_MISSING,
    THOUGHT_SIGNATURE_NOT_BASE64,
    DEADLINE_BELOW_MINIMUM,
    THINKING_BUDGET_INVALID,
    THINKING_CONFIG_CONFLICT,
];

const INPUT_TOKENS_EXCEEDED: Scenario = Scenario::new(
    "input-tokens-exceeded",
    "request",
    1,
    "The prompt is longer than the model's window: 400 with both numbers.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/input-tokens-exceeded.json")),
)]);

const OUTPUT_TOKENS_OUT_OF_RANGE: Scenario = Scenario::new(
    "output-tokens-out-of-range",
    "request",
    1,
    "maxOutputTokens is above what the model can write: 400 with the range.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/output-tokens-out-of-range.json")),
)]);

const SAMPLING_PARAM_OUT_OF_RANGE: Scenario = Scenario::new(
    "sampling-param-out-of-range",
    "request",
    1,
    "topK is above the model's range: 400 with the range.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/sampling-param-out-of-range.json")),
)]);

const CANDIDATE_COUNT_UNSUPPORTED: Scenario = Scenario::new(
    "candidate-count-unsupported",
    "request",
    1,
    "Several candidates are asked of a model that gives one: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/candidate-count-unsupported.json")),
)]);

const EMBED_BATCH_TOO_LARGE: Scenario = Scenario::new(
    "embed-batch-too-large",
    "request",
    1,
    "Every call of a model is answered as a batch of too many texts to embed would be: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/embed-batch-too-large.json")),
)]);

const PAYLOAD_TOO_LARGE: Scenario = Scenario::new(
    "payload-too-large",
    "request",
    1,
    "The body is above the API's limit in bytes: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/payload-too-large.json")),
)]);

const SYSTEM_INSTRUCTION_UNSUPPORTED: Scenario = Scenario::new(
    "system-instruction-unsupported",
    "request",
    1,
    "The model takes no system instruction: 400 that calls it a developer instruction.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/system-instruction-unsupported.json")),
)]);

const FEATURE_NOT_ENABLED_FOR_MODEL: Scenario = Scenario::new(
    "feature-not-enabled-for-model",
    "request",
    1,
    "The model lacks a feature that was asked for: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/feature-not-enabled-for-model.json")),
)]);

const SAFETY_SETTING_RESTRICTED: Scenario = Scenario::new(
    "safety-setting-restricted",
    "request",
    1,
    "The project may not switch a safety filter off: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/safety-setting-restricted.json")),
)]);

const INVALID_ROLE: Scenario = Scenario::new(
    "invalid-role",
    "request",
    1,
    "A turn has a role that the API does not know: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/invalid-role.json")),
)]);

const TURN_ALTERNATION: Scenario = Scenario::new(
    "turn-alternation",
    "request",
    1,
    "The conversation ends with a turn of the model: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/turn-alternation.json")),
)]);

const EMPTY_CONTENTS_OR_PARTS: Scenario = Scenario::new(
    "empty-contents-or-parts",
    "request",
    1,
    "A part of a turn is empty: 400 with its place.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/empty-contents-or-parts.json")),
)]);

const FIELD_VALUE_REFUSED: Scenario = Scenario::new(
    "field-value-refused",
    "request",
    1,
    "A text stands where a part belongs: 400 with its place.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/field-value-refused.json")),
)]);

const FUNCTION_TURN_ORDER: Scenario = Scenario::new(
    "function-turn-order",
    "request",
    1,
    "A function call stands where none may stand: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/function-turn-order.json")),
)]);

const FUNCTION_RESPONSE_COUNT_MISMATCH: Scenario = Scenario::new(
    "function-response-count-mismatch",
    "request",
    1,
    "A function call is left without its response: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/function-response-count-mismatch.json")),
)]);

const SCHEMA_UNKNOWN_FIELD: Scenario = Scenario::new(
    "schema-unknown-field",
    "request",
    1,
    "A tool's schema has a keyword that the API does not know: 400 with its place.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/schema-unknown-field.json")),
)]);

const SCHEMA_TOO_COMPLEX: Scenario = Scenario::new(
    "schema-too-complex",
    "request",
    1,
    "The response schema has too many states: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/schema-too-complex.json")),
)]);

const TOOL_SCHEMA_BAD_TYPE: Scenario = Scenario::new(
    "tool-schema-bad-type",
    "request",
    1,
    "A tool's schema has a type that the API does not know: 400 with its place.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/tool-schema-bad-type.json")),
)]);

const TOOL_SCHEMA_EMPTY_OBJECT: Scenario = Scenario::new(
    "tool-schema-empty-object",
    "request",
    1,
    "A tool's schema is an object without properties: 400 with its place.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/tool-schema-empty-object.json")),
)]);

const FUNCTION_NAME_INVALID: Scenario = Scenario::new(
    "function-name-invalid",
    "request",
    1,
    "A tool's name breaks the naming rule: 400 with its number.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/function-name-invalid.json")),
)]);

const JSON_MODE_WITH_TOOLS: Scenario = Scenario::new(
    "json-mode-with-tools",
    "request",
    1,
    "Tools and JSON mode are asked for at once: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/json-mode-with-tools.json")),
)]);

const TOOL_COMBINATION_UNSUPPORTED: Scenario = Scenario::new(
    "tool-combination-unsupported",
    "request",
    1,
    "A built-in tool and functions are asked for at once: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/tool-combination-unsupported.json")),
)]);

const SEARCH_TOOL_FIELD_RENAMED: Scenario = Scenario::new(
    "search-tool-field-renamed",
    "request",
    1,
    "The search tool bears its old name: 400 that gives the new one.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/search-tool-field-renamed.json")),
)]);

const THOUGHT_SIGNATURE_MISSING: Scenario = Scenario::new(
    "thought-signature-missing",
    "request",
    1,
    "A function call comes back without its thought signature: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/thought-signature-missing.json")),
)]);

const THOUGHT_SIGNATURE_NOT_BASE64: Scenario = Scenario::new(
    "thought-signature-not-base64",
    "request",
    1,
    "A thought signature in the history was altered: 400 with its place.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/thought-signature-not-base64.json")),
)]);

const DEADLINE_BELOW_MINIMUM: Scenario = Scenario::new(
    "deadline-below-minimum",
    "request",
    1,
    "The deadline in the call's header is below the least one: 400 with both.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/deadline-below-minimum.json")),
)]);

const THINKING_BUDGET_INVALID: Scenario = Scenario::new(
    "thinking-budget-invalid",
    "request",
    1,
    "The thinking budget is 0 on a model that must think: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/thinking-budget-invalid.json")),
)]);

const THINKING_CONFIG_CONFLICT: Scenario = Scenario::new(
    "thinking-config-conflict",
    "request",
    1,
    "A thinking level is set on a model that takes none: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/thinking-config-conflict.json")),
)]);
