//! Answers that went well, taken out of a text: what a model wrote is not what went wrong.

use std::{borrow::Cow, ops::Range};

use serde_json::Value;

use crate::facts::{Clue, clue::Shown};

/// How many objects of a text are looked at.
const MAX_OBJECTS: usize = 64;

/// The text without the JSON of good answers.
pub(super) fn without(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut kept = 0;
    for (range, value) in objects(text) {
        if is_an_answer(&value) {
            out.push_str(&text[kept..range.start]);
            kept = range.end;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// The text with the answers' words taken out, so that only how they ended is left.
pub(super) fn blanked(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut kept = 0;
    for (range, mut value) in objects(text) {
        if is_an_answer(&value) {
            blank(&mut value);
            out.push_str(&text[kept..range.start]);
            out.push_str(&value.to_string());
            kept = range.end;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// Whether there were words still shows.
fn blank(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(blank),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(words) if ["text", "content"].contains(&name.as_str()) => {
                        words.truncate(words.chars().next().map_or(0, char::len_utf8));
                    }
                    other => blank(other),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The JSON objects of a text that are not within others, and where they stand.
fn objects(text: &str) -> impl Iterator<Item = (Range<usize>, Value)> {
    let mut at = 0;
    let tries = std::iter::repeat_with(move || {
        let start = at + text[at..].find('{')?;
        let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
        let value = values.next().and_then(Result::ok);
        at = start + if value.is_some() { values.byte_offset() } else { 1 };
        Some(value.map(|value| (start..at, value)))
    });
    tries.take(MAX_OBJECTS).map_while(|tried| tried).flatten()
}

/// What good answers tell of the model that gave them: that another one answered than was asked.
pub(super) fn clues(text: &str, asked: Option<&str>) -> Vec<Clue> {
    let answers: Vec<Value> = objects(text).map(|(_, value)| value).filter(is_an_answer).collect();
    // Of several answers nobody knows which was asked of whom.
    let [answer] = answers.as_slice() else { return Vec::new() };
    let served = answer["modelVersion"].as_str().unwrap_or_default();
    let other = asked.is_some_and(|asked| is_another(asked, served));
    let retired = answer["modelStatus"]["modelStage"].as_str() == Some("RETIRED");
    if !other && !retired {
        return Vec::new();
    }
    let served = Clue::Meta("served".to_owned(), served.to_owned());
    vec![Clue::Shown(Shown::Rerouted), served]
}

/// Builds and dates behind a name are the same model, and it is the point of some names to move.
fn is_another(asked: &str, served: &str) -> bool {
    !served.is_empty() && !served.starts_with(asked) && !asked.ends_with("-latest")
}

/// An answer of a model, of this API's or the other form, a list of models, a count of tokens.
fn is_an_answer(value: &Value) -> bool {
    ["candidates", "choices", "models", "totalTokens", "embedding", "embeddings"]
        .iter()
        .any(|name| value.get(name).is_some_and(|part| !part.is_null()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_model_wrote_is_not_read() {
        let text =
            "a {\"candidates\": [{\"text\": \"429 RESOURCE_EXHAUSTED\"}]} b {\"error\": 1} c";
        assert_eq!(without(text), "a  b {\"error\": 1} c");
        assert_eq!(without("{\"candidates\": [cut"), "{\"candidates\": [cut");
    }

    #[test]
    fn another_model_than_the_one_asked_for_is_noticed() {
        let rerouted = |asked, served: &str| {
            let text = format!("{{\"candidates\": [1], \"modelVersion\": \"{served}\"}}");
            !clues(&text, asked).is_empty()
        };
        assert!(rerouted(Some("gemini-2.5-pro"), "gemini-3.8-flash"));
        assert!(!rerouted(Some("gemini-2.5-pro"), "gemini-2.5-pro-001"));
        assert!(!rerouted(Some("gemini-flash-latest"), "gemini-3.8-flash"));
        assert!(!rerouted(None, "gemini-3.8-flash"));
    }
}
