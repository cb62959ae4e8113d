//! The words of a schema that `responseSchema` does not have, each with its place: the API refuses the whole
//! request for any of them.

use serde_json::Value;

use crate::facts::{
    Api,
    schema::{JSON_KEYWORDS, OWN_KEYWORDS},
};

use super::{MOST_DEPTH, camel, member};

/// A word of a schema that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where it stands.
    pub path: String,
    /// What is refused.
    pub keyword: String,
    /// Whether `responseJsonSchema`, the other way to send a schema, takes it.
    pub elsewhere: bool,
}

/// Every word that is refused, in the order in which it stands there. Nothing where the rules of an API are not
/// known: the other ways to the models take words that the native one refuses.
pub fn refused(schema: &Value, api: &Api) -> Option<Vec<Refused>> {
    match api {
        Api::Gemini => {
            let mut found = Vec::new();
            look(schema, "$", MOST_DEPTH, &mut found);
            Some(found)
        }
        Api::Vertex { .. } | Api::Express | Api::OpenAi => None,
    }
}

fn look(schema: &Value, path: &str, depth: usize, found: &mut Vec<Refused>) {
    let Some(members) = schema.as_object().filter(|_| depth > 0) else { return };
    for (name, value) in members {
        match camel(name).as_str() {
            word if !OWN_KEYWORDS.contains(&word) => found.push(Refused {
                path: path.to_owned(),
                keyword: name.clone(),
                elsewhere: JSON_KEYWORDS.contains(&name.as_str()),
            }),
            "type" if value.is_array() => found.push(Refused {
                path: path.to_owned(),
                keyword: "type as a list".to_owned(),
                elsewhere: true,
            }),
            "enum" if holds_other_than_text(value) => found.push(Refused {
                path: path.to_owned(),
                keyword: "enum with values that are no text".to_owned(),
                elsewhere: true,
            }),
            "properties" => {
                for (child, schema) in value.as_object().into_iter().flatten() {
                    look(schema, &member(path, child), depth - 1, found);
                }
            }
            "items" => look(value, &format!("{path}[]"), depth - 1, found),
            "anyOf" => {
                for (at, schema) in value.as_array().into_iter().flatten().enumerate() {
                    look(schema, &format!("{path}.anyOf[{at}]"), depth - 1, found);
                }
            }
            _ => {}
        }
    }
    found.extend(required_and_missing(schema, path));
}

fn holds_other_than_text(value: &Value) -> bool {
    value.as_array().is_some_and(|values| values.iter().any(|one| !one.is_string()))
}

/// A name that is required and is no property is refused as well.
fn required_and_missing(schema: &Value, path: &str) -> Vec<Refused> {
    let Some(properties) = schema["properties"].as_object() else { return Vec::new() };
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    required
        .filter(|name| !properties.contains_key(*name))
        .map(|name| Refused {
            path: path.to_owned(),
            keyword: format!("required name {name:?} that is no property"),
            elsewhere: false,
        })
        .collect()
}
