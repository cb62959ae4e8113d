//! The messages of a chat body, as the contents that they become.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    Body, Certainty, Content, Kind, Piece,
    fields::{Fields, Notes, indexed},
    gemini,
    media::Sort,
    schema,
};

/// Puts every message into the body: those of system and developer into its instruction.
pub(super) fn read(body: &mut Body, fields: &mut Fields, notes: &mut Notes) {
    let mut names = HashMap::new();
    for (path, value) in fields.items("messages") {
        if let Some(message) = Fields::read(&path, value, "a message", notes) {
            put(body, path, message, &mut names, notes);
        }
    }
}

fn put(
    body: &mut Body,
    path: String,
    mut message: Fields,
    names: &mut HashMap<String, String>,
    notes: &mut Notes,
) {
    let role = message.text("role", notes).map(|(_, role)| role).unwrap_or_default();
    let mut pieces = match role.as_str() {
        "tool" | "function" => vec![answer(&path, &mut message, names, notes)],
        _ => content(&mut message, notes),
    };
    calls(&mut message, names, &mut pieces, notes);
    match role.as_str() {
        "system" | "developer" => {
            let new = || Content { path: path.clone(), from_model: false, pieces: Vec::new() };
            body.system.get_or_insert_with(new).pieces.extend(pieces);
        }
        "user" | "assistant" | "tool" | "function" => {
            body.contents.push(Content { path, from_model: role == "assistant", pieces });
        }
        _ => {
            notes.add(
                &path,
                format!("the role {role:?} is none of the known; counted as the user's"),
            );
            body.contents.push(Content { path, from_model: false, pieces });
        }
    }
}

fn content(message: &mut Fields, notes: &mut Notes) -> Vec<Piece> {
    match message.take("content") {
        Some((path, Value::String(string))) => vec![text(path, string)],
        Some((path, Value::Array(list))) => indexed(&path, list)
            .into_iter()
            .filter_map(|(path, part)| part_of(path, part, notes))
            .collect(),
        Some((path, other)) => {
            notes.wrong(&path, &other, "a text or a list of parts");
            Vec::new()
        }
        None => Vec::new(),
    }
}

fn text(path: String, string: String) -> Piece {
    Piece::strings(path, "text", Kind::Text, vec![string])
}

fn part_of(path: String, value: Value, notes: &mut Notes) -> Option<Piece> {
    if let Value::String(string) = value {
        return Some(text(path, string));
    }
    let mut fields = Fields::read(&path, value, "a part", notes)?;
    let kind = fields.text("type", notes).map(|(_, kind)| kind).unwrap_or_default();
    match kind.as_str() {
        "text" | "refusal" => fields.text(&kind, notes).map(|(path, string)| text(path, string)),
        "image_url" => image(&mut fields, notes),
        "input_audio" => audio(&mut fields, notes),
        _ => {
            notes.add(&path, format!("the type {kind:?} is none of the known; not counted"));
            Some(Piece::uncounted(path, "part", Kind::Media, "of an unknown type"))
        }
    }
}

fn image(fields: &mut Fields, notes: &mut Notes) -> Option<Piece> {
    let (path, url) = match fields.take("imageUrl")? {
        (path, Value::String(url)) => (path, url),
        (path, value) => Fields::read(&path, value, "an object", notes)?.text("url", notes)?,
    };
    Some(match url.strip_prefix("data:").and_then(|rest| rest.split_once(',')) {
        Some((head, data)) => {
            let mime = head.split(';').next().unwrap_or_default();
            gemini::bytes(path, mime, data, notes)
        }
        None => gemini::elsewhere(path, Sort::Picture, &url),
    })
}

fn audio(fields: &mut Fields, notes: &mut Notes) -> Option<Piece> {
    let mut audio = fields.object("inputAudio", notes)?;
    let format = audio.text("format", notes).map(|(_, format)| format).unwrap_or_default();
    let (path, data) = audio.text("data", notes)?;
    Some(gemini::bytes(path, &format!("audio/{format}"), &data, notes))
}

/// A tool's message: its function's name, found by the id of the call, and what it says.
fn answer(
    path: &str,
    message: &mut Fields,
    names: &HashMap<String, String>,
    notes: &mut Notes,
) -> Piece {
    let id = message.text("toolCallId", notes).map(|(_, id)| id);
    let named = message.text("name", notes).map(|(_, name)| name);
    let name = named.or_else(|| names.get(&id?).cloned()).unwrap_or_default();
    let label = format!("answer of {name}");
    let mut strings = vec![name];
    for piece in content(message, notes) {
        if let super::What::Strings(texts) = piece.what {
            strings.extend(texts);
        }
    }
    let note = "the form in which the endpoint passes it on is not known";
    Piece::strings(path.to_owned(), label, Kind::FunctionResponse, strings)
        .at_best(Certainty::LowerBound, note)
}

fn calls(
    message: &mut Fields,
    names: &mut HashMap<String, String>,
    pieces: &mut Vec<Piece>,
    notes: &mut Notes,
) {
    for (path, value) in message.items("toolCalls") {
        let Some(mut fields) = Fields::read(&path, value, "an object", notes) else { continue };
        let id = fields.text("id", notes).map(|(_, id)| id);
        let Some(mut function) = fields.object("function", notes) else { continue };
        let (name, piece) = call(path, &mut function, notes);
        pieces.push(piece);
        names.extend(id.map(|id| (id, name)));
    }
    let path = message.path_of("functionCall");
    if let (Some(path), Some(mut function)) = (path, message.object("functionCall", notes)) {
        pieces.push(call(path, &mut function, notes).1);
    }
}

/// A call, whose arguments are JSON in a text.
fn call(path: String, function: &mut Fields, notes: &mut Notes) -> (String, Piece) {
    let name = function.text("name", notes).map(|(_, name)| name).unwrap_or_default();
    let mut strings = vec![name.clone()];
    if let Some((path, arguments)) = function.text("arguments", notes) {
        match serde_json::from_str(&arguments) {
            Ok(Value::Object(object)) => schema::members(&object, &mut strings),
            _ => {
                notes.add(&path, "no JSON object in this text; counted as a text");
                strings.push(arguments);
            }
        }
    }
    let note = "numbers are not counted here, and the service counts them";
    let piece = Piece::strings(path, format!("call of {name}"), Kind::FunctionCall, strings);
    (name, piece.at_best(Certainty::LowerBound, note))
}
