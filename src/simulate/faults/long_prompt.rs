//! What becomes of long prompts: servers that shorten them without a word, a model that counts all and recalls
//! little, and a size above which calls fail.
//!
//! `countTokens` is honest in each of them; a server that is honest in everything is the healthy one.

use super::super::fault::{Act, Bend, Route, Rule, When};
use super::super::reading::{Dropped, Reading};
use super::super::scenario::Scenario;

pub(in super::super) const ALL: &[Scenario] = &[
    INPUT_SILENTLY_SHORTENED,
    TRUNCATE_HEAD,
    TRUNCATE_TAIL,
    TRUNCATE_MIDDLE,
    NEEDS_TOOLS,
    COUNTED_NOT_RECALLED,
    FORGETFUL,
    COUNTED_NOT_RECALLED_AT_RANDOM,
    STABILITY_CEILING,
    CEILING_800K,
];

/// The tokens that the reports name.
const SHORTENED_TO: u32 = 200_000;

const fn reads(reading: Reading) -> Rule {
    Rule::always(Route::Generating, Act::Bend(Bend::reading(reading)))
}

const fn shortens(from: Dropped) -> Rule {
    reads(Reading::Shortened { to: SHORTENED_TO, from, unless_tools: false })
}

const INPUT_SILENTLY_SHORTENED: Scenario = Scenario::new(
    "input-silently-shortened",
    "backend",
    3,
    "Of prompts above 200,000 tokens only the front is read, and nobody says so.",
)
.command(&["count-tokens", "--prove-delivery"])
.rules(&[shortens(Dropped::Tail)]);

const TRUNCATE_HEAD: Scenario = Scenario {
    id: "truncate-head",
    summary: "Of prompts above 200,000 tokens the front is dropped, and nobody says so.",
    rules: &[shortens(Dropped::Head)],
    ..INPUT_SILENTLY_SHORTENED
};

const TRUNCATE_TAIL: Scenario = Scenario {
    id: "truncate-tail",
    summary: "Of prompts above 200,000 tokens the end is dropped, and nobody says so.",
    ..INPUT_SILENTLY_SHORTENED
};

const TRUNCATE_MIDDLE: Scenario = Scenario {
    id: "truncate-middle",
    summary: "Of prompts above 200,000 tokens the middle is dropped, and nobody says so.",
    rules: &[shortens(Dropped::Middle)],
    ..INPUT_SILENTLY_SHORTENED
};

const NEEDS_TOOLS: Scenario = Scenario {
    id: "needs-tools",
    summary: "Prompts above 200,000 tokens lose their end unless the request has a list of tools.",
    command: &["count-tokens", "--prove-delivery", "--ab", "tools"],
    rules: &[reads(Reading::Shortened {
        to: SHORTENED_TO,
        from: Dropped::Tail,
        unless_tools: true,
    })],
    ..INPUT_SILENTLY_SHORTENED
};

const COUNTED_NOT_RECALLED: Scenario = Scenario::new(
    "counted-not-recalled",
    "model",
    0,
    "Prompts are read and counted as a whole, and the model recalls nothing from their middle.",
)
.command(&["count-tokens", "--prove-delivery"])
.rules(&[reads(Reading::Forgetful)]);

const FORGETFUL: Scenario = Scenario {
    id: "forgetful",
    summary: "Complete by the books, and the model recalls nothing from the middle of a prompt.",
    ..COUNTED_NOT_RECALLED
};

/// The seed makes the model forget something.
const COUNTED_NOT_RECALLED_AT_RANDOM: Scenario = Scenario {
    id: "counted-not-recalled.at-random",
    summary: "Prompts are read and counted as a whole, and the model forgets one thing in four.",
    command: &["count-tokens", "--prove-delivery", "--seed", "1"],
    rules: &[reads(Reading::Distracted)],
    ..COUNTED_NOT_RECALLED
};

const STABILITY_CEILING: Scenario = Scenario::new(
    "stability-ceiling",
    "backend",
    0,
    "Most prompts above 800,000 tokens end in 500 or 503, although the model's window is larger.",
)
.command(&["count-tokens", "--find-ceiling"])
.rules(&[reads(Reading::FailsAbove(800_000)).when(When::Ratio(0.95))]);

const CEILING_800K: Scenario = Scenario {
    id: "ceiling-800k",
    summary: "Every prompt above 800,000 tokens ends in 500 or 503, although the window is larger.",
    rules: &[reads(Reading::FailsAbove(800_000))],
    ..STABILITY_CEILING
};
