//! A chat body for the OpenAI-compatible endpoint, read as the request that it becomes.
//!
//! No count of that endpoint was recorded, so that nothing in it is exact.

use serde_json::{Map, Value};

use super::{
    Body, Certainty, Kind, Piece, Shape,
    fields::{Fields, Notes},
    messages, schema,
};

const UNSEEN: &str = "no count of the OpenAI-compatible endpoint was recorded";

/// A whole request.
pub(super) fn request(object: Map<String, Value>, notes: &mut Notes) -> Body {
    let mut body = Body::empty(Shape::Chat);
    let mut fields = Fields::of("$", object, notes);
    body.model = fields.text("model", notes).map(|(_, model)| model);
    body.max_output = ["maxCompletionTokens", "maxTokens"]
        .iter()
        .find_map(|name| u64::try_from(fields.number(name)?).ok());
    for (path, tool) in fields.items("tools") {
        body.tools.extend(tool_of(path, tool, notes));
    }
    for (path, function) in fields.items("functions") {
        body.tools.extend(function_of(path, function, notes));
    }
    body.schemas.extend(response_format(&mut fields, notes));
    google(&mut body, &mut fields, notes);
    messages::read(&mut body, &mut fields, notes);
    weaken(&mut body);
    body
}

fn tool_of(path: String, value: Value, notes: &mut Notes) -> Option<Piece> {
    let mut fields = Fields::read(&path, value, "an object", notes)?;
    match fields.take("function") {
        Some((path, function)) => function_of(path, function, notes),
        None => Some(Piece::uncounted(path, "tool", Kind::Tool, "no function; not counted")),
    }
}

fn function_of(path: String, value: Value, notes: &mut Notes) -> Option<Piece> {
    let mut fields = Fields::read(&path, value, "an object", notes)?;
    let name = fields.text("name", notes).map(|(_, name)| name).unwrap_or_default();
    let label = format!("function {name}");
    let mut strings = vec![name];
    strings.extend(fields.text("description", notes).map(|(_, text)| text));
    if let Some((_, value)) = fields.take("parameters") {
        schema::schema(&value, &mut strings);
    }
    Some(Piece::strings(path, label, Kind::Tool, strings))
}

fn response_format(fields: &mut Fields, notes: &mut Notes) -> Option<Piece> {
    let mut format = fields.object("responseFormat", notes)?;
    let mut named = format.object("jsonSchema", notes)?;
    let (path, value) = named.take("schema")?;
    let mut strings = Vec::new();
    schema::schema(&value, &mut strings);
    Some(Piece::strings(path, "response schema", Kind::Schema, strings))
}

/// What only this API knows travels in `extra_body.google`.
fn google(body: &mut Body, fields: &mut Fields, notes: &mut Notes) {
    let Some(mut google) =
        fields.object("extraBody", notes).and_then(|mut extra| extra.object("google", notes))
    else {
        return;
    };
    if let Some(mut thinking) = google.object("thinkingConfig", notes) {
        body.thinking_budget = thinking.number("thinkingBudget");
    }
    if let Some((path, name)) = google.text("cachedContent", notes) {
        let note = format!("the tokens of {name} count as well, and are not known here");
        body.tools.push(Piece::uncounted(path, "cached content", Kind::Cache, note));
        body.cached_content = Some(name);
    }
}

fn weaken(body: &mut Body) {
    let turns = body.contents.iter_mut().chain(&mut body.system).flat_map(|turn| &mut turn.pieces);
    for piece in turns.chain(&mut body.tools).chain(&mut body.schemas) {
        let note = piece.note.take().unwrap_or_else(|| UNSEEN.to_owned());
        piece.certainty = piece.certainty.max(Certainty::Estimate);
        piece.note = Some(note);
    }
}
