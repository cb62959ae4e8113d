//! What bounds on lists cost together: each is unrolled, so that several small ones may be more than the service takes.

use crate::facts::Severity::Warning;

use crate::lint::{
    document::{Form, Value},
    finding::{Correction, Findings, said},
    rule::{Rule, bad, good},
};

use super::{FLASH, STRUCTURED_PAGE, Schema};

pub(super) const ITEMS: Rule = Rule {
    id: "schema-items-budget",
    title: "Bounds on lists are more together than the service may take",
    severity: Warning,
    fix: Some("schema-too-complex"),
    answer: "The specified schema produces a constraint that has too many states for serving.",
    why: "A bound is unrolled item by item, with all fields of an item, and bounds of inner lists multiply. What the service takes is published nowhere: 960 is what one public measurement found for all bounds of a tool together, and often the answer names no field at all.",
    docs: &[STRUCTURED_PAGE, "https://github.com/googleapis/python-genai/issues/2170"],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            answer!(
                r#"{"type": "ARRAY", "maxItems": 50, "items": {"type": "OBJECT", "properties": {"a": {"type": "ARRAY", "maxItems": "20", "items": {"type": "STRING"}}}}}"#
            ),
            "generationConfig.responseSchema.maxItems",
        ),
        bad(
            FLASH,
            json_answer!(
                r#"{"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}, "maxItems": 500}, "b": {"type": "array", "items": {"type": "string"}, "minItems": 501}}}"#
            ),
            "generationConfig.responseJsonSchema.properties.b.minItems",
        ),
        bad(
            FLASH,
            request!(
                r#""generation_config": {"response_mime_type": "application/json", "response_schema": {"type": "ARRAY", "items": {"type": "STRING"}, "max_items": 1000}}"#
            ),
            "generation_config.response_schema.max_items",
        ),
    ],
    good: &[
        good(
            FLASH,
            answer!(
                r#"{"type": "ARRAY", "maxItems": 20, "items": {"type": "OBJECT", "properties": {"a": {"type": "ARRAY", "maxItems": 20, "items": {"type": "STRING"}}, "b": {"type": "STRING"}}}}"#
            ),
        ),
        good(
            FLASH,
            answer!(
                r#"{"type": "ARRAY", "items": {"type": "ARRAY", "items": {"type": "STRING"}}}"#
            ),
        ),
    ],
};

/// The sum that one public measurement found.
const MOST: f64 = 960.0;

/// How many places are named.
const NAMED: usize = 4;

/// Deeper schemas are told by the syntax.
const MOST_DEPTH: usize = 100;

/// An outermost list with a bound, and what it costs.
struct Bound<'d> {
    value: Value<'d>,
    cost: f64,
}

/// Looks at the bounds of a schema together.
pub(super) fn look(schema: Schema<'_>, found: &mut Findings<'_>) {
    let mut bounds = Vec::new();
    cost(schema, schema.root, &mut bounds, true, 0);
    let total: f64 = bounds.iter().map(|bound| bound.cost).sum();
    if total <= MOST {
        return;
    }
    bounds.sort_by(|one, other| other.cost.total_cmp(&one.cost));
    let Some(worst) = bounds.first() else { return };
    found.at(&ITEMS, worst.value, || {
        let places: Vec<String> = bounds
            .iter()
            .take(NAMED)
            .map(|bound| format!("{} makes {}", bound.value.path(), bound.cost))
            .collect();
        let more = bounds.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        said(format!("the bounds make {total} items together: {}{more}", places.join(", "))).with(
            Correction::advice(
                "Leave maxItems and minItems out where they matter least, and say them in the description",
            ),
        )
    });
}

/// How many values an item of a schema has when its lists are unrolled; the outermost lists with a bound are noted.
fn cost<'d>(
    schema: Schema<'d>,
    own: Value<'d>,
    bounds: &mut Vec<Bound<'d>>,
    is_outside: bool,
    depth: usize,
) -> f64 {
    if depth > MOST_DEPTH || own.kind() != Form::Object {
        return 1.0;
    }
    let bound = bound(schema, own);
    let stays_outside = is_outside && bound.is_none();
    let mut sum = 0.0;
    for name in ["items", "prefixItems", "anyOf", "oneOf"] {
        for inner in schema.get(own, name).into_iter().flat_map(Value::each) {
            sum += cost(schema, inner, bounds, stays_outside, depth + 1);
        }
    }
    for inner in schema.get(own, "properties").into_iter().flat_map(Value::members) {
        sum += cost(schema, inner, bounds, stays_outside, depth + 1);
    }
    for inner in own.member("$defs").into_iter().flat_map(Value::members) {
        cost(schema, inner, bounds, stays_outside, depth + 1);
    }
    let items = f64::max(sum, 1.0);
    let Some((value, count)) = bound else { return items };
    let cost = count * items;
    if is_outside {
        bounds.push(Bound { value, cost });
    }
    cost
}

/// The larger of the bounds of a list, and where it stands.
fn bound<'d>(schema: Schema<'d>, own: Value<'d>) -> Option<(Value<'d>, f64)> {
    let number = |name| {
        let value: Value<'d> = schema.get(own, name)?;
        Some((value, value.number_in_any_form()?))
    };
    let (most, least) = (number("maxItems"), number("minItems"));
    let larger = match (most, least) {
        (Some(most), Some(least)) if least.1 > most.1 => Some(least),
        (most, least) => most.or(least),
    };
    larger.filter(|(_, count)| *count > 0.0)
}
