//! Names in a body that must be ASCII, its keys and its model's, and the characters in them that only look so.
//!
//! It must not say what a name was meant to be.

use serde_json::Value;

use super::fields::{indexed_path, join};
use crate::tokens::hidden::{Confusable, confusables};

/// Enough to see what is going on.
const MOST: usize = 100;

/// A name that is not what it looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OddName {
    /// Its place.
    pub path: String,
    /// The name.
    pub name: String,
    /// What looks like ASCII in it, and is not.
    pub lookalikes: Vec<Confusable>,
}

/// The odd names of a body, of any form; none where it is no JSON.
pub fn odd_names(text: &str) -> Vec<OddName> {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let mut found = Vec::new();
    if let Some(model) = value.get("model").and_then(Value::as_str) {
        look(model, "model", &mut found);
    }
    walk(&value, "$", &mut found);
    found
}

fn walk(value: &Value, path: &str, found: &mut Vec<OddName>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let path = join(path, key);
                look(key, &path, found);
                walk(member, &path, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &indexed_path(path, index), found);
            }
        }
        _ => {}
    }
}

fn look(name: &str, path: &str, found: &mut Vec<OddName>) {
    let lookalikes = confusables(name);
    if !lookalikes.is_empty() && found.len() < MOST {
        found.push(OddName { path: path.to_owned(), name: name.to_owned(), lookalikes });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_the_model_are_looked_at_and_texts_are_not() {
        let body = "{\"model\":\"g\u{435}mini\",\"contents\":[{\"p\u{430}rts\":[{\"text\":\"p\u{430}rts\"}]}],\"\u{444}\":1}";
        let found = odd_names(body);
        let paths: Vec<&str> = found.iter().map(|odd| odd.path.as_str()).collect();
        assert_eq!(paths, ["model", "contents[0].p\u{430}rts"]);
        assert_eq!((found[1].lookalikes[0].column, found[1].lookalikes[0].looks_like), (2, 'a'));
        assert_eq!(odd_names("no json"), []);
    }

    #[test]
    fn what_is_listed_is_bounded() {
        let keys: Vec<String> = (0..300).map(|number| format!("\"{number}\u{430}a\":1")).collect();
        assert_eq!(odd_names(&format!("{{{}}}", keys.join(","))).len(), MOST);
    }
}
