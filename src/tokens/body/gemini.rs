//! A request in the API's own form, in camelCase or snake_case.
//!
//! It reads what SDKs accept beside it. It must not count: that is `count`'s.

mod parts;
mod tools;

use serde_json::{Map, Value};

use super::{
    Body, Content, Kind, Piece, Resolution, Shape, Trouble,
    fields::{Fields, Notes, indexed, kind_of},
    schema,
};

pub(super) use parts::{bytes, elsewhere};

/// The fields of a request.
pub(super) const KNOWN: &[&str] = &[
    "contents",
    "systemInstruction",
    "tools",
    "toolConfig",
    "safetySettings",
    "generationConfig",
    "cachedContent",
    "model",
    "serviceTier",
    "store",
    "labels",
    "modelArmorConfig",
    "config",
];

/// Those that cost no tokens.
const FREE: &[&str] =
    &["toolConfig", "safetySettings", "serviceTier", "store", "labels", "modelArmorConfig", "key"];

/// A whole request.
pub(super) fn request(
    shape: Shape,
    path: &str,
    object: Map<String, Value>,
    notes: &mut Notes,
) -> Body {
    let mut body = Body::empty(shape);
    let mut fields = Fields::of(path, object, notes);
    body.model = fields.text("model", notes).map(|(_, model)| model);
    match fields.take("contents") {
        Some((path, value)) => body.contents = contents(&path, value, notes),
        None => notes.add(path, "there are no contents"),
    }
    settings(&mut body, &mut fields, notes);
    // What an SDK calls `config` holds both.
    if let Some(mut config) = fields.object("config", notes) {
        settings(&mut body, &mut config, notes);
        generation(&mut body, &mut config, notes);
    }
    if let Some(mut config) = fields.object("generationConfig", notes) {
        generation(&mut body, &mut config, notes);
    }
    fields.finish(FREE, KNOWN, notes);
    body
}

/// A whole request inside another object.
pub(super) fn wrapped(
    shape: Shape,
    name: &str,
    object: Map<String, Value>,
    notes: &mut Notes,
) -> Result<Body, Trouble> {
    let mut fields = Fields::of("$", object, notes);
    let (path, value) = fields.take(name).unwrap_or_else(|| (name.to_owned(), Value::Null));
    if fields.take("contents").is_some() {
        notes.add("contents", format!("ignored beside {name}; not counted"));
    }
    match value {
        Value::Object(inner) => {
            fields.finish(&["key", "metadata", "model"], &[name], notes);
            Ok(request(shape, &path, inner, notes))
        }
        other => Err(Trouble::new(&path, kind_of(&other), "a generateContent body")),
    }
}

/// What SDKs take for `contents`, and nothing beside it.
pub(super) fn contents_alone(shape: Shape, value: Value) -> Body {
    let mut notes = Notes::default();
    let mut body = Body::empty(shape);
    body.contents = contents("$", value, &mut notes);
    notes.finish(&mut body);
    body
}

fn settings(body: &mut Body, fields: &mut Fields, notes: &mut Notes) {
    if let Some((path, value)) = fields.take("systemInstruction") {
        body.system = system(path, value, notes);
    }
    for (path, tool) in fields.items("tools") {
        tools::tool(&path, tool, notes, &mut body.tools);
    }
    if let Some((path, name)) = fields.text("cachedContent", notes) {
        let note = format!("the tokens of {name} count as well, and are not known here");
        body.tools.push(Piece::uncounted(path, "cached content", Kind::Cache, note));
        body.cached_content = Some(name);
    }
}

fn generation(body: &mut Body, fields: &mut Fields, notes: &mut Notes) {
    if let Some((path, value)) = fields.take("responseSchema") {
        let mut strings = Vec::new();
        schema::schema(&value, &mut strings);
        body.schemas.push(Piece::strings(path, "response schema", Kind::Schema, strings));
    }
    if let Some((path, _)) = fields.take("responseJsonSchema") {
        body.schemas.push(Piece::strings(path, "response JSON schema", Kind::Schema, Vec::new()));
    }
    let most = fields.number("maxOutputTokens").and_then(|number| u64::try_from(number).ok());
    body.max_output = most.or(body.max_output);
    if let Some((path, value)) = fields.take("mediaResolution") {
        body.resolution = Resolution::read(&value);
        if body.resolution.is_none()
            && !value.as_str().is_some_and(|word| word.ends_with("UNSPECIFIED"))
        {
            notes.add(&path, "an unknown resolution; media are priced as without it");
        }
    }
    if let Some(mut thinking) = fields.object("thinkingConfig", notes) {
        body.thinking_budget = thinking.number("thinkingBudget");
    }
}

fn system(path: String, value: Value, notes: &mut Notes) -> Option<Content> {
    let pieces = match value {
        Value::Object(object) if object.contains_key("parts") => {
            return Some(content(&path, object, notes));
        }
        Value::String(text) => {
            notes.add(&path, "a bare text, which SDKs take and the service refuses; counted");
            vec![parts::text(path.clone(), text)]
        }
        Value::Array(list) => parts::parts(&path, Value::Array(list), notes),
        part @ Value::Object(_) => parts::parts(&path, part, notes),
        other => {
            notes.wrong(&path, &other, "a content");
            return None;
        }
    };
    Some(Content { path, from_model: false, pieces })
}

/// Contents as they may be given: a list, one alone, and texts and parts between them, which SDKs gather
/// into a turn of the user.
fn contents(path: &str, value: Value, notes: &mut Notes) -> Vec<Content> {
    let items = match value {
        Value::Array(list) => indexed(path, list),
        alone => vec![(path.to_owned(), alone)],
    };
    let mut contents = Vec::new();
    let mut gathers = false;
    for (path, item) in items {
        match item {
            Value::Object(object)
                if object.contains_key("parts") || object.contains_key("role") =>
            {
                contents.push(content(&path, object, notes));
                gathers = false;
            }
            Value::String(_) | Value::Object(_) => {
                if !gathers {
                    contents.push(Content {
                        path: path.clone(),
                        from_model: false,
                        pieces: Vec::new(),
                    });
                    gathers = true;
                }
                let turn = contents.last_mut().expect("one was pushed");
                turn.pieces.extend(parts::parts(&path, item, notes));
            }
            other => notes.wrong(&path, &other, "a content"),
        }
    }
    contents
}

fn content(path: &str, object: Map<String, Value>, notes: &mut Notes) -> Content {
    let mut fields = Fields::of(path, object, notes);
    let role = fields.text("role", notes).map_or_else(|| "user".to_owned(), |(_, role)| role);
    if !matches!(role.as_str(), "user" | "model" | "function" | "system" | "") {
        notes.add(
            path,
            format!("the role {role:?} is neither user nor model; counted as it stands"),
        );
    }
    let pieces = match fields.take("parts") {
        Some((path, value)) => parts::parts(&path, value, notes),
        None => {
            let note = "a content without parts, of which nothing is counted";
            notes.add(path, note);
            vec![Piece::uncounted(path.to_owned(), "content without parts", Kind::Text, note)]
        }
    };
    fields.finish(&[], &["role", "parts"], notes);
    Content {
        path: path.to_owned(),
        from_model: matches!(role.as_str(), "model" | "assistant"),
        pieces,
    }
}
