//! Streams that are whole as far as HTTP goes and wrong all the same, and answers that do not follow a schema.

use super::super::fault::{Act, Bend, Canned, Route, Rule, When};
use super::super::scenario::Scenario;
use super::super::traffic::Pace;

pub(in super::super) const ALL: &[Scenario] = &[
    STALLED,
    CUT,
    ENDS_EARLY,
    AFTER_END,
    THOUGHTS_ONLY,
    BREAKS_SCHEMA,
    BREAKS_SCHEMA_TYPE,
    FENCED,
];

/// Streams that are bent in this way.
const fn streams(bend: Bend) -> Rule {
    Rule::always(Route::Stream, Act::Bend(bend))
}

const STALLED: Scenario = Scenario::new(
    "stream-stalled",
    "stream",
    0,
    "A stream stands still for 25 s of simulated time, and then goes on to its end.",
)
.command(&["doctor"])
.rules(&[streams(Bend { pace: Some(Pace::Stalls { at: 2, ms: 25_000 }), ..Bend::NONE })]);

const CUT: Scenario = Scenario::new(
    "stream-truncated.cut",
    "stream",
    3,
    "The connection breaks after three pieces of a stream.",
)
.fix("stream-truncated")
.command(&["doctor"])
.rules(&[Rule::always(
    Route::Stream,
    Act::Cut(
        Canned {
            status: 200,
            kind: "text/event-stream",
            google: true,
            headers: &[],
            body: include_str!("../bodies/stream-three-pieces.txt"),
        },
        100_000,
    ),
)]);

const ENDS_EARLY: Scenario = Scenario::new(
    "stream-ends-early",
    "stream",
    3,
    "A stream that was asked to count to 30 says STOP at 17.",
)
.command(&["doctor"])
.rules(&[streams(Bend {
    text: Some("1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17"),
    ..Bend::NONE
})]);

const AFTER_END: Scenario = Scenario::new(
    "stream-content-after-end",
    "stream",
    0,
    "A piece with text comes after the one that names the finish reason.",
)
.command(&["doctor"])
.rules(&[streams(Bend {
    then: Some(include_str!("../bodies/stream-after-end.txt")),
    ..Bend::NONE
})]);

const THOUGHTS_ONLY: Scenario = Scenario::new(
    "max-tokens-no-text.stream",
    "backend",
    3,
    "A stream of thoughts that ends with MAX_TOKENS before any text.",
)
.fix("max-tokens-no-text")
.command(&["doctor"])
.rules(&[Rule::always(
    Route::Stream,
    Act::Answer(Canned {
        status: 200,
        kind: "text/event-stream",
        google: true,
        headers: &[],
        body: include_str!("../bodies/stream-thoughts-only.txt"),
    }),
)]);

/// A form without one of its required members.
const WITHOUT_A_MEMBER: &str =
    r#"{"summary": "simulated", "category": "simulated", "need_review": true}"#;

/// The same with a text in the place of a yes or no.
const WITH_ANOTHER_TYPE: &str = r#"{"summary": "simulated", "category": "simulated", "risk_level": "low", "need_review": "yes"}"#;

/// A good form between the marks of a code block.
const IN_A_BLOCK: &str = "```json\n{\"summary\": \"simulated\", \"category\": \"simulated\", \"risk_level\": \"low\", \"need_review\": true}\n```";

/// Answers that should follow a schema and are this text instead.
const fn forms(text: &'static str) -> Rule {
    Rule::always(Route::Json, Act::Bend(Bend { text: Some(text), ..Bend::NONE }))
}

const BREAKS_SCHEMA: Scenario = Scenario::new(
    "structured-answer-breaks-schema",
    "backend",
    0,
    "One of ten structured answers lacks a required member; asked once more, it is whole.",
)
.command(&["doctor", "--only", "structured", "--samples", "20"])
.rules(&[forms(WITHOUT_A_MEMBER).when(When::Ratio(0.1))]);

const BREAKS_SCHEMA_TYPE: Scenario = Scenario::new(
    "structured-answer-breaks-schema.type",
    "backend",
    3,
    "Every structured answer has a text where its schema wants a boolean.",
)
.fix("structured-answer-breaks-schema")
.command(&["doctor", "--only", "structured"])
.rules(&[forms(WITH_ANOTHER_TYPE)]);

const FENCED: Scenario = Scenario::new(
    "structured-answer-fenced",
    "backend",
    3,
    "Every structured answer stands in a Markdown code block.",
)
.command(&["doctor", "--only", "structured"])
.rules(&[forms(IN_A_BLOCK)]);
