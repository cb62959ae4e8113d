//! The schemas that answers can be asked to follow: which of their words the native API refuses, and whether a value
//! follows one. Pure; it knows the part of OpenAPI's schema that the API takes, and names what it does not check.

mod follow;
mod refused;
#[cfg(test)]
mod tests;

pub use follow::{Broken, broken};
pub use refused::{Refused, refused};

/// How deep a schema or a value is followed.
const MOST_DEPTH: usize = 64;

/// Where something stands: `$` is the whole.
fn member(path: &str, name: &str) -> String {
    format!("{path}.{name}")
}

/// A name as the API also takes it: `min_items` is `minItems`.
fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut all, part| {
        let mut letters = part.chars();
        all.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        all.extend(letters);
        all
    })
}

/// The value of a keyword, in either of its spellings.
fn keyword<'a>(schema: &'a serde_json::Value, name: &str) -> Option<&'a serde_json::Value> {
    schema.as_object()?.iter().find(|(key, _)| *key == name || camel(key) == name).map(|(_, it)| it)
}
