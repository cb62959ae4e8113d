//! `properties[3].value` in an error, and the property it means in the request that was sent. The
//! server counts the entries of an object in the order in which they came, so that order is kept.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// JSON with the order of its names.
pub enum Ordered {
    /// An object.
    Map(Vec<(String, Ordered)>),
    /// An array.
    List(Vec<Ordered>),
    /// A text.
    Text(String),
    /// Anything else.
    Other,
}

/// The path with names in the place of counted entries; `None` where the request has no such place,
/// or where nothing in the path is counted.
pub fn named(path: &str, request: &Ordered) -> Option<String> {
    walk(path, request).and_then(|(out, counted)| counted.then_some(out))
}

/// Whether the request has a place where such a field stands, or is missing.
pub fn has_place_for(path: &str, request: &Ordered) -> bool {
    match path.rsplit_once('.') {
        Some((parent, _)) => walk(parent, request).is_some(),
        None => !path.contains('[') || walk(path, request).is_some(),
    }
}

/// The path with names, and whether any stands for a number.
fn walk(path: &str, request: &Ordered) -> Option<(String, bool)> {
    let mut at = request;
    let mut out = String::new();
    let mut counted = false;
    for step in path.split('.').skip_while(|step| is_the_type(step, request)) {
        let (name, index) = step_parts(step);
        match (name, at) {
            // The value of an entry of a map is the entry itself here.
            ("value" | "key", _) if counted && index.is_none() && at.get(name).is_none() => {
                continue;
            }
            _ => at = at.get(name)?,
        }
        push(&mut out, name);
        let Some(index) = index else { continue };
        match at {
            Ordered::Map(entries) => {
                let (name, value) = entries.get(index)?;
                push(&mut out, name);
                (at, counted) = (value, true);
            }
            Ordered::List(items) => {
                at = items.get(index)?;
                out.push_str(&format!("[{index}]"));
                if let Some(name) = at.own_name() {
                    out.push_str(&format!(" ({name})"));
                    counted = true;
                }
            }
            Ordered::Text(_) | Ordered::Other => return None,
        }
    }
    Some((out, counted))
}

fn push(out: &mut String, name: &str) {
    if !out.is_empty() {
        out.push('.');
    }
    out.push_str(name);
}

/// `GenerateContentRequest` or `request` at the beginning stands for the whole.
fn is_the_type(step: &str, request: &Ordered) -> bool {
    let (name, index) = step_parts(step);
    let whole = name == "request" || name.starts_with(|letter: char| letter.is_ascii_uppercase());
    whole && index.is_none() && request.get(name).is_none()
}

/// `tools[0]` as its name and its index.
fn step_parts(step: &str) -> (&str, Option<usize>) {
    let Some((name, rest)) = step.split_once('[') else { return (step, None) };
    (name, rest.trim_end_matches(']').parse().ok())
}

impl Ordered {
    /// The member of a name, in either spelling of it.
    fn get(&self, name: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(own, _)| is_same_name(own, name)).map(|(_, value)| value)
    }

    fn own_name(&self) -> Option<&str> {
        match self.get("name")? {
            Self::Text(name) => Some(name),
            _ => None,
        }
    }
}

/// The API writes `function_declarations`, and clients `functionDeclarations`.
fn is_same_name(one: &str, other: &str) -> bool {
    let letters = |name: &str| {
        name.bytes()
            .filter(|byte| *byte != b'_')
            .map(|byte| byte.to_ascii_lowercase())
            .collect::<Vec<_>>()
    };
    letters(one) == letters(other)
}

struct Keeper;

impl<'de> Visitor<'de> for Keeper {
    type Value = Ordered;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Ordered::Map(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Ordered, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Ordered::List(items))
    }

    fn visit_str<E>(self, text: &str) -> Result<Ordered, E> {
        Ok(Ordered::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Ordered, E> {
        Ok(Ordered::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Ordered, E> {
        Ok(Ordered::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Ordered, E> {
        Ok(Ordered::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Ordered, E> {
        Ok(Ordered::Other)
    }

    fn visit_unit<E>(self) -> Result<Ordered, E> {
        Ok(Ordered::Other)
    }
}

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Keeper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &str = r#"{"contents":[{"role":"user"}],"tools":[{"functionDeclarations":[
        {"name":"a"},{"name":"find","parameters":{"type":"OBJECT","properties":{
            "zebra":{"type":"STRING"},"apple":{"type":"STRING","const":1,"items":{"x":1}}}}}]}],
        "generationConfig":{"responseSchema":{"properties":{"m":{},"b":{"properties":{"q":{"$ref":2}}}}}}}"#;

    fn name(path: &str) -> Option<String> {
        named(path, &serde_json::from_str(REQUEST).expect("good JSON"))
    }

    #[test]
    fn a_place_is_one_of_the_request_where_its_parent_is() {
        let request = serde_json::from_str(REQUEST).expect("good JSON");
        for there in ["contents[0].role", "contents[0].parts", "contents", "tools[0].x"] {
            assert!(has_place_for(there, &request), "{there}");
        }
        for missing in ["contents[1].parts", "contents[2]", "tools[0].x.y"] {
            assert!(!has_place_for(missing, &request), "{missing}");
        }
    }

    #[test]
    fn counted_entries_get_their_names_in_the_order_they_were_sent() {
        for (path, expected) in [
            (
                "tools[0].function_declarations[1].parameters.properties[1].value",
                "tools[0].function_declarations[1] (find).parameters.properties.apple",
            ),
            (
                "GenerateContentRequest.tools[0].function_declarations[1].parameters.properties[1].value.items",
                "tools[0].function_declarations[1] (find).parameters.properties.apple.items",
            ),
            (
                "generation_config.response_schema.properties[1].value.properties[0].value",
                "generation_config.response_schema.properties.b.properties.q",
            ),
            (
                "tools[0].function_declarations[1].name",
                "tools[0].function_declarations[1] (find).name",
            ),
        ] {
            assert_eq!(name(path).as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn a_path_that_leads_nowhere_or_needs_no_name_gives_none() {
        for path in ["contents[0].role", "contents[7].role", "tools[0].nothing", "", "a.b[x]"] {
            assert_eq!(name(path), None, "{path}");
        }
    }
}
