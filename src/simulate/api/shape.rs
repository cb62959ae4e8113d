//! Finds the names in a request that the request format does not have.
//!
//! Looks at names and places only, in the order in which they were sent: the real service counts
//! the entries of a map in that order. Values are judged in `check.rs`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::super::call::snake;
use super::error::ApiError;

/// A request format.
#[derive(Clone, Copy, Debug)]
pub(super) enum Message {
    /// The body of `generateContent` and its streaming twin.
    Generate,
    /// The body of `countTokens`.
    Count,
    /// The body of `embedContent`.
    Embed,
}

/// Refuses names that the format does not have in this version of the API.
pub(super) fn check(body: &[u8], message: Message, version: &str) -> Result<(), ApiError> {
    let shape = match (message, version) {
        (Message::Generate, "v1") => &REQUEST_V1,
        (Message::Generate, _) => &REQUEST,
        (Message::Count, "v1") => &COUNT_V1,
        (Message::Count, _) => &COUNT,
        (Message::Embed, _) => &EMBED,
    };
    // A body without JSON in it was judged before, or is empty and has no names.
    let tree = serde_json::from_slice(body).unwrap_or(Tree::Leaf);
    let mut unknown = Vec::new();
    shape.collect(&tree, "", &mut unknown);
    if unknown.is_empty() { Ok(()) } else { Err(ApiError::unknown_names(&unknown)) }
}

/// The names of a JSON text, in the order in which they came.
#[derive(Debug)]
enum Tree {
    Leaf,
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_str<E>(self, _: &str) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }
}

/// Names that were not known, each with the path of its parent.
type Unknown = Vec<(String, String)>;

