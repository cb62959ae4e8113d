//! Reads the members of a body: in either spelling of their names, in a list or alone.
//!
//! Reads only. What may be in a body is judged in `validate`.

use serde_json::Value;

use super::super::call::snake;

/// A member, in either spelling of its name; a null counts as none.
pub(super) fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let member = |name: &str| value.get(name).filter(|member| !member.is_null());
    member(name).or_else(|| member(&snake(name)))
}

/// The text of a member; none is as good as an empty one.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    field(value, name).and_then(Value::as_str).unwrap_or_default()
}

/// The items of a member that is a list, or a single one.
pub(super) fn list<'a>(value: &'a Value, name: &str) -> Vec<&'a Value> {
    field(value, name).map(as_list).unwrap_or_default()
}

/// A number, which may stand in a text.
pub(super) fn number(value: &Value, name: &str) -> Option<f64> {
    let member = field(value, name)?;
    member.as_f64().or_else(|| member.as_str()?.parse().ok())
}

/// A word of a set: in capitals, whatever it came in, or its number.
pub(super) fn word(value: &Value, name: &str) -> Option<String> {
    let member = field(value, name)?;
    Some(member.as_str().map_or_else(|| member.to_string(), str::to_ascii_uppercase))
}

/// A list, or a single object where a list belongs: both are taken.
pub(super) fn as_list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        single => vec![single],
    }
}

/// The function calls of a turn.
pub(super) fn calls(turn: &Value) -> Vec<&Value> {
    parts_with(turn, "functionCall")
}

/// The function responses of a turn.
pub(super) fn responses(turn: &Value) -> Vec<&Value> {
    parts_with(turn, "functionResponse")
}

fn parts_with<'a>(turn: &'a Value, kind: &str) -> Vec<&'a Value> {
    list(turn, "parts").into_iter().filter(|part| field(part, kind).is_some()).collect()
}
