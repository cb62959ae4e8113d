//! How many states the schemas of a request have together, and how many they may have.
//!
//! The service turns schemas into an automaton and refuses one with too many states. How it counts
//! is not published, so that this is a stand-in of the simulator's own, which behaves as reports
//! describe it: the schemas of a request share one budget; bounds of arrays multiply where they are
//! nested; each may be fine alone and all together not. What counts:
//!
//! - an array with `maxItems`: that number, times those of the arrays that it lies in;
//! - words of an `enum` and properties: one for every ten of them, all schemas together.

use serde_json::Value;

use super::super::error::ApiError;
use super::super::members::{field, list, number};
use super::request::Request;

/// So many words and properties are one state.
const TO_A_STATE: u64 = 10;

/// The schemas of a request fit into its budget. Where one in OpenAPI's form is among them the
/// sentence says what is wrong; of JSON schemas alone it says nothing, as in the reports.
pub(super) fn states(request: &Request<'_>) -> Result<(), ApiError> {
    let mut tally = Tally::default();
    let (plain, json) = schemas(request);
    for schema in plain.iter().chain(&json) {
        tally.add(schema, 1);
    }
    match tally.states() > request.states {
        true if plain.is_empty() => Err(ApiError::bare()),
        true => Err(ApiError::invalid(TOO_MANY)),
        false => Ok(()),
    }
}

const TOO_MANY: &str = "The specified schema produces a constraint that has too many states for \
                        serving.  Typical causes of this error are schemas with lots of text (for \
                        example, very long property or enum names), schemas with long array length \
                        limits (especially when nested), or schemas using complex value matchers \
                        (for example, integers or numbers with minimum/maximum bounds or strings \
                        with complex formats like date-time)";

/// The schemas that answers and calls must fit, in OpenAPI's form and in JSON schema's.
fn schemas<'a>(request: &Request<'a>) -> (Vec<&'a Value>, Vec<&'a Value>) {
    let functions = request.functions();
    let of = |response: &str, parameters: &str| {
        let declared = functions.iter().filter_map(|(_, one)| field(one, parameters));
        field(request.config(), response).into_iter().chain(declared).collect()
    };
    (of("responseSchema", "parameters"), of("responseJsonSchema", "parametersJsonSchema"))
}

#[derive(Default)]
struct Tally {
    items: u64,
    words: u64,
}

impl Tally {
    fn states(&self) -> u64 {
        self.items.saturating_add(self.words / TO_A_STATE)
    }

    /// A schema that stands for so many values.
    fn add(&mut self, schema: &Value, times: u64) {
        let bound = number(schema, "maxItems").filter(|bound| *bound >= 1.0);
        let times = bound.map_or(times, |bound| times.saturating_mul(bound as u64));
        if bound.is_some() {
            self.items = self.items.saturating_add(times);
        }
        let properties = field(schema, "properties").and_then(Value::as_object);
        let properties = properties.into_iter().flat_map(|all| all.values());
        self.words += list(schema, "enum").len() as u64 + properties.clone().count() as u64;
        let below = ["items", "prefixItems", "anyOf", "oneOf", "additionalProperties"];
        let below = below.into_iter().flat_map(|name| list(schema, name));
        let named = ["$defs"].into_iter().filter_map(|name| schema[name].as_object());
        let named = named.flat_map(|all| all.values());
        for one in below.chain(properties).chain(named) {
            self.add(one, times);
        }
    }
}
