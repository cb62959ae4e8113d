//! Where a path of the service's errors stands in a body: `generation_config.response_schema.properties[3].value` and its line.
//! It must not judge what stands there.

use super::{
    document::{Document, Line, Lines, Value, push_name},
    shape,
};

/// A place in a body that an error means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The path by the names that the body has.
    pub path: String,
    /// Where it stands.
    pub at: Line,
}

/// The place that a path of an error means; none where the body has no such place. The service writes names with underscores, counts
/// the entries of what the caller names, and puts the type of the whole before.
pub fn locate(text: &str, path: &str) -> Option<Located> {
    let document = Document::read(text);
    let mut at = document.root()?;
    let mut told = String::new();
    let mut is_entry = false;
    for (number, step) in path.split('.').enumerate() {
        let (name, index) = step_parts(step);
        let found = member(at, name);
        match found {
            Some(value) => {
                at = value;
                push_name(&mut told, &value.key().unwrap_or_default());
                is_entry = false;
            }
            // The value of an entry is the entry itself here, and the type of the whole is the whole.
            None if is_entry && matches!(name, "key" | "value") => {}
            None if number == 0 && is_the_whole(name) => {}
            None => return None,
        }
        let Some(index) = index else { continue };
        at = at.children().nth(index)?;
        match at.key() {
            Some(key) => {
                push_name(&mut told, &key);
                is_entry = true;
            }
            None => told.push_str(&format!("[{index}]")),
        }
    }
    let start = at.key_span().map_or(at.span().start, |key| key.start);
    (!told.is_empty()).then(|| Located { path: told, at: Lines::of(text).place(start) })
}

fn member<'d>(object: Value<'d>, name: &str) -> Option<Value<'d>> {
    let letters = |name: &str| shape::camel(name).to_ascii_lowercase();
    let is = |value: &Value<'d>| value.key().is_some_and(|key| letters(&key) == letters(name));
    object.members().find(|value| value.is_called(name)).or_else(|| object.members().find(is))
}

fn is_the_whole(name: &str) -> bool {
    name == "request" || name.starts_with(|letter: char| letter.is_ascii_uppercase())
}

/// `tools[0]` as its name and its index.
fn step_parts(step: &str) -> (&str, Option<usize>) {
    let Some((name, rest)) = step.split_once('[') else { return (step, None) };
    (name, rest.trim_end_matches(']').parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "{\"contents\": [{\"role\": \"user\"}],\n \"tools\": [{\"functionDeclarations\": [{\"name\": \"a\"},\n  \
        {\"name\": \"b\", \"parameters\": {\"properties\": {\"zebra\": {},\n   \"apple\": {\"const\": 1}}}}]}]}";

    #[test]
    fn paths_of_errors_lead_to_lines() {
        for (path, told, line, column) in [
            ("contents[0].role", "contents[0].role", 1, 16),
            ("GenerateContentRequest.contents[0]", "contents[0]", 1, 15),
            (
                "tools[0].function_declarations[1].parameters.properties[1].value",
                "tools[0].functionDeclarations[1].parameters.properties.apple",
                4,
                4,
            ),
            (
                "tools[0].function_declarations[1].parameters.properties[1].value.const",
                "tools[0].functionDeclarations[1].parameters.properties.apple.const",
                4,
                14,
            ),
        ] {
            let found = locate(BODY, path).expect(path);
            assert_eq!((found.path.as_str(), found.at), (told, Line { line, column }), "{path}");
        }
        for path in ["", "contents[4]", "generation_config", "tools[0].value"] {
            assert_eq!(locate(BODY, path), None, "{path}");
        }
    }
}
