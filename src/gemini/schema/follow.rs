//! Whether a value follows a schema, and which rules it breaks where. What cannot be checked breaks nothing.

use regex::Regex;
use serde_json::Value;

use super::{MOST_DEPTH, keyword, member};

/// A rule that a value breaks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// Where.
    pub path: String,
    /// The rule, as a part of a sentence: `is missing`, `is a string and no boolean`.
    pub rule: String,
}

impl Broken {
    fn at(path: &str, rule: impl Into<String>) -> Self {
        Self { path: path.to_owned(), rule: rule.into() }
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.path, self.rule)
    }
}

/// Every rule of a schema that a value breaks, the outermost first.
pub fn broken(schema: &Value, value: &Value) -> Vec<Broken> {
    follow(schema, value, "$", MOST_DEPTH)
}

fn follow(schema: &Value, value: &Value, path: &str, depth: usize) -> Vec<Broken> {
    if depth == 0 || value.is_null() && may_be_null(schema) {
        return Vec::new();
    }
    if let Some(wrong) = wrong_type(schema, value, path) {
        return vec![wrong];
    }
    let mut found: Vec<Broken> =
        [not_of_enum(schema, value, path), of_no_kind(schema, value, path, depth)]
            .into_iter()
            .flatten()
            .collect();
    match value {
        Value::Object(members) => {
            found.extend(missing(schema, value, path));
            found.extend(bounded(
                schema,
                ("minProperties", "maxProperties"),
                members.len() as f64,
                "members",
                path,
            ));
            for (name, child) in members {
                if let Some(schema) = keyword(schema, "properties").and_then(|all| all.get(name)) {
                    found.extend(follow(schema, child, &member(path, name), depth - 1));
                }
            }
        }
        Value::Array(items) => {
            found.extend(bounded(
                schema,
                ("minItems", "maxItems"),
                items.len() as f64,
                "items",
                path,
            ));
            if let Some(schema) = keyword(schema, "items") {
                for (at, item) in items.iter().enumerate() {
                    found.extend(follow(schema, item, &format!("{path}[{at}]"), depth - 1));
                }
            }
        }
        Value::String(text) => {
            let letters = text.chars().count() as f64;
            found.extend(bounded(schema, ("minLength", "maxLength"), letters, "letters", path));
            found.extend(off_pattern(schema, text, path));
        }
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or_default();
            found.extend(bounded(schema, ("minimum", "maximum"), number, "", path));
        }
        Value::Null | Value::Bool(_) => {}
    }
    found
}

fn may_be_null(schema: &Value) -> bool {
    keyword(schema, "nullable") == Some(&Value::Bool(true))
        || types(schema).contains(&"null".to_owned())
}

fn types(schema: &Value) -> Vec<String> {
    let words = match keyword(schema, "type") {
        Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(word)) => vec![word.as_str()],
        _ => Vec::new(),
    };
    words.into_iter().map(str::to_ascii_lowercase).collect()
}

fn wrong_type(schema: &Value, value: &Value, path: &str) -> Option<Broken> {
    let allowed = types(schema);
    if allowed.is_empty() || allowed.iter().any(|word| is_of(word, value)) {
        return None;
    }
    Some(Broken::at(path, format!("is {} and not {}", kind(value), allowed.join(" or "))))
}

fn is_of(word: &str, value: &Value) -> bool {
    match word {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        // A type that nobody knows is not checked.
        _ => true,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn not_of_enum(schema: &Value, value: &Value, path: &str) -> Option<Broken> {
    let allowed = keyword(schema, "enum")?.as_array()?;
    (!allowed.contains(value)).then(|| Broken::at(path, "is none of the values of its enum"))
}

fn of_no_kind(schema: &Value, value: &Value, path: &str, depth: usize) -> Option<Broken> {
    let kinds = keyword(schema, "anyOf")?.as_array()?;
    let fits = |kind: &Value| follow(kind, value, path, depth - 1).is_empty();
    (!kinds.is_empty() && !kinds.iter().any(fits))
        .then(|| Broken::at(path, "fits none of the schemas of its anyOf"))
}

fn missing(schema: &Value, value: &Value, path: &str) -> Vec<Broken> {
    let required = keyword(schema, "required").and_then(Value::as_array);
    required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|name| value.get(*name).is_none())
        .map(|name| Broken::at(&member(path, name), "is missing"))
        .collect()
}

fn bounded(
    schema: &Value,
    (least, most): (&str, &str),
    number: f64,
    unit: &str,
    path: &str,
) -> Vec<Broken> {
    let bound = |name: &str| {
        let bound = keyword(schema, name)?;
        // What is counted in 64 bits may stand there as a text.
        bound.as_f64().or_else(|| bound.as_str()?.parse().ok())
    };
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    let below = bound(least).filter(|bound| number < *bound);
    let above = bound(most).filter(|bound| number > *bound);
    let below = below.map(|bound| format!("has fewer than {bound}{unit}"));
    let above = above.map(|bound| format!("has more than {bound}{unit}"));
    below.into_iter().chain(above).map(|rule| Broken::at(path, rule)).collect()
}

/// A pattern that cannot be read is not checked.
fn off_pattern(schema: &Value, text: &str, path: &str) -> Option<Broken> {
    let pattern = Regex::new(keyword(schema, "pattern")?.as_str()?).ok()?;
    (!pattern.is_match(text)).then(|| Broken::at(path, "does not match its pattern"))
}
