//! Which form a body has, and what it looks like where it has none that can be counted.

use serde_json::{Map, Value};

use super::{
    Body, Trouble, chat,
    fields::{Notes, camel, kind_of, nearest},
    gemini,
};

/// The form of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// `contents` and what goes with them.
    GenerateContent,
    /// A whole request in `generateContentRequest`.
    CountTokens,
    /// A whole request in `request`, as a line of a batch file has it.
    BatchLine,
    /// A list, as SDKs take it for `contents`.
    Contents,
    /// One content, or one part.
    Content,
    /// One text.
    Text,
    /// `messages`, for the OpenAI-compatible endpoint.
    Chat,
}

pub(super) const EXPECTED: &str = "a generateContent body (contents), a countTokens body (generateContentRequest) \
                                   or an OpenAI-compatible chat body (messages)";

/// Reads a value in the form that it has.
pub(super) fn read(value: Value) -> Result<Body, Trouble> {
    match value {
        Value::Object(object) => whole(object),
        Value::Array(list) if !list.is_empty() && !list.iter().all(is_no_content) => {
            Ok(gemini::contents_alone(Shape::Contents, Value::Array(list)))
        }
        Value::String(_) => Ok(gemini::contents_alone(Shape::Text, value)),
        other => Err(Trouble::new("$", kind_of(&other), EXPECTED)),
    }
}

fn is_no_content(value: &Value) -> bool {
    !matches!(value, Value::String(_) | Value::Object(_))
}

fn whole(object: Map<String, Value>) -> Result<Body, Trouble> {
    if let Some(looks) = foreign(&object) {
        return Err(Trouble::new("$", format!("what looks like {looks}"), EXPECTED));
    }
    let shape = known(&object).ok_or_else(|| unknown(&object))?;
    let mut notes = Notes::default();
    let mut body = match shape {
        Shape::Chat => chat::request(object, &mut notes),
        Shape::CountTokens => gemini::wrapped(shape, "generateContentRequest", object, &mut notes)?,
        Shape::BatchLine => gemini::wrapped(shape, "request", object, &mut notes)?,
        Shape::Content => gemini::contents_alone(shape, Value::Object(object)),
        _ => gemini::request(shape, "$", object, &mut notes),
    };
    notes.finish(&mut body);
    Ok(body)
}

/// The form of an object, by its members.
pub(super) fn known(object: &Map<String, Value>) -> Option<Shape> {
    let has = |names: &[&str]| object.keys().any(|key| names.contains(&camel(key).as_str()));
    let shapes: [(&[&str], Shape); 6] = [
        (&["generateContentRequest"], Shape::CountTokens),
        (&["contents"], Shape::GenerateContent),
        (&["messages"], Shape::Chat),
        (&["request"], Shape::BatchLine),
        (&["parts", "text", "inlineData", "functionCall", "functionResponse"], Shape::Content),
        (
            &["systemInstruction", "tools", "generationConfig", "cachedContent"],
            Shape::GenerateContent,
        ),
    ];
    shapes.into_iter().find(|(names, _)| has(names)).map(|(_, shape)| shape)
}

/// Members that are looked at for a misspelt one.
const MOST_LOOKED_AT: usize = 100;

fn unknown(object: &Map<String, Value>) -> Trouble {
    let known = [gemini::KNOWN, &["messages", "generateContentRequest"]].concat();
    let misspelt = |key: &&String| !known.contains(&camel(key).as_str());
    let near = object.keys().filter(misspelt).take(MOST_LOOKED_AT);
    let near = near.filter_map(|key| Some((key, nearest(&camel(key), &known)?))).next();
    let found = match near {
        Some((key, near)) => format!("the field {key:?} where {near} could be meant"),
        None if object.is_empty() => "an empty object".to_owned(),
        None => format!("an object with the fields {}", names(object)),
    };
    Trouble::new("$", found, EXPECTED)
}

fn names(object: &Map<String, Value>) -> String {
    let mut names: Vec<_> = object.keys().take(5).map(String::as_str).collect();
    if object.len() > names.len() {
        names.push("...");
    }
    names.join(", ")
}

/// What a body is that belongs elsewhere, or came from there.
fn foreign(object: &Map<String, Value>) -> Option<String> {
    let has = |name: &str| object.contains_key(name);
    if has("contents") || has("generateContentRequest") {
        return None;
    }
    if has("messages") {
        return is_anthropic(object).then(|| "a body for Anthropic's Messages API".to_owned());
    }
    if let Some(requests) = object.get("requests").and_then(Value::as_array) {
        return Some(format!("a batch of {} requests; give them one by one", requests.len()));
    }
    let signs = [
        ("candidates", "an answer of generateContent"),
        ("usageMetadata", "an answer of generateContent"),
        ("totalTokens", "an answer of countTokens"),
        ("choices", "an answer of an OpenAI-compatible API"),
        ("error", "an error answer"),
        ("batch", "a batch; give its requests one by one"),
        ("instances", "a body for predict"),
        ("content", "a body for embedContent"),
        ("embedding", "an answer of embedContent"),
        ("input", "a body for the Interactions or the Responses API"),
        ("prompt", "a body for text completion"),
    ];
    signs.iter().find(|(name, _)| has(name)).map(|(_, looks)| (*looks).to_owned())
}

fn is_anthropic(object: &Map<String, Value>) -> bool {
    let listed = |name: &str| object.get(name).and_then(Value::as_array).into_iter().flatten();
    let blocks =
        listed("messages").filter_map(|message| message.get("content")?.as_array()).flatten();
    let kinds = ["tool_use", "tool_result", "thinking", "redacted_thinking"];
    object.contains_key("anthropic_version")
        || object.contains_key("system")
        || listed("tools").any(|tool| tool.get("input_schema").is_some())
        || blocks.into_iter().any(|block| {
            let kind = block.get("type").and_then(Value::as_str).unwrap_or_default();
            kinds.contains(&kind) || block.get("source").is_some()
        })
}
