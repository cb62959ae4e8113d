//! Answers with status 200 that are of no use, streams that break, and a refusal that says nothing.

use super::super::fault::{Act, Bend, Route, Rule};
use super::super::scenario::Scenario;

pub(in super::super) const ALL: &[Scenario] = &[
    MAX_TOKENS_NO_TEXT,
    EMPTY_CANDIDATE_NO_TEXT,
    BLOCKED_SAFETY,
    BLOCKED_RECITATION,
    BLOCKED_PROHIBITED_CONTENT,
    STREAM_TRUNCATED,
    MIDSTREAM_ERROR_SWALLOWED,
    MALFORMED_FUNCTION_CALL,
    STRUCTURED_ANSWER_NOT_JSON,
    INVALID_ARGUMENT_GENERIC,
];

const MAX_TOKENS_NO_TEXT: Scenario = Scenario::new(
    "max-tokens-no-text",
    "backend",
    3,
    "Thinking used up all the output: 200 with MAX_TOKENS and no text.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(200, include_str!("../bodies/max-tokens.json")),
)]);

const EMPTY_CANDIDATE_NO_TEXT: Scenario = Scenario::new(
    "empty-candidate-no-text",
    "backend",
    3,
    "The model says nothing: 200 with STOP and no text.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(200, include_str!("../bodies/empty-candidate.json")),
)]);

const BLOCKED_SAFETY: Scenario = Scenario::new(
    "blocked-safety",
    "request",
    1,
    "The answer was blocked by the safety filter: 200 without text.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(200, include_str!("../bodies/blocked-safety.json")),
)]);

const BLOCKED_RECITATION: Scenario = Scenario::new(
    "blocked-recitation",
    "request",
    1,
    "The answer was too close to a source: 200 without text.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(200, include_str!("../bodies/blocked-recitation.json")),
)]);

const BLOCKED_PROHIBITED_CONTENT: Scenario = Scenario::new(
    "blocked-prohibited-content",
    "request",
    1,
    "The prompt was blocked: 200 without candidates.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(200, include_str!("../bodies/blocked-prompt.json")),
)]);

const STREAM_TRUNCATED: Scenario = Scenario::new(
    "stream-truncated",
    "stream",
    3,
    "The stream ends in the middle, without a finish reason.",
)
.command(&["check-key", "--deep"])
.rules(&[Rule::always(Route::Stream, Act::Bend(Bend { stop_after: Some(2), ..Bend::NONE }))]);

const MIDSTREAM_ERROR_SWALLOWED: Scenario = Scenario::new(
    "midstream-error-swallowed",
    "stream",
    3,
    "An error comes inside a stream that began with 200.",
)
.command(&["check-key", "--deep"])
.rules(&[Rule::always(
    Route::Stream,
    Act::Bend(Bend {
        stop_after: Some(1),
        then: Some(include_str!("../bodies/midstream-503.json")),
        ..Bend::NONE
    }),
)]);

const MALFORMED_FUNCTION_CALL: Scenario = Scenario::new(
    "malformed-function-call",
    "backend",
    3,
    "The model's function call does not parse: 200 with MALFORMED_FUNCTION_CALL.",
)
.command(&["check-key", "--deep"])
.rules(&[Rule::always(
    Route::Tools,
    Act::google(200, include_str!("../bodies/malformed-function-call.json")),
)]);

const STRUCTURED_ANSWER_NOT_JSON: Scenario = Scenario::new(
    "structured-answer-not-json",
    "backend",
    3,
    "An answer that should be JSON is prose.",
)
.command(&["check-key", "--deep"])
.rules(&[Rule::always(
    Route::Json,
    Act::Bend(Bend { text: Some("Sure! Here is the JSON you asked for."), ..Bend::NONE }),
)]);

const INVALID_ARGUMENT_GENERIC: Scenario = Scenario::new(
    "invalid-argument-generic",
    "request",
    1,
    "Calls that generate end in a 400 that names no field.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/invalid-argument.json")),
)]);
