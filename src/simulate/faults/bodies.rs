//! Services that tell less of a bad body than the honest one, take less, or are not always there for
//! a good one.
//!
//! Everything works in them as long as bodies are good, so that none is a fault by itself. They are for
//! whoever looks for what is wrong with a body by sending parts of it.

use super::super::fault::{Act, Route, Rule, When};
use super::super::scenario::Scenario;

pub(in super::super) const ALL: &[Scenario] = &[
    REFUSALS_BARE,
    SCHEMA_BUDGET_SMALL,
    SCHEMA_BUDGET_SMALL_BARE,
    REFUSALS_FLAKY,
    REFUSALS_FLAKY_BARE,
];

/// A handful of short lists fits, and a few longer ones together do not.
const FEW_STATES: u64 = 60;

/// One call of a model in seven finds no capacity, and of the others one in twelve fails.
const FLAKY: &[Rule] = &[
    Rule::always(Route::Methods, Act::google(503, include_str!("../bodies/overloaded-503.json")))
        .when(When::Ratio(1.0 / 7.0)),
    Rule::always(Route::Methods, Act::google(500, include_str!("../bodies/internal-500.json")))
        .when(When::Ratio(1.0 / 12.0)),
];

const REFUSALS_BARE: Scenario = Scenario::new(
    "refusals-bare",
    "-",
    0,
    "A bad body is refused with \"Request contains an invalid argument.\" and no detail, whatever is wrong.",
)
.no_fix()
.bare();

const SCHEMA_BUDGET_SMALL: Scenario = Scenario::new(
    "schema-budget-small",
    "-",
    0,
    "The schemas of a request share a small budget of states: several maxItems fail only together.",
)
.no_fix()
.states(FEW_STATES);

const SCHEMA_BUDGET_SMALL_BARE: Scenario = Scenario::new(
    "schema-budget-small.bare",
    "-",
    0,
    "The same small budget of states, and every refusal of a body names nothing.",
)
.no_fix()
.states(FEW_STATES)
.bare();

const REFUSALS_FLAKY: Scenario = Scenario::new(
    "refusals-flaky",
    "-",
    0,
    "About one call of a model in five ends in 503 or 500, whether its body is good or bad; the list works.",
)
.no_fix()
.command(&["list-models"])
.rules(FLAKY);

const REFUSALS_FLAKY_BARE: Scenario = Scenario::new(
    "refusals-flaky.bare",
    "-",
    0,
    "The same share of calls ends in 503 or 500, and every refusal of a body names nothing.",
)
.no_fix()
.command(&["list-models"])
.rules(FLAKY)
.bare();