/// What names a JSON value may have, and where.
enum Shape {
    /// Anything: the real service does not look, or this one does not model it.
    Free,
    /// An object with these members.
    Object(&'static [(&'static str, &'static Shape)]),
    /// A list of these; a single one is taken as well.
    List(&'static Shape),
    /// An object with any names, all of this shape.
    Map(&'static Shape),
}

impl Shape {
    fn collect(&self, tree: &Tree, path: &str, unknown: &mut Unknown) {
        match (self, tree) {
            (Self::Object(known), Tree::Object(members)) => {
                for (name, child) in members {
                    collect_member(known, name, child, path, unknown);
                }
            }
            (Self::List(shape), Tree::List(items)) => {
                for (at, item) in items.iter().enumerate() {
                    shape.collect(item, &format!("{path}[{at}]"), unknown);
                }
            }
            (Self::List(shape), single) => shape.collect(single, path, unknown),
            (Self::Map(shape), Tree::Object(members)) => {
                for (at, (_, child)) in members.iter().enumerate() {
                    shape.collect(child, &format!("{path}[{at}].value"), unknown);
                }
            }
            (Self::Free | Self::Object(_) | Self::Map(_), _) => {}
        }
    }
}

fn collect_member(
    known: &[(&'static str, &'static Shape)],
    name: &str,
    child: &Tree,
    path: &str,
    unknown: &mut Unknown,
) {
    let same = |known: &str| known == name || snake(known) == name;
    match known.iter().find(|(known, _)| same(known)) {
        None => unknown.push((name.to_owned(), path.to_owned())),
        Some((_, shape)) => {
            let dot = if path.is_empty() { "" } else { "." };
            shape.collect(child, &format!("{path}{dot}{}", snake(name)), unknown);
        }
    }
}

static FREE: Shape = Shape::Free;

static REQUEST: Shape = Shape::Object(&[
    ("model", &FREE),
    ("contents", &Shape::List(&CONTENT)),
    ("systemInstruction", &CONTENT),
    ("tools", &Shape::List(&TOOL)),
    ("toolConfig", &TOOL_CONFIG),
    ("safetySettings", &Shape::List(&SAFETY)),
    ("generationConfig", &CONFIG),
    ("cachedContent", &FREE),
    ("serviceTier", &FREE),
    ("store", &FREE),
]);

static REQUEST_V1: Shape = Shape::Object(&[
    ("model", &FREE),
    ("contents", &Shape::List(&CONTENT_V1)),
    ("safetySettings", &Shape::List(&SAFETY)),
    ("generationConfig", &CONFIG_V1),
]);

static COUNT: Shape = Shape::Object(&[
    ("model", &FREE),
    ("contents", &Shape::List(&CONTENT)),
    ("generateContentRequest", &REQUEST),
]);

static COUNT_V1: Shape = Shape::Object(&[
    ("model", &FREE),
    ("contents", &Shape::List(&CONTENT_V1)),
    ("generateContentRequest", &REQUEST_V1),
]);

static EMBED: Shape = Shape::Object(&[
    ("model", &FREE),
    ("content", &CONTENT),
    ("taskType", &FREE),
    ("title", &FREE),
    ("outputDimensionality", &FREE),
]);

static CONTENT: Shape = Shape::Object(&[("role", &FREE), ("parts", &Shape::List(&PART))]);
static CONTENT_V1: Shape = Shape::Object(&[("role", &FREE), ("parts", &Shape::List(&PART_V1))]);

static PART: Shape = Shape::Object(&[
    ("text", &FREE),
    ("inlineData", &BLOB),
    ("fileData", &Shape::Object(&[("mimeType", &FREE), ("fileUri", &FREE)])),
    ("functionCall", &Shape::Object(&[("id", &FREE), ("name", &FREE), ("args", &FREE)])),
    ("functionResponse", &FUNCTION_RESPONSE),
    ("executableCode", &FREE),
    ("codeExecutionResult", &FREE),
    ("thought", &FREE),
    ("thoughtSignature", &FREE),
    ("videoMetadata", &FREE),
    ("mediaResolution", &FREE),
    ("toolCall", &FREE),
    ("toolResponse", &FREE),
    ("partMetadata", &FREE),
]);

static PART_V1: Shape =
    Shape::Object(&[("text", &FREE), ("inlineData", &BLOB), ("videoMetadata", &FREE)]);

static BLOB: Shape = Shape::Object(&[("mimeType", &FREE), ("data", &FREE)]);

static FUNCTION_RESPONSE: Shape = Shape::Object(&[
    ("id", &FREE),
    ("name", &FREE),
    ("response", &FREE),
    ("parts", &FREE),
    ("willContinue", &FREE),
    ("scheduling", &FREE),
]);

static TOOL: Shape = Shape::Object(&[
    ("functionDeclarations", &Shape::List(&DECLARATION)),
    ("googleSearch", &FREE),
    ("googleSearchRetrieval", &FREE),
    ("googleMaps", &FREE),
    ("codeExecution", &FREE),
    ("urlContext", &FREE),
    ("computerUse", &FREE),
    ("fileSearch", &FREE),
    ("mcpServers", &FREE),
]);

static DECLARATION: Shape = Shape::Object(&[
    ("name", &FREE),
    ("description", &FREE),
    ("behavior", &FREE),
    ("parameters", &SCHEMA),
    ("parametersJsonSchema", &FREE),
    ("response", &SCHEMA),
    ("responseJsonSchema", &FREE),
]);

static TOOL_CONFIG: Shape = Shape::Object(&[
    ("functionCallingConfig", &Shape::Object(&[("mode", &FREE), ("allowedFunctionNames", &FREE)])),
    ("retrievalConfig", &FREE),
    ("includeServerSideToolInvocations", &FREE),
]);

static SAFETY: Shape = Shape::Object(&[("category", &FREE), ("threshold", &FREE)]);

static CONFIG: Shape = Shape::Object(&[
    ("candidateCount", &FREE),
    ("stopSequences", &FREE),
    ("maxOutputTokens", &FREE),
    ("temperature", &FREE),
    ("topP", &FREE),
    ("topK", &FREE),
    ("seed", &FREE),
    ("responseMimeType", &FREE),
    ("responseSchema", &SCHEMA),
    ("responseJsonSchema", &FREE),
    ("presencePenalty", &FREE),
    ("frequencyPenalty", &FREE),
    ("responseLogprobs", &FREE),
    ("logprobs", &FREE),
    ("enableEnhancedCivicAnswers", &FREE),
    ("responseModalities", &FREE),
    ("speechConfig", &FREE),
    (
        "thinkingConfig",
        &Shape::Object(&[
            ("includeThoughts", &FREE),
            ("thinkingBudget", &FREE),
            ("thinkingLevel", &FREE),
        ]),
    ),
    ("mediaResolution", &FREE),
    ("imageConfig", &FREE),
    ("audioTranscriptionConfig", &FREE),
]);

static CONFIG_V1: Shape = Shape::Object(&[
    ("candidateCount", &FREE),
    ("stopSequences", &FREE),
    ("maxOutputTokens", &FREE),
    ("temperature", &FREE),
    ("topP", &FREE),
    ("topK", &FREE),
    ("seed", &FREE),
    ("responseJsonSchema", &FREE),
    ("presencePenalty", &FREE),
    ("frequencyPenalty", &FREE),
    ("responseLogprobs", &FREE),
    ("logprobs", &FREE),
    ("enableEnhancedCivicAnswers", &FREE),
]);

/// The part of OpenAPI's schema that the service knows; the rest of JSON Schema is refused.
static SCHEMA: Shape = Shape::Object(&[
    ("type", &FREE),
    ("format", &FREE),
    ("title", &FREE),
    ("description", &FREE),
    ("nullable", &FREE),
    ("enum", &FREE),
    ("items", &SCHEMA),
    ("maxItems", &FREE),
    ("minItems", &FREE),
    ("properties", &Shape::Map(&SCHEMA)),
    ("required", &FREE),
    ("minProperties", &FREE),
    ("maxProperties", &FREE),
    ("minimum", &FREE),
    ("maximum", &FREE),
    ("minLength", &FREE),
    ("maxLength", &FREE),
    ("pattern", &FREE),
    ("example", &FREE),
    ("anyOf", &Shape::List(&SCHEMA)),
    ("propertyOrdering", &FREE),
    ("default", &FREE),
]);
