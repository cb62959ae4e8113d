//! Answers that went well, taken out of a text: what a model wrote is not what went wrong.

use std::borrow::Cow;

use serde_json::Value;

/// How many objects of a text are looked at.
const MAX_OBJECTS: usize = 64;

/// The text without the JSON of good answers.
pub(super) fn without(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    for _ in 0..MAX_OBJECTS {
        let Some(start) = text[at..].find('{').map(|more| at + more) else { break };
        let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
        at = match values.next() {
            Some(Ok(value)) if is_an_answer(&value) => {
                out.push_str(&text[kept..start]);
                kept = start + values.byte_offset();
                kept
            }
            Some(Ok(_)) => start + values.byte_offset(),
            _ => start + 1,
        };
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
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
}
