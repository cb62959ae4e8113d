//! The JSON Schema of a gate's file, for editors. A test holds it against the reader.

use serde_json::{Map, Value, json};

use super::file::{
    BUDGET, CALLS, INCONCLUSIVE, LEAST_PERCENT, LEAST_SECONDS, MOST_CALLS, MOST_LEVEL,
    MOST_SECONDS, TOP, WAIVER,
};
use crate::facts::Measure;

/// The schema (draft 2020-12), with the names of these checks and known fixes.
pub fn schema(checks: &[&str], fixes: &[&str]) -> Value {
    let text = |about: &str| json!({"type": "string", "description": about});
    let named = |names: &[&str], about: &str| json!({"enum": names, "description": about});
    let levels = Measure::LEVELS.iter().map(|measure| measure.id());
    let waivable: Vec<&str> = checks.iter().copied().chain(levels).collect();
    let [check, finding, reason, until] = WAIVER;
    let waiver = json!({
        "type": "object",
        "description": "what may fail until a day; by a check or a finding",
        "properties": {
            check: named(&waivable, "the check or level that may fail"),
            finding: named(fixes, "the cause that may be there"),
            reason: text("why; it stands in every report"),
            until: {"type": "string", "format": "date",
                    "description": "the last day, UTC; on it the gate passes with a warning"},
        },
        "additionalProperties": false,
        "required": [reason, until],
        "oneOf": [{"required": [check]}, {"required": [finding]}],
    });
    let properties = [
        json!({"type": "array", "items": {"enum": checks}, "description": "ids of checks that must hold"}),
        named(
            &INCONCLUSIVE,
            "what a level is that its calls do not decide; warn where it is not said",
        ),
        object("levels that must hold", &slo()),
        object("what the gate may spend", &budget()),
        json!({"type": "array", "items": waiver, "description": "what may fail for a while"}),
    ];
    let properties: Map<String, Value> =
        TOP.iter().map(|key| (*key).to_owned()).zip(properties).collect();
    let mut schema = object("what must hold before a deploy goes on", &properties);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$id"] = json!("urn:gemini-doctor:schema:gate:1");
    schema["title"] = json!("a gate of gemini-doctor");
    schema
}

fn object(about: &str, properties: &Map<String, Value>) -> Value {
    json!({"type": "object", "description": about, "properties": properties, "additionalProperties": false})
}

fn slo() -> Map<String, Value> {
    let level = |measure: Measure| {
        let (about, least, most) = match measure {
            Measure::FailurePercent => {
                ("the most calls without an answer, in percent", LEAST_PERCENT, 99.0)
            }
            Measure::LatencyP50 => ("half of the answers are whole by then", 1.0, MOST_LEVEL),
            Measure::LatencyP95 => ("19 of 20 answers are whole by then", 1.0, MOST_LEVEL),
            Measure::FirstTokenP50 => ("half of the streams have begun by then", 1.0, MOST_LEVEL),
            Measure::FirstTokenP95 => ("19 of 20 streams have begun by then", 1.0, MOST_LEVEL),
            Measure::TokensPerCall => ("the most tokens of any call", 1.0, MOST_LEVEL),
            Measure::Alias => ("a check and no level", 1.0, MOST_LEVEL),
        };
        let value =
            json!({"type": "number", "minimum": least, "maximum": most, "description": about});
        (measure.key().to_owned(), value)
    };
    let calls = whole("the calls that each level is held against", u64::from(MOST_CALLS));
    Measure::LEVELS.into_iter().map(level).chain([(CALLS.to_owned(), calls)]).collect()
}

fn budget() -> Map<String, Value> {
    let [requests, tokens, seconds] = BUDGET;
    let seconds_value = json!({"type": "number", "minimum": LEAST_SECONDS, "maximum": MOST_SECONDS,
                               "description": "for the whole run"});
    [
        (requests, whole("requests, free ones too", u64::from(MOST_CALLS))),
        (tokens, whole("tokens, sent and received", 1_000_000_000)),
        (seconds, seconds_value),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}

fn whole(about: &str, most: u64) -> Value {
    json!({"type": "integer", "minimum": 1, "maximum": most, "description": about})
}
