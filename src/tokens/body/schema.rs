//! The strings of a schema and of a call's values that Google's SDK counts, each by itself.
//!
//! It must not count what the SDK leaves out: types, titles, defaults, numbers.

use serde_json::{Map, Value};

use super::fields::camel;

/// The strings of a schema in the API's own form; names of properties are counted, `type` is not.
pub(super) fn schema(value: &Value, strings: &mut Vec<String>) {
    let Value::Object(object) = value else { return };
    for (name, value) in object {
        match camel(name).as_str() {
            "format" | "description" => text(value, strings),
            "enum" | "required" => list(value).for_each(|item| text(item, strings)),
            "items" => schema(value, strings),
            "properties" => properties(value, strings),
            "example" => values(value, strings),
            _ => {}
        }
    }
}

fn properties(value: &Value, strings: &mut Vec<String>) {
    for (name, below) in value.as_object().into_iter().flatten() {
        strings.push(name.clone());
        schema(below, strings);
    }
}

/// The names and the texts in the arguments of a call or in its response.
pub(super) fn members(object: &Map<String, Value>, strings: &mut Vec<String>) {
    for (name, value) in object {
        strings.push(name.clone());
        values(value, strings);
    }
}

pub(super) fn values(value: &Value, strings: &mut Vec<String>) {
    match value {
        Value::Object(object) => members(object, strings),
        Value::Array(list) => list.iter().for_each(|item| values(item, strings)),
        _ => text(value, strings),
    }
}

fn text(value: &Value, strings: &mut Vec<String>) {
    strings.extend(value.as_str().map(str::to_owned));
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_gives_what_the_sdk_counts_and_no_more() {
        let mut strings = Vec::new();
        schema(
            &json!({
                "type": "OBJECT", "title": "no", "description": "d", "default": "no", "required": ["city"],
                "properties": {"city": {"type": "STRING", "format": "f", "enum": ["a", "b"], "example": "e"},
                               "list": {"items": {"description": "i"}}},
                "anyOf": [{"description": "no"}], "propertyOrdering": ["no"]
            }),
            &mut strings,
        );
        strings.sort_unstable();
        assert_eq!(strings, ["a", "b", "city", "city", "d", "e", "f", "i", "list"]);
    }

    #[test]
    fn values_give_names_and_texts_at_any_depth() {
        let mut strings = Vec::new();
        values(&json!({"a": "x", "n": 5, "l": ["y", true, {"z": null}]}), &mut strings);
        strings.sort_unstable();
        assert_eq!(strings, ["a", "l", "n", "x", "y", "z"]);
    }
}
