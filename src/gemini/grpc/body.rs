//! A JSON body as the message that means the same. What has no place in the message is refused by name:
//! a call that is sent without a part of it would be another call.

use std::collections::BTreeMap;

use serde_json::Value;

use super::proto::{
    Content, CountTokensRequest, GenerateContentRequest, GenerationConfig, Part, ThinkingConfig,
};

/// What was read, or a fragment that says what cannot be sent.
type Read<T> = Result<T, String>;

/// The message of `CountTokens`.
pub(super) fn count(model: String, body: &Value) -> Read<CountTokensRequest> {
    let mut members = Members::of(body, "")?;
    let contents = members.list("contents", content)?;
    members.end()?;
    Ok(CountTokensRequest { model, contents })
}

/// The message of `GenerateContent` and its streaming twin.
pub(super) fn generate(model: String, body: &Value) -> Read<GenerateContentRequest> {
    let mut members = Members::of(body, "")?;
    let request = GenerateContentRequest {
        model,
        contents: members.list("contents", content)?,
        generation_config: members.take("generationConfig", config)?,
        system_instruction: members.take("systemInstruction", content)?,
    };
    members.end()?;
    Ok(request)
}

fn content(value: &Value, place: &str) -> Read<Content> {
    let mut members = Members::of(value, place)?;
    let parts = members.list("parts", part)?;
    let role = members.take("role", text)?.unwrap_or_default();
    members.end()?;
    Ok(Content { parts, role })
}

fn part(value: &Value, place: &str) -> Read<Part> {
    let mut members = Members::of(value, place)?;
    let text = members.take("text", text)?;
    let thought = members.take("thought", flag)?.unwrap_or_default();
    members.end()?;
    Ok(Part { text, thought })
}

fn config(value: &Value, place: &str) -> Read<GenerationConfig> {
    let mut members = Members::of(value, place)?;
    let config = GenerationConfig {
        candidate_count: members.take("candidateCount", whole)?,
        stop_sequences: members.list("stopSequences", text)?,
        max_output_tokens: members.take("maxOutputTokens", whole)?,
        temperature: members.take("temperature", number)?,
        top_p: members.take("topP", number)?,
        top_k: members.take("topK", whole)?,
        seed: members.take("seed", whole)?,
        thinking_config: members.take("thinkingConfig", thinking)?,
    };
    members.end()?;
    Ok(config)
}

fn thinking(value: &Value, place: &str) -> Read<ThinkingConfig> {
    let mut members = Members::of(value, place)?;
    let include_thoughts = members.take("includeThoughts", flag)?;
    let thinking_budget = members.take("thinkingBudget", whole)?;
    if members.remove("thinkingLevel").is_some() {
        let place = members.at("thinkingLevel");
        return Err(format!("{place} is no field of the messages that the API publishes for gRPC"));
    }
    members.end()?;
    Ok(ThinkingConfig { include_thoughts, thinking_budget })
}

fn text(value: &Value, place: &str) -> Read<String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("{place} is no text"))
}

fn flag(value: &Value, place: &str) -> Read<bool> {
    value.as_bool().ok_or_else(|| format!("{place} is neither true nor false"))
}

fn whole(value: &Value, place: &str) -> Read<i32> {
    let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
    number.ok_or_else(|| format!("{place} is no whole number of 32 bits"))
}

/// The message has half the digits of JSON, which is what the API reads of JSON as well.
fn number(value: &Value, place: &str) -> Read<f32> {
    value.as_f64().map(|number| number as f32).ok_or_else(|| format!("{place} is no number"))
}

/// The members of an object, taken out one by one. What is left at the end was not understood.
struct Members<'a> {
    place: &'a str,
    left: BTreeMap<&'a str, &'a Value>,
}

impl<'a> Members<'a> {
    fn of(value: &'a Value, place: &'a str) -> Read<Self> {
        let shown = if place.is_empty() { "the body" } else { place };
        let object = value.as_object().ok_or_else(|| format!("{shown} is no JSON object"))?;
        Ok(Self { place, left: object.iter().map(|(name, value)| (&**name, value)).collect() })
    }

    fn take<T>(&mut self, name: &str, read: impl Fn(&Value, &str) -> Read<T>) -> Read<Option<T>> {
        let value = self.remove(name);
        value.map(|value| read(value, &self.at(name))).transpose()
    }

    /// A single one where a list belongs is taken as a list, as the API does.
    fn list<T>(&mut self, name: &str, read: impl Fn(&Value, &str) -> Read<T>) -> Read<Vec<T>> {
        let place = self.at(name);
        match self.remove(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => {
                let item = |(nth, item)| read(item, &format!("{place}[{nth}]"));
                items.iter().enumerate().map(item).collect()
            }
            Some(single) => read(single, &place).map(|single| vec![single]),
        }
    }

    fn end(self) -> Read<()> {
        match self.left.keys().next() {
            None => Ok(()),
            Some(name) => {
                Err(format!("{} cannot be sent over gRPC by this program", self.at(name)))
            }
        }
    }

    /// The API takes both spellings of a name; `null` stands for nothing.
    fn remove(&mut self, name: &str) -> Option<&'a Value> {
        let value = self.left.remove(name).or_else(|| self.left.remove(&*snake(name)));
        value.filter(|value| !value.is_null())
    }

    fn at(&self, name: &str) -> String {
        let dot = if self.place.is_empty() { "" } else { "." };
        format!("{}{dot}{name}", self.place)
    }
}

/// `maxOutputTokens` as `max_output_tokens`.
fn snake(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, letter| {
        if letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
        text
    })
}
